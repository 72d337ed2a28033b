#!/usr/bin/env bash
# data_accuracy.sh - `accuracy` on all 364 validation photos: predict's answer and probability for each of them, also with rounded weights that
# `convert` wrote and that were opened from their file; and the window's numbers. Part of `make oracle`; needs $INCEPTOSCOPE_DATA.
set -u
program=$(realpath "${INCEPTOSCOPE:-build/inceptoscope}")
weights=$(realpath assets/weights/flowers.safetensors)
val=${INCEPTOSCOPE_DATA:-}/data/flowers/val
if [ ! -d "$val" ]; then
    echo "ok accuracy on all photos # SKIP needs INCEPTOSCOPE_DATA"
    exit 0
fi
work=$(mktemp -d) && trap 'rm -rf "$work"' EXIT
status=0
check() { # check NAME CONDITION...
    local name=$1
    shift
    if "$@"; then echo "ok $name"; else echo "not ok $name"; status=1; fi
}
# same ACCURACY.json SIDE PREDICT.json: the same index and probability for every picture of both
same() {
    /usr/bin/python3 - "$@" <<'END'
import json, sys
pictures, predicted = json.load(open(sys.argv[1]))['pictures'], json.load(open(sys.argv[3]))
ours = {p["image"]: p for p in pictures}
theirs = {p['image']: p['top'][0] for p in predicted}
answer = lambda p: p['changed'] if sys.argv[2] == 'changed' else p['answer']
wrong = [k for k in theirs if (answer(ours[k])['index'], answer(ours[k])['prob']) != (theirs[k]['index'], theirs[k]['prob'])]
print(len(theirs), 'pictures,', len(wrong), 'differ', wrong[:3])
sys.exit(len(theirs) != 364 or len(ours) != 364 or len(wrong) > 0)
END
}
"$program" accuracy --weights "$weights" --bits 4 --format json "$val" >"$work/all.json" 2>/dev/null
"$program" predict --weights "$weights" --top 1 --format json "$val"/*/*.jpg >"$work/own.json" 2>/dev/null
check "as it is, each photo has predict's answer" same "$work/all.json" own "$work/own.json"
"$program" convert --bits 4 "$weights" "$work/four.safetensors" >/dev/null 2>&1
"$program" predict --weights "$work/four.safetensors" --top 1 --format json "$val"/*/*.jpg >"$work/four.json" 2>/dev/null
check "rounded to 4 bits, each photo has the answer of the weights from a file" same "$work/all.json" changed "$work/four.json"
shown=$(/usr/bin/python3 -c 'import json, sys; a = json.load(open(sys.argv[1])); print(*["%.1f %% · %d of %d" % (100 * s["top1"], s["right"], s["pictures"]) for s in (a["as_it_is"], a["changed"])], sep="\n")' "$work/all.json")
"$program" --weights "$weights" --view accuracy --eval-set "$val" --bits 4 --dump "$work/window.json" 2>/dev/null
while read -r number; do
    check "the window shows $number" grep -qF "$number" "$work/window.json"
done <<<"$shown"
exit $status
