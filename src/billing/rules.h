// Thresholds, codes, rates, activities and payer terms as data: rulesets/billing-2026.json, each number with its
// source. Loaded once, read-only afterwards. Pure; any thread.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.h"
#include "base/result.h"
#include "json/cursor.h"
#include "json/writer.h"

namespace concord::billing {

/// Why minutes do not count. The order is the order in which reasons are looked for: an entry shows the first.
enum class Reason {
  none,
  outside_month,
  not_care_manager,   ///< another clinician's own minutes
  consultant_time,    ///< the psychiatric consultant's own time
  clerical,           ///< scheduling, filing, a no-show
  separately_billed,  ///< used for a service that is billed on its own
  no_consent,         ///< none was ever given
  before_consent,
  consent_withdrawn,
  inpatient,    ///< or under observation
  overlap,      ///< with another entry of the same staff member
  after_close,  ///< entered when the month was closed already
};
inline constexpr int kReasons = 12;
std::string_view name(Reason reason);
std::optional<Reason> parse_reason(std::string_view name);

/// By which codes a payer is billed.
enum class Family { time_codes, apcm, general_bhi, g0512, none };
std::string_view name(Family family);
std::optional<Family> parse_family(std::string_view name);

/// What a payer does with G2214.
enum class ShortCode { propose, from_16, not_accepted };
std::string_view name(ShortCode code);

/// What one payer takes. The defaults are the rule set's.
struct Terms {
  Family family = Family::time_codes;
  std::optional<int> add_on_cap = 2;  ///< nullopt: no cap
  ShortCode short_code = ShortCode::propose;
  std::string general_bhi_code = "99484";  ///< or G0323
  int general_bhi_from = 20;               ///< minutes
  bool initial_once_per_calendar_year = false;
  std::optional<int> prior_authorization_after_months;
  bool operator==(const Terms&) const = default;
};

struct Numbers {
  int initial_from = 0, initial_full = 0;
  int subsequent_from = 0, subsequent_full = 0;
  int add_on_every = 0, add_on_from = 0, add_on_cap = 0;
  int short_from = 0, short_confirm_from = 0;
  int general_bhi_from = 0;
  int g0512_initial_from = 0, g0512_subsequent_from = 0;
  int course_gap_months = 0, visit_within_months = 0, review_within_days = 0;
  int near_minutes = 0, near_working_days = 0;
};

/// A number of the rule set with where it comes from.
struct Parameter {
  std::string id;
  int value = 0;
  std::string unit;
  std::string source;
};

/// For information; never sent to a payer.
struct Rate {
  std::int64_t cents = 0;
  std::string place;
  Date from;
  std::optional<Date> until;
  std::string source;
};

struct Code {
  std::string code;
  std::string title;  ///< our words, not the manual's
  std::vector<Rate> rates;
};

struct Activity {
  std::string activity;
  Reason reason = Reason::none;
  bool offered = false;  ///< in the list that people choose from
};

struct Rules {
  std::string name, version;
  Date valid_from;
  Numbers numbers;
  std::vector<Parameter> parameters;
  std::vector<Code> codes;
  std::vector<std::string> initiating_visit_codes;  ///< single codes; ranges of the file are written out
  std::vector<std::string> apcm_base_codes;
  std::vector<std::string> general_bhi_codes;
  std::vector<Activity> activities;
  struct Word {
    std::string word;
    Reason reason = Reason::none;
  };
  std::vector<Word> words;               ///< for activities that are not listed: the first that occurs in it decides
  std::vector<std::string> payer_order;  ///< of several coverages, whose terms apply
  std::map<std::string, Terms, std::less<>> payers;
  struct Ended {
    std::string code, payer_category;
    Date from;
    std::string source;
  };
  std::vector<Ended> ended;

  const Code* find_code(std::string_view code) const;
  /// The rate for a service on that day, nullptr when none is known.
  const Rate* rate_on(std::string_view code, Date day) const;
  bool is_initiating_visit(std::string_view code) const;
  bool is_apcm_base(std::string_view code) const;
  bool is_general_bhi(std::string_view code) const;
  bool is_offered(std::string_view activity) const;
  /// Why minutes of this activity do not count; none when they do. An activity nobody listed counts unless a word
  /// of it says otherwise ("consultant_note").
  Reason reason_of_activity(std::string_view activity) const;
  /// True when the activity is listed or a word of it is.
  bool knows_activity(std::string_view activity) const;
  Terms default_terms() const;
};

/// ErrorCode::bad_file with every issue and its place.
Result<Rules> load_rules(std::string_view json);
/// Reads an object of settings over `terms`; whatever is wrong is an issue.
void read_terms(const json::Cursor& settings, Terms& terms);
/// Which of them differ from `defaults`, as the object that read_terms takes.
void write_terms(json::Writer& w, const Terms& terms, const Terms& defaults);

/// Five letters or digits, as the codes of CPT and HCPCS are.
bool looks_like_code(std::string_view code);

}  // namespace concord::billing
