/* judging.c - the folder of labelled pictures behind the view of accuracy; see judging.h. */
#include "app/session/judging.h"
#include "app/session/state_file.h"

#include <stdio.h>
#include <string.h>

void judging_frame(Judging *j, Model *m, const Opening *opening)
{
    char folder[sizeof m->accuracy.folder];
    if (m->view == VIEW_ACCURACY && !j->looked) {
        j->looked = true;
        if (m->accuracy.folder[0] == '\0' && j->keep && state_folder_kept("eval-set", folder, sizeof folder))
            model_judge(m, folder);
    }
    if (j->open[0] == '\0' || opening->job != NULL)
        return;
    if (strcmp(m->picture.path, j->open) == 0)
        model_view(m, VIEW_OVERVIEW);
    j->open[0] = '\0';
}

void judging_start(Judging *j, Model *m, const char *folder)
{
    char whole[sizeof m->accuracy.folder];
    state_folder_name(folder, whole, sizeof whole);
    model_judge(m, whole);
    if (j->keep)
        state_folder_keep("eval-set", whole);
}

void judging_open(Judging *j, Model *m, Opening *opening, int picture)
{
    snprintf(j->open, sizeof j->open, "%s", accuracy_dataset(&m->accuracy)->samples[picture].path);
    if (strcmp(m->picture.path, j->open) != 0)
        opening_start(opening, m, j->open, false);
}
