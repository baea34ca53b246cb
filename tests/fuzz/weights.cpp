// Weight files, offline files and arrays.
#include <taxon/io/darknet_file.hpp>
#include <taxon/io/npy.hpp>
#include <taxon/io/offline_file.hpp>
#include <taxon/io/shard_index.hpp>
#include <taxon/io/weight_file.hpp>

#include "fuzz/target.hpp"
#include "io/checkpoint_writer.hpp"
#include "io/offline_bytes.hpp"

namespace taxon::fuzz {
namespace {

using namespace test;

/// Opens a weight file, and reads all tensors as floats but those that a few bytes repeat.
std::size_t read_weights(std::span<const std::byte> bytes) {
    const auto file = io::WeightFile::open(file_of(bytes));
    for (const io::StoredTensor& tensor : file.tensors()) {
        const std::uint64_t count = io::element_count(tensor.shape);
        hold(tensor.bytes.size() == count * size_of(tensor.element));
        if (count > bytes.size()) continue;
        std::vector<float> numbers(static_cast<std::size_t>(count));
        hold(file.find(tensor.name) != nullptr);
        try {
            file.read(tensor.name, tensor.shape, numbers);
        } catch (const Error&) {}  // an element type without floats
    }
    return 0;
}

std::string dict_of(const std::string& value) { return pickled::program(pickled::dict({pickled::text("w"), value})); }

std::vector<std::string> pickles() {
    using namespace pickled;
    const std::string one = tensor();
    const std::string parameter = call(name("torch._utils", "_rebuild_parameter"), {one, yes, ordered_dict()});
    const std::string module = object(
        name("models.yolo", "Model"),
        dict({text("_parameters"), ordered_dict({text("weight"), parameter}), text("_buffers"), ordered_dict(),
              text("_modules"), ordered_dict(), text("names"), list({text("cat"), text("dog")}), text("stride"), one}));
    return {dict_of(one),
            dict_of(parameter),
            program(ordered_dict({text("module.a.weight"), one, text("module.b.bias"), one})),
            program(dict({text("state_dict"), ordered_dict({text("w"), one}), text("epoch"), integer(1)})),
            program(dict({text("model"), module, text("ema"), none})),
            dict_of(tensor({3, 2}, {1, 3})),
            dict_of(rebuild(storage("0", 6, name("torch", "HalfStorage")), integer(0), integers({6}), integers({1})))};
}

std::size_t read_pickle(std::span<const std::byte> bytes) {
    const std::string zip = zip_of(zip_parts(std::string(text_of(bytes)))).bytes;
    return read_weights(as_span(zip));
}

/// Writes each entry's checksum into its record and descriptor.
void mend_zip(std::string& bytes) {
    constexpr std::size_t end_bytes = 22, record_bytes = 46, header_bytes = 30;
    const auto number = [&](std::size_t at, int width) -> std::size_t {
        std::size_t value = 0;
        for (int i = width; i-- > 0 && at + static_cast<std::size_t>(i) < bytes.size();)
            value = value << 8 | static_cast<unsigned char>(bytes[at + static_cast<std::size_t>(i)]);
        return value;
    };
    const auto put = [&](std::size_t at, std::uint32_t value) {
        if (at + 4 <= bytes.size()) bytes.replace(at, 4, pickled::little(value, 4));
    };
    if (bytes.size() < end_bytes) return;
    std::size_t record = number(bytes.size() - 6, 4);
    while (record + record_bytes <= bytes.size() && number(record, 4) == 0x02014B50) {
        const std::size_t header = number(record + 42, 4), size = number(record + 20, 4);
        if (header + header_bytes <= bytes.size()) {
            const std::size_t at = header + header_bytes + number(header + 26, 2) + number(header + 28, 2);
            if (at <= bytes.size() && size <= bytes.size() - at) {
                const std::uint32_t crc = crc_of(bytes.substr(at, size));
                put(record + 16, crc);
                if (size > 0) put(at + size + 4, crc);
            }
        }
        record += record_bytes + number(record + 28, 2) + number(record + 30, 2) + number(record + 32, 2);
    }
}

std::vector<std::string> zips() {
    std::vector<std::string> all;
    for (const std::string& pickle : pickles()) all.push_back(zip_of(zip_parts(pickle)).bytes);
    all.push_back(zip_of(zip_parts(pickles()[0]), false).bytes);
    return all;
}

std::vector<std::string> legacy_files() {
    using namespace pickled;
    LegacyParts one, two;
    one.object = dict_of(legacy_tensor());
    two.object = dict_of(legacy_tensor(legacy_storage("0", 6, tuple({text("1"), integer(2), integer(4)})), {4}));
    return {one.bytes(), two.bytes()};
}

std::vector<std::string> safetensors_files() {
    const auto file = [](const std::string& header, std::size_t data) {
        return pickled::little(header.size(), 8) + header + std::string(data, '\1');
    };
    return {file(R"({"w":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]}})", 24),
            file(R"({"__metadata__":{"format":"pt"},"a":{"dtype":"F16","shape":[],"data_offsets":[0,2]},)"
                 R"("b":{"dtype":"I64","shape":[1],"data_offsets":[2,10]}})",
                 10),
            file("{}", 0)};
}

std::size_t read_index(std::span<const std::byte> bytes) {
    static_cast<void>(io::ShardIndex::parse(text_of(bytes)));
    return 0;
}

std::size_t read_darknet(std::span<const std::byte> bytes) {
    static_cast<void>(io::DarknetFile::is_meant(bytes));
    const io::DarknetFile file(file_of(bytes));
    std::vector<float> numbers(file.size());
    file.read(0, numbers);
    return 0;
}

std::size_t read_array(std::span<const std::byte> bytes) {
    static_cast<void>(io::NpyReader::read(bytes));
    return 0;
}

/// Reads every section, and then the whole file: what one accepts the other must.
std::size_t read_offline(std::span<const std::byte> bytes) {
    const auto file = io::OfflineFile::open(file_of(bytes));
    std::size_t covered = 0;
    for (const auto name : file.names()) covered += file.section(name).size();
    file.check();
    hold(covered <= bytes.size());
    return 0;
}

/// Writes the checksums of sections, table and header.
void mend_offline(std::string& bytes) {
    constexpr std::size_t table = 40, entry = 52, offset_at = 32, size_at = 40, checksum_at = 48;
    const auto number = [&](std::size_t at, std::size_t width) {
        std::uint64_t value = 0;
        for (std::size_t i = width; i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
        return value;
    };
    if (bytes.size() < table) return;
    const std::uint64_t count = number(12, 4);
    for (std::uint64_t i = 0; i < count && table + (i + 1) * entry <= bytes.size(); ++i) {
        const std::size_t at = table + i * entry;
        const std::uint64_t offset = number(at + offset_at, 8), size = number(at + size_at, 8);
        if (offset > bytes.size() || size > bytes.size() - offset) continue;
        const std::uint32_t crc = io::Crc32c::of(as_span(bytes).subspan(offset, size));
        bytes.replace(at + checksum_at, 4, pickled::little(crc, 4));
    }
    bytes.replace(16, 8, pickled::little(bytes.size(), 8));
    bytes = resealed(std::move(bytes));
}

}  // namespace

std::vector<Target> weight_targets() {
    using pickled::name;
    const std::vector<std::string> globals{name("torch._utils", "_rebuild_tensor_v2"),
                                           name("torch._utils", "_rebuild_tensor_v3"),
                                           name("torch._utils", "_rebuild_parameter"),
                                           name("torch._tensor", "_rebuild_from_type_v2"),
                                           name("torch._utils", "_rebuild_qtensor"),
                                           name("collections", "OrderedDict"),
                                           name("torch", "FloatStorage"),
                                           name("torch", "HalfStorage"),
                                           name("torch", "BFloat16Storage"),
                                           name("torch.storage", "UntypedStorage"),
                                           pickled::text("state_dict"),
                                           pickled::text("model"),
                                           pickled::text("_parameters"),
                                           pickled::text("names"),
                                           pickled::storage(),
                                           pickled::tensor(),
                                           "(",
                                           "t",
                                           "}",
                                           "u",
                                           "R",
                                           "Q",
                                           "\x81",
                                           "b",
                                           "q\1",
                                           "h\1"};
    const std::vector<std::string> fields{
        "\"dtype\":\"", "\"shape\":[", "\"data_offsets\":[", "\"__metadata__\":{", "F32", "BF16",
        "I64",          "BOOL",        "\"metadata\"",       "\"weight_map\":{",   "{",   "}"};
    return {
        {"torch_pickle", read_pickle, pickles, globals},
        {"torch_zip",
         read_weights,
         zips,
         {"PK\1\2", "PK\3\4", "PK\5\6", "PK\6\6", "PK\6\7", "PK\7\x8"},
         false,
         mend_zip},
        {"torch_legacy", read_weights, legacy_files, globals},
        {"safetensors", read_weights, safetensors_files, fields},
        {"shard_index", read_index,
         [] {
             return std::vector<std::string>{
                 R"({"metadata":{"total_size":8},"weight_map":{"a.weight":"model-1.safetensors","b":"x"}})"};
         },
         fields},
        {"darknet", read_darknet,
         [] {
             const auto version = [](int minor) {
                 return pickled::little(0, 4) + pickled::little(static_cast<unsigned>(minor), 4) +
                        pickled::little(0, 4);
             };
             return std::vector<std::string>{version(2) + pickled::little(7, 8) + six_floats,
                                             version(1) + pickled::little(7, 4) + six_floats};
         }},
        {"npy",
         read_array,
         [] {
             const std::vector<float> numbers(6, 1.5f);
             const std::vector<std::int64_t> wholes(3, 7);
             return std::vector<std::string>{io::npy_bytes(numbers, {2, 3}), io::npy_bytes(wholes, {3})};
         },
         {"'descr': '", "<f4", "<f8", "<i8", "'fortran_order': ", "True", "'shape': ("}},
        {"offline", read_offline, [] { return std::vector<std::string>{offline_bytes()}; }, {}, true, mend_offline}};
}

}  // namespace taxon::fuzz
