"""Programs that read their data over https by themselves: R's curl package, GDAL, htslib, CMake."""

import unittest

from client_test import BEARER_A, SYNAPSE_TOKEN, write_file
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
for k = 1:2
  [text, success] = urlread(argv(){end - 2 + k});
  printf("%d %s", success, text);
end
"""
TOKEN_ON = {"https": BEARER_A, "https_other": None}
DOWNLOAD = """
foreach(number RANGE 1 2)
  math(EXPR index "${number} + 4")
  file(DOWNLOAD "${CMAKE_ARGV${index}}" "got${number}" TLS_VERIFY ON TLS_CAINFO "${CMAKE_ARGV4}"
       STATUS status)
  file(READ "got${number}" text)
  message("${status} ${text}")
endforeach()
"""


class RCurlPackage(ReachTest):
    def r(self, script):
        return self.run_both(["Rscript", "--vanilla", self.script("script.R", R_BEGIN + script),
                              self.server.ca, self.local(), self.local("https_other")])

    def test_single_request_carries_the_token(self):
        self.assertEqual(self.r(R_SINGLE).stdout, f"200 {CONTENT}" * 2)
        self.assert_only_configured(1)

    def test_pool_of_requests_carries_the_token(self):
        self.r(R_MULTI)
        self.assert_only_configured(1)

    def test_connection_carries_the_token(self):
        self.assertEqual(self.r(R_CONNECTION).stdout, CONTENT * 2)
        self.assert_only_configured(1)


class Gdal(ReachTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.add_file("points.csv", "name,x,y\none,1.5,2.5\ntwo,3,4\n")

    def test_vsicurl_carries_the_token(self):
        for port in ("https", "https_other"):
            result = self.run_both(["ogrinfo", "-ro", "-al", "-q",
                                    "/vsicurl/" + self.local(port, "/git/points.csv")],
                                   # no listing of the folder, which the server would refuse
                                   GDAL_DISABLE_READDIR_ON_OPEN="EMPTY_DIR")
            self.assertIn("name (String) = one", result.stdout)
            self.assertEqual({got for _, got in self.authorizations()}, {TOKEN_ON[port]})


class Htslib(ReachTest):
    """libcurl comes in with htslib's plugin."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.add_file("a.sam", SAM)
        cls.add_file("a.vcf", VCF)

    def check(self, arguments, name):
        for port, value in TOKEN_ON.items():
            result = self.run_both([*arguments, self.local(port, f"/git/{name}")])
            self.assertIn("chr1", result.stdout)
            self.assertEqual({got for _, got in self.authorizations()}, {value})

    def test_samtools_carries_the_token(self):
        self.check(["samtools", "view", "--no-PG", "-h"], "a.sam")

    def test_bcftools_carries_the_token(self):
        self.check(["bcftools", "view", "--no-version"], "a.vcf")


class Octave(ReachTest):
    """urlread can be told no authority, so this is plain http to this machine, which a rule allows."""

    def test_urlread_carries_the_token(self):
        rule = f'{{ match = "http://localhost:{self.server.http}"; service = "synapse"; ' \
               'token_env = "DEV_TOKEN"; },'
        write_file(self.configuration,
                   self.configuration.read_text().replace("rules = (", "rules = (" + rule))
        urls = [f"http://{host}:{self.server.http}/git/file.txt" for host in ("localhost", "127.0.0.1")]
        result = self.run_both(["octave-cli", "--norc", "--quiet",
                                self.script("script.m", OCTAVE), *urls], DEV_TOKEN=SYNAPSE_TOKEN)
        self.assertEqual(result.stdout, f"1 {CONTENT}" * 2)
        self.assertEqual(self.authorizations(), [("http", BEARER_A), ("http", None)])


class CMake(ReachTest):
    def test_verified_download_carries_the_token(self):
        result = self.run_both(["cmake", "-P", self.script("script.cmake", DOWNLOAD), "--",
                                self.server.ca, self.local(), self.local("https_other")])
        self.assertEqual(result.stderr.count(CONTENT.strip()), 2, result.stderr)
        self.assert_only_configured(1)

    def test_unverified_download_carries_none(self):
        """CMake 3.25 verifies nothing unless it is told to."""
        text = (f'file(DOWNLOAD "{self.local()}" got STATUS status)\nlist(GET status 0 code)\n'
                'message("${code}")\n')
        result = self.run_program(["cmake", "-P", self.script("script.cmake", text)])
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual({value for _, value in self.authorizations()}, {None})


if __name__ == "__main__":
    unittest.main(verbosity=2)
