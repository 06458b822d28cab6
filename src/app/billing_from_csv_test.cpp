#include "app/billing_from_csv.h"

#include <gtest/gtest.h>

#include <fstream>

#include "app/slices.h"
#include "billing/report.h"

namespace concord::app {
namespace {

namespace fs = std::filesystem;

const DataFiles& data() {
  static const DataFiles files = *load_data_files(CONCORD_SOURCE_DIR);
  return files;
}

/// A folder of CSV files that goes away with the test.
class BillingFromCsv : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() /
              ("concord-billing-" + std::string(::testing::UnitTest::GetInstance()->current_test_info()->name()));
    fs::remove_all(folder_);
    fs::create_directories(folder_);
    write("patient.csv", "patient_id,birth_date\np1,1980-01-01\np2,1981-01-01\n");
    write("episode.csv",
          "episode_id,patient_id,enrollment_date,primary_condition,primary_scale,care_manager,consultant,billing_practitioner\n"
          "e1,p1,2026-01-05,depression,phq-9,Mara Quill,Dr. Noor,Dr. Lee\n");
    write("consent.csv", "patient_id,consent_date,kind\np1,2026-01-05,cocm\np2,2026-03-10,verbal\n");
    write("psych_review.csv", "review_id,patient_id,review_date,recommendation_documented\nr1,p1,2026-03-03,yes\n");
    write("practice_visit.csv",
          "visit_id,patient_id,visit_date,provider_category,billing_codes,modality\nv1,p1,2025-12-20,pcp,99214,in_person\n");
  }
  void TearDown() override { fs::remove_all(folder_); }
  void write(const std::string& name, const std::string& text) { std::ofstream(folder_ / name) << text; }

  std::string report(std::string_view month) {
    const auto read = book_from_csv(folder_, data().instruments, data().billing);
    if (!read) {
      std::string text = read.error().text;
      for (const auto& issue : read.error().issues) text += "\n" + issue.path + ": " + issue.text;
      return text;
    }
    notes_ = read->notes;
    const auto name = [&](const Uuid& id) { return read->ids.at(id); };
    return billing::report_json(read->book, *billing::Month::parse(month), data().billing, billing::terms_of(data().billing),
                                {name, name});
  }

  fs::path folder_;
  std::vector<std::string> notes_;
};

TEST_F(BillingFromCsv, AFolderBecomesTheReportOfTheIssue) {
  write("time_entry.csv",
        "entry_id,patient_id,staff_id,date,minutes,activity,start_time,separately_billed\n"
        "t0,p1,Mara Quill,2026-01-10,40,care_management,,\n"
        "t1,p1,Mara Quill,2026-03-02,40,care_management,09:00,\n"
        "t2,p1,Dr. Noor,2026-03-03,30,case_review,,\n"
        "t3,p2,Mara Quill,2026-03-02,20,care_management,14:00,\n"
        "t4,p2,mara quill,2026-03-11,33,care_management,10:00,no\n"
        "t5,p1,Mara Quill,2026-03-11,20,care_management,10:15,no\n");
  EXPECT_EQ(
      report("2026-03"),
      R"({"month":"2026-03","patients":[)"
      R"({"patient_id":"p1","minutes_counted":40,"not_counted":[{"entry_id":"t2","minutes":30,"reason":"consultant_time"},)"
      R"({"entry_id":"t5","minutes":20,"reason":"overlap"}],"codes":[{"code":"99493","units":1,"confirm":null}],"missing":[]},)"
      R"({"patient_id":"p2","minutes_counted":33,"not_counted":[{"entry_id":"t3","minutes":20,"reason":"before_consent"}],)"
      R"("codes":[{"code":"G2214","units":1,"confirm":null}],)"
      R"("missing":["episode","initiating_visit","review","3 minutes to 99492"]}]})");
  EXPECT_TRUE(notes_.empty());
  EXPECT_EQ(report("2026-02"), R"({"month":"2026-02","patients":[]})");
}

TEST_F(BillingFromCsv, TheColumnSaysTheRoleBeforeAnythingElse) {
  write("time_entry.csv",
        "entry_id,patient_id,staff_id,date,minutes,activity,staff_role\n"
        "t1,p1,Dr. Noor,2026-03-02,40,care_management,bhcm\nt2,p1,Sam,2026-03-02,40,care_management,bh_specialist\n");
  const auto text = report("2026-03");
  EXPECT_NE(text.find(R"("minutes_counted":40,"not_counted":[{"entry_id":"t2","minutes":40,"reason":"not_care_manager"}])"),
            std::string::npos)
      << text;
}

TEST_F(BillingFromCsv, WithoutTimeEntriesTheContactsMinutesAreTakenAndThatIsSaid) {
  write("contact.csv",
        "contact_id,patient_id,contact_date,staff_role,contact_kind,modality,minutes\n"
        "c1,p1,2026-03-03,bhcm,treatment,phone,36\nc2,p1,2026-03-04,psychiatric_consultant,treatment,phone,20\n");
  const auto text = report("2026-03");
  EXPECT_NE(text.find(R"("minutes_counted":36)"), std::string::npos) << text;
  EXPECT_NE(text.find(R"({"entry_id":"c2","minutes":20,"reason":"consultant_time"})"), std::string::npos) << text;
  ASSERT_EQ(notes_.size(), 1u);
  EXPECT_NE(notes_[0].find("time_entry.csv"), std::string::npos);
}

TEST_F(BillingFromCsv, WhatIsNotKnownIsSaid) {
  write("time_entry.csv", "entry_id,patient_id,staff_id,date,minutes,activity\nt1,p1,Mara,2026-03-02,40,Walking the dog\n");
  fs::remove(folder_ / "consent.csv");
  const auto text = report("2026-03");
  EXPECT_NE(text.find(R"("reason":"no_consent")"), std::string::npos) << text;
  ASSERT_EQ(notes_.size(), 2u);
  EXPECT_NE(notes_[0].find("consent.csv"), std::string::npos);
  EXPECT_NE(notes_[1].find("walking_the_dog"), std::string::npos);
}

TEST_F(BillingFromCsv, EveryMistakeIsNamedWithFileLineAndColumn) {
  write("time_entry.csv",
        "entry_id,patient_id,staff_id,date,minutes,activity,start_time\n"
        "t1,p9,Mara,2026-02-30,x,care_management,25:00\nt2,p1,Mara,2026-03-02,10,care_management,\n");
  EXPECT_EQ(report("2026-03"),
            "The folder has 4 mistakes.\ntime_entry.csv:2:patient_id: is no patient_id of patient.csv\n"
            "time_entry.csv:2:date: is no date; write it like 2026-03-01\ntime_entry.csv:2:minutes: is no number\n"
            "time_entry.csv:2:start_time: is no time; write it like 14:30");
}

}  // namespace
}  // namespace concord::app
