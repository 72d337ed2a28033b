/* view_top.c - the bar at the top: picture, network and prediction on the left; engine, range, colour map, language, theme and
 * help on the right. */
#include "app/views/parts.h"
#include "app/views/views.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Cuts a clickable word off the right end of the bar; its id comes from its name. The tooltip says what it does, and the verb's key. */
static bool right_word(Ui *ui, const Model *m, const char *name, Rect *r, const char *word, bool strong, Str tip, Verb verb)
{
    const TextStyle style = ui_style(strong ? FACE_BOLD : FACE_SANS, ui->theme->size_small, strong ? ui->theme->text : ui->theme->text_dim);
    Rect place = rect_cut_right(r, ui_text_width(ui, style, word) + 12);
    place = (Rect){place.x, place.y + 9, place.w, place.h - 18};
    if (ui_hover(ui, place))
        ui_round(ui, place, 6, color_alpha(ui->theme->text, 0.07f));
    const bool clicked = ui_click(ui, ui_id(name, 0), place);
    ui_item(ui, place, "choice", word);
    ui_text(ui, place, style, ALIGN_CENTER, word);
    part_verb_tip(ui, m, place, tip, verb);
    return clicked;
}

static void right_gap(Ui *ui, Rect *r, const char *text)
{
    const float w = ui_text_width(ui, part_small(ui), text);
    ui_text(ui, rect_cut_right(r, w + 4), part_small(ui), ALIGN_CENTER, text);
}

/* "colours: per layer ▾"; a narrow window shows no title. The menu opens below its right edge. */
static bool right_menu(Ui *ui, const Model *m, const char *name, Rect *r, Str title, const char *value, float *right, Str tip, Verb verb)
{
    char text[96];
    *right = r->x + r->w;
    if (ui->width >= 1100)
        snprintf(text, sizeof text, "%s%s ▾", model_text(m, title), value);
    else
        snprintf(text, sizeof text, "%s ▾", value);
    return right_word(ui, m, name, r, text, false, tip, verb);
}

static void how(Ui *ui, Session *session, ViewState *v, Rect *r)
{
    Model *m = &session->model;
    static const Str ranges[RANGE_COUNT] = {STR_RANGE_MAP, STR_RANGE_LAYER, STR_RANGE_MODULE, STR_RANGE_LOCKED};
    const bool fast = strcmp(m->engine->name, "fast") == 0, zh = m->screen.lang == LANG_ZH;
    rect_cut_right(r, 8);
    if (right_word(ui, m, "help", r, ui->width >= 1400 ? model_text(m, STR_HELP_BUTTON) : "?", false, STR_HELP_HELP, VERB_HELP))
        model_do(m, VERB_HELP);
    if (right_word(ui, m, "theme", r, m->screen.dark ? "☀" : "☾", false, STR_HELP_THEME, VERB_THEME))
        model_do(m, VERB_THEME);
    right_gap(ui, r, "·");
    if (right_word(ui, m, "zh", r, "中文", zh, STR_HELP_LANGUAGE, VERB_LANGUAGE) && !zh)
        session_do(session, VERB_LANGUAGE);
    right_gap(ui, r, "|");
    if (right_word(ui, m, "en", r, "EN", !zh, STR_HELP_LANGUAGE, VERB_LANGUAGE) && zh)
        session_do(session, VERB_LANGUAGE);
    right_gap(ui, r, "·");
    if (right_menu(ui, m, "map menu", r, STR_NONE, look_map_name(m->look.map), &v->menu_right[1], STR_HELP_MAP, VERB_MAP))
        model_overlay(m, m->overlay == OVERLAY_MAP ? OVERLAY_NONE : OVERLAY_MAP);
    if (right_menu(ui, m, "range menu", r, STR_RANGE, model_text(m, ranges[m->look.range]), &v->menu_right[0], STR_TIP_RANGE, VERB_RANGE))
        model_overlay(m, m->overlay == OVERLAY_RANGE ? OVERLAY_NONE : OVERLAY_RANGE);
    right_gap(ui, r, "·");
    const bool both = ui->width >= 900; /* without room for both engines the one in use is a switch */
    if ((both || fast) && right_word(ui, m, "fast engine", r, model_text(m, STR_ENGINE_FAST), fast, STR_TIP_ENGINE, VERB_ENGINE) && (!both || !fast))
        model_do(m, VERB_ENGINE);
    if (both)
        right_gap(ui, r, "|");
    if ((both || !fast) && right_word(ui, m, "reference engine", r, model_text(m, STR_ENGINE_REFERENCE), !fast, STR_TIP_ENGINE, VERB_ENGINE) && (!both || fast))
        model_do(m, VERB_ENGINE);
    if (ui->width >= 1400) {
        char text[48];
        snprintf(text, sizeof text, "%s:", model_text(m, STR_ENGINE));
        right_gap(ui, r, text);
    }
    rect_cut_right(r, 12);
}

/* A word on a rounded, tinted background, cut off the left; its place, or no width if there is no room for the whole of it. */
static Rect badge(Ui *ui, Rect *r, const char *text, Color ground, Color ink)
{
    const TextStyle style = ui_style(FACE_SANS, ui->theme->size_small, ink);
    const float w = ui_text_width(ui, style, text) + 18;
    if (w > r->w)
        return (Rect){0};
    Rect place = rect_cut_left(r, w);
    place = (Rect){place.x, place.y + 11, place.w, place.h - 22};
    ui_round(ui, place, place.h / 2, ground);
    ui_item(ui, place, "badge", text);
    ui_text(ui, (Rect){place.x + 9, place.y, place.w - 18, place.h}, style, ALIGN_LEFT, text);
    rect_cut_left(r, 12);
    return place;
}

/* What was predicted before the changes to the weights, and an arrow, in front of what is predicted now, which takes `least`. Without room
 * for its probability only the class is named. True if the class is another one now. */
static bool before(Ui *ui, const Model *m, Rect *r, const Guess *now, float least)
{
    Guess was;
    char name[128], percent[NUM_MAX], text[192];
    if (m->what_if.weights == NULL || m->what_if.before_count != net_scores(model_net(m), 0) || !source_trained(&m->source->source, 0))
        return false;
    if (top_guesses(m->what_if.before, m->what_if.before_count, &was, 1) == 0)
        return false;
    part_class_name(m, was.index, name, sizeof name);
    snprintf(text, sizeof text, "%s %s →", name, num_probability(percent, (double)was.prob));
    if (ui_text_width(ui, part_small(ui), text) + 8 + least > r->w)
        snprintf(text, sizeof text, "%s →", name);
    if (ui_text_width(ui, part_small(ui), text) + 8 + least <= r->w)
        rect_cut_left(r, ui_text(ui, *r, part_small(ui), ALIGN_LEFT, text) + 7);
    return was.index != now->index;
}

static void prediction(Ui *ui, Model *m, Rect *r)
{
    Guess best;
    char name[128], percent[NUM_MAX];
    if (model_top(m, &best, 1) == 0) {
        ui_text(ui, *r, part_small(ui), ALIGN_LEFT, model_text(m, net_scores(model_net(m), 0) > 0 ? STR_NO_PREDICTION : STR_NO_SCORES));
        return;
    }
    part_class_name(m, best.index, name, sizeof name);
    const bool means = source_trained(&m->source->source, 0);
    TextStyle style = means ? part_bold(ui) : part_means(ui, m, part_body(ui)), percent_style = part_means(ui, m, part_small(ui));
    if (means)
        num_probability(percent, (double)best.prob);
    else
        snprintf(percent, sizeof percent, "%s", model_text(m, STR_MEANS_NOTHING));
    const float percent_w = ui_text_width(ui, percent_style, percent) + 10;
    const float name_w = ui_text_width(ui, style, name) + 1;
    if (before(ui, m, r, &best, name_w + percent_w)) {
        style.color = ui->theme->bad;
        percent_style.color = ui->theme->bad;
    }
    if (r->w < percent_w + (means ? 30 : name_w)) /* an untrained prediction is not worth a cut name */
        return;
    const Rect whole = {r->x, r->y, fminf(name_w + percent_w, r->w), r->h};
    if (ui_click(ui, ui_id("prediction", 0), whole))
        model_do(m, VERB_VIEW_CAM);
    ui_item(ui, whole, "button", "prediction");
    part_verb_tip(ui, m, whole, STR_TIP_WHY, VERB_VIEW_CAM);
    Rect words = *r;
    rect_cut_left(&words, ui_text(ui, (Rect){r->x, r->y, fminf(name_w, r->w - percent_w), r->h}, style, ALIGN_LEFT, name) + 7);
    ui_text(ui, words, percent_style, ALIGN_LEFT, percent);
}

/* "GoogLeNet, 5 flowers ▾", and how that is known; a click opens the menu of networks. */
static void network(Ui *ui, Model *m, Rect *r)
{
    const Theme *t = ui->theme;
    const WeightsInfo *info = &m->source->source.info;
    char name[320], text[340], tip[2000];
    const bool more = m->what_if.weights != NULL || m->source->source.untrained;
    const float room = fmaxf(r->w - (more ? 280 : 150), 60); /* the rest is for a sign and the prediction */
    part_network_name(m, true, name, sizeof name);
    if (ui_text_width(ui, part_small(ui), name) > room)
        part_network_name(m, false, name, sizeof name);
    part_cut(ui, part_small(ui), name, room, text, sizeof text - 8);
    strcat(text, " ▾");
    const Rect place = badge(ui, r, text, t->accent_soft, color_mix(t->accent, t->text, 0.25f));
    if (ui_click(ui, ui_id("network badge", 0), place))
        model_do(m, VERB_NETWORKS);
    snprintf(tip, sizeof tip, "%s%s%s%s%s · Shift+O", info->path, info->path[0] != '\0' ? "\n" : "", info->why, info->note[0] != '\0' ? "\n" : "", info->note);
    ui_tip(ui, place, TIP_BELOW, tip);
}

/* A red sign while the walk is recorded, with the time since; a click ends it. */
static void recording(Ui *ui, Session *session, Rect *r)
{
    const Model *m = &session->model;
    const Recording *rec = &session->recording;
    const int seconds = (int)(m->now - rec->start);
    char text[48];
    if (!rec->on || recording_due(rec, m))
        return;
    snprintf(text, sizeof text, "● REC %d:%02d", seconds / 60, seconds % 60);
    const Rect place = badge(ui, r, text, ui->theme->bad, ui->theme->panel);
    if (ui_click(ui, ui_id("recording", 0), place))
        session_do(session, VERB_SAVE_GIF);
    part_verb_tip(ui, m, place, STR_TIP_RECORDING, VERB_SAVE_GIF);
}

static void what(Ui *ui, Session *session, Rect *r)
{
    Model *m = &session->model;
    const Theme *t = ui->theme;
    rect_cut_left(r, 16);
    if (ui->width >= 900)
        rect_cut_left(r, ui_text(ui, *r, ui_style(FACE_BOLD, t->size_body + 2, t->text), ALIGN_LEFT, model_text(m, STR_APP_NAME)) + 14);
    const Rect thumb = {r->x, r->y + 6, r->h - 12, r->h - 12};
    part_picture(ui, &m->picture, thumb, NULL);
    if (ui_click(ui, ui_id("thumbnail", 0), thumb))
        model_do(m, VERB_PICTURES);
    part_verb_tip(ui, m, thumb, STR_HELP_PICTURES, VERB_PICTURES);
    rect_cut_left(r, thumb.w + 12);
    recording(ui, session, r);
    network(ui, m, r);
    if (m->source->source.untrained)
        ui_tip(ui, badge(ui, r, model_text(m, STR_UNTRAINED), color_alpha(t->warn, 0.14f), t->warn), TIP_BELOW, model_text(m, STR_NO_MEANING));
    if (m->what_if.weights != NULL) {
        char after[96];
        snprintf(after, sizeof after, model_text(m, STR_OVERFIT_BADGE), m->overfit.steps);
        const Rect place = badge(ui, r, m->what_if.trained != NULL ? after : model_text(m, STR_EDITED), color_alpha(t->bad, 0.14f), t->bad);
        if (ui_click(ui, ui_id("edited badge", 0), place))
            model_do(m, VERB_RESTORE);
        part_verb_tip(ui, m, place, STR_HELP_RESTORE, VERB_RESTORE);
    }
    if (r->w > 330 && m->what_if.weights == NULL) { /* before and after need its room */
        const float w = fminf(ui_text_width(ui, part_body(ui), m->picture.name) + 1, 220);
        const Rect name = rect_cut_left(r, w);
        if (ui_click(ui, ui_id("picture name", 0), name))
            model_do(m, VERB_PICTURES);
        char shown[128];
        part_cut(ui, part_body(ui), m->picture.name, w, shown, sizeof shown);
        ui_text(ui, name, part_body(ui), ALIGN_LEFT, shown);
        part_verb_tip(ui, m, name, STR_HELP_PICTURES, VERB_PICTURES);
        rect_cut_left(r, 16);
    }
    prediction(ui, m, r);
}

void view_top(Ui *ui, Session *session, ViewState *v, Rect area)
{
    ui_fill(ui, area, ui->theme->panel);
    ui_fill(ui, (Rect){area.x, area.y + area.h - 1, area.w, 1}, ui->theme->panel_edge);
    area.h -= 1;
    how(ui, session, v, &area);
    what(ui, session, &area);
}
