/* weights_caffe_blob.h - a BlobProto of Caffe as a tensor. Only weights_caffe*.c include this. */
#ifndef INCEPTOSCOPE_WEIGHTS_CAFFE_BLOB_H
#define INCEPTOSCOPE_WEIGHTS_CAFFE_BLOB_H

#include "engine/io/wire.h"

/* Adds the blob as the tensor LAYER.KIND. */
bool caffe_add_blob(TensorFile *file, Wire layer_name, const char *kind, Wire blob, Err *err);

#endif
