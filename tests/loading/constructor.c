/* constructor - a library that makes a transfer while it is being loaded, just when another thread
   makes the first one of the process; built with -DLIBRARY it is that library.
   Usage: constructor LIBRARY */
#include <curl/curl.h>
#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

static void fetch(void)
{
    CURL *curl = curl_easy_init();

    curl_easy_setopt(curl, CURLOPT_URL, "https://configured.test/");
    curl_easy_perform(curl);
    curl_easy_cleanup(curl);
}

#ifdef LIBRARY
void constructor_of_library(void);

__attribute__((constructor)) void constructor_of_library(void)
{
    sleep(1); /* the other thread waits for the loader by now */
    fetch();
}
#else
static void *fetch_in_thread(void *unused)
{
    (void)unused;
    usleep(300000);
    fetch();
    return NULL;
}

int main(int argc, char **argv)
{
    pthread_t thread;

    (void)argc;
    curl_easy_cleanup(curl_easy_init()); /* which libcurl is known before */
    if (pthread_create(&thread, NULL, fetch_in_thread, NULL) || !dlopen(argv[1], RTLD_NOW))
        return 1;
    pthread_join(thread, NULL);
    fetch();
    return 0;
}
#endif
