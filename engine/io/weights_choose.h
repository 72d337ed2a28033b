/* weights_choose.h - which network a weight file is for. Only weights_fit.c calls this. */
#ifndef INCEPTOSCOPE_WEIGHTS_CHOOSE_H
#define INCEPTOSCOPE_WEIGHTS_CHOOSE_H

#include "engine/io/tensor_file.h"

/* The network is the caller's choice (`wanted`, or NULL), else the file's own `network`, else the names decide: Caffe's layer
 * names mean bvlc_googlenet, PyTorch's with batch norm and 3x3 in the third branch torchvision_googlenet, PyTorch's others
 * googlenet. *why: the part of the rule that decided. A file that belongs to none of them is refused, and named if the names show
 * what it is. */
bool choose_network(const TensorFile *file, const char *wanted, const char *networks_dir, char *network, size_t size, char *why, size_t why_size,
                    Err *err);

#endif
