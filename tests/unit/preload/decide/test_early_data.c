/* When a request may be TLS early data, by what libcurl tells of the connection. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "decide/early_data.h"

static long made;            /* CURLINFO_NUM_CONNECTS */
static curl_off_t handshake; /* CURLINFO_APPCONNECT_TIME_T */

static CURLcode tell(CURL *handle, CURLINFO info, ...)
{
    va_list arguments;
    (void)handle;
    va_start(arguments, info);
    if (info == CURLINFO_NUM_CONNECTS)
        *va_arg(arguments, long *) = made;
    else
        *va_arg(arguments, curl_off_t *) = handshake;
    va_end(arguments);
    return CURLE_OK;
}

static const struct binding curl = {.version = 0x080e01, .easy_getinfo = tell};

static struct transfer transfer_with(bool early_data, bool in_easy)
{
    return (struct transfer){.curl = &curl, .in_easy = in_easy, .program.early_data = early_data};
}

static void only_where_the_program_allows_it_and_libcurl_knows_it(void **state)
{
    static const struct binding old = {.version = 0x080a00, .easy_getinfo = tell};
    static const struct binding first = {.version = 0x080b00, .easy_getinfo = tell};
    struct transfer transfer = transfer_with(false, true);
    (void)state;
    made = 1;
    handshake = 0;
    assert_false(early_data_possible(&transfer));
    transfer = transfer_with(true, true);
    transfer.curl = &old;
    assert_false(early_data_possible(&transfer));
    transfer.curl = &first;
    assert_true(early_data_possible(&transfer));
}

static CURLcode tell_nothing(CURL *handle, CURLINFO info, ...)
{
    (void)handle, (void)info;
    return CURLE_UNKNOWN_OPTION;
}

static void what_libcurl_does_not_tell_is_possible(void **state)
{
    static const struct binding silent = {.version = 0x080e01, .easy_getinfo = tell_nothing};
    struct transfer transfer = transfer_with(true, true);
    (void)state;
    transfer.curl = &silent;
    assert_true(early_data_possible(&transfer));
}

static void a_new_connection_is_judged_by_its_handshake(void **state)
{
    struct transfer transfer = transfer_with(true, false);
    (void)state;
    made = 1;
    handshake = 0;
    assert_true(early_data_possible(&transfer));
    transfer = transfer_with(true, false);
    handshake = 1;
    assert_false(early_data_possible(&transfer));
}

static void the_time_of_an_earlier_handshake_says_nothing(void **state)
{
    struct transfer transfer = transfer_with(true, true);
    (void)state;
    made = 1;
    handshake = 5;
    assert_false(early_data_possible(&transfer));
    transfer.requests = 1;
    made = 2;
    assert_true(early_data_possible(&transfer));
    transfer.requests = 2;
    assert_false(early_data_possible(&transfer)); /* over the connection of the last request */
}

static void a_used_connection_is_past_it_unless_others_may_have_begun_it(void **state)
{
    struct transfer alone = transfer_with(true, true), in_multi = transfer_with(true, false);
    (void)state;
    made = 0;
    handshake = 0;
    assert_false(early_data_possible(&alone));
    assert_true(early_data_possible(&in_multi));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_where_the_program_allows_it_and_libcurl_knows_it),
        cmocka_unit_test(what_libcurl_does_not_tell_is_possible),
        cmocka_unit_test(a_new_connection_is_judged_by_its_handshake),
        cmocka_unit_test(the_time_of_an_earlier_handshake_says_nothing),
        cmocka_unit_test(a_used_connection_is_past_it_unless_others_may_have_begun_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
