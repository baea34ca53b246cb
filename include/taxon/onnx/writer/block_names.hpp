#pragma once
#include <algorithm>
#include <cctype>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <taxon/onnx/writer/literal.hpp>
#include <vector>

namespace taxon::onnx::writer {

/// How the names within a block depend on the call: a list of names for each call, all of one length. Either a path
/// that all names of a call begin with, or numbers that differ by as much from call to call, or both; what follows no
/// rule is a parameter.
class BlockNames {
  public:
    struct Expression {
        std::string text;  ///< the name, or C++ if it depends on the call
        bool is_code = false;
    };

    explicit BlockNames(std::vector<std::vector<std::string>> calls) : calls_(std::move(calls)) {
        for (const std::string& name : calls_[0]) has_dots_ |= name.find('.') != name.npos;
        find_paths();
        for (std::size_t slot = 0; slot < calls_[0].size() && fits(); ++slot) in_block_.push_back(expression(slot));
        // an offset counts from the least number, which is the call's argument
        for (std::size_t slot = 0; slot < in_block_.size(); ++slot)
            if (const Numbered& numbered = numbered_[slot]; numbered.counter != none_) {
                const std::string& counter = counter_name(numbered.counter);
                const std::int64_t offset = numbered.first - least_[numbered.counter];
                in_block_[slot].text = "{" + literal_of(numbered.before) + ", " + counter +
                                       (offset == 0 ? "" : " + " + std::to_string(offset)) +
                                       (numbered.after.empty() ? "}" : ", " + literal_of(numbered.after) + "}");
            }
    }

    /// False if it would take too many parameters; then it is incomplete.
    bool fits() const { return free_.size() <= 1 && shifts_.size() <= 2; }
    bool has_path() const { return !paths_.empty(); }
    /// True if the names are paths at all.
    bool has_dots() const { return has_dots_; }
    const std::string& path(std::size_t call) const { return paths_[call]; }
    std::size_t counters() const { return shifts_.size(); }
    std::int64_t counter(std::size_t which, std::size_t call) const { return least_[which] + shifts_[which][call]; }
    static std::string counter_name(std::size_t which) { return which == 0 ? "n" : "n" + std::to_string(which + 1); }
    std::size_t free_names() const { return free_.size(); }
    const std::string& free_name(std::size_t which, std::size_t call) const { return calls_[call][free_[which]]; }
    static std::string free_name_of(std::size_t which) { return "name" + std::to_string(which + 1); }

    const Expression& in_block(std::size_t slot) const { return in_block_[slot]; }

  private:
    static constexpr std::size_t none_ = static_cast<std::size_t>(-1);
    struct Numbered {
        std::string before{}, after{};
        std::int64_t first = 0;
        std::size_t counter = none_;
    };

    /// Takes the path before the last dot that all names of a call have in common off them, if the paths differ.
    void find_paths() {
        if (calls_[0].empty()) return;
        std::vector<std::string> paths;
        for (const auto& names : calls_) {
            std::string path = names[0].substr(0, names[0].rfind('.') == std::string::npos ? 0 : names[0].rfind('.'));
            for (const std::string& name : names)
                while (!path.empty() &&
                       (!name.starts_with(path) || name.size() <= path.size() + 1 || name[path.size()] != '.'))
                    path = path.substr(0, path.rfind('.') == std::string::npos ? 0 : path.rfind('.'));
            paths.push_back(path);
        }
        const bool differ = std::any_of(paths.begin(), paths.end(), [&](const auto& one) { return one != paths[0]; });
        if (!differ || std::any_of(paths.begin(), paths.end(), [](const auto& one) { return one.empty(); })) return;
        for (std::size_t i = 0; i < calls_.size(); ++i)
            for (std::string& name : calls_[i]) name = name.substr(paths[i].size() + 1);
        paths_ = std::move(paths);
    }

    Expression expression(std::size_t slot) {
        numbered_.emplace_back();
        const std::string& first = calls_[0][slot];
        if (std::all_of(calls_.begin(), calls_.end(), [&](const auto& call) { return call[slot] == first; }))
            return {first};
        std::vector<std::int64_t> numbers;
        Numbered& own = numbered_.back() = numbered_at(slot);
        for (const auto& call : calls_) {
            const std::optional<std::int64_t> number = number_of(call[slot], own);
            if (!number) {
                own = {};
                free_.push_back(slot);
                return {free_name_of(free_.size() - 1), true};
            }
            numbers.push_back(*number);
        }
        own.first = numbers[0];
        for (std::int64_t& number : numbers) number -= own.first;
        const auto at = std::find(shifts_.begin(), shifts_.end(), numbers);
        own.counter = static_cast<std::size_t>(at - shifts_.begin());
        if (at == shifts_.end()) shifts_.push_back(numbers), least_.push_back(own.first);
        least_[own.counter] = std::min(least_[own.counter], own.first);
        return {"", true};
    }

    static std::size_t end_of_digits(const std::string& text, std::size_t at) {
        while (at < text.size() && std::isdigit(static_cast<unsigned char>(text[at])) != 0) ++at;
        return at;
    }
    /// What is around the number at the first place where names of the slot differ.
    Numbered numbered_at(std::size_t slot) const {
        const std::string& first = calls_[0][slot];
        std::size_t differs = first.size();
        for (const auto& call : calls_) {
            std::size_t i = 0;
            while (i < first.size() && i < call[slot].size() && first[i] == call[slot][i]) ++i;
            if (call[slot] != first) differs = std::min(differs, i);
        }
        while (differs > 0 && std::isdigit(static_cast<unsigned char>(first[differs - 1])) != 0) --differs;
        return {first.substr(0, differs), first.substr(end_of_digits(first, differs))};
    }
    /// The number in a name between these.
    static std::optional<std::int64_t> number_of(const std::string& name, const Numbered& own) {
        const std::size_t end = end_of_digits(name, own.before.size());
        if (!name.starts_with(own.before) || end == own.before.size() || end - own.before.size() > 7 ||
            name.substr(end) != own.after || (name[own.before.size()] == '0' && end - own.before.size() > 1))
            return {};
        return std::stol(name.substr(own.before.size(), end - own.before.size()));
    }

    std::vector<std::vector<std::string>> calls_;
    bool has_dots_ = false;
    std::vector<std::string> paths_{};
    std::vector<Expression> in_block_{};
    std::vector<Numbered> numbered_{};
    std::vector<std::vector<std::int64_t>>
        shifts_{};                       ///< of each counter: by how much it differs from the first call's
    std::vector<std::int64_t> least_{};  ///< of each counter: the least number
    std::vector<std::size_t> free_{};
};

}  // namespace taxon::onnx::writer
