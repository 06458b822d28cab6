// The PostgreSQL backend: pooled connections, SERIALIZABLE units of work that run again on a serialization
// failure, REPEATABLE READ READ ONLY reads. Read next: connection.h (statements, rows, types, errors).
#pragma once

#include <memory>
#include <string>

#include "db/database.h"

namespace concord::db {

Result<std::unique_ptr<Database>> open_postgres(const std::string& url, const Options& options);

}  // namespace concord::db
