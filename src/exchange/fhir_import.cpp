#include "exchange/fhir_import.h"

#include <algorithm>
#include <unordered_map>

#include "fhir/resource_file.h"

namespace concord::exchange {
namespace {

/// People and places first, then patients, then what others refer to, then the rest: the order in which
/// files are read matters only for names and placeholders.
int rank_of(std::string_view type) {
  constexpr std::string_view kOrder[] = {"Organization",  "Location",       "Practitioner", "PractitionerRole",
                                         "Questionnaire", "Medication",     "Patient",      "Condition",
                                         "CareTeam",      "ServiceRequest", "EpisodeOfCare"};
  for (std::size_t i = 0; i < std::size(kOrder); ++i)
    if (kOrder[i] == type) return static_cast<int>(i);
  return 100;
}

struct File {
  fhir::InputFile input;
  int rank = 0;
};

}  // namespace

Result<Report> import_fhir(db::Database& database, const FhirImportOptions& options,
                           const std::vector<std::filesystem::path>& paths) {
  const auto now_seconds = [&] { return options.seconds ? options.seconds() : 0.0; };
  const double began = now_seconds();
  CONCORD_TRY(auto inputs, fhir::list_inputs(paths));
  Report report;
  report.source = "fhir";
  std::vector<File> files;
  std::uint64_t bytes_all = 0;
  for (auto& input : inputs) {
    const auto type = fhir::first_resource_type(input.path);
    const auto name = input.path.filename().string();
    const bool says_json = name.find(".json") != std::string::npos || name.find(".ndjson") != std::string::npos;
    if (type.empty() && !input.named && !says_json) {
      report.add_not_used("(file)", "not JSON");
      continue;
    }
    bytes_all += input.bytes;
    files.push_back({std::move(input), rank_of(type)});
  }
  std::stable_sort(files.begin(), files.end(), [](const File& a, const File& b) { return a.rank < b.rank; });

  const CodeIndex codes(*options.instruments);
  FhirContext context;
  context.organization = options.target.organization;
  context.source = options.target.source;
  context.zone = options.target.zone;
  context.today = options.today;
  context.codes = &codes;
  Directory directory;

  // Scores of NDJSON files wait until all files are read.
  std::vector<Fragment> waiting;
  std::vector<std::string> waiting_files;
  std::vector<PatientRef> waiting_refs;

  auto take_scores = [&](Rows& rows, Report& into, std::vector<Fragment> fragments, const std::vector<std::string>& file_names) {
    auto merged = merge(std::move(fragments), codes, context.organization, context.source, options.today);
    for (std::size_t i = 0; i < merged.rejected.size(); ++i) {
      merged.rejected[i].file = file_names[merged.rejected_at[i].file];
      into.rejected.push_back(std::move(merged.rejected[i]));
    }
    for (auto& event : merged.safety_events) {
      const Digest digest = digest_of(event);
      rows.safety_events.push_back({std::move(event), "", digest, {}});
    }
    rows.measurements = std::move(merged.list);
    if (merged.totals_not_trusted > 0)
      into.notes.push_back(file_names[0] + ": " + std::to_string(merged.totals_not_trusted) +
                           " stated totals disagree with their answers; kept as stated, not trusted");
  };
  auto store = [&](Rows rows, const std::vector<PatientRef>& refs) -> Result<Report> {
    auto written = database.write([&](db::Tx& tx) { return store_rows(tx, options.target, rows, refs, false); });
    if (!written) return tl::unexpected<Error>(std::move(written.error()));
    return std::move(written->report);
  };

  std::uint64_t bytes_done = 0;
  double last_shown = began;
  std::int64_t resources_now = 0;
  auto show = [&](std::uint64_t in_file, bool always) {
    if (!options.progress) return;
    const double now = now_seconds();
    if (!always && now - last_shown < 0.2) return;
    last_shown = now;
    Progress p;
    p.done = bytes_all == 0 ? 1 : static_cast<double>(bytes_done + in_file) / static_cast<double>(bytes_all);
    p.items = report.resources + resources_now;
    const double spent = now - began;
    if (spent > 0) p.items_per_second = static_cast<double>(p.items) / spent;
    if (p.done > 0.001) p.seconds_left = spent * (1 - p.done) / p.done;
    options.progress(p);
  };

  for (const auto& file : files) {
    const std::string name = file.input.path.filename().string();
    const std::size_t parties_before = directory.parties.size();
    FileMap map(context, directory, name);
    std::optional<Error> broken;
    bool is_ndjson = false;
    if (auto opened = fhir::ResourceFile::open(file.input.path); opened) {
      is_ndjson = opened->kind() == fhir::ResourceFile::Kind::ndjson;
      for (;;) {
        auto piece = opened->next();
        if (!piece) {
          broken = std::move(piece.error());
          break;
        }
        if (!*piece) break;
        map.add(**piece);
        resources_now += static_cast<std::int64_t>((*piece)->entries.size());
        show(opened->consumed(), false);
      }
    } else {
      broken = std::move(opened.error());
    }
    bytes_done += file.input.bytes;
    resources_now = 0;
    if (broken) {
      directory.forget_parties_from(parties_before);
      ++report.files;
      std::string why = broken->text;
      if (why.starts_with(name + ": ")) why.erase(0, name.size() + 2);  // the report has a column for the file
      report.rejected.push_back({name, 0, "", std::move(why)});
      continue;
    }
    MappedFile mapped = map.finish();
    if (is_ndjson && !mapped.fragments.empty()) {
      const auto offset = static_cast<std::uint32_t>(waiting_files.size());
      waiting_files.push_back(name);
      for (auto& fragment : mapped.fragments) {
        fragment.place.file = offset;
        waiting.push_back(std::move(fragment));
      }
      waiting_refs.insert(waiting_refs.end(), mapped.patient_refs.begin(), mapped.patient_refs.end());
    } else {
      take_scores(mapped.rows, mapped.report, std::move(mapped.fragments), mapped.rows.files);
    }
    auto stored = store(std::move(mapped.rows), mapped.patient_refs);
    if (!stored) {
      if (stored.error().code != ErrorCode::conflict && stored.error().code != ErrorCode::invalid)
        return tl::unexpected<Error>(std::move(stored.error()));
      // A constraint of the database refused a row: the file is out as a whole, the others go on.
      report.files += mapped.report.files;
      report.resources += mapped.report.resources;
      report.rejected.push_back({name, 0, "", "contradicts what is stored; nothing of the file was stored"});
      continue;
    }
    report.add(std::move(mapped.report));
    report.add(std::move(*stored));
    show(0, false);
  }

  if (!waiting.empty()) {
    Rows rows;
    rows.files = waiting_files;
    Report late;
    take_scores(rows, late, std::move(waiting), waiting_files);
    std::unordered_map<Uuid, bool> seen;
    std::vector<PatientRef> refs;
    for (auto& ref : waiting_refs)
      if (seen.emplace(ref.id.uuid, true).second) refs.push_back(std::move(ref));
    CONCORD_TRY(auto stored, store(std::move(rows), refs));
    report.add(std::move(late));
    report.add(std::move(stored));
  }
  if (!directory.parties.empty() || !directory.wanted.empty()) {
    const std::string prefix = context.source == "fhir" ? "" : context.source + ":";
    auto stored =
        database.write([&](db::Tx& tx) -> Result<Report> { return store_directory(tx, options.target, directory, prefix); });
    if (!stored) return tl::unexpected<Error>(std::move(stored.error()));
    report.add(std::move(*stored));
  }
  report.seconds = now_seconds() - began;
  show(0, true);
  return report;
}

}  // namespace concord::exchange
