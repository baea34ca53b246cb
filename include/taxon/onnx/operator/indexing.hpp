#pragma once
#include <algorithm>
#include <taxon/onnx/call.hpp>
#include <taxon/onnx/operator/view.hpp>
#include <taxon/onnx/places.hpp>

/// Operators whose places are numbers: Gather and Scatter in their forms.
namespace taxon::onnx::movement {

/// An index that counts from the end if it is negative. Throws Fault::bounds outside.
inline Int checked_index(Int index, Int size) {
    if (index < -size || index >= size)
        throw Error(Fault::bounds,
                    {.found = "index " + std::to_string(index), .wanted = "one of " + std::to_string(size)});
    return index < 0 ? index + size : index;
}

inline void require_indices(const Call& call, std::size_t i) {
    call.require(call.type(i) == DataType::int64 || call.type(i) == DataType::int32, Fault::type,
                 "indices of type " + std::string(name_of(call.type(i))), "int64 or int32");
}
inline void check_ready_indices(const Call& call, std::size_t i, Int size) {
    if (const Tensor* indices = call.ready(i))
        for (const Int index : indices->numbers<Int>()) checked_index(index, size);
}

inline void infer_gather(Call& call) {
    require_type(call, true);
    require_indices(call, 1);
    const Dimensions& x = call.shape(0);
    const std::size_t axis = call.axis(call.integer("axis", 0), x.size());
    check_ready_indices(call, 1, x[axis]);
    Dimensions shape(x.begin(), x.begin() + static_cast<std::ptrdiff_t>(axis));
    shape.insert(shape.end(), call.shape(1).begin(), call.shape(1).end());
    shape.insert(shape.end(), x.begin() + static_cast<std::ptrdiff_t>(axis) + 1, x.end());
    call.output(call.type(0), shape);
}
inline void compute_gather(Call& call) {
    const Tensor &x = call.operands[0], &indices = call.operands[1];
    const std::size_t axis = call.axis(call.integer("axis", 0), x.rank());
    const auto after = static_cast<std::size_t>(product(x.shape(), axis + 1, x.rank())),
               outer = static_cast<std::size_t>(product(x.shape(), 0, axis));
    const Int size = x.shape()[axis];
    visit_type(x.type(), [&]<class T>(T) {
        T* next = call.results[0].writable<T>().data();
        for (std::size_t i = 0; i < outer; ++i)
            for (const Int index : indices.numbers<Int>()) {
                const auto place = static_cast<std::size_t>(checked_index(index, size));
                next = std::copy_n(x.numbers<T>().data() + (i * static_cast<std::size_t>(size) + place) * after, after,
                                   next);
            }
    });
}

inline void require_elements(Call& call, std::size_t indices) {
    require_type(call, true);
    require_indices(call, indices);
    const Dimensions &x = call.shape(0), &i = call.shape(indices);
    const std::size_t axis = call.axis(call.integer("axis", 0), x.size());
    bool fits = i.size() == x.size();
    for (std::size_t d = 0; fits && d < x.size(); ++d) fits = d == axis || i[d] <= x[d];
    call.require(fits, Fault::shape, "indices " + text_of(i), "a part of " + text_of(x));
    check_ready_indices(call, indices, x[axis]);
}
/// Calls f(i, place): element i of the indices means that place of `x`.
template <class F>
void for_each_element(const Call& call, const Tensor& x, const Tensor& indices, F&& f) {
    const std::size_t axis = call.axis(call.integer("axis", 0), x.rank());
    const Dimensions places = strides_of(indices.shape()), strides = strides_of(x.shape());
    for (std::size_t i = 0; i < indices.size(); ++i) {
        Int at = 0;
        for (std::size_t d = 0; d < places.size(); ++d) {
            const Int place = d == axis ? checked_index(indices.numbers<Int>()[i], x.shape()[d])
                                        : static_cast<Int>(i) / places[d] % indices.shape()[d];
            at += place * strides[d];
        }
        f(i, static_cast<std::size_t>(at));
    }
}
inline void infer_gather_elements(Call& call) {
    require_elements(call, 1);
    call.output(call.type(0), call.shape(1));
}
inline void compute_gather_elements(Call& call) {
    visit_type(call.operands[0].type(), [&]<class T>(T) {
        for_each_element(call, call.operands[0], call.operands[1], [&](std::size_t i, std::size_t at) {
            call.results[0].writable<T>()[i] = call.operands[0].numbers<T>()[at];
        });
    });
}

inline void require_reduction(const Call& call) {
    const std::string name = call.text("reduction", "none");
    for (const char* known : {"none", "add", "mul", "max", "min"})
        if (name == known) return;
    call.fail(Fault::unsupported, "reduction '" + name + "'", "none, add, mul, max or min");
}
template <class T>
T reduced(const std::string& name, T old, T update) {
    return name == "add"   ? elementwise::sum_of(old, update)
           : name == "mul" ? elementwise::product_of(old, update)
           : name == "max" ? std::max(old, update)
           : name == "min" ? std::min(old, update)
                           : update;
}
inline void infer_scatter_elements(Call& call) {
    require_elements(call, 1);
    require_reduction(call);
    call.require(call.shape(2) == call.shape(1) && call.type(2) == call.type(0), Fault::shape,
                 "updates " + text_of(call.shape(2)), text_of(call.shape(1)));
    call.output(call.type(0), call.shape(0));
}
inline void compute_scatter_elements(Call& call) {
    const std::string reduction = call.text("reduction", "none");
    visit_type(call.operands[0].type(), [&]<class T>(T) {
        const auto y = call.results[0].writable<T>();
        std::ranges::copy(call.operands[0].numbers<T>(), y.begin());
        for_each_element(call, call.operands[0], call.operands[1], [&](std::size_t i, std::size_t at) {
            y[at] = reduced(reduction, y[at], call.operands[2].numbers<T>()[i]);
        });
    });
}

/// Indices' last dimension holds places of the first dimensions of x, after those of batches.
inline void require_tuples(Call& call, std::size_t batch) {
    require_type(call, true);
    require_indices(call, 1);
    const Dimensions &x = call.shape(0), &i = call.shape(1);
    bool fits =
        !i.empty() && batch < i.size() && i.back() >= 0 && batch + static_cast<std::size_t>(i.back()) <= x.size();
    for (std::size_t d = 0; fits && d < batch; ++d) fits = i[d] == x[d];
    call.require(fits, Fault::shape, "indices " + text_of(i), "places in " + text_of(x));
    if (const Tensor* indices = call.ready(1)) {
        const auto length = static_cast<std::size_t>(i.back());
        for (std::size_t n = 0; n < indices->size(); ++n)
            checked_index(indices->numbers<Int>()[n], x[batch + n % length]);
    }
}
/// Calls f(n, place): tuple n of the indices means the part of `x` from that place.
template <class F>
void for_each_tuple(const Tensor& x, const Tensor& indices, std::size_t batch, F&& f) {
    const Dimensions strides = strides_of(x.shape());
    const auto length = static_cast<std::size_t>(indices.shape().back());
    const std::size_t count = static_cast<std::size_t>(product(indices.shape(), 0, indices.rank() - 1)),
                      batches = static_cast<std::size_t>(product(indices.shape(), 0, batch));
    for (std::size_t n = 0; n < count; ++n) {
        Int at = batch == 0 ? 0 : static_cast<Int>(n / (count / batches)) * strides[batch - 1];
        for (std::size_t d = 0; d < length; ++d)
            at += checked_index(indices.numbers<Int>()[n * length + d], x.shape()[batch + d]) * strides[batch + d];
        f(n, static_cast<std::size_t>(at));
    }
}
inline std::size_t batch_of(const Call& call) {
    const Int batch = call.integer("batch_dims", 0);
    call.require(batch >= 0 && batch < 64, Fault::value, "batch_dims " + std::to_string(batch), "0 or more");
    return static_cast<std::size_t>(batch);
}
inline void infer_gather_nd(Call& call) {
    const std::size_t batch = batch_of(call);
    require_tuples(call, batch);
    Dimensions shape(call.shape(1).begin(), call.shape(1).end() - 1);
    shape.insert(shape.end(), call.shape(0).begin() + static_cast<std::ptrdiff_t>(batch) + call.shape(1).back(),
                 call.shape(0).end());
    call.output(call.type(0), shape);
}
inline void compute_gather_nd(Call& call) {
    const Tensor &x = call.operands[0], &indices = call.operands[1];
    const std::size_t batch = batch_of(call),
                      part = static_cast<std::size_t>(
                          product(x.shape(), batch + static_cast<std::size_t>(indices.shape().back()), x.rank()));
    visit_type(x.type(), [&]<class T>(T) {
        for_each_tuple(x, indices, batch, [&](std::size_t n, std::size_t at) {
            std::copy_n(x.numbers<T>().data() + at, part, call.results[0].writable<T>().data() + n * part);
        });
    });
}
inline void infer_scatter_nd(Call& call) {
    require_tuples(call, 0);
    require_reduction(call);
    Dimensions shape(call.shape(1).begin(), call.shape(1).end() - 1);
    shape.insert(shape.end(), call.shape(0).begin() + call.shape(1).back(), call.shape(0).end());
    call.require(call.shape(2) == shape && call.type(2) == call.type(0), Fault::shape,
                 "updates " + text_of(call.shape(2)), text_of(shape));
    call.output(call.type(0), call.shape(0));
}
inline void compute_scatter_nd(Call& call) {
    const Tensor &x = call.operands[0], &indices = call.operands[1];
    const std::string reduction = call.text("reduction", "none");
    const auto part =
        static_cast<std::size_t>(product(x.shape(), static_cast<std::size_t>(indices.shape().back()), x.rank()));
    visit_type(x.type(), [&]<class T>(T) {
        const auto y = call.results[0].writable<T>();
        std::ranges::copy(x.numbers<T>(), y.begin());
        for_each_tuple(x, indices, 0, [&](std::size_t n, std::size_t at) {
            for (std::size_t i = 0; i < part; ++i)
                y[at + i] = reduced(reduction, y[at + i], call.operands[2].numbers<T>()[n * part + i]);
        });
    });
}

}  // namespace taxon::onnx::movement
