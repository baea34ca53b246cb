#pragma once
#include <algorithm>
#include <map>
#include <string>
#include <taxon/app/profile/assemble.hpp>
#include <taxon/app/profile/profile.hpp>
#include <taxon/profile/stacks.hpp>
#include <taxon/profile/trace.hpp>
#include <thread>
#include <vector>

namespace taxon::app {

/// The fastest of the passes as a trace. Threads from 0 on are those of the network's runs, 0 being the caller's; those
/// from 1000 on preprocess.
inline std::string trace_of(const Passes& passes, const Stages& stages, GraphView graph, PlanView plan,
                            const std::string& title) {
    const Pass& pass =
        *std::min_element(passes.watched.begin(), passes.watched.end(),
                          [](const auto& a, const auto& b) { return a.end - a.begin < b.end - b.begin; });
    auto spans = spans_of(pass.runs, graph, plan);
    if (!stages.reading.empty()) {
        spans.push_back({"pass", "pass", 0, pass.begin, pass.end});
        spans.push_back({stages.reading, "read", 0, pass.begin, pass.runs.front().begin});
        spans.push_back({"postprocess", "postprocess", 0, pass.runs.back().end, pass.end});
        std::map<std::thread::id, int> workers{{std::this_thread::get_id(), 0}};
        for (const auto& one : pass.preprocessing) {
            const int next = 999 + static_cast<int>(workers.size());
            spans.push_back(
                {"preprocess", "preprocess", workers.try_emplace(one.thread, next).first->second, one.begin, one.end});
        }
    }
    return chrome_trace(std::move(spans), title);
}

inline std::string stacks_of(const Profile& profile) {
    std::string text;
    for (const ProfileRow& row : profile.rows)
        text += collapsed_stack(profile.description, row.step == none ? "" : row.layer, row.kind, row.seconds);
    return text;
}

}  // namespace taxon::app
