#!/usr/bin/env python3
"""Prints the table of peers from the results of peers.sh.

usage: peer_table.py FOLDER

FOLDER holds NAME-ISA-RUN.json of each run: a list of {"name", "precision", "batch", "threads", "ms": {engine: ms}}.
Times are medians over the runs. The ratio is the best peer's time of a run / ours of that run; a row has their median
and their smallest and largest, and is marked as a loss where the median is below 1.
"""
import glob
import json
import re
import statistics
import sys

PEERS = {"onnxruntime": "ONNX Runtime", "openvino": "OpenVINO", "ncnn": "ncnn"}


def rows(folder):
    """The runs of each row, in the order of the files' names."""
    found = {}
    for path in sorted(glob.glob(f"{folder}/*.json")):
        part, isa = re.search(r"([^/]+)-([^-]+)-\d+\.json$", path).groups()
        with open(path, encoding="utf-8") as file:
            for row in json.load(file):
                key = (part, isa, row["name"], row["precision"], row["batch"], row["threads"])
                found.setdefault(key, []).append(row["ms"])
    return found


def line(key, runs):
    _, isa, name, precision, batch, threads = key

    def ms(engine):
        times = [run[engine] for run in runs if run.get(engine)]
        return f"{statistics.median(times):.3f}" if times else "–"

    ratios = [min(run[p] for p in PEERS if run.get(p)) / run["ours"] for run in runs
              if run.get("ours") and any(run.get(p) for p in PEERS)]
    ratio = spread = "–"
    if ratios:
        median = statistics.median(ratios)
        ratio = f"**{median:.2f}**" + (" (loss)" if median < 1 else "")
        spread = f"{min(ratios):.2f} to {max(ratios):.2f}"
    isa = "best" if isa == "auto" else isa
    cells = [name, precision, batch, threads, isa, ms("ours"), *map(ms, PEERS), ratio, spread]
    return "| " + " | ".join(map(str, cells)) + " |"


def main():
    found = rows(sys.argv[1])
    if not found:
        sys.exit(f"{sys.argv[1]} holds no results")
    runs = max(len(one) for one in found.values())
    heading = ["network", "precision", "batch", "threads", "ours, instruction set", "ours, ms", *PEERS.values(),
               "ratio to the best peer", f"spread of {runs} runs"]
    print("| " + " | ".join(heading) + " |\n" + "|---" * len(heading) + "|")
    for key, one in found.items():
        print(line(key, one))


if __name__ == "__main__":
    main()
