#pragma once
#include <algorithm>
#include <set>
#include <string>
#include <taxon/onnx/writer/block_names.hpp>
#include <taxon/onnx/writer/block_sizes.hpp>
#include <taxon/onnx/writer/identifier.hpp>
#include <taxon/onnx/writer/repeat.hpp>
#include <vector>

namespace taxon::onnx::writer {

/// Runs of statements of one function that are alike, as a function of what differs between them.
class Block {
  public:
    Block(const Function& function, const LiveRanges& ranges, const Repeat& repeat)
        : function_(function), ranges_(ranges), starts_(repeat.starts), length_(repeat.length),
          names_(collected_names()), fits_(names_.fits() && collect() && sizes_.finish()) {}

    /// The lines that it saves, less what makes a text harder to read; below 0 if it is not to be made.
    double worth() const {
        const double calls = static_cast<double>(starts_.size()), free_names = static_cast<double>(names_.free_names());
        if (!fits_) return -1;
        // in the text of a function's statements stand its own parameters: a block within it takes its sizes over
        if (!function_.counters.empty() || !function_.names.empty() || (!function_.sizes.empty() && sizes_.count() > 0))
            return -1;
        const double parameters = static_cast<double>(sizes_.count()) * 0.15 +
                                  static_cast<double>(names_.counters()) * (names_.has_dots() ? 0.75 : 0.25) +
                                  2 * free_names,
                     values = static_cast<double>(externals_.size() + results_.size() - 1) * 0.3;
        return (calls - 1) * static_cast<double>(length_) - 4 - calls * (parameters + values) +
               (names_.has_path() ? 0.5 : 0) - static_cast<double>(unfinished());
    }

    /// The function, called so; `calls` becomes the statements that take the runs' places.
    Function made(const std::string& name, std::vector<Statement>& calls) const {
        Function block{.name = name, .sizes = function_.sizes, .has_scope = names_.has_path()};
        if (block.sizes.empty()) block.sizes = sizes_.names();
        for (std::size_t i = 0; i < names_.counters(); ++i) block.counters.push_back(BlockNames::counter_name(i));
        for (std::size_t i = 0; i < names_.free_names(); ++i) block.names.push_back(BlockNames::free_name_of(i));
        for (std::size_t i = 0; i < externals_.size(); ++i) block.parameters.push_back(parameter(i));
        std::size_t name_slot = 0;
        for (std::size_t k = 0; k < length_; ++k) block.statements.push_back(body(k, name_slot));
        for (const auto& [k, result] : results_) block.results.push_back(statement(0, k).results[result]);
        for (std::size_t call = 0; call < starts_.size(); ++call) calls.push_back(call_of(name, call));
        return block;
    }

    /// A word that the names of the runs have in common, for its name: "layer" of "encoder.layer.3".
    std::string word() const {
        std::string path = names_.has_path() ? names_.path(0) : "";
        while (!path.empty()) {
            const std::size_t dot = path.rfind('.');
            std::string part = path.substr(dot == path.npos ? 0 : dot + 1);
            path = path.substr(0, dot == path.npos ? 0 : dot);
            while (!part.empty() && std::isdigit(static_cast<unsigned char>(part.back())) != 0) part.pop_back();
            while (!part.empty() && part.back() == '_') part.pop_back();
            const bool hisses = part.ends_with("ches") || part.ends_with("shes") || part.ends_with("xes");
            if (part.size() > 4 && hisses) part.resize(part.size() - 2);
            else if (part.size() > 3 && part.back() == 's' && part[part.size() - 2] != 's') part.pop_back();
            std::transform(part.begin(), part.end(), part.begin(), [](unsigned char c) { return std::tolower(c); });
            if (part.size() > 1 && part.size() < 24 && is_identifier(part)) return part;
        }
        return "block";
    }

    const std::vector<std::size_t>& starts() const { return starts_; }
    std::size_t length() const { return length_; }

  private:
    const Statement& statement(std::size_t call, std::size_t k) const {
        return function_.statements[starts_[call] + k];
    }

    template <class Visit>
    void each_piece(const Visit& visit) const {
        for (std::size_t k = 0; k < length_; ++k)
            for (std::size_t p = 0; p < statement(0, k).expression.pieces.size(); ++p) visit(k, p);
    }
    const Piece& piece(std::size_t call, std::size_t k, std::size_t p) const {
        return statement(call, k).expression.pieces[p];
    }
    std::vector<int> numbers(std::size_t k, std::size_t p) const {
        std::vector<int> all;
        for (std::size_t call = 0; call < starts_.size(); ++call) all.push_back(piece(call, k, p).number);
        return all;
    }
    /// Calls whose path goes on before or after the run.
    std::size_t unfinished() const {
        if (!names_.has_path()) return 0;
        const auto goes_on = [&](std::size_t call, std::size_t at) {
            if (at >= function_.statements.size()) return false;
            for (const Piece& one : function_.statements[at].expression.pieces)
                if (one.kind == Piece::Kind::name) return one.text.starts_with(names_.path(call) + ".");
            return false;
        };
        std::size_t count = 0;
        for (std::size_t call = 0; call < starts_.size(); ++call)
            count += goes_on(call, starts_[call] - 1) || goes_on(call, starts_[call] + length_);
        return count;
    }
    static bool differ(const std::vector<int>& all) {
        return std::any_of(all.begin(), all.end(), [&](int one) { return one != all[0]; });
    }

    std::vector<std::vector<std::string>> collected_names() const {
        std::vector<std::vector<std::string>> all(starts_.size());
        each_piece([&](std::size_t k, std::size_t p) {
            for (std::size_t call = 0; call < starts_.size(); ++call)
                if (piece(call, k, p).kind == Piece::Kind::name) all[call].push_back(piece(call, k, p).text);
        });
        return all;
    }

    /// The numbers and values that differ, and what is read outside of the runs; false if there is too much of it.
    bool collect() {
        constexpr std::size_t most_externals = 5, most_results = 3;
        for (std::size_t call = 0; call < starts_.size(); ++call)
            for (std::size_t k = 0; k < length_; ++k)
                for (std::size_t r = 0; r < statement(call, k).results.size(); ++r) {
                    if (ranges_.leaves(statement(call, k).results[r], starts_[call], length_)) results_.insert({k, r});
                    if (results_.size() > most_results) return false;
                }
        each_piece([&](std::size_t k, std::size_t p) {
            const Piece& one = piece(0, k, p);
            if (one.kind == Piece::Kind::value && externals_.size() <= most_externals &&
                !ranges_.is_made_in(one.number, starts_[0], length_)) {
                std::vector<int> all = numbers(k, p);
                if (std::find(externals_.begin(), externals_.end(), all) == externals_.end())
                    externals_.push_back(std::move(all));
            } else if (one.kind == Piece::Kind::number) {
                const std::vector<int> all = numbers(k, p);
                if (differ(all)) sizes_.add(all, one.text);
            }
        });
        return !results_.empty() && externals_.size() <= most_externals;
    }

    static int parameter(std::size_t external) { return -1 - static_cast<int>(external); }

    Statement body(std::size_t k, std::size_t& name_slot) const {
        Statement one = statement(0, k);
        Expression expression;
        for (std::size_t p = 0; p < one.expression.pieces.size(); ++p) {
            const Piece& given = one.expression.pieces[p];
            const std::vector<int> all = numbers(k, p);
            switch (given.kind) {
                case Piece::Kind::text: expression << given.text; break;
                case Piece::Kind::name: {
                    const BlockNames::Expression& name = names_.in_block(name_slot++);
                    if (name.is_code) expression << name.text;
                    else expression.name(name.text);
                    break;
                }
                case Piece::Kind::number:
                    if (differ(all)) expression << sizes_.text(all);
                    else expression.number(given.number, given.text);
                    break;
                case Piece::Kind::value: {
                    const auto at = std::find(externals_.begin(), externals_.end(), all);
                    expression.value(at == externals_.end()
                                         ? given.number
                                         : parameter(static_cast<std::size_t>(at - externals_.begin())));
                }
            }
        }
        for (std::size_t call = 1; call < starts_.size(); ++call)
            if (statement(call, k).comment != one.comment) one.comment = "";
        one.expression = std::move(expression);
        return one;
    }

    Statement call_of(const std::string& name, std::size_t call) const {
        Statement made;
        Expression& text = made.expression << name;
        for (std::size_t i = 0; i < sizes_.count(); ++i)
            (text << (i == 0 ? "<" : ", ")).number(sizes_.argument(i, call), sizes_.role(i));
        for (std::size_t i = 0; i < function_.sizes.size(); ++i) text << (i == 0 ? "<" : ", ") << function_.sizes[i];
        text << (sizes_.count() + function_.sizes.size() > 0 ? ">(t" : "(t");
        if (names_.has_path()) (text << ", ").name(names_.path(call)), made.hint = names_.path(call);
        for (std::size_t i = 0; i < names_.counters(); ++i)
            (text << ", ").number(static_cast<int>(names_.counter(i, call)), counts_names);
        for (std::size_t i = 0; i < names_.free_names(); ++i) (text << ", ").name(names_.free_name(i, call));
        for (const std::vector<int>& external : externals_) (text << ", ").value(external[call]);
        text << ")";
        for (const auto& [k, result] : results_) {
            made.results.push_back(statement(call, k).results[result]);
            made.comment = statement(call, k).comment;
        }
        return made;
    }

    const Function& function_;
    const LiveRanges& ranges_;
    std::vector<std::size_t> starts_;
    std::size_t length_;
    BlockNames names_;
    BlockSizes sizes_{};
    std::vector<std::vector<int>> externals_{};                ///< values from outside, one for each call
    std::set<std::pair<std::size_t, std::size_t>> results_{};  ///< of statements: which of their results
    bool fits_;                                                ///< false: it would have too many parameters or results
};

}  // namespace taxon::onnx::writer
