/* saving.c - writes files on threads of their own; see saving.h. */
#include "app/session/saving.h"
#include "app/session/user_folders.h"
#include "engine/base/thread.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct SaveJob {
    Thread *thread;
    char path[256];
    SaveHow how;
    void *data;
    bool good;                  /* with err, read only after the thread was joined */
    Err err;
    atomic_bool ended;
    void (*wake)(void *);
    void *wake_user;
    SaveJob *next;
};

void saving_said(Model *m, bool good, const char *path, const Err *err)
{
    char folder[1024] = "";
    if (good && user_folder_current(folder, sizeof folder))
        snprintf(folder + strlen(folder), sizeof folder - strlen(folder), "/%s", path);
    if (good)
        model_say(m, false, model_text(m, STR_SAVED), folder[0] != '\0' ? folder : path);
    else
        model_say(m, true, "%s", err->text);
}

static void work(void *user)
{
    SaveJob *job = user;
    job->good = job->how.write(job->data, job->path, &job->err);
    atomic_store(&job->ended, true);
    if (job->wake != NULL)
        job->wake(job->wake_user);
}

void saving_start(Saving *s, Model *m, const char *path, SaveHow how, void *data)
{
    SaveJob *job = data != NULL ? calloc(1, sizeof *job) : NULL;
    if (job != NULL) {
        *job = (SaveJob){.how = how, .data = data, .wake = m->wake, .wake_user = m->wake_user, .next = s->first};
        snprintf(job->path, sizeof job->path, "%s", path);
        job->thread = thread_start(work, job);
    }
    if (job != NULL && job->thread != NULL) {
        s->first = job;
        return;
    }
    Err err;
    err_set(&err, "%s: not enough memory, or no thread could be started", path);
    saving_said(m, false, path, &err);
    free(job);
    if (data != NULL)
        how.done(data);
}

bool saving_path_free(const Saving *s, const char *path)
{
    for (const SaveJob *job = s->first; job != NULL; job = job->next)
        if (strcmp(job->path, path) == 0)
            return false;
    return access(path, F_OK) != 0;
}

static void end(SaveJob *job)
{
    thread_join(job->thread);
    job->how.done(job->data);
}

void saving_frame(Saving *s, Model *m)
{
    for (SaveJob **at = &s->first, *job; (job = *at) != NULL;) {
        if (!atomic_load(&job->ended)) {
            at = &job->next;
            continue;
        }
        end(job);
        saving_said(m, job->good, job->path, &job->err);
        *at = job->next;
        free(job);
    }
}

bool saving_busy(const Saving *s)
{
    return s->first != NULL;
}

void saving_close(Saving *s)
{
    for (SaveJob *job; (job = s->first) != NULL; free(job)) {
        end(job);
        s->first = job->next;
    }
}
