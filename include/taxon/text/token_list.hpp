#pragma once
#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace taxon::text {

/// Strings numbered from 0, end to end in one piece of memory.
class TokenList {
  public:
    TokenList() = default;
    TokenList(const std::vector<std::string>& tokens) {
        for (const std::string& token : tokens) add(token);
    }
    TokenList(std::initializer_list<std::string_view> tokens) {
        for (const std::string_view token : tokens) add(token);
    }

    /// Room for tokens of so many bytes together.
    void reserve(std::size_t bytes) { bytes_.reserve(bytes); }

    void add(std::string_view token) {
        bytes_.append(token);
        ends_.push_back(bytes_.size());
    }

    std::size_t size() const { return ends_.size(); }
    std::string_view operator[](std::size_t i) const {
        return std::string_view(bytes_).substr(start(i), ends_[i] - start(i));
    }

    /// All tokens end to end, and where one starts in them.
    std::string_view bytes() const { return bytes_; }
    std::size_t start(std::size_t i) const { return i == 0 ? 0 : ends_[i - 1]; }

  private:
    std::string bytes_;
    std::vector<std::size_t> ends_;
};

}  // namespace taxon::text
