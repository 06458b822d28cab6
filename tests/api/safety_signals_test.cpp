// Every question whose yes must never be missed, of every instrument that ships: answered alone, with everything else
// "no" and with everything else left blank, it makes an open safety event with a clock, a first call and a job for the
// next one. Walks the instruments' own data, so a new one is tried without a line here.
#include <gtest/gtest.h>

#include "instruments/instruments.h"
#include "json/writer.h"
#include "whole_server.h"

namespace concord {
namespace {

using testing::Json;
using testing::WholeServer;

using SafetySignals = WholeServer;

TEST_F(SafetySignals, EveryYesOfEveryInstrumentRaisesAnEvent) {
  const auto library = instruments::load_library(std::filesystem::path(CONCORD_SOURCE_DIR) / "instruments");
  ASSERT_TRUE(library.has_value());
  int tried = 0, instruments_tried = 0;
  for (const auto* instrument : library->all()) {
    if (instrument->safety.empty()) continue;
    ++instruments_tried;
    if (instrument->permission == instruments::Permission::opt_in) {
      const auto permitted =
          w.as("admin", w.north())
              .post("/api/v1/instruments/" + instrument->id + "/permissions",
                    R"({"valid_from":"2026-01-01","permitted_by":"the owner","reference":"letter","site_id":")" +
                        w.north().id.text() + "\"}");
      ASSERT_EQ(permitted.status, 201) << permitted.body;
    }
    for (const auto& rule : instrument->safety)
      for (const bool rest_is_blank : {false, true}) {
        std::string body;
        json::Writer out(body);
        out.object().field("instrument", instrument->id).field("mode", "link").key("answers").object();
        for (std::size_t i = 0; i < instrument->items.size(); ++i) {
          const auto& item = instrument->items[i];
          if (static_cast<int>(i) == rule.item) out.field(item.link_id, rule.at_least);
          else if (rest_is_blank) out.key(item.link_id).null();
          else if (item.scored) out.field(item.link_id, 0);
        }
        out.end().end();
        const std::string what = instrument->id + " " + instrument->items[static_cast<std::size_t>(rule.item)].link_id +
                                 (rest_is_blank ? ", the rest blank" : ", the rest no");
        const auto patient = w.patient("Ann").id("patient_id");
        const auto stored = w.care_manager().post("/api/v1/patients/" + patient + "/measurements", body);
        ASSERT_EQ(stored.status, 201) << what << " " << stored.body;
        EXPECT_EQ(Json(stored.body)["safety"].text(), "positive") << what;
        const Json page(w.care_manager().get("/api/v1/patients/" + patient + "/summary").body);
        ASSERT_EQ(page["safety_events"].size(), 1u) << what;
        const auto event = page["safety_events"][0];
        EXPECT_EQ(event["state"].text(), "unacknowledged") << what;
        EXPECT_FALSE(event["notified_at"].is_null()) << what;
        EXPECT_FALSE(event["next_escalation_at"].is_null()) << what;
        EXPECT_EQ(event["measurement_id"].text(), Json(stored.body)["id"].text()) << what;
        ++tried;
      }
  }
  // PHQ-9 and PHQ-9M item 9, the PHQ-9M's suicide questions, EPDS item 10, seven questions of the C-SSRS.
  EXPECT_GE(instruments_tried, 4);
  EXPECT_GE(tried, 2 * 11);
}

}  // namespace
}  // namespace concord
