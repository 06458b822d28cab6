#include "ecqm/run.h"

#include <algorithm>
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <thread>

#include "ecqm/grouping.h"
#include "ecqm/input.h"
#include "fhir/input.h"

namespace concord::ecqm {
namespace {

namespace fs = std::filesystem;

/// Ids seen so far, as hashes: 8 to 16 bytes a patient.
class SeenIds {
 public:
  /// False when it was there already.
  bool add(std::string_view id) {
    if ((count_ + 1) * 2 > slots_.size()) grow();
    const std::uint64_t hash = std::max<std::uint64_t>(1, std::hash<std::string_view>()(id));
    if (!put(hash)) return false;
    ++count_;
    return true;
  }

 private:
  bool put(std::uint64_t hash) {
    std::size_t at = hash & (slots_.size() - 1);
    for (; slots_[at] != 0; at = (at + 1) & (slots_.size() - 1))
      if (slots_[at] == hash) return false;
    slots_[at] = hash;
    return true;
  }
  void grow() {
    std::vector<std::uint64_t> old(std::max<std::size_t>(1024, slots_.size() * 2));
    old.swap(slots_);
    for (const auto hash : old)
      if (hash != 0) put(hash);
  }
  std::vector<std::uint64_t> slots_;
  std::size_t count_ = 0;
};

}  // namespace

/// What a thread needs for itself.
struct Worker {
  Worker(const Measure& measure, const Terms& terms, const Question& question, const SharedMedications* shared)
      : evaluator(measure, terms, question, shared) {}
  Evaluator evaluator;
  std::string text;
  std::vector<PatientResult> results;
  std::uint64_t bytes = 0, resources = 0;

  void file(const Layout& layout, std::string_view name) {
    PatientResult& out = results.emplace_back();
    const std::string source(name);
    if (auto read = read_text(layout.root / name, text); !read) return refuse(out, source, read.error());
    bytes += text.size();
    const auto type = skim(text, SkimFor::type).type;
    if (!type.empty() && type != "Bundle") {
      // Beside bundles lie measures, libraries and reports. A patient's resource must not be overlooked.
      if (!is_of_patients(type)) return results.pop_back();
      out = {};
      out.source = source;
      out.errors = {{source, "is a single " + std::string(type) +
                                 " beside bundles: put the resources of a patient into a bundle or into a folder of their own"}};
      return;
    }
    evaluator.bundle(text, source, out);
    resources += evaluator.resources();
    if (evaluator.only_definitions()) results.pop_back();  // value sets beside the records
  }

  void folder(const Layout& layout, std::string_view name) {
    PatientResult& out = results.emplace_back();
    const std::string source(name);
    const auto files = json_files_below(layout.root / name);
    if (!files) return refuse(out, source, files.error());
    std::vector<std::string> texts(files->size()), names(files->size());
    std::vector<Evaluator::Part> parts;
    for (std::size_t i = 0; i < files->size(); ++i) {
      names[i] = (*files)[i].lexically_relative(layout.root).string();
      if (auto read = read_text((*files)[i], texts[i]); !read) return refuse(out, names[i], read.error());
      bytes += texts[i].size();
      parts.push_back({names[i], texts[i]});
    }
    evaluator.parts(parts, source, out);
    resources += evaluator.resources();
    if (evaluator.only_definitions()) results.pop_back();
  }

  static bool is_of_patients(std::string_view type) {
    static constexpr std::string_view kTypes[] = {"Patient",   "Encounter",      "Condition",         "Observation",
                                                  "Procedure", "ServiceRequest", "MedicationRequest", "MedicationDispense"};
    return std::find(std::begin(kTypes), std::end(kTypes), type) != std::end(kTypes);
  }
  static void refuse(PatientResult& out, const std::string& source, const Error& error) {
    out = {};
    out.source = source;
    out.errors = error.issues;
    for (auto& issue : out.errors) issue.path = source;
    if (out.errors.empty()) out.errors.push_back({source, error.text});
  }
};

namespace {

/// A piece of work: fills worker.results.
using Task = std::function<void(Worker&)>;
/// The next piece, or nothing at the end. Called by one thread at a time.
using Next = std::function<Result<std::optional<Task>>()>;

constexpr std::size_t kUnitsInTask = 64;
constexpr std::size_t kTaskBytes = 1 << 20;

class Runner {
 public:
  Runner(const Measure& measure, const Terms& terms, const Question& question, const RunOptions& options, const Sink& sink)
      : measure_(measure), terms_(terms), options_(options), sink_(sink), summary_{Totals(measure)} {
    for (unsigned i = 0; i < std::max(1U, options.jobs); ++i)
      workers_.push_back(std::make_unique<Worker>(measure, terms, question, &medications_));
  }

  Result<RunSummary> run(const Layout& layout) {
    CONCORD_TRY_VOID(in_order(units(layout)));
    if (layout.lines.size() + layout.loose.size() > 0) CONCORD_TRY_VOID(grouped(layout));
    for (const auto& worker : workers_) {
      summary_.bytes += worker->bytes;
      summary_.resources += worker->resources;
    }
    return std::move(summary_);
  }

 private:
  Next units(const Layout& layout) {
    return [&layout, at = std::size_t{0}]() mutable -> Result<std::optional<Task>> {
      if (at >= layout.units.size()) return std::optional<Task>();
      const std::size_t from = at, to = std::min(at + kUnitsInTask, layout.units.size());
      at = to;
      return std::optional<Task>([&layout, from, to](Worker& worker) {
        for (std::size_t i = from; i < to; ++i) {
          if (layout.units.is_folder(i)) worker.folder(layout, layout.units[i]);
          else worker.file(layout, layout.units[i]);
        }
      });
    };
  }

  Result<void> consume(std::vector<PatientResult>& results) {
    for (PatientResult& result : results) {
      if (result.errors.empty() && !seen_.add(result.patient_id)) {
        result.groups.clear();
        result.errors.push_back({result.source, "holds a patient who was read already from another file"});
      }
      summary_.totals.add(result);
      CONCORD_TRY_VOID(sink_(result));
    }
    results.clear();
    return {};
  }

  Result<void> in_order(const Next& next) {
    if (workers_.size() > 1) return in_parallel(next);
    Worker& worker = *workers_.front();
    for (;;) {
      CONCORD_TRY(const auto task, next());
      if (!task) return {};
      (*task)(worker);
      CONCORD_TRY_VOID(consume(worker.results));
    }
  }

  Result<void> in_parallel(const Next& next) {
    std::mutex mutex;
    std::condition_variable changed;
    std::map<std::uint64_t, std::vector<PatientResult>> done;
    std::uint64_t given = 0, consumed = 0;
    bool ended = false;
    std::optional<Error> error;
    std::exception_ptr thrown;
    const std::uint64_t ahead = workers_.size() * 4;  // results waiting for an earlier one stay few

    const auto work = [&](Worker& worker) {
      std::unique_lock lock(mutex);
      try {
        for (;;) {
          changed.wait(lock, [&] { return ended || given - consumed < ahead; });
          if (ended) return;
          auto task = next();
          if (!task) error = std::move(task.error());
          if (!task || !*task) {
            ended = true;
            changed.notify_all();
            return;
          }
          const std::uint64_t number = given++;
          lock.unlock();
          (**task)(worker);
          auto results = std::move(worker.results);
          worker.results.clear();
          lock.lock();
          done.emplace(number, std::move(results));
          changed.notify_all();
        }
      } catch (...) {
        if (!lock.owns_lock()) lock.lock();
        thrown = std::current_exception();
        ended = true;
        changed.notify_all();
      }
    };
    std::vector<std::thread> threads;
    for (auto& worker : workers_) threads.emplace_back(work, std::ref(*worker));
    Result<void> outcome;
    {
      std::unique_lock lock(mutex);
      for (;;) {
        changed.wait(lock, [&] { return thrown || done.contains(consumed) || (ended && consumed == given); });
        if (thrown || !done.contains(consumed)) break;
        auto results = std::move(done.extract(consumed).mapped());
        lock.unlock();
        outcome = consume(results);
        lock.lock();
        ++consumed;
        if (!outcome) ended = true;
        changed.notify_all();
        if (!outcome) break;
      }
      ended = true;
      changed.notify_all();
    }
    for (auto& thread : threads) thread.join();
    if (thrown) std::rethrow_exception(thrown);
    if (!outcome) return outcome;
    if (error) return tl::unexpected<Error>(std::move(*error));
    return {};
  }

  // Put together by patient.

  static std::string label(const Names& lines, const Names& loose, std::uint32_t file, std::uint64_t line) {
    return file < lines.size() ? std::string(lines[file]) + ":" + std::to_string(line) : std::string(loose[file - lines.size()]);
  }

  /// Shows every resource of the files to `see(file, line, text)`, which says whether it wants more of this file. The files are
  /// numbered, lines first; `only` (when not empty) picks among the files of lines, `heads`: no others.
  template <class See>
  Result<void> each_text(const Layout& layout, const std::vector<bool>& only, bool heads, See&& see) {
    for (std::size_t f = 0; f < layout.lines.size(); ++f) {
      if (!only.empty() && !only[f]) continue;
      CONCORD_TRY(auto source, fhir::open_input(layout.root / layout.lines[f]));
      std::string buffer;
      std::uint64_t line = 0;
      std::size_t searched = 0;
      bool wanted = true;
      for (bool more = true; more && wanted;) {
        CONCORD_TRY(more, source->read(buffer));
        std::size_t at = 0;
        while (wanted) {
          std::size_t end = buffer.find('\n', std::max(at, searched));
          if (end == std::string::npos && !more) end = buffer.size();
          if (end == std::string::npos || (at >= buffer.size() && !more)) break;
          ++line;
          auto text = std::string_view(buffer).substr(at, end - at);
          if (line == 1 && text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
          at = end + 1;
          searched = at;
          if (text.find_first_not_of(" \t\r") != std::string_view::npos) {
            CONCORD_TRY(wanted, see(static_cast<std::uint32_t>(f), line, text));
          }
          if (at >= buffer.size()) break;
        }
        buffer.erase(0, std::min(at, buffer.size()));
        searched = buffer.size();
      }
    }
    if (heads || !only.empty()) return {};
    std::string text;
    for (std::size_t f = 0; f < layout.loose.size(); ++f) {
      const auto number = static_cast<std::uint32_t>(layout.lines.size() + f);
      if (auto read = read_text(layout.root / layout.loose[f], text); !read) {
        CONCORD_TRY_VOID(problem(layout, number, 0, "cannot be read"));
        continue;
      }
      CONCORD_TRY(const bool more, see(number, 0, text));
      if (!more) return {};
    }
    return {};
  }

  Result<void> problem(const Layout& layout, std::uint32_t file, std::uint64_t line, std::string text) {
    PatientResult result;
    result.source = label(layout.lines, layout.loose, file, line);
    result.errors = {{result.source, std::move(text)}};
    std::vector<PatientResult> one;
    one.push_back(std::move(result));
    return consume(one);
  }

  Result<void> grouped(const Layout& layout) {
    std::size_t ranges = 1;
    Sample sample;
    if (layout.grouped_bytes > options_.grouping_bytes) {
      constexpr std::uint64_t kMostRanges = 500;  // open files
      ranges = static_cast<std::size_t>(std::min(kMostRanges, 2 + layout.grouped_bytes * 3 / 2 / options_.grouping_bytes));
      // The ids stand in the files of patients; only when there is none of these, everything is looked through.
      std::vector<bool> with_patients(layout.lines.size());
      CONCORD_TRY_VOID(each_text(layout, {}, true, [&](std::uint32_t file, std::uint64_t, std::string_view text) -> Result<bool> {
        if (file < with_patients.size()) with_patients[file] = skim(text, SkimFor::type).type == "Patient";
        return false;
      }));
      if (std::find(with_patients.begin(), with_patients.end(), true) == with_patients.end()) with_patients.clear();
      CONCORD_TRY_VOID(
          each_text(layout, with_patients, false, [&](std::uint32_t, std::uint64_t, std::string_view text) -> Result<bool> {
            if (const auto key = key_of(skim(text, SkimFor::owner)); !key.empty()) sample.see(key);
            return true;
          }));
    }
    CONCORD_TRY(auto grouping, Grouping::open(ranges, sample.take(), options_.temporary));
    CONCORD_TRY_VOID(sort_out(layout, grouping));
    for (std::size_t i = 0; i < grouping.ranges(); ++i) {
      CONCORD_TRY(const auto range, grouping.take(i));
      CONCORD_TRY_VOID(in_order(patients(layout, range)));
    }
    return {};
  }

  static std::string_view key_of(const Skimmed& found) { return found.type == "Patient" ? found.id : tail_of(found.subject); }

  Result<void> sort_out(const Layout& layout, Grouping& grouping) {
    return each_text(layout, {}, false, [&](std::uint32_t file, std::uint64_t line, std::string_view text) -> Result<bool> {
      CONCORD_TRY_VOID(sort_in(layout, grouping, file, line, text));
      return true;
    });
  }

  Result<void> sort_in(const Layout& layout, Grouping& grouping, std::uint32_t file, std::uint64_t line, std::string_view text) {
    Worker& worker = *workers_.front();
    worker.bytes += text.size();
    const auto found = skim(text, SkimFor::owner);
    if (!found.is_object || found.size == 0)
      return problem(layout, file, line, "is not a JSON object (cut off, or no FHIR resource)");
    if (found.type == "Bundle") {
      PatientResult& out = worker.results.emplace_back();
      worker.evaluator.bundle(text, label(layout.lines, layout.loose, file, line), out);
      worker.resources += worker.evaluator.resources();
      return consume(worker.results);
    }
    if (found.type == "Medication") {
      if (const auto document = json::Document::parse(text))
        if (const TermMask mask = PatientReader(terms_).medication_terms(document->root()); mask != 0)
          medications_.emplace(found.id, mask);
      return {};
    }
    if (found.type.empty()) return problem(layout, file, line, "is not a FHIR resource (it has no resourceType)");
    if (!Worker::is_of_patients(found.type)) return {};
    const auto key = key_of(found);
    if (key.empty())
      return problem(layout, file, line,
                     found.type == "Patient" ? "is a Patient without id" : "names no patient (subject.reference is missing)");
    // Most of a record (vital signs, laboratory) is nothing the measure asks for: when it is whole, only that it was there is
    // kept.
    const bool needed = found.type == "Patient" || terms_.may_name_code(text) ||
                        text.find("\"medicationReference\"") != std::string_view::npos || skim(text, SkimFor::end).size == 0;
    return grouping.add(key, file, line, needed ? text : std::string_view());
  }

  Next patients(const Layout& layout, std::shared_ptr<const Range> range) {
    return [&layout, range = std::move(range), at = std::size_t{0}]() mutable -> Result<std::optional<Task>> {
      const auto& texts = range->texts;
      if (at >= texts.size()) return std::optional<Task>();
      const std::size_t from = at;
      for (std::size_t bytes = 0; at < texts.size(); ++at) {
        if (bytes > kTaskBytes / 2 && texts[at].patient != texts[at - 1].patient) break;
        bytes += texts[at].text.size();
      }
      return std::optional<Task>([&layout, range, from, to = at](Worker& worker) {
        const auto& all = range->texts;
        for (std::size_t i = from; i < to;) {
          std::size_t end = i;
          while (end < to && all[end].patient == all[i].patient) ++end;
          patient(worker, layout, std::span(all).subspan(i, end - i));
          i = end;
        }
      });
    };
  }

  static void patient(Worker& worker, const Layout& layout, std::span<const Range::Text> texts) {
    PatientResult& out = worker.results.emplace_back();
    const std::string source = label(layout.lines, layout.loose, texts.front().file, texts.front().line);
    // One list is parsed faster than many texts. When something is wrong, each is read by itself and named.
    worker.text = "[";
    for (const auto& text : texts) {
      if (text.text.empty()) continue;
      if (worker.text.size() > 1) worker.text += ',';
      worker.text += text.text;
    }
    worker.text += ']';
    worker.evaluator.bundle(worker.text, source, out);
    worker.resources += worker.evaluator.resources();
    if (out.errors.empty()) return;
    std::vector<std::string> labels;
    std::vector<Evaluator::Part> parts;
    for (const auto& text : texts) labels.push_back(label(layout.lines, layout.loose, text.file, text.line));
    for (std::size_t i = 0; i < texts.size(); ++i)
      if (!texts[i].text.empty()) parts.push_back({labels[i], texts[i].text});
    worker.evaluator.parts(parts, source, out);
    if (out.patient_id.empty()) out.patient_id = texts.front().patient;
  }

  const Measure& measure_;
  const Terms& terms_;
  const RunOptions& options_;
  const Sink& sink_;
  RunSummary summary_;
  SeenIds seen_;
  SharedMedications medications_;
  std::vector<std::unique_ptr<Worker>> workers_;
};

void clear(PatientResult& out) {
  out.patient_id.clear();
  out.source.clear();
  out.groups.clear();
  out.dates.clear();
  out.values.clear();
  out.evidence.clear();
  out.errors.clear();
}

}  // namespace

void Evaluator::finish(std::string_view source, PatientResult& out) {
  out.source = source;
  if (const Facts* facts = reader_.finish(source)) {
    out.patient_id = facts->patient_id;
    measure_.evaluate(*facts, question_, out);
    return;
  }
  out.patient_id = reader_.patient_id();
  out.errors = reader_.issues();
}

void Evaluator::bundle(std::string_view text, std::string_view source, PatientResult& out) {
  clear(out);
  reader_.begin();
  auto document = json::Document::parse(text);
  if (document) reader_.add(document->root(), source);
  else reader_.refuse(source, document.error().text);
  finish(source, out);
}

void Evaluator::parsed(const json::Value& bundle, std::string_view source, PatientResult& out) {
  clear(out);
  reader_.begin();
  reader_.add(bundle, source);
  finish(source, out);
}

void Evaluator::parts(const std::vector<Part>& parts, std::string_view source, PatientResult& out) {
  clear(out);
  reader_.begin();
  documents_.clear();
  for (const Part& part : parts) {
    auto document = json::Document::parse(part.text);
    if (!document) {
      reader_.refuse(part.file, document.error().text);
      continue;
    }
    documents_.push_back(std::move(*document));
    reader_.add(documents_.back().root(), part.file);
  }
  finish(source, out);
}

Result<RunSummary> run(const Measure& measure, const Terms& terms, const fs::path& path, const Question& question,
                       const RunOptions& options, const Sink& sink) {
  CONCORD_TRY(const auto layout, find_layout(path));
  return Runner(measure, terms, question, options, sink).run(layout);
}

}  // namespace concord::ecqm
