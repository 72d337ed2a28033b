/* views.h - one prototype per view. A view reads the session and its model, draws into the Ui, and changes them only through
 * their verbs; it computes no value of the network. */
#ifndef INCEPTOSCOPE_VIEWS_H
#define INCEPTOSCOPE_VIEWS_H

#include "app/views/view_state.h"

void view_top(Ui *ui, Session *session, ViewState *v, Rect area);
void view_bar(Ui *ui, Session *session, ViewState *v, Rect area);    /* every view by name */
void view_crumbs(Ui *ui, Session *session, ViewState *v, Rect r);   /* where one is, each part to be clicked */
void view_rail(Ui *ui, Session *session, ViewState *v, Rect area);
float view_rail_width(Ui *ui, const Model *m, float height); /* enough for the name and shape of every row */
void view_inspector(Ui *ui, Session *session, ViewState *v, Rect area);
void view_strip(Ui *ui, Session *session, ViewState *v, Rect area);
float view_strip_height(Ui *ui, const Session *session, float width); /* 0 without a lesson */
void view_status(Ui *ui, Session *session, ViewState *v, Rect area);

/* A row of the table in views.c: a view and the frame around it. A new view needs one file with its draw function, its row there,
 * and its name in app/model/names.c. */
typedef struct ViewPage {
    void (*draw)(Ui *ui, Session *session, ViewState *v, Rect area);
    float least;                /* the stage's width below which the rail becomes narrow; 0: as usual */
    bool rail, inspector;       /* the list of layers at the left, the arithmetic at the right; without them the view is wider */
    bool (*maps)(const Model *m); /* whether it now shows maps in the chosen colours, which need the legend; NULL: never */
    void (*hints)(const Model *m, char *out, size_t size); /* the status line's hint; NULL: the same as on the stage */
    bool second_picture;        /* a dropped or chosen file becomes the second picture */
    bool folder;                /* what is chosen is a folder */
    bool bins;                  /* a dropped file goes to the bin under the pointer; a chosen one, or a folder, to the chosen bin */
} ViewPage;
const ViewPage *view_page(ViewKind view);

void view_overview(Ui *ui, Session *session, ViewState *v, Rect area); /* the whole network */
void view_stage(Ui *ui, Session *session, ViewState *v, Rect area);  /* a layer, or a whole module */
void view_module(Ui *ui, Session *session, ViewState *v, Rect area);
void view_value(Ui *ui, Session *session, ViewState *v, Rect area);
void view_order(Ui *ui, Session *session, ViewState *v, Rect area);  /* one value in two orders of additions */
void view_path(Ui *ui, Session *session, ViewState *v, Rect area);   /* from a value down to a pixel */
void view_backward(Ui *ui, Session *session, ViewState *v, Rect area); /* one value's gradient */
void view_circuit(Ui *ui, Session *session, ViewState *v, Rect area); /* one value through its reduction */
void view_weights(Ui *ui, Session *session, ViewState *v, Rect area);
void view_cam(Ui *ui, Session *session, ViewState *v, Rect area);
void view_share(Ui *ui, Session *session, ViewState *v, Rect area);
void view_groups(Ui *ui, Session *session, ViewState *v, Rect area);
void view_occlusion(Ui *ui, Session *session, ViewState *v, Rect area);
void view_sanity(Ui *ui, Session *session, ViewState *v, Rect area); /* maps that are put to the test */
void view_fool(Ui *ui, Session *session, ViewState *v, Rect area);   /* one small step */
void view_accuracy(Ui *ui, Session *session, ViewState *v, Rect area); /* right answers on a folder, as it is and changed */
void view_crops(Ui *ui, Session *session, ViewState *v, Rect area);  /* the picture as a training sees it */
void view_lineage(Ui *ui, Session *session, ViewState *v, Rect area); /* from LeNet to GoogLeNet */
void view_compare(Ui *ui, Session *session, ViewState *v, Rect area);
void view_ledger(Ui *ui, Session *session, ViewState *v, Rect area);

void view_training(Ui *ui, Session *session, ViewState *v, Rect area); /* trainings and their curves */
void view_units(Ui *ui, Session *session, ViewState *v, Rect area); /* the photos that excite the channels of a layer */
/* Its column for what the selected channel wants (view_wants.c): the width out of the view's; 0: it needs none now. */
float view_wants_width(const Session *session, float width);
void view_wants(Ui *ui, Session *session, Rect area);
void view_teach(Ui *ui, Session *session, ViewState *v, Rect area); /* one's own classes */
void view_gradients(Ui *ui, Session *session, ViewState *v, Rect area); /* one training step, and the chart of gradients */
void gradients_hints(const Model *m, char *out, size_t size);

void view_wants_page(Ui *ui, Session *session, ViewState *v, Rect area); /* the picture that a unit answers to most */
void wants_hints(const Model *m, char *out, size_t size);

void view_help(Ui *ui, Session *session, ViewState *v);
void view_search(Ui *ui, Session *session, ViewState *v);
void view_pictures(Ui *ui, Session *session, ViewState *v);
void view_networks(Ui *ui, Session *session, ViewState *v);
void view_lessons(Ui *ui, Session *session, ViewState *v);
void view_hand_in(Ui *ui, Session *session, ViewState *v);
void view_menu(Ui *ui, Session *session, ViewState *v);              /* range and colour map, under the top bar */
void view_bar_menu(Ui *ui, Session *session, ViewState *v);          /* what the bar has no room for, and commands */
void view_loupe(Ui *ui, Session *session, ViewState *v);

#endif
