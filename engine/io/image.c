/* image.c - decoding through stb_image, with the checks that it leaves to its caller, and a note of what was done. PNM is
 * read here: stb_image 2.27 reads past the end of 16-bit ones, and does not scale those with another white than 255. */
#include "engine/io/image.h"
#include "engine/base/safe_file.h"
#include "engine/io/file.h"
#include "engine/io/image_sniff.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define STBI_NO_STDIO
#include <stb/stb_image.h>
#define STBI_WRITE_NO_STDIO
#include <stb/stb_image_write.h>

enum { MAX_MEGAPIXELS = 64, MAX_FILE_MB = 512 };

static const char *const format_names[] = {"", "JPEG", "PNG", "BMP", "GIF", "PPM"};

static void note_add(Image *image, const char *text)
{
    size_t length = strlen(image->note);
    snprintf(image->note + length, sizeof image->note - length, "%s%s", length > 0 ? "; " : "", text);
}

/* "photo.jpg" for a PNG: harmless, but worth saying. */
static bool ending_fits(const char *name, ImageFormat format)
{
    static const char *const endings[] = {"", "jpg jpeg jpe jfif", "png", "bmp dib", "gif", "ppm pgm pnm"};
    const char *dot = strrchr(name, '.');
    if (dot == NULL || strchr(dot, '/') != NULL || dot[1] == '\0')
        return true;
    size_t length = strlen(dot + 1);
    for (const char *p = endings[format]; *p != '\0'; p += strcspn(p, " ") + (strchr(p, ' ') != NULL))
        if (strcspn(p, " ") == length && strncasecmp(p, dot + 1, length) == 0)
            return true;
    return false;
}

static bool decode_failed(const unsigned char *bytes, size_t size, const char *name, ImageFormat format, Err *err)
{
    const char *reason = stbi_failure_reason();
    if (format != IMAGE_UNKNOWN)
        return err_set(err, "%s: broken %s picture (%s); save or download it again", name, format_names[format],
                       reason != NULL ? reason : "cut short");
    const char *what = file_describe(bytes, size);
    if (what == NULL && size >= 3 && bytes[0] == 'P' && bytes[1] >= '1' && bytes[1] <= '7' && strchr(" \t\n\r", bytes[2]) != NULL)
        what = "is a PNM variant that is not read; save it as binary PPM (P6)";
    return err_set(err, "%s: %s", name,
                   what != NULL ? what : "is not a picture; JPEG, PNG, BMP, GIF and PPM pictures are read");
}

static bool too_large(const char *name, Err *err)
{
    return err_set(err, "%s: the picture has more than the %d megapixels that are accepted; make it smaller first", name,
                   MAX_MEGAPIXELS);
}

/* Samples are scaled to 0..255 as PIL does, round(v / white * 255); grey is repeated. */
static unsigned char *decode_pnm(const unsigned char *bytes, const PnmHeader *pnm)
{
    size_t pixels = (size_t)pnm->w * (size_t)pnm->h, width = pnm->white > 255 ? 2 : 1;
    unsigned char *rgb = malloc(pixels * 3);
    const unsigned char *in = bytes + pnm->samples;
    for (size_t i = 0; rgb != NULL && i < pixels * 3; i++) {
        const unsigned char *sample = in + (pnm->channels == 3 ? i : i / 3) * width;
        int v = width == 2 ? sample[0] << 8 | sample[1] : sample[0];
        rgb[i] = (unsigned char)(v >= pnm->white ? 255 : lrint((double)v / pnm->white * 255.0));
    }
    return rgb;
}

/* stb_image leaves transparent pixels of a GIF black; their colour is wanted, as PIL's, so their transparency is cleared. */
static unsigned char *decode_by_stb(const unsigned char *bytes, size_t size, size_t transparency, int *w, int *h, int *channels)
{
    if (transparency == 0)
        return stbi_load_from_memory(bytes, (int)size, w, h, channels, 3);
    unsigned char *copy = malloc(size), *rgb = NULL;
    if (copy != NULL) {
        memcpy(copy, bytes, size);
        copy[transparency] &= 0xfe;
        rgb = stbi_load_from_memory(copy, (int)size, w, h, channels, 3);
    }
    free(copy);
    return rgb;
}

bool image_decode(const unsigned char *bytes, size_t size, const char *name, Image *out, Err *err)
{
    ImageFacts facts = image_sniff(bytes, size);
    int w = facts.pnm.w, h = facts.pnm.h, channels = facts.pnm.channels;
    bool pnm = facts.format == IMAGE_PNM;
    if (size > size_limit(MAX_FILE_MB, 20))
        return err_set(err, "%s: the file is larger than %d MB", name, MAX_FILE_MB);
    if (facts.pixels > (int64_t)MAX_MEGAPIXELS * 1000000)
        return too_large(name, err);
    if (facts.broken)
        return err_set(err, "%s: broken %s picture (%s); save or download it again", name, format_names[facts.format],
                       pnm ? "its header makes no sense" : "bad Huffman table");
    if (facts.unread != NULL)
        return err_set(err, "%s: a %s picture of a kind that is not read (%s); save it as PNG", name,
                       format_names[facts.format], facts.unread);
    if (facts.truncated)
        return err_set(err, "%s: the %s file ends early; save or download it again", name, format_names[facts.format]);
    if (facts.format == IMAGE_UNKNOWN || (!pnm && !stbi_info_from_memory(bytes, (int)size, &w, &h, &channels)))
        return decode_failed(bytes, size, name, facts.format, err);
    h = facts.format == IMAGE_BMP ? abs(h) : h; /* negative: rows from the top */
    if (w <= 0 || h <= 0)
        return err_set(err, "%s: broken %s picture of %d x %d pixels", name, format_names[facts.format], w, h);
    if ((int64_t)w * h > (int64_t)MAX_MEGAPIXELS * 1000000)
        return too_large(name, err);
    unsigned char *rgb = pnm ? decode_pnm(bytes, &facts.pnm)
                             : decode_by_stb(bytes, size, facts.transparency, &w, &h, &channels);
    if (rgb == NULL)
        return decode_failed(bytes, size, name, facts.format, err);

    Image image = {.w = w, .h = h, .rgb = rgb, .orientation = facts.orientation};
    if (!ending_fits(name, facts.format)) {
        char text[40];
        snprintf(text, sizeof text, "really a %s", format_names[facts.format]);
        note_add(&image, text);
    }
    if (facts.format == IMAGE_GIF)
        note_add(&image, "first frame");
    else if (facts.four_inks)
        note_add(&image, "CMYK converted");
    else if (facts.palette)
        note_add(&image, "palette looked up");
    else if (channels <= 2)
        note_add(&image, "grey repeated");
    if (facts.format == IMAGE_GIF ? facts.transparency != 0 : channels == 2 || channels == 4)
        note_add(&image, "alpha dropped");
    if (facts.sixteen_bit)
        note_add(&image, "16 bits cut to 8");
    if (facts.orientation != 1) {
        char text[60];
        snprintf(text, sizeof text, "orientation %d ignored, as in training", facts.orientation);
        note_add(&image, text);
    }
    *out = image;
    return true;
}

bool image_load(const char *path, Image *out, Err *err)
{
    unsigned char *bytes;
    size_t size;
    if (!file_read(path, size_limit(MAX_FILE_MB, 20), &bytes, &size, err))
        return false;
    bool good = image_decode(bytes, size, path, out, err);
    free(bytes);
    return good;
}

void image_free(Image *image)
{
    free(image->rgb);
    *image = (Image){0};
}

bool image_turn(Image *image, Err *err)
{
    int o = image->orientation;
    bool swap = o >= 5;
    int w = swap ? image->h : image->w, h = swap ? image->w : image->h;
    unsigned char *rgb = malloc((size_t)w * (size_t)h * 3);
    if (rgb == NULL)
        return err_set(err, "not enough memory to turn the picture");
    /* EXIF 2.3: orientation says where row 0 and column 0 of the stored picture are seen. */
    bool flip_x = o == 2 || o == 3 || o == 7 || o == 8, flip_y = o == 3 || o == 4 || o == 6 || o == 7;
    for (int y = 0; y < h; y++)
        for (int x = 0; x < w; x++) {
            int sx = swap ? y : x, sy = swap ? x : y;
            sx = flip_x ? image->w - 1 - sx : sx;
            sy = flip_y ? image->h - 1 - sy : sy;
            memcpy(rgb + ((size_t)y * (size_t)w + (size_t)x) * 3,
                   image->rgb + ((size_t)sy * (size_t)image->w + (size_t)sx) * 3, 3);
        }
    free(image->rgb);
    image->rgb = rgb;
    image->w = w;
    image->h = h;
    image->orientation = 1;
    snprintf(image->note, sizeof image->note, "turned as the camera says (orientation %d)", o);
    return true;
}

typedef struct PngOut {
    SafeFile file;
    bool good;
    Err *err;
} PngOut;

static void write_chunk(void *context, void *data, int size)
{
    PngOut *out = context;
    out->good = out->good && safe_file_write(&out->file, data, (size_t)size, out->err);
}

bool image_save_png(const char *path, const unsigned char *rgb, int w, int h, Err *err)
{
    assert(w > 0 && h > 0);
    PngOut out = {.good = true, .err = err};
    if (!safe_file_open(&out.file, path, err))
        return false;
    if (!stbi_write_png_to_func(write_chunk, &out, w, h, 3, rgb, w * 3)) {
        safe_file_abandon(&out.file);
        return err_set(err, "%s: not enough memory to write the picture", path);
    }
    return out.good && safe_file_commit(&out.file, err);
}
