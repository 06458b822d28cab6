// Check-ins with real measurements and safety events around them, and a browser that follows redirects and keeps its cookie.
// For this folder's tests only.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/zone.h"
#include "checkins/checkins_api.h"
#include "checkins/checkins_store.h"
#include "checkins/pages_api.h"
#include "measurements/measurements_api.h"
#include "measurements/measurements_store.h"
#include "patients/patients_store.h"
#include "safety/hand_off.h"
#include "safety/safety_store.h"
#include "support/clinic.h"

namespace concord::checkins::testing {

inline const instruments::Library& library() {
  static const instruments::Library all = *instruments::load_library(std::filesystem::path(CONCORD_SOURCE_DIR) / "instruments");
  return all;
}
inline const Words& words() {
  static const Words all = *load_words(std::filesystem::path(CONCORD_SOURCE_DIR) / "content" / "checkins" / "pages.json");
  return all;
}

/// What a browser got in the end.
struct Page {
  int status = 0;
  std::string path, body, location;
  bool has(std::string_view text) const { return body.find(text) != std::string::npos; }
};

class Scene : public concord::testing::ClinicTest {
 protected:
  void SetUp() override {
    ClinicTest::SetUp();
    if (IsSkipped()) return;
    auto& c = clinic();
    safety_.chart = &c.chart;
    measurements_.chart = &c.chart;
    measurements_.library = &library();
    measurements_.permitted = [](db::Tx&, OrganizationId, SiteId, std::string_view) { return false; };
    measurements_.raise_signal = [this](db::Tx& tx, const Asker& asker, const Place& place, const measurements::RaisedSignal& r) {
      safety::raise(safety_, tx, asker, place, r.measurement, r.signal, r.level, r.corrects);
    };
    measurements_.on_entered = [this](db::Tx& tx, const Asker& asker, const Place& place, const measurements::Measurement& m) {
      entered(deps_, tx, asker, place, m);
    };
    measurements_.on_seen = [this](db::Tx& tx, const Asker& asker, const Place& place, MeasurementId id) {
      seen(deps_, tx, asker, place, id);
    };
    deps_.chart = &c.chart;
    deps_.library = &library();
    deps_.words = &words();
    deps_.public_url = "https://concord.example.org";
    deps_.new_token = [this] {
      std::string token = "t" + std::to_string(++tokens_);
      while (token.size() < 43) token += "abcdefghij"[token.size() % 10];
      return "u" + std::to_string(tokens_ % 10) + token.substr(1);
    };
    deps_.token_hash = [](std::string_view token) { return "hash of " + std::string(token); };
    deps_.patient = patients::find;
    deps_.calendar_of = [](db::Tx&, OrganizationId, SiteId) {
      calendar::Calendar calendar;
      calendar.zone = std::string(concord::testing::Clinic::kZone);
      return calendar;
    };
    deps_.clinic = [](db::Tx&, OrganizationId, SiteId) { return Clinic{"Maple Street"}; };
    deps_.help_anywhere = [](std::string_view language) {
      safety::CrisisHelp help;
      help.title = language == "es" ? "Obtenga ayuda ahora" : "Get help now";
      help.not_watched = "Nobody is watching this page.";
      help.lines.push_back({"988", "988 Lifeline", "988", "988", "988", "", "https://988lifeline.org", "Day or night.", ""});
      return help;
    };
    deps_.help = [this](db::Tx&, OrganizationId, SiteId, std::string_view language, Instant) {
      return deps_.help_anywhere(language);
    };
    deps_.tell = [this](db::Tx&, OrganizationId, const Telling& t) {
      if (cannot_be_told_) return false;
      told_.push_back(t);
      return true;
    };
    deps_.notify = [this](db::Tx&, OrganizationId, const messaging::Notice& n) { notices_.push_back(n.kind); };
    deps_.people = [this](db::Tx&, OrganizationId, const Place&) { return std::vector<UserId>{clinic().manager.user}; };
    deps_.store = [this](db::Tx& tx, const Asker& asker, const Place& place, const measurements::SelfReport& report) {
      return measurements::store_self_report(measurements_, tx, asker, place, report);
    };
    deps_.see = [this](db::Tx& tx, const Asker& asker, const Place& place, MeasurementId id) -> Result<void> {
      CONCORD_TRY_VOID(measurements::see(measurements_, tx, asker, place, id));
      return {};
    };
    deps_.is_seen = [](db::Tx& tx, OrganizationId organization, PatientId patient, MeasurementId id) {
      const auto m = measurements::find(tx, organization, patient, id);
      return m && m->seen_at.has_value();
    };
    deps_.raise = [this](db::Tx& tx, const Asker& asker, const Place& place, const std::string& signal,
                         const std::optional<std::string>& level) {
      return safety::raise_answer(safety_, tx, asker, place, signal, level);
    };
    deps_.heard_again = [this](db::Tx& tx, const Asker& asker, const Place& place, safety::SafetyEventId event,
                               const std::string& signal) {
      return safety::heard_again(safety_, tx, asker, place, event, signal);
    };
    deps_.attach = [](db::Tx& tx, OrganizationId organization, PatientId patient, safety::SafetyEventId event,
                      MeasurementId measurement) { safety::attach_measurement(tx, organization, patient, event, measurement); };
    patient_ = c.add_patient();
    wire();
  }
  /// After a change of deps_.
  void wire() {
    pages_ = page_routes(deps_);
    staff_ = routes(deps_);
    scores_ = measurements::routes(measurements_);
  }

  std::string base() const { return "/api/v1/patients/" + patient_.text() + "/check-ins"; }
  /// Sends by link; the secret's path.
  std::string send_link(std::string instruments = R"(["phq-9"])") {
    const auto made = clinic().call(staff_, "POST", base(), R"({"channel":"link","instruments":)" + instruments + "}");
    EXPECT_EQ(made.status, 201) << made.issue_paths() << (made.error ? made.error->text : "");
    last_ = made.text("id");
    return told_.empty() ? std::string() : told_.back().path;
  }
  concord::testing::Answer row() {
    auto all = clinic().call(staff_, "GET", base());
    return all;
  }
  template <class F>
  auto read(F f) {
    return database().read([&](db::Tx& tx) { return f(tx, clinic().organization); });
  }
  std::vector<measurements::Measurement> scores() {
    return read([&](db::Tx& tx, OrganizationId o) { return measurements::list(tx, o, patient_); });
  }
  std::vector<safety::SafetyEvent> events() {
    return read([&](db::Tx& tx, OrganizationId o) { return safety::list(tx, o, patient_); });
  }

  safety::Deps safety_;
  measurements::Deps measurements_;
  Deps deps_;
  std::vector<http::Route> pages_, staff_, scores_;
  PatientId patient_;
  std::string last_;
  std::vector<Telling> told_;
  std::vector<std::string> notices_;
  bool cannot_be_told_ = false;
  int tokens_ = 0;

  friend class Browser;
};

/// One device. Admission and handler as the dispatcher runs them.
class Browser {
 public:
  explicit Browser(Scene& scene) : scene_(scene) {}

  Page get(const std::string& target) { return follow("GET", target, {}); }
  Page post(const std::string& target, std::string form = "") { return follow("POST", target, std::move(form)); }
  /// One request, no redirect followed.
  Page once(std::string_view method, const std::string& target, std::string form = "", std::string accept = "text/html") {
    http::Request request;
    request.target = target;
    const auto question = target.find('?');
    request.path = target.substr(0, question);
    if (question != std::string::npos) {
      std::string_view query = std::string_view(target).substr(question + 1);
      while (!query.empty()) {
        const auto pair = query.substr(0, query.find('&'));
        const auto equals = pair.find('=');
        request.query.emplace_back(std::string(pair.substr(0, equals)), std::string(pair.substr(equals + 1)));
        query.remove_prefix(std::min(query.size(), pair.size() + 1));
      }
    }
    request.method = method == "POST" ? http::Method::post : http::Method::get;
    request.body = std::move(form);
    request.headers.emplace_back("accept", accept);
    if (!cookie_.empty()) request.headers.emplace_back("cookie", std::string(cookie_name(scene_.deps_)) + "=" + cookie_);
    const http::Router router(scene_.pages_);
    const auto match = router.match(request.method, request.path);
    Page page;
    page.path = target;
    if (!match.route) {
      page.status = 404;
      return page;
    }
    const Instant now = scene_.clinic().clock().now();
    const auto run = [&](db::Tx& tx) -> Result<http::Reply> {
      CONCORD_TRY(const auto caller, admit(scene_.deps_, tx, request, now));
      const http::Call call{request, caller, now, match.parameters};
      CONCORD_TRY(const auto work, match.route->handler(call));
      return work(tx);
    };
    // A look is given a read-only transaction here: it cannot change anything.
    const auto reply = match.route->run_as == http::RunAs::write ? scene_.database().write(run) : scene_.database().read(run);
    http::Headers headers;
    if (reply) {
      page.status = reply->status;
      page.body = reply->body;
      page.location = reply->location;
      headers = reply->headers;
    } else {
      const auto problem = problem_page(scene_.deps_, reply.error(), request);
      page.status = problem.status;
      page.body = problem.body;
      headers = problem.headers;
    }
    for (const auto& [name, value] : headers)
      if (name == "Set-Cookie") {
        const auto from = value.find('=') + 1;
        cookie_ = value.substr(from, value.find(';') - from);
        last_cookie_ = value;
      }
    return page;
  }

  /// Opens a link and starts.
  Page start(const std::string& link, std::string form = "") { return post(link, std::move(form)); }
  /// Answers "phq-9/q3" with a value, from wherever it is.
  Page answer(const std::string& item, const std::string& value, const std::string& more = "") {
    return post("/c/q/1", "item=" + item + "&value=" + value + more);
  }
  /// Every question of the instrument with these values, in order.
  Page answer_all(const std::string& instrument, const std::vector<std::string>& values) {
    Page page;
    const auto& items = library().find(instrument)->items;
    for (std::size_t i = 0; i < values.size(); ++i) page = answer(instrument + "/" + items[i].link_id, values[i]);
    return page;
  }
  Page send() { return post("/c/check"); }

  std::string cookie_, last_cookie_;

 private:
  Page follow(std::string_view method, const std::string& target, std::string form) {
    Page page = once(method, target, std::move(form));
    for (int i = 0; i < 5 && page.status == 303; ++i) page = once("GET", page.location);
    return page;
  }
  Scene& scene_;
};

inline const std::vector<std::string>& calm() {
  static const std::vector<std::string> values = {"1", "2", "1", "0", "3", "1", "0", "0", "0", "1"};
  return values;
}

}  // namespace concord::checkins::testing
