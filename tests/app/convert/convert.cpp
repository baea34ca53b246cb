#include <taxon/io/safetensors_writer.hpp>
#include <limits>
#include <taxon/io/weight_file.hpp>
#include <taxon/number/half.hpp>

#include "app/program.hpp"
#include "catch.hpp"

#include <bit>
#include <cstring>

using namespace taxon;

namespace {

std::string bytes_of(const std::vector<float>& numbers) {
    return {reinterpret_cast<const char*>(numbers.data()), numbers.size() * sizeof(float)};
}

/// "weight" of (2, 3) floats and, if wanted, "count", a single int64 of 7.
void write_checkpoint(const std::filesystem::path& path, const std::vector<float>& numbers, bool with_count = true,
                      const std::string& name = "weight") {
    const auto floats = bytes_of(numbers);
    const std::string count("\7\0\0\0\0\0\0\0", 8);
    std::vector<io::StoredTensor> tensors{{name, Element::float32, {2, 3}, std::as_bytes(std::span(floats))}};
    if (with_count) tensors.push_back({"count", Element::int64, {}, std::as_bytes(std::span(count))});
    io::write_safetensors(path, tensors, {});
}

}  // namespace

TEST_CASE("convert keeps every bit without --half") {
    const TestFolder folder;
    const std::vector<float> numbers{1, -2, 3.14159f, 1e-30f, 1e30f, 0};
    write_checkpoint(folder / "in.safetensors", numbers);
    const auto outcome =
        run_program({"convert", "--weights", folder / "in.safetensors", "--output", folder / "out.safetensors"});
    CHECK(outcome.code == 0);
    CHECK(outcome.err.empty());
    CHECK(outcome.out == (folder / "out.safetensors") + ": 2 tensors of tens plain, 32 B\n");
    const auto file = io::WeightFile::open(folder / "out.safetensors");
    REQUIRE(file.find("weight") != nullptr);
    CHECK(file.find("weight")->element == Element::float32);
    CHECK(file.find("weight")->shape == Dimensions{2, 3});
    CHECK(std::memcmp(file.find("weight")->bytes.data(), numbers.data(), 24) == 0);
    CHECK(contains(text_of(folder / "out.safetensors"), R"("__metadata__":{"format":"pt"})"));
}

TEST_CASE("convert --half rounds floating-point numbers and keeps integers, and its result is a checkpoint again") {
    const TestFolder folder;
    write_checkpoint(folder / "in.safetensors", {1, -2, 65504, 1e-8f, .1f, std::numeric_limits<float>::infinity()});
    REQUIRE(run_program({"convert", "--weights", folder / "in.safetensors", "--half", "--quiet", "--output",
                         folder / "out.safetensors"})
                .out.empty());
    const auto file = io::WeightFile::open(folder / "out.safetensors");
    CHECK(file.find("weight")->element == Element::float16);
    // as numpy.float16 has them
    const unsigned char halves[] = {0x00, 0x3c, 0x00, 0xc0, 0xff, 0x7b, 0x00, 0x00, 0x66, 0x2e, 0x00, 0x7c};
    CHECK(std::memcmp(file.find("weight")->bytes.data(), halves, sizeof halves) == 0);
    CHECK(file.find("count")->element == Element::int64);
    CHECK(static_cast<int>(file.find("count")->bytes[0]) == 7);
    CHECK(run_program({"infer", "--input", "synthetic", "--weights", folder / "out.safetensors"}).code == 0);

    REQUIRE(run_program({"convert", "--weights", folder / "out.safetensors", "--half", "--output",
                         folder / "again.safetensors"})
                .code == 0);
    CHECK(text_of(folder / "again.safetensors") == text_of(folder / "out.safetensors"));
}

TEST_CASE("convert refuses what does not fit, and leaves an old output as it was") {
    const TestFolder folder;
    write_text(folder.path() / "out.safetensors", "old");
    write_checkpoint(folder / "large.safetensors", {0, 0, 0, 0, 65520, 0});
    write_checkpoint(folder / "other.safetensors", {0, 0, 0, 0, 0, 0}, false, "kernel");
    const auto overflow = run_program(
        {"convert", "--half", "--weights", folder / "large.safetensors", "--output", folder / "out.safetensors"});
    CHECK(overflow.code == 3);
    CHECK(overflow.err == "tens: " + (folder / "large.safetensors") +
                              ": tensor 'weight', number 4: [overflow] found 65520, wanted at most 65504 for float16; "
                              "convert without --half\n");
    const auto other =
        run_program({"convert", "--weights", folder / "other.safetensors", "--output", folder / "out.safetensors"});
    CHECK(other.code == 3);
    CHECK(contains(other.err, "tensor 'kernel': [unused]"));
    CHECK(text_of(folder / "out.safetensors") == "old");
    CHECK(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 3);
}

TEST_CASE("convert does not overwrite its input") {
    const TestFolder folder;
    write_checkpoint(folder / "in.safetensors", {0, 0, 0, 0, 0, 0});
    std::filesystem::create_symlink(folder / "in.safetensors", folder / "link.safetensors");
    std::filesystem::create_directories(folder / "model");
    write_checkpoint(folder / "model/model.safetensors", {0, 0, 0, 0, 0, 0});
    const auto refused = [&](const std::string& input, const std::string& output) {
        const auto outcome = run_program({"convert", "--weights", folder / input, "--output", folder / output});
        return outcome.code == 2 && contains(outcome.err, "which is the input or a part of it");
    };
    CHECK(refused("in.safetensors", "in.safetensors"));
    CHECK(refused("in.safetensors", "link.safetensors"));
    CHECK(refused("link.safetensors", "in.safetensors"));
    CHECK(refused("model", "model/model.safetensors"));
    CHECK(run_program({"convert", "--weights", folder / "model", "--output", folder / "new.safetensors"}).code == 0);
}

TEST_CASE("convert's wrong use") {
    const TestFolder folder;
    CHECK(run_program({"convert", "--weights", "x"}).code == 2);
    CHECK(run_program({"convert", "--output", folder / "x.safetensors"}).code == 2);
    CHECK(run_program({"convert", "--weights", "synthetic", "--output", folder / "x.safetensors"}).code == 2);
    CHECK(run_program({"convert", "--weights", "x", "--output", folder / "none/x.safetensors"}).code == 2);
    CHECK(run_program({"convert", "--weights", folder / "missing", "--output", folder / "x.safetensors"}).code == 3);
}
