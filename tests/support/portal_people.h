// A patient, a trusted person and a young person at the invented clinic, for tests of what the portal shows and lets them do.
// Views are called the way portal/views_api.cpp calls them.
#pragma once

#include <algorithm>
#include <filesystem>

#include "base/zone.h"
#include "portal/view.h"
#include "portal/words.h"
#include "support/clinic_people.h"

namespace concord::testing {

inline const portal::Words& portal_words() {
  static const portal::Words words = [] {
    auto read = portal::load_words(std::filesystem::path(CONCORD_SOURCE_DIR) / "content" / "portal" / "words.json");
    EXPECT_TRUE(read.has_value()) << (read ? "" : read.error().issues.front().path + " " + read.error().issues.front().text);
    return read ? std::move(*read) : portal::Words();
  }();
  return words;
}

/// A test of a slice that shows something in the portal.
class PortalViewTest : public PeopleTest {
 protected:
  /// As portal_deps.h viewer_of, without the age rules.
  portal::Viewer viewer_of(const Caller& caller, Instant now) {
    portal::Viewer v;
    v.organization = caller.organization;
    v.patient = portal::patient_of(caller);
    v.site = clinic().site;
    v.is_self = caller.kind == ActorKind::patient;
    v.scopes = caller.scopes;
    v.now = now;
    v.today = local_date(now, Clinic::kZone);
    v.zone = std::string(Clinic::kZone);
    v.language = caller.language;
    return v;
  }
  /// What the view writes for them now.
  std::string shown(const portal::View& view, const Caller& who) {
    std::string out;
    database().read([&](db::Tx& tx) {
      json::Writer w(out);
      EXPECT_TRUE(view.write(w, tx, viewer_of(who, clinic().clock().now()), http::Request{}).has_value());
    });
    return out;
  }
};

/// The same, with a patient and two people she trusts.
class PortalTest : public PortalViewTest {
 protected:
  void SetUp() override {
    PortalViewTest::SetUp();
    if (IsSkipped()) return;
    ana_ = clinic().add_patient("Ana", "Ruiz");
    me_ = portal(ana_);
    sister_ = portal(ana_, ActorKind::trusted_person, {"goals", "messages", "plan", "safety_plan", "scores"});
    stranger_ = portal(ana_, ActorKind::trusted_person, {"appointments"});
  }
  /// `young_` puts the age rules in force.
  portal::Viewer viewer_of(const Caller& caller) {
    auto v = PortalViewTest::viewer_of(caller, clinic().clock().now());
    if (young_) v.private_codes = {"instrument:phq-9", "own:decisions", "own:goals", "own:logs", "own:messages", "safety:plan"};
    return v;
  }
  std::function<portal::Viewer(db::Tx&, const Caller&, Instant)> viewers() {
    return [this](db::Tx&, const Caller& caller, Instant) { return viewer_of(caller); };
  }
  Answer see(const std::vector<portal::View>& views, const Caller& who, std::string_view name,
             std::vector<std::pair<std::string, std::string>> query = {}) {
    Answer answer;
    http::Request request;
    request.query = std::move(query);
    const auto view = std::find_if(views.begin(), views.end(), [&](const portal::View& v) { return v.name == name; });
    if (view == views.end()) {
      ADD_FAILURE() << "no view " << name;
      return answer;
    }
    const auto viewer = viewer_of(who);
    std::string body;
    auto written = viewer.has(view->scope) ? database().read([&](db::Tx& tx) -> Result<void> {
      json::Writer w(body);
      return view->write(w, tx, viewer, request);
    })
                                           : Result<void>(fail(ErrorCode::not_allowed, "This is not shared with you."));
    answer.status = written ? 200 : http_status(written.error().code);
    if (written) {
      auto parsed = json::Document::parse(body);
      EXPECT_TRUE(parsed.has_value()) << body;
      if (parsed) answer.document = std::move(*parsed);
      answer.reply.body = body;
    } else {
      answer.error = written.error();
    }
    return answer;
  }
  Answer as(const Caller& who, const std::vector<http::Route>& routes, std::string_view method, std::string_view path,
            std::string body = "", std::optional<std::int64_t> version = std::nullopt) {
    clinic().clock().advance(std::chrono::seconds(1));
    return clinic().call_as(who, routes, method, path, std::move(body), version);
  }

  patients::PatientId ana_;
  Caller me_;        ///< Ana
  Caller sister_;    ///< may see goals, messages, plan, safety plan and scores
  Caller stranger_;  ///< trusted with appointments only
  bool young_ = false;
};

}  // namespace concord::testing
