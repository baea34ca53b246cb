#pragma once
#include <filesystem>
#include <string>
#include <taxon/app/picture/program.hpp>
#include <taxon/app/console/command_line.hpp>
#include <taxon/app/console/console.hpp>
#include <taxon/app/convert/convert.hpp>
#include <taxon/app/picture/eval.hpp>
#include <taxon/app/eval/eval_merge.hpp>
#include <taxon/app/console/family_program.hpp>
#include <taxon/app/picture/gen.hpp>
#include <taxon/app/picture/infer.hpp>
#include <taxon/app/picture/perf.hpp>
#include <taxon/app/console/verbs_to_come.hpp>
#include <taxon/app/verify/verify.hpp>

/// What classifier.hpp declares. Included by one source file of a program, and by nothing else: it takes 20 s to
/// compile.
namespace taxon::app {

namespace detail {

/// The whole command line of a classifier: what it understands and what it was told.
class ClassifierProgram {
  public:
    ClassifierProgram(const Family& family, const std::string& executable)
        : family_(family), executable_(executable), name_(std::filesystem::path(executable).filename().string()),
          program_("Picture classifiers of the family " + std::string(family.name) + ", on the CPU.", name_) {
        add_usual_flags(program_);
        infer_ = add_infer(program_, family, infer_options_);
        eval_ = add_eval(program_, family, eval_options_);
        merge_ = add_eval_merge(*eval_, merge_options_);
        perf_ = add_picture_perf(program_, family, perf_options_, "best five classes");
        gen_ = add_gen(program_, family, gen_options_);
        add_calibration_options(*gen_, gen_options_.model.calibration);
        add_level_options(*gen_, gen_options_);
        verify_ = add_verify(program_, family, verify_options_);
        convert_ = add_convert(program_, family, convert_options_);
        add_verbs_to_come(program_);
        program_.footer(examples());
    }

    int run(int argc, const char* const* argv, Console& console) {
        if (const auto code = parse(program_, argc, argv, console)) return *code;
        return run_verb(console);
    }

  private:
    int run_verb(Console& console) {
        if (*infer_) return run_infer(family_, infer_options_, console);
        if (*merge_) return run_eval_merge<eval::ClassificationScore>(merge_options_, console);
        if (*eval_) return run_eval(family_, eval_options_, console);
        if (*perf_) return run_perf(family_, perf_options_, executable_, console);
        if (*gen_) return run_gen(family_, gen_options_, console);
        if (*verify_) return run_verify(family_, verify_options_, console);
        if (*convert_) return run_convert(family_, convert_options_, console);
        throw WrongUse("the verb" + verb_given(program_) +
                       " is not built yet; infer, eval, perf, gen, verify and convert are");
    }

    std::string examples() const {
        const bool has_weights = !family_.embedded.empty();
        const std::string embedded =
            has_weights ? " --variant " + std::string(family_.embedded_variant) : " --weights model.pth";
        return "Examples:\n"
               "  " +
               name_ + " infer" + embedded +
               " dog.jpg cat.jpg\n"
               "  " +
               name_ +
               " infer --weights model.pth --labels classes.txt pictures/ --json answers.json\n"
               "  " +
               name_ + " eval" + embedded +
               " --dataset test/\n"
               "  " +
               name_ +
               " perf --weights synthetic --duration 5 --json speed.json\n"
               "  " +
               name_ +
               " perf --weights synthetic --batch 8 --threads 2 --compare speed.json\n"
               "  " +
               name_ +
               " gen --weights model.pth --precision qint8_mixed_float32 --calibration-dir pictures/ --output "
               "model.taxon\n"
               "  " +
               name_ +
               " gen --weights model.pth --level O2 --max-drop 0.5 --calibration-dir pictures/ --output model.taxon\n"
               "  " +
               name_ +
               " infer --weights model.taxon dog.jpg\n"
               "  " +
               name_ +
               " convert --weights model.pth --half --output model.safetensors\n"
               "\nExit codes: 0 done; 2 wrong use; 3 a file that cannot be read, is refused or cannot be written;\n"
               "4 a result that fails a check.\n";
    }

    const Family& family_;
    std::string executable_, name_;
    CLI::App program_;
    InferOptions infer_options_;
    ClassifierEvalOptions eval_options_;
    EvalMergeOptions merge_options_;
    PicturePerfOptions perf_options_;
    LevelOptions gen_options_;
    VerifyOptions verify_options_;
    ConvertOptions convert_options_;
    CLI::App *infer_, *eval_, *merge_, *perf_, *gen_, *verify_, *convert_;
};

}  // namespace detail

int classifier_main(int argc, const char* const* argv, const Family& family, Console console) {
    return with_family<detail::ClassifierProgram>(argc, argv, family, console);
}

int classifier_main(int argc, char** argv, const Family& family) {
    return classifier_main(argc, argv, family, standard_console());
}

}  // namespace taxon::app
