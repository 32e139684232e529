/* Tests of lib/source/token_oddity.c: what a strange token is said to look like. */
#include "source/token_oddity.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { NOW = 1000000000 };

static const char *said_of(const char *text, char buffer[TOKEN_ODDITY_MAX])
{
    AUTO_SECRET token = secret_new(text, strlen(text));
    return token_oddity(token, NOW, buffer) ? buffer : NULL;
}

static void test_ordinary_tokens_are_not_odd(void **state)
{
    static const char *const tokens[] = {"0123456789abcdef0123456789abcdef",
                                         "abc-DEF_1.2~3+4/5==",
                                         "/a2/bC93kd9Ks0dkJ3kd0Lfk29Dkf=",
                                         "a",
                                         "token-of-mine",
                                         "eyJ0eXAiOiJKV1QifQ.eyJleHAiOjIwMDAwMDAwMDB9.c2ln",
                                         "eyJ0eXAiOiJKV1QifQ.eyJzdWIiOiIxIn0.c2ln"};
    char buffer[TOKEN_ODDITY_MAX];
    (void)state;
    for (size_t i = 0; i < sizeof tokens / sizeof *tokens; i++)
        if (said_of(tokens[i], buffer))
            fail_msg("%s: %s", tokens[i], buffer);
}

static void test_odd_ones_are_said_to_look_like_what_they_are(void **state)
{
    static const struct {
        const char *token, *part;
    } cases[] = {
        {"${SYNAPSE_TOKEN}", "variable"},
        {"$TOKEN", "variable"},
        {"{{token}}", "variable"},
        {"***", "masked"},
        {"{\"token\":\"x\"}", "JSON"},
        {"/run/secrets/token", "path"},
        {"/x.txt", "path"},
        {"~/token", "path"},
        {"KEY=abc", "NAME=VALUE"},
        {"SYNAPSE_AUTH_TOKEN=abc==", "NAME=VALUE"},
        {"YOUR_TOKEN_HERE", "documentation"},
        {"your-auth-token", "documentation"},
        {"xxxxxxxx", "documentation"},
        {"ab,cd", "RFC 6750"},
        {"a=b=c!", "NAME=VALUE"},
        {"eyJ0eXAiOiJKV1QifQ.eyJleHAiOjk5OTk5OTk5OX0.c2ln", "expired, at 2001-09-09 01:46 UTC"},
    };
    char buffer[TOKEN_ODDITY_MAX];
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *said = said_of(cases[i].token, buffer);
        if (!said || !strstr(said, cases[i].part))
            fail_msg("%s: %s", cases[i].token, said ? said : "(nothing)");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ordinary_tokens_are_not_odd),
        cmocka_unit_test(test_odd_ones_are_said_to_look_like_what_they_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
