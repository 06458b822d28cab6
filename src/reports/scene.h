// The way of every request about the program's numbers: what it asks (Query), what is read for it (Scene), and a page made of
// that. A page is made from a Scene and nothing else, no transaction among it, so that a finished page can be kept under the
// scene's key: whoever has the same key may see the same page, and whatever changes a page changes the key.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http/replies.h"
#include "http/wrong_parameter.h"
#include "reports/reports_api.h"
#include "reports/reports_store.h"
#include "reports/sheet.h"

namespace concord::reports {

inline constexpr int kSeriesMonths = 24;
inline constexpr std::size_t kMostWords = 500;  ///< characters of a reason or an annotation

/// What a question may be narrowed by, in the order of the screen.
inline constexpr Stratum kFilters[] = {Stratum::site,     Stratum::care_manager, Stratum::pathway, Stratum::instrument,
                                       Stratum::language, Stratum::interpreter,  Stratum::race,    Stratum::ethnicity,
                                       Stratum::sex,      Stratum::age_band,     Stratum::payer};

/// What the handlers share for as long as the program runs.
struct Shared {
  explicit Shared(const Deps& d) : deps(d), desk(d.rules->threshold) {}
  Deps deps;
  mutable Desk desk;
};
using Kept = std::shared_ptr<const Shared>;

/// What a request asks; the rest needs the columns.
struct Query {
  std::string period, at;
  std::vector<std::pair<Stratum, std::string>> filters;
  std::optional<std::vector<Stratum>> by;
  std::string language;
};
Result<Query> read_query(const http::Call& call);

/// Everything a page is made from. What is added here belongs into key() too.
struct Scene {
  const Shared& shared;
  std::string language;  ///< of the words
  std::shared_ptr<const measures::Resident> facts;
  Asked asked;
  std::optional<std::vector<Stratum>> by;    ///< the tables that were asked for
  std::map<std::string, std::string> sites;  ///< name by id
  std::map<std::string, std::string> users;  ///< name by id: care managers, and who wrote what is below
  AssumptionsVersion assumptions;            ///< the newest; values of all of them
  std::vector<Annotation> annotations;       ///< of the charts, those that have not ended

  const Deps& deps() const { return shared.deps; }
  const portal::Words& words() const { return *shared.deps.words; }
  const Rules& rules() const { return *shared.deps.rules; }
  std::string say(std::string_view id) const { return words()(id, language); }
  std::string figure_name(std::string_view id) const { return say("figure." + std::string(id)); }
  std::string value_name(Stratum stratum, const std::string& value) const;
  std::string user_name(UserId user) const;  ///< "" for nobody

  Sheet total() const { return shared.desk.total(*facts, asked); }
  std::vector<Sheet> series() const { return shared.desk.series(*facts, asked, kSeriesMonths); }
  /// The tables to show: those asked for, else the usual ones; none where two filters stand already, for who sees aggregates
  /// only.
  std::vector<Stratum> strata() const;

  /// All of the above as one text.
  std::string key() const;
};

/// With the newest columns, and every value checked against them.
Result<Scene> scene_of(const Kept& shared, db::Tx& tx, const patients::Asker& asker, const Query& query);

/// What somebody set, over the rules' defaults.
AssumptionsVersion assumptions_now(db::Tx& tx, OrganizationId organization, const Rules& rules);

/// "what period=month:2026-03 filters=sex": never a value, never who is in it.
std::string audit_of(const Scene& scene, std::string_view what);
http::Reply answered(const Scene& scene, std::string body, std::string_view what);

/// A route whose answer needs the question and a transaction: make(scene, tx, asker).
template <class Make>
Result<http::Work> ask(const Kept& shared, const http::Call& call, Make make) {
  CONCORD_TRY(auto query, read_query(call));
  return http::Work([shared, asker = patients::Asker(call), query = std::move(query),
                     make = std::move(make)](db::Tx& tx) -> Result<http::Reply> {
    CONCORD_TRY(const auto scene, scene_of(shared, tx, asker, query));
    return make(scene, tx, asker);
  });
}

/// A route whose answer is a page: `what` names it, make(scene) is its body. It is made once as long as nothing changes.
template <class Make>
Result<http::Work> page(const Kept& shared, const http::Call& call, std::string what, Make make) {
  return ask(shared, call,
             [what = std::move(what), make](const Scene& scene, db::Tx&, const patients::Asker&) -> Result<http::Reply> {
               return answered(scene, *scene.shared.desk.page(what + scene.key(), [&] { return make(scene); }), what);
             });
}

}  // namespace concord::reports
