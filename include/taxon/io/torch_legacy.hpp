#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <taxon/core/error.hpp>
#include <taxon/core/limits.hpp>
#include <taxon/io/byte_reader.hpp>
#include <taxon/io/pickle_machine.hpp>
#include <taxon/io/stored_tensor.hpp>
#include <taxon/io/torch_state_dict.hpp>
#include <taxon/io/torch_storage.hpp>
#include <taxon/io/torch_tensor.hpp>
#include <vector>

namespace taxon::io {

/// A checkpoint as torch.save wrote it before version 1.6: five pickles (a magic number, a version, facts about the
/// machine, the object, the storages' keys), then each storage's count and bytes, in the order of the keys.
class TorchLegacy {
  public:
    /// True if the file starts with a pickle of the magic number, 0x1950A86A20F9469CFC6C, in any protocol from 2 to 5.
    static bool is_meant(std::string_view file) {
        constexpr std::size_t after_protocol = 2, after_frame = 11;
        return file.size() > 2 && file[0] == '\x80' && file[1] >= 2 && file[1] <= 5 &&
               (file.substr(after_protocol).starts_with(magic) ||
                file.substr(std::min(after_frame, file.size())).starts_with(magic));
    }

    /// `key`: see TorchWrappers.
    static StoredTensors read(std::span<const std::byte> file, std::string_view key = {}, const Limits& limits = {}) {
        ByteReader reader(file, "checkpoint");
        if (!is_meant(as_text(file)))
            fail(Fault::magic, "an unrecognised file signature", "a checkpoint of torch.save");
        PickleMachine::run(reader, limits);
        check_version(PickleMachine::run(reader, limits));
        check_machine(PickleMachine::run(reader, limits));
        const Pickle pickle = PickleMachine::run(reader, limits);
        TorchStorages storages(pickle, TorchStorages::Format::legacy, limits);
        read_storages(reader, storages, limits);
        TorchTensorReader tensors(pickle, storages, false, file.size(), limits);
        TorchStateDict::Contents contents = TorchStateDict::of(pickle, key, limits);
        for (TorchStateDict::Named& named : contents.tensors) tensors.add(std::move(named.name), named.tensor);
        StoredTensors result = std::move(tensors).take();
        result.facts = std::move(contents.facts);
        result.choice = std::move(contents.choice);
        return result;
    }

  private:
    static constexpr std::string_view magic{"\x8A\x0A\x6C\xFC\x9C\x46\xF9\x20\x6A\xA8\x50\x19", 12};

    static void check_version(const Pickle& version) {
        constexpr std::int64_t wanted = 1001;
        if (version.kind(version.root()) != PickleKind::integer || version.integer(version.root()) != wanted)
            fail(Fault::version, "another protocol version", "1001");
    }

    /// When the file says "not little-endian", Torch has written the storages either in the machine's byte order or in
    /// little-endian, depending on its version, and there is no way to tell which.
    static void check_machine(const Pickle& machine) {
        if (machine.kind(machine.root()) != PickleKind::dict)
            fail(Fault::type, std::string(name_of(machine.kind(machine.root()))) + " about the machine", "a dict");
        const auto little = machine.find(machine.root(), "little_endian");
        if (!little || machine.kind(*little) != PickleKind::boolean)
            fail(Fault::missing, "no byte order", "little_endian");
        if (!machine.boolean(*little))
            fail(Fault::unsupported, "a file of a big-endian machine", "little-endian",
                 "load it with torch.load and save it again");
    }

    static void read_storages(ByteReader& reader, TorchStorages& storages, const Limits& limits) {
        const Pickle keys = PickleMachine::run(reader, limits);
        if (keys.kind(keys.root()) != PickleKind::list)
            fail(Fault::type, std::string(name_of(keys.kind(keys.root()))) + " of keys", "a list");
        const std::vector<Pickle::Node> order = keys.items(keys.root());
        check_keys(keys, order, storages);
        for (const Pickle::Node node : order) {
            TorchStorage& storage = storages.by_key().at(keys.text(node));
            const auto count = static_cast<std::int64_t>(reader.little<std::uint64_t>());
            if (count < 0) fail(Fault::value, "a storage of " + std::to_string(count) + " elements", "0 or more");
            if (static_cast<std::uint64_t>(count) != storage.count)
                fail(Fault::mismatch,
                     std::to_string(count) + " elements for storage '" + std::string(keys.text(node)) + "'",
                     std::to_string(storage.count));
            storage.bytes = reader.take(storage.count * storage.type->bytes);
        }
        if (reader.left() != 0)
            fail(Fault::unused, std::to_string(reader.left()) + " bytes after the storages", "nothing");
    }

    static void check_keys(const Pickle& keys, const std::vector<Pickle::Node>& order, TorchStorages& storages) {
        std::vector<std::string_view> listed;
        for (const Pickle::Node node : order) {
            if (keys.kind(node) != PickleKind::text)
                fail(Fault::type, std::string(name_of(keys.kind(node))) + " as a key", "a string");
            listed.push_back(keys.text(node));
        }
        std::sort(listed.begin(), listed.end());
        if (const auto twice = std::adjacent_find(listed.begin(), listed.end()); twice != listed.end())
            fail(Fault::duplicate, "storage '" + std::string(twice->substr(0, 64)) + "' twice", "each once");
        for (const std::string_view key : listed)
            if (!storages.by_key().contains(key))
                fail(Fault::unused, "storage '" + std::string(key.substr(0, 64)) + "', which nothing refers to",
                     "none");
        for (const auto& [key, storage] : storages.by_key())
            if (!std::binary_search(listed.begin(), listed.end(), key))
                fail(Fault::missing, "no storage '" + std::string(key) + "'", "one, since a tensor refers to it");
    }

    [[noreturn]] static void fail(Fault fault, std::string_view found, std::string_view wanted,
                                  std::string_view remedy = {}) {
        throw Error(fault, {.place = "checkpoint", .found = found, .wanted = wanted, .remedy = remedy});
    }
};

}  // namespace taxon::io
