// The short way against the importer's reader: on made-up folders with everything a CSV file may hold, and on folders broken in
// every way a dice can think of. What the short way takes must be the same clinic to the last fact; everything else it must leave
// alone.
#include "app/plain_clinic_csv.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>

#include "app/bench_report_csv.h"
#include "app/measures_from_csv.h"
#include "base/random.h"
#include "json/data_files.h"

namespace concord::app {
namespace {

namespace fs = std::filesystem;

const instruments::Library& library() {
  static const auto loaded = std::move(instruments::load_library(fs::path(CONCORD_SOURCE_DIR) / "instruments").value());
  return loaded;
}
const measures::NysRules& rules() {
  static const auto loaded = std::move(
      measures::load_nys_rules(json::read_file(fs::path(CONCORD_SOURCE_DIR) / "rulesets/nys-omh-2025.json").value(), library())
          .value());
  return loaded;
}

/// Every fact in words.
std::string told(const measures::Clinic& c) {
  std::string text;
  const auto day = [](std::optional<Date> d) { return d ? d->iso() : std::string("-"); };
  for (const auto& f : c.forms) text += f.instrument + "/" + f.informant + " ";
  for (const auto& [month, fte] : c.bhcm_fte) text += month.iso() + "=" + std::to_string(fte) + " ";
  for (std::size_t i = 0; i < c.patients.size(); ++i) {
    const auto p = static_cast<measures::PatientIndex>(i);
    text += "\n" + c.patients[i].id + " " + day(c.patients[i].born);
    for (const auto& x : c.coverage.of(p)) text += " | " + x.start.iso() + day(x.end) + (x.is_medicaid ? "M" : "");
    for (const auto& x : c.episodes.of(p))
      text += " | " + x.id + x.enrolled.iso() + day(x.discharged) + x.discharge_reason + x.primary_scale + x.primary_condition;
    for (const auto& x : c.contacts.of(p)) text += " | c" + x.date.iso();
    for (const auto& x : c.scores.of(p))
      text += " | s" + x.date.iso() + std::to_string(x.form) + "@" + std::to_string(x.at) + "=" + std::to_string(x.total) + "/" +
              (x.symptoms ? std::to_string(*x.symptoms) : "-");
    for (const auto& x : c.reviews.of(p)) text += " | r" + x.date.iso() + (x.has_recommendation ? "y" : "n");
    for (const auto& x : c.visits.of(p)) text += " | v" + x.date.iso() + (x.is_screening_visit ? "y" : "n");
    for (const auto& x : c.recommendations.of(p)) text += " | a" + x.reviewed.iso() + x.kind + day(x.answered) + day(x.done);
    for (const auto& x : c.treatment_steps.of(p)) text += " | t" + x.date.iso() + std::to_string(static_cast<int>(x.what));
  }
  return text;
}

/// Files by name, as text.
using Files = std::map<std::string, std::string>;

class Maker {
 public:
  explicit Maker(std::uint64_t seed) : random_(seed) {}
  std::size_t below(std::size_t n) { return static_cast<std::size_t>(random_.integer(0, static_cast<std::int64_t>(n) - 1)); }
  bool one_in(std::size_t n) { return below(n) == 0; }
  template <class T, std::size_t N>
  T pick(const T (&list)[N]) {
    return list[below(N)];
  }

  Files folder() {
    Files files;
    const auto n = 1 + below(30);
    const bool with_items = one_in(3);
    Table people(*this,
                 {"patient_id", "birth_date", "given_name", "sex", "language", "interpreter_needed", "deceased_date", "labels"});
    Table coverage(*this, {"patient_id", "payer_category", "start_date", "end_date", "plan_name"});
    Table episodes(*this, {"episode_id", "patient_id", "enrollment_date", "primary_condition", "primary_scale", "discharge_date",
                           "discharge_reason", "care_manager", "site"});
    Table contacts(*this, {"contact_id", "patient_id", "contact_date", "staff_role", "contact_kind", "modality", "minutes",
                           "with_caregiver", "interventions", "note"});
    std::vector<std::string> scale = {"result_id",      "patient_id", "administered_date",        "instrument",
                                      "total_score",    "informant",  "vanderbilt_symptom_count", "administered_by_role",
                                      "administered_at"};
    if (with_items)
      for (int q = 1; q <= 9; ++q) scale.push_back("q" + std::to_string(q));
    Table scores(*this, scale);
    Table reviews(*this, {"review_id", "patient_id", "review_date", "recommendation_documented", "recommendation_to",
                          "recommendation", "recommendation_state", "answered_date"});
    Table visits(*this, {"visit_id", "patient_id", "visit_date", "provider_category", "billing_codes", "modality"});
    Table months(*this, {"site_id", "reporting_month", "bhcm_fte"});
    Table time(*this, {"entry_id", "patient_id", "staff_id", "date", "minutes", "activity", "start_time"});
    Table consents(*this, {"patient_id", "consent_date", "kind", "withdrawn_date"});
    int number = 0;
    const auto id = [&](const char* prefix) { return prefix + std::to_string(++number); };
    for (std::size_t i = 0; i < n; ++i) {
      // Ids of all lengths, some with what CSV must quote.
      static constexpr const char* kTails[] = {"", "", "", " x", ",x", "\"x\"", "\xC3\xA9", "-0123456789abcdef", "\nx"};
      const std::string who = "p" + std::to_string(i) + pick(kTails);
      const Date born = Date::ymd(1950, 1, 1).plus_days(static_cast<int>(below(20000)));
      static constexpr const char* kSexes[] = {"", "female", "F", "m", "Male", "unknown", "non-binary"};
      static constexpr const char* kNames[] = {"",           "Ann",         "O'Neil", "Jos\xC3\xA9 \"Pepe\"", "Smith, John",
                                               "two\nlines", "two\r\nlines"};
      people.row({who, born.iso(), pick(kNames), pick(kSexes), one_in(3) ? "Spanish" : "", one_in(4) ? "yes" : "",
                  one_in(15) ? "2026-01-01" : "", one_in(6) ? "part2" : ""});
      static constexpr const char* kPayers[] = {"medicaid_ffs", "Medicaid", "commercial", "dual_medicare_medicaid",
                                                "essential plan"};
      coverage.row({who, pick(kPayers), Date::ymd(2024, 1, 1).plus_days(static_cast<int>(below(700))).iso(),
                    one_in(3) ? "2026-02-15" : "", one_in(4) ? "Plan, A" : ""});
      Date day = Date::ymd(2025, 6, 1).plus_days(static_cast<int>(below(250)));
      static constexpr const char* kScales[] = {"phq-9", "GAD-7", "phq_a", "pcl-5", "vanderbilt_parent", "scared_child"};
      for (std::size_t e = below(3); e > 0; --e) {
        static constexpr const char* kReasons[] = {"target_met", "Moved", "completed", "lost to follow-up", "died"};
        const Date end = day.plus_days(static_cast<int>(below(80)));
        const bool is_over = e > 1 || one_in(3);
        episodes.row({id("e"), who, day.iso(), one_in(2) ? "depression" : "Anxiety Disorder", pick(kScales),
                      is_over ? end.iso() : "", is_over ? pick(kReasons) : "", "Manager", "Main"});
        day = end.plus_days(static_cast<int>(below(20)));
      }
      static constexpr const char* kRoles[] = {"care_manager",        "bhcm", "pcp", "", "psychiatric consultant",
                                               "other_cocm_clinician"};
      static constexpr const char* kKinds[] = {"treatment", "Treatment", "no-show", "outreach", "message"};
      static constexpr const char* kModes[] = {"", "phone", "Telephone", "in person", "sms", "video"};
      static constexpr const char* kDone[] = {"", "psychoeducation", "behavioral_activation;psychoeducation",
                                              "other group_session"};
      const auto some_day = [&] { return Date::ymd(2025, 3, 1).plus_days(static_cast<int>(below(420))).iso(); };
      for (std::size_t c = below(5); c > 0; --c)
        contacts.row({id("c"), who, some_day(), pick(kRoles), pick(kKinds), pick(kModes), one_in(3) ? "25" : "",
                      one_in(5) ? "1" : "", pick(kDone), one_in(6) ? "said \"hello\", left" : ""});
      for (std::size_t s = below(6); s > 0; --s) {
        const std::string instrument = pick(kScales);
        const bool vanderbilt = instrument.starts_with("vanderbilt"), phq = instrument == "phq-9";
        std::vector<std::string> row = {id("s"),
                                        who,
                                        some_day(),
                                        instrument,
                                        std::to_string(below(vanderbilt ? 20 : 21)),
                                        one_in(6) && !vanderbilt && phq ? "self" : "",
                                        vanderbilt ? std::to_string(below(18)) : "",
                                        "bhcm",
                                        one_in(5) ? "2026-01-05T10:30:00Z" : ""};
        if (with_items) {
          int total = 0;
          const bool answered = (phq || instrument == "GAD-7" || instrument == "phq_a") && one_in(2);
          const bool with_blanks = one_in(4);
          for (int q = 0; q < 9; ++q) {
            const auto points = static_cast<int>(below(4));
            const bool given = answered && (q < 7 || instrument != "GAD-7") && !(with_blanks && one_in(6));
            if (given) total += points;
            row.push_back(given ? std::to_string(points) : "");
          }
          if (answered) row[4] = one_in(2) ? "" : std::to_string(total);
        }
        scores.row(row);
      }
      static constexpr const char* kStates[] = {"", "none", "sent", "accepted", "declined"};
      for (std::size_t r = below(3); r > 0; --r) {
        const std::string on = some_day();
        reviews.row({id("r"), who, on, one_in(3) ? "no" : "TRUE", one_in(3) ? "bhcm" : "pcp", one_in(2) ? "Raise, then wait" : "",
                     pick(kStates), one_in(3) ? on : ""});
      }
      static constexpr const char* kProviders[] = {"medical_provider", "Nurse Practitioner", "social_worker"};
      static constexpr const char* kCodes[] = {"99213", "99214 96127", "99213;G0438", "90834", ""};
      for (std::size_t v = below(3); v > 0; --v)
        visits.row({id("v"), who, some_day(), pick(kProviders), pick(kCodes), pick(kModes)});
      if (one_in(3)) time.row({id("t"), who, "Manager", some_day(), "20", "registry review", one_in(2) ? "09:30" : ""});
      if (one_in(2)) consents.row({who, some_day(), one_in(2) ? "verbal" : "CoCM", ""});
    }
    months.row({"Main", "2026-03", "1.5"});
    if (one_in(2)) months.row({"Annex", "2026-03", "0.25"});
    files["patient.csv"] = people.text();
    // Files that are not required may be missing.
    const auto add = [&](const char* name, Table& table) {
      if (!one_in(12)) files[name] = table.text();
    };
    add("coverage.csv", coverage);
    add("episode.csv", episodes);
    add("contact.csv", contacts);
    add("scale_result.csv", scores);
    add("psych_review.csv", reviews);
    add("practice_visit.csv", visits);
    add("site_month.csv", months);
    add("time_entry.csv", time);
    add("consent.csv", consents);
    return files;
  }

  /// One thing somewhere is changed.
  void damage(Files& files) {
    auto at = files.begin();
    std::advance(at, below(files.size()));
    std::string& text = at->second;
    static constexpr const char* kBits[] = {"\"", ",", "\n", "\r",   "\r\n", "\xFF", "'",        "=",
                                            " ",  "9", "x",  "\"\"", ",,",   "-",    "\xC3\xA9", "2026-02-30"};
    const auto place = below(text.size() + 1);
    const auto line_at = [&](std::size_t i) {
      const auto begin = text.rfind('\n', i == 0 ? 0 : i - 1);
      const auto from = begin == std::string::npos ? 0 : begin + 1;
      const auto end = text.find('\n', from);
      return std::pair(from, end == std::string::npos ? text.size() : end + 1);
    };
    switch (below(8)) {
      case 0:
      case 1:
        text.insert(place, pick(kBits));
        break;
      case 2:
        text.erase(place, 1 + below(4));
        break;
      case 3:
        if (!text.empty()) text[below(text.size())] = pick({'0', 'z', ',', '"', '\n', '\0', '-'});
        break;
      case 4: {  // a record twice
        const auto [from, end] = line_at(place);
        text += text.substr(from, end - from);
        break;
      }
      case 5: {  // a record gone: its patient, say
        const auto [from, end] = line_at(place);
        text.erase(from, end - from);
        break;
      }
      case 6:
        text.resize(place);
        break;
      case 7:
        if (one_in(2)) files.erase(at);
        else files["referral.csv"] = "referral_id,patient_id,received_date\nr1,p0,2026-01-01\n";
        break;
    }
  }

 private:
  /// Rows written as spreadsheets and databases do: columns in any order, quotes where needed or everywhere, LF or CRLF, a mark
  /// at the beginning, empty lines, blanks around.
  class Table {
   public:
    Table(Maker& maker, std::vector<std::string> columns) : maker_(maker), order_(columns.size()) {
      for (std::size_t i = 0; i < order_.size(); ++i) order_[i] = i;
      if (maker_.one_in(2))
        for (std::size_t i = 1; i < order_.size(); ++i) std::swap(order_[i], order_[maker_.below(i + 1)]);
      line_end_ = maker_.one_in(3) ? "\r\n" : "\n";
      quotes_all_ = maker_.one_in(4);
      blanks_ = maker_.one_in(4);
      if (maker_.one_in(4)) text_ = "\xEF\xBB\xBF";
      for (std::size_t i = 0; i < order_.size(); ++i) text_ += (i == 0 ? "" : ",") + columns[order_[i]];
      text_ += line_end_;
    }
    void row(const std::vector<std::string>& cells) {
      for (std::size_t i = 0; i < order_.size(); ++i) {
        const std::string& cell = cells[order_[i]];
        if (i > 0) text_ += ',';
        if (quotes_all_ || cell.find_first_of(",\"\r\n") != std::string::npos) {
          text_ += '"';
          for (const char c : cell) text_ += c == '"' ? std::string("\"\"") : std::string(1, c);
          text_ += '"';
        } else {
          text_ += blanks_ && maker_.one_in(5) ? " " + cell + "  " : cell;
        }
      }
      text_ += line_end_;
      if (maker_.one_in(25)) text_ += line_end_;
    }
    std::string text() {
      if (maker_.one_in(5)) text_.resize(text_.size() - line_end_.size());  // no line end at the end
      return text_;
    }

   private:
    Maker& maker_;
    std::vector<std::size_t> order_;
    std::string text_, line_end_;
    bool quotes_all_, blanks_;
  };
  Random random_;
};

class PlainCsv : public ::testing::Test {
 protected:
  PlainCsv() : folder_(fs::temp_directory_path() / ("concord_plain_" + std::to_string(::getpid()))) {}
  ~PlainCsv() override { fs::remove_all(folder_); }
  void write(const Files& files) const {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
    for (const auto& [name, text] : files) std::ofstream(folder_ / name, std::ios::binary) << text;
  }
  std::optional<measures::Clinic> plain(std::size_t chunk = 4 << 20) const {
    return clinic_from_plain_csv(folder_, library(), rules(), chunk);
  }
  const fs::path folder_;
};

TEST_F(PlainCsv, OrdinaryFoldersGiveTheSameClinicAndTheSameReportToTheByte) {
  Maker maker(7);
  int taken = 0;
  for (int round = 0; round < 120; ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    write(maker.folder());
    const auto slow = clinic_from_any_csv(folder_, library(), rules());
    for (const std::size_t chunk : {std::size_t{4 << 20}, std::size_t{1} + maker.below(300)}) {
      const auto fast = plain(chunk);
      if (!fast) continue;
      ++taken;
      ASSERT_TRUE(slow) << "the short way took a folder that holds a mistake: " << slow.error().issues.front().path;
      ASSERT_TRUE(slow->notes.empty());
      ASSERT_EQ(told(*fast), told(slow->clinic));
      const auto month = *measures::ReportMonth::parse("2026-03");
      ASSERT_EQ(measures::nys_json(measures::nys_report(*fast, rules(), month)),
                measures::nys_json(measures::nys_report(slow->clinic, rules(), month)));
    }
  }
  EXPECT_GT(taken, 80) << "the short way must be the usual one";
}

TEST_F(PlainCsv, WhateverIsBrokenIsLeftToTheReaderThatNamesEveryMistake) {
  Maker maker(11);
  int refused = 0, taken = 0;
  for (int round = 0; round < 400; ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    auto files = maker.folder();
    for (std::size_t n = 1 + maker.below(2); n > 0 && !files.empty(); --n) maker.damage(files);
    write(files);
    const auto fast = plain(1 + maker.below(400));
    if (!fast) continue;
    ++taken;
    const auto slow = clinic_from_any_csv(folder_, library(), rules());
    if (!slow) ++refused;
    ASSERT_TRUE(slow) << "the short way took what is wrong at " << slow.error().issues.front().path << " "
                      << slow.error().issues.front().text;
    ASSERT_TRUE(slow->notes.empty());
    ASSERT_EQ(told(*fast), told(slow->clinic));
  }
  EXPECT_GT(taken, 30) << "some damage is none: a name with another letter";
}

TEST_F(PlainCsv, MistakesAreReportedAsBefore) {
  Files files;
  files["patient.csv"] = "patient_id,birth_date\na,1980-01-01\n";
  files["scale_result.csv"] =
      "result_id,patient_id,administered_date,instrument,total_score\ns1,a,2026-03-01,phq-9,12\ns2,a,2026-03-01,phq-90,12\n"
      "s3,b,2026-03-01,phq-9,12\ns1,a,2026-03-02,phq-9,12\ns4,a,2026-03-40,phq-9,12\ns5,a,2026-03-01,phq-9,28\n";
  write(files);
  const auto read = clinic_from_csv(folder_, library(), rules());
  ASSERT_FALSE(read);
  std::string places;
  for (const auto& issue : read.error().issues) places += issue.path + " ";
  EXPECT_EQ(places,
            "scale_result.csv:3:instrument scale_result.csv:4:patient_id scale_result.csv:5:result_id "
            "scale_result.csv:6:administered_date scale_result.csv:7:total_score ");
}

TEST_F(PlainCsv, TwoBaselinesOnOneDayAreLegalAndTheLaterLineIsTheLater) {
  Files files;
  files["patient.csv"] = "patient_id,birth_date\na,1980-01-01\n";
  files["scale_result.csv"] =
      "result_id,patient_id,administered_date,instrument,total_score\ns1,a,2026-03-01,phq-9,12\ns2,a,2026-03-01,phq-9,15\n";
  write(files);
  const auto read = plain();
  ASSERT_TRUE(read);
  const auto scores = read->scores.of(0);
  ASSERT_EQ(scores.size(), 2u);
  EXPECT_LT(scores[0].at, scores[1].at);
  EXPECT_EQ(scores[1].total, 15);
}

TEST_F(PlainCsv, AFileOfAnotherKindOrAnUnknownColumnGoesTheLongWay) {
  Files files;
  files["patient.csv"] = "patient_id,birth_date,shoe_size\na,1980-01-01,44\n";
  write(files);
  EXPECT_FALSE(plain());
  const auto read = clinic_from_csv(folder_, library(), rules());
  ASSERT_TRUE(read);
  ASSERT_FALSE(read->notes.empty());
  EXPECT_NE(read->notes[0].find("shoe_size"), std::string::npos) << read->notes[0];
}

TEST_F(PlainCsv, TheGoldenClinicAndTheMadeUpOneGoTheShortWay) {
  const fs::path golden = fs::path(CONCORD_SOURCE_DIR) / "tests/golden/nys/clinic";
  EXPECT_TRUE(clinic_from_plain_csv(golden, library(), rules()));
  ASSERT_TRUE(write_made_up_csv(folder_, 300));
  const auto fast = plain(1000);
  const auto slow = clinic_from_any_csv(folder_, library(), rules());
  ASSERT_TRUE(slow) << slow.error().issues.front().path << slow.error().issues.front().text;
  ASSERT_TRUE(fast);
  EXPECT_EQ(told(*fast), told(slow->clinic));
}

}  // namespace
}  // namespace concord::app
