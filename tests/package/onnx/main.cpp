#include <my_digits2_read.hpp>

#include <taxon/io/weight_file.hpp>
#include <taxon/model.hpp>

using Model = taxon::Model<MyDigits2Read>;
static_assert(Model::parameter_count == 8 * 9 + 8 + 16 * 8 * 9 + 16 + 10 * 256 + 10);
static_assert(Model::graph.inputs[0].name == "picture" && Model::graph.outputs[1].name == "digit");
static_assert(MyDigits2Read::output_types[1].type() == taxon::onnx::DataType::int64);

std::vector<std::vector<float>> run(const char* weights, const std::vector<float>& picture) {
    return Model::load(weights)({{"picture", picture}});
}
