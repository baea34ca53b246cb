#!/usr/bin/env python3
"""Makes sentences.safetensors beside it: transformers' embeddings for tests/zoo/sentence_encoder.cpp.

    python3 tests/golden/make_sentences.py

Weights are generated from the tensors' names, by the rule of include/taxon/io/synthetic_weights.hpp. Needs torch,
transformers and safetensors; no test runs it.
"""
import os

import torch
from safetensors.numpy import save_file
from transformers import BertConfig, BertModel

from generated import weight

LENGTHS = (9, 5)


def embeddings(salt, pool):
    """Of two texts in double, by BertModel: the mean of the tokens or the first one, divided by its length."""
    model = BertModel(BertConfig(vocab_size=63, hidden_size=32, num_hidden_layers=2, num_attention_heads=2,
                                 intermediate_size=64, attn_implementation="eager")).eval().double()
    with torch.no_grad():
        for name, tensor in model.state_dict().items():
            if tensor.is_floating_point():
                tensor.copy_(weight(name, tuple(tensor.shape), 3.0, salt))
        states = model(input_ids=ids, attention_mask=mask).last_hidden_state
        if pool == "mean":
            vectors = (states * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
        else:
            vectors = states[:, 0]
        return torch.nn.functional.normalize(vectors).float().numpy()


ids = torch.tensor([[2, 7, 11, 60, 5, 33, 21, 48, 3], [2, 30, 30, 62, 3, 0, 0, 0, 0]])
mask = torch.tensor([[1] * length + [0] * (max(LENGTHS) - length) for length in LENGTHS])
tensors = {"input_ids": ids.float().numpy(), "mean": embeddings("mean", "mean"), "first": embeddings("first", "first")}
save_file(tensors, os.path.join(os.path.dirname(os.path.abspath(__file__)), "sentences.safetensors"))
