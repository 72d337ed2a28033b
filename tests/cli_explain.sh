#!/usr/bin/env bash
# The explain command as users and scripts see it. test_explain checks that the terms add up to the stored bits.
cd "$(dirname "$0")/.." || exit 1
tmp=$(mktemp -d) && trap 'rm -rf "$tmp"' EXIT
picture=assets/images/daisy.png
. tests/sampled.sh

# NAME PATTERN ARGUMENTS...: exit status 0, and standard output must match PATTERN.
says() {
    [[ $* = *"$tmp"* ]] || takes 4 3 || return 0 # what writes a file is followed by a look into it
    local name=$1 pattern=$2 out
    shift 2
    if out=$("$INCEPTOSCOPE" explain "$@" 2>"$tmp/err") && grep -qE -- "$pattern" <<<"$out"; then echo "ok $name"
    else echo "not ok $name: $(head -c 200 "$tmp/err") $(head -c 300 <<<"$out")"; fi
}
# NAME STATUS PATTERN ARGUMENTS...: nothing on standard output; the last line of standard error must match.
refuses() {
    takes 4 3 || return 0
    local name=$1 status=$2 pattern=$3 out code
    shift 3
    out=$("$INCEPTOSCOPE" explain "$@" 2>"$tmp/err"); code=$?
    if [ $code -eq "$status" ] && tail -n 1 "$tmp/err" | grep -qE -- "$pattern" && [ -z "$out" ]; then echo "ok $name"
    else echo "not ok $name: status $code, $(tail -n 1 "$tmp/err" | head -c 300)"; fi
}
small() { says "$1" "$2" value --network tests/nets/small.net --at "$3" --pos "$4" "$picture" "${@:5}"; }
odd() { says "$1" "$2" value --network tests/nets/odd.net --at "$3" --pos "$4" "$picture" "${@:5}"; }

says 'the receptive field of 3a/3x3 at 12,15' '^sees rows 81-123, columns 105-147 of the 224x224 input$' \
    value --network googlenet --at '3a/3x3[78]' --pos 12,15 "$picture"
says 'a field that leaves the picture' '^sees rows 0-27, columns 25-67 of the 224x224 input; the receptive field of 43x43 goes beyond its edge$' \
    value --network googlenet --at '3a/3x3[78]' --pos 0,5 "$picture"
small 'a field larger than the picture' '^sees rows 0-63, columns 0-63 of the 64x64 input, the whole of it; the receptive field of [0-9]+x[0-9]+ goes beyond its edge$' 'avgpool[7]' 0,0
says 'a sum without a bias' '^no bias; the sum starts from +0$' value --network torchvision_googlenet --at 'conv1[3]' --pos 5,5 "$picture"
small 'a conv names its place and its twin' '^conv 3x3/1 pad 1, 6x8x8 -> 8x8x8, the same as 3a\[9\]$' '3a/3x3[5]' 2,3
small 'a twin address means the same value' 'copied from 3a/3x3\[5\] at 2,3' '3a[9]' 2,3
small 'the last of 54 terms' '^ +54 +5 +3 +4 ' '3a/3x3[5]' 2,3
small 'terms in the padding are none' '^ +24 +5 +1 +1 ' '3a/3x3[5]' 0,0
small 'the bias comes first' '^the sum starts from the bias ' 'conv1[0]' 5,5
small 'ReLU' '^after ReLU' 'conv1[0]' 5,5
small 'the window that hangs over the edge' '^window: rows 30-32, columns 30-32;' 'maxpool1[3]' 15,15
small 'the winner traced to the picture' '^  input\[[0-2]\] at [0-9]+,[0-9]+$' 'maxpool1[3]' 10,10
small 'LRN and its denominator' '^denominator .* = 1 \+ 0.0001/5 \* ' 'norm1[2]' 3,3
small 'the divisor of the average' '^value .* / 16$' 'avgpool[7]' 0,0
small 'dropout is the identity at inference' 'at inference dropout does nothing; in training it would zero 0.4' 'dropout[7]' 0,0
says 'a map of one position needs no position' '^dropout\[7\] at 0,0 = ' value --network tests/nets/small.net --at 'dropout[7]' "$picture"
small 'the largest class score is taken off' '^largest score ' 'softmax[3]' 0,0
small 'an auxiliary head' '^fc, 6x2x2 -> 10x1x1' 'aux1/fc1[9]' 0,0
small 'a pixel and its preprocessing' '^value .* = \([0-9]+ / 255 - 0.5\) / 0.5$' 'input[1]' 3,4
says 'a grey pixel' '^value 0.235294119 = \(60 / 255 - 0\) / 1$' value --network lenet5 --at input --pos 5,5 assets/images/rose.png
odd 'a group reads its own channels' '^ +18 +7 +' 'c2[11]' 5,5
odd 'no ReLU' '^sum ' 'c2[11]' 5,5
small 'JSON of a conv' '"terms": \[\{"in": \[0, 1, 2\], "x": [-0-9.e]+, "w": [-0-9.e]+, "product": [-0-9.e]+, "sum": ' '3a/3x3[5]' 2,3 --format json
small 'JSON has the receptive field' '"receptive_field": \{"rows": \[-3, 3\], "columns": \[59, 65\]\}' 'conv1[0]' 0,31 --format json
small 'JSON of a max pool' '"winner": \[3, [0-9]+, [0-9]+\]' 'maxpool1[3]' 10,10 --format json
small 'JSON of a concat' '"source": \{"address": "3a/3x3\[5\]", "pos": \[2, 3\]\}' '3a[9]' 2,3 --format json

# the two formats give the same digits
text=$("$INCEPTOSCOPE" explain value --network tests/nets/small.net --at 'conv2[5]' --pos 7,9 "$picture" 2>/dev/null | sed -n '1s/.* = //p')
json=$("$INCEPTOSCOPE" explain value --network tests/nets/small.net --at 'conv2[5]' --pos 7,9 --format json "$picture" 2>/dev/null |
    sed -n 's/.*"value": \([-0-9.e]*\),.*/\1/p')
if [ -n "$text" ] && [ "${json%.0}" = "$text" ]; then echo "ok both formats print the same value"
else echo "not ok both formats print the same value: $text and $json"; fi

# The value before ReLU has its own address: the sum, even if the value is 0.
before=$("$INCEPTOSCOPE" explain value --network tests/nets/small.net --at 'conv2[1]' --pos 7,9 --format json "$picture" 2>/dev/null | sed -n 's/.*"pre": \([-0-9.e]*\),.*/\1/p')
for form in 'conv2[1]:pre' 'conv2:pre[1]'; do
    text=$("$INCEPTOSCOPE" explain value --network tests/nets/small.net --at "$form" --pos 7,9 "$picture" 2>/dev/null | sed -n '1s/^conv2\[1\]:pre at 7,9 = //p')
    json=$("$INCEPTOSCOPE" explain value --network tests/nets/small.net --at "$form" --pos 7,9 --format json "$picture" 2>/dev/null |
        sed -n 's/.*"address": "conv2\[1\]:pre".*"value": \([-0-9.e]*\),.*/\1/p')
    if [ -n "$text" ] && [ "${before%.0}" = "$text" ] && [ "$before" = "$json" ]; then echo "ok $form is the value before ReLU"
    else echo "not ok $form is the value before ReLU: $before, $text, $json"; fi
done
# Through a reduction; the numbers are test_circuit's.
says 'a circuit' '^with the open gates .* = biases .* [+] 19 channels of 3a ' circuit --network tests/nets/small.net --at '3b/3x3[2]' --pos 3,3 "$picture"
says 'a circuit through a pool' '^channel +gives here +winner at$' circuit --network tests/nets/small.net --at '3b/pool_proj[2]' --pos 3,3 "$picture"
says 'as many channels as asked for' '^ *"pre": ' circuit --network tests/nets/small.net --at '3b/3x3[2]' --pos 3,3 --top 3 --format json "$picture"
for form in "--pos 3,3 $picture" --weights-only; do # shellcheck disable=SC2086
    channels=$("$INCEPTOSCOPE" explain circuit --network tests/nets/small.net --at '3b/3x3[2]' --top 3 --format json $form 2>/dev/null | grep -c '"kernel": \[')
    [ "$channels" = 3 ] && echo "ok three channels with their kernels: $form" || echo "not ok three channels with their kernels, $form: $channels"
done
says 'expanded weights alone' 'as if every gate were open' circuit --network tests/nets/small.net --at '3b/3x3[2]' --weights-only
refuses 'nothing to look through' 1 'conv1 reads input, which is no 1x1 reduction' circuit --network tests/nets/small.net --at 'conv1[2]' --pos 3,3 "$picture"
refuses 'a pool is not looked through' 1 'is not a convolution' circuit --network tests/nets/small.net --at 'maxpool1[2]' --pos 3,3 "$picture"
refuses 'a circuit of no picture' 2 'needs --at ADDRESS' circuit --network tests/nets/small.net --at '3b/3x3[2]' --pos 3,3
refuses 'no channel of a circuit' 2 '--top takes a number of channels from 1, not 0' circuit --network tests/nets/small.net --at '3b/3x3[2]' --pos 3,3 --top 0 "$picture"
# What a score is made of; the sums are test_share's, groups test_groups'.
says 'a share' '^off by .*: rounding$' share --network tests/nets/small.net --at 3a "$picture"
says 'a share of a lead' 'ahead of class 2' share --network tests/nets/small.net --at 4a --class 1 --against 2 "$picture"
says 'a gap before a norm' '^gap .*not exact' share --network tests/nets/small.net --at maxpool1 "$picture"
says 'a share as JSON' '"exact": true' share --network tests/nets/small.net --at 5a --format json --how grad-cam "$picture"
"$INCEPTOSCOPE" explain share --network tests/nets/small.net --at 4a --out "$tmp/share.png" "$picture" >/dev/null 2>&1 && [ -s "$tmp/share.png" ] && echo 'ok a picture of a share' || echo 'not ok a picture of a share'
refuses 'a branch has no whole share' 1 '3a/3x3 is one of several ways to the scores, so its part is not the whole; take 3a' share --network tests/nets/small.net --at 3a/3x3 "$picture"
refuses 'a lead over itself' 1 'is the class itself' share --network tests/nets/small.net --at 3a --class 1 --against 1 "$picture"
refuses 'no class to be ahead of' 1 'has classes 0 to 6' share --network tests/nets/small.net --at 3a --against 9 "$picture"
refuses 'a share of no layer' 2 'needs --at LAYER' share --network tests/nets/small.net "$picture"
says 'groups' '^3a, 19x.*: 4 groups, [0-9.]+ % left over' groups --network tests/nets/small.net --at 3a "$picture"
says 'groups of a branch give nothing' '^group +colour +strength +strongest' groups --network tests/nets/small.net --at 3a/3x3 --groups 2 "$picture"
says 'groups as JSON' '"left_over": ' groups --network tests/nets/small.net --at 3a --format json "$picture"
"$INCEPTOSCOPE" explain groups --network tests/nets/small.net --at 3a --out "$tmp/groups.png" "$picture" >/dev/null 2>&1 && [ -s "$tmp/groups.png" ] && echo 'ok a picture of groups' || echo 'not ok a picture of groups'
refuses 'too many groups' 2 'takes a number from 1 to 8, not 9' groups --network tests/nets/small.net --at 3a --groups 9 "$picture"

# What a unit wants; the steps are test_wants's.
wants=(wants --network tests/nets/small.net --size 48 --steps 24 --out "$tmp/wants.png")
says 'what a unit wants' '^3b\[9\]: its mean over 6x6 places, before ReLU, rose from .* in 24 steps' "${wants[@]}" --at '3b[9]'
says 'random weights' '^the weights are random: so the picture means nothing$' "${wants[@]}" --at '3b[9]' --neuron --pixels
cp "$tmp/wants.png" "$tmp/first.png"
says 'a picture of a seed as JSON' '"basis": "pixels"' "${wants[@]}" --at '3b[9]' --neuron --pixels --format json
cmp -s "$tmp/wants.png" "$tmp/first.png" && echo 'ok the same seed, the same picture' || echo 'not ok the same seed, the same picture'
says 'another seed' '"seed": 2' "${wants[@]}" --at '3b[9]' --neuron --pixels --seed 2 --format json
cmp -s "$tmp/wants.png" "$tmp/first.png" && echo 'not ok another seed, another picture' || echo 'ok another seed, another picture'
refuses 'kernels that see the picture' 1 'conv1 reads the picture itself: its kernels' "${wants[@]}" --at 'conv1[2]'
refuses 'no channel that wants' 1 'name one of its 22 channels' "${wants[@]}" --at 3b
refuses 'a size that is none' 2 '--size takes 16 to 512' "${wants[@]}" --at '3b[9]' --size 8

refuses 'no ReLU, no value before it' 1 'no value before ReLU' value --network tests/nets/small.net --at 'maxpool1:pre[0]' --pos 1,1 "$picture"

net=tests/nets/small.net
says 'a class activation map adds up to the score' '^score [-0-9.e]+ = bias [-0-9.e]+ \+ mean of the map [-0-9.e]+$' \
    cam --network tests/nets/small.net --class 3 --out "$tmp/cam.png" "$picture"
if [ "$(head -c 8 "$tmp/cam.png" | od -An -tx1 | tr -d ' \n')" = 89504e470d0a1a0a ]; then echo "ok the map is a PNG"; else echo "not ok the map is a PNG"; fi
refuses 'a class that is none' 1 'has classes 0 to 6' cam --network tests/nets/small.net --class 7 --out "$tmp/no.png" "$picture"
refuses 'no global average' 1 'no class activation map' cam --network tests/nets/odd.net --class 0 --out "$tmp/no.png" "$picture"
refuses 'a folder that is none' 1 "$tmp/none/cam.png" cam --network tests/nets/small.net --class 3 --out "$tmp/none/cam.png" "$picture"
refuses 'no class' 2 'needs --class' cam --out "$tmp/no.png" "$picture"
says 'what a covered square costs a class' '^lowest score [-0-9.e]+ \(-[0-9.]+\) with rows [0-9]+ to [0-9]+, columns [0-9]+ to [0-9]+ covered$' \
    occlusion --network tests/nets/small.net --class 3 --out "$tmp/occlusion.png" "$picture"
says 'squares and steps as asked for' '^42 squares of 12x12, step 5;' \
    occlusion --network tests/nets/odd.net --class 0 --square 12 --step 5 --out "$tmp/occlusion.png" "$picture"
refuses 'squares larger than the picture' 1 'does not fit a picture of 64x64; take 1 to 64' \
    occlusion --network tests/nets/small.net --class 3 --square 65 --out "$tmp/no.png" "$picture"
refuses 'a square below nothing' 1 'does not fit' occlusion --network tests/nets/small.net --class 3 --square -5 --out "$tmp/no.png" "$picture"
refuses 'steps that leave gaps' 1 'leaves gaps' occlusion --network tests/nets/small.net --class 3 --square 8 --step 9 --out "$tmp/no.png" "$picture"
refuses 'occlusion of a class that is none' 1 'has classes 0 to 6' occlusion --network tests/nets/small.net --class -1 --out "$tmp/no.png" "$picture"
says 'a step, its control and the bytes' '^after rounding to bytes +(still|now) class [0-9]+ , p [0-9.e-]+$' \
    fool --network tests/nets/small.net --levels 8 --out "$tmp/fool.png" "$picture"
says 'a step towards a class, as JSON' '^ "target": 2,$' fool --network tests/nets/small.net --class 2 --seed 3 --format json "$picture"
# The file gives the network the bytes whose answer was printed, also where a picture is resized and cropped.
for network in tests/nets/small.net tests/nets/nin.net; do
    "$INCEPTOSCOPE" explain fool --network $network --levels 6 --out "$tmp/fool.png" "$picture" 2>/dev/null >"$tmp/fool.txt"
    want=$(sed -n 's/^after rounding to bytes .* class \([0-9]*\) .*, p \([0-9.]*\)$/\1 \2/p' "$tmp/fool.txt")
    got=$("$INCEPTOSCOPE" predict --network $network --top 1 "$tmp/fool.png" 2>/dev/null | awk 'NR == 2 { print $4, $2 / 100 }')
    echo "$want $got" | awk '$1 == $3 && ($2 - $4) ^ 2 < 1e-6 { good = 1 } END { exit !good }' && echo "ok $network: a fooling picture survives its file" ||
        echo "not ok $network: a fooling picture survives its file: $want, read back $got"
done
refuses 'a step towards a class that is none' 1 'has classes 0 to 6' fool --network tests/nets/small.net --class 7 --out "$tmp/no.png" "$picture"
refuses 'a step towards a word' 1 "takes own or the number of a class, not 'rose'" fool --network tests/nets/small.net --class rose "$picture"
refuses 'a step of more than all levels' 2 'takes 0 to 255' fool --network tests/nets/small.net --levels 256 "$picture"
says 'maps of two classes, and with random weights' '^guided backpropagation +[0-9.-]+   [0-9.-]+ and [0-9.-]+$' \
    sanity --network tests/nets/small.net --randomize 5a --out "$tmp/sanity.png" "$picture"
says 'integrated gradients say their gap' '^integrated gradients of class 2, 32 steps: sum .*; gap [-0-9.e]+, [0-9.e+-]+ %$' sanity --network tests/nets/small.net --against 2 "$picture"
says 'sanity as JSON' '^ "random_from": "fc",$' sanity --network tests/nets/small.net --randomize fc --format json "$picture"
refuses 'a class beside itself' 1 'is the class itself' sanity --network tests/nets/small.net --class 2 --against 2 "$picture"
refuses 'random weights behind the last ones' 1 'no weights from softmax' sanity --network tests/nets/small.net --randomize softmax "$picture"
[ -e "$tmp/no.png" ] && echo "not ok nothing is written on failure" || echo "ok nothing is written on failure"

refuses 'an unknown kind' 2 "not 'valu'" valu
refuses 'no kind' 2 'expected value'
refuses 'no address' 2 'needs --at' value "$picture"
refuses 'no picture' 2 'needs --at' value --at 'conv1[0]' --pos 1,1
refuses 'a position that is none' 2 "not '12'" value --at 'conv1[0]' --pos 12 "$picture"
refuses 'a position outside' 1 'lies outside conv1: rows 0 to 31' value --network "$net" --at 'conv1[0]' --pos 32,0 "$picture"
refuses 'no position' 1 'name a position with --pos' value --network "$net" --at 'conv1[0]' "$picture"
refuses 'no channel' 1 'name one of its 8 channels' value --network "$net" --at conv1 --pos 1,1 "$picture"
refuses 'a channel that is none' 1 'has no channel 8' value --network "$net" --at 'conv1[8]' --pos 1,1 "$picture"
refuses 'an unknown layer gets the nearest name' 1 "nearest name is '3a/3x3'" value --network "$net" --at '3a/3x4[1]' --pos 1,1 "$picture"
refuses 'a missing picture' 1 'nowhere.png' value --network "$net" --at 'conv1[0]' --pos 1,1 nowhere.png

# Gradients: which label is used and why; heads without weights in the file are left out, with a message.
says 'the label without --label is the second most likely class' '^label [0-6] \(the second most likely class: ' gradients --network "$net" "$picture"
says 'a label that was asked for needs no reason' '^label 3$' gradients --network "$net" --label 3 "$picture"
says 'gradients as means per value' '^conv1 +[0-9.]+e[-+][0-9]+ +[0-9.]+e[-+][0-9]+ +[0-9.]+ +[0-9.]+e' gradients --network "$net" --label 3 "$picture"
says 'JSON keeps the norms' '"map_aux_on": [0-9.]+' gradients --network "$net" --label 3 --format json "$picture"
says 'and adds the means' '"weights_rms_aux_off": [0-9.]+' gradients --network "$net" --label 3 --format json "$picture"
if [ -n "${INCEPTOSCOPE_DATA:-}" ]; then
    out=$("$INCEPTOSCOPE" explain gradients --weights "$INCEPTOSCOPE_DATA/weights/bvlc_googlenet.safetensors" "$picture" 2>"$tmp/err")
    if ! grep -q aux <<<"$out" && grep -q 'so these heads are left out' "$tmp/err"; then echo "ok heads without weights in the file are left out"
    else echo "not ok heads without weights in the file are left out"; fi
else
    echo "ok heads without weights in the file are left out # SKIP no data"
fi

# ---- a path down to a pixel; numpy adds its steps up ----
adds() {
    local name=$1 out
    shift
    out=$("$INCEPTOSCOPE" explain path --format json "$@" $picture 2>/dev/null | /usr/bin/python3 tests/path_adds.py 2>&1)
    [[ $out == 'all of '*' steps add up' ]] && echo "ok $name" || echo "not ok $name: $out"
}
if /usr/bin/python3 -c 'import numpy' 2>/dev/null; then
    adds 'the path of a score' --network tests/nets/small.net
    adds 'a path through groups, LRN and averages' --network tests/nets/odd.net --class 3
    adds 'a path through batch norm' --network tests/nets/bn.net --class 2
    adds 'a path of other terms' --network tests/nets/bn.net --class 1 --choose 2,1,3
    adds 'a path through LRN' --network tests/nets/odd.net --at 'n1[3]' --pos 2,2 --choose 2
fi
says 'a path ends at a pixel' '^the path ends at a pixel: row [0-9]+, column [0-9]+, [RGB] [0-9]+ of ' path "$picture"
says 'a path names the score' '^fc\[0\] at 0,0 = .*, the score of daisy$' path "$picture"
says 'a path ends at a zero' '^the path ends at a zero$' path --network tiny --at 'conv1[0]' --pos 0,3 "$picture" # brighter to the left
refuses 'a choice that is not there' 1 'step 1, fc\[[01]\] at 0,0, has 5 terms to choose from, not 6' path --network tiny --choose 6 "$picture"
refuses 'more choices than steps' 1 'has 9 numbers, but the path has' path --network tiny --choose 1,1,1,1,1,1,1,1,1 "$picture"
refuses 'choices that are none' 2 "not '1,,2'" path --network tiny --choose 1,,2 "$picture"
refuses 'two beginnings' 2 'give one of them' path --network tiny --class 1 --at 'fc[0]' "$picture"
refuses 'a path from before ReLU' 1 'leave out :pre' path --network tiny --at 'conv1[0]:pre' --pos 1,1 "$picture"

# ---- the order of additions ----
says 'the fast engine is recognised by its bits' '^  adds by (channel|16 channels), row, column' order --at '3a/1x1[3]' --pos 12,15 "$picture"
says 'the order of a larger kernel parts at the second addition' '^  the orders part at addition 2: the reference takes channel 0 at ' order --network tests/nets/small.net --at '3b/3x3[1]' --pos 3,3 "$picture"
says 'Winograd adds other products' '^  adds other products than these' order --at '3a/3x3[77]' --pos 12,15 --shuffles 3 "$picture"
says 'the answer stays' '^the answer stays$' order --at 'fc[0]' --shuffles 0 "$picture"
says 'the layers are compared' '^conv1 +802816 +[0-9]+ ' order --at 'conv1[1]' --pos 9,9 --seed 7 "$picture"
one=$("$INCEPTOSCOPE" explain order --network tests/nets/small.net --at '3b/3x3[1]' --pos 3,3 --seed 5 --shuffles 1 --format json $picture 2>/dev/null | grep -A1 '"shuffled"')
three=$("$INCEPTOSCOPE" explain order --network tests/nets/small.net --at '3b/3x3[1]' --pos 3,3 --seed 3 --shuffles 3 --format json $picture 2>/dev/null | grep -A3 '"shuffled"')
[ -n "$one" ] && [ "$(tail -n 1 <<<"$one" | tr -d ' ,')" = "$(tail -n 1 <<<"$three" | tr -d ' ,')" ] && echo 'ok a seed names an order' || echo "not ok a seed names an order: $one $three"
refuses 'an order of no sum' 1 'a maxpool adds no products' order --network tests/nets/small.net --at 'maxpool1[1]' --pos 3,3 "$picture"
refuses 'shuffles below 0' 2 'takes 0 or more' order --at 'fc[0]' --shuffles -1 "$picture"

# ---- the gradient of a value ----
says 'what changes a score' '^if the value grows by a little, the score grows by -?[0-9.e-]+ times as much$' backward --network tests/nets/bn.net --at '3a/3x3[2]' --pos 5,4 "$picture"
says 'its readers' '^it is the sum of [0-9]+ products, one for each value that reads this one$' backward --network tests/nets/small.net --at 'maxpool2[2]' --pos 1,1 "$picture"
says 'a loss, as JSON' '^ "of": "loss",$' backward --network tests/nets/small.net --at 'conv1[2]' --pos 5,5 --of loss --class 3 --format json "$picture"
says 'a score by itself' 'the score grows by 1 times as much$' backward --network tests/nets/small.net --at 'fc[3]' --class 3 "$picture"
refuses 'a value that no score reads' 1 'the scores are not computed from it' backward --network tests/nets/small.net --at 'softmax[1]' "$picture"
refuses 'a gradient before ReLU' 1 'leave out :pre' backward --network tests/nets/small.net --at 'conv1:pre[1]' --pos 1,1 "$picture"
refuses 'a gradient of a class that is none' 1 'has classes 0 to 6' backward --network tests/nets/small.net --at 'conv1[1]' --pos 1,1 --class 9 "$picture"
