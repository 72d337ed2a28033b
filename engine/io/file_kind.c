/* file_kind.c - the table of kinds; see file_kind.h. A new kind is one row. */
#include "engine/io/file_kind.h"
#include "engine/base/text.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static bool has(const unsigned char *bytes, size_t size, size_t at, const char *text)
{
    size_t length = strlen(text);
    return size >= at + length && memcmp(bytes + at, text, length) == 0;
}

/* A function, because this byte order's magic contains a zero byte. */
static bool is_tiff_mm(const unsigned char *bytes, size_t size)
{
    return size >= 4 && memcmp(bytes, "MM\0*", 4) == 0;
}

/* "BM" may also begin a text; the header after it has one of a few lengths. */
static bool is_bmp(const unsigned char *bytes, size_t size)
{
    return has(bytes, size, 0, "BM") && size >= 18 && bytes[14] <= 124 && bytes[15] == 0 && bytes[16] == 0 && bytes[17] == 0;
}

/* Where the text begins, after a byte order mark and white space. */
static size_t text_start(const unsigned char *bytes, size_t size)
{
    size_t start = text_mark((const char *)bytes, size);
    while (start < size && strchr(" \n\r\t", bytes[start]) != NULL && bytes[start] != '\0')
        start++;
    return start;
}

static bool is_html(const unsigned char *bytes, size_t size)
{
    const size_t start = text_start(bytes, size);
    const char *text = (const char *)bytes + start;
    return size - start >= 5 && (strncasecmp(text, "<!doc", 5) == 0 || strncasecmp(text, "<html", 5) == 0);
}

static bool is_xml(const unsigned char *bytes, size_t size)
{
    return has(bytes, size, text_start(bytes, size), "<?xml");
}

/* "<svg" at the beginning, or after an XML declaration and comments. */
static bool is_svg(const unsigned char *bytes, size_t size)
{
    const size_t start = text_start(bytes, size), end = is_xml(bytes, size) ? start + 1000 : start + 1;
    for (size_t i = start; i < size && i < end; i++)
        if (has(bytes, size, i, "<svg"))
            return true;
    return false;
}

/* Remedies that several rows have. */
static const char to_picture[] = "save it as JPEG or PNG", unpack[] = "unpack it first",
                  to_arrays[] = "save the weights as safetensors or .npz instead";

/* The first row that fits wins. In files of boxes the type of the first box is at offset 4 and its brand at 8. */
static const FileKind kinds[] = {
    {"a Git LFS pointer, not the file itself", "run `git lfs pull` or download it", .magic = "version https://git-lfs"},
    {"a PNG picture", NULL, .magic = "\x89PNG"},
    {"a JPEG picture", NULL, .magic = "\xff\xd8\xff"},
    {"a GIF picture", NULL, .magic = "GIF8"},
    {"a WebP picture", to_picture, .magic = "WEBPVP8", .at = 8},
    {"a RIFF file (WAV or AVI)", NULL, .magic = "RIFF"},
    {"a TIFF picture", to_picture, .magic = "II*"},
    {"a Photoshop picture", to_picture, .magic = "8BPS"},
    {"a PDF document", "for a picture save the page as PNG", .magic = "%PDF"},
    {"gzip-compressed", unpack, .magic = "\x1f\x8b"},
    {"a 7z archive", unpack, .magic = "7z\xbc\xaf"},
    {"a RAR archive", unpack, .magic = "Rar!\x1a"},
    {"an HDF5 file (Keras)", to_arrays, .magic = "\x89HDF"},
    {"a TensorFlow Lite model", to_arrays, .magic = "TFL3", .at = 4},
    {"a GGUF file, not a GoogLeNet", NULL, .magic = "GGUF"},
    {"a single NumPy array", "save all arrays with their names with numpy.savez", .magic = "\x93NUMPY"},
    {"a prototxt, Caffe's description of a network without weights", "use the .caffemodel", .magic = "name:"},
    {"a TIFF picture", to_picture, .recognise = is_tiff_mm},
    {"a BMP picture", NULL, .recognise = is_bmp},
    {"a JPEG 2000 picture", to_picture, .magic = "jP  ", .at = 4},
    {"a JPEG XL picture", to_picture, .magic = "JXL ", .at = 4},
    {"a JPEG XL picture", to_picture, .magic = "\xff\x0a"},
    {"an AVIF picture", to_picture, .magic = "ftypavi", .at = 4},
    {"a HEIC picture, as iPhones take them", to_picture, .magic = "ftypheic", .at = 4},
    {"a HEIC picture, as iPhones take them", to_picture, .magic = "ftypheix", .at = 4},
    {"a HEIF picture", to_picture, .magic = "ftypmif1", .at = 4},
    {"a HEIF picture", to_picture, .magic = "ftypmsf1", .at = 4},
    {"a JPEG 2000 picture", to_picture, .magic = "ftypjp2", .at = 4},
    {"a JPEG XL picture", to_picture, .magic = "ftypjxl", .at = 4},
    {"a video", "save one frame as JPEG or PNG", .magic = "ftyp", .at = 4},
    {"an HTML page, so the download failed", "fetch the file itself", .recognise = is_html},
    {"an SVG drawing", "save it as PNG", .recognise = is_svg},
    {"an XML page, so the download probably failed", "fetch the file itself", .recognise = is_xml},
};

const FileKind *file_kind_of(const unsigned char *bytes, size_t size)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        const FileKind *kind = &kinds[i];
        if (kind->magic != NULL ? has(bytes, size, kind->at, kind->magic) : kind->recognise(bytes, size))
            return kind;
    }
    return NULL;
}

bool file_describe(const unsigned char *bytes, size_t size, char out[FILE_KIND_TEXT])
{
    const FileKind *kind = file_kind_of(bytes, size);
    out[0] = '\0';
    if (kind != NULL)
        snprintf(out, FILE_KIND_TEXT, "is %s%s%s", kind->name, kind->remedy != NULL ? "; " : "", kind->remedy != NULL ? kind->remedy : "");
    return kind != NULL;
}
