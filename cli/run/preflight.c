/* preflight - whether the loader will hand a program our library, judged before it starts. */
#include "run/preflight.h"

#include "run/elf.h"
#include "run/program.h"
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

static void close_cleanup(const int *fd)
{
    if (*fd >= 0)
        close(*fd);
}
#define AUTO_CLOSE __attribute__((cleanup(close_cleanup))) int

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* The program that `env` will look for: options and assignments in front of it are skipped. */
static const char *env_target(char *rest)
{
    char *saved = NULL;
    for (char *word = strtok_r(rest, " \t", &saved); word; word = strtok_r(NULL, " \t", &saved)) {
        bool has_operand = strcmp(word, "-u") == 0 || strcmp(word, "-C") == 0;
        if (has_operand)
            strtok_r(NULL, " \t", &saved);
        else if (word[0] != '-' && !strchr(word, '='))
            return word;
    }
    return NULL;
}

/* The interpreter of a script into path. Without a #! line, execvp takes the shell. */
static bool find_interpreter(int fd, char *path)
{
    char line[512];
    ssize_t size = pread(fd, line, sizeof line - 1, 0);
    line[size > 0 ? size : 0] = '\0';
    line[strcspn(line, "\n")] = '\0';
    if (strncmp(line, "#!", 2) != 0)
        return snprintf(path, PATH_MAX, "%s", SHELL_PATH) > 0;
    char *saved = NULL;
    const char *interpreter = strtok_r(line + 2, " \t", &saved);
    if (!interpreter)
        return false;
    if (strcmp(base_name(interpreter), "env") == 0) {
        const char *target = env_target(saved);
        if (target)
            return program_find(target, path) == 0;
    }
    return snprintf(path, PATH_MAX, "%s", interpreter) > 0;
}

static bool is_loader(const char *path)
{
    return strncmp(base_name(path), "ld-", 3) == 0 || strcmp(base_name(path), "ld.so") == 0;
}

/* A program that changes its user, group or rights runs in secure-execution mode, in which the
   loader ignores LD_PRELOAD. Read-only look at the bits: who runs it can make them void. */
static const char *secure_execution(int fd)
{
    struct stat status;
    if (fstat(fd, &status) != 0)
        return NULL;
    if (status.st_mode & S_ISUID)
        return "is setuid";
    if ((status.st_mode & S_ISGID) && (status.st_mode & S_IXGRP))
        return "is setgid";
    return fgetxattr(fd, "security.capability", NULL, 0) > 0 ? "has file capabilities" : NULL;
}

static const char *obstacle(enum elf_state state, int fd, const char *path)
{
    if (state == ELF_FOREIGN)
        return "is made for another architecture";
    if (state == ELF_BROKEN)
        return "is a damaged ELF file";
    if (state == ELF_STATIC && !is_loader(path))
        return "is statically linked";
    return secure_execution(fd);
}

enum reach preflight_judge(const char *path, struct preflight *ret)
{
    enum { MOST_INTERPRETERS = 5 };
    snprintf(ret->judged, sizeof ret->judged, "%s", path);
    ret->interpreter[0] = '\0';
    for (int depth = 0; depth < MOST_INTERPRETERS; depth++) {
        AUTO_CLOSE fd = open(ret->judged, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
        ret->why = "cannot be read";
        if (fd < 0)
            return REACH_UNKNOWN;
        enum elf_state state = elf_inspect(fd, ret->interpreter);
        if (state != ELF_NONE) {
            ret->why = obstacle(state, fd, ret->judged);
            return ret->why ? REACH_NO : REACH_YES;
        }
        ret->why = "names no interpreter that can be found";
        if (!find_interpreter(fd, ret->judged))
            return REACH_UNKNOWN;
    }
    ret->why = "has too many interpreters";
    return REACH_UNKNOWN;
}
