#pragma once
#include <string_view>

namespace taxon::app {

/// The formulas of perf's figures, for --explain.
inline constexpr std::string_view perf_explanation = R"(
How each figure is computed. A run is one call with a batch; times are of the monotonic clock.

throughput       runs · batch / wall-clock time from the first start to the last end, over all streams.
latency          end − start of a run. With --rate: end − intended start, so that a run counts the time that it waited
                 for those before it, and a slow run does not keep later ones from being counted.
  waiting        start − intended start: the queue, and how late the system woke the stream's thread.
  service        end − start: the network.
  capacity       the share of it that arrivals take is rate · mean service / streams; from 100 % on a queue only grows.
                 All that arrive in the duration are served, but none after three durations.
mean, min, max   of all runs.
pQ               the Q-th percentile: the runs' times, sorted, at position Q/100 · (n − 1), interpolated linearly
                 between neighbours (Hyndman and Fan's definition 7, which is numpy.percentile).
*                too few runs for this percentile: with more than 5 % probability, (Q/100)^n, all runs were below the
                 true percentile. p90 takes 29 runs, p95 59, p99 299, p99.9 2,995.
median           the 95 % confidence interval of p50: the sorted times at ranks n/2 − 1.96 √n / 2 and
                 1 + n/2 + 1.96 √n / 2. It takes runs as independent; slow changes of the machine widen the truth.
                 --until-within P: until its width is below P % of p50, looked at after 30 runs and then whenever
                 their number has grown by a quarter.
load             from opening the weights to a network that can run: reading, checking, packing, calibrating. Rows of a
                 sweep that differ in batch, threads or streams share a load.
first inference  making the first stream's memory, and its first run.
processors used  CPU time of this process, all threads, / wall-clock time. Threads that wait for an arrival or for
                 each other spin for up to 100 us, which counts.
cpu_time         (JSON) CPU time of this process / runs.
energy           increase of the powercap counters of all processor packages / samples: whatever else ran is in it.
                 Absent where those counters cannot be read.
weights          bytes of the packed weights.
arena            bytes of the memory plan of one sample; each thread that takes samples of a batch has one.
peak memory      the largest resident memory of the process (ru_maxrss), from loading to the end of warming up; in a
                 sweep, of this row where the system lets the peak be reset.
ratio            (--compare) there / here for times and memory, here / there for throughput: above 1 is better here.
p                (--compare) two-sided probability of so uneven a Mann-Whitney U if both runs' times came from one
                 distribution; normal approximation, corrected for ties and continuity. The JSON keeps up to 1,000 times
                 of each benchmark for it. Runs that follow each other are alike, so a small p says that these two
                 measurements differ, not why: repeat both.
disturbed        others: busy time of /proc/stat − our own CPU time; steal time; involuntary context switches
                 (getrusage); nr_throttled of the cgroup's cpu.stat; cpufreq at the start and at the end.
)";

}  // namespace taxon::app
