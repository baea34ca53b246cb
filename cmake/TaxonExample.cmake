# taxon_add_example(FAMILY VARIANTS Type:name… [OPTIONAL_VARIANTS Type:name…] [SMALL name…] [LEVELS name…]
#                   [SIZES number…] [EMBED name FILE LABELS] [PROGRAM picture|text|detector|tensor])
#
# The program <build>/examples/FAMILY of examples/FAMILY/main.cpp. This call is the table of its models: which types of
# examples/FAMILY/variants.hpp are built, and what the command line calls them. For each variant, precision and
# execution it makes one small translation unit out of cmake/entry.cpp.in, and out of cmake/models.cpp.in the table that
# taxon::app::built_models gives. A name that does not fit is an error, here or of the compiler.
#
# A model takes 10 to 20 s to compile, so by default only the variants that are named SMALL come in every precision, and
# the others in float32. Those that are named LEVELS have a precision of their own, Type::O2, which keeps some layers in
# floats: o2 on the command line. With SIZES each variant is a template of a picture's side, Type<640>, and comes in
# every size of the list, the default first. EMBED puts the weights of a variant and its class names, one a line, into
# the program, unless TAXON_CLASSES is given: they are for the variant's own classes. PROGRAM is the command line: of
# pictures' classifiers, if it is not given.
#
# A user chooses from the table with -DTAXON_VARIANTS=…, -DTAXON_PRECISIONS=…, -DTAXON_SIZES=… and
# -DTAXON_CLASSES=…; optional variants are built only if TAXON_VARIANTS names them. Of what these choose, TAXON_MODELS
# builds single models: tests/run.sh builds those that a test runs.

set(TAXON_VARIANTS "" CACHE STRING
    "Command-line names of the variants to build, as a list; empty: all that are not optional")
set(TAXON_PRECISIONS "" CACHE STRING
    "Command-line names of the precisions to build for every variant, as a list, or all; empty: force_float32, and all \
for lite0, small and small-cifar10. Each takes 10 to 20 s a variant to compile; calibration wants \
force_float32 beside a quantized one")
set(TAXON_MODELS "" CACHE STRING
    "Single models to build, as a list such as small/force_float32;n@320/force_float32/fused (not layer by layer); \
empty: all that are chosen")
set(TAXON_SIZES "" CACHE STRING
    "Sides of pictures to build detectors for, as a list of multiples of 32; empty: each family's own")
set(TAXON_CLASSES "" CACHE STRING
    "Number of classes of every variant; 1: a regression; empty: each variant's own")

set(taxon_known_precisions
    Float32:force_float32 Float16:force_float16 BFloat16:force_bfloat16
    QInt8MixedFloat16:qint8_mixed_float16 QInt8MixedFloat32:qint8_mixed_float32
    QInt7MixedFloat32:qint7_mixed_float32
    QInt16MixedFloat16:qint16_mixed_float16 QInt16MixedFloat32:qint16_mixed_float32)

foreach(size IN LISTS TAXON_SIZES)
    if(NOT size MATCHES "^[1-9][0-9]*$")
        message(FATAL_ERROR "taxon: TAXON_SIZES has '${size}', wanted multiples of 32")
    endif()
    math(EXPR rest "${size} % 32")
    if(NOT rest EQUAL 0)
        message(FATAL_ERROR "taxon: TAXON_SIZES has '${size}', wanted multiples of 32")
    endif()
endforeach()
if(NOT TAXON_CLASSES MATCHES "^([1-9][0-9]*)?$")
    message(FATAL_ERROR "taxon: TAXON_CLASSES is '${TAXON_CLASSES}', wanted a number from 1")
endif()

# Splits "Type:name".
macro(taxon_split pair type name)
    string(REGEX MATCH "^([^:]+):(.+)$" matched "${pair}")
    if(matched STREQUAL "")
        message(FATAL_ERROR "taxon: '${pair}' in a table of models, wanted Type:name")
    endif()
    set(${type} ${CMAKE_MATCH_1})
    set(${name} ${CMAKE_MATCH_2})
endmacro()

# Keeps of the pairs "Type:name" those whose name is in `wanted`; all of them if `wanted` is empty.
function(taxon_choose result pairs wanted)
    set(chosen "")
    foreach(pair IN LISTS pairs)
        taxon_split(${pair} type name)
        if("${wanted}" STREQUAL "" OR name IN_LIST wanted)
            list(APPEND chosen ${pair})
        endif()
    endforeach()
    set(${result} "${chosen}" PARENT_SCOPE)
endfunction()

# Stops if `names`, which `where` has, are not all names of the pairs "Type:name".
function(taxon_refuse_unknown where names pairs)
    list(TRANSFORM pairs REPLACE "^[^:]*:" "")
    foreach(name IN LISTS names)
        if(NOT name IN_LIST pairs)
            string(REPLACE ";" ", " known "${pairs}")
            message(FATAL_ERROR "taxon: ${where} has '${name}', which is unknown; known are: ${known}")
        endif()
    endforeach()
endfunction()

# The pairs "Type:name" of the precisions that a variant is built in.
function(taxon_choose_precisions result is_small has_levels)
    set(wanted "${TAXON_PRECISIONS}")
    set(known "${taxon_known_precisions}")
    if(has_levels)
        list(APPEND known O2:o2)
    endif()
    if("${wanted}" STREQUAL "" AND NOT is_small)
        set(wanted force_float32)
    elseif("all" IN_LIST wanted)
        set(wanted "")
    endif()
    taxon_choose(chosen "${known}" "${wanted}")
    set(${result} "${chosen}" PARENT_SCOPE)
endfunction()

# Makes the translation units of one variant; adds them to `sources` and its rows to `rows`. `size` may be empty.
macro(taxon_add_entries type name size precisions)
    set(variant_type ${type})
    set(file_name ${name})
    set(arguments "\"${name}\"")
    if(NOT "${size}" STREQUAL "")
        set(variant_type "${type}<${size}>")
        set(file_name "${name}@${size}")
        string(APPEND arguments ", \"${size}\"")
    endif()
    foreach(precision ${precisions})
        taxon_split(${precision} precision_type precision_name)
        if(precision_type STREQUAL "O2")
            set(precision_type ${variant_type}::O2)
        else()
            set(precision_type taxon::precision::${precision_type})
        endif()
        set(executions Fused)
        # The layer-by-layer and Reference models only serve to look inside a network.
        if(precision_name STREQUAL "force_float32")
            list(APPEND executions LayerByLayer)
        endif()
        if(TAXON_MODELS AND NOT "${file_name}/${precision_name}" IN_LIST TAXON_MODELS)
            list(REMOVE_ITEM executions LayerByLayer)
            if(NOT "${file_name}/${precision_name}/fused" IN_LIST TAXON_MODELS)
                set(executions "")
            endif()
        endif()
        foreach(execution IN LISTS executions)
            set(members entry)
            if(execution STREQUAL "LayerByLayer")
                list(APPEND members reference_entry)
            endif()
            set(entry "Entry<${variant_type}, ${precision_type}, execution::${execution}>")
            set(definitions_of_members "")
            foreach(member IN LISTS members)
                string(APPEND definitions_of_members
                    "template ModelEntry ${entry}::${member}(std::string_view, std::string_view);\n")
                string(APPEND rows "\n        ${entry}::${member}(${arguments}),")
            endforeach()
            set(source ${entries}/${file_name}-${precision_name}-${execution}.cpp)
            configure_file(${PROJECT_SOURCE_DIR}/cmake/entry.cpp.in ${source} @ONLY)
            list(APPEND sources ${source})
        endforeach()
    endforeach()
endmacro()

# Puts the weights and the class names of a variant into the program; adds to `sources` and `definitions`.
macro(taxon_embed variant file labels)
    get_filename_component(embedded_file ${file} ABSOLUTE BASE_DIR ${CMAKE_CURRENT_SOURCE_DIR})
    get_filename_component(embedded_labels ${labels} ABSOLUTE BASE_DIR ${CMAKE_CURRENT_SOURCE_DIR})
    set(embedded_vocabulary ${entries}/nothing)
    file(CONFIGURE OUTPUT ${embedded_vocabulary} CONTENT "")
    if(EXISTS ${embedded_file})
        set(assembly ${entries}/embedded.cpp)
        configure_file(${PROJECT_SOURCE_DIR}/cmake/embedded.cpp.in ${assembly} @ONLY)
        set_source_files_properties(${assembly} PROPERTIES
            OBJECT_DEPENDS "${embedded_file};${embedded_labels}")
        list(APPEND sources ${assembly})
        list(APPEND definitions "TAXON_EMBEDDED_VARIANT=\"${variant}\"")
    else()
        # The program's own `convert` makes this file, so it must build without.
        message(WARNING "taxon: ${embedded_file} is not there; ${family} is built without default weights")
    endif()
endmacro()

function(taxon_add_example family)
    cmake_parse_arguments(PARSE_ARGV 1 example "" "PROGRAM"
        "VARIANTS;OPTIONAL_VARIANTS;SMALL;LEVELS;SIZES;EMBED")
    set(folder ${PROJECT_SOURCE_DIR}/examples/${family})
    set(entries ${PROJECT_BINARY_DIR}/examples/entries/${family})
    set(known_variants ${example_VARIANTS} ${example_OPTIONAL_VARIANTS})
    set_property(GLOBAL APPEND PROPERTY taxon_known_variants ${known_variants})
    if(example_PROGRAM STREQUAL "text" AND NOT taxon_has_utf8proc)
        return()
    endif()
    if(NOT EXISTS ${folder}/main.cpp)
        message(WARNING "taxon: ${folder}/main.cpp is not there; example ${family} is left out")
        return()
    endif()
    foreach(list SMALL LEVELS)
        taxon_refuse_unknown("${list} of ${family}" "${example_${list}}" "${known_variants}")
    endforeach()

    if(TAXON_VARIANTS)
        list(APPEND example_VARIANTS ${example_OPTIONAL_VARIANTS})
    endif()
    taxon_choose(variants "${example_VARIANTS}" "${TAXON_VARIANTS}")
    if(NOT variants)
        message(STATUS "taxon: example ${family} is left out, TAXON_VARIANTS names none of its own")
        return()
    endif()
    if(example_SIZES AND TAXON_SIZES)
        set(example_SIZES ${TAXON_SIZES})
    endif()

    set(sources "")
    set(rows "")
    set(definitions "")
    foreach(variant IN LISTS variants)
        taxon_split(${variant} type name)
        set(is_small NO)
        if(name IN_LIST example_SMALL)
            set(is_small YES)
        endif()
        set(has_levels NO)
        if(name IN_LIST example_LEVELS)
            set(has_levels YES)
        endif()
        taxon_choose_precisions(precisions ${is_small} ${has_levels})
        if(example_SIZES)
            foreach(size IN LISTS example_SIZES)
                taxon_add_entries(${type} ${name} ${size} "${precisions}")
            endforeach()
        else()
            taxon_add_entries(${type} ${name} "" "${precisions}")
        endif()
    endforeach()
    if(rows STREQUAL "")
        message(STATUS "taxon: example ${family} is left out, TAXON_MODELS names none of its own")
        return()
    endif()
    configure_file(${PROJECT_SOURCE_DIR}/cmake/models.cpp.in ${entries}/models.cpp @ONLY)
    # The models, apart from the program, so that tests can link what is compiled for it.
    add_library(${family}_models OBJECT ${sources} ${entries}/models.cpp)
    target_include_directories(${family}_models PRIVATE ${folder})
    if(TAXON_CLASSES)
        target_compile_definitions(${family}_models PRIVATE TAXON_CLASSES=${TAXON_CLASSES})
    endif()
    target_link_libraries(${family}_models PRIVATE taxon::dev taxon::compiled_cpu taxon_third_parties)

    set(sources ${folder}/main.cpp)
    if(example_EMBED AND NOT TAXON_CLASSES)
        list(GET example_EMBED 0 embedded_variant)
        taxon_refuse_unknown("EMBED of ${family}" "${embedded_variant}" "${known_variants}")
        taxon_embed(${example_EMBED})
    endif()
    # Only main.cpp and models.cpp see the table: another choice of variants leaves the compiled models as they are.
    set_source_files_properties(${folder}/main.cpp PROPERTIES COMPILE_DEFINITIONS "${definitions}")

    add_executable(${family} ${sources})
    set_property(GLOBAL APPEND PROPERTY taxon_built_examples ${family})
    if(NOT example_PROGRAM)
        set(example_PROGRAM picture)
    endif()
    target_link_libraries(${family} PRIVATE ${family}_models taxon_${example_PROGRAM} taxon_verbs taxon::dev)
    if(rows MATCHES "::reference_entry")
        target_link_libraries(${family} PRIVATE taxon_reference_network taxon::compiled)
    endif()
    target_link_libraries(${family} PRIVATE taxon::compiled_cpu taxon_third_parties)
    taxon_take_names_as_utf8(${family})
    set_target_properties(${family} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/examples)
endfunction()
