// A layer that is made slow on purpose heads the advice: real runs of a plan whose kernels only pass time.
#include <chrono>
#include <taxon/app/profile/advice.hpp>
#include <taxon/app/profile/assemble.hpp>
#include <taxon/backend/cpu/executable.hpp>
#include <taxon/plan/planner.hpp>
#include <thread>

#include "catch.hpp"
#include "networks.hpp"

using namespace taxon;
using namespace taxon::app;

namespace {

constexpr GraphView graph = graph_of<networks::Shortcuts>;
constexpr PlanView plan = plan_of<networks::Shortcuts, networks::Shortcuts::input, true, DataTypes{}>;

void quick(const Geometry&, const cpu::Operands&) {}
void slow(const Geometry&, const cpu::Operands&) { std::this_thread::sleep_for(std::chrono::milliseconds(5)); }
void nothing(const float*, std::byte*, const View&, const cpu::QuantizationParameters&, int, int) {}

Profile profile_with_slow(std::size_t step) {
    std::vector<cpu::KernelCall> calls(plan.steps.size(), quick);
    calls[step] = slow;
    const std::vector<std::byte> weights(static_cast<std::size_t>(plan.weight_bytes));
    const std::vector<float> biases(static_cast<std::size_t>(plan.bias_count));
    const cpu::Executable network(graph, plan,
                                  {weights, biases, std::vector<cpu::QuantizationParameters>(plan.buffers.size()),
                                   std::make_shared<cpu::PackedMemory>()},
                                  {cpu::Isa::portable, calls, nothing}, {.threads = 1});
    cpu::RunRecord record;
    cpu::Workspace workspace;
    workspace.record_to(&record);
    const std::vector<float> input(static_cast<std::size_t>(networks::Shortcuts::input.size()));
    std::vector<float> output(7);
    Passes passes;
    for (int pass = 0; pass < 3; ++pass) {
        const InputNumbers from{input.data()};
        const OutputNumbers to{output.data()};
        network.run(std::span(&from, 1), std::span(&to, 1), 1, networks::Shortcuts::input.width, workspace);
        passes.watched.push_back({record.runs.back().begin, record.runs.back().end, {record.runs.back()}, {}});
        passes.unwatched.push_back(5e-3);
    }
    Profile profile;
    profile.machine = {.isa = cpu::Isa::portable,
                       .threads = 1,
                       .peaks = {{Element::float32, cpu::Isa::portable, 1e10}},
                       .bandwidths = {{1 << 27, 1e10}}};
    add_times(profile, step_facts(graph, plan, profile.machine, 1, networks::Shortcuts::input.width), passes, {});
    return profile;
}

}  // namespace

TEST_CASE("a layer that is made slow on purpose heads the profile's advice") {
    for (const std::size_t number : {std::size_t{0}, plan.steps.size() / 2, plan.steps.size() - 1}) {
        const Profile profile = profile_with_slow(number);
        const auto advice = advice_on(profile);
        REQUIRE(!advice.empty());
        CHECK(advice.front().rule == "layer_below_roof");
        CHECK(advice.front().steps == std::vector{static_cast<int>(number)});
        CHECK(profile.rows[number + 1].seconds >= 5e-3);
        CHECK(profile.seconds_in_rows() <= profile.profiled_seconds);
    }
}
