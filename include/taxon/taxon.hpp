#pragma once

// All headers that need no other library. Include the others by name: preprocess/image_file.hpp (stb, zlib),
// detect/picture_encoder.hpp (stb), backend/reference/reference.hpp and adapt/xtensor.hpp (xtensor), eval/dataset.hpp
// and eval/coco_dataset.hpp (range-v3), text/ and preprocess/word_piece.hpp (utf8proc), app/ (fmt, CLI11,
// nlohmann_json, Boost.Hana).
#include <taxon/backend/cpu/offline.hpp>
#include <taxon/detect/coco_classes.hpp>
#include <taxon/detect/detections.hpp>
#include <taxon/detect/drawing.hpp>
#include <taxon/detect/result_text.hpp>
#include <taxon/detect/table.hpp>
#include <taxon/eval/binary_classification.hpp>
#include <taxon/eval/classification.hpp>
#include <taxon/eval/coco.hpp>
#include <taxon/eval/labels.hpp>
#include <taxon/eval/top_k.hpp>
#include <taxon/io/npy.hpp>
#include <taxon/io/safetensors_writer.hpp>
#include <taxon/io/synthetic_weights.hpp>
#include <taxon/io/weight_file.hpp>
#include <taxon/layer/activate.hpp>
#include <taxon/layer/attention.hpp>
#include <taxon/layer/batch_norm2d.hpp>
#include <taxon/layer/boxes.hpp>
#include <taxon/layer/concat.hpp>
#include <taxon/layer/conv2d.hpp>
#include <taxon/layer/embeddings.hpp>
#include <taxon/layer/first_token.hpp>
#include <taxon/layer/identity.hpp>
#include <taxon/layer/layer_norm.hpp>
#include <taxon/layer/linear.hpp>
#include <taxon/layer/pool.hpp>
#include <taxon/layer/prelu.hpp>
#include <taxon/layer/residual.hpp>
#include <taxon/layer/sequential.hpp>
#include <taxon/layer/slice.hpp>
#include <taxon/layer/upsample.hpp>
#include <taxon/model.hpp>
#include <taxon/policy/mixed_precision.hpp>
#include <taxon/preprocess/image_net.hpp>
#include <taxon/preprocess/letterbox.hpp>
#include <taxon/preprocess/none.hpp>
#include <taxon/preprocess/steps.hpp>
#include <taxon/quantize/calibrate.hpp>
#include <taxon/quantize/equalise.hpp>
#include <taxon/quantize/float_layers.hpp>
#include <taxon/task/classify.hpp>
#include <taxon/task/detect.hpp>
#include <taxon/task/draw.hpp>
#include <taxon/task/label.hpp>
#include <taxon/zoo/bert.hpp>
#include <taxon/zoo/googlenet.hpp>
#include <taxon/zoo/mobilenet_v3.hpp>
#include <taxon/zoo/mobilenet_v3_kuan_wang.hpp>
#include <taxon/zoo/resnet.hpp>
#include <taxon/zoo/yolov3.hpp>
#include <taxon/zoo/yolov5.hpp>
