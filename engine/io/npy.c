/* npy.c - see npy.h; the format is NEP 1 of NumPy: magic, version, header length, a Python dict padded with spaces so that
 * the data begin at a multiple of 64, a newline, the data. */
#include "engine/io/npy.h"
#include "engine/io/bits.h"

#include <assert.h>
#include <string.h>

bool npy_save(const char *path, const float *values, int c, int h, int w, Err *err)
{
    SafeFile out;
    char header[128];
    assert(c > 0 && h > 0 && w > 0);
    memset(header, ' ', sizeof header);
    memcpy(header, "\x93NUMPY\x01\x00\x76\x00", 10); /* 0x76 = 118 bytes follow */
    int length = snprintf(header + 10, sizeof header - 10, "{'descr': '<f4', 'fortran_order': False, 'shape': (%d, %d, %d), }", c, h, w);
    header[10 + length] = ' ';
    header[sizeof header - 1] = '\n';
    return safe_file_open(&out, path, err) && safe_file_write(&out, header, sizeof header, err) &&
           write_floats(&out, values, (size_t)c * (size_t)h * (size_t)w, err) && safe_file_commit(&out, err);
}
