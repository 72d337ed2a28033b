#!/usr/bin/env bash
# Random keys, clicks, moves, wheels, drops and resizes, the same ones every time; then the program must still answer. Under
# `make asan` this finds uses after free. SOAK=10000 makes it long; with SLOWEST=50 it also fails if a frame takes more than 50 ms
# while nothing is being computed.
events=${SOAK:-600}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
printf 'not a picture\n' >"$folder/broken.png"

awk -v n="$events" -v slowest="${SLOWEST:-}" -v dir="$folder" -v images="$(dirname "$0")/../assets/images" 'BEGIN {
    srand(20141001)
    print "time-frames"
    keys = split("Left Right Up Down Enter Escape Space Backspace Home End PageUp PageDown Tab / . ? [ ] + - , a b c d e f " \
                 "g h i j k l m n o p r t u v w x y z 1 2 3 4 Shift+Left Shift+Right Ctrl+c F1", key, " ")
    for (i = 0; i < n; i++) {
        kind = rand()
        if (kind < 0.45) print "key", key[1 + int(rand() * keys)]
        else if (kind < 0.65) print "click", int(rand() * 1400) - 20, int(rand() * 800) - 20
        else if (kind < 0.80) print "move", int(rand() * 1400) - 20, int(rand() * 800) - 20
        else if (kind < 0.88) print "wheel", int(rand() * 9) - 4
        else if (kind < 0.92) print "text", substr("3a conv1[7] 5x5 网络 \\ 9999999", 1 + int(rand() * 9), 1 + int(rand() * 9))
        else if (kind < 0.94) print "press", int(rand() * 1280), int(rand() * 720)
        else if (kind < 0.96) print "release", int(rand() * 1280), int(rand() * 720)
        else if (kind < 0.97) print "drop", (rand() < 0.5 ? dir "/broken.png" : images "/rose.png")
        else if (kind < 0.98) print "resize", 640 + int(rand() * 1300), 480 + int(rand() * 700)
        else print "wait", int(rand() * 300)
        if (i % 97 == 96) print "screenshot " dir "/soak.png"
    }
    print "key Escape\nkey Escape\nmove 3 3\nresize 1600 900\nwait 6000\ndump last.json\nkey Home\nwait 6000\nexpect conv1"
    if (slowest != "") print "expect-slowest", slowest
}' >"$folder/soak.script"

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
