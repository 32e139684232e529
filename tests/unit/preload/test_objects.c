/* What the ELF tables of this process say, against what the loader says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bind/objects.h"
#include <dlfcn.h>
#include <string.h>

static const struct object *named(const struct object_list *list, const char *soname)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].soname && strcmp(list->items[i].soname, soname) == 0)
            return &list->items[i];
    return NULL;
}

static void address_belongs_to_its_object(void **state)
{
    struct object_list list;
    (void)state;
    object_list_read(&list);
    assert_false(list.failed);
    assert_int_equal(object_at(&list, (const void *)(uintptr_t)&address_belongs_to_its_object), 0);
    assert_string_equal(
        list.items[object_at(&list, dlsym(RTLD_DEFAULT, "malloc_usable_size"))].name[0] ? "named"
                                                                                        : "",
        "named");
    assert_int_equal(object_at(&list, NULL), -1);
    object_list_free(&list);
}

static void symbol_is_what_the_loader_finds(void **state)
{
    struct object_list list;
    const struct object *libcmocka;
    (void)state;
    object_list_read(&list);
    libcmocka = named(&list, "libcmocka.so.0");
    assert_non_null(libcmocka);
    assert_ptr_equal(object_symbol(libcmocka, "_assert_true"), dlsym(RTLD_DEFAULT, "_assert_true"));
    assert_null(object_symbol(libcmocka, "no_such_symbol"));
    assert_null(object_symbol(libcmocka, "malloc")); /* used there, defined elsewhere */
    assert_string_equal(object_base_name(libcmocka), "libcmocka.so.0");
    object_list_free(&list);
}

static void versions_are_read_on_both_sides(void **state)
{
    struct object_list list;
    const struct object *libc;
    (void)state;
    object_list_read(&list);
    libc = named(&list, "libc.so.6");
    assert_non_null(libc);
    assert_non_null(object_symbol_version(libc, "getauxval"));
    assert_int_equal(strncmp(object_symbol_version(libc, "getauxval"), "GLIBC_2.", 8), 0);
    assert_string_equal(object_reference_version(&list.items[0], "dl_iterate_phdr"),
                        object_symbol_version(libc, "dl_iterate_phdr"));
    assert_null(object_reference_version(&list.items[0], "no_such_symbol"));
    object_list_free(&list);
}

static void needed_names_its_dependencies(void **state)
{
    struct object_list list;
    const struct object *libc, *libcmocka;
    (void)state;
    object_list_read(&list);
    libc = named(&list, "libc.so.6");
    libcmocka = named(&list, "libcmocka.so.0");
    assert_true(object_needs(&list.items[0], libcmocka));
    assert_true(object_needs(libcmocka, libc));
    assert_false(object_needs(libc, libcmocka));
    object_list_free(&list);
}

static void unloading_changes_the_count(void **state)
{
    unsigned long long before = object_unload_count();
    void *library = dlopen("libm.so.6", RTLD_NOW);
    (void)state;
    assert_int_equal(object_unload_count(), before);
    if (library && dlclose(library) == 0 && !dlopen("libm.so.6", RTLD_NOW | RTLD_NOLOAD))
        assert_int_not_equal(object_unload_count(), before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(address_belongs_to_its_object),
        cmocka_unit_test(symbol_is_what_the_loader_finds),
        cmocka_unit_test(versions_are_read_on_both_sides),
        cmocka_unit_test(needed_names_its_dependencies),
        cmocka_unit_test(unloading_changes_the_count),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
