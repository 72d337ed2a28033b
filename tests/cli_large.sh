#!/usr/bin/env bash
# Photos of 64 and 108 megapixels: tests/large_pictures.py.
cd "$(dirname "$0")/.." || exit 1
if ! /usr/bin/python3 -c 'import PIL' 2>/dev/null; then
    echo 'ok photos of 64 and 108 megapixels # SKIP python3-pil is not installed'
    exit 0
fi
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
/usr/bin/python3 tests/large_pictures.py "$(realpath "${INCEPTOSCOPE:-build/inceptoscope}")" "$scratch" 2>"$scratch/err" || echo "not ok the pictures were made: $(tail -n 1 "$scratch/err")"
