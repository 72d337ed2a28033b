/* Lessons are played to their end by keyboard, in both languages, with wrong answers before the right ones; all of them with
 * LESSONS=all (`make lessons`), else every ninth in each language, and others in the one than in the other. While a question is open, its
 * answer is nowhere in what is drawn outside the lesson's own text; once it is answered, the same search finds many of them. */
#include "tests/program.h"
#include "tests/sampled.h"
#include "app/model/lesson_question.h"

#include <ctype.h>

typedef struct Played {
    int questions, wrong, earned, seen_after; /* seen_after: answers that the search finds once they may be seen */
} Played;

static bool alone(const char *text, const char *at, size_t n)
{
    const char before = at > text ? at[-1] : ' ', after = at[n];
    const bool decimal = (after == '.' || after == ',') && isdigit((unsigned char)at[n + 1]);
    const bool inside = (before == '.' || before == ',') && at - 1 > text && isdigit((unsigned char)at[-2]);
    return !isalnum((unsigned char)before) && before != '_' && !isalpha((unsigned char)after) && !isdigit((unsigned char)after) && after != '_' && !decimal && !inside;
}

/* Whether the digit at `at` is half of a kernel's name, 5×5; with a third size or px behind it, it is none. */
static bool kernel_name(const char *text, const char *at)
{
    const size_t x = strlen("×");
    const char *first = (size_t)(at - text) > x && strncmp(at - x, "×", x) == 0 ? at - x - 1 : at, *end = first + 2 + x;
    return strncmp(first + 1, "×", x) == 0 && first[0] == first[1 + x] && strchr("1357", first[0]) != NULL && strncmp(end, "×", x) != 0 && strncmp(end, " px", 3) != 0 &&
           !isdigit((unsigned char)*end) && !((size_t)(first - text) >= x && strncmp(first - x, "×", x) == 0);
}

/* An item outside the lesson's strip that has one of the secrets in it; NULL: none. */
static const char *item_with(const Program *p, const Secrets *s)
{
    const Item *head = program_find(p, "button", model_text(p->model, STR_LEAVE_LESSON));
    const float top = head != NULL ? head->rect.y - 9 : 1e9f;
    for (size_t i = 0; i < p->ui.item_count; i++) {
        const Item *item = &p->ui.items[i];
        const char *text = p->ui.text + item->text;
        if (item->rect.y >= top && item->rect.y < p->height - 27)
            continue;
        for (int n = 0; n < s->number_count; n++) {
            char number[64];
            const Rational r = {llabs(s->numbers[n].num), s->numbers[n].den};
            for (int commas = 0; commas < 2; commas++) {
                rational_text(r, commas == 1, number, sizeof number);
                for (const char *at = text; (at = strstr(at, number)) != NULL; at++)
                    if (r.num == 0 ? strcmp(text, "0") == 0 : alone(text, at, strlen(number)) && !kernel_name(text, at))
                        return text;
            }
        }
        for (int w = 0; w < s->word_count; w++)
            if (strstr(text, s->words[w]) != NULL)
                return text;
    }
    return NULL;
}

/* Without a frame between the keys, as one types. */
static void type(Program *p, const char *text)
{
    for (; *text != '\0'; text++)
        p->app.key(p->app.user, (char[]){*text, '\0'});
    program_key(p, "Enter");
}

static void untype(Program *p, const Classroom *room)
{
    for (size_t n = strlen(room->typed); n > 0; n--)
        p->app.key(p->app.user, "Backspace");
}

static void type_number(Program *p, Rational r)
{
    char text[64];
    snprintf(text, sizeof text, r.den == 1 ? "%.0f" : "%.7f", (double)r.num / (double)r.den);
    type(p, text);
}

/* The key of the first choice that is right, or wrong. */
static void choose(Program *p, const Classroom *room, bool right)
{
    int order[LIMIT_LESSON_CHOICES];
    const LessonStep *step = classroom_step(room);
    lesson_order(&room->lesson, room->answers.step, room->seed, order);
    for (int i = 0; i < step->choice_count; i++)
        if (step->choices[order[i]].right == right) {
            program_key(p, (char[]){(char)('1' + i), '\0'});
            return;
        }
}

static void answer_wrong(Program *p, const Classroom *room)
{
    const LessonStep *step = classroom_step(room);
    const Question kind = lesson_question(step);
    if (kind == QUESTION_CHOICE) {
        choose(p, room, false);
    } else if (kind == QUESTION_NUMBER && step->choice_count > 0) {
        type_number(p, step->choices[0].number);
        CHECK(room->remark == REMARK_REPLY && room->reply == 0, "%s: the slip of '%s' has no reply", room->lesson.path, step->ask.source);
        p->app.key(p->app.user, "7");
        CHECK(strcmp(room->typed, "7") == 0, "%s: another try does not begin anew: '%s'", room->lesson.path, room->typed);
        untype(p, room);
    } else if (kind == QUESTION_NUMBER) {
        type(p, "123456789");
        untype(p, room);
    }
}

/* Selects the first spot. A layer has too many ways that lead to it; the place on its map is walked to. */
static void point_at(Program *p, const LessonStep *step)
{
    Spot spots[SPOTS_MAX];
    Err err;
    char address[160];
    CHECK(spots_parse(model_net(p->model), step->point.source, spots, &err) > 0, "%s", err.text);
    net_address_text(model_net(p->model), (Address){.layer = spots[0].layer, .channel = spots[0].first}, address, sizeof address);
    CHECK(model_goto(p->model, address, NULL, NULL, &err), "%s", err.text);
    program_rest(p);
    if (spots[0].brightest) {
        const Cursor best = model_brightest(p->model, (Cursor){spots[0].layer, spots[0].first, -1, -1});
        program_key(p, "Shift+Right");
        for (int i = 0; i < 500 && (p->model->cursor.x != best.x || p->model->cursor.y != best.y); i++)
            program_key(p, p->model->cursor.x < best.x ? "Shift+Right" : p->model->cursor.x > best.x ? "Shift+Left" : p->model->cursor.y < best.y ? "Shift+Down" : "Shift+Up");
    }
    program_key(p, "Space");
}

static void make(Program *p, const LessonStep *step)
{
    Deed deeds[DEEDS_MAX];
    Err err;
    const int count = deeds_parse(model_net(p->model), step->make.source, deeds, &err);
    for (int i = 0; i < count; i++)
        if (deeds[i].kind == DEED_ANSWER && p->model->view == VIEW_FOOL)
            for (int k = 0; k < 8 && classroom_asks(&p->session->classroom); k++)
                program_key(p, "Right");
        else if (deeds[i].kind == DEED_SILENT)
            program_key(p, deeds[i].spot.first < 0 ? "Shift+x" : "x");
        else if (deeds[i].kind == DEED_VIEW)
            model_view(p->model, deeds[i].view);
    program_rest(p);
}

static void answer_right(Program *p, const Classroom *room)
{
    const LessonStep *step = classroom_step(room);
    switch (lesson_question(step)) {
    case QUESTION_CHOICE: choose(p, room, true); break;
    case QUESTION_NUMBER:
        type_number(p, step->number.value);
        program_key(p, "Enter");
        CHECK(p->model->at == room->at && p->model->view == room->view, "%s: a second Enter leads away from '%s'", room->lesson.path, step->ask.source);
        break;
    case QUESTION_POINT: point_at(p, step); break;
    case QUESTION_MAKE: make(p, step); break;
    default: program_key(p, "Space");
    }
}

static void ask(Program *p, const Classroom *room, Played *sum)
{
    const LessonStep *step = classroom_step(room);
    const Secrets secrets = step->secrets;
    const char *told = item_with(p, &secrets);
    const Question kind = lesson_question(step);
    CHECK(told == NULL, "%s:%d: the answer is on the screen: %s", room->lesson.path, step->ask.line, told);
    answer_wrong(p, room);
    CHECK(classroom_asks(room), "%s:%d: a wrong answer ends the question", room->lesson.path, step->ask.line);
    sum->wrong += room->remark != REMARK_NONE;
    told = item_with(p, &secrets);
    CHECK(told == NULL, "%s:%d: the answer is on the screen after a wrong one: %s", room->lesson.path, step->ask.line, told);
    answer_right(p, room);
    if (classroom_asks(room))
        program_key(p, "Space"); /* what only a hand can do is revealed */
    else
        sum->earned += kind != QUESTION_OPEN;
    CHECK(!classroom_asks(room), "%s:%d: the right answer does not end the question", room->lesson.path, step->ask.line);
    CHECK((kind != QUESTION_CHOICE && kind != QUESTION_NUMBER && kind != QUESTION_POINT) || classroom_answer(room) != ANSWER_SHOWN, "%s:%d: the right answer was not taken",
          room->lesson.path, step->ask.line);
    sum->seen_after += secrets.number_count > 0 && item_with(p, &secrets) != NULL;
    sum->questions++;
}

static void play(Program *p, const char *path, Played *sum)
{
    const Classroom *room = &p->session->classroom;
    const SharedSource *source = p->model->source;
    session_open_lesson(p->session, path);
    program_rest(p);
    CHECK(classroom_is_open(room), "%s does not open: %s", path, p->model->status);
    const int steps = room->lesson.step_count;
    for (int i = 0; i < steps; i++) {
        CHECK(classroom_is_open(room) && room->answers.step == i, "%s: step %d is not shown", path, i + 1);
        CHECK(!p->model->status_bad || model_status(p->model) == NULL, "%s: step %d: %s", path, i + 1, p->model->status);
        if (classroom_asks(room))
            ask(p, room, sum);
        program_key(p, "Space");
    }
    CHECK(!classroom_is_open(room), "%s has no end", path);
    CHECK(p->model->source == source && strcmp(p->model->picture.name, "daisy.png") == 0, "%s does not give back the window's own network and picture", path);
}

static void every_lesson(void **state)
{
    enum { ONE_IN = 9, FIRST = 2, BESIDE = 3 };
    const bool all = getenv("LESSONS") != NULL && strcmp(getenv("LESSONS"), "all") == 0;
    Program p;
    Err err;
    Played sum = {0};
    (void)state;
    CHECK(program_open_from(&p, &(SourceOptions){.weights = "assets/weights/flowers.safetensors", .networks_dir = "assets/networks"}, 1366, 768, &err), "%s", err.text);
    for (int lang = 0; lang < LANG_COUNT; lang++) {
        char folder[64], **paths;
        snprintf(folder, sizeof folder, "lessons/%s", lang_code((Lang)lang));
        const int count = lesson_list(folder, ".lesson", &paths);
        CHECK(count >= 10, "%d lessons", count);
        p.model->screen.lang = (Lang)lang;
        for (int i = 0; i < count; i++)
            if (all || (i % ONE_IN == FIRST + BESIDE * lang && sampled((size_t)(i / ONE_IN), 3)))
                play(&p, paths[i], &sum);
        lesson_list_free(paths, count);
    }
    print_message("%d questions, %d replies, %d earned, %d answers seen afterwards\n", sum.questions, sum.wrong, sum.earned, sum.seen_after);
    CHECK(sum.questions > 0 && 2 * sum.earned > sum.questions && sum.seen_after > 0, "the search finds nothing where there is something");
    program_close(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_lesson)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
