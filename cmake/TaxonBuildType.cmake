# Without a build type CMake compiles without optimisation, and kernels are then about twenty times slower.
include_guard(GLOBAL)
get_property(taxon_multi_config GLOBAL PROPERTY GENERATOR_IS_MULTI_CONFIG)
if(NOT taxon_multi_config AND NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CXX_FLAGS MATCHES "-O")
    message(WARNING "taxon: CMAKE_BUILD_TYPE is empty, so kernels are compiled without optimisation and are about "
                    "twenty times slower. Configure with -DCMAKE_BUILD_TYPE=Release.")
endif()
