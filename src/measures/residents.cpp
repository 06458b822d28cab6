#include "measures/residents.h"

#include <algorithm>
#include <utility>

#include "base/log.h"
#include "measures/checkpoint_store.h"

namespace concord::measures {
namespace {

using SteadyClock = std::chrono::steady_clock;

std::chrono::milliseconds since(SteadyClock::time_point begin) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(SteadyClock::now() - begin);
}

void log_columns(std::string_view what, const Resident& columns, std::chrono::milliseconds took) {
  log::info(what, {{"patients", static_cast<std::int64_t>(columns.patients())},
                   {"episodes", static_cast<std::int64_t>(columns.episodes())},
                   {"bytes", static_cast<std::int64_t>(columns.bytes())},
                   {"ms", static_cast<std::int64_t>(took.count())}});
}

}  // namespace

Residents::Residents(std::shared_ptr<const OutcomeRules> rules, SurveyItems surveys, Settings settings)
    : rules_(std::move(rules)), surveys_(std::move(surveys)), settings_(settings) {}

Residents::~Residents() { stop(); }

void Residents::start(db::Database& database) {
  settings_.background = true;
  thread_ = std::jthread([this, &database](std::stop_token stopping) {
    while (!stopping.stop_requested()) {
      run_due(database, std::chrono::steady_clock::now());
      std::unique_lock lock(mutex_);
      wake_.wait_for(lock, stopping, settings_.every, [this] { return asked_; });
      asked_ = false;
    }
  });
}

void Residents::stop() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  thread_.join();
}

std::shared_ptr<const Resident> Residents::get(db::Tx& tx, OrganizationId organization) {
  if (settings_.background) {
    std::unique_lock lock(mutex_);
    const auto [kept, is_new] = kept_.try_emplace(organization);
    if (is_new) {
      asked_ = true;
      wake_.notify_all();
    }
    kept->second.asked = true;
    // A clinic's columns are there in a moment, and nobody has to ask twice.
    std::shared_ptr<const Resident> columns;
    ready_.wait_for(lock, settings_.wait, [&] {
      const auto found = kept_.find(organization);
      if (found != kept_.end()) columns = found->second.columns;
      return columns != nullptr;
    });
    return columns;
  }
  std::lock_guard one_at_a_time(tx_mutex_);
  Kept kept;
  {
    std::lock_guard lock(mutex_);
    kept = kept_[organization];
  }
  // In one transaction everything is of one moment, heads too.
  const std::uint64_t version = ++versions_;
  if (kept.columns) {
    auto touched = touched_since(tx, organization, kept.heads, most_to_fold(kept.columns->patients()));
    if (touched.heads == kept.heads) return kept.columns;
    kept.columns = touched.too_many ? load_resident(tx, organization, rules_, surveys_, version)
                                    : fold_in(tx, *kept.columns, touched.patients, surveys_, version);
    kept.heads = std::move(touched.heads);
  } else {
    kept.heads = audit_heads(tx, organization);
    kept.columns = load_resident(tx, organization, rules_, surveys_, version);
  }
  std::lock_guard lock(mutex_);
  kept_[organization] = kept;
  return kept.columns;
}

int Residents::run_due(db::Database& database, std::chrono::steady_clock::time_point now) {
  std::vector<OrganizationId> organizations;
  {
    std::lock_guard lock(mutex_);
    for (auto& [organization, kept] : kept_)
      if (std::exchange(kept.asked, false)) kept.asked_at = now;
    std::erase_if(kept_, [&](const auto& entry) { return now - entry.second.asked_at > settings_.keep; });
    for (const auto& [organization, kept] : kept_) organizations.push_back(organization);
  }
  int made = 0;
  for (const OrganizationId organization : organizations) {
    // What is wrong with one organization's rows must not keep the others waiting.
    try {
      made += bring_up_to_date(database, organization, now);
    } catch (const std::exception& e) {
      log::error("outcome columns could not be read; the ones before serve on",
                 {{"organization", organization.text()}, {"what", e.what()}});
    }
  }
  return made;
}

bool Residents::bring_up_to_date(db::Database& database, OrganizationId organization, std::chrono::steady_clock::time_point now) {
  Kept kept;
  {
    std::lock_guard lock(mutex_);
    kept = kept_[organization];
  }
  const std::uint64_t version = ++versions_;
  bool keep_them = false;
  const bool is_due = kept.columns && now - kept.loaded_at >= settings_.reload;
  if (kept.columns && !is_due) {
    const auto touched = database.read(
        [&](db::Tx& tx) { return touched_since(tx, organization, kept.heads, most_to_fold(kept.columns->patients())); });
    if (touched.heads == kept.heads) return false;
    if (touched.too_many) {
      kept.columns = nullptr;
    } else {
      // Heads and rows of one moment: an entry between them would be read twice, never missed.
      kept.columns = database.read([&](db::Tx& tx) { return fold_in(tx, *kept.columns, touched.patients, surveys_, version); });
      kept.heads = touched.heads;
    }
  } else if (!kept.columns && settings_.checkpoint.count() > 0) {
    const auto began = SteadyClock::now();
    if (auto resumed = database.read([&](db::Tx& tx) { return resume(tx, organization, rules_, surveys_, version); })) {
      kept.columns = std::move(resumed->columns);
      kept.heads = std::move(resumed->heads);
      kept.kept_at = kept.loaded_at = now;
      log_columns("outcome columns taken up where they were kept", *kept.columns, since(began));
    }
  }
  if (!kept.columns || is_due) {
    const auto began = SteadyClock::now();
    // The heads from before the load: whatever happens while it runs is folded in next time.
    kept.heads = database.read([&](db::Tx& tx) { return audit_heads(tx, organization); });
    kept.columns = load_resident(database, organization, rules_, surveys_, version, settings_.threads);
    kept.loaded_at = now;
    const auto took = since(began);
    log_columns("outcome columns loaded", *kept.columns, took);
    keep_them = settings_.checkpoint.count() > 0 && took >= settings_.checkpoint_from &&
                (!kept.kept_at || now - *kept.kept_at >= settings_.checkpoint);
    if (keep_them) kept.kept_at = now;
  }
  const auto columns = kept.columns;
  const auto heads = kept.heads;
  {
    std::lock_guard lock(mutex_);
    auto& into = kept_[organization];
    kept.asked = into.asked;  // somebody may have asked meanwhile
    into = std::move(kept);
    ready_.notify_all();
  }
  if (!keep_them) return true;
  if (const auto done = keep_checkpoint(database, *columns, heads, checkpoint_terms(*rules_, surveys_)); !done)
    log::warn("outcome columns could not be kept", {{"what", done.error().text}});
  return true;
}

}  // namespace concord::measures
