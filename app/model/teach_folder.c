/* teach_folder.c - the pictures of a folder into bins; see teach_folder.h. */
#include "app/model/teach_folder.h"
#include "engine/train/photos.h"

#include <string.h>

enum { ALL_LABELS = -2 };

/* The bin for a class: of its name, an empty one, or a new one. */
static bool bin_for(TeachBins *bins, const char *name, double when, int *bin, Err *err)
{
    *bin = teach_bin_named(bins, name);
    for (int b = 0; *bin < 0 && b < bins->now.bin_count; b++)
        if (teach_bin_size(bins, b) == 0) {
            teach_bin_rename(bins, b, name, when);
            *bin = b;
        }
    return *bin >= 0 || teach_bin_new(bins, name, when, bin, err);
}

static bool add_all(TeachBins *bins, const Photos *photos, int label, int bin, double when, Err *err)
{
    for (int i = 0; i < photos->count; i++)
        if ((label == ALL_LABELS || photos->items[i].label == label) && !teach_bin_add(bins, bin, photos->items[i].path, when, err))
            return false;
    return true;
}

bool teach_folder_add(TeachBins *bins, const char *folder, int bin, double when, Err *err)
{
    Photos photos;
    if (!photos_open(folder, NULL, &photos, err))
        return false;
    teach_bins_join(bins, true);
    bool good = true;
    int of;
    if (bin >= 0)
        good = add_all(bins, &photos, ALL_LABELS, bin, when, err);
    for (int c = 0; good && bin < 0 && c < photos.classes.count; c++)
        good = bin_for(bins, photos.classes.items[c], when, &of, err) && add_all(bins, &photos, c, of, when, err);
    if (good && bin < 0 && photos.classes.count == 0) {
        const char *slash = strrchr(photos.root, '/');
        good = bin_for(bins, slash != NULL ? slash + 1 : photos.root, when, &of, err) && add_all(bins, &photos, -1, of, when, err);
    }
    teach_bins_join(bins, false);
    photos_free(&photos);
    return good;
}
