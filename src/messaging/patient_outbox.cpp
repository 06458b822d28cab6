#include "messaging/patient_outbox.h"

#include <algorithm>
#include <map>

#include "base/check.h"
#include "messaging/outbox_parts.h"
#include "messaging/patient_messages_store.h"

namespace concord::messaging {
namespace {

constexpr std::string_view kReadKind = "checkins.read";
constexpr std::chrono::hours kAnswerOncePer{24};
constexpr int kMostOfANumber = 200;
/// From so many on, range reads and bulk loads are cheaper than single statements.
constexpr std::size_t kMany = 16;

/// What a choice of ways needs, read once for a range of patients.
class Desk {
 public:
  Desk(const Outbox& outbox, db::Tx& tx, OrganizationId organization, PatientId first, PatientId last, bool many)
      : outbox_(outbox), tx_(tx), organization_(organization) {
    CHECK(outbox.recipients != nullptr);
    recipients_ = outbox.recipients(tx, organization, first, last);
    preferences_ = list_preferences(tx, organization, first, last);
    if (many) addresses_ = list_addresses(tx, organization);
  }
  const std::vector<Recipient>& recipients() const { return recipients_; }
  const Recipient* recipient(PatientId patient) const {
    const auto found = std::lower_bound(recipients_.begin(), recipients_.end(), patient,
                                        [](const Recipient& r, PatientId id) { return r.patient < id; });
    return found != recipients_.end() && found->patient == patient ? &*found : nullptr;
  }
  const Preference& preference(PatientId patient) const {
    static const Preference kDefault;
    const auto found = preferences_.find(patient);
    return found == preferences_.end() ? kDefault : found->second;
  }
  AddressState address(Channel channel, const std::string& address) const {
    if (!addresses_) return find_address(tx_, organization_, channel, address).state();
    const auto found = addresses_->find({channel, address});
    return found == addresses_->end() ? AddressState{} : found->second;
  }
  Ways ways(const Recipient& r) const {
    AddressState mail, sms;
    if (r.mail) mail = address(Channel::mail, *r.mail);
    if (const auto number = r.phone ? normal_phone(*r.phone) : std::nullopt) sms = address(Channel::sms, *number);
    return ways_to(r, preference(r.patient), mail, sms, outbox_.mail_is_set_up, outbox_.sms_is_set_up);
  }
  QuietHours quiet(PatientId patient) const {
    const auto& p = preference(patient);
    return p.quiet_from && p.quiet_until ? QuietHours{*p.quiet_from, *p.quiet_until} : outbox_.quiet;
  }

 private:
  const Outbox& outbox_;
  db::Tx& tx_;
  OrganizationId organization_;
  std::vector<Recipient> recipients_;
  std::map<PatientId, Preference> preferences_;
  std::optional<Addresses> addresses_;
};

std::string language_of(const ToPatient& to, const Preference& preference, const Recipient& recipient) {
  const std::string wish = to.language           ? *to.language
                           : preference.language ? *preference.language
                                                 : recipient.language.value_or("en");
  return wish.starts_with("es") ? "es" : "en";
}

MessageId id_once(OrganizationId organization, const ToPatient& to) {
  const std::string where = organization.text(), who = to.patient.text(), object = to.object.text();
  const std::string address = to.to_address.value_or("");
  const std::string_view parts[] = {"messaging.to_patient", where, who, to.kind, object, address, to.once};
  return MessageId(make_uuid_from(parts));
}

std::optional<Way> explicit_way(const Outbox& outbox, const Desk& desk, const std::string& address) {
  Way way;
  if (address.find('@') != std::string::npos) {
    if (!outbox.mail_is_set_up || !is_mail_address(address)) return std::nullopt;
    way = {Channel::mail, address};
  } else {
    const auto number = normal_phone(address);
    if (!outbox.sms_is_set_up || !number) return std::nullopt;
    way = {Channel::sms, *number};
  }
  if (desk.address(way.channel, way.address).stopped) return std::nullopt;
  return way;
}

/// The way and whether the other one may follow; nullopt when there is none.
struct Choice {
  Way way;
  bool may_fall_back = false;
};
std::optional<Choice> choose(const Outbox& outbox, const Desk& desk, const ToPatient& to, const Recipient& recipient) {
  if (to.to_address) {
    const auto way = explicit_way(outbox, desk, *to.to_address);
    return way ? std::optional(Choice{*way, false}) : std::nullopt;
  }
  if (to.kind == kReadKind && !desk.preference(to.patient).tell_when_read) return std::nullopt;
  const auto ways = desk.ways(recipient);
  for (const auto& way : ways.ways)
    if (!to.only || *to.only == way.channel) return Choice{way, !to.only};
  return std::nullopt;
}

Message compose(const Outbox& outbox, const Desk& desk, const ToPatient& to, const Recipient& recipient, const Choice& choice,
                Instant now) {
  const auto* kind = outbox.patient_texts->kind(to.kind);
  Message m;
  m.patient = to.patient;
  m.kind = to.kind;
  m.object = to.object;
  m.channel = choice.way.channel;
  m.address = choice.way.address;
  m.language = language_of(to, desk.preference(to.patient), recipient);
  m.urgent = false;
  m.queued_at = now;
  m.not_before = to.ignores_quiet_hours ? now : not_before(now, desk.quiet(to.patient), recipient.zone);
  m.next_at = m.not_before;
  m.clinic = recipient.clinic;
  if (kind->link == "secret") m.link_path = to.path;
  if (kind->link == "page") m.page_path = to.path;
  m.code = to.code;
  m.ignores_quiet_hours = to.ignores_quiet_hours;
  m.own_address = !to.to_address;
  m.may_fall_back = choice.may_fall_back;
  return m;
}

}  // namespace

std::vector<Queued> tell(const Outbox& outbox, db::Tx& tx, OrganizationId organization, const ToPatient& to) {
  return tell(outbox, tx, organization, std::span(&to, 1)).front();
}

std::vector<std::vector<Queued>> tell(const Outbox& outbox, db::Tx& tx, OrganizationId organization,
                                      std::span<const ToPatient> all) {
  std::vector<std::vector<Queued>> told(all.size());
  if (all.empty()) return told;
  CHECK(outbox.patient_texts != nullptr);
  const auto [first, last] =
      std::minmax_element(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.patient < b.patient; });
  const Instant now = outbox.clock->now();
  const Desk desk(outbox, tx, organization, first->patient, last->patient, all.size() >= kMany);
  std::optional<std::vector<WaitingMessage>> waiting;
  std::vector<Message> fresh;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const ToPatient& to = all[i];
    const auto* kind = outbox.patient_texts->kind(to.kind);
    CHECK(kind != nullptr);
    CHECK(kind->code == to.code.has_value());
    const Recipient* recipient = desk.recipient(to.patient);
    if (!recipient) continue;
    const auto choice = choose(outbox, desk, to, *recipient);
    if (!choice) continue;
    Message m = compose(outbox, desk, to, *recipient, *choice, now);
    if (!to.once.empty()) {
      m.id = id_once(organization, to);
      if (insert(tx, organization, m)) enqueue(outbox, tx, organization, m, now);
      else if (const auto there = find_message(tx, organization, m.id)) m.channel = there->channel;
      told[i] = {{m.channel, m.id}};
      continue;
    }
    if (kind->link == "page" && m.own_address) {
      if (!waiting) waiting = list_waiting(tx, organization, first->patient, last->patient);
      const auto same = std::find_if(waiting->begin(), waiting->end(), [&](const WaitingMessage& w) {
        return w.patient == to.patient && w.kind == to.kind && w.page_path == to.path;
      });
      if (same != waiting->end()) {
        told[i] = {{same->channel, same->message}};
        continue;
      }
    }
    m.id = MessageId(outbox.ids->next());
    told[i] = {{m.channel, m.id}};
    if (waiting) waiting->push_back({to.patient, m.id, m.kind, m.page_path.value_or(""), m.channel});
    fresh.push_back(std::move(m));
  }
  if (fresh.size() >= kMany) {
    insert_new(tx, organization, fresh);
    enqueue_new(outbox, tx, organization, fresh, now);
  } else {
    for (const auto& m : fresh) {
      CHECK(insert(tx, organization, m));
      enqueue(outbox, tx, organization, m, now);
    }
  }
  return told;
}

std::vector<std::pair<PatientId, Reach>> reach_of(const Outbox& outbox, db::Tx& tx, OrganizationId organization, PatientId first,
                                                  PatientId last) {
  const Desk desk(outbox, tx, organization, first, last, first != last);
  std::vector<std::pair<PatientId, Reach>> all;
  for (const auto& recipient : desk.recipients()) {
    const auto ways = desk.ways(recipient);
    Reach reach;
    if (ways.ways.empty()) reach.why_not = ways.why_not;
    else reach.channel = ways.ways.front().channel;
    all.emplace_back(recipient.patient, std::move(reach));
  }
  return all;
}

Reach reach_of(const Outbox& outbox, db::Tx& tx, OrganizationId organization, PatientId patient) {
  auto one = reach_of(outbox, tx, organization, patient, patient);
  return one.empty() ? Reach{std::nullopt, "no_address"} : std::move(one.front().second);
}

Look look_again(const Outbox& outbox, db::Tx& tx, OrganizationId organization, const Message& m, Instant now) {
  Look look;
  look.is_needed = !outbox.patient_needs || outbox.patient_needs(tx, organization, m);
  const Desk desk(outbox, tx, organization, *m.patient, *m.patient, false);
  const Recipient* recipient = desk.recipient(*m.patient);
  // Answers to STOP, START and HELP go to the number that asked, whatever it said.
  const bool is_answer = m.kind.starts_with("sms.");
  if (!recipient) {
    look.way_is_open = false;
  } else if (m.own_address && !is_answer) {
    const auto ways = desk.ways(*recipient).ways;
    look.way_is_open = std::any_of(ways.begin(), ways.end(),
                                   [&](const Way& way) { return way.channel == m.channel && way.address == m.address; });
  } else if (!is_answer) {
    look.way_is_open = !desk.address(m.channel, m.address).stopped;
  }
  if (look.way_is_open && !m.ignores_quiet_hours)
    if (const Instant until = not_before(now, desk.quiet(*m.patient), recipient->zone); until > now) look.hold_until = until;
  return look;
}

std::optional<Outgoing> words_to_patient(const Outbox& outbox, OrganizationId organization, const Message& m) {
  const auto* kind = outbox.patient_texts->kind(m.kind);
  const auto* text = outbox.patient_texts->of(m.kind, m.language);
  if (!kind || !text) return std::nullopt;
  const auto& path = kind->link == "secret" ? m.link_path : m.page_path;
  if ((kind->link != "none" && !path) || (kind->code && !m.code)) return std::nullopt;
  const bool is_sms = m.channel == Channel::sms;
  const std::string clinic = is_sms ? clinic_for_sms(m.clinic) : m.clinic.empty() ? "Your clinic" : m.clinic;
  const std::string link = kind->link == "none" ? "" : outbox.public_url + *path;
  Outgoing out;
  out.channel = m.channel;
  out.to = m.address;
  out.subject = fill(text->subject, clinic, link, m.code.value_or(""));
  out.text = fill(is_sms ? text->sms : text->mail, clinic, link, m.code.value_or(""));
  out.message_id = m.id.text();
  out.from_name = clinic;
  out.status_query = "organization=" + organization.text() + "&message=" + m.id.text();
  return out;
}

bool fall_back(const Outbox& outbox, db::Tx& tx, OrganizationId organization, const Message& m, Instant now) {
  if (!m.may_fall_back || !m.own_address) return false;
  const auto* kind = outbox.patient_texts->kind(m.kind);
  if (!kind || (kind->link == "secret" && !m.link_path) || (kind->code && !m.code)) return false;
  const Desk desk(outbox, tx, organization, *m.patient, *m.patient, false);
  const Recipient* recipient = desk.recipient(*m.patient);
  if (!recipient) return false;
  for (const auto& way : desk.ways(*recipient).ways) {
    if (way.channel == m.channel && way.address == m.address) continue;
    Message other = m;
    const std::string where = organization.text(), which = m.id.text();
    const std::string_view parts[] = {"messaging.instead", where, which};
    other.id = MessageId(make_uuid_from(parts));
    other.channel = way.channel;
    other.address = way.address;
    other.state = "queued";
    other.attempts = other.attempts_before = 0;
    other.queued_at = now;
    other.not_before = m.ignores_quiet_hours ? now : not_before(now, desk.quiet(*m.patient), recipient->zone);
    other.next_at = other.not_before;
    other.ended_at = std::nullopt;
    other.delivery = other.delivery_code = std::nullopt;
    other.delivery_at = std::nullopt;
    other.instead_of = m.id;
    // Another address of the same kind (a corrected number) may itself turn out dead; the other kind is the last try.
    other.may_fall_back = way.channel == m.channel;
    if (insert(tx, organization, other)) enqueue(outbox, tx, organization, other, now);
    return true;
  }
  return false;
}

void ended(const Outbox& outbox, db::Tx& tx, OrganizationId organization, const Message& m, bool for_good, Instant now) {
  if (m.state == "sent") {
    // An SMS has only been taken by the gateway; it says later whether it arrived.
    if (m.channel == Channel::mail) note_working(tx, organization, m.channel, m.address);
    return;
  }
  if (for_good) note_failing(tx, organization, m.channel, m.address, now);
  if (!fall_back(outbox, tx, organization, m, now) && outbox.not_reached) outbox.not_reached(tx, organization, m);
}

WroteBack wrote_back(const Outbox& outbox, db::Tx& tx, std::span<const OrganizationId> organizations, std::string_view number,
                     std::string_view body) {
  WroteBack out;
  out.keyword = keyword_of(body);
  const Instant now = outbox.clock->now();
  const auto known = written_to(tx, number, kMostOfANumber);
  bool is_news = false;
  if (out.keyword == Keyword::stop || out.keyword == Keyword::start) {
    // Also where nobody with this number was written to yet: it is the number that wants peace.
    for (const auto organization : organizations)
      is_news = (out.keyword == Keyword::stop ? stop_address(tx, organization, Channel::sms, number, now)
                                              : start_address(tx, organization, Channel::sms, number)) ||
                is_news;
    for (const auto& k : known) out.patients.emplace_back(k.organization, k.patient);
  } else if (!known.empty()) {
    is_news = note_wrote_back(tx, known.front().organization, Channel::sms, number, now, now - kAnswerOncePer) ||
              out.keyword == Keyword::help;
    out.patients.emplace_back(known.front().organization, known.front().patient);
  }
  if (!is_news || known.empty() || !outbox.sms_is_set_up) return out;
  // One answer, in the name of whoever wrote last.
  const auto& last = known.front();
  const auto words = last_words(tx, last.organization, last.patient, number);
  Message m;
  m.id = MessageId(outbox.ids->next());
  m.patient = last.patient;
  m.kind = out.keyword == Keyword::stop ? "sms.stopped" : out.keyword == Keyword::start ? "sms.started" : "sms.help";
  m.channel = Channel::sms;
  m.address = number;
  m.language = words.language;
  m.clinic = words.clinic;
  m.queued_at = m.not_before = now;
  m.next_at = now;
  m.ignores_quiet_hours = true;
  m.own_address = words.own_address;
  CHECK(insert(tx, last.organization, m));
  enqueue(outbox, tx, last.organization, m, now);
  return out;
}

std::optional<Message> delivery_came(const Outbox& outbox, db::Tx& tx, OrganizationId organization, MessageId message,
                                     std::string_view status, std::string_view code) {
  auto m = find_message(tx, organization, message);
  if (!m || !m->patient) return std::nullopt;
  const bool arrived = status == "delivered", came_back = status == "undelivered" || status == "failed";
  if (!arrived && !came_back) return m;
  const Instant now = outbox.clock->now();
  const bool was_known = m->delivery.has_value();
  if (!set_delivery(tx, organization, message, arrived ? "delivered" : "undelivered", now, code)) return m;
  if (arrived) {
    note_working(tx, organization, m->channel, m->address);
  } else if (!was_known) {
    note_failing(tx, organization, m->channel, m->address, now);
    m->delivery = "undelivered";
    // The link was wiped when the gateway took it; texts that lead to a page can still go the other way.
    if (!fall_back(outbox, tx, organization, *m, now) && outbox.not_reached) outbox.not_reached(tx, organization, *m);
  }
  return find_message(tx, organization, message);
}

}  // namespace concord::messaging
