#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <iostream>
#include <map>

#include "caseload/caseload_api.h"
#include "caseload/caseload_store.h"
#include "caseload/caseload_version.h"
#include "caseload/world_for_tests.h"
#include "json/value.h"
#include "support/databases.h"

namespace concord::caseload {
namespace {

class Projection : public testing::DatabaseTest {
 protected:
  template <class Body>
  void write(Body&& body) {
    const auto done = database().write([&](db::Tx& tx) -> Result<bool> {
      body(tx);
      return true;
    });
    ASSERT_TRUE(done) << done.error().text;
  }
  std::vector<std::string> rows(OrganizationId organization) {
    return database().read([&](db::Tx& tx) { return dump(tx, organization); });
  }
  ListPage page(const World& w, std::function<void(Filter&)> change = {}, Date today = World::day(40)) {
    const std::vector<SiteId> sites{w.site, w.other_site};
    Filter filter;
    filter.sites = sites;
    filter.today = [today](SiteId) { return today; };
    if (change) change(filter);
    return database().read([&](db::Tx& tx) { return list(tx, w.organization, filter); });
  }
};
CONCORD_ON_BOTH_DATABASES(Projection);

/// A life of a clinic, a step at a time; each step changes facts of one patient and says whose.
class Histories {
 public:
  Histories(World& world, unsigned seed) : w_(world), random_(seed) {}

  PatientId step(db::Tx& tx) {
    ++day_;
    if (people_.size() < 12 || pick(6) == 0) return arrive(tx);
    Person& p = people_[static_cast<std::size_t>(pick(static_cast<int>(people_.size())))];
    switch (pick(15)) {
      case 0:
      case 1:
      case 2: {
        const bool positive = pick(5) == 0;
        const Uuid id =
            w_.score(tx, p.id, day_, pick(28), pick(4) ? "phq-9" : "gad-7", positive, pick(3) ? "phone" : "link", pick(300));
        if (positive && pick(2)) p.signals.push_back(w_.signal(tx, p.id, day_, id));
        if (p.last_score && pick(6) == 0) w_.correct(tx, p.id, *p.last_score, id);
        p.last_score = id;
        break;
      }
      case 3:
      case 4:
      case 5:
        w_.contact(tx, p.id, day_, pick(3) ? "treatment" : "outreach_attempt",
                   pick(2) ? std::optional(day_ + 1 + pick(30)) : std::nullopt);
        break;
      case 6:
        if (p.treatment && pick(2)) w_.change(tx, p.id, *p.treatment, day_);
        else p.treatment = w_.treatment(tx, p.id, day_);
        break;
      case 7:
        p.review = w_.review(tx, p.id, day_, pick(2) ? "sent" : "none");
        break;
      case 8:
        if (p.review) w_.answer(tx, p.id, *p.review, pick(2) ? "accepted" : "declined", day_);
        break;
      case 9:
        if (!p.signals.empty()) {
          static constexpr const char* kLevels[] = {"low", "moderate", "high"};
          w_.close_signal(tx, p.id, p.signals.back(), day_, kLevels[pick(3)]);
          p.signals.pop_back();
        } else {
          p.signals.push_back(w_.signal(tx, p.id, day_));
        }
        break;
      case 10:
        w_.consent(tx, p.id, day_);
        break;
      case 11:
        if (p.referral && p.state == State::referred) w_.attempt(tx, *p.referral, day_, pick(2) ? "no_answer" : "reached");
        break;
      case 12:
        move(tx, p);
        break;
      case 13:
        if (p.message) {
          w_.answer_message(tx, p.id, *p.message);
          p.message.reset();
        } else {
          p.message = w_.message(tx, p.id, day_, w_.care_managers[static_cast<std::size_t>(pick(3))]);
        }
        break;
      default: {
        if (p.state != State::closed) w_.give_to(tx, p.episode, w_.care_managers[static_cast<std::size_t>(pick(3))]);
        Deferral d{serial_id(),          p.id,         p.episode,           Rule::contact_due, World::day(day_),
                   World::day(day_ + 5), "on holiday", w_.care_managers[0], World::noon(day_)};
        add_deferral(tx, w_.organization, d);
        break;
      }
    }
    return p.id;
  }
  int day() const { return day_; }

 private:
  struct Person {
    PatientId id;
    EpisodeId episode;
    State state = State::referred;
    std::optional<Uuid> last_score, treatment, review, referral, message;
    std::vector<Uuid> signals;
  };
  int pick(int n) { return static_cast<int>(random_() % static_cast<unsigned>(n)); }

  PatientId arrive(db::Tx& tx) {
    static constexpr const char* kFamilies[] = {"Okafor", "Ruiz", "Núñez", "O'Brien", "Ng", "Ruiz"};
    Person p;
    p.id = w_.patient(tx, kFamilies[pick(6)], "Ana", pick(3) ? w_.site : w_.other_site);
    if (pick(8) == 0) return p.id;  // nobody has referred them yet
    if (pick(2)) p.referral = w_.referral(tx, p.id, day_);
    p.episode = w_.episode(tx, p.id, w_.site, State::referred, std::nullopt, day_, p.referral);
    people_.push_back(p);
    return p.id;
  }
  void move(db::Tx& tx, Person& p) {
    switch (p.state) {
      case State::closed:
        p.referral.reset();
        p.episode = w_.episode(tx, p.id, w_.site, State::referred, std::nullopt, day_);
        p.state = State::referred;
        return;
      case State::referred:
      case State::assessed:
        if (pick(5) == 0) {
          w_.set_state(tx, p.episode, State::closed, day_, pick(2) ? "other_level_of_care" : "declined");
          p.state = State::closed;
        } else {
          w_.enroll(tx, p.episode, day_, w_.care_managers[static_cast<std::size_t>(pick(3))]);
          p.state = State::active;
        }
        return;
      default: {
        static constexpr State kNext[] = {State::active, State::on_hold, State::relapse_prevention, State::closed};
        p.state = kNext[pick(4)];
        w_.set_state(tx, p.episode, p.state, day_);
      }
    }
  }

  World& w_;
  std::mt19937 random_;
  std::vector<Person> people_;
  int day_ = 0;
};

TEST_P(Projection, RebuiltEqualsIncrementalAfterRandomHistories) {
  for (const unsigned seed : {1U, 2U, 3U}) {
    std::optional<World> w;
    write([&](db::Tx& tx) { w.emplace(tx); });
    Histories histories(*w, seed);
    for (int round = 0; round < 4; ++round) {
      write([&](db::Tx& tx) {
        for (int i = 0; i < 100; ++i) refresh(tx, w->organization, histories.step(tx), concord_2026());
      });
      const auto incremental = rows(w->organization);
      ASSERT_GT(incremental.size(), 5U);
      std::vector<RebuildProgress> told;
      const auto done =
          rebuild(database(), w->organization, concord_2026(), [&](const RebuildProgress& p) { told.push_back(p); });
      ASSERT_TRUE(done);
      EXPECT_EQ(done->rows, static_cast<std::int64_t>(incremental.size()));
      ASSERT_FALSE(told.empty());
      EXPECT_EQ(told.back().patients, done->patients);
      ASSERT_EQ(rows(w->organization), incremental) << "seed " << seed << " round " << round;
    }
  }
}

TEST_P(Projection, RowsThatOtherRulesComputedAreComputedAgainOnce) {
  std::optional<World> w;
  const auto up_to_date = [&](const RuleSet& rules) {
    const std::vector<OrganizationId> organizations{w->organization};
    return bring_up_to_date(database(), organizations, rules).value();
  };
  write([&](db::Tx& tx) {
    w.emplace(tx);
    const PatientId p = w->patient(tx, "Ng", "Ana", w->site);
    w->episode(tx, p, w->site, State::active, w->care_managers[0], 0);
    refresh(tx, w->organization, p, concord_2026());
  });
  EXPECT_EQ(up_to_date(concord_2026()), 1);
  EXPECT_EQ(up_to_date(concord_2026()), 0);
  RuleSet other = concord_2026();
  other.parameters.front().value += 1;
  EXPECT_EQ(up_to_date(other), 1);
  EXPECT_EQ(up_to_date(other), 0);
}

TEST_P(Projection, ManyAtOnceEqualsOneAfterTheOther) {
  std::optional<World> w;
  write([&](db::Tx& tx) { w.emplace(tx); });
  Histories histories(*w, 11);
  std::vector<PatientId> touched;
  write([&](db::Tx& tx) {
    for (int i = 0; i < 300; ++i) {
      touched.push_back(histories.step(tx));
      refresh(tx, w->organization, touched.back(), concord_2026());
    }
  });
  const auto expected = rows(w->organization);
  write([&](db::Tx& tx) { refresh_many(tx, w->organization, touched, concord_2026()); });
  EXPECT_EQ(rows(w->organization), expected);
}

TEST_P(Projection, WhatTheListSaysIsWhatTheFactsSay) {
  std::optional<World> w;
  write([&](db::Tx& tx) { w.emplace(tx); });
  Histories histories(*w, 5);
  write([&](db::Tx& tx) {
    for (int i = 0; i < 400; ++i) refresh(tx, w->organization, histories.step(tx), concord_2026());
  });
  const Date today = World::day(histories.day() + 3);
  std::vector<EpisodeFacts> facts;
  database().read([&](db::Tx& tx) {
    each_facts(tx, w->organization, concord_2026(), [&](EpisodeFacts&& f) { facts.push_back(std::move(f)); });
  });
  std::vector<Uuid> expected, listed, by_pages;
  for (const auto& row : caseload(facts, concord_2026(), today)) expected.push_back(row.episode.uuid);
  const auto whole = page(*w, [](Filter& f) { f.limit = 1000; }, today);
  for (const auto& row : whole.rows) listed.push_back(row.episode);
  EXPECT_EQ(listed, expected);
  EXPECT_EQ(whole.counts.total, static_cast<std::int64_t>(expected.size()));
  std::optional<SortKey> after;
  while (true) {
    const auto part = page(*w, [&](Filter& f) { f.limit = 7, f.after = after; }, today);
    for (const auto& row : part.rows) by_pages.push_back(row.episode);
    EXPECT_EQ(part.counts.total, whole.counts.total);
    if (!part.more) break;
    after = part.rows.back().key();
  }
  EXPECT_EQ(by_pages, expected) << "pages neither lose nor repeat a row";
  // The lists of the care managers and of nobody together are the whole.
  std::int64_t sum = 0;
  std::vector<UserId> owners(w->care_managers.begin(), w->care_managers.end());
  owners.emplace_back();
  for (const UserId owner : owners) {
    const auto mine = page(*w, [&](Filter& f) { f.care_manager = owner, f.limit = 1000; }, today);
    sum += mine.counts.total;
    EXPECT_TRUE(
        std::is_sorted(mine.rows.begin(), mine.rows.end(), [](const auto& a, const auto& b) { return a.key() < b.key(); }));
  }
  EXPECT_EQ(sum, whole.counts.total);
}

TEST_P(Projection, FiltersBySiteStateNeedAndRule) {
  std::optional<World> w;
  EpisodeId late, elsewhere, closed;
  write([&](db::Tx& tx) {
    w.emplace(tx);
    auto enrolled = [&](const char* name, SiteId site, UserId manager) {
      const PatientId p = w->patient(tx, name, "A", site);
      const EpisodeId e = w->episode(tx, p, site, State::active, manager, 0);
      w->consent(tx, p, 0);
      refresh(tx, w->organization, p, concord_2026());
      return e;
    };
    late = enrolled("Late", w->site, w->care_managers[0]);
    elsewhere = enrolled("Elsewhere", w->other_site, w->care_managers[1]);
    const PatientId p = w->patient(tx, "Closed", "A", w->site);
    closed = w->episode(tx, p, w->site, State::closed, w->care_managers[0], 0);
    refresh(tx, w->organization, p, concord_2026());
  });
  auto found = [&](std::function<void(Filter&)> change) {
    std::vector<Uuid> ids;
    for (const auto& row : page(*w, change).rows) ids.push_back(row.episode);
    return ids;
  };
  EXPECT_EQ(found({}).size(), 2U) << "closed and settled is not on the list";
  const std::vector<SiteId> one{w->site};
  EXPECT_EQ(found([&](Filter& f) { f.sites = one; }), std::vector<Uuid>{late.uuid});
  EXPECT_EQ(found([&](Filter& f) { f.sites = {}; }), std::vector<Uuid>{}) << "nobody without a site sees anything";
  EXPECT_EQ(found([&](Filter& f) { f.care_manager = w->care_managers[1]; }), std::vector<Uuid>{elsewhere.uuid});
  EXPECT_EQ(found([&](Filter& f) { f.care_manager = w->care_managers[1], f.sites = one; }), std::vector<Uuid>{});
  EXPECT_EQ(found([&](Filter& f) { f.state = State::closed; }), std::vector<Uuid>{closed.uuid});
  EXPECT_EQ(found([&](Filter& f) { f.state = State::on_hold; }), std::vector<Uuid>{});
  EXPECT_EQ(found([&](Filter& f) { f.need = Need::overdue; }).size(), 2U);
  EXPECT_EQ(found([&](Filter& f) { f.need = Need::safety; }).size(), 0U);
  EXPECT_EQ(found([&](Filter& f) { f.rule = Rule::contact_first; }).size(), 2U);
  EXPECT_EQ(found([&](Filter& f) { f.rule = Rule::relapse; }).size(), 0U);
  const auto counted = page(*w, [&](Filter& f) { f.need = Need::safety; });
  EXPECT_EQ(counted.counts.total, 2) << "counts are before need and rule";
}

TEST_P(Projection, AnotherOrganizationsRowsAreNeverListed) {
  std::optional<World> mine, theirs;
  write([&](db::Tx& tx) {
    mine.emplace(tx);
    theirs.emplace(tx);
    const PatientId p = theirs->patient(tx, "Theirs", "A", theirs->site);
    theirs->episode(tx, p, theirs->site, State::active, theirs->care_managers[0], 0);
    refresh(tx, theirs->organization, p, concord_2026());
  });
  EXPECT_TRUE(page(*mine).rows.empty());
  EXPECT_TRUE(page(*mine, [&](Filter& f) { f.care_manager = theirs->care_managers[0]; }).rows.empty());
  EXPECT_EQ(page(*theirs).rows.size(), 1U);
}

TEST_P(Projection, ThePageIsJsonAndTheDownloadIsFormulaSafe) {
  std::optional<World> w;
  write([&](db::Tx& tx) {
    w.emplace(tx);
    const PatientId p = w->patient(tx, "=HYPERLINK(\"x\")", "Ana", w->site);
    w->episode(tx, p, w->site, State::active, w->care_managers[0], 0);
    w->consent(tx, p, 0);
    w->score(tx, p, 0, 16);
    w->score(tx, p, 20, 14);
    w->score(tx, p, 20, 9, "gad-7");
    w->treatment(tx, p, 5);
    refresh(tx, w->organization, p, concord_2026());
  });
  const auto found = page(*w);
  const std::string json = page_json(found, concord_2026(), World::day(40), World::noon(40), "en");
  const auto document = json::Document::parse(json);
  ASSERT_TRUE(document) << json;
  const json::Value& row = document->root().find("items")->items()[0];
  EXPECT_EQ(row.find("need")->text(), "overdue");
  EXPECT_EQ(row.find("weeks_in_care")->integer(), 5);
  EXPECT_EQ(row.find("weeks_on_plan")->integer(), 5);
  EXPECT_EQ(row.find("age")->integer(), 45);
  EXPECT_EQ(row.find("care_manager")->text(), "Manager 1");
  EXPECT_EQ(row.find("primary")->find("percent")->text(), "-12.5");
  EXPECT_EQ(row.find("secondary")->find("instrument")->text(), "gad-7");
  EXPECT_EQ(row.find("why")->find("rule")->text(), "contact.first");
  EXPECT_GE(row.find("also")->items().size(), 1U);
  EXPECT_EQ(row.find("primary")->find("points_from")->text(), "2026-01-05");
  EXPECT_EQ(row.find("primary")->find("points")->items()[1].items()[0].integer(), 20);
  EXPECT_EQ(row.find("secondary")->find("points"), nullptr);
  EXPECT_EQ(document->root().find("ranges")->find("phq-9")->items()[1].integer(), 27);
  EXPECT_EQ(document->root().find("counts")->find("overdue")->integer(), 1);
  EXPECT_EQ(document->root().find("next")->kind(), json::Kind::null);
  const std::string csv = page_csv(found, concord_2026(), World::noon(40), "en");
  EXPECT_NE(csv.find("\"'=HYPERLINK(\"\"x\"\"), Ana\",1980-05-17,45,active,5,Manager "
                     "1,phq-9,16,2026-01-05,14,2026-01-25,-2,-12.5,gad-7,9,,"),
            std::string::npos)
      << csv;
}

TEST_P(Projection, ReadingOnePatientMarksWhatIsPutOff) {
  std::optional<World> w;
  PatientId p, without;
  write([&](db::Tx& tx) {
    w.emplace(tx);
    p = w->patient(tx, "Put", "Off", w->site);
    const EpisodeId e = w->episode(tx, p, w->site, State::active, w->care_managers[0], 0);
    w->consent(tx, p, 0);
    w->contact(tx, p, 7);
    add_deferral(
        tx, w->organization,
        {serial_id(), p, e, Rule::contact_due, World::day(20), World::day(30), "holiday", w->care_managers[0], World::noon(20)});
    refresh(tx, w->organization, p, concord_2026());
    without = w->patient(tx, "No", "Episode", w->site);
    w->signal(tx, without, 3);
    refresh(tx, w->organization, without, concord_2026());
  });
  auto due = [&](int day) -> std::optional<Line> {
    const auto lines = database().read(
        [&](db::Tx& tx) { return read_attention(tx, w->organization, p, concord_2026(), World::day(day), std::nullopt, "en"); });
    for (const Line& line : lines)
      if (line.rule == Rule::contact_due) return line;
    return std::nullopt;
  };
  ASSERT_TRUE(due(29));
  EXPECT_EQ(due(29)->deferred_until, World::day(30));
  EXPECT_EQ(due(30)->deferred_until, std::nullopt);
  auto is_listed = [&](int day) { return page(*w, [](Filter& f) { f.rule = Rule::contact_due; }, World::day(day)).rows.size(); };
  EXPECT_EQ(is_listed(29), 0U);
  EXPECT_EQ(is_listed(30), 1U);
  const auto safety = database().read([&](db::Tx& tx) {
    return read_attention(tx, w->organization, without, concord_2026(), World::day(4), std::nullopt, "en");
  });
  ASSERT_EQ(safety.size(), 1U) << "a signal counts without an episode too";
  EXPECT_EQ(safety[0].rule, Rule::safety_unreviewed);
}

// Measured by hand, release build: --gtest_also_run_disabled_tests --gtest_filter=*Speed*
TEST_P(Projection, DISABLED_Speed) {
  std::optional<World> w;
  std::vector<PatientId> people;
  constexpr int kPatients = 900;
  std::mt19937 random(3);
  write([&](db::Tx& tx) {
    w.emplace(tx);
    for (int i = 0; i < kPatients; ++i) {
      const PatientId p = w->patient(tx, "Family" + std::to_string(i), "Given", w->site);
      people.push_back(p);
      w->episode(tx, p, w->site, State::active, w->care_managers[0], 0);
      w->consent(tx, p, 0);
      for (int k = 0; k < 7; ++k) w->score(tx, p, k * 14, 5 + static_cast<int>(random() % 15));
      for (int k = 0; k < 3; ++k) w->score(tx, p, k * 30, 5 + static_cast<int>(random() % 12), "gad-7");
      for (int k = 0; k < 8; ++k) w->contact(tx, p, k * 10 + static_cast<int>(random() % 20));
      const Uuid t = w->treatment(tx, p, 4);
      w->change(tx, p, t, 30);
      if (random() % 2) w->review(tx, p, 40);
    }
  });
  auto clock = [] { return std::chrono::steady_clock::now(); };
  auto since = [&](auto start) { return std::chrono::duration<double, std::micro>(clock() - start).count(); };
  auto start = clock();
  write([&](db::Tx& tx) {
    for (const PatientId p : people) refresh(tx, w->organization, p, concord_2026());
  });
  std::cout << "refresh (insert): " << since(start) / kPatients << " us\n";
  start = clock();
  write([&](db::Tx& tx) {
    for (const PatientId p : people) refresh(tx, w->organization, p, concord_2026());
  });
  std::cout << "refresh (update): " << since(start) / kPatients << " us\n";
  start = clock();
  database().read([&](db::Tx& tx) {
    for (const PatientId p : people) (void)read_facts(tx, w->organization, p, concord_2026());
  });
  std::cout << "  of which reading facts: " << since(start) / kPatients << " us\n";
  start = clock();
  (void)rebuild(database(), w->organization, concord_2026());
  std::cout << "rebuild: " << since(start) / kPatients << " us a patient\n";
  // Ninety rows to each care manager, as in a clinic.
  write([&](db::Tx& tx) {
    static constexpr db::Sql kSpread{
        "test.spread", "UPDATE caseload_row SET care_manager_id = $3 WHERE organization_id = $1 AND patient_id = $2"};
    for (std::size_t i = 0; i < people.size(); ++i)
      if (i % 10) tx.run(kSpread, {w->organization, people[i], serial_id()});
  });
  const std::vector<SiteId> sites{w->site};
  Filter filter;
  filter.sites = sites;
  filter.care_manager = w->care_managers[0];
  filter.today = [](SiteId) { return World::day(115); };
  constexpr int kRounds = 2000;
  std::size_t bytes = 0;
  double listing = 0;
  start = clock();
  for (int i = 0; i < kRounds; ++i) {
    const auto begin = clock();
    const auto found = database().read([&](db::Tx& tx) { return list(tx, w->organization, filter); });
    listing += since(begin);
    bytes = page_json(found, concord_2026(), World::day(115), World::noon(115), "en").size();
  }
  std::cout << "page of 50 of 90: " << since(start) / kRounds << " us (" << listing / kRounds << " us in the database), " << bytes
            << " bytes\n";
}

}  // namespace
}  // namespace concord::caseload
