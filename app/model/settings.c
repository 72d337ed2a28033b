/* settings.c - reads and writes the settings file, from a table of its keys; see settings.h. */
#include "app/model/settings.h"
#include "engine/base/safe_file.h"
#include "engine/base/text.h"

#include <errno.h>
#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

typedef enum SettingKind { SETTING_INT, SETTING_BOOL } SettingKind;

/* Enumerations are stored as numbers; `most` is the largest valid one. */
typedef struct Setting {
    const char *key;
    SettingKind kind;
    size_t offset;
    int least, most;
} Setting;

static const Setting settings_table[] = {
    {"width", SETTING_INT, offsetof(Settings, width), 320, 16384},
    {"height", SETTING_INT, offsetof(Settings, height), 200, 16384},
    {"language", SETTING_INT, offsetof(Settings, screen.lang), 0, LANG_COUNT - 1},
    {"dark", SETTING_BOOL, offsetof(Settings, screen.dark), 0, 1},
    {"large-type", SETTING_BOOL, offsetof(Settings, screen.presenter), 0, 1},
    {"still", SETTING_BOOL, offsetof(Settings, screen.still), 0, 1},
    {"map", SETTING_INT, offsetof(Settings, look.map), 0, LOOK_MAPS - 1},
    {"range", SETTING_INT, offsetof(Settings, look.range), 0, RANGE_MODULE}, /* a locked range belongs to one picture */
    {"clip-outliers", SETTING_BOOL, offsetof(Settings, look.clip_outliers), 0, 1},
};

enum { SETTING_COUNT = sizeof settings_table / sizeof settings_table[0], TEXT_MAX = 1024 };

_Static_assert(sizeof(Lang) == sizeof(int) && sizeof(RangeKind) == sizeof(int), "enumerations are stored as int");

static int get(const Settings *s, const Setting *f)
{
    const char *at = (const char *)s + f->offset;
    return f->kind == SETTING_BOOL ? *(const bool *)at : *(const int *)at;
}

static void set(Settings *s, const Setting *f, int value)
{
    char *at = (char *)s + f->offset;
    if (f->kind == SETTING_BOOL)
        *(bool *)at = value != 0;
    else
        *(int *)at = value;
}

/* The language of messages by POSIX's order of variables. */
static Lang locale_language(void)
{
    static const char *const variables[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    for (size_t i = 0; i < sizeof variables / sizeof variables[0]; i++) {
        const char *value = getenv(variables[i]);
        if (value != NULL && value[0] != '\0')
            return strncmp(value, "zh", 2) == 0 ? LANG_ZH : LANG_EN;
    }
    return LANG_EN;
}

Settings settings_default(void)
{
    return (Settings){.width = 1600, .height = 900,
                      .look = {.range = RANGE_LAYER, .field = true, .clip_outliers = true},
                      .screen.lang = locale_language()};
}

/* False when there is no home folder either. */
static bool settings_folder(char *out, size_t size)
{
    const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
    int length = config != NULL && config[0] == '/' ? snprintf(out, size, "%s/inceptoscope", config)
               : home != NULL && home[0] != '\0'    ? snprintf(out, size, "%s/.config/inceptoscope", home)
                                                    : -1;
    return length > 0 && (size_t)length < size;
}

static bool take_line(Settings *s, const char *line)
{
    char key[32];
    int value, end = 0;
    if (sscanf(line, "%31s %d %n", key, &value, &end) != 2 || line[end] != '\0')
        return false;
    for (int i = 0; i < SETTING_COUNT; i++)
        if (strcmp(settings_table[i].key, key) == 0 && value >= settings_table[i].least && value <= settings_table[i].most) {
            set(s, &settings_table[i], value);
            return true;
        }
    return false;
}

bool settings_load(Settings *settings, Err *err)
{
    char path[PATH_MAX], line[256];
    if (!settings_folder(path, sizeof path - 16))
        return true;
    strcat(path, "/settings");
    FILE *file = fopen(path, "r");
    if (file == NULL)
        return errno == ENOENT || err_set(err, "%s: %s; using the default settings", path, strerror(errno));
    bool good = true;
    for (int number = 1; fgets(line, sizeof line, file) != NULL; number++) {
        line[strcspn(line, "\r\n")] = '\0';
        if (!take_line(settings, line + (number == 1 ? text_mark(line, strlen(line)) : 0)) && good)
            good = err_set(err, "%s:%d: '%s' is not a setting; it is ignored and will be removed when the settings are next saved", path, number,
                           line);
    }
    fclose(file);
    return good;
}

bool settings_save(const Settings *settings, Err *err)
{
    char path[PATH_MAX], text[TEXT_MAX];
    size_t used = 0;
    if (!settings_folder(path, sizeof path - 16))
        return err_set(err, "settings: neither XDG_CONFIG_HOME nor HOME is set, so they are not saved");
    for (char *slash = strchr(path + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(path, 0777);
        *slash = '/';
    }
    mkdir(path, 0777); /* a failure is reported when the file is opened */
    strcat(path, "/settings");
    for (int i = 0; i < SETTING_COUNT; i++)
        used += (size_t)snprintf(text + used, sizeof text - used, "%s %d\n", settings_table[i].key, get(settings, &settings_table[i]));
    return safe_file_put(path, text, used, err);
}
