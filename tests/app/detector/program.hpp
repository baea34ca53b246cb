#pragma once
#include <cstdint>
#include <taxon/detect/picture_encoder.hpp>
#include <taxon/graph/graph.hpp>

#include "app/program.hpp"

/// Runs the command line of a family of small real detectors in this process (see program.cpp), of three classes.
/// "tiny" looks at 64 x 64 pixels, the default, and at 32 x 32, in float32; of 64 also on the Reference backend and in
/// integers of 8 bits. The weights are generated: --weights synthetic.
Outcome run_detector_program(const std::vector<std::string>& arguments);
/// The network that looks at 64 x 64 pixels.
taxon::GraphView detector_graph();

/// A picture of noise in squares, so that a detector sees things in it.
inline taxon::Image noise_picture(int height, int width, unsigned seed) {
    taxon::Image picture{
        .height = height,
        .width = width,
        .pixels = std::vector<std::uint8_t>(static_cast<std::size_t>(height) * static_cast<std::size_t>(width) * 3)};
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x)
            for (int c = 0; c < 3; ++c) {
                const unsigned square =
                    static_cast<unsigned>((y / 8) * 61 + (x / 8) * 7 + c) * 2654435761u + seed * 40503u;
                picture.pixels[(static_cast<std::size_t>(y) * static_cast<std::size_t>(width) +
                                static_cast<std::size_t>(x)) *
                                   3 +
                               static_cast<std::size_t>(c)] = static_cast<std::uint8_t>(square >> 24);
            }
    return picture;
}

/// A folder "pictures" of a.png to e.png, of different sizes.
class PictureFolder : public TestFolder {
  public:
    static constexpr int count = 5;
    PictureFolder() {
        for (int i = 0; i < count; ++i)
            write_text(*this / ("pictures/" + name(i)),
                       taxon::detect::encode_png(noise_picture(height(i), width(i), static_cast<unsigned>(i))));
    }
    static std::string name(int i) { return std::string(1, static_cast<char>('a' + i)) + ".png"; }
    static int height(int i) { return 40 + 17 * i; }
    static int width(int i) { return 90 - 9 * i; }
    std::string pictures() const { return *this / "pictures"; }
    std::string picture(int i) const { return *this / ("pictures/" + name(i)); }
};
