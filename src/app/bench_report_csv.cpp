#include "app/bench_report_csv.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <fstream>

#include "base/random.h"

namespace concord::app {
namespace {

namespace fs = std::filesystem;
using SteadyClock = std::chrono::steady_clock;

constexpr Date kFirstDay = Date::ymd(2025, 4, 1);  // the report is about 2026-03

class File {
 public:
  File(const fs::path& path, std::string_view header) : out_(path, std::ios::binary) { text_.append(header).append("\n"); }
  /// A cell and a comma.
  File& cell(std::string_view value) {
    text_.append(value) += ',';
    return *this;
  }
  File& cell(std::int64_t value) { return cell(std::to_string(value)); }
  File& cell(Date value) {
    value.append_iso(text_);
    text_ += ',';
    return *this;
  }
  void end() {
    text_.back() = '\n';
    ++rows_;
    if (text_.size() > (1 << 20)) flush();
  }
  bool add_to(CsvSize& size) {
    flush();
    size.rows += rows_;
    size.bytes += bytes_;
    return out_.good();
  }

 private:
  void flush() {
    out_.write(text_.data(), static_cast<std::streamsize>(text_.size()));
    out_.flush();
    bytes_ += static_cast<std::int64_t>(text_.size());
    text_.clear();
  }
  std::ofstream out_;
  std::string text_;
  std::int64_t rows_ = 0, bytes_ = 0;
};

/// Starts the program and reads what it prints to the end.
Result<std::int64_t> run_report(const fs::path& folder, const Config& config, bool as_json) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return fail(ErrorCode::internal, "Cannot make a pipe.");
  const std::string program = executable_path().string(), csv = folder.string();
  const std::string data = config.data_folder.string();
  const pid_t child = ::fork();
  if (child == 0) {
    ::dup2(ends[1], 1);
    ::setenv("CONCORD_DATA_FOLDER", data.c_str(), 1);
    ::execl(program.c_str(), "concord", "report", "nys-omh-2025", "--csv", csv.c_str(), "--month", "2026-03",
            as_json ? "--json" : static_cast<char*>(nullptr), static_cast<char*>(nullptr));
    ::_exit(127);
  }
  ::close(ends[1]);
  std::vector<char> buffer(1 << 20);
  std::int64_t bytes = 0;
  for (ssize_t n; (n = ::read(ends[0], buffer.data(), buffer.size())) > 0;) bytes += n;
  ::close(ends[0]);
  int status = 0;
  if (child < 0 || ::waitpid(child, &status, 0) < 0 || !WIFEXITED(status) || WEXITSTATUS(status) != 0)
    return fail(ErrorCode::internal, "The report of the made-up folder failed.");
  return bytes;
}

}  // namespace

Result<CsvSize> write_made_up_csv(const fs::path& folder, int patients) {
  std::error_code error;
  fs::remove_all(folder, error);
  fs::create_directories(folder, error);
  File people(folder / "patient.csv", "patient_id,birth_date,given_name,family_name,sex,language");
  File coverage(folder / "coverage.csv", "patient_id,payer_category,start_date,end_date");
  File episodes(
      folder / "episode.csv",
      "episode_id,patient_id,enrollment_date,primary_condition,primary_scale,site,care_manager,discharge_date,discharge_reason");
  File contacts(folder / "contact.csv", "contact_id,patient_id,contact_date,staff_role,contact_kind,modality,minutes");
  File scores(folder / "scale_result.csv", "result_id,patient_id,administered_date,instrument,total_score,administered_by_role");
  File reviews(folder / "psych_review.csv", "review_id,patient_id,review_date,recommendation_documented,recommendation_to");
  File visits(folder / "practice_visit.csv", "visit_id,patient_id,visit_date,provider_category,billing_codes,modality");
  File months(folder / "site_month.csv", "site_id,reporting_month,bhcm_fte");
  Random random(20260301);
  std::int64_t contact = 0, score = 0, review = 0;
  for (int i = 0; i < patients; ++i) {
    const std::string id = "MRN" + std::to_string(1000000 + i);
    people.cell(id)
        .cell(Date::ymd(1940, 1, 1).plus_days(static_cast<int>(random.integer(0, 25000))))
        .cell("Given" + std::to_string(i % 977));
    people.cell("Family" + std::to_string(i % 4999)).cell(i % 3 == 0 ? "male" : "female").cell(i % 5 == 0 ? "es" : "en").end();
    coverage.cell(id)
        .cell(i % 4 == 0   ? "commercial"
              : i % 2 == 0 ? "medicaid_ffs"
                           : "medicaid_managed_care")
        .cell(Date::ymd(2025, 1, 1))
        .cell("")
        .end();
    const Date enrolled = kFirstDay.plus_days(static_cast<int>(random.integer(0, 350)));
    const bool is_anxiety = i % 5 == 4, is_over = i % 6 == 0;
    const Date end = is_over ? enrolled.plus_days(static_cast<int>(random.integer(30, 200))) : Date::ymd(2026, 4, 10);
    episodes.cell("E" + std::to_string(i)).cell(id).cell(enrolled).cell(is_anxiety ? "anxiety" : "depression");
    episodes.cell(is_anxiety ? "gad-7" : "phq-9").cell("Main Street").cell("Manager " + std::to_string(i % 40));
    if (is_over) episodes.cell(end).cell("target_met").end();
    else episodes.cell("").cell("").end();
    std::int64_t total = random.integer(8, 24);
    Date day = enrolled;
    for (int n = 0; day <= end && n < 12; ++n) {
      contacts.cell("C" + std::to_string(++contact)).cell(id).cell(day).cell("care_manager");
      contacts.cell(n % 7 == 6 ? "no_show" : "treatment")
          .cell(n % 2 == 0 ? "phone" : "in_person")
          .cell(random.integer(10, 45))
          .end();
      if (n % 2 == 0) {
        scores.cell("S" + std::to_string(++score)).cell(id).cell(day).cell(is_anxiety ? "gad-7" : "phq-9");
        scores.cell(std::min<std::int64_t>(total, is_anxiety ? 21 : 27)).cell("care_manager").end();
        scores.cell("S" + std::to_string(++score)).cell(id).cell(day).cell(is_anxiety ? "phq-9" : "gad-7");
        scores.cell(random.integer(0, 21)).cell("care_manager").end();
        total = std::max<std::int64_t>(0, total - random.integer(-1, 4));
      }
      day = day.plus_days(static_cast<int>(random.integer(14, 35)));
    }
    if (i % 3 != 2) {
      reviews.cell("R" + std::to_string(++review)).cell(id).cell(enrolled.plus_days(static_cast<int>(random.integer(20, 90))));
      reviews.cell(i % 7 == 0 ? "false" : "true").cell("pcp").end();
    }
    if (i % 2 == 0) {
      visits.cell("V" + std::to_string(i)).cell(id).cell(Date::ymd(2026, 3, 1).plus_days(i % 31)).cell("medical_provider");
      visits.cell(i % 8 == 0 ? "99213 96127" : "99214").cell("in_person").end();
    }
  }
  months.cell("Main Street").cell("2026-03").cell("40").end();
  CsvSize size;
  for (File* file : {&people, &coverage, &episodes, &contacts, &scores, &reviews, &visits, &months})
    if (!file->add_to(size)) return fail(ErrorCode::internal, "The made-up folder cannot be written.");
  return size;
}

Result<ReportCsvFigures> bench_report_csv(const Config& config, const fs::path& folder, int patients, int runs) {
  ReportCsvFigures figures;
  CONCORD_TRY(const auto size, write_made_up_csv(folder, patients));
  figures.patients = patients;
  figures.rows = size.rows;
  figures.bytes = size.bytes;
  for (const bool as_json : {false, true}) {
    std::vector<double> seconds;
    for (int run = 0; run < runs; ++run) {
      const auto begin = SteadyClock::now();
      CONCORD_TRY(const auto bytes, run_report(folder, config, as_json));
      seconds.push_back(std::chrono::duration<double>(SteadyClock::now() - begin).count());
      if (as_json) figures.json_bytes = bytes;
    }
    std::sort(seconds.begin(), seconds.end());
    (as_json ? figures.json_seconds : figures.table_seconds) = seconds[seconds.size() / 2];
  }
  return figures;
}

}  // namespace concord::app
