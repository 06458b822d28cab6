// The manager's monthly letter: one page from figures, run charts and rules; the words are data (content/reports/words.json),
// what it says follows from rulesets/reports-2026.json. Pure: the same month makes the same letter.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "measures/run_chart.h"
#include "portal/words.h"
#include "reports/sheet.h"

namespace concord::reports {

struct LetterInput {
  std::string program;  ///< name of the organization, or of the site that is asked for
  MonthNumber month = 0;
  bool exact = false;
  Sheet figures{};                         ///< of the month
  std::vector<measures::RunChart> charts;  ///< by figure, of 24 months
  std::vector<ReasonLine> fell_out;        ///< of re_measured: who has no later score, and why
  std::string rule_set, rule_set_version;
};

struct LetterLine {
  std::string text, figure;
};
struct LetterStep {
  std::string text, rule;  ///< "step.first_contact"
};
struct Letter {
  std::string title, greeting;
  std::vector<LetterLine> went_well, needs_a_look;
  std::vector<LetterLine> fell_out;
  std::vector<LetterStep> next_steps;
  std::vector<std::string> footnotes;
};
Letter letter(const LetterInput& input, const Rules& rules, const portal::Words& words, std::string_view language);

/// "March 2026", "marzo de 2026".
std::string month_words(const portal::Words& words, MonthNumber month, std::string_view language);
/// Of a reason's code; a code without words reads as it is, without underscores.
std::string reason_words(const portal::Words& words, std::string_view code, std::string_view language);

}  // namespace concord::reports
