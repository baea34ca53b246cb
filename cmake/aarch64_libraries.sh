#!/usr/bin/env bash
# Fetches the arm64 libraries that the programs link into build/aarch64-libraries, 5 MB, without installing anything:
# Debian's packages, by a list of packages of its own. Exits with 2 where there is no apt-get.
set -euo pipefail
repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
folder=$repository/build/aarch64-libraries
packages=(zlib1g-dev zlib1g libutf8proc-dev libutf8proc2 libfmt-dev libfmt9 libxtensor-dev)
[ ! -e "$folder/complete" ] || exit 0
command -v apt-get >/dev/null || { echo "skipped: no apt-get to fetch arm64 libraries with" >&2; exit 2; }
mkdir -p "$folder"/apt/{state,cache}/{lists,archives}/partial
: >"$folder/apt/status"
apt=(apt-get -qq -o APT::Architecture=arm64 -o APT::Architectures=arm64 -o Acquire::Languages=none
    -o "Dir::State=$folder/apt/state" -o "Dir::Cache=$folder/apt/cache" -o "Dir::State::status=$folder/apt/status")
"${apt[@]}" update
(cd "$folder/apt" && "${apt[@]}" download "${packages[@]}" 2>/dev/null)
for package in "$folder"/apt/*.deb; do dpkg-deb -x "$package" "$folder"; done
rm -r "$folder/apt"
: >"$folder/complete"
