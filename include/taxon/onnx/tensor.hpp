#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <taxon/core/error.hpp>
#include <taxon/core/weight_source.hpp>
#include <taxon/io/stored_tensor.hpp>
#include <taxon/number/half.hpp>
#include <taxon/onnx/data_type.hpp>
#include <taxon/onnx/late_numbers.hpp>
#include <type_traits>
#include <utility>

namespace taxon::onnx {

/// True for the types that a Tensor can have: not texts, complex numbers and those of less than a byte; and not uint64,
/// half of whose values would need arithmetic of their own.
constexpr bool is_computed(DataType type) {
    return size_of(type) != 0 && type != DataType::uint64 && type != DataType::complex64 &&
           type != DataType::complex128;
}

/// Calls f(T()) with the type that a Tensor keeps numbers of `type` as.
template <class F>
decltype(auto) visit_type(DataType type, F&& f) {
    if (type == DataType::float64) return f(double());
    if (is_floating(type)) return f(float());
    return f(std::int64_t());
}

/// Bytes of a number of `type` as a Tensor keeps it.
constexpr std::size_t kept_size(DataType type) { return type == DataType::float64 || !is_floating(type) ? 8 : 4; }

/// A number cut towards 0 and to the range of int64; 0 for NaN.
constexpr std::int64_t whole(double x) {
    if (!(x == x)) return 0;
    constexpr auto lowest = std::numeric_limits<std::int64_t>::min(),
                   highest = std::numeric_limits<std::int64_t>::max();
    return x >= 0x1p63 ? highest : x < -0x1p63 ? lowest : static_cast<std::int64_t>(x);
}

/// An array in memory, dense and row-major, that shares its numbers with its copies. Whatever its type, they are kept
/// as one of three: float for float32, float16 and bfloat16, double for float64, std::int64_t for all whole numbers and
/// bool. So an operator is written for three types; `round` brings its results into the range of the tensor's own.
class Tensor {
  public:
    Tensor() = default;

    /// Numbers of 0.
    Tensor(DataType type, Dimensions shape) : type_(type), shape_(std::move(shape)) {
        count_ = static_cast<std::size_t>(io::element_count(shape_));
        visit_type(type, [&]<class T>(T) {
            auto numbers = std::shared_ptr<T[]>(new T[count_ == 0 ? 1 : count_]());
            numbers_ = numbers.get();
            owner_ = std::move(numbers);
        });
    }

    /// Numbers that lie elsewhere, in memory that `owner` keeps.
    Tensor(DataType type, Dimensions shape, const void* numbers, std::shared_ptr<const void> owner)
        : type_(type), shape_(std::move(shape)), count_(static_cast<std::size_t>(io::element_count(shape_))),
          numbers_(const_cast<void*>(numbers)), owner_(std::move(owner)) {}

    /// Numbers that are made when this tensor or a copy is first read.
    Tensor(DataType type, Dimensions shape, std::shared_ptr<LateNumbers> late)
        : type_(type), shape_(std::move(shape)), count_(static_cast<std::size_t>(io::element_count(shape_))),
          late_(std::move(late)) {}

    DataType type() const { return type_; }
    const Dimensions& shape() const { return shape_; }
    std::size_t rank() const { return shape_.size(); }
    std::size_t size() const { return count_; }

    /// T is the type that this tensor's numbers are kept as.
    template <class T>
    std::span<const T> numbers() const {
        return {static_cast<const T*>(late_ ? late_->get() : numbers_), count_};
    }
    /// Only for a tensor that was made here and has no copies yet.
    template <class T>
    std::span<T> writable() {
        return {static_cast<T*>(numbers_), count_};
    }

    /// The numbers alone, for others to keep.
    std::shared_ptr<const void> shared_numbers() const {
        return late_ ? late_->shared() : std::shared_ptr<const void>(owner_, numbers_);
    }
    /// Makes numbers that are late.
    void make() const {
        if (late_) late_->get();
    }
    /// How many tensors are computed from each other when this one is first read; 0 if it is only read or decoded.
    int depth() const { return late_ ? late_->depth() : 0; }

    /// The same numbers in another shape of as many.
    Tensor reshaped(Dimensions shape) const {
        Tensor other = *this;
        other.shape_ = std::move(shape);
        return other;
    }

    /// Number i, as a double.
    double real(std::size_t i) const {
        return visit_type(type_, [&]<class T>(T) { return static_cast<double>(numbers<T>()[i]); });
    }
    /// All as whole numbers; those of a floating type are cut.
    Dimensions integers() const {
        return visit_type(type_, [&]<class T>(T) {
            Dimensions all;
            for (const T number : numbers<T>())
                if constexpr (std::is_same_v<T, std::int64_t>) all.push_back(number);
                else all.push_back(whole(static_cast<double>(number)));
            return all;
        });
    }

    /// Rounds numbers that were made here to this tensor's own type: halves to nearest, whole numbers modulo their
    /// range. Those that other tensors share, or that come late, are rounded already.
    void round() {
        if (owner_.use_count() != 1) return;
        const auto each = [&]<class T>(T, auto&& rounded) {
            for (T& number : writable<T>()) number = rounded(number);
        };
        using Int = std::int64_t;
        switch (type_) {
            case DataType::float16: return each(float(), [](float x) { return to_float(to_half(x)); });
            case DataType::bfloat16: return each(float(), [](float x) { return to_float(to_bfloat16(x)); });
            case DataType::uint8: return each(Int(), [](Int x) { return Int{static_cast<std::uint8_t>(x)}; });
            case DataType::int8: return each(Int(), [](Int x) { return Int{static_cast<std::int8_t>(x)}; });
            case DataType::uint16: return each(Int(), [](Int x) { return Int{static_cast<std::uint16_t>(x)}; });
            case DataType::int16: return each(Int(), [](Int x) { return Int{static_cast<std::int16_t>(x)}; });
            case DataType::uint32: return each(Int(), [](Int x) { return Int{static_cast<std::uint32_t>(x)}; });
            case DataType::int32: return each(Int(), [](Int x) { return Int{static_cast<std::int32_t>(x)}; });
            case DataType::boolean: return each(Int(), [](Int x) { return Int{x != 0}; });
            default: return;
        }
    }

  private:
    DataType type_ = DataType::undefined;
    Dimensions shape_{};
    std::size_t count_ = 0;
    void* numbers_ = nullptr;
    std::shared_ptr<const void> owner_{};
    std::shared_ptr<LateNumbers> late_{};
};

/// A tensor of whole numbers, of rank 1.
inline Tensor tensor_of(std::span<const std::int64_t> numbers) {
    Tensor tensor(DataType::int64, {static_cast<std::int64_t>(numbers.size())});
    std::copy(numbers.begin(), numbers.end(), tensor.writable<std::int64_t>().begin());
    return tensor;
}

}  // namespace taxon::onnx
