// A year of a clinic in virtual time: three care managers, one psychiatric consultant, a PCP and a biller work 52 weeks
// through the real routes (parsing, permissions, domain, store, projection; only sockets and sign-in are left out),
// and do what the lines of the attention list ask, as people do: mostly, and often late. What must hold:
//   every rule fires and clears; nobody open is ever without owner, next step and due date; every recommendation
//   ends; the same script gives the same year, byte for byte.
// Patients take part: reminders ask them by mail and SMS, and they answer on the check-in pages (some late, some never, some
// the wrong person), write to their team, say STOP, move away, complain. What must hold of that: an answer sent in is a score
// in the registry, once; nobody who said STOP gets another text, and nobody whose episode has ended another question; every
// message and every complaint gets its answer.
// The patients are invented here; nothing about them is a claim (simulation/ is the calibrated cohort).
#include <gtest/gtest.h>

#include <future>
#include <map>
#include <set>

#include "app/slices.h"
#include "audit/audit_store.h"
#include "base/clock.h"
#include "base/text.h"
#include "base/zone.h"
#include "calendar/calendar.h"
#include "caseload/caseload_store.h"
#include "identity/identity_store.h"
#include "identity/permissions.h"
#include "jobs/worker.h"
#include "measurements/measurements_store.h"
#include "messaging/outbox.h"
#include "reminders/reminders_run.h"
#include "support/databases.h"
#include "support/json_view.h"

namespace concord {
namespace {

using caseload::Rule;
using testing::Json;

constexpr std::string_view kZone = "America/New_York";
const Date kFirstDay = Date::ymd(2026, 1, 5);  // a Monday

struct Script {
  int patients = 240;
  int weeks = 52;
  std::uint64_t seed = 1;
};

struct Person {
  UserId id;
  std::string name, role;
};

/// The same numbers on every machine.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed * 0x9E3779B97F4A7C15ULL + 1) {}
  int below(int n) {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 7;
    state_ ^= state_ << 17;
    return static_cast<int>((state_ >> 11) % static_cast<std::uint64_t>(n));
  }
  bool chance(int percent) { return below(100) < percent; }

 private:
  std::uint64_t state_;
};

struct Patient {
  int number = 0;
  Date arrives;
  std::string id, episode, referral, name;
  bool is_enrolled = false, has_ended = false;
  int manager = 0;
  double level = 16;         ///< symptoms, PHQ-9 points
  bool gets_better = false;  ///< on the plan they are on
  bool is_hard_to_reach = false, is_far_from_hope = false;
  Date plan_since;
  std::string link;  ///< the newest check-in link they have not opened
  Date answers_on;
  bool has_need = false;
  bool has_treatment = false;
  std::string treatment;
  int reassessments = 0;

  void live_until(Date day) {
    for (; lived < day; lived = lived.plus_days(1)) {
      if (gets_better) level += (3 - level) * 0.02;
      else if (level < 15) level += 0.05;
    }
  }
  Date lived;
};

class Year {
 public:
  Year(db::Dialect dialect, Script script) : script_(script), database_(testing::fresh_database(dialect)), dice_(script.seed) {
    auto data = app::load_data_files(CONCORD_SOURCE_DIR);
    if (!data) throw std::runtime_error(data.error().text);
    app::SliceSettings settings;
    settings.public_url = "https://year.example.org";
    settings.mail_is_set_up = settings.sms_is_set_up = true;
    slices_ = std::make_unique<app::Slices>(clock_, ids_, std::move(*data), settings);
    router_ = std::make_unique<http::Router>(slices_->routes());
    postman_ = std::make_unique<jobs::Worker>(database_->get(), clock_, ids_);
    for (const auto channel : {messaging::Channel::mail, messaging::Channel::sms})
      messaging::send_to_patients_with(*postman_, channel, database_->get(), slices_->outbox(),
                                       [this](const messaging::Outgoing& out) {
                                         deliver(out);
                                         return messaging::Delivery{true, false, "sent"};
                                       });
    open_clinic();
    Dice lot(script.seed + 17);
    for (int i = 0; i < script.patients; ++i) {
      Patient p;
      p.number = i;
      // Everybody comes in the first three quarters of the year, so that every course has time to end.
      p.arrives = kFirstDay.plus_days(i * (script.weeks * 7 * 3 / 4) / script.patients);
      p.level = 11 + lot.below(13);
      p.is_far_from_hope = lot.chance(25);
      p.is_hard_to_reach = lot.chance(15);
      p.manager = i % 3;
      patients_.push_back(std::move(p));
    }
  }

  void run() {
    const Date end = kFirstDay.plus_days(script_.weeks * 7);
    for (today_ = kFirstDay; today_ < end; today_ = today_.plus_days(1)) {
      clock_.set(at_local_time(today_, 10 * 60, kZone));
      people_live();
      remind();
      if (calendar::is_working_day(calendar_, today_)) work();
      people_answer();
      look();
    }
  }

  // What the tests look at.
  std::map<Rule, int> fired, cleared;
  std::vector<std::string> problems;
  std::int64_t requests = 0, reviews = 0;
  std::string digest() {
    std::string text;
    for (const Rule rule : caseload::all_rules())
      text += std::string(caseload::name(rule)) + "=" + std::to_string(fired[rule]) + " ";
    for (const std::string& row : database_->get().read([&](db::Tx& tx) { return caseload::dump(tx, organization_); }))
      text += row + "\n";
    return text;
  }
  struct Count {
    int open = 0, all = 0;
    std::string first;
  };
  Count recommendations() {
    Count count;
    for (const Patient& p : patients_) {
      if (p.id.empty()) continue;
      const Json list = get(consultant_, "/api/v1/patients/" + p.id + "/recommendations");
      for (std::size_t i = 0; i < list["items"].size(); ++i) {
        ++count.all;
        const std::string state = list["items"][i]["state"].text();
        static const std::set<std::string> kEnded{"declined", "done", "adequate_trial", "not_adequate", "withdrawn", "noted"};
        if (!kEnded.contains(state) && ++count.open == 1)
          count.first = p.name + ": " + list["items"][i]["kind"].text() + " " + state + ", written " +
                        list["items"][i]["review_date"].text();
      }
    }
    return count;
  }
  std::map<std::string, int> states;  ///< of the episodes at the end
  struct FromHome {
    int asked = 0, answered = 0, not_theirs = 0, stopped = 0, moved = 0, complained = 0, wrote = 0;
    int texts_after_stop = 0, questions_after_end = 0;
  };
  FromHome from_home;
  /// Threads and complaints that nobody has answered, and answers that are not in the registry exactly once.
  std::vector<std::string> left_alone() {
    std::vector<std::string> left;
    const Json threads = get(managers_[0], "/api/v1/patient-messages?state=unanswered&limit=100");
    for (std::size_t i = 0; i < threads["items"].size(); ++i)
      // The last Fridays of this year are holidays: what came since the one before them waits.
      if (threads["items"][i]["waiting_since"].text().substr(0, 10) < today_.plus_days(-17).iso())
        left.push_back("a message of " + threads["items"][i]["patient"]["name"].text());
    const Json complaints = get(program_manager_, "/api/v1/feedback?state=new");
    for (std::size_t i = 0; i < complaints["items"].size(); ++i)
      if (complaints["items"][i]["at"].text().substr(0, 10) < today_.plus_days(-17).iso()) left.push_back("a complaint");
    for (const auto& [patient, sent] : sent_in_) {
      const Json check_ins = get(managers_[0], chart(*by_id(patient), "/check-ins"))["items"];
      int submitted = 0, promised = 0, stored = 0;
      for (std::size_t i = 0; i < check_ins.size(); ++i) {
        if (check_ins[i]["state"].text() != "submitted") continue;
        ++submitted;
        for (std::size_t f = 0; f < check_ins[i]["forms"].size(); ++f)
          promised += !check_ins[i]["forms"][f]["by_staff"].boolean();
      }
      const Json list = get(managers_[0], chart(*by_id(patient), "/measurements?limit=200"))["items"];
      for (std::size_t i = 0; i < list.size(); ++i) stored += list[i]["mode"].text() == "link";
      if (submitted != sent || stored != promised)
        left.push_back(std::to_string(sent) + " check-ins sent in, " + std::to_string(submitted) + " kept; " +
                       std::to_string(promised) + " questionnaires, " + std::to_string(stored) + " in the registry");
    }
    return left;
  }
  std::vector<std::string> without_next_step() { return fall_through_; }
  /// The projection that was kept up all year against one made anew.
  std::vector<std::string> rows_that_a_rebuild_changes() {
    auto dump = [&] { return database_->get().read([&](db::Tx& tx) { return caseload::dump(tx, organization_); }); };
    const auto kept = dump();
    std::vector<std::string> changed;
    if (!caseload::rebuild(database_->get(), organization_, slices_->data().rules)) return {"cannot be rebuilt"};
    const auto made = dump();
    if (kept.size() != made.size()) return {"another number of rows"};
    for (std::size_t i = 0; i < kept.size(); ++i)
      if (kept[i] != made[i]) changed.push_back(kept[i] + "\n" + made[i]);
    return changed;
  }

 private:
  // -- the clinic

  void open_clinic() {
    organization_ = OrganizationId(ids_.next());
    site_ = SiteId(ids_.next());
    auto person = [&](std::string name, std::string role) {
      return Person{UserId(ids_.next()), std::move(name), std::move(role)};
    };
    managers_ = {person("Dana Year", "care_manager"), person("Eli Year", "care_manager"), person("Fay Year", "care_manager")};
    consultant_ = person("Dr. Amari Year", "psychiatric_consultant");
    pcp_ = person("Dr. Lee Year", "pcp");
    biller_ = person("Bo Year", "billing");
    program_manager_ = person("Pat Year", "program_manager");
    community_worker_ = person("Wen Year", "community_worker");
    const auto done = database_->get().write([&](db::Tx& tx) -> Result<void> {
      identity::insert_organization(tx, {organization_, "Year Clinic"}, clock_.now());
      audit::open_chains(tx, organization_);
      identity::insert_site(tx, organization_, {site_, "Main", std::string(kZone), "555-0100", ""}, clock_.now());
      auto add = [&](const Person& p) {
        identity::User user;
        user.organization = organization_;
        user.id = p.id;
        user.display_name = p.name;
        user.imported = true;
        user.roles = {{p.role, site_}};
        identity::insert_user(tx, user, clock_.now());
      };
      for (const Person& p : managers_) add(p);
      add(consultant_);
      add(pcp_);
      add(biller_);
      add(program_manager_);
      add(community_worker_);
      return {};
    });
    if (!done) throw std::runtime_error(done.error().text);
  }

  /// One request of one person, answered as the server would, in a unit of work of its own.
  Result<Json> ask(const Person& who, http::Method method, const std::string& target, const std::string& body,
                   std::optional<std::int64_t> version) {
    ++requests;
    http::Request request;
    request.method = method;
    request.target = target;
    const auto question = target.find('?');
    request.path = target.substr(0, question);
    if (question != std::string::npos)
      for (std::size_t at = question + 1; at < target.size();) {
        const auto end = std::min(target.find('&', at), target.size());
        const std::string pair = target.substr(at, end - at);
        const auto equals = pair.find('=');
        request.query.emplace_back(pair.substr(0, equals), pair.substr(equals + 1));
        at = end + 1;
      }
    if (version) request.headers.emplace_back("if-match", "\"" + std::to_string(*version) + "\"");
    if (!body.empty()) request.headers.emplace_back("content-type", "application/json");
    request.body = body;
    auto match = router_->match(method, request.path);
    if (!match.route) throw std::runtime_error("no route " + target);
    if (!identity::role_allows(who.role, match.route->permission))
      return fail(ErrorCode::not_allowed, who.role + " may not " + match.route->permission);
    Caller caller;
    caller.kind = ActorKind::user;
    caller.organization = organization_;
    caller.user = who.id;
    caller.display_name = who.name;
    caller.role = who.role;
    caller.sites = {site_};
    auto reply = database_->get().write([&](db::Tx& tx) -> Result<http::Reply> {
      slices_->zones().learn(tx, caller);
      const http::Call call{request, caller, clock_.now(), match.parameters};
      CONCORD_TRY(const auto work, match.route->handler(call));
      return work(tx);
    });
    if (!reply) return tl::unexpected<Error>(reply.error());
    if (reply->status >= 400) return fail(ErrorCode::conflict, reply->body);
    return Json(reply->body.empty() ? std::string_view("{}") : std::string_view(reply->body));
  }
  Json send(const Person& who, http::Method method, const std::string& target, const std::string& body = {},
            std::optional<std::int64_t> version = std::nullopt) {
    auto answer = ask(who, method, target, body, version);
    if (answer) return std::move(*answer);
    std::string text = today_.iso() + " " + who.role + " " + std::string(http::name(method)) + " " + target + " " + body +
                       " -> " + answer.error().text + " " + answer.error().detail;
    for (const Issue& issue : answer.error().issues) text += "\n  " + issue.path + ": " + issue.text;
    throw std::runtime_error(text);
  }
  Json get(const Person& who, const std::string& target) { return send(who, http::Method::get, target); }
  Json post(const Person& who, const std::string& target, const std::string& body,
            std::optional<std::int64_t> version = std::nullopt) {
    return send(who, http::Method::post, target, body, version);
  }
  static std::string chart(const Patient& p, std::string_view rest) { return "/api/v1/patients/" + p.id + std::string(rest); }
  const Person& manager(const Patient& p) const { return managers_[static_cast<std::size_t>(p.manager)]; }

  // -- the patients' side

  void people_live() {
    for (Patient& p : patients_) {
      if (p.arrives > today_) continue;
      if (p.id.empty() && calendar::is_working_day(calendar_, today_)) refer(p);
      p.live_until(today_);
      if (p.id.empty() || !p.is_enrolled || p.has_ended) continue;
      take_part(p);
      // Some fall back after they were well.
      if (p.level < 5 && p.number % 6 == 1 && dice_.below(80) == 0) {
        p.level = 14;
        p.gets_better = false;
      }
    }
  }

  void refer(Patient& p) {
    p.lived = today_;
    const char* languages[] = {"en", "en", "es", "en"};
    p.name = "Patient " + std::to_string(1000 + p.number);
    const Json row = post(managers_[0], "/api/v1/patients",
                          "{\"site_id\":\"" + site_.text() + "\",\"given_name\":\"Pat\",\"family_name\":\"" + p.name +
                              "\",\"birth_date\":\"" + Date::ymd(1960, 1, 1).plus_days(p.number * 31).iso() +
                              "\",\"sex\":\"female\",\"language\":\"" + languages[p.number % 4] + "\"" +
                              (p.number % 8 == 5 ? std::string()
                                                 : ",\"email\":\"" + address_of(p) + "\",\"phone\":\"" + number_of(p) +
                                                       "\",\"preferred_channel\":\"" + (p.number % 3 ? "sms" : "email") + "\"") +
                              "}");
    p.id = row["id"].text();
    const Json referral =
        post(pcp_, "/api/v1/referrals",
             "{\"patient_id\":\"" + p.id + "\",\"site_id\":\"" + site_.text() +
                 "\",\"referred_by\":\"Dr. Lee Year\",\"reason\":\"PHQ-9 " + std::to_string(static_cast<int>(p.level)) + "\"}");
    p.referral = referral["id"].text();
    p.episode = referral["episode_id"].text();
  }

  std::string answers(const Patient& p) {
    int total = std::clamp(static_cast<int>(p.level + dice_.below(5) - 2), 0, 27);
    std::array<int, 9> items{};
    // Item 9 is positive for some of the worst, as in life.
    if (p.level > 15 && dice_.chance(6)) {
      items[8] = 1;
      total = std::max(0, total - 1);
    }
    for (std::size_t i = 0; total > 0; i = (i + 1) % 8)
      if (items[i] < 3) {
        ++items[i];
        --total;
      } else if (items[0] == 3 && items[7] == 3) {
        break;
      }
    std::string text = "[";
    for (std::size_t i = 0; i < 9; ++i) text += (i ? "," : "") + std::to_string(items[i]);
    return text + "]";
  }

  // -- what patients do from home

  static std::string address_of(const Patient& p) { return "patient" + std::to_string(p.number) + "@example.org"; }
  static std::string number_of(const Patient& p) { return "+1555012" + std::to_string(1000 + p.number); }

  /// Somebody to whom the portal or a link belongs: what the dispatcher would make of them.
  Caller outsider(const Patient& p) const {
    Caller caller;
    caller.kind = ActorKind::patient;
    caller.organization = organization_;
    caller.user = UserId(patients::PatientId::parse(p.id).value().uuid);
    caller.display_name = p.name;
    caller.role = "patient";
    caller.sites = {site_};
    caller.patient = patients::PatientId::parse(p.id).value().uuid;
    return caller;
  }

  Json from_portal(const Patient& p, const std::string& path, const std::string& body) {
    ++requests;
    http::Request request;
    request.method = http::Method::post;
    request.path = request.target = path;
    request.headers.emplace_back("content-type", "application/json");
    request.body = body;
    const auto match = router_->match(request.method, path);
    if (!match.route) throw std::runtime_error("no route " + path);
    const Caller caller = outsider(p);
    auto reply = database_->get().write([&](db::Tx& tx) -> Result<http::Reply> {
      slices_->zones().learn(tx, caller);
      const http::Call call{request, caller, clock_.now(), match.parameters};
      CONCORD_TRY(const auto work, match.route->handler(call));
      return work(tx);
    });
    if (!reply) throw std::runtime_error(today_.iso() + " " + path + " -> " + reply.error().text);
    return Json(reply->body);
  }

  struct Page {
    int status = 0;
    std::string location, body;
  };
  /// One request of a phone that holds `cookie`, through the admission of forms.
  Page from_phone(std::string& cookie, http::Method method, const std::string& target, const std::string& body = {}) {
    ++requests;
    http::Request request;
    request.method = method;
    request.target = target;
    const auto question = target.find('?');
    request.path = target.substr(0, question);
    if (!cookie.empty()) request.headers.emplace_back("cookie", cookie);
    request.headers.emplace_back("content-type", "application/x-www-form-urlencoded");
    request.body = body;
    const auto match = router_->match(method, request.path);
    if (!match.route) throw std::runtime_error("no page " + target);
    auto reply = database_->get().write([&](db::Tx& tx) -> Result<http::Reply> {
      CONCORD_TRY(const auto admitted, slices_->admissions().form(tx, request, clock_.now()));
      slices_->zones().learn(tx, admitted.caller);
      const http::Call call{request, admitted.caller, clock_.now(), match.parameters};
      CONCORD_TRY(const auto work, match.route->handler(call));
      return work(tx);
    });
    if (!reply) return {404, "", reply.error().text};
    Page page{reply->status, reply->location, std::move(reply->body)};
    for (const auto& [name, value] : reply->headers) {
      if (equals_ignoring_case(name, "location")) page.location = value;
      if (equals_ignoring_case(name, "set-cookie")) cookie = value.substr(0, value.find(';'));
    }
    return page;
  }

  /// The postman's bag: a link is kept until its patient gets to it.
  void deliver(const messaging::Outgoing& out) {
    if (out.channel == messaging::Channel::sms && stopped_.contains(out.to) && !is_confirmation_) ++from_home.texts_after_stop;
    const auto at = out.text.find("https://year.example.org/c/");
    if (at == std::string::npos) return;
    const auto end = out.text.find_first_of(" \n", at);
    for (Patient& p : patients_)
      if (address_of(p) == out.to || number_of(p) == out.to) {
        ++from_home.asked;
        if (p.has_ended) ++from_home.questions_after_end;
        p.link = out.text.substr(at + 24, end == std::string::npos ? end : end - at - 24);
        // Most answer within days; some forget, until they are asked again.
        p.answers_on = dice_.chance(75) ? today_.plus_days(dice_.chance(60) ? 0 : 1 + dice_.below(5)) : today_.plus_days(400);
      }
  }

  void remind() {
    const auto run =
        reminders::run_site(slices_->reminders(), database_->get(), organization_, site_, kZone, today_, [] { return true; });
    if (!run) throw std::runtime_error(today_.iso() + " reminders: " + run.error().text);
    while (postman_->run_due() > 0) {
    }
  }

  void people_answer() {
    while (postman_->run_due() > 0) {
    }
    for (Patient& p : patients_)
      if (!p.link.empty() && p.answers_on <= today_) check_in(p, std::exchange(p.link, std::string()));
  }

  void check_in(Patient& p, const std::string& link) {
    std::string cookie;
    // A mail program looks at the link first, as often as it likes.
    for (int looks = dice_.below(4); looks > 0; --looks) {
      std::string none;
      from_phone(none, http::Method::get, link);
    }
    if (dice_.chance(1)) {
      ++from_home.not_theirs;
      from_phone(cookie, http::Method::post, link + "/not-me");
      return;
    }
    Page page = from_phone(cookie, http::Method::post, link);
    if (page.status != 303) return;                                        // somebody of the staff asked on the phone meanwhile
    const int stops_after = dice_.chance(10) ? 1 + dice_.below(5) : 1000;  // and comes back another day
    int questions = 0;
    std::map<std::string, std::vector<int>> phq;
    while (page.location != "/c/check") {
      if (page.location.starts_with("/c/pause")) {
        page.location = page.location.substr(page.location.find("next=") + 5);
        continue;
      }
      if (++questions > stops_after) {
        p.link = link;
        p.answers_on = today_.plus_days(1 + dice_.below(3));
        return;
      }
      const Page asked = from_phone(cookie, http::Method::get, page.location);
      if (asked.status == 303) {
        page.location = asked.location;
        continue;
      }
      const std::string item = between(asked.body, "name=\"item\" value=\"", "\"");
      if (item.empty()) throw std::runtime_error(today_.iso() + " no question at " + page.location + "\n" + asked.body);
      std::vector<std::string> choices;
      for (std::size_t at = 0; (at = asked.body.find("name=\"value\"", at)) != std::string::npos; ++at)
        choices.push_back(between(asked.body.substr(at, 200), "\" value=\"", "\""));
      if (choices.empty()) throw std::runtime_error("no choices at " + page.location + "\n" + asked.body);
      std::string choice =
          choices[static_cast<std::size_t>(dice_.below(static_cast<int>(std::min<std::size_t>(choices.size(), 3))))];
      if (item.starts_with("phq-9/q")) {
        auto& points = phq["phq-9"];
        if (points.empty()) {
          for (const char c : answers(p))
            if (c >= '0' && c <= '9') points.push_back(c - '0');
        }
        const auto number = static_cast<std::size_t>(std::stoi(item.substr(7)));
        choice = number <= points.size() ? std::to_string(points[number - 1]) : choices.front();
      }
      page = from_phone(cookie, http::Method::post, page.location, "item=" + item + "&value=" + choice);
      if (page.status != 303) throw std::runtime_error(today_.iso() + " " + item + "=" + choice + " answers " + page.body);
    }
    page = from_phone(cookie, http::Method::post, "/c/check");
    if (page.location != "/c/done") throw std::runtime_error(today_.iso() + " not sent in: " + page.body);
    // A double tap, and the same from another device.
    if (dice_.chance(20)) from_phone(cookie, http::Method::post, "/c/check");
    ++sent_in_[p.id];
    ++from_home.answered;
  }

  static std::string between(const std::string& text, std::string_view from, std::string_view to) {
    const auto at = text.find(from);
    if (at == std::string::npos) return {};
    const auto begin = at + from.size();
    return text.substr(begin, text.find(to, begin) - begin);
  }

  /// Besides answering: writing, complaining, saying STOP, moving away.
  void take_part(Patient& p) {
    if (dice_.below(150) == 0) {
      ++from_home.wrote;
      from_portal(p, "/api/v1/portal/messages",
                  R"({"subject":"A question","text":"May I take it in the morning? \ud83d\ude42"})");
    }
    if (dice_.below(900) == 0) {
      ++from_home.complained;
      const std::string topic = get_topic(p);
      from_portal(p, "/api/v1/portal/feedback",
                  "{\"topic\":\"" + topic +
                      "\",\"text\":\"I waited two weeks.\",\"anonymous\":" + (dice_.chance(50) ? "true" : "false") + "}");
    }
    if (p.number % 12 == 4 && !stopped_.contains(number_of(p)) && dice_.below(60) == 0) say_stop(p);
    if (p.number % 20 == 13 && dice_.below(120) == 0) {
      ++from_home.moved;
      end(p, "moved");
    }
    if (p.number % 10 == 6 && !p.has_need && dice_.below(30) == 0) need_help(p);
  }

  std::string get_topic(const Patient& p) {
    if (!topic_.empty()) return topic_;
    http::Request request;
    request.method = http::Method::get;
    request.path = request.target = "/api/v1/portal/feedback";
    const auto match = router_->match(request.method, request.path);
    const Caller caller = outsider(p);
    const auto reply = database_->get().write([&](db::Tx& tx) -> Result<http::Reply> {
      slices_->zones().learn(tx, caller);
      const http::Call call{request, caller, clock_.now(), match.parameters};
      CONCORD_TRY(const auto work, match.route->handler(call));
      return work(tx);
    });
    if (!reply) throw std::runtime_error(reply.error().text);
    return topic_ = Json(reply->body)["topics"][0]["id"].text();
  }

  void say_stop(const Patient& p) {
    if (p.number % 8 == 5) return;  // gave no number
    ++from_home.stopped;
    http::Request request;
    request.method = http::Method::post;
    request.path = request.target = "/hooks/sms/inbound";
    request.headers.emplace_back("content-type", "application/x-www-form-urlencoded");
    request.body =
        "From=%2B" + number_of(p).substr(1) + "&To=%2B15550100&Body=Stop&MessageSid=SM" + std::to_string(from_home.stopped);
    const auto match = router_->match(request.method, request.path);
    Caller caller;
    caller.kind = ActorKind::gateway;
    caller.role = "gateway";
    const auto reply = database_->get().write([&](db::Tx& tx) -> Result<http::Reply> {
      const http::Call call{request, caller, clock_.now(), match.parameters};
      CONCORD_TRY(const auto work, match.route->handler(call));
      return work(tx);
    });
    if (!reply) throw std::runtime_error(today_.iso() + " STOP -> " + reply.error().text);
    // The one confirmation that STOP is allowed.
    is_confirmation_ = true;
    stopped_.insert(number_of(p));
    while (postman_->run_due() > 0) {
    }
    is_confirmation_ = false;
  }

  /// A need that somebody of the community helps with; asked about until somebody has been seen.
  void need_help(Patient& p) {
    p.has_need = true;
    const Person& cm = manager(p);
    if (service_.empty())
      service_ =
          post(community_worker_, "/api/v1/community/services",
               R"({"name":"Year House","kinds":["housing"],"areas":["10001"],"languages":["en","es"],"phone":"555-0199"})")["id"]
              .text();
    const Json need = post(cm, chart(p, "/needs"), R"({"kind":"housing","wants_help":"yes","source":"conversation"})");
    post(cm, chart(p, "/community-referrals"),
         "{\"need_id\":\"" + need["id"].text() + "\",\"service_id\":\"" + service_ +
             "\",\"sent_by_way\":\"phone\",\"shares\":[\"name\",\"phone\"],\"consent\":{\"method\":\"verbal\",\"on\":\"" +
             today_.iso() + "\"}}");
  }
  // -- the working day

  void work() {
    for (std::size_t k = 0; k < managers_.size(); ++k) {
      if (k == 2 && has_fay_left_) break;
      for (const std::string& patient : on_the_list(managers_[k], "?care_manager=me&limit=200")) attend(*by_id(patient));
    }
    for (Patient& p : patients_)
      if (!p.id.empty() && !p.is_enrolled && !p.has_ended) attend(p);
    if (today_.weekday() == 1 || (today_.weekday() == 2 && !calendar::is_working_day(calendar_, today_.plus_days(-1))))
      hold_review();
    if (today_.weekday() == 3) answer_post();
    if (today_.weekday() == 5) {
      answer_complaints();
      clear_inbox();
    }
    if (today_ == kFirstDay.plus_days(30 * 7)) fay_leaves();
  }

  Patient* by_id(std::string_view id) {
    for (Patient& p : patients_)
      if (p.id == id) return &p;
    throw std::runtime_error("a stranger on the list");
  }

  std::vector<std::string> on_the_list(const Person& who, const std::string& filter) {
    std::vector<std::string> patients;
    std::string after;
    do {
      const Json page = get(who, "/api/v1/caseload" + filter + (after.empty() ? "" : "&after=" + after));
      for (std::size_t i = 0; i < page["items"].size(); ++i)
        if (page["items"][i]["why"].exists()) patients.push_back(page["items"][i]["patient_id"].text());
      after = page["next"].is_null() ? "" : page["next"].text();
    } while (!after.empty());
    return patients;
  }

  /// Does what the lines of one patient ask, as far as somebody gets to it today.
  void attend(Patient& p) {
    const Json lines = get(manager(p), chart(p, "/attention"))["items"];
    bool spoke = false;
    for (std::size_t i = 0; i < lines.size() && !p.has_ended; ++i) {
      const auto rule = caseload::parse_rule(lines[i]["rule"].text());
      if (!rule) throw std::runtime_error("unknown rule");
      const std::string object =
          lines[i]["evidence"].size() && lines[i]["evidence"][0]["id"].exists() ? lines[i]["evidence"][0]["id"].text() : "";
      answer(p, *rule, object, spoke);
    }
  }

  void answer(Patient& p, Rule rule, const std::string& object, bool& spoke) {
    const Person& cm = manager(p);
    switch (rule) {
      case Rule::safety_unreviewed:
        if (dice_.chance(80)) assess_safety(p);
        break;
      case Rule::safety_reassess:
        if (dice_.chance(70)) reassess(p, object);
        break;
      case Rule::referral_waiting:
        if (!spoke && dice_.chance(60)) {
          spoke = true;
          reach_out(p);
        }
        break;
      case Rule::contact_first:
      case Rule::contact_due:
      case Rule::score_worse:
        if (!spoke && dice_.chance(p.is_hard_to_reach ? 4 : 45)) {
          spoke = true;
          talk(p);
        }
        if (rule == Rule::score_worse && dice_.chance(40)) ask_consultant(p);
        break;
      case Rule::inactive: {
        if (dice_.chance(8)) end(p, "inactive");
        break;
      }
      case Rule::measure_stale:
        if (dice_.chance(40)) measure(p, "phq-9");
        break;
      case Rule::pathway_measure:
        if (dice_.chance(40)) pathway_form(p);
        break;
      case Rule::checkin_unseen:
        if (dice_.chance(60)) post(cm, chart(p, "/measurements/" + object + "/seen"), "{}");
        break;
      case Rule::plan_adjust:
        if (dice_.chance(25)) change_treatment(p, std::nullopt);
        break;
      case Rule::target_met:
        if (dice_.chance(40)) act(p, "meet_target", "");
        break;
      case Rule::relapse:
        if (dice_.chance(40)) {
          act(p, "relapse", ",\"reason\":\"symptoms are back\"");
          p.gets_better = false;
        }
        break;
      case Rule::episode_long:
        if (dice_.chance(15)) end(p, "referred_specialty");
        break;
      case Rule::consent_missing:
        if (dice_.chance(30)) consent(p);
        break;
      case Rule::visit_missing:
        if (dice_.chance(20))
          post(biller_, chart(p, "/initiating-visits"), "{\"date\":\"" + today_.iso() + "\",\"code\":\"99213\"}");
        break;
      case Rule::minutes_near:
        if (!spoke && dice_.chance(40)) {
          spoke = true;
          talk(p);
        }
        break;
      case Rule::goal_review:
        if (dice_.chance(50))
          post(cm, chart(p, "/goals/" + object + "/reviews"),
               "{\"progress\":\"" + std::string(dice_.chance(20) ? "reached" : "some") + "\"}");
        break;
      case Rule::education_language:
        if (dice_.chance(20)) rewrite_plan(p, object);
        break;
      case Rule::plan_relapse_prevention:
        if (dice_.chance(15)) write_plan(p, "relapse_prevention", language_of(p));
        break;
      case Rule::task_due:
        if (dice_.chance(60)) {
          const Json task = get(cm, "/api/v1/tasks/" + object);
          post(cm, "/api/v1/tasks/" + object + "/acts", "{\"act\":\"done\"}", task["version"].integer());
        }
        break;
      case Rule::care_manager_missing:
        if (dice_.chance(40)) {
          p.manager = p.number % 2;
          const Json episode = get(manager(p), "/api/v1/episodes/" + p.episode);
          send(manager(p), http::Method::patch, "/api/v1/episodes/" + p.episode,
               "{\"care_manager_id\":\"" + manager(p).id.text() + "\"}", episode["version"].integer());
        }
        break;
      case Rule::recommendation_unsent:
        if (dice_.chance(60)) recommend(p, object, consultant_, "send", "{}");
        break;
      case Rule::recommendation_unanswered:
        if (dice_.chance(50)) answer_recommendation(p, object);
        break;
      case Rule::recommendation_undone:
        if (dice_.chance(50)) do_recommendation(p, object);
        break;
      case Rule::recommendation_trial:
        if (dice_.chance(40))
          recommend(p, object, cm, "trial",
                    p.gets_better ? R"({"result":"adequate","dose":"100 mg","weeks":8})"
                                  : R"({"result":"not_adequate","reason":"stopped after two weeks"})");
        break;
      case Rule::question_open:
        if (dice_.chance(40)) review(p, std::nullopt, {object});
        break;
      case Rule::message_unanswered:
        if (dice_.chance(55)) answer_patient(p);
        break;
      case Rule::community_open:
        if (dice_.chance(40)) {
          const std::string path = chart(p, "/community-referrals/" + object);
          const Json referral = get(cm, path);
          post(cm, path + "/acts", R"({"act":"seen","confirmed_by":"patient"})", referral["version"].integer());
        }
        break;
      case Rule::review_new:
      case Rule::review_nonresponse:
      case Rule::review_stale:
        break;  // the review hour sees to them
    }
  }

  // -- acts

  void answer_patient(Patient& p) {
    const Json threads = get(manager(p), chart(p, "/patient-messages"))["items"];
    for (std::size_t i = 0; i < threads.size(); ++i)
      if (threads[i]["state"].text() == "waiting")
        post(manager(p), chart(p, "/patient-messages/" + threads[i]["id"].text() + "/replies"),
             R"({"text":"Yes, in the morning is fine."})");
  }

  /// Once a week somebody goes through the whole inbox: people whose episode has ended still write, and stand on no list.
  void clear_inbox() {
    const Json waiting = get(managers_[0], "/api/v1/patient-messages?state=unanswered&limit=100")["items"];
    for (std::size_t i = 0; i < waiting.size(); ++i) answer_patient(*by_id(waiting[i]["patient"]["id"].text()));
  }

  /// The program manager reads what patients say of the care, once a week.
  void answer_complaints() {
    const Json list = get(program_manager_, "/api/v1/feedback?state=new")["items"];
    for (std::size_t i = 0; i < list.size(); ++i)
      post(program_manager_, "/api/v1/feedback/" + list[i]["id"].text() + "/answer", R"({"text":"We will call sooner."})",
           list[i]["version"].integer());
  }

  void act(Patient& p, std::string_view word, const std::string& more) {
    const Json episode = get(manager(p), "/api/v1/episodes/" + p.episode);
    post(manager(p), "/api/v1/episodes/" + p.episode + "/acts", "{\"act\":\"" + std::string(word) + "\"" + more + "}",
         episode["version"].integer());
  }

  void reach_out(Patient& p) {
    const Json episode = get(manager(p), "/api/v1/episodes/" + p.episode);
    const Person& cm = manager(p);
    if (episode["state"].text() == "closed") {
      const Json referral = get(cm, "/api/v1/referrals/" + p.referral);
      if (dice_.chance(30)) {
        post(cm, "/api/v1/referrals/" + p.referral + "/seen-elsewhere", "{\"on\":\"" + today_.iso() + "\"}",
             referral["version"].integer());
        p.has_ended = true;
      }
      return;
    }
    const Json referral = get(cm, "/api/v1/referrals/" + p.referral);
    if (referral["attempts"].size() > 4) {
      post(cm, "/api/v1/referrals/" + p.referral + "/outcome", R"({"outcome":"unreachable"})", referral["version"].integer());
      p.has_ended = true;
      return;
    }
    const bool reached = dice_.chance(p.is_hard_to_reach ? 30 : 60);
    post(cm, "/api/v1/referrals/" + p.referral + "/attempts",
         "{\"modality\":\"phone\",\"result\":\"" + std::string(reached ? "reached" : "no_answer") + "\",\"note\":\"\"}");
    if (!reached) return;
    if (dice_.chance(12)) {
      post(cm, "/api/v1/referrals/" + p.referral + "/outcome", R"({"outcome":"other_level_of_care"})",
           referral["version"].integer());
      return;
    }
    if (dice_.chance(15)) return;  // thinks it over: the outcome is asked for after two weeks
    enroll(p);
  }

  void consent(Patient& p) {
    post(manager(p), chart(p, "/consents"),
         "{\"method\":\"verbal\",\"text_version\":\"2026-1\",\"given_date\":\"" + today_.iso() + "\"}");
  }

  void enroll(Patient& p) {
    consent(p);
    act(p, "assess", "");
    static constexpr std::string_view kPathways[] = {"adult-depression", "adult-anxiety", "older-adult"};
    std::string way;
    if (p.number % 3 == 0) way = ",\"pathway\":\"" + std::string(kPathways[p.number / 3 % 3]) + "\"";
    act(p, "enroll",
        ",\"primary_condition\":\"depression\",\"primary_instrument\":\"phq-9\",\"target\":\"response\",\"billing_practitioner\":"
        "\"Dr. "
        "Lee Year\",\"care_manager_id\":\"" +
            manager(p).id.text() + "\"" + way);
    p.is_enrolled = true;
    p.plan_since = today_;
    p.gets_better = !p.is_far_from_hope && dice_.chance(40);
    if (p.number % 5 != 0) measure(p, "phq-9");
    if (p.number % 4 != 3)
      post(biller_, chart(p, "/initiating-visits"), "{\"date\":\"" + today_.plus_days(-3).iso() + "\",\"code\":\"99214\"}");
    if (p.number % 2 == 0)
      post(manager(p), chart(p, "/goals"), R"({"what":"walk around the pond","times_per_week":2,"confidence":7})");
    // Some plans are written in the wrong language at first.
    if (p.number % 2 == 0) write_plan(p, "care_plan", p.number % 4 == 2 && dice_.chance(60) ? "en" : language_of(p));
  }

  std::string language_of(const Patient& p) const { return p.number % 4 == 2 ? "es" : "en"; }

  void write_plan(Patient& p, const std::string& kind, const std::string& language) {
    const std::string content =
        kind == "care_plan"
            ? R"({"wants":"to sleep again","steps":[{"text":"a walk every day","who":"the patient"}],"written_with":["patient"]})"
            : R"({"warning_signs":["awake at four"],"helps":["walks"],"contacts":[{"name":"the clinic","phone":"555-0100","when":"weekdays"}],"written_with":["patient"]})";
    const Json plan = post(manager(p), chart(p, "/plans"),
                           "{\"kind\":\"" + kind + "\",\"language\":\"" + language + "\",\"content\":" + content + "}");
    agree(p, plan);
  }
  void agree(Patient& p, const Json& plan) {
    const std::string path = chart(p, "/plans/" + plan["id"].text());
    const Json seen = post(manager(p), path + "/view", R"({"view":"agreed"})", plan["version"].integer());
    post(manager(p), path + "/effect", "{}", seen["version"].integer());
  }
  void rewrite_plan(Patient& p, const std::string& id) {
    const std::string path = chart(p, "/plans/" + id);
    const Json plan = get(manager(p), path);
    agree(p,
          post(manager(p), path + "/versions",
               "{\"reason\":\"in the patient's language\",\"language\":\"" + language_of(p) + "\"}", plan["version"].integer()));
  }

  void measure(Patient& p, std::string_view instrument) {
    std::string body = "{\"instrument\":\"" + std::string(instrument) + "\",\"mode\":\"phone\",";
    if (instrument == "phq-9") body += "\"answers\":" + answers(p) + "}";
    else body += "\"total\":" + std::to_string(dice_.below(3)) + "}";
    post(manager(p), chart(p, "/measurements"), body);
  }
  void pathway_form(Patient& p) {
    const Json due = get(manager(p), chart(p, "/pathway"))["due"];
    for (std::size_t i = 0; i < due.size(); ++i) {
      const std::string instrument = due[i]["instrument"].text();
      if (!slices_->data().rules.opt_in.contains(instrument)) measure(p, instrument);
    }
  }

  void talk(Patient& p) {
    if (dice_.chance(15)) {
      post(manager(p), chart(p, "/contacts"), R"({"kind":"outreach_attempt","modality":"phone","minutes":3,"note":"no answer"})");
      return;
    }
    std::string body =
        R"({"kind":"treatment","modality":"phone","with_whom":["patient"],"interventions":["behavioral_activation"],"note":"talked","minutes":)" +
        std::to_string(12 + dice_.below(18));
    if (dice_.chance(70))
      body += ",\"measurements\":[{\"instrument\":\"phq-9\",\"mode\":\"phone\",\"answers\":" + answers(p) + "}]";
    if (dice_.chance(15)) body += ",\"next_due_date\":\"" + today_.plus_days(7 + dice_.below(14)).iso() + "\"";
    post(manager(p), chart(p, "/contacts"), body + "}");
    if (dice_.chance(6))
      post(manager(p), "/api/v1/tasks",
           "{\"title\":\"Send the leaflet\",\"patient_id\":\"" + p.id + "\",\"due_date\":\"" + today_.plus_days(3).iso() + "\"}");
    if (p.number % 40 == 7 && p.is_enrolled && dice_.chance(30)) withdraw_consent(p);
    if (p.number % 30 == 11 && dice_.chance(20)) {
      // Some are away for a while.
      const std::string state = get(manager(p), "/api/v1/episodes/" + p.episode)["state"].text();
      if (state == "active") act(p, "hold", ",\"reason\":\"away\"");
      if (state == "on_hold") act(p, "resume", "");
    }
  }

  void withdraw_consent(Patient& p) {
    const Json list = get(manager(p), chart(p, "/consents"))["items"];
    for (std::size_t i = 0; i < list.size(); ++i)
      if (list[i]["withdrawn_date"].is_null()) {
        post(manager(p), chart(p, "/consents/" + list[i]["id"].text() + "/withdraw"), "{\"on\":\"" + today_.iso() + "\"}",
             list[i]["version"].integer());
        return;
      }
  }

  void ask_consultant(Patient& p) {
    const Json open = get(manager(p), chart(p, "/review-questions"))["items"];
    for (std::size_t i = 0; i < open.size(); ++i)
      if (open[i]["state"].text() == "open") return;
    post(manager(p), chart(p, "/review-questions"),
         "{\"question\":\"Worse in spite of the dose. What now?\",\"urgency\":\"" +
             std::string(dice_.chance(20) ? "urgent" : "routine") + "\"}");
  }

  void change_treatment(Patient& p, const std::optional<std::string>& recommendation) {
    const std::string closes = recommendation ? ",\"recommendation_id\":\"" + *recommendation + "\"" : "";
    if (!p.has_treatment) {
      const Json row =
          post(pcp_, chart(p, "/treatments"), R"({"kind":"medication","name":"sertraline","dose":"50 mg daily")" + closes + "}");
      p.has_treatment = true;
      p.treatment = row["id"].text();
    } else {
      const Json list = get(pcp_, chart(p, "/treatments"))["items"];
      std::int64_t version = 0;
      for (std::size_t i = 0; i < list.size(); ++i)
        if (list[i]["id"].text() == p.treatment) version = list[i]["version"].integer();
      post(pcp_, chart(p, "/treatments/" + p.treatment + "/changes"),
           "{\"to_dose\":\"" + std::to_string(50 * (2 + dice_.below(3))) + " mg daily\",\"reason\":\"not enough\"" + closes + "}",
           version);
    }
    p.plan_since = today_;
    if (!p.gets_better && (!p.is_far_from_hope || dice_.chance(20))) p.gets_better = dice_.chance(45);
  }

  // -- safety

  Json open_event(Patient& p, const std::string& wanted = {}) {
    const Json events = get(manager(p), chart(p, "/summary"))["safety_events"];
    for (std::size_t i = 0; i < events.size(); ++i)
      if (wanted.empty() ? events[i]["closed_at"].is_null() : events[i]["id"].text() == wanted) return events[i];
    throw std::runtime_error("no such safety event");
  }
  void assess_safety(Patient& p) {
    Json event = open_event(p);
    const std::string path = chart(p, "/safety-events/" + event["id"].text());
    const Person& cm = manager(p);
    if (event["acknowledged_at"].is_null()) {
      event = post(cm, path + "/acknowledge", "{}", event["version"].integer());
      if (dice_.chance(30)) return;
    }
    const char* levels[] = {"low", "low", "moderate", "high"};
    const std::string level = levels[dice_.below(4)];
    if (event["assessed_at"].is_null()) {
      event = post(cm, path + "/assess", "{\"assessed_otherwise\":\"talked it through by phone\",\"level\":\"" + level + "\"}",
                   event["version"].integer());
      if (dice_.chance(20)) return;
    }
    post(cm, path + "/close", "{\"level\":\"" + event["level"].text() + "\",\"disposition\":\"safety plan made, supports told\"}",
         event["version"].integer());
  }
  void reassess(Patient& p, const std::string& id) {
    const Person& cm = manager(p);
    Json event = open_event(p, id);
    const std::string path = chart(p, "/safety-events/" + id);
    const std::string level = event["level"].is_null() ? "low" : event["level"].text();
    if (level == "low" || level == "none") {
      post(cm, path + "/reassessments", R"({"assessed_otherwise":"asked again","level":")" + level + R"(","ends":true})",
           event["version"].integer());
      return;
    }
    if (dice_.chance(50)) {
      post(cm, path + "/reassessments", R"({"assessed_otherwise":"asked again","level":")" + level + "\"}",
           event["version"].integer());
      return;
    }
    // One step down, with the consultant.
    event = post(cm, path + "/step-down",
                 "{\"to_level\":\"" + std::string(level == "high" ? "moderate" : "low") + "\",\"reason\":\"three calm weeks\"}",
                 event["version"].integer());
    post(consultant_, path + "/step-down/answer", R"({"agree":true})", event["version"].integer());
  }

  // -- the review hour

  void hold_review() {
    const Json session = post(managers_[0], "/api/v1/review-sessions",
                              "{\"site_id\":\"" + site_.text() + "\",\"date\":\"" + today_.iso() +
                                  "\",\"minutes\":120,\"consultant_id\":\"" + consultant_.id.text() + "\"}");
    const std::string id = session["id"].text();
    const Json agenda = get(consultant_, "/api/v1/review-sessions/" + id + "/agenda");
    for (std::size_t i = 0; i < agenda["items"].size(); ++i) {
      std::vector<std::string> questions;
      for (std::size_t q = 0; q < agenda["items"][i]["question_ids"].size(); ++q)
        questions.push_back(agenda["items"][i]["question_ids"][q].text());
      review(*by_id(agenda["items"][i]["patient"]["id"].text()), id, questions);
    }
    const Json now = get(consultant_, "/api/v1/review-sessions/" + id);
    send(managers_[0], http::Method::patch, "/api/v1/review-sessions/" + id, R"({"state":"held"})", now["version"].integer());
  }

  void review(Patient& p, const std::optional<std::string>& session, const std::vector<std::string>& questions) {
    ++reviews;
    std::string body = "{\"question\":\"What next?\",\"notes\":\"looked at together\"";
    if (session) body += ",\"session_id\":\"" + *session + "\"";
    if (!questions.empty()) {
      body += ",\"question_ids\":[";
      for (std::size_t i = 0; i < questions.size(); ++i) body += (i ? ",\"" : "\"") + questions[i] + "\"";
      body += "]";
    }
    body += ",\"recommendations\":[" + advice(p) + "]";
    if (dice_.chance(15)) body += ",\"send\":false";
    post(consultant_, chart(p, "/reviews"), body + "}");
  }

  /// What the consultant advises. In the last twelve weeks nothing is started whose success only the next year would show.
  std::string advice(Patient& p) {
    const bool is_late = today_ >= kFirstDay.plus_days((script_.weeks - 12) * 7);
    const std::string urgency = dice_.chance(15) ? "urgent" : "routine";
    if (p.gets_better || !p.is_enrolled || is_late) return R"({"kind":"continue","text":"go on as it is","to_role":""})";
    std::string text;
    switch (dice_.below(4)) {
      case 0:
        text = R"({"kind":"labs","text":"thyroid","to_role":"pcp","urgency":")" + urgency + "\"}";
        break;
      case 1:
        text = R"({"kind":"psychotherapy","text":"problem solving, six sessions","to_role":"care_manager","urgency":")" +
               urgency + "\"}";
        break;
      default:
        text =
            (p.has_treatment
                 ? std::string(
                       R"({"kind":"increase","medication":"sertraline","dose":"100 mg daily","text":"","to_role":"pcp","urgency":")")
                 : std::string(
                       R"({"kind":"start","medication":"sertraline","dose":"50 mg daily","text":"","to_role":"pcp","urgency":")")) +
            urgency + "\"}";
    }
    if (dice_.chance(20)) text += R"(,{"kind":"other","text":"ask about alcohol","to_role":"care_manager"})";
    return text;
  }

  Json recommendation(Patient& p, const std::string& id) { return get(consultant_, chart(p, "/recommendations/" + id)); }
  void recommend(Patient& p, const std::string& id, const Person& who, std::string_view word, const std::string& body) {
    post(who, chart(p, "/recommendations/" + id + "/" + std::string(word)), body, recommendation(p, id)["version"].integer());
  }
  const Person& addressee(Patient& p, const Json& row) { return row["to_role"].text() == "care_manager" ? manager(p) : pcp_; }
  void answer_recommendation(Patient& p, const std::string& id) {
    const Json row = recommendation(p, id);
    if (row["state"].text() == "sent" && dice_.chance(50))
      post(addressee(p, row), chart(p, "/recommendations/" + id + "/read"), "{}");
    const int lot = dice_.below(100);
    recommend(p, id, addressee(p, row), "answer",
              lot < 65   ? R"({"state":"accepted"})"
              : lot < 85 ? R"({"state":"modified","reason":"a smaller dose first"})"
                         : R"({"state":"declined","reason":"the patient would rather not"})");
  }
  void do_recommendation(Patient& p, const std::string& id) {
    const Json row = recommendation(p, id);
    const std::string kind = row["kind"].text();
    if (kind == "start" || kind == "increase") change_treatment(p, id);
    else {
      recommend(p, id, addressee(p, row), "done", "{}");
      if (kind == "psychotherapy" && !p.gets_better && !p.is_far_from_hope) p.gets_better = dice_.chance(40);
    }
  }

  /// The PCP and the care managers go through what was sent to them; most of it, not all.
  void answer_post() {
    for (Patient& p : patients_) {
      if (p.id.empty() || p.has_ended || !p.is_enrolled) continue;
      const Json list = get(pcp_, chart(p, "/recommendations"))["items"];
      for (std::size_t i = 0; i < list.size(); ++i) {
        const std::string state = list[i]["state"].text();
        if ((state == "sent" || state == "read") && dice_.chance(35)) answer_recommendation(p, list[i]["id"].text());
        if ((state == "accepted" || state == "modified") && dice_.chance(35)) do_recommendation(p, list[i]["id"].text());
      }
    }
  }

  /// Before an episode ends, what is still open between consultant and team ends too.
  void end(Patient& p, const std::string& reason) {
    const Json list = get(consultant_, chart(p, "/recommendations"))["items"];
    for (std::size_t i = 0; i < list.size(); ++i) {
      const std::string state = list[i]["state"].text();
      if (state == "draft" || state == "sent" || state == "read" || state == "accepted" || state == "modified")
        recommend(p, list[i]["id"].text(), consultant_, "withdraw", R"({"reason":"the episode ends"})");
    }
    const Json questions = get(manager(p), chart(p, "/review-questions"))["items"];
    for (std::size_t i = 0; i < questions.size(); ++i)
      if (questions[i]["state"].text() == "open")
        post(manager(p), chart(p, "/review-questions/" + questions[i]["id"].text() + "/withdraw"),
             R"({"reason":"the episode ends"})", questions[i]["version"].integer());
    act(p, "close", ",\"close_reason\":\"" + reason + "\"");
    p.has_ended = true;
  }

  /// A care manager's account is closed without a hand-over: what must not happen, and must be seen when it does.
  void fay_leaves() {
    for (Patient& p : patients_)
      if (p.manager == 2) p.manager = p.number % 2;  // who will look after them
    const auto done = database_->get().write([&](db::Tx& tx) -> Result<void> {
      identity::disable_user(tx, organization_, managers_[2].id, clock_.now());
      caseload::refresh_list_of(tx, organization_, managers_[2].id, slices_->data().rules);
      return {};
    });
    if (!done) throw std::runtime_error(done.error().text);
    has_fay_left_ = true;
  }

  // -- looking on

  void look() {
    std::set<std::pair<std::string, Rule>> now;
    states.clear();
    fall_through_.clear();
    const auto& rules = slices_->data().rules;
    database_->get().read_with([&](db::Tx& tx) {
      caseload::each_facts(tx, organization_, rules, [&](caseload::EpisodeFacts&& facts) {
        const auto row = caseload::derive(facts, rules);
        ++states[std::string(episodes::name(row.state))];
        for (const auto& t : row.triggers)
          if (t.counts(today_)) now.insert({row.patient.text(), t.rule});
        if (row.state == episodes::State::closed) return;
        const auto step = caseload::next_step(row, rules, today_);
        if (!step || step->owner.empty()) fall_through_.push_back(row.display_name() + " on " + today_.iso());
      });
    });
    if (!fall_through_.empty()) problems.insert(problems.end(), fall_through_.begin(), fall_through_.end());
    for (const auto& line : now)
      if (!standing_.contains(line)) ++fired[line.second];
    for (const auto& line : standing_)
      if (!now.contains(line)) ++cleared[line.second];
    standing_ = std::move(now);
    // Whoever is nobody's is on the list of all: somebody has to take them.
    if (has_fay_left_ && calendar::is_working_day(calendar_, today_)) {
      std::vector<std::string> unclaimed;
      for (const auto& [patient, rule] : standing_)
        if (rule == Rule::care_manager_missing) unclaimed.push_back(patient);
      for (const std::string& patient : unclaimed) attend(*by_id(patient));
    }
  }

  const Script script_;
  std::unique_ptr<testing::FreshDatabase> database_;
  Dice dice_;
  ManualClock clock_{at_local_time(kFirstDay, 10 * 60, kZone)};
  SeededIds ids_{clock_, 7};
  std::unique_ptr<app::Slices> slices_;
  std::unique_ptr<http::Router> router_;
  const calendar::Calendar calendar_;
  OrganizationId organization_;
  SiteId site_;
  std::vector<Person> managers_;
  Person consultant_, pcp_, biller_, program_manager_, community_worker_;
  std::unique_ptr<jobs::Worker> postman_;
  std::set<std::string> stopped_;  ///< numbers
  bool is_confirmation_ = false;
  std::map<std::string, int> sent_in_;  ///< patient -> check-ins sent in
  std::string topic_, service_;
  std::vector<Patient> patients_;
  Date today_ = kFirstDay;
  bool has_fay_left_ = false;
  std::set<std::pair<std::string, Rule>> standing_;
  std::vector<std::string> fall_through_;
};

/// What the year was like, where a test fails.
std::string story(Year& year) {
  std::string text = std::to_string(year.requests) + " requests, " + std::to_string(year.reviews) + " reviews;";
  for (const auto& [state, n] : year.states) text += " " + state + " " + std::to_string(n);
  const auto& home = year.from_home;
  text += "\n  from home: asked " + std::to_string(home.asked) + ", answered " + std::to_string(home.answered) + ", not theirs " +
          std::to_string(home.not_theirs) + ", stopped " + std::to_string(home.stopped) + ", moved " +
          std::to_string(home.moved) + ", complained " + std::to_string(home.complained) + ", wrote " +
          std::to_string(home.wrote);
  for (const Rule rule : caseload::all_rules())
    text += "\n  " + std::string(caseload::name(rule)) + " fired " + std::to_string(year.fired[rule]) + ", cleared " +
            std::to_string(year.cleared[rule]);
  return text;
}

TEST(ScriptedYear, EveryRuleFiresAndClearsNobodyFallsThroughAndEveryRecommendationEnds) {
  // Twice at the same time: only the script may say what happens.
  Year year(db::Dialect::sqlite, {}), again(db::Dialect::sqlite, {});
  auto other = std::async(std::launch::async, [&] { again.run(); });
  year.run();
  other.get();
  SCOPED_TRACE(story(year));
  for (const Rule rule : caseload::all_rules()) {
    EXPECT_GT(year.fired[rule], 0) << caseload::name(rule) << " never fired";
    EXPECT_GT(year.cleared[rule], 0) << caseload::name(rule) << " never cleared";
  }
  EXPECT_TRUE(year.problems.empty()) << year.problems.size() << " without a next step, the first: " << year.problems.front();
  const auto recommendations = year.recommendations();
  EXPECT_GT(recommendations.all, 100);
  EXPECT_EQ(recommendations.open, 0) << recommendations.first;
  const auto& home = year.from_home;
  EXPECT_GT(home.asked, 500);
  EXPECT_GT(home.answered, 200);
  EXPECT_GT(home.not_theirs, 0);
  EXPECT_GT(home.stopped, 5);
  EXPECT_GT(home.moved, 2);
  EXPECT_GT(home.complained, 10);
  EXPECT_GT(home.wrote, 50);
  EXPECT_EQ(home.texts_after_stop, 0) << "somebody who said STOP got a text";
  EXPECT_EQ(home.questions_after_end, 0) << "somebody whose episode has ended was asked";
  const auto left = year.left_alone();
  EXPECT_TRUE(left.empty()) << left.size() << " left alone, the first: " << left.front();
  EXPECT_TRUE(again.digest() == year.digest()) << "the same script, another year";
  const auto changed = year.rows_that_a_rebuild_changes();
  EXPECT_TRUE(changed.empty()) << changed.size() << " rows were not kept up to date, the first:\n" << changed.front();
}

TEST(ScriptedYear, TwoMonthsOfASmallerClinicAreTheSameOnPostgreSql) {
  if (!testing::can_use(db::Dialect::postgres)) return;
  const Script script{48, 9, 2};
  Year sqlite(db::Dialect::sqlite, script), postgres(db::Dialect::postgres, script);
  auto other = std::async(std::launch::async, [&] { sqlite.run(); });
  postgres.run();
  other.get();
  EXPECT_TRUE(postgres.digest() == sqlite.digest());
  EXPECT_TRUE(postgres.problems.empty());
  EXPECT_TRUE(postgres.rows_that_a_rebuild_changes().empty());
}

}  // namespace
}  // namespace concord
