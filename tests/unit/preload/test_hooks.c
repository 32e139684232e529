/* The hooks over a libcurl of stand-ins: another thread gets a handle at the address that is just
   being freed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "hooks.h"
#include "push.h"

static char place[64];
static struct transfer *newcomer;

static void cleanup_and_reuse(CURL *handle);
static CURLMcode multi_cleanup_and_reuse(CURLM *multi);
static CURLMcode multi_cleanup_refused(CURLM *multi);

static CURL *easy_init(void)
{
    return place;
}

static CURLMcode multi_setopt(CURLM *multi, CURLMoption option, ...)
{
    (void)multi, (void)option;
    return CURLM_OK;
}

static int on_push(CURL *parent, CURL *pushed, size_t count, struct curl_pushheaders *headers,
                   void *data)
{
    (void)parent, (void)pushed, (void)count, (void)headers, (void)data;
    return CURL_PUSH_OK;
}

static const struct binding stand_in = {.version = 0x075801,
                                        .per_request = true,
                                        .easy_init = easy_init,
                                        .easy_cleanup = cleanup_and_reuse,
                                        .multi_setopt = multi_setopt,
                                        .multi_cleanup = multi_cleanup_and_reuse};

/* What another thread's calls do as soon as libcurl has freed the handle. */
static void cleanup_and_reuse(CURL *handle)
{
    assert_null(transfer_of_handle(handle));
    assert_ptr_equal(hook_easy_init(&stand_in, false), handle);
    newcomer = transfer_of_handle(handle);
    assert_non_null(newcomer);
}

static CURLMcode set_push_function(CURLM *multi)
{
    void *function = (void *)(uintptr_t)on_push;
    return push_set_function(&stand_in, multi, function);
}

static CURLMcode multi_cleanup_and_reuse(CURLM *multi)
{
    return set_push_function(multi);
}

static CURLMcode multi_cleanup_refused(CURLM *multi)
{
    (void)multi;
    return CURLM_RECURSIVE_API_CALL;
}

static void cleanup_leaves_the_next_handle_alone(void **state)
{
    (void)state;
    assert_ptr_equal(hook_easy_init(&stand_in, false), place);
    hook_easy_cleanup(&stand_in, transfer_of_handle(place), place);
    assert_ptr_equal(transfer_of_handle(place), newcomer);
    assert_ptr_equal(transfer_of_id(transfer_callback_data(newcomer)), newcomer);
    transfer_free(newcomer);
    assert_null(transfer_of_handle(place));
}

static void multi_cleanup_leaves_the_next_handle_alone(void **state)
{
    struct push *push;
    (void)state;
    assert_int_equal(set_push_function(place), CURLM_OK);
    assert_int_equal(hook_multi_cleanup(&stand_in, place), CURLM_OK);
    push = push_detach(place);
    assert_non_null(push);
    push_free(push);
}

static void multi_cleanup_refused_forgets_nothing(void **state)
{
    struct binding refusing = stand_in;
    struct push *push;
    (void)state;
    refusing.multi_cleanup = multi_cleanup_refused;
    assert_int_equal(set_push_function(place), CURLM_OK);
    assert_int_equal(hook_multi_cleanup(&refusing, place), CURLM_RECURSIVE_API_CALL);
    push = push_detach(place);
    assert_non_null(push);
    push_free(push);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cleanup_leaves_the_next_handle_alone),
        cmocka_unit_test(multi_cleanup_leaves_the_next_handle_alone),
        cmocka_unit_test(multi_cleanup_refused_forgets_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
