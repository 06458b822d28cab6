#include "app/plain_clinic_csv.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>
#include <unordered_map>

#include "app/measures_from_csv.h"
#include "base/parallel.h"
#include "base/text.h"
#include "exchange/csv_folder.h"
#include "exchange/csv_words.h"
#include "exchange/forms.h"
#include "exchange/plain_sheet.h"

namespace concord::app {
namespace {

namespace fs = std::filesystem;
using exchange::normalize_word;
using exchange::Word;
using measures::PatientIndex;

/// Dates after this are mistakes there too (exchange/csv_folder.cpp, read_faultless_folder).
constexpr Date kLatest = Date::ymd(2198, 12, 31);
constexpr std::int64_t kMicrosecondsADay = 86'400'000'000;
constexpr std::size_t kMostCached = 50'000;

std::uint64_t hash_of(std::string_view text) {
  // Not against attackers: who makes keys collide gets the long way.
  std::uint64_t h = 0x9E3779B97F4A7C15ULL ^ text.size();
  const char* at = text.data();
  std::size_t left = text.size();
  const auto mix = [&](std::uint64_t part) {
    h = (h ^ part) * 0xFF51AFD7ED558CCDULL;
    h ^= h >> 32;
  };
  for (; left >= 8; at += 8, left -= 8) {
    std::uint64_t eight;
    std::memcpy(&eight, at, 8);
    mix(eight);
  }
  std::uint64_t rest = 0;
  if (left > 0) std::memcpy(&rest, at, left);
  mix(rest + left);
  h *= 0xC4CEB9FE1A85EC53ULL;
  return h ^ (h >> 29);
}

/// Patient ids -> numbers. Built once, then read by all threads. The texts must outlive it.
class Patients {
 public:
  struct One {
    std::string_view key;
    Date born;
    std::optional<Date> died = {};
  };
  /// False when an id is there twice.
  bool build(std::vector<One> all) {
    all_ = std::move(all);
    std::size_t size = 16;
    while (size < 2 * all_.size()) size *= 2;
    slots_.assign(size, {0, kFree});
    for (std::size_t i = 0; i < all_.size(); ++i) {
      const std::uint64_t hash = hash_of(all_[i].key);
      std::size_t at = hash & (size - 1);
      for (; slots_[at].index != kFree; at = (at + 1) & (size - 1))
        if (slots_[at].hash == hash && all_[slots_[at].index].key == all_[i].key) return false;
      slots_[at] = {hash, static_cast<PatientIndex>(i)};
    }
    return true;
  }
  std::optional<PatientIndex> find(std::string_view key) const {
    const std::uint64_t hash = hash_of(key);
    for (std::size_t at = hash & (slots_.size() - 1); slots_[at].index != kFree; at = (at + 1) & (slots_.size() - 1))
      if (slots_[at].hash == hash && all_[slots_[at].index].key == key) return slots_[at].index;
    return std::nullopt;
  }
  const std::vector<One>& all() const { return all_; }

 private:
  static constexpr PatientIndex kFree = ~PatientIndex{0};
  struct Slot {
    std::uint64_t hash;
    PatientIndex index;
  };
  std::vector<One> all_;
  std::vector<Slot> slots_;
};

/// Equal keys have equal hashes: without equal hashes there are no equal keys.
bool all_differ(const std::vector<const std::vector<std::uint64_t>*>& parts) {
  std::size_t count = 0, size = 16;
  for (const auto* part : parts) count += part->size();
  while (size < 2 * count) size *= 2;
  std::vector<std::uint64_t> slots(size, 0);
  for (const auto* part : parts)
    for (const std::uint64_t given : *part) {
      const std::uint64_t hash = given == 0 ? 1 : given;
      std::size_t at = hash & (size - 1);
      for (; slots[at] != 0; at = (at + 1) & (size - 1))
        if (slots[at] == hash) return false;
      slots[at] = hash;
    }
  return true;
}

enum class Kind {
  patient,
  coverage,
  episode,
  contact,
  scale_result,
  psych_review,
  practice_visit,
  site_month,
  time_entry,
  consent
};
constexpr Kind kKinds[] = {Kind::patient,      Kind::coverage,       Kind::episode,    Kind::contact,    Kind::scale_result,
                           Kind::psych_review, Kind::practice_visit, Kind::site_month, Kind::time_entry, Kind::consent};
constexpr std::string_view kNames[] = {"patient",      "coverage",       "episode",    "contact",    "scale_result",
                                       "psych_review", "practice_visit", "site_month", "time_entry", "consent"};
std::string_view name_of(Kind kind) { return kNames[static_cast<std::size_t>(kind)]; }

/// Which column of the file holds which of ours.
struct Layout {
  std::vector<int> of;  ///< by position in csv_columns(kind); -1: not there
  struct Item {
    std::size_t column;
    std::string name;
    int number;  ///< q7 -> 7
  };
  std::vector<Item> items;
};

/// What one chunk gave.
struct Part {
  bool is_plain = true;
  measures::Clinic clinic;
  std::vector<std::uint64_t> keys;
  std::vector<Patients::One> patients;
  std::deque<std::string> kept;  ///< keys that were not in the file as they are
};

class ChunkReader {
 public:
  ChunkReader(Kind kind, const exchange::PlainChunk& chunk, const exchange::PlainSheet& sheet, const Layout& layout,
              const Patients& patients, const instruments::Library& library, const measures::NysRules& rules, Part& out)
      : kind_(kind),
        rows_(chunk, sheet.header.size()),
        layout_(layout),
        patients_(patients),
        library_(library),
        rules_(rules),
        out_(out) {}

  void read() {
    for (;;) {
      const auto next = rows_.next();
      if (next == exchange::PlainRows::Next::end) return;
      if (next == exchange::PlainRows::Next::doubt || !one() || !is_plain_) {
        out_.is_plain = false;
        return;
      }
    }
  }

 private:
  bool one() {
    switch (kind_) {
      case Kind::patient:
        return patient();
      case Kind::coverage:
        return coverage();
      case Kind::episode:
        return episode();
      case Kind::contact:
        return contact();
      case Kind::scale_result:
        return scale_result();
      case Kind::psych_review:
        return review();
      case Kind::practice_visit:
        return visit();
      case Kind::site_month:
        return site_month();
      case Kind::time_entry:
        return time_entry();
      case Kind::consent:
        return consent();
    }
    return false;
  }

  // Readers of cells. Each sets is_plain_ to false when in doubt; the caller looks once a row.

  /// By position in csv_columns.
  std::string_view cell(std::size_t ours) {
    const int at = layout_.of[ours];
    if (at < 0) return {};
    const auto value = rows_.cell(static_cast<std::size_t>(at));
    if (!value.empty() && value[0] == '\'') is_plain_ = false;  // what it hides is for the long way
    return value;
  }
  std::string_view text(std::size_t ours, std::size_t most) {
    const auto value = cell(ours);
    if (value.size() > most) is_plain_ = false;
    return value;
  }
  std::string_view required(std::size_t ours, std::size_t most = 200) {
    const auto value = text(ours, most);
    if (value.empty()) is_plain_ = false;
    return value;
  }
  std::optional<Date> date(std::size_t ours, bool is_required = false) {
    const auto value = cell(ours);
    if (value.empty()) {
      if (is_required) is_plain_ = false;
      return std::nullopt;
    }
    const auto parsed = Date::parse(value);
    if (!parsed || *parsed > kLatest) {
      is_plain_ = false;
      return std::nullopt;
    }
    return parsed;
  }
  void not_before(std::optional<Date> later, std::optional<Date> earlier) {
    if (later && earlier && *later < *earlier) is_plain_ = false;
  }
  /// The column's word among `words`; nullopt when it is empty.
  std::optional<std::string_view> word(std::size_t ours, std::span<const Word> words, bool is_required = false) {
    const auto value = cell(ours);
    if (value.empty()) {
      if (is_required) is_plain_ = false;
      return std::nullopt;
    }
    for (const auto& w : words)
      if (w.spelling == value) return w.value;
    const auto normalized = normalize_word(value);
    for (const auto& w : words)
      if (w.spelling == normalized) return w.value;
    is_plain_ = false;
    return std::nullopt;
  }
  std::optional<bool> boolean(std::size_t ours) {
    const auto value = cell(ours);
    if (value.empty()) return std::nullopt;
    if (value == "true" || value == "yes" || value == "1") return true;
    if (value == "false" || value == "no" || value == "0") return false;
    const auto normalized = normalize_word(value);
    for (const std::string_view yes : {"true", "yes", "1", "y", "t"})
      if (normalized == yes) return true;
    for (const std::string_view no : {"false", "no", "0", "n", "f"})
      if (normalized == no) return false;
    is_plain_ = false;
    return std::nullopt;
  }
  std::optional<double> real(std::string_view value, double min, double max) {
    if (value.empty()) return std::nullopt;
    double number = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (error != std::errc() || end != value.data() + value.size() || !std::isfinite(number) || number < min || number > max) {
      is_plain_ = false;
      return std::nullopt;
    }
    return number;
  }
  void minutes(std::size_t ours, bool is_required) {
    const auto value = cell(ours);
    if (value.empty()) {
      if (is_required) is_plain_ = false;
      return;
    }
    int number = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (error != std::errc() || end != value.data() + value.size() || number < 0 || number > 1440) is_plain_ = false;
  }
  void labels(std::size_t ours) {
    const auto value = cell(ours);
    if (value.empty() || value == "normal") return;
    for (const std::string_view known : {"part2", "counseling_note", "adolescent_confidential", "staff_as_patient"})
      if (value == known) return;
    is_plain_ = false;
  }
  void instant(std::size_t ours) {
    const auto value = cell(ours);
    if (!value.empty() && !parse_instant(value)) is_plain_ = false;
  }
  /// Calls each(word) for the pieces of a list cell.
  template <class Each>
  void list(std::size_t ours, const Each& each) {
    const auto value = cell(ours);
    std::size_t start = 0;
    for (std::size_t i = 0; i <= value.size(); ++i) {
      if (i < value.size() && value[i] != ' ' && value[i] != ';' && value[i] != '|' && value[i] != ',') continue;
      if (i > start) each(value.substr(start, i - start));
      start = i + 1;
    }
  }
  std::optional<PatientIndex> patient_of(std::size_t ours) {
    const auto key = cell(ours);
    // Rows of a patient often stand together.
    if (last_patient_ && patients_.all()[*last_patient_].key == key) return last_patient_;
    last_patient_ = patients_.find(key);
    if (!last_patient_) is_plain_ = false;
    return last_patient_;
  }
  Date born(std::optional<PatientIndex> who) const { return who ? patients_.all()[*who].born : kLatest; }
  void key(std::string_view text) { out_.keys.push_back(hash_of(text)); }

  bool patient() {
    enum {
      id,
      birth_date,
      given_name,
      family_name,
      sex,
      gender,
      race,
      ethnicity,
      language,
      interpreter,
      phone,
      email,
      postal_code,
      channel,
      deceased,
      site,
      label
    };
    const auto who = required(id, 100);
    const auto birth = date(birth_date, true);
    text(given_name, 200);
    text(family_name, 200);
    word(sex, exchange::kSexWords);
    for (const std::size_t c : {gender, race, ethnicity, phone, email}) text(c, 400);
    cell(language);
    boolean(interpreter);
    text(postal_code, 20);
    word(channel, exchange::kChannelWords);
    const auto death = date(deceased);
    not_before(death, birth);
    cell(site);
    labels(label);
    if (!is_plain_) return false;
    // A cell with doubled quotes lives in the reader only as long as its row.
    const bool in_file = rows_.is_in_file(who);
    out_.patients.push_back({in_file ? who : std::string_view(out_.kept.emplace_back(who)), *birth, death});
    return true;
  }

  bool coverage() {
    enum { patient_id, payer, start_date, end_date, plan, coverage_id };
    const auto who = patient_of(patient_id);
    const auto category = word(payer, exchange::kPayerWords, true);
    patients::Coverage row;
    const auto start = date(start_date, true);
    row.end_date = date(end_date);
    not_before(row.end_date, start);
    const auto plan_name = text(plan, 400);
    const auto own = text(coverage_id, 100);
    if (!is_plain_) return false;
    if (own.empty()) {
      buffer_.assign(cell(patient_id)).append("|").append(*category).append("|");
      start->append_iso(buffer_);
      buffer_.append("|").append(plan_name);
      key(buffer_);
    } else {
      key(own);
    }
    row.start_date = *start;
    row.payer_category = *category;
    out_.clinic.coverage.add(*who, coverage_fact(row));
    return true;
  }

  bool episode() {
    enum {
      id,
      patient_id,
      enrollment,
      condition,
      scale,
      site,
      care_manager,
      discharge,
      reason,
      state,
      referred,
      assessed,
      relapse,
      hold,
      target,
      pathway,
      consultant,
      practitioner,
      referral,
      label
    };
    const auto own = required(id, 100);
    const auto who = patient_of(patient_id);
    const auto in_state = word(state, exchange::kStateWords);
    episodes::Episode row;
    row.enrolled_date = date(enrollment, true);
    row.closed_date = date(discharge);
    date(assessed);
    date(referred);
    not_before(row.enrolled_date, born(who));
    not_before(row.closed_date, row.enrolled_date);
    not_before(date(relapse), row.enrolled_date);
    not_before(date(hold), row.enrolled_date);
    row.primary_condition = normalize_word(required(condition, 4000));
    const auto instrument_name = required(scale, 4000);
    if (!is_plain_) return false;
    const auto* found = instrument(instrument_name);
    if (found == nullptr) return false;
    row.primary_instrument = found->instrument->id;
    if (const auto given = cell(reason); !given.empty()) {
      bool is_known = true;
      row.close_reason = exchange::discharge_reason(given, is_known);
      if (!is_known || !row.closed_date) return false;
    }
    if (row.closed_date && !row.close_reason) row.close_reason = "other";
    if (in_state && (*in_state == "closed") != row.closed_date.has_value()) return false;
    for (const std::size_t c : {site, care_manager, consultant}) cell(c);
    for (const std::size_t c : {practitioner, target, pathway}) text(c, 400);
    if (!cell(referral).empty()) return false;
    labels(label);
    if (!is_plain_) return false;
    key(own);
    if (auto fact = episode_fact(std::string(own), row)) out_.clinic.episodes.add(*who, std::move(*fact));
    return true;
  }

  bool contact() {
    enum {
      id,
      patient_id,
      on,
      role,
      kind,
      modality,
      minute,
      caregiver,
      interventions,
      staff,
      with_whom,
      note,
      due,
      due_modality,
      started,
      label
    };
    const auto own = required(id, 100);
    const auto who = patient_of(patient_id);
    const auto day = date(on, true);
    not_before(day, born(who));
    auto& row = contact_;
    row.staff_role = word(role, exchange::kRoleWords).value_or("unknown");
    row.kind = word(kind, exchange::kContactKindWords, true).value_or("");
    if (const auto given = word(modality, exchange::kModalityWords)) row.modality = *given;
    else row.modality.reset();
    minutes(minute, false);
    const bool with_caregiver = boolean(caregiver).value_or(false);
    row.with_whom.clear();
    list(with_whom, [&](std::string_view one) {
      if (one != "patient" && one != "caregiver" && one != "interpreter") is_plain_ = false;
      row.with_whom.append(row.with_whom.empty() ? "" : " ").append(one);
    });
    if (row.with_whom.empty()) row.with_whom = with_caregiver ? "patient caregiver" : "patient";
    list(interventions, [&](std::string_view one) {
      for (const std::string_view known : contacts::kInterventions)
        if (one == known) return;
      is_plain_ = false;
    });
    text(note, 20000);
    date(due);
    text(due_modality, 400);
    instant(started);
    cell(staff);
    labels(label);
    if (!is_plain_) return false;
    key(own);
    row.date = *day;
    row.source = "csv";
    if (const auto fact = contact_fact(row)) out_.clinic.contacts.add(*who, *fact);
    return true;
  }

  /// What a score's cells say, without patient and time.
  struct Scored {
    bool is_plain = false;
    std::optional<measures::Score> fact;
  };

  enum ScaleColumn {
    s_id,
    s_patient,
    s_on,
    s_instrument,
    s_total,
    s_informant,
    s_symptoms,
    s_role,
    s_at,
    s_mode,
    s_language,
    s_subscales,
    s_label
  };

  bool scale_result() {
    const auto own = required(s_id, 100);
    const auto who = patient_of(s_patient);
    const auto day = date(s_on, true);
    not_before(day, born(who));
    for (const std::size_t c : {s_role, s_mode, s_language}) cell(c);
    labels(s_label);
    std::optional<Instant> at;
    if (const auto given = cell(s_at); !given.empty()) {
      at = parse_instant(given);
      if (!at) return false;
    }
    // What decides the score, as one text.
    buffer_.clear();
    for (const std::size_t c : {s_instrument, s_informant, s_total, s_symptoms, s_subscales})
      buffer_.append(cell(c)).append(1, '\x1f');
    if (!add_sum())
      for (const auto& item : layout_.items) buffer_.append(rows_.cell(item.column)).append(1, '\x1f');
    if (!is_plain_) return false;
    auto found = scored_.find(buffer_);
    if (found == scored_.end()) {
      if (scored_.size() >= kMostCached) scored_.clear();
      found = scored_.emplace(buffer_, score()).first;
    }
    if (!found->second.is_plain) return false;
    key(own);
    if (found->second.fact) {
      measures::Score fact = *found->second.fact;
      fact.date = *day;
      fact.at = at ? at->time_since_epoch().count()
                   : day->days_since_1970() * kMicrosecondsADay + kMicrosecondsADay / 2 +
                         static_cast<std::int64_t>(std::min<std::size_t>(rows_.line(), 3'000'000'000));
      out_.clinic.scores.add(*who, fact);
    }
    return true;
  }

  /// How an instrument's answers may be put together.
  struct Summed {
    bool usable = false;
    std::vector<int> item_of;           ///< of each of the layout's columns; -1: none of this instrument
    std::vector<std::uint32_t> points;  ///< of each item: one bit for each whole number of points it may have
    std::vector<char> counts;           ///< of each item: it is scored
  };

  /// Where a total is the sum of its items, valid answers tell no more than which were given and what they add up to: that,
  /// instead of every answer, is added to the text that decides the score. False, and nothing is added, where there is doubt.
  bool add_sum() {
    if (layout_.items.empty()) return true;
    const Summed& summed = summed_of(cell(s_instrument));
    if (!summed.usable) return false;
    std::uint64_t given = 0;
    unsigned sum = 0;
    for (std::size_t c = 0; c < layout_.items.size(); ++c) {
      const auto value = rows_.cell(layout_.items[c].column);
      if (value.empty()) continue;
      const int item = summed.item_of[c];
      if (item < 0 || value.size() != 1 || value[0] < '0' || value[0] > '9') return false;
      const auto points = static_cast<unsigned>(value[0] - '0');
      const auto i = static_cast<std::size_t>(item);
      if ((summed.points[i] >> points & 1U) == 0 || (given >> i & 1U) != 0) return false;
      given |= std::uint64_t{1} << i;
      if (summed.counts[i]) sum += points;
    }
    buffer_.append("sum ").append(std::to_string(given)).append(" ").append(std::to_string(sum));
    return true;
  }

  const Summed& summed_of(std::string_view name) {
    if (name == last_name_ && last_summed_ != nullptr) return *last_summed_;
    auto found = summed_.find(std::string(name));
    if (found == summed_.end()) {
      Summed made;
      const auto* known = name.empty() ? nullptr : instrument(name);
      if (known != nullptr) {
        const auto& in = *known->instrument;
        made.usable = in.method == instruments::Method::sum && in.gates.empty() && !in.total_only() && in.items.size() <= 64 &&
                      in.subscale("symptom_count") < 0;
        for (const auto& column : layout_.items) made.item_of.push_back(item_of(in, column));
        for (const auto& item : in.items) {
          std::uint32_t bits = 0;
          for (const auto& option : item.options)
            if (option.points >= 0 && option.points <= 9 && option.points == std::floor(option.points))
              bits |= 1U << static_cast<unsigned>(option.points);
          made.points.push_back(bits);
          made.counts.push_back(item.scored);
        }
      }
      found = summed_.emplace(std::string(name), std::move(made)).first;
    }
    last_name_ = found->first;
    last_summed_ = &found->second;
    return found->second;
  }

  static int item_of(const instruments::Instrument& in, const Layout::Item& column) {
    const int item = in.item(column.name);
    if (item < 0 && static_cast<std::size_t>(column.number) <= in.items.size()) return column.number - 1;
    return item;
  }

  Scored score() {
    const Scored doubt;
    const auto name = cell(s_instrument);
    const auto* found = name.empty() ? nullptr : instrument(name);
    if (found == nullptr) return doubt;
    const auto& i = *found->instrument;
    exchange::GivenForm form;
    form.instrument = &i;
    form.informant = found->informant;
    form.total = real(cell(s_total), -1000, 100000);
    std::string informant = normalize_word(cell(s_informant));
    if (informant == "patient" || informant == "youth") informant = i.has_informant("self") ? "self" : "child";
    if (!informant.empty()) {
      if (!i.has_informant(informant)) return doubt;
      form.informant = informant;
    }
    for (const auto& column : layout_.items) {
      const auto value = rows_.cell(column.column);
      if (value.empty()) continue;
      const int item = item_of(i, column);
      if (item < 0 || i.total_only()) return doubt;
      double points = 0;
      const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), points);
      if (error != std::errc() || end != value.data() + value.size()) return doubt;
      form.answers.push_back({item, points});
    }
    if (const auto count = real(cell(s_symptoms), 0, 100)) {
      if (i.subscale("symptom_count") < 0) return doubt;
      form.subscales.emplace_back("symptom_count", *count);
    }
    if (!cell(s_subscales).empty()) return doubt;
    if (!is_plain_) return doubt;
    if (!form.total && !form.subscales.empty() && i.total_only()) form.total = form.subscales.front().second;
    if (!form.total && form.answers.empty()) return doubt;
    form.total_stands_alone = static_cast<int>(form.answers.size()) * 2 <= i.scored_count;
    auto scored = exchange::score_form(form);
    if (!scored || scored->total_disagrees) return doubt;
    return {true, score_fact(out_.clinic, scored->row, rules_)};
  }

  bool review() {
    enum { id, patient_id, on, documented, to, recommendation, reviewer, question, state, answered, answer_reason, done };
    const auto own = required(id, 100);
    const auto who = patient_of(patient_id);
    const auto day = date(on, true);
    not_before(day, born(who));
    auto& row = review_;
    const auto is_documented = boolean(documented);
    if (!is_documented) return false;
    row.recommendation = text(recommendation, 20000);
    row.recommendation_to.clear();
    if (const auto given = cell(to); !given.empty()) {
      row.recommendation_to = normalize_word(given);
      if (row.recommendation_to == "bhcm") row.recommendation_to = "care_manager";
    }
    text(reviewer, 200);
    text(question, 20000);
    row.recommendation_state = word(state, exchange::kAdviceWords).value_or("none");
    row.answered_date = date(answered);
    text(answer_reason, 4000);
    row.done_date = date(done);
    not_before(row.answered_date, day);
    not_before(row.done_date, day);
    if (!is_plain_) return false;
    key(own);
    row.date = *day;
    row.recommendation_documented = *is_documented;
    row.source = "csv";
    out_.clinic.reviews.add(*who, review_fact(row));
    if (auto advice = recommendation_fact(row)) out_.clinic.recommendations.add(*who, std::move(*advice));
    return true;
  }

  bool visit() {
    enum { id, patient_id, on, provider, codes, modality };
    const auto own = required(id, 100);
    const auto who = patient_of(patient_id);
    const auto day = date(on, true);
    not_before(day, born(who));
    const auto category = required(provider);
    buffer_.assign(category).append(1, '\x1f').append(cell(codes)).append(1, '\x1f').append(cell(modality));
    if (!is_plain_) return false;
    auto found = visits_.find(buffer_);
    if (found == visits_.end()) {
      exchange::PracticeVisit row;
      row.provider_category = normalize_word(category);
      list(codes, [&](std::string_view code) { row.billing_codes.append(row.billing_codes.empty() ? "" : " ").append(code); });
      row.modality = normalize_word(cell(modality));
      if (row.modality == "telephone") row.modality = "phone";
      if (visits_.size() >= kMostCached) visits_.clear();
      found = visits_.emplace(buffer_, visit_fact(row, rules_)).first;
    }
    key(own);
    measures::Visit fact = found->second;
    fact.date = *day;
    out_.clinic.visits.add(*who, fact);
    return true;
  }

  bool site_month() {
    enum { site, month, fte };
    const auto name = required(site);
    const auto given = required(month, 10);
    const auto start = given.size() == 7 ? Date::parse(std::string(given) + "-01") : std::nullopt;
    const auto number = real(required(fte), 0, 1000);
    if (!is_plain_ || !start || !number) return false;
    key(buffer_.assign(name).append("|").append(given));
    out_.clinic.bhcm_fte.emplace_back(*start, *number);
    return true;
  }

  bool time_entry() {
    enum { id, patient_id, staff, on, minute, activity, start, billed, contact_id, role };
    const auto own = required(id, 100);
    const auto who = patient_of(patient_id);
    required(staff);
    not_before(date(on, true), born(who));
    minutes(minute, true);
    required(activity);
    if (const auto time = cell(start); !time.empty()) {
      const auto digit = [&](std::size_t i) { return time[i] >= '0' && time[i] <= '9' ? time[i] - '0' : 99; };
      if (time.size() != 5 || time[2] != ':' || digit(0) * 10 + digit(1) > 23 || digit(3) * 10 + digit(4) > 59 || digit(1) > 9 ||
          digit(4) > 9)
        return false;
    }
    boolean(billed);
    if (!cell(contact_id).empty()) return false;
    word(role, exchange::kEntryRoleWords);
    if (!is_plain_) return false;
    key(own);
    return true;
  }

  bool consent() {
    enum { patient_id, on, kind, withdrawn, method, version, language, consent_id };
    const auto who = patient_of(patient_id);
    const auto given = date(on, true);
    not_before(given, born(who));
    std::string what = normalize_word(required(kind, 100));
    not_before(date(withdrawn), given);
    const auto how = word(method, exchange::kMethodWords);
    text(version, 100);
    cell(language);
    const auto own = text(consent_id, 100);
    if (!is_plain_) return false;
    if (what == "cocm" || what == "treatment") what = "collaborative_care";
    if (!how && (what == "verbal" || what == "written" || what == "electronic")) what = "collaborative_care";
    if (own.empty()) {
      buffer_.assign(cell(patient_id)).append("|").append(what).append("|");
      given->append_iso(buffer_);
      key(buffer_);
    } else {
      key(own);
    }
    return true;
  }

  const instruments::Found* instrument(std::string_view name) {
    auto found = instruments_.find(std::string(name));
    if (found == instruments_.end()) {
      std::optional<instruments::Found> looked_up;
      if (auto result = library_.lookup(name)) looked_up = *result;
      found = instruments_.emplace(std::string(name), looked_up).first;
    }
    return found->second ? &*found->second : nullptr;
  }

  const Kind kind_;
  exchange::PlainRows rows_;
  const Layout& layout_;
  const Patients& patients_;
  const instruments::Library& library_;
  const measures::NysRules& rules_;
  Part& out_;
  bool is_plain_ = true;
  std::optional<PatientIndex> last_patient_;
  std::string buffer_;
  contacts::Contact contact_;
  reviews::Review review_;
  std::unordered_map<std::string, Scored> scored_;
  std::unordered_map<std::string, Summed> summed_;
  std::string_view last_name_;
  const Summed* last_summed_ = nullptr;
  std::unordered_map<std::string, measures::Visit> visits_;
  std::unordered_map<std::string, std::optional<instruments::Found>> instruments_;
};

/// nullopt: a column that is not ours, or one of ours written in an unusual way, or a required one is missing.
std::optional<Layout> layout_of(Kind kind, const exchange::PlainSheet& sheet, std::size_t required) {
  Layout layout;
  const auto& columns = exchange::csv_columns(name_of(kind));
  layout.of.assign(columns.size(), -1);
  for (std::size_t i = 0; i < sheet.header.size(); ++i) {
    const auto& name = sheet.header[i];
    const auto at = std::find(columns.begin(), columns.end(), name);
    if (at != columns.end()) {
      layout.of[static_cast<std::size_t>(at - columns.begin())] = static_cast<int>(i);
    } else if (kind == Kind::scale_result && exchange::is_known_column("scale_result", name)) {
      int number = 0;
      for (const char c : std::string_view(name).substr(1)) number = number * 10 + (c - '0');
      layout.items.push_back({i, name, number});
    } else {
      return std::nullopt;
    }
  }
  for (std::size_t i = 0; i < required; ++i)
    if (layout.of[i] < 0) return std::nullopt;
  return layout;
}

struct File {
  Kind kind;
  exchange::FileInMemory bytes;
  exchange::PlainSheet sheet;
  Layout layout;
};

/// No two episodes of a patient at one time.
bool episodes_are_apart(const measures::Clinic& clinic) {
  std::vector<const measures::Episode*> own;
  for (std::size_t p = 0; p < clinic.patients.size(); ++p) {
    const auto list = clinic.episodes.of(static_cast<PatientIndex>(p));
    if (list.size() < 2) continue;
    own.clear();
    for (const auto& e : list) own.push_back(&e);
    std::stable_sort(own.begin(), own.end(),
                     [](const measures::Episode* a, const measures::Episode* b) { return a->enrolled < b->enrolled; });
    for (std::size_t i = 1; i < own.size(); ++i)
      if (!own[i - 1]->discharged || *own[i - 1]->discharged > own[i]->enrolled) return false;
  }
  return true;
}

}  // namespace

std::optional<measures::Clinic> clinic_from_plain_csv(const fs::path& folder, const instruments::Library& instruments,
                                                      const measures::NysRules& rules, std::size_t chunk_bytes) {
  std::vector<File> files;
  std::error_code error;
  for (const auto name : exchange::csv_kinds()) {
    const fs::path path = folder / (std::string(name) + ".csv");
    if (!fs::exists(path, error)) continue;
    const auto kind = std::find(std::begin(kNames), std::end(kNames), name);
    if (kind == std::end(kNames)) return std::nullopt;
    auto bytes = exchange::FileInMemory::open(path);
    if (!bytes) return std::nullopt;
    auto sheet = exchange::cut_into_chunks(bytes->text(), chunk_bytes);
    if (!sheet) return std::nullopt;
    const Kind which = kKinds[kind - std::begin(kNames)];
    auto layout = layout_of(which, *sheet, exchange::csv_required_columns(name));
    if (!layout) return std::nullopt;
    files.push_back({which, std::move(*bytes), std::move(*sheet), std::move(*layout)});
  }
  if (files.empty() || files.front().kind != Kind::patient) return std::nullopt;

  Patients patients;
  const auto read = [&](const File& file, const exchange::PlainChunk& chunk, Part& part) {
    ChunkReader(file.kind, chunk, file.sheet, file.layout, patients, instruments, rules, part).read();
  };
  measures::Clinic clinic;
  std::vector<Part> of_patients(files.front().sheet.chunks.size());
  {
    parallel(of_patients.size(), [&](std::size_t i) { read(files.front(), files.front().sheet.chunks[i], of_patients[i]); });
    std::vector<Patients::One> all;
    for (auto& part : of_patients) {
      if (!part.is_plain) return std::nullopt;
      all.insert(all.end(), part.patients.begin(), part.patients.end());
    }
    for (const auto& p : all) clinic.add_patient(std::string(p.key), p.born, p.died);
    if (!patients.build(std::move(all))) return std::nullopt;
  }

  struct Task {
    const File* file;
    const exchange::PlainChunk* chunk;
  };
  std::vector<Task> tasks;
  for (std::size_t f = 1; f < files.size(); ++f)
    for (const auto& chunk : files[f].sheet.chunks) tasks.push_back({&files[f], &chunk});
  std::vector<Part> parts(tasks.size());
  parallel(tasks.size(), [&](std::size_t i) { read(*tasks[i].file, *tasks[i].chunk, parts[i]); });
  std::vector<std::vector<const std::vector<std::uint64_t>*>> keys(std::size(kKinds));
  std::vector<measures::Clinic> facts;
  facts.reserve(parts.size());
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (!parts[i].is_plain) return std::nullopt;
    keys[static_cast<std::size_t>(tasks[i].file->kind)].push_back(&parts[i].keys);
    facts.push_back(std::move(parts[i].clinic));
  }
  std::vector<char> differ(keys.size());
  parallel(keys.size(), [&](std::size_t i) { differ[i] = all_differ(keys[i]); });
  if (std::find(differ.begin(), differ.end(), 0) != differ.end()) return std::nullopt;
  clinic.join(facts);
  if (!episodes_are_apart(clinic)) return std::nullopt;
  return clinic;
}

}  // namespace concord::app
