#include "education/education_api.h"

#include <algorithm>
#include <memory>

#include "base/text.h"
#include "education/education_store.h"
#include "json/cursor.h"
#include "json/trimmed.h"

namespace concord::education {
namespace {

using http::Call;
using http::Reply;
using http::Work;
using patients::changed;
using patients::looked;
using portal::Viewer;
using Kept = std::shared_ptr<const Deps>;

constexpr std::string_view kScope = "education";
constexpr std::string_view kMessage = "education.waiting";
constexpr std::size_t kMostNote = 500;

// ---- words on the wire

void write_card_members(json::Writer& w, const Piece& piece, std::string_view language) {
  const Text& text = piece.in(language);
  w.field("id", piece.id).field("title", text.title).field("topic", piece.topic).key("audience").array();
  for (const auto& who : piece.audience) w.value(who);
  w.end().field("minutes", text.minutes()).key("languages").array();
  for (const auto& [one, ignored] : piece.texts) w.value(one);
  w.end().field("language", text.language).field("is_reviewed", text.is_reviewed());
}

void write_card(json::Writer& w, const Piece& piece, std::string_view language) {
  w.object();
  write_card_members(w, piece, language);
  w.end();
}

/// A piece that an older library had is shown by its id.
void write_card(json::Writer& w, const Library& library, std::string_view id, std::string_view language) {
  if (const auto* piece = library.find(id)) {
    write_card(w, *piece, language);
    return;
  }
  w.object().field("id", id).field("title", id).field("topic", "").key("audience").array().end();
  w.field("minutes", 0).key("languages").array().end().field("language", language).field("is_reviewed", false).end();
}

void write_topics(json::Writer& w, const Library& library, std::string_view language) {
  w.array();
  for (const auto& topic : library.topics()) w.object().field("id", topic.id).field("title", topic.in(language)).end();
  w.end();
}

void write_suggestions(json::Writer& w, const std::vector<Suggestion>& list, std::string_view language) {
  w.array();
  for (const auto& s : list) {
    w.object().key("piece");
    write_card(w, *s.piece, language);
    w.field("why", s.why).end();
  }
  w.end();
}

void write(const Deps& deps, json::Writer& w, db::Tx& tx, const Caller& caller, const Assignment& a,
           const std::vector<ReadState>& states, const std::optional<std::string>& of_patient, std::string_view language) {
  const auto* state = by_patient(states, a.piece);
  w.object().field("id", a.id).key("piece");
  write_card(w, *deps.library, a.piece, language);
  w.field("language", a.language)
      .field("other_language", is_other_language(a.language, of_patient))
      .field("note", a.note)
      .field("confidential", has_label(a.labels, kConfidential))
      .key("assigned_by");
  deps.chart->write_user(w, tx, caller, a.by);
  w.field("assigned_at", a.at).field("assigned_date", a.on).key("withdrawn_by");
  deps.chart->write_user(w, tx, caller, a.withdrawn_by);
  w.field("withdrawn_at", a.withdrawn_at)
      .field("withdrawn_reason", a.withdrawn_reason)
      .field("opened_at", state ? std::optional(state->opened_at) : std::nullopt)
      .field("finished_at", state ? state->finished_at : std::nullopt)
      .field("version", a.version)
      .end();
}

std::optional<std::string> language_of(const Deps& deps, db::Tx& tx, OrganizationId organization, PatientId patient) {
  return deps.language_of ? deps.language_of(tx, organization, patient) : std::nullopt;
}

Situation situation_of(const Deps& deps, db::Tx& tx, OrganizationId organization, const Place& place) {
  return deps.situation_of ? deps.situation_of(tx, organization, place) : Situation{};
}

Result<std::string> read_language(const Call& call) {
  const auto given = call.request.parameter("language");
  if (!given) return call.caller.language == "es" ? std::string("es") : std::string("en");
  if (*given != "en" && *given != "es")
    return fail(ErrorCode::invalid, "The language is wrong.", {{"language", "must be en or es"}});
  return std::string(*given);
}

Search read_search(const http::Request& request) {
  Search search;
  const auto word = [&](std::string_view name) -> std::optional<std::string> {
    const auto given = request.parameter(name);
    if (!given || trim(*given).empty()) return std::nullopt;
    return std::string(trim(*given));
  };
  search.words = word("q").value_or("");
  search.topic = word("topic");
  search.audience = word("audience");
  search.pathway = word("pathway");
  return search;
}

// ---- staff

Result<Work> list_pieces(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto language, read_language(call));
  std::string body;
  json::Writer w(body);
  w.object().key("items").array();
  for (const auto* piece : deps->library->search(read_search(call.request), language)) write_card(w, *piece, language);
  w.end().key("topics");
  write_topics(w, *deps->library, language);
  w.end();
  return Work([body = std::move(body)](db::Tx&) -> Result<Reply> { return http::json_reply(200, body); });
}

Result<Work> read_piece(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto language, read_language(call));
  const auto* piece = deps->library->find(call.path_parameter("piece"));
  if (piece == nullptr) return http::not_found();
  const Text& text = piece->in(language);
  std::string body;
  json::Writer w(body);
  w.object();
  write_card_members(w, *piece, language);
  w.key("blocks");
  education::write(w, text.blocks);
  w.key("sources").array();
  for (const auto& source : text.sources) w.value(source);
  w.end()
      .field("reviewed_by", text.reviewed_by.empty() ? std::optional<std::string>() : std::optional(text.reviewed_by))
      .field("review_status", text.review_status)
      .field("review_date", text.review_date)
      .field("reading_age", text.reading_age)
      .end();
  return Work([body = std::move(body)](db::Tx&) -> Result<Reply> { return http::json_reply(200, body); });
}

Result<Work> list_of_patient(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  CONCORD_TRY(const auto language, read_language(call));
  return Work([deps, asker = Asker(call), patient, language](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(const auto place, deps->chart->find(tx, asker.caller, asker.now, patient));
    const auto organization = asker.organization();
    auto assigned = list_assignments(tx, organization, patient);
    std::stable_sort(assigned.begin(), assigned.end(), [](const Assignment& a, const Assignment& b) {
      return std::tuple(a.withdrawn_at.has_value(), b.at, b.id) < std::tuple(b.withdrawn_at.has_value(), a.at, a.id);
    });
    const auto states = list_readings(tx, organization, patient);
    const auto of_patient = language_of(*deps, tx, organization, patient);
    std::string body;
    json::Writer w(body);
    w.object().key("assigned").array();
    for (const auto& a : assigned) write(*deps, w, tx, asker.caller, a, states, of_patient, language);
    w.end().key("suggested");
    write_suggestions(w, suggest(*deps->library, situation_of(*deps, tx, organization, place), assigned, states), language);
    w.key("read").array();
    for (const auto& s : states) {
      w.object().key("piece");
      write_card(w, *deps->library, s.piece, language);
      w.field("by", s.on_behalf ? "trusted_person" : "patient")
          .field("opened_at", s.opened_at)
          .field("finished_at", s.finished_at)
          .end();
    }
    w.end().end();
    return looked(std::move(body), patient, patient.uuid);
  });
}

Result<Work> assign(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"piece", "language", "note", "confidential", "tell"});
  Gift gift;
  const auto piece = body.required("piece");
  gift.piece = piece.string(1, 60).value_or("");
  const auto* found = deps->library->find(gift.piece);
  if (!gift.piece.empty() && found == nullptr) piece.issue("is no piece of the library");
  const auto language = body.optional("language");
  gift.language = language.one_of({"en", "es"});
  if (found != nullptr && gift.language && !found->texts.contains(*gift.language))
    language.issue("the piece is not written in this language");
  gift.note = json::filled(body.optional("note"), kMostNote);
  gift.confidential = body.optional("confidential").boolean().value_or(false);
  gift.tell = body.optional("tell").boolean().value_or(true);
  if (!issues.empty()) return issues.error();
  return Work([deps, asker = Asker(call), patient, gift](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(const auto place, deps->chart->find(tx, asker.caller, asker.now, patient));
    CONCORD_TRY(const auto given, give(*deps, tx, asker, place, gift));
    std::string out;
    json::Writer w(out);
    write(*deps, w, tx, asker.caller, given, list_readings(tx, asker.organization(), patient),
          language_of(*deps, tx, asker.organization(), patient), asker.caller.language == "es" ? "es" : "en");
    Reply reply = changed(201, std::move(out), patient, given.id.uuid);
    reply.location = "/api/v1/patients/" + patient.text() + "/education";
    reply.version = given.version;
    return reply;
  });
}

Result<Work> take_back(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  CONCORD_TRY(const auto id, call.path_id<AssignmentId>("assignment_id"));
  CONCORD_TRY(const auto version, call.if_match());
  std::optional<std::string> reason;
  if (!call.request.body.empty()) {
    CONCORD_TRY(const auto document, http::read_json(call.request));
    json::Issues issues;
    const json::Cursor body(document.root(), issues);
    body.only({"reason"});
    reason = json::filled(body.optional("reason"), kMostNote);
    if (!issues.empty()) return issues.error();
  }
  return Work([deps, asker = Asker(call), patient, id, version, reason](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(const auto place, deps->chart->find(tx, asker.caller, asker.now, patient));
    const auto organization = asker.organization();
    auto assignment = find(tx, organization, patient, id);
    if (!assignment) return http::not_found();
    const auto to_json = [&](const Assignment& a) {
      std::string out;
      json::Writer w(out);
      write(*deps, w, tx, asker.caller, a, list_readings(tx, organization, patient),
            language_of(*deps, tx, organization, patient), asker.caller.language == "es" ? "es" : "en");
      return out;
    };
    if (assignment->version != version) return patients::stale(asker.request_id, to_json(*assignment), patient, id.uuid);
    if (assignment->withdrawn_at) return fail(ErrorCode::conflict, "It was taken back already.");
    assignment->withdrawn_by = asker.caller.user;
    assignment->withdrawn_at = asker.now;
    assignment->withdrawn_reason = reason;
    if (!withdraw(tx, organization, *assignment, version))
      return fail(ErrorCode::edited_meanwhile, "Somebody else changed this since you opened it.");
    ++assignment->version;
    deps->chart->refresh_caseload(tx, organization, place.patient);
    Reply reply = changed(200, to_json(*assignment), patient, id.uuid);
    reply.version = assignment->version;
    return reply;
  });
}

// ---- portal

Result<Work> note_read(const Kept& deps, const Call& call) {
  CONCORD_TRY_VOID(portal::require(call.caller, kScope));
  const auto* piece = deps->library->find(call.path_parameter("piece"));
  if (piece == nullptr) return http::not_found();
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"state"});
  const auto word = body.required("state").one_of({"opened", "finished"});
  if (!issues.empty()) return issues.error();
  return Work([piece, asker = Asker(call), finished = *word == "finished"](db::Tx& tx) -> Result<Reply> {
    const auto patient = portal::patient_of(asker.caller);
    ReadState state;
    state.piece = piece->id;
    state.reader = asker.caller.user;
    state.on_behalf = portal::on_behalf_by(asker.caller).has_value();
    state.language = piece->in(asker.caller.language).language;
    const auto after = note_reading(tx, asker.organization(), patient, state, finished, asker.now);
    std::string out;
    json::Writer w(out);
    w.object().field("piece", piece->id).field("opened_at", after.opened_at).field("finished_at", after.finished_at).end();
    return changed(200, std::move(out), patient, patient.uuid);
  });
}

/// A piece that belongs to nothing but what the age rules keep private is private itself.
bool may_see(const Viewer& viewer, const Library& library, const Assignment& a) {
  if (!portal::may_see(viewer, a.labels)) return false;
  const auto* piece = library.find(a.piece);
  if (piece == nullptr || piece->pathways.empty()) return true;
  return std::any_of(piece->pathways.begin(), piece->pathways.end(),
                     [&](const std::string& pathway) { return portal::may_see(viewer, a.labels, "pathway:" + pathway); });
}

Result<void> view_home(const Deps& deps, json::Writer& w, db::Tx& tx, const Viewer& viewer) {
  const auto assigned = list_assignments(tx, viewer.organization, viewer.patient);
  // Reading is the patient's own business: a trusted person sees what was given, not what was read.
  const auto states = viewer.is_self ? list_readings(tx, viewer.organization, viewer.patient) : std::vector<ReadState>();
  w.object().key("items").array();
  for (auto a = assigned.rbegin(); a != assigned.rend(); ++a) {
    if (a->withdrawn_at || !may_see(viewer, *deps.library, *a)) continue;
    const auto* state = by_patient(states, a->piece);
    w.object().key("piece");
    write_card(w, *deps.library, a->piece, viewer.language);
    w.field("note", a->note)
        .field("assigned_date", a->on)
        .key("assigned_by")
        .object()
        .field("role", deps.role_of ? deps.role_of(tx, viewer.organization, viewer.patient, a->by) : std::string())
        .end()
        .field("opened_at", state ? std::optional(state->opened_at) : std::nullopt)
        .field("finished_at", state ? state->finished_at : std::nullopt)
        .end();
  }
  w.end().key("suggested");
  // Suggestions follow from the record: only the patient has the whole of it.
  write_suggestions(w,
                    viewer.is_self
                        ? suggest(*deps.library, situation_of(deps, tx, viewer.organization, viewer.place()), assigned, states)
                        : std::vector<Suggestion>(),
                    viewer.language);
  w.end();
  return {};
}

Result<void> view_library(const Deps& deps, json::Writer& w, db::Tx& tx, const Viewer& viewer, const http::Request& request) {
  auto search = read_search(request);
  search.audience.reset();
  search.pathway.reset();
  const auto states = viewer.is_self ? list_readings(tx, viewer.organization, viewer.patient) : std::vector<ReadState>();
  w.object().key("items").array();
  for (const auto* piece : deps.library->search(search, viewer.language)) {
    const auto* state = by_patient(states, piece->id);
    w.object();
    write_card_members(w, *piece, viewer.language);
    w.field("finished_at", state ? state->finished_at : std::nullopt).end();
  }
  w.end().key("topics");
  write_topics(w, *deps.library, viewer.language);
  w.end();
  return {};
}

Result<void> view_piece(const Deps& deps, json::Writer& w, db::Tx& tx, const Viewer& viewer, const http::Request& request) {
  const auto id = request.parameter("id");
  const auto* piece = id ? deps.library->find(*id) : nullptr;
  if (piece == nullptr) return http::not_found();
  const Text& text = piece->in(viewer.language);
  std::optional<Assignment> given;
  for (auto& a : list_assignments(tx, viewer.organization, viewer.patient))
    if (a.piece == piece->id && !a.withdrawn_at && may_see(viewer, *deps.library, a)) given = std::move(a);
  const auto states = viewer.is_self ? list_readings(tx, viewer.organization, viewer.patient) : std::vector<ReadState>();
  const auto* state = by_patient(states, piece->id);
  w.object();
  write_card_members(w, *piece, viewer.language);
  w.key("blocks");
  education::write(w, text.blocks);
  w.field("review_status", text.review_status).field("review_date", text.review_date).key("assigned");
  if (given) w.object().field("note", given->note).field("assigned_date", given->on).end();
  else w.null();
  w.field("opened_at", state ? std::optional(state->opened_at) : std::nullopt)
      .field("finished_at", state ? state->finished_at : std::nullopt)
      .end();
  return {};
}

// ---- schemas

std::string list_of(const std::string& item) { return R"({"type":"array","items":)" + item + "}"; }
std::string or_null(const std::string& schema) { return R"({"anyOf":[)" + schema + R"(,{"type":"null"}]})"; }

struct Schemas {
  std::string audience =
      R"({"type":"array","items":{"type":"string","enum":["patient","family","adolescent","student","perinatal","older_adult"]}})";
  std::string card = http::schema({{"id", "text!"},
                                   {"title", "text!"},
                                   {"topic", "text!"},
                                   {"audience", audience + "!"},
                                   {"minutes", "integer!"},
                                   {"languages", "[]text!"},
                                   {"language", "text!"},
                                   {"is_reviewed", "boolean!"}});
  std::string span = http::schema({{"text", "text!"}, {"strong", "boolean!"}, {"em", "boolean!"}, {"link", "text?!"}});
  std::string block =
      http::schema({{"kind", "heading|paragraph|list|numbers!"}, {"spans", list_of(span)}, {"items", list_of(list_of(span))}});
  std::string topics = list_of(http::schema({{"id", "text!"}, {"title", "text!"}}));
  std::string suggested =
      list_of(http::schema({{"piece", card + "!"}, {"why", "pathway|new|medication|therapy|goal|staying_well!"}}));
  std::string person = or_null(http::schema({{"id", "id!"}, {"name", "text!"}}));
  std::string assignment = http::schema({{"id", "id!"},
                                         {"piece", card + "!"},
                                         {"language", "en|es!"},
                                         {"other_language", "boolean!"},
                                         {"note", "text?!"},
                                         {"confidential", "boolean!"},
                                         {"assigned_by", person + "!"},
                                         {"assigned_at", "instant!"},
                                         {"assigned_date", "date!"},
                                         {"withdrawn_by", person + "!"},
                                         {"withdrawn_at", "instant?!"},
                                         {"withdrawn_reason", "text?!"},
                                         {"opened_at", "instant?!"},
                                         {"finished_at", "instant?!"},
                                         {"version", "integer!"}});
};

}  // namespace

Result<Assignment> give(const Deps& deps, db::Tx& tx, const Asker& asker, const Place& place, const Gift& gift) {
  const auto organization = asker.organization();
  const auto* piece = deps.library->find(gift.piece);
  if (piece == nullptr) return fail(ErrorCode::invalid, "There is no such piece.", {{"piece", "is no piece of the library"}});
  for (const auto& a : list_assignments(tx, organization, place.patient))
    if (a.piece == gift.piece && !a.withdrawn_at) return fail(ErrorCode::conflict, "The patient has this piece already.");
  Assignment a;
  a.id = AssignmentId(deps.chart->ids->next());
  a.patient = place.patient;
  a.piece = gift.piece;
  a.language = gift.language.value_or(piece->in(language_for(language_of(deps, tx, organization, place.patient))).language);
  a.note = gift.note;
  a.labels = deps.labels_of ? deps.labels_of(tx, organization, place.patient) : std::string("normal");
  if (gift.confidential && !has_label(a.labels, kConfidential))
    a.labels = a.labels == "normal" ? std::string(kConfidential) : a.labels + " " + std::string(kConfidential);
  a.by = asker.caller.user;
  a.at = asker.now;
  a.on = place.today;
  insert(tx, organization, a);
  deps.chart->refresh_caseload(tx, organization, place.patient);
  if (gift.tell && deps.tell)
    deps.tell(tx, organization,
              {.patient = place.patient,
               .kind = std::string(kMessage),
               .path = "/portal/education",
               .object = place.patient.uuid,
               .once = "on " + place.today.iso()});  // one a day, however many pieces
  return a;
}

void write_line(const Deps& deps, json::Writer& w, db::Tx& tx, const Asker& asker, const Place& place) {
  const auto assigned = list_assignments(tx, asker.organization(), place.patient);
  const auto states = list_readings(tx, asker.organization(), place.patient);
  int open = 0, finished = 0;
  const Assignment* last = nullptr;
  for (const auto& a : assigned) {
    if (a.withdrawn_at) continue;
    const auto* state = by_patient(states, a.piece);
    if (state != nullptr && state->finished_at) ++finished;
    else ++open;
    last = &a;
  }
  w.object().field("open", open).field("finished", finished).key("last");
  if (last == nullptr) {
    w.null().end();
    return;
  }
  const auto* piece = deps.library->find(last->piece);
  const auto* state = by_patient(states, last->piece);
  w.object()
      .field("title", piece ? piece->in(asker.caller.language).title : last->piece)
      .field("assigned_date", last->on)
      .field("finished_at", state ? state->finished_at : std::nullopt)
      .end()
      .end();
}

std::vector<http::Route> routes(const Deps& given) {
  const Kept deps = std::make_shared<const Deps>(given);
  using Step = Result<Work> (*)(const Kept&, const Call&);
  const auto handler = [deps](Step step) -> http::Handler { return [deps, step](const Call& call) { return step(deps, call); }; };
  using http::Method;
  using http::RunAs;
  const Schemas s;
  const std::pair<std::string, std::string> language{"language", "en or es; the reader's own when left out"};
  const std::string piece = http::schema({{"id", "text!"},
                                          {"title", "text!"},
                                          {"topic", "text!"},
                                          {"audience", s.audience + "!"},
                                          {"minutes", "integer!"},
                                          {"languages", "[]text!"},
                                          {"language", "text!"},
                                          {"is_reviewed", "boolean!"},
                                          {"blocks", list_of(s.block) + "!"},
                                          {"sources", "[]text!"},
                                          {"reviewed_by", "text?!"},
                                          {"review_status", "text!"},
                                          {"review_date", "date?!"},
                                          {"reading_age", "integer!"}});
  const std::string reading = http::schema(
      {{"piece", s.card + "!"}, {"by", "patient|trusted_person!"}, {"opened_at", "instant!"}, {"finished_at", "instant?!"}});
  std::vector<http::Route> all = {
      {Method::get,
       "/api/v1/education",
       "education.library",
       "content.read",
       "Pieces to read for patients and families, best first",
       RunAs::point,
       false,
       "",
       http::schema({{"items", list_of(s.card) + "!"}, {"topics", s.topics + "!"}}),
       {{"q", "words in title, keywords or text; accents and case do not count"},
        {"topic", "id of a topic"},
        {"audience", "patient, family, adolescent, student, perinatal or older_adult"},
        {"pathway", "id of a pathway"},
        language},
       handler(list_pieces)},
      {Method::get,
       "/api/v1/education/{piece}",
       "education.piece",
       "content.read",
       "One piece, as blocks",
       RunAs::point,
       false,
       "",
       piece,
       {language},
       handler(read_piece)},
      {Method::get,
       "/api/v1/patients/{patient_id}/education",
       "education.of_patient",
       "education.read",
       "What the patient was given, what is suggested and what was read",
       RunAs::point,
       false,
       "",
       http::schema(
           {{"assigned", list_of(s.assignment) + "!"}, {"suggested", s.suggested + "!"}, {"read", list_of(reading) + "!"}}),
       {language},
       handler(list_of_patient)},
      {Method::post,
       "/api/v1/patients/{patient_id}/education",
       "education.assign",
       "education.assign",
       "Give a piece to the patient, with a note",
       RunAs::write,
       true,
       http::schema(
           {{"piece", "text!"}, {"language", "en|es"}, {"note", "text?"}, {"confidential", "boolean"}, {"tell", "boolean"}},
           true),
       s.assignment,
       {},
       handler(assign)},
      {Method::post,
       "/api/v1/patients/{patient_id}/education/{assignment_id}/withdraw",
       "education.withdraw",
       "education.assign",
       "Take a piece back",
       RunAs::write,
       false,
       http::schema({{"reason", "text?"}}, true),
       s.assignment,
       {},
       handler(take_back)},
      {Method::post,
       "/api/v1/portal/education/{piece}/reading",
       "portal.education.reading",
       "portal.use",
       "A piece was opened, or read to the end",
       RunAs::write,
       false,
       http::schema({{"state", "opened|finished!"}}, true),
       http::schema({{"piece", "text!"}, {"opened_at", "instant!"}, {"finished_at", "instant?!"}}),
       {},
       handler(note_read)},
  };
  all.back().audience = http::Audience::portal;
  return all;
}

std::vector<portal::View> views(const Deps& given) {
  const Kept deps = std::make_shared<const Deps>(given);
  const Schemas s;
  const std::string by = http::schema({{"role", "text!"}});
  const std::string item = http::schema({{"piece", s.card + "!"},
                                         {"note", "text?!"},
                                         {"assigned_date", "date!"},
                                         {"assigned_by", by + "!"},
                                         {"opened_at", "instant?!"},
                                         {"finished_at", "instant?!"}});
  const std::initializer_list<std::pair<std::string_view, std::string_view>> card = {
      {"id", "text!"},         {"title", "text!"},          {"topic", "text!"},
      {"audience", "[]text!"}, {"minutes", "integer!"},     {"languages", "[]text!"},
      {"language", "text!"},   {"is_reviewed", "boolean!"}, {"finished_at", "instant?!"}};
  const std::string given_schema = or_null(http::schema({{"note", "text?!"}, {"assigned_date", "date!"}}));
  std::vector<portal::View> all;
  all.push_back({"education", std::string(kScope),
                 http::schema({{"items", list_of(item) + "!"}, {"suggested", s.suggested + "!"}}),
                 "What the team gave to read, and what may help now",
                 [deps](json::Writer& w, db::Tx& tx, const Viewer& viewer, const http::Request&) {
                   return view_home(*deps, w, tx, viewer);
                 }});
  all.push_back({"education/library",
                 std::string(kScope),
                 http::schema({{"items", list_of(http::schema(card)) + "!"}, {"topics", s.topics + "!"}}),
                 "Everything there is to read",
                 [deps](json::Writer& w, db::Tx& tx, const Viewer& viewer, const http::Request& request) {
                   return view_library(*deps, w, tx, viewer, request);
                 },
                 {{"q", "words to look for"}, {"topic", "id of a topic"}},
                 false});
  all.push_back({"education/piece",
                 std::string(kScope),
                 http::schema({{"id", "text!"},
                               {"title", "text!"},
                               {"topic", "text!"},
                               {"audience", "[]text!"},
                               {"minutes", "integer!"},
                               {"languages", "[]text!"},
                               {"language", "text!"},
                               {"is_reviewed", "boolean!"},
                               {"blocks", list_of(s.block) + "!"},
                               {"review_status", "text!"},
                               {"review_date", "date?!"},
                               {"assigned", given_schema + "!"},
                               {"opened_at", "instant?!"},
                               {"finished_at", "instant?!"}}),
                 "One piece to read",
                 [deps](json::Writer& w, db::Tx& tx, const Viewer& viewer, const http::Request& request) {
                   return view_piece(*deps, w, tx, viewer, request);
                 },
                 {{"id", "id of the piece"}},
                 false});
  return all;
}

}  // namespace concord::education
