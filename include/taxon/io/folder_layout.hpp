#pragma once
#include <string_view>

/// File names in a folder in Hugging Face's layout.
namespace taxon::io::folder_layout {

/// A model's weights, or their index; the first one that exists is used.
inline constexpr std::string_view weights[] = {"model.safetensors", "model.safetensors.index.json", "pytorch_model.bin",
                                               "pytorch_model.bin.index.json"};

inline constexpr std::string_view config = "config.json";

/// The first one that exists is used.
inline constexpr std::string_view vocabularies[] = {"tokenizer.json", "vocab.txt"};

inline constexpr std::string_view tokenizer_config = "tokenizer_config.json", added_tokens = "added_tokens.json",
                                  special_tokens = "special_tokens_map.json";

}  // namespace taxon::io::folder_layout
