/* Tests of lib/base/ascii.c. */
#include "base/ascii.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#include <cmocka.h>

static int sign(int value)
{
    return (value > 0) - (value < 0);
}

static void ascii_lower_changes_only_letters(void **state)
{
    (void)state;
    for (int byte = 0; byte < 256; byte++) {
        bool capital = byte >= 'A' && byte <= 'Z';
        bool small = byte >= 'a' && byte <= 'z';
        assert_int_equal((unsigned char)ascii_lower((char)byte), capital ? byte + 32 : byte);
        assert_int_equal((unsigned char)ascii_upper((char)byte), small ? byte - 32 : byte);
        assert_int_equal(ascii_is_alpha((char)byte), capital || small);
        assert_int_equal(ascii_is_digit((char)byte), byte >= '0' && byte <= '9');
        assert_int_equal(ascii_is_alnum((char)byte),
                         capital || small || (byte >= '0' && byte <= '9'));
        assert_int_equal(ascii_is_space((char)byte), byte && strchr(" \t\n\v\f\r", byte));
    }
}

static void ascii_hex_value_of_each_byte(void **state)
{
    (void)state;
    static const char digits[] = "0123456789abcdefABCDEF";
    for (int byte = 0; byte < 256; byte++) {
        const char *at = byte ? strchr(digits, byte) : NULL;
        int value = at ? (int)(at - digits) : -1;
        assert_int_equal(ascii_hex_value((char)byte), value >= 16 ? value - 6 : value);
    }
}

static void ascii_compare_is_strcasecmp_of_the_c_locale(void **state)
{
    locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    (void)state;
    static const char *const texts[] = {
        "",  "i",  "I", "AUTHORIZATION", "authorization", "aut",
        "[", "`",  "{", "\xc4\xb0",      "\xe9",          "auth\xe9",
        "Z", "z0", "@"};
    for (size_t a = 0; a < sizeof texts / sizeof *texts; a++) {
        for (size_t b = 0; b < sizeof texts / sizeof *texts; b++) {
            int expected = strcasecmp_l(texts[a], texts[b], c);
            assert_int_equal(sign(ascii_compare(texts[a], texts[b])), sign(expected));
            assert_int_equal(ascii_equal(texts[a], texts[b]), expected == 0);
            for (size_t n = 0; n < 5; n++)
                assert_int_equal(ascii_equal_n(texts[a], texts[b], n),
                                 strncasecmp_l(texts[a], texts[b], n, c) == 0);
            assert_int_equal(ascii_starts_with(texts[a], texts[b]),
                             strncasecmp_l(texts[a], texts[b], strlen(texts[b]), c) == 0);
        }
    }
    freelocale(c);
}

static void ascii_read_number_stops_behind_the_digits(void **state)
{
    (void)state;
    uint64_t number = 7;
    assert_string_equal(ascii_read_number("0443/x", 65535, &number), "/x");
    assert_int_equal(number, 443);
    assert_true(ascii_number("18446744073709551615", UINT64_MAX, &number));
    assert_true(number == UINT64_MAX);
    assert_true(ascii_number("0", 0, &number));
    assert_true(number == 0);
}

static void ascii_number_refused_leaves_the_answer(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint64_t most;
    } cases[] = {{"", 9},
                 {" 1", 9},
                 {"+1", 9},
                 {"-1", 9},
                 {"1 ", 9},
                 {"0x1", 9},
                 {"1.5", 9},
                 {"10", 9},
                 {"3", 2},
                 {"65536", 65535},
                 {"18446744073709551616", UINT64_MAX},
                 {"99999999999999999999999", UINT64_MAX}};
    uint64_t number = 7;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_false(ascii_number(cases[i].text, cases[i].most, &number));
        assert_true(number == 7);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ascii_lower_changes_only_letters),
        cmocka_unit_test(ascii_hex_value_of_each_byte),
        cmocka_unit_test(ascii_compare_is_strcasecmp_of_the_c_locale),
        cmocka_unit_test(ascii_read_number_stops_behind_the_digits),
        cmocka_unit_test(ascii_number_refused_leaves_the_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
