// The SQLite backend: one writer thread with the only connection that writes and checkpoints, and a pool
// of read-only connections. Read next: connection.h (statements, rows, errors).
#pragma once

#include <memory>
#include <string>

#include "db/database.h"

namespace concord::db {

Result<std::unique_ptr<Database>> open_sqlite(const std::string& path, const Options& options);

}  // namespace concord::db
