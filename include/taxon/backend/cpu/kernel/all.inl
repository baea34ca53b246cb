// Every kernel, in the order in which they need each other. No include guard: instances.hpp includes this once per
// instruction set.
#include <taxon/backend/cpu/kernel/stored.inl>
#include <taxon/backend/cpu/kernel/activation.inl>
#include <taxon/backend/cpu/kernel/convolution.inl>
#include <taxon/backend/cpu/kernel/depthwise.inl>
#include <taxon/backend/cpu/kernel/elementwise.inl>
#include <taxon/backend/cpu/kernel/input.inl>
#include <taxon/backend/cpu/kernel/attention.inl>
#include <taxon/backend/cpu/kernel/layer_norm.inl>
#include <taxon/backend/cpu/kernel/embedding.inl>
#include <taxon/backend/cpu/kernel/boxes.inl>
#include <taxon/backend/cpu/kernel/pool.inl>
#include <taxon/backend/cpu/kernel/product.inl>
#include <taxon/backend/cpu/kernel/winograd.inl>
#include <taxon/backend/cpu/kernel/dispatch.inl>
#include <taxon/backend/cpu/kernel/kernel_table.inl>
