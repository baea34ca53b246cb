// wants: taxon::task::detect: boxes find back into the picture through a letterbox; give the Model a Preprocess policy
#include <taxon/model.hpp>
#include <taxon/preprocess/image_net.hpp>
#include <taxon/preprocess/letterbox.hpp>
#include <taxon/task/detect.hpp>
#include <taxon/zoo/yolov5.hpp>

using namespace taxon;

#ifdef TAXON_BROKEN
using Detector = Model<zoo::Yolov5n<80, 64>, preprocess::ImageNet<64>>;
#else
using Detector = Model<zoo::Yolov5n<80, 64>, preprocess::Letterbox<64>>;
#endif
auto answer(const Detector& model, const Image& picture) { return task::detect(model, picture); }
