#include "db/postgres/connection.h"

#include <bit>
#include <charconv>
#include <utility>

#include "db/postgres/types.h"

namespace concord::db::postgres {

namespace {

/// Cells of one row of an answer that is held as a whole.
struct ResultCells {
  const PGresult* result;
  int row = 0;
  int columns() const { return PQnfields(result); }
  bool is_null(int column) const { return PQgetisnull(result, row, column) == 1; }
  const char* data(int column) const { return PQgetvalue(result, row, column); }
  int length(int column) const { return PQgetlength(result, row, column); }
  unsigned type(int column) const { return PQftype(result, column); }
};
/// Cells of one row of a binary COPY.
struct CopiedCells {
  std::vector<unsigned> types;
  std::vector<std::pair<const char*, int>> cells;  // length -1: NULL
  int columns() const { return static_cast<int>(types.size()); }
  bool is_null(int column) const { return cells[static_cast<std::size_t>(column)].second < 0; }
  const char* data(int column) const { return cells[static_cast<std::size_t>(column)].first; }
  int length(int column) const { return cells[static_cast<std::size_t>(column)].second; }
  unsigned type(int column) const { return types[static_cast<std::size_t>(column)]; }
};

template <class Cells>
class BinaryRow final : public Row {
 public:
  BinaryRow(Cells cells, std::string_view statement) : cells_(std::move(cells)), statement_(statement) {}
  Cells& cells() { return cells_; }

  bool is_null(int column) const override {
    if (column < 0 || column >= cells_.columns()) broken_row(statement_, column, "does not exist");
    return cells_.is_null(column);
  }
  std::int64_t integer(int column) const override {
    const char* data = value(column);
    switch (cells_.type(column)) {
      case kInt8:
        return static_cast<std::int64_t>(read_be(data, 8));
      case kInt4:
        return static_cast<std::int32_t>(read_be(data, 4));
      case kInt2:
        return static_cast<std::int16_t>(read_be(data, 2));
      case kNumeric: {
        const auto text_form = numeric_text(data, length(column));
        std::int64_t v = 0;
        if (text_form && text_form->find('.') == std::string::npos &&
            std::from_chars(text_form->data(), text_form->data() + text_form->size(), v).ec == std::errc())
          return v;
        [[fallthrough]];
      }
      default:
        broken_row(statement_, column, "is not an integer");
    }
  }
  double real(int column) const override {
    const char* data = value(column);
    switch (cells_.type(column)) {
      case kFloat8:
        return std::bit_cast<double>(read_be(data, 8));
      case kFloat4:
        return std::bit_cast<float>(static_cast<std::uint32_t>(read_be(data, 4)));
      case kNumeric: {
        const auto text_form = numeric_text(data, length(column));
        double v = 0;
        if (text_form && std::from_chars(text_form->data(), text_form->data() + text_form->size(), v).ec == std::errc()) return v;
        broken_row(statement_, column, "is not a number");
      }
      default:
        return static_cast<double>(integer(column));
    }
  }
  bool boolean(int column) const override { return *value(column, kBool, "a boolean") != 0; }
  std::string_view text(int column) const override {
    const char* data = value(column);
    switch (cells_.type(column)) {
      case kText:
      case kVarchar:
      case kBpchar:
      case kName:
        return {data, static_cast<std::size_t>(length(column))};
      default:
        broken_row(statement_, column, "is not a text");
    }
  }
  Date date(int column) const override {
    const auto days = static_cast<std::int32_t>(read_be(value(column, kDate, "a date"), 4));
    return Date(days + kEpochDays);
  }
  Instant instant(int column) const override {
    const auto micros = static_cast<std::int64_t>(read_be(value(column, kTimestamptz, "an instant"), 8));
    return Instant(std::chrono::microseconds(micros + kEpochMicros));
  }
  Uuid uuid(int column) const override {
    Uuid out;
    std::memcpy(out.bytes.data(), value(column, kUuid, "an id"), 16);
    return out;
  }
  Bytes bytes(int column) const override {
    const char* data = value(column, kBytea, "bytes");
    return {reinterpret_cast<const std::uint8_t*>(data), static_cast<std::size_t>(length(column))};
  }

 private:
  int length(int column) const { return cells_.length(column); }
  const char* value(int column) const {
    if (is_null(column)) [[unlikely]]
      broken_row(statement_, column, "is NULL");
    return cells_.data(column);
  }
  const char* value(int column, unsigned type, const char* kind) const {
    const char* data = value(column);
    if (cells_.type(column) != type) [[unlikely]]
      broken_row(statement_, column, std::string("is not ") + kind);
    return data;
  }

  Cells cells_;
  std::string_view statement_;
};

constexpr const char* kKinds[] = {"NULL",   "an integer", "a real", "a boolean", "a text",
                                  "a date", "an instant", "an id",  "bytes"};

std::string field(const PGresult* result, int code) {
  const char* text = PQresultErrorField(result, code);
  return text ? text : "";
}

}  // namespace

Connection::Connection(const std::string& url, const Options& options) {
  // The first two are defaults: what the URL says about them comes later and counts.
  const char* keys[] = {"connect_timeout", "tcp_user_timeout", "dbname", "application_name", "client_encoding", nullptr};
  const char* values[] = {"10", "30000", url.c_str(), "concord", "UTF8", nullptr};
  link_ = PQconnectdbParams(keys, values, 1);
  if (!link_ || PQstatus(link_) != CONNECTION_OK) {
    std::string text = link_ ? PQerrorMessage(link_) : "out of memory";
    PQfinish(link_);
    throw ConnectionLost("connect: " + text);
  }
  PQsetNoticeReceiver(link_, [](void*, const PGresult*) {}, nullptr);
  try {
    execute("SET TimeZone = 'UTC'");
    execute("SET statement_timeout = " + std::to_string(options.statement_timeout_ms));
    // A scan of a small table locks all of it against every other unit of work (SERIALIZABLE keeps predicate
    // locks); through an index only the rows that were looked at. Reports read without such locks.
    if (!options.read_only) execute("SET enable_seqscan = off");
    // A walk that cannot be avoided then looks so expensive that the server would compile it first: tenths of a second for rows
    // that are read in a tenth of a millisecond.
    execute("SET jit = off");
    if (options.read_only) execute("SET default_transaction_read_only = on");
  } catch (...) {
    PQfinish(link_);
    throw;
  }
}

Connection::~Connection() { PQfinish(link_); }

std::string Connection::execute(std::string_view sql) {
  const std::string text(sql);
  const std::string name = text.substr(0, text.find_first_of("(\n"));
  const Answer answer = checked(PQexec(link_, text.c_str()), name);
  return PQcmdStatus(answer.get());
}

Answer Connection::checked(PGresult* result, std::string_view statement) {
  Answer answer(result);
  switch (PQresultStatus(result)) {
    case PGRES_COMMAND_OK:
    case PGRES_TUPLES_OK:
    case PGRES_COPY_IN:
      return answer;
    default:
      raise(result, statement);
  }
}

void Connection::raise(const PGresult* result, std::string_view statement) {
  using Kind = ConstraintViolation::Kind;
  const std::string name(statement);
  const std::string state = result ? field(result, PG_DIAG_SQLSTATE) : "";
  if (PQstatus(link_) != CONNECTION_OK || state.starts_with("08") || state.starts_with("57P"))
    throw ConnectionLost(name + ": the connection to the database is lost");
  const std::string constraint = field(result, PG_DIAG_CONSTRAINT_NAME);
  if (state == "23505" || state == "23P01") throw ConstraintViolation(Kind::unique, constraint);
  if (state == "23503") throw ConstraintViolation(Kind::foreign_key, constraint);
  if (state == "23514") throw ConstraintViolation(Kind::check, constraint);
  if (state == "23502")
    throw ConstraintViolation(Kind::not_null, field(result, PG_DIAG_TABLE_NAME) + "." + field(result, PG_DIAG_COLUMN_NAME));
  const std::string message = field(result, PG_DIAG_MESSAGE_PRIMARY);
  if (state == "0A000" && message.find("cached plan") != std::string::npos) {
    stale_ = true;
    throw DatabaseError(name + ": the schema changed meanwhile", true);
  }
  // Texts about data (class 22) quote values, which may be personal.
  const bool quotes_values = state.starts_with("22") || state.starts_with("23");
  throw DatabaseError(name + ": " + (quotes_values ? "a value was refused" : message) + " (" + state + ")",
                      state == "40001" || state == "40P01");
}

const Statement& Connection::prepare(const Sql& sql) {
  const std::string_view text = sql.postgres.empty() ? sql.text : sql.postgres;
  Statement& statement = statements_[text.data()];
  // The address is the key; the comparison keeps a text with reused storage from running another's statement.
  if (!statement.server_name.empty() && statement.text == text) return statement;
  statement = {};
  std::string server_name = "s" + std::to_string(++next_name_);
  const std::string copy(text);
  checked(PQprepare(link_, server_name.c_str(), copy.c_str(), 0, nullptr), sql.name);
  const Answer facts = checked(PQdescribePrepared(link_, server_name.c_str()), sql.name);
  for (int i = 0; i < PQnparams(facts.get()); ++i) statement.types.push_back(PQparamtype(facts.get(), i));
  statement.name = sql.name;
  statement.text = copy;
  statement.server_name = std::move(server_name);
  return statement;
}

Answer Connection::execute(const Sql& sql, std::span<const Param> params) {
  const Statement& statement = prepare(sql);
  const std::size_t count = statement.types.size();
  if (params.size() != count)
    broken_statement(sql.name, "takes " + std::to_string(count) + " parameters, not " + std::to_string(params.size()));
  encoded_.clear();
  offsets_.assign(count, 0);
  values_.assign(count, nullptr);
  lengths_.assign(count, 0);
  formats_.assign(count, 1);
  for (std::size_t i = 0; i < count; ++i) {
    const Param::Variant& v = params[i].variant();
    if (v.index() == 0) continue;
    offsets_[i] = encoded_.size();
    if (!append_binary(encoded_, v, statement.types[i]))
      broken_statement(sql.name, "$" + std::to_string(i + 1) + " is " + kKinds[v.index()] + "; type " +
                                     std::to_string(statement.types[i]) + " does not take that");
    lengths_[i] = static_cast<int>(encoded_.size() - offsets_[i]);
  }
  for (std::size_t i = 0; i < count; ++i)
    if (params[i].variant().index() != 0) values_[i] = encoded_.data() + offsets_[i];
  return checked(PQexecPrepared(link_, statement.server_name.c_str(), static_cast<int>(count), values_.data(), lengths_.data(),
                                formats_.data(), 1),
                 sql.name);
}

std::int64_t Connection::copy_in(std::string_view table, std::span<const std::string_view> columns, const NextRow& next) {
  constexpr std::size_t kFlushBytes = 1 << 16;
  check_identifier(table);
  CHECK(!columns.empty());
  const std::string name = "load." + std::string(table);
  std::string list;
  for (const auto column : columns) {
    check_identifier(column);
    list += (list.empty() ? "" : ", ") + std::string(column);
  }
  checked(PQprepare(link_, "", ("SELECT " + list + " FROM " + std::string(table)).c_str(), 0, nullptr), name);
  std::vector<unsigned> types;
  {
    const Answer facts = checked(PQdescribePrepared(link_, ""), name);
    for (int i = 0; i < PQnfields(facts.get()); ++i) types.push_back(PQftype(facts.get(), i));
  }
  checked(PQexec(link_, ("COPY " + std::string(table) + " (" + list + ") FROM STDIN (FORMAT binary)").c_str()), name);

  const auto finish = [&](const char* cancelled) {
    Answer last;
    if (PQputCopyEnd(link_, cancelled) == 1)
      while (PGresult* result = PQgetResult(link_)) last.reset(result);
    return last;
  };
  using namespace std::string_view_literals;
  std::string buffer("PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0"sv);
  bool refused = false;
  try {
    std::vector<Param> row;
    row.reserve(columns.size());
    const auto put = [&](std::size_t at, std::uint32_t value, int bytes) {
      for (int i = 0; i < bytes; ++i)
        buffer[at + static_cast<std::size_t>(i)] = static_cast<char>(value >> (bytes - 1 - i) * 8 & 0xff);
    };
    while (row.clear(), next(row)) {
      if (row.size() != types.size()) broken_statement(name, "a row has another number of values than columns");
      std::size_t at = buffer.size();
      buffer.append(2, '\0');
      put(at, static_cast<std::uint32_t>(types.size()), 2);
      for (std::size_t i = 0; i < types.size(); ++i) {
        at = buffer.size();
        buffer.append(4, '\xff');
        if (row[i].variant().index() == 0) continue;
        if (!append_binary(buffer, row[i].variant(), types[i]))
          broken_statement(name, std::string(columns[i]) + " does not take " + kKinds[row[i].variant().index()]);
        put(at, static_cast<std::uint32_t>(buffer.size() - at - 4), 4);
      }
      if (buffer.size() < kFlushBytes) continue;
      if (PQputCopyData(link_, buffer.data(), static_cast<int>(buffer.size())) != 1) {
        refused = true;
        break;
      }
      buffer.clear();
    }
  } catch (...) {
    finish("cancelled by the program");
    throw;
  }
  buffer += "\xff\xff"sv;
  if (!refused) PQputCopyData(link_, buffer.data(), static_cast<int>(buffer.size()));
  const Answer last = finish(nullptr);
  if (!last || PQresultStatus(last.get()) != PGRES_COMMAND_OK) raise(last.get(), name);
  return std::strtoll(PQcmdTuples(last.get()), nullptr, 10);
}

void Connection::copy_out(const Sql& sql, std::span<const Param> params, const std::function<void(const Row&)>& each_row) {
  // COPY takes no parameters: their texts go into the statement, only of kinds that need no quoting.
  const std::string_view given = sql.postgres.empty() ? sql.text : sql.postgres;
  std::string text;
  for (std::size_t i = 0; i < given.size(); ++i) {
    if (given[i] != '$') {
      text += given[i];
      continue;
    }
    std::size_t number = 0;
    while (i + 1 < given.size() && given[i + 1] >= '0' && given[i + 1] <= '9')
      number = number * 10 + static_cast<std::size_t>(given[++i] - '0');
    if (number < 1 || number > params.size()) broken_statement(sql.name, "has a parameter that was not given");
    const auto& value = params[number - 1].variant();
    if (const auto* id = std::get_if<Uuid>(&value)) text += "CAST('" + id->text() + "' AS uuid)";
    else if (const auto* day = std::get_if<Date>(&value)) text += "CAST('" + day->iso() + "' AS date)";
    else if (const auto* whole = std::get_if<std::int64_t>(&value)) text += std::to_string(*whole);
    else broken_statement(sql.name, "takes ids, dates and whole numbers when it is scanned");
  }
  execute("SET LOCAL enable_seqscan = on");  // the whole table is wanted, in any order
  checked(PQprepare(link_, "", text.c_str(), 0, nullptr), sql.name);
  CopiedCells cells;
  {
    const Answer facts = checked(PQdescribePrepared(link_, ""), sql.name);
    for (int i = 0; i < PQnfields(facts.get()); ++i) cells.types.push_back(PQftype(facts.get(), i));
  }
  cells.cells.resize(cells.types.size());
  {
    Answer begun(PQexec(link_, ("COPY (" + text + ") TO STDOUT (FORMAT binary)").c_str()));
    if (PQresultStatus(begun.get()) != PGRES_COPY_OUT) raise(begun.get(), sql.name);
  }
  BinaryRow<CopiedCells> row(std::move(cells), sql.name);
  auto& into = row.cells().cells;
  const auto end = [&] {  // what is left of the answer, so that the connection can be used again
    for (char* rest = nullptr; PQgetCopyData(link_, &rest, 0) > 0;) PQfreemem(rest);
    Answer last;
    while (PGresult* result = PQgetResult(link_)) last.reset(result);
    return last;
  };
  bool first = true;
  char* data = nullptr;
  for (int size = 0; (size = PQgetCopyData(link_, &data, 0)) > 0;) {
    struct Free {
      char* memory;
      ~Free() { PQfreemem(memory); }
    } const kept{data};
    const char* here = data;
    const char* const stop = data + size;
    if (std::exchange(first, false)) {  // signature, flags, length of what follows them
      if (size < 19) break;
      here += 19 + read_be(here + 15, 4);
    }
    while (stop - here >= 2) {
      const int columns = static_cast<std::int16_t>(read_be(here, 2));
      here += 2;
      if (columns < 0) break;  // the trailer
      bool is_whole = static_cast<std::size_t>(columns) == into.size();
      for (int c = 0; is_whole && c < columns; ++c) {
        is_whole = stop - here >= 4;
        if (!is_whole) break;
        const int length = static_cast<std::int32_t>(read_be(here, 4));
        here += 4;
        is_whole = length <= stop - here;
        into[static_cast<std::size_t>(c)] = {here, length};
        if (length > 0) here += length;
      }
      if (!is_whole) broken_statement(sql.name, "was answered in a form that is not known");
      try {
        each_row(row);
      } catch (...) {
        if (PGcancel* cancel = PQgetCancel(link_)) {
          char why[256];
          PQcancel(cancel, why, sizeof why);
          PQfreeCancel(cancel);
        }
        end();
        throw;
      }
    }
  }
  const Answer last = end();
  if (!last || PQresultStatus(last.get()) != PGRES_COMMAND_OK) raise(last.get(), sql.name);
}

template <class Body>
auto PostgresTx::guarded(std::string_view statement, Body&& body) {
  if (failed_) throw DatabaseError(std::string(statement) + ": the unit of work has already failed", false);
  try {
    return body();
  } catch (const ConstraintViolation&) {
    failed_ = true;
    throw;
  } catch (const DatabaseError&) {
    failed_ = true;
    throw;
  }
}

void PostgresTx::each(const Sql& sql, std::span<const Param> params, const std::function<void(const Row&)>& each_row) {
  guarded(sql.name, [&] {
    const Answer answer = connection_.execute(sql, params);
    BinaryRow<ResultCells> row({answer.get()}, sql.name);
    const int count = PQntuples(answer.get());
    for (int i = 0; i < count; ++i) {
      row.cells().row = i;
      each_row(row);
    }
  });
}

void PostgresTx::scan(const Sql& sql, std::span<const Param> params, const std::function<void(const Row&)>& each_row) {
  guarded(sql.name, [&] { connection_.copy_out(sql, params, each_row); });
}

std::int64_t PostgresTx::run(const Sql& sql, std::span<const Param> params) {
  return guarded(sql.name, [&] {
    const Answer answer = connection_.execute(sql, params);
    return static_cast<std::int64_t>(std::strtoll(PQcmdTuples(answer.get()), nullptr, 10));
  });
}

std::int64_t PostgresTx::load(std::string_view table, std::span<const std::string_view> columns, const NextRow& next) {
  return guarded(table, [&] { return connection_.copy_in(table, columns, next); });
}

}  // namespace concord::db::postgres
