#include "ecqm/listing.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "ecqm/measure_report.h"
#include "json/writer.h"

namespace concord::ecqm {
namespace {

void write_percent(json::Writer& w, const Totals::Counts& counts) {
  w.key("percent");
  const auto tenths = score_tenths(counts);
  if (tenths) w.raw(fmt::format("{}.{}", *tenths / 10, *tenths % 10));
  else w.null();
}

void write_counts(json::Writer& w, const Measure& measure, const Totals::Counts& counts) {
  w.key("populations").object();
  for (const Population p : populations_of(measure)) w.field(name_of(p), counts[p]);
  w.end().field("measured", counts.measured());
  write_percent(w, counts);
}

std::string percent_words(const Totals::Counts& counts) {
  const auto tenths = score_tenths(counts);
  return tenths ? fmt::format("{}.{} %", *tenths / 10, *tenths % 10) : "no patients";
}

/// What a person reads below the totals: who is out of the population that everybody begins with, who is taken out later, and
/// where the others stand.
struct Section {
  Population population;
  std::string_view heading;
  bool in, out;
};
constexpr Section kSections[] = {
    {Population::initial_population, "Not in the initial population", false, true},
    {Population::denominator_exclusion, "Excluded", true, false},
    {Population::denominator_exception, "Exceptions", true, false},
    {Population::numerator, "In the numerator", true, false},
    {Population::numerator, "Not in the numerator", false, true},
};

}  // namespace

void JsonListing::head(std::string& out) const {
  json::Writer w(out);
  out += "{\"measure\":";
  w.object()
      .field("id", measure_.id)
      .field("name", measure_.name)
      .field("version", measure_.version)
      .field("title", measure_.title);
  w.field("url", measure_.url).field("basis", measure_.basis).end();
  out += ",\"period\":";
  json::Writer period(out);
  period.object().field("from", question_.period.from).field("to", question_.period.to).end();
  out += ",\"switches\":";
  json::Writer switches(out);
  const Switches& s = question_.switches;
  switches.object()
      .field("null_prevalence_is_ongoing", s.null_prevalence_is_ongoing)
      .field("order_without_supply_counts", s.order_without_supply_counts)
      .field("tie", s.tie == Switches::Tie::first_listed ? "first_listed" : "last_listed")
      .field("trust_meta_profile", s.trust_meta_profile)
      .end();
  out += ",\n\"patients\":[";
}

void JsonListing::patient(std::string& out, const PatientResult& result) {
  if (!result.errors.empty()) {
    if (!errors_.empty()) errors_ += ",\n";
    json::Writer w(errors_);
    w.object().field("source", result.source);
    if (!result.patient_id.empty()) w.field("patient_id", result.patient_id);
    w.key("issues").array();
    for (const Issue& issue : result.errors) w.object().field("path", issue.path).field("text", issue.text).end();
    w.end().end();
    return;
  }
  out += first_ ? "\n" : ",\n";
  first_ = false;
  json::Writer w(out);
  w.object().field("patient_id", result.patient_id).field("source", result.source).key("groups").array();
  for (std::size_t g = 0; g < result.groups.size(); ++g) {
    const GroupInfo& info = measure_.groups[g];
    w.object().field("id", info.id).key("populations").object();
    for (const Population p : populations_of(measure_))
      w.key(name_of(p)).object().field("count", result.groups[g][p].count).field("reason", result.groups[g][p].reason).end();
    w.end();
    const int stratum = result.groups[g].stratum;
    if (!info.strata.empty()) w.key("stratum");
    if (!info.strata.empty()) {
      if (stratum >= 0) w.value(info.strata[static_cast<std::size_t>(stratum)]);
      else w.null();
    }
    w.end();
  }
  w.end().key("dates").object();
  for (const KeyDate& date : result.dates) w.field(date.name, date.date);
  w.end().key("values").object();
  for (const auto& [name, value] : result.values) w.field(name, value);
  w.end().key("evidence").array();
  for (const std::string& name : result.evidence) w.value(name);
  w.end().end();
}

void JsonListing::tail(std::string& out, const RunSummary& summary) const {
  out += "],\n\"errors\":[";
  if (!errors_.empty()) out += "\n" + errors_;
  out += "],\n\"totals\":";
  json::Writer w(out);
  w.object().field("patients", summary.totals.patients).field("errors", summary.totals.errors).key("groups").array();
  for (std::size_t g = 0; g < summary.totals.groups.size(); ++g) {
    const auto& group = summary.totals.groups[g];
    const GroupInfo& info = measure_.groups[g];
    w.object().field("id", info.id).field("title", info.title);
    write_counts(w, measure_, group.all);
    w.key("strata").array();
    for (std::size_t s = 0; s < group.strata.size(); ++s) {
      w.object().field("id", info.strata[s]);
      write_counts(w, measure_, group.strata[s]);
      w.end();
    }
    w.end().key("reasons").array();
    for (const auto& [key, count] : group.reasons) {
      w.object().field("population", name_of(key.population)).field("in", key.in).field("reason", key.reason);
      w.field("words", measure_.words(key.reason)).field("patients", count).end();
    }
    w.end().end();
  }
  w.end().end();
  out += "}\n";
}

std::string summary_table(const Measure& measure, const Question& question, const RunSummary& summary) {
  std::string out = fmt::format("{} ({}, FHIR version {})\n{} to {}, {} patients", measure.title, measure.id, measure.version,
                                question.period.from.iso(), question.period.to.iso(), summary.totals.patients);
  if (summary.totals.errors > 0) out += fmt::format(", {} records that cannot be used (listed as errors)", summary.totals.errors);
  out += "\n";
  if (measure.basis != "boolean") out += fmt::format("Counted: {}\n", measure.basis == "Encounter" ? "visits" : measure.basis);
  for (std::size_t g = 0; g < summary.totals.groups.size(); ++g) {
    const auto& group = summary.totals.groups[g];
    const GroupInfo& info = measure.groups[g];
    out += "\n";
    if (measure.groups.size() > 1) out += fmt::format("{}\n", info.title);
    std::vector<const Totals::Counts*> columns = {&group.all};
    out += fmt::format("{:<24}{:>12}", "", "all");
    for (std::size_t s = 0; s < group.strata.size(); ++s) {
      out += fmt::format("{:>14}", info.strata[s]);
      columns.push_back(&group.strata[s]);
    }
    out += "\n";
    for (const Population p : populations_of(measure)) {
      out += fmt::format("{:<24}", name_of(p));
      for (std::size_t c = 0; c < columns.size(); ++c) out += fmt::format("{:>{}}", (*columns[c])[p], c == 0 ? 12 : 14);
      out += "\n";
    }
    out += fmt::format("{:<24}", "rate");
    for (std::size_t c = 0; c < columns.size(); ++c) out += fmt::format("{:>{}}", percent_words(*columns[c]), c == 0 ? 12 : 14);
    out += "\n";
    for (const Section& section : kSections) {
      std::vector<std::pair<std::int64_t, std::string_view>> lines;
      for (const auto& [why, count] : group.reasons)
        if (why.population == section.population && (why.in ? section.in : section.out) && why.reason != "not_in_denominator" &&
            why.reason != "not_in_initial_population")
          lines.emplace_back(count, why.reason);
      if (lines.empty()) continue;
      std::stable_sort(lines.begin(), lines.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
      out += fmt::format("\n{}\n", section.heading);
      for (const auto& [count, reason] : lines) {
        const auto words = measure.words(reason);
        out += fmt::format("{:>10}  {}\n", count, words.empty() ? reason : words);
      }
    }
  }
  return out;
}

}  // namespace concord::ecqm
