#pragma once
#include <algorithm>
#include <cstddef>
#include <limits>
#include <new>
#include <span>
#include <string_view>
#include <vector>

#include <taxon/core/error.hpp>
#include <zlib.h>

namespace taxon::io {

namespace detail {

/// zlib's state of one stream.
class InflateStream {
  public:
    InflateStream() {
        if (inflateInit(&stream) != Z_OK) throw std::bad_alloc();
    }
    InflateStream(const InflateStream&) = delete;
    InflateStream& operator=(const InflateStream&) = delete;
    ~InflateStream() { inflateEnd(&stream); }

    z_stream stream{};
};

[[noreturn]] inline void refuse_deflated(int status, const char* message) {
    if (status == Z_MEM_ERROR) throw std::bad_alloc();
    const std::string_view found = status == Z_BUF_ERROR ? "the end of the data within the stream"
                                   : message             ? message
                                                         : "a stream with a dictionary";
    const Fault fault = status == Z_BUF_ERROR             ? Fault::truncated
                        : found == "incorrect data check" ? Fault::checksum
                                                          : Fault::syntax;
    throw Error(fault, {.place = "compressed data", .found = found, .remedy = "fetch or save the file again"});
}

}  // namespace detail

/// Decompresses a zlib stream (RFC 1950): see(bytes) receives the result in order, at most 64 KiB at a time, so memory
/// does not depend on how much there is; it may throw to end it. Throws Fault::truncated, ::syntax, and ::checksum.
/// Bytes after the stream are ignored.
template <class See>
void inflate(std::span<const std::byte> packed, See&& see) {
    detail::InflateStream inflating;
    z_stream& stream = inflating.stream;
    std::vector<std::byte> unpacked(64 * 1024);
    for (int status = Z_OK; status != Z_STREAM_END;) {
        // zlib counts input in unsigned int
        const std::size_t part = std::min<std::size_t>(packed.size(), std::numeric_limits<uInt>::max());
        stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(packed.data()));
        stream.avail_in = static_cast<uInt>(part);
        stream.next_out = reinterpret_cast<Bytef*>(unpacked.data());
        stream.avail_out = static_cast<uInt>(unpacked.size());
        status = ::inflate(&stream, Z_NO_FLUSH);
        if (status != Z_OK && status != Z_STREAM_END) detail::refuse_deflated(status, stream.msg);
        packed = packed.subspan(part - stream.avail_in);
        see(std::span<const std::byte>(unpacked).first(unpacked.size() - stream.avail_out));
    }
}

}  // namespace taxon::io
