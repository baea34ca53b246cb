#include "models.hpp"

#include <cmath>
#include <taxon/io/synthetic_weights.hpp>

/// Header-only: a model and its weights in one file.
int main() {
    static_assert(Classifier::parameter_count == 8 * 3 * 9 + 8 * 2 + 2);
    const auto model = Classifier::load(taxon::io::SyntheticWeights());
    const auto logits = model(taxon::io::synthetic_input("", "input", 2 * 3 * 9 * 9));
    return logits.size() == 4 && std::isfinite(logits[0]) && logits[0] != logits[2] ? 0 : 1;
}
