/* The hooks over a libcurl of stand-ins that refuses calls as 8.22 and newer do while a callback is
   running: nothing that is remembered changes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "hooks.h"
#include "push.h"

static char handle[64], multi[64];
static bool busy;       /* what is refused now, is */
static CURLcode answer; /* of curl_easy_perform */
static char *private;   /* CURLOPT_PRIVATE */
static char *error_buffer;
static long verbose, connect_only;
static void *push_function, *push_data;
static unsigned cleanups;

static CURL *easy_init(void)
{
    return handle;
}

static void easy_reset(CURL *curl)
{
    (void)curl;
    if (busy)
        return;
    private = error_buffer = NULL;
    verbose = connect_only = 0;
}

static void easy_cleanup(CURL *curl)
{
    (void)curl;
    cleanups += !busy;
}

static CURLcode easy_setopt(CURL *curl, CURLoption option, ...)
{
    va_list arguments;

    (void)curl;
    va_start(arguments, option);
    if (option == CURLOPT_PRIVATE)
    private = va_arg(arguments, char *);
    else if (option == CURLOPT_ERRORBUFFER) error_buffer = va_arg(arguments, char *);
    else if (option == CURLOPT_VERBOSE) verbose = va_arg(arguments, long);
    else if (option == CURLOPT_CONNECT_ONLY) connect_only = va_arg(arguments, long);
    va_end(arguments);
    return CURLE_OK;
}

static CURLcode easy_getinfo(CURL *curl, CURLINFO info, ...)
{
    va_list arguments;

    (void)curl;
    va_start(arguments, info);
    if (info == CURLINFO_PRIVATE)
        *va_arg(arguments, char **) = private;
    va_end(arguments);
    return info == CURLINFO_PRIVATE ? CURLE_OK : CURLE_UNKNOWN_OPTION;
}

/* Nobody is told that the handle is not one for it, and nothing is read. */
static CURLcode easy_recv(CURL *curl, void *buffer, size_t size, size_t *length)
{
    (void)curl, (void)buffer, (void)length;
    assert_int_equal(size, 0);
    if (busy)
        return CURLE_RECURSIVE_API_CALL;
    assert_null(error_buffer);
    assert_int_equal(verbose, 0);
    assert_int_equal(connect_only, 0);
    return CURLE_UNSUPPORTED_PROTOCOL;
}

static CURLcode easy_perform(CURL *curl)
{
    (void)curl;
    return busy ? answer : CURLE_OK;
}

static CURLMcode multi_handle(CURLM *of, CURL *curl)
{
    (void)of, (void)curl;
    return busy ? CURLM_RECURSIVE_API_CALL : CURLM_OK;
}

static CURLMcode multi_setopt(CURLM *of, CURLMoption option, ...)
{
    va_list arguments;

    (void)of;
    if (busy)
        return CURLM_RECURSIVE_API_CALL;
    va_start(arguments, option);
    if (option == CURLMOPT_PUSHFUNCTION)
        push_function = va_arg(arguments, void *);
    else
        push_data = va_arg(arguments, void *);
    va_end(arguments);
    return CURLM_OK;
}

static const struct binding stand_in = {.version = 0x081600,
                                        .per_request = true,
                                        .easy_init = easy_init,
                                        .easy_reset = easy_reset,
                                        .easy_cleanup = easy_cleanup,
                                        .easy_setopt = easy_setopt,
                                        .easy_getinfo = easy_getinfo,
                                        .easy_recv = easy_recv,
                                        .easy_perform = easy_perform,
                                        .multi_add_handle = multi_handle,
                                        .multi_remove_handle = multi_handle,
                                        .multi_setopt = multi_setopt};

static CURLcode set(CURL *curl, CURLoption option, ...)
{
    va_list arguments;
    CURLcode result;

    va_start(arguments, option);
    result = hook_easy_setopt(&stand_in, transfer_of_handle(curl), curl, option, arguments);
    va_end(arguments);
    return result;
}

static struct transfer *handle_with_options(void)
{
    static char buffer[CURL_ERROR_SIZE];

    busy = false;
    cleanups = 0;
    assert_ptr_equal(hook_easy_init(&stand_in, false), handle);
    set(handle, CURLOPT_URL, "https://host.test/");
    set(handle, CURLOPT_SSL_VERIFYPEER, 0L);
    set(handle, CURLOPT_ERRORBUFFER, buffer);
    set(handle, CURLOPT_VERBOSE, 1L);
    set(handle, CURLOPT_CONNECT_ONLY, 2L);
    return transfer_of_handle(handle);
}

static void end(void)
{
    busy = false;
    hook_easy_cleanup(&stand_in, transfer_of_handle(handle), handle);
    assert_null(transfer_of_handle(handle));
    assert_int_equal(cleanups, 1);
}

static void reset_refused_forgets_nothing(void **state)
{
    struct transfer *transfer = handle_with_options();
    static char mine;

    (void)state;
    busy = true;
    hook_easy_reset(&stand_in, transfer, handle);
    assert_true(transfer->program.peer_unverified);
    assert_null(private);
    set(handle, CURLOPT_PRIVATE, &mine);
    hook_easy_reset(&stand_in, transfer, handle);
    assert_true(transfer->program.peer_unverified);
    assert_ptr_equal(private, &mine);
    end();
}

static void reset_forgets(void **state)
{
    struct transfer *transfer = handle_with_options();
    static char mine;

    (void)state;
    hook_easy_reset(&stand_in, transfer, handle);
    assert_false(transfer->program.peer_unverified);
    set(handle, CURLOPT_SSL_VERIFYPEER, 0L);
    set(handle, CURLOPT_PRIVATE, &mine);
    hook_easy_reset(&stand_in, transfer, handle);
    assert_false(transfer->program.peer_unverified);
    assert_null(private);
    end();
}

static void cleanup_refused_keeps_the_state_and_shows_nothing(void **state)
{
    struct transfer *transfer = handle_with_options();
    char *buffer = error_buffer;

    (void)state;
    busy = true;
    hook_easy_cleanup(&stand_in, transfer, handle);
    assert_ptr_equal(transfer_of_handle(handle), transfer);
    assert_ptr_equal(transfer_of_id(transfer_callback_data(transfer)), transfer);
    assert_ptr_equal(error_buffer, buffer);
    assert_int_equal(verbose, 1);
    assert_int_equal(connect_only, 2);
    end();
}

/* What the transfer under way needs, CURLOPT_CURLU's text among it, stays. */
static void perform_refused_leaves_the_transfer_alone(void **state)
{
    static const CURLcode refusals[] = {CURLE_FAILED_INIT, CURLE_RECURSIVE_API_CALL,
                                        CURLE_BAD_FUNCTION_ARGUMENT};
    struct transfer *transfer = handle_with_options();
    char *text = malloc(4);

    (void)state;
    assert_int_equal(hook_multi_add_handle(&stand_in, transfer, multi, handle), CURLM_OK);
    busy = transfer->sent = transfer->elsewhere = transfer->wanted = true;
    transfer->requests = 3;
    transfer->url_handle_text = text;
    for (size_t i = 0; i < sizeof(refusals) / sizeof(*refusals); i++) {
        answer = refusals[i];
        assert_int_equal(hook_easy_perform(&stand_in, transfer, handle), answer);
        assert_true(transfer->active && transfer->sent && transfer->elsewhere && transfer->wanted);
        assert_false(transfer->in_easy);
        assert_int_equal(transfer->requests, 3);
        assert_ptr_equal(transfer->url_handle_text, text);
    }
    end();
}

static void add_and_remove_refused_leave_the_transfer_alone(void **state)
{
    struct transfer *transfer = handle_with_options();

    (void)state;
    busy = true;
    assert_int_equal(hook_multi_add_handle(&stand_in, transfer, multi, handle),
                     CURLM_RECURSIVE_API_CALL);
    assert_false(transfer->active);
    busy = false;
    assert_int_equal(hook_multi_add_handle(&stand_in, transfer, multi, handle), CURLM_OK);
    busy = transfer->sent = true;
    hook_multi_add_handle(&stand_in, transfer, multi, handle);
    hook_multi_remove_handle(&stand_in, transfer, multi, handle);
    assert_true(transfer->active && transfer->sent);
    end();
}

static int on_push(CURL *parent, CURL *pushed, size_t count, struct curl_pushheaders *headers,
                   void *data)
{
    (void)parent, (void)pushed, (void)count, (void)headers, (void)data;
    return CURL_PUSH_OK;
}

static void push_options_refused_are_not_remembered(void **state)
{
    void *function = (void *)(uintptr_t)on_push;
    void *installed, *data;

    (void)state;
    busy = true;
    assert_int_equal(push_set_function(&stand_in, multi, function), CURLM_RECURSIVE_API_CALL);
    assert_int_equal(push_set_data(&stand_in, multi, handle), CURLM_RECURSIVE_API_CALL);
    assert_null(push_detach(multi));
    busy = false;
    assert_int_equal(push_set_function(&stand_in, multi, function), CURLM_OK);
    assert_int_equal(push_set_data(&stand_in, multi, handle), CURLM_OK);
    installed = push_function;
    data = push_data;
    busy = true;
    assert_int_equal(push_set_data(&stand_in, multi, NULL), CURLM_RECURSIVE_API_CALL);
    assert_int_equal(push_set_function(&stand_in, multi, NULL), CURLM_RECURSIVE_API_CALL);
    busy = false;
    assert_ptr_equal(push_function, installed);
    assert_ptr_equal(push_data, data);
    assert_int_equal(push_set_function(&stand_in, multi, NULL), CURLM_OK);
    assert_ptr_equal(push_data, handle);
    push_free(push_detach(multi));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reset_refused_forgets_nothing),
        cmocka_unit_test(reset_forgets),
        cmocka_unit_test(cleanup_refused_keeps_the_state_and_shows_nothing),
        cmocka_unit_test(perform_refused_leaves_the_transfer_alone),
        cmocka_unit_test(add_and_remove_refused_leave_the_transfer_alone),
        cmocka_unit_test(push_options_refused_are_not_remembered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
