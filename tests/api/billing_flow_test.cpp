// Month end on the whole server: what a care manager writes once becomes minutes, codes, a closed month and a file for
// the biller, and nothing of it goes out twice.
#include <gtest/gtest.h>

#include "support/databases.h"
#include "support/world.h"

namespace concord {
namespace {

using testing::HttpClient;
using testing::Json;
using testing::TestServer;
using testing::World;

class BillingFlow : public ::testing::TestWithParam<db::Dialect> {
 protected:
  void SetUp() override {
    if (!testing::can_use(GetParam())) return;
    server_ = std::make_unique<TestServer>(GetParam());
    world_ = std::make_unique<World>(*server_);
  }
  World& world() { return *world_; }
  HttpClient& manager() { return world().care_manager(); }
  HttpClient& biller() { return world().as("billing", world().north()); }
  TestServer& server() { return *server_; }

 private:
  std::unique_ptr<TestServer> server_;
  std::unique_ptr<World> world_;
};
CONCORD_ON_BOTH_DATABASES(BillingFlow);

TEST_P(BillingFlow, AMonthFromTheFirstCallToTheFileOfTheBiller) {
  if (!testing::can_use(GetParam())) GTEST_SKIP();
  auto ann = world().patient("Ann").enrolled("2026-02-02");
  auto ben = world().patient("Ben").enrolled("2026-02-02");
  const std::string at_ann = "/api/v1/patients/" + ann.id("patient_id"), at_ben = "/api/v1/patients/" + ben.id("patient_id");
  ann.contact("2026-02-10", 40);
  ann.review("2026-02-16");
  EXPECT_EQ(manager().post(at_ann + "/initiating-visits", R"({"date":"2026-01-20","code":"99214"})").status, 201);

  // Two calls at once cannot be: the second contact is refused whole, and says with what.
  const std::string call = R"({"kind":"treatment","modality":"phone","minutes":20,"started_at":"2026-03-02T14:30:00Z"})";
  EXPECT_EQ(manager().post(at_ann + "/contacts", call).status, 201);
  const auto refused = manager().post(at_ben + "/contacts", call);
  EXPECT_EQ(refused.status, 409) << refused.body;
  EXPECT_EQ(Json(refused.body)["overlaps"][0]["patient"]["id"].text(), ann.id("patient_id"));
  EXPECT_EQ(Json(manager().get(at_ben + "/contacts").body)["items"].size(), 0u) << "nothing is half-done";

  // A contact's minutes, the patient page and the ledger say the same.
  const Json summary(manager().get(at_ann + "/summary").body);
  EXPECT_EQ(summary["minutes_this_month"].integer(), 20);
  EXPECT_EQ(summary["billing"]["minutes_counted"].integer(), 20);
  const Json ledger(manager().get(at_ann + "/minutes?month=2026-02").body);
  EXPECT_EQ(ledger["codes"][0]["code"].text(), "99492");
  EXPECT_EQ(ledger["missing"].size(), 0u);

  // The specialist's own session stays out.
  EXPECT_EQ(world()
                .as("bh_specialist", world().north())
                .post(at_ann + "/contacts", R"({"kind":"treatment","modality":"video","minutes":50})")
                .status,
            201);
  EXPECT_EQ(Json(manager().get(at_ann + "/summary").body)["minutes_this_month"].integer(), 20);

  // A timer survives the server.
  EXPECT_EQ(
      manager().post("/api/v1/timer", R"({"activity":"care_coordination","patient_id":")" + ben.id("patient_id") + "\"}").status,
      201);
  server().restart();
  world().forget_browsers();
  server().clock.advance(std::chrono::minutes(12));
  EXPECT_EQ(Json(manager().post("/api/v1/timer/stop", "{}").body)["entry"]["minutes"].integer(), 12);

  // Month end: the biller sees names and minutes, no notes; closes, exports once.
  const std::string february = "/api/v1/billing/months/2026-02";
  const Json board(biller().get(february).body);
  EXPECT_EQ(board["counts"]["proposed"].integer(), 1);
  EXPECT_EQ(board["items"][0]["patient"]["id"].text(), ann.id("patient_id"));
  EXPECT_EQ(biller().get(february).body.find("slept better"), std::string::npos);
  EXPECT_EQ(manager().post(february + "/close", "{}").status, 403) << "a care manager looks, the biller closes";
  EXPECT_EQ(biller().post(february + "/close", "{}").status, 200);
  const Json contacts(manager().get(at_ann + "/contacts").body);
  std::string february_contact;
  for (std::size_t i = 0; i < contacts["items"].size(); ++i)
    if (contacts["items"][i]["date"].text() == "2026-02-10") february_contact = contacts["items"][i]["id"].text();
  const auto changed =
      manager().request("PATCH", at_ann + "/contacts/" + february_contact, R"({"minutes":90})", {{"If-Match", "\"1\""}});
  EXPECT_EQ(changed.status, 409) << changed.body;
  EXPECT_NE(changed.body.find("February 2026 is closed"), std::string::npos);
  const auto batch = biller().post(february + "/exports", "{}");
  ASSERT_EQ(batch.status, 201) << batch.body;
  EXPECT_EQ(biller().post(february + "/exports", "{}").status, 409);
  const std::string file = "/api/v1/billing/exports/" + Json(batch.body)["id"].text();
  EXPECT_NE(biller().get(file + "/csv").body.find(",99492,"), std::string::npos);
  const auto dft = biller().get(file + "/dft");
  EXPECT_EQ(dft.header("content-type"), "x-application/hl7-v2+er7; charset=utf-8");
  EXPECT_NE(dft.body.find("|DFT^P03^DFT_P03|"), std::string::npos);
  EXPECT_EQ(world().as("billing", world().south()).get(file + "/dft").status, 404);
}

}  // namespace
}  // namespace concord
