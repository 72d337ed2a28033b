/* image_sniff_jpeg.c - the markers of a JPEG, in the order in which stb_image reads them (ITU-T T.81, annex B). stb_image 2.27
 * decodes even with tables that no segment defined, and decodes every scan over all its blocks, however many scans there are.
 * Such files are refused here. */
#include "engine/io/image_sniff_parts.h"

#include <string.h>

/* Limits on the 8 x 8 blocks that may be decoded. Some real progressive files visit each block of a component 10 times, a small
 * picture perhaps some hundred times. Without a limit, a file of kilobytes could take minutes. */
enum { BLOCKS_FREE = 16000000, BLOCKS_TIMES = 8, TABLE_BLOCKS = 16 /* the time for a table, in blocks */ };

typedef struct Component {
    unsigned id, h, v, quant;
    int64_t across, down;       /* number of blocks, if a scan has this component alone */
} Component;

typedef struct Walk {
    Bytes b;
    ImageFacts *facts;
    unsigned quant, dc, ac;     /* tables that were defined, one bit for each */
    Component components[4];
    int count;                  /* of components; 0 before the frame header */
    unsigned scanned;           /* components that a scan has had, one bit for each */
    unsigned wanted;            /* quantisation tables of a progressive picture, which are used at its end */
    bool progressive;
    bool complete;              /* a sequential picture whose components have all been scanned: the scan that was begun is the last */
    int64_t interval, restarts, units; /* units between two restart markers; markers, and units, of the scan that was begun last */
    int64_t mcus, blocks, most; /* units of an interleaved scan; blocks visited; the limit on blocks */
} Walk;

static void broken(Walk *w, const char *why)
{
    if (w->facts->broken == NULL)
        w->facts->broken = why;
}

static void work(Walk *w, int64_t blocks)
{
    w->blocks += blocks;
    if (w->count > 0 && w->blocks > w->most)
        broken(w, "it has more scans of its blocks than any real picture");
}

/* A DQT segment: tables, each with a number and 64 values of one or two bytes. */
static void quantisation(Walk *w, size_t at, int64_t length)
{
    while (length > 0 && at < w->b.size) {
        const int size = w->b.p[at] >> 4 != 0 ? 129 : 65;
        w->quant |= 1u << (w->b.p[at] & 15);
        at += (size_t)size;
        length -= size;
    }
}

/* A DHT segment: tables, each with a number, 16 counts, and as many values as the sum of the counts. With more than 256 values,
 * stb_image 2.27 writes past its table, so such a file is refused. Returns where the last table ends. */
static size_t huffman(Walk *w, size_t at, int64_t length)
{
    while (length > 0 && at < w->b.size) {
        int64_t values = 0;
        const unsigned table = w->b.p[at];
        for (size_t i = 1; i <= 16 && at + i < w->b.size; i++) /* counts beyond the file's end are read as 0 */
            values += w->b.p[at + i];
        if (values > 256)
            broken(w, "bad Huffman table");
        *(table >> 4 == 0 ? &w->dc : &w->ac) |= 1u << (table & 15);
        work(w, TABLE_BLOCKS);
        at += 17 + (size_t)values;
        length -= 17 + values;
    }
    return at;
}

static int64_t parts(int64_t whole, int64_t part)
{
    return (whole + part - 1) / part;
}

static void measure(Walk *w, int64_t width, int64_t height)
{
    int64_t h_max = 1, v_max = 1, blocks = 0;
    for (int i = 0; i < w->count; i++) {
        h_max = w->components[i].h > h_max ? w->components[i].h : h_max;
        v_max = w->components[i].v > v_max ? w->components[i].v : v_max;
    }
    w->mcus = parts(width, 8 * h_max) * parts(height, 8 * v_max);
    for (int i = 0; i < w->count; i++) {
        Component *c = &w->components[i];
        c->across = parts(parts(width * c->h, h_max), 8);
        c->down = parts(parts(height * c->v, v_max), 8);
        blocks += w->mcus * c->h * c->v;
    }
    w->most = BLOCKS_FREE + BLOCKS_TIMES * blocks;
}

/* A frame header: bits, height, width, components. Every 8 x 8 block needs at least one bit, so a large picture needs some data;
 * stb_image allocates memory for all of it before it reads. */
static void frame(Walk *w, Bytes body, unsigned marker)
{
    ImageFacts *facts = w->facts;
    const int64_t height = sniff_number(body, 1, 2, true), width = sniff_number(body, 3, 2, true);
    facts->four_inks = body.p[5] == 4;
    facts->pixels = width * height;
    facts->truncated = facts->pixels / 512 > (int64_t)w->b.size;
    if (marker > 0xc2)
        facts->unread = marker == 0xc3 ? "lossless coding" : marker >= 0xc9 ? "arithmetic coding" : "hierarchical coding";
    else if (body.p[0] != 8)
        facts->unread = "12 bits a sample";
    w->progressive = marker == 0xc2;
    w->count = body.p[5] <= 4 ? body.p[5] : 4;
    for (int i = 0; i < w->count; i++) {
        const size_t at = 6 + 3 * (size_t)i;
        const unsigned factors = sniff_number(body, at + 1, 1, true);
        w->components[i] = (Component){.id = sniff_number(body, at, 1, true), .h = factors >> 4, .v = factors & 15,
                                       .quant = sniff_number(body, at + 2, 1, true)};
        if (factors >> 4 == 0 || (factors & 15) == 0)
            broken(w, "bad sampling factors");
    }
    measure(w, width, height);
}

/* The tables that one component of a scan needs. A progressive scan has either the first coefficients, which are coded only in
 * the first pass over them, or the others. */
static void check_tables(Walk *w, const Component *c, unsigned tables, bool first_coefficient, bool first_pass)
{
    const bool needs_dc = !w->progressive || (first_coefficient && first_pass), needs_ac = !w->progressive || !first_coefficient;
    if ((needs_dc && (w->dc >> (tables >> 4) & 1) == 0) || (needs_ac && (w->ac >> (tables & 15) & 1) == 0))
        broken(w, "its Huffman tables are missing, as in a frame cut out of a video");
    if (w->progressive)
        w->wanted |= 1u << (c->quant & 15);
    else if ((w->quant >> (c->quant & 15) & 1) == 0)
        broken(w, "its quantisation tables are missing");
}

/* A scan header: the components and their tables, then the coefficients and the bits that the scan has. */
static void scan(Walk *w, Bytes body)
{
    const unsigned held = sniff_number(body, 0, 1, true);
    const size_t behind = 1 + 2 * (size_t)held;
    const bool first_coefficient = sniff_number(body, behind, 1, true) == 0, first_pass = sniff_number(body, behind + 2, 1, true) >> 4 == 0;
    int64_t blocks = 0;
    w->restarts = 0;
    w->units = w->mcus;
    for (unsigned i = 0; i < held && i < 4; i++) {
        const unsigned id = sniff_number(body, 1 + 2 * i, 1, true), tables = sniff_number(body, 2 + 2 * i, 1, true);
        int c = 0;
        while (c < w->count && w->components[c].id != id)
            c++;
        if (c == w->count)
            continue; /* stb_image refuses it */
        const Component *component = &w->components[c];
        w->scanned |= 1u << c;
        w->units = held == 1 ? component->across * component->down : w->mcus;
        check_tables(w, component, tables, first_coefficient, first_pass);
        blocks += held == 1 ? component->across * component->down : w->mcus * component->h * component->v;
    }
    work(w, blocks);
    w->complete = !w->progressive && w->count > 0 && w->scanned == (1u << w->count) - 1;
}

/* Checks what the file must have had before its end mark or, if it has none, before its last byte. */
static void finish(Walk *w, bool end_mark)
{
    const bool whole = w->count == 0 || w->scanned == (1u << w->count) - 1;
    if (!whole && end_mark)
        broken(w, "it has no data for one of its colours");
    w->facts->truncated = w->facts->truncated || (!whole && !end_mark);
    if ((w->wanted & ~w->quant) != 0)
        broken(w, "its quantisation tables are missing");
}

/* Whether the segment at `at` is the header of one more scan of all components, which no camera writes. */
static bool scans_again(const Walk *w, size_t at)
{
    const Bytes b = w->b;
    if (sniff_number(b, at, 2, true) != 0xffda || sniff_number(b, at + 2, 2, true) != 6 + 2 * (unsigned)w->count ||
        sniff_number(b, at + 4, 1, true) != (unsigned)w->count)
        return false;
    for (int i = 0; i < w->count; i++)
        if (sniff_number(b, at + 5 + 2 * (size_t)i, 1, true) != w->components[i].id)
            return false;
    return true;
}

static bool is_frame(unsigned marker)
{
    return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
}

/* One segment with its marker at `at`; returns where the next one may begin. */
static size_t segment(Walk *w, unsigned marker, size_t at, size_t length)
{
    const unsigned char *body = w->b.p + at + 4;
    const size_t there = w->b.size - at - 4; /* bytes of the body that are in the file */
    if (marker == 0xe1 && w->count == 0 && length >= 8 && length - 2 <= there && memcmp(body, "Exif\0", 6) == 0)
        w->facts->orientation = sniff_orientation((Bytes){body + 6, length - 8});
    if (is_frame(marker) && w->count == 0 && there >= 6)
        frame(w, (Bytes){body, there}, marker);
    if (marker == 0xda && w->count > 0)
        scan(w, (Bytes){body, there});
    if (marker == 0xee && length >= 14 && length - 2 <= there && memcmp(body, "Adobe", 5) == 0)
        w->facts->adobe = true;
    if (marker == 0xdd)
        w->interval = sniff_number((Bytes){body, there}, 0, 2, true);
    if (marker == 0xdb)
        quantisation(w, at + 4, (int64_t)length - 2);
    return marker == 0xc4 ? huffman(w, at + 4, (int64_t)length - 2) : at + 2 + length;
}

/* Goes through the markers like stb_image: skips bytes between segments (padding, a scan's data) and ends at the first end of a
 * picture. Cameras put a second picture, a video or a panorama's parts after it; some leave the end mark out, and then any marker
 * behind the last scan is not the picture's. */
void sniff_jpeg(Bytes b, ImageFacts *facts)
{
    Walk w = {.b = b, .facts = facts};
    size_t at = 2;
    unsigned marker = 0;
    while (at + 2 <= b.size) {
        marker = b.p[at] == 0xff ? b.p[at + 1] : 0;
        if (marker == 0xd9 && w.count > 0)
            break;
        if (marker == 0 || marker == 0xff || (marker >= 0xd0 && marker <= 0xd7) || (!w.complete && ((marker >= 0xd8 && marker <= 0xd9) || marker == 0x01))) {
            w.restarts += marker >= 0xd0 && marker <= 0xd7;
            at += 1 + (marker != 0 && marker != 0xff);
            continue; /* not a segment: data, a fill byte, or a marker without a length */
        }
        if (w.complete && facts->end == 0)
            facts->end = at;
        if (w.complete && !scans_again(&w, at))
            break;
        const size_t length = sniff_number(b, at + 2, 2, true);
        if (length < 2)
            break; /* stb_image refuses it, or the file ends here */
        at = segment(&w, marker, at, length);
    }
    finish(&w, marker == 0xd9);
    if (w.complete && facts->end == 0 && marker != 0xd9)
        facts->end = b.size;
    if (facts->end > 0 && w.interval > 0 && w.restarts < (w.units - 1) / w.interval)
        facts->truncated = true; /* stb_image leaves the rest grey where a restart marker is missing */
}
