/* cmd_accuracy.c - how many answers of a network are right on a folder of labelled pictures, and with what changes they are not. */
#include "app/cli/accuracy_print.h"
#include "app/cli/open.h"
#include "app/model/knife.h"
#include "engine/train/folders.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct AccuracyArguments {
    const char *data, *weights, *network, *labels, *engine, *format;
    KnifeWords knife;
} AccuracyArguments;

static bool parse(int argc, char **argv, AccuracyArguments *a)
{
    *a = (AccuracyArguments){.format = "table"};
    const Option options[] = {
        {"--weights", OPT_STRING, &a->weights, NULL},   {"--network", OPT_STRING, &a->network, NULL},
        {"--labels", OPT_STRING, &a->labels, NULL},     {"--engine", OPT_STRING, &a->engine, engine_names},
        {"--format", OPT_STRING, &a->format, "table|json"},
        {"--silence", OPT_STRING, &a->knife.silence, "1x1|3x3|5x5|pool"},
        {"--prune", OPT_FLOAT, &a->knife.prune, NULL},        {"--prune-layer", OPT_STRING, &a->knife.prune_layer, NULL},
        {"--bits", OPT_INT, &a->knife.bits, NULL},            {"--swap-channels", OPT_FLAG, &a->knife.swap, NULL},
        {"--drop-reductions", OPT_STRING, &a->knife.drop_reductions, NULL},
    };
    const char *rest[1] = {NULL};
    int count = 0;
    if (!cli_parse(argc, argv, options, sizeof options / sizeof options[0], rest, 1, &count))
        return false;
    a->data = rest[0];
    Err err;
    if (count == 0)
        cli_complain("accuracy: name a folder that has one folder of pictures per class, or such a folder as val in it");
    else if (!knife_words_good(&a->knife, &err))
        cli_complain("accuracy: %s", err.text);
    else
        return true;
    return false;
}

static void show_progress(int done, int all)
{
    if (isatty(STDERR_FILENO))
        fprintf(stderr, "\r\x1b[K%d of %d pictures", done, all);
}

/* What the knife makes of the source: weights and network; each NULL if it is the same. */
typedef struct Cut {
    float *weights;
    Net *net, changed;
} Cut;

static bool cut_source(const Source *source, const Knife *knife, Cut *cut, Err *err)
{
    *cut = (Cut){.weights = NULL};
    if (!knife_cuts(knife))
        return true;
    cut->weights = malloc(source->net->weight_count * sizeof *cut->weights);
    if (cut->weights == NULL || !knife_net(knife, source->net, &cut->changed))
        return err_set(err, "not enough memory for a changed network");
    cut->net = &cut->changed;
    knife_cut(knife, source->net, source->weights, cut->weights);
    return true;
}

/* Judges all pictures and prints the result. */
static bool judge(const AccuracyArguments *a, const Source *source, const Dataset *set, const Knife *knife, const int *class_of, Err *err)
{
    Cut cut;
    bool good = cut_source(source, knife, &cut, err);
    const JudgeSetup setup = {.engine = engine_named(a->engine), .net = source->net, .weights = source->weights, .changed_net = cut.net,
                              .changed_weights = cut.weights, .set = set, .class_of = class_of};
    Judge *j = good ? judge_new(&setup, err) : NULL;
    char line[800];
    for (int done = 0, told = 0; j != NULL && judge_step(j);) {
        show_progress(++done, set->count);
        for (; judge_unreadable(j, told, line, sizeof line); told++)
            fprintf(stderr, "%s%s; skipped\n", isatty(STDERR_FILENO) ? "\r\x1b[K" : "", line);
    }
    if (isatty(STDERR_FILENO))
        fprintf(stderr, "\r\x1b[K");
    good = j != NULL && (judge_result(j, false)->count > 0 || err_set(err, "%s: none of the pictures could be decoded", set->root));
    const AccuracyReport report = {.source = source, .set = set, .class_of = class_of, .judge = j, .knife = *knife};
    good = good && (strcmp(a->format, "json") == 0 ? accuracy_print_json(&report) : accuracy_print(&report));
    judge_free(j);
    free(cut.weights);
    if (cut.net != NULL)
        free(cut.net->layers);
    return good;
}

int cmd_accuracy(int argc, char **argv)
{
    AccuracyArguments a;
    Source source;
    Knife knife;
    char said[FOLDERS_TEXT];
    Err err = {"standard output: cannot be written"};
    if (!parse(argc, argv, &a))
        return EXIT_USAGE;
    Dataset *set = folders_judge(a.data, said, &err);
    if (set == NULL) {
        cli_complain("%s", err.text);
        return EXIT_INPUT;
    }
    if (said[0] != '\0')
        fprintf(stderr, "%s\n", said);
    if (!cli_open_main_path(&source, a.weights, a.network)) {
        dataset_free(set);
        return EXIT_INPUT;
    }
    int *class_of = calloc((size_t)set->classes.count, sizeof *class_of);
    bool good = class_of != NULL && net_need_scores(source.net, &err) && (a.labels == NULL || source_read_labels(&source, a.labels, &err)) &&
                judge_classes(&source, set, class_of, &err) && knife_of_words(&a.knife, source.net, &knife, &err) && judge(&a, &source, set, &knife, class_of, &err);
    if (!good)
        cli_complain("%s", err.text);
    free(class_of);
    source_free(&source);
    dataset_free(set);
    return good ? EXIT_OK : EXIT_INPUT;
}
