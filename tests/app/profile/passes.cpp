#include <taxon/app/profile/passes.hpp>

#include <string>

#include "catch.hpp"

using namespace taxon;
using namespace taxon::app;

namespace {

/// A network of which only the watching is looked at.
struct Idle final : AnyModel {
    struct Memory final : Workspace {
        std::string* log;
        explicit Memory(std::string* to) : log(to) {}
        void record_to(cpu::RunRecord* record) override { *log += record ? '[' : ']'; }
    };
    std::string* log;
    explicit Idle(std::string* to) : log(to) {}
    GraphView graph() const override { return {}; }
    PlanView plan() const override { return {}; }
    std::string_view isa() const override { return "none"; }
    std::unique_ptr<Workspace> make_workspace() const override { return std::make_unique<Memory>(log); }
    Workspace& thread_workspace() const override { throw std::logic_error("not used"); }
    void run(std::span<const float>, std::span<float>, Workspace&, int, std::span<const int>) const override {
        *log += 'r';
    }
    void run_ports(std::span<const InputSpan>, std::span<const OutputSpan>, Workspace&, int) const override {}
    void preprocess(const Image&, PixelTarget) const override { *log += 'p'; }
    void walk(std::span<const float>, Workspace&, const LayerVisitor&) const override {}
    void save(const std::filesystem::path&, std::span<const io::OfflineSection>) const override {}
};

std::string log_of(const PassLimits& limits, Passes* found = nullptr) {
    std::string log;
    const Idle idle(&log);
    WatchedNetwork network(idle);
    const auto workspace = network.make_workspace();
    double time = 0;
    const Passes passes = measure_passes(
        network,
        [&] {
            network.preprocess({}, {});
            network.run({}, {}, *workspace, none, {});
            time += 1;
        },
        limits, [&] { return time; });
    if (found) *found = passes;
    return log;
}

}  // namespace

TEST_CASE("watched and unwatched calls take turns, and each goes first every other time") {
    Passes passes;
    CHECK(log_of({.warmup = 2, .iterations = 2}, &passes) == "prprpr[pr][pr]pr");
    CHECK(passes.unwatched == std::vector<double>{1, 1});
    REQUIRE(passes.watched.size() == 2);
    for (const Pass& pass : passes.watched) CHECK(pass.preprocessing.size() == 1);
}

TEST_CASE("a duration ends after the pair in which it passes, the first at the earliest") {
    CHECK(log_of({.warmup = 0, .duration = 0}) == "prpr[pr]");
    CHECK(log_of({.warmup = 0, .duration = 3}) == "prpr[pr][pr]pr");
}

TEST_CASE("the length of texts is that of the samples on average") {
    Passes passes;
    passes.watched.push_back({{}, {}, {{.batch = 1, .length = 10}, {.batch = 3, .length = 20}}, {}});
    CHECK(mean_length(passes) == 18);
    CHECK(mean_length({}) == 0);
}
