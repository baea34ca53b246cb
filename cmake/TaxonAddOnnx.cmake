# taxon_add_onnx(TARGET MODEL file.onnx NAME TypeName [SHAPES INPUT=1,3,224,224 …])
#
# An .onnx file as a type of a C++ program, written when the program is built, and again when the file changes:
#
#     taxon_add_onnx(digits MODEL digits.onnx NAME Digits)
#     target_link_libraries(program PRIVATE digits)
#
#     #include <digits.hpp>
#     const auto model = taxon::Model<Digits>::load("digits.safetensors");
#
# NAME    a C++ identifier; headers and weights are called like it, type_name.hpp and type_name.safetensors
# SHAPES  of inputs that the file leaves open
#
# The target's property TAXON_WEIGHTS is the path of the weights, which the build writes.
#
# taxon_add_onnx_program(PROGRAM MODEL file.onnx NAME TypeName [SHAPES INPUT=1,3,224,224 …] [EMBED]
#                        [TASK classify|embed|yolox|yolov8] [PREPROCESS type] [LABELS file]
#                        [VOCAB file] [POOLING mean|cls|none] [NORMALIZE])
#
# The same as a program of its own, outside `all`, with the verbs infer, perf, profile, gen, verify and so on: see
# docs/onnx.md. It finds its weights from any folder: beside itself or where the build wrote them. EMBED puts them into
# the program, and links it statically: one file that runs anywhere.
#
# TASK        pictures instead of tensors, by the command line of classifiers (classify) or detectors: yolox for the
#             published YOLOX, whose rows are decoded here, yolov8 for YOLOv8's and later ones' boxes and scores; or
#             texts (embed), by that of sentence encoders
# PREPROCESS  a picture's way into the network, such as taxon::preprocess::ImageNetBicubic<224, 90>; by default that of
#             torchvision's classifiers, YOLOX's own, and a letterbox. A text's, taxon::preprocess::WordPiece<…>
# LABELS      the names of its classes, a line each
# VOCAB       the vocab.txt or tokenizer.json of a network over texts
# POOLING     makes one vector of a text's tokens: their mean, the first one (cls), or the network does it (none)
# NORMALIZE   scales it to length one

# Writes header and weights of a call into `folder` and sets onnx_header, onnx_weights, onnx_model and onnx_stem.
macro(taxon_write_onnx call folder)
    if(onnx_UNPARSED_ARGUMENTS)
        message(FATAL_ERROR "${call}: unknown argument '${onnx_UNPARSED_ARGUMENTS}'; wanted: ${onnx_wanted}")
    elseif(NOT onnx_MODEL OR NOT onnx_NAME)
        message(FATAL_ERROR "${call}: no MODEL or no NAME; wanted: ${onnx_wanted}")
    elseif(NOT onnx_NAME MATCHES "^[A-Za-z_][A-Za-z0-9_]*$")
        message(FATAL_ERROR "${call}: NAME ${onnx_NAME} becomes a type; wanted: a C++ identifier")
    endif()
    get_filename_component(onnx_model ${onnx_MODEL} ABSOLUTE)
    get_source_file_property(onnx_is_made ${onnx_model} GENERATED)
    if(NOT EXISTS ${onnx_model} AND NOT onnx_is_made)
        message(FATAL_ERROR "${call}: there is no MODEL ${onnx_model}")
    endif()
    foreach(shape IN LISTS onnx_SHAPES)
        if(NOT shape MATCHES "^.+=[0-9]+(,[0-9]+)*$")
            message(FATAL_ERROR "${call}: SHAPES has '${shape}'; wanted: INPUT=1,3,224,224")
        endif()
    endforeach()

    # TypeName: type_name
    string(REGEX REPLACE "([a-z0-9])([A-Z])" "\\1_\\2" onnx_stem ${onnx_NAME})
    string(TOLOWER ${onnx_stem} onnx_stem)
    set(onnx_header ${folder}/${onnx_stem}.hpp)
    set(onnx_weights ${folder}/${onnx_stem}.safetensors)
    set(onnx_files ${onnx_model})
    foreach(suffix .data _data)  # weights beside the file, as exporters name them
        if(EXISTS ${onnx_model}${suffix})
            list(APPEND onnx_files ${onnx_model}${suffix})
        endif()
    endforeach()
    if(TAXON_IMPORT_ONNX)
        set(onnx_writer import_onnx)
        list(TRANSFORM onnx_SHAPES PREPEND "--shape=")
        set(onnx_arguments write ${onnx_model} --name ${onnx_NAME} --output-dir ${folder} ${onnx_SHAPES})
    else()
        set(onnx_writer taxon_onnx_type_writer)
        set(onnx_arguments ${onnx_model} ${onnx_NAME} ${folder} ${onnx_SHAPES})
        taxon_find_protozero()
        target_include_directories(taxon_onnx SYSTEM PUBLIC ${TAXON_PROTOZERO_INCLUDE_DIR})
    endif()
    add_custom_command(OUTPUT ${onnx_header} ${onnx_weights}
        COMMAND ${onnx_writer} ${onnx_arguments}
        DEPENDS ${onnx_writer} ${onnx_files}
        COMMENT "Importing ${onnx_MODEL} as ${onnx_NAME}"
        VERBATIM)
endmacro()

# Third parties where CMake finds them; without this call the compiler has to.
function(taxon_give_packages_to_import_onnx)
    get_property(given GLOBAL PROPERTY taxon_import_onnx_packages)
    if(NOT given AND NOT TAXON_IMPORT_ONNX)
        set_property(GLOBAL PROPERTY taxon_import_onnx_packages YES)
        target_link_libraries(import_onnx PRIVATE ${taxon_command_line_libraries})
    endif()
endfunction()

function(taxon_add_onnx target)
    cmake_parse_arguments(PARSE_ARGV 1 onnx "" "MODEL;NAME" "SHAPES")
    set(onnx_wanted "MODEL file.onnx NAME TypeName [SHAPES INPUT=1,3,224,224 …]")
    set(folder ${CMAKE_CURRENT_BINARY_DIR}/taxon/${target})
    taxon_write_onnx("taxon_add_onnx(${target})" ${folder})
    add_custom_target(${target}_onnx DEPENDS ${onnx_header} ${onnx_weights})
    add_library(${target} INTERFACE)
    add_dependencies(${target} ${target}_onnx)
    target_link_libraries(${target} INTERFACE taxon::taxon)
    target_include_directories(${target} INTERFACE ${folder})
    set_target_properties(${target} PROPERTIES TAXON_WEIGHTS ${onnx_weights})
endfunction()

function(taxon_add_onnx_program program)
    cmake_parse_arguments(PARSE_ARGV 1 onnx "EMBED;NORMALIZE"
        "MODEL;NAME;TASK;PREPROCESS;LABELS;VOCAB;POOLING" "SHAPES")
    set(onnx_wanted "MODEL file.onnx NAME TypeName [SHAPES INPUT=1,3,224,224 …] [EMBED] "
        "[TASK classify|embed|yolox|yolov8] [PREPROCESS type] [LABELS file] [VOCAB file] [POOLING mean|cls|none] "
        "[NORMALIZE]")
    string(JOIN "" onnx_wanted ${onnx_wanted})
    set(call "taxon_add_onnx_program(${program})")
    set(folder ${CMAKE_CURRENT_BINARY_DIR}/taxon/${program})
    taxon_write_onnx(${call} ${folder})
    taxon_refuse_arguments_of_other_tasks()

    set(sides "picture_of<Network>().height, picture_of<Network>().width")
    set(onnx_labels_type "")
    if(NOT onnx_TASK)
        set(kind tensor)
        set(onnx_entry "Entry<Tensors, precision::Float32, execution::Fused>::entry")
        set(onnx_includes "")
    elseif(onnx_TASK STREQUAL "classify")
        set(kind picture)
        set(onnx_entry logits_entry)
        set(preprocess "preprocess::ImageNet<picture_of<Network>().height>")
        string(JOIN "\n" onnx_includes "#include <taxon/app/picture/logits_entry.hpp>"
            "#include <taxon/preprocess/image_net.hpp>")
    elseif(onnx_TASK STREQUAL "embed")
        set(kind text)
        set(onnx_entry sentence_entry)
        taxon_choose_letters(letters)
        set(preprocess "preprocess::WordPiece<texts_of<Network>().channels, text::LetterCase::${letters}>")
        set(onnx_includes "#include <taxon/app/text/sentence_entry.hpp>")
    elseif(onnx_TASK MATCHES "^yolo(x|v8)$")
        set(kind detector)
        set(onnx_entry ${onnx_TASK}_entry)
        set(preprocess "preprocess::Letterbox<${sides}>")
        if(onnx_TASK STREQUAL "yolox")
            set(preprocess "preprocess::CornerLetterbox<${sides}>")
        endif()
        string(JOIN "\n" onnx_includes "#include <taxon/app/detector/heads_entry.hpp>"
            "#include <taxon/preprocess/corner_letterbox.hpp>" "#include <taxon/preprocess/letterbox.hpp>")
    else()
        message(FATAL_ERROR "${call}: TASK ${onnx_TASK} is unknown; wanted: classify, embed, yolox or yolov8")
    endif()
    if(onnx_PREPROCESS)
        set(preprocess ${onnx_PREPROCESS})
    endif()
    if(onnx_TASK STREQUAL "embed")
        set(is_said true)
        if(NOT onnx_POOLING)
            set(is_said false)
            set(onnx_POOLING none)
        endif()
        set(normalizes false)
        if(onnx_NORMALIZE)
            set(normalizes true)
        endif()
        string(APPEND onnx_entry
            "<Network, ${preprocess}, task::TokenPooling::${onnx_POOLING}, ${normalizes}, ${is_said}>")
    elseif(onnx_TASK)
        string(APPEND onnx_entry "<Network, ${preprocess}, Labels>")
        set(onnx_labels_type "using Labels = NoLabels;\n")
    endif()
    set(onnx_main ${kind}_main)
    if(kind STREQUAL "picture")
        set(onnx_main classifier_main)
    endif()
    string(APPEND onnx_includes "\n#include <taxon/app/${kind}/program.hpp>")
    taxon_find_command_line_packages()
    taxon_give_packages_to_import_onnx()
    foreach(part ${kind} verbs)
        taxon_add_program_part(${part})
    endforeach()

    # Weights, names of classes or a vocabulary in the program.
    set(source ${folder}/program.cpp)
    set(onnx_weights_in_program "weights_file(\"${onnx_weights}\")")
    set(embedded_source "")
    if(onnx_EMBED OR onnx_LABELS OR onnx_VOCAB)
        set(embedded_source ${folder}/embedded.cpp)
        foreach(file file labels vocabulary)
            set(embedded_${file} ${folder}/nothing)
        endforeach()
        file(CONFIGURE OUTPUT ${folder}/nothing CONTENT "")
        if(onnx_EMBED)
            set(onnx_weights_in_program "\"\"")
            set(embedded_file ${onnx_weights})
        endif()
        if(onnx_LABELS)
            taxon_find_file(embedded_labels LABELS)
            taxon_count_lines(lines ${embedded_labels})
            string(JOIN "\n" onnx_labels_type "struct Labels {"
                "    static constexpr std::string_view file = \"${embedded_labels}\";"
                "    static constexpr int lines = ${lines};" "};" "")
        endif()
        if(onnx_VOCAB)
            taxon_find_file(embedded_vocabulary VOCAB)
        endif()
        configure_file(${CMAKE_CURRENT_FUNCTION_LIST_DIR}/embedded.cpp.in ${embedded_source} @ONLY)
        set_source_files_properties(${embedded_source} PROPERTIES
            OBJECT_DEPENDS "${embedded_file};${embedded_labels};${embedded_vocabulary}")
        set_source_files_properties(${source} PROPERTIES COMPILE_DEFINITIONS "TAXON_EMBEDDED_VARIANT=\"${onnx_stem}\"")
    endif()
    configure_file(${CMAKE_CURRENT_FUNCTION_LIST_DIR}/onnx_program.cpp.in ${source} @ONLY)
    add_executable(${program} EXCLUDE_FROM_ALL ${source} ${embedded_source} ${onnx_header} ${onnx_weights}
        $<TARGET_OBJECTS:taxon_${kind}> $<TARGET_OBJECTS:taxon_verbs>)
    target_include_directories(${program} PRIVATE ${folder})
    taxon_take_names_as_utf8(${program})
    if(CMAKE_CXX_FLAGS_RELEASE MATCHES "-O3")  # CMake's own choice: kernels take longer to compile, and are no faster
        target_compile_options(${program} PRIVATE $<$<CONFIG:Release>:-O2>)
    endif()
    if(onnx_EMBED)
        # one file for any machine: no library from outside, and of the archives only what it calls
        target_compile_definitions(${program} PRIVATE TAXON_SEPARATE_COMPILATION)
        add_dependencies(${program} taxon_compiled_cpu)
        target_link_libraries(${program} PRIVATE taxon::taxon $<TARGET_FILE:taxon_compiled_cpu>)
        target_link_options(${program} PRIVATE -static -s -Wl,--gc-sections)
        if(kind STREQUAL "text")
            taxon_link_archives(${program} utf8proc)
        elseif(onnx_TASK)
            taxon_link_picture_archives(${program})
        endif()
    else()
        target_link_libraries(${program} PRIVATE taxon::compiled_cpu)
    endif()
endfunction()

# Stops for arguments of taxon_add_onnx_program that its TASK has no use for, and for a pooling that is none.
macro(taxon_refuse_arguments_of_other_tasks)
    set(no_use "")
    if(NOT onnx_TASK)
        set(no_use PREPROCESS LABELS VOCAB POOLING NORMALIZE)
    elseif(onnx_TASK STREQUAL "embed")
        set(no_use LABELS)
    else()
        set(no_use VOCAB POOLING NORMALIZE)
    endif()
    foreach(argument IN LISTS no_use)
        if(onnx_${argument})
            set(task "without a TASK, whose input is a tensor")
            if(onnx_TASK)
                set(task "with TASK ${onnx_TASK}, which has no use for it")
            endif()
            message(FATAL_ERROR "${call}: ${argument} ${task}")
        endif()
    endforeach()
    if(onnx_POOLING AND NOT onnx_POOLING MATCHES "^(mean|cls|none)$")
        message(FATAL_ERROR "${call}: POOLING ${onnx_POOLING} is unknown; wanted: mean, cls or none")
    endif()
endmacro()

# The path of the file that an argument of taxon_add_onnx_program names. Another content configures the build again.
macro(taxon_find_file result argument)
    get_filename_component(${result} ${onnx_${argument}} ABSOLUTE)
    if(NOT EXISTS ${${result}} OR IS_DIRECTORY ${${result}})
        message(FATAL_ERROR "${call}: there is no file ${argument} ${${result}}")
    endif()
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${${result}})
endmacro()

# The lines of a text, without empty ones at its end.
function(taxon_count_lines result file)
    file(READ ${file} text HEX)
    string(REGEX REPLACE "(..)" "\\1 " bytes "${text}")  # a text's own semicolons and brackets would be CMake's
    string(REGEX REPLACE "((0d )?0a )+$" "" bytes "${bytes}")
    string(REGEX MATCHALL "0a " breaks "${bytes}")
    list(LENGTH breaks lines)
    if(NOT bytes STREQUAL "")
        math(EXPR lines "${lines} + 1")
    endif()
    set(${result} ${lines} PARENT_SCOPE)
endfunction()

# The letter case of VOCAB: what tokenizer_config.json beside it says, else uncased.
macro(taxon_choose_letters result)
    set(${result} uncased)
    get_filename_component(config "${onnx_VOCAB}" ABSOLUTE)
    get_filename_component(config ${config} DIRECTORY)
    string(APPEND config /tokenizer_config.json)
    if(onnx_VOCAB AND EXISTS ${config})
        file(READ ${config} config)
        string(JSON lower ERROR_VARIABLE none GET "${config}" do_lower_case)
        if(none STREQUAL "NOTFOUND" AND NOT lower)
            set(${result} cased)
        endif()
    endif()
endmacro()

# The archives of what reads pictures, where taxon_compiled_cpu is compiled with them.
function(taxon_link_picture_archives program)
    set(archives z)
    get_target_property(definitions taxon_decoders INTERFACE_COMPILE_DEFINITIONS)
    if(definitions MATCHES "LIBJPEG_TURBO")
        list(APPEND archives jpeg)
    endif()
    if(definitions MATCHES "LIBWEBP")
        list(APPEND archives webp)
    endif()
    taxon_link_archives(${program} ${archives})
endfunction()

function(taxon_link_archives program)
    foreach(archive IN LISTS ARGN)
        string(TOUPPER TAXON_${archive}_ARCHIVE path)
        find_library(${path} NAMES lib${archive}.a DOC "The archive lib${archive}.a, for EMBED with a TASK")
        mark_as_advanced(${path})
        if(NOT ${path})
            message(FATAL_ERROR "taxon_add_onnx_program(${program}): EMBED links lib${archive}.a, which was not found; "
                                "set ${path} to its path.")
        endif()
        target_link_libraries(${program} PRIVATE ${${path}})
    endforeach()
endfunction()

# A project that has found taxon and has no target of its own builds import_onnx: so one gets the program out of an
# installation, which has only its source.
function(taxon_build_import_onnx_if_alone)
    get_property(targets DIRECTORY ${CMAKE_SOURCE_DIR} PROPERTY BUILDSYSTEM_TARGETS)
    get_property(folders DIRECTORY ${CMAKE_SOURCE_DIR} PROPERTY SUBDIRECTORIES)
    list(FILTER targets EXCLUDE REGEX "^(taxon_.*|import_onnx)$")
    if(NOT targets AND NOT folders AND NOT TAXON_IMPORT_ONNX)
        set_target_properties(import_onnx PROPERTIES EXCLUDE_FROM_ALL FALSE)
    endif()
endfunction()
