#!/usr/bin/env bash
# Builds one example and runs its main job, on a machine that may have nothing yet.
set -euo pipefail
repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=../cmake/setup.sh
source "$repository/cmake/setup.sh"

default_family=efficientnet_lite
folder=$repository/build/user
drawn=$repository/build/drawn

families() { (cd "$repository/examples" && ls -d ./*/main.cpp) | cut -d / -f 2; }

usage() {
    cat <<HELP
usage: bash examples/run.sh [FAMILY] [INPUT or option…]

Installs the Debian packages that are missing (as root or by sudo; on other systems it says what to install),
builds the example FAMILY (default $default_family) and runs it.

  without INPUT   $default_family classifies three sample pictures with its built-in model and draws the answers,
                  then measures its speed
  INPUT…          are passed to \`FAMILY infer\`, options too: bash examples/run.sh mobilenet_v3 cat.jpg
                  --variant large --weights mobilenet_v3_large.pth --labels classes.txt

Families: $(families | tr '\n' ' ')
It prints the path of the program that it built: build/FAMILY-VARIANT/examples/FAMILY with --variant or the built-in
model, else build/user/examples/FAMILY. That program explains itself with --help.
HELP
}

family=$default_family
case ${1:-} in
    --help | -h) usage; exit 0 ;;
    '' | -*) ;;
    *)
        if [ -e "$repository/examples/$1/main.cpp" ]; then
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
if [[ " $* " =~ " --variant "([^ ]+) ]] || [[ " $* " =~ " --variant="([^ ]+) ]]; then
    variants=${BASH_REMATCH[1]}
elif [[ " $* " != *" --weights"* ]]; then
    case $family in
        efficientnet_lite) variants=lite0 ;;
        mobilenet_v3) variants=small-cifar10 ;;
    esac
    built_in=(${variants:+--variant "$variants"})
fi
[ -z "$variants" ] || folder=$repository/build/$family-$variants

# The families' tables of models, as examples/CMakeLists.txt has them.
known=$(awk "/^taxon_add_example\\($family( |\$)/ { on = 1 } on { print } on && /\\)/ { exit }" \
    "$repository/examples/CMakeLists.txt" | grep -oE '[A-Za-z0-9]+:[a-z0-9-]+' | cut -d : -f 2 | tr '\n' ' ')
case " $known" in
    *" ${variants:-${known%% *}} "*) ;;
    *) stop "'$variants' is not a variant of $family; choose one of: $known" ;;
esac
if [ $# -eq 0 ] && [ "$family" != $default_family ]; then
    say "with nothing to run $family on, it is only built: give it pictures or a text, and --weights FILE"
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
say "configuring $folder"
configure release "$folder" -DTAXON_BUILD_TESTS=OFF -DTAXON_BUILD_EXAMPLES=ON -DTAXON_DEVELOPER=OFF \
    -DTAXON_VARIANTS="$variants" -DTAXON_PRECISIONS="force_float32;$precision" -DTAXON_MODELS="$models"
say "building $family${variants:+ ($variants)} with $(jobs) jobs: $("$(compiler)" --version | head -n 1)"
build "$folder" "$family"
program=$folder/examples/$family
say "built: $program ($SECONDS s so far)"

if [ $# -gt 0 ]; then
    say "$family infer ${built_in[*]:+${built_in[*]} }$*"
    exec "$program" infer "${built_in[@]}" "$@"
elif [ "$family" != $default_family ]; then
    say "next: $program infer --help"
    exit 0
fi

say "the built-in model is EfficientNet-Lite0 with its published weights: the thousand classes of ImageNet"
say "classifying chelsea.png, coffee.png, camera.png"
mkdir -p "$drawn"
cd "$repository"
"$program" infer "${built_in[@]}" examples/pictures/{chelsea,coffee,camera}.png --top 3 --output-dir "$drawn"
say "answered after $SECONDS s, and drawn in $drawn; now the speed, for two seconds"
"$program" perf "${built_in[@]}" --duration 2
say "to classify your own pictures: bash examples/run.sh PICTURE…; --precision force_bfloat16: in another type"
say "for everything else: $program --help"
