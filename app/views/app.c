/* app.c - the hooks of the shell: which view goes where, in which order, and what a click on empty space means. */
#include "app/views/app.h"
#include "app/model/walk.h"
#include "app/views/parts.h"
#include "app/views/views.h"

#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const float TOP = 44, BAR = 36, CRUMBS = 26, STATUS = 26, PRESENTER_ZOOM = 1.25f, POINTER_SECONDS = 3, STAGE_LEAST = 560, STAGE_SMALLEST = 280, RAIL_NARROW = 54;

struct Inceptoscope {
    Session session;
    ViewState views;
    Secrets secrets;            /* of this frame: what no text may say while a lesson's question is open */
    pthread_mutex_t wake_lock;  /* a worker may be about to wake the shell while the shell takes its leave */
    WakeFn *wake;               /* set by the shell, called by worker threads; NULL before and after */
    void *wake_user;
    double pointer_moved;       /* when, for hiding it in presenter mode */
    float pointer_x, pointer_y;
};

/* What the worker threads call; before the shell has attached itself there is nobody to wake. */
static void wake(void *user)
{
    Inceptoscope *p = user;
    pthread_mutex_lock(&p->wake_lock);
    if (p->wake != NULL)
        p->wake(p->wake_user);
    pthread_mutex_unlock(&p->wake_lock);
}

static void app_attach(void *user, WakeFn *fn, void *wake_user)
{
    Inceptoscope *p = user;
    pthread_mutex_lock(&p->wake_lock);
    p->wake = fn;
    p->wake_user = wake_user;
    pthread_mutex_unlock(&p->wake_lock);
}

/* ---- layout ------------------------------------------------------------------------------------------------------------------ */

/* A channel that was just selected, or that a lesson shows, comes in sight, as soon as there are maps to scroll. */
static void follow(const Model *m, ViewState *v)
{
    LayerMap map;
    Cursor wanted = {m->cursor.layer, m->cursor.channel, -1, -1};
    for (int i = 0; i < m->lit_count && wanted.channel < 0; i++)
        wanted = m->lit[i];
    v->follow = wanted.channel >= 0 && (wanted.layer != v->followed.layer || wanted.channel != v->followed.channel);
    if (wanted.channel < 0)
        v->followed = wanted; /* chosen again, it is brought in sight again */
    if (!v->follow)
        return;
    Address twin = {.layer = wanted.layer};
    net_address_twin(model_net(m), (Address){.layer = wanted.layer, .channel = wanted.channel}, &twin);
    v->follow = compute_map(m->compute, wanted.layer, &map) && compute_map(m->compute, twin.layer, &map);
    if (v->follow)
        v->followed = wanted;
}

/* A stage that one walks into from the overview grows out of the box that it had there; true: it is clipped to what has grown, and the caller ends that clip. */
static bool grow_begin(Ui *ui, Session *session, ViewState *v, Rect area, float t)
{
    const Model *m = &session->model;
    const Rect from = v->grown_from;
    if (m->view == VIEW_OVERVIEW || from.w <= 0)
        return false;
    if (t >= 1 || m->motion.direction != 2) {
        v->grown_from = (Rect){0};
        return false;
    }
    const Rect now = {from.x + (area.x - from.x) * t, from.y + (area.y - from.y) * t, from.w + (area.w - from.w) * t, from.h + (area.h - from.h) * t};
    ui_shadow(ui, now, 8, 16, ui->theme->shadow);
    ui_fill(ui, now, ui->theme->page);
    ui_frame_round(ui, now, 8, 2, ui->theme->accent);
    ui_clip_push(ui, now);
    return true;
}

/* Uncovered from the side that the step leads to. Fading the whole stage would blend every pixel of it in every frame, and the first frame
 * would need the textures of all its maps. */
static Rect uncovered(Rect area, int direction, float t)
{
    const float w = roundf(area.w * t), h = roundf(area.h * t);
    switch (direction) {
    case 1: return (Rect){area.x + area.w - w, area.y, w, area.h};
    case -1: return (Rect){area.x, area.y, w, area.h};
    case 2: return (Rect){area.x, area.y + area.h - h, area.w, h};
    default: return (Rect){area.x, area.y, area.w, h};
    }
}

/* The stage comes in from where the step leads: it slides a little while it is uncovered. */
static void draw_stage(Ui *ui, Session *session, ViewState *v, Rect area)
{
    const Model *m = &session->model;
    const Rect in = {area.x + 20, area.y + 12, area.w - 40, area.h - 22};
    const float t = model_motion(m);
    if (v->scrolled_layer != m->at) {
        v->scrolled_layer = m->at;
        v->scroll[SCROLL_INPUT].offset = v->scroll[SCROLL_OUTPUT].offset = 0;
        v->followed = (Cursor){-1, -1, -1, -1};
    }
    follow(m, v);
    Rect moved = in;
    if (t < 1) {
        const float far = 48 * (1 - t);
        const int d = m->motion.direction;
        moved.x += roundf(d == 1 ? far : d == -1 ? -far : 0);
        moved.y += roundf(d == 2 ? far : d == -2 ? -far : 0);
        ui->want_frame = true;
    }
    ui_clip_push(ui, area);
    if (!grow_begin(ui, session, v, area, t))
        ui_clip_push(ui, t < 1 ? uncovered(area, m->motion.direction, t) : area);
    if (m->view != VIEW_OVERVIEW)
        view_crumbs(ui, session, v, rect_cut_top(&moved, CRUMBS));
    view_page(m->view)->draw(ui, session, v, moved);
    ui_clip_pop(ui);
    ui_clip_pop(ui);
}

static float clampf(float v, float lo, float hi)
{
    return fminf(fmaxf(v, lo), hi);
}

static void layout(Ui *ui, Session *session, ViewState *v)
{
    const Model *m = &session->model;
    Rect area = {0, 0, ui->width, ui->height};
    ui_fill(ui, area, ui->theme->page);
    const Rect top = rect_cut_top(&area, TOP), bar = rect_cut_top(&area, BAR), status = rect_cut_bottom(&area, STATUS);
    const float strip_h = fminf(view_strip_height(ui, session, area.w), area.h * 0.45f);
    const Rect strip = rect_cut_bottom(&area, strip_h);
    /* In a window too small for all three the stage stays. */
    const ViewPage *page = view_page(m->view);
    const float inspector_w = page->inspector ? clampf(roundf(ui->width * 0.2f), 262, 350) : 0;
    float rail_w = fmaxf(clampf(roundf(ui->width * 0.138f), 222, 244), view_rail_width(ui, m, area.h));
    if (area.w - rail_w - inspector_w < fmaxf(page->least, STAGE_LEAST))
        rail_w = RAIL_NARROW;
    Rect rail = {0}, inspector = {0};
    if (page->rail && area.w - rail_w >= STAGE_SMALLEST)
        rail = rect_cut_left(&area, rail_w);
    if (page->inspector && area.w - inspector_w >= STAGE_LEAST)
        inspector = rect_cut_right(&area, inspector_w);
    v->stage_right = area.x + area.w;
    draw_stage(ui, session, v, area);
    if (rail.w > 0)
        view_rail(ui, session, v, rail);
    if (inspector.w > 0)
        view_inspector(ui, session, v, inspector);
    if (strip.h > 0)
        view_strip(ui, session, v, strip);
    view_status(ui, session, v, status);
    view_bar(ui, session, v, bar);
    view_top(ui, session, v, top);
    const bool empty = ui->in.pressed && !ui->clicked && m->overlay == OVERLAY_NONE && rect_has(area, ui->in.mouse_x, ui->in.mouse_y);
    if (empty || ui->in.right_pressed) {
        session_click_empty(session); /* it goes back one level, as a right click does */
        ui->want_frame = true;
    }
}

/* While something is held over the window: a frame around all of it, and what will happen to it. */
static void drag_frame(Ui *ui, const Model *m)
{
    const Theme *t = ui->theme;
    const Rect all = {0, 0, ui->width, ui->height};
    const char *text = model_text(m, view_page(m->view)->bins ? STR_DROP_TEACH : view_page(m->view)->second_picture ? STR_DROP_SECOND : STR_DROP_HERE);
    const TextStyle style = part_colored(part_title(ui), t->accent);
    const float w = fminf(ui_text_width(ui, style, text), ui->width - 120), h = ui_paragraph_height(ui, w + 1, style, text) + 44;
    const Rect card = {floorf((ui->width - w) / 2) - 28, floorf((ui->height - h) / 2), w + 56, h};
    ui_overlay_begin(ui, (Rect){0, 0, 0, 0});
    ui_fill(ui, all, color_alpha(t->accent, 0.12f));
    ui_frame(ui, rect_inset(all, 6), 4, t->accent);
    ui_round(ui, card, 12, t->panel);
    ui_frame_round(ui, card, 12, 2, t->accent);
    ui_paragraph(ui, (Rect){card.x + 28, card.y + 22, w + 1, h - 44}, style, text);
    ui_item(ui, card, "drag", text);
    ui_overlay_end(ui);
}

static void overlays(Ui *ui, Session *session, ViewState *v)
{
    const Model *m = &session->model;
    const Overlay open = m->overlay;
    switch (open) {
    case OVERLAY_HELP: view_help(ui, session, v); break;
    case OVERLAY_SEARCH: view_search(ui, session, v); break;
    case OVERLAY_PICTURES: view_pictures(ui, session, v); break;
    case OVERLAY_NETWORKS: view_networks(ui, session, v); break;
    case OVERLAY_LESSONS: view_lessons(ui, session, v); break;
    case OVERLAY_HAND_IN: view_hand_in(ui, session, v); break;
    case OVERLAY_RANGE:
    case OVERLAY_MAP: view_menu(ui, session, v); break;
    case OVERLAY_BAR: view_bar_menu(ui, session, v); break;
    case OVERLAY_NONE: view_loupe(ui, session, v); break;
    }
    if (open == OVERLAY_NONE && v->overlay_was != OVERLAY_NONE)
        ui_field_focus(ui, 0);
    v->overlay_was = open;
    if (m->overlay != open)
        ui->want_frame = true;
}

/* ---- hooks --------------------------------------------------------------------------------------------------------------------- */

static void pointer(Inceptoscope *p, Ui *ui)
{
    if (ui->in.mouse_x < p->pointer_x || ui->in.mouse_x > p->pointer_x || ui->in.mouse_y < p->pointer_y || ui->in.mouse_y > p->pointer_y) {
        p->pointer_x = ui->in.mouse_x;
        p->pointer_y = ui->in.mouse_y;
        p->pointer_moved = ui->in.now;
    }
    ui->wish.hide_pointer = p->session.model.screen.blackout || (p->session.model.screen.presenter && ui->in.now - p->pointer_moved > (double)POINTER_SECONDS);
    if (p->session.model.screen.presenter && !ui->wish.hide_pointer)
        ui_frame_later(ui, p->pointer_moved + (double)POINTER_SECONDS + 0.01);
}

static void blank(const void *secrets, char *text)
{
    secrets_blank(secrets, text);
}

static void app_frame(void *user, Ui *ui)
{
    Inceptoscope *p = user;
    Session *session = &p->session;
    Model *m = &session->model;
    ViewState *v = &p->views;
    session_begin_frame(session, ui->in.now);
    if (ui->in.trouble[0] != '\0')
        model_say(m, true, "%s", ui->in.trouble);
    ui->theme = m->screen.dark ? &theme_dark : &theme_light;
    view_scratch_end(v);
    const Secrets *secrets = classroom_secrets(&session->classroom);
    if (secrets != NULL) { /* a copy: the lesson may be closed in this frame */
        p->secrets = *secrets;
        ui->blank = blank;
        ui->blank_user = &p->secrets;
    }
    v->loupe.on = v->drawn_set = v->window.on = false;
    if (m->screen.blackout) {
        ui_fill(ui, (Rect){0, 0, ui->width, ui->height}, 0x000000ff);
        if (ui->in.pressed)
            model_do(m, VERB_BLACKOUT);
    } else {
        layout(ui, session, v);
        overlays(ui, session, v);
        if (ui->in.dragged)
            drag_frame(ui, m);
    }
    /* What is related to the thing under the pointer is lit one frame later. */
    if (memcmp(&v->lit, &m->hover, sizeof v->lit) != 0)
        ui->want_frame = true;
    v->lit = m->hover;
    ui->want_frame = ui->want_frame || m->playing;
    pointer(p, ui);
    ui->wish.fullscreen = m->screen.fullscreen;
    ui->wish.zoom = m->screen.presenter ? PRESENTER_ZOOM : 1;
    const ShellWishes wishes = session_end_frame(session);
    ui->wish.grab = wishes.grab;
    ui->wish.quit = wishes.quit;
    snprintf(ui->wish.copy, sizeof ui->wish.copy, "%s", wishes.copy);
    snprintf(ui->wish.save_png, sizeof ui->wish.save_png, "%s", wishes.save_png);
    ui_frame_later(ui, m->status_until); /* what is said goes away by itself */
}

static void app_key(void *user, const char *key)
{
    session_key(&((Inceptoscope *)user)->session, key);
}

static void app_whole(void *user, const char *path)
{
    session_whole(&((Inceptoscope *)user)->session, path);
}

static bool app_drop(void *user, const char *path)
{
    Session *session = &((Inceptoscope *)user)->session;
    const ViewPage *page = view_page(session->model.view);
    if (page->bins)
        session_teach_drop(session, path);
    else if (page->second_picture)
        session_open_other(session, path);
    else
        session_open_path(session, path);
    return page->bins;
}

static void app_pixels(void *user, const unsigned char *rgb, int w, int h)
{
    session_pixels(&((Inceptoscope *)user)->session, rgb, w, h);
}

static bool app_busy(void *user)
{
    Inceptoscope *p = user;
    return session_busy(&p->session) || thumbs_busy(p->views.thumbs) || folder_busy(p->views.folder);
}

Inceptoscope *inceptoscope_new(const SessionOptions *options, Err *err)
{
    Inceptoscope *p = calloc(1, sizeof *p);
    if (p == NULL) { /* what was taken over is freed, as by session_open */
        shared_source_release(options->model.source);
        Picture picture = options->model.picture;
        picture_free(&picture);
        err_set(err, "not enough memory");
        return NULL;
    }
    SessionOptions with_wake = *options;
    with_wake.model.wake = wake;
    with_wake.model.wake_user = p;
    p->views.lit = (Cursor){-1, -1, -1, -1};
    p->views.scrolled_layer = p->views.rail_layer = p->views.weight_layer = p->views.unit_followed = p->views.share_channel = p->views.ledger.row = p->views.ledger.at = -1;
    pthread_mutex_init(&p->wake_lock, NULL);
    if (!session_open(&p->session, &with_wake, err)) {
        pthread_mutex_destroy(&p->wake_lock);
        free(p);
        return NULL;
    }
    return p;
}

void inceptoscope_free(Inceptoscope *p)
{
    if (p == NULL)
        return;
    session_close(&p->session);
    view_state_free(&p->views);
    pthread_mutex_destroy(&p->wake_lock);
    free(p);
}

Session *inceptoscope_session(Inceptoscope *p)
{
    return &p->session;
}

App inceptoscope_app(Inceptoscope *p)
{
    return (App){.user = p, .attach = app_attach, .frame = app_frame, .key = app_key, .drop = app_drop, .whole = app_whole, .pixels = app_pixels, .busy = app_busy};
}
