#include "billing/billing.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <sstream>

#include "billing/report.h"
#include "json/value.h"

namespace concord::billing {
namespace {

namespace fs = std::filesystem;

std::string read_all(const fs::path& path) {
  std::ifstream in(path);
  EXPECT_TRUE(in.good()) << path;
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

const Rules& rules() {
  static const Rules loaded = [] {
    auto r = load_rules(read_all(fs::path(CONCORD_SOURCE_DIR) / "rulesets" / "billing-2026.json"));
    if (!r) {
      std::string all = r.error().text;
      for (const auto& issue : r.error().issues) all += "\n" + issue.path + ": " + issue.text;
      throw std::runtime_error(all);
    }
    return *r;
  }();
  return loaded;
}

Uuid id_of(std::string_view text) {
  const std::string_view parts[] = {"billing golden", text};
  return make_uuid_from(parts);
}

std::string text_of(const json::Value* v, std::string fallback = "") { return v ? std::string(v->text()) : fallback; }
Date date_of(const json::Value& v) {
  const auto day = Date::parse(v.text());
  if (!day) throw std::runtime_error("no date: " + std::string(v.text()));
  return *day;
}
std::optional<int> minute_of(const json::Value* v) {
  if (!v || v->is(json::Kind::null)) return std::nullopt;
  return std::stoi(std::string(v->text().substr(0, 2))) * 60 + std::stoi(std::string(v->text().substr(3, 2)));
}

/// A golden case: facts in short (see tests/golden/billing/README.md) and the answer of `concord billing --json`.
struct Case {
  explicit Case(const json::Value& c) {
    const auto* defaults = c.find("defaults");
    const bool usual = !defaults || defaults->boolean();
    const auto month = Month::parse(c.find("month")->text());
    if (!month) throw std::runtime_error("month");
    asked = *month;
    book.open_from = Month{Date::ymd(1900, 1, 1)};
    terms = rules().default_terms();
    if (const auto* t = c.find("terms")) {
      json::Issues issues;
      read_terms(json::Cursor(*t, issues), terms);
      if (!issues.empty()) throw std::runtime_error("terms");
    }
    const auto ensure = [&](std::string_view key) -> PatientFacts& {
      const bool is_new = !book.find(id_of(key));
      auto& p = book.patient(id_of(key));
      patients[p.patient] = std::string(key);
      if (is_new && usual) {
        p.consents.push_back({Date::ymd(2025, 1, 2), std::nullopt});
        p.visits.push_back(Date::ymd(2024, 12, 20));
        p.episodes.push_back({Date::ymd(2025, 1, 5), std::nullopt, "Dr. Lee"});
        p.reviews.push_back(asked.last());
      }
      return p;
    };
    if (const auto* list = c.find("patients"))
      for (const auto& member : list->members()) {
        auto& p = ensure(member.key);
        const json::Value& v = *list->find(member.key);
        const auto each = [&](std::string_view key, auto&& f) {
          if (const auto* items = v.find(key))
            for (const auto& item : items->items()) f(item);
        };
        if (v.find("consents")) p.consents.clear();
        each("consents", [&](const json::Value& i) {
          p.consents.push_back(
              {date_of(i.items()[0]), i.items().size() > 1 ? std::optional(date_of(i.items()[1])) : std::nullopt});
        });
        if (v.find("visits")) p.visits.clear();
        each("visits", [&](const json::Value& i) { p.visits.push_back(date_of(i)); });
        if (v.find("reviews")) p.reviews.clear();
        each("reviews", [&](const json::Value& i) { p.reviews.push_back(date_of(i)); });
        if (v.find("episodes")) p.episodes.clear();
        each("episodes", [&](const json::Value& i) {
          p.episodes.push_back({date_of(*i.find("enrolled")),
                                i.find("closed") ? std::optional(date_of(*i.find("closed"))) : std::nullopt,
                                text_of(i.find("practitioner"))});
        });
        each("stays", [&](const json::Value& i) {
          p.stays.push_back(stay(date_of(*i.find("admit")), minute_of(i.find("admit_time")),
                                 i.find("discharge") ? std::optional(date_of(*i.find("discharge"))) : std::nullopt,
                                 minute_of(i.find("discharge_time"))));
        });
        each("services", [&](const json::Value& i) {
          p.services.push_back({date_of(*i.find("date")), text_of(i.find("code")), text_of(i.find("practitioner"))});
        });
        if (const auto* choice = v.find("choice")) p.choices.emplace_back(asked, *parse_family(choice->text()));
      }
    for (const auto& e : c.find("entries")->items()) {
      Entry entry;
      const auto key = text_of(e.find("id"), "e" + std::to_string(book.entries.size() + 1));
      entry.id = id_of("entry " + key);
      entries[entry.id] = key;
      entry.patient = ensure(text_of(e.find("patient"), "ana")).patient;
      entry.staff = book.staff_number(std::nullopt, text_of(e.find("staff"), "mara"));
      entry.date = date_of(*e.find("date"));
      entry.start = minute_of(e.find("start")).value_or(-1);
      entry.minutes = std::stoi(std::string(e.find("minutes")->text()));
      entry.activity = reason_of(rules(), text_of(e.find("role")), text_of(e.find("activity"), "care_coordination"));
      entry.separately_billed = e.find("separately_billed") && e.find("separately_billed")->boolean();
      entry.order = static_cast<std::int64_t>(book.entries.size());
      book.add(entry);
    }
  }

  std::string answer() const {
    const auto name = [](const std::map<Uuid, std::string>& names) { return [&names](const Uuid& id) { return names.at(id); }; };
    return report_json(book, asked, rules(), [&](std::string_view, std::string_view) { return terms; },
                       {name(patients), name(entries)});
  }

  Book book;
  Month asked;
  Terms terms;
  std::map<Uuid, std::string> patients, entries;
};

std::string compact(const json::Value& v) {
  std::string out;
  json::Writer w(out);
  const std::function<void(const json::Value&)> write = [&](const json::Value& x) {
    switch (x.kind()) {
      case json::Kind::object:
        w.object();
        for (const auto& m : x.members()) {
          w.key(m.key);
          write(*x.find(m.key));
        }
        w.end();
        break;
      case json::Kind::array:
        w.array();
        for (const auto& i : x.items()) write(i);
        w.end();
        break;
      case json::Kind::null:
        w.null();
        break;
      case json::Kind::boolean:
        w.value(x.boolean());
        break;
      case json::Kind::string:
        w.value(x.text());
        break;
      default:
        w.raw(x.text());
        break;
    }
  };
  write(v);
  return out;
}

TEST(Billing, EveryGoldenCaseIsAnsweredAsDerivedByHand) {
  int cases = 0;
  std::vector<fs::path> files;
  for (const auto& file : fs::directory_iterator(fs::path(CONCORD_SOURCE_DIR) / "tests" / "golden" / "billing"))
    if (file.path().extension() == ".json") files.push_back(file.path());
  std::sort(files.begin(), files.end());
  for (const auto& file : files) {
    const auto document = json::Document::parse(read_all(file));
    ASSERT_TRUE(document.has_value()) << file;
    for (const auto& c : document->root().items()) {
      const auto where = file.filename().string() + ": " + text_of(c.find("case"));
      ASSERT_NE(c.find("comment"), nullptr) << where;
      ASSERT_NE(c.find("answer"), nullptr) << where;
      EXPECT_EQ(Case(c).answer(), compact(*c.find("answer"))) << where << "\n" << text_of(c.find("comment"));
      ++cases;
    }
  }
  EXPECT_GE(cases, 60);
}

TEST(Billing, TheRuleSetSaysWhereEveryNumberComesFrom) {
  EXPECT_EQ(rules().name, "billing-2026");
  for (const auto& p : rules().parameters) EXPECT_FALSE(p.source.empty()) << p.id;
  for (const auto& code : rules().codes)
    for (const auto& rate : code.rates) EXPECT_TRUE(rate.until && !rate.source.empty() && !rate.place.empty()) << code.code;
  ASSERT_NE(rules().rate_on("99492", Date::ymd(2026, 3, 31)), nullptr);
  EXPECT_EQ(rules().rate_on("99492", Date::ymd(2026, 3, 31))->cents, 16032);
  EXPECT_EQ(rules().rate_on("99492", Date::ymd(2027, 1, 1)), nullptr) << "a rate ends with its year";
  EXPECT_TRUE(rules().is_initiating_visit("99202") && rules().is_initiating_visit("99210") &&
              rules().is_initiating_visit("99215"));
  EXPECT_FALSE(rules().is_initiating_visit("99216") || rules().is_initiating_visit("90791"));
}

TEST(Billing, AWrongRuleSetIsRefusedWithEveryMistake) {
  auto text = read_all(fs::path(CONCORD_SOURCE_DIR) / "rulesets" / "billing-2026.json");
  const auto replace = [&](std::string_view from, std::string_view to) {
    const auto at = text.find(from);
    ASSERT_NE(at, std::string::npos) << from;
    text.replace(at, from.size(), to);
  };
  replace(R"("initial.from": {"value": 36)", R"("initial.from": {"value": 99)");
  replace("\"99202-99215\"", "\"99215-99202\"");
  replace("\"reason\": \"clerical\"", "\"reason\": \"boring\"");
  const auto loaded = load_rules(text);
  ASSERT_FALSE(loaded.has_value());
  EXPECT_EQ(loaded.error().code, ErrorCode::bad_file);
  std::string paths;
  for (const auto& issue : loaded.error().issues) paths += issue.path + " ";
  EXPECT_EQ(paths, "numbers.initial.from initiating_visit_codes.codes[0] activities.offered[10].reason ");
}

TEST(Billing, AnActivityNobodyListedIsJudgedByItsWords) {
  EXPECT_EQ(rules().reason_of_activity("psychiatric_consultant_note"), Reason::consultant_time);
  EXPECT_EQ(rules().reason_of_activity("caseload_consultation"), Reason::none);
  EXPECT_EQ(rules().reason_of_activity("admin_filing"), Reason::clerical);
  EXPECT_EQ(rules().reason_of_activity("walked_the_patient_home"), Reason::none);
  EXPECT_FALSE(rules().knows_activity("walked_the_patient_home"));
  EXPECT_EQ(reason_of(rules(), "psychiatric_consultant", "treatment"), Reason::consultant_time);
  EXPECT_EQ(reason_of(rules(), "bh_specialist", "treatment"), Reason::not_care_manager);
  EXPECT_EQ(reason_of(rules(), "care_manager", "treatment"), Reason::none);
  EXPECT_EQ(reason_of(rules(), "", "treatment"), Reason::none) << "an import that does not say";
}

TEST(Billing, MonthsAreReadStrictly) {
  EXPECT_EQ(Month::parse("2026-03")->last(), Date::ymd(2026, 3, 31));
  EXPECT_EQ(Month::parse("2024-02")->last(), Date::ymd(2024, 2, 29));
  for (const char* wrong : {"", "2026-3", "2026-13", "2026-00", "2026-03-01", "26-03", "2026/03", "x026-03"})
    EXPECT_FALSE(Month::parse(wrong)) << wrong;
  EXPECT_EQ(Month::parse("2026-12")->next().text(), "2027-01");
  EXPECT_EQ(Month::parse("2026-03")->words(), "March 2026");
}

/// The table of the reference, written down a second time: what 0 to 400 minutes become.
TEST(Billing, TheTableOfMinutesHoldsAtEveryMinute) {
  for (const bool initial : {true, false})
    for (const std::optional<int> cap :
         {std::optional<int>(2), std::optional<int>(), std::optional<int>(0), std::optional<int>(5)})
      for (int minutes = 0; minutes <= 400; ++minutes) {
        Terms terms = rules().default_terms();
        terms.add_on_cap = cap;
        MonthFacts facts;
        facts.minutes = minutes;
        facts.initial = initial;
        std::vector<Proposal> expected;
        const int base = initial ? 36 : 31, first_add_on = initial ? 86 : 76;
        if (minutes >= base) {
          expected.push_back({initial ? "99492" : "99493", 1, Confirm::none});
          int units = 0;
          while (minutes >= first_add_on + 30 * units && (!cap || units < *cap)) ++units;
          if (units > 0) expected.push_back({"99494", units, Confirm::none});
        } else if (minutes >= 30) {
          expected.push_back({"G2214", 1, Confirm::none});
        } else if (minutes >= 16) {
          expected.push_back({"G2214", 1, Confirm::payer_16_to_29});
        }
        ASSERT_EQ(propose(facts, terms, rules().numbers), expected) << minutes << (initial ? " initial" : " later");
        // The next code is what so many minutes more become, and not one minute fewer.
        if (const auto next = next_code(minutes, initial, terms, rules().numbers)) {
          const auto now = propose(facts, terms, rules().numbers);
          facts.minutes = minutes + next->minutes;
          const auto then = propose(facts, terms, rules().numbers);
          ASSERT_NE(now, then) << minutes;
          ASSERT_TRUE(std::any_of(then.begin(), then.end(), [&](const auto& c) { return c.code == next->code; })) << minutes;
          facts.minutes -= 1;
          const auto before = propose(facts, terms, rules().numbers);
          ASSERT_TRUE(before == now || minutes < 16) << minutes;
        } else {
          facts.minutes = minutes + 1000;
          ASSERT_EQ(propose(facts, terms, rules().numbers), expected) << minutes << " has no next code";
        }
      }
}

TEST(Billing, NearMeansTenMinutesAndFiveWorkingDays) {
  const auto& n = rules().numbers;
  EXPECT_TRUE(is_near(Next{"99493", 10}, 5, n));
  EXPECT_FALSE(is_near(Next{"99493", 11}, 5, n));
  EXPECT_FALSE(is_near(Next{"99493", 10}, 6, n));
  EXPECT_TRUE(is_near(Next{"99493", 1}, 0, n));
  EXPECT_FALSE(is_near(std::nullopt, 0, n));
}

TEST(Billing, APlansOwnSettingGoesBeforeItsCategoryAndTheLatestValidVersionWins) {
  const auto setting = [](std::string category, std::string plan, int version, Date from, std::optional<int> cap) {
    PayerSetting s;
    s.payer_category = std::move(category);
    s.plan_name = std::move(plan);
    s.version = version;
    s.valid_from = from;
    s.terms = rules().default_terms();
    s.terms.add_on_cap = cap;
    return s;
  };
  const std::vector<PayerSetting> settings = {setting("commercial", "", 1, Date::ymd(2026, 1, 1), 4),
                                              setting("commercial", "", 2, Date::ymd(2026, 4, 1), std::nullopt),
                                              setting("commercial", "Blue Médical", 1, Date::ymd(2026, 2, 1), 1)};
  const auto cap = [&](std::string_view month, std::string_view category, std::string_view plan) {
    return terms_of(rules(), settings, *Month::parse(month))(category, plan).add_on_cap;
  };
  EXPECT_EQ(cap("2025-12", "commercial", ""), 2);
  EXPECT_EQ(cap("2026-03", "commercial", ""), 4);
  EXPECT_EQ(cap("2026-04", "commercial", "Other"), std::nullopt);
  EXPECT_EQ(cap("2026-01", "commercial", "blue medical"), 4);
  EXPECT_EQ(cap("2026-04", "commercial", "blue medical"), 1);
  EXPECT_EQ(cap("2026-04", "medicare", ""), 2);
}

/// Nothing is counted twice: for random days of random people no minute of a person is counted for two entries, counted
/// and not counted add up to what was entered, and the order in which entries come changes nothing.
TEST(Billing, NoMinuteOfAPersonCountsTwice) {
  std::mt19937 random(20260322);
  const auto pick = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
  for (int round = 0; round < 300; ++round) {
    Book book;
    book.open_from = *Month::parse("1900-01");
    const int patients = 1 + pick(4), staff = 1 + pick(2);
    for (int p = 0; p < patients; ++p)
      book.patient(id_of("p" + std::to_string(p))).consents.push_back({Date::ymd(2026, 1, 1), std::nullopt});
    const int n = pick(40);
    for (int i = 0; i < n; ++i) {
      Entry e;
      e.id = id_of("r" + std::to_string(i));
      e.patient = id_of("p" + std::to_string(pick(patients)));
      e.staff = book.staff_number(std::nullopt, "s" + std::to_string(pick(staff)));
      e.date = Date::ymd(2026, 2, 27).plus_days(pick(5));
      e.start = pick(1440);
      e.minutes = 1 + pick(300);
      book.add(e);
    }
    const auto count = [&](const Book& b) {
      std::map<Uuid, std::array<int, 2>> by_entry;
      std::map<std::uint32_t, std::map<std::int64_t, int>> busy;
      for (const char* month : {"2026-02", "2026-03"})
        for (const auto& v : judge(b, *Month::parse(month))) {
          EXPECT_EQ(v.counted + v.not_counted > 0, true);
          by_entry[v.entry->id][month[6] == '2' ? 0 : 1] += v.counted;
          if (v.counted == 0) continue;
          const auto begins = v.entry->date.days_since_1970() * 1440LL + v.entry->start;
          const auto midnight = Date::ymd(2026, 3, 1).days_since_1970() * 1440LL;
          const auto from = month[6] == '2' ? begins : std::max<std::int64_t>(begins, midnight);
          for (int m = 0; m < v.counted; ++m) EXPECT_EQ(++busy[v.entry->staff][from + m], 1);
        }
      return by_entry;
    };
    const auto counted = count(book);
    for (const auto& e : book.entries) {
      const auto both = counted.at(e.id);
      EXPECT_TRUE(both[0] + both[1] == e.minutes || both[0] + both[1] == 0) << "an entry counts whole or not at all";
    }
    Book shuffled = book;
    std::shuffle(shuffled.entries.begin(), shuffled.entries.end(), random);
    EXPECT_EQ(count(shuffled), counted);
  }
}

}  // namespace
}  // namespace concord::billing
