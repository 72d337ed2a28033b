/* What libzip's cmake would find under Emscripten. Sizes are checked here, since nobody asks the compiler for them. */
#ifndef HAD_CONFIG_H
#define HAD_CONFIG_H
#include "zipconf.h"
#include <stddef.h>
#include <sys/types.h>

#define HAVE_FILENO
#define HAVE_FSEEKO
#define HAVE_FTELLO
#define HAVE_LOCALTIME_R
#define HAVE_MKSTEMP
#define HAVE_SNPRINTF
#define HAVE_STRCASECMP
#define HAVE_STRDUP
#define HAVE_STRTOLL
#define HAVE_STRTOULL
#define HAVE_STDBOOL_H
#define HAVE_STRINGS_H
#define HAVE_UNISTD_H
#define HAVE_DIRENT_H
#define SIZEOF_OFF_T 8
#define SIZEOF_SIZE_T 4
#define PACKAGE "libzip"
#define VERSION LIBZIP_VERSION

_Static_assert(sizeof(off_t) == SIZEOF_OFF_T && sizeof(size_t) == SIZEOF_SIZE_T, "libzip is told the right sizes");
#endif
