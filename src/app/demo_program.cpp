#include "app/demo_program.h"

#include <algorithm>
#include <array>

#include "base/random.h"
#include "base/zone.h"
#include "episodes/episodes_store.h"
#include "measures/site_months_store.h"
#include "patients/patients_store.h"
#include "plans/plans_store.h"
#include "reviews/sessions_store.h"
#include "surveys/surveys_store.h"

namespace concord::app {
namespace {

using episodes::Episode;

constexpr int kPage = 500;
constexpr double kAnswers = 0.45;   // of those asked at a point
constexpr double kDeclines = 0.08;  // of those who look at it
constexpr double kHasGoal = 0.6;    // of those enrolled
constexpr double kReaches = 0.55;   // of the goals, once care is over
constexpr int kWeeks = 106;
constexpr int kSessionMinutes = 60;
constexpr int kMonths = 24;

class Program {
 public:
  Program(db::Tx& tx, const Slices& slices, IdSource& ids, Instant now, OrganizationId organization,
          const simulation::Cohort& cohort)
      : tx_(tx),
        slices_(slices),
        ids_(ids),
        now_(now),
        organization_(organization),
        site_(cohort.sites.front()),
        today_(local_date(now, cohort.options.time_zone)),
        random_(cohort.options.seed) {}

  void of(const Episode& episode) {
    if (!episode.enrolled_date) return;
    surveys(episode);
    if (random_.chance(kHasGoal)) goal(episode);
  }

  /// A full-time care manager each; attested when the month was over.
  void care_manager_time() {
    Date month = today_.first_of_month();
    for (int n = 0; n < kMonths; ++n) {
      month = month.plus_days(-1).first_of_month();
      const Instant then = now_ - std::chrono::hours(24 * (today_ - month.last_of_month()));
      measures::attest(tx_, organization_, {site_.id, month, static_cast<double>(site_.care_managers.size()), {}}, then);
    }
  }

  /// One hour every Wednesday, with the consultant.
  void sessions() {
    Date day = today_.plus_days(-1);
    while (day.weekday() != simulation::kSessionWeekday) day = day.plus_days(-1);
    for (int week = 0; week < kWeeks; ++week, day = day.plus_days(-7)) {
      reviews::Session session;
      session.id = simulation::session_id(site_.id, day);
      session.site = site_.id;
      session.date = day;
      session.starts_at = "13:00";
      session.minutes = kSessionMinutes;
      session.consultant = site_.consultant;
      session.state = "held";
      session.created_by = site_.consultant;
      session.created_at = now_ - std::chrono::hours(24 * (today_ - day));
      reviews::insert(tx_, organization_, session);
    }
  }

 private:
  int up_to(int most) { return static_cast<int>(random_.integer(0, most)); }

  void surveys(const Episode& episode) {
    for (const auto& survey : slices_.data().surveys.all()) {
      if (survey.opt_in) continue;
      for (const auto& point : survey.points) {
        if (point.after_closing && !episode.closed_date) continue;
        const Date from = (point.after_closing ? *episode.closed_date : *episode.enrolled_date).plus_days(point.from_day);
        const Date day = from.plus_days(up_to(6));
        const bool still_in_care = point.after_closing || !episode.closed_date || *episode.closed_date >= day;
        if (day > today_ || !still_in_care || !random_.chance(kAnswers)) continue;
        surveys::Answer a;
        a.id = surveys::AnswerId(ids_.next());
        a.patient = episode.patient;
        a.episode = episode.id.uuid;
        a.site = episode.site;
        a.survey = survey.id;
        a.version = survey.version;
        a.point = point.id;
        a.on = day;
        a.at = now_ - std::chrono::hours(24 * (today_ - day));
        a.declined = random_.chance(kDeclines);
        if (!a.declined)
          for (const auto& item : survey.items) {
            const double middle = item.minimum + 0.78 * (item.maximum - item.minimum);
            const double drawn = random_.normal(middle, 0.2 * (item.maximum - item.minimum));
            a.values.emplace(item.id, std::clamp(static_cast<int>(drawn + 0.5), item.minimum, item.maximum));
          }
        a.by = UserId(episode.patient.uuid);
        concord::surveys::insert(tx_, organization_, a);
      }
    }
  }

  void goal(const Episode& episode) {
    static constexpr std::string_view kWhat[] = {"walk around the block", "call a friend", "cook one meal", "be outside by noon"};
    plans::Goal g;
    g.id = plans::GoalId(ids_.next());
    g.patient = episode.patient;
    g.what = std::string(random_.pick(kWhat)) + " (demo)";
    g.times_per_week = 1 + up_to(3);
    g.confidence = 5 + up_to(5);
    g.start_date = std::min(today_, episode.enrolled_date->plus_days(up_to(14)));
    g.last_reviewed_date = std::max(g.start_date, today_.plus_days(-up_to(19)));
    g.status_date = g.start_date;
    const bool reached = today_ - g.start_date > 70 && random_.chance(kReaches);
    if (reached || episode.closed_date) {
      g.status = reached ? "reached" : "stopped";
      if (!reached) g.status_reason = "The course of care ended. (demo)";
      g.status_date = std::min(episode.closed_date.value_or(today_), g.start_date.plus_days(20 + up_to(59)));
      g.last_reviewed_date = g.status_date = std::max(g.start_date, g.status_date);
    }
    plans::insert(tx_, organization_, g);
  }

  db::Tx& tx_;
  const Slices& slices_;
  IdSource& ids_;
  const Instant now_;
  const OrganizationId organization_;
  const simulation::SimulatedSite& site_;
  const Date today_;
  Random random_;
};

}  // namespace

Result<void> add_demo_program(db::Database& database, const Slices& slices, IdSource& ids, Instant now,
                              OrganizationId organization, const simulation::Cohort& cohort) {
  return database.write([&](db::Tx& tx) -> Result<void> {
    Program program(tx, slices, ids, now, organization, cohort);
    const std::array<SiteId, 1> sites = {cohort.sites.front().id};
    std::vector<patients::PatientId> changed;
    std::optional<patients::PatientId> after;
    while (true) {
      const auto page = patients::search(tx, organization, sites, {}, after, kPage);
      for (const auto& patient : page)
        for (const auto& episode : episodes::list(tx, organization, patient.id)) {
          program.of(episode);
          changed.push_back(patient.id);
        }
      if (page.size() < kPage) break;
      after = page.back().id;
    }
    program.sessions();
    program.care_manager_time();
    slices.refresh(tx, organization, changed);
    return {};
  });
}

}  // namespace concord::app
