/* choices.c - the networks and weights that the window offers; see choices.h. */
#include "app/session/choices.h"
#include "app/session/folder.h"
#include "app/session/user_folders.h"
#include "engine/base/array.h"
#include "engine/io/file.h"
#include "engine/net/net.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HEAD_MOST = 1 << 16 };   /* of a description: enough for its first lines and for weights given by hand */

static bool listed(const SourceChoices *c, const char *path)
{
    for (int i = 0; i < c->count; i++)
        if (strcmp(c->rows[i].path, path) == 0)
            return true;
    return false;
}

/* The same file has the same path: a recent one is listed once. */
static void add(SourceChoices *c, const char *path, ChoiceGroup group)
{
    const char *slash = strrchr(path, '/');
    char *plain = realpath(path, NULL);
    SourceChoice *grown = plain != NULL && !listed(c, plain) ? array_grow(c->rows, c->count, sizeof *grown) : NULL;
    if (grown == NULL) {
        free(plain);
        return;
    }
    c->rows = grown;
    c->rows[c->count] = (SourceChoice){.path = plain, .group = group};
    snprintf(c->rows[c->count++].title, sizeof c->rows->title, "%s", slash != NULL ? slash + 1 : path);
}

static void add_files(SourceChoices *c, const char *folder, FileSort sort, ChoiceGroup group)
{
    char path[1400];
    if (folder == NULL)
        return;
    FolderList list = folder_files(folder, sort);
    for (int i = 0; i < list.count; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, list.entries[i].name);
        add(c, path, group);
    }
    folder_list_free(&list);
}

static void read_title(SourceChoice *choice)
{
    unsigned char *text;
    size_t size;
    NetHead head;
    Err unread;                 /* then its file's name has to do; opening it says what is wrong */
    if (!file_read_head(choice->path, HEAD_MOST, &text, &size, &unread))
        return;
    if (net_head((const char *)text, size, &head)) {
        snprintf(choice->title, sizeof choice->title, "%s", head.title);
        snprintf(choice->title_zh, sizeof choice->title_zh, "%s", head.title_zh);
        choice->own_weights = head.weights;
    }
    free(text);
}

SourceChoices choices_make(const char *weights_dir, const char *networks_dir, const Recent *recent)
{
    SourceChoices c = {.count = 0}, shipped = {.count = 0};
    char found[1024];
    add_files(&c, weights_dir, FILE_WEIGHTS, CHOICE_SHIPPED);
    if (user_folder_weights(found, sizeof found))
        add_files(&c, found, FILE_WEIGHTS, CHOICE_FOUND);
    add_files(&shipped, networks_dir, FILE_NETWORK, CHOICE_NETWORK);
    for (int i = 0; i < recent->count; i++) {
        const FileSort sort = file_sort(recent->paths[i]);
        if ((sort == FILE_WEIGHTS || sort == FILE_NETWORK) && !listed(&shipped, recent->paths[i]))
            add(&c, recent->paths[i], CHOICE_RECENT);
    }
    for (int i = 0; i < shipped.count; i++)
        add(&c, shipped.rows[i].path, CHOICE_NETWORK);
    choices_free(&shipped);
    for (int i = 0; i < c.count; i++)
        if (c.rows[i].group == CHOICE_NETWORK)
            read_title(&c.rows[i]);
    return c;
}

void choices_free(SourceChoices *c)
{
    for (int i = 0; i < c->count; i++)
        free(c->rows[i].path);
    free(c->rows);
    *c = (SourceChoices){.count = 0};
}
