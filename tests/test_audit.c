/* Claims against arithmetic: every verdict follows from the numbers, and another number gives another verdict. */
#include "check.h"

#include "engine/net/audit.h"

static const char *const dir = "assets/networks";

typedef struct Fixture {
    Net *net;
    Trace trace;
    Audit audit;
} Fixture;

static bool audit_text(const char *text, Fixture *f, Err *err)
{
    *f = (Fixture){0};
    f->net = net_parse(text, strlen(text), "my.net", NULL, err);
    return f->net != NULL && trace_make(f->net, &f->trace, err) && audit_make(&f->trace, dir, &f->audit, err);
}

static Fixture audit_network(const char *name)
{
    Fixture f = {0};
    Err err = {""};
    f.net = net_open(name, dir, NULL, &err);
    CHECK(f.net != NULL && trace_make(f.net, &f.trace, &err) && audit_make(&f.trace, dir, &f.audit, &err), "%s: %s", name, err.text);
    return f;
}

static void close_fixture(Fixture *f)
{
    audit_free(&f->audit);
    trace_free(&f->trace);
    net_free(f->net);
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
        {"28*28*64*192", 9633792, 9633792, VERDICT_EXACT, 0, "exact"}, {"1", 0, 0, VERDICT_ROUNDING, 0, "rounding: 1 more"},
        {"12", 0, 0, VERDICT_DIFFERS, 0, "differs: the value is 0"}, {"0", 0, 0, VERDICT_EXACT, 0, "exact"},
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
    static const char *const bad[] = {"", "K", "abc", "1.2.3", "-5", "5X", "99999999999999999999", "5%K", "28*"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        CHECK(!audit_verdict(bad[i], &half, 1, &v, &err), "'%s' was taken for a number", bad[i]);
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
        {"out(conv1)=64x112x111", VERDICT_DIFFERS},
    };
    char text[512];
    Fixture f;
    for (size_t i = 0; i < sizeof want / sizeof want[0]; i++) {
        Err err = {""};
        snprintf(text, sizeof text, NETWORK, want[i].claim);
        CHECK(audit_text(text, &f, &err), "%s: %s", want[i].claim, err.text);
        CHECK(f.audit.count == 1 && f.audit.lines[0].verdict.kind == want[i].kind, "%s: %s", want[i].claim, f.audit.lines[0].verdict.text);
        CHECK(f.audit.kinds[want[i].kind] == 1, "%s", want[i].claim);
        close_fixture(&f);
    }
    /* The other side changes: another kernel, the same claim. */
    Err err = {""};
    CHECK(audit_text("network n\ninput 3x224x224\nconv conv1 5x5/2 64 pad=2\nclaim params=9408 source=x\n", &f, &err), "%s", err.text);
    CHECK(f.audit.lines[0].verdict.kind == VERDICT_DIFFERS, "5x5: %s", f.audit.lines[0].verdict.text);
    close_fixture(&f);
}

static void test_claims_that_cannot_be_judged(void **state)
{
    (void)state;
    static const struct { const char *claim, *message; } bad[] = {
        {"params=many", "is no number"}, {"weights(conv9)=1", "no layer 'conv9'"}, {"wieghts(conv1)=1", "did you mean 'weights'"},
        {"weights(conv1@nowhere)=1", "no network 'nowhere'"}, {"ops=1e9", "is no number"},
    };
    char text[512];
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        Fixture f;
        Err err = {""};
        snprintf(text, sizeof text, NETWORK, bad[i].claim);
        CHECK(!audit_text(text, &f, &err), "%s was judged", bad[i].claim);
        CHECK(strncmp(err.text, "my.net:4: claim ", 16) == 0 && strstr(err.text, bad[i].message) != NULL, "'%s'", err.text);
        close_fixture(&f);
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
    Fixture f = audit_network("googlenet");
    for (size_t i = 0; i < sizeof want / sizeof want[0]; i++) {
        const AuditLine *params = find_claim(&f.audit, want[i].row, "params", want[i].params, "paper"),
                        *ops = find_claim(&f.audit, want[i].row, "ops", want[i].ops, "paper");
        CHECK(params != NULL && params->verdict.kind == want[i].kind, "%s %s", want[i].row, want[i].params);
        CHECK(ops != NULL && ops->verdict.kind == want[i].ops_kind, "%s %s", want[i].row, want[i].ops);
        CHECK(params->has_counts && params->formula[0] != '\0', "%s", want[i].row);
        CHECK(want[i].kind != VERDICT_DIFFERS || strncmp(params->claim->note, "hypothesis: ", 12) == 0, "%s", want[i].row);
    }
    const AuditLine *biased = find_claim(&f.audit, "inception_3b", "params", "380K", "paper");
    CHECK(biased->with_biases && strcmp(biased->value, "388,736") == 0, "3b fits with its biases");
    const AuditLine *stem = find_claim(&f.audit, "conv1", "params", "2.7K", "paper");
    CHECK(strcmp(stem->formula, "64 x 3 x 7 x 7 = 9,408; / 1,024 = 9.19") == 0, "%s", stem->formula);
    close_fixture(&f);
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
        {"28x28x480", VERDICT_EXACT}, {"14x14x480", VERDICT_EXACT}, {"7x7x832", VERDICT_EXACT},
    };
    Fixture f = audit_network("googlenet");
    for (size_t i = 0; i < sizeof want / sizeof want[0]; i++) {
        const AuditLine *l = find_claim(&f.audit, NULL, NULL, want[i].printed, "tutorial");
        CHECK(l != NULL && l->verdict.kind == want[i].kind, "%s: %s", want[i].printed, l != NULL ? l->verdict.text : "no claim");
    }
    static const struct { const char *what, *printed; } counted[] = {
        {"depth", "22"}, {"depth_pools(total)", "27"}, {"convs(total)", "57"}, {"fcs(total)", "1"}, {"macs(total@cs231n_slide_total)", "358M"}};
    for (size_t i = 0; i < sizeof counted / sizeof counted[0]; i++) {
        const AuditLine *l = NULL;
        for (int j = 0; j < f.audit.count && l == NULL; j++)
            if (strcmp(f.audit.lines[j].claim->what, counted[i].what) == 0 && strcmp(f.audit.lines[j].claim->printed, counted[i].printed) == 0)
                l = &f.audit.lines[j];
        CHECK(l != NULL && l->verdict.kind <= VERDICT_K, "%s", counted[i].what);
    }
    close_fixture(&f);
}

/* The cells of Table 1 as transcribed, each of which must be a claim. */
static void test_every_cell_of_table_1_is_claimed(void **state)
{
    (void)state;
    const char *path = test_data("notes/paper_table1.tsv");
    FILE *file = path != NULL ? fopen(path, "r") : NULL;
    if (file == NULL)
        skip();
    Fixture f = audit_network("googlenet");
    char line[512];
    int cells = 0;
    while (fgets(line, sizeof line, file) != NULL) {
        char *rest = line, *cell[15] = {0};
        for (int i = 0; i < 15 && rest != NULL; i++)
            cell[i] = strsep(&rest, "\t");
        if (cell[14] == NULL || strcmp(cell[0], "type") == 0)
            continue;
        static const int columns[] = {2, 3, 10, 11}; /* output, depth, params, ops */
        for (int i = 0; i < 4; i++)
            if (cell[columns[i]][0] != '\0') {
                CHECK(find_claim(&f.audit, NULL, NULL, cell[columns[i]], "paper") != NULL, "%s: %s", cell[0], cell[columns[i]]);
                cells++;
            }
    }
    fclose(file);
    CHECK(cells >= 19 * 2 + 24 - 1, "%d cells", cells);
    close_fixture(&f);
}

static void test_all_networks_can_be_audited(void **state)
{
    (void)state;
    static const char *const names[] = {"lenet5", "alexnet", "zfnet", "vgg16", "vgg19", "googlenet", "bvlc_googlenet", "torchvision_googlenet",
                                        "inception_naive", "cs231n_naive", "cs231n_slide_rows", "cs231n_slide_total", "cs231n_3b", "tiny"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        Fixture f = audit_network(names[i]);
        CHECK(f.audit.count == f.net->claim_count, "%s", names[i]);
        close_fixture(&f);
    }
    Fixture rows = audit_network("cs231n_slide_rows");
    CHECK(rows.audit.kinds[VERDICT_EXACT] == 7 && rows.audit.kinds[VERDICT_DIFFERS] == 1, "the slide's rows are right, their total is not");
    close_fixture(&rows);
}

static const struct CMUnitTest table[] = {
    cmocka_unit_test(test_verdicts),
    cmocka_unit_test(test_a_changed_number_changes_the_verdict),
    cmocka_unit_test(test_claims_that_cannot_be_judged),
    cmocka_unit_test(test_table_1),
    cmocka_unit_test(test_tutorial),
    cmocka_unit_test(test_every_cell_of_table_1_is_claimed),
    cmocka_unit_test(test_all_networks_can_be_audited),
};

TEST_MAIN(table)
