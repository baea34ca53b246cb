#!/usr/bin/env python3
"""Makes classifiers.safetensors beside it: PyTorch's logits of the networks of examples/image_classifier and
examples/efficientnet_lite.

    python3 tests/golden/make_golden.py [VARIANT…]

Weights and input are generated from the tensors' names, by the rule of include/taxon/io/synthetic_weights.hpp, so neither
is stored. A tensor is called VARIANT@GAIN; GAIN, the variance of a weight times its fan-in, is such that the logits depend
on the input. Needs torch, torchvision, timm, efficientnet-lite-pytorch and safetensors; no test runs it.
"""
import os
import sys

import numpy as np
import timm
import torch
import torchvision.models as tv
from efficientnet_lite_pytorch import EfficientNet
from safetensors.numpy import load_file, save_file

from generated import unit, weight

# variant: (maker, side of the input, gain)
NETWORKS = {
    "mobilenet-v2": (tv.mobilenet_v2, 224, 2.0),
    "efficientnet-b0": (tv.efficientnet_b0, 224, 2.6),
    "efficientnet-b1": (tv.efficientnet_b1, 240, 2.5),
    "efficientnet-b2": (tv.efficientnet_b2, 288, 2.4),
    "efficientnet-b3": (tv.efficientnet_b3, 300, 2.4),
    "densenet-121": (tv.densenet121, 224, 1.5),
    "regnet-x-400mf": (tv.regnet_x_400mf, 224, 1.0),
    "regnet-y-400mf": (tv.regnet_y_400mf, 224, 2.0),
    "resnext-50": (tv.resnext50_32x4d, 224, 1.0),
    "shufflenet-v2": (tv.shufflenet_v2_x1_0, 224, 1.5),
    "convnext-tiny": (tv.convnext_tiny, 224, 1.5),
    "vit-b-16": (tv.vit_b_16, 224, 1.5),
    "lite0": (lambda: EfficientNet.from_name("efficientnet-lite0"), 224, 2.0),
    "lite1": (lambda: EfficientNet.from_name("efficientnet-lite1"), 240, 2.0),
    "lite2": (lambda: EfficientNet.from_name("efficientnet-lite2"), 260, 2.0),
    "deit-tiny": (lambda: timm.create_model("deit_tiny_patch16_224"), 224, 1.5),
}


def logits(maker, side, gain):
    network = maker().eval()
    with torch.no_grad():
        for name, tensor in network.state_dict().items():
            if tensor.is_floating_point():
                tensor.copy_(weight(name, tuple(tensor.shape), gain))
        picture = torch.from_numpy(unit("input", 3 * side * side).astype(np.float32).reshape(1, 3, side, side))
        found, flipped = network(picture)[0], network(-picture)[0]
        exact = network.double()(picture.double())[0]
    deviation = exact.std()
    print(f"  float32 is within {(found - exact).abs().max() / deviation:.1e} of double, the negative picture's logits "
          f"are {(flipped - found).abs().max() / deviation:.2f} away, of a deviation of {deviation:.3g}", flush=True)
    return exact.float().numpy()


def main():
    torch.set_num_threads(1)
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "classifiers.safetensors")
    tensors = load_file(path) if os.path.exists(path) else {}
    for variant in sys.argv[1:] or NETWORKS:
        print(variant, flush=True)
        tensors = {name: tensor for name, tensor in tensors.items() if name.split("@")[0] != variant}
        maker, side, gain = NETWORKS[variant]
        tensors[f"{variant}@{gain}"] = logits(maker, side, gain)
    save_file(tensors, path)


if __name__ == "__main__":
    main()
