#!/usr/bin/env bash
# bench_examples.sh - the largest values of every unit over a folder of photos: the time beyond sending the photos through the network, which
# is what `predict` does with the same files. The target is 1.2 times. Part of `make bench` where $INCEPTOSCOPE_DATA has the flowers. Both are
# processor times on the same threads, so that what else the machine does matters less.
set -u
program=$(realpath "${INCEPTOSCOPE:-build/inceptoscope}")
photos=${INCEPTOSCOPE_DATA:-}/data/flowers/val
[ -d "$photos" ] || exit 0
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
TIMEFORMAT='%U %S %R'
seconds() { { time "$@" >/dev/null 2>&1; } 2>&1 | awk '{ print $1 + $2, $3 }'; } # processor and clock
export XDG_CACHE_HOME=$folder
read -r units units_clock < <(seconds "$program" explain examples --photos "$photos" --at '4c[60]')
read -r forward forward_clock < <(seconds "$program" predict "$photos"/*/*)
awk -v u="$units" -v f="$forward" -v uc="$units_clock" -v fc="$forward_clock" 'BEGIN {
    printf "%s photos for all units: %.2f s of processor time, %.2f times their predictions (%.2f s); by the clock %.2f s and %.2f s\n",
           u <= 1.2 * f ? "ok" : "not ok", u, u / f, f, uc, fc
    exit u > 1.2 * f }'
