/* view_top.c - the bar at the top: picture, network and prediction on the left; engine, range, colour map, language, theme and
 * help on the right. */
#include "app/views/parts.h"
#include "app/views/views.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Cuts a clickable word off the right end of the bar; its id comes from its name. */
static bool right_word(Ui *ui, const char *name, Rect *r, const char *word, bool strong)
{
    const TextStyle style = ui_style(strong ? FACE_BOLD : FACE_SANS, ui->theme->size_small, strong ? ui->theme->text : ui->theme->text_dim);
    Rect place = rect_cut_right(r, ui_text_width(ui, style, word) + 12);
    place = (Rect){place.x, place.y + 9, place.w, place.h - 18};
    if (ui_hover(ui, place))
        ui_round(ui, place, 6, color_alpha(ui->theme->text, 0.07f));
    const bool clicked = ui_click(ui, ui_id(name, 0), place);
    ui_item(ui, place, "choice", word);
    ui_text(ui, place, style, ALIGN_CENTER, word);
    return clicked;
}

static void right_gap(Ui *ui, Rect *r, const char *text)
{
    const float w = ui_text_width(ui, part_small(ui), text);
    ui_text(ui, rect_cut_right(r, w + 4), part_small(ui), ALIGN_CENTER, text);
}

/* "Range: layer ▾"; a narrow window shows no title. The menu opens below its right edge. */
static bool right_menu(Ui *ui, const Model *m, const char *name, Rect *r, Str title, const char *value, float *right)
{
    char text[96];
    *right = r->x + r->w;
    if (ui->width >= 1400)
        snprintf(text, sizeof text, "%s: %s ▾", model_text(m, title), value);
    else
        snprintf(text, sizeof text, "%s ▾", value);
    return right_word(ui, name, r, text, false);
}

static void how(Ui *ui, Session *session, ViewState *v, Rect *r)
{
    Model *m = &session->model;
    static const Str ranges[RANGE_COUNT] = {STR_RANGE_MAP, STR_RANGE_LAYER, STR_RANGE_MODULE, STR_RANGE_LOCKED};
    const bool fast = strcmp(m->engine->name, "fast") == 0, zh = m->screen.lang == LANG_ZH;
    rect_cut_right(r, 8);
    if (right_word(ui, "help", r, ui->width >= 1400 ? model_text(m, STR_HELP_BUTTON) : "?", false))
        model_do(m, VERB_HELP);
    if (right_word(ui, "theme", r, m->screen.dark ? "☀" : "☾", false))
        model_do(m, VERB_THEME);
    right_gap(ui, r, "·");
    if (right_word(ui, "zh", r, "中文", zh) && !zh)
        session_do(session, VERB_LANGUAGE);
    right_gap(ui, r, "|");
    if (right_word(ui, "en", r, "EN", !zh) && zh)
        session_do(session, VERB_LANGUAGE);
    right_gap(ui, r, "·");
    if (right_menu(ui, m, "map menu", r, STR_MAP, look_map_name(m->look.map), &v->menu_right[1]))
        model_overlay(m, m->overlay == OVERLAY_MAP ? OVERLAY_NONE : OVERLAY_MAP);
    if (right_menu(ui, m, "range menu", r, STR_RANGE, model_text(m, ranges[m->look.range]), &v->menu_right[0]))
        model_overlay(m, m->overlay == OVERLAY_RANGE ? OVERLAY_NONE : OVERLAY_RANGE);
    right_gap(ui, r, "·");
    if (right_word(ui, "fast engine", r, model_text(m, STR_ENGINE_FAST), fast) && !fast)
        model_do(m, VERB_ENGINE);
    right_gap(ui, r, "|");
    if (right_word(ui, "reference engine", r, model_text(m, STR_ENGINE_REFERENCE), !fast) && fast)
        model_do(m, VERB_ENGINE);
    if (ui->width >= 1400) {
        char text[48];
        snprintf(text, sizeof text, "%s:", model_text(m, STR_ENGINE));
        right_gap(ui, r, text);
    }
    rect_cut_right(r, 12);
}

/* A word on a rounded, tinted background, cut off the left. */
static bool badge(Ui *ui, const char *name, Rect *r, const char *text, Color ground, Color ink)
{
    const TextStyle style = ui_style(FACE_SANS, ui->theme->size_small, ink);
    const float w = fminf(ui_text_width(ui, style, text) + 18, r->w);
    if (w < 40)
        return false;
    Rect place = rect_cut_left(r, w);
    place = (Rect){place.x, place.y + 11, place.w, place.h - 22};
    const bool clicked = ui_click(ui, ui_id(name, 0), place);
    ui_round(ui, place, place.h / 2, ground);
    ui_item(ui, place, "badge", text);
    ui_text(ui, (Rect){place.x + 9, place.y, place.w - 18, place.h}, style, ALIGN_LEFT, text);
    rect_cut_left(r, 12);
    return clicked;
}

/* What was predicted before the changes to the weights, and an arrow, in front of what is predicted now. */
static void before(Ui *ui, const Model *m, Rect *r, const Guess *now)
{
    Guess was;
    char name[128], percent[NUM_MAX], text[192];
    if (m->what_if.weights == NULL || m->what_if.before_count != net_scores(model_net(m), 0) || !source_trained(&m->source->source, 0))
        return;
    if (top_guesses(m->what_if.before, m->what_if.before_count, &was, 1) == 0)
        return;
    part_class_name(m, was.index, name, sizeof name);
    snprintf(text, sizeof text, "%s %s → ", name, num_probability(percent, (double)was.prob));
    const TextStyle style = part_colored(part_small(ui), was.index != now->index ? ui->theme->bad : ui->theme->text_dim);
    if (ui_text_width(ui, style, text) + 150 < r->w)
        rect_cut_left(r, ui_text(ui, *r, style, ALIGN_LEFT, text) + 4);
}

static void prediction(Ui *ui, Model *m, Rect *r)
{
    Guess best;
    char name[128], percent[NUM_MAX];
    if (model_top(m, &best, 1) == 0) {
        ui_text(ui, *r, part_small(ui), ALIGN_LEFT, model_text(m, net_scores(model_net(m), 0) > 0 ? STR_NO_PREDICTION : STR_NO_SCORES));
        return;
    }
    before(ui, m, r, &best);
    part_class_name(m, best.index, name, sizeof name);
    const bool means = source_trained(&m->source->source, 0);
    const TextStyle style = means ? part_bold(ui) : part_means(ui, m, part_body(ui)), percent_style = part_means(ui, m, part_small(ui));
    if (means)
        num_probability(percent, (double)best.prob);
    else
        snprintf(percent, sizeof percent, "%s", model_text(m, STR_MEANS_NOTHING));
    const float percent_w = ui_text_width(ui, percent_style, percent) + 10;
    const float name_w = ui_text_width(ui, style, name) + 1;
    if (r->w < percent_w + (means ? 30 : name_w)) /* an untrained prediction is not worth a cut name */
        return;
    const Rect whole = {r->x, r->y, fminf(name_w + percent_w, r->w), r->h};
    if (ui_click(ui, ui_id("prediction", 0), whole))
        model_do(m, VERB_VIEW_CAM);
    ui_item(ui, whole, "button", "prediction");
    Rect words = *r;
    rect_cut_left(&words, ui_text(ui, (Rect){r->x, r->y, fminf(name_w, r->w - percent_w), r->h}, style, ALIGN_LEFT, name) + 7);
    ui_text(ui, words, percent_style, ALIGN_LEFT, percent);
}

static void what(Ui *ui, Model *m, Rect *r)
{
    const Theme *t = ui->theme;
    const WeightsInfo *info = &m->source->source.info;
    char text[NET_NAME_MAX + 64];
    rect_cut_left(r, 16);
    rect_cut_left(r, ui_text(ui, *r, ui_style(FACE_BOLD, t->size_body + 2, t->text), ALIGN_LEFT, model_text(m, STR_APP_NAME)) + 14);
    const Rect thumb = {r->x, r->y + 6, r->h - 12, r->h - 12};
    part_picture(ui, &m->picture, thumb, NULL);
    if (ui_click(ui, ui_id("thumbnail", 0), thumb))
        model_do(m, VERB_PICTURES);
    rect_cut_left(r, thumb.w + 12);
    snprintf(text, sizeof text, info->classes > 0 ? "%s · %d" : "%s", info->network, info->classes);
    if (badge(ui, "network badge", r, text, t->accent_soft, color_mix(t->accent, t->text, 0.25f)))
        model_say(m, false, "%s%s%s", info->why, info->note[0] != '\0' ? " · " : "", info->note);
    if (m->source->source.untrained)
        badge(ui, "untrained badge", r, model_text(m, STR_UNTRAINED), color_alpha(t->warn, 0.14f), t->warn);
    if (m->what_if.weights != NULL && badge(ui, "edited badge", r, model_text(m, STR_EDITED), color_alpha(t->bad, 0.14f), t->bad))
        model_do(m, VERB_RESTORE);
    if (r->w > 330) {
        const float w = fminf(ui_text_width(ui, part_body(ui), m->picture.name) + 1, 220);
        const Rect name = rect_cut_left(r, w);
        if (ui_click(ui, ui_id("picture name", 0), name))
            model_do(m, VERB_PICTURES);
        ui_text(ui, name, part_body(ui), ALIGN_LEFT, m->picture.name);
        rect_cut_left(r, 16);
    }
    prediction(ui, m, r);
}

void view_top(Ui *ui, Session *session, ViewState *v, Rect area)
{
    Model *m = &session->model;
    ui_fill(ui, area, ui->theme->panel);
    ui_fill(ui, (Rect){area.x, area.y + area.h - 1, area.w, 1}, ui->theme->panel_edge);
    area.h -= 1;
    how(ui, session, v, &area);
    what(ui, m, &area);
}
