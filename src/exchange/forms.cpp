#include "exchange/forms.h"

#include <cmath>

#include "base/check.h"

namespace concord::exchange {

using instruments::Score;

Result<ScoredForm> score_form(const GivenForm& form) {
  CHECK(form.instrument != nullptr);
  const auto& instrument = *form.instrument;
  instruments::ScoreContext context;
  context.informant = form.informant;
  ScoredForm out;
  std::optional<Score> score;

  bool any_answer = false;
  std::vector<instruments::Answer> answers;
  answers.reserve(form.answers.size());
  for (const auto& answer : form.answers) {
    const auto& item = instrument.items[static_cast<std::size_t>(answer.item)];
    answers.push_back({item.link_id, answer.points});
    any_answer = any_answer || answer.points.has_value();
  }
  auto from_total = [&]() -> Result<Score> {
    std::vector<instruments::GivenSubscale> given;
    given.reserve(form.subscales.size());
    for (const auto& [id, total] : form.subscales) given.push_back({id, total});
    return instruments::from_total(instrument, *form.total, given, context);
  };
  if (any_answer && !instrument.total_only()) {
    CONCORD_TRY(score, instruments::score(instrument, answers, context));
    if (form.total && score->total && std::abs(*score->total - *form.total) > 0.051) {
      out.row.stated_total = form.total;
      out.total_disagrees = true;
    } else if (form.total && !score->total) {
      double known = 0;
      for (const auto& answer : form.answers)
        if (answer.points && instrument.items[static_cast<std::size_t>(answer.item)].scored) known += *answer.points;
      const bool can_be = instrument.method != instruments::Method::sum || known <= *form.total + 0.001;
      if (form.total_stands_alone && can_be) {
        CONCORD_TRY(Score whole, from_total());
        // The answers that are known still say more about safety than the total does.
        if (score->safety == instruments::Safety::yes) {
          whole.safety = score->safety;
          whole.safety_signals = score->safety_signals;
        }
        score = std::move(whole);
      } else {
        out.row.stated_total = form.total;
        out.total_disagrees = true;
      }
    }
  } else if (form.total) {
    CONCORD_TRY(score, from_total());
  } else {
    return fail(ErrorCode::invalid, "There is neither a total nor an answer.", {{"", "has neither a total nor an answer"}});
  }

  auto& row = out.row;
  row.instrument = instrument.id;
  row.instrument_version = instrument.version;
  row.informant = score->informant;
  row.mode = "import";
  row.total = score->total;
  if (!score->band.empty()) row.severity = score->band;
  row.valid = score->valid;
  if (!score->invalid_reason.empty()) row.invalid_reason = score->invalid_reason;
  row.prorated = score->prorated;
  switch (score->safety) {
    case instruments::Safety::no:
      row.safety = "none";
      break;
    case instruments::Safety::yes:
      row.safety = "positive";
      break;
    case instruments::Safety::unknown:
      row.safety = "unknown";
      break;
  }
  if (any_answer)
    for (const auto& answer : answers) row.answers.push_back({std::string(answer.item), answer.points});
  for (const auto& subscale : score->subscales) row.subscales.push_back({subscale.id, subscale.total});
  out.signals = std::move(score->safety_signals);
  return out;
}

std::string safety_signal_text(std::string_view instrument, const std::vector<instruments::SafetySignal>& signals) {
  std::string out(instrument);
  for (std::size_t i = 0; i < signals.size(); ++i) {
    const auto& signal = signals[i];
    out += i == 0 ? " " : ", ";
    if (!signal.level.empty()) {
      out += signal.level;
      break;
    }
    out += signal.item + " = " + std::to_string(static_cast<int>(signal.value));
  }
  if (signals.empty()) out += " total";
  return out;
}

}  // namespace concord::exchange
