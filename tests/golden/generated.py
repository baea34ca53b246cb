"""Generated weights and inputs, by the rule of include/taxon/io/synthetic_weights.hpp."""
import numpy as np
import torch


def unit(name, count):
    """`count` numbers in [-1, 1) that depend only on the name."""
    seed = 0xCBF29CE484222325
    for byte in name.encode():
        seed = ((seed ^ byte) * 0x100000001B3) % 2**64
    with np.errstate(over="ignore"):
        z = np.uint64(seed) + np.arange(count, dtype=np.uint64) + np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z ^= z >> np.uint64(31)
    return (z >> np.uint64(40)).astype(np.float64) / 2**23 - 1


def weight(name, shape, gain, salt=""):
    """The generated parameter of this name and shape."""
    middle, spread, last = 0.0, 0.1, name.rsplit(".", 1)[-1]
    if last == "running_var":
        middle, spread = 1.0, 0.3
    elif last in ("running_mean", "cls_token"):
        pass
    elif len(shape) >= 2 and "embed" in name and "proj" not in name and "conv" not in name:
        pass
    elif len(shape) >= 2:
        spread = (3 * gain / np.prod(shape[1:])) ** 0.5
    elif last == "bias":
        spread = 0.05
    else:
        middle = 1.0
    return torch.from_numpy((middle + spread * unit(salt + name, int(np.prod(shape)))).astype(np.float32).reshape(shape))
