/* multi - the player's ways to drive a multi handle. */
#include "player.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>

enum { MILLISECONDS_MAX = 1000, ROUNDS_MAX = 100000 };

static int on_socket(CURL *easy, curl_socket_t socket, int what, void *user, void *of_socket)
{
    struct player_multi *multi = user;
    int at = 0;
    (void)easy;
    (void)of_socket;
    while (at < multi->socket_count && multi->sockets[at] != socket)
        at++;
    if (what == CURL_POLL_REMOVE) {
        if (at < multi->socket_count) {
            multi->socket_count--;
            multi->sockets[at] = multi->sockets[multi->socket_count];
            multi->wanted[at] = multi->wanted[multi->socket_count];
        }
        return 0;
    }
    if (at >= SOCKETS)
        return 0;
    multi->sockets[at] = socket;
    multi->wanted[at] = what;
    if (at == multi->socket_count)
        multi->socket_count++;
    return 0;
}

static int on_timer(CURLM *handle, long milliseconds, void *user)
{
    struct player_multi *multi = user;
    (void)handle;
    multi->timer = milliseconds;
    return 0;
}

void multi_prepare(struct player_multi *multi)
{
    *multi = (struct player_multi){.multi = curl_multi_init(), .timer = -1};
    curl_multi_setopt(multi->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
    curl_multi_setopt(multi->multi, CURLMOPT_SOCKETDATA, multi);
    curl_multi_setopt(multi->multi, CURLMOPT_TIMERFUNCTION, on_timer);
    curl_multi_setopt(multi->multi, CURLMOPT_TIMERDATA, multi);
}

static struct player_handle *whose(CURL *easy)
{
    for (int at = 0; at < HANDLES; at++)
        if (handles[at].easy == easy)
            return &handles[at];
    return NULL;
}

void multi_messages(struct player_multi *multi)
{
    int left;
    CURLMsg *message;
    while ((message = curl_multi_info_read(multi->multi, &left)) != NULL) {
        struct player_handle *handle = whose(message->easy_handle);
        if (handle)
            print_end(handle, message->data.result, 0);
    }
}

/* A handle that the sequence has paused would wait for ever. */
static void go_on(struct player_multi *multi)
{
    for (int at = 0; at < HANDLES; at++)
        if (handles[at].easy && handles[at].multi == (int)(multi - multis))
            (void)curl_easy_pause(handles[at].easy, CURLPAUSE_CONT);
}

static int wait_for_sockets(struct player_multi *multi, struct pollfd *polled)
{
    int count = multi->socket_count;
    long wait =
        multi->timer < 0 || multi->timer > MILLISECONDS_MAX ? MILLISECONDS_MAX : multi->timer;
    for (int at = 0; at < count; at++) {
        int wanted = multi->wanted[at];
        polled[at] = (struct pollfd){.fd = multi->sockets[at]};
        polled[at].events =
            (short)((wanted & CURL_POLL_IN ? POLLIN : 0) | (wanted & CURL_POLL_OUT ? POLLOUT : 0));
    }
    if (poll(polled, (nfds_t)count, (int)wait) <= 0)
        return 0;
    return count;
}

static void by_sockets(struct player_multi *multi, int *running)
{
    struct pollfd polled[SOCKETS];
    int count = wait_for_sockets(multi, polled);
    if (count == 0) {
        multi->timer = -1;
        (void)curl_multi_socket_action(multi->multi, CURL_SOCKET_TIMEOUT, 0, running);
    }
    for (int at = 0; at < count; at++) {
        int ready = (polled[at].revents & (POLLIN | POLLHUP | POLLERR) ? CURL_CSELECT_IN : 0) |
                    (polled[at].revents & POLLOUT ? CURL_CSELECT_OUT : 0);
        if (ready)
            (void)curl_multi_socket_action(multi->multi, polled[at].fd, ready, running);
    }
}

void multi_run(struct player_multi *multi, const char *how)
{
    int running = 1;
    int sockets = strcmp(how, "socket") == 0;
    if (sockets)
        (void)curl_multi_socket_action(multi->multi, CURL_SOCKET_TIMEOUT, 0, &running);
    for (int round = 0; running && round < ROUNDS_MAX; round++) {
        if (sockets) {
            by_sockets(multi, &running);
        } else {
            (void)curl_multi_perform(multi->multi, &running);
            if (running && strcmp(how, "poll") == 0)
                (void)curl_multi_poll(multi->multi, NULL, 0, MILLISECONDS_MAX, NULL);
            else if (running)
                (void)curl_multi_wait(multi->multi, NULL, 0, MILLISECONDS_MAX, NULL);
        }
        multi_messages(multi);
        go_on(multi);
    }
    multi_messages(multi);
    for (int at = 0; at < HANDLES; at++)
        if (handles[at].multi == (int)(multi - multis))
            disarm(&handles[at]);
}
