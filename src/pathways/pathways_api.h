// Routes of pathways, and what a patient's pathway asks for now.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "episodes/episodes.h"
#include "pathways/pathways.h"
#include "patients/chart.h"

namespace concord::pathways {

using patients::Asker;
using patients::Chart;
using patients::PatientId;
using patients::Place;

struct Deps {
  const Chart* chart = nullptr;
  const Library* library = nullptr;
  const instruments::Library* instruments = nullptr;
  /// The title of a decision aid in a language.
  std::function<std::string(std::string_view aid, std::string_view language)> aid_title;
  /// The patient's open episode at any site.
  std::function<std::optional<episodes::Episode>(db::Tx&, OrganizationId, PatientId)> open_episode;
  std::function<std::vector<episodes::TeamMember>(db::Tx&, OrganizationId, episodes::EpisodeId)> team_of;
  /// Every administration that was not replaced by a correction.
  std::function<std::vector<Given>(db::Tx&, OrganizationId, PatientId)> given;
  std::function<std::optional<Date>(db::Tx&, OrganizationId, PatientId)> birth_date;
  /// Does a medication go on?
  std::function<bool(db::Tx&, OrganizationId, PatientId)> has_medication;
  std::function<bool(db::Tx&, OrganizationId, PatientId)> has_relapse_plan;
  /// May the instrument be started at the site (its licence)?
  std::function<bool(db::Tx&, OrganizationId, SiteId, std::string_view instrument)> permitted;
};

std::vector<http::Route> routes(const Deps& deps);

/// Member "prompts" of the patient page: what to think of now.
void write_prompts(const Deps& deps, json::Writer& w, db::Tx& tx, const Asker& asker, const Place& place);

/// The privacy label of a pathway; nullopt for an id that is none.
std::optional<std::string> label_of(const Library& library, std::string_view pathway);
/// Keeps a choice of pathway for an episode.
void note_choice(const Chart& chart, db::Tx& tx, const Asker& asker, episodes::EpisodeId episode,
                 const std::optional<std::string>& from, const std::optional<std::string>& to, const std::string& reason,
                 Date on);

}  // namespace concord::pathways
