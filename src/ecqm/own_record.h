// Our own records read as the measures' facts, by classes of concepts instead of value sets: a depression is what an episode is
// for or an ICD-10-CM code says, a visit is a visit at the practice or a treatment contact, and so on. This is our reading of our
// own data, not the published measure over FHIR; docs/ecqm.md has the table. Pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.h"
#include "ecqm/measure.h"

namespace concord::ecqm {

/// A patient as the store has it. Ids are texts because the facts point into them.
struct OwnRecord {
  struct Score {
    std::string id, instrument;
    Instant at{};
    Date day;
    std::optional<double> total;
  };
  enum class Way { in_person, video, phone };
  struct Visit {
    std::string id;
    Date day;
    Way way = Way::in_person;
  };
  struct Condition {
    std::string id, code, system, status;
    std::optional<Date> onset, ended;
    Date recorded;
  };
  struct Episode {
    std::string condition;  ///< primary_condition: "depression", "perinatal_depression", ...
    Date referred;
  };
  struct Treatment {
    std::string id, kind, name;  ///< kind: medication, psychotherapy
    Date start;
    std::optional<Date> stop;
  };
  struct Referral {
    std::string id;
    Date received;
  };
  std::string id;
  std::optional<Date> birth, died;
  std::vector<Score> scores;  ///< valid ones in the order of entry
  std::vector<Visit> visits;  ///< visits at the practice and clinical treatment contacts
  std::vector<Condition> conditions;
  std::vector<Episode> episodes;
  std::vector<Treatment> treatments;
  std::vector<Referral> referrals;
};

/// What a condition is for the measures.
enum class Concept {
  other,
  depression,
  depression_in_remission,
  dysthymia,
  bipolar,
  labile_personality,
  psychotic,
  developmental,
  palliative
};
/// From an ICD-10-CM code, with or without its point; other systems are not read.
Concept concept_of_code(std::string_view system, std::string_view code);
Concept concept_of_episode(std::string_view primary_condition);
/// By the name of the active ingredient (international nonproprietary name) somewhere in the text.
bool is_antidepressant(std::string_view name);
/// PHQ-2 from 3, PHQ-9 and PHQ-9M from 10; nullopt for other instruments.
std::optional<bool> is_positive(std::string_view instrument, double total);

/// Makes the facts of one patient after the other. Not thread-safe; the facts point into the record.
class OwnReader {
 public:
  /// `today`: how long a medicine has been taken that nobody has stopped.
  OwnReader(const Measure& measure, Date today) : measure_(measure), today_(today) {}
  const Facts& read(const OwnRecord& record);

 private:
  TermMask set(std::string_view oid) const;
  TermMask single(std::string_view code) const;
  TermMask terms_of(Concept concept_class) const;
  void add_condition(std::string_view id, Concept concept_class, Date from, std::optional<Date> to, bool active);

  const Measure& measure_;
  Date today_;
  Facts facts_;
};

}  // namespace concord::ecqm
