#pragma once
#include <algorithm>
#include <map>
#include <string>
#include <vector>

namespace taxon::onnx::writer {

/// The numbers of a block that differ from call to call, as few template parameters: equal ones are one, and those that
/// are a multiple of another or a product of two are written so.
class BlockSizes {
  public:
    using Numbers = std::vector<int>;  ///< one for each call

    void add(const Numbers& numbers, const std::string& role) {
        if (roles_.emplace(numbers, role).second) in_order_.push_back(numbers);
    }

    /// Chooses parameters among the least numbers first; they stand in the order in which they were added. False
    /// if it would take too many.
    bool finish() {
        constexpr std::size_t most = 6;
        std::vector<Numbers> all = in_order_;
        std::stable_sort(all.begin(), all.end(), [](const Numbers& a, const Numbers& b) {
            return *std::max_element(a.begin(), a.end()) < *std::max_element(b.begin(), b.end());
        });
        for (const Numbers& numbers : all) {
            texts_[numbers] = expression(numbers);
            if (count() > most) return false;
        }
        std::vector<Numbers> chosen;
        std::vector<std::string> names;
        for (const Numbers& numbers : in_order_)
            if (const auto at = std::find(parameters_.begin(), parameters_.end(), numbers); at != parameters_.end())
                chosen.push_back(numbers), names.push_back(names_[static_cast<std::size_t>(at - parameters_.begin())]);
        parameters_ = std::move(chosen), names_ = std::move(names);
        return true;
    }

    std::size_t count() const { return parameters_.size(); }
    const std::vector<std::string>& names() const { return names_; }
    int argument(std::size_t parameter, std::size_t call) const { return parameters_[parameter][call]; }
    const std::string& role(std::size_t parameter) const { return roles_.at(parameters_[parameter]); }
    const std::string& text(const Numbers& numbers) const { return texts_.at(numbers); }

  private:
    std::string expression(const Numbers& numbers) {
        const auto is = [&](auto&& of_call) {
            for (std::size_t i = 0; i < numbers.size(); ++i)
                if (numbers[i] != of_call(i)) return false;
            return true;
        };
        for (std::size_t a = 0; a < parameters_.size(); ++a) {
            const Numbers& first = parameters_[a];
            if (first[0] == 0) continue;
            const int factor = numbers[0] / first[0];
            if (factor > 1 && is([&](std::size_t i) { return factor * first[i]; }))
                return std::to_string(factor) + " * " + names_[a];
            for (std::size_t b = 0; b <= a; ++b) {
                if (is([&](std::size_t i) { return first[i] * parameters_[b][i]; }))
                    return names_[b] + " * " + names_[a];
                const int times = parameters_[b][0] == 0 ? 0 : factor / parameters_[b][0];
                // of two calls' numbers it would be chance
                if (times > 1 && numbers.size() > 2 &&
                    is([&](std::size_t i) { return times * first[i] * parameters_[b][i]; }))
                    return std::to_string(times) + " * " + names_[b] + " * " + names_[a];
            }
        }
        std::string name = roles_.at(numbers);
        for (int number = 2; std::find(names_.begin(), names_.end(), name) != names_.end(); ++number)
            name = roles_.at(numbers) + std::to_string(number);
        parameters_.push_back(numbers), names_.push_back(name);
        return name;
    }

    std::vector<Numbers> in_order_{};
    std::map<Numbers, std::string> roles_{}, texts_{};
    std::vector<Numbers> parameters_{};
    std::vector<std::string> names_{};
};

}  // namespace taxon::onnx::writer
