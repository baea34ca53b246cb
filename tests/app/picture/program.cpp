#include <taxon/app/console/console.hpp>
#include <taxon/app/console/json.hpp>
#include <taxon/app/console/version.hpp>
#include <taxon/app/picture/program.hpp>
#include <taxon/backend/cpu/isa.hpp>

#include "app/program.hpp"
#include "catch.hpp"

#include <array>
#include <cmath>
#include <csignal>
#include <limits>
#include <map>
#include <sstream>

using namespace taxon;
using namespace taxon::app;

namespace {

constexpr Shape input{3, 2, 2}, output{6};

/// Class c is best where the first red is 10 c.
class NearestTen : public AnyModel {
  public:
    explicit NearestTen(std::string isa, bool broken) : isa_(std::move(isa)), broken_(broken) {}
    GraphView graph() const override { return {}; }
    PlanView plan() const override { return {}; }
    std::unique_ptr<Workspace> make_workspace() const override { return std::make_unique<Workspace>(); }
    Workspace& thread_workspace() const override { throw std::logic_error("each run brings its own"); }
    void preprocess(const Image& picture, PixelTarget target) const override {
        for (int y = 0; y < 2; ++y)
            for (int x = 0; x < 2; ++x)
                for (int c = 0; c < 3; ++c) target(y, x, c) = picture.pixels[static_cast<std::size_t>(c)];
    }
    void run(std::span<const float> pictures, std::span<float> outputs, Workspace&, int,
             std::span<const int>) const override {
        for (std::size_t i = 0; i < pictures.size(); i += 12)
            if (pictures[i] == 251) std::raise(SIGINT);
        if (pictures.size() / 12 != outputs.size() / 6) throw std::logic_error("as many results as pictures");
        for (std::size_t i = 0; i < outputs.size(); ++i)
            outputs[i] = broken_ ? std::numeric_limits<float>::quiet_NaN()
                                 : -std::fabs(pictures[i / 6 * 12] - 10 * static_cast<float>(i % 6)) / 10;
    }
    void run_ports(std::span<const InputSpan>, std::span<const OutputSpan>, Workspace&, int) const override {
        throw std::logic_error("its input and output have no names");
    }
    std::string_view isa() const override { return isa_; }
    void walk(std::span<const float> picture, Workspace&, const LayerVisitor& see) const override {
        see({0, "features.0", input, picture});
        const std::array<float, 4> middle{1, 2, 3, 4};
        see({1, "features/1", {1, 2, 2}, middle});
    }
    void save(const std::filesystem::path&, std::span<const io::OfflineSection>) const override {
        throw std::logic_error("nothing to save");
    }

  private:
    std::string isa_;
    bool broken_;
};

/// Binds strictly: "weight" of (2, 3), and the whole number "count".
void bind(const WeightSource& weights) {
    const Dimensions wanted{2, 3};
    for (const auto name : weights.names())
        if (name != "weight" && name != "count")
            throw Error(Fault::unused, {.file = weights.origin(), .place = "tensor '" + std::string(name) + "'"});
    if (weights.shape_of("weight", wanted) != wanted)
        throw Error(Fault::missing, {.file = weights.origin(), .place = "tensor 'weight'"});
    std::vector<float> numbers(6);
    weights.read("weight", wanted, numbers);
}

template <bool Broken>
std::unique_ptr<AnyModel> load(const WeightSource& weights, const quantize::Ranges&, const Settings& settings) {
    if (settings.isa == "avx512")
        throw Error(Fault::unsupported, {.place = "--isa avx512", .found = "a machine without it"});
    bind(weights);
    return std::make_unique<NearestTen>(settings.isa == "auto" ? "portable" : settings.isa, Broken);
}

constexpr ModelEntry entry(std::string_view variant, std::string_view backend, std::string_view execution,
                           bool by_layer, decltype(ModelEntry::load) load) {
    return {.variant = variant,
            .precision = "force_float32",
            .backend = backend,
            .execution = execution,
            .preprocess = "none",
            .input = input,
            .output = output,
            .parameter_count = 6,
            .flops = 12,
            .packed_bytes = 24,
            .by_layer = by_layer,
            .plan = {.steps = {}, .slots = {}, .buffers = {}, .outputs = {}, .arena_bytes = 2048},
            .load = load};
}

constexpr ModelEntry entries[] = {
    entry("plain", "cpu", "fused", false, load<false>), entry("plain", "cpu", "layer_by_layer", true, load<false>),
    entry("plain", "reference", "layer_by_layer", true, load<false>),
    entry("nameless", "cpu", "fused", false, load<false>), entry("broken", "cpu", "fused", false, load<true>)};

/// safetensors: "weight", six floats.
std::string embedded_file() {
    std::string header = R"({"weight":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]}})";
    header.resize((header.size() + 7) / 8 * 8, ' ');
    std::string file(8, '\0');
    file[0] = static_cast<char>(header.size());
    return file + header + std::string(24, '\0');
}

}  // namespace

Outcome run_program(const std::vector<std::string>& arguments, bool on_terminal) {
    static const std::string embedded = embedded_file();
    static constexpr std::string_view labels[] = {"nought", "ten", "twenty", "thirty", "forty", "fif\nty"};
    const Family family{.name = "tens",
                        .entries = entries,
                        .embedded = std::as_bytes(std::span(embedded)),
                        .embedded_variant = "plain",
                        .embedded_labels = labels};
    std::vector<const char*> argv{"/usr/bin/tens"};
    for (const auto& argument : arguments) argv.push_back(argument.c_str());
    argv.push_back(nullptr);
    std::ostringstream out, err;
    const int code = classifier_main(static_cast<int>(argv.size()) - 1, argv.data(), family,
                                     Console{out, err, on_terminal, on_terminal});
    return {code, out.str(), err.str()};
}

TEST_CASE("help explains every verb, option and default") {
    const auto all = run_program({"--help"});
    CHECK(all.code == 0);
    CHECK(all.err.empty());
    std::string unwrapped, word;
    for (std::istringstream text(all.out); text >> word;) unwrapped += word + " ";
    for (const char* part : {"infer",
                             "eval",
                             "merge",
                             "perf",
                             "convert",
                             "gen",
                             "verify",
                             "--calibration-dir",
                             "Examples:",
                             "Exit codes:",
                             "--dump-input",
                             "--shard",
                             "--warmup",
                             "--half",
                             "(default: plain)",
                             "(default: force_float32)",
                             "(default: cpu)",
                             "(default: 0/1)",
                             "(default: 0.5)",
                             "TAXON_ISA",
                             "the built-in weights for plain"}) {
        INFO(part);
        CHECK(contains(unwrapped, part));
    }
    const auto verb = run_program({"perf", "--help"});
    CHECK(verb.code == 0);
    CHECK(contains(verb.out, "--compare"));
    CHECK_FALSE(contains(verb.out, "--dataset"));
}

TEST_CASE("no line of the help is longer than a wide terminal") {
    std::istringstream lines(run_program({"--help"}).out);
    for (std::string line; std::getline(lines, line);) CHECK(line.size() <= 124);
}

TEST_CASE("version") {
    const auto outcome = run_program({"--version"});
    CHECK(outcome.code == 0);
    CHECK(outcome.out.starts_with("tens (taxon " + std::string(taxon::version) + ", JPEG by "));
}

TEST_CASE("wrong use exits with 2 and one line that says what to do") {
    const std::map<std::string, std::vector<std::string>> cases{
        {"tens: A subcommand is required; see tens --help\n", {}},
        {"tens: unknown verb 'classify'; there are infer, eval, perf, profile, gen, verify, convert, export-onnx, "
         "describe, inspect, diff; see tens --help\n",
         {"classify", "x.jpg"}},
        {"see tens infer --help\n", {"infer", "--colour", "red"}},
        {"tens: unknown verb 'serve'; there are infer, ", {"serve", "--weights", "x"}},
        {"tens: --variant: [usage] found 'huge', which is not built into this program, wanted plain, nameless, broken; "
         "cmake -DTAXON_VARIANTS=\"plain;nameless;broken;huge\" adds it, if the project has it\n",
         {"infer", "x.jpg", "--variant", "huge"}},
        {"TAXON_PRECISIONS=\"force_float32;force_float16\"", {"infer", "x.jpg", "--precision", "force_float16"}},
        {"tens: --backend: [usage] found 'gpu', which is not built into this program, wanted cpu, reference\n",
         {"infer", "x.jpg", "--backend", "gpu"}},
        {"found a combination that is not built into this program, wanted one of: plain force_float32 cpu fused; ",
         {"infer", "x.jpg", "--backend", "reference", "--execution", "fused"}},
        {"--isa", {"infer", "x.jpg", "--isa", "sse"}},
        {"--isa avx512: [unsupported]", {"infer", "--input", "synthetic", "--isa", "avx512"}},
        {"tens: --weights: [usage] found nothing, wanted weights for variant broken; give a checkpoint, or 'synthetic' "
         "for generated "
         "numbers; "
         "only --variant plain has weights in this program\n",
         {"infer", "--input", "synthetic", "--variant", "broken"}},
        {"import_onnx runs .onnx files", {"infer", "--input", "synthetic", "--weights", "m.onnx"}}};
    for (const auto& [sentence, arguments] : cases) {
        const auto outcome = run_program(arguments);
        INFO(outcome.err);
        CHECK(outcome.code == 2);
        CHECK(outcome.out.empty());
        CHECK(contains(outcome.err, sentence));
        CHECK(std::count(outcome.err.begin(), outcome.err.end(), '\n') == 1);
    }
}

TEST_CASE("a refused file exits with 3 and names the file") {
    const TestFolder folder;
    write_text(folder.path() / "bad.pth", "this is no checkpoint");
    for (const auto& name : {"bad.pth", "missing.pth", "missing.taxon"}) {
        const auto outcome = run_program({"infer", "--input", "synthetic", "--weights", folder / name});
        CHECK(outcome.code == 3);
        CHECK(outcome.err.starts_with("tens: " + (folder / name)));
    }
}

TEST_CASE("TAXON_ISA is the default of --isa, and the option wins") {
    const TestFolder folder;
    const auto isa_with = [&](const std::vector<std::string>& more) {
        std::vector<std::string> arguments{"infer", "--input", "synthetic", "--json", folder / "a.json"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        REQUIRE(run_program(arguments).code == 0);
        return Json::parse(text_of(folder / "a.json")).at("isa").get<std::string>();
    };
    CHECK(isa_with({}) == "portable");
    const std::string other(cpu::name_of(cpu::all_isas[1]));  // the program's models have no kernels
    ::setenv("TAXON_ISA", other.c_str(), 1);
    CHECK(isa_with({}) == other);
    CHECK(isa_with({"--isa", "portable"}) == "portable");
    ::unsetenv("TAXON_ISA");
}
