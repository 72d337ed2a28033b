/* test_folders.c - the layouts of labelled pictures that people have: which folders are for training and which for validation, and what is said. */
#include "app/cli/table.h"
#include "engine/train/folders.h"
#include "tests/temp_folder.h"

/* Makes all folders of the path, and an empty file at its end. */
static void touch(const char *name)
{
    char path[600];
    snprintf(path, sizeof path, "%s", inside(name));
    for (char *slash = path + 1; (slash = strchr(slash, '/')) != NULL; *slash++ = '/') {
        *slash = '\0';
        mkdir(path, 0777);
    }
    FILE *out = fopen(path, "wb");
    CHECK(out != NULL, "%s", path);
    fclose(out);
}

/* `count` pictures in each class of the folder. */
static void classes(const char *folder, int class_count, int count)
{
    for (int c = 0; c < class_count; c++)
        for (int i = 0; i < count; i++) {
            char name[200];
            snprintf(name, sizeof name, "%s/class%d/%d.jpg", folder, c, i);
            touch(name);
        }
}

static void expect(const char *root, int train_count, int val_count, const char *words)
{
    Dataset *train, *val;
    char said[FOLDERS_TEXT];
    Err err = {""};
    CHECK(folders_open(inside(root), 0.2, &train, &val, said, &err), "%s: %s", root, err.text);
    CHECK(train->count == train_count && val->count == val_count, "%s: %d and %d", root, train->count, val->count);
    CHECK(strstr(said, words) != NULL && (words[0] != '\0') == (said[0] != '\0'), "%s: '%s'", root, said);
    dataset_free(train);
    dataset_free(val);
}

static void refuse(const char *root, const char *words)
{
    Dataset *train, *val;
    char said[FOLDERS_TEXT];
    Err err = {""};
    CHECK(!folders_open(inside(root), 0.2, &train, &val, said, &err) && train == NULL && val == NULL, "%s was accepted", root);
    CHECK(strstr(err.text, words) != NULL, "%s: %s", root, err.text);
}

static void test_layouts(void **state)
{
    (void)state;
    classes("usual/train", 2, 5), classes("usual/val", 2, 2);
    expect("usual", 10, 4, "");
    classes("valid/train", 2, 5), classes("valid/valid", 2, 1);
    expect("valid", 10, 2, "'valid' for validation");
    classes("kaggle/training", 2, 5), classes("kaggle/validation", 2, 1), classes("kaggle/test", 2, 3);
    expect("kaggle", 10, 2, "'training' is for training, 'validation' for validation");
    classes("test/Train", 2, 5), classes("test/Test", 2, 3);
    expect("test", 10, 6, "'Train' is for training, 'Test' for validation");
    classes("flat", 3, 10);
    expect("flat", 24, 6, "20 % of each class (6 pictures) are for validation");
    classes("zip/flower_photos", 3, 10);
    touch("zip/LICENSE.txt");
    expect("zip", 24, 6, "flower_photos: one folder per class");
    classes("deep/a/b/train", 2, 5), classes("deep/a/b/val", 2, 2);
    expect("deep", 10, 4, "its folder 'b' is used");
    classes("half/train", 2, 10);
    expect("half", 16, 4, "half/train: one folder per class");
    touch("rides/train/1.jpg"), touch("rides/train/2.jpg"), touch("rides/car/1.jpg"), touch("rides/car/2.jpg");
    expect("rides", 2, 2, "one folder per class");
    touch("phone/a/1.jfif"), touch("phone/a/2.JFIF"), touch("phone/b/1.jpe"), touch("phone/b/2.jpg");
    expect("phone", 2, 2, "one folder per class");
}

static void test_refusals(void **state)
{
    (void)state;
    refuse("nowhere", "cannot read this folder");
    touch("pictures/1.jpg"), touch("pictures/2.jpg");
    refuse("pictures", "found no folder and 2 files");
    touch("single/a/1.jpg"), touch("single/a/2.jpg"), touch("single/b/1.jpg");
    refuse("single", "the class 'b' has one picture");
    touch("web/a/1.webp"), touch("web/a/2.webp"), touch("web/b/1.jpg");
    refuse("web", "only 2 other files (1.webp)");
    classes("unlike/train", 2, 2), classes("unlike/val", 3, 2);
    refuse("unlike", "3 classes here but 2 in");
}

/* The same pictures in every run; about the share of each class; no picture in both. */
static void test_split(void **state)
{
    (void)state;
    static const struct { double share; int val; } cases[] = {{0.2, 4}, {0.5, 10}, {0.001, 2}, {0.999, 18}};
    classes("split", 2, 10);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Dataset *train, *val, *again, *val_again;
        char said[FOLDERS_TEXT];
        Err err = {""};
        CHECK(folders_open(inside("split"), cases[i].share, &train, &val, said, &err), "%s", err.text);
        CHECK(folders_open(inside("split"), cases[i].share, &again, &val_again, said, &err), "%s", err.text);
        CHECK(val->count == cases[i].val && train->count == 20 - cases[i].val && val->per_class[0] == val->per_class[1], "%g: %d", cases[i].share, val->count);
        for (int k = 0; k < val->count; k++) {
            CHECK(strcmp(val->samples[k].path, val_again->samples[k].path) == 0, "%s", val->samples[k].path);
            for (int t = 0; t < train->count; t++)
                CHECK(strcmp(val->samples[k].path, train->samples[t].path) != 0, "%s is in both", val->samples[k].path);
        }
        dataset_free(train), dataset_free(val), dataset_free(again), dataset_free(val_again);
    }
}

/* Widths as Unicode has them (Python's unicodedata: east_asian_width and combining). */
static void test_widths_of_names(void **state)
{
    (void)state;
    static const struct { const char *text; int width; } cases[] = {
        {"daisy", 5}, {"", 0}, {"\xe9\x9b\x8f\xe8\x8f\x8a", 4}, {"\xea\xbd\x83", 2}, {"\xe3\x83\x92\xe3\x83\x8a\xe3\x82\xae\xe3\x82\xaf", 8},
        {"\xd1\x80\xd0\xbe\xd0\xb7\xd0\xb0", 4}, {"caf\xc3\xa9", 4}, {"cafe\xcc\x81", 4}, {"\xf0\x9f\x8c\xbb", 2}, {"\xe0\xb8\x81\xe0\xb8\xb8\xe0\xb8\xab", 2},
        {"\xd9\x88\xd8\xb1\xd8\xaf", 3}, {"latin\xe9", 6},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        CHECK(text_width(cases[i].text) == cases[i].width, "%s: %d", cases[i].text, text_width(cases[i].text));
        for (int columns = 0; columns < 12; columns++)
            for (int right = 0; right < 2; right++) {
                char *out = NULL;
                size_t size;
                FILE *file = open_memstream(&out, &size);
                print_padded(file, cases[i].text, columns, right);
                fclose(file);
                CHECK(text_width(out) == columns, "%s in %d: '%s'", cases[i].text, columns, out);
                const size_t blanks = right ? strspn(out, " ") : 0, length = size - blanks;
                CHECK(length == 0 || columns < cases[i].width || strncmp(out + blanks, cases[i].text, strlen(cases[i].text)) == 0, "%s in %d: '%s'",
                      cases[i].text, columns, out);
                free(out);
            }
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_layouts),
    cmocka_unit_test(test_refusals),
    cmocka_unit_test(test_split),
    cmocka_unit_test(test_widths_of_names),
};

int main(void)
{
    return cmocka_run_group_tests(tests, temp_folder_make, temp_folder_remove);
}
