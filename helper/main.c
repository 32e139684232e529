/* synauth-helper - the slow sources of a token, out of the host program: an external command, the
   AWS command line, a login with a password. Started by the library; people use `synauth`. */
#include "memory.h"
#include "verbs.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *name;
    int (*run)(char **arguments);
    int least, most; /* arguments */
} verbs[] = {
    {"command", verb_command, 1, 1 << 20}, {"ssm", verb_ssm, 1, 1}, {"login", verb_login, 0, 0}};

int main(int argc, char **argv)
{
    enum { USAGE = 2 };
    memory_keep_private();
    memory_wipe_what_is_freed();
    memory_forbid_core_files();
    for (size_t i = 0; argc > 1 && i < sizeof verbs / sizeof *verbs; i++)
        if (strcmp(argv[1], verbs[i].name) == 0 && argc - 2 >= verbs[i].least &&
            argc - 2 <= verbs[i].most)
            return verbs[i].run(argv + 2);
    fputs("synauth-helper is started by the synauth library; see: synauth help\n", stderr);
    return USAGE;
}
