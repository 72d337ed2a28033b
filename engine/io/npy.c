/* npy.c - see npy.h. The format is NEP 1 of NumPy: magic, version, header length, a Python dict padded with spaces so that the
 * data begin at a multiple of 64, a newline, the data. */
#include "engine/io/npy.h"
#include "engine/io/bits.h"

#include <assert.h>
#include <string.h>

void npy_header(char header[NPY_HEADER_SIZE], const int *dims, int dim_count)
{
    char shape[64] = "";
    assert(dim_count >= 1 && dim_count <= 4);
    for (int d = 0, length = 0; d < dim_count; d++)
        length += snprintf(shape + length, sizeof shape - (size_t)length,
                           dim_count == 1 ? "%d,"
                           : d == 0       ? "%d"
                                          : ", %d",
                           dims[d]);
    memset(header, ' ', NPY_HEADER_SIZE);
    memcpy(header, "\x93NUMPY\x01\x00\x76\x00", 10); /* 0x76 = 118 bytes follow */
    int length =
        snprintf(header + 10, NPY_HEADER_SIZE - 10, "{'descr': '<f4', 'fortran_order': False, 'shape': (%s), }", shape);
    header[10 + length] = ' ';
    header[NPY_HEADER_SIZE - 1] = '\n';
}

bool npy_save(const char *path, const float *values, int c, int h, int w, Err *err)
{
    SafeFile out;
    char header[NPY_HEADER_SIZE];
    assert(c > 0 && h > 0 && w > 0);
    npy_header(header, (int[]){c, h, w}, 3);
    return safe_file_open(&out, path, err) && safe_file_write(&out, header, sizeof header, err) &&
           write_floats(&out, values, (size_t)c * (size_t)h * (size_t)w, false, err) && safe_file_commit(&out, err);
}
