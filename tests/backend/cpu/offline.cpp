#include <taxon/backend/cpu/offline.hpp>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <iterator>
#include <limits>
#include <sstream>
#include <taxon/backend/reference/reference.hpp>
#include <taxon/model.hpp>
#include <thread>

#include "backend/step_by_step.hpp"
#include "eval/scratch_folder.hpp"
#include "networks.hpp"

using namespace taxon;

namespace {

const io::SyntheticWeights weights("offline");

/// Two layers, so that a file is small enough to damage every byte of it.
struct Small {
    static constexpr Shape input{3, 5, 4};
    static constexpr void trace(Tracer& tracer) {
        Sequential<Conv2d<3, 9, 3>, ReLU, Conv2d<9, 10, 1>, GlobalAveragePool>::trace(tracer);
    }
};

/// Sixteen megabytes of weights.
struct Large {
    static constexpr Shape input{1024};
    static constexpr void trace(Tracer& tracer) { Sequential<Linear<1024, 4096>>::trace(tracer); }
};

template <class M>
std::vector<float> sample() {
    return io::synthetic_input("offline", "input", static_cast<std::size_t>(M::input_shape.size()));
}

template <class M>
M bound(cpu::Options options = {}) {
    if constexpr (M::Precision::data_types.quantized())
        return M::load(weights, ranges_of(M::graph, weights, sample<M>(), M::input_shape.width), options);
    else return M::load(weights, options);
}

std::string bytes_of(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// The same answers from a file on every instruction set, and the same file from every instruction set.
template <class M>
void check_round_trip(const std::string& name) {
    INFO(name);
    const ScratchFolder folder("offline_" + name);
    const auto sets = instruction_sets(M::Precision::data_types);
    const auto input = sample<M>();
    for (const auto isa : sets) bound<M>({.isa = isa}).save(folder.path() / cpu::name_of(isa));
    const std::string first = bytes_of(folder.path() / "portable");
    CHECK(first.size() > static_cast<std::size_t>(M::packed_bytes));
    for (const auto isa : sets) {
        INFO(cpu::name_of(isa));
        CHECK(bytes_of(folder.path() / cpu::name_of(isa)) == first);
        const auto expected = bound<M>({.isa = isa})(input);
        CHECK(same_bytes(M::open(folder.path() / "portable", {.isa = isa})(input), expected));
    }
    const auto opened = M::open(folder.path() / "portable");
    opened.save(folder.path() / "again");
    CHECK(bytes_of(folder.path() / "again") == first);
}

/// The process's memory of a kind, in bytes: "Anonymous" is memory without a file.
long memory_of_process(const std::string& kind) {
    std::ifstream file("/proc/self/smaps_rollup");
    for (std::string word; file >> word;)
        if (long kilobytes = 0; word == kind + ":" && file >> kilobytes) return 1024 * kilobytes;
    return -1;
}

/// The file that an address is mapped from; empty if it is none.
std::string mapped_file(const void* address) {
    std::ifstream file("/proc/self/maps");
    for (std::string line; std::getline(file, line);) {
        std::istringstream words(line);
        std::uintptr_t first = 0, last = 0;
        char dash = 0;
        words >> std::hex >> first >> dash >> last;
        const auto at = reinterpret_cast<std::uintptr_t>(address);
        if (at >= first && at < last) return line.find('/') == line.npos ? "" : line.substr(line.find('/'));
    }
    return "";
}

using SmallFloats = Model<Small>;

}  // namespace

TEST_CASE("an offline file gives the answers of the weights that it was made of, on every instruction set") {
    check_round_trip<Model<networks::Gates>>("float32");
    check_round_trip<Model<networks::Gates, precision::BFloat16>>("bfloat16");
    check_round_trip<Model<networks::Gates, precision::QInt8MixedFloat16>>("qint8");
}

TEST_CASE("F06: an offline file of another type is refused, saying what both are") {
    const ScratchFolder folder("offline_types");
    const auto path = folder.path() / "small";
    SmallFloats::load(weights).save(path);
    const auto refusal = [&](auto open) {
        const Error error = error_of([&] { open(); });
        CHECK(error.fault() == Fault::mismatch);
        CHECK(error.facts().file == path.string());
        CHECK(error.facts().found == summary_of(SmallFloats::graph, SmallFloats::Engine::plan));
        CHECK(error.facts().wanted != error.facts().found);
        CHECK_FALSE(error.facts().remedy.empty());
        return error.facts().wanted;
    };
    CHECK(refusal([&] { Model<Small, precision::BFloat16>::open(path); }).find("values of bfloat16") !=
          std::string::npos);
    CHECK(refusal([&] { Model<Small, precision::QInt8MixedFloat32>::open(path); }).find("values of uint8") !=
          std::string::npos);
    CHECK(refusal([&] { Model<Large>::open(path); }).find("4198400 parameters") != std::string::npos);
    CHECK(error_of([&] { SmallFloats::open(folder.path() / "none"); }).fault() == Fault::io);
    CHECK_NOTHROW(SmallFloats::open(path));
    CHECK_NOTHROW(Model<Small, shape::Mutable<1, 4>>::open(path));  // a batch makes no other weights
}

TEST_CASE("F01, F02: a damaged byte of an offline file is found before it is used") {
    using M = Model<Small, precision::QInt8MixedFloat32>;
    const ScratchFolder folder("offline_damage");
    const auto path = folder.path() / "small";
    const auto input = sample<M>();
    bound<M>().save(path);
    const auto expected = M::open(path)(input);
    const std::string whole = bytes_of(path);
    std::size_t unopened = 0, unrun = 0, unfound = 0;
    for (std::size_t i = 0; i < whole.size(); ++i) {
        const char damaged = static_cast<char>(whole[i] ^ 1 << i % 8);
        std::fstream(path, std::ios::binary | std::ios::in | std::ios::out)
            .seekp(static_cast<std::streamoff>(i))
            .put(damaged);
        try {
            const M model = M::open(path);
            try {
                model(input), ++unfound;
            } catch (const Error& error) {
                CHECK(error.facts().file == path.string());
                ++unrun;
            }
            CHECK_THROWS_AS(io::OfflineFile::open(path).check(), Error);
        } catch (const Error&) { ++unopened; }
        std::fstream(path, std::ios::binary | std::ios::in | std::ios::out)
            .seekp(static_cast<std::streamoff>(i))
            .put(whole[i]);
    }
    CHECK(unfound == 0);
    CHECK(unrun >= static_cast<std::size_t>(M::Engine::plan.weight_bytes));
    CHECK(unopened + unrun == whole.size());
    CHECK(same_bytes(M::open(path)(input), expected));

    for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{39}, std::size_t{40}, std::size_t{100},
                                   whole.size() / 2, whole.size() - 1}) {
        INFO("cut to " << size << " bytes");
        folder.write("cut", whole.substr(0, size));
        CHECK_THROWS_AS(M::open(folder.path() / "cut"), Error);
    }
}

TEST_CASE("a file whose checksums are right but whose contents are not is refused when it is opened") {
    using M = Model<Small, precision::QInt8MixedFloat32>;
    const ScratchFolder folder("offline_crafted");
    const M model = bound<M>();
    const auto write = [&](auto change) {
        const std::string summary = summary_of(M::graph, M::Engine::plan);
        cpu::Packed packed = model.engine().packed();
        change(packed.quantization);
        auto sections = cpu::sections_of(packed, summary);
        const auto path = folder.path() / "crafted";
        io::OfflineWriter::write(path, fingerprint_of(M::graph, M::Engine::plan), sections);
        return path;
    };
    const auto refusal = [&](auto change) {
        const auto path = write(change);
        const Error error = error_of([&] { M::open(path); });
        CHECK(error.facts().file == path.string());
        return error.fault();
    };
    CHECK_NOTHROW(M::open(write([](auto&) {})));
    const auto input = static_cast<std::size_t>(M::Engine::plan.slot(0).buffer);
    const float not_a_number = std::numeric_limits<float>::quiet_NaN();
    CHECK(refusal([&](auto& all) { all[input].scale = not_a_number; }) == Fault::value);
    CHECK(refusal([&](auto& all) { all[input].scale = -all[input].scale; }) == Fault::value);
    CHECK(refusal([&](auto& all) { all[input].inverse_scale *= 2; }) == Fault::value);
    CHECK(refusal([&](auto& all) { all[input].zero_point = 1e30f; }) == Fault::value);
    CHECK(refusal([&](auto& all) { all[input].zero_point += .5f; }) == Fault::value);
    CHECK(refusal([&](auto& all) { all.pop_back(); }) == Fault::shape);
}

TEST_CASE("A8: biases that are not finite are refused when the file is opened, right checksums or not", "[cases]") {
    const ScratchFolder folder("offline_biases");
    const auto model = SmallFloats::load(weights);
    const std::string summary = summary_of(SmallFloats::graph, SmallFloats::Engine::plan);
    for (const float bad : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(),
                            -std::numeric_limits<float>::infinity()}) {
        cpu::Packed packed = model.engine().packed();
        std::vector<float> biases(packed.biases.begin(), packed.biases.end());
        biases.back() = bad;
        packed.biases = biases;
        io::OfflineWriter::write(folder.path() / "x", fingerprint_of(SmallFloats::graph, SmallFloats::Engine::plan),
                                 cpu::sections_of(packed, summary));
        const Error error = error_of([&] { SmallFloats::open(folder.path() / "x"); });
        CHECK(error.fault() == Fault::value);
        CHECK(error.facts().place == "section 'biases', number " + std::to_string(biases.size() - 1));
    }
}

TEST_CASE("a file that ends with its weights is refused, for matrix tiles read a little beyond") {
    const ScratchFolder folder("offline_margin");
    const auto model = SmallFloats::load(weights);
    const std::string summary = summary_of(SmallFloats::graph, SmallFloats::Engine::plan);
    auto sections = cpu::sections_of(model.engine().packed(), summary);
    std::rotate(sections.begin(), sections.begin() + 1, sections.end());
    io::OfflineWriter::write(folder.path() / "x", fingerprint_of(SmallFloats::graph, SmallFloats::Engine::plan),
                             sections);
    CHECK(error_of([&] { SmallFloats::open(folder.path() / "x"); }).fault() == Fault::bounds);
}

TEST_CASE("damaged weights are found by every thread that runs an opened model first") {
    const ScratchFolder folder("offline_threads");
    const auto path = folder.path() / "model", damaged = folder.path() / "damaged";
    const auto model = SmallFloats::load(weights);
    model.save(path);
    std::string bytes = bytes_of(path);
    const auto packed = model.engine().packed().weights;
    const auto at = bytes.find(std::string(reinterpret_cast<const char*>(packed.data()), 64));
    REQUIRE(at != bytes.npos);
    bytes[at + 5] ^= 1;
    folder.write("damaged", bytes);
    const auto input = sample<SmallFloats>();
    const auto expected = model(input);
    for (int round = 0; round < 20; ++round) {
        const auto good = SmallFloats::open(path), bad = SmallFloats::open(damaged);
        std::atomic<int> ready = 0, same = 0, refused = 0;
        std::vector<std::thread> threads;
        for (int i = 0; i < 2; ++i)
            threads.emplace_back([&] {
                SmallFloats::Workspace workspace;
                std::vector<float> output(expected.size());
                for (++ready; ready < 2;) {}
                good(input, output, workspace);
                same += same_bytes(output, expected);
                try {
                    bad(input, output, workspace);
                } catch (const Error& error) { refused += error.fault() == Fault::checksum; }
            });
        for (auto& thread : threads) thread.join();
        CHECK(same == 2);
        CHECK(refused == 2);
    }
}

TEST_CASE("F09: opening an offline file copies no weights, and what is open survives the file's end") {
    using M = Model<Large>;
    const ScratchFolder folder("offline_large");
    const auto path = folder.path() / "large";
    const auto input = sample<M>();
    std::vector<float> expected(4096), output(4096);
    {
        const auto model = M::load(weights);
        M::Workspace workspace;
        model(input, expected, workspace);
        model.save(path);
    }
    M::Workspace workspace;
    const long before = memory_of_process("Anonymous");
    const auto model = M::open(path, {.threads = 1});
    CHECK(mapped_file(model.engine().packed().weights.data()) == path.string());
    std::filesystem::remove(path);
    model(input, output, workspace);
    CHECK(same_bytes(output, expected));
    if (before >= 0) CHECK(memory_of_process("Anonymous") - before < 1024 * 1024);
    else WARN("no /proc/self/smaps_rollup");
    CHECK(M::packed_bytes > 16 * 1024 * 1024);
}
