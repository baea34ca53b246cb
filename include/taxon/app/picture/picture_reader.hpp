#pragma once
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <taxon/app/picture/reading.hpp>
#include <taxon/preprocess/image_file.hpp>

namespace taxon::app {

/// Reads pictures for all workers of a program. Those in memory at the same time have four bytes for each pixel of the
/// largest picture that is allowed; the others wait. One that needs more than that (a progressive JPEG of many pixels)
/// waits until it is alone.
class PictureReader {
  public:
    explicit PictureReader(const ReadingOptions& options) : budget_(4 * options.max_pixels) {
        options_.upright = options.exif;
        options_.limits.picture_pixels = options.max_pixels;
    }

    /// Does work(picture) while the picture is in memory. It must not read another. Throws as reading does.
    template <class Work>
    void read(const std::filesystem::path& file, Work&& work) const {
        Share share(*this);
        preprocess::ImageOptions options = options_;
        options.before_decoding = [&](const preprocess::PictureFacts& facts) { share.take(facts.decoding_bytes); };
        Image picture = preprocess::read_image(file, options);
        work(picture);
    }

  private:
    /// Memory taken from the budget, given back at the end.
    class Share {
      public:
        explicit Share(const PictureReader& reader) : reader_(reader) {}
        Share(const Share&) = delete;
        Share& operator=(const Share&) = delete;
        ~Share() {
            const std::lock_guard lock(reader_.changing_);
            reader_.taken_ -= bytes_;
            reader_.given_back_.notify_all();
        }
        void take(std::uint64_t bytes) {
            std::unique_lock lock(reader_.changing_);
            reader_.given_back_.wait(lock,
                                     [&] { return reader_.taken_ == 0 || reader_.taken_ + bytes <= reader_.budget_; });
            reader_.taken_ += bytes;
            bytes_ = bytes;
        }

      private:
        const PictureReader& reader_;
        std::uint64_t bytes_ = 0;
    };

    preprocess::ImageOptions options_{};
    std::uint64_t budget_;
    mutable std::uint64_t taken_ = 0;
    mutable std::mutex changing_{};
    mutable std::condition_variable given_back_{};
};

}  // namespace taxon::app
