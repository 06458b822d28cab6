#include "portal/next.h"

namespace concord::portal {

NextCard next_for(const NextFacts& facts, const Words& words, std::string_view language) {
  NextCard card;
  const auto say = [&](std::string_view kind, std::string text, std::optional<std::string_view> view) {
    const std::string id = "next." + std::string(kind);
    card.kind = kind;
    card.title = words(id + ".title", language);
    card.text = std::move(text);
    card.view = view;
    if (view) card.act = words(id + ".act", language);
  };
  const auto day = [&](Date on) { return day_words(on, facts.today, language); };
  if (facts.check_in) {
    const auto& due = facts.check_in->due;
    say("check_in",
        due && *due > facts.today ? words("next.check_in.text_by", language, {day(*due)}) : words("next.check_in.text", language),
        "check-ins");
    card.object_id = facts.check_in->id;
  } else if (facts.decision) {
    say("decision", words("next.decision.text", language, {facts.decision->title}), "decisions");
    card.object = facts.decision->aid;
  } else if (facts.visit && facts.visit->on - facts.today <= kVisitSoonDays) {
    say("visit", facts.visit->text, "visits");
    card.object_id = facts.visit->id;
    card.at = facts.visit->at;
  } else if (facts.goal) {
    say("goal", facts.goal->statement, "goals");
    card.object_id = facts.goal->id;
  } else if (facts.messages.unread > 0) {
    say("message",
        facts.messages.unread == 1 ? words("next.message.text_one", language)
                                   : words("next.message.text_many", language, {std::to_string(facts.messages.unread)}),
        "messages");
    card.object_id = facts.messages.thread;
  } else if (facts.reading) {
    say("reading", facts.reading->title, "education");
    card.object = facts.reading->id;
  } else if (facts.safety_plan_wanted && facts.is_self) {
    say("safety_plan", words("next.safety_plan.text", language), "safety-plan");
  } else {
    std::string text;
    if (facts.visit) text = words("next.nothing.text_visit", language, {facts.visit->text});
    else if (facts.next_contact && *facts.next_contact >= facts.today)
      text = words("next.nothing.text_contact", language, {day(*facts.next_contact)});
    else text = words("next.nothing.text", language);
    say("nothing", std::move(text), std::nullopt);
  }
  return card;
}

}  // namespace concord::portal
