/* strings.h - every text that the window shows, in each language. strings.def has one line per string with all its languages, so
 * that a missing translation is a compile error. */
#ifndef INCEPTOSCOPE_STRINGS_H
#define INCEPTOSCOPE_STRINGS_H

#include <stdbool.h>

typedef enum Lang { LANG_EN, LANG_ZH, LANG_COUNT } Lang;

typedef enum Str {
    STR_NONE, /* the empty string */
#define STR(id, en, zh) STR_##id,
#include "app/model/strings.def"
#undef STR
    STR_COUNT
} Str;

/* A string has the same printf directives in the same order in every language (tests/test_strings.c). */
const char *str(Lang lang, Str id);
/* A network's title in the language; its Chinese one may be "". */
const char *str_title(Lang lang, const char *title, const char *title_zh);
const char *lang_code(Lang lang);           /* "en", "zh" */
bool lang_parse(const char *code, Lang *lang);

#endif
