#include "measures/report_questions.h"

#include <charconv>

#include "base/check.h"
#include "base/zone.h"
#include "measures/as_of.h"
#include "measures/measures_sql.h"

namespace concord::measures {

bool sees_patients(const Deps& deps, const Caller& caller) { return deps.role_allows(caller.role, "reports.patients"); }

Result<void> may_look_back(const Deps& deps, const Caller& caller) {
  if (sees_patients(deps, caller)) return {};
  return fail(ErrorCode::not_allowed,
              "Your role sees sums only: two days beside each other would show one person. Leave as_of out.");
}

Result<Instant> instant_of(std::string_view text, Date first, std::string_view kind, Instant now, std::string_view zone) {
  const auto as_of = parse_as_of(text, zone);
  if (!as_of)
    return http::wrong_question("as_of",
                                "must be a day like 2026-04-01, a time like 2026-04-01T12:30 or an instant with its zone");
  // The end of today has not come: that means now.
  if (*as_of > now && local_date(*as_of, zone) == local_date(now, zone) && text.size() == 10) return now;
  if (*as_of > now) return http::wrong_question("as_of", "must not be in the future");
  if (local_date(*as_of, zone) < first)
    return http::wrong_question("as_of", "must not be before the " + std::string(kind) + " begins");
  return *as_of;
}

std::optional<Part> part_of(std::string_view word) {
  if (word == "numerator") return Part::numerator;
  if (word == "denominator") return Part::denominator;
  if (word == "not_met") return Part::not_met;
  if (word == "out") return Part::out;
  return std::nullopt;
}

Result<std::size_t> position_after(const http::Page& page) {
  std::size_t from = 0;
  if (!page.after) return from;
  const auto [end, error] = std::from_chars(page.after->data(), page.after->data() + page.after->size(), from);
  if (error != std::errc() || end != page.after->data() + page.after->size()) return http::wrong_page();
  return from;
}

std::string nullable(std::string object_schema) {
  static constexpr std::string_view kType = R"("type":"object")";
  const auto at = object_schema.find(kType);
  CHECK(at != std::string::npos);
  return object_schema.replace(at, kType.size(), R"("type":["object","null"])");
}

std::unordered_map<std::string, SiteId> sites_of_patients(db::Tx& tx, OrganizationId organization) {
  std::unordered_map<std::string, SiteId> sites;
  tx.each(sql::kPatientSites, {organization}, [&](const db::Row& row) { sites.emplace(row.uuid(0).text(), row.id<SiteId>(1)); });
  return sites;
}

void PersonWriter::write(json::Writer& w, std::string_view patient, std::string_view episode) {
  const auto id = patients::PatientId::parse(patient).value();
  const auto person = deps_.patient(tx_, organization_, id);
  CHECK(person.has_value());
  auto [site_name, fresh] = site_names_.try_emplace(person->site.uuid);
  if (fresh) site_name->second = deps_.site_name(tx_, organization_, person->site);
  w.field("patient_id", id).key("episode_id");
  if (episode.empty()) w.null();
  else w.value(episode);
  w.field("given_name", person->given_name).field("family_name", person->family_name);
  w.field("birth_date", person->birth_date);
  w.key("site").object().field("id", person->site).field("name", site_name->second).end();
}

}  // namespace concord::measures
