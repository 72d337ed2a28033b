/* play_line.c - what plays: a button, a line over the stops, the speeds; see play_line.h. */
#include "app/views/play_line.h"
#include "app/model/walk.h"
#include "app/views/parts.h"

#include <math.h>
#include <stdio.h>

static const float BUTTON = 22, SPEED = 28, NARROW = 430, LONGEST = 460, LEAST = 40;

static const char *speed_word(int speed)
{
    static const char *const words[] = {"×½", "×1", "×2", "×4"};
    return words[speed - PLAY_SLOWEST];
}

static void button(Ui *ui, Session *session, Rect r)
{
    const Model *m = &session->model;
    const Theme *t = ui->theme;
    const float x = r.x + 8, y = roundf(r.y + r.h / 2);
    const Color color = ui_hover(ui, r) ? t->text : t->accent;
    part_play_icon(ui, x, y, 5, m->playing, color);
    if (ui_click(ui, ui_id("play button", 0), r))
        session_do(session, VERB_PLAY);
    ui_item(ui, r, "button", "play or pause");
    part_verb_tip(ui, m, r, STR_HELP_PLAY, VERB_PLAY);
}

/* The speeds as words, or where there is little room the present one, and a click takes the next. */
static void speeds(Ui *ui, Session *session, Rect r, bool all)
{
    const Model *m = &session->model;
    const int now = session->play.speed;
    for (int speed = all ? PLAY_SLOWEST : now; speed <= (all ? PLAY_FASTEST : now); speed++) {
        const Rect place = rect_cut_left(&r, SPEED);
        if (ui_choice(ui, ui_id("speed", speed), place, speed_word(speed), all && speed == now))
            session_speed(session, all ? speed : now == PLAY_FASTEST ? PLAY_SLOWEST : now + 1);
        part_verb_tip(ui, m, place, speed < now ? STR_HELP_SLOWER : STR_HELP_FASTER, speed < now ? VERB_SLOWER : VERB_FASTER);
    }
}

/* Where on the line place `at` is. */
static float x_of(Rect line, PlayProgress p, int at)
{
    return line.x + line.w * (float)at / (float)(p.count > 1 ? p.count - 1 : 1);
}

/* A dot for each stop of the main path, where the line goes through the network; the parts of a module have none. */
static void dots(Ui *ui, const Model *m, Rect line, PlayProgress p)
{
    const Net *net = model_net(m);
    for (int i = 0; i < p.count; i++) {
        const int layer = walk_tour_layer(net, m->at, i);
        if (walk_is_inner(net, layer))
            continue;
        const float x = roundf(x_of(line, p, i)), y = line.y + line.h / 2;
        ui_round(ui, (Rect){x - 2, y - 2, 4, 4}, 2, i <= p.at ? ui->theme->accent : ui->theme->text_faint);
    }
}

static void line(Ui *ui, Session *session, Rect r)
{
    const Model *m = &session->model;
    const Theme *t = ui->theme;
    const PlayProgress p = play_progress(&session->play, m);
    const float y = roundf(r.y + r.h / 2), x = x_of(r, p, p.at);
    const bool places = view_of_value(m->view) || play_slides(&session->play, m);
    ui_fill(ui, (Rect){r.x, y - 1, r.w, 2}, t->panel_edge);
    ui_fill(ui, (Rect){r.x, y - 1, x - r.x, 2}, t->accent);
    if (!places)
        dots(ui, m, (Rect){r.x, y - 1, r.w, 2}, p);
    ui_round(ui, (Rect){roundf(x) - 5, y - 5, 10, 10}, 5, t->accent);
    ui_item(ui, r, "progress", "");
    const Rect grip = {r.x - 5, r.y, r.w + 10, r.h};
    const int over = (int)roundf((ui->in.mouse_x - r.x) / r.w * (float)(p.count - 1));
    if (ui_drag(ui, ui_id("play line", 0), grip)) {
        session_seek(session, over);
    } else if (ui_hover(ui, grip) && !places && over >= 0 && over < p.count) {
        char name[NET_NAME_MAX + 16];
        part_layer_title(m, walk_tour_layer(model_net(m), m->at, over), name, sizeof name);
        ui_tooltip(ui, name);
    }
}

void play_line(Ui *ui, Session *session, Rect r)
{
    const Model *m = &session->model;
    const bool all = r.w >= NARROW;
    const TextStyle style = part_colored(ui_style(FACE_BOLD, ui->theme->size_caption, 0), ui->theme->accent);
    const char *word = model_text(m, m->playing ? STR_PLAYING : STR_PAUSED);
    const PlayProgress p = play_progress(&session->play, m);
    char count[48];
    snprintf(count, sizeof count, "%d / %d", p.at + 1, p.count);
    const float word_w = ui_text_width(ui, style, model_text(m, STR_PLAYING)) + 12, count_w = ui_text_width(ui, part_caption(ui), "0,000 / 0,000") + 8;
    const float speeds_w = all ? SPEED * (PLAY_FASTEST - PLAY_SLOWEST + 1) : SPEED;
    button(ui, session, rect_cut_left(&r, BUTTON));
    if (r.w >= word_w + speeds_w + LEAST + 20)
        ui_text(ui, rect_cut_left(&r, word_w), style, ALIGN_LEFT, word);
    const float least = speeds_w + LEAST + count_w + 20;
    const bool counted = r.w >= least;
    const float room = r.w - speeds_w - (counted ? count_w : 0) - 20;
    if (room < LEAST)
        return;
    const Rect track = rect_cut_left(&r, fminf(room, LONGEST));
    line(ui, session, (Rect){track.x + 6, track.y, track.w - 12, track.h});
    rect_cut_left(&r, 10);
    if (counted)
        ui_text(ui, rect_cut_left(&r, count_w), part_caption(ui), ALIGN_LEFT, count);
    speeds(ui, session, rect_cut_left(&r, speeds_w), all);
}
