#include <gtest/gtest.h>

#include <cmath>

#include "json/cursor.h"
#include "json/value.h"
#include "json/writer.h"

namespace concord::json {
namespace {

Document parsed(std::string_view text) {
  auto document = Document::parse(text);
  EXPECT_TRUE(document) << text << ": " << (document ? "" : document.error().text);
  return std::move(document.value());
}

std::string refusal(std::string_view text, Limits limits = {}) {
  auto document = Document::parse(text, limits);
  if (document) return "accepted";
  EXPECT_EQ(document.error().code, ErrorCode::bad_request);
  return document.error().text;
}

/// The document written again through Writer, numbers by their digits.
void write_again(Writer& w, const Value& value) {
  switch (value.kind()) {
    case Kind::null:
      w.null();
      break;
    case Kind::boolean:
      w.value(value.boolean());
      break;
    case Kind::number:
      w.raw(value.text());
      break;
    case Kind::string:
      w.value(value.text());
      break;
    case Kind::array:
      w.array();
      for (const Value& item : value.items()) write_again(w, item);
      w.end();
      break;
    case Kind::object:
      w.object();
      for (const Member& member : value.members()) write_again(w.key(member.key), member.value);
      w.end();
      break;
  }
}

std::string round_trip(std::string_view text) {
  const Document document = parsed(text);
  std::string out;
  Writer w(out);
  write_again(w, document.root());
  return out;
}

std::string nested(std::size_t levels) { return std::string(levels, '[') + std::string(levels, ']'); }

// ---- parsing

TEST(JsonParse, KeepsOrderDigitsAndNesting) {
  const std::string text = R"({"b":[1.50,-0,1e400,0.1E-7,{"x":null}],"a":"text","":{"deep":[[],{}]},"flag":[true,false]})";
  EXPECT_EQ(round_trip(text), text);
}

TEST(JsonParse, TakesWhiteSpaceAround) { EXPECT_EQ(round_trip(" \t\r\n{ \"a\" : [ 1 , 2 ] } \n"), R"({"a":[1,2]})"); }

TEST(JsonParse, TakesEveryKindAtTheRoot) {
  for (const char* text : {"null", "true", "false", "0", "-1.5e+3", "\"\"", "[]", "{}"}) EXPECT_EQ(round_trip(text), text);
}

TEST(JsonParse, FindsMembers) {
  const Document document = parsed(R"({"a":1,"b":{"c":"x"}})");
  EXPECT_EQ(document.root().find("a")->integer(), 1);
  EXPECT_EQ(document.root().find("b")->find("c")->text(), "x");
  EXPECT_EQ(document.root().find("z"), nullptr);
  EXPECT_EQ(document.root().find("a")->find("z"), nullptr);
  EXPECT_TRUE(document.root().items().empty());
  EXPECT_TRUE(document.root().find("a")->members().empty());
}

TEST(JsonParse, UnderstandsEscapesAndSurrogatePairs) {
  EXPECT_EQ(parsed(R"("\"\\\/\b\f\n\r\t")").root().text(), "\"\\/\b\f\n\r\t");
  EXPECT_EQ(parsed(R"("\u00f1\u738b\ud83d\ude00")").root().text(), "ñ王😀");
  EXPECT_EQ(parsed(R"("a\u0000b")").root().text(), std::string_view("a\0b", 3));
  EXPECT_EQ(parsed(R"({"k\u00e9y":"mixed \n plain"})").root().find("kéy")->text(), "mixed \n plain");
  const std::string half(3000, 'x');
  EXPECT_EQ(parsed("\"" + half + "\\n" + half + "\"").root().text(), half + "\n" + half);
}

TEST(JsonParse, RefusesLoneSurrogates) {
  for (const char* text :
       {R"("\ud83d")", R"("\ude00")", R"("\ud83dx")", R"("\ud83d\n")", R"("\ud83d\u0041")", R"("\ud83d\ud83d")"})
    EXPECT_TRUE(refusal(text).starts_with("The text is not valid JSON")) << text;
}

TEST(JsonParse, RefusesBadUtf8) {
  for (const char* bytes : {"\x80", "\xC0\x80", "\xC3", "\xE0\x80\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xFF"}) {
    EXPECT_NE(refusal(std::string("\"") + bytes + "\""), "accepted");
    EXPECT_NE(refusal(std::string("{\"") + bytes + "\":1}"), "accepted");
  }
  EXPECT_NE(refusal("\xEF\xBB\xBF{}"), "accepted");  // a byte order mark is not JSON
}

TEST(JsonParse, RefusesWhatIsNotJson) {
  for (const char* text :
       {"{a:1}",     "{'a':1}", "[1,]", "{\"a\":1,}", "[,1]",   "[1 2]",  "{\"a\" 1}",     "{\"a\":}", "01",          "-",
        "+1",        ".5",      "1.",   "1.e3",       "1e",     "1e+",    "--1",           "0x10",     "NaN",         "Infinity",
        "-Infinity", "nul",     "True", "truex",      "/*c*/1", "//c\n1", "\"a\nb\"",      "\"\\x\"",  "\"\\u12g4\"", "\"\\u\"",
        "]",         "}",       "{]",   "[}",         "\"",     "{\"a\"", "\"tab\there\"", "undefined"})
    EXPECT_NE(refusal(text), "accepted") << text;
  EXPECT_NE(refusal(std::string_view("\"a\0b\"", 5)), "accepted");
  EXPECT_NE(refusal(std::string_view("1\0", 2)), "accepted");
}

TEST(JsonParse, RefusesSomethingAfterTheValueAndSaysWhere) {
  EXPECT_EQ(refusal("{} x"), "Something follows the JSON value, at byte 3.");
  EXPECT_EQ(refusal("1 2"), "Something follows the JSON value, at byte 2.");
  EXPECT_NE(refusal("{}{}"), "accepted");
}

TEST(JsonParse, SaysThatTheTextEndsTooEarly) {
  EXPECT_EQ(refusal(""), "The JSON text ends too early, at byte 0.");
  EXPECT_EQ(refusal("   "), "The JSON text ends too early, at byte 3.");
  EXPECT_EQ(refusal("{\"a\":[1,"), "The JSON text ends too early, at byte 8.");
}

TEST(JsonParse, SaysWhereTheTextIsWrong) { EXPECT_EQ(refusal("[1,2,x]"), "The text is not valid JSON in UTF-8, at byte 5."); }

TEST(JsonParse, IsRefusedWhenCutAtAnyByte) {
  const std::string whole = R"({"name":"N\u00fa\ud83d\ude00ñez","list":[1,-2.50e+3,true,false,null,"\\"],"o":{"":{}}})";
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_NE(refusal(std::string_view(whole).substr(0, size)), "accepted") << size;
  parsed(whole);
}

TEST(JsonParse, SurvivesEveryOneByteChange) {
  const std::string whole = R"({"n":"N\u00fañ","l":[1,-2.5e+3,true,null],"o":{"k":{}}})";
  for (std::size_t i = 0; i < whole.size(); ++i)
    for (int byte = 0; byte < 256; ++byte) {
      std::string changed = whole;
      changed[i] = static_cast<char>(byte);
      if (auto document = Document::parse(changed)) {
        std::string out;
        Writer w(out);
        write_again(w, document->root());
        EXPECT_TRUE(Document::parse(out)) << out;
      }
    }
}

TEST(JsonParse, HasADepthLimit) {
  EXPECT_TRUE(Document::parse(nested(64)));
  EXPECT_EQ(refusal(nested(65)), "The JSON text is nested deeper than 64 levels, at byte 64.");
  EXPECT_TRUE(Document::parse(nested(3), {.max_depth = 3}));
  EXPECT_NE(refusal(nested(4), {.max_depth = 3}), "accepted");
  EXPECT_NE(refusal(std::string(1'000'000, '[')), "accepted");
  std::string objects;
  for (int i = 0; i < 100'000; ++i) objects += "{\"a\":";
  EXPECT_NE(refusal(objects), "accepted");
  EXPECT_TRUE(Document::parse("[" + nested(63) + "," + nested(63) + "]"));  // a closed level counts no more
}

TEST(JsonParse, RefusesTwoMembersWithOneName) {
  EXPECT_EQ(refusal(R"({"a":1,"b":2,"a":3})"), "The JSON text has two members with one name in one object, at byte 14.");
  EXPECT_NE(refusal(R"({"a":1,"\u0061":2})"), "accepted");
  EXPECT_NE(refusal(R"({"":1,"":2})"), "accepted");
  EXPECT_NE(refusal(R"([{"x":{"a":1,"a":1}}])"), "accepted");
  parsed(R"({"a":{"a":{"a":1}},"A":2})");
}

TEST(JsonParse, FindsADuplicateAmongManyMembers) {
  std::string text = "{";
  for (int i = 0; i < 1000; ++i) text += "\"k" + std::to_string(i) + "\":0,";
  const std::size_t at = text.size() + 1;
  EXPECT_EQ(refusal(text + "\"k500\":1}"),
            "The JSON text has two members with one name in one object, at byte " + std::to_string(at) + ".");
  parsed(text + "\"k1000\":1}");
}

TEST(JsonParse, ValuesSurviveTheTextAndAMove) {
  std::string text = R"({"a":"plain","b":[1,2,3]})";
  auto first = std::make_unique<Document>(parsed(text));
  text.assign(text.size(), '#');
  const Document second = std::move(*first);
  first.reset();
  EXPECT_EQ(second.root().find("a")->text(), "plain");
  EXPECT_EQ(second.root().find("b")->items().size(), 3u);
}

TEST(JsonParse, TakesLongArrays) {
  std::string text = "[";
  for (int i = 0; i < 100'000; ++i) text += std::to_string(i) + ",";
  text.back() = ']';
  const Document document = parsed(text);
  ASSERT_EQ(document.root().items().size(), 100'000u);
  EXPECT_EQ(document.root().items()[99'999].integer(), 99'999);
}

TEST(JsonNumber, IsAnIntegerWhenItHasNoFraction) {
  const auto integer = [](std::string_view text) { return parsed(text).root().integer(); };
  EXPECT_EQ(integer("0"), 0);
  EXPECT_EQ(integer("-0"), 0);
  EXPECT_EQ(integer("-0.000e5"), 0);
  EXPECT_EQ(integer("1.0"), 1);
  EXPECT_EQ(integer("1e3"), 1000);
  EXPECT_EQ(integer("12.50e2"), 1250);
  EXPECT_EQ(integer("1200e-2"), 12);
  EXPECT_EQ(integer("9223372036854775807"), INT64_MAX);
  EXPECT_EQ(integer("-9223372036854775808"), INT64_MIN);
  EXPECT_EQ(integer("9223372036854775807.0"), INT64_MAX);
  EXPECT_EQ(integer("0e999999999"), 0);
  for (const char* text : {"1.5", "1e-1", "9223372036854775808", "-9223372036854775809", "18446744073709551615", "1e19", "1e400",
                           "1e-400", "1e999999999", "1e-999999999", "123456789012345678901234567890"})
    EXPECT_FALSE(integer(text)) << text;
  EXPECT_FALSE(integer("\"1\""));
  EXPECT_FALSE(integer("true"));
}

TEST(JsonNumber, IsARealInRange) {
  const auto real = [](std::string_view text) { return parsed(text).root().real(); };
  EXPECT_EQ(real("1.50"), 1.5);
  EXPECT_EQ(real("-2.5e-3"), -0.0025);
  EXPECT_EQ(real("0.1"), 0.1);
  EXPECT_EQ(real("1.7976931348623157e308"), 1.7976931348623157e308);
  EXPECT_TRUE(std::signbit(*real("-0")));
  EXPECT_EQ(real("5e-324"), 5e-324);
  EXPECT_EQ(real("1e-400"), 0.0);
  EXPECT_EQ(real("0e400"), 0.0);
  EXPECT_EQ(real("123456789012345678901234567890"), 123456789012345678901234567890.0);
  EXPECT_FALSE(real("1e400"));
  EXPECT_FALSE(real("-1e999999999"));
  EXPECT_FALSE(real("\"1\""));
}

TEST(JsonNumber, WithAnAbsurdExponentIsRefused) {
  for (const char* text : {"1e999999999999999999999", "-1e-999999999999999999999", "0e999999999999999999999"})
    EXPECT_NE(refusal(text), "accepted") << text;
}

// ---- writing

TEST(JsonWrite, PutsCommasWhereTheyBelong) {
  std::string out;
  Writer w(out);
  w.object()
      .field("total", 16)
      .field("band", "moderate")
      .key("answers")
      .array()
      .value(3)
      .null()
      .array()
      .end()
      .object()
      .end()
      .end();
  w.key("o").object().field("a", true).end().field("z", std::optional<int>()).end();
  EXPECT_EQ(out, R"({"total":16,"band":"moderate","answers":[3,null,[],{}],"o":{"a":true},"z":null})");
}

TEST(JsonWrite, EscapesWhatMustBe) {
  const auto quoted = [](std::string_view text) {
    std::string out;
    append_string(out, text);
    return out;
  };
  EXPECT_EQ(quoted(""), "\"\"");
  EXPECT_EQ(quoted("\"\\/\b\f\n\r\t\x01\x1f\x7f"), "\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u001f\x7f\"");
  EXPECT_EQ(quoted(std::string_view("\0", 1)), "\"\\u0000\"");
  EXPECT_EQ(quoted("ñ王😀"), "\"ñ王😀\"");
}

TEST(JsonWrite, EscapesAtEveryPlaceOfALongText) {
  for (std::size_t size = 1; size < 40; ++size)
    for (std::size_t at = 0; at < size; ++at)
      for (const char c : {'"', '\\', '\n', '\x1f', '\x01', '!', ' ', '#', '\x7f', '\xC3', '\xFF'}) {
        std::string text(size, '!');
        text[at] = c;
        std::string out;
        append_string(out, text);
        std::size_t extra = 0;
        if (c == '"' || c == '\\' || c == '\n') extra = 1;
        if (c == '\x1f' || c == '\x01') extra = 5;
        ASSERT_EQ(out.size(), size + 2 + extra) << size << " " << at << " " << int{c};
        if (static_cast<unsigned char>(c) < 0x80) {
          ASSERT_EQ(parsed(out).root().text(), text);
        }
      }
}

TEST(JsonWrite, WritesTheShortestNumber) {
  std::string out;
  Writer w(out);
  w.array().value(16.0).value(0.1).value(-2.5).value(-0.0).value(1e21).value(std::nan("")).value(INFINITY).value(1.0 / 3);
  w.value(INT64_MIN).value(INT64_MAX).value(std::size_t{7}).value(8u).end();
  EXPECT_EQ(out, "[16,0.1,-2.5,0,1e+21,null,null,0.3333333333333333,-9223372036854775808,9223372036854775807,7,8]");
  parsed(out);
}

TEST(JsonWrite, WritesDatesInstantsAndIds) {
  std::string out;
  Writer w(out);
  w.array().value(Date::ymd(2026, 3, 1)).value(*parse_instant("2026-03-01T09:30:00Z"));
  w.value(Id<struct SomeTag>()).value(std::optional<Date>()).value(std::string("s")).raw("{}").end();
  EXPECT_EQ(out, R"(["2026-03-01","2026-03-01T09:30:00Z","00000000-0000-0000-0000-000000000000",null,"s",{}])");
}

TEST(JsonWrite, ClosesSixtyFourLevelsAsTheyWereOpened) {
  std::string out, wanted, closing;
  Writer w(out);
  for (int i = 0; i < 64; ++i) {
    if (i % 3 == 0) {
      w.array();
      wanted += '[';
      closing.insert(0, "]");
    } else {
      w.object().key("k");
      wanted += "{\"k\":";
      closing.insert(0, "}");
    }
  }
  w.value(1);
  for (int i = 0; i < 64; ++i) w.end();
  EXPECT_EQ(out, wanted + "1" + closing);
  EXPECT_ANY_THROW(w.end());
}

// ---- cursors

class Reading : public ::testing::Test {
 protected:
  Cursor body(std::string_view text) {
    document_ = parsed(text);
    return Cursor(document_->root(), issues_);
  }
  /// "path: text; path: text"
  std::string found() const {
    std::string all;
    for (const Issue& issue : issues_.list()) all += (all.empty() ? "" : "; ") + issue.path + ": " + issue.text;
    return all;
  }
  std::optional<Document> document_;
  Issues issues_;
};

TEST_F(Reading, GivesWhatIsThere) {
  const Cursor c = body(R"({"s":"Ana","i":3,"r":1.5,"b":true,"d":"2026-03-01","t":"2026-03-01T09:30:00Z",
                           "id":"0196f3a0-1b2c-7d3e-8f40-5162738495a6","w":"red","n":null,"list":[1,2]})");
  EXPECT_EQ(c.required("s").string(1, 10), "Ana");
  EXPECT_EQ(c.required("i").integer(0, 3), 3);
  EXPECT_EQ(c.required("i").real(0, 3), 3.0);
  EXPECT_EQ(c.required("r").real(0, 2), 1.5);
  EXPECT_EQ(c.required("b").boolean(), true);
  EXPECT_EQ(c.required("d").date(), Date::ymd(2026, 3, 1));
  EXPECT_EQ(c.required("t").instant(), parse_instant("2026-03-01T09:30:00Z"));
  EXPECT_TRUE(c.required("id").id<Id<struct SomeTag>>());
  EXPECT_EQ(c.required("w").one_of({"red", "blue"}), "red");
  EXPECT_EQ(c.optional("n").string(), std::nullopt);
  EXPECT_EQ(c.optional("absent").integer(0, 1), std::nullopt);
  EXPECT_FALSE(c.optional("n").present());
  std::vector<std::int64_t> numbers;
  c.required("list").each([&](const Cursor& item) { numbers.push_back(*item.integer(0, 9)); });
  EXPECT_EQ(numbers, (std::vector<std::int64_t>{1, 2}));
  c.only({"s", "i", "r", "b", "d", "t", "id", "w", "n", "list"});
  EXPECT_EQ(found(), "");
}

TEST_F(Reading, CollectsEveryIssueWithItsPath) {
  const Cursor c = body(R"({"name":"","born":"2026-02-30","answers":[{"value":4},{"value":"3"},{},7,null],"extra":1,"n":null})");
  c.required("name").string(1, 100);
  c.required("born").date();
  c.required("missing").boolean();
  c.required("n").boolean();
  c.required("answers").each([](const Cursor& answer) { answer.required("value").integer(0, 3); });
  c.only({"name", "born", "answers", "n"});
  EXPECT_EQ(found(),
            "name: must not be empty; born: must be a date like 2026-03-01; missing: is required; n: is required; "
            "answers[0].value: must be a whole number from 0 to 3; answers[1].value: must be a whole number; "
            "answers[2].value: is required; answers[3]: must be an object; answers[4]: is required; "
            "extra: is not known here");
  const Error error = issues_.error().value();
  EXPECT_EQ(error.code, ErrorCode::invalid);
  EXPECT_EQ(error.issues.size(), issues_.list().size());
}

TEST_F(Reading, SaysOnceThatAParentIsMissingOrNoObject) {
  const Cursor c = body(R"({"list":[]})");
  const Cursor home = c.required("home");
  home.required("city").string();
  home.optional("street").string();
  const Cursor list = c.optional("list");
  list.required("x").string();
  list.required("y").string();
  const Cursor maybe = c.optional("maybe");
  maybe.required("z").string();
  EXPECT_EQ(found(), "home: is required; list: must be an object");
}

TEST_F(Reading, ARootOfAnotherKindIsOneIssue) {
  const Cursor c = body("[1]");
  c.required("a").string();
  c.required("b").integer(0, 1);
  c.only({"a", "b"});
  EXPECT_EQ(found(), ": must be an object");
}

TEST_F(Reading, ChecksLengthsRangesWordsAndZeroBytes) {
  const Cursor c = body(R"({"s":"abc","z":"a\u0000b","i":1.5,"big":1e400,"w":"green","id":"x","t":"2026-03-01T09:30","l":{}})");
  EXPECT_FALSE(c.required("s").string(4, 10));
  EXPECT_FALSE(c.required("s").string(0, 2));
  EXPECT_FALSE(c.required("z").string());
  EXPECT_FALSE(c.required("i").integer(0, 3));
  EXPECT_FALSE(c.required("big").real(0, 1));
  EXPECT_FALSE(c.required("w").one_of({"red", "blue"}));
  EXPECT_FALSE(c.required("id").id<Id<struct SomeTag>>());
  EXPECT_FALSE(c.required("t").instant());
  c.required("l").each([](const Cursor&) { FAIL(); });
  EXPECT_EQ(found(),
            "s: must have at least 4 bytes; s: must have at most 2 bytes; z: must not hold the character U+0000; "
            "i: must be a whole number from 0 to 3; big: must be a number from 0 to 1; w: must be one of: red, "
            "blue; "
            "id: must be an id (a UUID); t: must be a time with a zone like 2026-03-01T09:30:00Z; l: must be a "
            "list");
}

TEST_F(Reading, ShortensTheNameOfAnUnknownMemberWithoutCuttingALetter) {
  const std::string long_key = std::string(59, 'x') + "ñ" + std::string(100, 'y');
  body("{\"" + long_key + "\":1}").only({});
  ASSERT_EQ(issues_.list().size(), 1u);
  EXPECT_EQ(issues_.list()[0].path, std::string(59, 'x') + "...");
}

}  // namespace
}  // namespace concord::json
