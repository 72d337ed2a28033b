/* file.c - see file.h. */
#include "engine/io/file.h"
#include "engine/base/size.h"
#include "engine/base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PIECE = 4 << 20 /* bytes between two looks at the stop */ };

static bool too_large(const char *path, size_t limit, Err *err)
{
    return err_set(err, "%s: is larger than %zu MB, too large for this kind of file", path, limit >> 20);
}

static bool check_kind(const char *path, const struct stat *info, bool plain, Err *err)
{
    if (S_ISDIR(info->st_mode))
        return err_set(err, "%s: is a folder; expected a file", path);
    return !plain || S_ISREG(info->st_mode) || err_set(err, "%s: is a pipe, a socket or a device; copy its data into a file first", path);
}

/* plain: opening must not wait, nor do anything to a device; so it is looked at before, and again what was opened. */
static FILE *open_file(const char *path, bool plain, struct stat *info, Err *err)
{
    if (plain && stat(path, info) == 0 && !check_kind(path, info, plain, err))
        return NULL;
    const int fd = open(path, O_RDONLY | O_CLOEXEC | (plain ? O_NONBLOCK | O_NOCTTY : 0));
    FILE *stream = fd >= 0 ? fdopen(fd, "rb") : NULL;
    if (stream == NULL) {
        err_set(err, "%s: cannot be opened: %s", path, strerror(errno));
        if (fd >= 0)
            close(fd);
        return NULL;
    }
    if (fstat(fd, info) == 0 && check_kind(path, info, plain, err))
        return stream;
    fclose(stream);
    return NULL;
}

/* Fills the buffer up to `room` bytes; fewer at the end of the file, or when told to stop. */
static size_t fill(FILE *stream, unsigned char *buffer, size_t filled, size_t room, Stop *stop)
{
    while (filled < room && !stop_asked(stop)) {
        const size_t wanted = room - filled < PIECE ? room - filled : PIECE, got = fread(buffer + filled, 1, wanted, stream);
        filled += got;
        if (got < wanted)
            break;
    }
    return filled;
}

/* Pipes have no size, so the buffer grows with what really arrives. NULL when memory is out, or with *too_much set. */
static unsigned char *read_all(FILE *stream, size_t room, size_t limit, Stop *stop, size_t *filled, bool *too_much)
{
    unsigned char *buffer = malloc(room + 1);
    for (*filled = 0; buffer != NULL;) {
        *filled = fill(stream, buffer, *filled, room, stop);
        const int next = *filled < room ? EOF : fgetc(stream);
        if (next == EOF)
            break;
        *too_much = room > limit / 2;
        unsigned char *larger = *too_much ? NULL : realloc(buffer, room * 2 + 1);
        if (larger == NULL)
            free(buffer);
        else
            larger[(*filled)++] = (unsigned char)next;
        room *= 2;
        buffer = larger;
    }
    return buffer;
}

bool file_read(const char *path, size_t limit, Stop *stop, unsigned char **bytes, size_t *size, Err *err)
{
    struct stat info;
    size_t filled;
    bool too_much = false;
    FILE *stream = open_file(path, stop != NULL, &info, err);
    if (stream == NULL)
        return false;
    const bool sized = S_ISREG(info.st_mode) && info.st_size > 0;
    if (sized && (uint64_t)info.st_size > limit) {
        fclose(stream);
        return too_large(path, limit, err);
    }
    const size_t room = sized ? (size_t)info.st_size : 4096;
    unsigned char *buffer = read_all(stream, room, limit, stop, &filled, &too_much);
    const bool failed = ferror(stream) != 0;
    fclose(stream);
    if (buffer == NULL)
        return too_much ? too_large(path, limit, err) : err_set(err, "%s: not enough memory for the file", path);
    if (failed || filled == 0 || stop_asked(stop)) {
        free(buffer);
        return err_set(err, stop_asked(stop) ? "%s: no longer needed" : failed ? "%s: cannot be read" : "%s: the file is empty", path);
    }
    buffer[filled] = 0;
    *bytes = buffer;
    *size = filled;
    return true;
}

bool file_read_head(const char *path, size_t most, unsigned char **bytes, size_t *size, Err *err)
{
    struct stat info;
    FILE *stream = open_file(path, true, &info, err);
    if (stream == NULL)
        return false;
    unsigned char *buffer = malloc(most);
    *size = buffer != NULL ? fill(stream, buffer, 0, most, NULL) : 0;
    const bool failed = ferror(stream) != 0;
    fclose(stream);
    if (buffer == NULL)
        return err_set(err, "%s: not enough memory for the file", path);
    if (*size == 0) {
        free(buffer);
        return err_set(err, failed ? "%s: cannot be read" : "%s: the file is empty", path);
    }
    *bytes = buffer;
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
        {"\x93NUMPY", 0, "is a single NumPy array; save all arrays with their names with numpy.savez"},
        {"name:", 0, "is a prototxt, Caffe's description of a network without weights; use the .caffemodel"},
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
