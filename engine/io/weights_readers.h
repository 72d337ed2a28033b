/* weights_readers.h - the readers of weight files, two functions for each format: one recognises a file, one reads it. Only
 * weights.c calls them, through its table.
 *
 * X_recognise gets a TensorFile with only bytes and size set. It decides by content, also for broken files. It may get only the
 * first WEIGHTS_HEAD bytes of a file.
 *
 * X_read gets a TensorFile with path, bytes, size and format set, and fills the tensors and the strings. It checks everything
 * that the file claims against the file's size before it allocates or reads. On failure the TensorFile keeps what was made so
 * far; tensor_file_free frees it. X_refuse takes the place of X_read: it only says what the file is, and what to do. */
#ifndef INCEPTOSCOPE_WEIGHTS_READERS_H
#define INCEPTOSCOPE_WEIGHTS_READERS_H

#include "engine/io/tensor_file.h"

/* weights_safetensors.c */
bool safetensors_recognise(const TensorFile *file);
bool safetensors_read(TensorFile *file, Err *err);

/* weights_pth.c: the form since PyTorch 1.6, the form before it, and files that torch.save did not write */
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

/* weights_caffe.c; caffe_begins is caffe_recognise for only the first bytes of a file, where the first layer may not be
 * complete */
bool caffe_recognise(const TensorFile *file);
bool caffe_begins(const TensorFile *head);
bool caffe_read(TensorFile *file, Err *err);

#endif
