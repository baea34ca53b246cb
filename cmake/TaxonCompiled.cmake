# taxon::compiled  taxon::taxon with everything but templates compiled once, in a static library of one source file:
#                  readers of weights, offline files, pictures where stb is installed, the tokenizer where utf8proc is.
#                  Header-only and compiled code must not be mixed in one program.
if(NOT TARGET taxon_compiled)
    # Headers include <stb/stb_image.h> where stb has a folder (Debian, Fedora, Arch) and <stb_image.h> where it has
    # none (vcpkg, Conan). Debian's utf8proc has no CMake files.
    find_path(TAXON_STB_INCLUDE_DIR NAMES stb/stb_image.h stb_image.h
        DOC "The folder of stb/stb_image.h, or of stb_image.h")
    find_path(TAXON_UTF8PROC_INCLUDE_DIR NAMES utf8proc.h DOC "The folder of utf8proc.h")
    find_library(TAXON_UTF8PROC_LIBRARY NAMES utf8proc utf8proc_static DOC "The library utf8proc")
    mark_as_advanced(TAXON_STB_INCLUDE_DIR TAXON_UTF8PROC_INCLUDE_DIR TAXON_UTF8PROC_LIBRARY)

    set(taxon_compiled_source ${CMAKE_CURRENT_BINARY_DIR}/taxon/compiled.cpp)
    file(CONFIGURE OUTPUT ${taxon_compiled_source} CONTENT "#include <taxon/src.hpp>\n")
    add_library(taxon_compiled STATIC EXCLUDE_FROM_ALL ${taxon_compiled_source})
    add_library(taxon::compiled ALIAS taxon_compiled)
    target_compile_definitions(taxon_compiled PUBLIC TAXON_SEPARATE_COMPILATION)
    target_link_libraries(taxon_compiled PUBLIC taxon::taxon)
    if(TAXON_STB_INCLUDE_DIR)
        target_include_directories(taxon_compiled SYSTEM PRIVATE ${TAXON_STB_INCLUDE_DIR})
    endif()
    if(TAXON_UTF8PROC_INCLUDE_DIR AND TAXON_UTF8PROC_LIBRARY)
        target_include_directories(taxon_compiled SYSTEM PUBLIC ${TAXON_UTF8PROC_INCLUDE_DIR})
        target_link_libraries(taxon_compiled PUBLIC ${TAXON_UTF8PROC_LIBRARY})
    else()
        target_compile_definitions(taxon_compiled PRIVATE TAXON_WITHOUT_UTF8PROC)
    endif()
endif()
