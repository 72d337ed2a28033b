/* image.c - decodes pictures with stb_image, adds the checks that stb_image leaves to its caller, and notes what was done. PNM is
 * decoded here: stb_image 2.27 reads past the end of 16-bit files, and does not scale files with a white other than 255. PNG
 * (png.c) and BMP with a palette are too: stb_image takes colours missing from a palette from uninitialised memory. */
#include "engine/io/image.h"
#include "engine/base/limits.h"
#include "engine/base/safe_file.h"
#include "engine/base/thread.h"
#include "engine/io/file.h"
#include "engine/io/file_kind.h"
#include "engine/io/image_sniff.h"
#include "engine/io/jpeg.h"
#include "engine/io/png.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define STBI_NO_STDIO
#include <stb/stb_image.h>
#define STBI_WRITE_NO_STDIO
#include <stb/stb_image_write.h>

enum { TURN = 1 << 15 };

static const char *const format_names[] = {
    [IMAGE_UNKNOWN] = "", [IMAGE_JPEG] = "JPEG", [IMAGE_PNG] = "PNG", [IMAGE_BMP] = "BMP", [IMAGE_GIF] = "GIF", [IMAGE_PNM] = "PPM"};
_Static_assert(sizeof format_names / sizeof *format_names == IMAGE_FORMATS, "every format has a name");

static void note_add(Image *image, const char *text)
{
    size_t length = strlen(image->note);
    snprintf(image->note + length, sizeof image->note - length, "%s%s", length > 0 ? "; " : "", text);
}

/* False for "photo.jpg" that is a PNG: harmless, but the note mentions it. */
static bool ending_fits(const char *name, ImageFormat format)
{
    static const char *const endings[] = {
        [IMAGE_UNKNOWN] = "", [IMAGE_JPEG] = "jpg jpeg jpe jfif", [IMAGE_PNG] = "png", [IMAGE_BMP] = "bmp dib", [IMAGE_GIF] = "gif",
        [IMAGE_PNM] = "ppm pgm pnm"};
    _Static_assert(sizeof endings / sizeof *endings == IMAGE_FORMATS, "every format has its endings");
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
    char what[FILE_KIND_TEXT];
    if (file_describe(bytes, size, what))
        return err_set(err, "%s: %s", name, what);
    if (size >= 3 && bytes[0] == 'P' && bytes[1] >= '1' && bytes[1] <= '7' && strchr(" \t\n\r", bytes[2]) != NULL)
        return err_set(err, "%s: is an unsupported PNM variant; save it as binary PPM (P6)", name);
    return err_set(err, "%s: is not a picture; expected JPEG, PNG, BMP, GIF or PPM", name);
}

static bool too_large(const char *name, bool jpeg, Err *err)
{
    return err_set(err, "%s: the picture has more than %d megapixels, the maximum%s; make it smaller first", name,
                   jpeg ? LIMIT_JPEG_PIXELS / 1000000 : LIMIT_PICTURE_PIXELS >> 20, jpeg ? "" : " for it");
}

static bool is_large(const ImageFacts *facts, int64_t pixels)
{
    const bool jpeg = facts->format == IMAGE_JPEG && !facts->four_inks;
    return pixels > (jpeg ? LIMIT_JPEG_PIXELS : LIMIT_PICTURE_PIXELS);
}

/* Samples are scaled to 0..255 as PIL does, round(v / white * 255); grey is repeated. */
static unsigned char *decode_pnm(const unsigned char *bytes, const PnmHeader *pnm)
{
    size_t pixels = (size_t)pnm->w * (size_t)pnm->h, width = pnm->white > 255 ? 2 : 1;
    unsigned char *rgb = malloc(pixels * 3);
    const unsigned char *in = bytes + pnm->samples;
    for (size_t i = 0; rgb != NULL && i < pixels * 3; i++) {
        if (i % TURN == 0)
            thread_yield();
        const unsigned char *sample = in + (pnm->channels == 3 ? i : i / 3) * width;
        int v = width == 2 ? sample[0] << 8 | sample[1] : sample[0];
        rgb[i] = (unsigned char)(v >= pnm->white ? 255 : lrint((double)v / pnm->white * 255.0));
    }
    return rgb;
}

/* Indices of 1, 4 or 8 bits into the palette. Rows are padded to 4 bytes; the lowest row is first unless the header says
 * otherwise. An index outside the palette is black. */
static unsigned char *decode_palette_bmp(const unsigned char *bytes, const BmpHeader *bmp)
{
    const size_t row_size = ((size_t)bmp->w * (size_t)bmp->bits + 31) / 32 * 4;
    unsigned char *rgb = calloc((size_t)bmp->w * (size_t)bmp->h, 3), *out = rgb;
    for (int y = 0; rgb != NULL && y < bmp->h; y++) {
        thread_yield();
        const unsigned char *row = bytes + bmp->rows + (size_t)(bmp->from_top ? y : bmp->h - 1 - y) * row_size;
        for (int x = 0; x < bmp->w; x++, out += 3) {
            const size_t bit = (size_t)x * (size_t)bmp->bits;
            const int index = row[bit / 8] >> (8 - bmp->bits - (int)(bit % 8)) & ((1 << bmp->bits) - 1);
            const unsigned char *colour = bytes + bmp->palette + (size_t)index * (size_t)bmp->colour_size; /* blue, green, red */
            if (index < bmp->colours)
                out[0] = colour[2], out[1] = colour[1], out[2] = colour[0];
        }
    }
    return rgb;
}

/* stb_image makes transparent pixels of a GIF black. The flag of transparency is cleared, to get their colours, like PIL. */
static unsigned char *decode_by_stb(const unsigned char *bytes, size_t size, size_t transparency, int *w, int *h, int *channels)
{
    if (transparency == 0)
        return stb_decode(bytes, (int)size, w, h, channels);
    unsigned char *copy = malloc(size), *rgb = NULL;
    if (copy != NULL) {
        memcpy(copy, bytes, size);
        copy[transparency] &= 0xfe;
        rgb = stb_decode(copy, (int)size, w, h, channels);
    }
    free(copy);
    return rgb;
}

/* Refuses files before they are decoded. */
static bool check_facts(const ImageFacts *facts, size_t size, const char *name, Err *err)
{
    const char *format = format_names[facts->format];
    if (size > size_limit(LIMIT_PICTURE_MB, 20))
        return err_set(err, "%s: the file is larger than %d MB", name, LIMIT_PICTURE_MB);
    if (is_large(facts, facts->pixels))
        return too_large(name, facts->format == IMAGE_JPEG && !facts->four_inks, err);
    if (facts->unread != NULL)
        return err_set(err, "%s: an unsupported kind of %s picture (%s); %s", name, format, facts->unread, facts->remedy != NULL ? facts->remedy : "save it as PNG");
    if (facts->broken != NULL)
        return err_set(err, "%s: broken %s picture (%s); save or download it again", name, format, facts->broken);
    if (facts->truncated)
        return err_set(err, "%s: the %s file ends early; save or download it again", name, format);
    return true;
}

/* The pixels of a decoded picture; channels as in the file. */
typedef struct Decoded {
    int w, h, channels;
    unsigned char *rgb;
    bool halved;                /* w and h are half of the file's */
} Decoded;

static bool decode_png(const unsigned char *bytes, size_t size, const char *name, Decoded *out, Err *err)
{
    Png png;
    const char *reason;
    if (!png_decode(bytes, size, &png, &reason))
        return err_set(err, "%s: broken PNG picture (%s); save or download it again", name, reason);
    *out = (Decoded){png.w, png.h, png.channels, png.rgb, false};
    return true;
}

/* Gives the canvas around a GIF's first frame its colour. */
static void fill_canvas(Decoded *d, const ImageFacts *facts, const unsigned char *bytes)
{
    const GifFrame *f = &facts->frame;
    static const unsigned char black[3] = {0};
    const unsigned char *colour = f->background > 0 ? bytes + f->background : black;
    for (int y = 0; y < d->h; y++) {
        thread_yield();
        for (int x = 0; x < d->w; x++)
            if (x < f->x || y < f->y || x >= f->x + f->w || y >= f->y + f->h)
                memcpy(d->rgb + ((size_t)y * (size_t)d->w + (size_t)x) * 3, colour, 3);
    }
}

static bool decode_other(const unsigned char *bytes, size_t size, const ImageFacts *facts, const char *name, Decoded *out, Err *err)
{
    Decoded d = {0};
    const char *reason;
    if (facts->format == IMAGE_UNKNOWN || !stbi_info_from_memory(bytes, (int)size, &d.w, &d.h, &d.channels))
        return decode_failed(bytes, size, name, facts->format, err);
    d.h = facts->format == IMAGE_BMP ? abs(d.h) : d.h; /* negative: the first row is the top row */
    if (d.w <= 0 || d.h <= 0)
        return err_set(err, "%s: broken %s picture of %d x %d pixels", name, format_names[facts->format], d.w, d.h);
    if (is_large(facts, (int64_t)d.w * d.h))
        return too_large(name, facts->format == IMAGE_JPEG && !facts->four_inks, err);
    if (facts->format == IMAGE_JPEG) {
        d.halved = (int64_t)d.w * d.h > LIMIT_PICTURE_PIXELS;
        d.rgb = jpeg_decode(bytes, size, facts, d.halved, &d.w, &d.h, &d.channels, &reason);
        if (d.rgb == NULL && facts->end > 0)
            return err_set(err, "%s: the JPEG file ends early (%s); save or download it again", name, reason);
    } else if (facts->bmp.colours > 0)
        d.rgb = decode_palette_bmp(bytes, &facts->bmp);
    else
        d.rgb = decode_by_stb(bytes, size, facts->transparency, &d.w, &d.h, &d.channels);
    if (d.rgb == NULL)
        return decode_failed(bytes, size, name, facts->format, err);
    if (facts->frame.w > 0)
        fill_canvas(&d, facts, bytes);
    *out = d;
    return true;
}

bool image_decode(const unsigned char *bytes, size_t size, const char *name, Image *out, Err *err)
{
    const ImageFacts facts = image_sniff(bytes, size);
    Decoded d = {.w = facts.pnm.w, .h = facts.pnm.h, .channels = facts.pnm.channels};
    if (!check_facts(&facts, size, name, err))
        return false;
    if (facts.format == IMAGE_PNM)
        d.rgb = decode_pnm(bytes, &facts.pnm);
    else if (!(facts.format == IMAGE_PNG ? decode_png(bytes, size, name, &d, err) : decode_other(bytes, size, &facts, name, &d, err)))
        return false;
    if (d.rgb == NULL)
        return err_set(err, "%s: not enough memory for the picture", name);
    Image image = {.w = d.w, .h = d.h, .rgb = d.rgb, .orientation = facts.orientation};
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
    else if (d.channels <= 2)
        note_add(&image, "grey repeated");
    if (facts.format == IMAGE_GIF ? facts.transparency != 0 : d.channels == 2 || d.channels == 4)
        note_add(&image, "alpha dropped");
    if (d.halved)
        note_add(&image, "decoded at half size");
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

bool image_recognise(const unsigned char *head, size_t size)
{
    return image_sniff(head, size).format != IMAGE_UNKNOWN;
}

bool image_load_unless(Stop *stop, const char *path, Image *out, Err *err)
{
    unsigned char *bytes;
    size_t size;
    if (!file_read(path, size_limit(LIMIT_PICTURE_MB, 20), stop, &bytes, &size, err))
        return false;
    bool good = image_decode(bytes, size, path, out, err);
    free(bytes);
    return good;
}

bool image_load(const char *path, Image *out, Err *err)
{
    return image_load_unless(NULL, path, out, err);
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
        return err_set(err, "not enough memory to rotate the picture");
    /* EXIF 2.3: orientation says where row 0 and column 0 of the stored picture are seen. */
    bool flip_x = o == 2 || o == 3 || o == 7 || o == 8, flip_y = o == 3 || o == 4 || o == 6 || o == 7;
    for (int y = 0; y < h; y++) {
        thread_yield();
        for (int x = 0; x < w; x++) {
            int sx = swap ? y : x, sy = swap ? x : y;
            sx = flip_x ? image->w - 1 - sx : sx;
            sy = flip_y ? image->h - 1 - sy : sy;
            memcpy(rgb + ((size_t)y * (size_t)w + (size_t)x) * 3,
                   image->rgb + ((size_t)sy * (size_t)image->w + (size_t)sx) * 3, 3);
        }
    }
    free(image->rgb);
    image->rgb = rgb;
    image->w = w;
    image->h = h;
    image->orientation = 1;
    snprintf(image->note, sizeof image->note, "rotated by its EXIF orientation (%d)", o);
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
