// From texts to token ids, on one core. The vocabulary and the texts are generated: 30,000 tokens, and words of which
// most are one token, as in English.
#include <benchmark/benchmark.h>

#include <random>
#include <string>
#include <vector>

#include <taxon/text/tokenizer.hpp>

#include "stopwatch.hpp"

namespace {

using namespace taxon;

std::string letters(std::mt19937& dice, std::size_t least, std::size_t most) {
    std::string made(least + dice() % (most - least + 1), ' ');
    for (char& c : made) c = static_cast<char>('a' + dice() % 26);
    return made;
}

/// The special tokens, all single letters, and random strings up to 30,000 tokens, a fifth of which continue a word.
const std::vector<std::string>& tokens() {
    static const auto made = [] {
        std::mt19937 dice(1);
        std::vector<std::string> all{"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", ",", "."};
        for (char c = 'a'; c <= 'z'; ++c) all.push_back(std::string(1, c)), all.push_back("##" + std::string(1, c));
        for (std::size_t i = 0; all.size() < 30000; ++i)
            all.push_back((i % 5 == 0 ? "##" : "") + letters(dice, 2, 4) + std::to_string(i) + letters(dice, 0, 4));
        return all;
    }();
    return made;
}

const text::Vocabulary& vocabulary() {
    static const text::Vocabulary made(tokens());
    return made;
}

/// Sentences of 20 words: tokens, one word in ten of letters that form no token, one in `beyond` (0: none) with an
/// accent.
std::vector<std::string> sentences(unsigned beyond) {
    std::mt19937 dice(2);
    std::vector<std::string> made;
    for (int i = 0; i < 500; ++i) {
        std::string sentence;
        for (int word = 0; word < 20; ++word) {
            const std::string& token = tokens()[60 + dice() % 2000];
            if (dice() % 10 == 0) sentence += letters(dice, 4, 9);
            else sentence += token.substr(token.starts_with("##") ? 2 : 0);
            if (beyond != 0 && dice() % beyond == 0) sentence += "\u00e9";
            sentence += word == 19 ? "." : dice() % 10 == 0 ? ", " : " ";
        }
        made.push_back(sentence);
    }
    return made;
}

void encode(benchmark::State& state) {
    const auto texts = sentences(static_cast<unsigned>(state.range(0)));
    text::Tokenizer tokenizer(vocabulary(), text::LetterCase::uncased);
    text::Encoding encoding;
    std::size_t made = 0, bytes = 0;
    benchmarks::Stopwatch watch;
    for (auto _ : state) {
        made = bytes = 0;
        watch.time([&] {
            for (const auto& text : texts) {
                tokenizer.encode(text, std::nullopt, 128, encoding);
                made += encoding.size();
                bytes += text.size();
            }
        });
    }
    state.counters["Mtokens/s"] = static_cast<double>(made) / watch.least() / 1e6;
    state.counters["MB/s"] = static_cast<double>(bytes) / watch.least() / 1e6;
}
BENCHMARK(encode)->ArgName("one_in_with_accent")->Arg(0)->Arg(20)->Arg(1)->Unit(benchmark::kMillisecond);

void build(benchmark::State& state) {
    benchmarks::Stopwatch watch;
    for (auto _ : state) watch.time([&] { benchmark::DoNotOptimize(text::Vocabulary(tokens())); });
    state.counters["least_ms"] = watch.least() * 1e3;
}
BENCHMARK(build)->Unit(benchmark::kMillisecond);

}  // namespace
