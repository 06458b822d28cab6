#include "episodes/episodes_api.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "base/text.h"
#include "episodes/episodes_store.h"
#include "json/cursor.h"
#include "json/edits.h"
#include "patients/shapes.h"

namespace concord::episodes {
namespace {

using http::Call;
using http::Reply;
using http::Work;
using patients::changed;
using patients::looked;
using patients::Place;
using patients::stale;
using Kept = std::shared_ptr<const Deps>;

void write(const Chart& chart, json::Writer& w, db::Tx& tx, const Episode& e, OrganizationId organization, Date today) {
  w.object()
      .field("id", e.id)
      .field("patient_id", e.patient)
      .field("site_id", e.site)
      .field("referral_id", e.referral)
      .field("state", name(e.state))
      .field("primary_condition", e.primary_condition)
      .field("primary_instrument", e.primary_instrument)
      .field("target", e.target)
      .field("pathway", e.pathway)
      .field("care_manager_id", e.care_manager)
      .key("care_manager");
  chart.write_user(w, tx, organization, e.care_manager);
  w.field("billing_practitioner", e.billing_practitioner).field("consultant_id", e.consultant).key("consultant");
  chart.write_user(w, tx, organization, e.consultant);
  w.field("referred_date", e.referred_date)
      .field("assessed_date", e.assessed_date)
      .field("enrolled_date", e.enrolled_date)
      .field("relapse_prevention_date", e.relapse_prevention_date)
      .field("on_hold_date", e.on_hold_date)
      .field("closed_date", e.closed_date)
      .field("close_reason", e.close_reason);
  const auto weeks = weeks_in_care(e, today);
  w.field("weeks_in_care", weeks).key("labels");
  patients::write_labels(w, e.labels, patients::Normal::written);
  w.field("version", e.version).end();
}

std::string to_json(const Chart& chart, db::Tx& tx, const Episode& e, OrganizationId organization, Date today) {
  std::string out;
  json::Writer w(out);
  write(chart, w, tx, e, organization, today);
  return out;
}

void write(const Chart& chart, json::Writer& w, db::Tx& tx, const Consent& c, OrganizationId organization) {
  w.object()
      .field("id", c.id)
      .field("kind", c.kind)
      .field("method", c.method)
      .field("text_version", c.text_version)
      .field("language", c.language)
      .field("given_date", c.given_date)
      .field("withdrawn_date", c.withdrawn_date)
      .key("recorded_by");
  chart.write_user(w, tx, organization, c.recorded_by);
  w.field("version", c.version).end();
}

std::string to_json(const Chart& chart, db::Tx& tx, const Consent& c, OrganizationId organization) {
  std::string out;
  json::Writer w(out);
  write(chart, w, tx, c, organization);
  return out;
}

void write(json::Writer& w, const TeamMember& m) {
  w.object()
      .field("id", m.id)
      .field("role", m.role)
      .field("user_id", m.user)
      .field("name", m.name)
      .field("since", m.since)
      .field("until", m.until)
      .field("phone", m.phone)
      .field("relationship", m.relationship)
      .field("informant", m.informant)
      .field("until_reason", m.until_reason)
      .end();
}

struct Seen {
  Episode episode;
  Date today;
};
/// The episode if its site is one of the caller's.
Result<Seen> visible(const Chart& chart, db::Tx& tx, const Asker& asker, EpisodeId id) {
  auto episode = find(tx, asker.organization(), id);
  if (!episode || !asker.caller.may_use(episode->site)) return http::not_found();
  const Date today = chart.place(asker.caller, asker.now, episode->patient, episode->site).today;
  return Seen{std::move(*episode), today};
}

/// Episodes of other sites are not the caller's to see, even of a patient they share.
std::vector<Episode> visible_list(db::Tx& tx, const Asker& asker, PatientId patient) {
  auto all = list(tx, asker.organization(), patient);
  std::erase_if(all, [&](const Episode& e) { return !asker.caller.may_use(e.site); });
  return all;
}

constexpr std::string_view kEditKeys[] = {"primary_condition", "primary_instrument",   "target",       "pathway",
                                          "care_manager_id",   "billing_practitioner", "consultant_id"};

json::Edits<Episode> read_edits(const json::Cursor& body, const Deps& deps) {
  json::Edits<Episode> edits;
  edits.text(body, "primary_condition", 60, &Episode::primary_condition);
  edits.text(body, "primary_instrument", 60, &Episode::primary_instrument);
  edits.text(body, "target", 500, &Episode::target);
  edits.text(body, "pathway", 60, &Episode::pathway);
  edits.id(body, "care_manager_id", &Episode::care_manager);
  edits.text(body, "billing_practitioner", 200, &Episode::billing_practitioner);
  edits.id(body, "consultant_id", &Episode::consultant);
  const auto instrument = body.optional("primary_instrument");
  if (instrument.present() && instrument.value()->is(json::Kind::string) && !deps.is_instrument(instrument.value()->text()))
    instrument.issue("is not an instrument Concord knows, or none that an episode can be led by");
  const auto pathway = body.optional("pathway");
  if (pathway.present() && pathway.value()->is(json::Kind::string) && deps.pathway_label &&
      !deps.pathway_label(pathway.value()->text()))
    pathway.issue("is not a pathway Concord has");
  return edits;
}

/// A pathway brings its privacy label along, which stays; leaving one that was chosen needs a reason.
Result<void> check_pathway(const Deps& deps, const Episode& before, Episode& after, const std::string& reason) {
  if (before.pathway == after.pathway) return {};
  if (before.pathway && reason.empty())
    return fail(ErrorCode::invalid, "A pathway is changed with a reason.", {{"pathway_reason", "say why the pathway changes"}});
  const auto label = after.pathway && deps.pathway_label ? deps.pathway_label(*after.pathway) : std::nullopt;
  if (!label || *label == "normal") return {};
  const auto labels = split(after.labels, ' ');
  if (std::find(labels.begin(), labels.end(), *label) != labels.end()) return {};
  after.labels = after.labels.empty() || after.labels == "normal" ? *label : after.labels + " " + *label;
  return {};
}

void note_pathway(const Deps& deps, db::Tx& tx, const Asker& asker, const Episode& before, const Episode& after,
                  const std::string& reason, Date on) {
  if (before.pathway != after.pathway && deps.note_pathway)
    deps.note_pathway(tx, asker, before.id, before.pathway, after.pathway, reason, on);
}

/// An issue at `path` when the person is nobody of the organization, or does not hold the role at the site.
void check_role(const Deps& deps, db::Tx& tx, OrganizationId organization, SiteId site, const std::optional<UserId>& user,
                std::string_view role, std::string path, std::vector<Issue>& issues) {
  const auto before = issues.size();
  deps.chart->check_user(tx, organization, user, path, issues);
  if (!user || issues.size() > before || !deps.has_role) return;
  if (!deps.has_role(tx, organization, *user, site, role)) {
    std::string words(role);
    std::replace(words.begin(), words.end(), '_', ' ');
    issues.push_back({std::move(path), "does not hold the role " + words + " at this site"});
  }
}

Result<void> check_people(const Deps& deps, db::Tx& tx, OrganizationId organization, const Episode& before,
                          const Episode& after) {
  std::vector<Issue> issues;
  if (after.care_manager != before.care_manager)
    check_role(deps, tx, organization, after.site, after.care_manager, "care_manager", "care_manager_id", issues);
  if (after.consultant != before.consultant)
    check_role(deps, tx, organization, after.site, after.consultant, "psychiatric_consultant", "consultant_id", issues);
  if (is_enrolled(after.state)) {
    if (!after.primary_condition) issues.push_back({"primary_condition", "an enrolled episode needs it"});
    if (!after.primary_instrument) issues.push_back({"primary_instrument", "an enrolled episode needs it"});
    if (!after.care_manager) issues.push_back({"care_manager_id", "an enrolled episode needs it"});
    if (!after.billing_practitioner && before.billing_practitioner)
      issues.push_back({"billing_practitioner", "an enrolled episode needs it"});
  }
  return patients::refuse_if_any(std::move(issues));
}

Result<Work> list_episodes(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto id, call.path_id<PatientId>("patient_id"));
  return Work([deps, asker = Asker(call), id](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(const auto place, deps->chart->find(tx, asker.caller, asker.now, id));
    std::string body;
    json::Writer w(body);
    w.object().key("items");
    write_all(*deps->chart, w, tx, asker, place);
    w.key("next").null().end();
    return looked(std::move(body), id, id.uuid);
  });
}

Result<Work> read_episode(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto id, call.path_id<EpisodeId>("episode_id"));
  return Work([deps, asker = Asker(call), id](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(const auto seen, visible(*deps->chart, tx, asker, id));
    Reply reply =
        looked(to_json(*deps->chart, tx, seen.episode, asker.organization(), seen.today), seen.episode.patient, id.uuid);
    reply.version = seen.episode.version;
    return reply;
  });
}

Result<Work> create_episode(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"patient_id", "site_id", "referred_date"});
  const auto patient = body.required("patient_id").id<PatientId>();
  const auto site = body.required("site_id").id<SiteId>();
  const auto referred = body.optional("referred_date").date();
  if (site && !call.caller.may_use(*site)) body.required("site_id").issue("is not one of your sites");
  if (!issues.empty()) return issues.error();
  return Work([deps, asker = Asker(call), patient = *patient, site = *site, referred](db::Tx& tx) -> Result<Reply> {
    const auto& chart = *deps->chart;
    CONCORD_TRY_VOID(chart.find(tx, asker.caller, asker.now, patient));
    const Date today = chart.place(asker.caller, asker.now, patient, site).today;
    std::vector<Issue> late;
    patients::check_not_after(referred.value_or(today), today, "referred_date", late);
    CONCORD_TRY_VOID(patients::refuse_if_any(std::move(late)));
    CONCORD_TRY(const auto episode, open(chart, tx, asker, patient, site, std::nullopt, referred.value_or(today)));
    chart.refresh_caseload(tx, asker.organization(), patient);
    Reply reply = changed(201, to_json(chart, tx, episode, asker.organization(), today), patient, episode.id.uuid);
    reply.location = "/api/v1/episodes/" + episode.id.text();
    reply.version = episode.version;
    return reply;
  });
}

Result<Work> edit_episode(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto id, call.path_id<EpisodeId>("episode_id"));
  CONCORD_TRY(const auto version, call.if_match());
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({kEditKeys[0], kEditKeys[1], kEditKeys[2], kEditKeys[3], kEditKeys[4], kEditKeys[5], kEditKeys[6], "pathway_reason"});
  auto edits = read_edits(body, *deps);
  const auto pathway_reason = body.optional("pathway_reason").string(0, 500).value_or("");
  if (!issues.empty()) return issues.error();
  return Work([deps, asker = Asker(call), id, version, edits = std::move(edits), pathway_reason](db::Tx& tx) -> Result<Reply> {
    const auto& chart = *deps->chart;
    CONCORD_TRY(const auto seen, visible(chart, tx, asker, id));
    const Episode& before = seen.episode;
    const auto current = [&] { return to_json(chart, tx, before, asker.organization(), seen.today); };
    if (before.version != version) return stale(asker.request_id, current(), before.patient, id.uuid);
    if (before.state == State::closed) return fail(ErrorCode::conflict, "A closed episode is not changed any more.");
    Episode after = before;
    edits.apply(after);
    CONCORD_TRY_VOID(check_people(*deps, tx, asker.organization(), before, after));
    CONCORD_TRY_VOID(check_pathway(*deps, before, after, pathway_reason));
    if (!update(tx, asker.organization(), after, asker.now)) return stale(asker.request_id, current(), before.patient, id.uuid);
    after.version = before.version + 1;
    note_pathway(*deps, tx, asker, before, after, pathway_reason, seen.today);
    chart.refresh_caseload(tx, asker.organization(), before.patient);
    Reply reply = changed(200, to_json(chart, tx, after, asker.organization(), seen.today), before.patient, id.uuid);
    reply.version = after.version;
    return reply;
  });
}

void note_transition(const Chart& chart, db::Tx& tx, const Asker& asker, const Episode& before, const Episode& after, Date on,
                     std::string reason) {
  insert(tx, asker.organization(), before.id,
         Transition{chart.ids->next(), on, before.state, after.state, asker.caller.user, std::move(reason)}, asker.now);
}

Result<Work> act_on_episode(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto id, call.path_id<EpisodeId>("episode_id"));
  CONCORD_TRY(const auto version, call.if_match());
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  const auto word =
      body.required("act").one_of({"assess", "enroll", "meet_target", "complete", "hold", "resume", "relapse", "close"});
  const auto on = body.optional("on").date();
  const auto reason = body.optional("reason").string(0, 500).value_or("");
  const auto close_reason = body.optional("close_reason").string(1, 60);
  json::Edits<Episode> edits;
  std::string pathway_reason;
  if (word && (*word == "assess" || *word == "enroll")) {
    body.only({"act", "on", "reason", "close_reason", kEditKeys[0], kEditKeys[1], kEditKeys[2], kEditKeys[3], kEditKeys[4],
               kEditKeys[5], kEditKeys[6], "pathway_reason"});
    edits = read_edits(body, *deps);
    pathway_reason = body.optional("pathway_reason").string(0, 500).value_or("");
  } else {
    body.only({"act", "on", "reason", "close_reason"});
  }
  if (!issues.empty()) return issues.error();
  return Work([deps, asker = Asker(call), id, version, act = *parse_act(*word), on, reason, close_reason,
               edits = std::move(edits), pathway_reason](db::Tx& tx) -> Result<Reply> {
    const auto& chart = *deps->chart;
    CONCORD_TRY(const auto seen, visible(chart, tx, asker, id));
    const Episode& before = seen.episode;
    const auto current = [&] { return to_json(chart, tx, before, asker.organization(), seen.today); };
    if (before.version != version) return stale(asker.request_id, current(), before.patient, id.uuid);
    const Date day = on.value_or(seen.today);
    std::vector<Issue> late;
    patients::check_not_after(day, seen.today, "on", late);
    CONCORD_TRY_VOID(patients::refuse_if_any(std::move(late)));
    Episode edited = before;
    edits.apply(edited);
    EnrolmentFacts facts;
    if (act == Act::enroll) facts.has_consent = has_consent(tx, asker.organization(), before.patient, day);
    CONCORD_TRY(auto after, apply(edited, act, day, facts, close_reason));
    CONCORD_TRY_VOID(check_people(*deps, tx, asker.organization(), before, after));
    CONCORD_TRY_VOID(check_pathway(*deps, before, after, pathway_reason));
    if (!update(tx, asker.organization(), after, asker.now)) return stale(asker.request_id, current(), before.patient, id.uuid);
    after.version = before.version + 1;
    note_pathway(*deps, tx, asker, before, after, pathway_reason, day);
    note_transition(chart, tx, asker, before, after, day,
                    after.state == State::closed && reason.empty() ? *after.close_reason : reason);
    const bool ends_referral = act == Act::enroll || (after.state == State::closed && !is_enrolled(before.state));
    if (before.referral && ends_referral)
      deps->set_referral_outcome(tx, asker.organization(), *before.referral,
                                 act == Act::enroll ? "enrolled" : *after.close_reason, day);
    chart.refresh_caseload(tx, asker.organization(), before.patient);
    Reply reply = changed(200, to_json(chart, tx, after, asker.organization(), seen.today), before.patient, id.uuid);
    reply.version = after.version;
    reply.audit_detail = "act=" + std::string(name(act));
    if (before.referral) reply.events.push_back({"referrals", before.referral->uuid});
    return reply;
  });
}

Result<Work> list_patient_consents(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto id, call.path_id<PatientId>("patient_id"));
  return Work([deps, asker = Asker(call), id](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(const auto place, deps->chart->find(tx, asker.caller, asker.now, id));
    std::string body;
    json::Writer w(body);
    w.object().key("items");
    write_consents(*deps->chart, w, tx, asker, place);
    w.key("next").null().end();
    return looked(std::move(body), id, id.uuid);
  });
}

Result<Work> add_consent(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"kind", "method", "text_version", "language", "given_date"});
  Consent consent;
  if (const auto kind = body.optional("kind").string(1, 60)) consent.kind = *kind;
  const auto method = body.required("method").one_of({"verbal", "written", "electronic"});
  const auto text_version = body.required("text_version").string(1, 60);
  if (const auto language = body.optional("language").string(2, 35)) consent.language = *language;
  const auto given = body.optional("given_date").date();
  if (!issues.empty()) return issues.error();
  consent.id = ConsentId(deps->chart->ids->next());
  consent.patient = patient;
  consent.method = *method;
  consent.text_version = *text_version;
  consent.recorded_by = call.caller.user;
  return Work([deps, asker = Asker(call), consent, given](db::Tx& tx) -> Result<Reply> {
    const auto& chart = *deps->chart;
    CONCORD_TRY(const auto place, chart.find(tx, asker.caller, asker.now, consent.patient));
    Consent row = consent;
    row.given_date = given.value_or(place.today);
    std::vector<Issue> late;
    patients::check_not_after(row.given_date, place.today, "given_date", late);
    CONCORD_TRY_VOID(patients::refuse_if_any(std::move(late)));
    insert(tx, asker.organization(), row, asker.now);
    chart.refresh_caseload(tx, asker.organization(), row.patient);
    Reply reply = changed(201, to_json(chart, tx, row, asker.organization()), row.patient, row.id.uuid);
    reply.location = "/api/v1/patients/" + row.patient.text() + "/consents/" + row.id.text();
    reply.version = row.version;
    return reply;
  });
}

Result<Work> withdraw_consent(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  CONCORD_TRY(const auto id, call.path_id<ConsentId>("consent_id"));
  CONCORD_TRY(const auto version, call.if_match());
  std::optional<Date> on;
  if (!call.request.body.empty()) {
    CONCORD_TRY(const auto document, http::read_json(call.request));
    json::Issues issues;
    const json::Cursor body(document.root(), issues);
    body.only({"on"});
    on = body.optional("on").date();
    if (!issues.empty()) return issues.error();
  }
  return Work([deps, asker = Asker(call), patient, id, version, on](db::Tx& tx) -> Result<Reply> {
    const auto& chart = *deps->chart;
    CONCORD_TRY(const auto place, chart.find(tx, asker.caller, asker.now, patient));
    const auto all = list_consents(tx, asker.organization(), patient);
    const auto found = std::find_if(all.begin(), all.end(), [&](const Consent& c) { return c.id == id; });
    if (found == all.end()) return http::not_found();
    const auto current = [&] { return to_json(chart, tx, *found, asker.organization()); };
    if (found->version != version) return stale(asker.request_id, current(), patient, id.uuid);
    if (found->withdrawn_date) return fail(ErrorCode::conflict, "This consent is withdrawn already.");
    const Date day = on.value_or(place.today);
    std::vector<Issue> issues;
    patients::check_not_after(day, place.today, "on", issues);
    if (day < found->given_date) issues.push_back({"on", "must not be before the consent was given"});
    CONCORD_TRY_VOID(patients::refuse_if_any(std::move(issues)));
    if (!withdraw(tx, asker.organization(), *found, day)) return stale(asker.request_id, current(), patient, id.uuid);
    Consent row = *found;
    row.withdrawn_date = day;
    ++row.version;
    chart.refresh_caseload(tx, asker.organization(), patient);
    Reply reply = changed(200, to_json(chart, tx, row, asker.organization()), patient, id.uuid);
    reply.version = row.version;
    return reply;
  });
}

Result<Work> list_episode_team(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto id, call.path_id<EpisodeId>("episode_id"));
  return Work([deps, asker = Asker(call), id](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(const auto seen, visible(*deps->chart, tx, asker, id));
    std::string body;
    json::Writer w(body);
    w.object().key("items").array();
    for (const auto& member : list_team(tx, asker.organization(), id)) write(w, member);
    w.end().key("next").null().end();
    return looked(std::move(body), seen.episode.patient, id.uuid);
  });
}

Result<Work> add_team_member(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto id, call.path_id<EpisodeId>("episode_id"));
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"role", "user_id", "name", "since", "phone", "relationship", "informant"});
  TeamMember member;
  if (const auto role = body.required("role").string(1, 60)) {
    member.role = *role;
    if (std::find(std::begin(kTeamRoles), std::end(kTeamRoles), *role) == std::end(kTeamRoles))
      body.required("role").issue("is not a role of a care team Concord knows; take \"other\"");
  }
  json::Edits<TeamMember> edits;
  edits.text(body, "phone", 40, &TeamMember::phone);
  edits.text(body, "relationship", 60, &TeamMember::relationship);
  edits.apply(member);
  member.user = body.optional("user_id").id<UserId>();
  member.name = std::string(trim(body.optional("name").string(0, 200).value_or("")));
  member.informant = body.optional("informant").boolean().value_or(false);
  const auto since = body.optional("since").date();
  if (!member.user && member.name.empty() && issues.empty())
    body.required("name").issue("give a name, or user_id for somebody who signs in here");
  if (!issues.empty()) return issues.error();
  member.id = deps->chart->ids->next();
  member.added_by = call.caller.user;
  member.added_at = call.now;
  return Work([deps, asker = Asker(call), id, member, since](db::Tx& tx) -> Result<Reply> {
    const auto& chart = *deps->chart;
    CONCORD_TRY(const auto seen, visible(chart, tx, asker, id));
    TeamMember row = member;
    row.since = since.value_or(seen.today);
    std::vector<Issue> wrong;
    patients::check_not_after(row.since, seen.today, "since", wrong);
    const auto here = std::begin(kTeamRoles) + kTeamRolesHere;
    if (std::find(std::begin(kTeamRoles), here, row.role) != here)
      check_role(*deps, tx, asker.organization(), seen.episode.site, row.user, row.role, "user_id", wrong);
    else chart.check_user(tx, asker.organization(), row.user, "user_id", wrong);
    CONCORD_TRY_VOID(patients::refuse_if_any(std::move(wrong)));
    for (const auto& other : list_team(tx, asker.organization(), id))
      if (row.user && !other.until && other.user == row.user && other.role == row.role)
        return fail(ErrorCode::conflict, "This person is on the team in this role already.");
    if (row.name.empty() && row.user) row.name = chart.user_name(tx, asker.organization(), *row.user).value_or("");
    insert(tx, asker.organization(), id, row);
    std::string out;
    json::Writer w(out);
    write(w, row);
    Reply reply = changed(201, std::move(out), seen.episode.patient, row.id);
    reply.location = "/api/v1/episodes/" + id.text() + "/team/" + row.id.text();
    reply.audit_detail = "role=" + row.role;
    return reply;
  });
}

/// `answer`: the member afterwards (POST .../end) or nothing (DELETE).
Result<Reply> end_member(const Deps& deps, db::Tx& tx, const Asker& asker, EpisodeId id, const Uuid& member,
                         std::optional<Date> on, const std::string& reason, bool answer) {
  CONCORD_TRY(const auto seen, visible(*deps.chart, tx, asker, id));
  const auto all = list_team(tx, asker.organization(), id);
  const auto found = std::find_if(all.begin(), all.end(), [&](const TeamMember& m) { return m.id == member; });
  if (found == all.end()) return http::not_found();
  TeamMember row = *found;
  row.until = on.value_or(seen.today);
  row.until_reason = reason;
  row.ended_by = asker.caller.user;
  row.ended_at = asker.now;
  std::vector<Issue> wrong;
  patients::check_not_after(*row.until, seen.today, "on", wrong);
  if (*row.until < row.since) wrong.push_back({"on", "must not be before they joined"});
  CONCORD_TRY_VOID(patients::refuse_if_any(std::move(wrong)));
  if (!end_membership(tx, asker.organization(), id, row)) {
    if (!answer) return http::not_found();
    return fail(ErrorCode::conflict, "They have left the team already.");
  }
  std::string out;
  json::Writer w(out);
  if (answer) write(w, row);
  return changed(answer ? 200 : 204, std::move(out), seen.episode.patient, member);
}

Result<Work> remove_team_member(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto id, call.path_id<EpisodeId>("episode_id"));
  const auto member = Uuid::parse(call.path_parameter("member_id"));
  if (!member) return http::not_found();
  return Work([deps, asker = Asker(call), id, member = *member](db::Tx& tx) -> Result<Reply> {
    return end_member(*deps, tx, asker, id, member, std::nullopt, "", false);
  });
}

Result<Work> end_team_member(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto id, call.path_id<EpisodeId>("episode_id"));
  const auto member = Uuid::parse(call.path_parameter("member_id"));
  if (!member) return http::not_found();
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"on", "reason"});
  const auto on = body.optional("on").date();
  const auto reason = std::string(trim(body.optional("reason").string(0, 500).value_or("")));
  if (!issues.empty()) return issues.error();
  return Work([deps, asker = Asker(call), id, member = *member, on, reason](db::Tx& tx) -> Result<Reply> {
    return end_member(*deps, tx, asker, id, member, on, reason, true);
  });
}

std::string episode_schema() {
  const std::string user =
      R"({"type":["object","null"],"properties":{"id":{"type":"string","format":"uuid"},"name":{"type":"string"}}})";
  return http::schema({{"id", "id!"},
                       {"patient_id", "id!"},
                       {"site_id", "id!"},
                       {"referral_id", "id?!"},
                       {"state", "referred|assessed|active|on_hold|relapse_prevention|closed!"},
                       {"primary_condition", "text?!"},
                       {"primary_instrument", "text?!"},
                       {"target", "text?!"},
                       {"pathway", "text?!"},
                       {"care_manager_id", "id?!"},
                       {"care_manager", user + "!"},
                       {"billing_practitioner", "text?!"},
                       {"consultant_id", "id?!"},
                       {"consultant", user + "!"},
                       {"referred_date", "date!"},
                       {"assessed_date", "date?!"},
                       {"enrolled_date", "date?!"},
                       {"relapse_prevention_date", "date?!"},
                       {"on_hold_date", "date?!"},
                       {"closed_date", "date?!"},
                       {"close_reason", "text?!"},
                       {"weeks_in_care", "integer?!"},
                       {"labels", "[]text!"},
                       {"version", "integer!"}});
}
std::string edit_schema() {
  return http::schema({{"primary_condition", "text?"},
                       {"primary_instrument", "text?"},
                       {"target", "text?"},
                       {"pathway", "text?"},
                       {"pathway_reason", "text"},
                       {"care_manager_id", "id?"},
                       {"billing_practitioner", "text?"},
                       {"consultant_id", "id?"}},
                      true);
}
std::string act_schema() {
  return http::schema({{"act", "assess|enroll|meet_target|complete|hold|resume|relapse|close!"},
                       {"on", "date"},
                       {"reason", "text"},
                       {"close_reason", "text"},
                       {"primary_condition", "text?"},
                       {"primary_instrument", "text?"},
                       {"target", "text?"},
                       {"pathway", "text?"},
                       {"pathway_reason", "text"},
                       {"care_manager_id", "id?"},
                       {"billing_practitioner", "text?"},
                       {"consultant_id", "id?"}},
                      true);
}
std::string consent_schema() {
  return http::schema({{"id", "id!"},
                       {"kind", "text!"},
                       {"method", "verbal|written|electronic|unknown!"},
                       {"text_version", "text!"},
                       {"language", "text!"},
                       {"given_date", "date!"},
                       {"withdrawn_date", "date?!"},
                       {"recorded_by", "object!"},
                       {"version", "integer!"}});
}
std::string consent_body_schema() {
  return http::schema({{"kind", "text"},
                       {"method", "verbal|written|electronic!"},
                       {"text_version", "text!"},
                       {"language", "text"},
                       {"given_date", "date"}},
                      true);
}
/// "care_manager|...|other"
std::string team_roles() {
  std::string words;
  for (const auto role : kTeamRoles) words += (words.empty() ? "" : "|") + std::string(role);
  return words;
}
std::string team_schema() {
  return http::schema({{"id", "id!"},
                       {"role", "text!"},
                       {"user_id", "id?!"},
                       {"name", "text!"},
                       {"since", "date!"},
                       {"until", "date?!"},
                       {"phone", "text?!"},
                       {"relationship", "text?!"},
                       {"informant", "boolean!"},
                       {"until_reason", "text!"}});
}

}  // namespace

void write_open(const Chart& chart, json::Writer& w, db::Tx& tx, const Asker& asker, const Place& place) {
  const auto open_one = find_open(tx, asker.organization(), place.patient);
  if (open_one && asker.caller.may_use(open_one->site)) write(chart, w, tx, *open_one, asker.organization(), place.today);
  else w.null();
}

void write_all(const Chart& chart, json::Writer& w, db::Tx& tx, const Asker& asker, const Place& place) {
  w.array();
  for (const auto& episode : visible_list(tx, asker, place.patient))
    write(chart, w, tx, episode, asker.organization(), place.today);
  w.end();
}

void write_team(const Chart&, json::Writer& w, db::Tx& tx, const Asker& asker, const Place& place) {
  w.array();
  const auto all = visible_list(tx, asker, place.patient);
  auto shown = std::find_if(all.begin(), all.end(), [](const Episode& e) { return e.state != State::closed; });
  if (shown == all.end()) shown = all.begin();
  if (shown != all.end())
    for (const auto& member : list_team(tx, asker.organization(), shown->id)) write(w, member);
  w.end();
}

void write_consents(const Chart& chart, json::Writer& w, db::Tx& tx, const Asker& asker, const Place& place) {
  w.array();
  for (const auto& consent : list_consents(tx, asker.organization(), place.patient))
    write(chart, w, tx, consent, asker.organization());
  w.end();
}

Result<std::vector<PatientId>> move_care_manager(db::Tx& tx, const Asker& asker, SiteId site, UserId from, UserId to,
                                                 const std::optional<std::vector<PatientId>>& only, int most) {
  std::vector<PatientId> moved;
  for (auto& episode : list_of_care_manager(tx, asker.organization(), site, from, most)) {
    if (only && std::find(only->begin(), only->end(), episode.patient) == only->end()) continue;
    episode.care_manager = to;
    if (!update(tx, asker.organization(), episode, asker.now))
      return fail(ErrorCode::conflict, "An episode changed at the same moment. Try again.");
    moved.push_back(episode.patient);
  }
  return moved;
}

std::vector<PatientId> patients_of(db::Tx& tx, OrganizationId organization, SiteId site, UserId care_manager, int most) {
  std::vector<PatientId> found;
  for (const auto& episode : list_of_care_manager(tx, organization, site, care_manager, most)) found.push_back(episode.patient);
  return found;
}

std::vector<UserId> people_of(db::Tx& tx, OrganizationId organization, PatientId patient) {
  std::vector<UserId> people;
  const auto episode = find_open(tx, organization, patient);
  if (!episode) return people;
  const auto add = [&](const std::optional<UserId>& user) {
    if (user && std::find(people.begin(), people.end(), *user) == people.end()) people.push_back(*user);
  };
  add(episode->care_manager);
  add(episode->consultant);
  for (const auto& member : list_team(tx, organization, episode->id))
    if (!member.until) add(member.user);
  return people;
}

void add_to_timeline(db::Tx& tx, const Asker& asker, const Place& place, std::vector<patients::TimelineEntry>& out) {
  const auto json_of = [](std::initializer_list<std::pair<std::string_view, std::string>> fields) {
    std::string text;
    json::Writer w(text);
    w.object();
    for (const auto& [key, value] : fields) w.field(key, value);
    w.end();
    return text;
  };
  for (const auto& episode : visible_list(tx, asker, place.patient)) {
    patients::TimelineEntry opened;
    opened.date = episode.referred_date;
    opened.kind = "episode";
    opened.what = "opened";
    opened.id = episode.id.uuid;
    out.push_back(std::move(opened));
    for (const auto& t : list_transitions(tx, asker.organization(), episode.id)) {
      patients::TimelineEntry e;
      e.date = t.on;
      e.at = t.at;
      e.kind = "episode";
      e.what = std::string(name(t.to));
      e.id = t.id;
      e.who = t.by;
      e.text = t.reason;
      e.data = json_of({{"from", std::string(name(t.from))}, {"episode_id", episode.id.text()}});
      out.push_back(std::move(e));
    }
    for (const auto& m : list_team(tx, asker.organization(), episode.id)) {
      patients::TimelineEntry e;
      e.date = m.since;
      e.at = m.added_at;
      e.kind = "team";
      e.what = "joined";
      e.id = m.id;
      e.who = m.added_by;
      e.data = json_of({{"role", m.role}, {"name", m.name}});
      if (m.until) {
        auto left = e;
        left.date = *m.until;
        left.at = m.ended_at;
        left.what = "left";
        left.who = m.ended_by;
        left.text = m.until_reason;
        out.push_back(std::move(left));
      }
      out.push_back(std::move(e));
    }
  }
  for (const auto& c : list_consents(tx, asker.organization(), place.patient)) {
    patients::TimelineEntry e;
    e.date = c.given_date;
    e.kind = "consent";
    e.what = "given";
    e.id = c.id.uuid;
    e.who = c.recorded_by;
    e.data = json_of({{"kind", c.kind}, {"method", c.method}});
    if (c.withdrawn_date) {
      auto withdrawn = e;
      withdrawn.date = *c.withdrawn_date;
      withdrawn.what = "withdrawn";
      withdrawn.who = std::nullopt;
      out.push_back(std::move(withdrawn));
    }
    out.push_back(std::move(e));
  }
}

std::optional<std::string> open_state(db::Tx& tx, OrganizationId organization, PatientId patient) {
  const auto found = find_open(tx, organization, patient);
  if (!found) return std::nullopt;
  return std::string(name(found->state));
}

Result<Episode> open(const Chart& chart, db::Tx& tx, const Asker& asker, PatientId patient, SiteId site,
                     std::optional<ReferralId> referral, Date referred_date) {
  Episode episode;
  episode.id = EpisodeId(chart.ids->next());
  episode.patient = patient;
  episode.site = site;
  episode.referral = referral;
  episode.referred_date = referred_date;
  CONCORD_TRY_VOID(insert(tx, asker.organization(), episode, asker.now));
  return episode;
}

std::optional<std::pair<EpisodeId, State>> of_referral(db::Tx& tx, OrganizationId organization, PatientId patient,
                                                       ReferralId referral) {
  for (const auto& episode : list(tx, organization, patient))
    if (episode.referral == referral) return std::pair(episode.id, episode.state);
  return std::nullopt;
}

Result<void> close_of_referral(const Chart& chart, db::Tx& tx, const Asker& asker, PatientId patient, ReferralId referral,
                               std::string_view reason, std::string_view note, Date on) {
  for (const auto& episode : list(tx, asker.organization(), patient)) {
    if (episode.referral != referral) continue;
    if (is_enrolled(episode.state))
      return fail(ErrorCode::conflict, "The patient is enrolled. Close the episode itself, with its reason.");
    if (episode.state == State::closed) return {};
    CONCORD_TRY(const auto after, apply(episode, Act::close, on, {}, std::string(reason)));
    if (!update(tx, asker.organization(), after, asker.now))
      return fail(ErrorCode::conflict, "The episode changed at the same moment. Load the page again.");
    note_transition(chart, tx, asker, episode, after, on, std::string(note.empty() ? reason : note));
  }
  return {};
}

std::vector<http::Route> routes(const Deps& given) {
  const Kept deps = std::make_shared<const Deps>(given);
  using Step = Result<Work> (*)(const Kept&, const Call&);
  const auto handler = [deps](Step step) -> http::Handler { return [deps, step](const Call& call) { return step(deps, call); }; };
  using http::Method;
  using http::RunAs;
  return {
      {Method::get,
       "/api/v1/patients/{patient_id}/episodes",
       "episodes.list",
       "episodes.read",
       "Episodes of a patient, newest first",
       RunAs::point,
       false,
       "",
       http::list_schema(episode_schema()),
       {},
       handler(list_episodes)},
      {Method::get,
       "/api/v1/episodes/{episode_id}",
       "episodes.read",
       "episodes.read",
       "One episode",
       RunAs::point,
       false,
       "",
       episode_schema(),
       {},
       handler(read_episode)},
      {Method::post,
       "/api/v1/episodes",
       "episodes.create",
       "episodes.write",
       "Opens an episode without a referral form",
       RunAs::write,
       true,
       http::schema({{"patient_id", "id!"}, {"site_id", "id!"}, {"referred_date", "date"}}, true),
       episode_schema(),
       {},
       handler(create_episode)},
      {Method::patch,
       "/api/v1/episodes/{episode_id}",
       "episodes.edit",
       "episodes.write",
       "Changes condition, instrument, target, team",
       RunAs::write,
       false,
       edit_schema(),
       episode_schema(),
       {},
       handler(edit_episode)},
      {Method::post,
       "/api/v1/episodes/{episode_id}/acts",
       "episodes.act",
       "episodes.write",
       "Moves the episode along its states",
       RunAs::write,
       false,
       act_schema(),
       episode_schema(),
       {},
       handler(act_on_episode)},
      {Method::get,
       "/api/v1/patients/{patient_id}/consents",
       "consents.list",
       "episodes.read",
       "Consents of a patient",
       RunAs::point,
       false,
       "",
       http::list_schema(consent_schema()),
       {},
       handler(list_patient_consents)},
      {Method::post,
       "/api/v1/patients/{patient_id}/consents",
       "consents.create",
       "episodes.write",
       "Records a consent",
       RunAs::write,
       true,
       consent_body_schema(),
       consent_schema(),
       {},
       handler(add_consent)},
      {Method::post,
       "/api/v1/patients/{patient_id}/consents/{consent_id}/withdraw",
       "consents.withdraw",
       "episodes.write",
       "Notes that a consent was withdrawn",
       RunAs::write,
       false,
       http::schema({{"on", "date"}}, true),
       consent_schema(),
       {},
       handler(withdraw_consent)},
      {Method::get,
       "/api/v1/episodes/{episode_id}/team",
       "care_team.list",
       "episodes.read",
       "Care team of an episode",
       RunAs::point,
       false,
       "",
       http::list_schema(team_schema()),
       {},
       handler(list_episode_team)},
      {Method::post,
       "/api/v1/episodes/{episode_id}/team",
       "care_team.create",
       "episodes.write",
       "Adds somebody to the care team",
       RunAs::write,
       true,
       http::schema({{"role", team_roles() + "!"},
                     {"user_id", "id"},
                     {"name", "text"},
                     {"since", "date"},
                     {"phone", "text?"},
                     {"relationship", "text?"},
                     {"informant", "boolean"}},
                    true),
       team_schema(),
       {},
       handler(add_team_member)},
      {Method::del,
       "/api/v1/episodes/{episode_id}/team/{member_id}",
       "care_team.end",
       "episodes.write",
       "Somebody leaves the care team",
       RunAs::write,
       false,
       "",
       "",
       {},
       handler(remove_team_member)},
      {Method::post,
       "/api/v1/episodes/{episode_id}/team/{member_id}/end",
       "care_team.leave",
       "episodes.write",
       "Somebody leaves the care team, on a day and with a reason",
       RunAs::write,
       false,
       http::schema({{"on", "date"}, {"reason", "text"}}, true),
       team_schema(),
       {},
       handler(end_team_member)},
  };
}

}  // namespace concord::episodes
