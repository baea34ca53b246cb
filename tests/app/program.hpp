#pragma once
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <unistd.h>
#include <vector>

/// The result of a call of the command line.
struct Outcome {
    int code;
    std::string out, err;
};

/// Runs the command line of a small made-up family in this process (see classifier.cpp). Its variants: "plain", which
/// has embedded weights and labels, "nameless", which has neither, and "broken", whose results are no numbers. Its
/// input is a picture of 2 x 2; of its 6 classes, c is best for a picture whose red is 10 c. A picture whose red is 251
/// sends SIGINT, as Ctrl-C would while it runs.
Outcome run_program(const std::vector<std::string>& arguments, bool on_terminal = false);

/// A folder of its own, which goes when the test ends.
class TestFolder {
  public:
    TestFolder() {
        static int count = 0;
        path_ = std::filesystem::temp_directory_path() /
                ("taxon_app_" + std::to_string(getpid()) + "_" + std::to_string(count++));
        std::filesystem::create_directories(path_);
    }
    TestFolder(const TestFolder&) = delete;
    TestFolder& operator=(const TestFolder&) = delete;
    ~TestFolder() { std::filesystem::remove_all(path_); }

    std::string operator/(const std::string& name) const { return (path_ / name).string(); }
    const std::filesystem::path& path() const { return path_; }

  private:
    std::filesystem::path path_;
};

inline bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

inline void write_text(const std::filesystem::path& path, const std::string& text) {
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
}

inline std::string text_of(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// A BMP of 2 x 2 equal pixels, 24 bits each.
inline std::string bmp_of(unsigned char red, unsigned char green = 0, unsigned char blue = 0) {
    std::string bmp = {'B', 'M', 70, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0,  40,
                       0,   0,   0,  2, 0, 0, 0, 2, 0, 0, 0,  1, 0, 24, 0};
    bmp.resize(54, '\0');
    for (int row = 0; row < 2; ++row) {
        for (int column = 0; column < 2; ++column)
            for (const unsigned char channel : {blue, green, red}) bmp += static_cast<char>(channel);
        bmp += std::string(2, '\0');  // rows are padded to four bytes
    }
    return bmp;
}

/// The floats of a version 1 .npy file.
inline std::vector<float> floats_of_npy(const std::filesystem::path& path) {
    const auto bytes = text_of(path);
    const std::size_t start = 10 + static_cast<unsigned char>(bytes[8]) + 256u * static_cast<unsigned char>(bytes[9]);
    std::vector<float> numbers((bytes.size() - start) / sizeof(float));
    bytes.copy(reinterpret_cast<char*>(numbers.data()), numbers.size() * sizeof(float), start);
    return numbers;
}
