/* font_files_desktop.c - finds font files with fontconfig; see font_files.h. */
#include "app/ui/font_files.h"

#include <fontconfig/fontconfig.h>
#include <string.h>

/* fontconfig's names for each face, in order of preference; the last column is for Chinese. */
static const struct FaceName { const char *pattern[FALLBACKS]; bool bold; } face_names[FACE_COUNT] = {
    [FACE_SANS] = {{"DejaVu Sans:style=Book", "WenQuanYi Micro Hei", "Noto Sans CJK SC"}, false},
    [FACE_BOLD] = {{"DejaVu Sans:style=Bold", "WenQuanYi Micro Hei", "Noto Sans CJK SC:style=Bold"}, true},
    [FACE_MONO] = {{"DejaVu Sans Mono:style=Book", "DejaVu Sans:style=Book", "WenQuanYi Micro Hei"}, false},
    [FACE_MONO_BOLD] = {{"DejaVu Sans Mono:style=Bold", "DejaVu Sans:style=Bold", "WenQuanYi Micro Hei"}, true},
};

/* fontconfig always returns some font, the nearest that it has. */
static bool find_file(FcConfig *config, const char *name, bool bold, FontFile *out)
{
    FcPattern *pattern = FcNameParse((const FcChar8 *)name);
    FcConfigSubstitute(config, pattern, FcMatchPattern);
    FcDefaultSubstitute(pattern);
    FcResult result;
    FcPattern *match = FcFontMatch(config, pattern, &result);
    FcChar8 *path = NULL;
    int index = 0, weight = FC_WEIGHT_REGULAR;
    if (match != NULL && FcPatternGetString(match, FC_FILE, 0, &path) == FcResultMatch) {
        FcPatternGetInteger(match, FC_INDEX, 0, &index);
        FcPatternGetInteger(match, FC_WEIGHT, 0, &weight);
        *out = (FontFile){strdup((const char *)path), index & 0xffff, bold && weight < FC_WEIGHT_DEMIBOLD};
    }
    if (match != NULL)
        FcPatternDestroy(match);
    FcPatternDestroy(pattern);
    return out->path != NULL;
}

bool font_files(FontFile files[FACE_COUNT][FALLBACKS], Err *err)
{
    FcConfig *config = FcInitLoadConfigAndFonts();
    bool found = config != NULL;
    for (int face = 0; face < FACE_COUNT && found; face++)
        for (int i = 0; i < FALLBACKS && found; i++)
            found = find_file(config, face_names[face].pattern[i], face_names[face].bold, &files[face][i]);
    if (config != NULL)
        FcConfigDestroy(config);
    return found || err_set(err, "fonts: fontconfig found none; install fonts-dejavu-core and fonts-wqy-microhei");
}
