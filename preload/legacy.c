/* legacy - libcurl 7.58 to 7.79, which has no callback before each request. */
#include "legacy.h"
#include "base/ascii.h"
#include "base/log.h"
#include "base/query_credential.h"
#include "decide/decide.h"
#include "inject/inject.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define OLDEST_SAFE 0x073a00 /* 7.58: from here on libcurl keeps the header from other hosts */

/* A cookie that the next request would carry, when its engine is on. */
static bool sets_token_cookie(const char *line, size_t length)
{
    static const char header[] = "set-cookie:";

    return length >= sizeof(header) && ascii_equal_n(line, header, sizeof(header) - 1) &&
           memmem(line, length, "middle_auth_token", strlen("middle_auth_token"));
}

/* A query that identifies whoever wrote the Location; one that is too long to look at might. */
static bool query_identifies(const char *location, size_t length)
{
    char text[4096];

    if (!memchr(location, '?', length))
        return false;
    if (length >= sizeof(text))
        return true;
    memcpy(text, location, length);
    text[length] = '\0';
    return query_has_token(text) || query_is_signed(text);
}

/* Up to 7.82 libcurl itself takes a custom Authorization header along to another port, and to
   http (CVE-2022-27774, -27776), so every status line of a redirect blanks ours, and only a
   Location that stays within the origin by its text brings it back. */
static void follow_header_line(struct transfer *transfer, const char *line, size_t length)
{
    static const char location[] = "location:";
    const struct authority *authority = transfer->authority;

    if (length > 9 && strncmp(line, "HTTP/", 5) == 0) {
        const char *space = memchr(line, ' ', length);
        transfer->redaction = (struct redaction){0}; /* of the next request */
        if (!space || space + 1 >= line + length || space[1] != '3')
            return;
        if (transfer->node.data == transfer_blank_line)
            transfer->elsewhere = true; /* this answer came from where a redirect had led to */
        transfer->node.data = transfer_blank_line;
        return;
    }
    if (transfer->cookies.on && sets_token_cookie(line, length)) {
        transfer->node.data = transfer_blank_line;
        transfer->elsewhere = true;
    }
    if (!transfer->sent || transfer->elsewhere || length < sizeof(location) ||
        !ascii_equal_n(line, location, sizeof(location) - 1))
        return;
    line += sizeof(location) - 1;
    length -= sizeof(location) - 1;
    while (length && (*line == ' ' || *line == '\t')) {
        line++;
        length--;
    }
    if (query_identifies(line, length)) {
        transfer->elsewhere = true;
        return;
    }
    if ((length > 1 && line[0] == '/' && line[1] != '/' && line[1] != '\\') ||
        (authority->text_length && length > authority->text_length &&
         strncmp(line, authority->text, authority->text_length) == 0 &&
         line[authority->text_length] == '/'))
        transfer->node.data = (char *)(uintptr_t)transfer->credential->header;
}

/* What libcurl would do with a header line without us (lib/sendf.c, Curl_client_write). */
static size_t pass_header(const struct transfer *transfer, char *line, size_t size, size_t count)
{
    const struct program_options *program = &transfer->program;

    if (program->header)
        return program->header(line, size, count, program->header_data);
    if (!program->header_data)
        return size * count;
    if (program->write)
        return program->write(line, size, count, program->header_data);
    return fwrite(line, size, count, program->header_data);
}

static size_t on_header(char *line, size_t size, size_t count, void *data)
{
    struct transfer *transfer = transfer_of_id(data);

    if (!transfer)
        return size * count;
    if (transfer->active && transfer->credential)
        follow_header_line(transfer, line, size * count);
    return pass_header(transfer, line, size, count);
}

static void install_header_hook(struct transfer *transfer)
{
    const struct binding *curl = transfer->curl;

    curl->easy_setopt(transfer->handle, CURLOPT_HEADERFUNCTION, on_header);
    curl->easy_setopt(transfer->handle, CURLOPT_HEADERDATA, transfer_callback_data(transfer));
    transfer->header_hook = true;
}

/* The kernel reads the word before it says that it knows no such action. */
static bool is_readable(const void *address)
{
    uintptr_t word = (uintptr_t)address & ~(uintptr_t)7;
    const int no_such_action = -1;

    return word &&
           (syscall(SYS_rt_sigprocmask, no_such_action, word, NULL, 8L) == 0 || errno != EFAULT);
}

/* libcurl would not read the list yet, and never that of a handle which is taken out of its multi
   handle again or finds no server: there it may be anything. */
static bool is_readable_list(const struct curl_slist *list)
{
    for (; list; list = list->next)
        if ((uintptr_t)list % sizeof(list) != 0 || !is_readable(&list->data) ||
            !is_readable(&list->next) || (list->data && !is_readable(list->data)))
            return false;
    return true;
}

/* Why nothing can be decided at the beginning of this transfer. */
static const char *undecidable(const struct transfer *transfer)
{
    const struct program_options *program = &transfer->program;

    if (transfer->curl->version < OLDEST_SAFE)
        return "libcurl before 7.58 is not supported";
    if (program->url_handle)
        return "a CURLU with libcurl before 7.80";
    if (program->unified_headers)
        return "CURLHEADER_UNIFIED with libcurl before 7.80";
    if (program->unrestricted_auth && program->follow)
        return "CURLOPT_UNRESTRICTED_AUTH with libcurl before 7.80";
    /* Where the connection goes is not known yet, so plain http would be a guess. */
    if (!program->url || !ascii_starts_with(program->url, "https://"))
        return "not an https:// URL, with libcurl before 7.80";
    if (!is_readable_list(program->headers))
        return "CURLOPT_HTTPHEADER leads nowhere, with libcurl before 7.80";
    return NULL;
}

/* libcurl forwards a signature to wherever a redirect leads, and nobody can take it back here. */
static void begin_signed(struct transfer *transfer)
{
    if (transfer->program.follow)
        log_once(LEVEL_DEBUG, "signature",
                 "no signature is sent: the program follows redirects, with libcurl before 7.80");
    else
        inject_signature(transfer, transfer->program.url);
}

CURLcode legacy_begin(struct transfer *transfer)
{
    const struct peer peer = {0};
    const char *why = undecidable(transfer);
    enum decision decision;

    /* A transfer that ended without a word (its multi is gone) has left its header. */
    inject_blank(transfer);
    if (why) {
        log_once(LEVEL_DEBUG, why, "no token is sent: %s", why);
        return CURLE_OK;
    }
    decision = decide_request(transfer, transfer->program.url, &peer);
    if (decision == DECIDE_ABORT)
        return CURLE_ABORTED_BY_CALLBACK;
    if (decision != DECIDE_SEND)
        return CURLE_OK;
    if (transfer->credential->signs) {
        begin_signed(transfer);
        return CURLE_OK;
    }
    if (transfer->program.follow)
        install_header_hook(transfer);
    inject_header(transfer);
    return CURLE_OK;
}

static void take_back_if_changed(struct transfer *transfer, const struct program_options *before)
{
    if (memcmp(before, &transfer->program, sizeof(*before)) != 0)
        inject_blank(transfer);
}

/* Of these a copy is kept, and a new one may lie where the old one was. */
static bool is_copied(CURLoption option)
{
    return option == CURLOPT_URL || option == CURLOPT_NETRC_FILE || option == CURLOPT_COOKIEFILE ||
           option == CURLOPT_COOKIELIST;
}

void legacy_note_long(struct transfer *transfer, CURLoption option, long value)
{
    struct program_options before;

    memcpy(&before, &transfer->program, sizeof(before));
    transfer_note_long(transfer, option, value);
    take_back_if_changed(transfer, &before);
}

void legacy_note_pointer(struct transfer *transfer, CURLoption option, void *value)
{
    struct program_options before;

    memcpy(&before, &transfer->program, sizeof(before));
    transfer_note_pointer(transfer, option, value);
    if (is_copied(option))
        inject_blank(transfer);
    else
        take_back_if_changed(transfer, &before);
}

static int on_progress(void *data, curl_off_t download_total, curl_off_t downloaded,
                       curl_off_t upload_total, curl_off_t uploaded)
{
    (void)data, (void)download_total, (void)downloaded, (void)upload_total, (void)uploaded;
    return 1;
}

void legacy_abort(struct transfer *transfer)
{
    const struct binding *curl = transfer->curl;
    int saved = errno;

    transfer->progress_hook = true;
    curl->easy_setopt(transfer->handle, CURLOPT_XFERINFOFUNCTION, on_progress);
    curl->easy_setopt(transfer->handle, CURLOPT_NOPROGRESS, 0L);
    errno = saved;
}

void legacy_end(struct transfer *transfer)
{
    const struct binding *curl = transfer->curl;
    const struct program_options *program = &transfer->program;

    if (transfer->header_hook) {
        transfer->header_hook = false;
        curl->easy_setopt(transfer->handle, CURLOPT_HEADERFUNCTION, program->header);
        curl->easy_setopt(transfer->handle, CURLOPT_HEADERDATA, program->header_data);
    }
    if (transfer->progress_hook) {
        transfer->progress_hook = false;
        curl->easy_setopt(transfer->handle, CURLOPT_XFERINFOFUNCTION, program->progress);
        curl->easy_setopt(transfer->handle, CURLOPT_NOPROGRESS, (long)!program->progress_wanted);
    }
}
