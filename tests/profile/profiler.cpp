#include <taxon/profile/profiler.hpp>

#include <set>
#include <taxon/any_model_of.hpp>
#include <taxon/io/synthetic_weights.hpp>
#include <taxon/preprocess/steps.hpp>

#include "backend/against_reference.hpp"
#include "eval/scratch_folder.hpp"
#include "networks.hpp"
#include "profile/trace_rules.hpp"

using namespace taxon;

namespace {

struct Classes {
    static constexpr Shape input{3, 64, 64};
    using Layers = Sequential<Conv2d<3, 16, 3, 2>, ReLU, Conv2d<16, 16, 1>, GlobalAveragePool, Linear<16, 5>>;
    static constexpr void trace(Tracer& tracer) { Layers::trace(tracer); }
};
using M = Model<Classes, preprocess::Steps<preprocess::Resize<64>, preprocess::ScaleTo01>, shape::Mutable<1, 8>>;

const io::SyntheticWeights weights("profiler");
constexpr std::size_t steps = M::Engine::plan.steps.size();

std::vector<float> samples(std::size_t count) { return io::synthetic_input("", "input", count * 3 * 64 * 64); }

/// Parts that take turns on the caller's thread.
struct InTurn : cpu::Executor {
    int size() const override { return 3; }
    void run(int parts, void (*work)(void* context, int part), void* context) override {
        for (int part = 0; part < parts; ++part) work(context, part);
    }
};

/// Every sample's steps are there, in order, within the run.
void check_record(const cpu::RunRecord::Run& run, int batch) {
    std::vector<std::set<int>> found(static_cast<std::size_t>(batch));
    for (const auto& intervals : run.threads) {
        auto before = run.begin;
        for (const auto& one : intervals) {
            CHECK((before <= one.begin && one.begin <= one.end && one.end <= run.end));
            before = one.end;
            found[static_cast<std::size_t>(one.sample)].insert(one.step);
        }
    }
    for (const auto& of_sample : found) CHECK(of_sample.size() == steps + 2);
}

}  // namespace

TEST_CASE("a profiler runs the model and times every step, on one thread and on several") {
    InTurn executor;
    for (const cpu::Options& options :
         {cpu::Options{.threads = 1}, cpu::Options{.threads = 2}, cpu::Options{.executor = &executor}}) {
        const auto model = M::load(weights, options);
        Profiler profiler(model);
        for (const int batch : {1, 3, 8}) {
            const auto input = samples(static_cast<std::size_t>(batch));
            CHECK(same_bytes(profiler(input), model(input)));
            check_record(profiler.record.runs.back(), batch);
        }
        CHECK(profiler.record.runs.size() == 3);
        const RunTimes times = profiler.times();
        CHECK(times.rows.size() == steps + 2);
        CHECK(times.in_rows() <= times.seconds);
        CHECK(trace_problem(profiler.trace()).empty());
    }
}

TEST_CASE("a profiler takes whatever the model takes, and AnyModel") {
    const Image picture{.height = 5, .width = 7, .pixels = std::vector<std::uint8_t>(5 * 7 * 3, 90)};
    const auto model = M::load(weights);
    Profiler profiler(model);
    CHECK(same_bytes(profiler(picture), model(picture)));
    check_record(profiler.record.runs.back(), 1);
    const auto input = samples(2);
    CHECK(same_bytes(profiler({{"", input}}).front(), model(input)));

    const auto any = ModelLoader<M>::load(weights, {.threads = 1});
    Profiler any_profiler(*any);
    CHECK(same_bytes(any_profiler(picture), model(picture)));
    CHECK(any_profiler.record.runs.size() == 1);
}

TEST_CASE("only a profiler's own calls are recorded") {
    const auto model = M::load(weights, {.threads = 1});
    Profiler profiler(model);
    CHECK(error_of([&] { profiler.table(); }).fault() == Fault::usage);
    profiler(samples(1));
    model(samples(1));
    CHECK(profiler.record.runs.size() == 1);
    CHECK(M::thread_workspace().record() == nullptr);
    CHECK_THROWS(profiler(std::vector<float>(7)));
    CHECK(M::thread_workspace().record() == nullptr);
}

TEST_CASE("a profile is printed by layer, and exported as collapsed stacks") {
    const auto model = M::load(weights, {.threads = 1});
    Profiler profiler(model);
    profiler(samples(1));
    const std::string table = profiler.table(), stacks = profiler.stacks("tiny");
    for (const Step& step : M::Engine::plan.steps) {
        const std::string layer(layer_of(M::graph, step));
        CHECK(table.find("\n" + layer) != std::string::npos);
        CHECK(stacks.find("tiny;" + layer + ";" + std::string(name_of(step.geometry.kernel))) != std::string::npos);
    }
    CHECK(std::count(stacks.begin(), stacks.end(), '\n') == static_cast<int>(steps + 2));
}
