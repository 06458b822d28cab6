#include "measures/measures_api.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <unordered_map>

#include "base/check.h"
#include "base/recent.h"
#include "base/zone.h"
#include "http/replies.h"
#include "http/route_list.h"
#include "json/cursor.h"
#include "measures/measures_store.h"
#include "measures/nys_words.h"
#include "measures/published_store.h"
#include "measures/report_questions.h"
#include "measures/restatement.h"
#include "measures/state_figures.h"

namespace concord::measures {
namespace {

using http::Call;
using http::Reply;
using http::Work;
using patients::Asker;
using patients::PatientId;

constexpr std::string_view kRuleSet = "nys-omh-2025";
constexpr std::string_view kAddress = "/api/v1/reports/nys-omh-2025";
// A unit of work that took its instant before another one read the facts may still be on its way.
constexpr auto kSettled = std::chrono::minutes(2);
constexpr std::size_t kMostReports = 8;
constexpr std::size_t kMostBytes = 64 << 20;

/// One month's report, as computed or as published; never changed. Any thread may read it.
struct Statement {
  Snapshot snapshot;
  std::string digest;
  Instant facts_at{};
  /// By line: where it is in each metric; nothing for metrics it does not speak of.
  std::vector<std::array<std::optional<Standpoint>, kNysMetrics + 1>> standpoints;
  std::size_t bytes = 0;
};
using StatementPtr = std::shared_ptr<const Statement>;

StatementPtr statement_of(Snapshot snapshot, Instant facts_at) {
  auto s = std::make_shared<Statement>();
  s->snapshot = std::move(snapshot);
  s->digest = digest_of(s->snapshot);
  s->facts_at = facts_at;
  s->standpoints.resize(s->snapshot.lines.size());
  for (std::size_t i = 0; i < s->snapshot.lines.size(); ++i) {
    const auto& line = s->snapshot.lines[i];
    for (auto& [metric, place] : standpoints(line.text)) s->standpoints[i][static_cast<std::size_t>(metric)] = std::move(place);
    s->bytes += 4 * line.text.size();  // and what stands beside it
  }
  return s;
}

/// Of which organization and month, and the instant of the facts.
struct Key {
  OrganizationId organization;
  Date month;
  Instant as_of;
  auto operator<=>(const Key&) const = default;
};

struct Shared {
  const Deps* deps = nullptr;
  Recent<Key, Statement> recent{{.entries = kMostReports, .bytes = kMostBytes}};
};
using Kept = std::shared_ptr<Shared>;

/// What a request asks for.
struct Question {
  ReportMonth month;
  std::optional<std::string> as_of;
  std::optional<std::int64_t> published;
};

Result<ReportMonth> month_in(const std::optional<std::string_view>& text) {
  const auto month = ReportMonth::parse(text.value_or(""));
  if (!month) return http::wrong_question("month", "must be a month like 2026-03");
  return *month;
}

Result<Question> read_question(const Deps& deps, const Call& call) {
  Question q;
  CONCORD_TRY(q.month, month_in(call.request.parameter("month")));
  if (const auto text = call.request.parameter("as_of"); text && !text->empty()) q.as_of = std::string(*text);
  if (const auto text = call.request.parameter("published"); text && !text->empty()) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
    if (error != std::errc() || end != text->data() + text->size() || number < 1)
      return http::wrong_question("published", "must be the number of a publication");
    q.published = number;
  }
  if (q.as_of && q.published) return http::wrong_question("as_of", "does not go together with published");
  if (q.as_of) CONCORD_TRY_VOID(may_look_back(deps, call.caller));
  return q;
}

Result<void> has_begun(ReportMonth month, Instant now, std::string_view zone) {
  if (month.first <= local_date(now, zone)) return {};
  return http::wrong_question("month", "has not begun: must not be after " + local_date(now, zone).iso().substr(0, 7));
}

StatementPtr compute(const Kept& kept, db::Tx& tx, OrganizationId organization, ReportMonth month,
                     const std::optional<Instant>& as_of, Instant now) {
  const Key key{organization, month.first, as_of.value_or(now)};
  if (as_of)
    if (auto found = kept->recent.find(key)) return found;
  const auto name = [](std::string_view, const Uuid& id) { return id.text(); };
  const auto& rules = *kept->deps->rules;
  const auto clinic =
      as_of ? load_clinic_as_of(tx, organization, rules, name, *as_of) : load_clinic(tx, organization, rules, name);
  auto statement = statement_of(snapshot_of(nys_report(clinic, rules, month)), key.as_of);
  // Under the instant of now it serves whoever goes on from this answer: they name it.
  if (!as_of || now - *as_of > kSettled) kept->recent.keep(key, statement, statement->bytes);
  return statement;
}

struct Answered {
  StatementPtr statement;
  std::vector<Publication> publications;  ///< of the month, oldest first
};

Result<Answered> answer(const Kept& kept, db::Tx& tx, const Asker& asker, const Question& q) {
  const auto organization = asker.organization();
  const auto zone = kept->deps->zone_of(tx, organization);
  CONCORD_TRY_VOID(has_begun(q.month, asker.now, zone));
  Answered a;
  a.publications = list_publications(tx, organization, kRuleSet, q.month);
  if (q.published) {
    if (*q.published > static_cast<std::int64_t>(a.publications.size())) return http::not_found();
    auto snapshot = find_snapshot(tx, organization, kRuleSet, q.month, *q.published);
    CHECK(snapshot.has_value());
    a.statement = statement_of(std::move(*snapshot), a.publications[static_cast<std::size_t>(*q.published - 1)].as_of);
    return a;
  }
  std::optional<Instant> as_of;
  if (q.as_of) {
    CONCORD_TRY(as_of, instant_of(*q.as_of, q.month.first, "month", asker.now, zone));
  }
  a.statement = compute(kept, tx, organization, q.month, as_of, asker.now);
  return a;
}

/// What stands before this statement: the publication it is a restatement of, if it differs.
const Publication* stated_before(const Answered& a, const Question& q) {
  const Publication* before = nullptr;
  for (const auto& p : a.publications) {
    const bool earlier = q.published ? p.number < *q.published : p.as_of <= a.statement->facts_at;
    if (earlier) before = &p;
  }
  return before;
}

void write_figure(json::Writer& w, int metric, const StateFigure& f, bool hidden, bool opens, const NysRules& rules,
                  std::string_view language) {
  static constexpr std::string_view kKinds[] = {"",     "count", "count", "count", "mean", "rate",
                                                "rate", "rate",  "rate",  "rate",  "rate", "value"};
  const std::string name = std::to_string(metric);
  std::optional<double> target;
  for (const auto& [of, value] : rules.targets)
    if (of == name) target = value;
  w.object().field("id", "nys." + name).field("metric", name).field("kind", kKinds[metric]);
  w.field("name", figure_name(metric, language));
  w.field("numerator", hidden ? std::nullopt : f.numerator).field("denominator", hidden ? std::nullopt : f.denominator);
  w.field("percent", hidden ? std::nullopt : f.percent).field("value", hidden ? std::nullopt : f.value);
  w.field("unit", metric <= 3 ? "patients" : metric == 4 ? "weeks" : metric <= 10 ? "percent" : "fte");
  w.field("target", target).field("suppressed", hidden).field("opens", opens && metric <= 10).end();
}

std::string publication_json(const patients::Chart& chart, db::Tx& tx, const Caller& caller, const Publication& p) {
  std::string by, text;
  json::Writer who(by);
  chart.write_user(who, tx, caller, p.by);
  json::Writer w(text);
  write(w, p, by);
  return text;
}

void write_standpoint(json::Writer& w, std::string_view key, const Standpoint& s, std::string_view language) {
  w.key(key).object().field("in", s.in).field("why", s.why).field("text", reason_words(s.why, language)).end();
}

Result<Work> show(const Kept& kept, const Call& call) {
  CONCORD_TRY(const auto question, read_question(*kept->deps, call));
  return Work([kept, asker = Asker(call), q = question](db::Tx& tx) -> Result<Reply> {
    const Deps& deps = *kept->deps;
    const auto organization = asker.organization();
    const bool exact = sees_patients(deps, asker.caller);
    CONCORD_TRY(const auto a, answer(kept, tx, asker, q));
    const auto& statement = *a.statement;
    const auto& language = asker.caller.language;
    const auto zone = deps.zone_of(tx, organization);
    const auto figures = read_figures(statement.snapshot.figures);

    // What a restatement would tell about a few people is hidden like a small count.
    std::vector<StateFigures> earlier;
    for (const auto& p : a.publications)
      if (q.published ? p.number < *q.published : p.as_of <= statement.facts_at) earlier.push_back(read_figures(p.figures));
    const HiddenFigures hidden = exact ? HiddenFigures{} : hidden_figures(figures, earlier);

    std::string body;
    json::Writer w(body);
    w.object().field("rule_set", kRuleSet).field("rule_set_version", statement.snapshot.rule_set_version);
    w.field("month", q.month.text()).field("complete", local_date(asker.now, zone) > q.month.last());
    w.field("viewer", exact ? "patients" : "aggregates").field("time_zone", zone).field("facts_at", statement.facts_at);
    w.field("as_of", q.as_of ? std::optional(statement.facts_at) : std::nullopt).field("digest", statement.digest);
    w.key("figures").array();
    for (int metric = 1; metric <= kNysMetrics; ++metric) {
      const auto at = static_cast<std::size_t>(metric);
      write_figure(w, metric, figures[at], hidden[at], exact, *deps.rules, language);
    }
    w.end().key("published").array();
    for (const auto& p : a.publications) w.raw(publication_json(*deps.chart, tx, asker.caller, p));
    w.end().key("restatement");
    std::optional<Restatement> restated;
    const Publication* before = stated_before(a, q);
    if (before && before->digest != statement.digest)
      restated = compare(find_snapshot(tx, organization, kRuleSet, q.month, before->number).value(), statement.snapshot);
    if (!restated || restated->empty()) {
      w.null();
    } else {
      const auto published = read_figures(before->figures);
      const auto hidden_before =
          exact ? HiddenFigures{} : hidden_figures(published, std::span(earlier).first(earlier.size() - 1));
      w.object().field("against", before->number).key("rule_set_version");
      if (restated->rule_set_version)
        w.object().field("published", restated->rule_set_version->first).field("now", restated->rule_set_version->second).end();
      else w.null();
      w.key("figures").array();
      for (const auto& changed : restated->figures) {
        const auto at = static_cast<std::size_t>(changed.metric);
        w.object().field("metric", std::to_string(changed.metric)).key("published");
        write_figure(w, changed.metric, published[at], hidden_before[at], false, *deps.rules, language);
        w.key("now");
        write_figure(w, changed.metric, figures[at], hidden[at], exact, *deps.rules, language);
        w.end();
      }
      w.end().key("moved");
      if (exact) {
        // Only whom the caller may see; the others are counted.
        w.array();
        std::unordered_map<std::string, bool> mine;
        for (const auto& m : restated->moved) {
          auto [seen, fresh] = mine.try_emplace(m.patient, false);
          if (fresh) {
            const auto id = PatientId::parse(m.patient);
            seen->second = id && deps.chart->find(tx, asker.caller, asker.now, *id).has_value();
          }
          if (!seen->second) continue;
          w.object().field("patient_id", m.patient).key("episode_id");
          if (m.episode.empty()) w.null();
          else w.value(m.episode);
          w.field("metric", std::to_string(m.metric));
          write_standpoint(w, "from", m.from, language);
          write_standpoint(w, "to", m.to, language);
          w.end();
        }
        w.end().field("moved_count", static_cast<std::int64_t>(restated->moved.size()));
        w.field("other_changes", restated->other_changes);
      } else {
        w.null().key("moved_count").null().key("other_changes").null();
      }
      w.end();
    }
    w.end();
    Reply reply = http::json_reply(200, std::move(body));
    reply.audit_detail = "month=" + q.month.text();
    if (q.published) reply.audit_detail += " published=" + std::to_string(*q.published);
    if (q.as_of) reply.audit_detail += " as_of=" + iso(statement.facts_at);
    return reply;
  });
}

Result<Work> list_published(const Kept& kept, const Call& call) {
  std::optional<ReportMonth> month;
  if (const auto text = call.request.parameter("month"); text && !text->empty()) {
    CONCORD_TRY(month, month_in(*text));
  }
  return Work([kept, asker = Asker(call), month](db::Tx& tx) -> Result<Reply> {
    auto all = month ? list_publications(tx, asker.organization(), kRuleSet, *month)
                     : list_publications(tx, asker.organization(), kRuleSet);
    if (month) std::reverse(all.begin(), all.end());
    std::string body;
    json::Writer w(body);
    w.object().key("items").array();
    for (const auto& p : all) w.raw(publication_json(*kept->deps->chart, tx, asker.caller, p));
    w.end().key("next").null().end();
    Reply reply = http::json_reply(200, std::move(body));
    reply.audit_detail = "rows=" + std::to_string(all.size());
    return reply;
  });
}

Result<Work> publish_month(const Kept& kept, const Call& call) {
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"month", "as_of", "reason"});
  const auto month_text = body.required("month").string(1, 20);
  const auto as_of_text = body.optional("as_of").string(1, 40);
  const auto reason = body.optional("reason").string(0, 500).value_or("");
  const auto month = ReportMonth::parse(month_text.value_or(""));
  if (month_text && !month) body.required("month").issue("must be a month like 2026-03");
  if (!issues.empty()) return issues.error();
  return Work([kept, asker = Asker(call), month = *month, as_of_text, reason](db::Tx& tx) -> Result<Reply> {
    const auto organization = asker.organization();
    const auto zone = kept->deps->zone_of(tx, organization);
    CONCORD_TRY_VOID(has_begun(month, asker.now, zone));
    std::optional<Instant> as_of;
    if (as_of_text) {
      CONCORD_TRY(as_of, instant_of(*as_of_text, month.first, "month", asker.now, zone));
    }
    // What the person has on the screen was computed a moment ago; only without it, or late, are the facts read here.
    const auto statement = compute(kept, tx, organization, month, as_of, asker.now);
    Publish asked;
    asked.as_of = statement->facts_at;
    asked.now = asker.now;
    asked.by = asker.caller.user;
    asked.role = asker.caller.role;
    asked.reason = reason;
    CONCORD_TRY(const auto published, publish(tx, organization, statement->snapshot, asked, zone));
    Reply reply = http::json_reply(201, publication_json(*kept->deps->chart, tx, asker.caller, published));
    reply.location = std::string(kAddress) + "?month=" + month.text() + "&published=" + std::to_string(published.number);
    reply.audit_detail = "month=" + month.text() + " number=" + std::to_string(published.number) + " digest=" + published.digest;
    return reply;
  });
}

bool is_in(Part part, const Standpoint& s) {
  switch (part) {
    case Part::numerator:
      return s.in == "numerator";
    case Part::denominator:
      return s.in != "out";
    case Part::not_met:
      return s.in == "denominator";
    case Part::out:
      return s.in == "out";
  }
  return false;
}

Result<Work> list_patients(const Kept& kept, const Call& call) {
  CONCORD_TRY(const auto question, read_question(*kept->deps, call));
  CONCORD_TRY(const auto page, http::read_page(call.request));
  const auto text_of = [&](std::string_view name) { return std::string(call.request.parameter(name).value_or("")); };
  std::vector<Issue> issues;
  int metric = 0;
  {
    const auto text = text_of("metric");
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), metric);
    if (error != std::errc() || end != text.data() + text.size() || metric < 1 || metric > 10)
      issues.push_back({"metric", "must be 1 to 10: figure 11 is no count of people"});
  }
  const auto in = text_of("in");
  const auto part = part_of(in);
  if (!part) issues.push_back({"in", std::string(kPartWords)});
  CONCORD_TRY(const auto from, position_after(page));
  CONCORD_TRY_VOID(patients::refuse_if_any(std::move(issues)));
  return Work([kept, asker = Asker(call), q = question, page, metric, part = *part, in, from,
               reason = text_of("reason")](db::Tx& tx) -> Result<Reply> {
    const Deps& deps = *kept->deps;
    const auto organization = asker.organization();
    const auto& language = asker.caller.language;
    CONCORD_TRY(const auto a, answer(kept, tx, asker, q));
    const auto& statement = *a.statement;
    const auto sites = sites_of_patients(tx, organization);
    std::int64_t total = 0, elsewhere = 0;
    std::map<std::string, std::int64_t> reasons;
    std::vector<std::size_t> mine;  // positions in the report
    for (std::size_t i = 0; i < statement.standpoints.size(); ++i) {
      const auto& place = statement.standpoints[i][static_cast<std::size_t>(metric)];
      if (!place || !is_in(part, *place)) continue;
      ++reasons[place->why];
      if (!reason.empty() && place->why != reason) continue;
      ++total;
      const auto site = sites.find(statement.snapshot.lines[i].patient);
      if (site == sites.end() || !asker.caller.may_use(site->second)) ++elsewhere;
      else mine.push_back(i);
    }
    std::string body;
    json::Writer w(body);
    w.object().field("metric", std::to_string(metric)).field("in", in).field("total", total).field("elsewhere", elsewhere);
    w.field("facts_at", statement.facts_at).key("reasons").array();
    for (const auto& [why, n] : reasons)
      w.object().field("why", why).field("text", reason_words(why, language)).field("n", n).end();
    w.end().key("items").array();
    std::optional<std::size_t> next;
    int shown = 0;
    PersonWriter person(deps, tx, organization);
    for (const auto i : mine) {
      if (i < from) continue;
      if (shown == page.limit) {
        next = i;
        break;
      }
      ++shown;
      const auto& line = statement.snapshot.lines[i];
      const auto& place = *statement.standpoints[i][static_cast<std::size_t>(metric)];
      w.object();
      person.write(w, line.patient, line.episode);
      w.field("in", place.in).field("why", place.why).field("text", reason_words(place.why, language));
      // The rest of the line in its own words.
      const auto document = json::Document::parse(line.text);
      CHECK(document.has_value());
      const auto& root = document->root();
      const auto flag = [&](std::string_view name) {
        const auto* value = root.find(name);
        return value ? std::optional(value->boolean()) : std::nullopt;
      };
      const auto text = [&](std::string_view name) {
        const auto* value = root.find(name);
        return value && value->is(json::Kind::string) ? std::optional(std::string(value->text())) : std::nullopt;
      };
      w.field("enrolled_this_month", flag("enrolled_this_month")).field("medicaid", flag("medicaid"));
      w.field("effective_discharge_date", text("effective_discharge_date")).field("discharge_cause", text("discharge_cause"));
      w.field("days_in_treatment",
              root.find("days_in_treatment") ? root.find("days_in_treatment")->integer() : std::optional<std::int64_t>());
      for (const char* name : {"baseline", "current"}) {
        const auto* value = root.find(name);
        w.key(name);
        if (!value || value->is(json::Kind::null)) {
          w.null();
          continue;
        }
        w.object().field("date", value->find("date")->text()).key("total").raw(value->find("total")->text()).end();
      }
      w.end();
    }
    w.end().field("next", next ? std::optional(std::to_string(*next)) : std::nullopt).end();
    Reply reply = http::json_reply(200, std::move(body));
    reply.audit_detail =
        "month=" + q.month.text() + " metric=" + std::to_string(metric) + " in=" + in + " rows=" + std::to_string(shown);
    return reply;
  });
}

std::string figure_schema() {
  return http::schema({{"id", "text!"},
                       {"metric", "text!"},
                       {"kind", "count|rate|mean|value!"},
                       {"name", "text!"},
                       {"numerator", "integer?!"},
                       {"denominator", "integer?!"},
                       {"percent", "number?!"},
                       {"value", "number?!"},
                       {"unit", "patients|percent|weeks|fte!"},
                       {"target", "number?!"},
                       {"suppressed", "boolean!"},
                       {"opens", "boolean!"}});
}

std::string publication_schema() {
  const std::string person =
      R"({"type":["object","null"],"properties":{"id":{"type":"string","format":"uuid"},"name":{"type":"string"}},"required":["id","name"]}!)";
  return http::schema({{"month", "text!"},
                       {"number", "integer!"},
                       {"kind", "first|restatement!"},
                       {"as_of", "instant!"},
                       {"published_at", "instant!"},
                       {"published_by", person},
                       {"role", "text!"},
                       {"rule_set_version", "text!"},
                       {"digest", "text!"},
                       {"reason", "text!"}});
}

std::string report_schema() {
  const std::string standpoint = http::schema({{"in", "numerator|denominator|out!"}, {"why", "text!"}, {"text", "text!"}});
  const std::string move = http::schema(
      {{"patient_id", "id!"}, {"episode_id", "id?!"}, {"metric", "text!"}, {"from", standpoint + "!"}, {"to", standpoint + "!"}});
  const std::string changed =
      http::schema({{"metric", "text!"}, {"published", figure_schema() + "!"}, {"now", figure_schema() + "!"}});
  const std::string versions = nullable(http::schema({{"published", "text!"}, {"now", "text!"}}));
  const std::string moves = R"({"type":["array","null"],"items":)" + move + "}";
  const std::string restatement = nullable(http::schema({{"against", "integer!"},
                                                         {"rule_set_version", versions + "!"},
                                                         {"figures", "[]" + changed + "!"},
                                                         {"moved", moves + "!"},
                                                         {"moved_count", "integer?!"},
                                                         {"other_changes", "integer?!"}}));
  return http::schema({{"rule_set", "text!"},
                       {"rule_set_version", "text!"},
                       {"month", "text!"},
                       {"complete", "boolean!"},
                       {"viewer", "patients|aggregates!"},
                       {"time_zone", "text!"},
                       {"facts_at", "instant!"},
                       {"as_of", "instant?!"},
                       {"digest", "text!"},
                       {"figures", "[]" + figure_schema() + "!"},
                       {"published", "[]" + publication_schema() + "!"},
                       {"restatement", restatement + "!"}});
}

std::string patients_schema() {
  const std::string score = nullable(http::schema({{"date", "date!"}, {"total", "number!"}}));
  const std::string item = http::schema({{"patient_id", "id!"},
                                         {"episode_id", "id?!"},
                                         {"given_name", "text!"},
                                         {"family_name", "text!"},
                                         {"birth_date", "date?!"},
                                         {"site", http::schema({{"id", "id!"}, {"name", "text!"}}) + "!"},
                                         {"in", "numerator|denominator|out!"},
                                         {"why", "text!"},
                                         {"text", "text!"},
                                         {"enrolled_this_month", "boolean?!"},
                                         {"medicaid", "boolean?!"},
                                         {"effective_discharge_date", "date?!"},
                                         {"discharge_cause", "text?!"},
                                         {"days_in_treatment", "integer?!"},
                                         {"baseline", score + "!"},
                                         {"current", score + "!"}});
  return http::schema({{"metric", "text!"},
                       {"in", "text!"},
                       {"total", "integer!"},
                       {"elsewhere", "integer!"},
                       {"facts_at", "instant!"},
                       {"reasons", "[]" + http::schema({{"why", "text!"}, {"text", "text!"}, {"n", "integer!"}}) + "!"},
                       {"items", "[]" + item + "!"},
                       {"next", "text?!"}});
}

}  // namespace

std::vector<http::Route> routes(const Deps& deps) {
  auto shared = std::make_shared<Shared>();
  shared->deps = &deps;
  http::RouteList<Kept> all(shared);
  const std::string base(kAddress);
  const std::vector<std::pair<std::string, std::string>> which = {
      {"month", "The month, 2026-03"},
      {"as_of", "The facts as they were known: a day (its end), a time at the program, or an instant"},
      {"published", "The number of a publication: its stored words instead of today's"}};
  all.add(http::Method::get, base, "state_report.read", "reports.read",
          "New York State's monthly figures, what was published of them, and what has changed since", http::RunAs::list, "",
          report_schema(), show)
      .query_parameters = which;
  all.add(http::Method::get, base + "/published", "state_report.published", "reports.read", "Published months", http::RunAs::list,
          "", http::list_schema(publication_schema()), list_published)
      .query_parameters = {{"month", "Only this month, 2026-03"}};
  all.add(http::Method::post, base + "/publish", "state_report.publish", "reports.publish",
          "Publish a month's figures, or restate them", http::RunAs::write,
          http::schema({{"month", "text!"}, {"as_of", "text?"}, {"reason", "text?"}}, true), publication_schema(), publish_month)
      .creates = true;
  auto& patients = all.add(http::Method::get, base + "/patients", "state_report.patients", "reports.patients",
                           "A figure's patients, each with the reason", http::RunAs::list, "", patients_schema(), list_patients);
  patients.query_parameters = which;
  patients.query_parameters.insert(patients.query_parameters.end(), {{"metric", "1 to 10"},
                                                                     {"in", "numerator, denominator, not_met or out"},
                                                                     {"reason", "Only those with this reason"},
                                                                     {"limit", "1 to 200"},
                                                                     {"after", "\"next\" of the page before"}});
  return all.take();
}

}  // namespace concord::measures
