#include "checkins/checkins_api.h"

#include <algorithm>
#include <charconv>
#include <memory>

#include "base/check.h"
#include "base/text.h"
#include "checkins/checkins_store.h"
#include "checkins/qr.h"
#include "http/wrong_parameter.h"
#include "json/cursor.h"
#include "patients/shapes.h"

namespace concord::checkins {
namespace {

using http::Call;
using http::Reply;
using http::Work;
using KeptDeps = std::shared_ptr<const Deps>;

constexpr int kMostOfPatient = 100;
constexpr int kRecentOfPortal = 10;
constexpr int kAsOftenAsOneLikes = 100000;

std::string title_of(const Deps& deps, const std::string& instrument, std::string_view language) {
  const auto* in = deps.library->find(instrument);
  if (!in) return instrument;
  return language == "es" && !in->title_es.empty() ? in->title_es : in->title;
}

int questions_of(const Deps& deps, db::Tx& tx, OrganizationId organization, const CheckIn& c) {
  return static_cast<int>(questions(*deps.library, c, list_kept(tx, organization, c.id)).size());
}

void write_fields(const Deps& deps, json::Writer& w, db::Tx& tx, const Asker& asker, const CheckIn& c) {
  const bool open = is_open(c, asker.now);
  w.field("id", c.id)
      .field("patient_id", c.patient)
      .field("site_id", c.site)
      .field("channel", name(c.channel))
      .field("why", c.why)
      .field("state", state_at(c, asker.now))
      .field("language", c.language)
      .key("forms")
      .array();
  for (const auto& form : c.forms)
    w.object()
        .field("instrument", form.instrument)
        .field("title", title_of(deps, form.instrument, asker.caller.language))
        .field("informant", form.informant)
        .field("measurement_id", form.measurement)
        .field("by_staff", form.by_staff)
        .end();
  w.end()
      .field("due_date", c.due)
      .field("answered", c.answered)
      .field("questions", open ? questions_of(deps, tx, asker.organization(), c) : 0)
      .field("on_behalf", c.on_behalf_by.has_value())
      .field("safety", has_signal(tx, asker.organization(), c.id))
      .field("made_at", c.made_at)
      .key("made_by");
  deps.chart->write_user(w, tx, asker.caller, c.made_by);
  const auto ended_at = c.ended_at ? c.ended_at : open ? std::nullopt : std::optional(c.expires_at);
  w.field("sent_at", c.sent_at)
      .field("started_at", c.started_at)
      .field("expires_at", c.expires_at)
      .field("ended_at", ended_at)
      .field("ended_why", c.ended_why)
      .key("ended_by");
  deps.chart->write_user(w, tx, asker.caller, c.ended_by);
  w.field("receipt", c.receipt).field("seen_at", c.seen_at).key("seen_by");
  deps.chart->write_user(w, tx, asker.caller, c.seen_by);
  w.field("seen_role", c.seen_role).field("identity_verified", c.seen_at.has_value()).field("version", c.version);
}

/// The row, with address and code where a secret was just made.
std::string to_json(const Deps& deps, db::Tx& tx, const Asker& asker, const CheckIn& c, const std::string& path = "") {
  std::string out;
  json::Writer w(out);
  w.object();
  write_fields(deps, w, tx, asker, c);
  if (!path.empty()) {
    const std::string url = deps.public_url + path;
    w.field("url", url);
    if (const auto code = qr_code(url)) w.key("qr").object().field("size", code->size).field("path", code->path).end();
  }
  w.end();
  return out;
}

Reply changed(const Deps& deps, db::Tx& tx, const Asker& asker, int status, CheckInId id, const std::string& path = "") {
  const auto c = find(tx, asker.organization(), id);
  CHECK(c.has_value());
  Reply reply = http::json_reply(status, to_json(deps, tx, asker, *c, path));
  reply.audit_patient = c->patient.uuid;
  reply.audit_object = id.uuid;
  reply.version = c->version;
  reply.events = {{"checkins", id.uuid}, {"patient", c->patient.uuid}};
  return reply;
}

Result<Work> list_of_patient(const KeptDeps& deps, const Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  return Work([deps, asker = Asker(call), patient](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(const auto place, deps->chart->find(tx, asker.caller, asker.now, patient));
    std::string body;
    json::Writer w(body);
    w.object().key("items").array();
    for (const auto& c : list(tx, asker.organization(), place.patient, kMostOfPatient)) {
      w.object();
      write_fields(*deps, w, tx, asker, c);
      w.end();
    }
    w.end().key("next").null().end();
    return patients::looked(std::move(body), patient, patient.uuid);
  });
}

Result<Work> create(const KeptDeps& deps, const Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"instruments", "channel", "language", "due_date"});
  NewCheckIn wanted;
  wanted.patient = patient;
  wanted.by = call.caller.kind == ActorKind::user ? std::optional(call.caller.user) : std::nullopt;
  if (const auto list = body.required("instruments"); list.present())
    list.each([&](const json::Cursor& one) {
      if (const auto text = one.string(1, 80)) wanted.instruments.push_back(*text);
    });
  else list.string();
  if (const auto word = body.required("channel").one_of({"link", "qr", "kiosk"})) wanted.channel = *channel_named(*word);
  if (const auto word = body.optional("language").one_of({"en", "es"})) wanted.language = *word;
  wanted.due = body.optional("due_date").date();
  if (!issues.empty()) return issues.error();
  return Work([deps, asker = Asker(call), wanted](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY_VOID(deps->chart->find(tx, asker.caller, asker.now, wanted.patient));
    CONCORD_TRY(const auto sent, send(*deps, tx, asker.organization(), wanted, asker.now));
    Reply reply = changed(*deps, tx, asker, 201, sent.id, sent.path);
    reply.location = "/api/v1/patients/" + wanted.patient.text() + "/check-ins/" + sent.id.text();
    reply.audit_detail = "channel=" + std::string(name(wanted.channel)) + " forms=" + std::to_string(wanted.instruments.size());
    return reply;
  });
}

/// A check-in of the patient in the address; not_found otherwise.
Result<std::pair<Place, CheckIn>> named(const Deps& deps, db::Tx& tx, const Asker& asker, PatientId patient, CheckInId id) {
  CONCORD_TRY(auto place, deps.chart->find(tx, asker.caller, asker.now, patient));
  auto c = find(tx, asker.organization(), id);
  if (!c || c->patient != patient) return http::not_found();
  return std::pair(std::move(place), std::move(*c));
}

template <class Step>
Result<Work> act(const KeptDeps& deps, const Call& call, Step step) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  CONCORD_TRY(const auto id, call.path_id<CheckInId>("check_in_id"));
  return Work([deps, asker = Asker(call), patient, id, step](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(const auto found, named(*deps, tx, asker, patient, id));
    return step(*deps, tx, asker, found.first, found.second);
  });
}

Result<Work> send_again(const KeptDeps& deps, const Call& call) {
  return act(deps, call, [](const Deps& d, db::Tx& tx, const Asker& asker, const Place&, const CheckIn& c) -> Result<Reply> {
    CONCORD_TRY(const auto sent, resend(d, tx, asker.organization(), c, asker.now));
    Reply reply = changed(d, tx, asker, 200, c.id, sent.path);
    reply.audit_detail = "new secret";
    return reply;
  });
}

Result<Work> take_back(const KeptDeps& deps, const Call& call) {
  return act(deps, call,
             [](const Deps& d, db::Tx& tx, const Asker& asker, const Place& place, const CheckIn& c) -> Result<Reply> {
               const auto by = asker.caller.kind == ActorKind::user ? std::optional(asker.caller.user) : std::nullopt;
               if (!is_open(c, asker.now) || !revoke(d, tx, asker.organization(), place, c, "staff", by, asker.now))
                 return fail(ErrorCode::conflict, "This check-in has ended already.");
               return changed(d, tx, asker, 200, c.id);
             });
}

Result<Work> mark_seen(const KeptDeps& deps, const Call& call) {
  return act(deps, call,
             [](const Deps& d, db::Tx& tx, const Asker& asker, const Place& place, const CheckIn& c) -> Result<Reply> {
               if (c.state != "submitted") return fail(ErrorCode::conflict, "There are no answers to look at.");
               for (const auto& form : c.forms)
                 if (form.measurement && !form.by_staff) CONCORD_TRY_VOID(d.see(tx, asker, place, *form.measurement));
               Reply reply = changed(d, tx, asker, 200, c.id);
               reply.events.push_back({"caseload", c.patient.uuid});
               return reply;
             });
}

std::string key_of(std::string_view which, const CheckIn& c) {
  const Instant at = which == "open" ? c.made_at : *c.ended_at;
  return std::to_string(at.time_since_epoch().count()) + "_" + c.id.text();
}

std::optional<After> read_key(std::string_view key) {
  const auto parts = split(key, '_');
  const auto id = parts.size() == 2 ? CheckInId::parse(parts[1]) : std::nullopt;
  std::int64_t micros = 0;
  if (!id || std::from_chars(parts[0].data(), parts[0].data() + parts[0].size(), micros).ec != std::errc()) return std::nullopt;
  return After{Instant(std::chrono::microseconds(micros)), *id};
}

Result<Work> board(const KeptDeps& deps, const Call& call) {
  CONCORD_TRY(const auto page, http::read_page(call.request));
  const std::string which(call.request.parameter("state").value_or("unseen"));
  if (which != "unseen" && which != "open" && which != "doubted")
    return http::wrong_filter("state", "must be unseen, open or doubted");
  std::vector<SiteId> sites = call.caller.sites;
  if (const auto text = call.request.parameter("site"); text && !text->empty()) {
    const auto site = SiteId::parse(*text);
    if (!site || !call.caller.may_use(*site)) return http::not_found();
    sites = {*site};
  }
  After after{};
  if (which == "doubted") after.at = call.now - std::chrono::hours(24 * 90);
  if (page.after) {
    const auto key = read_key(*page.after);
    if (!key) return http::wrong_page();
    after = *key;
  }
  return Work([deps, asker = Asker(call), page, which, sites, after](db::Tx& tx) -> Result<Reply> {
    std::vector<CheckIn> rows;
    for (const auto site : sites)
      for (auto& c : list_of_site(tx, asker.organization(), site, which, after, page.limit + 1, asker.now))
        rows.push_back(std::move(c));
    const auto at = [&](const CheckIn& c) { return which == "open" ? c.made_at : *c.ended_at; };
    std::sort(rows.begin(), rows.end(),
              [&](const CheckIn& a, const CheckIn& b) { return std::pair(at(a), a.id) < std::pair(at(b), b.id); });
    const bool more = rows.size() > static_cast<std::size_t>(page.limit);
    if (more) rows.resize(static_cast<std::size_t>(page.limit));
    std::string body;
    json::Writer w(body);
    w.object().key("items").array();
    for (const auto& c : rows) {
      w.object();
      write_fields(*deps, w, tx, asker, c);
      w.key("patient");
      if (const auto p = deps->patient(tx, asker.organization(), c.patient))
        w.object().field("id", p->id).field("given_name", p->given_name).field("family_name", p->family_name).end();
      else w.null();
      w.end();
    }
    w.end().key("next");
    if (more) w.value(key_of(which, rows.back()));
    else w.null();
    w.end();
    Reply reply = http::json_reply(200, std::move(body));
    reply.audit_detail = "rows=" + std::to_string(rows.size());
    return reply;
  });
}

std::string row_schema(bool with_patient, bool with_secret) {
  const std::string form = http::schema({{"instrument", "text!"},
                                         {"title", "text!"},
                                         {"informant", "text!"},
                                         {"measurement_id", "id?!"},
                                         {"by_staff", "boolean!"}});
  const std::string person = patients::user_schema() + "!";
  const std::string patient =
      R"({"type":["object","null"],"properties":{"id":{"type":"string","format":"uuid"},"given_name":{"type":"string"},"family_name":{"type":"string"}},"required":["id","given_name","family_name"]})";
  std::string text = http::schema({{"id", "id!"},
                                   {"patient_id", "id!"},
                                   {"site_id", "id!"},
                                   {"channel", "link|qr|kiosk|portal!"},
                                   {"why", "staff|reminder|weekly|patient!"},
                                   {"state", "made|sent|started|submitted|expired|revoked|fulfilled!"},
                                   {"language", "text!"},
                                   {"forms", "[]" + form + "!"},
                                   {"due_date", "date?!"},
                                   {"answered", "integer!"},
                                   {"questions", "integer!"},
                                   {"on_behalf", "boolean!"},
                                   {"safety", "boolean!"},
                                   {"made_at", "instant!"},
                                   {"made_by", person},
                                   {"sent_at", "instant?!"},
                                   {"started_at", "instant?!"},
                                   {"expires_at", "instant!"},
                                   {"ended_at", "instant?!"},
                                   {"ended_why", "text!"},
                                   {"ended_by", person},
                                   {"receipt", "text!"},
                                   {"seen_at", "instant?!"},
                                   {"seen_by", person},
                                   {"seen_role", "text!"},
                                   {"identity_verified", "boolean!"},
                                   {"version", "integer!"}});
  const auto add = [&](std::string_view member, std::string_view schema) {
    const auto at = text.find(R"("properties":{)");
    CHECK(at != std::string::npos);
    text.insert(at + 14, "\"" + std::string(member) + "\":" + std::string(schema) + ",");
  };
  if (with_patient) add("patient", patient);
  if (with_secret) {
    add("url", R"({"type":"string"})");
    add("qr", http::schema({{"size", "integer!"}, {"path", "text!"}}));
  }
  return text;
}

}  // namespace

void write_glance(const Deps& deps, json::Writer& w, db::Tx& tx, const Asker& asker, const Place& place) {
  w.object().key("open");
  bool any = false;
  for (const auto& c : list_open(tx, asker.organization(), place.patient)) {
    if (any || !is_open(c, asker.now)) continue;
    any = true;
    w.object();
    write_fields(deps, w, tx, asker, c);
    w.end();
  }
  if (!any) w.null();
  w.key("unseen").array();
  for (const auto& c : list(tx, asker.organization(), place.patient, kMostOfPatient))
    if (c.state == "submitted" && !c.seen_at) {
      w.object();
      write_fields(deps, w, tx, asker, c);
      w.end();
    }
  w.end().end();
}

void write_for_patient(const Deps& deps, json::Writer& w, db::Tx& tx, OrganizationId organization, PatientId patient,
                       std::string_view language, Instant now, const std::function<bool(std::string_view instrument)>& may_see) {
  const auto may = [&](const CheckIn& c) {
    return std::all_of(c.forms.begin(), c.forms.end(), [&](const Form& form) { return may_see(form.instrument); });
  };
  const auto write_titles = [&](const CheckIn& c) {
    w.key("titles").array();
    for (const auto& form : c.forms) w.value(title_of(deps, form.instrument, language));
    w.end();
  };
  const auto all = list(tx, organization, patient, kMostOfPatient);
  w.object().key("open");
  const auto open = std::find_if(all.begin(), all.end(), [&](const CheckIn& c) { return is_open(c, now) && may(c); });
  if (open == all.end()) {
    w.null();
  } else {
    w.object().field("id", open->id).field("due_date", open->due);
    write_titles(*open);
    w.field("answered", open->answered)
        .field("questions", questions_of(deps, tx, organization, *open))
        .field("expires_at", open->expires_at)
        .end();
  }
  w.key("recent").array();
  int written = 0;
  for (const auto& c : all) {
    if (c.state != "submitted" || !may(c) || written == kRecentOfPortal) continue;
    ++written;
    w.object().field("id", c.id);
    write_titles(c);
    w.field("submitted_at", c.ended_at)
        .field("receipt", c.receipt)
        .field("read_at", c.seen_at)
        .field("read_by_role", c.seen_role)
        .field("on_behalf", c.on_behalf_by.has_value())
        .end();
  }
  w.end().end();
}

std::string for_patient_schema() {
  const std::string open =
      R"({"type":["object","null"],"properties":{"id":{"type":"string","format":"uuid"},"due_date":{"type":["string","null"],"format":"date"},"titles":{"type":"array","items":{"type":"string"}},"answered":{"type":"integer"},"questions":{"type":"integer"},"expires_at":{"type":"string","format":"date-time"}},"required":["id","due_date","titles","answered","questions","expires_at"]})";
  const std::string recent = http::schema({{"id", "id!"},
                                           {"titles", "[]text!"},
                                           {"submitted_at", "instant!"},
                                           {"receipt", "text!"},
                                           {"read_at", "instant?!"},
                                           {"read_by_role", "text!"},
                                           {"on_behalf", "boolean!"}});
  return http::schema({{"open", open + "!"}, {"recent", "[]" + recent + "!"}});
}

Result<AnswerNow> answer_now(const Deps& deps, db::Tx& tx, OrganizationId organization, PatientId patient,
                             const std::vector<std::string>& instruments, const std::optional<Uuid>& on_behalf_by,
                             std::string_view language, Instant now,
                             const std::function<bool(std::string_view instrument)>& may_answer) {
  const auto asks_for = [](const CheckIn& c, const std::string& instrument) {
    return std::any_of(c.forms.begin(), c.forms.end(), [&](const Form& f) { return f.instrument == instrument; });
  };
  for (const auto& wanted : instruments)
    if (const auto found = deps.library->lookup(wanted); found && !may_answer(found->instrument->id)) return http::not_found();
  std::optional<CheckIn> open;
  for (auto& c : list_open(tx, organization, patient)) {
    if (open || !is_open(c, now) || c.channel == Channel::kiosk) continue;
    if (!std::all_of(c.forms.begin(), c.forms.end(), [&](const Form& f) { return may_answer(f.instrument); })) continue;
    if (!std::all_of(instruments.begin(), instruments.end(), [&](const auto& id) { return asks_for(c, id); })) continue;
    if (c.on_behalf_by != on_behalf_by && c.answered > 0) continue;
    open = std::move(c);
  }
  if (open && open->on_behalf_by != on_behalf_by) set_on_behalf(tx, organization, open->id, on_behalf_by);
  if (!open) {
    NewCheckIn wanted;
    wanted.patient = patient;
    wanted.instruments = instruments.empty() ? std::vector<std::string>{std::string(kWeeklyItem)} : instruments;
    wanted.channel = Channel::portal;
    wanted.why = "patient";
    wanted.language = std::string(language);
    wanted.on_behalf_by = on_behalf_by;
    CONCORD_TRY(const auto sent, send(deps, tx, organization, wanted, now));
    open = find(tx, organization, sent.id);
  }
  // Whoever is signed in has said who they are: no birth date, and they may come as often as they like.
  CheckIn c = *open;
  c.asks_birth_date = false;
  const Place place{c.patient, c.site, {}, {}};
  const auto started = start(deps, tx, organization, place, c, std::nullopt, now, kAsOftenAsOneLikes);
  if (started.problem != StartProblem::none)
    return fail(ErrorCode::conflict, "This check-in was opened too many times. Ask your clinic for a new one.");
  return AnswerNow{c.id, started.cookie};
}

std::vector<http::Route> routes(const Deps& given) {
  const KeptDeps deps = std::make_shared<const Deps>(given);
  using Step = Result<Work> (*)(const KeptDeps&, const Call&);
  const auto handler = [deps](Step step) -> http::Handler { return [deps, step](const Call& call) { return step(deps, call); }; };
  using http::Method;
  using http::RunAs;
  const std::string row = row_schema(false, false), with_secret = row_schema(false, true);
  const std::string base = "/api/v1/patients/{patient_id}/check-ins";
  return {
      {Method::get,
       base,
       "checkins.of_patient",
       "checkins.read",
       "Check-ins of a patient, newest first",
       RunAs::list,
       false,
       "",
       http::list_schema(row),
       {},
       handler(list_of_patient)},
      {Method::post,
       base,
       "checkins.create",
       "checkins.write",
       "Sends questionnaires to a patient, or makes a code or an address for the tablet; the secret is told once",
       RunAs::write,
       true,
       http::schema({{"instruments", "[]text!"}, {"channel", "link|qr|kiosk!"}, {"language", "en|es"}, {"due_date", "date"}},
                    true),
       with_secret,
       {},
       handler(create)},
      {Method::post,
       base + "/{check_in_id}/resend",
       "checkins.resend",
       "checkins.write",
       "A new secret for an open check-in; the old one stops working, answers so far stay",
       RunAs::write,
       false,
       "",
       with_secret,
       {},
       handler(send_again)},
      {Method::post,
       base + "/{check_in_id}/revocation",
       "checkins.revoke",
       "checkins.write",
       "Ends an open check-in",
       RunAs::write,
       false,
       "",
       row,
       {},
       handler(take_back)},
      {Method::post,
       base + "/{check_in_id}/seen",
       "checkins.see",
       "checkins.write",
       "Somebody of the staff has looked at the answers; the patient is told",
       RunAs::write,
       false,
       "",
       row,
       {},
       handler(mark_seen)},
      {Method::get,
       "/api/v1/check-ins",
       "checkins.board",
       "checkins.read",
       "Answers nobody has looked at, open check-ins, or links that reached somebody else; oldest first",
       RunAs::list,
       false,
       "",
       http::list_schema(row_schema(true, false)),
       {{"state", "unseen (default), open or doubted"},
        {"site", "only this site"},
        {"limit", "rows, at most 200"},
        {"after", "\"next\" of the page before"}},
       handler(board)},
  };
}

}  // namespace concord::checkins
