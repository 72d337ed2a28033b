/* explain_examples.c - `explain examples --photos DIR`: the photos of a folder that excite a channel most, as text, as JSON and as a sheet
 * of the patches that its values see; or of all channels at once. See engine/train/examples.h. */
#include "app/cli/examples_sheet.h"
#include "app/cli/explain_forms.h"
#include "app/cli/json_out.h"
#include "app/cli/open.h"
#include "app/model/examples_cache.h"
#include "engine/base/safe_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct Wanted { const char *at, *photos, *out; int top, threads; bool all, json; } Wanted;

static void show_progress(void *user)
{
    const Examples *e = user;
    if (isatty(STDERR_FILENO))
        fprintf(stderr, "\r%d of %d photos ", atomic_load(&e->finished), e->photos.count);
}

/* Every photo is computed, or was before. Broken ones are named. */
static bool fill(Examples *e, const Source *source, const Wanted *w, Err *err)
{
    char file[1400];
    Err unsaved = {""};
    const bool cached = examples_cache_file(e->key, file, sizeof file);
    const ExamplesFill how = {.engine = engine_named("fast"), .weights = source->weights, .threads = w->threads, .file = cached ? file : NULL, .progress = show_progress, .user = e};
    if (!examples_fill(e, &how, &unsaved)) {
        *err = unsaved;
        return false;
    }
    if (isatty(STDERR_FILENO))
        fprintf(stderr, "\r%*s\r", 40, "");
    if (unsaved.text[0] != '\0')
        cli_complain("not kept for the next time: %s", unsaved.text);
    int broken = 0;
    for (int i = 0; i < e->photos.count; i++)
        if (e->problems[i] != NULL) {
            cli_complain("skipped: %s/%s", e->photos.root, e->problems[i]);
            broken++;
        }
    return broken < e->photos.count || err_set(err, "%s: none of its %d photos can be read", e->photos.root, broken);
}

/* ---- one channel ------------------------------------------------------------------------------------------------------------------ */

static void unit_name(const Examples *e, Address unit, char *out, size_t size)
{
    Address twin;
    const bool has = net_address_twin(e->net, unit, &twin);
    char own[160], other[160] = "";
    net_address_text(e->net, unit, own, sizeof own);
    if (has)
        net_address_text(e->net, twin, other, sizeof other);
    snprintf(out, size, "%s%s%s", own, has ? " = " : "", other);
}

static void print_text(const Examples *e, Address unit, const ExamplesUnit *u)
{
    char name[400];
    const Photos *p = &e->photos;
    unit_name(e, unit, name, sizeof name);
    printf("%s, of these %d photos in %s", name, u->photos, p->root);
    if (u->count == 0)
        printf(": never above 0\n");
    else
        printf(": above 0 in %d, largest %.6g\n\n", u->above, (double)u->hi);
    for (int i = 0; i < u->count; i++) {
        const Example *x = &u->top[i];
        const ReceptiveField f = examples_field(e->net, unit.layer, x->y, x->x);
        printf("%3d  %12.6g at %3d,%-3d  sees rows %d-%d, columns %d-%d  %s\n", i + 1, (double)x->value, x->y, x->x, f.y0, f.y1 - 1, f.x0, f.x1 - 1, photos_name(p, x->photo));
    }
    int label;
    const int most = examples_purity(e, u->top, u->count, &label);
    if (u->count > 0 && label >= 0)
        printf("\n%d of the %d strongest are %s; of %d drawn at random %.1f would be\n", most, u->count, p->classes.items[label], u->count, examples_random(e, label, u->count));
    if (u->count > 0)
        printf("%sa channel's number belongs to this training run alone\n", label >= 0 ? "" : "\n");
}

static json_t *unit_json(const Examples *e, Address unit, const ExamplesUnit *u)
{
    char name[160], twin_name[160];
    Address twin;
    int label;
    const Photos *p = &e->photos;
    json_t *top = json_array(), *bins = json_array();
    net_address_text(e->net, unit, name, sizeof name);
    json_t *root = json_pack("{s:s, s:i, s:i}", "unit", name, "photos", u->photos, "above_zero", u->above);
    if (net_address_twin(e->net, unit, &twin)) {
        net_address_text(e->net, twin, twin_name, sizeof twin_name);
        json_object_set_new(root, "twin", json_string(twin_name));
    }
    for (int i = 0; i < u->count; i++) {
        const Example *x = &u->top[i];
        const ReceptiveField f = examples_field(e->net, unit.layer, x->y, x->x);
        json_t *o = json_pack("{s:s, s:f, s:[i, i], s:{s:[i, i], s:[i, i]}}", "photo", photos_name(p, x->photo), "value", (double)x->value, "pos", x->y, x->x, "sees", "rows",
                              f.y0, f.y1 - 1, "columns", f.x0, f.x1 - 1);
        if (p->items[x->photo].label >= 0)
            json_object_set_new(o, "class", json_string(p->classes.items[p->items[x->photo].label]));
        json_array_append_new(top, o);
    }
    for (int i = 0; i < EXAMPLES_BINS; i++)
        json_array_append_new(bins, json_integer(u->bins[i]));
    json_object_set_new(root, "top", top);
    json_object_set_new(root, "histogram", json_pack("{s:f, s:f, s:o}", "from", (double)u->lo, "to", (double)u->hi, "counts", bins));
    const int most = examples_purity(e, u->top, u->count, &label);
    if (label >= 0)
        json_object_set_new(root, "commonest", json_pack("{s:s, s:i, s:f}", "class", p->classes.items[label], "photos", most, "at_random", examples_random(e, label, u->count)));
    return root;
}

static bool one_unit(const Examples *e, Address unit, const Wanted *w, Err *err)
{
    ExamplesUnit u;
    examples_of(e, unit, w->top, &u);
    if (!w->json)
        print_text(e, unit, &u);
    else if (!json_out(unit_json(e, unit, &u), JSON_INDENT(1) | JSON_REAL_PRECISION(9)))
        return err_set(err, "%s", ferror(stdout) ? "" : "not enough memory, or a name that is not valid UTF-8");
    if (w->out != NULL && u.count == 0)
        cli_complain("%s is not written: the channel is never above 0 in these photos", w->out);
    return w->out == NULL || u.count == 0 || examples_sheet_unit(e, unit, &u, w->out, err);
}

/* ---- all channels ------------------------------------------------------------------------------------------------------------------ */

/* NAME.json with every channel of a layer, NAME.png with nine patches of each, unless only JSON was asked for. "/" cannot be in a file's name. */
static bool write_layer(const Examples *e, int layer, SheetPhotos *photos, const Wanted *w, Err *err)
{
    char name[160], path[1400];
    const Layer *l = &e->net->layers[layer];
    json_t *list = json_array();
    ExamplesUnit *units = malloc((size_t)l->out.c * sizeof *units);
    net_address_text(e->net, (Address){.layer = layer, .channel = -1}, name, sizeof name);
    for (char *slash = strchr(name, '/'); slash != NULL; slash = strchr(slash, '/'))
        *slash = '-';
    snprintf(path, sizeof path, "%s/%s.json", w->out, name);
    bool good = units != NULL || err_set(err, "not enough memory");
    for (int c = 0; good && c < l->out.c; c++) {
        const Address unit = {.layer = layer, .channel = c};
        examples_of(e, unit, w->top, &units[c]);
        json_array_append_new(list, unit_json(e, unit, &units[c]));
    }
    char *text = good ? json_dumps(list, JSON_INDENT(1) | JSON_REAL_PRECISION(9)) : NULL;
    good = good && ((text != NULL && safe_file_put(path, text, strlen(text), err)) || (text == NULL && err_set(err, "%s: not enough memory, or a name that is not valid UTF-8", path)));
    if (good)
        printf("%s\n", path);
    snprintf(path, sizeof path, "%s/%s.png", w->out, name);
    if (good && !w->json && (good = examples_sheet_layer(e, layer, units, photos, path, err)))
        printf("%s\n", path);
    free(text);
    json_decref(list);
    free(units);
    return good;
}

static bool all_units(const Examples *e, int only, const Wanted *w, Err *err)
{
    SheetPhotos photos;
    if (mkdir(w->out, 0777) != 0 && errno != EEXIST)
        return err_set(err, "%s: cannot make this folder: %s", w->out, strerror(errno));
    if (!sheet_photos_new(&photos, e, err))
        return false;
    bool good = true;
    for (int l = 0; good && l < e->net->layer_count; l++)
        if (e->first[l + 1] > e->first[l] && (only < 0 || l == only))
            good = write_layer(e, l, &photos, w, err);
    sheet_photos_free(&photos);
    return good;
}

/* ---- the command ------------------------------------------------------------------------------------------------------------------- */

static bool find_unit(const Net *net, const Wanted *w, Address *unit, Err *err)
{
    Address a;
    char name[160];
    *unit = (Address){.layer = -1, .channel = -1};
    if (w->at == NULL)
        return true; /* all of all layers */
    if (!net_address(net, w->at, &a, err))
        return false;
    net_address_text(net, (Address){.layer = a.layer, .channel = -1}, name, sizeof name);
    if (a.channel < 0 && !w->all)
        return err_set(err, "--at %s: name one of its %d channels, %s[0] to %s[%d], or use --all", w->at, net->layers[a.layer].out.c, name, name, net->layers[a.layer].out.c - 1);
    if (!w->all)
        return examples_unit(net, a, false, unit, err);
    a.channel = a.channel < 0 ? 0 : a.channel;
    if (!examples_unit(net, a, false, unit, err))
        return false;
    return unit->layer == a.layer || err_set(err, "--at %s: a module's channels are those of its branches; name one, such as %s", w->at, net->layers[unit->layer].name);
}

static bool explain_in(const Source *source, void *wanted, Err *err)
{
    const Wanted *w = wanted;
    Address unit;
    Photos photos;
    Examples e;
    bool good = find_unit(source->net, w, &unit, err) && photos_open(w->photos, NULL, &photos, err) && examples_new(&e, source->net, source->weights, photos, err);
    if (good) {
        if (photos_are_training(&photos, source->info.trained))
            cli_complain("these photos seem to be those that the weights were trained on: their largest values say little about new ones");
        good = fill(&e, source, w, err) && (w->all ? all_units(&e, unit.layer, w, err) : one_unit(&e, unit, w, err));
        examples_free(&e);
    }
    return good;
}

int explain_examples(int argc, char **argv)
{
    const char *weights = NULL, *network = NULL, *format = "text", *rest;
    Wanted w = {.top = EXAMPLES_TOP};
    int rest_count;
    const Option options[] = {
        {"--weights", OPT_STRING, &weights, NULL}, {"--network", OPT_STRING, &network, NULL}, {"--at", OPT_STRING, &w.at, NULL},
        {"--photos", OPT_STRING, &w.photos, NULL}, {"--top", OPT_INT, &w.top, NULL},          {"--all", OPT_FLAG, &w.all, NULL},
        {"--threads", OPT_INT, &w.threads, NULL},  {"--out", OPT_STRING, &w.out, NULL},       {"--format", OPT_STRING, &format, "text|json"},
    };
    if (!cli_parse(argc, argv, options, sizeof options / sizeof options[0], &rest, 0, &rest_count))
        return EXIT_USAGE;
    if (w.photos == NULL || (w.at == NULL && !w.all) || (w.all && w.out == NULL)) {
        cli_complain("explain examples: needs --photos DIR and --at CHANNEL ('4c[60]'), or --all --out DIR");
        return EXIT_USAGE;
    }
    if (w.top < 1 || w.top > EXAMPLES_TOP_MAX || w.threads < 0) {
        cli_complain("explain examples: --top takes a number from 1 to %d, --threads one from 0", EXAMPLES_TOP_MAX);
        return EXIT_USAGE;
    }
    w.json = strcmp(format, "json") == 0;
    return cli_with_main_path(weights, network, explain_in, &w);
}
