/* teach_bins.c - pictures in named bins; see teach_bins.h. */
#include "app/model/teach_bins.h"
#include "engine/base/array.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static const double TOGETHER = 1.5; /* seconds between parts of one edit, at most */

static void state_free(TeachState *s)
{
    free(s->bin_of);
    *s = (TeachState){.bin_count = 0};
}

static bool state_copy(const TeachState *from, TeachState *to)
{
    TeachState copy = *from;
    copy.bin_of = malloc((size_t)from->picture_count + 1);
    if (copy.bin_of == NULL)
        return false;
    if (from->picture_count > 0)
        memcpy(copy.bin_of, from->bin_of, (size_t)from->picture_count);
    *to = copy;
    return true;
}

void teach_bins_forget(TeachBins *b)
{
    while (b->undo_count > 0)
        state_free(&b->undo[--b->undo_count].before);
}

void teach_bins_free(TeachBins *b)
{
    for (int i = 0; i < b->now.picture_count; i++)
        free(b->paths[i]);
    free(b->paths);
    state_free(&b->now);
    teach_bins_forget(b);
    *b = (TeachBins){.paths = NULL};
}

const TeachUndo *teach_bins_last(const TeachBins *b)
{
    return b->undo_count > 0 ? &b->undo[b->undo_count - 1] : NULL;
}

/* Keeps what is there before an edit, unless the edit goes on. False if out of memory. */
static bool remember(TeachBins *b, TeachEdit edit, int bin, bool goes_on, double when)
{
    TeachUndo *last = b->undo_count > 0 ? &b->undo[b->undo_count - 1] : NULL, next = {.edit = b->joins ? TEACH_ADDED : edit, .bin = b->joins ? -1 : bin, .when = when};
    if (goes_on && !b->joins && last != NULL && when - last->when < TOGETHER && last->bin == bin && (last->edit == edit || (edit != TEACH_REMOVED && last->edit == TEACH_NEW_BIN))) {
        last->when = when;
        return true;
    }
    if (b->joined)
        return true;
    if (!state_copy(&b->now, &next.before))
        return false;
    b->joined = b->joins;
    if (b->undo_count == TEACH_UNDO_MOST) {
        state_free(&b->undo[0].before);
        memmove(b->undo, b->undo + 1, (TEACH_UNDO_MOST - 1) * sizeof *b->undo);
        b->undo_count--;
    }
    b->undo[b->undo_count++] = next;
    return true;
}

/* As much as there is room for, in whole characters of UTF-8. */
static void set_name(TeachBins *b, int bin, const char *name)
{
    size_t length = strnlen(name, TEACH_NAME_MAX - 1);
    while (name[length] != '\0' && length > 0 && ((unsigned char)name[length] & 0xc0) == 0x80)
        length--;
    memcpy(b->now.names[bin], name, length);
    b->now.names[bin][length] = '\0';
}

bool teach_bin_new(TeachBins *b, const char *name, double when, int *bin, Err *err)
{
    if (b->now.bin_count == TEACH_BINS_MOST)
        return err_set(err, "%s: there are %d classes already, which is the most; remove one first", name, TEACH_BINS_MOST);
    if (!remember(b, TEACH_NEW_BIN, b->now.bin_count, false, when))
        return err_set(err, "%s: not enough memory for another class", name);
    *bin = b->now.bin_count++;
    set_name(b, *bin, name);
    b->version++;
    return true;
}

static int find_path(const TeachBins *b, const char *path)
{
    for (int i = 0; i < b->now.picture_count; i++)
        if (strcmp(b->paths[i], path) == 0)
            return i;
    return -1;
}

/* A number for a new path; -1 if out of memory. */
static int add_path(TeachBins *b, const char *path)
{
    char **paths = array_grow(b->paths, b->now.picture_count, sizeof *paths);
    if (paths == NULL)
        return -1;
    b->paths = paths;
    signed char *bin_of = array_grow(b->now.bin_of, b->now.picture_count, sizeof *bin_of);
    if (bin_of == NULL)
        return -1;
    b->now.bin_of = bin_of;
    char *copy = strdup(path);
    if (copy == NULL)
        return -1;
    b->paths[b->now.picture_count] = copy;
    b->now.bin_of[b->now.picture_count] = -1;
    return b->now.picture_count++;
}

bool teach_bin_add(TeachBins *b, int bin, const char *path, double when, Err *err)
{
    assert(bin >= 0 && bin < b->now.bin_count);
    int picture = find_path(b, path);
    if (picture >= 0 && b->now.bin_of[picture] == bin)
        return true;
    if (picture < 0 && b->now.picture_count == TEACH_PICTURES_MOST)
        return err_set(err, "%s: there are %d pictures already, which is the most", path, TEACH_PICTURES_MOST);
    const bool good = remember(b, TEACH_ADDED, bin, true, when) && (picture >= 0 || (picture = add_path(b, path)) >= 0);
    if (!good)
        return err_set(err, "%s: not enough memory for another picture", path);
    b->now.bin_of[picture] = (signed char)bin;
    b->version++;
    return true;
}

void teach_bin_rename(TeachBins *b, int bin, const char *name, double when)
{
    if (strcmp(b->now.names[bin], name) != 0 && remember(b, TEACH_RENAMED, bin, true, when))
        set_name(b, bin, name);
}

void teach_bin_remove(TeachBins *b, int bin, double when)
{
    if (!remember(b, TEACH_BIN_REMOVED, bin, false, when))
        return;
    for (int i = 0; i < b->now.picture_count; i++)
        b->now.bin_of[i] = (signed char)(b->now.bin_of[i] == bin ? -1 : b->now.bin_of[i] - (b->now.bin_of[i] > bin));
    memmove(b->now.names[bin], b->now.names[bin + 1], (size_t)(b->now.bin_count - bin - 1) * TEACH_NAME_MAX);
    b->now.bin_count--;
    b->version++;
}

void teach_picture_remove(TeachBins *b, int picture, double when)
{
    if (!remember(b, TEACH_REMOVED, b->now.bin_of[picture], false, when))
        return;
    b->now.bin_of[picture] = -1;
    b->version++;
}

void teach_bins_join(TeachBins *b, bool on)
{
    b->joins = on;
    b->joined = false;
}

/* Pictures that came later are in no bin then; they keep their numbers. */
bool teach_bins_undo(TeachBins *b)
{
    if (b->undo_count == 0)
        return false;
    TeachState *before = &b->undo[b->undo_count - 1].before;
    for (int i = 0; i < b->now.picture_count; i++)
        b->now.bin_of[i] = i < before->picture_count ? before->bin_of[i] : -1;
    b->now.bin_count = before->bin_count;
    memcpy(b->now.names, before->names, sizeof before->names);
    state_free(before);
    b->undo_count--;
    b->version++;
    return true;
}

int teach_bin_named(const TeachBins *b, const char *name)
{
    for (int i = 0; i < b->now.bin_count; i++)
        if (strcmp(b->now.names[i], name) == 0)
            return i;
    return -1;
}

int teach_bin_size(const TeachBins *b, int bin)
{
    int count = 0;
    for (int i = 0; i < b->now.picture_count; i++)
        count += b->now.bin_of[i] == bin;
    return count;
}

int teach_bin_picture(const TeachBins *b, int bin, int index)
{
    for (int i = 0; i < b->now.picture_count; i++)
        if (b->now.bin_of[i] == bin && index-- == 0)
            return i;
    return -1;
}

int teach_picture_index(const TeachBins *b, int picture)
{
    int index = 0;
    for (int i = 0; i < picture; i++)
        index += b->now.bin_of[i] == b->now.bin_of[picture];
    return index;
}
