"""parts - the programs, plugins and libraries of which the worlds are made; built once.

    parts.py FOLDER LOADER COMPILER [COMPILER OPTION...]

LOADER is what they are linked with for dlopen and its kin: words that `;` divides.
"""

import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))

# name: (object, options). libcurl-like ones, with and without versions.
LIBRARIES = {
    "libcurl-plain.so": ("curl", []),
    "libcurl-other.so": ("curl", []),
    "libcurl-nameless.so": ("curl", None),
    "libcurl-openssl.so": ("curl", ["-Wl,--version-script=" + HERE + "/openssl.map"]),
    "libcurl-openssl2.so": ("curl", ["-Wl,--version-script=" + HERE + "/openssl.map"]),
    "libcurl-gnutls.so": ("curl", ["-Wl,--version-script=" + HERE + "/gnutls.map"]),
    "libcurl-symbolic.so": ("curl", ["-Wl,-Bsymbolic"]),
    "libcurl-protected.so": ("curl_protected", []),
    "libpart.so": ("curl_part", []),
}
BINDINGS = {"lazy": ("caller", ["-Wl,-z,lazy"]), "now": ("caller", ["-Wl,-z,now"]),
            "noplt": ("caller_noplt", ["-Wl,-z,lazy"]), "few": ("caller_few", ["-Wl,-z,lazy"])}
LINKED = {"plain": ["libcurl-plain.so"], "other": ["libcurl-other.so"],
          "nameless": ["libcurl-nameless.so"], "openssl": ["libcurl-openssl.so"],
          "openssl2": ["libcurl-openssl2.so"], "gnutls": ["libcurl-gnutls.so"],
          "symbolic": ["libcurl-symbolic.so"], "protected": ["libcurl-protected.so"],
          "part": ["libpart.so", "libcurl-other.so"], "none": []}
COPIES = {"copy": ("curl", []), "copysymbolic": ("curl", ["-Wl,-Bsymbolic"]),
          "copyfunctions": ("curl", ["-Wl,-Bsymbolic-functions"]),
          "copyprotected": ("curl_protected", []), "copyhidden": ("curl_hidden", []),
          "copypart": ("curl_part", ["libcurl-plain.so"])}
# A plugin that needs another and a libcurl of its own, in both orders.
OUTER = {"outer-first.so": ["libcurl-other.so", "plugin-openssl-lazy.so"],
         "outer-last.so": ["plugin-openssl-lazy.so", "libcurl-other.so"],
         "outer-gnutls.so": ["libcurl-plain.so", "plugin-gnutls-now.so"]}
HOSTS = {"host": None, "host-plain": ["libcurl-plain.so"], "host-plain-now": ["libcurl-plain.so"],
         "host-openssl": ["libcurl-openssl.so"], "host-gnutls-now": ["libcurl-gnutls.so"],
         "host-symbolic": ["libcurl-symbolic.so"], "host-part": ["libpart.so", "libcurl-plain.so"],
         "host-two": ["libcurl-gnutls.so", "libcurl-plain.so"]}


class Builder:
    def __init__(self, folder, loader, compiler):
        self.folder = folder
        self.loader = loader.split(";")
        self.compiler = [*compiler, "-D_GNU_SOURCE", "-O1", "-g0", "-fno-optimize-sibling-calls"]

    def path(self, name):
        return os.path.join(self.folder, name)

    def run(self, *arguments):
        subprocess.run([*self.compiler, *arguments], check=True, cwd=self.folder)

    def object(self, name, source, *options):
        self.run("-fPIC", "-fsemantic-interposition", *options, "-c", f"{HERE}/{source}", "-o",
                 name + ".o")

    def library(self, name, objects, libraries, options):
        soname = [] if options is None else ["-Wl,-soname," + name]
        self.run("-shared", "-Wl,-rpath,$ORIGIN", "-Wl,--no-as-needed", *soname, "-o", name,
                 *(part + ".o" for part in objects), *(options or []), *libraries, *self.loader)

    def objects(self):
        self.object("curl", "curl.c")
        self.object("curl_part", "curl.c", "-DPART")
        for visibility in ("protected", "hidden"):
            self.object("curl_" + visibility, "curl.c",
                        f'-DSHOWN=__attribute__((visibility("{visibility}")))')
        self.object("interposer", "interposer.c")
        self.object("caller", "caller.c")
        self.object("caller_noplt", "caller.c", "-fno-plt")
        self.object("caller_few", "caller.c", "-DFEW")
        self.object("caller_bare", "caller.c", "-DFEW", "-DBARE")
        self.object("caller_early", "caller.c", "-DEARLY")
        self.object("host", "host.c")
        self.object("host_own", "host.c", "-DOWN")

    def build(self):
        os.makedirs(self.folder, exist_ok=True)
        self.objects()
        self.library("interposer.so", ["interposer"], [], [])
        self.library("bare.so", ["caller_bare"], [], ["-Wl,-z,now"])
        for name, (part, options) in LIBRARIES.items():
            self.library(name, [part], [], options)
        for binding, (part, options) in BINDINGS.items():
            for linked, libraries in LINKED.items():
                self.library(f"plugin-{linked}-{binding}.so", [part], libraries, options)
            for copy, (curl, more) in COPIES.items():
                if curl != "curl_part" or binding != "few":
                    self.library(f"plugin-{copy}-{binding}.so", [part, curl], [], options + more)
        for name, libraries in OUTER.items():
            self.library(name, [], libraries, [])
        for name, libraries in HOSTS.items():
            own = ["host_own.o", "caller.o"] if libraries else ["host.o"]
            now = "-Wl,-z,now" if name.endswith("now") else "-Wl,-z,lazy"
            self.run("-pie", *own, "-o", name, now, "-Wl,-rpath,$ORIGIN", "-Wl,--no-as-needed",
                     *(libraries or []), *self.loader)
        for name in ("early.so", "early-first.so"):  # constructors; the other one's before all others
            self.library(name, ["caller_early"], ["libcurl-openssl.so"],
                         ["-Wl,-z,initfirst"] * name.startswith("early-"))
            self.run("-pie", "host.o", "-o", "host-" + name.removesuffix(".so"),
                     "-Wl,-rpath,$ORIGIN", "-Wl,--no-as-needed", name, *self.loader)
        self.run("-pie", "-rdynamic", "host_own.o", "caller.o", "curl.o", "-o", "host-copy",
                 *self.loader)


def plugins(folder):
    return sorted(name for name in os.listdir(folder)
                  if name.startswith(("plugin-", "outer-")) and name.endswith(".so"))


def libraries_of(name):
    """The libcurls that come in with a plugin, or with a libcurl."""
    if name in LIBRARIES:
        return {name}
    if name in OUTER:
        return set().union(*map(libraries_of, OUTER[name]))
    linked = name.split("-")[1]
    return set(LINKED[linked] if linked in LINKED else COPIES[linked][1]) & set(LIBRARIES)


if __name__ == "__main__":
    Builder(sys.argv[1], sys.argv[2], sys.argv[3:]).build()
