#include "reports/scene.h"

#include <algorithm>

#include "base/text.h"
#include "base/zone.h"
#include "json/writer.h"
#include "reports/costs.h"

namespace concord::reports {
namespace {

using http::Call;
using measures::Resident;
using patients::Asker;

/// The tables of a page when nobody says which (metrics.md: equity).
constexpr Stratum kUsualStrata[] = {Stratum::language, Stratum::interpreter, Stratum::race, Stratum::ethnicity, Stratum::sex,
                                    Stratum::age_band, Stratum::payer,       Stratum::site, Stratum::pathway};

/// It stands on the charts of the question's sites.
bool concerns(const Annotation& a, const Asked& asked) {
  if (!a.site) return true;
  const auto site = a.site->text();
  if (const auto* filter = asked.filter(Stratum::site)) return site == *filter;
  return std::find(asked.sites.begin(), asked.sites.end(), site) != asked.sites.end();
}

bool has_room(const Asked& asked, const Rules& rules) {
  return asked.exact || asked.filters.size() < static_cast<std::size_t>(rules.most_filters);
}

/// What may be asked with these columns and by this caller; the filters go into `asked`.
Result<void> read_filters(const Query& query, const Caller& caller, const Resident& facts, const Rules& rules, Asked& asked) {
  for (auto [stratum, value] : query.filters) {
    const std::string name(measures::name(stratum));
    if (stratum == Stratum::care_manager && value == "me") value = caller.user.text();
    if (stratum == Stratum::site) {
      if (std::find(asked.sites.begin(), asked.sites.end(), value) == asked.sites.end())
        return http::wrong_question(name, "is none of your sites");
    } else if (!facts.books[static_cast<std::size_t>(stratum)].find(value)) {
      return http::wrong_question(name, "is a value that nobody has");
    }
    asked.filters.emplace_back(stratum, value);
    if (!asked.exact && asked.filters.size() > static_cast<std::size_t>(rules.most_filters))
      return http::wrong_question(name, "is one filter too many for your role, which sees no small groups");
  }
  std::sort(asked.filters.begin(), asked.filters.end());
  if (query.by && !has_room(asked, rules))
    return http::wrong_question("by", "cannot be added to two filters for your role, which sees no small groups");
  return {};
}

/// Names of everybody who may appear, all in one question to the database.
void read_names(db::Tx& tx, OrganizationId organization, Scene& scene) {
  for (auto& [id, name] : scene.deps().sites(tx, organization)) scene.sites.emplace(id.text(), std::move(name));
  const auto& managers = scene.facts->books[static_cast<std::size_t>(Stratum::care_manager)];
  for (auto& [id, name] : scene.deps().users(tx, organization)) {
    const bool wrote = scene.assumptions.by == id || std::any_of(scene.annotations.begin(), scene.annotations.end(),
                                                                 [&](const Annotation& a) { return a.created_by == id; });
    auto text = id.text();
    if (wrote || managers.find(text)) scene.users.emplace(std::move(text), std::move(name));
  }
}

void write_annotation_key(json::Writer& w, const Annotation& a) {
  w.array().value(a.id).value(a.version).value(a.on).value(a.site).value(a.figure).value(a.words).value(a.created_by);
  w.value(a.created_at).end();
}

}  // namespace

Result<Query> read_query(const Call& call) {
  Query query;
  const auto text = [&](std::string_view name) { return std::string(trim(call.request.parameter(name).value_or(""))); };
  query.period = text("period");
  query.at = text("at");
  query.language = call.caller.language;
  for (const auto stratum : kFilters) {
    const auto name = measures::name(stratum);
    const auto asked = std::count_if(call.request.query.begin(), call.request.query.end(),
                                     [&](const auto& one) { return one.first == name && !trim(one.second).empty(); });
    if (asked > 1) return http::wrong_question(std::string(name), "may be given once");
    if (asked == 1) query.filters.emplace_back(stratum, text(name));
  }
  if (const auto by = call.request.parameter("by"); by && !trim(*by).empty()) {
    query.by.emplace();
    for (const auto word : split(*by, ',')) {
      const auto stratum = measures::parse_stratum(trim(word));
      if (!stratum) return http::wrong_question("by", "must be names of strata such as language,sex");
      query.by->push_back(*stratum);
    }
  }
  return query;
}

std::string Scene::value_name(Stratum stratum, const std::string& value) const {
  if (value == "unknown") return say("value.unknown");
  if (stratum == Stratum::site || stratum == Stratum::care_manager) {
    const auto& names = stratum == Stratum::site ? sites : users;
    const auto found = names.find(value);
    return found == names.end() ? value : found->second;
  }
  const std::string id = "value." + value;
  return words().has(id) ? say(id) : value;
}

std::string Scene::user_name(UserId user) const {
  const auto found = users.find(user.text());
  return found == users.end() ? std::string() : found->second;
}

std::vector<Stratum> Scene::strata() const {
  if (!has_room(asked, rules())) return {};
  return by ? *by : std::vector<Stratum>(std::begin(kUsualStrata), std::end(kUsualStrata));
}

std::string Scene::key() const {
  std::string key;
  json::Writer w(key);
  const auto names = [&](const std::map<std::string, std::string>& of) {
    w.object();
    for (const auto& [id, name] : of) w.field(id, name);
    w.end();
  };
  w.array().value(facts->organization).value(static_cast<std::int64_t>(facts->version)).value(asked.today).value(language);
  w.value(asked.exact)
      .value(name(asked.period.kind))
      .value(asked.period.from)
      .value(asked.period.to)
      .value(asked.period.complete);
  w.object();
  for (const auto& [stratum, value] : asked.filters) w.field(measures::name(stratum), value);
  w.end();
  if (by) {
    w.array();
    for (const auto stratum : *by) w.value(measures::name(stratum));
    w.end();
  } else {
    w.null();
  }
  w.array();
  for (const auto& site : asked.sites) w.value(site);
  w.end();
  w.array().value(assumptions.version).value(assumptions.at).value(assumptions.by).value(assumptions.reason).object();
  for (const auto& [id, value] : assumptions.values) w.field(id, value);
  w.end().end().array();
  for (const auto& a : annotations) write_annotation_key(w, a);
  w.end();
  names(sites);
  names(users);
  w.end();
  return key;
}

Result<Scene> scene_of(const Kept& shared, db::Tx& tx, const Asker& asker, const Query& query) {
  const Deps& deps = shared->deps;
  const auto organization = asker.organization();
  auto facts = deps.resident(tx, organization);
  if (!facts) return fail(ErrorCode::overloaded, "Reports are being prepared. Try again in a moment.");
  Scene scene{*shared, query.language, std::move(facts), {}, query.by, {}, {}, {}, {}};
  auto& asked = scene.asked;
  asked.exact = deps.may_open(tx, asker.caller);
  const auto zone =
      asker.caller.sites.empty() ? std::string("UTC") : deps.chart->time_zone(organization, asker.caller.sites.front());
  asked.today = local_date(asker.now, zone);
  CONCORD_TRY(asked.period, read_period(query.period, query.at, asked.today));
  // Blocks of time that are shown are months, quarters and years (suppression.h): 12 months to a quarter's end are made of
  // quarters.
  if (!asked.exact && asked.period.kind == PeriodKind::months12 && asked.period.span.to % 3 != 2) {
    const MonthNumber end = asked.period.span.to / 3 * 3 - 1;
    CONCORD_TRY(asked.period, read_period(query.period, month_text(end), asked.today));
  }
  if (!asked.exact && !asked.period.complete)
    return http::wrong_question("at", "is not over yet: your role sees whole periods only");
  for (const auto site : asker.caller.sites) asked.sites.push_back(site.text());
  std::sort(asked.sites.begin(), asked.sites.end());
  CONCORD_TRY_VOID(read_filters(query, asker.caller, *scene.facts, scene.rules(), asked));
  scene.assumptions = assumptions_now(tx, organization, scene.rules());
  const MonthNumber last = asked.period.span.to;
  scene.annotations = annotations(tx, organization, first_day(last - kSeriesMonths + 1), first_day(last).last_of_month());
  std::erase_if(scene.annotations, [&](const Annotation& a) { return a.ended_at || !concerns(a, asked); });
  read_names(tx, organization, scene);
  return scene;
}

AssumptionsVersion assumptions_now(db::Tx& tx, OrganizationId organization, const Rules& rules) {
  auto all = assumption_versions(tx, organization);
  AssumptionsVersion now;
  if (!all.empty()) now = std::move(all.front());
  auto values = default_assumptions(rules);
  for (const auto& [id, value] : now.values)
    if (values.contains(id)) values[id] = value;
  now.values = std::move(values);
  return now;
}

std::string audit_of(const Scene& scene, std::string_view what) {
  std::string detail(what);
  detail += " period=" + std::string(name(scene.asked.period.kind)) + ":" + month_text(scene.asked.period.span.to);
  if (!scene.asked.filters.empty()) {
    detail += " filters=";
    for (std::size_t i = 0; i < scene.asked.filters.size(); ++i) {
      if (i > 0) detail += ',';
      detail += measures::name(scene.asked.filters[i].first);
    }
  }
  return detail;
}

http::Reply answered(const Scene& scene, std::string body, std::string_view what) {
  http::Reply reply = http::json_reply(200, std::move(body));
  reply.audit_detail = audit_of(scene, what);
  return reply;
}

}  // namespace concord::reports
