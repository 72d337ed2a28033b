# The libraries for WebAssembly, from the sources that fetch gets; included by web.mk.
#
# The libraries are compiled from lists of files, each with the few settings that a configure script would take minutes to find: SDL2 and
# FreeType have a header for such builds, jansson and libzip templates that sed fills in. Nothing is installed: the program includes the
# sources' own headers. Only what the program uses is compiled: no sound, joysticks or sensors of SDL, no font formats but TrueType,
# no encryption or bzip2 of libzip.

# LIBRARY NAME: lib/libNAME.a from src/NAME, of the files NAME_FILES, with NAME_FLAGS. One call of the compiler for all of them: emcc's own
# start takes longer than most files do.
define LIBRARY
LIBRARIES += $(BUILD)/lib/lib$(1).a
$(BUILD)/lib/lib$(1).a: $$($(1)_FILES:%=$(SRC)/$(1)/%) $$($(1)_NEEDS) assets/web/libraries.mk
	@rm -rf $(BUILD)/obj/lib/$(1) && mkdir -p $$(@D) $(BUILD)/obj/lib/$(1)
	@echo 'Building $(1) for WebAssembly'
	@cd $(BUILD)/obj/lib/$(1) && $(CC) -O2 -g0 -w $(SIMD) $$($(1)_FLAGS) -c $$($(1)_FILES:%=$(SRC)/$(1)/%)
	@rm -f $$@ && $(AR) rcs $$@ $(BUILD)/obj/lib/$(1)/*.o
endef

zlib_FILES := $(addsuffix .c,adler32 compress crc32 deflate inffast inflate inftrees trees uncompr zutil)
zlib_FLAGS := -DHAVE_UNISTD_H

jansson_FILES := $(patsubst %,src/%.c,dump error hashtable hashtable_seed load memory pack_unpack strbuffer strconv utf value version)
jansson_NEEDS := $(GEN)/jansson_config.h $(GEN)/jansson_private_config.h
jansson_FLAGS := -DHAVE_CONFIG_H -I$(GEN)

md4c_FILES := src/md4c.c
md4c_FLAGS := -DMD4C_USE_UTF8

libzip_NOT   := %_win32 %_win32_ansi %_win32_named %_win32_utf16 %_win32_utf8 %_win %_uwp %_bzip2 %_xz %_zstd %_commoncrypto %_gnutls %_mbedtls \
                %_openssl %_winzip_aes %_winzip_aes_decode %_winzip_aes_encode
libzip_FILES := $(filter-out $(addsuffix .c,$(libzip_NOT)),$(patsubst $(SRC)/libzip/%,%,$(wildcard $(SRC)/libzip/lib/*.c))) zip_err_str.c
libzip_NEEDS := $(GEN)/config.h $(GEN)/zipconf.h
libzip_FLAGS := -DHAVE_CONFIG_H -I$(GEN) -I$(SRC)/libzip/lib -I$(SRC)/zlib

freetype_FILES := $(patsubst %,src/%.c,base/ftbase base/ftbitmap base/ftdebug base/ftglyph base/ftinit base/ftstroke base/ftsynth base/ftsystem \
                  autofit/autofit psnames/psnames raster/raster sfnt/sfnt smooth/smooth truetype/truetype)
freetype_NEEDS := $(WEB)/freetype_modules.h $(WEB)/freetype_options.h
freetype_FLAGS := -DFT2_BUILD_LIBRARY -DFT_CONFIG_MODULES_H='"$(WEB)/freetype_modules.h"' -DFT_CONFIG_OPTIONS_H='"$(WEB)/freetype_options.h"' -I$(SRC)/freetype/include

# harfbuzz.cc is the whole library. It needs no C++ runtime. Without what no font here has (colours, formulas, PostScript outlines, Apple's
# tables), and for size: half the program and half the time of -O2, and a word is shaped once and kept.
harfbuzz_FILES := src/harfbuzz.cc
harfbuzz_FLAGS := -Os -DHB_LEAN -DHB_NO_AAT -std=c++11 -fno-exceptions -fno-rtti -fno-threadsafe-statics -DHAVE_FREETYPE -DHB_NO_MT -I$(SRC)/freetype/include

sdl2_PARTS := . atomic cpuinfo dynapi events file loadso/dlopen locale locale/emscripten misc misc/emscripten render render/opengles2 render/software stdlib \
              thread thread/$(if $(filter web,$(MODE)),generic,pthread) timer timer/unix video video/dummy video/emscripten video/yuv2rgb
sdl2_FILES := $(foreach part,$(sdl2_PARTS),$(patsubst $(SRC)/sdl2/%,%,$(wildcard $(SRC)/sdl2/src/$(part)/*.c)))
sdl2_FLAGS := -DSDL_AUDIO_DISABLED -DSDL_JOYSTICK_DISABLED -DSDL_SENSOR_DISABLED -DSDL_POWER_DISABLED -I$(SRC)/sdl2/include

sdl2_ttf_FILES := SDL_ttf.c
sdl2_ttf_FLAGS := -DTTF_USE_HARFBUZZ=1 -I$(SRC)/sdl2/include -I$(SRC)/freetype/include -I$(SRC)/harfbuzz/src

$(foreach library,sdl2_ttf sdl2 harfbuzz freetype jansson libzip zlib md4c,$(eval $(call LIBRARY,$(library))))

$(GEN)/jansson_config.h: $(SRC)/jansson/src/jansson_config.h.in
	@mkdir -p $(@D)
	@sed -e 's/@json_inline@/inline/' -e 's/@json_have_[a-z_]*@/1/' $< >$@
$(GEN)/jansson_private_config.h: $(WEB)/jansson_private_config.h
	@mkdir -p $(@D)
	@cp $< $@
$(GEN)/config.h: $(WEB)/libzip_config.h
	@mkdir -p $(@D)
	@cp $< $@
$(GEN)/zipconf.h: $(WEB)/libzip_zipconf.sed $(SRC)/libzip/cmake-zipconf.h.in
	@mkdir -p $(@D)
	@sed -f $^ >$@
# The texts of libzip's errors: upstream's own build makes them from zip.h.
$(SRC)/libzip/zip_err_str.c: $(WEB)/libzip_errors.awk $(SRC)/libzip/lib/zip.h
	@awk -f $^ >$@

$(GEN)/stb:
	@mkdir -p $(@D)
	@header=$$(echo '#include <stb/stb_image.h>' | cc -E - | sed -n 's,^# 1 "\(.*\)/stb_image.h".*,\1,p' | head -n 1); \
	[ -n "$$header" ] || { echo 'web: stb/stb_image.h is not found; install libstb-dev' >&2; exit 1; }; ln -sfn "$$header" $@
