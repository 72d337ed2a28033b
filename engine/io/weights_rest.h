/* weights_rest.h - nothing that changes the answer is left out: what may be left out is a list, and a file that has more, or less
 * than the network needs, is refused with a remedy. Only weights_fit.c calls this. */
#ifndef INCEPTOSCOPE_WEIGHTS_REST_H
#define INCEPTOSCOPE_WEIGHTS_REST_H

#include "engine/io/weights_match.h"

/* Checks that every parameter of the main path is in the file with its shape, and that every tensor of the file is a parameter
 * or is on the list. *heads: whether the auxiliary heads are complete too. If not, `lacking` says what prevents it, or is "" if
 * the file has nothing of them; their tensors are then not used. */
bool rest_check(const TensorFile *file, Match *match, bool *heads, char lacking[200], Err *err);
/* Whether a tensor is on the list. */
bool rest_allowed(const TensorFile *file, const FileTensor *tensor);
/* What was left out that is worth a word, such as optimizer state; "" if nothing was. */
void rest_note(const TensorFile *file, const Match *match, char *out, size_t size);

#endif
