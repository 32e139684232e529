/* service - opens the library of the calls that need the network. */
#include "talk/service.h"

#include "file/code_trust.h"
#include "talk/output.h"
#include <dlfcn.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#define SERVICE_NAME "libsynauth_service.so.1"

struct service service;

/* The copy beside the resolver that we are linked with; the loader's search is for the rest. */
static const char *find(char *path, size_t size)
{
    Dl_info resolver;
    void *known = dlsym(RTLD_DEFAULT, "synauth_open");
    const char *slash =
        known && dladdr(known, &resolver) != 0 ? strrchr(resolver.dli_fname, '/') : NULL;
    if (!slash)
        return SERVICE_NAME;
    int length = snprintf(path, size, "%.*s/" SERVICE_NAME, (int)(slash - resolver.dli_fname),
                          resolver.dli_fname);
    return (size_t)length < size && access(path, F_OK) == 0 ? path : SERVICE_NAME;
}

/* A copy that was not installed where we were built for may be anybody's. */
static bool may_be_opened(const char *path)
{
    char problem[CODE_PROBLEM_MAX];
    if (!strchr(path, '/') || strcmp(path, SYNAUTH_LIBDIR "/" SERVICE_NAME) == 0 ||
        code_trust_judge(path, code_trust_owner("/proc/self/exe"), NULL, problem, sizeof problem) !=
            CODE_REFUSED)
        return true;
    say("%s", problem);
    return false;
}

static bool bind_one(void *library, const char *name, void *place)
{
    void *function = dlsym(library, name);
    memcpy(place, &function, sizeof function);
    return function != NULL;
}

/* The words of the loader alone tell a missing libcurl from a missing file. */
static int not_loaded(const char *tried)
{
    const char *problem = dlerror();
    if (!problem)
        problem = "no reason given";
    if (strchr(tried, '/'))
        say("cannot load %s: %s; run `ldd %s` to see what is missing", tried, problem, tried);
    else
        say("cannot load %s: %s", tried, problem);
    return EXIT_NO;
}

int service_open(void)
{
    static void *library;
    char path[PATH_MAX];
    if (library)
        return EXIT_YES;
    const char *tried = find(path, sizeof path);
    if (!may_be_opened(tried))
        return EXIT_NO;
    void *opened = dlopen(tried, RTLD_NOW);
    bool complete = opened != NULL;
#define SERVICE_BIND(name) complete = complete && bind_one(opened, "synauth_" #name, &service.name);
    SERVICE_FUNCTIONS(SERVICE_BIND)
#undef SERVICE_BIND
    if (!complete)
        return not_loaded(tried);
    library = opened;
    return EXIT_YES;
}
