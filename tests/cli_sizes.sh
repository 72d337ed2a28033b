#!/usr/bin/env bash
# Every view and list in windows from 200x150 to 7680x4320: nothing ends the program; from 640x480 on nothing that is shown lies outside
# the window. In smaller ones, which a desktop's window manager does not give, the stage stays and may be cut.
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
tree=$(realpath "$(dirname "$0")/..")
. "$tree/tests/sampled.sh"
keys="Home 0 l c d g w Shift+c Shift+m Shift+f Shift+y Shift+a Shift+v Shift+n Shift+t Shift+k Shift+u Shift+g Shift+r Shift+e Shift+p Shift+d Shift+w n o Shift+o h /"
for size in 200x150 320x240 640x480 7680x4320; do
    echo "resize ${size/x/ }"
    for key in $keys; do
        takes 1 3 || continue
        echo "$size" >>"$folder/dumps"
        printf 'key %s\nwait 300\ndump %s/%s %s.json\n' "$key" "$folder" "$size" "${key//\//search}"
        [ "$key" = l ] && echo "screenshot $folder/painted.png"
        printf 'key Escape\nkey Escape\n'
    done
done >"$folder/script"
"${INCEPTOSCOPE:?}" --network "$tree/tests/nets/small.net" --script "$folder/script" >"$folder/log" 2>&1
status=$?
[ $status -eq 0 ] && echo "ok every view at every size" || echo "not ok every view at every size: status $status, $(tail -n 2 "$folder/log")"
if ! command -v python3 >/dev/null; then
    echo "ok nothing lies outside # SKIP (needs python3)"
    exit 0
fi
python3 - "$folder" "$(wc -l <"$folder/dumps")" <<'P'
import glob, json, sys
out, dumps = [], 0
for path in sorted(glob.glob(sys.argv[1] + "/*.json")):
    root, dumps = json.load(open(path)), dumps + 1
    for item in root["items"]:
        x, y, w, h = item["rect"]
        outside = x < -1 or y < -1 or x + w > root["width"] + 1 or y + h > root["height"] + 1
        # The patches along the picture's edge are cut by the stage where a picture of 33 pixels fills 4,320.
        patch = item["role"] == "picture" and path.endswith("Shift+c.json")
        if w < 0 or h < 0 or (outside and root["width"] >= 640 and not patch):
            out.append("%s: %s %s %s" % (path.split("/")[-1], item["role"], item["rect"], item["text"][:30]))
good = not out and dumps == int(sys.argv[2]) >= 16
print("ok nothing lies outside" if good else "not ok %d dumps; outside: %s" % (dumps, "; ".join(out[:5])))
P
