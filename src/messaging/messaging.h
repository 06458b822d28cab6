// Words that must reach a person of the staff: a notice inside Concord, and mail or SMS beside it. Whoever has
// something to tell makes a Notice in the transaction of its cause; both are there or neither. A worker sends.
//
//            notify (cause's transaction)              send ok
//   (none) ------------------------------> queued ---------------------> sent
//                                           |   ^                        (every attempt is a row of message_attempt)
//                       send fails, may     |   |  pause: 30 s, 1 min, 2 min, ... 1 h (jobs/job.h)
//                       be tried again      v   |
//                                         retrying ---> dead   no attempts left, refused for good, or not set up
//                                                        |
//                                                        +--> queued again, by a person
//
// Nothing personal leaves: texts are templates (content/messages/<kind>.json) whose only variable is a link that
// needs sign-in. A mail may arrive twice (a worker may die after the server took it), never not at all without
// somebody being told. Read next: messaging_store.h, outbox.h (notify, send), messaging_api.h, transport_curl.h.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/caller.h"
#include "base/id.h"
#include "base/result.h"
#include "patients/patients.h"

namespace concord::db {
class Tx;
}

namespace concord::messaging {

using patients::PatientId;
using NoticeId = Id<struct NoticeTag>;
using MessageId = Id<struct MessageTag>;

/// Tell `to` that something of `kind` waits for them.
struct Notice {
  UserId to;
  std::string kind;                  ///< a file of content/messages: "safety.signal"
  std::optional<PatientId> patient;  ///< where the notice leads; never in a text
  Uuid object;                       ///< the safety event, recommendation, task ...
  bool urgent = false;               ///< goes by every channel the person has, unless they said "none"
  /// When given: the same (to, kind, object, once) makes one notice, however often it is asked for. Code that
  /// may run twice gives it.
  std::string once = {};
};

/// In the caller's transaction: the in-app notice, and mail and SMS by the person's settings. Never fails for a
/// person without an address or an unknown kind (a general text is sent).
using Notify = std::function<void(db::Tx&, OrganizationId, const Notice&)>;

enum class Channel { in_app, mail, sms };
std::string_view name(Channel channel);
std::optional<Channel> channel_named(std::string_view name);

/// What became of one notice: the channels it goes by. `message` is nil for in_app.
struct Queued {
  Channel channel = Channel::in_app;
  MessageId message;
};
/// The same as Notify, and tells which way the words go.
using Post = std::function<std::vector<Queued>(db::Tx&, OrganizationId, const Notice&)>;

/// Where and when a person wants to hear.
struct Contact {
  std::optional<std::string> mail, phone;
  std::string mail_for = "urgent";  ///< all, urgent, none
  std::string sms_for = "urgent";
  std::int64_t version = 0;  ///< 0: nothing saved yet
};

struct StoredNotice {
  NoticeId id;
  UserId to;
  std::string kind;
  std::optional<PatientId> patient;
  Uuid object;
  bool urgent = false;
  Instant made_at{};
  std::optional<Instant> read_at;
};

/// A message that leaves the building, to somebody of the staff or to a patient.
struct Message {
  MessageId id;
  NoticeId notice;  ///< nil when it goes to a patient
  UserId to;        ///< nil when it goes to a patient
  std::string kind;
  Uuid object;
  Channel channel = Channel::mail;
  std::string address;
  std::string language = "en";
  bool urgent = false;
  std::string state = "queued";  ///< queued, retrying, sent, dead, cancelled (not needed any more)
  int attempts = 0;
  int attempts_before = 0;  ///< of the sets of attempts before this one
  Instant queued_at{};
  std::optional<Instant> next_at, ended_at;

  // Of messages to patients; see patient_messages.h.
  std::optional<PatientId> patient = {};
  Instant not_before{};
  std::string clinic = {};                    ///< as the text names it
  std::optional<std::string> link_path = {};  ///< may open something without sign-in; gone when the message has ended
  std::optional<std::string> page_path = {};  ///< a page behind sign-in
  std::optional<std::string> code = {};       ///< gone when the message has ended
  bool ignores_quiet_hours = false;
  bool own_address = true;     ///< false: an address named with the message
  bool may_fall_back = false;  ///< the patient's other address is tried when this one fails for good
  std::optional<MessageId> instead_of = {};
  std::optional<std::string> delivery = {};  ///< delivered, undelivered: what the gateway said later
  std::optional<Instant> delivery_at = {};
  std::optional<std::string> delivery_code = {};
};

struct MessageAttempt {
  int number = 0;
  Instant at{};
  std::string outcome;  ///< sent, failed, lost
  std::string detail;   ///< "smtp 250", "cannot connect"; no address, no text
};

// ---- texts

struct Text {
  std::string notice;   ///< one line inside Concord
  std::string subject;  ///< of the mail
  std::string mail;
  std::string sms;
};
/// Kind -> language -> text. Read-only once loaded, so any thread.
struct Texts {
  std::map<std::string, std::map<std::string, Text>, std::less<>> kinds;

  /// The kind's text in the language, else English, else the general text.
  const Text& of(std::string_view kind, std::string_view language) const;
};
/// Every content/messages/*.json. bad_file names the file and place: a language missing, an unknown variable,
/// an SMS over 300 characters, no "general".
Result<Texts> load_texts(const std::filesystem::path& folder);
/// {link} filled in.
std::string fill(std::string_view text, std::string_view link);

// ---- transport

/// One message as it leaves.
struct Outgoing {
  Channel channel = Channel::mail;
  std::string to;
  std::string subject;  ///< mail only
  std::string text;
  std::string message_id;  ///< the same at every attempt: mail's Message-ID, the gateway's Idempotency-Key
  bool urgent = false;
  Instant at{};
  std::string from_name = "Concord";  ///< who writes, for mail
  std::string status_query = {};      ///< what comes back with the gateway's word about it: "organization=..&message=.."
};
struct Delivery {
  bool sent = false;
  bool may_retry = true;  ///< of a failure
  std::string detail;     ///< a code and our own words
};
/// Blocks until the other side answered or the time limit passed. Never throws.
using Transport = std::function<Delivery(const Outgoing&)>;

/// "name@host" with one @, no blanks or control characters, at most 254 bytes: what may stand in a header.
bool is_mail_address(std::string_view text);
/// "+" and 8 to 15 digits (E.164).
bool is_phone(std::string_view text);

}  // namespace concord::messaging
