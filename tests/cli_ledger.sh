#!/usr/bin/env bash
# audit and eval as users and scripts see them.
cd "$(dirname "$0")/.." || exit 1
tmp=$(mktemp -d) && trap 'rm -rf "$tmp"' EXIT

# NAME STATUS OUT ERR ARGUMENTS...: patterns for standard output and standard error; an empty pattern means that there must be no output.
gives() {
    local name=$1 status=$2 out=$3 err=$4 code good=1
    shift 4
    "$INCEPTOSCOPE" "$@" >"$tmp/out" 2>"$tmp/err"; code=$?
    [ $code -eq "$status" ] || good=0
    if [ -n "$out" ]; then grep -qE -- "$out" "$tmp/out" || good=0; else [ ! -s "$tmp/out" ] || good=0; fi
    if [ -n "$err" ]; then grep -qE -- "$err" "$tmp/err" && [ "$(wc -l <"$tmp/err")" -eq 1 ] || good=0; else [ ! -s "$tmp/err" ] || good=0; fi
    [ $good -eq 1 ] && echo "ok $name" || echo "not ok $name: status $code, $(head -c 200 "$tmp/err")"
}

gives 'audit: googlenet by default' 0 '^conv1 .* 2\.7K +9,408 +differs: -70\.6% in Ki +9,408 +9,472 +9\.4 +9\.2 +118,013,952 +118,816,768 +236,027,904$' '' audit
gives 'audit: the formula with its numbers' 0 '^    64 x 3 x 7 x 7 = 9,408; / 1,024 = 9\.19$' '' audit googlenet
gives 'audit: a hypothesis says what it gives and what not' 0 '^    hypothesis for a part of the row: with conv depthwise 7x7/2 24 .* in its place, params 2,712 agrees in K and ops 34,019,328 agrees in M; but depth is then 2, not the printed 1$' '' audit googlenet
gives 'audit: one that gives all cells' 0 '^    hypothesis: with input channels 928 instead of 832, every printed cell of the row matches: params 1,097,728' '' audit bvlc_googlenet
gives 'audit: one of several' 0 'of 4,351 settings, 10 give ops 358M, but none of these gives the other cells; for example \(#3x3 reduce 16,' '' audit cs231n_slide_rows
gives 'audit: the sums of the columns' 0 '^googlenet +params +paper +6,797\.7K +6,990,272 +differs: -0\.4% in Ki' '' audit
gives 'audit: M is no K' 0 '^[0-9]+ claims: .* agrees in Ki, [0-9]+ agrees in M, ' '' audit
gives 'audit: each source by itself' 0 '^  tutorial: [0-9]+ exact, ' '' audit
gives 'audit: a source with its own count' 0 '^    156\+12\+1516\+32\+48,120\+10,164 = 60,000 is exactly the printed number$' '' audit lenet5
gives 'audit: what was measured' 0 '^googlenet +measured +tutorial +70%\+ +measured$' '' audit
gives 'audit: in Chinese' 0 '^conv1 +参数量 +论文 +2\.7K +9,408 +不符：-70\.6%，以 Ki 计' '' audit --lang zh
gives 'audit: a reason in Chinese' 0 '^    只改本行的一个数，取 1 到 1024：7,161 种取值都得不到参数量 463K和运算量 100M$' '' audit --lang zh
gives 'audit: CSV for programs, its sentences in Chinese' 0 '^inception_4c,params,paper,463K,"509,440",differs: -6\.9% in Ki,.*只改本行的一个数.*,Ki$' '' audit --lang zh --format csv
gives 'audit: an unknown language' 2 '' 'en\|zh' audit --lang de
gives 'audit: hypotheses in JSON' 0 '"gives_all": true' '' audit --format json
gives 'audit: biases are named when they are needed' 0 '^inception_3b .* 380K +388,736 +agrees in Ki, with biases' '' audit googlenet
gives 'audit: the rule stands above' 0 'Weights are tried before weights \+ biases' '' audit
gives 'audit: a sum below' 0 '^[0-9]+ claims: [0-9]+ exact, [0-9]+ agrees in Ki' '' audit
gives 'audit: CSV has plain integers' 0 '^conv1,params,paper,2\.7K,"9,408",differs: -70\.6% in Ki,9408,9472,9\.4,9\.2,118013952,118816768,236027904,' '' audit --format csv
gives 'audit: Markdown' 0 '^\| conv1 \| params \| paper \| 2\.7K \| 9,408 \| differs' '' audit --format markdown
gives 'audit: JSON' 0 '"kind": "agrees in Ki"' '' audit --format json
gives 'audit: a network without claims' 0 '^0 claims: no printed numbers about this network are known' '' audit inception_naive
gives 'audit: exit 0 whatever the verdicts' 0 'differs: \+31\.9% in M' '' audit cs231n_slide_rows
gives 'audit: an unknown network' 1 '' "did you mean 'googlenet'" audit googlnet
gives 'audit: an unknown format' 2 '' 'table\|csv\|json\|markdown' audit --format xml
printf 'network n\ninput 3x8x8\nconv c 3x3/1 4\nclaim weights(d)=1 source=me\n' >"$tmp/my.net"
gives 'audit: a claim about nothing' 1 '' "my\.net:4: claim weights\(d\)=1: .*no layer 'd'" audit "$tmp/my.net"
printf 'network n\ninput 3x8x8\nclaim d params=1 source=me\nconv c 3x3/1 4\n' >"$tmp/my.net"
gives 'audit: a claim without a row' 1 '' "my\.net:3: a claim without a row: there is no row 'd'" audit "$tmp/my.net"

gives 'eval: a count in Ki' 0 '^159\.5$' '' eval 'weights(3a)/1024'
gives 'eval: multiply-adds' 0 '^118013952$' '' eval 'macs(conv1)'
gives 'eval: parameters of it all' 0 '^6998552$' '' eval 'params(total)'
gives 'eval: a shape' 0 '^64x56x56$' '' eval 'out(maxpool1)'
gives 'eval: another network' 0 '^138357544$' '' eval --network vgg16 'params(total)'
gives 'eval: a true comparison' 0 '^true$' '' eval 'weights(3a) = 163,328'
gives 'eval: a false one is a failed check' 1 '^false$' '' eval 'weights(3a) = 159000'
gives 'eval: a mistyped function' 1 '' "did you mean 'weights'" eval 'wieghts(3a)'
gives 'eval: a division by zero' 1 '' 'division by zero' eval '1/0'
gives 'eval: too large' 1 '' 'overflows 64 bits' eval '10^18*10'
gives 'eval: nothing to evaluate' 2 '' "such as 'weights" eval
gives 'eval: two expressions' 2 '' 'unexpected argument' eval 1 2
gives 'eval: the list of functions' 0 '^multiplications +multiplications that are done' '' eval --list
