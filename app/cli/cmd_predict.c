/* cmd_predict.c - classifies pictures: prints the classes with the largest probabilities. */
#include "app/cli/open.h"
#include "engine/base/text.h"
#include "app/model/numbers.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void print_table(const char *image, const Guess *guesses, int count, char **labels)
{
    char percent[NUM_MAX];
    printf("%s\n", image);
    for (int i = 0; i < count; i++)
        printf("%4d  %8s  %5d  %s\n", i + 1, num_probability(percent, (double)guesses[i].prob), guesses[i].index,
               labels != NULL ? labels[guesses[i].index] : "");
}

/* JSON null if the text is NULL or not UTF-8, such as a path or a class name in an old list. */
static json_t *text_or_null(const char *text)
{
    json_t *string = json_string(text); /* NULL gives NULL */
    return string != NULL ? string : json_null();
}

/* A file name that is not UTF-8 is shown with its other bytes as \xE9, and given whole as image_bytes, in hexadecimal. */
static void name_bytes(json_t *entry, const char *image)
{
    const size_t size = strlen(image);
    char *shown = malloc(4 * size + 1), *hex = malloc(2 * size + 1);
    size_t length = 0;
    for (size_t i = 0; shown != NULL && hex != NULL && i < size; i++) {
        const unsigned char byte = (unsigned char)image[i];
        length += (size_t)snprintf(shown + length, 5, byte < 0x80 ? "%c" : "\\x%02X", byte);
        snprintf(hex + 2 * i, 3, "%02x", byte);
    }
    json_object_set_new(entry, "image", text_or_null(shown));
    json_object_set_new(entry, "image_bytes", text_or_null(hex));
    free(shown);
    free(hex);
}

static void add_json(json_t *list, const char *image, const Guess *guesses, int count, char **labels)
{
    json_t *top = json_array();
    for (int i = 0; i < count; i++)
        json_array_append_new(top, json_pack("{s:i, s:o, s:f}", "index", guesses[i].index, "label",
                                             text_or_null(labels != NULL ? labels[guesses[i].index] : NULL), "prob",
                                             (double)guesses[i].prob));
    json_t *entry = json_pack("{s:o, s:o}", "image", text_or_null(image), "top", top);
    if (!text_is_utf8(image, strlen(image)))
        name_bytes(entry, image);
    json_array_append_new(list, entry);
}

/* Returns false if a picture could not be classified; the others still are. */
static bool predict(Run *run, const char *const *images, int image_count, char **labels, int top, json_t *list)
{
    const Net *net = run->net;
    const int classes = net_scores(net, 0);
    bool all = true;
    float *p = malloc((size_t)classes * sizeof *p);
    Guess *guesses = malloc((size_t)top * sizeof *guesses);
    for (int i = 0; p != NULL && guesses != NULL && i < image_count; i++) {
        float *x = cli_read_picture(images[i], net);
        if (x == NULL) {
            all = false;
            continue;
        }
        run_input(run, x, 1);
        run_forward(run);
        run_probabilities(run, p);
        free(x);
        if (!isfinite(p[0])) {
            cli_complain("%s: the network's output is not a number; the weights are unusable", images[i]);
            all = false;
            continue;
        }
        int count = top_guesses(p, classes, guesses, top);
        if (list != NULL)
            add_json(list, images[i], guesses, count, labels);
        else
            print_table(images[i], guesses, count, labels);
    }
    if (p == NULL || guesses == NULL) {
        cli_complain("not enough memory");
        all = false;
    }
    free(p);
    free(guesses);
    return all;
}

int cmd_predict(int argc, char **argv)
{
    const char *weights = NULL, *network = NULL, *labels = NULL, *engine = NULL, *format = "table";
    int top = 5, image_count;
    const Option options[] = {
        {"--weights", OPT_STRING, &weights, NULL},      {"--network", OPT_STRING, &network, NULL},
        {"--labels", OPT_STRING, &labels, NULL},        {"--top", OPT_INT, &top, NULL},
        {"--engine", OPT_STRING, &engine, engine_names}, {"--format", OPT_STRING, &format, "table|json"},
    };
    const char **images = malloc((size_t)argc * sizeof *images);
    if (images == NULL) {
        cli_complain("predict: not enough memory");
        return EXIT_INPUT;
    }
    if (!cli_parse(argc, argv, options, sizeof options / sizeof options[0], images, argc, &image_count)) {
        free(images);
        return EXIT_USAGE;
    }
    if (image_count == 0 || top < 1) {
        cli_complain(image_count == 0 ? "predict: name at least one picture"
                                      : "predict: --top takes a number of at least 1");
        free(images);
        return EXIT_USAGE;
    }
    Source source;
    if (!cli_open_main_path(&source, weights, network)) {
        free(images);
        return EXIT_INPUT;
    }
    RunOptions run_options = {.batch = 1};
    Err err;
    Run *run = NULL;
    json_t *list = strcmp(format, "json") == 0 ? json_array() : NULL;
    bool good = net_need_scores(source.net, &err) && (labels == NULL || source_read_labels(&source, labels, &err));
    if (!good)
        cli_complain("%s", err.text);
    const int classes = net_scores(source.net, 0);
    if (good && (run = run_new(engine_named(engine), source.net, &run_options, &err)) == NULL) {
        cli_complain("%s", err.text);
        good = false;
    }
    if (good) {
        run_weights(run, source.weights);
        good = predict(run, images, image_count, source.info.labels,
                       top < classes ? top : classes, list);
        if (list != NULL)
            good = json_dumpf(list, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(9)) == 0 && putchar('\n') != EOF && good;
        run_free(run);
    }
    json_decref(list);
    source_free(&source);
    free(images);
    return good ? EXIT_OK : EXIT_INPUT;
}
