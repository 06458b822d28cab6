#!/usr/bin/env python3
"""Prints the notices of what a release carries inside: npm packages bundled into the web front, and header libraries
compiled into the program.   notices.py > NOTICES

Libraries that are only linked come with their own Debian packages and are not listed.
"""
import json
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
# Boost is not among them: its license asks for no notice in programs.
HEADERS = ["libcli11-dev", "libexpected-dev", "libfmt-dev", "libhowardhinnant-date-dev", "libspdlog-dev", "libtomlplusplus-dev"]


def main() -> None:
    out = ["Concord carries parts of the following works. Each stays under its own license.\n"]
    lock = json.loads((ROOT / "web" / "package-lock.json").read_text(encoding="utf-8"))
    texts: dict[str, list[str]] = {}
    for path, package in sorted(lock["packages"].items()):
        if not path or any(package.get(kind) for kind in ("dev", "optional", "devOptional", "peer", "extraneous")):
            continue
        folder = ROOT / "web" / path
        if not folder.exists():
            sys.exit(f"web/{path} is not installed: run make web/node_modules/.installed")
        found = sorted(p for p in folder.iterdir() if p.is_file() and p.name.lower().split(".")[0] in {"license", "licence", "copying", "notice"})
        text = "\n".join(p.read_text(encoding="utf-8", errors="replace").strip() for p in found)
        name = f"{path.rpartition('node_modules/')[2]} {package['version']} ({package.get('license', 'see its package')})"
        texts.setdefault(text, []).append(name)
    for text, names in sorted(texts.items(), key=lambda item: item[1]):
        out.append("=" * 72 + "\n" + "\n".join(names) + ("\n\n" + text if text else "") + "\n")
    for package in HEADERS:
        copyright_file = pathlib.Path("/usr/share/doc") / package / "copyright"
        if not copyright_file.exists():
            sys.exit(f"{copyright_file} is missing: is {package} installed?")
        out.append("=" * 72 + f"\n{package} (Debian)\n\n" + copyright_file.read_text(encoding="utf-8", errors="replace").strip() + "\n")
    print("\n".join(out))


main()
