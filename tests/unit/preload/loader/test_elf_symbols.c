/* The names in shared objects on disk: real ones, and the same with bytes cut off or changed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "elf_case.h"
#include "loader/elf_symbols.h"
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* cmocka's library: small, with functions of its own and others of libc. */
static const char *real_library(void)
{
    Dl_info info;
    void *found = dlsym(RTLD_DEFAULT, "_assert_true");

    assert_true(found && dladdr(found, &info));
    return info.dli_fname;
}

static char *read_whole(const char *path, size_t *ret_size)
{
    FILE *file = fopen(path, "r");
    char *bytes = malloc(1 << 22);

    assert_non_null(file);
    assert_non_null(bytes);
    *ret_size = fread(bytes, 1, 1 << 22, file);
    fclose(file);
    return bytes;
}

/* Reads all that there is to be read. */
static bool read_all(const char *path)
{
    struct elf_symbols symbols;
    bool taken = elf_symbols_read(path, &symbols);

    for (size_t i = 0; i < symbols.count; i++)
        assert_true(strlen(elf_symbols_name(&symbols, i)) <= symbols.file.strings_size);
    (void)elf_symbols_wants(&symbols, "dlsym");
    elf_symbols_free(&symbols);
    return taken;
}

static bool defines(const struct elf_symbols *symbols, const char *name)
{
    for (size_t i = 1; i < symbols->count; i++)
        if (symbols->items[i].st_shndx != SHN_UNDEF &&
            strcmp(elf_symbols_name(symbols, i), name) == 0)
            return true;
    return false;
}

static void names_of_a_real_library_are_all_there(void **state)
{
    struct elf_symbols symbols;
    (void)state;
    assert_true(elf_symbols_read(real_library(), &symbols));
    assert_true(elf_symbols_wants(&symbols, "malloc"));
    assert_false(elf_symbols_wants(&symbols, "dlsym"));
    assert_false(elf_symbols_wants(&symbols, "_assert_true"));
    assert_true(defines(&symbols, "_assert_true"));
    assert_true(defines(&symbols, "_cmocka_run_group_tests"));
    assert_false(defines(&symbols, "malloc"));
    elf_symbols_free(&symbols);
}

static void objects_without_a_table_are_refused(void **state)
{
    const struct elf_case wanted = {.needed = {"libc.so.6"}};
    (void)state;
    assert_false(read_all(elf_case_file("bare.so", &wanted)));
    assert_false(read_all(elf_case_path("missing.so")));
    assert_false(read_all("/dev/null"));
}

static void cut_files_end_well(void **state)
{
    size_t size;
    char *bytes = read_whole(real_library(), &size);
    (void)state;
    for (size_t length = 0; length < size; length += 1 + size / 199)
        read_all(elf_case_write("cut.so", bytes, length));
    free(bytes);
}

/* The headers and the tables at the beginning are where numbers matter. */
static void changed_files_end_well(void **state)
{
    size_t size, reach;
    char *bytes = read_whole(real_library(), &size);
    uint32_t random = 1;
    (void)state;
    reach = size < 16384 ? size : 16384;
    for (int round = 0; round < 500; round++) {
        char *copy = malloc(size);
        assert_non_null(copy);
        memcpy(copy, bytes, size);
        for (int i = 0; i < 20; i++) {
            random = random * 1664525u + 1013904223u;
            copy[64 + (random >> 8) % (reach - 64)] ^= (char)(random >> 24 | 1);
        }
        read_all(elf_case_write("changed.so", copy, size));
        free(copy);
    }
    free(bytes);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, elf_case_folder, elf_case_folder_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(names_of_a_real_library_are_all_there),
        TEST(objects_without_a_table_are_refused),
        TEST(cut_files_end_well),
        TEST(changed_files_end_well),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
