#include "conversations/patient_messages.h"

#include "base/text.h"

namespace concord::conversations {

Date answer_by(const calendar::Calendar& calendar, Date today, int answer_working_days) {
  return calendar::add_working_days(calendar, today, answer_working_days);
}

void patient_wrote(Thread& t, std::string_view by, Instant at, Date today, const calendar::Calendar& calendar,
                   int answer_working_days) {
  t.last_at = at;
  t.last_by = by;
  ++t.unread_staff;
  if (t.state == "waiting" && t.waiting_since) return;  // the clock of the first one goes on
  t.state = "waiting";
  t.waiting_since = at;
  t.waiting_date = today;
  t.answer_due = answer_by(calendar, today, answer_working_days);
}

void staff_wrote(Thread& t, Instant at) {
  t.last_at = at;
  t.last_by = "staff";
  t.state = "answered";
  t.waiting_since.reset();
  t.waiting_date.reset();
  t.answer_due.reset();
  ++t.unread_patient;
}

void close(Thread& t, std::string reason) {
  t.state = "closed";
  t.closed_reason = std::move(reason);
  t.waiting_since.reset();
  t.waiting_date.reset();
  t.answer_due.reset();
}

std::string glimpse(std::string_view words, std::size_t most) {
  std::string line;
  std::size_t count = 0;
  std::size_t last_blank = std::string::npos;
  bool blank = true;
  for (std::size_t i = 0; i < words.size();) {
    const auto lead = static_cast<unsigned char>(words[i]);
    const std::size_t size = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    const bool is_blank = lead <= ' ';
    if (is_blank && blank) {
      i += size;
      continue;
    }
    if (count == most) {
      if (last_blank != std::string::npos && last_blank > line.size() / 2) line.resize(last_blank);
      return std::string(trim(line)) + "...";
    }
    if (is_blank) {
      last_blank = line.size();
      line += ' ';
    } else {
      line.append(words.substr(i, size));
    }
    blank = is_blank;
    ++count;
    i += size;
  }
  return std::string(trim(line));
}

}  // namespace concord::conversations
