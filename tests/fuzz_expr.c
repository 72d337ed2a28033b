/* fuzz_expr.c - libFuzzer target of expressions, about GoogLeNet and, behind @, about others. */
#include "engine/net/expr.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t size);

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t size)
{
    static Trace trace; /* made once */
    Err err;
    if (trace.net == NULL) {
        const NetOptions none = {.classes = 0};
        Net *net = net_open("googlenet", "assets/networks", &none, &err);
        assert(net != NULL);
        const bool made = trace_make(net, &trace, &err);
        assert(made);
    }
    char *text = malloc(size + 1), out[256];
    memcpy(text, bytes, size);
    text[size] = '\0';
    const ExprScope scope = {.trace = &trace, .networks_dir = "assets/networks"};
    ExprValue value, left, right;
    if (expr_eval(&scope, text, &value, &err))
        expr_value_text(&value, true, out, sizeof out);
    (void)expr_substitute(&scope, text, out, sizeof out, &err);
    (void)expr_sides(&scope, text, &left, &right, &err);
    free(text);
    return 0;
}
