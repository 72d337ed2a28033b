/* cmd_audit.c - compares printed numbers about a network with the arithmetic. */
#include "app/cli/cli.h"
#include "app/cli/trace_print.h"
#include "app/model/phrases.h"
#include "app/model/reason.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

enum { COLUMNS = 16, NUMBERS = 7, TITLES_MAX = 512 };

/* Titles in the language of the table; English in CSV, which programs read. They point into `text`, which must outlive them. */
static void titles(Lang lang, char text[TITLES_MAX], TableColumn out[COLUMNS])
{
    static const bool right[COLUMNS] = {[3] = true, [4] = true, [6] = true, [7] = true, [8] = true, [9] = true, [10] = true, [11] = true, [12] = true};
    snprintf(text, TITLES_MAX, "%s|unit", str(lang, STR_AUDIT_COLUMNS));
    char *rest = text;
    for (int i = 0; i < COLUMNS; i++)
        out[i] = (TableColumn){strsep(&rest, "|"), right[i]};
}

/* One note for each line. Changes `lines`. */
static void put_notes(Table *t, char *lines)
{
    char *rest = lines;
    for (char *line = strsep(&rest, "\n"); line != NULL; line = strsep(&rest, "\n"))
        table_note(t, line);
}

static void join_lines(char *text)
{
    for (char *p = text; *p != '\0'; p++)
        if (*p == '\n')
            *p = ' ';
}

static void put_line(Table *t, const Audit *audit, const AuditLine *line, Lang lang)
{
    const Claim *claim = line->claim;
    const Phrases phrases = phrases_in(lang);
    char verdict[160], formula[640], reason[REASON_MAX], same[192], what[96];
    const bool table = t->format == TABLE_TEXT;
    reason_verdict(t->format == TABLE_CSV ? LANG_EN : lang, line, verdict, sizeof verdict);
    audit_formula(audit, line, &phrases, formula, sizeof formula);
    reason_text(lang, audit, line, !table || audit_leads(audit, line), reason, sizeof reason);
    reason_what(lang, claim->what, what, sizeof what);
    table_text(t, "%s", line->row);
    table_text(t, "%s", lang == LANG_EN || t->format == TABLE_CSV ? claim->what : what);
    table_text(t, "%s", t->format == TABLE_CSV ? claim->source : reason_source(lang, claim->source));
    table_text(t, "%s", line->printed);
    table_text(t, "%s", line->value);
    table_text(t, "%s", verdict);
    if (line->has_counts) {
        const Counts *c = &line->counts;
        table_count(t, c->weights);
        table_count(t, c->params);
        table_text(t, "%.1f", (double)c->weights / 1000);
        table_text(t, "%.1f", (double)c->weights / 1024);
        table_count(t, c->macs);
        table_count(t, c->macs + c->bias_adds);
        table_count(t, 2 * c->macs);
    } else {
        for (int i = 0; i < NUMBERS; i++)
            table_text(t, "%s", "");
    }
    if (table) {
        table_end_row(t);
        /* "depth(total) = 22" would only repeat the row. */
        snprintf(same, sizeof same, "%s = %s", claim->what, line->value);
        if (strcmp(same, formula) != 0)
            table_note(t, formula);
        put_notes(t, reason);
        return;
    }
    join_lines(reason);
    table_text(t, "%s", formula);
    table_text(t, "%s", reason);
    table_text(t, "%s", line->verdict.unit);
}

/* The verdicts on all claims, then those of each source if there are several. */
static void print_summary(const Audit *audit, Lang lang)
{
    char sum[512], count[64];
    snprintf(count, sizeof count, str(lang, audit->count == 1 ? STR_AUDIT_COUNT_ONE : STR_AUDIT_COUNT), audit->count);
    reason_sum(lang, audit, NULL, sum, sizeof sum);
    putchar('\n');
    printf(str(lang, STR_LIST_COLON), count, audit->count > 0 ? sum : str(lang, STR_AUDIT_NOBODY));
    putchar('\n');
    for (int i = 0; i < audit->count; i++) {
        const char *source = audit->lines[i].claim->source;
        int first = 0, same = 0;
        while (strcmp(audit->lines[first].claim->source, source) != 0)
            first++;
        for (int k = 0; k < audit->count; k++)
            same += strcmp(audit->lines[k].claim->source, source) == 0;
        if (first != i || same == audit->count)
            continue;
        reason_sum(lang, audit, source, sum, sizeof sum);
        fputs("  ", stdout);
        printf(str(lang, STR_LIST_COLON), reason_source(lang, source), sum);
        putchar('\n');
    }
}

static bool print_table(const Audit *audit, TableFormat format, Lang lang)
{
    char text[TITLES_MAX];
    TableColumn columns[COLUMNS];
    titles(format == TABLE_CSV ? LANG_EN : lang, text, columns);
    Table t = table_make(format, columns, COLUMNS);
    if (format != TABLE_CSV) {
        const char *gap = format == TABLE_MARKDOWN ? "\n" : "";
        printf("%s%s\n%s%s%s%s\n", format == TABLE_MARKDOWN ? "## " : "", str_title(lang, audit->net->title, audit->net->title_zh), gap, str(lang, STR_COUNTING_RULE), gap,
               str(lang, STR_AUDIT_RULE));
    }
    for (int i = 0; i < audit->count; i++) {
        if (i > 0 && strcmp(audit->lines[i].claim->source, audit->lines[i - 1].claim->source) != 0)
            table_rule(&t);
        put_line(&t, audit, &audit->lines[i], lang);
    }
    bool good = table_print(&t, stdout);
    if (format != TABLE_CSV)
        print_summary(audit, lang);
    return good && !ferror(stdout);
}

static json_t *verdict_json(json_t *o, const Verdict *v, const char *value, bool with_biases)
{
    json_object_set_new(o, "value", json_string(value));
    json_object_set_new(o, "kind", json_string(verdict_name(v->kind)));
    json_object_set_new(o, "verdict", json_string(v->text));
    json_object_set_new(o, "with_biases", json_boolean(with_biases));
    json_object_set_new(o, "unit", json_string(v->unit));
    return o;
}

static json_t *line_json(const Audit *audit, const AuditLine *line, Lang lang)
{
    const Claim *c = line->claim;
    const Counts *n = &line->counts;
    const Phrases phrases = phrases_in(lang);
    char formula[640], own[384], note[1024], reason[REASON_MAX];
    audit_formula(audit, line, &phrases, formula, sizeof formula);
    audit_own(audit, line, own, sizeof own);
    audit_note(audit, lang == LANG_ZH && c->note_zh[0] != '\0' ? c->note_zh : c->note, note, sizeof note, NULL);
    reason_text(lang, audit, line, true, reason, sizeof reason);
    json_t *o = json_pack("{s:s, s:i, s:b, s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "row", line->row, "line", c->line, "shared", c->shared, "claim", c->what,
                          "source", c->source, "printed", line->printed, "formula", formula, "own", own, "note", note, "reason", reason);
    if (o == NULL)
        return NULL;
    verdict_json(o, &line->verdict, line->value, line->with_biases);
    if (line->has_counts)
        json_object_set_new(o, "counts",
                            json_pack("{s:I, s:I, s:I, s:I, s:I}", "weights", (json_int_t)n->weights, "params", (json_int_t)n->params, "macs",
                                      (json_int_t)n->macs, "macs_with_bias", (json_int_t)(n->macs + n->bias_adds), "flops",
                                      (json_int_t)(2 * n->macs)));
    return o;
}

static json_t *numbers_json(const int numbers[NUMBER_COUNT])
{
    json_t *o = json_object();
    for (int i = 0; i < NUMBER_COUNT; i++)
        json_object_set_new(o, number_name(i), json_integer(numbers[i]));
    return o;
}

/* What was changed, and every cell that was judged again; for a search, what it found. */
static json_t *tried_json(const Audit *audit, const Tried *t, Lang lang)
{
    const Hypothesis *h = t->hypothesis;
    char text[1400];
    reason_tried(lang, audit, t, text, sizeof text);
    json_t *cells = json_array(), *examples = json_array();
    for (int i = 0; i < t->cell_count; i++) {
        const TriedCell *c = &t->cells[i];
        json_t *o = json_pack("{s:s, s:s, s:b, s:b, s:b}", "claim", c->line->claim->what, "printed", c->line->printed, "premise", c->premise, "agreed", c->agreed,
                              "agrees", verdict_agrees(c->verdict.kind));
        json_array_append_new(cells, verdict_json(o, &c->verdict, c->value, c->with_biases));
    }
    for (int i = 0; i < t->example_count; i++)
        json_array_append_new(examples, numbers_json(t->examples[i]));
    json_t *o = json_pack("{s:s, s:i, s:b, s:s, s:s, s:b, s:s}", "row", audit->judged.net->rows[h->row].name, "line", h->line, "shared", h->shared, "source",
                          h->source, "as", h->as, "search", t->search, "text", text);
    if (t->search) {
        json_object_set_new(o, "settings", json_integer(t->settings));
        json_object_set_new(o, "fits", json_integer(t->fits));
        json_object_set_new(o, "gives", json_integer(t->gives));
        json_object_set_new(o, "examples", examples);
        json_decref(cells);
        return o;
    }
    if (h->as[0] == '\0')
        json_object_set_new(o, "numbers", numbers_json(t->numbers));
    json_object_set_new(o, "same", json_boolean(t->same));
    json_object_set_new(o, "gives_all", json_boolean(tried_gives_all(t)));
    json_object_set_new(o, "cells", cells);
    json_decref(examples);
    return o;
}

static bool print_json(const Audit *audit, Lang lang)
{
    json_t *claims = json_array(), *summary = json_object(), *tried = json_array();
    for (int i = 0; i < audit->count; i++)
        json_array_append_new(claims, line_json(audit, &audit->lines[i], lang));
    for (int i = 0; i < audit->tried_count; i++)
        json_array_append_new(tried, tried_json(audit, &audit->tried[i], lang));
    for (int k = 0; k < VERDICT_COUNT; k++)
        json_object_set_new(summary, verdict_name((VerdictKind)k), json_integer(audit->kinds[k]));
    json_t *o = json_pack("{s:s, s:o, s:o, s:o}", "network", audit->net->name, "claims", claims, "summary", summary, "hypotheses", tried);
    bool good = o != NULL && json_dumpf(o, stdout, JSON_INDENT(1)) == 0;
    json_decref(o);
    putchar('\n');
    return good && !ferror(stdout);
}

int cmd_audit(int argc, char **argv)
{
    const char *format = "table", *language = "en", *rest[1] = {"googlenet"};
    int count;
    Lang lang = LANG_EN;
    const Option table[] = {{"--format", OPT_STRING, &format, "table|csv|json|markdown"}, {"--lang", OPT_STRING, &language, "en|zh"}};
    if (!cli_parse(argc, argv, table, 2, rest, 1, &count))
        return EXIT_USAGE;
    lang_parse(language, &lang);
    char *networks = asset_path("networks");
    Err err = {""};
    Net *net = networks != NULL ? net_open(rest[0], networks, NULL, &err) : NULL;
    Trace trace = {0};
    Audit audit = {0};
    bool good = net != NULL && trace_make(net, &trace, &err) && audit_make(&trace, networks, &audit, &err);
    if (good) {
        TableFormat text;
        good = table_format(format, &text) ? print_table(&audit, text, lang) : print_json(&audit, lang);
        if (!good && !ferror(stdout))
            cli_complain("audit: not enough memory to print it");
    } else {
        cli_complain("%s", err.text[0] != '\0' ? err.text : "not enough memory");
    }
    audit_free(&audit);
    trace_free(&trace);
    net_free(net);
    free(networks);
    return good ? EXIT_OK : EXIT_INPUT;
}
