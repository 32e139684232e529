/* Tests of lib/format/ini_edit.c; the wide net is tests/property. */
#include "format/ini_edit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct ini_edit edit_of(const char *text, const char *section)
{
    return (struct ini_edit){
        .text = text, .length = strlen(text), .path = "/f", .section = section, .key = "authtoken"};
}

static void assert_set(const char *text, const char *section, const char *expected)
{
    const struct ini_edit edit = edit_of(text, section);
    synauth_error error = {0};
    struct secret *result = NULL, *value = secret_new("NEW", 3);
    if (ini_edit_set(&edit, value, &result, &error) != SYNAUTH_OK)
        fail_msg("%s: %s", text, error.text);
    assert_string_equal(secret_bytes(result), expected);
    secret_unref(result);
    secret_unref(value);
}

static void assert_commented_out(const char *text, const char *expected)
{
    const struct ini_edit edit = edit_of(text, "a");
    synauth_error error = {0};
    struct secret *result = NULL;
    if (ini_edit_comment_out(&edit, &result, &error) != SYNAUTH_OK)
        fail_msg("%s: %s", text, error.text);
    assert_string_equal(secret_bytes(result), expected);
    secret_unref(result);
}

static void set_existing_value_only_value_changes(void **state)
{
    (void)state;
    assert_set("[a]\nauthtoken = old\nx = y\n", "a", "[a]\nauthtoken = NEW\nx = y\n");
    assert_set("[a]\n  AuthToken:old", "a", "[a]\n  AuthToken:NEW");
    assert_set("[a]\nauthtoken =\n", "a", "[a]\nauthtoken = NEW\n");
    assert_set("[b]\nauthtoken = b\n[a]\nauthtoken = old\n", "a",
               "[b]\nauthtoken = b\n[a]\nauthtoken = NEW\n");
}

static void set_value_of_many_lines_all_replaced(void **state)
{
    (void)state;
    assert_set("[a]\nauthtoken = one\n  two\n\n  three\nx = y\n", "a",
               "[a]\nauthtoken = NEW\nx = y\n");
    assert_set("[a]\nauthtoken = one\n # why\n  two\n# end\n", "a",
               "[a]\nauthtoken = NEW\n # why\n# end\n");
}

static void set_template_uncommented_in_place(void **state)
{
    (void)state;
    assert_set("# head\n#[a]\n#username = <username>\n#authtoken = <authtoken>\n\n[b]\nc = d\n",
               "a", "# head\n[a]\n#username = <username>\nauthtoken = NEW\n\n[b]\nc = d\n");
    assert_set("[a]\nx = y\n; authtoken = \n# end\n", "a", "[a]\nx = y\nauthtoken = NEW\n# end\n");
}

static void set_prose_is_no_template(void **state)
{
    (void)state;
    assert_set("[a]\n# authtoken: made at synapse.org\nx = y\n", "a",
               "[a]\nauthtoken = NEW\n# authtoken: made at synapse.org\nx = y\n");
    assert_set("# [a] is for tokens\n", "a", "# [a] is for tokens\n\n[a]\nauthtoken = NEW\n");
}

static void set_commented_section_with_live_keys_below_stays(void **state)
{
    (void)state;
    /* Uncommenting it would take x away from [b]. */
    assert_set("[b]\n#[a]\nx = y\n", "a", "[b]\n#[a]\nx = y\n\n[a]\nauthtoken = NEW\n");
}

static void set_section_without_key_added_below_header(void **state)
{
    (void)state;
    assert_set("[a]\n  x = y\n", "a", "[a]\n  authtoken = NEW\n  x = y\n");
    assert_set("[a]", "a", "[a]\nauthtoken = NEW");
    assert_set("[a] # note\n[b]\n", "a", "[a] # note\nauthtoken = NEW\n[b]\n");
}

static void set_new_section_appended(void **state)
{
    (void)state;
    assert_set("", "profile lab", "[profile lab]\nauthtoken = NEW\n");
    assert_set("[b]\nc = d", "a", "[b]\nc = d\n\n[a]\nauthtoken = NEW\n");
}

static void set_line_ends_and_mark_kept(void **state)
{
    (void)state;
    assert_set("\xef\xbb\xbf[b]\r\nc = d\r\n", "a",
               "\xef\xbb\xbf[b]\r\nc = d\r\n\r\n[a]\r\nauthtoken = NEW\r\n");
    assert_set("\xef\xbb\xbf[a]\r\nauthtoken=o\r\n", "a", "\xef\xbb\xbf[a]\r\nauthtoken=NEW\r\n");
    assert_set("[a]\rx = y\r", "a", "[a]\rauthtoken = NEW\rx = y\r");
}

static void set_invalid_file_refused_with_line(void **state)
{
    (void)state;
    const struct ini_edit edit = edit_of("[a]\nsecret garbage\n", "a");
    synauth_error error = {0};
    struct secret *result = NULL, *value = secret_new("NEW", 3);
    assert_int_equal(ini_edit_set(&edit, value, &result, &error), SYNAUTH_E_UNUSABLE);
    assert_int_equal(error.line, 2);
    assert_string_equal(error.file, "/f");
    assert_null(strstr(error.text, "garbage"));
    assert_null(result);
    secret_unref(value);
}

static void comment_out_leaves_template_line(void **state)
{
    (void)state;
    assert_commented_out("[a]\nauthtoken = old\n more\nx = y\n",
                         "[a]\n#authtoken = <authtoken>\nx = y\n");
    assert_commented_out("[a]\r\nAuthToken=old\r\n", "[a]\r\n#authtoken = <authtoken>\r\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(set_existing_value_only_value_changes),
        cmocka_unit_test(set_value_of_many_lines_all_replaced),
        cmocka_unit_test(set_template_uncommented_in_place),
        cmocka_unit_test(set_prose_is_no_template),
        cmocka_unit_test(set_commented_section_with_live_keys_below_stays),
        cmocka_unit_test(set_section_without_key_added_below_header),
        cmocka_unit_test(set_new_section_appended),
        cmocka_unit_test(set_line_ends_and_mark_kept),
        cmocka_unit_test(set_invalid_file_refused_with_line),
        cmocka_unit_test(comment_out_leaves_template_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
