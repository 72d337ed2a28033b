#!/usr/bin/env bash
# Weight files of full size from PyTorch, torchvision, ONNX and Caffe, where their Python packages are installed (Debian's
# python3-torch python3-torchvision python3-onnx python3-opencv): tests/roundtrip_formats.py.
cd "$(dirname "$0")/.." || exit 1
program=${INCEPTOSCOPE:-build/inceptoscope}
if ! /usr/bin/python3 -c 'import torch, torchvision, onnx, cv2, PIL' 2>/dev/null; then
    echo 'ok files of the real libraries # SKIP python3-torch, -torchvision, -onnx and -opencv are not installed'
    exit 0
fi
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
/usr/bin/python3 tests/roundtrip_formats.py "$program" "$scratch" 2>"$scratch/err" || echo "not ok the round trips ran: $(tail -n 1 "$scratch/err")"
