/* view_sanity.c - which map to trust: three kinds of maps for two classes, and the same with weights that are random from the top down. A
 * track of the layers is the slider. See app/model/sanity_model.h. */
#include "app/views/why.h"
#include "app/views/views.h"

#include <math.h>
#include <stdio.h>

static const float GAP = 10, LINE = 18;

static const struct { SanityMap map; Str name; } kinds[] = {
    {SANITY_GRADIENT, STR_SANITY_GRADIENT}, {SANITY_INTEGRATED, STR_SANITY_INTEGRATED}, {SANITY_GUIDED, STR_SANITY_GUIDED}};
enum { KINDS = sizeof kinds / sizeof kinds[0] };

/* "fc", "5a", "conv1": what a stage makes random last. */
static void stage_name(const Model *m, int stage, char *out, size_t size)
{
    const Net *net = model_net(m);
    if (stage == 0) {
        snprintf(out, size, "%s", model_text(m, STR_SANITY_NONE));
        return;
    }
    const Layer *l = &net->layers[sanity_stage_first(net, stage)];
    snprintf(out, size, "%s", l->module >= 0 ? net->modules[l->module].title : l->name);
}

/* A number's words and the number; below each other where they do not fit. */
static void fact(Ui *ui, Rect *r, const char *words, const char *number)
{
    if (ui_text_width(ui, part_small(ui), words) + ui_text_width(ui, part_mono(ui), number) + 8 <= r->w) {
        ui_pair(ui, rect_cut_top(r, LINE), part_small(ui), words, part_mono(ui), number);
        return;
    }
    ui_text(ui, rect_cut_top(r, LINE), part_small(ui), ALIGN_LEFT, words);
    ui_text(ui, rect_cut_top(r, LINE), part_mono(ui), ALIGN_RIGHT, number);
}

/* Both classes' maps of one kind with one set of weights, and how alike they are. Cut off `r`. */
static void set(Ui *ui, const Model *m, Rect *r, int kind, SanityWeights weights, float side, float h)
{
    const SanityChecks *c = &m->sanity;
    const SanitySet *s = &c->sets[weights];
    const SanityMap map = kinds[kind].map;
    char text[160], name[96], stage[64];
    stage_name(m, c->made_stage, stage, sizeof stage);
    snprintf(text, sizeof text, model_text(m, STR_SANITY_RANDOM), stage);
    part_text_fit(ui, rect_cut_top(r, LINE), part_caption(ui), weights == WEIGHTS_OWN ? model_text(m, STR_SANITY_OWN) : text);
    Rect pictures = rect_cut_top(r, h + LINE);
    if (!sanity_shows(c, weights, map)) {
        snprintf(text, sizeof text, model_text(m, STR_SANITY_BUSY), s->done, SANITY_DONE);
        part_paragraph(ui, &pictures, part_small(ui), text);
        rect_cut_top(r, 2 * LINE);
        return;
    }
    for (int k = 0; k < SANITY_CLASSES; k++) {
        const Rect cell = rect_cut_left(&pictures, side), place = part_image(ui, &s->pictures[map][k], s->versions[map][k], (Rect){cell.x, cell.y, side, h});
        ui_item(ui, place, "picture", model_text(m, kinds[kind].name));
        part_class_name(m, s->maps.classes[k], text, sizeof text);
        part_cut(ui, part_caption(ui), text, side, name, sizeof name);
        ui_text(ui, (Rect){cell.x, place.y + place.h, side, LINE}, part_caption(ui), ALIGN_LEFT, name);
        rect_cut_left(&pictures, GAP);
    }
    Rect facts = rect_cut_top(r, 2 * LINE);
    if (weights == WEIGHTS_OWN) {
        snprintf(text, sizeof text, "%.3f", s->classes[map]);
        fact(ui, &facts, model_text(m, STR_SANITY_BETWEEN), text);
    } else {
        snprintf(text, sizeof text, "%.3f  %.3f", s->kept[map][0], s->kept[map][1]);
        fact(ui, &facts, model_text(m, STR_SANITY_KEPT), text);
    }
}

static void card(Ui *ui, const Model *m, Rect r, int kind)
{
    const Shape in = m->sanity.sets[WEIGHTS_OWN].maps.input;
    Rect inside = part_card(ui, r, model_text(m, kinds[kind].name), "", 0);
    const int sets = m->sanity.made_stage > 0 ? 2 : 1; /* with the network's own weights, and with random ones */
    const float room = inside.h / (float)sets - 4 * LINE, wide = floorf((inside.w - GAP) / 2);
    const float scale = fminf(wide / (float)in.w, fmaxf(room, 24) / (float)in.h), side = floorf(scale * (float)in.w), h = floorf(scale * (float)in.h);
    set(ui, m, &inside, kind, WEIGHTS_OWN, side, h);
    if (m->sanity.made_stage > 0)
        set(ui, m, &inside, kind, WEIGHTS_RANDOM, side, h);
}

/* The stages from the top down, a cell each; a drag chooses how many are random. */
static void track(Ui *ui, Model *m, Rect r)
{
    const Theme *t = ui->theme;
    const int count = sanity_stages(model_net(m)) + 1, chosen = m->sanity.stage;
    char name[64], cut[64];
    ui_text(ui, rect_cut_top(&r, LINE), part_small(ui), ALIGN_LEFT, model_text(m, STR_SANITY_TRACK));
    const float cell = r.w / (float)count;
    const Rect held = {r.x, r.y, r.w, 40};
    if (ui_drag(ui, ui_id("sanity stage", 0), held))
        model_choose_stage(m, (int)floorf((ui->in.mouse_x - r.x) / cell));
    for (int i = 0; i < count; i++) {
        const Rect place = rect_cell(held, 1, count, 0, i);
        ui_round(ui, (Rect){place.x, r.y + 2, place.w - 2, 16}, 3, i == 0 ? t->tile_back : i <= chosen ? t->selection : t->histogram);
        stage_name(m, i, name, sizeof name);
        part_cut(ui, part_caption(ui), name, cell - 2, cut, sizeof cut);
        ui_text(ui, (Rect){place.x, r.y + 20, place.w - 2, 16}, part_caption(ui), ALIGN_CENTER, cut);
        ui_item(ui, (Rect){place.x, r.y, place.w, 36}, "stage", name);
    }
    const float at = roundf(r.x + cell * (float)chosen);
    ui_frame_round(ui, (Rect){at - 2, r.y, ceilf(cell) + 2, 20}, 4, 2, t->text);
    ui_item(ui, held, "slider", "stages");
}

static void sentences(Ui *ui, Session *session, ViewState *v, Rect r)
{
    Model *m = &session->model;
    const SanityChecks *c = &m->sanity;
    const Sanity *own = &c->sets[WEIGHTS_OWN].maps;
    char text[512], name[96], sum[NUM_MAX], difference[NUM_MAX], gap[NUM_MAX];
    ui_panel(ui, r);
    Rect in = ui_column_begin(ui, ui_id("sanity says", 0), (Rect){r.x + 12, r.y + 8, r.w - 24, r.h - 16}, &v->scroll[SCROLL_EXTRA]);
    const float top = in.y;
    part_class_name(m, own->classes[1], name, sizeof name);
    snprintf(text, sizeof text, model_text(m, STR_SANITY_BESIDE), name);
    if (ui_button(ui, ui_id("sanity against", 0), rect_inset(rect_cut_top(&in, 32), 2), text, BUTTON_PLAIN))
        session_do(session, VERB_SANITY_AGAINST);
    rect_cut_top(&in, 4);
    part_paragraph(ui, &in, part_small(ui), model_text(m, STR_SANITY_RANK));
    rect_cut_top(&in, 6);
    part_paragraph(ui, &in, part_small(ui), model_text(m, STR_SANITY_ONLY_HERE));
    for (int k = 0; k < SANITY_CLASSES && sanity_shows(c, WEIGHTS_OWN, SANITY_INTEGRATED); k++) {
        const double total = sanity_sum(own, k), wanted = own->score[k] - own->empty[k];
        part_class_name(m, own->classes[k], name, sizeof name);
        snprintf(text, sizeof text, model_text(m, STR_SANITY_GAP), SANITY_STEPS, name, num_value(sum, total), num_value(difference, wanted), num_value(gap, total - wanted));
        rect_cut_top(&in, 6);
        part_paragraph(ui, &in, part_small(ui), text);
    }
    ui_column_end(ui, in.y - top + 4);
}

void view_sanity(Ui *ui, Session *session, ViewState *v, Rect area)
{
    static const float TRACK = 76, SAYS = 290;
    Model *m = &session->model;
    const SanityChecks *c = &m->sanity;
    const Sanity *own = &c->sets[WEIGHTS_OWN].maps;
    char a[96], b[96], says[400];
    const char *title = model_text(m, STR_SANITY_TITLE);
    if (!sanity_shows(c, WEIGHTS_OWN, SANITY_GRADIENT)) {
        part_stage_title(ui, &area, title, c->problem.text[0] != '\0' ? c->problem.text : model_text(m, STR_NOT_COMPUTED));
        return;
    }
    part_class_name(m, own->classes[0], a, sizeof a);
    part_class_name(m, own->classes[1], b, sizeof b);
    snprintf(says, sizeof says, model_text(m, STR_SANITY_SAYS), a, b);
    part_stage_title(ui, &area, title, says);
    rect_cut_top(&area, 8);
    Rect side = rect_cut_left(&area, why_side_width(area.w));
    sentences(ui, session, v, rect_cut_bottom(&side, fminf(SAYS, side.h * 0.55f)));
    rect_cut_bottom(&side, GAP);
    why_classes(ui, m, v, side, own->classes[0]);
    rect_cut_left(&area, GAP + 4);
    Rect foot = rect_cut_bottom(&area, TRACK);
    rect_cut_bottom(&area, GAP);
    const float w = floorf((area.w - 2 * GAP) / KINDS);
    for (int i = 0; i < KINDS; i++) {
        card(ui, m, rect_cut_left(&area, w), i);
        rect_cut_left(&area, GAP);
    }
    ui_panel(ui, foot);
    track(ui, m, (Rect){foot.x + 10, foot.y + 8, foot.w - 20, foot.h - 10});
}
