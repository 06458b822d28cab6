#include "measurements/progress.h"

#include <algorithm>
#include <cmath>

namespace concord::measurements {
namespace {

// Totals are whole or have one decimal (means, proration): differences must not suffer from binary fractions.
constexpr double kTolerance = 1e-9;

bool own_form(const Score& s) { return s.informant == "self" || s.informant == "child" || s.informant.empty(); }
bool same_series(const Score& a, const Score& b) { return (own_form(a) && own_form(b)) || a.informant == b.informant; }
bool parent_form(const Score& s) { return s.informant == "parent"; }

void judge(Progress& p, const Criteria& c) {
  if (!p.baseline) return;
  const double from = *p.baseline->total;
  p.baseline_elevated = c.is_elevated(from);
  if (!p.current) return;
  const double to = *p.current->total;
  p.change = to - from;
  if (std::abs(from) > kTolerance) p.percent = 100.0 * *p.change / from;
  p.current_elevated = c.is_elevated(to);
  p.response = c.is_response(from, to, parent_form(*p.current));
  p.remission = c.is_remission(to);
  const bool below = c.improved_below && (c.higher_is_worse ? to < *c.improved_below : to > *c.improved_below);
  p.improved = p.baseline_elevated && (p.response || below);
  p.worse_than_previous = p.previous && c.is_worse(*p.previous->total, to);
  p.worse_than_baseline = c.is_worse(from, to);
}

/// `series` is in order and of one informant.
Progress of_series(std::vector<const Score*> series, const Criteria& c, std::optional<Date> enrolled) {
  Progress p;
  p.series = std::move(series);
  if (!enrolled) return p;
  for (const Score* s : p.series) {
    if (s->date < *enrolled) {
      p.screening = s;
    } else if (!p.baseline) {
      p.baseline = s;
    } else if (s->date > p.baseline->date) {
      p.previous = p.current ? p.current : p.baseline;
      p.current = s;
    }
  }
  judge(p, c);
  return p;
}

}  // namespace

bool Criteria::is_elevated(double total) const {
  if (!elevated) return false;
  return higher_is_worse ? total >= *elevated - kTolerance : total <= *elevated + kTolerance;
}

bool Criteria::is_remission(double total) const {
  if (!remission_below) return false;
  return higher_is_worse ? total < *remission_below - kTolerance : total > *remission_below + kTolerance;
}

bool Criteria::is_response(double baseline, double total, bool parent) const {
  if (!response_kind) return false;
  const double gain = higher_is_worse ? baseline - total : total - baseline;
  if (*response_kind == ResponseKind::points)
    return gain >= (parent && response_parent ? *response_parent : response) - kTolerance;
  return std::abs(baseline) > kTolerance && gain >= baseline * response / 100.0 - kTolerance;
}

bool Criteria::is_worse(double before, double total) const {
  if (!worse_by) return false;
  return (higher_is_worse ? total - before : before - total) >= *worse_by - kTolerance;
}

bool earlier(const Score& a, const Score& b) {
  if (a.date != b.date) return a.date < b.date;
  if (a.at && b.at && *a.at != *b.at) return *a.at < *b.at;
  if (a.entered_at != b.entered_at) return a.entered_at < b.entered_at;
  return a.id < b.id;
}

Progress progress(std::span<const Score> scores, const Criteria& criteria, std::optional<Date> enrolled) {
  std::vector<const Score*> usable;
  usable.reserve(scores.size());
  bool one_informant = true;
  for (const Score& s : scores) {
    if (!s.valid || s.replaced || !s.total || s.instrument != criteria.instrument) continue;
    if (!usable.empty() && !same_series(*usable.front(), s)) one_informant = false;
    usable.push_back(&s);
  }
  std::sort(usable.begin(), usable.end(), [](const Score* a, const Score* b) { return earlier(*a, *b); });
  if (one_informant) return of_series(std::move(usable), criteria, enrolled);

  // Paired forms: each informant against its own baseline. Shown is the patient's own form when it has a
  // baseline, else the informant with the latest score.
  std::vector<Progress> all;
  while (!usable.empty()) {
    const Score& first = *usable.front();
    std::vector<const Score*> mine, rest;
    for (const Score* s : usable) (same_series(first, *s) ? mine : rest).push_back(s);
    all.push_back(of_series(std::move(mine), criteria, enrolled));
    usable = std::move(rest);
  }
  auto better = [](const Progress& a, const Progress& b) {
    const bool a_own = own_form(*a.series.front()) && a.baseline, b_own = own_form(*b.series.front()) && b.baseline;
    if (a_own != b_own) return a_own;
    if ((a.baseline != nullptr) != (b.baseline != nullptr)) return a.baseline != nullptr;
    return earlier(*b.series.back(), *a.series.back());
  };
  const auto shown = std::min_element(all.begin(), all.end(), better);
  Progress out = *shown;
  for (const Progress& p : all) {
    out.baseline_elevated = out.baseline_elevated || p.baseline_elevated;
    out.current_elevated = out.current_elevated || p.current_elevated;
    out.improved = out.improved || p.improved;
    out.response = out.response || p.response;
    out.remission = out.remission || (p.remission && p.baseline_elevated);
  }
  return out;
}

bool at_target(const Score& score, const Score& baseline, const Criteria& c, bool remission_only) {
  if (c.is_remission(*score.total)) return true;
  return !remission_only && c.is_response(*baseline.total, *score.total, parent_form(score));
}

double one_decimal(double value) {
  const double scaled = std::floor(std::abs(value) * 10.0 + 0.5 + kTolerance) / 10.0;
  return value < 0 && scaled > 0 ? -scaled : scaled;
}

}  // namespace concord::measurements
