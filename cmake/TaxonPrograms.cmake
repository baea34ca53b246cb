# taxon_add_program_part(PART)
#
# An object library taxon_PART, for programs: one of the command lines picture, text, detector and tensor, the verbs
# that they share (verbs), or the command lines' Reference backend (reference_network). Each is compiled once for all
# programs, and not at all where nothing needs it. Call taxon_find_command_line_packages first.
function(taxon_add_program_part part)
    if(TARGET taxon_${part})
        return()
    elseif(part STREQUAL "reference_network")
        set(header model/reference_network)
    elseif(part STREQUAL "verbs")
        set(header verbs/of_every_kind)
    else()
        set(header ${part}/program)
    endif()
    set(source ${CMAKE_BINARY_DIR}/taxon/programs/${part}.cpp)
    file(CONFIGURE OUTPUT ${source} CONTENT "#include <taxon/app/${header}_definition.hpp>\n")
    add_library(taxon_${part} OBJECT EXCLUDE_FROM_ALL ${source})
    # The verbs bring fmt with them, for all: header-only it is a tenth of a part's code.
    if(NOT part STREQUAL "verbs")
        list(TRANSFORM taxon_command_line_libraries REPLACE "^fmt::fmt-header-only$" fmt::fmt)
    endif()
    target_link_libraries(taxon_${part} PRIVATE taxon::compiled_cpu ${taxon_command_line_libraries})
    target_include_directories(taxon_${part} SYSTEM PRIVATE ${TAXON_PROTOZERO_INCLUDE_DIR})
    if(TARGET taxon_third_parties)
        target_link_libraries(taxon_${part} PRIVATE taxon::dev taxon_third_parties)
    endif()
    # Command lines compute nothing in bulk: that is in the models' own files and in taxon::compiled. Half of their
    # compile time.
    if(CMAKE_CXX_FLAGS_RELEASE MATCHES "-O[23]" AND NOT part STREQUAL "reference_network")
        target_compile_options(taxon_${part} PRIVATE $<$<CONFIG:Release>:-Og>)
    endif()
    # GCC would collect its garbage three times, an eighth of its time; beyond 1 GiB it still does.
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
        target_compile_options(taxon_${part} PRIVATE --param=ggc-min-heapsize=524288)
    endif()
endfunction()
