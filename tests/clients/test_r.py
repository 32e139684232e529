"""R's download.file: libcurl comes in with a plugin that is opened RTLD_LOCAL."""

import unittest

from client_test import BEARER_A, ClientTest

ONE = """
url <- commandArgs(trailingOnly = TRUE)[1]
download.file(url, "got", method = "libcurl", quiet = TRUE)
cat(readLines("got"), sep = "\\n")
"""
SEVERAL = """
urls <- commandArgs(trailingOnly = TRUE)
download.file(urls, paste0("got", seq_along(urls)), method = "libcurl", quiet = TRUE)
"""
CONNECTION = """
from <- url(commandArgs(trailingOnly = TRUE)[1], method = "libcurl")
cat(readLines(from), sep = "\\n")
close(from)
"""


class DownloadFile(ClientTest):
    """R cannot be told addresses for names, so this host is localhost."""

    def r(self, script, *urls):
        path = self.home / "script.R"
        path.write_text(script)
        result = self.run_program(["Rscript", "--vanilla", path, *urls])
        self.assert_ok(result)
        return result.stdout

    def url(self, port, path="/case"):
        return f"https://localhost:{port}{path}"

    def authorizations(self):
        return [record["authorization"] for record in self.server.requests()]

    def test_download_from_a_configured_host_carries_the_token(self):
        self.assertIn(BEARER_A, self.r(ONE, self.url(self.server.https)))
        self.assertEqual(self.authorizations(), [BEARER_A])

    def test_download_from_another_port_carries_none(self):
        self.r(ONE, self.url(self.server.https_other))
        self.assertEqual(self.authorizations(), [""])

    def test_several_downloads_at_once_carry_the_token(self):
        self.r(SEVERAL, *(self.url(self.server.https, f"/{number}") for number in range(4)))
        self.assertEqual(self.authorizations(), [BEARER_A] * 4)

    def test_url_connection_carries_the_token(self):
        self.assertIn(BEARER_A, self.r(CONNECTION, self.url(self.server.https)))


if __name__ == "__main__":
    unittest.main(verbosity=2)
