# Third parties are looked for only by those who need them.

# Finds a CMake package, or stops with one sentence that says where it comes from.
macro(taxon_require package debian_package)
    find_package(${package} ${ARGN} QUIET)
    if(NOT ${package}_FOUND)
        message(FATAL_ERROR "taxon: ${package} was not found. Debian and Ubuntu: apt-get install ${debian_package}. "
                            "Elsewhere: install ${package} with its CMake files, or add its prefix to "
                            "CMAKE_PREFIX_PATH.")
    endif()
endmacro()

# Sets TAXON_PROTOZERO_INCLUDE_DIR, for what reads and writes .onnx files.
macro(taxon_find_protozero)
    find_path(TAXON_PROTOZERO_INCLUDE_DIR protozero/pbf_reader.hpp DOC "The folder of protozero/pbf_reader.hpp")
    mark_as_advanced(TAXON_PROTOZERO_INCLUDE_DIR)
    if(NOT TAXON_PROTOZERO_INCLUDE_DIR)
        message(FATAL_ERROR "taxon: protozero was not found. Debian and Ubuntu: apt-get install libprotozero-dev. "
                            "Elsewhere: get protozero and set TAXON_PROTOZERO_INCLUDE_DIR to its include folder.")
    endif()
endmacro()

# What command lines, import_onnx among them, are compiled with: sets taxon_command_line_libraries and
# TAXON_PROTOZERO_INCLUDE_DIR. Imported targets belong to the calling folder, so each calls this. fmt is compiled with
# them, once, so that programs need no library of it.
macro(taxon_find_command_line_packages)
    taxon_require(fmt libfmt-dev)
    taxon_require(nlohmann_json nlohmann-json3-dev)
    taxon_require(CLI11 libcli11-dev)
    taxon_require(Boost libboost-dev)
    set(taxon_command_line_libraries fmt::fmt-header-only nlohmann_json::nlohmann_json CLI11::CLI11 Boost::headers)
    taxon_find_protozero()
endmacro()
