#!/usr/bin/env python3
"""Makes windows.safetensors beside it: PyTorch's outputs of convolutions and pools with random windows.

    python3 tests/golden/make_windows.py [--types]

A tensor's name states the layer, its kind and the numbers that `draw` makes, and is the salt of its generated weights and
input: see generated.py. All is computed in double. `--types` prints the cases that tests/layer/windows.cpp compiles, as
its types. Needs torch and safetensors; no test runs it.
"""
import os
import random
import sys

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.numpy import save_file

from generated import unit, weight

COUNTS = {"convolution": 48, "one_dimension": 10, "transposed": 28, "transposed_one_dimension": 6,
          "max": 14, "mean": 10, "adaptive_max": 5, "adaptive_mean": 5}
COMPILED = {"convolution": 8, "one_dimension": 2, "transposed": 6, "transposed_one_dimension": 2}

dice = random.Random(15)


def draw(kind):
    """Sizes in the order of the name: in, height, width, out, kernel, stride, padding (top, left, bottom, right),
    dilation, groups, bias, output padding; ceil mode and counted padding of pools take the places of the last three."""
    flat = "one_dimension" in kind
    pools = kind in ("max", "mean")
    while True:
        groups = dice.choice([1, 1, 2, 3, 4]) if not pools else 1
        channels, outputs = groups * dice.randint(1, 4), groups * dice.randint(1, 4)
        height, width = (1 if flat else dice.randint(1, 9)), dice.randint(1, 9 if not flat else 24)
        kernel = [1 if flat else dice.randint(1, 5), dice.randint(1, 5)]
        stride = [1 if flat else dice.randint(1, 3), dice.randint(1, 3)]
        dilation = [1 if flat or kind == "mean" else dice.randint(1, 3), 1 if kind == "mean" else dice.randint(1, 3)]
        if pools:
            half = [dice.randint(0, k // 2) for k in kernel]
            padding, outputs = half + half, channels
        elif "transposed" in kind:
            both = [0 if flat else dice.randint(0, 2), dice.randint(0, 2)]
            padding = both + both
        else:
            padding = [0 if flat else dice.randint(0, 3), dice.randint(0, 3),
                       0 if flat else dice.randint(0, 3), dice.randint(0, 3)]
        more = [0, 0]
        if "transposed" in kind:
            more = [0 if flat else dice.randint(0, max(stride[0], dilation[0]) - 1),
                    dice.randint(0, max(stride[1], dilation[1]) - 1)]
        last = [dice.randint(0, 1), dice.randint(0, 1), 0] if pools else [dice.randint(0, 1)] + more
        return [channels, height, width, outputs, *kernel, *stride, *padding, *dilation, groups, *last]


GAIN = 1.5


def compute(kind, name, n):
    c, h, w, out, kh, kw, sh, sw, top, left, bottom, right, dh, dw, groups, *last = n
    x = torch.from_numpy(unit(name + "input", c * h * w).astype(np.float32).reshape(1, c, h, w)).double()
    if kind.startswith("adaptive"):
        return (F.adaptive_max_pool2d if kind == "adaptive_max" else F.adaptive_avg_pool2d)(x, (kh, kw))[0]
    if kind == "max":
        return F.max_pool2d(x, (kh, kw), (sh, sw), (top, left), (dh, dw), bool(last[0]))[0]
    if kind == "mean":
        return F.avg_pool2d(x, (kh, kw), (sh, sw), (top, left), bool(last[0]), bool(last[1]))[0]
    flat = (kw,) if "one_dimension" in kind else (kh, kw)
    bias = weight("bias", (out,), GAIN, name).double() if last[0] else None
    if kind.startswith("transposed"):
        k = weight("weight", (c, out // groups, *flat), GAIN, name).double().reshape(c, out // groups, kh, kw)
        return F.conv_transpose2d(x, k, bias, (sh, sw), (top, left), (last[1], last[2]), groups, (dh, dw))[0]
    k = weight("weight", (out, c // groups, *flat), GAIN, name).double().reshape(out, c // groups, kh, kw)
    return F.conv2d(F.pad(x, (left, right, top, bottom)), k, bias, (sh, sw), 0, (dh, dw), groups)[0]


def layer(kind, n):
    """The layer as a type of taxon."""
    c, h, w, out, kh, kw, sh, sw, top, left, bottom, right, dh, dw, groups, *last = n
    flag = lambda x: "true" if x else "false"
    padding = f"Padding{{{top}, {left}, {bottom}, {right}}}"
    if kind == "adaptive_max":
        return f"AdaptiveMaxPool2d<{kh}, {kw}>"
    if kind == "adaptive_mean":
        return f"AdaptiveAvgPool2d<{kh}, {kw}>"
    windows = f"Extent{{{kh}, {kw}}}, Extent{{{sh}, {sw}}}"
    if kind == "max":
        return f"MaxPool2d<{windows}, {padding}, {flag(last[0])}, Extent{{{dh}, {dw}}}>"
    if kind == "mean":
        return f"AvgPool2d<{windows}, {padding}, {flag(last[0])}, {flag(last[1])}>"
    if kind == "one_dimension":
        return f"Conv1d<{c}, {out}, {kw}, {sw}, {groups}, {flag(last[0])}, {padding}, {dw}>"
    if kind == "transposed_one_dimension":
        return f"ConvTranspose1d<{c}, {out}, {kw}, {sw}, {groups}, {flag(last[0])}, {padding}, {last[2]}, {dw}>"
    if kind == "transposed":
        return (f"ConvTranspose2d<{c}, {out}, {windows}, {groups}, {flag(last[0])}, {padding}, "
                f"Extent{{{last[1]}, {last[2]}}}, Extent{{{dh}, {dw}}}>")
    return f"Conv2d<{c}, {out}, {windows}, {groups}, {flag(last[0])}, {padding}, Extent{{{dh}, {dw}}}>"


def main():
    outputs, types = {}, []
    for kind, count in COUNTS.items():
        made = 0
        while made < count:
            n = draw(kind)
            name = kind + "".join(f" {number}" for number in n)
            try:
                y = compute(kind, name, n)
            except RuntimeError:  # a picture smaller than its window
                continue
            if y.numel() == 0 or not torch.isfinite(y).all() or name in outputs:
                continue
            outputs[name] = y.numpy().astype(np.float32)
            if made < COMPILED.get(kind, 0):
                types.append(f'    check<{layer(kind, n)}, {n[0]}, {n[1]}, {n[2]}>("{name}");')
            made += 1
    if "--types" in sys.argv:
        print("\n".join(types))
        return
    save_file(outputs, os.path.join(os.path.dirname(os.path.abspath(__file__)), "windows.safetensors"))
    print(len(outputs), "cases,", sum(y.size for y in outputs.values()), "numbers")


if __name__ == "__main__":
    main()
