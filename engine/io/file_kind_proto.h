/* file_kind_proto.h - kinds of files in protobuf's wire format. They have no magic number, so the fields on their top level tell
 * them apart: which numbers, which types, what is inside the first one. Only file_kind.c calls this. */
#ifndef INCEPTOSCOPE_FILE_KIND_PROTO_H
#define INCEPTOSCOPE_FILE_KIND_PROTO_H

#include <stdbool.h>
#include <stddef.h>

/* The whole file or its first bytes. */
bool is_caffe_mean(const unsigned char *bytes, size_t size);
bool is_caffe_solver_state(const unsigned char *bytes, size_t size);
bool is_core_ml(const unsigned char *bytes, size_t size);
bool is_tensorflow_saved_model(const unsigned char *bytes, size_t size);
bool is_tensorflow_graph(const unsigned char *bytes, size_t size);
bool is_tensorflow_meta(const unsigned char *bytes, size_t size);
bool is_caffe2(const unsigned char *bytes, size_t size);
bool is_paddle_program(const unsigned char *bytes, size_t size);

#endif
