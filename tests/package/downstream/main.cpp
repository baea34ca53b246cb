#include <taxon/core/error.hpp>

#include <cstring>

int main() {
    const taxon::Error error(taxon::Fault::shape, {.file = "a.pth", .found = "[2]", .wanted = "[3]"});
    return std::strcmp(error.what(), "a.pth: [shape] found [2], wanted [3]");
}
