#!/usr/bin/env bash
# bench_frames.sh - the window's frame times on the software renderer, against their targets in milliseconds: 8 for a still screen
# of a thousand maps and for the overview at 1920x1080, 16 for a step's first frame and while
# an explanation computes. Part of `make bench`, not of the tests: times belong to a machine.
set -u
program=$(realpath "${INCEPTOSCOPE:-build/inceptoscope}")
top=$(cd "$(dirname "$0")/.." && pwd)
folder=$(mktemp -d) && cd "$folder" || exit 1
trap 'rm -rf "$folder"' EXIT
status=0

# The cost of a frame: with a thousand maps and more on a still screen, and each step's first frame, which makes its textures.
printf 'wait-idle\nmove 700 500\ntime-frames\nwait 500\nexpect-median %d\n' 8 >still.script
{
    printf 'wait-idle\nscreenshot begun.png\ntime-frames\n' # a first picture, so that the window's own words are not counted as the step's
    for i in $(seq 25); do printf 'key Right\nwait 50\n'; done
    echo "expect-slowest 16"
} >steps.script
# A pointer that moves over the values of a layer: each has another window and other channels that contribute most.
{
    printf 'wait-idle\ntime-frames\n'
    for i in $(seq 60); do printf 'move %d %d\nwait 20\n' $((1000 + 7 * i)) $((300 + 3 * i)); done
    echo "expect-median 8"
} >point.script
measure() { # NAME OPTIONS...
    local name=$1
    shift
    if "$program" --network googlenet "$@" 2>err; then echo "ok $name"; else echo "not ok $name: $(tail -n 1 err)"; status=1; fi
}
measure 'a frame with a thousand maps' --size 1920x1080 --at 5b --script still.script
measure 'a frame of the overview' --size 1920x1080 --view overview --script still.script
measure 'a frame while the pointer moves over values' --size 1920x1080 --at 3a/3x3 --script point.script
measure "every step's first frame" --size 1280x720 --at input --script steps.script
# While an explanation computes beside the window: the first second of each.
for job in 'c:a share' 'Shift+g:groups' 'Shift+m:a picture that a unit wants' 'Shift+f:a step that fools' 'Shift+y:maps that are put to the test'; do
    printf 'wait-idle\nkey %s\ntime-busy-frames\nwait 1000\nexpect-median 16\n' "${job%%:*}" >job.script
    measure "a frame while ${job#*:} is computed" --size 1280x720 --at '4c[60]' --script job.script
done
# While pictures are judged, and judged again with a changed network: the program's own pictures as a set of two classes.
mkdir -p set/daisy set/tulips
for i in 1 2 3 4 5 6; do for class in daisy tulips; do cp "$top"/assets/images/daisy.png "set/$class/$i.png"; done; done
printf 'wait-idle\nkey Shift+a\ntime-busy-frames\nwait 1000\nkey 3\nwait 1000\nexpect-median 16\n' >job.script
if "$program" --eval-set set --size 1280x720 --at '4c/3x3' --script job.script 2>err; then echo "ok a frame while pictures are judged"; else echo "not ok a frame while pictures are judged: $(tail -n 1 err)"; status=1; fi
exit $status
