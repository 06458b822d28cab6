#include "measures/program_figures_api.h"

#include <algorithm>
#include <map>

#include "base/recent.h"
#include "base/zone.h"
#include "http/replies.h"
#include "http/route_list.h"
#include "measures/measures_store.h"
#include "measures/program_figures.h"
#include "measures/program_json.h"
#include "measures/program_words.h"
#include "measures/report_questions.h"

namespace concord::measures {
namespace {

using http::Call;
using http::Reply;
using http::Work;
using patients::Asker;
using patients::PatientId;

enum class Set { aims, hedis };
// A unit of work that took its instant before another one read the facts may still be on its way.
constexpr auto kSettled = std::chrono::minutes(2);
constexpr std::size_t kMostReports = 4, kMostLines = 200'000;  // of all kept reports; the newest stays whatever its size

struct Computed {
  ProgramFigures program;
  Instant facts_at{};
};
using ComputedPtr = std::shared_ptr<const Computed>;

/// What was asked, how far it was known, and the instant of the facts.
struct Key {
  OrganizationId organization;
  Set set;
  std::string period;
  Date until;
  Instant facts_at;
  auto operator<=>(const Key&) const = default;
};

struct Shared {
  const ProgramDeps* deps = nullptr;
  Recent<Key, Computed> recent{{.entries = kMostReports, .bytes = kMostLines}};  // weighed by lines
};
using Kept = std::shared_ptr<Shared>;

struct Question {
  Set set = Set::aims;
  ReportPeriod period;
  std::optional<std::string> as_of;
  std::optional<Instant> facts_at;  ///< of an answer: its lines, whatever was entered since

  std::string_view kind() const { return set == Set::hedis ? "year" : period.text[5] == 'Q' ? "quarter" : "month"; }
};

Result<Question> read_question(const Kept& kept, const Call& call, Set set) {
  Question q;
  q.set = set;
  const auto text_of = [&](std::string_view name) { return call.request.parameter(name).value_or(""); };
  if (set == Set::hedis) {
    const auto year = ReportPeriod::year(text_of("year"));
    if (!year) return http::wrong_question("year", "must be a year like 2026");
    q.period = *year;
  } else if (!text_of("quarter").empty()) {
    const auto quarter = ReportPeriod::quarter(text_of("quarter"));
    if (!quarter) return http::wrong_question("quarter", "must be a quarter like 2026-Q1");
    if (!text_of("month").empty()) return http::wrong_question("month", "does not go together with quarter");
    q.period = *quarter;
  } else {
    const auto month = ReportPeriod::month(text_of("month"));
    if (!month) return http::wrong_question("month", "must be a month like 2026-03, or give a quarter like 2026-Q1");
    if (!sees_patients(*kept->deps->common, call.caller))
      return fail(ErrorCode::not_allowed,
                  "Your role sees sums only: months beside their quarter would show a few people. Ask for the quarter.");
    q.period = *month;
  }
  if (const auto text = text_of("as_of"); !text.empty()) q.as_of = std::string(text);
  if (const auto text = text_of("facts_at"); !text.empty()) {
    q.facts_at = parse_instant(text);
    if (!q.facts_at) return http::wrong_question("facts_at", "must be the facts_at of an answer");
    if (q.as_of) return http::wrong_question("as_of", "does not go together with facts_at");
  }
  if (q.as_of || q.facts_at) CONCORD_TRY_VOID(may_look_back(*kept->deps->common, call.caller));
  return q;
}

ProgramFigures figures_of(const Kept& kept, Set set, const Clinic& clinic, const ReportPeriod& period) {
  const auto& deps = *kept->deps;
  return set == Set::aims ? program_figures(aims_report(clinic, *deps.aims, period))
                          : program_figures(hedis_report(clinic, *deps.hedis, period));
}

Clinic facts_of(const Kept& kept, db::Tx& tx, OrganizationId organization, const std::optional<Instant>& as_of) {
  const auto name = [](std::string_view, const Uuid& id) { return id.text(); };
  const auto& rules = *kept->deps->common->rules;
  return as_of ? load_clinic_as_of(tx, organization, rules, name, *as_of) : load_clinic(tx, organization, rules, name);
}

Result<ComputedPtr> answer(const Kept& kept, db::Tx& tx, const Asker& asker, const Question& q) {
  const auto& deps = *kept->deps;
  const auto organization = asker.organization();
  const auto zone = deps.common->zone_of(tx, organization);
  const Date today = local_date(asker.now, zone);
  if (!q.period.known_on(today))
    return http::wrong_question(std::string(q.kind()), "has not begun: must not be after today, " + today.iso());
  std::optional<Instant> as_of;
  if (q.as_of) {
    CONCORD_TRY(as_of, instant_of(*q.as_of, q.period.first, q.kind(), asker.now, zone));
  } else if (q.facts_at && *q.facts_at < asker.now) {
    if (local_date(*q.facts_at, zone) < q.period.first)
      return http::wrong_question("facts_at", "must be the facts_at of an answer");
    as_of = q.facts_at;
  }
  const Instant facts_at = as_of.value_or(asker.now);
  const auto period = q.period.known_on(local_date(facts_at, zone));
  const Key key{organization, q.set, period->text, period->until, facts_at};
  if (as_of)
    if (auto found = kept->recent.find(key)) return found;
  auto computed = std::make_shared<Computed>();
  computed->facts_at = facts_at;
  computed->program = figures_of(kept, q.set, facts_of(kept, tx, organization, as_of), *period);
  // Under the instant of now it serves whoever goes on from this answer: they name it.
  if (!as_of || asker.now - *as_of > kSettled) kept->recent.keep(key, computed, computed->program.lines.size());
  return ComputedPtr(computed);
}

Result<Work> show(const Kept& kept, const Call& call, Set set) {
  CONCORD_TRY(const auto question, read_question(kept, call, set));
  return Work([kept, asker = Asker(call), q = question](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(const auto computed, answer(kept, tx, asker, q));
    const auto& program = computed->program;
    const bool exact = sees_patients(*kept->deps->common, asker.caller);
    const auto hidden = exact ? std::vector<bool>(program.figures.size()) : hidden_figures(program);
    std::string body;
    json::Writer w(body);
    w.object().field("rule_set", program.rule_set).field("rule_set_version", program.version);
    w.key("notice");
    if (q.set == Set::hedis) w.value(kept->deps->hedis->notice);
    else w.null();
    write_exclusions(w, q.set == Set::hedis ? *kept->deps->hedis : HedisRules());
    write_period(w, program.period);
    w.field("as_of", q.as_of ? std::optional(computed->facts_at) : std::nullopt);
    w.field("viewer", exact ? "patients" : "aggregates").field("facts_at", computed->facts_at).field("fte", program.fte);
    w.key("figures").array();
    for (std::size_t i = 0; i < program.figures.size(); ++i) {
      const auto& f = program.figures[i];
      const auto words = program_figure_words(f.id, asker.caller.language);
      w.object().field("id", f.id).field("kind", f.kind).field("name", words.name).field("of", words.of);
      w.field("numerator", hidden[i] ? std::nullopt : f.numerator).field("denominator", hidden[i] ? std::nullopt : f.denominator);
      w.field("percent", hidden[i] ? std::nullopt : f.percent).field("value", hidden[i] ? std::nullopt : f.value);
      w.field("unit", f.unit).field("suppressed", static_cast<bool>(hidden[i])).field("opens", exact && f.has_lines);
      write_benchmarks(w, q.set == Set::aims ? kept->deps->aims->benchmarks : std::vector<Benchmark>(), f.id);
      w.end();
    }
    w.end();
    if (q.as_of)
      write_restatement(w, program,
                        figures_of(kept, q.set, facts_of(kept, tx, asker.organization(), std::nullopt), program.period), false);
    else w.key("restatement").null();
    w.end();
    Reply reply = http::json_reply(200, std::move(body));
    reply.audit_detail = "period=" + program.period.text;
    if (q.as_of) reply.audit_detail += " as_of=" + iso(computed->facts_at);
    return reply;
  });
}

bool is_in(Part part, const ProgramPlace& place) {
  switch (part) {
    case Part::numerator:
      return place.numerator > 0;
    case Part::denominator:
      return place.denominator > 0;
    case Part::not_met:
      return place.denominator > place.numerator;
    case Part::out:
      return place.denominator == 0;
  }
  return false;
}

struct Opened {
  std::string figure, in, reason;
  Part part = Part::denominator;
  int limit = 0;
  std::size_t from = 0;  ///< line of the report
};

Result<Opened> read_opened(const Call& call) {
  CONCORD_TRY(const auto page, http::read_page(call.request));
  Opened opened;
  opened.figure = call.request.parameter("figure").value_or("");
  opened.in = call.request.parameter("in").value_or("");
  opened.reason = call.request.parameter("reason").value_or("");
  opened.limit = page.limit;
  const auto part = part_of(opened.in);
  if (!part) return http::wrong_question("in", std::string(kPartWords));
  opened.part = *part;
  CONCORD_TRY(opened.from, position_after(page));
  return opened;
}

Result<Work> list_patients(const Kept& kept, const Call& call, Set set) {
  CONCORD_TRY(const auto question, read_question(kept, call, set));
  CONCORD_TRY(const auto read, read_opened(call));
  return Work([kept, asker = Asker(call), q = question, opened = read](db::Tx& tx) -> Result<Reply> {
    const Deps& deps = *kept->deps->common;
    const auto& language = asker.caller.language;
    CONCORD_TRY(const auto computed, answer(kept, tx, asker, q));
    const auto& program = computed->program;
    const auto figure = std::find_if(program.figures.begin(), program.figures.end(),
                                     [&](const auto& f) { return f.id == opened.figure && f.has_lines; });
    if (figure == program.figures.end()) return http::wrong_question("figure", "is no figure that opens to its patients");
    const auto at = static_cast<std::size_t>(figure - program.figures.begin());
    const auto sites = sites_of_patients(tx, asker.organization());
    std::int64_t total = 0, elsewhere = 0, numerator = 0, denominator = 0;
    std::map<std::string_view, std::int64_t> reasons;
    std::vector<std::size_t> mine;  // positions in the report
    for (std::size_t i = 0; i < program.lines.size(); ++i) {
      const auto& place = program.lines[i].places[at];
      if (!is_in(opened.part, place)) continue;
      ++reasons[place.why];
      if (!opened.reason.empty() && place.why != opened.reason) continue;
      ++total;
      numerator += place.numerator;
      denominator += place.denominator;
      const auto site = sites.find(program.lines[i].patient_id);
      if (site == sites.end() || !asker.caller.may_use(site->second)) ++elsewhere;
      else mine.push_back(i);
    }
    std::string body;
    json::Writer w(body);
    w.object().field("figure", opened.figure).field("in", opened.in).field("total", total).field("elsewhere", elsewhere);
    w.field("numerator", numerator).field("denominator", denominator).field("facts_at", computed->facts_at);
    w.key("reasons").array();
    for (const auto& [why, n] : reasons)
      w.object().field("why", why).field("text", program_reason_words(why, language)).field("n", n).end();
    w.end().key("items").array();
    std::optional<std::size_t> next;
    int shown = 0;
    PersonWriter person(deps, tx, asker.organization());
    for (const auto i : mine) {
      if (i < opened.from) continue;
      if (shown == opened.limit) {
        next = i;
        break;
      }
      ++shown;
      const auto& line = program.lines[i];
      const auto& place = line.places[at];
      w.object();
      person.write(w, line.patient_id, line.episode_id);
      w.field("in", place.numerator > 0 ? "numerator" : place.denominator > 0 ? "denominator" : "out");
      w.field("numerator", place.numerator).field("denominator", place.denominator);
      w.field("why", place.why).field("text", program_reason_words(place.why, language)).end();
    }
    w.end().field("next", next ? std::optional(std::to_string(*next)) : std::nullopt).end();
    Reply reply = http::json_reply(200, std::move(body));
    reply.audit_detail =
        "period=" + program.period.text + " figure=" + opened.figure + " in=" + opened.in + " rows=" + std::to_string(shown);
    if (q.as_of) reply.audit_detail += " as_of=" + iso(computed->facts_at);
    return reply;
  });
}

std::string report_schema() {
  const std::string period = http::schema({{"name", "text!"}, {"from", "date!"}, {"to", "date!"}, {"known_until", "date!"}});
  const std::string benchmark =
      http::schema({{"value", "number!"}, {"unit", "text!"}, {"kind", "text!"}, {"of", "text!"}, {"source", "text!"}});
  const std::string figure = http::schema({{"id", "text!"},
                                           {"kind", "count|mean|rate|median!"},
                                           {"name", "text!"},
                                           {"of", "text!"},
                                           {"numerator", "integer?!"},
                                           {"denominator", "integer?!"},
                                           {"percent", "number?!"},
                                           {"value", "number?!"},
                                           {"unit", "text!"},
                                           {"suppressed", "boolean!"},
                                           {"opens", "boolean!"},
                                           {"benchmarks", "[]" + benchmark + "!"}});
  const std::string values =
      http::schema({{"numerator", "integer?!"}, {"denominator", "integer?!"}, {"percent", "number?!"}, {"value", "number?!"}});
  const std::string changed = http::schema({{"id", "text!"}, {"then", values + "!"}, {"now", values + "!"}});
  const std::string restatement = nullable(http::schema({{"figures", "[]" + changed + "!"}, {"moved_count", "integer!"}}));
  return http::schema({{"rule_set", "text!"},
                       {"rule_set_version", "text!"},
                       {"notice", "text?!"},
                       {"exclusions_read", "[]text!"},
                       {"exclusions_not_read", "[]" + http::schema({{"id", "text!"}, {"why", "text!"}}) + "!"},
                       {"period", period + "!"},
                       {"as_of", "instant?!"},
                       {"viewer", "patients|aggregates!"},
                       {"facts_at", "instant!"},
                       {"fte", "number?!"},
                       {"figures", "[]" + figure + "!"},
                       {"restatement", restatement + "!"}});
}

std::string patients_schema() {
  const std::string item = http::schema({{"patient_id", "id!"},
                                         {"episode_id", "id?!"},
                                         {"given_name", "text!"},
                                         {"family_name", "text!"},
                                         {"birth_date", "date?!"},
                                         {"site", http::schema({{"id", "id!"}, {"name", "text!"}}) + "!"},
                                         {"in", "numerator|denominator|out!"},
                                         {"numerator", "integer!"},
                                         {"denominator", "integer!"},
                                         {"why", "text!"},
                                         {"text", "text!"}});
  return http::schema({{"figure", "text!"},
                       {"in", "text!"},
                       {"total", "integer!"},
                       {"elsewhere", "integer!"},
                       {"numerator", "integer!"},
                       {"denominator", "integer!"},
                       {"facts_at", "instant!"},
                       {"reasons", "[]" + http::schema({{"why", "text!"}, {"text", "text!"}, {"n", "integer!"}}) + "!"},
                       {"items", "[]" + item + "!"},
                       {"next", "text?!"}});
}

template <Set set>
Result<Work> show_set(const Kept& kept, const Call& call) {
  return show(kept, call, set);
}
template <Set set>
Result<Work> list_set(const Kept& kept, const Call& call) {
  return list_patients(kept, call, set);
}

using Parameters = std::vector<std::pair<std::string, std::string>>;

template <Set set>
void add_set(http::RouteList<Kept>& all, const std::string& address, const std::string& name, const std::string& summary,
             Parameters period) {
  period.emplace_back("as_of", "The facts as they were known: a day (its end), a time at the program, or an instant");
  all.add(http::Method::get, address, name + ".read", "reports.read", summary, http::RunAs::list, "", report_schema(),
          show_set<set>)
      .query_parameters = period;
  auto& list = all.add(http::Method::get, address + "/patients", name + ".patients", "reports.patients",
                       "A figure's patients, each with the reason", http::RunAs::list, "", patients_schema(), list_set<set>);
  list.query_parameters = period;
  list.query_parameters.insert(list.query_parameters.end(),
                               {{"figure", "Its id, such as first_contact"},
                                {"in", "numerator, denominator, not_met or out"},
                                {"reason", "Only those with this reason"},
                                {"facts_at", "That of the report: its lines, whatever was entered since"},
                                {"limit", "1 to 200"},
                                {"after", "\"next\" of the page before"}});
}

}  // namespace

std::vector<http::Route> program_routes(const ProgramDeps& deps) {
  auto shared = std::make_shared<Shared>();
  shared->deps = &deps;
  http::RouteList<Kept> all(shared);
  add_set<Set::aims>(all, "/api/v1/reports/aims-2026", "aims_report",
                     "Process and outcome of the program (AIMS set) in a month or quarter",
                     {{"month", "The month, 2026-03"}, {"quarter", "Or the quarter, 2026-Q1"}});
  add_set<Set::hedis>(all, "/api/v1/reports/hedis-my2026", "hedis_report",
                      "Screening, monitoring and outcome of depression in a year: our reading, not HEDIS results",
                      {{"year", "The year, 2026"}});
  return all.take();
}

}  // namespace concord::measures
