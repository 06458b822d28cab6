#include "app/bench_ecqm.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <fstream>

#include "app/system.h"
#include "ecqm/made_up.h"
#include "ecqm/run.h"

namespace concord::app {
namespace {

double cpu_now() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

double seconds_of(const timeval& t) { return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6; }

double high_water_mb(pid_t process) {
  std::ifstream status("/proc/" + std::to_string(process) + "/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmHWM:")) return std::atof(line.c_str() + 6) / 1024;
  return 0;
}

/// `concord measure` over the folder, one thread, its table thrown away.
Result<void> run_process(const std::filesystem::path& bundles, const std::filesystem::path& value_sets, EcqmFigures& figures) {
  const std::string executable = executable_path().string(), fhir = bundles.string(), sets = value_sets.string();
  const auto start = std::chrono::steady_clock::now();
  const pid_t child = ::fork();
  if (child < 0) return fail(ErrorCode::internal, "Cannot start a process.");
  if (child == 0) {
    const int nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
    ::dup2(nowhere, 1);
    ::execl(executable.c_str(), "concord", "measure", figures.measure.c_str(), "--fhir", fhir.c_str(), "--valuesets",
            sets.c_str(), "--period", "2026", "--jobs", "1", static_cast<char*>(nullptr));
    ::_exit(127);
  }
  // The system's own peak figure would hold what this process had when it was copied; the high-water mark of the new program is
  // asked for while it runs.
  int status = 0;
  rusage usage{};
  pid_t ended = 0;
  while ((ended = ::wait4(child, &status, WNOHANG, &usage)) == 0) {
    if (const double now = high_water_mb(child); now > 0) figures.process_peak_mb = now;  // it never falls in one program
    ::usleep(2000);
  }
  if (ended != child || !WIFEXITED(status) || WEXITSTATUS(status) != 0)
    return fail(ErrorCode::internal, "concord measure failed in the bench.");
  figures.process_seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  figures.process_cpu_seconds = seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime);
  return {};
}

/// The rules and the reader alone, over some patients again and again.
Result<void> run_in_memory(const std::filesystem::path& value_sets, EcqmFigures& figures) {
  const ecqm::Measure& measure = *ecqm::find_measure(figures.measure);
  CONCORD_TRY(const auto terms, ecqm::Terms::load(value_sets, measure.terms));
  CONCORD_TRY(const auto period, ecqm::MeasurementPeriod::parse("2026"));
  const ecqm::Question question{period, {}};
  constexpr int kPatients = 1000, kRounds = 20;
  std::vector<std::string> texts(kPatients);
  std::vector<json::Document> documents;
  for (int i = 0; i < kPatients; ++i) {
    ecqm::append_made_up_patient(texts[static_cast<std::size_t>(i)], static_cast<std::uint64_t>(i));
    CONCORD_TRY(auto document, json::Document::parse(texts[static_cast<std::size_t>(i)]));
    documents.push_back(std::move(document));
  }
  ecqm::Evaluator evaluator(measure, terms, question);
  ecqm::PatientResult result;
  double start = cpu_now();
  std::size_t resources = 0;
  for (int round = 0; round < kRounds; ++round)
    for (const auto& text : texts) {
      evaluator.bundle(text, "made-up.json", result);
      resources += evaluator.resources();
    }
  figures.from_text = kPatients * kRounds / (cpu_now() - start);
  figures.resources_per_patient = static_cast<double>(resources) / (kPatients * kRounds);
  start = cpu_now();
  for (int round = 0; round < kRounds; ++round)
    for (const auto& document : documents) evaluator.parsed(document.root(), "made-up.json", result);
  figures.from_parsed = kPatients * kRounds / (cpu_now() - start);
  return {};
}

}  // namespace

Result<std::vector<EcqmFigures>> bench_ecqm(const std::filesystem::path& folder, const std::vector<std::int64_t>& sizes) {
  std::vector<EcqmFigures> all;
  std::error_code ignored;
  std::filesystem::remove_all(folder, ignored);
  for (const auto patients : sizes) {
    const auto bundles = folder / ("bundles-" + std::to_string(patients));
    CONCORD_TRY(const auto bytes, ecqm::write_made_up_bundles(bundles, patients));
    for (const char* measure : {"cms159", "cms2"}) {
      const auto value_sets = folder / (std::string("valuesets-") + measure);
      CONCORD_TRY_VOID(ecqm::write_made_up_value_sets(value_sets, *ecqm::find_measure(measure)));
      EcqmFigures figures;
      figures.measure = measure;
      figures.patients = patients;
      figures.bytes_per_patient = static_cast<double>(bytes) / static_cast<double>(patients);
      CONCORD_TRY_VOID(run_process(bundles, value_sets, figures));
      if (patients == sizes.front()) CONCORD_TRY_VOID(run_in_memory(value_sets, figures));
      all.push_back(std::move(figures));
    }
    std::filesystem::remove_all(bundles, ignored);
  }
  std::filesystem::remove_all(folder, ignored);
  return all;
}

}  // namespace concord::app
