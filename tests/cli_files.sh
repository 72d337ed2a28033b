#!/usr/bin/env bash
# Weight files as people make them, where PyTorch and torchvision are installed (Debian's python3-torch, python3-torchvision):
# tests/oracle_files.py.
cd "$(dirname "$0")/.." || exit 1
program=${INCEPTOSCOPE:-build/inceptoscope}
if ! /usr/bin/python3 -c 'import torch, torchvision, onnx, cv2, PIL' 2>/dev/null; then
    echo 'ok weight files as people make them # SKIP python3-torch, -torchvision, -onnx and -opencv are not installed'
    exit 0
fi
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
/usr/bin/python3 tests/oracle_files.py "$program" "$scratch" 2>"$scratch/err" || echo "not ok the files were made: $(tail -n 1 "$scratch/err")"
