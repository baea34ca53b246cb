#pragma once

namespace taxon {

/// A policy that says who computes. It has `Options` for binding, a `Workspace` for running (any number of threads may
/// run one model, each with its workspace), and `Engine<Architecture, Shape, Precision, Execution>`, a network bound to
/// weights: see backend::Cpu.
template <class B>
concept Backend = requires {
    typename B::Options;
    typename B::Workspace;
    B::name;
};

}  // namespace taxon
