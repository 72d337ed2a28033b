/* test_labels.c - files of class names as people have them: each gives the same three names in the same order, or is refused with the
 * reason. A number is never part of a name. */
#include "engine/io/labels.h"
#include "tests/check.h"

/* Parses a copy of exactly this size, so that the sanitizer sees its end. */
static bool parse(const char *text, size_t size, char ***labels, int *count, Err *err)
{
    char *copy = malloc(size > 0 ? size : 1);
    memcpy(copy, text, size);
    err->text[0] = '\0';
    const bool good = labels_parse(copy, size, "it", labels, count, err);
    free(copy);
    return good;
}

static const char *const three[] = {
    "tench\ngoldfish\ndaisy\n",
    "\xef\xbb\xbftench\r\ngoldfish\r\ndaisy\r\n\r\n",
    "n01440764 tench\nn01443537 goldfish\nn11939491 daisy",
    "n01440764\ttench\nn01443537\tgoldfish\nn11939491\tdaisy",
    "n01440764,tench\nn01443537,goldfish\nn11939491,daisy",
    "0 tench\n1 goldfish\n2 daisy",
    "0: tench\n1: goldfish\n2: daisy",
    "  0: tench\n  1: goldfish\n  2: daisy\n",
    "names:\n  0: tench\n  1: goldfish\n  2: daisy\n",
    "0,tench\n1,goldfish\n2,daisy",
    "0\ttench\n1\tgoldfish\n2\tdaisy",
    "0;\"tench\"\n1;\"goldfish\"\n2;\"daisy\"",
    "0) tench\n1) goldfish\n2) daisy",
    "1. tench\n2. goldfish\n3. daisy",
    "index,name\n0,tench\n1,goldfish\n2,daisy\n",
    "id,synset,label\n0,n01440764,tench\n1,n01443537,goldfish\n2,n11939491,daisy\n",
    "name,index\ndaisy,2\ntench,0\ngoldfish,1\n",
    "tench 0\ngoldfish 1\ndaisy 2\n",
    "2 daisy\n0 tench\n1 goldfish\n",
    "{\"0\": \"tench\", \"1\": \"goldfish\", \"2\": \"daisy\"}",
    "{\"tench\": 0, \"goldfish\": 1, \"daisy\": 2}",
    "[\"tench\", \"goldfish\", \"daisy\"]",
    "[\"0: tench\", \"1: goldfish\", \"2: daisy\"]",
    "{\"0\": [\"n01440764\", \"tench\"], \"1\": [\"n01443537\", \"goldfish\"], \"2\": [\"n11939491\", \"daisy\"]}",
    "{\"architectures\": [\"GoogLeNet\"], \"id2label\": {\"0\": \"tench\", \"1\": \"goldfish\", \"2\": \"daisy\"}, \"label2id\": {\"tench\": 0}}",
    "{\"nc\": 3, \"names\": [\"tench\", \"goldfish\", \"daisy\"]}",
    "{0: 'tench', 1: 'goldfish', 2: 'daisy'}",
    "{0: 'tench',\n 1: \"goldfish\", # a comment\n 2: 'daisy',\n}\n",
    "{'tench': 0, 'goldfish': 1, 'daisy': 2}",
    "['tench', 'goldfish', 'daisy']",
    "('tench', u'goldfish', 'daisy',)",
};

static void test_one_reading_of_all_forms(void **state)
{
    (void)state;
    static const char *const want[] = {"tench", "goldfish", "daisy"};
    for (size_t i = 0; i < sizeof three / sizeof three[0]; i++) {
        char **labels;
        int count;
        Err err;
        CHECK(parse(three[i], strlen(three[i]), &labels, &count, &err), "%s: %s", three[i], err.text);
        CHECK(count == 3, "%s: %d names", three[i], count);
        for (int k = 0; k < 3; k++)
            CHECK(strcmp(labels[k], want[k]) == 0, "%s: name %d is '%s'", three[i], k, labels[k]);
        labels_free(labels, count);
    }
}

/* Names in which numbers are the name, quotes and commas. */
static void test_names_stay_whole(void **state)
{
    (void)state;
    static const struct { const char *text, *names[3]; } cases[] = {
        {"0\n1\n2\n", {"0", "1", "2"}},
        {"3D printer\n4x4\n7 up\n", {"3D printer", "4x4", "7 up"}},
        {"Boeing 747\nAirbus A320\nCessna 172\n", {"Boeing 747", "Airbus A320", "Cessna 172"}},
        {"{0: \"jack-o'-lantern\", 1: 'it\\'s', 2: 'a, b'}", {"jack-o'-lantern", "it's", "a, b"}},
        {"tench, Tinca tinca\ngoldfish\ndaisy", {"tench, Tinca tinca", "goldfish", "daisy"}},
        {"0,\"tench, Tinca tinca\"\n1,\"the \"\"gold\"\" fish\"\n2,daisy", {"tench, Tinca tinca", "the \"gold\" fish", "daisy"}},
        {"\xe9\x9b\x8f\xe8\x8f\x8a\n\xe7\x8e\xab\xe7\x91\xb0\n\xd1\x80\xd0\xbe\xd0\xb7\xd0\xb0\n",
         {"\xe9\x9b\x8f\xe8\x8f\x8a", "\xe7\x8e\xab\xe7\x91\xb0", "\xd1\x80\xd0\xbe\xd0\xb7\xd0\xb0"}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char **labels;
        int count;
        Err err;
        CHECK(parse(cases[i].text, strlen(cases[i].text), &labels, &count, &err) && count == 3, "%s: %s", cases[i].text, err.text);
        for (int k = 0; k < 3; k++)
            CHECK(strcmp(labels[k], cases[i].names[k]) == 0, "%s: name %d is '%s'", cases[i].text, k, labels[k]);
        labels_free(labels, count);
    }
}

static void test_refused(void **state)
{
    (void)state;
    static const struct { const char *text, *part; } cases[] = {
        {"0 tench\n1 goldfish\ndaisy\n3 rose\n", "it:3: 'daisy' has no number"},
        {"0 tench\n1 goldfish\n5 daisy\n", "numbers that are not 0 to 2"},
        {"0 tench\n1 goldfish\n1 daisy\n", "numbers that are not 0 to 2"},
        {"{0: 'tench', 2: 'daisy'}", "no name for class \"1\""},
        {"{0: 'tench', 0: 'daisy'}", "neither JSON"},
        {"{0: 'tench', 1: ['a', 'b']}", "neither JSON"},
        {"{0: 'tench' 1: 'daisy'}", "neither JSON"},
        {"{0: 'tench',\n 1: 'dai", "it:2: neither JSON"},
        {"{\"0\": \"tench\"", "not valid JSON"},
        {"item {\n  id: 1\n  name: 'tench'\n}\n", "TensorFlow label map"},
        {"\xff\xfet\0e\0", "UTF-16"},
        {"caf\xe9\nth\xe9\n", "not UTF-8"},
        {"tench\n\ndaisy\n", "it:2: an empty line"},
        {"", "0 class names"},
        {"{}", "0 class names"},
        {"()", "0 class names"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char **labels;
        int count;
        Err err;
        CHECK(!parse(cases[i].text, i == 10 ? 6 : strlen(cases[i].text), &labels, &count, &err), "%s: opened", cases[i].text);
        CHECK(strstr(err.text, cases[i].part) != NULL, "%s: %s", cases[i].text, err.text);
    }
}

/* Every prefix of every form: read or refused, inside the text. */
static void test_prefixes(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof three / sizeof three[0]; i++)
        for (size_t n = 0; n < strlen(three[i]); n++) {
            char **labels;
            int count;
            Err err;
            if (parse(three[i], n, &labels, &count, &err))
                labels_free(labels, count);
            else
                CHECK(strncmp(err.text, "it:", 3) == 0, "%s", err.text);
        }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_one_reading_of_all_forms),
    cmocka_unit_test(test_names_stay_whole),
    cmocka_unit_test(test_refused),
    cmocka_unit_test(test_prefixes),
};

TEST_MAIN(tests)
