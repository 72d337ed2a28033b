/* weights_names.h - what other programs call the layers and parameters of a network. */
#ifndef INCEPTOSCOPE_WEIGHTS_NAMES_H
#define INCEPTOSCOPE_WEIGHTS_NAMES_H

#include "engine/net/net.h"

/* What PyTorch's model (the tutorial's or torchvision's) and Caffe's call one of GoogLeNet's layers: "inception_3a/3x3" is
 * "inception3a.branch2.1" there and the same here, "fc" is "fc" and "loss3/classifier". */
void layer_torch_name(const char *layer, char *out, size_t size);
const char *layer_caffe_name(const char *layer);
/* PyTorch's name of a parameter as the tutorial's (or torchvision's) model has it, "inception3a.branch2.1.conv.weight".
 */
void param_torch_name(const Net *net, int param, char *out, size_t size);
/* Caffe's, "inception_3a/3x3.weight". */
void param_caffe_name(const Net *net, int param, char *out, size_t size);
/* The one of the two by which weights_load chooses this network when the file itself does not name it. */
void param_file_name(const Net *net, int param, char *out, size_t size);

#endif
