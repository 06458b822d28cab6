#include "simulation/simulation.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/zone.h"

namespace concord::simulation {
namespace {

// Visibly invented: nobody is called Teacup.
constexpr std::string_view kGivenNames[] = {"Ana",   "Ben",   "Carla", "Dev",    "Elena", "Femi",   "Grace", "Hugo",  "Ines",
                                            "Jamal", "Kira",  "Luis",  "Maya",   "Noor",  "Omar",   "Pilar", "Quinn", "Rosa",
                                            "Samir", "Tess",  "Uma",   "Victor", "Wren",  "Ximena", "Yusuf", "Zoe",   "Amara",
                                            "Bruno", "Chloe", "Diego", "Esme",   "Farid", "Gloria", "Hana",  "Ivan",  "José"};
constexpr std::string_view kFamilyNames[] = {
    "Teacup",   "Lantern", "Bramble",       "Pebble",    "Thimble",  "Marigold", "Acorn",    "Pinwheel",  "Saffron", "Cobble",
    "Larkspur", "Button",  "Compass",       "Juniper",   "Kettle",   "Lullaby",  "Mitten",   "Nutmeg",    "Origami", "Paprika",
    "Quilt",    "Ribbon",  "Sundial",       "Tangerine", "Umbrella", "Velvet",   "Walnut",   "Xylophone", "Yarrow",  "Zephyr",
    "Biscuit",  "Candle",  "Daffodil",      "Ember",     "Feather",  "Gingham",  "Hazelnut", "Icicle",    "Jigsaw",  "Kite",
    "Lemonade", "Meadow",  "Niño de Papel", "Ocarina",   "Piñata",   "Quartz",   "Raincoat", "Starling",  "Teapot",  "Violet"};
constexpr std::string_view kSiteNames[] = {"Riverside", "Hillcrest",    "Old Mill", "Lakeview",
                                           "Orchard",   "Station Road", "Harbor",   "Maple Court"};
constexpr std::string_view kPcpNames[] = {"Dr. Fern Demo", "Dr. Moss Demo", "Dr. Clay Demo", "Dr. Reed Demo", "Dr. Flint Demo"};
struct Medication {
  std::string_view name, first_dose, next_dose;
};
constexpr Medication kMedications[] = {{"sertraline", "50 mg daily", "100 mg daily"},
                                       {"escitalopram", "10 mg daily", "20 mg daily"},
                                       {"fluoxetine", "20 mg daily", "40 mg daily"},
                                       {"bupropion XL", "150 mg daily", "300 mg daily"},
                                       {"venlafaxine XR", "75 mg daily", "150 mg daily"}};
constexpr std::string_view kPsychotherapies[] = {"behavioral activation", "problem-solving treatment",
                                                 "cognitive behavioral therapy"};

// Weekly hazard of a first response among those who can respond at all, before the two acts of fidelity.
constexpr double kBaseHazard = 0.085;
constexpr double kNeverResponds = 0.22;
constexpr double kEarlyContactFactor = 2.06;
constexpr double kReviewFactor = 1.44;
constexpr double kEngages = 0.56;
constexpr double kOnlyOneVisit = 0.25;
constexpr double kReviewedInTime = 0.7;
constexpr double kStopsAfterContact = 0.05;
constexpr double kSafetyFirst = 0.11, kSafetyLast = 0.07;
// Mean days between contacts once the weekly month is over; and how long one stays in relapse prevention.
constexpr int kMinutesMean = 22;
constexpr int kTrialWeeks = 8;

Uuid derived_id(std::uint64_t seed, std::string_view kind, std::int64_t number) {
  const std::string s = std::to_string(seed), n = std::to_string(number);
  const std::string_view parts[] = {"simulation", s, kind, n};
  return make_uuid_from(parts);
}

// Draws everything about one patient. Ids are UUIDv7 of the moment a row would have been made, so that they
// sort by time as real ones do.
class Story {
 public:
  Story(const Cohort& cohort, std::int64_t index)
      : cohort_(cohort),
        options_(cohort.options),
        index_(index),
        random_(cohort.options.seed, static_cast<std::uint64_t>(index)) {}

  History tell() {
    draw_person();
    draw_referral();
    if (engages_) draw_care();
    else draw_lost_referral();
    std::sort(h_.measurements.begin(), h_.measurements.end(), [](const auto& a, const auto& b) {
      return std::pair(a.administered_at, a.id) < std::pair(b.administered_at, b.id);
    });
    std::sort(h_.contacts.begin(), h_.contacts.end(),
              [](const auto& a, const auto& b) { return std::pair(a.date, a.id) < std::pair(b.date, b.id); });
    std::sort(h_.time_entries.begin(), h_.time_entries.end(),
              [](const auto& a, const auto& b) { return std::pair(a.date, a.id) < std::pair(b.date, b.id); });
    return std::move(h_);
  }

 private:
  Uuid new_id(Instant at) {
    std::array<std::uint8_t, 10> bytes;
    const std::uint64_t a = random_.next(), b = random_.next();
    for (int i = 0; i < 8; ++i) bytes[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(a >> (8 * i));
    bytes[8] = static_cast<std::uint8_t>(b);
    bytes[9] = static_cast<std::uint8_t>(b >> 8);
    return make_uuid_v7(std::chrono::duration_cast<std::chrono::milliseconds>(at.time_since_epoch()).count(), bytes);
  }

  // During clinic hours in the Americas; the day at the site is `day` in every zone we simulate.
  Instant clinic_time(Date day, int minute_of_day) const {
    return Instant(day.sys()) + std::chrono::hours(5) + std::chrono::minutes(minute_of_day);
  }
  int clinic_minute() { return static_cast<int>(random_.integer(8 * 60, 16 * 60 + 30)); }

  static Date workday(Date day) {
    while (day.is_weekend()) day = day.plus_days(1);
    return day;
  }

  void draw_person() {
    site_ = &random_.pick(cohort_.sites);
    const auto cm = static_cast<std::size_t>(random_.integer(0, static_cast<std::int64_t>(site_->care_managers.size()) - 1));
    care_manager_ = site_->care_managers[cm];
    care_manager_name_ = site_->care_manager_names[cm];
    // In order of arrival, so that ids and rows are appended, not scattered.
    const int span = std::max(1, options_.months * 30);
    const auto ago = span - static_cast<int>(index_ * span / std::max<std::int64_t>(1, options_.patients));
    referred_ = workday(options_.today.plus_days(-ago));
    if (referred_ > options_.today) referred_ = options_.today;
    const Instant arrived = clinic_time(referred_, clinic_minute());
    auto& p = h_.patient;
    p.id = patients::PatientId(new_id(arrived));
    p.site = site_->id;
    p.given_name = std::string(random_.pick(kGivenNames));
    p.family_name = std::string(random_.pick(kFamilyNames));
    p.birth_date = options_.today.plus_days(-static_cast<int>(random_.integer(18 * 365 + 5, 84 * 365)));
    p.sex = random_.chance(0.74) ? "female" : "male";
    p.race = random_.chance(0.45) ? "black" : random_.chance(0.82) ? "white" : "other";
    p.ethnicity = random_.chance(0.2) ? "hispanic" : "not_hispanic";
    p.language = random_.chance(0.15) ? "es" : "en";
    p.interpreter_needed = *p.language == "es" && random_.chance(0.5);
    p.preferred_channel = random_.chance(0.7) ? "phone" : "sms";
    p.phone = "555-01" + std::to_string(random_.integer(10, 99));
    p.postal_code = "0000" + std::to_string(random_.integer(1, 9));
    p.identifiers = {{"urn:concord:simulated", "SIM-" + std::to_string(index_ + 1)}};
    auto& c = h_.coverage;
    c.id = patients::CoverageId(new_id(arrived));
    c.patient = p.id;
    constexpr std::string_view kPayers[] = {"medicaid_managed_care", "commercial", "medicare", "dual_medicare_medicaid",
                                            "self_pay"};
    c.payer_category = std::string(kPayers[random_.weighted({0.45, 0.3, 0.12, 0.08, 0.05})]);
    c.start_date = referred_.plus_days(-400);
    can_respond_ = !random_.chance(kNeverResponds);
    baseline_ = 0;
    do baseline_ = random_.normal(15, 4.7);
    while (baseline_ < 10 || baseline_ > 27);
  }

  void draw_referral() {
    auto& r = h_.referral;
    const Instant at = clinic_time(referred_, clinic_minute());
    r.id = referrals::ReferralId(new_id(at));
    r.patient = h_.patient.id;
    r.site = site_->id;
    r.referred_by = !site_->pcp_name.empty() && random_.chance(0.7) ? site_->pcp_name : std::string(random_.pick(kPcpNames));
    if (!site_->pcp_name.empty() && r.referred_by == site_->pcp_name) r.referred_by_user = site_->pcp;
    r.reason = "PHQ-9 of " + std::to_string(static_cast<int>(std::lround(baseline_))) + " at a primary care visit";
    r.received_at = at;
    r.received_date = referred_;
    auto& e = h_.episode;
    e.id = episodes::EpisodeId(new_id(at));
    e.patient = h_.patient.id;
    e.site = site_->id;
    e.referral = r.id;
    e.referred_date = referred_;
    e.state = episodes::State::referred;
    engages_ = random_.chance(kEngages);
    assessed_ = workday(referred_.plus_days(1 + static_cast<int>(random_.gamma(1.5, 5))));
    if (assessed_ > options_.today) engages_ = false;
    const int attempts = 1 + static_cast<int>(random_.poisson(engages_ ? 0.6 : 1.8));
    Date day = referred_;
    for (int i = 0; i < attempts; ++i) {
      day = workday(day.plus_days(1 + static_cast<int>(random_.integer(0, 3))));
      const bool last = i + 1 == attempts;
      if (engages_ && last) day = assessed_;
      if (day > options_.today || (engages_ && day > assessed_)) break;
      referrals::Attempt a;
      a.referral = r.id;
      a.at = clinic_time(day, clinic_minute());
      a.id = new_id(a.at);
      a.on = day;
      a.by = care_manager_;
      a.modality = "phone";
      a.result = engages_ && last ? "reached" : random_.chance(0.5) ? "no_answer" : "message_left";
      last_attempt_ = day;
      h_.attempts.push_back(std::move(a));
    }
  }

  void move(episodes::State to, Date on, std::string reason = "") {
    episodes::Transition t;
    t.id = new_id(clinic_time(on, 12 * 60));
    t.on = on;
    t.from = h_.episode.state;
    t.to = to;
    t.by = care_manager_;
    t.reason = std::move(reason);
    h_.episode.state = to;
    h_.transitions.push_back(std::move(t));
  }

  void close(Date on, std::string reason) {
    move(episodes::State::closed, on, reason);
    h_.episode.closed_date = on;
    h_.episode.close_reason = std::move(reason);
  }

  // Most of those who do not come are recorded as such after some weeks; recent ones are still waiting.
  void draw_lost_referral() {
    const Date decided = workday(last_attempt_.value_or(referred_).plus_days(5 + static_cast<int>(random_.gamma(2, 8))));
    if (decided > options_.today) return;
    if (random_.chance(0.02) && options_.today - decided < 60) return;  // somebody forgot
    const auto outcome = random_.weighted({0.35, 0.4, 0.15, 0.1});
    constexpr std::string_view kOutcomes[] = {"declined", "unreachable", "other_level_of_care", "not_eligible"};
    auto& r = h_.referral;
    r.outcome = std::string(kOutcomes[outcome]);
    r.outcome_date = decided;
    if (outcome == 2 && random_.chance(0.95)) {
      const Date seen = decided.plus_days(static_cast<int>(random_.integer(7, 60)));
      if (seen <= options_.today) r.seen_elsewhere_date = seen;
    }
    close(decided, *r.outcome);
  }

  void draw_care() {
    auto& e = h_.episode;
    const bool anxiety = random_.chance(0.18);
    e.assessed_date = assessed_;
    e.enrolled_date = assessed_;
    e.primary_condition = anxiety ? "anxiety" : "depression";
    e.primary_instrument = anxiety ? "gad-7" : "phq-9";
    e.pathway = anxiety ? "adult-anxiety" : "adult-depression";
    e.target = "response";
    e.care_manager = care_manager_;
    e.consultant = site_->consultant;
    e.billing_practitioner = h_.referral.referred_by;
    h_.referral.outcome = "enrolled";
    h_.referral.outcome_date = assessed_;
    move(episodes::State::assessed, assessed_);
    move(episodes::State::active, assessed_);
    if (!random_.chance(0.03)) {
      episodes::Consent c;
      const Instant at = clinic_time(assessed_, 9 * 60);
      c.id = episodes::ConsentId(new_id(at));
      c.patient = h_.patient.id;
      c.text_version = "demo-1";
      c.language = *h_.patient.language;
      c.given_date = assessed_;
      c.recorded_by = care_manager_;
      h_.consents.push_back(std::move(c));
    }
    draw_contacts();
  }

  // Contacts at the agreed cadence, a little late as in life, until the patient stops coming, the target is
  // met, or the course has gone on for the better part of a year.
  void draw_contacts() {
    const bool early = random_.chance(site_->early_contact_share);
    const bool one_visit = random_.chance(kOnlyOneVisit);
    response_week_ = 1e9;
    double week = random_.exponential(1 / (kBaseHazard * (early ? kEarlyContactFactor : 1.0)));
    const bool reviewed_in_time = random_.chance(kReviewedInTime);
    if (week > 9 && reviewed_in_time) week = 9 + (week - 9) / kReviewFactor;
    if (can_respond_) response_week_ = week;
    floor_ = can_respond_ ? random_.uniform(0.05, 0.46) : random_.uniform(0.62, 1.05);

    draw_plan();
    add_scores(assessed_, 0);  // intake
    if (random_.chance(0.85))
      add_review(workday(assessed_.plus_days(static_cast<int>(random_.integer(3, 13)))), "New case", "Continue as planned",
                 "continue");
    Date day = assessed_, last = assessed_, last_change = assessed_;
    Date next_review = assessed_.plus_days(reviewed_in_time ? static_cast<int>(random_.integer(56, 80))
                                                            : static_cast<int>(random_.integer(90, 150)));
    bool at_target_before = false, stays = !one_visit;
    std::optional<Date> target_day, stopped_on;
    for (int number = 0; stays; ++number) {
      const int since = day - assessed_;
      const int cadence = since < 30 ? 7 : since < 90 ? 14 : 28;
      double gap = std::max(2.0, cadence * random_.uniform(0.75, 1.15) + (random_.chance(0.12) ? random_.exponential(9) : 0));
      if (number == 0) gap = early ? random_.uniform(4, 27) : random_.uniform(29, 50);
      day = workday(day.plus_days(static_cast<int>(std::lround(gap))));
      if (day > options_.today) break;
      last = day;
      if (random_.chance(0.07)) {
        add_contact(day, "no_show", 0);
        continue;
      }
      add_contact(day, "treatment", static_cast<int>(std::clamp(random_.gamma(4.0, kMinutesMean / 4.0), 5.0, 75.0)));
      reassess_safety(day);
      bool at_target = at_target_before;
      if (!random_.chance(0.07)) {  // else: no form this time
        const double total = add_scores(day, (day - assessed_) / 7.0);
        at_target = total <= first_primary_ / 2 || total < 5;
        if (at_target && at_target_before && random_.chance(0.85)) {
          target_day = day;  // relapse prevention takes over from here
          break;
        }
      }
      at_target_before = at_target;
      if (!at_target && day >= next_review) {
        const Date reviewed = add_review(day, "Not better after " + std::to_string((day - last_change) / 7) + " weeks",
                                         "Raise the dose or change the treatment", "increase");
        if (random_.chance(0.85)) {
          last_change = workday(reviewed.plus_days(static_cast<int>(random_.integer(2, 10))));
          change_plan(last_change);
        }
        next_review = day.plus_days(static_cast<int>(random_.integer(42, 60)));
      }
      if (random_.chance(kStopsAfterContact)) stays = false;
      if (since > 240 && random_.chance(0.4)) {
        stopped_on = day;
        break;
      }
    }
    finish(last, target_day, stopped_on, stays);
    add_next_due();
  }

  void draw_plan() {
    const Date start = workday(assessed_.plus_days(static_cast<int>(random_.integer(0, 10))));
    if (start > options_.today) return;
    if (random_.chance(0.62)) add_medication(start);
    if (h_.treatments.empty() || random_.chance(0.5)) {
      treatments::Treatment t;
      t.id = treatments::TreatmentId(new_id(clinic_time(start, 10 * 60 + 5)));
      t.patient = h_.patient.id;
      t.kind = "psychotherapy";
      t.name = std::string(random_.pick(kPsychotherapies));
      t.start_date = start;
      t.source = "simulation";
      h_.treatments.push_back(std::move(t));
    }
  }

  // A dose is raised once, then another medicine is tried; without one, a medicine is started.
  void change_plan(Date on) {
    if (on > options_.today) return;
    for (auto& t : h_.treatments) {
      if (t.kind != "medication" || t.stop_date) continue;
      if (t.changes.empty()) {
        for (const auto& drug : kMedications)
          if (drug.name == t.name)
            t.changes.push_back({new_id(clinic_time(on, 10 * 60)), on, t.dose, std::string(drug.next_dose), "not enough better"});
        t.dose = t.changes.back().to_dose;
        return;
      }
      t.stop_date = on;
      t.stop_reason = "not enough better";
    }
    add_medication(on);
  }

  void add_medication(Date start) {
    const auto& drug = random_.pick(kMedications);
    treatments::Treatment t;
    t.id = treatments::TreatmentId(new_id(clinic_time(start, 10 * 60)));
    t.patient = h_.patient.id;
    t.kind = "medication";
    t.name = std::string(drug.name);
    t.dose = std::string(drug.first_dose);
    t.start_date = start;
    t.source = "simulation";
    h_.treatments.push_back(std::move(t));
  }

  // A C-SSRS screener at a later contact ends what a positive answer began.
  void reassess_safety(Date day) {
    if (!reassess_after_ || day <= *reassess_after_ || !random_.chance(0.9)) return;
    reassess_after_.reset();
    measurements::Measurement m;
    m.administered_at = clinic_time(day, minute_ + 1);
    m.id = measurements::MeasurementId(new_id(m.administered_at));
    m.patient = h_.patient.id;
    m.instrument = "c-ssrs-screener";
    m.instrument_version = "1.0.0";
    m.informant = "self";
    m.mode = modality_;
    m.language = *h_.patient.language;
    m.administered_date = day;
    m.severity = "none";
    m.answers = {{"q1", 0.0}, {"q2", 0.0}, {"q6", 0.0}};
    m.entered_by = care_manager_;
    m.entered_at = m.administered_at + std::chrono::minutes(5);
    m.seen_by = care_manager_;
    m.seen_at = m.entered_at;
    m.source = "simulation";
    h_.measurements.push_back(std::move(m));
  }

  // The latent course: from the baseline to the floor over the weeks to response (or slowly, to a high floor).
  double latent(double week) const {
    const double duration = can_respond_ ? std::max(3.0, response_week_) : 20.0;
    const double done = std::min(1.0, week / duration);
    return baseline_ * (1 + (floor_ - 1) * done);
  }

  // Stores PHQ-9 and often GAD-7 of a day; the primary instrument's total.
  double add_scores(Date day, double week) {
    const bool anxiety = *h_.episode.primary_instrument == "gad-7";
    const double safety_chance = week < 1 ? kSafetyFirst : kSafetyLast;
    const double severity = std::clamp(latent(week) + (week == 0 ? 0 : random_.normal(0, 1.5)), 0.0, 27.0);
    const int phq = std::clamp(static_cast<int>(std::lround(severity)), 0, 27);
    const int gad = std::clamp(static_cast<int>(std::lround(severity * 0.78 + random_.normal(0, 1.3))), 0, 21);
    const int minute = minute_ + 2;  // in the contact, or at intake
    add_measurement(day, minute, "phq-9", 9, phq, random_.chance(safety_chance));
    const bool with_gad = anxiety || random_.chance(0.55);
    if (with_gad) add_measurement(day, minute + 3, "gad-7", 7, anxiety && week == 0 ? std::max(gad, 10) : gad, false);
    const double primary = anxiety ? (week == 0 ? std::max(gad, 10) : gad) : phq;
    if (week == 0) first_primary_ = primary;
    return primary;
  }

  void add_measurement(Date day, int minute, std::string_view instrument, int items, int total, bool safety) {
    measurements::Measurement m;
    m.administered_at = clinic_time(day, minute);
    m.id = measurements::MeasurementId(new_id(m.administered_at));
    m.patient = h_.patient.id;
    m.instrument = std::string(instrument);
    m.instrument_version = "1.0.0";
    m.mode = modality_;
    m.language = *h_.patient.language;
    m.administered_date = day;
    m.entered_by = care_manager_;
    m.entered_at = m.administered_at + std::chrono::minutes(5);
    m.seen_by = care_manager_;
    m.seen_at = m.entered_at;
    m.source = "simulation";
    const bool has_safety_item = items == 9;
    // Points are dealt to the items one by one; item 9 gets its own, first.
    std::array<int, 9> points{};
    int left = total;
    if (has_safety_item && safety && left > 0) {
      points[8] = left > 6 && random_.chance(0.2) ? 2 : 1;
      left -= points[8];
    }
    const int open_items = has_safety_item ? 8 : items;
    while (left > 0) {
      int full = 0;
      for (int i = 0; i < open_items; ++i) full += points[static_cast<std::size_t>(i)] == 3;
      if (full == open_items) {
        points[8] += left;  // only from 25 points on
        break;
      }
      auto& item = points[static_cast<std::size_t>(random_.integer(0, open_items - 1))];
      if (item < 3) {
        ++item;
        --left;
      }
    }
    for (int i = 0; i < items; ++i)
      m.answers.push_back({"q" + std::to_string(i + 1), static_cast<double>(points[static_cast<std::size_t>(i)])});
    m.total = total;
    m.severity = std::string(severity(instrument, total));
    const bool positive = has_safety_item && points[8] > 0;
    m.safety = positive ? "positive" : "none";
    if (positive) add_safety_event(m, points[8]);
    h_.measurements.push_back(std::move(m));
  }

  // Bands of the PHQ-9 and GAD-7 (Kroenke 2001, Spitzer 2006); the instruments' files are the reference.
  static std::string_view severity(std::string_view instrument, int total) {
    if (instrument == "gad-7") return total >= 15 ? "severe" : total >= 10 ? "moderate" : total >= 5 ? "mild" : "minimal";
    return total >= 20   ? "severe"
           : total >= 15 ? "moderately severe"
           : total >= 10 ? "moderate"
           : total >= 5  ? "mild"
                         : "minimal";
  }

  void add_safety_event(const measurements::Measurement& m, int value) {
    safety::SafetyEvent s;
    s.id = safety::SafetyEventId(new_id(m.entered_at));
    s.patient = h_.patient.id;
    s.signalled_at = m.entered_at;
    s.signalled_date = m.administered_date;
    s.signal = "phq-9 item 9 = " + std::to_string(value);
    s.measurement = m.id;
    s.due_at = m.entered_at + std::chrono::minutes(120);  // rulesets: safety.unreviewed.minutes
    // Assessed the same hour, but for a few of the last days.
    const int age = options_.today - m.administered_date;
    if (age > 2 || random_.chance(0.8)) {
      s.acknowledged_by = care_manager_;
      s.acknowledged_at = m.entered_at + std::chrono::minutes(random_.integer(1, 12));
      s.level = value >= 2 && random_.chance(0.3) ? "moderate" : "low";
      s.disposition = "C-SSRS done on the phone; no plan or intent; safety plan reviewed; next contact within a week.";
      s.closed_by = care_manager_;
      s.closed_at = m.entered_at + std::chrono::minutes(random_.integer(20, 90));
      s.version = 3;
    }
    reassess_after_ = m.administered_date;
    h_.safety_events.push_back(std::move(s));
  }

  void add_contact(Date day, std::string_view kind, int minutes) {
    contacts::Contact c;
    const int start = minute_ = clinic_minute();
    modality_ = random_.chance(0.72) ? "phone" : random_.chance(0.6) ? "in_person" : "video";
    c.started_at = clinic_time(day, start);
    c.id = contacts::ContactId(new_id(*c.started_at));
    c.patient = h_.patient.id;
    c.date = day;
    c.staff = care_manager_;
    c.staff_role = "care_manager";
    c.kind = std::string(kind);
    c.modality = modality_;
    c.source = "simulation";
    c.entered_at = *c.started_at + std::chrono::minutes(minutes + 5);
    if (kind == "treatment") {
      c.minutes = minutes;
      c.interventions = {random_.chance(0.5) ? "behavioral_activation" : "problem_solving_treatment"};
      if (random_.chance(0.4)) c.interventions.emplace_back("medication_support");
      contacts::TimeEntry t;
      t.id = contacts::TimeEntryId(new_id(c.entered_at));
      t.patient = h_.patient.id;
      t.date = day;
      t.staff = care_manager_;
      t.staff_name = care_manager_name_;
      t.minutes = minutes;
      t.activity = "contact";
      t.start_minute = start;
      t.contact = c.id;
      t.staff_role = "care_manager";
      t.source = "simulation";
      h_.time_entries.push_back(std::move(t));
    }
    h_.contacts.push_back(std::move(c));
  }

  /// The day on which it is held; nothing is held after today.
  Date add_review(Date day, std::string question, std::string recommendation, std::string kind) {
    while (options_.weekly_sessions && day.weekday() != kSessionWeekday) day = day.plus_days(1);
    if (day > options_.today) return day;
    reviews::Review r;
    if (options_.weekly_sessions) r.session = session_id(site_->id, day);
    r.id = reviews::ReviewId(new_id(clinic_time(day, 13 * 60)));
    r.patient = h_.patient.id;
    r.date = day;
    r.reviewer = site_->consultant;
    r.reviewer_name = site_->consultant_name;
    r.question = std::move(question);
    r.recommendation_documented = true;
    r.recommendation = std::move(recommendation);
    r.recommendation_to = "pcp";
    r.recommendation_state = "sent";
    r.source = "simulation";
    // One in twenty is forgotten until somebody asks, so the caseload has some that wait, and none that wait for ever.
    const auto days = [&](int most, int late) {
      return static_cast<int>(random_.chance(0.95) ? random_.integer(1, most) : random_.integer(most + 1, late));
    };
    const Date answered = day.plus_days(days(9, 40));
    if (answered <= options_.today) {
      r.recommendation_state = random_.chance(0.8) ? "accepted" : "modified";
      r.answered_date = answered;
      const Date done = answered.plus_days(days(14, 45));
      if (done <= options_.today) {
        r.recommendation_state = "done";
        r.done_date = done;
      }
      r.version = 2;
    }
    auto advice = reviews::first_of(r);
    advice->kind = std::move(kind);
    judge_trial(*advice);
    r.recommendations.push_back(std::move(*advice));
    h_.reviews.push_back(std::move(r));
    return day;
  }

  // A change of treatment that stood long enough was tried: four in five at a dose that could work. Without a draw, so that the
  // histories stay what they are.
  void judge_trial(reviews::Recommendation& advice) {
    if (advice.kind != "increase" || !advice.done_date) return;
    const Date judged = advice.done_date->plus_days(7 * kTrialWeeks);
    if (judged > options_.today) return;
    const bool long_enough = (judged - Date::ymd(2020, 1, 1)) % 5 != 0;
    advice.state = long_enough ? reviews::State::adequate_trial : reviews::State::not_adequate;
    advice.trial_weeks = kTrialWeeks;
    advice.ended_date = judged;
  }

  void finish(Date last, std::optional<Date> target_day, std::optional<Date> stopped_on, bool stays) {
    auto& e = h_.episode;
    if (target_day) {
      const Date start = workday(target_day->plus_days(static_cast<int>(random_.integer(0, 5))));
      if (start > options_.today) return;
      move(episodes::State::relapse_prevention, start);
      e.relapse_prevention_date = start;
      Date day = start;
      const Date end = workday(start.plus_days(static_cast<int>(random_.integer(60, 130))));
      while (true) {
        day = workday(day.plus_days(static_cast<int>(random_.integer(24, 30))));
        if (day > options_.today || day >= end) break;
        add_contact(day, "treatment", static_cast<int>(std::clamp(random_.gamma(4.0, 4.0), 5.0, 40.0)));
        reassess_safety(day);
        if (random_.chance(0.85)) add_scores(day, (day - assessed_) / 7.0);
      }
      if (end <= options_.today) close(end, "target_met");
      return;
    }
    if (stopped_on) return close(*stopped_on, random_.chance(0.6) ? "referred_specialty" : "patient_choice");
    if (stays) return;
    // Somebody who stopped coming is closed after two to three months, unless nobody has noticed yet.
    const Date closed = workday(last.plus_days(static_cast<int>(random_.integer(40, 95))));
    if (closed > options_.today || (options_.today - closed < 45 && random_.chance(0.15))) return;
    constexpr std::string_view kReasons[] = {"lost_to_follow_up", "patient_choice", "referred_specialty", "moved", "other"};
    close(closed, std::string(kReasons[random_.weighted({0.45, 0.3, 0.15, 0.07, 0.03})]));
  }

  // The next contact was agreed at the last one.
  void add_next_due() {
    for (std::size_t i = h_.contacts.size(); i-- > 0;) {
      auto& c = h_.contacts[i];
      if (c.kind != "treatment") continue;
      const int weeks = (c.date - assessed_) / 7;
      const int gap = h_.episode.state == episodes::State::relapse_prevention ? 28 : weeks < 4 ? 7 : weeks < 13 ? 14 : 28;
      c.next_due_date = workday(c.date.plus_days(gap));
      c.next_due_modality = "phone";
      break;
    }
  }

  const Cohort& cohort_;
  const Options& options_;
  const std::int64_t index_;
  Random random_;
  History h_;
  const SimulatedSite* site_ = nullptr;
  UserId care_manager_;
  std::string care_manager_name_;
  Date referred_, assessed_;
  std::optional<Date> last_attempt_;
  int minute_ = 9 * 60;  // of the contact being told
  std::string modality_ = "in_person";
  bool engages_ = false, can_respond_ = true;
  std::optional<Date> reassess_after_;  // a positive answer waits for a later C-SSRS
  double baseline_ = 15, floor_ = 0.4, response_week_ = 1e9, first_primary_ = 15;
};

}  // namespace

reviews::SessionId session_id(SiteId site, Date day) {
  const std::string where = site.text(), when = day.iso();
  const std::string_view parts[] = {"simulation", "session", where, when};
  return reviews::SessionId(make_uuid_from(parts));
}

Cohort plan_cohort(const Options& options) {
  Cohort cohort;
  cohort.options = options;
  // About one referral in seven of the last two years is an open, enrolled episode (a test watches this).
  const double open_share = 0.145 * 24.0 / std::max(1, options.months);
  const auto managers = std::max<std::int64_t>(
      1, static_cast<std::int64_t>(std::lround(static_cast<double>(options.patients) * std::min(0.6, open_share) / kCaseload)));
  const auto sites = std::max<std::int64_t>(1, (managers + kCareManagersPerSite - 1) / kCareManagersPerSite);
  Random random(options.seed, ~0ULL);
  std::int64_t made = 0;
  for (std::int64_t s = 0; s < sites; ++s) {
    SimulatedSite site;
    site.id = SiteId(derived_id(options.seed, "site", s));
    site.name = std::string(kSiteNames[static_cast<std::size_t>(s) % std::size(kSiteNames)]) + " Demo Clinic";
    if (s >= static_cast<std::int64_t>(std::size(kSiteNames)))
      site.name += " " + std::to_string(s / static_cast<std::int64_t>(std::size(kSiteNames)) + 1);
    site.early_contact_share = random.uniform(0.34, 0.88);
    const auto here = std::min<std::int64_t>(kCareManagersPerSite, managers - made);
    for (std::int64_t m = 0; m < here; ++m, ++made) {
      site.care_managers.emplace_back(derived_id(options.seed, "care_manager", made));
      site.care_manager_names.push_back("Demo Manager " + std::to_string(made + 1));
    }
    site.consultant = UserId(derived_id(options.seed, "consultant", s));
    site.consultant_name = "Dr. Demo Consultant " + std::to_string(s + 1);
    cohort.sites.push_back(std::move(site));
  }
  return cohort;
}

History simulate(const Cohort& cohort, std::int64_t index) { return Story(cohort, index).tell(); }

}  // namespace concord::simulation
