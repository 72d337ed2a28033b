/* shell_session.c - one App, its frames and its keys; see shell_session.h. */
#include "app/ui/shell_session.h"
#include "app/ui/utf8.h"
#include "engine/base/tensor.h"
#include "engine/io/image.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const float LEAST_WIDTH = 1120, LEAST_HEIGHT = 630; /* the presenter's zoom leaves this much, logical */

bool session_open(Session *session, const App *app, SDL_Renderer *renderer, Err *err)
{
    *session = (Session){.app = app, .renderer = renderer, .scale = 1};
    session->fonts = fonts_new(err);
    if (session->fonts == NULL)
        return false;
    session->painter = painter_new(renderer, session->fonts);
    if (session->painter == NULL) {
        fonts_free(session->fonts);
        return err_set(err, "window: out of memory");
    }
    ui_init(&session->ui, &theme_light, fonts_measure, session->fonts);
    return true;
}

void session_close(Session *session)
{
    painter_free(session->painter);
    fonts_free(session->fonts);
    ui_free(&session->ui);
}

static float zoom_allowed(const Session *session)
{
    float w = (float)session->pixel_w / session->scale, h = (float)session->pixel_h / session->scale;
    float most = fmaxf(1, fminf(w / LEAST_WIDTH, h / LEAST_HEIGHT));
    return fminf(fmaxf(session->ui.wish.zoom, 0.5f), most);
}

void session_frame(Session *session)
{
    Ui *ui = &session->ui;
    float before = ui->scale;
    ui->scale = session->scale * zoom_allowed(session);
    fonts_scale(session->fonts, ui->scale);
    if (before > 0) { /* the pointer is where it was in device pixels */
        session->in.mouse_x *= before / ui->scale;
        session->in.mouse_y *= before / ui->scale;
    }
    ui_begin(ui, &session->in, (float)session->pixel_w / ui->scale, (float)session->pixel_h / ui->scale);
    session->app->frame(session->app->user, ui);
    ui_end(ui);
    Input *in = &session->in;
    in->pressed = in->released = in->double_clicked = in->right_pressed = false;
    in->wheel_x = in->wheel_y = 0;
    in->text[0] = in->key[0] = in->trouble[0] = '\0';
}

void session_paint(Session *session)
{
    painter_draw(session->painter, &session->ui);
}

/* The frame as last painted, from malloc; NULL and a message that begins with `what`. */
static unsigned char *read_pixels(Session *session, const char *what, Err *err)
{
    size_t count, w = (size_t)session->pixel_w, h = (size_t)session->pixel_h;
    unsigned char *rgb = size_mul(w * 3, h, &count) ? malloc(count) : NULL;
    if (rgb == NULL) {
        err_set(err, "%s: out of memory for a picture of %dx%d", what, session->pixel_w, session->pixel_h);
    } else if (SDL_RenderReadPixels(session->renderer, NULL, SDL_PIXELFORMAT_RGB24, rgb, session->pixel_w * 3) != 0) {
        err_set(err, "%s: %s", what, SDL_GetError());
        free(rgb);
        rgb = NULL;
    }
    return rgb;
}

bool session_save_png(Session *session, const char *path, Err *err)
{
    unsigned char *rgb = read_pixels(session, path, err);
    const bool ok = rgb != NULL && image_save_png(path, rgb, session->pixel_w, session->pixel_h, err);
    free(rgb);
    return ok;
}

void session_grab(Session *session)
{
    unsigned char *rgb = read_pixels(session, "frame", NULL);
    if (rgb != NULL && session->app->pixels != NULL)
        session->app->pixels(session->app->user, rgb, session->pixel_w, session->pixel_h);
    free(rgb);
}

void session_key(Session *session, const char *key)
{
    static const char *const for_field[] = {"Left", "Right", "Home", "End", "Backspace", "Delete", "Enter"};
    bool edits = false;
    for (size_t i = 0; i < sizeof for_field / sizeof for_field[0]; i++)
        edits = edits || strcmp(key, for_field[i]) == 0;
    bool prints = strcmp(key, "Space") == 0 || key[utf8_size(key)] == '\0'; /* arrives as text */
    if (!session->ui.want_text || !(edits || prints))
        session->app->key(session->app->user, key);
    else if (edits)
        snprintf(session->in.key, sizeof session->in.key, "%s", key);
}

void session_text(Session *session, const char *text)
{
    if (session->ui.want_text) {
        size_t used = strlen(session->in.text), size = strlen(text);
        if (used + size < sizeof session->in.text)
            memcpy(session->in.text + used, text, size + 1);
        return;
    }
    while (*text != '\0') {
        char key[8] = {0};
        size_t size = utf8_size(text);
        memcpy(key, text, size);
        if (size == 1 && key[0] >= 'A' && key[0] <= 'Z')
            key[0] = (char)(key[0] - 'A' + 'a');
        session->app->key(session->app->user, strcmp(key, " ") == 0 ? "Space" : key);
        text += size;
    }
}
