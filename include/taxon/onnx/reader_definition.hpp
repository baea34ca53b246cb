#pragma once
#include <taxon/onnx/fold.hpp>
#include <taxon/onnx/operators.hpp>
#include <taxon/onnx/read_model.hpp>
#include <taxon/onnx/run.hpp>

// All definitions of what reads and runs .onnx files: for one source file of a program under separate compilation.
#include <taxon/onnx/impl/fold.ipp>
#include <taxon/onnx/impl/operators.ipp>
#include <taxon/onnx/impl/read_model.ipp>
#include <taxon/onnx/impl/run.ipp>
