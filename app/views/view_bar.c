/* view_bar.c - the bar with words: every view by name with its key, playing, and a menu with the words that a small window has no room
 * for and the commands that have no other place. */
#include "app/views/overlay.h"
#include "app/views/views.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

typedef struct BarWord {
    Verb verb;
    Str word, tip;
} BarWord;

static const BarWord words[] = {
    {VERB_VIEW_OVERVIEW, STR_BAR_NETWORK, STR_HELP_OVERVIEW},    {VERB_VIEW_STAGE, STR_BAR_WALK, STR_HELP_STAGE},
    {VERB_LESSONS, STR_BAR_LESSONS, STR_HELP_LESSONS},
    {VERB_VIEW_CAM, STR_BAR_WHY, STR_HELP_CAM},                  {VERB_VIEW_OCCLUSION, STR_BAR_OCCLUSION, STR_HELP_OCCLUSION},
    {VERB_VIEW_WEIGHTS, STR_BAR_WEIGHTS, STR_HELP_WEIGHTS},      {VERB_VIEW_COMPARE, STR_BAR_COMPARE, STR_HELP_COMPARE},
    {VERB_VIEW_LEDGER, STR_BAR_LEDGER, STR_HELP_LEDGER},         {VERB_VIEW_GRADIENTS, STR_BAR_GRADIENTS, STR_HELP_GRADIENTS},
    {VERB_VIEW_TRAIN, STR_BAR_TRAIN, STR_HELP_TRAIN},            {VERB_VIEW_TEACH, STR_BAR_TEACH, STR_HELP_TEACH},
    {VERB_VIEW_UNITS, STR_BAR_UNITS, STR_HELP_UNITS},
    {VERB_VIEW_WANTS, STR_BAR_WANTS, STR_HELP_WANTS},
    {VERB_VIEW_GROUPS, STR_BAR_GROUPS, STR_HELP_GROUPS},
    {VERB_VIEW_FOOL, STR_BAR_FOOL, STR_HELP_FOOL},
    {VERB_VIEW_SANITY, STR_BAR_SANITY, STR_HELP_SANITY},
    {VERB_VIEW_ACCURACY, STR_BAR_ACCURACY, STR_HELP_ACCURACY},
    {VERB_VIEW_CROPS, STR_BAR_CROPS, STR_HELP_CROPS},
    {VERB_VIEW_LINEAGE, STR_BAR_LINEAGE, STR_HELP_LINEAGE},
    {VERB_VIEW_PATH, STR_BAR_PATH, STR_HELP_PATH},
    {VERB_SEARCH, STR_BAR_SEARCH, STR_HELP_SEARCH},              {VERB_PICTURES, STR_BAR_PICTURES, STR_HELP_PICTURES},
};
enum { WORDS = sizeof words / sizeof words[0] };

/* Commands of the menu: what they do, as the help says it. */
static const BarWord commands[] = {
    {VERB_PRESENTER, STR_HELP_PRESENTER, STR_NONE}, {VERB_FULLSCREEN, STR_HELP_FULLSCREEN, STR_NONE},     {VERB_BLACKOUT, STR_HELP_BLACKOUT, STR_NONE},
    {VERB_MOTION, STR_HELP_MOTION, STR_NONE},       {VERB_FIELD, STR_HELP_FIELD, STR_NONE},               {VERB_OUTLIERS, STR_HELP_OUTLIERS, STR_NONE},
    {VERB_SAVE_PNG, STR_HELP_SAVE_PNG, STR_NONE},   {VERB_SAVE_CSV, STR_HELP_SAVE_CSV, STR_NONE},         {VERB_SAVE_NPY, STR_HELP_SAVE_NPY, STR_NONE},
    {VERB_SAVE_GIF, STR_HELP_SAVE_GIF, STR_NONE},   {VERB_COPY_ADDRESS, STR_HELP_COPY_ADDRESS, STR_NONE}, {VERB_QUIT, STR_HELP_QUIT, STR_NONE},
};
enum { COMMANDS = sizeof commands / sizeof commands[0] };

/* The word of what is shown. The walk's is that of one value too. */
static bool is_shown(const Model *m, Verb verb)
{
    switch (m->view) {
    case VIEW_OVERVIEW: return verb == VERB_VIEW_OVERVIEW;
    case VIEW_STAGE:
    case VIEW_VALUE:
    case VIEW_BACKWARD:
    case VIEW_ORDER:
    case VIEW_CIRCUIT: return verb == VERB_VIEW_STAGE;
    case VIEW_PATH: return verb == VERB_VIEW_PATH;
    case VIEW_TRAIN: return verb == VERB_VIEW_TRAIN;
    case VIEW_TEACH: return verb == VERB_VIEW_TEACH;
    case VIEW_WEIGHTS: return verb == VERB_VIEW_WEIGHTS;
    case VIEW_CAM:
    case VIEW_SHARE: return verb == VERB_VIEW_CAM;
    case VIEW_OCCLUSION: return verb == VERB_VIEW_OCCLUSION;
    case VIEW_COMPARE: return verb == VERB_VIEW_COMPARE;
    case VIEW_LEDGER: return verb == VERB_VIEW_LEDGER;
    case VIEW_WANTS: return verb == VERB_VIEW_WANTS;
    case VIEW_GRADIENTS: return verb == VERB_VIEW_GRADIENTS;
    case VIEW_UNITS: return verb == VERB_VIEW_UNITS;
    case VIEW_GROUPS: return verb == VERB_VIEW_GROUPS;
    case VIEW_FOOL: return verb == VERB_VIEW_FOOL;
    case VIEW_SANITY: return verb == VERB_VIEW_SANITY;
    case VIEW_ACCURACY: return verb == VERB_VIEW_ACCURACY;
    case VIEW_CROPS: return verb == VERB_VIEW_CROPS;
    case VIEW_LINEAGE: return verb == VERB_VIEW_LINEAGE;
    case VIEW_COUNT: break;
    }
    return false;
}

static float word_width(Ui *ui, const Model *m, const BarWord *w, bool keys, float pad)
{
    char key[PART_KEY_MAX];
    part_key_text(verb_key(w->verb), key);
    return ui_text_width(ui, part_bold(ui), model_text(m, w->word)) + 2 * pad + (keys ? ui_text_width(ui, part_caption(ui), key) + 6 : 0);
}

static void draw_word(Ui *ui, Session *session, Rect place, const BarWord *w, bool keys, float pad)
{
    const Model *m = &session->model;
    const Theme *t = ui->theme;
    const bool shown = is_shown(m, w->verb);
    char key[PART_KEY_MAX];
    const Rect button = {place.x + 1, place.y + 4, place.w - 2, place.h - 8};
    if (shown || ui_hover(ui, button))
        ui_round(ui, button, 6, shown ? t->accent_soft : color_alpha(t->text, 0.06f));
    if (ui_click(ui, ui_id("bar", (int)w->verb), button))
        session_do(session, w->verb);
    ui_item(ui, button, "choice", model_text(m, w->word));
    Rect in = {place.x + pad, place.y, place.w - 2 * pad, place.h};
    const TextStyle style = shown ? part_colored(part_bold(ui), t->accent) : part_body(ui);
    rect_cut_left(&in, ui_text(ui, in, style, ALIGN_LEFT, model_text(m, w->word)) + 6);
    part_key_text(verb_key(w->verb), key);
    if (keys)
        ui_text(ui, in, part_caption(ui), ALIGN_LEFT, key);
    part_verb_tip(ui, m, button, w->tip, w->verb);
}

/* A round button: a triangle, or two bars while it plays. */
static void play_button(Ui *ui, Session *session, Rect *area)
{
    const Model *m = &session->model;
    const Theme *t = ui->theme;
    const float w = ui_text_width(ui, part_bold(ui), model_text(m, STR_BAR_PLAY));
    const bool word = area->w > w + 52;
    Rect place = rect_cut_right(area, word ? w + 48 : 40);
    const Rect button = {place.x + 2, place.y + 3, place.w - 8, place.h - 6};
    const float r = 11, x = button.x + r + 3, y = roundf(button.y + button.h / 2);
    if (ui_hover(ui, button))
        ui_round(ui, button, 8, color_alpha(t->text, 0.06f));
    ui_round(ui, (Rect){x - r, y - r, 2 * r, 2 * r}, r, t->accent);
    part_play_icon(ui, x, y, 5, session_plays(session), t->accent_text);
    if (ui_click(ui, ui_id("bar", VERB_PLAY), button))
        session_do(session, VERB_PLAY);
    ui_item(ui, button, "button", model_text(m, STR_BAR_PLAY));
    if (word)
        ui_text(ui, (Rect){x + r + 7, place.y, w + 2, place.h}, part_colored(part_bold(ui), t->accent), ALIGN_LEFT, model_text(m, STR_BAR_PLAY));
    part_verb_tip(ui, m, button, STR_HELP_PLAY, VERB_PLAY);
}

/* Three dots: the menu. It opens below its right edge. */
static void more_button(Ui *ui, Session *session, ViewState *v, Rect place)
{
    Model *m = &session->model;
    bool hidden = false;
    for (int i = v->bar_words; i < WORDS; i++)
        hidden = hidden || is_shown(m, words[i].verb);
    const Rect button = {place.x + 1, place.y + 4, place.w - 2, place.h - 8};
    if (hidden || m->overlay == OVERLAY_BAR || ui_hover(ui, button))
        ui_round(ui, button, 6, hidden ? ui->theme->accent_soft : color_alpha(ui->theme->text, 0.06f));
    if (ui_click(ui, ui_id("bar more", 0), button))
        model_overlay(m, m->overlay == OVERLAY_BAR ? OVERLAY_NONE : OVERLAY_BAR);
    ui_item(ui, button, "choice", "more");
    for (int i = 0; i < 3; i++)
        ui_round(ui, (Rect){roundf(button.x + button.w / 2) - 8 + 6 * (float)i, roundf(button.y + button.h / 2) - 2, 4, 4}, 2,
                 hidden ? ui->theme->accent : ui->theme->text);
    ui_tip(ui, button, TIP_BELOW, model_text(m, STR_BAR_MORE));
    v->bar_more = (Rect){button.x, button.y + button.h, button.w, 0};
}

void view_bar(Ui *ui, Session *session, ViewState *v, Rect area)
{
    enum { MORE = 34 };
    const Model *m = &session->model;
    ui_fill(ui, area, ui->theme->panel);
    ui_fill(ui, (Rect){area.x, area.y + area.h - 1, area.w, 1}, ui->theme->panel_edge);
    rect_cut_left(&area, 8);
    play_button(ui, session, &area);
    bool keys = true;
    float pad = 10, total = 0;
    for (int tries = 0; tries < 4; tries++) { /* first the keys go, then the air, then the last words */
        total = MORE;
        for (int i = 0; i < WORDS; i++)
            total += word_width(ui, m, &words[i], keys, pad);
        if (total <= area.w)
            break;
        pad = keys ? pad : pad - 2;
        keys = false;
    }
    for (v->bar_words = 0; v->bar_words < WORDS; v->bar_words++) {
        const BarWord *word = &words[v->bar_words];
        const float w = word_width(ui, m, word, keys, pad);
        if (w + MORE > area.w)
            break;
        draw_word(ui, session, rect_cut_left(&area, w), word, keys, pad);
    }
    more_button(ui, session, v, rect_cut_left(&area, MORE));
}

void view_bar_menu(Ui *ui, Session *session, ViewState *v)
{
    Model *m = &session->model;
    const float row_h = 26, gap = 9, w = 320;
    const int hidden = WORDS - v->bar_words;
    const float one = (float)(hidden + COMMANDS) * row_h + 12 + (hidden > 0 ? gap : 0);
    const bool two = one > ui->height - v->bar_more.y - 8; /* words and commands side by side */
    const float h = two ? (float)(hidden > COMMANDS ? hidden : COMMANDS) * row_h + 12 : one, box_w = two ? 2 * w : w;
    const Rect box = {fmaxf(fminf(v->bar_more.x, ui->width - box_w - 4), 4), v->bar_more.y + 4, box_w, h};
    ui_overlay_begin(ui, (Rect){0, 0, ui->width, ui->height});
    ui_shadow(ui, (Rect){box.x, box.y + 3, box.w, box.h}, 8, 16, 0x0b122050);
    ui_round(ui, box, 8, ui->theme->panel);
    ui_frame_round(ui, box, 8, 1, ui->theme->panel_edge);
    Rect all = rect_inset(box, 6), in = two ? rect_cut_left(&all, w - 6) : all;
    Verb chosen = VERB_NONE;
    for (int i = 0; i < hidden + COMMANDS; i++) {
        const BarWord *word = i < hidden ? &words[v->bar_words + i] : &commands[i - hidden];
        char key[PART_KEY_MAX];
        part_key_text(verb_key(word->verb), key);
        if (i == hidden && two)
            in = all;
        else if (i == hidden && hidden > 0)
            ui_fill(ui, (Rect){in.x + 8, rect_cut_top(&in, gap).y + 4, in.w - 16, 1}, ui->theme->panel_edge);
        if (overlay_row(ui, rect_cut_top(&in, row_h), 0, (int)word->verb, is_shown(m, word->verb), model_text(m, word->word), key))
            chosen = word->verb;
    }
    ui_overlay_end(ui);
    if (chosen != VERB_NONE) {
        model_overlay(m, OVERLAY_NONE);
        session_do(session, chosen);
        ui->want_frame = true;
    } else if (ui->in.pressed && !ui->clicked) {
        ui->clicked = true;
        model_overlay(m, OVERLAY_NONE);
    }
}
