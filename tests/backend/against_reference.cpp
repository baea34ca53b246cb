#include "backend/against_reference.hpp"

#include <cmath>
#include <limits>
#include <taxon/backend/cpu/arena.hpp>
#include <taxon/backend/reference/interpreter.hpp>

#include "backend/error_bound.hpp"

std::vector<taxon::cpu::Isa> instruction_sets(taxon::DataTypes data_types) {
    std::vector<taxon::cpu::Isa> sets;
    for (const auto isa : taxon::cpu::all_isas)
        if (taxon::cpu::supported(isa, data_types)) sets.push_back(isa);
        else if (taxon::cpu::suits(isa, data_types))
            WARN((taxon::cpu::is_compiled(isa) ? "this processor lacks " : "this program was compiled without ")
                 << taxon::cpu::name_of(isa));
    return sets;
}

std::vector<float> run_in_parts(const Candidate& c, const taxon::cpu::Packed& packed,
                                const taxon::cpu::KernelTable& kernels, std::span<const float> sample, int length,
                                int parts, const ArenaVisitor& see, unsigned char poison) {
    using namespace taxon;
    constexpr std::size_t fence = 64;  // bytes before and after, which nobody may write
    std::vector<std::byte, cpu::CacheLineAllocator<std::byte>> memory(
        static_cast<std::size_t>(c.plan.arena_bytes) + 2 * fence, std::byte{poison});
    std::byte* arena = memory.data() + fence;
    const auto at = [&](int slot) { return slot == none ? nullptr : arena + c.plan.offset(slot); };
    const auto floats = [&](int slot) { return reinterpret_cast<float*>(at(slot)); };

    const float* numbers = sample.data();
    for (int input = 0; input < c.plan.inputs; ++input) {
        const View in = c.plan.view(input);
        const auto& input_as = packed.quantization[static_cast<std::size_t>(c.plan.slot(input).buffer)];
        cpu::clear_halo(at(input), in, input_as);
        cpu::clear_padding(at(input), in);
        kernels.load_input(numbers, at(input), in, input_as, 0, in.shape.sequence ? length : in.shape.height);
        numbers += in.shape.size_of(length);
    }
    for (std::size_t i = 0; i < c.plan.steps.size(); ++i) {
        const Step& step = c.plan.steps[i];
        const Buffer& buffer = c.plan.buffer(c.plan.slot(step.target));
        const auto conversion = [&](int slot) {
            return packed.quantization[static_cast<std::size_t>(c.plan.slot(slot == none ? step.target : slot).buffer)];
        };
        if (step.clears)
            cpu::clear_halo(arena + buffer.at + static_cast<int>(size_of(buffer.view.element)) * buffer.origin(),
                            buffer.view, conversion(step.target));
        if (see) see(i, false, arena);
        for (int part = parts; part-- > 0;)
            kernels.calls[i](step.geometry, {.in = at(step.source),
                                             .weights = packed.weights.data() + step.weights_at,
                                             .bias = packed.biases.data() + step.bias_at,
                                             .operand = at(step.operand == none ? step.source : step.operand),
                                             .out = at(step.target),
                                             .sums = floats(step.sums == none ? step.target : step.sums),
                                             .scratch = floats(step.scratch),
                                             .in_quantization = conversion(step.source),
                                             .operand_quantization = conversion(step.operand),
                                             .out_quantization = conversion(step.target),
                                             .length = step.first_token_only ? 1 : length,
                                             .part = part,
                                             .parts = parts,
                                             .valid = length});
        if (see) see(i, true, arena);
    }

    std::vector<float> output(sample_size(c.graph.outputs, length));
    float* to = output.data();
    for (const int slot : c.plan.outputs) {
        View out = c.plan.view(slot);
        if (out.shape.sequence) out.shape.width = length;
        cpu::copy_out(at(slot), out, packed.quantization[static_cast<std::size_t>(c.plan.slot(slot).buffer)],
                      cpu::steps_per_unit(packed, c.plan, slot), length, to);
        to += out.shape.size();
    }

    for (std::size_t i = 0; i < fence; ++i)
        if (memory[i] != std::byte{poison} || memory[memory.size() - 1 - i] != std::byte{poison})
            FAIL("a kernel wrote outside its arena");
    return output;
}

std::vector<float> input_of(taxon::GraphView graph, const std::string& seed, std::size_t count) {
    auto numbers = taxon::io::synthetic_input(seed, "input", count);
    for (const taxon::Node& node : graph.nodes)
        for (std::size_t i = 0; i < count && node.op == taxon::Op::embedding; ++i)
            numbers[i] = std::floor((numbers[i] + 1) / 2 * static_cast<float>(i % 2 == 0 ? node.words : node.types));
    return numbers;
}

void check_against_reference(const Candidate& c, const std::string& seed, int length) {
    const taxon::io::SyntheticWeights weights(seed);
    taxon::Shape shape = c.graph.node(0).out;
    if (shape.sequence) shape.width = length > 0 ? length : shape.width;
    length = shape.width;
    const auto sample = input_of(c.graph, seed, sample_size(c.graph.inputs, length));
    std::vector<float> expected(sample_size(c.graph.outputs, length));
    taxon::reference::Interpreter(c.graph, weights).run(sample, expected, length);
    const ErrorBound bound(c.graph, weights, sample, length);
    INFO("seed '" << seed << "', " << c.what << ", input " << shape.channels << " x " << shape.height << " x "
                  << shape.width);
    INFO("outputs up to " << bound.magnitude() << " may be wrong by " << bound.error());
    CHECK(bound.error() < 1e-2 * std::max(bound.magnitude(), 1.0));  // else this would not find a wrong number

    const auto packed = taxon::cpu::pack(c.graph, c.plan, taxon::Parameters(c.graph, weights));
    for (const auto isa : instruction_sets()) {
        INFO("instruction set " << taxon::cpu::name_of(isa));
        const auto kernels = c.kernel_table(isa);
        const auto found = run_in_parts(c, packed, kernels, sample, length, 1);
        double worst = 0;
        for (std::size_t i = 0; i < found.size(); ++i) {
            const double difference = std::abs(static_cast<double>(found[i]) - expected[i]);
            worst = std::isnan(difference) ? std::numeric_limits<double>::infinity() : std::max(worst, difference);
        }
        CHECK(worst <= bound.error());
        for (const int parts : {2, 3, 5}) {
            INFO(parts << " parts");
            CHECK(same_bytes(found, run_in_parts(c, packed, kernels, sample, length, parts)));
        }
    }
}
