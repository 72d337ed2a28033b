/* view_overlays.c - overlays that Escape closes: help, search, lessons, the two menus of the top bar; and the loupe beside the
 * pointer. */
#include "app/model/walk.h"
#include "app/views/overlay.h"
#include "app/views/value_words.h"
#include "app/views/views.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- help ------------------------------------------------------------------------------------------------------------------------ */

/* One key of a row, as a button: in "← →" each arrow does its own. Cut off `r`; true when it is clicked. */
static bool key_button(Ui *ui, Rect *r, int index, const char *text, bool lit)
{
    const TextStyle style = ui_style(FACE_MONO, ui->theme->size_caption, lit ? ui->theme->accent : ui->theme->text_dim);
    const float w = ui_text_width(ui, style, text);
    Rect place = rect_cut_left(r, w + 6);
    place = (Rect){place.x - 3, place.y + 2, place.w, place.h - 4};
    if (ui_hover(ui, place))
        ui_frame_round(ui, place, 3, 1, ui->theme->accent);
    const bool clicked = ui_click(ui, ui_id("help key", index), place);
    ui_text(ui, (Rect){place.x + 3, place.y, w + 1, place.h}, style, ALIGN_LEFT, text);
    ui_item(ui, place, "key", key_bindings[index].key);
    return clicked;
}

/* The keys of a row; returns the index of the clicked one, or -1. */
static int row_keys(Ui *ui, const Session *session, Rect r, int first)
{
    int chosen = -1;
    for (int i = first; i < key_binding_count && (i == first || (key_bindings[i].help == STR_NONE && key_bindings[i].group == key_bindings[first].group)); i++) {
        char key[PART_KEY_MAX];
        const char *last = part_key_text(key_bindings[i].key, key), *shown = key;
        if (last != key && i > first && strncmp(key_bindings[i].key, key_bindings[i - 1].key, (size_t)(last - key)) == 0)
            shown = last; /* "Shift+← →": the modifier once */
        if (key_button(ui, &r, i, shown, session->last_key[0] != '\0' && strcmp(session->last_key, key_bindings[i].key) == 0))
            chosen = i;
    }
    return chosen;
}

/* Each row is a button too: it does what its first key does. Returns the height. */
static float help_group(Ui *ui, Session *session, Rect r, Str group)
{
    Model *m = &session->model;
    const float top = r.y;
    part_heading(ui, &r, model_text(m, group));
    for (int i = 0; i < key_binding_count; i++) {
        const KeyBinding *b = &key_bindings[i];
        if (b->group != group || b->help == STR_NONE)
            continue;
        Rect row = rect_cut_top(&r, 21);
        const bool lit = session->last_key[0] != '\0' && strcmp(session->last_key, b->key) == 0;
        if (ui_hover(ui, row))
            ui_round(ui, (Rect){row.x - 6, row.y, row.w + 6, row.h}, 4, color_alpha(ui->theme->text, 0.06f));
        ui_item(ui, row, "button", model_text(m, b->help));
        Rect words = row;
        int chosen = row_keys(ui, session, rect_cut_left(&words, 112), i);
        if (ui_click(ui, ui_id("help row", i), words))
            chosen = i;
        if (chosen >= 0) {
            model_overlay(m, OVERLAY_NONE);
            session_do(session, key_bindings[chosen].verb);
            ui->want_frame = true;
        }
        ui_text(ui, words, lit ? part_bold(ui) : part_body(ui), ALIGN_LEFT, model_text(m, b->help));
    }
    return r.y - top;
}

/* Three columns, or two in a small window: each group goes to the shortest. It scrolls if they do not fit. */
void view_help(Ui *ui, Session *session, ViewState *v)
{
    Model *m = &session->model;
    enum { COLUMNS = 3 };
    static const Str groups[] = {STR_HELP_GROUP_WALK, STR_HELP_GROUP_VIEW, STR_HELP_GROUP_CHANNEL, STR_HELP_GROUP_LOOK, STR_HELP_GROUP_WANTS, STR_HELP_GROUP_FOOL, STR_HELP_GROUP_SANITY, STR_HELP_GROUP_TEACH,
                                 STR_HELP_GROUP_ACCURACY, STR_HELP_GROUP_OVERFIT,
                                 STR_HELP_GROUP_VALUE, STR_HELP_GROUP_OUT, STR_HELP_GROUP_CLASS, STR_HELP_GROUP_LESSON};
    if (v->overlay_was != OVERLAY_HELP)
        v->scroll[SCROLL_OVERLAY] = (Scroll){0, 0};
    Rect in = overlay_dialog(ui, m, 1080, 1300, model_text(m, STR_HELP_TITLE));
    char echo[64];
    snprintf(echo, sizeof echo, model_text(m, STR_HELP_ECHO), session->last_key);
    ui_text(ui, (Rect){in.x + 200, in.y - 36, in.w - 200, 26}, part_small(ui), ALIGN_RIGHT, echo);
    const bool three = in.w >= 900;
    const char *how = model_text(m, STR_HELP_FOOT);
    const Rect foot = rect_cut_bottom(&in, ui_paragraph_height(ui, in.w, part_small(ui), how) + 4);
    const int count = three ? 3 : 2;
    const Rect list = ui_column_begin(ui, ui_id("help list", 0), (Rect){in.x, in.y - 8, in.w, in.h}, &v->scroll[SCROLL_OVERLAY]);
    const float w = floorf((list.w - (float)(count - 1) * 20) / (float)count);
    float below[COLUMNS] = {0}, used = 0;
    for (size_t g = 0; g < sizeof groups / sizeof groups[0]; g++) {
        int c = 0;
        for (int other = 1; other < count; other++)
            c = below[other] < below[c] ? other : c;
        below[c] += help_group(ui, session, (Rect){list.x + (float)c * (w + 20), list.y + below[c], w, 100000}, groups[g]);
        used = fmaxf(used, below[c]);
    }
    ui_column_end(ui, used + 4);
    ui_paragraph(ui, (Rect){foot.x, foot.y + 4, foot.w, foot.h}, part_small(ui), how);
    overlay_end(ui);
}

/* ---- search ------------------------------------------------------------------------------------------------------------------------ */

void view_search(Ui *ui, Session *session, ViewState *v)
{
    Model *m = &session->model;
    enum { FOUND = 12 };
    const Net *net = model_net(m);
    const char *hint = model_text(m, STR_SEARCH_HINT);
    int found[FOUND];
    Err err;
    Address a;
    if (v->overlay_was != OVERLAY_SEARCH) {
        v->query[0] = '\0';
        v->row = 0;
        ui_field_focus(ui, ui_id("search", 0));
    }
    Rect in = overlay_dialog(ui, m, 560, 430, model_text(m, STR_HELP_SEARCH));
    const bool entered = ui_field(ui, ui_id("search", 0), rect_cut_top(&in, 36), hint, v->query, sizeof v->query);
    rect_cut_top(&in, 8);
    const bool exact = v->query[0] != '\0' && net_address(net, v->query, &a, &err);
    const int count = walk_find(net, v->query, found, FOUND);
    overlay_keys(session, v, count);
    v->row = v->row >= count ? 0 : v->row;
    if (count == 0 && !exact) {
        char text[160];
        snprintf(text, sizeof text, model_text(m, STR_SEARCH_NOTHING), v->query);
        part_paragraph(ui, &in, part_small(ui), text);
        part_paragraph(ui, &in, part_small(ui), err.text);
    }
    int chosen = -1;
    for (int i = 0; i < count && in.h >= 26; i++) {
        char name[NET_NAME_MAX + 32], shape[NUM_MAX];
        cursor_text(net, (Cursor){found[i], -1, -1, -1}, name, sizeof name);
        if (overlay_row(ui, rect_cut_top(&in, 27), 0, found[i], i == v->row, name, num_shape(shape, net->layers[found[i]].out)))
            chosen = i;
    }
    overlay_end(ui);
    if (entered && exact && (a.channel >= 0 || count == 0)) {
        model_overlay(m, OVERLAY_NONE);
        if (!model_goto(m, v->query, NULL, NULL, &err))
            model_say_here(m, true, "%s", err.text);
    } else if ((entered && count > 0) || chosen >= 0) {
        model_overlay(m, OVERLAY_NONE);
        model_go(m, found[chosen >= 0 ? chosen : v->row]);
    }
}

/* ---- lessons --------------------------------------------------------------------------------------------------------------------------- */

/* The paths of a folder's files with this ending are appended to the list. */
static void list_folder(ViewState *v, const char *folder, const char *ending)
{
    char **paths;
    const int count = lesson_list(folder, ending, &paths);
    for (int i = 0; i < count; i++)
        view_list_add(v, paths[i]);
    lesson_list_free(paths, count);
}

/* The lessons, and behind them the exercises. */
static void list_lessons(const Session *session, ViewState *v)
{
    const Model *m = &session->model;
    const Classroom *room = &session->classroom;
    char folder[1200];
    view_list_forget(v);
    snprintf(folder, sizeof folder, "%s/%s", room->lessons_dir, lang_code(m->screen.lang));
    list_folder(v, folder, ".lesson");
    const int lessons = v->path_count;
    snprintf(folder, sizeof folder, "%s/exercises/%s", room->lessons_dir, lang_code(m->screen.lang));
    list_folder(v, folder, ".exercise");
    v->lessons = calloc((size_t)(v->path_count > 0 ? v->path_count : 1), sizeof *v->lessons);
    for (int i = 0; v->lessons != NULL && i < v->path_count; i++) {
        LessonRow *row = &v->lessons[i];
        row->exercises = i >= lessons;
        if (row->exercises) {
            if (!exercise_load(v->paths[i], m->networks_dir, &row->exercise, &row->broken))
                row->exercise = (Exercise){.title = NULL};
        } else if (!lesson_load(v->paths[i], m->networks_dir, NULL, &row->lesson, &row->broken)) {
            row->lesson = (Lesson){.step_count = 0};
        } else if (room->keep) {
            row->begun = answers_load(v->paths[i], row->lesson.step_count, &row->answers);
        }
    }
}

/* Title, minutes and the class's progress; below them what the lesson teaches, or the error in its file. Returns its height. */
static float lesson_row(Ui *ui, const Model *m, Rect r, const char *path, const LessonRow *l, bool draw)
{
    const bool good = l->exercises ? l->exercise.title != NULL : l->lesson.step_count > 0;
    const char *says = !good ? l->broken.text : l->exercises ? l->exercise.goal : l->lesson.teaches.prose.text;
    const float says_h = says != NULL ? ui_paragraph_height(ui, r.w - 20, part_small(ui), says) : 0;
    if (!draw)
        return 30 + says_h + 8;
    char title[160], right[96] = "";
    if (good && l->exercises)
        snprintf(title, sizeof title, "%d  %s", l->exercise.number, l->exercise.title);
    else if (good)
        snprintf(title, sizeof title, "%d  %s", l->lesson.number, l->lesson.title.prose.text);
    else
        snprintf(title, sizeof title, "%s", part_file_name(path));
    if (l->begun && l->answers.step >= 0)
        snprintf(right, sizeof right, model_text(m, STR_LESSON_PLACE), l->answers.step + 1, l->lesson.step_count);
    else if (l->begun)
        snprintf(right, sizeof right, "%s", model_text(m, STR_LESSON_FINISHED));
    if (good && l->exercises && l->exercise.epochs > 0) {
        snprintf(right, sizeof right, "%s", model_text(m, STR_EXERCISE_TRAINS));
    } else if (good && l->lesson.minutes.source != NULL) {
        char minutes[48];
        snprintf(minutes, sizeof minutes, model_text(m, STR_LESSON_MINUTES), (int)strtol(l->lesson.minutes.source, NULL, 10));
        snprintf(right + strlen(right), sizeof right - strlen(right), "%s%s", right[0] != '\0' ? " · " : "", minutes);
    }
    ui_pair(ui, (Rect){r.x + 10, r.y + 5, r.w - 20, 22}, part_bold(ui), title, part_caption(ui), right);
    if (says != NULL)
        ui_paragraph(ui, (Rect){r.x + 10, r.y + 27, r.w - 20, 0}, good ? part_small(ui) : part_colored(part_small(ui), ui->theme->bad), says);
    ui_item(ui, r, "row", title);
    return r.h;
}

static const float EXERCISES_HEAD = 31; /* of part_heading */

static bool first_exercise(const ViewState *v, int i)
{
    return v->lessons[i].exercises && (i == 0 || !v->lessons[i - 1].exercises);
}

void view_lessons(Ui *ui, Session *session, ViewState *v)
{
    Model *m = &session->model;
    if (v->overlay_was != OVERLAY_LESSONS) {
        v->row = 0;
        list_lessons(session, v);
        for (int i = 0; i < v->path_count; i++)
            if (strcmp(v->paths[i], session->exercising.open ? session->exercising.exercise.path : session->classroom.lesson.path) == 0)
                v->row = i;
    }
    Rect in = overlay_dialog(ui, m, 680, 620, model_text(m, STR_LESSONS_TITLE));
    int open = -1;
    float content = 0, above = 0, below = 0;
    if (v->path_count == 0)
        part_paragraph(ui, &in, part_small(ui), model_text(m, STR_LESSON_NONE));
    const bool moved = overlay_keys(session, v, v->path_count);
    if (strcmp(session->last_key, "Enter") == 0 && v->row < v->path_count)
        open = v->row;
    const float width = in.w - 12; /* beside the scroll bar */
    for (int i = 0; i < v->path_count && v->lessons != NULL; i++) {
        content += first_exercise(v, i) ? EXERCISES_HEAD : 0;
        above = i == v->row ? content : above;
        content += lesson_row(ui, m, (Rect){0, 0, width, 0}, v->paths[i], &v->lessons[i], false);
        below = i == v->row ? content : below;
    }
    Scroll *scroll = &v->scroll[SCROLL_OVERLAY];
    if (moved) /* scroll the chosen row into view */
        ui_scroll_to(scroll, in.h, above, below);
    Rect list = ui_scroll_begin(ui, ui_id("lessons", 0), in, scroll, content);
    for (int i = 0; i < v->path_count && v->lessons != NULL; i++) {
        if (first_exercise(v, i))
            part_heading(ui, &list, model_text(m, STR_EXERCISES_TITLE));
        Rect row = {list.x, list.y, width, 0};
        row.h = lesson_row(ui, m, row, v->paths[i], &v->lessons[i], false);
        rect_cut_top(&list, row.h);
        if (i == v->row)
            ui_round(ui, row, 5, ui->theme->accent_soft);
        else if (ui_hover(ui, row))
            ui_round(ui, row, 5, color_alpha(ui->theme->text, 0.05f));
        if (ui_click(ui, ui_id("lesson", i), row))
            open = i;
        lesson_row(ui, m, row, v->paths[i], &v->lessons[i], true);
    }
    ui_scroll_end(ui);
    overlay_end(ui);
    if (open < 0)
        return;
    session_key_taken(session);
    if (v->lessons != NULL && v->lessons[open].exercises)
        session_open_exercise(session, v->paths[open]);
    else
        session_open_lesson(session, v->paths[open]);
}

/* ---- menus ------------------------------------------------------------------------------------------------------------------------------ */

void view_menu(Ui *ui, Session *session, ViewState *v)
{
    Model *m = &session->model;
    static const Str ranges[RANGE_COUNT] = {STR_RANGE_MAP, STR_RANGE_LAYER, STR_RANGE_MODULE, STR_RANGE_LOCKED};
    const bool range = m->overlay == OVERLAY_RANGE;
    const int count = range ? RANGE_COUNT : LOOK_MAPS;
    const float w = 220;
    const Rect box = {v->menu_right[range ? 0 : 1] - w, 46, w, (float)count * 30 + 12};
    ui_overlay_begin(ui, (Rect){0, 0, ui->width, ui->height});
    ui_shadow(ui, (Rect){box.x, box.y + 3, box.w, box.h}, 8, 16, 0x0b122050);
    ui_round(ui, box, 8, ui->theme->panel);
    ui_frame_round(ui, box, 8, 1, ui->theme->panel_edge);
    for (int i = 0; i < count; i++) {
        Rect row = {box.x + 6, box.y + 6 + (float)i * 30, box.w - 12, 30};
        const bool chosen = range ? m->look.range == (RangeKind)i : m->look.map == i;
        if (overlay_row(ui, row, 0, i, chosen, range ? model_text(m, ranges[i]) : look_map_name(i), "")) {
            if (range && i == RANGE_LOCKED)
                model_do(m, VERB_LOCK);
            else if (range)
                model_range_kind(m, (RangeKind)i);
            else
                model_colour_map(m, i);
            model_overlay(m, OVERLAY_NONE);
        }
        if (range)
            continue;
        const Rect bar = {row.x + row.w - 108, row.y + 10, 96, 10};
        for (int s = 0; s < 48; s++)
            ui_fill(ui, (Rect){bar.x + (float)s * 2, bar.y, 2, bar.h},
                    i == MAP_SIGNED ? colormap_color(MAP_SIGNED, (float)(s - 24), -24, 24) : colormap_color((Colormap)i, (float)s, 0, 48));
    }
    ui_overlay_end(ui);
    if (ui->in.pressed && !ui->clicked) {
        ui->clicked = true;
        model_overlay(m, OVERLAY_NONE);
    }
}

/* ---- loupe ---------------------------------------------------------------------------------------------------------------------------------- */

/* The pointer has not moved since the stage changed under it. */
static bool pointer_rests(const Ui *ui, const Model *m, ViewState *v)
{
    if (m->at != v->pointed_at) {
        v->pointed_at = m->at;
        v->rest_x = ui->in.mouse_x;
        v->rest_y = ui->in.mouse_y;
    }
    return fabsf(ui->in.mouse_x - v->rest_x) < 0.5f && fabsf(ui->in.mouse_y - v->rest_y) < 0.5f;
}

void view_loupe(Ui *ui, Session *session, ViewState *v)
{
    const Model *m = &session->model;
    const Loupe *loupe = &v->loupe;
    const Theme *t = ui->theme;
    const LayerMap *map = &loupe->map;
    const int side = map->shape.h > map->shape.w ? map->shape.h : map->shape.w;
    const float want = fmaxf(fminf(168, ui->height * 0.3f), (float)side / ui->scale > 224 ? 0 : (float)side / ui->scale);
    if (pointer_rests(ui, m, v) || !loupe->on || side < 2 || loupe->tile.w >= want * 0.8f)
        return; /* the tile itself is large enough */
    char name[NET_NAME_MAX + 128], line[192], value[NUM_MAX];
    MapGrid grid = part_grid(m, v, loupe->at.layer, map, loupe->at.channel, 1);
    grid.columns = 1;
    grid.tile = map_tile_sharp(ui, map->shape.h, map->shape.w, want);
    value_name(m, loupe->at, name, sizeof name);
    const float v_at = map->data[at(map->shape, 0, loupe->at.channel, loupe->at.y, loupe->at.x)];
    snprintf(line, sizeof line, "(%d, %d)  %s", loupe->at.y, loupe->at.x, num_value(value, (double)v_at));
    const float w = fmaxf(fmaxf(map_grid_width(&grid), ui_text_width(ui, part_mono(ui), line)), ui_text_width(ui, part_bold(ui), name)) + 16;
    const float h = map_grid_height(&grid) + 16 + 40;
    Rect box = {ui->in.mouse_x + 18, ui->in.mouse_y + 18, w, h};
    if (box.x + w > v->stage_right - 4 && ui->in.mouse_x - w - 14 > 0) /* keep the inspector visible */
        box.x = ui->in.mouse_x - w - 14;
    if (box.y + h > ui->height - 4)
        box.y = fmaxf(ui->in.mouse_y - h - 14, 4);
    ui_overlay_begin(ui, (Rect){0, 0, 0, 0});
    ui_shadow(ui, (Rect){box.x, box.y + 3, box.w, box.h}, 7, 14, 0x0b122058);
    ui_round(ui, box, 7, t->panel);
    ui_frame_round(ui, box, 7, 1, t->panel_edge);
    Rect in = rect_inset(box, 8);
    ui_text(ui, rect_cut_top(&in, 18), part_bold(ui), ALIGN_LEFT, name);
    ui_text(ui, rect_cut_top(&in, 20), part_mono(ui), ALIGN_LEFT, line);
    rect_cut_top(&in, 2);
    ui_maps(ui, in, &grid, name);
    part_digits(ui, in, &grid);
    const Rect cell = map_cell_rect(in, &grid, loupe->at.channel, loupe->at.y, loupe->at.x);
    ui_frame(ui, rect_inset(cell, -2), 1, 0x000000ff);
    ui_frame(ui, rect_inset(cell, -1), 1, 0xffffffff);
    ui_overlay_end(ui);
}
