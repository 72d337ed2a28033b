/* view_teach.c - one's own classes: the buttons, and below them the classes with their pictures and what was learnt (teach_results.c). */
#include "app/views/teach_view.h"
#include "app/views/views.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const float THUMB = 44, GAP = 4, HEAD = 34, BUTTON_H = 28, SMALLEST = 300;

/* ---- buttons ------------------------------------------------------------------------------------------------------------------------- */

/* Buttons side by side, in as many rows as they need. */
typedef struct Flow {
    Rect area;                  /* what is left of it */
    float x;                    /* the end of the last button in the row */
} Flow;

static Rect flow_place(Flow *f, float w)
{
    if (f->x > f->area.x && f->x + w > f->area.x + f->area.w) {
        rect_cut_top(&f->area, BUTTON_H + 6);
        f->x = f->area.x;
    }
    const Rect place = {f->x, f->area.y, w, BUTTON_H};
    f->x += w + 8;
    return place;
}

static void verb_button(Ui *ui, Session *session, Flow *f, Verb verb, Str words, Str tip, ButtonKind kind)
{
    const Model *m = &session->model;
    const char *text = model_text(m, words);
    const Rect place = flow_place(f, ui_button_width(ui, text));
    if (ui_button(ui, ui_id("teach", (int)verb), place, text, kind)) {
        session_do(session, verb);
        ui->want_frame = true;
    }
    char key[PART_KEY_MAX], both[160];
    for (int i = 0; i < key_binding_count; i++)
        if (key_bindings[i].verb == verb) {
            part_key_text(key_bindings[i].key, key);
            snprintf(both, sizeof both, "%s  %s", model_text(m, tip), key);
            ui_tip(ui, place, TIP_BELOW, both);
            return;
        }
}

/* Opens the list of files for one of the two. */
static void open_button(Ui *ui, Session *session, Flow *f, Str words, bool judges)
{
    const char *text = model_text(&session->model, words);
    if (!ui_button(ui, ui_id("teach open", judges), flow_place(f, ui_button_width(ui, text)), text, BUTTON_PLAIN))
        return;
    session_teach_judges(session, judges);
    session_do(session, VERB_PICTURES);
    ui->want_frame = true;
}

static void buttons(Ui *ui, Session *session, Rect *area)
{
    static const Str undos[] = {[TEACH_ADDED] = STR_TEACH_UNDO_ADDED, [TEACH_REMOVED] = STR_TEACH_UNDO_REMOVED, [TEACH_RENAMED] = STR_TEACH_UNDO_RENAMED,
                                [TEACH_NEW_BIN] = STR_TEACH_UNDO_NEW_BIN, [TEACH_BIN_REMOVED] = STR_TEACH_UNDO_BIN_REMOVED};
    const Teaching *t = &session->teaching;
    const TeachUndo *undo = teach_bins_last(&t->bins);
    Flow f = {*area, area->x};
    verb_button(ui, session, &f, VERB_TEACH, STR_TEACH_START, STR_HELP_TEACH_START, BUTTON_PRIMARY);
    open_button(ui, session, &f, STR_TEACH_ADD, false);
    verb_button(ui, session, &f, VERB_TEACH_NEW_BIN, STR_TEACH_NEW_BIN, STR_HELP_TEACH_NEW_BIN, BUTTON_PLAIN);
    if (t->bins.now.bin_count > 0)
        verb_button(ui, session, &f, VERB_TEACH_REMOVE, t->picture >= 0 ? STR_TEACH_REMOVE_PICTURE : STR_TEACH_REMOVE_BIN, STR_HELP_TEACH_REMOVE, BUTTON_PLAIN);
    if (undo != NULL)
        verb_button(ui, session, &f, VERB_TEACH_UNDO, undos[undo->edit], STR_HELP_TEACH_UNDO, BUTTON_PLAIN);
    open_button(ui, session, &f, STR_TEACH_JUDGE, true);
    if (t->own != NULL) {
        verb_button(ui, session, &f, VERB_TEACH_WHOLE, t->whole_runs ? STR_TEACH_WHOLE_PAUSE : STR_TEACH_WHOLE, STR_HELP_TEACH_WHOLE, BUTTON_PLAIN);
        verb_button(ui, session, &f, VERB_TEACH_SAVE, STR_TEACH_SAVE, STR_HELP_TEACH_SAVE, BUTTON_PLAIN);
        verb_button(ui, session, &f, VERB_TEACH_SAVE_PTH, STR_TEACH_SAVE_PTH, STR_HELP_TEACH_SAVE_PTH, BUTTON_PLAIN);
    }
    if (t->former_count > 0)
        verb_button(ui, session, &f, VERB_TEACH_FORMER, STR_TEACH_FORMER, STR_HELP_TEACH_FORMER, BUTTON_PLAIN);
    rect_cut_top(area, f.area.y - area->y + BUTTON_H + 8);
}

/* What happens to a picture that is dropped beside the classes. */
static void drop_choice(Ui *ui, Session *session, Rect *area)
{
    const Model *m = &session->model;
    Rect row = rect_cut_top(area, 24);
    rect_cut_left(&row, ui_text(ui, row, part_small(ui), ALIGN_LEFT, model_text(m, STR_TEACH_DROP)) + 6);
    for (int judges = 0; judges < 2; judges++) {
        const char *text = model_text(m, judges ? STR_TEACH_DROP_JUDGED : STR_TEACH_DROP_ADDED);
        if (ui_choice(ui, ui_id("teach drop", judges), rect_cut_left(&row, ui_text_width(ui, part_body(ui), text) + 20), text, session->teaching.judges == (judges > 0)))
            session_teach_judges(session, judges > 0);
    }
    rect_cut_top(area, 4);
}

/* ---- classes ------------------------------------------------------------------------------------------------------------------------------ */

static void tile(Ui *ui, Session *session, Rect r, int bin, int picture)
{
    const Teaching *t = &session->teaching;
    const Theme *theme = ui->theme;
    const TeachLook *look = teach_look(&t->looks, picture);
    const TeachAnswer *held = teaching_stale(t) ? NULL : teach_answer(t, picture);
    teach_thumb(ui, session, picture, r);
    if (held != NULL)
        ui_fill(ui, (Rect){r.x, r.y + r.h - 4, r.w, 4}, held->said == held->label ? theme->good : theme->bad);
    if (t->picture == picture)
        ui_frame(ui, rect_inset(r, -2), 2, theme->selection);
    else if (ui_hover(ui, r))
        ui_frame(ui, rect_inset(r, -1), 1, theme->accent);
    if (ui_hover(ui, r))
        ui_tooltip(ui, look != NULL && look->problem != NULL ? look->problem : part_file_name(t->bins.paths[picture]));
    if (ui_click(ui, ui_id("teach picture", picture), r))
        session_teach_choose(session, bin, picture);
    ui_item(ui, r, held != NULL ? "held" : "photo", part_file_name(t->bins.paths[picture]));
}

/* Only the rows in sight are drawn. */
static void tiles(Ui *ui, Session *session, Rect in, Rect sight, int bin)
{
    const TeachBins *bins = &session->teaching.bins;
    const int columns = (int)fmaxf(1, floorf((in.w + GAP) / (THUMB + GAP)));
    int index = 0;
    for (int i = 0; i < bins->now.picture_count; i++) {
        if (bins->now.bin_of[i] != bin)
            continue;
        const Rect r = {in.x + (float)(index % columns) * (THUMB + GAP), in.y + (float)(index / columns) * (THUMB + GAP), THUMB, THUMB};
        index++;
        if (r.y + r.h >= sight.y && r.y <= sight.y + sight.h)
            tile(ui, session, r, bin, i);
    }
}

static int count_broken(const Session *session, int bin, const char **first)
{
    const Teaching *t = &session->teaching;
    int count = 0;
    for (int i = 0; i < t->bins.now.picture_count; i++) {
        const TeachLook *look = t->bins.now.bin_of[i] == bin ? teach_look(&t->looks, i) : NULL;
        if (look != NULL && look->problem != NULL && count++ == 0)
            *first = look->problem;
    }
    return count;
}

/* The name to type, and how many pictures. */
static void bin_head(Ui *ui, Session *session, ViewState *v, Rect row, int bin)
{
    const Model *m = &session->model;
    const Teaching *t = &session->teaching;
    char *typed = v->teach.text[bin], count[64];
    row.h = 26;
    const uint64_t id = ui_id("teach name", bin);
    int held = 0;
    for (int i = 0; i < t->result.count && !teaching_stale(t); i++)
        held += t->result.answers[i].held && t->result.answers[i].label == bin;
    const int size = teach_bin_size(&t->bins, bin);
    snprintf(count, sizeof count, model_text(m, held > 0 ? STR_TEACH_COUNT_HELD : STR_TEACH_COUNT), size, held);
    const float w = ui_text_width(ui, part_small(ui), count) + 8;
    ui_text(ui, rect_cut_right(&row, w), part_small(ui), ALIGN_RIGHT, count);
    rect_cut_right(&row, 8);
    if (t->naming && t->bin == bin) {
        ui_field_focus(ui, id);
        session_teach_named(session);
        ui->want_frame = true;
    }
    if (ui->focus != id)
        snprintf(typed, TEACH_NAME_MAX, "%s", t->bins.now.names[bin]);
    if (ui_field(ui, id, (Rect){row.x, row.y, fminf(row.w, 240), 26}, model_text(m, STR_HELP_TEACH_NAME), typed, TEACH_NAME_MAX))
        ui_field_focus(ui, 0);
    if (ui->focus == id && strcmp(typed, t->bins.now.names[bin]) != 0)
        session_teach_name(session, bin, typed);
    if (ui->focus == id && t->bin != bin)
        session_teach_choose(session, bin, -1);
}

static float bin_height(Ui *ui, const Session *session, float w, int bin)
{
    const char *first = "";
    char text[900];
    const int size = teach_bin_size(&session->teaching.bins, bin), columns = (int)fmaxf(1, floorf((w - 20 + GAP) / (THUMB + GAP))), rows = (size + columns - 1) / columns;
    const int broken = count_broken(session, bin, &first);
    float h = HEAD + 20 + (float)(rows > 0 ? rows : 1) * (THUMB + GAP);
    if (broken > 0) {
        snprintf(text, sizeof text, model_text(&session->model, STR_TEACH_BROKEN), broken, first);
        h += ui_paragraph_height(ui, w - 20, part_small(ui), text);
    }
    return h;
}

static void bin_card(Ui *ui, Session *session, ViewState *v, Rect r, Rect sight, int bin)
{
    const Model *m = &session->model;
    const Teaching *t = &session->teaching;
    const char *first = "";
    char text[900];
    const int broken = count_broken(session, bin, &first), size = teach_bin_size(&t->bins, bin);
    const bool chosen = t->bin == bin, over = rect_has(rect_intersect(r, sight), ui->in.mouse_x, ui->in.mouse_y);
    ui_round(ui, r, 6, ui->theme->panel);
    ui_frame_round(ui, r, 6, chosen ? 2 : 1, chosen ? ui->theme->selection : ui->in.dragged && over ? ui->theme->accent : ui->theme->panel_edge);
    ui_item(ui, r, "bin", t->bins.now.names[bin]);
    Rect in = rect_inset(r, 10);
    bin_head(ui, session, v, rect_cut_top(&in, HEAD), bin);
    if (broken > 0) {
        snprintf(text, sizeof text, model_text(m, STR_TEACH_BROKEN), broken, first);
        const float h = ui_paragraph_height(ui, in.w, part_small(ui), text);
        ui_paragraph(ui, rect_cut_bottom(&in, h), part_colored(part_small(ui), ui->theme->bad), text);
    }
    if (size == 0)
        ui_text(ui, (Rect){in.x, in.y, in.w, THUMB}, part_small(ui), ALIGN_LEFT, model_text(m, STR_TEACH_EMPTY));
    tiles(ui, session, in, sight, bin);
    if (ui_click(ui, ui_id("teach bin", bin), r))
        session_teach_choose(session, bin, -1);
}

int teach_bins_part(Ui *ui, Session *session, ViewState *v, Rect r)
{
    const Teaching *t = &session->teaching;
    float height = 0, y = 0;
    int under = -1;
    for (int b = 0; b < t->bins.now.bin_count; b++)
        height += bin_height(ui, session, r.w - 12, b) + 8;
    Scroll *scroll = &v->scroll[SCROLL_EXTRA];
    const Rect list = ui_scroll_begin(ui, ui_id("teach bins", 0), r, scroll, height);
    for (int b = 0; b < t->bins.now.bin_count; b++) {
        const float h = bin_height(ui, session, r.w - 12, b);
        const Rect card = {list.x + 1, list.y + y + 1, r.w - 12, h};
        y += h + 8;
        if (rect_has(rect_intersect(card, r), ui->in.mouse_x, ui->in.mouse_y))
            under = b;
        if (card.y + card.h >= r.y && card.y <= r.y + r.h)
            bin_card(ui, session, v, card, r, b);
    }
    ui_scroll_end(ui);
    return under;
}

/* ---- both ---------------------------------------------------------------------------------------------------------------------------------- */

void view_teach(Ui *ui, Session *session, ViewState *v, Rect area)
{
    const Model *m = &session->model;
    char from[160];
    part_network_name(m, true, from, sizeof from);
    part_stage_title(ui, &area, model_text(m, STR_TEACH_TITLE), from);
    rect_cut_top(&area, 6);
    buttons(ui, session, &area);
    drop_choice(ui, session, &area);
    const float left = fmaxf(floorf(area.w * 0.44f), fminf(SMALLEST, area.w * 0.5f));
    const int under = teach_bins_part(ui, session, v, rect_cut_left(&area, left));
    rect_cut_left(&area, 12);
    teach_results_part(ui, session, v, area);
    if (session->teaching.dropped_count > 0) {
        session_teach_place(session, ui->in.mouse_inside ? under : -1);
        ui->want_frame = true;
    }
}
