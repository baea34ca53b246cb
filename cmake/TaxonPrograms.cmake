# The command lines and the command line's Reference backend, an object library each: taxon_picture, taxon_text,
# taxon_detector, taxon_tensor, the verbs that they share (taxon_verbs) and taxon_reference_network. Examples and tests
# link them, so each is compiled once, and not at all where nothing needs it.
include_guard(GLOBAL)

foreach(part picture text detector tensor verbs reference_network)
    if(part STREQUAL "reference_network")
        set(header model/reference_network)
    elseif(part STREQUAL "verbs")
        set(header verbs/of_every_kind)
    else()
        set(header ${part}/program)
    endif()
    set(source ${PROJECT_BINARY_DIR}/programs/${part}.cpp)
    file(CONFIGURE OUTPUT ${source} CONTENT "#include <taxon/app/${header}_definition.hpp>\n")
    add_library(taxon_${part} OBJECT EXCLUDE_FROM_ALL ${source})
    target_link_libraries(taxon_${part} PRIVATE taxon::dev taxon::compiled_cpu taxon_third_parties)
endforeach()

# The command lines and the readers compute nothing in bulk: that is in the models' own files and in the other parts of
# taxon::compiled. Half of their compile time, for a fifth of the tokenizer's speed.
if(CMAKE_CXX_FLAGS_RELEASE MATCHES "-O2")
    foreach(part picture text detector tensor verbs)
        target_compile_options(taxon_${part} PRIVATE $<$<CONFIG:Release>:-Og>)
    endforeach()
    set_source_files_properties(${taxon_compiled_readers_source} TARGET_DIRECTORY taxon_compiled_cpu
        PROPERTIES COMPILE_OPTIONS "$<$<CONFIG:Release>:-Og>")
endif()
