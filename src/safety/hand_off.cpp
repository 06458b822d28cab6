#include "safety/hand_off.h"

#include <algorithm>
#include <array>

#include "base/check.h"
#include "json/cursor.h"
#include "json/writer.h"
#include "safety/on_call_store.h"
#include "safety/safety_store.h"

namespace concord::safety {
namespace {

constexpr std::array<std::string_view, 4> kClinicians = {"care_manager", "psychiatric_consultant", "pcp", "bh_specialist"};
constexpr std::string_view kAnybody = "anybody";
constexpr std::string_view kHolder = "holder";
constexpr int kLongestPauseMinutes = 60;
constexpr std::chrono::minutes kLostAfter{5};
constexpr int kLostAtOnce = 200;

Step step(std::string_view kind, Instant at, const std::optional<UserId>& by = std::nullopt) {
  Step s;
  s.kind = std::string(kind);
  s.at = at;
  s.by = by;
  return s;
}

jobs::JobId job_id(OrganizationId organization, const SafetyEvent& e, std::string_view more) {
  const std::string where = organization.text(), which = e.id.text(), number = std::to_string(e.escalations);
  const std::string_view parts[] = {kEscalateJob, where, which, number, more};
  return jobs::JobId(make_uuid_from(parts));
}

/// The job that follows call number `e.escalations`.
void enqueue(db::Tx& tx, OrganizationId organization, const SafetyEvent& e, Instant due, std::string_view more, Instant now) {
  jobs::NewJob job;
  job.organization = organization;
  job.kind = std::string(kEscalateJob);
  job.payload.clear();
  json::Writer(job.payload).object().field("patient", e.patient).field("event", e.id).field("number", e.escalations).end();
  job.due_at = due;
  // An event that nobody has must not be forgotten because a database was away for a while.
  job.most_attempts = 1000;
  jobs::enqueue(tx, job, job_id(organization, e, more), now);
}

void notify(const Deps& deps, db::Tx& tx, OrganizationId organization, const SafetyEvent& e, UserId to, std::string_view kind,
            std::string_view rung, const std::string& once, Instant now, bool* outside = nullptr) {
  messaging::Notice notice;
  notice.to = to;
  notice.kind = std::string(kind);
  notice.patient = e.patient;
  notice.object = e.id.uuid;
  notice.urgent = true;
  notice.once = once;
  if (!deps.post) return;
  for (const auto& queued : deps.post(tx, organization, notice)) {
    Step s = step("notified", now);
    s.to = to;
    s.rung = std::string(rung);
    s.channel = std::string(messaging::name(queued.channel));
    if (queued.channel != messaging::Channel::in_app) {
      s.message = queued.message.uuid;
      if (outside) *outside = true;
    }
    add_step(tx, organization, e, std::move(s));
  }
}

/// A person acted: jobs made before find another number. `due`: when the next reminder is.
void move_on(db::Tx& tx, OrganizationId organization, SafetyEvent& e, std::optional<Instant> due, Instant now) {
  ++e.escalations;
  e.next_escalation_at = due;
  if (due) enqueue(tx, organization, e, *due, "", now);
}

struct Asked {
  std::vector<UserId> people;  ///< in this round
  int rounds = 0;              ///< that ended with everybody being told
};
Asked asked_of(const std::vector<Step>& steps) {
  Asked asked;
  for (const auto& s : steps) {
    if (s.kind == "nobody") {
      asked.people.clear();
      ++asked.rounds;
    } else if (s.kind == "notified" && s.to && s.rung != kAnybody && s.rung != kHolder) {
      if (std::find(asked.people.begin(), asked.people.end(), *s.to) == asked.people.end()) asked.people.push_back(*s.to);
    }
  }
  return asked;
}

/// Reminds whoever has it, and those on the ladder: acknowledged is not assessed.
void remind(const Deps& deps, db::Tx& tx, OrganizationId organization, SafetyEvent& e, Instant now) {
  const int before = e.escalations;
  Step s = step("escalated", now);
  s.to = e.has_it;
  s.text = "acknowledged and not assessed";
  add_step(tx, organization, e, std::move(s));
  const std::string once = "reminder " + std::to_string(before);
  if (e.has_it) notify(deps, tx, organization, e, *e.has_it, "safety.unassessed", kHolder, once, now);
  if (const auto site = deps.chart->site_of(tx, organization, e.patient))
    for (const auto& person : ladder_of(deps, tx, organization, e.patient, *site, now))
      if (person.user != e.has_it) notify(deps, tx, organization, e, person.user, "safety.unassessed", person.rung, once, now);
  e.escalations = before + 1;
  e.next_escalation_at = now + std::chrono::minutes(deps.remind_assessment_minutes);
  if (update_escalation(tx, organization, e, before)) enqueue(tx, organization, e, *e.next_escalation_at, "", now);
}

int wait_minutes(const Deps& deps, db::Tx& tx, OrganizationId organization, SiteId site) {
  return find_settings(tx, organization, site).escalate_after_minutes.value_or(deps.escalate_after_minutes);
}

std::string level_words(std::string_view level) { return "the level stays " + std::string(level); }

/// Call number `number` + 1, unless somebody acted or another process made it.
Result<void> call_if_due(const Deps& deps, db::Database& database, const Clock& clock, OrganizationId organization,
                         PatientId patient, SafetyEventId event, int number) {
  const auto called = database.write([&](db::Tx& tx) -> Result<bool> {
    auto e = find(tx, organization, patient, event);
    if (!e || e->closed_at || e->escalations != number) return false;
    const Instant now = clock.now();
    if (!e->acknowledged_at) {
      call_next(deps, tx, organization, *e, "no answer", now);
      return true;
    }
    if (e->assessed_at) return false;
    remind(deps, tx, organization, *e, now);
    return true;
  });
  if (!called) return tl::unexpected<Error>(called.error());
  if (*called && deps.publish) deps.publish(organization, patient);
  return {};
}

/// A screener that the clinician who enters it has filled in with the patient.
bool is_with_clinician(const Deps& deps, db::Tx& tx, const Asker& asker, PatientId patient, measurements::MeasurementId id) {
  if (asker.caller.kind != ActorKind::user || !is_clinician(asker.caller)) return false;
  const auto screen = deps.screen ? deps.screen(tx, asker.organization(), patient, id) : std::nullopt;
  return screen && (screen->mode == "in_person" || screen->mode == "phone" || screen->mode == "video");
}

/// The closed event whose follow-up goes on, the latest of several.
std::optional<SafetyEvent> in_follow_up(const std::vector<SafetyEvent>& all) {
  const SafetyEvent* last = nullptr;
  for (const auto& e : all)
    if (e.closed_at && (!last || *e.closed_at > *last->closed_at)) last = &e;
  if (!last || !last->level || !last->reassess_date || last->follow_up_ended_on) return std::nullopt;
  return *last;
}

}  // namespace

bool is_clinician(const Caller& caller) {
  return std::find(kClinicians.begin(), kClinicians.end(), caller.role) != kClinicians.end();
}

bool is_consultant(const Caller& caller) { return caller.role == "psychiatric_consultant"; }

calendar::Calendar calendar_at(const Deps& deps, db::Tx& tx, OrganizationId organization, SiteId site) {
  if (deps.calendar_of) return deps.calendar_of(tx, organization, site);
  calendar::Calendar calendar;
  calendar.zone = deps.chart->time_zone(organization, site);
  return calendar;
}

std::vector<OnDuty> ladder_of(const Deps& deps, db::Tx& tx, OrganizationId organization, PatientId patient, SiteId site,
                              Instant at) {
  const auto calendar = calendar_at(deps, tx, organization, site);
  const auto shifts = list_shifts(tx, organization, site, Date(std::chrono::floor<std::chrono::days>(at)).plus_days(-1));
  const Team team = deps.team_of ? deps.team_of(tx, organization, patient) : Team{};
  auto people = ladder(shifts, calendar, team, at);
  // Somebody who left the clinic is on no ladder, whatever an old rota says.
  if (deps.works_at) std::erase_if(people, [&](const OnDuty& p) { return !deps.works_at(tx, organization, site, p.user); });
  return people;
}

std::vector<messaging::Channel> channels_to(const Deps& deps, db::Tx& tx, OrganizationId organization, UserId user) {
  std::vector<messaging::Channel> channels = {messaging::Channel::in_app};
  if (!deps.contact_of) return channels;
  const auto contact = deps.contact_of(tx, organization, user);
  if (deps.mail_is_set_up && contact.mail && contact.mail_for != "none") channels.push_back(messaging::Channel::mail);
  if (deps.sms_is_set_up && contact.phone && contact.sms_for != "none") channels.push_back(messaging::Channel::sms);
  return channels;
}

void call_next(const Deps& deps, db::Tx& tx, OrganizationId organization, SafetyEvent& e, const std::string& why, Instant now) {
  const auto site = deps.chart->site_of(tx, organization, e.patient);
  if (!site) return;
  const auto people = ladder_of(deps, tx, organization, e.patient, *site, now);
  const bool in_hours = calendar::is_open(calendar_at(deps, tx, organization, *site), now);
  Asked asked = asked_of(list_steps(tx, organization, e.id));
  const int before = e.escalations;
  int wait = wait_minutes(deps, tx, organization, *site);
  bool first = before == 0;
  std::string reason = why;
  for (int turn = 0;; ++turn) {
    const std::string once = "call " + std::to_string(before) + "-" + std::to_string(turn);
    if (const auto next = next_on(people, asked.people)) {
      if (!first) {
        Step s = step("escalated", now);
        s.to = next->user;
        s.rung = next->rung;
        s.text = reason;
        add_step(tx, organization, e, std::move(s));
      }
      bool outside = false;
      notify(deps, tx, organization, e, next->user, first ? "safety.signal" : "safety.escalated", next->rung, once, now,
             &outside);
      asked.people.push_back(next->user);
      first = false;
      if (outside || in_hours || !deps.post) break;
      // A notice inside Concord wakes nobody: there is no reason to wait for it at night.
      reason = "outside working hours, and no mail or SMS to the one before";
      continue;
    }
    Step s = step("nobody", now);
    s.text = people.empty() ? "nobody is on the ladder at this time" : "everybody on the ladder was asked";
    add_step(tx, organization, e, std::move(s));
    if (deps.clinicians_at)
      for (const auto who : deps.clinicians_at(tx, organization, *site))
        notify(deps, tx, organization, e, who, before == 0 ? "safety.signal" : "safety.unanswered", kAnybody, once, now);
    wait = std::min(wait * (asked.rounds + 1), std::max(wait, kLongestPauseMinutes));
    break;
  }
  e.escalations = before + 1;
  e.next_escalation_at = now + std::chrono::minutes(wait);
  if (!e.notified_at) e.notified_at = now;
  if (update_escalation(tx, organization, e, before)) enqueue(tx, organization, e, *e.next_escalation_at, "", now);
}

void signal(const Deps& deps, db::Tx& tx, OrganizationId organization, const Place& place, SafetyEvent e,
            const std::optional<UserId>& by, Instant now) {
  const auto calendar = calendar_at(deps, tx, organization, place.site);
  const auto people = ladder_of(deps, tx, organization, place.patient, place.site, now);
  // Somebody answers now: the clock runs now, whatever the clinic's hours.
  const bool is_covered = std::any_of(people.begin(), people.end(), [](const OnDuty& p) { return p.rung == "on_call"; });
  e.due_at = is_covered ? now + std::chrono::minutes(deps.review_within_minutes)
                        : calendar::add_working_minutes(calendar, now, deps.review_within_minutes);
  insert(tx, organization, e);
  Step s = step("signalled", now, by);
  s.text = e.signal;
  s.level = e.level;
  s.measurement = e.measurement;
  add_step(tx, organization, e, std::move(s));
  call_next(deps, tx, organization, e, "", now);
}

void raise(const Deps& deps, db::Tx& tx, const Asker& asker, const Place& place, measurements::MeasurementId measurement,
           const std::string& signal_text, const std::optional<std::string>& level,
           const std::optional<measurements::MeasurementId>& corrects) {
  const auto organization = asker.organization();
  const auto all = list(tx, organization, place.patient);
  if (corrects)
    for (const auto& e : all)
      if (e.measurement == *corrects && e.signal == signal_text) return;
  if (level && !corrects && is_with_clinician(deps, tx, asker, place.patient, measurement)) {
    Assessment assessment;
    assessment.measurement = measurement;
    assessment.level_stands = true;
    bool is_assessment = false, any_open = false;
    for (SafetyEvent e : all) {
      any_open = any_open || !e.closed_at;
      if (e.closed_at || !e.acknowledged_at || e.assessed_at || e.has_it != asker.caller.user) continue;
      if (assess(deps, tx, asker, e, assessment) && update(tx, organization, e)) is_assessment = true;
    }
    if (is_assessment) return;
    if (!any_open)
      if (auto followed = in_follow_up(all); followed && rank(*level) <= rank(followed->level.value_or("none")))
        if (reassess(deps, tx, asker, place, *followed, assessment, std::nullopt, false) && update(tx, organization, *followed))
          return;
  }
  SafetyEvent e;
  e.id = SafetyEventId(deps.chart->ids->next());
  e.patient = place.patient;
  e.signalled_at = asker.now;
  e.signalled_date = place.today;
  e.signal = signal_text;
  e.measurement = measurement;
  if (level && rank(*level) > 0) e.level = level;
  std::optional<UserId> by;
  if (asker.caller.kind == ActorKind::user) by = asker.caller.user;
  signal(deps, tx, organization, place, std::move(e), by, asker.now);
}

SafetyEventId raise_answer(const Deps& deps, db::Tx& tx, const Asker& asker, const Place& place, const std::string& signal_text,
                           const std::optional<std::string>& level) {
  SafetyEvent e;
  e.id = SafetyEventId(deps.chart->ids->next());
  e.patient = place.patient;
  e.signalled_at = asker.now;
  e.signalled_date = place.today;
  e.signal = signal_text;
  if (level && rank(*level) > 0) e.level = level;
  const auto id = e.id;
  signal(deps, tx, asker.organization(), place, std::move(e), std::nullopt, asker.now);
  return id;
}

bool heard_again(const Deps&, db::Tx& tx, const Asker& asker, const Place& place, SafetyEventId event,
                 const std::string& signal_text) {
  const auto e = find(tx, asker.organization(), place.patient, event);
  if (!e || e->acknowledged_at || e->closed_at) return false;
  set_signal(tx, asker.organization(), place.patient, event, signal_text);
  Step s = step("signalled", asker.now);
  s.text = signal_text;
  add_step(tx, asker.organization(), *e, std::move(s));
  return true;
}

void attach_measurement(db::Tx& tx, OrganizationId organization, PatientId patient, SafetyEventId event,
                        measurements::MeasurementId measurement) {
  set_measurement(tx, organization, patient, event, measurement);
}

void acknowledge(const Deps& deps, db::Tx& tx, const Asker& asker, SafetyEvent& e) {
  e.acknowledged_by = asker.caller.user;
  e.acknowledged_at = asker.now;
  e.has_it = asker.caller.user;
  add_step(tx, asker.organization(), e, step("acknowledged", asker.now, asker.caller.user));
  if (deps.settle) deps.settle(tx, asker.organization(), e.id.uuid, asker.now);
  move_on(tx, asker.organization(), e, asker.now + std::chrono::minutes(deps.remind_assessment_minutes), asker.now);
}

Result<std::string> found_by(const Deps& deps, db::Tx& tx, const Asker& asker, const SafetyEvent& e, const Assessment& a) {
  if (a.otherwise) {
    if (!a.judged)
      return fail(ErrorCode::invalid, "Some fields are missing or wrong.", {{"level", "is needed when there is no C-SSRS"}});
    return *a.judged;
  }
  CHECK(a.measurement.has_value());
  const auto refused = [](std::string text) {
    return fail(ErrorCode::invalid, "Some fields are missing or wrong.", {{"measurement_id", std::move(text)}});
  };
  const auto screen = deps.screen ? deps.screen(tx, asker.organization(), e.patient, *a.measurement) : std::nullopt;
  if (!screen) return refused("is no measurement of this patient");
  if (!screen->instrument.starts_with("c-ssrs")) return refused("must be a C-SSRS");
  if (screen->replaced) return refused("was corrected: use the newer one");
  if (screen->on < e.signalled_date) return refused("is from before the signal");
  if (screen->mode == "link" || screen->mode == "portal" || screen->mode == "import")
    return refused("was not filled in with a clinician: ask again, or say how it was assessed");
  const auto level = triage(screen->answers, a.form);
  if (!level) return refused("is not complete: a question that could make the level higher has no answer");
  return std::string(*level);
}

Result<void> check_level(db::Tx& tx, const Asker& asker, const SafetyEvent& e, std::string_view level, std::string_view path) {
  if (is_consultant(asker.caller)) return {};
  const auto all = list(tx, asker.organization(), e.patient);
  const auto stands = standing_level(all, e, asker.now);
  if (rank(level) >= rank(stands)) return {};
  return fail(ErrorCode::invalid, "Some fields are missing or wrong.",
              {{std::string(path), "is below the level that stands (" + std::string(stands) +
                                       "): only the psychiatric consultant lowers it; ask for a step-down"}});
}

Result<void> assess(const Deps& deps, db::Tx& tx, const Asker& asker, SafetyEvent& e, const Assessment& a) {
  const auto organization = asker.organization();
  CONCORD_TRY(const auto found, found_by(deps, tx, asker, e, a));
  if (a.judged && rank(*a.judged) < rank(found))
    return fail(ErrorCode::invalid, "Some fields are missing or wrong.",
                {{"level", "is below what the answers say (" + found + ")"}});
  const auto all = list(tx, organization, e.patient);
  const std::string stands(standing_level(all, e, asker.now));
  const std::string wanted(worse(found, a.judged ? *a.judged : found));
  if (!e.acknowledged_at) acknowledge(deps, tx, asker, e);
  // The consultant may lower what stood; anybody else's finding below it waits beside it.
  const bool lowers = rank(wanted) < rank(stands);
  const std::string level = lowers && is_consultant(asker.caller) ? wanted : std::string(worse(stands, wanted));
  e.assessed_by = asker.caller.user;
  e.assessed_at = asker.now;
  e.assessment = a.measurement;
  e.assessed_otherwise = a.otherwise;
  e.found_level = wanted;
  Step assessed = step("assessed", asker.now, asker.caller.user);
  assessed.level = wanted;
  assessed.measurement = a.measurement;
  assessed.text = a.otherwise ? a.otherwise : a.note;
  add_step(tx, organization, e, std::move(assessed));
  if (lowers && is_consultant(asker.caller)) {
    Step agreed = step("step_down_agreed", asker.now, asker.caller.user);
    agreed.level = level;
    add_step(tx, organization, e, std::move(agreed));
    e.step_down.reset();
  }
  if (e.level != level || lowers) {
    Step stood = step("level", asker.now, asker.caller.user);
    stood.level = level;
    if (lowers && !is_consultant(asker.caller)) stood.text = level_words(level) + " until the consultant agrees";
    add_step(tx, organization, e, std::move(stood));
  }
  e.level = level;
  if (deps.settle) deps.settle(tx, organization, e.id.uuid, asker.now);
  move_on(tx, organization, e, std::nullopt, asker.now);
  return {};
}

Result<void> reassess(const Deps& deps, db::Tx& tx, const Asker& asker, const Place& place, SafetyEvent& e, const Assessment& a,
                      std::optional<Date> next, bool ends) {
  CONCORD_TRY(const auto found, found_by(deps, tx, asker, e, a));
  std::vector<Issue> wrong;
  if (a.judged && rank(*a.judged) < rank(found))
    return patients::refuse_if_any({{"level", "is below what the answers say (" + found + ")"}});
  const std::string finding(worse(found, a.judged ? *a.judged : found));
  const std::string stands = e.level.value_or("none");
  const bool lowers = rank(finding) < rank(stands) && !a.level_stands;
  if (lowers && !is_consultant(asker.caller))
    wrong.push_back({"level", "is below the level that stands (" + stands +
                                  "): only the psychiatric consultant lowers it; ask for a step-down, then reassess"});
  const std::string level = lowers ? finding : std::string(worse(stands, finding));
  if (ends && rank(level) > 1) wrong.push_back({"ends", "goes with level none or low only"});
  if (next && *next <= place.today) wrong.push_back({"next_date", "must be after today"});
  if (next) patients::check_not_after(*next, place.today.plus_days(kLevelStandsDays), "next_date", wrong);
  CONCORD_TRY_VOID(patients::refuse_if_any(std::move(wrong)));
  const auto add = [&](std::string_view kind, const std::string& at_level, std::optional<std::string> text) {
    Step s = step(kind, asker.now, asker.caller.user);
    s.level = at_level;
    s.text = std::move(text);
    if (kind == "reassessed") s.measurement = a.measurement;
    add_step(tx, asker.organization(), e, std::move(s));
  };
  add("reassessed", finding, a.otherwise ? a.otherwise : a.note);
  if (lowers) {
    add("step_down_agreed", level, std::nullopt);
    e.step_down.reset();
  } else if (level != stands) {
    add("level", level, std::nullopt);
  } else if (finding != level) {
    add("level", level, level_words(level) + " until the consultant agrees");
  }
  const bool again = level == stands;
  e.level = level;
  e.found_level = finding;
  e.reassessed_on = place.today;
  e.reassess_date = ends ? std::nullopt : next ? next : default_reassessment(level, again, place.today);
  if (!e.reassess_date) e.follow_up_ended_on = place.today;
  return {};
}

void ask_step_down(const Deps& deps, db::Tx& tx, const Asker& asker, const Place& place, SafetyEvent& e,
                   const std::string& to_level, const std::string& reason) {
  const auto organization = asker.organization();
  e.step_down = StepDown{to_level, reason, asker.caller.user, asker.now};
  Step asked = step("step_down_asked", asker.now, asker.caller.user);
  asked.level = to_level;
  asked.text = reason;
  const Team team = deps.team_of ? deps.team_of(tx, organization, e.patient) : Team{};
  std::vector<UserId> to;
  if (team.consultant) to = {*team.consultant};
  else if (deps.consultants_at) to = deps.consultants_at(tx, organization, place.site);
  if (to.size() == 1) asked.to = to.front();
  add_step(tx, organization, e, std::move(asked));
  if (!deps.post) return;
  for (const auto who : to) {
    messaging::Notice notice;
    notice.to = who;
    notice.kind = "safety.step_down_asked";
    notice.patient = e.patient;
    notice.object = e.id.uuid;
    deps.post(tx, organization, notice);
  }
}

void answer_step_down(const Deps& deps, db::Tx& tx, const Asker& asker, const Place& place, SafetyEvent& e, bool agree,
                      const std::optional<std::string>& reason) {
  const auto organization = asker.organization();
  const StepDown asked = *e.step_down;
  e.step_down.reset();
  Step answered = step(agree ? "step_down_agreed" : "step_down_declined", asker.now, asker.caller.user);
  answered.level = agree ? asked.to_level : e.level;
  answered.text = reason;
  answered.to = asked.asked_by;
  add_step(tx, organization, e, std::move(answered));
  if (agree) {
    e.level = asked.to_level;
    if (e.closed_at) {
      e.reassess_date = default_reassessment(asked.to_level, false, place.today);
      if (!e.reassess_date) e.follow_up_ended_on = place.today;
    }
  }
  if (!deps.post) return;
  messaging::Notice notice;
  notice.to = asked.asked_by;
  notice.kind = "safety.step_down_answered";
  notice.patient = e.patient;
  notice.object = e.id.uuid;
  deps.post(tx, organization, notice);
}

Result<void> escalate(const Deps& deps, db::Database& database, const Clock& clock, const jobs::JobRun& run) {
  const auto organization = run.job().organization;
  const auto payload = json::Document::parse(run.job().payload);
  if (!payload) return fail(ErrorCode::internal, "The job names no event.");
  json::Issues issues;
  const json::Cursor body(payload->root(), issues);
  const auto patient = body.required("patient").id<PatientId>();
  const auto event = body.required("event").id<SafetyEventId>();
  const auto number = body.required("number").integer(0, 1000000000);
  if (!issues.empty()) return fail(ErrorCode::internal, "The job names no event.");
  return call_if_due(deps, database, clock, organization, *patient, *event, static_cast<int>(*number));
}

Result<int> make_up_for_lost_calls(const Deps& deps, db::Database& database, const Clock& clock) {
  const Instant before = clock.now() - kLostAfter;
  const auto stuck = database.read([&](db::Tx& tx) { return list_stuck(tx, before, kLostAtOnce); });
  for (const auto& one : stuck) {
    const auto number = database.read([&](db::Tx& tx) {
      const auto e = find(tx, one.organization, one.patient, one.event);
      return e && e->next_escalation_at && *e->next_escalation_at < before ? e->escalations : -1;
    });
    if (number >= 0) CONCORD_TRY_VOID(call_if_due(deps, database, clock, one.organization, one.patient, one.event, number));
  }
  return static_cast<int>(stuck.size());
}

void on_attempt(const Deps&, db::Tx& tx, OrganizationId organization, const messaging::Message& m,
                const messaging::MessageAttempt& attempt) {
  if (!m.kind.starts_with("safety.")) return;
  const SafetyEventId id(m.object);
  const auto patient = patient_of(tx, organization, id);
  const auto e = patient ? find(tx, organization, *patient, id) : std::nullopt;
  if (!e) return;
  Step s = step(attempt.outcome == "sent" ? "delivered" : "not_delivered", attempt.at);
  s.to = m.to;
  s.channel = std::string(messaging::name(m.channel));
  s.text = attempt.detail;
  s.message = m.id.uuid;
  add_step(tx, organization, *e, std::move(s));
  if (attempt.outcome == "sent" || e->closed_at || e->acknowledged_at) return;
  if (e->next_escalation_at && *e->next_escalation_at <= attempt.at) return;  // it is on its way
  // Was this the latest person to be called, and is there no other way to them that worked or may still?
  struct Way {
    Uuid message;
    bool failed = false;
  };
  std::optional<UserId> latest;
  std::vector<Way> ways;
  for (const auto& past : list_steps(tx, organization, id)) {
    if (past.kind == "nobody") latest.reset();  // everybody is told: nobody is next
    if (past.kind == "notified" && past.to && past.rung != kAnybody && past.rung != kHolder) {
      if (latest != past.to || past.channel == "in_app") ways.clear();
      latest = past.to;
      if (past.message) ways.push_back({*past.message});
    }
    for (auto& way : ways)
      if (past.message == way.message) {
        if (past.kind == "delivered") return;
        if (past.kind == "not_delivered") way.failed = true;
      }
  }
  if (latest != m.to || !std::all_of(ways.begin(), ways.end(), [](const Way& w) { return w.failed; })) return;
  hurry_escalation(tx, organization, *e, attempt.at);
  enqueue(tx, organization, *e, attempt.at, "now", attempt.at);
}

bool still_needed(db::Tx& tx, OrganizationId organization, const messaging::Message& m) {
  const bool asks_somebody =
      m.kind == "safety.signal" || m.kind == "safety.escalated" || m.kind == "safety.unanswered" || m.kind == "safety.unassessed";
  if (!asks_somebody) return true;
  const SafetyEventId id(m.object);
  const auto patient = patient_of(tx, organization, id);
  const auto e = patient ? find(tx, organization, *patient, id) : std::nullopt;
  if (!e) return true;
  return !e->closed_at && !(m.kind == "safety.unassessed" ? e->assessed_at : e->acknowledged_at).has_value();
}

}  // namespace concord::safety
