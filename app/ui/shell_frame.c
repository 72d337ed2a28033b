/* shell_frame.c - one App, its frames and its keys; see shell_frame.h. */
#include "app/ui/shell_frame.h"
#include "app/ui/utf8.h"
#include "engine/base/tensor.h"
#include "engine/io/image.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const float LEAST_WIDTH = 1120, LEAST_HEIGHT = 630; /* the presenter's zoom leaves this much, logical */

bool shell_open(Shell *shell, const App *app, SDL_Renderer *renderer, Err *err)
{
    *shell = (Shell){.app = app, .renderer = renderer, .scale = 1};
    shell->fonts = fonts_new(err);
    if (shell->fonts == NULL)
        return false;
    shell->painter = painter_new(renderer, shell->fonts);
    if (shell->painter == NULL) {
        fonts_free(shell->fonts);
        return err_set(err, "window: out of memory");
    }
    if (!ui_init(&shell->ui, &theme_light, fonts_measure, shell->fonts)) {
        painter_free(shell->painter);
        fonts_free(shell->fonts);
        return err_set(err, "window: out of memory");
    }
    return true;
}

void shell_close(Shell *shell)
{
    painter_free(shell->painter);
    fonts_free(shell->fonts);
    ui_free(&shell->ui);
}

static float zoom_allowed(const Shell *shell)
{
    float w = (float)shell->pixel_w / shell->scale, h = (float)shell->pixel_h / shell->scale;
    float most = fmaxf(1, fminf(w / LEAST_WIDTH, h / LEAST_HEIGHT));
    return fminf(fmaxf(shell->ui.wish.zoom, 0.5f), most);
}

void shell_frame(Shell *shell)
{
    Ui *ui = &shell->ui;
    float before = ui->scale;
    ui->scale = shell->scale * zoom_allowed(shell);
    fonts_scale(shell->fonts, ui->scale);
    if (before > 0) { /* the pointer is where it was in device pixels */
        shell->in.mouse_x *= before / ui->scale;
        shell->in.mouse_y *= before / ui->scale;
    }
    ui_begin(ui, &shell->in, (float)shell->pixel_w / ui->scale, (float)shell->pixel_h / ui->scale);
    shell->app->frame(shell->app->user, ui);
    ui_end(ui);
    Input *in = &shell->in;
    in->pressed = in->released = in->double_clicked = in->right_pressed = false;
    in->wheel_x = in->wheel_y = 0;
    in->text[0] = in->key[0] = in->trouble[0] = '\0';
}

void shell_paint(Shell *shell)
{
    painter_draw(shell->painter, &shell->ui);
}

unsigned char *shell_pixels(Shell *shell, const char *what, Err *err)
{
    size_t count, w = (size_t)shell->pixel_w, h = (size_t)shell->pixel_h;
    unsigned char *rgb = size_mul(w * 3, h, &count) ? malloc(count) : NULL;
    if (rgb == NULL) {
        err_set(err, "%s: out of memory for a picture of %dx%d", what, shell->pixel_w, shell->pixel_h);
    } else if (SDL_RenderReadPixels(shell->renderer, NULL, SDL_PIXELFORMAT_RGB24, rgb, shell->pixel_w * 3) != 0) {
        err_set(err, "%s: %s", what, SDL_GetError());
        free(rgb);
        rgb = NULL;
    }
    return rgb;
}

bool shell_save_png(Shell *shell, const char *path, Err *err)
{
    unsigned char *rgb = shell_pixels(shell, path, err);
    const bool ok = rgb != NULL && image_save_png(path, rgb, shell->pixel_w, shell->pixel_h, err);
    free(rgb);
    return ok;
}

void shell_grab(Shell *shell)
{
    shell_paint(shell);
    unsigned char *rgb = shell_pixels(shell, "frame", NULL);
    if (rgb != NULL && shell->app->pixels != NULL)
        shell->app->pixels(shell->app->user, rgb, shell->pixel_w, shell->pixel_h);
    free(rgb);
    shell_frame(shell);
}

void shell_key(Shell *shell, const char *key)
{
    static const char *const for_field[] = {"Left", "Right", "Home", "End", "Backspace", "Delete", "Enter"};
    bool edits = false;
    for (size_t i = 0; i < sizeof for_field / sizeof for_field[0]; i++)
        edits = edits || strcmp(key, for_field[i]) == 0;
    bool prints = strcmp(key, "Space") == 0 || key[utf8_size(key)] == '\0'; /* arrives as text */
    if (!shell->ui.want_text || !(edits || prints))
        shell->app->key(shell->app->user, key);
    else if (edits)
        snprintf(shell->in.key, sizeof shell->in.key, "%s", key);
}

void shell_text(Shell *shell, const char *text)
{
    if (shell->ui.want_text) {
        size_t used = strlen(shell->in.text), size = strlen(text);
        if (used + size < sizeof shell->in.text)
            memcpy(shell->in.text + used, text, size + 1);
        return;
    }
    while (*text != '\0') {
        char key[8] = {0};
        size_t size = utf8_size(text);
        memcpy(key, text, size);
        if (size == 1 && key[0] >= 'A' && key[0] <= 'Z')
            key[0] = (char)(key[0] - 'A' + 'a');
        shell->app->key(shell->app->user, strcmp(key, " ") == 0 ? "Space" : key);
        text += size;
    }
}
