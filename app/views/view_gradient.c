/* view_gradient.c - gradient flow (key G): how the loss of this picture reaches each module or layer, with and without the auxiliary
 * heads; dead units; what each head answers. */
#include "app/views/parts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* One line of the list: a layer, or a module with all its layers. */
typedef struct FlowRow {
    const char *name;
    int layer;                  /* where a click leads */
    double norm[FLOW_COUNT];    /* -1: unknown */
    int units, dead;            /* 0 units: none with ReLU */
    int head;                   /* 0 main path */
} FlowRow;

enum { ROWS_MAX = 256 };

static const char *short_name(const char *name)
{
    return strncmp(name, "inception_", 10) == 0 ? name + 10 : name;
}

static void add_layer(FlowRow *row, const FlowLayer *f, bool of_weights, bool take_map)
{
    for (int p = 0; p < FLOW_COUNT; p++) {
        if (of_weights && f->weight_norm[p] >= 0)
            row->norm[p] = hypot(row->norm[p] > 0 ? row->norm[p] : 0, f->weight_norm[p]);
        if (!of_weights && take_map)
            row->norm[p] = f->map_norm[p];
    }
    if (f->channels > 0) {
        row->units += f->channels;
        row->dead += f->dead;
    }
}

/* Layers with weights, and modules: one row each, or one per layer. A module's map is its concat's. */
static int make_rows(const Net *net, const Gradients *g, FlowRow *rows)
{
    int count = 0;
    for (int i = 0; i < g->flow.layer_count && count < ROWS_MAX; i++) {
        const FlowLayer *f = &g->flow.layers[i];
        const Layer *l = &net->layers[f->layer];
        const bool grouped = !g->by_layer && l->module >= 0;
        if (l->weight < 0 && !(grouped && l->op == OP_CONCAT))
            continue;
        const bool more = grouped && count > 0 && net->layers[rows[count - 1].layer].module == l->module;
        if (!more)
            rows[count++] = (FlowRow){.name = grouped ? net->modules[l->module].title : short_name(l->name), .layer = f->layer,
                                      .norm = {-1, -1}, .head = l->head};
        FlowRow *row = &rows[count - 1];
        row->layer = f->layer;
        add_layer(row, f, g->of_weights, !grouped || l->op == OP_CONCAT);
    }
    return count;
}

static void limits(const FlowRow *rows, int count, double *low, double *high)
{
    *low = (double)INFINITY;
    *high = -(double)INFINITY;
    for (int i = 0; i < count; i++)
        for (int p = 0; p < FLOW_COUNT; p++)
            if (rows[i].norm[p] > 0) {
                *low = fmin(*low, log10(rows[i].norm[p]));
                *high = fmax(*high, log10(rows[i].norm[p]));
            }
    if (!(*high > *low)) {
        *low = -1;
        *high = 1;
    }
    *low -= 0.08 * (*high - *low);
}

/* Columns of the list, the same for its head and its rows. */
typedef struct Columns { Rect name, bars, on, off, ratio, dead; } Columns;

static Columns columns_of(Rect row)
{
    Columns c;
    c.name = rect_cut_left(&row, 118);
    c.dead = rect_cut_right(&row, 128);
    rect_cut_right(&row, 16);
    c.ratio = rect_cut_right(&row, 58);
    c.off = rect_cut_right(&row, 84);
    c.on = rect_cut_right(&row, 84);
    rect_cut_right(&row, 12);
    c.bars = row;
    return c;
}

static void bar(Ui *ui, Rect r, double norm, double low, double high, Color color)
{
    if (norm > 0)
        ui_round(ui, (Rect){r.x, r.y, fmaxf(2, r.w * (float)((log10(norm) - low) / (high - low))), r.h}, 2, color);
}

static void draw_row(Ui *ui, Model *m, const FlowRow *row, Rect r, double low, double high)
{
    const Theme *t = ui->theme;
    const Columns c = columns_of(r);
    const Layer *layer = &model_net(m)->layers[row->layer];
    char address[NET_NAME_MAX + 32];
    cursor_text(model_net(m), (Cursor){row->layer, -1, -1, -1}, address, sizeof address);
    if (ui_hover(ui, r)) {
        ui_round(ui, r, 3, t->rail_selected);
        model_point(m, (Cursor){row->layer, -1, -1, -1});
    }
    ui_address(ui, address);
    const Color color = layer->branch != BRANCH_NONE && layer->op != OP_CONCAT ? t->branch_text[layer->branch] : t->text;
    ui_text(ui, c.name, part_colored(part_body(ui), color), ALIGN_LEFT, row->name);
    const float half = floorf((r.h - 6) / 2);
    bar(ui, (Rect){c.bars.x, r.y + 3, c.bars.w, half}, row->norm[FLOW_WITH_AUX], low, high, t->accent);
    bar(ui, (Rect){c.bars.x, r.y + 3 + half, c.bars.w, half}, row->norm[FLOW_MAIN_ONLY], low, high, t->op_chip);
    const TextStyle number = ui_style(FACE_MONO, t->size_caption, t->text);
    if (row->norm[FLOW_WITH_AUX] >= 0)
        ui_textf(ui, c.on, number, ALIGN_RIGHT, "%.4g", row->norm[FLOW_WITH_AUX]);
    if (row->norm[FLOW_MAIN_ONLY] >= 0)
        ui_textf(ui, c.off, part_colored(number, t->text_dim), ALIGN_RIGHT, "%.4g", row->norm[FLOW_MAIN_ONLY]);
    if (row->norm[FLOW_MAIN_ONLY] > 0) { /* seeded weights can give ratios of a million */
        const double ratio = row->norm[FLOW_WITH_AUX] / row->norm[FLOW_MAIN_ONLY];
        ui_textf(ui, c.ratio, number, ALIGN_RIGHT, ratio < 100 ? "×%.2f" : ratio < 1e5 ? "×%.0f" : "×%.0e", ratio);
    }
    if (row->units > 0) {
        Rect d = c.dead;
        ui_textf(ui, rect_cut_right(&d, 78), part_colored(number, t->text_dim), ALIGN_RIGHT, "%d/%d", row->dead, row->units);
        rect_cut_right(&d, 6);
        const Rect track = {d.x, r.y + 5, d.w, r.h - 10};
        ui_round(ui, track, 2, t->tile_back);
        ui_round(ui, (Rect){track.x, track.y, track.w * (float)row->dead / (float)row->units, track.h}, 2, t->warn);
    }
    ui_address(ui, NULL);
    if (ui_click(ui, ui_id("flow row", row->layer), r))
        model_go(m, row->layer);
}

static void draw_list(Ui *ui, Model *m, ViewState *v, Rect r)
{
    const Gradients *g = &m->gradients;
    FlowRow *rows = view_scratch(v, ROWS_MAX * sizeof *rows);
    if (rows == NULL)
        return;
    const int count = make_rows(model_net(m), g, rows);
    double low, high;
    limits(rows, count, &low, &high);
    const Columns head = columns_of(rect_cut_top(&r, 22));
    const TextStyle small = part_caption(ui);
    Rect key = head.bars;
    ui_text(ui, head.name, small, ALIGN_LEFT, model_text(m, g->by_layer ? STR_FLOW_LAYER : STR_FLOW_MODULE));
    ui_fill(ui, (Rect){key.x, key.y + 7, 12, 8}, ui->theme->accent);
    rect_cut_left(&key, 17);
    rect_cut_left(&key, ui_text(ui, key, small, ALIGN_LEFT, model_text(m, STR_FLOW_WITH)) + 16);
    ui_fill(ui, (Rect){key.x, key.y + 7, 12, 8}, ui->theme->op_chip);
    rect_cut_left(&key, 17);
    ui_text(ui, key, small, ALIGN_LEFT, model_text(m, STR_FLOW_WITHOUT));
    ui_text(ui, head.on, small, ALIGN_RIGHT, model_text(m, STR_FLOW_ON));
    ui_text(ui, head.off, small, ALIGN_RIGHT, model_text(m, STR_FLOW_OFF));
    ui_text(ui, head.ratio, small, ALIGN_RIGHT, model_text(m, STR_FLOW_RATIO));
    ui_text(ui, head.dead, small, ALIGN_RIGHT, model_text(m, STR_FLOW_DEAD));
    const float height = fmaxf(18, fminf(40, floorf(r.h / (float)(count > 0 ? count : 1))));
    Rect inner = ui_scroll_begin(ui, ui_id("flow", 0), r, &v->scroll[SCROLL_LIST], height * (float)count);
    for (int i = 0; i < count; i++)
        draw_row(ui, m, &rows[i], (Rect){inner.x, inner.y + height * (float)i, inner.w, height}, low, high);
    ui_scroll_end(ui);
}

static void draw_heads(Ui *ui, Model *m, Rect r)
{
    const Gradients *g = &m->gradients;
    const Net *net = model_net(m);
    char text[160], answer[96], percent[NUM_MAX];
    const float width = floorf((r.w - 12 * (float)(g->flow.head_count - 1)) / (float)g->flow.head_count);
    for (int h = 0; h < g->flow.head_count; h++) {
        const FlowHead *head = &g->flow.heads[h];
        Rect card = rect_cut_left(&r, width);
        rect_cut_left(&r, 12);
        ui_panel(ui, card);
        card = rect_inset(card, 10);
        snprintf(text, sizeof text, "%s  \xc3\x97 %g", net->heads[h].name, (double)net->heads[h].loss_weight);
        ui_text(ui, rect_cut_top(&card, 18), part_bold(ui), ALIGN_LEFT, text);
        part_class_name(m, head->answer, answer, sizeof answer);
        part_row(ui, &card, answer, num_percent(percent, head->answer_prob));
        snprintf(text, sizeof text, model_text(m, STR_FLOW_LABEL_HAS), 100 * head->label_prob, head->loss);
        ui_text(ui, rect_cut_top(&card, 18), part_small(ui), ALIGN_LEFT, text);
    }
}

/* A label by name or number, for networks of many classes. */
static void find_label(Ui *ui, Model *m, ViewState *v, Rect r)
{
    Guess found;
    if (!ui_field(ui, r, model_text(m, STR_CAM_FIND), v->class_query, sizeof v->class_query) || v->class_query[0] == '\0')
        return;
    if (model_find_classes(m, v->class_query, &found, 1) == 0) {
        model_say(m, true, model_text(m, STR_CAM_NONE), v->class_query);
        return;
    }
    m->gradients.label = found.index;
    v->class_query[0] = '\0';
    ui_field_focus(ui, NULL);
    ui->want_frame = true;
}

/* Which label the loss is taken for: every class of a small network, else the likeliest ones, and any other by its name. */
static void draw_labels(Ui *ui, Model *m, ViewState *v, Rect r)
{
    Gradients *g = &m->gradients;
    const Net *net = model_net(m);
    Guess top[6];
    const int classes = net_scores(net, 0), count = classes <= 6 ? classes : model_top_with(m, g->flow.label, top, 6);
    const TextStyle style = part_small(ui);
    rect_cut_left(&r, ui_text(ui, r, style, ALIGN_LEFT, model_text(m, STR_FLOW_LABEL)) + 10);
    if (classes > 6) {
        find_label(ui, m, v, rect_cut_right(&r, 160));
        rect_cut_right(&r, 10);
    }
    for (int i = 0; i < count; i++) {
        const int label = classes <= 6 ? i : top[i].index;
        char name[48];
        part_class_name(m, label, name, sizeof name);
        const float width = ui_button_width(ui, name);
        if (width > r.w)
            return;
        if (ui_choice(ui, rect_cut_left(&r, width), name, g->flow.label == label))
            g->label = label;
        rect_cut_left(&r, 6);
    }
}

static void draw_switches(Ui *ui, Model *m, Rect r)
{
    Gradients *g = &m->gradients;
    const struct { Str name; bool *flag; bool value; } switches[] = {
        {STR_FLOW_OF_WEIGHTS, &g->of_weights, true}, {STR_FLOW_OF_MAPS, &g->of_weights, false},
        {STR_FLOW_BY_LAYER, &g->by_layer, true},     {STR_FLOW_BY_MODULE, &g->by_layer, false},
    };
    for (int i = 0; i < 4; i++) {
        const char *name = model_text(m, switches[i].name);
        if (ui_choice(ui, rect_cut_right(&r, ui_button_width(ui, name)), name, *switches[i].flag == switches[i].value))
            *switches[i].flag = switches[i].value;
        rect_cut_right(&r, i == 1 ? 18 : 6);
    }
}

/* The one sentence that the numbers say. */
static void sentence(const Model *m, char *out, size_t size)
{
    const Gradients *g = &m->gradients;
    const Source *s = &m->source->source;
    char ratio[NUM_MAX];
    if (g->flow.head_count < 2) {
        snprintf(out, size, "%s", model_text(m, STR_FLOW_NO_HEADS));
    } else if (!s->untrained && !s->info.heads) {
        snprintf(out, size, "%s", model_text(m, STR_FLOW_HEADS_UNTRAINED));
    } else {
        const FlowLayer *first = &g->flow.layers[0];
        const double off = first->weight_norm[FLOW_MAIN_ONLY];
        snprintf(out, size, model_text(m, STR_FLOW_SENTENCE), model_net(m)->layers[first->layer].name,
                 num_value(ratio, off > 0 ? first->weight_norm[FLOW_WITH_AUX] / off : 0));
    }
}

void view_gradient(Ui *ui, Model *m, ViewState *v, Rect area)
{
    const Gradients *g = &m->gradients;
    if (g->problem.text[0] != '\0') {
        part_stage_title(ui, &area, model_text(m, STR_FLOW_TITLE), g->problem.text);
        return;
    }
    part_stage_title(ui, &area, model_text(m, STR_FLOW_TITLE), model_text(m, STR_FLOW_SAYS));
    if (g->flow.layer_count == 0) {
        ui_text(ui, area, part_small(ui), ALIGN_CENTER, model_text(m, STR_NO_PREDICTION));
        return;
    }
    rect_cut_top(&area, 6);
    draw_heads(ui, m, rect_cut_top(&area, 78));
    rect_cut_top(&area, 8);
    draw_labels(ui, m, v, rect_cut_top(&area, 26));
    rect_cut_top(&area, 6);
    char says[256];
    sentence(m, says, sizeof says);
    Rect line = rect_cut_top(&area, 26);
    draw_switches(ui, m, rect_cut_right(&line, 380));
    if (ui_text_width(ui, part_body(ui), says) <= line.w)
        ui_text(ui, line, part_body(ui), ALIGN_LEFT, says);
    else /* no room beside the switches: below them */
        part_paragraph(ui, &area, part_body(ui), says);
    rect_cut_top(&area, 6);
    ui_panel(ui, area);
    draw_list(ui, m, v, rect_inset(area, 10));
}
