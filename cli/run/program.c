/* program - finding a program along PATH and executing it, as execvp(3) and env(1) do. */
#include "run/program.h"

#include "run/elf.h"
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* 0, or why this file cannot be executed. */
static int judge(const char *path)
{
    struct stat status;
    if (stat(path, &status) != 0)
        return errno;
    if (!S_ISREG(status.st_mode))
        return EACCES;
    return faccessat(AT_FDCWD, path, X_OK, AT_EACCESS) == 0 ? 0 : errno;
}

/* Joins one element of PATH (empty: the working directory) and a name. */
static int join(const char *element, size_t length, const char *name, char *path)
{
    const char *slash = length > 0 ? "/" : "";
    int size = snprintf(path, PATH_MAX, "%.*s%s%s", (int)length, element, slash, name);
    return size < PATH_MAX ? 0 : ENAMETOOLONG;
}

int program_find(const char *name, char *path)
{
    if (strchr(name, '/')) {
        int failure = join("", 0, name, path);
        return failure ? failure : judge(path);
    }
    const char *element = getenv("PATH");
    if (!element)
        element = "/bin:/usr/bin"; /* as glibc and musl do */
    int result = ENOENT;
    while (*name) {
        size_t length = strcspn(element, ":");
        int failure = join(element, length, name, path);
        if (!failure)
            failure = judge(path);
        if (!failure)
            return 0;
        if (failure == EACCES)
            result = EACCES;
        if (!element[length])
            break;
        element += length + 1;
    }
    return result;
}

static bool is_elf(const char *path)
{
    char interpreter[PATH_MAX];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return 0;
    enum elf_state state = elf_inspect(fd, interpreter);
    close(fd);
    return state != ELF_NONE;
}

/* Executes the shell with path in front of the arguments. Returns errno. */
static int execute_by_shell(const char *path, char **argv)
{
    static char shell[] = SHELL_PATH;
    /* execv takes its arguments without const and does not write to them. */
    union {
        const char *in;
        char *out;
    } script = {.in = path};
    size_t count = 0;
    while (argv[count])
        count++;
    char **arguments = calloc(count + 2, sizeof *arguments);
    if (!arguments)
        return ENOMEM;
    arguments[0] = shell;
    arguments[1] = script.out;
    memcpy(arguments + 2, argv + 1, count * sizeof *argv);
    execv(shell, arguments);
    int failure = errno;
    free(arguments);
    return failure;
}

int program_execute(const char *path, char **argv)
{
    execv(path, argv);
    int failure = errno;
    return failure == ENOEXEC && !is_elf(path) ? execute_by_shell(path, argv) : failure;
}
