#include <taxon/io/memory_budget.hpp>

#include <functional>
#include <taxon/io/safetensors.hpp>
#include <taxon/io/shard_index.hpp>
#include <taxon/io/torch_legacy.hpp>
#include <taxon/io/torch_zip.hpp>

#include "allocations.hpp"
#include "catch.hpp"
#include "eval/scratch_folder.hpp"
#include "io/checkpoint_writer.hpp"

using namespace taxon;
using namespace taxon::test;
using namespace taxon::test::pickled;

namespace {

std::string repeated(const std::string& part, std::size_t count) {
    std::string all;
    all.reserve(part.size() * count);
    for (std::size_t i = 0; i < count; ++i) all += part;
    return all;
}

std::string zip_file(const std::string& value) { return zip_of(zip_parts(program(value))).bytes; }

std::string safetensors_file(const std::string& header) { return little(header.size(), 8) + header; }

/// "aaaa", "baaa", …: a different name for each number.
std::string numbered(std::size_t number) {
    std::string name(4, 'a');
    for (char& c : name) c = static_cast<char>('a' + number % 26), number /= 26;
    return name;
}

/// Modules in modules, each in two places: 2^levels of them.
std::string doubled_module(int levels) {
    std::string module = object(name("m", "M"), dict({text("_parameters"), dict({text("w"), tensor()})}));
    for (int i = 0; i < levels; ++i) {
        const std::string slot(1, static_cast<char>(i));
        module = object(name("m", "M"), dict({text("_parameters"), "}", text("_modules"),
                                              dict({text("a"), module + "q" + slot, text("b"), "h" + slot})}));
    }
    return module;
}

}  // namespace

TEST_CASE("a memory budget counts both copies of a vector that grows, and neither when it has grown") {
    io::MemoryBudget budget({.reader_bytes = 4}, 2, "text");
    std::vector<char> bytes;
    budget.reserve(bytes, 4);
    CHECK(bytes.capacity() == 4);
    bytes.resize(4);
    CHECK(spelt(fault_of([&] { budget.reserve(bytes, 1); })) == "limit");  // 4 + 6
    budget.charge(2);
    CHECK(error_of([&] { budget.charge(1); }).facts().wanted == "at most 6 bytes");
}

TEST_CASE("A14: no reader takes more than 64 MiB and twice its file", "[cases]") {
    std::string metadata = "{\"__metadata__\":{", files = "{\"weight_map\":{",
                shape = "{\"a\":{\"dtype\":\"F32\",\"shape\":[1";
    for (std::size_t i = 0; i < 400'000; ++i) {
        metadata += (i > 0 ? ",\"" : "\"") + numbered(i) + "\":\"\"";
        files += (i > 0 ? ",\"" : "\"") + numbered(i) + "\":\"a\"";
    }
    shape += repeated(",1", 1'000'000) + "],\"data_offsets\":[0,0]}}";
    std::string tensors = "{";
    for (std::size_t i = 0; i < 400'000; ++i)
        tensors += (i > 0 ? ",\"" : "\"") + numbered(i) + "\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}";
    const std::string shared_tensor =
        tensor({1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1}, {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1});
    std::string places = "}(";
    for (std::size_t i = 0; i < 400'000; ++i)
        places += "U\4" + numbered(i) + (i == 0 ? shared_tensor + "q\xC8" : "h\xC8");
    const auto zip = [](const std::string& file) { io::TorchZip::read(as_span(file)); };
    const auto safetensors = [](const std::string& file) { io::Safetensors::read(as_span(file)); };
    struct Row {
        const char* name;
        std::string file;
        std::function<void(const std::string&)> read;
    };
    const std::vector<Row> rows{
        {"empty dicts", zip_file("](" + repeated("}", 4'000'000) + "e"), zip},
        {"empty dicts, each in its list", zip_file("](" + repeated("]}a", 1'500'000) + "e"), zip},
        {"remembered values", zip_file("](" + repeated("N\x94", 3'000'000) + "e"), zip},
        {"nothing but Nones", zip_file("](" + repeated("N", 900'000) + "e"), zip},
        {"a tensor in many places", zip_file(places + "u"), zip},
        {"nested modules", zip_file(doubled_module(40)), zip},
        {"names of modules", zip_file(repeated("", 1) + doubled_module(60)), zip},
        {"class names of one text",
         zip_file(object(name("m", "M"),
                         dict({text("_parameters"), dict({text("w"), tensor()}), text("names"),
                               "](" + text(std::string(500, 'x')) + "q\xC8" + repeated("h\xC8", 90'000) + "e"}))),
         zip},
        {"metadata", safetensors_file(metadata + "}}"), safetensors},
        {"a million ones", safetensors_file(shape), safetensors},
        {"tensors without numbers", safetensors_file(tensors + "}"), safetensors},
        {"an index", files + "}}", [](const std::string& file) { io::ShardIndex::parse(file); }},
    };
    for (const Row& row : rows) {
        INFO(row.name << ": " << row.file.size() << " bytes");
        std::string said = "read";
        const std::size_t peak = peak_of([&] { said = spelt(fault_of([&] { row.read(row.file); })); });
        INFO(said);
        CHECK(peak < (std::size_t{56} << 20) + row.file.size());  // the mapped file is the other half
        CHECK((said == "limit" || said == "type" || said == "nothing thrown"));
    }
}
