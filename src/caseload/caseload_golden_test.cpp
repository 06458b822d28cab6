// Every rule at its boundary (the day before, the day, the day after), from tests/golden/attention/*.json. A case says
// what fires and when, or what never does; the last tests count that every rule has enough of both.
#include <gtest/gtest.h>

#include <filesystem>
#include <map>

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
  at.only({"state",        "referred",    "assessed", "enrolled",     "relapse_prevention", "on_hold",     "closed",
           "close_reason", "instrument",  "target",   "scores",       "contacts",           "treatments",  "reviews",
           "safety",       "consents",    "referral", "deferrals",    "recommendations",    "questions",   "goals",
           "plans",        "plans_known", "tasks",    "minutes",      "messages",           "materials",   "community",
           "visits",       "language",    "pathway",  "care_manager", "care_manager_left",  "closed_days", "consents_known"});
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
  f.language = text(at.optional("language"));
  f.pathway = text(at.optional("pathway"));
  f.plans_known = flag(at.optional("plans_known"), true);
  f.consents_known = flag(at.optional("consents_known"), true);
  f.care_manager_name = text(at.optional("care_manager"), "Dana");
  f.care_manager_left = day(at.optional("care_manager_left"));
  if (!f.care_manager_name.empty()) f.care_manager = UserId(serial_id());
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
  each("reviews", [&](const json::Cursor& i) { f.reviews.push_back({serial_id(), *i.required("date").date()}); });
  each("recommendations", [&](const json::Cursor& i) {
    i.only({"written", "kind", "to", "name", "state", "urgent", "sent", "answered", "done", "ended"});
    RecommendationFact r;
    r.id = serial_id();
    r.written = *i.required("written").date();
    r.kind = text(i.optional("kind"));
    r.to_role = text(i.optional("to"), "pcp");
    r.to_name = text(i.optional("name"));
    r.state = *i.required("state").string();
    r.urgent = flag(i.optional("urgent"), false);
    r.sent = day(i.optional("sent"));
    r.answered = day(i.optional("answered"));
    r.done = day(i.optional("done"));
    r.ended = day(i.optional("ended"));
    f.recommendations.push_back(std::move(r));
  });
  each("questions", [&](const json::Cursor& i) {
    i.only({"asked", "urgent", "ended", "to"});
    f.questions.push_back({serial_id(), *i.required("asked").date(), flag(i.optional("urgent"), false), text(i.optional("to")),
                           day(i.optional("ended"))});
  });
  each("goals", [&](const json::Cursor& i) {
    i.only({"start", "looked_at", "ended"});
    const Date start = *i.required("start").date();
    f.goals.push_back({serial_id(), start, day(i.optional("looked_at")).value_or(start), day(i.optional("ended"))});
  });
  each("plans", [&](const json::Cursor& i) {
    i.only({"effective", "language", "relapse_prevention", "ended"});
    f.plans.push_back({serial_id(), flag(i.optional("relapse_prevention"), false), text(i.optional("language"), "en"),
                       *i.required("effective").date(), day(i.optional("ended"))});
  });
  each("tasks", [&](const json::Cursor& i) {
    i.only({"title", "made", "due", "role", "owner", "ended"});
    const Date due = *i.required("due").date();
    f.tasks.push_back({serial_id(), *i.required("title").string(), day(i.optional("made")).value_or(due), due,
                       text(i.optional("role")), text(i.optional("owner")), day(i.optional("ended"))});
  });
  each("messages", [&](const json::Cursor& i) {
    i.only({"sent", "role", "to", "ended"});
    f.messages.push_back(
        {serial_id(), *i.required("sent").date(), text(i.optional("role")), text(i.optional("to")), day(i.optional("ended"))});
  });
  each("community", [&](const json::Cursor& i) {
    i.only({"sent", "kind", "role", "to", "ended"});
    f.community.push_back({serial_id(), *i.required("sent").date(), text(i.optional("kind")), text(i.optional("role")),
                           text(i.optional("to")), day(i.optional("ended"))});
  });
  each("materials", [&](const json::Cursor& i) {
    i.only({"given", "language", "ended"});
    f.materials.push_back(
        {serial_id(), text(i.optional("language"), "en"), *i.required("given").date(), day(i.optional("ended"))});
  });
  if (const auto m = at.optional("minutes"); m.present()) {
    m.only({"month", "counted", "next_at", "code"});
    f.minutes = MinutesFact{*m.required("month").date(), static_cast<int>(*m.required("counted").integer(0, 10000)),
                            static_cast<int>(*m.required("next_at").integer(0, 10000)), text(m.optional("code"), "99493")};
  }
  if (const auto visits = at.optional("visits"); visits.present()) {
    f.initiating_visits.emplace();
    visits.each([&](const json::Cursor& i) { f.initiating_visits->push_back(*i.date()); });
  }
  if (const auto closed = at.optional("closed_days"); closed.present()) {
    calendar::Calendar own;
    own.holidays = calendar::Holidays::none;
    closed.each([&](const json::Cursor& i) { own.special_days.push_back({*i.date(), "closed", std::nullopt}); });
    calendar::put_in_order(own);
    f.calendar = std::make_shared<const calendar::Calendar>(std::move(own));
  }
  each("safety", [&](const json::Cursor& i) {
    SafetyFact e;
    e.id = serial_id();
    e.signalled = *i.required("signalled").date();
    e.signal = text(i.required("signal"));
    if (i.optional("due_at").present()) e.due_at = i.optional("due_at").instant();
    e.closed = day(i.optional("closed"));
    if (i.optional("level").present()) e.level = text(i.optional("level"));
    e.reassess = day(i.optional("reassess"));
    e.acknowledged = day(i.optional("acknowledged"));
    e.assessed = day(i.optional("assessed"));
    e.reassessed = day(i.optional("reassessed"));
    e.follow_up_ended = flag(i.optional("follow_up_ended"), false);
    e.holder = text(i.optional("holder"));
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

/// The shipped numbers and two pathways: one with its own cadence and forms, one without anything of its own.
const RuleSet& with_pathways() {
  static const RuleSet rules = [] {
    RuleSet r = concord_2026();
    pathways::Pathway way;
    way.id = "close-watch";
    way.contacts = {{0, 7}, {8, 14}};
    auto use = [&](std::string instrument, pathways::When when) -> pathways::Use& {
      way.instruments.emplace_back();
      way.instruments.back().instrument = std::move(instrument);
      way.instruments.back().when = when;
      return way.instruments.back();
    };
    use("phq-9", pathways::When::cadence).every_days = 14;
    pathways::Use& cadence = use("gad-7", pathways::When::cadence);
    cadence.every_days = 28;
    cadence.every_days_relapse_prevention = 90;
    use("pcl-5", pathways::When::intake);
    pathways::Use& after = use("audit", pathways::When::follow_up);
    after.after = "gad-2";
    after.after_at_least = 3;
    r.add_pathway(std::move(way));
    pathways::Pathway plain;
    plain.id = "plain";
    r.add_pathway(std::move(plain));
    return r;
  }();
  return rules;
}

/// How often the cases speak of a rule.
struct Told {
  int fires = 0, never = 0;
};
std::map<Rule, Told>& told() {
  static std::map<Rule, Told> all;
  return all;
}

void run(const json::Cursor& at) {
  SCOPED_TRACE(*at.required("name").string());
  at.only({"name", "facts", "fires", "never", "need", "next_due", "next_step"});
  const RuleSet& rules = with_pathways();
  const EpisodeFacts facts = read_facts(at.required("facts"));
  const CaseloadRow row = derive(facts, rules);
  if (at.optional("fires").present())
    at.optional("fires").each([&](const json::Cursor& expected) {
      expected.only({"rule", "from", "due", "until", "owner", "owner_name", "escalated_to", "act", "severity", "now", "en", "es",
                     "parameters"});
      const Rule rule = parse_rule(*expected.required("rule").string()).value();
      SCOPED_TRACE(name(rule));
      ++told()[rule].fires;
      const Date from = *expected.required("from").date();
      EXPECT_EQ(find(attention(row, rules, from.plus_days(-1)), rule), nullptr) << "fires the day before " << from.iso();
      const auto until = day(expected.optional("until"));
      if (!until || *until > from) {
        EXPECT_NE(find(attention(row, rules, from.plus_days(1)), rule), nullptr) << "does not fire the day after " << from.iso();
      }
      if (until) {
        EXPECT_NE(find(attention(row, rules, *until), rule), nullptr) << "does not fire on its last day";
        EXPECT_EQ(find(attention(row, rules, until->plus_days(1)), rule), nullptr) << "fires after " << until->iso();
      }
      const auto lines = attention(row, rules, from);
      const Line* line = find(lines, rule);
      ASSERT_NE(line, nullptr) << "does not fire on " << from.iso();
      EXPECT_EQ(line->due.iso(), *expected.required("due").string());
      EXPECT_EQ(line->owner, text(expected.optional("owner"), std::string(line->owner)));
      EXPECT_EQ(line->suggested_act, text(expected.optional("act"), std::string(line->suggested_act)));
      EXPECT_EQ(line->owner_name, text(expected.optional("owner_name"), line->owner_name));
      by_day(expected.optional("escalated_to"), [&](Date on, const json::Cursor& value) {
        std::optional<Instant> now;
        by_day(expected.optional("now"), [&](Date when, const json::Cursor& instant) {
          if (when == on) now = instant.instant();
        });
        const auto then = attention(row, rules, on, "en", now);
        ASSERT_NE(find(then, rule), nullptr) << on.iso();
        EXPECT_EQ(find(then, rule)->escalated_to, *value.string(0, 40)) << on.iso();
      });
      EXPECT_EQ(line->parameters, text(expected.optional("parameters"), std::string(line->parameters)));
      EXPECT_FALSE(line->citation.empty());
      EXPECT_FALSE(line->evidence.empty()) << "a line without evidence explains nothing";
      by_day(expected.optional("severity"), [&](Date on, const json::Cursor& value) {
        const auto then = attention(row, rules, on);
        ASSERT_NE(find(then, rule), nullptr) << on.iso();
        EXPECT_EQ(name(find(then, rule)->severity), *value.string()) << on.iso();
      });
      for (const std::string_view language : {"en", "es"})
        by_day(expected.optional(language), [&](Date on, const json::Cursor& value) {
          std::optional<Instant> now;
          by_day(expected.optional("now"), [&](Date when, const json::Cursor& instant) {
            if (when == on) now = instant.instant();
          });
          const auto then = attention(row, rules, on, language, now);
          ASSERT_NE(find(then, rule), nullptr) << on.iso();
          EXPECT_EQ(find(then, rule)->text, *value.string());
        });
    });
  if (at.optional("never").present())
    at.optional("never").each([&](const json::Cursor& expected) {
      const auto rule = parse_rule(*expected.string());
      ASSERT_TRUE(rule) << *expected.string();
      ++told()[*rule].never;
      for (int i = 0; i < 500; ++i) {
        const Date today = Date::ymd(2026, 1, 1).plus_days(i);
        ASSERT_EQ(find(attention(row, rules, today), *rule), nullptr) << name(*rule) << " fires on " << today.iso();
      }
    });
  by_day(at.optional("need"),
         [&](Date on, const json::Cursor& value) { EXPECT_EQ(name(need_of(row.triggers, on)), *value.string()) << on.iso(); });
  if (at.optional("next_due").present()) {
    ASSERT_TRUE(row.next_due);
    EXPECT_EQ(row.next_due->iso(), *at.optional("next_due").string());
  }
  by_day(at.optional("next_step"), [&](Date on, const json::Cursor& value) {
    const auto step = next_step(row, rules, on);
    ASSERT_TRUE(step) << on.iso();
    EXPECT_EQ(std::string(name(step->rule)) + ", " + std::string(step->owner) + " " + step->who + ", " + step->due.iso(),
              *value.string())
        << on.iso();
  });
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
    const auto lines = attention(row, rules, today), lines_back = attention(again, rules, today);
    std::uint64_t fired = 0;
    ASSERT_EQ(lines.size(), lines_back.size());
    for (std::size_t k = 0; k < lines.size(); ++k) {
      ASSERT_EQ(lines[k].text, lines_back[k].text);
      fired |= std::uint64_t{1} << static_cast<unsigned>(lines[k].rule);
    }
    ASSERT_EQ(glanced.rules, fired);
    if (row.state != State::closed) {
      const auto step = next_step(row, rules, today);
      ASSERT_TRUE(step) << "nobody has a next step for them on " << today.iso();
      ASSERT_FALSE(step->owner.empty());
    }
  }
}

class AttentionCases : public ::testing::TestWithParam<std::string> {};

TEST_P(AttentionCases, SayWhatTheyShould) {
  const auto document =
      json::Document::parse(read_whole(std::string(CONCORD_SOURCE_DIR) + "/tests/golden/attention/" + GetParam() + ".json"));
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

std::vector<std::string> files() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(std::string(CONCORD_SOURCE_DIR) + "/tests/golden/attention"))
    if (entry.path().extension() == ".json") names.push_back(entry.path().stem().string());
  std::sort(names.begin(), names.end());
  return names;
}

INSTANTIATE_TEST_SUITE_P(, AttentionCases, ::testing::ValuesIn(files()), [](const auto& file) { return file.param; });

/// Runs all the files, so that it holds when it is run alone too.
TEST(AttentionCoverage, EveryRuleHasFourCasesAndOneOfThemHoldsItBack) {
  told().clear();
  for (const std::string& file : files()) {
    const auto document =
        json::Document::parse(read_whole(std::string(CONCORD_SOURCE_DIR) + "/tests/golden/attention/" + file + ".json"));
    ASSERT_TRUE(document.has_value());
    json::Issues issues;
    json::Cursor(document->root(), issues).each([&](const json::Cursor& one) { run(one); });
  }
  for (const Rule rule : all_rules()) {
    EXPECT_GE(told()[rule].fires + told()[rule].never, 4) << name(rule);
    EXPECT_GE(told()[rule].fires, 1) << name(rule);
    EXPECT_GE(told()[rule].never, 1) << name(rule);
  }
}

}  // namespace
}  // namespace concord::caseload
