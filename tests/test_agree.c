/* test_agree.c - what a screen says twice it says alike: sentence and table, list and legend, sum and parts, bars and top bar. Every view but
 * the one value's, with both engines; a network whose weights the program brings, and a small one where the reference engine is quick. */
#include "tests/check.h"
#include "tests/program.h"
#include "app/views/class_bars.h"
#include "app/model/gradients_rows.h"

#include <math.h>

static const char *text_of(const Program *p, const Item *item)
{
    return p->ui.text + item->text;
}

/* The number that a text begins with, or has behind its last blank; thousands without commas. */
static double number_of(const char *text)
{
    char plain[64];
    size_t n = 0;
    for (const char *c = text; *c != '\0' && n + 1 < sizeof plain; c++)
        if (*c != ',')
            plain[n++] = *c;
    plain[n] = '\0';
    return strtod(plain, NULL);
}

/* The words of a format between its first two numbers or names. */
static char *words_of(const Program *p, Str id, char out[192])
{
    const char *format = model_text(p->model, id), *from = strchr(format, '%') + 2;
    snprintf(out, 192, "%.*s", (int)strcspn(from, "%"), from);
    return out;
}

static void go(Program *p, const char *address, const char *view)
{
    Err err;
    CHECK(model_goto(p->model, address, NULL, view, &err), "%s", err.text);
    program_move(p, 3, 3);
}

/* Texts in the middle of the window: the text to the right of `item`, in the same row. */
static const char *right_of(const Program *p, const Item *item, const char *part)
{
    for (size_t i = 0; i < p->ui.item_count; i++) {
        const Item *other = &p->ui.items[i];
        if (other != item && strcmp(other->role, "text") == 0 && other->rect.x > item->rect.x && fabsf(other->rect.y - item->rect.y) < 6 &&
            strstr(text_of(p, other), part) != NULL)
            return text_of(p, other);
    }
    return NULL;
}

/* The legend's two ends, or NULLs. The status line's, or the one above it. */
static void legend_ends(const Program *p, bool status, const char **low, const char **high)
{
    *low = *high = NULL;
    for (size_t i = 2; i < p->ui.item_count; i++)
        if (strcmp(p->ui.items[i].role, "legend") == 0 && (p->ui.items[i].rect.y > p->height - 26) == status) {
            *low = text_of(p, &p->ui.items[i - 2]);
            *high = text_of(p, &p->ui.items[i - 1]);
        }
}

/* ---- everywhere ---- */

/* No text says that something is all or nothing which is neither, and none of the form "28 to 14". */
static void check_words(const Program *p, const char *where)
{
    for (size_t i = 0; i < p->ui.item_count; i++) {
        const char *text = text_of(p, &p->ui.items[i]);
        int a, b, end = 0;
        CHECK(strstr(text, "100.0 %") == NULL && strstr(text, "0.000 %") == NULL, "%s: '%s'", where, text);
        CHECK(sscanf(text, "%d to %d%n", &a, &b, &end) < 2 || text[end] != '\0', "%s: '%s' reads like a layer that changes its size", where, text);
    }
}

/* The status line's legend has the inspector's colours; where classes are bars there are no colours. */
static void check_legend(const Program *p, const char *where)
{
    const char *low, *high;
    const Item *row = NULL; /* the inspector's; the top bar's word begins in the same way */
    for (size_t i = 0; i < p->ui.item_count; i++)
        if (strcmp(text_of(p, &p->ui.items[i]), model_text(p->model, STR_COLOURS_SPAN)) == 0)
            row = &p->ui.items[i];
    legend_ends(p, true, &low, &high);
    if (class_bars_for(model_net(p->model), p->model->at)) {
        CHECK(row == NULL, "%s: bars have colours", where);
        return;
    }
    if (row == NULL || low == NULL)
        return;
    char expected[2 * NUM_MAX + 8];
    snprintf(expected, sizeof expected, "%s … %s", low, high);
    CHECK(right_of(p, row, expected) != NULL, "%s: the legend says %s", where, expected);
}

static void check_every_view(Program *p)
{
    const Net *net = model_net(p->model);
    char where[160];
    for (int l = 0; l < net->layer_count; l++) {
        model_go(p->model, l);
        program_rest(p);
        snprintf(where, sizeof where, "%s, %s engine, %s", net->name, p->model->engine->name, net->layers[l].name);
        check_words(p, where);
        check_legend(p, where);
    }
    static const ViewKind views[] = {VIEW_WEIGHTS, VIEW_CAM, VIEW_SHARE, VIEW_COMPARE, VIEW_LEDGER, VIEW_GRADIENTS};
    for (size_t i = 0; i < sizeof views / sizeof views[0]; i++) {
        model_view(p->model, views[i]);
        program_rest(p);
        snprintf(where, sizeof where, "%s, %s engine, view %s", net->name, p->model->engine->name, view_name(views[i]));
        check_words(p, where);
    }
}

/* ---- bars and the top bar ---- */

/* A class's name has the same percentage in the top bar, in the bars and in the lists of classes; bars of scores have their sign. */
static void check_prediction(Program *p)
{
    Guess best;
    char name[128], percent[NUM_MAX], number[NUM_MAX];
    go(p, "softmax", NULL);
    CHECK(model_top(p->model, &best, 1) == 1, "no prediction");
    part_class_name(p->model, best.index, name, sizeof name);
    num_probability(percent, (double)best.prob);
    int seen = 0;
    for (size_t i = 0; i < p->ui.item_count; i++)
        seen += strcmp(p->ui.items[i].role, "text") == 0 && strcmp(text_of(p, &p->ui.items[i]), percent) == 0;
    CHECK(seen == 2, "%s %s is shown %d times, not in the top bar and in its row", name, percent, seen);
    CHECK(program_find(p, "legend", "") == NULL, "bars have a legend of colours");

    LayerMap scores;
    go(p, "fc", NULL);
    CHECK(compute_map(p->model->compute, program_layer(p, "fc"), &scores), "no scores");
    const Item *axis = program_find(p, "axis", "0");
    CHECK((axis != NULL) == (scores.stats->min < 0), "an axis for scores from %g", (double)scores.stats->min);
    CHECK(program_find(p, "text", num_value(number, (double)scores.data[best.index])) != NULL, "the best score is not there");
    for (size_t i = 0; axis != NULL && i < p->ui.command_count; i++) {
        const Command *c = &p->ui.commands[i];
        if (c->kind == CMD_RECT && c->color == p->ui.theme->negative)
            CHECK_NEAR(c->rect.x + c->rect.w, axis->rect.x, 1.5, 0, "a score below 0 begins at %g", (double)c->rect.x);
        if (c->kind == CMD_RECT && c->color == p->ui.theme->histogram && c->rect.h > 12)
            CHECK_NEAR(c->rect.x, axis->rect.x, 1.5, 0, "a score above 0 ends at %g", (double)(c->rect.x + c->rect.w));
    }
}

/* ---- weights ---- */

/* Where the colours end is what the legend says, and 4 × the mean is named only where that is so. */
static void check_weights(Program *p)
{
    const Net *net = model_net(p->model);
    const float width = p->width;
    int means = 0, largest = 0;
    p->width = 2600; /* each sentence in one line */
    for (int l = 0; l < net->layer_count; l++) {
        const Layer *layer = &net->layers[l];
        if (layer->weight < 0 || part_kernels_are_colours(net, l))
            continue;
        model_go(p->model, l);
        model_view(p->model, VIEW_WEIGHTS);
        program_rest(p);
        const Param *w = &net->params[layer->weight];
        const size_t taps = layer->op == OP_CONV ? (size_t)(layer->k * layer->k) : 1;
        double sum = 0, most = 0;
        for (size_t i = 0; i < w->count; i += taps) {
            double cell = 0;
            for (size_t t = 0; t < taps; t++)
                cell += fabs((double)model_weights(p->model)[w->offset + i + t]);
            sum += cell;
            most = fmax(most, cell / (double)taps);
        }
        const double mean = 4 * sum / (double)w->count;
        char end[NUM_MAX], top[NUM_MAX], says[256];
        const char *low, *high;
        num_value(end, fmin(mean, most));
        num_value(top, most);
        legend_ends(p, false, &low, &high);
        CHECK(high != NULL && strcmp(high, end) == 0, "%s: the legend ends at %s, not %s", layer->name, high, end);
        if (mean < most)
            snprintf(says, sizeof says, model_text(p->model, STR_COLOURS_END_MEAN), end, top);
        else
            snprintf(says, sizeof says, model_text(p->model, STR_COLOURS_END_LARGEST), top);
        CHECK(program_find(p, "text", says) != NULL, "%s: '%s' is not said", layer->name, says);
        means += mean < most;
        largest += mean >= most;
    }
    p->width = width;
    CHECK(means > 0 && largest > 0, "%d layers of one kind, %d of the other", means, largest);
}

/* ---- class activation map ---- */

static void check_cam(Program *p)
{
    const int classes = net_scores(model_net(p->model), 0);
    char reach[NUM_MAX] = "", first[NUM_MAX] = "";
    Guess best;
    LayerMap scores;
    go(p, "fc", "cam");
    CHECK(model_top(p->model, &best, 1) == 1 && compute_map(p->model->compute, program_layer(p, "fc"), &scores), "no prediction");
    for (int i = 0; i < classes; i++) {
        const int index = i == 0 ? best.index : i <= best.index ? i - 1 : i;
        char name[96], text[192], lo[NUM_MAX], hi[NUM_MAX];
        const char *low, *high;
        p->model->cam_class = index;
        program_rest(p);
        part_class_name(p->model, index, name, sizeof name);
        legend_ends(p, false, &low, &high);
        CHECK(low != NULL && strstr(low, name) != NULL && strstr(high, name) != NULL, "%s: the legend's ends are '%s' and '%s'", name, low, high);
        snprintf(reach, sizeof reach, "%.*s", (int)strcspn(high, " "), high);
        if (i == 0)
            snprintf(first, sizeof first, "%s", reach);
        CHECK(strcmp(reach, first) == 0, "%s is drawn to %s, the predicted class to %s", name, reach, first);
        /* the sum adds up as it is printed, and is the score of the stage */
        const Item *label = program_find(p, "text", model_text(p->model, STR_CAM_MEAN));
        const char *sum = label != NULL ? right_of(p, label, " = ") : NULL;
        double mean, bias, score;
        char sign[8];
        CHECK(sum != NULL && sscanf(sum, "%lf %7s %lf = %lf", &mean, sign, &bias, &score) == 4 && bias >= 0, "%s: '%s' is no sum", name, sum);
        CHECK_NEAR(mean + (strcmp(sign, "+") == 0 ? bias : -bias), score, 1e-9, 0, "%s: '%s'", name, sum);
        CHECK_NEAR(score, scores.data[index], 6e-4, 0, "%s", name);
        /* its own extremes, and that they are clipped where they are */
        const char *format = model_text(p->model, STR_CAM_VALUES);
        snprintf(text, sizeof text, "%.*s", (int)strcspn(format, "%"), format);
        const Item *values = program_find(p, "text", text);
        CHECK(values != NULL && sscanf(text_of(p, values) + strlen(text), "%47s … %47s", lo, hi) == 2, "%s: no values", name);
        const double most = fmax(fabs(number_of(lo)), fabs(number_of(hi)));
        if (i == 0)
            CHECK_NEAR(most, number_of(reach), 1e-9, 0, "%s is the scale", name);
        snprintf(text, sizeof text, "%.*s", (int)strcspn(model_text(p->model, STR_WHY_CLIPPED), "%"), model_text(p->model, STR_WHY_CLIPPED));
        CHECK((strstr(text_of(p, values), text) != NULL) == (most > number_of(reach)), "%s: %s of %s", name, text_of(p, values), reach);
    }
    p->model->cam_class = -1;
}

/* ---- occlusion ---- */

/* Numbers of the list, from the top; -1 behind its end. */
static int list_numbers(const Program *p, double *out, int max)
{
    const Item *head = program_find(p, "text", model_text(p->model, STR_OCCLUSION_COSTLY));
    int count = 0;
    for (size_t i = 0; head != NULL && i < p->ui.item_count && count < max; i++) {
        const Item *item = &p->ui.items[i];
        const char *text = text_of(p, item);
        if (strcmp(item->role, "text") == 0 && item->rect.x > head->rect.x + 80 && item->rect.y > head->rect.y + 12 && item->rect.y < p->height - 30 &&
            strspn(text, "-0123456789.e") == strlen(text) && text[0] != '\0')
            out[count++] = number_of(text);
    }
    return count;
}

static void check_occlusion(Program *p)
{
    const int classes = net_scores(model_net(p->model), 0);
    const Occlusion *o = &p->model->occlusion;
    char first[NUM_MAX] = "", reach[NUM_MAX], text[192];
    double list[24];
    Guess best;
    go(p, "fc", "occlusion");
    CHECK(occlusion_top(o, -1, &best, 1) == 1, "nothing was covered");
    for (int i = 0; i < classes; i++) {
        const int index = i == 0 ? best.index : i <= best.index ? i - 1 : i;
        char name[96], expected[NUM_MAX];
        const char *low, *high;
        Guess costly[1];
        p->model->cam_class = index;
        p->model->occlusion.square = -1;
        program_rest(p);
        part_class_name(p->model, index, name, sizeof name);
        legend_ends(p, false, &low, &high);
        CHECK(low != NULL && strstr(low, name) != NULL && strstr(high, name) != NULL, "%s: the legend's ends are '%s' and '%s'", name, low, high);
        snprintf(reach, sizeof reach, "%.*s", (int)strcspn(high, " "), high);
        if (i == 0)
            snprintf(first, sizeof first, "%s", reach);
        CHECK(strcmp(reach, first) == 0, "%s is drawn to %s, the predicted class to %s", name, reach, first);
        const int count = list_numbers(p, list, 24);
        CHECK(count > 0 && occlusion_costly(o, index, costly, 1) == 1, "%s: no list", name);
        for (int k = 0; k < count; k++)
            CHECK(list[k] > 0 && (k == 0 || list[k] <= list[k - 1]), "%s: square %d costs %g", name, k, list[k]);
        CHECK_NEAR(list[0], number_of(num_value(expected, (double)costly[0].prob)), 1e-9, 0, "%s", name);
        if (i == 0) { /* the scale is its largest change: the list's first, or a rise */
            const float most = occlusion_most(o, index);
            CHECK(strcmp(reach, num_value(expected, (double)most)) == 0, "%s: the legend ends at %s, not %s", name, reach, expected);
            CHECK(most > costly[0].prob || fabs(number_of(reach) - list[0]) < 1e-9, "%s: the legend ends at %s, the list begins with %g", name, reach, list[0]);
        }
        if (i == 0) { /* the map speaks for the class where the list's first square is */
            int y0, x0, y1, x1;
            occlusion_square(&o->plan, costly[0].index, &y0, &x0, &y1, &x1);
            CHECK(o->map_class == index && o->map[(y0 + y1) / 2 * o->plan.input.w + (x0 + x1) / 2] > 0, "%s: the map is against it where covering costs most", name);
        }
        /* one square chosen: its row says what the list says */
        p->model->occlusion.square = costly[0].index;
        program_rest(p);
        const float *whole = occlusion_scores(o, -1), *covered = occlusion_scores(o, costly[0].index);
        char before[NUM_MAX], after[NUM_MAX];
        snprintf(text, sizeof text, model_text(p->model, STR_OCCLUSION_FALLS), num_value(before, (double)whole[index]), num_value(after, (double)covered[index]),
                 num_value(expected, (double)costly[0].prob));
        CHECK(program_find(p, "text", text) != NULL, "%s: '%s' is not said", name, text);
    }
    p->model->cam_class = -1;
}

/* ---- gradient flow ---- */

static const Item *row_text(const Program *p, const char *address, const char *beginning)
{
    for (size_t i = 0; i < p->ui.item_count; i++) {
        const Item *item = &p->ui.items[i];
        if (strcmp(item->role, "text") == 0 && strcmp(item->address, address) == 0 && strncmp(text_of(p, item), beginning, strlen(beginning)) == 0)
            return item;
    }
    return NULL;
}

/* The sentence's ratio is the first row's, and that of the two numbers beside it. */
static void check_flow_sentence(const Program *p)
{
    const bool weights = p->model->gradients.of_weights;
    char says[256], address[NET_NAME_MAX + 32], number[NUM_MAX];
    cursor_text(model_net(p->model), (Cursor){p->model->gradients.flow.layers[0].layer, -1, -1, -1}, address, sizeof address);
    const Item *ratio = row_text(p, address, "×");
    CHECK(ratio != NULL, "%s has no ratio", address);
    snprintf(number, sizeof number, "%s", text_of(p, ratio) + strlen("×"));
    snprintf(says, sizeof says, model_text(p->model, weights ? STR_GRADIENTS_SENTENCE_WEIGHTS : STR_GRADIENTS_SENTENCE_MAP), address, number);
    CHECK(program_find(p, "text", says) != NULL, "'%s' is not said", says);
    double values[2];
    int count = 0;
    for (size_t i = 0; i < p->ui.item_count; i++) {
        const Item *item = &p->ui.items[i];
        if (strcmp(item->role, "text") == 0 && strcmp(item->address, address) == 0 && strstr(text_of(p, item), "e-") != NULL && count < 2)
            values[count++] = number_of(text_of(p, item));
        else if (strcmp(item->role, "text") == 0 && strcmp(item->address, address) == 0 && strstr(text_of(p, item), "e+") != NULL && count < 2)
            values[count++] = number_of(text_of(p, item));
    }
    CHECK(count == 2, "%s has %d numbers", address, count);
    CHECK_NEAR(fmax(values[0], values[1]) / fmin(values[0], values[1]), fmax(number_of(number), 1 / number_of(number)), 0.006, 0.012, "%s", address);
}

/* Marks are where the axis says: in every row between the powers of ten on both sides of its number. */
static void check_axis(const Program *p)
{
    float low = -1, high = -1;
    int powers = 0;
    for (size_t i = 0; i < p->ui.item_count; i++) {
        const Item *item = &p->ui.items[i];
        if (strcmp(item->role, "text") != 0 || strncmp(text_of(p, item), "10", 2) != 0 || strncmp(text_of(p, item) + 2, "\xe2\x81", 2) != 0)
            continue;
        low = powers == 0 ? item->rect.x + item->rect.w / 2 : low;
        high = item->rect.x + item->rect.w / 2;
        powers++;
    }
    CHECK(powers >= 2 && high > low + 100, "%d powers of ten", powers);
    CHECK(program_find(p, "text", model_text(p->model, STR_GRADIENTS_LOG)) != NULL, "that it is logarithmic is not said");
}

static int rows_of_heads(const Program *p)
{
    static GradientsRow rows[GRADIENTS_ROWS_MAX];
    int count = 0;
    for (int i = gradients_rows(model_net(p->model), &p->model->gradients, gradients_show_heads(p->model), rows) - 1; i >= 0; i--)
        count += model_net(p->model)->layers[rows[i].layer].head > 0;
    return count;
}

static void check_gradients(Program *p, bool heads)
{
    Gradients *g = &p->model->gradients;
    char words[192];
    g->label = -1;
    g->chart = true;
    go(p, "fc", "gradients");
    CHECK(g->flow.layer_count > 0, "%s", g->problem.text);
    CHECK(g->flow.label != g->flow.heads[0].answer && g->flow.heads[0].loss > 0, "the label has no loss");
    CHECK(program_find(p, "text", words_of(p, STR_GRADIENTS_LABEL_SECOND, words)) != NULL, "why this label: '%s' is not said", words);
    for (int way = 0; way < 4; way++) {
        g->of_weights = way & 1;
        g->by_layer = way & 2;
        program_rest(p);
        check_axis(p);
        CHECK((rows_of_heads(p) > 0) == heads && (program_find(p, "text", model_text(p->model, STR_GRADIENTS_ON)) != NULL) == heads, "auxiliary heads are %s",
              heads ? "left out" : "shown");
        CHECK((program_find(p, "text", model_text(p->model, STR_GRADIENTS_HEADS_UNTRAINED)) == NULL) == heads, "why heads are left out");
        if (heads)
            check_flow_sentence(p);
    }
    g->of_weights = g->by_layer = false;
    g->label = g->flow.heads[0].answer; /* chosen: how little is left is said */
    program_rest(p);
    CHECK(program_find(p, "text", words_of(p, STR_GRADIENTS_LABEL_SECOND, words)) == NULL, "a chosen label is told for the default");
    CHECK((program_find(p, "text", words_of(p, STR_GRADIENTS_LABEL_SURE, words)) != NULL) == (g->flow.heads[0].loss < 0.01), "a loss of %g", g->flow.heads[0].loss);
    g->label = -1;
}

/* ---- the tests ---- */

static void open_with(Program *p, const char *weights, const char *network, const char *engine)
{
    Err err;
    CHECK(program_open_from(p, &(SourceOptions){.weights = weights, .network = network, .networks_dir = "assets/networks"}, 1280, 720, &err), "%s", err.text);
    if (strcmp(engine, "reference") == 0) {
        model_engine(p->model, engine_named(engine));
        program_rest(p);
    }
}

static const char own[] = "assets/weights/flowers.safetensors", small[] = "tests/nets/small.net";

/* The program's own network: as much of it as does not take the reference engine minutes. */
static void check_own(const char *engine)
{
    const bool fast = strcmp(engine, "fast") == 0;
    Program program, *p = &program;
    open_with(p, own, NULL, engine);
    check_prediction(p);
    check_cam(p);
    if (fast) {
        check_every_view(p);
        check_weights(p);
        check_gradients(p, true);
        p->model->source->source.info.heads = false; /* as if the file had none */
        check_gradients(p, false);
    }
    program_close(p);
}

static void check_small(const char *engine)
{
    Program program, *p = &program;
    open_with(p, NULL, small, engine);
    p->model->source->source.untrained = false; /* as if it had been */
    p->model->source->source.info.heads = true;
    check_every_view(p);
    check_prediction(p);
    check_cam(p);
    check_occlusion(p);
    check_gradients(p, true);
    p->model->source->source.info.heads = false;
    check_gradients(p, false);
    program_close(p);
}

static void check_all(const char *engine)
{
    check_own(engine);
    check_small(engine);
}

static void test_fast(void **state)
{
    (void)state;
    check_all("fast");
}

static void test_reference(void **state)
{
    (void)state;
    check_all("reference");
}

/* What seeded weights predict is grey in all places, without a percentage in the top bar. */
static void test_untrained(void **state)
{
    Program program, *p = &program;
    (void)state;
    open_with(p, NULL, small, "fast");
    p->width = 1600; /* where there is no room, the top bar leaves such a prediction out */
    go(p, "softmax", NULL);
    Guess best;
    char name[96], percent[NUM_MAX];
    CHECK(model_top(p->model, &best, 1) == 1, "no prediction");
    part_class_name(p->model, best.index, name, sizeof name);
    num_probability(percent, (double)best.prob);
    int bars = 0;
    for (size_t i = 0; i < p->ui.item_count; i++) {
        const Item *item = &p->ui.items[i];
        if (strcmp(item->role, "text") == 0 && item->rect.y < 44)
            CHECK(strchr(text_of(p, item), '%') == NULL, "the top bar says '%s'", text_of(p, item));
    }
    CHECK(program_find(p, "text", model_text(p->model, STR_MEANS_NOTHING)) != NULL, "the top bar takes it for an answer");
    CHECK(program_find(p, "text", model_text(p->model, STR_NO_MEANING)) != NULL, "the bars do");
    for (size_t i = 0; i < p->ui.command_count; i++) {
        const Command *c = &p->ui.commands[i];
        if (c->kind == CMD_TEXT && strcmp(p->ui.text + c->text, name) == 0) {
            CHECK(c->style.color == p->ui.theme->text_faint, "'%s' is not grey", name);
            bars++;
        }
        CHECK(c->kind != CMD_RECT || c->color != p->ui.theme->accent || c->rect.h < 12 || c->rect.w < 12 || c->rect.y < 84, "a bar in full colour");
    }
    CHECK(bars >= 3, "'%s' %d times", name, bars);
    for (int v = 0; v < 2; v++) {
        go(p, "fc", v == 0 ? "cam" : "occlusion");
        CHECK(program_find(p, "text", model_text(p->model, STR_NO_MEANING)) != NULL, "why an answer without meaning: not said");
    }
    program_close(p);
}

/* A stop keeps its shape in the rail when it is selected, at every size, also beside the scroll bar of a low window. */
static void test_rail(void **state)
{
    static const float widths[] = {1024, 1093, 1920};
    Program program, *p = &program;
    (void)state;
    open_with(p, NULL, "googlenet", "fast");
    const Net *net = model_net(p->model);
    for (size_t w = 0; w < sizeof widths / sizeof widths[0]; w++)
        for (int l = 0; l < net->main_count; l++) {
            if (net->layers[l].module >= 0 && net->modules[net->layers[l].module].last != l)
                continue;
            char shape[NUM_MAX];
            p->width = widths[w];
            p->height = w == 0 ? 430 : widths[w] * 9 / 16;
            model_go(p->model, l);
            program_rest(p);
            const Item *row = NULL;
            for (size_t i = 0; i < p->ui.item_count; i++)
                if (strcmp(p->ui.items[i].role, "row") == 0 && strcmp(p->ui.items[i].address, net->layers[l].name) == 0)
                    row = &p->ui.items[i];
            CHECK(row != NULL || w == 0, "%s is not in the rail", net->layers[l].name);
            if (row == NULL || row->rect.w < 100 || row->rect.y + row->rect.h > p->height - 70) /* chips alone, or scrolled out of sight */
                continue;
            bool there = false;
            for (size_t i = 0; i < p->ui.item_count; i++)
                there = there || (strcmp(p->ui.items[i].role, "text") == 0 && rect_intersect(p->ui.items[i].rect, row->rect).w > 0 &&
                                  fabsf(p->ui.items[i].rect.y + p->ui.items[i].rect.h / 2 - row->rect.y - row->rect.h / 2) < 3 &&
                                  strcmp(text_of(p, &p->ui.items[i]), num_shape(shape, net->layers[l].out)) == 0);
            CHECK(there, "%.0f wide: %s is selected and lost its shape", (double)widths[w], net->layers[l].name);
        }
    program_close(p);
}

/* What was said about one place is gone with it; what was done stays to be read. */
static void test_messages(void **state)
{
    Program program, *p = &program;
    (void)state;
    open_with(p, NULL, small, "fast");
    go(p, "maxpool2", NULL);
    program_key(p, "w");
    const char *none = "has no weights";
    CHECK(program_find(p, "text", none) != NULL && model_status(p->model) != NULL, "nothing is said");
    program_key(p, "a"); /* to another layer */
    CHECK(program_find(p, "text", none) == NULL && model_status(p->model) == NULL, "it is still said");
    CHECK(program_find(p, "text", "← →") != NULL, "the hints are not back");
    go(p, "maxpool2", NULL);
    program_key(p, "w");
    program_key(p, "l"); /* to another view */
    CHECK(program_find(p, "text", none) == NULL, "it is still said");
    program_key(p, "Escape");
    program_key(p, "Ctrl+c");
    program_key(p, "Right");
    CHECK(model_status(p->model) != NULL, "what was copied is no longer said");
    program_close(p);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_fast), cmocka_unit_test(test_reference), cmocka_unit_test(test_untrained),
    cmocka_unit_test(test_rail), cmocka_unit_test(test_messages),
};
TEST_MAIN(tests)
