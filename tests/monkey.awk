# monkey.awk - a script of random events for the program (tests/monkey, tests/cli_soak.sh). The same SEED gives the same script
# with every awk. It is told:
#     -v n=EVENTS -v seed=SEED -v dir=FOLDER      screenshots are written there
#     -v swaps=1                                  also networks, weights, lessons and small or very large windows
# and reads first app/model/keys.c, from which it takes every key that the program knows, then a list of files to drop, one a line.

# 0 <= x < 1: the minimal standard generator. awk's own rand() differs from one awk to another.
function chance() { state = (state * 16807) % 2147483647; return state / 2147483647 }
function upto(many) { return int(chance() * many) }
function held(key) { # Ctrl, Alt and Shift in the order that the program expects, before a key without them
    sub(/^(Ctrl\+)?(Alt\+)?(Shift\+)?/, "", key)
    return (upto(3) == 0 ? "Ctrl+" : "") (upto(3) == 0 ? "Alt+" : "") (upto(2) == 0 ? "Shift+" : "") key
}
function any_key(    x) {
    x = chance()
    return x < 0.75 ? key[1 + upto(keys)] : x < 0.9 ? held(key[1 + upto(keys)]) : other[1 + upto(others)]
}
function size(w, h) { width = w; height = h; print "resize", w, h }
function any_size(    x) {
    x = chance()
    if (!swaps) size(640 + upto(1300), 480 + upto(700))
    else if (x < 0.06) size(200, 150)
    else if (x < 0.12) size(320, 240)
    else if (x < 0.20) size(640, 480)
    else if (x < 0.45) size(1280, 720)
    else if (x < 0.55) size(1920, 1080)
    else if (x < 0.58) size(3840, 2160)
    else if (x < 0.60) size(7680, 4320)
    else size(200 + upto(2000), 150 + upto(1300))
    large = width > 2500 ? 5 : 0 # events until it is smaller again: such a frame takes long
}
function x_at() { return upto(width + 80) - 40 }
function y_at() { return upto(height + 80) - 40 }

FNR == 1 { input++ }
input == 1 && match($0, /^ +\{"[^"]+", KEY_/) { split($0, part, "\""); if (!(part[2] in known)) { known[part[2]] = 1; key[++keys] = part[2] } }
input == 2 { file[++files] = $0 }

END {
    if (keys < 60 || files == 0) { print "no keys or no files" > "/dev/stderr"; exit 1 }
    state = seed % 2147483646 + 1
    for (i = 0; i < 10; i++) chance() # neighbouring seeds begin alike
    others = split("Delete Backspace Tab Insert F2 F3 F4 F5 F12 6 7 8 9 , ; : ' \" ( ) { } \\ | < > [ ] * ! @ # % ^ & ~ ` _ 网 é", other, " ")
    width = 1280; height = 720
    print "time-frames" # so that each frame is also painted
    for (i = 0; i < n; i++) {
        kind = chance()
        if (large > 0 && --large == 0) size(1280, 720)
        else if (kind < 0.50) print "key", any_key()
        else if (kind < 0.68) print "click", x_at(), y_at()
        else if (kind < 0.78) print "move", x_at(), y_at()
        else if (kind < 0.84) print "wheel", upto(9) - 4
        else if (kind < 0.88) print "text", substr("3a conv1[7] 5x5 网络 \\ 9999999 /tmp {weights(3a)}", 1 + upto(40), 1 + upto(9))
        else if (kind < 0.90) print "press", x_at(), y_at()
        else if (kind < 0.92) print "release", x_at(), y_at()
        else if (kind < 0.925) print "drag", upto(2)
        else if (kind < 0.95) print "drop", file[1 + upto(files)]
        else if (kind < 0.97) any_size()
        else print "wait", upto(300)
        if (i % 97 == 96) print "screenshot " dir "/monkey.png"
    }
    print "drag 0\nrelease 3 3\nmove 3 3\nresize 1600 900"
    for (i = 0; i < 8; i++) print "key Escape" # whatever is open
}
