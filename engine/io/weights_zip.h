/* weights_zip.h - reads members of zip archives with libzip, for the .pth and .npz readers. Sizes are checked against the archive
 * before memory is allocated: a member can grow at most by deflate's best ratio, and all members together by much less. */
#ifndef INCEPTOSCOPE_WEIGHTS_ZIP_H
#define INCEPTOSCOPE_WEIGHTS_ZIP_H

#include "engine/io/tensor_file.h"

#include <zip.h>

/* The archive in file->bytes, which must outlive it; close with zip_discard. NULL and a message on failure. */
zip_t *zip_open_tensors(const TensorFile *file, Err *err);
/* Reads one member into memory that the TensorFile owns, with a zero byte after its end. Members that are not read take no
 * memory. */
bool zip_read_member(TensorFile *file, zip_t *zip, zip_uint64_t index, unsigned char **bytes, size_t *size, Err *err);

/* Whether all members with this suffix may be unpacked together; false and a message before any of them is. */
bool zip_may_unpack(const TensorFile *file, zip_t *zip, const char *suffix, Err *err);

/* Index of the last member whose path, with a slash in front, has this ending ("/data.pkl" finds it in any folder); -1 if there
 * is none. */
zip_int64_t zip_find_ending(zip_t *zip, const char *ending);
/* Whether the file is an archive with such a member; false if it is damaged. */
bool zip_holds(const TensorFile *file, const char *ending);

#endif
