#!/usr/bin/env bash
# The WebAssembly program gives the same output as the native one with plain kernels, byte for byte: counts, claims, one value and each
# of its terms, predictions of every shipped picture. Run by `make web-test`: it needs build/web/inceptoscope.
cd "$(dirname "$0")/.." || exit 1
native=$(realpath "${INCEPTOSCOPE:?}") web=$(realpath "${INCEPTOSCOPE_WEB:?}")
tmp=$(mktemp -d) && trap 'rm -rf "$tmp"' EXIT
export INCEPTOSCOPE_CPU=plain

same() { # ARGUMENTS...: the same standard output and exit status; some output
    local a b
    "$native" "$@" >"$tmp/native" 2>"$tmp/native.err"; a=$?
    "$web" "$@" >"$tmp/web" 2>"$tmp/web.err"; b=$?
    if [ $a -eq $b ] && [ -s "$tmp/native" ] && cmp -s "$tmp/native" "$tmp/web"; then echo "ok the same: $*"
    else echo "not ok the same: $*: status $a and $b, $(diff "$tmp/native" "$tmp/web" | head -n 3 | head -c 300) $(head -c 200 "$tmp/web.err")"; fi
}
refused() { # NAME PATTERN ARGUMENTS...: the WebAssembly program says so in one line, with exit status 1
    local name=$1 pattern=$2 status
    shift 2
    "$web" "$@" >"$tmp/out" 2>"$tmp/err"; status=$?
    if [ $status -eq 1 ] && tail -n 1 "$tmp/err" | grep -qE "$pattern"; then echo "ok $name"
    else echo "not ok $name: status $status, $(tail -n 2 "$tmp/err" | head -c 300)"; fi
}

for network in googlenet torchvision_googlenet vgg16 alexnet tiny; do same trace $network --format json; done
same trace googlenet --input 3x65536x65536
for network in googlenet bvlc_googlenet cs231n_slide_total zfnet; do same audit $network; done
for at in 'input[1] 100,100' 'conv1[5] 30,40' 'maxpool1[3] 20,20' '3a/3x3[78] 12,15' '4e[600] 7,7' 'avgpool[7] 0,0' 'fc[1] 0,0' 'softmax[0] 0,0'; do
    same explain value --network googlenet --weights assets/weights/flowers.safetensors --at "${at% *}" --pos "${at#* }" --format json assets/images/daisy.png
done
same explain value --network bvlc_googlenet --at 'norm1[2]' --pos 3,3 --format json assets/images/daisy.png
same predict --format json assets/images/*.png
same predict --engine reference --format json assets/images/daisy.png
same explain gradients assets/images/rose.png

# A size has 32 bits here. The numbers in these files are larger, and would be small if they were cut.
python3 - "$tmp" <<'END'
import json, struct, sys, zipfile
folder = sys.argv[1]
def safetensors(name, shape, end, data):
    header = json.dumps({'conv1.conv.weight': {'dtype': 'F32', 'shape': shape, 'data_offsets': [0, end]}}).encode()
    open(f'{folder}/{name}', 'wb').write(struct.pack('<Q', len(header)) + header + data)
safetensors('shape.safetensors', [1 << 32, 4], 16, bytes(16))       # 4 elements when cut
safetensors('end.safetensors', [4], (1 << 32) + 16, bytes(16))
with zipfile.ZipFile(f'{folder}/member.npz', 'w') as z:             # a member that claims 4 GB and 100 bytes, in a file large enough for it
    z.writestr('w.npy', bytes(100))
    z.writestr('rest', bytes(5 << 20))
raw = bytearray(open(f'{folder}/member.npz', 'rb').read())
at = raw.rindex(b'PK\1\2', 0, raw.rindex(b'PK\1\2'))
assert raw[at + 46:at + 51] == b'w.npy'
extra = struct.pack('<HHQ', 1, 8, (1 << 32) + 100)
raw[at + 24:at + 28] = b'\xff' * 4
raw[at + 30:at + 32] = struct.pack('<H', len(extra))
raw[at + 51:at + 51] = extra
end = raw.rindex(b'PK\5\6')
raw[end + 12:end + 16] = struct.pack('<I', struct.unpack('<I', raw[end + 12:end + 16])[0] + len(extra))
open(f'{folder}/member.npz', 'wb').write(raw)
open(f'{folder}/large.net', 'w').write('network large\ninput 3x8192x16384\nclasses 2\npreprocess exact rgb\nconv c 1x1/1 2\navgpool a to=1x1\nfc f classes\nsoftmax s\n')
open(f'{folder}/groups.net', 'w').write('network groups\ninput 3x8x8\nclasses 2\npreprocess exact rgb\nconv c 1x1/1 65536\nconv d 7x7/1 65536 pad=3 groups=65536\navgpool a to=1x1\nfc f classes\nsoftmax s\n')
END
truncate -s 5G "$tmp/five.safetensors" # larger than the limit of 4 GB, and of 2 GB here; a hole on the disk
refused 'a dimension of 33 bits' 'impossible shape' predict --weights "$tmp/shape.safetensors" assets/images/daisy.png
refused 'an end of 33 bits' 'is outside the file' predict --weights "$tmp/end.safetensors" assets/images/daisy.png
refused 'a member of 33 bits' 'unpacks to more than' predict --weights "$tmp/member.npz" assets/images/daisy.png
refused 'a file of 33 bits' 'is larger than 2047 MB' predict --weights "$tmp/five.safetensors" assets/images/daisy.png
refused 'maps of more bytes than there are addresses' 'memory' predict --network "$tmp/large.net" assets/images/daisy.png
refused 'packed weights of more bytes than there are addresses' 'memory' predict --network "$tmp/groups.net" --engine fast assets/images/daisy.png
