#!/usr/bin/env python3
"""The tools do what they promise, tried in a small tree of their own. Run by `make test`.

    python3 tests/house/tools_test.py
"""
import pathlib
import shutil
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]


class ToolTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.tree = pathlib.Path(folder.name)
        shutil.copytree(ROOT / "tools", self.tree / "tools", ignore=shutil.ignore_patterns("node_modules", "__pycache__"))
        for made in ("src", "migrations"):
            (self.tree / made).mkdir()

    def write(self, path: str, text: str):
        file = self.tree / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def run_tool(self, *words: str) -> tuple[int, str]:
        done = subprocess.run([str(self.tree / "tools" / words[0]), *words[1:]], capture_output=True, text=True, cwd=self.tree)
        return done.returncode, done.stdout + done.stderr


class Layers(ToolTest):
    def setUp(self):
        super().setUp()
        for kit in ("base", "json", "db", "http", "fhir", "jobs"):
            self.write(f"src/{kit}/{kit}.h", "")
        self.write("src/cats/cats.h", '#include "db/db.h"\n')
        self.write("src/cats/cats_store.h", "")
        self.write("src/dogs/dogs.h", '#include "cats/cats.h"\n')

    def assert_refused(self, *words: str):
        code, text = self.run_tool("check_layers.py")
        self.assertEqual(1, code, text)
        for word in words:
            self.assertIn(word, text)

    def test_a_clean_tree_passes(self):
        code, text = self.run_tool("check_layers.py")
        self.assertEqual(0, code, text)

    def test_a_kit_may_not_know_a_slice(self):
        self.write("src/db/more.cpp", '#include "cats/cats.h"\n')
        self.assert_refused("src/db/more.cpp:1", "db may not know cats")

    def test_a_kit_may_not_know_a_kit_above_it(self):
        self.write("src/base/more.cpp", '#include "json/json.h"\n')
        self.assert_refused("base may not know json")

    def test_a_slice_may_not_reach_into_anothers_store(self):
        self.write("src/dogs/dogs.cpp", '#include "dogs/dogs.h"\n#include "cats/cats_store.h"\n')
        self.assert_refused("src/dogs/dogs.cpp:2", "cats/cats_store.h")

    def test_a_test_may_reach_anywhere(self):
        self.write("src/dogs/dogs_dbtest.cpp", '#include "cats/cats_store.h"\n')
        self.assertEqual(0, self.run_tool("check_layers.py")[0])

    def test_nobody_knows_app(self):
        self.write("src/app/app.h", "")
        self.write("src/dogs/dogs.cpp", '#include "app/app.h"\n')
        self.assert_refused("only app/ knows app/")

    def test_a_library_is_seen_in_its_place_only(self):
        self.write("src/cats/cats.cpp", "#include <sqlite3.h>\n")
        self.assert_refused("sqlite3.h", "db/")

    def test_only_app_reads_the_real_clock(self):
        self.write("src/cats/cats.cpp", "// system_clock::now is fine in a comment\nauto t = std::chrono::system_clock::now();\n")
        self.assert_refused("src/cats/cats.cpp:2", "take a Clock")

    def test_an_exception_that_is_no_longer_needed_has_to_go(self):
        self.write("src/exchange/exchange.cpp", "")
        self.assert_refused("exchange", "no longer needed")


class NewSlice(ToolTest):
    def test_makes_rooms_that_keep_the_layers(self):
        code, text = self.run_tool("new_slice.sh", "garden")
        self.assertEqual(0, code, text)
        for file in ("slice.cmake", "README.md", "garden.h", "garden_test.cpp"):
            self.assertTrue((self.tree / "src" / "garden" / file).exists(), file)
        self.assertIn("concord_folder(garden", (self.tree / "src/garden/slice.cmake").read_text(encoding="utf-8"))
        self.assertEqual(0, self.run_tool("check_layers.py")[0])

    def test_refuses_a_name_that_is_taken_or_not_lower_case(self):
        self.assertEqual(0, self.run_tool("new_slice.sh", "garden")[0])
        self.assertEqual(1, self.run_tool("new_slice.sh", "garden")[0])
        self.assertEqual(2, self.run_tool("new_slice.sh", "Garden")[0])
        self.assertEqual(2, self.run_tool("new_slice.sh")[0])


class NewMigration(ToolTest):
    def test_takes_the_next_number(self):
        self.write("src/garden/garden.h", "")
        self.assertEqual((0, "migrations/0001_garden_create_bed.sql\n"), self.run_tool("new_migration.sh", "garden", "create_bed"))
        self.write("migrations/0009_garden_x.sql", "")
        self.write("migrations/README.md", "")
        self.assertEqual((0, "migrations/0010_garden_add_water.sql\n"), self.run_tool("new_migration.sh", "garden", "add_water"))
        self.assertTrue((self.tree / "migrations/0010_garden_add_water.sql").read_text(encoding="utf-8").startswith("--"))

    def test_counts_a_number_with_two_files_once(self):
        self.write("src/garden/garden.h", "")
        self.write("migrations/0001_garden_create_bed.sqlite.sql", "")
        self.write("migrations/0001_garden_create_bed.postgres.sql", "")
        self.assertEqual((0, "migrations/0002_garden_add_water.sql\n"), self.run_tool("new_migration.sh", "garden", "add_water"))

    def test_refuses_a_slice_that_is_not_there(self):
        self.assertEqual(1, self.run_tool("new_migration.sh", "garden", "create_bed")[0])


class EmbedSql(ToolTest):
    def embed(self) -> tuple[int, str]:
        return self.run_tool("embed_sql.py", "garden", str(self.tree / "sql"), str(self.tree / "out.h"))

    def test_names_a_statement_after_its_file(self):
        self.write("sql/list_due.sql", "-- What is due; $1 organization\nSELECT 1 WHERE $1 = $1;\n")
        self.assertEqual(0, self.embed()[0])
        made = (self.tree / "out.h").read_text(encoding="utf-8")
        self.assertIn('kListDue{"garden.list_due", R"sql(SELECT 1 WHERE $1 = $1)sql"}', made)

    def test_a_second_text_is_for_postgresql(self):
        self.write("sql/list_due.sql", "-- a\nSELECT 1\n")
        self.write("sql/list_due.postgres.sql", "-- a\nSELECT 2\n")
        self.assertEqual(0, self.embed()[0])
        self.assertIn('R"sql(SELECT 1)sql", R"sql(SELECT 2)sql"}', (self.tree / "out.h").read_text(encoding="utf-8"))

    def test_refuses_a_file_without_its_purpose_or_with_two_statements(self):
        self.write("sql/list_due.sql", "SELECT 1\n")
        self.assertNotEqual(0, self.embed()[0])
        self.write("sql/list_due.sql", "-- two\nSELECT 1; SELECT 2;\n")
        self.assertNotEqual(0, self.embed()[0])


if __name__ == "__main__":
    unittest.main()
