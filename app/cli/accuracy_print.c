/* accuracy_print.c - see accuracy_print.h. */
#include "app/cli/accuracy_print.h"
#include "app/cli/json_out.h"
#include "app/cli/table.h"

#include <stdio.h>
#include <string.h>

enum { CONFUSION_MAX = 12, KNIFE_TEXT = 280 }; /* a matrix of more classes is only in the JSON */

/* "branch 5x5 silenced, 30 % pruned, 4 bits" */
static void knife_text(const Knife *knife, const Net *net, char out[KNIFE_TEXT])
{
    int n = 0;
    out[0] = '\0';
    if (knife->silenced != BRANCH_NONE)
        n += snprintf(out + n, (size_t)(KNIFE_TEXT - n), "branch %s silenced", branch_name(knife->silenced));
    if (knife->pruned > 0)
        n += snprintf(out + n, (size_t)(KNIFE_TEXT - n), "%s%g %% of the weights%s%s pruned", n > 0 ? ", " : "", knife->pruned,
                      knife->pruned_layer >= 0 ? " of " : "", knife->pruned_layer >= 0 ? net->layers[knife->pruned_layer].name : "");
    if (knife->bits > 0)
        n += snprintf(out + n, (size_t)(KNIFE_TEXT - n), "%s%d bits", n > 0 ? ", " : "", knife->bits);
    if (knife->swapped)
        n += snprintf(out + n, (size_t)(KNIFE_TEXT - n), "%sred and blue swapped", n > 0 ? ", " : "");
    if (knife->unreduced[0] != '\0')
        snprintf(out + n, (size_t)(KNIFE_TEXT - n), "%sreductions of %s dropped", n > 0 ? ", " : "", knife->unreduced);
}

static double share(int part, int whole)
{
    return whole > 0 ? (double)part / whole : 0;
}

/* ---- tables ---- */

static bool print_totals(const Accuracy *own, const Accuracy *changed)
{
    const TableColumn columns[] = {{"", false}, {"as it is", true}, {"changed", true}};
    Table t = table_make(TABLE_TEXT, columns, changed != NULL ? 3 : 2);
    static const char *const names[] = {"right (top-1)", "among the first five", "calibration error"};
    for (int row = 0; row < 3; row++) {
        if (row == 1 && own->classes <= ACCURACY_TOP) /* always */
            continue;
        table_text(&t, "%s", names[row]);
        for (int side = 0; side < (changed != NULL ? 2 : 1); side++) {
            const Accuracy *a = side == 0 ? own : changed;
            if (row == 2)
                table_text(&t, "%.4f", accuracy_ece(a));
            else
                table_text(&t, "%.4f (%d)", share(row == 0 ? a->top1 : a->top5, a->count), row == 0 ? a->top1 : a->top5);
        }
        table_end_row(&t);
    }
    return table_print(&t, stdout);
}

static bool print_classes(const AccuracyReport *r, const Accuracy *own, const Accuracy *changed)
{
    const TableColumn with_five[] = {{"class", false}, {"pictures", true}, {"right", true}, {"in five", true}, {"right, changed", true}, {"in five, changed", true}};
    const TableColumn without[] = {{"class", false}, {"pictures", true}, {"right", true}, {"right, changed", true}};
    const bool five = own->classes > ACCURACY_TOP;
    const int each = five ? 2 : 1;
    Table t = table_make(TABLE_TEXT, five ? with_five : without, 2 + each * (changed != NULL ? 2 : 1));
    for (int k = 0; k < r->set->classes.count; k++) {
        const int c = r->class_of[k], pictures = accuracy_pictures_of(own, c);
        const size_t right = (size_t)c * (size_t)own->classes + (size_t)c;
        table_text(&t, "%s", r->set->classes.items[k]);
        table_count(&t, pictures);
        for (int side = 0; side < (changed != NULL ? 2 : 1); side++) {
            const Accuracy *a = side == 0 ? own : changed;
            table_text(&t, "%.3f", share(a->confusion[right], pictures));
            if (five)
                table_text(&t, "%.3f", share(a->top5_of[c], pictures));
        }
        table_end_row(&t);
    }
    return table_print(&t, stdout);
}

/* Rows: labels; columns: answers. Only among the classes of the set: others count as "other". */
static bool print_confusion(const AccuracyReport *r, const Accuracy *a, const char *title)
{
    const int n = r->set->classes.count;
    TableColumn columns[CONFUSION_MAX + 2] = {{title, false}};
    for (int k = 0; k < n; k++)
        columns[k + 1] = (TableColumn){r->set->classes.items[k], true};
    const bool others = n < a->classes;
    columns[n + 1] = (TableColumn){"other", true};
    Table t = table_make(TABLE_TEXT, columns, n + 1 + others);
    for (int row = 0; row < n; row++) {
        const int label = r->class_of[row];
        int rest = accuracy_pictures_of(a, label);
        table_text(&t, "%s", r->set->classes.items[row]);
        for (int k = 0; k < n; k++) {
            const int count = a->confusion[(size_t)label * (size_t)a->classes + (size_t)r->class_of[k]];
            rest -= count;
            table_count(&t, count);
        }
        if (others)
            table_count(&t, rest);
        table_end_row(&t);
    }
    return table_print(&t, stdout);
}

/* Empty if there is nothing to take the mean of. */
static void mean_of(Table *t, double sum, int count)
{
    if (count > 0)
        table_text(t, "%.3f", sum / count);
    else
        table_text(t, "%s", "");
}

static bool print_calibration(const Accuracy *own, const Accuracy *changed)
{
    const TableColumn columns[] = {{"confidence", false}, {"answers", true}, {"mean", true}, {"right", true}, {"answers, changed", true}, {"mean, changed", true},
                                   {"right, changed", true}};
    Table t = table_make(TABLE_TEXT, columns, changed != NULL ? 7 : 4);
    for (int k = 0; k < CALIBRATION_BINS; k++) {
        if (own->bins[k].count == 0 && (changed == NULL || changed->bins[k].count == 0))
            continue;
        table_text(&t, "%d-%d %%", k * 10, (k + 1) * 10);
        for (int side = 0; side < (changed != NULL ? 2 : 1); side++) {
            const CalibrationBin *b = &(side == 0 ? own : changed)->bins[k];
            table_count(&t, b->count);
            mean_of(&t, b->confidence, b->count);
            mean_of(&t, b->right, b->count);
        }
        table_end_row(&t);
    }
    return table_print(&t, stdout);
}

bool accuracy_print(const AccuracyReport *r)
{
    const Accuracy *own = judge_result(r->judge, false), *changed = judge_result(r->judge, true);
    const Net *net = r->source->net;
    char text[KNIFE_TEXT];
    printf("%s on %d pictures of %s in %d classes\n", net->name, own->count, r->set->root, r->set->classes.count);
    if (changed != NULL) {
        knife_text(&r->knife, net, text);
        printf("changed: %s; %d of %d layers computed again\n", text, judge_computed(r->judge), net->main_count - 1);
    }
    bool good = putchar('\n') != EOF && print_totals(own, changed) && putchar('\n') != EOF && print_classes(r, own, changed);
    if (r->set->classes.count <= CONFUSION_MAX) {
        good = good && putchar('\n') != EOF && print_confusion(r, own, changed != NULL ? "label, then answers as it is" : "label, then answers");
        if (changed != NULL)
            good = good && putchar('\n') != EOF && print_confusion(r, changed, "label, then answers, changed");
    }
    return good && putchar('\n') != EOF && print_calibration(own, changed);
}

/* ---- JSON ---- */

static json_t *totals_json(const AccuracyReport *r, const Accuracy *a)
{
    json_t *confusion = json_array(), *calibration = json_array();
    for (int row = 0; row < r->set->classes.count; row++) {
        json_t *line = json_array();
        for (int k = 0; k < a->classes; k++)
            json_array_append_new(line, json_integer(a->confusion[(size_t)r->class_of[row] * (size_t)a->classes + (size_t)k]));
        json_array_append_new(confusion, line);
    }
    for (int k = 0; k < CALIBRATION_BINS; k++) {
        const CalibrationBin *b = &a->bins[k];
        json_array_append_new(calibration, json_pack("{s:f, s:f, s:i, s:i, s:f}", "above", k / 10.0, "to", (k + 1) / 10.0, "answers", b->count, "right", b->right,
                                                     "mean_confidence", b->count > 0 ? b->confidence / b->count : 0.0));
    }
    return json_pack("{s:i, s:i, s:i, s:f, s:f, s:f, s:o, s:o}", "pictures", a->count, "right", a->top1, "in_five", a->top5, "top1", share(a->top1, a->count), "top5",
                     share(a->top5, a->count), "expected_calibration_error", accuracy_ece(a), "confusion", confusion, "calibration", calibration);
}

static json_t *answer_json(const AccuracyReport *r, Judgement v)
{
    char **labels = r->source->info.labels;
    json_t *label = labels != NULL ? json_string(labels[v.answer]) : NULL;
    return json_pack("{s:i, s:o, s:f, s:i}", "index", v.answer, "label", label != NULL ? label : json_null(), "prob", (double)v.prob, "rank_of_label", v.rank + 1);
}

static json_t *pictures_json(const AccuracyReport *r, const Accuracy *own, const Accuracy *changed)
{
    json_t *list = json_array();
    for (int i = 0; i < r->set->count; i++) {
        const Sample *s = &r->set->samples[i];
        json_t *image = json_string(s->path); /* NULL if it is not UTF-8 */
        if (own->pictures[i].answer < 0) {
            json_decref(image);
            continue;
        }
        json_t *entry = json_pack("{s:o, s:i, s:o}", "image", image != NULL ? image : json_null(), "class", r->class_of[s->label], "answer",
                                  answer_json(r, own->pictures[i]));
        if (changed != NULL)
            json_object_set_new(entry, "changed", answer_json(r, changed->pictures[i]));
        json_array_append_new(list, entry);
    }
    return list;
}

bool accuracy_print_json(const AccuracyReport *r)
{
    const Accuracy *own = judge_result(r->judge, false), *changed = judge_result(r->judge, true);
    char text[KNIFE_TEXT];
    json_t *names = json_array(), *top = json_pack("{s:s, s:o}", "network", r->source->net->name, "as_it_is", totals_json(r, own));
    for (int k = 0; k < r->set->classes.count; k++) {
        json_t *name = json_string(r->set->classes.items[k]);
        json_array_append_new(names, json_pack("{s:o, s:i}", "name", name != NULL ? name : json_null(), "index", r->class_of[k]));
    }
    json_object_set_new(top, "classes", names);
    if (changed != NULL) {
        knife_text(&r->knife, r->source->net, text);
        json_object_set_new(top, "changed", totals_json(r, changed));
        json_object_set_new(top, "change", json_string(text));
        json_object_set_new(top, "layers_computed_again", json_integer(judge_computed(r->judge)));
    }
    json_object_set_new(top, "pictures", pictures_json(r, own, changed));
    return json_out(top, JSON_INDENT(2) | JSON_REAL_PRECISION(9));
}
