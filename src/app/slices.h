// The slices' shared data and the functions they lend each other. A slice never includes another's store:
// what it needs from a neighbour is passed here.
#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <vector>

#include "app/zones.h"
#include "base/clock.h"
#include "base/id.h"
#include "caseload/ruleset.h"
#include "http/route.h"
#include "instruments/instruments.h"
#include "patients/patients.h"

namespace concord::app {

/// Data files, loaded once, read-only afterwards.
struct DataFiles {
  instruments::Library instruments;
  caseload::RuleSet rules;
};
/// Loads and checks instruments/ and rulesets/ under `folder`.
Result<DataFiles> load_data_files(const std::filesystem::path& folder);

/// Owns what the slices share and wires their routes. Lives as long as its routes. Thread-safe.
class Slices {
 public:
  Slices(const Clock& clock, IdSource& ids, DataFiles data);
  ~Slices();

  /// Every route of every slice, wired, and the live event stream.
  std::vector<http::Route> routes() const;
  /// Brings caseload rows up to date after facts have changed.
  void refresh(db::Tx& tx, OrganizationId organization, std::span<const patients::PatientId> patients) const;
  const DataFiles& data() const { return data_; }
  Zones& zones() { return zones_; }

 private:
  struct Wiring;

  const Clock& clock_;
  IdSource& ids_;
  const DataFiles data_;
  Zones zones_;
  std::unique_ptr<Wiring> wiring_;
};

}  // namespace concord::app
