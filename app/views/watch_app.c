/* watch_app.c - the App for watching a training. */
#include "app/views/watch_app.h"

#include <stdio.h>
#include <stdlib.h>

static void attach(void *user, WakeFn *wake, void *wake_user)
{
    (void)user, (void)wake, (void)wake_user; /* no worker threads: files are checked once a second */
}

static void frame(void *user, Ui *ui)
{
    WatchView *view = user;
    Watch *w = view->watch;
    view->now = ui->in.now;
    ui->theme = w->dark ? &theme_dark : &theme_light;
    ui->frame_at = watch_frame(w, ui->in.now);
    Rect area = {0, 0, ui->width, ui->height};
    ui_fill(ui, area, ui->theme->page);
    view_train(ui, view, area);
    ui->wish.fullscreen = w->fullscreen;
    ui->wish.quit = w->quit;
}

static void key(void *user, const char *name)
{
    WatchView *view = user;
    watch_key(view->watch, name, view->now);
}

static bool drop(void *user, const char *path)
{
    Watch *w = ((WatchView *)user)->watch, other;
    Err err = {""};
    if (!watch_open(&other, path, &err)) {
        snprintf(w->problem, sizeof w->problem, "%s", err.text);
        return false;
    }
    other.lang = w->lang;
    other.dark = w->dark;
    other.fullscreen = w->fullscreen;
    other.version = w->version + 1;
    watch_close(w);
    *w = other;
    return false;
}

static bool busy(void *user)
{
    (void)user;
    return false;
}

App watch_app(WatchView *view)
{
    return (App){.user = view, .attach = attach, .frame = frame, .key = key, .drop = drop, .busy = busy};
}

void watch_view_free(WatchView *view)
{
    free(view->points);
    view->points = NULL;
}
