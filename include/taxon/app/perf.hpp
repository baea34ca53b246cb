#pragma once
#include <chrono>
#include <ctime>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <taxon/app/benchmark_json.hpp>
#include <taxon/app/console.hpp>
#include <taxon/app/crew.hpp>
#include <taxon/app/measurement.hpp>
#include <taxon/app/options.hpp>
#include <taxon/app/picture_tensor.hpp>
#include <taxon/app/weights.hpp>
#include <taxon/io/synthetic_weights.hpp>
#include <vector>

namespace taxon::app {

struct PerfOptions {
    ModelOptions model;
    ReportOptions report;
    int batch = 1;
    std::optional<int> threads;
    std::optional<std::size_t> iterations;
    double duration = 2, warmup = .5;  // seconds
    std::string compare;
    bool end_to_end = false;
    std::vector<std::string> inputs;
};

inline CLI::App* add_perf(CLI::App& program, const Family& family, PerfOptions& options) {
    auto* verb = program.add_subcommand("perf", "Measure speed and memory");
    add_model_options(*verb, family, options.model);
    add_batch_option(*verb, options.batch, "Pictures of one run, 1 to 256");
    add_threads_option(*verb, options.threads,
                       "Threads that share a batch's pictures. Default: 1 for a batch of 1, else what affinity and cgroup quota allow, one a picture at most");
    auto* iterations = verb->add_option("--iterations", options.iterations, "Measure this many runs instead of a duration")->check(CLI::Range(std::size_t{1}, std::size_t{100'000'000}))->type_name("N");
    verb->add_option("--duration", options.duration, "Measure for this many seconds, at least one run")->check(CLI::Range(0., 86400.))->type_name("S")
        ->capture_default_str()->excludes(iterations);
    verb->add_option("--warmup", options.warmup, "Run this many seconds before measuring")->check(CLI::Range(0., 3600.))->type_name("S")->capture_default_str();
    verb->add_option("--compare", options.compare, "Print the ratio of each figure to those of an earlier --json FILE")->type_name("FILE");
    verb->add_flag("--end-to-end", options.end_to_end, "Time picture file to answer, over the pictures given, instead of prepared tensor to raw result");
    verb->add_option("input", options.inputs, "Pictures or folders of them, only with --end-to-end")->type_name("PICTURE");
    add_report_options(*verb, options.report);
    return verb;
}

namespace detail {

inline double milliseconds_since(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
}

inline double processor_milliseconds() {
    timespec used{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    return static_cast<double>(used.tv_sec) * 1e3 + static_cast<double>(used.tv_nsec) * 1e-6;
}

/// How many threads, and who said so. Throws Fault::usage if there are more threads than pictures to share.
inline std::pair<int, std::string> perf_threads(const PerfOptions& options) {
    if (options.threads && *options.threads > 1 && options.batch == 1)
        throw Error(Fault::usage, {.place = "--threads", .found = std::to_string(*options.threads) + " for a batch of 1", .wanted = "1",
                                   .remedy = "one picture is not split over threads yet: raise --batch, or run several programs"});
    if (options.threads && *options.threads > options.batch)
        throw Error(Fault::usage, {.place = "--threads", .found = fmt::format("{} threads for {} pictures", *options.threads, options.batch),
                                   .wanted = "at most one thread a picture"});
    if (options.threads) return {*options.threads, "as asked"};
    if (options.batch == 1) return {1, "one picture is not split"};
    return {std::min(usable_processors(), options.batch), "as affinity and quota allow"};
}

/// Runs a batch with its pictures split evenly over threads, each with memory of its own.
class SplitBatch {
  public:
    SplitBatch(const Network& network, const Offer& offer, int batch, Crew& crew)
        : network_(network), crew_(crew), batch_(static_cast<std::size_t>(batch)), input_(static_cast<std::size_t>(offer.input.size())),
          output_(static_cast<std::size_t>(offer.output.size())) {
        for (int worker = 0; worker < crew.size(); ++worker) scratches_.push_back(network.scratch());
    }

    std::size_t inputs() const { return batch_ * input_; }
    std::size_t outputs() const { return batch_ * output_; }

    void run(std::span<const float> pictures, std::span<float> answers) {
        const auto share = [&](int worker) {
            const auto first = batch_ * static_cast<std::size_t>(worker) / scratches_.size();
            const auto count = batch_ * (static_cast<std::size_t>(worker) + 1) / scratches_.size() - first;
            network_.run(pictures.subspan(first * input_, count * input_), answers.subspan(first * output_, count * output_),
                         *scratches_[static_cast<std::size_t>(worker)]);
        };
        if (crew_.size() == 1) share(0);
        else crew_.run(share);
    }

    /// Reads and prepares a batch's pictures, then runs it.
    void run_files(const std::vector<std::filesystem::path>& files, const Offer& offer, std::size_t first, std::span<float> pictures, std::span<float> answers) {
        crew_.run([&](int worker) {
            for (auto i = static_cast<std::size_t>(worker); i < batch_; i += scratches_.size())
                read_tensor(network_, offer, files[(first + i) % files.size()], pictures.subspan(i * input_, input_));
        });
        run(pictures, answers);
    }

  private:
    const Network& network_;
    Crew& crew_;
    std::size_t batch_, input_, output_;
    std::vector<std::unique_ptr<Network::Scratch>> scratches_;
};

/// Repeats `once` for the warm-up, then measures it.
template <class Once>
void measure(const PerfOptions& options, Once once, Measurement& m) {
    using Clock = std::chrono::steady_clock;
    auto start = Clock::now();
    once();
    m.first_ms += milliseconds_since(start);
    for (start = Clock::now(); milliseconds_since(start) < options.warmup * 1e3;) once();
    m.peak_bytes = peak_memory_bytes();  // before the list of times, which is ours and not the network's, grows

    std::vector<double> times;
    if (options.iterations) times.reserve(std::min<std::size_t>(*options.iterations, 1u << 20));
    const auto done = [&] { return options.iterations ? times.size() >= *options.iterations : !times.empty() && milliseconds_since(start) >= options.duration * 1e3; };
    const double processor = processor_milliseconds();
    for (start = Clock::now(); !done();) {
        const auto before = Clock::now();
        once();
        times.push_back(milliseconds_since(before));
    }
    const double wall = milliseconds_since(start), runs = static_cast<double>(times.size());
    m.cpu_ms = (processor_milliseconds() - processor) / runs;
    m.samples_per_second = runs * options.batch / (wall * 1e-3);
    m.latency = Latency::of(std::move(times));
}

inline Measurement measured(const Family& family, const PerfOptions& options, const std::vector<std::filesystem::path>& files) {
    const Offer& offer = options.model.choose(family);
    const auto [threads, threads_from] = perf_threads(options);

    auto start = std::chrono::steady_clock::now();
    const auto network = offer.load(*open_weights(family, offer, options.model.weights), options.model.settings());
    Measurement m{.name = fmt::format("{}_{}/{}/batch:{}/threads:{}{}", family.name, offer.variant, offer.precision, options.batch, threads,
                                      options.end_to_end ? "/end_to_end" : ""),
                  .description = description_of(family, offer, network->isa()), .batch = options.batch, .threads = threads, .threads_from = threads_from,
                  .isa = std::string(network->isa()), .latency = {}, .load_ms = milliseconds_since(start), .parameters = offer.parameter_count,
                  .flops = offer.flops, .weights_bytes = offer.packed_bytes, .arena_bytes = offer.arena_bytes};

    Crew crew(threads);
    start = std::chrono::steady_clock::now();
    SplitBatch batch(*network, offer, options.batch, crew);
    m.first_ms = milliseconds_since(start);
    auto pictures = options.end_to_end ? std::vector<float>(batch.inputs()) : io::synthetic_input("", "input", batch.inputs());
    std::vector<float> answers(batch.outputs());
    if (options.end_to_end) {
        std::size_t next = 0;
        measure(options, [&] {
            batch.run_files(files, offer, next, pictures, answers);
            next = (next + static_cast<std::size_t>(options.batch)) % files.size();
        }, m);
    } else {
        measure(options, [&] { batch.run(pictures, answers); }, m);
    }
    return m;
}

}  // namespace detail

/// The verb `perf`. Returns the exit code.
inline int run_perf(const Family& family, const PerfOptions& options, const std::string& executable, Console& console) {
    require_writable("--json", options.report.json);
    if (options.end_to_end == options.inputs.empty())
        throw Error(Fault::usage, {.place = "--end-to-end", .found = options.end_to_end ? "no picture" : "pictures without --end-to-end",
                                   .remedy = "perf --end-to-end PICTURE… times picture file to answer; without both, prepared tensor to raw result"});
    const auto earlier = options.compare.empty() ? Json() : read_json(options.compare);
    const auto files = picture_files(options.inputs);

    const Measurement m = detail::measured(family, options, files);
    const Json json = benchmark_json(m, executable);
    std::string text = readable(m);
    if (!options.compare.empty()) {
        const Json& there = benchmark_of(earlier, m.name, options.compare);
        text += readable(compare(json.at("benchmarks").at(0), there, options.compare), json_field<std::string>(there, "name", options.compare));
    }
    if (!options.report.json.empty()) write_json(options.report.json, json);
    if (!options.report.quiet) console.out << text;
    return 0;
}

}  // namespace taxon::app
