/* explain_at.c - see explain_at.h. */
#include "app/cli/explain_at.h"
#include "engine/net/exact.h"

#include <stdio.h>
#include <stdlib.h>

bool explain_parse_place(const char *text, MapPlace *out)
{
    char *end;
    const long row = strtol(text, &end, 10);
    if (end == text || *end != ',')
        return false;
    const char *second = end + 1;
    const long column = strtol(second, &end, 10);
    if (end == second || *end != '\0' || row < -1000000 || row > 1000000 || column < -1000000 || column > 1000000)
        return false;
    *out = (MapPlace){(int)row, (int)column};
    return true;
}

bool explain_one_channel(const Net *net, const char *at_text, Address *a, Err *err)
{
    const int channels = net->layers[a->layer].out.c;
    char name[160];
    net_address_text(net, (Address){.layer = a->layer, .channel = -1}, name, sizeof name);
    if (a->channel < 0 && channels > 1)
        return err_set(err, "--at %s: name one of its %d channels, %s[0] to %s[%d]", at_text, channels, name, name, channels - 1);
    a->channel = a->channel < 0 ? 0 : a->channel;
    return true;
}

bool explain_find_unit(const Net *net, const char *at_text, const MapPlace *place, Unit *unit, bool *pre, Err *err)
{
    const int y = place != NULL ? place->y : 0, x = place != NULL ? place->x : 0;
    Address a;
    char name[160];
    if (!net_address(net, at_text, &a, err) || !explain_one_channel(net, at_text, &a, err))
        return false;
    const Shape s = net->layers[a.layer].out;
    net_address_text(net, (Address){.layer = a.layer, .channel = -1}, name, sizeof name);
    if (place == NULL && s.h * s.w > 1)
        return err_set(err, "%s is %d rows by %d columns: name a position with --pos Y,X", name, s.h, s.w);
    if (y < 0 || y >= s.h || x < 0 || x >= s.w)
        return err_set(err, "--pos %d,%d lies outside %s: rows 0 to %d, columns 0 to %d", y, x, name, s.h - 1, s.w - 1);
    *unit = (Unit){a.layer, a.channel, y, x};
    *pre = a.pre;
    return true;
}

void explain_unit_text(const Net *net, Unit u, char out[200])
{
    char name[160];
    net_address_text(net, (Address){.layer = u.layer, .channel = u.c}, name, sizeof name);
    snprintf(out, 200, "%s at %d,%d", name, u.y, u.x);
}

bool explain_maps_open(ExplainMaps *at, const Source *source, const char *image, int last, Err *err)
{
    const Net *net = source->net;
    *at = (ExplainMaps){.net = net};
    if (!cli_fit_picture(image, net, &at->fitted))
        return false;
    at->input = malloc(shape_size(net->input) * sizeof *at->input);
    at->maps = calloc((size_t)net->layer_count, sizeof *at->maps);
    const bool room = at->input != NULL && at->maps != NULL;
    if (room)
        image_values(&at->fitted, net, at->input);
    else
        err_set(err, "%s: not enough memory", image);
    if (room && exact_maps(net, source->weights, at->input, last, net->layers[last].head, NULL, at->maps, err))
        return true;
    explain_maps_close(at);
    return false;
}

void explain_maps_close(ExplainMaps *at)
{
    exact_free(at->net, at->maps);
    free(at->input);
    image_free(&at->fitted);
    *at = (ExplainMaps){0};
}
