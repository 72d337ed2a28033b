/* loader.h - opens one file on a thread of its own, so that the window goes on meanwhile. What kind of file it is says its
 * content. A pipe, a socket or a device is refused: it could let the thread wait for ever. */
#ifndef INCEPTOSCOPE_LOADER_H
#define INCEPTOSCOPE_LOADER_H

#include "app/model/compute.h"
#include "app/model/picture.h"

typedef struct LoadRequest {
    const char *path;
    SharedSource *source;       /* whose network a picture is fitted to; held while loading */
    const char *networks_dir;
    bool second;                /* for the second place beside the picture; passed through */
    void (*wake)(void *);
    void *wake_user;
} LoadRequest;

typedef struct LoadResult {
    bool good, second;
    bool is_source;             /* source holds weights and network; else picture */
    Source source;
    Picture picture;
    char path[1024];
    Err err;
} LoadResult;

typedef struct Loader Loader;

Loader *loader_start(const LoadRequest *request, Err *err);
const char *loader_path(const Loader *loader);
/* True once, when loading has ended: *out is the caller's and the loader is gone. */
bool loader_finish(Loader *loader, LoadResult *out);
void loader_abandon(Loader *loader); /* tells it to stop, and waits for nothing; NULL is allowed */

#endif
