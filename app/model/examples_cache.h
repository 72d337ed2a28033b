/* examples_cache.h - where the largest values of photos are kept between runs: $XDG_CACHE_HOME/inceptoscope/maxima-KEY (~/.cache if the
 * variable is not set). The folder may be deleted at any time. */
#ifndef INCEPTOSCOPE_EXAMPLES_CACHE_H
#define INCEPTOSCOPE_EXAMPLES_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { EXAMPLES_CACHE_FILES = 12 };

/* The file for a key (Examples.key). Makes the folder, and deletes the oldest such files, so that at most EXAMPLES_CACHE_FILES are left
 * with this one. False if there is no folder for it. */
bool examples_cache_file(uint64_t key, char *out, size_t size);

#endif
