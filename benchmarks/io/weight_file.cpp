// From a checkpoint on disk to packed weights: opening it (its structure, and the checksums of a .pth), reading all
// tensors as float32, and binding a network to it. The files are generated, and lie in the system's cache.
#include <benchmark/benchmark.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <taxon/backend/cpu/pack.hpp>
#include <taxon/plan/planner.hpp>
#include <taxon/io/safetensors_writer.hpp>
#include <taxon/io/synthetic_weights.hpp>
#include <taxon/io/weight_file.hpp>
#include <taxon/zoo/mobilenet_v3.hpp>
#include <taxon/zoo/resnet.hpp>
#include <taxon/io/byte_reader.hpp>

#include "io/checkpoint_writer.hpp"
#include "stopwatch.hpp"

namespace {

using namespace taxon;

/// Removed with everything in it.
class TemporaryFolder {
  public:
    TemporaryFolder()
        : path_(std::filesystem::temp_directory_path() / ("taxon_benchmark_" + std::to_string(getpid()))) {
        std::filesystem::create_directory(path_);
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    ~TemporaryFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    const std::filesystem::path& path() const { return path_; }

  private:
    std::filesystem::path path_;
};

/// A network's generated parameters.
struct Checkpoint {
    std::vector<std::vector<float>> numbers;
    std::vector<io::StoredTensor> tensors;

    explicit Checkpoint(GraphView graph) {
        const io::SyntheticWeights weights;
        for (const Parameter& parameter : graph.parameters) {
            if (parameter.role == Role::ignored) continue;
            const Dimensions shape(parameter.shape.begin(), parameter.shape.begin() + parameter.rank);
            std::vector<float>& values = numbers.emplace_back(static_cast<std::size_t>(parameter.count()));
            weights.read(graph.name(parameter), shape, values);
            tensors.push_back(
                {std::string(graph.name(parameter)), Element::float32, shape, std::as_bytes(std::span(values))});
        }
    }

    void write_safetensors(const std::filesystem::path& path) const { io::write_safetensors(path, tensors); }

    /// As torch.save writes a state dict: one storage per tensor.
    void write_pth(const std::filesystem::path& path) const {
        using namespace test::pickled;
        std::vector<std::string> entries;
        std::map<std::string, std::string> storages;
        for (std::size_t i = 0; i < tensors.size(); ++i) {
            const Dimensions& shape = tensors[i].shape;
            std::vector<std::string> sizes, strides;
            for (std::size_t axis = 0; axis < shape.size(); ++axis) {
                sizes.push_back(integer(shape[axis]));
                strides.push_back(
                    integer(static_cast<std::int64_t>(io::element_count(std::span(shape).subspan(axis + 1)))));
            }
            const std::string key = std::to_string(i);
            entries.push_back(text(tensors[i].name));
            entries.push_back(rebuild(storage(key, static_cast<std::int64_t>(numbers[i].size())), integer(0),
                                      tuple(sizes), tuple(strides)));
            storages[key] = io::as_text(tensors[i].bytes);
        }
        std::ofstream(path, std::ios::binary)
            << test::zip_of(test::zip_parts(program(ordered_dict(entries)), storages)).bytes;
    }
};

/// Runs `work` on a file, in bytes per second.
void measure(benchmark::State& state, const std::filesystem::path& path, void (*work)(const std::filesystem::path&)) {
    benchmarks::Stopwatch watch;
    for (auto _ : state) watch.time([&] { work(path); });
    state.counters["least_ms"] = watch.least() * 1e3;
    state.counters["file_GB/s"] = static_cast<double>(std::filesystem::file_size(path)) / watch.least() / 1e9;
}

void open(const std::filesystem::path& path) { benchmark::DoNotOptimize(io::WeightFile::open(path)); }

void read(const std::filesystem::path& path) {
    const auto file = io::WeightFile::open(path);
    std::vector<float> floats;
    for (const io::StoredTensor& tensor : file.tensors()) {
        floats.resize(io::element_count(tensor.shape));
        file.read(tensor.name, tensor.shape, floats);
        benchmark::DoNotOptimize(floats.data());
    }
}

template <Architecture A>
void bind(const std::filesystem::path& path) {
    const auto file = io::WeightFile::open(path);
    benchmark::DoNotOptimize(cpu::pack(graph_of<A>, plan_of<A>, Parameters(graph_of<A>, file)));
}

template <Architecture A>
void add(const std::filesystem::path& folder, const std::string& name) {
    const Checkpoint checkpoint(graph_of<A>);
    const auto safetensors = folder / (name + ".safetensors"), pth = folder / (name + ".pth");
    checkpoint.write_safetensors(safetensors);
    checkpoint.write_pth(pth);
    for (const auto& path : {safetensors, pth}) {
        const std::string file = "/" + path.filename().string();
        benchmark::RegisterBenchmark(("open" + file).c_str(), measure, path, open)->Unit(benchmark::kMillisecond);
        benchmark::RegisterBenchmark(("read" + file).c_str(), measure, path, read)->Unit(benchmark::kMillisecond);
        benchmark::RegisterBenchmark(("bind" + file).c_str(), measure, path, bind<A>)->Unit(benchmark::kMillisecond);
    }
}

}  // namespace

int main(int argc, char** argv) {
    try {
        benchmark::Initialize(&argc, argv);
        if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
        const TemporaryFolder folder;
        add<zoo::MobileNetV3Small<>>(folder.path(), "mobilenet_v3_small");
        add<zoo::ResNet50<>>(folder.path(), "resnet50");
        benchmark::RunSpecifiedBenchmarks();
        benchmark::Shutdown();
        return 0;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
}
