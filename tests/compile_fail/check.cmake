# cmake -D SOURCE= -D INCLUDE= -D DEFINITION= -D COMPILER= -D COMPILER_ID= -D PRECOMPILED= -P this: holds one promised
# compile error to its sentences.
file(READ ${SOURCE} text)
if(COMPILER_ID STREQUAL "GNU")
    set(mark "wants(\\(gcc\\))?")
else()
    set(mark "wants(\\(clang\\))?")
endif()

# The compiler must not quote the source: the sentence would be found there, whatever the compiler thinks of it.
set(command ${COMPILER} -std=c++20 -fsyntax-only -fmessage-length=0 -I ${INCLUDE} ${DEFINITION})
if(COMPILER_ID STREQUAL "GNU")
    string(REGEX REPLACE "\\.gch$" "" header ${PRECOMPILED})
    list(APPEND command -fno-diagnostics-show-caret -include ${header})
else()
    list(APPEND command -fno-caret-diagnostics -include-pch ${PRECOMPILED})
endif()
set(ENV{LC_ALL} C)

execute_process(COMMAND ${command} ${SOURCE} RESULT_VARIABLE refused OUTPUT_VARIABLE said ERROR_VARIABLE said)
if(refused)
    message(FATAL_ERROR "Without TAXON_BROKEN this must compile, but the compiler says:\n${said}")
endif()

execute_process(COMMAND ${command} -DTAXON_BROKEN ${SOURCE}
    RESULT_VARIABLE refused OUTPUT_VARIABLE said ERROR_VARIABLE said)
if(NOT refused)
    message(FATAL_ERROR "With TAXON_BROKEN the compiler must refuse this, and it does not")
endif()

set(count 0)
while(text MATCHES "// ${mark}: *([^\n]+)\n(.*)")
    set(wanted "${CMAKE_MATCH_2}")
    set(text "${CMAKE_MATCH_3}")
    math(EXPR count "${count} + 1")
    if(NOT said MATCHES "${wanted}")
        message(FATAL_ERROR "The compiler's words hold no match of\n  ${wanted}\nIt says:\n${said}")
    endif()
endwhile()
if(count EQUAL 0)
    message(FATAL_ERROR "No line '// wants: REGEX' for this compiler in ${SOURCE}")
endif()
