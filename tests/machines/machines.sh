#!/usr/bin/env bash
# Stops the real program by signals, and runs docs/cluster's files, with workers that are killed and requeued. Prints
# "skipped" and a word where what it needs is missing.
#
#   machines.sh stop       ROOT PROGRAM     the first signal keeps what there is: 130 and 143; the second ends at once
#   machines.sh openmpi    ROOT PROGRAM     docs/cluster/mpirun.sh
#   machines.sh slurm      ROOT PROGRAM     docs/cluster/slurm-array.sh on a one-node Slurm that it starts
#   machines.sh kubernetes ROOT PROGRAM     docs/cluster/indexed-job.yaml is parsed, its command line the program's
set -euo pipefail
set -m  # a shell without job control has its background jobs ignore SIGINT

task=$1 root=$(cd "$2" && pwd) program=$(realpath "$3")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
fail() { printf '%s\n' "$*"; exit 1; }
skip() { echo "skipped: no $1"; exit 0; }
field() { grep -o "^  \"$2\": [^,]*" "$1" | sed 's/.*: //'; }

# dataset COUNT: $scratch/list.tsv, of pictures of 2 x 2 pixels in four colours.
dataset() {
    local colour
    for colour in 0 1 2 3; do
        printf 'BM\x46\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\2\0\0\0\2\0\0\0\1\0\x18\0' >"$scratch/$colour.bmp"
        head -c 24 /dev/zero >>"$scratch/$colour.bmp"
        printf "\\x${colour}0\\x40\\xf0\\x${colour}0\\x40\\xf0\\0\\0%.0s" 1 2 >>"$scratch/$colour.bmp"
    done
    awk -v count="$1" 'BEGIN { for (i = 0; i < count; ++i) print i * 7 % 4 ".bmp\t" i % 10 }' >"$scratch/list.tsv"
}
evaluate() { "$program" eval --variant small-cifar10 --dataset "$scratch/list.tsv" "$@"; }

# same A B: are two results equal but for the names of their shares?
same() { diff <(grep -v '"shard"' "$1") <(grep -v '"shard"' "$2"); }

# started ARGUMENT…: starts eval on a long list, and waits until it says how far it is.
started() {
    rm -f "$scratch/err"
    "$program" eval --variant small-cifar10 --dataset "$scratch/list.tsv" --threads 1 "$@" \
        >"$scratch/out" 2>"$scratch/err" &
    worker=$!
    until [ -s "$scratch/err" ]; do
        kill -0 "$worker" 2>/dev/null || fail "it ended too soon: $(cat "$scratch/err" "$scratch/out")"
        sleep 0.1
    done
}

# ends CODE: the worker's exit code.
ends() {
    local code=0
    wait "$worker" || code=$?
    [ "$code" = "$1" ] || fail "exit code $code, wanted $1: $(cat "$scratch/err")"
}

stop() {
    local signal code
    dataset 300000
    for signal in INT TERM; do
        started --json "$scratch/$signal.json"
        kill -"$signal" "$worker"
        if [ "$signal" = INT ]; then code=130; else code=143; fi
        ends "$code"
        [ "$(field "$scratch/$signal.json" complete)" = false ] || fail "complete after $signal"
        [ "$(field "$scratch/$signal.json" n)" -gt 0 ] || fail "nothing was kept after $signal"
        grep -q '^stopped after [0-9]* of 300000 pictures' "$scratch/out" || fail "not said: $(cat "$scratch/out")"
    done
    mkfifo "$scratch/unread.json"  # writing the result waits for a reader, who never comes
    started --json "$scratch/unread.json"
    kill -INT "$worker"
    sleep 0.5
    kill -0 "$worker" 2>/dev/null || fail "the first signal has ended it"
    kill -INT "$worker"
    ends 130
}

openmpi() {
    command -v mpirun >/dev/null || skip openmpi
    export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_rmaps_base_oversubscribe=1 RANKS=3
    dataset 1500
    evaluate --quiet --json "$scratch/whole.json"
    local line=(bash "$root/docs/cluster/mpirun.sh" "$program" "$scratch/list.tsv" "$scratch/results"
        --variant small-cifar10)
    "${line[@]}" >"$scratch/out" 2>&1 &
    worker=$!
    until ls "$scratch/results" >/dev/null 2>&1; do sleep 0.1; done
    sleep 0.7
    kill -TERM -- "-$worker" 2>/dev/null || true
    wait "$worker" || true
    "${line[@]}" || fail "the second run failed"
    same "$scratch/whole.json" "$scratch/results/whole.json" || fail "merged differs from whole"
    rm "$scratch/results/1-of-3.json"
    if evaluate_merge >"$scratch/out" 2>&1; then fail "a missing share was not missed"; fi
    grep -q 'no shard 1 of 3' "$scratch/out" || fail "not said which: $(cat "$scratch/out")"
}
evaluate_merge() { "$program" eval merge "$scratch"/results/*-of-3.json; }

slurm() {
    local name
    for name in slurmctld slurmd munged sbatch; do command -v "$name" >/dev/null || skip slurm; done
    [ "$(id -u)" = 0 ] || skip root
    local host folder=$scratch/slurm processors
    host=$(hostname -s) processors=$(nproc)
    mkdir -p "$folder"/{state,spool,log}
    chmod 755 "$scratch" "$folder"
    cat >"$folder/slurm.conf" <<CONF
ClusterName=one
SlurmctldHost=$host(127.0.0.1)
SlurmUser=root
SlurmctldPort=26817
SlurmdPort=26818
AuthType=auth/munge
AuthInfo=socket=$folder/munge.socket
CryptoType=crypto/munge
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd.pid
SlurmctldLogFile=$folder/log/slurmctld
SlurmdLogFile=$folder/log/slurmd
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
ReturnToService=2
MpiDefault=none
NodeName=$host NodeAddr=127.0.0.1 CPUs=$processors State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
CONF
    head -c 128 /dev/urandom >"$folder/munge.key"
    chmod 400 "$folder/munge.key"
    export SLURM_CONF=$folder/slurm.conf
    munged --force --socket="$folder/munge.socket" --key-file="$folder/munge.key" --pid-file="$folder/munge.pid" \
        --log-file="$folder/log/munge" --seed-file="$folder/munge.seed" >/dev/null 2>&1 || skip munge
    trap 'end_slurm; rm -rf "$scratch"' EXIT
    slurmctld -c >/dev/null 2>&1 || skip slurmctld
    slurmd -b >/dev/null 2>&1 || skip slurmd
    local tries=0
    until sinfo -h -o %T 2>/dev/null | grep -q idle; do
        [ $((tries += 1)) -lt 40 ] || skip node
        sleep 0.5
    done
    dataset 1500
    evaluate --quiet --json "$scratch/whole.json"
    local job line=(--parsable --array=0-2 --cpus-per-task=1 --time=10 --chdir="$scratch" --output="$scratch/job-%a.log"
        "$root/docs/cluster/slurm-array.sh" "$program" "$scratch/list.tsv" "$scratch/results" --variant small-cifar10
        --threads 1)
    job=$(sbatch "${line[@]}")
    tries=0
    until ls "$scratch"/job-0.log >/dev/null 2>&1; do [ $((tries += 1)) -lt 100 ] || skip job; sleep 0.2; done
    sleep 0.5
    scontrol requeue "${job}_0" >/dev/null 2>&1 || true
    tries=0
    while squeue -h -j "$job" 2>/dev/null | grep -q .; do
        scontrol update jobid="$job" StartTime=now >/dev/null 2>&1 || true  # a requeued one waits two minutes
        [ $((tries += 1)) -lt 300 ] || fail "the array does not end: $(squeue; cat "$scratch"/job-*.log)"
        sleep 0.5
    done
    "$program" eval merge "$scratch"/results/*-of-3.json --json "$scratch/merged.json" ||
        fail "$(tail "$scratch"/job-*.log)"
    same "$scratch/whole.json" "$scratch/merged.json" || fail "merged differs from whole"
}
end_slurm() {
    local name
    scontrol shutdown >/dev/null 2>&1 || true
    for name in slurmd slurmctld munge; do
        [ ! -s "$scratch/slurm/$name.pid" ] || kill "$(cat "$scratch/slurm/$name.pid")" 2>/dev/null || true
    done
    sleep 1
}

kubernetes() {
    local file=$root/docs/cluster/indexed-job.yaml help option options=0
    python3 -c 'import yaml' 2>/dev/null || skip yaml
    python3 - "$file" >"$scratch/arguments" <<'PYTHON' || fail "it is no Indexed Job"
import sys, yaml
job = yaml.safe_load(open(sys.argv[1]))
assert job["apiVersion"] == "batch/v1" and job["kind"] == "Job" and job["spec"]["completionMode"] == "Indexed"
container = job["spec"]["template"]["spec"]["containers"][0]
assert {"name": "TAXON_SHARDS", "value": str(job["spec"]["completions"])} in container["env"]
mounts = {mount["name"] for mount in container["volumeMounts"]}
assert mounts == {volume["name"] for volume in job["spec"]["template"]["spec"]["volumes"]}
print("\n".join(container["command"] + container["args"]))
PYTHON
    [ "$(sed -n 1p "$scratch/arguments")" = "$(basename "$program")" ] || fail "it is of another program"
    help=$("$program" "$(sed -n 2p "$scratch/arguments")" --help)
    while read -r option; do
        grep -q -- "^ *$option " <<<"$help" || fail "no option $option"
        options=$((options + 1))
    done < <(grep -- '^--' "$scratch/arguments")
    [ "$options" -gt 2 ] || fail "no options are there"
    # each index in turn, the second one killed and started again
    dataset 400
    local index
    mkdir "$scratch/results"
    for index in 0 1 1 2; do
        JOB_COMPLETION_INDEX=$index TAXON_SHARDS=3 evaluate --quiet --threads 1 --shard auto \
            --json "$scratch/results/{shard}.json" &
        worker=$!
        if [ ! -e "$scratch/killed" ] && [ "$index" = 1 ]; then
            sleep 0.2
            kill -TERM "$worker" 2>/dev/null || true
            touch "$scratch/killed"
        fi
        wait "$worker" || [ -e "$scratch/killed" ] || fail "index $index failed"
    done
    evaluate --quiet --json "$scratch/whole.json"
    "$program" eval merge "$scratch"/results/*-of-3.json --json "$scratch/merged.json" >/dev/null
    same "$scratch/whole.json" "$scratch/merged.json" || fail "merged differs from whole"
    if evaluate --shard auto --json - >/dev/null 2>"$scratch/err"; then fail "no environment was accepted"; fi
    grep -q 'JOB_COMPLETION_INDEX' "$scratch/err" || fail "not named: $(cat "$scratch/err")"
}

"$task"
