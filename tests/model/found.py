"""What the model has found, in the fewest calls that showed it: each is played and judged again."""


def easy(*calls):
    return [("init", "0"), *calls, ("perform", "0", "1")]


def url(text, number="1"):
    return ("url", number, "URL", text)


def option(name, *value):
    return ("set", "0", name, *value)


FOUND = {
    # 5.3 "URL user info": of the URL that libcurl fetches, and a CURLU takes the place of CURLOPT_URL.
    "a user in a URL that a CURLU replaces": easy(
        option("URL", "s", "{me@A2}/404"), url("{A}"), option("CURLU", "url", "1")),
    # 5.3 "for the whole transfer": the CURLU names a user, and then comes a redirect (before 8.12).
    "a user in a CURLU in a multi handle": [
        ("init", "0"), option("URL", "s", "{C}"), ("dup", "0", "1"), url("{me:secret@C}/302-C"),
        ("set", "1", "CURLU", "url", "1"), ("set", "1", "FOLLOWLOCATION", "l", "1"),
        ("add", "0", "1", "1"), ("run", "0", "socket")],
    # The same on a host without a token: from 8.12 on libcurl reports the URL without the user.
    "a user in a CURLU for another host": easy(
        url("{me:secret@B}/302-C"), option("CURLU", "url", "1"), option("FOLLOWLOCATION", "l", "1")),
    # 5.3 "the cookie engine's cookies for this request": not those for another host.
    "a cookie for another host": easy(
        option("COOKIELIST", "s", "Set-Cookie: middle_auth_token=x; domain=cave.test; path=/"),
        option("URL", "s", "{A}")),
    # 5.3, the same: libcurl sends cookies by a Host header that is gone.
    "a cookie under the name of an earlier Host header": [
        ("init", "0"), ("list", "1", "Host: other.test"), option("HTTPHEADER", "list", "1"),
        option("URL", "s", "{A}"), ("perform", "0", "1"), option("HTTPHEADER", "n"), option("COOKIEFILE", "s", ""),
        option("URL", "s", "{A}/cookie-A"), option("FOLLOWLOCATION", "l", "1"), ("perform", "0", "2")],
    # 5.3 "user name": CURLOPT_USERPWD of NULL takes the password back as well.
    "a password that is taken back": easy(
        option("PASSWORD", "s", "secret"), option("USERPWD", "n"), option("URL", "s", "{C}")),
}
