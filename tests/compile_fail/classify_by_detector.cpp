// wants: taxon::task::classify: this network is a detector; call taxon::task::detect
#include <taxon/model.hpp>
#include <taxon/preprocess/letterbox.hpp>
#include <taxon/task/classify.hpp>
#include <taxon/task/detect.hpp>
#include <taxon/zoo/yolov5.hpp>

using namespace taxon;

using Detector = Model<zoo::Yolov5n<80, 64>, preprocess::Letterbox<64>>;

#ifdef TAXON_BROKEN
auto answer(const Detector& model, const Image& picture) { return task::classify(model, picture); }
#else
auto answer(const Detector& model, const Image& picture) { return task::detect(model, picture); }
#endif
