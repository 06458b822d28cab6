// One CSV file being read as rows of one kind: cells by our column names (through the mapping), typed
// readers that note what is wrong with file, line, column and reason and go on.
#pragma once

#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/table_reader.h"
#include "exchange/csv_mapping.h"
#include "exchange/report.h"

namespace concord::exchange {

/// A listed value and another spelling of it.
struct Word {
  std::string_view spelling;  ///< normalized: lower case, blanks and hyphens as underscores
  std::string_view value;
};

/// Lower case; blanks, hyphens, slashes and dots become one underscore.
std::string normalize_word(std::string_view text);

class Sheet {
 public:
  /// `columns`: the kind's columns, the first `required` of them must be in the header (or have a default).
  static Result<Sheet> open(std::string_view text, std::string_view kind, const SheetSpec& spec,
                            const std::vector<std::string_view>& columns, std::size_t required, std::vector<Rejection>& rejected);

  /// The next row that is a record of this kind; a broken record is rejected and passed over.
  bool next();
  std::size_t line() const { return table_.line(); }
  std::size_t position() const { return table_.position(); }
  std::int64_t rows() const { return rows_; }
  /// No reader has rejected a cell of this row.
  bool good() const { return good_; }
  void reject(std::string_view column, std::string reason);
  const std::string& file() const { return spec_->file; }
  const SheetSpec& spec() const { return *spec_; }

  /// The cell, trimmed and translated; "" when empty or absent. Dies with the next call of next() or cell().
  std::string_view cell(std::string_view column);
  bool has(std::string_view column) const;
  std::string required(std::string_view column, std::size_t max_bytes = 200);
  std::string text(std::string_view column, std::size_t max_bytes = 4000);
  std::optional<std::string> maybe(std::string_view column, std::size_t max_bytes = 400);
  /// Not after `latest`.
  std::optional<Date> date(std::string_view column, bool is_required, Date latest);
  std::optional<bool> boolean(std::string_view column);
  std::optional<int> integer(std::string_view column, int min, int max);
  std::optional<double> real(std::string_view column, double min, double max);
  /// One of the words; anything else is rejected with the list.
  std::optional<std::string> word(std::string_view column, std::span<const Word> words);
  std::optional<std::string> word(std::string_view column, std::initializer_list<Word> words) {
    return word(column, std::span<const Word>(words.begin(), words.size()));
  }
  std::vector<std::string_view> list(std::string_view column);

  /// Header names that belong to no column of ours.
  std::vector<std::string> unknown() const;
  /// Cell of a header name that is not ours (item answers), by index into header().
  std::string_view raw(std::size_t index) const;
  const std::vector<std::string>& header() const { return table_.header(); }

 private:
  explicit Sheet(TableReader table) : table_(std::move(table)) {}
  struct Column {
    std::string_view name;
    std::optional<std::size_t> index;
    const std::map<std::string, std::string>* values = nullptr;
    std::string_view fallback;
  };
  const Column* column(std::string_view name) const;

  TableReader table_;
  const SheetSpec* spec_ = nullptr;
  std::vector<Column> columns_;
  std::vector<Rejection>* rejected_ = nullptr;
  std::string translated_;
  bool good_ = true;
  std::int64_t rows_ = 0;
};

}  // namespace concord::exchange
