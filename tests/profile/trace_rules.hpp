#pragma once
#include <cmath>
#include <map>
#include <string>
#include <taxon/app/console/json.hpp>
#include <vector>

/// What is wrong with a trace by the Trace Event Format, https://docs.google.com/document/d/
/// 1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU, and by what viewers nest: events of a thread must lie within one
/// another or apart. Empty if nothing is.
inline std::string trace_problem(const std::string& text) {
    using taxon::app::Json;
    const Json trace = Json::parse(text, nullptr, false);
    if (!trace.is_object() || !trace.contains("traceEvents") || !trace["traceEvents"].is_array())
        return "no list \"traceEvents\"";
    std::map<long, std::vector<std::pair<double, double>>> open;  // begin and end, in nanoseconds
    std::size_t count = 0;
    for (const Json& event : trace["traceEvents"]) {
        for (const char* field : {"ph", "name"})
            if (!event.contains(field) || !event[field].is_string()) return std::string("no string ") + field;
        for (const char* field : {"pid", "tid"})
            if (!event.contains(field) || !event[field].is_number_integer()) return std::string("no number ") + field;
        if (event["ph"] == "M") {
            if (!event["args"]["name"].is_string()) return "metadata without a name";
            continue;
        }
        if (event["ph"] != "X") return "an event that is not complete: " + event.dump();
        for (const char* field : {"ts", "dur"})
            if (!event.contains(field) || !event[field].is_number() || event[field] < 0)
                return std::string("no time ") + field;
        const double begin = std::round(1e3 * event["ts"].get<double>()),
                     end = begin + std::round(1e3 * event["dur"].get<double>());
        auto& outer = open[event["tid"].get<long>()];
        while (!outer.empty() && outer.back().second <= begin) outer.pop_back();
        if (!outer.empty() && (begin < outer.back().first || end > outer.back().second))
            return "not nested: " + event.dump();
        outer.emplace_back(begin, end);
        ++count;
    }
    return count == 0 ? "no event" : "";
}
