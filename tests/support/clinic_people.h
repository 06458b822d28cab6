// People at the invented clinic: staff with accounts, patients and those they trust as the portal's callers, and days that pass.
#pragma once

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "support/clinic.h"

namespace concord::testing {

class PeopleTest : public ClinicTest {
 protected:
  /// Somebody of the clinic's site, with an account.
  Caller person(std::string role, std::string name) {
    auto c = clinic().caller(std::move(role), std::move(name), clinic().organization, {clinic().site});
    account(c);
    return c;
  }
  void account(const Caller& c) {
    static constexpr db::Sql kAccount{"test.account",
                                      "INSERT INTO user_account (organization_id, user_id, display_name, imported, created_at) "
                                      "VALUES ($1, $2, $3, FALSE, $4)"};
    ASSERT_TRUE(database().write([&](db::Tx& tx) -> Result<void> {
      tx.run(kAccount, {c.organization, c.user, c.display_name, clinic().clock().now()});
      return {};
    }));
    staff_.push_back(c);
  }
  /// The patient in the portal, or somebody they trust.
  Caller portal(patients::PatientId patient, ActorKind kind = ActorKind::patient, std::vector<std::string> scopes = {}) {
    Caller c =
        clinic().caller(kind == ActorKind::patient ? "patient" : "trusted_person", "", clinic().organization, {clinic().site});
    c.kind = kind;
    c.patient = patient.uuid;
    c.scopes = std::move(scopes);
    return c;
  }
  void days_pass(int days) { clinic().clock().advance(std::chrono::hours(24 * days)); }

  std::vector<Caller> staff_;  ///< everybody who has an account
};

}  // namespace concord::testing
