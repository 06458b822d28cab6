#include "reviews/agenda.h"

#include <algorithm>
#include <tuple>
#include <unordered_map>

#include "base/check.h"
#include "json/cursor.h"

namespace concord::reviews {
namespace {

constexpr std::string_view kReasonNames[kReasonCount] = {"safety", "asked_urgent", "nonresponse", "stale",  "new",
                                                         "worse",  "asked",        "declined",    "undone", "added"};

/// The causes that hold on the day, the ranking one first.
std::vector<Cause> holding(const Case& c, const AgendaRules& rules, Date day) {
  std::vector<Cause> list;
  for (const Cause& cause : c.causes) {
    if (cause.since > day) continue;
    // A review after the bad score has dealt with it, whatever the next score will be.
    if (cause.reason == Reason::worse && c.last_review && *c.last_review >= cause.since) continue;
    list.push_back(cause);
  }
  std::stable_sort(list.begin(), list.end(), [&](const Cause& a, const Cause& b) {
    return std::tuple(rules.rank(a.reason), a.due.value_or(a.since), a.since) <
           std::tuple(rules.rank(b.reason), b.due.value_or(b.since), b.since);
  });
  return list;
}

}  // namespace

std::string_view name(Reason reason) { return kReasonNames[static_cast<std::size_t>(reason)]; }
std::optional<Reason> parse_reason(std::string_view text) {
  for (int i = 0; i < kReasonCount; ++i)
    if (kReasonNames[i] == text) return static_cast<Reason>(i);
  return std::nullopt;
}

const AgendaRules::Kind& AgendaRules::kind(Reason reason) const { return kinds[static_cast<std::size_t>(rank(reason))]; }

int AgendaRules::rank(Reason reason) const {
  for (std::size_t i = 0; i < kinds.size(); ++i)
    if (kinds[i].reason == reason) return static_cast<int>(i);
  CHECK(false);
  return 0;
}

Result<AgendaRules> load_agenda_rules(std::string_view json_text) {
  CONCORD_TRY(const auto document, json::Document::parse(json_text));
  json::Issues issues;
  const json::Cursor root(document.root(), issues);
  root.only({"name", "version", "about", "agenda"});
  AgendaRules rules;
  rules.name = root.required("name").string(1, 60).value_or("");
  rules.version = root.required("version").string(1, 20).value_or("");
  bool seen[kReasonCount] = {};
  root.required("agenda").each([&](const json::Cursor& item) {
    item.only({"reason", "minutes", "never_cut", "source"});
    AgendaRules::Kind kind;
    const auto word = item.required("reason").string(1, 40);
    const auto reason = word ? parse_reason(*word) : std::nullopt;
    if (word && !reason) item.required("reason").issue("is no reason Concord knows");
    if (reason && seen[static_cast<int>(*reason)]) item.required("reason").issue("is there twice");
    kind.minutes = static_cast<int>(item.required("minutes").integer(1, 60).value_or(1));
    kind.never_cut = item.optional("never_cut").boolean().value_or(false);
    kind.source = item.required("source").string(1, 300).value_or("");
    if (!reason) return;
    seen[static_cast<int>(*reason)] = true;
    kind.reason = *reason;
    rules.kinds.push_back(std::move(kind));
  });
  for (int i = 0; i < kReasonCount; ++i)
    if (!seen[i]) issues.add("agenda", "has no entry for " + std::string(kReasonNames[i]));
  if (!issues.empty()) return fail(ErrorCode::bad_file, "The rules of the review agenda are wrong.", issues.list());
  return rules;
}

Agenda propose(std::span<const Case> cases, const AgendaRules& rules, int minutes, const AgendaEdits& edits, Date day) {
  Agenda agenda;
  std::unordered_map<Uuid, const AgendaEdits::Added*> added;
  for (const auto& a : edits.added) added.emplace(a.patient.uuid, &a);
  std::unordered_map<Uuid, Date> removed;
  for (const auto& r : edits.removed) removed.emplace(r.patient.uuid, r.on);
  std::unordered_map<Uuid, std::size_t> discussed, place;
  for (std::size_t i = 0; i < edits.discussed.size(); ++i) discussed.emplace(edits.discussed[i].uuid, i);
  for (std::size_t i = 0; i < edits.order.size(); ++i) place.emplace(edits.order[i].uuid, i);
  agenda.ordered_by_hand = !edits.order.empty();

  for (const Case& c : cases) {
    AgendaItem item;
    item.of = &c;
    item.reasons = holding(c, rules, day);
    const auto hand = added.find(c.patient.uuid);
    item.by_hand = hand != added.end();
    if (item.by_hand) item.reasons.push_back({Reason::added, hand->second->on, {}, hand->second->reason, {}, {}, {}});
    item.discussed = discussed.count(c.patient.uuid) > 0;
    if (item.reasons.empty() && !item.discussed) continue;
    if (const auto gone = removed.find(c.patient.uuid); gone != removed.end() && !item.discussed) {
      const bool danger = std::any_of(item.reasons.begin(), item.reasons.end(), [&](const Cause& cause) {
        return cause.reason == Reason::safety && cause.since > gone->second;
      });
      if (!danger) continue;
    }
    const auto& kind = rules.kind(item.reasons.empty() ? Reason::added : item.reasons.front().reason);
    item.minutes = kind.minutes;
    item.never_cut = kind.never_cut;
    if (item.by_hand && hand->second->minutes) item.minutes = *hand->second->minutes;
    item.arrived = agenda.ordered_by_hand && place.count(c.patient.uuid) == 0;
    agenda.items.push_back(std::move(item));
  }

  // Group first, then the place in it: what people ordered or discussed, else the rank.
  const auto key = [&](const AgendaItem& item) {
    int group = 2;
    std::size_t at = 0;
    if (agenda.ordered_by_hand) {
      if (const auto found = place.find(item.of->patient.uuid); found != place.end()) group = 1, at = found->second;
      else if (!item.discussed && !item.reasons.empty() && item.reasons.front().reason == Reason::safety) group = 0;
    } else if (const auto found = discussed.find(item.of->patient.uuid); found != discussed.end()) {
      group = 0, at = found->second;
    }
    const bool bare = item.reasons.empty();
    const int rank = bare ? kReasonCount : rules.rank(item.reasons.front().reason);
    const Date since = bare ? Date() : item.reasons.front().since;
    const Date due = bare ? Date() : item.reasons.front().due.value_or(since);
    return std::tuple(group, at, rank, due, since, std::string_view(item.of->name), item.of->patient);
  };
  std::sort(agenda.items.begin(), agenda.items.end(), [&](const AgendaItem& a, const AgendaItem& b) { return key(a) < key(b); });

  int used = 0;
  bool full = false;
  for (AgendaItem& item : agenda.items) {
    const bool always = item.never_cut || item.discussed;
    // Once somebody did not fit, nobody of lower rank slips past them because they are quicker to discuss.
    if (!always && (full || used + item.minutes > minutes)) {
      item.fits = false;
      full = true;
      continue;
    }
    used += item.minutes;
    agenda.planned += item.minutes;
  }
  return agenda;
}

}  // namespace concord::reviews
