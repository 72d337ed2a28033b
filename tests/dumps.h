/* dumps.h - for tests that run the real program, headless, and look at its dumps: what lies where, and what no screen may have. */
#ifndef TESTS_DUMPS_H
#define TESTS_DUMPS_H

#include "tests/check.h"

#include <jansson.h>
#include <stdbool.h>
#include <unistd.h>

enum { SHOWN_MAX = 40 };

/* All of a walk's defects are listed before it fails, up to SHOWN_MAX. */
#define DEFECT(count, ...)                                                                                             \
    do {                                                                                                               \
        if (++(count) <= SHOWN_MAX) {                                                                                  \
            print_error(__VA_ARGS__);                                                                                  \
            print_error("\n");                                                                                         \
        }                                                                                                              \
    } while (0)

typedef struct Box { double x, y, w, h; } Box;

static inline Box box_of(const json_t *item)
{
    const json_t *r = json_object_get(item, "rect");
    return (Box){json_number_value(json_array_get(r, 0)), json_number_value(json_array_get(r, 1)),
                 json_number_value(json_array_get(r, 2)), json_number_value(json_array_get(r, 3))};
}

static inline const char *text_of(const json_t *item, const char *key)
{
    const char *text = json_string_value(json_object_get(item, key));
    return text != NULL ? text : "";
}

/* A pixel of touching is rounding. */
static inline bool overlap(Box a, Box b)
{
    return a.x + 1 < b.x + b.w && b.x + 1 < a.x + a.w && a.y + 1 < b.y + b.h && b.y + 1 < a.y + a.h;
}

static inline int text_defects(const json_t *items, const char *where)
{
    size_t count = json_array_size(items), texts = 0;
    int defects = 0;
    for (size_t i = 0; i < count; i++) {
        const json_t *a = json_array_get(items, i);
        const char *role = text_of(a, "role");
        if (json_is_true(json_object_get(a, "clipped")))
            DEFECT(defects, "%s: %s '%s' (%s) is clipped", where, role, text_of(a, "text"), text_of(a, "address"));
        if (strcmp(role, "text") != 0)
            continue;
        texts++;
        for (size_t k = i + 1; k < count; k++) {
            const json_t *b = json_array_get(items, k);
            bool same_layer = json_integer_value(json_object_get(a, "layer")) == json_integer_value(json_object_get(b, "layer"));
            if (same_layer && strcmp(text_of(b, "role"), "text") == 0 && overlap(box_of(a), box_of(b)))
                DEFECT(defects, "%s: '%s' lies over '%s'", where, text_of(a, "text"), text_of(b, "text"));
        }
    }
    if (texts < 8)
        DEFECT(defects, "%s: only %zu texts", where, texts);
    return defects;
}

static inline int tile_defects(const json_t *items, const char *where)
{
    size_t i;
    json_t *item;
    int defects = 0;
    json_array_foreach(items, i, item) {
        Box b = box_of(item);
        if (strcmp(text_of(item, "role"), "tile") == 0 && b.w < 11.9 && b.h < 11.9)
            DEFECT(defects, "%s: tile %s is %gx%g", where, text_of(item, "address"), b.w, b.h);
    }
    return defects;
}

/* What a test asks of each dump beside that; returns the defects. */
typedef int DumpFn(void *user, const json_t *root, int dump, const char *where);

/* Runs a script that dumps into FOLDER/0.json, 1.json, ... and looks at every one; returns the defects. `script` is the open file
 * of FOLDER/script, which this closes. `more` may be NULL. */
static inline int look_at(const char *folder, FILE *script, const char *arguments, int dumps, DumpFn *more, void *user)
{
    char path[256], command[1024], where[512];
    int defects = 0;
    fclose(script);
    snprintf(command, sizeof command, "'%s' %s --script %s/script >%s/log 2>&1 || { cat %s/log; false; }", getenv("INCEPTOSCOPE"), arguments, folder,
             folder, folder);
    const int status = system(command);
    CHECK(status == 0, "%s gives %d", command, status);
    for (int i = 0; i < dumps; i++) {
        json_error_t error;
        snprintf(path, sizeof path, "%s/%d.json", folder, i);
        snprintf(where, sizeof where, "%s, picture %d", arguments, i);
        json_t *root = json_load_file(path, 0, &error);
        CHECK(root != NULL, "%s: %s", where, error.text);
        const json_t *items = json_object_get(root, "items");
        defects += text_defects(items, where) + tile_defects(items, where);
        if (more != NULL)
            defects += more(user, root, i, where);
        json_decref(root);
        unlink(path);
    }
    snprintf(path, sizeof path, "%s/script", folder);
    unlink(path);
    snprintf(path, sizeof path, "%s/log", folder);
    unlink(path);
    return defects;
}

static inline FILE *script_in(char *folder)
{
    char path[256];
    if (getenv("INCEPTOSCOPE") == NULL)
        skip();
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/script", folder);
    FILE *script = fopen(path, "w");
    assert_non_null(script);
    return script;
}

#endif
