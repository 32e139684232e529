"""Programs that read their data over https by themselves: R's curl package, GDAL, htslib, CMake."""

import unittest

from client_test import synauth_lines
from own_authority import with_authority
from reach import CONTENT, ReachTest

R_BEGIN = """
CA <- commandArgs(trailingOnly = TRUE)[1]
URLS <- commandArgs(trailingOnly = TRUE)[-1]
handle <- function() curl::new_handle(cainfo = CA)
"""
R_SINGLE = """
for (url in URLS) {
    got <- curl::curl_fetch_memory(url, handle())
    cat(got$status_code, rawToChar(got$content))
}
"""
R_MULTI = """
pool <- curl::new_pool()
for (url in URLS)
    curl::multi_add(curl::new_handle(url = url, cainfo = CA), pool = pool, fail = stop,
                    done = function(got) cat(got$status_code, "\\n"))
out <- curl::multi_run(pool = pool)
cat(out$success, out$error, "\\n")
"""
R_CONNECTION = """
for (url in URLS) {
    from <- curl::curl(url, handle = handle())
    cat(readLines(from), sep = "\\n")
    close(from)
}
"""
SAM = "@HD\tVN:1.6\tSO:coordinate\n@SQ\tSN:chr1\tLN:1000\nr1\t0\tchr1\t1\t60\t4M\t*\t0\t0\tACGT\tIIII\n"
VCF = ("##fileformat=VCFv4.2\n##contig=<ID=chr1,length=1000>\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER"
       "\tINFO\nchr1\t7\t.\tA\tC\t50\tPASS\t.\n")
OCTAVE = """
for k = 4:-1:0
  [text, success] = urlread(argv(){end - k});
  printf("%d %s", success, text);
end
"""
DOWNLOAD = """
foreach(index RANGE 5 9)
  file(DOWNLOAD "${CMAKE_ARGV${index}}" got OPTIONS STATUS status)
  file(READ got text)
  message("${status} ${text}")
endforeach()
"""


class RCurlPackage(ReachTest):
    def r(self, script):
        return self.run_both(["Rscript", "--vanilla", self.script("script.R", R_BEGIN + script),
                              self.server.ca, *self.ways()])

    def test_single_request_carries_the_token(self):
        self.assertEqual(self.r(R_SINGLE).stdout, f"200 {CONTENT}" * 5)
        self.assert_ways()

    def test_pool_of_requests_carries_the_token(self):
        self.assertEqual(self.r(R_MULTI).stdout, "200 \n" * 5 + "5 0 \n")
        self.assert_ways()

    def test_connection_carries_the_token(self):
        self.assertEqual(self.r(R_CONNECTION).stdout, CONTENT * 5)
        self.assert_ways()


class Gdal(ReachTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.add_file("points.csv", "name,x,y\none,1.5,2.5\ntwo,3,4\n")

    def test_vsicurl_carries_the_token(self):
        def command(url):
            # no listing of the folder, which the server would refuse
            return ["ogrinfo", "--config", "GDAL_DISABLE_READDIR_ON_OPEN", "EMPTY_DIR", "-ro", "-al",
                    "-q", "/vsicurl/" + url]

        for printed in self.assert_each_way(command, "points.csv"):
            self.assertIn("name (String) = one", printed)


class Htslib(ReachTest):
    """libcurl comes in with htslib's plugin."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.add_file("a.sam", SAM)
        cls.add_file("a.vcf", VCF)

    def check(self, arguments, name):
        for printed in self.assert_each_way(lambda url: [*arguments, url], name):
            self.assertIn("chr1", printed)

    def test_samtools_carries_the_token(self):
        self.check(["samtools", "view", "--no-PG", "-h"], "a.sam")

    def test_bcftools_carries_the_token(self):
        self.check(["bcftools", "view", "--no-version"], "a.vcf")


class Octave(ReachTest):
    """urlread can be told no authority: it sees the tests' one where the system's are."""

    def test_urlread_carries_the_token(self):
        command = with_authority(self.server.ca, ["octave-cli", "--norc", "--quiet",
                                                  self.script("script.m", OCTAVE), *self.ways()])
        self.assertEqual(self.run_both(command).stdout, f"1 {CONTENT}" * 5)
        self.assert_ways()


class CMake(ReachTest):
    def download(self, *options):
        script = self.script("script.cmake", DOWNLOAD.replace("OPTIONS", " ".join(options)))
        result = self.run_both(["cmake", "-P", script, "--", self.server.ca, *self.ways()])
        self.assertEqual(result.stderr, f'0;"No error" {CONTENT}\n' * 5)

    def test_verified_download_carries_the_token(self):
        self.download("TLS_VERIFY ON", 'TLS_CAINFO "${CMAKE_ARGV4}"')
        self.assert_ways()

    def test_unverified_download_carries_none(self):
        """CMake 3.25 verifies nothing unless it is told to."""
        script = self.script("script.cmake", DOWNLOAD.replace("OPTIONS", ""))
        bare, ours = (self.run_program(["cmake", "-P", script, "--", "", *self.ways()],
                                       self.environment(preload)) for preload in (False, True))
        warning = synauth_lines(ours)
        self.assertEqual(len(warning), 1, ours.stderr)
        self.assertEqual((ours.returncode, ours.stdout, ours.stderr.replace(warning[0] + "\n", "")),
                         (bare.returncode, bare.stdout, bare.stderr))
        self.assertEqual(ours.returncode, 0, ours.stderr)
        self.assertEqual({value for _, value in self.sent()}, {None})


if __name__ == "__main__":
    unittest.main(verbosity=2)
