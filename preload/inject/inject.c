/* inject - puts our header on a request and takes it away again. */
#include "inject/inject.h"
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static void blank_nodes(struct transfer *transfer)
{
    transfer->node.data = transfer_blank_line;
    transfer->node.next = transfer->program.headers; /* past the nodes of a signature */
}

void inject_blank(struct transfer *transfer)
{
    blank_nodes(transfer);
    transfer->sent = false;
    if (transfer->unrestricted) {
        transfer->unrestricted = false;
        transfer->curl->easy_setopt(transfer->handle, CURLOPT_UNRESTRICTED_AUTH,
                                    (long)transfer->program.unrestricted_auth);
    }
}

static bool install_node(struct transfer *transfer)
{
    if (transfer->node_installed)
        return true;
    transfer->node.next = transfer->program.headers;
    transfer->node_installed = transfer->curl->easy_setopt(transfer->handle, CURLOPT_HTTPHEADER,
                                                           &transfer->node) == CURLE_OK;
    return transfer->node_installed;
}

/* Three lines instead of one. libcurl takes them along to any host: inject_blank, at the next
   request, is what keeps them on this one. */
static void put_signature(struct transfer *transfer)
{
    struct curl_slist *node = &transfer->node;

    for (int i = 0; i < HOOK_SIGNATURE_LINES; i++) {
        node->data = transfer->signature->lines[i];
        node->next = i + 1 < HOOK_SIGNATURE_LINES ? &transfer->signature_nodes[i]
                                                  : transfer->program.headers;
        node = node->next;
    }
    transfer->redaction = (struct redaction){0};
    transfer->sent = true;
}

bool inject_signature(struct transfer *transfer, const char *url)
{
    if (!transfer->signature)
        transfer->signature = calloc(1, sizeof(*transfer->signature));
    if (!transfer->signature || transfer->program.target ||
        !transfer->resolver->sign(transfer->credential, url, transfer->signature))
        return false;
    if (!install_node(transfer))
        return false;
    if (transfer->program.verbose)
        inject_guard_debug(transfer);
    put_signature(transfer);
    return true;
}

void inject_header(struct transfer *transfer)
{
    if (!install_node(transfer))
        return;
    if (transfer->program.verbose)
        inject_guard_debug(transfer);
    transfer->redaction = (struct redaction){0};
    transfer->node.data = (char *)(uintptr_t)transfer->credential->header;
    transfer->sent = true;
    /* libcurl keeps an Authorization header of the list from every host but the first. Our node is
       for this very request, so it may pass; the next request takes the permission back. */
    if (transfer->elsewhere && !transfer->program.unrestricted_auth && !transfer->unrestricted)
        transfer->unrestricted = transfer->curl->easy_setopt(
                                     transfer->handle, CURLOPT_UNRESTRICTED_AUTH, 1L) == CURLE_OK;
}

/* The bytes without our token, in a buffer that the caller frees; NULL when memory runs out. */
static char *redacted(struct transfer *transfer, curl_infotype type, const char *bytes,
                      size_t length, size_t *ret_length)
{
    char *copy = malloc(length + REDACT_ROOM);

    if (!copy)
        return NULL;
    if (type == CURLINFO_TEXT)
        *ret_length = redact_info_line(bytes, length, copy);
    else
        *ret_length = redact_header_piece(&transfer->redaction, bytes, length, copy);
    return copy;
}

/* libcurl traces TLS messages only for a program that has a debug function; with ours in its place
   they come too ("TLSv1.3 (OUT), TLS handshake, Client hello (1):", lib/vtls/openssl.c). */
static bool is_tls_trace(curl_infotype type, const char *bytes, size_t length)
{
    const char *direction;

    if (type != CURLINFO_TEXT || length < 12 ||
        (strncmp(bytes, "TLSv", 4) != 0 && strncmp(bytes, "SSLv", 4) != 0))
        return false;
    direction = memchr(bytes, ' ', 12);
    return direction && (size_t)(direction - bytes) + 7 < length &&
           (strncmp(direction, " (OUT), ", 8) == 0 || strncmp(direction, " (IN), ", 7) == 0);
}

/* As libcurl does for a program without a debug function (lib/sendf.c, Curl_debug). */
static int print_debug(FILE *err, curl_infotype type, const char *bytes, size_t length)
{
    static const char signs[][3] = {"* ", "< ", "> "};

    if (type <= CURLINFO_HEADER_OUT && !is_tls_trace(type, bytes, length)) {
        fwrite(signs[type], 2, 1, err);
        fwrite(bytes, length, 1, err);
    }
    return 0;
}

/* What libcurl could not send of the header block at once, it shows as data later. */
static bool may_show_header(const struct transfer *transfer, curl_infotype type)
{
    if (!transfer->sent)
        return false;
    return type == CURLINFO_TEXT || type == CURLINFO_HEADER_OUT ||
           (type == CURLINFO_DATA_OUT && !transfer->redaction.done);
}

static int on_debug(CURL *handle, curl_infotype type, char *bytes, size_t length, void *data)
{
    struct transfer *transfer = transfer_of_id(data);
    char *copy = NULL;
    int result = 0;

    if (!transfer)
        return 0;
    if (may_show_header(transfer, type)) {
        copy = redacted(transfer, type, bytes, length, &length);
        if (!copy)
            return 0;
        bytes = copy;
    }
    if (transfer->program.debug)
        result = transfer->program.debug(handle, type, bytes, length, transfer->program.debug_data);
    else
        result = print_debug(transfer->program.err ? transfer->program.err : stderr, type, bytes,
                             length);
    if (copy) {
        int saved = errno;
        free(copy);
        errno = saved;
    }
    return result;
}

static void set_debug(struct transfer *transfer, curl_debug_callback function, void *data)
{
    transfer->curl->easy_setopt(transfer->handle, CURLOPT_DEBUGFUNCTION, function);
    transfer->curl->easy_setopt(transfer->handle, CURLOPT_DEBUGDATA, data);
}

void inject_guard_debug(struct transfer *transfer)
{
    if (transfer->debug_hook)
        return;
    transfer->debug_hook = true;
    set_debug(transfer, on_debug, transfer_callback_data(transfer));
}

static int on_socket(void *data, curl_socket_t socket, curlsocktype purpose)
{
    struct transfer *transfer = transfer_of_id(data);

    if (!transfer)
        return CURL_SOCKOPT_OK;
    blank_nodes(transfer);
    if (transfer->program.sockopt)
        return transfer->program.sockopt(transfer->program.sockopt_data, socket, purpose);
    return CURL_SOCKOPT_OK;
}

void inject_guard_connections(struct transfer *transfer)
{
    const struct binding *curl = transfer->curl;

    if (transfer->socket_hook)
        return;
    transfer->socket_hook = true;
    curl->easy_setopt(transfer->handle, CURLOPT_SOCKOPTFUNCTION, on_socket);
    curl->easy_setopt(transfer->handle, CURLOPT_SOCKOPTDATA, transfer_callback_data(transfer));
}

void inject_restore(struct transfer *transfer)
{
    const struct binding *curl = transfer->curl;

    inject_blank(transfer);
    if (transfer->node_installed)
        curl->easy_setopt(transfer->handle, CURLOPT_HTTPHEADER, transfer->program.headers);
    transfer->node_installed = false;
    if (transfer->debug_hook) {
        transfer->debug_hook = false;
        set_debug(transfer, transfer->program.debug, transfer->program.debug_data);
    }
    if (transfer->socket_hook) {
        transfer->socket_hook = false;
        curl->easy_setopt(transfer->handle, CURLOPT_SOCKOPTFUNCTION, transfer->program.sockopt);
        curl->easy_setopt(transfer->handle, CURLOPT_SOCKOPTDATA, transfer->program.sockopt_data);
    }
}
