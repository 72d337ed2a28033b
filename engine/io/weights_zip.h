/* weights_zip.h - members of zip archives through libzip, for the .pth and .npz readers. Sizes are checked against the archive
 * before memory is asked for: no member grows by more than deflate can pack, and all together by little. */
#ifndef INCEPTOSCOPE_WEIGHTS_ZIP_H
#define INCEPTOSCOPE_WEIGHTS_ZIP_H

#include "engine/io/tensor_file.h"

#include <zip.h>

/* The archive in file->bytes, which must outlive it; close with zip_discard. NULL and a message on failure. */
zip_t *zip_open_tensors(const TensorFile *file, Err *err);
/* Reads one member into memory that the TensorFile owns, with a zero byte after its end. Members that nothing asks for take none. */
bool zip_read_member(TensorFile *file, zip_t *zip, zip_uint64_t index, unsigned char **bytes, size_t *size, Err *err);

/* Whether all members whose names end so may be unpacked together; false and a message before any of them is. */
bool zip_may_unpack(const TensorFile *file, zip_t *zip, const char *suffix, Err *err);

/* The last member whose name ends so, with a slash put before it ("/data.pkl" is one of that name in any folder); -1 when there is none. */
zip_int64_t zip_find_ending(zip_t *zip, const char *ending);
/* Whether the file is an archive with such a member; no for one that is damaged. */
bool zip_holds(const TensorFile *file, const char *ending);

#endif
