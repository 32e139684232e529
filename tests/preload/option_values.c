/* option_values - sets every option that libcurl knows, and some that it does not, to values that
   are no pointers, and prints what came of each. What crashes libcurl by itself is an answer too:
   each trial runs in a child. Arguments: CA A B C AH SECTION. */
#include "client.h"
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define COUNT(array) (sizeof(array) / sizeof(*(array)))
#define OPTIONS_MAX 600u

struct known {
    const char *name;
    unsigned number;
    bool object; /* a pointer that libcurl may keep unread: no text, no function, no blob */
};

typedef void trial(size_t number);

static struct client_setting setting;
static struct known options[OPTIONS_MAX];
static size_t option_count;
static void *unreadable; /* a page of its own */
static char zeros[1 << 16];
static char text[4096] = "text"; /* as a structure: one pointer into nowhere, no others */

static const struct odd_value {
    const char *name;
    intptr_t value;
} values[] = {{"0", 0}, {"1", 1}, {"-1", -1}, {"text", 0}, {"page", 0}};

__attribute__((format(printf, 1, 2))) static void say(const char *format, ...)
{
    char line[512];
    va_list arguments;
    int length;

    va_start(arguments, format);
    length = vsnprintf(line, sizeof(line), format, arguments);
    va_end(arguments);
    if (write(STDOUT_FILENO, line, (size_t)length) != length)
        _exit(2);
}

static intptr_t value_of(const struct odd_value *odd)
{
    if (strcmp(odd->name, "page") == 0)
        return (intptr_t)unreadable;
    return strcmp(odd->name, "text") == 0 ? (intptr_t)text : odd->value;
}

static CURLcode set(CURL *curl, unsigned number, intptr_t value)
{
    CURLoption option = (CURLoption)number;

    if (number >= CURLOPTTYPE_OFF_T && number < CURLOPTTYPE_BLOB)
        return curl_easy_setopt(curl, option, (curl_off_t)value);
    if (number < CURLOPTTYPE_OBJECTPOINT)
        return curl_easy_setopt(curl, option, (long)value);
    return curl_easy_setopt(curl, option, (void *)value);
}

/* One trial for each option and value; *ret_value is what to set. */
static const struct known *choose(size_t number, intptr_t *ret_value)
{
    const struct known *option = &options[number / COUNT(values)];
    const struct odd_value *odd = &values[number % COUNT(values)];

    *ret_value = value_of(odd);
    say("%s %s:", option->name, odd->name);
    return option;
}

static void on_plain_handle(size_t number)
{
    intptr_t value;
    const struct known *option = choose(number, &value);
    CURL *curl = curl_easy_init();

    say(" %d", (int)set(curl, option->number, value));
    curl_easy_cleanup(curl_easy_duphandle(curl));
    say(" copied");
    curl_easy_reset(curl);
    curl_easy_cleanup(curl);
    say(" gone\n");
}

static void on_no_handle(size_t number)
{
    intptr_t value;
    const struct known *option = choose(number, &value);

    say(" %d\n", (int)set(NULL, option->number, value));
}

static void on_waiting_handle(size_t number)
{
    intptr_t value;
    const struct known *option = choose(number, &value);
    struct client_answer answer = {.length = 0};
    CURL *curl = client_handle(&setting, setting.a, &answer);
    CURLM *multi = curl_multi_init();

    say(" %d", (int)set(curl, option->number, value));
    say(" %d", (int)curl_multi_add_handle(multi, curl));
    say(" %d", (int)curl_multi_remove_handle(multi, curl));
    curl_easy_cleanup(curl);
    curl_multi_cleanup(multi);
    say(" gone\n");
}

/* What the callbacks of one transfer were given. */
enum callback { WRITE, HEADER, READ, DEBUG, PROGRESS, SOCKOPT, OPENSOCKET, PREREQ, RESOLVE, KINDS };
static void *given[KINDS];
static intptr_t set_inside;
static const struct known *option_inside;

static size_t on_write(char *data, size_t size, size_t count, void *context)
{
    (void)data;
    given[WRITE] = context;
    return size * count;
}

static size_t on_header(char *data, size_t size, size_t count, void *context)
{
    (void)data;
    given[HEADER] = context;
    return size * count;
}

static size_t on_read(char *data, size_t size, size_t count, void *context)
{
    (void)data, (void)size, (void)count;
    given[READ] = context;
    return 0;
}

static int on_debug(CURL *curl, curl_infotype type, char *data, size_t length, void *context)
{
    (void)curl, (void)type, (void)data, (void)length;
    given[DEBUG] = context;
    return 0;
}

static int on_progress(void *context, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
    (void)a, (void)b, (void)c, (void)d;
    given[PROGRESS] = context;
    return 0;
}

static int on_socket(void *context, curl_socket_t socket, curlsocktype purpose)
{
    (void)socket, (void)purpose;
    given[SOCKOPT] = context;
    return CURL_SOCKOPT_OK;
}

static curl_socket_t on_open(void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
    (void)purpose;
    given[OPENSOCKET] = context;
    return socket(address->family, address->socktype, address->protocol);
}

static int on_prereq(void *context, char *ip, char *local_ip, int port, int local_port)
{
    (void)ip, (void)local_ip, (void)port, (void)local_port;
    given[PREREQ] = context;
    return CURL_PREREQFUNC_OK;
}

static int on_resolve(void *state, void *reserved, void *context)
{
    (void)state, (void)reserved;
    given[RESOLVE] = context;
    return 0;
}

static CURL *handle_with_callbacks(void)
{
    struct client_answer answer;
    CURL *curl = client_handle(&setting, setting.a, &answer);

    curl_easy_setopt(curl, CURLOPT_WRITEDATA, NULL);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_write);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(curl, CURLOPT_READFUNCTION, on_read);
    curl_easy_setopt(curl, CURLOPT_DEBUGFUNCTION, on_debug);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_progress);
    curl_easy_setopt(curl, CURLOPT_SOCKOPTFUNCTION, on_socket);
    curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, on_open);
    curl_easy_setopt(curl, CURLOPT_PREREQFUNCTION, on_prereq);
    curl_easy_setopt(curl, CURLOPT_RESOLVER_START_FUNCTION, on_resolve);
    curl_easy_setopt(curl, CURLOPT_VERBOSE, 1L);
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl, CURLOPT_POST, 1L);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, 0L);
    return curl;
}

static void say_given(void)
{
    for (int kind = 0; kind < KINDS; kind++)
        for (size_t i = 0; i < COUNT(values); i++)
            if (given[kind] == (void *)value_of(&values[i])) {
                say(" %s", values[i].name);
                break;
            }
}

/* A transfer to a configured host whose callbacks get the value, or libcurl keeps it unused. */
static void on_transfer(size_t number)
{
    intptr_t value;
    const struct known *option = choose(number, &value);
    CURL *curl;

    if (!option->object) {
        say(" not here\n");
        return;
    }
    memset(given, 0, sizeof(given));
    curl = handle_with_callbacks();
    say(" %d", (int)set(curl, option->number, value));
    say(" %d", (int)curl_easy_perform(curl));
    say_given();
    curl_easy_cleanup(curl);
    say(" gone\n");
}

static size_t set_and_end(char *data, size_t size, size_t count, void *context)
{
    (void)data, (void)size, (void)count;
    say(" %d", (int)set(context, option_inside->number, set_inside));
    return 0;
}

/* In the middle of a transfer that ends there. */
static void on_running_handle(size_t number)
{
    CURL *curl;

    option_inside = choose(number, &set_inside);
    if (option_inside->number < CURLOPTTYPE_OBJECTPOINT) {
        say(" not here\n");
        return;
    }
    curl = handle_with_callbacks();
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, set_and_end);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, curl);
    say(" %d", (int)curl_easy_perform(curl));
    curl_easy_cleanup(curl);
    say(" gone\n");
}

/* Options of multi handles have no list of their own: the numbers of each type, known or not. */
#define MULTI_NUMBERS 40u
static const unsigned multi_types[] = {CURLOPTTYPE_LONG, CURLOPTTYPE_OBJECTPOINT,
                                       CURLOPTTYPE_FUNCTIONPOINT, CURLOPTTYPE_OFF_T};

static int set_multi(CURLM *multi, unsigned number, intptr_t value)
{
    CURLMoption option = (CURLMoption)number;

    if (number >= CURLOPTTYPE_OFF_T)
        return (int)curl_multi_setopt(multi, option, (curl_off_t)value);
    if (number < CURLOPTTYPE_OBJECTPOINT)
        return (int)curl_multi_setopt(multi, option, (long)value);
    return (int)curl_multi_setopt(multi, option, (void *)value);
}

static void on_multi(size_t number)
{
    const struct odd_value *odd = &values[number % COUNT(values)];
    size_t at = number / COUNT(values);
    unsigned option = multi_types[at / MULTI_NUMBERS] + (unsigned)(at % MULTI_NUMBERS);
    CURLM *multi = curl_multi_init();

    say("multi %u %s:", option, odd->name);
    say(" %d", set_multi(multi, option, value_of(odd)));
    say(" %d", set_multi(multi, option, value_of(odd)));
    say(" %d", (int)curl_multi_cleanup(multi));
    say(" none %d", set_multi(NULL, option, value_of(odd)));
    say(" no multi %d\n", set_multi((CURLM *)zeros, option, value_of(odd)));
}

static void on_share(size_t number)
{
    const struct odd_value *odd = &values[number % COUNT(values)];
    CURLSHoption option = (CURLSHoption)(number / COUNT(values));
    CURLSH *share = curl_share_init();
    CURL *curl = curl_easy_init();

    say("share %d %s:", (int)option, odd->name);
    say(" %d", (int)curl_share_setopt(share, option, value_of(odd)));
    say(" %d", (int)curl_easy_setopt(curl, CURLOPT_SHARE, share));
    curl_easy_cleanup(curl);
    say(" %d\n", (int)curl_share_cleanup(share));
}

#define INFO_NUMBERS 90u
static const int info_types[] = {CURLINFO_STRING, CURLINFO_LONG,   CURLINFO_DOUBLE,
                                 CURLINFO_SLIST,  CURLINFO_SOCKET, CURLINFO_OFF_T};

/* All of it before a transfer, in which nothing is measured yet, with what a program has stored. */
static void on_info(size_t number)
{
    int option = info_types[number / INFO_NUMBERS] + (int)(number % INFO_NUMBERS);
    CURL *curl = curl_easy_init();
    int64_t value = 0;

    curl_easy_setopt(curl, CURLOPT_PRIVATE, (void *)1);
    say("info %x:", (unsigned)option);
    say(" %d", (int)curl_easy_getinfo(curl, (CURLINFO)option, &value));
    say(value == 1 ? " one" : value ? " some" : " none");
    say(" null %d", (int)curl_easy_getinfo(curl, (CURLINFO)option, NULL));
    curl_easy_cleanup(curl);
    say(" nobody %d\n", (int)curl_easy_getinfo(NULL, (CURLINFO)option, &value));
}

/* Runs the trials one after the other; the one in which a child ends has that for its answer. */
static void run_trials(trial *run, size_t count)
{
    size_t *next =
        mmap(NULL, sizeof(*next), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    client_check(next != MAP_FAILED, "mmap");
    while (*next < count) {
        int status = 0;
        pid_t child = fork();

        client_check(child >= 0, "fork");
        while (child == 0 && *next < count)
            run((*next)++);
        if (child == 0)
            _exit(0);
        while (waitpid(child, &status, 0) < 0)
            client_check(errno == EINTR, "waitpid");
        if (status)
            say(" ends %d %d\n", WIFEXITED(status) ? WEXITSTATUS(status) : 0,
                WIFSIGNALED(status) ? WTERMSIG(status) : 0);
    }
    munmap(next, sizeof(*next));
}

static void add_option(const char *name, unsigned number, bool object)
{
    client_check(option_count < OPTIONS_MAX, "room for the options");
    options[option_count++] = (struct known){name, number, object};
}

static size_t list_options(void)
{
    const struct curl_easyoption *option = NULL;

    while ((option = curl_easy_option_next(option)) != NULL)
        add_option(option->name, (unsigned)option->id,
                   option->type == CURLOT_CBPTR || option->type == CURLOT_OBJECT ||
                       option->type == CURLOT_SLIST);
    add_option("unknown long", 9999, false);
    add_option("unknown pointer", 19999, true);
    add_option("unknown function", 29999, false);
    add_option("unknown number", 39999, false);
    add_option("unknown blob", 49999, false);
    add_option("unknown kind", 54321, false);
    add_option("no option", 0x7fffffff, false);
    return option_count;
}

int main(int argc, char **argv)
{
    const size_t trials = list_options() * COUNT(values);
    const struct {
        const char *name;
        trial *run;
        size_t count;
    } sections[] = {
        {"plain", on_plain_handle, trials},
        {"nobody", on_no_handle, trials},
        {"waiting", on_waiting_handle, trials},
        {"transfer", on_transfer, trials},
        {"running", on_running_handle, trials},
        {"multi", on_multi, COUNT(multi_types) * MULTI_NUMBERS * COUNT(values)},
        {"share", on_share, 10 * COUNT(values)},
        {"info", on_info, COUNT(info_types) * INFO_NUMBERS},
    };

    setting = client_setting_of(argc, argv);
    unreadable = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    client_check(unreadable != MAP_FAILED && argc == 7, "usage: CA A B C AH SECTION");
    for (size_t i = 0; i < COUNT(sections); i++)
        if (strcmp(sections[i].name, argv[6]) == 0)
            run_trials(sections[i].run, sections[i].count);
    client_setting_free(&setting);
    return 0;
}
