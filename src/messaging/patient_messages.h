// Words to a patient, by mail or SMS. Whoever has something to tell makes a ToPatient in the transaction of its cause;
// messaging picks ONE way, holds the message until the clinic's quiet hours are over, and sends it from a worker.
//
//   which way   the patient's wish (patient_contact_preference), else patient.preferred_channel, else what there is an address
//               for; an address that said STOP is never written to, one whose last message came back is the second choice
//   no way      nothing is queued and the answer is empty: the caller decides what a person does instead
//   died        when the chosen way fails for good before anybody got it, the other way is tried once (a new row,
//               `instead_of` the old one); a person asked for is never told twice knowingly
//   twice       the same (patient, kind, object, once) makes one message, and a message that still waits to be sent is not
//               joined by a second one of the same kind that leads to the same place
//   secrets     link path and code stand in the row only until it was sent or is dead, then they are wiped; logs hold ids
//
// Texts are content/messages/patient.<kind>.json with {clinic}, {link} and {code} and nothing else: no name, no condition.
// Read next: patient_outbox.h (queue and send), outbox.h (what survives which death).
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.h"
#include "messaging/messaging.h"

namespace concord::messaging {

/// Tell a patient, or somebody at an address the patient gave.
struct ToPatient {
  PatientId patient;
  std::string kind;                            ///< content/messages/patient.<kind>.json: "checkins.asked"
  std::string path;                            ///< on public_url, "/c/..."; may hold a secret; empty for texts without a link
  Uuid object;                                 ///< the check-in, visit, invitation ...; for staff who look, and for "once"
  bool ignores_quiet_hours = false;            ///< somebody waits for it with the phone in hand (a sign-in code)
  std::optional<Channel> only = {};            ///< this way and no other, or not at all
  std::optional<std::string> to_address = {};  ///< this address instead of the patient's own; mail when it holds an @
  std::optional<std::string> code = {};        ///< {code}
  std::string once = {};                       ///< see above; empty: a new message at every call
  std::optional<std::string> language = {};    ///< of somebody else than the patient (a trusted person)
};

/// What became of it: one Queued (mail or sms), or none when there is no way to reach the patient. The row of an earlier call
/// is named again where `once` or a waiting message makes a second one needless.
using TellPatient = std::function<std::vector<Queued>(db::Tx&, OrganizationId, const ToPatient&)>;
/// Many at once, with a few range reads instead of some for each: answers in the order of what was asked. `to` may be in any
/// order; patients of one call should lie close together by id (a batch of a walk through them).
using TellPatients = std::function<std::vector<std::vector<Queued>>(db::Tx&, OrganizationId, std::span<const ToPatient> to)>;

/// Can a message reach the patient at all, and which way would it go?
struct Reach {
  std::optional<Channel> channel;
  /// Empty, or why not: "no_address", "wants_none", "stopped", "not_set_up", "deceased".
  std::string why_not;
};
using ReachOf = std::function<Reach(db::Tx&, OrganizationId, PatientId)>;

// ---- what a patient wants

/// patient_contact_preference; what is not set follows the patient's demographics and the program's settings.
struct Preference {
  std::optional<std::string> channel;   ///< mail, sms, none
  std::optional<std::string> language;  ///< en, es
  /// Minutes after midnight at the site; both or none. Equal: no quiet hours.
  std::optional<int> quiet_from, quiet_until;
  bool tell_when_read = true;  ///< a message when the team has read their answers
  /// Set by staff or the patient on the portal; an SMS "STOP" is kept for the number (address_state).
  std::optional<Instant> mail_stopped_at, sms_stopped_at;
  std::int64_t version = 0;  ///< 0: nothing saved yet
};

/// Who would get it, as far as the choice of a way needs to know.
struct Recipient {
  PatientId patient;
  SiteId site;
  std::string clinic;  ///< name of the site
  std::string zone;    ///< IANA
  std::optional<std::string> language, preferred_channel, phone, mail;
  bool deceased = false;
};

/// What is known of an address: said STOP, or the last message came back.
struct AddressState {
  bool stopped = false, failing = false;
};

struct Way {
  Channel channel = Channel::mail;
  std::string address;
};
/// The ways in order of choice, at most one a channel; empty with `why_not` told.
struct Ways {
  std::vector<Way> ways;
  std::string why_not;
};
Ways ways_to(const Recipient& recipient, const Preference& preference, const AddressState& mail, const AddressState& sms,
             bool mail_is_set_up, bool sms_is_set_up);

/// "(555) 010-0123" and "1 555 010 0123" -> "+15550100123"; numbers of other countries need their "+". nullopt: no number.
std::optional<std::string> normal_phone(std::string_view text);

// ---- quiet hours

struct QuietHours {
  int from = 20 * 60;  ///< minute of the local day at which it gets quiet
  int until = 9 * 60;  ///< and at which it ends; before `from` means the next day; equal to it: never quiet
};
/// `now`, or the end of the quiet hours that it lies in. Both ends are local times: on the day of a clock change the wait is an
/// hour shorter or longer; an end inside the skipped hour is right after it.
Instant not_before(Instant now, const QuietHours& quiet, std::string_view zone);

// ---- texts

struct PatientText {
  std::string subject, mail, sms;
};
/// Read-only once loaded, so any thread.
struct PatientTexts {
  struct Kind {
    std::string link;   ///< "secret": wiped when sent or given up; "page": a page behind sign-in, kept; "none"
    bool code = false;  ///< needs {code}
    std::map<std::string, PatientText> texts;
  };
  std::map<std::string, Kind, std::less<>> kinds;  ///< "checkins.asked"
  const Kind* kind(std::string_view name) const;
  /// nullptr when there is no such kind; English when the language is missing.
  const PatientText* of(std::string_view kind, std::string_view language) const;
};
/// Every content/messages/patient.*.json. bad_file names file and place: a language missing, an unknown variable, a clinic name
/// that does not come first, a word that must not be there (conditions, substances, treatments), an SMS of more segments than
/// the file declares ("segments", 1 when left out) with a clinic name of kClinicLetters and a link of kLinkLetters.
Result<PatientTexts> load_patient_texts(const std::filesystem::path& folder);

inline constexpr std::size_t kClinicLetters = 30;  ///< longer names of clinics are cut at a word in an SMS
inline constexpr std::size_t kLinkLetters = 64;    ///< public_url and path together
inline constexpr std::size_t kCodeLetters = 8;

/// How many segments an SMS takes: 160 septets of GSM 03.38 (153 each when there are more), or 70 (67) UTF-16 units when a
/// letter is outside of it (á, í, ó, ú are; é, ñ, ü, ¿, ¡ are not).
int sms_segments(std::string_view utf8);
/// Cut at a word to kClinicLetters, letters outside GSM 03.38 made plain ("Clínica" -> "Clinica").
std::string clinic_for_sms(std::string_view name);
std::string fill(std::string_view text, std::string_view clinic, std::string_view link, std::string_view code);
/// Words that give away why somebody is in care. Lower case, without accents; whole words.
const std::vector<std::string>& words_that_tell();

// ---- STOP, START, HELP

enum class Keyword { none, stop, start, help };
/// The whole message is one of the words the carriers agreed on (STOP, STOPALL, UNSUBSCRIBE, CANCEL, END, QUIT, START, YES,
/// UNSTOP, HELP, INFO) or their Spanish ones (ALTO, PARAR, BAJA, AYUDA, INICIAR, SI); case, accents and punctuation aside.
Keyword keyword_of(std::string_view body);

/// X-Twilio-Signature: base64 of HMAC-SHA1 with the gateway's token over the URL and the form's pairs, sorted by name.
std::string gateway_signature(std::string_view token, std::string_view url,
                              std::vector<std::pair<std::string, std::string>> form);
/// Compares in time that does not depend on where they differ.
bool is_signed(std::string_view token, std::string_view url, const std::vector<std::pair<std::string, std::string>>& form,
               std::string_view signature);

}  // namespace concord::messaging
