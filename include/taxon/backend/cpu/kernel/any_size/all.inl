// Kernels whose sizes are known when the program runs, in float32: the same tiles and the same order of sums as those
// that are compiled for a geometry. What is a template argument there comes from a table here.
#include <taxon/backend/cpu/kernel/activate_all.inl>
#include <taxon/backend/cpu/kernel/any_size/tile.inl>
#include <taxon/backend/cpu/kernel/any_size/convolution.inl>
#include <taxon/backend/cpu/kernel/any_size/winograd.inl>
#include <taxon/backend/cpu/kernel/any_size/depthwise.inl>
#include <taxon/backend/cpu/kernel/any_size/common.inl>
