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
/* The name of class i of a set. The five flowers have names in both languages. The names of other sets stay as they are, the thousand of
 * ImageNet and those that somebody has typed: a list half in one language would be worse. */
const char *str_class(Lang lang, char *const *names, int count, int i);
/* The name of a head in a training's history: main, aux1. `scratch` has room for 48 bytes. */
const char *str_head(Lang lang, const char *name, char scratch[48]);
const char *lang_code(Lang lang);           /* "en", "zh" */
bool lang_parse(const char *code, Lang *lang);

#endif
