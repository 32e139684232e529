/* result - what the public API returns for one question: a decision, its reason, the header. */
#include "result.h"

#include "base/error.h"
#include "foreign/deps.h"
#include "source/synapse/signature.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { SIGNATURE_HEADERS = 3 };

struct synauth_result {
    enum synauth_decision decision;
    int code;
    char *reason;
    char *rule_match, *rule_file;
    unsigned rule_line;
    const char *service; /* static */
    struct secret *header;
    char *signature[SIGNATURE_HEADERS];
    struct answer answer;
    synauth_source source;
    synauth_tried *tried; /* views into answer.tried */
    char fingerprint[9];
};

const char *service_name(enum rule_service service)
{
    return service == SERVICE_CAVE ? "cave" : "synapse";
}

static void forget_signature(synauth_result *result)
{
    for (size_t i = 0; i < SIGNATURE_HEADERS; i++) {
        free(result->signature[i]);
        result->signature[i] = NULL;
    }
}

void synauth_result_free(synauth_result *result)
{
    if (!result)
        return;
    free(result->reason);
    free(result->rule_match);
    free(result->rule_file);
    free(result->tried);
    secret_unref(result->header);
    forget_signature(result);
    answer_free(&result->answer);
    explicit_bzero(result->fingerprint, sizeof result->fingerprint);
    free(result);
}

static bool copy_rule(synauth_result *result, const struct rule *rule)
{
    if (!rule)
        return true;
    result->rule_match = strdup(rule->match ? rule->match : "");
    result->rule_file = strdup(rule->file ? rule->file : "");
    result->rule_line = rule->line;
    result->service = service_name(rule->service);
    return result->rule_match && result->rule_file;
}

synauth_result *result_withheld(const struct rule *rule, enum synauth_decision decision, int code,
                                const char *reason)
{
    synauth_result *result = calloc(1, sizeof *result);
    if (!result)
        return NULL;
    answer_init(&result->answer);
    result->decision = decision;
    result->code = code;
    result->reason = strdup(reason);
    if (result->reason && copy_rule(result, rule))
        return result;
    synauth_result_free(result);
    return NULL;
}

int result_withhold(synauth_result *result, const char *reason)
{
    char *copy = strdup(reason);
    if (!copy)
        return SYNAUTH_E_MEMORY;
    free(result->reason);
    result->reason = copy;
    result->decision = SYNAUTH_WITHHOLD;
    result->code = SYNAUTH_OK;
    secret_unref(result->header);
    result->header = NULL;
    forget_signature(result);
    return SYNAUTH_OK;
}

static bool put_signature(synauth_result *result, const char *timestamp, const char *signature)
{
    const char *user = secret_bytes(result->answer.user);
    if (asprintf(&result->signature[0], "userId: %s", user) < 0)
        result->signature[0] = NULL;
    if (asprintf(&result->signature[1], "signatureTimestamp: %s", timestamp) < 0)
        result->signature[1] = NULL;
    if (asprintf(&result->signature[2], "signature: %s", signature) < 0)
        result->signature[2] = NULL;
    return result->signature[0] && result->signature[1] && result->signature[2];
}

int result_sign(synauth_result *result, const char *url)
{
    char timestamp[SIGNATURE_TIME_SIZE], signature[SIGNATURE_SIZE];
    size_t length = 0;
    if (result->answer.outcome != OUTCOME_SIGN)
        return SYNAUTH_OK;
    const char *path = signature_path(url, &length);
    if (!path)
        return result_withhold(result, "a path that clients may write differently (dot segments, "
                                       "characters to be encoded) is not signed");
    signature_time(time(NULL), timestamp);
    if (!signature_make(result->answer.value, secret_bytes(result->answer.user), path, length,
                        timestamp, signature))
        return result_withhold(result, "the library that signs is missing");
    char *reason = NULL;
    if (!put_signature(result, timestamp, signature) ||
        asprintf(&reason,
                 "the request is signed with the API key of %s (three headers: userId, "
                 "signatureTimestamp, signature)",
                 secret_bytes(result->answer.user)) < 0)
        return SYNAUTH_E_MEMORY;
    free(result->reason);
    result->reason = reason;
    result->decision = SYNAUTH_SEND;
    result->code = SYNAUTH_OK;
    return SYNAUTH_OK;
}

const char *synauth_result_signature(const synauth_result *result, size_t index)
{
    return index < SIGNATURE_HEADERS ? result->signature[index] : NULL;
}

static int code_of(enum outcome outcome)
{
    switch (outcome) {
    case OUTCOME_TOKEN:
        return SYNAUTH_OK;
    case OUTCOME_ABSENT:
        return SYNAUTH_E_NO_TOKEN;
    case OUTCOME_NOT_ASKED:
        return SYNAUTH_E_NOT_ASKED;
    case OUTCOME_SIGN:
        return SYNAUTH_E_UNSUPPORTED; /* until there is a request to sign: result_sign */
    case OUTCOME_UNUSABLE:
    default:
        return SYNAUTH_E_UNUSABLE;
    }
}

static bool set_fingerprint(synauth_result *result)
{
    enum { SHOWN_BYTES = 4 };
    struct sha256_ctx context;
    uint8_t digest[SHA256_DIGEST_SIZE];
    const struct deps *deps = deps_get(NULL);
    const struct secret *token = result->answer.value;
    if (!deps)
        return false;
    deps->nettle_sha256_init(&context);
    deps->nettle_sha256_update(&context, secret_length(token),
                               (const uint8_t *)secret_bytes(token));
    deps->nettle_sha256_digest(&context, sizeof digest, digest);
    for (size_t i = 0; i < SHOWN_BYTES; i++)
        snprintf(result->fingerprint + 2 * i, 3, "%02x", digest[i]);
    explicit_bzero(&context, sizeof context);
    explicit_bzero(digest, sizeof digest);
    return true;
}

static bool set_token(synauth_result *result)
{
    const struct provenance *source = &result->answer.source;
    const char *what = source->name ? source->name : source->kind;
    result->decision = SYNAUTH_SEND;
    result->header = secret_join("Authorization: Bearer ", result->answer.value);
    if (source->path &&
        asprintf(&result->reason, "the token is from %s (%s)", what, source->path) < 0)
        result->reason = NULL;
    if (!source->path && asprintf(&result->reason, "the token is from %s", what) < 0)
        result->reason = NULL;
    return result->header && result->reason && set_fingerprint(result);
}

static bool set_answer(synauth_result *result)
{
    const struct answer *answer = &result->answer;
    result->code = code_of(answer->outcome);
    result->source = (synauth_source){.kind = answer->source.kind,
                                      .name = answer->source.name,
                                      .path = answer->source.path,
                                      .line = answer->source.line,
                                      .key = answer->source.key};
    if (answer->tried_count > 0) {
        result->tried = calloc(answer->tried_count, sizeof *result->tried);
        if (!result->tried)
            return false;
    }
    for (size_t i = 0; i < answer->tried_count; i++)
        result->tried[i] = (synauth_tried){.kind = answer->tried[i].kind,
                                           .name = answer->tried[i].name,
                                           .outcome = answer->tried[i].outcome};
    if (answer->outcome == OUTCOME_TOKEN)
        return set_token(result);
    result->decision = SYNAUTH_WITHHOLD;
    result->reason = strdup(answer_reason(answer));
    return result->reason != NULL;
}

int result_from_answer(const struct rule *rule, const char *service, struct answer *answer,
                       synauth_result **ret, synauth_error *error)
{
    synauth_result *result = calloc(1, sizeof *result);
    if (!result) {
        answer_free(answer);
        return error_memory(error);
    }
    result->answer = *answer;
    answer_init(answer);
    result->service = service;
    if (!copy_rule(result, rule) || result->answer.short_of_memory || !set_answer(result)) {
        synauth_result_free(result);
        return error_memory(error);
    }
    *ret = result;
    return SYNAUTH_OK;
}

const char *synauth_result_header(const synauth_result *result)
{
    return secret_bytes(result->header);
}

const char *synauth_result_token(const synauth_result *result)
{
    return result->header ? secret_bytes(result->answer.value) : NULL;
}

enum synauth_decision synauth_result_decision(const synauth_result *result)
{
    return result->decision;
}

int synauth_result_code(const synauth_result *result)
{
    return result->code;
}

const char *synauth_result_reason(const synauth_result *result)
{
    return result->reason;
}

const char *synauth_result_rule_match(const synauth_result *result)
{
    return result->rule_match;
}

const char *synauth_result_rule_file(const synauth_result *result)
{
    return result->rule_file;
}

unsigned synauth_result_rule_line(const synauth_result *result)
{
    return result->rule_line;
}

const char *synauth_result_service(const synauth_result *result)
{
    return result->service;
}

const synauth_source *synauth_result_source(const synauth_result *result)
{
    return result->source.kind ? &result->source : NULL;
}

const char *synauth_result_fingerprint(const synauth_result *result)
{
    return result->fingerprint[0] ? result->fingerprint : NULL;
}

size_t synauth_result_tried_count(const synauth_result *result)
{
    return result->answer.tried_count;
}

const synauth_tried *synauth_result_tried(const synauth_result *result, size_t index)
{
    return index < result->answer.tried_count ? &result->tried[index] : NULL;
}

size_t synauth_result_warning_count(const synauth_result *result)
{
    return result->answer.warning_count;
}

const char *synauth_result_warning(const synauth_result *result, size_t index)
{
    return index < result->answer.warning_count ? result->answer.warnings[index] : NULL;
}
