#pragma once
#include <map>
#include <optional>
#include <set>
#include <string>
#include <taxon/onnx/writer/line.hpp>
#include <taxon/onnx/writer/literal.hpp>
#include <taxon/onnx/writer/repetition.hpp>
#include <taxon/onnx/writer/variables.hpp>

namespace taxon::onnx::writer {

/// The text of a function, a member of the network's struct.
class FunctionText {
  public:
    /// `taken`: identifiers that its variables must not hide.
    FunctionText(const Function& function, const std::set<std::string>& taken)
        : function_(function), ranges_(function), variables_(function, ranges_, taken) {
        find_readers();
    }

    std::string text() {
        std::string text = head();
        if (function_.has_scope) text += line_of(8, "const Scope inside(t, name);");
        const auto& all = function_.statements;
        for (std::size_t i = 0; i < all.size();) {
            if (inlined_.contains(i)) {
                ++i;
                continue;
            }
            if (const Repetition repeated(all, ranges_, i); repeated.count >= 3 && is_loop(repeated, i)) {
                text += loop(repeated, i);
                i += repeated.count;
            } else if (i + 1 == all.size() && function_.results.size() == 1 && all[i].results == function_.results)
                return text + line_of(8, "return " + text_of(all[i].expression) + ";", comment_of(all[i], all[i])) +
                       "    }\n";
            else text += line(i++);
        }
        if (function_.results.size() == 1) text += line_of(8, "return " + variables_.of(function_.results[0]) + ";");
        if (function_.results.size() > 1) {
            std::string list;
            for (const int value : function_.results) list += (list.empty() ? "" : ", ") + variables_.of(value);
            text += line_of(8, "return {" + list + "};");
        }
        return text + "    }\n";
    }

  private:
    std::string head() const {
        std::string text, list = "Tracer& t";
        if (function_.has_scope) list += ", Name name";
        for (const std::string& counter : function_.counters) list += ", int " + counter;
        for (const std::string& name : function_.names) list += ", Name " + name;
        for (const int value : function_.parameters) list += ", Value " + variables_.of(value);
        std::string sizes;
        for (const std::string& size : function_.sizes) sizes += (sizes.empty() ? "int " : ", int ") + size;
        if (!sizes.empty()) text += line_of(4, "template <" + sizes + ">");
        const std::size_t results = function_.results.size();
        const std::string type = results == 0   ? "void"
                                 : results == 1 ? "Value"
                                                : "std::array<Value, " + std::to_string(results) + ">";
        return text + line_of(4, "static constexpr " + type + " " + function_.name + "(" + list + ") {");
    }

    /// Tensors that are written where they are read: those before a statement that alone reads them. The compiler
    /// chooses the order of a function's arguments, so of those there is one at most.
    void find_readers() {
        const auto& all = function_.statements;
        for (std::size_t i = 1; i < all.size(); ++i) {
            if (all[i].is_constant || all[i].results.size() > 1) continue;
            std::vector<int> values = values_of(all[i]);
            for (std::size_t before = i; before-- > 0 && all[before].is_constant && !inlined_.contains(before);) {
                const int value = all[before].results[0];
                while (!values.empty() && values.back() != value)
                    values.pop_back();  // those that follow it in the text
                if (values.empty() || ranges_.of(value).reads != 1 || (before + 1 != i && !all[i].in_order)) break;
                values.pop_back();
                inlined_.insert(before);
                text_in_place_[value] = before;
            }
        }
    }

    static std::vector<int> values_of(const Statement& statement) {
        std::vector<int> values;
        for (const Piece& piece : statement.expression.pieces)
            if (piece.kind == Piece::Kind::value) values.push_back(piece.number);
        return values;
    }
    /// Those that have variables.
    std::vector<int> operands_of(const Statement& statement) const {
        std::vector<int> values = values_of(statement);
        std::erase_if(values, [&](int value) { return text_in_place_.contains(value); });
        return values;
    }

    std::string text_of(const Expression& expression, const Repetition* repeated = nullptr) const {
        std::string text;
        for (std::size_t i = 0; i < expression.pieces.size(); ++i) {
            const Piece& piece = expression.pieces[i];
            switch (piece.kind) {
                case Piece::Kind::text: text += piece.text; break;
                case Piece::Kind::name: text += repeated != nullptr ? repeated->name(i) : literal_of(piece.text); break;
                case Piece::Kind::number:
                    text += repeated != nullptr ? repeated->number(i) : std::to_string(piece.number);
                    break;
                case Piece::Kind::value: {
                    const auto at = text_in_place_.find(piece.number);
                    text += at == text_in_place_.end() ? variables_.of(piece.number)
                                                       : text_of(function_.statements[at->second].expression);
                }
            }
        }
        return text;
    }

    /// The shape if it is another than that of the first operand.
    std::string comment_of(const Statement& statement, const Statement& last) {
        const std::vector<int> operands = operands_of(statement);
        const bool is_same = !operands.empty() && shapes_[operands[0]] == last.comment;
        for (const int result : last.results) shapes_[result] = last.comment;
        return is_same || statement.keeps_its_variable ? "" : last.comment;
    }

    std::string line(std::size_t i) {
        const Statement& statement = function_.statements[i];
        const std::string comment = comment_of(statement, statement);
        std::string code = text_of(statement.expression);
        const bool is_read = std::any_of(statement.results.begin(), statement.results.end(),
                                         [&](int value) { return ranges_.is_read(value); });
        if (is_read && statement.results.size() == 1) code = target(statement, i) + " = " + code;
        if (is_read && statement.results.size() > 1) {
            std::string list;
            for (const int value : statement.results) {
                variables_.declare(value, {}, !ranges_.is_read(value));
                list += (list.empty() ? "" : ", ") + variables_.of(value);
            }
            code = "[[maybe_unused]] auto [" + list + "] = " + code;
        }
        return line_of(8, code + ";", comment);
    }
    /// "x", or "Value x".
    std::string target(const Statement& statement, std::size_t i) {
        const int value = statement.results[0];
        if (statement.keeps_its_variable) {
            variables_.declare(value, word_of(statement.hint), !word_of(statement.hint).empty());
            return "Value " + variables_.of(value);
        }
        const std::string& call = statement.expression.pieces[0].text;
        const bool is_sum = call.starts_with("add(") || call.starts_with("concat(") || call.starts_with("multiply("),
                   is_new = variables_.assign(value, operands_of(statement), i, statement.hint, is_sum);
        return (is_new ? "Value " : "") + variables_.of(value);
    }

    /// True if none of it is written in another's place, or the other way round.
    bool is_loop(const Repetition& repeated, std::size_t first) const {
        const auto& all = function_.statements;
        for (std::size_t k = 0; k < repeated.count; ++k)
            if (inlined_.contains(first + k)) return false;
        const std::vector<int> operands = values_of(all[first]);
        return std::none_of(operands.begin(), operands.end(),
                            [&](int value) { return text_in_place_.contains(value); });
    }
    std::string loop(const Repetition& repeated, std::size_t first) {
        const auto& all = function_.statements;
        const std::size_t last = first + repeated.count - 1;
        const int begins = repeated.chained, ends = all[last].results[0];
        std::string text;
        const std::string before = variables_.of(begins);
        const std::string comment = comment_of(all[first], all[last]);
        const bool is_new = variables_.assign(ends, {begins}, first, all[first].hint);
        const std::string variable = variables_.of(ends);
        if (variable != before) text += line_of(8, (is_new ? "Value " : "") + variable + " = " + before + ";");
        variables_.stands_for(begins, variable);
        const int from = repeated.first_number(), to = from + static_cast<int>(repeated.count);
        const std::string code = "for (int i = " + std::to_string(from) + "; i < " + std::to_string(to) + "; ++i) " +
                                 variable + " = " + text_of(all[first].expression, &repeated) + ";";
        variables_.stands_for(begins, before);
        return text + line_of(8, code, comment);
    }

    const Function& function_;
    LiveRanges ranges_;
    Variables variables_;
    std::set<std::size_t> inlined_{};
    std::map<int, std::size_t> text_in_place_{};
    std::map<int, std::string> shapes_{};
};

}  // namespace taxon::onnx::writer
