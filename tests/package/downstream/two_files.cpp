#include <classifier.hpp>

#include <cstdio>
#include <filesystem>
#include <taxon/io/synthetic_weights.hpp>
#include <taxon/io/weight_file.hpp>

/// The model is compiled by taxon_add_model, this file without a kernel or a reader.
int main() {
    const auto model = classifier::load(taxon::io::SyntheticWeights(), {.threads = 1});
    const auto input = taxon::io::synthetic_input("", "input", 2 * 3 * 9 * 9);
    const auto logits = (*model)(input);
    if (model->input_shape() != taxon::Shape{3, 9, 9} || model->output_shape() != taxon::Shape{2} || logits.size() != 4)
        return std::puts("other shapes"), 1;
    if (model->graph().parameter_count() != 8 * 3 * 9 + 8 * 2 + 2 || model->plan().steps.empty())
        return std::puts("another graph or plan"), 1;

    const char* const file = "classifier.taxon";
    model->save(file);
    const auto opened = classifier::open(file);
    const auto workspace = opened->make_workspace();
    std::vector<float> again(logits.size());
    opened->run(input, again, *workspace);
    std::filesystem::remove(file);
    if (again != logits) return std::puts("the offline file computes something else"), 1;

    try {
        classifier::load("nothing.safetensors");
    } catch (const taxon::Error& error) { return error.fault() == taxon::Fault::io ? 0 : 1; }
    return std::puts("weights that are not there were read"), 1;
}
