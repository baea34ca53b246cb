#pragma once
#include <charconv>
#include <filesystem>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <taxon/app/console/exit_code.hpp>
#include <taxon/onnx/fold.hpp>
#include <taxon/onnx/lower.hpp>
#include <taxon/onnx/read_model.hpp>
#include <utility>
#include <vector>

namespace taxon::app {

/// An .onnx file and the shapes of its inputs, as the command line gives them.
struct OnnxFile {
    std::string path;
    std::vector<std::string> shapes;  ///< INPUT=1,3,224,224 each

    /// The file was read, but cannot be imported.
    struct Refused : std::runtime_error {
        using std::runtime_error::runtime_error;
    };

    std::shared_ptr<const onnx::ModelProto> read() const {
        return std::make_shared<const onnx::ModelProto>(onnx::read_model(std::filesystem::path(path)));
    }

    /// With errors of the file under its name.
    onnx::Folded fold(std::shared_ptr<const onnx::ModelProto> model) const {
        const onnx::InputShapes given = input_shapes();
        try {
            return onnx::fold(std::move(model), given);
        } catch (const Error& error) {
            if (error.fault() == Fault::usage) throw;
            throw error.in_file(path);
        }
    }

    /// Nothing if the graph cannot be imported: its coverage says why.
    std::optional<onnx::Network> lower(onnx::Folded& folded) const {
        if (!folded.coverage.reason.empty()) return std::nullopt;
        try {
            return onnx::lower(folded);
        } catch (const Error& error) { throw error.in_file(path); }
    }

  private:
    onnx::InputShapes input_shapes() const {
        onnx::InputShapes all;
        for (const std::string& text : shapes) {
            const auto wrong = [&](std::string_view wanted) {
                return WrongUse("--shape: found '" + text + "', wanted " + std::string(wanted));
            };
            const auto equals = text.rfind('=');
            if (equals == text.npos || equals == 0) throw wrong("INPUT=SIZES, such as input=1,3,224,224");
            Dimensions shape;
            for (const char *at = text.data() + equals + 1, *const end = text.data() + text.size(); at < end;) {
                std::int64_t size = 0;
                const auto [stop, error] = std::from_chars(at, end, size);
                if (error != std::errc{} || size < 1 || size > std::int64_t{1} << 31 || (stop != end && *stop != ',') ||
                    shape.size() == 16)
                    throw wrong("sizes from 1 with commas between");
                shape.push_back(size);
                at = stop == end ? end : stop + 1;
            }
            if (!all.emplace(text.substr(0, equals), shape).second) throw wrong("each input once");
        }
        return all;
    }
};

}  // namespace taxon::app
