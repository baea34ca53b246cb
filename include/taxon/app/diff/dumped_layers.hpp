#pragma once
#include <algorithm>
#include <filesystem>
#include <map>
#include <string>
#include <taxon/app/console/output_file.hpp>
#include <taxon/app/diff/layer_values.hpp>
#include <taxon/core/error.hpp>
#include <taxon/io/npy.hpp>
#include <vector>

namespace taxon::app {

/// Layers' outputs in a folder of NumPy files NAME.npy or NUMBER_NAME.npy, in order of the numbers where a name comes
/// several times, each of all samples: (N, C, H, W), (N, H, W, C), (N, tokens, features), (N, C), or of one sample
/// without the N; sizes of 1 do not count. Files of other names are left unread.
class DumpedLayers {
  public:
    /// `count`: of samples. Throws Fault::io if the folder cannot be read, Fault::missing if it has no file of a layer,
    /// and as reading does.
    DumpedLayers(const std::filesystem::path& folder, GraphView graph, std::size_t count) : graph_(graph) {
        const auto files = files_by_name(folder);
        std::map<std::string, std::vector<int>> nodes;
        for (int node = static_cast<int>(graph.inputs.size()); node < graph.size(); ++node)
            if (!graph.name(graph.node(node)).empty())
                nodes[file_name_of(graph.name(graph.node(node)))].push_back(node);
        for (const auto& [name, of_name] : nodes) {
            const auto found = files.find(name);
            if (found == files.end()) continue;
            // a module that computes several layers gives the last one's result
            const bool all = found->second.size() == of_name.size();
            for (std::size_t i = all ? 0 : of_name.size() - 1; i < of_name.size(); ++i)
                read(of_name[i], all ? found->second[i] : found->second.back(), count);
        }
        if (tensors_.empty() && mismatches_.empty())
            throw Error(Fault::missing, {.file = folder.string(),
                                         .found = "no file of a layer",
                                         .wanted = "LAYER.npy, named as the verb describe names the layers"});
    }

    std::size_t size() const { return tensors_.size(); }

    /// The shape of a layer's file if it is not the layer's, so that it is not compared; else null.
    const Dimensions* mismatch(int node) const {
        const auto found = mismatches_.find(node);
        return found == mismatches_.end() ? nullptr : &found->second;
    }

    /// Those of sample i. Throws Fault::shape for a file of fewer tokens than the sample has.
    LayerValues values(std::size_t i, std::span<const float> sample) const {
        LayerValues values = LayerValues::inputs_of(graph_, sample);
        for (const auto& [node, file] : tensors_) {
            Shape shape = graph_.node(node).out;
            const auto numbers = std::span(file.numbers).subspan(i * file.stride, file.stride);
            if (shape.sequence) {
                shape.width = graph_.length_of(sample.size());
                if (numbers.size() == shape.size_of(1)) shape.width = 1;  // nothing reads more than the first token
                if (shape.size_of(shape.width) > numbers.size())
                    throw Error(
                        Fault::shape,
                        {.file = file.path.string(),
                         .found = std::to_string(numbers.size() / static_cast<std::size_t>(shape.channels)) + " tokens",
                         .wanted = "the " + std::to_string(shape.width) + " of the input"});
            }
            values.add(node, shape,
                       file.channels_last ? planes(numbers, shape)
                                          : std::vector(numbers.begin(), numbers.begin() + shape.size()));
        }
        return values;
    }

  private:
    struct File {
        std::filesystem::path path;
        std::vector<float> numbers;
        std::size_t stride;  ///< of a sample
        bool channels_last;
    };

    static std::map<std::string, std::vector<std::filesystem::path>> files_by_name(
        const std::filesystem::path& folder) {
        std::error_code failure;
        std::vector<std::filesystem::path> all;
        for (const auto& entry : std::filesystem::directory_iterator(folder, failure))
            if (entry.path().extension() == ".npy") all.push_back(entry.path());
        if (failure)
            throw Error(Fault::io, {.file = folder.string(),
                                    .place = "--against",
                                    .found = failure.message(),
                                    .wanted = "a folder of .npy files"});
        std::sort(all.begin(), all.end());
        std::map<std::string, std::vector<std::filesystem::path>> files;
        for (const auto& path : all) {
            const std::string name = path.stem().string();
            const auto end = name.find_first_not_of("0123456789");
            const bool numbered = end != 0 && end != name.npos && name[end] == '_';
            files[numbered ? name.substr(end + 1) : name].push_back(path);
        }
        return files;
    }

    enum class Layout { other, own, channels_last };

    /// `sizes`: of one sample.
    static Layout layout_of(Dimensions sizes, Shape shape) {
        if (shape.sequence) return sizes.size() == 2 && sizes.back() == shape.channels ? Layout::own : Layout::other;
        const auto is = [&sizes](Dimensions wanted) {
            std::erase(wanted, 1);
            return sizes == wanted;
        };
        std::erase(sizes, 1);
        if (shape.table) return is({shape.height, shape.channels}) ? Layout::own : Layout::other;
        if (is({shape.channels, shape.height, shape.width})) return Layout::own;
        return is({shape.height, shape.width, shape.channels}) || is({shape.pixels(), shape.channels})
                   ? Layout::channels_last
                   : Layout::other;
    }

    void read(int node, const std::filesystem::path& path, std::size_t count) {
        auto [sizes, numbers] = io::read_npy(path);
        const Shape shape = graph_.node(node).out;
        Layout layout = Layout::other;
        if (!sizes.empty() && sizes.front() == static_cast<std::int64_t>(count))
            layout = layout_of({sizes.begin() + 1, sizes.end()}, shape);
        if (layout == Layout::other && count == 1) layout = layout_of(sizes, shape);
        if (layout == Layout::other || numbers.empty()) mismatches_.emplace(node, sizes);
        else {
            const std::size_t stride = numbers.size() / count;
            tensors_.emplace(node, File{path, std::move(numbers), stride, layout == Layout::channels_last});
        }
    }

    /// (H, W, C) as (C, H, W).
    static std::vector<float> planes(std::span<const float> pixels, Shape shape) {
        const auto channels = static_cast<std::size_t>(shape.channels), count = pixels.size() / channels;
        std::vector<float> planes(pixels.size());
        for (std::size_t i = 0; i < pixels.size(); ++i) planes[i % channels * count + i / channels] = pixels[i];
        return planes;
    }

    GraphView graph_;
    std::map<int, File> tensors_;
    std::map<int, Dimensions> mismatches_;
};

}  // namespace taxon::app
