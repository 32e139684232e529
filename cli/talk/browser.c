/* browser - opens a page when the user asks for it. */
#include "talk/browser.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { WORDS_MAX = 32, WATCH_MILLISECONDS = 1500, STEP_MILLISECONDS = 20 };

static const char *variable(const char *name)
{
    const char *value = getenv(name);
    return value && *value ? value : NULL;
}

bool browser_is_likely(void)
{
    return variable("BROWSER") || variable("DISPLAY") || variable("WAYLAND_DISPLAY");
}

/* Without a terminal to read from and with its talk kept from our output. */
static bool start(char *const *arguments, pid_t *ret)
{
    posix_spawn_file_actions_t actions;
    if (posix_spawn_file_actions_init(&actions) != 0)
        return false;
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    bool started = posix_spawnp(ret, arguments[0], &actions, NULL, arguments, environ) == 0;
    posix_spawn_file_actions_destroy(&actions);
    return started;
}

/* A browser that still runs after a moment, or has handed the page over, has opened it. */
static bool works(pid_t process)
{
    const struct timespec step = {.tv_nsec = STEP_MILLISECONDS * 1000000L};
    for (int left = WATCH_MILLISECONDS / STEP_MILLISECONDS; left > 0; left--) {
        int status = 0;
        pid_t ended = waitpid(process, &status, WNOHANG);
        if (ended == process)
            return WIFEXITED(status) && WEXITSTATUS(status) == 0;
        if (ended < 0 && errno != EINTR)
            return false;
        nanosleep(&step, NULL);
    }
    return true;
}

static bool run(char *const *arguments)
{
    pid_t process;
    return arguments[0] && start(arguments, &process) && works(process);
}

/* Words in place of "%s" become the URL; without one it goes last. No shell. */
static bool run_command(char *command, char *url)
{
    char *arguments[WORDS_MAX + 2], *rest = NULL;
    size_t count = 0;
    bool placed = false;
    for (char *word = strtok_r(command, " \t", &rest); word && count < WORDS_MAX;
         word = strtok_r(NULL, " \t", &rest)) {
        bool here = strcmp(word, "%s") == 0;
        arguments[count++] = here ? url : word;
        placed = placed || here;
    }
    if (count > 0 && !placed)
        arguments[count++] = url;
    arguments[count] = NULL;
    return run(arguments);
}

bool browser_open(const char *url)
{
    char opener[] = "xdg-open";
    const char *list = variable("BROWSER");
    char *page = strdup(url), *commands = list ? strdup(list) : NULL, *rest = NULL;
    bool opened = false;
    for (char *command = commands ? strtok_r(commands, ":", &rest) : NULL; command && !opened;
         command = strtok_r(NULL, ":", &rest))
        opened = page && run_command(command, page);
    char *const arguments[] = {opener, page, NULL};
    if (page && !list)
        opened = run(arguments);
    free(commands);
    free(page);
    return opened;
}
