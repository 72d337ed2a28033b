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

found=$(grep -rlE '\bSDL_(Render|SetRenderDraw|CreateTexture|UpdateTexture)' app | grep -vE '^app/ui/(draw|fonts|mapcache|shell|headless)[a-z_]*\.[ch]$' | head -n 3)
[ -z "$found" ] && ok 'rendering stands in app/ui alone' || bad 'rendering stands in app/ui alone' "$found"

# Mutable state at file scope: an uninitialised or initialised static/global that is not const and not a function.
found=$(grep -rnE '^(static )?[a-z_A-Z][A-Za-z_0-9 \*]*[ \*][a-z_A-Z0-9]+(\[[^]]*\])*( = .*)?;$' engine app --include='*.c' |
    grep -vE ':(static )?const |:typedef |:extern |:return |:struct [A-Za-z]+;|const [A-Za-z_]+ \*const | const ' | head -n 3)
[ -z "$found" ] && ok 'no mutable state at file scope' || bad 'no mutable state at file scope' "$found"

found=$(comm -23 <(grep -oE '^STR\([A-Z0-9_]+' app/model/strings.def | sed 's/STR(/STR_/' | sort) <(grep -rhoE '\bSTR_[A-Z0-9_]+' app --include='*.[ch]' | sort -u) | head -n 3)
[ -z "$found" ] && ok 'every text is shown somewhere' || bad 'every text is shown somewhere' "$found"

if [ -d .git ]; then
    found=$(git ls-files | cut -d/ -f1 | sort -u | grep -vxE 'app|engine|assets|lessons|tests|Makefile|README.md|CONTRIBUTING.md|LICENSE|\.ci|\.clang-format|\.gitignore' | head -n 3)
    [ -z "$found" ] && ok 'the top level holds what the design names' || bad 'the top level holds what the design names' "$found"
    found=$(git grep -nIE '/work/|/root/|/tmp/wt|bash_jobs|deb\.debian\.org' -- ':!tests/cli_tree.sh' | head -n 3)
    [ -z "$found" ] && ok 'no machine paths' || bad 'no machine paths' "$found"
fi
