#!/usr/bin/env python3
"""Makes sentences/: a small sentence encoder of generated weights as an .onnx file that gives a vector for each token,
its vocabulary, some texts, and their vectors (mean of the tokens, length one) by ONNX Runtime and transformers'
tokenizer. Wants torch, transformers, onnx and onnxruntime."""
import pathlib

import numpy
import onnxruntime
import torch
from transformers import BertConfig, BertModel, BertTokenizer

torch.manual_seed(0)
folder = pathlib.Path(__file__).parent / "sentences"
folder.mkdir(exist_ok=True)
words = "[PAD] [UNK] [CLS] [SEP] [MASK] the a cat dog ##s sat runs on mat query : how much protein is in food ? ."
(folder / "vocab.txt").write_text("\n".join(words.split()) + "\n")
texts = ["The cat sat on the mat.", "a dog runs", "How much protein is in food?", "cats", "Cafés on the mat",
         "the cat and the dog and the cat and the dog and the cat"]
(folder / "texts.txt").write_text("\n".join(texts) + "\n")

model = BertModel(BertConfig(vocab_size=len(words.split()), hidden_size=16, num_hidden_layers=1, num_attention_heads=2,
                             intermediate_size=32, max_position_embeddings=12, attn_implementation="eager"),
                  add_pooling_layer=False).eval()
for parameter in model.parameters():  # so that texts differ by more than rounding
    parameter.data *= 5 if parameter.dim() > 1 else 1


class Encoder(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.bert = model

    def forward(self, input_ids, attention_mask, token_type_ids):
        return self.bert(input_ids, attention_mask, token_type_ids).last_hidden_state


length = 12
names = ["input_ids", "attention_mask", "token_type_ids"]
inputs = tuple(torch.ones(1, length, dtype=torch.int64) for _ in names)
torch.onnx.export(Encoder(), inputs, folder / "sentences.onnx", input_names=names,
                  output_names=["last_hidden_state"], opset_version=17, dynamo=False,
                  dynamic_axes={name: {0: "texts", 1: "tokens"} for name in [*names, "last_hidden_state"]})
session = onnxruntime.InferenceSession(folder / "sentences.onnx")
tokenizer = BertTokenizer(str(folder / "vocab.txt"))
vectors = []
for text in texts:
    encoded = tokenizer(text, padding="max_length", truncation=True, max_length=length, return_tensors="np")
    states = session.run(None, {name: encoded[name].astype(numpy.int64) for name in names})[0][0]
    vector = states[encoded["attention_mask"][0] == 1].astype(numpy.float64).mean(0)
    vectors.append(vector / numpy.linalg.norm(vector))
numpy.save(folder / "vectors.npy", numpy.array(vectors, numpy.float32))
print(numpy.round(numpy.array(vectors) @ numpy.array(vectors).T, 3))
