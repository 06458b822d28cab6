// Several resources may tell about one administration of a questionnaire: a response, the total computed from
// it, a panel, its single answers. Here they become one. Pure.
//   fragments -> grouped by links (derivedFrom, hasMember) and by patient, instrument, informant and instant
//             -> one GivenForm each, scored by forms.h
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "exchange/forms.h"
#include "exchange/report.h"
#include "exchange/rows.h"
#include "instruments/instruments.h"

namespace concord::exchange {

/// Which instruments an item code belongs to. Built once per import.
class CodeIndex {
 public:
  explicit CodeIndex(const instruments::Library& library);
  struct Use {
    const instruments::Instrument* instrument;
    int item;
  };
  const std::vector<Use>* item(std::string_view code) const;
  /// The smallest instrument that has an item for every code; null when none has.
  const instruments::Instrument* covering(const std::vector<std::string_view>& codes) const;
  const instruments::Library& library() const { return library_; }

 private:
  const instruments::Library& library_;
  std::map<std::string, std::vector<Use>, std::less<>> items_;
};

/// An answer as another system codes it.
struct CodedAnswer {
  std::string item_code;  ///< LOINC code of the item; empty when `item` is known
  int item = -1;          ///< index in the fragment's instrument
  std::string answer_code;
  std::string answer_text;  ///< words, tried when the code is not known
  std::optional<double> points;
  std::string path;  ///< for a message
};

struct Fragment {
  enum class Kind { total, panel, item, response };
  Kind kind = Kind::total;
  std::string key;  ///< "Observation/12"
  Place place;
  std::string path;  ///< of the resource, for a message
  PatientId patient;
  const instruments::Instrument* instrument = nullptr;  ///< null for a single answer
  std::string informant;
  std::string language;
  Instant at{};
  Date date;
  bool has_time = false;
  std::optional<double> total;
  std::vector<CodedAnswer> answers;
  std::vector<std::string> links;  ///< keys of hasMember and derivedFrom

  Digest digest() const;
};

struct Administrations {
  std::vector<Administration> list;
  std::vector<safety::SafetyEvent> safety_events;
  std::vector<Rejection> rejected;  ///< file left empty: see Place
  std::vector<Place> rejected_at;
  std::int64_t totals_not_trusted = 0;
};

/// `today` decides which positive answers open a safety event (forms.h).
Administrations merge(std::vector<Fragment> fragments, const CodeIndex& codes, OrganizationId organization,
                      std::string_view source, Date today);

}  // namespace concord::exchange
