/* cave_servers - the secrets files of CAVE's clients: their server, mode and keys, no values. */
#include "cave/cave.h"
#include "talk/options.h"
#include "talk/output.h"
#include <string.h>

static size_t server_width(const synauth_cave_files *files)
{
    enum { LEAST = 6, MOST = 40 };
    size_t width = LEAST;
    synauth_cave_file file;
    for (size_t i = 0; synauth_cave_files_get(files, i, &file) == SYNAUTH_OK; i++) {
        size_t length = file.server ? strlen(file.server) : 0;
        if (length > width && length <= MOST)
            width = length;
    }
    return width + 2;
}

static void put_keys(const synauth_cave_file *file)
{
    for (size_t i = 0; i < file->key_count; i++) {
        fputs(i > 0 ? "," : "", stdout);
        put_text(stdout, file->keys[i]);
    }
    if (file->key_count == 0)
        putchar('-');
}

static void put_file(const synauth_cave_file *file, size_t width)
{
    put_padded(file->server ? file->server : "(any)", width);
    printf("%04o  ", file->mode);
    put_text(stdout, file->path);
    fputs("  ", stdout);
    if (file->problem) {
        fputs("unusable: ", stdout);
        put_text(stdout, file->problem);
    } else {
        put_keys(file);
    }
    putchar('\n');
}

int verb_servers(const struct command *self, int argc, char **argv)
{
    AUTO_CAVE_ARGUMENTS arguments = {0};
    synauth_cave_files *files = NULL;
    synauth_error error = {0};
    int status = cave_parse(self, "", 0, &arguments, &argc, argv);
    if (status != OPTIONS_DONE)
        return status;
    int code = synauth_cave_files_open(&files, &error);
    if (code != SYNAUTH_OK) {
        say_error(&error);
        return synauth_exit_code(code);
    }
    synauth_cave_file file;
    size_t width = server_width(files);
    for (size_t i = 0; synauth_cave_files_get(files, i, &file) == SYNAUTH_OK; i++)
        put_file(&file, width);
    if (synauth_cave_files_count(files) == 0)
        say("no secrets file in %s", synauth_cave_files_directory(files));
    synauth_cave_files_free(files);
    return output_finish(EXIT_YES);
}
