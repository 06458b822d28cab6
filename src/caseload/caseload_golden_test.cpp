// Every rule at its boundary (the day before, the day, the day after), from tests/golden/caseload/*.json.
#include <gtest/gtest.h>

#include <filesystem>

#include "caseload/caseload.h"
#include "caseload/caseload_glance.h"
#include "caseload/facts_for_tests.h"
#include "json/cursor.h"

namespace concord::caseload {
namespace {

std::optional<Date> day(const json::Cursor& at) { return at.present() ? at.date() : std::nullopt; }
std::string text(const json::Cursor& at, std::string otherwise = {}) {
  return at.present() ? at.string().value_or(otherwise) : otherwise;
}
bool flag(const json::Cursor& at, bool otherwise) { return at.present() ? at.boolean().value_or(otherwise) : otherwise; }

Score read_score(const json::Cursor& at) {
  Score s;
  s.id = serial_id();
  if (at.value()->is(json::Kind::array)) {
    s.instrument = std::string(at.value()->items()[0].text());
    s.date = *Date::parse(at.value()->items()[1].text());
    s.total = at.value()->items()[2].real();
    return s;
  }
  s.instrument = *at.required("instrument").string();
  s.date = *at.required("date").date();
  s.total = *at.required("total").real(0, 100);
  s.valid = flag(at.optional("valid"), true);
  s.replaced = flag(at.optional("replaced"), false);
  s.safety_positive = flag(at.optional("safety"), false);
  s.unseen = flag(at.optional("unseen"), false);
  return s;
}

EpisodeFacts read_facts(const json::Cursor& at) {
  at.only({"state", "referred", "assessed", "enrolled", "relapse_prevention", "on_hold", "closed", "close_reason", "instrument",
           "target", "scores", "contacts", "treatments", "reviews", "safety", "consents", "referral", "deferrals"});
  EpisodeFacts f;
  f.patient = PatientId(serial_id());
  f.episode = EpisodeId(serial_id());
  f.given_name = "Ana";
  f.family_name = "Ruiz";
  f.state = episodes::parse_state(*at.required("state").string()).value();
  f.assessed = day(at.optional("assessed"));
  f.enrolled = day(at.optional("enrolled"));
  f.relapse_prevention = day(at.optional("relapse_prevention"));
  f.on_hold = day(at.optional("on_hold"));
  f.closed = day(at.optional("closed"));
  f.close_reason = text(at.optional("close_reason"));
  f.referred = day(at.optional("referred")).value_or(f.enrolled.value_or(Date()));
  f.primary_instrument = text(at.optional("instrument"), "phq-9");
  f.target = text(at.optional("target"));
  auto each = [&](std::string_view key, auto&& read) {
    const auto list = at.optional(key);
    if (list.present()) list.each([&](const json::Cursor& item) { read(item); });
  };
  each("scores", [&](const json::Cursor& i) { f.scores.push_back(read_score(i)); });
  each("contacts", [&](const json::Cursor& i) {
    ContactFact c;
    c.id = serial_id();
    c.clinical = true;
    if (i.value()->is(json::Kind::string)) {
      c.date = *i.date();
    } else {
      c.date = *i.required("date").date();
      c.clinical = flag(i.optional("clinical"), true);
      c.next_due = day(i.optional("next_due"));
    }
    f.contacts.push_back(c);
  });
  each("treatments", [&](const json::Cursor& i) {
    TreatmentFact t{serial_id(), *i.required("start").date(), day(i.optional("stop")), {}};
    if (i.optional("changes").present())
      i.optional("changes").each([&](const json::Cursor& on) { t.changes.push_back(*on.date()); });
    f.treatments.push_back(std::move(t));
  });
  each("reviews", [&](const json::Cursor& i) {
    f.reviews.push_back({serial_id(), *i.required("date").date(), text(i.optional("to")), text(i.optional("state"), "none"),
                         day(i.optional("answered")), day(i.optional("done"))});
  });
  each("safety", [&](const json::Cursor& i) {
    SafetyFact e;
    e.id = serial_id();
    e.signalled = *i.required("signalled").date();
    e.signal = text(i.required("signal"));
    if (i.optional("due_at").present()) e.due_at = i.optional("due_at").instant();
    e.closed = day(i.optional("closed"));
    if (i.optional("level").present()) e.level = text(i.optional("level"));
    e.reassess = day(i.optional("reassess"));
    f.safety.push_back(std::move(e));
  });
  if (at.optional("consents").present())
    each("consents",
         [&](const json::Cursor& i) { f.consents.push_back({*i.required("given").date(), day(i.optional("withdrawn"))}); });
  else if (f.enrolled) f.consents.push_back({*f.enrolled, std::nullopt});
  if (const auto r = at.optional("referral"); r.present()) {
    ReferralFact referral{serial_id(),
                          *r.required("received").date(),
                          std::nullopt,
                          day(r.optional("outcome_date")),
                          day(r.optional("seen_elsewhere")),
                          {}};
    if (r.optional("outcome").present()) referral.outcome = text(r.optional("outcome"));
    r.required("attempts").each([&](const json::Cursor& i) {
      referral.attempts.push_back(
          {serial_id(), *Date::parse(i.value()->items()[0].text()), std::string(i.value()->items()[1].text())});
    });
    f.referral = std::move(referral);
  }
  each("deferrals", [&](const json::Cursor& i) {
    f.deferrals.push_back(
        {parse_rule(*i.required("rule").string()).value(), *i.required("made_on").date(), *i.required("until").date()});
  });
  return f;
}

/// Calls `each(day, value)` for {"2026-01-05": ...}.
template <class Each>
void by_day(const json::Cursor& at, Each&& each) {
  if (!at.present()) return;
  for (const auto& member : at.value()->members()) each(*Date::parse(member.key), at.required(member.key));
}

const Line* find(const std::vector<Line>& lines, Rule rule) {
  for (const Line& line : lines)
    if (line.rule == rule) return &line;
  return nullptr;
}

void run(const json::Cursor& at) {
  SCOPED_TRACE(*at.required("name").string());
  at.only({"name", "facts", "fires", "never", "need", "next_due"});
  const CaseloadRow row = derive(read_facts(at.required("facts")), concord_2026());
  if (at.optional("fires").present())
    at.optional("fires").each([&](const json::Cursor& expected) {
      expected.only({"rule", "from", "due", "owner", "act", "severity", "now", "en", "es"});
      const Rule rule = parse_rule(*expected.required("rule").string()).value();
      SCOPED_TRACE(name(rule));
      const Date from = *expected.required("from").date();
      EXPECT_EQ(find(attention(row, concord_2026(), from.plus_days(-1)), rule), nullptr) << "fires the day before " << from.iso();
      EXPECT_NE(find(attention(row, concord_2026(), from.plus_days(1)), rule), nullptr)
          << "does not fire the day after " << from.iso();
      const auto lines = attention(row, concord_2026(), from);
      const Line* line = find(lines, rule);
      ASSERT_NE(line, nullptr) << "does not fire on " << from.iso();
      EXPECT_EQ(line->due.iso(), *expected.required("due").string());
      EXPECT_EQ(line->owner, text(expected.optional("owner"), std::string(line->owner)));
      EXPECT_EQ(line->suggested_act, text(expected.optional("act"), std::string(line->suggested_act)));
      EXPECT_FALSE(line->citation.empty());
      EXPECT_FALSE(line->evidence.empty()) << "a line without evidence explains nothing";
      by_day(expected.optional("severity"), [&](Date on, const json::Cursor& value) {
        const auto then = attention(row, concord_2026(), on);
        ASSERT_NE(find(then, rule), nullptr) << on.iso();
        EXPECT_EQ(name(find(then, rule)->severity), *value.string()) << on.iso();
      });
      for (const std::string_view language : {"en", "es"})
        by_day(expected.optional(language), [&](Date on, const json::Cursor& value) {
          std::optional<Instant> now;
          by_day(expected.optional("now"), [&](Date when, const json::Cursor& instant) {
            if (when == on) now = instant.instant();
          });
          const auto then = attention(row, concord_2026(), on, language, now);
          ASSERT_NE(find(then, rule), nullptr) << on.iso();
          EXPECT_EQ(find(then, rule)->text, *value.string());
        });
    });
  if (at.optional("never").present())
    at.optional("never").each([&](const json::Cursor& expected) {
      const auto rule = parse_rule(*expected.string());
      ASSERT_TRUE(rule) << *expected.string();
      for (int i = 0; i < 500; ++i) {
        const Date today = Date::ymd(2026, 1, 1).plus_days(i);
        ASSERT_EQ(find(attention(row, concord_2026(), today), *rule), nullptr) << name(*rule) << " fires on " << today.iso();
      }
    });
  by_day(at.optional("need"),
         [&](Date on, const json::Cursor& value) { EXPECT_EQ(name(need_of(row.triggers, on)), *value.string()) << on.iso(); });
  if (at.optional("next_due").present()) {
    ASSERT_TRUE(row.next_due);
    EXPECT_EQ(row.next_due->iso(), *at.optional("next_due").string());
  }
  // What is kept in the projection says the same as what was derived, on every day.
  const std::string bytes = encode(row);
  const std::span<const std::uint8_t> kept(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
  Kept back;
  decode(kept, back);
  ASSERT_EQ(back.triggers.size(), row.triggers.size());
  for (int i = 0; i < 400; ++i) {
    const Date today = Date::ymd(2026, 1, 1).plus_days(i);
    const auto place_now = place(row.triggers, row.next_due, today);
    const Glance glanced = glance(kept, today);
    ASSERT_EQ(glanced.need, place_now.first) << today.iso();
    ASSERT_EQ(glanced.due, place_now.second) << today.iso();
    CaseloadRow again = row;
    again.triggers = back.triggers;
    const auto lines = attention(row, concord_2026(), today), lines_back = attention(again, concord_2026(), today);
    std::uint32_t rules = 0;
    ASSERT_EQ(lines.size(), lines_back.size());
    for (std::size_t k = 0; k < lines.size(); ++k) {
      ASSERT_EQ(lines[k].text, lines_back[k].text);
      rules |= 1U << static_cast<unsigned>(lines[k].rule);
    }
    ASSERT_EQ(glanced.rules, rules);
  }
}

class CaseloadCases : public ::testing::TestWithParam<std::string> {};

TEST_P(CaseloadCases, SayWhatTheyShould) {
  const auto document =
      json::Document::parse(read_whole(std::string(CONCORD_SOURCE_DIR) + "/tests/golden/caseload/" + GetParam() + ".json"));
  ASSERT_TRUE(document.has_value()) << document.error().text;
  json::Issues issues;
  const json::Cursor root(document->root(), issues);
  int cases = 0;
  root.each([&](const json::Cursor& one) {
    ++cases;
    run(one);
  });
  EXPECT_GT(cases, 3);
  for (const Issue& issue : issues.list()) ADD_FAILURE() << issue.path << " " << issue.text;
}

INSTANTIATE_TEST_SUITE_P(, CaseloadCases, ::testing::Values("contacts", "measures", "reviews", "safety", "referrals", "episodes"),
                         [](const auto& file) { return file.param; });

}  // namespace
}  // namespace concord::caseload
