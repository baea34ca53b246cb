// Portable kernels: all sizes are run-time arguments.
#include <taxon/backend/cpu/kernel/common.inl>
#include <taxon/backend/cpu/kernel/activate_all.inl>
#include <taxon/backend/cpu/kernel/portable/sums.inl>
#include <taxon/backend/cpu/kernel/portable/convolution.inl>
#include <taxon/backend/cpu/kernel/any_size/depthwise.inl>
#include <taxon/backend/cpu/kernel/portable/winograd.inl>
#include <taxon/backend/cpu/kernel/dispatch.inl>
#include <taxon/backend/cpu/kernel/kernel_table.inl>
