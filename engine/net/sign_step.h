/* sign_step.h - one small step that fools a network: each value of the picture is raised or lowered by the same amount, by the sign of
 * the loss's gradient. This is the fast gradient sign method (Goodfellow, Shlens, Szegedy, Explaining and Harnessing Adversarial
 * Examples, 2015). Its control is a step of the same size with random signs.
 *
 * Amounts are in levels of 255 of the picture as the network sees it, resized and cropped, so before its mean and deviation are taken
 * off. Levels are (C, H, W) in the order of the network's channels; with one channel they are the picture's grey. */
#ifndef INCEPTOSCOPE_SIGN_STEP_H
#define INCEPTOSCOPE_SIGN_STEP_H

#include "engine/net/run.h"

/* The three pictures of an amount. STEP_ROUNDED is STEP_SIGN rounded to whole levels, a half upwards, as a file has them. */
typedef enum StepKind { STEP_SIGN, STEP_RANDOM, STEP_ROUNDED, STEP_KINDS } StepKind;

/* The amounts to try one after the other, from 0 to STEP_MOST, closer together where they are small. */
enum { STEP_MOST = 32, STEP_POSITIONS = 17 };
float step_amount(int position);
int step_position(double amount);       /* of exactly this amount, or -1 */
/* Those among them that double: 1/4, 1/2, 1, 2, 4 ... 32. */
enum { STEP_DOUBLINGS = 8 };
int step_doubling(int index);           /* its position */

typedef struct SignStep {
    Shape input;                /* of the network, and how levels become its values */
    Preprocess preprocess;
    float *levels;              /* (C, H, W), from 0 to 255; owned, and so are the others */
    signed char *sign;          /* the same shape: -1, 0 where the gradient is 0, 1; the direction of the step */
    signed char *random;        /* -1 or 1 */
    float *x;                   /* (STEP_KINDS, C, H, W) network values, for sign_step_logits */
    float *before;              /* the picture's own scores, `classes` floats */
    int classes;
    int answer;                 /* the class with the largest of them, the first among equal ones */
    int target;                 /* the step goes towards this class; -1: away from the answer */
    size_t zeros;               /* values with a gradient of 0 */
} SignStep;

/* Whether the network has at least two classes, and an input of 1 or 3 channels. False and a message. */
bool sign_step_allowed(const Net *net, Err *err);
/* The signs for a picture; needs sign_step_allowed, and a run with `gradients` and a batch of at least STEP_KINDS, with weights. Copies
 * the levels. The loss is the cross-entropy of the answer, whose gradient the step follows; or, if `target` is another class, that of
 * the target, against whose gradient it goes. -1 is the answer. False and a message if out of memory. */
bool sign_step_make(Run *run, const float *levels, int target, uint64_t seed, SignStep *out, Err *err);
void sign_step_free(SignStep *step);
/* What level i of the picture becomes. */
float sign_step_level(const SignStep *step, StepKind kind, float amount, size_t i);
/* The picture as bytes to look at, rounded like STEP_ROUNDED; rgb (H, W, 3). One channel becomes grey. */
void sign_step_bytes(const SignStep *step, StepKind kind, float amount, unsigned char *rgb);
/* The signs as a picture: black where a value falls, white where it rises, grey where it stays, each colour by itself. */
void sign_step_signs(const SignStep *step, StepKind kind, unsigned char *rgb);
/* The scores of the three pictures; logits (STEP_KINDS, classes). The run is that of sign_step_make or another one like it. */
void sign_step_logits(Run *run, SignStep *step, float amount, float *logits);
/* The class with the largest score, the first among equal ones. */
int sign_step_answer(const SignStep *step, const float *logits);
/* Whether the step has what it wanted: another answer than before, or the target. */
bool sign_step_reached(const SignStep *step, int answer);

#endif
