/* session.c - a session; see session.h. Sends keys and verbs to the activities and the model, and sets the order in a frame. */
#include "app/session/session.h"
#include "app/session/hand_in.h"
#include "app/session/experiment.h"
#include "app/session/save.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

bool session_open(Session *s, const SessionOptions *options, Err *err)
{
    *s = (Session){.images_dir = strdup(options->images_dir), .weights_dir = strdup(options->weights_dir)};
    s->training.weights_dir = s->weights_dir;
    if (!model_open(&s->model, &options->model, err)) {
        free(s->images_dir);
        free(s->weights_dir);
        return false;
    }
    opening_init(&s->opening, options->keep);
    s->units.keep = s->units.photos.keep = s->judging.keep = options->keep;
    if (!classroom_init(&s->classroom, options->lessons_dir, options->images_dir, &s->opening, options->keep) || s->images_dir == NULL || s->weights_dir == NULL) {
        session_close(s);
        return err_set(err, "not enough memory");
    }
    return true;
}

void session_close(Session *s)
{
    recording_drop(&s->recording);
    saving_close(&s->saving);
    opening_close(&s->opening);
    classroom_free(&s->classroom);
    exercising_close(&s->exercising);
    training_close(&s->training);
    units_close(&s->units);
    teaching_close(&s->teaching);
    model_close(&s->model);
    free(s->images_dir);
    free(s->weights_dir);
    *s = (Session){.last_key = ""};
}

void session_begin_frame(Session *s, double now)
{
    model_begin_frame(&s->model, now);
    if (opening_frame(&s->opening, &s->model))
        classroom_refit(&s->classroom, &s->model);
    classroom_frame(&s->classroom, &s->model);
    exercising_frame(&s->exercising, &s->model, &s->opening);
    play_frame(&s->play, &s->model);
    training_frame(&s->training, &s->model);
    units_frame(&s->units, &s->model, &s->opening);
    teaching_frame(&s->teaching, &s->model);
    judging_frame(&s->judging, &s->model, &s->opening);
    saving_frame(&s->saving, &s->model);
    model_compute(&s->model);
}

bool session_busy(Session *s)
{
    return s->opening.job != NULL || classroom_busy(&s->classroom) || exercising_busy(&s->exercising) || opening_whole_due(&s->opening, &s->model) || s->units.open[0] != '\0' || s->judging.open[0] != '\0' ||
           saving_busy(&s->saving) || teaching_busy(&s->teaching) ||
           model_busy(&s->model) || patches_busy(s->units.photos.patches) ||
           (s->model.view == VIEW_UNITS && unit_photos_filling(&s->units.photos));
}

void session_pixels(Session *s, const unsigned char *rgb, int w, int h)
{
    recording_pixels(&s->recording, &s->model, rgb, w, h);
}

ShellWishes session_end_frame(Session *s)
{
    s->wishes.grab = recording_wants(&s->recording, &s->saving, &s->play, &s->model);
    const ShellWishes wishes = s->wishes;
    s->wishes.copy[0] = s->wishes.save_png[0] = '\0';
    return wishes;
}

/* ---- verbs ------------------------------------------------------------------------------------------------------------------ */

bool session_is_folder(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

void session_open_path(Session *s, const char *path)
{
    if (session_is_folder(path) && !watch_recognise(path))
        session_open_folder(s, path);
    else if (watch_recognise(path))
        training_show(&s->training, &s->model, path);
    else
        opening_start(&s->opening, &s->model, path, false);
}

void session_whole(Session *s, const char *path)
{
    opening_whole(&s->opening, &s->model, path);
}

bool session_stop_opening(Session *s)
{
    return opening_cancel(&s->opening, &s->model);
}

void session_open_other(Session *s, const char *path)
{
    opening_start(&s->opening, &s->model, path, true);
}

void session_open_photos(Session *s, const char *folder)
{
    units_open(&s->units, &s->model, folder);
}

void session_judge(Session *s, const char *folder)
{
    judging_start(&s->judging, &s->model, folder);
}

void session_open_folder(Session *s, const char *folder)
{
    if (s->model.view == VIEW_ACCURACY) {
        session_judge(s, folder);
        return;
    }
    session_open_photos(s, folder);
    model_view(&s->model, VIEW_UNITS);
}

void session_open_judged(Session *s, int picture)
{
    judging_open(&s->judging, &s->model, &s->opening, picture);
}

bool session_stop_photos(Session *s)
{
    return units_stop(&s->units);
}

void session_go_on_with_photos(Session *s)
{
    units_go_on(&s->units, &s->model);
}

bool session_open_photo(Session *s, int rank)
{
    return units_open_photo(&s->units, &s->model, &s->opening, rank);
}

const Example *session_strongest_photos(Session *s, int layer)
{
    return unit_photos_strongest(&s->units.photos, layer, s->model.now);
}

const ExamplesUnit *session_unit_photos(Session *s, Address unit)
{
    return unit_photos_unit(&s->units.photos, unit, s->model.now);
}

const Patch *session_patch(Session *s, int layer, const Example *x, int side)
{
    return unit_photos_patch(&s->units.photos, layer, x, side);
}

void session_teach_add(Session *s, const char *path)
{
    teaching_add(&s->teaching, &s->model, &s->opening, path);
}

void session_teach_drop(Session *s, const char *path)
{
    teaching_drop(&s->teaching, &s->model, path);
}

void session_teach_judges(Session *s, bool on)
{
    teaching_judges(&s->teaching, on);
}

void session_teach_place(Session *s, int bin)
{
    teaching_place(&s->teaching, &s->model, &s->opening, bin);
}

void session_teach_choose(Session *s, int bin, int picture)
{
    teaching_choose(&s->teaching, bin, picture);
}

void session_teach_name(Session *s, int bin, const char *name)
{
    teaching_name(&s->teaching, &s->model, bin, name);
}

void session_teach_named(Session *s)
{
    teaching_named(&s->teaching);
}

void session_teach_open(Session *s, int picture)
{
    opening_start(&s->opening, &s->model, s->teaching.bins.paths[picture], false);
}

void session_open_lesson(Session *s, const char *path)
{
    classroom_open(&s->classroom, &s->model, path);
    if (classroom_is_open(&s->classroom))
        exercising_close(&s->exercising);
}

void session_open_exercise(Session *s, const char *path)
{
    model_overlay(&s->model, OVERLAY_NONE);
    classroom_close(&s->classroom, &s->model);
    exercising_open(&s->exercising, &s->model, path);
}

void session_leave_exercise(Session *s)
{
    exercising_close(&s->exercising);
}

void session_type(Session *s, const char *text)
{
    classroom_type(&s->classroom, text);
}

void session_choose(Session *s, int choice)
{
    classroom_choose(&s->classroom, choice);
}

void session_seek(Session *s, int place)
{
    play_seek(&s->play, &s->model, place);
}

void session_speed(Session *s, int speed)
{
    play_set_speed(&s->play, &s->model, speed);
}

void session_copy(Session *s, const char *text)
{
    snprintf(s->wishes.copy, sizeof s->wishes.copy, "%s", text);
    model_say(&s->model, false, model_text(&s->model, STR_COPIED), s->wishes.copy);
}

Watch *session_watch(Session *s)
{
    return &s->training.watch;
}

void session_leave_training(Session *s)
{
    training_leave(&s->training);
}

bool session_plays(const Session *s)
{
    return s->model.view == VIEW_TRAIN ? s->training.open && s->training.watch.playing : s->model.playing;
}

static void toggle_play(Session *s)
{
    if (s->model.view == VIEW_TRAIN)
        training_play(&s->training, &s->model);
    else
        play_toggle(&s->play, &s->model);
}

/* The changed picture goes to a file, and comes back from it as the second picture. */
static bool save_fooling(Session *s)
{
    const Fool *f = &s->model.fool;
    const bool good = (f->saved[0] != '\0' && f->saved_position == f->position) || save_fooled(&s->saving, &s->model);
    if (good)
        session_open_other(s, f->saved);
    return good;
}

/* Adds a view's folder to its address, if a shell can take it in quotes. */
static void add_folder(char *text, size_t size, const char *option, const char *folder)
{
    if (folder[0] != '\0' && strchr(folder, '\'') == NULL && strlen(text) + strlen(option) + strlen(folder) + 5 < size)
        snprintf(text + strlen(text), size - strlen(text), " %s '%s'", option, folder);
}

static void copy_address(Session *s)
{
    char text[1024];
    model_state_text(&s->model, text, sizeof text);
    if (s->model.view == VIEW_UNITS)
        add_folder(text, sizeof text, "--photos", s->units.photos.folder);
    if (s->model.view == VIEW_ACCURACY)
        add_folder(text, sizeof text, "--eval-set", s->model.accuracy.folder);
    session_copy(s, text);
}

void session_hand_in(Session *s, const char *name)
{
    LessonResults results;
    Model *m = &s->model;
    model_overlay(m, OVERLAY_NONE);
    if (!hand_in_results(&s->classroom, m->screen.lang, name, &results) || !hand_in_save(m, &results))
        model_say(m, true, "%s", "not enough memory for the answers");
    lesson_results_free(&results);
}

void session_leave_lesson(Session *s)
{
    classroom_close(&s->classroom, &s->model); /* the answers are saved */
    model_say(&s->model, false, "%s", "");
}

/* Back within a lesson: what lies over the stage goes, then the step's own place is shown again. False: there is nothing to go back from. */
static bool lesson_back(Session *s)
{
    Model *m = &s->model;
    if (m->overlay != OVERLAY_NONE || m->screen.blackout || m->playing || (m->view == VIEW_VALUE && m->term >= 0))
        return model_back(m);
    return classroom_return(&s->classroom, m);
}

/* A lesson is left by its button, or by Escape twice: one Escape too many is easily pressed in front of a class. */
static void ask_to_leave(Session *s)
{
    static const double SECONDS = 4;
    if (s->model.now < s->leaving_until) {
        s->leaving_until = 0;
        session_leave_lesson(s);
        return;
    }
    s->leaving_until = s->model.now + SECONDS;
    model_say(&s->model, false, "%s", model_text(&s->model, STR_ESCAPE_AGAIN));
}

void session_click_empty(Session *s)
{
    if (classroom_is_open(&s->classroom))
        lesson_back(s);
    else
        session_do(s, VERB_BACK);
}

void session_do(Session *s, Verb verb)
{
    Model *m = &s->model;
    switch (verb) {
    case VERB_BACK:
        if (!classroom_is_open(&s->classroom))
            model_back(m);
        else if (!lesson_back(s))
            ask_to_leave(s);
        break;
    case VERB_DEEPER:
        if (m->view != VIEW_UNITS || !session_open_photo(s, 0))
            model_do(m, verb);
        break;
    case VERB_PLAY: toggle_play(s); break;
    case VERB_SLIDE: play_slide(&s->play, m); break;
    case VERB_SLOWER: play_set_speed(&s->play, m, s->play.speed - 1); break;
    case VERB_FASTER: play_set_speed(&s->play, m, s->play.speed + 1); break;
    case VERB_EPOCH_PREV: case VERB_EPOCH_NEXT: case VERB_EPOCH_FIRST: case VERB_EPOCH_LAST: training_epoch(&s->training, m, verb); break;
    case VERB_LESSON_NEXT: classroom_next(&s->classroom, m); break;
    case VERB_LESSON_PREV: classroom_prev(&s->classroom, m); break;
    case VERB_HAND_IN: model_overlay(m, classroom_is_open(&s->classroom) && m->overlay != OVERLAY_HAND_IN ? OVERLAY_HAND_IN : OVERLAY_NONE); break;
    case VERB_EXERCISE_COPY: exercising_copy(&s->exercising, m, &s->opening); break;
    case VERB_EXERCISE_TRAIN: exercising_train(&s->exercising, m); break;
    case VERB_EXERCISE_HINT: exercising_hint(&s->exercising); break;
    case VERB_CHOICE_1:
    case VERB_CHOICE_2:
    case VERB_CHOICE_3:
    case VERB_CHOICE_4:
    case VERB_CHOICE_5: session_choose(s, (int)verb - VERB_CHOICE_1); break;
    case VERB_SILENCE:
        if (m->view == VIEW_SHARE)
            model_share_try(m, m->cursor.channel);
        else
            experiment_silence(m);
        break;
    case VERB_SILENCE_BRANCH: experiment_silence_branch(m); break;
    case VERB_SAVE_PNG: save_view_png(&s->saving, m, s->wishes.save_png, sizeof s->wishes.save_png); break;
    case VERB_SAVE_CSV: save_map_csv(&s->saving, m); break;
    case VERB_SAVE_NPY: save_layer_npy(&s->saving, m); break;
    case VERB_SAVE_GIF: recording_toggle(&s->recording, &s->saving, &s->play, m); break;
    case VERB_COPY_ADDRESS: copy_address(s); break;
    case VERB_FOOL_SAVE: save_fooling(s); break;
    case VERB_FOOL_COMPARE:
        if (save_fooling(s))
            model_view(m, VIEW_COMPARE);
        break;
    case VERB_LANGUAGE:
        model_do(m, verb);
        classroom_translate(&s->classroom, m);
        exercising_translate(&s->exercising, m);
        break;
    case VERB_TEACH: case VERB_TEACH_BIN_PREV: case VERB_TEACH_BIN_NEXT: case VERB_TEACH_PICTURE_PREV: case VERB_TEACH_PICTURE_NEXT: case VERB_TEACH_NEW_BIN:
    case VERB_TEACH_REMOVE: case VERB_TEACH_NAME: case VERB_TEACH_UNDO: case VERB_TEACH_FORMER: case VERB_TEACH_SAVE: case VERB_TEACH_SAVE_PTH: case VERB_TEACH_WHOLE: case VERB_TEACH_JUDGE:
        teaching_verb(&s->teaching, m, &s->saving, verb);
        break;
    case VERB_QUIT: s->wishes.quit = true; break;
    default: model_do(m, verb); /* the verbs that only say where one is, and how it looks */
    }
}

void session_key(Session *s, const char *key)
{
    Model *m = &s->model;
    snprintf(s->last_key, sizeof s->last_key, "%s", key);
    if (strcmp(key, "Escape") == 0 && s->model.overlay == OVERLAY_NONE &&
        (session_stop_opening(s) || (m->view == VIEW_UNITS && session_stop_photos(s)) || (m->view == VIEW_TEACH && teaching_stop(&s->teaching)) ||
         (m->view == VIEW_ACCURACY && model_judge_stop(m)) || (m->view == VIEW_GRADIENTS && model_overfit_stop(m))))
        return;
    if (!m->screen.blackout && classroom_key(&s->classroom, m, key))
        return;
    const Verb verb = key_verb(key, classroom_is_open(&s->classroom) ? STRIP_LESSON : s->exercising.open ? STRIP_EXERCISE : STRIP_NONE, m->view);
    if (m->screen.blackout && verb != VERB_NONE && verb != VERB_QUIT) {
        model_do(m, VERB_BLACKOUT); /* any key brings the picture back */
        return;
    }
    if (m->overlay == OVERLAY_HELP && verb != VERB_HELP && verb != VERB_BACK)
        return; /* the help shows pressed keys and does not run them */
    const bool list = m->overlay == OVERLAY_SEARCH || m->overlay == OVERLAY_PICTURES || m->overlay == OVERLAY_NETWORKS;
    if ((list && (verb == VERB_OUT || verb == VERB_INTO || verb == VERB_BRANCH || verb == VERB_CHANNEL_NEXT || verb == VERB_CHANNEL_PREV)) || /* the list's own keys */
        (m->overlay == OVERLAY_HAND_IN && verb != VERB_HAND_IN && verb != VERB_BACK && verb != VERB_QUIT && verb != VERB_LANGUAGE) ||
        (m->overlay == OVERLAY_LESSONS && verb != VERB_LESSONS && verb != VERB_BACK && verb != VERB_QUIT && verb != VERB_LANGUAGE))
        return;
    session_do(s, verb);
}

void session_key_taken(Session *s)
{
    s->last_key[0] = '\0';
}
