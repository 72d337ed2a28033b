# The WebAssembly build, read by the Makefile. `make web-cli` and its kin fetch the libraries' sources and then call make again with
# MODE=web: the same rules for the same sources, with emcc as the compiler and build/web as the folder.
#
# One thread (web-threads: several), 128-bit SIMD, and no contraction of a*b+c (WebAssembly has none): the bits are those of the native plain kernels.

# emcc is a script around clang whose start takes longer than most files do, so it only links; clang compiles, with emcc's own flags.
WEB_MAKE = +$(MAKE) --no-print-directory $(PARALLEL) MODE=$(WEB_MODE) AR=emar \
           CC="$(if $(findstring ccache,$(CC)),ccache )$$(em-config LLVM_ROOT)/clang $$($(EMCC) --cflags)"
EMCC    ?= emcc
WEB_MODE := web

web-deps:                    ## fetch and build the libraries for WebAssembly into build/web
	@$(SETUP) run web
	@assets/web/fetch build/web
	@$(WEB_MAKE) web-libraries

web-cli: web-deps            ## the commands as a WebAssembly program for node: build/web/inceptoscope
	@$(WEB_MAKE) build/web/inceptoscope build/web/fonts/sans.ttf
	@chmod +x build/web/inceptoscope

web: web-deps                ## the page: build/web/site for a server, build/web/inceptoscope.html alone
	@$(WEB_MAKE) build/web/inceptoscope.html

web-threads: web             ## the page for a server with a second program that runs on threads: build/web-threads/site
	@$(WEB_MAKE) web-libraries
	@$(WEB_MAKE) build/web-threads/site/index.html
web-threads: private WEB_MODE := web-threads

WEB_TESTS := $(patsubst %,tests/cli_%.sh,counts explain formats help ledger predict trace weights window)
# PARTS: some of the page's tests (tests/web_page.sh). Firefox is installed if one of them needs it.
web-test: web-deps           ## tests of the WebAssembly program in node, and of the page in headless Chromium
	@$(SETUP) run web-test
	@$(if $(filter firefox%,$(or $(PARTS),firefox)),$(SETUP) firefox || echo 'The walk in Firefox is skipped.')
	@$(WEB_MAKE) build/web/inceptoscope build/web/inceptoscope.html
	@chmod +x build/web/inceptoscope
	@+$(MAKE) --no-print-directory -s $(PARALLEL) all
	@INCEPTOSCOPE=build/web/inceptoscope tests/run $(WEB_TESTS)
	@INCEPTOSCOPE=$(BUILD)/inceptoscope INCEPTOSCOPE_WEB=build/web/inceptoscope JOBS=1 tests/run tests/web_same.sh tests/web_page.sh

web-threads-test: web-threads all ## tests of the page on threads
	@$(SETUP) run web-test
	@INCEPTOSCOPE=build/inceptoscope JOBS=1 tests/run tests/web_threads.sh

web-bench: web-threads all   ## the page beside the native program and onnxruntime-web: forward, first frame, bytes, memory (ARGS=3600: after an hour)
	@$(SETUP) run web-test
	@node tests/bench_web.js build/web build/web-threads build/inceptoscope $(ARGS)

.PHONY: web-test web-threads-test web-bench web web-threads web-deps web-cli web-libraries

ifneq ($(filter web%,$(MODE)),)
# emcc is a Python script that runs node, which finds Debian's modules only when it is Debian's own.
export NODE_PATH := /usr/share/nodejs$(if $(NODE_PATH),:$(NODE_PATH))

LINK := $(EMCC)
SRC  := $(CURDIR)/build/web/src
GEN  := $(CURDIR)/$(BUILD)/include
WEB  := $(CURDIR)/assets/web

# web: work beside the window takes turns (Asyncify). no_turns.json: functions of the libraries, inside which no thread gives its turn back, so
# Asyncify leaves them as they are. web-threads: work beside the window is on threads, for pages to which the browser gives shared memory. It
# does not move, so the browser is told the most of it. Enough threads are made ready before the program begins: it may wait for one
# that it has just started, and a browser makes none while its page waits.
SIMD_web            := -msimd128
BESIDE_web          := -sASYNCIFY -sASYNCIFY_STACK_SIZE=65536
PAGE_web            := -sENVIRONMENT=web -sASYNCIFY_REMOVE=@$(WEB)/no_turns.json
SIMD_web-threads    := -msimd128 -pthread
BESIDE_web-threads  := -sMAXIMUM_MEMORY=2GB -sPTHREAD_POOL_SIZE=16 -sDEFAULT_PTHREAD_STACK_SIZE=512KB -Wno-pthreads-mem-growth
PAGE_web-threads    := -sENVIRONMENT=web,worker

SIMD           := $(SIMD_$(MODE))
CFLAGS_$(MODE) := -O2 -g0 $(SIMD)
WEB_LINK       := $(SIMD) $(BESIDE_$(MODE)) -sALLOW_MEMORY_GROWTH -sINITIAL_MEMORY=64MB -sTOTAL_STACK=1MB --js-library $(WEB)/imports.js
# What node runs: a script with the program beside it, the machine's own file system. -O1: clang has optimised; what -O2 adds is a smaller file
# for ten times the time.
LDFLAGS_web := $(WEB_LINK) -O1 -sNODERAWFS -sENVIRONMENT=node --pre-js $(WEB)/node.js --extern-pre-js $(WEB)/shebang.js
# A script and a program that a page starts, with files in memory. No eval: a page's content policy forbids it. Inlining is left to clang:
# binaryen's takes half a minute, and the program is larger after it.
PAGE_LINK      := $(WEB_LINK) -O2 $(PAGE_$(MODE)) \
                  -sBINARYEN_EXTRA_PASSES=--one-caller-inline-max-function-size=1,--always-inline-max-function-size=1,--flexible-inline-max-function-size=1 \
                  -sMODULARIZE -sEXPORT_NAME=Inceptoscope -sINVOKE_RUN=0 -sFORCE_FILESYSTEM -sDYNAMIC_EXECUTION=0 \
                  -sEXPORTED_RUNTIME_METHODS=FS,ENV,callMain,ccall

include assets/web/libraries.mk

APP_FLAGS = $(patsubst %,-isystem %,$(GEN) $(SRC)/sdl2/include $(SRC)/sdl2_ttf $(SRC)/jansson/src $(SRC)/libzip/lib $(SRC)/md4c/src)
APP_LIBS  = $(LIBRARIES)

web-libraries: $(LIBRARIES) $(GEN)/stb
$(BUILD)/inceptoscope: $(LIBRARIES) $(WEB)/node.js $(WEB)/shebang.js $(WEB)/imports.js

$(BUILD)/page/inceptoscope.js: $(BUILD)/obj/app/cli/main.o $(BUILD)/libapp.a $(BUILD)/libinception.a $(LIBRARIES) $(WEB)/imports.js $(WEB)/no_turns.json
	@mkdir -p $(@D)
	$(LINK) $(PAGE_LINK) $(filter %.o %.a,$^) -o $@

# Every text that the program may show is a reason to make its fonts again.
$(BUILD)/fonts/sans.ttf: assets/web/fonts $(wildcard app/*/*.[chd]* lessons/*/* lessons/exercises/*/* assets/networks/* assets/labels/*)
	@assets/web/fonts $(BUILD)/fonts

build/web-threads/site/index.html: build/web-threads/page/inceptoscope.js build/web/inceptoscope.html assets/web/isolate.js
	@assets/web/pack build/web $(BUILD)

$(BUILD)/inceptoscope.html: $(BUILD)/page/inceptoscope.js $(BUILD)/fonts/sans.ttf assets/web/pack $(wildcard assets/web/*.html assets/web/*.js) \
                            $(wildcard assets/weights/* assets/images/*.png lessons/*/* lessons/exercises/*/* assets/networks/*)
	@assets/web/pack $(BUILD)
endif
