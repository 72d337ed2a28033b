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
# shellcheck disable=SC2086  # names of parts
node tests/web_page.js build/web "$program" "$work" $PARTS
