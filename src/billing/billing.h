// Minutes of a calendar month -> which of them count and why not -> which codes they become and what is missing.
// Pure functions of facts, rules and month; nothing here reads a clock or a table. All days are site-local.
// Numbers come from rules.h (rulesets/billing-2026.json, each with its source); words are in domain.md,
// "Contacts and minutes". What we decided where the sources are silent is in README.md.
// Read next: rules.h, billing_store.h (facts and tables), billing_api.h (routes).
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/date.h"
#include "base/id.h"
#include "billing/rules.h"
#include "patients/patients.h"

namespace concord::billing {

using patients::PatientId;

/// A calendar month at the site.
struct Month {
  Date first;
  static Month of(Date day) { return {day.first_of_month()}; }
  static std::optional<Month> parse(std::string_view text);  ///< "2026-03"; nothing else
  Date last() const { return first.last_of_month(); }
  Month next() const { return {first.plus_months(1)}; }
  Month previous() const { return {first.plus_months(-1)}; }
  bool holds(Date day) const { return day >= first && day <= last(); }
  std::string text() const { return first.iso().substr(0, 7); }
  std::string words() const;  ///< "March 2026"
  auto operator<=>(const Month&) const = default;
};

/// Minutes of one staff member for one patient, as the ledger looks at them.
struct Entry {
  Uuid id;
  Uuid patient;
  std::uint32_t staff = 0;  ///< the same number for the same person (Book::staff_number); 0: nobody known
  Date date;
  int start = -1;  ///< minutes since local midnight; -1: not known
  int minutes = 0;
  Reason activity = Reason::none;  ///< why this role or activity does not count: reason_of
  bool separately_billed = false;
  bool late = false;        ///< entered after the month was closed
  std::int64_t order = 0;   ///< which of two came first where both began together; then the id decides
  std::int32_t place = -1;  ///< of the patient in Book::patients, -1: not in the book. Book::add finds it
};

/// Role and activity together: the consultant's and other clinicians' own minutes never count; '' and unknown are
/// imports that do not say, which count as the care manager's.
Reason reason_of(const Rules& rules, std::string_view staff_role, std::string_view activity);

struct ConsentFact {
  Date given;
  std::optional<Date> withdrawn;
};
/// [from, until) in minutes since 1970-01-01 site time.
struct StayFact {
  std::int64_t from = 0;
  std::int64_t until = std::numeric_limits<std::int64_t>::max();
};
/// Whole days at both ends where the time of day is not known.
StayFact stay(Date admitted, std::optional<int> admit_minute, std::optional<Date> discharged,
              std::optional<int> discharge_minute);

struct EpisodeFact {
  Date enrolled;
  std::optional<Date> closed;
  std::string practitioner;  ///< billing practitioner, "" when there is none
};
struct ServiceFact {
  Date date;
  std::string code;
  std::string practitioner;  ///< "" when not known
};
struct CoverageFact {
  Date start;
  std::optional<Date> end;
  std::string payer_category;
  std::string plan_name;
};
/// Where a patient's course of billing stands before the month. An "episode" of the codes is a course without a gap
/// of six months, whatever the registry's episodes are.
struct Course {
  std::optional<Date> first_service, last_service;
  std::optional<Date> initial_month;  ///< first day of the month whose initial code was billed
};

struct PatientFacts {
  Uuid patient;
  SiteId site;
  std::vector<ConsentFact> consents;
  std::vector<StayFact> stays;
  std::vector<EpisodeFact> episodes;  ///< enrolled ones
  std::vector<Date> visits;           ///< initiating visits
  std::vector<ServiceFact> services;  ///< billed elsewhere: G0556 to G0558, 99484
  std::vector<Date> reviews;          ///< psychiatric reviews with a documented recommendation
  std::vector<CoverageFact> coverage;
  std::vector<std::pair<Month, Family>> choices;  ///< what a person decided for a month
  Course course;                                  ///< before the book's first open month
};

/// Patient -> place, for a hundred thousand patients and many more lookups: one table without nodes.
class PatientIndex {
 public:
  /// -1 when it is not there.
  std::int32_t find(const Uuid& id) const;
  /// The place that is there already, or `place`.
  std::int32_t insert(const Uuid& id, std::int32_t place);

 private:
  struct Slot {
    Uuid id;
    std::int32_t place = -1;
  };
  std::size_t slot_of(const Uuid& id) const;
  std::vector<Slot> slots_;
  std::size_t used_ = 0;
};

/// What is known of a month, of one patient or of everybody.
struct Book {
  std::vector<Entry> entries;
  std::vector<PatientFacts> patients;
  PatientIndex index;  ///< into `patients`
  /// The first month that `entries` hold whole; courses are those before it.
  Month open_from;

  PatientFacts& patient(const Uuid& id);  ///< made when it is not there
  void add(Entry entry);                  ///< after its patient
  const PatientFacts* find(const Uuid& id) const;
  /// Names compare without case and accents; 0 when neither is known.
  std::uint32_t staff_number(const std::optional<Uuid>& id, std::string_view name);

 private:
  std::unordered_map<Uuid, std::uint32_t> staff_by_id_;
  std::unordered_map<std::string, std::uint32_t> staff_by_spelling_, staff_by_name_;
};

/// Adds what a visit's billing code says: an initiating visit, or (from `services_from` on) a service billed elsewhere.
void add_visit_code(PatientFacts& facts, Date date, std::string_view code, const Rules& rules, Date services_from);

/// What became of one entry in the month. Both numbers are more than 0 when an entry runs past the month's end.
struct Verdict {
  const Entry* entry = nullptr;
  int counted = 0;
  int not_counted = 0;
  Reason reason = Reason::none;
};

/// The ledger of a month: a verdict for every entry that has minutes in it, by patient, date and start. Of two
/// overlapping entries of one staff member the one that began first counts, whatever patients they are for; the other
/// counts nothing until somebody corrects it.
std::vector<Verdict> judge(const Book& book, Month month);

/// Why a person must say yes before a code goes out.
enum class Confirm {
  none,
  payer_16_to_29,       ///< G2214 below 30 minutes: the payer must confirm
  apcm_either_or,       ///< these or the add-on, never both
  apcm_not_settled,     ///< the add-on's own rule is not settled
  other_bhi_billed,     ///< 99484 or G0323 was billed this month
  instead_of_cocm,      ///< 99484 because the payer takes no code for so few collaborative care minutes
  prior_authorization,  ///< the payer wants one by now
};
std::string_view name(Confirm confirm);
std::string_view text(Confirm confirm);
std::optional<Confirm> parse_confirm(std::string_view name);

struct Proposal {
  std::string code;
  int units = 1;
  Confirm confirm = Confirm::none;
  bool operator==(const Proposal&) const = default;
};

struct Next {
  std::string code;
  int minutes = 0;  ///< still needed
  bool operator==(const Next&) const = default;
};
/// The next code that more minutes would reach; nullopt when there is none (cap reached, no time codes).
std::optional<Next> next_code(int minutes, bool initial, const Terms& terms, const Numbers& numbers);
/// Near enough to do something about it before the month ends.
bool is_near(const std::optional<Next>& next, int working_days_left, const Numbers& numbers);

/// A base code of advanced primary care management in the month, by whom.
enum class Apcm { none, same_practitioner, unknown_practitioner, other_practitioner };

struct MonthFacts {
  int minutes = 0;
  bool initial = true;
  Apcm apcm = Apcm::none;
  bool other_bhi = false;  ///< 99484 or G0323 billed elsewhere in the month
  bool chosen = false;     ///< the family is a person's decision for this month
  int months_since_first_service = 0;
};
/// The codes for the minutes. Never an add-on beside time codes, never 99484 beside collaborative care.
std::vector<Proposal> propose(const MonthFacts& facts, const Terms& terms, const Numbers& numbers);
/// 99492, G0568, and G0512 of a first month: what must not be billed twice in a course.
bool is_initial_code(std::string_view code);

enum class MissingKind { consent, episode, practitioner, initiating_visit, review, apcm_base, minutes };
std::string_view name(MissingKind kind);
struct Missing {
  MissingKind kind = MissingKind::consent;
  int minutes = 0;   ///< kind minutes
  std::string code;  ///< kind minutes
  bool operator==(const Missing&) const = default;
};
/// "consent", "initiating_visit", "6 minutes to 99493".
std::string text(const Missing& missing);

/// One patient's month.
struct PatientMonth {
  Uuid patient;
  std::size_t place = 0;  ///< in Book::patients
  SiteId site;
  int counted = 0, not_counted = 0;
  std::array<int, kReasons> by_reason{};  ///< minutes not counted
  std::optional<Date> first, last;        ///< of the counted entries
  bool has_entries = false;
  bool initial = true;
  const CoverageFact* payer = nullptr;  ///< in the book's facts
  std::string practitioner;
  std::vector<Proposal> codes;
  std::vector<Missing> missing;
  std::optional<Next> next;
  Course course;  ///< after the month

  /// Something besides minutes stands in the way of the codes.
  bool is_blocked() const;
};

/// Terms of a payer in a month; "" for both when nobody is covered.
using TermsOf = std::function<Terms(std::string_view payer_category, std::string_view plan_name)>;
/// A version of what a payer takes. plan_name "" means every plan of the category.
struct PayerSetting {
  std::string payer_category, plan_name;
  std::int64_t version = 1;
  Date valid_from;
  Terms terms;
  std::string reason;
  UserId changed_by;
  Instant changed_at{};
};
/// The settings in force in a month: the plan's own, else the category's, else the rule set's; of several versions
/// the latest that is valid by the month's first day. Plan names compare without case and accents.
TermsOf terms_of(const Rules& rules, std::vector<PayerSetting> settings, Month month);
/// The rule set's terms of the category.
TermsOf terms_of(const Rules& rules);

/// The month of every patient of book.patients who has minutes in it or is enrolled, in no order. Months from
/// book.open_from on are gone through first, because what is billed now depends on them. `courses`, when given,
/// becomes everybody's course after the month.
std::vector<PatientMonth> months(const Book& book, Month month, const Rules& rules, const TermsOf& terms,
                                 std::vector<std::pair<Uuid, Course>>* courses = nullptr);

/// The coverage whose terms apply: in force on the month's last day, else on any day of it; of several the first
/// in the rules' order.
const CoverageFact* payer_in(const PatientFacts& facts, Month month, const Rules& rules);

}  // namespace concord::billing
