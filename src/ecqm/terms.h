// The terminology of one measure: its value sets, read from a folder that the site supplies, and its single codes.
// A term is a position in Measure::terms; its codes are interned once, and a coding is looked up by (system, code).
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "ecqm/facts.h"
#include "json/value.h"

namespace concord::ecqm {

/// Code systems a value set may draw on (bits of TermNeed::systems).
enum System : std::uint16_t {
  kLoinc = 1,
  kSnomed = 2,
  kIcd10cm = 4,
  kIcd9cm = 8,
  kCpt = 16,
  kHcpcs = 32,
  kRxNorm = 64,
  kIcd10pcs = 128,
  kCdt = 256,
  kUbrev = 512,
  kHsloc = 1024,
};
std::string_view url_of(System system);
std::string_view name_of(System system);

/// What a measure needs to know: a value set by its OID, or (oid empty) one or two single codes.
struct TermNeed {
  std::string_view title;
  std::string_view oid;          ///< "" for single codes
  std::uint16_t systems = 0;     ///< of a value set: the code systems that can be of use in it
  bool required = true;          ///< false: declared by the measure and used nowhere
  System system = kSnomed;       ///< of the single codes
  std::string_view code, code2;  ///< single codes
  std::uint16_t expected = 0;    ///< of a value set: a note says so when it has no code of one of these
};

class Terms {
 public:
  /// Reads every FHIR ValueSet JSON file below `folder` (single resources, lists, bundles) and keeps the sets in `needs`.
  /// bad_file names every missing set with OID and title, sets without codes, and sets whose codes are of the wrong system.
  static Result<Terms> load(const std::filesystem::path& folder, const std::vector<TermNeed>& needs);
  /// For tests and the store adapter: only the single codes, then `add`.
  static Terms of(const std::vector<TermNeed>& needs);

  void add(unsigned term, std::string_view system, std::string_view code);
  /// The terms this coding is in.
  TermMask of(std::string_view system, std::string_view code) const;
  std::size_t code_count() const { return count_; }
  /// Can a resource written so be in any term? False only when none of its "code" members is a code of one, in whatever system.
  bool may_name_code(std::string_view json_text) const;
  /// What a person should know: value sets without codes of a system they normally have.
  const std::vector<std::string>& notes() const { return notes_; }

 private:
  struct Slot {
    std::uint64_t hash = 0;
    std::uint32_t system = 0, code = 0;  // places in text_
    std::uint16_t system_size = 0, code_size = 0;
    TermMask mask = 0;
  };
  void grow();
  bool is_some_code(std::string_view code) const;
  std::vector<Slot> slots_;
  std::vector<std::uint64_t> codes_;  ///< hashes of the codes alone, open addressing
  std::string text_;
  std::size_t count_ = 0;
  std::vector<std::string> notes_;
};

}  // namespace concord::ecqm
