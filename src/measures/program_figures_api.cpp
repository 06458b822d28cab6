#include "measures/program_figures_api.h"

#include <algorithm>
#include <charconv>
#include <list>
#include <map>
#include <mutex>
#include <unordered_map>

#include "base/check.h"
#include "base/zone.h"
#include "http/replies.h"
#include "http/route_list.h"
#include "measures/measures_sql.h"
#include "measures/measures_store.h"
#include "measures/program_figures.h"
#include "measures/program_words.h"

namespace concord::measures {
namespace {

using http::Call;
using http::Reply;
using http::Work;
using patients::Asker;
using patients::PatientId;

enum class Set { aims, hedis };
constexpr std::size_t kMostReports = 4, kMostLines = 200'000;  // of all kept reports; the newest stays whatever its size

struct Computed {
  ProgramFigures program;
  Instant facts_at{};
};
using ComputedPtr = std::shared_ptr<const Computed>;

/// The last reports, by what was asked and the instant of their facts. Thread-safe.
class Recent {
 public:
  struct Key {
    OrganizationId organization;
    Set set;
    std::string period;
    Instant facts_at;
    bool operator==(const Key&) const = default;
  };
  ComputedPtr find(const Key& key) {
    const std::lock_guard lock(mutex_);
    for (const auto& [kept, report] : kept_)
      if (kept == key) return report;
    return nullptr;
  }
  void keep(Key key, ComputedPtr report) {
    const std::lock_guard lock(mutex_);
    kept_.emplace_front(std::move(key), std::move(report));
    std::size_t lines = 0, count = 0;
    auto at = kept_.begin();
    for (; at != kept_.end(); ++at) {
      lines += at->second->program.lines.size();
      if (++count > kMostReports || (count > 1 && lines > kMostLines)) break;
    }
    kept_.erase(at, kept_.end());
  }

 private:
  std::mutex mutex_;
  std::list<std::pair<Key, ComputedPtr>> kept_;
};

struct Shared {
  const ProgramDeps* deps = nullptr;
  std::shared_ptr<Recent> recent = std::make_shared<Recent>();
};
using Kept = std::shared_ptr<Shared>;

tl::unexpected<Error> wrong(std::string path, std::string text) {
  return fail(ErrorCode::invalid, "The question is wrong.", {{std::move(path), std::move(text)}});
}

struct Question {
  Set set = Set::aims;
  ReportPeriod period;
  std::optional<Instant> facts_at;  ///< of a report that was answered a moment ago
};

bool sees_patients(const Kept& kept, const Caller& caller) {
  return kept->deps->common->role_allows(caller.role, "reports.patients");
}

Result<Question> read_question(const Kept& kept, const Call& call, Set set) {
  Question q;
  q.set = set;
  const auto text_of = [&](std::string_view name) { return call.request.parameter(name).value_or(""); };
  if (set == Set::hedis) {
    const auto year = ReportPeriod::year(text_of("year"));
    if (!year) return wrong("year", "must be a year like 2026");
    q.period = *year;
  } else if (!text_of("quarter").empty()) {
    const auto quarter = ReportPeriod::quarter(text_of("quarter"));
    if (!quarter) return wrong("quarter", "must be a quarter like 2026-Q1");
    if (!text_of("month").empty()) return wrong("month", "does not go together with quarter");
    q.period = *quarter;
  } else {
    const auto month = ReportPeriod::month(text_of("month"));
    if (!month) return wrong("month", "must be a month like 2026-03, or give a quarter like 2026-Q1");
    if (!sees_patients(kept, call.caller))
      return fail(ErrorCode::not_allowed,
                  "Your role sees sums only: months beside their quarter would show a few people. Ask for the quarter.");
    q.period = *month;
  }
  if (const auto text = text_of("facts_at"); !text.empty()) {
    q.facts_at = parse_instant(text);
    if (!q.facts_at) return wrong("facts_at", "must be the facts_at of an answer");
  }
  return q;
}

/// The report of the facts that were named, while it is remembered; else of the facts of now.
Result<ComputedPtr> answer(const Kept& kept, db::Tx& tx, const Asker& asker, const Question& q) {
  const auto& deps = *kept->deps;
  const auto organization = asker.organization();
  const Date today = local_date(asker.now, deps.common->zone_of(tx, organization));
  const auto period = q.period.known_on(today);
  if (!period) {
    const std::string_view kind = q.period.text.size() == 4 ? "year" : q.period.text[5] == 'Q' ? "quarter" : "month";
    return wrong(std::string(kind), "has not begun: must not be after today, " + today.iso());
  }
  if (q.facts_at)
    if (auto found = kept->recent->find({organization, q.set, period->text, *q.facts_at})) return found;
  const auto clinic =
      load_clinic(tx, organization, *deps.common->rules, [](std::string_view, const Uuid& id) { return id.text(); });
  auto computed = std::make_shared<Computed>();
  computed->facts_at = asker.now;
  computed->program = q.set == Set::aims ? program_figures(aims_report(clinic, *deps.aims, *period))
                                         : program_figures(hedis_report(clinic, *deps.hedis, *period));
  kept->recent->keep({organization, q.set, period->text, asker.now}, computed);
  return ComputedPtr(computed);
}

void write_period(json::Writer& w, const ReportPeriod& period) {
  w.key("period").object().field("name", period.text).field("from", period.first).field("to", period.last);
  w.field("known_until", period.until).end();
}

Result<Work> show(const Kept& kept, const Call& call, Set set) {
  CONCORD_TRY(const auto question, read_question(kept, call, set));
  return Work([kept, asker = Asker(call), q = question](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(const auto computed, answer(kept, tx, asker, q));
    const auto& program = computed->program;
    const bool exact = sees_patients(kept, asker.caller);
    const auto hidden = exact ? std::vector<bool>(program.figures.size()) : hidden_figures(program);
    std::string body;
    json::Writer w(body);
    w.object().field("rule_set", program.rule_set).field("rule_set_version", program.version);
    w.key("notice");
    if (q.set == Set::hedis) w.value(kept->deps->hedis->notice);
    else w.null();
    write_period(w, program.period);
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
    w.end().end();
    Reply reply = http::json_reply(200, std::move(body));
    reply.audit_detail = "period=" + program.period.text;
    return reply;
  });
}

enum class Part { numerator, denominator, not_met, out };

std::optional<Part> part_of(std::string_view word) {
  if (word == "numerator") return Part::numerator;
  if (word == "denominator") return Part::denominator;
  if (word == "not_met") return Part::not_met;
  if (word == "out") return Part::out;
  return std::nullopt;
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
  if (!part) return wrong("in", "must be numerator, denominator, not_met or out");
  opened.part = *part;
  if (page.after) {
    const auto [end, error] = std::from_chars(page.after->data(), page.after->data() + page.after->size(), opened.from);
    if (error != std::errc() || end != page.after->data() + page.after->size()) return http::wrong_page();
  }
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
    if (figure == program.figures.end()) return wrong("figure", "is no figure that opens to its patients");
    const auto at = static_cast<std::size_t>(figure - program.figures.begin());
    std::unordered_map<std::string, SiteId> sites;
    tx.each(sql::kPatientSites, {asker.organization()},
            [&](const db::Row& row) { sites.emplace(row.uuid(0).text(), row.id<SiteId>(1)); });
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
    std::unordered_map<Uuid, std::string> site_names;
    for (const auto i : mine) {
      if (i < opened.from) continue;
      if (shown == opened.limit) {
        next = i;
        break;
      }
      ++shown;
      const auto& line = program.lines[i];
      const auto& place = line.places[at];
      const auto id = PatientId::parse(line.patient_id).value();
      const auto person = deps.patient(tx, asker.organization(), id);
      CHECK(person.has_value());
      auto [site_name, fresh] = site_names.try_emplace(person->site.uuid);
      if (fresh) site_name->second = deps.site_name(tx, asker.organization(), person->site);
      w.object().field("patient_id", id).key("episode_id");
      if (line.episode_id.empty()) w.null();
      else w.value(line.episode_id);
      w.field("given_name", person->given_name).field("family_name", person->family_name);
      w.field("birth_date", person->birth_date);
      w.key("site").object().field("id", person->site).field("name", site_name->second).end();
      w.field("in", place.numerator > 0 ? "numerator" : place.denominator > 0 ? "denominator" : "out");
      w.field("numerator", place.numerator).field("denominator", place.denominator);
      w.field("why", place.why).field("text", program_reason_words(place.why, language)).end();
    }
    w.end().field("next", next ? std::optional(std::to_string(*next)) : std::nullopt).end();
    Reply reply = http::json_reply(200, std::move(body));
    reply.audit_detail =
        "period=" + program.period.text + " figure=" + opened.figure + " in=" + opened.in + " rows=" + std::to_string(shown);
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
  return http::schema({{"rule_set", "text!"},
                       {"rule_set_version", "text!"},
                       {"notice", "text?!"},
                       {"period", period + "!"},
                       {"viewer", "patients|aggregates!"},
                       {"facts_at", "instant!"},
                       {"fte", "number?!"},
                       {"figures", "[]" + figure + "!"}});
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
             const Parameters& period) {
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
                                {"facts_at", "That of the report: its lines, while it is remembered"},
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
