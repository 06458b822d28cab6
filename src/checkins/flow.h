// What happens to a check-in inside a transaction. Each function leaves it done or not begun.
//
//   send, resend     row + secret + message to the patient
//   start            one start counted, a cookie                       (answers nothing that was not asked: write-only)
//   save             the answer + its safety signal, at once           an answer kept is an answer heard
//   submit           measurements + link of the signal to them + caseload row + the end; a second time: the first receipt
//   entered, seen    staff entered one / looked at one: the check-in follows
//
// Two devices: whoever changes a check-in holds its row first (hold_open), so an answer never arrives after the end.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "calendar/calendar.h"
#include "checkins/checkins.h"
#include "checkins/pages.h"
#include "db/database.h"
#include "messaging/messaging.h"
#include "patients/chart.h"
#include "safety/crisis.h"
#include "safety/safety.h"

namespace concord::checkins {

using patients::Asker;
using patients::Chart;
using patients::Place;

/// A message to the patient: B3's ToPatient as far as check-ins fill it.
struct Telling {
  PatientId patient;
  std::string kind;  ///< "checkins.asked", "checkins.read"
  std::string path;  ///< may hold a secret
  Uuid object;
  std::string once;
};
struct Clinic {
  std::string name;
};
/// Who reads the answers: whoever is told when something is wrong with a link.
using PeopleOf = std::function<std::vector<UserId>(db::Tx&, OrganizationId, const Place&)>;

/// Functions may be empty in tests of one thing where it says so.
struct Deps {
  const Chart* chart = nullptr;
  const instruments::Library* library = nullptr;
  const Words* words = nullptr;
  Assets assets;
  Settings settings;
  bool secure_cookies = false;
  std::string public_url;                                   ///< of a code or a tablet's address; empty: the address alone
  std::function<std::string()> new_token;                   ///< 256 random bits, base64url
  std::function<std::string(std::string_view)> token_hash;  ///< BLAKE2b
  std::function<std::optional<patients::Patient>(db::Tx&, OrganizationId, PatientId)> patient;
  std::function<bool(db::Tx&, OrganizationId, SiteId, std::string_view instrument)> permitted;
  std::function<calendar::Calendar(db::Tx&, OrganizationId, SiteId)> calendar_of;
  std::function<Clinic(db::Tx&, OrganizationId, SiteId)> clinic;
  safety::CrisisOf help;  ///< read_when empty where the site says nothing itself
  std::function<safety::CrisisHelp(std::string_view language)> help_anywhere;  ///< for a page that knows no site
  /// True when a message is on its way. Empty: nobody can be told.
  std::function<bool(db::Tx&, OrganizationId, const Telling&)> tell;
  messaging::Notify notify;  ///< may be empty
  PeopleOf people;
  /// Stores a measurement of the patient's own and does not raise its signal. issues at "answers.q3".
  std::function<Result<measurements::Measurement>(db::Tx&, const Asker&, const Place&, const measurements::SelfReport&)> store;
  /// Marks a measurement seen by the caller, as its own route does; not_found when there is none.
  std::function<Result<void>(db::Tx&, const Asker&, const Place&, MeasurementId)> see;
  /// The measurement's seen_at is set.
  std::function<bool(db::Tx&, OrganizationId, PatientId, MeasurementId)> is_seen;
  /// A safety event of an answer that belongs to no measurement yet.
  std::function<safety::SafetyEventId(db::Tx&, const Asker&, const Place&, const std::string& signal,
                                      const std::optional<std::string>& level)>
      raise;
  /// The same person's answer got worse while nobody has taken the event: kept with it. False: it is taken or over, raise
  /// another.
  std::function<bool(db::Tx&, const Asker&, const Place&, safety::SafetyEventId, const std::string& signal)> heard_again;
  std::function<void(db::Tx&, OrganizationId, PatientId, safety::SafetyEventId, MeasurementId)> attach;
};

Result<Sent> send(const Deps& deps, db::Tx& tx, OrganizationId organization, const NewCheckIn& wanted, Instant now);
/// A new secret for an open check-in; the answers so far stay. conflict when it has ended or nobody can be told.
Result<Sent> resend(const Deps& deps, db::Tx& tx, OrganizationId organization, const CheckIn& check_in, Instant now,
                    const std::string& text = "checkins.again");
/// False for a message whose link is dead: the check-in has ended, or has another secret by now.
bool still_needed(const Deps& deps, db::Tx& tx, OrganizationId organization, const Uuid& check_in, std::string_view path);
/// False when it had ended before. "wrong_person" and "birth_date" tell the staff.
bool revoke(const Deps& deps, db::Tx& tx, OrganizationId organization, const Place& place, const CheckIn& check_in,
            std::string why, std::optional<UserId> by, Instant now);

struct Cookie {
  std::string value;  ///< what the browser gets; its hash is stored
  int seconds = 0;
};
struct BirthDate {
  std::string month, day, year;
};
enum class StartProblem { none, ended, starts, birth_missing, birth_wrong, revoked };
struct Started {
  StartProblem problem = StartProblem::none;
  Cookie cookie;
  int tries_left = 0;
};
/// `given`: what was typed when the birth date is asked for. `most_starts`: 0, the settings'.
Started start(const Deps& deps, db::Tx& tx, OrganizationId organization, const Place& place, const CheckIn& check_in,
              const std::optional<BirthDate>& given, Instant now, int most_starts = 0);
/// How long a cookie of this check-in lives since the last answer.
std::chrono::seconds session_time(const Settings& settings, const CheckIn& check_in);

struct Saved {
  bool ended = false;     ///< the check-in was over; nothing was kept
  bool alarming = false;  ///< show the help page before going on
};
/// invalid when `value` is no answer of the item, or a blank where none may be.
Result<Saved> save(const Deps& deps, db::Tx& tx, const Asker& asker, const Place& place, const CheckIn& check_in,
                   const Question& question, std::optional<double> value);

struct Submitted {
  std::string receipt;
  bool again = false;        ///< it was submitted before; nothing was stored now
  bool ended = false;        ///< it ended otherwise; nothing was stored
  std::vector<int> missing;  ///< numbers of questions without an answer; nothing was stored
};
Result<Submitted> submit(const Deps& deps, db::Tx& tx, const Asker& asker, const Place& place, const CheckIn& check_in);

/// A measurement of the patient that staff entered: open check-ins that ask for it need it no more.
void entered(const Deps& deps, db::Tx& tx, const Asker& asker, const Place& place, const measurements::Measurement& measurement);
/// A measurement was marked seen: once all of a check-in are, it is seen and the patient is told.
void seen(const Deps& deps, db::Tx& tx, const Asker& asker, const Place& place, MeasurementId measurement);

}  // namespace concord::checkins
