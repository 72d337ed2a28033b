/* teach_results.c - what was learnt of one's own classes: the judged picture, how many held-out pictures are right and what that says, the
 * curves, what is taken for what, and the pictures that are wrong. */
#include "app/views/chart.h"
#include "app/views/class_bars.h"
#include "app/views/teach_view.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const float PICTURE = 124, CHART_H = 150, CELL_W = 44, CELL_H = 30, WRONG = 84;
enum { MANY = 100 };            /* held-out pictures of which one does not say "so few" */

/* ---- the picture ----------------------------------------------------------------------------------------------------------------------- */

static void judged(Ui *ui, Session *session, Rect *in)
{
    Model *m = &session->model;
    const int last = model_net(m)->heads[0].last;
    LayerMap map;
    part_heading(ui, in, model_text(m, session->teaching.own != NULL ? STR_TEACH_JUDGED : STR_TEACH_JUDGED_BEFORE));
    Rect row = rect_cut_top(in, PICTURE + 6);
    part_picture(ui, &m->picture, (Rect){row.x, row.y, PICTURE, PICTURE}, NULL);
    rect_cut_left(&row, PICTURE + 14);
    if (class_bars_for(model_net(m), last) && compute_map(m->compute, last, &map))
        class_bars(ui, m, (Rect){row.x, row.y, row.w, PICTURE}, last, &map);
    else
        ui_text(ui, row, part_small(ui), ALIGN_LEFT, model_text(m, STR_NO_PREDICTION));
    part_paragraph(ui, in, part_caption(ui), m->picture.name);
    rect_cut_top(in, 6);
}

/* ---- how far it is ------------------------------------------------------------------------------------------------------------------------ */

static void progress(Ui *ui, Session *session, Rect *in, float share)
{
    const char *stop = model_text(&session->model, STR_TEACH_STOP);
    Rect row = rect_cut_top(in, 28);
    if (ui_button(ui, ui_id("teach stop", 0), rect_cut_right(&row, ui_button_width(ui, stop)), stop, BUTTON_PLAIN)) {
        session_key(session, "Escape");
        ui->want_frame = true;
    }
    rect_cut_right(&row, 12);
    ui_round(ui, (Rect){row.x, row.y + 12, row.w, 4}, 2, ui->theme->panel_edge);
    ui_round(ui, (Rect){row.x, row.y + 12, row.w * share, 4}, 2, ui->theme->accent);
    ui_item(ui, row, "progress", "");
}

/* What it waits for, in words; "" if nothing. */
static void ready_text(const Session *session, char *out, size_t size)
{
    static const Str words[] = {[TEACH_FEW_BINS] = STR_TEACH_WAIT_BINS, [TEACH_EMPTY_BIN] = STR_TEACH_WAIT_EMPTY, [TEACH_FEW_PICTURES] = STR_TEACH_WAIT_FEW,
                                [TEACH_SAME_NAME] = STR_TEACH_WAIT_NAME, [TEACH_LOOKING] = STR_TEACH_WAIT_LOOKING, [TEACH_STOPPED] = STR_TEACH_WAIT_STOPPED};
    const Teaching *t = &session->teaching;
    const Model *m = &session->model;
    int bin, held;
    const TeachReady ready = teach_ready(&t->bins, &t->looks, &bin);
    out[0] = '\0';
    if (t->learning) {
        int points;
        teach_last_curve(t->last, &points);
        snprintf(out, size, model_text(m, STR_TEACH_LEARNING), points, PROBE_STEPS);
    } else if (ready == TEACH_NO_NETWORK) {
        snprintf(out, size, "%s", t->looks.problem.text);
    } else if (ready == TEACH_READY && (t->result.count == 0 || teaching_stale(t))) {
        const int learned = teach_split(&t->bins, &t->looks, &held);
        snprintf(out, size, model_text(m, STR_TEACH_READY), learned, held);
    } else if (ready != TEACH_READY) {
        snprintf(out, size, model_text(m, words[ready]), bin >= 0 ? t->bins.now.names[bin] : "");
    }
}

/* How far all layers are. */
static void whole_state(Ui *ui, Session *session, Rect *in)
{
    const Teaching *t = &session->teaching;
    int all;
    char text[300];
    if (t->whole == NULL)
        return;
    const int done = teach_whole_steps(t->whole, &all);
    const Str words = !t->whole_runs ? STR_TEACH_WHOLE_PAUSED : teach_whole_pausing(t->whole) ? STR_TEACH_WHOLE_JUDGES : STR_TEACH_WHOLE_RUNS;
    snprintf(text, sizeof text, model_text(&session->model, words), done, all);
    part_paragraph(ui, in, part_body(ui), text);
    if (t->whole_runs)
        progress(ui, session, in, (float)done / (float)all);
}

static void state(Ui *ui, Session *session, Rect *in)
{
    const Teaching *t = &session->teaching;
    const Model *m = &session->model;
    char text[900];
    int all;
    const int done = teach_looks_done(&t->looks, &t->bins, &all);
    if (t->problem.text[0] != '\0')
        part_paragraph(ui, in, part_colored(part_body(ui), ui->theme->bad), t->problem.text);
    if (t->result.count > 0 && teaching_stale(t))
        part_paragraph(ui, in, part_colored(part_body(ui), ui->theme->warn), model_text(m, STR_TEACH_STALE));
    ready_text(session, text, sizeof text);
    if (all == 0)
        part_paragraph(ui, in, part_body(ui), model_text(m, ui->in_page ? STR_TEACH_HOW_PAGE : STR_TEACH_HOW));
    if (text[0] != '\0')
        part_paragraph(ui, in, part_body(ui), text);
    if (t->learning) {
        int points;
        teach_last_curve(t->last, &points);
        progress(ui, session, in, (float)points / PROBE_STEPS);
        ui->want_frame = true;
    } else if (done < all && !t->looks.stopped && t->looks.problem.text[0] == '\0') {
        snprintf(text, sizeof text, model_text(m, STR_TEACH_SEEING), done, all);
        part_paragraph(ui, in, part_small(ui), text);
        progress(ui, session, in, (float)done / (float)all);
    }
    whole_state(ui, session, in);
    rect_cut_top(in, 6);
}

/* ---- what came of it -------------------------------------------------------------------------------------------------------------------------- */

static void expectation(Ui *ui, const Session *session, Rect *in)
{
    const Model *m = &session->model;
    const TeachResult *r = &session->teaching.result;
    double low, high;
    char text[500];
    teach_interval(r->right, r->held, &low, &high);
    snprintf(text, sizeof text, model_text(m, STR_TEACH_RIGHT), r->held, r->right, 100.0 * r->right / r->held);
    part_paragraph(ui, in, part_bold(ui), text);
    snprintf(text, sizeof text, model_text(m, r->held < MANY ? STR_TEACH_EXPECT : STR_TEACH_EXPECT_MANY), 100 * low, 100 * high);
    part_paragraph(ui, in, part_body(ui), text);
    snprintf(text, sizeof text, model_text(m, STR_TEACH_LEARNT_FROM), r->learned, r->seconds);
    if (session->teaching.whole == NULL) /* the seconds of the last layer */
        part_paragraph(ui, in, part_caption(ui), text);
    rect_cut_top(in, 6);
}

/* One chart with two curves: of the learned pictures and of those held out; over the steps of the last layer, or over the rounds of all. */
static void chart(Ui *ui, const Session *session, ViewState *v, Rect r, bool accuracy)
{
    const Model *m = &session->model;
    const Teaching *t = &session->teaching;
    int count;
    const TeachPoint *points = t->whole != NULL ? teach_whole_curve(t->whole, &count) : teach_last_curve(t->last, &count);
    double *xy = count > 0 ? view_scratch(v, (size_t)count * 3 * sizeof(double)) : NULL;
    float *scratch = count > 0 ? view_scratch(v, (size_t)count * 2 * sizeof(float)) : NULL;
    const Color colors[] = {ui->theme->text_dim, ui->theme->accent};
    double top = 1;
    for (int i = 0; i < count && !accuracy; i++)
        top = fmax(top, isnan(points[i].learned.loss) ? points[i].held.loss : fmax(points[i].learned.loss, points[i].held.loss));
    part_heading(ui, &r, model_text(m, accuracy ? STR_TEACH_ACCURACY : STR_TEACH_LOSS));
    Rect key = rect_cut_top(&r, 18);
    for (int k = 0; k < 2; k++) {
        ui_fill(ui, (Rect){key.x, roundf(key.y + key.h / 2 - 1), 12, 3}, colors[k]);
        rect_cut_left(&key, 17);
        rect_cut_left(&key, ui_text(ui, key, part_caption(ui), ALIGN_LEFT, model_text(m, k == 0 ? STR_TEACH_LEARNED : STR_TEACH_HELD)) + 12);
    }
    ui_text(ui, key, part_caption(ui), ALIGN_RIGHT, model_text(m, t->whole != NULL ? STR_TEACH_EPOCHS : STR_TEACH_STEPS));
    Chart c = chart_begin(ui, r, 0, t->whole != NULL ? TEACH_EPOCHS : PROBE_STEPS, 0, top, 1);
    for (int k = 0; k < 2 && xy != NULL && scratch != NULL; k++) {
        double *y = xy + (k + 1) * count;
        for (int i = 0; i < count; i++) {
            const ProbeScore *s = k == 0 ? &points[i].learned : &points[i].held;
            xy[i] = i;
            y[i] = accuracy ? s->accuracy : s->loss;
        }
        chart_curve(ui, &c, xy, y, count, scratch, 2, colors[k]);
    }
    ui_item(ui, c.plot, "chart", accuracy ? "accuracy" : "loss");
}

static void curves(Ui *ui, const Session *session, ViewState *v, Rect *in)
{
    if (session->teaching.last == NULL)
        return;
    if (in->w < 420) { /* one below the other */
        chart(ui, session, v, rect_cut_top(in, CHART_H), true);
        chart(ui, session, v, rect_cut_top(in, CHART_H), false);
    } else {
        Rect row = rect_cut_top(in, CHART_H);
        chart(ui, session, v, rect_cut_left(&row, floorf(row.w / 2) - 6), true);
        rect_cut_left(&row, 12);
        rect_cut_right(&row, 6); /* half of the last number */
        chart(ui, session, v, row, false);
    }
    rect_cut_top(in, 8);
}

/* Rows are what the pictures are, columns what it says. */
static void confusion(Ui *ui, const Session *session, Rect *in)
{
    const Model *m = &session->model;
    const TeachResult *r = &session->teaching.result;
    char text[160];
    float name_w = 40;
    part_heading(ui, in, model_text(m, STR_TEACH_CONFUSION));
    for (int i = 0; i < r->classes; i++)
        name_w = fmaxf(name_w, ui_text_width(ui, part_small(ui), r->names[i]) + 10);
    name_w = fminf(name_w, in->w * 0.35f);
    const float cell = fminf(CELL_W, (in->w - name_w) / (float)r->classes);
    for (int row = -1; row < r->classes; row++) {
        Rect line = rect_cut_top(in, row < 0 ? 20 : CELL_H);
        char name[TEACH_NAME_MAX + 4] = "";
        int all = 0;
        for (int c = 0; row >= 0 && c < r->classes; c++)
            all += r->confusion[row * r->classes + c];
        if (row >= 0)
            part_cut(ui, part_small(ui), r->names[row], name_w - 8, name, sizeof name);
        ui_text(ui, (Rect){line.x, line.y, name_w - 8, line.h}, part_small(ui), ALIGN_RIGHT, name);
        for (int c = 0; c < r->classes; c++) {
            const Rect place = {line.x + name_w + (float)c * cell, line.y, cell - 2, line.h - 2};
            if (row < 0) {
                part_cut(ui, part_caption(ui), r->names[c], place.w, name, sizeof name);
                ui_text(ui, place, part_caption(ui), ALIGN_CENTER, name);
                continue;
            }
            const int count = r->confusion[row * r->classes + c];
            const Color ground = color_mix(ui->theme->tile_back, row == c ? ui->theme->good : ui->theme->bad, all > 0 ? 0.85f * (float)count / (float)all : 0);
            ui_round(ui, place, 3, ground);
            ui_textf(ui, place, ui_style(FACE_MONO, ui->theme->size_small, color_ink(ground)), ALIGN_CENTER, "%d", count);
            snprintf(text, sizeof text, model_text(m, STR_TEACH_CELL), r->names[row], r->names[c], count);
            ui_item(ui, place, "cell", text);
            if (ui_hover(ui, place))
                ui_tooltip(ui, text);
        }
    }
    rect_cut_top(in, 10);
}

static void wrong_tile(Ui *ui, Session *session, Rect r, const TeachAnswer *a)
{
    const Model *m = &session->model;
    const TeachResult *result = &session->teaching.result;
    const Str words[] = {STR_TEACH_SAID, STR_TEACH_IS};
    const int classes[] = {a->said, a->label};
    char text[120], line[120];
    const Rect place = {r.x, r.y, WRONG, WRONG};
    teach_thumb(ui, session, a->picture, place);
    for (int k = 0; k < 2; k++) {
        snprintf(text, sizeof text, model_text(m, words[k]), result->names[classes[k]]);
        part_cut(ui, part_caption(ui), text, r.w, line, sizeof line);
        ui_text(ui, (Rect){r.x, r.y + WRONG + 1 + 15 * (float)k, r.w, 15}, k == 0 ? part_colored(part_caption(ui), ui->theme->bad) : part_caption(ui), ALIGN_LEFT, line);
    }
    if (ui_hover(ui, r))
        ui_frame(ui, rect_inset(place, -1), 1, ui->theme->accent);
    if (ui_click(ui, ui_id("teach wrong", a->picture), r)) {
        session_teach_open(session, a->picture);
        ui->want_frame = true;
    }
    ui_item(ui, r, "wrong", part_file_name(session->teaching.bins.paths[a->picture]));
}

static void wrong(Ui *ui, Session *session, Rect *in)
{
    const Model *m = &session->model;
    const TeachResult *r = &session->teaching.result;
    const float w = WRONG + 22, h = WRONG + 38;
    const int columns = (int)fmaxf(1, floorf((in->w + 8) / (w + 8)));
    int count = 0;
    part_heading(ui, in, model_text(m, STR_TEACH_WRONG));
    for (int i = 0; i < r->count; i++) {
        const TeachAnswer *a = &r->answers[i];
        if (!a->held || a->said == a->label)
            continue;
        wrong_tile(ui, session, (Rect){in->x + (float)(count % columns) * (w + 8), in->y + (float)(count / columns) * h, w, h - 6}, a);
        count++;
    }
    if (count == 0)
        part_paragraph(ui, in, part_small(ui), model_text(m, STR_TEACH_WRONG_NONE));
    rect_cut_top(in, (float)((count + columns - 1) / columns) * h);
}

void teach_results_part(Ui *ui, Session *session, ViewState *v, Rect r)
{
    const Teaching *t = &session->teaching;
    ui_panel(ui, r);
    Rect in = ui_column_begin(ui, ui_id("teach results", 0), rect_inset(r, 12), &v->scroll[SCROLL_VALUE]);
    const float top = in.y;
    state(ui, session, &in);
    if (t->result.count > 0)
        expectation(ui, session, &in);
    judged(ui, session, &in);
    curves(ui, session, v, &in);
    if (t->result.count > 0) {
        confusion(ui, session, &in);
        wrong(ui, session, &in);
    }
    ui_column_end(ui, in.y - top + 4);
}
