/* test_limits.c - every limit of engine/base/limits.h: one more is refused with a message of its own, just as much is not, and the manual
 * page has it. And small files that ask for much are refused at once. */
#include "app/cli/class_results.h"
#include "app/cli/cli.h"
#include "app/ui/script.h"
#include "engine/base/count.h"
#include "engine/base/safe_file.h"
#include "engine/io/file.h"
#include "engine/net/expr.h"
#include "engine/net/run.h"
#include "engine/train/photos.h"
#include "tests/limit_files.h"

/* ---- networks ---- */

#define HEAD "network n\ninput 3x8x8\n"

/* Whether this description is read, and taken by the engines. */
static bool computes(const char *text, Err *err)
{
    Net *net = net_parse(text, strlen(text), "it.net", NULL, err);
    const bool good = net != NULL && run_takes(net, err);
    net_free(net);
    return good;
}

/* `before`, `count` times `what`, `after`. */
static bool many(const char *before, const char *what, int count, const char *after, Err *err)
{
    Bytes b = {0};
    put_text(&b, before);
    for (int i = 0; i < count; i++)
        put_text(&b, what);
    put_text(&b, after);
    put(&b, "", 1);
    const bool good = computes((const char *)b.at, err);
    free(b.at);
    return good;
}

/* `format` with one number. */
static bool with(const char *format, int64_t number, Err *err)
{
    char text[400];
    const char *at = strchr(format, '#');
    snprintf(text, sizeof text, "%.*s%lld%s", (int)(at - format), format, (long long)number, at + 1);
    return computes(text, err);
}

static bool net_line_bytes(int more, Err *err)
{
    return many(HEAD "#", "x", LIMIT_NET_LINE - 1 + more, "\nconv c 1x1/1 1\n", err);
}

static bool net_words(int more, Err *err)
{
    return many(HEAD "conv c 1x1/1 1\npicture", " 1", LIMIT_NET_WORDS - 1 + more, "\n", err);
}

static bool net_title(int more, Err *err)
{
    return many("network n \"", "x", LIMIT_NET_TITLE + more, "\"\ninput 3x8x8\nconv c 1x1/1 1\n", err);
}

static bool net_name(int more, Err *err)
{
    return many(HEAD "conv ", "x", LIMIT_NET_NAME + more, " 1x1/1 1\n", err);
}

/* A network that begins with `head` and has a row for each number from `from` on, up to `to` itself. */
static bool rows(const char *head, const char *row, int from, int to, Err *err)
{
    Bytes b = {0};
    put_text(&b, head);
    for (int i = from; i <= to; i++) {
        char text[40];
        snprintf(text, sizeof text, row, i);
        put_text(&b, text);
    }
    put(&b, "", 1);
    const bool good = computes((const char *)b.at, err);
    free(b.at);
    return good;
}

static bool net_layers(int more, Err *err)
{
    return rows("network n\ninput 1x1x1\n", "maxpool p%d 1x1/1\n", 2, LIMIT_NET_LAYERS + more, err); /* the input is the first layer */
}

static bool net_heads(int more, Err *err)
{
    return rows(HEAD "conv c 1x1/1 1\n", "aux a%d tap=c\nfc fc 4\n", 1, LIMIT_NET_HEADS + more, err);
}

static bool net_channels(int more, Err *err)
{
    return with("network n\ninput #x1x1\nmaxpool p 1x1/1\n", (int64_t)LIMIT_NET_CHANNELS + more, err);
}

static bool net_classes(int more, Err *err)
{
    return with("network n\ninput 1x1x1\nclasses #\nfc f classes\n", LIMIT_NET_CLASSES + more, err);
}

static bool net_side(int more, Err *err)
{
    return with("network n\ninput 1x#x1\nmaxpool p 1x1/1\n", LIMIT_NET_SIDE + more, err);
}

static bool net_window(int more, Err *err)
{
    return with("network n\ninput 1x32768x32768\nmaxpool p 1x1/#\n", LIMIT_NET_WINDOW + more, err);
}

/* 4096 x 4095 weights and 4096 biases are just as many. */
static bool net_given(int more, Err *err)
{
    return with("network n\ninput #x1x1\nfc f 4096\nbiases f 1\n", LIMIT_NET_GIVEN / 4096 - 1 + more, err);
}

static bool net_settings(int more, Err *err)
{
    return with("network n\ninput 3x8x8\ninception 3a 4 4 4 4 4 4\nhypothesis 3a source=x 1x1=1..#\n", LIMIT_NET_SETTINGS + more, err);
}

static bool computed_weights(int more, Err *err)
{
    return with("network n\ninput #x1x1\nfc f 32768\n", LIMIT_COMPUTED_WEIGHTS / 32768 - 1 + more, err);
}

static bool computed_values(int more, Err *err)
{
    return computes(more > 0 ? "network n\ninput 1x32768x16384\nmaxpool p 1x1/1\navgpool a to=1x1\n" : "network n\ninput 1x32768x16384\nmaxpool p 1x1/1\n", err);
}

/* ---- expressions and lessons ---- */

static bool evaluates(const char *text, Err *err)
{
    ExprValue value;
    const Trace trace = {0};
    return expr_eval(&(ExprScope){&trace, NULL}, text, &value, err);
}

static bool expression(int more, Err *err)
{
    char text[LIMIT_EXPRESSION + 2] = "1";
    memset(text + 1, ' ', (size_t)(LIMIT_EXPRESSION - 1 + more));
    return evaluates(text, err);
}

static bool expression_depth(int more, Err *err)
{
    char text[2 * LIMIT_EXPRESSION_DEPTH + 8] = "";
    for (int i = 0; i < LIMIT_EXPRESSION_DEPTH + more; i++)
        strcat(text, i < LIMIT_EXPRESSION_DEPTH / 2 ? "(" : "-");
    strcat(text, "1");
    for (int i = 0; i < LIMIT_EXPRESSION_DEPTH / 2; i++)
        strcat(text, ")");
    return evaluates(text, err);
}

/* A lesson of `before` and `count` times `what`, with #, a number, in its place. */
static bool lesson(const char *before, const char *what, int count, Err *err)
{
    Lesson l;
    Bytes b = {0};
    put_text(&b, before);
    for (int i = 0; i < count; i++) {
        char number[16];
        const char *at = strchr(what, '#');
        snprintf(number, sizeof number, "%d", i + 2);
        put(&b, what, at != NULL ? (size_t)(at - what) : strlen(what));
        put_text(&b, at != NULL ? number : "");
        put_text(&b, at != NULL ? at + 1 : "");
    }
    const bool good = lesson_parse((const char *)b.at, b.size, "it.lesson", "assets/networks", NULL, &l, err);
    if (good)
        lesson_free(&l);
    free(b.at);
    return good;
}

static bool lesson_line(int more, Err *err)
{
    char text[LIMIT_LESSON_LINE + 100] = "title: T\nstep: S\nat: 3a\nsay: x";
    const size_t used = strlen(text), letters = (size_t)(LIMIT_LESSON_LINE - 6 + more);
    memset(text + used, 'x', letters);
    memcpy(text + used + letters, "\n", 2);
    return lesson(text, "", 0, err);
}

static bool lesson_steps(int more, Err *err)
{
    return lesson("title: T\n", "step: #\nat: 3a\n", LIMIT_LESSON_STEPS + more, err);
}

static bool lesson_choices(int more, Err *err)
{
    return lesson("title: T\nstep: S\nat: 3a\nask: a\nright: b\n", "wrong: #\n", LIMIT_LESSON_CHOICES - 1 + more, err);
}

static bool lesson_expects(int more, Err *err)
{
    return lesson("title: T\nstep: S\nat: 3a\n", "expect: 1 = 1\n", LIMIT_LESSON_EXPECTS + more, err);
}

static bool lesson_networks(int more, Err *err)
{
    return lesson("title: T\nstep: S\nat: 3a\nsay: {params(total)}\n", "step: S\nnetwork: tiny\nclasses: #\nat: conv1\nsay: {params(total)}\n", LIMIT_LESSON_NETWORKS - 1 + more, err);
}

static bool lesson_expression(int more, Err *err)
{
    char text[LIMIT_LESSON_EXPRESSION + 100] = "title: T\nstep: S\nat: 3a\nsay: {1+1";
    const size_t used = strlen(text), blanks = (size_t)(LIMIT_LESSON_EXPRESSION - 3 + more);
    memset(text + used, ' ', blanks);
    memcpy(text + used + blanks, "}\n", 3);
    return lesson(text, "", 0, err);
}

/* ---- the rest ---- */

static void put_words(const char *path, const char *text)
{
    put_file(path, text, strlen(text));
}

/* What a part of the program says on standard error: its first line. */
static const char *said;
static void begin_saying(int *kept)
{
    fflush(stderr);
    *kept = dup(2);
    said = inside("said");
    const int fd = open(said, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    assert_true(*kept >= 0 && fd >= 0 && dup2(fd, 2) == 2);
    close(fd);
}

static bool end_saying(int kept, bool good, Err *err)
{
    char text[1000] = "";
    fflush(stderr);
    dup2(kept, 2);
    close(kept);
    FILE *file = fopen(said, "rb");
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    return good || err_set(err, "%s", text);
}

static bool results(int more, Err *err)
{
    char folder[300], path[400], out[300];
    int kept;
    snprintf(folder, sizeof folder, "%s", inside("class"));
    snprintf(out, sizeof out, "%s", inside("tables"));
    mkdir(folder, 0700);
    for (int i = more > 0 ? LIMIT_RESULTS : 0; i < LIMIT_RESULTS + more; i++) { /* the former call has made the others */
        snprintf(path, sizeof path, "%s/%d.json", folder, i);
        put_words(path, "{\"inceptoscope_results\":1,\"lesson\":\"l\",\"lang\":\"en\",\"answers\":[{\"step\":1,\"outcome\":\"right\",\"question\":\"Q\"}]}");
    }
    begin_saying(&kept);
    const bool good = class_results(folder, out, LANG_EN);
    return end_saying(kept, good, err);
}

static bool script_line(int more, Err *err)
{
    Bytes b = {0};
    put_text(&b, "# one\n#");
    put_many(&b, 'x', (size_t)(LIMIT_SCRIPT_LINE - 1 + more));
    put_text(&b, "\n");
    put(&b, "", 1);
    put_words(inside("it.script"), (const char *)b.at);
    free(b.at);
    return script_run(NULL, inside("it.script"), err); /* there are only comments: nothing is done */
}

/* A hundred links to one folder of a thousand. */
static bool photos(int more, Err *err)
{
    enum { EACH = 1000 };
    Photos all;
    mkdir(inside("photos"), 0700);
    mkdir(inside("thousand"), 0700);
    for (int i = 0; i < EACH; i++) {
        char name[40];
        snprintf(name, sizeof name, "thousand/%d.png", i);
        put_words(inside(name), "");
        snprintf(name, sizeof name, "photos/%d", i);
        if (i < LIMIT_PHOTOS / EACH && more == 0)
            assert_int_equal(symlink("../thousand", inside(name)), 0);
    }
    if (more > 0)
        put_words(inside("photos/a.png"), "");
    const bool good = photos_open(inside("photos"), NULL, &all, err);
    if (good)
        photos_free(&all);
    return good;
}

static bool folders(int more, Err *err)
{
    Photos all;
    char path[1000];
    snprintf(path, sizeof path, "%s", inside("deep"));
    mkdir(path, 0700);
    for (int i = 0; i < LIMIT_FOLDERS + more; i++) {
        strcat(path, "/d");
        mkdir(path, 0700);
    }
    strcat(path, "/a.png");
    put_words(path, "x");
    const bool good = photos_open(inside("deep"), NULL, &all, err);
    if (good)
        photos_free(&all);
    return good;
}

static bool train_path(int more, Err *err)
{
    char path[LIMIT_TRAIN_PATH + 2] = "";
    int kept;
    memset(path, '/', (size_t)(LIMIT_TRAIN_PATH + more));
    path[1] = 'x';
    begin_saying(&kept);
    const bool good = cmd_train(2, (char *[]){(char *)"train", path, NULL}) == 0;
    return end_saying(kept, good, err);
}

static bool out_path(int more, Err *err)
{
    char path[LIMIT_OUT_PATH + 2] = "";
    memset(path, '/', (size_t)(LIMIT_OUT_PATH + more));
    memcpy(path + LIMIT_OUT_PATH + more - 1, "x", 1);
    memcpy(path, inside(""), strlen(inside("")));
    return safe_file_put(path, "x", 1, err);
}

/* ---- all of them ---- */

#define LIMIT_INDEX(name, value, unit, what) AT_##name,
enum { LIMITS(LIMIT_INDEX) LIMIT_COUNT };

#define LIMIT_ROW(name, value, unit, what) {#name, value, unit, what},
static const struct { const char *name; int value; const char *unit, *what; } limits[] = {LIMITS(LIMIT_ROW)};

/* says: what only this limit's message has; dear: reading just as much as the limit takes too long for a test. */
static const struct { Try *try; const char *says; bool dear; } tries[LIMIT_COUNT] = {
    [AT_PICTURE_PIXELS] = {picture_pixels, "more than 64 megapixels", false},
    [AT_JPEG_PIXELS] = {jpeg_pixels, "more than 200 megapixels", false},
    [AT_PICTURE_MB] = {picture_mb, "larger than 512 MB", true},
    [AT_WEIGHTS_GB] = {weights_gb, "larger than 4 GB", true},
    [AT_TENSORS] = {tensors, "more than 20000 tensors", false},
    [AT_DIMENSIONS] = {dimensions, "9 dimensions; at most 8", false},
    [AT_HEADER_MB] = {header_mb, "a header of 16777217 bytes is impossible; it has 2 bytes to 16 MB", false},
    [AT_UNPACKED_MB] = {unpacked_mb, "unpacks to more than 258 MB", false},
    [AT_PICKLE_MB] = {pickle_mb, "larger than 64 MB", false},
    [AT_PICKLE_VALUES] = {pickle_values, "more than 1048576 values", false},
    [AT_STORAGES] = {storages, "more than 20000 storages", false},
    [AT_STORAGE_KEY] = {storage_key, "has 61 bytes, but at most 60", false},
    [AT_LABELS] = {labels, "1 to 1048576 are possible", false},
    [AT_LABELS_MB] = {labels_mb, "larger than 64 MB", false},
    [AT_NET_MB] = {net_mb, "larger than 4 MB", false},
    [AT_NET_LINE] = {net_line_bytes, "at most 2047", false},
    [AT_NET_WORDS] = {net_words, "more than 128 words", false},
    [AT_NET_TITLE] = {net_title, "longer than 127 bytes", false},
    [AT_NET_NAME] = {net_name, "longer than 63 letters", false},
    [AT_NET_LAYERS] = {net_layers, "more than 10000 layers", false},
    [AT_NET_HEADS] = {net_heads, "more than 3 auxiliary heads", false},
    [AT_NET_CHANNELS] = {net_channels, "expected 1 to 2147483647", false},
    [AT_NET_CLASSES] = {net_classes, "expected 1 to 16777216", false},
    [AT_NET_SIDE] = {net_side, "expected 1 to 16777216", false},
    [AT_NET_WINDOW] = {net_window, "expected 1 to 32768", false},
    [AT_NET_GIVEN] = {net_given, "at most 16777216 of each", false},
    [AT_NET_SETTINGS] = {net_settings, "more than 32768 settings", false},
    [AT_COMPUTED_WEIGHTS] = {computed_weights, "has 1073774592 weights, and one that is computed can have at most 1073741824", false},
    [AT_COMPUTED_VALUES] = {computed_values, "have 1073741825 values, and those of a network that is computed can have at most 1073741824", false},
    [AT_EXPRESSION] = {expression, "at most 512", false},
    [AT_EXPRESSION_DEPTH] = {expression_depth, "at most 64", false},
    [AT_LESSON_MB] = {lesson_mb, "larger than 1 MB", false},
    [AT_LESSON_LINE] = {lesson_line, "it.lesson:4: longer than 4095 bytes", false},
    [AT_LESSON_STEPS] = {lesson_steps, "at most 500 steps", false},
    [AT_LESSON_CHOICES] = {lesson_choices, "at most 5 choices", false},
    [AT_LESSON_EXPECTS] = {lesson_expects, "at most 20 expect lines", false},
    [AT_LESSON_NETWORKS] = {lesson_networks, "at most 16 networks", false},
    [AT_LESSON_EXPRESSION] = {lesson_expression, "at most 255 bytes", false},
    [AT_EXERCISE_KB] = {exercise_kb, "larger than 64 kB", false},
    [AT_RESULTS] = {results, "more than 2000 results", false},
    [AT_SCRIPT_LINE] = {script_line, "it.script:2: the line is longer than 8191 bytes", false},
    [AT_CONFUSION_MB] = {confusion_mb, "larger than 16 MB", false},
    [AT_HISTORY_MB] = {history_mb, "larger than 64 MB", false},
    [AT_PHOTOS] = {photos, "more than 100000 photos", false},
    [AT_FOLDERS] = {folders, "more than 32 folders deep", false},
    [AT_TRAIN_PATH] = {train_path, "longer than 991 bytes", false},
    [AT_OUT_PATH] = {out_path, "longer than 1023 bytes", false},
};

static void test_every_limit(void **state)
{
    (void)state;
    for (int i = 0; i < LIMIT_COUNT; i++) {
        Err err = {""};
        CHECK(tries[i].try != NULL, "%s has no test", limits[i].name);
        const bool good = tries[i].dear || tries[i].try(0, &err);
        CHECK(good || strstr(err.text, tries[i].says) == NULL, "%s: just as much is refused: %s", limits[i].name, err.text);
        err.text[0] = '\0';
        CHECK(!tries[i].try(1, &err), "%s: one more is accepted", limits[i].name);
        CHECK(strstr(err.text, tries[i].says) != NULL, "%s: %s", limits[i].name, err.text);
    }
}

/* The section has these lines and no others. */
static void test_the_manual_page(void **state)
{
    (void)state;
    Bytes wanted = {0};
    unsigned char *page;
    size_t size;
    Err err;
    for (int i = 0; i < LIMIT_COUNT; i++) {
        char number[32], line[300];
        format_count(limits[i].value, number, sizeof number);
        snprintf(line, sizeof line, ".TP\n.B %s %s\n%s\n", number, limits[i].unit, limits[i].what);
        put_text(&wanted, line);
    }
    put(&wanted, "", 1);
    CHECK(file_read("assets/install/inceptoscope.1", 1 << 20, NULL, &page, &size, &err), "%s", err.text);
    char *section = strstr((char *)page, ".SH LIMITS\n"), *begin = section != NULL ? strstr(section, ".TP\n") : NULL;
    char *end = begin != NULL ? strstr(begin, ".SH ") : NULL;
    CHECK(end != NULL, "the manual page has no section LIMITS");
    *end = '\0';
    for (size_t i = 0, line = 1; begin[i] != '\0' || wanted.at[i] != '\0'; line += begin[i++] == '\n')
        CHECK(begin[i] == (char)wanted.at[i], "line %zu of the section, at '%.60s', should be '%.60s'", line, begin + i, (const char *)wanted.at + i);
    free(page);
    free(wanted.at);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_every_limit),
    cmocka_unit_test(test_the_manual_page),
};

int main(void)
{
    return cmocka_run_group_tests(tests, temp_folder_make, temp_folder_remove);
}
