#!/usr/bin/env python3
"""Holds exported .onnx files against onnx's checker and strict shape inference, ONNX Runtime, OpenVINO, onnxsim, pnnx.

    peers.py PROGRAMS [PROGRAM…]     all networks of the programs in that folder that were built, or of these

Weights are generated; those of detectors are smaller, because float32 loses 1e-3 of the answers of 75 layers that grow
them. Answers may differ from the program's own by 1e-4 of their standard deviation (of rows of boxes: each column's).
A file of 8-bit integers is held to the program's own stored values: from those of the layers before, it makes each of
them, but for one in 1,000 that rounds the other way by one step, and from all of them answers within 0.1 steps, 1/255
of their range. As a whole, its answers are within two steps, where such roundings do not spread; in detectors and
transformers they do, also between two instruction sets of the program (4.9 steps in YOLOv5n, 1.6 in MiniLM): twice the
distance of integers from float32 is allowed there. onnxsim is to leave all nodes and initializers as they are. Packages
that are missing are named and left out; without onnx and onnxruntime everything is skipped. Exit code 1 if a check
fails.
"""
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

try:
    import numpy
    import onnx
    import onnxruntime
except ImportError as missing:
    print(f"skipped: no {missing.name}")
    sys.exit(0)
from stored_values import from_stored_values

try:
    import openvino
except ImportError:
    openvino = None
try:
    import onnxsim
except ImportError:
    onnxsim = None

TOLERANCE, STEPS = 1e-4, 2
OTHERS, STEPS_OF_STORED = 1e-3, 0.1
PRECISIONS = ["force_float32", "qint8_mixed_float32"]
PROGRAMS = ["mobilenet_v3", "resnet", "googlenet", "efficientnet_lite", "image_classifier", "volo", "bert", "yolov5",
            "yolov3"]
FORMS = [("13", ["--opset", "13"]), ("17", ["--opset", "17"]), ("17 open", ["--dynamic-batch"])]


def run(*line):
    done = subprocess.run([str(word) for word in line], capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(done.stderr.strip() or f"exit code {done.returncode} of {line[0]}")
    return done.stdout


def built(program):
    """Pairs of --variant and --precision."""
    variants = " ".join(run(program, "describe", "--help").split()).split("Network: ")[1].split(" (default")[0]
    for variant in variants.split(","):
        for precision in PRECISIONS:
            line = [program, "describe", "--variant", variant.strip(), "--precision", precision]
            if subprocess.run(line, capture_output=True).returncode == 0:
                yield variant.strip(), precision


def inputs_of(facts, random, low):
    shapes = {one["name"]: [1 if size == "batch" else size for size in one["shape"]] for one in facts["inputs"]}
    if "input_ids" not in shapes:
        return {name: random.uniform(low, 1, shape).astype(numpy.float32) for name, shape in shapes.items()}
    length = shapes["input_ids"][1]
    kept = (numpy.arange(length) < length * 3 // 4).astype(numpy.int64)[None]
    return {"input_ids": random.integers(1000, 20000, (1, length)) * kept,
            "attention_mask": kept,
            "token_type_ids": (numpy.arange(length) >= length // 2).astype(numpy.int64)[None] * kept}


def own_answer(program, options, facts, inputs, folder):
    tensors = []
    for name, numbers in inputs.items():
        numpy.save(folder / f"{name}.npy", numbers)
        tensors.append(f"{name}={folder / name}.npy")
    run(program, "infer", *options, "--tensor", *tensors, "--output", folder / "answer.npy", "--quiet")
    return numpy.load(folder / "answer.npy")


def dump_layers(program, options, inputs, folder):
    tensors = [f"{name}={folder / name}.npy" for name in inputs]
    run(program, "diff", *options, "--tensor", *tensors, "--against-isa", "portable", "--tolerance", "1e9",
        "--dump-layers", folder / "layers", "--quiet")
    return folder / "layers"


def difference(found, wanted, integers):
    """In standard deviations; of integers in steps."""
    axes = tuple(range(wanted.ndim - 1)) if wanted.ndim == 3 else None
    unit = numpy.ptp(wanted, axis=axes) / 255 if integers else wanted.std(axis=axes)
    return float((numpy.abs(found - wanted) / numpy.maximum(unit, 1e-30)).max())


def check(program, variant, precision, folder):
    weights, low = ("synthetic@1", 0) if program.name.startswith("yolo") else ("synthetic", -1)
    network = ["--variant", variant, "--weights", weights]
    options, float_options = ([*network, "--precision", name] for name in (precision, PRECISIONS[0]))
    integers = precision != PRECISIONS[0]
    tolerance = STEPS if integers else TOLERANCE
    inputs, wanted, spread = None, None, ""
    for form, choice in FORMS:
        path = folder / "model.onnx"
        facts = json.loads(run(program, "export-onnx", *options, *choice, "--output", path, "--json", "-"))
        if inputs is None:
            inputs = inputs_of(facts, numpy.random.default_rng(1), low)
            wanted = own_answer(program, options, facts, inputs, folder)
            layers = dump_layers(program, options, inputs, folder) if integers else None
            if integers and (program.name == "bert" or program.name.startswith("yolo")):
                floats = own_answer(program, float_options, facts, inputs, folder)
                distance = difference(floats, wanted, integers)
                tolerance, spread = max(tolerance, 2 * distance), f"; float32 {distance:.1e}"
        problems, spread_here = list(facts["lint"]), ""
        model = onnx.load(path)
        onnx.checker.check_model(model, full_check=True)
        onnx.shape_inference.infer_shapes(model, check_type=True, strict_mode=True, data_prop=True)

        given = inputs if "open" not in form else {name: numpy.concatenate([one] * 3) for name, one in inputs.items()}
        differences = {}
        session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
        differences["ONNX Runtime"] = difference(session.run(None, given)[0], wanted, integers)
        if openvino:
            compiled = openvino.Core().compile_model(str(path), "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
            differences["OpenVINO"] = difference(compiled(given)[compiled.output(0)], wanted, integers)
        if integers and "open" not in form:
            others, most, count, left, answer = from_stored_values(path, layers, inputs)
            differences["from stored values"] = of_answer = difference(answer, wanted, integers)
            spread_here = f"; of {count} stored values {others:.1e} others, by {most}"
            if others > OTHERS or most > 1 or left > len(inputs) or of_answer > STEPS_OF_STORED:
                problems.append(f"stored values are others, {left} are not found")
        problems += [f"{name} differs by {most:.1e}" for name, most in differences.items() if not most <= tolerance]
        if onnxsim:
            simpler, _ = onnxsim.simplify(model)
            for kind in ("node", "initializer"):
                before, after = ({one.name for one in getattr(m.graph, kind)} for m in (model, simpler))
                if before != after:
                    problems.append(f"onnxsim leaves {len(before & after)} of {len(before)} {kind}s, adds "
                                    f"{len(after - before)}: {', '.join(sorted(before ^ after)[:3])}")
        # pnnx runs the network on numbers that it makes up, which are no ids of tokens
        if shutil.which("pnnx") and "open" not in form and "input_ids" not in inputs:
            read = subprocess.run(["pnnx", str(path)], capture_output=True, text=True, cwd=folder)
            if read.returncode != 0 or not (folder / "model.pnnx.param").exists():
                problems.append("pnnx does not read it")
        figures = ", ".join(f"{name} {most:.1e}" for name, most in differences.items())
        print(f"{facts['family']} {variant}, {precision}, {form}: {facts['nodes']} nodes, {facts['bytes']} bytes; "
              + figures + spread + spread_here
              + "".join(f"\n  FAILED: {problem}" for problem in problems), flush=True)
        if problems:
            yield variant


def main():
    if len(sys.argv) < 2 or sys.argv[1].startswith("-"):
        print(__doc__)
        return 2
    for name, there in (("openvino", openvino), ("onnxsim", onnxsim), ("pnnx", shutil.which("pnnx"))):
        if not there:
            print(f"skipped: no {name}")
    failed = []
    for name in sys.argv[2:] or PROGRAMS:
        program = pathlib.Path(sys.argv[1]) / name
        if not program.is_file():
            print(f"{name}: not built")
            continue
        for variant, precision in built(program.resolve()):
            with tempfile.TemporaryDirectory() as folder:
                failed += check(program.resolve(), variant, precision, pathlib.Path(folder))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
