#!/usr/bin/env python3
"""Fails on an include that breaks the layers: base <- json, db, http <- fhir, jobs <- slices <- app.

Inside a slice: another slice's domain header (foo/foo.h and what it names) is allowed, its store, api or SQL
never, except for the pairs in ALLOWED, each with its reason. A pair that is no longer needed fails too, so
the list can only shrink. Libraries are seen in one place each. The real clock and the environment belong to app/.
A type has one definition in its namespace: two would be linked as if they were one, and nobody would be told.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent / "src"
KITS = {
    "base": set(),
    "json": {"base"},
    "db": {"base"},
    "http": {"base", "json"},
    "fhir": {"base", "json"},
    "jobs": {"base", "json", "db"},
}
# (slice, included prefix) -> why
ALLOWED: dict[tuple[str, str], str] = {
    ("exchange", "*_store.h"): "the importer writes every slice's rows in bulk, in one transaction a file",
    ("simulation", "*_store.h"): "the simulator fills every slice's tables in bulk",
}
# library header pattern -> the only places that may include it
LIBRARIES = {
    r"sqlite3\.h": ["db/"],
    r"libpq-fe\.h": ["db/"],
    r"boost/(asio|beast).*": ["http/"],
    r"boost/json.*": ["json/value.cpp"],
    r"spdlog/.*": ["base/log.cpp"],
    r"date/.*": ["base/zone.cpp"],
    r"CLI/.*": ["app/"],
    r"toml\+\+/.*": ["app/", "exchange/"],
    r"(lzma|zlib)\.h": ["fhir/"],
    r"curl/.*": ["messaging/transport_curl.cpp"],
    r"fido(/.*)?(\.h)?": ["portal/webauthn.cpp"],
    r"liboath/.*": ["portal/totp.cpp"],
}
# What reaches the real clock or the environment; everything below app/ is given a Clock and plain settings.
REAL_WORLD = re.compile(r"\bsystem_clock::now\b|\bgetenv\s*\(|\bstd::time\s*\(|\bgettimeofday\s*\(")
REAL_WORLD_ALLOWED = {"http/server.cpp": "the Date header of an answer"}
NAMESPACE = re.compile(r"^(?:inline )?namespace ([\w:]*) ?\{")
TYPE = re.compile(r"^(?:struct|class|union|enum class|enum struct) (\w+)(?: final)?(?: :[^;{]*)? ?\{")
INCLUDE = re.compile(r'^\s*#\s*include\s+(["<])([^">]+)[">]')


def types_of(text: str) -> list[tuple[int, str]]:
    """Line and full name of every type that other files' types of that name would meet when the program is linked."""
    found: list[tuple[int, str]] = []
    open_namespaces: list[str] = []
    for number, line in enumerate(text.splitlines(), 1):
        if match := NAMESPACE.match(line):
            open_namespaces.append(match[1])
        elif open_namespaces and line.startswith("}") and "// namespace" in line:
            open_namespaces.pop()
        elif (match := TYPE.match(line)) and all(open_namespaces):
            found.append((number, "::".join([*open_namespaces, match[1]])))
    return found


def main() -> int:
    problems: list[str] = []
    defined: dict[str, str] = {}
    used: set[tuple[str, str]] = set()
    folders = {p.name for p in ROOT.iterdir() if p.is_dir()}
    slices = folders - set(KITS) - {"app"}
    for path in sorted(ROOT.rglob("*")):
        if path.suffix not in {".h", ".cpp", ".def"}:
            continue
        folder = path.relative_to(ROOT).parts[0]
        is_test = path.stem.endswith(("_test", "_dbtest", "_for_tests"))
        text = path.read_text(encoding="utf-8")
        for number, name in types_of(text):
            where = f"src/{path.relative_to(ROOT)}:{number}"
            if name in defined:
                problems.append(f"{where}: {name} is defined in {defined[name]} too; give one of them another name")
            defined.setdefault(name, where)
        for number, line in enumerate(text.splitlines(), 1):
            where = f"src/{path.relative_to(ROOT)}:{number}"
            file = str(path.relative_to(ROOT))
            if folder != "app" and not is_test and file not in REAL_WORLD_ALLOWED and REAL_WORLD.search(line.split("//")[0]):
                problems.append(f"{where}: only app/ touches the real clock and the environment; take a Clock or a setting")
            match = INCLUDE.match(line)
            if not match:
                continue
            quote, target = match.groups()
            if quote == "<":
                for pattern, places in LIBRARIES.items():
                    if re.fullmatch(pattern, target) and not any(str(path.relative_to(ROOT)).startswith(p) for p in places):
                        problems.append(f"{where}: <{target}> belongs to {', '.join(places)} only")
                continue
            other = target.split("/")[0]
            if other == folder or other not in folders or folder == "app" or is_test:
                continue
            if folder in KITS:
                if other not in KITS[folder]:
                    problems.append(f"{where}: {folder} may not know {other}")
                continue
            if other == "app":
                problems.append(f"{where}: only app/ knows app/")
            elif other in slices and re.search(r"(_store|_api|_jobs|_sql)\.h$", target):
                key = (folder, "*_store.h") if target.endswith("_store.h") else (folder, target)
                if key in ALLOWED:
                    used.add(key)
                else:
                    problems.append(f"{where}: {folder} reaches into {target}; take an interface and let app/ pass it")
    for key in ALLOWED:
        if key[0] in folders and key not in used and any((ROOT / key[0]).glob("*.cpp")):
            problems.append(f"tools/check_layers.py: the exception {key} is no longer needed, remove it")
    for problem in problems:
        print(problem)
    print(f"layers: {len(problems)} problem(s)")
    return 1 if problems else 0


sys.exit(main())
