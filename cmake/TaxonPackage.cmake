# `cpack --config <build>/CPackConfig.cmake` packs the examples that were built into a .tar.gz and, on Debian and its
# derivatives, a .deb, which declares the libraries it depends on. -D CPACK_COMPONENTS_ALL=resnet packs one of them.
include(GNUInstallDirs)

get_property(families GLOBAL PROPERTY taxon_built_examples)
foreach(family IN LISTS families)
    # EXCLUDE_FROM_ALL: `cmake --install` installs the library alone.
    install(TARGETS ${family} DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT ${family} EXCLUDE_FROM_ALL)
    install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR}
        COMPONENT ${family} EXCLUDE_FROM_ALL)
    if(EXISTS ${PROJECT_SOURCE_DIR}/examples/${family}/README.md)
        install(FILES ${PROJECT_SOURCE_DIR}/examples/${family}/README.md DESTINATION ${CMAKE_INSTALL_DOCDIR}
            RENAME ${family}.md COMPONENT ${family} EXCLUDE_FROM_ALL)
    endif()
endforeach()

find_program(TAXON_DPKG_SHLIBDEPS dpkg-shlibdeps DOC "Debian's dpkg-shlibdeps, of the package dpkg-dev, for a .deb")
mark_as_advanced(TAXON_DPKG_SHLIBDEPS)
set(CPACK_GENERATOR TGZ)
if(TAXON_DPKG_SHLIBDEPS)
    list(APPEND CPACK_GENERATOR DEB)
endif()
set(CPACK_PACKAGE_NAME taxon-programs)
set(CPACK_PACKAGE_FILE_NAME taxon-programs-${PROJECT_VERSION}-${CMAKE_SYSTEM_PROCESSOR})
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "Image and text classifiers and detectors on the CPU")
set(CPACK_PACKAGE_CONTACT taxon)
set(CPACK_COMPONENTS_ALL ${families})
set(CPACK_COMPONENTS_GROUPING ALL_COMPONENTS_IN_ONE)
set(CPACK_ARCHIVE_COMPONENT_INSTALL ON)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_STRIP_FILES ON)
set(CPACK_VERBATIM_VARIABLES ON)
include(CPack)
