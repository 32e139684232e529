/* synauth-helper - the slow sources of a token, out of the host program: an external command, the
   AWS command line, a login with a password. Started by the library; people use `synauth`. */
#include "verbs.h"

#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>

static const struct {
    const char *name;
    int (*run)(char **arguments);
    int least, most; /* arguments */
} verbs[] = {
    {"command", verb_command, 1, 1 << 20}, {"ssm", verb_ssm, 1, 1}, {"login", verb_login, 0, 0}};

/* What is in this process's memory is worth a login: no core file, no debugger of another
   process. */
static void keep_memory_private(void)
{
    const struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

int main(int argc, char **argv)
{
    enum { USAGE = 2 };
    keep_memory_private();
    for (size_t i = 0; argc > 1 && i < sizeof verbs / sizeof *verbs; i++)
        if (strcmp(argv[1], verbs[i].name) == 0 && argc - 2 >= verbs[i].least &&
            argc - 2 <= verbs[i].most)
            return verbs[i].run(argv + 2);
    fputs("synauth-helper is started by the synauth library; see: synauth help\n", stderr);
    return USAGE;
}
