#pragma once

namespace taxon {

/// Policy: what computes. It has `Options` for binding, a `Workspace` for running (any number of threads may run one
/// model, each with its own workspace), and `Engine<Architecture, Shape, Precision, Execution>`, a network bound to
/// weights: see backend::Cpu.
template <class B>
concept Backend = requires {
    typename B::Options;
    typename B::Workspace;
    B::name;
};

}  // namespace taxon
