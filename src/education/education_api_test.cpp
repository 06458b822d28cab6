#include "education/education_api.h"

#include <gtest/gtest.h>

#include "education/education_store.h"
#include "support/clinic.h"

namespace concord::education {
namespace {

using portal::Viewer;

class EducationRoutes : public testing::ClinicTest {
 protected:
  void SetUp() override {
    ClinicTest::SetUp();
    if (IsSkipped()) return;
    static const Library loaded = [] {
      auto read = load_library(std::filesystem::path(CONCORD_SOURCE_DIR) / "content" / "education",
                               {"adult-depression", "adult-anxiety", "ptsd", "perinatal", "older-adult", "substance-use",
                                "adolescent", "college", "chronic-illness"});
      return read ? std::move(*read) : Library();
    }();
    ana_ = clinic().add_patient("Ana", "Ruiz");
    deps_.chart = &clinic().chart;
    deps_.library = &loaded;
    deps_.language_of = [this](db::Tx&, OrganizationId, PatientId) { return language_; };
    deps_.labels_of = [this](db::Tx&, OrganizationId, PatientId) { return labels_; };
    deps_.situation_of = [this](db::Tx&, OrganizationId, const Place&) { return situation_; };
    deps_.role_of = [this](db::Tx&, OrganizationId, PatientId, UserId user) {
      return user == clinic().manager.user ? std::string("care_manager") : std::string();
    };
    deps_.tell = [this](db::Tx&, OrganizationId, const messaging::ToPatient& to) {
      told_.push_back(to);
      return std::vector<messaging::Queued>();
    };
    routes_ = routes(deps_);
    views_ = views(deps_);
    me_ = portal_caller(ActorKind::patient, {});
    sister_ = portal_caller(ActorKind::trusted_person, {"education"});
  }
  Caller portal_caller(ActorKind kind, std::vector<std::string> scopes) {
    Caller c;
    c.kind = kind;
    c.organization = clinic().organization;
    c.user = UserId(clinic().ids().next());
    c.role = kind == ActorKind::patient ? "patient" : "trusted_person";
    c.sites = {clinic().site};
    c.patient = ana_.uuid;
    c.scopes = std::move(scopes);
    return c;
  }
  testing::Answer call(std::string_view method, std::string_view path, std::string body = "",
                       std::optional<std::int64_t> version = std::nullopt) {
    clinic().clock().advance(std::chrono::seconds(1));
    return clinic().call(routes_, method, path, std::move(body), version);
  }
  std::string base() { return "/api/v1/patients/" + ana_.text() + "/education"; }
  testing::Answer give(std::string_view piece, std::string_view more = "") {
    return call("POST", base(), R"({"piece":")" + std::string(piece) + "\"" + std::string(more) + "}");
  }
  testing::Answer read(const Caller& who, std::string_view piece, std::string_view state) {
    clinic().clock().advance(std::chrono::minutes(1));
    return clinic().call_as(who, routes_, "POST", "/api/v1/portal/education/" + std::string(piece) + "/reading",
                            R"({"state":")" + std::string(state) + "\"}");
  }
  Viewer viewer(bool is_self) {
    Viewer v;
    v.organization = clinic().organization;
    v.patient = ana_;
    v.site = clinic().site;
    v.is_self = is_self;
    if (!is_self) v.scopes = {"education"};
    v.today = clinic().today();
    v.language = language_ == "es" ? "es" : "en";
    return v;
  }
  testing::Answer see(const Viewer& v, std::string_view name, std::vector<std::pair<std::string, std::string>> query = {}) {
    http::Request request;
    request.query = std::move(query);
    for (const auto& view : views_) {
      if (view.name != name) continue;
      testing::Answer answer;
      std::string body;
      const auto written = database().read([&](db::Tx& tx) -> Result<void> {
        json::Writer w(body);
        return view.write(w, tx, v, request);
      });
      answer.status = written ? 200 : http_status(written.error().code);
      if (written) answer.document = *json::Document::parse(body);
      answer.reply.body = body;
      return answer;
    }
    ADD_FAILURE() << "no view " << name;
    return {};
  }

  Deps deps_;
  std::vector<http::Route> routes_;
  std::vector<portal::View> views_;
  PatientId ana_;
  Caller me_, sister_;
  std::optional<std::string> language_ = "es";
  std::string labels_ = "normal";
  Situation situation_;
  std::vector<messaging::ToPatient> told_;
};
CONCORD_ON_BOTH_DATABASES(EducationRoutes);

TEST_P(EducationRoutes, TheLibraryIsSearchedInTheAskedLanguage) {
  const auto es = call("GET", "/api/v1/education?q=dormir&language=es");
  ASSERT_EQ(es.status, 200);
  EXPECT_EQ(es.text("items.0.id"), "sleep");
  EXPECT_EQ(es.text("items.0.title"), "Dormir mejor");
  EXPECT_EQ(es.text("items.0.is_reviewed"), "false");
  EXPECT_GE(es.count("topics"), 10u);
  EXPECT_EQ(call("GET", "/api/v1/education?language=fr").status, 422);
  EXPECT_EQ(call("GET", "/api/v1/education?topic=baby").text("items.0.topic"), "baby");
}

TEST_P(EducationRoutes, APieceIsBlocksWithSourcesAndItsReview) {
  const auto piece = call("GET", "/api/v1/education/sleep?language=es");
  ASSERT_EQ(piece.status, 200);
  EXPECT_EQ(piece.text("title"), "Dormir mejor");
  EXPECT_EQ(piece.text("blocks.0.kind"), "paragraph");
  EXPECT_GE(piece.count("sources"), 1u);
  EXPECT_EQ(piece.text("review_status"), std::string(kAwaiting));
  EXPECT_EQ(piece.text("reviewed_by"), "null");
  EXPECT_EQ(call("GET", "/api/v1/education/nothing").status, 404);
}

TEST_P(EducationRoutes, AGivenPieceIsInThePatientsLanguageAndTold) {
  const auto given = give("sleep", R"(,"note":"  Read this before Tuesday. ")");
  ASSERT_EQ(given.status, 201);
  EXPECT_EQ(given.text("language"), "es");
  EXPECT_EQ(given.text("other_language"), "false");
  EXPECT_EQ(given.text("note"), "Read this before Tuesday.");
  EXPECT_EQ(given.text("assigned_by.name"), "Mara Quill");
  EXPECT_EQ(given.text("assigned_date"), "2026-03-04");
  EXPECT_EQ(given.text("opened_at"), "null");
  EXPECT_EQ(clinic().refreshed.back(), ana_);
  ASSERT_EQ(told_.size(), 1u);
  EXPECT_EQ(told_[0].kind, "education.waiting");
  EXPECT_EQ(told_[0].path, "/portal/education");
  EXPECT_EQ(told_[0].once, "on 2026-03-04");  // one a day
}

TEST_P(EducationRoutes, NobodyIsToldWhenStaffDoNotWantIt) {
  ASSERT_EQ(give("sleep", R"(,"tell":false)").status, 201);
  EXPECT_TRUE(told_.empty());
}

TEST_P(EducationRoutes, WrongRequestsNameTheFieldAndASecondGiftIsAConflict) {
  EXPECT_EQ(give("nothing").issue_paths(), "piece");
  EXPECT_EQ(give("sleep", R"(,"language":"fr")").issue_paths(), "language");
  EXPECT_EQ(give("sleep", R"(,"colour":1)").issue_paths(), "colour");
  EXPECT_EQ(give("sleep", ",\"note\":\"" + std::string(501, 'x') + "\"").issue_paths(), "note");
  EXPECT_EQ(call("POST", base(), "{}").issue_paths(), "piece");
  ASSERT_EQ(give("sleep").status, 201);
  EXPECT_EQ(give("sleep").status, 409);
  EXPECT_EQ(call("GET", base()).count("assigned"), 1u);
}

TEST_P(EducationRoutes, OthersSeeNothingOfThePatient) {
  EXPECT_EQ(clinic().call_as(clinic().elsewhere, routes_, "GET", base()).status, 404);
  EXPECT_EQ(clinic().call_as(clinic().foreigner, routes_, "POST", base(), R"({"piece":"sleep"})").status, 404);
  const auto given = give("sleep");
  EXPECT_EQ(clinic().call_as(clinic().elsewhere, routes_, "POST", base() + "/" + given.text("id") + "/withdraw", "", 1).status,
            404);
}

TEST_P(EducationRoutes, WithdrawnIsKeptMayNotBeWithdrawnTwiceAndGivenAgain) {
  const auto given = give("sleep");
  const auto path = base() + "/" + given.text("id") + "/withdraw";
  EXPECT_EQ(call("POST", path, "", 7).status, 412);
  const auto back = call("POST", path, R"({"reason":"read it in the visit"})", 1);
  ASSERT_EQ(back.status, 200);
  EXPECT_EQ(back.text("withdrawn_reason"), "read it in the visit");
  EXPECT_EQ(back.text("withdrawn_by.name"), "Mara Quill");
  EXPECT_EQ(back.text("version"), "2");
  EXPECT_EQ(call("POST", path, "", 2).status, 409);
  ASSERT_EQ(give("sleep").status, 201);
  const auto list = call("GET", base());
  ASSERT_EQ(list.count("assigned"), 2u);
  EXPECT_EQ(list.text("assigned.0.withdrawn_at"), "null");
  EXPECT_NE(list.text("assigned.1.withdrawn_at"), "null");
  EXPECT_EQ(call("POST", base() + "/" + std::string("00000000-0000-7000-8000-000000000000") + "/withdraw", "", 1).status, 404);
}

TEST_P(EducationRoutes, TheTeamSeesWhenThePatientOpenedAndFinishedIt) {
  ASSERT_EQ(give("sleep").status, 201);
  const auto opened = read(me_, "sleep", "opened");
  ASSERT_EQ(opened.status, 200);
  EXPECT_EQ(opened.text("finished_at"), "null");
  const auto finished = read(me_, "sleep", "finished");
  EXPECT_EQ(finished.text("opened_at"), opened.text("opened_at"));
  EXPECT_EQ(read(me_, "sleep", "finished").text("finished_at"), finished.text("finished_at"));  // the first time stays
  const auto list = call("GET", base());
  EXPECT_EQ(list.text("assigned.0.opened_at"), opened.text("opened_at"));
  EXPECT_EQ(list.text("assigned.0.finished_at"), finished.text("finished_at"));
  EXPECT_EQ(list.text("read.0.by"), "patient");
}

TEST_P(EducationRoutes, ATrustedPersonsReadingIsNotThePatients) {
  ASSERT_EQ(give("sleep").status, 201);
  ASSERT_EQ(read(sister_, "sleep", "finished").status, 200);
  const auto list = call("GET", base());
  EXPECT_EQ(list.text("assigned.0.opened_at"), "null");
  EXPECT_EQ(list.text("read.0.by"), "trusted_person");
  EXPECT_EQ(see(viewer(true), "education").text("items.0.opened_at"), "null");
}

TEST_P(EducationRoutes, ReadingNeedsTheScopeAndAKnownPiece) {
  auto stranger = portal_caller(ActorKind::trusted_person, {"goals"});
  EXPECT_EQ(read(stranger, "sleep", "opened").status, 403);
  EXPECT_EQ(read(clinic().manager, "sleep", "opened").status, 403);
  EXPECT_EQ(read(me_, "nothing", "opened").status, 404);
  EXPECT_EQ(read(me_, "sleep", "half").issue_paths(), "state");
  EXPECT_EQ(call("GET", base()).count("read"), 0u);
}

TEST_P(EducationRoutes, ThePatientSeesWhatWasGivenByWhichRoleAndWhatMayHelp) {
  situation_.pathway_pieces = {"sleep", "grounding"};
  ASSERT_EQ(give("sleep", R"(,"note":"For you")").status, 201);
  const auto home = see(viewer(true), "education");
  ASSERT_EQ(home.status, 200);
  ASSERT_EQ(home.count("items"), 1u);
  EXPECT_EQ(home.text("items.0.piece.title"), "Dormir mejor");
  EXPECT_EQ(home.text("items.0.note"), "For you");
  EXPECT_EQ(home.text("items.0.assigned_by.role"), "care_manager");
  ASSERT_EQ(home.count("suggested"), 1u);
  EXPECT_EQ(home.text("suggested.0.piece.id"), "grounding");
  EXPECT_EQ(home.text("suggested.0.why"), "pathway");
}

TEST_P(EducationRoutes, ATrustedPersonSeesWhatWasGivenButNeitherSuggestionsNorReading) {
  situation_.pathway_pieces = {"grounding"};
  ASSERT_EQ(give("sleep").status, 201);
  ASSERT_EQ(read(me_, "sleep", "finished").status, 200);
  const auto home = see(viewer(false), "education");
  ASSERT_EQ(home.count("items"), 1u);
  EXPECT_EQ(home.text("items.0.finished_at"), "null");
  EXPECT_EQ(home.count("suggested"), 0u);
  const auto all = see(viewer(false), "education/library");
  EXPECT_EQ(all.reply.body.find("\"finished_at\":\""), std::string::npos);
  const auto piece = see(viewer(false), "education/piece", {{"id", "sleep"}});
  EXPECT_EQ(piece.text("opened_at"), "null");
  EXPECT_EQ(piece.text("assigned.assigned_date"), "2026-03-04");
}

TEST_P(EducationRoutes, WhatIsConfidentialLeavesNoTraceForATrustedPerson) {
  const auto before = see(viewer(false), "education").reply.body;
  const auto piece_before = see(viewer(false), "education/piece", {{"id", "cravings"}}).reply.body;
  const auto given = give("cravings", R"(,"confidential":true,"note":"canary-note")");
  ASSERT_EQ(given.status, 201);
  EXPECT_EQ(given.text("confidential"), "true");
  EXPECT_EQ(see(viewer(false), "education").reply.body, before);
  EXPECT_EQ(see(viewer(false), "education/piece", {{"id", "cravings"}}).reply.body, piece_before);
  EXPECT_EQ(see(viewer(true), "education").count("items"), 1u);
}

TEST_P(EducationRoutes, LabelsOfTheRecordAndAgeRulesHideWhatWasGivenToo) {
  labels_ = "part2";
  ASSERT_EQ(give("cravings").status, 201);
  EXPECT_EQ(see(viewer(false), "education").count("items"), 0u);
  auto with_part2 = viewer(false);
  with_part2.part2_agreed = true;
  EXPECT_EQ(see(with_part2, "education").count("items"), 1u);
  labels_ = "normal";
  ASSERT_EQ(give("mood-in-young-people").status, 201);
  auto parent = viewer(false);
  EXPECT_EQ(see(parent, "education").count("items"), 1u);
  parent.private_codes = {"pathway:adolescent"};
  EXPECT_EQ(see(parent, "education").count("items"), 0u);  // it belongs to that pathway alone
  ASSERT_EQ(give("sleep").status, 201);
  EXPECT_EQ(see(parent, "education").text("items.0.piece.id"), "sleep");  // to others too
}

TEST_P(EducationRoutes, WithdrawnPiecesAreGoneForThePatient) {
  const auto given = give("sleep");
  ASSERT_EQ(call("POST", base() + "/" + given.text("id") + "/withdraw", "", 1).status, 200);
  EXPECT_EQ(see(viewer(true), "education").count("items"), 0u);
  EXPECT_EQ(see(viewer(true), "education/piece", {{"id", "sleep"}}).text("assigned"), "null");
}

TEST_P(EducationRoutes, ThePortalLibrarySearchesInTheReadersLanguage) {
  const auto found = see(viewer(true), "education/library", {{"q", "BEBE"}});
  ASSERT_GE(found.count("items"), 2u);
  EXPECT_EQ(found.text("items.0.language"), "es");
  EXPECT_EQ(see(viewer(true), "education/piece").status, 404);
  EXPECT_EQ(see(viewer(true), "education/piece", {{"id", "nothing"}}).status, 404);
  EXPECT_EQ(see(viewer(true), "education/piece", {{"id", "sleep"}}).text("title"), "Dormir mejor");
}

TEST_P(EducationRoutes, APieceInAnotherLanguageThanThePatientsSaysSo) {
  language_ = "vi";
  const auto given = give("sleep");
  EXPECT_EQ(given.text("language"), "en");
  EXPECT_EQ(given.text("other_language"), "true");
}

TEST_P(EducationRoutes, ThePatientPageCountsWhatIsOpenAndFinished) {
  const auto line = [&] {
    std::string body;
    EXPECT_TRUE(database().read([&](db::Tx& tx) -> Result<void> {
      json::Writer w(body);
      const http::Request request;
      const std::vector<std::pair<std::string_view, std::string>> none;
      const http::Call call{request, clinic().manager, clinic().clock().now(), none};
      write_line(deps_, w, tx, Asker(call), clinic().chart.place(clinic().manager, clinic().clock().now(), ana_, clinic().site));
      return {};
    }));
    return body;
  };
  EXPECT_EQ(line(), R"({"open":0,"finished":0,"last":null})");
  ASSERT_EQ(give("sleep").status, 201);
  ASSERT_EQ(give("grounding").status, 201);
  ASSERT_EQ(read(me_, "sleep", "finished").status, 200);
  EXPECT_EQ(
      line(),
      R"({"open":1,"finished":1,"last":{"title":"Coming back to here and now","assigned_date":"2026-03-04","finished_at":null}})");
}

}  // namespace
}  // namespace concord::education
