#!/usr/bin/env python3
"""The judge of the ledger's figures: recomputes every case file beside it and fails on a difference.

    python3 reference.py --check             all committed files, by the judge and by the figures worked out by hand
    python3 reference.py --check FILE…       these
    python3 reference.py --expect FILE…      writes what the judge computes into the files' `expected`

The format of the files is told in README.md. The judge shares no code with the engine; see judge/__init__.py.
"""

import argparse
import gzip
import json
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from judge.answers import answer, differences, wrong_by_hand  # noqa: E402


def cases(path):
    """The cases of a file: one in a plain file, a list of them in a compressed one."""
    if path.suffix == ".gz":
        with gzip.open(path, "rt", encoding="utf-8") as file:
            return json.load(file)
    return [json.loads(path.read_text(encoding="utf-8"))]


def committed():
    plain = sorted(HERE.glob("*.json")) + sorted((HERE / "december").glob("*.json"))
    return plain + sorted(HERE.glob("*.json.gz"))


def check(paths):
    """Prints every difference; tells how many cases and figures there were, and how many failed."""
    counted = figures = failed = 0
    for path in paths:
        for case in cases(path):
            found = list(differences(case["expected"], answer(case))) + wrong_by_hand(case)
            counted, figures = counted + 1, figures + leaves(case["expected"])
            failed += bool(found)
            for line in found[:20]:
                print(f"{path.name} {case['name']} {line}")
    print(f"{counted} cases, {figures} figures, {failed} with differences")
    return failed


def leaves(value):
    """How many figures a part of a file holds."""
    if isinstance(value, dict):
        return sum(leaves(it) for it in value.values())
    if isinstance(value, list):
        return sum(leaves(it) for it in value)
    return 1


def expect(paths):
    for path in paths:
        case = json.loads(path.read_text(encoding="utf-8"))
        case["expected"] = answer(case)
        path.write_text(json.dumps(case, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description="Judges the ledger's case files.")
    parser.add_argument("--check", action="store_true", help="fail on any difference")
    parser.add_argument("--expect", action="store_true", help="write the expected figures")
    parser.add_argument("files", nargs="*", type=Path, help="case files; without any, all of them")
    asked = parser.parse_args()
    paths = asked.files or committed()
    if asked.expect:
        expect(paths)
    return 1 if check(paths) else 0


if __name__ == "__main__":
    sys.exit(main())
