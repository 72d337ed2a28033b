/* file.c - see file.h. */
#include "engine/io/file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

bool file_read(const char *path, size_t limit, unsigned char **bytes, size_t *size, Err *err)
{
    struct stat info;
    FILE *stream = fopen(path, "rb");
    if (stream == NULL)
        return err_set(err, "%s: cannot be opened: %s", path, strerror(errno));
    if (fstat(fileno(stream), &info) != 0 || S_ISDIR(info.st_mode)) {
        fclose(stream);
        return err_set(err, "%s: is a folder, a file is needed", path);
    }
    /* Pipes have no size, so the buffer grows with what really arrives. */
    size_t room = S_ISREG(info.st_mode) && info.st_size > 0 ? (size_t)info.st_size : 4096;
    if (room > limit) {
        fclose(stream);
        return err_set(err, "%s: is larger than %zu MB, too large for this kind of file", path, limit >> 20);
    }
    unsigned char *buffer = malloc(room + 1);
    size_t filled = 0;
    while (buffer != NULL) {
        filled += fread(buffer + filled, 1, room - filled, stream);
        if (filled < room)
            break;
        int next = fgetc(stream);
        if (next == EOF)
            break;
        if (room > limit / 2) {
            free(buffer);
            fclose(stream);
            return err_set(err, "%s: is larger than %zu MB, too large for this kind of file", path, limit >> 20);
        }
        room *= 2;
        unsigned char *larger = realloc(buffer, room + 1);
        if (larger == NULL)
            free(buffer);
        else
            larger[filled++] = (unsigned char)next;
        buffer = larger;
    }
    bool failed = ferror(stream) != 0;
    fclose(stream);
    if (buffer == NULL)
        return err_set(err, "%s: not enough memory for the file", path);
    if (failed || filled == 0) {
        free(buffer);
        return err_set(err, failed ? "%s: cannot be read" : "%s: the file is empty", path);
    }
    buffer[filled] = 0;
    *bytes = buffer;
    *size = filled;
    return true;
}

const char *file_describe(const unsigned char *bytes, size_t size)
{
    static const struct {
        const char *magic;
        size_t length;
        const char *text;
    } kinds[] = {
        {"version https://git-lfs", 23, "is a Git LFS pointer, not the file itself; run `git lfs pull` or download it"},
        {"\x89PNG", 4, "is a PNG picture"},
        {"\xff\xd8\xff", 3, "is a JPEG picture"},
        {"GIF8", 4, "is a GIF picture"},
        {"BM", 2, "is a BMP picture"},
        {"%PDF", 4, "is a PDF document"},
        {"\x1f\x8b", 2, "is gzip-compressed; unpack it first"},
        {"7z\xbc\xaf", 4, "is a 7z archive; unpack it first"},
        {"Rar!", 4, "is a RAR archive; unpack it first"},
        {"\x89HDF", 4, "is an HDF5 file (Keras); save the weights as safetensors or .npz instead"},
        {"RIFF", 4, "is a RIFF file (WebP, WAV or AVI)"},
        {"GGUF", 4, "is a GGUF file, not a GoogLeNet"},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (size >= kinds[i].length && memcmp(bytes, kinds[i].magic, kinds[i].length) == 0)
            return kinds[i].text;
    if (size >= 5 && memcmp(bytes, "name:", 5) == 0)
        return "is a prototxt, Caffe's description of a network without its weights; the .caffemodel is needed";
    size_t start = 0;
    while (start < size &&
           (bytes[start] == ' ' || bytes[start] == '\n' || bytes[start] == '\r' || bytes[start] == '\t'))
        start++;
    if (size - start >= 5 && (strncasecmp((const char *)bytes + start, "<!doc", 5) == 0 ||
                              strncasecmp((const char *)bytes + start, "<html", 5) == 0))
        return "is an HTML page, so the download failed; fetch the file itself";
    return NULL;
}
