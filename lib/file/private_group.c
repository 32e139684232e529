/* private_group - is a group this process's own, with nobody else in it?

   The files are read directly: getpwent and getgrent would load modules into the host program and
   ask servers, and they are not thread-safe. */
#include "file/private_group.h"

#include "base/ascii.h"
#include "base/cleanup.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { LINE_BYTES = 64 * 1024, NAME_BYTES = 64 };
#define FILE_BYTES_MAX ((size_t)8 * 1024 * 1024)

/* What the files say about the group. */
struct members {
    gid_t group;
    uid_t user;
    bool others;
    bool unknown;           /* a file could not be read as a whole */
    bool elsewhere;         /* users come from other places, too */
    char own[NAME_BYTES];   /* the user's name; empty: not in /etc/passwd with this group */
    char named[NAME_BYTES]; /* the group's name; empty: not in /etc/group */
};

typedef void line_function(struct members *members, char *line);

/* A file that is not there says nothing. */
static void read_lines(const char *folder, const char *name, struct members *members,
                       line_function *take)
{
    AUTO_STRING line = NULL;
    AUTO_STRING path = NULL;
    size_t size = 0, total = 0;
    ssize_t length = 0;
    if (asprintf(&path, "%s/%s", folder, name) < 0)
        path = NULL;
    FILE *stream = path ? fopen(path, "re") : NULL;
    if (!stream) {
        members->unknown |= !path || errno != ENOENT;
        return;
    }
    /* Not getline: glibc's header makes a call of it that musl does not have. */
    while ((length = getdelim(&line, &size, '\n', stream)) > 0) {
        total += (size_t)length;
        if (length > LINE_BYTES || total > FILE_BYTES_MAX) {
            members->unknown = true;
            break;
        }
        line[strcspn(line, "\n")] = '\0';
        take(members, line);
    }
    members->unknown |= ferror(stream) != 0;
    fclose(stream);
}

/* `passwd: files systemd`: these two have nobody that the files do not show. */
static void take_service_line(struct members *members, char *line)
{
    static const char blanks[] = " \t";
    char *services = line, *rest = NULL;
    line[strcspn(line, "#")] = '\0';
    const char *database = strsep(&services, ":");
    database += strspn(database, blanks);
    if (!services || (strcmp(database, "passwd") != 0 && strcmp(database, "group") != 0 &&
                      strcmp(database, "initgroups") != 0))
        return;
    for (const char *word = strtok_r(services, blanks, &rest); word;
         word = strtok_r(NULL, blanks, &rest))
        if (strcmp(word, "files") != 0 && strcmp(word, "compat") != 0 &&
            strcmp(word, "systemd") != 0 && word[0] != '[')
            members->elsewhere = true;
}

/* Cuts the line at its colons. False when there are fewer fields. */
static bool split(char *line, char **fields, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        fields[i] = strsep(&line, ":");
        if (!fields[i])
            return false;
    }
    return true;
}

static bool is_number(const char *text, unsigned long number)
{
    uint64_t read;
    return ascii_number(text, UINT64_MAX, &read) && read == number;
}

static void keep_name(char *buffer, const char *name)
{
    snprintf(buffer, NAME_BYTES, "%s", strlen(name) < NAME_BYTES ? name : "");
}

/* NAME:PASSWORD:UID:GID:... */
static void take_user(struct members *members, char *line)
{
    char *fields[4];
    members->elsewhere |= line[0] == '+'; /* NIS, in the old manner */
    if (!split(line, fields, 4) || !is_number(fields[3], members->group))
        return;
    if (is_number(fields[2], members->user))
        keep_name(members->own, fields[0]);
    else if (!is_number(fields[2], 0))
        members->others = true;
}

/* NAME:PASSWORD:GID:MEMBER,MEMBER */
static void take_group(struct members *members, char *line)
{
    char *fields[4], *rest = NULL;
    members->elsewhere |= line[0] == '+';
    if (!split(line, fields, 4) || !is_number(fields[2], members->group))
        return;
    keep_name(members->named, fields[0]);
    for (const char *name = strtok_r(fields[3], ",", &rest); name;
         name = strtok_r(NULL, ",", &rest))
        if (strcmp(name, "root") != 0 && (!members->own[0] || strcmp(name, members->own) != 0))
            members->others = true;
}

bool private_group_is_by(const char *folder, gid_t group)
{
    struct members members = {.group = group, .user = geteuid()};
    int saved_errno = errno;
    if (group == getegid()) {
        read_lines(folder, "nsswitch.conf", &members, take_service_line);
        read_lines(folder, "passwd", &members, take_user);
        read_lines(folder, "group", &members, take_group);
    }
    errno = saved_errno;
    bool looks_private = members.own[0] && strcmp(members.own, members.named) == 0;
    return group == getegid() && !members.others && !members.unknown &&
           (looks_private || !members.elsewhere);
}

bool private_group_is(gid_t group)
{
    return private_group_is_by("/etc", group);
}
