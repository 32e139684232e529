/* error - one mistake with its place: filling a synauth_error, and the table of codes. */
#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { EXIT_YES = 0, EXIT_NO = 1, EXIT_USAGE = 2, EXIT_CONFIG = 3 };
enum { EXIT_NO_TOKEN = 4, EXIT_UNUSABLE = 5, EXIT_NETWORK = 6 };

static const struct code {
    const char *name;
    const char *message;
    int exit_code;
} codes[] = {
    [SYNAUTH_OK] = {"SYNAUTH_OK", "no error", EXIT_YES},
    [SYNAUTH_E_ARGUMENT] = {"SYNAUTH_E_ARGUMENT", "the arguments make no sense", EXIT_USAGE},
    [SYNAUTH_E_CONFIG] = {"SYNAUTH_E_CONFIG", "the configuration is invalid", EXIT_CONFIG},
    [SYNAUTH_E_NO_TOKEN] = {"SYNAUTH_E_NO_TOKEN", "no source has a token", EXIT_NO_TOKEN},
    [SYNAUTH_E_UNUSABLE] = {"SYNAUTH_E_UNUSABLE", "a token or file cannot be used", EXIT_UNUSABLE},
    [SYNAUTH_E_NETWORK] = {"SYNAUTH_E_NETWORK", "a server could not be reached or refused",
                           EXIT_NETWORK},
    [SYNAUTH_E_IO] = {"SYNAUTH_E_IO", "a file could not be read or written", EXIT_UNUSABLE},
    [SYNAUTH_E_MEMORY] = {"SYNAUTH_E_MEMORY", "out of memory", EXIT_NO},
    [SYNAUTH_E_CAPTURED] = {"SYNAUTH_E_CAPTURED",
                            "the program's own functions stand in for those of a library we need",
                            EXIT_NO},
    [SYNAUTH_E_UNSUPPORTED] = {"SYNAUTH_E_UNSUPPORTED", "not yet available in this version",
                               EXIT_UNUSABLE},
    [SYNAUTH_E_NOT_ASKED] = {"SYNAUTH_E_NOT_ASKED", "a slow source was not asked", EXIT_UNUSABLE},
    [SYNAUTH_E_EXISTS] = {"SYNAUTH_E_EXISTS", "something is there already", EXIT_NO},
};

static const struct code *find_code(int code)
{
    static const struct code unknown = {"SYNAUTH_E_UNKNOWN", "unknown error", EXIT_NO};
    if (code < 0 || (size_t)code >= sizeof codes / sizeof codes[0])
        return &unknown;
    return &codes[code];
}

const char *synauth_code_name(int code)
{
    return find_code(code)->name;
}

const char *synauth_code_message(int code)
{
    return find_code(code)->message;
}

int synauth_exit_code(int code)
{
    return find_code(code)->exit_code;
}

/* The end of a path tells more than its beginning. */
static void copy_from_left(char *buffer, size_t size, const char *path)
{
    size_t length = strlen(path);
    if (length < size) {
        memcpy(buffer, path, length + 1);
        return;
    }
    static const char cut[] = "...";
    size_t kept = size - sizeof cut;
    memcpy(buffer, cut, sizeof cut - 1);
    memcpy(buffer + sizeof cut - 1, path + length - kept, kept + 1);
}

int error_set(synauth_error *error, int code, const char *file, unsigned line, const char *format,
              ...)
{
    if (!error || error->code != SYNAUTH_OK)
        return code;
    char raw[sizeof error->text];
    va_list arguments;
    va_start(arguments, format);
    int written = vsnprintf(raw, sizeof raw, format, arguments);
    va_end(arguments);
    if (written < 0)
        raw[0] = '\0';
    text_escape(error->text, sizeof error->text, raw, strlen(raw));
    copy_from_left(error->file, sizeof error->file, file ? file : "");
    error->line = file ? line : 0;
    error->code = code;
    return code;
}

int error_memory(synauth_error *error)
{
    return error_set(error, SYNAUTH_E_MEMORY, NULL, 0, "%s", codes[SYNAUTH_E_MEMORY].message);
}

void error_clear(synauth_error *error)
{
    if (error)
        *error = (synauth_error){0};
}

void error_format(const synauth_error *error, char *buffer, size_t size)
{
    if (size == 0)
        return;
    char file[4 * sizeof error->file];
    text_escape(file, sizeof file, error->file, strlen(error->file));
    if (!error->file[0])
        snprintf(buffer, size, "%s", error->text);
    else if (error->line == 0)
        snprintf(buffer, size, "%s: %s", file, error->text);
    else
        snprintf(buffer, size, "%s:%u: %s", file, error->line, error->text);
}
