/* origin - scheme, host and port of a request, and the patterns of `match`. */
#include "rules/origin.h"

#include "base/ascii.h"
#include "base/error.h"

#include <arpa/inet.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

enum { PORT_HTTPS = 443, PORT_HTTP = 80, PORT_MAX = 65535, LABEL_MAX = 63 };

/* Host and port inside a longer text. port is NULL when no colon was written. */
struct url_authority {
    const char *host, *port;
    size_t host_length, port_length;
    bool is_ipv6;
};

/* What a character of a host name is in lower case; 0 for all others. A table, since ten thousand
   rules pass here. */
static const char host_chars[256] = {
    ['-'] = '-',      ['.'] = '.',      ['_'] = '_',
#define LETTER(upper, lower) [upper] = lower, [lower] = lower
    LETTER('A', 'a'), LETTER('B', 'b'), LETTER('C', 'c'), LETTER('D', 'd'), LETTER('E', 'e'),
    LETTER('F', 'f'), LETTER('G', 'g'), LETTER('H', 'h'), LETTER('I', 'i'), LETTER('J', 'j'),
    LETTER('K', 'k'), LETTER('L', 'l'), LETTER('M', 'm'), LETTER('N', 'n'), LETTER('O', 'o'),
    LETTER('P', 'p'), LETTER('Q', 'q'), LETTER('R', 'r'), LETTER('S', 's'), LETTER('T', 't'),
    LETTER('U', 'u'), LETTER('V', 'v'), LETTER('W', 'w'), LETTER('X', 'x'), LETTER('Y', 'y'),
    LETTER('Z', 'z'),
#undef LETTER
    ['0'] = '0',      ['1'] = '1',      ['2'] = '2',      ['3'] = '3',      ['4'] = '4',
    ['5'] = '5',      ['6'] = '6',      ['7'] = '7',      ['8'] = '8',      ['9'] = '9',
};

static bool equals_ascii(const char *text, size_t length, const char *lower)
{
    for (size_t i = 0; i < length; i++)
        if (ascii_lower(text[i]) != lower[i])
            return false; /* also at the end of `lower` */
    return lower[length] == '\0';
}

static bool scheme_from_name(const char *name, size_t length, enum origin_scheme *ret)
{
    if (equals_ascii(name, length, "https") || equals_ascii(name, length, "wss"))
        *ret = ORIGIN_HTTPS;
    else if (equals_ascii(name, length, "http") || equals_ascii(name, length, "ws"))
        *ret = ORIGIN_HTTP;
    else
        return false;
    return true;
}

static unsigned default_port(enum origin_scheme scheme)
{
    return scheme == ORIGIN_HTTPS ? PORT_HTTPS : PORT_HTTP;
}

static bool parse_port(const char *text, size_t length, unsigned *ret)
{
    uint64_t port;
    if (ascii_read_number(text, PORT_MAX, &port) != text + length || port == 0)
        return false;
    *ret = (unsigned)port;
    return true;
}

/* One spelling for each address, so that [0:0::1] equals [::1]. */
static bool copy_ipv6(const char *text, size_t length, char *host)
{
    char literal[INET6_ADDRSTRLEN];
    struct in6_addr address;
    if (length >= sizeof literal)
        return false;
    memcpy(literal, text, length);
    literal[length] = '\0';
    return inet_pton(AF_INET6, literal, &address) == 1 &&
           inet_ntop(AF_INET6, &address, host, INET6_ADDRSTRLEN);
}

/* What one pass over a host name has found. */
struct host_name {
    size_t length; /* of what was copied: up to the first character that no host name has */
    size_t labels;
    bool has_empty_label, has_long_label;
};

/* Copies a host name in lower case, at most ORIGIN_HOST_MAX of it. */
static struct host_name copy_name(const char *text, char *host)
{
    struct host_name name = {.labels = 1};
    size_t length = 0, start = 0; /* of the current label */
    for (; length < ORIGIN_HOST_MAX; length++) {
        char c = host_chars[(unsigned char)text[length]];
        host[length] = c;
        if (c == '\0')
            break;
        if (c != '.')
            continue;
        name.has_empty_label |= length == start;
        name.has_long_label |= length - start > LABEL_MAX;
        name.labels++;
        start = length + 1;
    }
    host[length] = '\0';
    name.length = length;
    name.has_empty_label |= length == 0; /* a dot at the end is told apart by the caller */
    name.has_long_label |= length - start > LABEL_MAX;
    return name;
}

/* false when `length` bytes of text are anything but a host name. */
static bool copy_whole_name(const char *text, size_t length, char *host)
{
    return length > 0 && copy_name(text, host).length == length;
}

/* Splits host[:port] or [v6][:port] of `length` bytes. Returns a problem or NULL. */
static const char *split_authority(const char *text, size_t length, struct url_authority *ret)
{
    const char *end = text + length, *host_end;
    *ret = (struct url_authority){.host = text};
    if (length > 0 && text[0] == '[') {
        host_end = memchr(text, ']', length);
        if (!host_end)
            return "the [ of an IPv6 address is not closed; write it as in [::1]";
        ret->is_ipv6 = true;
        ret->host++;
        ret->host_length = (size_t)(host_end++ - ret->host);
    } else {
        host_end = memchr(text, ':', length);
        if (!host_end)
            host_end = end;
        else if (memchr(host_end + 1, ':', (size_t)(end - host_end - 1)))
            return "an IPv6 address needs brackets; write it as in [::1]";
        ret->host_length = (size_t)(host_end - text);
    }
    if (host_end == end)
        return NULL;
    if (*host_end != ':')
        return "only a :port may follow the bracket; remove the rest";
    ret->port = host_end + 1;
    ret->port_length = (size_t)(end - ret->port);
    return NULL;
}

/* Whether a URL parser takes it for an IPv4 address: its last label is a number, perhaps in
   hexadecimal. */
static bool ends_in_number(const char *host)
{
    const char *dot = strrchr(host, '.');
    const char *label = dot ? dot + 1 : host;
    if (label[0] == '0' && label[1] == 'x')
        return label[2 + strspn(label + 2, "0123456789abcdef")] == '\0';
    return label[0] && label[strspn(label, "0123456789")] == '\0';
}

static bool is_ipv4(const char *host)
{
    struct in_addr address;
    return inet_pton(AF_INET, host, &address) == 1;
}

/* 127.1, 0177.0.0.1, 0x7f000001, 2130706433: libcurl asks for the URL's canonical form. */
static const char odd_address[] = "it is no IPv4 address; write its four numbers";

static int odd_address_problem(const char *host, const char *file, unsigned line,
                               synauth_error *error)
{
    char canonical[INET_ADDRSTRLEN];
    struct in_addr address;
    if (inet_aton(host, &address) == 0 ||
        !inet_ntop(AF_INET, &address, canonical, sizeof canonical))
        return error_set(error, SYNAUTH_E_CONFIG, file, line, "match \"%.120s\": %s", host,
                         odd_address);
    return error_set(error, SYNAUTH_E_CONFIG, file, line,
                     "match \"%.120s\": it is another spelling of %s; write that", host, canonical);
}

static const char *judge_name(const struct origin_pattern *pattern, const struct host_name *name)
{
    char last = name->length ? pattern->host[name->length - 1] : '\0';
    if (name->has_empty_label)
        return "a label is empty; write the host name without extra dots";
    if (last == '.')
        return "it ends in a dot; remove the dot";
    if (name->has_long_label)
        return "a label is longer than 63 characters; correct the host name";
    if ((ascii_hex_value(last) >= 0 || last == 'x') && ends_in_number(pattern->host)) {
        if (pattern->below)
            return "nothing is below an address; remove the *.";
        if (!is_ipv4(pattern->host))
            return odd_address;
    }
    if (pattern->below && name->labels < 2)
        return "it covers a whole top-level domain; name at least two labels, as in "
               "*.example.org";
    return NULL;
}

static const char *pattern_host(const struct url_authority *authority,
                                struct origin_pattern *pattern)
{
    const char *host = authority->host;
    size_t length = authority->host_length;
    if (authority->is_ipv6)
        return copy_ipv6(host, length, pattern->host)
                   ? NULL
                   : "it is no IPv6 address (zones are not understood); write it as in [::1]";
    pattern->below = length >= 2 && host[0] == '*' && host[1] == '.';
    if (pattern->below) {
        host += 2;
        length -= 2;
    }
    if (length == 0)
        return "it names no host; write one, such as data.example.org";
    if (memchr(host, '*', length))
        return "a * is understood only as a leading *. or as the port; write it as in "
               "*.example.org";
    if (length > ORIGIN_HOST_MAX)
        return "it is longer than 255 characters; correct the host name";
    struct host_name name = copy_name(host, pattern->host);
    if (name.length != length)
        return "a host name has letters, digits, - and _ only; correct it";
    return judge_name(pattern, &name);
}

static const char *pattern_port(const struct url_authority *authority,
                                struct origin_pattern *pattern)
{
    pattern->port = default_port(pattern->scheme);
    if (!authority->port)
        return NULL;
    if (authority->port_length == 1 && authority->port[0] == '*') {
        pattern->any_port = true;
        return NULL;
    }
    return parse_port(authority->port, authority->port_length, &pattern->port)
               ? NULL
               : "the port is bad; write 1 to 65535, or * for any";
}

static const char *judge_bytes(const char *text)
{
    for (; *text; text++) {
        unsigned char byte = (unsigned char)*text;
        if (byte >= 0x80)
            return "it is not ASCII; write the host name in its xn--... form";
        if (byte <= ' ' || byte == 0x7f)
            return "it holds white space or control characters; remove them";
        if (byte == '@')
            return "it holds user information; remove everything up to the @";
    }
    return NULL;
}

static const char *parse_parts(const char *text, struct origin_pattern *pattern)
{
    struct url_authority authority;
    const char *problem = judge_bytes(text);
    if (problem)
        return problem;
    const char *separator = strstr(text, "://");
    if (separator && !scheme_from_name(text, (size_t)(separator - text), &pattern->scheme))
        return "the scheme is unknown; write https:// or http://, or none for https";
    const char *rest = separator ? separator + 3 : text;
    size_t length = strlen(rest);
    if (strcspn(rest, "/\\?#") != length)
        return "a rule covers a whole host and has no path; remove everything behind the host";
    problem = split_authority(rest, length, &authority);
    if (!problem)
        problem = pattern_host(&authority, pattern);
    return problem ? problem : pattern_port(&authority, pattern);
}

static const char *parse_pattern(const char *text, struct origin_pattern *pattern)
{
    if (!text[0])
        return "it is empty; write a host name, such as data.example.org";
    pattern->below = text[0] == '*' && text[1] == '.';
    const char *host = text + (pattern->below ? 2 : 0);
    struct host_name name = copy_name(host, pattern->host);
    if (name.length == 0 || host[name.length] != '\0')
        return parse_parts(text, pattern);
    pattern->port = PORT_HTTPS; /* a name and nothing else, as most are */
    return judge_name(pattern, &name);
}

int origin_pattern_parse(const char *text, struct origin_pattern *ret, const char *file,
                         unsigned line, synauth_error *error)
{
    struct origin_pattern pattern;
    pattern.scheme = ORIGIN_HTTPS;
    pattern.any_port = pattern.below = false;
    const char *problem = parse_pattern(text, &pattern);
    if (problem && strchr(text, '@')) /* what stands before it may be a password */
        return error_set(error, SYNAUTH_E_CONFIG, file, line, "match: %s", problem);
    if (problem == odd_address)
        return odd_address_problem(pattern.host, file, line, error);
    if (problem) { /* a query may hold a token */
        size_t shown = strcspn(text, "?#");
        return error_set(error, SYNAUTH_E_CONFIG, file, line, "match \"%.*s\": %s",
                         (int)(shown < 120 ? shown : 120), text, problem);
    }
    /* As much of it as there is: the room for the longest host is most of a pattern. */
    memcpy(ret, &pattern, offsetof(struct origin_pattern, host) + strlen(pattern.host) + 1);
    return SYNAUTH_OK;
}

bool origin_from_parts(const char *scheme, const char *host, unsigned port, struct origin *ret)
{
    struct origin origin = {.port = port};
    size_t length = strlen(host);
    bool bracketed = length >= 2 && host[0] == '[' && host[length - 1] == ']';
    if (!scheme_from_name(scheme, strlen(scheme), &origin.scheme))
        return false;
    if (port == 0 || port > PORT_MAX)
        return false;
    if (bracketed           ? !copy_ipv6(host + 1, length - 2, origin.host)
        : strchr(host, ':') ? !copy_ipv6(host, length, origin.host)
                            : !copy_whole_name(host, length, origin.host))
        return false;
    if (length > 0 && host[length - 1] == '.')
        return false;
    *ret = origin;
    return true;
}

static const char *url_origin(const char *url, struct origin *origin, const char **ret_path)
{
    for (const char *byte = url; *byte; byte++)
        if ((unsigned char)*byte <= ' ' || *byte == 0x7f)
            return "the URL holds white space or control characters";
    const char *separator = strstr(url, "://");
    if (!separator || !scheme_from_name(url, (size_t)(separator - url), &origin->scheme))
        return "not an http or https URL; write it as in https://data.example.org/";
    const char *start = separator + 3;
    size_t length = strcspn(start, "/\\?#");
    struct url_authority authority;
    if (memchr(start, '@', length))
        return "the URL holds user information: such a request authenticates itself";
    if (start[length] == '\\')
        return "the URL holds a backslash; write /";
    const char *problem = split_authority(start, length, &authority);
    if (problem)
        return problem;
    if (authority.is_ipv6 ? !copy_ipv6(authority.host, authority.host_length, origin->host)
                          : !copy_whole_name(authority.host, authority.host_length, origin->host))
        return "the URL's host is no plain ASCII name or address (international names: xn--...)";
    origin->port = default_port(origin->scheme);
    if (authority.port_length > 0 &&
        !parse_port(authority.port, authority.port_length, &origin->port))
        return "the URL's port is bad; it must be 1 to 65535";
    *ret_path = start + length;
    return NULL;
}

int origin_from_url(const char *url, struct origin *ret, const char **ret_path,
                    synauth_error *error)
{
    struct origin origin = {.scheme = ORIGIN_HTTPS};
    const char *path = NULL;
    const char *problem = url_origin(url, &origin, &path);
    if (problem)
        return error_set(error, SYNAUTH_E_ARGUMENT, NULL, 0, "%s", problem);
    *ret = origin;
    if (ret_path)
        *ret_path = path;
    return SYNAUTH_OK;
}

void origin_host_port(const struct origin *origin, char *buffer, size_t size)
{
    bool is_ipv6 = strchr(origin->host, ':') != NULL;
    const char *open = is_ipv6 ? "[" : "", *close = is_ipv6 ? "]" : "";
    if (origin->port == PORT_HTTPS || origin->port == default_port(origin->scheme))
        snprintf(buffer, size, "%s%s%s", open, origin->host, close);
    else
        snprintf(buffer, size, "%s%s%s:%u", open, origin->host, close, origin->port);
}
