/* cookie_file - might a cookie file of libcurl's hold a cookie of that name? */
#include "file/cookie_file.h"

#include "base/ascii.h"
#include "base/cleanup.h"
#include "file/file_read.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

static bool line_has(const char *line, size_t length, const char *name, bool any_line)
{
    static const char header[] = "Set-Cookie:";
    bool is_header = length >= sizeof header - 1 && ascii_equal_n(line, header, sizeof header - 1);
    return (any_line || is_header) && memmem(line, length, name, strlen(name));
}

bool cookie_text_has(const char *text, size_t length, const char *name, bool any_line)
{
    const char *end = text + length;
    while (text < end) {
        const char *feed = memchr(text, '\n', (size_t)(end - text));
        const char *next = feed ? feed + 1 : end;
        if (line_has(text, (size_t)(next - text), name, any_line))
            return true;
        text = next;
    }
    return false;
}

/* Something that could be read, but not twice, or too large for us. */
static bool is_for_libcurl_alone(const char *path)
{
    struct stat status;
    if (strcmp(path, "-") == 0)
        return true;
    if (stat(path, &status) != 0)
        return false;
    return S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode) ||
           (S_ISREG(status.st_mode) && (size_t)status.st_size > CREDENTIAL_FILE_MAX);
}

bool cookie_file_has(const char *path, const char *name, bool any_line)
{
    AUTO_SECRET content = NULL;
    int saved_errno = errno;
    bool found =
        is_for_libcurl_alone(path) ||
        (file_read(path, CREDENTIAL_FILE_MAX, FILE_TRUST_ANY, &content, NULL, NULL) == FILE_OK &&
         cookie_text_has(secret_bytes(content), secret_length(content), name, any_line));
    errno = saved_errno;
    return found;
}
