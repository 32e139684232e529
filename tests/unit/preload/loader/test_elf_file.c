/* Shared objects on disk, whole and broken in every place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "loader/elf_file.h"
#include "elf_case.h"
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct elf_case whole = {.needed = {"libcurl.so.4", "libc.so.6"}, .runpath = "/x"};

/* Reads all that there is to be read; returns whether elf_file_read took the file. */
static bool read_all(const char *path)
{
    struct elf_file file;
    bool taken = elf_file_read(path, &file);

    for (const ElfW(Dyn) *entry = file.dynamic; taken && entry->d_tag != DT_NULL; entry++)
        assert_true(strlen(elf_file_string(&file, entry)) <= file.strings_size);
    elf_file_free(&file);
    return taken;
}

static bool read_bytes(const void *bytes, size_t size)
{
    return read_all(elf_case_write("file", bytes, size));
}

static void whole_file_gives_its_names(void **state)
{
    struct elf_file file;
    (void)state;
    assert_true(elf_file_read(elf_case_file("whole", &whole), &file));
    assert_int_equal(file.dynamic[0].d_tag, DT_NEEDED);
    assert_string_equal(elf_file_string(&file, &file.dynamic[0]), "libcurl.so.4");
    assert_string_equal(elf_file_string(&file, &file.dynamic[1]), "libc.so.6");
    assert_string_equal(elf_file_string(&file, &file.dynamic[2]), "/x");
    file.dynamic[0].d_un.d_val = file.strings_size;
    assert_string_equal(elf_file_string(&file, &file.dynamic[0]), "");
    elf_file_free(&file);
    assert_null(file.dynamic);
}

static void every_shorter_file_is_refused(void **state)
{
    size_t size;
    struct elf_layout *layout = elf_case_make(&whole, &size);
    (void)state;
    for (size_t shorter = 0; shorter < size; shorter++)
        assert_false(read_bytes(layout, shorter));
    assert_true(read_bytes(layout, size));
    free(layout);
}

static void every_wrong_byte_is_survived(void **state)
{
    static const unsigned char wrong[] = {0x00, 0x01, 0x7f, 0x80, 0xff};
    size_t size, refused = 0;
    struct elf_layout *layout = elf_case_make(&whole, &size);
    unsigned char *bytes = (unsigned char *)layout;
    (void)state;
    for (size_t i = 0; i < size; i++) {
        unsigned char right = bytes[i];
        for (size_t j = 0; j < sizeof(wrong); j++) {
            bytes[i] = wrong[j];
            refused += !read_bytes(bytes, size);
        }
        bytes[i] = right;
    }
    assert_true(refused > 100);
    free(layout);
}

static void other_kinds_of_object_are_refused(void **state)
{
    size_t size;
    struct elf_layout *layout = elf_case_make(&whole, &size);
    unsigned char *ident = layout->header.e_ident;
    (void)state;
    ident[EI_CLASS] ^= ELFCLASS32 ^ ELFCLASS64;
    assert_false(read_bytes(layout, size));
    ident[EI_CLASS] ^= ELFCLASS32 ^ ELFCLASS64;
    ident[EI_DATA] ^= ELFDATA2LSB ^ ELFDATA2MSB;
    assert_false(read_bytes(layout, size));
    ident[EI_DATA] ^= ELFDATA2LSB ^ ELFDATA2MSB;
    layout->header.e_type = ET_REL;
    assert_false(read_bytes(layout, size));
    layout->header.e_type = ET_EXEC; /* a program, which may have RPATHs for its plugins */
    assert_true(read_bytes(layout, size));
    layout->header.e_machine ^= 1;
    assert_false(read_bytes(layout, size));
    layout->header.e_machine ^= 1;
    layout->header.e_type = ET_DYN;
    assert_true(read_bytes(layout, size));
    free(layout);
}

/* One number of a file replaced. */
#define REFUSED_WITH(member, value)                               \
    do {                                                          \
        struct elf_layout *layout = elf_case_make(&whole, &size); \
        layout->member = (__typeof__(layout->member))(value);     \
        assert_false(read_bytes(layout, size));                   \
        free(layout);                                             \
    } while (0)

static void sizes_and_places_out_of_the_file_are_refused(void **state)
{
    size_t size;
    (void)state;
    REFUSED_WITH(header.e_phoff, -1);
    REFUSED_WITH(header.e_phoff, size);
    REFUSED_WITH(header.e_phnum, 0);
    REFUSED_WITH(header.e_phnum, 0xffff);
    REFUSED_WITH(header.e_phentsize, 1);
    REFUSED_WITH(dynamic_segment.p_filesz, -1);
    REFUSED_WITH(dynamic_segment.p_filesz, 0);
    REFUSED_WITH(dynamic_segment.p_offset, -1);
    REFUSED_WITH(dynamic_segment.p_offset, size);
    REFUSED_WITH(load.p_filesz, 0);
    REFUSED_WITH(load.p_offset, -(long)sizeof(struct elf_layout) - 1);
    REFUSED_WITH(dynamic[3].d_un.d_val, -1); /* DT_STRTAB */
    REFUSED_WITH(dynamic[4].d_un.d_val, -1); /* DT_STRSZ */
    REFUSED_WITH(dynamic[4].d_un.d_val, size);
    REFUSED_WITH(dynamic[4].d_un.d_val, 0);
}

static void dynamic_section_that_ends_in_an_entry_ends_there(void **state)
{
    size_t size;
    struct elf_layout *layout = elf_case_make(&whole, &size);
    size_t entry = sizeof(layout->dynamic[0]);
    (void)state;
    layout->dynamic[5].d_tag = DT_FLAGS;
    for (size_t end = 5 * entry; end <= 6 * entry; end++) {
        layout->dynamic_segment.p_filesz = end;
        assert_true(read_bytes(layout, size));
    }
    free(layout);
}

static void what_is_no_file_is_refused_at_once(void **state)
{
    (void)state;
    assert_int_equal(mkfifo(elf_case_path("fifo"), 0600), 0);
    assert_int_equal(mkdir(elf_case_path("folder"), 0700), 0);
    alarm(10);
    assert_false(read_all(elf_case_path("fifo")));
    alarm(0);
    assert_false(read_all(elf_case_path("folder")));
    assert_false(read_all(elf_case_path("missing")));
    assert_false(read_all("/dev/zero"));
    assert_false(read_all("/dev/null"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, elf_case_folder, elf_case_folder_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(whole_file_gives_its_names),
        TEST(every_shorter_file_is_refused),
        TEST(every_wrong_byte_is_survived),
        TEST(other_kinds_of_object_are_refused),
        TEST(sizes_and_places_out_of_the_file_are_refused),
        TEST(dynamic_section_that_ends_in_an_entry_ends_there),
        TEST(what_is_no_file_is_refused_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
