#pragma once
#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <utility>

namespace taxon::onnx {

/// Numbers that are decoded or computed when they are first read. All copies of a tensor share them, and threads may
/// read them.
class LateNumbers {
  public:
    using Make = std::function<std::shared_ptr<const void>()>;

    /// `depth` late numbers are made of each other before these: 0 for those that a file holds.
    LateNumbers(Make make, int depth) : depth_(depth), make_(std::move(make)) {}

    /// Makes them if that has not been done. Throws what making them throws, each time.
    const void* get() {
        if (const void* const ready = ready_.load(std::memory_order_acquire)) return ready;
        const std::lock_guard lock(mutex_);
        if (!numbers_) {
            numbers_ = make_();
            make_ = nullptr;  // with what it kept
        }
        ready_.store(numbers_.get(), std::memory_order_release);
        return numbers_.get();
    }
    const std::shared_ptr<const void>& shared() { return get(), numbers_; }

    int depth() const { return ready_.load(std::memory_order_acquire) ? 0 : depth_; }

  private:
    const int depth_;
    std::mutex mutex_{};
    std::atomic<const void*> ready_{nullptr};
    Make make_;
    std::shared_ptr<const void> numbers_{};
};

}  // namespace taxon::onnx
