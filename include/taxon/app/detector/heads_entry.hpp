#pragma once
#include <string_view>
#include <taxon/app/model/decoded_entry.hpp>
#include <taxon/detect/heads.hpp>

namespace taxon::app {

namespace detail {

/// The table that heads make: as many rows, each of an equal part of the numbers and of `more` columns.
template <class Network>
constexpr Shape table_of(int rows, int more) {
    int numbers = 0;
    for (const auto& type : Network::output_types) {
        int count = 1;
        for (const auto size : type.shape()) count *= static_cast<int>(size);
        numbers += count;
    }
    return rows > 0 && numbers % rows == 0 ? Shape::rows(numbers / rows + more, rows) : Shape{};
}

}  // namespace detail

/// The row of a YOLOX that was an .onnx file. `Labels`: the file of its classes' names.
template <class Network, class Preprocess, class Labels = NoLabels>
ModelEntry yolox_entry(std::string_view variant) {
    constexpr Shape input = picture_of<Network>(),
                    table = detail::table_of<Network>(detect::yolox_rows(input.height, input.width), 0);
    static_assert(table.channels > 5,
                  "TASK yolox: wants an output of shape (1, rows, 5 + classes), with a row for each "
                  "cell of strides 8, 16 and 32");
    constexpr int classes = table.channels - static_cast<int>(detect::columns_before_classes);
    return decoded_entry<Network, Preprocess, Labels, table, classes, detect::decode_yolox>(variant);
}

/// The row of a YOLOv8 or later that was an .onnx file, as above.
template <class Network, class Preprocess, class Labels = NoLabels>
ModelEntry yolov8_entry(std::string_view variant) {
    constexpr auto shape = Network::output_types.back().shape();
    constexpr Shape table = detail::table_of<Network>(shape.empty() ? 0 : static_cast<int>(shape.back()), 1);
    static_assert(table.channels > 5, "TASK yolov8: wants an output of shape (1, 4 + classes, boxes)");
    constexpr int classes = table.channels - static_cast<int>(detect::columns_before_classes);
    return decoded_entry<Network, Preprocess, Labels, table, classes, detect::decode_yolov8>(variant);
}

}  // namespace taxon::app
