#include "episodes/portal_team.h"

#include <algorithm>
#include <memory>

#include "episodes/episodes_store.h"
#include "http/replies.h"

namespace concord::episodes {
namespace {

struct Shown {
  std::string name, role;
  std::optional<std::string> relationship;
};

std::vector<Shown> people_for(const PortalDeps& deps, db::Tx& tx, const portal::Viewer& viewer) {
  std::vector<Shown> people;
  const auto episode = find_open(tx, viewer.organization, viewer.patient);
  if (!episode || !portal::may_see(viewer, episode->labels)) return people;
  const auto add = [&](std::optional<std::string> name, std::string role, std::optional<std::string> relationship) {
    if (!name || name->empty()) return;
    const bool known = std::any_of(people.begin(), people.end(), [&](const Shown& p) { return p.name == *name; });
    if (!known) people.push_back({std::move(*name), std::move(role), std::move(relationship)});
  };
  const auto user = [&](const std::optional<UserId>& id) {
    return id ? deps.user_name(tx, viewer.organization, *id) : std::nullopt;
  };
  add(user(episode->care_manager), "care_manager", std::nullopt);
  const auto team = list_team(tx, viewer.organization, episode->id);
  for (const auto& member : team)
    if (!member.until && member.role == "pcp") add(member.user ? user(member.user) : member.name, "pcp", std::nullopt);
  add(user(episode->consultant), "psychiatric_consultant", std::nullopt);
  for (const auto& member : team) {
    if (member.until || (member.relationship && !viewer.is_self)) continue;
    add(member.user ? user(member.user) : member.name, member.role, member.relationship);
  }
  return people;
}

}  // namespace

std::vector<portal::View> portal_views(const PortalDeps& given) {
  const auto deps = std::make_shared<const PortalDeps>(given);
  const std::string person =
      http::schema({{"name", "text!"}, {"role", "text!"}, {"role_name", "text!"}, {"what", "text!"}, {"relationship", "text?!"}});
  portal::View view;
  view.name = "team";
  view.scope = portal::kAnyScope;
  view.summary = "Who is on the team and what they do";
  view.schema = http::schema({{"items", "[]" + person + "!"}, {"clinic", "object!"}, {"empty", "text?!"}});
  view.write = [deps](json::Writer& w, db::Tx& tx, const portal::Viewer& viewer, const http::Request&) -> Result<void> {
    const auto people = people_for(*deps, tx, viewer);
    w.object().key("items").array();
    for (const auto& p : people) {
      const std::string what = p.relationship ? "team.personal" : "team." + p.role;
      w.object()
          .field("name", p.name)
          .field("role", p.role)
          .field("role_name", p.relationship ? *p.relationship : deps->words->role(p.role, viewer.language))
          .field("what", (*deps->words)(deps->words->has(what) ? what : "team.other", viewer.language))
          .field("relationship", p.relationship)
          .end();
    }
    const auto clinic = deps->clinic(tx, viewer.organization, viewer.site);
    w.end().key("clinic").object().field("name", clinic.name).field("phone", clinic.phone).field("hours", clinic.hours).end();
    w.field("empty", people.empty() ? std::optional((*deps->words)("team.empty", viewer.language)) : std::nullopt).end();
    return {};
  };
  return {std::move(view)};
}

}  // namespace concord::episodes
