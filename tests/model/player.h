/* player - what the player's parts share: the things of a sequence, by number. */
#ifndef PLAYER_H
#define PLAYER_H

#include <curl/curl.h>
#include <stddef.h>

enum { HANDLES = 5, MULTIS = 2, LISTS = 60, URLS = 20, ARMED = 16, SOCKETS = 64, WORDS = 40 };

/* A call of the program for the next time that one of its callbacks runs. */
struct armed {
    char event[20];
    char *line; /* NULL: no more */
};

struct player_handle {
    int number;
    CURL *easy;
    char transfer[64]; /* its name, which requests carry as User-Agent */
    int multi;         /* that it was added to, or -1 */
    struct armed armed[ARMED];
    char *body;
    size_t body_length;
    char error[CURL_ERROR_SIZE];
};

struct player_multi {
    CURLM *multi;
    curl_socket_t sockets[SOCKETS];
    int wanted[SOCKETS]; /* CURL_POLL_... */
    int socket_count;
    long timer; /* milliseconds, -1: none */
};

extern struct player_handle handles[HANDLES];
extern struct player_multi multis[MULTIS];

/* Plays one line of a sequence; the line is taken apart. */
void play_line(char *line);

/* The calls armed for `event` on this handle are made, once. */
void fire(struct player_handle *handle, const char *event);

/* None of them is made any more: what is armed is for one transfer. */
void disarm(struct player_handle *handle);

/* Sets the callback of that option, and its data where it has one. -1: no such callback here. */
int set_callback(struct player_handle *handle, CURLoption option);

/* What a program can see of a transfer that has ended. */
void print_end(struct player_handle *handle, CURLcode result, int alone);

/* Text in one line. */
void print_text(const char *text, size_t length);

void multi_prepare(struct player_multi *multi);

/* Until nothing runs any more; `how`: perform, socket or poll. */
void multi_run(struct player_multi *multi, const char *how);
void multi_messages(struct player_multi *multi);

#endif
