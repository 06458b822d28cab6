#include "base/table_reader.h"

#include <gtest/gtest.h>

#include "base/text.h"

namespace concord {
namespace {

using Rows = std::vector<std::vector<std::string>>;

TableReader opened(std::string_view text) {
  auto table = TableReader::open(text, "t.csv");
  EXPECT_TRUE(table);
  return std::move(table.value());
}

Rows rows_of(TableReader& table) {
  Rows rows;
  while (table.next()) {
    EXPECT_FALSE(table.problem()) << table.problem()->path << " " << table.problem()->text;
    rows.emplace_back(table.cells().begin(), table.cells().end());
  }
  return rows;
}

Rows rows_of(std::string_view text) {
  TableReader table = opened(text);
  return rows_of(table);
}

std::string problem_of_second_row(std::string_view text) {
  TableReader table = opened(text);
  EXPECT_TRUE(table.next());
  EXPECT_TRUE(table.next());
  return table.problem() ? table.problem()->path + " " + table.problem()->text : "none";
}

TEST(TableReader, ReadsPlainAndQuotedCells) {
  EXPECT_EQ(rows_of("a,b,c\n1,,3\n\"x, y\",\"\",\"two\nlines\"\n"), (Rows{{"1", "", "3"}, {"x, y", "", "two\nlines"}}));
}

TEST(TableReader, UndoesEscapedQuotes) {
  EXPECT_EQ(rows_of("a,b\n\"say \"\"hi\"\"\",\"\"\"\"\n\"\"\"a\"\"b\"\"\",x\n"), (Rows{{"say \"hi\"", "\""}, {"\"a\"b\"", "x"}}));
}

TEST(TableReader, ManyEscapedCellsOfOneRecordKeepTheirText) {
  std::string text = "h0";
  for (int i = 1; i < 50; ++i) text += ",h" + std::to_string(i);
  text += '\n';
  std::vector<std::string> wanted;
  for (int i = 0; i < 50; ++i) {
    wanted.push_back("\"" + std::string(static_cast<std::size_t>(i) * 7, 'x') + "\"");
    text += (i ? "," : "") + csv_cell(wanted.back());
  }
  EXPECT_EQ(rows_of(text), Rows{wanted});
}

TEST(TableReader, TakesEveryLineEndAndNoneAtTheEnd) {
  const Rows wanted = {{"1", "2"}, {"3", "4"}};
  EXPECT_EQ(rows_of("a,b\n1,2\n3,4"), wanted);
  EXPECT_EQ(rows_of("a,b\r\n1,2\r\n3,4\r\n"), wanted);
  EXPECT_EQ(rows_of("a,b\r1,2\r3,4\r"), wanted);
  EXPECT_EQ(rows_of("\n\r\na,b\n\n1,2\r\n\r\n\n3,4\n\n\n"), wanted);
}

TEST(TableReader, TrailingSeparatorIsAnEmptyCell) { EXPECT_EQ(rows_of("a,b\n1,\n,\n"), (Rows{{"1", ""}, {"", ""}})); }

TEST(TableReader, PassesOverTheByteOrderMark) {
  TableReader table = opened("\xEF\xBB\xBFmrn,Name\n1,Ana\n");
  EXPECT_EQ(table.column("mrn"), 0u);
  EXPECT_EQ(rows_of(table), (Rows{{"1", "Ana"}}));
}

TEST(TableReader, FindsColumnsWithoutMindingCaseOrBlanks) {
  TableReader table = opened(" MRN , Enrollment_Date \n1,2026-03-01\n");
  EXPECT_EQ(table.column("enrollment_date"), 1u);
  EXPECT_EQ(table.column("Mrn"), 0u);
  EXPECT_FALSE(table.column("name"));
  EXPECT_EQ(table.header(), (std::vector<std::string>{"MRN", "Enrollment_Date"}));
  EXPECT_EQ(table.unknown({"mrn"}), (std::vector<std::string>{"Enrollment_Date"}));
  ASSERT_TRUE(table.next());
  EXPECT_EQ(table.cell(table.column("mrn")), "1");
  EXPECT_EQ(table.cell(table.column("name")), "");
  EXPECT_EQ(table.cell(std::size_t{99}), "");
}

TEST(TableReader, RequiredColumnsAreReportedTogether) {
  const TableReader table = opened("a,b,c\n");
  EXPECT_EQ(*table.require({"C", "a"}), (std::vector<std::size_t>{2, 0}));
  const Error error = table.require({"a", "x", "y"}).error();
  EXPECT_EQ(error.code, ErrorCode::bad_file);
  ASSERT_EQ(error.issues.size(), 2u);
  EXPECT_EQ(error.issues[0].path, "t.csv:x");
}

TEST(TableReader, RefusesABrokenHeader) {
  for (const char* text : {"", "\n\r\n", "\xEF\xBB\xBF", "a,A\n1,2\n", "a, a \n", "\"a,b\n1,2\n", "a\xFF,b\n"}) {
    const auto table = TableReader::open(text, "t.csv");
    ASSERT_FALSE(table) << text;
    EXPECT_EQ(table.error().code, ErrorCode::bad_file);
    EXPECT_FALSE(table.error().issues.empty()) << text;
  }
}

TEST(TableReader, KnowsTheLineOfEveryRecord) {
  TableReader table = opened("a,b\n1,\"x\ny\r\nz\"\n\n2,3\n\"q\",4\n");
  ASSERT_TRUE(table.next());
  EXPECT_EQ(table.line(), 2u);
  EXPECT_EQ(table.place(1), "t.csv:2:b");
  ASSERT_TRUE(table.next());
  EXPECT_EQ(table.line(), 6u);
  ASSERT_TRUE(table.next());
  EXPECT_EQ(table.place(), "t.csv:7");
  EXPECT_FALSE(table.next());
  EXPECT_FALSE(table.next());
}

TEST(TableReader, ReportsWhatIsWrongWithARecordAndGoesOn) {
  EXPECT_EQ(problem_of_second_row("a,b\n1,2\n3\n"), "t.csv:3 has 1 cells where the header has 2");
  EXPECT_EQ(problem_of_second_row("a,b\n1,2\n3,4,5\n"), "t.csv:3 has 3 cells where the header has 2");
  EXPECT_EQ(problem_of_second_row("a,b\n1,2\n\"3\"x,4\n"), "t.csv:3 has text after a closing quote");
  EXPECT_EQ(problem_of_second_row("a,b\n1,2\n3,\"4\n5,6\n"), "t.csv:3 has a quoted cell that is never closed");
  EXPECT_EQ(problem_of_second_row("a,b\n1,2\n3,\xC3(\n"), "t.csv:3 is not UTF-8");
  EXPECT_EQ(problem_of_second_row(std::string_view("a,b\n1,2\n3,\0\n", 12)), "t.csv:3 has a zero byte");
  EXPECT_EQ(problem_of_second_row("a,b\n1,2\n3,4\n"), "none");

  TableReader table = opened("a,b\n1\n1,2,3\n4,5\n");
  ASSERT_TRUE(table.next());
  EXPECT_EQ(table.cells().size(), 2u);
  EXPECT_EQ(table.cell(std::size_t{1}), "");
  ASSERT_TRUE(table.next());
  EXPECT_EQ(table.cells().size(), 2u);
  ASSERT_TRUE(table.next());
  EXPECT_FALSE(table.problem());
  EXPECT_EQ(table.cell(std::size_t{1}), "5");
}

TEST(TableReader, AQuoteInsideAPlainCellIsText) { EXPECT_EQ(rows_of("a,b\n5\" wide,x\"y\"\n"), (Rows{{"5\" wide", "x\"y\""}})); }

TEST(TableReader, TakesAnotherSeparator) {
  auto table = TableReader::open("a;b\n1,5;\"x;y\"\n", "t.csv", ';');
  ASSERT_TRUE(table);
  EXPECT_EQ(rows_of(*table), (Rows{{"1,5", "x;y"}}));
}

TEST(TableReader, ReadsBackWhatCsvCellWrites) {
  const std::vector<std::string> ugly = {"", "plain", "a,b", "\"", "\"\"", "a\r\nb", "\n", "ñ王😀", " blank ", "x;y", "tail\""};
  std::string text = "v,w\n";
  Rows wanted;
  for (const std::string& v : ugly)
    for (const std::string& w : ugly) {
      if (v.empty() && w.empty()) continue;
      text += csv_cell(v) + "," + csv_cell(w) + "\r\n";
      wanted.push_back({v, w});
    }
  EXPECT_EQ(rows_of(text), wanted);
}

TEST(TableReader, CutAnywhereNeverReadsOutsideAndEnds) {
  const std::string whole = "a,b\r\n\"x\"\"y\",\"two\r\nlines\"\r\n1,ñ\r\n";
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    const std::string cut = whole.substr(0, size);
    auto table = TableReader::open(cut, "t.csv");
    if (!table) continue;
    int rows = 0;
    while (table->next()) ++rows;
    EXPECT_LE(rows, 2);
    EXPECT_EQ(table->position(), cut.size());
  }
}

TEST(TableReader, CellsWithoutEscapesAreViewsIntoTheText) {
  const std::string text = "a,b\nplain,\"quoted, cell\"\n";
  TableReader table = opened(text);
  ASSERT_TRUE(table.next());
  for (const std::string_view cell : table.cells()) {
    EXPECT_GE(cell.data(), text.data());
    EXPECT_LT(cell.data(), text.data() + text.size());
  }
}

}  // namespace
}  // namespace concord
