// From a score to the row that keeps it, and the words of the safety signal it raises. Pure. Shared by the
// API, imports and simulation, so that the same answers make the same row everywhere.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "instruments/instruments.h"
#include "instruments/score.h"
#include "measurements/measurements.h"

namespace concord::measurements {

/// Instrument, version, informant, total, severity, validity, safety and subscales of the score. The answers,
/// who, when and how are the caller's to fill in.
Measurement from_score(const instruments::Score& score);

/// "phq-9 item 9 = 1", "c-ssrs high"; empty when nothing is positive. No personal data.
std::string safety_signal(const instruments::Instrument& instrument, const instruments::Score& score);
/// "high" of a C-SSRS; nullopt for instruments without levels.
std::optional<std::string> safety_level(const instruments::Score& score);

/// The answers as they are stored: {"q1":2,"q2":null}.
std::string encode_answers(std::span<const Answer> answers);
std::string encode_subscales(std::span<const SubscaleScore> subscales);
std::vector<Answer> decode_answers(std::string_view stored);
std::vector<SubscaleScore> decode_subscales(std::string_view stored);

}  // namespace concord::measurements
