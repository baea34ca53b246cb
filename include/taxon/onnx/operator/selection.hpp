#pragma once
#include <cstdint>
#include <limits>
#include <string>
#include <taxon/onnx/call.hpp>
#include <taxon/onnx/operator/binary.hpp>
#include <taxon/onnx/operator/requirement.hpp>
#include <taxon/onnx/places.hpp>

/// Where, Cast, Clip, and what leaves numbers as they are.
namespace taxon::onnx::elementwise {

inline void infer_same(Call& call) {
    require_type(call, true);
    call.output(call.type(0), call.shape(0));
}

inline void infer_where(Call& call) {
    call.require(call.type(0) == DataType::boolean, Fault::type, std::string(name_of(call.type(0))),
                 "a bool condition");
    call.require(call.type(1) == call.type(2) && is_computed(call.type(1)), Fault::type,
                 std::string(name_of(call.type(1))) + " and " + std::string(name_of(call.type(2))), "one type");
    call.output(call.type(1), broadcast_inputs(call));
}
inline void compute_where(Call& call) {
    const Dimensions& shape = call.results[0].shape();
    const auto strides = [&](std::size_t i) { return broadcast_strides(call.operands[i].shape(), shape); };
    visit_type(call.results[0].type(), [&]<class T>(T) {
        T* next = call.results[0].writable<T>().data();
        const Int* condition = call.operands[0].numbers<Int>().data();
        const T *yes = call.operands[1].numbers<T>().data(), *no = call.operands[2].numbers<T>().data();
        for_each_place<3>(shape, {strides(0), strides(1), strides(2)},
                          [&](const auto& at) { *next++ = condition[at[0]] != 0 ? yes[at[1]] : no[at[2]]; });
    });
}

inline DataType cast_type(const Call& call) {
    return call.node->operation == "CastLike" ? call.type(1) : static_cast<DataType>(call.integer("to", 0));
}
inline void infer_cast(Call& call) {
    call.require(is_computed(cast_type(call)), Fault::unsupported, "a cast to " + std::string(name_of(cast_type(call))),
                 "numbers");
    require_type(call, true);
    call.output(cast_type(call), call.shape(0));
}
inline void cast(Tensor& to, const Tensor& from) {
    const bool boolean = to.type() == DataType::boolean;
    visit_type(from.type(), [&]<class From>(From) {
        visit_type(to.type(), [&]<class To>(To) {
            const auto numbers = from.numbers<From>();
            const auto results = to.writable<To>();
            for (std::size_t i = 0; i < numbers.size(); ++i)
                if constexpr (std::is_same_v<To, Int> && !std::is_same_v<From, Int>)
                    results[i] = boolean ? Int{numbers[i] != 0} : whole(numbers[i]);
                else results[i] = static_cast<To>(numbers[i]);
        });
    });
}
inline void compute_cast(Call& call) { cast(call.results[0], call.operands[0]); }

/// Bounds are attributes before version 11, of floating-point numbers only.
inline void infer_clip(Call& call) {
    require_type(call, call.opset < 11 ? is_floating(call.type(0)) : call.type(0) != DataType::boolean);
    require_same_types(call);
    for (std::size_t i = 1; i < call.inputs.size(); ++i)
        call.require(!call.given(i) || io::element_count(call.shape(i)) == 1, Fault::shape,
                     io::to_string(call.shape(i)), "one bound");
    call.output(call.type(0), call.shape(0));
}
inline void compute_clip(Call& call) {
    visit_type(call.operands[0].type(), [&]<class T>(T) {
        const auto bound = [&](std::size_t i, const char* name, T otherwise) {
            if (call.opset < 11) return call.has(name) ? static_cast<T>(call.number(name, 0)) : otherwise;
            return call.given(i) ? call.operands[i].numbers<T>()[0] : otherwise;
        };
        constexpr bool real = !std::is_same_v<T, Int>;
        const T low = bound(1, "min", real ? -std::numeric_limits<T>::infinity() : std::numeric_limits<T>::min()),
                high = bound(2, "max", real ? std::numeric_limits<T>::infinity() : std::numeric_limits<T>::max());
        map(call, [&]<class U>(U x) {
            const U least = x < static_cast<U>(low) ? static_cast<U>(low) : x;
            return least > static_cast<U>(high) ? static_cast<U>(high) : least;
        });
    });
}

inline void infer_dropout(Call& call) {
    const bool training = call.given(2) && (!call.inputs[2].constant || call.constants(2) != Dimensions{0});
    call.require(!training, Fault::unsupported, "training_mode", "inference");
    call.require(!(call.opset < 7 && call.integer("is_test", 0) == 0 && call.opset < 7 && call.wants(1)),
                 Fault::unsupported, "training", "is_test 1");
    infer_same(call);
    if (call.wants(1)) call.output(call.opset < 10 ? call.type(0) : DataType::boolean, call.shape(0));
}
inline void compute_dropout(Call& call) {
    call.results[0] = call.operands[0];
    if (call.results.size() > 1)
        visit_type(call.results[1].type(), [&]<class T>(T) {
            for (T& kept : call.results[1].writable<T>()) kept = 1;
        });
}

}  // namespace taxon::onnx::elementwise
