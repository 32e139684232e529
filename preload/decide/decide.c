/* decide - may this request carry a token? */
#include "decide/decide.h"
#include "base/log.h"
#include "base/loopback.h"
#include "decide/early_data.h"
#include "decide/guarded_path.h"
#include "decide/program_credentials.h"
#include "decide/surroundings.h"
#include <stdio.h>
#include <string.h>

static void say_debug(const struct transfer *transfer, const struct surroundings *around,
                      const char *what, const char *why)
{
    if (around->debug)
        log_write(LEVEL_DEBUG, "%s: %s (%s)", transfer->authority->origin.host, what, why);
}

static char *program_url_text(const struct transfer *transfer)
{
    char *text = NULL;
    const struct binding *curl = transfer->curl;

    if (!curl->url_get ||
        curl->url_get(transfer->program.url_handle, CURLUPART_URL, &text, 0) != CURLUE_OK)
        return NULL;
    return text;
}

static long redirect_count(const struct transfer *transfer)
{
    long count = 0;

    if (transfer->curl->easy_getinfo(transfer->handle, CURLINFO_REDIRECT_COUNT, &count) != CURLE_OK)
        return 0;
    return count;
}

/* A CURLU is read by libcurl when the transfer begins and again when it connects; what it says now
   counts only if it has said the same all along. */
const char *decide_url(struct transfer *transfer, char **ret_owned)
{
    const struct binding *curl = transfer->curl;
    const char *first = transfer->url_handle_text;
    char *url = NULL, *now;

    *ret_owned = NULL;
    if (curl->easy_getinfo(transfer->handle, CURLINFO_EFFECTIVE_URL, &url) != CURLE_OK)
        return NULL;
    if (!transfer->program.url_handle || redirect_count(transfer) > 0)
        return url;
    if (transfer->url_handle_hidden) {
        log_once(LEVEL_DEBUG, "url handle",
                 "no token is sent: a CURLU in a multi handle on a handle that had another URL "
                 "before, with libcurl before 8.12");
        transfer->standing_back = true; /* the CURLU may name a user, also for what follows */
        return NULL;
    }
    now = program_url_text(transfer);
    if (!first)
        first = url;
    if (!now || !first || strcmp(now, first) != 0) {
        /* From 8.12 on libcurl does not report the user that a CURLU names. */
        transfer->standing_back = transfer->standing_back || !now || authority_text_has_user(now);
        curl->free(now);
        return NULL;
    }
    *ret_owned = now;
    return now;
}

/* Does the peer's port say which port the request names? Not behind a proxy. */
static bool port_is_told(const struct transfer *transfer, const struct peer *peer)
{
    const struct program_options *program = &transfer->program;

    return peer->port > 0 && !program->proxy && !program->port_hidden &&
           !surroundings_proxy_for_anything();
}

/* CURLOPT_PORT takes the place of the URL's port, but not after an absolute redirect. Where the two
   readings of a later request differ, the port that libcurl has connected to decides. */
static const struct authority *authority_now(struct transfer *transfer, const char *url,
                                             const struct peer *peer)
{
    const struct authority *last = transfer->authority, *plain;
    const struct authority *moved =
        authority_of(url, transfer->program.port, last, transfer->curl, transfer->resolver);
    bool told;

    if (!moved || !transfer->program.port || transfer->requests == 0)
        return moved;
    plain = authority_of(url, 0, last, transfer->curl, transfer->resolver);
    if (plain && authority_same_origin(plain, moved)) {
        authority_release_other(plain, last);
        return moved;
    }
    told = plain && port_is_told(transfer, peer);
    if (told && authority_has_port(moved, peer->port)) {
        authority_release_other(plain, last);
        return moved;
    }
    authority_release_other(moved, last);
    if (told && authority_has_port(plain, peer->port))
        return plain;
    authority_release_other(plain, last);
    return NULL;
}

/* Before the transfer: what libcurl counts is of the last one yet. */
static bool is_beginning(const struct transfer *transfer)
{
    return !transfer->curl->per_request;
}

/* Notes the request: its authority becomes the transfer's. false when it cannot be known. */
static bool note_request(struct transfer *transfer, const char *url, const struct peer *peer)
{
    const struct authority *authority = authority_now(transfer, url, peer);
    const struct authority *before = transfer->authority;

    if (transfer->requests == 0) /* a redirect whose beginning was not seen? */
        transfer->elsewhere =
            transfer->program.follow && !is_beginning(transfer) && redirect_count(transfer) > 0;
    else if (!authority || !before || !authority_same_origin(authority, before))
        transfer->elsewhere = true;
    transfer->requests++;
    if (authority == before)
        return authority != NULL;
    if (transfer->credential)
        transfer->resolver->release(transfer->credential);
    transfer->credential = NULL;
    authority_release(before);
    transfer->authority = authority;
    return authority != NULL;
}

/* Plain http: to this machine only unless the rule allows more, and never by a proxy that would
   read it. A proxy of the environment shows by the port that is connected to, if that differs. */
static const char *cleartext_forbidden(const struct transfer *transfer, const struct peer *peer,
                                       const struct surroundings *around)
{
    const struct program_options *program = &transfer->program;
    const struct authority *authority = transfer->authority;

    if (program->proxy && !program->proxy_tunnel)
        return "plain http through a proxy";
    if (!program->proxy && around->proxy &&
        (peer->port != (int)authority->origin.port ||
         surroundings_proxy_port(authority->origin.port)))
        return "plain http through a proxy";
    if (!authority->rule.allow_cleartext && !loopback_has_address(peer->address))
        return "plain http to another machine; the rule would need allow_cleartext = true";
    return NULL;
}

/* Was the connection made for this request? */
static bool is_new_connection(const struct transfer *transfer)
{
    long connections = 0;

    return transfer->curl->per_request && transfer->requests == 1 &&
           transfer->curl->easy_getinfo(transfer->handle, CURLINFO_NUM_CONNECTS, &connections) ==
               CURLE_OK &&
           connections > 0;
}

static const char *tls_unverified(const struct transfer *transfer)
{
    const struct program_options *program = &transfer->program;

    if (program->peer_unverified || program->host_unverified || transfer->was_unverified)
        return "the program has switched TLS verification off";
    if (program->ssl_ctx_function)
        return "the program changes TLS verification by CURLOPT_SSL_CTX_FUNCTION";
    if (transfer_unverified_in_reach(transfer) && !is_new_connection(transfer))
        return "this may be a kept connection, made when the program had changed TLS verification";
    return NULL;
}

/* Not part of its caller, whose frame would be larger for every request. */
__attribute__((noinline)) static void warn_unsafe(const struct authority *authority,
                                                  const char *why)
{
    char cause[ORIGIN_HOST_MAX + 96];

    snprintf(cause, sizeof(cause), "%s %s", authority->origin.host, why);
    log_once(LEVEL_WARN, cause, "no token sent to %s: %s (rule for %s)", authority->origin.host,
             why, authority->rule.match);
}

static bool connection_is_safe(const struct transfer *transfer, const struct peer *peer,
                               const struct surroundings *around, bool early)
{
    const struct authority *authority = transfer->authority;
    const char *why;

    if (authority->origin.scheme == ORIGIN_HTTP)
        why = cleartext_forbidden(transfer, peer, around);
    else if (early)
        why = "this request may be TLS early data, which others can send again; leave out "
              "CURLSSLOPT_EARLYDATA (curl: --tls-earlydata)";
    else
        why = authority->rule.allow_unverified_tls ? NULL : tls_unverified(transfer);
    if (why)
        warn_unsafe(authority, why);
    return !why;
}

/* A redirect brought the request from another origin: whoever answered there chose this URL, so it
   may read with our token, but not act or make tokens with it. */
static const char *forbidden_from_elsewhere(const struct transfer *transfer, const char *url)
{
    const char *method = NULL;

    if (transfer->curl->easy_getinfo(transfer->handle, CURLINFO_EFFECTIVE_METHOD, &method) !=
            CURLE_OK ||
        !method || (strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0))
        return "a redirect from elsewhere with another method than GET or HEAD";
    if (transfer->method_dropped && transfer->program.custom_method)
        return "a redirect from elsewhere with a method that libcurl does not tell";
    if (program_has_cookie(&transfer->program))
        return "a redirect from elsewhere while the program has a cookie of its own";
    if (transfer->authority->rule.is_cave && (path_is_guarded(url) || transfer->program.target))
        return "a redirect from elsewhere to a path that can make tokens";
    return NULL;
}

static enum decision ask_resolver(struct transfer *transfer, const struct surroundings *around)
{
    const struct hook_rule *rule = &transfer->authority->rule;
    enum hook_outcome outcome = HOOK_MISSING;

    if (!rule->broken)
        transfer->credential =
            transfer->resolver->credential(rule->rule, &transfer->authority->origin, around->stamp,
                                           transfer->credential, &outcome);
    if (transfer->credential && outcome == HOOK_HEADER)
        return DECIDE_SEND;
    return rule->on_missing_fail ? DECIDE_ABORT : DECIDE_NOTHING;
}

/* Will the next request of this handle go to the same origin, if the program changes nothing? Not
   where a redirect, a CURLU or an HSTS upgrade of http may lead elsewhere. */
static bool origin_lasts(const struct transfer *transfer)
{
    const struct program_options *program = &transfer->program;

    return !program->follow && !program->url_handle &&
           strncmp(transfer->authority->text, "https://", 8) == 0;
}

static enum decision decide_for_rule(struct transfer *transfer, const struct surroundings *around)
{
    enum decision decision = ask_resolver(transfer, around);

    transfer->wanted = true;
    if (decision != DECIDE_SEND)
        return decision;
    say_debug(transfer, around, "token sent", transfer->authority->rule.match);
    if (!transfer->credential->signs && !transfer->program.netrc && !transfer->cookies.on &&
        !transfer->program.early_data && origin_lasts(transfer))
        transfer->settled = SETTLED_SEND;
    return decision;
}

bool decide_again(struct transfer *transfer, enum decision *ret)
{
    struct surroundings around;
    char *url = NULL;

    /* The URL may have been set in a way that passes us by. */
    if (transfer->settled != SETTLED_SEND || transfer_unverified_in_reach(transfer) ||
        transfer->curl->easy_getinfo(transfer->handle, CURLINFO_EFFECTIVE_URL, &url) != CURLE_OK ||
        !url || !authority_is_of(transfer->authority, url) ||
        program_header_credentials(&transfer->program, transfer->authority))
        return false;
    around = surroundings_now();
    transfer->settled = SETTLED_NOT;
    transfer->requests++;
    *ret = decide_for_rule(transfer, &around);
    return *ret != DECIDE_SEND || !transfer->credential->signs;
}

enum decision decide_request(struct transfer *transfer, const char *url, const struct peer *peer)
{
    struct surroundings around;
    const bool early = early_data_possible(transfer);
    const char *why;

    transfer->wanted = false;
    transfer->settled = SETTLED_NOT;
    if (!url || !note_request(transfer, url, peer)) {
        transfer->standing_back = transfer->standing_back || (url && strchr(url, '@'));
        return DECIDE_NOTHING;
    }
    if (!transfer->authority->matched) {
        program_note_elsewhere(transfer, url);
        if (!transfer->node_installed && origin_lasts(transfer))
            transfer->settled = SETTLED_NOTHING;
        return DECIDE_NOTHING;
    }
    around = surroundings_now();
    why = program_stands_back(transfer, url);
    if (!why && transfer->elsewhere)
        why = forbidden_from_elsewhere(transfer, url);
    if (why) {
        say_debug(transfer, &around, "no token sent", why);
        return DECIDE_NOTHING;
    }
    if (!connection_is_safe(transfer, peer, &around, early))
        return DECIDE_NOTHING;
    return decide_for_rule(transfer, &around);
}
