#!/usr/bin/env python3
"""Times programs of taxon_add_onnx_program beside ONNX Runtime, OpenVINO and ncnn on the same .onnx files, in turn.

usage: compare.py NETWORKS PROGRAMS --json FILE [--isa auto] [--threads 1,2] [--seconds 1.5] [NAME ...]

NETWORKS holds NAME.onnx, PROGRAMS a program NAME for each. Every engine runs in a process of its own, in float32, on
generated numbers; a time is the median of its runs, in ms. FILE has the rows that peer_table.py reads. ncnn runs what
pnnx makes of the file (kept in NETWORKS/ncnn); where it makes nothing, or an engine fails, that is said and left out.
"""
import argparse
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

ENGINES = ("onnxruntime", "openvino", "ncnn")


def timed(run, seconds):
    for _ in range(3):
        run()
    times, start = [], time.perf_counter()
    while time.perf_counter() - start < seconds or len(times) < 3:
        before = time.perf_counter()
        run()
        times.append(time.perf_counter() - before)
    return statistics.median(times) * 1e3


def inputs_of(path):
    """Numbers for each input by name: normal ones, and ones where they are whole."""
    import numpy
    import onnx
    random = numpy.random.default_rng(0)
    graph = onnx.load(path, load_external_data=False).graph
    weights = {one.name for one in graph.initializer}
    numbers = {}
    for port in graph.input:
        if port.name in weights:
            continue
        shape = [one.dim_value for one in port.type.tensor_type.shape.dim]
        whole = port.type.tensor_type.elem_type == onnx.TensorProto.INT64
        numbers[port.name] = numpy.ones(shape, numpy.int64) if whole else random.standard_normal(shape).astype("f4")
    return numbers


def onnxruntime_time(path, threads, seconds):
    import onnxruntime
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    numbers = inputs_of(path)
    return timed(lambda: session.run(None, numbers), seconds)


def openvino_time(path, threads, seconds):
    import openvino
    hints = {"PERFORMANCE_HINT": "LATENCY", "INFERENCE_NUM_THREADS": threads, "INFERENCE_PRECISION_HINT": "f32"}
    compiled = openvino.Core().compile_model(str(path), "CPU", hints)
    request = compiled.create_infer_request()
    tensors = {name: openvino.Tensor(one) for name, one in inputs_of(path).items()}
    return timed(lambda: request.infer(tensors, share_inputs=True, share_outputs=True), seconds)


def ncnn_files(path):
    folder = path.parent / "ncnn"
    folder.mkdir(exist_ok=True)
    files = [folder / f"{path.stem}.ncnn.{suffix}" for suffix in ("param", "bin")]
    if not all(file.exists() for file in files):
        shapes = ",".join(str(list(one.shape)).replace(" ", "") + ("i64" if one.dtype.kind == "i" else "f32")
                          for one in inputs_of(path).values())
        with tempfile.TemporaryDirectory() as scratch:
            copy = pathlib.Path(scratch) / path.name
            copy.symlink_to(path.resolve())
            pnnx = pathlib.Path(sys.executable).parent / "pnnx"
            subprocess.run([pnnx, copy.name, f"inputshape={shapes}", "fp16=0", f"ncnnparam={files[0].resolve()}",
                            f"ncnnbin={files[1].resolve()}"], cwd=scratch, check=True, capture_output=True, timeout=300)
    return files


def ncnn_time(path, threads, seconds):
    import ncnn
    net = ncnn.Net()
    net.opt.num_threads = threads
    for option in ("use_fp16_storage", "use_fp16_arithmetic", "use_fp16_packed", "use_bf16_storage"):
        setattr(net.opt, option, False)
    param, weights = ncnn_files(path)
    if net.load_param(str(param)) != 0 or net.load_model(str(weights)) != 0:
        raise RuntimeError(f"ncnn does not load {param.name}")
    matrices = [ncnn.Mat(one[0] if one.ndim > 2 else one).clone() for one in inputs_of(path).values()]

    def run():
        extractor = net.create_extractor()
        for name, matrix in zip(net.input_names(), matrices):
            extractor.input(name, matrix)
        for name in net.output_names():
            if extractor.extract(name)[0] != 0:
                raise RuntimeError(f"ncnn does not compute {name}")
    return timed(run, seconds)


def taxon_time(program, threads, seconds, isa):
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        subprocess.run([program, "perf", "--threads", str(threads), "--duration", str(seconds), "--isa", isa, "--quiet",
                        "--json", file.name], check=True, capture_output=True, text=True)
        row = json.load(open(file.name, encoding="utf-8"))["benchmarks"][0]
        return row["real_time"] * {"ns": 1e-6, "us": 1e-3, "ms": 1.0, "s": 1e3}[row["time_unit"]]


def main():
    if sys.argv[1:2] == ["--engine"]:
        engine, path, threads, seconds = sys.argv[2:6]
        print(globals()[f"{engine}_time"](pathlib.Path(path), int(threads), float(seconds)))
        return
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("networks", type=pathlib.Path)
    parser.add_argument("programs", type=pathlib.Path)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--json", required=True)
    parser.add_argument("--isa", default="auto")
    parser.add_argument("--threads", default="1")
    parser.add_argument("--seconds", type=float, default=1.5)
    options = parser.parse_args()
    rows = []
    for name in options.names or sorted(one.stem for one in options.networks.glob("*.onnx")):
        for threads in map(int, options.threads.split(",")):
            times = {"ours": taxon_time(options.programs / name, threads, options.seconds, options.isa)}
            for engine in ENGINES:
                run = subprocess.run([sys.executable, __file__, "--engine", engine, options.networks / f"{name}.onnx",
                                      str(threads), str(options.seconds)], capture_output=True, text=True)
                if run.returncode == 0:
                    times[engine] = float(run.stdout.split()[-1])
                else:
                    print(f"{engine} failed on {name}: {run.stderr.strip()[-200:]}", file=sys.stderr)
            rows.append({"name": name, "precision": "float32", "batch": 1, "threads": threads, "ms": times})
            print(name, threads, " ".join(f"{engine} {ms:.2f}" for engine, ms in times.items()), flush=True)
    with open(options.json, "w", encoding="utf-8") as file:
        json.dump(rows, file, indent=1)


if __name__ == "__main__":
    main()
