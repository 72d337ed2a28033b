/* phrases.h - gives the engine's formulas their words in one of the program's languages. */
#ifndef INCEPTOSCOPE_APP_PHRASES_H
#define INCEPTOSCOPE_APP_PHRASES_H

#include "app/model/strings.h"
#include "engine/net/formula_phrases.h"

Phrases phrases_in(Lang lang);

#endif
