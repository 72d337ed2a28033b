/* view_wants.c - what a unit wants (Shift+M): the picture that one channel answers to most grows step by step, with its objective below it and
 * the switches of how it is made beside it. Made in two ways, both pictures are side by side. Or small pictures of all units of the layer. */
#include "app/views/chart.h"
#include "app/views/parts.h"
#include "app/views/views.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static void unit_name(const Model *m, int channel, char *out, size_t size)
{
    cursor_text(model_net(m), (Cursor){model_wants_unit(m).layer, channel, -1, -1}, out, size);
}

void wants_hints(const Model *m, char *out, size_t size)
{
    snprintf(out, size, "%s", model_text(m, STR_WANTS_HINT));
}

/* ---- one unit ---- */

/* What the present picture is compared with: the one with the usual switches, or with them the last one made without. NULL: none. */
static const WantMade *other_way(const Model *m)
{
    const Cursor unit = model_wants_unit(m);
    const WantMade *other = wants_other(&m->wants, unit.layer, unit.channel);
    return other != NULL && other->steps > 0 ? other : NULL;
}

static bool is_usual(const WantMade *made)
{
    return !made->options.pixels && !made->options.still;
}

/* "Fourier · jitter" */
static void way_text(const Model *m, const WantMade *made, char *out, size_t size)
{
    snprintf(out, size, "%s · %s", model_text(m, made->options.pixels ? STR_WANTS_PIXELS : STR_WANTS_FOURIER),
             model_text(m, made->options.still ? STR_WANTS_STILL : STR_WANTS_MOVING));
}

static float last_value(const WantMade *made)
{
    return made->values[made->steps - 1];
}

/* A picture with its basis and its value below it. */
static void one_picture(Ui *ui, const Model *m, Rect r, const WantMade *made, Color mark)
{
    char way[96], value[NUM_MAX], step[64], text[NUM_MAX + 80];
    const float side = floorf(fminf(r.w, r.h - 42));
    const Rect place = {r.x + floorf((r.w - side) / 2), r.y, side, side};
    if (made->steps > 0)
        ui_picture(ui, place, made->rgb, made->size, made->size, made->version, true);
    else
        ui_fill(ui, place, 0x808080ff);
    Rect below = {r.x, r.y + side + 2, r.w, 20};
    way_text(m, made, way, sizeof way);
    ui_text(ui, below, part_colored(part_bold(ui), mark), ALIGN_CENTER, way);
    below.y += 19;
    snprintf(step, sizeof step, model_text(m, STR_WANTS_STEP), made->steps, WANTS_STEPS);
    snprintf(text, sizeof text, "%s%s%s", made->steps > 0 ? num_value(value, (double)last_value(made)) : "", made->steps > 0 ? " · " : "", step);
    if (ui_text_width(ui, part_small(ui), text) > below.w)
        snprintf(text, sizeof text, "%s · %d/%d", made->steps > 0 ? value : "–", made->steps, WANTS_STEPS);
    ui_text(ui, below, part_small(ui), ALIGN_CENTER, text);
}

static void include(const WantMade *made, double *lo, double *hi)
{
    for (int i = 0; made != NULL && i < made->steps; i++) {
        *lo = fmin(*lo, (double)made->values[i]);
        *hi = fmax(*hi, (double)made->values[i]);
    }
}

static void curve(Ui *ui, ViewState *v, const Chart *chart, const WantMade *made, Color color)
{
    double *xy = made != NULL && made->steps > 1 ? view_scratch(v, 2 * WANTS_STEPS * sizeof *xy) : NULL;
    float *points = xy != NULL ? view_scratch(v, 2 * WANTS_STEPS * sizeof *points) : NULL;
    if (points == NULL)
        return;
    for (int i = 0; i < made->steps; i++) {
        xy[i] = i + 1;
        xy[WANTS_STEPS + i] = (double)made->values[i];
    }
    chart_curve(ui, chart, xy, xy + WANTS_STEPS, made->steps, points, 2, color);
}

static Color mark_of(const Ui *ui, const WantMade *made)
{
    return is_usual(made) ? ui->theme->accent : ui->theme->branch[BRANCH_5X5];
}

static void curves(Ui *ui, const Model *m, ViewState *v, Rect r, const WantMade *made, const WantMade *other)
{
    double lo = 0, hi = 1e-6;
    ui_text(ui, rect_cut_top(&r, 18), part_caption(ui), ALIGN_LEFT, model_text(m, m->wants.options.neuron ? STR_WANTS_CURVE_NEURON : STR_WANTS_CURVE_CHANNEL));
    include(made, &lo, &hi);
    include(other, &lo, &hi);
    const double step = chart_step(hi - lo, (int)fmaxf(2, r.h / 34));
    const int digits = step >= 1 ? 0 : (int)fmin(6, ceil(-log10(step) - 1e-9));
    const Chart chart = chart_begin(ui, r, 0, WANTS_STEPS, lo, hi, digits);
    if (other != NULL)
        curve(ui, v, &chart, other, mark_of(ui, other));
    curve(ui, v, &chart, made, mark_of(ui, made));
}

/* What the two pictures say together, or how to get the second one. */
static void compared_text(const Model *m, const WantMade *made, const WantMade *other, char *out, size_t size)
{
    char way[96], a[NUM_MAX], b[NUM_MAX];
    if (other == NULL || made->steps < WANTS_STEPS || other->steps < WANTS_STEPS) {
        snprintf(out, size, "%s", other == NULL ? model_text(m, STR_WANTS_OTHER_WAY) : "");
        return;
    }
    const WantMade *usual = is_usual(made) ? made : other, *changed = is_usual(made) ? other : made;
    const bool more = last_value(changed) > last_value(usual);
    way_text(m, changed, way, sizeof way);
    snprintf(out, size, model_text(m, more ? STR_WANTS_MORE : STR_WANTS_LESS), way, num_value(a, (double)last_value(changed)), num_value(b, (double)last_value(usual)));
}

static void pictures(Ui *ui, const Model *m, ViewState *v, Rect r)
{
    const Cursor unit = model_wants_unit(m);
    const WantMade *made = wants_made(&m->wants, unit.layer, unit.channel, &m->wants.options), *other = other_way(m);
    ui_panel(ui, r);
    r = rect_inset(r, 14);
    if (made == NULL)
        return;
    if (made->problem.text[0] != '\0') {
        part_paragraph(ui, &r, part_body(ui), made->problem.text);
        return;
    }
    char text[320];
    compared_text(m, made, other, text, sizeof text);
    const TextStyle style = other != NULL ? part_body(ui) : part_small(ui);
    const Rect below = rect_cut_bottom(&r, fmaxf(100, floorf(r.h * 0.28f)));
    Rect says = rect_cut_bottom(&r, fmaxf(40, ui_paragraph_height(ui, r.w, style, text) + 10));
    if (other == NULL) {
        one_picture(ui, m, r, made, mark_of(ui, made));
    } else {
        const Rect left = rect_cut_left(&r, floorf((r.w - 12) / 2));
        rect_cut_left(&r, 12);
        const WantMade *usual = is_usual(made) ? made : other, *changed = is_usual(made) ? other : made;
        one_picture(ui, m, left, usual, mark_of(ui, usual));
        one_picture(ui, m, r, changed, mark_of(ui, changed));
    }
    part_paragraph(ui, &says, style, text);
    curves(ui, m, v, below, made, other);
}

/* ---- the switches ---- */

typedef struct WantSwitch {
    Verb verb;
    Str off, on;
} WantSwitch;

static const WantSwitch switches[] = {
    {VERB_WANT_BASIS, STR_WANTS_FOURIER, STR_WANTS_PIXELS},
    {VERB_WANT_JITTER, STR_WANTS_MOVING, STR_WANTS_STILL},
    {VERB_WANT_NEURON, STR_WANTS_CHANNEL, STR_WANTS_NEURON},
};

static bool is_on(const WantOptions *o, Verb verb)
{
    return verb == VERB_WANT_BASIS ? o->pixels : verb == VERB_WANT_JITTER ? o->still : o->neuron;
}

/* One of two words in a row. */
static void draw_switch(Ui *ui, Session *session, Rect row, const WantSwitch *s)
{
    const Model *m = &session->model;
    const bool on = is_on(&m->wants.options, s->verb);
    for (int i = 0; i < 2; i++) {
        const Rect half = rect_inset(i == 0 ? (Rect){row.x, row.y, row.w / 2, row.h} : (Rect){row.x + row.w / 2, row.y, row.w / 2, row.h}, 2);
        if (ui_choice(ui, ui_id("want switch", 2 * (int)s->verb + i), half, model_text(m, i == 0 ? s->off : s->on), on == (i == 1)) && on != (i == 1))
            session_do(session, s->verb);
    }
}

static void verb_button(Ui *ui, Session *session, Rect *r, const char *label, Verb verb, ButtonKind kind)
{
    if (ui_button(ui, ui_id("want", (int)verb), rect_inset(rect_cut_top(r, 32), 2), label, kind))
        session_do(session, verb);
}

/* That such weights want little that can be seen. */
static void caution(Ui *ui, const Model *m, Rect *r, TextStyle style)
{
    const Source *source = &m->source->source;
    if (source->untrained)
        part_paragraph(ui, r, style, model_text(m, STR_WANTS_RANDOM));
    else if (wants_vague(source, model_wants_unit(m).layer))
        part_paragraph(ui, r, style, model_text(m, STR_WANTS_VAGUE));
}

static void facts(Ui *ui, const Model *m, Rect *r)
{
    const Cursor unit = model_wants_unit(m);
    const Source *source = &m->source->source;
    const WantMade *made = wants_made(&m->wants, unit.layer, unit.channel, &m->wants.options);
    if (made != NULL && made->steps == WANTS_STEPS && !made->rises)
        part_paragraph(ui, r, part_body(ui), model_text(m, STR_WANTS_FLAT));
    caution(ui, m, r, part_body(ui));
    rect_cut_top(r, 6);
    if (source->info.path[0] != '\0')
        part_paragraph(ui, r, part_small(ui), part_file_name(source->info.path));
    part_paragraph(ui, r, part_small(ui), model_text(m, STR_WANTS_OWN));
}

static void side(Ui *ui, Session *session, ViewState *v, Rect r)
{
    const Model *m = &session->model;
    const Cursor unit = model_wants_unit(m);
    const WantMade *made = m->wants.grid ? NULL : wants_made(&m->wants, unit.layer, unit.channel, &m->wants.options);
    char text[128], layer[NET_NAME_MAX + 32];
    Rect body = ui_column_begin(ui, ui_id("wants side", 0), part_panel(ui, r), &v->scroll[SCROLL_VALUE]);
    const float top = body.y;
    part_heading(ui, &body, model_text(m, STR_WANTS_SWITCHES));
    for (size_t i = 0; i < sizeof switches / sizeof switches[0]; i++)
        draw_switch(ui, session, rect_cut_top(&body, 32), &switches[i]);
    snprintf(text, sizeof text, model_text(m, STR_WANTS_SEED), (int)m->wants.options.seed);
    Rect row = rect_cut_top(&body, 32);
    ui_text(ui, (Rect){row.x + 4, row.y, row.w / 2 - 4, row.h}, part_mono(ui), ALIGN_LEFT, text);
    row = (Rect){row.x + row.w / 2, row.y, row.w / 2, row.h};
    verb_button(ui, session, &row, model_text(m, STR_WANTS_ANOTHER), VERB_WANT_SEED, BUTTON_PLAIN);
    unit_name(m, -1, layer, sizeof layer);
    snprintf(text, sizeof text, model_text(m, m->wants.grid ? STR_WANTS_ONE : STR_WANTS_ALL), layer);
    verb_button(ui, session, &body, text, VERB_WANT_ALL, BUTTON_PLAIN);
    const bool finished = made != NULL && made->steps == WANTS_STEPS;
    if (!m->wants.grid)
        verb_button(ui, session, &body, model_text(m, finished ? STR_WANTS_AGAIN : m->wants.paused ? STR_WANTS_GO_ON : STR_WANTS_PAUSE), VERB_WANT_PAUSE, BUTTON_PRIMARY);
    rect_cut_top(&body, 8);
    facts(ui, m, &body);
    ui_column_end(ui, body.y - top);
}

/* ---- all units of the layer ---- */

static void small_picture(Ui *ui, Model *m, Rect tile, int channel)
{
    const WantAll *all = &m->wants.all;
    char name[NET_NAME_MAX + 32], number[16];
    const Rect place = {tile.x, tile.y, tile.w, tile.w};
    unit_name(m, channel, name, sizeof name);
    ui_address(ui, name);
    if (channel < all->done)
        ui_picture(ui, place, all->rgb + (size_t)channel * WANTS_SMALL * WANTS_SMALL * 3, WANTS_SMALL, WANTS_SMALL, all->version + (uint64_t)channel, true);
    else
        ui_fill(ui, place, ui->theme->panel_edge);
    ui_address(ui, NULL);
    snprintf(number, sizeof number, "%d", channel);
    ui_text(ui, (Rect){tile.x, tile.y + tile.w, tile.w, 16}, part_caption(ui), ALIGN_CENTER, number);
    if (channel == m->cursor.channel)
        ui_frame(ui, rect_inset(place, -2), 2, ui->theme->selection);
    if (ui_click(ui, ui_id("small want", channel), tile)) {
        model_select(m, (Cursor){m->cursor.layer, channel, -1, -1});
        model_want_all(m, false, m->wants.all.asked);
    }
}

static void grid(Ui *ui, Model *m, ViewState *v, Rect r)
{
    const WantAll *all = &m->wants.all;
    const int layer = model_wants_unit(m).layer, count = model_net(m)->layers[layer].out.c;
    const bool mine = wants_all_of(&m->wants, layer);
    const float tile = 72, gap = 8, row_h = tile + 22;
    char text[96];
    ui_panel(ui, r);
    r = rect_inset(r, 12);
    Rect head = rect_cut_top(&r, 32);
    const char *stop = model_text(m, m->wants.all.asked ? STR_WANTS_STOP : STR_WANTS_GO_ON);
    if ((!mine || all->done < count) && ui_button(ui, ui_id("want stop", 0), rect_inset(rect_cut_left(&head, ui_button_width(ui, stop) + 4), 2), stop, BUTTON_PLAIN))
        model_want_all(m, true, !m->wants.all.asked);
    rect_cut_left(&head, 10);
    snprintf(text, sizeof text, model_text(m, STR_WANTS_PROGRESS), mine ? all->done : 0, count);
    ui_text(ui, head, part_body(ui), ALIGN_LEFT, text);
    rect_cut_top(&r, 8);
    if (mine && all->problem.text[0] != '\0') {
        part_paragraph(ui, &r, part_body(ui), all->problem.text);
        return;
    }
    const int columns = (int)fmaxf(1, floorf((r.w - 14 + gap) / (tile + gap))), rows = (count + columns - 1) / columns;
    const Rect body = ui_scroll_begin(ui, ui_id("wants grid", 0), r, &v->scroll[SCROLL_LIST], (float)rows * row_h);
    for (int c = 0; c < count; c++) {
        const Rect place = {body.x + 2 + (float)(c % columns) * (tile + gap), body.y + 2 + (float)(c / columns) * row_h, tile, row_h - 6};
        if (place.y + place.h >= r.y && place.y <= r.y + r.h)
            small_picture(ui, m, place, c);
    }
    ui_scroll_end(ui);
}

/* ---- the view ---- */

static bool reads_picture(const Net *net, int layer)
{
    return net->layers[layer].op == OP_CONV && net->layers[layer].inputs[0] == 0;
}

static void refused(Ui *ui, Session *session, Rect area, int layer, const char *reason)
{
    const Model *m = &session->model;
    char name[NET_NAME_MAX + 32], text[256];
    unit_name(m, -1, name, sizeof name);
    snprintf(text, sizeof text, model_text(m, STR_WANTS_KERNELS), name);
    ui_panel(ui, area);
    area = rect_inset(area, 16);
    part_paragraph(ui, &area, part_body(ui), reads_picture(model_net(m), layer) ? text : reason);
    rect_cut_top(&area, 8);
    const char *see = model_text(m, STR_WANTS_SEE_KERNELS);
    Rect row = rect_cut_top(&area, 32);
    if (reads_picture(model_net(m), layer) && ui_button(ui, ui_id("want kernels", 0), rect_cut_left(&row, ui_button_width(ui, see)), see, BUTTON_PRIMARY))
        session_do(session, VERB_VIEW_WEIGHTS);
}

void view_wants_page(Ui *ui, Session *session, ViewState *v, Rect area)
{
    Model *m = &session->model;
    const Cursor unit = model_wants_unit(m);
    char name[NET_NAME_MAX + 32], title[NET_NAME_MAX + 96];
    Err reason = {""};
    unit_name(m, m->wants.grid ? -1 : unit.channel, name, sizeof name);
    snprintf(title, sizeof title, model_text(m, m->wants.grid ? STR_WANTS_ALL_TITLE : STR_WANTS_TITLE), name);
    part_stage_title(ui, &area, title, model_text(m, STR_WANTS_SAYS));
    rect_cut_top(&area, 8);
    if (!wants_allowed(model_net(m), unit.layer, &reason)) {
        refused(ui, session, area, unit.layer, reason.text);
        return;
    }
    const float side_w = fminf(fmaxf(floorf(area.w * 0.3f), 220), 320);
    const Rect right = rect_cut_right(&area, side_w);
    rect_cut_right(&area, 14);
    if (m->wants.grid)
        grid(ui, m, v, area);
    else
        pictures(ui, m, v, area);
    side(ui, session, v, right);
}

/* ---- a column beside the unit's photos ---- */

float view_wants_width(const Session *session, float width)
{
    const Model *m = &session->model;
    const float column = fminf(floorf(width * 0.26f), 280);
    return m->cursor.channel >= 0 && column >= 180 && wants_allowed(model_net(m), m->cursor.layer, NULL) ? column : 0;
}

void view_wants(Ui *ui, Session *session, Rect area)
{
    Model *m = &session->model;
    const Cursor unit = model_wants_unit(m);
    const WantMade *made = wants_made(&m->wants, unit.layer, unit.channel, &m->wants.options);
    char name[NET_NAME_MAX + 32], title[NET_NAME_MAX + 96];
    area = part_panel(ui, area);
    unit_name(m, unit.channel, name, sizeof name);
    snprintf(title, sizeof title, model_text(m, STR_WANTS_TITLE), name);
    part_heading(ui, &area, title);
    if (made != NULL && made->problem.text[0] != '\0')
        part_paragraph(ui, &area, part_small(ui), made->problem.text);
    else if (made != NULL)
        one_picture(ui, m, rect_cut_top(&area, fminf(area.w + 42, area.h)), made, mark_of(ui, made));
    else if (ui_button(ui, ui_id("want beside", 0), rect_inset(rect_cut_top(&area, 32), 2), model_text(m, STR_WANTS_MAKE), BUTTON_PRIMARY))
        model_want_beside(m);
    rect_cut_top(&area, 4);
    part_paragraph(ui, &area, part_small(ui), model_text(m, STR_WANTS_SAYS));
    caution(ui, m, &area, part_small(ui));
    rect_cut_top(&area, 6);
    if (area.h >= 32)
        verb_button(ui, session, &area, model_text(m, STR_WANTS_SWITCHES), VERB_VIEW_WANTS, BUTTON_PLAIN);
}
