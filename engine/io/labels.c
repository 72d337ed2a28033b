/* labels.c - see labels.h. */
#include "engine/io/labels.h"
#include "engine/base/limits.h"
#include "engine/base/size.h"
#include "engine/base/text.h"
#include "engine/io/file.h"
#include "engine/io/file_kind.h"
#include "engine/io/labels_numbers.h"
#include "engine/io/labels_python.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void labels_free(char **labels, int count)
{
    for (int i = 0; labels != NULL && i < count; i++)
        free(labels[i]);
    free(labels);
}

/* A copy with spaces instead of line breaks and other control characters, since a name is shown in one line. */
static char *copy_name(const char *text, size_t length)
{
    char *name = strndup(text, length);
    for (char *p = name; p != NULL && *p != '\0'; p++)
        if ((unsigned char)*p < 0x20 || *p == 0x7f)
            *p = ' ';
    return name;
}

/* {"daisy": 0, ...}: the inverse of ImageFolder's class_to_idx. False if it has another form. */
static bool from_class_to_idx(const json_t *root, char **labels, int count)
{
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)root, key, value) {
        json_int_t index = json_is_integer(value) ? json_integer_value(value) : -1;
        if (index < 0 || index >= count || labels[index] != NULL)
            return false;
        labels[index] = copy_name(key, strlen(key));
    }
    return true;
}

/* A string, or ImageNet's ["n01440764", "tench"]. */
static const char *name_in(const json_t *value)
{
    return json_is_array(value) ? json_string_value(json_array_get(value, 1)) : json_string_value(value);
}

static bool from_json(const json_t *root, const char *name, char **labels, int count, Err *err)
{
    if (json_is_array(root)) {
        for (int i = 0; i < count; i++) {
            const char *text = name_in(json_array_get(root, (size_t)i));
            if (text == NULL)
                return err_set(err, "%s: entry %d of the list is not a string", name, i);
            labels[i] = copy_name(text, strlen(text));
        }
        return true;
    }
    if (json_is_integer(json_object_iter_value(json_object_iter((json_t *)root))) && from_class_to_idx(root, labels, count))
        return true;
    /* {"0": "daisy", ...}, as the tutorial's train.py writes it: every index from 0 on, once. */
    for (int i = 0; i < count; i++) {
        char key[16];
        snprintf(key, sizeof key, "%d", i);
        const char *text = name_in(json_object_get(root, key));
        if (text == NULL)
            return err_set(err, "%s: has %d entries, but no name for class \"%s\"; keys are \"0\", \"1\", ...", name,
                           count, key);
        free(labels[i]);
        labels[i] = copy_name(text, strlen(text));
    }
    return true;
}

/* "n01440764 tench" -> "tench", with a blank, a tab or a comma between them. The text is not terminated. */
static const char *without_synset(const char *line, size_t *length)
{
    bool number = *length > 10 && line[0] == 'n' && strchr(" \t,", line[9]) != NULL;
    for (int i = 1; number && i < 9; i++)
        number = line[i] >= '0' && line[i] <= '9';
    *length -= number ? 10 : 0;
    return number ? line + 10 : line;
}

/* Removes the synset's number from names that got one after their own number was removed: "0,n01440764,tench". */
static void drop_synsets(char **labels, int count)
{
    for (int i = 0; i < count; i++) {
        size_t size = strlen(labels[i]);
        const char *name = without_synset(labels[i], &size);
        memmove(labels[i], name, size + 1);
    }
}

static bool from_lines(const char *text, size_t length, const char *name, char **labels, int count, Err *err)
{
    const char *end = text + length;
    for (int i = 0; i < count; i++) {
        const char *stop = memchr(text, '\n', (size_t)(end - text));
        size_t size = (size_t)((stop != NULL ? stop : end) - text);
        while (size > 0 && strchr("\r \t", text[size - 1]) != NULL)
            size--;
        while (size > 0 && (*text == ' ' || *text == '\t'))
            text++, size--;
        const char *label = without_synset(text, &size);
        if (size == 0)
            return err_set(err, "%s:%d: an empty line; each line must name one class", name, i + 1);
        labels[i] = copy_name(label, size);
        text = stop != NULL ? stop + 1 : end;
    }
    return true;
}

/* The part of a larger JSON file that has the names, such as id2label in the config.json of a model; else the root. */
static const json_t *names_in(const json_t *root)
{
    static const char *const keys[] = {"id2label", "label2id", "class_to_idx", "idx_to_class", "names", "labels", "class_names", "classes"};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        const json_t *inner = json_object_get(root, keys[i]);
        if (json_is_object(inner) || json_is_array(inner))
            return inner;
    }
    return root;
}

/* JSON, or a Python dict or list. NULL and a message if it is neither. */
static json_t *parse_structure(const char *text, size_t length, const char *name, Err *err)
{
    json_error_t error;
    int line = 0;
    json_t *root = json_loadb(text, length, JSON_REJECT_DUPLICATES, &error);
    if (root == NULL)
        root = labels_python(text, length, &line);
    if (root == NULL && memchr(text, '\'', length) != NULL && line > 0)
        err_set(err, "%s:%d: neither JSON (%s) nor a Python dict or list of names; write it with json.dump", name, line, error.text);
    else if (root == NULL)
        err_set(err, "%s:%d: not valid JSON: %s", name, error.line, error.text);
    return root;
}

/* Refuses what is no text in UTF-8, or a text of another kind. */
static bool check_text(const char *text, size_t length, const char *name, Err *err)
{
    if (length >= 2 && (memcmp(text, "\xff\xfe", 2) == 0 || memcmp(text, "\xfe\xff", 2) == 0))
        return err_set(err, "%s: is UTF-16 text; save it as UTF-8", name);
    if (memchr(text, '\0', length) != NULL)
        return err_set(err, "%s: not a text file; expected class names as class_indices.json or one name per line", name);
    if (!text_is_utf8(text, length))
        return err_set(err, "%s: is not UTF-8 text (GBK or Latin-1, perhaps); save it as UTF-8", name);
    if (length > 5 && memcmp(text, "item", 4) == 0 && strchr(" {\r\n", text[4]) != NULL && memchr(text, '{', length < 20 ? length : 20) != NULL)
        return err_set(err, "%s: is a TensorFlow label map (.pbtxt); write one name per line instead", name);
    return true;
}

/* Fills list (total entries) from either form, then takes the numbers away; *count may become one less. */
static bool fill(const json_t *names, const char *text, size_t length, const char *name, char **list, int *count, Err *err)
{
    const int total = *count;
    if (!(names != NULL ? from_json(names, name, list, total, err) : from_lines(text, length, name, list, total, err)))
        return false;
    for (int i = 0; i < total; i++)
        if (list[i] == NULL)
            return err_set(err, "%s: not enough memory for the class names", name);
    if (!labels_take_numbers(list, count, name, err))
        return false;
    drop_synsets(list, *count);
    return true;
}

bool labels_parse(const char *text, size_t length, const char *name, char ***labels, int *count, Err *err)
{
    const size_t mark = text_mark(text, length);
    text += mark;
    length -= mark;
    while (length > 0 && strchr(" \t\r\n", text[length - 1]) != NULL)
        length--;
    size_t start = 0;
    while (start < length && strchr(" \t\r\n", text[start]) != NULL)
        start++;
    bool is_json = start < length && strchr("{[(", text[start]) != NULL && text[start] != '\0';
    json_t *root = NULL;
    size_t total = 0;
    if (is_json && (root = parse_structure(text, length, name, err)) == NULL)
        return false;
    if (!is_json && !check_text(text, length, name, err))
        return false;
    const json_t *names = names_in(root);
    if (is_json)
        total = json_is_array(names) ? json_array_size(names) : json_object_size(names);
    else if (length > 0)
        total = 1;
    for (size_t i = 0; !is_json && i < length; i++)
        total += text[i] == '\n';
    if (total == 0 || total > LIMIT_LABELS) {
        json_decref(root);
        return err_set(err, "%s: has %zu class names; 1 to %d are possible", name, total, LIMIT_LABELS);
    }
    char **list = calloc(total, sizeof *list);
    int filled = (int)total;
    bool good = list == NULL ? err_set(err, "%s: not enough memory for the class names", name) : fill(names, text, length, name, list, &filled, err);
    json_decref(root);
    if (!good) {
        labels_free(list, (int)total);
        return false;
    }
    *labels = list;
    *count = filled;
    return true;
}

static bool load(Stop *stop, const char *path, char ***labels, int *count, Err *err)
{
    unsigned char *bytes;
    size_t size;
    if (!file_read(path, size_limit(LIMIT_LABELS_MB, 20), stop, &bytes, &size, err))
        return false;
    char what[FILE_KIND_TEXT];
    bool good = file_describe(bytes, size, what) ? err_set(err, "%s: %s", path, what)
                                                 : labels_parse((const char *)bytes, size, path, labels, count, err);
    free(bytes);
    return good;
}

bool labels_load(const char *path, char ***labels, int *count, Err *err)
{
    return load(NULL, path, labels, count, err);
}

bool labels_beside(const char *weights_path, int classes, char ***labels, Err *unused)
{
    static const char *const names[] = {"class_indices.json", "imagenet_synset_words.txt"};
    const char *slash = strrchr(weights_path, '/');
    int folder = slash != NULL ? (int)(slash + 1 - weights_path) : 0;
    Stop never = {false};       /* nobody named this file, so it is read only if it is a plain file */
    unused->text[0] = '\0';
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char path[1100];
        int count = 0;
        char **found;
        snprintf(path, sizeof path, "%.*s%s", folder, weights_path, names[i]);
        Err reason;
        const bool good = load(&never, path, &found, &count, &reason);
        if (good && count == classes) {
            *labels = found;
            return true;
        }
        if (good)
            labels_free(found, count);
        if (i > 0 || access(path, F_OK) != 0)
            continue; /* ImageNet's names are only for networks with its classes */
        if (good)
            err_set(unused, "%s beside it has %d names for %d classes, not used", names[i], count, classes);
        else
            err_set(unused, "not used: %s", reason.text);
    }
    return false;
}

int labels_of_folder(char *const *labels, int count, const char *picture)
{
    const char *end = strrchr(picture, '/'), *start = end;
    while (start != NULL && start > picture && start[-1] != '/')
        start--;
    for (int k = 0; labels != NULL && start != NULL && k < count; k++) {
        const size_t length = strcspn(labels[k], ",");
        if (length == (size_t)(end - start) && memcmp(labels[k], start, length) == 0)
            return k;
    }
    return -1;
}

char *labels_json(char *const *labels, int count)
{
    json_t *list = json_array();
    bool whole = true;
    for (int i = 0; i < count; i++)
        whole = json_array_append_new(list, json_string(labels[i])) == 0 && whole;
    char *text = whole ? json_dumps(list, JSON_COMPACT) : NULL;
    json_decref(list);
    return text;
}
