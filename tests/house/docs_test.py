#!/usr/bin/env python3
"""The documents agree with the program: errors, settings, slices, links. Run by `make test`.

    python3 tests/house/docs_test.py
"""
import pathlib
import re
import subprocess
import sys
import tomllib
import unittest
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "concord.toml.example"
NOT_SLICES = {"base", "json", "db", "http", "fhir", "jobs", "app"}


def text_of(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


class Setting:
    """One row of settings() in src/app/config.cpp."""

    def __init__(self, name: str, environment: str, member: str):
        self.name, self.environment, self.member = name, environment, member


def settings_of_the_program() -> list[Setting]:
    body = text_of("src/app/config.cpp")
    start = body.index("settings() {")
    body = body[start : body.index("std::optional<std::string> scalar_text", start)]
    rows = re.split(r'\{\{"(?=[a-z]+\.)', body)[1:]
    found = []
    for row in rows:
        head = re.match(r'([a-z_.]+)", "([A-Z_]+)"\}', row)
        member = re.search(r"\bc\.([a-z_.]+) = ", row)
        assert head and member, f"src/app/config.cpp: this test cannot read the setting {row[:60]!r}"
        found.append(Setting(head[1], head[2], member[1]))
    return found


def struct_defaults(path: str, struct: str) -> dict[str, str]:
    """Member -> default as written, for the plain members of a struct."""
    text = text_of(path)
    start = re.search(rf"^struct {struct} \{{", text, re.M).end()
    body = text[start : text.index("\n};", start)]
    members = re.findall(r"^\s+[\w:<>]+ (\w+)(?: = ([^;]+))?;", body, re.M)
    return {name: default.strip() for name, default in members}


def default_of(member: str):
    """The value a setting has when nobody sets it; None when it has none."""
    structs = {
        "database": ("src/db/database.h", "Options"),
        "server": ("src/http/server.h", "ServerOptions"),
        "messages": ("src/app/config.h", "MessageOptions"),
        "safety": ("src/app/config.h", "SafetyOptions"),
        "checkins": ("src/checkins/checkins.h", "Settings"),
        "reminders": ("src/app/config.h", "ReminderOptions"),
        "portal": ("src/app/config.h", "PortalOptions"),
        "reports": ("src/app/config.h", "ReportOptions"),
        "": ("src/app/config.h", "Config"),
    }
    owner, _, name = member.rpartition(".")
    written = struct_defaults(*structs[owner])[name]
    if not written:
        return None
    if written in ("true", "false"):
        return written == "true"
    if written.startswith('"'):
        return written.strip('"')
    if "::Level::" in written:
        return written.rpartition("::")[2]
    assert re.fullmatch(r"[0-9 *']+", written), f"{member}: this test cannot read the default {written!r}"
    value = 1
    for factor in written.replace("'", "").split("*"):
        value *= int(factor)
    return value


def settings_of_the_example() -> tuple[dict[str, object], list[str], set[str]]:
    """Values that are set, all names in order, and the names that are commented out."""
    values = {f"{section}.{key}": value for section, keys in tomllib.loads(EXAMPLE.read_text(encoding="utf-8")).items() for key, value in keys.items()}
    section, order, commented = "", [], set()
    for line in EXAMPLE.read_text(encoding="utf-8").splitlines():
        if match := re.match(r"\[(\w+)\]", line):
            section = match[1]
        elif match := re.match(r"(# )?([a-z_]+) = ", line):
            order.append(f"{section}.{match[2]}")
            if match[1]:
                commented.add(order[-1])
    return values, order, commented


class Settings(unittest.TestCase):
    def test_every_setting_is_in_the_example_in_the_programs_order(self):
        _, order, _ = settings_of_the_example()
        self.assertEqual([s.name for s in settings_of_the_program()], order)

    def test_the_examples_values_are_the_programs_defaults(self):
        values, _, commented = settings_of_the_example()
        for setting in settings_of_the_program():
            with self.subTest(setting.name):
                default = default_of(setting.member)
                if setting.name in commented:
                    self.assertIsNone(default, "it has a default: show it")
                else:
                    self.assertEqual(default, values[setting.name])

    def test_an_environment_variable_is_named_after_its_setting(self):
        for setting in settings_of_the_program():
            self.assertEqual("CONCORD_" + setting.name.upper().replace(".", "_"), setting.environment)

    def test_every_setting_is_explained(self):
        previous_is_text = False
        for number, line in enumerate(EXAMPLE.read_text(encoding="utf-8").splitlines(), 1):
            is_setting = re.match(r"(# )?[a-z_]+ = ", line)
            if is_setting:
                self.assertTrue(previous_is_text, f"concord.toml.example:{number}: say what it is for")
            # Settings of one explanation may follow each other.
            previous_is_text = line.startswith("# ") or bool(is_setting)


class Errors(unittest.TestCase):
    def test_the_page_is_made_from_the_table(self):
        done = subprocess.run([sys.executable, ROOT / "tools" / "generate_errors.py", "--check"], capture_output=True, text=True)
        self.assertEqual(0, done.returncode, done.stdout + done.stderr)


class Slices(unittest.TestCase):
    def slices(self) -> list[str]:
        return sorted(p.parent.name for p in (ROOT / "src").glob("*/slice.cmake"))

    def test_every_slice_has_a_line_in_the_list(self):
        listed = sorted(re.findall(r"^\| \[`(\w+)`\]", text_of("docs/slices.md"), re.M))
        self.assertEqual(self.slices(), listed)

    def test_every_slice_says_what_it_is(self):
        for name in self.slices():
            with self.subTest(name):
                self.assertTrue((ROOT / "src" / name / "README.md").exists(), f"src/{name} needs a README.md")

    def test_a_slices_line_names_its_tables(self):
        rows = dict(re.findall(r"^\| \[`(\w+)`\][^|]*(\|.*)$", text_of("docs/slices.md"), re.M))
        for migration in sorted((ROOT / "migrations").glob("*.sql")):
            slice_name = migration.name.split("_")[1]
            if slice_name in NOT_SLICES:
                continue
            text = migration.read_text(encoding="utf-8")
            # A table that is made anew has another name until its rows have moved.
            passing = set(re.findall(r"^ALTER TABLE (\w+) RENAME TO", text, re.M))
            for table in re.findall(r"^CREATE TABLE (\w+)", text, re.M):
                if table in passing:
                    continue
                with self.subTest(table):
                    # A migration may hold tables of more than the slice in its name: whose a table is, its SQL says.
                    owners = [name for name, row in rows.items() if f"`{table}`" in row]
                    self.assertEqual(1, len(owners), f"docs/slices.md: one line must name {table} (made by {slice_name}), not {owners}")
                    texts = [f.read_text(encoding="utf-8") for f in (ROOT / "src" / owners[0]).rglob("*") if f.suffix in (".sql", ".cpp")]
                    self.assertTrue(any(re.search(rf"\b{table}\b", t) for t in texts), f"src/{owners[0]} does not use its table {table}")


def pages() -> list[pathlib.Path]:
    """Every page a person reads that git would keep."""
    listed = subprocess.run(["git", "-C", ROOT, "ls-files", "-co", "--exclude-standard", "*.md"], capture_output=True, text=True)
    if listed.returncode == 0:
        return [ROOT / line for line in listed.stdout.splitlines() if (ROOT / line).exists()]
    skipped = {"node_modules", "build", "dist"}
    return [p for p in ROOT.rglob("*.md") if not skipped & set(p.relative_to(ROOT).parts)]


def anchor(heading: str) -> str:
    """As the usual hosts make it: lower case, spaces to hyphens, punctuation gone."""
    plain = re.sub(r"[`*]", "", heading).strip().lower()
    return re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")


class Links(unittest.TestCase):
    LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
    # A picture made from the running program; its place is kept until it is there.
    MADE_LATER = {"docs/images/caseload.png"}

    def test_every_link_leads_somewhere(self):
        self.assertTrue(pages())
        for page in pages():
            text = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.M | re.S)
            for target in self.LINK.findall(text):
                if re.match(r"[a-z]+:", target):
                    continue
                with self.subTest(page=str(page.relative_to(ROOT)), link=target):
                    path, _, fragment = target.partition("#")
                    file = (page.parent / urllib.parse.unquote(path)).resolve() if path else page
                    if file.is_relative_to(ROOT) and str(file.relative_to(ROOT)) in self.MADE_LATER:
                        continue
                    self.assertTrue(file.exists(), "there is no such file")
                    if fragment:
                        headings = re.findall(r"^#+ (.*)$", file.read_text(encoding="utf-8"), re.M)
                        self.assertIn(fragment, [anchor(h) for h in headings], "there is no such heading")

    def test_every_page_of_docs_can_be_reached_from_the_map(self):
        reached, waiting = set(), [ROOT / "docs" / "README.md"]
        while waiting:
            page = waiting.pop()
            if page in reached or page.suffix != ".md" or not page.exists():
                continue
            reached.add(page)
            for target in self.LINK.findall(page.read_text(encoding="utf-8")):
                waiting.append((page.parent / target.partition("#")[0]).resolve())
        for page in pages():
            if page.relative_to(ROOT).parts[0] == "docs":
                with self.subTest(page=str(page.relative_to(ROOT))):
                    self.assertIn(page, reached, "no way leads there from docs/README.md")


if __name__ == "__main__":
    unittest.main()
