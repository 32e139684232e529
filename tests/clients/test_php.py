"""PHP up to 8.4 opens its extensions with RTLD_DEEPBIND, past every preloaded library."""

import unittest

from client_test import BEARER_A
from reach import CONTENT, ReachTest

EASY = """<?php
foreach (array_slice($argv, 2) as $url) {
    $curl = curl_init($url);
    curl_setopt_array($curl, [CURLOPT_CAINFO => $argv[1], CURLOPT_RETURNTRANSFER => true,
                              CURLOPT_FOLLOWLOCATION => true, CURLINFO_HEADER_OUT => SHOW]);
    echo curl_exec($curl), curl_getinfo($curl, CURLINFO_RESPONSE_CODE), "\\n";
    if (SHOW) echo curl_getinfo($curl, CURLINFO_HEADER_OUT);
    curl_close($curl);
}
"""
MULTI = """<?php
$multi = curl_multi_init();
$handles = [];
foreach (array_slice($argv, 2) as $url) {
    $curl = $handles[] = curl_init($url);
    curl_setopt_array($curl, [CURLOPT_CAINFO => $argv[1], CURLOPT_RETURNTRANSFER => true,
                              CURLOPT_FOLLOWLOCATION => true]);
    curl_multi_add_handle($multi, $curl);
}
do {
    curl_multi_exec($multi, $running);
    curl_multi_select($multi, 1.0);
} while ($running);
foreach ($handles as $curl) {
    echo curl_multi_getcontent($curl);
    curl_multi_remove_handle($multi, $curl);
}
"""

FFI = """<?php
$curl = FFI::cdef("void *curl_easy_init(void); int curl_easy_setopt(void *handle, int option, ...);
                   int curl_easy_perform(void *handle); void curl_easy_cleanup(void *handle);",
                  "libcurl.so.4");
foreach (array_slice($argv, 2) as $url) {
    $handle = $curl->curl_easy_init();
    $curl->curl_easy_setopt($handle, 10002, $url);
    $curl->curl_easy_setopt($handle, 10065, $argv[1]);
    $curl->curl_easy_setopt($handle, 52, 1);
    echo $curl->curl_easy_perform($handle) . "\\n";
    $curl->curl_easy_cleanup($handle);
}
"""


class Php(ReachTest):
    def php(self, script, *urls):
        path = self.script("script.php", script)
        return self.run_both(["php", "-n", "-d", "extension=curl", path, self.server.ca, *urls])

    def test_easy_transfers_carry_the_token(self):
        result = self.php(EASY.replace("SHOW", "false"), *self.ways())
        self.assertEqual(result.stdout, (CONTENT + "200\n") * 5)
        self.assert_ways()

    def test_foreign_functions_carry_the_token(self):
        """libcurl by PHP's FFI, alone and beside PHP's own curl."""
        path = self.script("script.php", FFI)
        for more in ([], ["-d", "extension=curl"]):
            result = self.run_both(["php", "-n", *more, "-d", "extension=ffi", "-d", "ffi.enable=1",
                                    path, self.server.ca, *self.ways()])
            self.assertEqual(result.stdout, ("0\n" + CONTENT) * 5)
            self.assert_ways()

    def test_multi_transfers_carry_the_token(self):
        self.assertEqual(self.php(MULTI, *self.ways()).stdout, CONTENT * 5)
        self.assert_ways()

    def test_a_line_inside_a_header_is_the_programs_own(self):
        script = self.script("lines.php", """<?php
$curl = curl_init($argv[2]);
curl_setopt_array($curl, [CURLOPT_CAINFO => $argv[1], CURLOPT_RETURNTRANSFER => true,
                          CURLOPT_HTTP_VERSION => CURL_HTTP_VERSION_1_1,
                          CURLOPT_HTTPHEADER => ["X-Case: mine\\r\\nAuthorization: mine"]]);
curl_exec($curl);
echo curl_getinfo($curl, CURLINFO_RESPONSE_CODE);
""")
        result = self.run_program(["php", script, self.server.ca, f"https://localhost:{self.server.https}/case"])
        self.assertEqual((result.stdout, result.stderr), ("200", ""))
        record = self.server.requests()[-1]
        self.assertEqual((record["authorization"], record["case"]), ("mine", "mine"))

    def test_shown_request_header_has_no_token(self):
        path = self.script("script.php", EASY.replace("SHOW", "true"))
        result = self.run_program(["php", "-n", "-d", "extension=curl", path, self.server.ca,
                                   self.local()])
        self.assert_ok(result)
        self.assertEqual(result.stdout.lower().count("authorization: bearer [synauth]"), 1)
        self.assertNotIn(BEARER_A, result.stdout)
        self.assertEqual(self.authorizations(), [("https", BEARER_A)])


if __name__ == "__main__":
    unittest.main(verbosity=2)
