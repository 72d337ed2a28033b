/* phrases.c - the words of the engine's formulas in a language; see phrases.h. */
#include "app/model/phrases.h"

Phrases phrases_in(Lang lang)
{
    return (Phrases){
        .floor = str(lang, STR_FORMULA_FLOOR),
        .ceil = str(lang, STR_FORMULA_CEIL),
        .adaptive = str(lang, STR_FORMULA_ADAPTIVE),
        .per_unit = str(lang, STR_FORMULA_PER_UNIT),
        .as_input = str(lang, STR_FORMULA_AS_INPUT),
        .channels = str(lang, STR_FORMULA_CHANNELS),
        .per_channel = str(lang, STR_FORMULA_PER_CHANNEL),
        .no_weights = str(lang, STR_FORMULA_NO_WEIGHTS),
        .sum_of_layers = str(lang, STR_FORMULA_SUM_OF_LAYERS),
        .and_biases = str(lang, STR_FORMULA_BIASES),
        .and_biases_bn = str(lang, STR_FORMULA_BIASES_BN),
        .and_bias_adds = str(lang, STR_FORMULA_BIAS_ADDS),
        .params = str(lang, STR_FORMULA_PARAMS),
        .params_bn = str(lang, STR_FORMULA_PARAMS_BN),
        .times_two = str(lang, STR_FORMULA_TIMES_TWO),
        .without_padding = str(lang, STR_FORMULA_WITHOUT_PADDING),
        .bytes = str(lang, STR_FORMULA_BYTES),
    };
}
