#include "db/database.h"

#include <condition_variable>
#include <mutex>

#include "base/check.h"
#include "db/internal.h"
#include "db/postgres/postgres_database.h"
#include "db/sqlite/sqlite_database.h"

namespace concord::db {

namespace {
thread_local bool on_database_thread = false;
}

void mark_database_thread() { on_database_thread = true; }

Result<std::unique_ptr<Database>> Database::open(std::string_view url, const Options& options) {
  constexpr std::string_view kSqlite = "sqlite:";
  if (url.starts_with(kSqlite)) {
    std::string_view path = url.substr(kSqlite.size());
    if (path.empty() || path.starts_with(":") || path.find('\0') != std::string_view::npos)
      return fail(ErrorCode::bad_config, "The database address must be sqlite:PATH with the path of a file.");
    return open_sqlite(std::string(path), options);
  }
  if (url.starts_with("postgres://") || url.starts_with("postgresql://")) return open_postgres(std::string(url), options);
  return fail(ErrorCode::bad_config, "The database address must start with sqlite: or postgresql://.");
}

std::optional<Error> Database::write_blocking(const std::function<bool(Tx&)>& run) {
  CHECK(!on_database_thread);  // it would wait for itself
  std::mutex mutex;
  std::condition_variable changed;
  bool finished = false;
  std::exception_ptr problem;
  submit({[&](Tx& tx) { return run(tx); },
          [&](std::exception_ptr exception) {
            // Notify under the lock: the waiter's stack is gone as soon as it sees `finished`.
            std::lock_guard lock(mutex);
            problem = std::move(exception);
            finished = true;
            changed.notify_one();
          }});
  {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return finished; });
  }
  if (!problem) return std::nullopt;
  try {
    std::rethrow_exception(problem);
  } catch (const ConstraintViolation& violation) {
    Error error{ErrorCode::conflict, "The change contradicts what is already stored.", {}, {}};
    error.detail = violation.what();
    return error;
  }
}

}  // namespace concord::db
