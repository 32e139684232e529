"""R: libcurl comes in with a plugin that is opened RTLD_LOCAL (download.file), or with a package that
keeps a handle for each host (httr)."""

import unittest

from client_test import BEARER_C, write_file
from reach import CONTENT, ReachTest

ONE = """
for (url in commandArgs(trailingOnly = TRUE)) {
    cat(download.file(url, "got", method = "libcurl", quiet = TRUE), "")
    cat(readLines("got"), sep = "\\n")
}
"""
SEVERAL = """
urls <- commandArgs(trailingOnly = TRUE)
files <- paste0("got", seq_along(urls))
download.file(urls, files, method = "libcurl", quiet = TRUE)
cat(unlist(lapply(files, readLines)), sep = "\\n")
"""
CONNECTION = """
for (url in commandArgs(trailingOnly = TRUE)) {
    from <- url(url, method = "libcurl")
    cat(readLines(from), sep = "\\n")
    close(from)
}
"""
HTTR = """
library(httr)
server <- commandArgs(trailingOnly = TRUE)
set_config(config(cainfo = Sys.getenv("CURL_CA_BUNDLE")))
for (path in c("/case", "/case/cookie", "/case", "/case"))
    stopifnot(status_code(GET(paste0(server, path))) == 200)
handle_reset(server)
stopifnot(status_code(GET(paste0(server, "/case"))) == 200)
"""


class DownloadFile(ReachTest):
    """R takes the tests' authority from CURL_CA_BUNDLE."""

    def r(self, script):
        result = self.run_both(["Rscript", "--vanilla", self.script("script.R", script), *self.ways()])
        self.assert_ways()
        return result.stdout

    def test_download_carries_the_token(self):
        self.assertEqual(self.r(ONE), f"0 {CONTENT}" * 5)

    def test_several_downloads_at_once_carry_the_token(self):
        self.assertEqual(self.r(SEVERAL), CONTENT * 5)

    def test_url_connection_carries_the_token(self):
        self.assertEqual(self.r(CONNECTION), CONTENT * 5)


class Httr(ReachTest):
    """Each request is made with the handle of its host, whose cookie engine is on."""

    def test_cookie_that_the_server_set_wins_until_the_handle_is_another(self):
        write_file(self.configuration, f'rules = ({{ match = "localhost:{self.server.https}"; '
                   'service = "cave"; });')
        result = self.run_program(["Rscript", "--vanilla", self.script("script.R", HTTR),
                                   self.server.url("L", "")])
        self.assert_ok(result)
        theirs = ("", "middle_auth_token=theirs")
        self.assertEqual([(record["authorization"], record["cookie"])
                          for record in self.server.requests()],
                         [(BEARER_C, ""), (BEARER_C, ""), theirs, theirs, (BEARER_C, "")])


if __name__ == "__main__":
    unittest.main(verbosity=2)
