/* ini_parse - reads an ini file in the dialect of Python's RawConfigParser; the steps and their
   order are those of CPython's configparser._read. */
#include "format/ini.h"

#include "base/ascii.h"
#include "base/error.h"
#include "base/utf8.h"
#include "format/ini_store.h"

#include <stdlib.h>
#include <string.h>

struct span {
    const char *text;
    size_t length;
};

struct ini_parser {
    struct ini *ini;
    const char *path;
    synauth_error *error;
    unsigned line;
    size_t indent;  /* of the last header or key, in code points */
    size_t section; /* node, or INI_NONE before the first header */
    size_t option;  /* node whose value is being collected, or INI_NONE */
    /* The lines of that value, still in the caller's text. */
    struct span *pieces;
    size_t piece_count;
    size_t piece_capacity;
};

static int mistake(const struct ini_parser *parser, const char *what)
{
    return error_set(parser->error, SYNAUTH_E_UNUSABLE, parser->path, parser->line, "%s", what);
}

static int out_of_memory(const struct ini_parser *parser)
{
    return error_set(parser->error, SYNAUTH_E_MEMORY, parser->path, parser->line, "out of memory");
}

/* Removes leading white space; returns how many code points it had. */
static size_t strip_left(struct span *span)
{
    size_t count = 0;
    uint32_t code_point;
    for (;;) {
        size_t width = utf8_decode(span->text, span->length, &code_point);
        if (width == 0 || !utf8_is_space(code_point))
            return count;
        span->text += width;
        span->length -= width;
        count++;
    }
}

/* No white space takes more than three bytes. */
static size_t last_space(const struct span *span)
{
    uint32_t code_point;
    for (size_t width = 1; width <= 3 && width <= span->length; width++) {
        const char *start = span->text + span->length - width;
        if (utf8_decode(start, width, &code_point) == width && utf8_is_space(code_point))
            return width;
    }
    return 0;
}

static void strip_right(struct span *span)
{
    size_t width;
    while ((width = last_space(span)) > 0)
        span->length -= width;
}

static int add_piece(struct ini_parser *parser, struct span piece)
{
    if (parser->piece_count == parser->piece_capacity) {
        size_t wanted = parser->piece_capacity ? parser->piece_capacity * 2 : 16;
        struct span *pieces = reallocarray(parser->pieces, wanted, sizeof *pieces);
        if (!pieces)
            return out_of_memory(parser);
        parser->pieces = pieces;
        parser->piece_capacity = wanted;
    }
    parser->pieces[parser->piece_count++] = piece;
    return SYNAUTH_OK;
}

/* '\n'.join(pieces).rstrip(): each piece is stripped already, so only empty ones go. */
static struct secret *join_pieces(const struct span *pieces, size_t count)
{
    size_t length = 0;
    while (count > 0 && pieces[count - 1].length == 0)
        count--;
    for (size_t i = 0; i < count; i++)
        length += pieces[i].length + (i > 0);
    struct secret *value = secret_alloc(length);
    if (!value)
        return NULL;
    char *end = secret_buffer(value);
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            *end++ = '\n';
        memcpy(end, pieces[i].text, pieces[i].length);
        end += pieces[i].length;
    }
    return value;
}

static int finish_option(struct ini_parser *parser)
{
    if (parser->option == INI_NONE)
        return SYNAUTH_OK;
    struct secret *value = join_pieces(parser->pieces, parser->piece_count);
    if (!value)
        return out_of_memory(parser);
    parser->ini->nodes[parser->option].value = value;
    parser->option = INI_NONE;
    parser->piece_count = 0;
    return SYNAUTH_OK;
}

/* `[` name `]`, up to the last bracket of the line; what follows it is ignored. */
static bool find_header(struct span line, struct span *ret_name)
{
    if (line.length == 0 || line.text[0] != '[')
        return false;
    const char *last = memrchr(line.text, ']', line.length);
    if (!last || last - line.text < 2)
        return false;
    *ret_name = (struct span){line.text + 1, (size_t)(last - line.text) - 1};
    return true;
}

static int enter_section(struct ini_parser *parser, struct span name)
{
    size_t found = ini_find(parser->ini, INI_ROOT, name.text, name.length);
    if (found == INI_DEFAULT) {
        parser->section = INI_DEFAULT;
        return SYNAUTH_OK;
    }
    if (found != INI_NONE)
        return mistake(parser, "this section is in the file already; merge the two");
    struct secret *copy = secret_new(name.text, name.length);
    parser->section = ini_add(parser->ini, INI_ROOT, copy, parser->line);
    return parser->section == INI_NONE ? out_of_memory(parser) : SYNAUTH_OK;
}

/* str.lower() as far as ASCII keys can tell: U+212A, the Kelvin sign, is the one other character
   that becomes an ASCII letter. */
static struct secret *lower_copy(struct span name)
{
    static const char kelvin[] = "\xe2\x84\xaa";
    size_t length = 0;
    AUTO_SECRET copy = secret_alloc(name.length);
    if (!copy)
        return NULL;
    char *bytes = secret_buffer(copy);
    for (size_t i = 0; i < name.length; i++) {
        char byte = ascii_lower(name.text[i]);
        if (name.length - i >= 3 && memcmp(name.text + i, kelvin, 3) == 0) {
            byte = 'k';
            i += 2;
        }
        bytes[length++] = byte;
    }
    return length == name.length ? secret_ref(copy) : secret_slice(copy, 0, length);
}

static const char *find_delimiter(struct span line)
{
    for (size_t i = 0; i < line.length; i++)
        if (line.text[i] == '=' || line.text[i] == ':')
            return line.text + i;
    return NULL;
}

static int enter_option(struct ini_parser *parser, struct span line)
{
    const char *delimiter = find_delimiter(line);
    if (!delimiter)
        return mistake(parser, "this line is no `key = value`, no [section] and no # comment");
    struct span name = {line.text, (size_t)(delimiter - line.text)};
    struct span value = {delimiter + 1, line.length - name.length - 1};
    strip_right(&name);
    strip_left(&value);
    if (name.length == 0)
        return mistake(parser, "there is no key before the `=`");
    AUTO_SECRET key = lower_copy(name);
    if (!key)
        return out_of_memory(parser);
    if (ini_find(parser->ini, parser->section, secret_bytes(key), secret_length(key)) != INI_NONE)
        return mistake(parser, "this key is in its section already; remove one of the two");
    parser->option = ini_add(parser->ini, parser->section, secret_ref(key), parser->line);
    return parser->option == INI_NONE ? out_of_memory(parser) : add_piece(parser, value);
}

static int parse_line(struct ini_parser *parser, struct span line)
{
    struct span name;
    size_t indent = strip_left(&line);
    strip_right(&line);
    if (line.length > 0 && (line.text[0] == '#' || line.text[0] == ';'))
        return SYNAUTH_OK;
    if (line.length == 0)
        return parser->option == INI_NONE ? SYNAUTH_OK : add_piece(parser, line);
    if (parser->option != INI_NONE && indent > parser->indent)
        return add_piece(parser, line);
    int code = finish_option(parser);
    if (code != SYNAUTH_OK)
        return code;
    parser->indent = indent;
    if (find_header(line, &name))
        return enter_section(parser, name);
    if (parser->section == INI_NONE)
        return mistake(parser, "there is text before the first [section]");
    return enter_option(parser, line);
}

/* Takes the next line off the text; LF, CRLF and CR end one. */
static struct span take_line(struct span *text)
{
    struct span line = {text->text, 0};
    while (line.length < text->length && line.text[line.length] != '\n' &&
           line.text[line.length] != '\r')
        line.length++;
    size_t taken = line.length;
    if (taken < text->length)
        taken += text->length - taken >= 2 && memcmp(line.text + taken, "\r\n", 2) == 0 ? 2 : 1;
    text->text += taken;
    text->length -= taken;
    return line;
}

static int parse_text(struct ini_parser *parser, struct span text)
{
    while (text.length > 0) {
        parser->line++;
        int code = parse_line(parser, take_line(&text));
        if (code != SYNAUTH_OK)
            return code;
    }
    return finish_option(parser);
}

int ini_parse(const char *text, size_t length, const char *path, struct ini **ret,
              synauth_error *error)
{
    struct ini_parser parser = {
        .path = path, .error = error, .section = INI_NONE, .option = INI_NONE, .ini = ini_new()};
    if (!parser.ini)
        return out_of_memory(&parser);
    size_t skipped = utf8_has_bom(text, length) ? UTF8_BOM_LENGTH : 0;
    int code = parse_text(&parser, (struct span){text + skipped, length - skipped});
    free(parser.pieces);
    if (code == SYNAUTH_OK)
        *ret = parser.ini;
    else
        ini_free(parser.ini);
    return code;
}
