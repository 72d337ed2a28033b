/* file.c - see file.h. */
#include "engine/io/file.h"
#include "engine/base/size.h"
#include "engine/base/text.h"

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
    const bool sized = S_ISREG(info.st_mode) && info.st_size > 0;
    if (sized && (uint64_t)info.st_size > limit) {
        fclose(stream);
        return err_set(err, "%s: is larger than %zu MB, too large for this kind of file", path, limit >> 20);
    }
    size_t room = sized ? (size_t)info.st_size : 4096;
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

static bool begins(const unsigned char *bytes, size_t size, size_t at, const char *text)
{
    size_t length = strlen(text);
    return size >= at + length && memcmp(bytes + at, text, length) == 0;
}

/* "BM" alone may begin a text as well; the header after it has one of few lengths. */
static bool is_bmp(const unsigned char *bytes, size_t size)
{
    return begins(bytes, size, 0, "BM") && size >= 18 && bytes[14] <= 124 && bytes[15] == 0 && bytes[16] == 0 && bytes[17] == 0;
}

/* Kinds that have more than one beginning. */
static const char jpeg_2000[] = "is a JPEG 2000 picture; save it as JPEG or PNG", jpeg_xl[] = "is a JPEG XL picture; save it as JPEG or PNG",
                  tiff[] = "is a TIFF picture; save it as JPEG or PNG";

/* Files of boxes: the first one's type and brand. */
static const char *describe_boxes(const unsigned char *bytes, size_t size)
{
    static const struct {
        const char *brand, *text;
    } kinds[] = {
        {"avi", "is an AVIF picture; save it as JPEG or PNG"},
        {"heic", "is a HEIC picture, as iPhones take them; save it as JPEG or PNG"},
        {"heix", "is a HEIC picture, as iPhones take them; save it as JPEG or PNG"},
        {"mif1", "is a HEIF picture; save it as JPEG or PNG"},
        {"msf1", "is a HEIF picture; save it as JPEG or PNG"},
        {"jp2", jpeg_2000},
        {"jxl", jpeg_xl},
        {"", "is a video; save one frame as JPEG or PNG"},
    };
    if (begins(bytes, size, 4, "jP  "))
        return jpeg_2000;
    if (begins(bytes, size, 4, "JXL ") || begins(bytes, size, 0, "\xff\x0a"))
        return jpeg_xl;
    for (size_t i = 0; begins(bytes, size, 4, "ftyp") && i < sizeof kinds / sizeof kinds[0]; i++)
        if (begins(bytes, size, 8, kinds[i].brand))
            return kinds[i].text;
    return NULL;
}

static const char *describe_markup(const unsigned char *bytes, size_t size)
{
    size_t start = text_mark((const char *)bytes, size);
    while (start < size && strchr(" \n\r\t", bytes[start]) != NULL && bytes[start] != '\0')
        start++;
    const char *text = (const char *)bytes + start;
    if (size - start >= 5 && (strncasecmp(text, "<!doc", 5) == 0 || strncasecmp(text, "<html", 5) == 0))
        return "is an HTML page, so the download failed; fetch the file itself";
    bool xml = begins(bytes, size, start, "<?xml");
    for (size_t i = start; i < size && i < start + 1000 && (xml || i == start); i++)
        if (begins(bytes, size, i, "<svg"))
            return "is an SVG drawing; save it as PNG";
    return xml ? "is an XML page, so the download probably failed; fetch the file itself" : NULL;
}

const char *file_describe(const unsigned char *bytes, size_t size)
{
    static const struct {
        const char *magic;
        size_t at;
        const char *text;
    } kinds[] = {
        {"version https://git-lfs", 0, "is a Git LFS pointer, not the file itself; run `git lfs pull` or download it"},
        {"\x89PNG", 0, "is a PNG picture"},
        {"\xff\xd8\xff", 0, "is a JPEG picture"},
        {"GIF8", 0, "is a GIF picture"},
        {"WEBPVP8", 8, "is a WebP picture; save it as JPEG or PNG"},
        {"RIFF", 0, "is a RIFF file (WAV or AVI)"},
        {"II*", 0, tiff},
        {"8BPS", 0, "is a Photoshop picture; save it as JPEG or PNG"},
        {"%PDF", 0, "is a PDF document; for a picture save the page as PNG"},
        {"\x1f\x8b", 0, "is gzip-compressed; unpack it first"},
        {"7z\xbc\xaf", 0, "is a 7z archive; unpack it first"},
        {"Rar!\x1a", 0, "is a RAR archive; unpack it first"},
        {"\x89HDF", 0, "is an HDF5 file (Keras); save the weights as safetensors or .npz instead"},
        {"TFL3", 4, "is a TensorFlow Lite model; save the weights as safetensors or .npz instead"},
        {"GGUF", 0, "is a GGUF file, not a GoogLeNet"},
        {"\x93NUMPY", 0, "is a single NumPy array; save all arrays with their names by numpy.savez"},
        {"name:", 0, "is a prototxt, Caffe's description of a network without its weights; the .caffemodel is needed"},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (begins(bytes, size, kinds[i].at, kinds[i].magic))
            return kinds[i].text;
    if (size >= 4 && memcmp(bytes, "MM\0*", 4) == 0)
        return tiff;
    if (is_bmp(bytes, size))
        return "is a BMP picture";
    const char *boxes = describe_boxes(bytes, size);
    return boxes != NULL ? boxes : describe_markup(bytes, size);
}
