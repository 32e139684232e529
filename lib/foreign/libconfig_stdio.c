/* libconfig_stdio - the standard streams under the names that the private copy of libconfig knows
   them by (cmake/PrivateLibconfig.cmake). It never reads or writes them while it parses a string. */
#include <stdio.h>

extern FILE *libconfig_stdin, *libconfig_stdout, *libconfig_stderr;
__attribute__((visibility("hidden"))) FILE *libconfig_stdin;
__attribute__((visibility("hidden"))) FILE *libconfig_stdout;
__attribute__((visibility("hidden"))) FILE *libconfig_stderr;
