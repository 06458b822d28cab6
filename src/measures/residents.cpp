#include "measures/residents.h"

#include <algorithm>
#include <utility>

#include "base/log.h"

namespace concord::measures {
namespace {

/// Beyond this share of the patients reading everything is quicker than reading each of them.
std::size_t most_to_fold(const Resident& columns) { return 200 + columns.patients() / 100; }

}  // namespace

Residents::Residents(std::shared_ptr<const OutcomeRules> rules, SurveyItems surveys, Settings settings)
    : rules_(std::move(rules)), surveys_(std::move(surveys)), settings_(settings) {}

Residents::~Residents() { stop(); }

void Residents::start(db::Database& database) {
  settings_.background = true;
  thread_ = std::jthread([this, &database](std::stop_token stopping) {
    while (!stopping.stop_requested()) {
      try {
        run_due(database, std::chrono::steady_clock::now());
      } catch (const std::exception& e) {
        log::error("outcome columns could not be read; the ones before serve on", {{"what", e.what()}});
      }
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
  const std::uint64_t version = kept.columns ? kept.columns->version + 1 : 1;
  if (kept.columns) {
    auto touched = touched_since(tx, organization, kept.heads, most_to_fold(*kept.columns));
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
    Kept kept;
    {
      std::lock_guard lock(mutex_);
      kept = kept_[organization];
    }
    const std::uint64_t version = kept.columns ? kept.columns->version + 1 : 1;
    Touched touched;
    bool load = !kept.columns || now - kept.loaded_at >= settings_.reload;
    if (!load) {
      touched =
          database.read([&](db::Tx& tx) { return touched_since(tx, organization, kept.heads, most_to_fold(*kept.columns)); });
      if (touched.heads == kept.heads) continue;
      load = touched.too_many;
    }
    if (load) {
      const auto began = std::chrono::steady_clock::now();
      // The heads from before the load: whatever happens while it runs is folded in next time.
      kept.heads = database.read([&](db::Tx& tx) { return audit_heads(tx, organization); });
      kept.columns = load_resident(database, organization, rules_, surveys_, version, settings_.threads);
      kept.loaded_at = now;
      const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - began).count();
      log::info("outcome columns loaded", {{"patients", static_cast<std::int64_t>(kept.columns->patients())},
                                           {"episodes", static_cast<std::int64_t>(kept.columns->episodes())},
                                           {"bytes", static_cast<std::int64_t>(kept.columns->bytes())},
                                           {"ms", static_cast<std::int64_t>(took)}});
    } else {
      // Heads and rows of one moment: an entry between them would be read twice, never missed.
      kept.columns = database.read([&](db::Tx& tx) { return fold_in(tx, *kept.columns, touched.patients, surveys_, version); });
      kept.heads = std::move(touched.heads);
    }
    ++made;
    std::lock_guard lock(mutex_);
    auto& into = kept_[organization];
    kept.asked = into.asked;  // somebody may have asked meanwhile
    into = std::move(kept);
    ready_.notify_all();
  }
  return made;
}

}  // namespace concord::measures
