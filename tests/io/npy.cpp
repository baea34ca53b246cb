#include <taxon/io/npy.hpp>

#include "catch.hpp"
#include "eval/scratch_folder.hpp"
#include "io/bad_input.hpp"
#include "io/checkpoint_writer.hpp"

using namespace taxon;
using namespace taxon::test;

namespace {

std::string npy_of(const std::string& dict, const std::string& data,
                   const std::string& version = std::string("\1\0", 2)) {
    const std::string header = dict + "\n";
    return "\x93NUMPY" + version + pickled::little(header.size(), 2) + header + data;
}
std::string dict_of(const std::string& type, const std::string& shape, const std::string& fortran = "False") {
    return "{'descr': '" + type + "', 'fortran_order': " + fortran + ", 'shape': " + shape + ", }";
}
io::FloatTensor read(const std::string& bytes) { return io::NpyReader::read(as_span(bytes)); }

}  // namespace

TEST_CASE("npy_bytes writes what NumPy writes") {
    const std::vector<float> numbers{1, 2, 3, 4, 5, 6};
    const std::string bytes = io::npy_bytes(numbers, {2, 3});
    CHECK(bytes.size() == 128 + 24);
    CHECK(bytes.substr(0, 10) == std::string("\x93NUMPY\1\0\x76\0", 10));
    CHECK(bytes.substr(10, 59) == "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }");
    CHECK(bytes[127] == '\n');
    CHECK(bytes.substr(128) == six_floats);
    CHECK(io::npy_bytes(std::vector<float>{1}, {}).find("'shape': ()") != std::string::npos);
    CHECK(io::npy_bytes(std::vector<float>{1}, {1}).find("'shape': (1,)") != std::string::npos);
    CHECK(fault_of([&] { io::npy_bytes(numbers, {2, 2}); }) == Fault::shape);
}

TEST_CASE("npy_bytes writes whole numbers of 64 bits") {
    const std::string bytes = io::npy_bytes(std::vector<std::int64_t>{1, -2, 30522}, {3, 1});
    CHECK(bytes.find("'descr': '<i8'") != std::string::npos);
    CHECK(bytes.size() == 128 + 24);
    CHECK(read(bytes).numbers == std::vector<float>{1, -2, 30522});
    CHECK(read(bytes).shape == Dimensions{3, 1});
}

TEST_CASE("npy_bytes writes doubles") {
    const std::string bytes = io::npy_bytes(std::vector<double>{1.5, -2}, {2});
    CHECK(bytes.find("'descr': '<f8'") != std::string::npos);
    CHECK(read(bytes).numbers == std::vector<float>{1.5f, -2});
}

TEST_CASE("write_npy and read_npy go round") {
    const ScratchFolder folder("npy");
    for (const Dimensions& shape : {Dimensions{2, 3}, Dimensions{6}, Dimensions{1, 1, 6, 1}}) {
        io::write_npy(folder.path() / "x.npy", std::vector<float>{1, 2, 3, 4, 5, 6}, shape);
        const auto [shape_read, numbers] = io::read_npy(folder.path() / "x.npy");
        CHECK(shape_read == shape);
        CHECK(numbers == std::vector<float>{1, 2, 3, 4, 5, 6});
    }
    io::write_npy(folder.path() / "one.npy", std::vector<float>{7}, {});
    CHECK(io::read_npy(folder.path() / "one.npy").shape.empty());
    io::write_npy(folder.path() / "none.npy", {}, {0, 3});
    CHECK(io::read_npy(folder.path() / "none.npy").shape == Dimensions{0, 3});
    CHECK(fault_of([&] { io::write_npy(folder.path() / "no" / "x.npy", {}, {0}); }) == Fault::io);
}

TEST_CASE("NpyReader converts other types") {
    CHECK(read(npy_of(dict_of("<f8", "(2,)"), bytes_of<double>({0.5, -2}))).numbers == std::vector<float>{0.5f, -2});
    CHECK(read(npy_of(dict_of("<i4", "(2,)"), bytes_of<std::int32_t>({5, -2}))).numbers == std::vector<float>{5, -2});
    CHECK(read(npy_of(dict_of("<i8", "(1, 2)"), bytes_of<std::int64_t>({5, -2}))).numbers == std::vector<float>{5, -2});
}

TEST_CASE("NpyReader refuses each bad file with its own fault") {
    const std::vector<BadInput> rows{
        {"empty", "", Fault::truncated, "npy header, byte 0"},
        {"no shape", npy_of(dict_of("<f4", ""), six_floats), Fault::syntax, "npy header"},
        {"no type", "\x93NUMPY" + std::string("\1\0", 2) + pickled::little(10, 2) + "'descr': \n", Fault::syntax,
         "npy header"},
        {"whole numbers of a byte", npy_of(dict_of("|u1", "(6,)"), "sixtee"), Fault::element, "npy header"},
        {"another start", "hello world, this is text", Fault::magic, "npy header"},
        {"version 2.0", npy_of(dict_of("<f4", "(6,)"), six_floats, std::string("\2\0", 2)), Fault::version,
         "npy header"},
        {"header cut", npy_of(dict_of("<f4", "(6,)"), "").substr(0, 30), Fault::truncated, "npy header, byte 10"},
        {"data cut", npy_of(dict_of("<f4", "(6,)"), six_floats.substr(1)), Fault::truncated, "npy header"},
        {"a byte more", npy_of(dict_of("<f4", "(6,)"), six_floats + "x"), Fault::unused, "npy header"},
        {"far larger than the file", npy_of(dict_of("<f4", "(1099511627776,)"), six_floats), Fault::truncated,
         "npy header"},
        {"shape overflows", npy_of(dict_of("<f4", "(1099511627776, 1099511627776)"), six_floats), Fault::overflow,
         "npy header"},
        {"Fortran order", npy_of(dict_of("<f4", "(6,)", "True"), six_floats), Fault::unsupported, "npy header"},
        {"big-endian", npy_of(dict_of(">f4", "(6,)"), six_floats), Fault::element, "npy header"},
        {"objects", npy_of(dict_of("|O", "(6,)"), six_floats), Fault::element, "npy header"},
        {"negative size", npy_of(dict_of("<f4", "(-6,)"), six_floats), Fault::syntax, "npy header"},
        {"shape of text", npy_of(dict_of("<f4", "(a,)"), six_floats), Fault::syntax, "npy header"},
        {"shape without commas", npy_of(dict_of("<f4", "(2 3)"), six_floats), Fault::syntax, "npy header"},
        {"shape is no tuple", npy_of(dict_of("<f4", "6"), six_floats), Fault::syntax, "npy header"},
        {"open tuple", npy_of("{'descr': '<f4', 'fortran_order': False, 'shape': (6,", six_floats), Fault::syntax,
         "npy header"},
        {"no shape", npy_of("{'descr': '<f4', 'fortran_order': False}", six_floats), Fault::missing, "npy header"},
        {"no type", npy_of("{}", six_floats), Fault::missing, "npy header"},
        {"a structure", npy_of("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (6,), }", six_floats),
         Fault::syntax, "npy header"},
    };
    for (const BadInput& row : rows) check_refused(row, [&] { read(row.bytes); });
}
