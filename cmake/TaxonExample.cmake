# taxon_add_example(FAMILY VARIANTS Type:command-line-name… [OPTIONAL_VARIANTS Type:command-line-name…] [SMALL command-line-name…]
#                   [LEVELS command-line-name…] [SIZES number…] [CLASSES number] [EMBED FILE] [PROGRAM picture|text|detector])
#
# The program <build>/examples/FAMILY of examples/FAMILY/main.cpp. For each variant, precision and execution it makes one small
# translation unit out of cmake/entry.cpp.in; the variants' types come from examples/FAMILY/variants.hpp. Each takes 10 to 20 s to compile, so
# by default only the variants that are named SMALL come in every precision, and the others in float32. Those that are named LEVELS have a precision of
# their own, Type::O2, which keeps some layers in floats: o2 on the command line. With SIZES each variant is a template of a picture's side, Type<640>, and
# comes in every size of the list, the default first; with CLASSES the variants are compiled with TAXON_CLASSES as the number of classes.
# PROGRAM is the command line, of pictures' classifiers if it is not given.
#
# main.cpp is compiled with
#   TAXON_MODELS            "small/force_float32;small/force_float16;n@640/force_float32": the variants (and their sizes) and precisions that are built
#   TAXON_EMBEDDED_WEIGHTS  only with EMBED: the file's name; its bytes lie between extern "C" taxon_embedded_begin and taxon_embedded_end
#
# A user chooses the table with -DTAXON_VARIANTS=… and -DTAXON_PRECISIONS=…; optional variants are built only if TAXON_VARIANTS names them.

set(TAXON_VARIANTS "" CACHE STRING "Command-line names of the variants to build, as a list; empty: all that are not optional")
set(TAXON_PRECISIONS "" CACHE STRING
    "Command-line names of the precisions to build for every variant, as a list, or all; empty: force_float32, and all for mobilenet_v3's small and small-cifar10. Each takes 10 to 20 s a variant to compile; calibration wants force_float32 beside a quantized one")

set(TAXON_SIZES "" CACHE STRING "Sides of pictures to build detectors for, as a list of multiples of 32; empty: each family's own")
set(TAXON_CLASSES "" CACHE STRING "How many classes detectors tell apart; empty: COCO's 80")

set(taxon_known_precisions
    Float32:force_float32 Float16:force_float16 BFloat16:force_bfloat16
    QInt8MixedFloat16:qint8_mixed_float16 QInt8MixedFloat32:qint8_mixed_float32
    QInt16MixedFloat16:qint16_mixed_float16 QInt16MixedFloat32:qint16_mixed_float32)

# The command lines and the Reference backend: each is compiled once for all families that have it, and not at all for others.
foreach(part picture text detector reference_network)
    if(part STREQUAL "reference_network")
        set(header model/reference_network)
    else()
        set(header ${part}/program)
    endif()
    set(source ${PROJECT_BINARY_DIR}/examples/entries/app/${part}.cpp)
    file(CONFIGURE OUTPUT ${source} CONTENT "#include <taxon/app/${header}_definition.hpp>\n")
    add_library(taxon_${part} OBJECT EXCLUDE_FROM_ALL ${source})
    target_link_libraries(taxon_${part} PRIVATE taxon::dev taxon_third_parties)
endforeach()

# Keeps of the pairs "Type:name" those whose name is in `wanted`; all of them if `wanted` is empty.
function(taxon_choose result pairs wanted)
    set(chosen "")
    foreach(pair IN LISTS pairs)
        string(REGEX REPLACE "^[^:]*:" "" name "${pair}")
        if("${wanted}" STREQUAL "" OR name IN_LIST wanted)
            list(APPEND chosen ${pair})
        endif()
    endforeach()
    set(${result} "${chosen}" PARENT_SCOPE)
endfunction()

# Stops if `wanted`, the value of the cache variable `variable`, has a name that none of the pairs has.
function(taxon_refuse_unknown variable pairs)
    list(TRANSFORM pairs REPLACE "^[^:]*:" "")
    foreach(name IN LISTS ${variable})
        if(NOT name IN_LIST pairs)
            string(REPLACE ";" ", " known "${pairs}")
            message(FATAL_ERROR "taxon: ${variable} has '${name}', which is not known; known are: ${known}")
        endif()
    endforeach()
endfunction()

# The pairs "Type:name" of the precisions that a variant is built in.
function(taxon_choose_precisions result small levels)
    set(wanted "${TAXON_PRECISIONS}")
    set(known "${taxon_known_precisions}")
    if(levels)
        list(APPEND known O2:o2)
    endif()
    if("${wanted}" STREQUAL "" AND NOT small)
        set(wanted force_float32)
    elseif("all" IN_LIST wanted)
        set(wanted "")
    endif()
    taxon_choose(chosen "${known}" "${wanted}")
    set(${result} "${chosen}" PARENT_SCOPE)
endfunction()

function(taxon_add_example family)
    cmake_parse_arguments(PARSE_ARGV 1 example "" "EMBED;CLASSES;PROGRAM" "VARIANTS;OPTIONAL_VARIANTS;SMALL;LEVELS;SIZES")
    set(folder ${PROJECT_SOURCE_DIR}/examples/${family})
    set_property(GLOBAL APPEND PROPERTY taxon_known_variants ${example_VARIANTS} ${example_OPTIONAL_VARIANTS})
    if(NOT EXISTS ${folder}/main.cpp)
        message(WARNING "taxon: ${folder}/main.cpp is not there; example ${family} is left out")
        return()
    endif()

    if(TAXON_VARIANTS)
        list(APPEND example_VARIANTS ${example_OPTIONAL_VARIANTS})
    endif()
    taxon_choose(variants "${example_VARIANTS}" "${TAXON_VARIANTS}")
    if(NOT variants)
        message(STATUS "taxon: example ${family} is left out, TAXON_VARIANTS names none of its own")
        return()
    endif()

    if(example_SIZES)
        if(TAXON_SIZES)
            set(example_SIZES ${TAXON_SIZES})
        endif()
        set(sized "")
        foreach(variant IN LISTS variants)
            string(REGEX MATCH "^([^:]+):(.+)$" matched "${variant}")
            foreach(size IN LISTS example_SIZES)
                list(APPEND sized "${CMAKE_MATCH_1}<${size}>:${CMAKE_MATCH_2}@${size}")
            endforeach()
        endforeach()
        set(variants ${sized})
    endif()

    set(sources ${folder}/main.cpp)
    set(models "")
    foreach(variant IN LISTS variants)
        string(REGEX MATCH "^([^:]+):(.+)$" matched "${variant}")
        set(variant_type ${CMAKE_MATCH_1})
        set(variant_name ${CMAKE_MATCH_2})
        string(REGEX REPLACE "@.*" "" plain_name "${variant_name}")
        set(small NO)
        if(plain_name IN_LIST example_SMALL)
            set(small YES)
        endif()
        set(levels NO)
        if(plain_name IN_LIST example_LEVELS)
            set(levels YES)
        endif()
        taxon_choose_precisions(precisions ${small} ${levels})
        foreach(precision IN LISTS precisions)
            string(REGEX MATCH "^([^:]+):(.+)$" matched "${precision}")
            set(precision_type ${CMAKE_MATCH_1})
            set(precision_name ${CMAKE_MATCH_2})
            list(APPEND models "${variant_name}/${precision_name}")
            set(executions Fused)
            if(precision_type STREQUAL "Float32")
                list(APPEND executions LayerByLayer)
            endif()
            if(precision_type STREQUAL "O2")
                set(precision_type ${variant_type}::O2)
            else()
                set(precision_type taxon::precision::${precision_type})
            endif()
            foreach(execution IN LISTS executions)
                set(entry ${PROJECT_BINARY_DIR}/examples/entries/${family}/${variant_name}-${precision_name}-${execution}.cpp)
                configure_file(${PROJECT_SOURCE_DIR}/cmake/entry.cpp.in ${entry} @ONLY)
                list(APPEND sources ${entry})
            endforeach()
        endforeach()
    endforeach()

    string(REPLACE ";" "\\;" models "${models}")  # a semicolon that no list of CMake's splits
    set(definitions "TAXON_MODELS=\"${models}\"")
    list(JOIN example_SIZES ", " sizes)
    if(example_SIZES)
        list(APPEND definitions "TAXON_SIZES=${sizes}")
    endif()

    if(example_EMBED)
        get_filename_component(embedded_file ${example_EMBED} ABSOLUTE BASE_DIR ${CMAKE_CURRENT_SOURCE_DIR})
        if(EXISTS ${embedded_file})
            get_filename_component(embedded_name ${embedded_file} NAME)
            set(assembly ${PROJECT_BINARY_DIR}/examples/entries/${family}/embedded.S)
            configure_file(${PROJECT_SOURCE_DIR}/cmake/embedded.S.in ${assembly} @ONLY)
            set_source_files_properties(${assembly} PROPERTIES OBJECT_DEPENDS ${embedded_file})
            list(APPEND sources ${assembly})
            list(APPEND definitions "TAXON_EMBEDDED_WEIGHTS=\"${embedded_name}\"")
        else()
            # The program's own `convert` makes this file, so it must build without.
            message(WARNING "taxon: ${embedded_file} is not there; ${family} is built without default weights")
        endif()
    endif()
    # Only main.cpp sees the table: another choice of variants leaves the compiled models as they are.
    set_source_files_properties(${folder}/main.cpp PROPERTIES COMPILE_DEFINITIONS "${definitions}")

    add_executable(${family} ${sources})
    target_include_directories(${family} PRIVATE ${folder})
    if(example_CLASSES)
        if(TAXON_CLASSES)
            set(example_CLASSES ${TAXON_CLASSES})
        endif()
        target_compile_definitions(${family} PRIVATE TAXON_CLASSES=${example_CLASSES})
    endif()
    if(NOT example_PROGRAM)
        set(example_PROGRAM picture)
    endif()
    target_link_libraries(${family} PRIVATE taxon_${example_PROGRAM} taxon_reference_network taxon::dev taxon_third_parties)
    set_target_properties(${family} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/examples)
endfunction()
