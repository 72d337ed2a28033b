/* strings.c - looks up a text of the window in a language; see strings.h. */
#include "app/model/strings.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

static const char *const table_en[STR_COUNT] = {
    [STR_NONE] = "",
#define STR(id, en, zh) [STR_##id] = en,
#include "app/model/strings.def"
#undef STR
};

static const char *const table_zh[STR_COUNT] = {
    [STR_NONE] = "",
#define STR(id, en, zh) [STR_##id] = zh,
#include "app/model/strings.def"
#undef STR
};

static const char *const codes[LANG_COUNT] = {[LANG_EN] = "en", [LANG_ZH] = "zh"};

const char *str(Lang lang, Str id)
{
    assert(id >= 0 && id < STR_COUNT);
    return lang == LANG_ZH ? table_zh[id] : table_en[id];
}

const char *str_title(Lang lang, const char *title, const char *title_zh)
{
    return lang == LANG_ZH && title_zh[0] != '\0' ? title_zh : title;
}

/* The text of a flower's name, or STR_NONE. */
static Str known_class(const char *name)
{
    static const Str known[] = {STR_CLASS_DAISY, STR_CLASS_DANDELION, STR_CLASS_ROSES, STR_CLASS_SUNFLOWERS, STR_CLASS_TULIPS};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strcmp(name, str(LANG_EN, known[i])) == 0)
            return known[i];
    return STR_NONE;
}

const char *str_class(Lang lang, char *const *names, int count, int i)
{
    for (int k = 0; k < count; k++)
        if (known_class(names[k]) == STR_NONE)
            return names[i];
    return str(lang, known_class(names[i]));
}

const char *str_head(Lang lang, const char *name, char scratch[48])
{
    if (strcmp(name, "main") == 0)
        return str(lang, STR_HEAD_MAIN);
    if (strncmp(name, "aux", 3) != 0 || name[3] < '1' || name[3] > '9' || name[4] != '\0')
        return name;
    snprintf(scratch, 48, str(lang, STR_HEAD_AUX), name[3] - '0');
    return scratch;
}

const char *lang_code(Lang lang)
{
    return codes[lang];
}

bool lang_parse(const char *code, Lang *lang)
{
    for (int l = 0; l < LANG_COUNT; l++)
        if (strcmp(code, codes[l]) == 0) {
            *lang = (Lang)l;
            return true;
        }
    return false;
}
