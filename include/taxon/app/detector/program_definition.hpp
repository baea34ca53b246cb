#pragma once
#include <filesystem>
#include <string>
#include <taxon/app/console/command_line.hpp>
#include <taxon/app/console/console.hpp>
#include <taxon/app/convert/convert.hpp>
#include <taxon/app/detector/eval.hpp>
#include <taxon/app/detector/gen.hpp>
#include <taxon/app/detector/infer.hpp>
#include <taxon/app/detector/perf.hpp>
#include <taxon/app/detector/program.hpp>
#include <taxon/app/eval/eval_merge.hpp>
#include <taxon/app/console/family_program.hpp>
#include <taxon/app/console/verbs_to_come.hpp>
#include <taxon/app/verify/verify.hpp>

/// What program.hpp declares. Included by one source file of a program, and by nothing else: it takes 20 s to compile.
namespace taxon::app {

namespace detail {

/// The whole command line of a detector: what it understands and what it was told.
class DetectorProgram {
  public:
    DetectorProgram(const Family& family, const std::string& executable)
        : family_(family), executable_(executable), name_(std::filesystem::path(executable).filename().string()),
          program_("Detectors of the family " + std::string(family.name) + ", on the CPU.", name_) {
        add_usual_flags(program_);
        infer_ = add_detector_infer(program_, family, infer_options_);
        eval_ = add_detector_eval(program_, family, eval_options_);
        merge_ = add_eval_merge(*eval_, merge_options_);
        perf_ = add_detector_perf(program_, family, perf_options_);
        gen_ = add_gen(program_, family, gen_options_);
        gen_->get_option("--labels")
            ->description("The classes' names to store, a line each. Default: those that came with the weights, else "
                          "COCO's if there are 80");
        add_calibration_options(*gen_, gen_options_.model.calibration);
        verify_ = add_verify(program_, family, verify_options_);
        convert_ = add_convert(program_, family, convert_options_);
        add_verbs_to_come(program_);
        program_.footer(
            "Examples:\n"
            "  " +
            name_ +
            " infer --weights model.pt street.jpg --output-dir drawn/ --json boxes.json\n"
            "  " +
            name_ +
            " infer --weights model.pt pictures/ --confidence 0.5\n"
            "  " +
            name_ +
            " eval --weights model.pt --dataset val2017/ --annotations instances_val2017.json --per-class\n"
            "  " +
            name_ +
            " eval --annotations instances_val2017.json --detections results.json\n"
            "  " +
            name_ +
            " perf --weights synthetic --duration 5 --json speed.json\n"
            "  " +
            name_ +
            " perf --weights model.pt --end-to-end street.jpg\n"
            "  " +
            name_ +
            " gen --weights model.pt --output model.taxon\n"
            "\nExit codes: 0 done; 2 wrong use; 3 a file that cannot be read, is refused or cannot be written;\n"
            "4 a result that fails a check.\n");
    }

    int run(int argc, const char* const* argv, Console& console) {
        if (const auto code = parse(program_, argc, argv, console)) return *code;
        if (*infer_) return run_detector_infer(family_, infer_options_, console);
        if (*merge_) return run_eval_merge<CocoScore>(merge_options_, console);
        if (*eval_) return run_detector_eval(family_, eval_options_, console);
        if (*perf_) return run_detector_perf(family_, perf_options_, executable_, console);
        if (*gen_) return run_detector_gen(family_, gen_options_, console);
        if (*verify_) return run_verify(family_, verify_options_, console);
        if (*convert_) return run_convert(family_, convert_options_, console);
        throw WrongUse("the verb" + verb_given(program_) +
                       " is not built yet; infer, eval, perf, gen, verify and convert are");
    }

  private:
    const Family& family_;
    std::string executable_, name_;
    CLI::App program_;
    DetectorInferOptions infer_options_;
    DetectorEvalOptions eval_options_;
    EvalMergeOptions merge_options_;
    DetectorPerfOptions perf_options_;
    GenOptions gen_options_;
    VerifyOptions verify_options_;
    ConvertOptions convert_options_;
    CLI::App *infer_, *eval_, *merge_, *perf_, *gen_, *verify_, *convert_;
};

}  // namespace detail

int detector_main(int argc, const char* const* argv, const Family& family, Console console) {
    return with_family<detail::DetectorProgram>(argc, argv, family, console);
}

int detector_main(int argc, char** argv, const Family& family) {
    return detector_main(argc, argv, family, standard_console());
}

}  // namespace taxon::app
