/* lesson_seen.c - searches a step's stage for the answer to its question; see lesson_seen.h. */
#include "app/cli/lesson_seen.h"
#include "app/ui/utf8.h"
#include "engine/base/clock.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const double SECONDS_MOST = 1; /* a picture that grows for long is looked at as far as it has come */

typedef struct Stage {
    Inceptoscope *program;
    App app;
    Ui ui;
    Input in;
} Stage;

/* Without fonts a rule of thumb is enough: what is cut away is only read less. */
static float width_of(void *user, Face face, float size, const char *text, size_t bytes)
{
    (void)user;
    (void)face;
    float width = 0;
    for (size_t i = 0, n; i < bytes; i += n)
        width += size * (utf8_code(text + i, &n) > 0x2000 ? 1.0f : 0.55f);
    return width;
}

static void frame(Stage *s)
{
    s->in.now += 1.0 / 60;
    ui_begin(&s->ui, &s->in, 1920, 1080);
    s->app.frame(s->app.user, &s->ui);
    ui_end(&s->ui);
}

/* Until nothing is computed and nothing moves; a stage that is still being opened takes its time. */
static void rest(Stage *s)
{
    const Classroom *room = &inceptoscope_session(s->program)->classroom;
    double since = clock_seconds();
    for (;;) {
        frame(s);
        const bool busy = s->app.busy(s->app.user);
        if (!busy && !s->ui.want_frame)
            return;
        if (classroom_busy(room) || inceptoscope_session(s->program)->opening.job != NULL)
            since = clock_seconds();
        else if (clock_seconds() > since + SECONDS_MOST)
            return;
        if (busy)
            nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    }
}

/* Everything that is written, items of a row behind one another; the caller frees it. */
static char *written(const Ui *ui)
{
    size_t size = 1, used = 0;
    for (size_t i = 0; i < ui->item_count; i++)
        size += strlen(ui->text + ui->items[i].text) + 1;
    char *all = malloc(size);
    const Item *before = NULL;
    for (size_t i = 0; all != NULL && i < ui->item_count; i++) {
        const Item *item = &ui->items[i];
        const bool row = before != NULL && fabsf(before->rect.y - item->rect.y) < 2 && fabsf(before->rect.x + before->rect.w - item->rect.x) < 2;
        used += (size_t)snprintf(all + used, size - used, "%s%s", before != NULL && !row ? "\n" : "", ui->text + item->text);
        before = item;
    }
    return all;
}

/* Inside the name of a kernel, 5×5, which is not blanked; with a third size, or px behind it, it is an area. */
static bool in_kernel_name(const char *all, const char *at)
{
    static const char *const names[] = {"1×1", "3×3", "5×5", "7×7", "1x1", "3x3", "5x5", "7x7"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const size_t n = strlen(names[i]);
        for (size_t back = 0; back < n && back <= (size_t)(at - all); back++) {
            const char *from = at - back, *end = from + n;
            if (strncmp(from, names[i], n) == 0 && *end != 'x' && strncmp(end, "×", strlen("×")) != 0 && strncmp(end, " px", 3) != 0 &&
                (from == all || (from[-1] != 'x' && (unsigned char)from[-1] != 0x97)))
                return true;
        }
    }
    return false;
}

/* The zero at `at` is a line of its own or counts something: 0, 0 weights; not an end of a range or a channel's number. */
static bool zero_counts(const char *all, const char *at)
{
    const char *next = at + 1 + (at[1] == ' ');
    return ((at == all || at[-1] == '\n') && (at[1] == '\n' || at[1] == '\0')) || isalpha((unsigned char)*next) || (unsigned char)*next >= 0xe3;
}

/* The text as a word of its own, not inside a longer number or name; the line that has it goes to `where`. */
static bool has(const char *all, const char *text, char *where, size_t size)
{
    const size_t n = strlen(text);
    for (const char *at = all; (at = strstr(at, text)) != NULL; at++) {
        const bool begins = at == all || !(isalnum((unsigned char)at[-1]) || at[-1] == '_' || ((at[-1] == '.' || at[-1] == ',') && at - 1 > all && isdigit((unsigned char)at[-2])));
        const bool ends = !(isalnum((unsigned char)at[n]) || at[n] == '_' || ((at[n] == '.' || at[n] == ',') && isdigit((unsigned char)at[n + 1])));
        if (begins && ends && !in_kernel_name(all, at) && (strcmp(text, "0") != 0 || zero_counts(all, at))) {
            const char *line = at;
            while (line > all && line[-1] != '\n')
                line--;
            snprintf(where, size, "%.*s", (int)strcspn(line, "\n"), line);
            return true;
        }
    }
    return false;
}

static bool readable(const Ui *ui, const Secrets *s, char *what, size_t size)
{
    char *all = written(ui), number[64];
    bool found = all == NULL;
    for (int i = 0; !found && i < s->number_count; i++) {
        const Rational r = {s->numbers[i].num < 0 ? -s->numbers[i].num : s->numbers[i].num, s->numbers[i].den};
        for (int commas = 0; !found && commas < 2; commas++) {
            rational_text(r, commas == 1, number, sizeof number);
            found = has(all, number, what, size);
        }
    }
    for (int i = 0; !found && i < s->word_count; i++) {
        snprintf(what, size, "%s", s->words[i]);
        found = strstr(all, what) != NULL;
    }
    free(all);
    return found;
}

static bool step_unseen(Stage *stage, int step, Err *err)
{
    char what[256];
    Session *session = inceptoscope_session(stage->program);
    Classroom *room = &session->classroom;
    classroom_turn(room, &session->model, step, false);
    rest(stage);
    const char *status = session->model.status_bad ? model_status(&session->model) : NULL;
    if (status != NULL)
        return err_set(err, "%s:%d: this step's stage cannot be shown: %s", room->lesson.path, room->lesson.steps[step].title.line, status);
    return !readable(&stage->ui, &classroom_step(room)->secrets, what, sizeof what) ||
           err_set(err, "%s:%d: the answer can be read on the stage: %s", room->lesson.path, classroom_step(room)->ask.line, what);
}

bool lesson_unseen(Inceptoscope *program, const char *path, int *questions, Err *err)
{
    Session *session = inceptoscope_session(program);
    Classroom *room = &session->classroom;
    Stage stage = {.program = program, .app = inceptoscope_app(program)};
    if (!ui_init(&stage.ui, &theme_light, width_of, NULL))
        return err_set(err, "not enough memory");
    room->bare = true;
    classroom_open(room, &session->model, path);
    bool good = true;
    for (int i = 0; good && i < room->lesson.step_count; i++)
        if (secrets_any(&room->lesson.steps[i].secrets)) {
            good = step_unseen(&stage, i, err);
            ++*questions;
        }
    classroom_close(room, &session->model);
    rest(&stage);
    ui_free(&stage.ui);
    return good;
}
