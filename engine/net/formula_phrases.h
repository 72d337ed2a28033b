/* formula_phrases.h - the words between the numbers of a formula, in one language. The caller passes them (app/model/phrases.h
 * fills them from the program's table of strings), so the engine contains no text that cannot be translated. Each is a printf
 * format. */
#ifndef INCEPTOSCOPE_FORMULA_PHRASES_H
#define INCEPTOSCOPE_FORMULA_PHRASES_H

typedef struct Phrases {
    const char *floor, *ceil;   /* %d: the rounded size */
    const char *adaptive;       /* %d %d: height and width of the output */
    const char *per_unit;       /* output of a fully connected layer */
    const char *as_input;
    const char *channels;       /* %d: channels of a concat */
    const char *per_channel;    /* %d: number of biases */
    const char *no_weights;
    const char *sum_of_layers;  /* %d */
    const char *and_biases, *and_biases_bn, *and_bias_adds; /* %s; after a sum of weights or MACs */
    const char *params, *params_bn; /* %s weights, %s biases (and batch norm), %s together */
    const char *times_two;
    const char *without_padding; /* %s taps in the padding, %s the rest */
    const char *bytes;          /* %s values, %s bytes */
} Phrases;

#endif
