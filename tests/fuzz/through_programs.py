#!/usr/bin/env python3
"""Gives every input of the fuzzing corpora to the example programs, as a user would.

usage: through_programs.py BIN CORPUS [--targets NAME,…] [--jobs 2]

BIN has the programs mobilenet_v3, bert, yolov5 and import_onnx, one variant of each; CORPUS is build/fuzz/corpus, or
another folder with a folder for each target of tests/fuzz. A program must end with 0, 2, 3 or 4, within 5 seconds, and
where it fails with one line. Prints how often each code came; exits with 1, and names the inputs, if anything else did.
"""
import argparse
import collections
import concurrent.futures
import pathlib
import shutil
import subprocess
import sys
import tempfile

WEIGHTS = ["mobilenet_v3", "infer", "--input", "synthetic", "--weights"]
PICTURE = ["mobilenet_v3", "infer", "--weights", "synthetic"]
TEXTS = ["bert", "infer", "--weights", "synthetic", "--text", "the cat", "--vocab"]
BOXES = ["yolov5", "eval", "--annotations"]
ONNX = ("f.onnx", [["import_onnx", "check", "f.onnx"], ["import_onnx", "run", "f.onnx"]])

# The file's name, and the command lines that read it.
COMMANDS = {
    "bmp": ("f.bmp", [[*PICTURE, "f.bmp"]]),
    "class_names": ("f.txt", [[*PICTURE, "--input", "synthetic", "--labels", "f.txt"]]),
    "coco_annotations": ("f.json", [[*BOXES, "f.json", "--detections", "none.json"]]),
    "config": ("config.json", [["bert", "infer", "--weights", "model.safetensors", "--text", "a"]]),
    "darknet": ("f.weights", [["yolov5", *WEIGHTS[1:], "f.weights"], ["yolov5", "inspect", "f.weights"]]),
    "glue": ("f.tsv", [["bert", "eval", "--weights", "synthetic", "--vocab", "vocab.txt", "--task", task, "--dataset",
                        "f.tsv"] for task in ("sst2", "mrpc")]),
    "jpeg": ("f.jpg", [[*PICTURE, "f.jpg"], [*PICTURE, "--exif", "f.jpg"]]),
    "jpeg_turbo": ("f.jpg", [[*PICTURE, "f.jpg"]]),
    "json": ("f.json", [[*BOXES, "annotations.json", "--detections", "f.json"], ["yolov5", "eval", "merge", "f.json"],
                        ["bert", "infer", "--weights", "synthetic", "--vocab", "vocab.txt", "--input-json", "f.json"]]),
    "npy": ("f.npy", [[*PICTURE, "--tensor", "f.npy"]]),
    "offline": ("f.taxon", [[*WEIGHTS, "f.taxon"], ["mobilenet_v3", "verify", "--weights", "f.taxon"],
                            ["mobilenet_v3", "inspect", "f.taxon"]]),
    "onnx": ONNX,
    "onnx_graph": ONNX,
    "png": ("f.png", [[*PICTURE, "f.png"]]),
    "safetensors": ("f.safetensors", [[*WEIGHTS, "f.safetensors"], ["mobilenet_v3", "inspect", "f.safetensors"]]),
    "shard_index": ("f.safetensors.index.json", [[*WEIGHTS, "f.safetensors.index.json"]]),
    "tokenizer": ("text", [["bert", "tokenize", "--vocab", "vocab.txt", "text", "--output-dir", "tokens"]]),
    "tokenizer_json": ("tokenizer.json", [[*TEXTS, "tokenizer.json"]]),
    "torch_legacy": ("f.pt", [[*WEIGHTS, "f.pt"], ["mobilenet_v3", "inspect", "f.pt"]]),
    "torch_pickle": ("f.bin", [[*WEIGHTS, "f.bin"]]),
    "torch_zip": ("f.pt", [[*WEIGHTS, "f.pt"], ["mobilenet_v3", "inspect", "f.pt"]]),
    "vocabulary": ("vocab.txt", [[*TEXTS, "vocab.txt"]]),
    "webp": ("f.webp", [[*PICTURE, "f.webp"]]),
}
BESIDE = {
    "none.json": b"[]",
    "vocab.txt": b"[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\n##b\n",
    "model.safetensors": b"\2\0\0\0\0\0\0\0{}",
    "annotations.json": b'{"images":[{"id":1,"file_name":"a.jpg"}],"categories":[{"id":1,"name":"cat"}],"annotations":'
                        b'[{"image_id":1,"category_id":1,"bbox":[0,0,2,2],"area":4}]}',
}


def outcomes(programs, target, source):
    """The code of each command line, or what was wrong."""
    name, commands = COMMANDS[target]
    found = []
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        for beside, contents in BESIDE.items():
            (folder / beside).write_bytes(contents)
        shutil.copy(source, folder / name)
        for program, *rest in commands:
            try:
                run = subprocess.run([programs / program, *rest], cwd=folder, stdin=subprocess.DEVNULL,
                                     stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=5)
            except subprocess.TimeoutExpired:
                found.append(f"{source}: {program} {rest[0]} took more than 5 s")
                continue
            lines = [line for line in run.stderr.decode(errors="replace").splitlines()
                     if line.startswith(program + ": ") and not line.startswith(program + ": note: ")]
            fine = run.returncode == 0 or (run.returncode in (2, 3, 4) and len(lines) == 1)
            found.append(run.returncode if fine else f"{source}: {program} {rest[0]} ended with {run.returncode} and "
                         f"{len(lines)} lines of errors")
    return found


def main():
    parser = argparse.ArgumentParser(usage=__doc__.split("usage: ")[1].split("\n")[0])
    parser.add_argument("bin", type=pathlib.Path)
    parser.add_argument("corpus", type=pathlib.Path)
    parser.add_argument("--targets", default=",".join(COMMANDS))
    parser.add_argument("--jobs", type=int, default=2)
    arguments = parser.parse_args()

    wrong = 0
    for target in arguments.targets.split(","):
        files = sorted((arguments.corpus / target).iterdir())
        codes = collections.Counter()
        with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
            for found in pool.map(lambda file: outcomes(arguments.bin.resolve(), target, file), files):
                for outcome in found:
                    if isinstance(outcome, str):
                        wrong += 1
                        print(outcome)
                    else:
                        codes[outcome] += 1
        print(f"{target}: {len(files)} inputs; " + ", ".join(f"{n} times {code}" for code, n in sorted(codes.items())),
              flush=True)
    return wrong > 0


sys.exit(main())
