#include "identity/permissions.h"

#include <algorithm>

namespace concord::identity {
namespace {

using Permissions = std::vector<std::string_view>;

Permissions plus(Permissions base, std::initializer_list<std::string_view> more) {
  base.insert(base.end(), more);
  return base;
}

std::vector<RoleGrants> build() {
  // What everybody who signs in may do about themselves.
  const Permissions own = {"account.use", "events.read", "staff.read", "instruments.read", "calendar.read", "content.read"};
  const Permissions chart_read =
      plus(own, {"patients.read",   "referrals.read",       "episodes.read",  "measurements.read", "contacts.read",
                 "treatments.read", "reviews.read",         "safety.read",    "oncall.read",       "portal.read",
                 "logs.read",       "patient_inbox.read",   "caseload.read",  "attention.read",    "plans.read",
                 "conditions.read", "patient_contact.read", "reminders.read", "checkins.read",     "education.read"});
  return {
      {"care_manager",
       plus(chart_read,
            {"visits.read",        "visits.write",    "groups.read",         "groups.write",       "community.read",
             "community.write",    "directory.read",  "patients.write",      "referrals.write",    "episodes.write",
             "measurements.write", "contacts.write",  "treatments.write",    "treatments.report",  "reviews.write",
             "reviews.answer",     "reviews.ask",     "reviews.follow",      "safety.write",       "safety.close",
             "safety.plan",        "oncall.write",    "attention.defer",     "caseload.export",    "plans.write",
             "conditions.write",   "minutes.read",    "minutes.write",       "billing.read",       "billing.write",
             "tasks.read",         "tasks.write",     "tasks.team",          "conversations.read", "conversations.write",
             "handovers.read",     "handovers.write", "patient_inbox.write", "portal.write",       "patient_contact.write",
             "reminders.write",    "checkins.write",  "education.assign",    "reports.read",       "reports.patients"})},
      {"psychiatric_consultant",
       plus(chart_read,
            {"visits.read",         "visits.write",     "groups.read",        "community.read",     "directory.read",
             "patient_inbox.write", "reviews.write",    "reviews.follow",     "safety.write",       "safety.close",
             "safety.plan",         "safety.step_down", "measurements.write", "conditions.write",   "minutes.read",
             "tasks.read",          "tasks.write",      "tasks.team",         "conversations.read", "conversations.write",
             "handovers.read",      "reports.read",     "reports.patients"})},
      {"pcp", plus(chart_read,
                   {"visits.read",         "visits.write",     "groups.read",        "community.read",    "directory.read",
                    "patient_inbox.write", "education.assign", "checkins.write",     "referrals.write",   "reviews.answer",
                    "reviews.ask",         "reviews.follow",   "treatments.write",   "treatments.report", "safety.write",
                    "safety.close",        "safety.plan",      "measurements.write", "plans.write",       "conditions.write",
                    "minutes.read",        "tasks.read",       "tasks.write",        "tasks.team",        "conversations.read",
                    "conversations.write", "handovers.read",   "reports.read"})},
      {"bh_specialist", plus(chart_read, {"visits.read",      "visits.write",    "groups.read",        "groups.write",
                                          "community.read",   "community.write", "directory.read",     "patient_inbox.write",
                                          "education.assign", "checkins.write",  "contacts.write",     "reviews.answer",
                                          "reviews.follow",   "reviews.ask",     "treatments.report",  "measurements.write",
                                          "portal.write",     "safety.write",    "safety.close",       "safety.plan",
                                          "plans.write",      "minutes.read",    "minutes.write",      "tasks.read",
                                          "tasks.write",      "tasks.team",      "conversations.read", "conversations.write",
                                          "handovers.read",   "reports.read",    "reports.patients"})},
      {"community_worker",
       plus(own, {"visits.read",        "visits.write",       "groups.read",     "groups.write",       "community.read",
                  "community.write",    "directory.read",     "directory.write", "patient_inbox.read", "patient_inbox.write",
                  "patients.read",      "referrals.read",     "contacts.read",   "contacts.write",     "safety.write",
                  "portal.read",        "portal.write",       "oncall.read",     "tasks.read",         "tasks.write",
                  "conversations.read", "conversations.write"})},
      // Aggregates only (security.md Z4): no patient rows, and reports without small cells.
      {"program_manager",
       plus(own, {"visits.settings", "directory.read", "directory.write", "surveys.read", "surveys.results", "feedback.read",
                  "feedback.answer", "crisis.write", "calendar.write", "oncall.read", "oncall.write", "handovers.read",
                  "handovers.write", "reports.read", "reports.settings", "reports.publish"})},
      {"billing", plus(own, {"patients.read", "minutes.read", "billing.read", "billing.write", "billing.close"})},
      {"privacy_officer", plus(own, {"audit.read", "patients.read"})},
      {"admin", plus(own, {"visits.settings", "directory.read", "directory.write", "surveys.read", "surveys.permit",
                           "crisis.write", "instruments.permit", "calendar.write", "oncall.read", "oncall.write",
                           "messages.manage", "handovers.read", "handovers.write"})},
  };
}

std::vector<RoleGrants> build_outside() {
  return {
      {"patient", {"portal.use"}},
      {"trusted_person", {"portal.use"}},
      {"form", {"checkins.answer"}},
      {"gateway", {"messages.receive"}},
  };
}

}  // namespace

const std::vector<RoleGrants>& outside_grants() {
  static const std::vector<RoleGrants> grants = build_outside();
  return grants;
}

const std::vector<RoleGrants>& role_grants() {
  static const std::vector<RoleGrants> grants = build();
  return grants;
}

bool role_exists(std::string_view role) {
  return std::any_of(role_grants().begin(), role_grants().end(), [&](const auto& g) { return g.role == role; });
}

bool role_allows(std::string_view role, std::string_view permission) {
  for (const auto* list : {&role_grants(), &outside_grants()})
    for (const auto& grants : *list)
      if (grants.role == role)
        return std::find(grants.permissions.begin(), grants.permissions.end(), permission) != grants.permissions.end();
  return false;
}

const std::vector<std::string_view>& all_permissions() {
  static const std::vector<std::string_view> all = [] {
    std::vector<std::string_view> list;
    for (const auto* grants_of : {&role_grants(), &outside_grants()})
      for (const auto& grants : *grants_of) list.insert(list.end(), grants.permissions.begin(), grants.permissions.end());
    std::sort(list.begin(), list.end());
    list.erase(std::unique(list.begin(), list.end()), list.end());
    return list;
  }();
  return all;
}

}  // namespace concord::identity
