// Memory-bound kernels: sizes are run-time arguments, so one kernel serves all layers of the same types.
#include <taxon/backend/cpu/kernel/stored.inl>
#include <taxon/backend/cpu/kernel/activation.inl>
#include <taxon/backend/cpu/kernel/elementwise.inl>
#include <taxon/backend/cpu/kernel/input.inl>
#include <taxon/backend/cpu/kernel/attention.inl>
#include <taxon/backend/cpu/kernel/class_attention.inl>
#include <taxon/backend/cpu/kernel/outlook_attention.inl>
#include <taxon/backend/cpu/kernel/layer_norm.inl>
#include <taxon/backend/cpu/kernel/group_norm.inl>
#include <taxon/backend/cpu/kernel/softmax.inl>
#include <taxon/backend/cpu/kernel/resize.inl>
#include <taxon/backend/cpu/kernel/shuffle.inl>
#include <taxon/backend/cpu/kernel/embedding.inl>
#include <taxon/backend/cpu/kernel/boxes.inl>
#include <taxon/backend/cpu/kernel/pool.inl>
#include <taxon/backend/cpu/kernel/product.inl>
#include <taxon/backend/cpu/kernel/winograd_transform.inl>
