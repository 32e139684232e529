/* What injection sets on a handle of a stand-in for libcurl, and what it takes back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "inject/inject.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TOKEN "secret-token"
#define HEADER "Authorization: Bearer " TOKEN

/* The options of the handle. */
static struct {
    struct curl_slist *headers;
    long unrestricted;
    curl_debug_callback debug;
    void *debug_data;
    curl_sockopt_callback sockopt;
    void *sockopt_data;
    CURLoption refused;
    unsigned calls;
} handle;

static CURLcode easy_setopt(CURL *of, CURLoption option, ...)
{
    va_list value;
    assert_ptr_equal(of, &handle);
    handle.calls++;
    if (option == handle.refused)
        return CURLE_OUT_OF_MEMORY;
    va_start(value, option);
    if (option == CURLOPT_HTTPHEADER)
        handle.headers = va_arg(value, struct curl_slist *);
    else if (option == CURLOPT_UNRESTRICTED_AUTH)
        handle.unrestricted = va_arg(value, long);
    else if (option == CURLOPT_DEBUGFUNCTION)
        handle.debug = va_arg(value, curl_debug_callback);
    else if (option == CURLOPT_DEBUGDATA)
        handle.debug_data = va_arg(value, void *);
    else if (option == CURLOPT_SOCKOPTFUNCTION)
        handle.sockopt = va_arg(value, curl_sockopt_callback);
    else if (option == CURLOPT_SOCKOPTDATA)
        handle.sockopt_data = va_arg(value, void *);
    else
        fail_msg("option %d", (int)option);
    va_end(value);
    return CURLE_OK;
}

/* The resolver. */
static bool signs;
static bool sign(const struct hook_credential *credential, const char *url,
                 struct hook_signature *ret)
{
    assert_non_null(credential);
    for (int i = 0; i < HOOK_SIGNATURE_LINES; i++)
        snprintf(ret->lines[i], sizeof ret->lines[i], "line %d of %s", i, url);
    return signs;
}

static const struct binding curl = {.easy_setopt = easy_setopt, .per_request = true};
static const struct hook_api resolver = {.sign = sign};
static const struct hook_credential credential = {.header = HEADER,
                                                  .header_length = sizeof(HEADER) - 1};
static struct curl_slist own = {.data = (char *)(uintptr_t) "X: 1"};
static struct transfer *transfer;

static int enter(void **state)
{
    (void)state;
    memset(&handle, 0, sizeof handle);
    signs = true;
    handle.headers = &own;
    transfer = transfer_new((CURL *)&handle, &curl);
    assert_non_null(transfer);
    transfer->resolver = &resolver;
    transfer->credential = &credential;
    transfer->program.headers = &own;
    return 0;
}

static int leave(void **state)
{
    (void)state;
    transfer->credential = NULL;
    transfer_free(transfer);
    return 0;
}

static void header_stands_before_the_programs_own(void **state)
{
    (void)state;
    inject_header(transfer);
    assert_true(transfer->sent);
    assert_ptr_equal(handle.headers, &transfer->node);
    assert_string_equal(handle.headers->data, HEADER);
    assert_ptr_equal(handle.headers->next, &own);
    assert_int_equal(handle.calls, 1);
    assert_null(handle.debug);
    inject_header(transfer);
    assert_int_equal(handle.calls, 1); /* the node is there */
}

static void blank_header_stays_in_its_place(void **state)
{
    struct curl_slist other = {.data = own.data};
    (void)state;
    inject_header(transfer);
    transfer->program.headers = &other;
    inject_blank(transfer);
    assert_false(transfer->sent);
    assert_ptr_equal(handle.headers, &transfer->node);
    assert_string_equal(handle.headers->data, "");
    assert_ptr_equal(handle.headers->next, &other);
    assert_int_equal(handle.calls, 1);
}

static void handle_is_the_programs_again(void **state)
{
    (void)state;
    inject_restore(transfer);
    assert_int_equal(handle.calls, 0); /* nothing was changed */
    inject_header(transfer);
    inject_restore(transfer);
    assert_ptr_equal(handle.headers, &own);
    assert_false(transfer->sent);
    assert_false(transfer->node_installed);
    assert_string_equal(transfer->node.data, "");
    assert_int_equal(handle.calls, 2);
    inject_restore(transfer);
    assert_int_equal(handle.calls, 2);
}

static void header_that_libcurl_refuses_is_not_sent(void **state)
{
    (void)state;
    handle.refused = CURLOPT_HTTPHEADER;
    transfer->program.verbose = true;
    inject_header(transfer);
    assert_false(transfer->sent);
    assert_string_equal(transfer->node.data, "");
    assert_null(handle.debug);
    assert_false(inject_signature(transfer, "u"));
    assert_false(transfer->sent);
}

static void header_from_elsewhere_may_pass_for_this_request(void **state)
{
    (void)state;
    transfer->elsewhere = true;
    inject_header(transfer);
    assert_int_equal(handle.unrestricted, 1);
    assert_true(transfer->unrestricted);
    inject_header(transfer);
    assert_int_equal(handle.calls, 2);
    inject_blank(transfer);
    assert_int_equal(handle.unrestricted, 0);
    assert_false(transfer->unrestricted);
    inject_blank(transfer);
    assert_int_equal(handle.calls, 3);
    inject_header(transfer);
    inject_restore(transfer);
    assert_int_equal(handle.unrestricted, 0);
}

static void permission_of_the_programs_stays(void **state)
{
    (void)state;
    transfer->elsewhere = true;
    transfer->program.unrestricted_auth = true;
    inject_header(transfer);
    assert_false(transfer->unrestricted);
    assert_int_equal(handle.calls, 1);
    transfer->unrestricted = true; /* ours was set before the program's own */
    inject_blank(transfer);
    assert_int_equal(handle.unrestricted, 1);
    transfer->program.unrestricted_auth = false;
    handle.refused = CURLOPT_UNRESTRICTED_AUTH;
    inject_header(transfer);
    assert_false(transfer->unrestricted);
}

static void signature_is_three_lines(void **state)
{
    struct curl_slist *line;
    (void)state;
    assert_true(inject_signature(transfer, "u"));
    assert_true(transfer->sent);
    line = handle.headers;
    assert_ptr_equal(line, &transfer->node);
    assert_string_equal(line->data, "line 0 of u");
    line = line->next;
    assert_string_equal(line->data, "line 1 of u");
    line = line->next;
    assert_string_equal(line->data, "line 2 of u");
    assert_ptr_equal(line->next, &own);
    inject_blank(transfer);
    assert_ptr_equal(handle.headers->next, &own);
    assert_string_equal(handle.headers->data, "");
    assert_null(handle.debug);
}

static void signature_in_doubt_is_none(void **state)
{
    (void)state;
    signs = false;
    assert_false(inject_signature(transfer, "u"));
    assert_false(transfer->sent);
    signs = true;
    transfer->program.target = true;
    assert_false(inject_signature(transfer, "u"));
    assert_ptr_equal(handle.headers, &own);
    assert_int_equal(handle.calls, 0);
}

/* What the program's debug function was shown. */
static struct {
    char text[512];
    size_t length;
    curl_infotype type;
    unsigned calls;
} shown;

static int debug(CURL *of, curl_infotype type, char *bytes, size_t length, void *data)
{
    assert_ptr_equal(of, &handle);
    assert_ptr_equal(data, &shown);
    assert_true(length < sizeof shown.text);
    memcpy(shown.text, bytes, length);
    shown.text[length] = '\0';
    shown.length = length;
    shown.type = type;
    shown.calls++;
    errno = EDOM;
    return 7;
}

static const char *show(curl_infotype type, const char *text)
{
    char bytes[512];
    strcpy(bytes, text);
    errno = 0;
    assert_int_equal(handle.debug((CURL *)&handle, type, bytes, strlen(text), handle.debug_data),
                     7);
    assert_int_equal(errno, EDOM);
    assert_string_equal(bytes, text); /* libcurl's own stay as they are */
    assert_int_equal(shown.type, type);
    return shown.text;
}

static void begin_debug(bool signature)
{
    transfer->program.verbose = true;
    transfer->program.debug = debug;
    transfer->program.debug_data = &shown;
    if (signature)
        assert_true(inject_signature(transfer, "u"));
    else
        inject_header(transfer);
    assert_ptr_equal(handle.debug_data, transfer_callback_data(transfer));
    assert_non_null(handle.debug);
}

static void token_does_not_show_in_debug_output(void **state)
{
    (void)state;
    begin_debug(false);
    assert_string_equal(show(CURLINFO_TEXT, "[" HEADER "]"), "[Authorization: Bearer [synauth]]");
    assert_string_equal(show(CURLINFO_HEADER_IN, HEADER "\r\n"), HEADER "\r\n"); /* not ours */
    assert_string_equal(show(CURLINFO_DATA_IN, HEADER "\r\n"), HEADER "\r\n");
    assert_string_equal(show(CURLINFO_HEADER_OUT, "GET / HTTP/1.1\r\nAuthorization: Bear"),
                        "GET / HTTP/1.1\r\nAuthorization: Bear");
    /* What could not be sent at once comes as data. */
    assert_string_equal(show(CURLINFO_DATA_OUT, "er " TOKEN "\r\n\r\n"), "er [synauth]\r\n\r\n");
    assert_string_equal(show(CURLINFO_DATA_OUT, HEADER "\r\n"), HEADER "\r\n"); /* the body */
    assert_string_equal(show(CURLINFO_SSL_DATA_OUT, HEADER), HEADER);
    inject_blank(transfer);
    assert_string_equal(show(CURLINFO_HEADER_OUT, HEADER "\r\n"), HEADER "\r\n");
    inject_header(transfer); /* from the beginning */
    assert_string_equal(show(CURLINFO_HEADER_OUT, HEADER "\r\n"),
                        "Authorization: Bearer [synauth]\r\n");
    inject_restore(transfer);
    assert_ptr_equal(handle.debug, debug);
    assert_ptr_equal(handle.debug_data, &shown);
    assert_false(transfer->debug_hook);
}

static void signature_does_not_show_either(void **state)
{
    (void)state;
    begin_debug(true);
    assert_string_equal(show(CURLINFO_HEADER_OUT, "signature: abc\r\n\r\n"),
                        "signature: [synauth]\r\n\r\n");
    assert_string_equal(show(CURLINFO_DATA_OUT, "signature: abc\r\n"), "signature: abc\r\n");
    inject_blank(transfer);
    assert_true(inject_signature(transfer, "u"));
    assert_string_equal(show(CURLINFO_HEADER_OUT, "signature: abc\r\n"),
                        "signature: [synauth]\r\n");
}

static void guard_is_set_once(void **state)
{
    (void)state;
    inject_guard_debug(transfer);
    inject_guard_debug(transfer);
    assert_int_equal(handle.calls, 2);
    inject_guard_connections(transfer);
    inject_guard_connections(transfer);
    assert_int_equal(handle.calls, 4);
    assert_ptr_equal(handle.sockopt_data, transfer_callback_data(transfer));
    assert_true(transfer->debug_hook && transfer->socket_hook);
    assert_int_equal(handle.debug((CURL *)&handle, CURLINFO_TEXT, NULL, 0, NULL), 0); /* gone */
    assert_int_equal(handle.sockopt(NULL, 0, CURLSOCKTYPE_IPCXN), CURL_SOCKOPT_OK);
    inject_restore(transfer);
    assert_null(handle.debug);
    assert_null(handle.sockopt);
    assert_null(handle.sockopt_data);
    assert_false(transfer->debug_hook || transfer->socket_hook);
}

/* As libcurl prints it when the program has no function. */
static char *printed(curl_infotype type, const char *text)
{
    static char output[256];
    char bytes[256];
    FILE *file = tmpfile();
    assert_non_null(file);
    transfer->program.err = file;
    strcpy(bytes, text);
    assert_int_equal(handle.debug((CURL *)&handle, type, bytes, strlen(text), handle.debug_data),
                     0);
    rewind(file);
    output[fread(output, 1, sizeof output - 1, file)] = '\0';
    fclose(file);
    transfer->program.err = NULL;
    return output;
}

static void output_of_a_request_without_our_header_passes(void **state)
{
    (void)state;
    inject_guard_debug(transfer);
    transfer->program.debug = debug;
    transfer->program.debug_data = &shown;
    assert_string_equal(show(CURLINFO_TEXT, "[" HEADER "]"), "[" HEADER "]");
    assert_string_equal(show(CURLINFO_HEADER_OUT, HEADER), HEADER); /* the program's own */
}

static void output_without_a_function_is_libcurls(void **state)
{
    (void)state;
    inject_guard_debug(transfer);
    assert_string_equal(printed(CURLINFO_TEXT, "a\n"), "* a\n");
    assert_string_equal(printed(CURLINFO_HEADER_IN, "a\n"), "< a\n");
    assert_string_equal(printed(CURLINFO_HEADER_OUT, "a\n"), "> a\n");
    assert_string_equal(printed(CURLINFO_DATA_IN, "a\n"), "");
    assert_string_equal(printed(CURLINFO_DATA_OUT, "a\n"), "");
    assert_string_equal(printed(CURLINFO_SSL_DATA_OUT, "a\n"), "");
    assert_string_equal(printed(CURLINFO_TEXT, "TLSv1.3 (OUT), TLS handshake, x:\n"), "");
    assert_string_equal(printed(CURLINFO_TEXT, "TLSv1.3 (IN), TLS handshake, x:\n"), "");
    assert_string_equal(printed(CURLINFO_TEXT, "SSLv3 (OUT), x:\n"), "");
    assert_string_equal(printed(CURLINFO_TEXT, "TLSv1.3 (IN), "), "* TLSv1.3 (IN), ");
    assert_string_equal(printed(CURLINFO_TEXT, "TLSv1.3 (IN), x"), "");
    assert_string_equal(printed(CURLINFO_TEXT, "TLSv1 (IN)"), "* TLSv1 (IN)");
    assert_string_equal(printed(CURLINFO_TEXT, "TLSv1.3-----(IN), x\n"), "* TLSv1.3-----(IN), x\n");
    assert_string_equal(printed(CURLINFO_TEXT, "TLSv1.3 (INT), x\n"), "* TLSv1.3 (INT), x\n");
    assert_string_equal(printed(CURLINFO_TEXT, "TLSv1.3-or-newer (IN), x\n"),
                        "* TLSv1.3-or-newer (IN), x\n");
    assert_string_equal(printed(CURLINFO_TEXT, "XLSv1.3 (IN), x\n"), "* XLSv1.3 (IN), x\n");
    assert_string_equal(printed(CURLINFO_HEADER_IN, "TLSv1.3 (IN), x\n"), "< TLSv1.3 (IN), x\n");
}

static int sockopt(void *data, curl_socket_t socket, curlsocktype purpose)
{
    assert_ptr_equal(data, &shown);
    assert_int_equal(socket, 5);
    assert_int_equal(purpose, CURLSOCKTYPE_ACCEPT);
    return CURL_SOCKOPT_ALREADY_CONNECTED;
}

static void new_connection_sees_a_blank_node(void **state)
{
    (void)state;
    inject_guard_connections(transfer);
    inject_header(transfer);
    assert_int_equal(handle.sockopt(handle.sockopt_data, 5, CURLSOCKTYPE_IPCXN), CURL_SOCKOPT_OK);
    assert_string_equal(handle.headers->data, "");
    assert_ptr_equal(handle.headers->next, &own);
    transfer->program.sockopt = sockopt;
    transfer->program.sockopt_data = &shown;
    inject_header(transfer);
    assert_int_equal(handle.sockopt(handle.sockopt_data, 5, CURLSOCKTYPE_ACCEPT),
                     CURL_SOCKOPT_ALREADY_CONNECTED);
    assert_string_equal(handle.headers->data, "");
    inject_restore(transfer);
    assert_ptr_equal(handle.sockopt, sockopt);
    assert_ptr_equal(handle.sockopt_data, &shown);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, enter, leave)
int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(header_stands_before_the_programs_own),
        TEST(blank_header_stays_in_its_place),
        TEST(handle_is_the_programs_again),
        TEST(header_that_libcurl_refuses_is_not_sent),
        TEST(header_from_elsewhere_may_pass_for_this_request),
        TEST(permission_of_the_programs_stays),
        TEST(signature_is_three_lines),
        TEST(signature_in_doubt_is_none),
        TEST(token_does_not_show_in_debug_output),
        TEST(signature_does_not_show_either),
        TEST(guard_is_set_once),
        TEST(output_of_a_request_without_our_header_passes),
        TEST(output_without_a_function_is_libcurls),
        TEST(new_connection_sees_a_blank_node),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
