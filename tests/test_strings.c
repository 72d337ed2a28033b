/* The window's words: none missing, and printf directives alike in both languages, in the same order. */
#include "tests/check.h"
#include "app/model/keys.h"
#include "app/model/strings.h"

/* The conversions of a format in their order, "d", "s", "f", each followed by a blank; "%%" counts for nothing. */
static void directives(const char *format, char *out, size_t size)
{
    size_t n = 0;
    for (const char *p = format; *p != '\0' && n + 2 < size; p++) {
        if (*p != '%')
            continue;
        p++;
        if (*p == '%')
            continue;
        p += strspn(p, "-+ #0123456789.*lz");
        if (*p == '\0')         /* a percent sign at the end of a text that is no format */
            break;
        out[n++] = *p;
        out[n++] = ' ';
    }
    out[n] = '\0';
}

static void test_directives(void **state)
{
    (void)state;
    for (int i = 1; i < STR_COUNT; i++) {
        char en[64], zh[64];
        directives(str(LANG_EN, (Str)i), en, sizeof en);
        directives(str(LANG_ZH, (Str)i), zh, sizeof zh);
        CHECK(strcmp(en, zh) == 0, "string %d: '%s' against '%s'", i, str(LANG_EN, (Str)i), str(LANG_ZH, (Str)i));
        CHECK(str(LANG_EN, (Str)i)[0] != '\0' && str(LANG_ZH, (Str)i)[0] != '\0', "string %d is empty", i);
    }
}

static bool has_cjk(const char *text)
{
    for (; *text != '\0'; text++)
        if ((unsigned char)*text >= 0xe4 && (unsigned char)*text <= 0xe9)
            return true;
    return false;
}

/* Words that are the same in Chinese: names, symbols, formulas. Everything else must have a Chinese character. */
static void test_translated(void **state)
{
    static const Str same[] = {STR_APP_NAME, STR_RELU, STR_YX, STR_RELU_OF, STR_COL_K, STR_COL_KI,
                               STR_LIST_COMMA, STR_LIST_COLON, STR_CELL_COUNT, STR_SHARE_CAM, STR_CELL_GIVEN, STR_SEARCH_NUMBER};
    (void)state;
    for (int i = 1; i < STR_COUNT; i++) {
        bool may = false;
        for (size_t k = 0; k < sizeof same / sizeof same[0]; k++)
            may = may || same[k] == (Str)i;
        CHECK(may || has_cjk(str(LANG_ZH, (Str)i)), "string %d: '%s' is not translated", i, str(LANG_ZH, (Str)i));
        CHECK(!has_cjk(str(LANG_EN, (Str)i)), "string %d: '%s' is not English", i, str(LANG_EN, (Str)i));
    }
}

/* Words that were once shown and are no lecturer's Chinese for this: a channel is 屏蔽, what a lesson talks about is on the 画面. */
static void test_words(void **state)
{
    static const char *const words[] = {"静默", "舞台"};
    (void)state;
    for (int i = 1; i < STR_COUNT; i++)
        for (size_t w = 0; w < sizeof words / sizeof words[0]; w++)
            CHECK(strstr(str(LANG_ZH, (Str)i), words[w]) == NULL, "string %d: '%s'", i, str(LANG_ZH, (Str)i));
}

/* Names from files: the flowers are translated where all of a set are known, heads always. */
static void test_names(void **state)
{
    char *flowers[] = {"daisy", "dandelion", "roses", "sunflowers", "tulips"}, *mixed[] = {"daisy", "cat"}, scratch[48];
    static const char *const zh[] = {"雏菊", "蒲公英", "玫瑰", "向日葵", "郁金香"};
    static const struct { const char *name, *en, *zh; } heads[] = {
        {"main", "main", "主分类器"}, {"aux1", "aux 1", "辅助 1"}, {"aux2", "aux 2", "辅助 2"}, {"aux", "aux", "aux"}, {"aux12", "aux12", "aux12"}, {"conv1", "conv1", "conv1"}};
    (void)state;
    for (int i = 0; i < 5; i++) {
        assert_string_equal(str_class(LANG_ZH, flowers, 5, i), zh[i]);
        assert_string_equal(str_class(LANG_EN, flowers, 5, i), flowers[i]);
    }
    for (int i = 0; i < 2; i++)
        assert_string_equal(str_class(LANG_ZH, mixed, 2, i), mixed[i]);
    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++) {
        assert_string_equal(str_head(LANG_EN, heads[i].name, scratch), heads[i].en);
        assert_string_equal(str_head(LANG_ZH, heads[i].name, scratch), heads[i].zh);
    }
}

static void test_codes(void **state)
{
    Lang lang = LANG_EN;
    (void)state;
    CHECK(lang_parse("zh", &lang) && lang == LANG_ZH, "zh");
    CHECK(strcmp(lang_code(LANG_ZH), "zh") == 0, "zh");
    CHECK(!lang_parse("de", &lang), "there is no German");
}

/* A key means one thing at a place: no row of the table is hidden by one above it. */
static void test_keys(void **state)
{
    (void)state;
    for (int i = 0; i < key_binding_count; i++) {
        const KeyBinding *b = &key_bindings[i];
        static const ViewKind views[] = {[KEY_IN_VALUE] = VIEW_VALUE, [KEY_IN_BACKWARD] = VIEW_BACKWARD, [KEY_IN_PATH] = VIEW_PATH, [KEY_IN_TERMS] = VIEW_VALUE, [KEY_IN_ORDER] = VIEW_ORDER, [KEY_IN_TRAINING] = VIEW_TRAIN, [KEY_IN_GROUPS] = VIEW_GROUPS,
                                         [KEY_IN_WANTS] = VIEW_WANTS, [KEY_IN_FOOL] = VIEW_FOOL, [KEY_IN_SANITY] = VIEW_SANITY, [KEY_IN_TEACH] = VIEW_TEACH,
                                         [KEY_IN_ACCURACY] = VIEW_ACCURACY, [KEY_IN_CROPS] = VIEW_CROPS, [KEY_IN_GRADIENTS] = VIEW_GRADIENTS};
        const KeyStrip strip = b->place == KEY_IN_LESSON ? STRIP_LESSON : b->place == KEY_IN_EXERCISE ? STRIP_EXERCISE : STRIP_NONE;
        CHECK(key_verb(b->key, strip, b->place >= KEY_IN_VALUE ? views[b->place] : VIEW_STAGE) == b->verb, "key %s", b->key);
        CHECK(i == 0 || b->help != STR_NONE || b->group == key_bindings[i - 1].group, "second key %s is in another group", b->key);
    }
    CHECK(key_verb("Space", STRIP_LESSON, VIEW_STAGE) == VERB_LESSON_NEXT, "Space in a lesson");
    CHECK(key_verb(".", STRIP_LESSON, VIEW_STAGE) == VERB_PLAY, ". plays in a lesson");
    CHECK(key_verb("Left", STRIP_NONE, VIEW_VALUE) == VERB_PIXEL_LEFT, "Left in one value");
    CHECK(key_verb("F9", STRIP_NONE, VIEW_STAGE) == VERB_NONE, "F9 means nothing");
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_directives),
    cmocka_unit_test(test_translated),
    cmocka_unit_test(test_words),
    cmocka_unit_test(test_names),
    cmocka_unit_test(test_codes),
    cmocka_unit_test(test_keys),
};
TEST_MAIN(tests)
