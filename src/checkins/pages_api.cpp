#include "checkins/pages_api.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>

#include "base/text.h"
#include "base/zone.h"
#include "checkins/checkins_store.h"
#include "http/form.h"
#include "http/security.h"
#include "json/writer.h"

namespace concord::checkins {
namespace {

using http::Call;
using http::Reply;
using http::Request;
using http::Work;
using KeptDeps = std::shared_ptr<const Deps>;
using Fields = std::vector<std::pair<std::string, std::string>>;

constexpr std::array<std::string_view, 8> kOwnWords = {"now", "q", "check", "pause", "help", "done", "language", "finished"};
constexpr std::string_view kPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'";

http::Headers page_headers() {
  return {{"Content-Security-Policy", std::string(kPolicy)},
          {"Referrer-Policy", "same-origin"},
          {"X-Frame-Options", "DENY"},
          {"Vary", "Accept"},
          {"X-Robots-Tag", "noindex, nofollow"}};
}

Reply html(int status, std::string body) {
  Reply reply;
  reply.status = status;
  reply.body = std::move(body);
  reply.content_type = "text/html; charset=utf-8";
  reply.headers = page_headers();
  return reply;
}

bool wants_json(const Request& request) { return request.header("accept").find("application/json") != std::string_view::npos; }

/// Where the browser goes next: a redirect, or the address for the script.
Reply go_to(const Request& request, const std::string& path) {
  Reply reply;
  reply.headers = page_headers();
  if (wants_json(request)) {
    json::Writer w(reply.body);
    w.object().field("next", path).end();
    return reply;
  }
  reply.status = 303;
  reply.content_type = "text/html; charset=utf-8";
  reply.location = path;
  return reply;
}

std::string language_of(const Request& request, std::string_view otherwise) {
  if (const auto asked = request.parameter("lang"); asked && (*asked == "es" || *asked == "en")) return std::string(*asked);
  return std::string(otherwise);
}

std::string field(const Fields& fields, std::string_view name) {
  for (const auto& [key, value] : fields)
    if (key == name) return value;
  return {};
}

/// One check-in, opened by its holder, in one request.
struct Visit {
  const Deps& deps;
  db::Tx& tx;
  const Asker& asker;
  Place place;
  CheckIn check_in;
  const Request& request;

  OrganizationId organization() const { return asker.organization(); }
  std::string say(std::string_view key, Words::Values values = {}) const {
    return deps.words->text(check_in.language, key, values);
  }

  /// `back`: the page to come back to after a change of language; "" without that choice.
  Frame frame(std::string back) const {
    Frame f;
    f.words = deps.words;
    f.assets = &deps.assets;
    f.language = check_in.language;
    f.clinic = deps.clinic(tx, organization(), check_in.site).name;
    f.help = deps.help(tx, organization(), check_in.site, check_in.language, asker.now);
    f.kiosk = check_in.channel == Channel::kiosk;
    f.language_back = std::move(back);
    if (f.kiosk) f.leave_after_seconds = static_cast<int>(session_time(deps.settings, check_in).count());
    return f;
  }

  Reply about(Reply reply) const {
    reply.audit_patient = check_in.patient.uuid;
    reply.audit_object = check_in.id.uuid;
    return reply;
  }
  Reply changed(Reply reply) const {
    reply = about(std::move(reply));
    reply.events.push_back({"checkins", check_in.id.uuid});
    reply.events.push_back({"patient", check_in.patient.uuid});
    return reply;
  }
  Reply message(int status, std::string_view title, std::string_view text, Words::Values values = {}) const {
    Frame f = frame("");
    f.leave_after_seconds = 0;
    return about(html(status, message_page(f, say(title), say(text, values))));
  }

  /// The page for a check-in that is over.
  Reply over() const {
    const auto state = state_at(check_in, asker.now);
    if (state == "submitted")
      return message(200, "submitted.title", "submitted.text",
                     {{"date", date_text(*deps.words, check_in.language, local_date(*check_in.ended_at, place.zone))}});
    if (state == "fulfilled") return message(200, "fulfilled.title", "fulfilled.text");
    if (state == "revoked") return message(410, "ended.title", "revoked.text");
    return message(410, "ended.title", "ended.text");
  }
};

template <class Step>
Result<Work> visit(const KeptDeps& deps, const Call& call, Step step) {
  if (!call.caller.through || !call.caller.patient) return http::not_found();
  return Work([deps, asker = Asker(call), request = &call.request, step](db::Tx& tx) -> Result<Reply> {
    auto found = find(tx, asker.organization(), CheckInId(*asker.caller.through));
    if (!found) return http::not_found();
    const auto place = deps->chart->place(asker.caller, asker.now, found->patient, found->site);
    Visit v{*deps, tx, asker, place, std::move(*found), *request};
    return step(v);
  });
}

// ---- the link

Landing landing_of(const Visit& v, const std::string& secret) {
  const auto kept = list_kept(v.tx, v.organization(), v.check_in.id);
  Landing l;
  l.secret = secret;
  const auto all = questions(*v.deps.library, v.check_in, kept);
  l.count = static_cast<int>(all.size());
  l.answered =
      static_cast<int>(std::count_if(all.begin(), all.end(), [&](const Question& q) { return kept_for(kept, q) != nullptr; }));
  l.until = local_date(v.check_in.expires_at - std::chrono::microseconds(1), v.place.zone);
  l.asks_birth_date = v.check_in.asks_birth_date;
  l.may_be_foreign = v.check_in.channel != Channel::kiosk;
  l.on_behalf = v.check_in.on_behalf_by.has_value();
  return l;
}

Frame landing_frame(const Visit& v, const std::string& secret) {
  Frame f = v.frame("");
  f.leave_after_seconds = 0;
  f.language_link = "/c/" + secret + "?lang=" + (v.check_in.language == "es" ? "en" : "es");
  return f;
}

Result<Work> show_link(const KeptDeps& deps, const Call& call) {
  const std::string secret(call.path_parameter("secret"));
  return visit(deps, call, [secret](Visit& v) -> Result<Reply> {
    v.check_in.language = language_of(v.request, v.check_in.language);
    if (!is_open(v.check_in, v.asker.now)) return v.over();
    if (v.check_in.starts >= v.deps.settings.most_starts) return v.message(410, "starts.title", "starts.text");
    return v.about(html(200, landing_page(landing_frame(v, secret), landing_of(v, secret))));
  });
}

/// The check-in that the browser has open already; its cookie is good.
bool has_live_cookie(const Visit& v) {
  const auto cookie = v.request.cookie(cookie_name(v.deps));
  if (!cookie || cookie->empty()) return false;
  const auto where = find_session(v.tx, v.deps.token_hash(*cookie));
  return where && where->organization == v.organization() && where->check_in == v.check_in.id && v.asker.now < where->expires_at;
}

Result<Work> start_link(const KeptDeps& deps, const Call& call) {
  const std::string secret(call.path_parameter("secret"));
  CONCORD_TRY(const auto fields, http::parse_form(call.request.body));
  return visit(deps, call, [secret, fields](Visit& v) -> Result<Reply> {
    if (const auto asked = field(fields, "language"); asked == "es" || asked == "en") v.check_in.language = asked;
    if (!is_open(v.check_in, v.asker.now)) return v.over();
    const auto keep_language = [&] { set_language(v.tx, v.organization(), v.check_in.id, v.check_in.language); };
    if (has_live_cookie(v)) {  // a second tap
      keep_language();
      return v.about(go_to(v.request, "/c/now"));
    }
    const BirthDate given{field(fields, "month"), field(fields, "day"), field(fields, "year")};
    const auto started = start(v.deps, v.tx, v.organization(), v.place, v.check_in, given, v.asker.now);
    switch (started.problem) {
      case StartProblem::none:
        break;
      case StartProblem::ended: {
        if (const auto now = find(v.tx, v.organization(), v.check_in.id)) v.check_in = *now;
        return v.over();
      }
      case StartProblem::starts:
        return v.message(410, "starts.title", "starts.text");
      case StartProblem::revoked: {
        Reply reply = v.changed(v.message(410, "ended.title", "revoked.text"));
        reply.audit_detail = "birth date wrong, revoked";
        return reply;
      }
      case StartProblem::birth_missing:
      case StartProblem::birth_wrong: {
        Landing l = landing_of(v, secret);
        const auto clipped = [](std::string text) {
          if (text.size() > 4) text.clear();
          return text;
        };
        l.month = clipped(given.month);
        l.day = clipped(given.day);
        l.year = clipped(given.year);
        if (started.problem == StartProblem::birth_missing) l.error = v.say("birth.missing");
        else if (started.tries_left == 1) l.error = v.say("birth.wrong_one");
        else l.error = v.say("birth.wrong", {{"left", std::to_string(started.tries_left)}});
        Reply reply = v.about(html(422, landing_page(landing_frame(v, secret), l)));
        reply.audit_detail = started.problem == StartProblem::birth_wrong ? "birth date wrong" : "birth date missing";
        return reply;
      }
    }
    keep_language();
    Reply reply = v.changed(go_to(v.request, "/c/now"));
    reply.headers.emplace_back("Set-Cookie", set_cookie(v.deps, started.cookie));
    reply.audit_detail = "started";
    return reply;
  });
}

Result<Work> not_me(const KeptDeps& deps, const Call& call) {
  CONCORD_TRY(const auto fields, http::parse_form(call.request.body));
  return visit(deps, call, [fields](Visit& v) -> Result<Reply> {
    if (const auto asked = field(fields, "language"); asked == "es" || asked == "en") v.check_in.language = asked;
    const bool ended_now = is_open(v.check_in, v.asker.now) &&
                           revoke(v.deps, v.tx, v.organization(), v.place, v.check_in, "wrong_person", std::nullopt, v.asker.now);
    if (!ended_now && v.check_in.ended_why != "wrong_person") return v.over();
    Reply reply = v.changed(v.message(200, "notme.done_title", "notme.done_text"));
    reply.audit_detail = "wrong person";
    return reply;
  });
}

// ---- with the cookie

/// Questions and answers as they are, or the reply for a check-in that is over.
struct Open {
  std::vector<Kept> kept;
  std::vector<Question> all;
  std::optional<std::size_t> first;  ///< without an answer
};
Open open_of(const Visit& v) {
  Open o;
  o.kept = list_kept(v.tx, v.organization(), v.check_in.id);
  o.all = questions(*v.deps.library, v.check_in, o.kept);
  o.first = first_open(o.all, o.kept);
  return o;
}

std::string path_of(const Open& o) { return o.first ? "/c/q/" + std::to_string(*o.first + 1) : "/c/check"; }

/// A check-in that is over, for whoever still has its cookie: the receipt, or what happened.
Reply leave(const Visit& v) {
  if (v.check_in.state != "submitted") return v.over();
  return v.about(go_to(v.request, v.check_in.channel == Channel::kiosk ? "/c/finished" : "/c/done"));
}

template <class Step>
Result<Work> with_open(const KeptDeps& deps, const Call& call, Step step) {
  return visit(deps, call, [step](Visit& v) -> Result<Reply> {
    if (!is_open(v.check_in, v.asker.now)) return leave(v);
    return step(v);
  });
}

Result<Work> show_now(const KeptDeps& deps, const Call& call) {
  return with_open(deps, call, [](Visit& v) -> Result<Reply> { return v.about(go_to(v.request, path_of(open_of(v)))); });
}

std::optional<std::size_t> read_number(std::string_view text, std::size_t most) {
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < 1 || number > most) return std::nullopt;
  return number - 1;
}

Result<Work> show_question(const KeptDeps& deps, const Call& call) {
  const std::string number(call.path_parameter("number"));
  const bool then_check = call.request.parameter("then") == "check";
  return with_open(deps, call, [number, then_check](Visit& v) -> Result<Reply> {
    const auto o = open_of(v);
    const auto index = read_number(number, o.all.size());
    if (!index || (o.first && *index > *o.first)) return v.about(go_to(v.request, path_of(o)));
    const auto& q = o.all[*index];
    const std::string here = "/c/q/" + std::to_string(q.number) + (then_check ? "?then=check" : "");
    return v.about(html(200, question_page(v.frame(here), q, kept_for(o.kept, q), false, then_check)));
  });
}

void extend(const Visit& v, Reply& reply) {
  const auto cookie = v.request.cookie(cookie_name(v.deps));
  if (!cookie) return;
  const auto time = session_time(v.deps.settings, v.check_in);
  extend_session(v.tx, v.organization(), v.check_in.id, v.deps.token_hash(*cookie), v.asker.now + time);
  reply.headers.emplace_back("Set-Cookie", set_cookie(v.deps, {std::string(*cookie), static_cast<int>(time.count())}));
}

/// What was chosen: nothing, "prefer not to answer", or points.
struct Chosen {
  bool any = false;
  std::optional<double> value;
};
Chosen read_value(std::string_view text) {
  if (text == "skip") return {true, std::nullopt};
  if (text.empty() || text.size() > 8) return {};
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return {};
  return {true, value};
}

Result<Work> answer_question(const KeptDeps& deps, const Call& call) {
  CONCORD_TRY(const auto fields, http::parse_form(call.request.body));
  return with_open(deps, call, [fields](Visit& v) -> Result<Reply> {
    const auto o = open_of(v);
    const auto item = field(fields, "item");
    const bool then_check = field(fields, "then") == "check";
    const auto q = std::find_if(o.all.begin(), o.all.end(),
                                [&](const Question& one) { return one.instrument->id + "/" + one.asked().link_id == item; });
    // A question that is not asked (any more), or of another check-in: nothing is kept.
    if (q == o.all.end()) return v.about(go_to(v.request, path_of(o)));
    const auto chosen = read_value(field(fields, "value"));
    Result<Saved> saved = fail(ErrorCode::invalid, "");
    if (chosen.any) saved = save(v.deps, v.tx, v.asker, v.place, v.check_in, *q, chosen.value);
    if (!saved) {
      if (saved.error().code != ErrorCode::invalid) return tl::unexpected<Error>(std::move(saved.error()));
      const std::string here = "/c/q/" + std::to_string(q->number) + (then_check ? "?then=check" : "");
      return v.about(html(422, question_page(v.frame(here), *q, kept_for(o.kept, *q), true, then_check)));
    }
    if (saved->ended) {
      if (const auto now = find(v.tx, v.organization(), v.check_in.id)) v.check_in = *now;
      return leave(v);
    }
    // The answer may have made other questions needless.
    const auto after = open_of(v);
    std::string next = path_of(after);
    if (!then_check) {
      const auto here = std::find_if(after.all.begin(), after.all.end(),
                                     [&](const Question& one) { return one.instrument == q->instrument && one.item == q->item; });
      if (here != after.all.end() && here + 1 != after.all.end()) next = "/c/q/" + std::to_string(here->number + 1);
    }
    if (saved->alarming) next = "/c/pause?next=" + next;
    Reply reply = v.changed(go_to(v.request, next));
    if (saved->alarming) reply.events.push_back({"caseload", v.check_in.patient.uuid});
    reply.audit_detail = saved->alarming ? "safety answer kept" : "answer kept";
    extend(v, reply);
    return reply;
  });
}

/// Only our own pages.
std::string own_path(std::string_view text, std::string_view otherwise) {
  const bool ours = text == "/c/check" || text == "/c/pause" || text == "/c/help" || text == "/c/now" || text == "/c/done" ||
                    (text.starts_with("/c/q/") && text.size() < 40 &&
                     text.find_first_not_of("0123456789abcdefghijklmnopqrstuvwxyz/?=") == std::string_view::npos);
  return std::string(ours ? text : otherwise);
}

Result<Work> show_pause(const KeptDeps& deps, const Call& call) {
  const std::string next = own_path(call.request.parameter("next").value_or(""), "/c/now");
  return with_open(deps, call,
                   [next](Visit& v) -> Result<Reply> { return v.about(html(200, pause_page(v.frame("/c/pause"), next))); });
}

Result<Work> show_help(const KeptDeps& deps, const Call& call) {
  return visit(deps, call, [](Visit& v) -> Result<Reply> { return v.about(html(200, help_page(v.frame("/c/help")))); });
}

std::vector<int> missing_of(const Open& o) {
  std::vector<int> missing;
  for (const auto& q : o.all)
    if (const auto* k = kept_for(o.kept, q); !k || (!k->value && !q.may_skip)) missing.push_back(q.number);
  return missing;
}

Result<Work> show_check(const KeptDeps& deps, const Call& call) {
  return with_open(deps, call, [](Visit& v) -> Result<Reply> {
    const auto o = open_of(v);
    if (o.first) return v.about(go_to(v.request, path_of(o)));
    return v.about(html(200, check_page(v.frame("/c/check"), o.all, o.kept, {})));
  });
}

Result<Work> send_answers(const KeptDeps& deps, const Call& call) {
  return visit(deps, call, [](Visit& v) -> Result<Reply> {
    CONCORD_TRY(const auto done, submit(v.deps, v.tx, v.asker, v.place, v.check_in));
    if (done.ended) {
      if (const auto now = find(v.tx, v.organization(), v.check_in.id)) v.check_in = *now;
      return v.over();
    }
    if (!done.missing.empty()) {
      const auto o = open_of(v);
      return v.about(html(422, check_page(v.frame("/c/check"), o.all, o.kept, missing_of(o))));
    }
    const bool kiosk = v.check_in.channel == Channel::kiosk;
    Reply reply = v.changed(go_to(v.request, kiosk ? "/c/finished" : "/c/done"));
    reply.events.push_back({"caseload", v.check_in.patient.uuid});
    reply.audit_detail = done.again ? "sent again" : "sent";
    if (kiosk) reply.headers.emplace_back("Set-Cookie", set_cookie(v.deps, {}));
    return reply;
  });
}

Result<Work> show_done(const KeptDeps& deps, const Call& call) {
  return visit(deps, call, [](Visit& v) -> Result<Reply> {
    if (is_open(v.check_in, v.asker.now)) return v.about(go_to(v.request, "/c/now"));
    if (v.check_in.state != "submitted" || v.check_in.channel == Channel::kiosk) return leave(v);
    const auto calendar = v.deps.calendar_of(v.tx, v.organization(), v.check_in.site);
    const Instant sent = *v.check_in.ended_at, now = v.asker.now;
    Done d;
    d.receipt = v.check_in.receipt;
    d.date = local_date(sent, v.place.zone);
    d.minute = local_minute_of_day(sent, v.place.zone);
    d.hours = hours_text(*v.deps.words, v.check_in.language, calendar);
    if (calendar::is_open(calendar, now)) {
      if (const auto today = calendar::hours_on(calendar, v.place.today)) d.open_until = today->closes_minute;
    } else {
      const auto today = calendar::hours_on(calendar, v.place.today);
      const bool later_today = today && local_minute_of_day(now, v.place.zone) < today->opens_minute;
      d.opens = next_open_day(calendar, later_today ? v.place.today : v.place.today.plus_days(1));
    }
    return v.about(html(200, done_page(v.frame("/c/done"), d)));
  });
}

Result<Work> change_language(const KeptDeps& deps, const Call& call) {
  CONCORD_TRY(const auto fields, http::parse_form(call.request.body));
  return visit(deps, call, [fields](Visit& v) -> Result<Reply> {
    const auto asked = field(fields, "language");
    if (asked == "es" || asked == "en") set_language(v.tx, v.organization(), v.check_in.id, asked);
    return v.about(go_to(v.request, own_path(field(fields, "back"), "/c/now")));
  });
}

Frame plain_frame(const Deps& deps, const Request& request) {
  Frame f;
  f.words = deps.words;
  f.assets = &deps.assets;
  f.language = language_of(request, request.header("accept-language").starts_with("es") ? "es" : "en");
  f.help = deps.help_anywhere(f.language);
  return f;
}

std::string finished_page(const Deps& deps, const Request& request) {
  const Frame f = plain_frame(deps, request);
  return message_page(f, deps.words->text(f.language, "kiosk.title"), deps.words->text(f.language, "kiosk.text"));
}

Result<Work> show_finished(const KeptDeps& deps, const Call& call) {
  return visit(deps, call, [](Visit& v) -> Result<Reply> {
    Reply reply = v.about(html(200, finished_page(v.deps, v.request)));
    reply.headers.emplace_back("Set-Cookie", set_cookie(v.deps, {}));
    return reply;
  });
}

/// "abc" of "/c/abc/..."
std::string_view second_segment(std::string_view path) {
  if (!path.starts_with("/c/")) return {};
  path.remove_prefix(3);
  return path.substr(0, path.find('/'));
}

bool is_own_word(std::string_view segment) { return std::find(kOwnWords.begin(), kOwnWords.end(), segment) != kOwnWords.end(); }

}  // namespace

std::string_view cookie_name(const Deps& deps) { return deps.secure_cookies ? "__Host-concord_checkin" : "concord_checkin"; }

std::string set_cookie(const Deps& deps, const Cookie& cookie) {
  return http::secret_cookie(cookie_name(deps), cookie.value, deps.secure_cookies, std::chrono::seconds(cookie.seconds));
}

Result<Caller> admit(const Deps& deps, db::Tx& tx, const http::Request& request, Instant now) {
  const auto segment = second_segment(request.path);
  std::optional<Where> where;
  if (is_own_word(segment)) {
    const auto cookie = request.cookie(cookie_name(deps));
    if (cookie && !cookie->empty() && cookie->size() < 200) where = find_session(tx, deps.token_hash(*cookie));
    if (!where || now >= where->expires_at) return fail(ErrorCode::not_signed_in, "This page was open for a long time.");
  } else {
    if (segment.size() >= 22 && segment.size() < 100) where = find_by_token(tx, deps.token_hash(segment));
    if (!where) return fail(ErrorCode::not_found, "This link does not work.");
  }
  const auto check_in = find(tx, where->organization, where->check_in);
  if (!check_in) return fail(ErrorCode::not_found, "This link does not work.");
  Caller caller;
  caller.kind = ActorKind::form;
  caller.organization = where->organization;
  caller.role = "form";
  caller.language = check_in->language;
  caller.sites = {check_in->site};
  caller.patient = check_in->patient.uuid;
  caller.through = check_in->id.uuid;
  return caller;
}

http::Response problem_page(const Deps& deps, const Error& error, const http::Request& request) {
  http::Response response;
  response.content_type = "text/html; charset=utf-8";
  response.headers = page_headers();
  if (request.path == "/c/finished" && error.code == ErrorCode::not_signed_in) {
    response.body = finished_page(deps, request);
    response.headers.emplace_back("Set-Cookie", set_cookie(deps, {}));
    return response;
  }
  const Frame f = plain_frame(deps, request);
  const auto say = [&](std::string_view key) { return deps.words->text(f.language, key); };
  response.status = http_status(error.code);
  switch (error.code) {
    case ErrorCode::not_found:
    case ErrorCode::method_not_allowed:
      response.body = message_page(f, say("unknown.title"), say("unknown.text"));
      break;
    case ErrorCode::not_signed_in:
      response.body = message_page(f, say("session.title"), say("session.text"));
      break;
    case ErrorCode::not_allowed:
    case ErrorCode::wrong_media_type:
    case ErrorCode::bad_request:
    case ErrorCode::too_large:
    case ErrorCode::invalid:
      response.body = message_page(f, say("busy.title"), say("foreign.text"));
      break;
    default:
      response.body = message_page(f, say("busy.title"), say("busy.text"));
  }
  return response;
}

std::vector<http::Route> page_routes(const Deps& given) {
  const KeptDeps deps = std::make_shared<const Deps>(given);
  using Step = Result<Work> (*)(const KeptDeps&, const Call&);
  using http::Method;
  using http::RunAs;
  std::vector<http::Route> routes;
  const auto add = [&](Method method, std::string pattern, std::string name, std::string summary, Step step) {
    http::Route r;
    r.method = method;
    r.pattern = std::move(pattern);
    r.name = std::move(name);
    r.permission = "checkins.answer";
    r.summary = std::move(summary);
    r.run_as = method == Method::get ? RunAs::point : RunAs::write;
    r.audience = http::Audience::form;
    r.handler = [deps, step](const Call& call) { return step(deps, call); };
    routes.push_back(std::move(r));
  };
  add(Method::get, "/c/{secret}", "checkin_pages.link", "What the link is for", show_link);
  add(Method::post, "/c/{secret}", "checkin_pages.start", "Exchanges the link for a cookie", start_link);
  add(Method::post, "/c/{secret}/not-me", "checkin_pages.not_me", "The link reached somebody else", not_me);
  add(Method::get, "/c/now", "checkin_pages.now", "On to the first open question", show_now);
  add(Method::get, "/c/q/{number}", "checkin_pages.question", "One question", show_question);
  add(Method::post, "/c/q/{number}", "checkin_pages.answer", "Keeps one answer", answer_question);
  add(Method::get, "/c/pause", "checkin_pages.pause", "Help now, or go on", show_pause);
  add(Method::get, "/c/help", "checkin_pages.help", "Help lines", show_help);
  add(Method::get, "/c/check", "checkin_pages.check", "The answers before they are sent", show_check);
  add(Method::post, "/c/check", "checkin_pages.send", "Sends the answers", send_answers);
  add(Method::get, "/c/done", "checkin_pages.done", "The receipt", show_done);
  add(Method::get, "/c/finished", "checkin_pages.finished", "The tablet goes back", show_finished);
  add(Method::post, "/c/language", "checkin_pages.language", "The other language", change_language);
  return routes;
}

}  // namespace concord::checkins
