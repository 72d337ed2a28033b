/* cmd_audit.c - what was printed about a network, beside the arithmetic. */
#include "app/cli/cli.h"
#include "app/cli/trace_print.h"
#include "engine/net/audit.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static const TableColumn columns[] = {
    {"row", false}, {"claim", false}, {"source", false}, {"printed", true}, {"arithmetic", true}, {"verdict", false}, {"weights", true},
    {"weights+biases", true}, {"K", true}, {"Ki", true}, {"MAC", true}, {"MAC+bias", true}, {"FLOP", true}, {"formula", false},
    {"likely cause", false},
};

static const char *const verdict_rule =
    "Verdicts: exact; agrees in Ki (or Mi): the printed number is value / 1024 (1024 x 1024), rounded or cut at its\n"
    "last digit; agrees in K (or M, G): the same with 1000; rounding: at most one unit of that digit off; differs.\n"
    "Weights are tried before weights + biases, MAC before MAC + bias. K = weights / 1000, Ki = weights / 1024.\n";

static void put_line(Table *t, const AuditLine *line)
{
    const Claim *claim = line->claim;
    char verdict[96];
    snprintf(verdict, sizeof verdict, "%s%s", line->verdict.text,
             !line->with_biases ? "" : strcmp(claim->what, "ops") == 0 ? ", with bias additions" : ", with biases");
    table_text(t, "%s", line->row);
    table_text(t, "%s", claim->what);
    table_text(t, "%s", claim->source);
    table_text(t, "%s", claim->printed);
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
        for (int i = 0; i < 7; i++)
            table_text(t, "%s", "");
    }
    if (t->format == TABLE_TEXT) {
        char note[1024];
        table_end_row(t);
        /* "depth(total) = 22" would only repeat the row. */
        snprintf(note, sizeof note, "%s = %s", claim->what, line->value);
        if (strcmp(note, line->formula) != 0)
            table_note(t, line->formula);
        if (claim->note[0] != '\0') {
            const char *cause = strncmp(claim->note, "hypothesis: ", 12) == 0 ? claim->note + 12 : NULL;
            snprintf(note, sizeof note, "%s%s", cause != NULL ? "likely cause (hypothesis): " : "note: ", cause != NULL ? cause : claim->note);
            table_note(t, note);
        }
        return;
    }
    table_text(t, "%s", line->formula);
    table_text(t, "%s", claim->note);
}

static void print_summary(const Audit *audit)
{
    printf("\n%d claim%s:", audit->count, audit->count == 1 ? "" : "s");
    for (int k = 0, n = 0; k < VERDICT_COUNT; k++)
        if (audit->kinds[k] > 0)
            printf("%s %d %s", n++ > 0 ? "," : "", audit->kinds[k], verdict_name((VerdictKind)k));
    putchar('\n');
}

static bool print_table(const Audit *audit, TableFormat format)
{
    Table t = table_make(format, columns, sizeof columns / sizeof columns[0]);
    if (format != TABLE_CSV) {
        const char *gap = format == TABLE_MARKDOWN ? "\n" : "";
        printf("%s%s\n%s%s%s%s\n", format == TABLE_MARKDOWN ? "## " : "", audit->net->title, gap, counting_rule, gap, verdict_rule);
    }
    for (int i = 0; i < audit->count; i++) {
        if (i > 0 && strcmp(audit->lines[i].claim->source, audit->lines[i - 1].claim->source) != 0)
            table_rule(&t);
        put_line(&t, &audit->lines[i]);
    }
    bool good = table_print(&t, stdout);
    if (format != TABLE_CSV)
        print_summary(audit);
    return good && !ferror(stdout);
}

static json_t *line_json(const AuditLine *line)
{
    const Claim *c = line->claim;
    const Counts *n = &line->counts;
    json_t *o = json_pack("{s:s, s:i, s:s, s:s, s:s, s:s, s:s, s:s, s:b, s:s, s:s}", "row", line->row, "line", c->line, "claim", c->what, "source",
                          c->source, "printed", c->printed, "value", line->value, "kind", verdict_name(line->verdict.kind), "verdict",
                          line->verdict.text, "with_biases", line->with_biases, "formula", line->formula, "note", c->note);
    if (o != NULL && line->has_counts)
        json_object_set_new(o, "counts",
                            json_pack("{s:I, s:I, s:I, s:I, s:I}", "weights", (json_int_t)n->weights, "params", (json_int_t)n->params, "macs",
                                      (json_int_t)n->macs, "macs_with_bias", (json_int_t)(n->macs + n->bias_adds), "flops",
                                      (json_int_t)(2 * n->macs)));
    return o;
}

static bool print_json(const Audit *audit)
{
    json_t *claims = json_array(), *summary = json_object();
    for (int i = 0; i < audit->count; i++)
        json_array_append_new(claims, line_json(&audit->lines[i]));
    for (int k = 0; k < VERDICT_COUNT; k++)
        json_object_set_new(summary, verdict_name((VerdictKind)k), json_integer(audit->kinds[k]));
    json_t *o = json_pack("{s:s, s:o, s:o}", "network", audit->net->name, "claims", claims, "summary", summary);
    bool good = o != NULL && json_dumpf(o, stdout, JSON_INDENT(1)) == 0;
    json_decref(o);
    putchar('\n');
    return good && !ferror(stdout);
}

int cmd_audit(int argc, char **argv)
{
    const char *format = "table", *rest[1] = {"googlenet"};
    int count;
    const Option table[] = {{"--format", OPT_STRING, &format, "table|csv|json|markdown"}};
    if (!cli_parse(argc, argv, table, 1, rest, 1, &count))
        return EXIT_USAGE;
    char *networks = asset_path("networks");
    Err err = {""};
    Net *net = networks != NULL ? net_open(rest[0], networks, NULL, &err) : NULL;
    Trace trace = {0};
    Audit audit = {0};
    bool good = net != NULL && trace_make(net, &trace, &err) && audit_make(&trace, networks, &audit, &err);
    if (good) {
        TableFormat text;
        good = table_format(format, &text) ? print_table(&audit, text) : print_json(&audit);
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
