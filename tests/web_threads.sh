#!/usr/bin/env bash
# The page with the program on threads, in headless Chromium: tests/web_threads.js. Run by `make web-threads-test`: it needs
# build/web-threads, node and the system's Chromium.
cd "$(dirname "$0")/.." || exit 1
program=$(realpath "${INCEPTOSCOPE:?}")
for tool in node "${CHROMIUM:-chromium}"; do
    command -v "$tool" >/dev/null || { echo "ok threads # SKIP $tool is not installed"; exit 0; }
done
work=$(mktemp -d) && trap 'rm -rf "$work"' EXIT
node tests/web_threads.js build/web-threads/site "$program" "$work"
