/* What counts as the program's own credentials, case by case. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "decide/program_credentials.h"
#include "remember/wire_text.h"
#include <stdlib.h>
#include <string.h>

#define URL "https://h.org/x"

static struct authority host(unsigned port)
{
    struct authority authority = {
        .matchable = true, .origin = {.scheme = ORIGIN_HTTPS, .port = port, .host = "h.org"}};
    return authority;
}

static const char *with_header(const char *line, unsigned port)
{
    static char text[128];
    static struct curl_slist list;
    static struct program_options program;
    struct authority authority = host(port);
    strcpy(text, line);
    list.data = text;
    program.headers = &list;
    return program_credentials(&program, URL, &authority);
}

static void authorization_header_counts_in_every_form(void **state)
{
    (void)state;
    assert_non_null(with_header("Authorization: Basic eDp5", 443));
    assert_non_null(with_header("authorization:", 443));
    assert_non_null(with_header("Authorization;", 443));
    assert_non_null(with_header("Authorization \t: x", 443));
    assert_null(with_header("X-Authorization: x", 443));
    assert_null(with_header("Authorizations: x", 443));
    assert_null(with_header("Authorization", 443));
}

static void options_count(void **state)
{
    struct authority authority = host(443), user = host(443);
    (void)state;
    user.user = true;
    assert_null(program_credentials(&(struct program_options){0}, URL, &authority));
    assert_non_null(program_credentials(&(struct program_options){.user = true}, URL, &authority));
    assert_non_null(
        program_credentials(&(struct program_options){.password = true}, URL, &authority));
    assert_non_null(
        program_credentials(&(struct program_options){.bearer = true}, URL, &authority));
    assert_non_null(
        program_credentials(&(struct program_options){.aws_sigv4 = true}, URL, &authority));
    assert_non_null(
        program_credentials(&(struct program_options){.httpsig_algorithm = true}, URL, &authority));
    assert_non_null(
        program_credentials(&(struct program_options){.httpsig_key = true}, URL, &authority));
    assert_non_null(
        program_credentials(&(struct program_options){.auth_alone = true}, URL, &authority));
    assert_non_null(
        program_credentials(&(struct program_options){.url_user = true}, URL, &authority));
    assert_non_null(
        program_credentials(&(struct program_options){.cookie_token = true}, URL, &authority));
    assert_non_null(
        program_credentials(&(struct program_options){.target_foreign = true}, URL, &authority));
    assert_non_null(program_credentials(&(struct program_options){0}, URL, &user));
    assert_non_null(program_credentials(&(struct program_options){0},
                                        URL "?a=b&middle_auth_token=t", &authority));
    assert_non_null(
        program_credentials(&(struct program_options){0}, URL "?X-Amz-Signature=t", &authority));
    assert_null(program_credentials(&(struct program_options){0},
                                    URL "?middle_auth%token=%5#middle_auth_token", &authority));
}

/* A list entry is as many lines as libcurl writes. */
static void every_line_of_an_entry_counts(void **state)
{
    (void)state;
    assert_non_null(with_header("X: 1\nAuthorization: mine", 443));
    assert_non_null(with_header("X: 1\r\nauthorization : mine", 443));
    assert_non_null(with_header("X: 1\rAuthorization:", 443));
    assert_non_null(with_header("X: 1\n\nY: 2\r\nAuthorization;", 443));
    assert_non_null(with_header("X: 1\n \tAuthorization: mine", 443));
    assert_non_null(with_header(" Authorization: mine", 443));
    assert_non_null(with_header("X: 1\nsessionToken: x", 443));
    assert_non_null(with_header("X: 1\nCookie: middle_auth_token=t", 443));
    assert_non_null(with_header("X: 1\nHost: evil.org", 443));
    assert_null(with_header("X: 1\nHost: h.org", 443));
    assert_null(with_header("X: Authorization: 1\nY: Authorization: 1", 443));
    assert_null(with_header("X: 1\r\n", 443));
    assert_null(with_header("\n", 443));
}

static const char *with_text(CURLoption option, const char *text, bool *ret_cookie)
{
    struct program_options program = {0};
    struct authority authority = host(443);
    wire_text_note(&program.wire, option, text);
    *ret_cookie = program_has_cookie(&program);
    return program_credentials(&program, URL, &authority);
}

static void lines_in_other_options_count(void **state)
{
    static const CURLoption options[] = {
        CURLOPT_COOKIE,         CURLOPT_USERAGENT,       CURLOPT_REFERER, CURLOPT_CUSTOMREQUEST,
        CURLOPT_REQUEST_TARGET, CURLOPT_ACCEPT_ENCODING, CURLOPT_RANGE};
    bool cookie;
    (void)state;
    for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
        assert_non_null(with_text(options[i], "/\r\nAuthorization: mine", &cookie));
        assert_false(cookie);
        assert_non_null(with_text(options[i], "/\nX: 1\rhost: h.org", &cookie));
        with_text(options[i], "/\nCookie: a=b", &cookie);
        assert_true(cookie);
        assert_null(with_text(options[i], "/Authorization:mine", &cookie));
        assert_null(with_text(options[i], NULL, &cookie));
        assert_false(cookie);
    }
    assert_null(with_text(CURLOPT_USERAGENT, "Authorization: mine", &cookie));
    assert_null(with_text(CURLOPT_PROXYUSERNAME, "/\nAuthorization: mine", &cookie));
    assert_non_null(with_text(CURLOPT_CUSTOMREQUEST, "GET https://evil.org/x", &cookie));
    assert_non_null(with_text(CURLOPT_REQUEST_TARGET, "/x?middle_auth_token=t", &cookie));
}

static void a_text_that_is_replaced_counts_no_more(void **state)
{
    struct program_options program = {0};
    struct authority authority = host(443);
    (void)state;
    wire_text_note(&program.wire, CURLOPT_REFERER, "/\nAuthorization: mine");
    wire_text_note(&program.wire, CURLOPT_USERAGENT, "/\nAuthorization: mine");
    wire_text_note(&program.wire, CURLOPT_USERAGENT, "plain");
    assert_non_null(program_credentials(&program, URL, &authority));
    wire_text_note(&program.wire, CURLOPT_REFERER, NULL);
    assert_null(program_credentials(&program, URL, &authority));
}

static const char *with_long(CURLoption option, long value)
{
    struct transfer transfer = {0};
    struct authority authority = host(443);
    transfer_note_long(&transfer, option, value);
    return program_credentials(&transfer.program, URL, &authority);
}

static const char *with_string(CURLoption option, const char *value)
{
    static const struct binding curl = {.per_request = true};
    struct transfer transfer = {.curl = &curl};
    struct authority authority = host(443);
    transfer_note_pointer(&transfer, option, (void *)(uintptr_t)value);
    return program_credentials(&transfer.program, URL, &authority);
}

static void ways_to_authenticate_count(void **state)
{
    (void)state;
    assert_non_null(with_long(CURLOPT_HTTPAUTH, CURLAUTH_NEGOTIATE));
    assert_non_null(with_long(CURLOPT_HTTPAUTH, (long)(CURLAUTH_NEGOTIATE | CURLAUTH_ONLY)));
    assert_non_null(with_long(CURLOPT_HTTPAUTH, 256)); /* CURLAUTH_HTTPSIG */
    assert_non_null(with_long(329, 1));                /* CURLOPT_HTTPSIG_ALGORITHM */
    assert_non_null(with_string(10330, "00"));         /* CURLOPT_HTTPSIG_KEY */
    assert_null(with_long(CURLOPT_HTTPAUTH, (long)CURLAUTH_ANY));
    assert_null(with_long(CURLOPT_HTTPAUTH, (long)CURLAUTH_ANYSAFE));
    assert_null(with_long(CURLOPT_HTTPAUTH, CURLAUTH_BASIC));
    assert_null(with_long(329, 0));
    assert_null(with_string(10330, NULL));
}

static void user_info_counts_however_the_url_is_written(void **state)
{
    static const char *const with[] = {"https:/u:p@h.org/",   "https:///u@h.org",  "u:p@h.org",
                                       "HTTPS://u@h.org/",    "//u@h.org/",        "/u@h.org",
                                       "https:u@h.org",       "https:\\\\u@h.org", "https://@h.org",
                                       "https://u%40@h.org?", "http://a\\@h.org/"};
    static const char *const without[] = {"https://h.org/@x", "https://h.org?u@v", "h.org/u@v",
                                          "https://h.org#@", "https://h.org:443/a:/@"};
    (void)state;
    for (size_t i = 0; i < sizeof(with) / sizeof(with[0]); i++)
        assert_non_null(with_string(CURLOPT_URL, with[i]));
    for (size_t i = 0; i < sizeof(without) / sizeof(without[0]); i++)
        assert_null(with_string(CURLOPT_URL, without[i]));
}

static bool cookie_in(const char *first, const char *second)
{
    static char texts[2][64];
    struct curl_slist list[2] = {{.next = &list[1]}, {.next = NULL}};
    struct program_options program = {.headers = list};
    list[0].data = first ? strcpy(texts[0], first) : NULL;
    list[1].data = second ? strcpy(texts[1], second) : NULL;
    return program_has_cookie(&program);
}

static void a_cookie_of_the_programs_is_found(void **state)
{
    (void)state;
    assert_false(program_has_cookie(&(struct program_options){0}));
    assert_true(program_has_cookie(&(struct program_options){.cookie = true}));
    assert_true(program_has_cookie(&(struct program_options){.wire = {.cookies = 1}}));
    assert_true(cookie_in("Cookie: a=b", "X: 1"));
    assert_true(cookie_in("X: 1", "Y: 2\ncookie:"));
    assert_true(cookie_in(NULL, "Cookie;"));
    assert_false(cookie_in("X: 1", NULL));
    assert_false(cookie_in("X: Cookie: 1", "Cookies: 2"));
}

static void every_entry_of_the_list_counts(void **state)
{
    static char first[] = "X: 1", third[] = "Authorization: x";
    struct authority authority = host(443);
    struct curl_slist list[3] = {{first, &list[1]}, {NULL, &list[2]}, {third, NULL}};
    (void)state;
    assert_non_null(
        program_header_credentials(&(struct program_options){.headers = list}, &authority));
    list[1].next = NULL;
    assert_null(program_header_credentials(&(struct program_options){.headers = list}, &authority));
}

/* A request on its way, and what the resolver and libcurl say. */
static struct {
    const char *netrc_host, *netrc_file;
    unsigned netrc_asked;
    const char *locations[4];
} world;

static bool netrc_has(const char *path, const char *name)
{
    world.netrc_asked++;
    world.netrc_file = path;
    return world.netrc_host && strcmp(name, world.netrc_host) == 0;
}

static CURLHcode easy_header(CURL *handle, const char *name, size_t index, unsigned origin,
                             int request, struct curl_header **ret)
{
    static struct curl_header header;
    assert_ptr_equal(handle, &world);
    assert_string_equal(name, "Location");
    assert_int_equal(index, 0);
    assert_int_equal(origin, CURLH_HEADER);
    assert_in_range(request, 0, 3);
    if (!world.locations[request])
        return CURLHE_MISSING;
    header.value = (char *)(uintptr_t)world.locations[request];
    *ret = &header;
    return CURLHE_OK;
}

static const struct hook_api resolver = {.netrc_has = netrc_has};
static struct binding curl;
static struct authority here;

static struct transfer begin(void)
{
    memset(&world, 0, sizeof world);
    unsetenv("NETRC");
    curl = (struct binding){.easy_header = easy_header, .version = 0x081000, .per_request = true};
    here = host(443);
    return (struct transfer){.handle = (CURL *)&world,
                             .curl = &curl,
                             .resolver = &resolver,
                             .authority = &here,
                             .requests = 1};
}

static void nothing_of_its_own_is_no_reason(void **state)
{
    struct transfer transfer = begin();
    (void)state;
    assert_null(program_stands_back(&transfer, URL));
    assert_false(transfer.standing_back);
    assert_int_equal(world.netrc_asked, 0);
}

static void a_reason_holds_for_the_whole_transfer(void **state)
{
    struct transfer transfer = begin();
    (void)state;
    transfer.program.user = true;
    assert_string_equal(program_stands_back(&transfer, URL), "a user name");
    assert_true(transfer.standing_back);
    transfer.program.user = false;
    assert_non_null(program_stands_back(&transfer, URL));
}

static void the_cookie_engine_is_a_reason(void **state)
{
    struct transfer transfer = begin();
    (void)state;
    transfer.cookies = (struct cookie_engine){.on = true, .unseen_token = true};
    assert_non_null(strstr(program_stands_back(&transfer, URL), "cookie engine"));
    assert_true(transfer.standing_back);
}

static void an_entry_in_netrc_is_a_reason_for_its_host(void **state)
{
    struct transfer transfer = begin();
    (void)state;
    world.netrc_host = "h.org";
    assert_null(program_stands_back(&transfer, URL));
    transfer.program.netrc = true;
    assert_string_equal(program_stands_back(&transfer, URL), "a netrc entry for the host");
    assert_false(transfer.standing_back);
    transfer.program.follow = true;
    assert_non_null(program_stands_back(&transfer, URL));
    assert_false(transfer.standing_back);
    transfer.program.follow = false;
    transfer.program.unrestricted_auth = true;
    assert_non_null(program_stands_back(&transfer, URL));
    assert_false(transfer.standing_back);
    world.netrc_host = "g.org";
    transfer.program.follow = true;
    assert_null(program_stands_back(&transfer, URL));
    world.netrc_host = "h.org";
    assert_non_null(program_stands_back(&transfer, URL));
    assert_true(transfer.standing_back); /* it goes along to the next host */
}

static const char *file_for(unsigned version, const char *option, const char *variable)
{
    struct transfer transfer = begin();
    curl.version = version;
    transfer.program.netrc = true;
    transfer.program.netrc_file = (char *)(uintptr_t)option;
    if (variable)
        setenv("NETRC", variable, 1);
    assert_null(program_stands_back(&transfer, URL));
    assert_int_equal(world.netrc_asked, 1);
    return world.netrc_file;
}

static void the_variable_goes_before_the_file_of_the_home(void **state)
{
    (void)state;
    assert_null(file_for(0x081000, NULL, NULL));
    assert_null(file_for(0x081000, NULL, ""));
    assert_null(file_for(0x080f00, NULL, "/variable"));
    assert_string_equal(file_for(0x081000, NULL, "/variable"), "/variable");
    assert_string_equal(file_for(0x081700, NULL, "/variable"), "/variable");
    assert_string_equal(file_for(0x081000, "/option", "/variable"), "/option");
    assert_string_equal(file_for(0x080f00, "/option", "/variable"), "/option");
    unsetenv("NETRC");
}

static void a_redirect_that_names_a_user_is_a_reason(void **state)
{
    struct transfer transfer = begin();
    (void)state;
    world.locations[0] = "https://u@h.org/";
    assert_null(program_stands_back(&transfer, URL)); /* it is not followed yet */
    transfer.requests = 2;
    assert_non_null(strstr(program_stands_back(&transfer, URL), "redirect"));
    assert_true(transfer.standing_back);

    transfer = begin();
    transfer.requests = 3;
    world.locations[0] = "https://h.org/";
    world.locations[2] = "https://u@h.org/";
    assert_null(program_stands_back(&transfer, URL));
    world.locations[1] = "https://u@h.org/";
    curl.easy_header = NULL;
    assert_null(program_stands_back(&transfer, URL));
    curl.easy_header = easy_header;
    assert_non_null(program_stands_back(&transfer, URL));
}

static bool noted_elsewhere(struct transfer *transfer, const char *url)
{
    transfer->standing_back = false;
    program_note_elsewhere(transfer, url);
    return transfer->standing_back;
}

static void what_identifies_it_elsewhere_may_come_along(void **state)
{
    struct transfer transfer = begin();
    (void)state;
    transfer.program.follow = true;
    assert_false(noted_elsewhere(&transfer, URL));
    assert_true(noted_elsewhere(&transfer, URL "?middle_auth_token=t"));
    here.user = true;
    assert_true(noted_elsewhere(&transfer, URL));
    transfer.program.follow = false;
    assert_false(noted_elsewhere(&transfer, URL "?middle_auth_token=t"));
}

static void netrc_elsewhere_comes_along_when_trusted(void **state)
{
    struct transfer transfer = begin();
    (void)state;
    transfer.program.follow = transfer.program.netrc = transfer.program.unrestricted_auth = true;
    assert_false(noted_elsewhere(&transfer, URL));
    world.netrc_host = "h.org";
    assert_true(noted_elsewhere(&transfer, URL));
    transfer.program.unrestricted_auth = false;
    assert_false(noted_elsewhere(&transfer, URL));
    transfer.program.unrestricted_auth = true;
    transfer.program.netrc = false;
    assert_false(noted_elsewhere(&transfer, URL));
    transfer.program.netrc = true;
    world.netrc_host = NULL;
    here.matchable = false; /* its name is not known */
    assert_true(noted_elsewhere(&transfer, URL));
    transfer.program.netrc = false;
    assert_false(noted_elsewhere(&transfer, URL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(authorization_header_counts_in_every_form),
        cmocka_unit_test(options_count),
        cmocka_unit_test(every_line_of_an_entry_counts),
        cmocka_unit_test(lines_in_other_options_count),
        cmocka_unit_test(a_text_that_is_replaced_counts_no_more),
        cmocka_unit_test(ways_to_authenticate_count),
        cmocka_unit_test(user_info_counts_however_the_url_is_written),
        cmocka_unit_test(a_cookie_of_the_programs_is_found),
        cmocka_unit_test(every_entry_of_the_list_counts),
        cmocka_unit_test(nothing_of_its_own_is_no_reason),
        cmocka_unit_test(a_reason_holds_for_the_whole_transfer),
        cmocka_unit_test(the_cookie_engine_is_a_reason),
        cmocka_unit_test(an_entry_in_netrc_is_a_reason_for_its_host),
        cmocka_unit_test(the_variable_goes_before_the_file_of_the_home),
        cmocka_unit_test(a_redirect_that_names_a_user_is_a_reason),
        cmocka_unit_test(what_identifies_it_elsewhere_may_come_along),
        cmocka_unit_test(netrc_elsewhere_comes_along_when_trusted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
