#!/usr/bin/env bash
# long_training.sh - a real training on the flowers, `make training`: not part of `make test`, an epoch takes minutes on two cores.
#   EPOCHS=30 SEED=1 INCEPTOSCOPE_DATA=... tests/long_training.sh
# Trains with the article's settings, killing the program with -9 once in the first epoch; then checks peak memory, the accuracy
# band of the article's own script, and that F16 answers like F32.
set -u
program=${INCEPTOSCOPE:-build/inceptoscope}
data=${INCEPTOSCOPE_DATA:?set it to the folder with data/flowers}/data/flowers
folder=${FOLDER:-build/training}
epochs=${EPOCHS:-30}
failed=0
check() {
    if [ "$2" = 1 ]; then echo "ok $1"; else echo "not ok $1"; failed=1; fi
}
least() { awk -v a="$1" -v b="$2" 'BEGIN { print (a >= b) ? 1 : 0 }'; }

rm -rf "$folder"
mkdir -p "$folder"
run() { "$program" train "$data" --epochs "$epochs" --seed "${SEED:-1}" --average 0.999 --checkpoint-dir "$folder" "$@"; }
"$program" train "$data" --epochs "$epochs" --seed "${SEED:-1}" --average 0.999 --checkpoint-dir "$folder" --save-every 20 >"$folder/first.txt" &
pid=$!
while [ ! -e "$folder/last.checkpoint" ] && kill -0 $pid 2>/dev/null; do sleep 1; done
kill -9 $pid
wait $pid 2>/dev/null
check "killed after the first checkpoint" "$([ -e "$folder/last.checkpoint" ] && echo 1 || echo 0)"
run --resume --out "$folder/flowers.safetensors" | tee "$folder/log.txt" &
wait_for=$!
peak=0
while kill -0 $wait_for 2>/dev/null; do
    for p in $(pgrep -f "checkpoint-dir $folder"); do
        now=$(awk '/VmHWM/ { print $2 }' "/proc/$p/status" 2>/dev/null)
        [ "${now:-0}" -gt "$peak" ] && peak=$now
    done
    sleep 5
done
wait $wait_for
echo "peak memory $((peak / 1024)) MB"
check "peak memory at batch 32 is at most 2.5 GB" "$(least 2500000000 $((peak * 1024)))"
best=$(sed -nE 's/^[0-9]+ of [0-9]+ correct: ([0-9.]+)$/\1/p' "$folder/log.txt")
echo "best validation accuracy $best"
[ "$epochs" -ge 29 ] && check "validation accuracy at least 0.80, the article's mean over its last ten epochs" "$(least "$best" 0.80)"
different=$(sed -nE 's/.*answers differently from the F32 weights on ([0-9]+) of.*/\1/p' "$folder/log.txt")
check "F16 differs from F32 on at most 1 picture" "$(least 1 "${different:-99}")"
exit $failed
