#!/usr/bin/env bash
# The architecture, as a test: which folder may include which, where SDL and printing are allowed, what is on the top level.
cd "$(dirname "$0")/.." || exit 1

ok() { echo "ok $1"; }
bad() { echo "not ok $1: $2"; }

# FOLDER may include only from ALLOWED (a pattern), checked on every #include "engine/..." or "app/..."
layer() {
    local found
    found=$(grep -rnE '^#include "(engine|app)/' "$1" | grep -vE "#include \"($2)/" | head -n 3)
    [ -z "$found" ] && ok "$1 includes only $2" || bad "$1 includes only $2" "$found"
}
layer engine/base 'engine/base'
layer engine/ops 'engine/(base|ops)'
layer engine/net 'engine/(base|ops|net)'
layer engine/io 'engine/(base|ops|net|io)'
layer engine/fast 'engine/(base|ops|net|fast)'
layer engine/train 'engine/(base|ops|net|io|train)'
layer app/ui 'app/ui|engine/(base|io)'
layer app/model 'app/model|engine/(base|ops|net|io|train)'
layer app/session 'app/(model|session)|engine/(base|net|io)'
layer app/views 'app/(ui|model|session|views)|engine/(base|ops|net|io|train)'

found=$(grep -rnE '#include <SDL|\bSDL_' engine app/model app/session app/views | head -n 3)
[ -z "$found" ] && ok 'no SDL in the engine, the model, the session or the views' || bad 'no SDL in the engine, the model, the session or the views' "$found"

found=$(grep -rnE '\b(printf|puts|putchar|exit|abort|perror)\(|\bstderr\b|\bstdout\b' engine --include='*.c' --include='*.inc' | head -n 3)
[ -z "$found" ] && ok 'the engine neither prints nor exits' || bad 'the engine neither prints nor exits' "$found"

found=$(grep -rlE '\bSDL_(Render|SetRenderDraw|CreateTexture|UpdateTexture)' app | grep -vE '^app/ui/(draw|fonts|mapcache|shell|offscreen)[a-z_]*\.[ch]$' | head -n 3)
[ -z "$found" ] && ok 'rendering stands in app/ui alone' || bad 'rendering stands in app/ui alone' "$found"

# Mutable state at file scope: an uninitialised or initialised static/global that is not const and not a function.
found=$(grep -rnE '^(static )?[a-z_A-Z][A-Za-z_0-9 \*]*[ \*][a-z_A-Z0-9]+(\[[^]]*\])*( = .*)?;$' engine app --include='*.c' |
    grep -vE ':(static )?const |:typedef |:extern |:return |:struct [A-Za-z]+;|const [A-Za-z_]+ \*const | const ' | head -n 3)
[ -z "$found" ] && ok 'no mutable state at file scope' || bad 'no mutable state at file scope' "$found"

# The files of a folder as a graph: a .c (with what its own header does inline) points to another .c whose function or table it names. Files on
# one circle are printed, unless both include one _private.h: such a header says that its files are one room, as model.c and model_verbs.c.
circles() {
    awk '
    function stem(path) { sub(/.*\//, "", path); sub(/\.[ch]$/, "", path); return path }
    function name_in(line) { # of a function or an object that begins at the left margin
        sub(/ = .*/, "", line); sub(/[(;[].*/, "", line); sub(/^.*[ *]/, "", line); return line }
    FNR == 1 { comment = 0; me = stem(FILENAME); header = FILENAME ~ /\.h$/; if (!header) files[me] = 1 }
    /^#include ".*_private\.h"/ { makes[me, $2] = 1; headers[$2] = 1 }
    /^#/ { next }
    {
        gsub(/"([^"\\]|\\.)*"/, "")
        while (comment || /\/\*/) {
            if (comment) { if (!match($0, /\*\//)) { $0 = ""; break } $0 = substr($0, RSTART + 2); comment = 0; continue }
            start = index($0, "/*"); rest = substr($0, start + 2); end = index(rest, "*/")
            if (end) $0 = substr($0, 1, start - 1) substr(rest, end + 2); else { $0 = substr($0, 1, start - 1); comment = 1; break }
        }
    }
    /^[A-Za-z]/ && $1 !~ /^(static|typedef|enum|struct|union|_Static_assert)$/ && name_in($0) ~ /^[a-z_][a-z0-9_]*$/ {
        if (header) declared[name_in($0)] = 1; else defines[me] = defines[me] " " name_in($0)
    }
    !header || /^( |static inline)/ {
        n = split($0, part, /[^A-Za-z0-9_.>]+/) # a member begins with its dot or arrow
        for (i = 1; i <= n; i++) if (part[i] ~ /^[a-z_][A-Za-z0-9_]*$/) names[me, part[i]] = 1
    }
    END {
        for (a in files) {
            n = split(defines[a], d, " ")
            for (i = 1; i <= n; i++) if (d[i] in declared) home[d[i]] = a
        }
        for (pair in names) { split(pair, p, SUBSEP); if (p[1] in files && p[2] in home) reach[p[1], home[p[2]]] = 1 }
        for (k in files) for (a in files) if ((a, k) in reach) for (b in files) if ((k, b) in reach) reach[a, b] = 1
        for (a in files) for (b in files) if (a < b && (a, b) in reach && (b, a) in reach) {
            together = 0
            for (h in headers) together = together || ((a, h) in makes && (b, h) in makes)
            if (!together) print a " and " b
        }
    }' "$1"/*.[ch] | sort
}
for folder in engine/* app/*; do
    found=$(circles "$folder" | head -n 3)
    [ -z "$found" ] && ok "no circle among the files of $folder" || bad "no circle among the files of $folder" "$found"
done

# Views change the session and its model through verbs alone. As far as a pattern can tell: no assignment through their pointers, no member of
# theirs written to as text or freed, no pointer to a member that may be written through.
through='\b(m|model|session|room)->[][A-Za-z_0-9.>-]*'
found=$({
    grep -nE "$through *([-+*/|&^]|<<|>>)?=[^=]|$through *(\+\+|--)|(\+\+|--)$through" app/views/*.c
    grep -nE "\b(snprintf|mem[a-z]+|str[a-z]+cpy|strncat)\(&?$through" app/views/*.c | grep -vE '\b(memcmp|memchr)\('
    grep -nE "[a-z]_(free|set|toggle|want|rest|move|view|close|restore|remember|scale|weight|add|start|begin|frame|next|prev|choose|turn|refit)\(&$through" app/views/*.c |
        grep -v '_view(&room->'
    grep -nE "\b[A-Z][A-Za-z]+ \*[a-z_]+ = &$through" app/views/*.c | grep -vE 'const [A-Z][A-Za-z]+ \*|Model \*m = &session->model;'
} | head -n 3)
[ -z "$found" ] && ok 'views change the model through verbs alone' || bad 'views change the model through verbs alone' "$found"

# One name, one thing: headers have guards of their own, and what a header defines is defined nowhere else.
found=$(grep -hE '^#ifndef INCEPTOSCOPE_' -r engine app tests --include='*.h' | sort | uniq -d | head -n 3)
[ -z "$found" ] && ok 'every header has a guard of its own' || bad 'every header has a guard of its own' "$found"
found=$(find engine app -name '*.[ch]' -o -name '*.inc' | xargs awk '
    /^(typedef )?(struct|enum|union) [A-Za-z]+ *\{/ { name = $0; sub(/ *\{.*/, "", name); sub(/.* /, "", name); see(name) }
    /^} [A-Za-z]+;/ { name = $2; sub(/;.*/, "", name); see(name) }
    /^typedef .*\*?[A-Za-z]+(\(.*\))?;$/ && !/[{}]/ { name = $0; sub(/\(.*/, "", name); sub(/;.*/, "", name); sub(/.*[ *]/, "", name); alias(name) }
    function see(name) { if (!((name, FILENAME) in seen)) { seen[name, FILENAME] = 1; where[name] = where[name] " " FILENAME } if (FILENAME ~ /\.h$/) headed[name] = 1 }
    function alias(name) { if ($2 != "struct" || name != $3) see(name) }
    END { for (name in headed) if (split(where[name], files, " ") > 1) print name ":" where[name] }' | sort | head -n 3)
[ -z "$found" ] && ok 'what a header defines is defined once' || bad 'what a header defines is defined once' "$found"

found=$(comm -23 <(grep -oE '^STR\([A-Z0-9_]+' app/model/strings.def | sed 's/STR(/STR_/' | sort) <(grep -rhoE '\bSTR_[A-Z0-9_]+' app --include='*.[ch]' | sort -u) | head -n 3)
[ -z "$found" ] && ok 'every text is shown somewhere' || bad 'every text is shown somewhere' "$found"

if [ -d .git ]; then
    found=$(git ls-files | cut -d/ -f1 | sort -u | grep -vxE 'app|engine|assets|lessons|tests|Makefile|README.md|CONTRIBUTING.md|SECURITY.md|LICENSE|\.ci|\.clang-format|\.gitignore' | head -n 3)
    [ -z "$found" ] && ok 'the top level holds what the design names' || bad 'the top level holds what the design names' "$found"
    found=$(git grep -nIE '/work/|/root/|/tmp/wt|bash_jobs|deb\.debian\.org' -- ':!tests/cli_tree.sh' | head -n 3)
    [ -z "$found" ] && ok 'no machine paths' || bad 'no machine paths' "$found"
fi
