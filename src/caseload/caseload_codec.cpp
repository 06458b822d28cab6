// The bytes of caseload_row.triggers: little-endian, versioned, read without building anything where a page
// only needs to know who comes first (glance).
#include <cstring>
#include <limits>

#include "base/check.h"
#include "caseload/caseload.h"
#include "caseload/caseload_glance.h"

namespace concord::caseload {
namespace {

constexpr std::uint8_t kVersion = 2;
constexpr std::uint8_t kDueAt = 1, kUntil = 2, kWho = 4;  // what else a trigger has
constexpr std::int32_t kNoDate = std::numeric_limits<std::int32_t>::min();

template <class T>
void put(std::string& out, T value) {
  using U = std::make_unsigned_t<T>;
  auto bits = static_cast<U>(value);
  for (std::size_t i = 0; i < sizeof(T); ++i) {
    out.push_back(static_cast<char>(bits & 0xFF));
    if constexpr (sizeof(T) > 1) bits = static_cast<U>(bits >> 8);
  }
}
void put_date(std::string& out, std::optional<Date> date) { put(out, date ? date->days_since_1970() : kNoDate); }
void put_text(std::string& out, std::string_view text) {
  std::size_t size = std::min<std::size_t>(text.size(), 255);
  if (size < text.size())  // not inside a character
    while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80) --size;
  put(out, static_cast<std::uint8_t>(size));
  out.append(text.substr(0, size));
}

class Reader {
 public:
  explicit Reader(std::span<const std::uint8_t> bytes) : at_(bytes.data()), end_(bytes.data() + bytes.size()) {}
  template <class T>
  T get() {
    CHECK(end_ - at_ >= static_cast<std::ptrdiff_t>(sizeof(T)));
    std::make_unsigned_t<T> bits = 0;
    for (std::size_t i = 0; i < sizeof(T); ++i)
      bits = static_cast<std::make_unsigned_t<T>>(bits | (static_cast<std::make_unsigned_t<T>>(at_[i]) << (8 * i)));
    at_ += sizeof(T);
    return static_cast<T>(bits);
  }
  std::optional<Date> date() {
    const auto days = get<std::int32_t>();
    return days == kNoDate ? std::nullopt : std::optional(Date(days));
  }
  std::string_view text() {
    const auto size = get<std::uint8_t>();
    CHECK(end_ - at_ >= size);
    const std::string_view out(reinterpret_cast<const char*>(at_), size);
    at_ += size;
    return out;
  }
  void skip(std::size_t n) {
    CHECK(static_cast<std::size_t>(end_ - at_) >= n);
    at_ += n;
  }

 private:
  const std::uint8_t* at_;
  const std::uint8_t* end_;
};

// A trigger: u16 bytes that follow, u8 rule, u8 variant, i32 from, due, deferred_until, u8 what else there is,
// [i32 until], [i64 due_at], [who], u8 evidence count, evidence, note. Evidence: u8 kind + 0x40 with value, i32 date, [f64
// value].
void put_trigger(std::string& out, const Trigger& t) {
  std::string body;
  put(body, static_cast<std::uint8_t>(t.rule));
  put(body, t.variant);
  put_date(body, t.from);
  put_date(body, t.due);
  put_date(body, t.deferred_until);
  put(body, static_cast<std::uint8_t>((t.due_at ? kDueAt : 0) | (t.until ? kUntil : 0) | (t.who.empty() ? 0 : kWho)));
  if (t.until) put_date(body, t.until);
  if (t.due_at) put(body, static_cast<std::int64_t>(t.due_at->time_since_epoch().count()));
  if (!t.who.empty()) put_text(body, t.who);
  put(body, t.evidence_count);
  for (std::size_t i = 0; i < t.evidence_count; ++i) {
    const Evidence& e = t.evidence[i];
    put(body, static_cast<std::uint8_t>(static_cast<int>(e.kind) | (e.value ? 0x40 : 0)));
    put_date(body, e.date);
    if (e.value) {
      std::int64_t bits;
      std::memcpy(&bits, &*e.value, 8);
      put(body, bits);
    }
  }
  put_text(body, t.note);
  put(out, static_cast<std::uint16_t>(body.size()));
  out += body;
}

}  // namespace

std::string encode(const CaseloadRow& row) {
  std::string out;
  out.reserve(32 + row.triggers.size() * 64);
  put(out, kVersion);
  put_date(out, row.birth_date);
  put_date(out, row.enrolled);
  put_date(out, row.closed);
  put_date(out, row.plan_since);
  put_date(out, row.next_due);
  put_text(out, row.primary.instrument);
  CHECK(row.triggers.size() < 256);
  put(out, static_cast<std::uint8_t>(row.triggers.size()));
  for (const Trigger& t : row.triggers) put_trigger(out, t);
  return out;
}

void decode(std::span<const std::uint8_t> bytes, Kept& kept) {
  Reader in(bytes);
  CHECK(in.get<std::uint8_t>() == kVersion);
  kept.birth_date = in.date();
  kept.enrolled = in.date();
  kept.closed = in.date();
  kept.plan_since = in.date();
  kept.next_due = in.date();
  kept.instrument.assign(in.text());
  kept.triggers.resize(in.get<std::uint8_t>());
  for (Trigger& t : kept.triggers) {
    in.get<std::uint16_t>();
    t.rule = static_cast<Rule>(in.get<std::uint8_t>());
    t.variant = in.get<std::uint8_t>();
    t.from = in.date().value_or(Date());
    t.due = in.date().value_or(Date());
    t.deferred_until = in.date();
    const auto more = in.get<std::uint8_t>();
    t.until.reset();
    if (more & kUntil) t.until = in.date();
    t.due_at.reset();
    if (more & kDueAt) t.due_at = Instant(std::chrono::microseconds(in.get<std::int64_t>()));
    if (more & kWho) t.who.assign(in.text());
    else t.who.clear();
    t.evidence_count = in.get<std::uint8_t>();
    CHECK(t.evidence_count <= t.evidence.size());
    for (std::size_t i = 0; i < t.evidence_count; ++i) {
      Evidence& e = t.evidence[i];
      const auto kind = in.get<std::uint8_t>();
      e.kind = static_cast<EvidenceKind>(kind & 0x3F);
      e.id = Uuid{};
      e.date = in.date().value_or(Date());
      e.value.reset();
      if (kind & 0x40) {
        const auto bits = in.get<std::int64_t>();
        double value;
        std::memcpy(&value, &bits, 8);
        e.value = value;
      }
    }
    t.note.assign(in.text());
  }
}

Glance glance(std::span<const std::uint8_t> bytes, Date today) {
  Reader in(bytes);
  CHECK(in.get<std::uint8_t>() == kVersion);
  Glance out;
  in.skip(16);
  const auto next_due = in.date();
  in.text();
  const auto count = in.get<std::uint8_t>();
  bool placed = false;
  for (int i = 0; i < count; ++i) {
    const auto size = in.get<std::uint16_t>();
    Reader t = in;
    in.skip(size);
    const auto rule = static_cast<Rule>(t.get<std::uint8_t>());
    t.skip(1);
    const auto from = t.get<std::int32_t>();
    const auto due = t.get<std::int32_t>();
    const auto deferred = t.get<std::int32_t>();
    const auto more = t.get<std::uint8_t>();
    if (from > today.days_since_1970() || (deferred != kNoDate && deferred > today.days_since_1970())) continue;
    if ((more & kUntil) && t.get<std::int32_t>() < today.days_since_1970()) continue;
    out.rules |= std::uint64_t{1} << static_cast<unsigned>(rule);
    if (placed) continue;
    const Need need = need_of(rule);
    if (need == Need::on_track) continue;
    placed = true;
    out.need = need;
    out.due = more & kDueAt ? t.get<std::int64_t>() : due * kDayMicros;
    if (rule == Rule::safety_unreviewed) out.due -= kUnassessedFirst;
  }
  if (!placed) {
    out.need = Need::on_track;
    out.due = next_due ? next_due->days_since_1970() * kDayMicros : std::numeric_limits<std::int64_t>::max();
  }
  return out;
}

}  // namespace concord::caseload
