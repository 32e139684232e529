/* pending - makes a transfer while dlerror has something to tell, and prints what it tells then.
   Usage: pending URL */
#include <curl/curl.h>
#include <dlfcn.h>
#include <stdio.h>

int main(int argc, char **argv)
{
    CURL *curl = curl_easy_init();

    if (argc != 2 || !curl || dlopen("libsynauth-test-absent.so", RTLD_NOW))
        return 1;
    curl_easy_setopt(curl, CURLOPT_URL, argv[1]);
    printf("%d\n", curl_easy_perform(curl));
    printf("%s\n", dlerror());
    curl_easy_cleanup(curl);
    return 0;
}
