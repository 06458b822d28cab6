#include "treatments/portal_view.h"

#include <algorithm>
#include <memory>

#include "http/replies.h"
#include "portal/acts.h"
#include "treatments/treatments_store.h"

namespace concord::treatments {
namespace {

constexpr std::size_t kMostSideEffects = 10;
/// The age rules' code for what a young person writes down (logs.h).
constexpr std::string_view kOwnLogs = "own:logs";

std::string sentence(const portal::Words& words, const portal::Viewer& viewer, const Treatment& t) {
  const std::string since = portal::day_words(t.start_date, viewer.today, viewer.language);
  if (t.kind != "medication") {
    if (t.stop_date)
      return words("treatments.therapy_past", viewer.language,
                   {t.name, since, portal::day_words(*t.stop_date, viewer.today, viewer.language)});
    return words("treatments.therapy", viewer.language, {t.name, since});
  }
  if (t.stop_date)
    return words("treatments.medicine_past", viewer.language,
                 {t.name, since, portal::day_words(*t.stop_date, viewer.today, viewer.language)});
  if (t.start_date > viewer.today) return words("treatments.medicine_soon", viewer.language, {t.name, since});
  if (!t.dose || t.dose->empty()) return words("treatments.medicine", viewer.language, {t.name, since});
  return words("treatments.medicine_dose", viewer.language, {t.name, *t.dose, since});
}

Result<void> write_view(const PortalDeps& deps, json::Writer& w, db::Tx& tx, const portal::Viewer& viewer) {
  // Treatments carry the labels of the whole record.
  auto all = list(tx, viewer.organization, viewer.patient);
  if (!portal::may_see(viewer, "")) all.clear();
  const bool own = viewer.is_self || !portal::is_private(viewer, kOwnLogs);
  std::vector<TakenDay> taken;
  std::vector<Report> reports;
  if (own) {
    taken = deps.taken(tx, viewer.organization, viewer.patient, viewer.today.plus_days(1 - kTakenDays));
    std::erase_if(taken, [&](const TakenDay& day) { return !portal::may_see(viewer, day.labels); });
    reports = list_reports(tx, viewer.organization, viewer.patient);
    std::erase_if(reports, [&](const Report& r) {
      return r.side_effects.empty() || r.reporter == "staff" || !portal::may_see(viewer, r.labels);
    });
  }
  const auto ended = [&](const Treatment& t) { return t.stop_date && *t.stop_date <= viewer.today; };
  w.object().key("items").array();
  bool any = false;
  for (const auto& t : all) {
    if (ended(t)) continue;
    any = true;
    std::optional<std::string> today;
    for (const auto& day : taken)
      if (day.treatment == t.id && day.on == viewer.today && !today) today = day.taken;
    w.object()
        .field("id", t.id)
        .field("kind", t.kind)
        .field("name", t.name)
        .field("dose", t.dose)
        .field("since", t.start_date)
        .field("words", sentence(*deps.words, viewer, t))
        .field("today", today)
        .key("taken")
        .array();
    for (const auto& day : taken)
      if (day.treatment == t.id) w.object().field("on", day.on).field("taken", day.taken).end();
    w.end().key("side_effects").array();
    std::size_t shown = 0;
    for (const auto& r : reports)
      if (r.treatment == t.id && shown++ < kMostSideEffects)
        w.object().field("id", r.id).field("on", r.on).field("text", r.side_effects).field("bother", r.bother).end();
    w.end().end();
  }
  w.end().key("past").array();
  for (const auto& t : all) {
    if (!ended(t)) continue;
    w.object()
        .field("id", t.id)
        .field("kind", t.kind)
        .field("name", t.name)
        .field("since", t.start_date)
        .field("until", t.stop_date)
        .field("words", sentence(*deps.words, viewer, t))
        .end();
  }
  w.end()
      .field("advice", (*deps.words)("treatments.advice", viewer.language))
      .field("empty", any ? std::nullopt : std::optional((*deps.words)("treatments.empty", viewer.language)))
      .end();
  return {};
}

}  // namespace

std::vector<portal::View> portal_views(const PortalDeps& given) {
  const auto deps = std::make_shared<const PortalDeps>(given);
  const std::string effect = http::schema({{"id", "id!"}, {"on", "date!"}, {"text", "text!"}, {"bother", "integer?!"}});
  const std::string row = http::schema({{"id", "id!"},
                                        {"kind", "medication|psychotherapy!"},
                                        {"name", "text!"},
                                        {"dose", "text?!"},
                                        {"since", "date!"},
                                        {"words", "text!"},
                                        {"today", "text?!"},
                                        {"taken", "[]" + http::schema({{"on", "date!"}, {"taken", "yes|partly|no!"}}) + "!"},
                                        {"side_effects", "[]" + effect + "!"}});
  const std::string past = http::schema({{"id", "id!"},
                                         {"kind", "medication|psychotherapy!"},
                                         {"name", "text!"},
                                         {"since", "date!"},
                                         {"until", "date!"},
                                         {"words", "text!"}});
  portal::View view;
  view.name = "treatments";
  view.scope = "plan";
  view.summary = "Medicines and therapy in plain words";
  view.schema =
      http::schema({{"items", "[]" + row + "!"}, {"past", "[]" + past + "!"}, {"advice", "text!"}, {"empty", "text?!"}});
  view.write = [deps](json::Writer& w, db::Tx& tx, const portal::Viewer& viewer, const http::Request&) {
    return write_view(*deps, w, tx, viewer);
  };
  return {std::move(view)};
}

Result<void> report_side_effect(db::Tx& tx, OrganizationId organization, const Report& report, Date today) {
  const auto treatment = find(tx, organization, report.patient, report.treatment);
  std::vector<Issue> wrong;
  if (!treatment) wrong.push_back({"treatment_id", "is no treatment of this patient"});
  else if (report.on < treatment->start_date) wrong.push_back({"on", "must not be before the treatment began"});
  patients::check_not_after(report.on, today, "on", wrong);
  CONCORD_TRY_VOID(patients::refuse_if_any(std::move(wrong)));
  insert(tx, organization, report);
  return {};
}

}  // namespace concord::treatments
