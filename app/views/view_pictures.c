/* view_pictures.c - the list of files to open: on the left the program's own pictures and the files opened last, each with a
 * thumbnail; on the right a folder. What is typed is a part of a name, which filters both, or a path, which leads to its folder. */
#include "app/session/typed_path.h"
#include "app/session/user_folders.h"
#include "app/views/overlay.h"
#include "app/views/views.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { THUMB_SIDE = 168 };      /* pixels: sharp at three pixels per logical pixel */
static const float ROW_H = 56, THUMB_W = 62, THUMB_H = 46, HEADING_H = 31, ENTRY_H = 25, GAP = 20;

enum { ROW_ABOVE = -1, ROW_HERE = -2 };

/* What the list is opened for. */
typedef struct Wanted {
    bool second, folder, bins;  /* as in ViewPage */
    const char *title;
} Wanted;

/* What is in the lists in this frame. The chosen row counts through both, the left one first. */
typedef struct Lists {
    TypedPath typed;
    int *left, left_count;      /* places in ViewState.paths */
    const FolderList *folder;   /* NULL: it is being read, or there is none */
    int *right, right_count;    /* places in the folder; ROW_ABOVE: the folder above; ROW_HERE: this folder */
    bool second;                /* only pictures */
    bool picks_folder;          /* a folder is chosen: none of the left list */
    bool bins;                  /* pictures and folders are chosen */
} Lists;

/* The bundled pictures in the order of their names, then the files opened last. */
static void list_pictures(const Session *session, ViewState *v, bool second)
{
    FolderList own = folder_files(session->images_dir, FILE_PICTURE);
    char path[1400];
    view_list_forget(v);
    for (int i = 0; i < own.count; i++) {
        snprintf(path, sizeof path, "%s/%s", session->images_dir, own.entries[i].name);
        view_list_add(v, path);
    }
    folder_list_free(&own);
    v->bundled = v->path_count;
    const Recent *recent = &session->opening.recent;
    for (int i = 0; i < recent->count; i++)
        if (!second || file_sort(recent->paths[i]) == FILE_PICTURE)
            view_list_add(v, recent->paths[i]);
}

static void begin(Ui *ui, const Session *session, ViewState *v, bool second)
{
    const Model *m = &session->model;
    v->path[0] = '\0';
    v->row = 0;
    v->scroll[SCROLL_LIST].offset = v->scroll[SCROLL_FOLDER].offset = 0;
    list_pictures(session, v, second);
    v->thumbs = thumbs_start(v->paths, v->path_count, THUMB_SIDE, m->wake, m->wake_user);
    ui_field_focus(ui, ui_id("picture path", 0));
}

/* Another folder is read in the background; its list is there one of the next frames. */
static void go_to_folder(const Model *m, ViewState *v, const char *path)
{
    if (strcmp(path, v->folder_path) == 0)
        return;
    folder_free(v->folder);
    snprintf(v->folder_path, sizeof v->folder_path, "%s", path);
    v->folder = path[0] != '\0' ? folder_start(path, m->wake, m->wake_user) : NULL;
    v->scroll[SCROLL_FOLDER].offset = 0;
}

static Lists make_lists(const Ui *ui, const Model *m, ViewState *v, const Wanted *wanted)
{
    char start[1024] = "";
    user_folder_current(start, sizeof start);
    Lists l = {.typed = typed_path(v->path, start), .second = wanted->second, .picks_folder = wanted->folder, .bins = wanted->bins};
    go_to_folder(m, v, ui->in_page ? "" : l.typed.folder); /* a page has no folders of the user */
    l.folder = folder_list(v->folder);
    l.left = view_scratch(v, (size_t)(v->path_count + 1) * sizeof *l.left);
    for (int i = 0; l.left != NULL && !l.picks_folder && i < v->path_count; i++)
        if (typed_matches(part_file_name(v->paths[i]), l.typed.is_path ? v->path : l.typed.name))
            l.left[l.left_count++] = i;
    l.right = l.folder != NULL ? view_scratch(v, (size_t)(l.folder->count + 2) * sizeof *l.right) : NULL;
    if (l.right == NULL)
        return l;
    if ((l.picks_folder || l.bins) && l.typed.name[0] == '\0')
        l.right[l.right_count++] = ROW_HERE;
    if (l.typed.name[0] == '\0' && strcmp(l.typed.folder, "/") != 0)
        l.right[l.right_count++] = ROW_ABOVE;
    for (int i = 0; i < l.folder->count; i++) {
        const FolderEntry *e = &l.folder->entries[i];
        if (typed_matches(e->name, l.typed.name) && (!(l.second || l.picks_folder || l.bins) || e->sort == FILE_FOLDER || e->sort == FILE_PICTURE))
            l.right[l.right_count++] = i;
    }
    return l;
}

/* ---- the left list --------------------------------------------------------------------------------------------------------------- */

/* A row's y below the top of the list; for the row after the last one, the list's end. */
static float row_top(const ViewState *v, const Lists *l, int row)
{
    int headings = 0, group = -1;
    for (int i = 0; i <= row && i < l->left_count; i++)
        if ((l->left[i] >= v->bundled) != group) {
            group = l->left[i] >= v->bundled;
            headings++;
        }
    return ROW_H * (float)row + HEADING_H * (float)headings;
}

static bool picture_row(Ui *ui, const ViewState *v, Rect r, int i, bool chosen)
{
    const Thumb *thumb = thumbs_get(v->thumbs, i);
    char size[48] = "", name[128];
    if (thumb != NULL && thumb->w > 0)
        snprintf(size, sizeof size, "%d×%d", thumb->w, thumb->h);
    part_cut(ui, part_bold(ui), part_file_name(v->paths[i]), r.w - THUMB_W - 42 - ui_text_width(ui, part_caption(ui), size), name, sizeof name);
    const bool clicked = overlay_row(ui, r, THUMB_W + 12, i, chosen, name, size);
    const Rect place = {r.x + 8, r.y + floorf((ROW_H - THUMB_H) / 2), THUMB_W, THUMB_H};
    if (thumb == NULL || thumb->w == 0) {
        ui_round(ui, place, 3, ui->theme->tile_back);
        return clicked;
    }
    const float scale = fminf(place.w / (float)thumb->image.w, place.h / (float)thumb->image.h);
    const Rect inner = {place.x + floorf((place.w - (float)thumb->image.w * scale) / 2), place.y, (float)thumb->image.w * scale, place.h};
    part_image(ui, &thumb->image, thumb->version, inner);
    return clicked;
}

/* Returns the row that was clicked, or -1. */
static int left_list(Ui *ui, const Model *m, ViewState *v, const Lists *l, Rect r, bool moved)
{
    int clicked = -1;
    Scroll *scroll = &v->scroll[SCROLL_LIST];
    if (moved && v->row < l->left_count) /* keep the row chosen by keys visible */
        ui_scroll_to(scroll, r.h, row_top(v, l, v->row) - HEADING_H, row_top(v, l, v->row) + ROW_H);
    Rect list = ui_scroll_begin(ui, ui_id("pictures", 0), r, scroll, row_top(v, l, l->left_count) + 8);
    for (int i = 0; i < l->left_count; i++) {
        const bool recent = l->left[i] >= v->bundled;
        if (i == 0 || recent != (l->left[i - 1] >= v->bundled))
            part_heading(ui, &list, model_text(m, recent ? STR_RECENT : STR_BUNDLED));
        if (picture_row(ui, v, rect_cut_top(&list, ROW_H), l->left[i], i == v->row))
            clicked = i;
    }
    ui_scroll_end(ui);
    return clicked;
}

/* ---- the folder ------------------------------------------------------------------------------------------------------------------- */

/* The end of a long path tells more than its beginning. */
static void path_end(Ui *ui, TextStyle style, const char *path, float width, char *out, size_t size)
{
    snprintf(out, size, "%s", path);
    for (const char *slash = strchr(path + 1, '/'); slash != NULL && ui_text_width(ui, style, out) > width; slash = strchr(slash + 1, '/'))
        snprintf(out, size, "…%s", slash);
    if (ui_text_width(ui, style, out) > width)
        part_cut(ui, style, part_file_name(path), width, out, size);
}

/* What is said in the place of entries, or below them; "" if nothing. */
static void folder_note(const Model *m, const Lists *l, char *out, size_t size)
{
    char count[NUM_MAX];
    out[0] = '\0';
    if (l->folder == NULL)
        snprintf(out, size, "%s", model_text(m, STR_FOLDER_READING));
    else if (l->folder->err.text[0] != '\0')
        snprintf(out, size, "%s", l->folder->err.text);
    else if (l->folder->cut)
        snprintf(out, size, model_text(m, STR_FOLDER_CUT), num_count(count, FOLDER_MOST));
    else if (l->right_count == 0 || (l->right_count == 1 && l->right[0] < 0))
        snprintf(out, size, "%s", model_text(m, STR_FOLDER_EMPTY));
}

/* Only the rows in sight are drawn, however many there are. Returns the clicked row, or -1. */
static int right_list(Ui *ui, const Model *m, ViewState *v, const Lists *l, Rect r, bool moved)
{
    static const Str sorts[] = {STR_SORT_FOLDER, STR_SORT_PICTURE, STR_SORT_WEIGHTS, STR_SORT_NETWORK, STR_SORT_NAMES};
    char path[1024], note[sizeof(Err)];
    int clicked = -1;
    const TextStyle head = ui_style(FACE_BOLD, ui->theme->size_caption, ui->theme->text_dim);
    path_end(ui, head, v->folder_path, r.w - 8, path, sizeof path);
    part_heading(ui, &r, path);
    folder_note(m, l, note, sizeof note);
    if (note[0] != '\0') {
        const float h = ui_paragraph_height(ui, r.w - 10, part_small(ui), note);
        ui_paragraph(ui, (Rect){r.x + 10, rect_cut_bottom(&r, h + 4).y + 2, r.w - 10, h}, part_small(ui), note);
    }
    Scroll *scroll = &v->scroll[SCROLL_FOLDER];
    const int chosen = v->row - l->left_count;
    if (moved && chosen >= 0)
        ui_scroll_to(scroll, r.h, ENTRY_H * (float)chosen, ENTRY_H * (float)(chosen + 1));
    const Rect list = ui_scroll_begin(ui, ui_id("folder", 0), r, scroll, ENTRY_H * (float)l->right_count);
    const int first = (int)(scroll->offset / ENTRY_H), last = first + (int)(r.h / ENTRY_H) + 2;
    for (int i = first; i < last && i < l->right_count; i++) {
        const FolderEntry *e = l->right[i] >= 0 ? &l->folder->entries[l->right[i]] : NULL;
        char name[300];
        snprintf(name, sizeof name, l->right[i] == ROW_HERE ? model_text(m, STR_UNITS_USE_FOLDER) : e == NULL ? "../" : e->sort == FILE_FOLDER ? "%s/" : "%s", e != NULL ? e->name : "");
        if (overlay_entry(ui, (Rect){list.x, list.y + ENTRY_H * (float)i, list.w, ENTRY_H}, i, i == chosen, name, model_text(m, sorts[e != NULL ? e->sort : FILE_FOLDER])))
            clicked = i;
    }
    ui_scroll_end(ui);
    return clicked < 0 ? -1 : clicked + l->left_count;
}

/* ---- both -------------------------------------------------------------------------------------------------------------------------- */

/* Follows a row: a folder is entered, and false is returned; a file's path is written to `open`. */
static bool follow_row(Ui *ui, ViewState *v, const Lists *l, int row, char *open, size_t size)
{
    if (row < l->left_count) {
        snprintf(open, size, "%s", v->paths[l->left[row]]);
        return true;
    }
    const int at = l->right[row - l->left_count];
    if (at == ROW_HERE) {
        snprintf(open, size, "%s", v->folder_path);
        return true;
    }
    const FolderEntry *e = at >= 0 ? &l->folder->entries[at] : NULL;
    if (e != NULL && e->sort != FILE_FOLDER && l->picks_folder) {
        snprintf(open, size, "%s", v->folder_path); /* a photo stands for the folder that it lies in */
        return true;
    }
    if (e != NULL && e->sort != FILE_FOLDER)
        return typed_enter(v->folder_path, e->name, false, open, size);
    if (typed_enter(v->folder_path, e != NULL ? e->name : "..", true, v->path, sizeof v->path))
        ui_field_focus(ui, ui_id("picture path", 0));
    ui->want_frame = true;
    return false;
}

/* Enter: a path that is a file's as it was typed, else the chosen row, else what was typed, whose message says what is wrong. */
static bool enter(Ui *ui, ViewState *v, const Lists *l, char *open, size_t size)
{
    char whole[1400];
    const bool named = l->typed.name[0] != '\0', first = v->row == 0 || v->row == l->left_count;
    typed_enter(l->typed.folder, l->typed.name, false, whole, sizeof whole);
    const bool is_row = v->row < l->left_count + l->right_count;
    bool folder = false;
    for (int i = 0; i < l->right_count && l->right[i] >= 0; i++)
        folder = folder || (l->folder->entries[l->right[i]].sort == FILE_FOLDER && strcmp(l->folder->entries[l->right[i]].name, l->typed.name) == 0);
    if (named && first && !folder && access(whole, F_OK) == 0) {
        snprintf(open, size, "%s", whole);
        return true;
    }
    if (is_row)
        return follow_row(ui, v, l, v->row, open, size);
    snprintf(open, size, "%s", named && l->typed.is_path ? whole : v->path);
    return named;
}

/* In a page the browser has the files and the camera. Cuts room for the buttons off the row; true when one of them was clicked. */
static bool page_buttons(Ui *ui, const Model *m, Rect *row)
{
    const char *camera = model_text(m, ui->wish.camera ? STR_CAMERA_KEEP : STR_CAMERA), *files = model_text(m, STR_CHOOSE_FILES);
    const bool turned = ui_button(ui, ui_id("camera", 0), rect_cut_right(row, ui_button_width(ui, camera)), camera, ui->wish.camera ? BUTTON_PRIMARY : BUTTON_PLAIN);
    rect_cut_right(row, 8);
    const bool chosen = ui_button(ui, ui_id("choose files", 0), rect_cut_right(row, ui_button_width(ui, files)), files, BUTTON_PLAIN);
    rect_cut_right(row, 8);
    ui->wish.camera = ui->wish.camera != turned;
    ui->wish.pick_files = chosen;
    return turned || chosen;
}

static bool choose(Ui *ui, Session *session, ViewState *v, const Wanted *wanted, char *open, size_t size)
{
    const Model *m = &session->model;
    char was[sizeof v->path];
    Rect in = overlay_dialog(ui, &session->model, 900, 700, wanted->title);
    snprintf(was, sizeof was, "%s", v->path);
    Rect top = rect_cut_top(&in, 36);
    if (ui->in_page && page_buttons(ui, m, &top)) {
        model_overlay(&session->model, OVERLAY_NONE);
        if (wanted->bins && ui->wish.camera)
            session_teach_judges(session, true); /* its pictures replace each other */
    }
    const bool entered = ui_field(ui, ui_id("picture path", 0), top, model_text(m, STR_PICTURES_HINT), v->path, sizeof v->path);
    const Lists l = make_lists(ui, m, v, wanted);
    if (strcmp(was, v->path) != 0)
        v->row = 0;
    const bool moved = overlay_keys(session, v, l.left_count + l.right_count);
    if (strcmp(session->last_key, "Tab") == 0) {
        session_key_taken(session);
        if (l.folder != NULL && typed_complete(l.folder, &l.typed, v->path, sizeof v->path))
            ui_field_focus(ui, ui_id("picture path", 0));
        ui->want_frame = true;
    }
    rect_cut_top(&in, 4);
    int row = -1;
    if (wanted->folder && v->folder_path[0] != '\0') {
        row = right_list(ui, m, v, &l, in, moved);
    } else if (v->folder_path[0] != '\0') {
        const float left = floorf(fminf(in.w * 0.42f, 360));
        row = left_list(ui, m, v, &l, rect_cut_left(&in, left), moved);
        rect_cut_left(&in, GAP);
        const int right = right_list(ui, m, v, &l, in, moved);
        row = right >= 0 ? right : row;
    } else {
        row = left_list(ui, m, v, &l, in, moved);
    }
    overlay_end(ui);
    if (row >= 0)
        return follow_row(ui, v, &l, row, open, size);
    return entered && enter(ui, v, &l, open, size);
}

static const char *title_for(const Session *session, const ViewPage *page, bool folder, char *scratch, size_t size)
{
    const Model *m = &session->model;
    const Teaching *t = &session->teaching;
    if (!page->bins)
        return model_text(m, folder ? (m->view == VIEW_ACCURACY ? STR_ACCURACY_FOLDER_TITLE : STR_UNITS_FOLDER_TITLE) : page->second_picture ? STR_SECOND_TITLE : STR_PICTURES_TITLE);
    if (t->judges || t->bin >= t->bins.now.bin_count)
        return model_text(m, STR_TEACH_JUDGE_TITLE);
    snprintf(scratch, size, model_text(m, STR_TEACH_ADD_TITLE), t->bins.now.names[t->bin]);
    return scratch;
}

void view_pictures(Ui *ui, Session *session, ViewState *v)
{
    Model *m = &session->model;
    const ViewPage *page = view_page(m->view);
    char open[1400], title[160];
    Wanted wanted = {.second = page->second_picture, .folder = page->folder && !ui->in_page, .bins = page->bins};
    wanted.title = title_for(session, page, wanted.folder, title, sizeof title);
    if (v->overlay_was != OVERLAY_PICTURES)
        begin(ui, session, v, wanted.second || wanted.bins);
    if (!choose(ui, session, v, &wanted, open, sizeof open))
        return;
    if (wanted.bins && !session->teaching.judges && !session_is_folder(open)) { /* the next picture may follow */
        session_teach_add(session, open);
        ui->want_frame = true;
        return;
    }
    ui->wish.camera = false;
    model_overlay(m, OVERLAY_NONE);
    if (wanted.bins)
        session_teach_add(session, open);
    else if (wanted.folder && session_is_folder(open))
        session_open_folder(session, open);
    else if (wanted.second)
        session_open_other(session, open);
    else
        session_open_path(session, open);
}
