/* What the ELF tables of this process say, against what the loader says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bind/symbols.h"
#include <dlfcn.h>
#include <string.h>

static const struct object *named(const struct object_list *list, const char *soname)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].soname && strcmp(list->items[i].soname, soname) == 0)
            return &list->items[i];
    return NULL;
}

static void see_address_belongs_to_its_object(const struct object_list *list, void *state)
{
    (void)state;
    assert_int_equal(object_at(list, (const void *)(uintptr_t)&see_address_belongs_to_its_object),
                     0);
    assert_string_equal(
        list->items[object_at(list, dlsym(RTLD_DEFAULT, "malloc_usable_size"))].name[0] ? "named"
                                                                                        : "",
        "named");
    assert_int_equal(object_at(list, NULL), -1);
}

static void see_symbol_is_what_the_loader_finds(const struct object_list *list, void *state)
{
    const struct object *libcmocka;
    (void)state;
    libcmocka = named(list, "libcmocka.so.0");
    assert_non_null(libcmocka);
    assert_ptr_equal(object_symbol(libcmocka, "_assert_true"), dlsym(RTLD_DEFAULT, "_assert_true"));
    assert_null(object_symbol(libcmocka, "no_such_symbol"));
    assert_null(object_symbol(libcmocka, "malloc")); /* used there, defined elsewhere */
    assert_string_equal(object_base_name(libcmocka), "libcmocka.so.0");
}

#ifdef __GLIBC__
static const struct object *libc_of(const struct object_list *list)
{
    return named(list, "libc.so.6");
}

static void see_versions_are_read_on_both_sides(const struct object_list *list, void *state)
{
    const struct object *libc = libc_of(list);
    (void)state;
    assert_non_null(libc);
    assert_non_null(object_symbol_version(libc, "getauxval"));
    assert_int_equal(strncmp(object_symbol_version(libc, "getauxval"), "GLIBC_2.", 8), 0);
    assert_string_equal(object_reference_version(&list->items[0], "dl_iterate_phdr"),
                        object_symbol_version(libc, "dl_iterate_phdr"));
    assert_null(object_reference_version(&list->items[0], "no_such_symbol"));
}

#else /* musl has no versions, and its libc no name that others need it by */
static void see_versions_are_read_on_both_sides(const struct object_list *list, void *state)
{
    (void)state;
    assert_null(object_symbol_version(named(list, "libcmocka.so.0"), "_assert_true"));
    assert_null(object_reference_version(&list->items[0], "dl_iterate_phdr"));
}
#endif

static void see_names_by_which_it_is_needed(const struct object_list *list, void *state)
{
    const struct object *libcmocka = named(list, "libcmocka.so.0");
    (void)state;
    assert_non_null(libcmocka);
    assert_true(object_is_called(libcmocka, "libcmocka.so.0"));
    if (libcmocka)
        assert_true(object_is_called(libcmocka, libcmocka->name));
    assert_false(object_is_called(libcmocka, "libcmocka"));
    assert_false(object_is_called(libcmocka, "libcmocka.so.0.0"));
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

/* A test that looks at the list. */
static void read_objects(void **state)
{
    void (*see)(const struct object_list *, void *);
    memcpy(&see, state, sizeof(see));
    assert_true(objects_read(see, NULL));
}
#define OBJECTS_TEST(name)                                             \
    {                                                                  \
#name, read_objects, NULL, NULL, (void *)(uintptr_t)see_##name \
    }

int main(void)
{
    const struct CMUnitTest tests[] = {
        OBJECTS_TEST(address_belongs_to_its_object),
        OBJECTS_TEST(symbol_is_what_the_loader_finds),
        OBJECTS_TEST(versions_are_read_on_both_sides),
        OBJECTS_TEST(names_by_which_it_is_needed),
        cmocka_unit_test(unloading_changes_the_count),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
