// Operations on dense values, whose axes are those of a LoopNest.
#include <taxon/backend/cpu/kernel/dense/rows.inl>
#include <taxon/backend/cpu/kernel/dense/movement.inl>
#include <taxon/backend/cpu/kernel/dense/tiles.inl>
#include <taxon/backend/cpu/kernel/dense/functions.inl>
#include <taxon/backend/cpu/kernel/dense/map.inl>
#include <taxon/backend/cpu/kernel/dense/assemble.inl>
#include <taxon/backend/cpu/kernel/dense/reduce.inl>
#include <taxon/backend/cpu/kernel/dense/row.inl>
#include <taxon/backend/cpu/kernel/dense/matrix_product.inl>
#include <taxon/backend/cpu/kernel/dense/gather.inl>
#include <taxon/backend/cpu/kernel/dense/scatter.inl>
#include <taxon/backend/cpu/kernel/dense/sort.inl>
#include <taxon/backend/cpu/kernel/dense/recurrent.inl>
#include <taxon/backend/cpu/kernel/dense/scaled_dot_product.inl>
#include <taxon/backend/cpu/kernel/dense/bridge.inl>
