/* Tests of lib/rules/rules.c. */
#include "../../support/pattern_model.h"
#include "rules/rules.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

static struct rules *rules;

static int enter(void **state)
{
    (void)state;
    rules = rules_new();
    return rules ? 0 : -1;
}

static int leave(void **state)
{
    (void)state;
    rules_free(rules);
    return 0;
}

/* Patterns separated by blanks. */
static void add(const char *match)
{
    struct origin_pattern patterns[4];
    size_t count = 0;
    char copy[256], *rest = NULL;
    snprintf(copy, sizeof copy, "%s", match);
    for (char *word = strtok_r(copy, " ", &rest); word; word = strtok_r(NULL, " ", &rest))
        assert_int_equal(origin_pattern_parse(word, &patterns[count++], NULL, 0, NULL), SYNAUTH_OK);
    struct rule rule = {.match = match};
    assert_int_equal(rules_add(rules, &rule, patterns, count), SYNAUTH_OK);
}

static void seal(void)
{
    assert_int_equal(rules_seal(rules), SYNAUTH_OK);
}

static int find(const char *url)
{
    struct origin origin;
    assert_int_equal(origin_from_url(url, &origin, NULL, NULL), SYNAUTH_OK);
    const struct rule *rule = rules_match(rules, &origin);
    return rule ? (int)rule->index : -1;
}

static void rules_match_empty_table_has_none(void **state)
{
    (void)state;
    seal();
    assert_int_equal(find("https://a.org/"), -1);
    assert_null(rules_get(rules, 0));
}

static void rules_match_first_rule_wins(void **state)
{
    (void)state;
    add("*.a.org");
    add("x.a.org x.a.org:8443");
    add("x.a.org:*");
    add("x.a.org:8443");
    add("*.x.a.org");
    seal();
    assert_int_equal(find("https://x.a.org/"), 0);
    assert_int_equal(find("https://x.a.org:8443/"), 1);
    assert_int_equal(find("https://x.a.org:1/"), 2);
    assert_int_equal(find("https://y.x.a.org/"), 0);
    assert_int_equal(find("https://a.org/"), -1);
    assert_int_equal(find("http://x.a.org/"), -1);
}

static void rules_match_specific_rule_before_wildcard(void **state)
{
    (void)state;
    add("x.a.org");
    add("*.a.org:* *.b.a.org");
    add("http://*.a.org");
    seal();
    assert_int_equal(find("https://x.a.org/"), 0);
    assert_int_equal(find("https://x.a.org:1/"), 1);
    assert_int_equal(find("https://z.y.b.a.org/"), 1);
    assert_int_equal(find("http://q.a.org/"), 2);
    assert_int_equal(find("https://a.org/"), -1);
    assert_int_equal(find("https://a.org:1/"), -1);
}

static void rules_match_addresses_and_single_labels(void **state)
{
    (void)state;
    add("http://localhost:5000");
    add("[::1]:*");
    add("127.0.0.1");
    seal();
    assert_int_equal(find("http://LOCALHOST:5000/"), 0);
    assert_int_equal(find("https://[0:0::1]:7/"), 1);
    assert_int_equal(find("https://127.0.0.1/"), 2);
    assert_int_equal(find("https://x.localhost:5000/"), -1);
    assert_int_equal(find("https://1.127.0.0.1/"), -1);
}

/* The index against pattern_matches, over a small world in which rules often meet. */
static void rules_match_random_tables_agree_with_a_list(void **state)
{
    (void)state;
    static const char *const hosts[] = {"a.b",   "x.a.b",   "y.a.b",     "x.y.a.b", "b.a.b",
                                        "a.b.a", "a.b.a.b", "a.b.a.b.a", "aa.b",    "c"};
    static const char *const schemes[] = {"https", "http"};
    static const char *const ports[] = {"", ":1", ":443", ":80", ":*"};
    unsigned seed = 20240607;
    for (int round = 0; round < 200; round++) {
        struct origin_pattern patterns[12];
        rules_free(rules);
        rules = rules_new();
        for (size_t i = 0; i < 12; i++) {
            char text[64];
            const char *host = hosts[(unsigned)rand_r(&seed) % 10];
            bool below = strchr(host, '.') && rand_r(&seed) % 2;
            snprintf(text, sizeof text, "%s://%s%s%s", schemes[(unsigned)rand_r(&seed) % 2],
                     below ? "*." : "", host, ports[(unsigned)rand_r(&seed) % 5]);
            assert_int_equal(origin_pattern_parse(text, &patterns[i], NULL, 0, NULL), SYNAUTH_OK);
            struct rule rule = {.match = "x"};
            assert_int_equal(rules_add(rules, &rule, &patterns[i], 1), SYNAUTH_OK);
        }
        seal();
        for (size_t i = 0; i < 10 * 2 * 4; i++) {
            char url[64];
            struct origin origin;
            snprintf(url, sizeof url, "%s://%s%s/", schemes[i % 2], hosts[i / 8], ports[i / 2 % 4]);
            assert_int_equal(origin_from_url(url, &origin, NULL, NULL), SYNAUTH_OK);
            int expected = -1;
            for (int j = 11; j >= 0; j--)
                if (pattern_matches(&patterns[j], &origin))
                    expected = j;
            if (find(url) != expected)
                fail_msg("round %d, %s: rule %d, expected %d", round, url, find(url), expected);
        }
    }
}

static double seconds_for_matches(const char *url)
{
    struct origin origin;
    struct timespec start, end;
    assert_int_equal(origin_from_url(url, &origin, NULL, NULL), SYNAUTH_OK);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &start);
    for (int i = 0; i < 200000; i++)
        if (rules_match(rules, &origin))
            fail_msg("%s matches", url);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end);
    return (double)(end.tv_sec - start.tv_sec) + (double)(end.tv_nsec - start.tv_nsec) / 1e9;
}

/* A list would take a thousand times as long; the bound leaves room for a busy machine. */
static void rules_match_cost_does_not_grow_with_rules(void **state)
{
    (void)state;
    static const char url[] = "https://deep.below.host5.example.org:7/";
    for (int i = 0; i < 10; i++)
        add("other.example.org");
    seal();
    double few = seconds_for_matches(url);
    rules_free(rules);
    rules = rules_new();
    for (unsigned i = 0; i < 10000; i++) {
        char match[128];
        /* also many ports of one host, and of one domain */
        snprintf(match, sizeof match,
                 "host%u.example.org below.host5.example.org:%u *.example.org:%u", i, 10000 + i,
                 10000 + i);
        add(match);
    }
    seal();
    double many = seconds_for_matches(url);
    if (many > few * 20 + 0.02)
        fail_msg("%.4f s with ten rules, %.4f s with ten thousand", few, many);
}

static void rules_draft_changes_until_sealed(void **state)
{
    (void)state;
    add("a.org");
    rules_draft(rules, 0)->on_missing_fail = true;
    assert_null(rules_draft(rules, 1));
    seal();
    assert_true(rules_get(rules, 0)->on_missing_fail);
    assert_int_equal(rules_count(rules), 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, enter, leave)
    const struct CMUnitTest tests[] = {
        TEST(rules_match_empty_table_has_none),
        TEST(rules_match_first_rule_wins),
        TEST(rules_match_specific_rule_before_wildcard),
        TEST(rules_match_addresses_and_single_labels),
        TEST(rules_match_random_tables_agree_with_a_list),
        TEST(rules_match_cost_does_not_grow_with_rules),
        TEST(rules_draft_changes_until_sealed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
