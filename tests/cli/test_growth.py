"""Twice the input is about twice the work: instructions are counted, so that no load of the machine decides."""

import json
import re
import unittest

from command_line import CommandLineTest

MOST = 2.6  # times the instructions, for twice the input; a loop in a loop makes 4 of it


class Growth(CommandLineTest):
    def instructions(self, status, *arguments):
        self.program, command = "/usr/bin/valgrind", self.program
        try:
            _, talk = self.expect(status, "--tool=callgrind", "--callgrind-out-file=/dev/null", command, *arguments)
        finally:
            self.program = command
        return int(re.search(r"Collected : (\d+)", talk).group(1))

    def check(self, count, prepare, status, *arguments):
        """`prepare(n)` makes an input of n parts; what the command costs without one does not count."""
        prepare(0)
        base = self.instructions(status, *arguments)
        costs = []
        for size in (count, 2 * count):
            prepare(size)
            costs.append(self.instructions(status, *arguments) - base)
        self.assertGreater(costs[0], 50 * count, "the input was not read")
        self.assertLess(costs[1] / costs[0], MOST, costs)

    def secrets(self, members):
        self.write(".cloudvolume/secrets/cave-secret.json", "{" + ", ".join(members) + "}")

    def test_cave_logout_of_equal_keys(self):
        self.check(1000, lambda n: self.secrets(['"token": "tokA"'] * (n + 1)), 0, "cave", "logout")

    def test_cave_servers_of_many_keys(self):
        self.check(3000, lambda n: self.secrets([f'"t{i}": "tokA"' for i in range(n + 1)]), 0, "cave", "servers")

    def test_cave_servers_of_many_files(self):
        def prepare(n):
            for i in range(n + 1):
                self.write(f".cloudvolume/secrets/h{i}.example-cave-secret.json", '{"token": "tokA"}')
        self.check(400, prepare, 0, "cave", "servers")

    def synapse_logout(self, head, line):
        def prepare(n):
            self.write(".synapseConfig", "[authentication]\nauthtoken = tokA\n" + head +
                       "".join(line.format(i) for i in range(n)))
        self.check(2000, prepare, 0, "synapse", "logout")

    def test_synapse_logout_among_many_keys(self):
        self.synapse_logout("", "key{0} = 1\n")

    def test_synapse_logout_among_many_sections(self):
        self.synapse_logout("", "[profile {0}]\n")

    def test_synapse_logout_with_many_inherited_keys(self):
        self.synapse_logout("[DEFAULT]\n", "key{0} = 1\n")

    def test_mistakes_in_a_long_list_of_hosts(self):
        def prepare(n):
            hosts = ",\n".join(json.dumps(f"h{i}.example/path") for i in range(n + 1))
            self.configure(f'rules = ( {{ service = "cave"; match = [ {hosts} ]; }} );\n')
        self.check(2000, prepare, 3, "config", "check")

    def test_rules(self):
        def prepare(n):
            self.configure("rules = (" + ",\n".join(
                f'{{ service = "cave"; match = [ "h{i}.example", "*.d{i}.example" ]; }}' for i in range(n + 1)) + ");\n")
        self.check(1000, prepare, 0, "config", "check")


class Limits(CommandLineTest):
    def refuse(self, text, words, place):
        self.configure(text)
        answer, talk = self.expect(3, "config", "check")
        self.assertIn(words, answer + talk)
        self.assertIn(place, answer + talk)

    def test_settings_of_one_group(self):
        settings = "".join(f"a{i} = 1;\n" for i in range(200_000))
        self.refuse(settings, "more than 64 settings in one group", "synauth.conf:65:")
        self.refuse('rules = ( { match = "a.example"; service = "cave";\n' + settings + "} );\n",
                    "more than 64 settings in one group", "synauth.conf:64:")
        self.configure("rules = (" + ",\n".join('{ match = "a.example"; service = "cave"; }' for _ in range(100)) + ");\n")
        self.expect(0, "config", "check")

    def test_all_settings(self):
        self.refuse("x = (\n" + ",\n".join(["{" + " ".join(f"k{i}=1" for i in range(50)) + "}"] * 5001) + ");\n",
                    "more than 250000 settings", "synauth.conf:5001:")

    def test_bytes(self):
        self.refuse("#" * (8 << 20) + "\n", "larger than 8 MiB together", "synauth.conf")
        self.write(".config/synauth/part.conf", "# " + "x" * (1 << 20) + "\n")
        self.refuse('@include "part.conf"\n' * 9, "larger than 8 MiB together", "part.conf:")

    def test_included_files(self):
        """Eleven files, each of which includes the next one eight times."""
        for depth in range(1, 11):
            self.write(f".config/synauth/{depth}.conf", f'@include "{depth + 1}.conf"\n' * 8 if depth < 10 else "# end\n")
        self.refuse('@include "1.conf"\n' * 8, "more than 1000 files are included", "10.conf")


if __name__ == "__main__":
    unittest.main()
