/* limit_files.h - for tests/test_limits.c: files, pictures, weights and class names that have just as much as a limit, or one more. */
#ifndef INCEPTOSCOPE_LIMIT_FILES_H
#define INCEPTOSCOPE_LIMIT_FILES_H

#include "app/model/exercise.h"
#include "app/model/lesson.h"
#include "app/model/lesson_results.h"
#include "engine/io/image.h"
#include "engine/io/labels.h"
#include "engine/io/weights.h"
#include "engine/net/net.h"
#include "engine/train/confusion.h"
#include "engine/train/history.h"
#include "tests/archives.h"
#include "tests/temp_folder.h"

#include <fcntl.h>

/* Makes what has just as much as the limit, or one more, and opens it; false with the message if it is refused. */
typedef bool Try(int more, Err *err);

/* ---- files of a size, and nothing in them ---- */

/* A file of this size, which takes no room on the disk. */
static inline const char *holes(int64_t size)
{
    const char *path = inside("holes");
    const int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    assert_true(fd >= 0 && ftruncate(fd, (off_t)size) == 0);
    close(fd);
    return path;
}

static inline bool picture_mb(int more, Err *err)
{
    Image image;
    return image_load(holes(((int64_t)LIMIT_PICTURE_MB << 20) + more), &image, err);
}

static inline bool weights_gb(int more, Err *err)
{
    return tensor_file_open(holes(((int64_t)LIMIT_WEIGHTS_GB << 30) + more), err) != NULL;
}

static inline bool labels_mb(int more, Err *err)
{
    char **labels;
    int count;
    return labels_load(holes(((int64_t)LIMIT_LABELS_MB << 20) + more), &labels, &count, err);
}

static inline bool net_mb(int more, Err *err)
{
    return net_open(holes(((int64_t)LIMIT_NET_MB << 20) + more), "assets/networks", NULL, err) != NULL;
}

static inline bool lesson_mb(int more, Err *err)
{
    Lesson lesson;
    LessonResults results;
    const char *path = holes(((int64_t)LIMIT_LESSON_MB << 20) + more);
    return lesson_load(path, "assets/networks", NULL, &lesson, err) || (more > 0 && lesson_results_read(path, &results, err));
}

static inline bool exercise_kb(int more, Err *err)
{
    Exercise exercise;
    return exercise_load(holes(((int64_t)LIMIT_EXERCISE_KB << 10) + more), "assets/networks", &exercise, err);
}

static inline bool confusion_mb(int more, Err *err)
{
    Confusion confusion;
    return confusion_load(holes(((int64_t)LIMIT_CONFUSION_MB << 20) + more), &confusion, err);
}

static inline bool history_mb(int more, Err *err)
{
    History history;
    return history_load(holes(((int64_t)LIMIT_HISTORY_MB << 20) + more), &history, err);
}

/* ---- pictures ---- */

static inline bool picture_pixels(int more, Err *err)
{
    Image image;
    Bytes b = png_head(8192, LIMIT_PICTURE_PIXELS / 8192 + more, 8, 2); /* and no data */
    const bool good = image_decode(b.at, b.size, "it.png", &image, err);
    free(b.at);
    return good;
}

static inline bool jpeg_pixels(int more, Err *err)
{
    Image image;
    Bytes b = {0};
    put(&b, "\xff\xd8\xff\xc0\0\x11\x08", 7);
    put_be(&b, (uint64_t)(LIMIT_JPEG_PIXELS / 20000 + more), 2);
    put_be(&b, 20000, 2);
    put(&b, "\3\1\x11\0\2\x11\0\3\x11\0\xff\xd9", 12);
    const bool good = image_decode(b.at, b.size, "it.jpg", &image, err);
    free(b.at);
    return good;
}

/* ---- weights ---- */

static inline bool parse(Bytes *b, Err *err)
{
    TensorFile *file = tensor_file_parse(b->at, b->size, "it", err);
    tensor_file_free(file);
    return file != NULL;
}

/* A .safetensors file with this header, a JSON object without its closing brace, and some data. */
static inline bool safetensors(Bytes *json, size_t data, Err *err)
{
    Bytes b = {0};
    put_text(json, "}");
    put_le(&b, json->size, 8);
    put(&b, json->at, json->size);
    put_many(&b, 0, data);
    free(json->at);
    return parse(&b, err);
}

static inline bool tensors(int more, Err *err)
{
    Bytes json = {0};
    for (int i = 0; i < LIMIT_TENSORS + more; i++) {
        char text[100];
        snprintf(text, sizeof text, "%s\"t%d\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[%d,%d]}", i > 0 ? "," : "{", i, 4 * i, 4 * i + 4);
        put_text(&json, text);
    }
    return safetensors(&json, 4 * (size_t)(LIMIT_TENSORS + more), err);
}

static inline bool dimensions(int more, Err *err)
{
    Bytes json = {0};
    put_text(&json, "{\"t\":{\"dtype\":\"F32\",\"data_offsets\":[0,4],\"shape\":[1");
    for (int i = 1; i < LIMIT_DIMENSIONS + more; i++)
        put_text(&json, ",1");
    put_text(&json, "]}");
    return safetensors(&json, 4, err);
}

static inline bool header_mb(int more, Err *err)
{
    Bytes b = {0};
    put_le(&b, ((uint64_t)LIMIT_HEADER_MB << 20) + (uint64_t)more, 8);
    put_text(&b, "{\"a\"");
    return parse(&b, err);
}

/* A member of an archive that claims to unpack to so much; what it is packed to is nonsense. */
static inline bool claims(const char *name, size_t size, Err *err)
{
    Zip zip = {.count = 0};
    Bytes packed = {0};
    put_many(&packed, 0xff, size / 1000);
    zip_list(&zip, name, 8, zip_add(&zip, name, 8, &packed, size, 0), packed.size, size, 0);
    free(packed.at);
    Bytes b = zip_end(&zip);
    return parse(&b, err);
}

static inline bool unpacked_mb(int more, Err *err)
{
    const size_t limit = (size_t)LIMIT_UNPACKED_MB << 20;
    return claims("a.npy", limit + (more > 0 ? limit / 100 : 0), err); /* eight times the file's own size is less */
}

static inline bool pickle_mb(int more, Err *err)
{
    return claims("it/data.pkl", ((size_t)LIMIT_PICKLE_MB << 20) + (size_t)more, err);
}

static inline bool pickle_values(int more, Err *err)
{
    Bytes b = {0};
    put(&b, "\x80\2", 2);
    put_many(&b, 'N', (size_t)(LIMIT_PICKLE_VALUES + more));
    put(&b, ".", 1);
    Bytes file = pth(&b);
    return parse(&file, err);
}

/* A state_dict of one tensor, whose storage has this key; "u." ends it. */
static inline Bytes one_tensor(const char *key)
{
    Bytes b = {0};
    put(&b, "\x80\2}(", 4);
    put_word(&b, "name");
    put_text(&b, "ctorch._utils\n_rebuild_tensor_v2\n(");
    put_storage_id(&b, key, 0);
    put(&b, "QK\0(K\1t(K\1ttR", 13);
    return b;
}

/* In the form before PyTorch 1.6, which lists them: five pickles, the fourth of which is the state_dict. */
static inline bool storages(int more, Err *err)
{
    Bytes b = one_tensor("0"), file = {0};
    for (int i = 1; i < LIMIT_STORAGES + more; i++) {
        char key[16];
        snprintf(key, sizeof key, "%d", i);
        put_storage_id(&b, key, (uint64_t)i);
        put(&b, "Q0", 2);
    }
    put(&b, "u.", 2);
    put(&file, "\x80\2\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.\x80\2M\xe9\3.\x80\2}.", 25);
    put(&file, b.at, b.size);
    put(&file, "\x80\2].", 4);
    free(b.at);
    return parse(&file, err);
}

static inline bool storage_key(int more, Err *err)
{
    char key[LIMIT_STORAGE_KEY + 2] = "";
    memset(key, 'x', (size_t)(LIMIT_STORAGE_KEY + more));
    Bytes b = one_tensor(key);
    put(&b, "u.", 2);
    Bytes file = pth(&b);
    return parse(&file, err);
}

static inline bool labels(int more, Err *err)
{
    char **names;
    int count;
    Bytes b = {0};
    for (int i = 0; i < LIMIT_LABELS + more; i++)
        put(&b, "a\n", 2);
    const bool good = labels_parse((const char *)b.at, b.size, "it", &names, &count, err);
    if (good)
        labels_free(names, count);
    free(b.at);
    return good;
}

#endif
