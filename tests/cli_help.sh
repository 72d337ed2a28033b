#!/usr/bin/env bash
# The manual page names exactly the options that --help names, and the README names none that do not exist. cli_contract.sh checks that
# every command's help names the options that it parses.
cd "$(dirname "$0")/.." || exit 1
tmp=$(mktemp -d) && trap 'rm -rf "$tmp"' EXIT

same() { # NAME FILE FILE: no difference
    local found
    found=$(diff "$2" "$3" | grep '^[<>]' | head -n 5 | tr '\n' ' ')
    [ -z "$found" ] && [ -s "$2" ] && echo "ok $1" || echo "not ok $1: $found"
}
options() { grep -oE '(^|[^-A-Za-z0-9])--[a-z][a-z0-9-]*' | grep -oE -- '--[a-z0-9-]+' | grep -vx -- '--help' | sort -u; }

"$INCEPTOSCOPE" --help >"$tmp/help" 2>"$tmp/err" && [ ! -s "$tmp/err" ] && echo 'ok --help' || echo "not ok --help: $(cat "$tmp/err")"
"$INCEPTOSCOPE" help | cmp -s - "$tmp/help" && echo 'ok help says the same' || echo 'not ok help says the same'
commands=$(sed -n 's/^  \([a-z]*\)  *[a-z].*/\1/p' "$tmp/help")
[ "$(wc -w <<<"$commands")" -eq 12 ] && echo 'ok twelve commands' || echo "not ok twelve commands: $commands"
cp "$tmp/help" "$tmp/all"
for command in $commands; do
    if "$INCEPTOSCOPE" "$command" --help >"$tmp/one" 2>"$tmp/err" && [ ! -s "$tmp/err" ] && grep -q "^usage: inceptoscope $command " "$tmp/one"; then echo "ok $command --help"
    else echo "not ok $command --help: $(head -n 1 "$tmp/err")"; fi
    cat "$tmp/one" >>"$tmp/all"
done
options <"$tmp/all" >"$tmp/known"
sed 's/\\-/-/g' assets/install/inceptoscope.1 | options >"$tmp/manual"
same 'the manual page has all options and no others' "$tmp/known" "$tmp/manual"
sed -n '/^## Command line/,/^## Your own/p' README.md | options | comm -23 - "$tmp/known" >"$tmp/strange"
[ ! -s "$tmp/strange" ] && echo 'ok the README names no option that is not there' || echo "not ok the README names no option that is not there: $(cat "$tmp/strange")"
