/* Hypotheses: what is said of them is what the altered row gives. tests/golden/audit.txt has it from tests/oracle_audit.py, which reads the same files
 * with arithmetic of its own. */
#include "audited.h"
#include "temp_folder.h"

#include "app/model/reason.h"
#include "engine/base/rng.h"

#include <glob.h>

/* ---- the oracle ------------------------------------------------------------------------------------------------------------ */

/* "in=480", "3x3_reduce=16..256/16 pool_proj=0..256/16", "one=1..1024/1", or the rows that take the row's place. */
static void premise_text(const Hypothesis *h, FILE *out)
{
    int count = 0;
    if (h->as[0] != '\0')
        fprintf(out, "%s", h->as);
    else if (h->one.step > 0)
        fprintf(out, "one=%d..%d/%d", h->one.from, h->one.to, h->one.step);
    for (int i = 0; h->as[0] == '\0' && i < NUMBER_COUNT; i++) {
        const NumberRange *r = &h->numbers[i];
        if (r->step == 0)
            continue;
        fprintf(out, "%s%s=%d", count++ > 0 ? " " : "", number_name(i), r->from);
        if (r->to > r->from)
            fprintf(out, "..%d/%d", r->to, r->step);
    }
}

static void tried_text(const Net *net, const Tried *t, FILE *out)
{
    const Hypothesis *h = t->hypothesis;
    fprintf(out, "%s %s %s ", t->search ? "search" : "hypothesis", net->rows[h->row].name, h->source);
    premise_text(h, out);
    if (t->search) {
        fprintf(out, ": %d settings, %d fit, %d give all\n", (int)t->settings, (int)t->fits, (int)t->gives);
        return;
    }
    fprintf(out, ": %d gained, %d lost, %d still\n", t->gained, t->lost, t->still);
    for (int i = 0; i < t->cell_count; i++) {
        const TriedCell *c = &t->cells[i];
        const bool agrees = verdict_agrees(c->verdict.kind);
        fprintf(out, "  %s=%s ", c->line->claim->what, c->line->printed);
        if (c->premise)
            fprintf(out, "premise");
        else
            fprintf(out, "%s %s", c->agreed ? "agreed" : "disagreed", agrees ? "agrees" : "disagrees");
        fprintf(out, " %s\n", c->line->has_counts && !agrees ? "-" : c->value);
    }
}

static int same_file(const char *a, const char *b)
{
    FILE *f = fopen(a, "r"), *g = fopen(b, "r");
    char x[512], y[512];
    int line = 0;
    CHECK(f != NULL && g != NULL, "%s and %s", a, b);
    for (bool more = true; more; line++) {
        const bool p = fgets(x, sizeof x, f) != NULL, q = fgets(y, sizeof y, g) != NULL;
        more = p && q;
        CHECK(p == q && (!p || strcmp(x, y) == 0), "line %d: the engine has '%s', tests/oracle_audit.py has '%s'", line + 1, p ? x : "nothing", q ? y : "nothing");
    }
    fclose(f);
    fclose(g);
    return line;
}

static void test_against_the_oracle(void **state)
{
    (void)state;
    glob_t files;
    char path[] = "/tmp/inceptoscope-audit-XXXXXX";
    const int fd = mkstemp(path);
    assert_true(fd >= 0);
    FILE *out = fdopen(fd, "w");
    assert_int_equal(glob("assets/networks/*.net", 0, NULL, &files), 0);
    int single = 0, searches = 0;
    for (size_t i = 0; i < files.gl_pathc; i++) {
        Audited f = audit_or_fail(files.gl_pathv[i], NULL);
        assert_int_equal(f.audit.tried_count, f.net->hypothesis_count);
        fprintf(out, "network %s\n", f.net->name);
        for (int k = 0; k < f.audit.tried_count; k++) {
            const Tried *t = &f.audit.tried[k];
            tried_text(f.net, t, out);
            searches += t->search;
            single += !t->search;
            CHECK(t->search || t->gained > 0, "%s: the hypothesis about %s gives nothing, so there is nothing to say", f.net->name, f.net->rows[t->hypothesis->row].name);
        }
        audited_free(&f);
    }
    globfree(&files);
    fclose(out);
    CHECK(single == 12 && searches == 15, "%d single ones, %d searches", single, searches);
    CHECK(same_file(path, "tests/golden/audit.txt") > 100, "no oracle");
    remove(path);
}

/* The sums that a search looks through are those of the rows as they are built. */
static void test_counts_without_building(void **state)
{
    (void)state;
    static const char *const networks[] = {"googlenet", "torchvision_googlenet", "cs231n_slide_rows"};
    Rng rng = rng_make(3, 1);
    for (int n = 0; n < 3; n++) {
        Err err = {""};
        char text[256];
        Net *net = net_open(networks[n], dir, NULL, &err);
        CHECK(net != NULL, "%s", err.text);
        for (int m = 0; m < net->module_count; m++) {
            const Module *module = &net->modules[m];
            Hypothesis h = {.row = net->layers[module->first].row, .rows = {{.op = OP_CONCAT, .groups = 1, .stride = 1, .third_kernel = net->layers[module->first + 4].k}},
                            .row_count = 1};
            snprintf(h.rows[0].name, sizeof h.rows[0].name, "%s", module->title);
            h.rows[0].bias = net->layers[module->first].bias;
            for (int i = 0; i < 40; i++) {
                int numbers[NUMBER_COUNT];
                Counts fast;
                Trace trace;
                for (int k = 0; k < NUMBER_COUNT; k++)
                    numbers[k] = 1 + (int)rng_below(&rng, 300);
                for (int k = NUMBER_3X3_REDUCE; k < NUMBER_COUNT; k += 2) /* the reductions and the projection: sometimes none */
                    numbers[k] = rng_below(&rng, 4) == 0 ? 0 : numbers[k];
                snprintf(text, sizeof text, "%s of %s", module->title, networks[n]);
                Net *altered = hypothesis_build(net, &h, numbers, &err);
                CHECK(altered != NULL && trace_make(altered, &trace, &err), "%s: %s", text, err.text);
                CHECK(hypothesis_counts(net, &h, numbers, &fast), "%s does not fit", text);
                CHECK(fast.weights == trace.main.weights && fast.params == trace.main.params && fast.macs == trace.main.macs && fast.bias_adds == trace.main.bias_adds,
                      "%s: %lld weights, built %lld", text, (long long)fast.weights, (long long)trace.main.weights);
                trace_free(&trace);
                net_free(altered);
            }
        }
        net_free(net);
    }
}

/* ---- in words ------------------------------------------------------------------------------------------------------------------ */

static void test_sentences(void **state)
{
    (void)state;
    static const struct { const char *row; int nth; Lang lang; const char *text; } want[] = {
        {"inception_5a", 0, LANG_EN, "hypothesis: with input channels 928 instead of 832, every printed cell of the row matches: params 1,097,728 agrees in Ki and ops "
         "53,788,672 agrees in M"},
        {"inception_4b", 0, LANG_EN, "hypothesis for a part of the row: with input channels 480 instead of 512, params 436,992 agrees in K; but ops 85,650,432 differs: "
         "+2.7% in M"},
        {"inception_4b", 0, LANG_ZH, "只能解释一部分的假设：若输入通道数为 480 而不是 512，则参数量 436,992（以 K 计相符）；但运算量 85,650,432（不符：+2.7%，以 M 计）"},
        {"conv1", 0, LANG_EN, "hypothesis for a part of the row: with conv depthwise 7x7/2 24 pad=3 groups=3; conv pointwise 1x1/1 64 in its place, params 2,712 agrees in K "
         "and ops 34,019,328 agrees in M; but depth is then 2, not the printed 1"},
        {"inception_5a", 1, LANG_EN, "one number of the row is changed, to any value from 1 to 1024: of 7,161 settings, 16 give params 1072K and ops 54M, and 5 of these give the other "
         "cells too: input channels 926 to 929, #3x3 reduce 175"},
        {"inception_4c", 0, LANG_EN, "one number of the row is changed, to any value from 1 to 1024: none of 7,161 settings gives params 463K and ops 100M"},
        {"inception_4c", 0, LANG_ZH, "只改本行的一个数，取 1 到 1024：7,161 种取值都得不到参数量 463K和运算量 100M"},
    };
    Audited f = audit_or_fail("googlenet", NULL);
    for (size_t i = 0; i < sizeof want / sizeof want[0]; i++) {
        char text[REASON_MAX];
        int nth = 0, found = -1;
        for (int k = 0; k < f.audit.tried_count; k++)
            if (strcmp(f.net->rows[f.audit.tried[k].hypothesis->row].name, want[i].row) == 0 && nth++ == want[i].nth)
                found = k;
        CHECK(found >= 0, "%s", want[i].row);
        reason_tried(want[i].lang, &f.audit, &f.audit.tried[found], text, sizeof text);
        CHECK(strcmp(text, want[i].text) == 0, "%s: '%s'", want[i].row, text);
    }
    /* "every cell" is said where there is nothing else, and "but" where there is. */
    for (int k = 0; k < f.audit.tried_count; k++) {
        const Tried *t = &f.audit.tried[k];
        char text[REASON_MAX];
        reason_tried(LANG_EN, &f.audit, t, text, sizeof text);
        CHECK(t->search || (strstr(text, "every printed cell") != NULL) == (t->lost + t->still == 0), "%s", text);
        CHECK(t->search || (strstr(text, "; but ") != NULL) == (t->lost + t->still > 0), "%s", text);
        for (int c = 0; c < t->cell_count; c++)
            CHECK(t->search || t->cells[c].agreed || !verdict_agrees(t->cells[c].verdict.kind) || strstr(text, t->cells[c].value) != NULL, "%s: no %s", text, t->cells[c].value);
    }
    audited_free(&f);
}

/* The words follow the numbers: 463 filters are not 463 Ki, whoever says so. */
static void test_another_number_another_sentence(void **state)
{
    (void)state;
    static const struct { const char *number; int gained; const char *says; } want[] = {
        {"3x3=216", 1, "hypothesis for a part of the row: with #3x3 216 instead of 256, params 463,360 agrees in K; but ops 90,818,560 differs: +10.1% in M "
         "and output is then 14x14x472, not the printed 14x14x512"},
        {"3x3=256", 0, ""}, /* as the row is: nothing is said */
        {"3x3=217", 0, "hypothesis that explains nothing: with #3x3 217 instead of 256, "}, {"3x3=226", 1, "params 474,880 agrees in Ki"},
    };
    for (size_t i = 0; i < sizeof want / sizeof want[0]; i++) {
        char text[512], says[REASON_MAX];
        Err err = {""};
        Trace trace;
        Audit audit;
        snprintf(text, sizeof text, "network n\ninput 512x14x14\ninception 4c 128 128 256 24 64 64\nclaim params=463K ops=100M output=14x14x512 3x3=256 source=paper\n"
                 "hypothesis 4c source=paper %s\n", want[i].number);
        Net *net = net_parse(text, strlen(text), "my.net", NULL, &err);
        CHECK(net != NULL && trace_make(net, &trace, &err) && audit_make(&trace, dir, &audit, &err), "%s", err.text);
        CHECK(audit.tried_count == 1 && audit.tried[0].gained == want[i].gained, "%s gains %d", want[i].number, audit.tried[0].gained);
        reason_tried(LANG_EN, &audit, &audit.tried[0], says, sizeof says);
        CHECK(strstr(says, want[i].says) != NULL && (want[i].says[0] != '\0') == (says[0] != '\0'), "%s: '%s'", want[i].number, says);
        audit_free(&audit);
        trace_free(&trace);
        net_free(net);
    }
}

/* ---- files ----------------------------------------------------------------------------------------------------------------------- */

#define HEAD "network n\ninput 8x8x8\ninception 3a 4 4 4 4 4 4\nconv c 1x1/1 4\nclaim 3a params=1K source=x\nclaim c params=1K source=x\n"

static void test_lines_that_are_wrong(void **state)
{
    (void)state;
    static const struct { const char *line, *message; } bad[] = {
        {"hypothesis", "the row is missing"}, {"hypothesis d source=x in=4", "there is no row 'd'"}, {"hypothesis network source=x in=4", "about a row of the table"},
        {"hypothesis input source=x in=4", "about a row of the table"}, {"hypothesis 3a in=4", "source is missing"}, {"hypothesis 3a source=x", "it changes nothing"},
        {"hypothesis 3a source=x in=0", "expected 1 to 65536"}, {"hypothesis 3a source=x 3x3=-1", "cannot be negative"}, {"hypothesis 3a source=x 3x3=4..2", "expected 4 to 65536"},
        {"hypothesis 3a source=x 3x3=4/2", "a step without a range"}, {"hypothesis 3a source=x 3x3=1..9/0", "the step is 0"}, {"hypothesis 3a source=x 3x3=many", "not a whole number"},
        {"hypothesis 3a source=x one=1..9 in=4", "one number at a time"}, {"hypothesis 3a source=x in=4 as=\"conv d 1x1/1 4\"", "use one of the two"},
        {"hypothesis c source=x in=4", "not an inception module"}, {"hypothesis c source=x as=\"claim d\"", "'claim' is not a row"}, {"hypothesis c source=x as=\"conv d 1x1\"", "expected: conv"},
        {"hypothesis c source=x as=\"conv d 1x1/1 4 many\"", "expected: conv"}, {"hypothesis 3a source=x in=4 out=4", "does not belong"},
        {"hypothesis 3a source=x 3x3=1..65536 in=1..65536", "settings to try"},
        {"claim 3a params=1K source=x unit=KB", "expected K for steps of 1000"}, {"claims", "the file's name is missing"}, {"claims ../etc/passwd", "has a '/'"},
        {"claims nothing_of_that_name", "nothing_of_that_name.claims: No such file"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        char text[1024];
        Err err = {""};
        snprintf(text, sizeof text, HEAD "%s\n", bad[i].line);
        Net *net = net_parse(text, strlen(text), "my.net", NULL, &err);
        CHECK(net == NULL && strncmp(err.text, "my.net:7: ", 10) == 0 && strstr(err.text, bad[i].message) != NULL, "%s: '%s'", bad[i].line, err.text);
    }
    /* Good lines that say nothing about the row as it is judged. */
    static const struct { const char *line, *message; } idle[] = {
        {"hypothesis 3a source=y in=4", "y printed nothing about this row"},
        {"hypothesis 3a source=x in=4 note=\"{weights(z)}\"", "no layer 'z'"}, {"hypothesis c source=x as=\"conv d 9x9/1 4\"", "does not fit a map of 8x8"},
    };
    for (size_t i = 0; i < sizeof idle / sizeof idle[0]; i++) {
        char text[1024];
        Err err = {""};
        Trace trace;
        Audit audit;
        snprintf(text, sizeof text, HEAD "%s\n", idle[i].line);
        Net *net = net_parse(text, strlen(text), "my.net", NULL, &err);
        CHECK(net != NULL && trace_make(net, &trace, &err), "%s: %s", idle[i].line, err.text);
        CHECK(!audit_make(&trace, dir, &audit, &err) && strncmp(err.text, "my.net:7: hypothesis about ", 27) == 0 && strstr(err.text, idle[i].message) != NULL, "%s: '%s'",
              idle[i].line, err.text);
        trace_free(&trace);
        net_free(net);
    }
}

static void write_text(const char *folder, const char *name, const char *text)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *f = fopen(path, "w");
    CHECK(f != NULL && fputs(text, f) >= 0 && fclose(f) == 0, "%s", path);
}

/* Claims that several descriptions share: read from beside them, and a mistake in them is told with both places. */
static void test_shared_claims(void **state)
{
    (void)state;
    static const struct { const char *claims, *message; } cases[] = {
        {"claim 3a params=1K source=x\n", NULL}, {"# nothing but a remark\nclaim aux/f params=1K source=x\n", NULL},
        {"claim 3a params=1K\n", "/shared.claims:1: source is missing"}, {"\nconv d 1x1/1 4\n", "/shared.claims:2: 'conv' is not a claim"},
        {"claims shared\n", "/shared.claims:1: shared claims cannot name another file"}, {"claim 3a params=many source=x\n", "/shared.claims:1: claim params=many: "},
        {"claim 4a params=1K source=x\n", "/shared.claims:1: a claim without a row"},
    };
    const char *const folder = temp_folder;
    char path[512];
    write_text(folder, "a.net", "network n\ninput 8x8x8\nclasses 2\ninception 3a 4 4 4 4 4 4\navgpool p to=1x1\nfc f classes\naux aux tap=3a\n fc f classes\nclaims shared\n");
    snprintf(path, sizeof path, "%s/a.net", folder);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        for (int heads = 0; heads < 2; heads++) { /* a claim about a head that is left out is left out with it */
            Err err = {""};
            Trace trace = {0};
            Audit audit = {0};
            write_text(folder, "shared.claims", cases[i].claims);
            Net *net = net_open(path, folder, &(NetOptions){.no_heads = heads == 0}, &err);
            const bool good = net != NULL && trace_make(net, &trace, &err) && audit_make(&trace, folder, &audit, &err);
            CHECK(good == (cases[i].message == NULL) && (good || strstr(err.text, cases[i].message) != NULL), "%s: '%s'", cases[i].claims, err.text);
            CHECK(!good || audit.count == 1, "%s: %d claims", cases[i].claims, audit.count);
            if (good)
                audit_free(&audit);
            trace_free(&trace);
            net_free(net);
        }
    }
    /* A copy of one of the program's own descriptions still finds its claims. */
    Err err = {""};
    write_text(folder, "copy.net", "network n\ninput 3x224x224\nconv conv1 7x7/2 64 pad=3\nclaims paper\n");
    snprintf(path, sizeof path, "%s/copy.net", folder);
    CHECK(net_open(path, dir, NULL, &err) == NULL && strstr(err.text, "copy.net:4: assets/networks/paper.claims:6: ") != NULL, "%s", err.text);
    CHECK(net_open(path, folder, NULL, &err) == NULL && strstr(err.text, "/paper.claims: No such file") != NULL, "%s", err.text);
}

static const struct CMUnitTest table[] = {
    cmocka_unit_test(test_against_the_oracle), cmocka_unit_test(test_counts_without_building), cmocka_unit_test(test_sentences),
    cmocka_unit_test(test_another_number_another_sentence), cmocka_unit_test(test_lines_that_are_wrong), cmocka_unit_test(test_shared_claims),
};

int main(void) { return cmocka_run_group_tests(table, temp_folder_make, temp_folder_remove); }
