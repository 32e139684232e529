"""Fewer calls that still fail, and the C program that they are."""

import re

from options import NUMBERS


def kind_of(reason):
    """What must stay the same while a sequence shrinks: the kind of fault, not its place."""
    if reason is None:
        return None
    why = re.search(r"must (not )?carry.*\((5\..*)\)", reason)
    if why:
        return why[0]
    for mark in ("instead of", "must carry", "the program sees", "the requests differ",
                 "placeholder", "ends with"):
        if mark in reason:
            return mark
    return reason


def fewest(calls, fails):
    """Drops ever smaller pieces as long as it still fails, then makes values simpler."""
    size = max(1, len(calls) // 2)
    while size >= 1:
        at = 0
        while at < len(calls):
            fewer = calls[:at] + calls[at + size:]
            if fewer and fails(fewer):
                calls = fewer
            else:
                at += size
        size //= 2
    return simpler(calls, fails)


def simpler(calls, fails):
    for at, call in enumerate(calls):
        for candidate in simpler_calls(call):
            changed = calls[:at] + [candidate] + calls[at + 1:]
            if fails(changed):
                calls, call = changed, candidate
    return calls


def simpler_calls(call):
    """A path with a step less, a list with a line less, a handle alone instead of a multi handle."""
    if call[0] == "list" and len(call) > 3:
        for at in range(2, len(call)):
            yield call[:at] + call[at + 1:]
    if call[-1].startswith("http") and "://" in call[-1]:
        steps = call[-1].split("/")
        for at in range(len(steps) - 1, 3, -1):
            yield call[:-1] + ("/".join(steps[:at] + steps[at + 1:]),)
        if "?" in call[-1]:
            yield call[:-1] + (call[-1].split("?")[0],)


HEAD = """\
/* Needs the hosts of tests/model (scripts/model plays this very sequence with --calls). */
#include <curl/curl.h>

static CURL *h[5];
static CURLM *m[2];
static CURLSH *share;
static CURLU *u[20];
static struct curl_slist *list[60];

static size_t on_data(char *data, size_t size, size_t count, void *user)
{
    (void)data, (void)user;
    return size * count;
}

/* CURLOPT_CAINFO and CURLOPT_RESOLVE as your hosts need them. */
static void basics(CURL *easy)
{
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_data);
}

static void run(CURLM *multi)
{
    int running = 1;
    while (running && curl_multi_perform(multi, &running) == CURLM_OK)
        curl_multi_poll(multi, NULL, 0, 1000, NULL);
}
"""


def quoted(text):
    return '"' + re.sub(r'[\\"]', lambda match: "\\" + match[0], text).replace("\r", "\\r").replace("\n", "\\n") + '"'


def statement(call):
    """A call as lines of C."""
    name, *words = call
    if name == "set":
        handle, option, kind, *value = words
        number = NUMBERS[option]
        text = {"n": "NULL", "s": lambda: quoted(value[0]), "l": lambda: f"{value[0]}L",
                "p": lambda: f"(void *){value[0]}", "list": lambda: f"list[{value[0]}]",
                "url": lambda: f"u[{value[0]}]", "share": lambda: "share",
                "call": lambda: "on_data /* a callback of that kind */"}[kind]
        return f"curl_easy_setopt(h[{handle}], CURLOPT_{option}, {text if kind == 'n' else text()}); /* {number} */"
    if name == "list":
        return " ".join(f"list[{words[0]}] = curl_slist_append(list[{words[0]}], {quoted(line)});" for line in words[1:])
    if name == "url":
        return (f"if (!u[{words[0]}]) u[{words[0]}] = curl_url(); "
                f"curl_url_set(u[{words[0]}], CURLUPART_{words[1]}, {quoted(words[2])}, 0);")
    if name == "on":
        return f"/* in the callback \"{words[1]}\" of h[{words[0]}]: */ {statement(tuple(words[2:]))}"
    if name == "init":
        return f"h[{words[0]}] = curl_easy_init(); basics(h[{words[0]}]);"
    if name == "dup":
        return f"h[{words[1]}] = curl_easy_duphandle(h[{words[0]}]); basics(h[{words[1]}]);"
    if name == "reset":
        return f"curl_easy_reset(h[{words[0]}]); basics(h[{words[0]}]);"
    if name in ("perform", "cleanup"):
        return f"curl_easy_{name}(h[{words[0]}]);"
    if name == "add":
        return f"if (!m[{words[0]}]) m[{words[0]}] = curl_multi_init(); curl_multi_add_handle(m[{words[0]}], h[{words[1]}]);"
    if name == "remove":
        return f"curl_multi_remove_handle(/* its multi handle */ m[0], h[{words[0]}]);"
    if name == "run":
        return f"run(m[{words[0]}]); /* by {words[1]} */"
    if name == "step":
        return f"{{ int running; curl_multi_perform(m[{words[0]}], &running); }}"
    if name == "wakeup":
        return f"curl_multi_wakeup(m[{words[0]}]);"
    if name == "close":
        return f"curl_multi_cleanup(m[{words[0]}]);"
    if name == "pause":
        return f"curl_easy_pause(h[{words[0]}], {words[1]});"
    return f"if (!share) share = curl_share_init(); curl_share_setopt(share, CURLSHOPT_SHARE, {words[0]});"


def program(calls):
    body = "\n".join("    " + statement(call) for call in calls)
    return f"{HEAD}\nint main(void)\n{{\n    curl_global_init(CURL_GLOBAL_ALL);\n{body}\n    return 0;\n}}\n"
