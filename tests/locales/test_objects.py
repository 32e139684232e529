"""What the product's objects ask of libraries: nothing that follows the locale of the host."""

import functools
import os
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

SOURCE = Path(os.environ["SYNAUTH_TEST_SOURCE"])
BUILD = Path(os.environ["SYNAUTH_TEST_BUILD"])
COMPILER = sys.argv.pop() if len(sys.argv) > 1 else "cc"
FOLDERS = ("lib", "preload", "service", "helper", "cli")

# The name of a function of libc, whatever its version, checked form or explicit locale.
FOLLOWS_LOCALE = re.compile(r"""(?x) ^ (?:__)? (?:isoc\d+_|GI_)? (?:
    str n? case cmp | strcasestr | strcoll | strxfrm | strverscmp |
    to (?:lower|upper) | is (?:al(?:num|pha)|blank|cntrl|x?digit|graph|lower|print|punct|space|upper) |
    ctype_ .* | strto (?:[dflqu]|ld|ul|ll|ull|uq|imax|umax|f\d+x?) | ato (?:[filq]|ll) |
    v?[fs]?w?scanf | strfmon | strftime | strptime | getdate | rpmatch |
    mb .* | wc .* | .* wcs? | btowc | c\d+rtomb | mbrtoc\d+ | w?printf_l |
    tow .* | isw .* | v?[fs]?n?wprintf | [fgpu]+[ut]*wc | [fg]etws | fputws |
    setlocale | localeconv | nl_langinfo | newlocale | duplocale | uselocale |
    reg (?:comp|exec) | fnmatch | glob | wordexp |
    strerror (?:_r|name_np|desc_np)? | xpg_strerror_r | strsignal | perror | psignal | psiginfo |
    d?c?n?gettext | v?errx? | v?warnx | error_at_line |
    g_utf8_(?:casefold|collate|str(?:down|up)) .* | g_strtod | g_strerror
    ) (?:_l|_chk|_internal|_loc)* $""")

# (object, name): why it may.
ALLOWED = {
    ("lib/config/config_parse.c", "uselocale"): "puts back the thread's locale, which libconfig changes",
    # What the names of newer headers become, for the libraries that are inside the resolver.
    **{("lib/floor/numbers.c", name): "is what it stands in front of" for name in
       ("__isoc99_vsscanf", "strtol", "strtoll", "strtoul", "strtoull")},
    # The command never calls setlocale, which is refused here too: it stays in the C locale.
    ("cli/run/cmd_run.c", "strerror"): "the system's own words, in the C locale",
    ("cli/config_init.c", "strerror"): "the system's own words, in the C locale",
    ("cli/talk/output.c", "strerror"): "the system's own words, in the C locale",
    ("cli/talk/prompt.c", "strerror"): "the system's own words, in the C locale",
}

# Grouped digits, the locale's own digits, and numbers with a decimal point; not the assembler's
# %function and %eax.
CONVERSION = re.compile(r"%[-+ #0]*(?:['I][-+ #0'I]*[\d*.]*[hljztLq]*[a-zA-Z]"
                        r"|[\d*]*(?:\.[\d*]*)?[Ll]?[aAeEfFgG])(?!unction\b|[abcds][xpi]\b)")
LITERAL = re.compile(r'"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)+\'|/\*.*?\*/|//[^\n]*', re.DOTALL)
URL_ESCAPE = re.compile(r"^%[0-9][0-9A-Fa-f]$")

OFFENDERS = {  # a line of C: the name by which it is found
    "strcasecmp(text, text + 1)": "strcasecmp",
    "strncasecmp(text, text + 1, 2)": "strncasecmp",
    "strcasestr(text, text + 1) != NULL": "strcasestr",
    "tolower(*text)": "tolower_loc",
    "isspace((unsigned char)*text)": "__ctype_b_loc",
    "strtol(text, NULL, 10) > 0": "strtol",
    "strtoull(text, NULL, 10) > 0": "strtoull",
    "strtod(text, NULL) > 0": "strtod",
    "atoi(text)": "strtol",
    'sscanf(text, "%d", (int *)text)': "sscanf",
    "strcoll(text, text + 1)": "strcoll",
    'strftime(text, 9, "%B", (const struct tm *)text) > 0': "strftime",
    "setlocale(LC_ALL, text) != NULL": "setlocale",
    "strerror(1) != NULL": "strerror",
    "wcslen((wchar_t *)text) > 1": "wcslen",
    "fnmatch(text, text, 0)": "fnmatch",
    "printf(\"%'d\\n\", 1)": "%'d",
    'printf("%-5.2f\\n", (double)*text)': "%-5.2f",
    'printf("%Lg\\n", (long double)*text)': "%Lg",
}


def undefined_names(path):
    output = subprocess.run(["nm", "-u", "--format=posix", path], check=True, capture_output=True,
                            text=True).stdout
    return [line.split()[0].partition("@")[0] for line in output.splitlines() if line.strip()]


def conversions(text):
    """The printf conversions in the string literals of a source file."""
    literals = LITERAL.sub(lambda match: match[0] if match[0][0] == '"' else " ", text)
    return [conversion for literal in re.findall(r'"(?:[^"\\\n]|\\.)*"', literals)
            for conversion in CONVERSION.findall(literal) if not URL_ESCAPE.match(conversion)]


@functools.cache
def complaints(source, built):
    """The names in an object, and the printf conversions in its source, that follow the locale."""
    return ([name for name in undefined_names(built) if FOLLOWS_LOCALE.match(name)] +
            conversions(source.read_text(encoding="utf-8")))


def objects():
    """(source below the project, object) of everything that is built for users."""
    for folder in FOLDERS:
        for path in sorted((BUILD / folder).rglob("*.o")):
            place, _, name = str(path.relative_to(BUILD)).partition("CMakeFiles/")
            source = name.split(".dir/", 1)[1].removesuffix(".o")
            where = source.removeprefix("__/")
            where = where if where != source else f"{place}{source}"
            if (SOURCE / where).exists():  # else it was built before its source moved
                yield where, path


class Objects(unittest.TestCase):
    def test_nothing_follows_the_locale(self):
        for source, path in objects():
            with self.subTest(source=source):
                self.assertEqual([name for name in complaints(SOURCE / source, path)
                                  if (source, name) not in ALLOWED], [])

    def test_every_source_is_looked_at(self):
        built = {source for source, _ in objects()}
        sources = {str(path.relative_to(SOURCE)) for folder in FOLDERS
                   for path in (SOURCE / folder).rglob("*.c")}
        self.assertEqual(sources - built, set())

    def test_headers_hold_no_such_conversion(self):
        for folder in FOLDERS:
            for path in (SOURCE / folder).rglob("*.h"):
                self.assertEqual(conversions(path.read_text(encoding="utf-8")), [], path)

    def test_what_may_is_still_there(self):
        seen = {(source, name) for source, path in objects() for name in complaints(SOURCE / source, path)}
        self.assertEqual(set(ALLOWED) - seen, set())

    def test_each_offender_is_found(self):
        for line, name in OFFENDERS.items():
            with self.subTest(line=line), tempfile.TemporaryDirectory() as folder:
                source, built = Path(folder) / "offender.c", Path(folder) / "offender.o"
                source.write_text(
                    "#define _GNU_SOURCE\n#include <ctype.h>\n#include <fnmatch.h>\n"
                    "#include <locale.h>\n#include <stdio.h>\n#include <stdlib.h>\n"
                    "#include <string.h>\n#include <strings.h>\n#include <time.h>\n"
                    f"#include <wchar.h>\nint offend(char *text)\n{{\n    return {line};\n}}\n")
                subprocess.run([COMPILER, "-c", "-O2", "-w", "-o", built, source], check=True)
                found = complaints(source, built)
                self.assertTrue(any(each.endswith(name) for each in found), found)


if __name__ == "__main__":
    unittest.main(verbosity=2)
