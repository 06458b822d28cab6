// What every route does with a request, whoever owns the route: where it comes from, how it is repeated,
// which version it changes, and what happens to one that is wrong (issue "It shows" 8).
#include "whole_server.h"

namespace concord {
namespace {

using namespace std::chrono_literals;
using testing::at_once;
using testing::ClientResponse;
using testing::code_of;
using testing::HttpClient;
using testing::Json;
using testing::number;

class Requests : public testing::WholeServer {
 protected:
  std::string new_patient(std::string_view name = "Ann") {
    return R"({"given_name":")" + std::string(name) +
           R"(","family_name":"Requests","birth_date":"1970-01-01","accept_duplicate":true,"site_id":")" + w.north().id.text() +
           "\"}";
  }
  std::int64_t patients() { return number(server.database(), "SELECT COUNT(*) FROM patient"); }
};

// --- where a change comes from -------------------------------------------------------------------

TEST_F(Requests, ChangesFromOtherSitesAreRefused) {
  auto b = w.sign_in("care_manager.north");
  const auto before = patients();
  const auto from = [&](HttpClient::Headers headers) { return b.post("/api/v1/patients", new_patient(), headers); };
  const std::string port = std::to_string(server.port());
  for (const std::string origin : {"https://evil.example", "null", "http://127.0.0.1", "http://127.0.0.1.evil.example:80",
                                   "http://evil.example/127.0.0.1"}) {
    const auto answer = from({{"Origin", origin}});
    EXPECT_EQ(answer.status, 403) << origin;
    EXPECT_EQ(code_of(answer), "not_allowed") << origin;
  }
  EXPECT_EQ(from({{"Origin", "http://127.0.0.1:" + port + ".evil.example"}}).status, 403);
  for (const std::string site : {"cross-site", "same-site"}) EXPECT_EQ(from({{"Sec-Fetch-Site", site}}).status, 403) << site;
  EXPECT_EQ(patients(), before);
  EXPECT_EQ(from({{"Sec-Fetch-Site", "same-origin"}}).status, 201);
}

TEST_F(Requests, FormsAndPlainTextAreNoChanges) {
  auto b = w.sign_in("care_manager.north");
  for (const std::string type :
       {"text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/jsonp"}) {
    const auto answer = b.post("/api/v1/patients", new_patient(), {{"Content-Type", type}});
    EXPECT_EQ(answer.status, 415) << type;
    EXPECT_EQ(code_of(answer), "wrong_media_type");
  }
  EXPECT_EQ(patients(), 0);
  EXPECT_EQ(b.post("/api/v1/patients", new_patient(), {{"Content-Type", "application/json; charset=utf-8"}}).status, 201);
}

TEST_F(Requests, SigningInAndOutFromOtherSitesIsRefusedToo) {
  auto b = server.browser();
  b.set_header("Origin", "https://evil.example");
  EXPECT_EQ(b.post("/auth/sign-in", testing::credentials("pcp.north")).status, 403);
  auto signed_in = w.sign_in("care_manager.north");
  EXPECT_EQ(signed_in.post("/auth/sign-out", "", {{"Origin", "https://evil.example"}}).status, 403);
  EXPECT_EQ(signed_in.get("/api/v1/account").status, 200);
}

TEST_F(Requests, LookingChangesNothing) {
  auto& hands = w.care_manager();
  const auto ann = w.patient("Ann");
  // What changes must not be reachable with GET, nor by asking for another method.
  EXPECT_EQ(hands.get("/api/v1/referrals/" + std::string("018f0000-0000-7000-8000-00000000dead") + "/outcome").status, 405);
  EXPECT_EQ(hands.get("/api/v1/patients/" + ann.id("patient_id") + "?_method=DELETE").status, 200);
  EXPECT_EQ(hands.request("DELETE", "/api/v1/patients/" + ann.id("patient_id")).status, 405);
  EXPECT_EQ(hands.get("/api/v1/patients/" + ann.id("patient_id"), {{"X-HTTP-Method-Override", "PATCH"}}).status, 200);
}

// --- repeated requests ---------------------------------------------------------------------------

class Repeats : public testing::WholeServerOnBoth {
 protected:
  std::string body(std::string_view name = "Ann") {
    return R"({"given_name":")" + std::string(name) +
           R"(","family_name":"Twice","birth_date":"1970-01-01","accept_duplicate":true,"site_id":")" +
           world().north().id.text() + "\"}";
  }
  std::int64_t patients() { return number(server().database(), "SELECT COUNT(*) FROM patient"); }
};
CONCORD_ON_BOTH_DATABASES(Repeats);

TEST_P(Repeats, TheSameKeyTwiceMakesOneRowAndTheSameAnswer) {
  auto& hands = world().care_manager();
  const HttpClient::Headers key = {{"Idempotency-Key", "form-1"}};
  const auto first = hands.post("/api/v1/patients", body(), key);
  const auto second = hands.post("/api/v1/patients", body(), key);
  ASSERT_EQ(first.status, 201) << first.body;
  EXPECT_EQ(second.status, 201);
  EXPECT_EQ(second.body, first.body);
  for (const auto* header : {"location", "etag", "content-type"})
    EXPECT_EQ(second.header(header), first.header(header)) << header;
  EXPECT_EQ(patients(), 1);
  server().restart();
  auto later = server().browser();
  later.cookies() = hands.cookies();
  EXPECT_EQ(later.post("/api/v1/patients", body(), key).body, first.body) << "the key outlives the process";
  EXPECT_EQ(patients(), 1);
}

TEST_P(Repeats, TheSameKeyForSomethingElseIsRefused) {
  auto& hands = world().care_manager();
  const auto ann = world().patient("Ann");
  const HttpClient::Headers key = {{"Idempotency-Key", "form-2"}};
  ASSERT_EQ(hands.post("/api/v1/patients", body("Ann"), key).status, 201);
  const auto other = hands.post("/api/v1/patients", body("Bea"), key);
  EXPECT_EQ(other.status, 422);
  EXPECT_EQ(code_of(other), "key_reused");
  EXPECT_EQ(code_of(hands.post("/api/v1/patients/" + ann.id("patient_id") + "/contacts", R"({"kind":"treatment"})", key)),
            "key_reused");
  EXPECT_EQ(patients(), 2);
}

TEST_P(Repeats, KeysBelongToOnePersonAndAFailureUsesNoneUp) {
  const HttpClient::Headers key = {{"Idempotency-Key", "form-3"}};
  auto& hands = world().care_manager();
  EXPECT_EQ(hands.post("/api/v1/patients", R"({"given_name":""})", key).status, 422);
  ASSERT_EQ(hands.post("/api/v1/patients", body(), key).status, 201) << "the corrected form is sent with the same key";
  auto& other = world().as("care_manager", world().birch());
  const auto there = other.post(
      "/api/v1/patients",
      R"({"given_name":"Cleo","family_name":"C","birth_date":"1970-01-01","site_id":")" + world().birch().id.text() + "\"}", key);
  EXPECT_EQ(there.status, 201) << there.body;
  EXPECT_EQ(there.body.find("Twice"), std::string::npos);
  EXPECT_EQ(hands.post("/api/v1/patients", body(), {{"Idempotency-Key", std::string(201, 'k')}}).status, 400);
}

TEST_P(Repeats, TheSameKeyAtTheSameMomentMakesOneRow) {
  for (int round = 0; round < 10; ++round) {
    const auto before = patients();
    const HttpClient::Headers key = {{"Idempotency-Key", "race-" + std::to_string(round)}};
    std::vector<ClientResponse> answers(4);
    std::vector<HttpClient> hands;
    for (std::size_t i = 0; i < answers.size(); ++i) {
      hands.push_back(server().browser());
      hands.back().cookies() = world().care_manager().cookies();
    }
    at_once(static_cast<int>(answers.size()), [&](int i) {
      const auto at = static_cast<std::size_t>(i);
      answers[at] = hands[at].post("/api/v1/patients", body(), key);
    });
    EXPECT_EQ(patients(), before + 1);
    for (const auto& answer : answers) {
      EXPECT_EQ(answer.status, 201) << answer.body;
      EXPECT_EQ(answer.body, answers.front().body);
    }
  }
}

// --- which version a change is about -------------------------------------------------------------

TEST_P(Repeats, AChangeNamesTheVersionItIsAbout) {
  auto& hands = world().care_manager();
  const auto ann = world().patient("Ann");
  const std::string path = "/api/v1/patients/" + ann.id("patient_id");
  const auto read = hands.get(path);
  EXPECT_EQ(read.header("etag"), "\"1\"");
  const auto none = hands.patch(path, R"({"phone":"1"})");
  EXPECT_EQ(none.status, 428);
  EXPECT_EQ(code_of(none), "precondition_missing");
  for (const std::string wrong : {"1", "*", "\"one\"", "\"1\", \"2\"", "W/\"1\"", "\"-1\"", "\"99999999999999999999\""})
    EXPECT_EQ(hands.patch(path, R"({"phone":"1"})", {{"If-Match", wrong}}).status, 400) << wrong;
  const auto changed = hands.patch(path, R"({"phone":"555-0001"})", {{"If-Match", "\"1\""}});
  ASSERT_EQ(changed.status, 200) << changed.body;
  EXPECT_EQ(changed.header("etag"), "\"2\"");
  const auto late = hands.patch(path, R"({"phone":"555-0002"})", {{"If-Match", "\"1\""}});
  EXPECT_EQ(late.status, 412);
  EXPECT_EQ(code_of(late), "edited_meanwhile");
  EXPECT_EQ(late.header("content-type"), "application/problem+json");
  EXPECT_EQ(Json(late.body)["current"]["phone"].text(), "555-0001") << "so that both words can be shown side by side";
  EXPECT_EQ(Json(late.body)["current"]["version"].integer(), 2);
  EXPECT_EQ(Json(hands.get(path).body)["phone"].text(), "555-0001");
}

TEST_P(Repeats, OfManyChangesOfOneVersionOneWins) {
  auto ann = world().patient("Ann");
  const std::string path = "/api/v1/patients/" + ann.id("patient_id");
  std::int64_t version = 1;
  for (int round = 0; round < 10; ++round) {
    std::vector<ClientResponse> answers(4);
    std::vector<HttpClient> hands;
    for (std::size_t i = 0; i < answers.size(); ++i) {
      hands.push_back(server().browser());
      hands.back().cookies() = world().care_manager().cookies();
    }
    at_once(static_cast<int>(answers.size()), [&](int i) {
      const auto at = static_cast<std::size_t>(i);
      answers[at] = hands[at].patch(path, "{\"phone\":\"writer " + std::to_string(i) + "\"}",
                                    {{"If-Match", '"' + std::to_string(version) + '"'}});
    });
    int won = 0;
    std::string kept;
    for (const auto& answer : answers) {
      if (answer.status == 200) ++won, kept = Json(answer.body)["phone"].text();
      else EXPECT_EQ(answer.status, 412) << answer.body;
    }
    EXPECT_EQ(won, 1);
    EXPECT_EQ(Json(world().care_manager().get(path).body)["phone"].text(), kept);
    ++version;
  }
}

// --- two at once ---------------------------------------------------------------------------------

TEST_P(Repeats, OfTwoEnrolmentsAtOnceOneIsRefusedAndLeavesNothing) {
  for (int round = 0; round < 10; ++round) {
    const auto ann = world().patient("Ann" + std::to_string(round));
    const std::string referral = "{\"patient_id\":\"" + ann.id("patient_id") + "\",\"site_id\":\"" + world().north().id.text() +
                                 "\",\"referred_by\":\"Dr. Lee\",\"reason\":\"low mood\"}";
    const auto referrals = number(server().database(), "SELECT COUNT(*) FROM referral");
    const auto episodes = number(server().database(), "SELECT COUNT(*) FROM episode");
    std::vector<ClientResponse> answers(2);
    std::vector<HttpClient> hands;
    for (std::size_t i = 0; i < 2; ++i) {
      hands.push_back(server().browser());
      hands.back().cookies() = world().care_manager().cookies();
    }
    at_once(2, [&](int i) {
      answers[static_cast<std::size_t>(i)] = hands[static_cast<std::size_t>(i)].post("/api/v1/referrals", referral);
    });
    const bool first_won = answers[0].status == 201;
    const auto& won = answers[first_won ? 0 : 1];
    const auto& lost = answers[first_won ? 1 : 0];
    EXPECT_EQ(won.status, 201) << won.body;
    EXPECT_EQ(lost.status, 409) << lost.body;
    EXPECT_EQ(code_of(lost), "already_enrolled");
    EXPECT_EQ(number(server().database(), "SELECT COUNT(*) FROM referral"), referrals + 1) << "the refused referral left a row";
    EXPECT_EQ(number(server().database(), "SELECT COUNT(*) FROM episode"), episodes + 1);
  }
}

TEST_P(Repeats, OfTwoActsOfEnrolmentAtOnceOneIsRefused) {
  for (int round = 0; round < 5; ++round) {
    auto ann = world().patient("Ann" + std::to_string(round)).referred().consented().assessed();
    const std::string act =
        R"({"act":"enroll","primary_condition":"depression","primary_instrument":"phq-9","billing_practitioner":"Dr. Bill","care_manager_id":")" +
        world().user("care_manager", world().north()).text() + "\"}";
    const auto transitions = number(server().database(), "SELECT COUNT(*) FROM episode_transition");
    std::vector<ClientResponse> answers(2);
    std::vector<HttpClient> hands;
    for (std::size_t i = 0; i < 2; ++i) {
      hands.push_back(server().browser());
      hands.back().cookies() = world().care_manager().cookies();
    }
    at_once(2, [&](int i) {
      answers[static_cast<std::size_t>(i)] =
          hands[static_cast<std::size_t>(i)].post("/api/v1/episodes/" + ann.id("episode_id") + "/acts", act,
                                                  {{"If-Match", '"' + std::to_string(ann.version("episode_id")) + '"'}});
    });
    EXPECT_EQ(std::min(answers[0].status, answers[1].status), 200) << answers[0].body << answers[1].body;
    EXPECT_EQ(std::max(answers[0].status, answers[1].status), 412) << answers[0].body << answers[1].body;
    EXPECT_EQ(number(server().database(), "SELECT COUNT(*) FROM episode_transition"), transitions + 1);
  }
}

// --- wrong content -------------------------------------------------------------------------------

class WrongInput : public testing::WholeServer {
 protected:
  void SetUp() override { ann_ = std::make_unique<testing::PatientChart>(w.patient("Ann").enrolled()); }
  ClientResponse measure(const std::string& body) {
    return w.care_manager().post("/api/v1/patients/" + ann_->id("patient_id") + "/measurements", body);
  }
  std::string measurements() const { return "/api/v1/patients/" + ann_->id("patient_id") + "/measurements"; }
  std::int64_t rows() {
    return number(server.database(), "SELECT COUNT(*) FROM measurement") +
           number(server.database(), "SELECT COUNT(*) FROM contact") +
           number(server.database(), "SELECT COUNT(*) FROM safety_event") +
           number(server.database(), "SELECT COUNT(*) FROM time_entry");
  }
  /// 422 with an issue at `path`.
  void expect_issue(const ClientResponse& answer, std::string_view path) {
    EXPECT_EQ(answer.status, 422) << answer.body;
    const Json body(answer.body);
    EXPECT_EQ(body["code"].text(), "invalid");
    bool found = false;
    for (std::size_t i = 0; i < body["issues"].size(); ++i) found = found || body["issues"][i]["path"].text() == path;
    EXPECT_TRUE(found) << "no issue at " << path << ": " << answer.body;
  }
  std::unique_ptr<testing::PatientChart> ann_;
};

TEST_F(WrongInput, APhq9Of28IsNone) {
  expect_issue(measure(R"({"instrument":"phq-9","total":28})"), "total");
  expect_issue(measure(R"({"instrument":"phq-9","total":-1})"), "total");
  expect_issue(measure(R"({"instrument":"phq-9","total":10.5})"), "total");
  EXPECT_EQ(measure(R"({"instrument":"phq-9","answers":[3,3,3,3,3,3,3,3,4]})").status, 422);
  EXPECT_EQ(measure(R"({"instrument":"phq-9","answers":[3,3,3]})").status, 422);
  EXPECT_EQ(rows(), 0);
  EXPECT_EQ(measure(R"({"instrument":"phq-9","total":27})").status, 201);
}

TEST_F(WrongInput, AnUnknownInstrumentIsNamed) {
  expect_issue(measure(R"({"instrument":"phq-99","total":5})"), "instrument");
  EXPECT_EQ(w.care_manager().get("/api/v1/instruments/phq-99").status, 404);
  EXPECT_EQ(rows(), 0);
}

TEST_F(WrongInput, EveryMistakeOfAFormIsToldAtOnce) {
  const auto answer =
      w.care_manager().post("/api/v1/patients", R"({"given_name":"","birth_date":"1970-02-30","sex":"yes","shoe_size":42})");
  EXPECT_EQ(answer.status, 422);
  const Json body(answer.body);
  std::set<std::string> paths;
  for (std::size_t i = 0; i < body["issues"].size(); ++i) paths.insert(body["issues"][i]["path"].text());
  for (const auto* path : {"site_id", "given_name", "family_name", "birth_date", "sex", "shoe_size"})
    EXPECT_TRUE(paths.count(path)) << path << " " << answer.body;
}

TEST_F(WrongInput, DatesOfCareAreNotInTheFuture) {
  expect_issue(measure(R"({"instrument":"phq-9","total":5,"administered_date":"2026-03-03"})"), "administered_date");
  expect_issue(measure(R"({"instrument":"phq-9","total":5,"administered_at":"2026-03-02T15:00:01Z"})"), "administered_at");
  const std::string base = "/api/v1/patients/" + ann_->id("patient_id");
  expect_issue(w.care_manager().post(base + "/contacts", R"({"kind":"treatment","date":"2026-03-03"})"), "date");
  expect_issue(w.care_manager().post(base + "/treatments", R"({"kind":"medication","name":"x","start_date":"2026-03-03"})"),
               "start_date");
  expect_issue(w.care_manager().post(base + "/reviews", R"({"date":"2026-03-03"})"), "date");
  EXPECT_EQ(rows(), 0);
  EXPECT_EQ(measure(R"({"instrument":"phq-9","total":5,"administered_date":"2026-03-02"})").status, 201);
}

TEST_F(WrongInput, AContactWithOneWrongScoreStoresNothingAtAll) {
  const auto answer = w.care_manager().post(
      "/api/v1/patients/" + ann_->id("patient_id") + "/contacts",
      R"({"kind":"treatment","minutes":20,"measurements":[{"instrument":"phq-9","answers":[1,1,1,1,1,1,1,1,3]},{"instrument":"gad-7","total":22}]})");
  expect_issue(answer, "measurements[1].total");
  EXPECT_EQ(rows(), 0);
  // What only the transaction can find out rolls everything back too: a permission that this site has not.
  const auto refused = w.care_manager().post(
      "/api/v1/patients/" + ann_->id("patient_id") + "/contacts",
      R"({"kind":"treatment","modality":"phone","minutes":20,"measurements":[{"instrument":"phq-9","answers":[1,1,1,1,1,1,1,1,3]},{"instrument":"epds","total":5}]})");
  EXPECT_EQ(refused.status, 422) << refused.body;
  EXPECT_EQ(code_of(refused), "not_permitted_by_licence") << refused.body;
  EXPECT_EQ(rows(), 0);
}

TEST_F(WrongInput, BrokenJsonSaysWhere) {
  for (const std::string body :
       {"{", "[1,]", "{\"a\":1,}", "{\"instrument\":\"phq-9\" \"total\":5}", "nonsense", "\"\\ud800\"", "{\"a\":1}{\"b\":2}",
        "{\"instrument\":\"phq-9\",\"instrument\":\"gad-7\",\"total\":5}", "{\"a\":\"\xff\"}"}) {
    const auto answer = measure(body);
    EXPECT_EQ(answer.status, 400) << body;
    EXPECT_EQ(code_of(answer), "bad_request") << body;
  }
  EXPECT_EQ(measure("").status, 400);
  for (const std::string body : {"[]", "null", "5", "\"text\""}) EXPECT_EQ(measure(body).status, 422) << body;
  EXPECT_EQ(rows(), 0);
}

TEST_F(WrongInput, DeepJsonIsRefusedWithoutHarm) {
  for (const std::size_t depth : {65u, 1000u, 100000u}) {
    const auto answer = measure("{\"answers\":" + std::string(depth, '[') + std::string(depth, ']') + "}");
    EXPECT_EQ(answer.status, 400) << depth;
  }
  EXPECT_EQ(measure(std::string(100000, '[')).status, 400);
  EXPECT_EQ(server.browser().get("/healthz").status, 200);
}

TEST_F(WrongInput, UnknownFieldsAreNotDropped) {
  expect_issue(measure(R"({"instrument":"phq-9","total":5,"totl":6})"), "totl");
  EXPECT_EQ(rows(), 0);
}

TEST_F(WrongInput, TwentyMegabytesAreTooMuch) {
  testing::RawConnection wire(server.port());
  const std::size_t length = 20u << 20;
  std::string cookie;
  for (const auto& [name, value] : w.care_manager().cookies()) cookie = name + "=" + value;
  wire.send("POST " + measurements() + " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(server.port()) +
            "\r\nContent-Type: application/json\r\nCookie: " + cookie + "\r\nContent-Length: " + std::to_string(length) +
            "\r\n\r\n");
  // The server may refuse before it has read all of it.
  wire.try_send("{\"instrument\":\"" + std::string(1u << 20, 'x'));
  const auto answer = wire.read_response();
  EXPECT_EQ(answer.status, 413);
  EXPECT_EQ(code_of(answer), "too_large");
  EXPECT_EQ(rows(), 0);
  // The same without saying how long it is.
  testing::RawConnection chunked(server.port());
  chunked.send("POST " + measurements() + " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(server.port()) +
               "\r\nContent-Type: application/json\r\nCookie: " + cookie + "\r\nTransfer-Encoding: chunked\r\n\r\n");
  const std::string chunk = "10000\r\n" + std::string(65536, 'x') + "\r\n";
  for (int i = 0; i < 320 && chunked.try_send(chunk); ++i) {
  }
  EXPECT_EQ(chunked.read_response().status, 413);
  EXPECT_EQ(w.care_manager().get(measurements()).status, 200);
}

TEST_F(WrongInput, AnExpiredSessionStoresNothing) {
  server.clock.advance(16min);
  const auto answer = measure(R"({"instrument":"phq-9","total":5})");
  EXPECT_EQ(answer.status, 401);
  EXPECT_EQ(code_of(answer), "not_signed_in");
  EXPECT_EQ(rows(), 0);
}

TEST_F(WrongInput, AnotherOrganizationsIdIsNotThere) {
  const auto stranger = w.patient("Cleo", w.birch());
  const auto answer = w.care_manager().post("/api/v1/patients/" + stranger.id("patient_id") + "/measurements",
                                            R"({"instrument":"phq-9","total":5})");
  EXPECT_EQ(answer.status, 404);
  EXPECT_EQ(code_of(answer), "not_found");
  EXPECT_EQ(rows(), 0);
}

TEST_F(WrongInput, PageKeysAndFiltersAreChecked) {
  auto& hands = w.care_manager();
  for (const std::string target :
       {"/api/v1/patients?limit=0", "/api/v1/patients?limit=201", "/api/v1/patients?limit=ten", "/api/v1/patients?after=x",
        "/api/v1/referrals?after=x", "/api/v1/referrals?status=lost", "/api/v1/caseload?state=lost", "/api/v1/caseload?need=lost",
        "/api/v1/caseload?rule=lost", "/api/v1/caseload?after=x", "/api/v1/caseload?as_of=yesterday",
        "/api/v1/caseload?care_manager=x", "/api/v1/safety-events?after=x", "/api/v1/safety-events?open=false"}) {
    const auto answer = hands.get(target);
    EXPECT_EQ(answer.status, 422) << target << " " << answer.body;
    EXPECT_EQ(Json(answer.body)["issues"].size(), 1u) << target;
  }
  // What would be SQL, a path or a formula anywhere is only text here.
  for (const std::string word : {"%27%20OR%201=1--", "%25", "_", "%22%3B", "..%5C..%5C", "%00", "%C3%28", "%E2%80%AE", "=cmd"}) {
    const auto answer = hands.get("/api/v1/patients?q=" + word);
    EXPECT_TRUE(answer.status == 200 || answer.status == 400 || answer.status == 422) << word << " " << answer.status;
    EXPECT_EQ(answer.body.find("Ann"), std::string::npos) << word;
    const auto sorted = hands.get("/api/v1/caseload?sort=" + word);
    EXPECT_LT(sorted.status, 500) << word;
  }
}

}  // namespace
}  // namespace concord
