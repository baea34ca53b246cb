#include <taxon/core/limits.hpp>

#include <functional>
#include <taxon/io/npy.hpp>
#include <taxon/io/offline_table.hpp>
#include <taxon/io/safetensors.hpp>
#include <taxon/io/shard_index.hpp>
#include <taxon/io/torch_zip.hpp>

#include "catch.hpp"
#include "io/checkpoint_writer.hpp"
#include "io/offline_bytes.hpp"

using namespace taxon;
using namespace taxon::test;
using namespace taxon::test::pickled;

namespace {

/// Something just as large as a limit allows.
struct Edge {
    const char* name;
    std::size_t size;
    std::function<void(Limits&, std::size_t)> set;
    std::function<void(const Limits&)> read;
};

void read_zip(const std::string& value, const Limits& limits) {
    const std::string file = zip_of(zip_parts(program(value), {{"0", six_floats}})).bytes;
    io::TorchZip::read(as_span(file), {}, limits);
}

void read_safetensors(const std::string& header, const Limits& limits) {
    const std::string file = little(header.size(), 8) + header + six_floats;
    io::Safetensors::read(as_span(file), limits);
}

void read_pickle(const std::string& value, const Limits& limits) {
    const std::string bytes = program(value);
    io::read_pickle(as_span(bytes), "data.pkl", limits);
}

std::string header_of(const std::string& name) {
    return "{\"" + name + "\":{\"dtype\":\"F32\",\"shape\":[1,2,3],\"data_offsets\":[0,24]}}";
}

std::string module_of(int levels) {
    std::string module = object(name("m", "M"), dict({text("_parameters"), dict({text("w"), tensor()})}));
    for (int i = 0; i < levels; ++i)
        module = object(name("m", "M"), dict({text("_modules"), dict({text("a"), module})}));
    return module;
}

std::string parameter_of(int levels) {
    std::string value = tensor();
    for (int i = 0; i < levels; ++i)
        value = call(name("torch._utils", "_rebuild_parameter"), {value, yes, ordered_dict()});
    return dict({text("w"), value});
}

template <auto Member>
void set(Limits& limits, std::size_t to) {
    limits.*Member = static_cast<std::remove_reference_t<decltype(limits.*Member)>>(to);
}

}  // namespace

TEST_CASE("each limit of weight files takes what is as large as it, and refuses what is larger by one") {
    const std::string long_name(40, 'n'), index = "{\"weight_map\":{\"" + long_name + "\":\"a\",\"b\":\"b\"}}";
    const std::string list_of_two = "](NN", in_tuples = "N\x85\x85\x85";
    const std::string keyed = dict({text("w"), rebuild(storage("key"), integer(0), integers({6}), integers({1}))});
    const std::vector<Edge> edges{
        {"a tensor's name", 40, set<&Limits::name_bytes>,
         [&](const Limits& limits) {
             read_zip(dict({text(long_name), tensor()}), limits);
         }},
        {"an entry's name", 45, set<&Limits::name_bytes>,
         [&](const Limits& limits) {
             auto parts = zip_parts(program(dict({text("w"), tensor()})));
             parts.push_back({.name = "root/" + long_name, .bytes = "x"});
             const std::string file = zip_of(parts).bytes;
             io::TorchZip::read(as_span(file), {}, limits);
         }},
        {"a class's name", 40, set<&Limits::name_bytes>,
         [&](const Limits& limits) { read_pickle(name("m", long_name), limits); }},
        {"a class's name on the stack", 40, set<&Limits::name_bytes>,
         [&](const Limits& limits) { read_pickle(text("m") + text(long_name) + "\x93", limits); }},
        {"a name of safetensors", 40, set<&Limits::name_bytes>,
         [&](const Limits& limits) { read_safetensors(header_of(long_name), limits); }},
        {"a name of an index", 40, set<&Limits::name_bytes>,
         [&](const Limits& limits) { io::ShardIndex::parse(index, limits); }},
        {"a storage's key", 3, set<&Limits::key_bytes>,
         [&](const Limits& limits) {
             const std::string file = zip_of(zip_parts(program(keyed), {{"key", six_floats}})).bytes;
             io::TorchZip::read(as_span(file), {}, limits);
         }},
        {"places of modules", 1, set<&Limits::names_in_modules>,
         [](const Limits& limits) { read_zip(module_of(1), limits); }},
        {"nested modules", 3, set<&Limits::module_depth>, [](const Limits& limits) { read_zip(module_of(3), limits); }},
        {"wrappers of a tensor", 2, set<&Limits::wrapper_depth>,
         [](const Limits& limits) { read_zip(parameter_of(2), limits); }},
        {"dimensions", 2, set<&Limits::tensor_rank>,
         [](const Limits& limits) {
             read_zip(dict({text("w"), tensor()}), limits);
         }},
        {"dimensions in safetensors", 3, set<&Limits::tensor_rank>,
         [](const Limits& limits) { read_safetensors(header_of("w"), limits); }},
        {"dimensions of an array", 2, set<&Limits::tensor_rank>,
         [](const Limits& limits) {
             const std::string file = io::npy_bytes(std::vector<float>(6), {2, 3});
             io::NpyReader::read(as_span(file), limits);
         }},
        {"elements", 6, set<&Limits::tensor_elements>,
         [](const Limits& limits) {
             read_zip(dict({text("w"), tensor()}), limits);
         }},
        {"a pickle's bytes", 7, set<&Limits::pickle_bytes>, [](const Limits& limits) { read_pickle("](Ne", limits); }},
        {"a string's bytes", 20, set<&Limits::pickle_bytes>,
         [](const Limits& limits) { read_pickle(text("twelve bytes"), limits); }},
        {"values", 1, set<&Limits::pickle_values>, [](const Limits& limits) { read_pickle("]", limits); }},
        {"the stack", 3, set<&Limits::pickle_stack>,
         [&](const Limits& limits) { read_pickle(list_of_two + "e", limits); }},
        {"open marks", 2, set<&Limits::pickle_marks>, [](const Limits& limits) { read_pickle("((tt", limits); }},
        {"values in values", 3, set<&Limits::pickle_depth>,
         [&](const Limits& limits) { read_pickle(in_tuples, limits); }},
        {"a header's bytes", header_of("w").size(), set<&Limits::header_bytes>,
         [](const Limits& limits) { read_safetensors(header_of("w"), limits); }},
        {"JSON in JSON", 3, set<&Limits::json_depth>,
         [](const Limits& limits) { read_safetensors(header_of("w"), limits); }},
        {"files of an index", 2, set<&Limits::shard_files>,
         [&](const Limits& limits) { io::ShardIndex::parse(index, limits); }},
        {"sections of an offline file", offline_content.size(), set<&Limits::offline_sections>,
         [](const Limits& limits) {
             const std::string file = offline_bytes();
             io::OfflineTable::read(as_span(file), limits);
         }},
    };
    for (const Edge& edge : edges) {
        INFO(edge.name);
        Limits limits;
        edge.set(limits, edge.size);
        CHECK(spelt(fault_of([&] { edge.read(limits); })) == "nothing thrown");
        edge.set(limits, edge.size - 1);
        CHECK(spelt(fault_of([&] { edge.read(limits); })) == "limit");
    }
}
