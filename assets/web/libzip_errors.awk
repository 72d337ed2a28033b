# zip_err_str.c from zip.h, whose lines are: #define ZIP_ER_NOENT 9 /* N No such file */
# the letter says where the details of an error come from: N nowhere, S errno, Z zlib.
BEGIN { count = 0 }
match($0, /^#define ZIP_ER_[A-Z_]+ [0-9]+[ \t]+\/\* [NSZ] /) {
    kind[count] = substr($0, RLENGTH - 1, 1)
    text = substr($0, RLENGTH + 1)
    sub(/ *\*\/.*/, "", text)
    texts[count++] = text
}
END {
    print "#include \"zipint.h\"\n#define N ZIP_ET_NONE\n#define S ZIP_ET_SYS\n#define Z ZIP_ET_ZLIB"
    print "const char * const _zip_err_str[] = {"
    for (i = 0; i < count; i++)
        printf "    \"%s\",\n", texts[i]
    print "};\nconst int _zip_nerr_str = sizeof(_zip_err_str) / sizeof(_zip_err_str[0]);\nconst int _zip_err_type[] = {"
    for (i = 0; i < count; i++)
        printf "    %s,\n", kind[i]
    print "};"
}
