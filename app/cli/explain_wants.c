/* explain_wants.c - `explain wants --at UNIT --out F.png`: the picture that a unit answers to most, made from noise. See engine/train/wants.h. */
#include "app/cli/explain_at.h"
#include "app/cli/explain_forms.h"
#include "app/cli/json_out.h"
#include "app/model/wants_model.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct Maker {
    const char *at, *out;
    int size, steps;
    WantOptions options;
    bool json;
} Maker;

typedef struct Made {
    const Source *source;
    const Maker *maker;
    Address unit;
    char name[160];
    Shape map;
    float *values;              /* the objective before each step; owned */
    Want want;
} Made;

static bool make(Made *made, Err *err)
{
    const Maker *maker = made->maker;
    const size_t size = (size_t)maker->size;
    WantsNet *wants = wants_open(engine_named(NULL), made->source->net, made->source->weights, made->unit.layer, maker->size, 1, 0, err);
    if (wants == NULL)
        return false;
    unsigned char *rgb = malloc(size * size * 3);
    made->map = wants_map(wants);
    made->values = malloc((size_t)maker->steps * sizeof *made->values);
    bool good = (rgb != NULL && made->values != NULL && want_start(wants, &maker->options, &made->want)) || err_set(err, "not enough memory for a picture of %dx%d", maker->size, maker->size);
    for (int i = 0; good && i < maker->steps; i++) {
        wants_step(wants, &(Want *){&made->want}, 1);
        made->values[i] = made->want.value;
        good = isfinite(made->want.value) || err_set(err, "%s is not finite after %d steps; look at the weights", made->name, i);
    }
    if (good) {
        wants_picture(wants, &made->want, rgb);
        good = image_save_png(maker->out, rgb, maker->size, maker->size, err);
    }
    free(rgb);
    wants_close(wants);
    return good;
}

static void print_text(const Made *m)
{
    const Maker *maker = m->maker;
    const Want *w = &m->want;
    const char *shipped = m->source->info.path[0] != '\0' ? m->source->info.path : m->source->info.why;
    if (maker->options.neuron)
        printf("%s: its value in row %d, column %d", m->name, m->map.h / 2, m->map.w / 2);
    else
        printf("%s: its mean over %dx%d places", m->name, m->map.h, m->map.w);
    printf(", before ReLU, rose from %.4g to %.4g in %d steps: %s\n", (double)w->first, (double)w->value, maker->steps, maker->out);
    if (!want_rises(w))
        printf("it never rose above its first value: this unit answers to nothing that noise leads to; try another --seed\n");
    printf("%dx%d, %s, %s, seed %llu; weights: %s\n", maker->size, maker->size, maker->options.pixels ? "pixels" : "Fourier basis", maker->options.still ? "no jitter" : "jitter",
           (unsigned long long)maker->options.seed, shipped);
    printf("made by the computer, no photo: one of many pictures that the unit answers to\n");
    if (m->source->untrained)
        printf("the weights are random: so the picture means nothing\n");
    else if (wants_vague(m->source, m->unit.layer))
        printf("on these weights, units beyond 4b stay vague\n");
    printf("%s is this unit in these weights only: another training run has another unit under its number\n", m->name);
}

static bool print_json(const Made *m)
{
    const Maker *maker = m->maker;
    json_t *values = json_array();
    for (int i = 0; i < maker->steps; i++)
        json_array_append_new(values, json_real((double)m->values[i]));
    json_t *root = json_pack("{s:s, s:s, s:i, s:i, s:I, s:s, s:b, s:s, s:[i, i], s:b, s:b, s:f, s:f, s:f, s:o}", "unit", m->name, "out", maker->out, "size", maker->size, "steps",
                             maker->steps, "seed", (json_int_t)maker->options.seed, "basis", maker->options.pixels ? "pixels" : "fourier", "jitter", !maker->options.still, "objective",
                             maker->options.neuron ? "neuron" : "channel", "map", m->map.h, m->map.w, "untrained", m->source->untrained, "rises", want_rises(&m->want), "first",
                             (double)m->want.first, "last", (double)m->want.value, "best", (double)m->want.best, "values", values);
    return json_out(root, JSON_INDENT(1) | JSON_REAL_PRECISION(9));
}

static bool explain_in(const Source *source, void *wanted, Err *err)
{
    const Maker *maker = wanted;
    Made made = {.source = source, .maker = maker};
    bool good = net_address(source->net, maker->at, &made.unit, err) && wants_allowed(source->net, made.unit.layer, err) &&
                explain_one_channel(source->net, maker->at, &made.unit, err);
    if (good) {
        Maker own = *maker;
        own.options.channel = made.unit.channel;
        own.size = maker->size != INT_MIN ? maker->size : wants_size(source->net, made.unit.layer);
        made.maker = &own;
        net_address_text(source->net, (Address){.layer = made.unit.layer, .channel = made.unit.channel}, made.name, sizeof made.name);
        good = make(&made, err);
        if (good && maker->json)
            good = print_json(&made) || err_set(err, "%s", ferror(stdout) ? "" : "not enough memory");
        else if (good)
            print_text(&made);
    }
    want_free(&made.want);
    free(made.values);
    return good;
}

int explain_wants(int argc, char **argv)
{
    const char *weights = NULL, *network = NULL, *format = "text", *rest;
    Maker maker = {.size = INT_MIN, .steps = WANTS_STEPS}; /* INT_MIN: not given */
    int rest_count, seed = 1;
    const Option options[] = {
        {"--weights", OPT_STRING, &weights, NULL},           {"--network", OPT_STRING, &network, NULL},
        {"--at", OPT_STRING, &maker.at, NULL},               {"--neuron", OPT_FLAG, &maker.options.neuron, NULL},
        {"--size", OPT_INT, &maker.size, NULL},              {"--steps", OPT_INT, &maker.steps, NULL},
        {"--seed", OPT_INT, &seed, NULL},                    {"--pixels", OPT_FLAG, &maker.options.pixels, NULL},
        {"--no-jitter", OPT_FLAG, &maker.options.still, NULL}, {"--out", OPT_STRING, &maker.out, NULL},
        {"--format", OPT_STRING, &format, "text|json"},
    };
    if (!cli_parse(argc, argv, options, sizeof options / sizeof options[0], &rest, 0, &rest_count))
        return EXIT_USAGE;
    if (maker.at == NULL || maker.out == NULL) {
        cli_complain("explain wants: needs --at UNIT (4b[300]) and --out F.png");
        return EXIT_USAGE;
    }
    if ((maker.size != INT_MIN && (maker.size < WANTS_SIZE_MIN || maker.size > WANTS_SIZE_MAX)) || maker.steps < 1 || maker.steps > WANTS_STEPS_MAX || seed < 0) {
        cli_complain("explain wants: --size takes %d to %d, --steps 1 to %d, --seed a number from 0", WANTS_SIZE_MIN, WANTS_SIZE_MAX, WANTS_STEPS_MAX);
        return EXIT_USAGE;
    }
    maker.options.seed = (uint64_t)seed;
    maker.json = strcmp(format, "json") == 0;
    return cli_with_main_path(weights, network, explain_in, &maker);
}
