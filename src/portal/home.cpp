#include "portal/home.h"

#include <memory>

#include "http/replies.h"

namespace concord::portal {
namespace {

constexpr std::size_t kMostScores = 3;

/// What was found once is used for the card and for the summaries.
struct Found {
  HomeDeps::CheckIns check_ins;
  HomeDeps::Goals goals;
  HomeDeps::Reading reading;
  NextFacts facts;
};

Found find(const HomeDeps& deps, db::Tx& tx, const Viewer& viewer) {
  Found found;
  NextFacts& f = found.facts;
  f.today = viewer.today;
  f.is_self = viewer.is_self;
  if (viewer.has("check_in") && deps.check_ins) {
    found.check_ins = deps.check_ins(tx, viewer);
    f.check_in = found.check_ins.next;
  }
  if (viewer.has("plan") && deps.decision) f.decision = deps.decision(tx, viewer);
  if (viewer.has("appointments")) {
    if (deps.visit) f.visit = deps.visit(tx, viewer);
    if (deps.next_contact) f.next_contact = deps.next_contact(tx, viewer);
  }
  if (viewer.has("goals") && deps.goals) {
    found.goals = deps.goals(tx, viewer);
    f.goal = found.goals.next;
  }
  if (viewer.has("messages") && deps.messages) f.messages = deps.messages(tx, viewer);
  if (viewer.has("education") && deps.reading) {
    found.reading = deps.reading(tx, viewer);
    f.reading = found.reading.next;
  }
  if (viewer.is_self && deps.safety_plan_wanted) f.safety_plan_wanted = deps.safety_plan_wanted(tx, viewer);
  return found;
}

void write_card(json::Writer& w, const NextCard& card) {
  w.object()
      .field("kind", card.kind)
      .field("title", card.title)
      .field("text", card.text)
      .field("act", card.act)
      .field("view", card.view)
      .field("object_id", card.object_id)
      .field("object", card.object)
      .field("at", card.at)
      .end();
}

}  // namespace

NextFacts facts_for(const HomeDeps& deps, db::Tx& tx, const Viewer& viewer) { return find(deps, tx, viewer).facts; }

View home_view(const HomeDeps& given) {
  const auto deps = std::make_shared<const HomeDeps>(given);
  View view;
  view.name = "home";
  view.scope = kAnyScope;
  view.summary = "The one next thing, and small summaries";
  view.in_record = false;
  const std::string card = http::schema({{"kind", "check_in|decision|visit|goal|message|reading|safety_plan|nothing!"},
                                         {"title", "text!"},
                                         {"text", "text!"},
                                         {"act", "text?!"},
                                         {"view", "text?!"},
                                         {"object_id", "id?!"},
                                         {"object", "text?!"},
                                         {"at", "instant?!"}});
  const std::string score =
      http::schema({{"instrument", "text!"}, {"title", "text!"}, {"words", "text!"}, {"direction", "text!"}});
  const std::string milestone = http::schema({{"goal_id", "id!"}, {"id", "text!"}, {"on", "date!"}, {"text", "text!"}});
  view.schema =
      http::schema({{"today", "date!"},
                    {"next", card + "!"},
                    {"clinic", http::schema({{"name", "text!"}, {"phone", "text?!"}, {"hours", "text?!"}}) + "!"},
                    {"response_time", "text!"},
                    {"not_for_emergencies", "text!"},
                    {"check_ins", http::schema({{"open", "integer!"}})},
                    {"scores", "[]" + score},
                    {"goals", http::schema({{"active", "integer!"}, {"for_today", "integer!"}, {"done_today", "integer!"}})},
                    {"milestones", "[]" + milestone},
                    {"messages", http::schema({{"unread", "integer!"}})},
                    {"visit", R"({"type":["object","null"]})"},
                    {"reading", http::schema({{"unread", "integer!"}})},
                    {"surveys", http::schema({{"due", "integer!"}})},
                    {"plan", http::schema({{"in_effect", "boolean!"}, {"since", "date?!"}})}});
  view.write = [deps](json::Writer& w, db::Tx& tx, const Viewer& viewer, const http::Request&) -> Result<void> {
    const auto found = find(*deps, tx, viewer);
    const auto clinic = deps->clinic(tx, viewer.organization, viewer.site);
    w.object().field("today", viewer.today).key("next");
    write_card(w, next_for(found.facts, *deps->words, viewer.language));
    w.key("clinic").object().field("name", clinic.name).field("phone", clinic.phone).field("hours", clinic.hours).end();
    w.field("response_time", deps->response_time(viewer.language))
        .field("not_for_emergencies", (*deps->words)("messages.not_for_emergencies", viewer.language));
    if (viewer.has("check_in")) w.key("check_ins").object().field("open", found.check_ins.open).end();
    if (viewer.has("scores")) {
      w.key("scores").array();
      std::size_t n = 0;
      for (const auto& s : deps->scores ? deps->scores(tx, viewer) : std::vector<HomeDeps::Score>())
        if (n++ < kMostScores)
          w.object()
              .field("instrument", s.instrument)
              .field("title", s.title)
              .field("words", s.words)
              .field("direction", s.direction)
              .end();
      w.end();
    }
    if (viewer.has("goals")) {
      w.key("goals").object().field("active", found.goals.active).field("for_today", found.goals.for_today);
      w.field("done_today", found.goals.done_today).end().key("milestones").array();
      for (const auto& m : found.goals.milestones)
        w.object().field("goal_id", m.goal).field("id", m.id).field("on", m.on).field("text", m.text).end();
      w.end();
    }
    if (viewer.has("messages")) w.key("messages").object().field("unread", found.facts.messages.unread).end();
    if (viewer.has("appointments")) {
      w.key("visit");
      if (const auto& v = found.facts.visit) w.object().field("id", v->id).field("at", v->at).field("text", v->text).end();
      else w.null();
    }
    if (viewer.has("education")) w.key("reading").object().field("unread", found.reading.unread).end();
    if (viewer.has("plan")) {
      const auto plan = deps->plan ? deps->plan(tx, viewer) : HomeDeps::Plan{};
      w.key("plan").object().field("in_effect", plan.in_effect).field("since", plan.since).end();
    }
    if (viewer.is_self && deps->surveys_due) w.key("surveys").object().field("due", deps->surveys_due(tx, viewer)).end();
    w.end();
    return {};
  };
  return view;
}

}  // namespace concord::portal
