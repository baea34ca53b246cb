#!/usr/bin/env python3
"""Draws docs/images/speed.svg from the table of peers in docs/performance.md.

usage: speed_chart.py TABLE.md CHART.svg [--check]

A row per network and precision, batch 1 on one thread; a dot per engine at its latency divided by taxon's.
With --check nothing is written: exits with 1 if CHART.svg is not what the table gives.
"""
import re
import sys

PEERS = {"ONNX Runtime": "#d1495b", "OpenVINO": "#2e86ab", "ncnn": "#e8a33d"}
OURS = "#333333"
LEFT, TOP, ROW, UNIT, MARGIN = 216, 58, 24, 114, 30


def rows(markdown):
    """(label, ratio by engine) of the rows of batch 1 on one thread."""
    table = re.search(r"<!-- peers -->\n(.*?)<!-- /peers -->", markdown, re.S)[1].splitlines()
    cells = [[cell.strip(" *") for cell in line.strip("|").split("|")] for line in table]
    heading, lines = cells[0], cells[2:]
    found = []
    for line in lines:
        row = dict(zip(heading, line))
        if (row["batch"], row["threads"], row["ours, instruction set"]) != ("1", "1", "best"):
            continue
        ours = float(row["ours, ms"])
        found.append((f"{row['network']}, {row['precision']}", {p: float(row[p]) / ours for p in PEERS if row[p] != "–"}))
    if not found:
        sys.exit("the table has no row of batch 1 on one thread")
    return sorted(found, key=lambda row: row[0].split(",")[0])


def chart(found):
    ticks = range(0, int(max(max(ratios.values()) for _, ratios in found)) + 2)
    width, height = LEFT + UNIT * ticks[-1] + MARGIN, TOP + ROW * len(found) + 34
    bottom = TOP + ROW * len(found)
    svg = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
           ' font-family="sans-serif" font-size="13" fill="#333333">',
           f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
           f'<text x="{LEFT}" y="20" font-weight="bold">Latency relative to taxon, one thread (right of 1: slower)</text>']
    for number, (name, color) in enumerate([("taxon", OURS), *PEERS.items()]):
        x = LEFT + 6 + 134 * number
        svg += [f'<circle cx="{x}" cy="38" r="5" fill="{color}"/>', f'<text x="{x + 10}" y="42">{name}</text>']
    for tick in ticks:
        x = LEFT + UNIT * tick
        svg += [f'<line x1="{x}" y1="{TOP}" x2="{x}" y2="{bottom}" stroke="{OURS if tick == 1 else "#dddddd"}"/>',
                f'<text x="{x}" y="{bottom + 18}" text-anchor="middle">{tick}</text>']
    for number, (label, ratios) in enumerate(found):
        y = TOP + ROW * number + ROW // 2
        svg += [f'<text x="{LEFT - 10}" y="{y + 4}" text-anchor="end">{label}</text>',
                f'<line x1="{LEFT}" y1="{y}" x2="{width - MARGIN}" y2="{y}" stroke="#eeeeee"/>']
        svg += [f'<circle cx="{LEFT + UNIT * ratio:.1f}" cy="{y}" r="5" fill="{color}"><title>{name} {ratio:.2f}</title></circle>'
                for name, ratio, color in [("taxon", 1, OURS), *((p, r, PEERS[p]) for p, r in ratios.items())]]
    return "\n".join([*svg, "</svg>"]) + "\n"


def main():
    table, path = sys.argv[1:3]
    with open(table, encoding="utf-8") as file:
        svg = chart(rows(file.read()))
    if "--check" in sys.argv[3:]:
        with open(path, encoding="utf-8") as file:
            if file.read() != svg:
                sys.exit(f"{path} is not what {table} gives: run benchmarks/speed_chart.py {table} {path}")
        return
    with open(path, "w", encoding="utf-8") as file:
        file.write(svg)


if __name__ == "__main__":
    main()
