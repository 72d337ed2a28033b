/* sanity.h - three maps that are shown as explanations, and a test of whether they know the class or the weights (Adebayo et al., Sanity
 * Checks for Saliency Maps, 2018): the same maps for another class, and for weights that are random from the top down.
 *
 * The gradient of a class's score by the picture. Integrated gradients (Sundararajan, Taly, Yan 2017): the mean gradient on the straight
 * way from an empty picture, times the difference, whose sum is the difference of the two scores up to a gap; the empty picture is 0 in
 * the network's values, the colour that preprocessing takes off. Guided backpropagation (Springenberg et al. 2014), which is not a
 * gradient, and which this test unmasks. A map is drawn and compared by the sum of its magnitudes over the channels. */
#ifndef INCEPTOSCOPE_SANITY_H
#define INCEPTOSCOPE_SANITY_H

#include "engine/net/run.h"

typedef enum SanityMap { SANITY_GRADIENT, SANITY_INTEGRATED, SANITY_GUIDED, SANITY_MAPS } SanityMap;
enum { SANITY_CLASSES = 2, SANITY_STEPS = 32, SANITY_BATCH = 4 };

typedef struct Sanity {
    Shape input;
    int classes[SANITY_CLASSES];
    float *values[SANITY_MAPS][SANITY_CLASSES]; /* (C, H, W), of the network's values; owned, and so are the others */
    float *maps[SANITY_MAPS][SANITY_CLASSES];   /* (H, W): the sum over the channels of |value| */
    float *x, *seed;            /* (SANITY_BATCH, C, H, W) and (SANITY_BATCH, all classes), for the passes */
    double score[SANITY_CLASSES], empty[SANITY_CLASSES]; /* of the picture, and of the empty one */
    int steps;                  /* of the integrated gradients that are done; at SANITY_STEPS their maps are ready */
} Sanity;

/* Two classes at least. False and a message. */
bool sanity_allowed(const Net *net, Err *err);
/* Memory for the maps of two different classes; ends with sanity_free. False and a message if there is none. */
bool sanity_make(const Net *net, int class_index, int against, Sanity *out, Err *err);
void sanity_free(Sanity *sanity);
/* The gradient and guided backpropagation of the picture x (C, H, W), both classes, and the scores. Needs a run with `gradients` and a batch
 * of at least SANITY_BATCH, with weights; so does the next function. */
void sanity_gradients(Run *run, Sanity *sanity, const float *x);
/* The next SANITY_BATCH steps of the integrated gradients, at the midpoints (2 i + 1) / 2 SANITY_STEPS, after sanity_gradients. */
void sanity_integrate(Run *run, Sanity *sanity, const float *x);
/* The sum of the integrated gradients, which would be score - empty without a gap. */
double sanity_sum(const Sanity *sanity, int which);

/* Weights from the top down, in stages: a module, or a layer with weights outside modules. Stage 0: none are random; stage n: the n last. */
int sanity_stages(const Net *net);                  /* the largest stage */
int sanity_stage_first(const Net *net, int stage);  /* the first layer with random weights; all later ones have them too. stage >= 1 */
int sanity_stage_of(const Net *net, int layer);     /* the first stage in which this layer is random; 0: it has no weights and none before it */
/* out: `random` for parameters of the layers of a stage, `weights` for the others; net->weight_count floats each. */
void sanity_weights(const Net *net, const float *weights, const float *random, int stage, float *out);

/* Spearman's rank correlation; equal values have the mean of their ranks. 0 if all values of one are equal. False if out of memory. */
bool rank_correlation(const float *a, const float *b, size_t count, double *out);

#endif
