#include "ecqm/measure_report.h"

#include <algorithm>
#include <array>
#include <system_error>

#include "json/writer.h"

namespace concord::ecqm {
namespace {

using json::Writer;

constexpr std::string_view kPopulationSystem = "http://terminology.hl7.org/CodeSystem/measure-population";
constexpr std::string_view kNotationSystem = "http://terminology.hl7.org/CodeSystem/measure-improvement-notation";
constexpr std::string_view kUnits = "http://unitsofmeasure.org";

std::string compact(Date d) {
  std::string text = d.iso();
  std::erase(text, '-');
  return text;
}
std::string base_id(const Measure& m, const MeasurementPeriod& p) {
  return std::string(m.id) + "-" + compact(p.from) + "-" + compact(p.to);
}

/// 32 hexadecimal digits for a patient id: FHIR ids are short and must not carry an outside number (FNV-1a, twice).
std::string digest(std::string_view text) {
  std::string out;
  for (const std::uint64_t start : {0xcbf29ce484222325ULL, 0x9ae16a3b2f90404fULL}) {
    std::uint64_t hash = start;
    for (const unsigned char c : text) hash = (hash ^ c) * 0x100000001b3ULL;
    hash ^= hash >> 33;
    hash *= 0xff51afd7ed558ccdULL;
    hash ^= hash >> 29;
    for (int shift = 60; shift >= 0; shift -= 4) out += "0123456789abcdef"[hash >> shift & 15];
  }
  return out;
}

std::string list_id(const Measure& m, const MeasurementPeriod& p, std::size_t group, Population population) {
  // An id has at most 64 characters: the group goes in by its place.
  return base_id(m, p) + "-" + std::to_string(group + 1) + "-" + std::string(name_of(population));
}

void coding(Writer& w, std::string_view system, std::string_view code) {
  w.object().key("coding").array().object().field("system", system).field("code", code).end().end().end();
}

void open_report(Writer& w, const Measure& m, const std::string& id, std::string_view type) {
  w.object().field("resourceType", "MeasureReport").field("id", id).field("status", "complete").field("type", type);
  w.field("measure", std::string(m.url) + "|" + std::string(m.version));
}
void period_and_notation(Writer& w, const Question& q) {
  w.key("period").object().field("start", q.period.from).field("end", q.period.to).end();
  w.key("improvementNotation");
  coding(w, kNotationSystem, "increase");
}

/// `lists`: the id of the list of a population, or null.
template <class Count, class List>
void populations(Writer& w, const Measure& m, Count&& count, List&& list) {
  w.key("population").array();
  for (const Population p : populations_of(m)) {
    w.object().key("code");
    coding(w, kPopulationSystem, name_of(p));
    w.field("count", static_cast<std::int64_t>(count(p)));
    if (const std::string id = list(p); !id.empty()) w.key("subjectResults").object().field("reference", "List/" + id).end();
    w.end();
  }
  w.end();
}
constexpr auto kNoList = [](Population) { return std::string(); };

void score(Writer& w, const Totals::Counts& counts) {
  const auto tenths = score_tenths(counts);
  if (!tenths) return;
  w.key("measureScore").object().field("value", static_cast<double>(*tenths) / 10).field("unit", "%").field("system", kUnits);
  w.field("code", "%").end();
}

void group_code(Writer& w, const Measure& m, const GroupInfo& info) {
  if (m.groups.size() > 1) w.field("id", info.id);
  w.key("code").object().field("text", info.title.empty() ? m.title : info.title).end();
}

template <class Stratum>
void stratifier(Writer& w, const GroupInfo& info, Stratum&& each) {
  if (info.strata.empty()) return;
  w.key("stratifier").array().object().key("code").array().object().field("text", "age").end().end().key("stratum").array();
  for (std::size_t i = 0; i < info.strata.size(); ++i) {
    w.object().key("value").object().field("text", info.strata[i]).end();
    each(i);
    w.end();
  }
  w.end().end().end();
}

void of_many(std::string& out, const Measure& m, const Question& q, const Totals& totals, bool with_lists) {
  Writer w(out);
  open_report(w, m, base_id(m, q.period) + (with_lists ? "-subject-list" : "-summary"), with_lists ? "subject-list" : "summary");
  period_and_notation(w, q);
  w.key("group").array();
  for (std::size_t g = 0; g < m.groups.size(); ++g) {
    const Totals::Group& group = totals.groups[g];
    w.object();
    group_code(w, m, m.groups[g]);
    populations(
        w, m, [&](Population p) { return group.all[p]; },
        [&](Population p) { return with_lists ? list_id(m, q.period, g, p) : std::string(); });
    score(w, group.all);
    stratifier(w, m.groups[g], [&](std::size_t i) {
      populations(w, m, [&](Population p) { return group.strata[i][p]; }, kNoList);
      score(w, group.strata[i]);
    });
    w.end();
  }
  w.end().end();
}

tl::unexpected<Error> cannot_write(const std::filesystem::path& path) {
  return fail(ErrorCode::bad_file, "A report cannot be written.",
              {{path.filename().string(), "check the folder of --out and its free space"}});
}

}  // namespace

std::vector<Population> populations_of(const Measure& measure) {
  std::vector<Population> some = {Population::initial_population, Population::denominator};
  if (measure.has_exclusions) some.push_back(Population::denominator_exclusion);
  if (measure.has_exceptions) some.push_back(Population::denominator_exception);
  some.push_back(Population::numerator);
  return some;
}

std::optional<std::int64_t> score_tenths(const Totals::Counts& counts) {
  const std::int64_t of = counts.measured();
  if (of <= 0) return std::nullopt;
  return (2000 * counts[Population::numerator] + of) / (2 * of);
}

void append_individual(std::string& out, const Measure& m, const Question& q, const PatientResult& result) {
  Writer w(out);
  open_report(w, m, base_id(m, q.period) + "-" + digest(result.patient_id), "individual");
  w.key("subject").object().field("reference", "Patient/" + result.patient_id).end();
  period_and_notation(w, q);
  w.key("group").array();
  for (std::size_t g = 0; g < m.groups.size() && g < result.groups.size(); ++g) {
    const GroupResult& group = result.groups[g];
    w.object();
    group_code(w, m, m.groups[g]);
    populations(w, m, [&](Population p) { return group[p].count; }, kNoList);
    stratifier(w, m.groups[g], [&](std::size_t i) {
      populations(w, m, [&](Population p) { return group.stratum == static_cast<int>(i) ? group[p].count : 0; }, kNoList);
    });
    w.end();
  }
  w.end();
  if (!result.evidence.empty()) {
    w.key("evaluatedResource").array();
    for (const std::string& one : result.evidence) w.object().field("reference", one).end();
    w.end();
  }
  w.end();
}

void append_summary(std::string& out, const Measure& m, const Question& q, const Totals& totals) {
  of_many(out, m, q, totals, false);
}
void append_subject_list(std::string& out, const Measure& m, const Question& q, const Totals& totals) {
  of_many(out, m, q, totals, true);
}

Result<ReportWriter> ReportWriter::open(const std::filesystem::path& folder, const Measure& measure, const Question& question) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error || !std::filesystem::is_directory(folder, error))
    return fail(ErrorCode::bad_file, "The folder for the reports cannot be made.",
                {{"--out", "name a folder that can be written"}});
  ReportWriter writer(measure, question);
  writer.folder_ = folder;
  writer.individual_path_ = folder / (std::string(measure.id) + "-individual.ndjson");
  writer.individual_.open(writer.individual_path_, std::ios::binary | std::ios::trunc);
  if (!writer.individual_) return cannot_write(writer.individual_path_);
  for (std::size_t g = 0; g < measure.groups.size(); ++g)
    for (const Population p : populations_of(measure)) {
      List list;
      list.group = g;
      list.population = p;
      list.path = folder / (std::string(measure.id) + "-list-" + std::string(measure.groups[g].id) + "-" +
                            std::string(name_of(p)) + ".json");
      list.file.open(list.path, std::ios::binary | std::ios::trunc);
      std::string head;
      Writer w(head);
      w.object().field("resourceType", "List").field("id", list_id(measure, question.period, g, p)).field("status", "current");
      w.field("mode", "snapshot").field("title", std::string(measure.title) + ": " + std::string(name_of(p))).end();
      head.pop_back();  // stays open for the entries
      list.file << head;
      if (!list.file) return cannot_write(list.path);
      writer.lists_.push_back(std::move(list));
    }
  return writer;
}

Result<void> ReportWriter::add(const PatientResult& result) {
  if (!result.errors.empty() || result.groups.empty()) return {};
  buffer_.clear();
  append_individual(buffer_, *measure_, question_, result);
  buffer_ += '\n';
  if (!individual_.write(buffer_.data(), static_cast<std::streamsize>(buffer_.size()))) return cannot_write(individual_path_);
  for (List& list : lists_) {
    if (list.group >= result.groups.size() || !result.groups[list.group][list.population].in()) continue;
    buffer_.assign(list.empty ? ",\"entry\":[" : ",");
    Writer w(buffer_);
    w.object().key("item").object().field("reference", "Patient/" + result.patient_id).end().end();
    list.empty = false;
    if (!list.file.write(buffer_.data(), static_cast<std::streamsize>(buffer_.size()))) return cannot_write(list.path);
  }
  return {};
}

Result<void> ReportWriter::write_whole(const std::string& name, const std::string& text) {
  std::ofstream file(folder_ / name, std::ios::binary | std::ios::trunc);
  file << text << '\n';
  file.close();
  if (!file) return cannot_write(folder_ / name);
  return {};
}

Result<void> ReportWriter::finish(const Totals& totals) {
  individual_.close();
  if (!individual_) return cannot_write(individual_path_);
  for (List& list : lists_) {
    list.file << (list.empty ? "}\n" : "]}\n");
    list.file.close();
    if (!list.file) return cannot_write(list.path);
  }
  const std::string id(measure_->id);
  std::string text;
  append_summary(text, *measure_, question_, totals);
  CONCORD_TRY_VOID(write_whole(id + "-summary.json", text));
  text.clear();
  append_subject_list(text, *measure_, question_, totals);
  return write_whole(id + "-subject-list.json", text);
}

}  // namespace concord::ecqm
