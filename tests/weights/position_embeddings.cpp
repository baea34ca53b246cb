#include <taxon/weights/position_embeddings.hpp>

#include <taxon/layer/identity.hpp>
#include <taxon/layer/learned.hpp>
#include <taxon/layer/residual.hpp>
#include <taxon/weights/parameters.hpp>

#include "catch.hpp"
#include "eval/scratch_folder.hpp"

using namespace taxon;

namespace {

/// Number i of (1, 3, 4, 2) is (7i² + 3i) mod 23.
std::vector<float> small_grid() {
    std::vector<float> numbers;
    for (int i = 0; i < 24; ++i) numbers.push_back(static_cast<float>((7 * i * i + 3 * i) % 23));
    return numbers;
}

void check_resized(const Dimensions& to, const std::vector<double>& expected) {
    const auto found = resized_positions(small_grid(), {1, 3, 4, 2}, to);
    REQUIRE(found.size() == expected.size());
    // PyTorch's were printed with five decimals
    for (std::size_t i = 0; i < found.size(); ++i) CHECK(found[i] == Approx(expected[i]).margin(1e-5));
}

/// A picture to which position embeddings are added.
struct Network {
    static constexpr Shape input{2, 5, 6};
    static constexpr void trace(Tracer& tracer) {
        Residual<Identity, Named<"pos_embed", PositionEmbeddings<2, 5, 6>>>::trace(tracer);
    }
};

/// One tensor, of that shape.
class Stored final : public WeightSource {
  public:
    explicit Stored(Dimensions shape) : shape_(std::move(shape)) {}
    std::string origin() const override { return "weights.pth"; }
    std::vector<std::string_view> names() const override { return {"pos_embed"}; }
    std::optional<Dimensions> shape_of(std::string_view, std::span<const std::int64_t>) const override {
        return shape_;
    }
    void read(std::string_view, std::span<const std::int64_t>, std::span<float> to) const override {
        const auto numbers = small_grid();
        for (std::size_t i = 0; i < to.size(); ++i) to[i] = numbers[i % numbers.size()];
    }

  private:
    Dimensions shape_;
};

}  // namespace

TEST_CASE("position embeddings are interpolated as PyTorch does") {
    check_resized({1, 5, 6, 2},
                  {-2.15686, 9.69365,  4.7695,   5.58875,  11.07561, 2.43189,  8.6609,  4.48478,  13.1545,  13.41125,
                   18.32045, 21.04248, 4.87348,  15.48798, 9.60925,  9.34775,  12.9494, 2.80328,  9.23059,  2.25639,
                   11.75875, 9.79625,  15.70586, 17.33563, 11.56598, 20.12848, 15.25,   12.78125, 16.25116, 4.31945,
                   10.06135, 2.59723,  9.25,     6.21875,  11.17361, 10.60764, 4.22035, 10.73085, 14.14075, 8.30038,
                   20.09104, 8.37186,  10.56772, 14.32931, 6.20125,  9.47563,  6.10137, 2.26152,  -3.20339, 2.07111,
                   12.03051, 3.9105,   22.51892, 11.35465, 10.80343, 23.82969, 4.2495,  12.8975,  2.93078,  -3.11138});
    check_resized({1, 2, 2, 2}, {7.95728, 7.99011, 12.16577, 11.0802, 13.31421, 6.75195, 5.59595, 10.70117});
}

TEST_CASE("a file may have position embeddings of other sides, and no others") {
    constexpr GraphView graph = graph_of<Network>;
    const auto numbers = Parameters(graph, Stored({1, 3, 4, 2}))[0];
    CHECK(numbers == resized_positions(small_grid(), {1, 3, 4, 2}, {1, 5, 6, 2}));
    CHECK(Parameters(graph, Stored({1, 5, 6, 2}))[0].size() == 60);
    for (const Dimensions& wrong : {Dimensions{1, 3, 4, 3}, {2, 3, 4, 2}, {1, 12, 2}, {1, 0, 4, 2}})
        CHECK(error_of([&] { Parameters(graph, Stored(wrong)); }).fault() == Fault::mismatch);
}
