#include "exchange/rows.h"

#include <array>
#include <charconv>

namespace concord::exchange {

Uuid row_id(OrganizationId organization, std::string_view source, std::string_view kind, std::string_view key) {
  if (source == "csv")
    if (auto own = Uuid::parse(key)) return *own;
  const std::string_view org(reinterpret_cast<const char*>(organization.uuid.bytes.data()), 16);
  const std::array<std::string_view, 5> parts = {"concord import", org, source, kind, key};
  return make_uuid_from(parts);
}

Content& Content::add(std::string_view text) {
  // Length first, so that no two lists of fields read alike.
  std::array<char, 12> size{};
  auto end = std::to_chars(size.data(), size.data() + size.size(), text.size()).ptr;
  text_.append(size.data(), end);
  text_ += ':';
  text_ += text;
  return *this;
}

Content& Content::add(double number) {
  std::array<char, 32> digits{};
  auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  text_.append(digits.data(), end);
  text_ += '\x1f';
  return *this;
}

Content& Content::add(Instant at) {
  std::array<char, 24> digits{};
  auto end = std::to_chars(digits.data(), digits.data() + digits.size(), at.time_since_epoch().count()).ptr;
  text_.append(digits.data(), end);
  text_ += '\x1f';
  return *this;
}

Content& Content::add(const Uuid& id) {
  text_.append(reinterpret_cast<const char*>(id.bytes.data()), id.bytes.size());
  return *this;
}

Digest Content::digest() const {
  const std::array<std::string_view, 1> parts = {text_};
  return make_uuid_from(parts);
}

Digest digest_of(const patients::Patient& r) {
  Content c;
  c.add(r.site).add(r.given_name).add(r.family_name).add(r.birth_date).add(r.sex).add(r.gender_identity).add(r.race);
  c.add(r.ethnicity).add(r.language).add(r.interpreter_needed).add(r.preferred_channel).add(r.phone).add(r.email);
  c.add(r.postal_code).add(r.deceased_date).add(r.placeholder).add(r.labels);
  for (const auto& identifier : r.identifiers) c.add(identifier.system).add(identifier.value);
  return c.digest();
}

Digest digest_of(const patients::Coverage& r) {
  return Content().add(r.patient).add(r.payer_category).add(r.plan_name).add(r.start_date).add(r.end_date).digest();
}

Digest digest_of(const referrals::Referral& r) {
  return Content()
      .add(r.patient)
      .add(r.site)
      .add(r.referred_by)
      .add(r.reason)
      .add(r.received_date)
      .add(r.outcome)
      .add(r.outcome_date)
      .add(r.seen_elsewhere_date)
      .digest();
}

Digest digest_of(const referrals::Attempt& r) {
  return Content().add(r.referral).add(r.on).add(r.modality).add(r.result).add(r.note).digest();
}

Digest digest_of(const episodes::Episode& r) {
  Content c;
  c.add(r.patient).add(r.site).add(r.referral).add(episodes::name(r.state)).add(r.primary_condition).add(r.primary_instrument);
  c.add(r.target).add(r.pathway).add(r.care_manager).add(r.billing_practitioner).add(r.consultant).add(r.referred_date);
  c.add(r.assessed_date).add(r.enrolled_date).add(r.relapse_prevention_date).add(r.on_hold_date).add(r.closed_date);
  c.add(r.close_reason).add(r.labels);
  return c.digest();
}

Digest digest_of(const TeamMember& r) {
  return Content()
      .add(r.episode)
      .add(r.member.role)
      .add(r.member.user)
      .add(r.member.name)
      .add(r.member.since)
      .add(r.member.until)
      .digest();
}

Digest digest_of(const episodes::Consent& r) {
  return Content()
      .add(r.patient)
      .add(r.kind)
      .add(r.method)
      .add(r.text_version)
      .add(r.language)
      .add(r.given_date)
      .add(r.withdrawn_date)
      .digest();
}

Digest digest_of(const measurements::Measurement& r) {
  Content c;
  c.add(r.patient).add(r.instrument).add(r.informant).add(r.mode).add(r.language).add(r.administered_at).add(r.administered_date);
  c.add(r.total).add(r.severity).add(r.valid).add(r.prorated).add(r.safety).add(r.stated_total).add(r.labels);
  for (const auto& answer : r.answers) c.add(answer.item).add(answer.value);
  for (const auto& subscale : r.subscales) c.add(subscale.id).add(subscale.total);
  return c.digest();
}

Digest digest_of(const contacts::Contact& r) {
  Content c;
  c.add(r.patient).add(r.date).add(r.started_at).add(r.staff).add(r.staff_role).add(r.kind).add(r.modality).add(r.minutes);
  c.add(r.with_whom).add(r.note).add(r.next_due_date).add(r.next_due_modality).add(r.labels);
  for (const auto& intervention : r.interventions) c.add(intervention);
  return c.digest();
}

Digest digest_of(const contacts::TimeEntry& r) {
  return Content()
      .add(r.patient)
      .add(r.date)
      .add(r.staff_name)
      .add(r.minutes)
      .add(r.activity)
      .add(r.start_minute)
      .add(r.separately_billed)
      .digest();
}

Digest digest_of(const patients::Condition& r) {
  Content c;
  c.add(r.patient).add(r.text).add(r.code).add(r.code_system).add(r.clinical_status);
  c.add(r.onset_date).add(r.ended_date).add(r.recorded_date);
  if (r.labels != "normal") c.add(r.labels);  // what was imported before had none
  return c.digest();
}

Digest digest_of(const patients::Allergy& r) {
  return Content()
      .add(r.patient)
      .add(r.substance)
      .add(r.code)
      .add(r.code_system)
      .add(r.category)
      .add(r.criticality)
      .add(r.reaction)
      .add(r.onset_date)
      .add(r.ended_date)
      .add(r.end_reason)
      .digest();
}

Digest digest_of(const plans::Plan& r) {
  Content c;
  c.add(r.patient).add(r.title).add(r.status).add(r.start_date).add(r.ended_date);
  for (const auto& v : r.versions) c.add(v.language).add(plans::encode(r.kind, v.content));
  return c.digest();
}

Digest digest_of(const plans::Goal& r) {
  return Content().add(r.patient).add(r.what).add(r.until).add(r.status_reason).add(r.status_date).add(r.start_date).digest();
}

Digest digest_of(const treatments::Treatment& r) {
  Content c;
  c.add(r.patient).add(r.kind).add(r.name).add(r.code).add(r.dose).add(r.start_date).add(r.stop_date).add(r.stop_reason);
  for (const auto& change : r.changes) c.add(change.on).add(change.from_dose).add(change.to_dose).add(change.reason);
  return c.digest();
}

Digest digest_of(const reviews::Review& r) {
  return Content()
      .add(r.patient)
      .add(r.date)
      .add(r.reviewer_name)
      .add(r.question)
      .add(r.recommendation_documented)
      .add(r.recommendation)
      .add(r.recommendation_to)
      .add(r.recommendation_state)
      .add(r.answered_date)
      .add(r.answer_reason)
      .add(r.done_date)
      .digest();
}

Digest digest_of(const safety::SafetyEvent& r) {
  return Content()
      .add(r.patient)
      .add(r.signalled_date)
      .add(r.signal)
      .add(r.level)
      .add(r.disposition)
      .add(r.closed_at)
      .add(r.reassess_date)
      .digest();
}

Digest digest_of(const PracticeVisit& r) {
  return Content().add(r.patient).add(r.date).add(r.provider_category).add(r.billing_codes).add(r.modality).digest();
}

Digest digest_of(const SiteMonth& r) { return Content().add(r.site).add(r.month_start).add(r.bhcm_fte).digest(); }

Digest digest_of(const OutsideParty& r) {
  return Content().add(r.kind).add(r.name).add(r.identifier).add(r.role).add(r.phone).add(r.placeholder).digest();
}

}  // namespace concord::exchange
