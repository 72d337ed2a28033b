#!/usr/bin/env bash
# `make weights` with a local server: whole, interrupted and resumed, wrong sum, missing, unreachable.
cd "$(dirname "$0")/.." || exit 1
program=${INCEPTOSCOPE:-build/inceptoscope}
if ! command -v curl >/dev/null || [ ! -x /usr/bin/python3 ]; then
    echo 'ok downloads # SKIP curl and /usr/bin/python3 are needed'
    exit 0
fi
scratch=$(mktemp -d) || exit 1
export XDG_DATA_HOME=$scratch/data
/usr/bin/python3 tests/serve_weights.py "$scratch" >"$scratch/port" &
server=$!
trap 'kill $server; rm -rf "$scratch"' EXIT
for _ in $(seq 100); do [ -s "$scratch/port" ] && break; sleep 0.1; done
base=http://127.0.0.1:$(cat "$scratch/port")
sum=$(sha256sum <"$scratch/bvlc.safetensors" | cut -d' ' -f1)
target=$XDG_DATA_HOME/inceptoscope/weights/bvlc_googlenet.safetensors

# check NAME STATUS PATTERN URL SUM
check() {
    no_proxy=127.0.0.1 assets/install/weights "$program" bvlc "$4" "$5" >"$scratch/out" 2>"$scratch/err"
    local got=$?
    if [ "$got" -eq "$2" ] && grep -qE -- "$3" "$scratch/err"; then echo "ok $1"; else echo "not ok $1: status $got, said: $(tail -n 3 "$scratch/err")"; fi
}
check 'a file that the server does not have' 1 'does not have the file' "$base/nothing" "$sum"
check 'a server that cannot be reached' 1 'cannot be reached' "http://127.0.0.1:9/x" "$sum"
check 'another file than expected' 1 'is not the one expected.*removed' "$base/page.html" "$sum"
check 'a download that stops half way' 1 'goes on at [1-9][0-9]+ bytes' "$base/stops/bvlc.safetensors" "$sum"
check 'the same again goes on and is converted' 0 'try: ' "$base/bvlc.safetensors" "$sum"
grep -q '^206 from [1-9]' "$scratch/requests" && echo 'ok only the rest was asked for' || echo 'not ok only the rest was asked for'
size=$(stat -c %s "$scratch/bvlc.safetensors") part=$XDG_DATA_HOME/inceptoscope/weights/download/bvlc.safetensors
mv "$target" "$scratch/kept"
mkdir -p "${part%/*}"
cp "$scratch/bvlc.safetensors" "$part"
check 'a download that was whole already' 0 'try: ' "$base/bvlc.safetensors" "$sum"
rm -f "$target"
mkdir -p "${part%/*}"
{ cat "$scratch/bvlc.safetensors"; echo more; } >"$part"
check 'a part that is longer than the file' 1 "of $((size + 5)) bytes is not the one expected.*removed" "$base/bvlc.safetensors" "$sum"
[ -e "$part" ] && echo 'not ok what is wrong is removed' || echo 'ok what is wrong is removed'
check 'a page instead of the file, without a sum that fits' 1 'is not the one expected' "$base/page.html" 1378be20
page=$(sha256sum <"$scratch/page.html" | cut -d' ' -f1)
check 'a page whose sum somebody gave' 1 'HTML page' "$base/page.html" "$page"
rm -rf "${part%/*}"
(trap '' XFSZ; ulimit -f 1000; check 'a full disk' 1 'cannot be written; is the disk full' "$base/bvlc.safetensors" "$sum")
[ -e "$target" ] && echo 'not ok nothing half-written is left as weights' || echo 'ok nothing half-written is left as weights'
mv "$scratch/kept" "$target"
check 'a second time nothing is downloaded' 0 'already there' "$base/bvlc.safetensors" "$sum"
"$program" predict --weights "$target" --top 1 assets/images/daisy.png >"$scratch/out" 2>"$scratch/err" && grep -q 'bvlc_googlenet (1000 classes)' "$scratch/err" &&
    echo 'ok the converted file opens' || echo "not ok the converted file opens: $(cat "$scratch/err")"
