#!/usr/bin/env bash
# Rules for every subcommand: help on request, one line for an error, and a failure status if the result cannot be written.
cd "$(dirname "$0")/.." || exit 1
program=$(realpath "${INCEPTOSCOPE:?}")
tmp=$(mktemp -d) && trap 'rm -rf "$tmp"' EXIT
daisy=$PWD/assets/images/daisy.png small=$PWD/tests/nets/small.net

ok() { echo "ok $1"; }
bad() { echo "not ok $1: $2"; }
commands=$(sed -n 's/^COMMAND(\([a-z]*\),.*/\1/p' app/cli/commands.def)

for command in $commands; do
    "$program" "$command" --help >"$tmp/help" 2>"$tmp/err"
    status=$?
    "$program" help "$command" | cmp -s - "$tmp/help" || status=9
    if [ $status -eq 0 ] && [ ! -s "$tmp/err" ] && grep -q "^usage: inceptoscope $command " "$tmp/help"; then ok "$command --help"; else bad "$command --help" "status $status"; fi
    # The options that the code takes are the options that the help names.
    sources=app/cli/cmd_$command.c
    [ "$command" = explain ] && sources=$(ls app/cli/explain_*.c)
    taken=$(grep -ohE '\{"--[a-z0-9-]+", OPT' $sources | grep -oE -- '--[a-z0-9-]+' | sort -u)
    named=$(grep -oE -- '--[a-z0-9-]+' "$tmp/help" | sort -u)
    [ "$taken" = "$named" ] && ok "$command --help names its options" || bad "$command --help names its options" "$(diff <(echo "$taken") <(echo "$named") | tr '\n' ' ')"
    "$program" "$command" --nonsense >"$tmp/out" 2>"$tmp/err"
    status=$?
    [ $status -eq 2 ] && [ "$(wc -l <"$tmp/err")" -eq 1 ] && [ ! -s "$tmp/out" ] && ok "$command refuses an unknown option" ||
        bad "$command refuses an unknown option" "status $status, $(head -c 200 "$tmp/err")"
done
"$program" --help >"$tmp/help"
named=$(grep -oE -- ' \[?--[a-z0-9-]+' "$tmp/help" | grep -oE -- '--[a-z0-9-]+' | grep -vx -- --help | sort -u)
taken=$(grep -ohE '\{"--[a-z0-9-]+", OPT' app/cli/cmd_window.c | grep -oE -- '--[a-z0-9-]+' | sort -u)
[ "$taken" = "$named" ] && ok "--help names the window's options" || bad "--help names the window's options" "$named"

# refuses STATUS PATTERN ARGUMENTS...: one line on standard error that matches, nothing on standard output
refuses() {
    local status=$1 pattern=$2 got
    shift 2
    "$program" "$@" >"$tmp/out" 2>"$tmp/err"
    got=$?
    if [ $got -eq "$status" ] && [ "$(wc -l <"$tmp/err")" -eq 1 ] && grep -qE -- "$pattern" "$tmp/err" && [ ! -s "$tmp/out" ]; then ok "refuses $*"
    else bad "refuses $*" "status $got, $(head -c 300 "$tmp/err")"; fi
}
refuses 2 "did you mean '--format'" trace --fromat csv
refuses 2 "at least 1, not 0" trace --classes 0
refuses 2 "which is not a whole number" trace --input 3x+5x5
refuses 2 "needs a value" trace --format
refuses 2 "takes no value" trace --aux=yes
refuses 2 "explain cam: --class takes a whole number" explain cam --class x --out x.png "$daisy"
cp "$daisy" "$tmp/-dash.png"
cd "$tmp" || exit 1
refuses 2 "write './-dash.png' for the file" predict -dash.png
"$program" predict --network "$small" -- -dash.png >out 2>/dev/null && grep -qx -- '-dash.png' out && ok 'a name with a dash behind --' || bad 'a name with a dash behind --' "$(cat out)"
[ "$("$program" eval '-5 + 3')" = -2 ] && ok 'an expression may begin with a minus' || bad 'an expression may begin with a minus' "$("$program" eval '-5 + 3' 2>&1)"

# undelivered NAME ARGUMENTS...: standard output on a full disk
undelivered() {
    local name=$1 status
    shift
    "$program" "$@" >/dev/full 2>err
    status=$?
    grep -v 'untrained weights' err >message
    [ $status -eq 1 ] && [ "$(wc -l <message)" -eq 1 ] && grep -q 'standard output cannot be written' message && ok "a full disk: $name" ||
        bad "a full disk: $name" "status $status, $(cat message)"
}
if [ -c /dev/full ]; then
    undelivered 'help' --help
    undelivered 'trace' trace
    undelivered 'trace in JSON' trace --format json
    undelivered 'trace --compare' trace --compare lenet5 tiny
    undelivered 'audit' audit lenet5
    undelivered 'audit in JSON' audit lenet5 --format json
    undelivered 'eval' eval 1+1
    undelivered 'eval --list' eval --list
    undelivered 'predict' predict --network "$small" "$daisy"
    undelivered 'predict in JSON' predict --network "$small" --format json "$daisy"
    undelivered 'explain value' explain value --network "$small" --at 'conv1[0]' --pos 5,5 "$daisy"
    undelivered 'explain value in JSON' explain value --network "$small" --at 'conv1[0]' --pos 5,5 --format json "$daisy"
    undelivered 'explain gradients' explain gradients --network "$small" --label 1 "$daisy"
    undelivered 'explain gradients in JSON' explain gradients --network "$small" --label 1 --format json "$daisy"
    undelivered 'explain cam' explain cam --network "$small" --class 1 --out cam.png "$daisy"
    undelivered 'lesson list' lesson list
    undelivered 'lesson check' lesson check "$OLDPWD"/lessons/en/03-inception-3a.lesson
fi
# A pipe that another program reads is written to and stays a pipe.
mkfifo pipe
(head -c 6 <pipe >head) &
"$program" activations --network "$small" --layer conv1 --out pipe "$daisy" 2>/dev/null
wait
[ "$(tail -c 5 head)" = NUMPY ] && [ -p pipe ] && ok 'a map through a pipe' || bad 'a map through a pipe' "$(od -c head)"
"$program" trace --format json 2>err | head -c 10 >/dev/null
[ ! -s err ] && ok 'a reader that stops reading is no message' || bad 'a reader that stops reading is no message' "$(cat err)"
