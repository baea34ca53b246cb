# taxon::import_onnx      the program import_onnx, for .onnx files: see docs/command-line.md. Outside `all`.
# taxon_onnx_type_writer  its verb write alone, which taxon_add_onnx builds: without kernels and options.
# taxon_onnx, taxon_onnx_files, taxon_onnx_run_time
#                         what they consist of, as objects under separate compilation: what reads, lowers and writes;
#                         the writers of files, which are in taxon::compiled_cpu as well; and what runs a network.
#
# TAXON_IMPORT_ONNX is one that is built already: for cross compilation.
#
# It needs protozero, CLI11, fmt and nlohmann_json, headers only. They are taken from where the compiler looks anyway;
# TAXON_PROTOZERO_INCLUDE_DIR and CMAKE_CXX_FLAGS say another place.
set(TAXON_IMPORT_ONNX "" CACHE FILEPATH "A program import_onnx for this machine; empty: it is built where it is needed")

# A source file NAME.cpp of taxon_onnx_sources that includes the definitions of headers.
function(taxon_write_definitions name)
    set(content "")
    foreach(part IN LISTS ARGN)
        string(REGEX REPLACE "/([a-z_]+)$" "/impl/\\1" definition ${part})
        string(APPEND content "#include <taxon/${part}.hpp>\n#include <taxon/${definition}.ipp>\n")
    endforeach()
    file(CONFIGURE OUTPUT ${taxon_onnx_sources}/${name}.cpp CONTENT "${content}")
endfunction()

# The source file NAME.cpp of a program whose main is FUNCTION, of taxon/app/onnx/HEADER.hpp; ARGN: headers before it.
function(taxon_write_onnx_main name header function)
    set(includes "#include <taxon/app/console/arguments.hpp>\n")
    foreach(one IN LISTS ARGN)
        string(APPEND includes "#include <taxon/app/console/${one}_definition.hpp>\n")
    endforeach()
    file(CONFIGURE OUTPUT ${taxon_onnx_sources}/${name}.cpp CONTENT "${includes}#include <taxon/app/onnx/${header}.hpp>

int main(int argc, char** argv) {
    const taxon::app::Arguments arguments(argc, argv);
    taxon::app::Console console = taxon::app::standard_console();
    return taxon::app::${function}(arguments.count(), arguments.values(), console);
}
")
endfunction()

if(NOT TARGET taxon_onnx)
    set(taxon_onnx_sources ${CMAKE_CURRENT_BINARY_DIR}/taxon/onnx)
    file(CONFIGURE OUTPUT ${taxon_onnx_sources}/reader.cpp CONTENT "#include <taxon/onnx/reader_definition.hpp>\n")
    file(CONFIGURE OUTPUT ${taxon_onnx_sources}/lower.cpp CONTENT "#include <taxon/onnx/impl/lower.ipp>\n")
    file(CONFIGURE OUTPUT ${taxon_onnx_sources}/writer.cpp CONTENT "#include <taxon/onnx/writer/impl/header.ipp>\n")
    file(CONFIGURE OUTPUT ${taxon_onnx_sources}/output_file.cpp CONTENT
        "#include <taxon/app/console/output_file_definition.hpp>\n")
    taxon_write_definitions(written_files io/atomic_file io/float_conversion io/mapped_file io/safetensors_writer
        graph/port_numbers system/file system/pages system/process system/signals
        system/streams)
    taxon_write_definitions(run_time backend/cpu/run_time_kernels backend/cpu/onnx_model)
    taxon_write_definitions(files plan/owned_plan plan/superstep weights/fitted_weights weights/parameters
        backend/cpu/executable backend/cpu/pack backend/cpu/processors system/threads)
    taxon_write_onnx_main(main program import_onnx_main command_line json)
    taxon_write_onnx_main(type_writer type_writer write_type_main utf8_names)

    add_library(taxon_onnx OBJECT EXCLUDE_FROM_ALL
        ${taxon_onnx_sources}/reader.cpp ${taxon_onnx_sources}/lower.cpp ${taxon_onnx_sources}/writer.cpp)
    add_library(taxon_onnx_files OBJECT EXCLUDE_FROM_ALL
        ${taxon_onnx_sources}/written_files.cpp ${taxon_onnx_sources}/output_file.cpp)
    add_library(taxon_onnx_run_time OBJECT EXCLUDE_FROM_ALL ${taxon_onnx_sources}/run_time.cpp)
    foreach(part taxon_onnx taxon_onnx_files taxon_onnx_run_time)
        target_compile_definitions(${part} PUBLIC TAXON_SEPARATE_COMPILATION)
        target_link_libraries(${part} PUBLIC taxon::taxon)
        if(TARGET taxon::dev)
            target_link_libraries(${part} PRIVATE taxon::dev)
        endif()
    endforeach()
    if(TAXON_PROTOZERO_INCLUDE_DIR)
        target_include_directories(taxon_onnx SYSTEM PUBLIC ${TAXON_PROTOZERO_INCLUDE_DIR})
    endif()

    # Sorting out a graph needs no optimised code: -O3 would take some minutes to compile.
    set_source_files_properties(${taxon_onnx_sources}/reader.cpp PROPERTIES COMPILE_OPTIONS "$<$<CONFIG:Release>:-O1>")
    target_compile_options(taxon_onnx PRIVATE $<$<CONFIG:Release>:-O0>)
    target_compile_options(taxon_onnx_files PRIVATE $<$<CONFIG:Release>:-O1>)
    # Kernels do; a developer's networks are small.
    target_compile_options(taxon_onnx_run_time PRIVATE
        $<$<CONFIG:Release>:$<IF:$<BOOL:${TAXON_DEVELOPER}>,-O1,-O2>>)

    if(TAXON_IMPORT_ONNX)
        add_executable(import_onnx IMPORTED GLOBAL)
        set_target_properties(import_onnx PROPERTIES IMPORTED_LOCATION ${TAXON_IMPORT_ONNX})
    else()
        add_executable(import_onnx EXCLUDE_FROM_ALL ${taxon_onnx_sources}/main.cpp ${taxon_onnx_sources}/files.cpp)
        target_compile_definitions(import_onnx PRIVATE FMT_HEADER_ONLY)
        target_link_libraries(import_onnx PRIVATE taxon_onnx_run_time)
        set_target_properties(import_onnx PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR}/examples)
        add_executable(taxon_onnx_type_writer EXCLUDE_FROM_ALL ${taxon_onnx_sources}/type_writer.cpp)
        foreach(program import_onnx taxon_onnx_type_writer)
            target_compile_options(${program} PRIVATE $<$<CONFIG:Release>:-O1>)
            target_link_libraries(${program} PRIVATE taxon_onnx taxon_onnx_files)
            taxon_take_names_as_utf8(${program})
            if(TARGET taxon::dev)
                target_link_libraries(${program} PRIVATE taxon::dev)
            endif()
        endforeach()
    endif()
    add_executable(taxon::import_onnx ALIAS import_onnx)
endif()
