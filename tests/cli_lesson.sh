#!/usr/bin/env bash
# The lesson command: the shipped lessons are right, a number broken on purpose is found, both languages run without clipped text, and a
# hand-out has every step with its picture.
cd "$(dirname "$0")/.." || exit 1
program=$(realpath "${INCEPTOSCOPE:?}")
tmp=$(mktemp -d) && trap 'rm -rf "$tmp"' EXIT
export XDG_CONFIG_HOME=$tmp XDG_STATE_HOME=$tmp XDG_RUNTIME_DIR=$tmp
unset DISPLAY WAYLAND_DISPLAY
. tests/sampled.sh

says() { # NAME STATUS PATTERN ARGUMENTS...
    local name=$1 status=$2 pattern=$3 code
    shift 3
    "$program" "$@" >"$tmp/out" 2>&1; code=$?
    if [ $code -eq "$status" ] && grep -qE -- "$pattern" "$tmp/out"; then echo "ok $name"
    else echo "not ok $name: status $code, $(head -c 300 "$tmp/out")"; fi
}

says 'every shipped lesson holds' 0 '^[0-9]+ lesson files, [0-9]+ steps: every number and every expectation holds; [0-9]+ open questions: no answer is on the stage' lesson check
says 'the list names them' 0 '^ 3  Inside an Inception module' lesson list
says 'with their length' 0 '^    12 steps, 12 min$' lesson list
says 'and in Chinese' 0 '^ 3  走进 Inception 模块' lesson list --lang zh
says 'with their length in Chinese' 0 '^    12 步，12 分钟$' lesson list --lang zh
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
broken 'an answer in its own text' 'the answer to this step.s question can be read here: .*mixes 192 channels into \? and takes' 's/^(say: .*The first branch.*)into .*$/\1into {out_c(3a\/1x1)} and takes {weights(3a\/1x1)}./; s/^answer: \{weights\(3a.1x1\)\}$/answer: {out_c(3a\/1x1)}/; s/^wrong: \{in_c\(3a.1x1\).*$/wrong: {9*9}/'
broken 'a mere number in braces' 'braces compute' 's/\{out_c\(3a\)\}/{256}/'
broken 'two right choices' 'more than one of the choices is right' 's/^wrong: to drop/right: to drop/'

# Chinese text has full-width punctuation; the message has the line.
sed 's/，但各有/, 但各有/' lessons/zh/03-inception-3a.lesson >"$tmp/half.lesson"
says 'a half-width comma in Chinese' 1 "half.lesson:11: next to Chinese characters write '，', not ','" lesson check "$tmp/half.lesson"

# The numbers of a lesson are about its own network; its steps use the network that the window shows.
printf 'title: On LeNet\nnetwork: lenet5\nstep: one\nat: C1\nsay: {params(C1)}\n' >"$tmp/lenet.lesson"
says 'a step that is not on the stage' 1 "lenet.lesson:4: .*no layer 'C1'.*changes only the numbers.*write .stage: lenet5" lesson check "$tmp/lenet.lesson"
says 'is one on its own stage' 0 '^1 lesson files, 1 steps' lesson check --network lenet5 "$tmp/lenet.lesson"
says 'the window says the same' 1 "lenet.lesson:4: .*no layer 'C1'" --lesson "$tmp/lenet.lesson" --screenshot "$tmp/a.png"
says 'and opens it there' 0 '' --network lenet5 --lesson "$tmp/lenet.lesson" --screenshot "$tmp/a.png"
says 'no such network' 1 "no network 'nowhere'" lesson check --network nowhere

# Numbers that the lessons quote from this program, and what they say about the stage.
quotes() { # LESSON TEXT: both languages quote it
    grep -qF "[[$2]]" lessons/en/"$1"-*.lesson && grep -qF "[[$2]]" lessons/zh/"$1"-*.lesson
}
without=$("$program" trace --without-reductions all | sed -n 's/^main path: .* = \([0-9,]*\) weights.*/\1/p')
quotes 10 "$without" && echo 'ok the weights without reductions are those of trace' || echo "not ok trace --without-reductions all counts '$without' weights"
"$program" trace googlenet --classes 5 --aux >"$tmp/five"
for count in 5,978,677 10,318,655; do
    grep -q "$count parameters" "$tmp/five" && grep -q "= ${count//,/}" lessons/*/05-*.lesson && echo "ok $count parameters with five classes" || echo "not ok $count parameters with five classes"
done
for count in 3,306 364 313; do
    quotes 09 $count && grep -q "$count" assets/weights/README.md && echo "ok $count photos" || echo "not ok $count photos"
done
mean=$(awk -F, '$1 == 1 { printf "%.3f", $12 }' assets/weights/flowers.csv)
quotes 09 "$mean" && echo 'ok the first epoch began above chance' || echo "not ok the mean loss of the first epoch is $mean"
value() { "$program" explain value --at "$1" --pos "$2" assets/images/daisy.png; }
value 'conv1[0]' 30,56 | grep -qE '^ *sum +-' && echo 'ok the petal of lesson 2 has a negative sum' || echo 'not ok the petal of lesson 2 has no negative sum'
value 'maxpool1[0]' 40,18 | grep -q 'the winner is term 2' && value 'maxpool1[0]' 40,19 | grep -q 'the winner is term 7, at 82,38' &&
    echo 'ok the loser of lesson 6 wins next door' || echo 'not ok the loser of lesson 6 does not win next door'
"$program" explain gradients --label 2 assets/images/daisy.png | awk '
    $1 ~ /^inception_.*concat$/ { grows += last == "" || $3 < last; last = $3; rows++; if ($1 ~ /4e|5a|5b/) same += $2 == $3; else more += $2 > $3 }
    END { print (rows == 9 && grows == 9 && same == 3 && more == 6 ? "ok" : "not ok") " the gradient grows from 5b to 3a, more so with the heads before 4e: " grows, same, more }'

# A language with other steps is found. The program looks in its own tree, so the tree is copied.
mkdir -p "$tmp/tree/build" && cp -r assets lessons "$tmp/tree/" && cp "$program" "$tmp/tree/build/inceptoscope"
find "$tmp/tree/lessons" -name '*.lesson' ! -name '03-*' -delete
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
for number in $(ls lessons/en | cut -d- -f1 | grep "^[0-9]"); do # odd ones in English, even ones in Chinese; test_screen shows all in both
    sampled "${number#0}" 8 && walk "$([ $((10#$number % 2)) -eq 1 ] && echo en || echo zh)" "$number"
done

says 'a hand-out' 0 '03-inception-3a.html' lesson export 3 --out "$tmp/out-folder"
pictures=$(grep -o 'data:image/png;base64,iVBOR' "$tmp/out-folder/03-inception-3a.html" | wc -l)
sections=$(grep -c '^step:' lessons/en/03-inception-3a.lesson)
[ "$pictures" -eq "$sections" ] && echo 'ok with a picture for each step' || echo "not ok $pictures pictures for $sections steps"
grep -q '163,328' "$tmp/out-folder/03-inception-3a.html" && echo 'ok and its numbers' || echo 'not ok no numbers in the hand-out'
