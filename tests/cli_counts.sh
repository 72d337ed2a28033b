#!/usr/bin/env bash
# The numbers that people ask about and get wrong, as a reader of the command line gets them: totals of every variant, rows of
# Table 1, what a slide adds up to, which inputs the heads take. One line each; the number is on the right.
cd "$(dirname "$0")/.." || exit 1
tmp=$(mktemp -d) && trap 'rm -rf "$tmp"' EXIT
. tests/sampled.sh

holds() { # EXPRESSION...: each a comparison that `eval` must find true
    local e
    for e in "$@"; do
        takes 4 3 || continue
        if [ "$("$INCEPTOSCOPE" eval "$e" 2>"$tmp/err")" = true ]; then echo "ok $e"; else echo "not ok $e: $(head -c 200 "$tmp/err")"; fi
    done
}
# NAME WANT CSV-FILTER ARGUMENTS...: the result of awk on `trace --format csv`; columns by name
column() {
    takes 4 3 || return 0
    local name=$1 want=$2 program=$3 got
    shift 3
    got=$("$INCEPTOSCOPE" trace "$@" --format csv 2>"$tmp/err" | awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next } '"$program")
    [ "$got" = "$want" ] && echo "ok $name: $want" || echo "not ok $name: '$got' is not '$want'"
}
# NAME PATTERN ARGUMENTS...
shows() {
    takes 4 3 || return 0
    local name=$1 pattern=$2
    shift 2
    "$INCEPTOSCOPE" "$@" 2>&1 | grep -qE -- "$pattern" && echo "ok $name" || echo "not ok $name"
}

# Variants: parameters with and without heads, 1000 classes and 5, folded batch norm
holds 'params(total) = 6,998,552' 'weights(total) = 6,990,272' 'biases(total) = 8,280' 'params(training) = 13,378,280' 'params(aux1) = 3,188,840' \
    'params(aux2) = 3,190,888' 'params(aux) = 6,379,728' 'params(fc) = 1,025,000' 'macs(aux1) = 4,169,728' 'macs(aux2) = 4,202,496'
shows '5 classes' '^main path: 5,978,677 parameters = 5,971,392 weights \+ 7,285 biases' trace --classes 5
shows '5 classes with heads' 'heads: 10,318,655 parameters = 10,309,056 weights \+ 9,599 biases' trace --classes 5 --aux
column 'the first head for 5 classes' 2168965 '$(at["head"]) == "aux1" { sum += $(at["params"]) } END { print sum }' --classes 5 --aux
column 'the second head for 5 classes' 2171013 '$(at["head"]) == "aux2" { sum += $(at["params"]) } END { print sum }' --classes 5 --aux
column 'fc for 5 classes' 5125 '$1 == "fc" { print $(at["params"]) }' --classes 5
holds 'params(total@torchvision_googlenet) = 6,624,904' 'params(training@torchvision_googlenet) = 13,004,888' 'bn(total@torchvision_googlenet) = 14,560' \
    'bn(training@torchvision_googlenet) = 15,072' 'weights(total@torchvision_googlenet) - weights(fc) = 5,585,344'
# Folded into the convolutions, batch norm leaves a bias for each output channel: half of its two numbers.
holds 'params(total@torchvision_googlenet) - bn(total@torchvision_googlenet)/2 = 6,617,624'

# Layers and depth
holds 'convs(total) = 57' 'fcs(total) = 1' 'convs(training) = 59' 'fcs(training) = 5' 'depth(total) = 22' 'depth_pools(total) = 27' 'maxpools(total) = 13'
column 'values of convolutions and max pools' 4643632 '$2 == "conv" || $2 == "maxpool" { sum += $(at["values"]) } END { print sum }' googlenet

# Multiplications
holds 'macs(total) = 1,582,671,872' 'macs(conv1) = 118,013,952' 'flops(total) = 2*macs(total)' 'flops(total) = 3,165,343,744' \
    'macs(total@torchvision_googlenet) = 1,498,376,192' 'macs(total) - macs(total@torchvision_googlenet) = 84,295,680'

# Rows of Table 1: weights, weights + biases, multiplications
while read -r row weights params macs; do
    holds "weights($row) = $weights" "params($row) = $params" "macs($row) = $macs"
done <<'ROWS'
3a 163328 163696 128049152
3b 388096 388736 304267264
4a 375552 376176 73608192
4b 448512 449160 87908352
4c 509440 510104 99850240
4d 604672 605376 118515712
4e 867328 868352 169996288
5a 1042432 1043456 51079168
5b 1442816 1444080 70697984
ROWS
holds 'weights(conv1) = 9408' 'params(conv1) = 9472' 'weights(conv2)+weights(conv3) = 114688' 'params(conv2)+params(conv3) = 114944' \
    'macs(conv2)+macs(conv3) = 359661568' 'weights(3a)/1024 = 159.5' 'weights(5a)/1024 = 1018' 'weights(4c)/1024 = 497.5' \
    '49*3*8 + 24*64 = 2712' '(49*3*8 + 24*64)*112*112 = 34,019,328' '1072Ki*49 = 53,788,672'

# The third branch's 3x3 in torchvision, module by module
while read -r row less; do holds "weights($row) - weights($row@torchvision_googlenet) = $less"; done <<'ROWS'
3a 8192
3b 49152
4a 12288
4b 24576
4c 24576
4d 32768
4e 65536
5a 65536
5b 98304
ROWS
holds 'weights(3a@torchvision_googlenet) = 155,136' 'params(3a@torchvision_googlenet) = 155,872' 'bn(3a@torchvision_googlenet) = 736'

# CS231n's slide, four readings
holds 'macs(total@cs231n_naive) = 854,196,224' 'macs(total@cs231n_slide_rows) = 271,351,808' 'macs(total@cs231n_slide_total) = 358,055,936' \
    'macs(total@cs231n_3b) = 304,267,264' 'out_c(total@cs231n_naive) = 672' 'out_c(total@cs231n_slide_rows) = 480'

# Shares dropped, kept shares' scale, sizes before rounding
holds 'drop(dropout) = 0.4' 'drop(dropout@torchvision_googlenet) = 0.2' '1/(1-drop(dropout)) = 5/3' '1/(1-drop(dropout@torchvision_googlenet)) = 1.25' \
    'drop(aux1/dropout1) = 0.5' 'drop(aux2/dropout2) = 0.5' 'loss_weight(aux1) = 0.3' 'loss_weight(aux2) = 0.3' 'steps(maxpool1)+1 = 55.5' \
    'kernel(maxpool4) = 3' 'kernel(maxpool4@torchvision_googlenet) = 2' 'out(maxpool4) = out(maxpool4@torchvision_googlenet)'

# Inputs: 223 to 270 pixels give the heads their 4x4; the main path takes any; counts stay
for side in 223 270; do shows "heads take $side pixels" 'heads: 13,378,280 parameters' trace --aux --input "3x${side}x$side"; done
shows '222 pixels are too few for the heads' '^Left out: aux1 needs 4x4 \(2048 values\), got 3x3 \(1152\); aux2' trace --aux --input 3x222x222
shows '271 pixels are too many for them' '^Left out: aux1 needs 4x4 \(2048 values\), got 5x5 \(3200\); aux2' trace --aux --input 3x271x271
shows 'heads that are left out are told beside a CSV too' '^inceptoscope: aux1 needs 4x4' trace --aux --input 3x222x222 --format csv
for input in 3x32x32 3x112x112 3x223x225 3x1024x1024 3x65536x65536; do shows "parameters at $input" '^main path: 6,998,552 parameters' trace --input "$input"; done
for network in googlenet:3 bvlc_googlenet:3 torchvision_googlenet:4; do
    column "maps of ${network%:*} at 112 pixels" "56 28 14 7 ${network#*:} " '$1 ~ /^(conv1|maxpool1|inception_[345]a)$/ || $1 ~ /^inception_[345]a.concat$/ { n = split($(at["out"]), s, "x"); printf "%s ", s[n] }' \
        "${network%:*}" --input 3x112x112
done

# What others print: ancestors, with torchvision's counts where their networks are the same
holds 'params(total@vgg16) = 138,357,544' 'params(total@vgg19) = 143,667,240' 'params(total@alexnet) = 60,965,224' 'params(total@lenet5) = 61,706'
# AlexNet is in two groups here; torchvision's has 61,100,840, from one group and other channel counts.

# The same numbers in every format
for network in googlenet torchvision_googlenet vgg16 alexnet tiny; do
    "$INCEPTOSCOPE" trace $network --format json >"$tmp/json"
    "$INCEPTOSCOPE" trace $network --format csv >"$tmp/csv"
    total=$(grep -o '"totals":{.*' "$tmp/json" | grep -oE '"(weights|biases|bn|params|macs)":[0-9]+' | cut -d: -f2 | head -n 5 | paste -sd,)
    grep -q "^main,total,,,,,,,,,,,$total," "$tmp/csv" && echo "ok $network: CSV as JSON" || echo "not ok $network: CSV as JSON, $total"
    fields=$(awk -F, '{ print NF }' "$tmp/csv" | sort -u | wc -l)
    [ "$fields" -eq 1 ] && echo "ok $network: every CSV row has the same fields" || echo "not ok $network: CSV rows of $fields lengths"
    bars=$("$INCEPTOSCOPE" trace $network --format markdown | grep '^|' | tr -cd '|\n' | sort -u | wc -l)
    [ "$bars" -eq 1 ] && echo "ok $network: a Markdown table" || echo "not ok $network: Markdown rows of $bars lengths"
done
