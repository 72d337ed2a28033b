/* pickle.c - a stack machine for some thirty of pickle's opcodes (Python's Lib/pickletools.py describes them all). What a checkpoint
 * has beside tensors becomes an opaque value: nothing is run, and nothing is read from it. Harmless globals are in pickle_globals.c;
 * any other one makes the whole file refused, but only at the end, when the key of the weights is known for the remedy.
 *
 * Every opcode makes at most one value and takes at least one byte, so the file's size would limit the memory. But a file may be
 * compressed, and one opcode may copy a list. So the values and list items are counted. */
#include "engine/io/pickle.h"
#include "engine/base/array.h"
#include "engine/base/limits.h"
#include "engine/io/bits.h"
#include "engine/io/pickle_globals.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The state_dict of a GoogLeNet has a few thousand of each; a checkpoint with a log may have more. */
enum { ITEMS_MAX = 1 << 22 /* in all lists, and on the stack */ };

typedef struct Machine {
    Pickle *pickle;
    const unsigned char *bytes;
    size_t size, at;
    int *stack, depth, highest; /* highest: the largest depth so far; there is room for it */
    int *memo, memo_count;      /* value by memo index, -1 where unset */
    int memo_next;              /* for MEMOIZE */
    int items;                  /* in all lists */
    const char *name;
    Err *err;
    struct {
        const char *module, *name, *key; /* point into the pickle; module is NULL if nothing was refused */
        size_t module_length, name_length, key_length;
        bool whole;             /* it is the file itself, not an entry */
    } refused;                  /* the first global that is not in the table */
} Machine;

bool value_is_text(const Value *value, const char *text)
{
    return value->kind == VALUE_TEXT && value->length == strlen(text) && memcmp(value->text, text, value->length) == 0;
}

int pickle_lookup(const Pickle *pickle, int dict, const char *key)
{
    const Value *d = &pickle->values[dict];
    for (int i = 0; d->kind == VALUE_DICT && i < d->count; i += 2)
        if (value_is_text(&pickle->values[d->items[i]], key))
            return d->items[i + 1];
    return -1;
}

void pickle_free(Pickle *pickle)
{
    for (int i = 0; i < pickle->count; i++)
        free(pickle->values[i].items);
    free(pickle->values);
    *pickle = (Pickle){0};
}

static bool broken(Machine *m, const char *what)
{
    return err_set(m->err, "%s: broken pickle at byte %zu: %s", m->name, m->at, what);
}

static bool too_much(Machine *m)
{
    return err_set(m->err, "%s: describes more than %d values, far more than a state_dict; in Python save the weights alone, "
                           "torch.save(net.state_dict(), 'weights.pth')", m->name, LIMIT_PICKLE_VALUES);
}

/* Appends an int to a list that array_grow manages. */
static bool add(Machine *m, int **items, int *count, int item)
{
    int *grown = array_grow(*items, *count, sizeof *grown);
    if (grown == NULL)
        return broken(m, "not enough memory");
    *items = grown;
    grown[(*count)++] = item;
    return true;
}

static bool push(Machine *m, int value)
{
    if (m->depth == ITEMS_MAX)
        return too_much(m);
    if (m->depth == m->highest && !add(m, &m->stack, &m->highest, value))
        return false;
    m->stack[m->depth++] = value;
    return true;
}

/* Pushes a new value; NULL and a message if out of memory. The pointer is valid until the next call. */
static Value *make(Machine *m, ValueKind kind)
{
    Pickle *p = m->pickle;
    if (p->count == LIMIT_PICKLE_VALUES) {
        too_much(m);
        return NULL;
    }
    Value *grown = array_grow(p->values, p->count, sizeof *grown);
    if (grown == NULL) {
        broken(m, "not enough memory");
        return NULL;
    }
    p->values = grown;
    p->values[p->count] = (Value){.kind = kind, .storage = -1, .size = -1, .stride = -1};
    if (!push(m, p->count))
        return NULL;
    return &p->values[p->count++];
}

static Value *top(Machine *m, int below)
{
    return m->depth > below ? &m->pickle->values[m->stack[m->depth - 1 - below]] : NULL;
}

static bool append(Machine *m, Value *list, int item)
{
    if (m->items++ == ITEMS_MAX)
        return too_much(m);
    return add(m, &list->items, &list->count, item);
}

/* Index on the stack of the topmost mark, or -1. */
static int find_mark(const Machine *m)
{
    int i = m->depth - 1;
    while (i >= 0 && m->pickle->values[m->stack[i]].kind != VALUE_MARK)
        i--;
    return i;
}

/* Replaces the stack from `from` on by one list or dict of its values, without the first `skip` of them. */
static bool collect(Machine *m, ValueKind kind, int from, int skip)
{
    int end = m->depth;
    Value *list = make(m, kind);
    if (list == NULL)
        return false;
    int made = m->stack[--m->depth];
    for (int i = from + skip; i < end; i++)
        if (!append(m, list, m->stack[i]))
            return false;
    if (kind == VALUE_DICT && list->count % 2 != 0)
        return broken(m, "a key without a value");
    m->depth = from;
    return push(m, made);
}

/* SETITEM(S), APPEND(S): moves everything above `from` into the container below it. */
static bool extend(Machine *m, ValueKind kind, int from, int skip)
{
    if (from >= 1 && m->pickle->values[m->stack[from - 1]].kind == VALUE_OPAQUE) {
        m->depth = from; /* items of a subclass of list or dict */
        return true;
    }
    if (from < 1 || m->pickle->values[m->stack[from - 1]].kind != kind)
        return broken(m, "items without a container");
    Value *container = &m->pickle->values[m->stack[from - 1]];
    for (int i = from + skip; i < m->depth; i++)
        if (!append(m, container, m->stack[i]))
            return false;
    if (kind == VALUE_DICT && container->count % 2 != 0)
        return broken(m, "a key without a value");
    m->depth = from;
    return true;
}

static bool remember(Machine *m, uint64_t index)
{
    if (m->depth == 0 || index > m->size || index > LIMIT_PICKLE_VALUES) /* a valid pickle remembers at most as many values as it makes */
        return broken(m, m->depth == 0 ? "memo of nothing" : "a memo entry beyond all values");
    while ((uint64_t)m->memo_count <= index)
        if (!add(m, &m->memo, &m->memo_count, -1))
            return false;
    m->memo[index] = m->stack[m->depth - 1];
    return true;
}

static bool recall(Machine *m, uint64_t index)
{
    if (index >= (uint64_t)m->memo_count || m->memo[index] < 0)
        return broken(m, "memo entry that was never set");
    return push(m, m->memo[index]);
}

static bool take(Machine *m, size_t length, const unsigned char **out)
{
    *out = m->bytes + m->at;
    if (length > m->size - m->at)
        return broken(m, "the file ends early");
    m->at += length;
    return true;
}

static bool take_number(Machine *m, int bytes, uint64_t *out)
{
    const unsigned char *p;
    *out = 0;
    if (!take(m, (size_t)bytes, &p))
        return false;
    *out = load_le(p, bytes);
    return true;
}

static bool make_text(Machine *m, int length_bytes)
{
    uint64_t length;
    const unsigned char *text;
    if (!take_number(m, length_bytes, &length) || !take(m, length > m->size ? m->size : (size_t)length, &text))
        return false;
    Value *v = make(m, VALUE_TEXT);
    if (v == NULL)
        return false;
    v->text = (const char *)text;
    v->length = (size_t)length;
    return true;
}

static bool make_int(Machine *m, int64_t number)
{
    Value *v = make(m, VALUE_INT);
    if (v != NULL)
        v->integer = number;
    return v != NULL;
}

/* LONG1: little-endian two's complement. Of more than 8 bytes (only the legacy magic number has them) it keeps the low bits. */
static bool make_long(Machine *m)
{
    uint64_t length, number = 0;
    const unsigned char *p;
    if (!take_number(m, 1, &length) || !take(m, (size_t)length, &p))
        return false;
    int used = length < 8 ? (int)length : 8;
    if (used > 0) {
        number = load_le(p, used);
        if (used < 8 && (p[used - 1] & 0x80) != 0)
            number |= UINT64_MAX << 8 * used;
    }
    return make_int(m, (int64_t)number);
}

static int shown(size_t length, int most)
{
    return length < (size_t)most ? (int)length : most;
}

/* A dict of tensors under a text key, as in {'epoch': 3, 'state_dict': ...}. Returns the key, or NULL. */
static const Value *key_of_weights(const Machine *m)
{
    const Value *values = m->pickle->values, *best = NULL;
    int most = 1;
    for (int i = 0; i < m->pickle->count; i++)
        for (int k = 0; values[i].kind == VALUE_DICT && k + 1 < values[i].count; k += 2) {
            const Value *key = &values[values[i].items[k]], *dict = &values[values[i].items[k + 1]];
            if (key->kind == VALUE_TEXT && dict->kind == VALUE_DICT && dict->count > most && values[dict->items[1]].kind == VALUE_TENSOR) {
                best = key;
                most = dict->count;
            }
        }
    return best;
}

static bool is_quantised(const Machine *m)
{
    return m->refused.name_length == strlen("_rebuild_qtensor") && memcmp(m->refused.name, "_rebuild_qtensor", m->refused.name_length) == 0;
}

/* Refuses the file for the first global that is not in the table. At the bottom of the stack (or as the class in a legacy file's
 * persistent id) it is the whole file; in a dict it is one entry of a checkpoint. */
static bool refuse_global(Machine *m)
{
    char what[160], remedy[600];
    const Value *weights = m->refused.whole ? NULL : key_of_weights(m);
    if (is_quantised(m))
        return err_set(m->err, "%s: a quantised state_dict (Python's '%.*s.%.*s', under '%.*s'); save the state_dict of the float model, before "
                               "torch.quantization.convert", m->name, shown(m->refused.module_length, 80), m->refused.module,
                       shown(m->refused.name_length, 80), m->refused.name, shown(m->refused.key_length, 40), m->refused.key != NULL ? m->refused.key : "");
    if (m->refused.whole)
        snprintf(what, sizeof what, "a pickled whole model or object, not a state_dict");
    else if (m->refused.key != NULL)
        snprintf(what, sizeof what, "holds more than tensors, under '%.*s'", shown(m->refused.key_length, 40), m->refused.key);
    else
        snprintf(what, sizeof what, "holds more than tensors");
    if (weights != NULL)
        snprintf(remedy, sizeof remedy, "torch.save(torch.load('%.200s', weights_only=False)['%.*s'], 'weights.pth')", m->name,
                 shown(weights->length, 40), weights->text);
    else
        snprintf(remedy, sizeof remedy, "torch.save(net.state_dict(), 'weights.pth')");
    return err_set(m->err, "%s: %s (Python's '%.*s.%.*s'), which is code and is never run; save only the weights, in Python %s",
                   m->name, what, shown(m->refused.module_length, 80), m->refused.module, shown(m->refused.name_length, 80), m->refused.name, remedy);
}

/* Notes the first refused global, with the key below it on the stack. */
static void note_refused(Machine *m, const char *module, size_t module_length, const char *name, size_t name_length)
{
    const Value *key = top(m, 0);
    if (m->refused.module != NULL)
        return;
    m->refused.module = module;
    m->refused.module_length = module_length;
    m->refused.name = name;
    m->refused.name_length = name_length;
    m->refused.whole = m->depth == 0 || m->pickle->values[m->stack[0]].kind == VALUE_MARK;
    if (key != NULL && key->kind == VALUE_TEXT) {
        m->refused.key = key->text;
        m->refused.key_length = key->length;
    }
}

/* Finds the global in the table. */
static bool make_global(Machine *m, const char *module, size_t module_length, const char *name, size_t name_length)
{
    const int row = pickle_global_find(module, module_length, name, name_length);
    if (row < 0)
        note_refused(m, module, module_length, name, name_length);
    Value *v = make(m, row < 0 ? VALUE_OPAQUE : VALUE_GLOBAL);
    if (v != NULL)
        v->integer = row;
    return v != NULL;
}

/* GLOBAL: two lines, module and name. */
static bool read_global(Machine *m)
{
    const char *module = (const char *)m->bytes + m->at, *end = (const char *)m->bytes + m->size;
    const char *first = memchr(module, '\n', (size_t)(end - module));
    const char *second = first != NULL ? memchr(first + 1, '\n', (size_t)(end - first - 1)) : NULL;
    if (second == NULL)
        return broken(m, "the file ends early");
    m->at = (size_t)(second + 1 - (const char *)m->bytes);
    return make_global(m, module, (size_t)(first - module), first + 1, (size_t)(second - first - 1));
}

static bool stack_global(Machine *m)
{
    const Value *name = top(m, 0), *module = top(m, 1);
    if (module == NULL || name->kind != VALUE_TEXT || module->kind != VALUE_TEXT)
        return broken(m, "a global without a name");
    m->depth -= 2;
    return make_global(m, module->text, module->length, name->text, name->length);
}

static const Value *item(const Machine *m, const Value *list, int i, ValueKind kind)
{
    const Value *v = i < list->count ? &m->pickle->values[list->items[i]] : NULL;
    return v != NULL && v->kind == kind ? v : NULL;
}

/* OrderedDict(), or OrderedDict([[key, value], ...]) as Python 2 wrote it. */
static bool make_dict(Machine *m, int args)
{
    const Value *given = &m->pickle->values[args];
    int pairs = given->count > 0 ? given->items[0] : -1;
    if (make(m, VALUE_DICT) == NULL)
        return false;
    int dict = m->stack[m->depth - 1];
    for (int i = 0; pairs >= 0 && i < m->pickle->values[pairs].count; i++) {
        const Value *pair = item(m, &m->pickle->values[pairs], i, VALUE_LIST);
        if (pair == NULL || pair->count != 2)
            return broken(m, "an OrderedDict of something other than pairs");
        if (!append(m, &m->pickle->values[dict], pair->items[0]) ||
            !append(m, &m->pickle->values[dict], pair->items[1]))
            return false;
    }
    return true;
}

/* _rebuild_tensor_v2(storage, offset, size, stride, ...); _rebuild_tensor has the same first four. */
static bool make_tensor(Machine *m, int args)
{
    const Value *given = &m->pickle->values[args];
    const Value *offset = item(m, given, 1, VALUE_INT);
    if (item(m, given, 0, VALUE_STORAGE) == NULL || offset == NULL || item(m, given, 2, VALUE_LIST) == NULL ||
        item(m, given, 3, VALUE_LIST) == NULL)
        return broken(m, "a tensor without storage, size or stride");
    int storage = given->items[0], size = given->items[2], stride = given->items[3];
    int64_t start = offset->integer;
    Value *v = make(m, VALUE_TENSOR);
    if (v == NULL)
        return false;
    v->storage = storage;
    v->size = size;
    v->stride = stride;
    v->offset = start;
    return true;
}

/* An opaque value in place of the topmost ones. */
static bool replace(Machine *m, int count)
{
    if (m->depth < count)
        return broken(m, "a call of nothing");
    m->depth -= count;
    return make(m, VALUE_OPAQUE) != NULL;
}

static bool reduce(Machine *m)
{
    const Value *args = top(m, 0), *callable = top(m, 1);
    if (callable != NULL && callable->kind == VALUE_OPAQUE)
        return replace(m, 2);
    if (callable == NULL || callable->kind != VALUE_GLOBAL || args->kind != VALUE_LIST)
        return broken(m, "a call of nothing");
    int given = m->stack[m->depth - 1];
    Action action = pickle_global(callable->integer)->action;
    m->depth -= 2;
    switch (action) {
    case MAKE_DICT: return make_dict(m, given);
    case MAKE_TENSOR: return make_tensor(m, given);
    case MAKE_SIZE:
        return item(m, args, 0, VALUE_LIST) != NULL ? push(m, args->items[0]) : broken(m, "a size of nothing");
    case MAKE_PARAMETER:
        return item(m, args, 0, VALUE_TENSOR) != NULL ? push(m, args->items[0]) : broken(m, "a parameter of nothing");
    case MAKE_OPAQUE: return make(m, VALUE_OPAQUE) != NULL;
    case NAME_STORAGE: break;
    }
    return broken(m, "a storage is called");
}

/* The persistent id ("storage", type, key, place, element count, view): view is (key, offset, count) in old files. */
static bool make_storage(Machine *m)
{
    const Value *id = top(m, 0);
    if (id == NULL || id->kind != VALUE_LIST)
        return broken(m, "a storage without an id");
    const Value *word = item(m, id, 0, VALUE_TEXT), *type = item(m, id, 1, VALUE_GLOBAL),
                *key = item(m, id, 2, VALUE_TEXT);
    if (item(m, id, 1, VALUE_OPAQUE) != NULL)
        return replace(m, 1); /* of a refused class */
    const Value *count = item(m, id, 4, VALUE_INT), *view = item(m, id, 5, VALUE_LIST);
    if (word == NULL || !value_is_text(word, "storage") || type == NULL ||
        pickle_global(type->integer)->action != NAME_STORAGE || key == NULL || count == NULL || count->integer < 0)
        return broken(m, "an unknown kind of storage");
    const Value *offset = view != NULL ? item(m, view, 1, VALUE_INT) : NULL;
    Value made = {.kind = VALUE_STORAGE, .text = key->text, .length = key->length, .integer = count->integer,
                  .dtype = pickle_global(type->integer)->dtype, .element = pickle_global(type->integer)->element,
                  .offset = offset != NULL ? offset->integer : 0, .storage = -1, .size = -1, .stride = -1};
    m->depth--;
    Value *v = make(m, VALUE_STORAGE);
    if (v != NULL)
        *v = made;
    return v != NULL;
}

/* For opcodes that use a MARK: the position of the mark, or a message. */
static bool to_mark(Machine *m, int *mark)
{
    *mark = find_mark(m);
    return *mark >= 0 || broken(m, "no mark");
}

static bool step(Machine *m, unsigned char opcode)
{
    uint64_t number;
    const unsigned char *p;
    int mark;
    switch (opcode) {
    case 0x80: return take(m, 1, &p);                                           /* PROTO */
    case 0x95: return take(m, 8, &p);                                           /* FRAME */
    case '(': return make(m, VALUE_MARK) != NULL;                               /* MARK */
    case '0': return m->depth > 0 ? (m->depth--, true) : broken(m, "pop");      /* POP */
    case '1': return to_mark(m, &mark) && (m->depth = mark, true);              /* POP_MARK */
    case 'N': return make(m, VALUE_NONE) != NULL;                               /* NONE */
    case 0x88: return make_int(m, 1);                                           /* NEWTRUE */
    case 0x89: return make_int(m, 0);                                           /* NEWFALSE */
    case 'K': return take_number(m, 1, &number) && make_int(m, (int64_t)number); /* BININT1 */
    case 'M': return take_number(m, 2, &number) && make_int(m, (int64_t)number); /* BININT2 */
    case 'J': return take_number(m, 4, &number) && make_int(m, (int32_t)number); /* BININT */
    case 0x8a: return make_long(m);                                             /* LONG1 */
    case 'G': return take(m, 8, &p) && make(m, VALUE_FLOAT) != NULL;            /* BINFLOAT: skipped, we need none */
    case 'X': case 'T': case 'B': return make_text(m, 4);                       /* BINUNICODE, BINSTRING, BINBYTES */
    case 0x8c: case 'U': case 'C': return make_text(m, 1);                      /* the same with short lengths */
    case 0x8d: case 0x8e: case 0x96: return make_text(m, 8);                    /* and with long ones; BYTEARRAY8 */
    case ')': case ']': case 0x8f: return make(m, VALUE_LIST) != NULL;          /* EMPTY_TUPLE, EMPTY_LIST, EMPTY_SET */
    case '}': return make(m, VALUE_DICT) != NULL;                               /* EMPTY_DICT */
    case 't': case 'l': return to_mark(m, &mark) && collect(m, VALUE_LIST, mark, 1); /* TUPLE, LIST */
    case 'd': return to_mark(m, &mark) && collect(m, VALUE_DICT, mark, 1);      /* DICT */
    case 0x85: case 0x86: case 0x87:                                            /* TUPLE1, TUPLE2, TUPLE3 */
        return m->depth >= opcode - 0x84 ? collect(m, VALUE_LIST, m->depth - (opcode - 0x84), 0)
                                         : broken(m, "a tuple of nothing");
    case 'a': return m->depth >= 2 ? extend(m, VALUE_LIST, m->depth - 1, 0) : broken(m, "append");  /* APPEND */
    case 0x91: return to_mark(m, &mark) && collect(m, VALUE_LIST, mark, 1);     /* FROZENSET */
    case 'e': case 0x90: return to_mark(m, &mark) && extend(m, VALUE_LIST, mark, 1); /* APPENDS, ADDITEMS */
    case 's': return m->depth >= 3 ? extend(m, VALUE_DICT, m->depth - 2, 0) : broken(m, "setitem"); /* SETITEM */
    case 'u': return to_mark(m, &mark) && extend(m, VALUE_DICT, mark, 1);       /* SETITEMS */
    case 'q': return take_number(m, 1, &number) && remember(m, number);         /* BINPUT */
    case 'r': return take_number(m, 4, &number) && remember(m, number);         /* LONG_BINPUT */
    case 0x94: return remember(m, (uint64_t)m->memo_next++);                    /* MEMOIZE */
    case 'h': return take_number(m, 1, &number) && recall(m, number);           /* BINGET */
    case 'j': return take_number(m, 4, &number) && recall(m, number);           /* LONG_BINGET */
    case 'c': return read_global(m);                                            /* GLOBAL */
    case 0x93: return stack_global(m);                                          /* STACK_GLOBAL */
    case 'R': return reduce(m);                                                 /* REDUCE */
    case 'Q': return make_storage(m);                                           /* BINPERSID */
    case 0x81: return replace(m, 2);                                            /* NEWOBJ */
    case 0x92: return replace(m, 3);                                            /* NEWOBJ_EX */
    case 'b':
        return m->depth >= 2 ? (m->depth--, true) : broken(m, "build"); /* BUILD: a dict's _metadata, not needed */
    default:
        return broken(m,
                      "an opcode that no state_dict needs; save one with torch.save(net.state_dict(), 'weights.pth')");
    }
}

bool pickle_read(Pickle *pickle, const unsigned char *bytes, size_t size, const char *name, Err *err)
{
    *pickle = (Pickle){.root = -1};
    Machine m = {.pickle = pickle, .bytes = bytes, .size = size, .name = name, .err = err};
    bool good = true;
    while (good) {
        const unsigned char *opcode;
        good = take(&m, 1, &opcode);
        if (good && *opcode == '.')
            break;
        good = good && step(&m, *opcode);
    }
    if (good && m.depth == 0)
        good = broken(&m, "it describes nothing");
    if (good)
        pickle->root = m.stack[m.depth - 1];
    pickle->used = m.at;
    if (m.refused.module != NULL)
        good = refuse_global(&m); /* also if the rest could not be read */
    free(m.stack);
    free(m.memo);
    return good;
}
