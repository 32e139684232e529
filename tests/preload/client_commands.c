/* client_commands - does what each line of its input says, with one libcurl handle, and answers
   each with a line: `get URL` (libcurl's result, the status, and `new` if it took a connection of
   its own), `close` (all descriptors that it has not for itself), `open FILE [private]` (0 to 2
   become /dev/null, /dev/null and that file), `root FOLDER`, `drop` (the rights of another user),
   `spawn` and `vfork` PROGRAM URL. Arguments: CA. */
#include "client.h"
#include <fcntl.h>
#include <sched.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CONTROL = 200 }; /* descriptors from here on are the test's */

static const char *ca;

static void get(CURL *curl, const char *url, FILE *out)
{
    long status = 0, connections = 0;
    CURLcode code;

    curl_easy_setopt(curl, CURLOPT_URL, url);
    code = curl_easy_perform(curl);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(curl, CURLINFO_NUM_CONNECTS, &connections);
    fprintf(out, "%d %ld%s\n", (int)code, status, connections ? " new" : "");
}

static void close_all(void)
{
    for (int fd = 0; fd < CONTROL; fd++)
        close(fd);
}

static void open_three(const char *file, int private)
{
    int flags = O_WRONLY | O_CREAT | O_APPEND | (private ? O_CLOEXEC : 0);

    close(STDIN_FILENO);
    close(STDOUT_FILENO);
    close(STDERR_FILENO);
    client_check(open("/dev/null", O_RDONLY) == STDIN_FILENO, "descriptor 0");
    client_check(open("/dev/null", O_WRONLY) == STDOUT_FILENO, "descriptor 1");
    client_check(open(file, flags, 0600) == STDERR_FILENO, "descriptor 2");
}

static void change_root(const char *folder)
{
    if (geteuid() != 0)
        client_check(unshare(CLONE_NEWUSER) == 0, "a namespace to be root in");
    client_check(chroot(folder) == 0 && chdir("/") == 0, "chroot");
}

/* Who is not root becomes nobody in a namespace of users, whose file is closed to him. */
static void drop_rights(const char *file)
{
    if (geteuid() == 0)
        client_check(setresuid(65534, 65534, 65534) == 0, "setresuid");
    else
        client_check(chmod(file, 0) == 0 && unshare(CLONE_NEWUSER) == 0, "a namespace of users");
}

static void run(const char *how, char *program, char *url, FILE *out)
{
    char *arguments[] = {program,
                         (char[]){"-q"},
                         (char[]){"-sS"},
                         (char[]){"-o"},
                         (char[]){"/dev/null"},
                         (char[]){"--connect-to"},
                         (char[]){"::127.0.0.1:"},
                         (char[]){"--cacert"},
                         (char *)(size_t)ca,
                         url,
                         NULL};
    int status = -1;
    pid_t child = -1;

    if (strcmp(how, "spawn") == 0)
        client_check(posix_spawn(&child, program, NULL, NULL, arguments, environ) == 0, "spawn");
    else if ((child = vfork()) == 0) {
        execv(program, arguments);
        _exit(127);
    }
    client_check(child > 0 && waitpid(child, &status, 0) == child, "waitpid");
    fprintf(out, "%d\n", status);
}

static void obey(CURL *curl, char *line, FILE *out)
{
    char *command = strtok(line, " \n"), *first = strtok(NULL, " \n"),
         *second = strtok(NULL, " \n");

    client_check(command != NULL, "a command");
    if (strcmp(command, "get") == 0) {
        get(curl, first, out);
        return;
    }
    if (strcmp(command, "spawn") == 0 || strcmp(command, "vfork") == 0) {
        run(command, first, second, out);
        return;
    }
    if (strcmp(command, "close") == 0)
        close_all();
    else if (strcmp(command, "open") == 0)
        open_three(first, second != NULL);
    else if (strcmp(command, "root") == 0)
        change_root(first);
    else
        drop_rights(first);
    fprintf(out, "done\n");
}

int main(int argc, char **argv)
{
    struct client_answer answer = {.length = 0};
    struct client_setting setting = {.ca = argc > 1 ? argv[1] : ""};
    FILE *in = fdopen(fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, CONTROL), "r");
    FILE *out = fdopen(fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, CONTROL), "w");
    char line[4096];
    CURL *curl;

    client_check(in && out, "descriptors of its own");
    ca = setting.ca;
    curl_global_init(CURL_GLOBAL_DEFAULT);
    setting.connect_to = curl_slist_append(NULL, "::127.0.0.1:");
    curl = client_handle(&setting, NULL, &answer);
    while (fgets(line, sizeof(line), in)) {
        answer.length = 0;
        obey(curl, line, out);
        fflush(out);
    }
    curl_easy_cleanup(curl);
    client_setting_free(&setting);
    curl_global_cleanup();
    return 0;
}
