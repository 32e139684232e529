/* client - what the small libcurl programs of these tests share: no hooks, only public libcurl. */
#ifndef SYNAUTH_TEST_CLIENT_H
#define SYNAUTH_TEST_CLIENT_H

#include <curl/curl.h>
#include <stddef.h>

/* The last answer of the server: it echoes the Authorization header. */
struct client_answer {
    char text[512];
    size_t length;
};

/* What every program gets on its command line: CA A B C Ah. */
struct client_setting {
    const char *ca, *a, *b, *c, *a_http;
    struct curl_slist *connect_to;
};

struct client_setting client_setting_of(int argc, char **argv);
void client_setting_free(struct client_setting *setting);

/* A handle for `url` (may be NULL) that trusts the authority and keeps its answer in *answer. */
CURL *client_handle(const struct client_setting *setting, const char *url,
                    struct client_answer *answer);
void client_prepare(CURL *curl, const struct client_setting *setting, const char *url,
                    struct client_answer *answer);
/* Runs every transfer of `multi` to its end. */
void client_drive(CURLM *multi);
/* Ends the program with a line on standard error unless `holds`. */
void client_check(int holds, const char *what);

#endif
