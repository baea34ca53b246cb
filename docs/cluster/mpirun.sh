#!/usr/bin/env bash
# Scores a data set in RANKS processes that mpirun starts, on this machine or those of its --hostfile, with THREADS
# threads each; their results, RESULTS/I-of-N.json, are merged into RESULTS/whole.json:
#
#   RANKS=8 THREADS=4 bash docs/cluster/mpirun.sh PROGRAM DATASET RESULTS [OPTION…]
#
# Where it was stopped, or a rank was lost, the same line goes on. DATASET and RESULTS are on a file system of all
# machines; the program needs no MPI of its own.
set -euo pipefail

program=$1 dataset=$2 results=$3
shift 3
mkdir -p "$results"
mpirun -np "${RANKS:-2}" --bind-to none \
    "$program" eval --dataset "$dataset" --shard auto --json "$results/{shard}.json" --threads "${THREADS:-1}" "$@"
"$program" eval merge "$results"/*-of-"${RANKS:-2}".json --json "$results/whole.json"
