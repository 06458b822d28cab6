#include "community/community.h"

#include <gtest/gtest.h>

#include "community/directory_file.h"

namespace concord::community {
namespace {

const Date kToday = Date::ymd(2026, 3, 4);

std::string paths(const std::vector<Issue>& issues) {
  std::string all;
  for (const auto& issue : issues) all += (all.empty() ? "" : " ") + issue.path;
  return all;
}

Service pantry() {
  Service s;
  s.name = "Harbor Food Pantry";
  s.kinds = {"food"};
  s.areas = {"10453", "104*", "The Bronx"};
  s.languages = {"en", "es"};
  s.note = "bring a bag";
  return s;
}

Referral sent(Date on = Date::ymd(2026, 2, 10)) {
  Referral r;
  r.kind = "food";
  r.sent = on;
  r.shares = {"name", "phone"};
  r.consent_method = "verbal";
  r.consent_date = on;
  return r;
}

Act act(std::string word, std::string confirmed_by = "", std::string outcome = "", std::string reason = "") {
  return {std::move(word), kToday, std::move(confirmed_by), std::move(outcome), std::move(reason)};
}

TEST(Directory, IsSearchedByNeedLanguageAreaAndWords) {
  const auto s = pantry();
  EXPECT_TRUE(matches(s, {}));
  EXPECT_TRUE(matches(s, {"food", "es-MX", "10453-1234", "harbor bag"}));
  EXPECT_TRUE(matches(s, {"", "", "10499", ""})) << "104*";
  EXPECT_TRUE(matches(s, {"", "", "bronx", ""}));
  EXPECT_FALSE(matches(s, {"housing", "", "", ""}));
  EXPECT_FALSE(matches(s, {"", "fr", "", ""}));
  EXPECT_FALSE(matches(s, {"", "", "10501", ""}));
  EXPECT_FALSE(matches(s, {"", "", "", "shelter"}));
  Service anywhere = s;
  anywhere.areas.clear();
  anywhere.languages.clear();
  EXPECT_TRUE(matches(anywhere, {"", "en", "99999", ""}));
  EXPECT_FALSE(matches(anywhere, {"", "es", "", ""})) << "nobody said that they speak Spanish";
}

TEST(Directory, RefusesWhatCannotBeRight) {
  EXPECT_TRUE(check(pantry(), kToday).empty());
  Service s;
  s.kinds = {"food", "fun"};
  s.areas = {"1*4", "*"};
  s.languages = {"spanish!"};
  s.web = "food.example.org";
  s.checked = kToday.plus_days(1);
  EXPECT_EQ(paths(check(s, kToday)), "name kinds areas areas languages web checked_on");
  s.kinds.clear();
  s.web = "javascript:alert(1)";
  EXPECT_EQ(paths(check(s, kToday)), "name kinds areas areas languages web checked_on");
}

TEST(DirectoryFile, IsReadWhole) {
  const auto read = read_directory(
      "\xEF\xBB\xBFname,kinds,areas,languages,phone,web,checked_on\r\n"
      "Harbor Food Pantry,food,10453;104*;The Bronx,en;es,555-0100,https://food.example.org,2026-02-01\r\n"
      "\"Law, Home & Rights\",LAW; housing,,,,,\r\n",
      "services.csv", kToday);
  ASSERT_TRUE(read) << read.error().issues.front().path;
  ASSERT_EQ(read->size(), 2u);
  EXPECT_EQ((*read)[0].areas, (std::vector<std::string>{"10453", "104*", "The Bronx"}));
  EXPECT_EQ((*read)[0].checked, Date::ymd(2026, 2, 1));
  EXPECT_EQ((*read)[1].name, "Law, Home & Rights");
  EXPECT_EQ((*read)[1].kinds, (std::vector<std::string>{"law", "housing"}));
}

TEST(DirectoryFile, NamesEveryFaultWithItsLineAndGivesNothing) {
  const auto read = read_directory(
      "name,kinds,phone,checked_on,colour\n"
      "One,food,1,2026-02-01,\n"
      ",fun,1,2026-02-30,\n"
      "ONE,law,1,,\n"
      "Three,law\n",
      "services.csv", kToday);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, ErrorCode::bad_file);
  std::string all;
  for (const auto& issue : read.error().issues) all += issue.path + " ";
  EXPECT_EQ(all,
            "services.csv:1:colour services.csv:3:checked_on services.csv:3:name services.csv:3:kinds services.csv:4:name "
            "services.csv:5 ");
  EXPECT_FALSE(read_directory("name,phone\nOne,1\n", "services.csv", kToday)) << "kinds is missing";
  EXPECT_FALSE(read_directory("name,kinds\n", "services.csv", kToday)) << "empty";
  EXPECT_FALSE(read_directory("", "services.csv", kToday));
}

TEST(Screenings, FindOnlyWhatWasAsked) {
  Screening s;
  s.form = "ahc-hrsn";
  s.on = kToday;
  s.asked = {"housing", "food"};
  s.found = {"food"};
  EXPECT_TRUE(check(s, kToday).empty());
  s.found = {"safety"};
  EXPECT_EQ(paths(check(s, kToday)), "found");
  s.asked = {"law"};
  s.found = {};
  EXPECT_EQ(paths(check(s, kToday)), "asked") << "AHC does not ask about law";
  s.refused = true;
  EXPECT_EQ(paths(check(s, kToday)), "asked asked");
  s.asked.clear();
  EXPECT_TRUE(check(s, kToday).empty());
  s.form = "phq-9";
  EXPECT_EQ(paths(check(s, kToday)), "form");
}

TEST(Forms, HaveKindsThatConcordKnowsAndNoWording) {
  for (const auto& form : forms()) {
    EXPECT_FALSE(form.kinds.empty());
    for (const auto kind : form.kinds) EXPECT_TRUE(is_kind(kind)) << form.id << " " << kind;
    EXPECT_NE(form.licence.find("ships no wording"), std::string_view::npos);
  }
  EXPECT_EQ(find_form("prapare")->loinc, "93025-5");
  EXPECT_EQ(item_codes("prapare", "transport"), "93030-5");
  EXPECT_EQ(item_codes("ahc-hrsn", "food"), "") << "not verified";
}

TEST(Referrals, NothingGoesOutWithoutAConsentThatCameFirst) {
  EXPECT_TRUE(check(sent(), kToday).empty());
  auto r = sent();
  r.consent_method.clear();
  EXPECT_EQ(paths(check(r, kToday)), "consent.method");
  r = sent();
  r.consent_date = r.sent.plus_days(1);
  EXPECT_EQ(paths(check(r, kToday)), "consent.on");
  r = sent();
  r.shares = {};
  EXPECT_EQ(paths(check(r, kToday)), "shares");
  r.sent_by_way = "patient_goes";
  EXPECT_TRUE(check(r, kToday).empty()) << "the patient goes there, nobody is told anything";
  r.shares = {"diagnosis"};
  EXPECT_EQ(paths(check(r, kToday)), "shares");
  EXPECT_EQ(paths(check(sent(kToday.plus_days(1)), kToday)), "sent_on");
}

TEST(Referrals, GoFromSentToClosed) {
  auto accepted = apply(sent(), act("accept"), kToday);
  ASSERT_TRUE(accepted);
  EXPECT_TRUE(accepted->waits()) << "accepted is not seen";
  EXPECT_EQ(apply(*accepted, act("seen"), kToday).error().issues.front().path, "confirmed_by");
  auto seen = apply(*accepted, act("seen", "service"), kToday);
  ASSERT_TRUE(seen);
  EXPECT_EQ(seen->seen_confirmed_by, "service");
  EXPECT_FALSE(seen->waits());
  EXPECT_FALSE(apply(*seen, act("accept"), kToday));
  EXPECT_EQ(paths(apply(*seen, act("close"), kToday).error().issues), "outcome reason");
  EXPECT_EQ(paths(apply(*seen, act("close", "", "not_met"), kToday).error().issues), "reason");
  auto closed = apply(*seen, act("close", "", "met"), kToday);
  ASSERT_TRUE(closed);
  EXPECT_FALSE(apply(*closed, act("close", "", "met"), kToday));
  auto again = apply(*closed, act("reopen"), kToday);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->state, "seen");
  EXPECT_FALSE(again->outcome);
}

TEST(Referrals, AreClosedWhenTheConsentIsWithdrawnAndStayClosed) {
  auto gone = apply(sent(), act("withdraw_consent"), kToday);
  ASSERT_TRUE(gone);
  EXPECT_EQ(gone->state + " " + *gone->outcome + " " + gone->reason, "closed not_met consent_withdrawn");
  EXPECT_EQ(gone->consent_withdrawn, kToday);
  EXPECT_FALSE(apply(*gone, act("reopen"), kToday));
}

TEST(Referrals, DatesStayBetweenSentAndToday) {
  EXPECT_EQ(paths(apply(sent(), {"accept", kToday.plus_days(1), "", "", ""}, kToday).error().issues), "on");
  EXPECT_EQ(paths(apply(sent(), {"accept", Date::ymd(2026, 2, 9), "", "", ""}, kToday).error().issues), "on");
}

TEST(Referrals, AreOverdueAfterFourteenDaysUntilSomebodyConfirms) {
  auto r = sent(kToday.plus_days(-14));
  EXPECT_EQ(due(r), kToday);
  EXPECT_EQ(overdue_days(r, kToday), 0) << "today is the day";
  EXPECT_EQ(overdue_days(r, kToday.plus_days(1)), 1);
  r.state = "seen";
  EXPECT_FALSE(due(r));
  EXPECT_EQ(overdue_days(r, kToday.plus_days(100)), 0);
}

TEST(Portal, NeverShowsSafetyAtHome) {
  for (const auto kind : kKinds) EXPECT_EQ(may_be_shown_in_portal(kind), kind != "safety") << kind;
}

}  // namespace
}  // namespace concord::community
