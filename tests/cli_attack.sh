#!/usr/bin/env bash
# Inputs that crashed, hung or left files behind: each must end soon, with one line or the right result, and leave nothing behind.
program=$(realpath "${INCEPTOSCOPE:?}")
tree=$(realpath "$(dirname "$0")/..")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 1
export XDG_CONFIG_HOME=$folder/config XDG_RUNTIME_DIR=$folder
unset DISPLAY WAYLAND_DISPLAY
corpus=$tree/tests/corpus
photo=$tree/tests/pictures/photo.jpg

ok() { echo "ok $1"; }
bad() { echo "not ok $1: $2"; }

# run STATUS NAME ARGUMENTS...: that exit status, within the time that even a sanitizer needs; its output is in out and err
run() {
    local status=$1 name=$2 got
    shift 2
    timeout -k 1 "${SECONDS_ALLOWED:-60}" "$program" "$@" >out 2>err
    got=$?
    [ $got -eq "$status" ] && ok "$name" || bad "$name" "status $got, $(tail -n 2 err)"
}
says() { grep -qE "$2" err && ok "$1" || bad "$1" "$(cat err)"; }

# Pictures without their tables, after one whose memory they could show: the result is the same every time, in each command.
for picture in no_huffman_tables.jpg huffman_index.jpg empty_idat.png; do
    run 1 "predict refuses $picture" predict --network lenet5 "$photo" "$corpus/damaged_$picture"
    says "predict says what $picture lacks" "damaged_$picture: broken (JPEG|PNG) picture \("
done
for i in 1 2 3 4; do
    printf 'drop %s\nwait-idle\ndrop %s\nwait-idle\n' "$photo" "$corpus/damaged_no_huffman_tables.jpg"
done >drops.script
run 0 "the window goes on after such pictures" --network lenet5 --script drops.script
mkdir -p data/{train,val}/{a,b}
for class in a b; do
    cp "$tree"/assets/images/{daisy,rose}.png "data/train/$class/"
    cp "$tree/assets/images/tulips.png" "data/val/$class/"
    cp "$corpus/damaged_no_huffman_tables.jpg" "data/train/$class/x.jpg"
done
mkfifo data/train/a/pipe.png # nobody writes into it
run 0 "training goes on without such pictures" train data --network "$tree/tests/nets/small.net" --epochs 1 --cache-mb 0 --checkpoint-dir run
says "training names a picture that it cannot read" "x.jpg"
says "training names a pipe among the pictures" "pipe.png: skipped"

# Files dropped on the window whose reading would never end.
mkfifo pipe
for path in pipe /dev/zero /dev/tty; do
    printf 'drop %s\nwait 100\n' "$path" >drop.script
    run 0 "the window closes after $path was dropped" --network lenet5 --script drop.script
done

# A disk on which a file can have at most 4 kilobytes.
(ulimit -f 4 && exec timeout 60 "$program" "$tree/assets/images/daisy.png" --network lenet5 --screenshot large.png) >out 2>err
[ $? -eq 1 ] && [ ! -e large.png ] && [ -z "$(ls | grep tmp-)" ] && grep -q 'large.png: ' err &&
    ok "a file that may not grow is an error, and nothing of it stays" || bad "a file that may not grow" "$(ls; cat err)"
