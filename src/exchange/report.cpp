#include "exchange/report.h"

#include <fmt/format.h>

#include <algorithm>

#include "json/writer.h"

namespace concord::exchange {

void Counts::add(const Counts& other) {
  for (const auto& [kind, n] : other.rows) rows[kind] += n;
  for (const auto& [instrument, n] : other.measurements) measurements[instrument] += n;
}

std::int64_t Counts::total() const {
  std::int64_t sum = 0;
  for (const auto& [kind, n] : rows) sum += n;
  for (const auto& [instrument, n] : measurements) sum += n;
  return sum;
}

void Report::add(Report&& other) {
  files += other.files;
  resources += other.resources;
  stored.add(other.stored);
  updated += other.updated;
  unchanged.add(other.unchanged);
  for (const auto& [kind, n] : other.placeholders) placeholders[kind] += n;
  for (const auto& [what, n] : other.not_used) not_used[what] += n;
  rejected.insert(rejected.end(), std::make_move_iterator(other.rejected.begin()), std::make_move_iterator(other.rejected.end()));
  notes.insert(notes.end(), std::make_move_iterator(other.notes.begin()), std::make_move_iterator(other.notes.end()));
}

std::int64_t Report::placeholder_count() const {
  std::int64_t sum = 0;
  for (const auto& [kind, n] : placeholders) sum += n;
  return sum;
}

std::string render_table(const Report& report, std::size_t max_rejected) {
  std::string out;
  auto line = [&](std::string_view what, std::int64_t n, std::string_view more = {}) {
    out += fmt::format("  {:<34}{:>12}{}{}\n", what, n, more.empty() ? "" : "  ", more);
  };
  auto counts = [&](const Counts& c) {
    for (const auto& [kind, n] : c.rows) line(kind, n);
    for (const auto& [instrument, n] : c.measurements) line("measurements " + instrument, n);
  };
  out += fmt::format("Read {} {} from {} {} in {:.1f} s", report.resources, report.source == "csv" ? "rows" : "resources",
                     report.files, report.files == 1 ? "file" : "files", report.seconds);
  if (report.seconds > 0) out += fmt::format(" ({:.0f} a second)", static_cast<double>(report.resources) / report.seconds);
  out += "\n";
  out += report.nothing_stored ? "\nStored: nothing. The rows below must be corrected first (or use --partial).\n" : "\nStored\n";
  if (!report.nothing_stored) {
    counts(report.stored);
    if (report.stored.total() == 0) out += "  nothing new\n";
    if (report.updated > 0) line("of these, changed", report.updated);
  }
  if (report.unchanged.total() > 0) {
    out += "\nUnchanged\n";
    counts(report.unchanged);
  }
  if (!report.placeholders.empty()) {
    out += "\nPlaceholders (referred to, not in the input)\n";
    for (const auto& [kind, n] : report.placeholders) line(kind, n);
  }
  if (!report.not_used.empty()) {
    out += "\nNot used\n";
    for (const auto& [what, n] : report.not_used) line(what.first, n, what.second);
  }
  if (!report.notes.empty()) {
    out += "\nNotes\n";
    for (const auto& note : report.notes) out += "  " + note + "\n";
  }
  if (!report.rejected.empty()) {
    out += fmt::format("\nRejected: {}\n", report.rejected.size());
    const std::size_t shown = std::min(max_rejected, report.rejected.size());
    for (std::size_t i = 0; i < shown; ++i) {
      const auto& r = report.rejected[i];
      out += "  " + r.file;
      if (r.line > 0) out += fmt::format(":{}", r.line);
      if (!r.path.empty()) out += ": " + r.path;
      out += ": " + r.reason + "\n";
    }
    if (shown < report.rejected.size())
      out += fmt::format("  ... and {} more (--json lists all)\n", report.rejected.size() - shown);
  }
  return out;
}

std::string render_json(const Report& report) {
  std::string out;
  json::Writer w(out);
  auto counts = [&](std::string_view name, const Counts& c) {
    w.key(name).object();
    for (const auto& [kind, n] : c.rows) w.field(kind, n);
    w.key("measurements").object();
    for (const auto& [instrument, n] : c.measurements) w.field(instrument, n);
    w.end().end();
  };
  w.object();
  w.field("files", report.files).field("resources", report.resources);
  counts("stored", report.stored);
  w.field("updated", report.updated);
  counts("unchanged", report.unchanged);
  w.field("placeholders", report.placeholder_count());
  w.key("placeholders_by_kind").object();
  for (const auto& [kind, n] : report.placeholders) w.field(kind, n);
  w.end();
  std::map<std::string, std::int64_t> by_type;
  for (const auto& [what, n] : report.not_used) by_type[what.first] += n;
  w.key("not_used").object();
  for (const auto& [type, n] : by_type) w.field(type, n);
  w.end();
  w.key("not_used_reasons").array();
  for (const auto& [what, n] : report.not_used)
    w.object().field("type", what.first).field("reason", what.second).field("count", n).end();
  w.end();
  w.key("rejected").array();
  for (const auto& r : report.rejected) {
    w.object().field("file", r.file).key("line");
    if (r.line > 0) w.value(r.line);
    else w.null();
    w.field("path", r.path).field("reason", r.reason).end();
  }
  w.end();
  w.key("notes").array();
  for (const auto& note : report.notes) w.value(note);
  w.end();
  w.field("nothing_stored", report.nothing_stored).field("seconds", report.seconds).end();
  return out;
}

}  // namespace concord::exchange
