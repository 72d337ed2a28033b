/* view_state.c - frees what the views keep, and gives memory for a frame; see view_state.h. */
#include "app/views/view_state.h"
#include "engine/base/array.h"

#include <stdlib.h>
#include <string.h>

struct Scratch {
    struct Scratch *next;
    max_align_t bytes[];
};

void *view_scratch(ViewState *v, size_t bytes)
{
    struct Scratch *block = bytes <= SIZE_MAX - sizeof *block ? malloc(sizeof *block + bytes) : NULL;
    if (block == NULL)
        return NULL;
    block->next = v->scratch;
    v->scratch = block;
    return block->bytes;
}

void view_scratch_end(ViewState *v)
{
    while (v->scratch != NULL) {
        struct Scratch *next = v->scratch->next;
        free(v->scratch);
        v->scratch = next;
    }
}

void view_list_forget(ViewState *v)
{
    for (int i = 0; i < v->path_count; i++) {
        free(v->paths[i]);
        if (v->lessons != NULL) {
            lesson_free(&v->lessons[i].lesson);
            exercise_free(&v->lessons[i].exercise);
        }
    }
    thumbs_free(v->thumbs);
    folder_free(v->folder);
    free(v->paths);
    free(v->lessons);
    v->thumbs = NULL;
    v->folder = NULL;
    v->folder_path[0] = '\0';
    v->paths = NULL;
    v->lessons = NULL;
    v->path_count = 0;
}

bool view_list_add(ViewState *v, const char *path)
{
    char **grown = array_grow(v->paths, v->path_count, sizeof *grown);
    char *copy = strdup(path);
    if (grown != NULL)
        v->paths = grown;
    if (grown == NULL || copy == NULL) {
        free(copy);
        return false;
    }
    v->paths[v->path_count++] = copy;
    return true;
}

void view_state_free(ViewState *v)
{
    view_list_forget(v);
    choices_free(&v->choices);
    free(v->frozen.channels);
    weight_cells_free(&v->weight_cells);
    compared_free(&v->compared);
    for (int i = 0; i < 2 * BRANCH_COUNT; i++)
        weight_ranks_free(&v->ranked_kernels[i]);
    weight_ranks_free(&v->ranked_inputs);
    watch_view_free(&v->watch);
    view_scratch_end(v);
}
