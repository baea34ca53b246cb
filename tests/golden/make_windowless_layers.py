#!/usr/bin/env python3
"""Makes windowless_layers.safetensors beside it: PyTorch's outputs of single layers other than convolutions and pools.

    python3 tests/golden/make_windowless_layers.py

A tensor's name is its case, "LAYER CHANNELS HEIGHT WIDTH ARGUMENT…" (tests/layer/windowless_layers.cpp reads it), and the salt
of its generated weights and input: see make_golden.py. Activations see eight times the input. All is computed in double,
but for resizing, whose places depend on PyTorch's own roundings. Needs torch and safetensors; no test runs it.
"""
import os
import random

import torch
import torch.nn.functional as F
from safetensors.numpy import save_file

from generated import unit, weight

dice = random.Random(15)
CASES = []


def add(layer, *arguments, channels=None, height=None, width=None):
    shape = (channels or dice.randint(1, 40), height or dice.choice((1, 2, 3, 5, 7, 9)),
             width or dice.choice((1, 2, 3, 5, 8, 13)))
    CASES.append(" ".join(str(word) for word in (layer, *shape, *arguments)))


for name in ("relu", "relu6", "hard_sigmoid", "hard_swish", "sigmoid", "silu", "gelu", "tanh", "mish"):
    add(name)
for slope in (0.01, 0.1, 0.3, 1.5):
    add("leaky_relu", slope)
for alpha in (1.0, 0.3, 2.5):
    add("elu", alpha)
for beta, threshold in ((1.0, 20.0), (0.5, 20.0), (3.0, 2.0), (10.0, 20.0)):
    add("softplus", beta, threshold)
for low, high in ((-1.0, 1.0), (0.0, 6.0), (-0.25, 0.75)):
    add("hard_tanh", low, high)
for slopes in ("one", "one", "each", "each", "each"):
    add("prelu", slopes)
for _ in range(9):
    groups = dice.randint(1, 8)
    add("group_norm", groups, dice.choice(("plain", "affine")), dice.choice((100000, 1000)),
        channels=groups * dice.randint(1, 9), height=dice.randint(2, 9))
for _ in range(4):
    channels = dice.randint(1, 30)
    add("group_norm", channels, dice.choice(("plain", "affine")), 100000, channels=channels, height=dice.randint(2, 9))
for _ in range(4):
    add("layer_norm", dice.choice((100000, 1000000)), channels=dice.randint(2, 40))
for mode in ("nearest", "nearest_exact", "bilinear", "bilinear"):
    for aligned in ("edges", "corners") if mode == "bilinear" else ("edges",):
        for _ in range(4):
            add("resize", mode, aligned, dice.randint(1, 23), dice.randint(1, 23), channels=dice.randint(1, 9))
        for y, x in ((2.0, 2.0), (1.3, 0.7), (0.5, 3.0)):
            add("resize_by", mode, aligned, y, x, channels=dice.randint(1, 9), height=dice.randint(2, 11),
                width=dice.randint(2, 11))
for _ in range(3):
    groups = dice.randint(2, 6)
    add("channel_shuffle", groups, channels=groups * dice.randint(1, 7))
for factor in (2, 3, 4):
    add("pixel_shuffle", factor, channels=factor * factor * dice.randint(1, 3))
    add("pixel_unshuffle", factor, height=factor * dice.randint(1, 4), width=factor * dice.randint(1, 4), channels=5)
for channels in (2, 10, 33, 100):
    add("softmax", channels=channels)

ACTIVATIONS = {
    "relu": F.relu, "relu6": F.relu6, "hard_sigmoid": F.hardsigmoid, "hard_swish": F.hardswish, "sigmoid": torch.sigmoid,
    "silu": F.silu, "gelu": F.gelu, "tanh": torch.tanh, "mish": F.mish, "leaky_relu": F.leaky_relu, "elu": F.elu,
    "softplus": F.softplus, "hard_tanh": F.hardtanh,
}


def output(case):
    layer, *words = case.split()
    shape, arguments = tuple(map(int, words[:3])), words[3:]
    channels = shape[0]
    x = torch.from_numpy(unit(case + "input", channels * shape[1] * shape[2])).float().double().reshape(1, *shape)

    def of(name, count):
        return weight(name, (count,), 1.5, case).double()

    if layer in ACTIVATIONS:
        return ACTIVATIONS[layer](8 * x, *map(float, arguments))
    if layer == "prelu":
        return F.prelu(x, of("weight", channels if arguments[0] == "each" else 1))
    if layer == "group_norm":
        affine = (of("weight", channels), of("bias", channels)) if arguments[1] == "affine" else (None, None)
        return F.group_norm(x, int(arguments[0]), *affine, eps=1 / int(arguments[2]))
    if layer == "layer_norm":
        last = F.layer_norm(x.permute(0, 2, 3, 1), (channels,), of("weight", channels), of("bias", channels),
                            eps=1 / int(arguments[0]))
        return last.permute(0, 3, 1, 2)
    if layer in ("resize", "resize_by"):
        mode, aligned, y, x_size = arguments
        size = {"size": (int(y), int(x_size))} if layer == "resize" else {"scale_factor": (float(y), float(x_size))}
        corners = {"align_corners": aligned == "corners"} if mode == "bilinear" else {}
        return F.interpolate(x.float(), mode=mode.replace("_", "-"), **size, **corners)
    if layer == "softmax":
        return torch.softmax(x, 1)
    shuffle = {"channel_shuffle": F.channel_shuffle, "pixel_shuffle": F.pixel_shuffle,
               "pixel_unshuffle": F.pixel_unshuffle}[layer]
    return shuffle(x, int(arguments[0]))


if __name__ == "__main__":
    tensors = {case: output(case)[0].float().contiguous().numpy() for case in CASES}
    save_file(tensors, os.path.join(os.path.dirname(os.path.abspath(__file__)), "windowless_layers.safetensors"))
    print(f"{len(tensors)} cases, {sum(t.nbytes for t in tensors.values())} bytes")
