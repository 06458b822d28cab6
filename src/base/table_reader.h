// Reads CSV (RFC 4180) from a text in memory, one record at a time. Quoted cells, line ends CRLF, LF or CR and
// a byte order mark are understood; the first record names the columns, looked up without minding case.
// Cells are views into the text unless they hold escaped quotes: a large file is read without copying it.
//
//   CONCORD_TRY(auto table, TableReader::open(text, "episode.csv"));
//   CONCORD_TRY(auto columns, table.require({"mrn", "enrollment_date"}));
//   while (table.next()) {
//     if (auto problem = table.problem()) { issues.push_back(*problem); continue; }
//     auto mrn = table.cell(columns[0]);
//     if (mrn.empty()) issues.push_back({table.place(columns[0]), "is required"});   // "episode.csv:7:mrn"
//   }
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace concord {

/// Not thread-safe. The text must outlive the reader.
class TableReader {
 public:
  /// Reads the header. bad_file when there is none, it is broken, or a name is there twice. `name` is shown
  /// in places ("episode.csv").
  static Result<TableReader> open(std::string_view text, std::string name, char separator = ',');

  /// Column names as written, without blanks around.
  const std::vector<std::string>& header() const { return header_; }
  std::optional<std::size_t> column(std::string_view name) const;
  /// The columns of all these names, in this order; bad_file with an issue for each that is missing.
  Result<std::vector<std::size_t>> require(std::initializer_list<std::string_view> names) const;
  /// Names in the header that are not among `known`.
  std::vector<std::string> unknown(std::initializer_list<std::string_view> known) const;

  /// Goes to the next record; false at the end. Empty lines are passed over. Views of the record before die.
  bool next();
  /// What is wrong with this record as a whole: another number of cells than the header has, an open quote,
  /// text after a closing quote, a zero byte, not UTF-8. The record should then not be used.
  const std::optional<Issue>& problem() const { return problem_; }
  /// Exactly as many as the header has; missing ones are empty, surplus ones are cut.
  std::span<const std::string_view> cells() const { return cells_; }
  std::string_view cell(std::size_t column) const { return column < cells_.size() ? cells_[column] : std::string_view(); }
  /// Empty when the file has no such column.
  std::string_view cell(std::optional<std::size_t> column) const { return column ? cell(*column) : std::string_view(); }
  /// The line on which this record begins; the header is on line 1 unless empty lines come before it.
  std::size_t line() const { return record_line_; }
  /// "episode.csv:7" and "episode.csv:7:enrollment_date".
  std::string place() const;
  std::string place(std::size_t column) const;
  /// Bytes read so far, for progress.
  std::size_t position() const { return at_; }

 private:
  /// A cell whose escaped quotes were undone, at its place in unescaped_ until the record is whole.
  struct Patch {
    std::size_t cell;
    std::size_t begin;
    std::size_t size;
  };

  TableReader(std::string_view text, std::string name, char separator);
  bool read_record();
  void read_quoted_cell();
  void complain(std::string text);

  std::string_view text_;
  std::string name_;
  char separator_;
  std::size_t at_ = 0;
  std::size_t next_line_ = 1;
  std::size_t record_line_ = 1;
  std::vector<std::string> header_;
  std::vector<std::string_view> cells_;
  std::string unescaped_;
  std::vector<Patch> patches_;
  std::optional<Issue> problem_;
};

}  // namespace concord
