#include "visits/calendar_file.h"

namespace concord::visits {
namespace {

constexpr std::size_t kMostOctets = 75;

/// "20260304T150000Z"; seconds are cut.
std::string utc(Instant at) {
  std::string text = iso(std::chrono::time_point_cast<std::chrono::seconds>(at));
  std::string out;
  for (const char c : text)
    if (c != '-' && c != ':') out += c;
  return out;
}

/// Parameter values may hold anything but quotes and controls once they are quoted (section 3.1).
std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text)
    if (c != '"' && static_cast<unsigned char>(c) >= 0x20 && c != 0x7F) out += c;
  return out + '"';
}

}  // namespace

std::string escape_text(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\\' || c == ';' || c == ',') {
      out += '\\';
      out += c;
    } else if (c == '\r' || c == '\n') {
      if (c == '\r' && i + 1 < text.size() && text[i + 1] == '\n') ++i;
      out += "\\n";
    } else if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F) {
      out += c;
    }
  }
  return out;
}

std::string fold_line(std::string_view line) {
  std::string out;
  std::size_t room = kMostOctets;
  while (line.size() > room) {
    std::size_t end = room;
    while (end > 0 && (static_cast<unsigned char>(line[end]) & 0xC0U) == 0x80U) --end;
    out.append(line.substr(0, end));
    out += "\r\n ";
    line.remove_prefix(end);
    room = kMostOctets - 1;  // the blank that begins a continuation counts
  }
  out.append(line);
  return out + "\r\n";
}

std::string calendar_file(const Visit& visit, std::string_view clinic, std::string_view organizer) {
  const bool cancelled = visit.state == "cancelled";
  std::string out;
  const auto line = [&](std::string text) { out += fold_line(text); };
  line("BEGIN:VCALENDAR");
  line("VERSION:2.0");
  line("PRODID:-//Concord//Visits//EN");
  line("CALSCALE:GREGORIAN");
  line(std::string("METHOD:") + (cancelled ? "CANCEL" : "PUBLISH"));
  line("BEGIN:VEVENT");
  line("UID:" + visit.id.text());
  line("DTSTAMP:" + utc(visit.changed_at));
  line("DTSTART:" + utc(visit.starts_at));
  line("DTEND:" + utc(visit.ends_at));
  line("SEQUENCE:" + std::to_string(visit.sequence));
  line("SUMMARY:" + escape_text(clinic));
  line("ORGANIZER;CN=" + quoted(clinic) + ":" + std::string(organizer));
  line("CLASS:PRIVATE");
  line(std::string("STATUS:") + (cancelled ? "CANCELLED" : "CONFIRMED"));
  line("TRANSP:OPAQUE");
  line("END:VEVENT");
  line("END:VCALENDAR");
  return out;
}

}  // namespace concord::visits
