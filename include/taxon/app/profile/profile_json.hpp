#pragma once
#include <cmath>
#include <string>
#include <taxon/app/describe/steps.hpp>
#include <taxon/app/profile/advice.hpp>
#include <taxon/app/profile/kinds.hpp>

namespace taxon::app {

/// A profile as docs/profile.md describes it.
inline constexpr std::string_view profile_schema = "taxon.profile/1";

namespace detail {

/// A tenth of a nanosecond is the last digit of a time.
inline double rounded_ms(double seconds) { return std::round(seconds * 1e10) / 1e7; }
inline double rounded(double number) { return std::round(number * 1e3) / 1e3; }
/// Billions per second.
inline double giga(double amount, double seconds) { return seconds > 0 ? rounded(amount / seconds * 1e-9) : 0; }

inline Json json_of(const ProfiledValue& value) {
    return json_object({{"shape", {value.shape.channels, value.shape.height, value.shape.width}},
                        {"dtype", name_of(value.element)},
                        {"strides", value.strides},
                        {"bytes", std::llround(value.bytes)}});
}

inline Json threads_json(const std::vector<double>& busy, double seconds) {
    Json threads = Json::array();
    for (const double one : busy)
        threads.push_back(
            json_object({{"busy_ms", rounded_ms(one)}, {"waiting_ms", rounded_ms(std::max(seconds - one, 0.))}}));
    return threads;
}

inline Json json_of(const ProfileRow& row, double all) {
    Json json = json_object({{"stage", row.stage}});
    if (row.step != none) json["step"] = row.step;
    json["layer"] = row.layer;
    if (row.step != none) json["layers"] = row.layers;
    json["kind"] = row.kind;
    if (row.step != none) {
        json["operation"] = row.operation;
        json["fused"] = row.fused;
        if (row.input.bytes > 0) json["input"] = json_of(row.input);
        json["output"] = json_of(row.output);
        if (row.operand.bytes > 0) json["operand"] = json_of(row.operand);
        if (row.weight_bytes > 0)
            json["weights"] = json_object({{"dtype", name_of(row.weights)}, {"bytes", std::llround(row.weight_bytes)}});
        json["kernel"] = json_object({{"name", row.kind}});
        if (!row.tile.empty()) json["kernel"]["tile"] = row.tile;
        if (!row.why.empty()) json["kernel"]["why"] = row.why;
        if (row.chain.band > 0)
            json["chain"] = json_object(
                {{"first_step", row.chain.first}, {"last_step", row.chain.last - 1}, {"rows", row.chain.band}});
        json["flops"] = std::llround(row.flops);
        json["kernel_flops"] = std::llround(row.kernel_flops);
        json["moved_bytes"] = std::llround(row.moved_bytes);
    }
    json["time_ms"] = rounded_ms(row.seconds);
    json["min_ms"] = rounded_ms(row.least_seconds);
    json["percent"] = all > 0 ? rounded(100 * row.seconds / all) : 0;
    if (row.step != none) {
        json["gflops"] = giga(row.flops, row.seconds);
        json["gbs"] = giga(row.moved_bytes, row.seconds);
        json["roof"] = json_object({{"ms", rounded_ms(row.roof_seconds())},
                                    {"percent", rounded(100 * row.of_roof())},
                                    {"bound", row.memory_bound() ? "memory" : "compute"},
                                    {"compute_ms", rounded_ms(row.compute_seconds)},
                                    {"memory_ms", rounded_ms(row.memory_seconds)}});
    }
    if (!row.busy.empty()) {
        json["threads"] = threads_json(row.busy, row.seconds);
        json["imbalance"] = rounded(row.imbalance);
    }
    if (row.buffer != none) json["buffer"] = row.buffer;
    return json;
}

inline Json json_of(const Machine& machine) {
    Json peaks = Json::array(), bandwidth = Json::array();
    for (const auto& peak : machine.peaks)
        peaks.push_back(json_object({{"dtype", name_of(peak.weights)},
                                     {"isa", cpu::name_of(peak.isa)},
                                     {"gflops", rounded(peak.operations * 1e-9)}}));
    for (const auto& one : machine.bandwidths)
        bandwidth.push_back(json_object({{"working_set_bytes", one.working_set}, {"gbs", rounded(one.bytes * 1e-9)}}));
    return json_object({{"processor", machine.processor},
                        {"isa", cpu::name_of(machine.isa)},
                        {"threads", machine.threads},
                        {"peaks", peaks},
                        {"bandwidth", bandwidth}});
}

}  // namespace detail

/// `network`: see identity_json.
inline Json profile_json(const Profile& profile, const Json& network, PlanView plan) {
    using detail::rounded_ms, detail::rounded;
    const double all = profile.seconds_in_rows();
    Json json = json_object({{"schema", profile_schema}, {"network", network}, {"description", profile.description}});
    json["run"] =
        json_object({{"batch", profile.batch}, {"threads", profile.threads}, {"threads_from", profile.threads_from}});
    if (profile.length > 0) json["run"]["sequence"] = profile.length;
    json["run"]["isa"] = cpu::name_of(profile.machine.isa);
    json["run"]["end_to_end"] = profile.end_to_end;
    json["run"]["profiled_runs"] = profile.profiled_runs;
    json["run"]["unprofiled_runs"] = profile.unprofiled_runs;
    json["time"] = json_object({{"unprofiled_ms", rounded_ms(profile.unprofiled_seconds)},
                                {"profiled_ms", rounded_ms(profile.profiled_seconds)},
                                {"overhead_percent", rounded(100 * profile.overhead())},
                                {"rows_ms", rounded_ms(all)},
                                {"other_ms", rounded_ms(profile.profiled_seconds - all)}});
    json["machine"] = detail::json_of(profile.machine);
    json["flops"] = std::llround(profile.flops);
    json["weights_bytes"] = std::llround(profile.weights_bytes);
    json["arena_bytes"] = std::llround(profile.arena_bytes);
    json["rows"] = Json::array();
    for (const ProfileRow& row : profile.rows) json["rows"].push_back(detail::json_of(row, all));
    json["kinds"] = Json::array();
    for (const ProfileKind& kind : kinds_of(profile))
        json["kinds"].push_back(json_object({{"kind", kind.kind},
                                             {"rows", kind.rows},
                                             {"time_ms", rounded_ms(kind.seconds)},
                                             {"percent", rounded(100 * kind.seconds / all)}}));
    json["threads"] = Json::array();
    for (std::size_t thread = 0; thread < profile.busy.size(); ++thread)
        json["threads"].push_back(
            json_object({{"thread", thread},
                         {"busy_ms", rounded_ms(profile.busy[thread])},
                         {"waiting_ms", rounded_ms(std::max(profile.network_seconds - profile.busy[thread], 0.))}}));
    json["buffers"] = json_of_buffers(plan);
    json["advice"] = Json::array();
    for (const Advice& one : advice_on(profile))
        json["advice"].push_back(json_object({{"rule", one.rule}, {"text", one.text}, {"steps", one.steps}}));
    return json;
}

}  // namespace taxon::app
