# The third parties of tests, examples and benchmarks. taxon/model.hpp and the zoo need none of them; taxon/app,
# taxon/eval, taxon/text, the Reference backend and the picture reader do, and link taxon_third_parties.

# Finds a CMake package, or stops with one sentence that says where it comes from.
macro(taxon_require package debian_package)
    find_package(${package} ${ARGN} QUIET)
    if(NOT ${package}_FOUND)
        message(FATAL_ERROR "taxon: ${package} was not found. Debian and Ubuntu: apt-get install ${debian_package}. "
                            "Elsewhere: install ${package} with its CMake files, or add its prefix to "
                            "CMAKE_PREFIX_PATH.")
    endif()
endmacro()

taxon_require(fmt libfmt-dev)
taxon_require(nlohmann_json nlohmann-json3-dev)
taxon_require(CLI11 libcli11-dev)
taxon_require(Boost libboost-dev)
taxon_require(xtensor libxtensor-dev)
taxon_require(range-v3 librange-v3-dev)
taxon_require(ZLIB zlib1g-dev)

target_link_libraries(taxon_compiled_cpu PRIVATE range-v3::range-v3)
target_link_libraries(taxon_compiled_reference PRIVATE xtensor)

# TaxonCompiled.cmake looks for stb and utf8proc, which are optional there.
if(NOT TAXON_STB_INCLUDE_DIR)
    message(FATAL_ERROR "taxon: stb_image.h was not found. Debian and Ubuntu: apt-get install libstb-dev. "
                        "Elsewhere: get stb and set TAXON_STB_INCLUDE_DIR to its folder.")
endif()
if(NOT TAXON_UTF8PROC_INCLUDE_DIR OR NOT TAXON_UTF8PROC_LIBRARY)
    message(FATAL_ERROR "taxon: utf8proc was not found. Debian and Ubuntu: apt-get install libutf8proc-dev. "
                        "Elsewhere: get utf8proc and set TAXON_UTF8PROC_INCLUDE_DIR and TAXON_UTF8PROC_LIBRARY.")
endif()

find_path(TAXON_PROTOZERO_INCLUDE_DIR protozero/pbf_reader.hpp DOC "The folder of protozero/pbf_reader.hpp")
mark_as_advanced(TAXON_PROTOZERO_INCLUDE_DIR)
if(NOT TAXON_PROTOZERO_INCLUDE_DIR)
    message(FATAL_ERROR "taxon: protozero was not found. Debian and Ubuntu: apt-get install libprotozero-dev. "
                        "Elsewhere: get protozero and set TAXON_PROTOZERO_INCLUDE_DIR to its include folder.")
endif()

add_library(taxon_third_parties INTERFACE)
target_include_directories(taxon_onnx SYSTEM PUBLIC ${TAXON_PROTOZERO_INCLUDE_DIR})
target_link_libraries(taxon_third_parties INTERFACE fmt::fmt nlohmann_json::nlohmann_json CLI11::CLI11 Boost::headers
    xtensor range-v3::range-v3 ${TAXON_UTF8PROC_LIBRARY} ZLIB::ZLIB)
target_include_directories(taxon_third_parties SYSTEM INTERFACE ${TAXON_STB_INCLUDE_DIR} ${TAXON_UTF8PROC_INCLUDE_DIR}
    ${TAXON_PROTOZERO_INCLUDE_DIR})
