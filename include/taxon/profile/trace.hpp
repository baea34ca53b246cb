#pragma once
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <taxon/backend/cpu/run_record.hpp>
#include <taxon/plan/operations.hpp>
#include <taxon/profile/step_layers.hpp>
#include <vector>

namespace taxon {

/// Something that a thread did. Those of one thread are nested or apart.
struct TraceSpan {
    std::string name, category;
    int thread = 0;
    cpu::RunRecord::Clock::time_point begin{}, end{};
};

/// The spans of recorded runs: each run on thread 0, and in it every thread's steps by layer, of their kernel's
/// category.
inline std::vector<TraceSpan> spans_of(std::span<const cpu::RunRecord::Run> runs, GraphView graph, PlanView plan) {
    std::vector<TraceSpan> spans;
    for (const auto& run : runs) {
        spans.push_back({"run", "run", 0, run.begin, run.end});
        for (int thread = 0; const auto& intervals : run.threads) {
            for (const auto& one : intervals) {
                if (one.step < 0) {
                    const std::string name = one.step == cpu::RunRecord::input ? "input" : "output";
                    spans.push_back({name, "conversion", thread, one.begin, one.end});
                    continue;
                }
                const Step& step = plan.steps[static_cast<std::size_t>(one.step)];
                const std::string kernel(name_of(step.geometry.kernel)), layer(layer_of(graph, step));
                spans.push_back({layer.empty() ? kernel : layer, kernel, thread, one.begin, one.end});
            }
            ++thread;
        }
    }
    return spans;
}

namespace detail {

inline std::string json_string(std::string_view text) {
    std::string spelt = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') spelt += '\\';
        if (static_cast<unsigned char>(c) >= 0x20) spelt += c;
        else spelt += ' ';
    }
    return spelt + '"';
}

/// Nanoseconds as microseconds, exactly.
inline std::string microseconds(std::chrono::nanoseconds time) {
    char text[32];
    std::snprintf(text, sizeof text, "%lld.%03d", static_cast<long long>(time.count() / 1000),
                  static_cast<int>(time.count() % 1000));
    return text;
}

}  // namespace detail

/// The spans in the Trace Event Format, which chrome://tracing, ui.perfetto.dev and speedscope.app open: complete
/// events ("ph": "X") in microseconds from the first one on, in order, each before what is nested in it.
inline std::string chrome_trace(std::vector<TraceSpan> spans, std::string_view process) {
    std::stable_sort(spans.begin(), spans.end(), [](const TraceSpan& a, const TraceSpan& b) {
        return a.begin != b.begin ? a.begin < b.begin : a.end > b.end;
    });
    const auto metadata = [](int thread, std::string_view what, std::string_view name) {
        return "{\"ph\":\"M\",\"pid\":1,\"tid\":" + std::to_string(thread) + ",\"name\":\"" + std::string(what) +
               "\",\"args\":{\"name\":" + detail::json_string(name) + "}}";
    };
    std::string text = "{\"displayTimeUnit\":\"ns\",\"traceEvents\":[\n" + metadata(0, "process_name", process);
    std::set<int> threads;
    for (const TraceSpan& span : spans) threads.insert(span.thread);
    for (const int thread : threads)
        text += ",\n" + metadata(thread, "thread_name", "thread " + std::to_string(thread));
    for (const TraceSpan& span : spans)
        text += ",\n{\"ph\":\"X\",\"pid\":1,\"tid\":" + std::to_string(span.thread) +
                ",\"ts\":" + detail::microseconds(span.begin - spans.front().begin) +
                ",\"dur\":" + detail::microseconds(span.end - span.begin) +
                ",\"name\":" + detail::json_string(span.name) + ",\"cat\":" + detail::json_string(span.category) + "}";
    return text + "\n]}\n";
}

}  // namespace taxon
