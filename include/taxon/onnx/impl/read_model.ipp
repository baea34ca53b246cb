#pragma once
#include <taxon/onnx/read_model.hpp>

#include <taxon/core/error.hpp>
#include <taxon/io/mapped_file.hpp>
#include <taxon/onnx/reader/graph_reader.hpp>
#include <utility>

namespace taxon::onnx {
namespace detail {

/// ModelProto.
class ModelReader : GraphReader {
  public:
    ModelReader(SharedBytes file, const std::filesystem::path& folder, const Limits& limits)
        : GraphReader(std::move(file), folder, limits) {}

    ModelProto read() {
        try {
            return model(Message(reinterpret_cast<const char*>(file().view.data()), file().view.size()));
        } catch (const protozero::end_of_buffer_exception&) {
            throw Error(Fault::truncated, {.place = place_,
                                           .found = "an end within it",
                                           .wanted = "a whole ONNX file",
                                           .remedy = "fetch or export the file again"});
        } catch (const protozero::exception& error) {
            throw Error(Fault::syntax, {.place = place_,
                                        .found = std::string("no protobuf message (") + error.what() + ")",
                                        .wanted = "an ONNX file",
                                        .remedy = "fetch or export the file again"});
        }
    }

  private:
    ModelProto model(Message message) {
        ModelProto model;
        bool has_graph = false;
        while (message.next()) {
            place_ = "model";
            switch (message.tag_and_type()) {
                case number(1): model.ir_version = message.get_int64(); break;
                case part(2): model.producer_name = text(message); break;
                case part(3): model.producer_version = text(message); break;
                case part(7):
                    if (std::exchange(has_graph, true)) fail(Fault::duplicate, "two graphs", "one");
                    model.graph = graph(message.get_message(), 0);
                    break;
                case part(8): {
                    const auto [domain, version] = opset(message.get_message());
                    if (!model.opset.emplace(domain, version).second)
                        fail(Fault::duplicate, "two versions of the operators of '" + domain + "'", "one");
                    break;
                }
                case part(14): pair(message.get_message(), model.metadata); break;
                default: message.skip();
            }
        }
        place_ = "model";
        if (!has_graph) fail(Fault::missing, "no graph", "an ONNX file", "fetch or export the file again");
        if (model.opset.empty())
            fail(Fault::truncated, "no versions of operators (opset_import), which stand at the end",
                 "a whole ONNX file", "fetch or export the file again");
        model.memory = memory_.left();
        return model;
    }

    std::pair<std::string, std::int64_t> opset(Message message) {
        std::pair<std::string, std::int64_t> one;
        while (message.next()) switch (message.tag_and_type()) {
                case part(1): one.first = domain(message); break;
                case number(2): one.second = message.get_int64(); break;
                default: message.skip();
            }
        return one;
    }
};

}  // namespace detail

TAXON_DECL ModelProto read_model(const SharedBytes& bytes, const std::filesystem::path& folder, const Limits& limits) {
    return detail::ModelReader(bytes, folder, limits).read();
}

TAXON_DECL ModelProto read_model(const std::filesystem::path& path, const Limits& limits) {
    const auto file = std::make_shared<const io::MappedFile>(path);
    const auto folder = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
    try {
        return read_model(SharedBytes{file->bytes(), file}, folder, limits);
    } catch (const Error& error) { throw error.in_file(path.string()); }
}

}  // namespace taxon::onnx
