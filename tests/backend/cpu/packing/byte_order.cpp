#include <taxon/backend/cpu/packing/byte_order.hpp>

#include <cmath>
#include <set>
#include <string>

#include "backend/dice.hpp"
#include "catch.hpp"

using taxon::cpu::packing::write_byte_order;

namespace {

/// Weights of `groups` groups, `stride` apart: uniform numbers to the power of `tail`, at most `most`.
std::vector<std::int8_t> weights_of(int seed, std::size_t groups, std::size_t stride, int tail, int most) {
    Dice dice(seed);
    std::vector<std::int8_t> weights(groups * stride);
    for (auto& w : weights) w = static_cast<std::int8_t>(std::lround(most * std::pow(dice(-1000, 1000) / 1000., tail)));
    return weights;
}

/// The largest magnitude that any inputs give to a lane: to a sum of two products, or of two such sums.
int worst(const std::vector<std::int8_t>& weights, std::size_t stride, const std::vector<std::size_t>& groups) {
    int most = 0;
    for (std::size_t lane = 0; lane < 16; ++lane) {
        int high = 0, low = 0;
        for (const std::size_t group : groups)
            for (const std::size_t i : {2 * lane, 2 * lane + 1}) {
                const int w = weights[group * stride + i];
                (w > 0 ? high : low) += 255 * w;
            }
        most = std::max({most, high, -low - 1});
    }
    return most;
}

}  // namespace

TEST_CASE("bytes are sorted into sums that fit 16 bits, whatever the inputs") {
    struct Row {
        int tail, most;
        double least_in_pairs;  ///< of all groups
    };
    // heavy tails; lighter ones; uniform ones, which have to be widened; and those of seven bits
    for (const auto& [tail, most, least_in_pairs] : {Row{5, 127, .5}, Row{3, 127, 0}, Row{1, 127, 0}, Row{1, 63, .7}})
        for (const std::size_t groups : {1u, 2u, 7u, 64u, 288u}) {
            const std::size_t stride = groups % 2 == 0 ? 96 : 32;
            const auto weights = weights_of(static_cast<int>(groups) + tail, groups, stride, tail, most);
            INFO(groups << " groups, tail " << tail << ", most " << most);
            std::vector<std::uint16_t> order(groups + 2);
            write_byte_order(weights.data(), groups, stride, order.data());
            const std::size_t pairs = order[0], singles = order[1];
            REQUIRE(2 * pairs + singles <= groups);
            const std::span all(order.begin() + 2, order.end());
            CHECK(std::set<std::uint16_t>(all.begin(), all.end()).size() == groups);
            for (const std::uint16_t group : all) REQUIRE(group < groups);
            for (std::size_t i = 0; i < pairs; ++i)
                REQUIRE(worst(weights, stride, {all[2 * i], all[2 * i + 1]}) <= 32767);
            for (std::size_t i = 0; i < singles; ++i) REQUIRE(worst(weights, stride, {all[2 * pairs + i]}) <= 32767);
            if (pairs + singles > 0)
                for (std::size_t i = 2 * pairs + singles; i < groups; ++i)
                    REQUIRE(worst(weights, stride, {all[i]}) > 32767);
            if (groups >= 64) CHECK(2. * static_cast<double>(pairs) >= least_in_pairs * static_cast<double>(groups));
        }
}
