#!/usr/bin/env bash
# The lesson command: the shipped lessons hold, a number broken on purpose is found, both languages walk without clipped text, and a
# hand-out has every step with its picture.
cd "$(dirname "$0")/.." || exit 1
program=$(realpath "${INCEPTOSCOPE:?}")
tmp=$(mktemp -d) && trap 'rm -rf "$tmp"' EXIT
export XDG_CONFIG_HOME=$tmp XDG_STATE_HOME=$tmp XDG_RUNTIME_DIR=$tmp
unset DISPLAY WAYLAND_DISPLAY

says() { # NAME STATUS PATTERN ARGUMENTS...
    local name=$1 status=$2 pattern=$3 code
    shift 3
    "$program" "$@" >"$tmp/out" 2>&1; code=$?
    if [ $code -eq "$status" ] && grep -qE -- "$pattern" "$tmp/out"; then echo "ok $name"
    else echo "not ok $name: status $code, $(head -c 300 "$tmp/out")"; fi
}

says 'every shipped lesson holds' 0 '^20 lesson files, 23[0-9] steps: every number' lesson check
says 'the list names them' 0 '^ 3  Inside an Inception module' lesson list
says 'and in Chinese' 0 '^ 3  走进 Inception 模块' lesson list --lang zh
says 'a wrong command line' 2 'expected list, check' lesson
says 'a missing file' 1 'none.lesson: cannot be opened' lesson check none.lesson

# broken NAME PATTERN SED: one shipped lesson changed by SED must be refused at a line of that file.
broken() {
    sed -E "$3" lessons/en/03-inception-3a.lesson >"$tmp/broken.lesson"
    cmp -s "$tmp/broken.lesson" lessons/en/03-inception-3a.lesson && echo "not ok $1: the lesson is unchanged"
    says "$1" 1 "broken.lesson:[0-9]+: .*$2" lesson check "$tmp/broken.lesson"
}
broken 'a wrong number' "'weights\(3a\) = 163329' does not hold: the left side is 163,328" 's/= 163328/= 163329/'
broken 'a bare digit' 'not 256' 's/\{out_c\(3a\)\}/256/'
broken 'an unknown layer' "no layer '3z'" 's/^at: 3b/at: 3z/'
broken 'an unknown function' "no function 'wieghts'; did you mean 'weights'" 's/\{weights\(/{wieghts(/'
broken 'a link to nowhere' "a link: .*no layer 'nowhere'" 's/\]\(3a\/1x1\)/](nowhere)/'
broken 'a part that is not there' "no layer '9a'" 's/^show: 3b/show: 9a/'
broken 'an open brace' 'no } closes' 's/= \{out_c\(3a\)\}/= {out_c(3a)/'
broken 'two right choices' 'more than one of the choices is right' 's/^wrong: to drop/right: to drop/'

# Another language that takes other steps is found. The program looks beside its own tree, so the tree is copied.
mkdir -p "$tmp/tree/build" && cp -r assets lessons "$tmp/tree/" && cp "$program" "$tmp/tree/build/inceptoscope"
sed -i 's/^at: 3b$/at: 4a/' "$tmp/tree/lessons/zh/03-inception-3a.lesson"
"$tmp/tree/build/inceptoscope" lesson check >"$tmp/out" 2>&1 && echo 'not ok languages that differ are found' ||
    { grep -qE "zh/03-inception-3a.lesson:[0-9]+: at is '4a' here and '3b'" "$tmp/out" && echo 'ok languages that differ are found' || echo "not ok $(cat "$tmp/out")"; }

# Every step in the real fonts: Space until the lesson closes; each stop is dumped, and no text in it may be clipped.
walk() { # LANGUAGE NUMBER
    local steps
    steps=$(grep -cE '^(step|ask):' lessons/"$1"/"$2"-*.lesson)
    for ((i = 0; i < steps; i++)); do printf 'wait-idle\ndump %s/%s-%s-%02d.json\nkey Space\n' "$tmp" "$1" "$2" "$i"; done >"$tmp/walk"
    echo 'wait-idle' >>"$tmp/walk"
    "$program" --lesson "${2#0}" --lang "$1" --size 1280x720 --script "$tmp/walk" 2>"$tmp/err" || { echo "not ok $1 $2: $(cat "$tmp/err")"; return; }
    grep -lE '"clipped": ?true' "$tmp/$1-$2"-*.json >"$tmp/clipped" && echo "not ok $1 $2: clipped text in $(xargs -n1 basename <"$tmp/clipped" | tr '\n' ' ')" ||
        echo "ok $1 $2: $steps stops without clipped text"
    rm -f "$tmp/$1-$2"-*.json
}
for lang in en zh; do for number in 01 02 03 04 05 06 07 08 09 10; do walk $lang $number; done; done

says 'a hand-out' 0 '03-inception-3a.html' lesson export 3 --out "$tmp/out-folder"
pictures=$(grep -o 'data:image/png;base64,iVBOR' "$tmp/out-folder/03-inception-3a.html" | wc -l)
sections=$(grep -c '^step:' lessons/en/03-inception-3a.lesson)
[ "$pictures" -eq "$sections" ] && echo 'ok with a picture for each step' || echo "not ok $pictures pictures for $sections steps"
grep -q '163,328' "$tmp/out-folder/03-inception-3a.html" && echo 'ok and its numbers' || echo 'not ok no numbers in the hand-out'
