#include <taxon/io/sentence_modules.hpp>

#include "catch.hpp"
#include "eval/scratch_folder.hpp"

using namespace taxon;

namespace {

struct Folder : ScratchFolder {
    Folder() : ScratchFolder("sentence_modules") {}
    void write_both(const std::string& modules, const std::string& pooling) const {
        write("modules.json", modules);
        write("1_Pooling/config.json", pooling);
    }
    Fault fault() const {
        return error_of([&] { io::SentenceModules::read(path()); }).fault();
    }
};

constexpr const char* modules =
    R"([{"path": "", "type": "a.Transformer"}, {"path": "1_Pooling", "type": "a.b.Pooling"}])";

}  // namespace

TEST_CASE("the pooling of a folder of sentence-transformers") {
    const Folder folder;
    CHECK(!io::SentenceModules::read(folder.path()));
    folder.write_both(modules, R"({"pooling_mode_cls_token": true, "pooling_mode_mean_tokens": false})");
    const auto first = io::SentenceModules::read(folder.path());
    REQUIRE(first);
    CHECK(first->pooling == "cls_token");
    CHECK(!first->normalizes);
    CHECK(!first->most_tokens);
    folder.write("sentence_bert_config.json", R"({"do_lower_case": false, "max_seq_length": 256})");
    folder.write_both(R"([{"path": "1_Pooling", "type": "Pooling"}, {"path": "2", "type": "c.Normalize"}])",
                      R"({"include_prompt": true, "older": {"pooling_mode_cls_token": true},
                          "pooling_mode_mean_tokens": true})");
    const auto mean = io::SentenceModules::read(folder.path());
    REQUIRE(mean);
    CHECK(mean->pooling == "mean_tokens");
    CHECK(mean->normalizes);
    CHECK(mean->most_tokens == 256u);
}

TEST_CASE("folders whose modules cannot be read or are of other kinds are refused") {
    const Folder folder;
    folder.write_both(modules, "{}");
    CHECK(folder.fault() == Fault::mismatch);
    folder.write_both(modules, R"({"pooling_mode_mean_tokens": true, "pooling_mode_max_tokens": true})");
    CHECK(folder.fault() == Fault::mismatch);
    folder.write_both(R"([{"path": "", "type": "a.Dense"}])", "{}");
    CHECK(folder.fault() == Fault::mismatch);
    folder.write_both(R"([{"path": "", "type": "a.Transformer"}])", "{}");
    CHECK(folder.fault() == Fault::missing);
    for (const std::string path : {"..", "../1_Pooling", "/etc", "a\\\\b"}) {
        folder.write_both(R"([{"path": ")" + path + R"(", "type": "Pooling"}])", "{}");
        CHECK(folder.fault() == Fault::missing);
    }
    folder.write_both(R"([{"path": "2_Pooling", "type": "Pooling"}])", "{}");
    CHECK(folder.fault() == Fault::io);
    folder.write_both(R"([{"path": 1)", "{}");
    CHECK(folder.fault() == Fault::syntax);
    folder.write_both("{}", "{}");
    CHECK(folder.fault() == Fault::syntax);
}
