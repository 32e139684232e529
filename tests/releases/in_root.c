/* in_root - runs a program in another root, in the folder that this one has there, too.

   Usage: in_root ROOT PROGRAM ARGUMENT...
   Linked statically: what is preloaded is for the program inside. Only root may change the root;
   anybody else becomes one in a namespace of their own. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

static int write_to(const char *path, const char *text)
{
    int file = open(path, O_WRONLY | O_CLOEXEC);
    ssize_t length = (ssize_t)strlen(text);
    if (file < 0)
        return -1;
    int result = write(file, text, (size_t)length) == length ? 0 : -1;
    close(file);
    return result;
}

/* What belongs to root only may be done: in a namespace of our own where we are not root. */
static int become_root(void)
{
    char users[64], groups[64];
    snprintf(users, sizeof users, "0 %u 1", (unsigned)geteuid());
    snprintf(groups, sizeof groups, "0 %u 1", (unsigned)getegid());
    if (geteuid() == 0)
        return 0;
    return unshare(CLONE_NEWUSER) == 0 && write_to("/proc/self/setgroups", "deny") == 0 &&
                   write_to("/proc/self/uid_map", users) == 0 &&
                   write_to("/proc/self/gid_map", groups) == 0
               ? 0
               : -1;
}

/* For this process alone. A container may forbid its root any mount: then there is no /proc inside.
 */
static void take_proc(const char *root)
{
    char inside[4096];
    snprintf(inside, sizeof inside, "%s/proc", root);
    if (unshare(CLONE_NEWNS) == 0 && mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0)
        (void)mount("/proc", inside, NULL, MS_BIND | MS_REC, NULL);
}

static int fail(const char *what)
{
    fprintf(stderr, "in_root: %s: %s\n", what, strerror(errno));
    return 127;
}

int main(int argc, char **argv)
{
    char folder[4096];
    if (argc < 3) {
        fputs("usage: in_root ROOT PROGRAM ARGUMENT...\n", stderr);
        return 127;
    }
    if (!getcwd(folder, sizeof folder))
        return fail("the current folder");
    if (become_root() != 0)
        return fail("no namespace of our own (and not root)");
    take_proc(argv[1]);
    if (chroot(argv[1]) != 0)
        return fail(argv[1]);
    if (chdir(folder) != 0 && chdir("/") != 0)
        return fail(folder);
    execvp(argv[2], argv + 2);
    return fail(argv[2]);
}
