/* views.h - one prototype per view. A view reads the session and its model, draws into the Ui, and asks for changes through their verbs; it
 * computes no value of the network. */
#ifndef INCEPTOSCOPE_VIEWS_H
#define INCEPTOSCOPE_VIEWS_H

#include "app/views/view_state.h"

void view_top(Ui *ui, Session *session, ViewState *v, Rect area);
void view_rail(Ui *ui, Session *session, ViewState *v, Rect area);
float view_rail_width(Ui *ui, const Model *m, float height); /* with which every row has room for its name and shape */
void view_inspector(Ui *ui, Session *session, ViewState *v, Rect area);
void view_strip(Ui *ui, Session *session, ViewState *v, Rect area);
float view_strip_height(Ui *ui, const Session *session, float width); /* 0 without a lesson */
void view_status(Ui *ui, Session *session, ViewState *v, Rect area);

void view_stage(Ui *ui, Session *session, ViewState *v, Rect area);  /* a plain layer */
void view_module(Ui *ui, Session *session, ViewState *v, Rect area);
void view_value(Ui *ui, Session *session, ViewState *v, Rect area);
void view_weights(Ui *ui, Session *session, ViewState *v, Rect area);
void view_cam(Ui *ui, Session *session, ViewState *v, Rect area);
void view_occlusion(Ui *ui, Session *session, ViewState *v, Rect area);
void view_compare(Ui *ui, Session *session, ViewState *v, Rect area);
void view_ledger(Ui *ui, Session *session, ViewState *v, Rect area);

void view_gradients(Ui *ui, Session *session, ViewState *v, Rect area);

void view_help(Ui *ui, Session *session, ViewState *v);
void view_search(Ui *ui, Session *session, ViewState *v);
void view_pictures(Ui *ui, Session *session, ViewState *v);
void view_lessons(Ui *ui, Session *session, ViewState *v);
void view_menu(Ui *ui, Session *session, ViewState *v);              /* range and colour map, under the top bar */
void view_loupe(Ui *ui, Session *session, ViewState *v);

#endif
