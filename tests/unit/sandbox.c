/* sandbox - a home directory of its own for each test, and an environment without our variables. */
#include "sandbox.h"

#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

enum { NAMES = 8 };
static char home[64];
static int saved_stderr = -1, captured = -1;

static const char *const ours[] = {
    "CAVE_AUTH_SERVER",
    "CAVE_TOKEN",
    "CAVE_TOKEN_FILE",
    "CLOUD_VOLUME_DIR",
    "CREDENTIALS_DIRECTORY",
    "SYNAPSE_AUTH_TOKEN",
    "SYNAPSE_AUTH_TOKEN_FILE",
    "SYNAPSE_PROFILE",
    "SYNAPSE_TOKEN_AWS_SSM_PARAMETER_NAME",
    "SYNAUTH_CONFIG",
    "SYNAUTH_DISABLE",
    "SYNAUTH_LOG",
    "SYNAUTH_LOG_FILE",
    "SYNAUTH_SESSION_DIR",
    "XDG_CONFIG_HOME",
    "XDG_RUNTIME_DIR",
};

int sandbox_enter(void **state)
{
    (void)state;
    strcpy(home, "/tmp/synauth-test-XXXXXX");
    if (!mkdtemp(home))
        return -1;
    for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
        unsetenv(ours[i]);
    return setenv("HOME", home, 1);
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *walk)
{
    (void)status;
    (void)type;
    (void)walk;
    return remove(path);
}

int sandbox_leave(void **state)
{
    (void)state;
    return nftw(home, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

const char *sandbox_path(const char *name)
{
    static char names[NAMES][PATH_MAX];
    static unsigned next;
    char *path = names[next++ % NAMES];
    snprintf(path, PATH_MAX, "%s/%s", home, name);
    return path;
}

static void make_parents(const char *path)
{
    char parent[PATH_MAX];
    for (const char *slash = strchr(path + strlen(home) + 1, '/'); slash;
         slash = strchr(slash + 1, '/')) {
        snprintf(parent, sizeof parent, "%.*s", (int)(slash - path), path);
        (void)mkdir(parent, 0700);
    }
}

static bool is_change_time(const char *path, const struct timespec *time)
{
    struct stat status;
    return stat(path, &status) == 0 && status.st_ctim.tv_sec == time->tv_sec &&
           status.st_ctim.tv_nsec == time->tv_nsec;
}

static void write_once(const char *path, const void *bytes, size_t length)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, length), (ssize_t)length);
    close(fd);
}

void sandbox_write_bytes(const char *name, const void *bytes, size_t length)
{
    const char *path = sandbox_path(name);
    struct stat before = {0};
    make_parents(path);
    bool was_there = stat(path, &before) == 0;
    do /* file times go by ticks of the kernel's clock */
        write_once(path, bytes, length);
    while (was_there && is_change_time(path, &before.st_ctim));
}

void sandbox_write(const char *name, const char *text)
{
    sandbox_write_bytes(name, text, strlen(text));
}

void sandbox_directory(const char *name)
{
    const char *path = sandbox_path(name);
    make_parents(path);
    assert_int_equal(mkdir(path, 0700), 0);
}

void sandbox_link(const char *name, const char *target)
{
    const char *path = sandbox_path(name);
    make_parents(path);
    assert_int_equal(symlink(target, path), 0);
}

void sandbox_stderr_begin(void)
{
    fflush(stderr);
    saved_stderr = dup(STDERR_FILENO);
    captured = memfd_create("stderr", MFD_CLOEXEC);
    assert_true(saved_stderr >= 0 && captured >= 0);
    assert_true(dup2(captured, STDERR_FILENO) >= 0);
}

const char *sandbox_stderr_end(void)
{
    static char text[16384];
    dup2(saved_stderr, STDERR_FILENO);
    close(saved_stderr);
    ssize_t length = pread(captured, text, sizeof text - 1, 0);
    close(captured);
    assert_true(length >= 0);
    text[length] = '\0';
    return text;
}
