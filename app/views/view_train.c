/* view_train.c - shows a training as curves: losses of the heads, accuracy, gradient norms per module; and the first layer's
 * kernels. */
#include "app/views/chart.h"
#include "app/views/confusion_grid.h"
#include "app/views/watch_app.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const float HEADER = 52, FOOTER = 24, GAP = 12, THREE_PANELS = 900;

/* One number of an epoch; `index` chooses among a row's heads. NaN if the row does not have it. */
typedef double RowValue(const HistoryRow *row, int index);

typedef struct Series {
    const char *name;
    Color color;
    float width;
    RowValue *value;
    int index;
} Series;

static double row_total(const HistoryRow *r, int index) { (void)index; return r->train_total; }
static double row_head(const HistoryRow *r, int index) { return r->train_head[index]; }
static double row_val_loss(const HistoryRow *r, int index) { (void)index; return r->val_loss; }
static double row_train(const HistoryRow *r, int index) { (void)index; return r->train_accuracy; }
static double row_val(const HistoryRow *r, int index) { (void)index; return r->val_accuracy; }
static double row_average(const HistoryRow *r, int index)
{
    (void)index;
    return r->ema_accuracy >= 0 ? r->ema_accuracy : (double)NAN;
}

static const char *word(const WatchView *v, Str id)
{
    return str(v->watch->lang, id);
}

/* Colours that colour-blind people can tell apart, readable in both themes. */
static Color series_color(const Ui *ui, int i)
{
    static const int order[] = {0, 1, 3, 2};
    return ui->theme->branch_text[order[i % 4]];
}

/* Buffers for `count` points: x, y and the polyline. NULL if out of memory; the curve is then left out. */
static double *room_for(WatchView *v, int count, double **y, float **scratch)
{
    const size_t need = (size_t)count * (2 * sizeof(double) + 2 * sizeof(float));
    if (need > v->point_capacity) {
        float *bigger = realloc(v->points, need);
        if (bigger == NULL)
            return NULL;
        v->points = bigger;
        v->point_capacity = need;
    }
    double *x = (double *)(void *)v->points;
    *y = x + count;
    *scratch = (float *)(void *)(*y + count);
    return x;
}

static void draw_series(Ui *ui, WatchView *v, const Chart *chart, const Series *s)
{
    const History *h = &v->watch->history;
    double *y = NULL;
    float *scratch = NULL;
    double *x = room_for(v, h->count, &y, &scratch);
    if (x == NULL || h->count == 0)
        return;
    for (int i = 0; i < h->count; i++) {
        x[i] = h->rows[i].epoch;
        y[i] = s->value(&h->rows[i], s->index);
    }
    chart_curve(ui, chart, x, y, h->count, scratch, s->width, s->color);
}

/* The total loss of every step, faint, behind the epochs' means; it shows progress within an epoch. */
static void draw_steps(Ui *ui, WatchView *v, const Chart *chart)
{
    const StepRows *steps = &v->watch->steps;
    const double per_epoch = watch_steps_per_epoch(v->watch);
    double *y = NULL;
    float *scratch = NULL;
    double *x = room_for(v, steps->count, &y, &scratch);
    if (x == NULL || steps->count == 0)
        return;
    /* A running mean over about a fifth of an epoch, since single steps hide the curve. */
    const double share = fmin(0.5, per_epoch > 0 ? 5 / per_epoch : 0.05);
    double mean = (double)steps->rows[0].total;
    for (int i = 0; i < steps->count; i++) {
        mean += share * ((double)steps->rows[i].total - mean);
        x[i] = per_epoch > 0 ? (double)steps->rows[i].step / per_epoch : (double)steps->rows[i].step;
        y[i] = mean;
    }
    chart_curve(ui, chart, x, y, steps->count, scratch, 1, color_alpha(ui->theme->text_dim, 0.45f));
}

/* The curves' names and their values at the chosen epoch, in a row under the title. */
static void key_text(const WatchView *v, const Series *s, char text[96])
{
    const HistoryRow *row = watch_row(v->watch);
    const double value = row != NULL ? s->value(row, s->index) : (double)NAN;
    if (isnan(value))
        snprintf(text, 96, "%s", s->name);
    else
        snprintf(text, 96, "%s %.3f", s->name, value);
}

static void draw_key(Ui *ui, WatchView *v, Rect r, const Series *series, int count)
{
    TextStyle style = ui_style(FACE_SANS, ui->theme->size_small, ui->theme->text);
    char text[96];
    float all = 0, mark = 19, gap = 15;
    for (int i = 0; i < count; i++) {
        key_text(v, &series[i], text);
        all += ui_text_width(ui, style, text) + 2 + mark + gap;
    }
    if (all - gap > r.w) { /* a narrow panel: closer together, so that each curve has its name */
        style = ui_style(FACE_SANS, ui->theme->size_caption, ui->theme->text);
        mark = 14;
        gap = 8;
    }
    for (int i = 0; i < count; i++) {
        key_text(v, &series[i], text);
        const float width = ui_text_width(ui, style, text) + 2;
        if (width + mark > r.w)
            return;
        ui_fill(ui, (Rect){r.x, roundf(r.y + r.h / 2 - 1.5f), mark - 5, 3}, series[i].color);
        ui_text(ui, (Rect){r.x + mark, r.y, width, r.h}, style, ALIGN_LEFT, text);
        rect_cut_left(&r, width + mark + gap);
    }
}

/* A panel with its title; returns the rectangle below. */
static Rect begin_panel(Ui *ui, Rect r, const char *title, const char *say)
{
    ui_panel(ui, r);
    r = rect_inset(r, 12);
    Rect line = rect_cut_top(&r, 20);
    float width = ui_text(ui, line, ui_style(FACE_BOLD, ui->theme->size_body, ui->theme->text), ALIGN_LEFT, title);
    rect_cut_left(&line, width + 10);
    const TextStyle dim = ui_style(FACE_SANS, ui->theme->size_caption, ui->theme->text_dim);
    char cut[160];
    if (ui_text_width(ui, dim, say) > line.w) /* a third of a window has no room for it beside the title */
        line = rect_cut_top(&r, 17);
    part_cut(ui, dim, say, line.w, cut, sizeof cut);
    ui_text(ui, line, dim, ALIGN_LEFT, cut);
    rect_cut_top(&r, 2);
    return r;
}

/* Right edge of the time axis: at least ten epochs, so that the first ones do not fill it; steps while there is no epoch yet. */
static double time_end(const Watch *w)
{
    if (w->history.count == 0)
        return w->steps.count > 0 ? fmax(20, (double)w->steps.rows[w->steps.count - 1].step) : 10;
    double end = fmax(10, watch_last(w));
    const double per_epoch = watch_steps_per_epoch(w);
    if (w->steps.count > 0 && per_epoch > 0)
        end = fmax(end, ceil((double)w->steps.rows[w->steps.count - 1].step / per_epoch));
    return end;
}

/* Lines at the start of each phase and at the chosen epoch; a press chooses an epoch. */
static void draw_time(Ui *ui, WatchView *v, const Chart *chart, const char *id)
{
    Watch *w = v->watch;
    for (int i = 1; i < w->history.count; i++)
        if (w->history.rows[i].phase != w->history.rows[i - 1].phase)
            chart_mark(ui, chart, w->history.rows[i].epoch - 0.5, 2, ui->theme->text_faint);
    if (w->history.count == 0)
        return;
    chart_mark(ui, chart, w->epoch, 1, ui->theme->selection);
    const double under = chart_pointer(ui, chart, -1);
    if (under >= 0)
        chart_mark(ui, chart, round(under), 1, color_alpha(ui->theme->text_dim, 0.5f));
    ui_item(ui, chart->plot, "chart", id);
    if (ui_click(ui, ui_id(id, 0), chart->plot)) /* while the button is down nothing is under the pointer */
        watch_go(w, (int)round(chart_at(chart, ui->in.mouse_x)));
}

static double highest(const Watch *w, const Series *series, int count)
{
    double top = 0;
    for (int i = 0; i < w->history.count; i++)
        for (int s = 0; s < count; s++) {
            double value = series[s].value(&w->history.rows[i], series[s].index);
            top = value > top ? value : top;
        }
    return top;
}

static void draw_losses(Ui *ui, WatchView *v, Rect r)
{
    const Watch *w = v->watch;
    const History *h = &w->history;
    Series series[HEADS_MAX + 2];
    int count = 0;
    char names[HEADS_MAX][48];
    series[count++] = (Series){word(v, STR_WATCH_TOTAL), ui->theme->text, 2, row_total, 0};
    for (int i = 0; i < h->head_count; i++)
        series[count++] = (Series){str_head(w->lang, h->head_names[i], names[i]), series_color(ui, i), 2, row_head, i};
    series[count++] = (Series){word(v, STR_WATCH_VAL_LOSS), color_mix(series_color(ui, 0), ui->theme->panel, 0.45f), 1.5f, row_val_loss, 0};
    r = begin_panel(ui, r, word(v, STR_WATCH_LOSSES), word(v, STR_WATCH_LOSSES_SAY));
    draw_key(ui, v, rect_cut_top(&r, 20), series, count);
    double one, total, top;
    char label[64];
    watch_chance(w, &one, &total);
    top = fmax(fmax(highest(w, series, count), total * 1.08), 1);
    for (int i = 0; h->count == 0 && i < w->steps.count; i++)
        top = fmax(top, (double)w->steps.rows[i].total);
    Chart chart = chart_begin(ui, r, 0, time_end(w), 0, top, 1);
    draw_steps(ui, v, &chart);
    if (total > 0) {
        snprintf(label, sizeof label, word(v, STR_WATCH_CHANCE), total);
        chart_level(ui, &chart, total, ui->theme->text_dim, label);
        snprintf(label, sizeof label, word(v, STR_WATCH_CHANCE), one);
        chart_level(ui, &chart, one, series_color(ui, 0), label);
    }
    for (int i = count - 1; i >= 0; i--)
        draw_series(ui, v, &chart, &series[i]);
    draw_time(ui, v, &chart, "losses");
}

static void draw_accuracy(Ui *ui, WatchView *v, Rect r)
{
    const Watch *w = v->watch;
    const Series series[] = {
        {word(v, STR_WATCH_VAL), series_color(ui, 0), 2, row_val, 0},
        {word(v, STR_WATCH_AVERAGE), series_color(ui, 1), 2, row_average, 0},
        {word(v, STR_WATCH_TRAIN), color_mix(ui->theme->text_dim, ui->theme->panel, 0.3f), 1.5f, row_train, 0},
    };
    r = begin_panel(ui, r, word(v, STR_WATCH_ACCURACY), word(v, STR_WATCH_ACCURACY_SAY));
    draw_key(ui, v, rect_cut_top(&r, 20), series, 3);
    Chart chart = chart_begin(ui, r, 0, time_end(w), 0, 1, 1);
    char label[96];
    if (w->history.majority > 0) {
        snprintf(label, sizeof label, word(v, STR_WATCH_MAJORITY), w->history.majority);
        chart_level(ui, &chart, w->history.majority, ui->theme->text_dim, label);
    }
    for (int i = 2; i >= 0; i--)
        draw_series(ui, v, &chart, &series[i]);
    double accuracy;
    const int best = watch_best(w, &accuracy);
    if (best > 0) {
        const float x = chart_x(&chart, best), y = chart_y(&chart, accuracy);
        ui_frame_round(ui, (Rect){x - 5, y - 5, 10, 10}, 5, 2, ui->theme->selection);
    }
    draw_time(ui, v, &chart, "accuracy");
}

/* One group: its norm as a bar on a logarithmic scale from low to high, with a tick at epoch 1. */
static void gradient_row(Ui *ui, Lang lang, const History *h, const HistoryRow *row, int g, Rect line, double low, double high)
{
    const Theme *t = ui->theme;
    const bool narrow = line.w < 260;
    const TextStyle name = ui_style(FACE_SANS, fminf(narrow ? t->size_caption : t->size_small, line.h - 2), t->text);
    const TextStyle number = ui_style(FACE_MONO, fminf(t->size_caption, line.h - 2), t->text_dim);
    char scratch[48];
    const char *group = str_head(lang, net_short_name(h->group_names[g]), scratch);
    ui_text(ui, rect_cut_left(&line, narrow ? 46 : 104), name, ALIGN_LEFT, group);
    ui_textf(ui, rect_cut_right(&line, narrow ? 42 : 64), number, ALIGN_RIGHT, narrow ? "%.2g" : "%.3g", row->norm[g]);
    rect_cut_right(&line, 8);
    const Rect bar = {line.x, line.y + 2, line.w, line.h - 4};
    ui_round(ui, bar, 2, t->tile_back);
    if (row->norm[g] > 0)
        ui_round(ui, (Rect){bar.x, bar.y, bar.w * (float)((log10(row->norm[g]) - low) / (high - low)), bar.h}, 2, t->histogram);
    if (h->rows[0].norm[g] > 0)
        ui_fill(ui, (Rect){roundf(bar.x + bar.w * (float)((log10(h->rows[0].norm[g]) - low) / (high - low))) - 1, bar.y, 2, bar.h}, t->text_dim);
}

static void draw_gradients(Ui *ui, WatchView *v, Rect r)
{
    const History *h = &v->watch->history;
    const HistoryRow *row = watch_row(v->watch);
    r = begin_panel(ui, r, word(v, STR_WATCH_GRADIENTS), word(v, STR_WATCH_GRADIENTS_SAY));
    if (h->count == 0)
        return;
    row = row != NULL ? row : &h->rows[0];
    double low = (double)INFINITY, high = -(double)INFINITY;
    for (int i = 0; i < h->count; i++)
        for (int g = 0; g < h->group_count; g++)
            if (h->rows[i].norm[g] > 0) {
                low = fmin(low, log10(h->rows[i].norm[g]));
                high = fmax(high, log10(h->rows[i].norm[g]));
            }
    if (!(high > low))
        return;
    low -= 0.1 * (high - low);
    const int columns = r.h < 12 * (float)h->group_count ? 2 : 1, rows = (h->group_count + columns - 1) / columns; /* a small window has two */
    const float step = fminf(floorf(r.h / (float)rows), 30), w = floorf((r.w - 16 * (float)(columns - 1)) / (float)columns);
    for (int g = 0; g < h->group_count; g++)
        gradient_row(ui, v->watch->lang, h, row, g, (Rect){r.x + (float)(g / rows) * (w + 16), r.y + (float)(g % rows) * step, w, step}, low, high);
}

static void draw_kernels(Ui *ui, WatchView *v, Rect r)
{
    const Watch *w = v->watch;
    char say[128];
    const float *values = watch_kernels(w, v->range);
    if (values == NULL)
        snprintf(say, sizeof say, "%s", word(v, STR_WATCH_NO_KERNELS));
    else if (w->filters_are_best)
        snprintf(say, sizeof say, word(v, STR_WATCH_KERNELS_BEST), (double)v->range[0], (double)v->range[1]);
    else if (w->epoch == 0)
        snprintf(say, sizeof say, word(v, STR_WATCH_KERNELS_START), (double)v->range[0], (double)v->range[1]);
    else
        snprintf(say, sizeof say, word(v, STR_WATCH_KERNELS_AT), w->epoch, (double)v->range[0], (double)v->range[1]);
    r = begin_panel(ui, r, word(v, STR_WATCH_KERNELS), say);
    if (values == NULL)
        return;
    const Filters *f = &w->filters;
    MapGrid grid = {.data = values, .c = f->o, .h = f->k, .w = f->k, .rgb = f->c == 3, .version = w->version * 4096 + (uint64_t)w->epoch,
                    .map = MAP_SIGNED, .lo = &v->range[0], .hi = &v->range[1], .range_count = 1, .gap = 3, .count = f->o};
    map_grid_fit(ui, &grid, r.w, r.h - 4, 12, 64);
    const float width = map_grid_width(&grid), height = map_grid_height(&grid);
    ui_maps(ui, (Rect){r.x, r.y + 4, fminf(width, r.w), fminf(height, r.h - 4)}, &grid, "conv1");
}

static int matrix_count(const void *user, int label, int answer)
{
    const Confusion *c = &((const Watch *)user)->confusion;
    return c->counts[(size_t)label * (size_t)c->classes + (size_t)answer];
}

static void matrix_text(const void *user, int label, int answer, char *out, size_t size)
{
    const Watch *w = user;
    char **names = w->confusion.names.items;
    char pair[240], count[16];
    snprintf(pair, sizeof pair, "%s → %s", str_class(w->lang, names, w->confusion.classes, label), str_class(w->lang, names, w->confusion.classes, answer));
    snprintf(count, sizeof count, "%d", matrix_count(user, label, answer));
    snprintf(out, size, str(w->lang, STR_LIST_COLON), pair, count);
}

/* The confusion matrix of the best weights on the validation pictures. */
static void draw_confusion(Ui *ui, WatchView *v, Rect r)
{
    const Confusion *c = &v->watch->confusion;
    char say[96];
    int label, answer;
    snprintf(say, sizeof say, word(v, STR_WATCH_CONFUSION_SAY), c->epoch);
    r = begin_panel(ui, r, word(v, STR_WATCH_CONFUSION), say);
    const ConfusionGrid grid = {.names = c->names.items, .classes = c->classes, .count = matrix_count, .text = matrix_text, .user = v->watch, .lang = v->watch->lang};
    confusion_grid(ui, r, &grid, &label, &answer);
}

static void draw_header(Ui *ui, WatchView *v, Rect r)
{
    Watch *w = v->watch;
    ui_fill(ui, r, ui->theme->panel);
    ui_fill(ui, (Rect){r.x, r.y + r.h - 1, r.w, 1}, ui->theme->panel_edge);
    r = (Rect){r.x + 18, r.y, r.w - 36, r.h};
    float width = ui_text(ui, r, ui_style(FACE_BOLD, ui->theme->size_title, ui->theme->text), ALIGN_LEFT, word(v, STR_WATCH_TITLE));
    rect_cut_left(&r, width + 18);
    if (w->problem[0] != '\0') {
        ui_text(ui, r, ui_style(FACE_SANS, ui->theme->size_body, ui->theme->bad), ALIGN_LEFT, w->problem);
        return;
    }
    const TextStyle plain = ui_style(FACE_SANS, ui->theme->size_body, ui->theme->text_dim);
    if (w->history.count == 0) {
        ui_text(ui, r, plain, ALIGN_LEFT, word(v, STR_WATCH_WAITING));
        return;
    }
    const HistoryRow *row = watch_row(w);
    width = ui_textf(ui, r, ui_style(FACE_SANS, ui->theme->size_body, ui->theme->text), ALIGN_LEFT, word(v, STR_WATCH_EPOCH), w->epoch,
                     watch_last(w));
    rect_cut_left(&r, width + 18);
    if (row != NULL) {
        width = ui_textf(ui, r, plain, ALIGN_LEFT, word(v, STR_WATCH_RATE), row->lr, row->seconds);
        rect_cut_left(&r, width + 18);
    }
    double accuracy;
    const int best = watch_best(w, &accuracy);
    ui_textf(ui, r, plain, ALIGN_RIGHT, word(v, STR_WATCH_BEST), accuracy, best);
}

/* The note of the chosen epoch's phase, and the keys. */
static void draw_footer(Ui *ui, WatchView *v, Rect r)
{
    const Watch *w = v->watch;
    const TextStyle style = ui_style(FACE_SANS, ui->theme->size_caption, ui->theme->text_dim);
    const char *note = "";
    for (int i = 0; i < w->history.count && w->history.rows[i].epoch <= (w->epoch > 0 ? w->epoch : 1); i++)
        if (w->history.rows[i].note[0] != '\0')
            note = w->history.rows[i].note;
    r = (Rect){r.x + 18, r.y, r.w - 36, r.h};
    const char *keys = word(v, v->inside ? STR_WATCH_KEYS_INSIDE : STR_WATCH_KEYS);
    ui_text(ui, rect_cut_right(&r, ui_text_width(ui, style, keys) + 4), style, ALIGN_RIGHT, keys);
    rect_cut_right(&r, 16);
    char cut[256];
    part_cut(ui, style, note, r.w, cut, sizeof cut);
    ui_text(ui, r, style, ALIGN_LEFT, cut);
}

/* A low window, as under a lesson's text: what matters most, side by side. */
static void draw_row(Ui *ui, WatchView *v, Rect area, bool matrix)
{
    const int count = matrix && area.w >= THREE_PANELS ? 3 : 2;
    const float part = floorf((area.w - (float)(count - 1) * GAP) / (float)count);
    draw_losses(ui, v, rect_cut_left(&area, part));
    rect_cut_left(&area, GAP);
    if (count == 3) {
        draw_accuracy(ui, v, rect_cut_left(&area, part));
        rect_cut_left(&area, GAP);
    }
    if (matrix)
        draw_confusion(ui, v, area);
    else
        draw_accuracy(ui, v, area);
}

void view_train(Ui *ui, WatchView *view, Rect area)
{
    draw_header(ui, view, rect_cut_top(&area, HEADER));
    draw_footer(ui, view, rect_cut_bottom(&area, FOOTER));
    area = rect_inset(area, GAP);
    const bool matrix = view->watch->confusion.classes > 0 && view->watch->confusion.classes <= CONFUSION_DRAWN;
    if (area.h < 2 * 11 * ui->theme->size_body) {
        draw_row(ui, view, area, matrix);
        if (view->watch->playing)
            ui->want_frame = true;
        return;
    }
    Rect top = rect_cut_top(&area, floorf((area.h - GAP) * 0.5f));
    rect_cut_top(&area, GAP);
    const float half = floorf((area.w - GAP) / 2);
    draw_losses(ui, view, rect_cut_left(&top, half));
    rect_cut_left(&top, GAP);
    draw_accuracy(ui, view, top);
    const bool three = matrix && area.w >= THREE_PANELS;
    const float part = three ? floorf((area.w - 2 * GAP) / 3) : half;
    draw_gradients(ui, view, rect_cut_left(&area, part));
    rect_cut_left(&area, GAP);
    if (three) {
        draw_confusion(ui, view, rect_cut_left(&area, part));
        rect_cut_left(&area, GAP);
    }
    if (matrix && !three) /* a small window has the kernels in the view of weights */
        draw_confusion(ui, view, area);
    else
        draw_kernels(ui, view, area);
    if (view->watch->playing)
        ui->want_frame = true;
}
