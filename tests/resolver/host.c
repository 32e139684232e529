/* host - a program that has functions of the names that the resolver takes from its libraries,
   opens the resolver like a plugin, and asks it for a Synapse and a CAVE token that are in files:
   `host LIBRARY`. Either both arrive, or the resolver says that it would be captured, once. */
#include "hook_api.h"
#include "synauth.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#ifdef HOST_HAS_FUNCTIONS
#define OWN(name)                                                 \
    __attribute__((visibility("default"))) void name(void);       \
    void name(void)                                               \
    {                                                             \
        fprintf(stderr, "the host's own %s was called\n", #name); \
        abort();                                                  \
    }
OWN(cJSON_Parse)
OWN(cJSON_ParseWithLengthOpts)
OWN(cJSON_Delete)
OWN(config_init)
#endif
#ifdef HOST_HAS_INNER_FUNCTIONS /* which nettle calls by name itself */
OWN(nettle_sha256_init)
#endif

#define MUST(condition)                                             \
    do {                                                            \
        if (!(condition)) {                                         \
            fprintf(stderr, "line %d: %s\n", __LINE__, #condition); \
            exit(1);                                                \
        }                                                           \
    } while (0)

static char home[] = "/tmp/synauth-host-XXXXXX";

static struct {
    synauth_context *(*open)(const synauth_options *, synauth_error *);
    void (*close)(synauth_context *);
    int (*resolve)(synauth_context *, const char *, synauth_result **, synauth_error *);
    const char *(*header)(const synauth_result *);
    const char *(*fingerprint)(const synauth_result *);
    void (*result_free)(synauth_result *);
    const struct hook_api *(*hook_api)(unsigned);
} api;

static void load(const char *path)
{
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        fprintf(stderr, "%s\n", dlerror());
        exit(1);
    }
    *(void **)&api.open = dlsym(library, "synauth_open");
    *(void **)&api.close = dlsym(library, "synauth_close");
    *(void **)&api.resolve = dlsym(library, "synauth_resolve");
    *(void **)&api.header = dlsym(library, "synauth_result_header");
    *(void **)&api.fingerprint = dlsym(library, "synauth_result_fingerprint");
    *(void **)&api.result_free = dlsym(library, "synauth_result_free");
    *(void **)&api.hook_api = dlsym(library, "synauth_hook_api");
    MUST(api.open && api.close && api.resolve && api.header && api.fingerprint && api.result_free &&
         api.hook_api);
}

static void write_file(const char *name, const char *text)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", home, name);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    MUST(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
    close(fd);
}

static void prepare(void)
{
    char path[256];
    MUST(mkdtemp(home) && setenv("HOME", home, 1) == 0);
    unsetenv("SYNAPSE_AUTH_TOKEN");
    unsetenv("CAVE_TOKEN");
    snprintf(path, sizeof path, "%s/secrets", home);
    MUST(mkdir(path, 0700) == 0 && setenv("CLOUD_VOLUME_DIR", home, 1) == 0);
    snprintf(path, sizeof path, "%s/synauth.conf", home);
    MUST(setenv("SYNAUTH_CONFIG", path, 1) == 0);
    write_file("synauth.conf", "rules = ( { match = \"s.example.org\"; service = \"synapse\"; },\n"
                               "          { match = \"c.example.org\"; service = \"cave\"; } );\n");
    write_file(".synapseConfig", "[default]\nauthtoken = tokA\n");
    write_file("secrets/cave-secret.json", "{\"token\": \"tokC\"}");
}

static void clean_up(void)
{
    static const char *const names[] = {"synauth.conf", ".synapseConfig",
                                        "secrets/cave-secret.json", "secrets", ""};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char path[256];
        snprintf(path, sizeof path, "%s/%s", home, names[i]);
        MUST(remove(path) == 0);
    }
}

static void check_token(synauth_context *context, const char *url, const char *header,
                        const char *fingerprint)
{
    synauth_error error;
    synauth_result *result = NULL;
    if (api.resolve(context, url, &result, &error) != SYNAUTH_OK) {
        fprintf(stderr, "%s: %s\n", url, error.text);
        exit(1);
    }
    MUST(api.header(result) && strcmp(api.header(result), header) == 0);
    MUST(strcmp(api.fingerprint(result), fingerprint) == 0);
    api.result_free(result);
}

/* Starts the hooks' side twice; returns how many lines that wrote to standard error. */
static int start_lines(bool *ret_started)
{
    char text[4096] = "";
    int lines = 0, kept = dup(STDERR_FILENO), file = memfd_create("stderr", MFD_CLOEXEC);
    const struct hook_api *hooks = api.hook_api(SYNAUTH_HOOK_API_NUMBER);
    MUST(hooks && kept >= 0 && file >= 0 && dup2(file, STDERR_FILENO) >= 0);
    *ret_started = hooks->start();
    bool again = hooks->start();
    dup2(kept, STDERR_FILENO);
    close(kept);
    MUST(again == *ret_started);
    MUST(pread(file, text, sizeof text - 1, 0) >= 0);
    close(file);
    for (const char *at = text; *at; at++)
        lines += *at == '\n';
    fputs(text, stderr);
    return lines;
}

int main(int argc, char **argv)
{
    synauth_error error;
    bool started = false;
    MUST(argc == 2);
    prepare();
    load(argv[1]);
    synauth_context *context = api.open(NULL, &error);
    if (context) {
        check_token(context, "https://s.example.org/", "Authorization: Bearer tokA", "ddd824ea");
        check_token(context, "https://c.example.org/", "Authorization: Bearer tokC", "5918049a");
        api.close(context);
        MUST(start_lines(&started) == 0 && started);
        puts("both tokens arrived");
    } else {
        printf("%s\n", error.text);
#ifdef HOST_CAPTURES_NOTHING
        MUST(context != NULL); /* nobody could capture anything here */
#endif
        MUST(error.code == SYNAUTH_E_CAPTURED);
        MUST(start_lines(&started) == 1 && !started);
    }
    clean_up();
    return 0;
}
