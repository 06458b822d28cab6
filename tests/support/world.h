// A small world to test in, made through the real interface:
//
//   organization "Alder" with the sites North and South, organization "Birch" with the site Main;
//   one person of every role at every site, who sign in with kPassword; a service key for each site.
//
//   World w(server);
//   auto ann = w.patient("Ann").enrolled("2026-01-05").phq9({18, 14, 9});
//   w.care_manager().get("/api/v1/patients/" + ann.id("patient_id") + "/summary");
//
// Every text of an organization holds its mark, and every text of a site the site's mark, so that an answer
// that shows what it should not is found by searching for a word.
#pragma once

#include <initializer_list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "identity/identity.h"
#include "support/http_client.h"
#include "support/json_view.h"
#include "support/test_server.h"

namespace concord::testing {

inline constexpr std::string_view kPassword = "nine quiet herons cross the river";

/// One clinic site and who works there.
struct Site {
  SiteId id;
  OrganizationId organization;
  std::string name;
  std::string mark;               ///< in every text about its patients
  std::string organization_mark;  ///< in every text of the organization
  std::string short_name;         ///< "north": people are "pcp.north"
  std::string service_key;        ///< a care manager's machine
};

class World;

/// A patient and everything that hangs on them. Copies mean the same patient.
class PatientChart {
 public:
  /// Steps; dates are "YYYY-MM-DD". Each throws with the server's answer when it does not work.
  PatientChart& referred(std::string_view on = "2026-01-05");
  PatientChart& attempted();
  PatientChart& sent_elsewhere();  ///< the referral ends with other_level_of_care
  PatientChart& consented(std::string_view on = "2026-01-05");
  PatientChart& assessed(std::string_view on = "2026-01-05");
  PatientChart& enrolled(std::string_view on = "2026-01-05");  ///< with everything that comes before
  PatientChart& phq9(std::initializer_list<int> totals, std::string_view first = "2026-01-05");  ///< two weeks apart
  PatientChart& contact(std::string_view on = "2026-02-02", int minutes = 20);
  PatientChart& treatment(std::string_view on = "2026-01-12");
  PatientChart& review(std::string_view on = "2026-02-09");
  PatientChart& answered();                   ///< the PCP accepts the review
  PatientChart& worried();                    ///< a safety event
  PatientChart& acknowledged_by_colleague();  ///< the site's behavioral health specialist has the event
  PatientChart& found_high();                 ///< the event is assessed, level high
  PatientChart& step_down_asked();            ///< and the consultant is asked to agree to moderate
  PatientChart& safety_planned();
  /// The weekly question on the tablet ("check_in_id", "check_in_path"), and answered there.
  PatientChart& checked_in(bool answered = false);
  PatientChart& given_to_read();  ///< a piece with a note: "assignment_id"
  /// A visit, a place in a group, a need and a referral to a service: "visit_id", "group_id", "member_id", "session_id",
  /// "need_id", "service_id", "community_referral_id"; "guest_id" is another patient of the site.
  PatientChart& reached_out();
  PatientChart& on_the_rota();  ///< the site's care manager is on call at night: "shift_id", "rota_user"
  /// The review hour: a question to the consultant and a session; "question_id", "session_id".
  PatientChart& review_hour();
  /// One more review whose advice ("recommendation_id") is a draft, or has come as far as `state`: accepted, done.
  PatientChart& advised(std::string_view state = "draft");
  PatientChart& covered();
  PatientChart& team();
  PatientChart& planned();      ///< a care plan the patient was not asked about, a goal, a decision, a condition, an allergy
  PatientChart& agreed();       ///< the patient agrees to the plan
  PatientChart& tasked();       ///< a task of the care manager's, due in three days
  PatientChart& talked();       ///< the care manager says something to the team
  PatientChart& handed_over();  ///< somebody covers for the care manager, some time from now (enrolled before)
  /// Minutes and what billing asks for: "entry_id", "visit_id", "stay_id", "service_id".
  PatientChart& minutes();
  /// January with a charge, closed: "charge_id" is confirmed when `to` is "ready", handed over when it is "exported"
  /// ("export_id"); "open" reopens the month.
  PatientChart& billed(std::string_view to = "held");
  PatientChart& with_mail();  ///< a mail address of their own on the record: "mail"
  /// An account for the portal ("account_id"), an open link ("invitation_id") and somebody they trust with everything
  /// ("grant_id").
  PatientChart& on_portal();
  /// In the portal they write to the team ("thread_id") and say something about the care ("feedback_id").
  PatientChart& wrote();
  /// Enrolled, with one of each.
  PatientChart& everything();

  /// Ids by the name that addresses use: "patient_id", "episode_id", "referral_id", "measurement_id",
  /// "contact_id", "treatment_id", "review_id", "recommendation_id" (of the review), "safety_event_id", "coverage_id",
  /// "consent_id", "member_id".
  const std::string& id(std::string_view name) const;
  bool has(std::string_view name) const { return ids_->count(std::string(name)) > 0; }
  std::int64_t version(std::string_view name) const;
  const Site& site() const { return *site_; }
  const std::map<std::string, std::string>& ids() const { return *ids_; }

 private:
  friend class World;
  PatientChart(World& world, const Site& site) : world_(&world), site_(&site) {}
  Json bill(std::string_view target, const std::string& body, std::string_view version_of = {}, bool may_fail = false);
  HttpClient& hands();  ///< the site's care manager
  Json send(std::string_view method, const std::string& target, const std::string& body, std::string_view version_of = {});
  Json act(std::string_view act, std::string_view on, const std::string& more = {});
  void keep(std::string_view name, const Json& row);
  std::string path(std::string_view rest) const { return "/api/v1/patients/" + id("patient_id") + std::string(rest); }

  World* world_;
  const Site* site_;
  std::shared_ptr<std::map<std::string, std::string>> ids_ = std::make_shared<std::map<std::string, std::string>>();
  std::shared_ptr<std::map<std::string, std::int64_t>> versions_ = std::make_shared<std::map<std::string, std::int64_t>>();
};

class World {
 public:
  explicit World(TestServer& server);

  const Site& north() const { return sites_[0]; }  ///< of Alder: where tests are at home
  const Site& south() const { return sites_[1]; }  ///< of Alder
  const Site& birch() const { return sites_[2]; }  ///< of another organization
  const std::vector<Site>& sites() const { return sites_; }
  static std::string sign_in_name(std::string_view role, const Site& site) { return std::string(role) + "." + site.short_name; }
  UserId user(std::string_view role, const Site& site) const;

  /// A browser in which that person has signed in, the same one each time.
  HttpClient& as(std::string_view role, const Site& site);
  HttpClient& care_manager() { return as("care_manager", north()); }
  /// A new browser in which they sign in.
  HttpClient sign_in(std::string_view sign_in_name);
  /// A browser in which the patient is in the portal, signed in a moment ago; makes the account when there is none.
  HttpClient portal(const PatientChart& patient);
  /// One in which somebody is whom the patient trusts with these scopes, from now on for a year; "grant_id" is theirs from then
  /// on.
  HttpClient trusted(PatientChart& patient, const std::vector<std::string>& scopes, std::string_view kind = "trusted",
                     bool part2 = false);
  /// Lets go of the browsers: needed after the clock has moved past their sessions.
  void forget_browsers() { browsers_.clear(); }

  /// A patient with nothing but a name, at North or `site`.
  PatientChart patient(std::string_view given_name) { return patient(given_name, north()); }
  PatientChart patient(std::string_view given_name, const Site& site);

  /// One more person; returns their id. Takes part in no organization mark unless the name holds it.
  UserId add_person(std::string_view sign_in_name, std::string_view display_name, const std::vector<identity::RoleAtSite>& roles,
                    OrganizationId organization);
  /// Another care manager of the site, who covers for the first.
  UserId stand_in(const Site& site);
  TestServer& server() { return server_; }

 private:
  TestServer& server_;
  std::vector<Site> sites_;
  std::map<std::string, UserId> people_;
  std::map<std::string, HttpClient> browsers_;
  HttpClient in_portal(OrganizationId organization, const Uuid& account, const std::optional<Uuid>& grant);

  std::string password_hash_;
  int number_ = 0, portal_number_ = 0;
};

/// {"sign_in_name":...,"password":...}
std::string credentials(std::string_view sign_in_name, std::string_view password = kPassword);

}  // namespace concord::testing
