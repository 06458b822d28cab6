#include "reminders/reminders_run.h"

#include <algorithm>
#include <map>

#include "base/check.h"
#include "base/zone.h"

namespace concord::reminders {
namespace {

/// SQLite has one writer, and nobody shall wait long for it: some 10 ms. With 250 the care managers of a large organization
/// waited for half a second while the morning's reminders were planned. PostgreSQL's round trips are what costs there.
constexpr int kBatchSqlite = 80, kBatchPostgres = 1000;

int batch_of(const Lent& lent, const db::Database& database) {
  if (lent.batch > 0) return lent.batch;
  return database.dialect() == db::Dialect::sqlite ? kBatchSqlite : kBatchPostgres;
}

constexpr std::string_view kNotPossible = "not_possible";

/// Upcoming visits of the organization by patient, with the local day; nothing of them is known but when.
using Visits = std::multimap<PatientId, std::pair<Visit, std::int64_t>>;

Visits read_visits(const Lent& lent, db::Tx& tx, OrganizationId organization, std::string_view zone, Date day) {
  Visits all;
  if (!lent.visits) return all;
  const Instant from = std::max(lent.clock->now(), at_local_time(day, 0, zone));
  const Instant until = at_local_time(day.plus_days(lent.rules->visit_days_before + 1), 0, zone);
  for (const auto& one : lent.visits(tx, organization, from, until)) {
    Visit visit;
    visit.id = one.visit;
    visit.on = local_date(one.starts_at, zone);
    visit.is_group = one.is_group;
    all.emplace(one.patient, std::pair(visit, one.sequence));
  }
  return all;
}

/// What the patients of one batch are due.
std::vector<Planned> plan_batch(const Lent& lent, db::Tx& tx, OrganizationId organization, std::vector<Facts> all,
                                const Visits& visits, Date day) {
  std::vector<Planned> planned;
  if (all.empty()) return planned;
  const auto reach = lent.reach(tx, organization, all.front().patient, all.back().patient);
  const auto steps = list_steps(tx, organization, all.front().patient, all.back().patient, day.plus_days(-14));
  std::map<std::pair<std::string, std::string>, bool> known;
  for (auto& facts : all) {
    const auto reached =
        std::lower_bound(reach.begin(), reach.end(), facts.patient, [](const auto& one, PatientId id) { return one.first < id; });
    facts.reachable = reached != reach.end() && reached->first == facts.patient && reached->second.channel.has_value();
    facts.why_not = facts.reachable || reached == reach.end() ? "" : reached->second.why_not;
    const auto [begin, end] = visits.equal_range(facts.patient);
    for (auto visit = begin; visit != end; ++visit) {
      facts.visits.push_back(visit->second.first);
      // A visit that was moved to another day is called to mind anew.
      facts.visits.back().reminded = std::any_of(steps.begin(), steps.end(), [&](const DoneStep& s) {
        return s.patient == facts.patient && (s.act == "visit" || s.act == "check_in_before_visit") &&
               s.due == visit->second.first.on;
      });
    }
    const auto is_for_patient = [&](std::string_view instrument, std::string_view informant) {
      const auto [found, is_new] = known.try_emplace({std::string(instrument), std::string(informant)}, false);
      if (is_new) found->second = lent.is_for_patient(tx, organization, facts.site, instrument, informant);
      return found->second;
    };
    const auto* pathway = facts.pathway.empty() ? nullptr : lent.pathways->find(facts.pathway);
    auto wanted = plan(facts, pathway, *lent.rules, is_for_patient, day);
    if (!wanted.empty()) planned.push_back({std::move(facts), std::move(wanted)});
  }
  return planned;
}

DoneStep done_of(const Planned& p, const Step& step, Date day, Instant now) {
  DoneStep done;
  done.patient = p.facts.patient;
  done.day = day;
  done.id = step_id(p.facts.patient, day, step.act == Act::ask);
  done.act = name(step.act);
  done.why = step.why;
  // The visit's own day is what tells one that was moved.
  done.due = step.due;
  if (step.visit)
    for (const auto& visit : p.facts.visits)
      if (visit.id == *step.visit) done.due = visit.on;
  done.instruments = step.instruments;
  done.at = now;
  return done;
}

void carry_out(const Lent& lent, db::Tx& tx, OrganizationId organization, const std::vector<Planned>& planned, Date day,
               Counts& counts) {
  const Instant now = lent.clock->now();
  std::vector<DoneStep> done;
  std::vector<checkins::NewCheckIn> fresh;
  std::vector<Lent::Again> again;
  std::vector<messaging::ToPatient> tell;
  std::vector<std::size_t> fresh_at, again_at, tell_at;  // which row of `done` each is
  std::vector<const Planned*> whose;                     // of each row of `done`
  for (const auto& p : planned)
    for (const auto& step : p.steps) {
      done.push_back(done_of(p, step, day, now));
      whose.push_back(&p);
      const std::size_t at = done.size() - 1;
      const auto check_in = [&](const char* why, const char* text) {
        checkins::NewCheckIn one;
        one.patient = p.facts.patient;
        one.instruments = step.instruments;
        one.channel = checkins::Channel::link;
        one.why = why;
        one.due = step.due;
        one.text = text;
        fresh.push_back(std::move(one));
        fresh_at.push_back(at);
      };
      switch (step.act) {
        case Act::check_in:
          check_in("reminder", "checkins.asked");
          break;
        case Act::weekly:
          check_in("weekly", "checkins.weekly");
          break;
        case Act::check_in_before_visit:
          if (!step.check_in) {
            check_in("reminder", "checkins.before_visit");
            break;
          }
          [[fallthrough]];
        case Act::again:
          again.push_back({p.facts.patient, *step.check_in, step.act == Act::again ? "checkins.again" : "checkins.before_visit"});
          again_at.push_back(at);
          break;
        case Act::visit: {
          messaging::ToPatient to;
          to.patient = p.facts.patient;
          const bool is_group = std::any_of(p.facts.visits.begin(), p.facts.visits.end(),
                                            [&](const Visit& v) { return v.id == *step.visit && v.is_group; });
          to.kind = is_group ? "groups.soon" : "visits.soon";
          to.path = is_group ? "/portal/groups" : "/portal/visits";
          to.object = *step.visit;
          tell.push_back(std::move(to));
          tell_at.push_back(at);
          done[at].object = *step.visit;
          break;
        }
        case Act::ask:
          if (p.facts.care_manager && lent.add_task)
            done[at].object = lent.add_task(
                tx, organization, {p.facts.patient, p.facts.site, p.facts.episode, *p.facts.care_manager, day, step.why});
          ++counts.asked;
          break;
      }
    }
  const auto failed = [&](std::size_t at, const std::string& why) {
    done[at].act = kNotPossible;
    done[at].why = why;
    ++counts.not_possible;
    // Somebody must see it: as when no message reaches the patient.
    const auto& facts = whose[at]->facts;
    const bool was_asked = facts.last_asked && day - *facts.last_asked < lent.rules->ask_again_days;
    const bool asks_today = std::any_of(done.begin(), done.end(),
                                        [&](const DoneStep& s) { return s.patient == facts.patient && s.act == name(Act::ask); });
    if (was_asked || asks_today || !facts.care_manager || !lent.add_task) return;
    DoneStep ask = done[at];
    ask.id = step_id(facts.patient, day, true);
    ask.act = name(Act::ask);
    ask.object = lent.add_task(tx, organization, {facts.patient, facts.site, facts.episode, *facts.care_manager, day, why});
    done.push_back(std::move(ask));
    ++counts.asked;
  };
  const auto note = [&](const std::vector<Result<checkins::Sent>>& answers, const std::vector<std::size_t>& rows,
                        std::int64_t Counts::* count) {
    CHECK(answers.size() == rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (!answers[i]) {
        failed(rows[i], answers[i].error().code == ErrorCode::invalid ? "instrument" : "check_in_refused");
        continue;
      }
      done[rows[i]].object = answers[i]->id.uuid;
      ++(counts.*count);
    }
  };
  if (!fresh.empty()) note(lent.send(tx, organization, fresh), fresh_at, &Counts::check_ins);
  if (!again.empty()) note(lent.resend(tx, organization, again), again_at, &Counts::reminders);
  if (!tell.empty()) {
    const auto told = lent.tell(tx, organization, tell);
    for (std::size_t i = 0; i < tell.size(); ++i) {
      if (told[i].empty()) done[tell_at[i]].act = kNotPossible, ++counts.not_possible;
      else ++counts.visits;
    }
  }
  insert(tx, organization, done);
}

}  // namespace

std::optional<Planned> plan_one(const Lent& lent, db::Tx& tx, OrganizationId organization, SiteId site, PatientId patient,
                                std::string_view zone, Date day) {
  auto facts = facts_of(tx, organization, patient, day, lent.clock->now());
  if (!facts) return std::nullopt;
  facts->site = site;
  std::vector<Facts> one;
  one.push_back(*facts);
  auto planned = plan_batch(lent, tx, organization, std::move(one), read_visits(lent, tx, organization, zone, day), day);
  if (planned.empty()) return Planned{std::move(*facts), {}};
  return std::move(planned.front());
}

void plan_site(const Lent& lent, db::Database& database, OrganizationId organization, SiteId site, std::string_view zone,
               Date day, const std::function<void(const Planned&)>& each) {
  const Visits visits = database.read([&](db::Tx& tx) { return read_visits(lent, tx, organization, zone, day); });
  PatientId after;
  const int batch = batch_of(lent, database);
  for (bool more = true; more;) {
    const auto planned = database.read([&](db::Tx& tx) {
      auto facts = next_facts(tx, organization, site, after, batch, day, lent.clock->now());
      more = static_cast<int>(facts.size()) == batch;
      if (!facts.empty()) after = facts.back().patient;
      return plan_batch(lent, tx, organization, std::move(facts), visits, day);
    });
    for (const auto& one : planned) each(one);
  }
}

Result<Run> run_site(const Lent& lent, db::Database& database, OrganizationId organization, SiteId site, std::string_view zone,
                     Date day, const std::function<bool()>& keep_on) {
  Visits visits;
  CONCORD_TRY(auto run, database.write([&](db::Tx& tx) -> Result<Run> {
    begin_run(tx, organization, site, day, lent.clock->now());
    auto found = find_run(tx, organization, site, day);
    CHECK(found.has_value());
    return *found;
  }));
  if (run.finished_at) return run;
  const int batch = batch_of(lent, database);
  database.read([&](db::Tx& tx) { visits = read_visits(lent, tx, organization, zone, day); });
  while (!run.finished_at && keep_on()) {
    CONCORD_TRY(run, database.write([&](db::Tx& tx) -> Result<Run> {
      const Instant now = lent.clock->now();
      auto facts = next_facts(tx, organization, site, run.after, batch, day, now);
      const bool more = static_cast<int>(facts.size()) == batch;
      const PatientId to = facts.empty() ? run.after : facts.back().patient;
      Counts counts;
      counts.patients = static_cast<std::int64_t>(facts.size());
      const auto planned = plan_batch(lent, tx, organization, std::move(facts), visits, day);
      carry_out(lent, tx, organization, planned, day, counts);
      if (!advance_run(tx, organization, site, day, run.after, to, counts, more ? std::nullopt : std::optional(now)))
        return fail(ErrorCode::conflict, "Another process plans this day.");
      return *find_run(tx, organization, site, day);
    }));
  }
  return run;
}

}  // namespace concord::reminders
