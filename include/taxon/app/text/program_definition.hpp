#pragma once
#include <filesystem>
#include <string>
#include <taxon/app/console/command_line.hpp>
#include <taxon/app/console/console.hpp>
#include <taxon/app/convert/convert.hpp>
#include <taxon/app/eval/eval_merge.hpp>
#include <taxon/app/console/family_program.hpp>
#include <taxon/app/text/eval.hpp>
#include <taxon/app/text/gen.hpp>
#include <taxon/app/text/infer.hpp>
#include <taxon/app/text/perf.hpp>
#include <taxon/app/text/program.hpp>
#include <taxon/app/text/tokenize.hpp>
#include <taxon/app/console/verbs_to_come.hpp>
#include <taxon/app/verify/verify.hpp>

/// What program.hpp declares. Included by one source file of a program, and by nothing else: it takes 20 s to compile.
namespace taxon::app {

namespace detail {

/// The whole command line of a classifier of texts: what it understands and what it was told.
class TextProgram {
  public:
    TextProgram(const Family& family, const std::string& executable)
        : family_(family), executable_(executable), name_(std::filesystem::path(executable).filename().string()),
          program_("Classifiers of texts of the family " + std::string(family.name) + ", on the CPU.", name_) {
        add_usual_flags(program_);
        infer_ = add_text_infer(program_, family, infer_options_);
        eval_ = add_text_eval(program_, family, eval_options_);
        merge_ = add_eval_merge(*eval_, merge_options_);
        perf_ = add_text_perf(program_, family, perf_options_);
        gen_ = add_text_gen(program_, family, gen_options_);
        verify_ = add_verify(program_, family, verify_options_);
        convert_ = add_convert(program_, family, convert_options_);
        tokenize_ = add_tokenize(program_, family, tokenize_options_);
        add_verbs_to_come(program_);
        program_.footer(
            "Examples:\n"
            "  " +
            name_ +
            " infer --weights model/ --task sst2 --text \"a charming and often affecting journey\"\n"
            "  " +
            name_ +
            " infer --weights model/ --text \"He left .\" --text-pair \"He is gone .\" --json answer.json\n"
            "  " +
            name_ +
            " infer --weights model/ --task sst2 dev.tsv --result-file answers.tsv\n"
            "  " +
            name_ +
            " eval --weights model/ --task mrpc --dataset msr_paraphrase_test.txt\n"
            "  " +
            name_ +
            " perf --weights synthetic --sequence 128 --duration 5 --json speed.json\n"
            "  " +
            name_ +
            " perf --weights model/ --end-to-end --task sst2 dev.tsv\n"
            "  " +
            name_ +
            " gen --weights model/ --sequence 3:128 --output model.taxon\n"
            "  " +
            name_ +
            " infer --weights model.taxon --text \"a text\"\n"
            "  " +
            name_ +
            " tokenize --vocab model/ dev.tsv --sequence 64 --output-dir tokens/\n"
            "\nExit codes: 0 done; 2 wrong use; 3 a file that cannot be read, is refused or cannot be written;\n"
            "4 a result that fails a check.\n");
    }

    int run(int argc, const char* const* argv, Console& console) {
        if (const auto code = parse(program_, argc, argv, console)) return *code;
        if (*infer_) return run_text_infer(family_, infer_options_, console);
        if (*merge_) return run_eval_merge<eval::BinaryScore>(merge_options_, console);
        if (*eval_) return run_text_eval(family_, eval_options_, console);
        if (*perf_) return run_text_perf(family_, perf_options_, executable_, console);
        if (*gen_) return run_text_gen(family_, gen_options_, console);
        if (*verify_) return run_verify(family_, verify_options_, console);
        if (*convert_) return run_convert(family_, convert_options_, console);
        if (*tokenize_) return run_tokenize(family_, tokenize_options_, console);
        throw WrongUse("the verb" + verb_given(program_) +
                       " is not built yet; infer, eval, perf, gen, verify, convert and tokenize are");
    }

  private:
    const Family& family_;
    std::string executable_, name_;
    CLI::App program_;
    TextInferOptions infer_options_;
    TextEvalOptions eval_options_;
    EvalMergeOptions merge_options_;
    TextPerfOptions perf_options_;
    TextGenOptions gen_options_;
    VerifyOptions verify_options_;
    ConvertOptions convert_options_;
    TokenizeOptions tokenize_options_;
    CLI::App *infer_, *eval_, *merge_, *perf_, *gen_, *verify_, *convert_, *tokenize_;
};

}  // namespace detail

int text_main(int argc, const char* const* argv, const Family& family, Console console) {
    return with_family<detail::TextProgram>(argc, argv, family, console);
}

int text_main(int argc, char** argv, const Family& family) { return text_main(argc, argv, family, standard_console()); }

}  // namespace taxon::app
