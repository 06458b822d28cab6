// A check-in: one or more questionnaires for one patient, answered without a sign-in through a one-purpose link, a code on
// a screen, the clinic's tablet or the portal. Whoever holds the link can write answers once and read nothing of the record.
//
//             a message is queued          POST "Start"            POST "Send my answers"
//   made ---------------------> sent -----------------> started -------------------------> submitted
//     |  (code, tablet, portal:  |                         |
//     |   no message)            |                         |
//     +--------------------------+----> expired <----------+   its days are over (a fact of the clock, written down later)
//     +--------------------------+----> revoked <----------+   "this is not for me", wrong birth date too often, staff, or
//     |                          |                         |   the next check-in of the same patient took its place
//     +--------------------------+--> fulfilled <----------+   staff entered every questionnaire of it (phone, paper)
//
// The secret of a link has 132 random bits; only its hash is stored. Looking (GET) changes nothing however often it is done.
// Start exchanges the secret for a short cookie, at most `most_starts` times; answers are kept on the server page by page,
// so a reload, another device or a lost network loses nothing; sending happens once, and again gives the first receipt.
//
// A positive self-harm answer raises its safety signal in the transaction that keeps the answer, before the person has
// gone on or stopped. It is not raised twice when the same answer arrives with the measurement (check_in_signal).
// Pure here: no SQL, no HTTP, no clock. Read next: flow.h (what happens in a transaction), checkins_store.h, pages.h.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/caller.h"
#include "base/date.h"
#include "base/result.h"
#include "instruments/instruments.h"
#include "measurements/measurements.h"
#include "patients/patients.h"

namespace concord::db {
class Tx;
}

namespace concord::checkins {

using CheckInId = Id<struct CheckInTag>;
using measurements::MeasurementId;
using patients::PatientId;

enum class Channel { link, qr, kiosk, portal };
std::string_view name(Channel channel);  ///< "link", "qr", "kiosk", "portal"
std::optional<Channel> channel_named(std::string_view name);
/// Mode of the measurements that come this way: link, link, tablet, portal.
std::string_view mode_of(Channel channel);

/// One questionnaire of a check-in.
struct Form {
  std::string instrument;                    ///< "phq-9"
  std::string informant;                     ///< "self"
  std::optional<MeasurementId> measurement;  ///< once sent, or entered by staff
  bool by_staff = false;
};

struct CheckIn {
  CheckInId id;
  PatientId patient;
  SiteId site;
  Channel channel = Channel::link;
  std::string why = "staff";    ///< staff, reminder, weekly, patient: who wanted it
  std::string state = "made";   ///< as stored; state_at() says what it is now
  std::string language = "en";  ///< of the pages; the person may change it
  std::vector<Form> forms;      ///< in the order they are asked
  std::optional<Date> due;      ///< by when the answers are wanted
  bool asks_birth_date = false;
  int wrong_birth_dates = 0;
  int starts = 0;
  Instant made_at{};
  std::optional<UserId> made_by;     ///< nullopt: Concord itself or the patient
  std::optional<Uuid> on_behalf_by;  ///< the portal account of the trusted person who answers
  std::optional<Instant> sent_at, started_at;
  Instant expires_at{};
  std::optional<Instant> ended_at;  ///< submitted, revoked, fulfilled or written down as expired
  std::string ended_why;            ///< wrong_person, birth_date, staff, replaced, "" otherwise
  std::optional<UserId> ended_by;
  std::string receipt;             ///< of a submitted one, "K7M2-9QXD"
  std::optional<Instant> seen_at;  ///< every questionnaire of it was looked at
  std::optional<UserId> seen_by;
  std::string seen_role;  ///< of the one who looked last, "care_manager"
  int answered = 0;       ///< answers kept so far, while it is open
  std::int64_t version = 1;
};

/// The state now: "expired" from expires_at on while it is open. Units: instants UTC.
std::string_view state_at(const CheckIn& check_in, Instant now);
/// made, sent or started, and its days are not over.
bool is_open(const CheckIn& check_in, Instant now);

/// What a check-in takes its numbers from ([checkins] of concord.toml). Program parameters; security.md and ux.md S2.
struct Settings {
  int link_days = 7;            ///< a link ends after so many days
  int session_minutes = 30;     ///< of the cookie a link is exchanged for, since the last answer
  int kiosk_minutes = 10;       ///< the same on the clinic's tablet
  int most_starts = 10;         ///< how often one link may be started
  bool ask_birth_date = false;  ///< before the first question of a link
  int birth_date_tries = 5;     ///< wrong dates until the link is revoked
  int keep_drafts_days = 30;    ///< answers that were never sent are removed so long after the check-in ended
};

/// What somebody wants to be asked.
struct NewCheckIn {
  PatientId patient;
  std::vector<std::string> instruments;  ///< ids in order: "phq-9"; an informant may follow: "psc-17:parent"
  Channel channel = Channel::link;
  std::string why = "staff";            ///< staff, reminder, weekly, patient
  std::optional<std::string> language;  ///< nullopt: the patient's
  std::optional<Date> due;
  std::optional<UserId> by;
  std::optional<Uuid> on_behalf_by;
  std::string text = "checkins.asked";  ///< kind of the message that brings the link (content/messages/patient.*.json)
};
struct Sent {
  CheckInId id;
  std::string path;  ///< "/c/<secret>"; empty for the channel `link`, whose secret leaves by message only
  Instant expires_at{};
};
/// Makes a check-in in the caller's transaction; open ones of the patient end as replaced. For the channel `link` the
/// patient is told by mail or SMS. `conflict`: no way to reach the patient, or the address is doubted (a "wrong person" after
/// which no member of the staff has sent one); a check-in by staff may be sent all the same. `invalid` with issues at
/// "instruments[0]": unknown, needs a permission, has no wording of its own. Lent to reminders and portal by app/.
using Send = std::function<Result<Sent>(db::Tx&, OrganizationId, const NewCheckIn&)>;

/// The same for many at once (some hundreds in a transaction), with a few range reads: answers in the order of what was asked;
/// one that fails has written nothing. Patients of one call should lie close together by id. Channel `link` only.
using SendMany = std::function<std::vector<Result<Sent>>(db::Tx&, OrganizationId, std::span<const NewCheckIn>)>;
/// A new secret for each open check-in and a message of kind "checkins.again"; the answers so far stay.
using RemindMany = std::function<std::vector<Result<Sent>>(db::Tx&, OrganizationId, std::span<const Uuid> check_ins)>;

/// The short single item for the weeks between two questionnaires: our own, not validated, never a baseline.
inline constexpr std::string_view kWeeklyItem = "weekly-mood";

// ---- the questions, pure

/// An answer kept so far: nullopt = "prefer not to answer".
struct Kept {
  std::string instrument, item;
  std::optional<double> value;
};

/// One page of questions: an item of one of the questionnaires that is asked, given the answers so far.
struct Question {
  const instruments::Instrument* instrument = nullptr;
  std::string informant;
  int item = 0;    ///< index into instrument->items
  int number = 0;  ///< 1 .. `of`, over all questionnaires
  int of = 0;
  bool may_skip = false;  ///< "prefer not to answer" is offered: the instrument's own rule allows one more blank
  bool first = false;     ///< of its questionnaire: instructions are shown
  const instruments::Item& asked() const { return instrument->items[static_cast<std::size_t>(item)]; }
};

/// Every question that is asked now, in order. Items that an earlier answer makes needless (gates) are left out, and so are
/// questionnaires that staff have entered meanwhile.
std::vector<Question> questions(const instruments::Library& library, const CheckIn& check_in, std::span<const Kept> kept);
/// The answer kept for a question; nullptr when there is none.
const Kept* kept_for(std::span<const Kept> kept, const Question& question);
/// Index of the first question without an answer; nullopt when all have one.
std::optional<std::size_t> first_open(std::span<const Question> questions, std::span<const Kept> kept);
/// The answers of one questionnaire in its order, as a measurement stores them: skipped and not asked ones blank.
std::vector<measurements::Answer> answers_of(const instruments::Instrument& instrument, std::span<const Kept> kept);

/// "phq-9" or "psc-17:parent" -> the form; issues at `path` when it cannot be answered by a patient alone.
std::optional<Form> form_named(const instruments::Library& library, std::string_view text, const std::string& path,
                               std::vector<Issue>& issues);

/// A short word for the person to keep: 8 characters without those that look alike. Random bytes in, no secret.
std::string receipt_of(const Uuid& random);

}  // namespace concord::checkins
