# cmake -D CPACK= -D CONFIG= -D FAMILY= -D FOLDER= -D PICTURE= -D ANSWER= -P this: packs one program as .tar.gz and, on
# Debian, as .deb, unpacks each elsewhere and classifies a picture.
file(REMOVE_RECURSE ${FOLDER})
execute_process(COMMAND ${CPACK} --config ${CONFIG} -D CPACK_COMPONENTS_ALL=${FAMILY} -B ${FOLDER}
    RESULT_VARIABLE failed OUTPUT_VARIABLE output ERROR_VARIABLE output)
file(GLOB archive ${FOLDER}/*.tar.gz)
if(failed OR NOT archive)
    message(FATAL_ERROR "cpack made no .tar.gz:\n${output}")
endif()
file(ARCHIVE_EXTRACT INPUT ${archive} DESTINATION ${FOLDER}/archive)
set(programs ${FOLDER}/archive/bin/${FAMILY})

find_program(DPKG_SHLIBDEPS dpkg-shlibdeps)
if(DPKG_SHLIBDEPS)
    file(GLOB package ${FOLDER}/*.deb)
    execute_process(COMMAND dpkg-deb -f ${package} Depends OUTPUT_VARIABLE depends COMMAND_ERROR_IS_FATAL ANY)
    if(NOT depends MATCHES "zlib1g")
        message(FATAL_ERROR "${package} depends on '${depends}', wanted the libraries of ${FAMILY}")
    endif()
    execute_process(COMMAND dpkg-deb -x ${package} ${FOLDER}/package COMMAND_ERROR_IS_FATAL ANY)
    list(APPEND programs ${FOLDER}/package/usr/bin/${FAMILY})
endif()

foreach(program IN LISTS programs)
    execute_process(COMMAND ${program} infer ${PICTURE} OUTPUT_VARIABLE output COMMAND_ERROR_IS_FATAL ANY)
    if(NOT output MATCHES "${ANSWER}")
        message(FATAL_ERROR "${program} says ${output}")
    endif()
endforeach()
