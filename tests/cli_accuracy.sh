#!/usr/bin/env bash
# cli_accuracy.sh - `inceptoscope accuracy` from outside: it agrees with predict on every picture, and refuses what it cannot judge.
set -u
top=$(cd "$(dirname "$0")/.." && pwd)
program=$(realpath "${INCEPTOSCOPE:?}")
work=$(mktemp -d) && trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
. "$top/tests/check.sh"
net=(--network "$top/tests/nets/small.net")
for k in 1 2 3 4 5 6 7; do # seven classes, as the network has; each one's picture is another of the program's own
    mkdir -p "data/val/kind$k"
    cp "$(find "$top/assets/images" -name '*.png' | sort | sed -n "${k}p")" "data/val/kind$k/photo.png"
done
[ "$(find data -name '*.png' | wc -l)" -eq 7 ] || echo 'not ok there are seven pictures'

"$program" accuracy "${net[@]}" --format json data >all.json 2>all.err
check "a folder is judged" test $? -eq 0
check "... the one named val" grep -q "data: its folder 'val' is used" all.err
"$program" predict "${net[@]}" --top 1 --format json data/val/*/photo.png >predict.json 2>/dev/null
probs() { sed -n '/"pictures": \[/,$p' "$1" | grep -E '"(index|prob)":' | tr -d ' ,'; }
answers() { grep -E '"(index|prob)":' "$1" | tr -d ' ,'; }
check "... with predict's answer and probability for each picture" cmp -s <(probs all.json) <(answers predict.json)
check "... seven of them" test "$(answers predict.json | wc -l)" -eq 14
"$program" accuracy "${net[@]}" --silence 3x3 --prune 20 --prune-layer 5a/3x3 --bits 4 --swap-channels data >changed.txt 2>/dev/null
check "changes are said" grep -q '^changed: branch 3x3 silenced, 20 % of the weights of inception_5a/3x3 pruned, 4 bits, red and blue swapped; .* layers computed again$' changed.txt
check "... and have a column" grep -q 'as it is  *changed' changed.txt
"$program" accuracy "${net[@]}" --prune 50 --prune-layer fc data 2>/dev/null | grep -q '; 2 of [0-9]* layers computed again'
check "only what changed is computed again" test $? -eq 0
"$program" accuracy "${net[@]}" --drop-reductions 5a data 2>/dev/null | grep -q '^changed: reductions of 5a dropped; '
check "reductions are dropped" test $? -eq 0
# The window counts the same, driven by keys: 2 bits, then the reductions of the module where one is, then everything back.
printf 'wait-idle\nkey 5\nkey 5\nkey 5\nwait-idle\ndump bits.json\nkey 7\nwait-idle\ndump both.json\nkey u\nwait-idle\ndump back.json\n' >keys.script
"$program" "${net[@]}" --at 5a --view accuracy --eval-set data --script keys.script 2>/dev/null
check "a script drives the window" test $? -eq 0
"$program" accuracy "${net[@]}" --bits 2 --format json data >bits_cli.json 2>/dev/null
"$program" accuracy "${net[@]}" --bits 2 --drop-reductions 5a --format json data >both_cli.json 2>/dev/null
right() { grep -E '"right": [0-9]+,' "$1" | grep -v '^ \{8\}' | tr -dc '0-9\n' | sed 's/$/ of 7/'; } # of each side, not of the bins
for name in bits both; do
    eces=$(grep '"expected_calibration_error"' ${name}_cli.json | grep -oE '[0-9.]+' | xargs printf '%.4f\n')
    good=yes
    for ece in $eces; do grep -q "\"$ece\"" $name.json || good=no; done
    check "the window's calibration with $name is the command's" test $good = yes -a "$(wc -w <<<"$eces")" -eq 2
    good=yes
    while read -r number; do grep -q "· $number\"" $name.json || good=no; done < <(right ${name}_cli.json)
    check "... and its right answers" test $good = yes -a "$(right ${name}_cli.json | wc -l)" -eq 2
done
check "what was undone is gone" test "$(grep -c 'now wrong' back.json)" -eq 0 -a "$(grep -c 'now wrong' both.json)" -gt 0
echo text >data/val/kind3/broken.jpg
"$program" accuracy "${net[@]}" data >broken.txt 2>broken.err
check "a picture that cannot be read is left out" test $? -eq 0 -a "$(grep -c 'broken.jpg.*; skipped' broken.err)" -eq 1 -a "$(grep -c 'on 7 pictures' broken.txt)" -eq 1

refuse() { # refuse STATUS WORDS ARGUMENTS...
    local status=$1 words=$2
    shift 2
    "$program" accuracy "$@" >out.txt 2>refused.txt
    check "refuses $*" test $? -eq "$status" -a ! -s out.txt -a "$(grep -c -- "$words" refused.txt)" -eq 1
}
refuse 2 'name a folder' "${net[@]}"
refuse 2 'takes 8, 4 or 2, not 3' "${net[@]}" --bits 3 data
refuse 2 'from 0 to 100, not 101' "${net[@]}" --prune 101 data
refuse 2 'give a percentage with --prune' "${net[@]}" --prune-layer fc data
refuse 1 'this layer has no weights' "${net[@]}" --prune 5 --prune-layer maxpool1 data
refuse 1 "small has no module '9z'" "${net[@]}" --drop-reductions 9z data
refuse 1 'nowhere: cannot read this folder' "${net[@]}" nowhere
rm -r data/val/kind7
refuse 1 "its 6 folders (kind1, ...) are not named like the network's 7 classes" "${net[@]}" data
printf 'kind1\nkind2\nkind3\nkind4\nkind5\nbird\nfish\n' >names.txt
refuse 1 "the network has no class 'kind6'" "${net[@]}" --labels names.txt data
