/* doctor_library - our libraries and helpers: there, of one version, and found by the loader. */
#include "doctor/doctor.h"

#include "base/cleanup.h"
#include "base/paths.h"
#include "identity.h"
#include "loader/loader_cache.h"
#include "run/preload_env.h"
#include "synapse/keyring.h"
#include "talk/helper_path.h"
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define RESOLVER_NAME "libsynauth.so.1"
#define INSTALL_AGAIN "install synauth again, all of it from one build"

static void problem(struct doctor *doctor, const char *check, const char *path, const char *text,
                    const char *remedy)
{
    doctor_add(doctor, &(struct finding){.severity = FINDING_PROBLEM,
                                         .check = check,
                                         .path = path,
                                         .text = text,
                                         .remedy = remedy});
}

static bool contains(const char *path, const char *identity, size_t length)
{
    struct stat status;
    bool found = false;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0)
        return false;
    if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && status.st_size > 0) {
        void *bytes = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
        if (bytes != MAP_FAILED) {
            found = memmem(bytes, (size_t)status.st_size, identity, length) != NULL;
            munmap(bytes, (size_t)status.st_size);
        }
    }
    close(fd);
    return found;
}

static void check_version(struct doctor *doctor, const char *path, const char *identity)
{
    if (!contains(path, identity, strlen(identity) + 1))
        problem(doctor, "library", path,
                "is not of this command's version (" SYNAUTH_VERSION "): it does nothing",
                INSTALL_AGAIN);
}

/* The preload library opens the resolver beside itself first. */
static void check_resolver(struct doctor *doctor, const char *preload)
{
    AUTO_STRING directory = paths_directory(preload);
    AUTO_STRING path = directory ? paths_join(directory, RESOLVER_NAME) : NULL;
    if (path && access(path, R_OK) == 0)
        check_version(doctor, path, IDENTITY("resolver"));
    else if (path)
        problem(doctor, "library", path, "is missing beside " PRELOAD_NAME, INSTALL_AGAIN);
    if (strcmp(synauth_version(), SYNAUTH_VERSION) != 0)
        problem(doctor, "library", NULL,
                "this command runs with a " RESOLVER_NAME
                " of another version than its own (" SYNAUTH_VERSION ")",
                INSTALL_AGAIN "; is LD_LIBRARY_PATH set?");
}

static bool same_file(const char *one, const char *other)
{
    struct stat a, b;
    return stat(one, &a) == 0 && stat(other, &b) == 0 && a.st_dev == b.st_dev &&
           a.st_ino == b.st_ino;
}

/* Does the loader look there without a cache? */
static bool is_default_directory(const char *preload)
{
    static const char *const directories[] = {"/lib", "/usr/lib", "/lib64", "/usr/lib64"};
    AUTO_STRING directory = paths_directory(preload);
    for (size_t i = 0; directory && i < sizeof directories / sizeof *directories; i++)
        if (same_file(directory, directories[i]))
            return true;
    return false;
}

static void check_bare_name(struct doctor *doctor, const char *preload)
{
    static const char own[] = IDENTITY("preload");
    char cached[PATH_MAX];
    if (loader_cache_find(PRELOAD_NAME, cached)) {
        if (!same_file(cached, preload) && !contains(cached, own, sizeof own))
            problem(doctor, "bare-name", cached,
                    "is what LD_PRELOAD=" PRELOAD_NAME " means: a copy of another version",
                    "use `synauth run`, or remove the other copy and run ldconfig");
        return;
    }
    if (!is_default_directory(preload))
        doctor_add(doctor,
                   &(struct finding){.severity = FINDING_NOTE,
                                     .check = "bare-name",
                                     .path = preload,
                                     .text = "the loader does not find it by its bare name",
                                     .remedy = "use `synauth run` or the full path in LD_PRELOAD; "
                                               "for the system's prefix: sudo ldconfig"});
}

static void check_libraries(struct doctor *doctor)
{
    char preload[PATH_MAX];
    if (!preload_find(preload)) {
        problem(doctor, "library", NULL, PRELOAD_NAME " is not where it belongs to", INSTALL_AGAIN);
        return;
    }
    check_version(doctor, preload, IDENTITY("preload"));
    check_resolver(doctor, preload);
    check_bare_name(doctor, preload);
}

static void check_helpers(struct doctor *doctor)
{
    AUTO_STRING helper = helper_path("synauth-helper");
    AUTO_STRING user = keyring_user();
    AUTO_STRING text = NULL;
    if (!helper && helper_path_problem()[0])
        problem(doctor, "helper", NULL, helper_path_problem(), INSTALL_AGAIN);
    else if (!helper)
        problem(doctor, "helper", NULL,
                "synauth-helper is missing: no login with a password, no token_command, no AWS",
                INSTALL_AGAIN);
    if (!user || keyring_is_there())
        return;
    AUTO_STRING path = paths_expand("~/.synapseSession", NULL);
    if (path &&
        asprintf(&text, "names %s, whose login is in the OS keyring, but %s", user,
                 helper_path_problem()[0]
                     ? helper_path_problem()
                     : "synauth-helper-keyring, which would ask for it, is not installed") > 0)
        problem(doctor, "helper", path, text,
                "install synauth with its keyring helper, or: synauth synapse login");
}

void doctor_library(struct doctor *doctor)
{
    check_libraries(doctor);
    check_helpers(doctor);
}
