/* weights_readers.h - the formats of weight files, two functions each: does a file look like one, and read it. weights.c lists them in
 * its table and calls nothing else of a reader.
 *
 * X_recognise gets a TensorFile of which only bytes and size count, and goes by its content, well-formed or not; it may see the first
 * WEIGHTS_HEAD bytes of a file alone.
 *
 * X_read gets a TensorFile whose path, bytes, size and format are set, and fills tensors and the strings. It checks everything that the
 * file claims against the file's size before it allocates or reads; on failure it leaves what it made in the TensorFile, which
 * tensor_file_free takes. X_refuse says in the same place what else the file is, and what to do. */
#ifndef INCEPTOSCOPE_WEIGHTS_READERS_H
#define INCEPTOSCOPE_WEIGHTS_READERS_H

#include "engine/io/tensor_file.h"

/* weights_safetensors.c */
bool safetensors_recognise(const TensorFile *file);
bool safetensors_read(TensorFile *file, Err *err);

/* weights_pth.c: since PyTorch 1.6, before, and what is not a checkpoint of torch.save */
bool pth_zip_recognise(const TensorFile *file);
bool pth_zip_read(TensorFile *file, Err *err);
bool pth_legacy_recognise(const TensorFile *file);
bool pth_legacy_read(TensorFile *file, Err *err);
bool torchscript_recognise(const TensorFile *file);
bool torchscript_refuse(TensorFile *file, Err *err);
bool pickle_recognise(const TensorFile *file);
bool pickle_refuse(TensorFile *file, Err *err);
bool tar_recognise(const TensorFile *file);
bool tar_refuse(TensorFile *file, Err *err);

/* weights_npz.c */
bool npz_recognise(const TensorFile *file);
bool npz_read(TensorFile *file, Err *err);

/* weights_zip.c: any other archive */
bool zip_recognise(const TensorFile *file);
bool zip_refuse(TensorFile *file, Err *err);

/* weights_onnx.c */
bool onnx_recognise(const TensorFile *file);
bool onnx_read(TensorFile *file, Err *err);

/* weights_caffe.c; caffe_begins is caffe_recognise for the first bytes of a file, in which the first layer may not end */
bool caffe_recognise(const TensorFile *file);
bool caffe_begins(const TensorFile *head);
bool caffe_read(TensorFile *file, Err *err);

#endif
