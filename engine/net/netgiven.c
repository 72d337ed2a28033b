/* netgiven.c - see netgiven.h. */
#include "engine/net/netgiven.h"
#include "engine/base/limits.h"

#include "engine/base/array.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool given_read(Given *given, NetLine *line, Err *reason)
{
    const char *kind = line->words[0];
    bool picture = strcmp(kind, "picture") == 0;
    const char *layer = picture ? "input" : line->count > 1 ? line->words[1] : "";
    if (layer[0] == '\0' || strlen(layer) >= NET_NAME_MAX)
        return err_set(reason, "the layer's name is missing or too long");
    GivenList *list = NULL;
    for (int i = 0; i < given->count && list == NULL; i++)
        if (strcmp(given->lists[i].kind, kind) == 0 && strcmp(given->lists[i].layer, layer) == 0)
            list = &given->lists[i];
    if (list == NULL) {
        GivenList *lists = array_grow(given->lists, given->count, sizeof *lists);
        if (lists == NULL)
            return err_set(reason, "not enough memory for the numbers");
        given->lists = lists;
        list = &given->lists[given->count++];
        snprintf(list->kind, sizeof list->kind, "%s", kind);
        snprintf(list->layer, sizeof list->layer, "%s", layer);
        list->line = line->number;
    }
    int first = picture ? 1 : 2;
    if (line->count <= first)
        return err_set(reason, "the numbers are missing");
    for (int i = first; i < line->count; i++) {
        float *values = array_grow(list->values, list->count, sizeof *values);
        if (values == NULL)
            return err_set(reason, "not enough memory for the numbers");
        list->values = values;
        if (!line_float(line->words[i], "a number", &list->values[list->count], reason))
            return false;
        list->count++;
    }
    line->next = line->count;
    return true;
}

/* The place for the list's numbers: *count floats; NULL with a reason. */
static float *place(Net *net, const GivenList *list, size_t *count, Err *reason)
{
    if (strcmp(list->kind, "picture") == 0) {
        *count = shape_size(net->input);
        return net->given_input;
    }
    Address address;
    if (!net_address(net, list->layer, &address, reason))
        return NULL;
    const Layer *layer = &net->layers[address.layer];
    int param = strcmp(list->kind, "weights") == 0 ? layer->weight : layer->bias_param;
    if (param < 0) {
        err_set(reason, "%s has no %s", layer->name, list->kind);
        return NULL;
    }
    *count = net->params[param].count;
    return net->given_weights + net->params[param].offset;
}

bool given_apply(const Given *given, const Build *build, const char *source, Err *err)
{
    Net *net = build->net;
    const NetOptions *options = build->options;
    bool changed = options->input.c > 0 || options->classes > 0 || options->without_reductions != NULL || options->third_3x3 != NULL;
    bool weights = false, picture = false;
    for (int i = 0; i < given->count; i++) {
        bool is_picture = strcmp(given->lists[i].kind, "picture") == 0;
        picture = picture || is_picture;
        weights = weights || !is_picture;
    }
    if (changed || given->count == 0)
        return true;
    if ((weights && net->weight_count > LIMIT_NET_GIVEN) || (picture && shape_size(net->input) > LIMIT_NET_GIVEN))
        return err_set(err, "%s:%d: numbers are given for a network of %zu weights and %zu input values; at most %d of each are possible, because all "
                       "others are 0", source, given->lists[0].line, net->weight_count, shape_size(net->input), LIMIT_NET_GIVEN);
    net->given_weights = weights ? calloc(net->weight_count, sizeof(float)) : NULL;
    net->given_input = picture ? calloc(shape_size(net->input), sizeof(float)) : NULL;
    if ((weights && net->given_weights == NULL) || (picture && net->given_input == NULL))
        return err_set(err, "%s: not enough memory for %zu weights", source, net->weight_count);
    for (int i = 0; weights && i < net->param_count; i++)
        if (net->params[i].kind == PARAM_BN_GAMMA || net->params[i].kind == PARAM_BN_VAR)
            for (size_t j = 0; j < net->params[i].count; j++)
                net->given_weights[net->params[i].offset + j] = 1;
    for (int i = 0; i < given->count; i++) {
        const GivenList *list = &given->lists[i];
        Err reason = {""};
        size_t count = 0;
        if (build_left_out_layer(build, list->layer))
            continue;
        float *to = place(net, list, &count, &reason);
        if (to == NULL)
            return err_set(err, "%s:%d: %s", source, list->line, reason.text);
        if (count != (size_t)list->count)
            return err_set(err, "%s:%d: %s %s: %d numbers are given from here on; expected %zu", source, list->line, list->kind, list->layer,
                           list->count, count);
        memcpy(to, list->values, count * sizeof *to);
    }
    return true;
}

void given_free(Given *given)
{
    for (int i = 0; i < given->count; i++)
        free(given->lists[i].values);
    free(given->lists);
}
