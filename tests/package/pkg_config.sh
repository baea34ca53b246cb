#!/bin/sh
# pkg_config.sh PKG_CONFIG COMPILER FOLDER_OF_TAXON_PC SOURCE PROGRAM: builds and runs a one-file program without CMake.
set -eu
flags=$(PKG_CONFIG_PATH=$3 "$1" --cflags --libs taxon)
echo "flags: $flags"
# shellcheck disable=SC2086  # the flags are meant to be split
"$2" -std=c++20 -O1 "$4" $flags -o "$5"
"$5"
