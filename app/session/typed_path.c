/* typed_path.c - what is typed above a list of files; see typed_path.h. */
#include "app/session/typed_path.h"
#include "app/session/user_folders.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

TypedPath typed_path(const char *text, const char *start)
{
    TypedPath typed = {.name = text};
    const char *before = "", *between = "", *from = text;
    const char *slash = strrchr(text, '/');
    char home[1024];
    typed.is_path = slash != NULL;
    typed.name = slash != NULL ? slash + 1 : text;
    if (slash == NULL) {
        before = start;
        from = "";
    } else if (text[0] == '~' && text[1] == '/' && user_folder_home(home, sizeof home)) {
        before = home;
        from = text + 1;
    } else if (text[0] != '/') {
        before = start;
        between = "/";
    }
    const int rest = slash == NULL ? 0 : slash == text ? 1 : (int)(slash - from);
    const int n = snprintf(typed.folder, sizeof typed.folder, "%s%s%.*s", before, between, rest, from);
    if (n < 0 || (size_t)n >= sizeof typed.folder)
        typed.folder[0] = '\0';
    return typed;
}

bool typed_matches(const char *name, const char *typed)
{
    return strcasestr(name, typed) != NULL;
}

bool typed_enter(const char *folder, const char *name, bool is_folder, char *text, size_t size)
{
    const char *last = strrchr(folder, '/'), *between = last != NULL && last[1] == '\0' ? "" : "/";
    int n;
    if (strcmp(name, "..") == 0)
        n = snprintf(text, size, "%.*s/", last != NULL ? (int)(last - folder) : 0, folder);
    else
        n = snprintf(text, size, "%s%s%s%s", folder, between, name, is_folder ? "/" : "");
    return n >= 0 && (size_t)n < size;
}

/* How many bytes both begin with, ignoring case, up to `most`. */
static size_t common(const char *a, const char *b, size_t most)
{
    size_t n = 0;
    while (n < most && a[n] != '\0' && strncasecmp(a + n, b + n, 1) == 0)
        n++;
    return n;
}

bool typed_complete(const FolderList *list, const TypedPath *typed, char *text, size_t size)
{
    const size_t has = strlen(typed->name), before = (size_t)(typed->name - text);
    const FolderEntry *begins = NULL, *inside = NULL;
    size_t together = 0;
    int count = 0, insides = 0;
    for (int i = 0; i < list->count; i++) {
        const FolderEntry *e = &list->entries[i];
        if (typed_matches(e->name, typed->name)) {
            inside = e;
            insides++;
        }
        if (strncasecmp(e->name, typed->name, has) != 0)
            continue;
        together = begins == NULL ? strlen(e->name) : common(begins->name, e->name, together);
        begins = begins == NULL ? e : begins;
        count++;
    }
    if (begins == NULL && insides == 1) {
        begins = inside;
        together = strlen(inside->name);
        count = 1;
    }
    if (begins == NULL)
        return false;
    while (together > 0 && ((unsigned char)begins->name[together] & 0xc0) == 0x80)
        together--; /* not in the middle of a character */
    const bool slash = count == 1 && begins->sort == FILE_FOLDER;
    if (before + together + 2 > size || (together + slash <= has && strlen(begins->name) != has))
        return false;
    snprintf(text + before, size - before, "%.*s%s", (int)together, begins->name, slash ? "/" : "");
    return true;
}
