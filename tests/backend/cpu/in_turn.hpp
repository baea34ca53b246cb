#pragma once
#include <taxon/backend/cpu/executor.hpp>

/// Parts one after the other, the first or the last one first.
class InTurn : public taxon::cpu::Executor {
  public:
    InTurn(int parts, bool backwards) : parts_(parts), backwards_(backwards) {}
    int size() const override { return parts_; }
    void run(int parts, void (*work)(void* context, int part), void* context) override {
        for (int i = 0; i < parts; ++i) work(context, backwards_ ? parts - 1 - i : i);
    }

  private:
    int parts_;
    bool backwards_;
};
