#!/usr/bin/env bash
# Hostile surroundings: a full disk, a folder that may not be written, no home, closed output, other locales, names of 4,096
# bytes and names with quotes and line breaks. Nothing is lost or half-written, and a failure is one line and a status.
# Others: cli_attack.sh, cli_contract.sh (full standard output), cli_train.sh (checkpoints), test_surroundings.c (killed and simultaneous writers).
program=$(realpath "${INCEPTOSCOPE:?}")
cd "$(dirname "$0")/.." || exit 1
. tests/sampled.sh
small=$PWD/tests/nets/small.net daisy=$PWD/assets/images/daisy.png lessons=$PWD/lessons/en
tmp=$(mktemp -d) && trap 'rm -rf "$tmp"' EXIT
cd "$tmp" || exit 1
chmod 755 .
export XDG_CONFIG_HOME=$tmp/config XDG_STATE_HOME=$tmp/state XDG_CACHE_HOME=$tmp/cache XDG_RUNTIME_DIR=$tmp
unset DISPLAY WAYLAND_DISPLAY
ok() { echo "ok $1"; }
bad() { echo "not ok $1: $2"; }
# fails NAME PATTERN COMMAND...: a status that is not 0 and no signal's, one line that matches
fails() {
    local name=$1 pattern=$2 status
    shift 2
    timeout 120 "$@" >out 2>err
    status=$?
    grep -v 'untrained' err >message
    if [ $status -ge 1 ] && [ $status -le 2 ] && [ "$(wc -l <message)" -eq 1 ] && grep -qE -- "$pattern" message; then ok "$name"
    else bad "$name" "status $status, $(head -c 300 message)"; fi
}
n=0
next() { n=$((n + 1)); sampled $n 4; } # one in four where the program is slow

# Every command that writes a file, with a disk that takes 4 kB: the old file stays whole, and nothing lies beside it.
writes=("--network $small --screenshot" "--network $small --dump" "convert $small" "explain cam --network $small --class 1 --out" \
        "explain sanity --network $small --out" "activations --network $small --layer conv1 --out")
ends=(.png .json .onnx .png .png .npy)
full() { (ulimit -f 4; exec "$program" "$@"); }
export -f full; export program
for i in "${!writes[@]}"; do
    next || continue
    picture=$daisy
    [[ ${writes[$i]} == convert* ]] && picture=
    mkdir "full$i" && echo old >"full$i/it${ends[$i]}"
    # shellcheck disable=SC2086
    fails "a full disk: ${writes[$i]%% --network*}" "full$i/it[^:]*: .*(nothing was overwritten)" bash -c 'full "$@"' _ ${writes[$i]} "full$i/it${ends[$i]}" $picture
    [ "$(cat "full$i/it${ends[$i]}")" = old ] && [ "$(ls -A "full$i" | wc -l)" -eq 1 ] && ok '... the old file stays' || bad '... the old file stays' "$(ls -la "full$i")"
done

# A folder that may not be written; root may write everywhere, so as somebody else.
mkdir shut && echo old >shut/it.png && chmod 555 shut && chmod 444 shut/it.png
as=()
[ "$(id -u)" -eq 0 ] && as=(setpriv --reuid 65534 --regid 65534 --clear-groups)
if "${as[@]}" test -x "$program" 2>/dev/null && ! "${as[@]}" test -w shut 2>/dev/null; then
    fails 'a read-only folder' 'shut/new.png: cannot write here: Permission denied' "${as[@]}" "$program" --network "$small" --screenshot shut/new.png "$daisy"
    fails 'a read-only file' 'shut/it.png: cannot write here: Permission denied' "${as[@]}" "$program" --network "$small" --screenshot shut/it.png "$daisy"
    [ "$(cat shut/it.png)" = old ] && [ "$(ls shut)" = it.png ] && ok '... is as it was' || bad '... is as it was' "$(ls shut)"
else
    echo 'ok a read-only folder # SKIP there is nobody who may not write it'
fi

# Names of 4,096 bytes.
long=$(printf 'x%.0s' {1..4096})
commands=("predict --network $small $long" "--network $small --screenshot $long $daisy" "predict --network $small --weights $long $daisy" "trace $long" \
          "--network $small --labels $long --screenshot a.png" "--script $long" "--network $small --dump $long" "lesson check $long" "lesson results $long" \
          "watch $long" "train $long" "accuracy --network $small $long" "explain examples --network $small --photos $long --at conv1[0]" \
          "convert $small $long.onnx" "lesson export --out $long" "--exercise $long --screenshot a.png")
for command in "${commands[@]}"; do
    next || continue
    # shellcheck disable=SC2086
    fails "a name of 4,096 bytes: ${command%% *xxx*}" 'too long|longer than|no network' "$program" $command
done

# Names with quotes, a line break, an escape: read and written as they are, and one line in a message.
name=$'a "b\'\n\e[31m.png'
cp "$daisy" "$name"
"$program" predict --network "$small" "$name" >out 2>err && ok 'a name with a line break is read' || bad 'a name with a line break is read' "$(cat err)"
"$program" predict --network "$small" --format json "$name" >out 2>err && /usr/bin/env python3 -c 'import json, sys; sys.exit(json.load(open("out"))[0]["image"] != sys.argv[1])' "$name" 2>err &&
    ok '... and is whole in JSON' || bad '... and is whole in JSON' "$(head -c 200 out err)"
"$program" --network "$small" --screenshot "$name.png" "$daisy" 2>err && [ -s "$name.png" ] && ok '... and written' || bad '... and written' "$(cat err)"
fails '... and is one line in a message' 'cannot be opened' "$program" predict --network "$small" "no $name"
if grep -q $'\e' message; then bad '... without its escape' "$(od -c message | head)"; else ok '... without its escape'; fi

# No home at all: nothing is kept, everything else works.
env -u HOME -u XDG_CONFIG_HOME -u XDG_STATE_HOME -u XDG_CACHE_HOME "$program" --network "$small" --screenshot home.png "$daisy" 2>err && [ -s home.png ] && ok 'no home' || bad 'no home' "$(cat err)"

# Closed descriptors.
for command in "trace $small" "lesson list" --help; do
    # shellcheck disable=SC2086
    fails "closed standard output: ${command%% *}" 'standard output cannot be written' bash -c '"$@" >&-' _ "$program" $command
done
"$program" --network "$small" --screenshot closed.png "$daisy" <&- >&- 2>&- && head -c 4 closed.png | grep -q PNG && ok 'all three closed' || bad 'all three closed' "$(od -c closed.png | head -n 2)"

# Decimal commas, and a dotless i.
"$program" trace "$small" --format json >plain.json
"$program" predict --network "$small" "$daisy" >plain.txt 2>/dev/null
for locale in de_DE tr_TR; do
    in=(env "LOCPATH=$tmp" "LC_ALL=$locale.UTF-8")
    if ! localedef -i $locale -f UTF-8 "$tmp/$locale.UTF-8" 2>/dev/null || [ "$("${in[@]}" locale decimal_point)" != , ]; then
        echo "ok $locale # SKIP its locale cannot be made"
        continue
    fi
    "${in[@]}" "$program" trace "$small" --format json | cmp -s - plain.json && "${in[@]}" "$program" predict --network "$small" "$daisy" 2>/dev/null | cmp -s - plain.txt &&
        ok "$locale: the same numbers" || bad "$locale: the same numbers" ''
    "${in[@]}" "$program" --network "$small" --screenshot "$locale.png" "$daisy" 2>/dev/null; cmp -s "$locale.png" closed.png && ok "$locale: the same picture" || bad "$locale: the same picture" ''
    "${in[@]}" "$program" lesson check "$lessons/03-inception-3a.lesson" >out 2>&1 && ok "$locale: a lesson" || bad "$locale: a lesson" "$(tail -n 1 out)"
done
