#!/usr/bin/env bash
# cli_heads.sh - every command, and the window with every view's key, on networks whose scores are unusual: given by an average without a
# fully connected layer, no scores at all, or another number of them in a head. Each works, or gives file, line, reason and remedy.
set -u
top=$(cd "$(dirname "$0")/.." && pwd)
program=${INCEPTOSCOPE:-build/inceptoscope}
case $program in /*) ;; *) program=$PWD/$program ;; esac
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
picture=$top/assets/images/daisy.png
. "$top/tests/sampled.sh"

net() { cat >"$1.net"; } # NAME, and its rows on standard input
conv='conv conv1 3x3/1 pad=1 8'
net nofc <<<$'network nofc\ninput 3x32x32\n'"$conv"$'\nconv scores 1x1/1 3 norelu\navgpool avgpool to=1x1\nsoftmax softmax'
net word <<<$'network word\ninput 3x32x32\nclasses 7\n'"$conv"$'\nconv scores 1x1/1 classes norelu\navgpool avgpool to=1x1\nsoftmax softmax'
net bare <<<$'network bare\ninput 3x32x32\n'"$conv"$'\nconv scores 1x1/1 3 norelu\navgpool avgpool to=1x1'
net nofc5000 <<<$'network nofc5000\ninput 3x8x8\n'"$conv"$'\nconv scores 1x1/1 5000 norelu\navgpool avgpool to=1x1\nsoftmax softmax'
net convonly <<<$'network convonly\ninput 3x32x32\n'"$conv"
net single <<<$'network single\ninput 3x1x1\nsoftmax softmax'
main=$'input 3x32x32\nclasses 3\n'"$conv"$'\ninception 3a 8 8 16 2 4 4\navgpool avgpool to=1x1\nfc fc classes\nsoftmax softmax\n'
net heads <<<$'network heads\n'"$main"$'aux aux1 tap=3a\n  avgpool avgpool to=2x2\n  fc fc2 5000\n  softmax softmax'
net narrow <<<$'network narrow\n'"$main"$'aux aux1 tap=3a\n  avgpool avgpool to=2x2\n  fc fc2 2'
net mapped <<<$'network mapped\n'"$main"$'aux aux1 tap=3a\n  conv conv 1x1/1 classes'

for part in train val; do for label in 0 1 2; do
    mkdir -p "data/$part/kind$label"
    cp "$top/assets/images/daisy.png" "data/$part/kind$label/1.png"
done; done

# The answer of each command in one line: "works", or the message without the program's name.
answer() {
    local code
    timeout 60 "$program" "$@" >out 2>err
    code=$?
    if [ $code -eq 0 ]; then echo works
    elif [ $code -eq 1 ]; then tail -n 1 err | sed 's/^inceptoscope: //'
    else echo "status $code, $(tail -n 1 err)"; fi
}
# NAME PATTERN COMMAND...
expect() {
    local name=$1 pattern=$2 got
    shift 2
    got=$(answer "$@")
    if grep -qE -- "^$pattern\$" <<<"$got"; then echo "ok $name"; else echo "not ok $name: $got"; fi
}

# NETWORK CLASS LOSS TRAIN: the expected answers to predicting and explaining a class, to a loss over all heads, and to training on three
# classes.
walk() {
    local n=$1 class=$2 loss=$3 train=$4 engine
    for engine in reference fast; do
        expect "$n: predict, $engine" "$class" predict --network $n.net --engine $engine "$picture"
        expect "$n: explain gradients, $engine" "$loss" explain gradients --network $n.net --engine $engine "$picture"
        expect "$n: train, $engine" "$train" train data --network $n.net --engine $engine --epochs 1 --batch 2 --checkpoint-dir $n-$engine --out $n-$engine.safetensors
    done
    expect "$n: predict as JSON" "$class" predict --network $n.net --format json --top 99999 "$picture"
    expect "$n: explain cam" "${5:-$class}" explain cam --network $n.net --class 1 --out a.png "$picture"
    expect "$n: explain occlusion" "$class" explain occlusion --network $n.net --class 1 --out a.png "$picture"
    expect "$n: explain sanity" "${7:-${6:-$class}}" explain sanity --network $n.net "$picture"
    expect "$n: explain fool" "${6:-$class}" explain fool --network $n.net "$picture"
    expect "$n: explain value" works explain value --network $n.net --at "$(tail -n 1 $n.net | awk '{ print $2 }' | sed "s/^/$(grep -q '^aux' $n.net && echo aux1.)/; s/aux1./aux1\//")[1]" --pos 0,0 "$picture"
    expect "$n: activations" works activations --network $n.net --layer input --out a.npy "$picture"
    expect "$n: trace" works trace $n.net --aux
    expect "$n: compare" works trace --compare $n.net googlenet
    expect "$n: audit" works audit $n.net
    expect "$n: eval" works eval --network $n.net 'weights(total)'
    expect "$n: bench" works bench --network $n.net --repeat 1 --batch 2
}

no_scores='convonly.net:3: network convonly has no class scores: .conv1. at its end is 8x32x32, not one value for each class; add a row .avgpool NAME to=1x1. below it'
walk nofc works works works
walk word works works works
sampled 1 2 && walk bare works works works # a sanitizer sees half of them
sampled 1 2 && walk nofc5000 works works "nofc5000.net:4: 'scores' gives 5000 class scores, but data/train has 3 classes; write 'classes' instead of the number in this row.*"
walk convonly "$no_scores" "$no_scores" "$no_scores"
walk single works "single.net:3: network single is a softmax of the picture itself.*" "single.net:3: no layer of network single has weights.*" "single.net:2: network single has no class activation map: .*; explain occlusion works with every classifier"
unequal=" class scores and the main path 3, so no label fits both; end both with a row 'fc NAME classes'"
walk heads works "heads.net:11: head aux1 gives 5000$unequal" "heads.net:11: head aux1 gives 5000$unequal"
sampled 1 2 && walk narrow works "narrow.net:11: head aux1 gives 2$unequal" "narrow.net:11: head aux1 gives 2$unequal"
mapped="mapped.net:10: head aux1 has no class scores: 'aux1/conv' at its end is 3x32x32, .*; add a row 'avgpool NAME to=1x1' below it"
sampled 1 2 && walk mapped works "$mapped" "$mapped"
walk_other() { expect "$1" "$2" "${@:3}"; }
walk_other 'a class that is none' '--class 3: network nofc has classes 0 to 2' explain occlusion --network nofc.net --class 3 --out a.png "$picture"
walk_other 'no class where there are none' "$no_scores" --network convonly.net --class 0 --view cam --screenshot a.png "$picture"

# If a head does not fit, its claims are left out with it, and no others.
net claims <<<$'network claims\n'"$main"$'aux aux1 tap=3a\n  avgpool avgpool 5x5/3\n    claim params=0 source=me\n  conv conv 1x1/1 16\n    claim params=560 source=me\n  fc fc1 32 in=12345\n  fc fc2 classes\nclaim conv1 params=216 source=me\nclaim network params=999 source=me'
timeout 60 "$program" audit claims.net >out 2>err && grep -q '^2 claims: 1 exact, 1 differs$' out && echo "ok claims beside a head that does not fit" ||
    echo "not ok claims beside a head that does not fit: $(tail -n 1 out err)"

# Trained weights open again with the number of classes that they learned, even if the description says another number.
"$program" predict --weights word-fast.safetensors --network word.net --top 9 "$picture" >out 2>err && [ "$(wc -l <out)" -eq 4 ] && grep -q 'kind1$' out &&
    echo "ok trained scores open again" || echo "not ok trained scores open again: $(cat out err)"

# Every key that leads to a view, in and out of it, with the play and the lessons; then EXPECTED texts are on the screen in each view.
window() { # NETWORK STATUS CAM OCCLUSION FLOW
    {
        printf 'wait-idle\n'
        for key in g c Shift+c Shift+f d l w n v; do printf 'key %s\nwait-idle\nwait 200\nwait-idle\nkey Escape\nkey Escape\n' "$key"; done
        printf 'key Home\nkey Right\nkey .\nwait 4000\nkey Escape\nkey PageDown\nkey x\nwait-idle\nkey u\nkey Enter\nkey Enter\nwait-idle\n'
        for key in e r k m y s-none Escape Escape End Enter . ; do case $key in s-none) ;; *) printf 'key %s\nwait-idle\n' "$key" ;; esac; done
        printf 'wait 300\nkey Escape\nkey Escape\nkey Escape\nkey c\nwait-idle\nexpect %s\nkey Shift+c\nwait-idle\nexpect %s\nkey Shift+Right\nwait-idle\n' "$3" "$4"
        printf 'key g\nwait-idle\nkey Tab\nwait-idle\nexpect %s\nkey g\nwait-idle\nexpect %s\n' "$5" "$2"
    } >keys.script
    timeout 120 "$program" --network "$1.net" --size 1280x720 --script keys.script "$picture" 2>err && echo "ok $1: the window" ||
        echo "not ok $1: the window: $(tail -n 2 err)"
}
window nofc 'class ' 'this class has its own map' 'largest fall of the score' 'this network has no auxiliary heads'
sampled 1 2 && window bare 'class ' 'this class has its own map' 'largest fall of the score' 'this network has no auxiliary heads'
sampled 1 2 && window nofc5000 'class ' 'this class has its own map' 'largest fall of the score' 'this network has no auxiliary heads'
window convonly 'no class scores' "convonly.net:3: network convonly has no class scores" 'convonly.net:3: network convonly' 'convonly.net:3: network convonly'
window heads 'class ' 'maps that count most' 'largest fall of the score' 'heads.net:11: head aux1 gives 5000'
sampled 1 2 && window narrow 'class ' 'maps that count most' 'largest fall of the score' 'narrow.net:11: head aux1 gives 2'
window single 'class ' 'softmax is not on the way to the scores' 'covers the picture: 1 squares' 'single.net:3: network single is a softmax'
