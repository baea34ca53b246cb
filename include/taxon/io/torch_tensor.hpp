#pragma once
#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <taxon/core/error.hpp>
#include <taxon/core/limits.hpp>
#include <taxon/io/memory_budget.hpp>
#include <taxon/io/pickle.hpp>
#include <taxon/io/stored_tensor.hpp>
#include <taxon/io/strided.hpp>
#include <taxon/io/torch_storage.hpp>
#include <utility>

namespace taxon::io {

/// Recognises the few calls that represent a tensor in a pickle (torch/_utils.py, torch/_tensor.py) and interprets
/// them.
class TorchTensorReader {
  public:
    /// `swap`: the elements are big-endian. `file_bytes`: what tensors that cannot be views may take together, and
    /// `limits.reader_bytes` more.
    TorchTensorReader(const Pickle& pickle, const TorchStorages& storages, bool swap, std::size_t file_bytes,
                      const Limits& limits = {})
        : pickle_(pickle), storages_(storages), swap_(swap), limits_(limits),
          memory_(limits, pickle.bytes(), "tensors"), gathered_(limits, file_bytes, {}) {}

    /// True if the value is such a call, readable or not.
    static bool is_tensor(const Pickle& pickle, Pickle::Node node) {
        if (pickle.kind(node) != PickleKind::call) return false;
        const std::string name = pickle.full_name(node);
        return name.starts_with("torch._utils._rebuild_") || is_rebuild_from_type(name);
    }

    /// True for a plain tensor of floats with more than one element. `node`: a tensor.
    static bool holds_floats(const Pickle& pickle, Pickle::Node node) {
        const auto arguments = pickle.tuple(pickle.arguments(node));
        if (arguments.size() < 4 || pickle.kind(arguments[0]) != PickleKind::persistent ||
            pickle.kind(pickle.identity(arguments[0])) != PickleKind::tuple ||
            pickle.kind(arguments[2]) != PickleKind::tuple)
            return true;  // a parameter, or nothing that can be told
        const auto identity = pickle.tuple(pickle.identity(arguments[0]));
        const TorchType* type = identity.size() < 2 ? nullptr : TorchType::find(pickle.full_name(identity[1]));
        const auto sizes = pickle.tuple(arguments[2]);
        const bool one = std::all_of(sizes.begin(), sizes.end(), [&](Pickle::Node size) {
            return pickle.kind(size) == PickleKind::integer && pickle.integer(size) == 1;
        });
        return !one && (type == nullptr || !type->element || is_floating(*type->element));
    }

    /// Adds the tensor under `name`: a view into its storage if that is dense and little-endian, otherwise a copy.
    void add(std::string name, Pickle::Node node) {
        try {
            StoredTensor tensor = read(node);
            memory_.charge(tensor.shape.size() * sizeof(std::int64_t));
            memory_.reserve(tensors_.tensors, 1);
            tensors_.tensors.push_back(std::move(tensor));
        } catch (const Error& error) {
            Error::Facts facts = error.facts();
            facts.place = "tensor '" + name + "'" + (facts.place.empty() ? "" : ", " + facts.place);
            throw Error(error.fault(), facts);
        }
        tensors_.tensors.back().name = std::move(name);
    }

    StoredTensors take() && { return std::move(tensors_); }

  private:
    struct Call {
        std::string name;
        std::span<const Pickle::Node> arguments;
    };

    static bool is_rebuild_from_type(std::string_view name) {
        return name == "torch._tensor._rebuild_from_type_v2" || name == "torch.tensor._rebuild_from_type_v2";
    }

    StoredTensor read(Pickle::Node node) {
        const Call call = unwrap(node);
        const bool typed_apart = call.name == "torch._utils._rebuild_tensor_v3";
        if (call.name == "torch._utils._rebuild_tensor") expect_count(call, 4, 4);
        else if (call.name == "torch._utils._rebuild_tensor_v2") expect_count(call, 6, 7);
        else if (typed_apart) expect_count(call, 7, 8);
        else fail(Fault::unsupported, call.name, "a plain strided tensor", "convert it to one before it is saved");
        if (call.arguments.size() > (typed_apart ? 7u : 6u)) expect_no_metadata(call.arguments.back());

        if (pickle_.kind(call.arguments[0]) != PickleKind::persistent)
            fail(Fault::type, std::string(name_of(pickle_.kind(call.arguments[0]))) + " as its storage", "a storage");
        TorchStorage storage = storages_.of(call.arguments[0]);
        if (typed_apart) retype(storage, call.arguments[6]);
        if (!storage.type->element)
            fail(Fault::unsupported, "elements of type " + std::string(storage.type->name),
                 "float, half, bfloat16, integers or bool", "convert it before it is saved");
        Strided layout{integer(call.arguments[1]), integers(call.arguments[2]), integers(call.arguments[3])};
        layout.check(storage.count, storage.type->bytes, limits_);
        return place(storage, std::move(layout));
    }

    /// Unwraps what does not change the elements: parameters, and tensors with attributes of their own.
    Call unwrap(Pickle::Node node) const {
        Call call = call_at(node);
        for (std::size_t level = 0; level <= limits_.wrapper_depth; ++level) {
            if (call.name == "torch._utils._rebuild_parameter" ||
                call.name == "torch._utils._rebuild_parameter_with_state") {
                expect_count(call, 3, 4);
                call = call_at(call.arguments[0]);
            } else if (is_rebuild_from_type(call.name)) {
                expect_count(call, 4, 4);
                const std::string type = pickle_.full_name(call.arguments[1]);
                if (type != "torch.Tensor" && type != "torch.nn.parameter.Parameter" &&
                    type != "torch.nn.parameter.Buffer")
                    fail(Fault::unsupported, "a tensor of class '" + type + "'", "torch.Tensor",
                         "convert it to one before it is saved");
                if (pickle_.kind(call.arguments[2]) != PickleKind::tuple)
                    fail(Fault::type, "arguments that are not a tuple", "a tuple");
                call = {pickle_.full_name(call.arguments[0]), pickle_.tuple(call.arguments[2])};
            } else {
                return call;
            }
        }
        fail(Fault::limit, "nested wrappers", "at most " + std::to_string(limits_.wrapper_depth) + " levels");
    }

    Call call_at(Pickle::Node node) const {
        if (pickle_.kind(node) != PickleKind::call)
            fail(Fault::type, std::string(name_of(pickle_.kind(node))), "a tensor");
        if (pickle_.state(node) != Pickle::nothing)
            fail(Fault::forbidden, "a tensor that is changed after it is made", "one that is only made");
        return {pickle_.full_name(node), pickle_.tuple(pickle_.arguments(node))};
    }

    static void expect_count(const Call& call, std::size_t least, std::size_t most) {
        if (call.arguments.size() < least || call.arguments.size() > most)
            fail(Fault::syntax, std::to_string(call.arguments.size()) + " arguments of " + call.name,
                 std::to_string(least) + " to " + std::to_string(most));
    }

    /// Metadata can request that the elements be negated or conjugated.
    void expect_no_metadata(Pickle::Node node) const {
        if (pickle_.kind(node) == PickleKind::none) return;
        if (pickle_.kind(node) != PickleKind::dict) fail(Fault::type, "metadata that is not a dict", "a dict");
        if (!pickle_.items(node).empty())
            fail(Fault::unsupported, "metadata that can change the values", "none",
                 "save the result of tensor.resolve_neg()");
    }

    void retype(TorchStorage& storage, Pickle::Node dtype) const {
        if (storage.type->name != "untyped")
            fail(Fault::type, "a storage of " + std::string(storage.type->name), "an untyped one");
        const std::string name = pickle_.full_name(dtype);
        const TorchType* type = TorchType::find(name);
        if (type == nullptr || type->name != name)
            fail(Fault::element, "'" + name + "' as its type", "a dtype of torch");
        storage.type = type;
        storage.count = storage.bytes.size() / type->bytes;
    }

    std::int64_t integer(Pickle::Node node) const {
        if (pickle_.kind(node) == PickleKind::big_integer)
            fail(Fault::overflow, "a number past 2^63", "a size, stride or offset");
        if (pickle_.kind(node) != PickleKind::integer)
            fail(Fault::type, std::string(name_of(pickle_.kind(node))) + " as a size, stride or offset", "an integer");
        return pickle_.integer(node);
    }

    Dimensions integers(Pickle::Node node) const {
        if (pickle_.kind(node) == PickleKind::call && pickle_.full_name(node) == "torch.Size") {
            const auto arguments = pickle_.tuple(pickle_.arguments(node));
            if (arguments.size() != 1) fail(Fault::syntax, "torch.Size of several arguments", "one");
            node = arguments[0];
        }
        if (pickle_.kind(node) != PickleKind::tuple)
            fail(Fault::type, std::string(name_of(pickle_.kind(node))) + " as sizes or strides", "a tuple");
        if (const std::size_t rank = pickle_.tuple(node).size(); rank > limits_.tensor_rank)
            fail(Fault::limit, std::to_string(rank) + " dimensions", "at most " + std::to_string(limits_.tensor_rank));
        Dimensions numbers;
        for (const Pickle::Node number : pickle_.tuple(node)) numbers.push_back(integer(number));
        return numbers;
    }

    StoredTensor place(const TorchStorage& storage, Strided layout) {
        const std::size_t element_bytes = storage.type->bytes;
        const std::uint64_t bytes = element_count(layout.shape) * element_bytes;
        StoredTensor tensor{.name = {}, .element = *storage.type->element, .shape = layout.shape, .bytes = {}};
        if (bytes == 0) return tensor;
        if (layout.is_dense() && (!swap_ || element_bytes == 1)) {
            tensor.bytes = storage.bytes.subspan(static_cast<std::size_t>(layout.offset) * element_bytes,
                                                 static_cast<std::size_t>(bytes));
            return tensor;
        }
        try {
            gathered_.charge(static_cast<std::size_t>(bytes));
        } catch (const Error&) {
            fail(Fault::limit, std::to_string(bytes) + " bytes expanded from a smaller storage",
                 "about the file's size");
        }
        auto memory = std::make_unique<std::byte[]>(static_cast<std::size_t>(bytes));
        layout.gather(storage.bytes, element_bytes, swap_, memory.get());
        tensor.bytes = {memory.get(), static_cast<std::size_t>(bytes)};
        tensors_.gathered.push_back(std::move(memory));
        return tensor;
    }

    [[noreturn]] static void fail(Fault fault, std::string_view found, std::string_view wanted,
                                  std::string_view remedy = {}) {
        throw Error(fault, {.found = found, .wanted = wanted, .remedy = remedy});
    }

    const Pickle& pickle_;
    const TorchStorages& storages_;
    bool swap_;
    const Limits& limits_;
    MemoryBudget memory_, gathered_;
    StoredTensors tensors_;
};

}  // namespace taxon::io
