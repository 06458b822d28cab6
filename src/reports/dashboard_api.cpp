// The first page: every figure with its last year as a small chart, costs, what is not sent, and the choices of the filters.
#include <algorithm>

#include "reports/costs_json.h"
#include "reports/figures_json.h"
#include "reports/report_routes.h"

namespace concord::reports {
namespace {

constexpr int kCardMonths = 12;
constexpr std::string_view kCostCards[] = {"cost_total", "cost_per_patient", "cost_per_response", "return"};
constexpr std::string_view kOutside[] = {"emergency_visits", "specialty_referrals"};

/// "shift_up" of the latest signal that reaches the last month; nullopt: none.
std::optional<std::string> signal_now(const measures::RunChart& chart) {
  for (const auto& signal : chart.signals)
    if (signal.last + 1 == chart.points.size()) return std::string(signal.code) + (signal.up ? "_up" : "_down");
  return std::nullopt;
}

/// The values each filter can take, by name: what somebody of the caller's sites has. Other sites' people are not theirs to see.
void write_choices(json::Writer& w, const Scene& scene) {
  const auto present = scene.shared.desk.present(*scene.facts, scene.asked);
  w.object();
  for (const auto stratum : kFilters) {
    w.key(measures::name(stratum)).array();
    std::vector<std::pair<std::string, std::string>> values;
    if (stratum == Stratum::site) {
      for (const auto& site : scene.asked.sites) values.emplace_back(scene.value_name(stratum, site), site);
    } else {
      for (const auto& value : (*present)[static_cast<std::size_t>(stratum)])
        values.emplace_back(scene.value_name(stratum, value), value);
    }
    std::sort(values.begin(), values.end());
    if (stratum != Stratum::site) values.emplace_back(scene.value_name(stratum, "unknown"), "unknown");
    for (const auto& [shown, value] : values) w.object().field("value", value).field("name", shown).end();
    w.end();
  }
  w.end();
}

void write_card(json::Writer& w, const Scene& scene, const Sheet& sheet, const std::vector<Sheet>& series,
                const measures::FigureInfo& info) {
  const auto chart = chart_of(scene, series, info);
  w.object();
  write_figure_members(w, scene, info, sheet[static_cast<std::size_t>(info.figure)]);
  w.field("signal", signal_now(chart)).key("series").array();
  for (std::size_t i = chart.points.size() - kCardMonths; i < chart.points.size(); ++i) w.value(chart.points[i].value);
  w.end().key("benchmark");
  const auto& known = scene.rules().benchmarks;
  const auto found = std::find_if(known.begin(), known.end(), [&](const Benchmark& b) { return b.figure == info.id; });
  if (found == known.end()) w.null();
  else
    w.object()
        .field("id", found->id)
        .field("text", scene.say("benchmark." + found->id))
        .field("value", found->value)
        .field("unit", found->unit)
        .field("of", found->of)
        .end();
  w.end();
}

void write_cost_card(json::Writer& w, const Scene& scene, const CostLine& line) {
  w.object();
  write_cost_figure_members(w, scene, line);
  w.key("benchmark").null().end();
}

/// What only the health record knows, and does not send.
void write_card_of_outside(json::Writer& w, const Scene& scene, std::string_view id) {
  w.object().field("id", id).field("group", "outside").field("kind", "count").field("unit", "patients");
  w.field("name", scene.figure_name(id)).field("what", scene.say("what." + std::string(id))).key("of").null();
  w.field("better", "down").field("suppressed", false);
  w.key("numerator").null().key("denominator").null().key("percent").null().key("value").null();
  w.field("not_sent", true).field("opens", false).key("signal").null();
  w.key("series").array().end().key("benchmark").null().end();
}

/// `write_cards()` writes what stands in the group.
template <class WriteCards>
void write_group(json::Writer& w, const Scene& scene, std::string_view group, WriteCards&& write_cards) {
  w.object().field("id", group).field("name", scene.say("group." + std::string(group))).key("figures").array();
  write_cards();
  w.end().end();
}

std::string dashboard(const Scene& scene) {
  const Sheet sheet = scene.total();
  const auto series = scene.series();
  std::string body;
  json::Writer w(body);
  w.object();
  write_head(w, scene);
  w.key("groups").array();
  for (const auto group : kGroups)
    write_group(w, scene, group, [&] {
      for (const auto& info : measures::figures())
        if (group_of(info.figure) == group) write_card(w, scene, sheet, series, info);
    });
  write_group(w, scene, "cost", [&] {
    for (const auto& line : costs_of(scene, sheet))
      if (std::find(std::begin(kCostCards), std::end(kCostCards), line.id) != std::end(kCostCards))
        write_cost_card(w, scene, line);
  });
  write_group(w, scene, "outside", [&] {
    for (const auto id : kOutside) write_card_of_outside(w, scene, id);
  });
  w.end().key("choices");
  write_choices(w, scene);
  w.end();
  return body;
}

}  // namespace

Result<Work> read_dashboard(const Kept& shared, const Call& call) { return page(shared, call, "dashboard", dashboard); }

}  // namespace concord::reports
