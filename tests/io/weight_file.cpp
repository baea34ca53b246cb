#include <taxon/io/weight_file.hpp>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <taxon/io/safetensors_writer.hpp>
#include <taxon/io/byte_reader.hpp>

#include "catch.hpp"
#include "source_folder.hpp"
#include "eval/scratch_folder.hpp"
#include "io/checkpoint_writer.hpp"
#include "shared_data.hpp"

using namespace taxon;
using namespace taxon::test;
using io::StoredTensor;
using io::WeightFile;

namespace {

void write_tensors(const std::filesystem::path& path, const std::vector<std::string>& names) {
    std::vector<StoredTensor> tensors;
    for (const std::string& name : names) tensors.push_back({name, Element::float32, {6}, as_span(six_floats)});
    io::write_safetensors(path, tensors);
}

std::string index_of(const std::vector<std::pair<std::string, std::string>>& map) {
    nlohmann::json json{{"weight_map", nlohmann::json::object()}};
    for (const auto& [tensor, file] : map) json["weight_map"][tensor] = file;
    return json.dump();
}

std::vector<float> floats_of(const WeightFile& file, const std::string& name) {
    const StoredTensor* tensor = file.find(name);
    REQUIRE(tensor != nullptr);
    std::vector<float> floats(io::element_count(tensor->shape));
    file.read(name, tensor->shape, floats);
    return floats;
}

void check_same(const WeightFile& a, const WeightFile& b) {
    REQUIRE(a.tensors().size() == b.tensors().size());
    for (const StoredTensor& tensor : a.tensors()) {
        const StoredTensor* other = b.find(tensor.name);
        REQUIRE(other != nullptr);
        REQUIRE(other->element == tensor.element);
        REQUIRE(other->shape == tensor.shape);
        REQUIRE(io::as_text(other->bytes) == io::as_text(tensor.bytes));
    }
}

}  // namespace

TEST_CASE("WeightFile knows LayerNorm's old names") {
    const ScratchFolder folder("weight_file_names");
    write_tensors(folder.path() / "old", {"a.LayerNorm.gamma", "a.LayerNorm.beta", "b.gamma"});
    write_tensors(folder.path() / "both", {"a.LayerNorm.gamma", "a.LayerNorm.weight"});
    const WeightFile old = WeightFile::open(folder.path() / "old"), both = WeightFile::open(folder.path() / "both");
    for (const auto name : {"a.LayerNorm.weight", "a.LayerNorm.bias", "b.gamma"}) CHECK(old.find(name) != nullptr);
    CHECK(both.find("a.LayerNorm.gamma") != nullptr);
}

TEST_CASE("WeightFile is a source of named floats") {
    const ScratchFolder folder("weight_file");
    WeightFile opened = WeightFile::open(folder.write("x.jpg", zip_checkpoint(pickled::tensor())));
    const WeightFile file = std::move(opened);
    CHECK(file.names() == std::vector<std::string_view>{"w"});
    CHECK(file.shape_of("w", {}) == Dimensions{2, 3});
    CHECK_FALSE(file.shape_of("v", {}));
    CHECK(floats_of(file, "w") == std::vector<float>{1, 2, 3, 4, 5, 6});
    CHECK(file.verified());
    CHECK(file.origin() == (folder.path() / "x.jpg").string());
    float few[5];
    CHECK(fault_of([&] { file.read("w", Dimensions{5}, few); }) == Fault::shape);
    CHECK(fault_of([&] { file.read("v", Dimensions{5}, few); }) == Fault::missing);
}

TEST_CASE("WeightFile keeps gathered tensors when it moves") {
    const ScratchFolder folder("weight_file_moved");
    WeightFile opened = WeightFile::open(folder.write("x", zip_checkpoint(pickled::tensor({3, 2}, {1, 3}))));
    const std::vector<WeightFile> moved = [&] {
        std::vector<WeightFile> files;
        files.push_back(std::move(opened));
        files.push_back(WeightFile::open(folder.path() / "x"));
        return files;
    }();
    CHECK(floats_of(moved[0], "w") == std::vector<float>{1, 4, 2, 5, 3, 6});
}

TEST_CASE("WeightFile leaves out the prefix that DataParallel adds to every name") {
    const ScratchFolder folder("weight_file_prefix");
    write_tensors(folder.path() / "all", {"module.a", "module.b"});
    write_tensors(folder.path() / "some", {"module.a", "b"});
    CHECK(WeightFile::open(folder.path() / "all").find("a") != nullptr);
    CHECK(WeightFile::open(folder.path() / "some").find("module.a") != nullptr);
}

TEST_CASE("WeightFile names the file in each error") {
    const ScratchFolder folder("weight_file_errors");
    const auto damaged = folder.write("x", zip_checkpoint(pickled::tensor()).substr(0, 300));
    const Error error = error_of([&] { WeightFile::open(damaged); });
    CHECK(error.fault() == Fault::truncated);
    CHECK(error.facts().file == damaged.string());
    CHECK(std::string_view(error.what()).find('\n') == std::string_view::npos);
    CHECK(fault_of([&] { WeightFile::open(folder.path() / "none"); }) == Fault::io);
    CHECK(fault_of([&] { WeightFile::open(folder.write("empty")); }) == Fault::truncated);
}

TEST_CASE("WeightFile opens a folder in Hugging Face's layout") {
    const ScratchFolder folder("weight_file_folder");
    const Error none = error_of([&] { WeightFile::open(folder.path()); });
    CHECK(none.fault() == Fault::missing);
    CHECK(none.facts().wanted.find("model.safetensors.index.json") != std::string::npos);
    folder.write("pytorch_model.bin", zip_checkpoint(pickled::tensor()));
    CHECK(WeightFile::open(folder.path()).find("w") != nullptr);
    write_tensors(folder.path() / "model-1.safetensors", {"of_shard"});
    folder.write("model.safetensors.index.json", index_of({{"of_shard", "model-1.safetensors"}}));
    CHECK(WeightFile::open(folder.path()).find("of_shard") != nullptr);
    write_tensors(folder.path() / "model.safetensors", {"whole"});
    CHECK(WeightFile::open(folder.path()).find("whole") != nullptr);
}

TEST_CASE("WeightFile reads a checkpoint in shards of any format") {
    const ScratchFolder folder("weight_file_shards");
    write_tensors(folder.path() / "one", {"a", "b"});
    folder.write("two", zip_checkpoint(pickled::tensor()));
    const WeightFile file =
        WeightFile::open(folder.write("index", index_of({{"b", "one"}, {"w", "two"}, {"a", "one"}})));
    CHECK(file.tensors().size() == 3);
    CHECK(floats_of(file, "w") == floats_of(file, "a"));
    CHECK_FALSE(file.verified());  // safetensors has no checksums
}

TEST_CASE("WeightFile refuses each bad set of shards with its own fault") {
    const ScratchFolder folder("weight_file_bad_shards");
    write_tensors(folder.path() / "one", {"a", "b"});
    write_tensors(folder.path() / "two", {"b", "c"});
    std::filesystem::create_directories(folder.path() / "in");
    write_tensors(folder.path() / "in" / "one", {"a", "b"});
    std::filesystem::create_symlink(folder.path() / "one", folder.path() / "in" / "link");
    folder.write("in/damaged", "PK\3\4");
    const auto fault = [&](const std::vector<std::pair<std::string, std::string>>& map, const char* name = "index") {
        return spelt(fault_of([&] { WeightFile::open(folder.write(name, index_of(map))); }));
    };
    CHECK(fault({{"a", "link"}, {"b", "link"}}, "in/index") == "path");  // X01
    CHECK(fault({{"a", "../one"}, {"b", "../one"}}, "in/index") == "path");
    CHECK(fault({{"a", "one"}, {"b", "one"}, {"z", "one"}}) == "missing");  // X02
    CHECK(fault({{"a", "three"}}) == "missing");
    CHECK(fault({{"a", "one"}}) == "unused");                                 // X03
    CHECK(fault({{"a", "one"}, {"b", "one"}, {"c", "two"}}) == "duplicate");  // X04
    CHECK(fault({{"a", "index"}}) == "magic");                                // an index of itself
    CHECK(fault({{"a", "damaged"}}, "in/index") == "truncated");
    CHECK(error_of([&] { WeightFile::open(folder.path() / "in" / "index"); }).facts().file ==
          (folder.path() / "in" / "damaged").string());
}

TEST_CASE("WeightFile follows the links of Hugging Face's cache") {
    const ScratchFolder folder("weight_file_cache");
    const auto snapshot = folder.path() / "snapshots" / "1";
    std::filesystem::create_directories(snapshot);
    folder.write("blobs/01", index_of({{"a", "model-1.safetensors"}}));
    write_tensors(folder.path() / "blobs" / "02", {"a"});
    std::filesystem::create_symlink("../../blobs/01", snapshot / "model.safetensors.index.json");
    std::filesystem::create_symlink("../../blobs/02", snapshot / "model-1.safetensors");
    CHECK(WeightFile::open(snapshot).find("a") != nullptr);
}

TEST_CASE("The CIFAR-10 checkpoint is the same in every format") {
    const auto shared = shared_data();
    if (!shared) SKIPPED("skipped: no shared data");
    const ScratchFolder folder("weight_file_cifar10");
    const WeightFile zip = WeightFile::open(*shared / "models/mobilenet_v3_small_cifar10.pth");
    const WeightFile legacy = WeightFile::open(*shared / "models/mobilenet_v3_small_cifar10_legacy.pth.tar");
    CHECK(zip.verified());
    CHECK(zip.tensors().size() == 244);
    check_same(zip, legacy);
    io::write_safetensors(folder.path() / "x.safetensors", zip.tensors(), {{"format", "pt"}});
    check_same(zip, WeightFile::open(folder.path() / "x.safetensors"));

    const auto golden = nlohmann::json::parse(std::ifstream(*shared / "golden/synthetic/mobilenet_v3_small.json"));
    std::size_t compared = 0;
    for (const auto& [name, shape] : golden.at("parameters").items()) {
        const auto found = zip.shape_of(name, {});
        INFO(name);
        REQUIRE(found);
        if (name.rfind("classifier.3", 0) == 0) CHECK(found->at(0) == 10);
        else CHECK(*found == shape.get<Dimensions>());
        ++compared;
    }
    CHECK(compared + 34 >= zip.tensors().size());  // 34 num_batches_tracked are no parameters of the golden file
}

TEST_CASE("The text models open from their folders") {
    const auto shared = shared_data();
    if (!shared) SKIPPED("skipped: no shared data");
    for (const char* model : {"models/minilm-sst2", "models/minilm-mrpc"}) {
        const WeightFile file = WeightFile::open(*shared / model);
        CHECK(file.tensors().size() == 105);
        CHECK(file.shape_of("bert.embeddings.word_embeddings.weight", {}) == Dimensions{30522, 384});
        for (const StoredTensor& tensor : file.tensors()) REQUIRE(tensor.element == Element::float16);
    }
    for (const auto& entry : std::filesystem::directory_iterator(*shared / "golden/synthetic"))
        if (entry.path().extension() == ".safetensors") CHECK_FALSE(WeightFile::open(entry.path()).tensors().empty());
}

TEST_CASE("The published YOLOv5n module reads as its state dict") {
    const auto shared = shared_data();
    if (!shared) SKIPPED("skipped: no shared data");
    const WeightFile file = WeightFile::open(*shared / "models/yolov5n.pt");
    CHECK(file.tensors().size() == 349);
    std::size_t halves = 0, longs = 0;
    std::uint64_t parameters = 0;
    for (const StoredTensor& tensor : file.tensors()) {
        halves += tensor.element == Element::float16;
        longs += tensor.element == Element::int64;
        const bool buffer = tensor.name.find("running_") != std::string::npos ||
                            tensor.name.ends_with("num_batches_tracked") || tensor.name.ends_with("anchors");
        if (!buffer) parameters += io::element_count(tensor.shape);
    }
    CHECK(halves == 292);
    CHECK(longs == 57);
    CHECK(parameters == 1'872'157);
    CHECK(file.shape_of("model.24.anchors", {}) == Dimensions{3, 3, 2});
}

// ---- rows of cases

namespace {

/// The names of a file with these, in order.
std::vector<std::string> names_from(const std::vector<std::string>& written, const std::string& key = {}) {
    const ScratchFolder folder("weight_file_names");
    write_tensors(folder.path() / "x", written);
    std::vector<std::string> names;
    const WeightFile file = WeightFile::open(folder.path() / "x", {.key = key});
    for (const auto name : file.names()) names.emplace_back(name);
    std::sort(names.begin(), names.end());
    return names;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("R5: module. in front of all names and _orig_mod. anywhere are left out", "[cases]") {
    for (const char* prefix : {"module.", "_orig_mod.", "module._orig_mod.", "_orig_mod.module.", "module.module.",
                               "_orig_mod.module._orig_mod.module."}) {
        INFO(prefix);
        const std::string wrapped(prefix);
        CHECK(names_from({wrapped + "a.weight", wrapped + "b.module.weight"}) == Names{"a.weight", "b.module.weight"});
    }
    CHECK(names_from({"model._orig_mod.a", "head.b", "not_orig_mod.c"}) ==
          Names{"head.b", "model.a", "not_orig_mod.c"});
    const ScratchFolder folder("weight_file_twice");
    write_tensors(folder.path() / "x", {"a._orig_mod.weight", "a.weight"});
    CHECK(error_of([&] { WeightFile::open(folder.path() / "x"); }).fault() == Fault::duplicate);
}

TEST_CASE("R5: the counter of an averaged model is left out, and no other n_averaged", "[cases]") {
    const auto names = [](const std::string& prefix, const std::vector<std::string>& others) {
        const ScratchFolder folder("weight_file_averaged");
        const std::string count("\7\0\0\0\0\0\0\0", 8);
        std::vector<StoredTensor> tensors{{prefix + "n_averaged", Element::int64, {}, as_span(count)}};
        for (const std::string& name : others) tensors.push_back({name, Element::float32, {6}, as_span(six_floats)});
        io::write_safetensors(folder.path() / "x", tensors);
        std::vector<std::string> all;
        const WeightFile file = WeightFile::open(folder.path() / "x");
        for (const auto name : file.names()) all.emplace_back(name);
        std::sort(all.begin(), all.end());
        return all;
    };
    CHECK(names("", {"module.a", "module.b"}) == Names{"a", "b"});
    CHECK(names("", {"module.module.a", "module.module.b"}) == Names{"a", "b"});
    CHECK(names("module.", {"module.module.a", "module.module.b"}) == Names{"a", "b"});
    CHECK(names("model.", {"model.module.a"}) == Names{"model.module.a"});
    CHECK(names("", {"module.a", "b"}) == Names{"b", "module.a", "n_averaged"});
    CHECK(names_from({"module.a", "n_averaged"}) == Names{"module.a", "n_averaged"});  // six numbers are no count
}

TEST_CASE("R13: a key that ends in a dot takes the tensors under a prefix, in any format", "[cases]") {
    CHECK(names_from({"net.a", "net.b", "loss.c"}, "net.") == Names{"a", "b"});
    const ScratchFolder folder("weight_file_key");
    write_tensors(folder.path() / "x", {"net.a"});
    const auto fault = [&](const std::string& key) {
        const Error error = error_of([&] { WeightFile::open(folder.path() / "x", {.key = key}); });
        CHECK(error.facts().file == (folder.path() / "x").string());
        return spelt(error.fault());
    };
    CHECK(fault("none.") == "missing");
    CHECK(fault("net") == "usage");
    CHECK(fault("state_dict/net.") == "usage");
    using namespace pickled;
    const auto path =
        folder.write("y", zip_of(zip_parts(program(dict({text("ema"), dict({text("a"), tensor()}), text("model"),
                                                         dict({text("net.b"), tensor(), text("head.c"), tensor()})}))))
                              .bytes);
    CHECK(WeightFile::open(path).find("a") != nullptr);
    CHECK(WeightFile::open(path).remarks() == Names{"the tensors of ema, not model; --weights-key chooses"});
    const WeightFile chosen = WeightFile::open(path, {.key = "model/net."});
    CHECK(chosen.names() == std::vector<std::string_view>{"b"});
    CHECK(chosen.remarks().empty());
}

TEST_CASE("A4: LayerNorm's old names cost no more each in a large file", "[cases]") {
    // Names are compared a logarithmic number of times; a comparison with every other would take minutes here.
    std::vector<std::string> names;
    for (int i = 0; i < 80'000; ++i)
        names.push_back("encoder.layer." + std::to_string(i) + (i % 2 == 0 ? ".LayerNorm.gamma" : ".LayerNorm.beta"));
    const std::vector<std::string> renamed = names_from(names);
    REQUIRE(renamed.size() == names.size());
    CHECK(renamed.front() == "encoder.layer.0.LayerNorm.weight");
    CHECK(std::none_of(renamed.begin(), renamed.end(), [](const std::string& name) { return name.ends_with("ta"); }));
}

TEST_CASE("A5, P58: no reader of weights hashes the names of a file, so none can be made to collide", "[cases]") {
    const auto headers = source_folder() / "include" / "taxon";
    int read = 0;
    for (const char* folder : {"io", "weights"})
        for (const auto& entry : std::filesystem::recursive_directory_iterator(headers / folder)) {
            if (!entry.is_regular_file()) continue;
            INFO(entry.path());
            std::ifstream file(entry.path());
            const std::string text{std::istreambuf_iterator<char>(file), {}};
            CHECK(text.find("unordered_") == std::string::npos);
            ++read;
        }
    CHECK(read > 40);
}

TEST_CASE("A11: integers and bools are no parameters, and the error names the type", "[cases]") {
    const ScratchFolder folder("weight_file_integers");
    for (const auto element :
         {Element::int64, Element::int32, Element::int16, Element::int8, Element::uint8, Element::boolean}) {
        const std::vector<StoredTensor> tensors{
            {"w", element, {static_cast<std::int64_t>(24 / size_of(element))}, as_span(six_floats)}};
        io::write_safetensors(folder.path() / "x", tensors);
        const WeightFile file = WeightFile::open(folder.path() / "x");
        std::vector<float> numbers(24 / size_of(element));
        const Error error = error_of([&] { file.read("w", tensors[0].shape, numbers); });
        CHECK(error.fault() == Fault::element);
        CHECK(error.facts().found == name_of(element));
        CHECK(error.facts().place == "tensor 'w'");
    }
}

TEST_CASE("A13: a checkpoint whose checksums are all 0 is said to be unverified", "[cases]") {
    const ScratchFolder folder("weight_file_unverified");
    using namespace pickled;
    auto parts = zip_parts(program(dict({text("w"), tensor()})));
    CHECK(WeightFile::open(folder.write("sound", zip_of(parts).bytes)).remarks().empty());
    for (ZipPart& part : parts) part.checksum = 0;
    const WeightFile file = WeightFile::open(folder.write("unverified", zip_of(parts).bytes));
    CHECK_FALSE(file.verified());
    CHECK(file.remarks() == Names{"not verified: the archive has no checksums"});
    write_tensors(folder.path() / "y", {"w"});  // a format without checksums
    CHECK(WeightFile::open(folder.path() / "y").remarks().empty());
}

TEST_CASE("WeightFile of shards is verified if all of them are, and says once that they are not") {
    const ScratchFolder folder("weight_file_verified");
    const auto shard = [&](const char* name, std::optional<std::uint32_t> checksum) {
        auto parts = zip_parts(pickled::program(pickled::dict({pickled::text(name), pickled::tensor()})));
        for (ZipPart& part : parts) part.checksum = checksum;
        folder.write(name, zip_of(parts).bytes);
    };
    const auto index = folder.write("index", index_of({{"a", "a"}, {"b", "b"}}));
    shard("a", {}), shard("b", {});
    CHECK(WeightFile::open(index).verified());
    CHECK(WeightFile::open(index).remarks().empty());
    shard("a", 0);
    CHECK_FALSE(WeightFile::open(index).verified());
    shard("b", 0);
    CHECK(WeightFile::open(index).remarks() == std::vector<std::string>{"not verified: the archive has no checksums"});
    CHECK_FALSE(WeightFile::open(folder.write("none", index_of({}))).verified());
}

TEST_CASE("R13: a key chooses in a checkpoint of the older format too", "[cases]") {
    using namespace pickled;
    const ScratchFolder folder("weight_file_legacy_key");
    LegacyParts parts;
    parts.object = program(dict({text("net"), dict({text("w"), legacy_tensor()})}));
    const auto path = folder.write("x", parts.bytes());
    CHECK(WeightFile::open(path, {.key = "net"}).find("w") != nullptr);
    CHECK(fault_of([&] { WeightFile::open(path); }) == Fault::missing);
}
