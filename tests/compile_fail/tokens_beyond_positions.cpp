// wants(gcc): ModelError<[^"]*"layer .'bert.embeddings.' \(Embeddings<8>\) wants the network.'s input
// wants(gcc): up to 512 tokens of 2 features, found 2 features x 513 tokens"
// wants(clang): 'u', 'p', ' ', 't', 'o', ' ', '5', '1', '2', ' ', 't', 'o', 'k', 'e', 'n', 's'
#include <taxon/model.hpp>
#include <taxon/zoo/bert.hpp>

using namespace taxon;

#ifdef TAXON_BROKEN
constexpr int tokens = 513;
#else
constexpr int tokens = 512;
#endif
static_assert(Model<zoo::Bert<1, 8, 2, 16, 30>, shape::Fixed<1, tokens>>::flops > 0);
