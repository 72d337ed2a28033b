# Inceptoscope. `make help` lists the targets. New .c files need no edit here.
CC       ?= cc
MODE     ?= release
PREFIX   ?= /usr/local
BUILD    := build$(if $(filter-out release,$(MODE)),/$(MODE))
PKGS     := sdl2 SDL2_ttf fontconfig jansson
ENGINE_PKGS := jansson
WARN     := -Wall -Wextra -Wshadow -Wmissing-prototypes -Wdouble-promotion $(if $(CI),-Werror)
BASE     := -std=c11 -D_GNU_SOURCE -I. -g $(WARN) -MMD -MP -ffp-contract=off -fopenmp-simd -DINCEPTOSCOPE_PREFIX='"$(PREFIX)"'
CFLAGS_release := -O2
CFLAGS_asan    := -O1 -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
LDFLAGS_asan   := -fsanitize=address,undefined
ALLFLAGS  = $(BASE) $(CFLAGS_$(MODE)) $(CFLAGS)
ALLLD     = $(LDFLAGS_$(MODE)) $(LDFLAGS)

ENGINE_SRC := $(wildcard engine/*/*.c)
APP_SRC    := $(filter-out app/cli/main.c,$(wildcard app/*/*.c))
TEST_SRC   := $(wildcard tests/test_*.c)
ENGINE_OBJ := $(ENGINE_SRC:%.c=$(BUILD)/obj/%.o)
APP_OBJ    := $(APP_SRC:%.c=$(BUILD)/obj/%.o)
TESTS      := $(TEST_SRC:tests/%.c=$(BUILD)/tests/%)
SCRIPTS    := $(wildcard tests/cli_*.sh)
APP_FLAGS   = $(shell pkg-config --cflags $(PKGS))
APP_LIBS    = $(shell pkg-config --libs $(PKGS))

all: $(BUILD)/inceptoscope   ## build the program

help:                        ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 14

$(BUILD)/obj/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(ALLFLAGS) $(FLAGS_$*) $(APP_FLAGS) -c $< -o $@

$(BUILD)/libinception.a: $(ENGINE_OBJ)
	@rm -f $@ && ar rcs $@ $^

$(BUILD)/libapp.a: $(APP_OBJ)
	@rm -f $@ && ar rcs $@ $^

$(BUILD)/inceptoscope: $(BUILD)/obj/app/cli/main.o $(BUILD)/libapp.a $(BUILD)/libinception.a
	$(CC) $(ALLLD) $^ -o $@ $(APP_LIBS) -lm -lpthread

$(BUILD)/tests/%: $(BUILD)/obj/tests/%.o $(BUILD)/libapp.a $(BUILD)/libinception.a
	@mkdir -p $(@D)
	$(CC) $(ALLLD) $^ -o $@ $(APP_LIBS) -lcmocka -lm -lpthread

test: $(BUILD)/inceptoscope $(TESTS) ## build and run every test
	@INCEPTOSCOPE=$(BUILD)/inceptoscope tests/run $(TESTS) $(SCRIPTS)

asan:                        ## the same under AddressSanitizer and UBSan
	@$(MAKE) MODE=asan test

clean:                       ## remove what was built
	rm -rf build

.PHONY: all help test asan clean
.SECONDARY:
-include $(ENGINE_OBJ:.o=.d) $(APP_OBJ:.o=.d) $(TEST_SRC:%.c=$(BUILD)/obj/%.d) $(BUILD)/obj/app/cli/main.d
