#!/usr/bin/env bash
# cli_teach.sh - the teaching view driven by a script from the first drop to the saved files, whose answers are those on the screen, and by predict.
set -u
top=$(cd "$(dirname "$0")/.." && pwd)
program=$(realpath "${INCEPTOSCOPE:?}")
work=$(mktemp -d) && trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
. "$top/tests/check.sh"
mkdir -p kinds/drawn kinds/flowers
cp "$top"/assets/images/{checkerboard,colour_wheel,gratings}.png kinds/drawn
cp "$top"/assets/images/{daisy,rose,sunflower}.png kinds/flowers
cat >teach.script <<END
key Shift+k
expect has no pictures yet
drop $work/kinds
wait-idle
expect Ready: 4 pictures will teach, 2 are held out to check.
choose New class
point class 3
drop $top/assets/images/tulips.png
expect class 3
choose Teach
wait-idle
expect fewer than two different pictures
key u
choose Teach
wait-idle
expect Of 2 held-out pictures
point steps
drop $top/assets/images/dandelion.png
wait-idle
expect dandelion.png
dump taught.json
choose Save .safetensors
wait-idle
choose Save .pth
wait-idle
choose Former network back
wait-idle
expect The former network is back.
END
"$program" --network "$top/tests/nets/small.net" --size 1366x768 --script teach.script >out 2>err
check "the script runs to its end" test $? -eq 0
[ -s err ] && grep -v untrained err
grep -o '"text": "[<>0-9.]* %"' taught.json | sed 's/.*"text": "//; s/ %"//' | sort -u >shown
for file in inceptoscope-taught.safetensors inceptoscope-taught.pth; do
    "$program" predict --weights $file --network "$top/tests/nets/small.net" --format json "$top/assets/images/dandelion.png" >$file.json 2>err
    check "$file: predict knows the classes" grep -qE '"label": *"(drawn|flowers)"' $file.json
    prob=$(grep -oE '"prob": *[0-9.e-]+' $file.json | head -n 1 | grep -oE '[0-9.e-]+$')
    check "$file: its answer is the one on the screen" grep -qxF "$(awk -v p="$prob" 'BEGIN { printf "%.1f", 100 * p }')" shown
done
check "predict gave a probability" grep -q prob inceptoscope-taught.pth.json
check "both files have the same answer" cmp -s <(grep prob inceptoscope-taught.safetensors.json) <(grep prob inceptoscope-taught.pth.json)
