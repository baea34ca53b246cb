#include <taxon/zoo/googlenet.hpp>

#include <set>
#include <taxon/model.hpp>

#include "shared_data.hpp"
#include "zoo/golden.hpp"

using namespace taxon;

namespace {

/// Generated weights that say what they hold, as a file does: every parameter of the published checkpoint, training's
/// classifiers too.
class Checkpoint final : public WeightSource {
  public:
    Checkpoint(io::SyntheticWeights numbers, bool with_auxiliaries) : numbers_(std::move(numbers)) {
        for (const Parameter& p : graph.parameters)
            if (const auto name = graph.name(p); with_auxiliaries || !name.starts_with("aux")) names_.push_back(name);
    }
    static constexpr GraphView graph = graph_of<zoo::GoogLeNet<>>;
    std::string origin() const override { return "checkpoint"; }
    std::vector<std::string_view> names() const override { return names_; }
    std::optional<Dimensions> shape_of(std::string_view name, std::span<const std::int64_t> wanted) const override {
        return numbers_.shape_of(name, wanted);
    }
    void read(std::string_view name, std::span<const std::int64_t> shape, std::span<float> to) const override {
        numbers_.read(name, shape, to);
    }

  private:
    io::SyntheticWeights numbers_;
    std::vector<std::string_view> names_{};
};

}  // namespace

TEST_CASE("GoogLeNet has as many parameters as torchvision's") {
    STATIC_REQUIRE(graph_of<zoo::GoogLeNet<>>.parameter_count() == 6'624'904);
}

TEST_CASE("GoogLeNet has torchvision's parameter names and shapes, ceil-mode pools included") {
    const auto shared = shared_data();
    if (!shared) SKIPPED("skipped: no shared data");
    const Golden golden(*shared, "googlenet");
    golden.check_parameters(graph_of<zoo::GoogLeNet<>>);
    golden.check_shapes(graph_of<zoo::GoogLeNet<>>);
}

TEST_CASE("GoogLeNet knows the parameters of training's classifiers") {
    long numbers = 0;
    std::set<std::string_view> auxiliaries;
    for (const Parameter& p : Checkpoint::graph.parameters)
        if (const auto name = Checkpoint::graph.name(p); name.starts_with("aux")) {
            CHECK(p.role == Role::ignored);
            auxiliaries.insert(name);
            if (!name.ends_with("running_mean") && !name.ends_with("running_var") && p.rank > 0) numbers += p.count();
        }
    CHECK(auxiliaries.size() == 20);
    CHECK(numbers == 13'004'888 - 6'624'904);  // torchvision's count with them, less that without
    CHECK(auxiliaries.contains("aux2.conv.bn.num_batches_tracked"));
}

TEST_CASE("GoogLeNet copies nothing into its concatenations") {
    for (const Step& step : plan_of<zoo::GoogLeNet<>>.steps) CHECK(step.geometry.kernel != Kernel::copy);
}

TEST_CASE("GoogLeNet gives PyTorch's outputs, with training's classifiers in the checkpoint and without") {
    const auto shared = shared_data();
    if (!shared) SKIPPED("skipped: no shared data");
    const Golden golden(*shared, "googlenet");
    for (const bool with_auxiliaries : {true, false}) {
        const auto model = Model<zoo::GoogLeNet<>>::load(Checkpoint(golden.weights(), with_auxiliaries));
        CHECK(golden.difference(model(io::synthetic_input("", "input", 3 * 224 * 224))) <= Golden::allowed);
    }
}
