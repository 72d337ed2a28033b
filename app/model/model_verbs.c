/* model_verbs.c - the verbs: move, go deeper, change the look. See model.h. */
#include "app/model/model_private.h"
#include "app/model/walk.h"
#include "engine/net/cam.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- where ------------------------------------------------------------------------------------------------------------ */

void model_move(Model *m, int layer, int direction)
{
    m->cursor = (Cursor){layer, -1, -1, -1};
    m->term = -1;
    if (layer == m->at)
        return;
    m->motion = (Motion){.from = m->at, .direction = direction, .start = m->now};
    m->at = layer;
    if (view_of_value(m->view) || m->view == VIEW_CAM || m->view == VIEW_OCCLUSION || m->view == VIEW_WANTS || m->view == VIEW_FOOL || m->view == VIEW_SANITY || m->view == VIEW_CROPS || m->view == VIEW_LINEAGE)
        m->view = VIEW_STAGE;
}

/* Into a module or out of it, forward or back. */
static int direction(const Net *net, int from, int to)
{
    if (to != from && walk_out(net, to) == from)
        return +2;
    if (to != from && walk_out(net, from) == to)
        return -2;
    return to > from ? +1 : -1;
}

void model_go(Model *m, int layer)
{
    if (m->view == VIEW_OVERVIEW)
        m->motion = (Motion){.from = m->at, .direction = +2, .start = m->now}; /* also to the layer that is marked there */
    model_move(m, layer, m->view == VIEW_OVERVIEW ? +2 : direction(model_net(m), m->at, layer));
    if (m->view != VIEW_COMPARE && m->view != VIEW_SHARE && m->view != VIEW_GROUPS && m->view != VIEW_UNITS && m->view != VIEW_ACCURACY)
        m->view = VIEW_STAGE;
}

bool model_on_stage(const Net *net, int at, int layer)
{
    const Layer *l = &net->layers[at];
    return layer == at || layer_reads(l, layer) || (walk_is_module(net, at) && (net->layers[layer].module == l->module || net->modules[l->module].input == layer));
}

void model_select(Model *m, Cursor c)
{
    const Shape out = model_net(m)->layers[c.layer].out;
    if (c.channel < 0 || c.channel >= out.c)
        c.channel = -1;
    if (c.channel < 0 || c.y < 0 || c.y >= out.h || c.x < 0 || c.x >= out.w)
        c.y = c.x = -1;
    if (!model_on_stage(model_net(m), m->at, c.layer))
        model_move(m, c.layer, 0);
    if (c.channel < 0)
        c.layer = m->at;
    m->cursor = c;
    m->term = -1;
}

void model_position(Model *m, int y, int x)
{
    m->cursor.y = y;
    m->cursor.x = x;
}

void model_point(Model *m, Cursor c)
{
    m->hover = c;
}

void model_light(Model *m, const Cursor *parts, int count)
{
    assert(count <= LIT_MAX);
    for (int i = 0; i < count; i++)
        m->lit[i] = parts[i];
    m->lit_count = count;
}

void model_view(Model *m, ViewKind view)
{
    m->view = view;
    m->playing = false;
    m->term = -1;
}

void model_overlay(Model *m, Overlay overlay)
{
    m->overlay = overlay;
}

void model_play(Model *m, bool on)
{
    m->playing = on;
}

void model_hurry(Model *m, double factor)
{
    m->motion.hurry = factor;
}

void model_status_read(Model *m)
{
    m->status_until = m->now;
}

void model_switch(Model *m, int module, bool third)
{
    Err err;
    if (!switched_toggle(&m->switched, model_net(m), &m->ledger, m->networks_dir, module, third, &err))
        model_say_here(m, true, "%s", err.text);
}

bool model_switches(Model *m, const char *without_reductions, Err *err)
{
    return net_check_modules(model_net(m), without_reductions, err) &&
           switched_set(&m->switched, model_net(m), &m->ledger, m->networks_dir, without_reductions, NULL, err);
}

bool model_goto(Model *m, const char *address, const char *pos, const char *view, Err *err)
{
    Address a;
    int y = -1, x = -1;
    char rest;
    ViewKind kind = VIEW_STAGE;
    const Net *net = model_net(m);
    if (!net_address(net, address, &a, err))
        return false;
    const Shape out = net->layers[a.layer].out;
    if (pos != NULL && (sscanf(pos, "%d,%d%c", &y, &x, &rest) != 2 || y < 0 || x < 0 || y >= out.h || x >= out.w))
        return err_set(err, "position '%.40s' is not a row,column of %s, whose maps are %d x %d", pos, address, out.h, out.w);
    if (view != NULL && !view_parse(view, &kind)) {
        char names[256];
        view_names_text(names, sizeof names);
        return err_set(err, "unknown view '%.40s'; views are %s", view, names);
    }
    model_move(m, a.layer, 0);
    model_select(m, (Cursor){a.layer, pos != NULL && a.channel < 0 ? 0 : a.channel, y, x});
    model_view(m, VIEW_STAGE);
    if (view_of_value(kind))
        model_do(m, VERB_DEEPER); /* fills in what the address does not give */
    if (kind != VIEW_STAGE)
        model_view(m, kind);
    if (a.pre)
        model_say_here(m, false, "%s", model_text(m, STR_PRE_WHERE));
    return true;
}

static int clamp(int v, int lo, int hi)
{
    return v < lo ? lo : v > hi ? hi : v;
}

/* In the occlusion's view this moves the square that covers the picture. */
static void move_pixel(Model *m, int dy, int dx)
{
    if (m->view == VIEW_OCCLUSION) {
        occlusion_move(&m->occlusion, dy, dx);
        return;
    }
    const Shape out = model_net(m)->layers[m->cursor.layer].out;
    Cursor c = m->cursor;
    if (c.channel < 0)
        c.channel = 0;
    if (c.y < 0) {
        c.y = out.h / 2;
        c.x = out.w / 2;
    } else {
        c.y = clamp(c.y + dy, 0, out.h - 1);
        c.x = clamp(c.x + dx, 0, out.w - 1);
    }
    m->playing = false;
    model_select(m, c);
}

static void move_channel(Model *m, int by)
{
    Cursor c = m->cursor;
    const int count = model_net(m)->layers[c.layer].out.c;
    c.channel = c.channel < 0 ? (by > 0 ? 0 : count - 1) : clamp(c.channel + by, 0, count - 1);
    model_select(m, c);
}

static void next_branch(Model *m)
{
    const Net *net = model_net(m);
    const Layer *l = &net->layers[m->at];
    if (l->module < 0)
        return;
    const Module *module = &net->modules[l->module];
    if (!walk_is_module(net, m->at)) {
        model_move(m, net->layers[module->last].inputs[(l->branch + 1) % BRANCH_COUNT], +2);
        return;
    }
    int branch = 0; /* in a concat: the first channel of the next branch */
    while (m->cursor.layer == m->at && branch < BRANCH_COUNT && m->cursor.channel >= module->offset[branch])
        branch++;
    model_select(m, (Cursor){m->at, module->offset[branch % BRANCH_COUNT], -1, -1});
}

static void go_twin(Model *m)
{
    Address twin;
    const Cursor c = m->cursor;
    if (!net_address_twin(model_net(m), (Address){.layer = c.layer, .channel = c.channel}, &twin))
        return;
    model_select(m, (Cursor){twin.layer, twin.channel, c.y, c.x});
}

/* ---- levels ------------------------------------------------------------------------------------------------------------- */

/* Goes to the next term; after the last one shows all terms again. A copied value leads to its source instead. */
static void deeper_in_value(Model *m)
{
    Taken t;
    m->playing = false;
    if (!model_taken(m, m->cursor, &t))
        return;
    if (t.e.op == OP_CONCAT || t.e.op == OP_DROPOUT) {
        const Unit u = t.e.of.source.unit;
        model_select(m, (Cursor){u.layer, u.c, u.y, u.x});
        model_view(m, VIEW_VALUE);
    } else if (!model_term_step(m, +1)) {
        m->term = -1;
    }
    taken_free(&t);
}

/* From the overview to the stage of the stop that is marked there. */
static void walk_in(Model *m)
{
    m->motion = (Motion){.from = m->at, .direction = +2, .start = m->now};
    model_view(m, VIEW_STAGE);
}

static void walk_up(Model *m)
{
    m->motion = (Motion){.from = m->at, .direction = -2, .start = m->now};
    m->cursor = (Cursor){m->at, -1, -1, -1};
    model_view(m, VIEW_OVERVIEW);
}

static void toggle_overview(Model *m)
{
    if (m->view == VIEW_OVERVIEW)
        walk_in(m);
    else
        walk_up(m);
}

/* From the overview by the same way as Enter; from the other views back. */
static void show_stage(Model *m)
{
    if (m->view == VIEW_OVERVIEW)
        walk_in(m);
    else
        model_view(m, VIEW_STAGE);
}

static void into(Model *m)
{
    if (m->view == VIEW_OVERVIEW)
        walk_in(m);
    else
        model_move(m, walk_into(model_net(m), m->at, BRANCH_NONE), +2);
}

static void out(Model *m)
{
    const int to = walk_out(model_net(m), m->at);
    if (to == m->at && m->view == VIEW_STAGE)
        walk_up(m);
    else
        model_move(m, to, -2);
}

/* To the first layer; from there to the overview. */
static void home(Model *m)
{
    const int to = walk_home(model_net(m), m->at);
    if (to == m->at && m->view == VIEW_STAGE)
        walk_up(m);
    else
        model_move(m, to, -1);
}

/* To the source under the pointer, else to the one that gave most. */
static void deeper_in_circuit(Model *m)
{
    const CircuitResult *r = circuit_result(&m->circuit, circuit_unit(model_net(m), m->cursor));
    if (r != NULL)
        model_source(m, m->hover.layer == r->circuit.path.from && m->hover.channel >= 0 ? m->hover.channel : r->sources[0].channel);
}

static void deeper(Model *m)
{
    const Net *net = model_net(m);
    if (m->view == VIEW_OVERVIEW) {
        walk_in(m);
        return;
    }
    if (m->view == VIEW_VALUE) {
        deeper_in_value(m);
        return;
    }
    if (m->view == VIEW_CIRCUIT) {
        deeper_in_circuit(m);
        return;
    }
    if (m->view == VIEW_BACKWARD) {
        model_reader(m, -1);
        return;
    }
    if (m->view == VIEW_ORDER) {
        model_path_do(m, VERB_ORDER_NEXT);
        return;
    }
    if (m->view == VIEW_PATH) {
        model_path_apart(m);
        return;
    }
    if (m->hover.layer >= 0 && m->hover.channel >= 0)
        model_select(m, m->hover);
    else if (walk_is_module(net, m->at) && m->cursor.channel < 0) {
        model_move(m, walk_into(net, m->at, BRANCH_3X3), +2);
        return;
    } else if (m->cursor.layer != m->at && m->cursor.y < 0) {
        const Cursor c = m->cursor;
        model_move(m, c.layer, +2);
        model_select(m, c);
        return;
    }
    if (m->cursor.y < 0)
        model_select(m, model_brightest(m, m->cursor));
    model_view(m, VIEW_VALUE);
}

bool model_back(Model *m)
{
    const Net *net = model_net(m);
    if (m->overlay != OVERLAY_NONE)
        m->overlay = OVERLAY_NONE;
    else if (m->screen.blackout)
        m->screen.blackout = false;
    else if (m->playing)
        m->playing = false;
    else if (m->view == VIEW_VALUE && m->term >= 0)
        m->term = -1;
    else if (m->view == VIEW_CIRCUIT || m->view == VIEW_BACKWARD || m->view == VIEW_PATH || m->view == VIEW_ORDER)
        model_view(m, VIEW_VALUE);
    else if (m->view == VIEW_WEIGHTS && walk_is_module(net, m->at) && m->cursor.layer != m->at)
        m->cursor = (Cursor){m->at, -1, -1, -1}; /* from a kernel to those of its module */
    else if (m->view == VIEW_WANTS && m->wants.grid)
        model_want_all(m, false, false); /* from all units to one; no more are made */
    else if (m->view != VIEW_STAGE && m->view != VIEW_OVERVIEW)
        model_view(m, VIEW_STAGE);
    else if (m->cursor.y >= 0)
        m->cursor.y = m->cursor.x = -1;
    else if (m->cursor.channel >= 0)
        m->cursor = (Cursor){m->at, -1, -1, -1};
    else if (walk_out(net, m->at) != m->at)
        model_move(m, walk_out(net, m->at), -2);
    else if (m->view == VIEW_STAGE)
        walk_up(m);
    else if (m->screen.fullscreen)
        m->screen.fullscreen = false;
    else
        return false;
    return true;
}

void model_toggle_view(Model *m, ViewKind view)
{
    model_view(m, m->view == view ? VIEW_STAGE : view);
}

static void show_weights(Model *m)
{
    const Net *net = model_net(m);
    if (m->view == VIEW_WEIGHTS) {
        model_view(m, VIEW_STAGE);
        return;
    }
    const bool module = walk_is_module(net, m->at) && walk_is_module(net, m->cursor.layer);
    Address twin;
    if (module && net_address_twin(net, (Address){.layer = m->cursor.layer, .channel = m->cursor.channel}, &twin))
        model_select(m, (Cursor){twin.layer, twin.channel, -1, -1}); /* the branch that the selected channel comes from */
    else if (!walk_is_module(net, m->at) && net->layers[m->cursor.layer].weight < 0) {
        model_say_here(m, true, model_text(m, STR_NO_WEIGHTS_HERE), net->layers[m->cursor.layer].name);
        return;
    }
    model_view(m, VIEW_WEIGHTS);
}

/* ---- look ----------------------------------------------------------------------------------------------------------------- */

void model_range_kind(Model *m, RangeKind range)
{
    m->look.range = range;
}

void model_colour_map(Model *m, int map)
{
    m->look.map = map;
}

void model_look(Model *m, Look look)
{
    m->look = look;
}

void model_engine(Model *m, const Engine *engine)
{
    m->recompute = m->recompute || engine != m->engine;
    m->engine = engine;
}

static void lock_range(Model *m)
{
    char lo[NUM_MAX], hi[NUM_MAX];
    LayerMap map;
    if (m->look.range == RANGE_LOCKED) {
        m->look.range = RANGE_LAYER;
        return;
    }
    if (!compute_map(m->compute, m->cursor.layer, &map))
        return;
    m->look.lock_lo = m->look.clip_outliers ? map.stats->clip_lo : map.stats->min;
    m->look.lock_hi = m->look.clip_outliers ? map.stats->clip_hi : map.stats->max;
    m->look.range = RANGE_LOCKED;
    model_say(m, false, model_text(m, STR_LOCK_SET), num_value(lo, (double)m->look.lock_lo), num_value(hi, (double)m->look.lock_hi));
}

static void next_engine(Model *m)
{
    model_engine(m, engine_named(strcmp(m->engine->name, "fast") == 0 ? "reference" : "fast"));
}

/* ---- dispatch --------------------------------------------------------------------------------------------------------------- */

static void turn_picture(Model *m)
{
    Err err;
    if (m->picture.original.orientation == 1) {
        model_say(m, false, "%s", model_text(m, STR_NO_ORIENTATION));
    } else if (picture_turn(&m->picture, model_net(m), &err)) {
        m->recompute = true;
        model_say(m, false, "%s: %s", m->picture.name, m->picture.original.note);
    } else {
        model_say(m, true, "%s", err.text);
    }
}

static void toggle_overlay(Model *m, Overlay overlay)
{
    m->overlay = m->overlay == overlay ? OVERLAY_NONE : overlay;
}

void model_do(Model *m, Verb verb)
{
    const Net *net = model_net(m);
    const int at = m->at;
    switch (verb) {
    case VERB_NEXT: model_move(m, walk_next(net, at), +1); break;
    case VERB_PREV: model_move(m, walk_prev(net, at), -1); break;
    case VERB_INTO: into(m); break;
    case VERB_OUT: out(m); break;
    case VERB_HOME: home(m); break;
    case VERB_END: model_move(m, walk_end(net, at), +1); break;
    case VERB_HEADS: model_move(m, walk_heads(net, at), +2); break;
    case VERB_DEEPER: deeper(m); break;
    case VERB_BACK: model_back(m); break;
    case VERB_SEARCH: toggle_overlay(m, OVERLAY_SEARCH); break;
    case VERB_HELP: toggle_overlay(m, OVERLAY_HELP); break;
    case VERB_PICTURES: toggle_overlay(m, OVERLAY_PICTURES); break;
    case VERB_NETWORKS: toggle_overlay(m, OVERLAY_NETWORKS); break;
    case VERB_LESSONS: toggle_overlay(m, OVERLAY_LESSONS); break;
    case VERB_CHANNEL_NEXT: move_channel(m, +1); break;
    case VERB_CHANNEL_PREV: move_channel(m, -1); break;
    case VERB_BRANCH: next_branch(m); break;
    case VERB_TWIN: go_twin(m); break;
    case VERB_PIXEL_LEFT: move_pixel(m, 0, -1); break;
    case VERB_PIXEL_RIGHT: move_pixel(m, 0, +1); break;
    case VERB_PIXEL_UP: move_pixel(m, -1, 0); break;
    case VERB_PIXEL_DOWN: move_pixel(m, +1, 0); break;
    case VERB_VIEW_OVERVIEW: toggle_overview(m); break;
    case VERB_VIEW_WEIGHTS: show_weights(m); break;
    case VERB_VIEW_OCCLUSION: model_toggle_view(m, VIEW_OCCLUSION); break;
    case VERB_VIEW_COMPARE: model_toggle_view(m, VIEW_COMPARE); break;
    case VERB_VIEW_LEDGER: model_toggle_view(m, VIEW_LEDGER); break;
    case VERB_VIEW_GRADIENTS: model_toggle_view(m, VIEW_GRADIENTS); break;
    case VERB_VIEW_TRAIN: model_toggle_view(m, VIEW_TRAIN); break;
    case VERB_VIEW_UNITS: model_toggle_view(m, VIEW_UNITS); break;
    case VERB_VIEW_TEACH: model_toggle_view(m, VIEW_TEACH); break;
    case VERB_VIEW_STAGE: show_stage(m); break;
    case VERB_VIEW_ACCURACY: case VERB_CUT_BRANCH: case VERB_CUT_LESS: case VERB_CUT_MORE: case VERB_CUT_WHERE: case VERB_CUT_BITS: case VERB_CUT_SWAP:
    case VERB_CUT_REDUCTIONS: model_accuracy_do(m, verb); break;
    case VERB_TERM_PREV:
        m->playing = false;
        model_term_step(m, -1);
        break;
    case VERB_TERM_BY_ONE: case VERB_TERM_BY_ROW: case VERB_TERM_BY_CHANNEL: case VERB_TERM_BY_ALL: model_term_by(m, (TermStep)(verb - VERB_TERM_BY_ONE)); break;
    case VERB_VIEW_ORDER: case VERB_ORDER_NEXT: case VERB_ORDER_PREV:
    case VERB_VIEW_PATH: case VERB_PATH_NEXT: case VERB_PATH_PREV: case VERB_PATH_FIRST: case VERB_PATH_LAST: case VERB_PATH_TERM_NEXT:
    case VERB_PATH_TERM_PREV: case VERB_PATH_UP: case VERB_PATH_RESET: model_path_do(m, verb); break;
    case VERB_OVERFIT_STEP: case VERB_OVERFIT_KEEP: case VERB_OVERFIT_UNDO: case VERB_OVERFIT_RATE_LESS: case VERB_OVERFIT_RATE_MORE:
    case VERB_OVERFIT_LABEL_PREV: case VERB_OVERFIT_LABEL_NEXT: case VERB_OVERFIT_PAGE: case VERB_OVERFIT_MODE: case VERB_OVERFIT_HEAD_1:
    case VERB_OVERFIT_HEAD_2: case VERB_OVERFIT_HEAD_3: model_overfit_do(m, verb); break;
    case VERB_VIEW_BACKWARD: case VERB_BACKWARD_OF: case VERB_BACKWARD_CLASS_1: case VERB_BACKWARD_CLASS_2: case VERB_BACKWARD_CLASS_3:
    case VERB_VIEW_CIRCUIT: case VERB_VIEW_CAM: case VERB_VIEW_WANTS: case VERB_WANT_PAUSE: case VERB_WANT_BASIS: case VERB_WANT_JITTER: case VERB_WANT_NEURON:
    case VERB_WANT_SEED: case VERB_WANT_ALL: case VERB_VIEW_FOOL: case VERB_FOOL_LESS: case VERB_FOOL_MORE: case VERB_FOOL_NONE:
    case VERB_FOOL_MOST: case VERB_FOOL_SIGNS: case VERB_FOOL_CLASS_PREV: case VERB_FOOL_CLASS_NEXT: case VERB_VIEW_SANITY:
    case VERB_SANITY_LESS: case VERB_SANITY_MORE: case VERB_SANITY_NONE: case VERB_SANITY_ALL: case VERB_SANITY_CLASS_PREV:
    case VERB_SANITY_CLASS_NEXT: case VERB_SANITY_AGAINST: case VERB_GROUPS_4: case VERB_GROUPS_5: case VERB_GROUPS_6:
    case VERB_VIEW_CROPS: case VERB_CROPS_PREV: case VERB_CROPS_NEXT: case VERB_VIEW_LINEAGE:
    case VERB_VIEW_GROUPS: model_explain_do(m, verb); break;
    case VERB_RESTORE:
        model_restore(m);
        switched_free(&m->switched);
        m->accuracy.knife = knife_none;
        break;
    case VERB_RANGE: m->look.range = m->look.range >= RANGE_MODULE ? RANGE_MAP : (RangeKind)(m->look.range + 1); break;
    case VERB_LOCK: lock_range(m); break;
    case VERB_OUTLIERS:
        m->look.clip_outliers = !m->look.clip_outliers;
        model_say(m, false, "%s", model_text(m, m->look.clip_outliers ? STR_OUTLIERS_ON : STR_OUTLIERS_OFF));
        break;
    case VERB_MAP: m->look.map = (m->look.map + 1) % LOOK_MAPS; break;
    case VERB_ENGINE: next_engine(m); break;
    case VERB_TURN: turn_picture(m); break;
    case VERB_FIELD: m->look.field = !m->look.field; break;
    case VERB_FULLSCREEN: m->screen.fullscreen = !m->screen.fullscreen; break;
    case VERB_PRESENTER: m->screen.presenter = !m->screen.presenter; break;
    case VERB_BLACKOUT: m->screen.blackout = !m->screen.blackout; break;
    case VERB_THEME: m->screen.dark = !m->screen.dark; break;
    case VERB_LANGUAGE: m->screen.lang = m->screen.lang == LANG_EN ? LANG_ZH : LANG_EN; break;
    case VERB_MOTION: m->screen.still = !m->screen.still; break;
    case VERB_PLAY: case VERB_SLIDE: case VERB_SLOWER: case VERB_FASTER: case VERB_LESSON_NEXT: case VERB_LESSON_PREV: case VERB_HAND_IN:
    case VERB_CHOICE_1: case VERB_CHOICE_2: case VERB_CHOICE_3: case VERB_CHOICE_4: case VERB_CHOICE_5:
    case VERB_SILENCE: case VERB_SILENCE_BRANCH: case VERB_SAVE_PNG: case VERB_SAVE_CSV: case VERB_SAVE_NPY: case VERB_SAVE_GIF:
    case VERB_EPOCH_PREV: case VERB_EPOCH_NEXT: case VERB_EPOCH_FIRST: case VERB_EPOCH_LAST:
    case VERB_FOOL_SAVE: case VERB_FOOL_COMPARE: case VERB_EXERCISE_COPY: case VERB_EXERCISE_TRAIN: case VERB_EXERCISE_HINT:
    case VERB_TEACH: case VERB_TEACH_BIN_PREV: case VERB_TEACH_BIN_NEXT: case VERB_TEACH_PICTURE_PREV: case VERB_TEACH_PICTURE_NEXT: case VERB_TEACH_NEW_BIN:
    case VERB_TEACH_REMOVE: case VERB_TEACH_NAME: case VERB_TEACH_UNDO: case VERB_TEACH_FORMER: case VERB_TEACH_SAVE: case VERB_TEACH_SAVE_PTH: case VERB_TEACH_WHOLE: case VERB_TEACH_JUDGE:
    case VERB_COPY_ADDRESS: case VERB_QUIT: assert(!"a verb of the session's"); break;
    case VERB_NONE: case VERB_COUNT: break;
    }
}
