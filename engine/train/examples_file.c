/* examples_file.c - the cache of maxima; see examples.h. The file belongs to one machine: its numbers are as they are in memory.
 *
 *     8 bytes "maxima 1" · key, 8 bytes · units and photos, 4 bytes each · the state of each photo, 1 byte
 *     for each photo that is done, in order: units x (float value, int32 place)
 *     for each broken photo, in order: the length of its message in 4 bytes, the message
 *     a hash of all that, 8 bytes */
#include "engine/train/examples.h"
#include "engine/base/hash.h"
#include "engine/base/safe_file.h"
#include "engine/io/file.h"

#include <stdlib.h>
#include <string.h>

typedef struct FileHead {
    char magic[8];
    uint64_t key;
    uint32_t units, photos;
} FileHead;
_Static_assert(sizeof(FileHead) == 24 && sizeof(Maximum) == 8, "nothing between the fields");

static FileHead head_of(const Examples *e)
{
    FileHead head = {.key = e->key, .units = (uint32_t)e->units, .photos = (uint32_t)e->photos.count};
    memcpy(head.magic, "maxima 1", sizeof head.magic);
    return head;
}

typedef struct Writer {
    SafeFile file;
    uint64_t hash;
} Writer;

static bool put(Writer *w, const void *bytes, size_t size, Err *err)
{
    w->hash = hash_bytes(w->hash, bytes, size);
    return safe_file_write(&w->file, bytes, size, err);
}

bool examples_write(const Examples *e, const char *file, Err *err)
{
    const size_t count = (size_t)e->photos.count, row = (size_t)e->units * sizeof *e->maxima;
    const FileHead head = head_of(e);
    Writer w = {.hash = HASH_START};
    unsigned char *states = malloc(count); /* others still compute: what is done now is written */
    if (states == NULL)
        return err_set(err, "%s: out of memory", file);
    for (size_t i = 0; i < count; i++)
        states[i] = atomic_load(&e->states[i]);
    bool good = safe_file_open(&w.file, file, err) && put(&w, &head, sizeof head, err) && put(&w, states, count, err);
    for (size_t i = 0; good && i < count; i++)
        if (states[i] == PHOTO_DONE)
            good = put(&w, e->maxima + i * (size_t)e->units, row, err);
    for (size_t i = 0; good && i < count; i++)
        if (states[i] == PHOTO_BROKEN) {
            const char *text = e->problems[i] != NULL ? e->problems[i] : "";
            const uint32_t length = (uint32_t)strlen(text);
            good = put(&w, &length, sizeof length, err) && put(&w, text, length, err);
        }
    free(states);
    return good && safe_file_write(&w.file, &w.hash, sizeof w.hash, err) && safe_file_commit(&w.file, err);
}

typedef struct ExamplesReader {
    const unsigned char *at;
    size_t left;
} ExamplesReader;

static bool get(ExamplesReader *r, void *out, size_t size)
{
    if (size > r->left)
        return false;
    memcpy(out, r->at, size);
    r->at += size;
    r->left -= size;
    return true;
}

/* Whether every place is in its layer's map. */
static bool places_fit(const Examples *e, const Maximum *row)
{
    for (int l = 0; l < e->net->layer_count; l++)
        for (int u = e->first[l]; u < e->first[l + 1]; u++)
            if (row[u].place < 0 || row[u].place >= e->net->layers[l].out.h * e->net->layers[l].out.w)
                return false;
    return true;
}

static bool read_problem(ExamplesReader *r, char **out)
{
    uint32_t length;
    if (!get(r, &length, sizeof length) || length > r->left || (*out = malloc((size_t)length + 1)) == NULL)
        return false;
    (*out)[length] = '\0';
    return get(r, *out, length);
}

static bool read_all(Examples *e, ExamplesReader r)
{
    const FileHead wanted = head_of(e);
    FileHead head;
    const size_t count = (size_t)e->photos.count;
    if (!get(&r, &head, sizeof head) || memcmp(&head, &wanted, sizeof head) != 0 || r.left < count)
        return false;
    const unsigned char *states = r.at;
    r = (ExamplesReader){r.at + count, r.left - count};
    for (size_t i = 0; i < count; i++)
        if (states[i] > PHOTO_BROKEN || (states[i] == PHOTO_DONE && (!get(&r, e->maxima + i * (size_t)e->units, (size_t)e->units * sizeof *e->maxima) ||
                                                                     !places_fit(e, e->maxima + i * (size_t)e->units))))
            return false;
    for (size_t i = 0; i < count; i++)
        if (states[i] == PHOTO_BROKEN && !read_problem(&r, &e->problems[i]))
            return false;
    int finished = 0;
    for (size_t i = 0; i < count; i++) {
        atomic_store(&e->states[i], states[i]);
        finished += states[i] != PHOTO_WAITS;
    }
    atomic_store(&e->finished, finished);
    return r.left == 0;
}

bool examples_read(Examples *e, const char *file)
{
    unsigned char *bytes;
    size_t size;
    uint64_t hash;
    Err none;
    if (!file_read(file, (size_t)1 << 31, NULL, &bytes, &size, &none))
        return false;
    bool good = size > sizeof hash;
    if (good) {
        memcpy(&hash, bytes + size - sizeof hash, sizeof hash);
        good = hash == hash_bytes(HASH_START, bytes, size - sizeof hash) && read_all(e, (ExamplesReader){bytes, size - sizeof hash});
    }
    free(bytes);
    for (int i = 0; !good && i < e->photos.count; i++) {
        free(e->problems[i]);
        e->problems[i] = NULL;
        atomic_store(&e->states[i], PHOTO_WAITS);
    }
    if (!good)
        atomic_store(&e->finished, 0);
    return good;
}
