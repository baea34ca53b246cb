#include <taxon/io/torch_zip.hpp>

#include <limits>
#include <tuple>
#include <utility>

#include "catch.hpp"
#include "io/bad_input.hpp"
#include "io/checkpoint_writer.hpp"

using namespace taxon;
using namespace taxon::test;
using namespace taxon::test::pickled;
using io::StoredTensors;
using io::TorchZip;

namespace {

StoredTensors read(const std::string& file) { return TorchZip::read(as_span(file)); }

std::string state(const std::string& value) { return program(dict({text("w"), value})); }

std::string file_of(const std::string& pickle,
                    const std::map<std::string, std::string>& storages = {{"0", six_floats}}) {
    return zip_of(zip_parts(pickle, storages)).bytes;
}

/// The good checkpoint with one entry replaced, or left out if there is no content.
std::string with_entry(const std::string& name, const std::optional<std::string>& content) {
    auto parts = zip_parts(state(tensor()));
    std::erase_if(parts, [&](const ZipPart& part) { return part.name == "root/" + name; });
    if (content) parts.push_back({.name = "root/" + name, .bytes = *content});
    return zip_of(parts).bytes;
}

/// The call's arguments can be anything here.
std::string rebuild_v2(const std::vector<std::string>& arguments) {
    return call(name("torch._utils", "_rebuild_tensor_v2"), arguments);
}

std::string strided(const std::string& offset, const std::string& sizes, const std::string& strides) {
    return rebuild(storage(), offset, sizes, strides);
}

const std::string untyped = storage("0", 24, name("torch.storage", "UntypedStorage"));
std::string rebuild_v3(const std::string& held, const std::string& dtype) {
    return call(name("torch._utils", "_rebuild_tensor_v3"),
                {held, integer(0), integers({6}), integers({1}), no, ordered_dict(), dtype});
}

std::string opaque_module(const std::string& members) { return object(name("models.yolo", "Model"), members); }

}  // namespace

TEST_CASE("TorchZip reads a dense tensor as a view of the file") {
    const std::string file = file_of(state(tensor()));
    const StoredTensors stored = read(file);
    REQUIRE(stored.tensors.size() == 1);
    CHECK(stored.tensors[0].name == "w");
    CHECK(stored.tensors[0].element == Element::float32);
    CHECK(stored.tensors[0].shape == Dimensions{2, 3});
    CHECK(io::as_text(stored.tensors[0].bytes) == six_floats);
    CHECK(stored.gathered.empty());
    CHECK(stored.verified);
}

TEST_CASE("TorchZip gathers strided tensors") {
    const auto floats = [](const std::string& value) {
        return std::string(io::as_text(read(file_of(state(value))).tensors[0].bytes));
    };
    CHECK(floats(tensor({3, 2}, {1, 3})) == bytes_of<float>({1, 4, 2, 5, 3, 6}));
    CHECK(floats(tensor({2}, {1}, 3)) == bytes_of<float>({4, 5}));
    CHECK(floats(tensor({2, 2}, {3, 2})) == bytes_of<float>({1, 3, 4, 6}));
    CHECK(floats(tensor({3, 2}, {0, 1}, 1)) == bytes_of<float>({2, 3, 2, 3, 2, 3}));
    CHECK(floats(tensor({}, {}, 5)) == bytes_of<float>({6}));
    CHECK(floats(tensor({1, 6, 1}, {99, 1, 77})) == six_floats);
    CHECK(floats(tensor({0, 4}, {4, 1})).empty());
    CHECK(floats(tensor({0, 1LL << 60}, {4, 1}, 6)).empty());
    CHECK(floats(tensor({2, 1, 1, 3}, {3, 3, 3, 1})) == six_floats);
}

TEST_CASE("TorchZip knows every way in which torch writes a tensor") {
    const std::string parameter = call(name("torch._utils", "_rebuild_parameter"), {tensor(), yes, ordered_dict()});
    const std::vector<std::string> ways{
        parameter,
        call(name("torch._utils", "_rebuild_parameter_with_state"),
             {tensor(), yes, ordered_dict(), dict({text("note"), integer(1)})}),
        call(name("torch._utils", "_rebuild_tensor"), {storage(), integer(0), integers({2, 3}), integers({3, 1})}),
        rebuild_v2({storage(), integer(0), call(name("torch", "Size"), {integers({2, 3})}), integers({3, 1}), no,
                    ordered_dict(), "}"}),
        call(name("torch._tensor", "_rebuild_from_type_v2"),
             {name("torch._utils", "_rebuild_tensor_v2"), name("torch", "Tensor"),
              tuple({storage(), integer(0), integers({2, 3}), integers({3, 1}), no, ordered_dict()}),
              dict({text("note"), integer(1)})}),
    };
    for (const std::string& way : ways) {
        const std::string file = file_of(state(way));
        CHECK(io::as_text(read(file).tensors.at(0).bytes) == six_floats);
    }
    const std::string file = file_of(state(rebuild_v3(untyped, name("torch", "float32"))));
    CHECK(read(file).tensors.at(0).shape == Dimensions{6});
}

TEST_CASE("TorchZip reads every type of element") {
    const std::tuple<const char*, std::size_t, Element> types[] = {
        {"FloatStorage", 4, Element::float32}, {"DoubleStorage", 8, Element::float64},
        {"HalfStorage", 2, Element::float16},  {"BFloat16Storage", 2, Element::bfloat16},
        {"ByteStorage", 1, Element::uint8},    {"CharStorage", 1, Element::int8},
        {"ShortStorage", 2, Element::int16},   {"IntStorage", 4, Element::int32},
        {"LongStorage", 8, Element::int64},    {"BoolStorage", 1, Element::boolean}};
    for (const auto& [type, bytes, element] : types) {
        INFO(type);
        const std::string held = storage("0", static_cast<std::int64_t>(24 / bytes), name("torch", type));
        const std::string file =
            file_of(state(rebuild(held, integer(0), integers({static_cast<std::int64_t>(24 / bytes)}), integers({1}))));
        CHECK(read(file).tensors.at(0).element == element);
        CHECK(io::as_text(read(file).tensors.at(0).bytes) == six_floats);
    }
    const std::string cuda = file_of(
        state(rebuild(storage("0", 6, name("torch.cuda", "FloatStorage")), integer(0), integers({6}), integers({1}))));
    CHECK(read(cuda).tensors.at(0).element == Element::float32);
    for (const char* type : {"ComplexFloatStorage", "QInt8Storage"}) {
        const std::int64_t count = std::string_view(type) == "QInt8Storage" ? 24 : 3;
        const std::string file =
            file_of(state(rebuild(storage("0", count, name("torch", type)), integer(0), integers({1}), integers({1}))));
        CHECK(spelt(fault_of([&] { read(file); })) == spelt(Fault::unsupported));
    }
}

TEST_CASE("TorchZip swaps the bytes of a big-endian file") {
    const std::string file = with_entry("byteorder", "big");  // Z16
    const StoredTensors stored = read(file);
    std::string swapped;
    for (std::size_t i = 0; i < six_floats.size(); ++i) swapped += six_floats[i / 4 * 4 + 3 - i % 4];
    CHECK(io::as_text(stored.tensors[0].bytes) == swapped);
    CHECK(read(with_entry("byteorder", std::nullopt)).tensors.size() == 1);  // Z17
}

TEST_CASE("TorchZip finds the state dict in what training scripts save") {
    const std::string both = ordered_dict({text("a"), tensor(), text("b"), tensor({6}, {1})});
    const std::vector<std::string> wrapped{
        both,
        ordered_dict({text("a"), tensor(), text("b"), tensor({6}, {1})}) + dict({text("_metadata"), ordered_dict()}) +
            "b",
        dict({text("state_dict"), both, text("epoch"), integer(3), text("args"),
              object(name("argparse", "Namespace"), "}")}),
        dict({text("model"), both, text("optimizer"), dict({text("state"), "}"})}),
        dict({text("model_state_dict"), both, text("loss"), real("12345678")}),
        dict({text("ema"), dict({text("module"), both, text("updates"), integer(7)}), text("model"), none}),
        dict({text("ema"), none, text("model"), both}),
        dict({text("ema"), dict({text("decay"), integer(1)}), text("model"), both}),
        dict({text("model"), dict({text("state_dict"), both}), text("best"), tensor({}, {})}),
        dict({text("a"), tensor(), text("b"), tensor({6}, {1}), text("updates"), integer(3), text("date"),
              text("today"), text("none"), none}),
        "c"
        "collections\nOrderedDict\n" +
            tuple({list({list({text("a"), tensor()}), list({text("b"), tensor({6}, {1})})})}) + "R",
    };
    for (const std::string& value : wrapped) {
        const std::string file = file_of(program(value));
        const StoredTensors stored = read(file);
        REQUIRE(stored.tensors.size() == 2);
        CHECK(stored.tensors[0].name == "a");
        CHECK(stored.tensors[1].name == "b");
    }
    CHECK(read(file_of(program(ordered_dict()))).tensors.empty());
}

TEST_CASE("TorchZip walks a pickled module as state_dict does") {
    const std::string hidden =
        "(" + text("_non_persistent_buffers_set") + call(name("__builtin__", "set"), {list({text("cache")})}) + "u";
    const std::string first =
        opaque_module(dict({text("_parameters"), dict({text("weight"), tensor(), text("bias"), none}), text("_buffers"),
                            ordered_dict(), text("_modules"), "}", text("stride"), tensor()}));
    const std::string second =
        opaque_module(dict({text("_parameters"), dict({text("weight"), tensor({6}, {1})}), text("_buffers"),
                            dict({text("mean"), tensor(), text("cache"), tensor()}), text("_modules"), "}"}) +
                      hidden);
    const std::string root =
        opaque_module(dict({text("_parameters"), "}", text("_buffers"), "}", text("_modules"),
                            ordered_dict({text("0"), first, text("none"), none, text("1"), second})}));
    for (const std::string& value : {root, dict({text("epoch"), integer(1), text("ema"), none, text("model"), root})}) {
        const std::string file = file_of(program(value));
        std::vector<std::string> names;
        for (const io::StoredTensor& tensor_ : read(file).tensors) names.push_back(tensor_.name);
        CHECK(names == std::vector<std::string>{"0.weight", "1.weight", "1.mean"});
    }
}

TEST_CASE("TorchZip refuses each bad container with its own fault") {
    auto other_root = zip_parts(state(tensor()));
    other_root[1].name = "other/byteorder";
    auto no_root = zip_parts(state(tensor()));
    for (ZipPart& part : no_root) part.name = part.name.substr(5);
    auto upper = zip_parts(state(tensor()));
    upper[0].name = "root/DATA.PKL";
    std::string flipped = state(tensor());
    const std::string damaged = [&] {
        ZipImage zip = zip_of(zip_parts(flipped));
        const std::size_t at = zip.bytes.find("X" + little(1, 4) + "w") + 5;
        return zip.put(at, 'v', 1).bytes;
    }();
    const std::vector<BadInput> rows{
        {"Z05 a letter of data.pkl changed", damaged, Fault::checksum, "root/data.pkl"},
        {"Z11 DATA.PKL", zip_of(upper).bytes, Fault::missing, "data.pkl"},
        {"Z12 no record of the storage", with_entry("data/0", std::nullopt), Fault::missing, "data/0"},
        {"Z13 a shorter record", with_entry("data/0", six_floats.substr(1)), Fault::mismatch, "data/0"},
        {"Z14 a longer record", with_entry("data/0", six_floats + "x"), Fault::mismatch, "data/0"},
        {"Z15 byteorder middle", with_entry("byteorder", "middle"), Fault::value, "byteorder"},
        {"Z18 version 999", with_entry("version", "999\n"), Fault::version, "version"},
        {"Z18 version 0", with_entry("version", "0\n"), Fault::version, "version"},
        {"Z19 version abc", with_entry("version", "abc\n"), Fault::syntax, "version"},
        {"Z19 version of 40 digits", with_entry("version", std::string(40, '3')), Fault::syntax, "version"},
        {"Z19 empty version", with_entry("version", ""), Fault::syntax, "version"},
        {"Z19 version 3x", with_entry("version", "3x\n"), Fault::syntax, "version"},
        {"Z20 no version", with_entry("version", std::nullopt), Fault::missing, "version"},
        {"Z21 no root folder", zip_of(no_root).bytes, Fault::syntax, "data.pkl"},
        {"Z22 no data.pkl", with_entry("data.pkl", std::nullopt), Fault::missing, "data.pkl"},
        {"Z23 TorchScript", with_entry("constants.pkl", "x"), Fault::unsupported, "constants.pkl"},
        {"Z33 a second root", zip_of(other_root).bytes, Fault::syntax, "other/byteorder"},
    };
    for (const BadInput& row : rows) check_refused(row, [&] { read(row.bytes); });
}

TEST_CASE("TorchZip refuses each bad pickle with its own fault") {
    const std::string zero = integer(0), six = integers({6}), one = integers({1});
    const auto stored_as = [&](const std::string& identity) { return rebuild(identity + "Q", zero, six, one); };
    const auto with_count = [&](const std::string& count) {
        return stored_as(tuple({text("storage"), name("torch", "FloatStorage"), text("0"), text("cpu"), count}));
    };
    const std::string past_64 = "\x8A\x09" + std::string(8, '\0') + "\x01";
    const std::string no_modules = dict({text("_parameters"), "}", text("_modules"), "}"});
    std::string deep_modules = no_modules;
    for (int i = 0; i < 70; ++i)
        deep_modules = dict({text("_modules"), dict({text("m"), object(name("a", "B"), deep_modules)})});
    // Each of forty modules holds the one before twice.
    std::string doubled_modules = no_modules;
    for (char level = 0; level < 40; ++level) {
        const std::string slot(1, level);
        doubled_modules =
            dict({text("_modules"),
                  dict({text("m"), object(name("a", "B"), doubled_modules) + "q" + slot, text("n"), "h" + slot})});
    }
    // One module that holds itself: the memo gives it while its state is being made.
    const std::string cyclic = name("a", "B") + ")\x81q" + std::string(1, '\0') +
                               dict({text("_modules"), dict({text("m"), "h" + std::string(1, '\0')})}) + "b";
    const std::string numpy_array =
        call(name("numpy.core.multiarray", "_reconstruct"), {name("numpy", "ndarray"), integers({0}),
                                                             "C\x01"
                                                             "b"});

    const std::vector<std::pair<BadInput, std::string>> rows{
        {{"P05 os.system", {}, Fault::forbidden, "state dict"}, call(name("os", "system"), {text("exit 1")})},
        {{"P05 eval", {}, Fault::forbidden, "state dict"}, call(name("__builtin__", "eval"), {text("1")})},
        {{"P05 getattr", {}, Fault::forbidden, "state dict"}, call(name("builtins", "getattr"), {tensor(), text("x")})},
        {{"P05 a bare name", {}, Fault::forbidden, "state dict"}, name("os", "system")},
        {{"P07 persistent id is a string", {}, Fault::type, "persistent id"}, stored_as(text("0"))},
        {{"P07 persistent id is a number", {}, Fault::type, "persistent id"}, stored_as(zero)},
        {{"P07 persistent id of one item", {}, Fault::type, "persistent id"}, stored_as(tuple({text("storage")}))},
        {{"P08 module in a zip", {}, Fault::forbidden, "persistent id"},
         stored_as(tuple({text("module"), name("a", "B"), text("b.py"), text("source")}))},
        {{"P09 OrderedDict as storage class", {}, Fault::type, "persistent id"},
         rebuild(storage("0", 6, name("collections", "OrderedDict")), zero, six, one)},
        {{"P10 key ../version", {}, Fault::path, "persistent id"}, rebuild(storage("../version"), zero, six, one)},
        {{"P10 key a{", {}, Fault::path, "persistent id"}, rebuild(storage("a{"), zero, six, one)},
        {{"a class of CUDA that there is not", {}, Fault::type, "persistent id"},
         rebuild(storage("0", 6, name("torch.cuda", "NoStorage")), zero, six, one)},
        {{"P10 empty key", {}, Fault::path, "persistent id"}, rebuild(storage(""), zero, six, one)},
        {{"P10 key of 1 MB", {}, Fault::limit, "persistent id"},
         rebuild(storage(std::string(1 << 20, 'k')), zero, six, one)},
        {{"P11 negative count", {}, Fault::value, "persistent id"}, with_count(integer(-6))},
        {{"P12 count 2^62", {}, Fault::overflow, "persistent id"}, with_count(integer(std::int64_t{1} << 62))},
        {{"P12 count 2^64", {}, Fault::overflow, "persistent id"}, with_count(past_64)},
        {{"P13 count 1e11", {}, Fault::mismatch, "data/0"}, with_count(integer(100'000'000'000))},
        {{"P14 count is a float", {}, Fault::type, "persistent id"}, with_count(real("12345678"))},
        {{"P14 count is a bool", {}, Fault::type, "persistent id"}, with_count(yes)},
        {{"P14 count is a string", {}, Fault::type, "persistent id"}, with_count(text("6"))},
        {{"P15 offset -1", {}, Fault::value, "tensor 'w'"}, strided(integer(-1), six, one)},
        {{"P16 offset one past", {}, Fault::bounds, "tensor 'w'"}, strided(integer(1), six, one)},
        {{"P16 empty tensor past the storage", {}, Fault::bounds, "tensor 'w'"},
         strided(integer(7), integers({0}), one)},
        {{"P16 offset 2^63 - 1", {}, Fault::overflow, "tensor 'w'"},
         strided(integer(std::numeric_limits<std::int64_t>::max()), integers({1}), one)},
        {{"P16 offset 2^64", {}, Fault::overflow, "tensor 'w'"}, strided(past_64, six, one)},
        {{"P17 negative size", {}, Fault::value, "tensor 'w'"}, strided(zero, integers({-1}), one)},
        {{"P17 negative stride", {}, Fault::value, "tensor 'w'"}, strided(integer(5), six, integers({-1}))},
        {{"P18 size past the storage", {}, Fault::bounds, "tensor 'w'"}, strided(zero, integers({7}), one)},
        {{"P18 strides past the storage", {}, Fault::bounds, "tensor 'w'"},
         strided(zero, integers({2, 3}), integers({4, 1}))},
        {{"P19 two ranks", {}, Fault::shape, "tensor 'w'"}, strided(zero, integers({2, 3}), one)},
        {{"P20 product of sizes", {}, Fault::overflow, "tensor 'w'"},
         strided(zero, integers({1LL << 40, 1LL << 40}), integers({1, 1}))},
        {{"P20 product of sizes and stride 0", {}, Fault::overflow, "tensor 'w'"},
         strided(zero, integers({1LL << 40, 1LL << 40}), integers({0, 0}))},
        {{"P20 2^41 elements", {}, Fault::limit, "tensor 'w'"}, strided(zero, integers({1LL << 41}), integers({0}))},
        {{"P21 2^30 elements of 24 bytes", {}, Fault::limit, "tensor 'w'"},
         strided(zero, integers({1LL << 30}), integers({0}))},
        {{"P22 stride times size", {}, Fault::overflow, "tensor 'w'"},
         strided(zero, integers({3}), integers({std::numeric_limits<std::int64_t>::max()}))},
        {{"P23 size True", {}, Fault::type, "tensor 'w'"}, strided(zero, tuple({yes}), one)},
        {{"P23 size '2'", {}, Fault::type, "tensor 'w'"}, strided(zero, tuple({text("2")}), one)},
        {{"P23 sizes are a list", {}, Fault::type, "tensor 'w'"}, strided(zero, list({zero}), one)},
        {{"P24 rank 200", {}, Fault::limit, "tensor 'w'"},
         strided(zero, tuple(std::vector<std::string>(200, integer(1))),
                 tuple(std::vector<std::string>(200, integer(1))))},
        {{"P25 storage None", {}, Fault::type, "tensor 'w'"}, rebuild(none, zero, six, one)},
        {{"P25 storage is a dict", {}, Fault::type, "tensor 'w'"}, rebuild("}", zero, six, one)},
        {{"P26 one key with two types", {}, Fault::element, "persistent id"},
         tensor() + text("v") + rebuild(storage("0", 6, name("torch", "IntStorage")), zero, six, one)},
        {{"P27 one key with two counts", {}, Fault::mismatch, "persistent id"},
         tensor() + text("v") + rebuild(storage("0", 3), zero, integers({3}), one)},
        {{"P40 size of 255 bytes", {}, Fault::overflow, "tensor 'w'"},
         strided(zero, tuple({"\x8A\xFF" + std::string(255, '\1')}), one)},
        {{"P44 a name twice", {}, Fault::duplicate, "state dict"}, tensor() + text("w") + tensor()},
        {{"P45 a number as name", {}, Fault::type, "state dict"}, tensor() + zero + tensor()},
        {{"P31 NUL in a name", {}, Fault::encoding, "state dict"},
         tensor() + text(std::string_view("a\0b", 3)) + tensor()},
        {{"P31 name of 600 bytes", {}, Fault::limit, "state dict"}, tensor() + text(std::string(600, 'n')) + tensor()},
        {{"P47 Tensor by NEWOBJ and BUILD", {}, Fault::forbidden, "state dict"},
         object(name("torch", "Tensor"), tuple({storage(), integer(100), six, one}))},
        {{"P47 a tensor that BUILD changes", {}, Fault::forbidden, "tensor 'w'"},
         tensor() + tuple({storage(), integer(100), six, one}) + "b"},
        {{"P51 three arguments", {}, Fault::syntax, "tensor 'w'"}, rebuild_v2({storage(), zero, six})},
        {{"P51 twenty arguments", {}, Fault::syntax, "tensor 'w'"}, rebuild_v2(std::vector<std::string>(20, zero))},
        {{"P51 parameter without tensor", {}, Fault::syntax, "tensor 'w'"},
         call(name("torch._utils", "_rebuild_parameter"), {})},
        {{"P51 parameter of a number", {}, Fault::type, "tensor 'w'"},
         call(name("torch._utils", "_rebuild_parameter"), {zero, yes, ordered_dict()})},
        {{"P52 quantized", {}, Fault::unsupported, "tensor 'w'"},
         call(name("torch._utils", "_rebuild_qtensor"), {storage(), zero, six, one, tuple({}), no, ordered_dict()})},
        {{"P53 neg", {}, Fault::unsupported, "tensor 'w'"},
         rebuild_v2({storage(), zero, six, one, no, ordered_dict(), dict({text("neg"), yes})})},
        {{"P55 numpy array", {}, Fault::forbidden, "state dict"}, numpy_array},
        {{"sparse", {}, Fault::unsupported, "tensor 'w'"},
         call(name("torch._utils", "_rebuild_sparse_tensor"), {zero})},
        {{"a subclass of Tensor", {}, Fault::unsupported, "tensor 'w'"},
         call(name("torch._tensor", "_rebuild_from_type_v2"),
              {name("torch._utils", "_rebuild_tensor_v2"), name("my", "Tensor"), tuple({}), "}"})},
        {{"untyped with a typed storage", {}, Fault::type, "tensor 'w'"},
         rebuild_v3(storage(), name("torch", "float32"))},
        {{"untyped with no dtype", {}, Fault::element, "tensor 'w'"}, rebuild_v3(untyped, name("torch", "nonsense"))},
        {{"uint16", {}, Fault::unsupported, "tensor 'w'"}, rebuild_v3(untyped, name("torch", "uint16"))},
        {{"a list where a tensor should be", {}, Fault::type, "state dict"}, tensor() + text("v") + list({tensor()})},
    };
    for (const auto& [row, value] : rows) check_refused(row, [&, bytes = value] { read(file_of(state(bytes))); });

    const std::vector<std::pair<BadInput, std::string>> whole{
        {{"P54 a module without BUILD", {}, Fault::missing, "state dict"}, name("models", "Model") + ")\x81"},
        {{"P54 a child without BUILD", {}, Fault::missing, "state dict"},
         object(name("a", "B"), dict({text("_modules"), dict({text("m"), name("a", "B") + ")\x81"})}))},
        {{"P56 modules 70 deep", {}, Fault::limit, "state dict"}, object(name("a", "B"), deep_modules)},
        {{"P56 cyclic modules", {}, Fault::limit, "state dict"}, cyclic},
        {{"P56 2^40 paths to a module", {}, Fault::limit, "state dict"}, object(name("a", "B"), doubled_modules)},
        {{"a module whose state says nothing of parameters", {}, Fault::missing, "state dict"},
         object(name("a", "B"), dict({text("x"), integer(1)}))},
        {{"an OrderedDict of triples", {}, Fault::syntax, "state dict"},
         call(name("collections", "OrderedDict"), {list({list({text("w"), tensor(), none})})})},
        {{"an OrderedDict of texts", {}, Fault::syntax, "state dict"},
         call(name("collections", "OrderedDict"), {list({text("w")})})},
        {{"an OrderedDict of a tuple", {}, Fault::missing, "state dict"},
         call(name("collections", "OrderedDict"), {tuple({text("w")})}) + "(" + text("n") + integer(1) + "u"},
        {{"a module without parameters", {}, Fault::missing, "state dict"}, object(name("a", "B"), no_modules)},
        {{"a number", {}, Fault::type, "state dict"}, integer(1)},
        {{"a tensor", {}, Fault::type, "state dict"}, tensor()},
        {{"a list", {}, Fault::type, "state dict"}, list({tensor()})},
        {{"a call", {}, Fault::forbidden, "state dict"}, call(name("os", "system"), {text("exit 1")})},
        {{"a dict without tensors", {}, Fault::missing, "state dict"}, dict({text("epoch"), integer(1)})},
        {{"an unknown wrapper", {}, Fault::missing, "state dict"}, dict({text("net"), dict({text("w"), tensor()})})},
    };
    for (const auto& [row, value] : whole) check_refused(row, [&, bytes = value] { read(file_of(program(bytes))); });
}

TEST_CASE(
    "TorchZip takes what torch writes seldom: other keys of storages, classes of CUDA, parameters by their type") {
    const std::string keyed = rebuild(storage("aZ_9"), integer(0), integers({2, 3}), integers({3, 1}));
    CHECK(read(file_of(state(keyed), {{"aZ_9", six_floats}})).tensors.size() == 1);
    const std::string of_cuda =
        rebuild(storage("0", 6, name("torch.cuda", "FloatStorage")), integer(0), integers({2, 3}), integers({3, 1}));
    CHECK(read(file_of(state(of_cuda))).tensors.at(0).element == Element::float32);
    const std::string plain = tuple({storage(), integer(0), integers({2, 3}), integers({3, 1}), no, ordered_dict()});
    const auto by_type = [&](const std::string& module, const std::string& type, const std::string& arguments) {
        return state(call(name(module, "_rebuild_from_type_v2"),
                          {name("torch._utils", "_rebuild_tensor_v2"), type, arguments, dict({})}));
    };
    for (const char* type : {"Parameter", "Buffer"})
        CHECK(read(file_of(by_type("torch._tensor", name("torch.nn.parameter", type), plain))).tensors.size() == 1);
    CHECK(read(file_of(by_type("torch.tensor", name("torch", "Tensor"), plain))).tensors.size() == 1);
    CHECK(fault_of([&] { read(file_of(by_type("torch._tensor", name("torch", "Other"), plain))); }).has_value());
    CHECK(fault_of([&] { read(file_of(by_type("torch._tensor", name("torch", "Tensor"), integer(1)))); }).has_value());
    const std::string defaults =
        call(name("collections", "defaultdict"), {name("a", "b")}) + "(" + joined({text("w"), tensor()}) + "u";
    CHECK(read(file_of(program(defaults))).tensors.size() == 1);
}

TEST_CASE("TorchZip passes over numbers, flags and nothing beside the tensors of a state dict") {
    const std::string big = "\x8A\x09" + std::string(8, '\0') + "\x01", one(std::string("\x3f\xf0\0\0\0\0\0\0", 8));
    const std::string file =
        file_of(program(dict({text("w"), tensor(), text("flag"), yes, text("count"), integer(7), text("rate"),
                              real(one), text("seed"), big, text("nothing"), none})));
    REQUIRE(read(file).tensors.size() == 1);
    CHECK(read(file).tensors[0].name == "w");
}

TEST_CASE("TorchZip views numbers of one byte in a big-endian file") {
    auto parts = zip_parts(
        state(rebuild(storage("0", 24, name("torch", "ByteStorage")), integer(0), integers({24}), integers({1}))));
    parts[1].bytes = "big";
    const std::string file = zip_of(parts).bytes;
    const StoredTensors stored = read(file);
    CHECK(io::as_text(stored.tensors.at(0).bytes) == six_floats);
    CHECK(stored.gathered.empty());
}

TEST_CASE("TorchZip leaves out the buffers in a set, and none for a set made of other things") {
    const auto names_with = [](const std::string& hidden) {
        const std::string file = file_of(program(opaque_module(dict(
            {text("_parameters"), dict({text("weight"), tensor()}), text("_buffers"), dict({text("cache"), tensor()}),
             text("_modules"), "}", text("_non_persistent_buffers_set"), hidden}))));
        std::string names;
        for (const io::StoredTensor& one : read(file).tensors) names += one.name + " ";
        return names;
    };
    CHECK(names_with("\x8F(" + text("cache") + "\x90") == "weight ");
    CHECK(names_with(call(name("__builtin__", "set"), {tuple({text("cache")})})) == "weight cache ");
}

TEST_CASE("TorchZip refuses tensors and storages whose parts are of another type") {
    const auto refused = [&](const std::string& value) {
        return fault_of([&] { read(file_of(state(value))); }).value_or(Fault::usage);
    };
    const std::string zero = integer(0), six = integers({6}), one = integers({1});
    const auto held = [&](const std::vector<std::string>& identity) {
        return rebuild(tuple(identity) + "Q", zero, six, one);
    };
    const std::string floats = name("torch", "FloatStorage");
    CHECK(refused(held({integer(1), floats, text("0"), text("cpu"), integer(6)})) == Fault::type);
    CHECK(refused(held({text("storage"), floats, integer(0), text("cpu"), integer(6)})) == Fault::type);
    CHECK(refused(held({text("storage"), name("torch", "uint16"), text("0"), text("cpu"), integer(6)})) == Fault::type);
    CHECK(refused(held({text("storage"), floats, text("a-b"), text("cpu"), integer(6)})) == Fault::path);
    CHECK(refused(held({text("storage"), floats, text("0"), text("cpu"),
                        "\x8A\x08" + std::string(7, '\0') + "\x20"})) == Fault::overflow);
    const std::vector<std::string> good{storage(), zero, integers({2, 3}), integers({3, 1}), no, ordered_dict()};
    const auto with_metadata = [&](const std::string& metadata) {
        std::vector<std::string> all = good;
        all.push_back(metadata);
        return rebuild_v2(all);
    };
    CHECK(refused(with_metadata(none)) == Fault::usage);  // read
    CHECK(refused(with_metadata(integer(1))) == Fault::type);
    CHECK(refused(with_metadata(dict({text("neg"), yes}))) != Fault::usage);
    CHECK(refused(rebuild_v2({storage(), zero, call(name("torch", "Other"), {six}), one, no, ordered_dict()})) !=
          Fault::usage);
    CHECK(refused(rebuild_v2({storage(), zero, call(name("torch", "Size"), {six, one}), one, no, ordered_dict()})) ==
          Fault::syntax);
    CHECK(refused(rebuild_v3(untyped, name("torch", "FloatStorage"))) != Fault::usage);
    CHECK(refused(rebuild_v3(untyped, name("torch", "nothing"))) != Fault::usage);
}

TEST_CASE("a module's parts are dicts and tensors") {
    const auto refused = [&](const std::string& members) {
        return fault_of([&] { read(file_of(program(object(name("a", "B"), members)))); }).has_value();
    };
    const std::string parameters = dict({text("w"), tensor()});
    CHECK(!refused(dict({text("_parameters"), parameters})));
    CHECK(refused(dict({text("_parameters"), list({tensor()})})));
    CHECK(refused(dict({text("_parameters"), dict({text("w"), integer(1)})})));
    CHECK(refused(dict({text("_modules"), dict({text("m"), integer(1)})})));
    CHECK(!refused(dict({text("_parameters"), parameters, text("_non_persistent_buffers_set"),
                         call(name("__builtin__", "set"), {list({text("x"), integer(1)})})})));
    CHECK(!refused(dict({text("_parameters"), parameters, text("_non_persistent_buffers_set"), integer(1)})));
}

TEST_CASE("TorchZip loads what only looks dangerous") {
    const std::string beside = dict({text("state_dict"), dict({text("w"), tensor()}), text("self"),
                                     "]q" + std::string(1, '\0') + "h" + std::string(1, '\0') + "a", text("call"),
                                     call(name("os", "system"), {text("exit 1")})});
    CHECK(read(file_of(program(beside))).tensors.size() == 1);  // P05 and P36 off the path
}

TEST_CASE("TorchZip accepts no prefix of a checkpoint and no flipped bit in its weights") {
    const std::string file = file_of(state(tensor()));
    for (std::size_t length = 0; length < file.size(); ++length)
        REQUIRE(spelt(fault_of([&] { read(file.substr(0, length)); })) == spelt(Fault::truncated));
    const std::size_t start = file.find(six_floats);
    for (std::size_t bit = 0; bit < 8 * six_floats.size(); ++bit) {
        std::string damaged = file;
        damaged[start + bit / 8] = static_cast<char>(damaged[start + bit / 8] ^ (1 << bit % 8));
        REQUIRE(spelt(fault_of([&] { read(damaged); })) == spelt(Fault::checksum));
    }
}
