/* Who is behind us, against what the loader says. The library's own objects are in this program, so
   "behind us" is every library. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bind/next.h"
#include "bind/objects.h"
#include <dlfcn.h>

static void definition_is_the_loaders(void **state)
{
    /* The second has two versions in glibc on x86-64, one of them for old programs only. */
    static const char *const names[] = {"getauxval", "sched_setaffinity", "_assert_true"};
    (void)state;
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        assert_non_null(next_definition(names[i]));
        assert_ptr_equal(next_definition(names[i]), dlsym(RTLD_DEFAULT, names[i]));
    }
}

static void own_definition_is_passed_over(void **state)
{
    void *own = (void *)(uintptr_t)&dlsym;
    (void)state;
    assert_non_null(next_definition("dlsym"));
    assert_ptr_not_equal(next_definition("dlsym"), own);
    assert_null(next_definition("curl_easy_init"));
}

static void missing_definition_is_null(void **state)
{
    (void)state;
    assert_null(next_definition("no_such_symbol"));
    assert_null(next_definition(""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(definition_is_the_loaders),
        cmocka_unit_test(own_definition_is_passed_over),
        cmocka_unit_test(missing_definition_is_null),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
