/* view_networks.c - the menu of networks and weights: what comes with the program, what was downloaded, what was opened last; and
 * the way to any other file. */
#include "app/session/typed_path.h"
#include "app/views/overlay.h"
#include "app/views/views.h"

#include <stdio.h>
#include <string.h>

static const float ROW_H = 26, HEADING_H = 31;

static const Str headings[] = {
    [CHOICE_SHIPPED] = STR_CHOICE_SHIPPED, [CHOICE_FOUND] = STR_CHOICE_FOUND, [CHOICE_RECENT] = STR_RECENT, [CHOICE_NETWORK] = STR_CHOICE_NETWORKS,
};

static bool is_open(const Model *m, const SourceChoice *c)
{
    const Source *s = &m->source->source;
    return strcmp(s->info.path[0] != '\0' ? s->info.path : s->net->source, c->path) == 0;
}

static void begin(Ui *ui, const Session *session, ViewState *v)
{
    const Model *m = &session->model;
    choices_free(&v->choices);
    v->choices = choices_make(session->weights_dir, m->networks_dir, &session->opening.recent);
    v->query[0] = '\0';
    v->row = 0;
    for (int i = 0; i < v->choices.count; i++)
        if (is_open(m, &v->choices.rows[i]))
            v->row = i;
    v->scroll[SCROLL_LIST].offset = 0;
    ui_field_focus(ui, ui_id("network name", 0));
}

/* The rows that have what is typed in their title or path, and at the end, as -1, the way to another file. */
static int matching(const ViewState *v, int *shown)
{
    int count = 0;
    for (int i = 0; i < v->choices.count; i++) {
        const char *slash = strrchr(v->choices.rows[i].path, '/');
        if (typed_matches(v->choices.rows[i].title, v->query) || typed_matches(v->choices.rows[i].title_zh, v->query) || typed_matches(slash + 1, v->query))
            shown[count++] = i;
    }
    shown[count++] = -1;
    return count;
}

static bool new_group(const ViewState *v, const int *shown, int i)
{
    return shown[i] >= 0 && (i == 0 || v->choices.rows[shown[i]].group != v->choices.rows[shown[i - 1]].group);
}

static float row_top(const ViewState *v, const int *shown, int row)
{
    float y = ROW_H * (float)row;
    for (int i = 0; i <= row; i++)
        y += new_group(v, shown, i) ? HEADING_H : 0;
    return y;
}

static bool choice_row(Ui *ui, const Model *m, Rect r, const SourceChoice *c, int index, bool chosen)
{
    char right[160] = "";
    const char *file = strrchr(c->path, '/') + 1;
    if (is_open(m, c))
        snprintf(right, sizeof right, "%s", model_text(m, STR_CHOICE_OPEN));
    else if (c->group == CHOICE_NETWORK)
        snprintf(right, sizeof right, "%.*s · %s", (int)strcspn(file, "."), file, model_text(m, c->own_weights ? STR_CHOICE_OWN : STR_CHOICE_RANDOM));
    return overlay_entry(ui, r, index, chosen, str_title(m->screen.lang, c->title, c->title_zh), right);
}

void view_networks(Ui *ui, Session *session, ViewState *v)
{
    Model *m = &session->model;
    if (v->overlay_was != OVERLAY_NETWORKS)
        begin(ui, session, v);
    int *shown = view_scratch(v, (size_t)(v->choices.count + 1) * sizeof *shown), count = 0, taken = -1;
    char was[sizeof v->query];
    snprintf(was, sizeof was, "%s", v->query);
    Rect in = overlay_dialog(ui, m, 640, 620, model_text(m, STR_NETWORKS_TITLE));
    const bool entered = ui_field(ui, ui_id("network name", 0), rect_cut_top(&in, 36), model_text(m, STR_NETWORKS_HINT), v->query, sizeof v->query);
    if (shown != NULL)
        count = matching(v, shown);
    v->row = strcmp(was, v->query) != 0 || v->row >= count ? 0 : v->row;
    const bool moved = overlay_keys(session, v, count) || v->overlay_was != OVERLAY_NETWORKS;
    rect_cut_top(&in, 4);
    Scroll *scroll = &v->scroll[SCROLL_LIST];
    if (moved && count > 0)
        ui_scroll_to(scroll, in.h, row_top(v, shown, v->row) - HEADING_H, row_top(v, shown, v->row) + ROW_H);
    Rect list = ui_scroll_begin(ui, ui_id("networks", 0), in, scroll, count > 0 ? row_top(v, shown, count - 1) + ROW_H + 14 : 0);
    for (int i = 0; i < count; i++) {
        if (new_group(v, shown, i))
            part_heading(ui, &list, model_text(m, headings[v->choices.rows[shown[i]].group]));
        if (shown[i] < 0)
            rect_cut_top(&list, 8);
        const Rect row = rect_cut_top(&list, ROW_H);
        if (shown[i] < 0 ? overlay_entry(ui, row, v->choices.count, i == v->row, model_text(m, STR_CHOICE_FILE), "")
                         : choice_row(ui, m, row, &v->choices.rows[shown[i]], shown[i], i == v->row))
            taken = i;
    }
    ui_scroll_end(ui);
    overlay_end(ui);
    taken = taken < 0 && entered && count > 0 ? v->row : taken;
    if (taken < 0)
        return;
    const int choice = shown[taken];
    model_overlay(m, choice < 0 ? OVERLAY_PICTURES : OVERLAY_NONE);
    if (choice >= 0)
        session_open_path(session, v->choices.rows[choice].path);
}
