// Those that the portable set has in this form as well.
#include <taxon/backend/cpu/kernel/any_size/attention.inl>
#include <taxon/backend/cpu/kernel/any_size/embedding.inl>
#include <taxon/backend/cpu/kernel/any_size/dispatch.inl>
