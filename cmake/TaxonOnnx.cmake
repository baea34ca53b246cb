# taxon::import_onnx   the program import_onnx, for .onnx files: see docs/command-line.md. Outside `all`.
# taxon_onnx           what it consists of, as objects under separate compilation.
#
# TAXON_IMPORT_ONNX is one that is built already: for cross compilation.
#
# It needs protozero, CLI11, fmt and nlohmann_json, headers only. They are taken from where the compiler looks anyway;
# TAXON_PROTOZERO_INCLUDE_DIR and CMAKE_CXX_FLAGS say another place.
set(TAXON_IMPORT_ONNX "" CACHE FILEPATH "A program import_onnx for this machine; empty: it is built where it is needed")
if(NOT TARGET taxon_onnx)
    set(taxon_onnx_sources ${CMAKE_CURRENT_BINARY_DIR}/taxon/onnx)
    file(CONFIGURE OUTPUT ${taxon_onnx_sources}/reader.cpp CONTENT "#include <taxon/onnx/reader_definition.hpp>\n")
    file(CONFIGURE OUTPUT ${taxon_onnx_sources}/lower.cpp CONTENT "#include <taxon/onnx/impl/lower.ipp>\n")
    file(CONFIGURE OUTPUT ${taxon_onnx_sources}/writer.cpp CONTENT "#include <taxon/onnx/writer/impl/header.ipp>\n")
    file(CONFIGURE OUTPUT ${taxon_onnx_sources}/run_time.cpp CONTENT
        "#include <taxon/backend/cpu/impl/run_time_kernels.ipp>\n#include <taxon/backend/cpu/impl/onnx_model.ipp>\n")
    set(content "")  # what is in taxon::compiled_cpu as well
    foreach(part io/atomic_file io/float_conversion io/mapped_file io/safetensors_writer graph/port_numbers
            plan/owned_plan weights/fitted_weights weights/parameters backend/cpu/executable backend/cpu/pack
            backend/cpu/processors)
        string(REGEX REPLACE "/([a-z_]+)$" "/impl/\\1" definition ${part})
        string(APPEND content "#include <taxon/${part}.hpp>\n#include <taxon/${definition}.ipp>\n")
    endforeach()
    file(CONFIGURE OUTPUT ${taxon_onnx_sources}/files.cpp CONTENT "${content}")
    file(CONFIGURE OUTPUT ${taxon_onnx_sources}/main.cpp CONTENT
"#include <taxon/app/console/command_line_definition.hpp>
#include <taxon/app/console/json_definition.hpp>
#include <taxon/app/console/output_file_definition.hpp>
#include <taxon/app/onnx/program.hpp>

int main(int argc, char** argv) {
    taxon::app::Console console = taxon::app::standard_console();
    return taxon::app::import_onnx_main(argc, argv, console);
}
")

    add_library(taxon_onnx OBJECT EXCLUDE_FROM_ALL ${taxon_onnx_sources}/reader.cpp ${taxon_onnx_sources}/lower.cpp
        ${taxon_onnx_sources}/writer.cpp ${taxon_onnx_sources}/run_time.cpp)
    target_compile_definitions(taxon_onnx PUBLIC TAXON_SEPARATE_COMPILATION)
    target_link_libraries(taxon_onnx PUBLIC taxon::taxon)
    if(TAXON_PROTOZERO_INCLUDE_DIR)
        target_include_directories(taxon_onnx SYSTEM PUBLIC ${TAXON_PROTOZERO_INCLUDE_DIR})
    endif()

    # Sorting out a graph needs no optimised code: -O3 would take some minutes to compile.
    set_source_files_properties(${taxon_onnx_sources}/reader.cpp PROPERTIES COMPILE_OPTIONS "$<$<CONFIG:Release>:-O1>")
    set_source_files_properties(${taxon_onnx_sources}/lower.cpp ${taxon_onnx_sources}/writer.cpp PROPERTIES
        COMPILE_OPTIONS "$<$<CONFIG:Release>:-O0>")
    # Kernels do; a developer's networks are small.
    set_source_files_properties(${taxon_onnx_sources}/run_time.cpp PROPERTIES
        COMPILE_OPTIONS "$<$<CONFIG:Release>:$<IF:$<BOOL:${TAXON_DEVELOPER}>,-O1,-O2>>")

    if(TARGET taxon::dev)
        target_link_libraries(taxon_onnx PRIVATE taxon::dev)
    endif()
    if(TAXON_IMPORT_ONNX)
        add_executable(import_onnx IMPORTED GLOBAL)
        set_target_properties(import_onnx PROPERTIES IMPORTED_LOCATION ${TAXON_IMPORT_ONNX})
    else()
        add_executable(import_onnx EXCLUDE_FROM_ALL ${taxon_onnx_sources}/main.cpp ${taxon_onnx_sources}/files.cpp)
        target_compile_options(import_onnx PRIVATE $<$<CONFIG:Release>:-O1>)
        target_compile_definitions(import_onnx PRIVATE FMT_HEADER_ONLY)
        target_link_libraries(import_onnx PRIVATE taxon_onnx)
        set_target_properties(import_onnx PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR}/examples)
        if(TARGET taxon::dev)
            target_link_libraries(import_onnx PRIVATE taxon::dev)
        endif()
    endif()
    add_executable(taxon::import_onnx ALIAS import_onnx)
endif()
