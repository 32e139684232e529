/* Our token in debug output: whole, in pieces of every size, cut, and beside what must stay. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "remember/redact.h"
#include <stdlib.h>
#include <string.h>

static const char bearer_request[] =
    "GET /x HTTP/1.1\r\nHost: h.org\r\nProxy-Authorization: Bearer other\r\n"
    "Authorization: Bearer s3cr3t-t0k3n\r\nAccept: */*\r\n\r\n"
    "Authorization: Bearer body\r\n";
static const char bearer_shown[] =
    "GET /x HTTP/1.1\r\nHost: h.org\r\nProxy-Authorization: Bearer other\r\n"
    "Authorization: Bearer [synauth]\r\nAccept: */*\r\n\r\n"
    "Authorization: Bearer body\r\n";

static void assert_block(const char *request, const char *shown)
{
    const size_t length = strlen(request);
    for (size_t piece = 1; piece <= length; piece++) {
        struct redaction redaction = {0};
        char result[512];
        size_t written = 0;
        for (size_t at = 0; at < length; at += piece) {
            size_t part = length - at < piece ? length - at : piece;
            char *out = malloc(part + REDACT_ROOM);
            size_t count = redact_header_piece(&redaction, request + at, part, out);
            assert_true(count <= part + REDACT_ROOM);
            memcpy(result + written, out, count);
            written += count;
            free(out);
        }
        assert_int_equal(written, strlen(shown));
        assert_memory_equal(result, shown, written);
    }
}

static const char signed_request[] =
    "GET /x HTTP/1.1\r\nuserId: alice\r\nsignatureTimestamp: 2026-01-01T00:00:00.000Z\r\n"
    "X-Signature: mine\r\nsignature: c2VjcmV0IHNpZ25hdHVyZQ==\r\nAccept: */*\r\n\r\n"
    "signature: body\r\n";
static const char signed_shown[] =
    "GET /x HTTP/1.1\r\nuserId: alice\r\nsignatureTimestamp: 2026-01-01T00:00:00.000Z\r\n"
    "X-Signature: mine\r\nsignature: [synauth]\r\nAccept: */*\r\n\r\n"
    "signature: body\r\n";

static void header_block_in_pieces_of_every_size_reads_the_same(void **state)
{
    (void)state;
    assert_block(bearer_request, bearer_shown);
    assert_block(signed_request, signed_shown);
    assert_block("GET /x HTTP/1.1\r\nSession: 1\r\nauthorization: bearer t\r\n\r\n",
                 "GET /x HTTP/1.1\r\nSession: 1\r\nauthorization: bearer [synauth]\r\n\r\n");
}

static void a_name_in_two_lines_is_none(void **state)
{
    (void)state;
    assert_block("GET /x HTTP/1.1\r\nauthor\r\nization: bearer t\r\n\r\n",
                 "GET /x HTTP/1.1\r\nauthor\r\nization: bearer t\r\n\r\n");
}

/* There is room for two replacements when the first secret has two bytes. */
static void a_replacement_without_room_is_left_out(void **state)
{
    static const char two[] = "Authorization: Bearer ab\r\nsignature: x\r\n\r\n";
    static const char one[] = "Authorization: Bearer a\r\nsignature: x\r\n\r\n";
    char out[sizeof two + REDACT_ROOM];
    struct redaction redaction = {0};
    size_t written = redact_header_piece(&redaction, two, sizeof two - 1, out);
    (void)state;
    out[written] = '\0';
    assert_string_equal(out, "Authorization: Bearer [synauth]\r\nsignature: [synauth]\r\n\r\n");
    redaction = (struct redaction){0};
    written = redact_header_piece(&redaction, one, sizeof one - 1, out);
    out[written] = '\0';
    assert_string_equal(out, "Authorization: Bearer [synauth]\r\nsignature: \r\n\r\n");
}

static void token_of_any_length_is_replaced(void **state)
{
    static const size_t lengths[] = {1, 29, 2100, 8192};
    (void)state;
    for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
        size_t length = lengths[i] + 26;
        char *line = malloc(length), *out = malloc(length + REDACT_ROOM);
        struct redaction redaction = {0};
        memcpy(line, "authorization: bearer ", 22);
        memset(line + 22, 'k', lengths[i]);
        memcpy(line + 22 + lengths[i], "\r\n\r\n", 4);
        assert_int_equal(redact_header_piece(&redaction, line, length, out), 35);
        assert_memory_equal(out, "authorization: bearer [synauth]\r\n\r\n", 35);
        free(line);
        free(out);
    }
}

static void assert_info(const char *line, const char *expected)
{
    char out[512];
    size_t written = redact_info_line(line, strlen(line), out);
    assert_int_equal(written, strlen(expected));
    assert_memory_equal(out, expected, written);
}

static void information_line_is_redacted_cut_or_not(void **state)
{
    (void)state;
    assert_info("[HTTP/2] [1] [authorization: Bearer abc]\n",
                "[HTTP/2] [1] [authorization: Bearer [synauth]]\n");
    assert_info("h2h3 [authorization: Bearer abc]de]\n",
                "h2h3 [authorization: Bearer [synauth]]\n");
    assert_info("h2h3 [Authorization: Bearer abcdef", "h2h3 [Authorization: Bearer [synauth]");
    assert_info("h2h3 [Authorization: Bearer abcdef\n", "h2h3 [Authorization: Bearer [synauth]\n");
    assert_info("[HTTP/2] [1] [signature: YWJj]\n", "[HTTP/2] [1] [signature: [synauth]]\n");
    assert_info("h2h3 [x-signature: YWJj]\n", "h2h3 [x-signature: YWJj]\n");
    assert_info("h2h3 [signaturetimestamp: 1]\n", "h2h3 [signaturetimestamp: 1]\n");
    assert_info("   Signature: 30:44:02\n", "   Signature: 30:44:02\n"); /* of a certificate */
    assert_info("Connected to h.org\n", "Connected to h.org\n");
    assert_info("[proxy-authorization: Bearer abc]\n", "[proxy-authorization: Bearer abc]\n");
    assert_info("xauthorization: Bearer abc", "xauthorization: Bearer abc");
    assert_info("x_authorization: Bearer abc", "x_authorization: Bearer abc");
    assert_info("authorization: Bearer abc", "authorization: Bearer [synauth]");
    assert_info("a authorization: Bearer abc", "a authorization: Bearer [synauth]");
    assert_info("authorization: Bearer ", "authorization: Bearer [synauth]");
    assert_info("authorization: Bearer abc\r\n", "authorization: Bearer [synauth]\r\n");
    assert_info("[authorization: Bearer abc]\r\n", "[authorization: Bearer [synauth]]\r\n");
    assert_info(" signature: abc", " signature: abc");
    char out[64];
    assert_int_equal(redact_info_line("x [authorization: Bearer abc", 20, out), 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(header_block_in_pieces_of_every_size_reads_the_same),
        cmocka_unit_test(a_name_in_two_lines_is_none),
        cmocka_unit_test(a_replacement_without_room_is_left_out),
        cmocka_unit_test(token_of_any_length_is_replaced),
        cmocka_unit_test(information_line_is_redacted_cut_or_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
