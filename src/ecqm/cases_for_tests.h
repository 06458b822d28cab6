// Patients by hand (tests/golden/ecqm/*.json) made into real FHIR bundles, and small changes of them. Tests only.
#pragma once

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/random.h"
#include "ecqm/measure.h"
#include "json/value.h"
#include "json/writer.h"

namespace concord::ecqm::testing {

/// JSON that can be changed. Members keep their order.
struct Node {
  json::Kind kind = json::Kind::null;
  bool flag = false;
  std::string text;  ///< a string's characters or a number's digits
  std::vector<std::pair<std::string, Node>> members;
  std::vector<Node> items;

  static Node string(std::string_view s) {
    Node n;
    n.kind = json::Kind::string;
    n.text = s;
    return n;
  }
  static Node number(std::string digits) {
    Node n;
    n.kind = json::Kind::number;
    n.text = std::move(digits);
    return n;
  }
  static Node boolean(bool b) {
    Node n;
    n.kind = json::Kind::boolean;
    n.flag = b;
    return n;
  }
  static Node object(std::vector<std::pair<std::string, Node>> members = {}) {
    Node n;
    n.kind = json::Kind::object;
    n.members = std::move(members);
    return n;
  }
  static Node array(std::vector<Node> items) {
    Node n;
    n.kind = json::Kind::array;
    n.items = std::move(items);
    return n;
  }
  static Node of(const json::Value& v) {
    Node n;
    n.kind = v.kind();
    n.flag = v.boolean();
    if (n.kind == json::Kind::string || n.kind == json::Kind::number) n.text = v.text();
    for (const auto& item : v.items()) n.items.push_back(of(item));
    for (const auto& member : v.members()) n.members.emplace_back(std::string(member.key), of(member.value));
    return n;
  }
  static Node parse(std::string_view text) {
    auto document = json::Document::parse(text);
    if (!document) throw std::runtime_error("not JSON: " + document.error().text);
    return of(document->root());
  }
  bool is(json::Kind k) const { return kind == k; }
  Node* find(std::string_view key) {
    for (auto& [name, value] : members)
      if (name == key) return &value;
    return nullptr;
  }
  const Node* find(std::string_view key) const { return const_cast<Node*>(this)->find(key); }
  void set(std::string_view key, Node value) {
    if (Node* there = find(key)) *there = std::move(value);
    else members.emplace_back(std::string(key), std::move(value));
  }
  void erase(std::string_view key) {
    std::erase_if(members, [&](const auto& m) { return m.first == key; });
  }
  /// RFC 7396.
  void merge(const Node& patch) {
    if (!patch.is(json::Kind::object)) {
      *this = patch;
      return;
    }
    if (!is(json::Kind::object)) *this = object();
    for (const auto& [key, value] : patch.members) {
      if (value.is(json::Kind::null)) {
        erase(key);
        continue;
      }
      if (find(key) == nullptr) members.emplace_back(key, Node());
      find(key)->merge(value);
    }
  }
  void write(std::string& out) const {
    switch (kind) {
      case json::Kind::null:
        out += "null";
        break;
      case json::Kind::boolean:
        out += flag ? "true" : "false";
        break;
      case json::Kind::number:
        out += text;
        break;
      case json::Kind::string:
        json::append_string(out, text);
        break;
      case json::Kind::array: {
        out += '[';
        for (std::size_t i = 0; i < items.size(); ++i) {
          if (i > 0) out += ',';
          items[i].write(out);
        }
        out += ']';
        break;
      }
      case json::Kind::object: {
        out += '{';
        for (std::size_t i = 0; i < members.size(); ++i) {
          if (i > 0) out += ',';
          json::append_string(out, members[i].first);
          out += ':';
          members[i].second.write(out);
        }
        out += '}';
        break;
      }
    }
  }
  std::string write() const {
    std::string out;
    write(out);
    return out;
  }
};

inline constexpr std::string_view kMadeUp = "http://example.org/fhir/CodeSystem/made-up";

/// "$office", "$loinc:44261-6", ... as a CodeableConcept.
inline Node concept_of(std::string_view word) {
  static const std::map<std::string, std::string, std::less<>> kSystems = {
      {"loinc", "http://loinc.org"},
      {"snomed", "http://snomed.info/sct"},
      {"category", "http://terminology.hl7.org/CodeSystem/condition-category"},
      {"clinical", "http://terminology.hl7.org/CodeSystem/condition-clinical"},
      {"verification", "http://terminology.hl7.org/CodeSystem/condition-ver-status"},
      {"observation", "http://terminology.hl7.org/CodeSystem/observation-category"},
      {"absent", "http://terminology.hl7.org/CodeSystem/data-absent-reason"}};
  std::string system(kMadeUp);
  if (const auto colon = word.find(':'); colon != std::string_view::npos) {
    system = kSystems.at(std::string(word.substr(0, colon)));
    word.remove_prefix(colon + 1);
  }
  return Node::object(
      {{"coding", Node::array({Node::object({{"system", Node::string(system)}, {"code", Node::string(word)}})})}});
}

struct Resource {
  std::string name;
  Node body;
};

struct Case {
  std::string measure, name, why;
  MeasurementPeriod period{};
  Switches switches;
  std::vector<Resource> resources;  ///< full FHIR, the Patient among them
  std::map<std::string, int> populations;
  std::string stratum;
  std::string patient_id;

  std::string bundle() const {
    std::vector<Node> entries;
    for (const auto& r : resources)
      entries.push_back(Node::object({{"fullUrl", Node::string("http://example.org/fhir/" + r.body.find("resourceType")->text +
                                                               "/" + r.body.find("id")->text)},
                                      {"resource", r.body}}));
    return Node::object(
               {{"resourceType", Node::string("Bundle")}, {"type", Node::string("collection")}, {"entry", Node::array(entries)}})
        .write();
  }
};

namespace detail {
inline void expand_words(Node& n, const std::string& patient, const std::map<std::string, std::string>& types) {
  if (n.is(json::Kind::string) && n.text.size() > 1 && n.text[0] == '$') n = concept_of(std::string_view(n.text).substr(1));
  for (auto& item : n.items) expand_words(item, patient, types);
  for (auto& [key, value] : n.members) {
    if (key == "reference" && value.is(json::Kind::string)) {
      const auto slash = value.text.find('/');
      if (slash != std::string::npos && types.contains(value.text.substr(slash + 1)))
        value.text = value.text.substr(0, slash + 1) + patient + "-" + value.text.substr(slash + 1);
    } else {
      expand_words(value, patient, types);
    }
  }
}

inline Case expand(const Node& file, const Node& one, std::size_t number) {
  Case c;
  c.measure = file.find("measure")->text;
  c.name = one.find("name")->text;
  c.why = one.find("why")->text;
  const Node* period = one.find("period");
  c.period = MeasurementPeriod::parse((period != nullptr ? period : file.find("period"))->text).value();
  if (const Node* switches = one.find("switches"))
    for (const auto& [key, value] : switches->members) {
      if (key == "null_prevalence_is_ongoing") c.switches.null_prevalence_is_ongoing = value.flag;
      else if (key == "order_without_supply_counts") c.switches.order_without_supply_counts = value.flag;
      else if (key == "trust_meta_profile") c.switches.trust_meta_profile = value.flag;
      else if (key == "tie")
        c.switches.tie = value.text == "last_listed" ? Switches::Tie::last_listed : Switches::Tie::first_listed;
      else throw std::runtime_error("no such switch: " + key);
    }
  const Node& base = *file.find("base");
  for (const auto& [name, body] : base.members) c.resources.push_back({name, body});
  if (const Node* change = one.find("change"))
    for (const auto& [name, patch] : change->members) {
      const auto at =
          std::find_if(c.resources.begin(), c.resources.end(), [&, &n = name](const Resource& r) { return r.name == n; });
      if (patch.is(json::Kind::null)) {
        if (at == c.resources.end()) throw std::runtime_error(c.name + ": nothing to take away: " + name);
        c.resources.erase(at);
        continue;
      }
      if (const Node* like = patch.find("like")) {
        const Node* from = base.find(like->text);
        if (from == nullptr && file.find("spare") != nullptr) from = file.find("spare")->find(like->text);
        if (from == nullptr || at != c.resources.end()) throw std::runtime_error(c.name + ": like what: " + like->text);
        Node body = *from, rest = patch;
        rest.erase("like");
        body.merge(rest);
        c.resources.push_back({name, std::move(body)});
      } else if (at != c.resources.end()) {
        at->body.merge(patch);
      } else {
        if (patch.find("resourceType") == nullptr) throw std::runtime_error(c.name + ": change of what: " + name);
        c.resources.push_back({name, patch});
      }
    }
  char digits[8];
  std::snprintf(digits, sizeof digits, "%03zu", number + 1);
  c.patient_id = c.measure + "-" + digits;
  std::map<std::string, std::string> types;
  for (const auto& r : c.resources) types[r.name] = r.body.find("resourceType")->text;
  for (auto& r : c.resources) {
    expand_words(r.body, c.patient_id, types);
    const bool is_patient = types[r.name] == "Patient";
    Node id = Node::string(is_patient ? c.patient_id : c.patient_id + "-" + r.name);
    r.body.members.insert(r.body.members.begin() + 1, {"id", std::move(id)});
    if (!is_patient && types[r.name] != "Medication")
      r.body.set("subject", Node::object({{"reference", Node::string("Patient/" + c.patient_id)}}));
  }
  std::istringstream words(one.find("expect")->text);
  for (std::string word; words >> word;) {
    int count = 1;
    std::string name = word;
    if (const auto colon = word.find(':'); colon != std::string::npos) {
      count = std::stoi(word.substr(colon + 1));
      name = word.substr(0, colon);
    }
    if (name == "ipop" || name == "denom" || name == "denex" || name == "denexcep" || name == "numer" || name == "numer2")
      c.populations[name] = count;
    else c.stratum = word;
  }
  return c;
}
}  // namespace detail

inline std::filesystem::path golden_folder() { return std::filesystem::path(CONCORD_SOURCE_DIR) / "tests/golden/ecqm"; }

inline std::string read_whole(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  if (!in) throw std::runtime_error("cannot read " + path.string());
  return text.str();
}

/// The cases of tests/golden/ecqm/<measure>.json.
inline std::vector<Case> cases_of(const std::string& measure) {
  const Node file = Node::parse(read_whole(golden_folder() / (measure + ".json")));
  std::vector<Case> cases;
  const auto& list = file.find("cases")->items;
  for (std::size_t i = 0; i < list.size(); ++i) cases.push_back(detail::expand(file, list[i], i));
  return cases;
}

/// What was said of a patient, in one line to compare: "ipop denom numer 18+", "" for nobody.
struct Said {
  std::map<std::string, int> populations;  ///< only those with a count
  std::string stratum;
  bool operator==(const Said&) const = default;
  std::string text() const {
    std::string out;
    for (const auto& name : {"ipop", "denom", "denex", "denexcep", "numer", "numer2"})
      if (const auto at = populations.find(name); at != populations.end() && at->second != 0)
        out += (out.empty() ? "" : " ") + std::string(name) + (at->second == 1 ? "" : ":" + std::to_string(at->second));
    if (!stratum.empty()) out += " " + stratum;
    return out;
  }
};

/// One small change somewhere: a date moved to a border's other side, made coarser or written with another offset, a status or
/// code changed, a member taken away, a resource given twice.
class Mutator {
 public:
  explicit Mutator(std::uint64_t seed) : random_(seed) {}

  void mutate(std::vector<Resource>& resources) {
    const auto times = 1 + random_.integer(0, 2);
    for (std::int64_t i = 0; i < times && !resources.empty(); ++i) one(resources);
  }
  Random& random() { return random_; }

 private:
  void one(std::vector<Resource>& resources) {
    const auto at = static_cast<std::size_t>(random_.integer(0, static_cast<std::int64_t>(resources.size()) - 1));
    Resource& r = resources[at];
    if (random_.chance(0.05) && r.body.find("resourceType")->text != "Patient") {
      Resource twin = r;
      twin.body.set("id", Node::string(twin.body.find("id")->text + "-2"));
      std::vector<Node*> days;
      collect(twin.body, days);
      if (!days.empty()) change_date(*random_.pick(days));
      resources.push_back(std::move(twin));
      return;
    }
    std::vector<Node*> days;
    collect(r.body, days);
    if (!days.empty() && random_.chance(0.75)) return change_date(*random_.pick(days));
    if (Node* status = r.body.find("status"); status != nullptr && random_.chance(0.4)) {
      static const std::vector<std::string> kStatus = {
          "finished", "planned",   "in-progress", "cancelled", "unknown",          "final",     "amended", "preliminary",
          "active",   "completed", "not-done",    "draft",     "entered-in-error", "corrected", "revoked", "arrived"};
      status->text = random_.pick(kStatus);
      return;
    }
    if (Node* value = r.body.find("valueInteger"); value != nullptr && random_.chance(0.5)) {
      static const std::vector<std::string> kScores = {"0", "4", "5", "9", "10", "27"};
      value->text = random_.pick(kScores);
      return;
    }
    static const std::vector<std::string> kMembers = {"status",
                                                      "verificationStatus",
                                                      "clinicalStatus",
                                                      "period",
                                                      "onsetDateTime",
                                                      "effectiveDateTime",
                                                      "authoredOn",
                                                      "intent",
                                                      "type",
                                                      "code",
                                                      "abatementDateTime",
                                                      "issued",
                                                      "dispenseRequest",
                                                      "performedDateTime",
                                                      "valueInteger",
                                                      "category",
                                                      "meta",
                                                      "valueCodeableConcept",
                                                      "birthDate",
                                                      "whenHandedOver",
                                                      "daysSupply"};
    r.body.erase(random_.pick(kMembers));
  }

  static bool is_date(const Node& n) {
    return n.is(json::Kind::string) && n.text.size() >= 10 && n.text[4] == '-' && n.text[7] == '-' && n.text[0] >= '1' &&
           n.text[0] <= '2';
  }
  static void collect(Node& n, std::vector<Node*>& out) {
    if (is_date(n)) out.push_back(&n);
    for (auto& item : n.items) collect(item, out);
    for (auto& [key, value] : n.members) collect(value, out);
  }
  void change_date(Node& n) {
    const auto day = Date::parse(std::string_view(n.text).substr(0, 10));
    if (!day) return;
    const std::string rest = n.text.substr(10);
    switch (random_.integer(0, 9)) {
      case 0:
        n.text = day->plus_days(1).iso() + rest;
        break;
      case 1:
        n.text = day->plus_days(-1).iso() + rest;
        break;
      case 2:
        n.text = day->plus_days(static_cast<int>(random_.integer(-70, 70))).iso() + rest;
        break;
      case 3:
        n.text = day->iso();
        break;  // day only
      case 4:
        n.text = day->iso() + "T23:59:59Z";
        break;
      case 5:
        n.text = day->iso() + "T00:00:00Z";
        break;
      case 6:
        n.text = day->iso() + (random_.chance(0.5) ? "T22:30:00-05:00" : "T01:30:00+05:00");
        break;
      case 7:
        n.text = day->iso() + (random_.chance(0.5) ? "T09:00:00.000Z" : "T10:00:00.001Z");
        break;
      case 8:
        n.text = day->plus_days(random_.chance(0.5) ? 365 : -365).iso() + rest;
        break;
      default: {
        static const std::vector<std::string> kEdges = {"2024-10-31", "2024-11-01", "2025-10-31", "2025-11-01", "2026-01-08",
                                                        "2026-01-09", "2026-05-09", "2026-05-10", "2025-12-31", "2026-01-01",
                                                        "2026-12-31", "2027-01-01", "2026-04-30", "2025-05-01"};
        n.text = random_.pick(kEdges) + rest;
      }
    }
  }
  Random random_;
};

}  // namespace concord::ecqm::testing
