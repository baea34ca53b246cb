#pragma once
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <taxon/number/element.hpp>
#include <taxon/core/error.hpp>
#include <taxon/core/limits.hpp>
#include <taxon/io/pickle.hpp>

namespace taxon::io {

/// An element type of PyTorch. `element` is empty for types that the library does not compute with.
struct TorchType {
    std::string_view name;     ///< the dtype's name: "torch.float32"
    std::string_view storage;  ///< the storage class's name: "torch.FloatStorage"; empty if there is none
    std::size_t bytes;
    std::optional<Element> element;

    static constexpr const TorchType* find(std::string_view name);
};

inline constexpr TorchType torch_types[] = {
    {"torch.float32", "torch.FloatStorage", 4, Element::float32},
    {"torch.float64", "torch.DoubleStorage", 8, Element::float64},
    {"torch.float16", "torch.HalfStorage", 2, Element::float16},
    {"torch.bfloat16", "torch.BFloat16Storage", 2, Element::bfloat16},
    {"torch.uint8", "torch.ByteStorage", 1, Element::uint8},
    {"torch.int8", "torch.CharStorage", 1, Element::int8},
    {"torch.int16", "torch.ShortStorage", 2, Element::int16},
    {"torch.int32", "torch.IntStorage", 4, Element::int32},
    {"torch.int64", "torch.LongStorage", 8, Element::int64},
    {"torch.bool", "torch.BoolStorage", 1, Element::boolean},
    {"torch.complex64", "torch.ComplexFloatStorage", 8, {}},
    {"torch.complex128", "torch.ComplexDoubleStorage", 16, {}},
    {"torch.qint8", "torch.QInt8Storage", 1, {}},
    {"torch.quint8", "torch.QUInt8Storage", 1, {}},
    {"torch.qint32", "torch.QInt32Storage", 4, {}},
    {"torch.quint4x2", "torch.QUInt4x2Storage", 1, {}},
    {"torch.quint2x4", "torch.QUInt2x4Storage", 1, {}},
    {"torch.complex32", "", 4, {}},
    {"torch.uint16", "", 2, {}},
    {"torch.uint32", "", 4, {}},
    {"torch.uint64", "", 8, {}},
    {"torch.float8_e4m3fn", "", 1, {}},
    {"torch.float8_e5m2", "", 1, {}},
    {"torch.float8_e4m3fnuz", "", 1, {}},
    {"torch.float8_e5m2fnuz", "", 1, {}},
    {"torch.float8_e8m0fnu", "", 1, {}},
    {"untyped", "torch.storage.UntypedStorage", 1, {}},
};

/// Finds a type by the name of the dtype or the storage class, "torch.cuda.FloatStorage" included; null if there is no
/// such type.
constexpr const TorchType* TorchType::find(std::string_view name) {
    constexpr std::string_view cuda = "torch.cuda.";
    if (name.starts_with(cuda))
        for (const TorchType& type : torch_types)
            if (!type.storage.empty() &&
                type.storage.substr(std::string_view("torch.").size()) == name.substr(cuda.size()))
                return &type;
    for (const TorchType& type : torch_types)
        if (type.name == name || (!type.storage.empty() && type.storage == name)) return &type;
    return nullptr;
}

/// A contiguous run of elements that tensors view.
struct TorchStorage {
    const TorchType* type = nullptr;
    std::uint64_t count = 0;             ///< in elements
    std::span<const std::byte> bytes{};  ///< empty until the file locates them
};

/// The storages that a checkpoint's pickle refers to by persistent ids, by key: ('storage', class, key, location,
/// count) and, in the older format, a sixth item: None or a view (key, offset, count) into the storage.
class TorchStorages {
  public:
    enum class Format : std::uint8_t { zip, legacy };

    TorchStorages(const Pickle& pickle, Format format, const Limits& limits = {}) : pickle_(&pickle), format_(format) {
        for (std::uint32_t i = 0; i < pickle.size(); ++i)
            if (const Pickle::Node node{i}; pickle.kind(node) == PickleKind::persistent) add(node, limits);
    }

    std::map<std::string_view, TorchStorage>& by_key() { return by_key_; }

    /// The storage, or the view of it, that a persistent id refers to.
    TorchStorage of(Pickle::Node node) const {
        const auto identity = pickle_->tuple(pickle_->identity(node));
        if (pickle_->text(identity[0]) != "storage") fail(Fault::type, "a class", "a storage");
        TorchStorage storage = by_key_.at(pickle_->text(identity[2]));
        if (format_ == Format::zip || pickle_->kind(identity[5]) == PickleKind::none) return storage;

        if (pickle_->kind(identity[5]) != PickleKind::tuple)
            fail(Fault::type, "a view that is not a tuple", "(key, offset, count)");
        const auto view = pickle_->tuple(identity[5]);
        if (view.size() != 3)
            fail(Fault::syntax, "a view of " + std::to_string(view.size()) + " items", "(key, offset, count)");
        const std::uint64_t offset = count_of(view[1]), count = count_of(view[2]);
        if (offset > storage.count || count > storage.count - offset)
            fail(Fault::bounds, "a view up to " + std::to_string(offset) + " + " + std::to_string(count),
                 "at most " + std::to_string(storage.count));
        storage.bytes = storage.bytes.subspan(static_cast<std::size_t>(offset) * storage.type->bytes,
                                              static_cast<std::size_t>(count) * storage.type->bytes);
        storage.count = count;
        return storage;
    }

  private:
    void add(Pickle::Node node, const Limits& limits) {
        if (pickle_->kind(pickle_->identity(node)) != PickleKind::tuple)
            fail(Fault::type, std::string(name_of(pickle_->kind(pickle_->identity(node)))), "a tuple");
        const auto identity = pickle_->tuple(pickle_->identity(node));
        if (identity.empty() || pickle_->kind(identity[0]) != PickleKind::text)
            fail(Fault::type, "a persistent id without a kind", "'storage'");
        const std::string_view kind = pickle_->text(identity[0]);
        if (kind == "module" && format_ == Format::legacy) return;
        if (kind != "storage")
            fail(Fault::forbidden, "a persistent id of kind '" + std::string(kind) + "'", "'storage'");
        const std::size_t wanted = format_ == Format::zip ? 5 : 6;
        if (identity.size() != wanted)
            fail(Fault::type, std::to_string(identity.size()) + " items", std::to_string(wanted));

        const TorchType* type = TorchType::find(pickle_->full_name(identity[1]));
        if (type == nullptr || type->storage.empty())
            fail(Fault::type, "'" + pickle_->full_name(identity[1]) + "' as its class", "a class of torch storages");
        if (pickle_->kind(identity[2]) != PickleKind::text)
            fail(Fault::type, std::string(name_of(pickle_->kind(identity[2]))) + " as its key", "a string");
        const std::string_view key = pickle_->text(identity[2]);
        check_key(key, limits);
        const std::uint64_t count = count_of(identity[4]);
        if (std::uint64_t bytes = 0;
            __builtin_mul_overflow(count, std::uint64_t{type->bytes}, &bytes) || bytes > std::uint64_t{1} << 62)
            fail(Fault::overflow, std::to_string(count) + " elements", "less than 2^62 bytes");

        const auto [known, is_new] = by_key_.try_emplace(key, TorchStorage{type, count});
        if (!is_new && known->second.count != count)
            fail(Fault::mismatch,
                 "storage '" + std::string(key) + "' of " + std::to_string(count) + " and of " +
                     std::to_string(known->second.count) + " elements",
                 "one size");
        if (!is_new && known->second.type != type)
            fail(Fault::element,
                 "storage '" + std::string(key) + "' as " + std::string(type->name) + " and as " +
                     std::string(known->second.type->name),
                 "one type");
    }

    static void check_key(std::string_view key, const Limits& limits) {
        if (key.size() > limits.key_bytes)
            fail(Fault::limit, "a key of " + std::to_string(key.size()) + " bytes",
                 "at most " + std::to_string(limits.key_bytes));
        const auto allowed = [](char c) {
            return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
        };
        bool plain = !key.empty();
        for (const char c : key) plain &= allowed(c);
        if (!plain) fail(Fault::path, "key '" + std::string(key) + "'", "letters and digits");
    }

    std::uint64_t count_of(Pickle::Node node) const {
        if (pickle_->kind(node) == PickleKind::big_integer)
            fail(Fault::overflow, "a size past 2^63", "a number of elements");
        if (pickle_->kind(node) != PickleKind::integer)
            fail(Fault::type, std::string(name_of(pickle_->kind(node))) + " as a size", "an integer");
        if (pickle_->integer(node) < 0)
            fail(Fault::value, "a size of " + std::to_string(pickle_->integer(node)), "0 or more");
        return static_cast<std::uint64_t>(pickle_->integer(node));
    }

    [[noreturn]] static void fail(Fault fault, std::string_view found, std::string_view wanted) {
        throw Error(fault, {.place = "persistent id", .found = found, .wanted = wanted});
    }

    const Pickle* pickle_;
    Format format_;
    std::map<std::string_view, TorchStorage> by_key_;
};

}  // namespace taxon::io
