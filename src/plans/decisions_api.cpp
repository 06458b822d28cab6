#include <algorithm>

#include "base/text.h"
#include "patients/shapes.h"
#include "plans/decisions.h"
#include "plans/plans_routes.h"
#include "plans/plans_store.h"

namespace concord::plans {
namespace {

using http::Call;
using http::Reply;
using http::Work;
using patients::changed;
using patients::looked;

constexpr std::size_t kMost = 30;
constexpr std::size_t kItemBytes = 200;

void write(const Deps& deps, json::Writer& w, db::Tx& tx, const Caller& caller, const Decision& d) {
  const auto* aid = d.aid && deps.aids != nullptr ? deps.aids->find(*d.aid) : nullptr;
  const auto name_of = [&](const std::string& option) {
    const auto* known = aid != nullptr ? aid->option(option) : nullptr;
    return known != nullptr ? known->name.in(caller.language) : option;
  };
  w.object()
      .field("id", d.id)
      .field("on", d.on)
      .field("aid", d.aid)
      .field("aid_version", d.aid_version)
      .field("topic", aid != nullptr ? aid->title.in(caller.language) : d.topic)
      .field("language", d.language)
      .key("options")
      .array();
  for (const auto& option : d.options) w.object().field("id", option).field("name", name_of(option)).end();
  w.end().key("weights").array();
  for (const auto& one : d.weights) {
    const auto* matter = aid != nullptr ? aid->matter(one.item) : nullptr;
    w.object().field("item", one.item).field("text", matter != nullptr ? matter->text.in(caller.language) : one.item);
    w.field("weight", one.weight).end();
  }
  w.end().field("choice", d.choice).key("choice_name");
  if (d.choice == "other") w.value(d.choice_words);
  else if (d.choice == "undecided") w.value(caller.language.starts_with("es") ? "Todavía sin decidir" : "Not decided yet");
  else w.value(name_of(d.choice));
  w.field("choice_words", d.choice_words).key("took_part").array();
  for (const auto& who : d.took_part) w.value(who);
  w.end().field("note", d.note).key("recorded_by");
  deps.chart->write_user(w, tx, caller, d.recorded_by);
  w.field("replaces", d.replaces).field("replaced_by", d.replaced_by).key("labels");
  patients::write_labels(w, d.labels, patients::Normal::written);
  w.field("version", d.version).end();
}

Result<Work> list_all(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  return Work([deps, asker = Asker(call), patient](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY_VOID(deps->chart->find(tx, asker.caller, asker.now, patient));
    std::string body;
    json::Writer w(body);
    w.object().key("items").array();
    for (const auto& d : list_decisions(tx, asker.organization(), patient)) write(*deps, w, tx, asker.caller, d);
    w.end().key("next").null().end();
    return looked(std::move(body), patient, patient.uuid);
  });
}

/// A list of words, each once.
std::vector<std::string> read_words(const json::Cursor& list) {
  std::vector<std::string> words;
  if (!list.present()) return words;
  list.each([&](const json::Cursor& item) {
    if (words.size() == kMost) return item.issue("is one too many: at most 30");
    const auto word = item.string(1, kItemBytes);
    if (word && std::find(words.begin(), words.end(), *word) == words.end()) words.push_back(*word);
  });
  return words;
}

void check_against_aid(const DecisionAid& aid, const Decision& d, const json::Cursor& body) {
  for (std::size_t i = 0; i < d.options.size(); ++i)
    if (aid.option(d.options[i]) == nullptr)
      body.issues().add("options[" + std::to_string(i) + "]", "is no option of this decision aid");
  if (d.choice != "undecided" && d.choice != "other") {
    if (aid.option(d.choice) == nullptr) body.required("choice").issue("is no option of this decision aid, undecided or other");
    else if (std::find(d.options.begin(), d.options.end(), d.choice) == d.options.end())
      body.required("choice").issue("is not among the options that were considered");
  }
}

Result<Work> create_decision(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"aid", "aid_version", "language", "topic", "options", "weights", "choice", "choice_words", "took_part", "on", "note",
             "replaces"});
  Decision d;
  d.aid = body.optional("aid").string(1, 60);
  const auto version_given = body.optional("aid_version").string(1, 20);
  const auto language = body.optional("language").string(2, 35);
  d.topic = body.optional("topic").string(0, kItemBytes).value_or("");
  d.options = read_words(body.required("options"));
  if (const auto weights = body.optional("weights"); weights.present())
    weights.each([&](const json::Cursor& item) {
      item.only({"item", "weight"});
      const auto name = item.required("item").string(1, kItemBytes);
      const auto weight = item.required("weight").integer(0, 5);
      if (d.weights.size() == kMost) item.issue("is one too many: at most 30");
      else if (name && weight) d.weights.push_back({*name, static_cast<int>(*weight)});
    });
  d.choice = body.required("choice").string(1, kItemBytes).value_or("");
  d.choice_words = body.optional("choice_words").string(1, 1000);
  if (const auto list = body.required("took_part"); list.present())
    list.each([&](const json::Cursor& item) {
      const auto who = item.one_of({"patient", "caregiver", "interpreter", "care_manager", "pcp", "psychiatric_consultant",
                                    "bh_specialist", "community_worker", "obstetrician", "pediatrician"});
      if (who && std::find(d.took_part.begin(), d.took_part.end(), *who) == d.took_part.end()) d.took_part.push_back(*who);
    });
  const auto on = body.optional("on").date();
  d.note = body.optional("note").string(0, 4000).value_or("");
  d.replaces = body.optional("replaces").id<DecisionId>();
  if (!issues.empty()) return issues.error();

  const DecisionAid* aid = nullptr;
  if (d.aid) {
    aid = deps->aids != nullptr ? deps->aids->find(*d.aid) : nullptr;
    if (aid == nullptr) body.required("aid").issue("is no decision aid Concord has");
    else check_against_aid(*aid, d, body);
  } else if (trim(d.topic).empty()) {
    body.required("topic").issue("say what the decision is about, or name the aid");
  }
  if (d.options.empty()) body.required("options").issue("name what was considered");
  if (d.choice == "other" && !d.choice_words) body.optional("choice_words").issue("say what it is");
  const auto took_part = [&](std::string_view who) {
    return std::find(d.took_part.begin(), d.took_part.end(), who) != d.took_part.end();
  };
  if (!took_part("patient") && !took_part("caregiver"))
    body.required("took_part").issue("a decision is made with the patient, or with a child's caregiver");
  if (!issues.empty()) return issues.error();
  if (aid != nullptr) {
    // What was on the table is the version the page showed; without it, the one that is shipped now.
    d.aid_version = version_given.value_or(aid->version);
    d.topic = aid->title.en;
  }
  d.id = DecisionId(deps->chart->ids->next());
  d.patient = patient;
  d.recorded_by = call.caller.user;
  return Work([deps, asker = Asker(call), decision = std::move(d), on, language](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(const auto place, deps->chart->find(tx, asker.caller, asker.now, decision.patient));
    Decision row = decision;
    std::vector<Issue> wrong;
    row.on = day_of(on, place.today, std::nullopt, wrong);
    row.language = language ? *language : language_for(*deps, tx, asker, row.patient);
    row.labels = labels_for(*deps, tx, asker, row.patient);
    if (row.replaces) {
      const auto all = list_decisions(tx, asker.organization(), row.patient);
      const auto old = std::find_if(all.begin(), all.end(), [&](const Decision& one) { return one.id == *row.replaces; });
      if (old == all.end()) wrong.push_back({"replaces", "is no decision of this patient"});
      else if (old->replaced_by) wrong.push_back({"replaces", "was replaced already: name the later one"});
    }
    CONCORD_TRY_VOID(patients::refuse_if_any(std::move(wrong)));
    insert(tx, asker.organization(), row, asker.now);
    if (row.replaces && !set_replaced(tx, asker.organization(), row.patient, *row.replaces, row.id))
      return fail(ErrorCode::conflict, "Somebody else replaced that decision at the same moment.");
    std::string out;
    json::Writer w(out);
    write(*deps, w, tx, asker.caller, row);
    Reply reply = changed(201, std::move(out), row.patient, row.id.uuid);
    reply.location = "/api/v1/patients/" + row.patient.text() + "/decisions/" + row.id.text();
    reply.version = row.version;
    return reply;
  });
}

std::string language_of(const Call& call) {
  const auto asked = call.request.parameter("language");
  return std::string(asked ? *asked : std::string_view(call.caller.language));
}

Result<Work> list_aids(const Kept& deps, const Call& call) {
  return Work([deps, language = language_of(call)](db::Tx&) -> Result<Reply> {
    std::string body;
    json::Writer w(body);
    w.object().key("items").array();
    for (const auto& aid : deps->aids->all()) write_aid_line(w, aid, language);
    w.end().key("next").null().end();
    return http::json_reply(200, std::move(body));
  });
}

Result<Work> read_aid(const Kept& deps, const Call& call) {
  const auto* aid = deps->aids->find(call.path_parameter("aid"));
  if (aid == nullptr) return http::not_found();
  return Work([deps, aid, language = language_of(call)](db::Tx&) -> Result<Reply> {
    std::string body;
    json::Writer w(body);
    write_aid(w, *aid, language);
    return http::json_reply(200, std::move(body));
  });
}

std::string decision_schema() {
  return http::schema({{"id", "id!"},
                       {"on", "date!"},
                       {"aid", "text?!"},
                       {"aid_version", "text?!"},
                       {"topic", "text!"},
                       {"language", "text!"},
                       {"options", "[]" + http::schema({{"id", "text!"}, {"name", "text!"}}) + "!"},
                       {"weights", "[]" + http::schema({{"item", "text!"}, {"text", "text!"}, {"weight", "integer!"}}) + "!"},
                       {"choice", "text!"},
                       {"choice_name", "text?!"},
                       {"choice_words", "text?!"},
                       {"took_part", "[]text!"},
                       {"note", "text!"},
                       {"recorded_by", R"({"type":["object","null"]}!)"},
                       {"replaces", "id?!"},
                       {"replaced_by", "id?!"},
                       {"labels", "[]text!"},
                       {"version", "integer!"}});
}

}  // namespace

void write_decisions(const Deps& deps, json::Writer& w, db::Tx& tx, const Asker& asker, const Place& place) {
  w.array();
  for (const auto& d : list_decisions(tx, asker.organization(), place.patient))
    if (!d.replaced_by) write(deps, w, tx, asker.caller, d);
  w.end();
}

std::vector<http::Route> decision_routes(const Kept& deps) {
  using http::Method;
  const std::string row = decision_schema();
  const std::string base = "/api/v1/patients/{patient_id}/decisions";
  const std::string weight = http::schema({{"item", "text!"}, {"weight", "integer!"}}, true);
  const std::string aid_line = http::schema({{"id", "text!"},
                                             {"version", "text!"},
                                             {"title", "text!"},
                                             {"question", "text!"},
                                             {"conditions", "[]text!"},
                                             {"languages", "[]text!"},
                                             {"review", "object!"}});
  const std::string aid = http::schema({{"id", "text!"},
                                        {"version", "text!"},
                                        {"language", "text!"},
                                        {"review", "text!"},
                                        {"awaiting_review", "boolean!"},
                                        {"conditions", "[]text!"},
                                        {"title", "text!"},
                                        {"question", "text!"},
                                        {"introduction", "text!"},
                                        {"for_whom", "text!"},
                                        {"options", "[]object!"},
                                        {"issues", "[]object!"},
                                        {"matters", "[]object!"},
                                        {"uncertainty", "text!"},
                                        {"talk_first", "text!"},
                                        {"help_now", "text!"},
                                        {"sources", "[]text!"},
                                        {"reviewed", "date!"},
                                        {"update_due", "date!"}});
  const std::vector<std::pair<std::string, std::string>> language = {
      {"language", "en or es; without it the reader's own language"}};
  auto aids = reading("/api/v1/decision-aids", "decision_aids.list", "content.read", "Decision aids", http::list_schema(aid_line),
                      handler(deps, list_aids));
  auto one = reading("/api/v1/decision-aids/{aid}", "decision_aids.read", "content.read",
                     "One decision aid, for a page or a print", aid, handler(deps, read_aid));
  aids.query_parameters = one.query_parameters = language;
  return {
      reading(base, "decisions.list", "plans.read", "Decisions of a patient, newest first", http::list_schema(row),
              handler(deps, list_all)),
      writing(Method::post, base, "decisions.create", "Records a decision and who took part", true,
              http::schema({{"aid", "text"},
                            {"aid_version", "text"},
                            {"language", "text"},
                            {"topic", "text"},
                            {"options", "[]text!"},
                            {"weights", "[]" + weight},
                            {"choice", "text!"},
                            {"choice_words", "text"},
                            {"took_part", "[]text!"},
                            {"on", "date"},
                            {"note", "text"},
                            {"replaces", "id"}},
                           true),
              row, handler(deps, create_decision)),
      std::move(aids),
      std::move(one),
  };
}

}  // namespace concord::plans
