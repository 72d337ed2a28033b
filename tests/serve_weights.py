"""A web server for tests/cli_weights.sh. Writes a GoogLeNet of zeros under Caffe's names into FOLDER, prints its port, and serves
FOLDER: with ranges, and under /stops/ only the first half of what was asked for."""
import http.server
import json
import os
import struct
import sys

folder = sys.argv[1]
ROWS = [("3a", 192, 64, 96, 128, 16, 32, 32), ("3b", 256, 128, 128, 192, 32, 96, 64), ("4a", 480, 192, 96, 208, 16, 48, 64),
        ("4b", 512, 160, 112, 224, 24, 64, 64), ("4c", 512, 128, 128, 256, 24, 64, 64), ("4d", 512, 112, 144, 288, 32, 64, 64),
        ("4e", 528, 256, 160, 320, 32, 128, 128), ("5a", 832, 256, 160, 320, 32, 128, 128), ("5b", 832, 384, 192, 384, 48, 128, 128)]


def write_zeros(path):
    shapes = {"conv1/7x7_s2": (64, 3, 7, 7), "conv2/3x3_reduce": (64, 64, 1, 1), "conv2/3x3": (192, 64, 3, 3), "loss3/classifier": (1000, 1024)}
    for m, c, c1, r3, c3, r5, c5, pp in ROWS:
        for part, o, i, k in (("1x1", c1, c, 1), ("3x3_reduce", r3, c, 1), ("3x3", c3, r3, 3), ("5x5_reduce", r5, c, 1), ("5x5", c5, r5, 5), ("pool_proj", pp, c, 1)):
            shapes["inception_%s/%s" % (m, part)] = (o, i, k, k)
    header, at = {}, 0
    for name, shape in shapes.items():
        for key, dims in ((name + ".weight", shape), (name + ".bias", shape[:1])):
            size = 2
            for d in dims:
                size *= d
            header[key] = {"dtype": "F16", "shape": list(dims), "data_offsets": [at, at + size]}
            at += size
    text = json.dumps(header).encode()
    with open(path, "wb") as out:
        out.write(struct.pack("<Q", len(text)) + text + b"\0" * at)


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        stops = self.path.startswith("/stops/")
        path = os.path.join(folder, os.path.basename(self.path))
        if not os.path.exists(path):
            return self.send_error(404)
        data = open(path, "rb").read()
        asked = self.headers.get("Range", "")
        start = int(asked[6:].split("-")[0]) if asked.startswith("bytes=") else 0
        if start >= len(data):
            return self.send_error(416)
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", "bytes %d-%d/%d" % (start, len(data) - 1, len(data)))
        self.send_header("Content-Length", str(len(data) - start))
        self.end_headers()
        with open(os.path.join(folder, "requests"), "a") as log:
            log.write("%d from %d\n" % (206 if start else 200, start))
        self.wfile.write(data[start:start + (len(data) - start) // 2] if stops else data[start:])

    def log_message(self, *args):
        pass


write_zeros(os.path.join(folder, "bvlc.safetensors"))
open(os.path.join(folder, "page.html"), "w").write("<html>sorry</html>")
server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
print(server.server_port, flush=True)
server.serve_forever()
