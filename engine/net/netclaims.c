/* netclaims.c - reads the claim and hypothesis lines of a .net or .claims file. */
#include "engine/net/netreader_private.h"

#include "engine/base/array.h"
#include "engine/net/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The options of a claim line, which apply to all of its claims. */
typedef struct ClaimWords {
    const char *source, *note, *note_zh, *own, *unit;
} ClaimWords;

static bool add_claim(NetReader *r, const char *word, const ClaimWords *words, int line, Err *reason)
{
    static const char *const plain[] = {"params", "ops", "output", "depth", "patch", "1x1", "3x3_reduce", "3x3", "5x5_reduce", "5x5", "pool_proj",
                                        "measured"};
    Net *net = r->net;
    const char *equals = strchr(word, '=');
    if (equals == NULL || equals == word || equals[1] == '\0')
        return err_set(reason, "'%.80s' is not a claim", word);
    Claim new = {.row = r->claim_row, .line = line, .shared = r->shared}, *claim = &new;
    const char *const texts[] = {equals + 1, words->source, words->note, words->note_zh, words->own};
    char *const places[] = {claim->printed, claim->source, claim->note, claim->note_zh, claim->own};
    const size_t sizes[] = {sizeof claim->printed, sizeof claim->source, sizeof claim->note, sizeof claim->note_zh, sizeof claim->own};
    bool fits = (size_t)(equals - word) < sizeof claim->what;
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        fits = fits && (texts[i] == NULL || strlen(texts[i]) < sizes[i]);
        snprintf(places[i], sizes[i], "%s", texts[i] != NULL ? texts[i] : "");
    }
    if (!fits)
        return err_set(reason, "a claim is too long: at most %d letters for what, %d for what was printed, %d for the source, %d for the note, %d for own",
                       (int)sizeof claim->what - 1, (int)sizeof claim->printed - 1, (int)sizeof claim->source - 1,
                       (int)sizeof claim->note - 1, (int)sizeof claim->own - 1);
    if (words->unit != NULL && strcmp(words->unit, "K") != 0 && strcmp(words->unit, "Ki") != 0)
        return err_set(reason, "unit=%.40s; expected K for steps of 1000 or Ki for steps of 1024", words->unit);
    memcpy(claim->what, word, (size_t)(equals - word));
    claim->unit = words->unit == NULL ? 0 : words->unit[1] == 'i' ? 1024 : 1000;
    bool known = strchr(claim->what, '(') != NULL;
    for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++)
        known = known || strcmp(claim->what, plain[i]) == 0;
    if (!known)
        return err_set(reason, "'%s' cannot be claimed; expected params, ops, output, depth, patch, a column such as 3x3_reduce, measured, or an "
                       "expression as in weights(3a)", claim->what);
    if (r->claim_row == CLAIM_LEFT_OUT)
        return true;
    Claim *claims = array_grow(net->claims, net->claim_count, sizeof *claims);
    if (claims == NULL)
        return err_set(reason, "not enough memory for the claim");
    net->claims = claims;
    net->claims[net->claim_count++] = new;
    return true;
}

/* `claim ROW ...`: claims that are listed below the table. */
static bool name_claim_row(NetReader *r, const char *name, Err *reason)
{
    const Net *net = r->net;
    const char *words[256];
    int count = 0;
    if (strcmp(name, "network") == 0) {
        r->claim_row = CLAIM_NETWORK;
        return true;
    }
    for (int i = 0; i < net->row_count; i++) {
        if (strcmp(net->rows[i].name, name) == 0) {
            r->claim_row = i;
            return true;
        }
        if (count < 256)
            words[count++] = net->rows[i].name;
    }
    if (build_left_out(&r->build, name)) {
        r->claim_row = CLAIM_LEFT_OUT;
        return true;
    }
    const char *nearest = word_nearest(name, words, count);
    return err_set(reason, "a claim without a row: there is no row '%.80s' above it%s%s%s", name, nearest != NULL ? "; did you mean '" : "",
                   nearest != NULL ? nearest : "", nearest != NULL ? "'?" : "");
}

bool netread_claim(NetReader *r, NetLine *line, Err *reason)
{
    const ClaimWords words = {line_option(line, "source"), line_option(line, "note"), line_option(line, "note-zh"), line_option(line, "own"),
                              line_option(line, "unit")};
    const char *row = line_word(line);
    if (row != NULL && !name_claim_row(r, row, reason))
        return false;
    if (line->count == line->next)
        return err_set(reason, "nothing is claimed");
    if (r->claim_row == CLAIM_NOWHERE)
        return err_set(reason, "a claim without a row; write it below the row that it is about, or below the network line");
    if (words.source == NULL)
        return err_set(reason, "source is missing: who printed this?");
    for (int i = line->next; i < line->count; i++)
        if (!add_claim(r, line->words[i], &words, line->number, reason))
            return false;
    line->count = line->next;
    return true;
}

bool netread_hypothesis(NetReader *r, NetLine *line, Err *reason)
{
    const char *row = line_word(line);
    if (row == NULL)
        return err_set(reason, "the row is missing");
    if (!name_claim_row(r, row, reason))
        return false;
    if (r->claim_row == CLAIM_LEFT_OUT) {
        line->count = line->next;
        return true;
    }
    if (r->claim_row <= 0 || r->claim_row >= r->spec_count)
        return err_set(reason, "a hypothesis is about a row of the table, not '%.40s'", row);
    return hypothesis_read(r->net, r->claim_row, &r->specs[r->claim_row], r->shared, line, netread_row, reason);
}

void netread_forget(Net *net)
{
    int kept = 0;
    for (int i = 0; i < net->claim_count; i++)
        if (net->claims[i].row < net->row_count)
            net->claims[kept++] = net->claims[i];
    net->claim_count = kept;
    kept = 0;
    for (int i = 0; i < net->hypothesis_count; i++)
        if (net->hypotheses[i].row < net->row_count)
            net->hypotheses[kept++] = net->hypotheses[i];
    net->hypothesis_count = kept;
}

/* Searches the description's folder, then the program's: a user may copy a description to another folder and change it there. */
static bool find_claims(const NetReader *r, const char *name, char *out, size_t size)
{
    const char *source = r->net->source, *slash = strrchr(source, '/');
    char path[4096];
    bool fits = (size_t)snprintf(path, sizeof path, "%.*s%s.claims", slash != NULL ? (int)(slash + 1 - source) : 0, source, name) < sizeof path;
    if (fits && access(path, R_OK) != 0 && r->options.claims_dir != NULL) {
        char other[4096];
        if ((size_t)snprintf(other, sizeof other, "%s/%s.claims", r->options.claims_dir, name) < sizeof other && access(other, R_OK) == 0)
            memcpy(path, other, sizeof path);
    }
    return fits && (size_t)snprintf(out, size, "%s", path) < size;
}

bool netread_claims(NetReader *r, NetLine *line, Err *reason)
{
    char name[NET_NAME_MAX];
    Net *net = r->net;
    size_t length;
    int last;
    if (!line_name(line_word(line), "the file's name", name, reason))
        return false;
    if (net->claims_source[0] != '\0')
        return err_set(reason, r->shared ? "shared claims cannot name another file" : "there is already a claims line");
    if (!find_claims(r, name, net->claims_source, sizeof net->claims_source))
        return err_set(reason, "the path of '%s' is too long", name);
    char *text = net_text(net->claims_source, &length, reason);
    r->shared = true;
    r->claim_row = CLAIM_NOWHERE;
    bool good = text != NULL && netread_lines(r, text, length, net->claims_source, &last, reason);
    r->shared = false;
    r->claim_row = CLAIM_NOWHERE;
    free(text);
    return good;
}
