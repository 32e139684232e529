/* session - the access tokens that password logins have brought, one file each in a directory that
   is the user's alone. */
#include "source/synapse/session.h"

#include "base/cleanup.h"
#include "base/error.h"
#include "base/paths.h"
#include "base/utf8.h"
#include "base/write_guard.h"
#include "file/file_read.h"
#include "file/file_temporary.h"
#include "foreign/deps.h"
#include "format/json_number.h"
#include "format/json_object.h"
#include "format/json_secret.h"
#include "source/synapse/session_directory.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

enum { LOCK_SECONDS = 60, LOCK_STEP_MILLISECONDS = 20 };

/* "synapse-", 32 hex digits, ".json" or ".lock". */
enum { NAME_BYTES = 16, NAME_SIZE = 8 + 2 * NAME_BYTES + 5 + 1 };

/* What a saver that was killed may leave: a name that file_save_is_leftover knows. */
#define LEFTOVER ".%s.synauth-new"
enum { LEFTOVER_SIZE = NAME_SIZE + sizeof LEFTOVER };

static void hash_part(const struct deps *deps, struct sha256_ctx *context, const char *part)
{
    const char *text = part ? part : "";
    /* The NUL is hashed too: it keeps the parts apart. */
    deps->nettle_sha256_update(context, strlen(text) + 1, (const uint8_t *)text);
}

/* False: the library that hashes is not there. */
static bool file_name(const struct session_key *key, const char *suffix, char ret[NAME_SIZE])
{
    struct sha256_ctx context;
    uint8_t digest[NAME_BYTES];
    const struct deps *deps = deps_get(NULL);
    if (!deps)
        return false;
    deps->nettle_sha256_init(&context);
    hash_part(deps, &context, key->endpoint);
    hash_part(deps, &context, key->user);
    hash_part(deps, &context, key->profile);
    deps->nettle_sha256_digest(&context, sizeof digest, digest);
    int used = snprintf(ret, NAME_SIZE, "synapse-");
    for (size_t i = 0; i < sizeof digest; i++)
        used += snprintf(ret + used, NAME_SIZE - (size_t)used, "%02x", digest[i]);
    snprintf(ret + used, NAME_SIZE - (size_t)used, "%s", suffix);
    return true;
}

/* The directory and a name in it. *ret_path (heap) stays NULL when there is no place for sessions:
   that is no error. Closed by the caller in any case. */
static int find_file(const struct session_key *key, const char *suffix, bool make,
                     struct session_directory *ret, char name[NAME_SIZE], char **ret_path,
                     synauth_error *error)
{
    *ret_path = NULL;
    session_directory_open(ret, make);
    int code = session_directory_judge(ret, error);
    if (code != SYNAUTH_OK || !ret->path || !file_name(key, suffix, name))
        return code;
    *ret_path = paths_join(ret->path, name);
    return *ret_path ? SYNAUTH_OK : error_memory(error);
}

/* NULL when absent; false for a text that is no JSON object. */
static bool read_member(const struct secret *content, const char *key, const char *path,
                        struct secret **ret, synauth_error *error)
{
    return json_secret_get(secret_bytes(content), secret_length(content), key, path, ret, NULL,
                           error) != JSON_SECRET_BAD;
}

/* Kept for ever is nothing: without a time of its own a session ends when a login's token does. */
static int64_t end_of(int64_t expires, int64_t written)
{
    return expires != 0 ? expires : written + SESSION_SECONDS;
}

static enum session_state read_session(const struct secret *content, const char *path,
                                       int64_t written, struct session *ret, synauth_error *error)
{
    AUTO_SECRET user = NULL;
    int64_t expires = json_number_get(secret_bytes(content), secret_length(content), "exp");
    struct session session = {.expires = end_of(expires, written)};
    if (!read_member(content, "token", path, &session.token, error) ||
        !read_member(content, "receipt", path, &session.receipt, error) ||
        !read_member(content, "user", path, &user, error)) {
        session_free(&session);
        return SESSION_UNUSABLE;
    }
    session.user = user ? strdup(secret_bytes(user)) : NULL;
    if (session.expires <= (int64_t)time(NULL) + SESSION_EARLY) {
        secret_unref(session.token);
        session.token = NULL;
    }
    *ret = session;
    return session.token ? SESSION_FOUND : SESSION_EXPIRED;
}

static enum session_state read_file(const struct session_directory *directory, const char *name,
                                    const char *path, struct session *ret, synauth_error *error)
{
    AUTO_SECRET content = NULL;
    struct stat status;
    int flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW;
    int fd = openat(directory->fd, name, flags);
    enum file_state state =
        file_read_open(fd, path, CREDENTIAL_FILE_MAX, FILE_TRUST_ANY, &content, &status, error);
    if (fd >= 0)
        close(fd);
    if (state != FILE_OK)
        return state == FILE_ABSENT ? SESSION_ABSENT : SESSION_UNUSABLE;
    if (status.st_uid == geteuid() && !(status.st_mode & (S_IRWXG | S_IRWXO)))
        return read_session(content, path, (int64_t)status.st_mtime, ret, error);
    error_set(error, SYNAUTH_E_UNUSABLE, path, 0,
              "the session is open to others or belongs to another user; it is not used");
    return SESSION_UNUSABLE;
}

static enum session_state load(const struct session_key *key, struct session *ret,
                               synauth_error *error)
{
    AUTO_STRING path = NULL;
    AUTO_SESSION_DIRECTORY directory;
    char name[NAME_SIZE];
    if (find_file(key, ".json", false, &directory, name, &path, error) != SYNAUTH_OK)
        return SESSION_REFUSED;
    if (!path || directory.fd < 0)
        return SESSION_ABSENT;
    return read_file(&directory, name, path, ret, error);
}

enum session_state session_load(const struct session_key *key, struct session *ret,
                                synauth_error *error)
{
    int saved_errno = errno;
    enum session_state state = load(key, ret, error);
    errno = saved_errno;
    return state;
}

char *session_path(const struct session_key *key)
{
    int saved_errno = errno;
    char name[NAME_SIZE];
    AUTO_STRING directory = session_directory_path();
    char *path = directory && file_name(key, ".json", name) ? paths_join(directory, name) : NULL;
    errno = saved_errno;
    return path;
}

void session_free(struct session *session)
{
    secret_unref(session->token);
    secret_unref(session->receipt);
    free(session->user);
    memset(session, 0, sizeof *session);
}

/* Not the blocking call: a holder that hangs must not make us wait for ever. */
static bool lock_patiently(int fd)
{
    const struct timespec step = {.tv_nsec = LOCK_STEP_MILLISECONDS * 1000000L};
    for (int left = LOCK_SECONDS * 1000 / LOCK_STEP_MILLISECONDS; left > 0; left--) {
        if (flock(fd, LOCK_EX | LOCK_NB) == 0)
            return true;
        if (errno != EWOULDBLOCK && errno != EINTR)
            return false;
        nanosleep(&step, NULL);
    }
    return false;
}

int session_lock(const struct session_key *key, int *ret_lock, synauth_error *error)
{
    AUTO_STRING path = NULL;
    AUTO_SESSION_DIRECTORY directory;
    char name[NAME_SIZE];
    int saved_errno = errno;
    int code = find_file(key, ".lock", true, &directory, name, &path, error);
    *ret_lock = -1;
    if (code == SYNAUTH_OK && path) {
        int flags = O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
        int fd = openat(directory.fd, name, flags, 0600);
        if (fd < 0 || !lock_patiently(fd)) {
            code = error_set(error, SYNAUTH_E_IO, path, 0,
                             "the session cannot be locked (errno %d)", errno);
            session_unlock(fd);
        } else {
            *ret_lock = fd;
        }
    }
    errno = saved_errno;
    return code;
}

/* The file stays: a lock that is removed could be held twice. */
void session_unlock(int lock)
{
    int saved_errno = errno;
    if (lock >= 0)
        close(lock);
    errno = saved_errno;
}

/* Text for people to read: what is not UTF-8 would make the file one that no JSON reader takes. */
static struct secret *session_text(const struct session_key *key, const struct session *session)
{
    char expires[24];
    AUTO_STRING endpoint = key->endpoint ? utf8_mended(key->endpoint) : NULL;
    AUTO_STRING user = session->user ? utf8_mended(session->user) : NULL;
    AUTO_STRING profile = key->profile ? utf8_mended(key->profile) : NULL;
    snprintf(expires, sizeof expires, "%" PRId64, end_of(session->expires, (int64_t)time(NULL)));
    const struct json_member members[] = {{.name = "exp", .number = expires},
                                          {.name = "endpoint", .text = endpoint},
                                          {.name = "user", .text = user},
                                          {.name = "profile", .text = profile},
                                          {.name = "token", .secret = session->token},
                                          {.name = "receipt", .secret = session->receipt}};
    return json_object(members, sizeof members / sizeof *members);
}

static bool become(const struct session_directory *directory, const char *name,
                   const struct secret *text, bool nameless)
{
    char usual[LEFTOVER_SIZE];
    struct file_temporary temporary;
    snprintf(usual, sizeof usual, LEFTOVER, name);
    if (file_temporary_open(directory->fd, usual, nameless, &temporary) != 0)
        return false;
    if (write_guarded(temporary.fd, secret_bytes(text), secret_length(text)) &&
        file_temporary_flush(&temporary) == 0 &&
        file_temporary_publish(&temporary, name, true) == 0)
        return true;
    file_temporary_drop(&temporary);
    return false;
}

/* With the directory's lock, which only we can open: one name is enough, and what a saver that was
   killed has left under it goes. Where links are forbidden, a file without a name is no use. */
static bool replace(const struct session_directory *directory, const char *name,
                    const struct secret *text)
{
    char leftover[LEFTOVER_SIZE];
    snprintf(leftover, sizeof leftover, LEFTOVER, name);
    if (!lock_patiently(directory->fd))
        return false;
    (void)unlinkat(directory->fd, leftover, 0);
    return become(directory, name, text, true) || become(directory, name, text, false);
}

static void give_path(char **path, char **ret_path)
{
    if (!ret_path)
        return;
    *ret_path = *path;
    *path = NULL;
}

static int save(const struct session_key *key, const struct session *session, char **path,
                synauth_error *error)
{
    AUTO_SESSION_DIRECTORY directory;
    char name[NAME_SIZE];
    int code = find_file(key, ".json", true, &directory, name, path, error);
    if (code != SYNAUTH_OK || !*path)
        return code;
    AUTO_SECRET text = session_text(key, session);
    if (!text)
        return error_memory(error);
    if (!replace(&directory, name, text))
        return error_set(error, SYNAUTH_E_IO, *path, 0, "cannot be written (errno %d)", errno);
    return SYNAUTH_OK;
}

int session_save(const struct session_key *key, const struct session *session, char **ret_path,
                 synauth_error *error)
{
    AUTO_STRING path = NULL;
    int saved_errno = errno;
    int code = save(key, session, &path, error);
    if (code == SYNAUTH_OK)
        give_path(&path, ret_path);
    errno = saved_errno;
    return code;
}

static int remove_file(const struct session_key *key, char **path, synauth_error *error)
{
    AUTO_SESSION_DIRECTORY directory;
    char name[NAME_SIZE], temporary[LEFTOVER_SIZE];
    int code = find_file(key, ".json", false, &directory, name, path, error);
    if (code != SYNAUTH_OK || !*path)
        return code;
    snprintf(temporary, sizeof temporary, LEFTOVER, name);
    bool leftover = directory.fd >= 0 && unlinkat(directory.fd, temporary, 0) == 0;
    if (directory.fd >= 0 && unlinkat(directory.fd, name, 0) == 0)
        return SYNAUTH_OK;
    if (directory.fd >= 0 && errno != ENOENT)
        return error_set(error, SYNAUTH_E_IO, *path, 0, "cannot be removed (errno %d)", errno);
    if (!leftover) {
        free(*path);
        *path = NULL;
    }
    return SYNAUTH_OK;
}

int session_remove(const struct session_key *key, char **ret_path, synauth_error *error)
{
    AUTO_STRING path = NULL;
    int saved_errno = errno;
    int code = remove_file(key, &path, error);
    if (code == SYNAUTH_OK)
        give_path(&path, ret_path);
    errno = saved_errno;
    return code;
}

/* With the directory's lock, which every saver takes: what is compared is what is replaced. */
static void drop(const struct session_key *key, const struct secret *token, struct session *found)
{
    AUTO_STRING path = NULL;
    AUTO_SECRET text = NULL;
    AUTO_SESSION_DIRECTORY directory;
    char name[NAME_SIZE];
    if (find_file(key, ".json", false, &directory, name, &path, NULL) != SYNAUTH_OK || !path ||
        directory.fd < 0 || !lock_patiently(directory.fd) ||
        read_file(&directory, name, path, found, NULL) != SESSION_FOUND ||
        secret_length(found->token) != secret_length(token) ||
        memcmp(secret_bytes(found->token), secret_bytes(token), secret_length(token)) != 0)
        return;
    secret_unref(found->token);
    found->token = NULL;
    text = session_text(key, found);
    /* Where nothing can be written, this process alone remembers the refusal. */
    if (!text || !replace(&directory, name, text))
        (void)unlinkat(directory.fd, name, 0);
}

void session_drop(const struct session_key *key, const struct secret *token)
{
    struct session found = {0};
    int saved_errno = errno;
    drop(key, token, &found);
    session_free(&found);
    errno = saved_errno;
}
