"""Runs an exported file of 8-bit integers from the program's own stored values.

Wherever the file quantizes, it is given the integers that the program has there, and what it would have made of those
before is compared with them. A rounding that falls the other way stays where it is, which it does not in a run of the
whole file: there one such value in 100,000 moves others, and after some ten layers half of all are others, in two
instruction sets of one program as well as in two runtimes.
"""
import collections
import re

import numpy
import onnx
import onnxruntime


def session_of(model):
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    return onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])


def run_with(model, results, inputs):
    """All outputs by name, and these results of nodes."""
    for name in results:
        model.graph.output.append(onnx.helper.make_empty_tensor_value_info(name))
    session = session_of(model)
    return dict(zip([one.name for one in session.get_outputs()], session.run(None, inputs)))


def dumped(folder):
    """The values that `diff --dump-layers` wrote, by layer, in their order."""
    layers = collections.defaultdict(list)
    for path in sorted(folder.glob("*.npy")):
        layers[path.stem.split("_", 1)[1]].append(numpy.load(path))
    return layers


def laid_out(value, like):
    """A layer's (C, H, W) or (tokens, features) in the file's layout; tokens of padding are not the program's."""
    if value.ndim == 3 and not (like.ndim == 4 and like.shape[1] == value.shape[0]):
        value = numpy.moveaxis(value, 0, -1)
    rows = like.reshape(-1, like.shape[-1]).astype(numpy.float32) if value.ndim == 2 else None
    if rows is None or rows.shape == value.shape:
        return value.reshape(like.shape) if value.size == like.size else None
    if value.shape[1] != rows.shape[1] or len(value) > len(rows):
        return None
    kept = numpy.full_like(rows, numpy.nan)
    kept[:len(value)] = value
    return kept.reshape(like.shape)


def from_stored_values(path, folder, inputs):
    """The share of stored values that the file makes others, the most steps between them, how many values there are
    and how many of the file's grids have none of the program's, and the first output."""
    model = onnx.load(path)
    numbers = {one.name: onnx.numpy_helper.to_array(one) for one in model.graph.initializer}
    nodes = collections.defaultdict(list)
    for node in model.graph.node:
        if node.op_type == "QuantizeLinear":
            nodes[node.name.rsplit("/", 1)[0]].append(node)
    free = run_with(onnx.load(path), [one.output[0] for all in nodes.values() for one in all], inputs)
    layers, given, own = dumped(folder), {}, {}
    for layer, of_layer in nodes.items():
        values = layers[re.sub(r"[^\w.-]", "_", layer)][-len(of_layer):]  # the last that the module computes
        if len(values) == 1 and len(of_layer) > 1 and len(values[0]) % len(of_layer) == 0:
            values = numpy.split(values[0], len(of_layer))  # parts side by side
        for node, value in zip(of_layer, values if len(values) == len(of_layer) else []):
            name, scale, zero = node.output[0], numbers[node.input[1]], numbers[node.input[2]]
            value = laid_out(value, free[name])
            if value is None:
                continue
            steps = numpy.rint(value / scale + zero)
            given[name] = numpy.where(numpy.isnan(steps), free[name], steps).astype(numpy.uint8)
            own[name] = ~numpy.isnan(steps)
            node.output[0] = name + "/own"
            model.graph.input.append(
                onnx.helper.make_tensor_value_info(name, onnx.TensorProto.UINT8, given[name].shape))
    answers = run_with(model, [name + "/own" for name in given], {**inputs, **given})
    apart = [numpy.abs(answers[name + "/own"].astype(int) - value)[own[name]] for name, value in given.items()]
    count = sum(one.size for one in apart)
    return (sum(int((one > 0).sum()) for one in apart) / max(count, 1), max(int(one.max()) for one in apart), count,
            sum(map(len, nodes.values())) - len(given), answers[model.graph.output[0].name])
