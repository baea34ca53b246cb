#pragma once
#include <algorithm>
#include <bit>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <taxon/number/element.hpp>
#include <taxon/core/error.hpp>
#include <taxon/core/limits.hpp>
#include <taxon/io/atomic_file.hpp>
#include <taxon/io/byte_reader.hpp>
#include <taxon/io/float_conversion.hpp>
#include <taxon/io/mapped_file.hpp>
#include <taxon/io/stored_tensor.hpp>
#include <utility>
#include <vector>

namespace taxon::io {

/// A tensor of floats, row-major.
struct FloatTensor {
    Dimensions shape{};
    std::vector<float> numbers{};
};

/// NumPy's names of types that have an Element.
inline constexpr std::pair<std::string_view, Element> npy_types[] = {
    {"<f4", Element::float32}, {"<f8", Element::float64}, {"<f2", Element::float16},
    {"<i8", Element::int64},   {"<i4", Element::int32},   {"<i2", Element::int16},
    {"|i1", Element::int8},    {"|u1", Element::uint8},   {"|b1", Element::boolean}};

namespace detail {

/// What stands before the numbers in NumPy's array file, version 1.0 (numpy/lib/format.py): magic, version, header
/// length, and the header (a Python dict of descr, fortran_order and shape). Always little-endian and C order here.
inline std::string npy_header(std::string_view type, const Dimensions& shape) {
    constexpr std::size_t preamble = 10, alignment = 64;
    std::string sizes = to_string(shape);
    if (shape.size() == 1) sizes.insert(sizes.size() - 1, ",");
    std::string header = "{'descr': '" + std::string(type) + "', 'fortran_order': False, 'shape': " + sizes + ", }";
    header.append(alignment - 1 - (preamble + header.size()) % alignment, ' ');
    header += '\n';

    std::string bytes{"\x93NUMPY\1\0", 8};
    bytes += static_cast<char>(header.size() & 0xFFu);
    bytes += static_cast<char>(header.size() >> 8);
    return bytes + header;
}

template <class Number, class Bits>
std::string npy_bytes_of(std::string_view type, std::span<const Number> numbers, const Dimensions& shape) {
    if (element_count(shape) != numbers.size())
        throw Error(
            Fault::shape,
            {.place = "npy array", .found = std::to_string(numbers.size()) + " numbers", .wanted = to_string(shape)});
    std::string bytes = npy_header(type, shape);
    bytes.reserve(bytes.size() + numbers.size_bytes());
    if constexpr (std::endian::native == std::endian::little) {
        bytes.append(reinterpret_cast<const char*>(numbers.data()), numbers.size_bytes());
    } else {
        for (const Number number : numbers)
            for (std::size_t i = 0; i < sizeof(Number); ++i)
                bytes += static_cast<char>(std::bit_cast<Bits>(number) >> 8 * i & 0xFFu);
    }
    return bytes;
}

}  // namespace detail

/// Encodes a .npy file of these elements, row-major. Throws Fault::shape if their number does not match the shape.
inline std::string npy_bytes(std::span<const float> numbers, const Dimensions& shape) {
    return detail::npy_bytes_of<float, std::uint32_t>("<f4", numbers, shape);
}
inline std::string npy_bytes(std::span<const std::int64_t> numbers, const Dimensions& shape) {
    return detail::npy_bytes_of<std::int64_t, std::uint64_t>("<i8", numbers, shape);
}
inline std::string npy_bytes(std::span<const double> numbers, const Dimensions& shape) {
    return detail::npy_bytes_of<double, std::uint64_t>("<f8", numbers, shape);
}

/// The same of elements as files have them, little-endian.
inline std::string npy_bytes(const StoredTensor& tensor) {
    for (const auto& [name, element] : npy_types)
        if (element == tensor.element) return detail::npy_header(name, tensor.shape).append(as_text(tensor.bytes));
    throw Error(Fault::element, {.place = "npy array",
                                 .found = "numbers of type " + std::string(name_of(tensor.element)),
                                 .wanted = "a type of NumPy"});
}

/// Throws Fault::io if the file cannot be written.
inline void write_npy(const std::filesystem::path& path, std::span<const float> numbers, const Dimensions& shape) {
    const std::string bytes = npy_bytes(numbers, shape);
    AtomicFile file(path);
    file.write(std::as_bytes(std::span(bytes)));
    file.commit();
}

/// Reads .npy files of little-endian numbers in C order.
class NpyReader {
  public:
    /// The array as a view of `bytes`, without a name.
    static StoredTensor stored(std::span<const std::byte> bytes, const Limits& limits = {}) {
        constexpr std::string_view magic = "\x93NUMPY";
        ByteReader reader(bytes, "npy header");
        if (as_text(reader.take(magic.size())) != magic)
            fail(Fault::magic, "an unrecognised file signature", "a .npy file");
        const int major = reader.byte(), minor = reader.byte();
        if (major != 1 || minor != 0)
            fail(Fault::version, std::to_string(major) + "." + std::to_string(minor), "version 1.0");
        const std::string_view text = as_text(reader.take(reader.little<std::uint16_t>()));
        if (!text.ends_with('\n')) fail(Fault::syntax, "a header without end of line", "one that ends with it");
        StoredTensor tensor;
        tensor.element = element_of(quoted_value(text, "'descr': "));
        if (!value(text, "'fortran_order': ").starts_with("False"))
            fail(Fault::unsupported, "an array in Fortran order", "C order; save numpy.ascontiguousarray of it");

        tensor.shape = shape_of(value(text, "'shape': "), limits);
        const auto numbers = checked_element_count(tensor.shape);
        if (!numbers) fail(Fault::overflow, to_string(tensor.shape), "less than 2^63 numbers");
        const std::uint64_t count = *numbers;
        if (count > reader.left() / size_of(tensor.element))
            fail(Fault::truncated, std::to_string(reader.left()) + " bytes", to_string(tensor.shape));
        tensor.bytes = reader.take(count * size_of(tensor.element));
        if (reader.left() != 0)
            fail(Fault::unused, std::to_string(reader.left()) + " bytes after the array", "nothing");
        return tensor;
    }

    /// An array of float32, float64, int32 or int64, as floats.
    static FloatTensor read(std::span<const std::byte> bytes, const Limits& limits = {}) {
        const StoredTensor array = stored(bytes, limits);
        if (size_of(array.element) < 4)
            fail(Fault::element, "numbers of type " + std::string(name_of(array.element)),
                 "float32, float64, int32 or int64");
        FloatTensor tensor{array.shape, std::vector<float>(array.bytes.size() / size_of(array.element))};
        to_floats(array.element, array.bytes, tensor.numbers);
        return tensor;
    }

  private:
    static std::string_view value(std::string_view text, std::string_view key) {
        const std::size_t at = text.find(key);
        if (at == text.npos)
            fail(Fault::missing, "no " + std::string(key.substr(0, key.size() - 2)), "descr, fortran_order and shape");
        return text.substr(at + key.size());
    }

    static std::string_view quoted_value(std::string_view text, std::string_view key) {
        const std::string_view rest = value(text, key);
        const std::size_t end = rest.size() < 2 ? rest.npos : rest.find('\'', 1);
        if (end == rest.npos || rest[0] != '\'') fail(Fault::syntax, "an unquoted type", "a type such as '<f4'");
        return rest.substr(1, end - 1);
    }

    static Element element_of(std::string_view type) {
        for (const auto& [name, element] : npy_types)
            if (name == type) return element;
        fail(Fault::element, "type '" + std::string(type.substr(0, 32)) + "'",
             "<f4, <f8, <f2, <i8, <i4, <i2, |i1, |u1 or |b1");
    }

    /// "(2, 3)", "(2,)" or "()".
    static Dimensions shape_of(std::string_view text, const Limits& limits) {
        const std::size_t end = text.find(')');
        if (!text.starts_with('(') || end == text.npos) fail(Fault::syntax, "a shape that is not a tuple", "(sizes)");
        Dimensions shape;
        for (std::string_view rest = text.substr(1, end - 1); !rest.empty();) {
            std::int64_t size = 0;
            const auto [stop, error] = std::from_chars(rest.data(), rest.data() + rest.size(), size);
            if (error != std::errc{} || size < 0) fail(Fault::syntax, "a shape of other things", "sizes of 0 and more");
            rest.remove_prefix(static_cast<std::size_t>(stop - rest.data()));
            if (shape.size() == limits.tensor_rank)
                fail(Fault::limit, "more dimensions", "at most " + std::to_string(limits.tensor_rank));
            shape.push_back(size);
            if (!rest.empty() && rest[0] != ',') fail(Fault::syntax, "a shape without commas", "(sizes)");
            rest.remove_prefix(std::min(rest.size(), rest.starts_with(", ") ? std::size_t{2} : std::size_t{1}));
        }
        return shape;
    }

    [[noreturn]] static void fail(Fault fault, std::string_view found, std::string_view wanted) {
        throw Error(fault, {.place = "npy header", .found = found, .wanted = wanted});
    }
};

/// Decodes the elements of a .npy file to float32.
inline FloatTensor read_npy(const std::filesystem::path& path, const Limits& limits = {}) {
    const MappedFile file(path);
    try {
        return NpyReader::read(file.bytes(), limits);
    } catch (const Error& error) { throw error.in_file(path.string()); }
}

}  // namespace taxon::io
