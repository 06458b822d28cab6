#include "support/world.h"

#include <stdexcept>

#include "audit/audit_store.h"
#include "identity/identity_store.h"
#include "identity/password.h"
#include "identity/permissions.h"
#include "json/writer.h"
#include "portal/accounts_store.h"

namespace concord::testing {
namespace {

std::string in_quotes(std::string_view text) {
  std::string out;
  json::append_string(out, text);
  return out;
}

void must(const Result<void>& done) {
  if (!done) throw std::runtime_error("the world cannot be made: " + done.error().text);
}

}  // namespace

std::string credentials(std::string_view sign_in_name, std::string_view password) {
  return "{\"sign_in_name\":" + in_quotes(sign_in_name) + ",\"password\":" + in_quotes(password) + "}";
}

World::World(TestServer& server) : server_(server) {
  identity::PasswordHasher hasher(true);
  password_hash_ = hasher.hash(kPassword);
  const OrganizationId alder(server.ids.next()), birch(server.ids.next());
  const auto site = [&](OrganizationId organization, std::string organization_mark, std::string mark, std::string short_name) {
    Site made;
    made.id = SiteId(server.ids.next());
    made.organization = organization;
    made.name = organization_mark + " " + mark;
    made.mark = std::move(mark);
    made.organization_mark = std::move(organization_mark);
    made.short_name = std::move(short_name);
    made.service_key = identity::new_token();
    sites_.push_back(std::move(made));
  };
  site(alder, "aldermark", "northmark", "north");
  site(alder, "aldermark", "southmark", "south");
  site(birch, "birchmark", "mainmark", "birch");
  must(server.database().write([&](db::Tx& tx) -> Result<void> {
    const Instant now = server.clock.now();
    for (const auto& [organization, name] : {std::pair(alder, "Alder aldermark"), std::pair(birch, "Birch birchmark")}) {
      identity::insert_organization(tx, {organization, name}, now);
      audit::open_chains(tx, organization);
    }
    for (const auto& s : sites_) {
      identity::insert_site(tx, s.organization, {s.id, s.name, "America/New_York", "555-0100 " + s.organization_mark, s.mark},
                            now);
      identity::insert_service_key(tx, identity::token_hash(s.service_key),
                                   {s.organization, server.ids.next(), "machine " + s.organization_mark, "care_manager", s.id},
                                   now);
    }
    return {};
  }));
  for (const auto& s : sites_)
    for (const auto& grants : identity::role_grants())
      add_person(sign_in_name(grants.role, s), std::string(grants.role) + " " + s.organization_mark + " " + s.mark,
                 {{std::string(grants.role), s.id}}, s.organization);
}

UserId World::add_person(std::string_view name, std::string_view display_name, const std::vector<identity::RoleAtSite>& roles,
                         OrganizationId organization) {
  identity::User user;
  user.organization = organization;
  user.id = UserId(server_.ids.next());
  user.display_name = std::string(display_name);
  user.sign_in_name = std::string(name);
  user.password_hash = password_hash_;
  user.roles = roles;
  must(server_.database().write([&](db::Tx& tx) -> Result<void> {
    identity::insert_user(tx, user, server_.clock.now());
    return {};
  }));
  people_[std::string(name)] = user.id;
  return user.id;
}

UserId World::stand_in(const Site& site) {
  const std::string name = "stand_in." + site.short_name;
  if (const auto known = people_.find(name); known != people_.end()) return known->second;
  return add_person(name, "stand-in " + site.organization_mark + " " + site.mark, {{"care_manager", site.id}}, site.organization);
}

UserId World::user(std::string_view role, const Site& site) const { return people_.at(sign_in_name(role, site)); }

HttpClient World::sign_in(std::string_view name) {
  HttpClient browser = server_.browser();
  browser.set_header("Origin", browser.origin());
  const auto answer = browser.post("/auth/sign-in", credentials(name));
  if (answer.status != 200) throw std::runtime_error("signing in as " + std::string(name) + ": " + answer.body);
  return browser;
}

HttpClient& World::as(std::string_view role, const Site& site) {
  const std::string name = sign_in_name(role, site);
  if (const auto known = browsers_.find(name); known != browsers_.end()) return known->second;
  return browsers_.emplace(name, sign_in(name)).first->second;
}

PatientChart World::patient(std::string_view given_name, const Site& site) {
  PatientChart chart(*this, site);
  // Everybody has a birthday and a number of their own, so nobody is a possible duplicate.
  const std::string number = std::to_string(++number_);
  const Date born = Date::parse("1950-01-01").value().plus_days(number_ * 7);
  const std::string mark = site.organization_mark + " " + site.mark;
  const Json row = chart.send(
      "POST", "/api/v1/patients",
      "{\"site_id\":\"" + site.id.text() + "\",\"given_name\":" + in_quotes(given_name) +
          ",\"family_name\":" + in_quotes("Testcase " + mark + " " + number) + ",\"birth_date\":\"" + born.iso() +
          "\",\"sex\":\"female\",\"phone\":" + in_quotes("555-0199 " + site.organization_mark) +
          ",\"identifiers\":[{\"system\":\"urn:test\",\"value\":" + in_quotes(site.organization_mark + number) + "}]}");
  chart.keep("patient_id", row);
  return chart;
}

const std::string& PatientChart::id(std::string_view name) const {
  const auto found = ids_->find(std::string(name));
  if (found == ids_->end()) throw std::runtime_error("this patient has no " + std::string(name));
  return found->second;
}

std::int64_t PatientChart::version(std::string_view name) const {
  const auto found = versions_->find(std::string(name));
  return found == versions_->end() ? 1 : found->second;
}

void PatientChart::keep(std::string_view name, const Json& row) {
  (*ids_)[std::string(name)] = row["id"].text();
  if (row["version"].exists()) (*versions_)[std::string(name)] = row["version"].integer();
}

HttpClient& PatientChart::hands() { return world_->as("care_manager", *site_); }

Json PatientChart::send(std::string_view method, const std::string& target, const std::string& body,
                        std::string_view version_of) {
  HttpClient::Headers headers;
  if (!version_of.empty()) headers.emplace_back("If-Match", '"' + std::to_string(version(version_of)) + '"');
  const auto answer = hands().request(method, target, body, headers);
  if (answer.status >= 300)
    throw std::runtime_error(std::string(method) + " " + target + " " + body + " -> " + std::to_string(answer.status) + " " +
                             answer.body);
  Json row(answer.body.empty() ? "{}" : answer.body);
  if (!version_of.empty() && row["version"].exists()) (*versions_)[std::string(version_of)] = row["version"].integer();
  return row;
}

Json PatientChart::act(std::string_view word, std::string_view on, const std::string& more) {
  return send("POST", "/api/v1/episodes/" + id("episode_id") + "/acts",
              "{\"act\":\"" + std::string(word) + "\",\"on\":\"" + std::string(on) + "\"" + more + "}", "episode_id");
}

PatientChart& PatientChart::referred(std::string_view on) {
  const Json row = send("POST", "/api/v1/referrals",
                        "{\"patient_id\":\"" + id("patient_id") + "\",\"site_id\":\"" + site_->id.text() +
                            "\",\"referred_by\":\"Dr. Who Asks " + site_->organization_mark + "\",\"reason\":\"low mood " +
                            site_->organization_mark + "\",\"received_date\":\"" + std::string(on) + "\"}");
  keep("referral_id", row);
  (*ids_)["episode_id"] = row["episode_id"].text();
  (*versions_)["episode_id"] = 1;
  return *this;
}

PatientChart& PatientChart::attempted() {
  send("POST", "/api/v1/referrals/" + id("referral_id") + "/attempts",
       "{\"modality\":\"phone\",\"result\":\"no_answer\",\"note\":\"rang twice " + site_->organization_mark + "\"}");
  return *this;
}

PatientChart& PatientChart::sent_elsewhere() {
  if (!has("referral_id")) referred();
  send("POST", "/api/v1/referrals/" + id("referral_id") + "/outcome", R"({"outcome":"other_level_of_care"})", "referral_id");
  return *this;
}

PatientChart& PatientChart::consented(std::string_view on) {
  const Json row = send("POST", path("/consents"),
                        "{\"method\":\"verbal\",\"text_version\":\"2026-1 " + site_->organization_mark + "\",\"given_date\":\"" +
                            std::string(on) + "\"}");
  keep("consent_id", row);
  return *this;
}

PatientChart& PatientChart::assessed(std::string_view on) {
  if (!has("episode_id")) referred(on);
  act("assess", on);
  return *this;
}

PatientChart& PatientChart::enrolled(std::string_view on) {
  if (!has("consent_id")) consented(on);
  assessed(on);
  act("enroll", on,
      ",\"primary_condition\":\"depression\",\"primary_instrument\":\"phq-9\",\"target\":\"response\",\"care_manager_id\":\"" +
          world_->user("care_manager", *site_).text() + "\",\"billing_practitioner\":\"Dr. Bill " + site_->organization_mark +
          "\"");
  // Enrolment ended the referral, which is another version of it.
  if (has("referral_id")) {
    const auto answer = hands().get("/api/v1/referrals/" + id("referral_id"));
    (*versions_)["referral_id"] = Json(answer.body)["version"].integer();
  }
  return *this;
}

PatientChart& PatientChart::phq9(std::initializer_list<int> totals, std::string_view first) {
  Date on = Date::parse(first).value();
  for (const int total : totals) {
    const Json row = send("POST", path("/measurements"),
                          "{\"instrument\":\"phq-9\",\"mode\":\"phone\",\"administered_date\":\"" + on.iso() +
                              "\",\"total\":" + std::to_string(total) + "}");
    keep("measurement_id", row);
    on = on.plus_days(14);
  }
  return *this;
}

PatientChart& PatientChart::contact(std::string_view on, int minutes) {
  const Json row = send("POST", path("/contacts"),
                        "{\"kind\":\"treatment\",\"modality\":\"phone\",\"date\":\"" + std::string(on) + "\",\"minutes\":" +
                            std::to_string(minutes) + ",\"with_whom\":[\"patient\"],\"note\":\"slept better " +
                            site_->organization_mark + " " + site_->mark + "\"}");
  keep("contact_id", row["contact"]);
  return *this;
}

PatientChart& PatientChart::treatment(std::string_view on) {
  const Json row = send("POST", path("/treatments"),
                        "{\"kind\":\"medication\",\"name\":\"sertraline " + site_->organization_mark +
                            "\",\"dose\":\"50 mg\",\"start_date\":\"" + std::string(on) + "\"}");
  keep("treatment_id", row);
  return *this;
}

PatientChart& PatientChart::review(std::string_view on) {
  const Json row =
      send("POST", path("/reviews"),
           "{\"date\":\"" + std::string(on) + "\",\"question\":\"no change in 8 weeks? " + site_->organization_mark +
               "\",\"recommendation\":\"raise the dose " + site_->organization_mark + "\",\"recommendation_to\":\"pcp\"}");
  keep("review_id", row);
  keep("recommendation_id", row["recommendations"][0]);
  return *this;
}

PatientChart& PatientChart::review_hour() {
  keep("question_id", send("POST", path("/review-questions"), "{\"question\":\"what now? " + site_->organization_mark + "\"}"));
  keep("session_id", send("POST", "/api/v1/review-sessions",
                          "{\"site_id\":\"" + site_->id.text() + "\",\"date\":\"2026-03-03\",\"minutes\":60,\"note\":\"" +
                              site_->organization_mark + " " + site_->mark + "\"}"));
  return *this;
}

PatientChart& PatientChart::advised(std::string_view state) {
  const std::string advice = "{\"kind\":\"increase\",\"medication\":\"sertraline " + site_->organization_mark +
                             "\",\"dose\":\"100 mg\",\"to_role\":\"pcp\"}";
  const Json row = send("POST", path("/reviews"), "{\"send\":false,\"recommendations\":[" + advice + "]}");
  keep("recommendation_id", row["recommendations"][0]);
  const auto step = [&](std::string_view act, const std::string& body) {
    keep("recommendation_id",
         send("POST", path("/recommendations/" + id("recommendation_id") + "/" + std::string(act)), body, "recommendation_id"));
  };
  if (state == "draft") return *this;
  step("send", "{}");
  step("answer", R"({"state":"accepted"})");
  if (state == "done") step("done", "{}");
  return *this;
}

PatientChart& PatientChart::answered() {
  if (!has("review_id")) review();
  send("POST", path("/reviews/" + id("review_id") + "/answer"), R"({"state":"accepted"})", "review_id");
  return *this;
}

PatientChart& PatientChart::worried() {
  const Json row = send("POST", path("/safety-events"),
                        "{\"signal\":\"staff concern\",\"note\":\"said something " + site_->organization_mark + "\"}");
  keep("safety_event_id", row);
  return *this;
}

PatientChart& PatientChart::acknowledged_by_colleague() {
  const auto answer = world_->as("bh_specialist", *site_)
                          .post(path("/safety-events/" + id("safety_event_id") + "/acknowledge"), "{}",
                                {{"If-Match", '"' + std::to_string(version("safety_event_id")) + '"'}});
  if (answer.status != 200) throw std::runtime_error("acknowledging: " + answer.body);
  keep("safety_event_id", Json(answer.body));
  return *this;
}

PatientChart& PatientChart::found_high() {
  send("POST", path("/safety-events/" + id("safety_event_id") + "/assess"),
       "{\"assessed_otherwise\":\"in the room " + site_->organization_mark + "\",\"level\":\"high\"}", "safety_event_id");
  return *this;
}

PatientChart& PatientChart::step_down_asked() {
  found_high();
  send("POST", path("/safety-events/" + id("safety_event_id") + "/step-down"),
       R"({"to_level":"moderate","reason":"a calm week"})", "safety_event_id");
  return *this;
}

PatientChart& PatientChart::safety_planned() {
  const Json row = send("POST", path("/safety-plan"),
                        "{\"based_on\":0,\"language\":\"en\",\"written_with\":[\"patient\"],\"steps\":{\"coping\":[\"walk " +
                            site_->organization_mark + "\"]}}");
  keep("safety_plan_id", row);
  return *this;
}

PatientChart& PatientChart::given_to_read() {
  keep("assignment_id",
       send("POST", path("/education"),
            R"({"piece":"sleep","tell":false,"note":"For you )" + site_->organization_mark + " " + site_->mark + "\"}"));
  return *this;
}

PatientChart& PatientChart::wrote() {
  const std::string mark = site_->organization_mark + " " + site_->mark;
  auto browser = world_->portal(*this);
  const auto sent =
      browser.post("/api/v1/portal/messages", R"({"subject":"Question )" + mark + R"(","text":"May I ask? )" + mark + "\"}");
  if (sent.status != 201) throw std::runtime_error("a message: " + sent.body);
  keep("thread_id", Json(sent.body));
  const auto said = browser.post("/api/v1/portal/feedback", R"({"topic":"access","text":"Nobody called )" + mark + "\"}");
  if (said.status != 201) throw std::runtime_error("feedback: " + said.body);
  keep("feedback_id", Json(said.body));
  return *this;
}

PatientChart& PatientChart::reached_out() {
  const std::string mark = site_->organization_mark + " " + site_->mark;
  const Date day = Date(std::chrono::floor<std::chrono::days>(world_->server().clock.now())).plus_days(3);
  keep("visit_id", send("POST", path("/visits"),
                        R"({"kind":"in_person","date":")" + day.iso() +
                            R"(","start_minute":600,"minutes":30,"overlap_reason":"a test","place":"Room )" + mark +
                            R"(","note":")" + mark + "\"}"));
  const Json group =
      send("POST", "/api/v1/groups",
           R"({"site_id":")" + site_->id.text() + R"(","name":"Sleep )" + mark + R"(","modality":"in_person","capacity":8,)" +
               R"("first_date":")" + day.iso() + R"(","start_minute":1080,"minutes":60,"sessions":2})");
  keep("group_id", group);
  keep("session_id", group["sessions"][0]);
  keep("member_id", send("POST", "/api/v1/groups/" + id("group_id") + "/members",
                         R"({"patient_id":")" + id("patient_id") + R"(","as":"join"})"));
  (*ids_)["guest_id"] = world_->patient("Guest", *site_).id("patient_id");
  keep("need_id", send("POST", path("/needs"), R"({"kind":"food","wants_help":"yes","note":")" + mark + "\"}"));
  const auto made = world_->as("community_worker", *site_)
                        .post("/api/v1/community/services", R"({"name":"Pantry )" + site_->organization_mark + " " +
                                                                id("patient_id").substr(24) + R"(","kinds":["food"]})");
  if (made.status != 201) throw std::runtime_error("a service: " + made.body);
  keep("service_id", Json(made.body));
  keep("community_referral_id",
       send("POST", path("/community-referrals"),
            R"({"need_id":")" + id("need_id") + R"(","service_id":")" + id("service_id") +
                R"(","sent_by_way":"phone","shares":["name"],"consent":{"method":"verbal"},"note":")" + mark + "\"}"));
  return *this;
}

PatientChart& PatientChart::on_the_rota() {
  const auto who = world_->user("care_manager", *site_);
  const Json row = send("POST", "/api/v1/sites/" + site_->id.text() + "/on-call/shifts",
                        "{\"rung\":\"on_call\",\"user_id\":\"" + who.text() +
                            "\",\"from_date\":\"2026-03-01\",\"starts\":\"17:00\",\"ends\":\"08:00\"}");
  keep("shift_id", row);
  (*ids_)["rota_user"] = who.text();
  return *this;
}

PatientChart& PatientChart::covered() {
  const Json row = send("POST", path("/coverage"),
                        "{\"payer_category\":\"medicaid_managed_care\",\"plan_name\":\"Plan " + site_->organization_mark +
                            "\",\"start_date\":\"2025-01-01\"}");
  keep("coverage_id", row);
  return *this;
}

PatientChart& PatientChart::team() {
  const Json row = send("POST", "/api/v1/episodes/" + id("episode_id") + "/team",
                        "{\"role\":\"therapist\",\"name\":\"Outside Therapist " + site_->organization_mark + "\"}");
  keep("member_id", row);
  return *this;
}

PatientChart& PatientChart::planned() {
  const std::string mark = site_->organization_mark + " " + site_->mark;
  keep("plan_id",
       send("POST", path("/plans"),
            R"({"kind":"care_plan","content":{"wants":"Sleep )" + mark + R"(","steps":[{"text":"Walk )" + mark + R"("}]}})"));
  keep("goal_id", send("POST", path("/goals"), R"({"what":"walk )" + mark + R"(","confidence":8})"));
  keep("decision_id",
       send("POST", path("/decisions"),
            R"({"topic":"Medicine )" + mark + R"(","options":["yes","no"],"choice":"undecided","took_part":["patient"]})"));
  keep("condition_id", send("POST", path("/conditions"), R"({"text":"Asthma )" + mark + R"("})"));
  keep("allergy_id", send("POST", path("/allergies"), R"({"substance":"Penicillin )" + mark + R"("})"));
  return *this;
}

PatientChart& PatientChart::tasked() {
  const Date due = Date(std::chrono::floor<std::chrono::days>(world_->server().clock.now())).plus_days(3);
  keep("task_id", send("POST", "/api/v1/tasks",
                       R"({"title":"Call )" + site_->organization_mark + " " + site_->mark + R"(","due_date":")" + due.iso() +
                           R"(","patient_id":")" + id("patient_id") + "\"}"));
  return *this;
}

PatientChart& PatientChart::talked() {
  keep("message_id",
       send("POST", path("/conversation"), R"({"text":"What next? )" + site_->organization_mark + " " + site_->mark + "\"}"));
  return *this;
}

PatientChart& PatientChart::handed_over() {
  const Date from = Date(std::chrono::floor<std::chrono::days>(world_->server().clock.now())).plus_days(40);
  keep("hand_over_id",
       send("POST", "/api/v1/handovers",
            R"({"site_id":")" + site_->id.text() + R"(","from_user_id":")" + world_->user("care_manager", *site_).text() +
                R"(","to_user_id":")" + world_->stand_in(*site_).text() + R"(","patients":[")" + id("patient_id") +
                R"("],"from_date":")" + from.iso() + R"(","until_date":")" + from.plus_days(5).iso() + R"(","reason":"leave"})"));
  return *this;
}

PatientChart& PatientChart::agreed() {
  if (!has("plan_id")) planned();
  keep("plan_id", send("POST", path("/plans/" + id("plan_id") + "/view"), R"({"view":"agreed"})", "plan_id"));
  return *this;
}

PatientChart& PatientChart::minutes() {
  const std::string mark = site_->organization_mark + " " + site_->mark;
  keep("entry_id",
       send("POST", path("/minutes"),
            R"({"date":"2026-03-02","minutes":10,"activity":"care_coordination","note":"pharmacy )" + mark + R"("})"));
  keep("visit_id",
       send("POST", path("/initiating-visits"), R"({"date":"2025-12-20","code":"99214","practitioner":")" + mark + R"("})"));
  keep("service_id",
       send("POST", path("/outside-services"), R"({"date":"2026-01-02","code":"G0557","practitioner":")" + mark + R"("})"));
  keep("stay_id",
       send("POST", path("/inpatient-stays"), R"({"kind":"inpatient","admit_date":"2025-11-02","discharge_date":"2025-11-04"})"));
  return *this;
}

Json PatientChart::bill(std::string_view target, const std::string& body, std::string_view version_of, bool may_fail) {
  HttpClient::Headers headers;
  if (!version_of.empty()) headers.emplace_back("If-Match", '"' + std::to_string(version(version_of)) + '"');
  auto& biller = world_->as("billing", *site_);
  const std::string address = "/api/v1/billing/" + std::string(target);
  const auto answer = body.empty() ? biller.get(address) : biller.request("POST", address, body, headers);
  if (answer.status >= 300 && !may_fail)
    throw std::runtime_error(address + " " + body + " -> " + std::to_string(answer.status) + " " + answer.body);
  Json row(answer.body);
  if (!version_of.empty() && row["version"].exists()) (*versions_)[std::string(version_of)] = row["version"].integer();
  return row;
}

PatientChart& PatientChart::billed(std::string_view to) {
  const std::string reason = "\"reason\":\"a correction " + site_->organization_mark + "\"";
  const std::string here = "{\"site_id\":\"" + site_->id.text() + "\"";
  contact("2026-01-12", 40);
  bill("months/2026-01/reopen", here + "," + reason + "}", {}, true);
  bill("months/2026-01/close", here + "}");
  keep("charge_id", bill("months/2026-01/charges?patient=" + id("patient_id"), "")["items"][0]);
  if (to == "ready" || to == "exported")
    bill("charges/" + id("charge_id") + "/decision", "{\"decision\":\"confirm\"," + reason + "}", "charge_id");
  if (to == "exported") keep("export_id", bill("months/2026-01/exports", here + "}"));
  if (to == "open") bill("months/2026-01/reopen", here + "," + reason + "}");
  return *this;
}

PatientChart& PatientChart::everything() {
  return enrolled().attempted().phq9({18, 14, 9}).contact().treatment().review().worried().covered().team().planned();
}

PatientChart& PatientChart::checked_in(bool answered) {
  const auto made = send("POST", path("/check-ins"), R"({"channel":"kiosk","instruments":["weekly-mood"]})");
  keep("check_in_id", made);
  const std::string url = made["url"].text();
  (*ids_)["check_in_path"] = url.substr(url.find("/c/"));
  if (!answered) return *this;
  HttpClient tablet = world_->server().browser();
  const HttpClient::Headers form = {{"Content-Type", "application/x-www-form-urlencoded"}, {"Origin", tablet.origin()}};
  tablet.post(id("check_in_path"), "language=en", form);
  tablet.post("/c/q/1", "item=weekly-mood%2Fq1&value=7", form);
  tablet.post("/c/check", "", form);
  return *this;
}

PatientChart& PatientChart::with_mail() {
  if (has("mail")) return *this;
  const std::string mail = "patient." + id("patient_id").substr(24) + "@example.org";
  send("PATCH", path(""), "{\"email\":" + in_quotes(mail) + "}", "patient_id");
  (*ids_)["mail"] = mail;
  return *this;
}

PatientChart& PatientChart::on_portal() {
  with_mail();
  world_->portal(*this);
  world_->trusted(*this, {"appointments", "check_in", "education", "goals", "messages", "plan", "safety_plan", "scores"});
  portal::Invitation open;
  open.patient = patients::PatientId(*Uuid::parse(id("patient_id")));
  open.id = portal::InvitationId(world_->server().ids.next());
  open.channel = "mail";
  open.address = id("mail");
  open.made_at = world_->server().clock.now();
  open.expires_at = open.made_at + std::chrono::hours(24 * 7);
  must(world_->server().database().write([&](db::Tx& tx) -> Result<void> {
    portal::insert_invitation(tx, site_->organization, open, identity::token_hash(identity::new_token()));
    return {};
  }));
  (*ids_)["invitation_id"] = open.id.text();
  return *this;
}

HttpClient World::in_portal(OrganizationId organization, const Uuid& account, const std::optional<Uuid>& grant) {
  const std::string token = identity::new_token();
  portal::Session session;
  session.token_hash = identity::token_hash(token);
  session.organization = organization;
  session.account = portal::AccountId(account);
  if (grant) session.grant = portal::GrantId(*grant);
  session.method = "code";
  session.network = portal::network_of("127.0.0.1");
  session.created_at = session.proved_at = session.last_active_at = server_.clock.now();
  must(server_.database().write([&](db::Tx& tx) -> Result<void> {
    portal::insert_session(tx, session);
    return {};
  }));
  HttpClient browser = server_.browser();
  browser.set_header("Origin", browser.origin());
  browser.cookies()["concord_portal"] = token;
  return browser;
}

HttpClient World::portal(const PatientChart& patient) {
  const patients::PatientId id(*Uuid::parse(patient.id("patient_id")));
  const OrganizationId organization = patient.site().organization;
  portal::Account account;
  must(server_.database().write([&](db::Tx& tx) -> Result<void> {
    if (auto known = portal::account_of_patient(tx, organization, id)) {
      account = std::move(*known);
      return {};
    }
    account.organization = organization;
    account.id = portal::AccountId(server_.ids.next());
    account.patient = id;
    account.display_name = "Patient " + patient.site().mark + " " + patient.site().organization_mark;
    account.created_at = server_.clock.now();
    portal::insert_account(tx, account);
    const std::string mail =
        patient.has("mail") ? patient.id("mail") : "own." + std::to_string(++portal_number_) + "@example.org";
    portal::put_contact(tx, organization, account.id, {"mail", mail}, server_.clock.now());
    return {};
  }));
  (*patient.ids_)["account_id"] = account.id.text();
  return in_portal(organization, account.id.uuid, std::nullopt);
}

HttpClient World::trusted(PatientChart& patient, const std::vector<std::string>& scopes, std::string_view kind, bool part2) {
  const OrganizationId organization = patient.site().organization;
  const Instant now = server_.clock.now();
  portal::Account account;
  account.organization = organization;
  account.id = portal::AccountId(server_.ids.next());
  account.display_name = "Somebody " + patient.site().mark + " " + patient.site().organization_mark;
  account.created_at = now;
  portal::Grant grant;
  grant.patient = patients::PatientId(*Uuid::parse(patient.id("patient_id")));
  grant.id = portal::GrantId(server_.ids.next());
  grant.kind = kind;
  grant.name = account.display_name;
  grant.relationship = "friend";
  grant.channel = "mail";
  grant.address = "trusted." + std::to_string(++portal_number_) + "@example.org";
  grant.scopes = scopes;
  grant.part2 = part2;
  grant.invited_by_user = user("care_manager", patient.site());
  grant.wish = "asked for it";
  grant.invited_at = grant.agreed_at = now;
  grant.expires_at = now + std::chrono::hours(24 * 365);
  must(server_.database().write([&](db::Tx& tx) -> Result<void> {
    portal::insert_account(tx, account);
    portal::put_contact(tx, organization, account.id, {"mail", grant.address}, now);
    portal::insert_grant(tx, organization, grant, {"staff", *grant.invited_by_user});
    portal::accept_grant(tx, organization, grant, account.id, now);
    return {};
  }));
  (*patient.ids_)["grant_id"] = grant.id.text();
  return in_portal(organization, account.id.uuid, grant.id.uuid);
}

}  // namespace concord::testing
