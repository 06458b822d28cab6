// The build check of every word a patient or family member reads: how hard it is (readability.h), words that must not be
// there (content/words.json), languages that are missing, sources and review. Which files: content/check.json.
//
//   concord content check [--json] [--release]     and the ctest "education"
//
// A release wants every text reviewed by a person; a build in development only lists what is not. Reads files, writes none.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "education/readability.h"
#include "json/writer.h"

namespace concord::education {

struct CheckOptions {
  std::filesystem::path root;  ///< holds content/, pathways/ and, in the source tree, web/
  std::filesystem::path own;   ///< a site's own pieces; "" for none
  bool release = false;
};

/// One text in one language: a piece, or all the strings of a file together.
struct TextRow {
  std::string source, file, language;
  Counts counts;
  Reading reading;
  std::string status;  ///< "reviewed", "awaiting review"
  std::string reason;  ///< why it may be harder than the limit; "" for none
  bool has_translation = true;
};
struct TextProblem {
  std::string file, language, text;
};
struct CheckReport {
  std::vector<TextRow> rows;
  std::vector<TextProblem> problems;  ///< each one fails the check
  std::vector<std::string> left_out;  ///< sources of which there is no file here
  int unreviewed = 0;
  bool ok() const { return problems.empty(); }
};

/// bad_file when content/check.json, words.json, numbers.json or reading_reasons.json cannot be read.
Result<CheckReport> check_content(const CheckOptions& options);
/// A table for people.
std::string table_of(const CheckReport& report);
void write(json::Writer& w, const CheckReport& report);

/// A word that must not be there, as found ("drugs"), with why.
struct Forbidden {
  std::string word, why;
  std::vector<std::string> allowed_in;
};
/// Whole words, case and accents aside.
std::vector<const Forbidden*> forbidden_in(std::string_view text, const std::vector<Forbidden>& words, std::string_view file);

/// What looks like a phone number in a text: six digits and more with their hyphens, or three from 200 on. Amounts, dates and
/// times ("1,200", "377 people", "2026-11-22", "12:30", "350%") are none.
std::vector<std::string> phone_numbers_in(std::string_view text);

/// Strings of a gettext catalogue: what is shown, without placeholders ("{name}") and tags ("<0>"); of plurals the "other".
struct CatalogueText {
  std::string id, text;
};
std::vector<CatalogueText> read_catalogue(std::string_view bytes, bool* is_reviewed);
std::string without_placeholders(std::string_view message);

/// Our own limits of length.
inline constexpr int kLeastPieceWords = 150, kMostPieceWords = 420, kMostSentenceWords = 28;

}  // namespace concord::education
