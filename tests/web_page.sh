#!/usr/bin/env bash
# The page in headless Chromium, from a server and as one file by file://: tests/web_page.js. Run by `make web-test`: it needs build/web,
# node and the system's Chromium. PARTS selects some of it; SHOTS=FOLDER keeps pictures.
cd "$(dirname "$0")/.." || exit 1
program=$(realpath "${INCEPTOSCOPE:?}")
for tool in node "${CHROMIUM:-chromium}"; do
    command -v "$tool" >/dev/null || { echo "ok the page # SKIP $tool is not installed"; exit 0; }
done
work=$(mktemp -d) && trap 'rm -rf "$work"' EXIT
"$program" convert assets/weights/flowers.safetensors "$work/weights.pth" >/dev/null 2>&1 || { echo 'not ok weights.pth cannot be made'; exit 1; }
parts() { # NAME...: these parts, one after the other, into $work/NAME
    local list=() part
    for part in "$@"; do
        case " ${PARTS:-$part} " in *" $part "*) list+=("$part") ;; esac
    done
    [ ${#list[@]} -gt 0 ] || return 0
    mkdir "$work/$1" && cp "$work/weights.pth" "$work/$1" && node tests/web_page.js build/web "$program" "$work/$1" "${list[@]}" >"$work/$1.out" 2>&1
}
# Two browsers beside each other; what looks at times has the machine to itself.
parts dumps software firefox paste commands &
parts walk file firefox-file lesson glyphs files units phone &
wait
parts camera busy
cat "$work"/*.out
