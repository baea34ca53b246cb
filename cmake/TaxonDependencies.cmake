# The third parties of tests, examples and benchmarks. taxon/model.hpp and the zoo need none of them; taxon/app,
# taxon/eval, taxon/text, the Reference backend and the picture reader do, and link taxon_third_parties.

taxon_find_command_line_packages()
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
if(TAXON_UTF8PROC_INCLUDE_DIR AND TAXON_UTF8PROC_LIBRARY)
    set(taxon_has_utf8proc ON)
elseif(WIN32)
    message(STATUS "taxon: utf8proc was not found, so programs for texts are left out")
    set(TAXON_UTF8PROC_LIBRARY "")
    set(TAXON_UTF8PROC_INCLUDE_DIR "")
else()
    message(FATAL_ERROR "taxon: utf8proc was not found. Debian and Ubuntu: apt-get install libutf8proc-dev. "
                        "Elsewhere: get utf8proc and set TAXON_UTF8PROC_INCLUDE_DIR and TAXON_UTF8PROC_LIBRARY.")
endif()

add_library(taxon_third_parties INTERFACE)
target_include_directories(taxon_onnx SYSTEM PUBLIC ${TAXON_PROTOZERO_INCLUDE_DIR})
target_link_libraries(taxon_third_parties INTERFACE fmt::fmt nlohmann_json::nlohmann_json CLI11::CLI11 Boost::headers
    xtensor range-v3::range-v3 ${TAXON_UTF8PROC_LIBRARY} ZLIB::ZLIB)
target_include_directories(taxon_third_parties SYSTEM INTERFACE ${TAXON_STB_INCLUDE_DIR} ${TAXON_UTF8PROC_INCLUDE_DIR}
    ${TAXON_PROTOZERO_INCLUDE_DIR})

foreach(part picture detector tensor verbs reference_network)
    taxon_add_program_part(${part})
endforeach()
if(taxon_has_utf8proc)
    taxon_add_program_part(text)
endif()

# The readers compute nothing in bulk either. Half of their compile time, for a fifth of the tokenizer's speed.
if(CMAKE_CXX_FLAGS_RELEASE MATCHES "-O2")
    set_source_files_properties(${taxon_compiled_readers_source} TARGET_DIRECTORY taxon_compiled_cpu
        PROPERTIES COMPILE_OPTIONS "$<$<CONFIG:Release>:-Og>")
endif()
