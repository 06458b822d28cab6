#include "reports/reports_api.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>

#include "base/check.h"
#include "base/text.h"
#include "base/zone.h"
#include "http/replies.h"
#include "http/route_list.h"
#include "json/cursor.h"
#include "reports/costs.h"
#include "reports/letter.h"
#include "reports/reports_store.h"
#include "reports/sheet.h"
#include "reports/table.h"

namespace concord::reports {
namespace {

using http::Call;
using http::Reply;
using http::Work;
using measures::Figure;
using measures::FigureInfo;
using measures::Kind;
using measures::Place;
using measures::Resident;
using patients::Asker;

constexpr int kSeriesMonths = 24;
constexpr int kCardMonths = 12;
constexpr std::size_t kMostWords = 500;
constexpr std::string_view kXlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
/// The tables of a figure when nobody says which (metrics.md: equity).
constexpr Stratum kUsualStrata[] = {Stratum::language, Stratum::interpreter, Stratum::race, Stratum::ethnicity, Stratum::sex,
                                    Stratum::age_band, Stratum::payer,       Stratum::site, Stratum::pathway};
constexpr Stratum kFilters[] = {Stratum::site,     Stratum::care_manager, Stratum::pathway, Stratum::instrument,
                                Stratum::language, Stratum::interpreter,  Stratum::race,    Stratum::ethnicity,
                                Stratum::sex,      Stratum::age_band,     Stratum::payer};
constexpr std::string_view kOutside[] = {"emergency_visits", "specialty_referrals"};

struct Shared {
  explicit Shared(const Deps& d) : deps(d), desk(d.rules->threshold) {}
  Deps deps;
  mutable Desk desk;
};
using Kept = std::shared_ptr<const Shared>;

tl::unexpected<Error> wrong(std::string path, std::string text) {
  return fail(ErrorCode::invalid, "The question is wrong.", {{std::move(path), std::move(text)}});
}

// ---- the question

/// What a request asks; the rest needs the columns.
struct Query {
  std::string period, at;
  std::vector<std::pair<Stratum, std::string>> filters;
  std::optional<std::vector<Stratum>> by;
  std::string language;
};

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
    if (asked > 1) return wrong(std::string(name), "may be given once");
    if (asked == 1) query.filters.emplace_back(stratum, text(name));
  }
  if (const auto by = call.request.parameter("by"); by && !trim(*by).empty()) {
    query.by.emplace();
    for (const auto word : split(*by, ',')) {
      const auto stratum = measures::parse_stratum(trim(word));
      if (!stratum) return wrong("by", "must be names of strata such as language,sex");
      query.by->push_back(*stratum);
    }
  }
  return query;
}

/// Everything an answer is made from.
struct Scene {
  const Shared& shared;
  const Asker& asker;
  std::string language;
  std::shared_ptr<const Resident> facts;
  Asked asked;
  std::vector<std::pair<SiteId, std::string>> sites;
  db::Tx& tx;

  const Deps& deps() const { return shared.deps; }
  const portal::Words& words() const { return *shared.deps.words; }
  const Rules& rules() const { return *shared.deps.rules; }
  std::string say(std::string_view id) const { return words()(id, language); }
  std::string maybe(const std::string& id, std::string_view otherwise) const {
    return words().has(id) ? say(id) : std::string(otherwise);
  }
  std::string figure_name(std::string_view id) const { return say("figure." + std::string(id)); }
  std::string value_name(Stratum stratum, const std::string& value) const {
    if (value == "unknown") return say("value.unknown");
    if (stratum == Stratum::site) {
      for (const auto& [id, name] : sites)
        if (id.text() == value) return name;
      return value;
    }
    if (stratum == Stratum::care_manager) {
      const auto id = UserId::parse(value);
      return id ? deps().chart->user_name(tx, asker.organization(), *id).value_or(value) : value;
    }
    return maybe("value." + value, value);
  }
  Sheet total() const { return shared.desk.total(*facts, asked); }
  std::vector<Sheet> series() const { return shared.desk.series(*facts, asked, kSeriesMonths); }
};

/// With the newest columns, and every value checked against them.
Result<Scene> scene_of(const Kept& shared, db::Tx& tx, const Asker& asker, const Query& query) {
  const Deps& deps = shared->deps;
  auto facts = deps.resident(tx, asker.organization());
  if (!facts) return fail(ErrorCode::overloaded, "Reports are being prepared. Try again in a moment.");
  Scene scene{*shared, asker, query.language, std::move(facts), {}, deps.sites(tx, asker.organization()), tx};
  auto& asked = scene.asked;
  asked.exact = deps.may_open(tx, asker.caller);
  const auto zone =
      asker.caller.sites.empty() ? std::string("UTC") : deps.chart->time_zone(asker.organization(), asker.caller.sites.front());
  asked.today = local_date(asker.now, zone);
  CONCORD_TRY(asked.period, read_period(query.period, query.at, asked.today));
  // Blocks of time that are shown are months, quarters and years (suppression.h): 12 months to a quarter's end are made of
  // quarters.
  if (!asked.exact && asked.period.kind == PeriodKind::months12 && asked.period.span.to % 3 != 2) {
    const MonthNumber end = asked.period.span.to / 3 * 3 - 1;
    CONCORD_TRY(asked.period, read_period(query.period, month_text(end), asked.today));
  }
  if (!asked.exact && !asked.period.complete) return wrong("at", "is not over yet: your role sees whole periods only");
  for (const auto site : asker.caller.sites) asked.sites.push_back(site.text());
  std::sort(asked.sites.begin(), asked.sites.end());
  for (auto [stratum, value] : query.filters) {
    const std::string name(measures::name(stratum));
    if (stratum == Stratum::care_manager && value == "me") value = asker.caller.user.text();
    if (stratum == Stratum::site) {
      if (std::find(asked.sites.begin(), asked.sites.end(), value) == asked.sites.end())
        return wrong(name, "is none of your sites");
    } else if (!scene.facts->books[static_cast<std::size_t>(stratum)].find(value)) {
      return wrong(name, "is a value that nobody has");
    }
    asked.filters.emplace_back(stratum, value);
    if (!asked.exact && asked.filters.size() > static_cast<std::size_t>(scene.rules().most_filters))
      return wrong(name, "is one filter too many for your role, which sees no small groups");
  }
  std::sort(asked.filters.begin(), asked.filters.end());
  if (query.by && !asked.exact && asked.filters.size() >= static_cast<std::size_t>(scene.rules().most_filters))
    return wrong("by", "cannot be added to two filters for your role, which sees no small groups");
  return scene;
}

/// No breakdown where two filters stand already, for who sees aggregates only.
bool may_break_down(const Scene& scene) {
  return scene.asked.exact || scene.asked.filters.size() < static_cast<std::size_t>(scene.rules().most_filters);
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

// ---- writing

void write_period(json::Writer& w, const Period& period) {
  w.object()
      .field("kind", name(period.kind))
      .field("from", period.from)
      .field("to", period.to)
      .field("at", month_text(period.span.to))
      .field("complete", period.complete)
      .end();
}

void write_numbers(json::Writer& w, const FigureInfo& info, const Shown& s) {
  const bool is_share = info.kind == Kind::rate || info.kind == Kind::funnel;
  w.field("suppressed", s.suppressed);
  if (s.suppressed) {
    w.key("numerator").null().key("denominator").null().key("percent").null().key("value").null();
    return;
  }
  w.field("numerator", s.numerator);
  w.field("denominator", s.hidden_denominator ? std::nullopt : std::optional(s.denominator));
  w.field("percent", is_share ? s.percent : std::nullopt);
  w.field("value", is_share ? std::nullopt : s.value);
}

void write_figure_members(json::Writer& w, const Scene& scene, const FigureInfo& info, const Shown& s) {
  w.field("id", info.id)
      .field("group", group_of(info.figure))
      .field("kind", measures::name(info.kind))
      .field("unit", info.unit)
      .field("name", scene.figure_name(info.id))
      .field("what", scene.say("what." + std::string(info.id)))
      .field("of", info.of)
      .field("better", info.better > 0   ? "up"
                       : info.better < 0 ? "down"
                                         : "");
  write_numbers(w, info, s);
  w.field("rule_set", scene.facts->rules->name).field("rule_set_version", scene.facts->rules->version).key("period");
  write_period(w, scene.asked.period);
  w.field("not_sent", false).field("opens", scene.asked.exact);
}

void write_figure(json::Writer& w, const Scene& scene, const FigureInfo& info, const Shown& s) {
  w.object();
  write_figure_members(w, scene, info, s);
  w.end();
}

measures::RunChart chart_of(const Scene& scene, const std::vector<Sheet>& series, const FigureInfo& info) {
  std::vector<measures::ChartPoint> points;
  const auto at = static_cast<std::size_t>(info.figure);
  const bool is_share = info.kind == Kind::rate || info.kind == Kind::funnel;
  MonthNumber month = scene.asked.period.span.to - static_cast<int>(series.size()) + 1;
  for (const auto& sheet : series) {
    measures::ChartPoint point;
    point.month = first_day(month++);
    const Shown& s = sheet[at];
    // A month without anybody is a gap, also of a count: a program that has not begun is not at zero.
    if (!s.suppressed && (is_share || s.denominator > 0)) {
      point.numerator = s.numerator;
      point.denominator = s.denominator;
      point.value = s.value;
    }
    points.push_back(point);
  }
  return measures::run_chart(points, is_share ? measures::ChartMeasure::share : measures::ChartMeasure::value,
                             *scene.deps().run_charts);
}

void write_run_chart(json::Writer& w, const Scene& scene, const measures::RunChart& chart) {
  w.object()
      .field("kind", chart.kind)
      .field("median", chart.median)
      .field("mean", chart.mean)
      .field("points", chart.with_value)
      .field("enough_points", chart.with_value >= scene.deps().run_charts->shift_points)
      .key("signals")
      .array();
  for (const auto& signal : chart.signals)
    w.object()
        .field("kind", signal.code)
        .field("direction", signal.up ? "up" : "down")
        .field("from", month_text(month_of(chart.points[signal.first].month)))
        .field("to", month_text(month_of(chart.points[signal.last].month)))
        .field("points", signal.points)
        .end();
  w.end().field("rule_set", scene.deps().run_charts->name).field("rule_set_version", scene.deps().run_charts->version).end();
}

void write_series(json::Writer& w, const Scene& scene, const std::vector<Sheet>& series, const FigureInfo& info,
                  const measures::RunChart& chart) {
  w.array();
  MonthNumber month = scene.asked.period.span.to - static_cast<int>(series.size()) + 1;
  for (std::size_t i = 0; i < series.size(); ++i, ++month) {
    w.object().field("month", month_text(month)).key("period").object();
    w.field("from", first_day(month)).field("to", std::min(first_day(month).last_of_month(), scene.asked.today)).end();
    write_numbers(w, info, series[i][static_cast<std::size_t>(info.figure)]);
    w.field("lower", chart.points[i].lower).field("upper", chart.points[i].upper).end();
  }
  w.end();
}

/// "shift_up" of the latest signal that reaches the last month; nullopt: none.
std::optional<std::string> signal_now(const measures::RunChart& chart) {
  for (const auto& signal : chart.signals)
    if (signal.last + 1 == chart.points.size()) return std::string(signal.code) + (signal.up ? "_up" : "_down");
  return std::nullopt;
}

// ---- costs

AssumptionsVersion assumptions_now(db::Tx& tx, const Scene& scene) {
  auto all = assumption_versions(tx, scene.asker.organization());
  AssumptionsVersion now;
  if (!all.empty()) now = std::move(all.front());
  auto values = default_assumptions(scene.rules());
  for (const auto& [id, value] : now.values)
    if (values.contains(id)) values[id] = value;
  now.values = std::move(values);
  return now;
}

std::vector<CostLine> costs_of(db::Tx& tx, const Scene& scene, const Sheet& sheet) {
  CostInput input;
  measures::Question q{scene.asked.period.from, scene.asked.period.to, {}};
  const auto* site = scene.asked.filter(Stratum::site);
  q.filters.push_back({Stratum::site, site != nullptr ? std::vector{*site} : scene.asked.sites});
  for (const auto& [stratum, value] : scene.asked.filters)
    if (stratum != Stratum::site) q.filters.push_back({stratum, {value}});
  input.minutes = measures::minutes_by_role(*scene.facts, q);
  const Shown& reach = sheet[static_cast<std::size_t>(Figure::consultant_reach)];
  if (!reach.suppressed && reach.value && *reach.value > 0)
    input.consultant_session_hours = static_cast<double>(reach.numerator) / *reach.value;
  const Shown& enrolled = sheet[static_cast<std::size_t>(Figure::enrolled)];
  const Shown& response = sheet[static_cast<std::size_t>(Figure::response_of_enrolled)];
  if (!enrolled.suppressed) input.patients = enrolled.numerator;
  if (!response.suppressed) input.responses = response.numerator;
  input.months = scene.asked.period.span.to - scene.asked.period.span.from + 1;
  auto lines = costs(input, assumptions_now(tx, scene).values);
  // Minutes of a small group are as good as its number.
  if (!scene.asked.filters.empty() && enrolled.suppressed)
    for (auto& line : lines) {
      line.suppressed = true;
      line.value.reset();
      line.formula.clear();
    }
  return lines;
}

void write_assumption_members(json::Writer& w, const Scene& scene, const AssumptionsVersion& now) {
  w.field("version", now.version).field("at", now.at).key("by");
  scene.deps().chart->write_user(w, scene.tx, scene.asker.organization(), now.by);
  w.field("reason", now.reason).key("values").array();
  for (const auto& a : scene.rules().assumptions) {
    const auto found = now.values.find(a.id);
    const double value = found == now.values.end() ? a.value : found->second;
    w.object()
        .field("id", a.id)
        .field("name", scene.say("assumption." + a.id))
        .field("value", value)
        .field("unit", a.unit)
        .field("assumed", value == a.value)
        .field("source", value == a.value ? a.source : now.reason)
        .field("minimum", a.minimum)
        .field("maximum", a.maximum)
        .end();
  }
  w.end();
}

void write_cost_line(json::Writer& w, const Scene& scene, const CostLine& line) {
  w.object()
      .field("id", line.id)
      .field("name", scene.say("cost." + line.id))
      .field("value", line.value)
      .field("unit", line.unit)
      .field("formula", line.formula)
      .field("suppressed", line.suppressed)
      .end();
}

/// A cost line on the dashboard, in the shape of a figure.
void write_cost_figure(json::Writer& w, const Scene& scene, const CostLine& line) {
  w.object()
      .field("id", line.id)
      .field("group", "cost")
      .field("kind", "mean")
      .field("unit", line.unit)
      .field("name", scene.say("cost." + line.id))
      .field("what", line.formula)
      .key("of")
      .null()
      .field("better", line.id == "return" ? "up" : "")
      .field("suppressed", line.suppressed);
  w.key("numerator").null().key("denominator").null().key("percent").null().field("value", line.value);
  w.field("rule_set", scene.rules().name).field("rule_set_version", scene.rules().version).key("period");
  write_period(w, scene.asked.period);
  w.field("not_sent", false).field("opens", false).key("signal").null().key("series").array().end();
}

// ---- benchmarks

void write_benchmark(json::Writer& w, const Scene& scene, const Benchmark& b, const Sheet& sheet,
                     const std::vector<CostLine>& cost_lines) {
  w.object()
      .field("id", b.id)
      .field("text", scene.say("benchmark." + b.id))
      .field("figure", b.figure)
      .field("of", b.of)
      .field("unit", b.unit)
      .field("value", b.value);
  if (b.unit == "percent") w.field("percent", b.value);
  else w.key("percent").null();
  w.field("comparison", b.comparison)
      .field("n", b.n)
      .field("months", b.months)
      .field("source", b.source)
      .field("primary_source", b.primary_source)
      .field("note", b.primary_source ? std::string() : scene.say("no_primary_source"))
      .key("ours");
  const auto figure = b.figure ? measures::find_figure(*b.figure) : std::nullopt;
  const auto line = std::find_if(cost_lines.begin(), cost_lines.end(), [&](const CostLine& one) { return b.figure == one.id; });
  if (figure) {
    write_figure(w, scene, measures::info(*figure), sheet[static_cast<std::size_t>(*figure)]);
  } else if (line != cost_lines.end()) {
    write_cost_figure(w, scene, *line);
    w.end();
  } else {
    w.null();
  }
  w.end();
}

// ---- annotations

bool concerns(const Annotation& a, const Scene& scene) {
  if (!a.site) return true;
  const auto site = a.site->text();
  if (const auto* filter = scene.asked.filter(Stratum::site)) return site == *filter;
  return std::find(scene.asked.sites.begin(), scene.asked.sites.end(), site) != scene.asked.sites.end();
}

void write_annotation(json::Writer& w, const Deps& deps, db::Tx& tx, const Asker& asker, const Annotation& a) {
  w.object().field("id", a.id).field("date", a.on).field("text", a.words).key("site");
  if (a.site) {
    std::string site_name;
    for (const auto& [id, name] : deps.sites(tx, asker.organization()))
      if (id == *a.site) site_name = name;
    w.object().field("id", *a.site).field("name", site_name).end();
  } else {
    w.null();
  }
  w.field("figure", a.figure).key("by");
  deps.chart->write_user(w, tx, asker.organization(), a.created_by);
  w.field("created_at", a.created_at)
      .field("ended_at", a.ended_at)
      .field("end_reason", a.end_reason)
      .field("version", a.version)
      .end();
}

void write_annotations(json::Writer& w, const Scene& scene, const std::optional<std::string_view>& figure) {
  w.array();
  const MonthNumber last = scene.asked.period.span.to;
  for (const auto& a :
       annotations(scene.tx, scene.asker.organization(), first_day(last - kSeriesMonths + 1), first_day(last).last_of_month())) {
    if (a.ended_at || !concerns(a, scene) || (a.figure && figure && *a.figure != *figure)) continue;
    write_annotation(w, scene.deps(), scene.tx, scene.asker, a);
  }
  w.end();
}

// ---- routes

Reply answered(const Scene& scene, std::string body, std::string_view what) {
  Reply reply = http::json_reply(200, std::move(body));
  reply.audit_detail = audit_of(scene, what);
  return reply;
}

using Answer = Result<Reply> (*)(const Scene&);

/// A route whose answer follows from the question alone.
template <class Make>
Result<Work> ask(const Kept& shared, const Call& call, Make make) {
  CONCORD_TRY(auto query, read_query(call));
  return Work([shared, asker = Asker(call), query = std::move(query), make = std::move(make)](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(const auto scene, scene_of(shared, tx, asker, query));
    return make(scene, query);
  });
}

void write_choices(json::Writer& w, const Scene& scene) {
  const auto& site_book = scene.facts->books[static_cast<std::size_t>(Stratum::site)];
  std::vector<char> is_mine(site_book.size(), 0);
  for (const auto& site : scene.asked.sites)
    if (const auto code = site_book.find(site)) is_mine[*code] = 1;
  w.object();
  for (const auto stratum : kFilters) {
    w.key(measures::name(stratum)).array();
    const auto& book = scene.facts->books[static_cast<std::size_t>(stratum)];
    std::vector<std::pair<std::string, std::string>> values;
    if (stratum == Stratum::site) {
      for (const auto& site : scene.asked.sites) values.emplace_back(scene.value_name(stratum, site), site);
    } else {
      // What somebody of the caller's sites has: the names of other sites' people are not theirs to see.
      std::vector<char> listed(book.size(), 0);
      for (measures::EpisodeRow e = 0; e < scene.facts->episodes(); ++e)
        if (is_mine[scene.facts->site[e]]) listed[scene.facts->code(stratum, scene.facts->tag_of(e))] = 1;
      for (std::uint16_t code = 1; code < book.size(); ++code)
        if (listed[code]) values.emplace_back(scene.value_name(stratum, book.value(code)), book.value(code));
    }
    std::sort(values.begin(), values.end());
    if (stratum != Stratum::site) values.emplace_back(scene.value_name(stratum, "unknown"), "unknown");
    for (const auto& [shown, value] : values) w.object().field("value", value).field("name", shown).end();
    w.end();
  }
  w.end();
}

void write_head(json::Writer& w, const Scene& scene) {
  w.field("viewer", scene.asked.exact ? "patients" : "aggregates").key("period");
  write_period(w, scene.asked.period);
  w.key("filters").object();
  for (const auto& [stratum, value] : scene.asked.filters) w.field(measures::name(stratum), value);
  w.end()
      .field("rule_set", scene.facts->rules->name)
      .field("rule_set_version", scene.facts->rules->version)
      .field("threshold", scene.rules().threshold);
}

Result<Reply> dashboard(const Scene& scene, const Query&) {
  const Sheet sheet = scene.total();
  const auto series = scene.series();
  const auto cost_lines = costs_of(scene.tx, scene, sheet);
  std::string body;
  json::Writer w(body);
  w.object();
  write_head(w, scene);
  w.key("groups").array();
  for (const auto group : kGroups) {
    w.object().field("id", group).field("name", scene.say("group." + std::string(group))).key("figures").array();
    for (const auto& info : measures::figures()) {
      if (group_of(info.figure) != group) continue;
      const auto at = static_cast<std::size_t>(info.figure);
      const auto chart = chart_of(scene, series, info);
      w.object();
      write_figure_members(w, scene, info, sheet[at]);
      w.field("signal", signal_now(chart)).key("series").array();
      for (std::size_t i = chart.points.size() - kCardMonths; i < chart.points.size(); ++i) w.value(chart.points[i].value);
      w.end().key("benchmark");
      const auto found = std::find_if(scene.rules().benchmarks.begin(), scene.rules().benchmarks.end(),
                                      [&](const Benchmark& b) { return b.figure == info.id; });
      if (found == scene.rules().benchmarks.end()) w.null();
      else
        w.object()
            .field("id", found->id)
            .field("text", scene.say("benchmark." + found->id))
            .field("value", found->value)
            .field("unit", found->unit)
            .field("of", found->of)
            .end();
      w.end();
    }
    w.end().end();
  }
  w.object().field("id", "cost").field("name", scene.say("group.cost")).key("figures").array();
  for (const auto& line : cost_lines) {
    if (line.id != "cost_total" && line.id != "cost_per_patient" && line.id != "cost_per_response" && line.id != "return")
      continue;
    write_cost_figure(w, scene, line);
    w.key("benchmark").null().end();
  }
  w.end().end();
  w.object().field("id", "outside").field("name", scene.say("group.outside")).key("figures").array();
  for (const auto id : kOutside) {
    w.object().field("id", id).field("group", "outside").field("kind", "count").field("unit", "patients");
    w.field("name", scene.figure_name(id)).field("what", scene.say("what." + std::string(id))).key("of").null();
    w.field("better", "down").field("suppressed", false);
    w.key("numerator").null().key("denominator").null().key("percent").null().key("value").null();
    w.field("not_sent", true)
        .field("opens", false)
        .key("signal")
        .null()
        .key("series")
        .array()
        .end()
        .key("benchmark")
        .null()
        .end();
  }
  w.end().end();
  w.end().key("choices");
  write_choices(w, scene);
  w.end();
  return answered(scene, std::move(body), "dashboard");
}

Result<Work> list_figures(const Kept& shared, const Call& call) {
  return Work([shared, language = call.caller.language](db::Tx&) -> Result<Reply> {
    std::string body;
    json::Writer w(body);
    w.object().key("items").array();
    for (const auto& info : measures::figures())
      w.object()
          .field("id", info.id)
          .field("group", group_of(info.figure))
          .field("kind", measures::name(info.kind))
          .field("unit", info.unit)
          .field("name", (*shared->deps.words)("figure." + std::string(info.id), language))
          .field("what", (*shared->deps.words)("what." + std::string(info.id), language))
          .field("of", info.of)
          .field("better", info.better > 0   ? "up"
                           : info.better < 0 ? "down"
                                             : "")
          .end();
    w.end().key("next").null().end();
    return http::json_reply(200, std::move(body));
  });
}

std::vector<Stratum> strata_of(const Scene& scene, const Query& query) {
  std::vector<Stratum> strata;
  if (!may_break_down(scene)) return strata;
  if (query.by) strata = *query.by;
  else strata.assign(std::begin(kUsualStrata), std::end(kUsualStrata));
  return strata;
}

void write_strata(json::Writer& w, const Scene& scene, const Query& query, const FigureInfo& info) {
  w.array();
  for (const auto stratum : strata_of(scene, query)) {
    w.object().field("id", measures::name(stratum)).field("name", scene.say("stratum." + std::string(measures::name(stratum))));
    w.key("rows").array();
    int hidden = 0;
    for (const auto& row : scene.shared.desk.by(*scene.facts, scene.asked, stratum)) {
      const Shown& s = row.figures[static_cast<std::size_t>(info.figure)];
      hidden += s.suppressed;
      w.object().field("value", row.value).field("name", scene.value_name(stratum, row.value));
      w.field("suppressed", s.suppressed);
      const bool is_share = info.kind == Kind::rate || info.kind == Kind::funnel;
      if (s.suppressed) {
        w.key("numerator").null().key("denominator").null().key("percent").null().key("value_number").null();
      } else {
        w.field("numerator", s.numerator);
        w.field("denominator", s.hidden_denominator ? std::nullopt : std::optional(s.denominator));
        w.field("percent", is_share ? s.percent : std::nullopt).field("value_number", is_share ? std::nullopt : s.value);
      }
      w.end();
    }
    w.end().field("suppressed_rows", hidden).end();
  }
  w.end();
}

void write_reasons(json::Writer& w, const Scene& scene, Figure figure) {
  w.array();
  for (const auto& line : scene.shared.desk.reasons(*scene.facts, scene.asked, figure)) {
    w.object()
        .field("standing", line.standing == Place::out ? "out" : "denominator")
        .field("code", line.code)
        .field("text", reason_words(scene.words(), line.code, scene.language))
        .field("suppressed", line.suppressed);
    if (line.suppressed) w.key("n").null();
    else w.field("n", line.n);
    w.end();
  }
  w.end();
}

Result<Figure> figure_of(const Call& call) {
  const auto figure = measures::find_figure(call.path_parameter("figure"));
  if (!figure) return fail(ErrorCode::not_found, "There is no such figure. GET /api/v1/reports/figures lists them.");
  return *figure;
}

Result<Work> read_figure(const Kept& shared, const Call& call) {
  CONCORD_TRY(const auto figure, figure_of(call));
  return ask(shared, call, [figure](const Scene& scene, const Query& query) -> Result<Reply> {
    const auto& info = measures::info(figure);
    const Sheet sheet = scene.total();
    const auto series = scene.series();
    const auto chart = chart_of(scene, series, info);
    std::string body;
    json::Writer w(body);
    w.object();
    write_head(w, scene);
    w.key("figure");
    write_figure(w, scene, info, sheet[static_cast<std::size_t>(figure)]);
    w.key("series");
    write_series(w, scene, series, info, chart);
    w.key("run_chart");
    write_run_chart(w, scene, chart);
    w.key("annotations");
    write_annotations(w, scene, info.id);
    w.key("strata");
    write_strata(w, scene, query, info);
    w.key("reasons");
    write_reasons(w, scene, figure);
    w.field("reasons_shown", scene.asked.exact || scene.asked.filters.empty()).key("benchmarks").array();
    for (const auto& b : scene.rules().benchmarks)
      if (b.figure == info.id) write_benchmark(w, scene, b, sheet, {});
    w.end().field("opens", scene.asked.exact).end();
    return answered(scene, std::move(body), "figure=" + std::string(info.id));
  });
}

// ---- patients behind a figure

enum class Wanted { numerator, denominator, not_met, out };

struct ListQuery {
  Wanted wanted = Wanted::denominator;
  std::string word = "denominator", reason;
};

Result<ListQuery> read_list_query(const Call& call) {
  ListQuery query;
  query.word = std::string(trim(call.request.parameter("standing").value_or("denominator")));
  if (query.word == "numerator") query.wanted = Wanted::numerator;
  else if (query.word == "denominator") query.wanted = Wanted::denominator;
  else if (query.word == "not_met") query.wanted = Wanted::not_met;
  else if (query.word == "out") query.wanted = Wanted::out;
  else return wrong("standing", "must be numerator, denominator, not_met or out");
  query.reason = std::string(trim(call.request.parameter("reason").value_or("")));
  return query;
}

bool is_wanted(const measures::StandingLine& line, const ListQuery& query) {
  if (!query.reason.empty() && line.reason != query.reason) return false;
  switch (query.wanted) {
    case Wanted::numerator:
      return line.standing == Place::numerator;
    case Wanted::denominator:
      return line.standing != Place::out;
    case Wanted::not_met:
      return line.standing == Place::denominator;
    case Wanted::out:
      break;
  }
  return line.standing == Place::out;
}

std::string_view word(Place place) {
  return place == Place::numerator ? "numerator" : place == Place::denominator ? "denominator" : "out";
}

/// A place in the list that holds while the list grows: the line, and how many equal ones came before it.
std::string line_key(const measures::StandingLine& line, int before) {
  return line.patient.text() + "." + line.episode.text() + "." + line.day.iso() + "." + std::to_string(before);
}

Result<Work> list_patients(const Kept& shared, const Call& call) {
  CONCORD_TRY(const auto figure, figure_of(call));
  CONCORD_TRY(const auto list, read_list_query(call));
  CONCORD_TRY(const auto page, http::read_page(call.request));
  return ask(shared, call, [figure, list, page](const Scene& scene, const Query&) -> Result<Reply> {
    const auto& info = measures::info(figure);
    const auto lines = scene.shared.desk.standings(*scene.facts, scene.asked, figure);
    std::int64_t total = 0;
    std::vector<std::pair<const measures::StandingLine*, std::string>> shown;
    bool more = false, begun = !page.after, known = !page.after;
    std::string last_key;
    int same = 0;
    const measures::StandingLine* before = nullptr;
    for (const auto& line : *lines) {
      if (!is_wanted(line, list)) continue;
      ++total;
      same =
          before && before->patient == line.patient && before->episode == line.episode && before->day == line.day ? same + 1 : 0;
      before = &line;
      if (begun) {
        if (shown.size() == static_cast<std::size_t>(page.limit)) more = true;
        else shown.emplace_back(&line, line_key(line, same));
      } else if (line_key(line, same) == *page.after) {
        begun = known = true;
      }
    }
    if (!known) return http::wrong_page();
    std::string body;
    json::Writer w(body);
    w.object().key("figure");
    write_figure(w, scene, info, scene.total()[static_cast<std::size_t>(figure)]);
    w.field("standing", list.word).field("reason", list.reason).field("total", total).key("items").array();
    Reply reply;
    for (const auto& [line, key] : shown) {
      const patients::PatientId id(line->patient);
      const auto person = scene.deps().patient(scene.tx, scene.asker.organization(), id);
      const auto episode =
          line->episode.is_nil() ? std::nullopt : scene.deps().episode(scene.tx, scene.asker.organization(), line->episode);
      w.object().field("patient_id", line->patient).key("episode_id");
      if (line->episode.is_nil()) w.null();
      else w.value(line->episode);
      w.field("given_name", person ? person->given_name : "").field("family_name", person ? person->family_name : "");
      w.field("birth_date", person ? person->birth_date : std::nullopt).key("site");
      if (line->site.is_nil()) w.null();
      else w.object().field("id", line->site).field("name", scene.value_name(Stratum::site, line->site.text())).end();
      w.key("care_manager");
      scene.deps().chart->write_user(w, scene.tx, scene.asker.organization(), episode ? episode->care_manager : std::nullopt);
      w.field("standing", word(line->standing)).key("reason").object().field("code", line->reason);
      w.field("text", reason_words(scene.words(), line->reason, scene.language)).end();
      w.field("value", line->value).field("day", line->day);
      w.field("enrolled_date", episode ? episode->enrolled : std::nullopt).field("state", episode ? episode->state : "").end();
    }
    w.end().key("next");
    if (more) w.value(shown.back().second);
    else w.null();
    w.end();
    reply = answered(scene, std::move(body), "figure=" + std::string(info.id) + " standing=" + list.word);
    reply.audit_detail += " rows=" + std::to_string(shown.size());
    return reply;
  });
}

// ---- funnel

constexpr std::size_t kFirstStep = static_cast<std::size_t>(Figure::funnel_screened);

void write_steps(json::Writer& w, const Scene& scene, const Sheet& sheet, bool whole) {
  w.array();
  const auto step = [&](std::size_t at) -> const Shown& { return sheet[at]; };
  for (std::size_t at = kFirstStep; at < measures::kFigures; ++at) {
    const auto& info = measures::figures()[at];
    const bool hidden = step(at).hidden_numerator;
    w.object().field("id", info.id);
    if (whole) w.field("name", scene.figure_name(info.id)).field("what", scene.say("what." + std::string(info.id)));
    w.key("n");
    if (hidden) w.null();
    else w.value(step(at).numerator);
    const auto share = [&](std::size_t of) -> std::optional<double> {
      if (hidden || step(of).hidden_numerator) return std::nullopt;
      return measures::Total{step(of).numerator, step(at).numerator, std::nullopt}.percent();
    };
    w.field("percent_of_first", share(kFirstStep));
    // The first contact is a step of its own: those without it may still be measured again.
    const std::size_t previous = at == kFirstStep                                            ? at
                                 : at == static_cast<std::size_t>(Figure::funnel_remeasured) ? at - 2
                                                                                             : at - 1;
    w.field("percent_of_previous", at == kFirstStep ? std::nullopt : share(previous)).field("suppressed", hidden).end();
  }
  w.end();
}

Result<Reply> funnel(const Scene& scene, const Query& query) {
  std::string body;
  json::Writer w(body);
  w.object();
  write_head(w, scene);
  w.key("steps");
  write_steps(w, scene, scene.total(), true);
  w.key("strata").array();
  for (const auto stratum : strata_of(scene, query)) {
    w.object().field("id", measures::name(stratum)).field("name", scene.say("stratum." + std::string(measures::name(stratum))));
    w.key("rows").array();
    for (const auto& row : scene.shared.desk.by(*scene.facts, scene.asked, stratum)) {
      w.object().field("value", row.value).field("name", scene.value_name(stratum, row.value)).key("steps");
      write_steps(w, scene, row.figures, false);
      w.end();
    }
    w.end().end();
  }
  w.end().field("opens", scene.asked.exact).end();
  return answered(scene, std::move(body), "funnel");
}

Result<Reply> read_costs(const Scene& scene, const Query&) {
  std::string body;
  json::Writer w(body);
  w.object();
  write_head(w, scene);
  w.key("assumptions").object();
  write_assumption_members(w, scene, assumptions_now(scene.tx, scene));
  w.end().key("lines").array();
  for (const auto& line : costs_of(scene.tx, scene, scene.total())) write_cost_line(w, scene, line);
  w.end().key("not_confirmed").array();
  for (const auto* id : {"costs.not_confirmed_savings", "costs.not_confirmed_hours"}) w.value(scene.say(id));
  w.end().end();
  return answered(scene, std::move(body), "costs");
}

Result<Reply> read_benchmarks(const Scene& scene, const Query&) {
  const Sheet sheet = scene.total();
  const auto cost_lines = costs_of(scene.tx, scene, sheet);
  std::string body;
  json::Writer w(body);
  w.object();
  write_head(w, scene);
  w.key("items").array();
  for (const auto& b : scene.rules().benchmarks) write_benchmark(w, scene, b, sheet, cost_lines);
  w.end().end();
  return answered(scene, std::move(body), "benchmarks");
}

// ---- assumptions

Reply assumptions_reply(const Kept& shared, db::Tx& tx, const Asker& asker, int status) {
  const Scene scene{*shared, asker, asker.caller.language, nullptr, {}, {}, tx};
  const auto now = assumptions_now(tx, scene);
  std::string body;
  json::Writer w(body);
  w.object();
  write_assumption_members(w, scene, now);
  w.key("history").array();
  for (const auto& v : assumption_versions(tx, asker.organization())) {
    w.object().field("version", v.version).field("at", v.at).key("by");
    shared->deps.chart->write_user(w, tx, asker.organization(), v.by);
    w.field("reason", v.reason).key("values").object();
    for (const auto& [id, value] : v.values) w.field(id, value);
    w.end().end();
  }
  w.end().end();
  Reply reply = http::json_reply(status, std::move(body));
  reply.version = now.version;
  reply.audit_detail = "version=" + std::to_string(now.version);
  return reply;
}

Result<Work> read_assumptions(const Kept& shared, const Call& call) {
  return Work([shared, asker = Asker(call)](db::Tx& tx) -> Result<Reply> { return assumptions_reply(shared, tx, asker, 200); });
}

Result<Work> write_assumptions(const Kept& shared, const Call& call) {
  CONCORD_TRY(const auto version, call.if_match());
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"values", "reason"});
  const auto reason = std::string(trim(body.required("reason").string(1, kMostWords).value_or("")));
  if (issues.empty() && reason.empty()) body.required("reason").issue("must say why, or where the number is from");
  Assumptions changes;
  const auto values = body.required("values");
  if (values.value() != nullptr && values.value()->is(json::Kind::object)) {
    for (const auto& member : values.value()->members()) {
      const auto* known = shared->deps.rules->assumption(member.key);
      const auto at = values.required(member.key);
      if (known == nullptr) at.issue("is no assumption");
      else if (const auto value = at.real(known->minimum, known->maximum)) changes[known->id] = *value;
    }
    if (values.value()->members().empty()) values.issue("must change something");
  } else if (values.present()) {
    values.issue("must be an object of numbers");
  }
  if (!issues.empty()) return issues.error();
  return Work([shared, asker = Asker(call), version, changes, reason](db::Tx& tx) -> Result<Reply> {
    auto all = assumption_versions(tx, asker.organization());
    AssumptionsVersion next;
    if (!all.empty()) next = std::move(all.front());
    if (next.version != version) {
      const auto now = assumptions_reply(shared, tx, asker, 200);
      Reply reply = http::stale_reply(asker.request_id, now.body);
      reply.audit_detail = "stale";
      return reply;
    }
    next.version = version + 1;
    for (const auto& [id, value] : changes) next.values[id] = value;
    next.reason = reason;
    next.by = asker.caller.user;
    next.at = asker.now;
    if (!insert(tx, asker.organization(), next))
      return fail(ErrorCode::edited_meanwhile, "Somebody else changed the assumptions. Load them again.");
    return assumptions_reply(shared, tx, asker, 200);
  });
}

// ---- annotations

Reply annotation_reply(const Kept& shared, db::Tx& tx, const Asker& asker, int status, const Annotation& a) {
  std::string body;
  json::Writer w(body);
  write_annotation(w, shared->deps, tx, asker, a);
  Reply reply = http::json_reply(status, std::move(body));
  reply.version = a.version;
  reply.audit_object = a.id.uuid;
  return reply;
}

bool may_see(const Annotation& a, const Caller& caller) { return !a.site || caller.may_use(*a.site); }

Result<Work> list_annotations(const Kept& shared, const Call& call) {
  const auto day = [&](const char* name, Date otherwise) -> Result<Date> {
    const auto text = call.request.parameter(name);
    if (!text || text->empty()) return otherwise;
    const auto parsed = Date::parse(*text);
    if (!parsed) return wrong(name, "must be a day such as 2026-03-01");
    return *parsed;
  };
  CONCORD_TRY(const auto from, day("from", Date::ymd(1900, 1, 1)));
  CONCORD_TRY(const auto to, day("to", Date::ymd(2199, 12, 31)));
  return Work([shared, asker = Asker(call), from, to](db::Tx& tx) -> Result<Reply> {
    std::string body;
    json::Writer w(body);
    w.object().key("items").array();
    for (const auto& a : annotations(tx, asker.organization(), from, to))
      if (may_see(a, asker.caller)) write_annotation(w, shared->deps, tx, asker, a);
    w.end().key("next").null().end();
    return http::json_reply(200, std::move(body));
  });
}

Result<Work> create_annotation(const Kept& shared, const Call& call) {
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"date", "text", "site_id", "figure"});
  Annotation a;
  a.on = body.required("date").date().value_or(Date());
  a.words = std::string(trim(body.required("text").string(1, kMostWords).value_or("")));
  if (issues.empty() && a.words.empty()) body.required("text").issue("must not be empty");
  a.site = body.optional("site_id").id<SiteId>();
  a.figure = body.optional("figure").string(1, 60);
  if (a.figure && !measures::find_figure(*a.figure)) body.optional("figure").issue("is no figure");
  if (a.site && !call.caller.may_use(*a.site)) body.optional("site_id").issue("is none of your sites");
  if (!issues.empty()) return issues.error();
  a.id = AnnotationId(shared->deps.chart->ids->next());
  a.created_by = call.caller.user;
  a.created_at = call.now;
  return Work([shared, asker = Asker(call), a](db::Tx& tx) -> Result<Reply> {
    insert(tx, asker.organization(), a);
    Reply reply = annotation_reply(shared, tx, asker, 201, a);
    reply.location = "/api/v1/reports/annotations/" + a.id.text();
    return reply;
  });
}

Result<Work> end_annotation(const Kept& shared, const Call& call) {
  CONCORD_TRY(const auto id, call.path_id<AnnotationId>("annotation_id"));
  CONCORD_TRY(const auto version, call.if_match());
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"reason"});
  const auto reason = std::string(trim(body.required("reason").string(1, kMostWords).value_or("")));
  if (issues.empty() && reason.empty()) body.required("reason").issue("must not be empty");
  if (!issues.empty()) return issues.error();
  return Work([shared, asker = Asker(call), id, version, reason](db::Tx& tx) -> Result<Reply> {
    auto found = find(tx, asker.organization(), id);
    if (!found || !may_see(*found, asker.caller)) return http::not_found();
    if (found->version != version) {
      std::string now;
      json::Writer w(now);
      write_annotation(w, shared->deps, tx, asker, *found);
      Reply reply = http::stale_reply(asker.request_id, now);
      reply.audit_object = id.uuid;
      reply.audit_detail = "stale";
      return reply;
    }
    if (found->ended_at) return fail(ErrorCode::conflict, "This annotation has ended already.");
    found->ended_at = asker.now;
    found->ended_by = asker.caller.user;
    found->end_reason = reason;
    if (!end(tx, asker.organization(), *found, version))
      return fail(ErrorCode::edited_meanwhile, "Somebody else changed this. Load it again.");
    found->version = version + 1;
    return annotation_reply(shared, tx, asker, 200, *found);
  });
}

// ---- letter

Result<Work> read_letter(const Kept& shared, const Call& call) {
  CONCORD_TRY(auto query, read_query(call));
  const auto language = trim(call.request.parameter("language").value_or(""));
  // Here `language` is the letter's, not the patients'.
  std::erase_if(query.filters, [](const auto& filter) { return filter.first == Stratum::language; });
  if (!language.empty() && language != "en" && language != "es") return wrong("language", "must be en or es");
  if (!language.empty()) query.language = std::string(language);
  if (!query.period.empty() && query.period != "month") return wrong("period", "a letter is about a month");
  for (const auto& [stratum, value] : query.filters)
    if (stratum != Stratum::site) return wrong(std::string(measures::name(stratum)), "a letter is about a site, or all of yours");
  return Work([shared, asker = Asker(call), query](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(const auto scene, scene_of(shared, tx, asker, query));
    const auto series = scene.series();
    LetterInput input;
    const auto* site = scene.asked.filter(Stratum::site);
    input.program =
        site != nullptr ? scene.value_name(Stratum::site, *site) : shared->deps.organization_name(tx, asker.organization());
    input.month = scene.asked.period.span.to;
    input.exact = scene.asked.exact;
    input.figures = scene.total();
    for (const auto& info : measures::figures()) input.charts.push_back(chart_of(scene, series, info));
    input.fell_out = shared->desk.reasons(*scene.facts, scene.asked, Figure::re_measured);
    std::erase_if(input.fell_out, [](const ReasonLine& line) { return line.standing != Place::denominator; });
    input.rule_set = scene.facts->rules->name;
    input.rule_set_version = scene.facts->rules->version;
    const Letter made = letter(input, scene.rules(), scene.words(), scene.language);
    std::string body;
    json::Writer w(body);
    const auto lines = [&](const char* key, const std::vector<LetterLine>& list) {
      w.key(key).array();
      for (const auto& line : list) {
        w.object().field("text", line.text).key("figure");
        if (line.figure.empty()) w.null();
        else w.value(line.figure);
        w.end();
      }
      w.end();
    };
    w.object().field("language", scene.language.starts_with("es") ? "es" : "en").field("title", made.title);
    w.field("program", input.program);
    write_head(w, scene);
    w.field("greeting", made.greeting);
    lines("went_well", made.went_well);
    lines("needs_a_look", made.needs_a_look);
    w.key("figures").array();
    for (const auto& id : scene.rules().letter_figures) {
      const auto figure = measures::find_figure(id);
      const auto& info = measures::info(*figure);
      const auto& chart = input.charts[static_cast<std::size_t>(*figure)];
      w.object().key("figure");
      write_figure(w, scene, info, input.figures[static_cast<std::size_t>(*figure)]);
      w.key("series");
      write_series(w, scene, series, info, chart);
      w.key("run_chart");
      write_run_chart(w, scene, chart);
      w.end();
    }
    w.end();
    lines("fell_out", made.fell_out);
    w.key("annotations");
    write_annotations(w, scene, std::nullopt);
    w.key("next_steps").array();
    for (const auto& step : made.next_steps) w.object().field("text", step.text).field("rule", step.rule).end();
    w.end().key("footnotes").array();
    for (const auto& note : made.footnotes) w.value(note);
    w.end().key("printed").object().field("role", asker.caller.role).field("at", asker.now).end().end();
    return answered(scene, std::move(body), "letter");
  });
}

// ---- exports

std::vector<TableCell> numbers_of(const Scene& scene, const FigureInfo& info, const Shown& s) {
  const bool is_share = info.kind == Kind::rate || info.kind == Kind::funnel;
  if (s.suppressed) return {{}, {}, {}, {}, scene.say("about.hidden")};
  const auto cell = [](const std::optional<double>& value) { return value ? TableCell(*value) : TableCell(); };
  const bool nobody = s.denominator == 0;
  return {static_cast<double>(s.numerator), static_cast<double>(s.denominator), is_share ? cell(s.percent) : TableCell(),
          is_share ? TableCell() : cell(s.value), scene.say(nobody ? "about.nobody" : "about.shown")};
}

std::vector<std::string> columns(const Scene& scene, std::initializer_list<std::string_view> ids) {
  std::vector<std::string> names;
  for (const auto id : ids) names.push_back(scene.say("column." + std::string(id)));
  return names;
}

template <class To, class From>
void append(To& to, From&& from) {
  for (auto& one : from) to.push_back(std::move(one));
}

Result<Listing> listing(const Scene& scene, const Query& query, const std::string& table, const std::optional<Figure>& figure) {
  Listing out;
  if (!scene.words().has("table." + table) || table == "patients")
    return wrong("table", "must be dashboard, series, strata, reasons, funnel, costs or benchmarks");
  out.name = scene.say("table." + table);
  const bool of_figure = table == "series" || table == "strata" || table == "reasons";
  if (of_figure && !figure) return wrong("figure", "must be a figure for this table");
  if (table == "dashboard") {
    out.columns = columns(scene, {"figure", "of", "unit", "numerator", "denominator", "percent", "value", "shown"});
    const Sheet sheet = scene.total();
    for (const auto& info : measures::figures()) {
      std::vector<TableCell> row{scene.figure_name(info.id), std::string(info.of), std::string(info.unit)};
      append(row, numbers_of(scene, info, sheet[static_cast<std::size_t>(info.figure)]));
      out.rows.push_back(std::move(row));
    }
  } else if (table == "series") {
    out.columns = columns(scene, {"month", "numerator", "denominator", "percent", "value", "shown"});
    const auto series = scene.series();
    MonthNumber month = scene.asked.period.span.to - static_cast<int>(series.size()) + 1;
    for (const auto& sheet : series) {
      std::vector<TableCell> row{month_text(month++)};
      append(row, numbers_of(scene, measures::info(*figure), sheet[static_cast<std::size_t>(*figure)]));
      out.rows.push_back(std::move(row));
    }
  } else if (table == "strata") {
    out.columns = columns(scene, {"stratum", "stratum_value", "numerator", "denominator", "percent", "value", "shown"});
    for (const auto stratum : strata_of(scene, query))
      for (const auto& one : scene.shared.desk.by(*scene.facts, scene.asked, stratum)) {
        std::vector<TableCell> row{scene.say("stratum." + std::string(measures::name(stratum))),
                                   scene.value_name(stratum, one.value)};
        append(row, numbers_of(scene, measures::info(*figure), one.figures[static_cast<std::size_t>(*figure)]));
        out.rows.push_back(std::move(row));
      }
  } else if (table == "reasons") {
    out.columns = columns(scene, {"standing", "reason", "patients", "shown"});
    for (const auto& line : scene.shared.desk.reasons(*scene.facts, scene.asked, *figure))
      out.rows.push_back({std::string(word(line.standing)), reason_words(scene.words(), line.code, scene.language),
                          line.suppressed ? TableCell() : TableCell(static_cast<double>(line.n)),
                          scene.say(line.suppressed ? "about.hidden" : "about.shown")});
  } else if (table == "funnel") {
    out.columns = columns(scene, {"stratum", "stratum_value", "step", "patients", "shown"});
    const auto add = [&](const std::string& stratum, const std::string& value, const Sheet& sheet) {
      for (std::size_t at = kFirstStep; at < measures::kFigures; ++at) {
        const bool hidden = sheet[at].hidden_numerator;
        out.rows.push_back({stratum, value, scene.figure_name(measures::figures()[at].id),
                            hidden ? TableCell() : TableCell(static_cast<double>(sheet[at].numerator)),
                            scene.say(hidden ? "about.hidden" : "about.shown")});
      }
    };
    add("", "", scene.total());
    for (const auto stratum : strata_of(scene, query))
      for (const auto& one : scene.shared.desk.by(*scene.facts, scene.asked, stratum))
        add(scene.say("stratum." + std::string(measures::name(stratum))), scene.value_name(stratum, one.value), one.figures);
  } else if (table == "costs") {
    out.columns = columns(scene, {"line", "value", "unit", "formula"});
    for (const auto& line : costs_of(scene.tx, scene, scene.total()))
      out.rows.push_back({scene.say("cost." + line.id), line.value ? TableCell(*line.value) : TableCell(), line.unit,
                          line.suppressed ? scene.say("about.hidden") : line.formula});
    for (const auto& a : scene.rules().assumptions)
      out.rows.push_back({scene.say("assumption." + a.id), assumptions_now(scene.tx, scene).values.at(a.id), a.unit, a.source});
  } else {
    out.columns = columns(scene, {"literature", "of", "value", "comparison", "unit", "source", "primary_source", "ours"});
    const Sheet sheet = scene.total();
    for (const auto& b : scene.rules().benchmarks) {
      const auto ours = b.figure ? measures::find_figure(*b.figure) : std::nullopt;
      TableCell cell;
      if (ours) {
        const Shown& s = sheet[static_cast<std::size_t>(*ours)];
        if (s.suppressed) cell = scene.say("about.hidden");
        else if (s.percent) cell = *s.percent;
      }
      out.rows.push_back({scene.say("benchmark." + b.id), b.of, b.value, b.comparison ? TableCell(*b.comparison) : TableCell(),
                          b.unit, b.source, scene.say(b.primary_source ? "value.yes" : "value.no"), std::move(cell)});
    }
  }
  return out;
}

About about(const Scene& scene, const Listing& table, const std::optional<Figure>& figure) {
  About lines;
  std::string what = table.name;
  if (figure) what += ": " + scene.figure_name(measures::info(*figure).id);
  lines.emplace_back(scene.say("about.what"), what);
  lines.emplace_back(scene.say("about.period"), scene.asked.period.from.iso() + " - " + scene.asked.period.to.iso());
  std::string filters;
  for (const auto& [stratum, value] : scene.asked.filters)
    filters += (filters.empty() ? "" : "; ") + scene.say("stratum." + std::string(measures::name(stratum))) + ": " +
               scene.value_name(stratum, value);
  lines.emplace_back(scene.say("about.filters"), filters.empty() ? scene.say("about.none") : filters);
  lines.emplace_back(scene.say("about.rule_set"), scene.words()("letter.foot.rule_set", scene.language,
                                                                {scene.facts->rules->name, scene.facts->rules->version,
                                                                 scene.rules().name, scene.rules().version}));
  lines.emplace_back(scene.say("about.denominators"), scene.say("letter.foot.denominators"));
  lines.emplace_back(scene.say("about.suppression"),
                     scene.asked.exact
                         ? scene.say("about.exact")
                         : scene.words()("letter.foot.suppressed", scene.language, {std::to_string(scene.rules().threshold)}));
  lines.emplace_back(scene.say("about.printed"), scene.asker.caller.role + ", " + iso(scene.asker.now));
  lines.emplace_back(scene.say("about.rows"), std::to_string(table.rows.size()));
  return lines;
}

Result<Reply> file_reply(const Scene& scene, const Listing& table, const std::optional<Figure>& figure, bool workbook,
                         const std::string& name, std::string_view what) {
  Reply reply;
  if (workbook) {
    CONCORD_TRY(reply.body, to_xlsx(about(scene, table, figure), scene.say("about.title"), table));
    reply.content_type = kXlsx;
  } else {
    reply.body = to_csv(table);
    reply.content_type = "text/csv; charset=utf-8";
  }
  reply.headers.emplace_back(
      "Content-Disposition",
      "attachment; filename=\"" + name + "-" + month_text(scene.asked.period.span.to) + (workbook ? ".xlsx\"" : ".csv\""));
  reply.audit_detail = audit_of(scene, what) + " rows=" + std::to_string(table.rows.size());
  return reply;
}

template <bool kWorkbook>
Result<Work> export_table(const Kept& shared, const Call& call) {
  const auto table = std::string(trim(call.request.parameter("table").value_or("dashboard")));
  std::optional<Figure> figure;
  if (const auto id = call.request.parameter("figure"); id && !id->empty()) {
    figure = measures::find_figure(*id);
    if (!figure) return wrong("figure", "is no figure");
  }
  return ask(shared, call, [table, figure](const Scene& scene, const Query& query) -> Result<Reply> {
    CONCORD_TRY(const auto made, listing(scene, query, table, figure));
    return file_reply(scene, made, figure, kWorkbook, "concord-" + table,
                      "table=" + table + (figure ? " figure=" + std::string(measures::info(*figure).id) : ""));
  });
}

template <bool kWorkbook>
Result<Work> export_patients(const Kept& shared, const Call& call) {
  CONCORD_TRY(const auto figure, figure_of(call));
  CONCORD_TRY(const auto list, read_list_query(call));
  return ask(shared, call, [figure, list](const Scene& scene, const Query&) -> Result<Reply> {
    constexpr std::size_t kMostRows = 10000;
    Listing table;
    table.name = scene.say("table.patients");
    table.columns = columns(scene, {"name", "birth_date", "site", "care_manager", "standing", "reason", "value", "enrolled",
                                    "patient_id", "episode_id"});
    std::map<std::string, std::string> managers;
    const auto lines = scene.shared.desk.standings(*scene.facts, scene.asked, figure);
    for (const auto& line : *lines) {
      if (!is_wanted(line, list)) continue;
      if (table.rows.size() == kMostRows)
        return wrong("site", "these are more than 10,000 rows: choose a site, a care manager or a shorter period");
      const auto person = scene.deps().patient(scene.tx, scene.asker.organization(), patients::PatientId(line.patient));
      const auto episode =
          line.episode.is_nil() ? std::nullopt : scene.deps().episode(scene.tx, scene.asker.organization(), line.episode);
      std::string manager;
      if (episode && episode->care_manager) {
        const auto id = episode->care_manager->text();
        const auto known = managers.find(id);
        manager = known != managers.end() ? known->second
                                          : managers.emplace(id, scene.value_name(Stratum::care_manager, id)).first->second;
      }
      table.rows.push_back({person ? person->family_name + ", " + person->given_name : std::string(),
                            person && person->birth_date ? person->birth_date->iso() : std::string(),
                            line.site.is_nil() ? std::string() : scene.value_name(Stratum::site, line.site.text()), manager,
                            std::string(word(line.standing)), reason_words(scene.words(), line.reason, scene.language),
                            line.value ? TableCell(*line.value) : TableCell(), line.day.iso(), line.patient.text(),
                            line.episode.is_nil() ? std::string() : line.episode.text()});
    }
    return file_reply(scene, table, figure, kWorkbook, "concord-patients",
                      "figure=" + std::string(measures::info(figure).id) + " standing=" + list.word);
  });
}

Result<Work> read_dashboard(const Kept& shared, const Call& call) { return ask(shared, call, dashboard); }
Result<Work> read_funnel(const Kept& shared, const Call& call) { return ask(shared, call, funnel); }
Result<Work> costs_route(const Kept& shared, const Call& call) { return ask(shared, call, read_costs); }
Result<Work> benchmarks_route(const Kept& shared, const Call& call) { return ask(shared, call, read_benchmarks); }

// ---- schemas

std::string period_schema() {
  return http::schema(
      {{"kind", "month|quarter|year|12months!"}, {"from", "date!"}, {"to", "date!"}, {"at", "text!"}, {"complete", "boolean!"}});
}

std::string figure_schema(bool on_card) {
  const std::string period = period_schema();
  if (!on_card)
    return http::schema({{"id", "text!"},
                         {"group", "text!"},
                         {"kind", "text!"},
                         {"unit", "text!"},
                         {"name", "text!"},
                         {"what", "text!"},
                         {"of", "text?!"},
                         {"better", "text!"},
                         {"suppressed", "boolean!"},
                         {"numerator", "integer?!"},
                         {"denominator", "integer?!"},
                         {"percent", "number?!"},
                         {"value", "number?!"},
                         {"rule_set", "text"},
                         {"rule_set_version", "text"},
                         {"period", period},
                         {"not_sent", "boolean!"},
                         {"opens", "boolean!"}});
  return http::schema({{"id", "text!"},
                       {"group", "text!"},
                       {"kind", "text!"},
                       {"unit", "text!"},
                       {"name", "text!"},
                       {"what", "text!"},
                       {"of", "text?!"},
                       {"better", "text!"},
                       {"suppressed", "boolean!"},
                       {"numerator", "integer?!"},
                       {"denominator", "integer?!"},
                       {"percent", "number?!"},
                       {"value", "number?!"},
                       {"rule_set", "text"},
                       {"rule_set_version", "text"},
                       {"period", period},
                       {"not_sent", "boolean!"},
                       {"opens", "boolean!"},
                       {"signal", "text?"},
                       {"series", "[]any"},
                       {"benchmark", "any"}});
}

std::string annotation_schema() {
  return http::schema({{"id", "id!"},
                       {"date", "date!"},
                       {"text", "text!"},
                       {"site", "any"},
                       {"figure", "text?!"},
                       {"by", "any"},
                       {"created_at", "instant!"},
                       {"ended_at", "instant?!"},
                       {"end_reason", "text!"},
                       {"version", "integer!"}});
}

std::string benchmark_schema() {
  return http::schema({{"id", "text!"},
                       {"text", "text!"},
                       {"figure", "text?!"},
                       {"of", "text!"},
                       {"unit", "text!"},
                       {"value", "number!"},
                       {"percent", "number?!"},
                       {"comparison", "number?!"},
                       {"n", "integer?!"},
                       {"months", "integer?!"},
                       {"source", "text!"},
                       {"primary_source", "boolean!"},
                       {"note", "text!"},
                       {"ours", "any"}});
}

std::string series_schema() {
  return http::schema({{"month", "text!"},
                       {"period", "object!"},
                       {"suppressed", "boolean!"},
                       {"numerator", "integer?!"},
                       {"denominator", "integer?!"},
                       {"percent", "number?!"},
                       {"value", "number?!"},
                       {"lower", "number?!"},
                       {"upper", "number?!"}});
}

std::string run_chart_schema() {
  const std::string signal =
      http::schema({{"kind", "text!"}, {"direction", "up|down!"}, {"from", "text!"}, {"to", "text!"}, {"points", "integer!"}});
  return http::schema({{"kind", "text!"},
                       {"median", "number?!"},
                       {"mean", "number?!"},
                       {"points", "integer!"},
                       {"enough_points", "boolean!"},
                       {"signals", "[]" + signal + "!"},
                       {"rule_set", "text!"},
                       {"rule_set_version", "text!"}});
}

std::string assumptions_schema() {
  const std::string value = http::schema({{"id", "text!"},
                                          {"name", "text!"},
                                          {"value", "number!"},
                                          {"unit", "text!"},
                                          {"assumed", "boolean!"},
                                          {"source", "text!"},
                                          {"minimum", "number!"},
                                          {"maximum", "number!"}});
  return http::schema({{"version", "integer!"},
                       {"at", "instant?!"},
                       {"by", "any"},
                       {"reason", "text!"},
                       {"values", "[]" + value + "!"},
                       {"history", "[]object"}});
}

std::vector<std::pair<std::string, std::string>> question_parameters() {
  std::vector<std::pair<std::string, std::string>> all{
      {"period", "month (default), quarter, year or 12months"},
      {"at", "A month of the period, such as 2026-03 (of 12 months: the last one); without it the latest period that is over"}};
  for (const auto stratum : kFilters)
    all.emplace_back(std::string(measures::name(stratum)), stratum == Stratum::site ? "A site's id; without it all of yours"
                                                           : stratum == Stratum::care_manager
                                                               ? "me, or a user's id"
                                                               : "Only patients with this value; unknown: not recorded");
  return all;
}

}  // namespace

std::vector<http::Route> routes(const Deps& deps) {
  using http::Method;
  using http::RunAs;
  http::RouteList<Kept> all(std::make_shared<const Shared>(deps));
  const auto question = question_parameters();
  const auto with_by = [&] {
    auto list = question;
    list.emplace_back("by", "Which tables, such as language,sex; without it the usual ones");
    return list;
  };
  const std::string step = http::schema({{"id", "text!"},
                                         {"name", "text"},
                                         {"what", "text"},
                                         {"n", "integer?!"},
                                         {"percent_of_first", "number?!"},
                                         {"percent_of_previous", "number?!"},
                                         {"suppressed", "boolean!"}});
  const std::string stratum_row = http::schema({{"value", "text!"},
                                                {"name", "text!"},
                                                {"suppressed", "boolean!"},
                                                {"numerator", "integer?!"},
                                                {"denominator", "integer?!"},
                                                {"percent", "number?!"},
                                                {"value_number", "number?!"}});
  const std::string strata =
      http::schema({{"id", "text!"}, {"name", "text!"}, {"rows", "[]" + stratum_row + "!"}, {"suppressed_rows", "integer!"}});
  const std::string group = http::schema({{"id", "text!"}, {"name", "text!"}, {"figures", "[]" + figure_schema(true) + "!"}});
  const std::string reason = http::schema(
      {{"standing", "out|denominator!"}, {"code", "text!"}, {"text", "text!"}, {"suppressed", "boolean!"}, {"n", "integer?!"}});
  const std::string person = http::schema({{"patient_id", "id!"},
                                           {"episode_id", "id?!"},
                                           {"given_name", "text!"},
                                           {"family_name", "text!"},
                                           {"birth_date", "date?!"},
                                           {"site", "any"},
                                           {"care_manager", "any"},
                                           {"standing", "numerator|denominator|out!"},
                                           {"reason", "object!"},
                                           {"value", "number?!"},
                                           {"day", "date!"},
                                           {"enrolled_date", "date?!"},
                                           {"state", "text!"}});
  const std::string line = http::schema({{"id", "text!"},
                                         {"name", "text!"},
                                         {"value", "number?!"},
                                         {"unit", "text!"},
                                         {"formula", "text!"},
                                         {"suppressed", "boolean!"}});
  const std::string letter_line = http::schema({{"text", "text!"}, {"figure", "text?!"}});
  const std::string listed_figure = http::schema({{"id", "text!"},
                                                  {"group", "text!"},
                                                  {"kind", "text!"},
                                                  {"unit", "text!"},
                                                  {"name", "text!"},
                                                  {"what", "text!"},
                                                  {"of", "text!"},
                                                  {"better", "text!"}});

  all.add(Method::get, "/api/v1/reports/dashboard", "reports.dashboard", "reports.read",
          "Every figure of the program for a period", RunAs::list, "",
          http::schema({{"viewer", "patients|aggregates!"},
                        {"period", period_schema() + "!"},
                        {"filters", "object!"},
                        {"rule_set", "text!"},
                        {"rule_set_version", "text!"},
                        {"threshold", "integer!"},
                        {"groups", "[]" + group + "!"},
                        {"choices", "object!"}}),
          read_dashboard)
      .query_parameters = question;
  all.add(Method::get, "/api/v1/reports/figures", "reports.figures", "reports.read", "What figures there are and what they mean",
          RunAs::point, "", http::list_schema(listed_figure), list_figures);
  all.add(Method::get, "/api/v1/reports/figures/{figure}", "reports.figure", "reports.read",
          "One figure in depth: 24 months, who by, and why somebody is not in it", RunAs::list, "",
          http::schema({{"viewer", "patients|aggregates!"},
                        {"period", period_schema() + "!"},
                        {"filters", "object!"},
                        {"rule_set", "text!"},
                        {"rule_set_version", "text!"},
                        {"threshold", "integer!"},
                        {"figure", figure_schema(false) + "!"},
                        {"series", "[]" + series_schema() + "!"},
                        {"run_chart", run_chart_schema() + "!"},
                        {"annotations", "[]" + annotation_schema() + "!"},
                        {"strata", "[]" + strata + "!"},
                        {"reasons", "[]" + reason + "!"},
                        {"reasons_shown", "boolean!"},
                        {"benchmarks", "[]" + benchmark_schema() + "!"},
                        {"opens", "boolean!"}}),
          read_figure)
      .query_parameters = with_by();
  auto listed = question;
  listed.emplace_back("standing", "denominator (default, the numerator included), numerator, not_met or out");
  listed.emplace_back("reason", "Only lines with this reason");
  auto paged = listed;
  paged.emplace_back("limit", "Rows of a page, 1 to 200; 50 without it");
  paged.emplace_back("after", "\"next\" of the page before");
  all.add(Method::get, "/api/v1/reports/figures/{figure}/patients", "reports.patients", "reports.patients",
          "Whom a figure counts, and whom it does not, with the reason", RunAs::list, "",
          http::schema({{"figure", figure_schema(false) + "!"},
                        {"standing", "text!"},
                        {"reason", "text!"},
                        {"total", "integer!"},
                        {"items", "[]" + person + "!"},
                        {"next", "text?!"}}),
          list_patients)
      .query_parameters = paged;
  all.add(Method::get, "/api/v1/reports/figures/{figure}/patients.csv", "reports.export_patients_csv", "reports.patients",
          "The same list as a table for spreadsheets", RunAs::list, "", R"({"type":"string","description":"text/csv"})",
          export_patients<false>)
      .query_parameters = listed;
  all.add(Method::get, "/api/v1/reports/figures/{figure}/patients.xlsx", "reports.export_patients_xlsx", "reports.patients",
          "The same list as a workbook", RunAs::list, "", R"({"type":"string","description":"xlsx"})", export_patients<true>)
      .query_parameters = listed;
  all.add(Method::get, "/api/v1/reports/funnel", "reports.funnel", "reports.read", "From screened to remission, by every stratum",
          RunAs::list, "",
          http::schema({{"viewer", "patients|aggregates!"},
                        {"period", period_schema() + "!"},
                        {"filters", "object!"},
                        {"rule_set", "text!"},
                        {"rule_set_version", "text!"},
                        {"threshold", "integer!"},
                        {"steps", "[]" + step + "!"},
                        {"strata", "[]object!"},
                        {"opens", "boolean!"}}),
          read_funnel)
      .query_parameters = with_by();
  all.add(Method::get, "/api/v1/reports/costs", "reports.costs", "reports.read",
          "What care costs and may return, under stated assumptions", RunAs::list, "",
          http::schema({{"viewer", "patients|aggregates!"},
                        {"period", period_schema() + "!"},
                        {"filters", "object!"},
                        {"rule_set", "text!"},
                        {"rule_set_version", "text!"},
                        {"threshold", "integer!"},
                        {"assumptions", assumptions_schema() + "!"},
                        {"lines", "[]" + line + "!"},
                        {"not_confirmed", "[]text!"}}),
          costs_route)
      .query_parameters = question;
  all.add(Method::get, "/api/v1/reports/assumptions", "reports.assumptions", "reports.read",
          "The assumptions behind costs, and their history", RunAs::point, "", assumptions_schema(), read_assumptions);
  all.add(Method::put, "/api/v1/reports/assumptions", "reports.write_assumptions", "reports.settings",
          "Changes assumptions, with the reason", RunAs::write, http::schema({{"values", "object!"}, {"reason", "text!"}}, true),
          assumptions_schema(), write_assumptions);
  all.add(Method::get, "/api/v1/reports/benchmarks", "reports.benchmarks", "reports.read",
          "What the literature reports, beside ours", RunAs::list, "",
          http::schema({{"viewer", "patients|aggregates!"},
                        {"period", period_schema() + "!"},
                        {"filters", "object!"},
                        {"rule_set", "text!"},
                        {"rule_set_version", "text!"},
                        {"threshold", "integer!"},
                        {"items", "[]" + benchmark_schema() + "!"}}),
          benchmarks_route)
      .query_parameters = question;
  all.add(Method::get, "/api/v1/reports/annotations", "reports.annotations", "reports.read", "Changes that explain a chart",
          RunAs::point, "", http::list_schema(annotation_schema()), list_annotations)
      .query_parameters = {{"from", "First day"}, {"to", "Last day"}};
  auto& create =
      all.add(Method::post, "/api/v1/reports/annotations", "reports.annotate", "reports.settings", "Marks a change on the charts",
              RunAs::write, http::schema({{"date", "date!"}, {"text", "text!"}, {"site_id", "id?"}, {"figure", "text?"}}, true),
              annotation_schema(), create_annotation);
  create.creates = true;
  all.add(Method::post, "/api/v1/reports/annotations/{annotation_id}/end", "reports.end_annotation", "reports.settings",
          "Takes a mark off the charts; it is kept", RunAs::write, http::schema({{"reason", "text!"}}, true), annotation_schema(),
          end_annotation);
  all.add(Method::get, "/api/v1/reports/letter", "reports.letter", "reports.read",
          "The monthly letter: one page in English or Spanish", RunAs::list, "",
          http::schema({{"language", "en|es!"},
                        {"title", "text!"},
                        {"program", "text!"},
                        {"viewer", "patients|aggregates!"},
                        {"period", period_schema() + "!"},
                        {"filters", "object!"},
                        {"rule_set", "text!"},
                        {"rule_set_version", "text!"},
                        {"threshold", "integer!"},
                        {"greeting", "text!"},
                        {"went_well", "[]" + letter_line + "!"},
                        {"needs_a_look", "[]" + letter_line + "!"},
                        {"figures", "[]object!"},
                        {"fell_out", "[]" + letter_line + "!"},
                        {"annotations", "[]" + annotation_schema() + "!"},
                        {"next_steps", "[]object!"},
                        {"footnotes", "[]text!"},
                        {"printed", "object!"}}),
          read_letter)
      .query_parameters = {{"at", "The month, such as 2026-03; without it the last one that is over"},
                           {"site", "A site's id; without it all of yours"},
                           {"language", "en or es; without it the reader's"}};
  auto exported = with_by();
  exported.emplace_back("table", "dashboard (default), series, strata, reasons, funnel, costs or benchmarks");
  exported.emplace_back("figure", "For series, strata and reasons");
  all.add(Method::get, "/api/v1/reports/export.csv", "reports.export_csv", "reports.read",
          "A table of the reports for spreadsheets", RunAs::list, "", R"({"type":"string","description":"text/csv"})",
          export_table<false>)
      .query_parameters = exported;
  all.add(Method::get, "/api/v1/reports/export.xlsx", "reports.export_xlsx", "reports.read",
          "A table of the reports as a workbook whose first sheet says what it is", RunAs::list, "",
          R"({"type":"string","description":"xlsx"})", export_table<true>)
      .query_parameters = exported;
  return all.take();
}

}  // namespace concord::reports
