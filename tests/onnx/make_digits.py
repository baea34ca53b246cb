#!/usr/bin/env python3
"""Makes digits/: a small network that reads handwritten digits of 8 x 8 pixels, as an .onnx file, one of them, and
ONNX Runtime's answer. Wants torch, onnx, onnxruntime and scikit-learn, whose copy of the UCI's "Optical Recognition of
Handwritten Digits" (CC BY 4.0) it is trained on."""
import pathlib

import numpy
import onnxruntime
import torch
from sklearn.datasets import load_digits

torch.manual_seed(0)
data = load_digits()
pictures = torch.tensor(data.images, dtype=torch.float32).unsqueeze(1) / 16
labels = torch.tensor(data.target)
train, test = slice(0, 1500), slice(1500, None)


class Digits(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.features = torch.nn.Sequential(
            torch.nn.Conv2d(1, 8, 3, padding=1), torch.nn.ReLU(), torch.nn.Conv2d(8, 16, 3, 2, 1), torch.nn.ReLU())
        self.classifier = torch.nn.Linear(16 * 4 * 4, 10)

    def forward(self, picture):
        scores = self.classifier(self.features(picture).flatten(1))
        return scores, scores.argmax(1)


model = Digits()
optimizer = torch.optim.AdamW(model.parameters(), 3e-3)
for epoch in range(60):
    for batch in torch.randperm(1500).split(100):
        loss = torch.nn.functional.cross_entropy(model(pictures[train][batch])[0], labels[train][batch])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
model.eval()
right = (model(pictures[test])[1] == labels[test]).float().mean()
print(f"{right:.3f} of the pictures that it was not trained on are read right")

folder = pathlib.Path(__file__).parent / "digits"
folder.mkdir(exist_ok=True)
example = pictures[test][:1]
torch.onnx.export(model, (example,), folder / "digits.onnx", input_names=["picture"],
                  output_names=["scores", "digit"], dynamo=False)
numpy.save(folder / "picture.npy", example.numpy())
session = onnxruntime.InferenceSession(folder / "digits.onnx")
for name, output in zip(["scores", "digit"], session.run(None, {"picture": example.numpy()})):
    numpy.save(folder / f"{name}.npy", output)
    print(name, output.dtype, output.shape, output)
