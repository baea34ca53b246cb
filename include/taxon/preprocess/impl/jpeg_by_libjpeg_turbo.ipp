#pragma once
#include <csetjmp>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <span>
#include <string>
#include <vector>

#include <jpeglib.h>
// after it, for its types
#include <jerror.h>

#include <taxon/core/error.hpp>
#include <taxon/preprocess/jpeg_structure.hpp>
#include <taxon/preprocess/oriented_image.hpp>

namespace taxon::preprocess::detail {

/// Memory that libjpeg-turbo takes at its peak: the picture, and two bytes a coefficient if there are several scans.
inline std::uint64_t bytes_of_libjpeg_turbo(const JpegStructure& jpeg) {
    return 3 * jpeg.facts.pixels() + (jpeg.progressive ? 2 * jpeg.samples : 0);
}

/// A decompressor of libjpeg-turbo. Its errors jump out of it: exceptions may not pass through a C library.
class LibjpegTurbo {
  public:
    LibjpegTurbo() {
        decompressor_.err = jpeg_std_error(&errors_);
        errors_.error_exit = [](j_common_ptr about) { fail(about, Fault::syntax); };
        errors_.emit_message = [](j_common_ptr about, int) {
            const int marker = about->err->msg_parm.i[0];
            switch (about->err->msg_code) {
                case JWRN_HIT_MARKER:
                case JWRN_JPEG_EOF: return fail(about, Fault::truncated);
                case JWRN_HUFF_BAD_CODE: return fail(about, Fault::syntax);
                // instead of a restart marker
                case JWRN_MUST_RESYNC:
                    return fail(about, marker >= 0xd0 && marker <= 0xd7 ? Fault::syntax : Fault::truncated);
                default: break;  // nothing that the pixels depend on
            }
        };
        decompressor_.client_data = this;
    }
    LibjpegTurbo(const LibjpegTurbo&) = delete;
    LibjpegTurbo& operator=(const LibjpegTurbo&) = delete;
    ~LibjpegTurbo() { jpeg_destroy_decompress(&decompressor_); }

    /// Passes the rows, 8-bit RGB, to `image`. Returns false after an error, which `sentence` then says. No object that
    /// wants to be destroyed is made between the jump's two ends.
    bool decode(Bytes bytes, std::span<std::uint8_t> row, OrientedImage& image) {
        if (setjmp(exit_) != 0) return false;
        jpeg_create_decompress(&decompressor_);
        jpeg_mem_src(&decompressor_, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
        jpeg_read_header(&decompressor_, TRUE);
        decompressor_.out_color_space = JCS_RGB;
        jpeg_start_decompress(&decompressor_);
        if (std::size_t{decompressor_.output_width} * 3 != row.size()) return false;
        JSAMPROW rows[] = {row.data()};
        while (decompressor_.output_scanline < decompressor_.output_height) {
            const int y = static_cast<int>(decompressor_.output_scanline);
            jpeg_read_scanlines(&decompressor_, rows, 1);
            image.put(y, 0, 1, row);
        }
        return true;
    }

    Fault fault() const { return fault_; }
    const char* sentence() const { return sentence_; }

  private:
    static void fail(j_common_ptr about, Fault fault) {
        auto* const it = static_cast<LibjpegTurbo*>(about->client_data);
        it->fault_ = fault;
        about->err->format_message(about, it->sentence_);
        std::longjmp(it->exit_, 1);
    }

    jpeg_decompress_struct decompressor_{};
    jpeg_error_mgr errors_{};
    std::jmp_buf exit_{};
    Fault fault_ = Fault::syntax;
    char sentence_[JMSG_LENGTH_MAX] = "damaged JPEG data";
};

/// Decodes a JPEG whose structure has been checked, its scans perhaps not: throws Fault::truncated if their data end
/// too soon, Fault::syntax for damage.
inline Image decode_jpeg_by_libjpeg_turbo(Bytes bytes, const JpegStructure& jpeg, int orientation) {
    OrientedImage image(jpeg.facts.height, jpeg.facts.width, orientation);
    std::vector<std::uint8_t> row(3 * static_cast<std::size_t>(jpeg.facts.width));
    LibjpegTurbo decoder;
    if (!decoder.decode(bytes, row, image))
        throw Error(decoder.fault(), {.place = "pixel data",
                                      .found = decoder.sentence(),
                                      .wanted = "all of the picture's data, undamaged",
                                      .remedy = "fetch or save the picture again"});
    return std::move(image).take();
}

}  // namespace taxon::preprocess::detail
