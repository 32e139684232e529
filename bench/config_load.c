/* config_load - what it takes to load a configuration of many rules, against libconfig's own for
   the file, each from the first call to the last: `config_load RULES` prints both times and their
   ratio. Each load is the first of a fresh process, as in use, and is counted in processor time;
   the least disturbed of many counts. `config_load RULES synauth|libconfig` loads once, for
   callgrind. */
#include "config/config.h"

#include <dlfcn.h>
#include <libconfig.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { ROUNDS = 41 };

struct job {
    const char *path;
    unsigned rules;
};

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

static char *make_text(unsigned rules)
{
    char *text = NULL;
    size_t length = 0;
    FILE *stream = open_memstream(&text, &length);
    if (!stream)
        return NULL;
    fputs("rules = (\n", stream);
    for (unsigned i = 0; i < rules; i++)
        fprintf(stream,
                i % 2 ? "  { match = \"host%u.example.org\"; service = \"synapse\"; }%s\n"
                      : "  { match = \"*.lab%u.example.org\"; service = \"cave\"; }%s\n",
                i, i + 1 < rules ? "," : "");
    fputs(");\n", stream);
    return fclose(stream) == 0 ? text : NULL;
}

/* The system's libconfig: the resolver's copy of it has other memory. */
static struct {
    __typeof__(&config_init) init;
    __typeof__(&config_read_file) read_file;
    __typeof__(&config_destroy) destroy;
} theirs;

static int bind(void *library, const char *name, void *ret_function)
{
    void *address = library ? dlsym(library, name) : NULL;
    if (address)
        memcpy(ret_function, &address, sizeof address);
    return address != NULL;
}

static int open_libconfig(void)
{
    void *library = dlopen(SYNAUTH_SYSTEM_LIBCONFIG, RTLD_NOW | RTLD_LOCAL);
    return bind(library, "config_init", &theirs.init) &&
           bind(library, "config_read_file", &theirs.read_file) &&
           bind(library, "config_destroy", &theirs.destroy);
}

/* callgrind counts between the beginning and the end of these two functions. */
bool measured_libconfig(const struct job *job);
bool measured_synauth(const struct job *job);

__attribute__((noinline)) bool measured_libconfig(const struct job *job)
{
    config_t parsed;
    theirs.init(&parsed);
    int result = theirs.read_file(&parsed, job->path);
    theirs.destroy(&parsed);
    return result == CONFIG_TRUE;
}

__attribute__((noinline)) bool measured_synauth(const struct job *job)
{
    struct config *config = config_load(job->path);
    bool is_good = config && config->error_count == 0 && rules_count(config->rules) == job->rules;
    config_free(config);
    return is_good;
}

static double time_of(bool (*load)(const struct job *), const struct job *job)
{
    double start = now();
    return load(job) ? now() - start : -1;
}

/* The time that `load` takes in a process of its own; negative when it fails. */
static double in_child(bool (*load)(const struct job *), const struct job *job)
{
    int ends[2];
    double taken = -1;
    if (pipe(ends) != 0)
        return -1;
    pid_t child = fork();
    if (child == 0) {
        double measured = time_of(load, job);
        _exit(write(ends[1], &measured, sizeof measured) == (ssize_t)sizeof measured ? 0 : 1);
    }
    close(ends[1]);
    if (child < 0 || read(ends[0], &taken, sizeof taken) != (ssize_t)sizeof taken)
        taken = -1;
    close(ends[0]);
    if (child > 0)
        waitpid(child, NULL, 0);
    return taken;
}

static int report_times(const struct job *job)
{
    double least_theirs = 0, ours = 0;
    for (int i = 0; i < ROUNDS; i++) {
        double other = in_child(measured_libconfig, job), own = in_child(measured_synauth, job);
        if (other < 0 || own < 0) {
            fprintf(stderr, "config_load: the file was not read as expected\n");
            return 2;
        }
        least_theirs = i == 0 || other < least_theirs ? other : least_theirs;
        ours = i == 0 || own < ours ? own : ours;
    }
    printf("%u rules: libconfig %.2f ms, synauth %.2f ms, ratio %.3f\n", job->rules, least_theirs,
           ours, ours / least_theirs);
    return 0;
}

static int load_once(const struct job *job, const char *which)
{
    bool is_ours = strcmp(which, "synauth") == 0;
    return (is_ours ? measured_synauth(job) : measured_libconfig(job)) ? 0 : 2;
}

int main(int argc, char **argv)
{
    char path[] = "/tmp/synauth-bench-XXXXXX";
    struct job job = {.path = path,
                      .rules = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 10000};
    char *text = make_text(job.rules);
    if (!open_libconfig()) {
        fprintf(stderr, "config_load: %s\n", dlerror());
        return 2;
    }
    int fd = mkstemp(path);
    if (!text || fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text)) {
        fprintf(stderr, "config_load: cannot write %s\n", path);
        return 2;
    }
    close(fd);
    int status = argc > 2 ? load_once(&job, argv[2]) : report_times(&job);
    unlink(path);
    free(text);
    return status;
}
