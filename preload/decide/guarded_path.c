/* guarded_path - the CAVE paths that make tokens by GET. */
#include "decide/guarded_path.h"
#include "base/ascii.h"
#include <string.h>

/* The path behind scheme and authority; the text itself when it has none. */
static const char *path_of(const char *text)
{
    const char *authority = text[0] == '/' ? NULL : strstr(text, "://");
    return authority ? authority + 3 + strcspn(authority + 3, "/?#") : text;
}

/* Length of the last segment of out, its slash included. */
static size_t last_segment(const char *out, size_t length)
{
    size_t start = length;
    while (start > 0 && out[start - 1] != '/')
        start--;
    return start > 0 ? length - (start - 1) : length;
}

/* Removes `.` and `..` (RFC 3986, 5.2.4). false when the path is longer than the buffer. */
static bool collapse(const char *path, size_t length, char *out, size_t size)
{
    size_t written = 0;

    while (length > 0) {
        size_t segment = 1 + strcspn(path + 1, "/");
        if (segment > length)
            segment = length;
        if (segment == 3 && memcmp(path, "/..", 3) == 0) {
            written -= last_segment(out, written);
        } else if (segment != 2 || memcmp(path, "/.", 2) != 0) {
            if (written + segment >= size)
                return false;
            memcpy(out + written, path, segment);
            written += segment;
        }
        path += segment;
        length -= segment;
    }
    out[written] = '\0';
    return true;
}

static bool starts_with(const char *path, const char *folder)
{
    size_t length = strlen(folder);
    return ascii_starts_with(path, folder) && (path[length] == '/' || path[length] == '\0');
}

bool path_is_guarded(const char *url_or_path)
{
    const char *path = path_of(url_or_path);
    size_t length = strcspn(path, "?#");
    char collapsed[2048];

    if (length == 0)
        return false;
    if (path[0] != '/')
        return true;
    for (size_t i = 0; i < length; i++)
        if (path[i] == '%' || path[i] == ';' || path[i] == '\\' ||
            (path[i] == '/' && i + 1 < length && path[i + 1] == '/'))
            return true;
    if (!collapse(path, length, collapsed, sizeof(collapsed)))
        return true;
    return starts_with(collapsed, "/auth") || starts_with(collapsed, "/sticky_auth");
}
