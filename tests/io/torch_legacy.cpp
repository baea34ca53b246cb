#include <taxon/io/torch_legacy.hpp>

#include <limits>

#include "catch.hpp"
#include "io/bad_input.hpp"
#include "io/checkpoint_writer.hpp"

using namespace taxon;
using namespace taxon::test;
using namespace taxon::test::pickled;
using io::StoredTensors;
using io::TorchLegacy;

namespace {

StoredTensors read(const std::string& file) { return TorchLegacy::read(as_span(file)); }

LegacyParts parts_with(const std::string& value) {
    LegacyParts parts;
    parts.object = program(dict({text("w"), value}));
    return parts;
}

}  // namespace

TEST_CASE("TorchLegacy reads tensors as views of the file") {
    const std::string file = parts_with(legacy_tensor()).bytes();
    const StoredTensors stored = read(file);
    REQUIRE(stored.tensors.size() == 1);
    CHECK(stored.tensors[0].name == "w");
    CHECK(stored.tensors[0].shape == Dimensions{6});
    CHECK(io::as_text(stored.tensors[0].bytes) == six_floats);
    CHECK(stored.gathered.empty());
    CHECK_FALSE(stored.verified);
}

TEST_CASE("TorchLegacy reads views of storages and several storages") {
    const std::string view = tuple({text("view"), integer(2), integer(3)});
    LegacyParts parts = parts_with(legacy_tensor(legacy_storage("0", 6, view), {3}));
    const std::string viewed = parts.bytes();
    CHECK(io::as_text(read(viewed).tensors[0].bytes) == bytes_of<float>({3, 4, 5}));

    parts.object = program(dict({text("b"), legacy_tensor(legacy_storage("10", 1), {1}), text("a"), legacy_tensor()}));
    parts.keys = program(list({text("10"), text("0")}));
    parts.blocks = little(1, 8) + bytes_of<float>({7}) + parts.blocks;
    const std::string both = parts.bytes();
    CHECK(io::as_text(read(both).tensors[0].bytes) == bytes_of<float>({7}));
    CHECK(io::as_text(read(both).tensors[1].bytes) == six_floats);
}

TEST_CASE("TorchLegacy takes the sources of modules for class names") {
    const std::string type = tuple({text("module"), name("my", "Net"), text("net.py"), text("class Net: …")}) + "Q";
    const std::string net =
        type + ")\x81" + dict({text("_parameters"), dict({text("weight"), legacy_tensor()}), text("_modules"), "}"}) +
        "b";
    LegacyParts parts;
    parts.object = program(net);
    const std::string file = parts.bytes();
    CHECK(read(file).tensors.at(0).name == "weight");
}

TEST_CASE("TorchLegacy knows its magic number in every protocol") {
    const std::string number = "\x8A\x0A\x6C\xFC\x9C\x46\xF9\x20\x6A\xA8\x50\x19.";
    for (const std::string& magic : {"\x80\x03" + number, "\x80\x04\x95" + little(13, 8) + number}) {
        LegacyParts parts = parts_with(legacy_tensor());
        parts.magic = magic;
        const std::string file = parts.bytes();
        CHECK(read(file).tensors.size() == 1);
    }
}

TEST_CASE("TorchLegacy refuses each bad file with its own fault") {
    const auto changed = [](auto change) {
        LegacyParts parts = parts_with(legacy_tensor());
        change(parts);
        return parts.bytes();
    };
    const auto view = [](std::int64_t offset, std::int64_t count) {
        return parts_with(
                   legacy_tensor(legacy_storage("0", 6, tuple({text("v"), integer(offset), integer(count)})), {1}))
            .bytes();
    };
    const std::string huge = parts_with(legacy_tensor(legacy_storage("0", std::int64_t{1} << 40))).bytes();
    const std::vector<BadInput> rows{
        {"L01 wrong magic", changed([](auto& p) { p.magic[6] = 'x'; }), Fault::magic, "checkpoint"},
        {"L01 version 1002", changed([](auto& p) { p.version = program(integer(1002)); }), Fault::version,
         "checkpoint"},
        {"L01 version is a string", changed([](auto& p) { p.version = program(text("1001")); }), Fault::version,
         "checkpoint"},
        {"L02 a used key is not listed", changed([](auto& p) { p.keys = program(list({})), p.blocks.clear(); }),
         Fault::missing, "checkpoint"},
        {"L03 a listed key is not used", changed([](auto& p) {
             p.keys = program(list({text("0"), text("1")})), p.blocks += little(0, 8);
         }),
         Fault::unused, "checkpoint"},
        {"L04 another count", changed([](auto& p) { p.blocks = little(5, 8) + six_floats; }), Fault::mismatch,
         "checkpoint"},
        {"L04 negative count", changed([](auto& p) { p.blocks = little(~std::uint64_t{5}, 8) + six_floats; }),
         Fault::value, "checkpoint"},
        {"L05 block cut", changed([](auto& p) { p.blocks.pop_back(); }), Fault::truncated, "checkpoint, byte 219"},
        {"L05 no block", changed([](auto& p) { p.blocks.clear(); }), Fault::truncated, "checkpoint, byte 211"},
        {"L06 big-endian", changed([](auto& p) {
             p.machine = program(dict({text("little_endian"), no}));
         }),
         Fault::unsupported, "checkpoint"},
        {"L06 no byte order", changed([](auto& p) { p.machine = program("}"); }), Fault::missing, "checkpoint"},
        {"L06 a number as byte order", changed([](auto& p) {
             p.machine = program(dict({text("little_endian"), integer(1)}));
         }),
         Fault::missing, "checkpoint"},
        {"L06 no dict about the machine", changed([](auto& p) { p.machine = program("]"); }), Fault::type,
         "checkpoint"},
        {"L07 trailing bytes", changed([](auto& p) { p.blocks += "x"; }), Fault::unused, "checkpoint"},
        {"L08 view past its storage", view(3, 4), Fault::bounds, "tensor 'w', persistent id"},
        {"L08 view starts past its storage", view(7, 0), Fault::bounds, "tensor 'w', persistent id"},
        {"L08 negative view", view(-1, 2), Fault::value, "tensor 'w', persistent id"},
        {"L08 view of 2^63", view(1, std::numeric_limits<std::int64_t>::max()), Fault::bounds,
         "tensor 'w', persistent id"},
        {"L09 2^40 elements in 24 bytes",
         huge.substr(0, huge.size() - six_floats.size() - 8) + little(1ULL << 40, 8) + six_floats, Fault::truncated,
         "checkpoint, byte 224"},
        {"L10 a key twice", changed([](auto& p) {
             p.keys = program(list({text("0"), text("0")})), p.blocks += p.blocks;
         }),
         Fault::duplicate, "checkpoint"},
        {"keys that are no list", changed([](auto& p) { p.keys = program("}"); }), Fault::type, "checkpoint"},
        {"keys that are numbers", changed([](auto& p) { p.keys = program(list({integer(0)})); }), Fault::type,
         "checkpoint"},
        {"P07 persistent id of five items", parts_with(legacy_tensor(storage())).bytes(), Fault::type, "persistent id"},
        {"view that is no tuple", parts_with(legacy_tensor(legacy_storage("0", 6, yes))).bytes(), Fault::type,
         "tensor 'w', persistent id"},
        {"view of one item", parts_with(legacy_tensor(legacy_storage("0", 6, tuple({text("v")})))).bytes(),
         Fault::syntax, "tensor 'w', persistent id"},
    };
    for (const BadInput& row : rows) check_refused(row, [&] { read(row.bytes); });
}

TEST_CASE("TorchLegacy accepts no prefix of a checkpoint") {
    const std::string file = parts_with(legacy_tensor()).bytes();
    for (std::size_t length = 0; length < file.size(); ++length) {
        const auto fault = fault_of([&] { read(file.substr(0, length)); });
        REQUIRE((fault == Fault::truncated || fault == Fault::magic));
    }
}
