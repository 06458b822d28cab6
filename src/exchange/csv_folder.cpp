#include "exchange/csv_folder.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <unordered_map>
#include <unordered_set>

#include "base/check.h"
#include "base/text.h"
#include "base/zone.h"
#include "exchange/csv_sheet.h"
#include "exchange/csv_words.h"
#include "exchange/forms.h"
#include "exchange/links.h"
#include "fhir/input.h"

namespace concord::exchange {
namespace {

namespace fs = std::filesystem;

struct Kind {
  std::string_view name;
  std::size_t required;
  std::vector<std::string_view> columns;
};

const std::vector<Kind>& kinds() {
  static const std::vector<Kind> list = {
      {"patient",
       2,
       {"patient_id", "birth_date", "given_name", "family_name", "sex", "gender_identity", "race", "ethnicity", "language",
        "interpreter_needed", "phone", "email", "postal_code", "preferred_channel", "deceased_date", "site", "labels",
        "identifiers"}},
      {"coverage", 3, {"patient_id", "payer_category", "start_date", "end_date", "plan_name", "coverage_id"}},
      {"condition",
       4,
       {"condition_id", "patient_id", "text", "recorded_date", "code", "code_system", "clinical_status", "onset_date",
        "ended_date", "labels"}},
      {"referral",
       3,
       {"referral_id", "patient_id", "received_date", "referred_by", "reason", "outcome", "outcome_date", "seen_elsewhere_date",
        "site"}},
      {"referral_attempt", 4, {"attempt_id", "referral_id", "attempt_date", "result", "modality", "note"}},
      {"episode", 2, {"episode_id",    "patient_id",    "enrollment_date",         "primary_condition", "primary_scale",
                      "site",          "care_manager",  "discharge_date",          "discharge_reason",  "state",
                      "referred_date", "assessed_date", "relapse_prevention_date", "on_hold_date",      "target",
                      "pathway",       "consultant",    "billing_practitioner",    "referral_id",       "labels"}},
      {"consent",
       3,
       {"patient_id", "consent_date", "kind", "withdrawn_date", "method", "text_version", "language", "consent_id"}},
      {"contact",
       5,
       {"contact_id", "patient_id", "contact_date", "staff_role", "contact_kind", "modality", "minutes", "with_caregiver",
        "interventions", "staff", "with_whom", "note", "next_due_date", "next_due_modality", "started_at", "labels"}},
      {"time_entry",
       6,
       {"entry_id", "patient_id", "staff_id", "date", "minutes", "activity", "start_time", "separately_billed", "contact_id",
        "staff_role"}},
      {"scale_result",
       4,
       {"result_id", "patient_id", "administered_date", "instrument", "total_score", "informant", "vanderbilt_symptom_count",
        "administered_by_role", "administered_at", "mode", "language", "subscales", "labels"}},
      {"psych_review",
       4,
       {"review_id", "patient_id", "review_date", "recommendation_documented", "recommendation_to", "recommendation", "reviewer",
        "question", "recommendation_state", "answered_date", "answer_reason", "done_date"}},
      {"practice_visit", 6, {"visit_id", "patient_id", "visit_date", "provider_category", "billing_codes", "modality"}},
      {"site_month", 3, {"site_id", "reporting_month", "bhcm_fte"}},
      {"treatment", 5, {"treatment_id", "patient_id", "kind", "name", "start_date", "dose", "stop_date", "stop_reason", "code"}},
      {"treatment_change", 2, {"treatment_id", "change_date", "to_dose", "from_dose", "reason", "change_id"}},
      {"safety_event",
       4,
       {"safety_event_id", "patient_id", "signalled_date", "signal", "closed_date", "level", "disposition", "reassess_date",
        "signalled_at", "due_at", "result_id"}},
  };
  return list;
}

const Kind* find_kind(std::string_view name) {
  for (const auto& kind : kinds())
    if (kind.name == name) return &kind;
  return nullptr;
}

/// "q7" -> 7, anything else 0.
int item_number(std::string_view name) {
  if (name.size() < 2 || name.size() > 3 || name[0] != 'q') return 0;
  int number = 0;
  for (char c : name.substr(1)) {
    if (c < '0' || c > '9') return 0;
    number = number * 10 + (c - '0');
  }
  return number;
}
bool is_item_column(std::string_view name) { return item_number(name) > 0; }

struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
};
template <class V>
using ByText = std::unordered_map<std::string, V, TextHash, std::equal_to<>>;

std::string lower_words(std::string_view text) { return normalize_word(text); }

/// A language name or tag -> BCP 47.
std::string language_tag(std::string_view given) {
  struct Name {
    std::string_view name, tag;
  };
  static constexpr Name kNames[] = {{"english", "en"},   {"spanish", "es"},        {"espanol", "es"},    {"chinese", "zh"},
                                    {"mandarin", "cmn"}, {"cantonese", "yue"},     {"russian", "ru"},    {"arabic", "ar"},
                                    {"french", "fr"},    {"haitian creole", "ht"}, {"portuguese", "pt"}, {"vietnamese", "vi"},
                                    {"korean", "ko"},    {"bengali", "bn"},        {"polish", "pl"},     {"hindi", "hi"},
                                    {"urdu", "ur"},      {"tagalog", "tl"},        {"somali", "so"},     {"nepali", "ne"}};
  const auto folded = fold(given);
  for (const auto& n : kNames)
    if (n.name == folded) return std::string(n.tag);
  return std::string(given);
}

class Reader {
 public:
  Reader(fs::path folder, const CsvOptions& options) : folder_(std::move(folder)), options_(options) {}
  Result<CsvFolder> read();

 private:
  using RowFunction = void (Reader::*)(Sheet&);
  struct KnownPatient {
    PatientId id;
    std::optional<Date> born, died;
  };
  struct KnownRow {
    Uuid id;
    std::size_t line = 0;
    std::size_t index = 0;  ///< in its vector
    PatientId patient;
  };
  Result<void> read_kind(std::string_view kind, RowFunction each, ByText<KnownRow>* known = nullptr);

  void patient(Sheet& s);
  void coverage(Sheet& s);
  void condition(Sheet& s);
  void referral(Sheet& s);
  void attempt(Sheet& s);
  void episode(Sheet& s);
  void consent(Sheet& s);
  void contact(Sheet& s);
  void time_entry(Sheet& s);
  void scale_result(Sheet& s);
  void review(Sheet& s);
  void visit(Sheet& s);
  void site_month(Sheet& s);
  void treatment(Sheet& s);
  void treatment_change(Sheet& s);
  void safety_event(Sheet& s);
  void prepare_scale_columns(const Sheet& s);
  void make_room(std::string_view kind, std::size_t rows);

  void finish_episodes();
  void finish_treatments();
  void finish_safety();
  void finish_time_entries();

  template <class IdType>
  IdType id_of(std::string_view kind, std::string_view key) const {
    return IdType(row_id(options_.organization, "csv", kind, key));
  }
  /// The row's patient, or a rejection of the column.
  const KnownPatient* patient_of(Sheet& s);
  /// False, with a rejection, when the key is there already.
  bool is_new(Sheet& s, ByText<KnownRow>& known, std::string_view column, const std::string& key);
  void check_born(Sheet& s, std::string_view column, const KnownPatient* patient, std::optional<Date> date);
  std::optional<UserId> person(std::string_view name, std::string_view role, SiteId site);
  SiteId site(std::string_view name);
  Instant noon(Date date, std::size_t line);
  Place place(const Sheet& s) const { return {file_, static_cast<std::uint32_t>(s.line()), 0}; }
  std::string labels(Sheet& s);
  void note_once(const std::string& note, std::int64_t n = 1) { notes_[note] += n; }
  const instruments::Found* instrument(std::string_view name);

  template <class T>
  void keep(std::vector<Sourced<T>>& into, T row, std::string key, const Sheet& s) {
    const Digest digest = digest_of(row);
    into.push_back({std::move(row), std::move(key), digest, place(s)});
  }

  fs::path folder_;
  const CsvOptions& options_;
  CsvFolder out_;
  std::uint32_t file_ = 0;
  std::uint64_t bytes_all_ = 0, bytes_before_ = 0;
  ByText<KnownPatient> patients_;
  std::unordered_set<std::string> rejected_patients_;
  ByText<KnownRow> patient_rows_, coverage_rows_, condition_rows_, referral_rows_, attempt_rows_, episode_rows_, consent_rows_,
      contact_rows_, entry_rows_, result_rows_, review_rows_, visit_rows_, month_rows_, treatment_rows_, change_rows_,
      safety_rows_;
  ByText<UserId> people_;
  ByText<SiteId> sites_;
  std::unordered_map<std::int32_t, Instant> noons_;
  std::map<std::string, std::int64_t> notes_;
  ByText<std::optional<instruments::Found>> instruments_;
  struct ItemColumn {
    std::size_t index;
    std::string name;
    int number;  ///< q7 -> 7, else 0
  };
  std::vector<ItemColumn> item_columns_;
  bool scale_columns_ready_ = false;
  std::vector<std::pair<std::size_t, std::vector<instruments::SafetySignal>>>
      signals_;  ///< measurement index -> what was positive
};

const Reader::KnownPatient* Reader::patient_of(Sheet& s) {
  const auto key = s.cell("patient_id");
  if (key.empty()) {
    s.reject("patient_id", "is required");
    return nullptr;
  }
  auto found = patients_.find(key);
  if (found == patients_.end()) {
    s.reject("patient_id", rejected_patients_.count(std::string(key)) != 0 ? "belongs to a patient whose own row was rejected"
                                                                           : "is no patient_id of patient.csv");
    return nullptr;
  }
  return &found->second;
}

bool Reader::is_new(Sheet& s, ByText<KnownRow>& known, std::string_view column, const std::string& key) {
  if (key.empty()) return false;
  auto [at, fresh] = known.try_emplace(key, KnownRow{{}, s.line(), 0, {}});
  if (!fresh) s.reject(column, fmt::format("is there twice (first in line {})", at->second.line));
  return fresh;
}

void Reader::check_born(Sheet& s, std::string_view column, const KnownPatient* patient, std::optional<Date> date) {
  if (patient != nullptr && date && patient->born && *date < *patient->born)
    s.reject(column, "is before the patient's birth date");
}

std::optional<UserId> Reader::person(std::string_view name, std::string_view role, SiteId at) {
  if (name.empty()) return std::nullopt;
  const std::string key = fold(name);
  auto found = people_.find(key);
  if (found == people_.end()) {
    const auto id = id_of<UserId>("person", key);
    out_.rows.people.push_back({id, std::string(name), std::string(role), at});
    found = people_.emplace(key, id).first;
  }
  return found->second;
}

SiteId Reader::site(std::string_view name) {
  if (name.empty()) return {};
  const std::string key = fold(name);
  auto found = sites_.find(key);
  if (found == sites_.end()) {
    const auto id = id_of<SiteId>("site", key);
    out_.rows.sites.push_back({id, std::string(name)});
    found = sites_.emplace(key, id).first;
  }
  return found->second;
}

/// Noon at the site, plus a microsecond a line: of two forms on one day, the later line is the later one.
Instant Reader::noon(Date date, std::size_t line) {
  auto [at, fresh] = noons_.try_emplace(date.days_since_1970(), Instant{});
  if (fresh) at->second = at_local_time(date, 12 * 60, options_.zone);
  return at->second + std::chrono::microseconds(std::min<std::size_t>(line, 3'000'000'000));
}

std::string Reader::labels(Sheet& s) {
  std::string out;
  for (auto label : s.list("labels")) {
    const auto word = lower_words(label);
    if (word != "normal" && word != "part2" && word != "counseling_note" && word != "adolescent_confidential" &&
        word != "staff_as_patient") {
      s.reject("labels", "is not one of: normal, part2, counseling_note, adolescent_confidential, staff_as_patient");
      continue;
    }
    out += (out.empty() ? "" : " ") + word;
  }
  return out.empty() ? "normal" : out;
}

const instruments::Found* Reader::instrument(std::string_view name) {
  auto found = instruments_.find(name);
  if (found == instruments_.end()) {
    std::optional<instruments::Found> looked_up;
    if (auto result = options_.instruments->lookup(name)) looked_up = *result;
    found = instruments_.emplace(std::string(name), looked_up).first;
  }
  return found->second ? &*found->second : nullptr;
}

void Reader::patient(Sheet& s) {
  patients::Patient p;
  const auto key = s.required("patient_id", 100);
  const bool fresh = is_new(s, patient_rows_, "patient_id", key);
  p.id = id_of<PatientId>("patient", key);
  p.birth_date = s.date("birth_date", true, options_.today);
  p.given_name = s.text("given_name", 200);
  p.family_name = s.text("family_name", 200);
  if (p.given_name.empty() && p.family_name.empty()) p.family_name = key;
  p.sex = s.word("sex", kSexWords);
  p.gender_identity = s.maybe("gender_identity");
  p.race = s.maybe("race");
  p.ethnicity = s.maybe("ethnicity");
  if (auto language = s.cell("language"); !language.empty()) p.language = language_tag(language);
  p.interpreter_needed = s.boolean("interpreter_needed").value_or(false);
  p.phone = s.maybe("phone");
  p.email = s.maybe("email");
  p.postal_code = s.maybe("postal_code", 20);
  p.preferred_channel = s.word("preferred_channel", kChannelWords);
  p.deceased_date = s.date("deceased_date", false, options_.today);
  if (p.deceased_date && p.birth_date && *p.deceased_date < *p.birth_date) s.reject("deceased_date", "is before birth_date");
  p.site = site(s.cell("site"));
  p.labels = labels(s);
  if (!Uuid::parse(key)) p.identifiers.push_back({"urn:concord:csv:patient_id", key});
  // system|value pairs, one a space: systems and values of our own export hold none (they are percent-encoded).
  const std::string listed(s.cell("identifiers"));
  for (auto pair : split(listed, ' ')) {
    if (pair.empty()) continue;
    const auto bar = pair.find('|');
    auto decode = [](std::string_view part) {
      std::string text;
      for (std::size_t i = 0; i < part.size(); ++i) {
        if (part[i] == '%' && part.substr(i, 3) == "%20") {
          text += ' ';
          i += 2;
        } else {
          text += part[i];
        }
      }
      return text;
    };
    patients::Identifier identifier;
    if (bar == std::string_view::npos) {
      identifier.value = decode(pair);
    } else {
      identifier.system = decode(pair.substr(0, bar));
      identifier.value = decode(pair.substr(bar + 1));
    }
    if (std::find(p.identifiers.begin(), p.identifiers.end(), identifier) == p.identifiers.end())
      p.identifiers.push_back(std::move(identifier));
  }
  if (!s.good() || !fresh) {
    if (!key.empty() && fresh) rejected_patients_.insert(key);
    return;
  }
  patients_.emplace(key, KnownPatient{p.id, p.birth_date, p.deceased_date});
  patient_rows_.find(key)->second.index = out_.rows.patients.size();
  keep(out_.rows.patients, std::move(p), key, s);
}

void Reader::coverage(Sheet& s) {
  patients::Coverage c;
  const auto* patient = patient_of(s);
  auto payer = s.word("payer_category", kPayerWords);
  if (s.cell("payer_category").empty()) s.reject("payer_category", "is required");
  auto start = s.date("start_date", true, options_.today.plus_days(366));
  c.end_date = s.date("end_date", false, Date::ymd(2200, 12, 31));
  if (start && c.end_date && *c.end_date < *start) s.reject("end_date", "is before start_date");
  c.plan_name = s.maybe("plan_name");
  auto key = s.text("coverage_id", 100);
  if (key.empty() && patient != nullptr && payer && start)
    key = std::string(s.cell("patient_id")) + "|" + *payer + "|" + start->iso() + "|" + c.plan_name.value_or("");
  if (!s.good() || !is_new(s, coverage_rows_, s.has("coverage_id") ? "coverage_id" : "start_date", key)) return;
  c.id = id_of<patients::CoverageId>("coverage", key);
  c.patient = patient->id;
  c.payer_category = *payer;
  c.start_date = *start;
  keep(out_.rows.coverage, std::move(c), key, s);
}

void Reader::condition(Sheet& s) {
  patients::Condition c;
  const auto key = s.required("condition_id", 100);
  const auto* patient = patient_of(s);
  c.text = s.required("text", 300);
  auto recorded = s.date("recorded_date", true, options_.today);
  c.code = s.maybe("code", 60);
  c.code_system = s.maybe("code_system");
  if (c.code_system && !c.code) s.reject("code", "is needed with code_system");
  if (c.code && !c.code_system) c.code_system = "http://hl7.org/fhir/sid/icd-10-cm";
  if (auto status = s.word("clinical_status", {{"active", "active"},
                                               {"recurrence", "recurrence"},
                                               {"relapse", "relapse"},
                                               {"inactive", "inactive"},
                                               {"remission", "remission"},
                                               {"resolved", "resolved"},
                                               {"unknown", "unknown"}}))
    c.clinical_status = *status;
  c.onset_date = s.date("onset_date", false, options_.today);
  c.ended_date = s.date("ended_date", false, options_.today);
  if (c.onset_date && c.ended_date && *c.ended_date < *c.onset_date) s.reject("ended_date", "is before onset_date");
  c.labels = labels(s);
  c.source = "csv";
  if (!s.good() || !is_new(s, condition_rows_, "condition_id", key)) return;
  c.id = id_of<patients::ConditionId>("condition", key);
  c.patient = patient->id;
  c.recorded_date = *recorded;
  keep(out_.rows.conditions, std::move(c), key, s);
}

void Reader::referral(Sheet& s) {
  referrals::Referral r;
  const auto key = s.required("referral_id", 100);
  const auto* patient = patient_of(s);
  auto received = s.date("received_date", true, options_.today);
  check_born(s, "received_date", patient, received);
  r.referred_by = s.text("referred_by", 200);
  r.reason = s.text("reason");
  r.outcome = s.word("outcome", {{"enrolled", "enrolled"},
                                 {"declined", "declined"},
                                 {"unreachable", "unreachable"},
                                 {"other_level_of_care", "other_level_of_care"},
                                 {"not_eligible", "not_eligible"}});
  r.outcome_date = s.date("outcome_date", false, options_.today);
  r.seen_elsewhere_date = s.date("seen_elsewhere_date", false, options_.today);
  if (received && r.outcome_date && *r.outcome_date < *received) s.reject("outcome_date", "is before received_date");
  if (r.outcome && !r.outcome_date) r.outcome_date = received;
  r.site = site(s.cell("site"));
  if (!s.good() || !is_new(s, referral_rows_, "referral_id", key)) return;
  r.id = id_of<referrals::ReferralId>("referral", key);
  r.patient = patient->id;
  r.received_date = *received;
  r.received_at = noon(*received, 0);
  auto& known = referral_rows_.find(key)->second;
  known.index = out_.rows.referrals.size();
  known.patient = r.patient;
  keep(out_.rows.referrals, std::move(r), key, s);
}

void Reader::attempt(Sheet& s) {
  referrals::Attempt a;
  const auto key = s.required("attempt_id", 100);
  const auto referral = s.cell("referral_id");
  auto found = referral_rows_.find(referral);
  if (referral.empty()) s.reject("referral_id", "is required");
  else if (found == referral_rows_.end()) s.reject("referral_id", "is no referral_id of referral.csv");
  auto on = s.date("attempt_date", true, options_.today);
  auto result = s.word("result", {{"reached", "reached"},
                                  {"no_answer", "no_answer"},
                                  {"message_left", "message_left"},
                                  {"voicemail", "message_left"},
                                  {"left_message", "message_left"},
                                  {"unable", "unable"},
                                  {"wrong_contact", "wrong_contact"},
                                  {"wrong_number", "wrong_contact"},
                                  {"declined", "declined"},
                                  {"support_person", "support_person"}});
  if (s.cell("result").empty()) s.reject("result", "is required");
  auto modality = s.word("modality", {{"phone", "phone"},
                                      {"telephone", "phone"},
                                      {"video", "video"},
                                      {"in_person", "in_person"},
                                      {"sms", "sms"},
                                      {"text", "sms"},
                                      {"email", "email"},
                                      {"letter", "letter"}});
  a.note = s.text("note");
  if (!s.good() || !is_new(s, attempt_rows_, "attempt_id", key)) return;
  a.id = row_id(options_.organization, "csv", "attempt", key);
  a.referral = out_.rows.referrals[found->second.index].row.id;
  a.on = *on;
  a.at = noon(*on, s.line());
  a.modality = modality.value_or("phone");
  a.result = *result;
  keep(out_.rows.attempts, std::move(a), key, s);
}

void Reader::episode(Sheet& s) {
  episodes::Episode e;
  const auto key = s.required("episode_id", 100);
  const auto* patient = patient_of(s);
  const Date today = options_.today;
  auto state_word = s.word("state", kStateWords);
  e.enrolled_date = s.date("enrollment_date", false, today);
  e.closed_date = s.date("discharge_date", false, today);
  e.assessed_date = s.date("assessed_date", false, today);
  e.relapse_prevention_date = s.date("relapse_prevention_date", false, today);
  e.on_hold_date = s.date("on_hold_date", false, today);
  auto referred = s.date("referred_date", false, today);
  const bool not_enrolled = !e.enrolled_date && (state_word == "referred" || state_word == "assessed" || state_word == "closed");
  if (!e.enrolled_date && s.cell("enrollment_date").empty() && !not_enrolled) s.reject("enrollment_date", "is required");
  check_born(s, "enrollment_date", patient, e.enrolled_date);
  if (e.enrolled_date && e.closed_date && *e.closed_date < *e.enrolled_date)
    s.reject("discharge_date", "is before enrollment_date");
  if (e.enrolled_date && e.relapse_prevention_date && *e.relapse_prevention_date < *e.enrolled_date)
    s.reject("relapse_prevention_date", "is before enrollment_date");
  if (e.enrolled_date && e.on_hold_date && *e.on_hold_date < *e.enrolled_date)
    s.reject("on_hold_date", "is before enrollment_date");
  if (auto condition = s.cell("primary_condition"); !condition.empty()) e.primary_condition = lower_words(condition);
  if (const std::string scale(s.cell("primary_scale")); !scale.empty()) {
    if (const auto* found = instrument(scale)) e.primary_instrument = found->instrument->id;
    else s.reject("primary_scale", "is no instrument Concord knows");
  }
  if (e.enrolled_date) {
    if (!e.primary_condition) s.reject("primary_condition", "is required");
    if (!e.primary_instrument && s.cell("primary_scale").empty()) s.reject("primary_scale", "is required");
  }
  if (auto reason = s.cell("discharge_reason"); !reason.empty()) {
    const auto word = lower_words(reason);
    const auto& before = episodes::close_reasons_before_enrolment();
    if (!e.enrolled_date && std::find(before.begin(), before.end(), word) != before.end()) {
      e.close_reason = word;
    } else {
      bool known = true;
      e.close_reason = discharge_reason(reason, known);
      if (!known) note_once("discharge_reason: unknown reasons were stored as \"other\"");
    }
    if (!e.closed_date && s.cell("discharge_date").empty()) s.reject("discharge_date", "is required with a discharge_reason");
  }
  if (e.closed_date && !e.close_reason) e.close_reason = "other";
  if (state_word == "closed" && !e.closed_date && s.cell("discharge_date").empty())
    s.reject("discharge_date", "is required when state is closed");
  if (state_word && state_word != "closed" && e.closed_date) s.reject("state", "contradicts discharge_date");
  e.state = e.closed_date               ? episodes::State::closed
            : state_word                ? *episodes::parse_state(*state_word)
            : e.relapse_prevention_date ? episodes::State::relapse_prevention
            : e.on_hold_date            ? episodes::State::on_hold
                                        : episodes::State::active;
  e.site = site(s.cell("site"));
  if (const std::string name(s.cell("care_manager")); !name.empty()) e.care_manager = person(name, "care_manager", e.site);
  if (const std::string name(s.cell("consultant")); !name.empty()) e.consultant = person(name, "psychiatric_consultant", e.site);
  // The database wants a care manager for everybody enrolled; a file that names none gets one everybody can see is missing.
  if (e.enrolled_date && e.state != episodes::State::closed && !e.care_manager)
    e.care_manager = person("Care manager not named", "care_manager", e.site);
  e.billing_practitioner = s.maybe("billing_practitioner");
  e.target = s.maybe("target");
  e.pathway = s.maybe("pathway");
  e.labels = labels(s);
  std::optional<PatientId> referral_patient;
  if (const auto referral = s.cell("referral_id"); !referral.empty()) {
    if (auto found = referral_rows_.find(referral); found == referral_rows_.end()) {
      s.reject("referral_id", "is no referral_id of referral.csv");
    } else {
      const auto& row = out_.rows.referrals[found->second.index].row;
      e.referral = row.id;
      referral_patient = row.patient;
      if (!referred) referred = row.received_date;
    }
  }
  if (referral_patient && patient != nullptr && *referral_patient != patient->id)
    s.reject("referral_id", "is a referral of another patient");
  if (!s.good() || !is_new(s, episode_rows_, "episode_id", key)) return;
  if (!e.assessed_date && e.enrolled_date) e.assessed_date = e.enrolled_date;
  if (!referred) referred = e.assessed_date ? e.assessed_date : e.enrolled_date ? e.enrolled_date : e.closed_date;
  if (!referred) {
    s.reject("referred_date", "is required for somebody not yet enrolled");
    return;
  }
  e.referred_date = *referred;
  e.id = id_of<episodes::EpisodeId>("episode", key);
  e.patient = patient->id;
  auto& known = episode_rows_.find(key)->second;
  known.index = out_.rows.episodes.size();
  known.patient = e.patient;
  keep(out_.rows.episodes, std::move(e), key, s);
}

void Reader::consent(Sheet& s) {
  episodes::Consent c;
  const auto* patient = patient_of(s);
  auto given = s.date("consent_date", true, options_.today);
  check_born(s, "consent_date", patient, given);
  const auto kind = s.required("kind", 100);
  c.kind = lower_words(kind);
  if (c.kind == "cocm" || c.kind == "treatment") c.kind = "collaborative_care";
  c.withdrawn_date = s.date("withdrawn_date", false, options_.today);
  if (given && c.withdrawn_date && *c.withdrawn_date < *given) s.reject("withdrawn_date", "is before consent_date");
  auto method = s.word("method", kMethodWords);
  // A kind may also say how it was given: verbal, written.
  if (!method && (c.kind == "verbal" || c.kind == "written" || c.kind == "electronic")) {
    method = c.kind;
    c.kind = "collaborative_care";
  }
  c.method = method.value_or("unknown");
  c.text_version = s.text("text_version", 100);
  if (auto language = s.cell("language"); !language.empty()) c.language = language_tag(language);
  auto key = s.text("consent_id", 100);
  if (key.empty() && given) key = std::string(s.cell("patient_id")) + "|" + c.kind + "|" + given->iso();
  if (!s.good() || !is_new(s, consent_rows_, s.has("consent_id") ? "consent_id" : "consent_date", key)) return;
  c.id = id_of<episodes::ConsentId>("consent", key);
  c.patient = patient->id;
  c.given_date = *given;
  keep(out_.rows.consents, std::move(c), key, s);
}

void Reader::contact(Sheet& s) {
  contacts::Contact c;
  const auto key = s.required("contact_id", 100);
  const auto* patient = patient_of(s);
  auto date = s.date("contact_date", true, options_.today);
  check_born(s, "contact_date", patient, date);
  auto role = s.word("staff_role", kRoleWords);
  auto kind = s.word("contact_kind", kContactKindWords);
  if (s.cell("contact_kind").empty()) s.reject("contact_kind", "is required");
  c.modality = s.word("modality", kModalityWords);
  c.minutes = s.integer("minutes", 0, 1440);
  const bool with_caregiver = s.boolean("with_caregiver").value_or(false);
  c.with_whom.clear();
  for (auto who : s.list("with_whom")) {
    const auto word = lower_words(who);
    if (word != "patient" && word != "caregiver" && word != "interpreter")
      s.reject("with_whom", "is not one of: patient, caregiver, interpreter");
    else c.with_whom += (c.with_whom.empty() ? "" : " ") + word;
  }
  if (c.with_whom.empty()) c.with_whom = with_caregiver ? "patient caregiver" : "patient";
  auto intervention = [&](std::string_view words) {
    auto word = lower_words(words);
    static constexpr std::pair<std::string_view, std::string_view> kShort[] = {{"ba", "behavioral_activation"},
                                                                               {"pst", "problem_solving_treatment"},
                                                                               {"problem_solving", "problem_solving_treatment"},
                                                                               {"mi", "motivational_interviewing"},
                                                                               {"medication", "medication_support"}};
    for (const auto& [from, to] : kShort)
      if (word == from) word = to;
    const bool known = std::find(std::begin(contacts::kInterventions), std::end(contacts::kInterventions), word) !=
                       std::end(contacts::kInterventions);
    if (known) c.interventions.push_back(word);
    return known;
  };
  // "behavioral activation; psychoeducation" and "behavioral_activation psychoeducation" are both lists.
  const std::string listed(s.cell("interventions"));
  std::size_t piece_at = 0;
  for (std::size_t i = 0; i <= listed.size(); ++i) {
    if (i < listed.size() && listed[i] != ';' && listed[i] != '|' && listed[i] != ',') continue;
    const auto piece = trim(std::string_view(listed).substr(piece_at, i - piece_at));
    piece_at = i + 1;
    if (piece.empty() || intervention(piece)) continue;
    for (auto word : split(piece, ' ')) {
      if (word.empty() || intervention(word)) continue;
      std::string known;
      for (auto one : contacts::kInterventions) known += (known.empty() ? "" : ", ") + std::string(one);
      s.reject("interventions", "is not one of: " + known);
    }
  }
  c.note = s.text("note", 20000);
  c.next_due_date = s.date("next_due_date", false, options_.today.plus_days(366));
  c.next_due_modality = s.maybe("next_due_modality");
  if (const std::string at(s.cell("started_at")); !at.empty()) {
    c.started_at = parse_instant(at);
    if (!c.started_at) s.reject("started_at", "is no instant; write it like 2026-03-01T14:30:00Z");
  }
  c.labels = labels(s);
  if (!s.good() || !is_new(s, contact_rows_, "contact_id", key)) return;
  if (const std::string name(s.cell("staff")); !name.empty()) c.staff = person(name, role.value_or("care_manager"), {});
  c.id = id_of<contacts::ContactId>("contact", key);
  c.patient = patient->id;
  c.date = *date;
  c.staff_role = role.value_or("unknown");
  c.kind = *kind;
  c.source = "csv";
  c.entered_at = noon(*date, s.line());
  contact_rows_.find(key)->second.id = c.id.uuid;
  keep(out_.rows.contacts, std::move(c), key, s);
}

void Reader::time_entry(Sheet& s) {
  contacts::TimeEntry t;
  const auto key = s.required("entry_id", 100);
  const auto* patient = patient_of(s);
  t.staff_name = s.required("staff_id");
  auto date = s.date("date", true, options_.today);
  check_born(s, "date", patient, date);
  auto minutes = s.integer("minutes", 0, 1440);
  if (s.cell("minutes").empty()) s.reject("minutes", "is required");
  t.activity = lower_words(s.required("activity"));
  if (const auto start = s.cell("start_time"); !start.empty()) {
    int hour = -1, minute = -1;
    if (start.size() >= 4 && start.size() <= 8) {
      const auto colon = start.find(':');
      auto number = [](std::string_view digits) {
        int n = 0;
        if (digits.empty() || digits.size() > 2) return -1;
        for (char c : digits) {
          if (c < '0' || c > '9') return -1;
          n = n * 10 + (c - '0');
        }
        return n;
      };
      if (colon != std::string_view::npos) {
        hour = number(start.substr(0, colon));
        minute = number(start.substr(colon + 1, 2));
      }
    }
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59) s.reject("start_time", "is no time; write it like 14:30");
    else t.start_minute = hour * 60 + minute;
  }
  t.separately_billed = s.boolean("separately_billed").value_or(false);
  if (const auto contact = s.cell("contact_id"); !contact.empty()) {
    if (auto found = contact_rows_.find(contact); found != contact_rows_.end() && !found->second.id.is_nil())
      t.contact = contacts::ContactId(found->second.id);
    else s.reject("contact_id", "is no contact_id of contact.csv");
  }
  t.staff_role = s.word("staff_role", kEntryRoleWords).value_or("");
  if (!s.good() || !is_new(s, entry_rows_, "entry_id", key)) return;
  t.id = id_of<contacts::TimeEntryId>("time_entry", key);
  t.patient = patient->id;
  t.date = *date;
  t.minutes = *minutes;
  t.source = "csv";
  keep(out_.rows.time_entries, std::move(t), key, s);
}

void Reader::prepare_scale_columns(const Sheet& s) {
  item_columns_.clear();
  std::unordered_set<std::string> link_ids;
  for (const auto* one : options_.instruments->all())
    if (!one->total_only())
      for (const auto& item : one->items) link_ids.insert(to_lower(item.link_id));
  const auto names = s.unknown();
  for (std::size_t i = 0; i < s.header().size(); ++i) {
    if (std::find(names.begin(), names.end(), s.header()[i]) == names.end()) continue;
    std::string name = lower_words(s.header()[i]);
    for (const auto& [ours, theirs] : s.spec().columns)
      if (equals_ignoring_case(theirs, s.header()[i]) && is_item_column(ours)) name = ours;
    const int number = item_number(name);
    if (number > 0 || link_ids.count(name) != 0) item_columns_.push_back({i, name, number});
  }
  scale_columns_ready_ = true;
}

void Reader::scale_result(Sheet& s) {
  if (!scale_columns_ready_) prepare_scale_columns(s);
  const auto key = s.required("result_id", 100);
  const auto* patient = patient_of(s);
  auto date = s.date("administered_date", true, options_.today);
  check_born(s, "administered_date", patient, date);
  const std::string name(s.cell("instrument"));
  const instruments::Found* found = name.empty() ? nullptr : instrument(name);
  if (name.empty()) s.reject("instrument", "is required");
  else if (found == nullptr) s.reject("instrument", "is no instrument Concord knows");
  GivenForm form;
  form.total = s.real("total_score", -1000, 100000);
  std::string given_informant = lower_words(s.cell("informant"));
  if (found != nullptr) {
    const auto& i = *found->instrument;
    form.instrument = &i;
    form.informant = found->informant;
    if (given_informant == "patient" || given_informant == "youth") given_informant = i.has_informant("self") ? "self" : "child";
    if (!given_informant.empty()) {
      if (!i.has_informant(given_informant)) {
        std::string known;
        for (const auto& one : i.informants) known += (known.empty() ? "" : ", ") + one;
        s.reject("informant", "is not one of: " + known);
      } else {
        form.informant = given_informant;
      }
    }
    for (const auto& column : item_columns_) {
      const auto value = s.raw(column.index);
      if (value.empty()) continue;
      int item = i.item(column.name);
      if (item < 0 && column.number > 0 && static_cast<std::size_t>(column.number) <= i.items.size()) item = column.number - 1;
      if (item < 0 || i.total_only()) {
        s.reject(s.header()[column.index], i.id + " has no such item");
        continue;
      }
      double points = 0;
      const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), points);
      if (error == std::errc() && end == value.data() + value.size()) {
        form.answers.push_back({item, points});
      } else if (auto coded = i.points_of(item, value)) {
        form.answers.push_back({item, *coded});
      } else {
        s.reject(s.header()[column.index], "is no answer of this item");
      }
    }
    if (auto count = s.real("vanderbilt_symptom_count", 0, 100)) {
      if (i.subscale("symptom_count") >= 0) form.subscales.emplace_back("symptom_count", *count);
      else s.reject("vanderbilt_symptom_count", "belongs to the Vanderbilt forms only");
    }
    for (auto pair : s.list("subscales")) {
      const auto equals = pair.find('=');
      double value = 0;
      const auto id = pair.substr(0, equals);
      const bool good = equals != std::string_view::npos && i.subscale(id) >= 0 &&
                        std::from_chars(pair.data() + equals + 1, pair.data() + pair.size(), value).ec == std::errc() &&
                        std::isfinite(value);
      if (!good) {
        s.reject("subscales", "must be like inattention=7 with subscales of the instrument");
        continue;
      }
      const bool known =
          std::any_of(form.subscales.begin(), form.subscales.end(), [&](const auto& one) { return one.first == id; });
      if (!known) form.subscales.emplace_back(std::string(id), value);
    }
    // A Vanderbilt may come with nothing but its symptom count.
    if (!form.total && !form.subscales.empty() && i.total_only()) {
      for (const auto& [id, value] : form.subscales)
        if (id == "symptom_count") form.total = value;
    }
    if (!form.total && form.answers.empty() && s.cell("total_score").empty())
      s.reject("total_score", "is required when no answers are given");
    // A few answers beside a total (only item 9, say): the form was counted elsewhere, from all of its items.
    form.total_stands_alone = static_cast<int>(form.answers.size()) * 2 <= i.scored_count;
  }
  std::optional<Instant> at;
  if (const std::string given(s.cell("administered_at")); !given.empty()) {
    at = parse_instant(given);
    if (!at) s.reject("administered_at", "is no instant; write it like 2026-03-01T14:30:00Z");
  }
  const std::string mode = lower_words(s.cell("mode"));
  const std::string row_labels = labels(s);
  if (!s.good() || !is_new(s, result_rows_, "result_id", key)) return;
  auto scored = score_form(form);
  if (!scored) {
    const auto& issues = scored.error().issues;
    if (issues.empty()) s.reject("total_score", scored.error().text);
    for (const auto& issue : issues)
      s.reject(issue.path.starts_with("answers.") ? std::string_view(issue.path).substr(8) : std::string_view("total_score"),
               issue.text.empty() ? scored.error().text : issue.text);
    return;
  }
  auto& m = scored->row;
  m.id = id_of<measurements::MeasurementId>("measurement", key);
  m.patient = patient->id;
  m.administered_date = *date;
  m.administered_at = at ? *at : noon(*date, s.line());
  m.entered_at = m.administered_at;
  m.mode = mode.empty() ? "import" : mode;
  if (auto language = s.cell("language"); !language.empty()) m.language = language_tag(language);
  m.source = "csv";
  m.labels = row_labels;
  if (scored->total_disagrees) note_once("totals that disagree with their answers were kept as stated, not trusted");
  auto& known = result_rows_.find(key)->second;
  known.id = m.id.uuid;
  known.index = out_.rows.measurements.size();
  if (m.safety == "positive") signals_.emplace_back(out_.rows.measurements.size(), std::move(scored->signals));
  // The time of day of a date-only row comes from its line: it is no content.
  const Instant kept = m.administered_at;
  if (!at) m.administered_at = Instant{};
  const Digest digest = digest_of(m);
  m.administered_at = kept;
  out_.rows.measurements.push_back({std::move(m), {{key, digest}}, place(s)});
}

void Reader::review(Sheet& s) {
  reviews::Review r;
  const auto key = s.required("review_id", 100);
  const auto* patient = patient_of(s);
  auto date = s.date("review_date", true, options_.today);
  check_born(s, "review_date", patient, date);
  auto documented = s.boolean("recommendation_documented");
  if (s.cell("recommendation_documented").empty()) s.reject("recommendation_documented", "is required");
  r.recommendation = s.text("recommendation", 20000);
  r.recommendation_to = lower_words(s.cell("recommendation_to"));
  if (r.recommendation_to == "bhcm") r.recommendation_to = "care_manager";
  r.reviewer_name = s.text("reviewer", 200);
  r.question = s.text("question", 20000);
  auto state = s.word("recommendation_state", kAdviceWords);
  r.answered_date = s.date("answered_date", false, options_.today);
  r.answer_reason = s.maybe("answer_reason", 4000);
  r.done_date = s.date("done_date", false, options_.today);
  if (date && r.answered_date && *r.answered_date < *date) s.reject("answered_date", "is before review_date");
  if (date && r.done_date && *r.done_date < *date) s.reject("done_date", "is before review_date");
  if (!s.good() || !is_new(s, review_rows_, "review_id", key)) return;
  r.id = id_of<reviews::ReviewId>("review", key);
  r.patient = patient->id;
  r.date = *date;
  r.recommendation_documented = *documented;
  // Without a word about what became of it, nobody is reminded of old advice.
  r.recommendation_state = state.value_or("none");
  r.source = "csv";
  keep(out_.rows.reviews, std::move(r), key, s);
}

void Reader::visit(Sheet& s) {
  PracticeVisit v;
  const auto key = s.required("visit_id", 100);
  const auto* patient = patient_of(s);
  auto date = s.date("visit_date", true, options_.today);
  check_born(s, "visit_date", patient, date);
  v.provider_category = lower_words(s.required("provider_category"));
  for (auto code : s.list("billing_codes")) v.billing_codes += (v.billing_codes.empty() ? "" : " ") + std::string(code);
  v.modality = lower_words(s.cell("modality"));
  if (v.modality == "telephone") v.modality = "phone";
  if (!s.good() || !is_new(s, visit_rows_, "visit_id", key)) return;
  v.id = row_id(options_.organization, "csv", "visit", key);
  v.patient = patient->id;
  v.date = *date;
  keep(out_.rows.visits, std::move(v), key, s);
}

void Reader::site_month(Sheet& s) {
  SiteMonth m;
  const auto name = s.required("site_id");
  const auto month = s.required("reporting_month", 10);
  auto start = month.size() == 7 ? Date::parse(month + "-01") : std::nullopt;
  if (!start && !month.empty()) s.reject("reporting_month", "is no month; write it like 2026-03");
  auto fte = s.real("bhcm_fte", 0, 1000);
  if (s.cell("bhcm_fte").empty()) s.reject("bhcm_fte", "is required");
  const auto key = name + "|" + month;
  if (!s.good() || !is_new(s, month_rows_, "reporting_month", key)) return;
  m.site = site(name);
  m.month_start = *start;
  m.bhcm_fte = *fte;
  keep(out_.rows.site_months, m, key, s);
}

void Reader::treatment(Sheet& s) {
  treatments::Treatment t;
  const auto key = s.required("treatment_id", 100);
  const auto* patient = patient_of(s);
  auto kind = s.word(
      "kind",
      {{"medication", "medication"}, {"drug", "medication"}, {"psychotherapy", "psychotherapy"}, {"therapy", "psychotherapy"}});
  if (s.cell("kind").empty()) s.reject("kind", "is required");
  t.name = s.required("name");
  auto start = s.date("start_date", true, options_.today);
  check_born(s, "start_date", patient, start);
  t.dose = s.maybe("dose");
  t.stop_date = s.date("stop_date", false, options_.today);
  t.stop_reason = s.maybe("stop_reason", 4000);
  t.code = s.maybe("code");
  if (start && t.stop_date && *t.stop_date < *start) s.reject("stop_date", "is before start_date");
  if (!s.good() || !is_new(s, treatment_rows_, "treatment_id", key)) return;
  t.id = id_of<treatments::TreatmentId>("treatment", key);
  t.patient = patient->id;
  t.kind = *kind;
  t.start_date = *start;
  t.source = "csv";
  treatment_rows_.find(key)->second.index = out_.rows.treatments.size();
  out_.rows.treatments.push_back({std::move(t), key, {}, place(s)});
}

void Reader::treatment_change(Sheet& s) {
  treatments::DoseChange c;
  const std::string treatment(s.cell("treatment_id"));
  auto found = treatment_rows_.find(treatment);
  if (treatment.empty()) s.reject("treatment_id", "is required");
  else if (found == treatment_rows_.end()) s.reject("treatment_id", "is no treatment_id of treatment.csv");
  auto on = s.date("change_date", true, options_.today);
  if (on && found != treatment_rows_.end() && *on < out_.rows.treatments[found->second.index].row.start_date)
    s.reject("change_date", "is before the treatment's start_date");
  c.to_dose = s.text("to_dose", 200);
  c.from_dose = s.maybe("from_dose");
  c.reason = s.text("reason");
  auto key = s.text("change_id", 100);
  if (key.empty() && on) key = treatment + "|" + on->iso();
  if (!s.good() || !is_new(s, change_rows_, "change_date", key)) return;
  c.id = row_id(options_.organization, "csv", "treatment_change", key);
  c.on = *on;
  out_.rows.treatments[found->second.index].row.changes.push_back(std::move(c));
}

void Reader::safety_event(Sheet& s) {
  safety::SafetyEvent e;
  const auto key = s.required("safety_event_id", 100);
  const auto* patient = patient_of(s);
  auto signalled = s.date("signalled_date", true, options_.today);
  check_born(s, "signalled_date", patient, signalled);
  e.signal = s.required("signal", 400);
  auto closed = s.date("closed_date", false, options_.today);
  e.level = s.word("level", {{"low", "low"}, {"moderate", "moderate"}, {"high", "high"}});
  e.disposition = s.maybe("disposition", 4000);
  e.reassess_date = s.date("reassess_date", false, options_.today.plus_days(400));
  if (signalled && closed && *closed < *signalled) s.reject("closed_date", "is before signalled_date");
  auto instant = [&](std::string_view column) -> std::optional<Instant> {
    const std::string text(s.cell(column));
    if (text.empty()) return std::nullopt;
    auto at = parse_instant(text);
    if (!at) s.reject(column, "is no instant; write it like 2026-03-01T14:30:00Z");
    return at;
  };
  auto signalled_at = instant("signalled_at"), due_at = instant("due_at");
  if (const auto result = s.cell("result_id"); !result.empty()) {
    auto found = result_rows_.find(result);
    if (found == result_rows_.end() || found->second.id.is_nil()) s.reject("result_id", "is no result_id of scale_result.csv");
    else e.measurement = measurements::MeasurementId(found->second.id);
  }
  if (!s.good() || !is_new(s, safety_rows_, "safety_event_id", key)) return;
  e.id = id_of<safety::SafetyEventId>("safety_event", key);
  e.patient = patient->id;
  e.signalled_date = *signalled;
  e.signalled_at = signalled_at ? *signalled_at : noon(*signalled, 0);
  e.due_at = due_at ? *due_at : e.signalled_at + std::chrono::hours(24);
  if (closed) {
    e.closed_at = noon(*closed, 0);
    if (!e.disposition) e.disposition = "closed before the import";
  }
  keep(out_.rows.safety_events, std::move(e), key, s);
}

void Reader::finish_episodes() {
  // One open episode a patient, and no two at one time.
  auto& list = out_.rows.episodes;
  std::vector<std::size_t> order(list.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  auto begin_of = [](const episodes::Episode& e) { return e.enrolled_date ? *e.enrolled_date : e.referred_date; };
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    const auto &x = list[a].row, &y = list[b].row;
    if (x.patient != y.patient) return x.patient < y.patient;
    return begin_of(x) < begin_of(y);
  });
  std::vector<bool> drop(list.size(), false);
  for (std::size_t i = 1; i < order.size(); ++i) {
    const auto &before = list[order[i - 1]].row, &after = list[order[i]].row;
    if (before.patient != after.patient) continue;
    const bool both_open = before.state != episodes::State::closed && after.state != episodes::State::closed;
    const bool overlap =
        before.state != episodes::State::closed || (before.enrolled_date && *before.closed_date > begin_of(after));
    if (!both_open && !overlap) continue;
    const auto& at = list[order[i]].place;
    out_.rejected.push_back({out_.rows.files[at.file], at.line, "enrollment_date",
                             fmt::format("lies in another episode of the same patient (line {}); only one may be open at a time",
                                         list[order[i - 1]].place.line)});
    drop[order[i]] = true;
    std::swap(order[i], order[i - 1]);  // the next one is compared with the one that stays
  }
  std::size_t kept = 0;
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (drop[i]) continue;
    if (kept != i) list[kept] = std::move(list[i]);
    ++kept;
  }
  list.resize(kept);
}

void Reader::finish_treatments() {
  for (auto& t : out_.rows.treatments) {
    std::stable_sort(t.row.changes.begin(), t.row.changes.end(), [](const auto& a, const auto& b) { return a.on < b.on; });
    t.digest = digest_of(t.row);
  }
}

void Reader::finish_safety() {
  // A positive answer opens a safety event, unless the files hold one of that patient and day, or it is old.
  std::unordered_set<std::string> days;
  auto day_key = [](PatientId patient, Date date) { return patient.text() + date.iso(); };
  for (const auto& e : out_.rows.safety_events) days.insert(day_key(e.row.patient, e.row.signalled_date));
  for (const auto& [index, signals] : signals_) {
    const auto& source = out_.rows.measurements[index];
    const auto& m = source.row;
    if (options_.today - m.administered_date > kSafetyEventDays) continue;
    if (!days.insert(day_key(m.patient, m.administered_date)).second) continue;
    safety::SafetyEvent e;
    e.id = id_of<safety::SafetyEventId>("safety_event", "measurement:" + m.id.text());
    e.patient = m.patient;
    e.signalled_at = m.administered_at;
    e.signalled_date = m.administered_date;
    e.signal = safety_signal_text(m.instrument, signals);
    e.measurement = m.id;
    e.due_at = e.signalled_at + std::chrono::hours(24);
    const Digest digest = digest_of(e);
    out_.rows.safety_events.push_back({std::move(e), "", digest, source.place});
  }
}

/// Whose minutes they are, where the row does not say: the role in which the folder names the same person, as who had the
/// contact or elsewhere.
void Reader::finish_time_entries() {
  std::unordered_map<Uuid, std::string_view> of_contact;
  ByText<std::string_view> of_person;
  for (const auto& c : out_.rows.contacts)
    if (c.row.staff_role != "unknown") of_contact.emplace(c.row.id.uuid, c.row.staff_role);
  for (const auto& person : out_.rows.people) of_person.emplace(fold(person.name), person.role);
  for (auto& t : out_.rows.time_entries) {
    if (!t.row.staff_role.empty()) continue;
    if (t.row.contact)
      if (const auto found = of_contact.find(t.row.contact->uuid); found != of_contact.end()) t.row.staff_role = found->second;
    if (t.row.staff_role.empty())
      if (const auto found = of_person.find(fold(t.row.staff_name)); found != of_person.end()) t.row.staff_role = found->second;
  }
}

void Reader::make_room(std::string_view kind, std::size_t rows) {
  auto& r = out_.rows;
  rows = std::min<std::size_t>(rows, 2'000'000);  // a file of empty lines must not take the memory
  if (kind == "patient") r.patients.reserve(r.patients.size() + rows);
  if (kind == "contact") r.contacts.reserve(r.contacts.size() + rows);
  if (kind == "scale_result") r.measurements.reserve(r.measurements.size() + rows);
  if (kind == "time_entry") r.time_entries.reserve(r.time_entries.size() + rows);
}

Result<void> Reader::read_kind(std::string_view kind_name, RowFunction each, ByText<KnownRow>* known) {
  const Kind& kind = *find_kind(kind_name);
  const auto specs = options_.mapping.of(kind_name);
  for (const auto& spec : specs) {
    const fs::path path = folder_ / spec.file;
    std::error_code ignored;
    if (!fs::exists(path, ignored)) {
      if (spec.mapped || kind_name == "patient")
        return fail(ErrorCode::bad_file, spec.file + " is not in the folder.", {{spec.file, "is missing"}});
      continue;
    }
    CONCORD_TRY(std::string text, fhir::read_all(path, 8ULL << 30));
    file_ = static_cast<std::uint32_t>(out_.rows.files.size());
    out_.rows.files.push_back(spec.file);
    ++out_.files;
    auto opened = Sheet::open(text, kind_name, spec, kind.columns, kind.required, out_.rejected);
    if (!opened) return tl::unexpected<Error>(std::move(opened.error()));
    Sheet& sheet = *opened;
    scale_columns_ready_ = false;
    // Growing large tables step by step costs more than counting the lines first.
    const auto lines = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
    if (known != nullptr) known->reserve(known->size() + lines);
    make_room(kind_name, lines);
    if (!spec.mapped) {
      if (kind_name == "scale_result") prepare_scale_columns(sheet), scale_columns_ready_ = true;
      for (const auto& name : sheet.unknown()) {
        const bool item =
            kind_name == "scale_result" && std::any_of(item_columns_.begin(), item_columns_.end(),
                                                       [&](const ItemColumn& c) { return sheet.header()[c.index] == name; });
        if (!item) out_.notes.push_back(spec.file + ": the column \"" + name + "\" is not known and was ignored");
      }
    }
    std::int64_t since = 0;
    while (sheet.next()) {
      (this->*each)(sheet);
      if (options_.progress && ++since >= 4096) {
        since = 0;
        options_.progress(bytes_before_ + sheet.position(), bytes_all_, out_.rows_read + sheet.rows());
      }
    }
    out_.rows_read += sheet.rows();
    bytes_before_ += text.size();
  }
  return {};
}

Result<CsvFolder> Reader::read() {
  std::error_code error;
  if (!fs::is_directory(folder_, error))
    return fail(ErrorCode::bad_file, folder_.filename().string() + " is not a folder that can be read.",
                {{folder_.filename().string(), "is no folder"}});
  for (const auto& kind : kinds())
    for (const auto& spec : options_.mapping.of(kind.name))
      if (const auto size = fs::file_size(folder_ / spec.file, error); !error) bytes_all_ += size;
  CONCORD_TRY_VOID(read_kind("patient", &Reader::patient, &patient_rows_));
  CONCORD_TRY_VOID(read_kind("coverage", &Reader::coverage));
  CONCORD_TRY_VOID(read_kind("condition", &Reader::condition));
  CONCORD_TRY_VOID(read_kind("referral", &Reader::referral));
  CONCORD_TRY_VOID(read_kind("referral_attempt", &Reader::attempt));
  CONCORD_TRY_VOID(read_kind("episode", &Reader::episode));
  CONCORD_TRY_VOID(read_kind("consent", &Reader::consent));
  CONCORD_TRY_VOID(read_kind("contact", &Reader::contact, &contact_rows_));
  CONCORD_TRY_VOID(read_kind("time_entry", &Reader::time_entry, &entry_rows_));
  CONCORD_TRY_VOID(read_kind("scale_result", &Reader::scale_result, &result_rows_));
  CONCORD_TRY_VOID(read_kind("psych_review", &Reader::review));
  CONCORD_TRY_VOID(read_kind("practice_visit", &Reader::visit));
  CONCORD_TRY_VOID(read_kind("site_month", &Reader::site_month));
  CONCORD_TRY_VOID(read_kind("treatment", &Reader::treatment));
  CONCORD_TRY_VOID(read_kind("treatment_change", &Reader::treatment_change));
  CONCORD_TRY_VOID(read_kind("safety_event", &Reader::safety_event));
  finish_episodes();
  link_referrals(out_.rows, options_.organization, "csv");
  finish_treatments();
  finish_safety();
  finish_time_entries();
  for (const auto& [note, n] : notes_) out_.notes.push_back(n > 1 ? fmt::format("{} ({} rows)", note, n) : note);
  return std::move(out_);
}

}  // namespace

std::string discharge_reason(std::string_view given, bool& known) {
  struct Spelling {
    std::string_view from, to;
  };
  static constexpr Spelling kSpellings[] = {{"target_met", "target_met"},
                                            {"completed", "target_met"},
                                            {"completed_treatment", "target_met"},
                                            {"graduated", "target_met"},
                                            {"goals_met", "target_met"},
                                            {"goal_met", "target_met"},
                                            {"treatment_complete", "target_met"},
                                            {"remission", "target_met"},
                                            {"referred_specialty", "referred_specialty"},
                                            {"referred", "referred_specialty"},
                                            {"referred_out", "referred_specialty"},
                                            {"specialty_referral", "referred_specialty"},
                                            {"higher_level_of_care", "referred_specialty"},
                                            {"other_level_of_care", "referred_specialty"},
                                            {"transferred", "referred_specialty"},
                                            {"patient_choice", "patient_choice"},
                                            {"declined", "patient_choice"},
                                            {"withdrew", "patient_choice"},
                                            {"patient_declined", "patient_choice"},
                                            {"moved", "moved"},
                                            {"relocated", "moved"},
                                            {"lost_to_follow_up", "lost_to_follow_up"},
                                            {"lost_to_followup", "lost_to_follow_up"},
                                            {"ltfu", "lost_to_follow_up"},
                                            {"unreachable", "lost_to_follow_up"},
                                            {"disengaged", "lost_to_follow_up"},
                                            {"inactive", "inactive"},
                                            {"inactivity", "inactive"},
                                            {"not_eligible", "not_eligible"},
                                            {"ineligible", "not_eligible"},
                                            {"died", "died"},
                                            {"deceased", "died"},
                                            {"death", "died"},
                                            {"other", "other"}};
  const auto word = normalize_word(given);
  known = true;
  for (const auto& s : kSpellings)
    if (s.from == word) return std::string(s.to);
  known = false;
  return "other";
}

Result<CsvFolder> read_csv_folder(const fs::path& folder, const CsvOptions& options) { return Reader(folder, options).read(); }

const std::vector<std::string_view>& csv_kinds() {
  static const std::vector<std::string_view> names = [] {
    std::vector<std::string_view> out;
    for (const auto& kind : kinds()) out.push_back(kind.name);
    return out;
  }();
  return names;
}

const std::vector<std::string_view>& csv_columns(std::string_view kind) {
  const Kind* found = find_kind(kind);
  CHECK(found != nullptr);
  return found->columns;
}

std::size_t csv_required_columns(std::string_view kind) {
  const Kind* found = find_kind(kind);
  CHECK(found != nullptr);
  return found->required;
}

bool is_known_kind(std::string_view kind) { return find_kind(kind) != nullptr; }

bool is_known_column(std::string_view kind, std::string_view column) {
  const Kind* found = find_kind(kind);
  if (found == nullptr) return false;
  if (std::find(found->columns.begin(), found->columns.end(), column) != found->columns.end()) return true;
  // Answers: q1, q2, ... by position; other linkIds by name are looked up when the instrument is known.
  return kind == "scale_result" && is_item_column(column);
}

std::string known_kinds() {
  std::string out;
  for (const auto& kind : kinds()) out += (out.empty() ? "" : ", ") + std::string(kind.name);
  return out;
}

Result<CsvFolder> read_faultless_folder(const fs::path& folder, const instruments::Library& instruments) {
  CsvOptions options;
  options.instruments = &instruments;
  options.today = Date::ymd(2198, 12, 31);
  CONCORD_TRY(auto read, read_csv_folder(folder, options));
  if (read.rejected.empty()) return read;
  std::vector<Issue> issues;
  issues.reserve(read.rejected.size());
  for (auto& r : read.rejected) {
    std::string place = r.file;
    if (r.line > 0) place += fmt::format(":{}", r.line);
    if (!r.path.empty()) place += ":" + r.path;
    issues.push_back({std::move(place), std::move(r.reason)});
  }
  const std::size_t n = issues.size();
  return fail(ErrorCode::invalid,
              n == 1 ? "One row of the folder cannot be used." : fmt::format("The folder has {} mistakes.", n),
              std::move(issues));
}

}  // namespace concord::exchange
