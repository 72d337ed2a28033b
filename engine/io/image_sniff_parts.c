/* image_sniff_parts.c - see image_sniff_parts.h. */
#include "engine/io/image_sniff_parts.h"

/* An entry's value as any of TIFF's types of whole numbers: BYTE 1, SHORT 3, LONG 4, and signed 6, 8, 9. 0 for other types. */
static uint32_t whole_number(Bytes tiff, size_t entry, bool big)
{
    static const int sizes[] = {0, 1, 0, 2, 4, 0, 1, 0, 2, 4};
    const uint32_t type = sniff_number(tiff, entry + 2, 2, big);
    return type < sizeof sizes / sizeof sizes[0] && sizes[type] > 0 ? sniff_number(tiff, entry + 8, sizes[type], big) : 0;
}

/* Tag 0x0112 of the first directory of a TIFF block (EXIF 2.3, section 4.6.2); 1 when there is none. */
int sniff_orientation(Bytes tiff)
{
    if (tiff.size < 8)
        return 1;
    bool big = tiff.p[0] == 'M';
    size_t directory = sniff_number(tiff, 4, 4, big);
    uint32_t entries = sniff_number(tiff, directory, 2, big);
    for (uint32_t i = 0; i < entries; i++) {
        size_t entry = directory + 2 + (size_t)i * 12;
        if (sniff_number(tiff, entry, 2, big) == 0x0112) {
            uint32_t value = whole_number(tiff, entry, big);
            return value >= 1 && value <= 8 ? (int)value : 1;
        }
    }
    return 1;
}
