// One model gives one answer: the bytes of a sample's result depend on nothing but the sample, the weights, the type
// and the instruction set.
#include <taxon/model.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <taxon/core/fnv1a.hpp>
#include <taxon/backend/cpu/offline.hpp>
#include <taxon/io/safetensors_writer.hpp>
#include <taxon/io/synthetic_weights.hpp>
#include <taxon/io/weight_file.hpp>

#include "backend/against_reference.hpp"
#include "backend/step_by_step.hpp"
#include "eval/scratch_folder.hpp"
#include "networks.hpp"

using namespace taxon;

namespace {

constexpr std::size_t count = 5;
const io::SyntheticWeights weights("determinism");

/// Parts that take turns, the last one first.
struct Backwards : cpu::Executor {
    int size() const override { return 3; }
    void run(int parts, void (*work)(void* context, int part), void* context) override {
        for (int part = parts; part-- > 0;) work(context, part);
    }
};

/// The weights as a checkpoint.
void write_checkpoint(const std::filesystem::path& path, GraphView graph) {
    std::vector<std::vector<float>> numbers;
    std::vector<io::StoredTensor> tensors;
    for (const Parameter& parameter : graph.parameters) {
        const Dimensions shape(parameter.shape.begin(), parameter.shape.begin() + parameter.rank);
        auto& of_one = numbers.emplace_back(static_cast<std::size_t>(parameter.count()));
        weights.read(graph.name(parameter), shape, of_one);
        tensors.push_back({.name = std::string(graph.name(parameter)),
                           .element = Element::float32,
                           .shape = shape,
                           .bytes = std::as_bytes(std::span(of_one))});
    }
    io::write_safetensors(path, tensors);
}

template <class M>
M bound(const WeightSource& source, std::span<const float> sample, cpu::Options options) {
    if constexpr (M::Precision::data_types.quantized())
        return M::load(source, ranges_of(M::graph, weights, sample, M::input_shape.width), options);
    else return M::load(source, options);
}

/// `hash`: FNV-1a of the answers' bytes, the same on every machine: given for integers, whose sums are exact. Portable
/// code does not fuse multiplications and additions, so its bytes are others.
template <class M>
void check_one_answer(const std::string& name, std::uint64_t hash = 0) {
    const ScratchFolder folder("determinism_" + name);
    write_checkpoint(folder.path() / "x.safetensors", M::graph);
    const auto checkpoint = io::WeightFile::open(folder.path() / "x.safetensors");
    const auto in = static_cast<std::size_t>(M::input_shape.size()),
               out = static_cast<std::size_t>(M::output_shape.size());
    const auto samples = input_of(M::graph, name, count * in);
    const auto first = std::span(samples).first(in);
    Backwards backwards;
    for (const auto isa : instruction_sets(M::Precision::data_types)) {
        // one sample at a time, each in a workspace of its own, on the caller's thread
        const M alone = bound<M>(weights, first, {.isa = isa, .threads = 1});
        std::vector<float> expected(count * out);
        for (std::size_t i = 0; i < count; ++i) {
            typename M::Workspace workspace;
            alone(std::span(samples).subspan(i * in, in), std::span(expected).subspan(i * out, out), workspace,
                  M::input_shape.width);
        }
        if (hash != 0 && isa != cpu::Isa::portable) {
            Fnv1a found;
            for (const float answer : expected)
                for (const unsigned char byte : std::bit_cast<std::array<unsigned char, sizeof answer>>(answer))
                    found.add(byte);
            INFO(name << ", " << cpu::name_of(isa));
            CHECK(found.value() == hash);
        }
        alone.save(folder.path() / "x.taxon");
        typename M::Workspace used;
        const auto check = [&](const std::string& how, const M& model) {
            for (std::size_t batch = 1; batch <= count; ++batch)
                for (std::size_t start = 0; start < count; ++start) {  // each sample in every place
                    std::vector<float> inputs, wanted, found(batch * out);
                    for (std::size_t i = start; i < start + batch; ++i) {
                        const auto number = static_cast<std::ptrdiff_t>(i % count);
                        std::copy_n(samples.begin() + number * static_cast<std::ptrdiff_t>(in), in,
                                    std::back_inserter(inputs));
                        std::copy_n(expected.begin() + number * static_cast<std::ptrdiff_t>(out), out,
                                    std::back_inserter(wanted));
                    }
                    model(inputs, found, used, M::input_shape.width);
                    if (!same_bytes(found, wanted))
                        FAIL_CHECK(name << ", " << cpu::name_of(isa) << ", " << how << ": " << batch << " samples from "
                                        << start);
                }
        };
        for (const int threads : {1, 2, 3, 0})
            check(std::to_string(threads) + " threads", bound<M>(weights, first, {.isa = isa, .threads = threads}));
        check("an executor", bound<M>(weights, first, {.isa = isa, .executor = &backwards}));
        check("a checkpoint", bound<M>(checkpoint, first, {.isa = isa}));
        check("an offline file", M::open(folder.path() / "x.taxon", {.isa = isa}));
    }
    SUCCEED();
}

using Pictures = shape::Mutable<1, static_cast<int>(count)>;
using Texts = shape::Mutable<Range{1, static_cast<int>(count)}, Range{1, 64}>;

}  // namespace

TEST_CASE("one sample has one result, whatever the threads, its place in a batch, the file and the workspace") {
    check_one_answer<Model<networks::Gates, Pictures>>("gates");
    check_one_answer<Model<networks::Shortcuts, Pictures>>("shortcuts");
    check_one_answer<Model<networks::Gates, Pictures, precision::BFloat16>>("bfloat16");
    check_one_answer<Model<networks::Transformer, Texts>>("tokens");
}

TEST_CASE("networks of integers have the bytes of this list on every machine") {
    using precision::QInt7MixedFloat32, precision::QInt8MixedFloat32;
    check_one_answer<Model<networks::Gates, Pictures, QInt8MixedFloat32>>("qint8", 0x49e5c4c87cae78e1u);
    check_one_answer<Model<networks::Shortcuts, Pictures, QInt8MixedFloat32>>("shortcuts of qint8",
                                                                              0xd41c3354e5f4e304u);
    check_one_answer<Model<networks::Shortcuts, Pictures, QInt7MixedFloat32>>("shortcuts of qint7",
                                                                              0x4c69620d185560a4u);
    check_one_answer<Model<networks::Transformer, Texts, QInt8MixedFloat32>>("tokens of qint8", 0x8f1aa34ec787db3au);
}
