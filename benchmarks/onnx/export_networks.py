"""Writes full-size .onnx files with generated weights for measurements: 224 pixels, or 128 tokens.

Usage: export_networks.py FOLDER [NAME ...]; needs torch, torchvision, timm, transformers and onnx.
"""
import pathlib
import sys

import torch


class Text(torch.nn.Module):
    """MiniLM-L6 with mean pooling and length 1, as sentence encoders are exported."""

    def __init__(self):
        super().__init__()
        from transformers import BertConfig, BertModel
        self.bert = BertModel(BertConfig(hidden_size=384, num_hidden_layers=6, num_attention_heads=12,
                                         intermediate_size=1536, attn_implementation="eager"), add_pooling_layer=False)

    def forward(self, input_ids, attention_mask):
        tokens = self.bert(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        mask = attention_mask.unsqueeze(-1).float()
        return torch.nn.functional.normalize((tokens * mask).sum(1) / mask.sum(1).clamp(min=1e-9), dim=1)


def networks():
    import timm
    import torchvision
    picture = (torch.rand(1, 3, 224, 224),)
    timm.layers.set_fused_attn(False)
    return {
        "mobilenet_v2": lambda: (torchvision.models.mobilenet_v2(), picture),
        "resnet50": lambda: (torchvision.models.resnet50(), picture),
        "efficientnet_b0": lambda: (torchvision.models.efficientnet_b0(), picture),
        "vit_tiny": lambda: (timm.create_model("vit_tiny_patch16_224"), picture),
        "swin_tiny": lambda: (torchvision.models.swin_t(), picture),
        "minilm": lambda: (Text(), (torch.randint(0, 30522, (1, 128)), torch.ones(1, 128, dtype=torch.int64))),
    }


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, make in networks().items():
        if len(sys.argv) > 2 and name not in sys.argv[2:]:
            continue
        torch.manual_seed(0)
        model, inputs = make()
        model.eval()
        for module in model.modules():  # running statistics as training leaves them, so that numbers stay in range
            if isinstance(module, torch.nn.BatchNorm2d):
                module.running_mean.uniform_(-0.1, 0.1)
                module.running_var.uniform_(0.5, 1.5)
        names = ["input_ids", "attention_mask"] if len(inputs) == 2 else ["input"]
        torch.onnx.export(model, inputs, folder / f"{name}.onnx", opset_version=17, input_names=names,
                          output_names=["output"], dynamo=False)
        print(f"{folder / name}.onnx", flush=True)


if __name__ == "__main__":
    main()
