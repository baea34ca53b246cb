#include <taxon/onnx/writer/blocks.hpp>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "backend/dice.hpp"
#include "catch.hpp"

using namespace taxon::onnx::writer;

namespace {

/// What functions compute, the first one's calls of the others in place: each statement's text and operands.
class Replay {
  public:
    explicit Replay(const std::vector<Function>& functions) {
        for (std::size_t i = 1; i < functions.size(); ++i) by_name_[functions[i].name] = &functions[i];
        run(functions[0], {});
    }

    std::vector<std::string> steps{};

  private:
    using Values = std::vector<std::string>;

    Values run(const Function& function, const Values& arguments) {
        std::map<int, std::string> values;
        REQUIRE(arguments.size() == function.parameters.size());
        for (std::size_t i = 0; i < arguments.size(); ++i) values[function.parameters[i]] = arguments[i];
        for (const Statement& statement : function.statements) {
            std::string text;
            Values operands;
            for (const Piece& piece : statement.expression.pieces) {
                if (piece.kind == Piece::Kind::text) text += piece.text;
                if (piece.kind == Piece::Kind::value) operands.push_back(values.at(piece.number));
            }
            text = text.substr(0, text.find_first_of("<("));
            const auto block = by_name_.find(text);
            const Values results = block == by_name_.end() ? step(text, operands, statement.results.size())
                                                           : run(*block->second, operands);
            REQUIRE(results.size() == statement.results.size());
            for (std::size_t i = 0; i < results.size(); ++i) values[statement.results[i]] = results[i];
        }
        Values results;
        for (const int value : function.results) results.push_back(values.at(value));
        return results;
    }

    Values step(const std::string& text, const Values& operands, std::size_t count) {
        std::string all = text;
        for (const std::string& operand : operands) all += " " + operand;
        steps.push_back(all);
        Values results;
        for (std::size_t i = 0; i < count; ++i)
            results.push_back(std::to_string(steps.size()) + "." + std::to_string(i));
        return results;
    }

    std::map<std::string, const Function*> by_name_{};
};

/// Statements from a few motifs in turn, each now and then with another statement in it.
Function random_function(int seed) {
    struct Template {
        std::string operation;
        std::vector<int> back;  ///< operands: the last value, the one before, …
        int results, size;
    };
    Dice dice(seed);
    const int alphabet = dice(2, 32);
    const auto one = [&] {
        Template made{"f" + std::to_string(dice(0, alphabet)), {}, dice(0, 11) == 0 ? 2 : 1, dice(1, 3)};
        const int operands = dice(1, 3);
        made.operation += "_" + std::to_string(operands) + "_" + std::to_string(made.results);
        for (int i = 0; i < operands; ++i) made.back.push_back(dice(0, 3) == 0 ? dice(1, 15) : dice(1, 4));
        return made;
    };
    std::vector<std::vector<Template>> motifs(static_cast<std::size_t>(dice(1, 4)));
    for (auto& motif : motifs)
        for (int length = dice(2, 13); length > 0; --length) motif.push_back(one());
    Function function{.name = "trace"};
    function.statements.push_back({.expression = "input(t)", .results = {0}, .keeps_its_variable = true});
    int value = 1;
    const bool has_paths = dice(0, 1) == 0;
    for (const int wanted = dice(20, 170); static_cast<int>(function.statements.size()) < wanted;) {
        auto motif = motifs[static_cast<std::size_t>(dice(0, static_cast<int>(motifs.size()) - 1))];
        if (dice(0, 3) == 0) motif[static_cast<std::size_t>(dice(0, static_cast<int>(motif.size()) - 1))] = one();
        for (int turn = dice(1, 4); turn > 0; --turn)
            for (const Template& from : motif) {
                const std::string number = std::to_string(function.statements.size());
                Statement statement;
                (statement.expression << from.operation << "<").number(8 * from.size) << ">(t, ";
                statement.expression.name(has_paths ? "block." + number + ".layer" : "layer" + number);
                for (const int back : from.back) (statement.expression << ", ").value(std::max(0, value - back));
                statement.expression << ")";
                for (int i = 0; i < from.results; ++i) statement.results.push_back(value++);
                function.statements.push_back(std::move(statement));
            }
    }
    Expression output("output(t, ");
    function.statements.push_back({.expression = std::move(output.value(value - 1) << ")")});
    return function;
}

}  // namespace

TEST_CASE("Blocks compute what the statements did that they were made of") {
    std::size_t blocks = 0;
    for (int seed = 0; seed < 100; ++seed) {
        INFO(seed);
        std::vector<Function> functions{random_function(seed)};
        const std::vector<std::string> wanted = Replay(functions).steps;
        std::set<std::string> names{"t", "i", "name", "trace", "x", "y", "z"};
        find_blocks(functions, names);
        blocks += functions.size() - 1;
        CHECK((Replay(functions).steps == wanted));
    }
    CHECK(blocks > 60);
}
