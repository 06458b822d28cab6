#include "reports/what_if_api.h"

#include <chrono>
#include <cstdlib>
#include <memory>
#include <mutex>

#include "base/zone.h"
#include "http/replies.h"
#include "http/route_list.h"
#include "json/cursor.h"
#include "reports/suppression.h"

namespace concord::reports {
namespace {

using measures::is_small;
using measures::tell_of_few;

using caseload::Change;
using caseload::EpisodeFacts;
using caseload::WhatIf;
using caseload::WhatIfAssumptions;
using caseload::WhatIfLine;
using http::Call;
using http::Reply;
using http::Work;
using patients::Asker;

/// Read and counted together, so that memory does not grow with the organization.
constexpr std::size_t kBatch = 1000;
constexpr std::size_t kMostChanges = 20;
constexpr std::chrono::seconds kMostWait{2};  // for the question before: a small clinic takes less

struct Shared {
  WhatIfDeps deps;
  std::timed_mutex turn;  ///< one question at a time
};
using Kept = std::shared_ptr<Shared>;

struct Asked {
  std::vector<Change> changes;
  WhatIfAssumptions assumptions;
  std::optional<Date> to;
  std::optional<SiteId> site;
};

Result<Asked> read(const Shared& shared, const http::Request& request) {
  CONCORD_TRY(const auto document, http::read_json(request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"changes", "minutes", "to", "site"});
  Asked asked;
  asked.assumptions = *shared.deps.assumptions;
  const auto changes = body.required("changes");
  changes.each([&](const json::Cursor& item) {
    item.only({"id", "value"});
    const auto id = item.required("id").string(1, 100);
    const auto value = item.required("value").real(-1e6, 1e6);
    if (id && value) asked.changes.emplace_back(*id, *value);
  });
  if (issues.empty() && (asked.changes.empty() || asked.changes.size() > kMostChanges))
    changes.issue("must be 1 to " + std::to_string(kMostChanges) + " numbers");
  const auto minutes = body.optional("minutes");
  if (minutes.present())
    minutes.each([&](const json::Cursor& item) {
      item.only({"act", "role", "minutes"});
      const auto act = item.required("act").string(1, 60);
      const auto role = item.required("role").string(1, 60);
      const auto value = item.required("minutes").real(0, 600);
      if (!act || !role || !value) return;
      for (auto& known : asked.assumptions.acts) {
        if (known.id != *act) continue;
        for (auto& m : known.minutes)
          if (m.role == *role) {
            m.minutes = *value;
            m.source = "said with the question";
            return;
          }
        return item.required("role").issue("has no minutes for this act");
      }
      item.required("act").issue("is no act");
    });
  asked.to = body.optional("to").date();
  asked.site = body.optional("site").id<SiteId>();
  if (!issues.empty()) return issues.error();
  return asked;
}

Date today_of(const Shared& shared, const Asker& asker) {
  const auto& sites = asker.caller.sites;
  return local_date(asker.now, sites.empty() ? "UTC" : shared.deps.chart->time_zone(asker.organization(), sites.front()));
}

void write_period(json::Writer& w, Date from, Date to) { w.key("period").object().field("from", from).field("to", to).end(); }

Result<Work> parameters(const Kept& shared, const Call& call) {
  return Work([shared, asker = Asker(call)](db::Tx&) -> Result<Reply> {
    const auto& rules = *shared->deps.rules;
    std::string body;
    json::Writer w(body);
    const auto year = last_whole_year(today_of(*shared, asker));
    w.object().field("rule_set", rules.name).field("rule_set_version", rules.version);
    write_period(w, year.from, year.to);
    w.key("items").array();
    std::size_t count = 0;
    for (const auto& one : caseload::adjustable(rules)) {
      ++count;
      w.object()
          .field("id", one.now.id)
          .field("value", one.now.value)
          .field("unit", one.now.unit)
          .field("source", one.now.source);
      w.field("minimum", one.minimum).field("maximum", one.maximum).field("step", 1).key("rules").array();
      for (const auto rule : one.rules) w.value(caseload::name(rule));
      w.end().field("effect", one.only_late ? "late" : "flags").end();
    }
    w.end().key("assumptions");
    caseload::write_assumptions(w, *shared->deps.assumptions);
    w.end();
    Reply reply = http::json_reply(200, std::move(body));
    reply.audit_detail = "parameters=" + std::to_string(count);
    return reply;
  });
}

Result<Work> ask(const Kept& shared, const Call& call) {
  CONCORD_TRY(auto read_asked, read(*shared, call.request));
  CONCORD_TRY(auto other, caseload::changed(*shared->deps.rules, read_asked.changes));
  if (read_asked.site && !call.caller.may_use(*read_asked.site))
    return fail(ErrorCode::invalid, "Some fields are missing or wrong.", {{"site", "is no site of yours"}});
  struct Question {
    Asked asked;
    caseload::RuleSet other;
  };
  auto question = std::make_shared<const Question>(Question{std::move(read_asked), std::move(other)});
  return Work([shared, question, asker = Asker(call)](db::Tx& tx) -> Result<Reply> {
    const auto& deps = shared->deps;
    const auto& asked = question->asked;
    const bool exact = deps.may_open(tx, asker.caller);
    const Date today = today_of(*shared, asker);
    const Date to = asked.to.value_or(last_whole_year(today).to);
    const auto wrong = [](std::string path, std::string text) {
      return fail(ErrorCode::invalid, "Some fields are missing or wrong.", {{std::move(path), std::move(text)}});
    };
    if (to >= today) return wrong("to", "must be before today");
    // All sites less one of them would be the other one.
    if (!exact && asked.site && asker.caller.sites.size() > 1)
      return wrong("site", "cannot be asked for: your role sees all of its sites together");
    if (!exact && to != to.last_of_month())
      return wrong("to", "must be the last day of a month: your role sees whole months only");
    const Date from = to == to.last_of_month() ? to.first_of_month().plus_months(-11) : to.plus_months(-12).plus_days(1);

    const std::unique_lock turn(shared->turn, kMostWait);
    if (!turn) return fail(ErrorCode::overloaded, "Another what-if is being computed. Try again in a moment.");
    caseload::WhatIfCounter counter(*deps.rules, question->other, asked.assumptions, from, to);
    const std::int64_t step = deps.count_episodes(tx, asker.organization()) / kMostEpisodes + 1;
    std::vector<EpisodeFacts> batch;
    std::int64_t nth = 0;
    deps.each_facts(tx, asker.organization(), [&](EpisodeFacts&& facts) {
      if (!asker.caller.may_use(facts.site) || (asked.site && facts.site != *asked.site) || facts.referred > to) return;
      if (nth++ % step != 0) return counter.add_not_looked_at(1);
      batch.push_back(std::move(facts));
      if (batch.size() < kBatch) return;
      counter.add(batch);
      batch.clear();
    });
    counter.add(batch);
    WhatIf answer = counter.answer();
    if (!exact) hide_small(answer, asked.assumptions, deps.threshold);
    std::string body;
    json::Writer w(body);
    w.object().field("viewer", exact ? "patients" : "aggregates");
    caseload::write_what_if(w, answer, *deps.rules, asked.changes, asked.assumptions, caseload::WhatIfSource::database,
                            asker.caller.language);
    w.end();
    Reply reply = http::json_reply(200, std::move(body));
    reply.audit_detail = "to=" + to.iso();
    for (const auto& [id, value] : asked.changes) reply.audit_detail += " " + id + "=" + std::to_string(static_cast<int>(value));
    return reply;
  });
}

void hide_line(WhatIfLine& line, std::int64_t looked_at, int threshold) {
  line.hidden = line.hidden || tell_of_few(line.now.flags, line.changed.flags, threshold) ||
                tell_of_few(line.now.episodes, line.changed.episodes, threshold) ||
                is_small(looked_at - line.now.episodes, threshold) || is_small(looked_at - line.changed.episodes, threshold);
  line.hidden_late = tell_of_few(line.now.late, line.changed.late, threshold);
  Rows months;
  for (std::size_t m = 0; m < line.now.months.size(); ++m) {
    const auto now = line.now.months[m], changed = line.changed.months[m];
    months.push_back({now, changed, std::abs(changed - now)});
  }
  line.hidden_months = hide_rows(std::span(&months, 1), {}, threshold).rows;
}

}  // namespace

WholeYear last_whole_year(Date today) {
  const Date to = today.first_of_month().plus_days(-1);
  return {to.first_of_month().plus_months(-11), to};
}

void hide_small(WhatIf& answer, const WhatIfAssumptions& assumptions, int threshold) {
  if (is_small(answer.looked_at, threshold) || is_small(answer.episodes, threshold)) answer.hidden = true;
  const auto fired = [](const WhatIfLine& line) { return line.now.open_days > 0 || line.changed.open_days > 0; };
  for (auto& line : answer.rules)
    if (fired(line)) hide_line(line, answer.looked_at, threshold);
  for (std::size_t a = 0; a < answer.acts.size(); ++a) {
    auto& line = answer.acts[a];
    if (!fired(line)) continue;
    hide_line(line, answer.looked_at, threshold);
    // What an act asks for, less its other rules, would tell about the hidden one.
    for (const auto rule : assumptions.acts[a].rules)
      line.hidden = line.hidden || answer.rules[static_cast<std::size_t>(rule)].hidden;
  }
}

std::vector<http::Route> what_if_routes(const WhatIfDeps& deps) {
  auto shared = std::make_shared<Shared>();
  shared->deps = deps;
  http::RouteList<Kept> all(std::move(shared));
  const std::string minutes =
      R"({"type":"array","items":)" +
      http::schema({{"role", "text!"}, {"minutes", "number!"}, {"source", "text!"}, {"assumed", "boolean!"}}) + "}";
  const std::string act =
      R"({"type":"array","items":)" + http::schema({{"id", "text!"}, {"rules", "[]text!"}, {"minutes", minutes + "!"}}) + "}";
  const std::string period = http::schema({{"from", "date!"}, {"to", "date!"}});
  const auto list_of = [](const std::string& item) { return R"({"type":"array","items":)" + item + "}"; };
  const std::string item = http::schema({{"id", "text!"},
                                         {"value", "number!"},
                                         {"unit", "text!"},
                                         {"source", "text!"},
                                         {"minimum", "number!"},
                                         {"maximum", "number!"},
                                         {"step", "number!"},
                                         {"rules", "[]text!"},
                                         {"effect", "flags|late!"}});
  all.add(http::Method::get, "/api/v1/reports/what-if/parameters", "reports.what_if_parameters", "reports.read",
          "Numbers of the attention rules that may be tried, and what an act is assumed to take", http::RunAs::point, "",
          http::schema({{"rule_set", "text!"},
                        {"rule_set_version", "text!"},
                        {"period", period},
                        {"items", list_of(item)},
                        {"assumptions", http::schema({{"name", "text!"}, {"version", "text!"}, {"acts", act}})}}),
          parameters);
  const std::string tally =
      http::schema({{"flags", "integer?!"}, {"late", "integer?!"}, {"open_days", "integer?!"}, {"episodes", "integer?!"}});
  const std::string months = list_of(http::schema({{"month", "text!"}, {"now", "integer?!"}, {"changed", "integer?!"}}));
  all.add(
      http::Method::post, "/api/v1/reports/what-if", "reports.what_if", "reports.read",
      "What other numbers of the attention rules would have meant over a year: flags, acts and hours", http::RunAs::list,
      http::schema({{"changes", list_of(http::schema({{"id", "text!"}, {"value", "number!"}}))},
                    {"minutes", list_of(http::schema({{"act", "text!"}, {"role", "text!"}, {"minutes", "number!"}}))},
                    {"to", "date?"},
                    {"site", "id?"}}),
      http::schema(
          {{"viewer", "patients|aggregates!"},
           {"rule_set", "text!"},
           {"rule_set_version", "text!"},
           {"what_if", "text!"},
           {"what_if_version", "text!"},
           {"period", period},
           {"sampling", "text!"},
           {"episodes", http::schema({{"all", "integer?!"}, {"looked_at", "integer?!"}})},
           {"changes", list_of(http::schema({{"id", "text!"}, {"unit", "text!"}, {"from", "number!"}, {"to", "number!"}}))},
           {"rules", list_of(http::schema({{"rule", "text!"},
                                           {"complete", "boolean!"},
                                           {"suppressed", "boolean!"},
                                           {"now", tally},
                                           {"changed", tally},
                                           {"difference", tally},
                                           {"months", months}}))},
           {"acts", list_of(http::schema({{"act", "text!"},
                                          {"rules", "[]text!"},
                                          {"suppressed", "boolean!"},
                                          {"now", "integer?!"},
                                          {"changed", "integer?!"},
                                          {"difference", "integer?!"},
                                          {"episodes_now", "integer?!"},
                                          {"episodes_changed", "integer?!"},
                                          {"months", months}}))},
           {"hours", list_of(http::schema({{"role", "text!"},
                                           {"suppressed", "boolean!"},
                                           {"now", "number?!"},
                                           {"changed", "number?!"},
                                           {"difference", "number?!"}}))},
           {"assumptions",
            list_of(http::schema(
                {{"act", "text!"}, {"role", "text!"}, {"minutes", "number!"}, {"source", "text!"}, {"assumed", "boolean!"}}))},
           {"limits", list_of(http::schema({{"code", "text!"}, {"rules", "[]text!"}, {"text", "text!"}}))}}),
      ask);
  return all.take();
}

}  // namespace concord::reports
