#!/usr/bin/env bash
# The bench command: JSON that machines can read, a kernel's name for every layer, the instruction set that was asked for.
cd "$(dirname "$0")/.." || exit 1
tmp=$(mktemp -d) && trap 'rm -rf "$tmp"' EXIT

report() { # NAME STATUS: "ok" when the status is 0
    if [ "$2" -eq 0 ]; then echo "ok $1"; else echo "not ok $1: $(head -c 300 "$tmp/err")"; fi
}
refuses() { # NAME STATUS PATTERN COMMAND...
    local name=$1 status=$2 pattern=$3 out code
    shift 3
    out=$("$@" 2>"$tmp/err"); code=$?
    [ $code -eq "$status" ] && tail -1 "$tmp/err" | grep -qE -- "$pattern" && [ -z "$out" ]
    report "$name" $?
}

"$INCEPTOSCOPE" bench --json --no-reference --repeat 1 >"$tmp/bench.json" 2>"$tmp/err"
report 'bench --json succeeds' $?
/usr/bin/python3 - "$tmp/bench.json" 2>"$tmp/err" <<'PY'
import json, sys
bench = json.load(open(sys.argv[1]))
layers = {layer["name"]: layer for layer in bench["layers"]}
assert bench["macs"] == 1582671872 and bench["threads"] >= 1, "totals"
assert bench["macs"] == sum(layer["macs"] for layer in layers.values()), "layers add up"
assert bench["whole"]["one_ms"] > 0 and bench["whole"]["all_ms"] > 0 and bench["peak_one_gflops"] > 0, "times"
assert layers["inception_3a/3x3"]["kernel"].startswith("conv 3x3") and layers["conv1"]["all_ms"] > 0, "kernels"
gradients = bench["gradients"]
assert set(gradients) == {"score_by_middle", "score_by_picture", "step_at_128"}, "gradients"
assert all(times[key] > 0 for times in gradients.values() for key in ("one_ms", "all_ms")), "gradients' times"
explain = bench["explain"]
assert set(explain) == {"share_at_middle", "share_everywhere", "groups_at_middle", "circuit"}, "explanations"
assert all(times[key] > 0 for times in explain.values() for key in ("one_ms", "all_ms")), "explanations' times"
assert all(layer["kernel"] and "reference" not in layer["kernel"] for layer in layers.values()), "names"
PY
report 'its numbers add up and every layer names its kernel' $?
INCEPTOSCOPE_CPU=plain "$INCEPTOSCOPE" bench --forward --repeat 1 2>"$tmp/err" | grep -qE 'kernels plain: the least of 1 forwards takes [0-9.]+ ms on one thread, [0-9.]+ on [0-9]+$'
report 'INCEPTOSCOPE_CPU=plain is what runs' $?
"$INCEPTOSCOPE" bench --no-reference --repeat 1 2>"$tmp/err" | grep -qE '^gradient of a score by 4c +[0-9.]+ ms on one thread, +[0-9.]+ on all$'
report 'the gradients have lines in the table' $?
[ "$("$INCEPTOSCOPE" bench --no-reference --repeat 1 --network lenet5 2>"$tmp/err" | grep -c '^gradient\|^step of')" -eq 1 ]
report 'a network without modules has the gradient by the picture alone' $?
refuses 'an instruction set that does not exist' 1 'INCEPTOSCOPE_CPU=mmx: this CPU has no such kernels' \
    env INCEPTOSCOPE_CPU=mmx "$INCEPTOSCOPE" bench --no-reference
refuses 'a batch below zero' 2 '--batch takes' "$INCEPTOSCOPE" bench --batch -1
refuses 'an unknown network' 1 'nosuchnet' "$INCEPTOSCOPE" bench --network nosuchnet
