/* transfer - what the program has set on one libcurl handle, and what we have put there. */
#include "remember/transfer.h"
#include "ground/handles.h"
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

char transfer_blank_line[] = "";
static _Atomic uintptr_t last_id;
static _Atomic bool unverified_anywhere; /* some handle's keeps_unverified */

static void options_free(struct program_options *options)
{
    free(options->url);
    free(options->netrc_file);
    *options = (struct program_options){0};
}

static struct transfer *transfer_register(struct transfer *transfer, CURL *handle)
{
    struct transfer *stale = transfer_of_handle(handle);

    if (stale)
        transfer_free(stale); /* its handle was freed behind our back */
    transfer->handle = handle;
    transfer->id = atomic_fetch_add_explicit(&last_id, 1, memory_order_relaxed) + 1;
    transfer->node.data = transfer_blank_line;
    if (!handles_add(&handles_by_address, (uintptr_t)handle, transfer))
        goto fail;
    if (!handles_add(&handles_by_id, transfer->id, transfer))
        goto fail_address;
    return transfer;
fail_address:
    handles_remove(&handles_by_address, (uintptr_t)handle);
fail:
    options_free(&transfer->program);
    cookie_engine_free(&transfer->cookies);
    free(transfer);
    return NULL;
}

struct transfer *transfer_new(CURL *handle, const struct binding *curl)
{
    struct transfer *transfer = calloc(1, sizeof(*transfer));

    if (!transfer)
        return NULL;
    transfer->curl = curl;
    return transfer_register(transfer, handle);
}

static char *copy_text(const char *text)
{
    return text ? strdup(text) : NULL;
}

struct transfer *transfer_copy(const struct transfer *from, CURL *handle)
{
    struct transfer *transfer = calloc(1, sizeof(*transfer));
    struct program_options *options;

    if (!transfer)
        return NULL;
    transfer->curl = from->curl;
    transfer->method_dropped = from->method_dropped;
    options = &transfer->program;
    *options = from->program;
    options->url = copy_text(from->program.url);
    options->netrc_file = copy_text(from->program.netrc_file);
    if (!cookie_engine_copy(&transfer->cookies, &from->cookies) ||
        (from->program.url && !options->url) ||
        (from->program.netrc_file && !options->netrc_file)) {
        options_free(options);
        cookie_engine_free(&transfer->cookies);
        free(transfer);
        return NULL;
    }
    return transfer_register(transfer, handle);
}

struct transfer *transfer_of_handle(CURL *handle)
{
    return handles_find(&handles_by_address, (uintptr_t)handle);
}

struct transfer *transfer_of_id(const void *callback_data)
{
    return handles_find(&handles_by_id, (uintptr_t)callback_data);
}

void *transfer_callback_data(const struct transfer *transfer)
{
    return (void *)transfer->id;
}

static void forget_credential(struct transfer *transfer)
{
    if (transfer->credential)
        transfer->resolver->release(transfer->credential);
    transfer->credential = NULL;
    authority_release(transfer->authority);
    transfer->authority = NULL;
}

bool transfer_unverified_in_reach(const struct transfer *transfer)
{
    bool alone = transfer->in_easy && !transfer->program.share;

    return transfer->keeps_unverified ||
           (!alone && atomic_load_explicit(&unverified_anywhere, memory_order_relaxed));
}

/* libcurl keeps the handle's share and its cookies. */
void transfer_reset(struct transfer *transfer)
{
    bool share = transfer->program.share;

    options_free(&transfer->program);
    transfer->program.share = share;
    forget_credential(transfer);
    transfer->settled = SETTLED_NOT;
    transfer->node = (struct curl_slist){.data = transfer_blank_line};
    transfer->request_hook = transfer->node_installed = transfer->unrestricted = false;
    transfer->debug_hook = transfer->socket_hook = false;
    transfer->header_hook = transfer->progress_hook = false;
}

void transfer_detach(struct transfer *transfer)
{
    handles_remove(&handles_by_address, (uintptr_t)transfer->handle);
    transfer->handle = NULL;
}

void transfer_free(struct transfer *transfer)
{
    transfer_detach(transfer);
    handles_remove(&handles_by_id, transfer->id);
    options_free(&transfer->program);
    cookie_engine_free(&transfer->cookies);
    forget_credential(transfer);
    free(transfer->url_handle_text);
    free(transfer->signature);
    free(transfer);
}

/* With more ways than one libcurl waits for what the server offers. */
static bool is_auth_alone(long ways)
{
    unsigned long way = (unsigned long)ways & ~CURLAUTH_ONLY;

    return way == CURLAUTH_NEGOTIATE || way == SYNAUTH_CURLAUTH_HTTPSIG;
}

/* CURLFOLLOW_OBEYCODE and _FIRSTONLY. */
static bool is_dropping_methods(long follow)
{
    return follow != 0 && follow != 1;
}

static void note_connections(struct transfer *transfer)
{
    transfer->keeps_unverified = true;
    unverified_anywhere = true; /* in one assignment, clang refuses it */
}

/* A connection that stands already is not verified any more, but libcurl notes it as one that was.
 */
static void note_verification(struct transfer *transfer, bool *unverified, long value)
{
    if (transfer->active && *unverified && value != 0) {
        transfer->was_unverified = true;
        note_connections(transfer);
    }
    *unverified = value == 0;
}

void transfer_note_long(struct transfer *transfer, CURLoption option, long value)
{
    struct program_options *program = &transfer->program;

    transfer->settled = SETTLED_NOT;
    switch ((int)option) {
    case CURLOPT_HTTPAUTH:
        program->auth_alone = is_auth_alone(value);
        break;
    case SYNAUTH_CURLOPT_HTTPSIG_ALGORITHM:
        program->httpsig_algorithm = value != 0;
        break;
    case CURLOPT_PORT:
        program->port = value;
        break;
    case CURLOPT_ALTSVC_CTRL:
        program->port_hidden = program->port_hidden || value != 0;
        break;
    case CURLOPT_NETRC:
        program->netrc = value != CURL_NETRC_IGNORED;
        break;
    case CURLOPT_SSL_OPTIONS:
        program->early_data = (value & SYNAUTH_CURLSSLOPT_EARLYDATA) != 0;
        break;
    case CURLOPT_SSL_VERIFYPEER:
        note_verification(transfer, &program->peer_unverified, value);
        break;
    case CURLOPT_SSL_VERIFYHOST: /* 1 verifies from 7.66 on; older ones refuse it (man page) */
        note_verification(transfer, &program->host_unverified, value);
        break;
    case CURLOPT_UNRESTRICTED_AUTH:
        program->unrestricted_auth = value != 0;
        break;
    case CURLOPT_HEADEROPT:
        program->unified_headers = !(value & CURLHEADER_SEPARATE);
        break;
    case CURLOPT_VERBOSE:
        program->verbose = value != 0;
        break;
    case CURLOPT_FOLLOWLOCATION:
        program->follow = value != 0;
        transfer->method_dropped = transfer->method_dropped || is_dropping_methods(value);
        break;
    case CURLOPT_CONNECT_ONLY:
        program->connect_only = value;
        break;
    case CURLOPT_NOPROGRESS:
        program->progress_wanted = value == 0;
        break;
    case CURLOPT_HTTPPROXYTUNNEL:
        program->proxy_tunnel = value != 0;
        break;
    default:
        break;
    }
}

static void note_url(struct transfer *transfer, const char *url)
{
    struct program_options *program = &transfer->program;

    program->url_set = url != NULL;
    program->url_user = url && authority_text_has_user(url);
    if (transfer->curl->per_request)
        return;
    free(program->url);
    program->url = copy_text(url);
}

static void note_cookie(struct program_options *program, const char *text)
{
    program->cookie = text && *text;
    program->cookie_token = text && strstr(text, "middle_auth_token");
}

static void note_netrc_file(struct program_options *program, const char *text)
{
    free(program->netrc_file);
    program->netrc_file = copy_text(text);
}

/* What libcurl has just copied as text: nothing else of what a program passes is read, since only
   the program knows what it points to, if it is a pointer at all. */
static void note_text(struct transfer *transfer, CURLoption option, const char *text)
{
    struct program_options *program = &transfer->program;

    wire_text_note(&program->wire, option, text);
    switch (option) {
    case CURLOPT_URL:
        note_url(transfer, text);
        break;
    case CURLOPT_CUSTOMREQUEST:
        program->custom_method = text != NULL;
        break;
    case CURLOPT_COOKIE:
        note_cookie(program, text);
        break;
    case CURLOPT_REQUEST_TARGET:
        program->target = text != NULL;
        program->target_foreign = text && *text != '/';
        break;
    case CURLOPT_NETRC_FILE:
        note_netrc_file(program, text);
        break;
    case CURLOPT_PROXY:
    case CURLOPT_PRE_PROXY:
        program->proxy = text && *text;
        break;
    default:
        break;
    }
}

/* Takes the place of both: NULL takes a CURLOPT_PASSWORD back, too. */
static void note_user_and_password(struct program_options *program, const char *text)
{
    program->user = text != NULL; /* as with CURLOPT_USERNAME */
    program->password = text && strchr(text, ':');
}

/* Options of which it matters only whether the program has set them. */
static void note_presence(struct program_options *program, CURLoption option, bool set)
{
    switch ((int)option) {
    case CURLOPT_USERNAME:
        program->user = set; /* an empty name is a choice too: "no Basic" or GSS */
        break;
    case CURLOPT_PASSWORD:
        program->password = set;
        break;
    case CURLOPT_XOAUTH2_BEARER:
        program->bearer = set;
        break;
    case CURLOPT_AWS_SIGV4:
        program->aws_sigv4 = set;
        break;
    case SYNAUTH_CURLOPT_HTTPSIG_KEY:
        program->httpsig_key = set;
        break;
    case CURLOPT_SHARE:
        program->share = set;
        break;
    case CURLOPT_CONNECT_TO:
    case CURLOPT_UNIX_SOCKET_PATH:
    case CURLOPT_ABSTRACT_UNIX_SOCKET:
    case CURLOPT_ALTSVC:
    case CURLOPT_OPENSOCKETFUNCTION:
        program->port_hidden = program->port_hidden || set;
        break;
    default:
        break;
    }
}

/* What libcurl itself keeps as it is until a request needs it. */
static void note_object(struct program_options *program, CURLoption option, void *value)
{
    switch (option) {
    case CURLOPT_CURLU:
        program->url_handle = value;
        program->url_set = program->url_set || value;
        break;
    case CURLOPT_HTTPHEADER:
        program->headers = value;
        break;
    case CURLOPT_ERRORBUFFER:
        program->error_buffer = value;
        break;
    case CURLOPT_PREREQDATA:
        program->prereq_data = value;
        break;
    case CURLOPT_DEBUGDATA:
        program->debug_data = value;
        break;
    case CURLOPT_STDERR:
        program->err = value;
        break;
    case CURLOPT_SOCKOPTDATA:
        program->sockopt_data = value;
        break;
    case CURLOPT_HEADERDATA:
        program->header_data = value;
        break;
    default:
        break;
    }
}

static void note_callback(struct program_options *program, CURLoption option, void *value)
{
    /* A function comes as an object pointer, as the va_arg of curl_easy_setopt gave it. */
#define FUNCTION(member) memcpy(&program->member, &value, sizeof(program->member))
    switch (option) {
    case CURLOPT_PREREQFUNCTION:
        FUNCTION(prereq);
        break;
    case CURLOPT_DEBUGFUNCTION:
        FUNCTION(debug);
        break;
    case CURLOPT_SOCKOPTFUNCTION:
        FUNCTION(sockopt);
        break;
    case CURLOPT_HEADERFUNCTION:
        FUNCTION(header);
        break;
    case CURLOPT_WRITEFUNCTION:
        FUNCTION(write);
        break;
    case CURLOPT_XFERINFOFUNCTION:
        FUNCTION(progress);
        break;
    default:
        break;
    }
#undef FUNCTION
}

static void note_tls_context(struct transfer *transfer, bool set)
{
    if (transfer->active && transfer->program.ssl_ctx_function)
        transfer->was_unverified = true;
    transfer->program.ssl_ctx_function = set;
    if (set)
        note_connections(transfer);
}

void transfer_note_pointer(struct transfer *transfer, CURLoption option, void *value)
{
    struct program_options *program = &transfer->program;

    transfer->settled = SETTLED_NOT;
    switch ((int)option) {
    case CURLOPT_URL:
    case CURLOPT_COOKIE:
    case CURLOPT_USERAGENT:
    case CURLOPT_REFERER:
    case CURLOPT_CUSTOMREQUEST:
    case CURLOPT_ACCEPT_ENCODING:
    case CURLOPT_RANGE:
    case CURLOPT_REQUEST_TARGET:
    case CURLOPT_NETRC_FILE:
    case CURLOPT_PROXY:
    case CURLOPT_PRE_PROXY:
        note_text(transfer, option, value);
        break;
    case CURLOPT_COOKIEFILE:
    case CURLOPT_COOKIEJAR:
    case CURLOPT_COOKIELIST:
        cookie_engine_note(&transfer->cookies, option, value);
        break;
    case CURLOPT_USERPWD:
        note_user_and_password(program, value);
        break;
    case CURLOPT_USERNAME:
    case CURLOPT_PASSWORD:
    case CURLOPT_XOAUTH2_BEARER:
    case CURLOPT_AWS_SIGV4:
    case SYNAUTH_CURLOPT_HTTPSIG_KEY:
    case CURLOPT_SHARE:
    case CURLOPT_CONNECT_TO:
    case CURLOPT_UNIX_SOCKET_PATH:
    case CURLOPT_ABSTRACT_UNIX_SOCKET:
    case CURLOPT_ALTSVC:
    case CURLOPT_OPENSOCKETFUNCTION:
        note_presence(program, option, value != NULL);
        break;
    case CURLOPT_SSL_CTX_FUNCTION:
        note_tls_context(transfer, value != NULL);
        break;
    default:
        if (option >= CURLOPTTYPE_FUNCTIONPOINT)
            note_callback(program, option, value);
        else
            note_object(program, option, value);
        break;
    }
}
