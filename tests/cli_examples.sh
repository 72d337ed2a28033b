#!/usr/bin/env bash
# `explain examples` as users and scripts see it. test_examples checks the maxima and ranks themselves, oracle_examples.py against PyTorch.
cd "$(dirname "$0")/.." || exit 1
tmp=$(mktemp -d) && trap 'rm -rf "$tmp"' EXIT
export XDG_CACHE_HOME=$tmp/cache
photos=$tmp/photos
mkdir -p "$photos/yellow" "$photos/red" "$tmp/empty" "$tmp/train"
cp assets/images/{daisy,dandelion,sunflower}.png "$photos/yellow"
cp assets/images/{rose,tulips}.png "$photos/red"
cp assets/images/gratings.png "$tmp/train"
head -c 900 assets/images/rose.png >"$photos/red/torn.png"
net=(--network tests/nets/small.net)

# NAME PATTERN ARGUMENTS...: exit status 0, and standard output must match PATTERN.
says() {
    local name=$1 pattern=$2 out
    shift 2
    if out=$("$INCEPTOSCOPE" explain examples "${net[@]}" "$@" 2>"$tmp/err") && grep -qE -- "$pattern" <<<"$out"; then echo "ok $name"
    else echo "not ok $name: $(head -c 200 "$tmp/err") $(head -c 300 <<<"$out")"; fi
}
# NAME STATUS PATTERN ARGUMENTS...: nothing on standard output; the last line of standard error must match.
refuses() {
    local name=$1 status=$2 pattern=$3 out code
    shift 3
    out=$("$INCEPTOSCOPE" explain examples "${net[@]}" "$@" 2>"$tmp/err"); code=$?
    if [ $code -eq "$status" ] && tail -n 1 "$tmp/err" | grep -qE -- "$pattern" && [ -z "$out" ]; then echo "ok $name"
    else echo "not ok $name: status $code, $(tail -n 1 "$tmp/err" | head -c 300)"; fi
}
warned() { if grep -qE -- "$2" "$tmp/err"; then echo "ok $1"; else echo "not ok $1: $(head -c 300 "$tmp/err")"; fi; }

says 'a channel by both of its names' '^3a/3x3\[5\] = 3a\[9\], of these 5 photos in ' --photos "$photos" --at '3a[9]'
warned 'a broken photo is named' 'skipped: .*photos/red/torn\.png: '
says 'the branch is the same channel' '^3a/3x3\[5\] = 3a\[9\], of these 5 photos in ' --photos "$photos/" --at '3a/3x3[5]'
warned 'and named again when the cache is read' 'skipped: .*photos/red/torn\.png: '
says 'what a value sees, cut at the border' '^  1 .* at +[0-9]+,[0-9]+ +sees rows [0-9]+-[0-9]+, columns [0-9]+-[0-9]+  (red|yellow)/[a-z]+\.png$' --photos "$photos" --at 'conv1[1]' --top 1
says 'classes beside chance' 'of the [0-9] strongest are (red|yellow); of [0-9] drawn at random [0-9.]+ would be$' --photos "$photos" --at 'conv1[1]'
says 'JSON' '"commonest": \{' --photos "$photos" --at 'conv1[1]' --format json
says 'a sheet of patches' 'conv1\[1\]' --photos "$photos" --at 'conv1[1]' --out "$tmp/sheet.png"
[ -s "$tmp/sheet.png" ] && echo "ok the sheet is there" || echo "not ok the sheet is there: none"
says 'all channels' 'all/3a-3x3\.png$' --photos "$photos" --all --out "$tmp/all"
n=$(ls "$tmp/all" | wc -l) units=$(cat "$tmp/all/"*.json | grep -c '"unit":')
[ "$n" -eq 56 ] && [ "$units" -eq 145 ] && echo "ok a table and a sheet of each of 28 layers" || echo "not ok a table and a sheet of each of 28 layers: $n files, $units units"
says 'all channels of a layer' 'one/conv1\.json$' --photos "$photos" --all --at conv1 --out "$tmp/one" --format json
[ "$(ls "$tmp/one")" = conv1.json ] && echo "ok only its table" || echo "not ok only its table: $(ls "$tmp/one")"
says 'photos without classes' '^conv1\[1\], of these 1 photos' --photos "$tmp/train" --at 'conv1[1]'
warned 'a folder for training' 'trained on'

# one thread or several, killed in between: the same file
kept=$(cat "$XDG_CACHE_HOME"/inceptoscope/maxima-* | cksum)
rm -r "$XDG_CACHE_HOME"
for i in 1 2 3; do
    "$INCEPTOSCOPE" explain examples "${net[@]}" --photos "$photos" --at 'conv1[1]' --threads $i >/dev/null 2>&1 & pid=$!
    sleep 0.0$((i * 2)); kill -9 $pid 2>/dev/null; wait $pid 2>/dev/null
done
"$INCEPTOSCOPE" explain examples "${net[@]}" --photos "$photos" --at 'conv1[1]' --threads 3 >/dev/null 2>&1
"$INCEPTOSCOPE" explain examples "${net[@]}" --photos "$tmp/train" --at 'conv1[1]' --threads 1 >/dev/null 2>&1
[ "$(cat "$XDG_CACHE_HOME"/inceptoscope/maxima-???????????????? | cksum)" = "$kept" ] && echo "ok killed and begun again: the same file" || echo "not ok killed and begun again: the same file"

refuses 'no folder' 2 'needs --photos DIR and --at' --at 'conv1[1]'
refuses 'neither a channel nor all' 2 'needs --photos DIR and --at' --photos "$photos"
refuses 'all without a place' 2 '--all --out DIR' --photos "$photos" --all
refuses 'too many' 2 '--top takes a number from 1 to 100' --photos "$photos" --at 'conv1[1]' --top 101
refuses 'a folder without photos' 1 'empty: no photo in this folder' --photos "$tmp/empty" --at 'conv1[1]'
refuses 'a folder that is not there' 1 'nowhere: cannot read this folder' --photos "$tmp/nowhere" --at 'conv1[1]'
refuses 'a channel that is none' 1 'conv1' --photos "$photos" --at 'conv1[99]'
refuses 'a layer without a channel' 1 'name one of its 8 channels, conv1\[0\] to conv1\[7\], or use --all' --photos "$photos" --at conv1
refuses 'a pool' 1 'only passes on the channels of another layer; name conv1\[3\]' --photos "$photos" --at 'norm1[3]'
refuses 'the input' 1 'no channels that the network has learnt' --photos "$photos" --at 'input[1]'
refuses 'all of a module' 1 "a module's channels are those of its branches" --photos "$photos" --all --at 3a --out "$tmp/no"
rm "$photos"/red/[rt]u*.png "$photos"/red/rose.png "$photos"/yellow/*
refuses 'only broken photos' 1 'none of its 1 photos can be read' --photos "$photos" --at 'conv1[1]'
