/* prompt - takes a secret in: from the terminal without echo, or as the whole of standard input. */
#include "talk/prompt.h"

#include "base/utf8.h"
#include "talk/output.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

static const int caught[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGTTIN, SIGTTOU};
#define CAUGHT_COUNT (sizeof caught / sizeof caught[0])

static volatile sig_atomic_t arrived;

struct terminal {
    int fd;
    bool echo, changed;
    struct termios before;
    struct sigaction actions[CAUGHT_COUNT];
    sigset_t mask; /* the process's own, for as long as we wait */
};

static void note_signal(int number)
{
    arrived = number;
}

/* Without SA_RESTART: a signal ends the reading. What others send is let in only while we wait
   for input; the terminal's two signals answer our own calls. */
static void catch_signals(struct terminal *terminal)
{
    struct sigaction action = {.sa_handler = note_signal};
    sigset_t sent;
    sigemptyset(&action.sa_mask);
    sigemptyset(&sent);
    arrived = 0;
    for (size_t i = 0; i < CAUGHT_COUNT; i++) {
        sigaction(caught[i], &action, &terminal->actions[i]);
        if (caught[i] != SIGTTIN && caught[i] != SIGTTOU)
            sigaddset(&sent, caught[i]);
    }
    sigprocmask(SIG_BLOCK, &sent, &terminal->mask);
}

static bool set_echo(struct terminal *terminal)
{
    if (terminal->echo)
        return true;
    if (tcgetattr(terminal->fd, &terminal->before) != 0)
        return false;
    struct termios silent = terminal->before;
    silent.c_lflag &= ~(tcflag_t)ECHO;
    silent.c_lflag |= ECHONL;
    terminal->changed = tcsetattr(terminal->fd, TCSAFLUSH, &silent) == 0;
    return terminal->changed;
}

/* The terminal gets its echo back before a signal has its effect. */
static void restore(struct terminal *terminal)
{
    if (terminal->changed)
        (void)tcsetattr(terminal->fd, TCSAFLUSH, &terminal->before);
    for (size_t i = 0; i < CAUGHT_COUNT; i++)
        sigaction(caught[i], &terminal->actions[i], NULL);
    if (arrived)
        raise(arrived);
    sigprocmask(SIG_SETMASK, &terminal->mask, NULL);
}

/* False: a signal came. */
static bool wait_for_input(int fd, const sigset_t *mask)
{
    struct pollfd input = {.fd = fd, .events = POLLIN};
    while (!arrived && ppoll(&input, 1, NULL, mask) < 0 && errno == EINTR)
        ;
    return !arrived;
}

/* Until the end of the input, or of a line where signals end it, let in by `mask`. False: it cannot
   be read, or a signal came. */
static bool read_until(int fd, const sigset_t *mask, struct secret *block, size_t *ret_length)
{
    size_t used = 0;
    while (used < secret_length(block)) {
        if (mask && !wait_for_input(fd, mask))
            return false;
        ssize_t got = read(fd, secret_buffer(block) + used, secret_length(block) - used);
        if (got < 0 && errno == EINTR && !arrived)
            continue;
        if (got < 0)
            return false;
        used += (size_t)got;
        if (got == 0 || (mask && secret_buffer(block)[used - 1] == '\n'))
            break;
    }
    *ret_length = used;
    return true;
}

static void show(int fd, const char *text)
{
    for (size_t left = strlen(text); left > 0;) {
        ssize_t written = write(fd, text, left);
        if (written < 0 && errno != EINTR)
            return;
        text += written > 0 ? written : 0;
        left -= written > 0 ? (size_t)written : 0;
    }
}

/* What has come in, without its line breaks at the end. */
static int take(const struct secret *block, size_t length, struct secret **ret)
{
    const char *bytes = secret_bytes(block);
    size_t mark = utf8_has_bom(bytes, length) ? UTF8_BOM_LENGTH : 0;
    if (utf8_is_utf16(bytes, length)) {
        say("what came in is UTF-16; send it as UTF-8");
        return EXIT_NO;
    }
    while (length > 0 && (bytes[length - 1] == '\n' || bytes[length - 1] == '\r'))
        length--;
    if (length <= mark) {
        say("nothing was entered");
        return EXIT_NO;
    }
    if (memchr(bytes, '\0', length)) {
        say("what came in is not text: it holds a NUL byte");
        return EXIT_NO;
    }
    struct secret *taken = secret_slice(block, mark, length - mark);
    if (!taken) {
        say("out of memory");
        return EXIT_NO;
    }
    *ret = taken;
    return EXIT_YES;
}

int prompt_terminal(const char *question, bool echo, struct secret **ret)
{
    AUTO_SECRET block = secret_alloc(PROMPT_MAX);
    struct terminal terminal = {.fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY),
                                .echo = echo};
    size_t length = 0;
    bool done = false;
    if (terminal.fd < 0) {
        say("there is no terminal to ask on; pass it on standard input");
        return EXIT_NO;
    }
    catch_signals(&terminal);
    if (set_echo(&terminal)) {
        show(terminal.fd, question);
        done = block && read_until(terminal.fd, &terminal.mask, block, &length);
    }
    restore(&terminal);
    close(terminal.fd);
    if (done)
        return take(block, length, ret);
    say("nothing was entered");
    return EXIT_NO;
}

static int read_input(struct secret **ret)
{
    AUTO_SECRET block = secret_alloc(PROMPT_MAX + 1);
    size_t length = 0;
    arrived = 0;
    if (!block || !read_until(STDIN_FILENO, NULL, block, &length)) {
        say("cannot read standard input: %s", strerror(block ? errno : ENOMEM));
        return EXIT_NO;
    }
    if (length > PROMPT_MAX) {
        say("what came in on standard input is over 64 KiB: that is no token or password");
        return EXIT_NO;
    }
    return take(block, length, ret);
}

bool prompt_is_interactive(void)
{
    return isatty(STDIN_FILENO) == 1;
}

bool prompt_has_terminal(void)
{
    int fd = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (fd >= 0)
        close(fd);
    return fd >= 0;
}

int prompt_secret(const char *question, struct secret **ret)
{
    return prompt_is_interactive() ? prompt_terminal(question, false, ret) : read_input(ret);
}
