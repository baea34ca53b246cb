#pragma once
#include <taxon/app/entry.hpp>
#include <taxon/app/reference_network.hpp>
#include <taxon/model.hpp>

/// What Entry<…> declares. Included by the files that instantiate it, and by nothing else.
namespace taxon::app {
namespace detail {

/// A Model behind the command line's virtual calls.
template <class M>
class ModelNetwork final : public Network {
  public:
    ModelNetwork(const WeightSource& source, const Settings& settings) : model_(M::load(source, {.isa = isa_of(settings), .threads = settings.threads})) {}

    std::unique_ptr<Scratch> scratch() const override { return std::make_unique<Memory>(); }
    void preprocess(const Image& picture, PixelTarget target) const override { M::Preprocess::apply(picture, target); }
    void run(std::span<const float> pictures, std::span<float> outputs, Scratch& scratch) const override {
        model_(pictures, outputs, static_cast<Memory&>(scratch).workspace);
    }
    std::string_view isa() const override { return model_.engine().isa(); }
    void walk(std::span<const float> picture, const LayerVisitor& see) const override {
        Memory memory;
        model_.walk(picture, memory.workspace, see);
    }

  private:
    struct Memory final : Scratch { typename M::Workspace workspace; };

    static cpu::Isa isa_of(const Settings& settings) { return settings.isa == "auto" ? cpu::default_isa() : cpu::parse_isa(settings.isa); }

    M model_;
};

/// What is known of a variant before any weights are, whatever the backend.
template <class Variant, class M>
Offer described(std::string_view precision, std::string_view backend, std::string_view execution) {
    return {.variant = Variant::name, .precision = precision, .backend = backend, .execution = execution, .preprocess = Variant::Preprocess::name,
            .input = M::input_shape, .output = M::output_shape, .parameter_count = M::parameter_count, .flops = M::flops};
}

}  // namespace detail

template <class Variant, class Precision, class Execution>
Offer Entry<Variant, Precision, Execution>::offer() {
    using M = Model<typename Variant::Architecture, backend::Cpu, Precision, Execution, shape::Mutable<1, 256>, typename Variant::Preprocess>;
    Offer offer = detail::described<Variant, M>(Precision::name, backend::Cpu::name, Execution::name);
    offer.arena_bytes = M::arena_bytes();
    offer.packed_bytes = M::packed_bytes;
    offer.by_layer = !Execution::fuses;
    offer.load = [](const WeightSource& source, const Settings& settings) -> std::unique_ptr<Network> {
        return std::make_unique<detail::ModelNetwork<M>>(source, settings);
    };
    return offer;
}

template <class Variant, class Precision, class Execution>
Offer Entry<Variant, Precision, Execution>::reference_offer() {
    using M = Model<typename Variant::Architecture, Precision, Execution, shape::Mutable<1, 256>, typename Variant::Preprocess>;
    Offer offer = detail::described<Variant, M>(Precision::name, "reference", Execution::name);
    offer.packed_bytes = static_cast<long>(sizeof(double)) * M::parameter_count;
    offer.by_layer = true;
    offer.load = [](const WeightSource& source, const Settings& settings) {
        return load_reference(M::graph, &Variant::Preprocess::apply, source, settings);
    };
    return offer;
}

}  // namespace taxon::app
