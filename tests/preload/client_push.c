/* client_push - takes what an HTTP/2 server pushes, and uses the pushed handle for requests of its
   own when its parent is gone. Usage: PROGRAM CA A B C AH accept|deny|late */
#include "client.h"
#include <string.h>

struct seen {
    CURL *pushed;
    int calls;
    const char *answer;
};

static struct client_answer pushed_answer;

static int on_push(CURL *parent, CURL *pushed, size_t count, struct curl_pushheaders *headers,
                   void *context)
{
    struct seen *seen = context;

    (void)parent;
    client_check(count > 0, "headers of the push");
    client_check(curl_pushheader_byname(headers, ":path") != NULL, "path of the push");
    seen->calls++;
    if (strcmp(seen->answer, "deny") == 0)
        return CURL_PUSH_DENY;
    curl_easy_setopt(pushed, CURLOPT_WRITEDATA, (void *)&pushed_answer);
    seen->pushed = pushed;
    return CURL_PUSH_OK;
}

static void fetch(CURL *curl, const char *url)
{
    CURLcode code;

    curl_easy_setopt(curl, CURLOPT_URL, url);
    code = curl_easy_perform(curl);
    client_check(code == CURLE_OK, curl_easy_strerror(code));
}

static void receive(CURLM *multi, CURL *parent)
{
    curl_multi_add_handle(multi, parent);
    client_drive(multi);
    curl_multi_remove_handle(multi, parent);
}

int main(int argc, char **argv)
{
    struct client_setting setting = client_setting_of(argc, argv);
    struct client_answer answer = {.length = 0};
    struct seen seen = {.answer = argc > 7 ? argv[7] : ""}, other = {.answer = "deny"};
    CURLM *multi = curl_multi_init();
    CURL *parent = client_handle(&setting, argv[6], &answer);

    curl_easy_setopt(parent, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
    curl_multi_setopt(multi, CURLMOPT_PIPELINING, (long)CURLPIPE_MULTIPLEX);
    curl_multi_setopt(multi, CURLMOPT_PUSHDATA, &other);
    curl_multi_setopt(multi, CURLMOPT_PUSHFUNCTION, on_push);
    curl_multi_setopt(multi, CURLMOPT_PUSHDATA, &seen);
    receive(multi, parent);
    client_check(seen.calls == 1 && other.calls == 0, "one push, with the data set last");
    curl_multi_setopt(multi, CURLMOPT_PUSHFUNCTION, NULL);
    receive(multi, parent);
    client_check(seen.calls == 1, "no call once the function is gone");
    if (seen.pushed)
        curl_multi_remove_handle(multi, seen.pushed);
    curl_easy_cleanup(parent);
    if (seen.pushed) {
        client_check(pushed_answer.length > 0, "what was pushed");
        fetch(seen.pushed, setting.b);
        fetch(seen.pushed, setting.a);
        fetch(seen.pushed, setting.c);
        curl_easy_cleanup(seen.pushed);
    }
    curl_multi_cleanup(multi);
    client_setting_free(&setting);
    return 0;
}
