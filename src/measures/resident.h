// The facts of one organization as columns that stay in memory, so that a dashboard is a loop over arrays. A Resident is made
// once (resident_store.h loads it, ResidentBuilder puts it together), never changed, and shared by shared_ptr: any thread may
// read it while a newer one is being made. What changed since is brought in by a new Resident that takes over the rows of every
// patient who was not touched. Everything derived (baseline, first response, ends by inactivity, funnel) is derived per patient
// when the patient is added, under the rules the Resident was made with; so an incremental Resident equals one loaded afresh.
//
// Memory for a million episodes with 8 scores: scores 24 MB (2 bytes day, 1 byte total), outcome columns 24 MB, codes of strata
// and dates 26 MB, ids 32 MB, funnel 20 MB; bytes() says what it is.
//
// Totals are kept exactly: a whole total of 0 to 250 is one byte; anything else (prorated decimals, means, out of range) has
// kExactCode in the column and its double in `exact`. Codes of instruments where more is better (WHO-5) count down from 250, so
// that less is better in every column.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "base/caller.h"
#include "base/date.h"
#include "base/id.h"
#include "measures/outcomes.h"

namespace concord::measures {

/// Days since 1970-01-01, 1 to 65,534 (June 2149); what lies outside is moved to the nearest.
using Day = std::uint16_t;
inline constexpr Day kNoDay = 0xffff;  ///< later than every day: "not yet"
Day day_of(Date date);
inline Date date_of(Day day) { return Date(static_cast<std::int32_t>(day)); }

using PatientRow = std::uint32_t;
using EpisodeRow = std::uint32_t;
inline constexpr std::uint32_t kNoRow = 0xffffffff;
using Code = std::uint8_t;
inline constexpr Code kExactCode = 255;
inline constexpr Code kMostCode = 250;

/// The values of one stratum; code 0 is "unknown".
class Book {
 public:
  Book() { code(std::string_view("unknown")); }
  std::uint16_t code(std::string_view value);  ///< adds it
  std::optional<std::uint16_t> find(std::string_view value) const;
  const std::string& value(std::uint16_t code) const { return values_[code]; }
  std::size_t size() const { return values_.size(); }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  std::vector<std::string> values_;
  std::unordered_map<std::string, std::uint16_t, Hash, std::equal_to<>> codes_;
};

// ---- what is read of a patient

struct RawEpisode {
  Uuid id;
  std::uint16_t site = 0, care_manager = 0, pathway = 0, instrument = 0;  ///< codes
  std::optional<Uuid> referral;
  Date referred;
  std::optional<Date> assessed, enrolled, closed, relapse_prevention;
};
struct RawScore {
  Date date;
  std::uint16_t instrument = 0;  ///< code
  std::uint8_t informant = 0;    ///< 0 self or child, 1 parent, 2 teacher, ...
  double total = 0;
};
struct RawCoverage {
  Date start;
  std::optional<Date> end;
  std::uint16_t payer = 0;  ///< code
  bool medicaid = false;
};
struct RawReferral {
  Uuid id;
  std::uint16_t site = 0;
  Date received;
  std::optional<Date> reached;  ///< first attempt that reached the person
};
struct RawReview {
  Uuid id;
  Date date;
  std::uint16_t site = 0;  ///< of its session; 0: none
  bool documented = false;
  bool in_session = false;  ///< one that was held
  bool change = false;      ///< recommends to start, increase, switch, augment, taper or psychotherapy
};
struct RawRecommendation {
  std::optional<Date> sent, answered, done;
  bool accepted = false;  ///< accepted or modified, done included
  /// none: advice that shows at once, such as to continue, and is not tried.
  enum class Trial : std::uint8_t { open, adequate, not_adequate, none } trial = Trial::open;
};
struct RawSurvey {
  Uuid episode;
  Date date;
  bool declined = false;
  bool involvement = false;  ///< else satisfaction
  double percent = 0;        ///< mean answer of the most possible
};
struct RawGoal {
  enum class State : std::uint8_t { active, reached, stopped } state = State::active;
  Date start, state_date;
  std::optional<Date> until;
};
struct RawMinutes {
  Date month;  ///< its first day
  std::uint16_t role = 0;
  std::uint32_t minutes = 0;
};
/// Everything of one patient. Scores, contacts (clinical ones), changes of treatment, coverage in any order, but scores of one
/// day in the order they were taken.
struct RawPatient {
  Uuid id;
  std::optional<Date> born;
  std::uint16_t site = 0, language = 0, interpreter = 0, race = 0, ethnicity = 0, sex = 0;  ///< codes
  std::vector<RawEpisode> episodes;
  std::vector<RawScore> scores;
  std::vector<Date> contacts;
  std::vector<Date> changes;
  std::vector<RawCoverage> coverage;
  std::vector<RawReferral> referrals;
  std::vector<RawReview> reviews;
  std::vector<RawRecommendation> recommendations;
  std::vector<RawSurvey> surveys;
  std::vector<RawGoal> goals;
  std::vector<RawMinutes> minutes;
  void clear();
};

// ---- columns

/// Whose row it is and in which strata it lies on its day.
struct Tag {
  PatientRow patient = 0;
  EpisodeRow episode = kNoRow;
  std::uint16_t site = 0;
  std::uint8_t age = 0, payer = 0;
};
struct ReviewRow {
  Tag tag;
  Day day = kNoDay;
  Day change = kNoDay;  ///< first change of treatment on or after it, within change_within_days
  bool documented = false, in_session = false, wants_change = false;
};
struct RecommendationRow {
  Tag tag;
  Day sent = kNoDay, answered = kNoDay, done = kNoDay;
  bool accepted = false;
  RawRecommendation::Trial trial = RawRecommendation::Trial::open;
};
struct SurveyRow {
  Tag tag;
  Day day = kNoDay;
  bool declined = false, involvement = false;
  float percent = 0;
};
struct GoalRow {
  Tag tag;
  Day start = kNoDay, until = kNoDay, state_day = kNoDay;
  RawGoal::State state = RawGoal::State::active;
};
struct MinutesRow {
  Tag tag;
  Day month = kNoDay;
  std::uint16_t role = 0;
  std::uint32_t minutes = 0;
};
/// One way into care: a positive screen, a referral, or both; the days of the steps that are not an episode's.
struct JourneyRow {
  Tag tag;  ///< episode: the one it led to
  Day screened = kNoDay, referred = kNoDay, reached = kNoDay;
  Day begin() const { return screened < referred ? screened : referred; }
};
/// A score of another informant on the episode's primary instrument (paired forms), and totals that need a double.
struct OtherFormScore {
  EpisodeRow episode = 0;
  Day day = kNoDay;
  std::uint8_t informant = 0;
  double total = 0;
};
struct ExactTotal {
  std::uint32_t score = 0;  ///< index in the score columns
  double total = 0;
};
struct SilentContact {  ///< contacts of episodes with a silence, in order
  EpisodeRow episode = 0;
  Day day = kNoDay;
};
struct SessionRow {
  std::uint16_t site = 0;
  Day day = kNoDay;
  std::uint32_t minutes = 0;
};
struct FteRow {
  std::uint16_t site = 0;
  Day month = kNoDay;
  double fte = 0;
};

struct Resident {
  OrganizationId organization;
  std::uint64_t version = 0;  ///< goes up with every snapshot of the organization in this program
  std::shared_ptr<const OutcomeRules> rules;
  std::array<Book, kStrata> books;  ///< by Stratum; instrument codes are the same in every Resident of the same rules
  Book roles;

  // Patients, by id.
  std::vector<Uuid> patient_id;
  std::vector<std::int32_t> born;  ///< days since 1970; kNotBorn when not known
  static constexpr std::int32_t kNotBorn = std::numeric_limits<std::int32_t>::min();
  std::vector<std::uint16_t> patient_site, language;
  std::vector<std::uint8_t> interpreter, race, ethnicity, sex;
  std::vector<EpisodeRow> first_episode;  ///< one more than patients

  // Episodes, by patient, then enrolment (referral where there is none), then id.
  std::vector<Uuid> episode_id;
  std::vector<PatientRow> patient;
  std::vector<std::uint16_t> site, care_manager;
  std::vector<std::uint8_t> pathway, instrument, age, payer;
  std::vector<Day> assessed, enrolled, closed, relapse_prevention;
  std::vector<Day> end;            ///< the earlier of closed and last contact + inactive_days; exact unless kSilence
  std::vector<Day> first_contact;  ///< clinical, on or after enrolment
  std::vector<Day> first_response, first_remission;
  std::vector<Day> window_review;  ///< first review from review_from_days to review_due_days after enrolment
  std::vector<Code> response_below, remission_below, improved_below;  ///< current code below this: yes
  std::vector<Code> last_code;
  std::vector<Day> last_score;  ///< kNoDay: no score
  std::vector<std::uint8_t> flags;
  enum Flag : std::uint8_t {
    kElevated = 1,
    kSlow = 2,      ///< another form, an exact total or a silence: the general way
    kSilence = 4,   ///< a silence longer than inactive_days between contacts
    kForms = 8,     ///< paired forms or exact totals
    kFlipped = 16,  ///< more is better: codes count down
  };
  std::vector<std::uint32_t>
      first_score;               ///< one more than episodes: the primary instrument's own form, from enrolment to closing
  std::vector<Day> score_day;    ///< eight more than scores: readers look at eight at once
  std::vector<Code> score_code;  ///< likewise

  // Sorted by episode or patient, then day.
  std::vector<OtherFormScore> other_forms;
  std::vector<ExactTotal> exact;
  std::vector<SilentContact> silent_contacts;
  std::vector<ReviewRow> reviews;
  std::vector<RecommendationRow> recommendations;
  std::vector<SurveyRow> surveys;
  std::vector<GoalRow> goals;
  std::vector<MinutesRow> minutes;
  std::vector<JourneyRow> journeys;
  // Of the organization, sorted.
  std::vector<SessionRow> sessions;
  std::vector<FteRow> fte;

  std::size_t patients() const { return patient_id.size(); }
  std::size_t episodes() const { return episode_id.size(); }
  std::size_t scores() const { return first_score.empty() ? 0 : first_score.back(); }
  /// Memory of the columns.
  std::size_t bytes() const;
  double total_of(EpisodeRow episode, std::uint32_t score) const;
  std::uint16_t code(Stratum stratum, const Tag& tag) const;
  Tag tag_of(EpisodeRow episode) const { return {patient[episode], episode, site[episode], age[episode], payer[episode]}; }
  /// Everything as text, codes as their values: the test that incremental = freshly loaded compares these.
  std::string dump() const;
};

/// Every column stands in exactly one of these lists or is named here: first_episode, patient and first_score hold row numbers,
/// which move when patients come before them.
inline constexpr auto kPatientColumns =
    std::tuple(&Resident::patient_id, &Resident::born, &Resident::patient_site, &Resident::language, &Resident::interpreter,
               &Resident::race, &Resident::ethnicity, &Resident::sex);
inline constexpr auto kEpisodeColumns =
    std::tuple(&Resident::episode_id, &Resident::site, &Resident::care_manager, &Resident::pathway, &Resident::instrument,
               &Resident::age, &Resident::payer, &Resident::assessed, &Resident::enrolled, &Resident::closed,
               &Resident::relapse_prevention, &Resident::end, &Resident::first_contact, &Resident::first_response,
               &Resident::first_remission, &Resident::window_review, &Resident::response_below, &Resident::remission_below,
               &Resident::improved_below, &Resident::last_code, &Resident::last_score, &Resident::flags);
inline constexpr auto kScoreColumns = std::tuple(&Resident::score_day, &Resident::score_code);
/// Sorted rows with a Tag.
inline constexpr auto kTaggedRows = std::tuple(&Resident::reviews, &Resident::recommendations, &Resident::surveys,
                                               &Resident::goals, &Resident::minutes, &Resident::journeys);
inline constexpr auto kOtherRows =
    std::tuple(&Resident::other_forms, &Resident::exact, &Resident::silent_contacts, &Resident::sessions, &Resident::fte);
/// work(resident.*column) for each column of a list.
template <class List, class R, class Work>
void for_columns(const List& list, R& resident, const Work& work) {
  std::apply([&](const auto&... column) { (work(resident.*column), ...); }, list);
}

/// Puts a Resident together from patients in ascending order of id. One thread.
class ResidentBuilder {
 public:
  explicit ResidentBuilder(std::shared_ptr<const OutcomeRules> rules);
  /// Goes on with the code books of an earlier one, which copy() needs.
  ResidentBuilder(std::shared_ptr<const OutcomeRules> rules, const Resident& earlier);

  Book& book(Stratum stratum) { return out_.books[static_cast<std::size_t>(stratum)]; }
  Book& roles() { return out_.roles; }
  /// Code of an instrument the rules know; nullopt: no figure needs it.
  std::optional<std::uint16_t> instrument(std::string_view id) const;
  void reserve(std::size_t patients, std::size_t episodes, std::size_t scores);

  void add(RawPatient& patient);
  /// Takes over the patients [first, last) of the earlier Resident as they are.
  void copy(const Resident& earlier, PatientRow first, PatientRow last);
  /// Appends what another builder of the same books made of later patients.
  void append(ResidentBuilder&& later);
  void add_session(SessionRow row) { out_.sessions.push_back(row); }
  void add_fte(FteRow row) { out_.fte.push_back(row); }
  std::shared_ptr<const Resident> finish(OrganizationId organization, std::uint64_t version);

 private:
  struct Judge;
  void add_episode(PatientRow row, const RawPatient& p, const RawEpisode& e);
  std::uint8_t age_band(std::optional<Date> born, Date on) const;
  static std::uint16_t payer_on(const RawPatient& p, Date on);

  Resident out_;
  std::vector<const measurements::Criteria*> criteria_;  ///< by code of instrument
  std::vector<std::uint8_t> age_codes_;
  // Marks of a baseline code, by instrument: {elevated, response, remission, improved}.
  struct Marks {
    bool elevated = false;
    Code response = 0, remission = 0, improved = 0;
  };
  std::vector<std::vector<Marks>> marks_;
};

}  // namespace concord::measures
