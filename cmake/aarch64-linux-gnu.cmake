# Compiles for 64-bit Arm with Debian's g++-aarch64-linux-gnu; preset aarch64. That compiler also searches /usr/include,
# where the headers of libraries without code lie; cmake/aarch64_libraries.sh fetches the others. Tests are run by
# qemu-user. To run a program by hand: QEMU_LD_PREFIX=/usr/aarch64-linux-gnu qemu-aarch64-static -cpu cortex-a76 PROGRAM
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_CXX_COMPILER aarch64-linux-gnu-g++)
find_program(TAXON_QEMU_AARCH64 NAMES qemu-aarch64-static qemu-aarch64)
if(TAXON_QEMU_AARCH64)
    set(CMAKE_CROSSCOMPILING_EMULATOR ${TAXON_QEMU_AARCH64};-L;/usr/aarch64-linux-gnu;-cpu;max)
endif()
list(APPEND CMAKE_PREFIX_PATH ${CMAKE_CURRENT_LIST_DIR}/../build/aarch64-libraries/usr)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
