#include "ecqm/made_up.h"

#include <fmt/format.h>

#include <fstream>
#include <map>

#include "base/random.h"
#include "json/writer.h"

namespace concord::ecqm {
namespace {

constexpr std::string_view kProfiles = "http://hl7.org/fhir/us/qicore/StructureDefinition/";
constexpr std::string_view kLoincUrl = "http://loinc.org", kSnomedUrl = "http://snomed.info/sct",
                           kCptUrl = "http://www.ama-assn.org/go/cpt";
constexpr std::string_view kIcdUrl = "http://hl7.org/fhir/sid/icd-10-cm",
                           kRxNormUrl = "http://www.nlm.nih.gov/research/umls/rxnorm";

/// The k-th invented code of a value set.
std::string invented(std::string_view oid, std::int64_t k) {
  std::uint64_t hash = 1469598103934665603ULL;
  for (const char c : oid) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  return fmt::format("X{:05}-{:03}", hash % 100'000, k);
}

struct Concept {
  std::string_view system;
  std::string code;
  std::string_view display;
};

std::string time_of(Date day, int minute) { return fmt::format("{}T{:02}:{:02}:00-05:00", day.iso(), minute / 60, minute % 60); }

class Patient {
 public:
  Patient(std::string& out, std::uint64_t number)
      : out_(out), random_(20260101, number), id_(fmt::format("made-up-{:07}", number)) {}

  void write() {
    out_ += R"({"resourceType":"Bundle","id":")" + id_ +
            R"(-record","type":"collection","timestamp":"2026-12-31T23:00:00Z","entry":[)";
    demographics();
    coverage();
    const bool depressed = random_.chance(0.5);
    if (depressed)
      condition("2.16.840.113883.3.67.1.101.3.2444", "Major depressive disorder, single episode, moderate", "problem-list-item",
                day(-900, -420));
    condition({}, "Essential (primary) hypertension", "problem-list-item", day(-2000, -500));
    if (random_.chance(0.04))
      condition("2.16.840.1.113883.3.67.1.101.1.128", "Bipolar disorder, unspecified", "problem-list-item", day(-1500, -400));
    const auto visits = random_.integer(2, 4);
    for (std::int64_t v = 0; v < visits; ++v) visit(v, depressed);
    if (random_.chance(0.02)) hospice();
    out_ += "]}";
  }

 private:
  Date day(int from, int to) { return Date::ymd(2026, 1, 1).plus_days(static_cast<int>(random_.integer(from, to))); }

  json::Writer open(std::string_view type, std::string_view profile) {
    if (count_++ > 0) out_ += ",";
    const std::string id = fmt::format("{}-{}", id_, count_);
    out_ += fmt::format(R"({{"fullUrl":"https://ehr.example.org/fhir/R4/{}/{}","resource":)", type, count_ == 1 ? id_ : id);
    json::Writer w(out_);
    w.object().field("resourceType", type).field("id", count_ == 1 ? std::string_view(id_) : std::string_view(id));
    w.key("meta").object().field("versionId", "1").field("lastUpdated", "2026-12-01T08:15:30.000+00:00").key("profile").array();
    w.value(std::string(kProfiles) + std::string(profile)).end().end();
    return w;
  }
  void close(json::Writer& w) {
    w.end();
    out_ += "}";
  }
  void concept_of(json::Writer& w, const Concept& c) {
    w.object()
        .key("coding")
        .array()
        .object()
        .field("system", c.system)
        .field("code", c.code)
        .field("display", c.display)
        .end()
        .end();
    w.field("text", c.display).end();
  }
  void category(json::Writer& w, std::string_view system, std::string_view code, std::string_view display) {
    w.key("category").array();
    concept_of(w, {system, std::string(code), display});
    w.end();
  }
  void subject(json::Writer& w) {
    w.key("subject").object().field("reference", "Patient/" + id_).field("display", "Made-up patient").end();
  }

  void demographics() {
    auto w = open("Patient", "qicore-patient");
    w.key("extension").array();
    for (const auto& [url, code, display] :
         {std::tuple{"us-core-race", "2106-3", "White"}, std::tuple{"us-core-ethnicity", "2186-5", "Not Hispanic or Latino"}}) {
      w.object().field("url", std::string("http://hl7.org/fhir/us/core/StructureDefinition/") + url).key("extension").array();
      w.object().field("url", "ombCategory").key("valueCoding").object().field("system", "urn:oid:2.16.840.1.113883.6.238");
      w.field("code", code).field("display", display).end().end();
      w.object().field("url", "text").field("valueString", display).end().end().end();
    }
    w.end().key("identifier").array().object().field("use", "usual").key("type").object().key("coding").array().object();
    w.field("system", "http://terminology.hl7.org/CodeSystem/v2-0203").field("code", "MR").end().end().end();
    w.field("system", "https://ehr.example.org/mrn").field("value", id_).end().end();
    w.field("active", true).key("name").array().object().field("use", "official").field("family", "Example");
    w.key("given").array().value("Made").value("Up").end().end().end();
    w.key("telecom").array().object().field("system", "phone").field("value", "555-0100").field("use", "mobile").end().end();
    w.field("gender", random_.chance(0.6) ? "female" : "male");
    w.field("birthDate", Date::ymd(static_cast<int>(random_.integer(1940, 2014)), static_cast<unsigned>(random_.integer(1, 12)),
                                   static_cast<unsigned>(random_.integer(1, 28))));
    if (random_.chance(0.01)) w.field("deceasedDateTime", time_of(day(0, 300), 600));
    w.key("address").array().object().field("use", "home").key("line").array().value("1 Example Street").end();
    w.field("city", "Albany").field("state", "NY").field("postalCode", "12200").field("country", "US").end().end();
    close(w);
  }

  void coverage() {
    auto w = open("Coverage", "qicore-coverage");
    w.field("status", "active").key("type");
    concept_of(w, {"https://nahdo.org/sopt", "349", "Other"});
    w.key("policyHolder").object().field("reference", "Patient/" + id_).end();
    w.key("beneficiary").object().field("reference", "Patient/" + id_).end();
    w.key("period").object().field("start", "2024-01-01").field("end", "2027-01-01").end();
    w.key("payor").array().object().field("reference", "Organization/payer").end().end();
    close(w);
  }

  void condition(std::string_view oid, std::string_view words, std::string_view kind, Date onset) {
    auto w = open("Condition", "qicore-condition-problems-health-concerns");
    w.key("clinicalStatus");
    concept_of(w, {"http://terminology.hl7.org/CodeSystem/condition-clinical", "active", "Active"});
    w.key("verificationStatus");
    concept_of(w, {"http://terminology.hl7.org/CodeSystem/condition-ver-status", "confirmed", "Confirmed"});
    category(w, "http://terminology.hl7.org/CodeSystem/condition-category", kind, "Problem List Item");
    w.key("code");
    concept_of(w, {kIcdUrl, oid.empty() ? "I10" : invented(oid, random_.integer(0, 9)), words});
    subject(w);
    w.field("onsetDateTime", time_of(onset, 480)).field("recordedDate", onset);
    close(w);
  }

  void encounter(std::string_view oid, Date at, int minute) {
    auto w = open("Encounter", "qicore-encounter");
    w.field("status", "finished").key("class").object().field("system", "http://terminology.hl7.org/CodeSystem/v3-ActCode");
    w.field("code", "AMB").field("display", "ambulatory").end().key("type").array();
    concept_of(w, {kCptUrl, invented(oid, random_.integer(0, 9)), "Office or other outpatient visit of an established patient"});
    w.end();
    subject(w);
    w.key("participant").array().object().key("individual").object().field("reference", "Practitioner/p7").end().end().end();
    w.key("period").object().field("start", time_of(at, minute)).field("end", time_of(at, minute + 30)).end();
    w.key("location").array().object().key("location").object().field("reference", "Location/clinic").end().end().end();
    w.key("serviceProvider").object().field("reference", "Organization/clinic").end();
    close(w);
  }

  json::Writer observation(const Concept& code, Date at, int minute) {
    auto w = open("Observation", "qicore-observation-screening-assessment");
    w.field("status", "final");
    category(w, "http://terminology.hl7.org/CodeSystem/observation-category", "survey", "Survey");
    w.key("code");
    concept_of(w, code);
    subject(w);
    w.key("encounter").object().field("reference", fmt::format("Encounter/{}-{}", id_, count_ - 1)).end();
    w.field("effectiveDateTime", time_of(at, minute)).field("issued", fmt::format("{}T17:00:00.000Z", at.iso()));
    w.key("performer").array().object().field("reference", "Practitioner/p7").end().end();
    return w;
  }

  void visit(std::int64_t number, bool depressed) {
    // The first in the identification period of CMS159, the others in 2026.
    const Date at = number == 0 ? day(-400, -70) : day(0, 350);
    const int minute = static_cast<int>(random_.integer(480, 1000));
    encounter(number == 0 || random_.chance(0.4) ? "2.16.840.1.113762.1.4.1080.5" : "2.16.840.1.113883.3.600.1916", at, minute);
    if (depressed || random_.chance(0.3)) {
      auto w = observation({kLoincUrl, "44261-6", "Patient Health Questionnaire 9 item (PHQ-9) total score [Reported]"}, at,
                           minute + 5);
      w.field("valueInteger", random_.integer(number == 0 ? 8 : 0, number == 0 ? 24 : 14));
      close(w);
    }
    {
      auto w = observation({kLoincUrl, "8480-6", "Systolic blood pressure"}, at, minute + 3);
      w.key("valueQuantity").object().field("value", random_.integer(100, 150)).field("unit", "mmHg");
      w.field("system", "http://unitsofmeasure.org").field("code", "mm[Hg]").end();
      close(w);
    }
    if (number == 0) return;
    const bool positive = random_.chance(0.3);
    if (random_.chance(0.8)) {
      auto w = observation({kLoincUrl, "73832-8", "Adult depression screening assessment"}, at, minute + 6);
      w.key("valueCodeableConcept");
      concept_of(w, positive ? Concept{kSnomedUrl, "428181000124104", "Depression screening positive (finding)"}
                             : Concept{kSnomedUrl, "428171000124102", "Depression screening negative (finding)"});
      close(w);
    }
    if (!positive) return;
    if (random_.chance(0.5)) order("ServiceRequest", at, minute);
    else medication(at, minute);
  }

  void order(std::string_view type, Date at, int minute) {
    auto w = open(type, "qicore-servicerequest");
    w.field("status", "active").field("intent", "order").key("code");
    concept_of(
        w, {kSnomedUrl, invented("2.16.840.1.113883.3.526.3.1571", random_.integer(0, 9)), "Referral to mental health service"});
    subject(w);
    w.field("authoredOn", time_of(at, minute + 20)).key("requester").object().field("reference", "Practitioner/p7").end();
    close(w);
  }

  void medication(Date at, int minute) {
    auto w = open("MedicationRequest", "qicore-medicationrequest");
    w.field("status", "active").field("intent", "order").field("doNotPerform", false).key("medicationCodeableConcept");
    concept_of(w,
               {kRxNormUrl, invented("2.16.840.1.113883.3.526.3.1566", random_.integer(0, 9)), "sertraline 50 MG Oral Tablet"});
    subject(w);
    w.field("authoredOn", time_of(at, minute + 20)).key("requester").object().field("reference", "Practitioner/p7").end();
    w.key("dosageInstruction").array().object().field("text", "One tablet a day").key("timing").object().key("repeat").object();
    w.field("frequency", 1).field("period", 1).field("periodUnit", "d").end().end().key("doseAndRate").array().object();
    w.key("doseQuantity").object().field("value", 1).field("unit", "tablet").end().end().end().end().end();
    w.key("dispenseRequest").object().field("numberOfRepeatsAllowed", 2).key("quantity").object().field("value", 30).end();
    w.key("expectedSupplyDuration")
        .object()
        .field("value", 30)
        .field("unit", "days")
        .field("system", "http://unitsofmeasure.org");
    w.field("code", "d").end().end();
    close(w);
  }

  void hospice() {
    auto w = open("Procedure", "qicore-procedure");
    w.field("status", "completed").key("code");
    concept_of(w, {kSnomedUrl, invented("2.16.840.1.113883.3.526.3.1584", 0), "Hospice care"});
    subject(w);
    w.key("performedPeriod").object().field("start", time_of(day(-100, 100), 540)).end();
    close(w);
  }

  std::string& out_;
  Random random_;
  std::string id_;
  int count_ = 0;
};

tl::unexpected<Error> unwritable(const std::filesystem::path& path) {
  return fail(ErrorCode::bad_file, "A file cannot be written.", {{path.filename().string(), "cannot be written"}});
}

Result<void> write_file(const std::filesystem::path& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary);
  file.write(text.data(), static_cast<std::streamsize>(text.size()));
  if (!file.flush()) return unwritable(path);
  return {};
}

}  // namespace

void append_made_up_patient(std::string& out, std::uint64_t number) { Patient(out, number).write(); }

Result<void> write_made_up_value_sets(const std::filesystem::path& folder, const Measure& measure) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  for (const TermNeed& need : measure.terms) {
    if (need.oid.empty()) continue;
    std::string text;
    json::Writer w(text);
    w.object().field("resourceType", "ValueSet").field("id", need.oid);
    w.field("url", "http://cts.nlm.nih.gov/fhir/ValueSet/" + std::string(need.oid))
        .field("title", need.title)
        .field("status", "active");
    w.key("expansion").object().field("timestamp", "2026-01-01T00:00:00Z").key("contains").array();
    constexpr std::int64_t kCodes = 40;
    for (const System system : {kLoinc, kSnomed, kIcd10cm, kCpt, kRxNorm}) {
      if (((need.expected != 0 ? need.expected : need.systems) & system) == 0) continue;
      if (system == kLoinc) {
        for (const auto* code : {"44261-6", "89204-2"}) w.object().field("system", url_of(system)).field("code", code).end();
        continue;
      }
      for (std::int64_t k = 0; k < kCodes; ++k)
        w.object().field("system", url_of(system)).field("code", invented(need.oid, k)).field("display", "made up").end();
    }
    w.end().end().end();
    CONCORD_TRY_VOID(write_file(folder / (std::string(need.oid) + ".json"), text));
  }
  return {};
}

Result<std::int64_t> write_made_up_bundles(const std::filesystem::path& folder, std::int64_t patients) {
  constexpr std::int64_t kInFolder = 1000;
  std::int64_t bytes = 0;
  std::string text;
  for (std::int64_t i = 0; i < patients; ++i) {
    const auto below = folder / fmt::format("{:05}", i / kInFolder);
    if (i % kInFolder == 0) {
      std::error_code error;
      std::filesystem::create_directories(below, error);
      if (error) return unwritable(below);
    }
    text.clear();
    append_made_up_patient(text, static_cast<std::uint64_t>(i));
    bytes += static_cast<std::int64_t>(text.size());
    CONCORD_TRY_VOID(write_file(below / fmt::format("patient-{:07}.json", i), text));
  }
  return bytes;
}

Result<std::int64_t> write_made_up_ndjson(const std::filesystem::path& folder, std::int64_t patients) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  std::map<std::string, std::ofstream, std::less<>> files;
  std::int64_t bytes = 0;
  std::string text;
  for (std::int64_t i = 0; i < patients; ++i) {
    text.clear();
    append_made_up_patient(text, static_cast<std::uint64_t>(i * 7919 % patients));
    // Each resource as it was written: from "resource": to the end of its entry.
    constexpr std::string_view kOpens = "\"resource\":";
    for (std::size_t at = text.find(kOpens); at != std::string::npos;) {
      const std::size_t from = at + kOpens.size(), next = text.find("},{\"fullUrl\"", from);
      const std::size_t to = next == std::string::npos ? text.size() - 3 : next;
      const auto resource = std::string_view(text).substr(from, to - from);
      constexpr std::string_view kType = "{\"resourceType\":\"";
      const auto type = std::string(resource.substr(kType.size(), resource.find('"', kType.size()) - kType.size()));
      auto [file, is_new] = files.try_emplace(type);
      if (is_new) file->second.open(folder / (type + ".ndjson"), std::ios::binary);
      file->second << resource << '\n';
      bytes += static_cast<std::int64_t>(resource.size()) + 1;
      at = next == std::string::npos ? next : text.find(kOpens, next);
    }
  }
  for (auto& [type, file] : files)
    if (!file.flush()) return unwritable(folder / (type + ".ndjson"));
  return bytes;
}

}  // namespace concord::ecqm
