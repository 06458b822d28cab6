#include "measures/restatement.h"

#include <fmt/format.h>

#include <charconv>
#include <map>
#include <tuple>

#include "base/check.h"
#include "base/digest.h"
#include "json/value.h"

namespace concord::measures {
namespace {

constexpr int kMetrics = 11;

json::Document parsed(std::string_view text) {
  auto document = json::Document::parse(text);
  CHECK(document.has_value());  // our own words
  return std::move(*document);
}

void write(json::Writer& w, const json::Value& value) {
  switch (value.kind()) {
    case json::Kind::null:
      w.null();
      break;
    case json::Kind::boolean:
      w.value(value.boolean());
      break;
    case json::Kind::number:
      w.raw(value.text());
      break;
    case json::Kind::string:
      w.value(value.text());
      break;
    case json::Kind::array:
      w.array();
      for (const auto& item : value.items()) write(w, item);
      w.end();
      break;
    case json::Kind::object:
      w.object();
      for (const auto& member : value.members()) {
        w.key(member.key);
        write(w, member.value);
      }
      w.end();
      break;
  }
}

std::string text_of(const json::Value* value) {
  std::string text;
  json::Writer w(text);
  if (value) write(w, *value);
  else w.null();
  return text;
}

using Name = std::function<std::string(std::string_view kind, const std::string& id)>;
std::string named(const Name& name, std::string_view kind, const std::string& id) { return name ? name(kind, id) : id; }

void write_standpoint(json::Writer& w, std::string_view key, const Standpoint& s) {
  w.key(key).object().field("in", s.in).field("why", s.why).end();
}

/// "3 of 40", "12", "8.1 weeks": what a figure's JSON says.
std::string words_of(const std::string& figure) {
  const auto document = parsed(figure);
  const auto& root = document.root();
  const auto text = [&](std::string_view key) -> std::string {
    const auto* value = root.find(key);
    return value && !value->is(json::Kind::null) ? std::string(value->text()) : std::string("none");
  };
  if (root.find("count")) return text("count");
  if (const auto* days = root.find("days")) return fmt::format("{} ended, {} weeks", days->items().size(), text("weeks"));
  if (root.find("fte")) return text("fte") + " FTE";
  const auto* ratio = root.find("percent");
  const auto percent = ratio && ratio->real() ? fmt::format("{:.1f} %", *ratio->real()) : std::string("no patients");
  return fmt::format("{} of {}, {}", text("numerator"), text("denominator"), percent);
}

}  // namespace

Snapshot snapshot_of(const NysReport& report) {
  Snapshot s;
  s.rule_set = report.rule_set;
  s.rule_set_version = report.version;
  s.month = report.month;
  s.figures = figures_json(report);
  s.lines.reserve(report.lines.size() + report.screening_lines.size());
  for (const auto& line : report.lines) {
    Snapshot::Line kept{false, line.patient_id, line.episode_id, {}};
    json::Writer w(kept.text);
    write_line(w, line);
    s.lines.push_back(std::move(kept));
  }
  for (const auto& line : report.screening_lines) {
    Snapshot::Line kept{true, line.patient_id, "", {}};
    json::Writer w(kept.text);
    write_line(w, line);
    s.lines.push_back(std::move(kept));
  }
  return s;
}

std::string snapshot_json(const Snapshot& s) {
  std::string text;
  json::Writer w(text);
  w.object().field("rule_set", s.rule_set).field("rule_set_version", s.rule_set_version).field("month", s.month.text());
  w.key("metrics").raw(s.figures).key("patients").array();
  for (const auto& line : s.lines)
    if (!line.is_screening) w.raw(line.text);
  w.end().key("screening").array();
  for (const auto& line : s.lines)
    if (line.is_screening) w.raw(line.text);
  w.end().end();
  return text + "\n";
}

std::string digest_of(const Snapshot& snapshot) { return digest_hex(snapshot_json(snapshot)); }

std::vector<std::pair<int, Standpoint>> standpoints(std::string_view line) {
  const auto document = parsed(line);
  std::vector<std::pair<int, Standpoint>> all;
  const auto* reasons = document.root().find("reasons");
  CHECK(reasons != nullptr);
  for (const auto& member : reasons->members()) {
    int metric = 0;
    std::from_chars(member.key.data(), member.key.data() + member.key.size(), metric);
    const auto *in = member.value.find("in"), *why = member.value.find("why");
    CHECK(metric > 0 && in && why);
    all.push_back({metric, {std::string(in->text()), std::string(why->text())}});
  }
  return all;
}

Restatement compare(const Snapshot& published, const Snapshot& now) {
  Restatement r;
  if (published.rule_set_version != now.rule_set_version)
    r.rule_set_version.emplace(published.rule_set_version, now.rule_set_version);
  if (published.figures != now.figures) {
    const auto before = parsed(published.figures), after = parsed(now.figures);
    for (int metric = 1; metric <= kMetrics; ++metric) {
      const auto key = std::to_string(metric);
      auto from = text_of(before.root().find(key)), to = text_of(after.root().find(key));
      if (from != to) r.figures.push_back({metric, std::move(from), std::move(to)});
    }
  }
  // Patient, then episode; the line about screening after the episodes of the same patient.
  std::map<std::tuple<std::string, bool, std::string>, std::pair<const std::string*, const std::string*>> lines;
  for (const auto& line : published.lines) lines[{line.patient, line.is_screening, line.episode}].first = &line.text;
  for (const auto& line : now.lines) lines[{line.patient, line.is_screening, line.episode}].second = &line.text;
  for (const auto& [key, texts] : lines) {
    const auto [from, to] = texts;
    if (from && to && *from == *to) continue;
    std::map<int, std::pair<Standpoint, Standpoint>> places;
    if (from)
      for (auto& [metric, place] : standpoints(*from)) places[metric].first = std::move(place);
    if (to)
      for (auto& [metric, place] : standpoints(*to)) places[metric].second = std::move(place);
    bool moved = false;
    for (auto& [metric, place] : places) {
      if (place.first.in == place.second.in) continue;
      moved = true;
      r.moved.push_back({std::get<0>(key), std::get<2>(key), metric, place.first, place.second});
    }
    r.other_changes += !moved;
  }
  return r;
}

std::string restatement_json(const Restatement& r, std::int64_t number, const Name& name) {
  std::string text;
  json::Writer w(text);
  w.object().field("against", number);
  if (r.rule_set_version)
    w.key("rule_set_version")
        .object()
        .field("published", r.rule_set_version->first)
        .field("now", r.rule_set_version->second)
        .end();
  w.key("metrics").object();
  for (const auto& f : r.figures)
    w.key(std::to_string(f.metric)).object().key("published").raw(f.published).key("now").raw(f.now).end();
  w.end().key("moved").array();
  for (const auto& m : r.moved) {
    w.object().field("patient_id", named(name, "patient", m.patient)).key("episode_id");
    if (m.episode.empty()) w.null();
    else w.value(named(name, "episode", m.episode));
    w.field("metric", std::to_string(m.metric));
    write_standpoint(w, "from", m.from);
    write_standpoint(w, "to", m.to);
    w.end();
  }
  w.end().field("other_changes", r.other_changes).end();
  return text;
}

std::string restatement_table(const Restatement& r, std::int64_t number, const Name& name) {
  std::string text = fmt::format("\nRestated against publication {}:\n", number);
  if (r.rule_set_version)
    text += fmt::format("  rule set version {} -> {}\n", r.rule_set_version->first, r.rule_set_version->second);
  for (const auto& f : r.figures) text += fmt::format("{:>3}  {} -> {}\n", f.metric, words_of(f.published), words_of(f.now));
  for (const auto& m : r.moved)
    text += fmt::format("     {}{}{}, figure {}: {} ({}) -> {} ({})\n", named(name, "patient", m.patient),
                        m.episode.empty() ? "" : ", ", m.episode.empty() ? std::string() : named(name, "episode", m.episode),
                        m.metric, m.from.in, m.from.why, m.to.in, m.to.why);
  if (r.other_changes > 0) text += fmt::format("     {} lines changed without moving anybody\n", r.other_changes);
  return text;
}

}  // namespace concord::measures
