/* weights_names.h - the names of a network's layers and parameters in other programs. Called by the readers and writers of
 * weights. */
#ifndef INCEPTOSCOPE_WEIGHTS_NAMES_H
#define INCEPTOSCOPE_WEIGHTS_NAMES_H

#include "engine/net/net.h"

/* The name of one of GoogLeNet's layers in PyTorch's model (the tutorial's or torchvision's), and in Caffe's: "inception_3a/3x3"
 * is "inception3a.branch2.1" in PyTorch and unchanged in Caffe; "fc" is "fc" and "loss3/classifier". */
void layer_torch_name(const char *layer, char *out, size_t size);
const char *layer_caffe_name(const char *layer);
/* The name of a parameter in PyTorch's model (the tutorial's or torchvision's), "inception3a.branch2.1.conv.weight". */
void param_torch_name(const Net *net, int param, char *out, size_t size);
/* The name in Caffe's model, "inception_3a/3x3.weight". */
void param_caffe_name(const Net *net, int param, char *out, size_t size);
/* The one of these two names for which weights_load chooses this network, if the file does not name its network. */
void param_file_name(const Net *net, int param, char *out, size_t size);

#endif
