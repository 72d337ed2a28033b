#!/usr/bin/env bash
# A real window on a virtual X server, driven with real key and mouse events: it walks, saves, resizes, goes full screen, rests
# without using the processor, and keeps its settings.
if ! command -v Xvfb >/dev/null || ! command -v xdotool >/dev/null; then
    echo "ok a real window # SKIP (needs xvfb and xdotool)"
    exit 0
fi
program=$(realpath "${INCEPTOSCOPE:?}")
here=$(realpath "$(dirname "$0")")
folder=$(mktemp -d)
cd "$folder" || exit 1
export XDG_CONFIG_HOME=$folder/config SDL_VIDEODRIVER=x11
# Mesa's drivers and libdbus leak a little; those leaks are not the program's.
printf 'leak:libdbus\n' >lsan
case $program in */asan/*) export SDL_RENDER_DRIVER=software SDL_FRAMEBUFFER_ACCELERATION=0 LSAN_OPTIONS=suppressions=$folder/lsan:print_suppressions=0 ;; esac
mkfifo display
exec 9<>display
Xvfb -displayfd 9 -screen 0 1600x1000x24 >/dev/null 2>&1 &
server=$!
trap 'kill $server 2>/dev/null; wait $server 2>/dev/null; rm -rf "$folder"' EXIT
read -r -t 20 number <&9 || { echo "not ok Xvfb does not start"; exit 1; }
export DISPLAY=:$number

check() { # NAME COMMAND...: within ten seconds
    local name=$1 i
    shift
    for i in $(seq 100); do
        "$@" >/dev/null 2>&1 && { echo "ok $name"; return; }
        sleep 0.1
    done
    echo "not ok $name"
}
png_size() { od -An -tu1 -j16 -N8 "$1" | awk '{print $3*256+$4 "x" $7*256+$8}'; }
has_size() { [ -s "$1" ] && [ "$(png_size "$1")" = "$2" ]; }
key() { xdotool key --window "$window" "$@"; sleep 0.3; }

"$program" --network googlenet --size 1100x700 >log 2>&1 &
pid=$!
check "the window opens" xdotool search --pid $pid --onlyvisible
window=$(xdotool search --pid $pid --onlyvisible | tail -n 1)
if command -v xprop >/dev/null; then
    check "the window has its icon" sh -c "xprop -id $window _NET_WM_ICON | grep -q '64 x 64'"
fi
xdotool windowfocus "$window"
sleep 1

key Return
key s
check "S saves the view" has_size inceptoscope-input.png 1100x700
for i in 1 2 3 4 5 6; do key Right; done
key s
check "six steps lead to 3a" has_size inceptoscope-3a.png 1100x700
cmp -s inceptoscope-input.png inceptoscope-3a.png && echo "not ok the pictures differ" || echo "ok the pictures differ"
key slash
xdotool type --window "$window" --delay 60 conv34
sleep 0.3
xdotool key BackSpace
sleep 0.3
key Return
key s
check "/ searches with real text input, and BackSpace takes a letter back" has_size inceptoscope-conv3.png 1100x700
xdotool key Next
sleep 0.3
key s
check "PageDown goes to the next channel" has_size inceptoscope-conv3-0.png 1100x700
key Left
key Right

xdotool mousemove --window "$window" 80 100 click 1
sleep 0.5
key s
check "a click in the rail goes there" has_size inceptoscope-input-2.png 1100x700
xdotool windowsize "$window" 1300 800
sleep 1
key s
check "it follows a resize" has_size inceptoscope-input-3.png 1300x800

# A file that another program holds over the window: a frame at its edge, until it has left.
if command -v python3 >/dev/null; then
    over=$(python3 "$here/xdnd.py" "$window" XdndEnter 8 400)
    left=$(python3 "$here/xdnd.py" "$window" XdndLeave 8 400)
    [ -n "$over" ] && [ -n "$left" ] && [ "$over" != "$left" ] && echo "ok a file over the window has a frame" ||
        echo "not ok a file over the window has a frame: '$over', '$left'"
fi

# At rest, when all is computed and nothing moves: at most one hundredth of a second of processor time in a second and a half.
ticks() { awk '{print $14 + $15}' /proc/$pid/stat; }
rests() {
    local before
    before=$(ticks)
    sleep 1.5
    [ $(($(ticks) - before)) -le 1 ]
}
check "at rest it uses no processor time" rests

key ctrl+q
check "Ctrl+Q ends it" sh -c "! kill -0 $pid"
wait $pid
status=$?
[ $status -eq 0 ] && echo "ok exit status 0" || echo "not ok exit status $status: $(tail -n 3 log)"
grep -q '^width 1300$' config/inceptoscope/settings && echo "ok the size is kept" || echo "not ok the size is kept: $(cat config/inceptoscope/settings)"
