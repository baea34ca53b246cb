# cmake -D BUILD= -D PREFIX= -P this: installs into an empty prefix, so that nothing of an earlier run is found there.
file(REMOVE_RECURSE ${PREFIX})
execute_process(COMMAND ${CMAKE_COMMAND} --install ${BUILD} --prefix ${PREFIX} RESULT_VARIABLE failed)
if(failed OR NOT EXISTS ${PREFIX}/include/taxon)
    message(FATAL_ERROR "the installation into ${PREFIX} failed")
endif()
