"""against_python - feeds generated inputs to a driver and compares its answers with Python's."""
import os
import random
import struct
import subprocess
import sys

COUNT = 10_000


def ask(driver, inputs):
    """One line of answer for each input."""
    frames = b"".join(struct.pack("<I", len(text)) + text for text in inputs)
    run = subprocess.run([driver], input=frames, stdout=subprocess.PIPE, check=False)
    if run.returncode != 0:
        sys.exit(f"{driver} ended with {run.returncode}")
    answers = run.stdout.decode("ascii").splitlines()
    if len(answers) != len(inputs):
        sys.exit(f"{len(answers)} answers to {len(inputs)} inputs")
    return answers


def check_with(generate, judge):
    """generate(random) -> bytes; judge(bytes, line) -> what is wrong with the driver's answer, or
    None. Ends the program."""
    seed = int(os.environ.get("SYNAUTH_TEST_SEED", "20240607"))
    print(f"{COUNT} inputs, SYNAUTH_TEST_SEED={seed}")
    source = random.Random(seed)
    inputs = [generate(source) for _ in range(COUNT)]
    wrong = 0
    kinds = {}
    for text, answer in zip(inputs, ask(sys.argv[1], inputs)):
        kind = (answer.split() or [""])[0]
        kinds[kind] = kinds.get(kind, 0) + 1
        problem = judge(text, answer)
        if problem:
            wrong += 1
            if wrong <= 5:
                print(f"input    {text!r}\nproblem  {problem}\nanswer   {answer!r}\n")
    shares = {kind: kinds[kind] for kind in sorted(kinds)}
    print(f"{wrong} wrong; kinds of answers: {shares}")
    # A generator that makes only one kind of input tests nothing.
    sys.exit(1 if wrong or len(kinds) < 2 or min(kinds.values()) < COUNT // 100 else 0)


def check(generate, expect):
    """The same with expect(bytes) -> the driver's line."""
    def judge(text, answer):
        expected = expect(text)
        return None if answer == expected else f"expected {expected!r}"
    check_with(generate, judge)
