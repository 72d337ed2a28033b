# Fills in cmake-zipconf.h.in as cmake would: types by their names in stdint.h, a library that is linked statically.
# The version is only used by zip_libzip_version(), which is never called.
s/"\${libzip_VERSION}"/"0"/
s/\${libzip_VERSION_[A-Z]*}/0/
s/\${ZIP_\(U*INT[0-9]*\)_T}/\L\1_t/
s/\${LIBZIP_TYPES_INCLUDE}/#include <stdint.h>/
s/^\${ZIP_NULLABLE_DEFINES}$//
s/^#cmakedefine ZIP_STATIC$/#define ZIP_STATIC/
