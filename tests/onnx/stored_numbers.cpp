#include <taxon/onnx/stored_numbers.hpp>

#include <thread>

#include "allocations.hpp"
#include "catch.hpp"

using namespace taxon;
using namespace taxon::test;
using onnx::DataType;
using onnx::SharedBytes;

namespace {

std::vector<std::byte> pattern(std::size_t count) {
    std::vector<std::byte> bytes(count);
    for (std::size_t i = 0; i < count; ++i) bytes[i] = static_cast<std::byte>(i * 37 + i / 256);
    return bytes;
}

constexpr std::size_t many = 1000;  // more than what is decoded at once

}  // namespace

TEST_CASE("stored numbers are decoded, and stored again as they were") {
    for (const DataType type : {DataType::uint8, DataType::int8, DataType::uint16, DataType::int16, DataType::uint32,
                                DataType::int32, DataType::int64}) {
        INFO(name_of(type));
        for (const std::size_t count : {std::size_t{3}, many})
            for (const std::size_t skipped : {0u, 1u}) {  // at any alignment
                const SharedBytes all = SharedBytes::of(pattern(count * size_of(type) + skipped));
                const SharedBytes bytes{all.view.subspan(skipped), all.owner};
                const auto tensor = onnx::tensor_of(type, {static_cast<std::int64_t>(count)}, bytes);
                CHECK(std::ranges::equal(onnx::stored_bytes(tensor), bytes.view));
                CHECK(tensor.real(2) == tensor.reshaped({static_cast<std::int64_t>(count), 1}).real(2));
            }
    }
    const auto halves =
        onnx::tensor_of(DataType::float16, {many}, SharedBytes::of(std::vector(2 * many, std::byte{60})));
    CHECK(halves.real(many - 1) == 1.05859375);  // 0x3C3C
    const auto truths = onnx::tensor_of(DataType::boolean, {many}, SharedBytes::of(std::vector(many, std::byte{2})));
    CHECK(truths.real(many - 1) == 1);
}

TEST_CASE("many stored numbers take no memory until they are read, and then once for all copies") {
    constexpr std::int64_t count = 1 << 20;
    const SharedBytes bytes = SharedBytes::of(pattern(count));
    onnx::Tensor tensor;
    const auto made = bytes_allocated_by([&] { tensor = onnx::tensor_of(DataType::int8, {count}, bytes); });
    const auto read = bytes_allocated_by([&] { onnx::Tensor(tensor).real(0); });
    CHECK(made <= read / 1000);
    CHECK(bytes_allocated_by([&] { tensor.real(0); }) == 0);
}

TEST_CASE("threads that read stored numbers at once see the same") {
    const auto tensor = onnx::tensor_of(DataType::uint16, {many}, SharedBytes::of(pattern(2 * many)));
    std::vector<const std::int64_t*> seen(8);
    std::vector<std::jthread> threads;
    for (auto& one : seen) threads.emplace_back([&] { one = tensor.numbers<std::int64_t>().data(); });
    threads.clear();
    for (const auto* one : seen) CHECK(one == seen[0]);
    CHECK(seen[0][1] == (2 * 37 | 3 * 37 << 8));
}

TEST_CASE("rounding leaves numbers alone that another tensor has, and those of a file") {
    onnx::Tensor made(DataType::uint8, {1});
    made.writable<std::int64_t>()[0] = 300;
    onnx::Tensor copy = made;
    copy.round();
    CHECK(made.real(0) == 300);
    copy = {};
    made.round();
    CHECK(made.real(0) == 44);
    auto stored = onnx::tensor_of(DataType::int8, {many}, SharedBytes::of(pattern(many)));
    stored.round();
    CHECK(stored.real(1) == 37);
}
