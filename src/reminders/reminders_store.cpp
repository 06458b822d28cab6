#include "reminders/reminders_store.h"

#include <algorithm>

#include "base/check.h"
#include "base/text.h"
#include "reminders/reminders_sql.h"

namespace concord::reminders {
namespace {

/// What happened earlier than this has no influence: longer than any cadence of rests, reminders and asking.
constexpr int kLookBackDays = 120;
constexpr std::size_t kMany = 16;

Setting read_setting(const db::Row& row) {
  Setting s;
  s.paused = row.boolean(1);
  s.paused_until = row.maybe_date(2);
  s.pause_reason = row.string(3);
  if (const auto days = row.maybe_integer(4)) s.every_days = static_cast<int>(*days);
  s.weekly_agreed = row.boolean(5);
  s.visits = row.boolean(6);
  s.version = row.integer(7);
  return s;
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const auto& word : words) out += (out.empty() ? "" : " ") + word;
  return out;
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> out;
  for (const auto word : split(text, ' '))
    if (!word.empty()) out.emplace_back(word);
  return out;
}

Facts read_episode(const db::Row& row) {
  Facts f;
  f.patient = row.id<PatientId>(0);
  f.episode = row.uuid(1);
  const auto state = episodes::parse_state(row.text(2));
  CHECK(state);
  f.care.state = *state;
  f.pathway = row.maybe_string(3).value_or("");
  f.primary_instrument = row.maybe_string(4).value_or("");
  f.care.begun = row.date(5);
  f.care.enrolled = row.maybe_date(6);
  f.care_manager = row.maybe_id<UserId>(7);
  f.deceased = !row.is_null(8);
  return f;
}

struct SentCheckIn {
  Uuid id;
  std::string state;
  Instant made_at{}, expires_at{};
  std::vector<std::string> instruments;
};

/// The rest of the facts, for patients in the order of their ids.
void complete(db::Tx& tx, OrganizationId organization, std::vector<Facts>& all, Date today, Instant now) {
  if (all.empty()) return;
  const PatientId first = all.front().patient, last = all.back().patient;
  const auto find = [&](PatientId patient) -> Facts* {
    const auto found =
        std::lower_bound(all.begin(), all.end(), patient, [](const Facts& f, PatientId id) { return f.patient < id; });
    return found != all.end() && found->patient == patient ? &*found : nullptr;
  };
  tx.each(sql::kListSettings, {organization, first, last}, [&](const db::Row& row) {
    if (auto* f = find(row.id<PatientId>(0))) f->setting = read_setting(row);
  });
  tx.each(sql::kFactsGiven, {organization, first, last}, [&](const db::Row& row) {
    if (auto* f = find(row.id<PatientId>(0))) f->care.given.push_back({row.string(1), row.string(2), row.date(3), {}, true});
  });
  const Instant since = now - std::chrono::hours(24 * kLookBackDays);
  std::map<PatientId, std::vector<SentCheckIn>> sent;
  tx.each(sql::kFactsCheckIns, {organization, first, last, since}, [&](const db::Row& row) {
    auto& list = sent[row.id<PatientId>(0)];
    if (list.empty() || list.back().id != row.uuid(1))
      list.push_back({row.uuid(1), row.string(2), row.instant(3), row.instant(4), {}});
    list.back().instruments.push_back(row.string(5));
  });
  std::map<PatientId, std::map<Uuid, bool>> arrived;  // by check-in, of the latest message
  tx.each(sql::kFactsMessages, {organization, first, last, since}, [&](const db::Row& row) {
    const bool came_back = row.text(2) == "dead" || row.text(2) == "cancelled" || row.maybe_string(3) == "undelivered";
    arrived[row.id<PatientId>(0)][row.uuid(1)] = !came_back;
  });
  std::map<PatientId, std::vector<DoneStep>> done;
  for (auto& step : list_steps(tx, organization, first, last, today.plus_days(-kLookBackDays)))
    done[step.patient].push_back(std::move(step));

  for (auto& f : all) {
    std::optional<Date> answered;
    for (const auto& g : f.care.given)
      if (!answered || g.on > *answered) answered = g.on;
    const auto& steps = done[f.patient];
    const auto& check_ins = sent[f.patient];
    const auto latest = std::find_if(check_ins.rbegin(), check_ins.rend(), [&](const SentCheckIn& c) {
      return (c.state == "made" || c.state == "sent" || c.state == "started") && c.expires_at > now;
    });
    if (latest != check_ins.rend()) {
      OpenCheckIn open;
      open.id = latest->id;
      open.instruments = latest->instruments;
      // Made this many days ago by the clock; whole days are near enough for a pause of days.
      open.sent_on = today.plus_days(-static_cast<int>(std::chrono::floor<std::chrono::days>(now - latest->made_at).count()));
      for (const auto& step : steps)
        if (step.object == open.id) {
          if (step.act == "again" || (step.act == "check_in_before_visit" && step.why != "cadence")) {
            ++open.reminders;
            open.reminded_on = step.day;
          } else {
            open.sent_on = step.day;
          }
        }
      const auto& messages = arrived[f.patient];
      const auto known = messages.find(open.id);
      open.undelivered = known != messages.end() && !known->second;
      f.open = std::move(open);
      f.last_message = f.open->sent_on;
    }
    for (const auto& step : steps) {
      const bool sends_check_in =
          step.act == "check_in" || step.act == "weekly" || step.act == "again" || step.act == "check_in_before_visit";
      if (sends_check_in && (!f.last_message || step.day > *f.last_message)) f.last_message = step.day;
      const bool is_new = (step.act == "check_in" || step.act == "check_in_before_visit" || step.act == "weekly") &&
                          step.why != "unanswered" && step.why != "undelivered";
      if (is_new && (!answered || step.day > *answered)) ++f.unanswered;
      if (step.act == "ask") f.last_asked = step.day;
    }
  }
}

}  // namespace

Setting find_setting(db::Tx& tx, OrganizationId organization, PatientId patient) {
  return tx.one(sql::kFindSetting, {organization, patient}, read_setting).value_or(Setting{});
}

bool save_setting(db::Tx& tx, OrganizationId organization, PatientId patient, const Setting& s, UserId by, Instant now) {
  if (s.version == 0)
    return tx.run(sql::kInsertSetting, {organization, patient, s.paused, s.paused_until, s.pause_reason, s.every_days,
                                        s.weekly_agreed, s.visits, now, by}) == 1;
  return tx.run(sql::kUpdateSetting, {organization, patient, s.paused, s.paused_until, s.pause_reason, s.every_days,
                                      s.weekly_agreed, s.visits, now, by, s.version}) == 1;
}

Uuid step_id(PatientId patient, Date day, bool asks) {
  const std::string who = patient.text(), when = day.iso();
  const std::string_view parts[] = {"reminders.step", who, when, asks ? "ask" : "send"};
  return make_uuid_from(parts);
}

void insert(db::Tx& tx, OrganizationId organization, std::span<const DoneStep> steps) {
  if (steps.size() < kMany) {
    for (const auto& s : steps)
      tx.run(sql::kInsertStep,
             {organization, s.patient, s.day, s.id, s.act, s.why, s.due, joined(s.instruments), s.object, s.at});
    return;
  }
  static constexpr std::string_view kColumns[] = {"organization_id", "patient_id",  "day",       "step_id", "act", "why",
                                                  "due_date",        "instruments", "object_id", "at"};
  std::size_t next = 0;
  std::string instruments;
  tx.load("reminder_step", kColumns, [&](std::vector<db::Param>& values) {
    if (next == steps.size()) return false;
    const auto& s = steps[next++];
    instruments = joined(s.instruments);
    values = {organization, s.patient, s.day, s.id, s.act, s.why, s.due, instruments, s.object, s.at};
    return true;
  });
}

std::vector<DoneStep> list_steps(db::Tx& tx, OrganizationId organization, PatientId first, PatientId last, Date since) {
  return tx.all(sql::kListSteps, {organization, first, last, since}, [](const db::Row& row) {
    return DoneStep{
        row.id<PatientId>(0), row.date(1), row.uuid(2),           row.string(3),
        row.string(4),        row.date(5), words_of(row.text(6)), row.is_null(7) ? std::nullopt : std::optional(row.uuid(7)),
        row.instant(8)};
  });
}

std::optional<Run> find_run(db::Tx& tx, OrganizationId organization, SiteId site, Date day) {
  return tx.one(sql::kFindRun, {organization, site, day}, [](const db::Row& row) {
    Run run;
    run.after = row.id<PatientId>(0);
    run.counts = {row.integer(1), row.integer(2), row.integer(3), row.integer(4), row.integer(5), row.integer(6)};
    run.started_at = row.instant(7);
    run.finished_at = row.maybe_instant(8);
    return run;
  });
}

void begin_run(db::Tx& tx, OrganizationId organization, SiteId site, Date day, Instant now) {
  tx.run(sql::kBeginRun, {organization, site, day, PatientId(), now});
}

bool advance_run(db::Tx& tx, OrganizationId organization, SiteId site, Date day, PatientId from, PatientId to, const Counts& more,
                 std::optional<Instant> finished_at) {
  return tx.run(sql::kAdvanceRun, {organization, site, day, from, to, more.patients, more.check_ins, more.reminders, more.visits,
                                   more.asked, more.not_possible, finished_at}) == 1;
}

std::vector<Facts> next_facts(db::Tx& tx, OrganizationId organization, SiteId site, PatientId after, int most, Date today,
                              Instant now) {
  auto all = tx.all(sql::kFactsEpisodes, {organization, site, after, most}, read_episode);
  for (auto& f : all) f.site = site;
  complete(tx, organization, all, today, now);
  return all;
}

std::optional<Facts> facts_of(db::Tx& tx, OrganizationId organization, PatientId patient, Date today, Instant now) {
  auto all = tx.all(sql::kFactsEpisode, {organization, patient}, read_episode);
  complete(tx, organization, all, today, now);
  if (all.empty()) return std::nullopt;
  return std::move(all.front());
}

}  // namespace concord::reminders
