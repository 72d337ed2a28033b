/* lesson_stage.c - what a lesson's steps show beside the window's own; see lesson_stage.h. */
#include "app/session/lesson_stage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool lesson_stage_init(LessonStage *s, const char *images_dir, Opening *opening)
{
    *s = (LessonStage){.opening = opening, .images_dir = strdup(images_dir)};
    return s->images_dir != NULL;
}

void lesson_stage_free(LessonStage *s)
{
    shared_source_release(s->home);
    free(s->images_dir);
    *s = (LessonStage){.opening = NULL};
}

/* The window's own is what it shows now. */
static void take_home(LessonStage *s, const Model *m)
{
    shared_source_release(s->home);
    s->home = shared_source_hold(m->source);
    s->network[0] = s->wanted[0] = s->asked[0] = '\0';
}

void lesson_stage_begin(LessonStage *s, const Model *m)
{
    take_home(s, m);
    snprintf(s->picture, sizeof s->picture, "%s", m->picture.path);
    snprintf(s->shown, sizeof s->shown, "%s", m->picture.path);
    s->looks = s->chooses = s->switches = false;
}

bool lesson_stage_came(LessonStage *s, const Model *m)
{
    const char *source = model_net(m)->source;
    if (s->wanted[0] != '\0' && strncmp(source, s->asked, sizeof model_net(m)->source - 1) == 0) {
        snprintf(s->network, sizeof s->network, "%s", s->wanted);
        s->classes = s->wanted_classes;
        s->wanted[0] = '\0';
        return true;
    }
    take_home(s, m);
    return false;
}

/* Opens a file for a step, once; classes as in opening_network. */
static StageState ask(LessonStage *s, Model *m, const char *path, int classes)
{
    if (strcmp(s->asked, path) == 0)
        return STAGE_FAILED;
    snprintf(s->asked, sizeof s->asked, "%s", path);
    opening_network(s->opening, m, path, classes);
    s->opening->quiet = true;
    return s->opening->job != NULL ? STAGE_WAITING : STAGE_FAILED;
}

static StageState own_network(LessonStage *s, Model *m)
{
    Err err;
    s->wanted[0] = '\0';
    if (s->network[0] == '\0')
        return STAGE_READY;
    s->network[0] = s->asked[0] = '\0';
    if (model_take_shared(m, s->home, &err))
        return STAGE_READY;
    model_say(m, true, "%s", err.text);
    return STAGE_FAILED;
}

static StageState network_ready(LessonStage *s, Model *m, const char *name, int classes)
{
    char path[1200];
    if (name == NULL)
        return own_network(s, m);
    if (strcmp(s->network, name) == 0 && s->classes == classes)
        return STAGE_READY;
    if (strcmp(s->wanted, name) != 0 || s->wanted_classes != classes)
        s->asked[0] = '\0'; /* the same file with another number of classes is another network */
    snprintf(path, sizeof path, "%s/%s.net", m->networks_dir, name);
    snprintf(s->wanted, sizeof s->wanted, "%s", name);
    s->wanted_classes = classes;
    return ask(s, m, path, classes);
}

/* The picture of a description that has one. */
static StageState given_picture(Model *m)
{
    Picture given;
    Err err;
    if (m->picture.path[0] == '\0')
        return STAGE_READY;
    if (picture_given(model_net(m), &given, &err)) {
        model_take_picture(m, given);
        return STAGE_READY;
    }
    model_say(m, true, "%s", err.text);
    return STAGE_FAILED;
}

static StageState picture_ready(LessonStage *s, Model *m, const char *name)
{
    char path[1200];
    if (name == NULL && model_net(m)->given_input != NULL)
        return given_picture(m);
    snprintf(path, sizeof path, "%s", s->picture);
    if (name != NULL)
        snprintf(path, sizeof path, "%s/%s.png", s->images_dir, name);
    return strcmp(m->picture.path, path) == 0 || path[0] == '\0' ? STAGE_READY : ask(s, m, path, 0);
}

StageState lesson_stage_ready(LessonStage *s, Model *m, const Lesson *lesson, const LessonStep *step)
{
    if (s->opening->job != NULL)
        return STAGE_WAITING;
    if (strcmp(m->picture.path, s->shown) != 0 && strcmp(m->picture.path, s->asked) != 0 && m->picture.path[0] != '\0')
        snprintf(s->picture, sizeof s->picture, "%s", m->picture.path); /* the user has opened it meanwhile */
    const StageState network = network_ready(s, m, lesson_network(lesson, step)->source, lesson_classes(step));
    const StageState state = network == STAGE_READY ? picture_ready(s, m, lesson_picture(lesson, step)->source) : network;
    snprintf(s->shown, sizeof s->shown, "%s", m->picture.path);
    if (state == STAGE_READY)
        s->asked[0] = '\0';
    return state;
}

void lesson_stage_look(LessonStage *s, Model *m, const LessonStep *step)
{
    Err err;
    if (step->map.source != NULL || step->range.source != NULL) {
        s->look = s->looks ? s->look : m->look;
        s->looks = true;
        Look look = s->look;
        if ((step->map.source == NULL || look_parse_map(step->map.source, &look)) && (step->range.source == NULL || look_parse_range(step->range.source, &look)))
            model_look(m, look);
    } else if (s->looks) {
        model_look(m, s->look);
        s->looks = false;
    }
    if (step->chosen.source != NULL || s->chooses) {
        s->chooses = step->chosen.source != NULL;
        const int class_index = s->chooses ? model_class_named(m, step->chosen.source) : -1;
        model_choose_class(m, class_index);
        model_choose_label(m, class_index);
    }
    if (step->switches.source != NULL || s->switches) {
        s->switches = step->switches.source != NULL;
        if (!model_switches(m, step->switches.source, &err))
            model_say(m, true, "%s", err.text);
    }
}

void lesson_stage_end(LessonStage *s, Model *m)
{
    static const LessonStep plain = {.choice_count = 0};
    if (s->home == NULL)
        return;
    lesson_stage_look(s, m, &plain);
    if (own_network(s, m) == STAGE_READY && s->opening->job == NULL)
        picture_ready(s, m, NULL);
    shared_source_release(s->home);
    s->home = NULL;
}
