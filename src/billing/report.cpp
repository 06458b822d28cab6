#include "billing/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace concord::billing {
namespace {

struct Row {
  std::string patient;
  PatientMonth month;
  std::vector<Verdict> not_counted;
};

std::vector<Row> rows_of(const Book& book, Month month, const Rules& rules, const TermsOf& terms, const ReportNames& names) {
  std::vector<Row> rows;
  for (auto& m : months(book, month, rules, terms))
    if (m.has_entries) rows.push_back({names.patient(m.patient), std::move(m), {}});
  std::sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) { return a.patient < b.patient; });
  std::unordered_map<Uuid, std::size_t> place;
  for (std::size_t i = 0; i < rows.size(); ++i) place.emplace(rows[i].month.patient, i);
  for (const auto& v : judge(book, month))
    if (const auto at = place.find(v.entry->patient); v.not_counted > 0 && at != place.end())
      rows[at->second].not_counted.push_back(v);
  return rows;
}

/// A terminal must not be steered by what a file says.
std::string printable(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  return out;
}

std::size_t width(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

}  // namespace

std::string report_json(const Book& book, Month month, const Rules& rules, const TermsOf& terms, const ReportNames& names) {
  std::string out;
  json::Writer w(out);
  w.object().field("month", month.text()).key("patients").array();
  for (const auto& row : rows_of(book, month, rules, terms, names)) {
    w.object().field("patient_id", row.patient).field("minutes_counted", row.month.counted).key("not_counted").array();
    for (const auto& v : row.not_counted)
      w.object()
          .field("entry_id", names.entry(v.entry->id))
          .field("minutes", v.not_counted)
          .field("reason", name(v.reason))
          .end();
    w.end().key("codes").array();
    for (const auto& code : row.month.codes) {
      w.object().field("code", code.code).field("units", code.units).key("confirm");
      if (code.confirm == Confirm::none) w.null();
      else w.value(text(code.confirm));
      w.end();
    }
    w.end().key("missing").array();
    for (const auto& m : row.month.missing) w.value(text(m));
    w.end().end();
  }
  w.end().end();
  return out;
}

std::string report_table(const Book& book, Month month, const Rules& rules, const TermsOf& terms, const ReportNames& names) {
  const auto rows = rows_of(book, month, rules, terms, names);
  int counted = 0;
  for (const auto& row : rows) counted += row.month.counted;
  std::string out = fmt::format("Minutes and codes, {}: {} {}, {} minutes counted\n", month.words(), rows.size(),
                                rows.size() == 1 ? "patient" : "patients", counted);
  if (rows.empty()) return out + "Nobody has minutes in this month.\n";
  std::size_t widest = 7;
  for (const auto& row : rows) widest = std::max(widest, width(printable(row.patient)));
  const auto pad = [&](std::string text, std::size_t to) {
    text.append(to > width(text) ? to - width(text) : 0, ' ');
    return text;
  };
  out += "\n" + pad("Patient", widest) + "  Minutes  Codes and what is missing\n";
  const std::string gap(widest + 11, ' ');
  for (const auto& row : rows) {
    std::vector<std::string> lines;
    std::string codes;
    for (const auto& code : row.month.codes)
      codes += (codes.empty() ? "" : " + ") + code.code + (code.units > 1 ? fmt::format(" x {}", code.units) : "");
    lines.push_back(codes.empty() ? "no code" : codes);
    std::vector<std::string_view> said;
    for (const auto& code : row.month.codes)
      if (code.confirm != Confirm::none && std::find(said.begin(), said.end(), text(code.confirm)) == said.end()) {
        said.push_back(text(code.confirm));
        lines.push_back("  " + std::string(said.back()));
      }
    std::string missing;
    for (const auto& m : row.month.missing) missing += (missing.empty() ? "missing: " : ", ") + text(m);
    if (!missing.empty()) lines.push_back("  " + missing);
    std::map<Reason, int> reasons;
    for (const auto& v : row.not_counted) reasons[v.reason] += v.not_counted;
    for (const auto& [reason, minutes] : reasons) lines.push_back(fmt::format("  {} min not counted: {}", minutes, name(reason)));
    out += pad(printable(row.patient), widest) + fmt::format("  {:>7}  ", row.month.counted) + lines.front() + "\n";
    for (std::size_t i = 1; i < lines.size(); ++i) out += gap + lines[i] + "\n";
  }
  return out;
}

}  // namespace concord::billing
