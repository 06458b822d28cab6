#include "ecqm/own_record.h"

#include <algorithm>
#include <cctype>

namespace concord::ecqm {
namespace {

// Ingredients, not a value set: medicines that are sold for depression in the United States, by their nonproprietary names.
constexpr std::string_view kAntidepressants[] = {
    "amitriptyline", "amoxapine",     "bupropion",       "citalopram",   "clomipramine", "desipramine",     "desvenlafaxine",
    "doxepin",       "duloxetine",    "escitalopram",    "esketamine",   "fluoxetine",   "fluvoxamine",     "gepirone",
    "imipramine",    "isocarboxazid", "levomilnacipran", "maprotiline",  "mirtazapine",  "nefazodone",      "nortriptyline",
    "paroxetine",    "phenelzine",    "protriptyline",   "selegiline",   "sertraline",   "tranylcypromine", "trazodone",
    "trimipramine",  "venlafaxine",   "vilazodone",      "vortioxetine", "zuranolone"};

constexpr std::string_view kPhq9 = "2.16.840.1.113883.3.67.1.101.1.263";
constexpr std::string_view kContactOrOffice = "2.16.840.1.113762.1.4.1080.5";
constexpr std::string_view kToScreen = "2.16.840.1.113883.3.600.1916";
constexpr std::string_view kOffice = "2.16.840.1.113883.3.464.1003.101.12.1001";
constexpr std::string_view kTelephone = "2.16.840.1.113883.3.464.1003.101.12.1080";
constexpr std::string_view kVirtual = "2.16.840.1.113883.3.464.1003.101.12.1089";
constexpr std::string_view kBipolar = "2.16.840.1.113883.3.67.1.101.1.128";
constexpr std::string_view kActiveDepression = "2.16.840.1.113883.3.526.3.1491";
constexpr int kAdult = 18;

constexpr std::uint16_t kEveryProfile = 0xffff;  // what is in the store is what it is: no tags to trust

std::string folded(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

template <class T>
T& made(std::vector<T>& list, std::string_view id, Code status) {
  T& one = list.emplace_back();
  one.id = id;
  one.profiles = kEveryProfile;
  one.status = status;
  return one;
}

}  // namespace

Concept concept_of_code(std::string_view system, std::string_view code) {
  if (folded(system).find("icd-10") == std::string::npos) return Concept::other;
  std::string plain;
  for (const char c : code)
    if (c != '.' && c != ' ') plain += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  const auto begins = [&](std::string_view with) { return plain.starts_with(with); };
  if (begins("F3281")) return Concept::other;  // premenstrual dysphoric disorder
  if (begins("F324") || begins("F325") || begins("F334")) return Concept::depression_in_remission;
  if (begins("F32") || begins("F33")) return Concept::depression;
  if (begins("F341")) return Concept::dysthymia;
  if (begins("F30") || begins("F31")) return Concept::bipolar;
  if (begins("F603")) return Concept::labile_personality;
  if (begins("F2")) return Concept::psychotic;
  if (begins("F84")) return Concept::developmental;
  if (begins("Z515")) return Concept::palliative;
  return Concept::other;
}

Concept concept_of_episode(std::string_view primary_condition) {
  return primary_condition == "depression" || primary_condition == "perinatal_depression" ? Concept::depression : Concept::other;
}

bool is_antidepressant(std::string_view name) {
  const std::string text = folded(name);
  return std::any_of(std::begin(kAntidepressants), std::end(kAntidepressants),
                     [&](std::string_view ingredient) { return text.find(ingredient) != std::string::npos; });
}

std::optional<bool> is_positive(std::string_view instrument, double total) {
  if (instrument == "phq-2") return total >= 3;
  if (instrument == "phq-9" || instrument == "phq-9m") return total >= 10;
  return std::nullopt;
}

TermMask OwnReader::set(std::string_view oid) const {
  for (std::size_t i = 0; i < measure_.terms.size(); ++i)
    if (measure_.terms[i].oid == oid) return bit(static_cast<unsigned>(i));
  return 0;
}
TermMask OwnReader::single(std::string_view code) const {
  for (std::size_t i = 0; i < measure_.terms.size(); ++i)
    if (measure_.terms[i].oid.empty() && (measure_.terms[i].code == code || measure_.terms[i].code2 == code))
      return bit(static_cast<unsigned>(i));
  return 0;
}

TermMask OwnReader::terms_of(Concept concept_class) const {
  const TermMask any_depression = set("2.16.840.113883.3.67.1.101.3.2444") | set("2.16.840.1.113883.3.464.1003.105.12.1007");
  switch (concept_class) {
    case Concept::depression:
      return any_depression | set(kActiveDepression);
    case Concept::depression_in_remission:
      return any_depression;
    case Concept::dysthymia:
      return set("2.16.840.1.113883.3.67.1.101.1.254");
    case Concept::bipolar:
      return set(kBipolar);
    case Concept::labile_personality:
      return set("2.16.840.1.113883.3.67.1.101.1.246");
    case Concept::psychotic:
      return set("2.16.840.1.113883.3.464.1003.105.12.1104");
    case Concept::developmental:
      return set("2.16.840.1.113883.3.464.1003.105.12.1152");
    case Concept::palliative:
      return set("2.16.840.1.113883.3.464.1003.1167");
    case Concept::other:
      break;
  }
  return 0;
}

void OwnReader::add_condition(std::string_view id, Concept concept_class, Date from, std::optional<Date> to, bool active) {
  const TermMask code = terms_of(concept_class);
  if (code == 0) return;
  Condition& c = made(facts_.conditions, id, active ? Code::active : Code::resolved);
  c.code = code;
  c.verification = Code::confirmed;
  c.kind = ConditionKind::problem_list;
  c.onset = Span::of_point(Moment::of(from));
  if (to) {
    c.abatement = Span::of_point(Moment::of(*to));
    c.abated = true;
  }
}

const Facts& OwnReader::read(const OwnRecord& record) {
  facts_.clear();
  facts_.patient_id = record.id;
  if (record.birth) facts_.birth = Moment::of(*record.birth);
  facts_.deceased = record.died.has_value();
  if (record.died) facts_.died = Moment::of(*record.died);

  for (const auto& e : record.episodes) add_condition("", concept_of_episode(e.condition), e.referred, std::nullopt, true);
  for (const auto& c : record.conditions) {
    const Code status = code_of(c.status);
    const bool active = status == Code::active || status == Code::recurrence || status == Code::relapse;
    add_condition(c.id, concept_of_code(c.system, c.code), c.onset.value_or(c.recorded), c.ended, active);
  }

  const TermMask phq9 = set(kPhq9), risk = single("225337009");
  const TermMask teen = single("73831-0"), adult = single("73832-8");
  const TermMask positive = single("428181000124104"), negative = single("428171000124102");
  for (const auto& s : record.scores) {
    if (s.instrument == "c-ssrs-screener") {
      if (risk == 0) continue;
      Procedure& p = made(facts_.procedures, s.id, Code::completed);
      p.code = risk;
      p.performed = Span::of_point(Moment::of(s.day));
      continue;
    }
    if (!s.total) continue;
    Observation o;
    o.id = s.id;
    o.profiles = kEveryProfile;
    o.status = Code::final;
    o.effective = Span::of_point(Moment::at(s.at, s.day));
    if (phq9 != 0 && s.instrument != "phq-2") {
      o.code = phq9;
      o.value_kind = ValueKind::number;
      o.number = *s.total;
      facts_.observations.push_back(o);
    }
    if (const auto found = is_positive(s.instrument, *s.total); found && (teen | adult) != 0) {
      const bool grown = s.instrument != "phq-9m" && record.birth && age_in_years(*record.birth, s.day) >= kAdult;
      o.code = grown ? adult : teen;
      o.value_kind = ValueKind::concept_value;
      o.value = *found ? positive : negative;
      facts_.observations.push_back(o);
    }
  }

  for (const auto& v : record.visits) {
    Encounter& e = made(facts_.encounters, v.id, Code::finished);
    e.type = set(kContactOrOffice);
    if (v.way == OwnRecord::Way::phone) e.type |= set(kTelephone);
    else e.type |= set(kToScreen) | set(kOffice);
    if (v.way == OwnRecord::Way::video) e.type |= set(kVirtual);
    e.period = Span::of_days(v.day, v.day);
    if (const TermMask active = set(kActiveDepression); active != 0)
      for (const Condition& c : facts_.conditions)
        if (has(c.code, static_cast<unsigned>(__builtin_ctzll(active))) && met(overlap_by_day(prevalence(c, false), e.period)))
          e.diagnosis = active;
  }

  const TermMask drugs = set("2.16.840.1.113883.3.526.3.1566") | set("2.16.840.1.113883.3.526.3.1567") |
                         set("2.16.840.1.113883.3.464.1003.196.12.1213");
  const TermMask talks = set("2.16.840.1.113883.3.526.3.1568") | set("2.16.840.1.113883.3.526.3.1569");
  for (const auto& t : record.treatments) {
    if (t.kind == "psychotherapy") {
      if (talks == 0) continue;
      Procedure& p = made(facts_.procedures, t.id, Code::completed);
      p.code = talks;
      p.performed = Span::of_point(Moment::of(t.start));
      continue;
    }
    if (drugs == 0 || !is_antidepressant(t.name)) continue;
    MedicationRequest& r = made(facts_.medication_requests, t.id, t.stop ? Code::completed : Code::active);
    r.medication = drugs;
    r.intent = Code::order;
    r.authored = r.supply.bounds_start = Moment::of(t.start);
    r.supply.bounds_end = Moment::of(t.stop.value_or(Date::ymd(2199, 12, 31)));
    const Date last = std::min(t.stop.value_or(today_), today_);
    if (last < t.start) continue;
    MedicationDispense& d = made(facts_.medication_dispenses, t.id, Code::completed);
    d.medication = drugs;
    d.handed_over = Moment::of(t.start);
    d.supply.days = last - t.start + 1;
  }

  if (const TermMask referred = set("2.16.840.1.113883.3.526.3.1570") | set("2.16.840.1.113883.3.526.3.1571"); referred != 0)
    for (const auto& one : record.referrals) {
      ServiceRequest& r = made(facts_.service_requests, one.id, Code::active);
      r.code = referred;
      r.intent = Code::order;
      r.authored = Moment::of(one.received);
    }
  return facts_;
}

}  // namespace concord::ecqm
