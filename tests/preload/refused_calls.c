/* refused_calls - makes calls of libcurl inside its callbacks, where newer ones refuse most of
   them; afterwards the handle, if it is still there, makes two transfers more. One child for each
   case, whose number is the path of its requests. Arguments: CA A B C AH [PLACE]; without a place
   it prints which there are. */
#define CURL_DISABLE_DEPRECATION /* curl_multi_socket_all */
#include "refused_calls.h"
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define COUNT(array) (sizeof(array) / sizeof(*(array)))
#define GUARDED 0x081600u /* from 8.22 on libcurl refuses what it does not bear */
#define CHOOSY 0x075000u  /* older ones send HTTP/1.1 over a connection of HTTP/2 if there is one \
                           */

enum mode { EASY, MULTI, MODES };
enum before { PLAIN, UNVERIFIED, OWN_USER, BEFORES };
static const char *const mode_names[MODES] = {"easy", "multi"};
static const char *const before_names[BEFORES] = {"plain", "unverified", "own_user"};

void say(const char *format, ...)
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

/* The calls. Those that give no answer say that they returned. */
static void cleanup(struct scene *scene)
{
    curl_easy_cleanup(scene->curl);
    say(" returned");
}

static void reset(struct scene *scene)
{
    curl_easy_reset(scene->curl);
    say(" returned");
}

static void perform(struct scene *scene)
{
    say(" %d", (int)curl_easy_perform(scene->curl));
}

static void perform_with_other_url(struct scene *scene)
{
    curl_easy_setopt(scene->curl, CURLOPT_URL, scene->foreign_url);
    say(" %d", (int)curl_easy_perform(scene->curl));
    curl_easy_setopt(scene->curl, CURLOPT_URL, scene->url);
}

static void duplicate(struct scene *scene)
{
    CURL *copy = curl_easy_duphandle(scene->curl);

    say(copy ? " copied" : " not copied");
    curl_easy_cleanup(copy);
}

static void continue_it(struct scene *scene)
{
    say(" %d", (int)curl_easy_pause(scene->curl, CURLPAUSE_CONT));
}

static void keep_up(struct scene *scene)
{
    say(" %d", (int)curl_easy_upkeep(scene->curl));
}

static void add(struct scene *scene)
{
    say(" %d", (int)curl_multi_add_handle(scene->multi, scene->curl));
}

static void add_elsewhere(struct scene *scene)
{
    say(" %d", (int)curl_multi_add_handle(scene->spare_multi, scene->curl));
}

static void take_out(struct scene *scene)
{
    say(" %d", (int)curl_multi_remove_handle(scene->multi, scene->curl));
}

static void end_multi(struct scene *scene)
{
    say(" %d", (int)curl_multi_cleanup(scene->multi));
}

static int refuse_push(CURL *parent, CURL *pushed, size_t count, struct curl_pushheaders *headers,
                       void *context)
{
    (void)parent, (void)pushed, (void)count, (void)headers, (void)context;
    return CURL_PUSH_DENY;
}

static void set_push(struct scene *scene)
{
    say(" %d", (int)curl_multi_setopt(scene->multi, CURLMOPT_PUSHDATA, scene));
    say(" %d", (int)curl_multi_setopt(scene->multi, CURLMOPT_PUSHFUNCTION, refuse_push));
    say(" %d", (int)curl_multi_setopt(scene->multi, CURLMOPT_PUSHFUNCTION, NULL));
}

static void other_cleanup(struct scene *scene)
{
    curl_easy_cleanup(scene->other);
    say(" returned");
}

static void other_reset(struct scene *scene)
{
    curl_easy_reset(scene->other);
    say(" returned");
}

static void other_perform(struct scene *scene)
{
    say(" %d", (int)curl_easy_perform(scene->other));
}

static void other_take_out(struct scene *scene)
{
    say(" %d", (int)curl_multi_remove_handle(scene->multi, scene->other));
}

static void spare_add(struct scene *scene)
{
    say(" %d", (int)curl_multi_add_handle(scene->multi, scene->spare));
}

static void spare_perform(struct scene *scene)
{
    say(" %d", (int)curl_easy_perform(scene->spare));
}

static void spare_reset(struct scene *scene)
{
    curl_easy_reset(scene->spare);
    client_prepare(scene->spare, scene->setting, scene->spare_url, &scene->spare_answer);
    say(" %d", (int)curl_easy_perform(scene->spare));
}

static void spare_cleanup(struct scene *scene)
{
    curl_easy_cleanup(scene->spare);
    scene->spare = NULL;
    say(" returned");
}

static void set_header(struct scene *scene)
{
    scene->own_headers = curl_slist_append(NULL, "Authorization: Bearer mine");
    say(" %d", (int)curl_easy_setopt(scene->curl, CURLOPT_HTTPHEADER, scene->own_headers));
}

static void set_user(struct scene *scene)
{
    say(" %d", (int)curl_easy_setopt(scene->curl, CURLOPT_USERPWD, "me:mine"));
}

static void set_unverified(struct scene *scene)
{
    say(" %d", (int)curl_easy_setopt(scene->curl, CURLOPT_SSL_VERIFYPEER, 0L));
}

static void set_debug(struct scene *scene)
{
    say(" %d", (int)curl_easy_setopt(scene->curl, CURLOPT_DEBUGFUNCTION, NULL));
    say(" %d", (int)curl_easy_setopt(scene->curl, CURLOPT_VERBOSE, 0L));
}

static void set_prereq(struct scene *scene)
{
    say(" %d", (int)curl_easy_setopt(scene->curl, CURLOPT_PREREQFUNCTION, NULL));
    say(" %d", (int)curl_easy_setopt(scene->curl, CURLOPT_PREREQDATA, (void *)1));
}

/* fatal_before: libcurl before 8.22 does not refuse it everywhere, nor survive it. */
static const struct {
    const char *name;
    void (*run)(struct scene *scene);
    int needs_multi, fatal_before, with_all;
} calls[] = {
    {"cleanup", cleanup, 0, 1, 1},
    {"reset", reset, 0, 1, 1},
    {"perform", perform, 0, 0, 1},
    {"perform_with_other_url", perform_with_other_url, 0, 0, 0},
    {"duplicate", duplicate, 0, 0, 0},
    {"continue", continue_it, 0, 0, 0},
    {"upkeep", keep_up, 0, 0, 0},
    {"add", add, 1, 0, 1},
    {"add_elsewhere", add_elsewhere, 0, 0, 0},
    {"take_out", take_out, 1, 1, 1},
    {"end_multi", end_multi, 1, 1, 1},
    {"set_push", set_push, 1, 0, 0},
    {"other_cleanup", other_cleanup, 1, 1, 0},
    {"other_reset", other_reset, 1, 1, 0},
    {"other_perform", other_perform, 1, 0, 0},
    {"other_take_out", other_take_out, 1, 1, 0},
    {"spare_add", spare_add, 1, 1, 0},
    {"spare_perform", spare_perform, 0, 0, 0},
    {"spare_reset", spare_reset, 0, 0, 0},
    {"spare_cleanup", spare_cleanup, 0, 0, 0},
    {"set_header", set_header, 0, 0, 0},
    {"set_user", set_user, 0, 0, 0},
    {"set_unverified", set_unverified, 0, 0, 0},
    {"set_debug", set_debug, 0, 0, 0},
    {"set_prereq", set_prereq, 0, 0, 0},
};

static void apply(CURL *curl, enum before before)
{
    if (before == UNVERIFIED)
        curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 0L);
    if (before == OWN_USER)
        curl_easy_setopt(curl, CURLOPT_USERPWD, "me:mine");
}

static void say_results(CURLM *multi, const struct scene *scene)
{
    int left, of_curl = -1, of_other = -1, of_spare = -1;
    CURLMsg *message;

    while ((message = curl_multi_info_read(multi, &left)) != NULL) {
        if (message->easy_handle == scene->curl)
            of_curl = (int)message->data.result;
        else if (message->easy_handle == scene->other)
            of_other = (int)message->data.result;
        else
            of_spare = (int)message->data.result;
    }
    say(" | results %d %d %d", of_curl, of_other, of_spare);
}

/* Sockets are watched for who calls curl_multi_socket_action, here for all of them. */
static void drive_by_sockets(CURLM *multi)
{
    int running = 1;

    while (running) {
        curl_multi_socket_all(multi, &running);
        if (running)
            curl_multi_poll(multi, NULL, 0, 1000, NULL);
    }
}

static void transfer_in_multi(struct scene *scene)
{
    if (!places_prepare_multi(scene)) {
        say(" no such place");
        _exit(0);
    }
    say(" | add %d", (int)curl_multi_add_handle(scene->multi, scene->curl));
    say(" %d", (int)curl_multi_add_handle(scene->multi, scene->other));
    scene->armed = 1;
    if (scene->place == IN_WATCH)
        drive_by_sockets(scene->multi);
    else
        client_drive(scene->multi);
    say_results(scene->multi, scene);
    say(" | remove %d", (int)curl_multi_remove_handle(scene->multi, scene->spare));
    say(" %d", (int)curl_multi_remove_handle(scene->multi, scene->other));
    say(" %d", (int)curl_multi_remove_handle(scene->multi, scene->curl));
}

/* The handle as its options are now, at a host that is configured and one that is not. */
static void transfer_again(struct scene *scene)
{
    client_prepare(scene->curl, scene->setting, scene->next_url, &scene->answer);
    scene->sent = 0;
    say(" | again %d", (int)curl_easy_perform(scene->curl));
    curl_easy_setopt(scene->curl, CURLOPT_URL, scene->foreign_url);
    scene->sent = 0;
    say(" %d", (int)curl_easy_perform(scene->curl));
}

static void end_scene(struct scene *scene)
{
    curl_easy_cleanup(scene->curl);
    curl_easy_cleanup(scene->other);
    curl_easy_cleanup(scene->spare);
    say(" | end %d %d", (int)curl_multi_cleanup(scene->multi),
        (int)curl_multi_cleanup(scene->spare_multi));
    if (scene->share)
        say(" %d", (int)curl_share_cleanup(scene->share));
    curl_slist_free_all(scene->headers);
    curl_slist_free_all(scene->own_headers);
}

static void make_url(char *url, const char *of_host, char kind, unsigned number, const char *rest)
{
    snprintf(url, URL_MAX, "%.*s/%c%u%s", (int)(strrchr(of_host, '/') - of_host), of_host, kind,
             number, rest);
}

static int mixes_versions(void)
{
    return curl_version_info(CURLVERSION_NOW)->version_num < CHOOSY;
}

static void set_scene(struct scene *scene, unsigned number)
{
    const struct client_setting *setting = scene->setting;
    /* The answer of a redirect may come before the body is read. */
    int in_body = scene->place == IN_READ || scene->place == IN_TRAILER;

    make_url(scene->url, setting->a, 'c', number, in_body ? "" : "/307-A");
    make_url(scene->next_url, setting->a, 'c', number, "");
    make_url(scene->foreign_url, setting->b, 'c', number, "");
    make_url(scene->other_url, setting->a, 'o', number, "");
    make_url(scene->spare_url, setting->a, 's', number, "");
    scene->curl = client_handle(setting, scene->url, &scene->answer);
    scene->other = client_handle(setting, scene->other_url, &scene->other_answer);
    scene->spare = client_handle(setting, scene->spare_url, &scene->spare_answer);
    scene->multi = curl_multi_init();
    scene->spare_multi = curl_multi_init();
    curl_easy_setopt(scene->curl, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(scene->curl, CURLOPT_FOLLOWLOCATION, 1L);
    if (mixes_versions())
        curl_easy_setopt(scene->other, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
    places_prepare(scene);
}

static void play(struct scene *scene, enum mode mode, enum before before, unsigned number)
{
    set_scene(scene, number);
    apply(scene->curl, before);
    if (mode == MULTI) {
        transfer_in_multi(scene);
    } else {
        scene->armed = 1;
        say(" | %d", (int)curl_easy_perform(scene->curl));
    }
    say(scene->armed ? " | not called" : " | called");
    scene->armed = 0;
    transfer_again(scene);
    end_scene(scene);
}

static void run_case(const struct client_setting *setting, enum place place, size_t call,
                     enum mode mode, enum before before)
{
    static unsigned number;
    struct scene scene = {.setting = setting, .place = place, .call = calls[call].run};
    int status = 0;
    pid_t child;

    say("c%u %s %s %s %s:", ++number, place_names[place], calls[call].name, mode_names[mode],
        before_names[before]);
    child = fork();
    client_check(child >= 0, "fork");
    if (child == 0) {
        play(&scene, mode, before, number);
        _exit(0);
    }
    while (waitpid(child, &status, 0) < 0)
        client_check(errno == EINTR, "waitpid");
    say(" | ends %d\n", status);
}

static int is_guarded(void)
{
    return curl_version_info(CURLVERSION_NOW)->version_num >= GUARDED;
}

/* Older ones rewind only where an answer comes before the body is sent, and 7.88 writes past its
   buffer when it sends a trailer. */
static int is_worth_a_case(enum place place, size_t call, enum mode mode, enum before before)
{
    int multi_only = place == IN_TIMER || place == IN_WATCH || place == IN_NOTIFICATION;

    if (!is_guarded() && (calls[call].fatal_before || place == IN_SEEK || place == IN_TRAILER))
        return 0;
    if (mode == EASY && (calls[call].needs_multi || multi_only))
        return 0;
    if (place == IN_CLOSESOCKET && calls[call].run == continue_it)
        return 0; /* there may be a next connection by then, or none */
    return before == PLAIN || calls[call].with_all;
}

static void run_cases(const struct client_setting *setting, enum place place)
{
    for (size_t call = 0; call < COUNT(calls); call++)
        for (enum mode mode = 0; mode < MODES; mode++)
            for (enum before before = 0; before < BEFORES; before++)
                if (is_worth_a_case(place, call, mode, before))
                    run_case(setting, place, call, mode, before);
}

int main(int argc, char **argv)
{
    struct client_setting setting = client_setting_of(argc, argv);

    for (enum place place = 0; place < PLACES; place++) {
        if (argc == 6)
            say("%s\n", place_names[place]);
        else if (strcmp(argv[6], place_names[place]) == 0)
            run_cases(&setting, place);
    }
    client_setting_free(&setting);
    return 0;
}
