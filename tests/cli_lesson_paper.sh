#!/usr/bin/env bash
# Lessons on paper: the sheet has no answers and two pages, the key has them; and what a class handed in as a table and a page.
cd "$(dirname "$0")/.." || exit 1
program=$(realpath "${INCEPTOSCOPE:?}")
tmp=$(mktemp -d) && trap 'rm -rf "$tmp"' EXIT
export XDG_CONFIG_HOME=$tmp XDG_STATE_HOME=$tmp XDG_RUNTIME_DIR=$tmp HOME=$tmp
unset DISPLAY WAYLAND_DISPLAY

test_that() { # NAME COMMAND...: the command must succeed
    local name=$1
    shift
    "$@" >"$tmp/said" 2>&1 && echo "ok $name" || echo "not ok $name: $(head -c 300 "$tmp/said")"
}
plain() { sed -E 's/<[^>]*>//g; s/&nbsp;/ /g' "$1"; } # a page's text

for lang in en zh; do
    "$program" lesson export --student --key --teacher --lang $lang --out "$tmp/$lang" >"$tmp/names" || echo "not ok the sheets in $lang are written"
    lessons=$(ls lessons/$lang/*.lesson | wc -l)
    test_that "three pages for each lesson in $lang" test "$(wc -l <"$tmp/names")" -eq $((3 * lessons))
    test_that "no picture in them ($lang)" bash -c "! grep -l '<img' '$tmp/$lang'/*.html"
    test_that "none above 40 kB ($lang)" test -z "$(find "$tmp/$lang" -name '*.html' -size +40k)"
done
sheet=$tmp/en/03-inception-3a-student.html key=$tmp/en/03-inception-3a-key.html
for answer in '12,288' '256' 'reduction' '☒'; do
    test_that "the key has $answer" bash -c "sed -E 's/<[^>]*>//g' '$key' | grep -qF '$answer'"
    test_that "the sheet does not" bash -c "! sed -E 's/<[^>]*>//g' '$sheet' | grep -qF '$answer'"
done
test_that 'the sheet has lines to write on' grep -q 'class="line"' "$sheet"
test_that 'the sheet and its key have the same choices' diff <(plain "$sheet" | tr -d '☐☒' | grep -o 'to make the.*channels$') <(plain "$key" | tr -d '☐☒' | grep -o 'to make the.*channels$')

# Two pages: printed by a browser if one is there (one sheet in a run), and in any case few enough lines.
print=$(command -v chromium || command -v chromium-browser || command -v google-chrome)
printed=$([ $((RANDOM % 2)) = 0 ] && echo en || echo zh)
for lang in en zh; do
    for page in "$tmp/$lang"/*-student.html; do
        lines=$(plain "$page" | awk -v wide=$([ $lang = zh ] && echo 150 || echo 105) '{ n += 1 + int(length($0) / wide) } END { print n }')
        room=$(grep -o 'class="line"' "$page" | wc -l)
        [ $((lines * 5 + room * 7)) -le 540 ] || echo "not ok two pages: $(basename "$page") in $lang has $lines lines and $room to write on"
    done
    echo "ok two pages by the count of lines ($lang)"
    pages=("$tmp/$lang"/*-student.html)
    one=${pages[$((RANDOM % ${#pages[@]}))]}
    [ -z "$print" ] || [ "$lang" != "$printed" ] && continue
    timeout 60 "$print" --headless --no-sandbox --disable-gpu --no-pdf-header-footer --print-to-pdf="$tmp/out.pdf" "file://$one" >/dev/null 2>&1
    count=$(grep -aoE '/Type ?/Page\b' "$tmp/out.pdf" | wc -l)
    [ "$count" -ge 1 ] && [ "$count" -le 2 ] && echo "ok $lang/$(basename "$one") prints on $count pages" || echo "not ok $lang/$(basename "$one") prints on $count pages"
done

# A class of four, and files that are none of theirs.
mkdir "$tmp/class"
answers() { # FILE NAME OUTCOME... (of the steps 2, 4, 8; wrong ones gave 64)
    local file=$1 name=$2 step rows=
    shift 2
    for step in 2 4 8; do
        rows="$rows${rows:+,}{\"step\":$step,\"outcome\":\"$1\",\"question\":\"Q<$step>\"$([ "$1" = wrong ] && echo ',"given":"64"')}"
        shift
    done
    echo "{\"inceptoscope_results\":1,\"lesson\":\"03-inception-3a\",\"lang\":\"en\"${name:+,\"name\":\"$name\"},\"answers\":[$rows]}" >"$tmp/class/$file.json"
}
answers a Anna right right wrong
answers b 王小明 wrong right wrong
answers c '=1+1' right shown wrong
answers d '' right right open
echo '{broken' >"$tmp/class/broken.json"
echo '{"daisy": 1}' >"$tmp/class/foreign.json"
head -c 3000000 /dev/zero | tr '\0' '[' >"$tmp/class/huge.json"
head -c 900000 /dev/zero | tr '\0' '[' >"$tmp/class/deep.json"
sed 's/"step":8/"step":2/' "$tmp/class/a.json" >"$tmp/class/twice.json"
sed 's/"outcome":"right"/"outcome":"perfect"/' "$tmp/class/a.json" >"$tmp/class/perfect.json"
sed 's/"inceptoscope_results":1/"inceptoscope_results":2/' "$tmp/class/a.json" >"$tmp/class/newer.json"
mkfifo "$tmp/class/pipe.json"
mkdir "$tmp/class/folder.json"
timeout 20 "$program" lesson results "$tmp/class" --out "$tmp/tables" >"$tmp/names" 2>"$tmp/complaints"
test_that 'a class with bad files among the good is tabulated' test $? -eq 0
for bad in broken foreign huge deep twice perfect newer pipe folder; do
    test_that "$bad.json is named" grep -q "class/$bad.json: " "$tmp/complaints"
done
test_that 'and nothing else' test "$(wc -l <"$tmp/complaints")" -eq 9
printf '\xef\xbb\xbf%s\n' 'file,name,lesson,questions,right,wrong,shown,open,step 2,step 4,step 8' '"a.json","Anna","03-inception-3a",3,2,1,0,0,right,right,wrong' \
    '"b.json","王小明","03-inception-3a",3,1,2,0,0,wrong,right,wrong' '"c.json","'"'"'=1+1","03-inception-3a",3,1,1,1,0,right,shown,wrong' \
    '"d.json","","03-inception-3a",3,2,0,0,1,right,right,open' | sed '2,$s/^\xef\xbb\xbf//' >"$tmp/wanted"
test_that 'the table has a row for each' diff "$tmp/wanted" "$tmp/tables/results.csv"
order=$(grep -oE '<td>Q&lt;[248]&gt;' "$tmp/tables/results.html" | tr -dc '248')
test_that 'the page begins with the question that failed most' test "$order" = 824
test_that 'and says which slip was frequent' grep -q '<td>64 (3)</td>' "$tmp/tables/results.html"
"$program" lesson results "$tmp/class/folder.json" --out "$tmp/tables" 2>"$tmp/complaints"
test_that 'a folder without results is refused' grep -q 'folder.json: no results of a lesson here' "$tmp/complaints"
"$program" lesson results 2>/dev/null
test_that 'a folder must be named' test $? -eq 2

# The tutorial's concepts and numbers: each row of the list has a place, and the steps that it names exist.
rows=0
while IFS='|' read -r _ what where _; do
    rows=$((rows + 1))
    [ -n "${where// /}" ] || echo "not ok a place for: $what"
    while IFS= read -r step; do
        step=$(echo "$step" | sed -E 's/^ +| +$//g')
        case $step in '`'*) continue ;; esac
        number=$(printf '%02d' "${step%% *}")
        grep -qxF "step: ${step#* }" lessons/en/"$number"-*.lesson || echo "not ok the step '$step' exists"
    done < <(echo "$where" | tr ';' '\n')
done < <(sed -n '/^| the tutorial /,$p' lessons/README.md | tail -n +3 | grep '^|')
test_that "the tutorial's $rows rows have their places" test "$rows" -ge 40

# Exercises: each has a solution that passes all checks, and near misses that fail one.
solves() { # NUMBER STATUS PATTERN NETWORK
    printf '%s\n' "$4" >"$tmp/my.net"
    "$program" lesson exercise "$1" "$tmp/my.net" >"$tmp/out" 2>&1
    [ $? -eq "$2" ] && grep -qF -- "$3" "$tmp/out" && echo "ok exercise $1: $3" || echo "not ok exercise $1: $(head -c 400 "$tmp/out")"
}
lighter='network my
input 192x28x28
inception 3a 64 48 128 %s 32 32'
solves 1 0 solved "$(printf "$lighter" 8)"
solves 1 1 '✗ weights(3a) < 100*1000' "$(printf "$lighter" 32)"
solves 1 1 '✗ out(3a) = out(3a@googlenet)' "$(printf "$lighter" 8 | sed 's/ 32 32$/ 32 16/')"
small='network my
input 3x32x32
classes 10
conv conv1 3x3/1 pad=1 16
maxpool pool1 2x2/2 ceil-torch
conv conv2 3x3/1 pad=1 24
inception 3a 8 8 16 2 4 4
avgpool avgpool to=1x1
fc fc classes
softmax softmax'
solves 2 0 solved "$small"
solves 2 1 '✗ depth(total) >= 5' "$(echo "$small" | grep -v conv2)"
solves 2 1 '✗ params(total) <= 20*1000' "${small/3x3\/1 pad=1 24/3x3\/1 pad=1 200}"
third='network my
input 256x28x28
inception 3b 128 %s 192 16 96 64 nobias'
solves 3 0 solved "$(printf "$third" 64)"
solves 3 1 '✗ 3*macs(3b) <= macs(3b@cs231n_naive)' "$(printf "$third" 256)"
shapes='network my
input 3x32x32
classes 4
preprocess exact rgb unit mean=0.5 std=0.5
conv conv1 5x5/1 pad=2 %s
maxpool pool1 3x3/2 ceil-torch
conv conv2 3x3/1 pad=1 16
maxpool pool2 3x3/2 ceil-torch
conv conv3 3x3/1 pad=1 16
avgpool avgpool to=1x1
fc fc classes
softmax softmax'
solves 4 0 solved "$(printf "$shapes" 12)"
solves 4 1 '✗ params(total) <= 6*1000' "$(printf "$shapes" 24)"
solves 4 1 '✗ validation accuracy of at least 0.9' "$(printf "$shapes" 1 | sed '/conv2/d; /conv3/d')"
"$program" lesson exercise 1 --lang zh --hints 2 >"$tmp/out"
test_that 'hints are shown when asked for' test "$(grep -c '^[0-9]\. ' "$tmp/out")" -eq 2
test_that 'an exercise in Chinese' grep -q '更轻的模块' "$tmp/out"
test_that 'four exercises' test "$("$program" lesson exercise | grep -cE '^ ?[0-9]+  ')" -eq 4
broken_exercise() { # PATTERN SED
    sed -E "$2" lessons/exercises/en/01-lighter-module.exercise >"$tmp/broken.exercise"
    "$program" lesson exercise "$tmp/broken.exercise" >"$tmp/out" 2>&1
    [ $? -eq 1 ] && grep -qE "$1" "$tmp/out" && echo "ok refused: $1" || echo "not ok refused: $1: $(head -c 300 "$tmp/out")"
}
broken_exercise 'broken.exercise:[0-9]+: expected title, goal' 's/^hint:/hnit:/'
broken_exercise "no function 'wieghts'" 's/\{weights/{wieghts/'
broken_exercise 'needs a title' '/^check/d; /^says/d'
broken_exercise "no network 'nowhere'" 's/^start: .*/start: nowhere/'
broken_exercise 'epochs and accuracy belong together' 's/^start:.*/&\nepochs: 3/'
broken_exercise 'accuracy is a share' 's/^start:.*/&\nepochs: 3\naccuracy: 101%/'
broken_exercise 'epochs is a whole number from 1' 's/^start:.*/&\nepochs: 0\naccuracy: 90%/'
broken_exercise 'broken.exercise:[0-9]+: is not UTF-8' 's/^hint: /&\xe9/'
{ printf '\xef\xbb\xbf'; cat lessons/exercises/en/01-lighter-module.exercise; } >"$tmp/marked.exercise"
"$program" lesson exercise "$tmp/marked.exercise" >"$tmp/out" 2>&1
test_that 'an exercise with a byte order mark is read' grep -q 'A lighter module' "$tmp/out"

# From the window to the table: one answers rightly with a name, one reveals without.
hands_in() { # NAME KEYS...
    local name=$1
    shift
    { printf 'wait-idle\n'; printf 'key %s\n' "$@" Shift+h; printf 'wait-idle\n'; [ -n "$name" ] && printf 'text %s\n' "$name"; printf 'key Enter\nwait-idle\n'; } >"$tmp/script"
    (mkdir -p "$tmp/handed" && cd "$tmp/handed" && USER=somebody LOGNAME=somebody "$program" --lesson 12 --size 1280x720 --script "$tmp/script" 2>"$tmp/err") || cat "$tmp/err"
    rm -rf "$tmp/inceptoscope"
}
hands_in Anna Space 4 Space
hands_in '' Space Space
named=$tmp/handed/inceptoscope-12-by-hand-Anna.json unnamed=$tmp/handed/inceptoscope-12-by-hand.json
test_that 'a name that was typed is in the file' grep -q '"name": "Anna"' "$named"
test_that 'no name is in the other' bash -c "! grep -qE 'name|somebody|$(hostname)|$tmp' '$unnamed'"
"$program" lesson results "$tmp/handed" --out "$tmp/tables" >/dev/null
test_that 'the right answer counts' grep -q '"Anna","12-by-hand",9,1,0,0,8,right,open' "$tmp/tables/results.csv"
test_that 'the revealed one does not' grep -q '"","12-by-hand",9,0,0,1,8,shown,open' "$tmp/tables/results.csv"
