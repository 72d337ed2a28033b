#!/usr/bin/env bash
# Random keys, clicks, moves, wheels, drops and resizes, the same ones every time; then the program must still answer. Under
# `make asan` this finds uses after free. SOAK=10000 makes it long; with SLOWEST=50 it also fails if a frame takes more than 50 ms
# while nothing is being computed. A round of tests/monkey follows, with networks and lessons.
events=${SOAK:-600}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
printf 'not a picture\n' >"$folder/broken.png"

here=$(realpath "$(dirname "$0")")
{
    printf '%s\n' "$folder/broken.png" "$here/../assets/images/rose.png" >"$folder/things"
    awk -v n="$events" -v seed=20141001 -v dir="$folder" -v swaps=0 -f "$here/monkey.awk" "$here/../app/model/keys.c" "$folder/things"
    printf 'wait 6000\ndump last.json\nkey Home\nwait 6000\nexpect conv1\n'
    [ -n "${SLOWEST:-}" ] && echo "expect-slowest $SLOWEST"
} >"$folder/soak.script"

# Keys that write files write them here.
program=$(realpath "${INCEPTOSCOPE:?}")
if (cd "$folder" && "$program" --network googlenet --script soak.script) >"$folder/log" 2>&1; then
    echo "ok $events random events"
else
    echo "not ok $events random events: $(tail -n 3 "$folder/log")"
fi

# The address in the status line leads back to where the events ended.
address() { grep -oE '"text": "--at [^"]*"' "$1" | head -n 1 | sed 's/^"text": "//; s/"$//'; }
last=$(address "$folder/last.json")
if [ -z "$last" ]; then
    echo "ok the way back # SKIP (the events ended where no address is shown)"
elif (cd "$folder" && eval "'$program' --network googlenet $last --size 1600x900 --dump again.json") 2>"$folder/log" &&
    [ "$(address "$folder/again.json")" = "$last" ]; then
    echo "ok the way back: $last"
else
    echo "not ok the way back: $last, $(tail -n 1 "$folder/log")"
fi

# And a round with everything, whose FOLDER goes with this one.
MONKEY=${MONKEY:-200} SEED=${SEED:-6} LIMIT=500 "$here/monkey" "$program" "$folder/monkey" | grep -E '^(ok|not ok) '
