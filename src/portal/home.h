// The first page: view "home". Every part stands behind the scope that its own view asks for, so that a trusted person gets
// what is shared with them and no sign of the rest. The functions are lent by app/ and apply may_see() themselves.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "portal/next.h"
#include "portal/view.h"
#include "portal/words.h"

namespace concord::portal {

struct HomeDeps {
  const Words* words = nullptr;
  struct Clinic {
    std::string name;
    std::optional<std::string> phone, hours;
  };
  std::function<Clinic(db::Tx&, OrganizationId, SiteId)> clinic;
  std::function<std::string(std::string_view language)> response_time;

  // Any of these may be empty: then there is nothing of the kind.
  struct CheckIns {
    int open = 0;
    std::optional<NextFacts::CheckIn> next;
  };
  std::function<CheckIns(db::Tx&, const Viewer&)> check_ins;
  std::function<std::optional<NextFacts::Decision>(db::Tx&, const Viewer&)> decision;
  std::function<std::optional<NextFacts::Visit>(db::Tx&, const Viewer&)> visit;
  struct Milestone {
    Uuid goal;
    std::string id;
    Date on;
    std::string text;
  };
  struct Goals {
    int active = 0, for_today = 0, done_today = 0;
    std::optional<NextFacts::Goal> next;
    std::vector<Milestone> milestones;
  };
  std::function<Goals(db::Tx&, const Viewer&)> goals;
  std::function<NextFacts::Messages(db::Tx&, const Viewer&)> messages;
  struct Reading {
    int unread = 0;
    std::optional<NextFacts::Reading> next;
  };
  std::function<Reading(db::Tx&, const Viewer&)> reading;
  struct Score {
    std::string instrument, title, words, direction;
  };
  std::function<std::vector<Score>(db::Tx&, const Viewer&)> scores;
  struct Plan {
    bool in_effect = false;
    std::optional<Date> since;
  };
  std::function<Plan(db::Tx&, const Viewer&)> plan;
  /// Short surveys that are asked now; the patient's only.
  std::function<int(db::Tx&, const Viewer&)> surveys_due;
  std::function<bool(db::Tx&, const Viewer&)> safety_plan_wanted;
  /// The day agreed for the next contact.
  std::function<std::optional<Date>(db::Tx&, const Viewer&)> next_contact;
};

/// What the viewer may see of the facts, each asked only behind its scope.
NextFacts facts_for(const HomeDeps& deps, db::Tx& tx, const Viewer& viewer);
View home_view(const HomeDeps& deps);

}  // namespace concord::portal
