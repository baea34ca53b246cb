#!/usr/bin/env python3
"""Compares `bert embed` with transformers on generated weights, from a folder as sentence-transformers saves it.

    python3 tests/golden/check_sentences.py PROGRAM       # build/…/examples/bert, with all three sentence encoders

Exits with 1 unless every number is within 1e-5. Needs torch and transformers; no test runs it.
"""
import json
import os
import subprocess
import sys
import tempfile

import numpy as np
import torch
from transformers import BertConfig, BertModel, BertTokenizer

from generated import weight

# name: layers, pooling, prefix
NETWORKS = {"all-MiniLM-L6-v2": (6, "mean_tokens", ""), "all-MiniLM-L12-v2": (12, "mean_tokens", ""),
            "bge-small-en-v1.5": (12, "cls_token", ""), "e5-small-v2": (12, "mean_tokens", "query: ")}
WORDS = ("the a of and query : summit define how much protein should female eat , . cat ##s ##ing run jump river "
         "bank").split()
TEXTS = ["the cat runs", "how much protein should a female eat", "a river, the bank of a river.", "", "summit " * 300,
         "Café CATS"]


def write_folder(folder, layers, pooling):
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *dict.fromkeys([*WORDS, *"abcdefghijklmnopqrstuvwxyz",
                  *("##" + letter for letter in "abcdefghijklmnopqrstuvwxyz")])]
    vocabulary += [f"unused{i}" for i in range(30522 - len(vocabulary))]
    model = BertModel(BertConfig(vocab_size=30522, hidden_size=384, num_hidden_layers=layers, num_attention_heads=12,
                                 intermediate_size=1536, attn_implementation="eager")).eval()
    with torch.no_grad():
        for name, tensor in model.state_dict().items():
            if tensor.is_floating_point():
                tensor.copy_(weight(name, tuple(tensor.shape), 2.0))
    model.save_pretrained(folder)
    with open(os.path.join(folder, "vocab.txt"), "w") as file:
        file.write("\n".join(vocabulary) + "\n")
    os.makedirs(os.path.join(folder, "1_Pooling"))
    modules = [("", "Transformer"), ("1_Pooling", "Pooling"), ("2_Normalize", "Normalize")]
    for path, content in {
            "modules.json": [{"idx": i, "name": str(i), "path": path, "type": "sentence_transformers.models." + kind}
                             for i, (path, kind) in enumerate(modules)],
            "1_Pooling/config.json": {"word_embedding_dimension": 384, "pooling_mode_max_tokens": False,
                                      "pooling_mode_" + pooling: True},
            "sentence_bert_config.json": {"max_seq_length": 256, "do_lower_case": False}}.items():
        with open(os.path.join(folder, path), "w") as file:
            json.dump(content, file)
    return model.double()


def wanted(model, folder, texts, pooling):
    tokenizer = BertTokenizer(os.path.join(folder, "vocab.txt"), do_lower_case=True)
    vectors = []
    for text in texts:
        tokens = tokenizer(text, truncation=True, max_length=256, return_tensors="pt")
        with torch.no_grad():
            states = model(**tokens).last_hidden_state[0]
        vectors.append(torch.nn.functional.normalize(states.mean(0) if pooling == "mean_tokens" else states[0], dim=0))
    return torch.stack(vectors).numpy()


def main():
    worst = 0
    for name, (layers, pooling, prefix) in NETWORKS.items():
        with tempfile.TemporaryDirectory() as scratch:
            folder, texts, output = (os.path.join(scratch, part) for part in (name, "texts.txt", "vectors.npy"))
            model = write_folder(folder, layers, pooling)
            with open(texts, "w") as file:
                file.write("\n".join(TEXTS) + "\n")
            subprocess.run([sys.argv[1], "embed", "--weights", folder, texts, "--prefix", prefix, "--output", output,
                            "--quiet"], check=True)
            exact, found = wanted(model, folder, [prefix + text for text in TEXTS], pooling), np.load(output)
            apart = np.abs(found - exact).max()
            worst = max(worst, apart)
            print(f"{name}: {found.shape}, at most {apart:.1e} from transformers in double; texts are "
                  f"{1 - np.sort(exact @ exact.T, axis=None)[:-len(TEXTS)].max():.3f} apart or more", flush=True)
    sys.exit(1 if worst > 1e-5 else 0)


main()
