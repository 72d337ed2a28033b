/* model_private.h - shared by the files that change the model: model.c, model_verbs.c, model_explain.c, model_path.c, model_terms.c, model_accuracy.c, model_whatif.c,
 * place.c. */
#ifndef INCEPTOSCOPE_MODEL_PRIVATE_H
#define INCEPTOSCOPE_MODEL_PRIVATE_H

#include "app/model/keys.h"
#include "app/model/model.h"

/* Goes to a layer's stage and remembers the move for the animation; clears channel and position. */
void model_move(Model *m, int layer, int direction);

/* To a view, or from it back to the stage. */
void model_toggle_view(Model *m, ViewKind view);

/* The verbs of the explanations; model_do passes them on. */
void model_explain_do(Model *m, Verb verb);
/* The same for those of the path's view; what its view needs in each frame; and what --choose, --step and --upwards say, false if no value is
 * selected. */
void model_path_do(Model *m, Verb verb);
void model_path_want(Model *m, const SideWish *wish);   /* and that of the order of additions */
bool model_path_take(Model *m, const PathRanks *ranks, int step, bool up);
/* One value, or what is under the pointer, in another way than by its terms; there the same verb leads back to them. */
void model_way(Model *m, ViewKind way);
/* The same for those of the accuracy's view. */
void model_accuracy_do(Model *m, Verb verb);

/* And for those of a training step. Its frame: starts, takes and draws on steps, and keeps the gradients up to date. */
void model_overfit_do(Model *m, Verb verb);
void model_overfit_frame(Model *m, const SideWish *wish);
void model_overfit_forget(Model *m);                    /* the steps, and what undoing would bring back */

/* Whether the stage of `at` shows this layer's maps too: those of a module's layers, or of a layer's inputs. */
bool model_on_stage(const Net *net, int at, int layer);

/* Call after model_weights' values have changed: everything made from them is made again. */
void model_weights_changed(Model *m);

#endif
