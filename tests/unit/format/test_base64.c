/* Tests of lib/format/base64.c. */
#include "format/base64.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void assert_decoded(const char *text, enum base64_alphabet alphabet, const char *expected)
{
    AUTO_SECRET decoded = base64_decode(text, strlen(text), alphabet);
    if (!expected) {
        assert_null(decoded);
        return;
    }
    assert_non_null(decoded);
    assert_string_equal(secret_bytes(decoded), expected);
    assert_int_equal(secret_length(decoded), strlen(expected));
}

static void base64_decode_with_and_without_padding(void **state)
{
    (void)state;
    assert_decoded("Zg==", BASE64_USUAL, "f");
    assert_decoded("Zg", BASE64_USUAL, "f");
    assert_decoded("Zm9v", BASE64_USUAL, "foo");
    assert_decoded("Zm9vYg", BASE64_URL, "foob");
    assert_decoded("Zm9vYmE", BASE64_URL, "fooba");
    assert_decoded("", BASE64_URL, "");
    assert_decoded("Zh", BASE64_USUAL, "f"); /* as Python does: the rest is nobody's */
}

static void base64_decode_each_alphabet_its_own(void **state)
{
    (void)state;
    assert_decoded("+/+/", BASE64_USUAL, "\xfb\xff\xbf");
    assert_decoded("-_-_", BASE64_URL, "\xfb\xff\xbf");
    assert_decoded("+/+/", BASE64_URL, NULL);
    assert_decoded("-_-_", BASE64_USUAL, NULL);
}

static void base64_decode_anything_else_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"Z", "Zm9vY", "Zm 9v", "Zm9v\n", "Zm9v!", "Z=9v", "=m9v"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_decoded(bad[i], BASE64_USUAL, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(base64_decode_with_and_without_padding),
        cmocka_unit_test(base64_decode_each_alphabet_its_own),
        cmocka_unit_test(base64_decode_anything_else_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
