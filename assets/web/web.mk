# The WebAssembly build, read by the Makefile. `make web-cli` and its kin fetch the libraries' sources and then call make again with
# MODE=web: the same rules for the same sources, with emcc as the compiler and build/web as the folder.
#
# One thread, 128-bit SIMD, and no contraction of a*b+c (WebAssembly has none): the bits are those of the native plain kernels.

WEB_MAKE = +$(MAKE) --no-print-directory $(PARALLEL) MODE=web CC='$(EMCC)' AR=emar
EMCC    ?= emcc

web-deps:                    ## fetch and build the libraries for WebAssembly into build/web
	@$(SETUP) run web
	@assets/web/fetch build/web
	@$(WEB_MAKE) web-libraries

web-cli: web-deps            ## the commands as a WebAssembly program for node: build/web/inceptoscope
	@$(WEB_MAKE) build/web/inceptoscope
	@chmod +x build/web/inceptoscope

.PHONY: web-deps web-cli web-libraries

ifeq ($(MODE),web)
# emcc is a Python script that runs node, which finds Debian's modules only when it is Debian's own.
export NODE_PATH := /usr/share/nodejs$(if $(NODE_PATH),:$(NODE_PATH))

SRC  := $(CURDIR)/$(BUILD)/src
GEN  := $(CURDIR)/$(BUILD)/include
WEB  := $(CURDIR)/assets/web
SIMD := -msimd128

CFLAGS_web  := -O2 -g0 $(SIMD)
# One file that node runs: the program inside, the machine's own file system.
LDFLAGS_web := -O2 $(SIMD) -sSINGLE_FILE -sNODERAWFS -sENVIRONMENT=node -sALLOW_MEMORY_GROWTH -sINITIAL_MEMORY=64MB -sTOTAL_STACK=1MB \
               --pre-js $(WEB)/node.js --extern-pre-js $(WEB)/shebang.js

include assets/web/libraries.mk

APP_FLAGS = $(patsubst %,-isystem %,$(GEN) $(SRC)/sdl2/include $(SRC)/sdl2_ttf $(SRC)/jansson/src $(SRC)/libzip/lib $(SRC)/md4c/src)
APP_LIBS  = $(LIBRARIES)

web-libraries: $(LIBRARIES) $(GEN)/stb
$(BUILD)/inceptoscope: $(LIBRARIES) $(WEB)/node.js $(WEB)/shebang.js
endif
