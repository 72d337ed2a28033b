# Inceptoscope. `make help` lists the targets. New .c files need no edit here: all files of a folder are built.
CC       ?= cc
MODE     ?= release
PREFIX   ?= /usr/local
DESTDIR  ?=
BUILD    := build$(if $(filter-out release,$(MODE)),/$(MODE))
PKGS     := sdl2 SDL2_ttf fontconfig jansson libzip md4c
WARN     := -Wall -Wextra -Wshadow -Wmissing-prototypes -Wdouble-promotion $(if $(CI),-Werror)
# _GNU_SOURCE: POSIX 2008 and mkostemp. Contraction is off so that a sum on screen is the engine's, bit for bit.
BASE     := -std=c11 -D_GNU_SOURCE -I. -g $(WARN) -MMD -MP -ffp-contract=off
CFLAGS_release := -O2
# Loops over all weights whose elements are independent: vector code gives the same bits.
FLAGS_engine/train/optim := -O3 -fno-math-errno
FLAGS_engine/io/bits := -O3
FLAGS_engine/train/spectrum := -O3
FLAGS_engine/train/maxima := -O3
FLAGS_engine/train/probe := -O3
# On broken JPEGs stb_image shifts and adds signed numbers beyond their range: let them wrap, without a report.
FLAGS_engine/io/stb := -fwrapv -fno-sanitize=signed-integer-overflow,shift
# The thread sanitizer makes the reference's convolutions ten times as slow as everything else. It finds a read that comes too early
# without them, too: batch norm or ReLU writes the same map after them.
FLAGS_engine/ops/conv := -fno-sanitize=thread
# The fast engine's kernels: the same source for each instruction set, chosen at run time.
FAST_KERNELS := -O3 -ffp-contract=fast -fno-math-errno
# What has no bytes from outside is not instrumented for the fuzzers: it would take minutes to compile.
ifeq ($(MODE),fuzz)
FAST_KERNELS := -O1 -fno-sanitize=all -fno-sanitize-coverage=inline-8bit-counters,indirect-calls,trace-cmp,pc-table
endif
FLAGS_engine/fast/pack          := $(FAST_KERNELS)
FLAGS_engine/fast/kernels_plain := $(FAST_KERNELS)
FLAGS_engine/fast/kernels_neon  := $(FAST_KERNELS)
ifneq (,$(findstring x86_64,$(shell $(CC) -dumpmachine)))
FLAGS_engine/fast/kernels_avx2   := $(FAST_KERNELS) -mavx2 -mfma
FLAGS_engine/fast/kernels_avx512 := $(FAST_KERNELS) -mavx512f -mfma
endif
# Under the sanitizers these kernels would take most of the time of tests that are about something else. They are watched in the tests that are
# about the engines; see WATCHED.
WATCHED := $(if $(filter asan,$(MODE)),engine/fast/pack $(basename $(wildcard engine/fast/kernels_*.c)))
# clang is there for its warnings (make warnings), which need no code.
CFLAGS_clang   := -fsyntax-only
# With sanitizers the compiler knows less about the range of numbers, so its warnings about truncated text are off. -g1: lines in the
# reports, and half the time to link a hundred tests.
CFLAGS_asan    := -O1 -g1 -Wno-format-truncation -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
LDFLAGS_asan   := -fsanitize=address,undefined
# make MODE=tsan check: the same tests for races between threads.
CFLAGS_tsan    := -O1 -Wno-format-truncation -fsanitize=thread -fno-omit-frame-pointer
LDFLAGS_tsan   := -fsanitize=thread
CFLAGS_fuzz    := -O1 -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
LDFLAGS_fuzz   := -fsanitize=fuzzer,address,undefined
ALLFLAGS  = $(BASE) $(CFLAGS_$(MODE)) $(CFLAGS)
ALLLD     = $(LDFLAGS_$(MODE)) $(LDFLAGS)

# Code that differs between a desktop and a browser page has two files: NAME_desktop.c, NAME_web.c. A page with threads has the desktop's.
THREADS_SRC := engine/base/thread_$(if $(filter web,$(MODE)),web,desktop).c
NOT_HERE    := engine/base/thread_%.c %_$(if $(filter web%,$(MODE)),desktop,web).c
ENGINE_SRC  := $(THREADS_SRC) $(filter-out $(NOT_HERE),$(wildcard engine/*/*.c))
APP_SRC     := $(filter-out app/cli/main.c $(NOT_HERE),$(wildcard app/*/*.c))
TEST_SRC    := $(wildcard tests/test_*.c)
ENGINE_OBJ  := $(ENGINE_SRC:%.c=$(BUILD)/obj/%.o)
APP_OBJ     := $(APP_SRC:%.c=$(BUILD)/obj/%.o)
TESTS       := $(TEST_SRC:tests/%.c=$(BUILD)/tests/%)
SCRIPTS     := $(wildcard tests/cli_*.sh)
LINK         = $(CC)
APP_FLAGS    = $(shell pkg-config --cflags $(PKGS))
APP_LIBS     = $(shell pkg-config --libs $(PKGS)) -lm -lpthread
SETUP       := CC='$(CC)' assets/install/setup

all: $(BUILD)/inceptoscope   ## build the program from installed packages

run:                         ## install what is missing, build, open the window
	@$(SETUP) run
	@+$(MAKE) --no-print-directory -s $(PARALLEL) all
	@$(BUILD)/inceptoscope $(ARGS)

test:                        ## install what is missing, build, run every test
	@$(SETUP) run test
	@+$(MAKE) --no-print-directory -s $(PARALLEL) check

asan:                        ## the same tests under AddressSanitizer and UBSan
	@+$(MAKE) --no-print-directory MODE=asan test

bench: all                   ## time every layer in both engines, and the window's frames
	@$(BUILD)/inceptoscope bench $(ARGS)
	@INCEPTOSCOPE=$(BUILD)/inceptoscope tests/bench_frames.sh
	@INCEPTOSCOPE=$(BUILD)/inceptoscope tests/bench_examples.sh

bench-peers: all             ## the same beside PyTorch and OpenCV; installs them
	@$(SETUP) run peers
	@INCEPTOSCOPE=$(BUILD)/inceptoscope /usr/bin/python3 tests/bench_peers.py $(ARGS)

bench-finetune: all          ## fine-tune on the flowers, with PyTorch beside it; needs the data folder, minutes
	@$(SETUP) run peers
	@INCEPTOSCOPE=$(BUILD)/inceptoscope /usr/bin/python3 -B tests/bench_finetune.py $(ARGS)

weights: all                 ## download public ImageNet weights into the data folder (ARGS=torchvision for those)
	@assets/install/weights $(BUILD)/inceptoscope $(ARGS)

fuzz: all                    ## every file reader under libFuzzer (clang), FUZZ_SECONDS each, 600 if not set; ARGS: only these
	@+$(MAKE) --no-print-directory -s $(PARALLEL) MODE=fuzz CC=clang fuzz-targets
	@tests/fuzz build/fuzz $(ARGS)

fuzz-targets: $(patsubst tests/%.c,$(BUILD)/tests/%,$(wildcard tests/fuzz_*.c))

training: all                 ## train on the flowers and check memory, accuracy, resume: hours
	@tests/long_training.sh

help:                        ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 16

check: $(BUILD)/inceptoscope $(TESTS)
	@INCEPTOSCOPE=$(BUILD)/inceptoscope tests/run $(TESTS) $(SCRIPTS)

warnings: $(ENGINE_OBJ) $(APP_OBJ) $(BUILD)/obj/app/cli/main.o

clean:                       ## remove what was built
	rm -rf build

# One job per core, unless the caller chose.
PARALLEL  = $(if $(filter -j% --jobserver%,$(MAKEFLAGS)),,-j$(shell getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2))

$(BUILD)/obj/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(ALLFLAGS) $(FLAGS_$*) $(if $(filter $*,$(WATCHED)),-fno-sanitize=all) $(APP_FLAGS) -c $< -o $@

$(BUILD)/libinception.a: $(ENGINE_OBJ)
	@rm -f $@ && $(AR) rcs $@ $^

$(BUILD)/libapp.a: $(APP_OBJ)
	@rm -f $@ && $(AR) rcs $@ $^

$(BUILD)/inceptoscope: $(BUILD)/obj/app/cli/main.o $(BUILD)/libapp.a $(BUILD)/libinception.a
	$(LINK) $(ALLLD) $(filter %.o %.a,$^) -o $@ $(APP_LIBS)

$(BUILD)/tests/%: $(BUILD)/obj/tests/%.o $(BUILD)/libapp.a $(BUILD)/libinception.a
	@mkdir -p $(@D)
	$(CC) $(ALLLD) $(filter %.o,$^) $(filter %.a,$^) -o $@ -lcmocka $(APP_LIBS)

# What a program links itself comes before the same from the library.
$(BUILD)/watched/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(ALLFLAGS) $(FLAGS_$*) -c $< -o $@
$(patsubst %,$(BUILD)/tests/%,test_fast test_fast_grad test_agree test_map_gradient): $(WATCHED:%=$(BUILD)/watched/%.o)

# The test of failing allocations takes the place of the program's calls.
WRAPPED := malloc calloc realloc aligned_alloc strdup strndup free
$(BUILD)/tests/test_no_memory: private LDFLAGS += $(WRAPPED:%=-Wl,--wrap=%)

# And that of the renderer of SDL's.
SDL_WRAPPED := CreateRenderer RenderFlush CreateTextureFromSurface
$(BUILD)/tests/test_renderer: private LDFLAGS += $(SDL_WRAPPED:%=-Wl,--wrap=SDL_%)

$(BUILD)/tests/fuzz_%: $(BUILD)/obj/tests/fuzz_%.o $(BUILD)/libapp.a $(BUILD)/libinception.a
	@mkdir -p $(@D)
	$(CC) $(ALLLD) $^ -o $@ $(APP_LIBS)

monkey: all                  ## MONKEY random events (100,000), a new program and the next seed every 2,000; SEED repeats
	@tests/monkey $(BUILD)/inceptoscope $(BUILD)/monkey

walk: all                    ## through GoogLeNet in a loop for HOURS (8): memory, handles and times stay what they are
	@tests/walk $(BUILD)/inceptoscope

lessons: $(BUILD)/tests/test_lessons_played ## play all lessons to their end, in both languages; a minute
	@LESSONS=all $(BUILD)/tests/test_lessons_played

oracle: $(BUILD)/tests/dump_maps $(BUILD)/tests/dump_wants $(BUILD)/inceptoscope ## compare every value and gradient with PyTorch's, and files for others
	@$(SETUP) peers
	@/usr/bin/python3 -B tests/oracle.py compare $(BUILD)
	@mkdir -p $(BUILD)/oracle && /usr/bin/python3 -B tests/oracle_export.py $(BUILD)/inceptoscope $(BUILD)/oracle whole
	@/usr/bin/python3 -B tests/oracle_fool.py $(BUILD)
	@/usr/bin/python3 -B tests/oracle_sanity.py $(BUILD)
	@INCEPTOSCOPE=$(BUILD)/inceptoscope tests/data_accuracy.sh

# The gradient checks: the reference ops once more, with double as their number type.
DOUBLE_OPS := $(patsubst %.c,$(BUILD)/double/%.o,$(wildcard engine/ops/*.c))
$(BUILD)/double/%.o: %.c tests/double_ops.h
	@mkdir -p $(@D)
	$(CC) $(ALLFLAGS) -include tests/double_ops.h -c $< -o $@

$(BUILD)/tests/test_ops_grad $(BUILD)/tests/test_differences: $(BUILD)/tests/%: $(BUILD)/double/tests/%.o $(DOUBLE_OPS) $(BUILD)/libinception.a
	@mkdir -p $(@D)
	$(CC) $(ALLLD) $^ -o $@ -lcmocka -lm -lpthread

# The program's own pictures. They are committed, so that nobody has to draw them; drawing them again gives the same files.
images: $(patsubst %.c,$(BUILD)/obj/%.o,$(wildcard assets/images/draw/*.c)) $(BUILD)/libinception.a ## draw assets/images again
	$(CC) $(ALLLD) $^ -o $(BUILD)/draw -lm
	$(BUILD)/draw assets/images

shots: $(BUILD)/inceptoscope ## pictures of every step and view into build/shots
	@INCEPTOSCOPE=$(BUILD)/inceptoscope tests/shots $(BUILD)/shots

INTO = $(DESTDIR)$(PREFIX)
install: all                 ## install under PREFIX (and DESTDIR)
	install -Dm755 $(BUILD)/inceptoscope "$(INTO)/bin/inceptoscope"
	install -Dm644 assets/install/inceptoscope.desktop -t "$(INTO)/share/applications"
	install -Dm644 assets/install/inceptoscope.svg -t "$(INTO)/share/icons/hicolor/scalable/apps"
	install -Dm644 assets/install/inceptoscope.1 -t "$(INTO)/share/man/man1"
	for d in assets/networks assets/images assets/labels assets/weights lessons/en lessons/zh lessons/exercises/en lessons/exercises/zh lessons/exercises/nets; do \
	  find $$d -maxdepth 1 -type f -exec install -Dm644 -t "$(INTO)/share/inceptoscope/$${d#assets/}" {} + || exit 1; done

include assets/web/web.mk

.PHONY: all warnings run monkey walk training test asan weights fuzz fuzz-targets lessons oracle shots bench bench-peers bench-finetune help check clean images install
.SECONDARY:
# The dependencies of each object, as the compiler wrote them at the last build.
-include $(patsubst %,$(BUILD)/%/*.d,obj/engine/* obj/app/* obj/tests watched/engine/* obj/assets/images/draw double/engine/ops double/tests)
