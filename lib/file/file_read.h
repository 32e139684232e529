/* file_read - the one place where foreign files are opened for reading: open, fstat the
   descriptor, judge type, owner and mode, cap the size. */
#ifndef SYNAUTH_FILE_READ_H
#define SYNAUTH_FILE_READ_H

#include "base/secret.h"
#include "synauth.h"
#include <sys/stat.h>

#define CREDENTIAL_FILE_MAX ((size_t)1024 * 1024) /* larger ones are unusable */
#define CONFIG_FILE_MAX ((size_t)64 * 1024 * 1024)

enum file_trust {
    FILE_TRUST_ANY,        /* *_FILE, credentials directory, explicit argument: not judged */
    FILE_TRUST_CREDENTIAL, /* a foreign owner, others may write: a warning (file_trust.h) */
    FILE_TRUST_CONFIG      /* as ssh: nobody else may own or write it */
};
enum file_state { FILE_OK, FILE_ABSENT, FILE_UNUSABLE };

/* Reads all of `path`. FILE_ABSENT: no such file, dangling link, or a directory. FILE_UNUSABLE:
   *error says why (unreadable, a FIFO or device, refused, over `max`). Opened with
   O_CLOEXEC | O_NONBLOCK | O_NOCTTY; links are followed. The intermediate buffers are wiped. */
enum file_state file_read(const char *path, size_t max, enum file_trust trust,
                          struct secret **ret_content, struct stat *ret_stat, synauth_error *error);

/* The same for what the caller has opened (with O_NONBLOCK), or -1 with errno: then *error says why
   it could not be opened. It stays open. */
enum file_state file_read_open(int fd, const char *path, size_t max, enum file_trust trust,
                               struct secret **ret_content, struct stat *ret_stat,
                               synauth_error *error);

#endif
