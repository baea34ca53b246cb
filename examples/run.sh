#!/usr/bin/env bash
# Builds one example and runs its main job, on a machine that may have nothing yet.
set -euo pipefail
repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=../cmake/setup.sh
source "$repository/cmake/setup.sh"

default_family=mobilenet_v3
folder=$repository/build/user
samples=$repository/build/sample-pictures

families() { find "$repository/examples" -mindepth 1 -maxdepth 1 -type d -printf '%f\n' | sort; }

usage() {
    cat <<HELP
usage: bash examples/run.sh [FAMILY] [INPUT or option…]

Installs the Debian packages that are missing (as root or by sudo; on other systems it says what to install),
builds the example FAMILY (default $default_family) and runs it.

  without INPUT   $default_family classifies three sample pictures with its built-in model, then measures its speed
  INPUT…          are passed to \`FAMILY infer\`, options too: bash examples/run.sh mobilenet_v3 cat.jpg
                  --variant large --weights mobilenet_v3_large.pth --labels classes.txt

Families: $(families | tr '\n' ' ')
It prints the path of the program that it built: build/FAMILY-VARIANT/examples/FAMILY with --variant, else
build/user/examples/FAMILY, or build/built-in/examples for the built-in model. That program explains itself with --help.
HELP
}

# Lays the sample pictures of Debian's package darknet into build/sample-pictures, without installing it.
fetch_samples() {
    if [ -e "$samples/dog.jpg" ]; then return 0; fi
    if ! command -v apt-get >/dev/null || ! command -v dpkg-deb >/dev/null; then return 1; fi
    say "fetching sample pictures from Debian's package darknet (without installing it)"
    local unpacked
    unpacked=$(mktemp -d) || return 1
    if ! (cd "$unpacked" && apt-get download darknet) >/dev/null 2>&1; then
        # A new machine has no package lists yet.
        { if [ "$(id -u)" -eq 0 ]; then apt-get update; else sudo -n apt-get update; fi; } >/dev/null 2>&1 || true
        (cd "$unpacked" && apt-get download darknet) >/dev/null 2>&1 || { rm -rf "$unpacked"; return 1; }
    fi
    dpkg-deb -x "$unpacked"/darknet_*.deb "$unpacked/package" && mkdir -p "$samples" &&
        cp "$unpacked"/package/usr/share/darknet/data/*.jpg "$samples/"
    rm -rf "$unpacked"
    [ -e "$samples/dog.jpg" ]
}

family=$default_family
case ${1:-} in
    --help | -h) usage; exit 0 ;;
    '' | -*) ;;
    *)
        if [ -d "$repository/examples/$1" ]; then
            family=$1
            shift
        elif [ ! -e "$1" ]; then
            stop "'$1' is neither a family nor a file; the families are: $(families | tr '\n' ' ')"
        fi
        ;;
esac

# The built-in model alone builds in a third of the time of all variants, so it has a folder of its own.
built_in=()
variants=
if [ "$family" = mobilenet_v3 ] && [[ " $* " != *" --variant"* ]] && [[ " $* " != *" --weights"* ]]; then
    built_in=(--variant small-cifar10)
    variants=small-cifar10
    folder=$repository/build/built-in
elif [[ " $* " =~ " --variant "([^ ]+) ]] || [[ " $* " =~ " --variant="([^ ]+) ]]; then
    variants=${BASH_REMATCH[1]}
    folder=$repository/build/$family-$variants
fi

# Precisions cost as much as variants; the others calibrate with float32.
precision=force_float32
if [[ " $* " =~ " --precision "([^ ]+) ]] || [[ " $* " =~ " --precision="([^ ]+) ]]; then
    precision=${BASH_REMATCH[1]}
fi

# The layer-by-layer and Reference models only serve to look inside a network, and would take a third of the time.
models=
if [ ${#built_in[@]} -gt 0 ] && [[ ! " $* " =~ " --"(backend|execution|layers|dump-layers)[\ =] ]]; then
    models="$variants/force_float32/fused;$variants/$precision/fused"
fi

say "looking for what the build needs"
need "$build_tools" "$libraries"
fetching=
if [ ${#built_in[@]} -gt 0 ] && [ $# -eq 0 ]; then
    fetch_samples &
    fetching=$!
fi
say "configuring $folder"
configure release "$folder" -DTAXON_BUILD_TESTS=OFF -DTAXON_BUILD_EXAMPLES=ON -DTAXON_DEVELOPER=OFF \
    -DTAXON_VARIANTS="$variants" -DTAXON_PRECISIONS="force_float32;$precision" -DTAXON_MODELS="$models"
say "building $family${variants:+ ($variants)} with $(jobs) jobs: $("$(compiler)" --version | head -n 1)"
build "$folder" "$family"
program=$folder/examples/$family
say "built: $program ($SECONDS s so far)"

if [ ${#built_in[@]} -gt 0 ]; then
    say "the built-in model is MobileNetV3-Small for the ten classes of CIFAR-10:"
    say "airplane, automobile, bird, cat, deer, dog, frog, horse, ship, truck; it knows nothing else"
fi

if [ $# -gt 0 ]; then
    say "$family infer ${built_in[*]:+${built_in[*]} }$*"
    exec "$program" infer "${built_in[@]}" "$@"
elif [ ${#built_in[@]} -eq 0 ]; then
    say "$family has no built-in model: give it inputs and --weights FILE"
    exec "$program" infer --help
elif ! wait "$fetching"; then
    stop "The sample pictures, from Debian's package darknet, could not be fetched; give a picture of your own:
    bash examples/run.sh $family PICTURE.jpg"
fi

say "classifying eagle.jpg, horses.jpg, dog.jpg"
"$program" infer "${built_in[@]}" "$samples/eagle.jpg" "$samples/horses.jpg" "$samples/dog.jpg"
say "answered after $SECONDS s; now the speed, for two seconds"
"$program" perf "${built_in[@]}" --duration 2
say "to classify your own pictures: bash examples/run.sh $family PICTURE…; for everything else: $program --help"
