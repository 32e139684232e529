/* Tests of lib/base/log_cause.c and log_cause_own.c. */
#include "base/log_cause.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

static void note_same_cause_is_new_once(void **state)
{
    (void)state;
    assert_int_equal(log_cause_note("a file"), CAUSE_NEW);
    assert_int_equal(log_cause_note("a file"), CAUSE_SEEN);
    assert_int_equal(log_cause_note("another file"), CAUSE_NEW);
    assert_int_equal(log_cause_note(""), CAUSE_NEW);
}

static void join_brings_what_was_told_and_finds_what_others_told(void **state)
{
    static struct log_causes table;
    struct log_causes *own = log_causes();

    (void)state;
    log_cause_note("told here");
    log_cause_note("told by both");
    log_causes_join(&table);
    assert_ptr_equal(log_causes(), &table);
    assert_ptr_not_equal(own, &table);
    assert_int_equal(log_cause_note("told here"), CAUSE_SEEN);
    assert_int_equal(log_cause_note("told there"), CAUSE_NEW);
    log_causes_join(&table); /* a second time changes nothing */
    assert_int_equal(log_cause_note("told there"), CAUSE_SEEN);
    assert_int_equal(log_cause_note("told by both"), CAUSE_SEEN);
}

static void note_full_table_is_unknown_for_new_causes_only(void **state)
{
    char cause[32];
    int unknown = 0;

    (void)state;
    for (int i = 0; i < 2 * LOG_CAUSES; i++) {
        snprintf(cause, sizeof cause, "cause %d", i);
        unknown += log_cause_note(cause) == CAUSE_UNKNOWN;
    }
    assert_true(unknown >= LOG_CAUSES && unknown < 2 * LOG_CAUSES);
    assert_int_equal(log_cause_note("cause 0"), CAUSE_SEEN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(note_same_cause_is_new_once),
        cmocka_unit_test(join_brings_what_was_told_and_finds_what_others_told),
        cmocka_unit_test(note_full_table_is_unknown_for_new_causes_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
