// A finished page is kept, and shown to nobody but who may see that very page now: one test for each thing a page is made from.
#include <atomic>
#include <set>
#include <thread>

#include "reports/report_routes_for_tests.h"
#include "reports/scene.h"

namespace concord::reports {
namespace {

class KeptPages : public ReportRoutes {
 protected:
  static constexpr std::string_view kPage = "/dashboard?period=quarter&at=2025-12";
  std::string body(const Caller& who, std::string_view target = kPage) {
    const auto got = as(who, target);
    EXPECT_EQ(got.status, 200) << target;
    return got.reply.body;
  }
  /// What stands in the page's filter `stratum`.
  std::set<std::string> choices(const testing::Answer& page, std::string_view stratum) {
    std::set<std::string> names;
    for (const auto& one : page.at("choices." + std::string(stratum))->items()) names.emplace(one.find("name")->text());
    return names;
  }
  std::string numerator(const Caller& who, std::string_view id) {
    return std::string(figure(as(who, kPage), id)->find("numerator")->text());
  }
};
INSTANTIATE_TEST_SUITE_P(, KeptPages, ::testing::Values(db::Dialect::sqlite), testing::dialect_name);

TEST_P(KeptPages, TheSameQuestionIsMadeOnceAndAuditedEachTime) {
  Rules mine = rules();
  deps_.rules = &mine;
  routes_ = routes(deps_);
  const auto first = as(sam_, kPage);
  mine.benchmarks.clear();  // no key knows of it: rules do not change while the program runs
  const auto second = as(sam_, kPage);
  EXPECT_EQ(first.reply.body, second.reply.body);
  EXPECT_NE(first.reply.body, body(sam_, "/dashboard?period=quarter&at=2025-09")) << "that one had to be made";
  EXPECT_EQ(second.reply.audit_detail, "dashboard period=quarter:2025-12");
  for (const auto* page : {"/funnel", "/costs", "/benchmarks", "/figures/enrolled", "/figures/re_measured"})
    EXPECT_EQ(body(sam_, page), body(sam_, page)) << page;
}

TEST_P(KeptPages, PagesOfOneQuestionAreNotTakenForEachOther) {
  std::set<std::string> bodies;
  for (const auto* page : {"/dashboard", "/funnel", "/costs", "/benchmarks", "/figures/enrolled", "/figures/re_measured",
                           "/figures/enrolled?by=sex", "/figures/enrolled?by=race", "/figures/enrolled?sex=female",
                           "/figures/enrolled?sex=male", "/figures/enrolled?period=quarter", "/figures/enrolled?at=2025-11"})
    bodies.insert(body(sam_, page));
  EXPECT_EQ(bodies.size(), 12u);
}

TEST_P(KeptPages, SpeakTheReadersLanguage) {
  Caller reader = sam_;
  reader.language = "es";
  const auto english = as(sam_, kPage), spanish = as(reader, kPage);
  EXPECT_EQ(english.text("groups.0.name"), words()("group.outcomes", "en"));
  EXPECT_EQ(spanish.text("groups.0.name"), words()("group.outcomes", "es"));
  EXPECT_EQ(english.reply.body, body(sam_));
}

TEST_P(KeptPages, AreOfTheReadersSites) {
  Caller one = sam_;
  one.sites = {clinic().other_site};
  const auto all = as(sam_, kPage), mine = as(one, kPage);
  EXPECT_EQ(choices(all, "site"), (std::set<std::string>{"Elm Street", "Maple Street"}));
  EXPECT_EQ(choices(mine, "site"), std::set<std::string>{"Elm Street"});
  EXPECT_NE(figure(all, "enrolled")->find("numerator")->text(), figure(mine, "enrolled")->find("numerator")->text());
}

TEST_P(KeptPages, WithSmallNumbersAreForWhoMayOpenPatientsOnly) {
  Caller demoted = sam_;
  demoted.role = "program_manager";
  const auto exact = body(sam_), coarse = body(demoted);
  EXPECT_NE(exact, coarse);
  EXPECT_EQ(coarse, body(pat_)) << "two people who may see the same see the same page";
  EXPECT_NE(coarse.find("\"suppressed\":true"), std::string::npos);
  EXPECT_EQ(exact.find("\"suppressed\":true"), std::string::npos);
  EXPECT_EQ(exact, body(sam_)) << "the other way round";
}

TEST_P(KeptPages, OfMeAreOfWhoAsks) {
  Caller other = sam_;
  other.user = clinic().elsewhere.user;
  const auto mine = as(sam_, "/dashboard?care_manager=me"), theirs = as(other, "/dashboard?care_manager=me");
  EXPECT_EQ(mine.text("filters.care_manager"), sam_.user.text());
  EXPECT_EQ(theirs.text("filters.care_manager"), other.user.text());
}

TEST_P(KeptPages, ShowAnAnnotationAsSoonAsItIsMadeAndWhereItBelongs) {
  Caller one = sam_;
  one.sites = {clinic().site};
  const auto marks = [&](const Caller& who) { return as(who, "/figures/enrolled?at=2026-02").count("annotations"); };
  EXPECT_EQ(marks(sam_) + marks(one), 0u);
  const auto made = as(pat_, "/annotations", "POST",
                       R"({"date":"2025-11-03","text":"Elm Street moved","site_id":")" + clinic().other_site.text() + "\"}");
  ASSERT_EQ(made.status, 201);
  EXPECT_EQ(marks(sam_), 1u);
  EXPECT_EQ(marks(one), 0u) << "of a site that is not theirs";
  ASSERT_EQ(as(pat_, "/annotations", "POST", R"({"date":"2025-12-01","text":"New forms"})").status, 201);
  EXPECT_EQ(marks(sam_), 2u) << "one more by the same author";
  EXPECT_EQ(marks(one), 1u);
  ASSERT_EQ(as(pat_, "/annotations/" + made.text("id") + "/end", "POST", R"({"reason":"wrong day"})", 1).status, 200);
  EXPECT_EQ(marks(sam_), 1u);
}

TEST_P(KeptPages, CountWithTheAssumptionsOfNow) {
  const auto total = [&] {
    const auto page = as(sam_, kPage);
    return std::stod(std::string(figure(page, "cost_total")->find("value")->text()));
  };
  const double before = total();
  ASSERT_EQ(as(pat_, "/assumptions", "PUT", R"({"values":{"care_manager_hourly":110},"reason":"payroll"})", 1).status, 200);
  EXPECT_GT(total(), before * 1.5);
  const auto costs = as(sam_, "/costs");
  ASSERT_EQ(as(pat_, "/assumptions", "PUT", R"({"values":{"care_manager_hourly":110},"reason":"audit"})", 2).status, 200);
  EXPECT_EQ(costs.text("assumptions.reason"), "payroll");
  EXPECT_EQ(as(sam_, "/costs").text("assumptions.reason"), "audit") << "the same numbers, and another reason";
}

TEST_P(KeptPages, CallSitesAndPeopleWhatTheyAreCalledNow) {
  as(sam_, kPage);
  as(sam_, "/figures/enrolled?by=care_manager");
  site_names_[1].second = "Elm Avenue";
  EXPECT_TRUE(choices(as(sam_, kPage), "site").contains("Elm Avenue"));
  for (auto& [id, name] : users_)
    if (id == sam_.user) name = "Mara Quill-Hart";
  EXPECT_TRUE(choices(as(sam_, kPage), "care_manager").contains("Mara Quill-Hart"));
  EXPECT_NE(body(sam_, "/figures/enrolled?by=care_manager").find("Mara Quill-Hart"), std::string::npos);
}

TEST_P(KeptPages, OfARunningMonthEndToday) {
  const auto last_day = [&] { return as(sam_, "/dashboard?at=2026-03").text("period.to"); };
  EXPECT_EQ(last_day(), "2026-03-04");
  clinic().clock().advance(std::chrono::hours(24));
  EXPECT_EQ(last_day(), "2026-03-05");
}

TEST_P(KeptPages, FollowTheNextSnapshot) {
  const auto before = numerator(sam_, "enrolled");
  const auto next = [&](std::uint64_t version) {
    return made_up_program(4, 300, clinic().organization, version, sites_, {sam_.user.text(), clinic().elsewhere.user.text()})
        .facts;
  };
  facts_ = next(2);
  const auto after = numerator(sam_, "enrolled");
  EXPECT_NE(before, after);
  facts_ = program_.facts;
  EXPECT_EQ(numerator(sam_, "enrolled"), before) << "a reader whose transaction began earlier";
}

TEST_P(KeptPages, OfAnotherOrganizationHaveAnotherKeyThoughAllElseIsEqual) {
  const auto shared = std::make_shared<const Shared>(deps_);
  const auto key_of = [&](OrganizationId organization) {
    facts_ = made_up_program(3, 20, organization, 1, sites_, {sam_.user.text()}).facts;
    http::Request request;
    Caller nobody = sam_;
    nobody.organization = organization;
    nobody.sites.clear();
    const http::Call call{request, nobody, clinic().clock().now(), {}};
    const auto query = read_query(call);
    return database().read([&](db::Tx& tx) { return scene_of(shared, tx, patients::Asker(call), *query)->key(); });
  };
  const auto ours = key_of(clinic().organization);
  EXPECT_EQ(ours, key_of(clinic().organization));
  EXPECT_NE(ours, key_of(clinic().other_organization));
}

// The maker does not end before the others wait, so that nothing hangs on who comes first.
TEST(Pages, OneThatManyAskForAtOnceIsMadeOnce) {
  constexpr std::size_t kOthers = 7;
  Desk desk(10, 0);  // nothing is kept: who came later would make it again
  std::atomic<int> made = 0;
  std::atomic<std::size_t> same = 0;
  const auto ask_for_it = [&] {
    const auto body = desk.page("dashboard", [&] {
      ++made;
      while (desk.waiting() < kOthers) std::this_thread::yield();
      return std::string("a page");
    });
    same += *body == "a page";
  };
  {
    std::vector<std::jthread> threads;
    threads.emplace_back(ask_for_it);
    while (made == 0) std::this_thread::yield();
    for (std::size_t i = 0; i < kOthers; ++i) threads.emplace_back(ask_for_it);
  }
  EXPECT_EQ(made, 1);
  EXPECT_EQ(same, kOthers + 1);
  EXPECT_EQ(desk.bytes(), 0u);
}

TEST(Pages, TheDeskKeepsThemWithinItsBound) {
  Desk desk(10, 100000);
  for (int i = 0; i < 50; ++i) desk.page("page " + std::to_string(i), [] { return std::string(9000, 'x'); });
  EXPECT_LE(desk.bytes(), 100000u);
  EXPECT_GT(desk.bytes(), 80000u);
  int made = 0;
  const auto again = [&](const std::string& key) {
    desk.page(key, [&] {
      ++made;
      return std::string("x");
    });
  };
  again("page 49");
  EXPECT_EQ(made, 0) << "the newest is there";
  again("page 0");
  EXPECT_EQ(made, 1) << "the oldest is gone";
}

}  // namespace
}  // namespace concord::reports
