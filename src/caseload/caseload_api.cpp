#include "caseload/caseload_api.h"

#include <algorithm>
#include <charconv>

#include "base/check.h"
#include "base/text.h"
#include "base/zone.h"
#include "http/replies.h"
#include "json/cursor.h"

namespace concord::caseload {
namespace {

using http::Call;
using http::Reply;
using http::Work;

constexpr std::size_t kMostCsvRows = 10000;
constexpr int kMostDaysAhead = 366;
constexpr int kMostDeferredDays = 90;

/// "need.due.episode": where a page ended. No name in it: addresses are written into histories and logs.
std::string page_key(const SortKey& key) {
  return std::to_string(static_cast<int>(key.need)) + "." + std::to_string(key.due) + "." + key.episode.text();
}

std::optional<SortKey> parse_page_key(std::string_view text) {
  const auto parts = split(text, '.');
  if (parts.size() != 3 || parts[0].size() != 1 || parts[0][0] < '0' || parts[0][0] > '5') return std::nullopt;
  SortKey key;
  key.need = static_cast<Need>(parts[0][0] - '0');
  const char* end = parts[1].data() + parts[1].size();
  const auto [stop, error] = std::from_chars(parts[1].data(), end, key.due);
  const auto episode = Uuid::parse(parts[2]);
  if (error != std::errc() || stop != end || !episode) return std::nullopt;
  key.episode = *episode;
  return key;
}

/// A list request, read and checked; owns what the unit of work needs.
struct Asked {
  Caller caller;
  Instant now;
  std::vector<SiteId> sites;
  Filter filter;
  std::optional<Date> as_of;
};

Result<Asked> read_query(const Call& call, const patients::Chart& chart) {
  Asked asked;
  asked.caller = call.caller;
  asked.now = call.now;
  std::vector<Issue> issues;
  const auto& request = call.request;
  auto given = [&](std::string_view key) -> std::optional<std::string_view> {
    const auto value = request.parameter(key);
    return value && !value->empty() ? value : std::nullopt;
  };
  asked.sites = call.caller.sites;
  if (const auto text = given("site")) {
    const auto site = SiteId::parse(*text);
    if (!site || !call.caller.may_use(*site)) issues.push_back({"site", "is not one of your sites"});
    else asked.sites = {*site};
  }
  if (const auto text = given("care_manager")) {
    if (*text == "me") asked.filter.care_manager = call.caller.user;
    else if (const auto id = UserId::parse(*text)) asked.filter.care_manager = *id;
    else issues.push_back({"care_manager", "must be me or a user's id"});
  }
  if (const auto text = given("state"); text && *text != "open") {
    asked.filter.state = episodes::parse_state(*text);
    if (!asked.filter.state)
      issues.push_back({"state", "must be open, referred, assessed, active, on_hold, relapse_prevention or closed"});
  }
  if (const auto text = given("need")) {
    asked.filter.need = parse_need(*text);
    if (!asked.filter.need)
      issues.push_back({"need", "must be safety, overdue, not_improving, review_due, target_met or on_track"});
  }
  if (const auto text = given("rule")) {
    asked.filter.rule = parse_rule(*text);
    if (!asked.filter.rule) issues.push_back({"rule", "is not a rule of the attention list"});
  }
  const Date today = call.caller.sites.empty()
                         ? Date()
                         : local_date(call.now, chart.time_zone(call.caller.organization, call.caller.sites.front()));
  if (const auto text = given("as_of")) {
    asked.as_of = Date::parse(*text);
    if (!asked.as_of) issues.push_back({"as_of", "must be a date, YYYY-MM-DD"});
    else if (*asked.as_of < today.plus_days(-1) || *asked.as_of > today.plus_days(kMostDaysAhead))
      issues.push_back({"as_of", "must be today or a day of the next year: the list knows only the facts of now"});
  }
  if (const auto text = given("after")) {
    asked.filter.after = parse_page_key(*text);
    if (!asked.filter.after) issues.push_back({"after", "must be the value of \"next\""});
  }
  if (!issues.empty()) return fail(ErrorCode::invalid, "The filter is wrong.", std::move(issues));
  asked.filter.today = [&chart, organization = call.caller.organization, now = call.now, as_of = asked.as_of](SiteId site) {
    return as_of ? *as_of : local_date(now, chart.time_zone(organization, site));
  };
  if (!asked.as_of) asked.as_of = today;
  return asked;
}

/// Covers as they are on the day of the list, at the sites it is about.
tasks::Covers covers_of(const Deps& deps, db::Tx& tx, const Asked& asked) {
  if (!deps.covers_on) return {};
  tasks::Covers covers = deps.covers_on(tx, asked.caller.organization, *asked.as_of);
  std::erase_if(covers, [&](const tasks::Cover& c) {
    return std::find(asked.sites.begin(), asked.sites.end(), c.site) == asked.sites.end();
  });
  return covers;
}

/// A care manager's list holds the people they cover for, too.
void add_covered(Asked& asked, const tasks::Covers& covers) {
  if (!asked.filter.care_manager || covers.empty()) return;
  const UserId who = *asked.filter.care_manager;
  asked.filter.away = tasks::stands_in_for(covers, who);
  asked.filter.away.erase(asked.filter.away.begin());  // themselves
  asked.filter.covered = [covers, who](UserId owner, SiteId site, PatientId patient) {
    return tasks::responsible(covers, site, owner, patient) == who;
  };
}

/// {"id","name","until"} of whoever covers for the row's care manager, or nothing.
std::string cover_json(const Deps& deps, db::Tx& tx, OrganizationId organization, const tasks::Covers& covers,
                       const ListedRow& row) {
  const UserId owner(row.care_manager);
  const auto* cover = tasks::cover_of(covers, row.site, owner, PatientId(row.patient));
  const UserId who = tasks::responsible(covers, row.site, owner, PatientId(row.patient));
  std::string out;
  if (!cover || who == owner) return out;
  json::Writer w(out);
  w.object()
      .field("id", who)
      .field("name", deps.chart->user_name(tx, organization, who).value_or(""))
      .field("until", cover->until)
      .end();
  return out;
}

ListPage run(db::Tx& tx, Asked& asked) {
  asked.filter.sites = asked.sites;
  if (asked.filter.after) {
    // The name that decides between equal needs and days is looked up, so that no address holds it.
    const auto place = find_episode(tx, asked.caller.organization, EpisodeId(asked.filter.after->episode));
    if (place)
      if (const auto found = find_name(tx, asked.caller.organization, place->patient)) asked.filter.after->name = *found;
  }
  return list(tx, asked.caller.organization, asked.filter);
}

void append_known(std::string& out, std::string_view key, std::optional<int> value) {
  if (!value) return;
  char digits[12];
  out.append(",\"").append(key).append("\":");
  out.append(digits, std::to_chars(digits, digits + sizeof digits, *value).ptr);
}

/// Lines of a row, one after the other, through one Line that keeps its memory.
template <class Each>
void each_line(const Kept& kept, const RuleSet& rules, Date today, Instant now, std::string_view language, Line& line,
               Each&& each) {
  const Scene scene{rules, today, now, language, kept.instrument, kept.enrolled};
  for (const Trigger& t : kept.triggers) {
    if (!t.counts(today)) continue;
    render(t, scene, line);
    each(line);
  }
}

std::optional<int> weeks_in_care(const Kept& kept, Date today) {
  return weeks_between(kept.enrolled, kept.closed && *kept.closed < today ? *kept.closed : today);
}

std::optional<int> age(const Kept& kept, Date today) {
  return kept.birth_date ? std::optional(age_in_years(*kept.birth_date, today)) : std::nullopt;
}

std::string cell_of(const json::Value* value) {
  if (!value || value->is(json::Kind::null)) return {};
  return csv_cell(value->text());
}

/// Points between baseline and current, for a spreadsheet.
std::string change(const json::Value& summary) {
  const json::Value* baseline = summary.find("baseline");
  const json::Value* current = summary.find("current");
  if (!baseline || !current) return {};
  std::string out;
  json::Writer(out).value(current->real().value_or(0) - baseline->real().value_or(0));
  return csv_cell(out);
}

Result<Work> read_list(const Deps& deps, const Call& call) {
  CONCORD_TRY(const auto page, http::read_page(call.request));
  CONCORD_TRY(auto asked, read_query(call, *deps.chart));
  asked.filter.limit = static_cast<std::size_t>(page.limit);
  return Work([deps, asked = std::move(asked)](db::Tx& tx) mutable -> Result<Reply> {
    const auto covers = covers_of(deps, tx, asked);
    add_covered(asked, covers);
    const ListPage found = run(tx, asked);
    std::function<std::string(const ListedRow&)> cover_of;
    if (!covers.empty())
      cover_of = [&](const ListedRow& row) { return cover_json(deps, tx, asked.caller.organization, covers, row); };
    Reply reply = http::json_reply(200, page_json(found, *deps.rules, *asked.as_of, asked.now, asked.caller.language, cover_of));
    reply.audit_detail = "rows=" + std::to_string(found.rows.size());
    return reply;
  });
}

Result<Work> read_csv(const Deps& deps, const Call& call) {
  CONCORD_TRY(auto asked, read_query(call, *deps.chart));
  asked.filter.limit = kMostCsvRows;
  return Work([deps, rules = deps.rules, asked = std::move(asked)](db::Tx& tx) mutable -> Result<Reply> {
    add_covered(asked, covers_of(deps, tx, asked));
    const ListPage found = run(tx, asked);
    if (found.more)
      return fail(ErrorCode::invalid, "These are more than 10,000 rows. Choose a site or a care manager.",
                  {{"care_manager", "narrow the list"}});
    Reply reply;
    reply.body = page_csv(found, *rules, asked.now, asked.caller.language);
    reply.content_type = "text/csv; charset=utf-8";
    reply.headers.emplace_back("Content-Disposition", "attachment; filename=\"caseload-" + asked.as_of->iso() + ".csv\"");
    reply.audit_detail = "rows=" + std::to_string(found.rows.size());
    return reply;
  });
}

Result<Work> read_patient_attention(const Deps& deps, const Call& call) {
  CONCORD_TRY(const auto id, call.path_id<PatientId>("patient_id"));
  return Work([deps, asker = patients::Asker(call), id](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(const auto place, deps.chart->find(tx, asker.caller, asker.now, id));
    std::string body;
    json::Writer w(body);
    w.object().field("as_of", place.today).key("items");
    write_attention(w, tx, asker.caller, *deps.rules, id, place.today, asker.now);
    w.end();
    return patients::looked(std::move(body), id, id.uuid);
  });
}

Result<Work> add_deferral_route(const Deps& deps, const Call& call) {
  CONCORD_TRY(const auto episode, call.path_id<EpisodeId>("episode_id"));
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"rule", "until", "reason"});
  Deferral d;
  const auto rule_name = body.required("rule").string(1, 60);
  if (rule_name) {
    const auto rule = parse_rule(*rule_name);
    if (!rule) body.required("rule").issue("is not a rule of the attention list");
    else if (need_of(*rule) == Need::safety) body.required("rule").issue("a safety line cannot be put off");
    else d.rule = *rule;
  }
  if (const auto until = body.required("until").date()) d.until = *until;
  if (const auto reason = body.required("reason").string(1, 500)) {
    d.reason = std::string(trim(*reason));
    if (d.reason.empty()) body.required("reason").issue("say why");
  }
  if (!issues.empty()) return issues.error();
  d.id = deps.chart->ids->next();
  d.episode = episode;
  d.by = call.caller.user;
  d.at = call.now;
  return Work([deps, asker = patients::Asker(call), d](db::Tx& tx) mutable -> Result<Reply> {
    const OrganizationId organization = asker.organization();
    const auto found = find_episode(tx, organization, d.episode);
    if (!found || !asker.caller.may_use(found->site)) return http::not_found();
    d.patient = found->patient;
    d.made_on = local_date(asker.now, deps.chart->time_zone(organization, found->site));
    if (d.until <= d.made_on || d.until > d.made_on.plus_days(kMostDeferredDays))
      return fail(ErrorCode::invalid, "The day is wrong.", {{"until", "must be after today, at most 90 days ahead"}});
    const auto lines = read_attention(tx, organization, d.patient, *deps.rules, d.made_on, std::nullopt, asker.caller.language);
    if (std::none_of(lines.begin(), lines.end(), [&](const Line& line) { return line.rule == d.rule; }))
      return fail(ErrorCode::invalid, "There is nothing to put off.", {{"rule", "does not ask for anything today"}});
    add_deferral(tx, organization, d);
    refresh(tx, organization, d.patient, *deps.rules);
    std::string body_text;
    json::Writer w(body_text);
    w.object()
        .field("id", d.id)
        .field("episode_id", d.episode)
        .field("rule", name(d.rule))
        .field("until", d.until)
        .field("reason", d.reason);
    w.key("attention");
    write_attention(w, tx, asker.caller, *deps.rules, d.patient, d.made_on, asker.now);
    w.end();
    Reply reply = patients::changed(201, std::move(body_text), d.patient, d.id);
    reply.location = "/api/v1/patients/" + d.patient.text() + "/attention";
    return reply;
  });
}

Result<Work> withdraw_deferral_route(const Deps& deps, const Call& call) {
  CONCORD_TRY(const auto episode, call.path_id<EpisodeId>("episode_id"));
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"rule"});
  std::optional<Rule> rule;
  if (const auto word = body.required("rule").string(1, 60)) {
    rule = parse_rule(*word);
    if (!rule) body.required("rule").issue("is not a rule of the attention list");
  }
  if (!issues.empty()) return issues.error();
  return Work([deps, asker = patients::Asker(call), episode, rule = *rule](db::Tx& tx) -> Result<Reply> {
    const OrganizationId organization = asker.organization();
    const auto found = find_episode(tx, organization, episode);
    if (!found || !asker.caller.may_use(found->site)) return http::not_found();
    const Date today = local_date(asker.now, deps.chart->time_zone(organization, found->site));
    if (withdraw_deferrals(tx, organization, found->patient, episode, rule, today, asker.caller.user, asker.now) == 0)
      return fail(ErrorCode::conflict, "This is not put off any more.");
    refresh(tx, organization, found->patient, *deps.rules);
    std::string out;
    json::Writer w(out);
    w.object().field("episode_id", episode).field("rule", name(rule)).field("withdrawn_at", asker.now).key("attention");
    write_attention(w, tx, asker.caller, *deps.rules, found->patient, today, asker.now);
    w.end();
    return patients::changed(200, std::move(out), found->patient, episode.uuid);
  });
}

std::string line_schema() {
  return http::schema({{"rule", "text!"},
                       {"severity", "critical|high|medium|low!"},
                       {"owner", "text!"},
                       {"owner_name", "text"},
                       {"escalated_to", "on_call|psychiatric_consultant"},
                       {"due", "text?!"},
                       {"text", "text!"},
                       {"evidence", "[]object!"},
                       {"citation", "text!"},
                       {"parameters", "object"},
                       {"suggested_act", "text!"},
                       {"deferred_until", "date"}});
}

std::string list_line_schema() {
  return http::schema({{"rule", "text!"}, {"due", "text?!"}, {"text", "text!"}, {"suggested_act", "text!"}});
}

std::string row_schema() {
  const std::string summary =
      http::schema({{"instrument", "text!"},
                    {"baseline", "number"},
                    {"baseline_date", "date"},
                    {"current", "number"},
                    {"current_date", "date"},
                    {"percent", "number"},
                    {"points_from", "date"},
                    {"points", R"([]{"type":"array","description":"days since points_from, total","minItems":2,"maxItems":2})"}});
  return http::schema({{"patient_id", "id!"},
                       {"episode_id", "id!"},
                       {"name", "text!"},
                       {"state", "referred|assessed|active|on_hold|relapse_prevention|closed!"},
                       {"care_manager", "text"},
                       {"cover", http::schema({{"id", "id!"}, {"name", "text!"}, {"until", "date!"}})},
                       {"primary", summary},
                       {"secondary", summary},
                       {"last_contact_date", "date"},
                       {"next_due", "date"},
                       {"last_review_date", "date"},
                       {"unseen_measurements", "integer"},
                       {"birth_date", "date"},
                       {"age", "integer"},
                       {"weeks_in_care", "integer"},
                       {"weeks_on_plan", "integer"},
                       {"need", "safety|overdue|not_improving|review_due|target_met|on_track!"},
                       {"why", list_line_schema()},
                       {"also", "[]text!"}});
}

std::string page_schema() {
  const std::string counts = http::schema({{"total", "integer!"},
                                           {"need_you", "integer!"},
                                           {"safety", "integer!"},
                                           {"overdue", "integer!"},
                                           {"not_improving", "integer!"},
                                           {"review_due", "integer!"},
                                           {"target_met", "integer!"},
                                           {"on_track", "integer!"}});
  return http::schema({{"as_of", "date!"},
                       {"counts", counts + "!"},
                       {"items", "[]" + row_schema() + "!"},
                       {"ranges", "object!"},
                       {"next", "text?!"}});
}

}  // namespace

int write_attention(json::Writer& w, db::Tx& tx, const Caller& caller, const RuleSet& rules, PatientId patient, Date today,
                    Instant now) {
  int open = 0;
  w.array();
  for (const Line& line : read_attention(tx, caller.organization, patient, rules, today, now, caller.language)) {
    write_line(w, line);
    open += !line.deferred_until;
  }
  w.end();
  return open;
}

std::string page_json(const ListPage& page, const RuleSet& rules, Date as_of, Instant now, std::string_view language,
                      const std::function<std::string(const ListedRow&)>& cover_of) {
  std::string out;
  out.reserve(1024 + page.rows.size() * 1024);
  json::Writer head(out);
  head.object().field("as_of", as_of).key("counts").object().field("total", page.counts.total);
  head.field("need_you", page.counts.total - page.counts.by_need[static_cast<std::size_t>(Need::on_track)]);
  for (std::size_t i = 0; i < page.counts.by_need.size(); ++i) head.field(name(static_cast<Need>(i)), page.counts.by_need[i]);
  head.end();
  out += ",\"items\":[";
  Kept kept;
  Line line;
  std::vector<std::string> instruments;
  bool first = true;
  for (const ListedRow& row : page.rows) {
    if (!first) out += ',';
    first = false;
    decode(row.triggers(), kept);
    if (!kept.instrument.empty() && std::find(instruments.begin(), instruments.end(), kept.instrument) == instruments.end())
      instruments.push_back(kept.instrument);
    out += "{\"patient_id\":\"";
    row.patient.append_text(out);
    out += "\",\"episode_id\":\"";
    row.episode.append_text(out);
    out += "\",";
    out += row.body();
    if (kept.birth_date) {
      out += ",\"birth_date\":\"";
      kept.birth_date->append_iso(out);
      out += '"';
    }
    if (cover_of)
      if (const std::string cover = cover_of(row); !cover.empty()) out.append(",\"cover\":").append(cover);
    append_known(out, "age", age(kept, row.today));
    append_known(out, "weeks_in_care", weeks_in_care(kept, row.today));
    append_known(out, "weeks_on_plan", weeks_between(kept.plan_since, row.today));
    out += ",\"need\":\"";
    out += name(row.need);
    out += '"';
    const Trigger* shown = nullptr;
    for (const Trigger& t : kept.triggers) {
      if (!t.counts(row.today)) continue;
      if (!shown) {
        shown = &t;
        render(t, Scene{rules, row.today, now, language, kept.instrument, kept.enrolled}, line);
        out += ",\"why\":";
        append_list_line(out, line);
        out += ",\"also\":[";
        continue;
      }
      if (out.back() != '[') out += ',';
      out.append("\"").append(name(t.rule)).append("\"");
    }
    out += shown ? "]}" : ",\"also\":[]}";
  }
  out += "],\"ranges\":{";
  for (const std::string& id : instruments) {
    if (out.back() != '{') out += ',';
    json::append_string(out, id);
    out += ':';
    const auto& criteria = rules.criteria(id);
    json::Writer(out).array().value(criteria.minimum).value(criteria.maximum).end();
  }
  out += "},\"next\":";
  if (page.more) json::append_string(out, page_key(page.rows.back().key()));
  else out += "null";
  out += '}';
  return out;
}

std::string page_csv(const ListPage& page, const RuleSet& rules, Instant now, std::string_view language) {
  std::string out =
      "name,birth_date,age,state,weeks_in_care,care_manager,instrument,baseline,baseline_date,current,current_date,change,"
      "percent,"
      "second_instrument,second_baseline,second_current,last_contact_date,next_due,plan_since,last_review_date,need,why,"
      "suggested_act,"
      "patient_id,episode_id\r\n";
  Kept kept;
  Line line;
  for (const ListedRow& row : page.rows) {
    decode(row.triggers(), kept);
    const auto document = json::Document::parse("{" + std::string(row.body()) + "}");
    CHECK(document.has_value());
    const json::Value& body = document->root();
    const json::Value* primary = body.find("primary");
    const json::Value* secondary = body.find("secondary");
    auto add = [&](std::string_view cell) { out.append(cell).push_back(','); };
    auto number = [&](std::optional<int> n) { add(n ? std::to_string(*n) : ""); };
    auto date = [&](std::optional<Date> day) { add(day ? day->iso() : ""); };
    auto of = [&](const json::Value* summary, std::string_view key) { add(summary ? cell_of(summary->find(key)) : ""); };
    add(cell_of(body.find("name")));
    date(kept.birth_date);
    number(age(kept, row.today));
    add(cell_of(body.find("state")));
    number(weeks_in_care(kept, row.today));
    add(cell_of(body.find("care_manager")));
    for (const auto key : {"instrument", "baseline", "baseline_date", "current", "current_date"}) of(primary, key);
    add(primary ? change(*primary) : "");
    of(primary, "percent");
    for (const auto key : {"instrument", "baseline", "current"}) of(secondary, key);
    for (const auto key : {"last_contact_date", "next_due"}) add(cell_of(body.find(key)));
    date(kept.plan_since);
    add(cell_of(body.find("last_review_date")));
    add(name(row.need));
    std::string why;
    std::string_view act;
    each_line(kept, rules, row.today, now, language, line, [&](const Line& one) {
      if (why.empty()) act = one.suggested_act;
      else why += ' ';
      why += one.text;
    });
    add(csv_cell(why));
    add(act);
    add(row.patient.text());
    out += row.episode.text();
    out += "\r\n";
  }
  return out;
}

std::vector<http::Route> routes(const Deps& deps) {
  const std::vector<std::pair<std::string, std::string>> filters{
      {"site", "A site's id; without it all of yours"},
      {"care_manager", "me, or a user's id; without it everybody's"},
      {"state", "open (default), referred, assessed, active, on_hold, relapse_prevention or closed"},
      {"need", "safety, overdue, not_improving, review_due, target_met or on_track"},
      {"rule", "Rows where this rule fires, such as contact.first"},
      {"as_of", "Today (default) or a day ahead: who will need us then"}};
  std::vector<http::Route> routes;

  http::Route page;
  page.pattern = "/api/v1/caseload";
  page.name = "caseload.list";
  page.permission = "caseload.read";
  page.summary = "Who needs somebody today and why, most pressing first";
  page.run_as = http::RunAs::list;
  // One care manager's rows lie together and are few; everybody's may be a million.
  page.reads_little = [](const http::Request& request) {
    const auto care_manager = request.parameter("care_manager");  // an empty one is no filter: the whole organization
    return care_manager && !care_manager->empty();
  };
  page.response_schema = page_schema();
  page.query_parameters = filters;
  page.query_parameters.emplace_back("limit", "Rows of a page, 1 to 200; 50 without it");
  page.query_parameters.emplace_back("after", "\"next\" of the page before");
  page.handler = [deps](const Call& call) { return read_list(deps, call); };
  routes.push_back(std::move(page));

  http::Route csv;
  csv.pattern = "/api/v1/caseload.csv";
  csv.name = "caseload.export";
  csv.permission = "caseload.export";
  csv.summary = "The same list as a table for spreadsheets";
  csv.run_as = http::RunAs::list;
  csv.response_schema = R"({"type":"string","description":"text/csv"})";
  csv.query_parameters = filters;
  csv.handler = [deps](const Call& call) { return read_csv(deps, call); };
  routes.push_back(std::move(csv));

  http::Route lines;
  lines.pattern = "/api/v1/patients/{patient_id}/attention";
  lines.name = "attention.read";
  lines.permission = "attention.read";
  lines.summary = "Everything that needs doing for one patient, put-off lines included and marked";
  lines.run_as = http::RunAs::point;
  lines.response_schema = http::schema({{"as_of", "date!"}, {"items", "[]" + line_schema() + "!"}});
  lines.handler = [deps](const Call& call) { return read_patient_attention(deps, call); };
  routes.push_back(std::move(lines));

  http::Route defer;
  defer.method = http::Method::post;
  defer.pattern = "/api/v1/episodes/{episode_id}/deferrals";
  defer.name = "attention.defer";
  defer.permission = "attention.defer";
  defer.summary = "Not now: puts a line off until a day, with the reason";
  defer.run_as = http::RunAs::write;
  defer.creates = true;
  defer.request_schema = http::schema({{"rule", "text!"}, {"until", "date!"}, {"reason", "text!"}}, true);
  defer.response_schema = http::schema({{"id", "id!"},
                                        {"episode_id", "id!"},
                                        {"rule", "text!"},
                                        {"until", "date!"},
                                        {"reason", "text!"},
                                        {"attention", "[]" + line_schema() + "!"}});
  defer.handler = [deps](const Call& call) { return add_deferral_route(deps, call); };
  routes.push_back(std::move(defer));

  http::Route undo;
  undo.method = http::Method::post;
  undo.pattern = "/api/v1/episodes/{episode_id}/deferrals/withdraw";
  undo.name = "attention.undefer";
  undo.permission = "attention.defer";
  undo.summary = "Takes \"not now\" back; what was put off is kept as history";
  undo.run_as = http::RunAs::write;
  undo.request_schema = http::schema({{"rule", "text!"}}, true);
  undo.response_schema = http::schema(
      {{"episode_id", "id!"}, {"rule", "text!"}, {"withdrawn_at", "instant!"}, {"attention", "[]" + line_schema() + "!"}});
  undo.handler = [deps](const Call& call) { return withdraw_deferral_route(deps, call); };
  routes.push_back(std::move(undo));
  return routes;
}

}  // namespace concord::caseload
