/* strings.c - looks up a text of the window in a language; see strings.h. */
#include "app/model/strings.h"

#include <assert.h>
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
