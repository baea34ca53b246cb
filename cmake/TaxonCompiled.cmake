# taxon::compiled      taxon::taxon with everything but templates compiled once, in static libraries: readers of
#                      weights, offline files, pictures where stb and zlib are installed (JPEG by libjpeg-turbo and
#                      WebP by libwebp where these are), the tokenizer where utf8proc is, the Reference backend where
#                      xtensor is.
#                      Header-only and compiled code must not be mixed in one program.
# taxon::compiled_cpu  the same without the Reference backend, in sources that are compiled side by side.

# Of a program with a command line: see app/console/utf8_names_definition.hpp.
function(taxon_take_names_as_utf8 program)
    if(MINGW)
        target_link_options(${program} PRIVATE -Wl,--wrap=mbrtowc)
    endif()
endfunction()

if(NOT TARGET taxon_compiled)
    # Headers include <stb/stb_image.h> where stb has a folder (Debian, Fedora, Arch) and <stb_image.h> where it has
    # none (vcpkg, Conan). Debian's utf8proc has no CMake files.
    find_path(TAXON_STB_INCLUDE_DIR NAMES stb/stb_image.h stb_image.h
        DOC "The folder of stb/stb_image.h, or of stb_image.h")
    find_path(TAXON_UTF8PROC_INCLUDE_DIR NAMES utf8proc.h DOC "The folder of utf8proc.h")
    find_library(TAXON_UTF8PROC_LIBRARY NAMES utf8proc utf8proc_static DOC "The library utf8proc")
    mark_as_advanced(TAXON_STB_INCLUDE_DIR TAXON_UTF8PROC_INCLUDE_DIR TAXON_UTF8PROC_LIBRARY)

    set(TAXON_JPEG auto CACHE STRING
        "The decoder of JPEG files: turbo (libjpeg-turbo), stb (stb_image), or auto: turbo if it is installed")
    set(TAXON_WEBP auto CACHE STRING "Whether libwebp reads WebP files: ON, OFF, or auto: if it is installed")
    set_property(CACHE TAXON_JPEG PROPERTY STRINGS auto turbo stb)
    set_property(CACHE TAXON_WEBP PROPERTY STRINGS auto ON OFF)
    if(NOT TAXON_JPEG MATCHES "^(auto|turbo|stb)$")
        message(FATAL_ERROR "taxon: TAXON_JPEG is '${TAXON_JPEG}'; it can be auto, turbo or stb.")
    endif()
    # jpeglib.h is also that of other libraries; libjpeg-turbo's configuration says its name.
    find_path(TAXON_JPEG_INCLUDE_DIR jpeglib.h DOC "The folder of libjpeg-turbo's jpeglib.h")
    find_path(TAXON_JPEG_CONFIG_DIR jconfig.h HINTS ${TAXON_JPEG_INCLUDE_DIR} DOC "The folder of jconfig.h")
    find_library(TAXON_JPEG_LIBRARY NAMES jpeg DOC "The library libjpeg of libjpeg-turbo")
    find_path(TAXON_WEBP_INCLUDE_DIR webp/decode.h DOC "The folder of webp/decode.h")
    find_library(TAXON_WEBP_LIBRARY NAMES webp DOC "The library libwebp")
    mark_as_advanced(TAXON_JPEG_INCLUDE_DIR TAXON_JPEG_CONFIG_DIR TAXON_JPEG_LIBRARY
        TAXON_WEBP_INCLUDE_DIR TAXON_WEBP_LIBRARY)
    set(taxon_turbo "")
    if(TAXON_JPEG_INCLUDE_DIR AND TAXON_JPEG_CONFIG_DIR AND TAXON_JPEG_LIBRARY)
        file(STRINGS ${TAXON_JPEG_CONFIG_DIR}/jconfig.h taxon_turbo REGEX "LIBJPEG_TURBO_VERSION")
    endif()
    if(TAXON_JPEG STREQUAL "turbo" AND NOT taxon_turbo)
        message(FATAL_ERROR "taxon: libjpeg-turbo was not found. Debian and Ubuntu: apt-get install "
                            "libjpeg-dev. Elsewhere: install it and set "
                            "TAXON_JPEG_INCLUDE_DIR and TAXON_JPEG_LIBRARY, or choose -DTAXON_JPEG=stb.")
    endif()
    if(TAXON_WEBP AND NOT TAXON_WEBP STREQUAL "auto" AND NOT (TAXON_WEBP_INCLUDE_DIR AND TAXON_WEBP_LIBRARY))
        message(FATAL_ERROR "taxon: libwebp was not found. Debian and Ubuntu: apt-get install libwebp-dev. Elsewhere: "
                            "install it and set TAXON_WEBP_INCLUDE_DIR and TAXON_WEBP_LIBRARY, or -DTAXON_WEBP=OFF.")
    endif()

    foreach(part readers cpu pictures reference)
        string(TOUPPER ${part} macro)
        set(taxon_compiled_${part}_source ${CMAKE_CURRENT_BINARY_DIR}/taxon/${part}.cpp)
        file(CONFIGURE OUTPUT ${taxon_compiled_${part}_source}
            CONTENT "#define TAXON_SRC_${macro}\n#include <taxon/src.hpp>\n")
    endforeach()
    add_library(taxon_compiled_cpu STATIC EXCLUDE_FROM_ALL
        ${taxon_compiled_readers_source} ${taxon_compiled_cpu_source} ${taxon_compiled_pictures_source})
    add_library(taxon::compiled_cpu ALIAS taxon_compiled_cpu)
    target_compile_definitions(taxon_compiled_cpu PUBLIC TAXON_SEPARATE_COMPILATION)
    target_link_libraries(taxon_compiled_cpu PUBLIC taxon::taxon)
    find_package(ZLIB QUIET)
    if(TAXON_STB_INCLUDE_DIR AND ZLIB_FOUND)
        target_include_directories(taxon_compiled_cpu SYSTEM PRIVATE ${TAXON_STB_INCLUDE_DIR})
        target_link_libraries(taxon_compiled_cpu PUBLIC ZLIB::ZLIB)
    endif()
    # Both are part of headers, so all that links the compiled library is compiled with them.
    add_library(taxon_decoders INTERFACE)
    if(TAXON_STB_INCLUDE_DIR AND taxon_turbo AND NOT TAXON_JPEG STREQUAL "stb")
        target_compile_definitions(taxon_decoders INTERFACE TAXON_WITH_LIBJPEG_TURBO)
        target_include_directories(taxon_decoders SYSTEM INTERFACE ${TAXON_JPEG_INCLUDE_DIR} ${TAXON_JPEG_CONFIG_DIR})
        target_link_libraries(taxon_decoders INTERFACE ${TAXON_JPEG_LIBRARY})
    endif()
    if(TAXON_STB_INCLUDE_DIR AND TAXON_WEBP AND TAXON_WEBP_INCLUDE_DIR AND TAXON_WEBP_LIBRARY)
        target_compile_definitions(taxon_decoders INTERFACE TAXON_WITH_LIBWEBP)
        target_include_directories(taxon_decoders SYSTEM INTERFACE ${TAXON_WEBP_INCLUDE_DIR})
        target_link_libraries(taxon_decoders INTERFACE ${TAXON_WEBP_LIBRARY})
    endif()
    target_link_libraries(taxon_compiled_cpu PUBLIC taxon_decoders)
    if(TAXON_UTF8PROC_INCLUDE_DIR AND TAXON_UTF8PROC_LIBRARY)
        target_include_directories(taxon_compiled_cpu SYSTEM PUBLIC ${TAXON_UTF8PROC_INCLUDE_DIR})
        target_link_libraries(taxon_compiled_cpu PUBLIC ${TAXON_UTF8PROC_LIBRARY})
    else()
        target_compile_definitions(taxon_compiled_cpu PRIVATE TAXON_WITHOUT_UTF8PROC)
    endif()

    add_library(taxon_compiled_reference STATIC EXCLUDE_FROM_ALL ${taxon_compiled_reference_source})
    target_link_libraries(taxon_compiled_reference PUBLIC taxon::compiled_cpu)
    add_library(taxon_compiled INTERFACE)
    add_library(taxon::compiled ALIAS taxon_compiled)
    target_link_libraries(taxon_compiled INTERFACE taxon_compiled_reference)
endif()
