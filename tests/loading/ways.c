/* ways - fetches URLs with a libcurl that was come by in an unusual way, or in a process that has
   given up something. Usage: ways WAY CA URL... */
#include <curl/curl.h>
#include <dlfcn.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define LIBRARY "libcurl.so.4"
#define VERSION "CURL_OPENSSL_4"

struct functions {
    CURL *(*init)(void);
    CURLcode (*set)(CURL *, CURLoption, ...);
    CURLcode (*perform)(CURL *);
    void (*cleanup)(CURL *);
};

static void *must(void *found)
{
    if (found)
        return found;
    fprintf(stderr, "%s\n", dlerror());
    exit(1);
}

static void find(void *library, const char *name, bool versioned, void *ret)
{
    void *address = must(versioned ? dlvsym(library, name, VERSION) : dlsym(library, name));
    memcpy(ret, &address, sizeof(address));
}

static struct functions find_all(void *library, bool versioned)
{
    struct functions found;

    find(library, "curl_easy_init", versioned, &found.init);
    find(library, "curl_easy_setopt", versioned, &found.set);
    find(library, "curl_easy_perform", versioned, &found.perform);
    find(library, "curl_easy_cleanup", versioned, &found.cleanup);
    return found;
}

/* Those of the program itself are the last resort. */
static struct functions come_by(const char *way)
{
    void *library;

    if (strcmp(way, "again") == 0) {
        must(dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL));
        return find_all(must(dlopen(LIBRARY, RTLD_NOW | RTLD_NOLOAD)), false);
    }
    if (strcmp(way, "itself") == 0)
        return find_all(must(dlopen(NULL, RTLD_NOW)), false);
    if (strcmp(way, "default") == 0) {
        must(dlopen(LIBRARY, RTLD_NOW | RTLD_GLOBAL));
        return find_all(RTLD_DEFAULT, false);
    }
    if (strcmp(way, "namespace") == 0)
        return find_all(must(dlmopen(LM_ID_NEWLM, LIBRARY, RTLD_NOW)), false);
    if (strcmp(way, "base") == 0)
        return find_all(must(dlmopen(LM_ID_BASE, LIBRARY, RTLD_NOW | RTLD_DEEPBIND)), false);
    library = must(dlopen(LIBRARY, RTLD_NOW));
    return find_all(library, strcmp(way, "versioned") == 0);
}

static char *read_file(const char *path, size_t *ret_size)
{
    FILE *file = fopen(path, "r");
    char *text = malloc(1 << 20);

    if (!file || !text)
        exit(1);
    *ret_size = fread(text, 1, 1 << 20, file);
    fclose(file);
    return text;
}

/* No more files are opened, as in a program that has locked itself in. */
static void refuse_files(void)
{
    struct sock_filter filter[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_openat, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {.len = sizeof(filter) / sizeof(filter[0]), .filter = filter};

    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
        prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) {
        perror("seccomp");
        exit(1);
    }
}

static void give_up(const char *way)
{
    if (strcmp(way, "files") == 0)
        refuse_files();
    if (strcmp(way, "root") == 0 && (chroot("/proc/self/fdinfo") != 0 || chdir("/") != 0)) {
        perror("chroot");
        exit(1);
    }
    if (strcmp(way, "descriptors") == 0)
        for (int fd = 3; fd < 1024; fd++)
            close(fd);
}

int main(int argc, char **argv)
{
    struct functions curl;
    struct curl_blob authorities = {.flags = CURL_BLOB_COPY};

    if (argc < 4)
        return 2;
    authorities.data = read_file(argv[2], &authorities.len);
    curl = come_by(argv[1]);
    curl.cleanup(curl.init()); /* its TLS library has read its own files */
    give_up(argv[1]);
    for (int i = 3; i < argc; i++) {
        CURL *handle = curl.init();
        curl.set(handle, CURLOPT_URL, argv[i]);
        curl.set(handle, CURLOPT_CAINFO_BLOB, &authorities);
        curl.set(handle, CURLOPT_FOLLOWLOCATION, 1L);
        curl.set(handle, CURLOPT_NOBODY, 1L);
        printf("%d\n", curl.perform(handle));
        fflush(stdout);
        curl.cleanup(handle);
        give_up(strcmp(argv[1], "descriptors") == 0 ? argv[1] : "");
    }
    return 0;
}
