/* Claims against arithmetic: every verdict follows from the numbers, and another number gives another verdict. */
#include "audited.h"

#include "app/model/phrases.h"
#include "app/model/reason.h"
#include "engine/base/rng.h"

#include <glob.h>

static bool audit_text(const char *text, Audited *f, Err *err)
{
    *f = (Audited){0};
    f->net = net_parse(text, strlen(text), "my.net", NULL, err);
    return f->net != NULL && trace_make(f->net, &f->trace, err) && audit_make(&f->trace, dir, &f->audit, err);
}

/* Printed, weights, weights + biases: the rule of the issue, case by case. */
static void test_verdicts(void **state)
{
    (void)state;
    static const struct { const char *printed; int64_t a, b; VerdictKind kind; int candidate; const char *text; } want[] = {
        {"163328", 163328, 163696, VERDICT_EXACT, 0, "exact"}, {"163,696", 163328, 163696, VERDICT_EXACT, 1, "exact"},
        {"159K", 163328, 163696, VERDICT_KI, 0, "agrees in Ki"}, {"160K", 163328, 163696, VERDICT_KI, 0, "agrees in Ki"},
        {"163K", 163328, 163696, VERDICT_K, 0, "agrees in K"}, {"164K", 163328, 163696, VERDICT_K, 1, "agrees in K"},
        {"158K", 163328, 163328, VERDICT_DIFFERS, 0, "differs: -0.9% in Ki"}, {"380K", 388096, 388736, VERDICT_KI, 1, "agrees in Ki"},
        {"437K", 448512, 449160, VERDICT_ROUNDING, 0, "rounding: 1 Ki less"}, {"439K", 448512, 448512, VERDICT_ROUNDING, 0, "rounding: 1 Ki more"},
        {"2.7K", 9408, 9472, VERDICT_DIFFERS, 0, "differs: -70.6% in Ki"}, {"9.2K", 9408, 9472, VERDICT_KI, 0, "agrees in Ki"},
        {"9.4K", 9408, 9472, VERDICT_K, 0, "agrees in K"}, {"1000K", 1024000, 1025000, VERDICT_KI, 0, "agrees in Ki"},
        {"1024K", 1024000, 1025000, VERDICT_EXACT, 0, "exact"}, {"5M", 6990272, 6998552, VERDICT_DIFFERS, 0, "differs: -28.5% in M"},
        {"138M", 138344128, 138357544, VERDICT_K, 0, "agrees in M"}, {"1.5B", 1582671872, 1582671872, VERDICT_K, 0, "agrees in G"},
        {"1.5G", 1582671872, 1582671872, VERDICT_K, 0, "agrees in G"}, {"73M", 73608192, 73608192, VERDICT_K, 0, "agrees in M"},
        {"74M", 73608192, 73608192, VERDICT_K, 0, "agrees in M"}, {"70M", 73608192, 73608192, VERDICT_KI, 0, "agrees in Mi"},
        {"28*28*64*192", 9633792, 9633792, VERDICT_EXACT, 0, "exact"}, {"1", 0, 0, VERDICT_DIFFERS, 0, "differs: the value is 0"},
        {"12", 0, 0, VERDICT_DIFFERS, 0, "differs: the value is 0"}, {"0", 0, 0, VERDICT_EXACT, 0, "exact"},
        /* No slack holds zero, nor half of the number. */
        {"1M", 5120, 5125, VERDICT_DIFFERS, 0, "differs: +19431.2% in M"}, {"0M", 5120, 5125, VERDICT_DIFFERS, 0, "differs: -100.0% in M"},
        {"1M", 1024000, 1025000, VERDICT_K, 0, "agrees in M"}, {"1M", 500000, 500000, VERDICT_K, 0, "agrees in M"},
        {"1M", 499999, 499999, VERDICT_DIFFERS, 0, "differs: +100.0% in M"}, {"1M", 1900000, 1900000, VERDICT_DIFFERS, 0, "differs: -47.4% in M"},
        {"5M", 5971392, 5978677, VERDICT_DIFFERS, 0, "differs: -16.3% in M"}, {"2", 1, 1, VERDICT_DIFFERS, 0, "differs: +100.0%"},
        {"22", 21, 21, VERDICT_DIFFERS, 0, "differs: +4.8%"}, {"9M", 9900000, 9900000, VERDICT_K, 0, "agrees in M"},
    };
    for (size_t i = 0; i < sizeof want / sizeof want[0]; i++) {
        const Rational candidates[2] = {{want[i].a, 1}, {want[i].b, 1}};
        Verdict v;
        Err err = {""};
        CHECK(audit_verdict(want[i].printed, candidates, 2, &v, &err), "%s: %s", want[i].printed, err.text);
        CHECK(v.kind == want[i].kind && v.candidate == want[i].candidate && strcmp(v.text, want[i].text) == 0, "%s beside %lld: %s, of candidate %d",
              want[i].printed, (long long)want[i].a, v.text, v.candidate);
    }
    const Rational half = {1, 2}, sizes = {225, 2};
    Verdict v;
    Err err = {""};
    CHECK(audit_verdict("50%", &half, 1, &v, &err) && v.kind == VERDICT_EXACT, "a share");
    CHECK(audit_verdict("70%", &half, 1, &v, &err) && v.kind == VERDICT_DIFFERS && strcmp(v.text, "differs: +40.0%") == 0, "%s", v.text);
    CHECK(audit_verdict("112.5", &sizes, 1, &v, &err) && v.kind == VERDICT_EXACT, "a fraction");
    CHECK(audit_verdict("112", &sizes, 1, &v, &err) && v.kind == VERDICT_ROUNDING, "%s", v.text);
    const Rational weights = {163328, 1};
    CHECK(audit_verdict_in(1024, "159K", &weights, 1, &v, &err) && v.kind == VERDICT_KI, "%s", v.text);
    CHECK(audit_verdict_in(1000, "159K", &weights, 1, &v, &err) && strcmp(v.text, "differs: -2.6% in K") == 0, "%s", v.text);
    CHECK(audit_verdict_in(1000, "163K", &weights, 1, &v, &err) && v.kind == VERDICT_K, "%s", v.text);
    CHECK(audit_verdict_in(1024, "163K", &weights, 1, &v, &err) && v.kind == VERDICT_DIFFERS, "%s", v.text);
    static const char *const bad[] = {"", "K", "abc", "1.2.3", "-5", "5X", "99999999999999999999", "5%K", "28*"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        CHECK(!audit_verdict(bad[i], &half, 1, &v, &err), "'%s' was taken for a number", bad[i]);
}

/* The numbers for which a printed one agrees are those that get such a verdict: at every end of the spans, and at random. */
static void test_spans_are_the_verdicts(void **state)
{
    (void)state;
    static const char *const printed[] = {"2.7K", "163,328", "364K", "1M", "5M", "9M", "34M", "1.5B", "0K", "12", "28*28*64", "1.498G", "6,797.7K"};
    static const int units[] = {0, 1000, 1024};
    Rng rng = rng_make(7, 0);
    for (size_t i = 0; i < sizeof printed / sizeof printed[0]; i++)
        for (int u = 0; u < 3; u++) {
            NumberSpan spans[3];
            Err err = {""};
            const int count = printed_spans(units[u], printed[i], spans, &err);
            CHECK(count >= 0, "%s: %s", printed[i], err.text);
            int64_t tried[3 * 6 + 200];
            int n = 0;
            for (int k = 0; k < count; k++)
                for (int off = -1; off <= 1; off++) {
                    tried[n++] = spans[k].from + off;
                    tried[n++] = spans[k].to + off;
                }
            for (int k = 0; k < 200; k++)
                tried[n++] = (int64_t)((double)(count > 0 ? spans[0].to : 100) * 1.5 * rng_uniform(&rng));
            for (int k = 0; k < n; k++) {
                const Rational value = {tried[k], 1};
                bool in = false;
                Verdict v;
                for (int j = 0; j < count; j++)
                    in = in || (tried[k] >= spans[j].from && tried[k] < spans[j].to);
                if (tried[k] < 0)
                    continue;
                CHECK(audit_verdict_in(units[u], printed[i], &value, 1, &v, &err) && verdict_agrees(v.kind) == in, "%s beside %lld in steps of %d: %s",
                      printed[i], (long long)tried[k], units[u], v.text);
            }
        }
    NumberSpan spans[3];
    assert_int_equal(printed_spans(0, "many", spans, NULL), -1);
}

#define NETWORK "network n\ninput 3x224x224\nconv conv1 7x7/2 64 pad=3\nclaim conv1 %s source=x\n"

/* One number of a description is changed, and the verdict with it: nothing is typed in by hand. */
static void test_a_changed_number_changes_the_verdict(void **state)
{
    (void)state;
    static const struct { const char *claim; VerdictKind kind; } want[] = {
        {"params=9408", VERDICT_EXACT}, {"params=9409", VERDICT_ROUNDING}, {"params=9410", VERDICT_DIFFERS}, {"params=9.2K", VERDICT_KI},
        {"params=9.5K", VERDICT_K}, {"params=2.7K", VERDICT_DIFFERS}, {"ops=118M", VERDICT_K}, {"ops=34M", VERDICT_DIFFERS},
        {"output=112x112x64", VERDICT_EXACT}, {"output=113x113x64", VERDICT_DIFFERS}, {"depth=1", VERDICT_EXACT}, {"depth=3", VERDICT_DIFFERS},
        {"weights(conv1)/1024=9.19", VERDICT_ROUNDING}, {"weights(conv1)/1024=9.1875", VERDICT_EXACT}, {"out(conv1)=64x112x112", VERDICT_EXACT},
        {"out(conv1)=64x112x111", VERDICT_DIFFERS}, {"ln(weights(conv1))=9.1493", VERDICT_ROUNDING}, {"sqrt(weights(conv1)*12)=336", VERDICT_ROUNDING},
    };
    char text[512];
    Audited f;
    for (size_t i = 0; i < sizeof want / sizeof want[0]; i++) {
        Err err = {""};
        snprintf(text, sizeof text, NETWORK, want[i].claim);
        CHECK(audit_text(text, &f, &err), "%s: %s", want[i].claim, err.text);
        CHECK(f.audit.count == 1 && f.audit.lines[0].verdict.kind == want[i].kind, "%s: %s", want[i].claim, f.audit.lines[0].verdict.text);
        CHECK(f.audit.kinds[want[i].kind] == 1, "%s", want[i].claim);
        audited_free(&f);
    }
    /* The other side changes: another kernel, the same claim. */
    Err err = {""};
    CHECK(audit_text("network n\ninput 3x224x224\nconv conv1 5x5/2 64 pad=2\nclaim params=9408 source=x\n", &f, &err), "%s", err.text);
    CHECK(f.audit.lines[0].verdict.kind == VERDICT_DIFFERS, "5x5: %s", f.audit.lines[0].verdict.text);
    audited_free(&f);
}

static void test_claims_that_cannot_be_judged(void **state)
{
    (void)state;
    static const struct { const char *claim, *message; } bad[] = {
        {"params=many", "is not a number"}, {"weights(conv9)=1", "no layer 'conv9'"}, {"wieghts(conv1)=1", "did you mean 'weights'"},
        {"weights(conv1@nowhere)=1", "no network 'nowhere'"}, {"ops=1e9", "is not a number"}, {"params=9408 own=\"9*1000\"", "own=9*1000 gives 9,000"},
        {"params=9408 own=\"9*\"", "at position"}, {"params=9408 note=\"{weights(d)}\"", "no layer 'd'"}, {"params=9408 note=\"a } b\"", "unpaired brace"},
        {"params=9408 note-zh=\"{1\"", "unpaired brace"}, {"params=sum", "is not a number"},
    };
    char text[512];
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        Audited f;
        Err err = {""};
        snprintf(text, sizeof text, NETWORK, bad[i].claim);
        CHECK(!audit_text(text, &f, &err), "%s was judged", bad[i].claim);
        CHECK(strncmp(err.text, "my.net:4: claim ", 16) == 0 && strstr(err.text, bad[i].message) != NULL, "'%s'", err.text);
        audited_free(&f);
    }
}

/* Is there a claim of `printed` about `row` (NULL: any)? */
static const AuditLine *find_claim(const Audit *audit, const char *row, const char *what, const char *printed, const char *source)
{
    for (int i = 0; i < audit->count; i++) {
        const AuditLine *l = &audit->lines[i];
        if ((row == NULL || strcmp(l->row, row) == 0) && (what == NULL || strcmp(l->claim->what, what) == 0) &&
            strcmp(l->claim->printed, printed) == 0 && strcmp(l->claim->source, source) == 0)
            return l;
    }
    return NULL;
}

/* The verdicts on Table 1 as public discussion has worked them out by hand. */
static void test_table_1(void **state)
{
    (void)state;
    static const struct { const char *row, *params; VerdictKind kind; const char *ops; VerdictKind ops_kind; } want[] = {
        {"conv1", "2.7K", VERDICT_DIFFERS, "34M", VERDICT_DIFFERS}, {"conv2+conv3", "112K", VERDICT_KI, "360M", VERDICT_K},
        {"inception_3a", "159K", VERDICT_KI, "128M", VERDICT_K}, {"inception_3b", "380K", VERDICT_KI, "304M", VERDICT_K},
        {"inception_4a", "364K", VERDICT_DIFFERS, "73M", VERDICT_K}, {"inception_4b", "437K", VERDICT_ROUNDING, "88M", VERDICT_K},
        {"inception_4c", "463K", VERDICT_DIFFERS, "100M", VERDICT_K}, {"inception_4d", "580K", VERDICT_DIFFERS, "119M", VERDICT_K},
        {"inception_4e", "840K", VERDICT_DIFFERS, "170M", VERDICT_K}, {"inception_5a", "1072K", VERDICT_DIFFERS, "54M", VERDICT_DIFFERS},
        {"inception_5b", "1388K", VERDICT_DIFFERS, "71M", VERDICT_K}, {"fc", "1000K", VERDICT_KI, "1M", VERDICT_K},
    };
    const Phrases phrases = phrases_in(LANG_EN);
    Audited f = audit_or_fail("googlenet", NULL);
    for (size_t i = 0; i < sizeof want / sizeof want[0]; i++) {
        const AuditLine *params = find_claim(&f.audit, want[i].row, "params", want[i].params, "paper"),
                        *ops = find_claim(&f.audit, want[i].row, "ops", want[i].ops, "paper");
        CHECK(params != NULL && params->verdict.kind == want[i].kind, "%s %s", want[i].row, want[i].params);
        CHECK(ops != NULL && ops->verdict.kind == want[i].ops_kind, "%s %s", want[i].row, want[i].ops);
        char formula[640];
        audit_formula(&f.audit, params, &phrases, formula, sizeof formula);
        CHECK(params->has_counts && formula[0] != '\0', "%s", want[i].row);
        CHECK(want[i].kind != VERDICT_DIFFERS || audit_hypothesis(&f.audit, params, 0) >= 0, "%s: nothing was tried", want[i].row);
    }
    const AuditLine *biased = find_claim(&f.audit, "inception_3b", "params", "380K", "paper");
    CHECK(biased->with_biases && strcmp(biased->value, "388,736") == 0, "3b fits with its biases");
    const AuditLine *stem = find_claim(&f.audit, "conv1", "params", "2.7K", "paper");
    char formula[640];
    audit_formula(&f.audit, stem, &phrases, formula, sizeof formula);
    CHECK(strcmp(formula, "64 x 3 x 7 x 7 = 9,408; / 1,024 = 9.19") == 0, "%s", formula);
    audited_free(&f);
}

/* Every number of the tutorial that counts something, with the verdict on it. */
static void test_tutorial(void **state)
{
    (void)state;
    static const struct { const char *printed; VerdictKind kind; } want[] = {
        {"4096", VERDICT_EXACT}, {"110592", VERDICT_EXACT}, {"114688", VERDICT_EXACT}, {"112K", VERDICT_KI}, {"12288", VERDICT_EXACT}, {"129024", VERDICT_EXACT},
        {"15872", VERDICT_EXACT}, {"6144", VERDICT_EXACT}, {"163328", VERDICT_EXACT}, {"159.5", VERDICT_EXACT}, {"159K", VERDICT_KI},
        {"854M", VERDICT_K}, {"358M", VERDICT_DIFFERS}, {"5M", VERDICT_DIFFERS}, {"138M", VERDICT_K}, {"112.5", VERDICT_EXACT}, {"55.5", VERDICT_EXACT},
        {"27.5", VERDICT_EXACT}, {"4x4x512", VERDICT_EXACT}, {"4x4x528", VERDICT_EXACT}, {"70%", VERDICT_DIFFERS}, {"40%", VERDICT_EXACT},
        {"28x28x480", VERDICT_EXACT}, {"14x14x480", VERDICT_EXACT}, {"7x7x832", VERDICT_EXACT}, {"70%+", VERDICT_MEASURED}, {"80%+", VERDICT_MEASURED},
        {"0.6%", VERDICT_MEASURED},
    };
    Audited f = audit_or_fail("googlenet", NULL);
    for (size_t i = 0; i < sizeof want / sizeof want[0]; i++) {
        const AuditLine *l = find_claim(&f.audit, NULL, NULL, want[i].printed, "tutorial");
        CHECK(l != NULL && l->verdict.kind == want[i].kind, "%s: %s", want[i].printed, l != NULL ? l->verdict.text : "not a claim");
    }
    static const struct { const char *what, *printed; } counted[] = {
        {"depth", "22"}, {"depth_pools(total)", "27"}, {"convs(total)", "57"}, {"fcs(total)", "1"}, {"macs(total@cs231n_slide_total)", "358M"},
        {"modules(total)", "9"}, {"loss_weight(fc)", "1"}, {"loss_weight(aux1)", "0.3"}, {"loss_weight(aux2)", "0.3"}};
    for (size_t i = 0; i < sizeof counted / sizeof counted[0]; i++) {
        const AuditLine *l = NULL;
        for (int j = 0; j < f.audit.count && l == NULL; j++)
            if (strcmp(f.audit.lines[j].claim->what, counted[i].what) == 0 && strcmp(f.audit.lines[j].claim->printed, counted[i].printed) == 0)
                l = &f.audit.lines[j];
        CHECK(l != NULL && l->verdict.kind <= VERDICT_K, "%s", counted[i].what);
    }
    audited_free(&f);
}

/* The cells of Table 1 as transcribed, each of which must be a claim of its row in every description of the paper's network. */
static void test_every_cell_of_table_1_is_claimed(void **state)
{
    (void)state;
    static const char *const networks[] = {"googlenet", "bvlc_googlenet"};
    static const char *const whats[] = {NULL, "patch", "output", "depth", "1x1", "3x3_reduce", "3x3", "5x5_reduce", "5x5", "pool_proj", "params", "ops"};
    static const char *const rows[] = {"conv1", "maxpool1", "conv2+conv3", "maxpool2", "inception_3a", "inception_3b", "maxpool3", "inception_4a",
                                       "inception_4b", "inception_4c", "inception_4d", "inception_4e", "maxpool4", "inception_5a", "inception_5b",
                                       "avgpool", "dropout", "fc", "softmax"};
    const char *path = test_data("notes/paper_table1.tsv");
    for (int n = 0; n < 2; n++) {
        FILE *file = path != NULL ? fopen(path, "r") : NULL;
        if (file == NULL)
            skip();
        Audited f = audit_or_fail(networks[n], NULL);
        char line[512];
        int cells = 0, row = -1;
        while (fgets(line, sizeof line, file) != NULL) {
            char *rest = line, *cell[15] = {0};
            for (int i = 0; i < 15 && rest != NULL; i++)
                cell[i] = strsep(&rest, "\t");
            if (cell[14] == NULL || row++ < 0)
                continue;
            for (int i = 1; i < 12; i++)
                if (cell[i][0] != '\0') {
                    CHECK(find_claim(&f.audit, rows[row - 1], whats[i], cell[i], "paper") != NULL, "%s: %s=%s", rows[row - 1], whats[i], cell[i]);
                    cells++;
                }
        }
        fclose(file);
        assert_int_equal(row, 19);
        CHECK(cells == 7 + 19 + 19 + 2 + 9 * 6 + 12 * 2, "%d cells", cells);
        audited_free(&f);
    }
}

/* The sums of the paper's columns, added up here from the claims themselves. */
static void test_sums(void **state)
{
    (void)state;
    Audited f = audit_or_fail("bvlc_googlenet", NULL);
    double params = 0, ops = 0;
    for (int i = 0; i < f.audit.count; i++) {
        const Claim *c = f.audit.lines[i].claim;
        if (strcmp(c->source, "paper") == 0 && c->row >= 0 && strcmp(c->what, "params") == 0)
            params += strtod(c->printed, NULL);
        if (strcmp(c->source, "paper") == 0 && c->row >= 0 && strcmp(c->what, "ops") == 0)
            ops += strtod(c->printed, NULL);
    }
    CHECK_NEAR(params, 6797.7, 1e-9, 0, "K");
    CHECK_NEAR(ops, 1502, 0, 0, "M");
    const AuditLine *k = NULL, *m = NULL;
    for (int i = 0; i < f.audit.count; i++) {
        k = strcmp(f.audit.lines[i].printed, "6,797.7K") == 0 ? &f.audit.lines[i] : k;
        m = strcmp(f.audit.lines[i].printed, "1,502M") == 0 ? &f.audit.lines[i] : m;
    }
    CHECK(k != NULL && k->verdict.kind == VERDICT_DIFFERS && strcmp(k->value, "6,990,272") == 0, "params");
    CHECK(m != NULL && m->verdict.kind == VERDICT_DIFFERS && strcmp(m->value, "1,582,671,872") == 0, "ops");
    audited_free(&f);
    Err err = {""};
    CHECK(!audit_text("network n\ninput 3x8x8\nconv a 1x1/1 4\nclaim params=1K ops=1M source=x\nconv b 1x1/1 4\nclaim params=12 source=x\n"
                      "claim network params=sum source=x\n", &f, &err) && strstr(err.text, "different units") != NULL, "%s", err.text);
    audited_free(&f);
    CHECK(!audit_text("network n\ninput 3x8x8\nconv a 1x1/1 4\nclaim network params=sum source=x\n", &f, &err) && strstr(err.text, "to add up") != NULL, "%s", err.text);
    audited_free(&f);
}

/* LeNet's 60,000 is no 61,470 / 1024: the source's own count gives it exactly. */
static void test_own_counts(void **state)
{
    (void)state;
    Audited f = audit_or_fail("lenet5", NULL);
    char own[256];
    const AuditLine *line = find_claim(&f.audit, "lenet5", "params", "60,000", "LeCun1998");
    CHECK(line != NULL && line->verdict.kind == VERDICT_DIFFERS, "the network as it is built today has 61,470");
    audit_own(&f.audit, line, own, sizeof own);
    CHECK(strcmp(own, "156+12+1516+32+48,120+10,164 = 60,000") == 0, "%s", own);
    audited_free(&f);
}

static const AuditLine *line_of(const Audited *f, const char *row, const char *what)
{
    for (int i = 0; i < f->audit.count; i++)
        if (strcmp(f->audit.lines[i].row, row) == 0 && strcmp(f->audit.lines[i].claim->what, what) == 0)
            return &f->audit.lines[i];
    return NULL;
}

/* A claim is about the network as described, whatever classes, input, heads or switches the audited one has. */
static void test_judged_as_described(void **state)
{
    (void)state;
    static const struct { const char *row, *what; VerdictKind kind; const char *value, *here; } want[] = {
        {"fc", "params", VERDICT_KI, "1,024,000", "5,120"}, {"fc", "ops", VERDICT_K, "1,024,000", "5,120"}, {"fc", "output", VERDICT_EXACT, "1x1x1000", "1x1x5"},
        {"softmax", "output", VERDICT_EXACT, "1x1x1000", "1x1x5"}, {"inception_3a", "params", VERDICT_KI, "163,328", NULL},
        {"aux1/conv", "out_c(aux1/fc2)", VERDICT_EXACT, "1,000", "5"}, {"googlenet", "depth", VERDICT_EXACT, "22", NULL},
    };
    Audited plain = audit_or_fail("googlenet", NULL), five = audit_or_fail("googlenet", &(NetOptions){.classes = 5});
    assert_int_equal(five.audit.count, plain.audit.count);
    for (int i = 0; i < plain.audit.count; i++) {
        const AuditLine *a = &plain.audit.lines[i], *b = &five.audit.lines[i];
        CHECK(a->verdict.kind == b->verdict.kind && strcmp(a->value, b->value) == 0 && !a->elsewhere, "%s %s: %s", a->row, a->claim->what, b->verdict.text);
    }
    for (size_t i = 0; i < sizeof want / sizeof want[0]; i++) {
        const AuditLine *l = line_of(&five, want[i].row, want[i].what);
        CHECK(l != NULL && l->verdict.kind == want[i].kind && strcmp(l->value, want[i].value) == 0, "%s %s", want[i].row, want[i].what);
        CHECK(l->elsewhere == (want[i].here != NULL) && (want[i].here == NULL || strcmp(l->here, want[i].here) == 0), "%s %s: here '%s'", want[i].row, want[i].what, l->here);
    }
    char text[REASON_MAX];
    reason_text(LANG_EN, &five.audit, line_of(&five, "fc", "params"), true, text, sizeof text);
    CHECK(strcmp(text, "at 1000 classes: 1,024,000; here, at 5 classes: 5,120") == 0, "%s", text);
    reason_text(LANG_ZH, &five.audit, line_of(&five, "fc", "params"), true, text, sizeof text);
    CHECK(strcmp(text, "按 1000 类计算：1,024,000；当前网络是 5 类：5,120") == 0, "%s", text);
    reason_short(LANG_EN, &five.audit, line_of(&five, "fc", "params"), text, sizeof text);
    CHECK(strcmp(text, "Ki · 1000 classes") == 0, "%s", text);
    audited_free(&five);
    audited_free(&plain);

    Audited small = audit_or_fail("googlenet", &(NetOptions){.input = {.c = 3, .h = 112, .w = 112}, .no_heads = true});
    const AuditLine *out = line_of(&small, "conv1", "output"), *aux = line_of(&small, "aux1/avgpool", "output");
    CHECK(out->verdict.kind == VERDICT_EXACT && out->elsewhere && strcmp(out->here, "56x56x64") == 0, "conv1: here '%s'", out->here);
    CHECK(aux != NULL && aux->verdict.kind == VERDICT_EXACT && aux->elsewhere && aux->here[0] == '\0' && aux->row_index == AUDIT_NOWHERE, "a head that is left out");
    reason_text(LANG_EN, &small.audit, out, true, text, sizeof text);
    CHECK(strstr(text, "for a picture of 3×224×224: 112x112x64; here, of 3×112×112: 56x56x64") == text, "%s", text);
    audited_free(&small);
}

/* What a switch has changed is neither right nor wrong; everything else stays as it was. */
static void test_switched_rows_are_changed(void **state)
{
    (void)state;
    Audited plain = audit_or_fail("googlenet", NULL);
    for (int classes = 0; classes < 2; classes++) {
        Audited f = audit_or_fail("googlenet", &(NetOptions){.classes = classes > 0 ? 5 : 0, .without_reductions = "3a", .third_3x3 = "5b"});
        int changed = 0;
        assert_int_equal(f.audit.count, plain.audit.count);
        for (int i = 0; i < f.audit.count; i++) {
            const AuditLine *a = &plain.audit.lines[i], *b = &f.audit.lines[i];
            const bool module = strcmp(a->row, "inception_3a") == 0 || strcmp(a->row, "inception_5b") == 0, all = a->claim->row < 0;
            changed += b->verdict.kind == VERDICT_CHANGED;
            CHECK(b->verdict.kind == a->verdict.kind || (b->verdict.kind == VERDICT_CHANGED && (module || all) && b->elsewhere), "%s %s: %s", b->row, b->claim->what, b->verdict.text);
        }
        CHECK(line_of(&f, "inception_3a", "params")->verdict.kind == VERDICT_CHANGED && line_of(&f, "inception_5b", "ops")->verdict.kind == VERDICT_CHANGED, "the switched rows");
        CHECK(line_of(&f, "inception_3a", "3x3_reduce")->verdict.kind == VERDICT_CHANGED && strcmp(line_of(&f, "inception_3a", "3x3_reduce")->here, "none") == 0, "a reduction");
        CHECK(line_of(&f, "inception_3a", "1x1")->verdict.kind == VERDICT_EXACT && line_of(&f, "inception_3b", "params")->verdict.kind == VERDICT_KI, "what they leave");
        CHECK(line_of(&f, "googlenet", "ops")->verdict.kind == VERDICT_CHANGED && line_of(&f, "googlenet", "convs(total)")->verdict.kind == VERDICT_CHANGED &&
              strcmp(line_of(&f, "googlenet", "depth")->here, "21") == 0 && line_of(&f, "googlenet", "maxpools(total)")->verdict.kind == VERDICT_EXACT, "the network's");
        CHECK(line_of(&f, "fc", "params")->verdict.kind == VERDICT_KI && line_of(&f, "fc", "params")->elsewhere == (classes > 0), "fc");
        CHECK(line_of(&f, "inception_3a", "weights(3a/3x3_reduce)+weights(3a/3x3)")->here[0] == '\0', "a layer that is gone");
        CHECK(changed == f.audit.kinds[VERDICT_CHANGED] && changed > 10, "%d changed", changed);
        audited_free(&f);
    }
    audited_free(&plain);
}

/* Every shipped description: all claims are judged, remarks are in both languages, and none of them says what arithmetic could. */
static void test_all_networks_can_be_audited(void **state)
{
    (void)state;
    glob_t files;
    assert_int_equal(glob("assets/networks/*.net", 0, NULL, &files), 0);
    assert_true(files.gl_pathc >= 14);
    for (size_t i = 0; i < files.gl_pathc; i++) {
        Audited f = audit_or_fail(files.gl_pathv[i], NULL);
        CHECK(f.audit.count == f.net->claim_count && f.net->as_described, "%s", files.gl_pathv[i]);
        for (int k = 0; k < f.audit.count; k++) {
            const Claim *c = f.audit.lines[k].claim;
            CHECK((c->note[0] == '\0') == (c->note_zh[0] == '\0'), "%s:%d: a note in one language", files.gl_pathv[i], c->line);
            CHECK(strstr(c->note, "hypothes") == NULL && strstr(c->note_zh, "假设") == NULL, "%s:%d: a hypothesis is a line of its own", files.gl_pathv[i], c->line);
        }
        for (int k = 0; k < f.net->hypothesis_count; k++)
            CHECK((f.net->hypotheses[k].note[0] == '\0') == (f.net->hypotheses[k].note_zh[0] == '\0'), "%s: a note in one language", files.gl_pathv[i]);
        audited_free(&f);
    }
    globfree(&files);
    Audited rows = audit_or_fail("cs231n_slide_rows", NULL);
    CHECK(rows.audit.kinds[VERDICT_EXACT] == 7 && rows.audit.kinds[VERDICT_DIFFERS] == 1, "the slide's rows are right, their total is not");
    audited_free(&rows);
    Audited none = audit_or_fail("tiny", NULL);
    CHECK(none.audit.count == 0 && none.audit.tried_count == 0, "nobody printed anything about it");
    audited_free(&none);
}

static const struct CMUnitTest table[] = {
    cmocka_unit_test(test_verdicts),
    cmocka_unit_test(test_spans_are_the_verdicts),
    cmocka_unit_test(test_sums),
    cmocka_unit_test(test_own_counts),
    cmocka_unit_test(test_judged_as_described),
    cmocka_unit_test(test_switched_rows_are_changed),
    cmocka_unit_test(test_a_changed_number_changes_the_verdict),
    cmocka_unit_test(test_claims_that_cannot_be_judged),
    cmocka_unit_test(test_table_1),
    cmocka_unit_test(test_tutorial),
    cmocka_unit_test(test_every_cell_of_table_1_is_claimed),
    cmocka_unit_test(test_all_networks_can_be_audited),
};

TEST_MAIN(table)
