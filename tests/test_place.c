/* test_place.c - what Ctrl+C copies leads back: random states, every view, and a second program given the copied words draws the same. */
#include "engine/base/rng.h"
#include "tests/check.h"
#include "tests/program.h"
#include "tests/sampled.h"

#include <stdlib.h>

enum { WORDS_MAX = 32 };

/* The copied text as a shell would split it; cuts `text` up. */
static int split(char *text, char *words[WORDS_MAX])
{
    int count = 0;
    for (char *p = text; *p != '\0' && count < WORDS_MAX;) {
        const bool quoted = *p == '\'';
        words[count++] = p += quoted;
        p += strcspn(p, quoted ? "'" : " ");
        for (int ends = quoted ? 2 : 1; ends > 0 && *p != '\0'; ends--)
            *p++ = '\0';
    }
    return count;
}

/* Does what the command line does with the copied words. */
static void obey(Program *p, const char *copied)
{
    char text[1024], *words[WORDS_MAX];
    Model *m = p->model;
    Place place = {0};
    Err err = {""};
    snprintf(text, sizeof text, "%s", copied);
    const int count = split(text, words);
    place.without_reductions = place.third_3x3 = "";
    place.of = "score";
    m->cam_class = m->share.against = -1;
    m->groups.count = GROUPS_LEAST;
    for (int i = 0; i < count; i += 2) {
        const char *name = words[i], *value = i + 1 < count ? words[i + 1] : "";
        if (strcmp(name, "--at") == 0)
            place.at = value;
        else if (strcmp(name, "--pos") == 0)
            place.pos = value;
        else if (strcmp(name, "--view") == 0)
            place.view = value;
        else if (strcmp(name, "--stage") == 0)
            place.stage = value;
        else if (strcmp(name, "--of") == 0)
            place.of = value;
        else if (strcmp(name, "--choose") == 0)
            place.choose = value;
        else if (strcmp(name, "--step") == 0) {
            place.has_step = true;
            place.step = atoi(value);
        } else if (strcmp(name, "--upwards") == 0) {
            place.upwards = true;
            i--;                /* it has no value */
        } else if (strcmp(name, "--page") == 0)
            place.page = value;
        else if (strcmp(name, "--mode") == 0)
            place.mode = value;
        else if (strcmp(name, "--losses") == 0)
            place.losses = value;
        else if (strcmp(name, "--label") == 0) {
            place.has_label = true;
            place.label = atoi(value);
        } else if (strcmp(name, "--lr") == 0)
            place.lr = atof(value);
        else if (strcmp(name, "--silence") == 0)
            place.knife.silence = value;
        else if (strcmp(name, "--prune") == 0)
            place.knife.prune = atof(value);
        else if (strcmp(name, "--prune-layer") == 0)
            place.knife.prune_layer = value;
        else if (strcmp(name, "--bits") == 0)
            place.knife.bits = atoi(value);
        else if (strcmp(name, "--drop-reductions") == 0)
            place.knife.drop_reductions = value;
        else if (strcmp(name, "--swap-channels") == 0) {
            place.knife.swap = true;
            i--;                /* it has no value */
        } else if (strcmp(name, "--without-reductions") == 0)
            place.without_reductions = value;
        else if (strcmp(name, "--third-branch-3x3") == 0)
            place.third_3x3 = value;
        else if (strcmp(name, "--class") == 0) {
            place.has_class = true;
            place.class_index = atoi(value);
        } else if (strcmp(name, "--groups") == 0) {
            place.has_groups = true;
            place.groups = atoi(value);
        } else if (strcmp(name, "--against") == 0) {
            place.has_against = true;
            place.against = atoi(value);
        } else if (strcmp(name, "--randomize") == 0) {
            place.randomize = value;
        } else if (strcmp(name, "--levels") == 0) {
            place.has_levels = true;
            place.levels = atof(value);
        } else if (strcmp(name, "--seed") == 0) {
            place.has_seed = true;
            place.seed = atoi(value);
        } else if (strcmp(name, "--range") == 0)
            CHECK(look_parse_range(value, &m->look), "%s", value);
        else if (strcmp(name, "--map") == 0)
            CHECK(look_parse_map(value, &m->look), "%s", value);
        else if (strcmp(name, "--outliers") == 0)
            m->look.clip_outliers = strcmp(value, "clip") == 0;
        else if (strcmp(name, "--lang") == 0)
            CHECK(lang_parse(value, &m->screen.lang), "%s", value);
        else if (strcmp(name, "--theme") == 0)
            m->screen.dark = strcmp(value, "dark") == 0;
        else
            fail_msg("'%s' is no option", name);
    }
    CHECK(model_place(m, &place, &err), "%s: %s", copied, err.text);
}

/* A click on its words closes the lane that some click has opened. */
static void close_lane(Program *p)
{
    for (size_t i = 0; i < p->ui.item_count; i++)
        if (strcmp(p->ui.items[i].role, "open lane") == 0) {
            const Rect r = p->ui.items[i].rect;
            program_click(p, r.x + r.w - 90, r.y + 8);
            p->in.mouse_inside = false;
            program_rest(p);
            return;
        }
}

/* How far something is scrolled is no part of a place: all to the top, and what is chosen comes in sight again from there. */
static void scroll_home(Program *p)
{
    const Cursor chosen = p->model->cursor;
    Rect bars[16];
    int count = 0;
    if (p->model->view != VIEW_STAGE && p->model->view != VIEW_COMPARE)
        return;
    p->model->cursor.channel = p->model->cursor.y = p->model->cursor.x = -1;
    program_rest(p);
    for (size_t i = 0; i < p->ui.item_count && count < 16; i++)
        if (strcmp(p->ui.items[i].role, "scrollbar") == 0)
            bars[count++] = p->ui.items[i].rect;
    for (int i = 0; i < count; i++) {
        program_move(p, bars[i].x - 12, bars[i].y + bars[i].h / 2);
        p->in.wheel_y = 10000;
        program_rest(p);
    }
    p->in.mouse_inside = false;
    p->model->cursor = chosen;
    program_rest(p);
}

/* "0.31 ms", "1.2 s", in both languages. */
static bool has_time(const char *text)
{
    static const char *const units[] = {" ms", " s", " 毫秒", " 秒"};
    for (size_t u = 0; u < sizeof units / sizeof units[0]; u++)
        for (const char *at = text; (at = strstr(at, units[u])) != NULL; at++) {
            const char behind = at[strlen(units[u])];
            const bool word = (behind >= 'a' && behind <= 'z') || (behind >= 'A' && behind <= 'Z');
            if (at > text && at[-1] >= '0' && at[-1] <= '9' && !word)
                return true;
        }
    return false;
}

/* All that is on the screen: roles, addresses, texts, places. Times of computations differ and are left out. */
static char *screen_text(Program *p)
{
    size_t used = 0, size = 1 << 20;
    char *out = malloc(size);
    assert_non_null(out);
    p->in.mouse_inside = false;
    p->model->status[0] = '\0';
    program_rest(p);
    for (size_t i = 0; i < p->ui.item_count && used < size - 1024; i++) {
        const Item *item = &p->ui.items[i];
        const char *text = p->ui.text + item->text;
        if (has_time(text))
            continue;
        used += (size_t)snprintf(out + used, size - used, "%s|%.200s|%.200s|%g,%g,%g,%g\n", item->role, text, item->address,
                                 (double)item->rect.x, (double)item->rect.y, (double)item->rect.w, (double)item->rect.h);
    }
    return out;
}

static void first_difference(const char *a, const char *b, char out[400])
{
    while (*a != '\0' && *b != '\0') {
        const size_t n = strcspn(a, "\n"), k = strcspn(b, "\n");
        if (n != k || memcmp(a, b, n) != 0)
            break;
        a += n + (a[n] == '\n');
        b += k + (b[k] == '\n');
    }
    snprintf(out, 400, "%.*s -> %.*s", (int)strcspn(a, "\n"), a, (int)strcspn(b, "\n"), b);
}

/* `states` random states of a network, each shown again by a second program that is only given what was copied. */
static void there_and_back(const char *network, int states, uint64_t seed)
{
    static const char *const keys[] = {"Left", "Right", "Right", "Right", "Up", "Down", "Down", "Enter", "Enter", "Escape", "Home", "End", "a", "Tab", "j", "w",
                                       "c", "d", "l", "g", "m", "r", "k", "y", "t", "z", "PageDown", "PageUp", "Shift+Left", "Shift+Down", "Shift+Up"};
    Program one, two;
    Err err = {""};
    Rng rng = rng_make(seed, 0);
    CHECK(program_open(&one, network, 1280, 720, &err) && program_open(&two, network, 1280, 720, &err), "%s", err.text);
    for (int s = 0; s < states; s++) {
        for (int i = 0; i < 14; i++) {
            one.in.mouse_inside = true;
            /* On the stage and the rail, not the bars; the ledger's sorting and its open row are no part of a place. */
            if (rng_uniform(&rng) < 0.3 && one.model->view != VIEW_LEDGER && one.model->overlay != OVERLAY_HELP)
                program_click(&one, (float)(rng_uniform(&rng) * 1280), 96 + (float)(rng_uniform(&rng) * 590));
            else
                one.app.key(one.app.user, keys[(int)(rng_uniform(&rng) * (double)(sizeof keys / sizeof keys[0]))]);
            program_frame(&one);
        }
        const int modules = model_net(one.model)->module_count;
        if (modules > 0 && rng_uniform(&rng) < 0.3) /* the ledger's switches */
            model_switch(one.model, (int)(rng_uniform(&rng) * modules), rng_uniform(&rng) < 0.5);
        one.model->playing = false;
        model_restore(one.model); /* what was trained is no part of a place */
        one.model->term = -1;
        one.model->overlay = OVERLAY_NONE;
        one.in.mouse_inside = false;
        program_rest(&one);
        char copied[1024], again[1024], difference[400];
        program_key(&one, "Ctrl+c");
        model_state_text(one.model, copied, sizeof copied);
        obey(&two, copied);
        program_rest(&two);
        model_state_text(two.model, again, sizeof again);
        CHECK(strcmp(copied, again) == 0, "%s led to %s", copied, again);
        CHECK(one.model->at == two.model->at && memcmp(&one.model->cursor, &two.model->cursor, sizeof(Cursor)) == 0, "%s: another stage", copied);
        close_lane(&one); /* which lane is open is no part of a place either */
        scroll_home(&one);
        scroll_home(&two);
        char *a = screen_text(&one), *b = screen_text(&two);
        first_difference(a, b, difference);
        CHECK(strcmp(a, b) == 0, "%s: %s", copied, difference);
        free(a);
        free(b);
    }
    program_close(&one);
    program_close(&two);
}

static void test_googlenet(void **state)
{
    (void)state;
    there_and_back("googlenet", sampled(1, 3) ? 40 : 12, 3);
}

static void test_other_networks(void **state)
{
    static const char *const networks[] = {"tiny", "lenet5", "alexnet", "torchvision_googlenet"};
    (void)state;
    for (size_t i = 0; i < sizeof networks / sizeof networks[0]; i++)
        there_and_back(networks[i], sampled(1, 3) ? 12 : 4, 11 + i);
}

/* What is changed in the view of accuracy. */
static void test_cuts(void **state)
{
    static const char *const keys[] = {"Shift+a", "1", "1", "3", "3", "4", "5", "6", "7", "7", "2"};
    Program one, two;
    Err err = {""};
    (void)state;
    CHECK(program_open(&one, "tests/nets/small.net", 1280, 720, &err) && program_open(&two, "tests/nets/small.net", 1280, 720, &err), "%s", err.text);
    model_go(one.model, program_layer(&one, "5a/3x3"));
    for (size_t k = 0; k < sizeof keys / sizeof keys[0]; k++) {
        char copied[1024], again[1024];
        program_key(&one, keys[k]);
        model_state_text(one.model, copied, sizeof copied);
        obey(&two, copied);
        program_rest(&two);
        model_state_text(two.model, again, sizeof again);
        CHECK(strcmp(copied, again) == 0, "%s led to %s", copied, again);
        CHECK(knife_same(&one.model->accuracy.knife, &two.model->accuracy.knife), "%s", copied);
    }
    const Knife *knife = &one.model->accuracy.knife;
    CHECK(knife->silenced == BRANCH_3X3 && knife->pruned == 10 && knife->pruned_layer == one.model->at && knife->bits == 8 && knife->swapped && strcmp(knife->unreduced, "all") == 0,
          "the keys changed nothing");
    program_close(&one);
    program_close(&two);
}

/* After each key the second program shows the same. */
static void keys_lead_back(Program *one, Program *two, const char *const *keys, size_t count)
{
    for (size_t k = 0; k < count; k++) {
        char copied[1024], again[1024], difference[400];
        program_key(one, keys[k]);
        model_state_text(one->model, copied, sizeof copied);
        obey(two, copied);
        program_rest(two);
        model_state_text(two->model, again, sizeof again);
        CHECK(strcmp(copied, again) == 0, "%s led to %s", copied, again);
        scroll_home(one);
        scroll_home(two);
        char *a = screen_text(one), *b = screen_text(two);
        first_difference(a, b, difference);
        CHECK(strcmp(a, b) == 0, "%s: %s", copied, difference);
        free(a);
        free(b);
    }
}

/* The step that fools a network: its amount, its random signs and the class that it goes to; maps with random weights beside another class. */
static void test_step(void **state)
{
    static const char *const keys[] = {"Shift+f", "Right", "Right", "Tab", "Down", "Left", "End", "Home", "Shift+y", "Right", "Tab", "Shift+v", "Right", "Left", "Left", "Shift+n"};
    Program one, two;
    Err err = {""};
    (void)state;
    CHECK(program_open(&one, "lenet5", 1280, 720, &err) && program_open(&two, "lenet5", 1280, 720, &err), "%s", err.text);
    keys_lead_back(&one, &two, keys, sizeof keys / sizeof keys[0]);
    CHECK(one.model->fool.position == 0 && one.model->fool.seed == 2 && one.model->cam_class >= 0 && one.model->sanity.stage == 1 && one.model->sanity.against >= 0 &&
              one.model->crops.seed == CROPS_SEED_MOST, "the keys changed nothing");
    program_close(&one);
    program_close(&two);
}

/* The path: other terms, the step that is looked at, the direction; a random order of additions. Then training on the picture: label, rate, losses, mode, and the chart. */
static void test_path(void **state)
{
    static const char *const keys[] = {"Shift+p", "Down", "Right", "Right", "Down", "Down", "Right", "Tab", "End", "Up", "Left", "z", "Delete", "Home", "Shift+e", "Tab", "Tab",
                                       "g", "Down", "Right", "3", "Tab", "4", "Left", "Left", "1", "2", "Tab"};
    Program one, two;
    Err err = {""};
    (void)state;
    CHECK(program_open(&one, "tests/nets/small.net", 1280, 720, &err) && program_open(&two, "tests/nets/small.net", 1280, 720, &err), "%s", err.text);
    keys_lead_back(&one, &two, keys, sizeof keys / sizeof keys[0]);
    const Gradients *g = &one.model->gradients;
    CHECK(g->label >= 0 && g->eval && g->silent[2] && !g->silent[0] && one.model->overfit.rate == OVERFIT_RATE - 1, "the keys changed nothing");
    program_close(&one);
    program_close(&two);
}

static void test_names_and_refusals(void **state)
{
    Program program, *p = &program;
    Err err = {""};
    (void)state;
    static const char *const maps[LOOK_MAPS] = {"viridis", "magma", "grey", "cividis", "signed"};
    Look look = {.range = RANGE_MODULE, .map = -1};
    for (int i = 0; i < LOOK_MAPS; i++)
        CHECK(strcmp(look_map_name(i), maps[i]) == 0 && look_parse_map(maps[i], &look) && look.map == i, "map %d", i);
    static const char *const bad[] = {"", "maps", "locked", "1", "1,", "2,1", "1,1", "nan,1", "0,inf", "0,1x", "0,1,2"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        CHECK(!look_parse_range(bad[i], &look) && look.range == RANGE_MODULE, "'%s'", bad[i]);
    CHECK(look_parse_range("-1.5,2", &look) && look.range == RANGE_LOCKED && look.lock_lo == -1.5f && look.lock_hi == 2, "a locked range");
    assert_false(look_parse_map("jet", &look));

    CHECK(program_open(p, "googlenet", 1280, 720, &err), "%s", err.text);
    static const struct { Place place; const char *message; } refused[] = {
        {{.at = "3a/3x3[7]", .stage = "3b"}, "does not show"},         {{.at = "3a/3x3[7]", .stage = "nowhere"}, "nowhere"},
        {{.at = "3a/3x3", .stage = "3a"}, "name a channel"},               {{.at = "3z", .stage = "3a"}, "nearest name"},
        {{.has_class = true, .class_index = 1000}, "classes 0 to 999"}, {{.has_class = true, .class_index = -1}, "classes 0 to 999"},
        {{.at = "3a", .view = "cam", .pos = "28,0"}, "28 x 28"}, {{.has_levels = true, .levels = 7}, "--levels takes 0, 0.25"},
        {{.randomize = "softmax"}, "no weights from softmax"},          {{.randomize = "3z"}, "nearest name"},
        {{.at = "3a", .without_reductions = "3a,9z"}, "no module '9z'; it has 3a,3b"}, {{.third_3x3 = "3"}, "no module '3'"},
        {{.knife = {.silence = "7x7"}}, "--silence takes 1x1"},         {{.knife = {.bits = 3}}, "--bits takes 8, 4 or 2, not 3"},   {{.choose = "1,x"}, "not '1,x'"},
        {{.has_step = true, .step = 0}, "--step counts from 1"},          {{.losses = "main,aux9"}, "no loss 'aux9'"},
        {{.losses = ""}, "--losses takes names"},                        {{.lr = 0.5}, "not 0.5"},     {{.has_label = true, .label = 1000}, "classes 0 to 999"},
        {{.knife = {.drop_reductions = "9z"}}, "no module '9z'"},       {{.knife = {.prune = 5, .prune_layer = "pool9"}}, "--prune-layer pool9: "},
    };
    const int at = p->model->at;
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        CHECK(!model_place(p->model, &refused[i].place, &err) && strstr(err.text, refused[i].message) != NULL, "%zu: '%s'", i, err.text);
        CHECK(p->model->at == at && p->model->cam_class == -1 && p->model->view == VIEW_STAGE, "%zu moved", i);
    }
    CHECK(model_place(p->model, &(Place){.at = "4a/5x5_reduce[3]", .stage = "4a", .pos = "2,3", .view = "value"}, &err), "%s", err.text);
    char text[192];
    model_address(p->model, text, sizeof text);
    assert_string_equal(text, "--at '4a/5x5_reduce[3]' --stage 4a --pos 2,3 --view value");
    program_close(p);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_names_and_refusals), cmocka_unit_test(test_step), cmocka_unit_test(test_cuts), cmocka_unit_test(test_path), cmocka_unit_test(test_googlenet), cmocka_unit_test(test_other_networks)};
TEST_MAIN(tests)
