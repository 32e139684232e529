/* slow_source - what a helper process said, remembered for the whole process: one helper at a time,
   its value kept until it expires or a server refuses it, a failure for half a minute. */
#ifndef SYNAUTH_SLOW_SOURCE_H
#define SYNAUTH_SLOW_SOURCE_H

#include "helper/helper_process.h"
#include <stdbool.h>
#include <stdint.h>

#define SLOW_TEXT_MAX 512

struct slow_request {
    struct helper_run run;
    /* Seconds that pass before it is asked again after a failure, or after a server has refused
       what it said. */
    unsigned pause;
    /* For a login: the pause is kept whatever the password and the environment are by now, and
       the user's name, instead of the input, tells logins apart. */
    const char *login_name;
    /* What is tried (synapse/attempts.h): once it has failed it is not asked again. NULL = not so.
     */
    const char *attempt;
};

enum slow_state {
    SLOW_VALUE,    /* value is what was found, as the helper printed it: not judged yet */
    SLOW_ABSENT,   /* the source has nothing */
    SLOW_UNUSABLE, /* the source has an answer, but no usable one */
    SLOW_FAILED    /* the helper is missing, late or broken */
};

struct slow_reply {
    enum slow_state state;
    struct secret *value;
    bool is_bad; /* the value is no token: another is asked for after the pause */
    bool tried;  /* it may have been tried, and gave nothing */
    int64_t due; /* seconds since 1970 from which asking again makes sense; 0 = not by time */
    char text[SLOW_TEXT_MAX]; /* a sentence without a secret, for all but SLOW_VALUE */
};

/* Fills *ret (slow_reply_free it). With SYNAUTH_DISABLE, and in what a helper has started, nothing
   is asked: SLOW_FAILED. Blocks while a helper runs, ours or another thread's: at most twice the
   time limit. Thread-safe, fork-safe. */
void slow_source_ask(const struct slow_request *request, struct slow_reply *ret);
void slow_reply_free(struct slow_reply *reply);
#define AUTO_SLOW_REPLY __attribute__((cleanup(slow_reply_free))) struct slow_reply

/* A server has answered 401 to this token. */
void slow_source_reject(const struct secret *token);
bool slow_source_is_rejected(const struct secret *token);
/* Forgets, and wipes, everything: when the last context is closed. */
void slow_source_forget_all(void);

#endif
