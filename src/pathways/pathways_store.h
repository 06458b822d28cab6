// Reads and writes episode_pathway: every choice of a pathway for an episode.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "db/database.h"
#include "episodes/episodes.h"

namespace concord::pathways {

struct Choice {
  Uuid id;
  Date on;
  std::optional<std::string> from, to;
  std::string reason;
  UserId by;
};

void insert(db::Tx& tx, OrganizationId organization, episodes::EpisodeId episode, const Choice& choice, Instant at);
/// Newest first.
std::vector<Choice> list_choices(db::Tx& tx, OrganizationId organization, episodes::EpisodeId episode);

}  // namespace concord::pathways
