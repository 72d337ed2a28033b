/* reason.c - writes verdicts on printed numbers and the reasons for them; see reason.h. Every sentence is built from what the
 * engine computed. */
#include "app/model/reason.h"

#include "app/model/numbers.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

typedef struct Words {
    Lang lang;
    char *out;
    size_t size;
} Words;

static void add(Words w, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void add(Words w, const char *format, ...)
{
    const size_t used = strlen(w.out);
    va_list args;
    va_start(args, format);
    vsnprintf(w.out + used, w.size - used, format, args);
    va_end(args);
}

/* A sentence on a line of its own. */
static void add_line(Words w, const char *text)
{
    if (text[0] != '\0')
        add(w, "%s%s", w.out[0] != '\0' ? "\n" : "", text);
}

/* -------------------------------------------------------------------- names */

const char *reason_source(Lang lang, const char *source)
{
    static const struct { const char *source; Str name; } names[] = {
        {"paper", STR_SOURCE_PAPER}, {"tutorial", STR_SOURCE_TUTORIAL}, {"cs231n", STR_SOURCE_CS231N}, {"textbooks", STR_SOURCE_TEXTBOOKS}};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(source, names[i].source) == 0)
            return str(lang, names[i].name);
    return source;
}

static void column_name(Lang lang, int number, char *out, size_t size)
{
    switch (number) {
    case NUMBER_INPUT: snprintf(out, size, "%s", str(lang, STR_WHAT_INPUT)); break;
    case NUMBER_3X3_REDUCE: snprintf(out, size, str(lang, STR_WHAT_REDUCE), "3x3"); break;
    case NUMBER_5X5_REDUCE: snprintf(out, size, str(lang, STR_WHAT_REDUCE), "5x5"); break;
    case NUMBER_POOL_PROJ: snprintf(out, size, "%s", str(lang, STR_WHAT_PROJECTION)); break;
    default: snprintf(out, size, "#%s", number_name(number)); break;
    }
}

void reason_what(Lang lang, const char *what, char *out, size_t size)
{
    static const struct { const char *what; Str name; } names[] = {{"params", STR_WHAT_PARAMS}, {"ops", STR_WHAT_OPS},     {"output", STR_WHAT_OUTPUT},
                                                                   {"depth", STR_WHAT_DEPTH},   {"patch", STR_WHAT_PATCH}, {"measured", STR_WHAT_MEASURED}};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(what, names[i].what) == 0) {
            snprintf(out, size, "%s", str(lang, names[i].name));
            return;
        }
    for (int i = NUMBER_1X1; i < NUMBER_COUNT; i++)
        if (strcmp(what, number_name(i)) == 0) {
            column_name(lang, i, out, size);
            return;
        }
    snprintf(out, size, "%s", what);
}

/* -------------------------------------------------------------------- verdicts */

static void verdict_words(Lang lang, const Verdict *v, char *out, size_t size)
{
    char slack[32];
    snprintf(slack, sizeof slack, "%s%s%s", v->slack, v->unit[0] != '\0' ? " " : "", v->unit);
    switch (v->kind) {
    case VERDICT_EXACT: snprintf(out, size, "%s", str(lang, STR_VERDICT_EXACT)); break;
    case VERDICT_KI:
    case VERDICT_K: snprintf(out, size, str(lang, STR_VERDICT_AGREES), v->unit); break;
    case VERDICT_ROUNDING:
        snprintf(out, size, str(lang, v->side == 0 ? STR_VERDICT_WITHIN : v->side < 0 ? STR_VERDICT_LESS : STR_VERDICT_MORE), slack);
        break;
    case VERDICT_CHANGED: snprintf(out, size, "%s", str(lang, STR_VERDICT_CHANGED)); break;
    case VERDICT_MEASURED: snprintf(out, size, "%s", str(lang, STR_VERDICT_MEASURED)); break;
    default:
        if (v->zero)
            snprintf(out, size, "%s", str(lang, STR_VERDICT_ZERO));
        else if (isnan(v->off))
            snprintf(out, size, "%s", str(lang, STR_DIFFERS));
        else if (v->unit[0] != '\0')
            snprintf(out, size, str(lang, STR_VERDICT_OFF_IN), v->off, v->unit);
        else
            snprintf(out, size, str(lang, STR_VERDICT_OFF), v->off);
        break;
    }
}

static void verdict_with_biases(Lang lang, const Verdict *v, bool with_biases, const char *what, char *out, size_t size)
{
    char words[128];
    verdict_words(lang, v, words, sizeof words);
    snprintf(out, size, with_biases ? str(lang, strcmp(what, "ops") == 0 ? STR_WITH_BIAS_ADDS : STR_WITH_BIASES) : "%s", words);
}

void reason_verdict(Lang lang, const AuditLine *line, char *out, size_t size)
{
    verdict_with_biases(lang, &line->verdict, line->with_biases, line->claim->what, out, size);
}

void reason_short(Lang lang, const Audit *audit, const AuditLine *line, char *out, size_t size)
{
    const Verdict *v = &line->verdict;
    const Net *described = audit->judged.net;
    char words[128], input[NUM_MAX];
    verdict_words(lang, v, words, sizeof words);
    if (v->kind == VERDICT_DIFFERS && isnan(v->off))
        snprintf(words, sizeof words, "%s", str(lang, STR_DIFFERS));
    else if (v->kind == VERDICT_DIFFERS)
        snprintf(words, sizeof words, str(lang, STR_SHORT_OFF), v->off);
    if (v->kind == VERDICT_ROUNDING) {
        char by[48];
        snprintf(by, sizeof by, "%s%s%s%s", v->side < 0 ? "-" : v->side > 0 ? "+" : "", v->slack, v->unit[0] != '\0' ? " " : "", v->unit);
        snprintf(words, sizeof words, str(lang, STR_SHORT_ROUNDING), by);
    }
    if (!line->elsewhere || v->kind == VERDICT_CHANGED) {
        snprintf(out, size, "%s", words);
        return;
    }
    const char *agrees = v->unit[0] != '\0' && verdict_agrees(v->kind) ? v->unit : words;
    if (net_scores(audit->net, 0) != net_scores(described, 0))
        snprintf(out, size, str(lang, STR_SHORT_AT_CLASSES), agrees, net_scores(described, 0));
    else
        snprintf(out, size, str(lang, STR_SHORT_AT_INPUT), agrees, num_shape(input, described->input));
}

/* -------------------------------------------------------------------- hypotheses */

/* The separator between item i of `count` and the one before it. */
static void separate(Words w, int i, int count)
{
    if (i > 0)
        add(w, "%s", str(w.lang, i + 1 == count ? STR_LIST_AND : STR_LIST_COMMA));
}

static void premise(Words w, const Tried *t, const Net *net)
{
    const Hypothesis *h = t->hypothesis;
    int count = 0;
    if (h->as[0] != '\0') {
        add(w, str(w.lang, STR_PREMISE_AS), h->as);
        return;
    }
    for (int i = 0; i < NUMBER_COUNT; i++)
        if (t->numbers[i] != hypothesis_now(net, h, i)) {
            char name[64];
            column_name(w.lang, i, name, sizeof name);
            if (count++ > 0)
                add(w, "%s", str(w.lang, STR_LIST_COMMA));
            add(w, str(w.lang, STR_PREMISE_NUMBER), name, t->numbers[i], hypothesis_now(net, h, i));
        }
}

/* Lists the cells that the altered row now matches (or no longer, or still does not). */
static void cells(Words w, const Tried *t, bool given)
{
    int all = 0, n = 0;
    for (int pass = 0; pass < 2; pass++)
        for (int i = 0; i < t->cell_count; i++) {
            const TriedCell *c = &t->cells[i];
            const bool after = verdict_agrees(c->verdict.kind), count = c->line->has_counts;
            char what[64], verdict[160];
            if (c->premise || after != given || (given && c->agreed))
                continue;
            if (pass == 0) {
                all++;
                continue;
            }
            separate(w, n++, all);
            reason_what(w.lang, c->line->claim->what, what, sizeof what);
            verdict_with_biases(w.lang, &c->verdict, c->with_biases, c->line->claim->what, verdict, sizeof verdict);
            if (count)
                add(w, str(w.lang, STR_CELL_COUNT), what, c->value, verdict);
            else if (given)
                add(w, str(w.lang, STR_CELL_GIVEN), what, c->value);
            else
                add(w, str(w.lang, STR_CELL_LOST), what, c->value, c->line->printed);
        }
}

/* "input channels 926 to 929, #3x3 reduce 175": neighbours are joined. */
static void single_examples(Words w, const Tried *t, const Net *net)
{
    int last[2] = {-1, 0}, from = 0; /* number and value of the previous setting */
    bool any = false;
    for (int i = 0; i <= t->example_count; i++) {
        int number = -1;
        for (int k = 0; i < t->example_count && k < NUMBER_COUNT; k++)
            if (t->examples[i][k] != hypothesis_now(net, t->hypothesis, k))
                number = k;
        const int value = number >= 0 ? t->examples[i][number] : 0;
        if (number >= 0 && number == last[0] && value == last[1] + t->hypothesis->one.step) {
            last[1] = value;
            continue;
        }
        if (last[0] >= 0) {
            char name[64];
            column_name(w.lang, last[0], name, sizeof name);
            add(w, "%s", any ? str(w.lang, STR_LIST_COMMA) : "");
            if (last[1] > from)
                add(w, str(w.lang, STR_SEARCH_RANGE), name, from, last[1]);
            else
                add(w, str(w.lang, STR_SEARCH_NUMBER), name, from);
            any = true;
        }
        last[0] = number;
        last[1] = from = value;
    }
}

/* "(#3x3 reduce 32, #5x5 reduce 128, pool proj 80)": the first three sets. */
static void set_examples(Words w, const Tried *t)
{
    for (int i = 0; i < t->example_count && i < 3; i++) {
        bool any = false;
        add(w, "%s(", i > 0 ? ", " : "");
        for (int k = 0; k < NUMBER_COUNT; k++)
            if (t->hypothesis->numbers[k].step > 0) {
                char name[64];
                column_name(w.lang, k, name, sizeof name);
                add(w, "%s", any ? ", " : "");
                add(w, str(w.lang, STR_SEARCH_NUMBER), name, t->examples[i][k]);
                any = true;
            }
        add(w, ")");
    }
}

static void search_space(Words w, const Hypothesis *h)
{
    bool any = false;
    if (h->one.step > 0) {
        add(w, str(w.lang, STR_SEARCH_ONE), h->one.from, h->one.to);
        return;
    }
    for (int k = 0; k < NUMBER_COUNT; k++) {
        const NumberRange *r = &h->numbers[k];
        char name[64];
        if (r->step == 0)
            continue;
        column_name(w.lang, k, name, sizeof name);
        add(w, "%s", any ? str(w.lang, STR_LIST_COMMA) : "");
        if (r->step > 1)
            add(w, str(w.lang, STR_SEARCH_STEPS), name, r->from, r->to, r->step);
        else if (r->to > r->from)
            add(w, str(w.lang, STR_SEARCH_RANGE), name, r->from, r->to);
        else
            add(w, str(w.lang, STR_SEARCH_NUMBER), name, r->from);
        any = true;
    }
}

/* "params 1072K and ops 54M": what the search looked for. */
static void looked_for(Words w, const Audit *audit, const Hypothesis *h)
{
    int all = 0, n = 0;
    for (int pass = 0; pass < 2; pass++)
        for (int i = 0; i < audit->count; i++) {
            const AuditLine *l = &audit->lines[i];
            char what[64];
            if (l->claim->row != h->row || strcmp(l->claim->source, h->source) != 0 || !l->has_counts)
                continue;
            if (pass == 0) {
                all++;
                continue;
            }
            separate(w, n++, all);
            reason_what(w.lang, l->claim->what, what, sizeof what);
            add(w, str(w.lang, STR_CELL_GIVEN), what, l->printed);
        }
}

static void searched(Words w, const Audit *audit, const Tried *t)
{
    char space[256] = "", sought[160] = "", sentence[640], examples[512] = "", tried[NUM_MAX], fits[NUM_MAX], gives[NUM_MAX];
    const Words in[] = {{w.lang, space, sizeof space}, {w.lang, sought, sizeof sought}, {w.lang, examples, sizeof examples}};
    search_space(in[0], t->hypothesis);
    looked_for(in[1], audit, t->hypothesis);
    num_count(tried, t->settings);
    if (t->fits == 0) {
        add(w, str(w.lang, STR_SEARCH_NONE), space, tried, sought);
        return;
    }
    num_count(fits, t->fits);
    if (t->gives == 0)
        snprintf(sentence, sizeof sentence, str(w.lang, STR_SEARCH_FITS), space, tried, fits, sought);
    else
        snprintf(sentence, sizeof sentence, str(w.lang, STR_SEARCH_FOUND), space, tried, fits, sought, num_count(gives, t->gives));
    const int64_t shown = t->gives > 0 ? t->gives : t->fits;
    if (t->hypothesis->one.step > 0)
        single_examples(in[2], t, audit->judged.net);
    else
        set_examples(in[2], t);
    const bool whole = shown <= (t->hypothesis->one.step > 0 ? TRIED_EXAMPLES_MAX : 3);
    add(w, str(w.lang, whole ? STR_LIST_COLON : STR_SEARCH_SUCH), sentence, examples);
}

void reason_tried(Lang lang, const Audit *audit, const Tried *t, char *out, size_t size)
{
    char with[256] = "", given[512] = "", not_given[512] = "";
    out[0] = '\0';
    const Words w = {lang, out, size}, parts[] = {{lang, with, sizeof with}, {lang, given, sizeof given}, {lang, not_given, sizeof not_given}};
    if (t->search)
        searched(w, audit, t);
    if (t->search || t->same)
        return;
    premise(parts[0], t, audit->judged.net);
    cells(parts[1], t, true);
    cells(parts[2], t, false);
    if (tried_gives_all(t))
        add(w, str(lang, STR_TRIED_ALL), with, given);
    else if (t->gained > 0)
        add(w, str(lang, STR_TRIED_PARTLY), with, given, not_given);
    else
        add(w, str(lang, STR_TRIED_NOTHING), with, not_given);
}

/* -------------------------------------------------------------------- all of it */

static void describe_here(Words w, const Audit *audit, const AuditLine *line)
{
    const Net *net = audit->net, *described = audit->judged.net;
    const char *here = line->here[0] != '\0' ? line->here : str(w.lang, STR_REASON_NOTHING);
    const int ours = net_scores(net, 0), theirs = net_scores(described, 0);
    const bool classes = ours != theirs;
    const bool input = memcmp(&net->input, &described->input, sizeof net->input) != 0;
    char text[320], a[NUM_MAX], b[NUM_MAX];
    if (!line->elsewhere)
        return;
    if (line->verdict.kind == VERDICT_CHANGED)
        snprintf(text, sizeof text, str(w.lang, STR_REASON_CHANGED), line->value, here);
    else if (classes && !input)
        snprintf(text, sizeof text, str(w.lang, STR_REASON_CLASSES), theirs, line->value, ours, here);
    else if (input && !classes)
        snprintf(text, sizeof text, str(w.lang, STR_REASON_INPUT), num_shape(a, described->input), line->value, num_shape(b, net->input), here);
    else
        snprintf(text, sizeof text, str(w.lang, STR_REASON_DESCRIBED), line->value, here);
    add_line(w, text);
}

static void remark(Words w, const Audit *audit, const char *en, const char *zh)
{
    char note[1024], text[1100];
    audit_note(audit, w.lang == LANG_ZH && zh[0] != '\0' ? zh : en, note, sizeof note, NULL);
    if (note[0] == '\0')
        return;
    snprintf(text, sizeof text, str(w.lang, STR_REASON_NOTE), note);
    add_line(w, text);
}

void reason_text(Lang lang, const Audit *audit, const AuditLine *line, bool tried, char *out, size_t size)
{
    const Words w = {lang, out, size};
    char text[1400], own[384], verdict[128];
    out[0] = '\0';
    describe_here(w, audit, line);
    if (strcmp(line->claim->printed, "sum") == 0) {
        snprintf(text, sizeof text, str(lang, STR_REASON_SUM), reason_source(lang, line->claim->source));
        add_line(w, text);
    }
    if (line->verdict.kind == VERDICT_MEASURED)
        add_line(w, str(lang, STR_REASON_MEASURED));
    audit_own(audit, line, own, sizeof own);
    if (own[0] != '\0') {
        snprintf(text, sizeof text, str(lang, STR_REASON_OWN), own);
        add_line(w, text);
    }
    if (line->pair.step != 0) {
        verdict_words(lang, &line->pair.verdict, verdict, sizeof verdict);
        snprintf(text, sizeof text, str(lang, STR_REASON_PAIR), line->pair.params, line->pair.h, line->pair.w, line->pair.product, line->pair.step, verdict);
        add_line(w, text);
    }
    const bool disagrees = !verdict_agrees(line->verdict.kind);
    for (int i = tried && disagrees ? audit_hypothesis(audit, line, 0) : -1; i >= 0; i = audit_hypothesis(audit, line, i + 1)) {
        const Tried *t = &audit->tried[i];
        reason_tried(lang, audit, t, text, sizeof text);
        if (text[0] == '\0')
            continue;
        add_line(w, text);
        remark(w, audit, t->hypothesis->note, t->hypothesis->note_zh);
    }
    remark(w, audit, line->claim->note, line->claim->note_zh);
}

/* -------------------------------------------------------------------- sums */

static void add_kind(Words w, const Audit *audit, const char *source, VerdictKind kind, const char *unit, int *kinds)
{
    static const Str names[VERDICT_COUNT] = {[VERDICT_EXACT] = STR_VERDICT_EXACT,     [VERDICT_KI] = STR_VERDICT_AGREES,   [VERDICT_K] = STR_VERDICT_AGREES,
                                             [VERDICT_ROUNDING] = STR_ROUNDING,       [VERDICT_DIFFERS] = STR_DIFFERS,     [VERDICT_CHANGED] = STR_VERDICT_CHANGED,
                                             [VERDICT_MEASURED] = STR_VERDICT_MEASURED};
    int count = 0;
    char name[64];
    for (int i = 0; i < audit->count; i++) {
        const AuditLine *l = &audit->lines[i];
        count += l->verdict.kind == kind && (unit == NULL || strcmp(l->verdict.unit, unit) == 0) &&
                 (source == NULL || strcmp(l->claim->source, source) == 0);
    }
    if (count == 0)
        return;
    snprintf(name, sizeof name, str(w.lang, names[kind]), unit);
    add(w, "%s", (*kinds)++ > 0 ? str(w.lang, STR_LIST_COMMA) : "");
    add(w, str(w.lang, STR_KINDS), count, name);
}

void reason_sum(Lang lang, const Audit *audit, const char *source, char *out, size_t size)
{
    static const char *const units[2][3] = {{"Ki", "Mi", "Gi"}, {"K", "M", "G"}};
    const Words w = {lang, out, size};
    int kinds = 0;
    out[0] = '\0';
    for (int kind = 0; kind < VERDICT_COUNT; kind++)
        if (kind != VERDICT_KI && kind != VERDICT_K)
            add_kind(w, audit, source, (VerdictKind)kind, NULL, &kinds);
        else
            for (int i = 0; i < 3; i++)
                add_kind(w, audit, source, (VerdictKind)kind, units[kind == VERDICT_K][i], &kinds);
}
