#!/usr/bin/env bash
# predict and activations on the command line: their output, their errors, and that their answers equal PyTorch's.
# Golden values: tests/oracle_predict.py. Real photos and weights come from $INCEPTOSCOPE_DATA.
cd "$(dirname "$0")/.." || exit 1
program=${INCEPTOSCOPE:-build/inceptoscope}
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
daisy=assets/images/daisy.png

# check NAME STATUS STDERR-PATTERN COMMAND...: the exit status, one matching line on standard error; output stays in $scratch/out
check() {
    local name=$1 status=$2 pattern=$3 got
    shift 3
    "$@" >"$scratch/out" 2>"$scratch/err"
    got=$?
    if [ "$got" -eq "$status" ] && grep -qE -- "$pattern" "$scratch/err"; then echo "ok $name"; else
        echo "not ok $name: status $got, said: $(head -c 400 "$scratch/err")"; fi
}
same() { [ "$2" = "$3" ] && echo "ok $1" || echo "not ok $1: '$2' is not '$3'"; }

check 'an explicit network without weights says untrained' 0 'untrained weights' "$program" predict --network googlenet --top 3 $daisy
same 'a table has the asked number of lines' "$(wc -l <"$scratch/out")" 4
check 'a table of trained weights' 0 . "$program" predict --weights assets/weights/flowers.safetensors $daisy
same 'its percents are written as in the window' "$(sed -n 2p "$scratch/out")" '   1   >99.9 %      0  daisy'
same 'none of them is 100 or 0' "$(grep -cE ' (100|0)(\.0*)? %' "$scratch/out")" 0
check 'JSON without names has null labels' 0 . "$program" predict --network googlenet --format json --top 1 $daisy
same 'a label that is not known' "$(grep -c '"label": null' "$scratch/out")" 1

if head -c 100 "$program" | grep -q node; then
    echo 'ok a name that is not UTF-8 # SKIP (the name that node gives a program is UTF-8)'
else
    cp $daisy "$scratch/$(printf 'latin\351.png')"
    check 'a name that is not UTF-8' 0 . "$program" predict --network googlenet --format json --top 1 "$scratch/$(printf 'latin\351.png')"
    same '... is kept in JSON' "$(grep -c 'latin.\\xE9.png",' "$scratch/out")" 1
    same '... with its bytes' "$(grep -c '"image_bytes": ".*6c6174696ee92e706e67"' "$scratch/out")" 1
fi
check 'a bad picture does not stop the others' 1 'tests/run: is not a picture' "$program" predict --network googlenet --format json --top 1 tests/run $daisy
same 'the good picture is answered' "$(grep -c '"index"' "$scratch/out")" 1
check 'a missing picture' 1 'nowhere.png: cannot be opened' "$program" predict --network googlenet nowhere.png
check 'a missing weight file' 1 'nowhere.pth: cannot be opened' "$program" predict --weights nowhere.pth $daisy
check 'a picture as weights' 1 'daisy.png: is a PNG picture' "$program" predict --weights $daisy $daisy
check 'an unknown network' 1 'nonet' "$program" predict --network nonet $daisy
check 'labels of another count' 1 '5 class names, but the network has 1000' "$program" predict --network googlenet --labels assets/labels/flowers.json $daisy
for wrong in "--top 0 $daisy" "--top x $daisy" "--format csv $daisy" "--engine slow $daisy" "--nothing $daisy" ""; do
    check "wrong command line: predict $wrong" 2 'predict' "$program" predict $wrong
done
check 'activations without --out' 2 'needs --layer' "$program" activations --layer 3a $daisy
check 'activations of an unknown layer' 1 'inception_9z' "$program" activations --network googlenet --layer inception_9z --out "$scratch/x.npy" $daisy
check 'activations into a missing folder' 1 'none/x.npy' "$program" activations --network googlenet --layer conv1 --out "$scratch/none/x.npy" $daisy

check 'activations of one unit' 0 . "$program" activations --network googlenet --layer '3a/5x5[7]' --out "$scratch/a.npy" $daisy
check 'activations of its twin' 0 . "$program" activations --network googlenet --layer '3a[199]' --out "$scratch/b.npy" $daisy
cmp -s "$scratch/a.npy" "$scratch/b.npy" && echo 'ok the two addresses are one map' || echo 'not ok the two addresses are one map'
same 'the NumPy header' "$(head -c 127 "$scratch/a.npy" | tail -c +11 | tr -s ' ')" "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 28, 28), } "

if [ -n "${INCEPTOSCOPE_DATA:-}" ] && [ -f "$INCEPTOSCOPE_DATA/weights/bvlc_googlenet.safetensors" ]; then
    check 'real weights name the daisy' 0 'so bvlc_googlenet' "$program" predict --weights "$INCEPTOSCOPE_DATA/weights/bvlc_googlenet.safetensors" --format json --top 1 $daisy
    same 'its class and name' "$(grep -cE '"index": 985|"label": "daisy"' "$scratch/out")" 2
    check 'another network than the weights have' 1 'nothing was loaded; 9 of another shape .inception3a.branch3.1.conv.weight is 32x16x5x5, not 32x16x3x3.; 228 of 287 missing .conv1.bn.weight' "$program" predict --weights "$INCEPTOSCOPE_DATA/weights/googleNet.pth" --network torchvision_googlenet $daisy
    head -c 9000000 "$INCEPTOSCOPE_DATA/weights/bvlc_googlenet.safetensors" >"$scratch/half.safetensors"
    check 'half a weight file' 1 'half.safetensors: tensor .* is outside the file' "$program" predict --weights "$scratch/half.safetensors" $daisy
    head -c 20000000 "$INCEPTOSCOPE_DATA/weights/googleNet.pth" >"$scratch/half.pth"
    check 'half a checkpoint' 1 'half.pth: .*ends early' "$program" predict --weights "$scratch/half.pth" $daisy
    if /usr/bin/python3 -c 'import PIL' 2>/dev/null; then
        /usr/bin/python3 tests/compare_predict.py "$program" "$INCEPTOSCOPE_DATA" "$scratch" || echo 'not ok the comparison with PyTorch ran'
    else
        echo 'ok predict as PyTorch # SKIP python3-pil is not installed'
    fi
else
    echo 'ok predict with real weights # SKIP INCEPTOSCOPE_DATA is not set'
fi

# Class names beside a file that cannot store them; names that do not fit are not used, with a message.
mkdir "$scratch/beside"
names=$scratch/beside/class_indices.json
"$program" convert assets/weights/flowers.safetensors "$scratch/beside/w.npz" >/dev/null 2>&1
check 'names beside the file' 0 . "$program" predict --top 1 --weights "$scratch/beside/w.npz" $daisy
grep -qw daisy "$scratch/out" && ! grep -q 'not used' "$scratch/err" && echo 'ok they are used' || echo "not ok they are used: $(cat "$scratch/out" "$scratch/err")"
echo '{"0": "a", "1": "b"}' >"$names"
check 'too few names beside the file' 0 'class_indices.json beside it has 2 names for 5 classes, not used' "$program" predict --weights "$scratch/beside/w.npz" $daisy
echo '{"0": "a",' >"$names"
check 'names beside the file that cannot be read' 0 'not used: .*class_indices.json:1: not valid JSON' "$program" predict --weights "$scratch/beside/w.npz" $daisy
