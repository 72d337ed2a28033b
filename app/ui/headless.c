/* headless.c - runs the interface without a display: a script, then a picture and a dump. See shell.h. */
#include "app/ui/script.h"

bool shell_headless(const App *app, const ShellOptions *options, Err *err)
{
    Offscreen o;
    if (!offscreen_open(&o, app, options->width, options->height, options->scale, err))
        return false;
    bool ok = offscreen_frame(&o, err);
    if (options->script != NULL)
        ok = ok && script_run(&o, options->script, err);
    if (options->screenshot != NULL || options->dump != NULL)
        ok = ok && offscreen_wait_idle(&o, err);
    if (options->screenshot != NULL)
        ok = ok && offscreen_save_png(&o, options->screenshot, err);
    if (options->dump != NULL)
        ok = ok && dump_save(&o.shell.ui, options->dump, err);
    offscreen_close(&o);
    return ok;
}
