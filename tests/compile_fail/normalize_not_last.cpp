// wants: taxon: Steps: one of Normalize and ScaleTo01 must come last, and only there
#include <taxon/preprocess/geometry.hpp>
#include <taxon/preprocess/normalize.hpp>
#include <taxon/preprocess/steps.hpp>

using namespace taxon;

namespace pre = preprocess;

#ifdef TAXON_BROKEN
using Preprocess = pre::Steps<pre::Normalize<pre::ImageNetStatistics>, pre::Resize<32>>;
#else
using Preprocess = pre::Steps<pre::Resize<32>, pre::Normalize<pre::ImageNetStatistics>>;
#endif
static_assert(Preprocess::height == 32);
