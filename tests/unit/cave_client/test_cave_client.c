/* test_cave_client - CAVE's AuthClient through the C API: options of any age, switching, removing.
 */
#include "sandbox.h"
#include "synauth.h"

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SECRETS ".cloudvolume/secrets/"
#define GENERIC SECRETS "cave-secret.json"

static synauth_context *context;

/* What somebody else does before we get a lock (the linker's --wrap), after `locks_before` others.
 */
static void (*before_lock)(void);
static unsigned locks_before;
int __real_flock(int fd, int operation);
int __wrap_flock(int fd, int operation);

int __wrap_flock(int fd, int operation)
{
    void (*first)(void) = locks_before == 0 ? before_lock : NULL;
    locks_before -= locks_before > 0;
    if (first) {
        before_lock = NULL;
        first();
    }
    return __real_flock(fd, operation);
}

static int enter(void **state)
{
    if (sandbox_enter(state) != 0)
        return -1;
    context = synauth_open(NULL, NULL);
    return context ? 0 : -1;
}

static int leave(void **state)
{
    synauth_close(context);
    return sandbox_leave(state);
}

static void assert_header(const synauth_cave_options *client, const char *token)
{
    synauth_result *result = NULL;
    assert_int_equal(synauth_cave_request_header(context, client, &result, NULL), SYNAUTH_OK);
    if (token)
        assert_string_equal(synauth_result_token(result), token);
    else
        assert_null(synauth_result_token(result));
    synauth_result_free(result);
}

static int save(const synauth_cave_options *client, const synauth_cave_save_options *options,
                size_t files)
{
    synauth_cave_saved *saved = NULL;
    int code = synauth_cave_save_token(context, client, options, &saved, NULL);
    if (code == SYNAUTH_OK)
        assert_int_equal(synauth_cave_saved_count(saved), files);
    else
        assert_null(saved);
    synauth_cave_saved_free(saved);
    return code;
}

static void save_token_switches_the_client_unless_told_not_to(void **state)
{
    (void)state;
    const synauth_cave_options other = {.size = sizeof other, .server_address = "lab.example"};
    synauth_cave_save_options options = {.size = sizeof options, .token = " first\n"};
    setenv("CAVE_TOKEN", "environment", 1);
    options.no_switch_token = 1;
    assert_int_equal(save(NULL, &options, 2), SYNAUTH_OK);
    assert_header(NULL, "environment");
    options.no_switch_token = 0;
    options.overwrite = 1;
    options.token = "second";
    assert_int_equal(save(NULL, &options, 2), SYNAUTH_OK);
    assert_header(NULL, "second");
    assert_header(&other, "second"); /* the second time as the first: the generic file, too */
    synauth_cave_saved *saved = NULL;
    assert_int_equal(synauth_cave_remove_token(context, NULL, &saved, NULL), SYNAUTH_OK);
    synauth_cave_saved_free(saved);
    assert_header(NULL, "environment");
}

static void save_token_without_a_token_saves_the_present_one(void **state)
{
    (void)state;
    const synauth_cave_save_options options = {.size = sizeof options};
    assert_int_equal(save(NULL, &options, 0), SYNAUTH_E_NO_TOKEN);
    assert_int_not_equal(access(sandbox_path(".cloudvolume"), F_OK), 0);
    setenv("CAVE_TOKEN", "environment", 1);
    assert_int_equal(save(NULL, &options, 2), SYNAUTH_OK);
    unsetenv("CAVE_TOKEN");
    assert_header(NULL, "environment");
}

static void save_token_client_with_a_file_saves_there_too(void **state)
{
    (void)state;
    const synauth_cave_options client = {.size = sizeof client, .token_file = "~/own.json"};
    const synauth_cave_save_options options = {.size = sizeof options, .token = "tok"};
    assert_int_equal(save(&client, &options, 2), SYNAUTH_OK);
    assert_int_equal(access(sandbox_path("own.json"), F_OK), 0);
    assert_int_equal(access(sandbox_path(SECRETS "global.daf-apis.com-cave-secret.json"), F_OK), 0);
    assert_int_not_equal(access(sandbox_path(GENERIC), F_OK), 0);
    assert_int_equal(save(&client, &options, 0), SYNAUTH_E_EXISTS);
}

static void save_another(void)
{
    sandbox_write(GENERIC, "{\"token\": \"new\"}");
}

static void remove_token_leaves_what_was_saved_meanwhile(void **state)
{
    (void)state;
    synauth_cave_saved *saved = NULL;
    const synauth_cave_options file = {.size = sizeof file, .token_file = "~/" GENERIC};
    const synauth_cave_options *const clients[] = {NULL, &file};
    for (size_t i = 0; i < sizeof clients / sizeof *clients; i++) {
        sandbox_write(GENERIC, "{\"token\": \"old\"}");
        before_lock = save_another;
        locks_before = 1; /* that which sweeps */
        assert_int_equal(synauth_cave_remove_token(context, clients[i], &saved, NULL),
                         SYNAUTH_E_NO_TOKEN);
        assert_header(NULL, "new");
    }
}

static void copy_for_another(void)
{
    sandbox_write(SECRETS "a.example-cave-secret.json", "{\"token\": \"old\"}");
}

static void save_token_finds_the_copy_that_was_made_meanwhile(void **state)
{
    (void)state;
    const synauth_cave_options other = {.size = sizeof other, .server_address = "a.example"};
    const synauth_cave_save_options options = {
        .size = sizeof options, .token = "new", .overwrite = 1};
    sandbox_write(GENERIC, "{\"token\": \"old\"}");
    before_lock = copy_for_another;
    assert_int_equal(save(NULL, &options, 3), SYNAUTH_OK);
    assert_header(&other, "new");
}

static void save_token_only_server_file_leaves_the_general_one(void **state)
{
    (void)state;
    const synauth_cave_options lab = {.size = sizeof lab, .server_address = "lab.example"};
    const synauth_cave_save_options options = {
        .size = sizeof options, .token = "new", .only_server_file = 1};
    sandbox_write(GENERIC, "{\"token\": \"old\"}");
    assert_int_equal(save(&lab, &options, 1), SYNAUTH_OK);
    assert_header(&lab, "new");
    assert_header(NULL, "old");
}

static void options_of_an_older_caller_are_default(void **state)
{
    (void)state;
    const synauth_cave_save_options options = {
        .size = offsetof(synauth_cave_save_options, token_key),
        .token = "tok",
        .token_key = "beyond",
        .no_write_to_server_file = 1,
    };
    assert_int_equal(save(NULL, &options, 2), SYNAUTH_OK);
    assert_header(NULL, "tok");
}

static void get_token_without_a_key_is_the_key_token(void **state)
{
    (void)state;
    synauth_result *result = NULL;
    const synauth_cave_options lab = {.size = sizeof lab, .token_key = "lab"};
    setenv("CAVE_TOKEN", "environment", 1);
    sandbox_write(GENERIC, "{\"token\": \"tok\", \"lab\": \"other\"}");
    assert_int_equal(synauth_cave_get_token(context, NULL, &result, NULL), SYNAUTH_OK);
    assert_string_equal(synauth_result_token(result), "tok");
    synauth_result_free(result);
    assert_int_equal(synauth_cave_get_token(context, &lab, &result, NULL), SYNAUTH_OK);
    assert_string_equal(synauth_result_token(result), "other");
    synauth_result_free(result);
}

static void save_token_bad_arguments_are_refused(void **state)
{
    (void)state;
    const synauth_cave_options cleartext = {.size = sizeof cleartext, .server_address = "u@h"};
    synauth_cave_save_options options = {.size = sizeof options, .token = "tok"};
    assert_int_equal(save(&cleartext, &options, 0), SYNAUTH_E_ARGUMENT);
    options.token_key = "\xff";
    assert_int_equal(save(NULL, &options, 0), SYNAUTH_E_ARGUMENT);
    options.token_key = NULL;
    options.token = "two words";
    assert_int_equal(save(NULL, &options, 0), SYNAUTH_E_UNUSABLE);
    assert_int_equal(synauth_cave_save_token(context, NULL, &options, NULL, NULL),
                     SYNAUTH_E_ARGUMENT);
}

static void pages_have_the_right_addresses(void **state)
{
    (void)state;
    char *url = NULL, *text = NULL;
    assert_int_equal(synauth_cave_get_new_token(NULL, &url, &text, NULL), SYNAUTH_OK);
    assert_string_equal(url, "https://global.daf-apis.com/auth/api/v1/create_token");
    assert_non_null(strstr(text, url));
    synauth_free(url);
    synauth_free(text);
    assert_int_equal(synauth_cave_setup_token("http://LOCALHOST:5000/", 1, &url, NULL, NULL),
                     SYNAUTH_OK);
    assert_string_equal(url, "http://localhost:5000/sticky_auth/settings/tokens");
    synauth_free(url);
    assert_int_equal(synauth_cave_setup_token("http://lab.example", 0, &url, NULL, NULL),
                     SYNAUTH_E_ARGUMENT);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, enter, leave)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(save_token_switches_the_client_unless_told_not_to),
        TEST(save_token_without_a_token_saves_the_present_one),
        TEST(save_token_client_with_a_file_saves_there_too),
        TEST(remove_token_leaves_what_was_saved_meanwhile),
        TEST(save_token_finds_the_copy_that_was_made_meanwhile),
        TEST(save_token_only_server_file_leaves_the_general_one),
        TEST(options_of_an_older_caller_are_default),
        TEST(get_token_without_a_key_is_the_key_token),
        TEST(save_token_bad_arguments_are_refused),
        TEST(pages_have_the_right_addresses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
