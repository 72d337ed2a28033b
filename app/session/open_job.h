/* open_job.h - opens one picture, weight file, network or list of class names on its own thread, so that the window does not wait. The
 * file's content tells its kind. A pipe, a socket or a device is refused: it could make the thread wait for ever. */
#ifndef INCEPTOSCOPE_OPEN_JOB_H
#define INCEPTOSCOPE_OPEN_JOB_H

#include "app/model/compute.h"
#include "app/model/picture.h"

typedef struct OpenRequest {
    const char *path;
    SharedSource *source;       /* a picture is fitted to its network; held while loading */
    const char *networks_dir;
    int classes;                /* of a description's network; 0: as it says */
    bool second;                /* for the second picture: nothing else is taken; passed through to the result */
    void (*wake)(void *);
    void *wake_user;
} OpenRequest;

typedef enum OpenKind { OPENED_PICTURE, OPENED_SOURCE, OPENED_LABELS } OpenKind;

typedef struct OpenResult {
    bool good, second;
    OpenKind kind;
    Source source;              /* OPENED_SOURCE: weights and their network, or a network without weights */
    Picture picture;            /* OPENED_PICTURE */
    char **labels; int label_count; /* OPENED_LABELS */
    char path[1024];
    Err err;
} OpenResult;

typedef struct OpenJob OpenJob;

OpenJob *open_job_start(const OpenRequest *request, Err *err);
const char *open_job_path(const OpenJob *job);
/* True once, when loading has ended: the caller owns *out and the job is freed. */
bool open_job_finish(OpenJob *job, OpenResult *out);
void open_result_free(OpenResult *result); /* what nobody took over */
void open_job_abandon(OpenJob *job); /* tells it to stop and does not wait; NULL is allowed */

#endif
