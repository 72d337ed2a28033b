/* place.c - the current view as a command-line address, and the way back from that text. */
#include "app/model/model_private.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

void model_address(const Model *m, char *out, size_t size)
{
    const Net *net = model_net(m);
    char where[NET_NAME_MAX + 32], pos[48] = "", view[32] = "", stage[NET_NAME_MAX + 48] = "";
    cursor_text(net, m->cursor, where, sizeof where);
    if (m->cursor.y >= 0)
        snprintf(pos, sizeof pos, " --pos %d,%d", m->cursor.y, m->cursor.x);
    if (m->view != VIEW_STAGE)
        snprintf(view, sizeof view, " --view %s", view_name(m->view));
    if (m->cursor.layer != m->at) {
        char name[NET_NAME_MAX + 32];
        cursor_text(net, (Cursor){m->at, -1, -1, -1}, name, sizeof name);
        snprintf(stage, sizeof stage, " --stage %s", name);
    }
    const bool plain = strpbrk(where, "[]") == NULL;
    snprintf(out, size, plain ? "--at %s%s%s%s" : "--at '%s'%s%s%s", where, stage, pos, view);
}

/* Hundreds of modules do not fit; an empty text is then better than a part. */
static void switches_text(const Switched *s, char *out, size_t size)
{
    const char *lists[2] = {s->without_reductions, s->third_3x3}, *names[2] = {"--without-reductions", "--third-branch-3x3"};
    size_t used = 0;
    out[0] = '\0';
    for (int i = 0; i < 2; i++)
        if (lists[i] != NULL && used + strlen(names[i]) + strlen(lists[i]) + 3 <= size)
            used += (size_t)snprintf(out + used, size - used, " %s %s", names[i], lists[i]);
}

static void sanity_text(const Model *m, char *out, size_t size)
{
    const int stage = m->sanity.stage;
    if (stage > 0)
        snprintf(out, size, " --randomize %s", model_net(m)->layers[sanity_stage_first(model_net(m), stage)].name);
    if (m->sanity.against >= 0)
        snprintf(out + strlen(out), size - strlen(out), " --against %d", m->sanity.against);
}

static void path_text(const PathModel *p, char *out, size_t size)
{
    enum { RANKS_MAX = 160 };   /* a longer list is left out: the address is then that of the path without choices */
    char ranks[RANKS_MAX];
    path_ranks_text(&p->ranks, ranks, sizeof ranks);
    int used = snprintf(out, size, "%s%s", ranks[0] != '\0' ? " --choose " : "", ranks);
    if (p->at > 0)
        used += snprintf(out + used, size - (size_t)used, " --step %d", p->at + 1);
    snprintf(out + used, size - (size_t)used, "%s", p->up ? " --upwards" : "");
}

/* What is chosen about training on the picture, as far as it is not as in the beginning. */
static void training_text(const Model *m, char *out, size_t size)
{
    const Gradients *g = &m->gradients;
    const Net *net = model_net(m);
    bool some = false;
    out[0] = '\0';
    if (g->chart)
        snprintf(out, size, " --page chart");
    if (g->eval)
        snprintf(out + strlen(out), size - strlen(out), " --mode eval");
    if (g->label >= 0)
        snprintf(out + strlen(out), size - strlen(out), " --label %d", g->label);
    if (m->overfit.rate != OVERFIT_RATE)
        snprintf(out + strlen(out), size - strlen(out), " --lr %g", overfit_rates[m->overfit.rate]);
    for (int h = 0; h < net->head_count; h++)
        some = some || g->silent[h];
    const char *before = " --losses ";
    for (int h = 0; some && h < net->head_count; h++)
        if (!g->silent[h]) {
            snprintf(out + strlen(out), size - strlen(out), "%s%s", before, net->heads[h].name);
            before = ",";
        }
}

/* Marks the heads that a list of names leaves out. */
static bool read_losses(const Net *net, const char *names, bool silent[HEADS_MAX], Err *err)
{
    bool none = true;
    for (int h = 0; h < HEADS_MAX; h++)
        silent[h] = true;
    for (const char *name = names; *name != '\0'; name += strcspn(name, ","), name += *name == ',') {
        const size_t length = strcspn(name, ",");
        int h = 0;
        while (h < net->head_count && (strlen(net->heads[h].name) != length || strncmp(net->heads[h].name, name, length) != 0))
            h++;
        if (h == net->head_count)
            return err_set(err, "--losses: %s has no loss '%.*s'; its first one is %s", net->name, (int)length, name, net->heads[0].name);
        silent[h] = none = false;
    }
    return !none || err_set(err, "--losses takes names of heads with commas between them, such as %s", net->heads[0].name);
}

/* Index of a learning rate in overfit_rates; 0 gives the first one. -1: it is none. */
static int rate_of(double lr)
{
    int rate = OVERFIT_RATES - 1;
    if (lr <= 0)
        return OVERFIT_RATE;
    while (rate >= 0 && fabs(overfit_rates[rate] - lr) > 1e-9)
        rate--;
    return rate;
}

static bool check_training(const Net *net, const Place *place, Err *err)
{
    bool silent[HEADS_MAX];
    if (rate_of(place->lr) < 0)
        return err_set(err, "--lr takes 1e-05, 3e-05, 0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03 or 0.1 in the window, not %g", place->lr);
    return (!place->has_label || net_need_class(net, place->label, err)) && (place->losses == NULL || read_losses(net, place->losses, silent, err));
}

/* What has passed check_training. */
static void place_training(Model *m, const Place *place)
{
    Gradients *g = &m->gradients;
    Err none;
    memset(g->silent, 0, sizeof g->silent);
    if (place->losses != NULL)
        read_losses(model_net(m), place->losses, g->silent, &none);
    g->label = place->has_label ? place->label : -1;
    g->chart = place->page != NULL && strcmp(place->page, "chart") == 0;
    g->eval = place->mode != NULL && strcmp(place->mode, "eval") == 0;
    m->overfit.rate = rate_of(place->lr);
}

void model_state_text(const Model *m, char *out, size_t size)
{
    char where[256], switches[400], range[64], class_index[96] = "", step[256 + KNIFE_MODULES] = "";
    model_address(m, where, sizeof where);
    look_range_text(&m->look, range, sizeof range);
    switches_text(&m->switched, switches, sizeof switches);
    if (m->cam_class >= 0)
        snprintf(class_index, sizeof class_index, " --class %d", m->cam_class);
    if (m->share.against >= 0 && m->view != VIEW_SANITY)
        snprintf(class_index + strlen(class_index), sizeof class_index - strlen(class_index), " --against %d", m->share.against);
    if (m->groups.count != GROUPS_LEAST)
        snprintf(class_index + strlen(class_index), sizeof class_index - strlen(class_index), " --groups %d", m->groups.count);
    if (m->view == VIEW_FOOL)
        snprintf(step, sizeof step, " --levels %g --seed %d", (double)step_amount(m->fool.position), m->fool.seed);
    if (m->view == VIEW_CROPS)
        snprintf(step, sizeof step, " --seed %d", m->crops.seed);
    if (m->view == VIEW_SANITY)
        sanity_text(m, step, sizeof step);
    if (m->view == VIEW_BACKWARD && m->backward.loss)
        snprintf(step, sizeof step, " --of loss");
    if (m->view == VIEW_ORDER)
        snprintf(step, sizeof step, " --seed %d", m->order.seed);
    if (m->view == VIEW_PATH)
        path_text(&m->path, step, sizeof step);
    if (m->view == VIEW_GRADIENTS)
        training_text(m, step, sizeof step);
    if (m->view == VIEW_ACCURACY)
        knife_options(&m->accuracy.knife, model_net(m), step, sizeof step);
    snprintf(out, size, "%s%s%s%s --range %s --map %s --outliers %s --lang %s --theme %s", where, class_index, step, switches, range, look_map_name(m->look.map),
             m->look.clip_outliers ? "clip" : "keep", lang_code(m->screen.lang), m->screen.dark ? "dark" : "light");
}

/* Finds the stage that shows another layer's map: that of its module, or of a layer that reads it. */
static bool find_stage(const Net *net, const char *name, const char *address, int *stage, Err *err)
{
    Address a, shown;
    if (!net_address(net, name, &a, err) || !net_address(net, address, &shown, err))
        return false;
    if (!model_on_stage(net, a.layer, shown.layer) || (shown.channel < 0 && a.layer != shown.layer))
        return err_set(err, "--stage %.40s does not show %.60s; name a channel of its layer, of its module or of its inputs", name, address);
    *stage = a.layer;
    return true;
}

bool model_place(Model *m, const Place *place, Err *err)
{
    const Net *net = model_net(m);
    const char *at = place->at != NULL ? place->at : "input";
    int stage = -1;
    const int position = place->has_levels ? step_position(place->levels) : m->fool.position;
    if (position < 0)
        return err_set(err, "--levels takes 0, 0.25, 0.5, 1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 24, 28 or %d, not %g", STEP_MOST, place->levels);
    int random = 0;
    Knife knife;
    if (!knife_words_good(&place->knife, err) || !knife_of_words(&place->knife, net, &knife, err))
        return false;
    PathRanks ranks = {.count = 0};
    if (place->choose != NULL && !path_ranks_parse(place->choose, &ranks))
        return err_set(err, "--choose takes numbers from 1 on, one for each step of the path, as in 1,2,1, not '%.60s'", place->choose);
    if (place->has_step && place->step < 1)
        return err_set(err, "--step counts from 1, so it cannot be %d", place->step);
    Address from;
    if (place->randomize != NULL) {
        if (!net_address(net, place->randomize, &from, err))
            return false;
        random = net->layers[from.layer].head == 0 ? sanity_stage_of(net, from.layer) : 0;
        if (random == 0)
            return err_set(err, "no weights from %.60s to the scores can be random; name a layer of the main path that has some", place->randomize);
    }
    if (!check_training(net, place, err) || (place->has_class && !net_need_class(net, place->class_index, err)))
        return false;
    if (place->has_groups && (place->groups < GROUPS_LEAST || place->groups > GROUPS_MOST))
        return err_set(err, "--groups takes %d to %d, not %d", GROUPS_LEAST, GROUPS_MOST, place->groups);
    if (place->has_against && !net_need_class(net, place->against, err))
        return false;
    if (!net_check_modules(net, place->without_reductions, err) || !net_check_modules(net, place->third_3x3, err))
        return false;
    if (place->stage != NULL && !find_stage(net, place->stage, at, &stage, err))
        return false;
    if ((place->at != NULL || place->view != NULL || stage >= 0) && !model_goto(m, at, place->pos, place->view, err))
        return false;
    if (stage >= 0 && stage != m->at) {
        const Cursor cursor = m->cursor;
        const ViewKind view = m->view;
        model_move(m, stage, 0);
        model_select(m, cursor);
        model_view(m, view);
    }
    if ((place->without_reductions != NULL || place->third_3x3 != NULL) &&
        !switched_set(&m->switched, net, &m->ledger, m->networks_dir, place->without_reductions, place->third_3x3, err))
        return false;
    if (m->view == VIEW_GRADIENTS)
        place_training(m, place);
    if (place->has_class)
        m->cam_class = place->class_index;
    if (m->view == VIEW_PATH)
        model_path_take(m, &ranks, place->has_step ? place->step - 1 : 0, place->upwards);
    if (place->of != NULL)
        model_gradient_of(m, strcmp(place->of, "loss") == 0);
    if (place->has_groups)
        m->groups.count = place->groups;
    m->accuracy.knife = knife;
    model_choose_step(m, position);
    if (place->has_seed && m->view == VIEW_CROPS)
        model_choose_crops(m, place->seed);
    else if (place->has_seed && m->view == VIEW_ORDER)
        model_order(m, place->seed);
    else if (place->has_seed)
        model_choose_signs(m, place->seed);
    if (m->view == VIEW_SANITY) {
        model_choose_stage(m, random);
        model_choose_beside(m, place->has_against ? place->against : -1);
    } else if (place->has_against) {
        m->share.against = place->against;
    }
    return true;
}
