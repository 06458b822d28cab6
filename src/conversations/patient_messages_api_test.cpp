#include "conversations/patient_messages_api.h"

#include <gtest/gtest.h>

#include "conversations/portal_messages.h"
#include "support/portal_people.h"

namespace concord::conversations {
namespace {

using testing::Answer;

class PatientMessages : public testing::PortalTest {
 protected:
  void SetUp() override {
    PortalTest::SetUp();
    if (IsSkipped()) return;
    mara_ = clinic().manager;
    account(mara_);
    pia_ = clinic().caller("pcp", "Pia Lund", clinic().organization, {clinic().site});
    account(pia_);
    deps_.chart = &clinic().chart;
    deps_.words = &testing::portal_words();
    deps_.calendar_of = [](db::Tx&, OrganizationId, SiteId) { return calendar::Calendar{}; };
    deps_.answer_working_days = 1;
    deps_.patient = patients::find;
    deps_.labels_of = [this](db::Tx&, OrganizationId, PatientId) { return labels_; };
    deps_.is_private = [this](db::Tx&, OrganizationId, PatientId, Instant) { return young_; };
    deps_.viewer_of = viewers();
    deps_.addressee_of = [this](db::Tx&, OrganizationId, const Place&, Instant) { return addressee_; };
    deps_.responsible_now = [](db::Tx&, OrganizationId, SiteId, PatientId, UserId owner, Instant) { return owner; };
    deps_.may_answer = [this](db::Tx&, OrganizationId, UserId user, SiteId) { return user == mara_.user || user == pia_.user; };
    deps_.care_managers = [this](db::Tx&, OrganizationId, SiteId) { return std::vector{mara_.user}; };
    deps_.portal_name = [this](db::Tx&, OrganizationId, UserId account) -> std::optional<std::string> {
      return account == sister_.user ? "Marta Ruiz" : "Ana Ruiz";
    };
    deps_.trusted_address = [](db::Tx&, OrganizationId, UserId) {
      return std::optional(std::pair(std::string("marta@example.org"), std::string("es")));
    };
    deps_.hours_of = [](db::Tx&, OrganizationId, SiteId) { return std::optional(std::string("Weekdays 8 to 5")); };
    deps_.notify = [this](db::Tx&, OrganizationId, const messaging::Notice& n) { told_.emplace_back(n.kind, n.to); };
    deps_.tell_patient = [this](db::Tx&, OrganizationId, const messaging::ToPatient& to) {
      patient_told_.push_back(to);
      return std::vector<messaging::Queued>();
    };
    addressee_ = mara_.user;
    staff_ = patient_routes(deps_);
    acts_ = portal_routes(deps_);
    views_ = portal_views(deps_);
  }
  Answer write(const Caller& who, std::string_view text, std::string more = "") {
    return as(who, acts_, "POST", "/api/v1/portal/messages", R"({"text":")" + std::string(text) + "\"" + more + "}");
  }
  std::string base() { return "/api/v1/patients/" + ana_.text() + "/patient-messages"; }
  Answer inbox(std::string_view query = "") { return as(mara_, staff_, "GET", "/api/v1/patient-messages" + std::string(query)); }

  PatientDeps deps_;
  Caller mara_, pia_;
  std::string labels_ = "normal";
  std::optional<UserId> addressee_;
  std::vector<http::Route> staff_, acts_;
  std::vector<portal::View> views_;
  std::vector<std::pair<std::string, UserId>> told_;
  std::vector<messaging::ToPatient> patient_told_;
};
CONCORD_ON_BOTH_DATABASES(PatientMessages);

TEST_P(PatientMessages, GoThereAndBackAndSayWhoReadThem) {
  const auto sent = write(me_, "May I take it in the evening?", R"(,"subject":"My medicine")");
  ASSERT_EQ(sent.status, 201) << sent.issue_paths();
  const std::string thread = sent.text("id");
  EXPECT_EQ(sent.text("messages.0.by"), "you");
  EXPECT_EQ(sent.text("messages.0.read"), "null");
  EXPECT_EQ(told_, (std::vector{std::pair(std::string("patient_message.new"), mara_.user)}));

  const auto waiting = inbox();
  EXPECT_EQ(waiting.text("unanswered"), "1");
  EXPECT_EQ(waiting.text("items.0.patient.name"), "Ruiz, Ana");
  EXPECT_EQ(waiting.text("items.0.last_words"), "May I take it in the evening?");
  EXPECT_EQ(waiting.text("items.0.answer_due"), "2026-03-05");
  EXPECT_EQ(waiting.text("items.0.unread"), "1");
  EXPECT_EQ(as(mara_, staff_, "GET", base()).text("items.0.messages.0.author_name"), "Ana Ruiz");
  EXPECT_EQ(see(views_, me_, "messages", {{"thread", thread}}).text("thread.messages.0.read"), "null")
      << "looking is not reading";

  ASSERT_EQ(as(mara_, staff_, "POST", base() + "/" + thread + "/read", "{}").status, 200);
  EXPECT_EQ(see(views_, me_, "messages", {{"thread", thread}}).text("thread.messages.0.read.role_name"), "care manager");
  EXPECT_EQ(inbox().text("unanswered"), "1") << "read is not answered";

  const auto reply = as(mara_, staff_, "POST", base() + "/" + thread + "/replies", R"({"text":"Yes, with your meal."})");
  ASSERT_EQ(reply.status, 201);
  EXPECT_EQ(reply.text("state"), "answered");
  EXPECT_EQ(inbox().text("unanswered"), "0");
  ASSERT_EQ(patient_told_.size(), 1U);
  EXPECT_EQ(patient_told_[0].kind, "patient_messages.waiting");
  EXPECT_FALSE(patient_told_[0].to_address);

  const auto mine = see(views_, me_, "messages");
  EXPECT_EQ(mine.text("items.0.unread"), "1");
  EXPECT_EQ(mine.text("response_time"), "Your team answers within 1 working day.");
  EXPECT_EQ(mine.text("expect"), "If you write now, you hear from us by Thursday, 5 March.");
  ASSERT_EQ(as(me_, acts_, "POST", "/api/v1/portal/messages/" + thread + "/read", "{}").status, 200);
  EXPECT_EQ(see(views_, me_, "messages").text("items.0.unread"), "0");
  const auto shown = see(views_, me_, "messages", {{"thread", thread}});
  EXPECT_EQ(shown.text("thread.messages.1.by"), "team");
  EXPECT_EQ(shown.text("thread.messages.1.name"), "Mara Quill");
}

TEST_P(PatientMessages, KeepEmojiAndRightToLeftTextAndRefuseWhatIsTooLong) {
  const std::string words = "شكرا 😀 \\u202eabc ñandú";
  const auto sent = write(me_, words);
  ASSERT_EQ(sent.status, 201);
  EXPECT_EQ(sent.text("messages.0.text"), "شكرا 😀 \u202eabc ñandú");
  const std::string most(10000, 'x');
  EXPECT_EQ(write(me_, most).status, 201);
  const auto refused = write(me_, most + "y");
  EXPECT_EQ(refused.status, 422);
  ASSERT_EQ(refused.issue_paths(), "text");
  EXPECT_EQ(refused.error->issues[0].text, "is too long: 10001 characters, at most 10000");
  std::string emoji;
  for (int i = 0; i < 10000; ++i) emoji += "😀";
  EXPECT_EQ(write(me_, emoji).status, 201) << "characters are counted, not bytes";
  EXPECT_EQ(write(me_, " \\n ").issue_paths(), "text");
}

TEST_P(PatientMessages, OfAYoungPersonLeaveNoTraceForATrustedPerson) {
  young_ = true;
  ASSERT_EQ(write(me_, "canary-7f3a").status, 201);
  const auto seen = see(views_, sister_, "messages");
  EXPECT_EQ(seen.count("items"), 0U);
  EXPECT_EQ(seen.reply.body.find("canary"), std::string::npos);
  EXPECT_EQ(see(views_, sister_, "all-messages").count("items"), 0U);
  const auto started = as(mara_, staff_, "POST", base(), R"({"subject":"Hello","text":"How are you?"})");
  ASSERT_EQ(started.status, 201);
  EXPECT_EQ(started.text("labels.0"), "adolescent_confidential");
  EXPECT_EQ(see(views_, sister_, "messages").count("items"), 0U) << "what the team writes to them is theirs as well";
  EXPECT_EQ(see(views_, me_, "messages").count("items"), 2U);
  // A mother's own conversation: the young person sees it, and does not write into it by mistake.
  const auto hers = write(sister_, "Can I come along?");
  ASSERT_EQ(hers.status, 201);
  EXPECT_EQ(see(views_, sister_, "messages").count("items"), 1U);
  EXPECT_EQ(write(me_, "I do not want that", ",\"thread_id\":\"" + hers.text("id") + "\"").status, 409);
}

TEST_P(PatientMessages, OfATrustedPersonAreMarkedAndAnsweredToThem) {
  const auto sent = write(sister_, "Ana asks for a later visit.");
  ASSERT_EQ(sent.status, 201);
  EXPECT_EQ(sent.text("messages.0.by"), "trusted_person");
  const auto staff = as(mara_, staff_, "GET", base());
  EXPECT_EQ(staff.text("items.0.messages.0.by"), "trusted_person");
  EXPECT_EQ(staff.text("items.0.messages.0.author_name"), "Marta Ruiz");
  ASSERT_EQ(as(mara_, staff_, "POST", base() + "/" + sent.text("id") + "/replies", R"({"text":"Yes"})").status, 201);
  ASSERT_EQ(patient_told_.size(), 1U);
  EXPECT_EQ(patient_told_[0].to_address, "marta@example.org");
  EXPECT_EQ(write(stranger_, "hello").status, 403);
  // What she reads, Ana has not read.
  ASSERT_EQ(as(sister_, acts_, "POST", "/api/v1/portal/messages/" + sent.text("id") + "/read", "{}").status, 200);
  EXPECT_EQ(see(views_, me_, "messages").text("items.0.unread"), "1");
}

TEST_P(PatientMessages, AreClosedWithAReasonThatThePatientDoesNotRead) {
  const auto sent = write(me_, "Thank you!");
  const std::string one = base() + "/" + sent.text("id");
  EXPECT_EQ(as(mara_, staff_, "POST", one + "/close", R"({"reason":"thanks only"})", 9).status, 412);
  const auto closed = as(mara_, staff_, "POST", one + "/close", R"({"reason":"thanks only"})", 1);
  ASSERT_EQ(closed.status, 200);
  EXPECT_EQ(closed.text("closed_reason"), "thanks only");
  EXPECT_EQ(inbox().text("unanswered"), "0");
  const auto mine = see(views_, me_, "messages", {{"thread", sent.text("id")}});
  EXPECT_EQ(mine.text("thread.state"), "closed");
  EXPECT_EQ(mine.reply.body.find("thanks only"), std::string::npos);
  EXPECT_EQ(write(me_, "One more thing", ",\"thread_id\":\"" + sent.text("id") + "\"").status, 409);
  EXPECT_EQ(as(mara_, staff_, "POST", one + "/replies", R"({"text":"x"})").status, 409);
}

TEST_P(PatientMessages, AreHandedToSomebodyWhoMayAnswer) {
  const auto sent = write(me_, "A question for the doctor");
  const std::string one = base() + "/" + sent.text("id");
  const auto to = [&](const Caller& who, std::int64_t version) {
    return as(mara_, staff_, "POST", one + "/assign", R"({"to_user_id":")" + who.user.text() + "\"}", version);
  };
  EXPECT_EQ(to(clinic().elsewhere, 1).issue_paths(), "to_user_id");
  ASSERT_EQ(to(pia_, 1).status, 200);
  EXPECT_EQ(told_.back(), std::pair(std::string("patient_message.assigned"), pia_.user));
  EXPECT_EQ(inbox("?state=mine").count("items"), 0U);
  EXPECT_EQ(as(pia_, staff_, "GET", "/api/v1/patient-messages?state=mine").count("items"), 1U);
  EXPECT_EQ(to(mara_, 1).status, 412) << "somebody else was faster";
}

TEST_P(PatientMessages, WithoutAnybodyResponsibleTellTheCareManagersOfTheSite) {
  addressee_.reset();
  ASSERT_EQ(write(me_, "Is anybody there?").status, 201);
  EXPECT_EQ(told_, (std::vector{std::pair(std::string("patient_message.new"), mara_.user)}));
  EXPECT_EQ(inbox().text("items.0.addressee"), "null");
}

TEST_P(PatientMessages, OfAnotherSiteAreNotThere) {
  const auto sent = write(me_, "hello");
  EXPECT_EQ(as(clinic().elsewhere, staff_, "GET", base()).status, 404);
  EXPECT_EQ(as(clinic().elsewhere, staff_, "GET", "/api/v1/patient-messages").count("items"), 0U);
  EXPECT_EQ(as(clinic().elsewhere, staff_, "POST", base() + "/" + sent.text("id") + "/read", "{}").status, 404);
}

TEST_P(PatientMessages, ComeByPagesLongestWaitFirst) {
  for (const auto* words : {"one", "two", "three"}) ASSERT_EQ(write(me_, words).status, 201);
  const auto first = inbox("?limit=2");
  EXPECT_EQ(first.text("items.0.last_words"), "one");
  ASSERT_NE(first.text("next"), "null");
  const auto rest = inbox("?limit=2&after=" + first.text("next"));
  EXPECT_EQ(rest.count("items"), 1U);
  EXPECT_EQ(rest.text("items.0.last_words"), "three");
  EXPECT_EQ(rest.text("next"), "null");
  const auto all = inbox("?state=all&limit=2");
  EXPECT_EQ(all.text("items.0.last_words"), "three") << "the newest word first";
  EXPECT_EQ(inbox("?state=all&limit=2&after=" + all.text("next")).text("items.0.last_words"), "one");
  EXPECT_EQ(inbox("?state=nonsense").issue_paths(), "state");
  EXPECT_EQ(inbox("?after=nonsense").status, 422);
}

}  // namespace
}  // namespace concord::conversations
