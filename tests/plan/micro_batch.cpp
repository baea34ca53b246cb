#include <taxon/plan/micro_batch.hpp>

#include <taxon/backend/cpu/executable.hpp>
#include <taxon/backend/cpu/pack.hpp>
#include <taxon/layer/conv_transpose2d.hpp>
#include <taxon/plan/owned_plan.hpp>
#include <taxon/zoo/bert.hpp>
#include <taxon/zoo/resnet.hpp>
#include <taxon/zoo/sentence_encoder.hpp>
#include <taxon/zoo/yolov5.hpp>

#include "backend/cpu/run_end_to_end.hpp"
#include "backend/step_by_step.hpp"
#include "networks.hpp"

using namespace taxon;

namespace {

/// Shallow layers, and then deep ones of every kind that takes several samples: Winograd's at two sizes, windows with a
/// halo, strides, deep sums, groups, pixels; in between some that take one at a time. A shortcut is older than the
/// steps in common.
struct Deep {
    static constexpr Shape input{3, 60, 56};
    using Gate = Gated<Sequential<GlobalAveragePool, Linear<136, 72>, ReLU, Linear<72, 136>, HardSigmoid>>;
    using Layers = Sequential<
        Conv2d<3, 40, 3, 2>, BatchNorm2d<40>, HardSwish, Conv2d<40, 40, 3, 2, 40>,
        Residual<Sequential<Conv2d<40, 136, 3>, ReLU, Conv2d<136, 136, 3>, BatchNorm2d<136>, Gate, Conv2d<136, 40, 1>>>,
        Conv2d<40, 136, 3, 2>, ReLU, Residual<Sequential<Conv2d<136, 136, 3>, BatchNorm2d<136>>>, ReLU,
        Concat<Conv2d<136, 512, 1>, Sequential<MaxPool2d<3, 1, 1>, Conv2d<136, 64, 3, 1, 4>>>, Conv2d<576, 144, 3>,
        ConvTranspose2d<144, 24, 2, 2>, GlobalAveragePool, Linear<24, 1024>, HardSwish, Linear<1024, 300>>;
    static constexpr void trace(Tracer& tracer) { Layers::trace(tracer); }
};

using Classifier = zoo::Bert<2, 40, 2, 72, 63, 3>;
using Encoder = zoo::SentenceEncoder<2, 32, 2, 64, 63, MeanTokens>;

/// The same bytes in a batch as alone, whatever lay in the memory. Texts are of different lengths.
void check_batches(const Candidate& c, bool is_integer = false) {
    INFO(c.what);
    CHECK(micro_batch_of(c.plan).gains());
    const Shape input = c.graph.node(0).out;
    const int length = input.width, most = 19;
    const std::size_t in = sample_size(c.graph.inputs, length), out = sample_size(c.graph.outputs, length);
    const auto samples = input_of(c.graph, "micro batch", detail::size(most) * in);
    const io::SyntheticWeights weights("micro batch");
    quantize::Ranges ranges;
    if (is_integer) ranges = ranges_of(c.graph, weights, std::span(samples).first(in), length);
    std::vector<int> valid;
    for (int i = 0; input.sequence && i < most; ++i) valid.push_back(1 + (i * 37 + 5) % length);
    for (const auto isa : instruction_sets(c.data_types)) {
        const auto bind = [&](int threads) {
            return cpu::Executable(c.graph, c.plan, cpu::pack(c.graph, c.plan, Parameters(c.graph, weights), ranges),
                                   c.kernel_table(isa), {.isa = isa, .threads = threads});
        };
        const cpu::Executable alone = bind(1);
        std::vector<float> wanted;
        cpu::Workspace own;
        for (std::size_t i = 0; i < detail::size(most); ++i) {
            const auto one = run_end_to_end(alone, c.graph, std::span(samples).subspan(i * in, in), 1,
                                            valid.empty() ? valid : std::vector{valid[i]}, own);
            wanted.insert(wanted.end(), one.begin(), one.end());
        }
        for (const int threads : {1, 2}) {
            const cpu::Executable network = bind(threads);
            for (const int batch : {2, 3, 8, most}) {
                INFO(cpu::name_of(isa) << ", batch " << batch << ", threads " << threads);
                cpu::Workspace workspace;
                const auto bytes = static_cast<std::size_t>(arena_bytes_of(c.plan, batch, threads)) + (64 << 10);
                std::memset(workspace.bytes(bytes), 0xFF, bytes);
                const auto found =
                    run_end_to_end(network, c.graph, samples, batch,
                                   std::span(valid).first(valid.empty() ? 0 : detail::size(batch)), workspace);
                CHECK(same_bytes(found, std::span(wanted).first(detail::size(batch) * out)));
            }
        }
    }
}

void check_at_run_time(const std::string& what, GraphView graph) {
    const OwnedPlan plan = plan_at_run_time(graph);
    check_batches(Candidate::at_run_time(what, graph, plan.view()));
}

}  // namespace

TEST_CASE("samples that share weights give the same bytes as alone") { check_batches(Candidate::of<Deep>()); }

TEST_CASE("samples that share weights give the same bytes as alone in other numbers") {
    check_batches(Candidate::of<Deep, execution::Fused, precision::QInt8MixedFloat32>(), true);
    check_batches(Candidate::of<Deep, execution::Fused, precision::BFloat16>());
}

TEST_CASE("samples of a network that is no type share weights") { check_at_run_time("deep", graph_of<Deep>); }

TEST_CASE("texts that share weights give the same bytes as alone") {
    check_at_run_time("classifier", graph_of<Classifier>);
    check_at_run_time("encoder", graph_of<Encoder>);
    check_at_run_time("tokens", graph_of<networks::Transformer>);
    check_batches(Candidate::of<Classifier, execution::Fused, precision::QInt8MixedFloat32>(), true);
}

TEST_CASE("a micro-batch starts where weights are more than values") {
    const PlanView plan = plan_of<zoo::ResNet50<>>;
    const MicroBatch batch = micro_batch_of(plan);
    REQUIRE(batch.gains());
    const auto first = plan.steps[detail::size(batch.first)].geometry.in.shape;
    CHECK(first.height <= 28);
    CHECK(first.height >= 7);
    CHECK(batch.last == static_cast<int>(plan.steps.size()));
    // eight samples need less than three arenas
    CHECK(arena_bytes_of(plan, 8, 1) < 3L * plan.arena_bytes);
    CHECK(arena_bytes_of(plan, 1, 2) == plan.arena_bytes);
    CHECK(arena_bytes_of(plan, 3, 2) == 2L * plan.arena_bytes);
    CHECK(arena_bytes_of(plan, 64, 1) == arena_bytes_of(plan, 8, 1));
}

TEST_CASE("networks whose weights stay in a cache, or are few beside their values, run sample by sample") {
    CHECK_FALSE(micro_batch_of(plan_of<zoo::Yolov5n<>>).gains());
    CHECK_FALSE(micro_batch_of(plan_of<networks::Shortcuts>).gains());
    CHECK(arena_bytes_of(plan_of<networks::Shortcuts>, 8, 2) == 2L * plan_of<networks::Shortcuts>.arena_bytes);
}
