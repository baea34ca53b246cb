#!/usr/bin/env bash
# Scores a data set as a Slurm array, one share an element, whose results are RESULTS/I-of-N.json:
#
#   sbatch docs/cluster/slurm-array.sh PROGRAM DATASET RESULTS [OPTION…]
#   PROGRAM eval merge RESULTS/*-of-*.json --json whole.json       # when all are there; else it says which are missing
#
# An element that is preempted, or comes near its time limit, keeps what it has scored, and goes on when it is requeued.
# To repeat some of eight: sbatch --array=2,5 … RESULTS --shard auto/8
#SBATCH --job-name=taxon-eval
#SBATCH --array=0-7
#SBATCH --cpus-per-task=4
#SBATCH --time=04:00:00
#SBATCH --signal=TERM@60
#SBATCH --requeue
set -euo pipefail

program=$1 dataset=$2 results=$3
shift 3
mkdir -p "$results"
case " $* " in *" --shard "*) share=() ;; *) share=(--shard auto) ;; esac
exec srun "$program" eval --dataset "$dataset" "${share[@]}" --json "$results/{shard}.json" "$@"
