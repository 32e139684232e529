/* gate - the beginning and the end of a transfer, and what happens at each request in between. */
#include "gate.h"
#include "base/ascii.h"
#include "base/log.h"
#include "decide/decide.h"
#include "inject/inject.h"
#include "legacy.h"
#include "resolver.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define REPORTS_URL_HANDLE 0x080c00 /* 8.12: CURLINFO_EFFECTIVE_URL is a CURLU's, too */

/* A redirect to .../authorize is how CAVE says "no token that I know" to what it takes for a
   browser. */
static bool is_login_page(const char *url)
{
    static const char page[] = "/authorize";
    size_t length = url ? strcspn(url, "?#") : 0;
    return length >= sizeof(page) - 1 &&
           memcmp(url + length - (sizeof(page) - 1), page, sizeof(page) - 1) == 0;
}

static void tell_resolver(struct transfer *transfer, long status)
{
    const struct authority *authority = transfer->authority;

    transfer->resolver->rejected(authority->rule.rule, &authority->origin,
                                 transfer->sent ? transfer->credential : NULL, status);
}

/* What the server said to a request to a configured host. */
static void look_at_answer(struct transfer *transfer)
{
    const struct binding *curl = transfer->curl;
    char *target = NULL;
    long status = 0;

    if (!transfer->wanted || !transfer->authority || !transfer->authority->matched ||
        curl->easy_getinfo(transfer->handle, CURLINFO_RESPONSE_CODE, &status) != CURLE_OK)
        return;
    if (status == 302 &&
        (curl->easy_getinfo(transfer->handle, CURLINFO_REDIRECT_URL, &target) != CURLE_OK ||
         !is_login_page(target)))
        return;
    if (status == 401 || status == 403 || status == 302)
        tell_resolver(transfer, status);
}

static int ask_program(const struct transfer *transfer, char *peer_address, char *local_address,
                       int peer_port, int local_port)
{
    if (!transfer->program.prereq)
        return CURL_PREREQFUNC_OK;
    return transfer->program.prereq(transfer->program.prereq_data, peer_address, local_address,
                                    peer_port, local_port);
}

static enum decision decide_and_inject(struct transfer *transfer, const struct peer *peer)
{
    char *owned = NULL;
    const char *url;
    enum decision decision;

    if (decide_again(transfer, &decision)) {
        inject_blank(transfer);
        if (decision == DECIDE_SEND)
            inject_header(transfer);
        return decision;
    }
    url = decide_url(transfer, &owned);
    if (transfer->wanted && is_login_page(url))
        tell_resolver(transfer, 302);
    inject_blank(transfer);
    decision = decide_request(transfer, url, peer);
    if (decision == DECIDE_SEND && !transfer->credential->signs)
        inject_header(transfer);
    else if (decision == DECIDE_SEND && !inject_signature(transfer, url))
        decision = transfer->authority->rule.on_missing_fail ? DECIDE_ABORT : DECIDE_NOTHING;
    if (owned)
        transfer->curl->free(owned);
    return decision;
}

/* As libcurl finds it: the first line of an entry. The list is read here and not when it is set,
   since it need not be one until now. */
static void note_host_header(struct transfer *transfer)
{
    for (const struct curl_slist *header = transfer->program.headers;
         header && !transfer->cookies.other_host; header = header->next)
        transfer->cookies.other_host = header->data && ascii_starts_with(header->data, "Host") &&
                                       (header->data[4] == ':' || header->data[4] == ';');
}

/* CURLOPT_PREREQFUNCTION: libcurl calls it before every request, redirects included, when the
   connection stands and before the headers are built. */
static int on_request(void *data, char *peer_address, char *local_address, int peer_port,
                      int local_port)
{
    struct transfer *transfer = transfer_of_id(data);
    const struct peer peer = {.address = peer_address, .port = peer_port};
    int answer, saved;

    if (!transfer)
        return CURL_PREREQFUNC_OK;
    answer = ask_program(transfer, peer_address, local_address, peer_port, local_port);
    if (answer != CURL_PREREQFUNC_OK || !transfer->active)
        return answer;
    note_host_header(transfer);
    if (transfer->settled == SETTLED_NOTHING)
        return answer;
    saved = errno;
    if (decide_and_inject(transfer, &peer) == DECIDE_ABORT)
        answer = CURL_PREREQFUNC_ABORT;
    errno = saved;
    return answer;
}

static void install_request_hook(struct transfer *transfer)
{
    const struct binding *curl = transfer->curl;

    if (transfer->request_hook)
        return;
    if (curl->easy_setopt(transfer->handle, CURLOPT_PREREQFUNCTION, on_request) != CURLE_OK)
        return;
    curl->easy_setopt(transfer->handle, CURLOPT_PREREQDATA, transfer_callback_data(transfer));
    transfer->request_hook = true;
}

/* Up to 8.11 libcurl reports the URL that a handle had before, if any, while it fetches a CURLU.
   curl_easy_perform reads the CURLU next, so its text can be taken here. In a multi handle nothing
   reads it before the program's next curl_multi_perform, and until then it need not be one. */
static void note_url_handle(struct transfer *transfer, bool at_once)
{
    const struct binding *curl = transfer->curl;
    char *text = NULL;

    if (!transfer->program.url_handle && !transfer->url_handle_text)
        return;
    free(transfer->url_handle_text);
    transfer->url_handle_text = NULL;
    transfer->url_handle_hidden = false;
    if (!transfer->program.url_handle || curl->version >= REPORTS_URL_HANDLE)
        return;
    if (!at_once) {
        transfer->url_handle_hidden =
            curl->easy_getinfo(transfer->handle, CURLINFO_EFFECTIVE_URL, &text) != CURLE_OK ||
            (text && *text);
        return;
    }
    if (!curl->url_get ||
        curl->url_get(transfer->program.url_handle, CURLUPART_URL, &text, 0) != CURLUE_OK)
        return;
    transfer->url_handle_text = strdup(text);
    curl->free(text);
}

static void forget_last_transfer(struct transfer *transfer)
{
    transfer->elsewhere = transfer->standing_back = false;
    transfer->sent = transfer->wanted = transfer->cookie_files_seen = false;
    transfer->was_unverified = false;
    transfer->requests = 0;
    transfer->connections = 0;
}

/* In a multi handle the URL may come after the handle was added, since libcurl reads it when the
   transfer starts. Before 7.80 only a handle without any is sure not to have started. */
static bool has_request(struct transfer *transfer)
{
    const struct program_options *program = &transfer->program;
    bool has = program->url_set && program->connect_only != 1;

    transfer->waiting = !has && (transfer->curl->per_request || !program->url_set);
    return has;
}

static CURLcode prepare(struct transfer *transfer, bool at_once)
{
    int saved = errno;
    CURLcode result = CURLE_OK;

    if (!has_request(transfer))
        return CURLE_OK;
    if (!transfer->resolver)
        transfer->resolver = resolver_get();
    if (transfer->resolver) {
        note_url_handle(transfer, at_once);
        if (!transfer->curl->per_request)
            result = legacy_begin(transfer);
        else
            install_request_hook(transfer);
        if (transfer->program.unified_headers)
            inject_guard_connections(transfer);
    }
    errno = saved;
    return result;
}

static CURLcode begin(struct transfer *transfer, bool at_once)
{
    forget_last_transfer(transfer);
    transfer->active = true;
    return prepare(transfer, at_once);
}

CURLcode gate_begin(struct transfer *transfer)
{
    return begin(transfer, true);
}

void gate_begin_multi(struct transfer *transfer)
{
    if (begin(transfer, false) != CURLE_OK)
        legacy_abort(transfer);
}

void gate_go_on(struct transfer *transfer)
{
    if (prepare(transfer, false) != CURLE_OK)
        legacy_abort(transfer);
}

void gate_reset(struct transfer *transfer)
{
    if (!transfer->active || transfer->waiting)
        return;
    transfer->standing_back = true;
    if (!transfer->in_easy)
        log_once(LEVEL_DEBUG, "reset",
                 "curl_easy_reset on a handle in a multi handle: no token until it is added again");
}

void gate_end(struct transfer *transfer)
{
    int saved = errno;

    if (transfer->resolver) {
        look_at_answer(transfer);
        if (!transfer->curl->per_request)
            legacy_end(transfer);
        inject_restore(transfer);
    }
    transfer->active = transfer->waiting = false;
    errno = saved;
}

/* Where the decision is made here and not at the request, there is none: a header that it put in
   would be on the requests of the transfer that is under way. */
void gate_begin_again(struct transfer *transfer, struct transfer *ret_before)
{
    *ret_before = *transfer;
    transfer->url_handle_text = NULL;
    if (transfer->curl->per_request)
        begin(transfer, false);
    else
        inject_blank(transfer);
}

void gate_resume(struct transfer *transfer, struct transfer *before)
{
    transfer->elsewhere = before->elsewhere;
    transfer->standing_back = before->standing_back;
    transfer->was_unverified = before->was_unverified;
    transfer->sent = before->sent;
    transfer->wanted = before->wanted;
    transfer->requests = before->requests;
    transfer->node.data = before->node.data;
    transfer->node.next = before->node.next;
    transfer->url_handle_hidden = before->url_handle_hidden;
    transfer->url_handle_text = before->url_handle_text;
}
