/* constructor - a library that makes a transfer while it is being loaded, just when another thread
   makes the first one of the process; built with -DLIBRARY it is that library.
   Usage: constructor LIBRARY */
#include <curl/curl.h>
#include <dirent.h>
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

static void fetch(void)
{
    CURL *curl = curl_easy_init();

    curl_easy_setopt(curl, CURLOPT_URL, "https://configured.test/");
    curl_easy_perform(curl);
    curl_easy_cleanup(curl);
}

/* A pipe under fixed numbers, which both parts know: the constructor has begun. */
enum { BEGUN_READ = 200, BEGUN_WRITE = 201 };

#ifdef LIBRARY
void constructor_of_library(void);

/* Has the only other thread gone on from the pipe, and does it sleep? */
static int is_asleep(void)
{
    char name[300], state = ' ';
    int unread = 1;
    DIR *tasks = opendir("/proc/self/task");

    for (struct dirent *task; tasks && (task = readdir(tasks));) {
        if (task->d_name[0] == '.' || strtol(task->d_name, NULL, 10) == (long)getpid())
            continue;
        snprintf(name, sizeof(name), "/proc/self/task/%s/stat", task->d_name);
        FILE *file = fopen(name, "r");
        if (file && fscanf(file, "%*d (%*[^)]) %c", &state) != 1)
            state = ' ';
        if (file)
            fclose(file);
    }
    if (tasks)
        closedir(tasks);
    return state == 'S' && ioctl(BEGUN_READ, FIONREAD, &unread) == 0 && unread == 0;
}

__attribute__((constructor)) void constructor_of_library(void)
{
    int asleep = 0;

    if (write(BEGUN_WRITE, "", 1) != 1)
        _exit(3);
    /* It waits for the loader when it sleeps for long: nothing else would hold it up. */
    for (int left = 60000; asleep < 50; left--) {
        asleep = is_asleep() ? asleep + 1 : 0;
        if (left == 0)
            _exit(4);
        usleep(1000);
    }
    fetch();
}
#else
static void *fetch_in_thread(void *unused)
{
    char byte;

    (void)unused;
    if (read(BEGUN_READ, &byte, 1) != 1)
        _exit(5);
    fetch();
    return NULL;
}

int main(int argc, char **argv)
{
    pthread_t thread;
    int ends[2];

    (void)argc;
    if (pipe(ends) || dup2(ends[0], BEGUN_READ) < 0 || dup2(ends[1], BEGUN_WRITE) < 0)
        return 2;
    curl_easy_cleanup(curl_easy_init()); /* which libcurl is known before */
    if (pthread_create(&thread, NULL, fetch_in_thread, NULL) || !dlopen(argv[1], RTLD_NOW))
        return 1;
    pthread_join(thread, NULL);
    fetch();
    return 0;
}
#endif
