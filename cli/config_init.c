/* config_init - writes the user's configuration file: comments that explain, and no setting. */
#include "config_init.h"

#include "base/write_guard.h"
#include "talk/output.h"
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef RENAME_NOREPLACE
#define RENAME_NOREPLACE 1u
#endif

static const char template[] =
    "// synauth.conf - which requests carry which token.\n"
    "//\n"
    "// Everything here is a comment: the file changes nothing until you edit it.\n"
    "// Afterwards, `synauth config check` finds mistakes, and\n"
    "// `synauth explain URL` says what a request to a URL would carry, and why.\n"
    "//\n"
    "// Known without any rule: Synapse (repo-prod, auth-prod and file-prod of\n"
    "// prod.sagebase.org) and the CAVE server global.daf-apis.com.\n"
    "// Never write a token into this file: name the file or variable that has it.\n"
    "\n"
    "// Rules are tried from top to bottom, and the first that matches wins. Yours\n"
    "// come before those of the site and the built-in ones (`synauth config show`).\n"
    "//\n"
    "// rules = (\n"
    "//   // A CAVE server of another project. `*.` means every name below a domain.\n"
    "//   { match = \"*.microns-daf.com\"; service = \"cave\";\n"
    "//     auth_server = \"global.daf-apis.com\"; },\n"
    "//\n"
    "//   // Another port than 443, and a secrets file of its own. A key in it other\n"
    "//   // than \"token\" is named by token_key.\n"
    "//   { match = \"data.example.org:8443\"; service = \"cave\";\n"
    "//     token_file = \"~/lab.json\"; token_key = \"lab\"; },\n"
    "//\n"
    "//   // Synapse with another profile of ~/.synapseConfig.\n"
    "//   { match = \"repo-staging.prod.sagebase.org\"; service = \"synapse\";\n"
    "//     profile = \"staging\"; },\n"
    "//\n"
    "//   // Plain http only where the rule says so, with a token source of its own.\n"
    "//   { match = \"http://localhost:5000\"; service = \"cave\";\n"
    "//     token_env = \"DEV_TOKEN\"; }\n"
    "// );\n"
    "\n"
    "// Where Synapse's configuration file is.\n"
    "// synapse = { config_file = \"~/.synapseConfig\"; };\n"
    "\n"
    "// When no usable token is found: \"pass\" sends the request without one,\n"
    "// \"fail\" does not send it. May stand in a rule, too.\n"
    "// on_missing = \"pass\";\n"
    "\n"
    "// false: ignore the site's and the built-in rules.\n"
    "// inherit = true;\n";

/* Makes every directory above path that is missing. */
static bool make_directories(const char *path)
{
    char *copy = strdup(path);
    bool made = copy != NULL;
    for (char *at = copy; made && (at = strchr(at + 1, '/')) != NULL; *at = '/') {
        *at = '\0';
        made = mkdir(copy, 0700) == 0 || errno == EEXIST;
    }
    int cause = errno;
    free(copy);
    errno = cause;
    return made;
}

static bool write_all(int fd, const char *text, size_t length)
{
    return write_guarded(fd, text, length) && fsync(fd) == 0;
}

/* Gives the finished file its name, unless something has that name. */
static bool publish(const char *temporary, const char *path)
{
    if (syscall(SYS_renameat2, AT_FDCWD, temporary, AT_FDCWD, path, RENAME_NOREPLACE) == 0)
        return true;
    if (errno != EINVAL && errno != ENOSYS)
        return false;
    /* A file system or kernel without that flag. */
    return link(temporary, path) == 0 && unlink(temporary) == 0;
}

static void sync_directory(char *path)
{
    *strrchr(path, '/') = '\0';
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return;
    (void)fsync(fd);
    close(fd);
}

static bool write_file(const char *path)
{
    char *temporary = NULL;
    if (asprintf(&temporary, "%s.XXXXXX", path) < 0)
        return false;
    int fd = mkostemp(temporary, O_CLOEXEC);
    bool made = fd >= 0 && write_all(fd, template, sizeof template - 1);
    made = (fd < 0 || close(fd) == 0) && made;
    made = made && publish(temporary, path);
    int cause = errno;
    if (made)
        sync_directory(temporary);
    else if (fd >= 0)
        unlink(temporary);
    free(temporary);
    errno = cause;
    return made;
}

static int say_exists(const char *path)
{
    say("%s is there already: it is left as it is", path);
    return EXIT_NO;
}

int config_init_write(const char *path)
{
    struct stat status;
    if (lstat(path, &status) == 0)
        return say_exists(path);
    /* Exactly 0700 and 0600, whatever the caller's is. */
    umask(077);
    if (make_directories(path) && write_file(path)) {
        put_text(stdout, path);
        putchar('\n');
        return output_finish(EXIT_YES);
    }
    if (errno == EEXIST)
        return say_exists(path);
    say("cannot write %s: %s", path, strerror(errno));
    return EXIT_NO;
}
