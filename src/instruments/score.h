// Answers -> score. Pure, no JSON, no allocation beyond the result's own strings; a PHQ-9 takes well under 2 us.
// A blank answer is never taken as 0 unless the instrument's own rule says so (docs/instruments.md).
//
//   answers -> gates (what was not asked) -> blanks (rule) -> total -> band, cut-offs, subscales
//                                                          \-> safety, which never depends on the total
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "instruments/instruments.h"

namespace concord::instruments {

/// One given answer: the item's linkId and its points; nullopt when left blank. Items that are not listed are blank.
struct Answer {
  std::string_view item;
  std::optional<double> points;
};

/// One answer as another system sends it: item by linkId or LOINC code, answer by answer code or points.
struct CodedAnswer {
  std::string_view item;
  std::string_view answer_code;  ///< empty: `points` holds it
  std::optional<double> points;
};

struct GivenSubscale {
  std::string_view id;
  double total = 0;
};

struct ScoreContext {
  Sex sex = Sex::unknown;           ///< for cut-offs by sex (AUDIT-C)
  std::string_view informant = {};  ///< empty: the instrument's first
};

enum class Safety { no, yes, unknown };

struct SubscaleResult {
  std::string id;
  double total = 0;
  std::optional<bool> positive;  ///< nullopt: the subscale has no cut-off, or its items are not known
  bool operator==(const SubscaleResult&) const = default;
};

struct SafetySignal {
  std::string item;  ///< linkId
  double value = 0;
  std::string level;  ///< C-SSRS: the level of this answer; else empty
  bool operator==(const SafetySignal&) const = default;
};

struct Score {
  std::string instrument, version, informant;
  std::optional<double> total;  ///< empty when invalid, and for C-SSRS
  std::string band;             ///< severity in words, or the level; empty when there is none
  std::optional<int> severity;  ///< 0 = least severe band or level
  bool valid = false;
  std::string invalid_reason;
  bool prorated = false;             ///< never sent to quality measures
  int answered = 0;                  ///< required items with an answer
  std::vector<std::string> missing;  ///< linkIds that were asked and left blank
  std::vector<SubscaleResult> subscales;
  std::optional<bool> elevated;     ///< nullopt: no cut-off, or it needs something not known (sex)
  std::optional<bool> cluster_met;  ///< PCL-5 provisional rule
  bool stepped_up = false;          ///< AUDIT: the zone was raised by single answers
  Safety safety = Safety::no;
  std::vector<SafetySignal> safety_signals;
  std::string level;  ///< C-SSRS only; when invalid: the level is at least this
};

/// `invalid` with an issue per answer that is no option of its item ("answers.q3") or belongs to no item.
Result<Score> score(const Instrument& instrument, std::span<const Answer> answers, const ScoreContext& context = {});
/// Answers coded by another system. An answer code the item does not know is an issue, never a blank.
Result<Score> score_coded(const Instrument& instrument, std::span<const CodedAnswer> answers, const ScoreContext& context = {});
/// Only a total is known. `invalid` for a total outside the range ("phq-9 total must be 0 to 27"). The safety
/// state follows from the total where it can (0: no; more than all other items together can give: yes), else it
/// is unknown.
Result<Score> from_total(const Instrument& instrument, double total, std::span<const GivenSubscale> subscales = {},
                         const ScoreContext& context = {});

/// "3,3,2,,1": one cell per item in the order asked, points or answer code or yes/no; an empty cell or "-" is a
/// blank. Either the required items or all of them; another count is an error that names how many are needed.
Result<Score> score_answers(const Library& library, std::string_view instrument, std::string_view answers,
                            const ScoreContext& context = {});
/// `concord score NAME --total 16`.
Result<Score> score_total(const Library& library, std::string_view instrument, std::string_view total,
                          const ScoreContext& context = {});

/// {"instrument","total","band","valid","safety",...}: `safety` is true, false or "unknown".
void write_score(json::Writer& writer, const Score& score);

std::string_view name(Safety safety);  ///< "no", "yes", "unknown"

/// Whether a total (with the subscales it came with) satisfies a cut-off; nullopt when that cannot be known.
std::optional<bool> holds(const Cut& cut, std::optional<double> total, std::span<const SubscaleResult> subscales, Sex sex);
/// Whether going from `first` to `later` satisfies a change. A first score of 0 never satisfies a percentage drop.
bool holds(const Change& change, double first, double later);

}  // namespace concord::instruments
