#include "answer.hpp"

bool other_answer() { return compute(); }
