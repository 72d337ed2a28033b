#!/usr/bin/env bash
# The window's command line, headless: errors in one line with their exit status; screenshots and dumps.
program=$(realpath "${INCEPTOSCOPE:?}")
tree=$(realpath "$(dirname "$0")/..")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 1
export XDG_CONFIG_HOME=$folder/config XDG_RUNTIME_DIR=$folder
unset DISPLAY WAYLAND_DISPLAY
. "$tree/tests/sampled.sh"

# refused STATUS PATTERN ARGUMENTS...: one line on standard error beginning with the program's name, nothing on standard output
refused() {
    takes 3 2 || return 0
    local status=$1 pattern=$2 got
    shift 2
    "$program" "$@" >out 2>err
    got=$?
    grep -v 'untrained weights' err >message
    if [ $got -eq "$status" ] && [ "$(wc -l <message)" -eq 1 ] && grep -qE "^inceptoscope: .*$pattern" message && [ ! -s out ]; then
        echo "ok refuses $*"
    else
        echo "not ok $*: status $got, $(cat message out)"
    fi
}

printf 'no picture' >text.png
: >empty.png
mkdir a-folder
printf 'key Right\nexpect this is nowhere\n' >failing.script
printf 'leap 3\n' >unknown.script

refused 2 "unknown option '--colour'" --colour red
refused 2 "takes WIDTHxHEIGHT.*not 'large'" --size large --screenshot a.png
refused 2 "takes WIDTHxHEIGHT.*not '10x10'" --size 10x10 --screenshot a.png
refused 2 "takes WIDTHxHEIGHT.*not '99999999999x1'" --size 99999999999x1 --screenshot a.png
refused 2 "scale takes a number" --scale -1 --screenshot a.png
refused 2 "scale takes a number" --scale nan --screenshot a.png
refused 2 "one of en\|zh, not 'fr'" --lang fr --screenshot a.png
refused 2 "view takes one of .*value.*not 'nonsense'" --view nonsense --screenshot a.png
refused 2 "pos needs --at" --pos 1,2 --screenshot a.png
refused 1 "nowhere.png: " nowhere.png --screenshot a.png
refused 1 "text.png: " text.png --screenshot a.png
refused 1 "empty.png: " empty.png --screenshot a.png
refused 1 "inception_9z|conv9" --at conv9 --screenshot a.png
refused 1 "3a" --at '3a[256]' --screenshot a.png
refused 1 "pos|position|28" --at '3a[0]' --pos 28,0 --screenshot a.png
refused 2 "stage needs --at" --stage 3a --screenshot a.png
refused 2 "range takes map, layer, module or LOW,HIGH.*not '2,1'" --range 2,1 --screenshot a.png
refused 2 "one of viridis.*not 'jet'" --map jet --screenshot a.png
refused 1 "does not show 3a" --at '3a[0]' --stage 4a --screenshot a.png
refused 1 "class 5: .*has classes 0 to 4" --class 5 --view cam --screenshot a.png
refused 1 "lesson" --lesson nothing-of-the-kind --screenshot a.png
refused 1 "failing.script:2: 'this is nowhere' is not on the screen" --script failing.script
refused 1 "unknown.script:1: unknown action 'leap'" --script unknown.script
refused 1 "none.script: No such file" --script none.script
refused 1 "a-folder: Is a directory" --script a-folder
refused 1 "no-folder/a.png: " --screenshot no-folder/a.png
refused 1 "window: .*--screenshot" --network googlenet
[[ $program = */web/* ]] || SDL_VIDEODRIVER=nonsense refused 1 "window: nonsense not available.*--screenshot" --network googlenet # node has no screen
[ -e a.png ] && echo "not ok nothing is written when something is refused" || echo "ok nothing is written when something is refused"
[ -e config ] && echo "not ok headless leaves the settings alone" || echo "ok headless leaves the settings alone"

# The smallest window still shows the stage, and no count is negative.
"$program" --at 3a --size 320x200 --dump small.json 2>/dev/null
grep -q '"text": "inception 3a' small.json && ! grep -q '"text": "-[0-9]' small.json && echo "ok the smallest window shows the stage" || echo "not ok the smallest window shows the stage"

# Ctrl+C copies a command line, with a locked range and all other settings of the view.
"$program" --at '3a/5x5[7]' --stage 3a --pos 2,3 --class 2 --range -1,2.5 --map cividis --outliers keep --lang zh --theme dark --size 1280x720 \
    --dump there.json 2>/dev/null
for words in "--at '3a/5x5\[7\]' --stage 3a --pos 2,3" '^ *"text": "cividis' '2.5'; do
    grep -qE -- "$words" there.json && echo "ok shown again: $words" || echo "not ok shown again: $words"
done

# The same command twice gives the same picture, and the size asked for.
"$program" --at 3a --size 900x600 --screenshot one.png --dump one.json 2>/dev/null &&
    "$program" --at 3a --size 900x600 --screenshot two.png --dump two.json 2>/dev/null
# All but the item with the computing time; its rectangle is in the line above its text.
for name in one two; do tac $name.json | sed -E '/"text": .*[0-9] m?s"/,+6d' >$name.rest; done
grep -q conv1 one.rest && cmp -s one.rest two.rest && echo "ok the dump repeats" || echo "not ok the dump repeats"
size=$(od -An -tu1 -j16 -N8 one.png | awk '{print $3*256+$4 "x" $7*256+$8}')
[ "$size" = 900x600 ] && echo "ok the picture has the size asked for" || echo "not ok the picture is $size"

# Shift+C covers the picture square by square; Shift and an arrow choose a square, and the screen shows the answers with it.
printf '%s\n' 'wait-idle' 'key Shift+c' 'wait-idle' 'expect 225 squares, step 4' 'expect cover it with a square' 'key Shift+Right' 'wait-idle' \
    'expect y 28–35' 'expect score: whole → covered' 'key c' 'wait-idle' 'expect maps that count most' >covered.script
"$program" --network "$tree/tests/nets/small.net" --script covered.script "$tree/assets/images/daisy.png" 2>err &&
    echo "ok squares cover the picture" || echo "not ok squares cover the picture: $(cat err)"

# Class names in the place of the file's own; another number of them is refused, as predict does.
printf '%s\n' Margerite Pusteblume Rose Sonnenblume Tulpe >namen.txt
printf '%s\n' eins zwei >zwei.txt
"$program" --labels namen.txt --at softmax --dump labels.json 2>err && grep -q '"text": "Margerite"' labels.json && grep -q '"text": "Tulpe"' labels.json &&
    echo "ok class names from --labels" || echo "not ok class names from --labels: $(cat err)"
"$program" --labels zwei.txt --dump labels.json 2>err; status=$?
[ $status -eq 1 ] && grep -q 'zwei.txt: 2 class names, but the network has 5 classes' err && echo "ok too few class names" || echo "not ok too few class names: $status, $(cat err)"

# An address of values before ReLU opens the layer and says where to see them.
printf '%s\n' 'wait-idle' 'expect after ReLU; Enter' >pre.script
"$program" --network "$tree/tests/nets/small.net" --at 'conv2:pre' --script pre.script "$tree/assets/images/daisy.png" 2>err &&
    echo "ok values before ReLU" || echo "not ok values before ReLU: $(cat err)"

# Every class can be explained: if there are many, a field finds one by name or number.
printf '%s\n' 'network many "Forty classes"' 'input 3x16x16' 'classes 40' 'conv conv1 3x3/1 8 pad=1' 'avgpool avgpool to=1x1' 'fc fc classes' 'softmax softmax' >many.net
printf '%s\n' 'wait-idle' 'key c' 'wait-idle' 'click 330 212' 'text 31' 'wait-idle' 'expect class 31' 'expect-not class 12' 'key Enter' 'wait-idle' \
    'expect why class 31' 'expect class 12' 'click 330 212' 'text lion' 'wait-idle' 'expect no class has “lion”' 'key Backspace' 'key Backspace' 'key Backspace' 'key Backspace' 'key Escape' \
    'key Escape' 'key g' 'wait-idle' 'expect-not class 37' 'click 1180 167' 'text 37' 'key Enter' 'wait-idle' 'expect class 37' 'click 1180 167' \
    'text lion' 'key Enter' 'wait-idle' 'expect no class has “lion”' >find.script
"$program" --network many.net --size 1280x720 --script find.script "$tree/assets/images/daisy.png" 2>err &&
    echo "ok any class can be found" || echo "not ok any class can be found: $(cat err)"

# A picture depends on the place and not on the way there: pictures of a long session equal those of new ones. The window is too narrow
# for the rail, which shows the computing time.
stop() { # PLACE VIEW PICTURE: the keys that lead there from anywhere
    printf 'key Escape\nkey Escape\nkey Home\nkey /\ntext %s\nkey Enter\nmove 2 2\nwait-idle\n' "$1"
    case $2 in value) echo 'key Enter' ;; ledger) echo 'key l' ;; cam) echo 'key c' ;; weights) echo 'key w' ;; esac
    printf 'wait 8000\nwait-idle\nscreenshot %s\n' "$3"
    printf 'key p\nwait-idle\nkey p\n' # other sizes of everything
    [ "$2" = stage ] || echo 'key Escape'
}
differ='' count=0 visit=0
for place in conv1 maxpool1 norm1 '3a/5x5[7]' 4b 4c fc; do for view in stage value ledger cam weights; do
    visit=$((visit + 1)); sampled $visit 4 || continue
    count=$((count + 1))
    stop "$place" $view "session-$count.png" >>session.script
    stop "$place" $view "new-$count.png" >new.script
    "$program" --size 480x700 --script new.script 2>err || echo "not ok $place $view: $(cat err)"
done; done
"$program" --size 480x700 --script session.script 2>err || echo "not ok the session: $(cat err)"
for i in $(seq $count); do cmp -s "session-$i.png" "new-$i.png" || differ="$differ $i"; done
[ -z "$differ" ] && echo "ok a picture depends on the place alone" || echo "not ok a picture depends on the place alone:$differ"

# The ledger's switches when claims are about layers that they remove, as in the tutorial's network.
"$program" --network googlenet --view ledger --without-reductions all --size 1280x720 --dump switched.json 2>err
grep -q '"text": "25,299,136 weights' switched.json && grep -q 'unchanged: 6,990,272 weights' switched.json && echo "ok switches in a network with claims" ||
    echo "not ok switches in a network with claims: $(cat err) $(grep -o '"text": "[0-9,]* weights.*' switched.json)"
