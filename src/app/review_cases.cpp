#include "app/review_cases.h"

#include "base/check.h"
#include "json/value.h"

namespace concord::app {
namespace {

using caseload::Rule;
using reviews::Case;
using reviews::Cause;
using reviews::Reason;

/// More than a site of a large program has open at once; the agenda is for a caseload, not for a country.
constexpr std::size_t kMostCases = 5000;

std::optional<Reason> reason_of(Rule rule) {
  switch (rule) {
    case Rule::safety_unreviewed:
    case Rule::safety_reassess:
      return Reason::safety;
    case Rule::review_new:
      return Reason::new_case;
    case Rule::review_nonresponse:
      return Reason::nonresponse;
    case Rule::review_stale:
      return Reason::stale;
    case Rule::score_worse:
    case Rule::relapse:
      return Reason::worse;
    case Rule::recommendation_unanswered:
    case Rule::recommendation_undone:
      return Reason::undone;
    default:
      return std::nullopt;
  }
}

std::string_view evidence_name(caseload::EvidenceKind kind) {
  using caseload::EvidenceKind;
  switch (kind) {
    case EvidenceKind::measurement:
      return "measurement";
    case EvidenceKind::review:
      return "review";
    case EvidenceKind::safety_event:
      return "safety_event";
    case EvidenceKind::recommendation:
      return "recommendation";
    default:
      return "episode";
  }
}

void add_causes(Case& c, const std::vector<caseload::Trigger>& triggers, const caseload::RuleSet& rules,
                const patients::Asker& asker, std::string_view instrument, Date day) {
  const caseload::Scene scene{rules, day, std::nullopt, asker.caller.language, instrument, c.enrolled};
  caseload::Line line;
  for (const auto& trigger : triggers) {
    const auto reason = reason_of(trigger.rule);
    if (!reason || !trigger.counts(day)) continue;
    caseload::render(trigger, scene, line);
    Cause cause;
    cause.reason = *reason;
    cause.since = trigger.from;
    cause.due = trigger.due;
    cause.text = line.text;
    cause.citation = std::string(line.citation);
    if (trigger.evidence_count > 0) {
      cause.evidence_kind = std::string(evidence_name(trigger.evidence[0].kind));
      cause.evidence = trigger.evidence[0].id;
    }
    c.causes.push_back(std::move(cause));
  }
}

std::optional<Date> date_of(const json::Value* value) {
  return value && value->is(json::Kind::string) ? Date::parse(value->text()) : std::nullopt;
}
std::optional<double> real_of(const json::Value* value) {
  return value && value->is(json::Kind::number) ? value->real() : std::nullopt;
}
std::string text_of(const json::Value* value) {
  return value && value->is(json::Kind::string) ? std::string(value->text()) : std::string();
}

/// A row of the projection: what time does not change is JSON, what it does is bytes.
Case case_of(const caseload::ListedRow& row, const caseload::RuleSet& rules, const patients::Asker& asker, SiteId site, Date day,
             caseload::Kept& kept) {
  const auto document = json::Document::parse("{" + std::string(row.body()) + "}");
  CHECK(document.has_value());  // our own bytes
  const json::Value& root = document->root();
  caseload::decode(row.triggers(), kept);
  Case c;
  c.patient = patients::PatientId(row.patient);
  c.episode = row.episode;
  c.site = site;
  c.name = text_of(root.find("name"));
  c.birth_date = kept.birth_date;
  c.state = text_of(root.find("state"));
  if (!row.care_manager.is_nil()) {
    c.care_manager = UserId(row.care_manager);
    c.care_manager_name = text_of(root.find("care_manager"));
  }
  c.enrolled = kept.enrolled;
  c.plan_since = kept.plan_since;
  c.next_due = kept.next_due;
  c.last_review = date_of(root.find("last_review_date"));
  c.last_contact = date_of(root.find("last_contact_date"));
  if (const auto* primary = root.find("primary"); primary && primary->is(json::Kind::object)) {
    c.score.instrument = text_of(primary->find("instrument"));
    c.score.baseline = real_of(primary->find("baseline"));
    c.score.baseline_date = date_of(primary->find("baseline_date"));
    c.score.current = real_of(primary->find("current"));
    c.score.current_date = date_of(primary->find("current_date"));
    if (c.score.baseline && c.score.current) c.score.change = *c.score.current - *c.score.baseline;
    c.score.percent = real_of(primary->find("percent"));
  }
  add_causes(c, kept.triggers, rules, asker, kept.instrument, day);
  return c;
}

}  // namespace

std::vector<Case> review_cases(db::Tx& tx, const patients::Asker& asker, const caseload::RuleSet& rules, SiteId site,
                               const std::vector<UserId>& care_managers, Date day) {
  std::vector<Case> cases;
  caseload::Kept kept;
  const auto read = [&](std::optional<UserId> manager) {
    caseload::Filter filter;
    const SiteId sites[] = {site};
    filter.sites = sites;
    filter.care_manager = manager;
    filter.today = [day](SiteId) { return day; };
    filter.limit = kMostCases;
    for (const auto& row : caseload::list(tx, asker.organization(), filter).rows)
      cases.push_back(case_of(row, rules, asker, site, day, kept));
  };
  for (const auto& manager : care_managers) read(manager);
  if (care_managers.empty()) read(std::nullopt);
  return cases;
}

std::optional<Case> review_case(db::Tx& tx, const patients::Asker& asker, const caseload::RuleSet& rules,
                                patients::PatientId patient, Date day) {
  const auto facts = caseload::read_facts(tx, asker.organization(), patient, rules);
  if (!facts) return std::nullopt;
  const auto row = caseload::derive(*facts, rules);
  Case c;
  c.patient = patient;
  c.episode = row.episode.uuid;
  c.site = row.site;
  c.name = row.display_name();
  c.birth_date = row.birth_date;
  c.state = std::string(episodes::name(row.state));
  c.care_manager = row.care_manager;
  c.care_manager_name = row.care_manager_name;
  c.enrolled = row.enrolled;
  c.last_review = row.last_review;
  c.plan_since = row.plan_since;
  c.last_contact = row.last_contact;
  c.next_due = row.next_due;
  c.score = {row.primary.instrument,    row.primary.baseline,    row.primary.current, row.primary.change, {},
             row.primary.baseline_date, row.primary.current_date};
  if (row.primary.percent) c.score.percent = measurements::one_decimal(*row.primary.percent);
  add_causes(c, row.triggers, rules, asker, row.primary.instrument, day);
  return c;
}

void write_trend(json::Writer& w, db::Tx& tx, const patients::Asker& asker, const caseload::RuleSet& rules,
                 const patients::Place& place) {
  const auto facts = caseload::read_facts(tx, asker.organization(), place.patient, rules);
  if (!facts || facts->primary_instrument.empty()) {
    w.null();
    return;
  }
  caseload::write_summary(w, caseload::derive(*facts, rules).primary, rules);
}

}  // namespace concord::app
