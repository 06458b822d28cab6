#include "http/message.h"

#include <gtest/gtest.h>

#include <set>

#include "http/target.h"
#include "http/timer_wheel.h"
#include "http/wire.h"
#include "json/value.h"

namespace concord::http {
namespace {

std::string decoded_path(std::string_view target) {
  auto parsed = parse_target(target);
  return parsed ? parsed->path : "refused: " + std::string(code_name(parsed.error().code));
}

TEST(Target, IsTakenApartIntoDecodedPathAndQuery) {
  auto parsed = parse_target("/patients/J%C3%BCrgen?name=N%C3%BA%C3%B1ez+X&flag&name=2&&empty=");
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->path, "/patients/J\xC3\xBCrgen");
  const std::vector<std::pair<std::string, std::string>> expected = {{"name",
                                                                      "N\xC3\xBA\xC3\xB1"
                                                                      "ez X"},
                                                                     {"flag", ""},
                                                                     {"name", "2"},
                                                                     {"empty", ""}};
  EXPECT_EQ(parsed->query, expected);
}

TEST(Target, InAbsoluteFormLosesSchemeAndHost) {
  EXPECT_EQ(decoded_path("http://somewhere/a/b?x=1"), "/a/b");
  EXPECT_EQ(decoded_path("HTTPS://somewhere"), "/");
}

TEST(Target, ThatTwoProgramsCouldReadDifferentlyIsRefused) {
  for (const char* bad : {"",      "patients", "*",      "/a/../b",  "/..",      "/a/%2e%2E/b", "/./a",      "/a/.",
                          "/a%",   "/a%4",     "/a%zz",  "/a%2Fb",   "/a%2fb",   "/a%00b",      "/a%0d%0ab", "/a%5cb",
                          "/a\\b", "/a%ff",    "/a?x=%", "/a?x=%00", "/a?x=%ff", "/a?%zz=1",    "/a#b",      "ftp://x/"})
    EXPECT_EQ(decoded_path(bad), "refused: bad_request") << bad;
  EXPECT_EQ(decoded_path("/.well-known/x"), "/.well-known/x");
  EXPECT_EQ(decoded_path("/a/..b/c.."), "/a/..b/c..");
}

TEST(Target, PathIsDecodedExactlyOnce) { EXPECT_EQ(decoded_path("/a%2541"), "/a%41"); }

TEST(Target, EncodingAndDecodingAreInverse) {
  std::string all;
  for (int c = 0; c < 256; ++c) all.push_back(static_cast<char>(c));
  EXPECT_EQ(percent_decode(percent_encode(all)), all);
}

TEST(RequestId, OfTheCallerIsTakenOnlyWhenItIsAShortToken) {
  EXPECT_TRUE(is_request_id("abc-DEF_1.2"));
  EXPECT_FALSE(is_request_id(""));
  EXPECT_FALSE(is_request_id("a b"));
  EXPECT_FALSE(is_request_id("a\"b"));
  EXPECT_FALSE(is_request_id(std::string(65, 'a')));
}

TEST(Request, FindsHeadersParametersAndCookies) {
  Request request;
  request.headers = {{"cookie", "a=1; session=\"xyz\";b"}, {"cookie", "c=3"}, {"host", "x"}};
  request.query = {{"q", "1"}, {"q", "2"}};
  EXPECT_EQ(request.header("host"), "x");
  EXPECT_EQ(request.header("accept"), "");
  EXPECT_EQ(request.parameter("q"), "1");
  EXPECT_EQ(request.parameter("r"), std::nullopt);
  EXPECT_EQ(request.cookie("a"), "1");
  EXPECT_EQ(request.cookie("session"), "xyz");
  EXPECT_EQ(request.cookie("c"), "3");
  EXPECT_EQ(request.cookie("b"), std::nullopt);
  EXPECT_EQ(request.cookie("sess"), std::nullopt);
}

TEST(Problem, SaysCodeTextIssuesAndIncident) {
  const Response response =
      problem(Error{ErrorCode::invalid, "A \"field\" is wrong.", {{"answers[3]", "must be 0 to 3"}}, "secret"}, "r1", "i1");
  EXPECT_EQ(response.status, 422);
  EXPECT_EQ(response.content_type, "application/problem+json");
  EXPECT_EQ(response.body.find("secret"), std::string::npos);
  auto document = json::Document::parse(response.body);
  ASSERT_TRUE(document);
  const auto text = [&](std::string_view key) { return std::string(document->root().find(key)->text()); };
  EXPECT_EQ(text("type"), "urn:concord:error:invalid");
  EXPECT_EQ(text("status"), "422");
  EXPECT_EQ(text("code"), "invalid");
  EXPECT_EQ(text("detail"), "A \"field\" is wrong.");
  EXPECT_EQ(text("request_id"), "r1");
  EXPECT_EQ(text("incident"), "i1");
  ASSERT_EQ(document->root().find("issues")->items().size(), 1u);
  EXPECT_EQ(document->root().find("issues")->items()[0].find("path")->text(), "answers[3]");
}

TEST(Wire, HeaderValueCannotStartAnotherHeader) {
  Response response;
  response.headers = {{"location", "/x\r\nset-cookie: stolen=1"}};
  std::string out;
  append_head(out, response, {});
  EXPECT_EQ(out.find("\r\nset-cookie"), std::string::npos);
}

TEST(Wire, ServerAloneSaysLengthConnectionAndRequestId) {
  Response response;
  response.body = "{}";
  response.headers = {{"Content-Length", "9"},
                      {"X-Request-Id", "other"},
                      {"Transfer-Encoding", "chunked"},
                      {"Connection", "keep-alive"},
                      {"ETag", "\"1\""}};
  std::string out;
  append_head(out, response, {.keep_alive = false, .http10 = false, .date = {}, .request_id = "mine"});
  EXPECT_EQ(out,
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\nx-request-id: mine\r\n"
            "connection: close\r\nETag: \"1\"\r\n\r\n");
}

TEST(Wire, BodilessStatusHasNoLength) {
  Response response;
  response.status = 304;
  std::string out;
  append_head(out, response, {});
  EXPECT_EQ(out, "HTTP/1.1 304 Not Modified\r\n\r\n");
}

TEST(Wire, LineBreaksInAnEventBecomeDataLines) {
  std::string out;
  append_event(out, "changed", "a\nb\r\nc");
  EXPECT_EQ(out, "event: changed\ndata: a\ndata: b\ndata: c\n\n");
}

struct Alarm : TimerWheel::Entry {
  int id = 0;
};

TEST(TimerWheel, CallsEachEntryAtItsTickAndNotBefore) {
  TimerWheel wheel;
  Alarm soon, late, very_late;
  soon.id = 1, late.id = 2, very_late.id = 3;
  wheel.arm(soon, 3);
  wheel.arm(late, 500);
  wheel.arm(very_late, 2000);  // beyond one turn of the wheel
  std::vector<std::pair<int, std::uint64_t>> rung;
  for (int i = 0; i < 2500; ++i)
    wheel.advance([&](TimerWheel::Entry& e) { rung.emplace_back(static_cast<Alarm&>(e).id, wheel.now()); });
  const std::vector<std::pair<int, std::uint64_t>> expected = {{1, 3}, {2, 500}, {3, 2000}};
  EXPECT_EQ(rung, expected);
}

TEST(TimerWheel, DeadlineMovesBothWaysAndCanBeTakenBack) {
  TimerWheel wheel;
  Alarm moved_later, moved_earlier, taken_back;
  moved_later.id = 1, moved_earlier.id = 2, taken_back.id = 3;
  wheel.arm(moved_later, 5);
  wheel.arm(moved_later, 50);
  wheel.arm(moved_earlier, 300);
  wheel.arm(moved_earlier, 10);
  wheel.arm(taken_back, 7);
  wheel.disarm(taken_back);
  std::vector<std::pair<int, std::uint64_t>> rung;
  for (int i = 0; i < 1000; ++i)
    wheel.advance([&](TimerWheel::Entry& e) { rung.emplace_back(static_cast<Alarm&>(e).id, wheel.now()); });
  const std::vector<std::pair<int, std::uint64_t>> expected = {{2, 10}, {1, 50}};
  EXPECT_EQ(rung, expected);
}

TEST(TimerWheel, EntryMayDestroyAnotherWhileRinging) {
  TimerWheel wheel;
  auto first = std::make_unique<Alarm>(), second = std::make_unique<Alarm>();
  wheel.arm(*first, 2);
  wheel.arm(*second, 2);
  int rung = 0;
  const auto due = [&](TimerWheel::Entry& e) {
    ++rung;
    if (&e == first.get()) second.reset();
    else first.reset();
  };
  for (int i = 0; i < 10; ++i) wheel.advance(due);
  EXPECT_EQ(rung, 1);
}

}  // namespace
}  // namespace concord::http
