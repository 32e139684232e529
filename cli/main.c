/* main - the command line: finds the command and runs it. */
#include "help.h"
#include "memory.h"
#include "synauth.h"
#include "talk/output.h"
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* A file that we open must not become the standard output that our caller has closed. What stands
   in for a closed one refuses what it is there for, so that a lost answer is an error; it is not
   passed on to a program that we run. */
static void occupy_standard_descriptors(void)
{
    static const int refusing[] = {O_WRONLY, O_RDONLY, O_RDONLY};
    for (int fd = 0; fd <= STDERR_FILENO; fd++) {
        if (fcntl(fd, F_GETFD) < 0)
            (void)open("/dev/null", refusing[fd] | O_CLOEXEC);
    }
}

static int show_version(void)
{
    printf("synauth %s\n", synauth_version());
    return output_finish(EXIT_YES);
}

int main(int argc, char **argv)
{
    memory_keep_private();
    memory_wipe_what_is_freed();
    occupy_standard_descriptors();
    setvbuf(stderr, NULL, _IOLBF, BUFSIZ);
    if (argc < 2) {
        help_overview(stderr);
        return EXIT_USAGE;
    }
    const char *name = argv[1];
    if (strcmp(name, "--version") == 0)
        return show_version();
    if (strcmp(name, "-h") == 0 || strcmp(name, "--help") == 0)
        return help_command(0, NULL);
    if (strcmp(name, "help") == 0)
        return help_command(argc - 2, argv + 2);
    const struct command *command = command_find(name);
    if (!command)
        return command_unknown(name);
    return command->run(command, argc - 2, argv + 2);
}
