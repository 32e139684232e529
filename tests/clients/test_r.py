"""R's download.file: libcurl comes in with a plugin that is opened RTLD_LOCAL."""

import unittest

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


if __name__ == "__main__":
    unittest.main(verbosity=2)
