#include <taxon/io/torch_wrappers.hpp>

#include <algorithm>
#include <taxon/io/torch_zip.hpp>

#include "catch.hpp"
#include "eval/scratch_folder.hpp"
#include "io/checkpoint_writer.hpp"

using namespace taxon;
using namespace taxon::test;
using namespace taxon::test::pickled;
using io::StoredTensors;

namespace {

/// A state dict whose only tensor's name says which it is.
std::string holder(std::string_view which) { return ordered_dict({text(which), tensor()}); }

StoredTensors read(const std::string& value, std::string_view key = {}, const Limits& limits = {}) {
    static std::string file;  // the tensors are views
    file = zip_of(zip_parts(program(value), {{"0", six_floats}, {"1", "bytes"}})).bytes;
    return io::TorchZip::read(as_span(file), key, limits);
}

std::string taken(const std::string& value, std::string_view key = {}) {
    const StoredTensors stored = read(value, key);
    REQUIRE(stored.tensors.size() == 1);
    return stored.tensors[0].name;
}

const std::string name_of_args = name("argparse", "Namespace");

}  // namespace

TEST_CASE("R13: averaged weights are taken before plain ones, and said", "[cases]") {
    for (const char* averaged : {"state_dict_ema", "model_ema", "ema_state_dict", "ema"})
        for (const char* plain : {"state_dict", "model_state_dict", "model"})
            for (const bool first : {false, true}) {
                std::vector<std::string> members{text(averaged), holder("a"), text(plain), holder("p")};
                if (first) std::rotate(members.begin(), members.begin() + 2, members.end());
                members.insert(members.end(), {text("epoch"), integer(3)});
                INFO(averaged << ", " << plain);
                CHECK(taken(dict(members)) == "a");
                CHECK(read(dict(members)).choice == std::string(averaged) + ", not " + plain);
                CHECK(taken(dict(members), plain) == "p");
                CHECK(taken(dict(members), averaged) == "a");
                CHECK(read(dict(members), plain).choice.empty());
            }
    // an average that was switched off
    const StoredTensors off = read(dict({text("state_dict_ema"), none, text("state_dict"), holder("p")}));
    CHECK(off.tensors[0].name == "p");
    CHECK(off.choice.empty());
}

TEST_CASE("keys that are no texts, and wrapped modules, are no wrappers by their name") {
    CHECK(taken(dict({integer(1), integer(2), text("state_dict"), holder("s")})) == "s");
    CHECK(taken(dict({text("state_dict"), dict({text("model"), holder("m")})})) == "m");
    std::vector<std::string> many;
    for (int i = 0; i < 14; ++i) many.insert(many.end(), {text("key" + std::to_string(i)), integer(i)});
    try {
        read(dict(many));
        FAIL("a dict of numbers was read");
    } catch (const Error& error) { CHECK(error.facts().found.find("key11, …") != std::string::npos); }
}

TEST_CASE("R13: a module in a wrapper counts as its weights, and a number there does not", "[cases]") {
    const std::string module_of_one =
        object(name("a", "Net"), dict({text("_parameters"), dict({text("a"), tensor()}), text("_modules"), "}"}));
    const auto in_average = [&](const std::string& value) {
        return dict({text("model"), holder("m"), text("ema"), dict({text("module"), value})});
    };
    CHECK(taken(in_average(module_of_one)) == "a");
    CHECK(taken(in_average(integer(3))) == "m");
    CHECK(read(dict({text("model"), holder("m"), text("ema"), holder("e"), text("model_ema"), holder("a")})).choice ==
          "model_ema, not ema, model");
}

TEST_CASE("R13: keys that are no texts are passed over by errors and paths", "[cases]") {
    const std::string value = dict({integer(1), integer(2), text("net"), holder("n")});
    const Error error = error_of([&] { read(value); });
    CHECK(error.facts().found == "no tensors, but the keys net");
    CHECK(error.facts().remedy == "--weights-key net takes the tensors in that one");
    CHECK(taken(value, "net") == "n");
}

TEST_CASE("R13: a key can be any, and a path", "[cases]") {
    const std::string value = dict({text("teacher"), dict({text("net"), holder("t"), text("state_dict"), holder("s")}),
                                    text("model"), holder("m")});
    CHECK(taken(value) == "m");
    CHECK(taken(value, "teacher") == "s");
    CHECK(taken(value, "teacher/net") == "t");
    const Error missing = error_of([&] { read(value, "student"); });
    CHECK(missing.fault() == Fault::missing);
    CHECK(missing.facts().found == "no 'student', but the keys teacher, model");
    CHECK(error_of([&] { read(value, "model/m/w"); }).fault() == Fault::missing);
    CHECK(error_of([&] { read(dict({text("date"), text("today")}), "date"); }).fault() == Fault::type);
    CHECK(error_of([&] {
              read(dict({text("net"), holder("n")}));
          })
              .facts()
              .remedy == "--weights-key net takes the tensors in that one");
    CHECK(taken(dict({text("net"), holder("n")}), "net") == "n");
}

TEST_CASE("A10: tensors beside a dict of tensors are refused unless a key says which", "[cases]") {
    for (const std::string& beside : {tensor(), tensor({6}, {1})})
        for (const char* name : {"fc.weight", "weight"}) {
            const std::string value = dict(
                {text(name), beside, text("state_dict"), holder("inside"), text("args"), object(name_of_args, "}")});
            const Error error = error_of([&] { read(value); });
            CHECK(error.fault() == Fault::duplicate);
            CHECK(error.facts().remedy.find("--weights-key .") != std::string::npos);
            CHECK(taken(value, "state_dict") == "inside");
            CHECK(taken(value, ".") == name);
        }
    // what training scripts save beside it
    const std::string bytes =
        rebuild(storage("1", 5, pickled::name("torch", "ByteStorage")), integer(0), integers({5}), integers({1}));
    CHECK(taken(dict({text("best"), tensor({}, {}), text("state_dict"), holder("inside")})) == "inside");
    CHECK(taken(dict({text("best"), tensor({1}, {1}), text("state_dict"), holder("inside")})) == "inside");
    CHECK(taken(dict({text("rng_state"), bytes, text("state_dict"), holder("inside")})) == "inside");
}

TEST_CASE("nested wrappers are followed as deep as the limits say") {
    std::string value = holder("w");
    for (int i = 0; i < 3; ++i) value = dict({text("model"), value});
    CHECK(read(value, {}, {.wrapper_depth = 3}).tensors.size() == 1);
    CHECK(spelt(fault_of([&] { read(value, {}, {.wrapper_depth = 2}); })) == "limit");
}
