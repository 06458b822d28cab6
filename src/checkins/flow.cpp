#include "checkins/flow.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/zone.h"
#include "checkins/checkins_store.h"
#include "checkins/secret.h"
#include "instruments/score.h"
#include "measurements/scored.h"

namespace concord::checkins {
namespace {

void tell_staff(const Deps& deps, db::Tx& tx, OrganizationId organization, const Place& place, const CheckIn& c,
                const std::string& kind) {
  if (!deps.notify || !deps.people) return;
  for (const auto& who : deps.people(tx, organization, place))
    deps.notify(tx, organization, {who, kind, place.patient, c.id.uuid, false, kind});
}

bool tell_patient(const Deps& deps, db::Tx& tx, OrganizationId organization, const CheckIn& c, const std::string& secret,
                  const std::string& text) {
  return deps.tell && deps.tell(tx, organization, {c.patient, text, "/c/" + secret, c.id.uuid, ""});
}

tl::unexpected<Error> cannot_be_told() {
  return fail(ErrorCode::conflict, "There is no way to write to this patient. Show a code, use the tablet, or ask on the phone.");
}

std::optional<int> number(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<Date> read_birth_date(const BirthDate& given) {
  const auto year = number(given.year), month = number(given.month), day = number(given.day);
  if (!year || !month || !day || *year < 1850 || *year > 2200 || *month < 1 || *month > 12 || *day < 1 || *day > 31)
    return std::nullopt;
  return Date::from_ymd(*year, static_cast<unsigned>(*month), static_cast<unsigned>(*day));
}

/// The score of what is known of one questionnaire: safety does not wait for the rest.
Result<instruments::Score> score_so_far(const instruments::Instrument& in, const std::string& informant,
                                        const std::vector<measurements::Answer>& answers) {
  std::vector<instruments::Answer> points;
  points.reserve(answers.size());
  for (const auto& a : answers) points.push_back({a.item, a.value});
  return instruments::score(in, points, {instruments::Sex::unknown, informant});
}

/// Raises what the answers so far say and no earlier answer has said as strongly.
void raise_what_is_new(const Deps& deps, db::Tx& tx, const Asker& asker, const Place& place, const CheckIn& c,
                       const instruments::Instrument& in, const instruments::Score& score) {
  const auto before = list_signals(tx, asker.organization(), c.id, in.id);
  std::vector<const instruments::SafetySignal*> fresh;
  for (const auto& signal : score.safety_signals) {
    const bool known = std::any_of(before.begin(), before.end(),
                                   [&](const RaisedBy& r) { return r.item == signal.item && r.value >= signal.value; });
    if (!known) fresh.push_back(&signal);
  }
  if (fresh.empty()) return;
  const std::string words = measurements::safety_signal(in, score);
  std::optional<safety::SafetyEventId> event;
  if (!before.empty()) {
    const safety::SafetyEventId last(before.front().event);
    if (deps.heard_again(tx, asker, place, last, words)) event = last;
  }
  if (!event) event = deps.raise(tx, asker, place, words, measurements::safety_level(score));
  deps.chart->refresh_caseload(tx, asker.organization(), c.patient);
  for (const auto* signal : fresh)
    keep_signal(tx, asker.organization(), c.id, in.id, {signal->item, signal->value, event->uuid}, asker.now);
}

}  // namespace

std::string new_link_secret(const Deps& deps) {
  constexpr std::size_t kLength = 22;
  for (;;) {
    std::string secret = deps.new_token().substr(0, kLength);
    if (const char last = secret.back(); last != '-' && last != '_') return secret;
  }
}

Result<Sent> send(const Deps& deps, db::Tx& tx, OrganizationId organization, const NewCheckIn& wanted, Instant now) {
  const auto patient = deps.patient(tx, organization, wanted.patient);
  if (!patient) return http::not_found();
  std::vector<Issue> issues;
  CheckIn c;
  if (wanted.instruments.empty()) issues.push_back({"instruments", "must name one at least"});
  if (wanted.instruments.size() > 6) issues.push_back({"instruments", "are too many for one check-in: 6 at most"});
  for (std::size_t i = 0; i < wanted.instruments.size(); ++i) {
    const std::string path = "instruments[" + std::to_string(i) + "]";
    auto form = form_named(*deps.library, wanted.instruments[i], path, issues);
    if (!form) continue;
    const auto* in = deps.library->find(form->instrument);
    if (in->permission == instruments::Permission::opt_in &&
        !(deps.permitted && deps.permitted(tx, organization, patient->site, in->id)))
      issues.push_back({path, "needs a permission that this site has not recorded"});
    for (const auto& other : c.forms)
      if (other.instrument == form->instrument) issues.push_back({path, "is asked for twice"});
    c.forms.push_back(std::move(*form));
  }
  CONCORD_TRY_VOID(patients::refuse_if_any(std::move(issues)));
  if (patient->deceased_date) return fail(ErrorCode::conflict, "This patient has died.");
  if (wanted.channel == Channel::link && !wanted.by && is_address_doubted(tx, organization, wanted.patient))
    return fail(ErrorCode::conflict,
                "The last link reached somebody else. A member of the staff must look at the address first.");

  c.id = CheckInId(deps.chart->ids->next());
  c.patient = wanted.patient;
  c.site = patient->site;
  c.channel = wanted.channel;
  c.why = wanted.why;
  const std::string language = wanted.language.value_or(patient->language.value_or("en"));
  c.language = language.starts_with("es") ? "es" : "en";
  c.due = wanted.due;
  c.made_at = now;
  c.made_by = wanted.by;
  c.on_behalf_by = wanted.on_behalf_by;
  c.expires_at = now + std::chrono::hours(24 * deps.settings.link_days);
  const bool comes_by_itself = wanted.channel == Channel::link;
  c.asks_birth_date = comes_by_itself && deps.settings.ask_birth_date && patient->birth_date.has_value();
  if (comes_by_itself) {
    c.state = "sent";
    c.sent_at = now;
  }
  const std::string secret = new_link_secret(deps);
  // First of all, so that what fails has written nothing.
  if (comes_by_itself && !tell_patient(deps, tx, organization, c, secret, wanted.text)) return cannot_be_told();
  const Place place{c.patient, c.site, {}, {}};  // a job may ask before the site's zone is in memory; nothing here needs it
  for (const auto& old : list_open(tx, organization, wanted.patient)) {
    // What somebody opens on the portal of their own accord does not take the place of what the clinic asked for.
    const bool is_own_idea =
        wanted.channel == Channel::portal && (old.channel != Channel::portal || old.on_behalf_by != wanted.on_behalf_by);
    if (!is_own_idea) revoke(deps, tx, organization, place, old, "replaced", wanted.by, now);
  }
  insert(tx, organization, c, deps.token_hash(secret));
  return Sent{c.id, comes_by_itself ? std::string() : "/c/" + secret, c.expires_at};
}

Result<Sent> resend(const Deps& deps, db::Tx& tx, OrganizationId organization, const CheckIn& c, Instant now,
                    const std::string& text) {
  const auto ended = [] { return fail(ErrorCode::conflict, "This check-in has ended. Make a new one."); };
  if (!is_open(c, now)) return ended();
  const bool comes_by_itself = c.channel == Channel::link;
  const std::string secret = new_link_secret(deps);
  if (comes_by_itself && !tell_patient(deps, tx, organization, c, secret, text)) return cannot_be_told();
  const Instant until = now + std::chrono::hours(24 * deps.settings.link_days);
  if (!new_secret(tx, organization, c.id, deps.token_hash(secret), until, comes_by_itself ? std::optional(now) : std::nullopt))
    return ended();
  return Sent{c.id, comes_by_itself ? std::string() : "/c/" + secret, until};
}

bool still_needed(const Deps& deps, db::Tx& tx, OrganizationId organization, const Uuid& check_in, std::string_view path) {
  const auto c = find(tx, organization, CheckInId(check_in));
  if (!c) return true;
  if (c->ended_at) return false;
  if (!path.starts_with("/c/")) return true;
  const auto where = find_by_token(tx, deps.token_hash(path.substr(3)));
  return where && where->check_in == c->id;
}

bool revoke(const Deps& deps, db::Tx& tx, OrganizationId organization, const Place& place, const CheckIn& check_in,
            std::string why, std::optional<UserId> by, Instant now) {
  CheckIn c = check_in;
  const bool expired = now >= c.expires_at;
  c.state = expired ? "expired" : "revoked";
  c.ended_at = expired ? c.expires_at : now;
  c.ended_why = expired ? "" : why;
  if (!expired) c.ended_by = by;
  if (!end(tx, organization, c)) return false;
  remove_sessions(tx, organization, c.id);
  if (!expired && why == "wrong_person") tell_staff(deps, tx, organization, place, c, "checkins.wrong_person");
  if (!expired && why == "birth_date") tell_staff(deps, tx, organization, place, c, "checkins.birth_date");
  return !expired;
}

std::chrono::seconds session_time(const Settings& settings, const CheckIn& c) {
  return std::chrono::minutes(c.channel == Channel::kiosk ? settings.kiosk_minutes : settings.session_minutes);
}

Started start(const Deps& deps, db::Tx& tx, OrganizationId organization, const Place& place, const CheckIn& c,
              const std::optional<BirthDate>& given, Instant now, int most_starts) {
  Started out;
  const auto stop = [&](StartProblem problem) {
    out.problem = problem;
    return out;
  };
  if (!is_open(c, now) || !hold_open(tx, organization, c.id)) return stop(StartProblem::ended);
  if (c.asks_birth_date) {
    const auto patient = deps.patient(tx, organization, c.patient);
    const auto date = given ? read_birth_date(*given) : std::nullopt;
    out.tries_left = deps.settings.birth_date_tries - c.wrong_birth_dates;
    if (!date) return stop(StartProblem::birth_missing);
    if (!patient || patient->birth_date != date) {
      count_wrong_birth_date(tx, organization, c.id);
      if (--out.tries_left > 0) return stop(StartProblem::birth_wrong);
      revoke(deps, tx, organization, place, c, "birth_date", std::nullopt, now);
      return stop(StartProblem::revoked);
    }
  }
  if (!start(tx, organization, c.id, now, most_starts > 0 ? most_starts : deps.settings.most_starts))
    return stop(StartProblem::starts);
  out.cookie.value = deps.new_token();
  out.cookie.seconds = static_cast<int>(session_time(deps.settings, c).count());
  insert_session(tx, organization, c.id, deps.token_hash(out.cookie.value), now, now + session_time(deps.settings, c));
  return out;
}

Result<Saved> save(const Deps& deps, db::Tx& tx, const Asker& asker, const Place& place, const CheckIn& c,
                   const Question& question, std::optional<double> value) {
  const auto& in = *question.instrument;
  const auto& item = question.asked();
  const auto refuse = [&](std::string why) {
    return fail(ErrorCode::invalid, "This is no answer.", {{"value", std::move(why)}});
  };
  if (!value && !question.may_skip) return refuse("is needed");
  if (value && std::none_of(item.options.begin(), item.options.end(), [&](const auto& o) { return o.points == *value; }))
    return refuse("is none of the choices");
  Saved out;
  if (!hold_open(tx, asker.organization(), c.id)) {
    out.ended = true;
    return out;
  }
  keep(tx, asker.organization(), c.id, {in.id, item.link_id, value}, asker.now);
  const auto kept = list_kept(tx, asker.organization(), c.id);
  CONCORD_TRY(const auto score, score_so_far(in, question.informant, answers_of(in, kept)));
  raise_what_is_new(deps, tx, asker, place, c, in, score);
  out.alarming = std::any_of(score.safety_signals.begin(), score.safety_signals.end(),
                             [&](const auto& s) { return s.item == item.link_id; });
  return out;
}

Result<Submitted> submit(const Deps& deps, db::Tx& tx, const Asker& asker, const Place& place, const CheckIn& seen_before) {
  const auto organization = asker.organization();
  Submitted out;
  const bool held = hold_open(tx, organization, seen_before.id);
  const auto found = find(tx, organization, seen_before.id);
  if (!found) return http::not_found();
  CheckIn c = *found;
  if (!held || !is_open(c, asker.now)) {
    out.receipt = c.receipt;
    out.again = c.state == "submitted";
    out.ended = !out.again;
    return out;
  }
  const auto kept = list_kept(tx, organization, c.id);
  const auto all = questions(*deps.library, c, kept);
  for (const auto& q : all)
    if (const auto* k = kept_for(kept, q); !k || (!k->value && !q.may_skip)) out.missing.push_back(q.number);
  if (!out.missing.empty()) return out;

  for (const auto& form : c.forms) {
    if (form.measurement) continue;
    const auto* in = deps.library->find(form.instrument);
    if (!in) continue;
    measurements::SelfReport report;
    report.instrument = form.instrument;
    report.informant = form.informant;
    report.mode = std::string(mode_of(c.channel));
    report.language = has_language(*in, c.language) ? c.language : "en";
    report.answers = answers_of(*in, kept);
    CONCORD_TRY(const auto m, deps.store(tx, asker, place, report));
    set_measurement(tx, organization, c.id, form.instrument, form.informant, m.id, false);
    // Each answer has raised its signal when it was kept; should one be missing, it is raised now.
    CONCORD_TRY(const auto score, score_so_far(*in, form.informant, report.answers));
    raise_what_is_new(deps, tx, asker, place, c, *in, score);
    std::vector<Uuid> attached;
    for (const auto& raised : list_signals(tx, organization, c.id, form.instrument)) {
      if (std::find(attached.begin(), attached.end(), raised.event) != attached.end()) continue;
      deps.attach(tx, organization, c.patient, safety::SafetyEventId(raised.event), m.id);
      attached.push_back(raised.event);
    }
  }
  c.state = "submitted";
  c.ended_at = asker.now;
  c.receipt = receipt_of(deps.chart->ids->next());
  end(tx, organization, c);
  remove_kept(tx, organization, c.id);
  deps.chart->refresh_caseload(tx, organization, c.patient);
  out.receipt = c.receipt;
  return out;
}

void entered(const Deps& deps, db::Tx& tx, const Asker& asker, const Place& place, const measurements::Measurement& m) {
  const auto organization = asker.organization();
  if (m.replaces) {
    replace_measurement(tx, organization, *m.replaces, m.id);
    seen(deps, tx, asker, place, m.id);  // whoever corrects it has looked at it
    return;
  }
  for (auto& c : list_open(tx, organization, place.patient)) {
    if (!is_open(c, asker.now)) continue;
    bool any = false, all = true;
    for (auto& form : c.forms) {
      if (!form.measurement && form.instrument == m.instrument && form.informant == m.informant &&
          set_measurement(tx, organization, c.id, form.instrument, form.informant, m.id, true)) {
        form.measurement = m.id;
        remove_kept_of(tx, organization, c.id, m.instrument);
        any = true;
      }
      all = all && form.measurement.has_value();
    }
    if (!any || !all) continue;
    c.state = "fulfilled";
    c.ended_at = asker.now;
    c.ended_by = asker.caller.user;
    end(tx, organization, c);
  }
}

void seen(const Deps& deps, db::Tx& tx, const Asker& asker, const Place& place, MeasurementId measurement) {
  const auto organization = asker.organization();
  const auto id = of_measurement(tx, organization, measurement);
  if (!id) return;
  const auto c = find(tx, organization, *id);
  if (!c || c->state != "submitted" || c->seen_at) return;
  for (const auto& form : c->forms)
    if (form.measurement && !form.by_staff && !deps.is_seen(tx, organization, place.patient, *form.measurement)) return;
  if (!set_seen(tx, organization, c->id, asker.now, asker.caller.user, asker.caller.role)) return;
  // Whoever handed the tablet back has no link to be told about.
  if (deps.tell && c->channel != Channel::kiosk)
    deps.tell(tx, organization, {c->patient, "checkins.read", "/portal/check-ins", c->id.uuid, "read"});
}

}  // namespace concord::checkins
