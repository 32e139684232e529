"""Mutants of C sources: made from the text, tried by the tests. scripts/mutate runs it."""
