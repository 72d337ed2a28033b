/* The mouse reaches every verb: for each key of the program's own table, a way of clicks from the first screen, and what it did. A verb
 * without a way fails. The things that are clicked are found by their role and their words, as a person finds them. */
#include "tests/program.h"
#include "tests/drawn_kinds.h"
#include "app/model/walk.h"

#include <dirent.h>
#include <math.h>

/* Steps, separated by |. ROLE:TEXT clicks the first item with this role and exactly this text; ROLE~TEXT one that has it in its text.
 * map:ADDRESS#N@Y,X clicks a value of the Nth map that is shown there, twice:... double-clicks it; low:LABEL clicks the low end of a slider, start:NAME and end:NAME those
 * of a chart;
 * key:KEY a key in the help, which the ? opens; menu:TEXT a row of the bar's menu; right: the right button. */
static const char *const ways[VERB_COUNT] = {
    [VERB_NEXT] = "stop:conv1|button:›",
    [VERB_PREV] = "stop:conv1|button:‹",
    [VERB_INTO] = "stop:3a|row:1x1",
    [VERB_OUT] = "stop:3a|row:5x5|crumb:inception 3a",
    [VERB_DEEPER] = "stop:3a|twice:3a/1x1#0@4,5",
    [VERB_BACK] = "stop:conv1|right:",
    [VERB_HOME] = "stop:conv2|row:input",
    [VERB_END] = "stop:conv1|row:softmax",
    [VERB_HEADS] = "stop:conv1|row~aux 1",
    [VERB_SEARCH] = "choice:Find",
    [VERB_CHANNEL_NEXT] = "stop:conv1|map:conv1#5@9,9|map:conv1#6@9,9",
    [VERB_CHANNEL_PREV] = "stop:conv1|map:conv1#5@9,9|map:conv1#4@9,9",
    [VERB_BRANCH] = "stop:3a|row:3x3|row:5x5",
    [VERB_TWIN] = "stop:3a|map:3a/1x1#0@4,5|key:j",
    [VERB_PIXEL_LEFT] = "stop:3a|map:3a/1x1#0@4,5|map:3a/1x1#0@4,4",
    [VERB_PIXEL_RIGHT] = "stop:3a|map:3a/1x1#0@4,5|map:3a/1x1#0@4,6",
    [VERB_PIXEL_UP] = "stop:3a|map:3a/1x1#0@4,5|map:3a/1x1#0@3,5",
    [VERB_PIXEL_DOWN] = "stop:3a|map:3a/1x1#0@4,5|map:3a/1x1#0@5,5",
    [VERB_PLAY] = "button:Play",
    [VERB_SLIDE] = "stop:conv1|map:conv1#5@9,9|button~slide the window",
    [VERB_SLOWER] = "button:Play|choice:×½",
    [VERB_FASTER] = "button:Play|choice:×2",
    [VERB_LESSON_NEXT] = "choice:Lessons|row~Clicks|button:space · next",
    [VERB_LESSON_PREV] = "choice:Lessons|row~Clicks|button:space · next|button:← back",
    [VERB_HAND_IN] = "choice:Lessons|row~Clicks|button:hand in",
    [VERB_LESSONS] = "choice:Lessons",
    [VERB_EXERCISE_COPY] = "choice:Lessons|row~Build|button~Begin with a copy",
    [VERB_EXERCISE_TRAIN] = "choice:Lessons|row~Build|button~Begin with a copy|button~Train",
    [VERB_EXERCISE_HINT] = "choice:Lessons|row~Build|button~Hint",
    [VERB_CHOICE_1] = "choice:Lessons|row~Clicks|button:space · next|answer:1",
    [VERB_CHOICE_2] = "choice:Lessons|row~Clicks|button:space · next|answer:2",
    [VERB_CHOICE_3] = "choice:Lessons|row~Clicks|button:space · next|answer:3",
    [VERB_CHOICE_4] = "choice:Lessons|row~Clicks|button:space · next|answer:4",
    [VERB_CHOICE_5] = "choice:Lessons|row~Clicks|button:space · next|answer:5",
    [VERB_VIEW_OVERVIEW] = "stop:conv1|choice:Network",
    [VERB_VIEW_STAGE] = "choice:Walk",
    [VERB_VIEW_WEIGHTS] = "stop:conv1|choice:Weights",
    [VERB_VIEW_CAM] = "choice:Why",
    [VERB_VIEW_OCCLUSION] = "choice:Cover",
    [VERB_VIEW_COMPARE] = "choice:Compare",
    [VERB_VIEW_LEDGER] = "choice:Ledger",
    [VERB_VIEW_GRADIENTS] = "choice:Gradients",
    [VERB_VIEW_TRAIN] = "choice:Train",
    [VERB_VIEW_CIRCUIT] = "stop:3a|twice:3a/1x1#0@4,5|choice:through the reduction",
    [VERB_VIEW_BACKWARD] = "stop:3a|twice:3a/1x1#0@4,5|choice:its gradient",
    [VERB_BACKWARD_OF] = "stop:3a|twice:3a/1x1#0@4,5|choice:its gradient|choice:loss",
    [VERB_BACKWARD_CLASS_1] = "stop:3a|twice:3a/1x1#0@4,5|choice:its gradient|choice~2 ·|choice~1 ·",
    [VERB_BACKWARD_CLASS_2] = "stop:3a|twice:3a/1x1#0@4,5|choice:its gradient|choice~2 ·",
    [VERB_BACKWARD_CLASS_3] = "stop:3a|twice:3a/1x1#0@4,5|choice:its gradient|choice~3 ·",
    [VERB_VIEW_ORDER] = "stop:3a|twice:3a/1x1#0@4,5|choice:its last bit",
    [VERB_ORDER_NEXT] = "stop:3a|twice:3a/1x1#0@4,5|choice:its last bit|button:another order",
    [VERB_ORDER_PREV] = "stop:3a|twice:3a/1x1#0@4,5|choice:its last bit|button:another order|button:the one before",
    [VERB_TERM_PREV] = "stop:3a|twice:3a/1x1#0@4,5|button:one step back",
    [VERB_TERM_BY_ONE] = "stop:3a|map:3a/3x3#0@4,5|twice:3a/3x3#0@4,5|choice:channel|choice:product",
    [VERB_TERM_BY_ROW] = "stop:3a|map:3a/3x3#0@4,5|twice:3a/3x3#0@4,5|choice:row of the kernel",
    [VERB_TERM_BY_CHANNEL] = "stop:3a|map:3a/3x3#0@4,5|twice:3a/3x3#0@4,5|choice:channel",
    [VERB_TERM_BY_ALL] = "stop:3a|twice:3a/1x1#0@4,5|choice:all",
    [VERB_VIEW_PATH] = "choice:Path",
    [VERB_PATH_NEXT] = "choice:Path|step~dropout|step~avgpool",
    [VERB_PATH_PREV] = "choice:Path|step~avgpool|step~dropout",
    [VERB_PATH_FIRST] = "choice:Path|step~avgpool|step~fc",
    [VERB_PATH_LAST] = "choice:Path|stop:input",
    [VERB_PATH_TERM_NEXT] = "choice:Path|term~2  ",
    [VERB_PATH_TERM_PREV] = "choice:Path|term~2  |term~1  ",
    [VERB_PATH_UP] = "choice:Path|choice:up from the pixel",
    [VERB_PATH_RESET] = "choice:Path|term~2  |button:largest terms",
    [VERB_VIEW_GROUPS] = "choice:Groups",
    [VERB_GROUPS_4] = "stop:3a|choice:Groups|choice:5|choice:4",
    [VERB_GROUPS_5] = "stop:3a|choice:Groups|choice:5",
    [VERB_GROUPS_6] = "stop:3a|choice:Groups|choice:6",
    [VERB_VIEW_UNITS] = "choice:Units",
    [VERB_VIEW_WANTS] = "stop:3a|map:3a/1x1#0@4,5|choice:Wants",
    [VERB_WANT_PAUSE] = "stop:3a|map:3a/1x1#0@4,5|choice:Wants|button:make it again",
    [VERB_WANT_BASIS] = "stop:3a|map:3a/1x1#0@4,5|choice:Wants|choice:pixels",
    [VERB_WANT_JITTER] = "stop:3a|map:3a/1x1#0@4,5|choice:Wants|choice:no jitter",
    [VERB_WANT_NEURON] = "stop:3a|map:3a/1x1#0@4,5|choice:Wants|choice:neuron",
    [VERB_WANT_SEED] = "stop:3a|map:3a/1x1#0@4,5|choice:Wants|button:another seed",
    [VERB_WANT_ALL] = "stop:3a|map:3a/1x1#0@4,5|choice:Wants|button:all units of 3a/1x1",
    [VERB_VIEW_TEACH] = "choice:Teach",
    [VERB_TEACH] = "choice:Teach|button:Teach",
    [VERB_TEACH_BIN_PREV] = "choice:Teach|bin:stripes|bin:discs",
    [VERB_TEACH_BIN_NEXT] = "choice:Teach|bin:stripes",
    [VERB_TEACH_PICTURE_PREV] = "choice:Teach|photo:1.png|photo:0.png",
    [VERB_TEACH_PICTURE_NEXT] = "choice:Teach|photo:0.png|photo:1.png",
    [VERB_TEACH_NEW_BIN] = "choice:Teach|button:New class",
    [VERB_TEACH_REMOVE] = "choice:Teach|photo:0.png|button:Remove picture",
    [VERB_TEACH_NAME] = "choice:Teach|field~name",
    [VERB_TEACH_UNDO] = "choice:Teach|button:Undo: added",
    [VERB_TEACH_FORMER] = "choice:Teach|button:Former network back",
    [VERB_TEACH_SAVE] = "choice:Teach|button:Save .safetensors",
    [VERB_TEACH_SAVE_PTH] = "choice:Teach|button:Save .pth",
    [VERB_TEACH_WHOLE] = "choice:Teach|button:Go on with the whole network",
    [VERB_TEACH_JUDGE] = "choice:Teach|choice:is judged",
    [VERB_VIEW_SANITY] = "choice:Trust",
    [VERB_SANITY_LESS] = "choice:Trust|stage:5a|stage:fc",
    [VERB_SANITY_MORE] = "choice:Trust|stage:fc",
    [VERB_SANITY_NONE] = "choice:Trust|stage:5a|stage:none",
    [VERB_SANITY_ALL] = "choice:Trust|stage:conv1",
    [VERB_SANITY_CLASS_PREV] = "choice:Trust|row:class 0|row:class 3",
    [VERB_SANITY_CLASS_NEXT] = "choice:Trust|row:class 3|row:class 0",
    [VERB_SANITY_AGAINST] = "choice:Trust|button~Beside class",
    [VERB_VIEW_ACCURACY] = "choice:Accuracy",
    [VERB_CUT_BRANCH] = "choice:Accuracy|choice:1×1",
    [VERB_CUT_LESS] = "choice:Accuracy|button:+|button:+|button:−",
    [VERB_CUT_MORE] = "choice:Accuracy|button:+",
    [VERB_CUT_WHERE] = "stop:conv1|choice:Accuracy|choice:only conv1",
    [VERB_CUT_BITS] = "choice:Accuracy|choice:8 bits",
    [VERB_CUT_SWAP] = "choice:Accuracy|choice:red and blue swapped",
    [VERB_CUT_REDUCTIONS] = "choice:Accuracy|choice:none anywhere",
    [VERB_VIEW_CROPS] = "choice:Crops",
    [VERB_CROPS_NEXT] = "choice:Crops|button:→",
    [VERB_CROPS_PREV] = "choice:Crops|button:→|button:→|button:←",
    [VERB_VIEW_LINEAGE] = "choice:Lineage",
    [VERB_OVERFIT_STEP] = "choice:Gradients|button:Step · Enter",
    [VERB_OVERFIT_KEEP] = "choice:Gradients|button:Keep stepping · Space",
    [VERB_OVERFIT_UNDO] = "choice:Gradients|button:Step · Enter|button:Undo all (1)",
    [VERB_OVERFIT_RATE_LESS] = "choice:Gradients|button:−",
    [VERB_OVERFIT_RATE_MORE] = "choice:Gradients|button:+",
    [VERB_OVERFIT_LABEL_PREV] = "choice:Gradients|choice:class 0|choice:class 3",
    [VERB_OVERFIT_LABEL_NEXT] = "choice:Gradients|choice:class 3|choice:class 0",
    [VERB_OVERFIT_PAGE] = "choice:Gradients|choice:chart",
    [VERB_OVERFIT_MODE] = "choice:Gradients|choice:eval mode",
    [VERB_OVERFIT_HEAD_1] = "choice:Gradients|choice:main",
    [VERB_OVERFIT_HEAD_2] = "choice:Gradients|choice~aux1",
    [VERB_OVERFIT_HEAD_3] = "choice:Gradients|choice~aux2",
    [VERB_VIEW_FOOL] = "choice:Fool",
    [VERB_FOOL_LESS] = "choice:Fool|level:3",
    [VERB_FOOL_MORE] = "choice:Fool|level:5",
    [VERB_FOOL_NONE] = "choice:Fool|level:0",
    [VERB_FOOL_MOST] = "choice:Fool|level:32",
    [VERB_FOOL_SIGNS] = "choice:Fool|button:Other random signs",
    [VERB_FOOL_CLASS_PREV] = "choice:Fool|row:class 0|row:class 3",
    [VERB_FOOL_CLASS_NEXT] = "choice:Fool|row:class 3|row:class 0",
    [VERB_FOOL_SAVE] = "choice:Fool|button~Save as PNG",
    [VERB_FOOL_COMPARE] = "choice:Fool|button~Compare layer by layer",
    [VERB_EPOCH_PREV] = "choice:Train|button:‹",
    [VERB_EPOCH_NEXT] = "choice:Train|button:‹|button:›",
    [VERB_EPOCH_FIRST] = "choice:Train|start:losses",
    [VERB_EPOCH_LAST] = "choice:Train|button:‹|end:losses",
    [VERB_SILENCE] = "stop:conv1|map:conv1#5@9,9|low:scale",
    [VERB_SILENCE_BRANCH] = "stop:3a|map:3a/1x1#0@4,5|key:Shift+x",
    [VERB_RESTORE] = "stop:conv1|map:conv1#5@9,9|low:scale|badge:what if",
    [VERB_RANGE] = "stop:3a|choice~layer ▾|row~module",
    [VERB_LOCK] = "stop:3a|choice~layer ▾|row~locked",
    [VERB_OUTLIERS] = "menu:clip outliers",
    [VERB_MAP] = "choice~viridis ▾|row:magma",
    [VERB_ENGINE] = "choice:reference",
    [VERB_PICTURES] = "choice:Pictures",
    [VERB_NETWORKS] = "badge~▾",
    [VERB_TURN] = "key:q",
    [VERB_FIELD] = "menu:receptive field on or off",
    [VERB_SAVE_PNG] = "menu:save the view as PNG",
    [VERB_SAVE_CSV] = "stop:conv1|map:conv1#5@9,9|menu:save the map as CSV",
    [VERB_SAVE_NPY] = "stop:conv1|menu:save the layer as .npy",
    [VERB_SAVE_GIF] = "menu:record the walk as GIF",
    [VERB_COPY_ADDRESS] = "button:address",
    [VERB_FULLSCREEN] = "menu:full screen",
    [VERB_PRESENTER] = "menu:presenter type size",
    [VERB_BLACKOUT] = "menu:blackout",
    [VERB_THEME] = "choice:☾",
    [VERB_LANGUAGE] = "choice:中文",
    [VERB_MOTION] = "menu:animation on or off",
    [VERB_HELP] = "choice:?",
    [VERB_QUIT] = "menu:quit",
};

/* What one does all the time and every view: reached without the help and without the menu. */
static const Verb frequent[] = {
    VERB_NEXT, VERB_PREV, VERB_INTO, VERB_OUT, VERB_DEEPER, VERB_BACK, VERB_HOME, VERB_END, VERB_HEADS, VERB_SEARCH, VERB_CHANNEL_NEXT, VERB_CHANNEL_PREV,
    VERB_BRANCH, VERB_PIXEL_LEFT, VERB_PIXEL_RIGHT, VERB_PIXEL_UP, VERB_PIXEL_DOWN, VERB_PLAY, VERB_SLIDE, VERB_SLOWER, VERB_FASTER, VERB_NETWORKS, VERB_LESSON_NEXT, VERB_LESSON_PREV, VERB_LESSONS, VERB_CHOICE_1,
    VERB_CHOICE_2, VERB_CHOICE_3, VERB_CHOICE_4, VERB_CHOICE_5, VERB_VIEW_OVERVIEW, VERB_VIEW_STAGE, VERB_VIEW_WEIGHTS, VERB_VIEW_CAM, VERB_VIEW_OCCLUSION,
    VERB_VIEW_COMPARE, VERB_VIEW_LEDGER, VERB_VIEW_GRADIENTS, VERB_VIEW_TRAIN, VERB_VIEW_UNITS, VERB_EPOCH_PREV, VERB_EPOCH_NEXT, VERB_SILENCE, VERB_RESTORE, VERB_RANGE, VERB_LOCK,
    VERB_VIEW_CIRCUIT,
    VERB_VIEW_ORDER, VERB_ORDER_NEXT, VERB_ORDER_PREV,
    VERB_TERM_PREV, VERB_TERM_BY_ONE, VERB_TERM_BY_ROW, VERB_TERM_BY_CHANNEL, VERB_TERM_BY_ALL,
    VERB_VIEW_PATH, VERB_PATH_NEXT, VERB_PATH_PREV, VERB_PATH_TERM_NEXT, VERB_PATH_TERM_PREV, VERB_PATH_UP, VERB_PATH_RESET,
    VERB_VIEW_BACKWARD, VERB_BACKWARD_OF, VERB_BACKWARD_CLASS_1, VERB_BACKWARD_CLASS_2, VERB_BACKWARD_CLASS_3,
    VERB_VIEW_GROUPS,
    VERB_VIEW_WANTS, VERB_WANT_PAUSE, VERB_WANT_BASIS, VERB_WANT_JITTER, VERB_WANT_NEURON, VERB_WANT_SEED, VERB_WANT_ALL,
    VERB_VIEW_TEACH, VERB_TEACH, VERB_TEACH_BIN_PREV, VERB_TEACH_BIN_NEXT, VERB_TEACH_PICTURE_PREV, VERB_TEACH_PICTURE_NEXT, VERB_TEACH_NEW_BIN, VERB_TEACH_REMOVE,
    VERB_TEACH_NAME, VERB_TEACH_UNDO, VERB_TEACH_FORMER, VERB_TEACH_SAVE, VERB_TEACH_SAVE_PTH, VERB_TEACH_WHOLE, VERB_TEACH_JUDGE,
    VERB_VIEW_SANITY, VERB_SANITY_LESS, VERB_SANITY_MORE, VERB_SANITY_NONE, VERB_SANITY_ALL, VERB_SANITY_CLASS_PREV, VERB_SANITY_CLASS_NEXT, VERB_SANITY_AGAINST,
    VERB_VIEW_FOOL, VERB_FOOL_LESS, VERB_FOOL_MORE, VERB_FOOL_NONE, VERB_FOOL_MOST, VERB_FOOL_SIGNS, VERB_FOOL_CLASS_PREV, VERB_FOOL_CLASS_NEXT, VERB_FOOL_SAVE, VERB_FOOL_COMPARE,
    VERB_EXERCISE_COPY, VERB_EXERCISE_TRAIN, VERB_EXERCISE_HINT, VERB_VIEW_CROPS, VERB_CROPS_PREV, VERB_CROPS_NEXT, VERB_VIEW_LINEAGE,
    VERB_VIEW_ACCURACY, VERB_CUT_BRANCH, VERB_CUT_LESS, VERB_CUT_MORE, VERB_CUT_WHERE, VERB_CUT_BITS, VERB_CUT_SWAP, VERB_CUT_REDUCTIONS,
    VERB_OVERFIT_STEP, VERB_OVERFIT_KEEP, VERB_OVERFIT_UNDO, VERB_OVERFIT_RATE_LESS, VERB_OVERFIT_RATE_MORE, VERB_OVERFIT_LABEL_PREV, VERB_OVERFIT_LABEL_NEXT,
    VERB_OVERFIT_PAGE, VERB_OVERFIT_MODE, VERB_OVERFIT_HEAD_1, VERB_OVERFIT_HEAD_2, VERB_OVERFIT_HEAD_3,
    VERB_MAP, VERB_ENGINE, VERB_PICTURES, VERB_COPY_ADDRESS, VERB_THEME, VERB_LANGUAGE, VERB_HELP,
};

/* The state before and after the last click. The wishes are those of the frame in which it was taken. */
typedef struct Seen {
    int at; Cursor cursor; ViewKind view; Overlay overlay; Look look; Screen screen; const Engine *engine;
    bool playing, edited, recording, quit;
    int step; char answer;      /* of the lesson, the first one; -1: none is open */
    int epoch, speed, groups;
    int step_position, signs, target, stage, against; /* of the step that fools, and of maps that are put to the test */
    bool slides;
    int path_step, path_rank, order, term; TermStep term_step;
    Knife knife;
    WantOptions want; int want_steps; bool want_grid;
    int bins, bin, picture, pictures; /* of one's own classes */
    bool taught;
    char shown[6];              /* a lesson's answers on the screen, as digits of the file's order */
    char status[256], copy[1024], save_png[512];
} Seen;

static const char *const answers[] = {"one", "two", "three", "four", "five"}; /* in the file; on the screen they are shuffled */

/* The answer that is the Nth on the screen, as a digit of the file's order; item receives it. */
static char nth_answer(const Program *p, int n, const Item **item)
{
    for (size_t i = 0; i < p->ui.item_count; i++)
        for (int a = 0; a < 5 && strcmp(p->ui.items[i].role, "choice") == 0; a++)
            if (strcmp(p->ui.text + p->ui.items[i].text, answers[a]) == 0 && n-- == 0) {
                *item = &p->ui.items[i];
                return (char)('1' + a);
            }
    *item = NULL;
    return ' ';
}

static Seen look_at(const Program *p)
{
    const Model *m = p->model;
    const Session *s = p->session;
    Seen seen = {m->at, m->cursor, m->view, m->overlay, m->look, m->screen, m->engine, session_plays(s), m->what_if.weights != NULL, s->recording.on, p->ui.wish.quit,
                 classroom_is_open(&s->classroom) ? s->classroom.answers.step : -1, classroom_is_open(&s->classroom) ? s->classroom.answers.first[s->classroom.answers.step] : ' ',
                 s->training.watch.epoch, s->play.speed, m->groups.count, m->fool.position, m->fool.seed, m->cam_class, m->sanity.stage, m->sanity.against,
                 play_slides(&s->play, m), m->path.at, path_shown(&m->path) != NULL ? path_shown(&m->path)->rank : 0, m->order.seed, m->term, m->term_step, m->accuracy.knife, m->wants.options, 0, m->wants.grid, s->teaching.bins.now.bin_count, s->teaching.bin, s->teaching.picture,
                 s->teaching.bins.now.bin_count > 0 ? teach_bin_size(&s->teaching.bins, 0) : 0, s->teaching.own != NULL, "", "", "", ""};
    const Cursor unit = model_wants_unit(m);
    const WantMade *made = wants_made(&m->wants, unit.layer, unit.channel, &m->wants.options);
    seen.want_steps = made != NULL ? made->steps : 0;
    const Item *item;
    for (int n = 0; n < 5; n++)
        seen.shown[n] = nth_answer(p, n, &item);
    snprintf(seen.status, sizeof seen.status, "%s", model_status(m) != NULL ? model_status(m) : "");
    snprintf(seen.copy, sizeof seen.copy, "%s", p->ui.wish.copy);
    snprintf(seen.save_png, sizeof seen.save_png, "%s", p->ui.wish.save_png);
    return seen;
}

/* Whether the folder has exactly one file, with this ending; removes it. */
static bool one_file(const char *folder, const char *ending)
{
    int count = 0;
    bool right = false;
    DIR *dir = opendir(folder);
    for (struct dirent *e = dir != NULL ? readdir(dir) : NULL; e != NULL; e = readdir(dir)) {
        char path[1200];
        const char *dot = strrchr(e->d_name, '.');
        if (e->d_name[0] == '.')
            continue;
        count++;
        right = dot != NULL && strcmp(dot, ending) == 0;
        snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
        remove(path);
    }
    if (dir != NULL)
        closedir(dir);
    return count == 1 && right;
}

/* What each verb does, told from the two states. */
static bool did(const Program *p, Verb verb, const Seen *was, const Seen *is)
{
    const Net *net = model_net(p->model);
    const Cursor a = was->cursor, b = is->cursor;
    const bool same_map = a.layer == b.layer && a.channel == b.channel && a.y >= 0;
    switch (verb) {
    case VERB_NEXT: return is->at == walk_next(net, was->at) && is->at != was->at;
    case VERB_PREV: return is->at == walk_prev(net, was->at) && is->at != was->at;
    case VERB_INTO: return is->at == walk_into(net, was->at, BRANCH_NONE) && is->at != was->at;
    case VERB_OUT: return is->at == walk_out(net, was->at) && is->at != was->at;
    case VERB_DEEPER: return is->view == VIEW_VALUE && b.channel >= 0 && b.y == 4 && b.x == 5;
    case VERB_BACK: return was->view == VIEW_STAGE && is->view == VIEW_OVERVIEW;
    case VERB_HOME: return is->at == walk_home(net, was->at) && is->at != was->at;
    case VERB_END: return is->at == walk_end(net, was->at) && is->at != was->at;
    case VERB_HEADS: return net->layers[is->at].head == 1;
    case VERB_SEARCH: return is->overlay == OVERLAY_SEARCH;
    case VERB_CHANNEL_NEXT: return a.layer == b.layer && b.channel == a.channel + 1;
    case VERB_CHANNEL_PREV: return a.layer == b.layer && b.channel == a.channel - 1;
    case VERB_BRANCH: return net->layers[is->at].branch == net->layers[was->at].branch + 1;
    case VERB_TWIN: return net->layers[a.layer].branch == BRANCH_1X1 && walk_is_module(net, b.layer) && a.channel == b.channel;
    case VERB_PIXEL_LEFT: return same_map && b.x == a.x - 1 && b.y == a.y;
    case VERB_PIXEL_RIGHT: return same_map && b.x == a.x + 1 && b.y == a.y;
    case VERB_PIXEL_UP: return same_map && b.x == a.x && b.y == a.y - 1;
    case VERB_PIXEL_DOWN: return same_map && b.x == a.x && b.y == a.y + 1;
    case VERB_PLAY: return is->playing && !was->playing;
    case VERB_SLIDE: return is->slides && !was->slides;
    case VERB_SLOWER: return is->speed < was->speed;
    case VERB_FASTER: return is->speed > was->speed;
    case VERB_NETWORKS: return is->overlay == OVERLAY_NETWORKS;
    case VERB_LESSON_NEXT: return is->step == was->step + 1 && is->step > 0;
    case VERB_LESSON_PREV: return is->step == was->step - 1 && is->step >= 0;
    case VERB_HAND_IN: return is->overlay == OVERLAY_HAND_IN;
    case VERB_LESSONS: return is->overlay == OVERLAY_LESSONS;
    case VERB_EXERCISE_COPY: return one_file(".", ".net") && strcmp(net->name, "start") == 0 && p->session->exercising.held == 1;
    case VERB_EXERCISE_TRAIN: return one_file(".", ".net") && (p->session->exercising.training != NULL || p->session->exercising.seen.epoch > 0);
    case VERB_EXERCISE_HINT: return p->session->exercising.hints == 1;
    case VERB_VIEW_CROPS: return is->view == VIEW_CROPS;
    case VERB_CROPS_NEXT: return p->model->crops.seed == CROPS_SEED_LEAST + 1;
    case VERB_CROPS_PREV: return p->model->crops.seed == CROPS_SEED_LEAST + 1;
    case VERB_VIEW_LINEAGE: return is->view == VIEW_LINEAGE;
    case VERB_CHOICE_1: case VERB_CHOICE_2: case VERB_CHOICE_3: case VERB_CHOICE_4: case VERB_CHOICE_5:
        return is->answer != was->answer && is->answer == was->shown[verb - VERB_CHOICE_1];
    case VERB_VIEW_OVERVIEW: return was->view != is->view && is->view == VIEW_OVERVIEW;
    case VERB_VIEW_STAGE: return was->view != is->view && is->view == VIEW_STAGE;
    case VERB_VIEW_WEIGHTS: return is->view == VIEW_WEIGHTS;
    case VERB_VIEW_CAM: return is->view == VIEW_CAM || is->view == VIEW_SHARE;
    case VERB_VIEW_OCCLUSION: return is->view == VIEW_OCCLUSION;
    case VERB_VIEW_COMPARE: return is->view == VIEW_COMPARE;
    case VERB_VIEW_LEDGER: return is->view == VIEW_LEDGER;
    case VERB_VIEW_GRADIENTS: return is->view == VIEW_GRADIENTS;
    case VERB_VIEW_CIRCUIT: return is->view == VIEW_CIRCUIT;
    case VERB_VIEW_BACKWARD: return is->view == VIEW_BACKWARD;
    case VERB_BACKWARD_OF: return p->model->backward.loss;
    case VERB_BACKWARD_CLASS_1: case VERB_BACKWARD_CLASS_2: case VERB_BACKWARD_CLASS_3: {
        Guess top[BACKWARD_CLASSES];
        return model_top(p->model, top, BACKWARD_CLASSES) == BACKWARD_CLASSES && p->model->cam_class == top[verb - VERB_BACKWARD_CLASS_1].index;
    }
    case VERB_VIEW_ORDER: return is->view == VIEW_ORDER;
    case VERB_ORDER_NEXT: return is->order == was->order + 1;
    case VERB_ORDER_PREV: return is->order == was->order - 1;
    case VERB_TERM_PREV: return is->view == VIEW_VALUE && is->term >= 0 && is->term == model_term_count(p->model) - 1;
    case VERB_TERM_BY_ONE: case VERB_TERM_BY_ROW: case VERB_TERM_BY_CHANNEL: case VERB_TERM_BY_ALL:
        return is->term_step != was->term_step && (int)is->term_step == (int)(verb - VERB_TERM_BY_ONE);
    case VERB_VIEW_PATH: return is->view == VIEW_PATH;
    case VERB_PATH_NEXT: return is->path_step > was->path_step;
    case VERB_PATH_PREV: return is->path_step < was->path_step;
    case VERB_PATH_FIRST: return is->path_step == 0 && was->path_step > 0;
    case VERB_PATH_LAST: return is->path_step > 0 && is->path_step == p->model->path.count - 1;
    case VERB_PATH_TERM_NEXT: return is->path_rank == was->path_rank + 1;
    case VERB_PATH_TERM_PREV: return is->path_rank == was->path_rank - 1;
    case VERB_PATH_UP: return p->model->path.up;
    case VERB_PATH_RESET: return is->path_rank == 0 && was->path_rank > 0;
    case VERB_VIEW_TRAIN: return is->view == VIEW_TRAIN && p->session->training.open;
    case VERB_VIEW_GROUPS: return is->view == VIEW_GROUPS;
    case VERB_GROUPS_4: case VERB_GROUPS_5: case VERB_GROUPS_6: return is->groups != was->groups && is->groups == 4 + (int)(verb - VERB_GROUPS_4);
    case VERB_VIEW_UNITS: return is->view == VIEW_UNITS;
    case VERB_VIEW_WANTS: return is->view == VIEW_WANTS && is->cursor.channel == 0;
    case VERB_WANT_PAUSE: return was->want_steps == WANTS_STEPS && is->want_steps < WANTS_STEPS;
    case VERB_WANT_BASIS: return is->want.pixels && !was->want.pixels;
    case VERB_WANT_JITTER: return is->want.still && !was->want.still;
    case VERB_WANT_NEURON: return is->want.neuron && !was->want.neuron;
    case VERB_WANT_SEED: return is->want.seed == was->want.seed + 1;
    case VERB_WANT_ALL: return is->want_grid && !was->want_grid;
    case VERB_EPOCH_PREV: return is->epoch == was->epoch - 1 && is->epoch > 1;
    case VERB_EPOCH_NEXT: return is->epoch == was->epoch + 1;
    case VERB_EPOCH_FIRST: return is->epoch == 0 && was->epoch > 0;
    case VERB_EPOCH_LAST: return is->epoch > was->epoch && is->epoch == watch_last(&p->session->training.watch);
    case VERB_VIEW_TEACH: return is->view == VIEW_TEACH;
    case VERB_TEACH: return p->session->teaching.asked || p->session->teaching.learning || is->taught;
    case VERB_TEACH_BIN_PREV: return is->bin == was->bin - 1;
    case VERB_TEACH_BIN_NEXT: return is->bin == was->bin + 1;
    case VERB_TEACH_PICTURE_PREV: return is->picture == was->picture - 1 && is->picture == 0;
    case VERB_TEACH_PICTURE_NEXT: return is->picture == was->picture + 1 && is->picture == 1;
    case VERB_TEACH_NEW_BIN: return is->bins == was->bins + 1;
    case VERB_TEACH_REMOVE: return is->pictures == was->pictures - 1;
    case VERB_TEACH_NAME: return p->ui.focus == ui_id("teach name", 0);
    case VERB_TEACH_UNDO: return is->pictures == 0 && was->pictures > 0;
    case VERB_TEACH_FORMER: return was->taught && !is->taught;
    case VERB_TEACH_SAVE: return one_file(".", ".safetensors");
    case VERB_TEACH_SAVE_PTH: return remove("class_indices.json") == 0 && one_file(".", ".pth");
    case VERB_TEACH_WHOLE: return p->session->teaching.whole != NULL;
    case VERB_TEACH_JUDGE: return p->session->teaching.judges;
    case VERB_VIEW_SANITY: return is->view == VIEW_SANITY;
    case VERB_SANITY_LESS: return is->stage == was->stage - 1;
    case VERB_SANITY_MORE: return is->stage == was->stage + 1;
    case VERB_SANITY_NONE: return is->stage == 0 && was->stage > 0;
    case VERB_SANITY_ALL: return is->stage == sanity_stages(net) && was->stage < is->stage;
    case VERB_SANITY_AGAINST: return is->against >= 0 && is->against != was->against;
    case VERB_SANITY_CLASS_PREV: case VERB_SANITY_CLASS_NEXT: {
        Guess top[2];
        return model_top(p->model, top, 2) == 2 && is->target == top[verb == VERB_SANITY_CLASS_NEXT].index && is->target != was->target;
    }
    case VERB_VIEW_ACCURACY: return is->view == VIEW_ACCURACY;
    case VERB_CUT_BRANCH: return is->knife.silenced == BRANCH_1X1 && was->knife.silenced == BRANCH_NONE;
    case VERB_CUT_LESS: return is->knife.pruned < was->knife.pruned && is->knife.pruned > 0;
    case VERB_CUT_MORE: return is->knife.pruned > was->knife.pruned;
    case VERB_CUT_WHERE: return is->knife.pruned_layer >= 0 && is->knife.pruned_layer == is->at;
    case VERB_CUT_BITS: return is->knife.bits == 8 && was->knife.bits == 0;
    case VERB_CUT_SWAP: return is->knife.swapped && !was->knife.swapped;
    case VERB_CUT_REDUCTIONS: return strcmp(is->knife.unreduced, "all") == 0 && was->knife.unreduced[0] == '\0';
    case VERB_OVERFIT_STEP: return p->model->overfit.asked || p->model->overfit.job != NULL || is->edited;
    case VERB_OVERFIT_KEEP: return p->model->overfit.keeps;
    case VERB_OVERFIT_UNDO: return was->edited && !is->edited && p->model->overfit.undone;
    case VERB_OVERFIT_RATE_LESS: return p->model->overfit.rate == OVERFIT_RATE - 1;
    case VERB_OVERFIT_RATE_MORE: return p->model->overfit.rate == OVERFIT_RATE + 1;
    case VERB_OVERFIT_LABEL_PREV: return p->model->gradients.label == 3;
    case VERB_OVERFIT_LABEL_NEXT: return p->model->gradients.label == 0;
    case VERB_OVERFIT_PAGE: return p->model->gradients.chart;
    case VERB_OVERFIT_MODE: return p->model->gradients.eval;
    case VERB_OVERFIT_HEAD_1: case VERB_OVERFIT_HEAD_2: case VERB_OVERFIT_HEAD_3: return p->model->gradients.silent[verb - VERB_OVERFIT_HEAD_1];
    case VERB_VIEW_FOOL: return is->view == VIEW_FOOL;
    case VERB_FOOL_LESS: return is->step_position == was->step_position - 1;
    case VERB_FOOL_MORE: return is->step_position == was->step_position + 1;
    case VERB_FOOL_NONE: return is->step_position == 0 && was->step_position > 0;
    case VERB_FOOL_MOST: return is->step_position == STEP_POSITIONS - 1 && was->step_position < is->step_position;
    case VERB_FOOL_SIGNS: return is->signs == was->signs + 1;
    case VERB_FOOL_CLASS_PREV: case VERB_FOOL_CLASS_NEXT: {
        Guess top[2];
        return model_top(p->model, top, 2) == 2 && is->target == top[verb == VERB_FOOL_CLASS_NEXT].index && is->target != was->target;
    }
    case VERB_FOOL_SAVE: return is->view == VIEW_FOOL && one_file(".", ".png");
    case VERB_FOOL_COMPARE: return is->view == VIEW_COMPARE && one_file(".", ".png");
    case VERB_SILENCE: {
        const Layer *l = &net->layers[b.layer];
        const size_t one = net->params[l->weight].count / (size_t)l->out.c;
        const float *w = model_weights(p->model) + net->params[l->weight].offset + (size_t)b.channel * one;
        float sum = 0;
        for (size_t i = 0; i < one; i++)
            sum += fabsf(w[i]);
        return is->edited && !(sum > 0);
    }
    case VERB_SILENCE_BRANCH: return is->edited && !was->edited;
    case VERB_RESTORE: return was->edited && !is->edited;
    case VERB_RANGE: return is->look.range == RANGE_MODULE && was->look.range == RANGE_LAYER;
    case VERB_LOCK: return is->look.range == RANGE_LOCKED;
    case VERB_OUTLIERS: return is->look.clip_outliers != was->look.clip_outliers;
    case VERB_MAP: return is->look.map != was->look.map;
    case VERB_ENGINE: return is->engine != was->engine;
    case VERB_PICTURES: return is->overlay == OVERLAY_PICTURES;
    case VERB_TURN: return strcmp(is->status, model_text(p->model, STR_NO_ORIENTATION)) == 0;
    case VERB_FIELD: return is->look.field != was->look.field;
    case VERB_SAVE_PNG: return strstr(is->save_png, ".png") != NULL;
    case VERB_SAVE_CSV: return one_file(".", ".csv");
    case VERB_SAVE_NPY: return one_file(".", ".npy");
    case VERB_SAVE_GIF: return is->recording && !was->recording;
    case VERB_COPY_ADDRESS: return strstr(is->copy, "--at ") != NULL;
    case VERB_FULLSCREEN: return is->screen.fullscreen;
    case VERB_PRESENTER: return is->screen.presenter;
    case VERB_BLACKOUT: return is->screen.blackout;
    case VERB_THEME: return is->screen.dark != was->screen.dark;
    case VERB_LANGUAGE: return is->screen.lang != was->screen.lang;
    case VERB_MOTION: return is->screen.still != was->screen.still;
    case VERB_HELP: return is->overlay == OVERLAY_HELP;
    case VERB_QUIT: return is->quit;
    case VERB_NONE: case VERB_COUNT: break;
    }
    return false;
}

/* ---- clicking ------------------------------------------------------------------------------------------------------------------- */

static const Item *find(const Program *p, const char *role, const char *text, bool whole)
{
    for (size_t i = 0; i < p->ui.item_count; i++) {
        const char *has = p->ui.text + p->ui.items[i].text;
        if (strcmp(p->ui.items[i].role, role) == 0 && (whole ? strcmp(has, text) == 0 : strstr(has, text) != NULL))
            return &p->ui.items[i];
    }
    return NULL;
}

/* The middle of value y, x of the Nth map that is shown under the address. */
static bool place_of_value(const Program *p, const char *what, float *x, float *y)
{
    char address[64];
    int n, row, column;
    if (sscanf(what, "%63[^#]#%d@%d,%d", address, &n, &row, &column) != 4)
        return false;
    for (size_t i = 0; i < p->ui.item_count; i++) {
        const Item *item = &p->ui.items[i];
        if (strcmp(item->role, "maps") != 0 || strcmp(item->address, address) != 0 || n >= item->count)
            continue;
        const Shape out = model_net(p->model)->layers[program_layer(p, address)].out;
        *x = item->rect.x + (float)(n % item->columns) * (item->tile_w + item->gap) + item->tile_w * ((float)column + 0.5f) / (float)out.w;
        *y = item->rect.y + (float)(n / item->columns) * (item->tile_h + item->gap) + item->tile_h * ((float)row + 0.5f) / (float)out.h;
        return true;
    }
    return false;
}

/* Where a step clicks; false if the thing is not on the screen. */
static bool place_of(const Program *p, const char *role, char kind, const char *text, float *x, float *y)
{
    const bool value = strcmp(role, "map") == 0 || strcmp(role, "twice") == 0, low = strcmp(role, "low") == 0;
    if (strcmp(role, "right") == 0) {
        *x = p->width / 2;
        *y = p->height / 2;
        return true;
    }
    if (value)
        return place_of_value(p, text, x, y);
    const bool begin = strcmp(role, "start") == 0, end = strcmp(role, "end") == 0;
    const Item *item = find(p, low ? "slider" : begin || end ? "chart" : role, text, kind == ':');
    if (strcmp(role, "answer") == 0)
        nth_answer(p, atoi(text) - 1, &item);
    if (item == NULL)
        return false;
    const float label = low ? p->ui.measure(NULL, FACE_SANS, p->ui.theme->size_small, text, strlen(text)) : 0;
    *x = low ? item->rect.x + label + 12 : begin ? item->rect.x + 1 : end ? item->rect.x + item->rect.w - 1 : item->rect.x + item->rect.w / 2;
    *y = item->rect.y + item->rect.h / 2;
    return true;
}

/* What plays does not come to rest. */
static void settle(Program *p)
{
    for (int i = 0; i < 3 && session_plays(p->session); i++)
        program_frame(p);
    if (!session_plays(p->session))
        program_rest(p);
}

/* One press and release. */
static void press(Program *p, float x, float y, bool right, bool twice, Seen *after)
{
    p->in.mouse_inside = true;
    p->in.mouse_x = x;
    p->in.mouse_y = y;
    settle(p);
    for (int i = 0; i < (twice ? 2 : 1); i++) {
        p->in.down = p->in.pressed = !right;
        p->in.right_pressed = right;
        p->in.double_clicked = i == 1;
        program_frame(p);
        p->in.down = p->in.right_pressed = false;
        p->in.released = !right;
        program_frame(p);
    }
    const Seen wished = look_at(p);
    program_frame(p);
    *after = look_at(p);
    after->quit = wished.quit;
    memcpy(after->copy, wished.copy, sizeof after->copy);
    memcpy(after->save_png, wished.save_png, sizeof after->save_png);
}

/* Walks a way; NULL, or the step that is not on the screen. */
static const char *walk(Program *p, const char *way, Seen *before, Seen *after)
{
    static char step[160];
    while (*way != '\0') {
        char role[16] = "", kind, text[128] = "";
        const size_t bytes = strcspn(way, "|");
        snprintf(step, sizeof step, "%.*s", (int)bytes, way);
        way += bytes + (way[bytes] == '|');
        if (sscanf(step, "%15[a-z]%c%127[^|]", role, &kind, text) < 2)
            return step;
        const bool menu = strcmp(role, "menu") == 0, help = strcmp(role, "key") == 0;
        float x, y;
        settle(p);
        if (menu || help) { /* it opens by a click too */
            if (!place_of(p, "choice", ':', menu ? "more" : "?", &x, &y))
                return step;
            press(p, x, y, false, false, after);
            settle(p);
        }
        for (int down = 0; help && down < 20 && !place_of(p, role, kind, text, &x, &y); down++) { /* a small window scrolls */
            p->in.mouse_x = p->width / 2;
            p->in.mouse_y = p->height / 2;
            p->in.wheel_y = -2;
            settle(p);
        }
        if (!place_of(p, menu ? "row" : role, kind, text, &x, &y))
            return step;
        *before = look_at(p);
        press(p, x, y, strcmp(role, "right") == 0, strcmp(role, "twice") == 0, after);
    }
    return NULL;
}

/* ---- tests ---------------------------------------------------------------------------------------------------------------------- */

/* A lesson with as many choices as there are keys for them. */
static void write_lesson(void)
{
    mkdir(inside("lessons"), 0777);
    mkdir(inside("lessons/en"), 0777);
    FILE *file = fopen(inside("lessons/en/01-clicks.lesson"), "w");
    CHECK(file != NULL, "no lesson");
    fputs("title: Clicks\nteaches: Nothing.\nminutes: 1\n\nstep: One\nat: conv1\nsay: Look.\n\nstep: Two\nat: conv1\nsay: Choose.\nask: Which?\nwrong: one\nwrong: two\n"
          "right: three\nwrong: four\nwrong: five\nreveal: The third.\n\nstep: Three\nat: conv1\nsay: The end.\n", file);
    fclose(file);
}

/* An exercise with a training, and the network that it starts with. */
static void write_exercise(void)
{
    mkdir(inside("lessons/exercises"), 0777);
    mkdir(inside("lessons/exercises/en"), 0777);
    mkdir(inside("lessons/exercises/nets"), 0777);
    FILE *file = fopen(inside("lessons/exercises/en/01-build.exercise"), "w"), *start = fopen(inside("lessons/exercises/nets/start.net"), "w");
    CHECK(file != NULL && start != NULL, "no exercise");
    fputs("title: Build\ngoal: Anything.\nstart: start.net\ncheck: out_c(total) = 4\nepochs: 1\naccuracy: 50%\nhint: None.\n", file);
    fputs("network start\ninput 3x8x8\nclasses 4\npreprocess exact rgb unit mean=0.5 std=0.5\nfc fc classes\nsoftmax softmax\n", start);
    fclose(file);
    fclose(start);
}

/* The program as it starts: the whole network. */
static void start(Program *p)
{
    Err err;
    CHECK(program_open(p, "tests/nets/small.net", 1366, 768, &err), "%s", err.text);
    free(p->session->classroom.lessons_dir);
    p->session->classroom.lessons_dir = strdup(inside("lessons"));
    p->model->screen.still = false;
    model_view(p->model, VIEW_OVERVIEW);
    program_rest(p);
}

/* Two classes are there, and the network has learnt them where the verb is about that. */
static void prepare_teaching(Program *p, Verb verb)
{
    model_view(p->model, VIEW_TEACH);
    program_rest(p);
    session_teach_add(p->session, inside("kinds"));
    program_rest(p);
    if (verb == VERB_TEACH_FORMER || verb == VERB_TEACH_SAVE || verb == VERB_TEACH_SAVE_PTH || verb == VERB_TEACH_WHOLE) {
        session_do(p->session, VERB_TEACH);
        program_rest(p);
    }
    model_view(p->model, VIEW_OVERVIEW);
    program_rest(p);
}

static void test_every_verb(void **state)
{
    char home[4096];
    bool tried[VERB_COUNT] = {false};
    (void)state;
    write_lesson();
    write_exercise();
    mkdir(inside("kinds"), 0777);
    draw_kind("kinds/discs", false, 3, 1);
    draw_kind("kinds/stripes", true, 3, 1);
    mkdir(inside("saved"), 0777);
    CHECK(getcwd(home, sizeof home) != NULL, "no folder");
    for (int i = 0; i < key_binding_count; i++) {
        const Verb verb = key_bindings[i].verb;
        Program program, *p = &program;
        Seen before = {.step = -1}, after = before;
        if (tried[verb])
            continue;
        tried[verb] = true;
        CHECK(ways[verb] != NULL, "the verb of the key %s has no way for the mouse: add it to this test's table", key_bindings[i].key);
        start(p);
        if (verb >= VERB_TEACH && verb <= VERB_TEACH_JUDGE)
            prepare_teaching(p, verb);
        const bool saves = verb == VERB_TEACH_SAVE || verb == VERB_TEACH_SAVE_PTH || verb == VERB_SAVE_CSV || verb == VERB_SAVE_NPY || verb == VERB_FOOL_SAVE || verb == VERB_FOOL_COMPARE ||
                           verb == VERB_EXERCISE_COPY || verb == VERB_EXERCISE_TRAIN;
        CHECK(!saves || chdir(inside("saved")) == 0, "no folder to save in");
        const char *missing = walk(p, ways[verb], &before, &after);
        CHECK(missing == NULL, "on the way '%s' to the verb of %s: '%s' is not on the screen", ways[verb], key_bindings[i].key, missing);
        if (saves)
            program_rest(p); /* the file is written in the background */
        CHECK(did(p, verb, &before, &after), "the way '%s' does not do what the key %s does", ways[verb], key_bindings[i].key);
        CHECK(chdir(home) == 0, "the way back");
        p->model->playing = false;
        program_close(p);
    }
}

static void test_frequent_ones_without_help(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof frequent / sizeof frequent[0]; i++) {
        const char *way = ways[frequent[i]];
        CHECK(way != NULL && strstr(way, "key:") == NULL && strstr(way, "menu:") == NULL, "'%s' goes through the help or the menu", way);
    }
}

/* In the help every key is a button, also the second one of a row; a small window scrolls. */
static void test_help_has_every_key(void **state)
{
    Program program, *p = &program;
    (void)state;
    write_lesson();
    start(p);
    p->height = 1600;
    program_key(p, "h");
    for (int i = 0; i < key_binding_count; i++)
        CHECK(find(p, "key", key_bindings[i].key, true) != NULL, "the help has no button for %s", key_bindings[i].key);
    program_close(p);
}

/* Wherever the pointer becomes a hand in the bars, the rail, the breadcrumb and the status line, a tip comes up after a moment: inside the
 * window, clear of its word; in the bar of views with the key. */
static void check_tip(Program *p, float x, float y, bool keyed)
{
    p->in.mouse_inside = true;
    p->in.mouse_x = x;
    p->in.mouse_y = y;
    program_frame(p);
    if (p->ui.pointer != POINTER_HAND)
        return;
    p->in.now += 1;
    program_frame(p);
    const Item *tip = NULL;
    for (size_t i = 0; i < p->ui.item_count; i++)
        if (strcmp(p->ui.items[i].role, "tooltip") == 0)
            tip = &p->ui.items[i];
    CHECK(tip != NULL, "%.0fx%.0f, view %s: nothing is said of what is at %.0f, %.0f", (double)p->width, (double)p->height, view_name(p->model->view), (double)x, (double)y);
    const char *text = p->ui.text + tip->text;
    const Rect r = tip->rect, target = p->ui.tip.target;
    CHECK(r.x >= 0 && r.y >= 0 && r.x + r.w <= p->width && r.y + r.h <= p->height, "'%s' leaves the window", text);
    CHECK(rect_has(target, x, y) && rect_intersect(r, target).w <= 0, "'%s' covers its word at %.0f, %.0f", text, (double)x, (double)y);
    CHECK(!keyed || strstr(text, " · ") != NULL || strcmp(text, model_text(p->model, STR_BAR_MORE)) == 0, "'%s' does not name its key", text);
}

static void check_tips(Program *p)
{
    static const float rows[] = {22, 62, 104, 0};
    program_rest(p);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        for (float x = 4; x < p->width; x += 9)
            check_tip(p, x, rows[i] > 0 ? rows[i] : p->height - 13, i == 1);
    for (float y = 84; y < p->height - 30; y += 9)
        check_tip(p, 20, y, false);
    p->in.mouse_inside = false;
    program_frame(p);
}

static void test_tips(void **state)
{
    static const struct { float w, h; Lang lang; } sizes[] = {{1366, 768, LANG_EN}, {800, 600, LANG_ZH}, {1920, 1080, LANG_EN}};
    (void)state;
    write_lesson();
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        Program program, *p = &program;
        start(p);
        p->width = sizes[i].w;
        p->height = sizes[i].h;
        p->model->screen.lang = sizes[i].lang;
        check_tips(p); /* the overview */
        model_go(p->model, program_layer(p, "3a"));
        model_select(p->model, (Cursor){program_layer(p, "3a/3x3"), 3, 2, 2});
        session_do(p->session, VERB_SILENCE);
        check_tips(p); /* the whole breadcrumb, the badge of a change */
        model_go(p->model, program_layer(p, "aux1/conv"));
        check_tips(p);
        model_view(p->model, VIEW_TRAIN);
        check_tips(p);
        session_do(p->session, VERB_VIEW_STAGE);
        session_do(p->session, VERB_PLAY);
        program_frame(p);
        session_do(p->session, VERB_PLAY); /* paused: its line is there */
        check_tips(p);
        program_close(p);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_tips),
    cmocka_unit_test(test_every_verb), cmocka_unit_test(test_frequent_ones_without_help), cmocka_unit_test(test_help_has_every_key),
};

int main(void)
{
    return cmocka_run_group_tests(tests, temp_folder_make, temp_folder_remove);
}
