#include "app/demo_loop.h"

#include <algorithm>
#include <map>

#include "app/demo.h"
#include "base/zone.h"
#include "http/route.h"
#include "json/value.h"
#include "json/writer.h"

namespace concord::app {
namespace {

/// An answer that can be asked for a text, a number or a list on the way down; what is not there is empty.
class Answer {
 public:
  explicit Answer(std::string_view text) {
    if (auto parsed = json::Document::parse(text.empty() ? "{}" : text))
      document_ = std::make_shared<json::Document>(std::move(*parsed));
    value_ = document_ ? &document_->root() : nullptr;
  }
  Answer operator[](std::string_view key) const { return {document_, value_ ? value_->find(key) : nullptr}; }
  Answer operator[](std::size_t index) const {
    return {document_, value_ && index < value_->items().size() ? &value_->items()[index] : nullptr};
  }
  std::size_t size() const { return value_ ? value_->items().size() : 0; }
  bool is_null() const { return !value_ || value_->is(json::Kind::null); }
  std::string text() const { return value_ && value_->is(json::Kind::string) ? std::string(value_->text()) : std::string(); }
  std::int64_t integer() const { return value_ ? value_->integer().value_or(0) : 0; }

 private:
  Answer(std::shared_ptr<const json::Document> document, const json::Value* value)
      : document_(std::move(document)), value_(value) {}
  std::shared_ptr<const json::Document> document_;
  const json::Value* value_ = nullptr;
};

/// The demo people at their work.
class Hands {
 public:
  Hands(db::Database& database, Slices& slices, OrganizationId organization, Instant now)
      : database_(database), slices_(slices), router_(slices.routes()), organization_(organization), now_(now) {}

  Result<void> know_people() {
    return database_.read([&](db::Tx& tx) -> Result<void> {
      for (const DemoPerson& demo : demo_people()) {
        const auto user = identity::find_by_sign_in_name(tx, demo.sign_in_name);
        if (!user || user->organization != organization_ || user->roles.empty())
          return fail(ErrorCode::not_found, "The demo clinic has not all of its people.");
        Caller caller;
        caller.kind = ActorKind::user;
        caller.organization = organization_;
        caller.user = user->id;
        caller.display_name = user->display_name;
        caller.role = std::string(demo.role);
        caller.sites = {user->roles.front().site};
        people_.emplace(demo.role, std::move(caller));
      }
      return {};
    });
  }

  const Caller& person(std::string_view role) const { return people_.find(role)->second; }
  std::string site() const { return person("care_manager").sites.front().text(); }
  Date today() const { return local_date(now_, slices_.zones().of(organization_, person("care_manager").sites.front())); }

  Result<Answer> ask(std::string_view role, http::Method method, const std::string& target, const std::string& body = {},
                     std::optional<std::int64_t> version = std::nullopt) {
    http::Request request;
    request.method = method;
    request.target = target;
    request.body = body;
    const auto question = target.find('?');
    request.path = target.substr(0, question);
    if (question != std::string::npos) {
      std::string_view rest = std::string_view(target).substr(question + 1);
      while (!rest.empty()) {
        const auto end = std::min(rest.find('&'), rest.size());
        const auto equals = rest.find('=');
        request.query.emplace_back(rest.substr(0, equals), rest.substr(equals + 1, end - equals - 1));
        rest.remove_prefix(std::min(end + 1, rest.size()));
      }
    }
    if (version) request.headers.emplace_back("if-match", '"' + std::to_string(*version) + '"');
    const auto match = router_.match(method, request.path);
    if (!match.route) return fail(ErrorCode::not_found, "The demo asks for an address that is not there: " + request.path);
    const Caller& caller = person(role);
    CONCORD_TRY(const auto reply, database_.write([&](db::Tx& tx) -> Result<http::Reply> {
      slices_.zones().learn(tx, caller);
      CONCORD_TRY(const auto work, match.route->handler(http::Call{request, caller, now_, match.parameters}));
      return work(tx);
    }));
    if (reply.status >= 400) return fail(ErrorCode::conflict, "The demo was refused at " + request.path);
    return Answer(reply.body);
  }
  Result<Answer> get(std::string_view role, const std::string& target) { return ask(role, http::Method::get, target); }
  Result<Answer> post(std::string_view role, const std::string& target, const std::string& body,
                      std::optional<std::int64_t> version = std::nullopt) {
    return ask(role, http::Method::post, target, body, version);
  }

 private:
  db::Database& database_;
  Slices& slices_;
  const http::Router router_;
  const OrganizationId organization_;
  const Instant now_;
  std::map<std::string, Caller, std::less<>> people_;
};

struct Someone {
  std::string id, state, need;
};

class Loop {
 public:
  Loop(Hands& hands) : hands_(hands) {}

  Result<void> run() {
    CONCORD_TRY_VOID(find_patients());
    // A small clinic has something of everything before it has every recommendation.
    CONCORD_TRY_VOID(session());
    CONCORD_TRY_VOID(on_call());
    CONCORD_TRY_VOID(safety());
    CONCORD_TRY_VOID(safety_followed_up());
    CONCORD_TRY_VOID(recommendations());
    CONCORD_TRY_VOID(minutes());
    return {};
  }

 private:
  static std::string chart(const Someone& p, std::string_view rest) { return "/api/v1/patients/" + p.id + std::string(rest); }

  /// Dana's list: who is in active care, those who do not improve first.
  Result<void> find_patients() {
    CONCORD_TRY(const auto page, hands_.get("care_manager", "/api/v1/caseload?care_manager=me&limit=200"));
    for (std::size_t i = 0; i < page["items"].size(); ++i) {
      const Answer row = page["items"][i];
      Someone p{row["patient_id"].text(), row["state"].text(), row["need"].text()};
      if (p.state == "active") active_.push_back(std::move(p));
    }
    std::stable_sort(active_.begin(), active_.end(), [](const Someone& a, const Someone& b) {
      return (a.need == "not_improving") > (b.need == "not_improving");
    });
    return {};
  }

  Result<Answer> recommend(const Someone& p, std::string_view question, std::string_view advice, bool send) {
    std::string body;
    json::Writer(body)
        .object()
        .field("question", question)
        .field("send", send)
        .key("recommendations")
        .raw("[" + std::string(advice) + "]")
        .end();
    CONCORD_TRY(const auto review, hands_.post("psychiatric_consultant", chart(p, "/reviews"), body));
    return review["recommendations"][0];
  }
  Result<Answer> act(const Someone& p, const Answer& row, std::string_view role, std::string_view word, const std::string& body) {
    return hands_.post(role, chart(p, "/recommendations/" + row["id"].text() + "/" + std::string(word)), body,
                       row["version"].integer());
  }

  /// One in every state, each with another patient.
  Result<void> recommendations() {
    constexpr std::string_view kIncrease =
        R"({"kind":"increase","medication":"sertraline","dose":"100 mg daily","text":"Half better after ten weeks; tolerated well.","to_role":"pcp","urgency":"routine"})";
    constexpr std::string_view kLabs = R"({"kind":"labs","text":"TSH before the next change","to_role":"pcp","urgency":"soon"})";
    constexpr std::string_view kTherapy =
        R"({"kind":"psychotherapy","text":"Problem-solving treatment, six sessions","to_role":"care_manager","urgency":"routine"})";
    constexpr std::string_view kUrgent =
        R"({"kind":"diagnosis_question","text":"Ask about periods of little sleep and much energy before an antidepressant","to_role":"pcp","urgency":"urgent"})";
    struct Course {
      std::string_view advice;
      std::string_view until;  ///< the state it gets to
    };
    const Course courses[] = {{kIncrease, "sent"},    {kIncrease, "draft"},       {kTherapy, "accepted"},  {kUrgent, "sent"},
                              {kTherapy, "done"},     {kIncrease, "read"},        {kIncrease, "declined"}, {kLabs, "modified"},
                              {kTherapy, "adequate"}, {kTherapy, "not_adequate"}, {kTherapy, "withdrawn"}, {kLabs, "sent"}};
    for (const Course& course : courses) {
      if (next_ >= active_.size()) return {};
      const Someone& p = active_[next_++];
      CONCORD_TRY(auto row, recommend(p, "Not better; what next?", course.advice, course.until != "draft"));
      const std::string_view to = course.until;
      const std::string_view whose = course.advice == kTherapy ? "care_manager" : "pcp";
      if (to == "draft" || to == "sent") continue;
      if (to == "withdrawn") {
        CONCORD_TRY_VOID(
            act(p, row, "psychiatric_consultant", "withdraw", R"({"reason":"The patient found a therapist of their own."})"));
        continue;
      }
      CONCORD_TRY(row, hands_.post(whose, chart(p, "/recommendations/" + row["id"].text() + "/read"), "{}"));
      if (to == "read") continue;
      CONCORD_TRY(row, act(p, row, whose, "answer",
                           to == "modified"   ? R"({"state":"modified","reason":"With the yearly blood work in two weeks"})"
                           : to == "declined" ? R"({"state":"declined","reason":"The patient would rather try therapy first"})"
                                              : R"({"state":"accepted"})"));
      if (to == "accepted" || to == "modified" || to == "declined") continue;
      CONCORD_TRY(row, act(p, row, "care_manager", "done", "{}"));
      if (to == "done") continue;
      CONCORD_TRY_VOID(act(p, row, "care_manager", "trial",
                           to == "adequate" ? R"({"result":"adequate","weeks":8})"
                                            : R"({"result":"not_adequate","reason":"Two sessions only; no transport."})"));
    }
    return {};
  }

  /// The next review hour, with a question that waits for it.
  Result<void> session() {
    Date on = hands_.today().plus_days(1);
    while (on.is_weekend()) on = on.plus_days(1);
    std::string body;
    json::Writer w(body);
    w.object().field("site_id", hands_.site()).field("date", on).field("starts_at", "13:00").field("minutes", 60);
    w.field("consultant_id", hands_.person("psychiatric_consultant").user).key("attendees").array();
    for (const std::string_view role : {"psychiatric_consultant", "care_manager"})
      w.object().field("user_id", hands_.person(role).user).field("role", role).end();
    w.end().end();
    CONCORD_TRY_VOID(hands_.post("care_manager", "/api/v1/review-sessions", body));
    if (next_ >= active_.size()) return {};
    CONCORD_TRY_VOID(hands_.post("care_manager", chart(active_[next_++], "/review-questions"),
                                 R"({"question":"Restless since the dose went up. Go back, or wait?","urgency":"soon"})"));
    return {};
  }

  /// A colleague's concern that Dana has taken and not yet assessed.
  Result<void> safety() {
    if (next_ >= active_.size()) return {};
    const Someone& p = active_[next_++];
    CONCORD_TRY(const auto event,
                hands_.post("pcp", chart(p, "/safety-events"),
                            R"({"signal":"staff concern","note":"Said at the desk that it would be easier not to be here."})"));
    CONCORD_TRY_VOID(hands_.post("care_manager", chart(p, "/safety-events/" + event["id"].text() + "/acknowledge"), "{}",
                                 event["version"].integer()));
    return {};
  }

  /// Who answers at night; the weekends are open, and the page says so.
  Result<void> on_call() {
    const std::string path = "/api/v1/sites/" + hands_.site() + "/on-call";
    const auto shift = [&](std::string_view rung, std::string_view role, std::string_view starts, std::string_view ends,
                           int last_weekday) -> Result<void> {
      std::string body;
      json::Writer w(body);
      w.object()
          .field("rung", rung)
          .field("user_id", hands_.person(role).user)
          .field("from_date", hands_.today().first_of_month());
      w.field("starts", starts).field("ends", ends).key("weekdays").array();
      for (int day = 1; day <= last_weekday; ++day) w.value(day);
      w.end().end();
      CONCORD_TRY_VOID(hands_.post("program_manager", path + "/shifts", body));
      return {};
    };
    CONCORD_TRY_VOID(shift("on_call", "bh_specialist", "17:00", "08:00", 4));
    CONCORD_TRY_VOID(shift("consultant", "psychiatric_consultant", "08:00", "20:00", 5));
    CONCORD_TRY_VOID(hands_.ask(
        "program_manager", http::Method::patch, path + "/settings",
        R"({"outside_text":{"en":"We are closed now. Our crisis team answers at 555-0100.","es":"Ahora estamos cerrados. Nuestro equipo de crisis responde en el 555-0100."},"numbers":[{"label":"County crisis team","number":"555-0100"}]})",
        0));
    return {};
  }

  /// A concern that went the whole way: taken, assessed, acted on, closed, with the patient's own plan.
  Result<void> safety_followed_up() {
    if (next_ >= active_.size()) return {};
    const Someone& p = active_[next_++];
    const auto made = hands_.post("care_manager", chart(p, "/safety-events"),
                                  R"({"signal":"staff concern","note":"Cried on the phone and hung up; called back at once."})");
    if (!made) return tl::unexpected<Error>(made.error());
    const std::string event = chart(p, "/safety-events/" + (*made)["id"].text());
    const auto act = [&](const std::string& what, const std::string& body) -> Result<void> {
      CONCORD_TRY(const auto now, hands_.get("care_manager", event));
      CONCORD_TRY_VOID(hands_.post("care_manager", event + what, body, now["version"].integer()));
      return {};
    };
    CONCORD_TRY_VOID(act("/acknowledge", "{}"));
    // Their own screener is the assessment.
    CONCORD_TRY_VOID(
        hands_.post("care_manager", chart(p, "/measurements"),
                    R"({"instrument":"c-ssrs-screener","mode":"phone","answers":{"q1":1,"q2":1,"q3":1,"q4":0,"q5":0,"q6":0}})"));
    CONCORD_TRY_VOID(act("/actions", R"({"action":"safety_plan","note":"written together on the phone"})"));
    CONCORD_TRY_VOID(act("/actions", R"({"action":"means_safety","note":"the sister keeps the tablets"})"));
    CONCORD_TRY_VOID(act("/actions", R"({"action":"told_pcp"})"));
    CONCORD_TRY_VOID(hands_.post(
        "care_manager", chart(p, "/safety-plan"),
        R"({"based_on":0,"language":"en","written_with":["patient"],"steps":{"warning_signs":["I stop answering the phone","I lie awake until four"],"coping":["A walk with the dog","The radio on low"],"distraction":["The library","Sunday lunch at the church hall"],"people":[{"name":"My sister","phone":"555-0177"}],"professionals":[{"name":"The clinic, ask for Dana","phone":"555-0100"}],"surroundings":["My sister keeps the tablets since today"]}})"));
    return act(
        "/close",
        R"({"level":"moderate","disposition":"A method in mind, no intent, no plan. Sister stays tonight. Plan written; visit on Thursday."})");
  }

  /// A few patients whose month lacks some minutes to the next code.
  Result<void> minutes() {
    int done = 0;
    for (auto at = active_.rbegin(); at != active_.rend() && done < 4; ++at) {
      const Someone& p = *at;
      CONCORD_TRY(const auto month, hands_.get("care_manager", chart(p, "/minutes")));
      const std::int64_t missing = month["next"]["minutes"].integer();
      if (missing <= 6) {
        if (missing > 0) ++done;
        continue;
      }
      if (missing > 60) continue;
      std::string body;
      json::Writer(body).object().field("minutes", missing - 5).field("activity", "care_coordination").end();
      CONCORD_TRY_VOID(hands_.post("care_manager", chart(p, "/minutes"), body));
      ++done;
    }
    return {};
  }

  Hands& hands_;
  std::vector<Someone> active_;
  std::size_t next_ = 0;  ///< in active_: who has no scene of their own yet
};

}  // namespace

Result<void> bring_demo_to_life(db::Database& database, Slices& slices, OrganizationId organization, Instant now) {
  Hands hands(database, slices, organization, now);
  CONCORD_TRY_VOID(hands.know_people());
  return Loop(hands).run();
}

}  // namespace concord::app
