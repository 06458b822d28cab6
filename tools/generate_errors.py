#!/usr/bin/env python3
"""Writes docs/errors.md from src/base/error_codes.def.   generate_errors.py [--check]

With --check nothing is written; the exit code is 1 when the file is not what would be written.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
TABLE = ROOT / "src" / "base" / "error_codes.def"
PAGE = ROOT / "docs" / "errors.md"
ROW = re.compile(r'^CONCORD_ERROR\(\s*(\w+)\s*,\s*(\d{3})\s*,\s*([a-z-]+)\s*,\s*"([^"]*)"\s*\)\s*$')

HEAD = """<!-- Made by tools/generate_errors.py from src/base/error_codes.def. Do not edit. -->
# Errors

Every refusal over HTTP is `application/problem+json`: `code` (below), `title` (its meaning), `status`, `detail` for the person who
asked, `issues` (every problem with its `path` and `text`), `request_id`, and for a failure of Concord itself
`incident`, which names the line of the log that says why. The command line prints the same text and issues and ends with 1 (it
did not work, or some input was rejected) or 2 (wrong usage). Texts never hold personal data.

| Code | HTTP | FHIR issue | Meaning |
| --- | --- | --- | --- |
"""


def rows() -> list[tuple[str, str, str, str]]:
    found = []
    for number, line in enumerate(TABLE.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("//"):
            continue
        match = ROW.match(line)
        if not match:
            sys.exit(f"{TABLE.relative_to(ROOT)}:{number}: this is no row: CONCORD_ERROR(name, status, fhir-issue, \"meaning\")")
        found.append(match.groups())
    return found


def page() -> str:
    # The order of the table within a status is kept: it goes from general to special.
    ordered = sorted(rows(), key=lambda row: int(row[1]))
    return HEAD + "".join(f"| `{code}` | {status} | {fhir} | {meaning} |\n" for code, status, fhir, meaning in ordered)


def main() -> int:
    text = page()
    if "--check" in sys.argv[1:]:
        if not PAGE.exists() or PAGE.read_text(encoding="utf-8") != text:
            print("docs/errors.md is stale: run tools/generate_errors.py")
            return 1
        return 0
    PAGE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
