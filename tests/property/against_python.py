"""against_python - feeds generated inputs to a driver and compares its answers with Python's."""
import os
import random
import struct
import subprocess
import sys

COUNT = 10_000


def check(generate, expect):
    """generate(random) -> bytes; expect(bytes) -> the driver's line. Ends the program."""
    driver = sys.argv[1]
    seed = int(os.environ.get("SYNAUTH_TEST_SEED", "20240607"))
    print(f"{COUNT} inputs, SYNAUTH_TEST_SEED={seed}")
    source = random.Random(seed)
    inputs = [generate(source) for _ in range(COUNT)]
    frames = b"".join(struct.pack("<I", len(text)) + text for text in inputs)
    run = subprocess.run([driver], input=frames, stdout=subprocess.PIPE, check=False)
    if run.returncode != 0:
        sys.exit(f"{driver} ended with {run.returncode}")
    answers = run.stdout.decode("ascii").splitlines()
    if len(answers) != COUNT:
        sys.exit(f"{len(answers)} answers to {COUNT} inputs")
    wrong = 0
    kinds = {}
    for text, answer in zip(inputs, answers):
        expected = expect(text)
        kind = (expected.split() or [""])[0]
        kinds[kind] = kinds.get(kind, 0) + 1
        if answer != expected:
            wrong += 1
            if wrong <= 5:
                print(f"input    {text!r}\nexpected {expected!r}\nanswer   {answer!r}\n")
    shares = {kind: kinds[kind] for kind in sorted(kinds)}
    print(f"{wrong} wrong; kinds of answers: {shares}")
    # A generator that makes only one kind of input tests nothing.
    sys.exit(1 if wrong or len(kinds) < 2 or min(kinds.values()) < COUNT // 100 else 0)
