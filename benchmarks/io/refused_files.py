#!/usr/bin/env python3
"""Is a file that is refused ever expensive?

usage: refused_files.py BIN [--megabytes 200] [--only WORD] [--keep DIR]

Makes for each reader its most expensive files that are at fault, of --megabytes or as large as a limit admits, and
gives them to the programs mobilenet_v3, bert, yolov5 and import_onnx in BIN, one variant of each, not built with
TAXON_DEVELOPER. Each must end with exit code 3 and one line on standard error, within 2 seconds and one more for each
10^9 bytes, and take at most 64 MiB and twice the file's size of memory, and four bytes more for each pixel of a
picture, as SECURITY.md says. Exits with 1 if a bound was broken. Needs NumPy and Pillow for the pictures.
"""
import argparse
import io
import multiprocessing
import os
import pathlib
import struct
import subprocess
import sys
import tempfile
import time
import zlib

MIB = 1 << 20


# ── Contents: functions of the bytes wanted ──────────────────────────────────────────────────────────────────────────

def repeated(unit, size, start=b"", end=b""):
    return start + unit * max(1, (size - len(start) - len(end)) // len(unit)) + end


def numbered(pattern, size, start=b"", end=b"", between=b""):
    """Units that differ: `pattern` with a number put in by %."""
    units, length, number = [], len(start) + len(end), 0
    while length < size:
        units.append(pattern % number)
        length += len(units[-1]) + len(between)
        number += 1
    return start + between.join(units) + end


def safetensors(header):
    return struct.pack("<Q", len(header)) + header


def zip_of(entries, checksum=zlib.crc32):
    """An archive of (name, bytes) as torch.save writes them: stored, data aligned to 64 bytes."""
    body, directory = bytearray(), bytearray()
    for name, data in entries:
        at, padding = len(body), -(len(body) + 34 + len(name)) % 64
        facts = struct.pack("<HHHHHIIIHH", 20, 0, 0, 0, 33, checksum(data), len(data), len(data), len(name),
                            padding + 4)
        body += b"PK\3\4" + facts + name + b"FB" + struct.pack("<H", padding) + b"Z" * padding + data
        facts = facts[:-2] + struct.pack("<HHHHII", 0, 0, 0, 0, 0, at)
        directory += b"PK\1\2\0\0" + facts + name
    count = len(entries)
    end = b"PK\6\6" + struct.pack("<QHHIIQQQQ", 44, 30, 45, 0, 0, count, count, len(directory), len(body))
    end += b"PK\6\7" + struct.pack("<IQI", 0, len(body) + len(directory), 1)
    few = min(count, 0xFFFF)
    return bytes(body + directory + end + b"PK\5\6" + struct.pack(
        "<HHHHIIH", 0, 0, few, few, min(len(directory), 0xFFFFFFFF), min(len(body), 0xFFFFFFFF), 0))


def checkpoint(pickle, *more):
    return zip_of([(b"a/data.pkl", pickle), (b"a/version", b"3\n"), *more])


def legacy(pickle):
    magic = b"\x80\2\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19.\x80\2M\xe9\3."
    system = (b"\x80\2}q\0(X\x10\0\0\0protocol_versionq\1M\xe9\3X\x0d\0\0\0little_endianq\2\x88X\x0a\0\0\0type_sizes"
              b"q\3}q\4(X\5\0\0\0shortq\5K\2X\3\0\0\0intq\6K\4X\4\0\0\0longq\7K\4uu.")
    return magic + system + pickle


def varint(value):
    bytes_ = bytearray()
    while value >= 128:
        bytes_.append(value & 127 | 128)
        value >>= 7
    return bytes(bytes_) + bytes([value])


def field(number, data):
    """A length-delimited field of a protobuf message."""
    return bytes([number << 3 | 2]) + varint(len(data)) + data


def onnx(graph):
    return b"\x08\x08" + field(7, graph) + field(8, b"\x10\x1a")


def node(operation, inputs, outputs, attributes=b""):
    """A node of a graph; inputs and outputs are lists of names."""
    return field(1, b"".join(field(1, name) for name in inputs) + b"".join(field(2, name) for name in outputs) +
                 field(4, operation) + attributes)


def constant(name, shape, kind):
    """Zeros: 1 floats, 3 whole numbers of eight bits."""
    count = {1: 4, 3: 1}[kind]
    for side in shape:
        count *= side
    return field(5, field(1, b"".join(map(varint, shape))) + b"\x10" + varint(kind) + field(8, name) +
                 field(9, bytes(count)))


def integers(name, numbers):
    return field(5, b"\x08" + varint(len(numbers)) + b"\x10\7" + field(8, name) +
                 field(9, struct.pack(f"<{len(numbers)}q", *numbers)))


def given(name, side):
    """An input of so many floats."""
    return field(11, field(1, name) + field(2, field(1, b"\x08\1" + field(2, field(1, b"\x08" + varint(side))))))


def output(name):
    return field(12, field(1, name))


def transposed(name):
    """The output of a graph: a value whose axes are said to be exchanged, the tenth among them."""
    order = field(5, field(1, b"perm") + b"\xa0\1\7\x40\x09")
    return node(b"Transpose", [name], [b"y"], order) + output(b"y")


def png(side, rows, depth=8, colour=2, interlaced=False, flaw=True):
    def chunk(kind, data, wrong=0):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data) ^ wrong)
    header = struct.pack(">IIBBBBB", side[0], side[1], depth, colour, 0, 0, int(interlaced))
    data = zlib.compress(rows, 1)
    if flaw:  # in the checksum of the pixels, which only the whole of them shows
        data = data[:-1] + bytes([data[-1] ^ 1])
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def noise(count):
    import numpy
    return numpy.random.default_rng(1).integers(0, 256, count, dtype=numpy.uint8)


def encoded(width, height, kind, smooth=1, **options):
    """A picture of noise, each value repeated `smooth` times in both directions."""
    import numpy
    import PIL.Image
    PIL.Image.MAX_IMAGE_PIXELS = None
    coarse = noise((height // smooth + 1) * (width // smooth + 1) * 3).reshape(height // smooth + 1, -1, 3)
    pixels = numpy.repeat(numpy.repeat(coarse, smooth, 0), smooth, 1)[:height, :width]
    file = io.BytesIO()
    PIL.Image.fromarray(pixels).save(file, kind, **options)
    return file.getvalue()


def cut(data):
    """A JPEG without the last bytes of its last scan, or a WebP of a picture without its last bytes."""
    if data[:4] != b"RIFF":
        return data[:-200] + b"\xff\xd9"
    data = data[:len(data) - 2000]
    return data[:4] + struct.pack("<I", len(data) - 8) + data[8:16] + struct.pack("<I", len(data) - 20) + data[20:]


# ── Cases: (name, program, arguments, makers of files by name, pixels) ───────────────────────────────────────────────

WEIGHTS = ["infer", "--input", "synthetic", "--weights"]
SIDES = (10_000, 5_000)
PIXELS = SIDES[0] * SIDES[1]


def weights(name, make, file="w.pt"):
    return name, "mobilenet_v3", [*WEIGHTS, file], {file: make}, 0


def picture(name, make, file):
    return name, "mobilenet_v3", ["infer", "--weights", "synthetic", file], {file: make}, PIXELS


def text(name, arguments, file, make):
    return name, "bert", arguments, {file: make}, 0


def cases(size):
    header, pickle, lines = 99_999_000, 128 * MIB - 4096, 64 * MIB - 4096
    data_set = 480 * MIB - 4096
    empty_tensor = b'"%d":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}'
    texts, vocabulary = ["infer", "--weights", "synthetic", "--vocab"], "vocab.txt"
    yield weights("safetensors: empty tensors", lambda: safetensors(
        numbered(empty_tensor, header, b"{", b"}", b",")), "w.safetensors")
    yield weights("safetensors: metadata", lambda: safetensors(
        numbered(b'"%d":""', header, b'{"__metadata__":{', b"}}", b",")), "w.safetensors")
    yield weights("safetensors: escapes in a name", lambda: safetensors(
        repeated(rb"\u0041", header, b'{"', b'":{}}')), "w.safetensors")
    yield weights("safetensors: a shape of ones", lambda: safetensors(
        repeated(b"1,", header, b'{"a":{"dtype":"F32","shape":[', b'1],"data_offsets":[0,4]}}') + b"\0" * 4),
        "w.safetensors")
    yield weights("shard index: names", lambda: numbered(
        b'"%d":"a.safetensors"', min(size, lines), b'{"weight_map":{', b"}}", b","), "w.safetensors.index.json")
    for name, pickled in {
            "empty dicts": lambda n: repeated(b"}", n, b"\x80\2(", b"t."),
            "a memo's entry": lambda n: repeated(b"q\0", n, b"\x80\2}", b"."),
            "a memo": lambda n: b"\x80\2}" + b"".join(
                b"r" + struct.pack("<I", i) for i in range(n // 5)) + b".",
            "integers": lambda n: repeated(b"K\1", n, b"\x80\2](", b"e."),
            "popped values": lambda n: repeated(b"N0", n, b"\x80\2", b"}."),
            "strings": lambda n: numbered(b"X\7\0\0\0%07d", n, b"\x80\2](", b"e."),
            "names": lambda n: numbered(b"ca\n%d\n", n, b"\x80\2](", b"e."),
            "keys": lambda n: numbered(b"X\7\0\0\0%07dN", n, b"\x80\2}(", b"u."),
            "one long string": lambda n: repeated(b"a", n, b"\x80\2X" + struct.pack("<I", n - 64)),
    }.items():
        yield weights(f"torch zip: {name}", lambda pickled=pickled: checkpoint(pickled(min(size, pickle))))
        yield weights(f"torch legacy: {name}", lambda pickled=pickled: legacy(pickled(min(size, pickle))))
    yield weights("torch zip: entries", lambda: checkpoint(b"\x80\2}.", *(
        (b"a/data/%d" % i, b"") for i in range(size // 256))))
    yield weights("torch zip: wrong checksum of all", lambda: zip_of(
        [(b"a/data.pkl", b"\x80\2}."), (b"a/version", b"3\n"), (b"a/data/0", bytes(size))],
        lambda data: zlib.crc32(data) ^ (len(data) > 100)))
    yield weights("darknet: cut", lambda: struct.pack("<IIIQ", 0, 2, 0, 0) + bytes(size), "w.weights")
    yield weights("offline: zeros", lambda: b"\x89TAX\r\n\x1a\n" + bytes(size), "w.taxon")

    def model(graph):
        return lambda: onnx(graph())
    for name, graph in {
            "empty nodes": lambda: repeated(field(1, b""), size),
            "nodes": lambda: b"".join(
                field(1, field(1, b"%d" % i) + field(2, b"%d" % (i + 1)) + field(4, b"Relu"))
                for i in range(size // 32)),
            "initializers": lambda: b"".join(
                field(5, b"\x08\0\x10\1" + field(8, b"%d" % i)) for i in range(size // 24)),
            "repeated numbers": lambda: field(5, b"\x10\7" + field(8, b"a") + repeated(b"\x38\1", size)),
            "packed numbers": lambda: field(5, b"\x10\7" + field(8, b"a") + field(7, b"\1" * size)),
            "numbers of eight bits": lambda: field(
                5, b"\x08" + varint(size) + b"\x10\3" + field(8, b"a") + field(9, bytes(size))) +
            output(b"y"),
            "a constant resized": lambda: field(
                1, field(1, b"a") + field(1, b"") + field(1, b"c") + field(2, b"y") + field(4, b"Resize") +
                field(5, field(1, b"mode") + b"\xa0\1\3" + field(4, b"cubic"))) +
            field(5, b"\x08\2\x10\1" + field(8, b"a") + field(9, bytes(8))) +
            field(5, b"\x08\1\x10\1" + field(8, b"c") + field(9, struct.pack("<f", 2 ** 24))) +
            output(b"y"),
            "steps": lambda: given(b"0", 1) + b"".join(
                node(b"Relu", [b"%d" % i], [b"%d" % (i + 1)]) for i in range(size // 2048)) +
            transposed(b"%d" % (size // 2048)) + constant(b"w", [size], 3),
            "computed constants": lambda: integers(b"s", [2 ** 22]) + node(b"ConstantOfShape", [b"s"], [b"c"]) +
            node(b"Exp", [b"c"], [b"d"]) + node(b"Add", [b"c", b"d"], [b"e"]) + node(b"Sin", [b"e"], [b"f"]) +
            transposed(b"f"),
            "a computed shape": lambda: integers(b"s", [2 ** 22]) + node(b"ConstantOfShape", [b"s"], [b"c"]) +
            node(b"Exp", [b"c"], [b"d"]) + node(b"NonZero", [b"d"], [b"e"]) + node(b"ReduceMax", [b"e"], [b"m"]) +
            node(b"Expand", [b"c", b"m"], [b"f"]) + transposed(b"f"),
            "a convolution of nothing": lambda: constant(b"x", [1, 0, 2 ** 20, 2 ** 20], 1) +
            constant(b"w", [1, 0, 2 ** 20, 2 ** 20], 1) + node(b"Conv", [b"x", b"w"], [b"c"]) + transposed(b"c"),
            "parts": lambda: integers(b"s", [1] * 30_000) + constant(b"x", [30_000], 1) +
            node(b"Split", [b"x", b"s"], [b"%d" % i for i in range(30_000)]) + transposed(b"0"),
            "sums": lambda: constant(b"x", [1] * 16, 1) +
            node(b"Sum", [b"x"] * 60_000, [b"c"]) + transposed(b"c"),
            "constants to be looked at": lambda: constant(b"x", [size // 4], 1) + b"".join(
                node(b"ReduceLogSumExp", [b"x"], [b"r%d" % i]) + node(b"NonZero", [b"r%d" % i], [b"n%d" % i]) +
                output(b"n%d" % i) for i in range(25)) + transposed(b"x"),
            "inputs and outputs": lambda: b"".join(
                field(number, field(1, b"%d" % i) + field(2, field(1, b"\x08\1" + field(2, b""))))
                for number in (11, 12) for i in range(size // 2000)) + transposed(b"0") + constant(b"w", [size], 3),
            "small constants": lambda: b"".join(
                constant(b"%d" % i, [32], 3) for i in range(size // 2000)) + transposed(b"0") + constant(
                b"w", [size], 3),
            "layers": lambda: given(b"x", 64) + integers(b"a", [0]) + b"".join(
                node(b"CumProd", [b"x", b"a"], [b"%d" % i]) for i in range(2000)) + node(
                b"Sum", [b"%d" % i for i in range(2000)], [b"y"]) + output(b"y"),
            "places": lambda: given(b"x", 1) + integers(b"s", [2 ** 20]) + integers(b"r", [2 ** 20 - 1]) +
            node(b"Expand", [b"x", b"s"], [b"e"]) + b"".join(
                node(b"Resize", [b"e", b"", b"", b"r"], [b"%d" % i]) + output(b"%d" % i) for i in range(8)) +
            integers(b"t", [2 ** 29]) + node(b"Expand", [b"x", b"t"], [b"f"]) + node(b"Exp", [b"f"], [b"y"]) +
            output(b"y"),
            "attributes": lambda: field(1, field(4, b"Relu") + repeated(field(5, field(1, b"a")), size)),
    }.items():
        yield f"onnx: {name}", "import_onnx", ["check", "m.onnx"], {"m.onnx": model(graph)}, 0
    yield text("vocabulary: lines", [*texts, vocabulary, "--text", "a"], vocabulary, lambda: numbered(b"%d\n", lines))
    yield text("vocabulary: one line", [*texts, vocabulary, "--text", "a"], vocabulary, lambda: repeated(b"a", lines))
    yield text("tokenizer.json: tokens", [*texts, "tokenizer.json", "--text", "a"], "tokenizer.json", lambda: numbered(
        b'"a%d":0', min(size, lines), b'{"model":{"type":"WordPiece","vocab":{', b"}}}", b","))
    table = ["infer", "--weights", "synthetic", "--vocab", "v", "t.tsv"]
    small = "\n".join(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a"]).encode()
    for name, make in {"empty lines": lambda: repeated(b"\n", lines, b"sentence\n", b"\t\t"),
                       "tabs": lambda: repeated(b"\t" * 60_000 + b"\n", lines, b"sentence\n"),
                       "rows": lambda: repeated(b"a\n", lines, b"sentence\n", b"\xff\n")}.items():
        yield f"table: {name}", "bert", table, {"t.tsv": make, "v": lambda: small}, 0
    listed = ["infer", "--weights", "synthetic", "--vocab", "v", "--input-json", "l.json"]
    for name, make in {"texts": lambda: repeated(b'["a"],', lines, b"[", b"[]]"),
                       "pairs": lambda: repeated(b'["a","b"],', lines, b"[", b"[]]"),
                       "long texts": lambda: repeated(b'["aaaaaaaaaaaaaaaa"],', lines, b"[", b"[]]")}.items():
        yield f"list: {name}", "bert", listed, {"l.json": make, "v": lambda: small}, 0
    folder = ["infer", "--weights", "model.safetensors", "--vocab", "v", "--text", "a"]
    settings = 16 * MIB - 64
    for name, make in {"fields": lambda: numbered(b'"%d":0', settings, b"{", b"}", b","),
                       "a text": lambda: repeated(b"a", settings - 10, b'{"a":"\\n', b'"}'),
                       "a key": lambda: repeated(b"a", settings - 10, b'{"\\n', b'":0}'),
                       "long keys": lambda: numbered(b'"%0500d":0', settings - 600, b"{", b"}", b","),
                       "labels": lambda: numbered(b'"%d":"label"', settings, b'{"id2label":{', b"}}", b",")}.items():
        yield f"config.json: {name}", "bert", folder, {
            "config.json": make, "model.safetensors": lambda: safetensors(b"{}"), "v": lambda: small}, 0
    labels = ["infer", "--weights", "synthetic", "--input", "synthetic", "--labels", "l.txt"]
    yield "class names", "mobilenet_v3", labels, {"l.txt": lambda: numbered(b"%d\n", lines)}, 0
    evaluation = ["eval", "--annotations", "a.json", "--detections", "d.json"]
    fine = b'{"images":[{"id":1,"file_name":"a.jpg","width":4,"height":3}],"categories":[{"id":1,"name":"cat"}],' \
           b'"annotations":[{"id":1,"image_id":1,"category_id":1,"bbox":[0,0,2,2],"area":4,"iscrowd":0}]}'
    box = b'{"id":%d,"image_id":1,"category_id":1,"bbox":[0,0,2,2],"area":4,"iscrowd":0}'
    for name, make in {
            "boxes": lambda: numbered(box, data_set, fine[:-2] + b",", b",{}]}", b","),
            "images without names": lambda: numbered(
                b'{"id":%d,"file_name":""}', data_set, b'{"images":[', b"]}", b","),
            "images of string ids": lambda: numbered(
                b'{"id":"%d","file_name":""}', data_set, b'{"images":[', b"]}", b","),
            "categories": lambda: numbered(b'{"id":%d,"name":""}', data_set, b'{"categories":[', b"]}", b","),
            "a long name": lambda: repeated(b"a", data_set, b'{"images":[{"id":1,"file_name":"\\n', b'"}]}'),
            "unknown lists": lambda: repeated(b"[],", data_set, b'{"a":[', b"0]}"),
            "images": lambda: numbered(
                b'{"id":%d,"file_name":"a","width":1,"height":1}', data_set, b'{"images":[', b"]}", b","),
            "escapes": lambda: repeated(rb"\u0041", data_set, b'{"a":"', b'"}'),
            "numbers": lambda: repeated(b"1e-9,", data_set, b'{"a":[', b"0]}")}.items():
        yield f"annotations: {name}", "yolov5", evaluation, {"a.json": make, "d.json": lambda: b"[]"}, 0
    found = b'{"image_id":1,"category_id":1,"bbox":[0,0,2,2],"score":0.5}'
    yield "detections", "yolov5", evaluation, {"a.json": lambda: fine, "d.json": lambda: repeated(
        found + b",", data_set, b"[", b"{}]")}, 0
    result = 256 * MIB - 4096
    for name, make in {"escapes": lambda: repeated(rb"\u0041", result, b'{"a":"', b'"}'),
                       "pairs of surrogates": lambda: repeated(rb"\ud83d\ude00", result, b'{"a":"', b'"}'),
                       "lists": lambda: repeated(b"[],", result, b'{"a":[', b"0]}"),
                       "spaces": lambda: repeated(b" ", result, b"{", b"}"),
                       "an escape": lambda: repeated(b"a", result, b'{"a":"\\n', b'"}'),
                       "keys": lambda: numbered(b'"%d":0', result, b"{", b"}", b","),
                       "plain text": lambda: repeated(b"a", result, b'{"a":"', b'"}')}.items():
        yield f"earlier result: {name}", "yolov5", ["eval", "merge", "r.json"], {"r.json": make}, 0
    width, height = SIDES
    yield picture("png: one colour", lambda: png(SIDES, bytes((3 * width + 1) * height)), "p.png")
    yield picture("png: 16 bits with alpha", lambda: png(SIDES, bytes((8 * width + 1) * height), 16, 6), "p.png")
    yield picture("png: Paeth", lambda: png(
        SIDES, (b"\4" + noise(8 * width).tobytes()) * height, 16, 6), "p.png")
    yield picture("png: interlaced", lambda: png(
        SIDES, bytes(8 * width * height + height * 2 + 7), 16, 6, True), "p.png")
    yield picture("jpeg: noise", lambda: cut(encoded(width, height, "jpeg", quality=90)), "p.jpg")
    fewer = height * 4 // 5  # progressive ones take more memory for a pixel
    yield picture("jpeg: progressive noise", lambda: cut(
        encoded(width, fewer, "jpeg", quality=90, progressive=True)), "p.jpg")
    yield picture("jpeg: progressive, smooth", lambda: cut(
        encoded(width, fewer, "jpeg", 64, quality=30, progressive=True)), "p.jpg")
    yield picture("bmp: cut", lambda: encoded(width, height, "bmp")[:-1], "p.bmp")
    yield picture("webp: lossless", lambda: cut(
        encoded(width, height * 7 // 10, "webp", 4, lossless=True, method=0, quality=0)), "p.webp")
    yield picture("webp: lossy", lambda: cut(encoded(width, height, "webp", 8, method=0, quality=60)), "p.webp")


def make(path, contents):
    """Writes contents() in a process of its own: a child's peak of memory begins with its parent's."""
    writer = multiprocessing.get_context("fork").Process(target=lambda: path.write_bytes(contents()))
    writer.start()
    writer.join()
    if writer.exitcode != 0:
        sys.exit(f"{path.name} could not be made")
    return path.stat().st_size


def cost(command, folder):
    """Exit code, standard error, seconds and MiB of a command."""
    start = time.monotonic()
    child = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    said = child.stderr.read()
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    return child.returncode, said.decode(errors="replace"), time.monotonic() - start, usage.ru_maxrss / 1024


def main():
    parser = argparse.ArgumentParser(usage=__doc__.split("usage: ")[1].split("\n")[0])
    parser.add_argument("bin", type=pathlib.Path)
    parser.add_argument("--megabytes", type=int, default=200)
    parser.add_argument("--only", default="")
    parser.add_argument("--keep", type=pathlib.Path)
    arguments = parser.parse_args()

    broken = 0
    print(f"{'file':34} {'MB':>7} {'exit':>4} {'s':>6} {'of':>5} {'MiB':>6} {'of':>6}")
    for name, program, command, files, pixels in cases(arguments.megabytes * 1_000_000):
        if arguments.only not in name:
            continue
        with tempfile.TemporaryDirectory() as scratch:
            folder = arguments.keep or pathlib.Path(scratch)
            folder.mkdir(exist_ok=True)
            size = sum(make(folder / file, contents) for file, contents in files.items())
            code, said, seconds, mib = cost([arguments.bin.resolve() / program, *command], folder)
        time_bound, memory_bound = 2 + size / 1e9, 64 + (2 * size + 4 * pixels) / MIB
        holds = code == 3 and said.count("\n") == 1 and seconds <= time_bound and mib <= memory_bound
        broken += not holds
        print(f"{name:34} {size / 1e6:7.1f} {code:4} {seconds:6.2f} {time_bound:5.2f} {mib:6.0f} {memory_bound:6.0f}"
              f"  {'' if holds else 'BROKEN: '}{said.strip()[:160 if holds else 400]}", flush=True)
    return broken > 0


sys.exit(main())
