/* script.c - runs the actions of a script, which are in one table. See script.h. */
#include "app/ui/script.h"
#include "app/ui/utf8.h"
#include "engine/base/limits.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool numbers(const char *verb, const char *text, int count, double *out, Err *err)
{
    for (int i = 0; i < count; i++) {
        char *end;
        out[i] = strtod(text, &end);
        if (end == text)
            return err_set(err, "%s needs %d number%s", verb, count, count > 1 ? "s" : "");
        text = end;
    }
    while (isspace((unsigned char)*text))
        text++;
    return *text == '\0' || err_set(err, "%s needs %d number%s, not '%s'", verb, count, count > 1 ? "s" : "", text);
}

typedef enum Button { BUTTON_STAYS, BUTTON_PRESS, BUTTON_RELEASE } Button;

static bool pointer(Offscreen *o, double x, double y, Button button, Err *err)
{
    Input *in = &o->shell.in;
    in->mouse_x = (float)x;
    in->mouse_y = (float)y;
    in->mouse_inside = true;
    in->pressed = button == BUTTON_PRESS;
    in->released = button == BUTTON_RELEASE;
    in->down = button == BUTTON_PRESS || (in->down && button == BUTTON_STAYS);
    return offscreen_frame(o, err);
}

/* An action's arguments: the rest of the line, and the numbers in it if it takes any. */
typedef struct Args {
    const char *verb, *text;
    double n[2];
} Args;

typedef bool ActionFn(Offscreen *o, const Args *a, Err *err);

static bool do_key(Offscreen *o, const Args *a, Err *err)
{
    shell_key(&o->shell, a->text);
    return offscreen_frame(o, err) && offscreen_frame(o, err);
}

/* Each character has its own frame, as from a keyboard: the first may open the field that takes the rest. */
static bool do_text(Offscreen *o, const Args *a, Err *err)
{
    for (const char *text = a->text; *text != '\0';) {
        char one[8] = {0};
        const size_t size = utf8_size(text);
        memcpy(one, text, size);
        shell_text(&o->shell, one);
        if (!offscreen_frame(o, err))
            return false;
        text += size;
    }
    return offscreen_frame(o, err);
}

static bool do_move(Offscreen *o, const Args *a, Err *err)
{
    return pointer(o, a->n[0], a->n[1], BUTTON_STAYS, err) && offscreen_frame(o, err);
}

static bool do_press(Offscreen *o, const Args *a, Err *err)
{
    return pointer(o, a->n[0], a->n[1], BUTTON_PRESS, err);
}

static bool do_release(Offscreen *o, const Args *a, Err *err)
{
    return pointer(o, a->n[0], a->n[1], BUTTON_RELEASE, err) && offscreen_frame(o, err);
}

static bool do_click(Offscreen *o, const Args *a, Err *err)
{
    return pointer(o, a->n[0], a->n[1], BUTTON_STAYS, err) && do_press(o, a, err) && do_release(o, a, err);
}

/* The middle of the first thing whose whole text this is; what is above everything comes before what is under it. */
static bool place_of(const Offscreen *o, const Args *a, float *x, float *y, Err *err)
{
    const Ui *ui = &o->shell.ui;
    const Item *found = NULL;
    for (size_t i = 0; i < ui->item_count; i++)
        if (strcmp(ui->text + ui->items[i].text, a->text) == 0 && (found == NULL || ui->items[i].layer > found->layer))
            found = &ui->items[i];
    if (found == NULL)
        return err_set(err, "%s: '%s' is not on the screen", a->verb, a->text);
    *x = found->rect.x + found->rect.w / 2;
    *y = found->rect.y + found->rect.h / 2;
    return true;
}

static bool do_point(Offscreen *o, const Args *a, Err *err)
{
    float x, y;
    return place_of(o, a, &x, &y, err) && pointer(o, (double)x, (double)y, BUTTON_STAYS, err) && offscreen_frame(o, err);
}

static bool do_choose(Offscreen *o, const Args *a, Err *err)
{
    float x, y;
    if (!place_of(o, a, &x, &y, err))
        return false;
    const Args at = {.n = {(double)x, (double)y}};
    return do_click(o, &at, err);
}

static bool do_wheel(Offscreen *o, const Args *a, Err *err)
{
    o->shell.in.wheel_y = (float)a->n[0];
    return offscreen_frame(o, err) && offscreen_frame(o, err);
}

static bool do_drop(Offscreen *o, const Args *a, Err *err)
{
    o->shell.app->drop(o->shell.app->user, a->text);
    return offscreen_frame(o, err);
}

static bool do_drag(Offscreen *o, const Args *a, Err *err)
{
    o->shell.in.dragged = a->n[0] > 0;
    return offscreen_frame(o, err);
}

static bool do_wait_idle(Offscreen *o, const Args *a, Err *err)
{
    (void)a;
    return offscreen_wait_idle(o, err);
}

static bool do_wait(Offscreen *o, const Args *a, Err *err)
{
    return offscreen_wait(o, a->n[0] / 1000, err);
}

static bool do_resize(Offscreen *o, const Args *a, Err *err)
{
    const double w = a->n[0], high = a->n[1];
    if (!(w >= 1 && high >= 1 && w <= 16384 && high <= 16384))
        return err_set(err, "resize needs sides between 1 and 16384 pixels");
    return offscreen_resize(o, (int)w, (int)high, err) && offscreen_frame(o, err);
}

static bool do_screenshot(Offscreen *o, const Args *a, Err *err)
{
    return offscreen_frame(o, err) && offscreen_save_png(o, a->text, err);
}

static bool do_dump(Offscreen *o, const Args *a, Err *err)
{
    return dump_save(&o->shell.ui, a->text, err);
}

static bool do_expect(Offscreen *o, const Args *a, Err *err)
{
    return dump_contains(&o->shell.ui, a->text) || err_set(err, "'%s' is not on the screen", a->text);
}

static bool do_expect_not(Offscreen *o, const Args *a, Err *err)
{
    return !dump_contains(&o->shell.ui, a->text) || err_set(err, "'%s' is on the screen", a->text);
}

static bool do_time_frames(Offscreen *o, const Args *a, Err *err)
{
    (void)a;
    o->timing = true;
    o->took_count = 0;
    return offscreen_frame(o, err); /* the first paint makes textures, so it counts */
}

static bool do_time_busy_frames(Offscreen *o, const Args *a, Err *err)
{
    o->timing_busy = true;
    return do_time_frames(o, a, err);
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* `most` false: the median frame since `time-frames`; true: the slowest. */
static bool expect_time(Offscreen *o, const Args *a, bool most, Err *err)
{
    if (o->took_count == 0)
        return err_set(err, "%s: no frame was timed; use time-frames first", a->verb);
    qsort(o->took, (size_t)o->took_count, sizeof *o->took, by_value);
    double ms = o->took[most ? o->took_count - 1 : o->took_count / 2] * 1000;
    return ms <= a->n[0] || err_set(err, "the %s of %d frames took %.1f ms, more than %g", most ? "slowest" : "median",
                                    o->took_count, ms, a->n[0]);
}

static bool do_expect_median(Offscreen *o, const Args *a, Err *err)
{
    return expect_time(o, a, false, err);
}

static bool do_expect_slowest(Offscreen *o, const Args *a, Err *err)
{
    return expect_time(o, a, true, err);
}

/* The actions, and how many numbers each takes; one that takes none gets the rest of the line. */
static const struct {
    const char *verb;
    int numbers;
    ActionFn *run;
} actions[] = {
    {"key", 0, do_key},                 /* NAME, see App.key */
    {"text", 0, do_text},               /* STRING */
    {"move", 2, do_move},               /* X Y */
    {"click", 2, do_click},             /* X Y */
    {"press", 2, do_press},             /* X Y */
    {"release", 2, do_release},         /* X Y */
    {"point", 0, do_point},             /* TEXT: moves to the thing that has exactly this text */
    {"choose", 0, do_choose},           /* TEXT: clicks on it */
    {"wheel", 1, do_wheel},             /* ROWS; positive: towards the start */
    {"drop", 0, do_drop},               /* FILE */
    {"drag", 1, do_drag},               /* 1: a file is held over the window; 0: no longer */
    {"wait-idle", 0, do_wait_idle},     /* waits until nothing is computed and nothing moves */
    {"wait", 1, do_wait},               /* MS */
    {"resize", 2, do_resize},           /* W H */
    {"screenshot", 0, do_screenshot},   /* FILE */
    {"dump", 0, do_dump},               /* FILE */
    {"expect", 0, do_expect},           /* TEXT */
    {"expect-not", 0, do_expect_not},   /* TEXT */
    {"time-frames", 0, do_time_frames}, /* from here on, measures the processor time of frames while nothing is computed */
    {"time-busy-frames", 0, do_time_busy_frames}, /* the same, also while something is computed */
    {"expect-median", 1, do_expect_median}, /* MS */
    {"expect-slowest", 1, do_expect_slowest}, /* MS */
};

static bool action(Offscreen *o, const char *verb, const char *rest, Err *err)
{
    char words[256] = "";
    for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++) {
        Args a = {.verb = verb, .text = rest};
        if (strcmp(verb, actions[i].verb) == 0)
            return (actions[i].numbers == 0 || numbers(verb, rest, actions[i].numbers, a.n, err)) && actions[i].run(o, &a, err);
        snprintf(words + strlen(words), sizeof words - strlen(words), " %s", actions[i].verb);
    }
    return err_set(err, "unknown action '%s'; actions are%s", verb, words);
}

/* The length of the next line without its end, as far as it was read: one byte beyond the limit at most. -1 at the end of the file. */
static int read_line(FILE *file, char line[LIMIT_SCRIPT_LINE + 2])
{
    int length = 0, c;
    while ((c = fgetc(file)) != EOF && c != '\n' && length <= LIMIT_SCRIPT_LINE)
        line[length++] = (char)c;
    line[length] = '\0';
    return c == EOF && length == 0 ? -1 : length;
}

bool script_run(Offscreen *o, const char *path, Err *err)
{
    FILE *file = fopen(path, "r");
    if (file == NULL)
        return err_set(err, "%s: %s", path, strerror(errno));
    char line[LIMIT_SCRIPT_LINE + 2];
    int length;
    bool ok = true;
    for (int number = 1; ok && (length = read_line(file, line)) >= 0; number++) {
        if (length > LIMIT_SCRIPT_LINE) {
            ok = err_set(err, "%s:%d: the line is longer than %d bytes", path, number, LIMIT_SCRIPT_LINE);
            break;
        }
        while (length > 0 && isspace((unsigned char)line[length - 1]))
            line[--length] = '\0';
        char *verb = line + strspn(line, " \t");
        if (*verb == '\0' || *verb == '#')
            continue;
        char *rest = verb + strcspn(verb, " \t");
        if (*rest != '\0')
            *rest++ = '\0';
        rest += strspn(rest, " \t");
        Err reason = {""};
        ok = action(o, verb, rest, &reason) || err_set(err, "%s:%d: %s", path, number, reason.text);
    }
    if (ok && ferror(file)) /* a folder can be opened too */
        ok = err_set(err, "%s: %s", path, strerror(errno));
    fclose(file);
    return ok;
}
