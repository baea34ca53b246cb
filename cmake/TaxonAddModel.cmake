# taxon_add_model(NAME HEADER header… TYPE type)
#
# Compiles a model type once, in a file of its own, so that no other file of a program pays for its kernels:
#
#     taxon_add_model(detector HEADER models.hpp TYPE my::Detector)
#     target_link_libraries(program PRIVATE detector)
#
# HEADER     what TYPE needs, as in #include: files of the calling folder, or <taxon/zoo/yolov5.hpp>
# TYPE       a taxon::Model on backend::Cpu, such as
#            "taxon::Model<taxon::zoo::Yolov5n<>, taxon::preprocess::Letterbox<640>>"
#
# Makes the static library NAME, which links taxon::compiled_cpu, and the header NAME.hpp:
#
#     #include <detector.hpp>
#     // or detector::open("yolov5n.taxon"): a unique_ptr<taxon::AnyModel>
#     const auto model = detector::load("yolov5n.pt");
#     const auto rows = (*model)(taxon::read_image("street.jpg"));
function(taxon_add_model name)
    cmake_parse_arguments(PARSE_ARGV 1 model "" "TYPE" "HEADER")
    set(call "taxon_add_model(${name})")
    if(NOT name MATCHES "^[A-Za-z_][A-Za-z0-9_]*$")
        message(FATAL_ERROR "${call}: the name becomes a namespace; wanted: a C++ identifier")
    elseif(model_UNPARSED_ARGUMENTS)
        message(FATAL_ERROR "${call}: unknown argument '${model_UNPARSED_ARGUMENTS}'; wanted: HEADER header… TYPE type")
    elseif(NOT model_TYPE OR NOT model_HEADER)
        message(FATAL_ERROR "${call}: no HEADER or no TYPE; wanted: HEADER header… TYPE type")
    endif()

    set(includes "")
    foreach(header IN LISTS model_HEADER)
        if(header MATCHES "^<.*>$")
            string(APPEND includes "#include ${header}\n")
        else()
            get_filename_component(path ${header} ABSOLUTE)
            if(NOT EXISTS ${path})
                message(FATAL_ERROR "${call}: there is no HEADER ${path}")
            endif()
            string(APPEND includes "#include \"${path}\"\n")
        endif()
    endforeach()

    set(folder ${CMAKE_CURRENT_BINARY_DIR}/taxon/${name})
    string(REPLACE "\"" "\\\"" type_in_quotes ${model_TYPE})
    configure_file(${CMAKE_CURRENT_FUNCTION_LIST_DIR}/model.hpp.in ${folder}/include/${name}.hpp @ONLY)
    configure_file(${CMAKE_CURRENT_FUNCTION_LIST_DIR}/model.cpp.in ${folder}/${name}.cpp @ONLY)
    add_library(${name} STATIC ${folder}/${name}.cpp)
    target_link_libraries(${name} PUBLIC taxon::compiled_cpu)
    target_include_directories(${name} PUBLIC ${folder}/include PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
endfunction()
