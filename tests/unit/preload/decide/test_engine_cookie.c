/* Which lines of CURLINFO_COOKIELIST mean that a request would carry the CAVE token as a cookie. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "decide/engine_cookie.h"
#include <stdlib.h>
#include <string.h>

#define REST "\tTRUE\t0\tmiddle_auth_token\tt"
#define NOW 1000

static bool matches(const char *line)
{
    return engine_cookie_line_matches(line, "a.h.org", "https://a.h.org/x/y?z=/q", NOW);
}

static void the_domain_decides(void **state)
{
    (void)state;
    assert_true(matches("a.h.org\tFALSE\t/" REST));
    assert_true(matches("A.H.org\tFALSE\t/" REST));
    assert_true(matches("#HttpOnly_a.h.org\tFALSE\t/" REST));
    assert_true(matches(".h.org\tTRUE\t/" REST));
    assert_true(matches("h.org\tTRUE\t/" REST));
    assert_true(matches(".a.h.org\tTRUE\t/" REST));
    assert_true(matches(".h.org\tFALSE\t/" REST)); /* the dot says so, too */
    assert_true(matches("org\tTRUE\t/" REST));
    assert_true(matches("h\xc3\xb6.org\tFALSE\t/" REST));
    assert_true(matches("\xc3\xb6.org\tFALSE\t/" REST));
    assert_true(matches("x\x80\tFALSE\t/" REST));
    assert_true(matches("\xe9.org\tFALSE\t/" REST));
    assert_false(matches("#HttpOnly_x.h.org\tFALSE\t/" REST));
    assert_false(matches("#HttpOnly.a.h.org\tFALSE\t/" REST));
    assert_false(matches("h.org\tFALSE\t/" REST));
    assert_false(matches(".b.h.org\tTRUE\t/" REST));
    assert_false(matches("#HttpOnly_.org.x\tTRUE\t/" REST));
    assert_false(matches("xa.h.org\tFALSE\t/" REST));
    assert_false(matches(".x.a.h.org\tTRUE\t/" REST));
    assert_false(matches(".rg\tTRUE\t/" REST));
    assert_false(matches("unknown\tFALSE\t/" REST));
}

static void the_path_decides(void **state)
{
    (void)state;
    assert_true(matches("a.h.org\tFALSE\t/x" REST));
    assert_true(matches("a.h.org\tFALSE\t/x/" REST));
    assert_true(matches("a.h.org\tFALSE\t/x/y" REST));
    assert_false(matches("a.h.org\tFALSE\t/y" REST));
    assert_false(matches("a.h.org\tFALSE\t/q" REST));
    assert_false(matches("a.h.org\tFALSE\t/x/y/z" REST));
    assert_true(engine_cookie_line_matches("h.org\tFALSE\t/" REST, "h.org", "https://h.org", 0));
}

static bool may_be_y(const char *url)
{
    return engine_cookie_line_matches("h.org\tFALSE\t/y" REST, "h.org", url, 0);
}

static void a_path_that_libcurl_may_change_counts(void **state)
{
    (void)state;
    assert_true(may_be_y("https://h.org/x/../y"));
    assert_true(may_be_y("https://h.org/./y"));
    assert_true(may_be_y("https://h.org/x/."));
    assert_true(may_be_y("https://h.org/%79"));
    assert_true(may_be_y("https://h.org/x\\y"));
    assert_false(may_be_y("https://h.org/x.z"));
    assert_false(may_be_y("https://h.org/x./z"));
    assert_false(may_be_y("https://h.org/x?/%"));
    assert_false(may_be_y("https://h.org/x#/%"));
}

static void the_time_decides(void **state)
{
    (void)state;
    assert_true(matches("a.h.org\tFALSE\t/\tTRUE\t1000\tmiddle_auth_token\tt"));
    assert_true(matches("a.h.org\tFALSE\t/\tTRUE\t99999999999999999999\tmiddle_auth_token\tt"));
    assert_true(matches("a.h.org\tFALSE\t/\tTRUE\t-1\tmiddle_auth_token\tt"));
    assert_false(matches("a.h.org\tFALSE\t/\tTRUE\t999\tmiddle_auth_token\tt"));
    assert_false(matches("a.h.org\tFALSE\t/\tTRUE\t1\tmiddle_auth_token\tt"));
}

static void the_name_decides(void **state)
{
    (void)state;
    assert_false(matches("a.h.org\tFALSE\t/\tTRUE\t0\tother\tt"));
    assert_false(matches("a.h.org\tFALSE\t/middle_auth_token\tTRUE\t0\tother\tt"));
    assert_true(matches("a.h.org\tFALSE\t/\tTRUE\t0\tother\tt; middle_auth_token=t"));
    assert_true(matches("middle_auth_token"));
    assert_false(matches("other"));
}

/* libcurl's answer to CURLINFO_COOKIELIST, and how often it was asked. */
static struct {
    CURLcode code;
    const char *lines[3];
    unsigned asked, freed;
} libcurl;

static char *copy_of(const char *text)
{
    char *copy = strdup(text);
    assert_non_null(copy);
    return copy;
}

static CURLcode getinfo(CURL *handle, CURLINFO info, ...)
{
    va_list arguments;
    struct curl_slist **end;
    assert_ptr_equal(handle, &libcurl);
    assert_int_equal(info, CURLINFO_COOKIELIST);
    va_start(arguments, info);
    end = va_arg(arguments, struct curl_slist **);
    va_end(arguments);
    libcurl.asked++;
    for (size_t i = 0; libcurl.code == CURLE_OK && i < 3 && libcurl.lines[i]; i++) {
        *end = calloc(1, sizeof(**end));
        assert_non_null(*end);
        (*end)->data = copy_of(libcurl.lines[i]);
        end = &(*end)->next;
    }
    return libcurl.code;
}

static void give_back(void *memory)
{
    libcurl.freed++;
    free(memory);
}

/* The resolver's answer, and what it was asked for. */
static struct {
    const char *file_with_token;
    bool any_line;
    unsigned asked;
} files;

static bool cookie_file_has(const char *path, const char *name, bool any_line)
{
    assert_string_equal(name, "middle_auth_token");
    assert_int_equal(any_line, files.any_line);
    files.asked++;
    return files.file_with_token && strcmp(path, files.file_with_token) == 0;
}

static const struct hook_api resolver = {.cookie_file_has = cookie_file_has};
static const struct authority authority = {
    .matchable = true, .origin = {.scheme = ORIGIN_HTTPS, .port = 443, .host = "a.h.org"}};
static struct binding curl = {.easy_getinfo = getinfo, .free = give_back, .per_request = true};

static struct transfer begin(void)
{
    memset(&libcurl, 0, sizeof libcurl);
    memset(&files, 0, sizeof files);
    curl.per_request = true;
    return (struct transfer){.handle = (CURL *)&libcurl,
                             .curl = &curl,
                             .resolver = &resolver,
                             .authority = &authority,
                             .cookies = {.on = true}};
}

static bool is_token(struct transfer *transfer)
{
    return engine_cookie_is_token(transfer, "https://a.h.org/x");
}

static void an_engine_that_is_off_is_not_asked(void **state)
{
    struct transfer transfer = begin();
    (void)state;
    transfer.cookies.on = false;
    transfer.cookies.unseen_token = true;
    assert_false(is_token(&transfer));
    assert_int_equal(libcurl.asked, 0);
}

static void each_cookie_of_the_list_counts(void **state)
{
    struct transfer transfer = begin();
    (void)state;
    assert_false(is_token(&transfer));
    libcurl.lines[0] = "b.org\tFALSE\t/" REST;
    libcurl.lines[1] = "a.h.org\tFALSE\t/\tTRUE\t0\tother\tt";
    assert_false(is_token(&transfer));
    assert_int_equal(libcurl.freed, 4);
    libcurl.lines[2] = "a.h.org\tFALSE\t/" REST;
    assert_true(is_token(&transfer));
    libcurl.lines[0] = "a.h.org\tFALSE\t/" REST;
    libcurl.lines[2] = NULL;
    assert_true(is_token(&transfer));
    assert_int_equal(libcurl.freed, 4 + 6 + 4);
    libcurl.lines[0] = "a.h.org\tFALSE\t/\tTRUE\t1000000000\tmiddle_auth_token\tt"; /* in 2001 */
    assert_false(is_token(&transfer));
}

static void a_list_that_is_not_given_counts(void **state)
{
    struct transfer transfer = begin();
    (void)state;
    libcurl.code = CURLE_OUT_OF_MEMORY;
    assert_true(is_token(&transfer));
}

static void a_token_that_the_list_does_not_show_counts(void **state)
{
    struct transfer transfer = begin();
    (void)state;
    transfer.cookies.unseen_token = true;
    assert_true(is_token(&transfer));
    assert_int_equal(libcurl.asked, 0);
}

static void files_are_looked_into_once_for_a_transfer(void **state)
{
    static char names[] = "one\0two";
    struct transfer transfer = begin();
    (void)state;
    transfer.cookies.files = names;
    transfer.cookies.files_length = sizeof names;
    assert_false(is_token(&transfer));
    assert_false(is_token(&transfer));
    assert_int_equal(files.asked, 2);
    assert_true(transfer.cookie_files_seen);
    transfer.cookie_files_seen = false;
    files.file_with_token = "two";
    assert_true(is_token(&transfer));
    assert_true(is_token(&transfer));
    assert_int_equal(files.asked, 4);

    transfer = begin();
    transfer.cookies.files = names;
    transfer.cookies.files_length = sizeof names;
    curl.per_request = false; /* it reads them later than we decide */
    files.any_line = true;
    files.file_with_token = "one";
    assert_true(is_token(&transfer));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_domain_decides),
        cmocka_unit_test(the_path_decides),
        cmocka_unit_test(a_path_that_libcurl_may_change_counts),
        cmocka_unit_test(the_time_decides),
        cmocka_unit_test(the_name_decides),
        cmocka_unit_test(an_engine_that_is_off_is_not_asked),
        cmocka_unit_test(each_cookie_of_the_list_counts),
        cmocka_unit_test(a_list_that_is_not_given_counts),
        cmocka_unit_test(a_token_that_the_list_does_not_show_counts),
        cmocka_unit_test(files_are_looked_into_once_for_a_transfer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
