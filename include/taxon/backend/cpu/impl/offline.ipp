#pragma once
#include <atomic>
#include <cmath>
#include <string>

namespace taxon {
namespace cpu {
namespace offline {

inline constexpr std::string_view weights = "weights", biases = "biases", conversions = "conversions",
                                  summary = "summary", more_words = "more_words";

/// Weights in a mapped file, verified against their checksum before first use.
class Memory final : public PackedMemory {
  public:
    explicit Memory(std::shared_ptr<const io::OfflineFile> file) : file_(std::move(file)) {}
    void check() const override {
        if (checked_.load(std::memory_order_acquire)) return;
        file_->section(weights);
        checked_.store(true, std::memory_order_release);
    }

  private:
    std::shared_ptr<const io::OfflineFile> file_;
    mutable std::atomic<bool> checked_ = false;
};

/// The numbers of a section. Throws Fault::shape unless there are as many as wanted.
template <class T>
std::span<const T> numbers(const io::OfflineFile& file, std::string_view name, std::span<const std::byte> bytes,
                           std::size_t wanted) {
    if (bytes.size() != wanted * sizeof(T))
        throw Error(Fault::shape, {.file = file.path().string(),
                                   .place = "section '" + std::string(name) + "'",
                                   .found = std::to_string(bytes.size()) + " bytes",
                                   .wanted = std::to_string(wanted * sizeof(T))});
    return {reinterpret_cast<const T*>(bytes.data()), wanted};
}

/// Quantization parameters of every buffer. Throws Fault::value for anything that `pack` would not have written.
inline std::vector<QuantizationParameters> quantization_in(const io::OfflineFile& file, PlanView plan) {
    const auto stored =
        numbers<QuantizationParameters>(file, conversions, file.section(conversions), plan.buffers.size());
    for (std::size_t i = 0; i < stored.size(); ++i) {
        const auto [step, inverse, zero] = stored[i];
        const Element element = plan.buffers[i].view.element;
        const float least = element == Element::uint8 ? 0 : -4095, most = element == Element::uint8 ? 255 : 4095;
        const bool sound =
            !is_integer(element) || (step > 0 && std::isfinite(step) && inverse == 1 / step && std::isfinite(inverse) &&
                                     zero >= least && zero <= most && zero == std::nearbyint(zero));
        if (!sound)
            throw Error(Fault::value, {.file = file.path().string(),
                                       .place = "section 'conversions'",
                                       .found = "buffer " + std::to_string(i) + " with a step of " +
                                                std::to_string(step) + " and its zero at " + std::to_string(zero),
                                       .wanted = "a finite step above 0 and a zero among the integers",
                                       .remedy = "write the file again"});
    }
    return {stored.begin(), stored.end()};
}

/// The biases. Throws Fault::value for one that is not finite, which `pack` would not have written.
inline std::span<const float> biases_in(const io::OfflineFile& file, PlanView plan) {
    const auto stored = numbers<float>(file, biases, file.section(biases), static_cast<std::size_t>(plan.bias_count));
    for (std::size_t i = 0; i < stored.size(); ++i)
        if (!std::isfinite(stored[i]))
            throw Error(Fault::value, {.file = file.path().string(),
                                       .place = "section 'biases', number " + std::to_string(i),
                                       .found = std::to_string(stored[i]),
                                       .wanted = "a finite number",
                                       .remedy = "write the file again"});
    return stored;
}

/// The rows of word embeddings that the plan has no place for. Throws Fault::shape unless they are whole rows of a plan
/// that has such embeddings.
inline std::span<const std::byte> more_words_in(const io::OfflineFile& file, PlanView plan) {
    if (!file.contains(more_words)) return {};
    const auto rows = file.section(more_words);
    for (const Step& step : plan.steps)
        if (step.geometry.kernel == Kernel::embedding && rows.size() % embedding_row_bytes(step.geometry) == 0)
            return rows;
    throw Error(Fault::shape, {.file = file.path().string(),
                               .place = "section 'more_words'",
                               .found = std::to_string(rows.size()) + " bytes",
                               .wanted = "whole rows of the network's word embeddings",
                               .remedy = "write the file again"});
}

/// Throws Fault::bounds if less than a cache line of the file follows the weights: matrix tiles read up to 60 bytes
/// beyond.
inline void require_margin(const io::OfflineFile& file) {
    const auto packed = file.located(weights);
    const auto* end = packed.data() + packed.size();
    for (const auto name : file.names())
        if (const auto section = file.located(name); section.data() >= end && !section.empty()) return;
    throw Error(Fault::bounds, {.file = file.path().string(),
                                .place = "section 'weights'",
                                .found = "nothing after it",
                                .wanted = "another section",
                                .remedy = "write the file again"});
}

}  // namespace offline

TAXON_DECL std::vector<io::OfflineSection> sections_of(const Packed& packed, std::string_view summary,
                                                       std::span<const io::OfflineSection> more) {
    std::vector<io::OfflineSection> sections{{offline::weights, packed.weights},  // not last, see require_margin
                                             {offline::summary, std::as_bytes(std::span(summary))},
                                             {offline::conversions, std::as_bytes(std::span(packed.quantization))},
                                             {offline::biases, std::as_bytes(packed.biases)}};
    if (!packed.more_words.empty()) sections.push_back({offline::more_words, packed.more_words});
    sections.insert(sections.end(), more.begin(), more.end());
    return sections;
}

}  // namespace cpu

TAXON_DECL cpu::Packed packed_of(std::shared_ptr<const io::OfflineFile> file, GraphView graph, PlanView plan) {
    using namespace cpu;
    const auto summary = file->section(offline::summary);  // even if nobody reads it: no damaged byte may pass
    if (file->fingerprint() != fingerprint_of(graph, plan))
        throw Error(
            Fault::mismatch,
            {.file = file->path().string(),
             .place = "model",
             .found = std::string(reinterpret_cast<const char*>(summary.data()), summary.size()),
             .wanted = summary_of(graph, plan),
             .remedy =
                 "choose the variant and precision that the file was made for, or write it again with this version"});
    offline::require_margin(*file);
    return {offline::numbers<std::byte>(*file, offline::weights, file->located(offline::weights),
                                        static_cast<std::size_t>(plan.weight_bytes)),
            offline::biases_in(*file, plan), offline::quantization_in(*file, plan),
            std::make_shared<offline::Memory>(file), offline::more_words_in(*file, plan)};
}

}  // namespace taxon
