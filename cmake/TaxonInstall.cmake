# `cmake --install`: headers, find_package(taxon), pkg-config. All of it is independent of the machine and relocatable.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(package_folder ${CMAKE_INSTALL_DATADIR}/cmake/taxon)

install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/taxon DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(TARGETS taxon EXPORT taxonTargets INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(EXPORT taxonTargets NAMESPACE taxon:: DESTINATION ${package_folder})

configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/taxonConfig.cmake.in ${PROJECT_BINARY_DIR}/taxonConfig.cmake
    INSTALL_DESTINATION ${package_folder} NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/taxonConfigVersion.cmake
    COMPATIBILITY SameMinorVersion ARCH_INDEPENDENT)
install(FILES ${PROJECT_BINARY_DIR}/taxonConfig.cmake ${PROJECT_BINARY_DIR}/taxonConfigVersion.cmake
    cmake/TaxonBuildType.cmake cmake/TaxonCompiled.cmake cmake/TaxonAddModel.cmake cmake/TaxonOnnx.cmake
    cmake/TaxonPackages.cmake cmake/TaxonPrograms.cmake cmake/TaxonAddOnnx.cmake
    cmake/model.hpp.in cmake/model.cpp.in cmake/onnx_program.cpp.in cmake/embedded.cpp.in
    DESTINATION ${package_folder})

# The paths of taxon.pc start at the file itself, so that a prefix given at install time holds.
file(RELATIVE_PATH TAXON_PREFIX_FROM_PC ${CMAKE_INSTALL_FULL_DATADIR}/pkgconfig ${CMAKE_INSTALL_PREFIX})
configure_file(${PROJECT_SOURCE_DIR}/cmake/taxon.pc.in ${PROJECT_BINARY_DIR}/taxon.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/taxon.pc DESTINATION ${CMAKE_INSTALL_DATADIR}/pkgconfig)
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
