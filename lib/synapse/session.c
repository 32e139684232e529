/* session - the access tokens that password logins have brought, one file each in a directory that
   is the user's alone. */
#include "synapse/session.h"

#include "cleanup.h"
#include "deps.h"
#include "env.h"
#include "error.h"
#include "file_save.h"
#include "json_number.h"
#include "json_secret.h"
#include "paths.h"

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

/* *ret stays NULL when there is no place for sessions; only a wrong variable is an error. */
static int find_directory(char **ret, synauth_error *error)
{
    const char *chosen = env_get("SYNAUTH_SESSION_DIR"), *runtime = env_get("XDG_RUNTIME_DIR");
    *ret = NULL;
    if (chosen && chosen[0] != '/')
        return error_set(error, SYNAUTH_E_UNUSABLE, NULL, 0,
                         "SYNAUTH_SESSION_DIR is a relative path: give an absolute one");
    if (chosen)
        *ret = strdup(chosen);
    else if (runtime && runtime[0] == '/' && access(runtime, W_OK | X_OK) == 0)
        *ret = paths_join(runtime, "synauth");
    else
        return SYNAUTH_OK;
    return *ret ? SYNAUTH_OK : error_set(error, SYNAUTH_E_MEMORY, NULL, 0, "memory is short");
}

/* Whoever can write there could hand us a token of his own. */
static int judge_directory(const char *path, bool *ret_exists, synauth_error *error)
{
    struct stat status;
    *ret_exists = stat(path, &status) == 0;
    if (!*ret_exists)
        return errno == ENOENT || errno == ENOTDIR
                   ? SYNAUTH_OK
                   : error_set(error, SYNAUTH_E_UNUSABLE, path, 0,
                               "the session directory cannot be looked at (errno %d)", errno);
    if (!S_ISDIR(status.st_mode))
        return error_set(error, SYNAUTH_E_UNUSABLE, path, 0, "is no directory for sessions");
    if (status.st_uid != geteuid())
        return error_set(error, SYNAUTH_E_UNUSABLE, path, 0,
                         "the session directory belongs to another user; nothing in it is used");
    if (status.st_mode & (S_IRWXG | S_IRWXO))
        return error_set(error, SYNAUTH_E_UNUSABLE, path, 0,
                         "the session directory is open to others; nothing in it is used until: "
                         "chmod 700 %.300s",
                         path);
    return SYNAUTH_OK;
}

/* The file of a session; *ret stays NULL when there is no directory for it. */
static int find_file(const struct session_key *key, const char *suffix, bool *ret_directory_exists,
                     char **ret, synauth_error *error)
{
    AUTO_STRING directory = NULL;
    char name[NAME_SIZE];
    *ret = NULL;
    *ret_directory_exists = false;
    int code = find_directory(&directory, error);
    if (code == SYNAUTH_OK && directory)
        code = judge_directory(directory, ret_directory_exists, error);
    if (code != SYNAUTH_OK || !directory || !file_name(key, suffix, name))
        return code;
    *ret = paths_join(directory, name);
    return *ret ? SYNAUTH_OK : error_set(error, SYNAUTH_E_MEMORY, NULL, 0, "memory is short");
}

/* NULL when absent; false for a text that is no JSON object. */
static bool read_member(const struct secret *content, const char *key, const char *path,
                        struct secret **ret, synauth_error *error)
{
    return json_secret_get(secret_bytes(content), secret_length(content), key, path, ret, NULL,
                           error) != JSON_SECRET_BAD;
}

static enum session_state read_session(const struct secret *content, const char *path,
                                       struct session *ret, synauth_error *error)
{
    AUTO_SECRET user = NULL;
    struct session session = {
        .expires = json_number_get(secret_bytes(content), secret_length(content), "exp")};
    if (!read_member(content, "token", path, &session.token, error) ||
        !read_member(content, "receipt", path, &session.receipt, error) ||
        !read_member(content, "user", path, &user, error)) {
        session_free(&session);
        return SESSION_UNUSABLE;
    }
    session.user = user ? strdup(secret_bytes(user)) : NULL;
    bool expired = session.expires != 0 && session.expires - SESSION_EARLY <= (int64_t)time(NULL);
    if (expired) {
        secret_unref(session.token);
        session.token = NULL;
    }
    *ret = session;
    return session.token ? SESSION_FOUND : SESSION_EXPIRED;
}

static enum session_state load(const struct session_key *key, struct session *ret,
                               synauth_error *error)
{
    AUTO_STRING path = NULL;
    AUTO_SECRET content = NULL;
    struct stat status;
    bool exists = false;
    if (find_file(key, ".json", &exists, &path, error) != SYNAUTH_OK)
        return SESSION_UNUSABLE;
    if (!path || !exists)
        return SESSION_ABSENT;
    enum file_state state =
        file_read(path, CREDENTIAL_FILE_MAX, FILE_TRUST_CREDENTIAL, &content, &status, error);
    if (state != FILE_OK)
        return state == FILE_ABSENT ? SESSION_ABSENT : SESSION_UNUSABLE;
    if (status.st_uid == geteuid() && !(status.st_mode & (S_IRWXG | S_IRWXO)))
        return read_session(content, path, ret, error);
    error_set(error, SYNAUTH_E_UNUSABLE, path, 0,
              "the session is open to others or belongs to another user; it is not used");
    return SESSION_UNUSABLE;
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
    char *path = NULL;
    bool exists = false;
    if (find_file(key, ".json", &exists, &path, NULL) != SYNAUTH_OK)
        path = NULL;
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

/* Makes the directory when it is the last part that is missing. */
static int make_directory(const char *file, bool exists, synauth_error *error)
{
    AUTO_STRING directory = paths_directory(file);
    if (!directory)
        return error_set(error, SYNAUTH_E_MEMORY, NULL, 0, "memory is short");
    if (!exists && mkdir(directory, S_IRWXU) != 0 && errno != EEXIST)
        return error_set(error, SYNAUTH_E_IO, directory, 0,
                         "the session directory cannot be made (errno %d)", errno);
    return judge_directory(directory, &exists, error);
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
    bool exists = false;
    int saved_errno = errno;
    int code = find_file(key, ".lock", &exists, &path, error);
    *ret_lock = -1;
    if (code == SYNAUTH_OK && path)
        code = make_directory(path, exists, error);
    if (code == SYNAUTH_OK && path) {
        int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
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

/* `, "NAME": "VALUE"`; wiped with the stream's buffer by the caller. */
static void put_member(FILE *stream, const char *name, const char *value, size_t length)
{
    fprintf(stream, ", \"%s\": \"", name);
    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)value[i];
        if (byte == '"' || byte == '\\')
            fprintf(stream, "\\%c", byte);
        else if (byte < 0x20 || byte == 0x7f)
            fprintf(stream, "\\u%04x", byte);
        else
            fputc(byte, stream);
    }
    fputc('"', stream);
}

static void put_text_member(FILE *stream, const char *name, const char *value)
{
    if (value)
        put_member(stream, name, value, strlen(value));
}

/* Room for every byte as six: the buffer is never moved, so that nothing is left unwiped. */
static size_t text_size(const struct session_key *key, const struct session *session)
{
    size_t length = secret_length(session->token) + secret_length(session->receipt);
    const char *const texts[] = {key->endpoint, key->profile, session->user};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        length += texts[i] ? strlen(texts[i]) : 0;
    return 6 * length + 256;
}

static struct secret *session_text(const struct session_key *key, const struct session *session)
{
    size_t size = text_size(key, session);
    AUTO_SECRET room = secret_alloc(size);
    FILE *stream = room ? fmemopen(secret_buffer(room), size, "w") : NULL;
    if (!stream)
        return NULL;
    setvbuf(stream, NULL, _IONBF, 0);
    fprintf(stream, "{\"exp\": %" PRId64, session->expires);
    put_text_member(stream, "endpoint", key->endpoint);
    put_text_member(stream, "user", session->user);
    put_text_member(stream, "profile", key->profile);
    if (session->token)
        put_member(stream, "token", secret_bytes(session->token), secret_length(session->token));
    if (session->receipt)
        put_member(stream, "receipt", secret_bytes(session->receipt),
                   secret_length(session->receipt));
    fputs("}\n", stream);
    fclose(stream);
    return secret_slice(room, 0, strlen(secret_bytes(room)));
}

static int write_file(const char *path, struct secret *text, synauth_error *error)
{
    size_t index = 0;
    AUTO_FILE_SAVE save = file_save_new();
    if (!save || !text)
        return error_set(error, SYNAUTH_E_MEMORY, NULL, 0, "memory is short");
    int code = file_save_add(save, path, FILE_TRUST_CREDENTIAL, &index, error);
    if (code == SYNAUTH_OK)
        code = file_save_lock(save, error);
    if (code != SYNAUTH_OK)
        return code;
    file_save_set(save, index, text);
    return file_save_commit(save, error);
}

static void give_path(char **path, char **ret_path)
{
    if (!ret_path)
        return;
    *ret_path = *path;
    *path = NULL;
}

int session_save(const struct session_key *key, const struct session *session, char **ret_path,
                 synauth_error *error)
{
    AUTO_STRING path = NULL;
    bool exists = false;
    int saved_errno = errno;
    int code = find_file(key, ".json", &exists, &path, error);
    if (code == SYNAUTH_OK && path)
        code = make_directory(path, exists, error);
    if (code == SYNAUTH_OK && path) {
        AUTO_SECRET text = session_text(key, session);
        code = write_file(path, text, error);
    }
    if (code == SYNAUTH_OK)
        give_path(&path, ret_path);
    errno = saved_errno;
    return code;
}

int session_remove(const struct session_key *key, char **ret_path, synauth_error *error)
{
    AUTO_STRING path = NULL;
    bool exists = false;
    int saved_errno = errno;
    int code = find_file(key, ".json", &exists, &path, error);
    bool gone = code == SYNAUTH_OK && path && exists && unlink(path) == 0;
    if (code == SYNAUTH_OK && path && exists && !gone && errno != ENOENT)
        code = error_set(error, SYNAUTH_E_IO, path, 0, "cannot be removed (errno %d)", errno);
    if (!gone && path) {
        free(path);
        path = NULL;
    }
    if (code == SYNAUTH_OK)
        give_path(&path, ret_path);
    errno = saved_errno;
    return code;
}

void session_drop(const struct session_key *key, const struct secret *token)
{
    struct session found = {0};
    int saved_errno = errno;
    if (load(key, &found, NULL) == SESSION_FOUND &&
        secret_length(found.token) == secret_length(token) &&
        memcmp(secret_bytes(found.token), secret_bytes(token), secret_length(token)) == 0) {
        secret_unref(found.token);
        found.token = NULL;
        int code = session_save(key, &found, NULL, NULL);
        if (code != SYNAUTH_OK)
            code = session_remove(key, NULL, NULL);
        (void)code; /* where nothing can be written, this process alone remembers the refusal */
    }
    session_free(&found);
    errno = saved_errno;
}
