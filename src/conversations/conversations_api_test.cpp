#include "conversations/conversations_api.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "conversations/conversations_store.h"
#include "support/clinic_people.h"

namespace concord::conversations {
namespace {

class ConversationRoutes : public testing::PeopleTest {
 protected:
  void SetUp() override {
    PeopleTest::SetUp();
    if (IsSkipped()) return;
    mara_ = clinic().manager;
    account(mara_);
    account(clinic().elsewhere);
    kofi_ = person("psychiatric_consultant", "Kofi Mensah");
    pia_ = person("pcp", "Pia Lund");
    wes_ = person("community_worker", "Wes Hill");
    auto ann = clinic().patient("Ann", "Birch");
    ann.labels = "part2";
    ann_ = clinic().add(ann);
    base_ = "/api/v1/patients/" + ann_.text() + "/conversation";
    team_ = {mara_.user, kofi_.user};
    deps_.chart = &clinic().chart;
    deps_.patient = patients::find;
    deps_.labels_of = [](db::Tx& tx, OrganizationId organization, PatientId patient) {
      return patients::find(tx, organization, patient)->labels;
    };
    deps_.reading_roles = [this](db::Tx&, OrganizationId, UserId user, SiteId site) -> std::vector<std::string> {
      for (const auto& c : staff_)
        if (c.user == user && c.may_use(site)) return {c.role};
      return {};
    };
    deps_.people = [this](db::Tx&, OrganizationId, SiteId site) {
      std::vector<Person> people;
      for (const auto& c : staff_)
        if (c.may_use(site)) people.push_back({c.user, c.display_name, {c.role}});
      return people;
    };
    deps_.team_of = [this](db::Tx&, OrganizationId, const Place&) { return team_; };
    deps_.notify = [this](db::Tx&, OrganizationId, const messaging::Notice& n) { told_.emplace_back(n.kind, n.to); };
    routes_ = routes(deps_);
  }
  testing::Answer as(const Caller& who, std::string_view method, std::string_view path, std::string body = "") {
    clinic().clock().advance(std::chrono::seconds(1));
    return clinic().call_as(who, routes_, method, path, std::move(body));
  }
  testing::Answer say(const Caller& who, std::string_view words, std::string more = "") {
    return as(who, "POST", base_, R"({"text":")" + std::string(words) + "\"" + more + "}");
  }
  static std::string mention(const Caller& who) { return R"(,"mentions":[")" + who.user.text() + "\"]"; }
  std::string unread(const Caller& who) {
    const auto page = as(who, "GET", base_);
    return page.text("unread") + "/" + page.text("unread_mentions");
  }

  Deps deps_;
  std::vector<http::Route> routes_;
  Caller mara_, kofi_, pia_, wes_;
  std::vector<UserId> team_;
  PatientId ann_;
  std::string base_;
  std::vector<std::pair<std::string, UserId>> told_;
};
CONCORD_ON_BOTH_DATABASES(ConversationRoutes);

TEST_P(ConversationRoutes, IsShownNewestFirstByPages) {
  for (const auto* words : {"one", "two", "three"}) ASSERT_EQ(say(mara_, words).status, 201);
  const auto page = as(kofi_, "GET", base_ + "?limit=2");
  EXPECT_EQ(page.text("items.0.text"), "three");
  EXPECT_EQ(page.text("items.0.author.name"), "Mara Quill");
  EXPECT_EQ(page.text("items.0.role"), "care_manager");
  EXPECT_EQ(page.text("items.1.text"), "two");
  const auto rest = as(kofi_, "GET", base_ + "?limit=2&after=" + page.text("next"));
  EXPECT_EQ(rest.text("items.0.text"), "one");
  EXPECT_EQ(rest.text("next"), "null");
  EXPECT_EQ(as(kofi_, "GET", base_ + "?after=x").issue_paths(), "after");
  EXPECT_EQ(say(mara_, "  ").issue_paths(), "text");
}

TEST_P(ConversationRoutes, TheTeamHasItUnreadUntilTheyReadIt) {
  const auto first = say(mara_, "one");
  ASSERT_EQ(say(mara_, "two").status, 201);
  EXPECT_EQ(unread(mara_), "0/0") << "her own words";
  EXPECT_EQ(unread(kofi_), "2/0");
  EXPECT_EQ(unread(pia_), "0/0") << "does not follow";
  EXPECT_EQ(as(kofi_, "GET", base_).text("items.0.unread"), "true");
  const auto mine = as(kofi_, "GET", "/api/v1/conversations/unread");
  EXPECT_EQ(mine.text("items.0.patient.family_name"), "Birch");
  EXPECT_EQ(mine.text("items.0.unread"), "2");
  EXPECT_EQ(mine.text("total"), "1");
  EXPECT_EQ(as(kofi_, "POST", base_ + "/read", R"({"until":")" + first.text("id") + "\"}").text("unread"), "1");
  EXPECT_EQ(as(kofi_, "POST", base_ + "/read", "{}").text("unread"), "0");
  EXPECT_EQ(as(kofi_, "POST", base_ + "/read", R"({"until":")" + first.text("id") + "\"}").text("unread"), "0")
      << "an old page makes nothing unread again";
  EXPECT_EQ(as(kofi_, "GET", "/api/v1/conversations/unread").text("total"), "0");
  EXPECT_EQ(as(kofi_, "POST", base_ + "/read", R"({"until":")" + ann_.text() + "\"}").issue_paths(), "until");
}

TEST_P(ConversationRoutes, WhoIsMentionedIsToldAndFollows) {
  const auto made = say(mara_, "Could you look at the dose?", mention(pia_));
  ASSERT_EQ(made.status, 201) << made.issue_paths();
  EXPECT_EQ(made.text("mentions.0.name"), "Pia Lund");
  EXPECT_EQ(told_, (std::vector{std::pair(std::string("conversation.mention"), pia_.user)}));
  EXPECT_EQ(unread(pia_), "1/1");
  ASSERT_EQ(say(mara_, "no hurry").status, 201);
  EXPECT_EQ(unread(pia_), "2/1") << "follows from now on";
  EXPECT_EQ(told_.size(), 1u);
  ASSERT_EQ(as(pia_, "POST", base_ + "/read", "{}").status, 200);
  EXPECT_EQ(unread(pia_), "0/0");
}

TEST_P(ConversationRoutes, NobodyIsMentionedWhoMayNotSeeThePatient) {
  EXPECT_EQ(say(mara_, "hello", mention(clinic().elsewhere)).issue_paths(), "mentions[0]");
  EXPECT_EQ(say(mara_, "hello", mention(clinic().foreigner)).issue_paths(), "mentions[0]");
  EXPECT_EQ(as(mara_, "GET", base_).count("items"), 0u) << "nothing half-done";
  const auto people = as(mara_, "GET", base_ + "/people?q=lund");
  EXPECT_EQ(people.count("items"), 1u);
  EXPECT_EQ(people.text("items.0.roles.0"), "pcp");
}

TEST_P(ConversationRoutes, ACorrectionKeepsTheOriginal) {
  const auto first = say(mara_, "call her at 5", mention(pia_));
  const auto path = base_ + "/" + first.text("id") + "/corrections";
  EXPECT_EQ(as(kofi_, "POST", path, R"({"text":"no"})").code(), ErrorCode::not_allowed);
  const auto second = as(mara_, "POST", path, R"({"text":"call her at 6")" + mention(pia_) + "}");
  ASSERT_EQ(second.status, 201);
  EXPECT_EQ(second.text("corrects"), first.text("id"));
  EXPECT_EQ(told_.size(), 1u) << "she was told already";
  const auto page = as(kofi_, "GET", base_);
  EXPECT_EQ(page.text("items.1.text"), "call her at 5");
  EXPECT_EQ(page.text("items.1.replaced_by"), second.text("id"));
  EXPECT_EQ(as(mara_, "POST", path, R"({"text":"at 7"})").code(), ErrorCode::conflict);
}

TEST_P(ConversationRoutes, ACounselingNoteIsForTreatingCliniciansOnly) {
  ASSERT_EQ(say(mara_, "hello", mention(pia_)).status, 201);
  const auto note = say(mara_, "spoke about her father", R"(,"label":"counseling_note")");
  ASSERT_EQ(note.status, 201);
  EXPECT_EQ(note.text("labels.0"), "part2") << "the patient's label goes with it";
  EXPECT_EQ(note.text("labels.1"), "counseling_note");
  EXPECT_EQ(as(kofi_, "GET", base_).count("items"), 2u);
  EXPECT_EQ(unread(kofi_), "2/0");
  const auto hers = as(pia_, "GET", base_);
  EXPECT_EQ(hers.count("items"), 1u);
  EXPECT_EQ(hers.text("unread"), "1") << "not even counted";
  EXPECT_EQ(as(pia_, "POST", base_ + "/" + note.text("id") + "/corrections", R"({"text":"x"})").code(), ErrorCode::not_found);
  EXPECT_EQ(say(mara_, "look", mention(pia_) + R"(,"label":"counseling_note")").issue_paths(), "mentions[0]");
  std::vector<patients::TimelineEntry> entries;
  const http::Request request;
  const Asker asker(http::Call{request, pia_, clinic().clock().now(), {}});
  database().read(
      [&](db::Tx& tx) { add_to_timeline(tx, asker, *clinic().chart.find(tx, asker.caller, asker.now, ann_), entries); });
  EXPECT_EQ(entries.size(), 1u);
}

TEST_P(ConversationRoutes, WhoLeftTheSiteIsNotCountedFor) {
  ASSERT_EQ(say(mara_, "hello", mention(wes_)).status, 201);
  EXPECT_EQ(unread(wes_), "1/1");
  std::erase_if(staff_, [&](const Caller& c) { return c.user == wes_.user; });
  ASSERT_EQ(say(mara_, "again").status, 201);
  EXPECT_EQ(unread(wes_), "1/1");
}

TEST_P(ConversationRoutes, AreHiddenFromOtherSitesAndOrganizations) {
  const auto message = say(mara_, "hello").text("id");
  for (const auto* who : {&clinic().elsewhere, &clinic().foreigner}) {
    EXPECT_EQ(as(*who, "GET", base_).code(), ErrorCode::not_found);
    EXPECT_EQ(as(*who, "POST", base_, R"({"text":"x"})").code(), ErrorCode::not_found);
    EXPECT_EQ(as(*who, "POST", base_ + "/read", "{}").code(), ErrorCode::not_found);
    EXPECT_EQ(as(*who, "GET", base_ + "/people").code(), ErrorCode::not_found);
    EXPECT_EQ(as(*who, "POST", base_ + "/" + message + "/corrections", R"({"text":"x"})").code(), ErrorCode::not_found);
    EXPECT_EQ(as(*who, "GET", "/api/v1/conversations/unread").text("total"), "0");
  }
}

TEST(Conversations, LabelsAreJoinedOnce) {
  EXPECT_EQ(labels_with("normal", ""), "normal");
  EXPECT_EQ(labels_with("part2 normal", "counseling_note"), "part2 counseling_note");
  EXPECT_EQ(labels_with("part2", "part2"), "part2");
}

}  // namespace
}  // namespace concord::conversations
