// Every kernel except those of portable/, in order of dependency. No include guard: kernel_table.hpp includes this once
// per instruction set.
#include <taxon/backend/cpu/kernel/common.inl>
#include <taxon/backend/cpu/kernel/pixel_rows.inl>
#include <taxon/backend/cpu/kernel/tile.inl>
#include <taxon/backend/cpu/kernel/window_form.inl>
#include <taxon/backend/cpu/kernel/window_tile.inl>
#include <taxon/backend/cpu/kernel/byte_tile.inl>
#include <taxon/backend/cpu/kernel/convolution.inl>
#include <taxon/backend/cpu/kernel/transposed_convolution.inl>
#include <taxon/backend/cpu/kernel/depthwise.inl>
#include <taxon/backend/cpu/kernel/winograd.inl>
#include <taxon/backend/cpu/kernel/dispatch.inl>
#include <taxon/backend/cpu/kernel/kernel_table.inl>
