// Decision aids as content: content/decision_aids/<id>.json, in English and Spanish. An aid says what the options
// are, one of them always without treatment now, and answers the same questions for each of them: what helps and
// what may be hard, told alike. Numbers stand for "of 100 people" and need a source; without one, words.
// Loading checks a file completely; whoever shows an aid never meets a broken one.
// Pure; thread-safe once loaded. Read next: docs/pathways.md (the format), decisions.h.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.h"
#include "base/result.h"
#include "json/bilingual.h"
#include "json/writer.h"

namespace concord::plans {

using json::Bilingual;

struct AidOption {
  std::string id;
  Bilingual name;
  bool none = false;  ///< no treatment now: watch and wait
  Bilingual what;     ///< what it is
  Bilingual living_with;
};

/// Words, or a number of 100 people with its source and words.
struct AidStatement {
  Bilingual words;
  std::optional<int> per_100;
  std::string source;
};

struct AidAnswer {
  std::string option;
  AidStatement benefit, harm;
};

/// One question of patients: a row of the grid.
struct AidIssue {
  std::string id;
  Bilingual question;
  std::vector<AidAnswer> answers;  ///< one for every option, in the options' order
};

struct AidMatter {
  std::string id;
  Bilingual text;
};

struct DecisionAid {
  std::string id, version;
  std::vector<std::string> conditions;  ///< words of episode.primary_condition
  Bilingual title, question, introduction, for_whom;
  std::vector<AidOption> options;
  std::vector<AidIssue> issues;
  std::vector<AidMatter> matters;  ///< "what matters to me"
  Bilingual uncertainty, talk_first;
  std::vector<std::string> sources;
  Date reviewed, update_due;
  std::string review_en, review_es;  ///< "awaiting clinical review", or who reviewed it

  const AidOption* option(std::string_view option_id) const;
  const AidMatter* matter(std::string_view matter_id) const;
};

class AidLibrary {
 public:
  const std::vector<DecisionAid>& all() const { return aids_; }  ///< by id
  const DecisionAid* find(std::string_view id) const;

 private:
  friend Result<AidLibrary> load_aids(const std::filesystem::path& folder);
  std::vector<DecisionAid> aids_;
};

/// Reads every *.json of the folder. bad_file with every issue of every file
/// ("perinatal-treatment.json: issues[2].answers[0].harm.words.es").
Result<AidLibrary> load_aids(const std::filesystem::path& folder);
/// One file's text; `file_name` must be "<id>.json".
Result<DecisionAid> parse_aid(std::string_view file_name, std::string_view text);

/// One line of the list of aids, and an aid for its page or its print.
void write_aid_line(json::Writer& w, const DecisionAid& aid, std::string_view language);
void write_aid(json::Writer& w, const DecisionAid& aid, std::string_view language);

/// Where to turn right now; stands on every page a patient may hold.
std::string_view help_now(std::string_view language);

}  // namespace concord::plans
