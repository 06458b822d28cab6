#include "app/caseload_from_csv.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text.h"
#include "base/zone.h"
#include "contacts/contacts.h"
#include "exchange/csv_folder.h"
#include "exchange/forms.h"
#include "instruments/score.h"
#include "measurements/scored.h"

namespace concord::app {
namespace {

using caseload::EpisodeFacts;
using exchange::Rows;

/// The folder's dates are local days already; a zone that never changes its clocks keeps them what they are.
constexpr std::string_view kZone = "UTC";
/// csv_folder.cpp gives this name to an enrolled person of whom the file says no care manager.
constexpr std::string_view kNotNamed = "Care manager not named";

Date day_of(Instant at) { return local_date(at, kZone); }

template <class Row>
using ByPatient = std::unordered_map<Uuid, std::vector<const Row*>>;

template <class Row>
ByPatient<Row> by_patient(const std::vector<exchange::Sourced<Row>>& rows) {
  ByPatient<Row> out;
  for (const auto& sourced : rows) out[sourced.row.patient.uuid].push_back(&sourced.row);
  return out;
}

template <class Row>
const std::vector<const Row*>& of(const ByPatient<Row>& rows, const Uuid& patient) {
  static const std::vector<const Row*> kNone;
  const auto found = rows.find(patient);
  return found == rows.end() ? kNone : found->second;
}

class Facts {
 public:
  Facts(const Rows& rows, Date as_of, const instruments::Library& instruments, const caseload::RuleSet& rules)
      : rows_(rows),
        as_of_(as_of),
        instruments_(instruments),
        clock_minutes_(rules.numbers.safety_unreviewed_minutes),
        contacts_(by_patient(rows.contacts)),
        treatments_(by_patient(rows.treatments)),
        reviews_(by_patient(rows.reviews)),
        safety_(by_patient(rows.safety_events)),
        consents_(by_patient(rows.consents)) {
    for (const auto& one : rows.measurements) measurements_[one.row.patient.uuid].push_back(&one);
    for (const auto& one : rows.patients) patients_[one.row.id.uuid] = &one.row;
    for (const auto& one : rows.referrals) referrals_[one.row.id.uuid] = &one.row;
    for (const auto& one : rows.attempts) attempts_[one.row.referral.uuid].push_back(&one.row);
    for (const auto& person : rows.people)
      if (person.name != kNotNamed) people_[person.id.uuid] = person.name;
    consents_known_ =
        !rows.consents.empty() || std::find(rows.files.begin(), rows.files.end(), "consent.csv") != rows.files.end();
  }

  EpisodeFacts of_episode(const episodes::Episode& e) const {
    EpisodeFacts f;
    const Uuid patient = e.patient.uuid;
    f.patient = e.patient;
    if (const auto found = patients_.find(patient); found != patients_.end()) {
      f.given_name = found->second->given_name;
      f.family_name = found->second->family_name;
      f.birth_date = found->second->birth_date;
      f.language = found->second->language.value_or("");
    }
    f.episode = e.id;
    f.site = e.site;
    f.state = e.state;
    f.pathway = e.pathway.value_or("");
    f.primary_instrument = e.primary_instrument.value_or("");
    f.target = e.target.value_or("");
    if (e.care_manager)
      if (const auto found = people_.find(e.care_manager->uuid); found != people_.end()) {
        f.care_manager = e.care_manager;
        f.care_manager_name = found->second;
      }
    f.care_managers_known = false;  // an extract often leaves the name out
    f.plans_known = false;
    f.referred = e.referred_date;
    f.assessed = e.assessed_date;
    f.enrolled = e.enrolled_date;
    f.relapse_prevention = e.relapse_prevention_date;
    f.on_hold = e.on_hold_date;
    f.closed = e.closed_date;
    f.close_reason = e.close_reason.value_or("");

    // What comes after an episode's end belongs to the next one.
    auto own = [&](Date day) { return !e.closed_date || day <= *e.closed_date; };
    if (const auto found = measurements_.find(patient); found != measurements_.end())
      for (const auto* m : found->second)
        if (own(m->row.administered_date)) f.scores.push_back(score(*m));
    for (const auto* c : of(contacts_, patient))
      if (own(c->date)) f.contacts.push_back({c->id.uuid, c->date, contacts::is_clinical(*c), c->next_due_date, c->entered_at});
    for (const auto* t : of(treatments_, patient)) {
      if (!own(t->start_date)) continue;
      caseload::TreatmentFact fact{t->id.uuid, t->start_date, t->stop_date, {}};
      for (const auto& change : t->changes) fact.changes.push_back(change.on);
      f.treatments.push_back(std::move(fact));
    }
    for (const auto* r : of(reviews_, patient))
      if (own(r->date)) review(*r, f);
    safety(e, f);
    for (const auto* c : of(consents_, patient))
      if (c->kind == "collaborative_care") f.consents.push_back({c->given_date, c->withdrawn_date});
    f.consents_known = consents_known_;
    if (e.referral)
      if (const auto found = referrals_.find(e.referral->uuid); found != referrals_.end()) f.referral = referral(*found->second);
    return f;
  }

 private:
  /// The reader dates a row without a time of day at noon and its line: an order of entry, not a time.
  static Instant entered(const exchange::Administration& m) {
    return at_local_time(m.row.administered_date, 12 * 60, kZone) + std::chrono::microseconds(m.place.line);
  }
  static std::optional<Instant> time_of(const exchange::Administration& m) {
    return m.row.administered_at == entered(m) ? std::nullopt : std::optional(m.row.administered_at);
  }
  static measurements::Score score(const exchange::Administration& m) {
    measurements::Score s;
    s.id = m.row.id.uuid;
    s.instrument = m.row.instrument;
    s.informant = m.row.informant;
    s.date = m.row.administered_date;
    s.at = time_of(m);
    s.entered_at = entered(m);
    s.total = m.row.total;
    s.valid = m.row.valid;
    s.replaced = m.row.replaced_by.has_value();
    s.safety_positive = m.row.safety == "positive";
    return s;
  }

  /// The folder keeps a review's first recommendation with the review; it was sent on its day.
  static void review(const reviews::Review& r, EpisodeFacts& f) {
    f.reviews.push_back({r.id.uuid, r.date});
    if (r.recommendation_state == "none") return;
    caseload::RecommendationFact advice;
    advice.id = advice.review = r.id.uuid;
    advice.to_role = r.recommendation_to;
    advice.state = r.recommendation_state;
    advice.written = r.date;
    advice.sent = r.date;
    advice.answered = r.answered_date;
    advice.done = r.done_date;
    if (r.recommendation_state == "declined") advice.ended = r.answered_date.value_or(r.date);
    f.recommendations.push_back(std::move(advice));
  }

  void safety(const episodes::Episode& e, EpisodeFacts& f) const {
    const auto& events = of(safety_, e.patient.uuid);
    for (const auto* event : events) {
      caseload::SafetyFact fact;
      fact.id = event->id.uuid;
      fact.signalled = event->signalled_date;
      fact.signal = event->signal;
      if (event->measurement) fact.measurement = event->measurement->uuid;
      // A day's grace the reader gives to an event without a due time is no due time.
      if (event->due_at != event->signalled_at + std::chrono::hours(24)) fact.due_at = event->due_at;
      if (event->closed_at) fact.closed = day_of(*event->closed_at);
      fact.level = event->level;
      fact.reassess = event->reassess_date;
      f.safety.push_back(std::move(fact));
    }
    // An import opens an event for a recent positive answer, whichever episode it lies in. Older ones inside
    // the episode are left to the caseload, which looks at the scores itself.
    const auto found = measurements_.find(e.patient.uuid);
    if (found == measurements_.end()) return;
    for (const auto* m : found->second) {
      const Date day = m->row.administered_date;
      if (m->row.safety != "positive" || day > as_of_ || as_of_ - day > exchange::kSafetyEventDays) continue;
      const bool answered = std::any_of(events.begin(), events.end(), [&](const safety::SafetyEvent* event) {
        if (event->measurement == m->row.id || event->signalled_date == day) return true;
        return event->closed_at && day_of(*event->closed_at) >= day && day_of(*event->closed_at) <= as_of_;
      });
      if (answered) continue;
      caseload::SafetyFact fact;
      fact.id = m->row.id.uuid;
      fact.signalled = day;
      fact.signal = signal(m->row);
      fact.measurement = m->row.id.uuid;
      if (const auto at = time_of(*m)) fact.due_at = *at + std::chrono::minutes(clock_minutes_);
      f.safety.push_back(std::move(fact));
    }
  }

  std::string signal(const measurements::Measurement& m) const {
    const instruments::Instrument* instrument = instruments_.find(m.instrument);
    if (instrument == nullptr) return m.instrument;
    std::vector<instruments::Answer> answers;
    for (const auto& answer : m.answers) answers.push_back({answer.item, answer.value});
    const auto scored = instruments::score(*instrument, answers, {instruments::Sex::unknown, m.informant});
    const std::string text = scored ? measurements::safety_signal(*instrument, *scored) : std::string();
    return text.empty() ? m.instrument : text;
  }

  caseload::ReferralFact referral(const referrals::Referral& r) const {
    caseload::ReferralFact fact{r.id.uuid, r.received_date, r.outcome, r.outcome_date, r.seen_elsewhere_date, {}};
    if (const auto found = attempts_.find(r.id.uuid); found != attempts_.end())
      for (const auto* a : found->second) fact.attempts.push_back({a->id, a->on, a->result});
    return fact;
  }

  const Rows& rows_;
  const Date as_of_;
  const instruments::Library& instruments_;
  const int clock_minutes_;
  std::unordered_map<Uuid, std::vector<const exchange::Administration*>> measurements_;
  ByPatient<contacts::Contact> contacts_;
  ByPatient<treatments::Treatment> treatments_;
  ByPatient<reviews::Review> reviews_;
  ByPatient<safety::SafetyEvent> safety_;
  ByPatient<episodes::Consent> consents_;
  std::unordered_map<Uuid, const patients::Patient*> patients_;
  std::unordered_map<Uuid, const referrals::Referral*> referrals_;
  std::unordered_map<Uuid, std::vector<const referrals::Attempt*>> attempts_;
  std::unordered_map<Uuid, std::string> people_;
  bool consents_known_ = false;
};

std::unordered_map<Uuid, std::string> ids_of(const Rows& rows) {
  std::unordered_map<Uuid, std::string> ids;
  auto add = [&](const auto& list) {
    for (const auto& sourced : list)
      if (!sourced.key.empty()) ids.emplace(sourced.row.id.uuid, sourced.key);
  };
  add(rows.patients);
  add(rows.episodes);
  add(rows.referrals);
  add(rows.contacts);
  add(rows.treatments);
  add(rows.reviews);
  add(rows.safety_events);
  for (const auto& sourced : rows.attempts) ids.emplace(sourced.row.id, sourced.key);
  for (const auto& m : rows.measurements)
    if (!m.parts.empty()) ids.emplace(m.row.id.uuid, m.parts.front().key);
  return ids;
}

std::int64_t rows_after(const Rows& rows, Date day) {
  std::int64_t n = 0;
  auto count = [&](const auto& list, auto date_of) {
    for (const auto& one : list) n += date_of(one.row) > day;
  };
  count(rows.referrals, [](const auto& r) { return r.received_date; });
  count(rows.attempts, [](const auto& r) { return r.on; });
  count(rows.episodes, [](const auto& r) { return r.referred_date; });
  count(rows.consents, [](const auto& r) { return r.given_date; });
  count(rows.measurements, [](const auto& r) { return r.administered_date; });
  count(rows.contacts, [](const auto& r) { return r.date; });
  count(rows.treatments, [](const auto& r) { return r.start_date; });
  count(rows.reviews, [](const auto& r) { return r.date; });
  count(rows.safety_events, [](const auto& r) { return r.signalled_date; });
  return n;
}

// -- the table

/// Columns on a terminal: characters, not bytes. Marks and wide scripts are rare enough in a name to be let be.
std::size_t width(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

void pad(std::string& out, std::string_view text, std::size_t to) {
  out += text;
  for (std::size_t n = width(text); n < to; ++n) out += ' ';
  out += "  ";
}

/// A terminal must not be steered by what a file says.
std::string printable(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  return out;
}

std::string number(double value) {
  return value == static_cast<double>(static_cast<long long>(value)) ? fmt::format("{}", static_cast<long long>(value))
                                                                     : fmt::format("{:.1f}", value);
}

struct TableWords {
  std::string_view title, nobody, name, state, weeks, scores, next, why, screening;
  std::string_view needs[6];
  std::string_view states[6];
};
constexpr TableWords kEnglish{"Caseload on {} ({})",
                              "Nobody is on the caseload.",
                              "Name (id)",
                              "State",
                              "Weeks",
                              "Scores",
                              "Next due",
                              "Why now",
                              "no score yet",
                              {"Safety", "Overdue", "Not improving", "Review due", "Target met", "On track"},
                              {"referred", "assessed", "active", "on hold", "relapse prevention", "closed"}};
constexpr TableWords kSpanish{"Lista del {} ({})",
                              "No hay nadie en la lista.",
                              "Nombre (id)",
                              "Estado",
                              "Semanas",
                              "Puntuaciones",
                              "Próximo",
                              "Por qué ahora",
                              "sin puntuación",
                              {"Seguridad", "Atrasado", "Sin mejoría", "Revisión pendiente", "Meta alcanzada", "En curso"},
                              {"derivación", "evaluación", "activo", "en pausa", "prevención de recaídas", "cerrado"}};

}  // namespace

std::vector<EpisodeFacts> episode_facts(const Rows& rows, Date as_of, const instruments::Library& instruments,
                                        const caseload::RuleSet& rules) {
  const Facts facts(rows, as_of, instruments, rules);
  std::vector<EpisodeFacts> out;
  out.reserve(rows.episodes.size());
  for (const auto& sourced : rows.episodes) out.push_back(facts.of_episode(sourced.row));
  return out;
}

Result<CsvCaseload> caseload_from_csv(const std::filesystem::path& folder, Date as_of,
                                      std::optional<std::string_view> care_manager, const instruments::Library& instruments,
                                      const caseload::RuleSet& rules) {
  CONCORD_TRY(auto read, exchange::read_faultless_folder(folder, instruments));
  CsvCaseload list;
  list.as_of = as_of;
  list.notes = std::move(read.notes);
  list.files = read.files;
  list.rows_read = read.rows_read;
  list.ids = ids_of(read.rows);
  if (const auto n = rows_after(read.rows, as_of); n > 0)
    list.notes.push_back(
        fmt::format("{} {} later than {} and not known on that day", n, n == 1 ? "row is" : "rows are", as_of.iso()));
  const auto facts = episode_facts(read.rows, as_of, instruments, rules);
  list.rows = caseload::caseload(facts, rules, as_of);

  if (care_manager) {
    const std::string wanted = fold(*care_manager);
    std::set<std::string> names;
    bool known = false;
    for (const auto& f : facts) {
      known = known || fold(f.care_manager_name) == wanted;
      if (!f.care_manager_name.empty()) names.insert(f.care_manager_name);
    }
    if (!known || wanted.empty()) {
      std::string text;
      for (const auto& name : names) text += (text.empty() ? "" : ", ") + name;
      return fail(ErrorCode::not_found, "No episode of the folder has this care manager.",
                  {{"care_manager", text.empty() ? "no episode names one" : "is not one of: " + text}});
    }
    std::erase_if(list.rows, [&](const caseload::CaseloadRow& row) { return fold(row.care_manager_name) != wanted; });
  }
  return list;
}

Result<CsvPatient> patient_from_csv(const std::filesystem::path& folder, Date as_of, std::string_view patient,
                                    const instruments::Library& instruments, const caseload::RuleSet& rules) {
  CONCORD_TRY(auto read, exchange::read_faultless_folder(folder, instruments));
  CsvPatient out;
  out.ids = ids_of(read.rows);
  std::optional<patients::PatientId> wanted;
  for (const auto& one : read.rows.patients)
    if (one.key == patient) wanted = one.row.id;
  if (!wanted)
    return fail(ErrorCode::not_found, "The folder knows nobody with this id.",
                {{"--patient", "is no patient_id of patient.csv"}});
  const Facts all(read.rows, as_of, instruments, rules);
  std::vector<EpisodeFacts> known;
  for (const auto& sourced : read.rows.episodes)
    if (sourced.row.patient == *wanted)
      if (auto then = caseload::as_of(all.of_episode(sourced.row), as_of)) known.push_back(std::move(*then));
  const auto current = std::max_element(known.begin(), known.end(), caseload::is_older_episode);
  if (current == known.end())
    return fail(ErrorCode::not_found, "This patient had no episode on that day.",
                {{"--patient", "has no episode by " + as_of.iso()}});
  out.facts = std::move(*current);
  return out;
}

std::string caseload_json(const CsvCaseload& list, const caseload::RuleSet& rules, std::string_view language) {
  return caseload::caseload_json(list.rows, rules, list.as_of, language, [&](const Uuid& id) {
    const auto found = list.ids.find(id);
    return found == list.ids.end() ? id.text() : found->second;
  });
}

std::string caseload_table(const CsvCaseload& list, const caseload::RuleSet& rules, std::string_view language) {
  const TableWords& words = language.substr(0, 2) == "es" ? kSpanish : kEnglish;
  const std::string day = list.as_of.iso();
  const std::size_t people = list.rows.size();
  std::string out = fmt::vformat(words.title, fmt::make_format_args(day, people)) + "\n";
  if (list.rows.empty()) return out + std::string(words.nobody) + "\n";

  struct Entry {
    caseload::Need need;
    std::string name, state, weeks, scores, next;
    std::vector<std::string> why;
  };
  std::vector<Entry> entries;
  Entry widest{caseload::Need::on_track,
               std::string(words.name),
               std::string(words.state),
               std::string(words.weeks),
               std::string(words.scores),
               std::string(words.next),
               {}};
  auto widen = [](std::string& to, const std::string& text) {
    if (width(text) > width(to)) to = text;
  };
  for (const auto& row : list.rows) {
    Entry e;
    e.need = caseload::need_of(row.triggers, list.as_of);
    const auto id = list.ids.find(row.patient.uuid);
    const std::string key = printable(id == list.ids.end() ? row.patient.text() : id->second);
    const std::string name = printable(row.display_name());
    e.name = name == key ? key : name + " (" + key + ")";
    e.state = words.states[static_cast<std::size_t>(row.state)];
    const auto weeks = caseload::weeks_between(row.enrolled, row.closed && *row.closed < list.as_of ? *row.closed : list.as_of);
    e.weeks = weeks ? std::to_string(*weeks) : "–";
    const auto& s = row.primary;
    if (s.instrument.empty()) {
      e.scores = "–";
    } else {
      const auto& label = rules.criteria(s.instrument).label;
      e.scores = (label.empty() ? s.instrument : label) + " ";
      if (!s.baseline) e.scores += words.screening;
      else e.scores += s.current ? number(*s.baseline) + " → " + number(*s.current) : number(*s.baseline);
    }
    e.next = row.next_due ? row.next_due->iso() : "–";
    for (auto& line : caseload::attention(row, rules, list.as_of, language)) e.why.push_back(printable(line.text));
    widen(widest.name, e.name);
    widen(widest.state, e.state);
    widen(widest.weeks, e.weeks);
    widen(widest.scores, e.scores);
    widen(widest.next, e.next);
    entries.push_back(std::move(e));
  }

  auto print = [&](const Entry& e, std::string_view why) {
    std::string line = "  ";
    pad(line, e.name, width(widest.name));
    pad(line, e.state, width(widest.state));
    pad(line, e.weeks, width(widest.weeks));
    pad(line, e.scores, width(widest.scores));
    pad(line, e.next, width(widest.next));
    line += why;
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + "\n";
  };
  const Entry header{caseload::Need::on_track,
                     std::string(words.name),
                     std::string(words.state),
                     std::string(words.weeks),
                     std::string(words.scores),
                     std::string(words.next),
                     {}};
  print(header, words.why);
  std::optional<caseload::Need> group;
  for (const Entry& e : entries) {
    if (group != e.need) {
      out += "\n" + std::string(words.needs[static_cast<std::size_t>(e.need)]) + "\n";
      group = e.need;
    }
    print(e, e.why.empty() ? std::string_view() : std::string_view(e.why.front()));
    for (std::size_t i = 1; i < e.why.size(); ++i) print({e.need, "", "", "", "", "", {}}, e.why[i]);
  }
  return out;
}

}  // namespace concord::app
