# Toolchain of the preset windows: mingw-w64's GCC of Debian (g++-mingw-w64-x86-64-posix, libz-mingw-w64-dev). Programs
# are static: a single .exe. See docs/windows.md.
#
# Third parties are taken from this machine's own packages, headers only: Debian has none of them for Windows. To keep
# the compiler from finding this machine's C library with them, a folder of links to just their headers takes the place
# of /usr/include, and files beside it that of their CMake packages. utf8proc, which bert's tokenizer needs, is compiled
# from its source if TAXON_UTF8PROC_SOURCE is its folder.
set(CMAKE_SYSTEM_NAME Windows)
set(CMAKE_SYSTEM_PROCESSOR x86_64)
set(CMAKE_C_COMPILER x86_64-w64-mingw32-gcc-posix)
set(CMAKE_CXX_COMPILER x86_64-w64-mingw32-g++-posix)
set(CMAKE_RC_COMPILER x86_64-w64-mingw32-windres)
set(CMAKE_EXE_LINKER_FLAGS_INIT -static)
set(CMAKE_CXX_FLAGS_INIT -DUTF8PROC_STATIC)
set(CMAKE_FIND_LIBRARY_SUFFIXES .a)

set(TAXON_HOST_INCLUDE_DIR /usr/include CACHE PATH "Where this machine has the headers of third parties")
set(TAXON_UTF8PROC_SOURCE "" CACHE PATH "The folder of utf8proc.c; empty: programs for texts are left out")
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES TAXON_HOST_INCLUDE_DIR TAXON_UTF8PROC_SOURCE)

set(taxon_prefix ${CMAKE_BINARY_DIR}/third_parties)
set(CMAKE_FIND_ROOT_PATH ${taxon_prefix} /usr/x86_64-w64-mingw32)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
foreach(kind LIBRARY INCLUDE PACKAGE)
    set(CMAKE_FIND_ROOT_PATH_MODE_${kind} ONLY)
endforeach()

get_property(taxon_is_try_compile GLOBAL PROPERTY IN_TRY_COMPILE)
if(taxon_is_try_compile OR TAXON_THIRD_PARTIES_ARE_LINKED)
    return()
endif()
set(TAXON_THIRD_PARTIES_ARE_LINKED ON)
set(taxon_linked CLI boost concepts fmt meta nlohmann protozero range std stb utf8proc.h xtensor xtl)
file(MAKE_DIRECTORY ${taxon_prefix}/include ${taxon_prefix}/lib)
foreach(name IN LISTS taxon_linked)
    if(EXISTS ${TAXON_HOST_INCLUDE_DIR}/${name})
        file(CREATE_LINK ${TAXON_HOST_INCLUDE_DIR}/${name} ${taxon_prefix}/include/${name} SYMBOLIC)
    endif()
endforeach()

# PACKAGE HEADER TARGET…
function(taxon_headers_package package header)
    if(EXISTS ${taxon_prefix}/include/${header})
        set(content "")
        foreach(target IN LISTS ARGN)
            string(APPEND content "if(NOT TARGET ${target})\n    add_library(${target} INTERFACE IMPORTED)\n"
                "    target_include_directories(${target} INTERFACE \"${taxon_prefix}/include\")\nendif()\n")
        endforeach()
        file(CONFIGURE OUTPUT ${taxon_prefix}/lib/cmake/${package}/${package}Config.cmake CONTENT "${content}")
    endif()
endfunction()
taxon_headers_package(fmt fmt/core.h fmt::fmt fmt::fmt-header-only)
file(APPEND ${taxon_prefix}/lib/cmake/fmt/fmtConfig.cmake
    "target_compile_definitions(fmt::fmt-header-only INTERFACE FMT_HEADER_ONLY=1)\n")
taxon_headers_package(nlohmann_json nlohmann/json.hpp nlohmann_json::nlohmann_json)
taxon_headers_package(CLI11 CLI/CLI.hpp CLI11::CLI11)
taxon_headers_package(xtensor xtensor/xtensor.hpp xtensor)
taxon_headers_package(range-v3 range/v3/range_fwd.hpp range-v3::range-v3)

if(TAXON_UTF8PROC_SOURCE)
    set(taxon_object ${taxon_prefix}/lib/utf8proc.o)
    execute_process(COMMAND ${CMAKE_C_COMPILER} -O2 -DUTF8PROC_STATIC -c ${TAXON_UTF8PROC_SOURCE}/utf8proc.c
        -o ${taxon_object} COMMAND_ERROR_IS_FATAL ANY)
    execute_process(COMMAND x86_64-w64-mingw32-gcc-ar rcs ${taxon_prefix}/lib/libutf8proc.a ${taxon_object}
        COMMAND_ERROR_IS_FATAL ANY)
endif()
