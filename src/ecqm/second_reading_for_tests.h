// A second reading of CMS159, CMS2, CMS128 and CMS177, only for tests: plain loops over the raw JSON of a bundle, one rule after
// the other as the tables say it, slow, and nothing shared with the engine but the calendar. What it says is compared with the
// engine's.
#pragma once

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "ecqm/cases_for_tests.h"

namespace concord::ecqm::testing {

class SecondReading {
 public:
  explicit SecondReading(const std::filesystem::path& value_sets) {
    for (const auto& file : std::filesystem::directory_iterator(value_sets)) {
      const Node set = Node::parse(read_whole(file.path()));
      const std::string& url = set.find("url")->text;
      auto& codes = sets_[url.substr(url.rfind('/') + 1)];
      for (const Node& one : set.find("expansion")->find("contains")->items)
        codes.insert(one.find("system")->text + "|" + one.find("code")->text);
    }
  }

  Said read(const std::string& measure, const json::Value& bundle, const MeasurementPeriod& period, const Switches& switches) {
    all_.clear();
    const json::Value* entries = bundle.find("entry");
    if (entries != nullptr)
      for (const auto& e : entries->items())
        if (const auto* r = e.find("resource")) all_.push_back(r);
    from_ = period.from;
    to_ = period.to;
    s_ = switches;
    if (measure == "cms159") return cms159();
    if (measure == "cms2") return cms2();
    if (measure == "cms128") return cms128();
    return cms177();
  }

 private:
  using V = const json::Value*;

  // ---- Reading

  static V at(V v, std::string_view key) { return v == nullptr ? nullptr : v->find(key); }
  static std::string str(V v) { return v != nullptr && v->is(json::Kind::string) ? std::string(v->text()) : ""; }
  static std::string str(V v, std::string_view key) { return str(at(v, key)); }
  static bool yes(V v) { return v != nullptr && v->is(json::Kind::boolean) && v->boolean(); }
  static std::optional<double> num(V v) { return v != nullptr && v->is(json::Kind::number) ? v->real() : std::nullopt; }

  std::vector<V> of_type(std::string_view type) const {
    std::vector<V> found;
    for (V r : all_)
      if (str(r, "resourceType") == type) found.push_back(r);
    return found;
  }
  /// Any coding of the concept (or of one of several) is in the set or is the single code.
  static bool any_coding(V concept_value, const std::set<std::string>& codes) {
    if (concept_value == nullptr) return false;
    if (concept_value->is(json::Kind::array)) {
      for (const auto& one : concept_value->items())
        if (any_coding(&one, codes)) return true;
      return false;
    }
    if (V list = at(concept_value, "coding"))
      for (const auto& c : list->items())
        if (codes.contains(str(&c, "system") + "|" + str(&c, "code"))) return true;
    return false;
  }
  bool in(V concept_value, const std::string& oid) const { return any_coding(concept_value, sets_.at(oid)); }
  static bool loinc(V c, const std::string& code) { return any_coding(c, {"http://loinc.org|" + code}); }
  static bool snomed(V c, const std::string& code) { return any_coding(c, {"http://snomed.info/sct|" + code}); }
  static bool one_of(const std::string& word, std::initializer_list<const char*> words) {
    for (const char* w : words)
      if (word == w) return true;
    return false;
  }
  /// With trusted tags, a resource is seen only when it names the profile.
  bool seen(V r, std::initializer_list<const char*> profiles) const {
    if (!s_.trust_meta_profile) return true;
    if (V list = at(at(r, "meta"), "profile"))
      for (const auto& p : list->items())
        for (const char* name : profiles) {
          std::string url = str(&p);
          url = url.substr(0, url.find('|'));
          if (url == std::string("http://hl7.org/fhir/us/qicore/StructureDefinition/") + name) return true;
        }
    return false;
  }

  // ---- Time. `parts`: year, month, day as far as known; `micros` when the time is known.

  struct When {
    std::vector<int> parts;
    std::optional<std::int64_t> micros;
    bool known() const { return !parts.empty(); }
    bool has_day() const { return parts.size() == 3; }
    Date day() const { return Date::ymd(parts[0], static_cast<unsigned>(parts[1]), static_cast<unsigned>(parts[2])); }
    std::int64_t order() const {
      if (micros) return *micros;
      if (parts.empty()) return INT64_MIN;
      const Date first = Date::ymd(parts[0], static_cast<unsigned>(parts.size() > 1 ? parts[1] : 1),
                                   static_cast<unsigned>(parts.size() > 2 ? parts[2] : 1));
      return std::int64_t{first.days_since_1970()} * 86'400'000'000;
    }
  };
  static When when(V v) {
    When w;
    const std::string t = str(v);
    if (t.size() < 4) return w;
    w.parts.push_back(std::stoi(t.substr(0, 4)));
    if (t.size() >= 7) w.parts.push_back(std::stoi(t.substr(5, 2)));
    if (t.size() >= 10) w.parts.push_back(std::stoi(t.substr(8, 2)));
    if (t.size() > 10) {
      if (const auto instant = parse_instant(t)) w.micros = instant->time_since_epoch().count();
      else throw std::runtime_error("time? " + t);
    }
    return w;
  }
  static When of(Date d) {
    const auto p = d.parts();
    return {{static_cast<int>(p.year()), static_cast<int>(static_cast<unsigned>(p.month())),
             static_cast<int>(static_cast<unsigned>(p.day()))},
            {}};
  }
  /// -1, 0, 1 or nothing when the known parts do not tell.
  static std::optional<int> by_day(const When& a, const When& b) {
    for (std::size_t i = 0; i < 3; ++i) {
      if (i >= a.parts.size() || i >= b.parts.size()) return std::nullopt;
      if (a.parts[i] != b.parts[i]) return a.parts[i] < b.parts[i] ? -1 : 1;
    }
    return 0;
  }
  static std::optional<int> in_full(const When& a, const When& b) {
    if (a.micros && b.micros) return *a.micros < *b.micros ? -1 : *a.micros > *b.micros ? 1 : 0;
    const auto days = by_day(a, b);
    if (days == 0 && (a.micros || b.micros)) return std::nullopt;
    return days;
  }
  /// An end of a stretch: a time, for ever, or not known (then only that it is not after the other end).
  struct Stretch {
    bool exists = false, low_ever = false, high_ever = false;
    When low, high;  // not known(): see the flags
  };
  using Compare = std::optional<int> (*)(const When&, const When&);
  static bool not_after(const When& a, const When& b, Compare compare) {
    const auto c = compare(a, b);
    return c && *c <= 0;
  }
  /// Surely: the start of a is on or before the end of b.
  static bool begins_by_end(const Stretch& a, const Stretch& b, Compare compare) {
    if (a.low_ever || b.high_ever) return true;
    if (!b.high.known()) return false;
    if (a.low.known()) return not_after(a.low, b.high, compare);
    return a.high.known() && not_after(a.high, b.high, compare);  // it began on or before its end
  }
  static bool overlaps(const Stretch& a, const Stretch& b, Compare compare) {
    return a.exists && b.exists && begins_by_end(a, b, compare) && begins_by_end(b, a, compare);
  }
  static Stretch point(const When& w) {
    Stretch s;
    s.exists = w.known();
    s.low = s.high = w;
    return s;
  }
  static Stretch days(Date from, Date to) {
    Stretch s;
    s.exists = true;
    s.low = of(from);
    s.high = of(to);
    return s;
  }
  static Stretch period(V p) {
    Stretch s;
    if (p == nullptr || !p->is(json::Kind::object)) return s;
    s.low = when(at(p, "start"));
    s.high = when(at(p, "end"));
    s.exists = s.low.known() || s.high.known();
    s.high_ever = s.exists && !s.high.known();
    return s;
  }
  static Stretch effective(V r, const std::string& stem) {
    if (V p = at(r, stem + "Period")) return period(p);
    if (V i = at(r, stem + "Instant")) return point(when(i));
    return point(when(at(r, stem + "DateTime")));
  }
  static bool day_in(const When& w, Date from, Date to) {
    return w.known() && not_after(of(from), w, by_day) && not_after(w, of(to), by_day);
  }
  static bool ends_in(const Stretch& s, Date from, Date to) { return s.exists && !s.high_ever && day_in(s.high, from, to); }
  static bool starts_in(const Stretch& s, Date from, Date to) { return s.exists && !s.low_ever && day_in(s.low, from, to); }
  static bool lies_in(const Stretch& s, Date from, Date to) {
    return s.exists && !s.low_ever && !s.high_ever && s.low.known() && s.high.known() && not_after(of(from), s.low, by_day) &&
           not_after(s.high, of(to), by_day);
  }
  static bool starts_by(const Stretch& s, Date last) {
    if (!s.exists) return false;
    if (s.low_ever) return true;
    if (s.low.known()) return not_after(s.low, of(last), by_day);
    return s.high.known() && not_after(s.high, of(last), by_day);
  }

  // ---- Conditions

  static std::string code_in(V concept_value) {
    V list = at(concept_value, "coding");
    return list == nullptr || list->items().empty() ? "" : str(&list->items()[0], "code");
  }
  static bool verified(V condition) {
    if (at(condition, "verificationStatus") == nullptr) return true;
    return one_of(code_in(at(condition, "verificationStatus")), {"confirmed", "unconfirmed", "provisional", "differential"});
  }
  When birth() const {
    for (V p : of_type("Patient")) return when(at(p, "birthDate"));
    return {};
  }
  /// The day somebody of this birth date turns so many years; nothing when it is not known to the day.
  std::optional<Date> turns(double years) const {
    const When b = birth();
    if (!b.has_day()) return std::nullopt;
    return b.day().plus_months(static_cast<int>(years) * 12);
  }
  Stretch prevalence(V c) const {
    Stretch s;
    const std::string status = code_in(at(c, "clinicalStatus"));
    const bool active = one_of(status, {"active", "recurrence", "relapse"}) || s_.null_prevalence_is_ongoing;
    When end;
    if (V d = at(c, "abatementDateTime")) end = when(d);
    else if (V p = at(c, "abatementPeriod")) {
      end = when(at(p, "end"));
      if (end.micros) end.micros = *end.micros - 1000;
      else if (end.has_day()) end = of(end.day().plus_days(-1));
    } else if (V a = at(c, "abatementAge")) {
      if (const auto day = turns(num(at(a, "value")).value_or(0) + 1)) end = of(day->plus_days(-1));
    }
    When start;
    if (V d = at(c, "onsetDateTime")) start = when(d);
    else if (V p = at(c, "onsetPeriod")) start = when(at(p, "start"));
    else if (V a = at(c, "onsetAge")) {
      if (const auto day = turns(num(at(a, "value")).value_or(0))) start = of(*day);
    }
    if (!end.known() && !active) return s;         // 1.3.1
    if (!end.known() && !start.known()) return s;  // neither end known
    s.exists = true;
    s.low = start;
    s.low_ever = !start.known();
    s.high = end;
    s.high_ever = !end.known();
    return s;
  }
  /// 0 younger, else whole years on a day by the calendar.
  std::optional<int> age(Date on) const {
    const When b = birth();
    if (!b.has_day()) return std::nullopt;  // the tests only use whole birth dates
    const auto born = b.day().parts(), then = on.parts();
    int years = static_cast<int>(then.year()) - static_cast<int>(born.year());
    if (then.month() < born.month() || (then.month() == born.month() && then.day() < born.day())) --years;
    return years;
  }
  static std::optional<double> value_of(V o) {
    if (V i = at(o, "valueInteger")) return num(i);
    return num(at(at(o, "valueQuantity"), "value"));
  }
  static bool is_final(V o) { return one_of(str(o, "status"), {"final", "amended", "corrected"}); }
  static bool is_order_intent(V r) {
    return one_of(str(r, "intent"), {"order", "original-order", "reflex-order", "filler-order", "instance-order"});
  }

  // ---- CMS159

  static constexpr const char* kProblem = "qicore-condition-problems-health-concerns";
  static constexpr const char* kEncounterDx = "qicore-condition-encounter-diagnosis";
  static constexpr const char* kScreen = "qicore-observation-screening-assessment";

  Said cms159() const {
    Said said;
    const Date dip_first = from_.plus_months(-14), dip_last = from_.plus_months(-2).plus_days(-1);

    std::vector<Stretch> visits;
    for (V e : of_type("Encounter")) {
      if (!seen(e, {"qicore-encounter"}) || str(e, "status") != "finished" || !in(at(e, "type"), "2.16.840.1.113762.1.4.1080.5"))
        continue;
      const Stretch p = period(at(e, "period"));
      if (!ends_in(p, dip_first, dip_last)) continue;
      for (V c : of_type("Condition"))
        if (seen(c, {kProblem, kEncounterDx}) && verified(c) &&
            (in(at(c, "code"), "2.16.840.113883.3.67.1.101.3.2444") || in(at(c, "code"), "2.16.840.1.113883.3.67.1.101.1.254")) &&
            overlaps(p, prevalence(c), in_full)) {
          visits.push_back(p);
          break;
        }
    }

    std::vector<V> tools;
    for (V o : of_type("Observation"))
      if (seen(o, {kScreen}) && is_final(o) && in(at(o, "code"), "2.16.840.1.113883.3.67.1.101.1.263")) tools.push_back(o);
    V index = nullptr;
    for (V o : tools) {
      const auto value = value_of(o);
      if (!value || *value <= 9) continue;
      const Stretch e = effective(o, "effective");
      bool at_visit = false;
      for (const Stretch& v : visits)
        if (v.low.has_day() && v.high.has_day() && lies_in(e, v.low.day().plus_days(-7), v.high.day())) at_visit = true;
      if (at_visit && (index == nullptr || earlier(e, effective(index, "effective")))) index = o;
    }
    if (index == nullptr) return said;
    const Date day = effective(index, "effective").low.day();
    const auto years = age(day);
    if (!years || *years < 12) return said;
    said.populations = {{"ipop", 1}, {"denom", 1}};
    said.stratum = *years >= 18 ? "18+" : "12-17";

    const Date map_first = day.plus_months(12).plus_days(-60), map_last = day.plus_months(12).plus_days(60);
    if (excluded159(dip_first, map_last)) {
      said.populations["denex"] = 1;
      return said;
    }
    V last = nullptr;
    for (V o : tools) {
      const Stretch e = effective(o, "effective");
      if (!starts_in(e, map_first, map_last)) continue;
      if (last == nullptr || later(e, effective(last, "effective"))) last = o;
    }
    if (last != nullptr && value_of(last) && *value_of(last) < 5) said.populations["numer"] = 1;
    return said;
  }
  bool earlier(const Stretch& a, const Stretch& b) const {
    return a.low.order() < b.low.order() || (a.low.order() == b.low.order() && s_.tie == Switches::Tie::last_listed);
  }
  bool later(const Stretch& a, const Stretch& b) const {
    return a.low.order() > b.low.order() || (a.low.order() == b.low.order() && s_.tie == Switches::Tie::last_listed);
  }
  bool excluded159(Date first, Date last) const {
    const Stretch w = days(first, last);
    for (V e : of_type("Encounter")) {
      if (!seen(e, {"qicore-encounter"})) continue;
      const Stretch p = period(at(e, "period"));
      const std::string status = str(e, "status");
      V to = at(at(e, "hospitalization"), "dischargeDisposition");
      if (in(at(e, "type"), "2.16.840.1.113883.3.666.5.307") && status == "finished" && ends_in(p, first, last) &&
          (snomed(to, "428361000124107") || snomed(to, "428371000124100")))
        return true;
      if (in(at(e, "type"), "2.16.840.1.113883.3.464.1003.1003") &&
          !one_of(status, {"cancelled", "entered-in-error", "unknown"}) && overlaps(p, w, by_day))
        return true;
      if (in(at(e, "type"), "2.16.840.1.113883.3.464.1003.101.12.1090") && status == "finished" && overlaps(p, w, by_day))
        return true;
    }
    for (V o : of_type("Observation")) {
      if (!seen(o, {kScreen}) || !is_final(o) || !overlaps(effective(o, "effective"), w, by_day)) continue;
      if (loinc(at(o, "code"), "45755-6") && snomed(at(o, "valueCodeableConcept"), "373066001")) return true;
      if (loinc(at(o, "code"), "71007-9")) return true;
    }
    for (V r : of_type("ServiceRequest"))
      if (seen(r, {"qicore-servicerequest"}) && in(at(r, "code"), "2.16.840.1.113883.3.526.3.1584") &&
          one_of(str(r, "status"), {"active", "completed"}) && is_order_intent(r) && !yes(at(r, "doNotPerform")) &&
          day_in(when(at(r, "authoredOn")), first, last))
        return true;
    for (V p : of_type("Procedure")) {
      const std::string status = str(p, "status");
      if (!seen(p, {"qicore-procedure"}) || one_of(status, {"not-done", "entered-in-error", "unknown"})) continue;
      if ((in(at(p, "code"), "2.16.840.1.113883.3.526.3.1584") ||
           in(at(p, "code"), "2.16.840.1.113883.3.464.1003.198.12.1135")) &&
          overlaps(effective(p, "performed"), w, by_day))
        return true;
    }
    for (V c : of_type("Condition")) {
      if (!seen(c, {kProblem, kEncounterDx}) || !verified(c)) continue;
      V code = at(c, "code");
      if ((in(code, "2.16.840.1.113883.3.464.1003.1165") || in(code, "2.16.840.1.113883.3.464.1003.1167")) &&
          overlaps(prevalence(c), w, by_day))
        return true;
      if ((in(code, "2.16.840.1.113883.3.67.1.101.1.128") || in(code, "2.16.840.1.113883.3.67.1.101.1.246") ||
           in(code, "2.16.840.1.113883.3.464.1003.105.12.1104") || in(code, "2.16.840.1.113883.3.464.1003.105.12.1152")) &&
          starts_by(prevalence(c), last))
        return true;
    }
    for (V p : of_type("Patient")) {
      const When died = when(at(p, "deceasedDateTime"));
      if (died.known() && not_after(died, of(last), by_day)) return true;
    }
    return false;
  }

  // ---- CMS2

  struct Tool {
    const char *code, *drugs, *talks, *referrals;
  };
  static constexpr Tool kTeen = {"73831-0", "2.16.840.1.113883.3.526.3.1567", "2.16.840.1.113883.3.526.3.1569",
                                 "2.16.840.1.113883.3.526.3.1570"};
  static constexpr Tool kGrown = {"73832-8", "2.16.840.1.113883.3.526.3.1566", "2.16.840.1.113883.3.526.3.1568",
                                  "2.16.840.1.113883.3.526.3.1571"};

  /// Days from `a` to the encounter's day, when both are known.
  static bool days_before(const When& a, const When& b, int most) {
    return a.has_day() && b.has_day() && b.day() - a.day() >= 0 && b.day() - a.day() <= most;
  }
  static bool has_value(V o) {
    for (const auto& m : o->members())
      if (m.key.starts_with("value") && !m.value.is(json::Kind::null)) return true;
    return false;
  }
  std::vector<V> valid_screens(const Tool& tool, const std::vector<Stretch>& visits) const {
    std::vector<V> valid;
    for (V o : of_type("Observation")) {
      if (!seen(o, {kScreen}) || !is_final(o) || !loinc(at(o, "code"), tool.code) || !has_value(o)) continue;
      const Stretch e = effective(o, "effective");
      if (!e.exists || e.high_ever) continue;
      bool near = false;
      for (const Stretch& v : visits) near = near || days_before(e.high, v.low, 14);
      if (near) valid.push_back(o);
    }
    return valid;
  }
  /// First and last day of an order's supply; nothing when the data do not say it.
  static std::optional<std::pair<Date, Date>> supply(V r) {
    V dosage = nullptr;
    if (V list = at(r, "dosageInstruction"); list != nullptr && list->items().size() == 1) dosage = &list->items()[0];
    V repeat = at(at(dosage, "timing"), "repeat");
    V bounds = at(repeat, "boundsPeriod");
    V dispense = at(r, "dispenseRequest");
    When first = when(at(bounds, "start"));
    if (!first.known()) first = when(at(r, "authoredOn"));
    if (!first.known()) first = when(at(at(dispense, "validityPeriod"), "start"));
    if (!first.has_day()) return std::nullopt;
    std::optional<double> count = in_days(at(dispense, "expectedSupplyDuration"));
    if (!count) count = by_dose(dosage, num(at(at(dispense, "quantity"), "value")));
    if (count) {
      const double repeats = num(at(dispense, "numberOfRepeatsAllowed")).value_or(0);
      return std::pair(first.day(), first.day().plus_days(static_cast<int>(std::floor(*count * (1 + repeats) - 1))));
    }
    const When end = when(at(bounds, "end"));
    if (end.has_day()) return std::pair(first.day(), end.day());
    return std::nullopt;
  }
  static std::optional<double> in_days(V duration) {
    const auto n = num(at(duration, "value"));
    if (!n) return std::nullopt;
    const std::string unit = at(duration, "code") != nullptr ? str(duration, "code") : str(duration, "unit");
    return one_of(unit, {"wk", "week", "weeks"}) ? *n * 7 : *n;
  }
  static std::optional<double> by_dose(V dosage, std::optional<double> quantity) {
    V rates = at(dosage, "doseAndRate");
    if (!quantity || rates == nullptr || rates->items().size() != 1) return std::nullopt;
    const auto dose = num(at(at(&rates->items()[0], "doseQuantity"), "value"));
    V repeat = at(at(dosage, "timing"), "repeat");
    const auto frequency = num(at(repeat, "frequency")), every = num(at(repeat, "period"));
    if (!dose || !frequency || !every || *dose <= 0) return std::nullopt;
    const double length = str(repeat, "periodUnit") == "wk"  ? 7 * *every
                          : str(repeat, "periodUnit") == "h" ? *every / 24
                                                             : *every;
    return *quantity / (*dose * (*frequency / length));
  }
  bool medication_in(V r, const std::string& oid) const {
    if (V c = at(r, "medicationCodeableConcept")) return in(c, oid);
    const std::string reference = str(at(r, "medicationReference"), "reference");
    for (V m : of_type("Medication"))
      if (!reference.empty() && reference == "Medication/" + str(m, "id") && in(at(m, "code"), oid)) return true;
    return false;
  }
  bool followed_up(const Tool& tool, const Stretch& screen, const std::vector<Stretch>& visits) const {
    const auto ordered_in_time = [&](V r) {
      const When authored = when(at(r, "authoredOn"));
      if (!day_in(authored, from_, to_)) return false;
      for (const Stretch& v : visits)
        if (days_before(screen.low, v.low, 14) && days_before(v.high, authored, 2)) return true;
      return false;
    };
    for (V r : of_type("ServiceRequest"))
      if (seen(r, {"qicore-servicerequest"}) && in(at(r, "code"), tool.referrals) &&
          one_of(str(r, "status"), {"active", "completed"}) && !yes(at(r, "doNotPerform")) && ordered_in_time(r))
        return true;
    for (V r : of_type("MedicationRequest")) {
      if (!seen(r, {"qicore-medicationrequest"}) || !medication_in(r, tool.drugs) ||
          !one_of(str(r, "status"), {"active", "completed"}) || !is_order_intent(r) || yes(at(r, "doNotPerform")) ||
          !ordered_in_time(r))
        continue;
      const auto supplied = supply(r);
      if (!supplied && s_.order_without_supply_counts) return true;
      if (!supplied) continue;
      for (const Stretch& v : visits)
        if (days_before(screen.low, v.low, 14) && v.high.has_day() && supplied->first <= v.high.day() &&
            supplied->second > v.high.day())
          return true;
    }
    for (V p : of_type("Procedure")) {
      if (!seen(p, {"qicore-procedure"}) || !in(at(p, "code"), tool.talks) || str(p, "status") != "completed") continue;
      const Stretch done = effective(p, "performed");
      if (!done.exists || !done.low.known() || !day_in(done.low, from_, to_)) continue;
      for (const Stretch& v : visits)
        if (days_before(screen.low, v.low, 14) && not_after(v.low, done.low, in_full) && not_after(done.low, v.high, in_full))
          return true;
    }
    return false;
  }
  bool good_screen(const Tool& tool, const std::vector<Stretch>& visits) const {
    V last = nullptr;
    for (V o : valid_screens(tool, visits))
      if (last == nullptr || later(effective(o, "effective"), effective(last, "effective"))) last = o;
    if (last == nullptr) return false;
    if (snomed(at(last, "valueCodeableConcept"), "428171000124102")) return true;
    return snomed(at(last, "valueCodeableConcept"), "428181000124104") && followed_up(tool, effective(last, "effective"), visits);
  }
  bool is_problem(V c) const {
    if (s_.trust_meta_profile) return seen(c, {kProblem});
    bool problem = false, diagnosis = false;
    if (V list = at(c, "category"))
      for (const auto& one : list->items()) {
        const std::string code = code_in(&one);
        problem = problem || code == "problem-list-item" || code == "health-concern";
        diagnosis = diagnosis || code == "encounter-diagnosis";
      }
    if (problem || diagnosis) return problem;
    if (V list = at(at(c, "meta"), "profile"))
      for (const auto& p : list->items()) {
        problem = problem || str(&p).ends_with(kProblem);
        diagnosis = diagnosis || str(&p).ends_with(kEncounterDx);
      }
    return problem || !diagnosis;
  }
  bool excused(const Tool& tool, const std::vector<Stretch>& visits) const {
    if (!valid_screens(tool, visits).empty()) return false;
    for (V o : of_type("Observation")) {
      if (!seen(o, {"qicore-observationcancelled"}) || str(o, "status") != "cancelled" || !loinc(at(o, "code"), tool.code))
        continue;
      bool reason = false;
      if (V list = at(o, "extension"))
        for (const auto& x : list->items())
          if (str(&x, "url") == "http://hl7.org/fhir/us/qicore/StructureDefinition/qicore-notDoneReason")
            reason = reason || snomed(at(&x, "valueCodeableConcept"), "720834000") ||
                     in(at(&x, "valueCodeableConcept"), "2.16.840.1.113883.3.526.3.1007");
      if (!reason) continue;
      const When issued = when(at(o, "issued"));
      for (const Stretch& v : visits)
        if (issued.known() && not_after(v.low, issued, by_day) && not_after(issued, v.high, by_day)) return true;
    }
    return false;
  }
  Said cms2() const {
    Said said;
    const auto years = age(from_);
    if (!years || *years < 12) return said;
    std::vector<Stretch> visits;
    for (V e : of_type("Encounter")) {
      if (!seen(e, {"qicore-encounter"}) || str(e, "status") != "finished") continue;
      V type = at(e, "type");
      if (!in(type, "2.16.840.1.113883.3.600.1916") && !in(type, "2.16.840.1.113883.3.526.3.1022") &&
          !in(type, "2.16.840.1.113883.3.464.1003.101.12.1080"))
        continue;
      const Stretch p = period(at(e, "period"));
      if (lies_in(p, from_, to_)) visits.push_back(p);
    }
    if (visits.empty()) return said;
    said.populations = {{"ipop", 1}, {"denom", 1}};
    for (V c : of_type("Condition")) {
      if (!in(at(c, "code"), "2.16.840.1.113883.3.67.1.101.1.128") || !is_problem(c)) continue;
      const Stretch p = prevalence(c);
      for (const Stretch& v : visits) {
        if (!p.exists || !v.low.known()) continue;
        const auto order = p.low_ever ? std::optional(-1) : p.low.known() ? by_day(p.low, v.low) : by_day(p.high, v.low);
        if (order == -1) {
          said.populations["denex"] = 1;
          return said;
        }
      }
    }
    if ((*years <= 17 && good_screen(kTeen, visits)) || (*years >= 17 && good_screen(kGrown, visits)))
      said.populations["numer"] = 1;
    else if (excused(kTeen, visits) || excused(kGrown, visits)) said.populations["denexcep"] = 1;
    return said;
  }

  // ---- CMS128

  std::optional<std::pair<Date, Date>> dispensed(V d) const {
    if (!seen(d, {"qicore-medicationdispense"}) || !medication_in(d, "2.16.840.1.113883.3.464.1003.196.12.1213") ||
        !one_of(str(d, "status"), {"completed", "in-progress", "on-hold"}))
      return std::nullopt;
    When first = when(at(d, "whenHandedOver"));
    if (!first.known()) first = when(at(d, "whenPrepared"));
    if (!first.has_day()) return std::nullopt;
    auto count = in_days(at(d, "daysSupply"));
    if (!count) {
      V list = at(d, "dosageInstruction");
      count = by_dose(list != nullptr && list->items().size() == 1 ? &list->items()[0] : nullptr,
                      num(at(at(d, "quantity"), "value")));
    }
    if (!count || *count < 1) return std::nullopt;
    return std::pair(first.day(), first.day().plus_days(static_cast<int>(std::floor(*count - 1))));
  }
  Said cms128() const {
    Said said;
    const int year = static_cast<int>(from_.parts().year());
    std::vector<std::pair<Date, Date>> fills;
    std::optional<Date> first;
    for (V d : of_type("MedicationDispense"))
      if (const auto fill = dispensed(d)) {
        fills.push_back(*fill);
        if (fill->first >= Date::ymd(year - 1, 5, 1) && fill->first <= Date::ymd(year, 4, 30) && (!first || fill->first < *first))
          first = fill->first;
      }
    if (!first || age(*first).value_or(0) < 18) return said;
    bool depressed = false, visited = false;
    for (V c : of_type("Condition"))
      depressed =
          depressed || (seen(c, {kProblem, kEncounterDx}) && in(at(c, "code"), "2.16.840.1.113883.3.464.1003.105.12.1007") &&
                        starts_in(prevalence(c), first->plus_days(-60), first->plus_days(60)));
    for (V e : of_type("Encounter"))
      for (const char* oid : {"2.16.840.1.113883.3.526.3.1240", "2.16.840.1.113883.3.464.1003.101.12.1016",
                              "2.16.840.1.113883.3.464.1003.101.12.1012", "2.16.840.1.113883.3.464.1003.101.12.1001",
                              "2.16.840.1.113883.3.464.1003.101.12.1025", "2.16.840.1.113883.3.464.1003.101.12.1023",
                              "2.16.840.1.113883.3.526.3.1492", "2.16.840.1.113883.3.526.3.1496",
                              "2.16.840.1.113883.3.464.1003.101.12.1080", "2.16.840.1.113883.3.464.1003.101.12.1089"})
        visited = visited || (seen(e, {"qicore-encounter"}) && in(at(e, "type"), oid) &&
                              one_of(str(e, "status"), {"finished", "arrived", "triaged", "in-progress", "onleave"}) &&
                              starts_in(period(at(e, "period")), first->plus_days(-60), first->plus_days(60)));
    if (!depressed || !visited) return said;
    said.populations = {{"ipop", 1}, {"denom", 1}};
    const Stretch mp = days(from_, to_);
    bool out = false;
    for (V e : of_type("Encounter")) {
      if (!seen(e, {"qicore-encounter"}) ||
          !one_of(str(e, "status"), {"finished", "arrived", "triaged", "in-progress", "onleave"}))
        continue;
      V to = at(at(e, "hospitalization"), "dischargeDisposition");
      out = out ||
            (in(at(e, "type"), "2.16.840.1.113883.3.666.5.307") &&
             (snomed(to, "428361000124107") || snomed(to, "428371000124100")) && ends_in(period(at(e, "period")), from_, to_)) ||
            (in(at(e, "type"), "2.16.840.1.113883.3.464.1003.1003") && overlaps(period(at(e, "period")), mp, by_day));
    }
    for (V o : of_type("Observation"))
      out = out || (seen(o, {kScreen}) && is_final(o) && loinc(at(o, "code"), "45755-6") &&
                    snomed(at(o, "valueCodeableConcept"), "373066001") && overlaps(effective(o, "effective"), mp, by_day));
    for (V r : of_type("ServiceRequest"))
      out = out || (seen(r, {"qicore-servicerequest"}) && in(at(r, "code"), "2.16.840.1.113883.3.526.3.1584") &&
                    one_of(str(r, "status"), {"active", "completed"}) && is_order_intent(r) && !yes(at(r, "doNotPerform")) &&
                    day_in(when(at(r, "authoredOn")), from_, to_));
    for (V p : of_type("Procedure"))
      out = out || (seen(p, {"qicore-procedure"}) && in(at(p, "code"), "2.16.840.1.113883.3.526.3.1584") &&
                    str(p, "status") == "completed" && overlaps(effective(p, "performed"), mp, by_day));
    for (V c : of_type("Condition"))
      out = out || (seen(c, {kProblem, kEncounterDx}) && in(at(c, "code"), "2.16.840.1.113883.3.464.1003.1165") &&
                    overlaps(prevalence(c), mp, by_day));
    for (V r : of_type("MedicationRequest")) {
      if (!seen(r, {"qicore-medicationrequest"}) || !medication_in(r, "2.16.840.1.113883.3.464.1003.196.12.1213") ||
          str(r, "status") != "active" || !is_order_intent(r) || yes(at(r, "doNotPerform")))
        continue;
      const auto supplied = supply(r);
      out = out || (supplied && supplied->first < *first && supplied->second >= first->plus_days(-105));
    }
    if (out) {
      said.populations["denex"] = 1;
      return said;
    }
    const auto covered = [&](int length) {
      int count = 0;
      for (int i = 0; i <= length; ++i) {
        bool is = false;
        for (const auto& [a, b] : fills) is = is || (a <= first->plus_days(i) && first->plus_days(i) <= b);
        count += is;
      }
      return count;
    };
    if (covered(114) >= 84) said.populations["numer"] = 1;
    if (covered(231) >= 180) said.populations["numer2"] = 1;
    return said;
  }

  // ---- CMS177

  Said cms177() const {
    Said said;
    const auto years = age(from_);
    if (!years || *years < 6 || *years > 16) return said;
    int visits = 0, assessed = 0;
    for (V e : of_type("Encounter")) {
      bool is = false;
      for (const char* oid :
           {"2.16.840.1.113883.3.526.3.1187", "2.16.840.1.113883.3.464.1003.101.12.1001",
            "2.16.840.1.113883.3.464.1003.101.12.1008", "2.16.840.1.113883.3.526.3.1492", "2.16.840.1.113883.3.526.3.1018",
            "2.16.840.1.113883.3.526.3.1496", "2.16.840.1.113883.3.526.3.1141", "2.16.840.1.113883.3.464.1003.101.12.1080"})
        is = is || in(at(e, "type"), oid);
      if (!is || !seen(e, {"qicore-encounter"}) || str(e, "status") != "finished") continue;
      const Stretch p = period(at(e, "period"));
      if (!lies_in(p, from_, to_)) continue;
      const std::string oid = "2.16.840.1.113883.3.526.3.1491";
      bool depressed = in(at(e, "reasonCode"), oid);
      std::vector<std::string> references;
      if (V list = at(e, "diagnosis"))
        for (const auto& d : list->items()) references.push_back(str(at(&d, "condition"), "reference"));
      if (V list = at(e, "reasonReference"))
        for (const auto& d : list->items()) references.push_back(str(&d, "reference"));
      for (V c : of_type("Condition"))
        for (const auto& r : references) depressed = depressed || (r == "Condition/" + str(c, "id") && in(at(c, "code"), oid));
      if (!depressed) continue;
      ++visits;
      for (V q : of_type("Procedure")) {
        if (!seen(q, {"qicore-procedure"}) || str(q, "status") != "completed" || !snomed(at(q, "code"), "225337009")) continue;
        const Stretch done = effective(q, "performed");
        if (!done.exists || !done.low.known() || !done.high.known()) continue;
        if (not_after(p.low, done.low, in_full) && not_after(done.high, p.high, in_full)) {
          ++assessed;
          break;
        }
      }
    }
    if (visits > 0) said.populations = {{"ipop", visits}, {"denom", visits}};
    if (assessed > 0) said.populations["numer"] = assessed;
    return said;
  }

  std::map<std::string, std::set<std::string>> sets_;
  std::vector<V> all_;
  Date from_, to_;
  Switches s_;
};

}  // namespace concord::ecqm::testing
