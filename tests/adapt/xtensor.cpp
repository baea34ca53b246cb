#include <taxon/adapt/xtensor.hpp>

#include <taxon/io/synthetic_weights.hpp>
#include <taxon/layer/activate.hpp>
#include <taxon/layer/conv2d.hpp>
#include <taxon/layer/linear.hpp>
#include <taxon/layer/pool.hpp>
#include <taxon/layer/sequential.hpp>
#include <taxon/model.hpp>
#include <xtensor/xmath.hpp>
#include <xtensor/xview.hpp>

#include "catch.hpp"

using namespace taxon;

namespace {

struct Classifier : Sequential<Conv2d<3, 8, 3, 2>, ReLU, GlobalAveragePool, Linear<8, 5>> {
    static constexpr Shape input{3, 7, 9};
};
struct Filter : Sequential<Conv2d<3, 4, 3>> {
    static constexpr Shape input{3, 7, 9};
};
struct Tokens : Sequential<Linear<6, 4>> {
    static constexpr Shape input = Shape::tokens(6, 16);
};

template <class A, class... Policies>
auto loaded() {
    return Model<A, Policies...>::load(io::SyntheticWeights::parse("synthetic"));
}

xt::xarray<float> numbers(const std::vector<std::size_t>& shape) {
    std::size_t count = 1;
    for (const std::size_t d : shape) count *= d;
    return xt::adapt(io::synthetic_input("", "input", count), shape);
}

}  // namespace

TEST_CASE("xtensor arrays go in and come out with their dimensions") {
    const auto classifier = loaded<Classifier, shape::Mutable<1, 4>>();
    const auto pictures = numbers({2, 3, 7, 9});
    const auto logits = adapt::run(classifier, pictures);
    REQUIRE(logits.dimension() == 2);
    CHECK(logits.shape(0) == 2);
    CHECK(logits.shape(1) == 5);
    const auto direct = classifier(std::span<const float>(pictures.data(), pictures.size()));
    CHECK(std::equal(direct.begin(), direct.end(), logits.begin()));

    const auto filtered = adapt::run(loaded<Filter>(), xt::view(pictures, xt::range(1, 2)));
    CHECK((filtered.shape() == xt::xarray<float>::shape_type{1, 4, 7, 9}));
    const auto tokens = adapt::run(loaded<Tokens, shape::Mutable<Range{1, 2}, Range{1, 16}>>(), numbers({2, 5, 6}));
    CHECK((tokens.shape() == xt::xarray<float>::shape_type{2, 5, 4}));
}

TEST_CASE("lazy expressions are evaluated once, and give what their values give") {
    const auto filter = loaded<Filter>();
    const auto pictures = numbers({1, 3, 7, 9});
    const xt::xarray<float> doubled = pictures * 2.f;
    CHECK((adapt::run(filter, pictures * 2.f) == adapt::run(filter, doubled)));
}

TEST_CASE("dimensions that are not the model's are refused") {
    const auto filter = loaded<Filter>();
    for (const std::vector<std::size_t>& shape : {std::vector<std::size_t>{1, 3, 9, 7}, {3, 7, 9}, {1, 7, 9, 3}}) {
        try {
            adapt::run(filter, numbers(shape));
            FAIL("accepted");
        } catch (const Error& error) {
            CHECK(error.fault() == Fault::shape);
            CHECK(error.facts().wanted == "N x 3 x 7 x 9");
        }
    }
}
