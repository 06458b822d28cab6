#include "measurements/scored.h"

#include "base/check.h"
#include "json/value.h"
#include "json/writer.h"

namespace concord::measurements {

Measurement from_score(const instruments::Score& score) {
  Measurement m;
  m.instrument = score.instrument;
  m.instrument_version = score.version;
  m.informant = score.informant;
  m.total = score.total;
  if (!score.band.empty()) m.severity = score.band;
  else if (!score.level.empty()) m.severity = score.level;
  m.valid = score.valid;
  if (!score.valid) m.invalid_reason = score.invalid_reason;
  m.prorated = score.prorated;
  switch (score.safety) {
    case instruments::Safety::no:
      m.safety = "none";
      break;
    case instruments::Safety::yes:
      m.safety = "positive";
      break;
    case instruments::Safety::unknown:
      m.safety = "unknown";
      break;
  }
  m.subscales.reserve(score.subscales.size());
  for (const auto& s : score.subscales) m.subscales.push_back({s.id, s.total});
  return m;
}

std::string safety_signal(const instruments::Instrument& instrument, const instruments::Score& score) {
  if (score.safety_signals.empty()) return {};
  if (!score.level.empty()) {
    // "c-ssrs-screener" is the form; people say C-SSRS.
    const std::string name = instrument.id.starts_with("c-ssrs") ? "c-ssrs" : instrument.id;
    return name + " " + score.level;
  }
  std::string text = instrument.id;
  bool first = true;
  for (const auto& signal : score.safety_signals) {
    std::string shown = signal.item;
    if (const int index = instrument.item(signal.item); index >= 0) {
      std::string number = instrument.items[static_cast<std::size_t>(index)].number;
      while (!number.empty() && (number.back() == '.' || number.back() == ')')) number.pop_back();
      if (!number.empty()) shown = number;
    }
    text += first ? " item " : ", item ";
    first = false;
    text += shown;
    text += " = ";
    json::Writer(text).value(signal.value);
  }
  return text;
}

std::optional<std::string> safety_level(const instruments::Score& score) {
  if (score.level.empty() || score.safety_signals.empty()) return std::nullopt;
  return score.level;
}

std::string encode_answers(std::span<const Answer> answers) {
  std::string out;
  out.reserve(2 + answers.size() * 8);
  json::Writer w(out);
  w.object();
  for (const auto& answer : answers) w.field(answer.item, answer.value);
  w.end();
  return out;
}

std::string encode_subscales(std::span<const SubscaleScore> subscales) {
  std::string out;
  json::Writer w(out);
  w.object();
  for (const auto& s : subscales) w.field(s.id, s.total);
  w.end();
  return out;
}

std::vector<Answer> decode_answers(std::string_view stored) {
  std::vector<Answer> answers;
  const auto document = json::Document::parse(stored);
  CHECK(document.has_value());  // only encode_answers writes it
  for (const auto& [key, value] : document->root().members()) answers.push_back({std::string(key), value.real()});
  return answers;
}

std::vector<SubscaleScore> decode_subscales(std::string_view stored) {
  std::vector<SubscaleScore> subscales;
  const auto document = json::Document::parse(stored);
  CHECK(document.has_value());
  for (const auto& [key, value] : document->root().members()) subscales.push_back({std::string(key), value.real().value_or(0)});
  return subscales;
}

}  // namespace concord::measurements
