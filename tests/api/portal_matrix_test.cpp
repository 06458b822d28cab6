// Who may do what in the portal: every route of its audience x patient, trusted persons with and without scopes, people whose
// access ended, staff, machines and nobody; and the other way round, portal sessions on every staff route. Made from the router
// and the list of views, so that a new route or view is covered, or fails here until somebody says which scope it needs.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <map>
#include <set>

#include "app/auth.h"
#include "portal/accounts_store.h"
#include "portal/view.h"
#include "portal/views_api.h"
#include "whole_server.h"

namespace concord {
namespace {

using testing::ClientResponse;
using testing::code_of;
using testing::HttpClient;
using testing::Json;
using testing::PatientChart;
using testing::TestServer;
using testing::World;

constexpr std::string_view kNowhere = "018f0000-0000-7000-8000-00000000dead";
const std::vector<std::string> kAll(std::begin(portal::kScopes), std::end(portal::kScopes));

/// What a trusted person needs for an act: a scope, or "" when only the patient may. `any`: every portal caller.
struct ActRecipe {
  std::string scope;
  std::string body = "{}";
  bool any = false;
};
const std::map<std::string, ActRecipe>& acts() {
  static const std::map<std::string, ActRecipe> all = {
      {"portal.change_contact_preferences", {"", R"({"channel":"mail"})"}},
      {"portal.answer_now", {"check_in"}},
      {"portal.community_act", {"appointments", R"({"act":"not_needed"})"}},
      {"portal.decisions.weigh", {"plan", R"({"weights":[],"version":0})"}},
      {"portal.education.reading", {"education", R"({"state":"opened"})"}},
      {"portal.feedback.send", {"", R"({"topic":"other","text":"Thank you"})"}},
      {"portal.goals.create", {"goals", R"({"what":"walk","confidence":7})"}},
      {"portal.goals.edit", {"goals", R"({"what":"swim"})"}},
      {"portal.goals.check_off", {"goals", R"({"result":"done"})"}},
      {"portal.goals.status", {"goals", R"({"status":"reached"})"}},
      {"portal.groups_answer", {"appointments", R"({"answer":"yes"})"}},
      {"portal.logs.write", {"", R"({"kind":"mood","score":3})"}},
      {"portal.messages.send", {"messages", R"({"text":"Hello"})"}},
      {"portal.messages.read", {"messages"}},
      {"portal.needs_answer", {"appointments", R"({"wants_help":"yes"})"}},
      {"portal.safety_plan.write", {"", R"({"based_on":0,"steps":{"coping":["walk"]}})"}},
      {"portal.surveys.answer", {"", R"({"declined":true})"}},
      {"portal.visits_answer", {"appointments", R"({"act":"confirm"})"}},
      {"portal_trusted.invite", {"", R"({"name":"Kim","channel":"mail","address":"kim@example.org","scopes":["goals"]})"}},
      {"portal_trusted.change", {"", R"({"months":3})"}},
      {"portal_trusted.stop", {"", "{}", true}},  // themselves
  };
  return all;
}
/// GET routes of the portal that are no views: the scope they need, "*" for everybody.
const std::map<std::string, std::string>& reads() {
  static const std::map<std::string, std::string> all = {
      {"portal.help", "*"},
      {"portal.record", ""},
      {"portal_trusted.list", ""},
      {"portal_preview.read", ""},
      {"portal.visits_calendar", "appointments"},
      {"portal_preview.read_part", ""},
  };
  return all;
}

std::string filled(const http::Route& route) {
  std::string target = route.pattern;
  // Parameters that are words of a library, no rows.
  for (const auto& [name, word] :
       {std::pair("{aid}", "alcohol-treatment"), std::pair("{survey}", "involvement"), std::pair("{piece}", "sleep")})
    if (const auto at = target.find(name); at != std::string::npos) target.replace(at, std::string_view(name).size(), word);
  for (auto at = target.find('{'); at != std::string::npos; at = target.find('{'))
    target.replace(at, target.find('}', at) - at + 1, std::string(kNowhere));
  return target;
}

class PortalMatrix : public testing::WholeServer {
 protected:
  PortalMatrix() {
    const auto add = [&](std::string name, HttpClient client, std::vector<std::string> scopes, char kind) {
      principals_.push_back({std::move(name), std::move(client), std::move(scopes), kind});
    };
    add("patient", w.portal(ann_), {}, 'p');
    add("patient of another organization", w.portal(cleo_), {}, 'p');
    add("trusted with everything", w.trusted(ann_, kAll), kAll, 't');
    for (const auto& scope : kAll) {
      add("trusted with " + scope, w.trusted(ann_, {scope}), {scope}, 't');
      std::vector<std::string> rest;
      std::copy_if(kAll.begin(), kAll.end(), std::back_inserter(rest), [&](const auto& s) { return s != scope; });
      add("trusted without " + scope, w.trusted(ann_, rest), rest, 't');
    }
    add("trusted with nothing", w.trusted(ann_, {}), {}, 't');
    add("trusted with words that are no scopes", w.trusted(ann_, {"*", "all", "everything"}), {}, 't');
    auto revoked = w.trusted(ann_, kAll);
    EXPECT_EQ(w.care_manager()
                  .post("/api/v1/patients/" + ann_.id("patient_id") + "/trusted-persons/" + ann_.id("grant_id") + "/end",
                        R"({"reason":"asked for it"})")
                  .status,
              200);
    add("trusted until it ended", std::move(revoked), {}, 'x');
    auto bea = w.patient("Bea");
    auto ended = w.portal(bea);
    EXPECT_EQ(
        w.care_manager().post("/api/v1/patients/" + bea.id("patient_id") + "/portal/end", R"({"reason":"asked for it"})").status,
        200);
    add("patient whose access ended", std::move(ended), {}, 'n');
    for (const auto* role : {"care_manager", "admin", "privacy_officer"})
      add(role, w.sign_in(World::sign_in_name(role, w.north())), {}, 'n');
    HttpClient machine = server.browser();
    machine.set_header("Authorization", "Bearer " + w.north().service_key);
    add("service key", std::move(machine), {}, 'n');
    HttpClient forged = server.browser();
    forged.set_header("Origin", forged.origin());
    forged.cookies()["concord_portal"] = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    add("forged session", std::move(forged), {}, 'n');
    HttpClient nobody = server.browser();
    nobody.set_header("Origin", nobody.origin());
    add("nobody", std::move(nobody), {}, 'n');
  }

  struct Principal {
    std::string name;
    HttpClient client;
    std::vector<std::string> scopes;
    char kind;  ///< p patient, t trusted, x trusted once, n nobody here
  };
  bool may(const Principal& who, const std::string& scope) const {
    if (who.kind == 'p') return true;
    if (who.kind != 't') return false;
    return scope == "*" ? !who.scopes.empty() : std::find(who.scopes.begin(), who.scopes.end(), scope) != who.scopes.end();
  }

  PatientChart ann_ = w.patient("Ann").everything(), cleo_ = w.patient("Cleo", w.birch()).everything();
  std::vector<Principal> principals_;
  std::size_t cells_ = 0;
};

TEST_F(PortalMatrix, EveryRouteOfThePortalAnswersAsScopesSay) {
  std::map<std::string, std::string> view_scopes;
  for (const auto& view : server.application().slices().portal_views()) {
    std::string name = "portal_view." + view.name;
    std::replace(name.begin(), name.end(), '-', '_');
    std::replace(name.begin(), name.end(), '/', '_');
    view_scopes[name] = view.scope;
  }
  std::set<std::string> seen;
  for (const auto& route : server.application().router().routes()) {
    if (route.audience != http::Audience::portal) continue;
    const bool is_read = route.method == http::Method::get;
    std::string scope, body;
    bool any = false;
    if (is_read) {
      const auto view = view_scopes.find(route.name);
      const auto read = reads().find(route.name);
      if (view == view_scopes.end() && read == reads().end()) {
        ADD_FAILURE() << route.name << " is read in the portal, and nobody said here which scope it needs";
        continue;
      }
      scope = view != view_scopes.end() ? view->second : read->second;
      any = scope == "*" && view == view_scopes.end();
    } else {
      const auto act = acts().find(route.name);
      if (act == acts().end()) {
        ADD_FAILURE() << route.name << " changes something in the portal, and nobody said here which scope it needs";
        continue;
      }
      scope = act->second.scope;
      body = act->second.body;
      any = act->second.any;
    }
    seen.insert(route.name);
    for (auto& who : principals_) {
      const auto answer = who.client.request(http::name(route.method), filled(route), body, {{"If-Match", "\"1\""}});
      const std::string cell =
          route.name + " | " + who.name + " -> " + std::to_string(answer.status) + " " + answer.body.substr(0, 200);
      ++cells_;
      if (may(who, scope) || (any && who.kind == 't')) {
        EXPECT_TRUE(answer.status != 401 && answer.status != 403 && answer.status < 500) << cell;
      } else {
        EXPECT_EQ(answer.status, who.kind == 'n' ? 401 : 403) << cell;
        EXPECT_EQ(answer.body.find("aldermark"), std::string::npos) << cell;
      }
      const bool from_birch = who.name == "patient of another organization";
      EXPECT_EQ(answer.body.find(from_birch ? "aldermark" : "birchmark"), std::string::npos) << cell;
    }
  }
  for (const auto& [name, recipe] : acts()) EXPECT_TRUE(seen.count(name)) << "no portal route is called " << name;
  for (const auto& [name, scope] : reads()) EXPECT_TRUE(seen.count(name)) << "no portal route is called " << name;
  std::printf("[  portal  ] %zu routes, %zu cells\n", seen.size(), cells_);
}

TEST_F(PortalMatrix, PortalSessionsOpenNoStaffRouteAndNoOther) {
  std::size_t routes = 0;
  for (const auto& route : server.application().router().routes()) {
    if (route.audience == http::Audience::portal) continue;
    ++routes;
    for (auto& who : principals_) {
      if (who.kind == 'n') continue;
      const auto answer =
          who.client.request(http::name(route.method), filled(route), route.method == http::Method::get ? "" : "{}");
      if (route.audience == http::Audience::staff) {
        EXPECT_EQ(answer.status, 401) << route.name << " | " << who.name;
      }
      EXPECT_EQ(answer.body.find("aldermark"), std::string::npos) << route.name;
    }
  }
  EXPECT_GT(routes, 100U);
}

TEST_F(PortalMatrix, WhoLookedAtMyRecordHasWordsForEveryRouteOfARecord) {
  for (const auto& route : server.application().router().routes())
    EXPECT_TRUE((route.pattern.find("{patient_id}") == std::string::npos && route.audience != http::Audience::portal) ||
                portal::has_words(route.name))
        << route.name << ": say in portal/views_api.cpp what it is about, for a patient";
}

TEST_F(PortalMatrix, AnswersToATrustedPersonAreThePreviewByteForByte) {
  auto mine = w.portal(ann_);
  std::size_t compared = 0;
  // Each scope alone, all but one, all, none: with and without the records of a substance use program.
  std::vector<std::vector<std::string>> sets = {{}, kAll};
  for (const auto& scope : kAll) {
    sets.push_back({scope});
    std::vector<std::string> rest;
    std::copy_if(kAll.begin(), kAll.end(), std::back_inserter(rest), [&](const auto& s) { return s != scope; });
    sets.push_back(rest);
  }
  for (const auto& scopes : sets)
    for (const bool part2 : {false, true}) {
      auto theirs = w.trusted(ann_, scopes, "trusted", part2);
      std::string list;
      for (const auto& scope : scopes) list += (list.empty() ? "" : ",") + scope;
      portal::Viewer viewer;
      viewer.scopes = scopes;
      for (const auto& view : server.application().slices().portal_views()) {
        // A view that needs to be told which: the others ignore it.
        const std::string which = view.name == "education/piece" ? "id=sleep" : "";
        const auto preview = mine.get("/api/v1/portal/trusted-persons/preview/" + view.name + "?scopes=" + list +
                                      "&language=en&part2=" + (part2 ? "true" : "false") + (which.empty() ? "" : "&") + which);
        const auto real = theirs.get("/api/v1/portal/" + view.name + (which.empty() ? "" : "?") + which);
        EXPECT_EQ(preview.status, real.status) << view.name << " " << list;
        EXPECT_TRUE(real.status == 200 || (real.status == 403 && !viewer.has(view.scope)))
            << view.name << " " << list << " " << real.body;
        EXPECT_TRUE(real.status != 200 || preview.body == real.body) << view.name << " " << list << "\n"
                                                                     << preview.body << "\n"
                                                                     << real.body;
        compared += real.status == 200 ? 1 : 0;
      }
    }
  std::printf("[  portal  ] %zu answers compared with their preview\n", compared);
  EXPECT_GT(compared, 50U);
}

}  // namespace
}  // namespace concord
