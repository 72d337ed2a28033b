#!/usr/bin/env bash
# The trace command as users and scripts see it: totals, formats, errors for a wrong command line and a wrong file.
cd "$(dirname "$0")/.." || exit 1
tmp=$(mktemp -d) && trap 'rm -rf "$tmp"' EXIT

# NAME STATUS PATTERN ARGUMENTS...: standard output must match PATTERN, and standard error be empty.
says() {
    local name=$1 status=$2 pattern=$3 out code
    shift 3
    out=$("$INCEPTOSCOPE" "$@" 2>"$tmp/err"); code=$?
    if [ $code -eq "$status" ] && grep -qE -- "$pattern" <<<"$out" && [ ! -s "$tmp/err" ]; then echo "ok $name"
    else echo "not ok $name: status $code, $(head -c 200 "$tmp/err")"; fi
}
# The same for a refusal: one line on standard error, nothing on standard output.
refuses() {
    local name=$1 status=$2 pattern=$3 out code
    shift 3
    out=$("$INCEPTOSCOPE" "$@" 2>"$tmp/err"); code=$?
    if [ $code -eq "$status" ] && grep -qE -- "$pattern" "$tmp/err" && [ "$(wc -l <"$tmp/err")" -eq 1 ] && [ -z "$out" ]; then echo "ok $name"
    else echo "not ok $name: status $code, $(head -c 200 "$tmp/err")"; fi
}

says 'the default network is googlenet' 0 '^googlenet, input 3x224x224, 1000 classes$' trace
says 'totals of the main path' 0 '6,998,552 parameters = 6,990,272 weights \+ 8,280 biases' trace googlenet
says 'MAC, MAC + bias and FLOP' 0 '1,582,671,872 MAC .*1,585,899,032 MAC \+ bias, 3,165,343,744 FLOP' trace googlenet
says 'the header states the rule' 0 'taps in the padding included; no bias, ReLU, pool' trace
says 'with the heads' 0 'heads: 13,378,280 parameters' trace --aux
says 'a module beside what really happens' 0 '^inception_3a .*163,328 .*128,049,152 +123,127,808 +27-59 +8$' trace
says 'weights of a branch' 0 'inception_3a/3x3 .* 110,592 +129,024 ' trace
says 'CSV has plain integers' 0 '^inception_3a/3x3,conv,inception_3a,3x3,main,96x28x28,128x28x28,3,1,1,,1,110592,128,0,110720,86704128,82624512,43,8,100352$' trace --format csv
says 'Markdown is a table' 0 '^\| inception_5b/5x5 \| conv \| 5x5/1 pad 2 \|' trace --format markdown
says 'another input' 0 '^inception_5b .*1024x3x3' trace --input 3x112x112
says 'another input, 2x2 fourth pool' 0 '^inception_5b .*1024x4x4' trace torchvision_googlenet --input 3x112x112
says 'JSON has exact integers' 0 '^ .totals.:."weights":6990272,"biases":8280,"bn":0,"params":6998552,"macs":1582671872,' trace --format json
says 'heads that do not fit are left out and named' 0 '^Left out: aux1 needs 4x4 \(2048 values\), got 1x1 \(128\)' trace --input 3x112x112
"$INCEPTOSCOPE" trace >/dev/full 2>"$tmp/err"; code=$?
if [ $code -eq 1 ] && grep -q 'standard output cannot be written: No space left on device' "$tmp/err"; then echo 'ok a full disk is said'
else echo "not ok a full disk is said: status $code, $(head -c 200 "$tmp/err")"; fi
says 'another class count' 0 '^main path: 5,978,677 parameters' trace --classes 5
says 'without reductions' 0 '^inception_3a .* 393,216 ' trace --without-reductions 3a
says 'a 3x3 third branch' 0 '^inception_3a .* 155,136 ' trace --third-branch-3x3 3a
says 'two networks lined up' 0 '^maxpool4 +3x3/2 ceil-torch +2x2/2 ceil-torch .*differs$' trace --compare googlenet torchvision_googlenet
says 'a layer of one of them' 0 '^norm1 .* only B$' trace --compare googlenet bvlc_googlenet
says 'a network before and after a switch' 0 '^main path .* -8,192 ' trace googlenet --compare --third-branch-3x3 3a
refuses 'an unknown network' 1 "did you mean 'googlenet'" trace googlnet
refuses 'a missing file' 1 'nowhere/my.net: No such file' trace nowhere/my.net
refuses 'an unknown option' 2 'unknown option' trace --frmat csv
refuses 'an unknown format' 2 'table\|csv\|json\|markdown' trace --format xml
refuses 'a wrong input' 2 'CxHxW' trace --input 224
refuses 'a negative input' 2 'CxHxW' trace --input 3x-1x224
refuses 'a negative class count' 2 'at least 1' trace --classes -1
refuses 'no classes' 2 'at least 1' trace --classes 0
refuses 'an input too small for a window' 1 'googlenet.net:[0-9]+: .*would become zero' trace --input 3x1x1
refuses 'an unknown module in a switch' 1 "no module '9z'; it has 3a,3b" trace --without-reductions 9z
refuses 'two networks without --compare' 2 '--compare A B' trace googlenet bvlc_googlenet
refuses 'one network to compare' 2 'two networks' trace --compare googlenet
printf 'network n\ninput 3x8x8\nconv c 9x9/1 4\n' >"$tmp/my.net"
refuses 'a shape that becomes zero' 1 'my.net:3: c: a 9x9 window' trace "$tmp/my.net"
printf 'network n\ninput 3x8x8\nconv c 3x3/1 4 pad=1\n' >"$tmp/my.net"
says 'a network of one row' 0 '^main path: 112 parameters = 108 weights \+ 4 biases' trace "$tmp/my.net"
