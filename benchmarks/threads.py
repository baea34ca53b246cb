#!/usr/bin/env python3
"""Are two threads ever slower than one?

usage: threads.py PROGRAM [--variant NAME] [--processes 20] [--seconds 2] [--pauses 0,10,33,200,1000] [--beside no,yes]

Fresh processes of an example program take turns on one thread and on two. Runs follow one another at once, or begin
every so many milliseconds, as a camera makes them; alone on the machine, or beside a process that keeps one processor
busy. Of each process the median of its runs after its first second. A row fails if a process on two threads took more
than 1.05 times as long as its neighbour on one; and, with nothing beside it, if the median of these ratios exceeds .65.
The second bound holds on a quiet machine: the row tells how many processors others kept busy.
"""
import argparse
import json
import statistics
import subprocess
import sys


def measured(arguments, threads, pause):
    command = [arguments.program, "perf", "--variant", arguments.variant, "--weights", "synthetic", "--threads",
               str(threads), "--warmup", "1", "--duration", str(max(arguments.seconds, 10e-3 * pause)), "--json", "-"]
    if pause > 0:
        command += ["--rate", str(1e3 / pause)]
    run = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    figures = json.loads(run.stdout)["benchmarks"][0]
    times = figures["service"] if pause > 0 else figures
    return {"p50": times["p50"], "p99": times["p99"], "processors": figures["processors_used"],
            "others": figures["disturbance"]["processors_of_others"]}


def main():
    parser = argparse.ArgumentParser(usage=__doc__.split("usage: ")[1].split("\n")[0])
    parser.add_argument("program")
    parser.add_argument("--variant", default="small")
    parser.add_argument("--processes", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=2)
    parser.add_argument("--pauses", default="0,10,33,200,1000")
    parser.add_argument("--beside", default="no,yes")
    arguments = parser.parse_args()

    failed = False
    print("pause, ms  beside  one, ms  two, ms  two/one: median  worst  p99: one    two  processors of two  of others")
    for beside in arguments.beside.split(","):
        for pause in map(float, arguments.pauses.split(",")):
            other = subprocess.Popen([sys.executable, "-c", "while True: pass"]) if beside == "yes" else None
            try:
                pairs = [[measured(arguments, threads, pause) for threads in (1, 2)]
                         for _ in range(arguments.processes)]
            finally:
                if other:
                    other.kill()
            ratios = [two["p50"] / one["p50"] for one, two in pairs]
            median = statistics.median(ratios)
            fails = max(ratios) > 1.05 or (other is None and median > .65)
            failed |= fails

            def usual(which, figure):
                return statistics.median(pair[which][figure] for pair in pairs)

            print(f"{pause:9.0f}  {beside:>6}  {usual(0, 'p50'):7.3f}  {usual(1, 'p50'):7.3f}  {median:15.2f}  "
                  f"{max(ratios):5.2f}  {usual(0, 'p99'):8.2f} {usual(1, 'p99'):6.2f}  "
                  f"{usual(1, 'processors'):17.2f}  {usual(1, 'others'):9.2f}{'  exceeded' if fails else ''}",
                  flush=True)
    return failed


if __name__ == "__main__":
    sys.exit(main())
