// Pathways as data: pathways/<id>.json says for one population which instruments are given when, how often somebody
// calls, who else belongs to the team, what to think of, and which content helps. Nothing here is code: another
// program may ship its own files. Loading checks a file completely against instruments and decision aids.
//
// What is due now is a pure function of pathway, facts and day:
//   intake     once in this course of care (a score of the last `kLookBackDays` before the referral counts)
//   follow_up  after a score of another instrument at or above a mark, once for each such score
//   cadence    every so many days while enrolled
//
// Read next: docs/pathways.md (the format), pathways_api.h (routes), pathways/adult-depression.json (an example).
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.h"
#include "base/result.h"
#include "episodes/episodes.h"
#include "instruments/instruments.h"
#include "json/bilingual.h"

namespace concord::pathways {

using json::Bilingual;

/// A score of the days right before the referral spares the patient the same questions (Concord's default).
inline constexpr int kLookBackDays = 14;

enum class When { intake, follow_up, cadence };
std::string_view name(When when);

struct Use {
  std::string instrument;
  std::string informant;  ///< empty: whoever the instrument is for
  When when = When::intake;
  int every_days = 0;                     ///< cadence, while active
  int every_days_relapse_prevention = 0;  ///< cadence, in relapse prevention
  std::string after;                      ///< follow_up: the instrument whose score calls for this one
  double after_at_least = 0;
  Bilingual why;
  std::string source;
};

/// From week `from_week` in care on, a contact every `every_days` days.
struct Cadence {
  int from_week = 0;
  int every_days = 0;
};

struct Role {
  std::string role;  ///< as in the care team
  Bilingual title, why;
};

/// Something to think of at a moment.
struct Reminder {
  std::string id;
  std::string at;  ///< intake, before_antidepressant, each_contact, target_met
  Bilingual text;
  std::string source;
};

/// Something to think of when a fact says so. Exactly one condition is set.
struct Rule {
  std::string id;
  std::string missing;  ///< this instrument was never given in this course of care
  std::string score_of;
  double score_at_least = 0;
  std::string role_missing;
  std::optional<int> weeks_in_care, break_within_days;
  Bilingual text;
  std::string source;
};

struct PhysicalMeasure {
  std::string id, unit, loinc;
  Bilingual title, goal;
  int every_days = 0;
  std::string source;
};

struct Topic {
  std::string id;
  Bilingual title;
};

/// A term of the year, in months and days, so that it holds for every year.
struct Term {
  Bilingual name;
  int from_month = 1, from_day = 1, to_month = 1, to_day = 1;
};

struct Pathway {
  std::string id, version;
  Bilingual title, summary;
  std::vector<std::string> conditions;  ///< words of episode.primary_condition
  std::optional<int> age_from, age_to;  ///< years, inclusive
  std::string privacy_label = "normal";
  std::string primary_instrument;
  std::vector<Use> instruments;  ///< in the order to offer them
  std::vector<Cadence> contacts;
  std::vector<Role> team;
  std::vector<Reminder> prompts;
  std::vector<Rule> rules;
  std::vector<PhysicalMeasure> physical_measures;
  std::vector<std::string> decision_aids;
  std::vector<Topic> education;
  std::vector<Term> terms;
  std::vector<std::string> sources;
  std::string review_en, review_es;
};

class Library {
 public:
  const std::vector<Pathway>& all() const { return pathways_; }  ///< by id
  const Pathway* find(std::string_view id) const;

 private:
  friend Result<Library> load_pathways(const std::filesystem::path&, const instruments::Library&,
                                       const std::function<bool(std::string_view)>&);
  std::vector<Pathway> pathways_;
};

/// Reads every *.json of the folder. bad_file with every issue of every file ("ptsd.json: instruments[1].instrument").
/// `is_aid`: is this the id of a decision aid?
Result<Library> load_pathways(const std::filesystem::path& folder, const instruments::Library& instruments,
                              const std::function<bool(std::string_view)>& is_aid);
Result<Pathway> parse_pathway(std::string_view file_name, std::string_view text, const instruments::Library& instruments,
                              const std::function<bool(std::string_view)>& is_aid);

/// One administration, as far as it matters here. Replaced ones are left out by whoever fills it.
struct Given {
  std::string instrument, informant;
  Date on;
  std::optional<double> total;
  bool valid = true;
};

struct Facts {
  episodes::State state = episodes::State::referred;
  Date begun;  ///< referred on
  std::optional<Date> enrolled;
  std::vector<Given> given;        ///< in any order
  std::vector<std::string> roles;  ///< in the care team now
  bool has_medication = false;     ///< a medication goes on
  bool has_relapse_plan = false;
};

struct Due {
  const Use* use = nullptr;  ///< of the pathway
  Date due_date;
  std::optional<Date> last_date;  ///< last valid one, in this course of care or right before it
  int overdue_days = 0;
  bool now = true;  ///< false: later
};
/// What to give: now first, in the pathway's order, each instrument and informant once; then what comes later by date.
std::vector<Due> due(const Pathway& pathway, const Facts& facts, Date today);

struct Prompt {
  std::string id, at;  ///< at: the moment, or "rule"
  Bilingual text;
  std::string source;
  std::string act, object;  ///< "measure" an instrument, "add_team_member" a role, "relapse_prevention_plan"; or empty
};
/// What to think of now. Without a pathway (null), what holds for everybody: the relapse prevention plan.
std::vector<Prompt> prompts(const Pathway* pathway, const Facts& facts, Date today);
std::vector<const Role*> missing_roles(const Pathway& pathway, const Facts& facts);

/// The time between two terms that is next, or that is now.
struct Break {
  Date from, to;
  int days_until = 0;           ///< 0: it is now
  const Term* after = nullptr;  ///< the term that it follows
};
std::optional<Break> next_break(const Pathway& pathway, Date today);

/// Pathways that fit a condition and an age, best first.
std::vector<const Pathway*> suggest(const Library& library, std::string_view condition, std::optional<int> age);

}  // namespace concord::pathways
