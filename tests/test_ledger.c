/* The ledger as a view uses it: rows and parts, sorting, folding, searching, shares, formulas, CSV. */
#include "check.h"

#include "app/model/phrases.h"
#include "app/model/reason.h"
#include "engine/net/ledger.h"

typedef struct Fixture {
    Net *net;
    Trace trace;
    Ledger ledger;
    LedgerShown *shown;
    bool *open;
} Fixture;

/* In place: the ledger borrows the trace. */
static void open_ledger(const char *name, Fixture *f)
{
    Err err = {""};
    f->net = net_open(name, "assets/networks", NULL, &err);
    CHECK(f->net != NULL && trace_make(f->net, &f->trace, &err) && ledger_make(&f->trace, "assets/networks", &f->ledger, &err), "%s", err.text);
    f->shown = calloc((size_t)f->ledger.count, sizeof *f->shown);
    f->open = calloc((size_t)f->ledger.count, sizeof *f->open);
}

static void close_ledger(Fixture *f)
{
    free(f->shown);
    free(f->open);
    ledger_free(&f->ledger);
    trace_free(&f->trace);
    net_free(f->net);
}

static int find(const Fixture *f, const char *name)
{
    for (int i = 0; i < f->ledger.count; i++)
        if (strcmp(f->ledger.rows[i].name, name) == 0)
            return i;
    fail_msg("no row %s", name);
    return -1;
}

static const char *shown_name(const Fixture *f, int i) { return f->ledger.rows[f->shown[i].row].name; }

static void test_rows_and_parts(void **state)
{
    (void)state;
    Fixture f;
    open_ledger("googlenet", &f);
    int a = find(&f, "inception_3a"), pair = find(&f, "conv2+conv3");
    const LedgerRow *rows = f.ledger.rows;
    CHECK(rows[a].has_parts && rows[a].parent == -1 && rows[a].counts.weights == 163328, "3a");
    static const int64_t weights[] = {12288, 129024, 15872, 6144};
    for (int b = 0; b < BRANCH_COUNT; b++)
        CHECK(rows[a + 1 + b].parent == a && rows[a + 1 + b].branch == (Branch)b && rows[a + 1 + b].counts.weights == weights[b], "branch %d", b);
    CHECK(rows[pair].has_parts && strcmp(rows[pair + 1].name, "conv2") == 0 && rows[pair + 2].counts.weights == 110592, "conv2+conv3");
    CHECK(!rows[find(&f, "conv1")].has_parts && strcmp(f.net->layers[rows[a].layer].name, "inception_3a/concat") == 0, "where a row leads");
    /* All rows together are the network. */
    int64_t params = 0;
    for (int i = 0; i < f.ledger.count; i++)
        params += rows[i].parent < 0 ? rows[i].counts.params : 0;
    CHECK(params == 13378280, "%lld", (long long)params);
    close_ledger(&f);
}

static void test_arranging(void **state)
{
    (void)state;
    Fixture f;
    open_ledger("googlenet", &f);
    int count = ledger_arrange(&f.ledger, &(LedgerView){.share = LEDGER_PARAMS}, f.shown);
    CHECK(count == 20 && strcmp(shown_name(&f, 0), "input") == 0 && strcmp(shown_name(&f, 1), "conv1") == 0, "%d rows", count);
    CHECK_NEAR(f.shown[count - 1].cumulative, 1, 0, 1e-12, "all of it");
    CHECK_NEAR(f.shown[1].share, 9472.0 / 6998552, 1e-12, 0, "conv1");

    count = ledger_arrange(&f.ledger, &(LedgerView){.sort = LEDGER_PARAMS, .descending = true, .share = LEDGER_PARAMS}, f.shown);
    CHECK(strcmp(shown_name(&f, 0), "inception_5b") == 0 && strcmp(shown_name(&f, 1), "inception_5a") == 0 && strcmp(shown_name(&f, 2), "fc") == 0, "largest first");
    CHECK_NEAR(f.shown[1].cumulative, (1444080.0 + 1043456) / 6998552, 1e-12, 0, "two largest");
    CHECK(strcmp(shown_name(&f, count - 1), "softmax") == 0, "equal rows keep their order");

    f.open[find(&f, "inception_5b")] = true;
    int with_parts = ledger_arrange(&f.ledger, &(LedgerView){.sort = LEDGER_WEIGHTS, .descending = true, .share = LEDGER_WEIGHTS, .open = f.open}, f.shown);
    CHECK(with_parts == count + 4 && strcmp(shown_name(&f, 1), "3x3") == 0 && strcmp(shown_name(&f, 4), "pool") == 0 &&
          strcmp(shown_name(&f, 5), "inception_5a") == 0, "parts below their parent, sorted: %s %s", shown_name(&f, 1), shown_name(&f, 4));
    CHECK_NEAR(f.shown[4].cumulative, 1442816.0 / 6990272, 1e-12, 0, "parts add up to their parent");

    count = ledger_arrange(&f.ledger, &(LedgerView){.heads = true, .share = LEDGER_PARAMS}, f.shown);
    CHECK(count == 34 && strcmp(shown_name(&f, 20), "aux1/avgpool") == 0, "%d rows with heads", count);
    count = ledger_arrange(&f.ledger, &(LedgerView){.search = "MAXpool", .share = LEDGER_PARAMS}, f.shown);
    CHECK(count == 4, "%d max pools", count);
    count = ledger_arrange(&f.ledger, &(LedgerView){.search = "5x5_reduce", .share = LEDGER_PARAMS}, f.shown);
    CHECK(count == 9, "%d modules by a part's name", count);
    CHECK(ledger_arrange(&f.ledger, &(LedgerView){.search = "nothing like it"}, f.shown) == 0, "nothing found");
    count = ledger_arrange(&f.ledger, &(LedgerView){.sort = LEDGER_VERDICT, .descending = true, .share = LEDGER_MACS}, f.shown);
    VerdictKind kind;
    CHECK(ledger_verdict(&f.ledger, f.shown[0].row, LEDGER_VERDICT, &kind) && kind == VERDICT_DIFFERS, "worst first");
    close_ledger(&f);
}

static void test_cells(void **state)
{
    (void)state;
    static const struct { const char *row; LedgerColumn column; const char *text, *formula; } want[] = {
        {"conv1", LEDGER_WINDOW, "7x7/2 pad 3", "(224 + 2*3 - 7) / 2 + 1 = 112.5, floor 112"},
        {"conv1", LEDGER_OUTPUT, "64x112x112", "(224 + 2*3 - 7) / 2 + 1 = 112.5, floor 112"},
        {"conv1", LEDGER_WEIGHTS, "9,408", "64 x 3 x 7 x 7 = 9,408"},
        {"conv1", LEDGER_KI, "9.2", "64 x 3 x 7 x 7 = 9,408; / 1,024 = 9.19"},
        {"conv1", LEDGER_PARAMS, "9,472", "9,408 weights + 64 biases = 9,472"},
        {"conv1", LEDGER_MACS, "118,013,952", "9,408 x 112 x 112 = 118,013,952"},
        {"conv1", LEDGER_FLOPS, "236,027,904", "9,408 x 112 x 112, times 2 = 236,027,904"},
        {"conv1", LEDGER_PRINTED, "2.7K", NULL},
        {"conv1", LEDGER_VERDICT, "differs: -70.6% in Ki", NULL},
        {"inception_3a", LEDGER_WINDOW, "4 branches", NULL},
        {"inception_3a", LEDGER_FIELD, "27-59", NULL},
        {"inception_3a", LEDGER_MULTIPLICATIONS, "123,127,808", "MAC without the 4,921,344 whose tap is in the padding = 123,127,808"},
        {"inception_3a", LEDGER_MACS, "128,049,152", "163,328 x 28 x 28 = 128,049,152"},
        {"inception_3b", LEDGER_VERDICT, "agrees in Ki, with biases", NULL},
        {"maxpool1", LEDGER_WEIGHTS, "", NULL},
        {"maxpool1", LEDGER_VERDICT, "", ""},
    };
    const Phrases p = phrases_in(LANG_EN);
    Fixture f;
    open_ledger("googlenet", &f);
    for (size_t i = 0; i < sizeof want / sizeof want[0]; i++) {
        char text[512];
        int row = find(&f, want[i].row);
        ledger_text(&f.ledger, row, want[i].column, text, sizeof text);
        CHECK(strcmp(text, want[i].text) == 0, "%s %s: '%s'", want[i].row, ledger_title(want[i].column), text);
        ledger_formula(&f.ledger, row, want[i].column, &p, text, sizeof text);
        CHECK(want[i].formula == NULL || strcmp(text, want[i].formula) == 0, "%s %s: '%s'", want[i].row, ledger_title(want[i].column), text);
    }
    char text[512], reason[REASON_MAX];
    ledger_formula(&f.ledger, find(&f, "conv1"), LEDGER_VERDICT, &p, text, sizeof text);
    CHECK(strcmp(text, "64 x 3 x 7 x 7 = 9,408; / 1,024 = 9.19") == 0, "%s", text);
    const AuditLine *claim = ledger_claim(&f.ledger, find(&f, "conv1"), LEDGER_VERDICT);
    CHECK(claim != NULL && strcmp(claim->claim->source, "paper") == 0 && strcmp(claim->printed, "2.7K") == 0, "the claim behind the verdict");
    reason_text(LANG_EN, &f.ledger.audit, claim, true, reason, sizeof reason);
    CHECK(strstr(reason, "hypothesis") != NULL, "%s", reason);
    /* Worst first: by how far off, not only by kind. */
    const int count = ledger_arrange(&f.ledger, &(LedgerView){.sort = LEDGER_VERDICT, .descending = true, .share = LEDGER_MACS}, f.shown);
    CHECK(count > 3 && strcmp(shown_name(&f, 0), "conv1") == 0 && strcmp(shown_name(&f, 1), "inception_4c") == 0 && strcmp(shown_name(&f, 2), "inception_5a") == 0,
          "%s %s %s", shown_name(&f, 0), shown_name(&f, 1), shown_name(&f, 2));
    close_ledger(&f);
}

static void test_csv(void **state)
{
    (void)state;
    Fixture f;
    open_ledger("googlenet", &f);
    f.open[find(&f, "inception_3a")] = true;
    int count = ledger_arrange(&f.ledger, &(LedgerView){.share = LEDGER_PARAMS, .open = f.open}, f.shown);
    char *csv = ledger_csv(&f.ledger, f.shown, count);
    CHECK(csv != NULL, "memory");
    int lines = 0;
    for (const char *p = csv; *p != '\0'; p++)
        lines += *p == '\n';
    CHECK(lines == count + 1, "%d lines", lines);
    CHECK(strncmp(csv, "row,window,output,weights,weights + biases,", 43) == 0, "titles");
    CHECK(strstr(csv, "\nconv1,7x7/2 pad 3,64x112x112,9408,9472,9.4,9.2,2.7K,differs: -70.6% in Ki,118013952,") != NULL, "%s", csv);
    CHECK(strstr(csv, "\ninception_3a/3x3,3x3/1 pad 1,128x28x28,129024,129248,") != NULL, "%s", csv);
    CHECK(strstr(csv, ",\"agrees in Ki, with biases\",") != NULL, "%s", csv);
    free(csv);
    close_ledger(&f);
    /* A verdict beside another value than the one that it is about says so. */
    Err err = {""};
    f = (Fixture){.net = net_open("googlenet", "assets/networks", &(NetOptions){.classes = 5}, &err)};
    CHECK(f.net != NULL && ledger_of(f.net, "assets/networks", &f.trace, &f.ledger, &err), "%s", err.text);
    char text[128];
    ledger_text(&f.ledger, find(&f, "fc"), LEDGER_VERDICT, text, sizeof text);
    CHECK(strcmp(text, "agrees in Ki, as described: 1,024,000") == 0, "%s", text);
    close_ledger(&f);
}

static const struct CMUnitTest table[] = {
    cmocka_unit_test(test_rows_and_parts),
    cmocka_unit_test(test_arranging),
    cmocka_unit_test(test_cells),
    cmocka_unit_test(test_csv),
};

TEST_MAIN(table)
