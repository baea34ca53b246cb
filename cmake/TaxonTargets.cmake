# taxon::taxon     for users: the headers, C++20, threads.
# taxon::compiled  the same with everything but templates compiled once: see TaxonCompiled.cmake.
# taxon::dev       for the project's own tests, examples and benchmarks: taxon::taxon, with every warning as an error.
# taxon_add_model  compiles a model type in a library of its own: see TaxonAddModel.cmake.
# taxon::import_onnx  the program for .onnx files: see TaxonOnnx.cmake.
# taxon_add_onnx, taxon_add_onnx_program  an .onnx file as a type, or as a program: see TaxonAddOnnx.cmake.

find_package(Threads REQUIRED)

if((CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 12) OR
   (CMAKE_CXX_COMPILER_ID STREQUAL "Clang" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 14))
    message(WARNING "taxon is written for GCC 12, Clang 14 and newer; this is ${CMAKE_CXX_COMPILER_ID} "
                    "${CMAKE_CXX_COMPILER_VERSION}")
endif()

add_library(taxon INTERFACE)
add_library(taxon::taxon ALIAS taxon)
target_compile_features(taxon INTERFACE cxx_std_20)
target_include_directories(taxon INTERFACE
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include> $<INSTALL_INTERFACE:include>)
target_link_libraries(taxon INTERFACE Threads::Threads)

if(MINGW AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # GCC aligns no stack to 32 bytes under Windows, and spills AVX's registers as if it had (GCC's PR 54412), unless it
    # is Debian's: the assembler makes the moves that need alignment those that do not, which are as quick. A model's
    # object has more sections than COFF's usual 65,000.
    target_compile_options(taxon INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-Wa,-muse-unaligned-vector-move,-mbig-obj>)
endif()

set(TAXON_INSTRUCTION_SETS "" CACHE STRING
    "Sets whose kernels are compiled beside the portable ones, such as portable or avx2;avx512; empty: all")
if(TAXON_INSTRUCTION_SETS)
    list(JOIN TAXON_INSTRUCTION_SETS "," taxon_sets)
    target_compile_definitions(taxon INTERFACE "TAXON_INSTRUCTION_SETS=${taxon_sets}")
endif()

add_library(taxon_dev INTERFACE)
add_library(taxon::dev ALIAS taxon_dev)
target_link_libraries(taxon_dev INTERFACE taxon::taxon)
# GCC would collect its garbage three times, an eighth of its time; beyond 512 MiB it still does.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(taxon_dev INTERFACE $<$<COMPILE_LANGUAGE:CXX>:--param=ggc-min-heapsize=524288>)
endif()
if(TAXON_DEVELOPER)
    # A warning that has to be suppressed is named here, with its reason.
    target_compile_options(taxon_dev INTERFACE
        $<$<COMPILE_LANGUAGE:CXX>:-Wall> $<$<COMPILE_LANGUAGE:CXX>:-Wextra> $<$<COMPILE_LANGUAGE:CXX>:-Wconversion>
        $<$<COMPILE_LANGUAGE:CXX>:-Wsign-conversion> $<$<COMPILE_LANGUAGE:CXX>:-Wshadow>
        $<$<COMPILE_LANGUAGE:CXX>:-Werror>)
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_FLAGS MATCHES "-fsanitize=")
        # GCC 12 takes the sanitizers' own code for uses of uninitialized memory, inside <functional> and <regex> of its
        # own library too.
        target_compile_options(taxon_dev INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-Wno-maybe-uninitialized>)
    endif()
endif()

include(${CMAKE_CURRENT_LIST_DIR}/TaxonBuildType.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/TaxonCompiled.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/TaxonAddModel.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/TaxonOnnx.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/TaxonPackages.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/TaxonPrograms.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/TaxonAddOnnx.cmake)
target_link_libraries(taxon_compiled_cpu PRIVATE taxon::dev)
target_link_libraries(taxon_compiled_reference PRIVATE taxon::dev)
