#pragma once
#include "app/program.hpp"

/// Runs the command line of a made-up family of texts in this process (see text_program.cpp). Its variants: "lower", the default, and "capital", which is cased.
Outcome run_text_program(const std::vector<std::string>& arguments);
