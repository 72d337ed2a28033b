#!/usr/bin/env bash
# cli_train.sh - `inceptoscope train` from outside: what it prints, resume after kill -9, strays, bad input, a full disk.
set -u
top=$(cd "$(dirname "$0")/.." && pwd)
program=${INCEPTOSCOPE:-build/inceptoscope}
case $program in /*) ;; *) program=$PWD/$program ;; esac
work=$(mktemp -d) || exit 1
trap 'kill $(jobs -p) 2>/dev/null; rm -rf "$work"' EXIT
cd "$work" || exit 1

. "$top/tests/check.sh"

# picture FILE LABEL SEED: a 30x24 PPM, bright in channel LABEL. Bytes stay printable, so that any awk can write them.
picture() {
    LC_ALL=C awk -v label="$2" -v seed="$3" 'BEGIN {
        srand(seed); printf "P6\n30 24\n255\n"
        for (i = 0; i < 30 * 24 * 3; i++) printf "%c", (i % 3 == label ? 90 : 40) + int(rand() * 30) }' >"$1"
}

for part in train val; do
    for label in 0 1 2; do
        mkdir -p "data/$part/kind$label"
        for i in 1 2 3 4 5; do picture "data/$part/kind$label/$i.ppm" $label $((label * 10 + i)); done
    done
done

common=(train data --network "$top/tests/nets/small.net" --engine reference --batch 4 --lr 0.002 --average 0.9)
train() { "$program" "${common[@]}" "$@"; } # in the background the program itself is called, so that $! is its own
losses() { sed -E 's/; [0-9]+ s\)/)/' "$1" | grep '^\[epoch'; } # the lines of an epoch without their seconds

# --- a whole run
train --epochs 3 --checkpoint-dir whole --out whole.safetensors >whole.txt 2>whole.err
check "a run ends well" test $? -eq 0
check "three epochs are reported" test "$(grep -c '^\[epoch [123]\] train_loss: [0-9.]*  val_accuracy: [0-9.]* ' whole.txt)" -eq 3
check "the majority baseline stands beside the accuracy" grep -q 'majority 0.333' whole.txt
check "all three losses are shown" grep -q 'losses main [0-9.]* aux1 [0-9.]* aux2 [0-9.]*' whole.txt
check "the confusion matrix has a row per class" test "$(grep -c '^kind[012] ' whole.txt)" -eq 3
check "... and is in a file for the window" cmp -s <(grep '^kind[012] ' whole.txt | awk '{ print $1, $2, $3, $4 }') <(grep '^"' whole/confusion.csv | tr -d '"' | tr , ' ')
check "F16 is compared with F32" grep -q 'answers differently from the F32 weights on [01] of 15 pictures' whole.txt
check "class_indices.json is written" grep -q '"2": "kind2"' whole/class_indices.json
check "the history has a row per epoch" test "$(grep -c '^[123],1,' whole/history.csv)" -eq 3
check "the weights can be used" "$program" predict --weights whole.safetensors --network "$top/tests/nets/small.net" data/val/kind0/1.ppm >/dev/null 2>&1
"$program" explain gradients --weights whole.safetensors --network "$top/tests/nets/small.net" --label 1 --format json data/val/kind1/1.ppm >flow.json 2>/dev/null
check "explain gradients lists every layer with weights" test "$(grep -o '"weights_aux_on": [0-9]' flow.json | wc -l)" -ge 20
check "... and every head" grep -q '"head": *"aux2"' flow.json
"$program" explain gradients --weights whole.safetensors --network "$top/tests/nets/small.net" --label 3 data/val/kind1/1.ppm >/dev/null 2>&1
check "a label that does not exist is refused" test $? -eq 1
train --epochs 3 --checkpoint-dir again >again.txt 2>&1
check "the same seed gives the same run" cmp -s <(losses whole.txt) <(losses again.txt)
train --epochs 3 --checkpoint-dir other --seed 2 >other.txt 2>&1
check "another seed gives another run" test "$(losses whole.txt)" != "$(losses other.txt)"

# --- a place where the weights cannot be written is reported before the training
train --epochs 1 --checkpoint-dir nowhere --out missing/w.safetensors >no.txt 2>no.err
check "a folder that is missing is refused at once" test $? -eq 1 -a ! -s no.txt -a ! -e nowhere -a "$(grep -c 'missing/w.safetensors: cannot write here' no.err)" -eq 1
train --epochs 1 --checkpoint-dir nowhere --out w.pth >no.txt 2>no.err
check "--out says that it writes safetensors" test $? -eq 2 -a ! -e nowhere -a "$(grep -c 'ends in .safetensors' no.err)" -eq 1

# --- watching, without a display
for size in 1280x720 1600x900 1920x1080; do
    for lang in en zh; do
        "$program" watch whole --size $size --lang $lang --screenshot w.png --dump w.json >/dev/null 2>watch.err
        check "watch $size $lang draws" test $? -eq 0 -a -s w.png
        check "watch $size $lang cuts no text off" test "$(grep -c '"clipped": true' w.json)" -eq 0
    done
done
cat >watch.script <<'END'
expect epoch 3 of 3
expect always the largest class 0.333
expect chance 1.099
expect 3a
key Left
expect epoch 2 of 3
key Home
expect at the start, random
END
"$program" watch whole/history.csv --script watch.script >/dev/null 2>watch.err
check "watch follows the keys" test $? -eq 0
"$program" watch data/val >/dev/null 2>&1 --screenshot w.png
check "watch of a folder without a history waits" test $? -eq 0
"$program" watch whole.txt --screenshot w.png >/dev/null 2>watch.err
check "watch of another file is refused" test $? -eq 1 -a "$(grep -c 'whole.txt:1: this is not a training history' watch.err)" -eq 1

# --- an earlier run is never overwritten
before=$(cksum <whole/last.checkpoint)
train --epochs 1 --checkpoint-dir whole >/dev/null 2>refused.txt
check "a folder with a run in it is refused" test $? -eq 1
check "... and the message says how to go on" grep -q 'whole/last.checkpoint: .*--resume' refused.txt
train --epochs 3 --checkpoint-dir whole --resume --batch 5 >/dev/null 2>refused.txt
check "another batch on resume is refused" grep -q 'cannot change on --resume' refused.txt
check "nothing was overwritten" test "$before" = "$(cksum <whole/last.checkpoint)"

# --- killed again and again, it ends with the same numbers
tries=0
rm -rf killed
"$program" "${common[@]}" --epochs 3 --checkpoint-dir killed --save-every 1 >killed.txt 2>/dev/null &
pid=$!
while :; do
    sleep "0.0$((tries * 7 % 10))"
    kill -9 $pid 2>/dev/null
    wait $pid 2>/dev/null && break
    tries=$((tries + 1))
    resume=--resume
    [ -e killed/last.checkpoint ] || resume=
    if [ $tries -ge 12 ]; then # let it finish
        train --epochs 3 --checkpoint-dir killed --save-every 1 $resume >>killed.txt 2>/dev/null
        break
    fi
    "$program" "${common[@]}" --epochs 3 --checkpoint-dir killed --save-every 1 $resume >>killed.txt 2>/dev/null &
    pid=$!
done
columns() { cut -d, -f1-10,12- "$1"; } # all but the seconds
check "killed $tries times, the history is the same to the last digit" cmp -s <(columns whole/history.csv) <(columns killed/history.csv)
check "... and so are the first layer's kernels after each epoch" cmp -s whole/filters.npy killed/filters.npy
check "... with no debris left" test "$(find killed -name '*.tmp-*' | wc -l)" -eq 0
check "... and so are the best weights" cmp -s whole/best.safetensors killed/best.safetensors

# --- killed between the checkpoint of an epoch's end and what is written beside it
train --epochs 2 --checkpoint-dir between >/dev/null 2>&1
cp between/filters.npy between/history.csv .
train --epochs 3 --checkpoint-dir between --resume >/dev/null 2>&1
cp between/history.csv after.csv
mv filters.npy history.csv between/
train --epochs 3 --checkpoint-dir between --resume >/dev/null 2>&1
check "a resume writes the row that a kill left out" cmp -s after.csv between/history.csv
check "... and the kernels" cmp -s whole/filters.npy between/filters.npy

# --- asked to end (a background job of a script ignores ctrl-c, so the other signal it listens to)
rm -rf gentle
"$program" "${common[@]}" --epochs 500 --checkpoint-dir gentle >/dev/null 2>gentle.err &
pid=$!
sleep 1
kill -TERM $pid
wait $pid
check "a request to end is obeyed" test $? -eq 0
check "... with a checkpoint" test -e gentle/last.checkpoint
check "... and says how to go on" grep -q -- '--resume' gentle.err

# --- strays and bad pictures
cp -r data strays
mkdir strays/train/.ipynb_checkpoints
echo text >strays/train/LICENSE.txt
echo text >strays/train/kind1/readme.md
echo text >strays/train/kind1/broken.jpg
head -c 300 data/train/kind1/1.ppm >strays/train/kind1/cut.ppm
"$program" train strays --network "$top/tests/nets/small.net" --engine reference --batch 4 --epochs 1 --checkpoint-dir s >s.txt 2>s.err
check "strays do not stop a run" test $? -eq 0
check "a hidden folder is reported" grep -q '.ipynb_checkpoints: skipped' s.err
check "a text file is reported" grep -q 'readme.md: skipped' s.err
check "an unreadable picture is reported once" test "$(grep -c 'broken.jpg' s.err)" -eq 1
check "a truncated picture is reported once" test "$(grep -c 'cut.ppm' s.err)" -eq 1
check "there are three classes" test "$(grep -c '^class [0-9]' s.txt)" -eq 3

# --- input that cannot be used: status 1 and one line that names it
refuse() { # refuse NAME WORDS COMMAND...
    local name=$1 words=$2 status
    shift 2
    "$@" >/dev/null 2>refused.txt
    status=$?
    check "$name" test "$status" -eq 1 -a "$(grep -c . refused.txt)" -eq 1 -a "$(grep -c -- "$words" refused.txt)" -eq 1
}
run() { "$program" train "$@" --network "$top/tests/nets/small.net" --checkpoint-dir bad; }
mkdir -p empty/train/a empty/train/b empty/val/a empty/val/b one/train/a differs/train differs/val
picture one/train/a/1.ppm 0 1
cp -r data/train/kind0 data/train/kind1 differs/train
cp -r data/val/kind0 differs/val
cp -r data/val/kind2 differs/val
refuse "a missing folder" 'nowhere: cannot read this folder' run nowhere
mkdir -p plain && picture plain/1.ppm 0 1
refuse "a folder without classes" 'plain: expected train/ and val/ .* found no folder and 1 file' run plain
refuse "an empty class" "class 'a' has no picture" run empty
refuse "one class" '1 class folder found' run one
refuse "validation folders that differ" "class 1 is 'kind2' here but 'kind1' in" run differs
refuse "a network for grey pictures" "lenet5.net:8: its input has 1 channel, .* 'input 3x[0-9x]*' there" \
    "$program" train data --network lenet5 --checkpoint-dir grey
refuse "nothing to resume" 'bad/last.checkpoint: cannot be opened' run data --resume
mkdir bad 2>/dev/null
cp whole.safetensors bad/last.checkpoint
refuse "a weight file is no checkpoint" 'not a complete checkpoint' run data --resume
head -c 5000 whole/last.checkpoint >bad/last.checkpoint
refuse "a cut checkpoint" 'bad/last.checkpoint: ' run data --resume

# --- a full disk, as a limit on the size of a file
rm -rf full
train --epochs 2 --checkpoint-dir full --save-every 2 --resume >/dev/null 2>&1
mkdir -p full && cp whole/last.checkpoint full/
before=$(cksum <full/last.checkpoint)
( trap '' XFSZ; ulimit -f 40; train --epochs 5 --checkpoint-dir full --resume >/dev/null 2>full.err )
check "a disk that takes no more is an error" test $? -eq 1
check "... that names the file" grep -q 'full/.*nothing was overwritten' full.err
check "... and the old checkpoint stays" test "$before" = "$(cksum <full/last.checkpoint)"
check "... with no debris beside it" test "$(find full -name '*.tmp-*' | wc -l)" -eq 0

# --- from the weights of another training: two classes that it has not seen apart
cp -r data two && rm -r two/*/kind2
tune() { "$program" train two --network "$top/tests/nets/small.net" --engine reference --batch 4 --lr 0.002 --average 0.9 "$@"; }
tune --from whole.safetensors --freeze 3b --epochs 3 --checkpoint-dir tuned --out tuned.safetensors >tuned.txt 2>tuned.err
check "a training from weights ends well" test $? -eq 0
check "... and says what it took and what is new" grep -q 'whole.safetensors: 62 tensors taken for small .*; new: fc, aux1/fc2, aux2/fc2; the classifier for 3 classes is replaced by one for 2; 6 tensors of the file not used' tuned.txt
check "... what is frozen" grep -q 'frozen up to 3b: no gradients, computed once for each picture, without random crops' tuned.txt
check "... and both rates" grep -q 'new layers learn at 0.002, taken ones at 0.0002' tuned.txt
check "the weights say where they come from" grep -q 'from whole.safetensors (frozen up to 3b) on 10 pictures' tuned.safetensors
check "the history says what was frozen" grep -q '; frozen to 3b"' tuned/history.csv
check "... and has no columns for frozen layers" test "$(head -2 tuned/history.csv | grep -c 'grad_inception_3b')" -eq 0 -a "$(head -2 tuned/history.csv | grep -c 'grad_inception_4a')" -eq 1
tune --from whole.safetensors --freeze 3b --epochs 2 --checkpoint-dir later >/dev/null 2>&1
"$program" train two --network "$top/tests/nets/small.net" --engine reference --epochs 3 --checkpoint-dir later --resume >later.txt 2>&1
check "a resumed one needs no --from" test $? -eq 0
check "... and gives the same weights" cmp -s tuned/best.safetensors later/best.safetensors
check "... and the same history" cmp -s <(cut -d, -f1-10 tuned/history.csv) <(cut -d, -f1-10 later/history.csv)
tune --from whole.safetensors --freeze 5a --epochs 1 --checkpoint-dir headless >headless.txt 2>/dev/null
check "heads that nothing depends on are left out" grep -q 'the auxiliary heads are left out' headless.txt
check "... so one loss is shown" grep -q 'losses main [0-9.]*; val_loss' headless.txt
"$program" train two --network "$top/tests/nets/small.net" --engine reference --epochs 2 --checkpoint-dir headless --resume >/dev/null 2>headless.err
check "... and a resume knows it" test $? -eq 0
tune --from whole.safetensors --no-heads --epochs 1 --checkpoint-dir free --views 2 >free.txt 2>/dev/null
check "a training from weights may freeze nothing" grep -q 'losses main [0-9.]*; val_loss' free.txt
tune --from whole.safetensors --freeze 3a --views 0 --epochs 1 --checkpoint-dir crops >crops.txt 2>/dev/null
check "... or crop at random behind frozen layers" grep -q 'computed for new random crops in each epoch' crops.txt
nothing() { # nothing NAME WORDS OPTIONS...: refused before anything is written
    local name=$1 words=$2
    shift 2
    rm -rf unwritten
    tune --epochs 1 --checkpoint-dir unwritten "$@" >/dev/null 2>refused.txt
    check "$name" test $? -ne 0 -a ! -e unwritten -a "$(grep -c . refused.txt)" -eq 1 -a "$(grep -c -- "$words" refused.txt)" -eq 1
}
nothing "a layer that does not exist" '--freeze 3c: .*nearest name is' --from whole.safetensors --freeze 3c
nothing "a layer of a head" 'in the auxiliary head aux1; name a layer of the main path' --from whole.safetensors --freeze aux1/fc1
nothing "all layers" 'nothing would learn' --from whole.safetensors --freeze fc
nothing "frozen random weights" 'name it with --from' --freeze 3a
nothing "weights that fit nowhere" 'none of its .* tensors fits network lenet5' --from whole.safetensors --network lenet5
nothing "a file that is no weights" 'data/val/kind0/1.ppm' --from data/val/kind0/1.ppm
nothing "weights that are missing" 'missing.safetensors' --from missing.safetensors
mkdir -p two/train/kind3 two/val/kind3 && picture two/val/kind3/1.ppm 0 1
nothing "a class without pictures" "class 'kind3' has no picture" --from whole.safetensors
tune --from whole.safetensors --resume --checkpoint-dir tuned >/dev/null 2>refused.txt
check "--from with --resume is a wrong command line" test $? -eq 2 -a "$(grep -c 'its checkpoint knows it' refused.txt)" -eq 1

# --- one folder per class without train/ and val/, classes with names in other scripts, in the plainest locale
for name in 蒲公英和向日葵还有玫瑰 розы-и-другие-цветы e; do
    mkdir -p "flat/photos/$name"
    for i in 1 2 3 4 5; do picture "flat/photos/$name/$i.jfif" $((${#name} % 3)) "$i"; done
done
LC_ALL=C "$program" train flat --network "$top/tests/nets/small.net" --engine reference --batch 4 --epochs 1 --val-share 0.4 --checkpoint-dir names >names.txt 2>names.err
check "a folder of classes is split" test $? -eq 0
check "... and it is said" grep -q 'flat/photos: one folder per class and no val/, so 40 % of each class (6 pictures) are for validation' names.err
check "... 3 and 2 of each class" test "$(grep -c '3 pictures for training, 2 for validation' names.txt)" -eq 3
check "no character of a name is cut" iconv -f utf-8 -t utf-8 names.txt -o /dev/null
check "the matrix's columns are aligned" test "$(sed -n '/^confusion/,/correct/p' names.txt | sed '1d;$d' | while IFS= read -r line; do LC_ALL=C.UTF-8 wc -L <<<"$line"; done | sort -u | wc -l)" -eq 1

# --- wrong command lines: status 2
"$program" train >/dev/null 2>&1
check "no folder is a wrong command line" test $? -eq 2
for words in "--val-share 1" "--val-share 0" "--epochs 0" "--batch -3" "--lr 0" "--lr nan" "--average 2" "--schedule linear" "--crop-min 0"; do
    # shellcheck disable=SC2086
    timeout 10 "$program" train data $words >/dev/null 2>&1
    check "$words is a wrong command line" test $? -eq 2
done
