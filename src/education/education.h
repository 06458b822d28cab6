// The library of pieces that patients and families read, and what became of those that were given to somebody.
//
//   content/education/<id>.<language>.md   loaded once, checked; a site's own folder may add to it or replace pieces
//   assignment   given -> (opened) -> (finished) by the patient; may be withdrawn; kept
//   suggestion   what the pathway and the moment ask for; never stored, never sent
//
// Domain only: no SQL, no HTTP. Read next: markdown.h (what a text may hold), education_store.h, education_api.h,
// content_check.h (the build check), docs/content.md (how to write one).
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/caller.h"
#include "base/date.h"
#include "base/result.h"
#include "education/markdown.h"
#include "patients/patients.h"

namespace concord::education {

using patients::PatientId;

inline constexpr std::string_view kAwaiting = "awaiting clinical review";
inline constexpr std::string_view kAudiences[] = {"patient", "family", "adolescent", "student", "perinatal", "older_adult"};
/// Moments at which a piece is offered by itself.
inline constexpr std::string_view kMoments[] = {"new", "medication", "therapy", "goal", "staying_well"};

/// A piece in one language.
struct Text {
  std::string language, title;
  std::vector<std::string> keywords;
  std::vector<Block> blocks;
  std::vector<std::string> sources;  ///< at least one
  std::string reviewed_by;           ///< "" until a clinician has read it
  std::string review_status;         ///< "awaiting clinical review" or "reviewed"
  std::optional<Date> review_date;   ///< the day it was reviewed, or is due to be
  int reading_age = 0;               ///< as the file says; the content check measures it
  std::string reading_reason;        ///< why it may be harder than the limit
  int words = 0;
  std::string file;
  std::string folded_title, folded_keywords, folded_text;  ///< for the search

  bool is_reviewed() const { return !reviewed_by.empty() && review_status != kAwaiting; }
  /// At 120 words a minute (our own, slow, figure); at least 1.
  int minutes() const { return words < 120 ? 1 : (words + 119) / 120; }
};

struct Piece {
  std::string id, topic;
  std::vector<std::string> audience;
  std::vector<std::string> pathways;  ///< in which it belongs; empty: everywhere
  std::vector<std::string> moments;
  std::map<std::string, Text, std::less<>> texts;  ///< by language; at least one
  /// The text in that language, else in English, else the one there is.
  const Text& in(std::string_view language) const;
};

struct Topic {
  std::string id, en, es;
  const std::string& in(std::string_view language) const { return language == "es" ? es : en; }
};

struct Found {
  const Piece* piece = nullptr;
  int rank = 0;  ///< higher is better
};
/// nullopt: whatever.
struct Search {
  std::string words;
  std::optional<std::string> topic, audience, pathway;
};

class Library {
 public:
  const std::vector<Topic>& topics() const { return topics_; }  ///< in the order they are shown
  const std::vector<Piece>& all() const { return pieces_; }     ///< by id
  const Piece* find(std::string_view id) const;
  /// Pieces that hold every word, in the language they would be shown in: title before keywords before text, then by topic
  /// and title. Accents and case do not count.
  std::vector<const Piece*> search(const Search& search, std::string_view language) const;

 private:
  friend Result<Library> load_library(const std::filesystem::path&, const std::vector<std::string>&,
                                      const std::filesystem::path&);
  std::vector<Topic> topics_;
  std::vector<Piece> pieces_;
};

/// Reads topics.json and every *.md of `folder`, then those of `own` (a site's own folder; "" for none), which win. bad_file
/// with every issue of every file ("sleep.es.md: line 14"). `pathways`: ids that there are.
Result<Library> load_library(const std::filesystem::path& folder, const std::vector<std::string>& pathways,
                             const std::filesystem::path& own = {});
/// One text, and what its file says of the piece.
struct Parsed {
  Piece piece;
  Text text;
};
/// `file_name`: "sleep.en.md". Adds issues "file_name: line 3".
std::optional<Parsed> parse_piece(std::string_view file_name, std::string_view bytes, std::vector<Issue>& issues);

/// A pathway and the pieces that it names, by id and title in both languages.
struct Named {
  std::string pathway, piece, title_en, title_es;
};
/// bad_file when a pathway names a piece that there is not, in both languages and by its title.
Result<void> check_named(const Library& library, const std::vector<Named>& named);

using AssignmentId = Id<struct EducationAssignmentTag>;

struct Assignment {
  AssignmentId id;
  PatientId patient;
  std::string piece, language;
  std::optional<std::string> note;
  std::string labels = "normal";
  UserId by;
  Instant at{};
  Date on;
  std::optional<UserId> withdrawn_by;
  std::optional<Instant> withdrawn_at;
  std::optional<std::string> withdrawn_reason;
  std::int64_t version = 1;
};
/// The label that hides a row from trusted persons.
inline constexpr std::string_view kConfidential = "adolescent_confidential";
bool has_label(std::string_view labels, std::string_view label);

/// One reader and one piece.
struct ReadState {
  std::string piece;
  UserId reader;  ///< the portal account
  bool on_behalf = false;
  std::string language;
  Instant opened_at{};
  std::optional<Instant> finished_at;
};
/// What the patient themself did with a piece; null when they never opened it.
const ReadState* by_patient(const std::vector<ReadState>& states, std::string_view piece);

/// What is known of the patient, as far as suggestions need it.
struct Situation {
  std::optional<std::string> pathway;
  std::vector<std::string> pathway_pieces;  ///< in the pathway's order
  bool is_new = false;                      ///< in care for less than 28 days
  bool medication_started = false;          ///< within 42 days
  bool therapy_started = false;             ///< within 42 days
  bool has_goal = false;
  bool stays_well = false;  ///< in relapse prevention
};
struct Suggestion {
  const Piece* piece = nullptr;
  std::string why;  ///< "pathway" or a moment
};
inline constexpr std::size_t kMostSuggestions = 6;
/// What is new first (new in care, medicine, therapy, staying well), then the pathway in its order, then goals; nothing that is
/// assigned now or that the patient has finished.
std::vector<Suggestion> suggest(const Library& library, const Situation& situation, const std::vector<Assignment>& assigned,
                                const std::vector<ReadState>& states);

/// True when the words are not in the patient's language ("es-MX" is Spanish; an unknown language is never another).
bool is_other_language(std::string_view of_text, const std::optional<std::string>& of_patient);
/// The language of ours that the patient reads: "es" for Spanish, else "en".
std::string language_for(const std::optional<std::string>& of_patient);

}  // namespace concord::education
