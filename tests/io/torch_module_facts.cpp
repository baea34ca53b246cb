#include <taxon/io/torch_module_facts.hpp>

#include <taxon/io/torch_zip.hpp>

#include "catch.hpp"
#include "eval/scratch_folder.hpp"
#include "io/checkpoint_writer.hpp"

using namespace taxon;
using namespace taxon::test;
using namespace taxon::test::pickled;

namespace {

/// A module of a class in `module`, with a weight, and more attributes.
std::string module_of(const std::string& type, const std::vector<std::string>& attributes,
                      const std::vector<std::string>& children = {}) {
    std::vector<std::string> state{
        text("_parameters"), dict({text("weight"), tensor()}), text("_buffers"), "}", text("_modules"), dict(children)};
    state.insert(state.end(), attributes.begin(), attributes.end());
    return object(type, dict(state));
}

ModuleFacts facts_of(const std::string& value) {
    return io::TorchZip::read(as_span(zip_of(zip_parts(program(value))).bytes)).facts;
}

std::vector<std::string> labels_of(const std::string& names) {
    return facts_of(module_of(name("models.yolo", "Model"), {text("names"), names})).labels;
}

const std::string eps_1e3 = real(std::string_view("\x3F\x50\x62\x4D\xD2\xF1\xA9\xFC", 8));

}  // namespace

TEST_CASE("a pickled module says its classes' names, as a list or by index") {
    const std::vector<std::string> wanted{"cat", "dog"};
    CHECK(labels_of(list({text("cat"), text("dog")})) == wanted);
    CHECK(labels_of(dict({integer(1), text("dog"), integer(0), text("cat")})) == wanted);
}

TEST_CASE("names that are none are passed over") {
    CHECK(labels_of(none).empty());
    CHECK(labels_of(text("cat")).empty());
}

TEST_CASE("A12: a class whose name is none has no name, and the others keep theirs") {
    using Labels = std::vector<std::string>;
    CHECK(labels_of(list({text("cat"), integer(1)})) == Labels{"cat", ""});
    CHECK(labels_of(list({text(std::string(513, 'x')), text(std::string(512, 'y'))})) ==
          Labels{"", std::string(512, 'y')});
    CHECK(labels_of(dict({integer(1), text("dog"), integer(2), text("cat")})) == Labels{"", "dog"});
    CHECK(labels_of(dict({integer(-1), text("dog")})) == Labels{""});
    CHECK(labels_of(dict({text("0"), text("dog")})) == Labels{""});
}

TEST_CASE("a pickled module says of what classes it is made, and the numbers that they compute with") {
    const std::string norm = module_of(name("torch.nn.modules.batchnorm", "BatchNorm2d"),
                                       {text("eps"), eps_1e3, text("names"), list({text("inner")})});
    const std::string root =
        module_of(name("models.yolo", "Model"), {text("names"), list({text("outer")})}, {text("bn"), norm});
    for (const std::string& value :
         {root, dict({text("model"), none, text("ema"), root}), dict({text("ema"), none, text("model"), root})}) {
        const ModuleFacts facts = facts_of(value);
        CHECK(facts.labels == std::vector<std::string>{"outer"});
        CHECK(facts.classes == std::set<std::string>{"models.yolo.Model", "torch.nn.modules.batchnorm.BatchNorm2d"});
        REQUIRE(facts.numbers.contains("eps"));
        CHECK(facts.numbers.find("eps")->second == std::set<double>{1e-3});
    }
}

TEST_CASE("more classes than the limit are refused, and a whole number is no epsilon") {
    const std::string module_with_two =
        module_of(name("models.yolo", "Model"), {text("names"), list({text("a"), none}), text("eps"), integer(1)});
    const std::string file = zip_of(zip_parts(program(module_with_two))).bytes;
    const Error error = error_of([&] { io::TorchZip::read(as_span(file), {}, {.class_names = 1}); });
    CHECK(error.fault() == Fault::limit);
    CHECK(error.facts().place == "names");
    CHECK(error.facts().found == "2 classes");
    CHECK(facts_of(module_with_two).labels == std::vector<std::string>{"a", ""});
    CHECK(facts_of(module_with_two).numbers.empty());
}

TEST_CASE("of two modules in a checkpoint, the averaged one is read") {
    const std::string trained = module_of(name("models.yolo", "Model"), {text("names"), list({text("trained")})});
    const std::string averaged = module_of(name("models.yolo", "Model"), {text("names"), list({text("averaged")})});
    CHECK(facts_of(dict({text("model"), trained, text("ema"), averaged})).labels ==
          std::vector<std::string>{"averaged"});
}

TEST_CASE("a state dict says nothing of a module") {
    const ModuleFacts facts = facts_of(dict({text("w"), tensor()}));
    CHECK(facts.empty());
    CHECK(facts.labels.empty());
}
