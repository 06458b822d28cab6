#include "http/route.h"

#include <gtest/gtest.h>

#include "base/check.h"
#include "http/openapi.h"
#include "http/replies.h"
#include "http/schema.h"
#include "json/value.h"

namespace concord::http {
namespace {

Route route(Method method, std::string pattern, std::string name) {
  Route r;
  r.method = method;
  r.pattern = std::move(pattern);
  r.name = std::move(name);
  r.permission = "patients.read";
  return r;
}

std::string found(const Router& router, Method method, std::string_view path) {
  const auto match = router.match(method, path);
  if (!match.route) return match.path_exists ? "405" : "404";
  std::string text = match.route->name;
  for (const auto& [key, value] : match.parameters) text += " " + std::string(key) + "=" + value;
  return text;
}

Router example() {
  return Router({route(Method::get, "/api/v1/patients", "patients.list"),
                 route(Method::post, "/api/v1/patients", "patients.create"),
                 route(Method::get, "/api/v1/patients/{patient_id}", "patients.read"),
                 route(Method::get, "/api/v1/patients/search", "patients.search"),
                 route(Method::get, "/api/v1/patients/{patient_id}/contacts/{contact_id}", "contacts.read"),
                 route(Method::put, "/api/v1/patients/{id}", "patients.edit"), route(Method::get, "/", "root.read")});
}

TEST(Router, LiteralSegmentsWinOverParameters) {
  const Router router = example();
  EXPECT_EQ(found(router, Method::get, "/api/v1/patients/search"), "patients.search");
  EXPECT_EQ(found(router, Method::get, "/api/v1/patients/seek"), "patients.read patient_id=seek");
  EXPECT_EQ(found(router, Method::get, "/api/v1/patients/search/contacts/7"), "contacts.read patient_id=search contact_id=7");
}

TEST(Router, RouteKeepsItsOwnParameterNames) {
  EXPECT_EQ(found(example(), Method::put, "/api/v1/patients/7"), "patients.edit id=7");
}

TEST(Router, WrongMethodIsNotAWrongAddress) {
  const Router router = example();
  EXPECT_EQ(found(router, Method::del, "/api/v1/patients"), "405");
  EXPECT_EQ(found(router, Method::get, "/api/v1/nothing"), "404");
  EXPECT_EQ(found(router, Method::get, "/api/v1"), "404");
  EXPECT_EQ(router.allowed("/api/v1/patients"), "GET, HEAD, POST");
  EXPECT_EQ(router.allowed("/api/v1/patients/search"), "GET, HEAD, PUT");
  EXPECT_EQ(router.allowed("/nothing"), "");
}

TEST(Router, TakesNoTrailingSlashAndNoEmptyParameter) {
  const Router router = example();
  EXPECT_EQ(found(router, Method::get, "/api/v1/patients/"), "404");
  EXPECT_EQ(found(router, Method::get, "/api/v1/patients/7/contacts/"), "404");
  EXPECT_EQ(found(router, Method::get, "/"), "root.read");
  EXPECT_EQ(found(router, Method::get, ""), "404");
  EXPECT_EQ(found(router, Method::get, "//"), "404");
}

TEST(Router, HeadFindsGet) { EXPECT_EQ(found(example(), Method::head, "/api/v1/patients"), "patients.list"); }

TEST(Router, PathOfAThousandSegmentsIsNotFoundQuickly) {
  std::string path;
  for (int i = 0; i < 1000; ++i) path += "/a";
  EXPECT_EQ(found(example(), Method::get, path), "404");
}

TEST(Router, RefusesTwoRoutesOfOneShapeAndARouteWithoutPermission) {
  EXPECT_THROW(Router({route(Method::get, "/a/{x}", "one"), route(Method::get, "/a/{y}", "two")}), BrokenInvariant);
  EXPECT_THROW(Router({route(Method::get, "/a/{x}/{x}", "one")}), BrokenInvariant);
  Route open = route(Method::get, "/a", "open");
  open.permission.clear();
  EXPECT_THROW(Router({open}), BrokenInvariant);
}

TEST(Router, CopyOutlivesTheOriginal) {
  auto original = std::make_unique<Router>(example());
  const Router copy = *original;
  original.reset();
  EXPECT_EQ(found(copy, Method::get, "/api/v1/patients/7"), "patients.read patient_id=7");
}

TEST(Call, ReadsTheVersionOfIfMatch) {
  Request request;
  Caller caller;
  const Call call{request, caller, Instant{}, {}};
  EXPECT_EQ(call.if_match().error().code, ErrorCode::precondition_missing);
  request.headers = {{"if-match", "\"17\""}};
  EXPECT_EQ(*call.if_match(), 17);
  for (const char* bad : {"17", "\"\"", "*", "\"x\"", "\"1\", \"2\"", "W/\"17\"", "\"-1\"", "\"99999999999999999999\""}) {
    request.headers = {{"if-match", bad}};
    EXPECT_EQ(call.if_match().error().code, ErrorCode::bad_request) << bad;
  }
}

TEST(Call, MalformedIdIsNotFoundAndMissingParameterIsOurFault) {
  Request request;
  Caller caller;
  const Call call{request, caller, Instant{}, {{"patient_id", "../etc"}}};
  EXPECT_EQ(call.path_id<UserId>("patient_id").error().code, ErrorCode::not_found);
  EXPECT_THROW(call.path_parameter("other"), BrokenInvariant);
}

TEST(OpenApi, DescribesEveryRouteFromItsValue) {
  Route create = route(Method::post, "/api/v1/patients", "patients.create");
  create.creates = true;
  create.permission = "patients.write";
  create.summary = "Makes a patient.";
  create.request_schema = R"({"type":"object"})";
  create.response_schema = R"({"$ref":"#/components/schemas/Patient"})";
  Route list = route(Method::get, "/api/v1/patients/{patient_id}/contacts", "contacts.list");
  list.query_parameters = {{"after", "key of the last row"}};
  OpenApiInfo info;
  info.version = "1.2.3";
  info.schemas = {{"Patient", R"({"type":"object"})"}};
  const std::string text = openapi({create, list}, info);
  auto document = json::Document::parse(text);
  ASSERT_TRUE(document) << document.error().text << text;
  const json::Value& root = document->root();
  EXPECT_EQ(root.find("openapi")->text(), "3.1.0");
  const json::Value* post = root.find("paths")->find("/api/v1/patients")->find("post");
  ASSERT_NE(post, nullptr);
  EXPECT_EQ(post->find("operationId")->text(), "patients.create");
  EXPECT_EQ(post->find("x-permission")->text(), "patients.write");
  EXPECT_EQ(post->find("tags")->items()[0].text(), "patients");
  EXPECT_EQ(post->find("parameters")->items()[0].find("name")->text(), "Idempotency-Key");
  ASSERT_NE(post->find("responses")->find("201"), nullptr);
  EXPECT_EQ(post->find("responses")->find("422")->find("$ref")->text(), "#/components/responses/Problem");
  EXPECT_EQ(post->find("requestBody")->find("content")->find("application/json")->find("schema")->find("type")->text(), "object");
  const json::Value* get = root.find("paths")->find("/api/v1/patients/{patient_id}/contacts")->find("get");
  ASSERT_NE(get, nullptr);
  const auto parameters = get->find("parameters")->items();
  ASSERT_EQ(parameters.size(), 2u);
  EXPECT_EQ(parameters[0].find("in")->text(), "path");
  EXPECT_EQ(parameters[0].find("schema")->find("format")->text(), "uuid");
  EXPECT_EQ(parameters[1].find("name")->text(), "after");
  EXPECT_NE(root.find("components")->find("schemas")->find("Patient"), nullptr);
  EXPECT_NE(root.find("components")->find("schemas")->find("Problem"), nullptr);
}

TEST(Schema, OfListsPutTogetherIsTheOneOfTheWholeList) {
  const Members head{{"id", "id!"}, {"name", "text"}};
  EXPECT_EQ(schema_of(joined(head, {{"n", "integer?!"}}), true),
            schema({{"id", "id!"}, {"name", "text"}, {"n", "integer?!"}}, true));
  EXPECT_EQ(schema_of(head), schema({{"id", "id!"}, {"name", "text"}})) << "the first list is as it was";
}

TEST(OpenApi, BrokenSchemaTextOrDoubledNameIsOurFault) {
  Route broken = route(Method::post, "/a", "a.b");
  broken.request_schema = "{";
  EXPECT_THROW(openapi({broken}, {}), BrokenInvariant);
  EXPECT_THROW(openapi({route(Method::get, "/a", "same"), route(Method::get, "/b", "same")}, {}), BrokenInvariant);
}

}  // namespace
}  // namespace concord::http
