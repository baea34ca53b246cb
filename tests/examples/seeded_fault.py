#!/usr/bin/env python3
"""Changes one weight of one layer of a .safetensors file, and asks the verb diff to find the layer.

    seeded_fault.py PROGRAM VARIANT WEIGHTS.safetensors [LAYERS]

Takes LAYERS (6) convolutions and linear layers, evenly spaced. A weight that reads padding alone, or feeds a gate that
is shut, changes nothing: then another of the layer is tried. Exits with 1 and a line for each layer that is not found.
"""
import json, struct, subprocess, sys, tempfile
from pathlib import Path

FORMATS = {"F16": "<e", "F32": "<f"}


def changed(data, tensor, part):
    """The file with the number at a part of a tensor raised by four times its largest."""
    size = struct.unpack_from("<Q", data)[0]
    start, end = (8 + size + at for at in tensor["data_offsets"])
    code = FORMATS[tensor["dtype"]]
    width = struct.calcsize(code)
    most = max(abs(number) for number, in struct.iter_unpack(code, data[start:end]))
    at = start + int((end - start) // width * part) * width
    faulty = bytearray(data)
    struct.pack_into(code, faulty, at, struct.unpack_from(code, data, at)[0] + 4 * most)
    return faulty


def main(program, variant, weights, layers=6):
    data = Path(weights).read_bytes()
    header = json.loads(data[8 : 8 + struct.unpack_from("<Q", data)[0]])
    tensors = [name for name, tensor in header.items() if name.endswith(".weight") and len(tensor["shape"]) > 1]
    count, missed = min(int(layers), len(tensors)), 0
    with tempfile.TemporaryDirectory() as folder:
        faulty, report = Path(folder) / "faulty.safetensors", Path(folder) / "diff.json"
        for i in range(count):
            name = tensors[i * len(tensors) // count]
            for part in (0.5, 0.13, 0.71, 0.29, 0.93, 0.37, 0.83, 0.05):
                faulty.write_bytes(changed(data, header[name], part))
                report.unlink(missing_ok=True)
                run = subprocess.run(
                    [program, "diff", "--variant", variant, "--weights", str(faulty), "--against-weights", weights,
                     "--against-backend", "reference", "--input", "synthetic", "--quiet", "--json", str(report)],
                    capture_output=True, text=True)
                if run.returncode != 0:
                    break
            rows = json.loads(report.read_text())["layers"] if report.exists() else []
            first = next((row for row in rows if not row["within"]), {"name": "", "fused": []})
            layer = name.removesuffix(".weight")
            if run.returncode != 4 or layer not in [first["name"], *first["fused"]]:
                print(f"{layer}: exit code {run.returncode}, first layer '{first['name']}': {run.stderr.strip()}")
                missed += 1
    print(f"{count - missed} of {count} faults found in their layers")
    return missed > 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
