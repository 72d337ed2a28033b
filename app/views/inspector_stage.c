/* inspector_stage.c - the inspector's part about the stage, as arithmetic with its numbers: shape, weights, multiplications, the
 * paper's table, activations. Counts come from engine/net/trace.h, statistics from the worker; nothing is computed here. See
 * inspector.h. */
#include "app/model/reason.h"
#include "app/model/walk.h"
#include "app/views/claims.h"
#include "app/views/class_bars.h"
#include "app/views/inspector.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* out = ⌊(28 + 2·1 − 3)/1⌋ + 1 = 28 */
static void shape_formula(const Layer *l, char *out, size_t size)
{
    out[0] = '\0';
    if (l->op != OP_CONV && l->op != OP_MAXPOOL && l->op != OP_AVGPOOL)
        return;
    if (l->adaptive) {
        snprintf(out, size, "%d×%d → %d×%d", l->in.h, l->in.w, l->out.h, l->out.w);
        return;
    }
    const bool ceil = l->op != OP_CONV && l->rounding != ROUND_FLOOR;
    char pad[24] = "";
    if (l->pad > 0)
        snprintf(pad, sizeof pad, " + 2·%d", l->pad);
    snprintf(out, size, "%s(%d%s − %d)/%d%s + 1 = %d", ceil ? "⌈" : "⌊", l->in.h, pad, l->k, l->stride, ceil ? "⌉" : "⌋", l->out.h);
}

/* How the grid of one branch's last layer comes about, with the branch's name: "3×3: ⌊(28 + 2·1 − 3)/1⌋ + 1 = 28". */
static void branch_shape(Ui *ui, const Model *m, Rect *r, int layer)
{
    const Layer *l = &model_net(m)->layers[layer];
    char formula[96];
    shape_formula(l, formula, sizeof formula);
    const TextStyle name = part_colored(part_bold(ui), ui->theme->branch_text[l->branch]), caption = ui_style(FACE_MONO, ui->theme->size_caption, ui->theme->text);
    part_row_styled(ui, r, name, part_branch_title(m, l->branch), caption, formula);
}

static void shape_section(Ui *ui, const Model *m, Rect *r)
{
    const Net *net = model_net(m);
    const Layer *l = &net->layers[m->at];
    char text[96], a[NUM_MAX], b[NUM_MAX];
    part_heading(ui, r, model_text(m, STR_SHAPE));
    if (walk_is_module(net, m->at)) {
        const Module *module = &net->modules[l->module];
        snprintf(text, sizeof text, "%s → %s", num_shape(a, net->layers[module->input].out), num_shape(b, l->out));
        part_row_styled(ui, r, part_mono(ui), text, part_mono(ui), "");
        branch_shape(ui, m, r, l->inputs[BRANCH_3X3]);
        snprintf(text, sizeof text, "%d = %d + %d + %d + %d", module->offset[BRANCH_COUNT], module->offset[1], module->offset[2] - module->offset[1],
                 module->offset[3] - module->offset[2], module->offset[4] - module->offset[3]);
        part_row_styled(ui, r, part_mono(ui), text, part_mono(ui), "");
        return;
    }
    snprintf(text, sizeof text, "%s → %s", num_shape(a, l->in), num_shape(b, l->out));
    part_row_styled(ui, r, part_mono(ui), l->op == OP_INPUT ? b : text, part_mono(ui), "");
    shape_formula(l, text, sizeof text);
    if (text[0] != '\0')
        part_row_styled(ui, r, part_mono(ui), text, part_mono(ui), "");
}

/* ---- weights ------------------------------------------------------------------------------------------------------------------- */

static void kernel_volume(const Layer *l, char *out, size_t size)
{
    if (l->op == OP_FC)
        snprintf(out, size, "%d·%d", (int)shape_size(l->in), l->out.c);
    else
        snprintf(out, size, "%d·%d·%d·%d", l->k, l->k, l->in.c / l->groups, l->out.c);
}

/* "1·1·192·96 + 3·3·96·128" */
static void branch_formula(const Net *net, int module, Branch branch, char *out, size_t size)
{
    const Module *mod = &net->modules[module];
    out[0] = '\0';
    for (int i = mod->first; i < mod->last; i++)
        if (net->layers[i].branch == branch && net->layers[i].weight >= 0) {
            char one[48];
            kernel_volume(&net->layers[i], one, sizeof one);
            snprintf(out + strlen(out), size - strlen(out), "%s%s", out[0] != '\0' ? " + " : "", one);
        }
}

static void rule(Ui *ui, Rect *r)
{
    ui_fill(ui, (Rect){r->x, r->y + 3, r->w, 1}, ui->theme->panel_edge);
    rect_cut_top(r, 6);
}

static Counts stage_counts(const Model *m)
{
    const Net *net = model_net(m);
    const Layer *l = &net->layers[m->at];
    if (walk_is_module(net, m->at))
        return trace_sum(&m->trace, net->modules[l->module].first, net->modules[l->module].last);
    return trace_sum(&m->trace, m->at, m->at);
}

/* Goes to the ledger, to the first claim of this kind about a row. */
static void go_to_claim(Model *m, ViewState *v, int row, bool ops)
{
    const Ledger *ledger = model_ledger(m);
    for (int i = 0; i < ledger->count; i++)
        if (ledger->rows[i].parent < 0 && model_net(m)->layers[ledger->rows[i].last].row == row)
            ledger_select(&v->ledger, i, ops ? LEDGER_VERDICT_OPS : LEDGER_VERDICT);
    v->ledger.query[0] = '\0';
    model_view(m, VIEW_LEDGER);
}

/* What the paper's table prints about this row, and whether the arithmetic agrees. Tooltip and ledger give the reasons. */
static void claim_rows(Ui *ui, Model *m, ViewState *v, Rect *r, const char *what)
{
    const Net *net = model_net(m);
    const Layer *l = &net->layers[m->at];
    const Audit *audit = &m->ledger.audit;
    if (l->module >= 0 && !walk_is_module(net, m->at))
        return; /* claims are about whole rows */
    bool said = false;
    for (int i = 0; i < audit->count; i++) {
        const AuditLine *line = &audit->lines[i];
        if (line->row_index != l->row || l->row < 0 || strcmp(line->claim->what, what) != 0)
            continue;
        char text[128], verdict[192];
        const Row *row = &net->rows[l->row];
        if (!said && row->last > row->first && l->module < 0) /* "conv2+conv3" is one row of the table */
            part_row_styled(ui, r, part_small(ui), row->name, part_mono(ui), line->elsewhere ? line->here : line->value);
        said = true;
        char source[sizeof line->claim->source + 1];
        const char *who = reason_source(m->screen.lang, line->claim->source);
        const size_t n = strlen(who);
        const bool gap = m->screen.lang == LANG_ZH && n > 0 && (unsigned char)who[n - 1] < 0x80; /* between a Latin name and Chinese */
        snprintf(source, sizeof source, "%s%s", who, gap ? " " : "");
        snprintf(text, sizeof text, model_text(m, STR_SOURCE_PRINTS), source, line->printed);
        reason_short(m->screen.lang, audit, line, verdict, sizeof verdict);
        const Rect before = *r;
        part_row_styled(ui, r, part_body(ui), text, part_colored(part_body(ui), claim_color(ui->theme, line->verdict.kind)), verdict);
        const Rect place = {before.x - 4, before.y, before.w + 8, r->y - before.y};
        if (ui_hover(ui, place)) {
            ui_fill(ui, place, color_alpha(ui->theme->text, 0.05f));
            claim_tooltip(ui, m, audit, line);
        }
        if (ui_click(ui, ui_id("inspector claim", i), place)) {
            go_to_claim(m, v, l->row, strcmp(what, "ops") == 0);
            ui->want_frame = true;
        }
    }
}

static void share_bar(Ui *ui, const Model *m, Rect *r, int module)
{
    const Counts all = trace_sum(&m->trace, model_net(m)->modules[module].first, model_net(m)->modules[module].last);
    Rect bar = rect_cut_top(r, 16);
    bar = (Rect){bar.x, bar.y + 4, bar.w, 8};
    float x = bar.x;
    for (int b = 0; b < BRANCH_COUNT; b++) {
        const Counts c = trace_branch(&m->trace, module, (Branch)b);
        const float w = all.weights > 0 ? bar.w * (float)((double)c.weights / (double)all.weights) : 0;
        ui_fill(ui, (Rect){x, bar.y, w, bar.h}, ui->theme->branch[b]);
        x += w;
    }
}

static void weights_section(Ui *ui, Model *m, ViewState *v, Rect *r)
{
    const Net *net = model_net(m);
    const Layer *l = &net->layers[m->at];
    const Counts counts = stage_counts(m);
    char left[96], right[NUM_MAX], count[NUM_MAX];
    part_heading(ui, r, model_text(m, STR_WEIGHTS));
    if (counts.params == 0) {
        part_row(ui, r, model_text(m, STR_WEIGHTS_TOTAL), "0");
        return;
    }
    if (walk_is_module(net, m->at)) {
        for (int b = 0; b < BRANCH_COUNT; b++) {
            branch_formula(net, l->module, (Branch)b, left, sizeof left);
            const TextStyle style = part_colored(ui_style(FACE_MONO, ui->theme->size_caption, 0), ui->theme->branch_text[b]);
            num_count(right, trace_branch(&m->trace, l->module, (Branch)b).weights);
            if (ui_text_width(ui, style, left) + ui_text_width(ui, part_mono(ui), right) + 10 > r->w) { /* one below the other */
                part_row_styled(ui, r, style, left, part_mono(ui), "");
                left[0] = '\0';
            }
            part_row_styled(ui, r, style, left, part_mono(ui), right);
        }
        rule(ui, r);
        part_row_styled(ui, r, part_bold(ui), model_text(m, STR_WEIGHTS_TOTAL), ui_style(FACE_MONO_BOLD, ui->theme->size_small, ui->theme->text),
                        num_count(right, counts.weights));
    } else {
        kernel_volume(l, left, sizeof left);
        part_row_styled(ui, r, part_mono(ui), left, ui_style(FACE_MONO_BOLD, ui->theme->size_small, ui->theme->text), num_count(right, counts.weights));
    }
    if (counts.biases > 0) {
        snprintf(left, sizeof left, model_text(m, STR_PLUS_BIASES), num_count(count, counts.biases));
        part_row(ui, r, left, num_count(right, counts.weights + counts.biases));
    }
    if (counts.bn > 0) {
        snprintf(left, sizeof left, model_text(m, STR_PLUS_BN), num_count(count, counts.bn));
        part_row(ui, r, left, num_count(right, counts.params));
    }
    snprintf(left, sizeof left, "÷ 1024");
    snprintf(right, sizeof right, "%.1f Ki", (double)counts.weights / 1024);
    part_row(ui, r, left, right);
    claim_rows(ui, m, v, r, "params");
    if (walk_is_module(net, m->at))
        share_bar(ui, m, r, l->module);
}

static void compute_section(Ui *ui, Model *m, ViewState *v, Rect *r)
{
    const Net *net = model_net(m);
    const Layer *l = &net->layers[m->at];
    const Counts counts = stage_counts(m);
    char right[NUM_MAX];
    if (counts.macs == 0)
        return;
    part_heading(ui, r, model_text(m, STR_COMPUTE));
    part_row(ui, r, model_text(m, STR_MULTIPLY_ADDS), num_count(right, counts.macs));
    claim_rows(ui, m, v, r, "ops");
    if (walk_is_module(net, m->at) && counts.weights > 0) {
        const Counts naive = trace_module_switched(net, l->module, (ModuleSwitch){.without_reductions = true});
        snprintf(right, sizeof right, model_text(m, STR_TIMES_WEIGHTS), (double)naive.weights / (double)counts.weights);
        part_row_styled(ui, r, part_body(ui), model_text(m, STR_WITHOUT_REDUCTIONS), part_colored(part_body(ui), ui->theme->warn), right);
    }
}

static void so_far_section(Ui *ui, const Model *m, Rect *r)
{
    const Net *net = model_net(m);
    const int end = m->at;
    char left[64], right[NUM_MAX], count[NUM_MAX];
    if (net->layers[end].head > 0)
        return;
    const Counts sum = trace_sum(&m->trace, 0, end), all = m->trace.main;
    part_heading(ui, r, model_text(m, STR_SO_FAR));
    part_row(ui, r, model_text(m, STR_WEIGHTS_TOTAL), num_count(right, sum.weights));
    snprintf(left, sizeof left, model_text(m, STR_OF_TOTAL), num_count(count, all.weights));
    part_row(ui, r, left, num_percent(right, all.weights > 0 ? (double)sum.weights / (double)all.weights : 0));
    Rect bar = rect_cut_top(r, 12);
    bar = (Rect){bar.x, bar.y + 3, bar.w, 5};
    ui_round(ui, bar, 2, ui->theme->panel_edge);
    if (all.weights > 0)
        ui_round(ui, (Rect){bar.x, bar.y, bar.w * (float)((double)sum.weights / (double)all.weights), bar.h}, 2, ui->theme->accent);
}

/* ---- activations ------------------------------------------------------------------------------------------------------------------ */

/* Bars from the smallest to the largest value; those outside the colours' range have another colour. */
static void histogram(Ui *ui, Rect r, const LayerStats *s, const RangeShown *range)
{
    size_t most = 1;
    for (int b = 0; b < STATS_BINS; b++)
        most = s->bins[b] > most ? s->bins[b] : most;
    const float w = r.w / STATS_BINS;
    for (int b = 0; b < STATS_BINS; b++) {
        /* Square root, so that the tail is visible beside the many zeros. */
        const float h = s->bins[b] > 0 ? fmaxf(r.h * sqrtf((float)((double)s->bins[b] / (double)most)), 1) : 0;
        const float x0 = roundf((float)b * w), x1 = roundf((float)(b + 1) * w);
        const float at = s->min + (s->max - s->min) * ((float)b + 0.5f) / STATS_BINS;
        const bool beyond = !range->each && (at < range->lo || at > range->hi);
        ui_fill(ui, (Rect){r.x + x0, r.y + r.h - h, x1 - x0 - 1, h}, color_alpha(beyond ? ui->theme->warn : ui->theme->histogram, beyond ? 0.7f : 1));
    }
    ui_fill(ui, (Rect){r.x, r.y + r.h, r.w, 1}, ui->theme->panel_edge);
    ui_item(ui, r, "histogram", "");
}

/* How many of the values are outside the colours' range, if outliers are clipped. */
static void clip_rows(Ui *ui, const Model *m, Rect *r, int layer, const LayerMap *map, const RangeShown *range)
{
    char text[160], a[NUM_MAX], b[NUM_MAX];
    const bool module = m->look.range == RANGE_MODULE && model_net(m)->layers[layer].module >= 0;
    const bool maps = m->look.range == RANGE_MAP, clips = range->true_lo < range->lo || range->true_hi > range->hi;
    if (m->look.range == RANGE_LOCKED || (range->each ? !range->clips : !clips))
        return;
    if (maps)
        snprintf(text, sizeof text, model_text(m, STR_CLIPPED_IN_MAPS), STATS_CLIP_PERCENT);
    else if (module)
        snprintf(text, sizeof text, model_text(m, STR_CLIPPED_IN_LAYERS), STATS_CLIP_PERCENT);
    else
        snprintf(text, sizeof text, model_text(m, STR_CLIPPED_VALUES), num_count(a, (int64_t)map->stats->clipped),
                 num_count(b, (int64_t)(map->stats->count - map->stats->zeros - map->stats->nans)), STATS_CLIP_PERCENT);
    part_paragraph(ui, r, part_caption(ui), text);
}

static void activations_section(Ui *ui, const Model *m, Rect *r)
{
    const Net *net = model_net(m);
    const Cursor focus = part_focus(m);
    const int layer = focus.layer;
    char name[NET_NAME_MAX + 16], head[128], left[128], right[2 * NUM_MAX], a[NUM_MAX], b[NUM_MAX];
    LayerMap map;
    if (!compute_map(m->compute, layer, &map))
        return;
    cursor_text(net, (Cursor){layer, -1, -1, -1}, name, sizeof name);
    snprintf(head, sizeof head, "%s · %s", model_text(m, STR_ACTIVATIONS), name);
    part_heading(ui, r, head);
    char *(*const number)(char *, double) = net->layers[layer].op == OP_SOFTMAX ? num_probability : num_value;
    snprintf(left, sizeof left, model_text(m, STR_MIN_MAX), number(a, (double)map.stats->min), number(b, (double)map.stats->max));
    part_row_styled(ui, r, part_body(ui), left, part_body(ui), "");
    snprintf(left, sizeof left, model_text(m, STR_MEAN), number(a, map.stats->mean));
    num_percent(a, (double)map.stats->zeros / (double)map.stats->count);
    snprintf(right, sizeof right, model_text(m, STR_ZERO_SHARE), a);
    part_row_styled(ui, r, part_body(ui), left, part_body(ui), right);
    if (class_bars_for(net, layer))
        return;
    const RangeShown range = part_range(m, layer, &map, focus.channel);
    if (!range.each) {
        snprintf(right, sizeof right, "%s … %s", num_value(a, (double)range.lo), num_value(b, (double)range.hi));
        part_row(ui, r, model_text(m, STR_COLOURS_SPAN), right);
    }
    clip_rows(ui, m, r, layer, &map, &range);
    Rect bars = rect_cut_top(r, 46);
    histogram(ui, (Rect){bars.x, bars.y + 2, bars.w, bars.h - 6}, map.stats, &range);
}

void inspector_stage(Ui *ui, Session *session, ViewState *v, Rect *r)
{
    Model *m = &session->model;
    shape_section(ui, m, r);
    weights_section(ui, m, v, r);
    compute_section(ui, m, v, r);
    so_far_section(ui, m, r);
    activations_section(ui, m, r);
}
