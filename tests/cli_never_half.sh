#!/usr/bin/env bash
# A weight file with one tensor removed, renamed or added gives the same bits or is refused, in every format: tests/never_half.py.
cd "$(dirname "$0")/.." || exit 1
program=${INCEPTOSCOPE:-build/inceptoscope}
if ! /usr/bin/python3 -c 'import torch, torchvision, onnx, PIL' 2>/dev/null; then
    echo 'ok one tensor of a file changed # SKIP python3-torch, -torchvision and -onnx are not installed'
    exit 0
fi
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
/usr/bin/python3 tests/never_half.py "$program" "$scratch" 2>"$scratch/err" || echo "not ok the files were made: $(tail -n 1 "$scratch/err")"
