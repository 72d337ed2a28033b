/* open_job.h - opens one file on a thread of its own, so that the window goes on meanwhile. What kind of file it is says its
 * content. A pipe, a socket or a device is refused: it could let the thread wait for ever. */
#ifndef INCEPTOSCOPE_OPEN_JOB_H
#define INCEPTOSCOPE_OPEN_JOB_H

#include "app/model/compute.h"
#include "app/model/picture.h"

typedef struct OpenRequest {
    const char *path;
    SharedSource *source;       /* whose network a picture is fitted to; held while loading */
    const char *networks_dir;
    bool second;                /* for the second place beside the picture; passed through */
    void (*wake)(void *);
    void *wake_user;
} OpenRequest;

typedef struct OpenResult {
    bool good, second;
    bool is_source;             /* source holds weights and network; else picture */
    Source source;
    Picture picture;
    char path[1024];
    Err err;
} OpenResult;

typedef struct OpenJob OpenJob;

OpenJob *open_job_start(const OpenRequest *request, Err *err);
const char *open_job_path(const OpenJob *job);
/* True once, when loading has ended: *out is the caller's and the job is gone. */
bool open_job_finish(OpenJob *job, OpenResult *out);
void open_job_abandon(OpenJob *job); /* tells it to stop, and waits for nothing; NULL is allowed */

#endif
