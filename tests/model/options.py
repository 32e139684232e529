"""Numbers of libcurl's options, which never change, and how a call is written for the player."""

from urllib.parse import quote

LONG, POINTER, FUNCTION, OFFSET = 0, 10000, 20000, 30000
NUMBERS = {
    "PORT": 3, "TIMEOUT": 13, "VERBOSE": 41, "NOPROGRESS": 43, "NOBODY": 44, "FAILONERROR": 45, "POST": 47,
    "NETRC": 51, "FOLLOWLOCATION": 52, "AUTOREFERER": 58, "HTTPPROXYTUNNEL": 61, "SSL_VERIFYPEER": 64,
    "MAXREDIRS": 68, "FRESH_CONNECT": 74, "FORBID_REUSE": 75, "HTTPGET": 80, "SSL_VERIFYHOST": 81,
    "HTTP_VERSION": 84, "COOKIESESSION": 96, "UNRESTRICTED_AUTH": 105, "HTTPAUTH": 107, "TCP_NODELAY": 121,
    "POSTREDIR": 161, "PIPEWAIT": 237, "HEADEROPT": 229, "BUFFERSIZE": 98, "PROXYTYPE": 101, "UPLOAD": 46,
    "CONNECT_ONLY": 141,
    "URL": 10002, "PROXY": 10004, "USERPWD": 10005, "PROXYUSERPWD": 10006, "POSTFIELDS": 10015,
    "REFERER": 10016, "COOKIE": 10022, "HTTPHEADER": 10023, "COOKIEFILE": 10031, "CUSTOMREQUEST": 10036,
    "SHARE": 10100, "ACCEPT_ENCODING": 10102, "PRIVATE": 10103, "NETRC_FILE": 10118, "COOKIELIST": 10135,
    "USERNAME": 10173, "PASSWORD": 10174, "XOAUTH2_BEARER": 10220, "PROXYHEADER": 10228, "CONNECT_TO": 10243,
    "REQUEST_TARGET": 10266, "CURLU": 10282, "AWS_SIGV4": 10305,
    "HTTP200ALIASES": 10104, "DEFAULT_PROTOCOL": 10238, "PRE_PROXY": 10262,
    "WRITEFUNCTION": 20011, "READFUNCTION": 20012, "XFERINFOFUNCTION": 20219, "HEADERFUNCTION": 20079,
    "DEBUGFUNCTION": 20094, "SSL_CTX_FUNCTION": 20108, "SOCKOPTFUNCTION": 20148, "OPENSOCKETFUNCTION": 20163,
    "RESOLVER_START_FUNCTION": 20272, "PREREQFUNCTION": 20312,
}
URL_PARTS = {"URL": 0, "SCHEME": 1, "HOST": 5, "PORT": 6, "PATH": 7, "QUERY": 8}
TEXTS = {"set": 4, "list": 2, "url": 3}  # where the texts of a call begin


def written(call):
    """One line for the player (player.c)."""
    if call[0] == "on":
        return " ".join(call[:3]) + " " + written(call[3:])
    words = list(call)
    first = TEXTS.get(call[0], len(words))
    if call[0] == "set":
        words[2] = str(NUMBERS[words[2]])
        if words[3] != "s":
            return " ".join(words)
    if call[0] == "url":
        words[2] = str(URL_PARTS[words[2]])
    return " ".join(words[:first] + ["=" + quote(word, safe="/:.-_") for word in words[first:]])


def script(number, calls):
    return "\n".join([f"sequence {number}", *map(written, calls), "end", ""])
