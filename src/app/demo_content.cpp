#include "app/demo_content.h"

#include <algorithm>

#include "app/demo_portal.h"
#include "base/zone.h"
#include "conversations/patient_messages_store.h"
#include "episodes/episodes_api.h"
#include "episodes/episodes_store.h"
#include "feedback/feedback_store.h"
#include "logs/logs_store.h"
#include "plans/plans_store.h"
#include "portal/accounts_store.h"
#include "surveys/surveys_store.h"
#include "treatments/treatments_store.h"

namespace concord::app {
namespace {

using patients::PatientId;

constexpr int kAnswered = 24;  // people who answered a survey
constexpr std::size_t kMost = 400;

struct Both {
  std::string_view en, es;
  std::string in(std::string_view language) const { return std::string(language == "es" ? es : en); }
};

class Content {
 public:
  Content(db::Tx& tx, const Slices& slices, IdSource& ids, Instant now, OrganizationId organization, SiteId site,
          std::string zone)
      : tx_(tx),
        slices_(slices),
        ids_(ids),
        now_(now),
        organization_(organization),
        site_(site),
        zone_(std::move(zone)),
        today_(local_date(now, zone_)) {}

  /// Everything that one patient wrote. `young`: as the age rules want it kept.
  void of(const portal::Account& account, bool young) {
    account_ = &account;
    patient_ = *account.patient;
    language_ = account.language;
    labels_ = young ? "adolescent_confidential" : "normal";
    goal({"walk around the block", "caminar por la manzana"}, {"10 minutes", "10 minutos"}, "mon wed fri",
         {"after lunch", "después de comer"}, 8, {12, 10, 8, 5, 3});
    goal({"call my sister", "llamar a mi hermana"}, {"", ""}, "", {"", ""}, 5, {6});
    diary();
    threads();
    weigh();
    say();
  }

  /// Answers of many, so that the program manager has something to read that names nobody.
  void surveys(const std::vector<PatientId>& people) {
    int n = 0;
    for (const auto patient : people) {
      const auto episode = episodes::find_open(tx_, organization_, patient);
      if (!episode || !episode->enrolled_date || n == kAnswered) continue;
      for (const auto& survey : slices_.data().surveys.all()) {
        if (survey.opt_in) continue;
        surveys::Answer a;
        a.id = surveys::AnswerId(ids_.next());
        a.patient = patient;
        a.episode = episode->id.uuid;
        a.site = site_;
        a.survey = survey.id;
        a.version = survey.version;
        a.point = "week_4";
        a.on = today_.plus_days(-(n % 20));
        a.at = now_;
        a.declined = n % 11 == 10;
        if (!a.declined)
          for (std::size_t i = 0; i < survey.items.size(); ++i)
            a.values.emplace(survey.items[i].id, 4 - static_cast<int>((static_cast<std::size_t>(n) + i) % 4) / 2);
        a.by = UserId(patient.uuid);
        concord::surveys::insert(tx_, organization_, a);
      }
      ++n;
    }
  }

 private:
  Instant before(int days, int hours = 0) const { return now_ - std::chrono::hours(24 * days + hours); }

  void goal(Both what, Both how_long, std::string days, Both when, int confidence, std::vector<int> ticks) {
    plans::Goal g;
    g.id = plans::GoalId(ids_.next());
    g.patient = patient_;
    g.what = what.in(language_);
    if (const auto words = how_long.in(language_); !words.empty()) g.how_long = words;
    if (!days.empty()) g.days = days;
    if (const auto words = when.in(language_); !words.empty()) g.day_time = words;
    g.confidence = confidence;
    g.obstacle = Both{"rain (demo)", "la lluvia (demo)"}.in(language_);
    g.obstacle_plan = Both{"walk in the hall", "caminar en el pasillo"}.in(language_);
    g.language = language_;
    g.start_date = g.status_date = g.last_reviewed_date = today_.plus_days(-14);
    g.labels = labels_;
    g.written_by = "patient";
    plans::insert(tx_, organization_, g);
    for (const int ago : ticks) {
      plans::GoalEntry e;
      e.id = ids_.next();
      e.on = today_.plus_days(-ago);
      e.kind = "check_off";
      e.result = ago == 8 ? "something_else" : "done";
      e.note = ago == 8 ? Both{"went up the stairs instead", "subí las escaleras"}.in(language_) : "";
      e.by = account_->id;
      e.told_by = "patient";
      plans::insert_entry(tx_, organization_, g, e, before(ago));
    }
  }

  void write_down(std::string kind, int days_ago, std::string words, const std::function<void(logs::Log&)>& more) {
    logs::Log l;
    l.id = logs::LogId(ids_.next());
    l.patient = patient_;
    l.on = today_.plus_days(-days_ago);
    l.kind = std::move(kind);
    l.words = std::move(words);
    l.labels = labels_;
    l.by = account_->id;
    l.at = before(days_ago);
    more(l);
    logs::insert(tx_, organization_, l);
  }

  void diary() {
    static constexpr int kMood[] = {5, 6, 5, 4, 6, 5, 4, 3, 4, 5, 3, 4, 3, 2};
    for (int ago = 13; ago >= 0; --ago)
      write_down("mood", ago, ago == 3 ? Both{"Bad night (demo)", "Mala noche (demo)"}.in(language_) : "",
                 [&](logs::Log& l) { l.score = kMood[ago]; });
    write_down("activity", 2, Both{"Baked bread (demo)", "Hice pan (demo)"}.in(language_), [](logs::Log& l) {
      l.pleasure = 7;
      l.mastery = 6;
    });
    for (const auto& t : treatments::list(tx_, organization_, patient_)) {
      if (t.kind != "medication" || !t.active(today_) || t.start_date > today_.plus_days(-10)) continue;
      for (int ago = 9; ago >= 0; --ago)
        write_down("medicine", ago, "", [&](logs::Log& l) {
          l.treatment = t.id.uuid;
          l.taken = ago == 4 ? "no" : ago == 6 ? "partly" : "yes";
        });
      const std::string words = Both{"Dry mouth in the morning (demo)", "Boca seca por la mañana (demo)"}.in(language_);
      write_down("side_effect", 5, words, [&](logs::Log& l) {
        l.treatment = t.id.uuid;
        l.bother = 1;
      });
      treatments::Report r;
      r.id = ids_.next();
      r.patient = patient_;
      r.treatment = t.id;
      r.on = today_.plus_days(-5);
      r.adherence = "not_said";
      r.side_effects = words;
      r.bother = 1;
      r.by = account_->id;
      r.at = before(5);
      r.reporter = "patient";
      r.labels = labels_;
      treatments::insert(tx_, organization_, r);
    }
  }

  conversations::PatientMessage message(conversations::ThreadId thread, std::string by, UserId author, std::string role,
                                        Both words, Instant at) {
    conversations::PatientMessage m;
    m.id = conversations::PatientMessageId(ids_.next());
    m.thread = thread;
    m.at = at;
    m.by = std::move(by);
    m.author = author;
    m.role = std::move(role);
    m.words = words.in(language_);
    return m;
  }

  void threads() {
    const auto episode = episodes::find_open(tx_, organization_, patient_);
    const auto dana = episode ? episode->care_manager : std::nullopt;
    const auto start = [&](Both subject, Instant at) {
      conversations::Thread t;
      t.id = conversations::ThreadId(ids_.next());
      t.patient = patient_;
      t.site = site_;
      t.subject = subject.in(language_);
      t.addressee = dana;
      t.opened_at = at;
      t.state = "answered";
      t.labels = labels_;
      return t;
    };
    const calendar::Calendar calendar;
    if (dana) {
      auto t = start({"Taking it in the evening", "Tomarlo por la noche"}, before(6));
      conversations::patient_wrote(t, "patient", before(6), today_.plus_days(-6), calendar, 1);
      auto asked = message(t.id, "patient", account_->id, "patient",
                           {"May I take my medicine in the evening? It makes me sleepy. (demo)",
                            "¿Puedo tomar mi medicamento por la noche? Me da sueño. (demo)"},
                           before(6));
      conversations::staff_wrote(t, before(5));
      t.unread_staff = 0;
      conversations::insert(tx_, organization_, t);
      conversations::insert(tx_, organization_, patient_, asked);
      conversations::mark_read(tx_, organization_, patient_, t.id, false, *dana, "care_manager", before(5, 1));
      conversations::insert(tx_, organization_, patient_,
                            message(t.id, "staff", *dana, "care_manager",
                                    {"Yes, that is fine. Take it with a snack. We talk about it on the phone. (demo)",
                                     "Sí, está bien. Tómelo con algo de comer. Lo hablamos por teléfono. (demo)"},
                                    before(5)));
    }
    auto t = start({"A question about my next visit", "Una pregunta sobre mi visita"}, before(2));
    conversations::patient_wrote(t, "patient", before(2), today_.plus_days(-2), calendar, 1);
    conversations::insert(tx_, organization_, t);
    conversations::insert(
        tx_, organization_, patient_,
        message(t.id, "patient", account_->id, "patient",
                {"Can my sister come along next time? 😊 (demo)", "¿Puede venir mi hermana la próxima vez? 😊 (demo)"},
                before(2)));
  }

  void weigh() {
    const auto episode = episodes::find_open(tx_, organization_, patient_);
    for (const auto& aid : slices_.data().aids.all()) {
      const bool fits =
          episode && episode->primary_condition &&
          std::find(aid.conditions.begin(), aid.conditions.end(), *episode->primary_condition) != aid.conditions.end();
      if (!fits || aid.matters.size() < 2) continue;
      plans::Preparation p;
      p.patient = patient_;
      p.aid = aid.id;
      p.aid_version = aid.version;
      p.weights = {{aid.matters[0].id, 5}, {aid.matters[1].id, 2}};
      p.leaning = "undecided";
      p.words = Both{"I want to sleep again. (demo)", "Quiero volver a dormir. (demo)"}.in(language_);
      p.labels = labels_;
      p.saved_by = account_->id;
      p.saved_at = before(1);
      plans::save(tx_, organization_, p);
      return;
    }
  }

  void say() {
    feedback::Feedback f;
    f.id = feedback::FeedbackId(ids_.next());
    f.patient = patient_;
    f.site = site_;
    f.at = before(3);
    f.topic = "access";
    f.words = Both{"It took three calls to reach somebody. (demo)", "Tuve que llamar tres veces. (demo)"}.in(language_);
    f.language = language_;
    f.anonymous = language_ == "es";
    f.labels = labels_;
    feedback::insert(tx_, organization_, f);
  }

  db::Tx& tx_;
  const Slices& slices_;
  IdSource& ids_;
  const Instant now_;
  const OrganizationId organization_;
  const SiteId site_;
  const std::string zone_;
  const Date today_;
  const portal::Account* account_ = nullptr;
  PatientId patient_;
  std::string language_, labels_;
};

}  // namespace

Result<void> add_demo_content(db::Database& database, const Slices& slices, IdSource& ids, Instant now,
                              OrganizationId organization, const simulation::Cohort& cohort) {
  return database.write([&](db::Tx& tx) -> Result<void> {
    const auto& site = cohort.sites.front();
    Content content(tx, slices, ids, now, organization, site.id, cohort.options.time_zone);
    std::vector<PatientId> changed;
    for (const auto& person : demo_portal_people())
      for (const auto& account : portal::accounts_by_name(tx, person.name)) {
        if (account.organization != organization || !account.patient) continue;
        content.of(account, person.name.starts_with("teen"));
        changed.push_back(*account.patient);
      }
    std::vector<PatientId> people;
    for (const auto manager : site.care_managers)
      for (const auto id : episodes::patients_of(tx, organization, site.id, manager, kMost))
        if (std::find(changed.begin(), changed.end(), id) == changed.end())
          people.push_back(id);  // those still have theirs to answer
    content.surveys(people);
    slices.refresh(tx, organization, changed);
    return {};
  });
}

}  // namespace concord::app
