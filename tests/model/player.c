/* player - plays sequences of calls of libcurl from standard input and prints what a program can
   see.

   Usage: player MARK FOLDER HOST:PORT:ADDRESS...      MARK stands before each transfer's name;
   FOLDER has ca.pem One call a line, words with a blank between them, texts as %XX behind "=".
   Knows nothing of synauth. */
#include "player.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct player_handle handles[HANDLES];
struct player_multi multis[MULTIS];
static struct curl_slist *lists[LISTS];
static CURLU *urls[URLS];
static CURLSH *share;
static struct curl_slist *addresses;
static const char *mark, *authority;
static char sequence[32];

static int digit(char c)
{
    return c <= '9' ? c - '0' : c - 'A' + 10;
}

/* "=text%20more": decoded in its place; the "=" is skipped. */
static char *text_of(char *word)
{
    char *to = word;
    for (char *from = word + 1; *from; from++) {
        if (*from == '%') {
            *to++ = (char)(digit(from[1]) * 16 + digit(from[2]));
            from += 2;
        } else {
            *to++ = *from;
        }
    }
    *to = '\0';
    return word;
}

static struct player_handle *handle_of(const char *word)
{
    return &handles[atoi(word) % HANDLES];
}

/* Every handle has these: whom to trust, where hosts are, where the answer goes. */
static void basics(struct player_handle *handle)
{
    CURL *easy = handle->easy;
    curl_easy_setopt(easy, CURLOPT_CAINFO, authority);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT, 50L);
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, handle->error);
    set_callback(handle, CURLOPT_READFUNCTION); /* libcurl's own would read our sequences */
    set_callback(handle, CURLOPT_WRITEFUNCTION);
    set_callback(handle, CURLOPT_HEADERFUNCTION);
}

void disarm(struct player_handle *handle)
{
    for (int at = 0; at < ARMED; at++) {
        free(handle->armed[at].line);
        handle->armed[at].line = NULL;
    }
}

static CURLcode set_value(struct player_handle *handle, CURLoption option, char **words)
{
    const char *kind = words[0];
    CURL *easy = handle->easy;
    if (strcmp(kind, "n") == 0)
        return curl_easy_setopt(easy, option, NULL);
    if (strcmp(kind, "l") == 0)
        return curl_easy_setopt(easy, option, atol(words[1]));
    if (strcmp(kind, "o") == 0)
        return curl_easy_setopt(easy, option, (curl_off_t)atoll(words[1]));
    if (strcmp(kind, "s") == 0)
        return curl_easy_setopt(easy, option, text_of(words[1]));
    if (strcmp(kind, "p") == 0)
        return curl_easy_setopt(easy, option, (void *)strtoul(words[1], NULL, 0)); /* no pointer */
    if (strcmp(kind, "list") == 0)
        return curl_easy_setopt(easy, option, lists[atoi(words[1]) % LISTS]);
    if (strcmp(kind, "url") == 0)
        return curl_easy_setopt(easy, option, urls[atoi(words[1]) % URLS]);
    if (strcmp(kind, "share") == 0)
        return curl_easy_setopt(easy, option, share);
    return (CURLcode)set_callback(handle, option);
}

static void play_set(char **words)
{
    struct player_handle *handle = handle_of(words[1]);
    CURLoption option = (CURLoption)atoi(words[2]);
    if (!handle->easy)
        return;
    CURLcode result = set_value(handle, option, words + 3);
    printf("h%d set %d: %d\n", handle->number, (int)option, (int)result);
}

static void play_list(char **words)
{
    int number = atoi(words[1]) % LISTS;
    for (int at = 2; words[at]; at++)
        lists[number] = curl_slist_append(lists[number], text_of(words[at]));
}

static void play_url(char **words)
{
    int number = atoi(words[1]) % URLS;
    if (!urls[number])
        urls[number] = curl_url();
    CURLUcode result = curl_url_set(urls[number], (CURLUPart)atoi(words[2]), text_of(words[3]), 0);
    printf("url %d\n", (int)result);
}

static void name_transfer(struct player_handle *handle, const char *number)
{
    snprintf(handle->transfer, sizeof handle->transfer, "%.4s%s.%.8s", mark, sequence, number);
    curl_easy_setopt(handle->easy, CURLOPT_USERAGENT, handle->transfer);
    curl_easy_setopt(handle->easy, CURLOPT_RESOLVE, addresses); /* is read once each time */
    handle->body_length = 0;
    handle->error[0] = '\0';
}

static void play_perform(char **words)
{
    struct player_handle *handle = handle_of(words[1]);
    if (!handle->easy || handle->multi >= 0)
        return;
    name_transfer(handle, words[2]);
    printf("h%d perform %s\n", handle->number, words[2]);
    CURLcode result = curl_easy_perform(handle->easy);
    disarm(handle);
    if (handle->easy)
        print_end(handle, result, 1);
}

static void play_duplicate(char **words)
{
    struct player_handle *from = handle_of(words[1]), *to = handle_of(words[2]);
    if (!from->easy || to->easy)
        return;
    to->easy = curl_easy_duphandle(from->easy);
    to->multi = -1;
    printf("h%d duplicate %s\n", to->number, to->easy ? "made" : "none");
    basics(to);
}

static void play_init(char **words)
{
    struct player_handle *handle = handle_of(words[1]);
    if (handle->easy)
        return;
    handle->easy = curl_easy_init();
    handle->multi = -1;
    basics(handle);
}

static void play_reset(char **words)
{
    struct player_handle *handle = handle_of(words[1]);
    if (!handle->easy)
        return;
    curl_easy_reset(handle->easy);
    basics(handle);
}

static void clean(struct player_handle *handle)
{
    if (handle->easy)
        curl_easy_cleanup(handle->easy);
    handle->easy = NULL;
    handle->multi = -1;
    disarm(handle);
}

static void play_cleanup(char **words)
{
    clean(handle_of(words[1]));
}

static struct player_multi *multi_of(const char *word)
{
    struct player_multi *multi = &multis[atoi(word) % MULTIS];
    if (!multi->multi)
        multi_prepare(multi);
    return multi;
}

static void play_add(char **words)
{
    struct player_handle *handle = handle_of(words[2]);
    struct player_multi *multi = multi_of(words[1]);
    if (!handle->easy || handle->multi >= 0)
        return;
    name_transfer(handle, words[3]);
    CURLMcode result = curl_multi_add_handle(multi->multi, handle->easy);
    printf("h%d add %s: %d\n", handle->number, words[3], (int)result);
    if (result == CURLM_OK)
        handle->multi = (int)(multi - multis);
}

static void play_remove(char **words)
{
    struct player_handle *handle = handle_of(words[1]);
    if (!handle->easy || handle->multi < 0)
        return;
    CURLMcode result = curl_multi_remove_handle(multis[handle->multi].multi, handle->easy);
    printf("h%d remove: %d\n", handle->number, (int)result);
    if (result == CURLM_OK)
        handle->multi = -1;
}

static void play_run(char **words)
{
    multi_run(multi_of(words[1]), words[2]);
}

static void play_step(char **words)
{
    struct player_multi *multi = multi_of(words[1]);
    int running;
    (void)curl_multi_perform(multi->multi, &running);
    multi_messages(multi);
}

static void play_wakeup(char **words)
{
    printf("wakeup %d\n", (int)curl_multi_wakeup(multi_of(words[1])->multi));
}

static void close_multi(struct player_multi *multi)
{
    if (multi->multi)
        (void)curl_multi_cleanup(multi->multi);
    multi->multi = NULL;
    for (int at = 0; at < HANDLES; at++)
        if (handles[at].multi == (int)(multi - multis))
            handles[at].multi = -1;
}

static void play_close(char **words)
{
    close_multi(&multis[atoi(words[1]) % MULTIS]);
}

static void play_pause(char **words)
{
    struct player_handle *handle = handle_of(words[1]);
    if (handle->easy)
        (void)curl_easy_pause(handle->easy, atoi(words[2]));
}

static void play_share(char **words)
{
    if (!share)
        share = curl_share_init();
    printf("share %d\n", (int)curl_share_setopt(share, CURLSHOPT_SHARE, atoi(words[1])));
}

/* on HANDLE EVENT CALL...: the rest of the line, put together again. */
static void play_on(char **words)
{
    struct player_handle *handle = handle_of(words[1]);
    for (int at = 0; at < ARMED; at++) {
        char line[4096] = "";
        struct armed *armed = &handle->armed[at];
        if (armed->line)
            continue;
        for (int word = 3; words[word]; word++) {
            strncat(line, words[word], sizeof line - strlen(line) - 2);
            strcat(line, " ");
        }
        snprintf(armed->event, sizeof armed->event, "%s", words[2]);
        armed->line = strdup(line);
        return;
    }
}

void fire(struct player_handle *handle, const char *event)
{
    for (int at = 0; at < ARMED; at++) {
        char *line = handle->armed[at].line;
        if (!line || strcmp(handle->armed[at].event, event) != 0)
            continue;
        handle->armed[at].line = NULL;
        play_line(line);
        free(line);
    }
}

static void play_end(char **words)
{
    (void)words;
    for (int at = 0; at < HANDLES; at++)
        clean(&handles[at]);
    for (int at = 0; at < MULTIS; at++)
        close_multi(&multis[at]);
    for (int at = 0; at < LISTS; at++) {
        curl_slist_free_all(lists[at]);
        lists[at] = NULL;
    }
    for (int at = 0; at < URLS; at++) {
        curl_url_cleanup(urls[at]);
        urls[at] = NULL;
    }
    curl_share_cleanup(share);
    share = NULL;
    puts("end");
    fflush(stdout);
}

static void play_sequence(char **words)
{
    snprintf(sequence, sizeof sequence, "%.30s", words[1]);
    printf("sequence %s\n", sequence);
}

static const struct {
    const char *name;
    int words; /* at least */
    void (*play)(char **words);
} calls[] = {
    {"init", 2, play_init},         {"set", 4, play_set},         {"list", 3, play_list},
    {"url", 4, play_url},           {"perform", 3, play_perform}, {"dup", 3, play_duplicate},
    {"reset", 2, play_reset},       {"cleanup", 2, play_cleanup}, {"add", 4, play_add},
    {"remove", 2, play_remove},     {"run", 3, play_run},         {"step", 2, play_step},
    {"wakeup", 2, play_wakeup},     {"close", 2, play_close},     {"pause", 3, play_pause},
    {"share", 2, play_share},       {"on", 4, play_on},           {"end", 1, play_end},
    {"sequence", 2, play_sequence},
};

void play_line(char *line)
{
    char *words[WORDS] = {0}, *rest = NULL;
    int count = 0;
    for (char *word = strtok_r(line, " \n", &rest); word && count < WORDS - 1;
         word = strtok_r(NULL, " \n", &rest))
        words[count++] = word;
    for (size_t at = 0; count && at < sizeof calls / sizeof *calls; at++) {
        if (strcmp(calls[at].name, words[0]) == 0 && count >= calls[at].words) {
            calls[at].play(words);
            return;
        }
    }
}

int main(int argc, char **argv)
{
    static char line[16384], path[4096];
    if (argc < 3)
        return 2;
    mark = argv[1];
    snprintf(path, sizeof path, "%s/ca.pem", argv[2]);
    authority = path;
    curl_global_init(CURL_GLOBAL_ALL);
    for (int at = 3; at < argc; at++)
        addresses = curl_slist_append(addresses, argv[at]);
    for (int at = 0; at < HANDLES; at++)
        handles[at] = (struct player_handle){.number = at, .multi = -1};
    while (fgets(line, sizeof line, stdin))
        play_line(line);
    curl_slist_free_all(addresses);
    curl_global_cleanup();
    return 0;
}
