/* test_no_memory.c - allocations that fail. Each case is done again and again; in round n the program's own allocation number n fails, alone or with
 * all that follow. The case must then end without a crash, give an error with a message or its whole result, and leave nothing allocated.
 *
 * The linker leads the program's calls of malloc and its kind here (see the Makefile); those inside of libraries are left alone, since fontconfig
 * does not bear it. A normal run tries some rounds of each case, INCEPTOSCOPE_WHOLE=1 up to 2,000, both ways. */
#include "engine/io/image.h"
#include "engine/io/weights.h"
#include "engine/net/audit.h"
#include "engine/net/backward.h"
#include "engine/net/circuit.h"
#include "engine/net/path.h"
#include "engine/net/share.h"
#include "app/model/lesson.h"
#include "tests/program.h"

#include <pthread.h>
#include <unistd.h>

enum { HELD = 1 << 18, ROUNDS = 40, WINDOW_ROUNDS = 8, WHOLE_ROUNDS = 2000 };

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void *__real_aligned_alloc(size_t alignment, size_t size);
void __real_free(void *memory);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);
void *__wrap_aligned_alloc(size_t alignment, size_t size);
char *__wrap_strdup(const char *text);
char *__wrap_strndup(const char *text, size_t most);
void __wrap_free(void *memory);

/* The wrapped functions have no other way to it. */
static struct {
    pthread_mutex_t lock;
    bool on, onwards;           /* on: allocations are counted; onwards: all from `fails` on fail */
    long made, fails;           /* allocations so far; the first that fails, 0 for none */
    void *held[HELD];           /* open addressing; what the program allocated and has not freed */
    long held_count;
} book = {.lock = PTHREAD_MUTEX_INITIALIZER};

static size_t place(const void *memory)
{
    size_t at = (size_t)((uintptr_t)memory / 16 * UINT64_C(0x9e3779b97f4a7c15) >> 40) % HELD;
    while (book.held[at] != NULL && book.held[at] != memory)
        at = (at + 1) % HELD;
    return at;
}

static void *hold(void *memory)
{
    if (memory == NULL)
        return NULL;
    pthread_mutex_lock(&book.lock);
    if (book.on) {
        assert(book.held_count < HELD / 2);
        book.held[place(memory)] = memory;
        book.held_count++;
    }
    pthread_mutex_unlock(&book.lock);
    return memory;
}

static void let_go(const void *memory)
{
    pthread_mutex_lock(&book.lock);
    size_t at = place(memory);
    if (memory != NULL && book.held[at] == memory) {
        book.held_count--;
        book.held[at] = NULL;
        for (at = (at + 1) % HELD; book.held[at] != NULL; at = (at + 1) % HELD) { /* those behind it move up */
            void *other = book.held[at];
            book.held[at] = NULL;
            book.held[place(other)] = other;
        }
    }
    pthread_mutex_unlock(&book.lock);
}

static bool denied(void)
{
    pthread_mutex_lock(&book.lock);
    const bool fails = book.on && ++book.made >= book.fails && book.fails > 0 && (book.made == book.fails || book.onwards);
    pthread_mutex_unlock(&book.lock);
    return fails;
}

void *__wrap_malloc(size_t size)
{
    return denied() ? NULL : hold(__real_malloc(size));
}

void *__wrap_calloc(size_t count, size_t size)
{
    return denied() ? NULL : hold(__real_calloc(count, size));
}

void *__wrap_realloc(void *old, size_t size)
{
    if (denied())
        return NULL;
    let_go(old);
    return hold(__real_realloc(old, size));
}

void *__wrap_aligned_alloc(size_t alignment, size_t size)
{
    return denied() ? NULL : hold(__real_aligned_alloc(alignment, size));
}

char *__wrap_strndup(const char *text, size_t most)
{
    const size_t length = strnlen(text, most);
    char *copy = __wrap_malloc(length + 1);
    if (copy != NULL) {
        memcpy(copy, text, length);
        copy[length] = '\0';
    }
    return copy;
}

char *__wrap_strdup(const char *text)
{
    return __wrap_strndup(text, SIZE_MAX);
}

void __wrap_free(void *memory)
{
    let_go(memory);
    __real_free(memory);
}

/* ---- the cases: each true with its whole result, or false with a message; everything is freed again ---- */

typedef bool Case(Err *err);

static bool open_network(const char *name, Err *err)
{
    const NetOptions none = {.classes = 0};
    Net *net = net_open(name, "assets/networks", &none, err);
    Trace trace;
    Audit audit;
    bool good = net != NULL && trace_make(net, &trace, err);
    if (good) {
        good = audit_make(&trace, "assets/networks", &audit, err);
        if (good)
            audit_free(&audit);
        trace_free(&trace);
    }
    net_free(net);
    return good;
}

static bool case_network(Err *err)
{
    return open_network("tiny", err);
}

static bool case_googlenet(Err *err)
{
    return open_network("googlenet", err);
}

static bool load(const char *path, Err *err)
{
    Net *net;
    float *weights;
    WeightsInfo info;
    if (!weights_load(path, "tiny", "assets/networks", &net, &weights, &info, err))
        return false;
    weights_info_free(&info);
    free(weights);
    net_free(net);
    return true;
}

static char saved[4][64]; /* tiny.net's weights in each format, made before the first round */

static bool case_safetensors(Err *err) { return load(saved[0], err); }
static bool case_pth(Err *err) { return load(saved[1], err); }
static bool case_npz(Err *err) { return load(saved[2], err); }

static bool case_save(Err *err)
{
    const NetOptions none = {.classes = 0};
    Net *net = net_open("tiny", "assets/networks", &none, err);
    const bool good = net != NULL && weights_save(saved[3], net, net->given_weights, DTYPE_F32, NULL, err) &&
                      weights_save_pth(saved[3], net, net->given_weights, err) && weights_save_npz(saved[3], net, net->given_weights, err);
    net_free(net);
    return good;
}

static bool case_picture(Err *err)
{
    Image image, small;
    if (!image_load("assets/images/rose.png", &image, err))
        return false;
    const bool good = image_resize(&image, 32, 32, &small, err);
    if (good)
        image_free(&small);
    image_free(&image);
    return good;
}

/* Forward, and what explains a value of it. */
static bool forward(const Engine *engine, Err *err)
{
    const NetOptions none = {.classes = 0};
    Net *net = net_open("tiny", "assets/networks", &none, err);
    Run *run = net != NULL ? run_new(engine, net, &(RunOptions){.batch = 1, .threads = 1, .gradients = true}, err) : NULL;
    bool good = run != NULL;
    if (good) {
        run_weights(run, net->given_weights);
        run_input(run, net->given_input, 1);
        run_forward(run);
        Share share;
        good = share_compute(run, net->given_weights, 1, 0, -1, &share, err);
        if (good)
            share_free(&share);
    }
    run_free(run);
    net_free(net);
    return good;
}

static bool case_reference(Err *err) { return forward(&reference_engine, err); }
static bool case_fast(Err *err) { return forward(&fast_engine, err); }

static bool case_lesson(Err *err)
{
    Lesson lesson;
    if (!lesson_load("lessons/en/12-by-hand.lesson", "assets/networks", NULL, &lesson, err))
        return false;
    lesson_free(&lesson);
    return true;
}

/* The program opens, goes through these keys and closes. What a frame lacks it leaves out; once there is memory again, it draws. */
static bool window_through(const char *const *keys, Err *err)
{
    Program p;
    if (!program_open(&p, "tiny", 1280, 720, err)) {
        program_close(&p);
        return false;
    }
    for (; *keys != NULL; keys++)
        program_key(&p, *keys);
    book.fails = 0;
    program_key(&p, "Home");
    const bool lives = p.ui.item_count > 20;
    program_close(&p);
    return lives || err_set(err, "the window draws nothing any more");
}

static bool case_window(Err *err)
{
    static const char *const keys[] = {"Right", "Enter", "Enter", "Escape", "Escape", "l", "Escape", "h", "Escape", "c", "Escape", "g", "Escape", "w",
                                       "Escape", "m", "/", "3", "Escape", "?", "Escape", NULL};
    return window_through(keys, err);
}

static bool case_explanations(Err *err)
{
    static const char *const keys[] = {"Right", "Enter", "Shift+d", "Escape", "x", "Escape", "o", "Escape", "Shift+f", "Escape", "Shift+r", "Escape",
                                       "Shift+u", "Escape", "Shift+m", "Escape", "Shift+g", "Escape", "Shift+x", "Escape", NULL};
    return window_through(keys, err);
}

static bool case_own_lesson(Err *err)
{
    static const char *const keys[] = {"n", "Enter", "Space", "Space", "1", "Space", "Escape", "Shift+k", "+", "Escape", "Shift+a", "Escape", NULL};
    return window_through(keys, err);
}

static const struct {
    const char *name;
    Case *run;
    int rounds;                 /* in a normal run */
} cases[] = {
    {"a small network", case_network, ROUNDS},
    {"GoogLeNet and its claims", case_googlenet, ROUNDS},
    {"safetensors", case_safetensors, ROUNDS},
    {".pth", case_pth, ROUNDS},
    {".npz", case_npz, ROUNDS},
    {"saving weights", case_save, ROUNDS},
    {"a picture", case_picture, ROUNDS},
    {"the reference engine", case_reference, ROUNDS},
    {"the fast engine", case_fast, ROUNDS},
    {"a lesson", case_lesson, ROUNDS},
    {"the window", case_window, WINDOW_ROUNDS},
    {"explanations", case_explanations, WINDOW_ROUNDS},
    {"a lesson in the window", case_own_lesson, WINDOW_ROUNDS},
};

/* One round; how many allocations it made. given: what the libraries free, which the book does not see; a round without a failure tells it. */
static long round_of(size_t c, long fails, bool onwards, long *given)
{
    Err err = {""};
    pthread_mutex_lock(&book.lock);
    memset(book.held, 0, sizeof book.held);
    book.held_count = book.made = 0;
    book.fails = fails;
    book.onwards = onwards;
    book.on = true;
    pthread_mutex_unlock(&book.lock);
    const bool good = cases[c].run(&err);
    book.on = false;
    CHECK(good || err.text[0] != '\0', "%s: allocation %ld fails, and no message says so", cases[c].name, fails);
    if (fails == 0)
        *given = book.held_count;
    CHECK(book.held_count <= *given, "%s: allocation %ld fails%s (%s), and %ld stay allocated", cases[c].name, fails, onwards ? " and all after it" : "",
          good ? "the result was whole" : err.text, book.held_count - *given);
    return book.made;
}

static void every_case(void **state)
{
    (void)state;
    const bool whole = getenv("INCEPTOSCOPE_WHOLE") != NULL;
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        long given;
        const long all = round_of(c, 0, false, &given);
        assert_true(all > 0);
        const long rounds = whole ? WHOLE_ROUNDS : cases[c].rounds, step = (all + rounds - 1) / rounds;
        for (long n = 1; n <= all; n += step)
            for (int onwards = 0; onwards < 2; onwards++)
                if (whole || n / step % 2 == onwards)
                    round_of(c, n, onwards == 1, &given);
        printf("%s: %ld allocations, %ld of them failed in turn\n", cases[c].name, all, (all + step - 1) / step);
        fflush(stdout);
    }
}

static int save_all(void **state)
{
    (void)state;
    const NetOptions none = {.classes = 0};
    Err err;
    Net *net = net_open("tiny", "assets/networks", &none, &err);
    for (int i = 0; i < 4; i++)
        snprintf(saved[i], sizeof saved[i], "/tmp/inceptoscope-no-memory-%d-%d", (int)getpid(), i);
    const bool good = net != NULL && weights_save(saved[0], net, net->given_weights, DTYPE_F32, NULL, &err) &&
                      weights_save_pth(saved[1], net, net->given_weights, &err) && weights_save_npz(saved[2], net, net->given_weights, &err);
    net_free(net);
    return !good;
}

static int remove_all(void **state)
{
    (void)state;
    for (int i = 0; i < 4; i++)
        unlink(saved[i]);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_case)};
    return cmocka_run_group_tests(tests, save_all, remove_all);
}
