#include "measures/checkpoint.h"

#include <bit>
#include <cstring>
#include <type_traits>

#include "base/digest.h"

namespace concord::measures {
namespace {

static_assert(std::endian::native == std::endian::little, "columns are written as they lie in memory");

constexpr std::string_view kMagic = "concord outcome columns\n";

// ---- what a row of each table is made of, in the order it is written

template <class T, class F>
void members_of(T& t, const F& f)
  requires std::is_same_v<std::remove_const_t<T>, Tag>
{
  f(t.patient, t.episode, t.site, t.age, t.payer);
}
template <class T, class F>
void members_of(T& r, const F& f) {
  using Row = std::remove_const_t<T>;
  if constexpr (std::is_same_v<Row, ReviewRow>) f(r.tag, r.day, r.change, r.documented, r.in_session, r.wants_change);
  else if constexpr (std::is_same_v<Row, RecommendationRow>) f(r.tag, r.sent, r.answered, r.done, r.accepted, r.trial);
  else if constexpr (std::is_same_v<Row, SurveyRow>) f(r.tag, r.day, r.declined, r.involvement, r.percent);
  else if constexpr (std::is_same_v<Row, GoalRow>) f(r.tag, r.start, r.until, r.state_day, r.state);
  else if constexpr (std::is_same_v<Row, MinutesRow>) f(r.tag, r.month, r.role, r.minutes);
  else if constexpr (std::is_same_v<Row, JourneyRow>) f(r.tag, r.screened, r.referred, r.reached);
  else if constexpr (std::is_same_v<Row, OtherFormScore>) f(r.episode, r.day, r.informant, r.total);
  else if constexpr (std::is_same_v<Row, ExactTotal>) f(r.score, r.total);
  else if constexpr (std::is_same_v<Row, SilentContact>) f(r.episode, r.day);
  else if constexpr (std::is_same_v<Row, SessionRow>) f(r.site, r.day, r.minutes);
  else if constexpr (std::is_same_v<Row, FteRow>) f(r.site, r.month, r.fte);
  else static_assert(!sizeof(Row), "a row that is not written");
}

/// Without gaps between members: a whole column is one piece of bytes.
template <class T>
constexpr bool kPlain = std::is_arithmetic_v<T> || std::is_enum_v<T> || std::is_same_v<T, Uuid>;
static_assert(sizeof(Uuid) == 16);

class Writer {
 public:
  template <class T>
  void put(const T& value) {
    if constexpr (std::is_same_v<T, bool>) put(static_cast<std::uint8_t>(value));
    else if constexpr (kPlain<T>) out.append(reinterpret_cast<const char*>(&value), sizeof value);
    else members_of(value, [this](const auto&... member) { (put(member), ...); });
  }
  void put_text(std::string_view text) {
    put(static_cast<std::uint32_t>(text.size()));
    out += text;
  }
  template <class T>
  void put_column(const std::vector<T>& column) {
    put(static_cast<std::uint64_t>(column.size()));
    if constexpr (kPlain<T>) out.append(reinterpret_cast<const char*>(column.data()), column.size() * sizeof(T));
    else
      for (const T& row : column) put(row);
  }
  std::string out;
};

/// After the first piece that is not there everything reads as nothing and `whole` is false.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}

  template <class T>
  void take(T& value) {
    if constexpr (std::is_same_v<T, bool>) {
      std::uint8_t byte = 0;
      take(byte);
      value = byte != 0;
    } else if constexpr (kPlain<T>) {
      if (const char* at = bytes(sizeof value)) std::memcpy(&value, at, sizeof value);
    } else {
      members_of(value, [this](auto&... member) { (take(member), ...); });
    }
  }
  std::string_view text() {
    std::uint32_t size = 0;
    take(size);
    const char* at = bytes(size);
    return at ? std::string_view(at, size) : std::string_view();
  }
  template <class T>
  void take_column(std::vector<T>& column) {
    std::uint64_t size = 0;
    take(size);
    if (size > rest_.size()) {  // each row is a byte at least
      whole = false;
      return;
    }
    if constexpr (kPlain<T>) {
      const char* at = bytes(size * sizeof(T));
      if (!at) return;
      column.resize(size);
      if (size > 0) std::memcpy(column.data(), at, size * sizeof(T));
    } else {
      column.reserve(size);
      for (std::uint64_t i = 0; i < size && whole; ++i) take(column.emplace_back());
    }
  }
  bool at_end() const { return rest_.empty(); }
  bool whole = true;

 private:
  const char* bytes(std::size_t size) {
    if (!whole || size > rest_.size()) {
      whole = false;
      return nullptr;
    }
    const char* at = rest_.data();
    rest_.remove_prefix(size);
    return at;
  }
  std::string_view rest_;
};

/// Every column, in the order it is written.
template <class R, class Work>
void every_column(R& columns, const Work& work) {
  for_columns(kPatientColumns, columns, work);
  work(columns.first_episode);
  for_columns(kEpisodeColumns, columns, work);
  work(columns.patient);
  work(columns.first_score);
  for_columns(kScoreColumns, columns, work);
  for_columns(kTaggedRows, columns, work);
  for_columns(kOtherRows, columns, work);
}

void put_book(Writer& w, const Book& book) {
  w.put(static_cast<std::uint32_t>(book.size()));
  for (std::size_t code = 0; code < book.size(); ++code) w.put_text(book.value(static_cast<std::uint16_t>(code)));
}
void take_book(Reader& r, Book& book) {
  std::uint32_t size = 0;
  r.take(size);
  for (std::uint32_t code = 0; code < size && r.whole; ++code)
    if (book.code(r.text()) != code) r.whole = false;
}

/// What stands before the columns' rows.
void take_front(Reader& r, AuditHeads& heads, Resident& columns) {
  std::uint32_t size = 0;
  r.take(size);
  for (std::uint32_t i = 0; i < size && r.whole; ++i) {
    auto& [chain, sequence] = heads.emplace_back();
    r.take(chain);
    r.take(sequence);
  }
  for (Book& book : columns.books) take_book(r, book);
  take_book(r, columns.roles);
}

}  // namespace

std::string checkpoint_terms(const OutcomeRules& rules, const SurveyItems& surveys) {
  Writer w;
  w.put_text(rules.name);
  w.put_text(rules.version);
  w.put_text(rules.parameters);
  w.put_text(rules.parameters_version);
  for (const int number : {rules.inactive_days, rules.enrolled_days, rules.first_contact_from_days, rules.first_contact_days,
                           rules.measured_days, rules.review_from_days, rules.review_due_days, rules.change_within_days,
                           rules.funnel_link_days, rules.trial_weeks, rules.satisfied_percent})
    w.put(number);
  w.put_text(rules.satisfaction_survey);
  for (const auto& survey : rules.involvement_surveys) w.put_text(survey);
  w.put_column(rules.age_bands);
  const auto maybe = [&](const auto& value) {
    w.put(value.has_value());
    if (value) w.put(*value);
  };
  for (const auto& [id, c] : rules.instruments) {
    w.put_text(id);
    maybe(c.elevated);
    maybe(c.response_kind);
    w.put(c.response);
    maybe(c.response_parent);
    maybe(c.remission_below);
    maybe(c.improved_below);
    maybe(c.worse_by);
    w.put(c.minimum);
    w.put(c.maximum);
    w.put(c.higher_is_worse);
  }
  for (const auto& [survey, items] : surveys) {
    w.put_text(survey);
    for (const auto& [item, most] : items) {
      w.put_text(item);
      w.put(most);
    }
  }
  return std::to_string(kCheckpointForm) + " " + digest_hex(w.out);
}

std::string checkpoint_bytes(const Resident& columns, const AuditHeads& heads) {
  Writer w;
  w.out.reserve(columns.bytes() + 65536);
  w.out += kMagic;
  w.put(static_cast<std::uint32_t>(heads.size()));
  for (const auto& [chain, sequence] : heads) {
    w.put(chain);
    w.put(sequence);
  }
  for (const Book& book : columns.books) put_book(w, book);
  put_book(w, columns.roles);
  every_column(columns, [&](const auto& column) { w.put_column(column); });
  return std::move(w.out);
}

std::optional<CheckpointFront> read_checkpoint_front(std::string_view bytes) {
  if (!bytes.starts_with(kMagic)) return std::nullopt;
  Reader r(bytes.substr(kMagic.size()));
  CheckpointFront front;
  Resident books;
  take_front(r, front.heads, books);
  std::uint64_t patients = 0;  // the rows of the first column, which is the patients' ids
  r.take(patients);
  if (!r.whole) return std::nullopt;
  front.patients = patients;
  return front;
}

Result<Checkpoint> read_checkpoint(std::string_view bytes, OrganizationId organization, std::shared_ptr<const OutcomeRules> rules,
                                   std::uint64_t version) {
  const auto refused = [] { return fail(ErrorCode::bad_file, "The kept columns are not whole."); };
  if (!bytes.starts_with(kMagic)) return refused();
  Reader r(bytes.substr(kMagic.size()));
  Checkpoint checkpoint;
  Resident columns;
  take_front(r, checkpoint.heads, columns);
  every_column(columns, [&](auto& column) { r.take_column(column); });
  bool fits = r.whole && r.at_end();
  const auto has = [&](std::size_t rows) { return [&fits, rows](const auto& column) { fits = fits && column.size() == rows; }; };
  for_columns(kPatientColumns, columns, has(columns.patients()));
  for_columns(kEpisodeColumns, columns, has(columns.episodes()));
  for_columns(std::tuple(&Resident::first_episode), columns, has(columns.patients() + 1));
  for_columns(std::tuple(&Resident::patient), columns, has(columns.episodes()));
  for_columns(std::tuple(&Resident::first_score), columns, has(columns.episodes() + 1));
  for_columns(kScoreColumns, columns, has(columns.scores() + 8));
  if (!fits) return refused();
  columns.organization = organization;
  columns.version = version;
  columns.rules = std::move(rules);
  checkpoint.columns = std::make_shared<const Resident>(std::move(columns));
  return checkpoint;
}

}  // namespace concord::measures
