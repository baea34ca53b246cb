// Command lines: of each kind of program, up to the run of a verb.
#include <taxon/app/program/run_program.hpp>

#include <algorithm>
#include <memory>
#include <sstream>

#include "fuzz/target.hpp"

namespace taxon::app {

// Of the programs' own definitions.
Verbs classifier_verbs();
Verbs detector_verbs();
Verbs text_verbs(const Family&);

}  // namespace taxon::app

namespace taxon::fuzz {
namespace {

/// A verb that takes its options and does nothing.
class Stopped final : public app::Verb {
  public:
    explicit Stopped(std::unique_ptr<app::Verb> verb) : verb_(std::move(verb)) {}
    CLI::App* add(CLI::App& program, const app::Family& family) override { return verb_->add(program, family); }
    int run(const app::Program&, app::Console&) const override { return 0; }

  private:
    std::unique_ptr<app::Verb> verb_;
};

constexpr app::ModelEntry entries[] = {
    {.variant = "small", .precision = "force_float32", .backend = "cpu", .execution = "fused", .size = "640"},
    {.variant = "large", .precision = "qint8_mixed_float32", .backend = "cpu", .execution = "fused", .size = "320"}};

app::Verbs verbs_over_texts() { return app::text_verbs({.name = "family", .entries = entries}); }

/// The words of a command line are the parts of the text between NULs. It ends with 0 or 2, and with a line of error.
template <app::Verbs verbs_of_kind()>
std::size_t parse(std::span<const std::byte> bytes) {
    std::vector<std::string> words{"program"};
    for (std::string_view rest = text_of(bytes); !rest.empty();) {
        const std::size_t end = std::min(rest.find('\0'), rest.size());
        words.emplace_back(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    std::vector<const char*> pointers;
    for (const std::string& word : words) pointers.push_back(word.c_str());
    pointers.push_back(nullptr);

    app::Verbs verbs = verbs_of_kind();
    for (auto& verb : verbs) verb = std::make_unique<Stopped>(std::move(verb));
    std::ostringstream out, err;
    app::Console console{out, err};
    const app::Family family{.name = "family", .entries = entries, .embedded_variant = "small"};
    const int code =
        app::run_program(static_cast<int>(words.size()), pointers.data(), family, {"Programs", {}}, verbs, console);
    const std::string line = err.str();
    hold(code == 0 ? line.empty() : code == 2 && std::count(line.begin(), line.end(), '\n') == 1);
    hold(line.size() < error_line_bytes + 100);
    return 0;
}

template <class... Word>
std::string line(const Word&... words) {
    std::string all;
    ((all.append(words), all.push_back('\0')), ...);
    return all;
}

/// Options of each type, the verbs, and values on the edge of what is allowed.
const std::vector<std::string> words{"--help",
                                     "--version",
                                     "--variant",
                                     "--weights",
                                     "--weights-key",
                                     "--size",
                                     "--batch",
                                     "--threads",
                                     "--limit",
                                     "--shard",
                                     "--json",
                                     "--quiet",
                                     "--no-exif",
                                     "--max-pixels",
                                     "--tensor",
                                     "--percentile",
                                     "--calibration-method",
                                     "--isa",
                                     "--confidence",
                                     "--profile",
                                     "--sequence",
                                     "--task",
                                     "--level",
                                     "--max-drop",
                                     "--duration",
                                     "merge",
                                     "infer",
                                     "eval",
                                     "perf",
                                     "gen",
                                     "verify",
                                     "convert",
                                     "describe",
                                     "inspect",
                                     "tokenize",
                                     "synthetic@1e400",
                                     "1:8",
                                     "0/1",
                                     "nan",
                                     "-1",
                                     "99999999999999999999",
                                     "=",
                                     "--"};

}  // namespace

std::vector<Target> command_line_targets() {
    return {{"classifier_line", parse<app::classifier_verbs>,
             [] {
                 return std::vector<std::string>{
                     line("infer", "--variant", "small", "--weights", "model.pth", "dog.jpg", "--top", "3"),
                     line("gen", "--output", "a.taxon", "--level", "O2", "--max-drop", "0.5", "--batch=1:8"),
                     line("eval", "merge", "a.json", "b.json"), line("perf", "--duration=0.5", "--threads", "2")};
             },
             words},
            {"detector_line", parse<app::detector_verbs>,
             [] {
                 return std::vector<std::string>{
                     line("infer", "--size", "320", "--confidence", "0.5", "--no-exif", "street.jpg"),
                     line("eval", "--dataset", "val/", "--annotations", "a.json", "--shard", "0/2", "--per-class"),
                     line("describe", "--plan", "--json", "-")};
             },
             words},
            {"text_line", parse<verbs_over_texts>,
             [] {
                 return std::vector<std::string>{
                     line("infer", "--text", "a film", "--text-pair", "", "--sequence", "64"),
                     line("tokenize", "--vocab", "model/", "dev.tsv", "--output-dir", "tokens/", "--lower-case"),
                     line("gen", "--weights", "m", "--sequence", "3:128", "--output", "m.taxon")};
             },
             words}};
}

}  // namespace taxon::fuzz
