/* value_words.c - texts of the one-value view for all ops: names, what a field covers, whether the engine agrees. */
#include "app/views/value_words.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

bool value_has_colours(const Model *m)
{
    return model_net(m)->input.c == 3 && m->picture.path[0] != '\0';
}

void value_name(const Model *m, Cursor c, char *out, size_t size)
{
    const Net *net = model_net(m);
    cursor_text(net, c, out, size);
    const size_t used = strlen(out);
    if (c.layer == 0 && c.channel >= 0 && value_has_colours(m))
        snprintf(out + used, size - used, " %s", model_text(m, part_input_colour(net, c.channel)));
    for (int h = 0; h < net->head_count; h++)
        if (c.channel >= 0 && (c.layer == net->heads[h].logits || c.layer == net->heads[h].last) && net->layers[c.layer].out.h * net->layers[c.layer].out.w == 1) {
            char name[96];
            part_class_name(m, c.channel, name, sizeof name);
            snprintf(out + used, size - used, " %s", name);
            break;
        }
}

bool value_agrees(const Taken *t)
{
    return memcmp(&t->stored, &t->e.value, sizeof t->stored) == 0;
}

char *value_difference(char out[NUM_MAX], const Taken *t)
{
    snprintf(out, NUM_MAX, "%.2e", (double)t->stored - (double)t->e.value);
    return out;
}

void value_sees(const Model *m, const ReceptiveField *field, char *out, size_t size)
{
    const Shape picture = model_net(m)->input;
    const ReceptiveField seen = field_within(*field, picture);
    const int h = field->y1 - field->y0, w = field->x1 - field->x0, seen_h = seen.y1 - seen.y0, seen_w = seen.x1 - seen.x0;
    if (seen_h <= 0 || seen_w <= 0)
        snprintf(out, size, "%s", model_text(m, STR_SEES_NOTHING));
    else if (seen_h == h && seen_w == w)
        snprintf(out, size, model_text(m, STR_OF_THE_INPUT), h, w);
    else if (seen_h == picture.h && seen_w == picture.w)
        snprintf(out, size, model_text(m, STR_SEES_WHOLE), h, w);
    else
        snprintf(out, size, model_text(m, STR_SEES_CUT), seen_h, seen_w, h, w);
}
