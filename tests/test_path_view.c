/* test_path_view.c - the path on the screen: its steps are path_walk's on the reference engine's maps, whatever engine is shown; keys, clicks and
 * playing go along it, in both directions, and choose other terms. */
#include "app/model/path_words.h"
#include "engine/net/exact.h"
#include "tests/program.h"

#include <math.h>

typedef struct Own { const Net *net; float **maps; PathStep *steps; Term *terms; int *order; int count; } Own;

/* The path again, from the maps of a run apart from the program's. */
static Own walk(const Program *p, Unit unit, const PathRanks *ranks)
{
    const Net *net = model_net(p->model);
    Own own = {.net = net, .maps = calloc((size_t)net->layer_count, sizeof *own.maps), .steps = calloc((size_t)net->layer_count, sizeof *own.steps)};
    Err err;
    const size_t most = explain_terms_most(net, unit.layer);
    own.terms = calloc(most, sizeof *own.terms);
    own.order = calloc(most, sizeof *own.order);
    CHECK(exact_maps(net, model_weights(p->model), p->model->picture.x, net->layer_count - 1, -1, NULL, own.maps, &err), "%s", err.text);
    own.count = path_walk(net, model_weights(p->model), (const float *const *)own.maps, unit, ranks, own.terms, own.order, own.steps);
    return own;
}

static void let_go(Own *own)
{
    exact_free(own->net, own->maps);
    free(own->steps);
    free(own->terms);
    free(own->order);
}

static void same_path(Program *p, const char *what)
{
    const PathModel *path = &p->model->path;
    Own own = walk(p, path->start, &path->ranks);
    CHECK(own.count == path->count, "%s: %d steps, not %d", what, path->count, own.count);
    for (int i = 0; i < own.count; i++)
        CHECK(unit_same(own.steps[i].e.unit, path->steps[i].e.unit) && memcmp(&own.steps[i].e.value, &path->steps[i].e.value, sizeof(float)) == 0 &&
                  own.steps[i].term == path->steps[i].term && own.steps[i].end == path->steps[i].end, "%s: step %d", what, i);
    let_go(&own);
}

static void add_letters(const char *text, char *out, size_t size)
{
    size_t used = strlen(out);
    for (; *text != '\0' && used + 1 < size; text++)
        if (*text != ' ' && *text != '\n')
            out[used++] = *text;
    out[used] = '\0';
}

/* Whether the screen says this, wherever its lines are broken. */
static bool says(const Program *p, const char *text)
{
    static char all[1 << 16];
    char letters[2 * PATH_LINE_MAX] = "";
    all[0] = '\0';
    for (size_t i = 0; i < p->ui.item_count; i++)
        if (strcmp(p->ui.items[i].role, "text") == 0)
            add_letters(p->ui.text + p->ui.items[i].text, all, sizeof all);
    add_letters(text, letters, sizeof letters);
    return strstr(all, letters) != NULL;
}

/* The step that is looked at, in the words of both languages. */
static void words_are_shown(Program *p, const char *what)
{
    Model *m = p->model;
    const PathScene scene = {model_net(m), exact_shown(&m->exact), &m->picture.fitted, m->screen.lang};
    const PathStep *s = path_shown(&m->path);
    PathLines lines;
    char end[PATH_LINE_MAX];
    CHECK(s != NULL && m->path.terms_of == m->path.at, "%s: no step", what);
    path_lines(&scene, s, m->path.terms, m->path.order, &lines);
    path_end_text(&scene, s, end, sizeof end);
    for (int i = 0; i < lines.count; i++)
        CHECK(says(p, lines.text[i]), "%s: '%s' is not on the screen", what, lines.text[i]);
    CHECK(says(p, end), "%s: '%s' is not on the screen", what, end);
}

static void from_the_answer(void **state)
{
    Program *p = *state;
    Model *m = p->model;
    Guess best;
    program_key(p, "Shift+p");
    assert_int_equal(model_top(m, &best, 1), 1);
    CHECK(m->view == VIEW_PATH && m->path.start.layer == model_net(m)->heads[0].logits && m->path.start.c == best.index, "Shift+P without a selection");
    same_path(p, "the answer");
    for (int lang = 0; lang < 2; lang++) {
        for (int i = 0; i < m->path.count; i++) {
            words_are_shown(p, "from the answer");
            program_key(p, "Down");
        }
        CHECK(m->path.at == m->path.count - 1, "the last step is the last");
        program_key(p, "z");
        program_key(p, "Home");
        CHECK(m->path.at == 0, "Home");
    }
    program_key(p, "e"); /* the other engine shows the same path */
    same_path(p, "the other engine");
    program_key(p, "e");
}

static void other_terms(void **state)
{
    Program *p = *state;
    Model *m = p->model;
    Err err;
    CHECK(model_goto(m, "3b/3x3[2]", NULL, "path", &err), "%s", err.text);
    model_select(m, model_brightest(m, m->cursor));
    model_view(m, VIEW_PATH);
    program_rest(p);
    same_path(p, "a value");
    const Unit second = m->path.steps[1].e.unit;
    program_key(p, "Right");
    CHECK(m->path.steps[0].rank == 1 && m->path.at == 0 && !unit_same(m->path.steps[1].e.unit, second), "Right follows the second term");
    same_path(p, "the second term");
    words_are_shown(p, "the second term");
    program_key(p, "Left");
    CHECK(m->path.steps[0].rank == 0 && unit_same(m->path.steps[1].e.unit, second), "Left follows the first again");
    program_key(p, "Left");
    CHECK(m->path.steps[0].rank == 0, "there is nothing before the first");
    const Item *row = program_find(p, "term", "3  ");
    CHECK(row != NULL, "no terms to choose from");
    program_click(p, row->rect.x + 20, row->rect.y + 8);
    CHECK(m->path.steps[0].rank == 2, "a click on the third term");
    const Item *button = program_find(p, "button", "largest terms");
    CHECK(button != NULL, "no way back");
    program_click(p, button->rect.x + 5, button->rect.y + 5);
    CHECK(m->path.steps[0].rank == 0 && m->path.ranks.count == 0, "a click on the button");
    program_key(p, "Right");
    program_key(p, "Delete");
    CHECK(m->path.steps[0].rank == 0, "Delete");
    m->path.ranks = (PathRanks){2, {0, 100000}}; /* typed, or of another picture */
    m->path.stale = true;
    program_rest(p);
    CHECK(m->path.steps[1].rank == 0 && m->path.count > 2, "a term that is not there");
    same_path(p, "a term that is not there");
}

static void along_it(void **state)
{
    Program *p = *state;
    Model *m = p->model;
    Err err;
    CHECK(model_goto(m, "fc[3]", NULL, "path", &err), "%s", err.text);
    program_rest(p);
    const int last = m->path.count - 1;
    program_key(p, "End");
    CHECK(m->path.at == last, "End");
    const Item *stop = program_find(p, "stop", "3a");
    CHECK(stop != NULL, "no stop");
    program_click(p, stop->rect.x + stop->rect.w / 2, stop->rect.y + 20);
    CHECK(model_net(m)->layers[m->path.steps[m->path.at].e.unit.layer].module == 0, "a click on a stop");
    program_key(p, "Home");
    const Item *step = program_find(p, "step", "avgpool");
    CHECK(step != NULL, "no step");
    program_click(p, step->rect.x + 20, step->rect.y + 8);
    CHECK(m->path.steps[m->path.at].e.unit.layer == program_layer(p, "avgpool"), "a click on a step");
    program_key(p, "Home");
    program_key(p, "Space");
    CHECK(m->path.at == last && !m->playing, "Space plays it to its end, %d of %d", m->path.at, last);
    program_key(p, "Tab");
    CHECK(m->path.up, "Tab turns it round");
    program_key(p, "Space");
    CHECK(m->path.at == 0 && !m->playing, "and back up to the value, %d", m->path.at);
    const Item *down = program_find(p, "choice", "down to the pixel");
    CHECK(down != NULL, "no choice of the direction");
    program_click(p, down->rect.x + 10, down->rect.y + 10);
    CHECK(!m->path.up, "a click turns it round");
    program_key(p, "Down");
    program_key(p, "Down");
    const Unit u = m->path.steps[2].e.unit;
    program_key(p, "Enter");
    CHECK(m->view == VIEW_VALUE && m->cursor.layer == u.layer && m->cursor.channel == u.c && m->cursor.y == u.y, "Enter takes the step's value apart");
    program_key(p, "Shift+p");
    CHECK(m->view == VIEW_PATH && m->path.start.layer == u.layer && m->path.at == 0, "its own path");
    program_key(p, "Escape");
    CHECK(m->view == VIEW_VALUE, "Escape leads to its terms");
    const Item *way = program_find(p, "choice", "its path");
    CHECK(way != NULL, "no word for the path");
    program_click(p, way->rect.x + 10, way->rect.y + 10);
    CHECK(m->view == VIEW_PATH, "a click leads to the path");
}

/* Every kind of value has one: of a head, of a pool, of a copy, of a pixel. */
static void from_anywhere(void **state)
{
    static const struct { const char *at, *pos; } places[] = {{"aux1/fc2[2]", NULL}, {"softmax[1]", NULL}, {"maxpool2[3]", "1,1"}, {"norm1[2]", "3,4"},
                                                              {"3a[7]", "2,2"}, {"dropout[4]", NULL}, {"avgpool[5]", NULL}, {"input[1]", "20,30"}};
    Program *p = *state;
    Err err;
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        CHECK(model_goto(p->model, places[i].at, places[i].pos, "path", &err), "%s", err.text);
        program_rest(p);
        same_path(p, places[i].at);
        words_are_shown(p, places[i].at);
        program_key(p, "End");
        words_are_shown(p, places[i].at);
        CHECK(says(p, "path ends"), "%s has no end", places[i].at);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(from_the_answer), cmocka_unit_test(other_terms), cmocka_unit_test(along_it), cmocka_unit_test(from_anywhere),
    };
    return cmocka_run_group_tests(tests, program_small_open, program_group_close);
}
