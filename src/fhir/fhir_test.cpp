#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <lzma.h>
#include <zlib.h>

#include <filesystem>
#include <fstream>

#include "base/zone.h"
#include "fhir/element.h"
#include "fhir/input.h"
#include "fhir/outcome.h"
#include "fhir/reference.h"
#include "fhir/resource_file.h"
#include "fhir/when.h"

namespace concord::fhir {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class Files : public testing::Test {
 protected:
  Files() {
    const auto* info = testing::UnitTest::GetInstance()->current_test_info();
    folder_ = fs::temp_directory_path() / ("concord_fhir_" + std::string(info->name()));
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  ~Files() override { fs::remove_all(folder_); }
  fs::path write(const std::string& name, const std::string& bytes) {
    fs::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name, std::ios::binary) << bytes;
    return folder_ / name;
  }
  fs::path folder_;
};

std::string xz(const std::string& text) {
  std::string out(text.size() + 1000, '\0');
  std::size_t size = 0;
  EXPECT_EQ(lzma_easy_buffer_encode(1, LZMA_CHECK_CRC64, nullptr, reinterpret_cast<const std::uint8_t*>(text.data()), text.size(),
                                    reinterpret_cast<std::uint8_t*>(out.data()), &size, out.size()),
            LZMA_OK);
  out.resize(size);
  return out;
}

std::string gz(const std::string& text) {
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string out(text.size() + 1000, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

const std::string kBundle = R"({"resourceType":"Bundle","type":"transaction","entry":[
  {"fullUrl":"urn:uuid:1","resource":{"resourceType":"Patient","id":"1"},"request":{"method":"POST","url":"Patient"}},
  {"fullUrl":"urn:uuid:2","resource":{"resourceType":"Observation","id":"2","valueQuantity":{"value":7}}},
  {"request":{"method":"DELETE","url":"Patient/9"}},
  {"resource":{"id":"3"}}]})";

std::vector<std::string> types_in(const fs::path& path) {
  std::vector<std::string> types;
  auto file = ResourceFile::open(path);
  if (!file) return {"error: " + file.error().text};
  for (;;) {
    auto piece = file->next();
    if (!piece) return {"error: " + piece.error().text};
    if (!*piece) return types;
    for (const auto& entry : (*piece)->entries) types.push_back(std::string(entry.type));
  }
}

TEST_F(Files, BundleGivesItsResourcesWithPathsAndNamesTheEntryThatIsNone) {
  auto file = ResourceFile::open(write("b.json", kBundle));
  ASSERT_TRUE(file);
  auto piece = file->next();
  ASSERT_TRUE(piece && *piece);
  const Piece& p = **piece;
  ASSERT_EQ(p.entries.size(), 2U);
  EXPECT_EQ(p.bundle_type, "transaction");
  EXPECT_EQ(p.entries[0].full_url, "urn:uuid:1");
  EXPECT_EQ(p.entries[0].method, "POST");
  const Value* value = get(p.entries[1].resource, "valueQuantity", "value");
  EXPECT_EQ(p.entries[1].path(value), "Bundle.entry[1].resource.valueQuantity.value");
  ASSERT_EQ(p.bad.size(), 1U);
  EXPECT_EQ(p.bad[0].path, "Bundle.entry[3].resource");
  auto end = file->next();
  ASSERT_TRUE(end);
  EXPECT_FALSE(end->has_value());
}

TEST_F(Files, PackedFilesAreKnownByContentNotByName) {
  const std::vector<std::string> both = {"Patient", "Observation"};
  EXPECT_EQ(types_in(write("plain.xz", kBundle)), both);
  EXPECT_EQ(types_in(write("packed.json", xz(kBundle))), both);
  EXPECT_EQ(types_in(write("packed2.json", gz(kBundle))), both);
  EXPECT_EQ(types_in(write("twice.gz", gz(kBundle.substr(0, 90)) + gz(kBundle.substr(90)))), both);
}

TEST_F(Files, TruncatedInputIsAnErrorOfTheWholeFile) {
  EXPECT_THAT(types_in(write("a.json", kBundle.substr(0, 150)))[0], HasSubstr("a.json: is cut off or not valid JSON"));
  const auto packed = xz(kBundle), zipped = gz(kBundle);
  EXPECT_THAT(types_in(write("a.xz", packed.substr(0, packed.size() - 20)))[0], HasSubstr("cut off"));
  EXPECT_THAT(types_in(write("a.gz", zipped.substr(0, zipped.size() - 12)))[0], HasSubstr("cut off"));
}

TEST_F(Files, NdjsonGivesLineNumbersAndSkipsBadLines) {
  auto file = ResourceFile::open(write("p.ndjson",
                                       "\xEF\xBB\xBF{\"resourceType\":\"Patient\",\"id\":\"1\"}\r\n\r\n{oops}\n{\"a\":1}\n"
                                       "{\"resourceType\":\"Patient\",\"id\":\"2\"}\n"));
  ASSERT_TRUE(file);
  EXPECT_EQ(file->kind(), ResourceFile::Kind::ndjson);
  auto piece = file->next();
  ASSERT_TRUE(piece && *piece);
  ASSERT_EQ((*piece)->entries.size(), 2U);
  EXPECT_EQ((*piece)->entries[1].line, 5U);
  ASSERT_EQ((*piece)->bad.size(), 2U);
  EXPECT_EQ((*piece)->bad[0].line, 3U);
  EXPECT_EQ((*piece)->bad[1].line, 4U);
}

TEST_F(Files, NdjsonThatEndsInTheMiddleOfALineIsCutOff) {
  EXPECT_THAT(types_in(write("p.ndjson", "{\"resourceType\":\"Patient\"}\n{\"resourceType\":\"Pat"))[0],
              HasSubstr("cut off in line 2"));
}

TEST_F(Files, LongNdjsonArrivesInPiecesWithoutLosingALine) {
  std::string text;
  const std::string filler(2000, 'x');
  constexpr int kLines = 12000;
  for (int i = 0; i < kLines; ++i)
    text += "{\"resourceType\":\"Basic\",\"id\":\"" + std::to_string(i) + "\",\"x\":\"" + filler + "\"}\n";
  auto file = ResourceFile::open(write("long.ndjson", text));
  ASSERT_TRUE(file);
  int seen = 0, pieces = 0;
  for (;; ++pieces) {
    auto piece = file->next();
    ASSERT_TRUE(piece);
    if (!*piece) break;
    for (const auto& entry : (*piece)->entries) {
      ASSERT_EQ(entry.id, std::to_string(seen));
      ++seen;
      ASSERT_EQ(entry.line, static_cast<std::size_t>(seen));
    }
  }
  EXPECT_EQ(seen, kLines);
  EXPECT_GT(pieces, 1);
}

TEST_F(Files, OneResourceAListAndOtherContent) {
  EXPECT_EQ(types_in(write("one.json", "{\n \"resourceType\": \"Patient\"\n}")), std::vector<std::string>{"Patient"});
  EXPECT_EQ(types_in(write("list.json", "[{\"resourceType\":\"Patient\"},{\"resourceType\":\"Goal\"}]")),
            (std::vector<std::string>{"Patient", "Goal"}));
  EXPECT_THAT(types_in(write("x.xml", "<Patient/>"))[0], HasSubstr("XML"));
  EXPECT_THAT(types_in(write("e.json", ""))[0], HasSubstr("is empty"));
  EXPECT_THAT(types_in(write("n.json", "{\"a\":1}"))[0], HasSubstr("no FHIR resource"));
  EXPECT_THAT(types_in(write("z.zip", "PK\x03\x04 and so on"))[0], HasSubstr("zip archive"));
  std::string tar(600, 'x');
  tar.replace(257, 5, "ustar");
  EXPECT_THAT(types_in(write("t.tar.xz", xz(tar)))[0], HasSubstr("tar archive; unpack it first"));
  EXPECT_THAT(types_in(folder_ / "absent.json")[0], HasSubstr("is not a file"));
}

TEST_F(Files, FoldersAreWalkedInOrderWithoutHiddenFiles) {
  write("b/2.json", "{}");
  write("b/1.json", "{}");
  write(".git/x.json", "{}");
  auto files = list_inputs({folder_});
  ASSERT_TRUE(files);
  ASSERT_EQ(files->size(), 2U);
  EXPECT_EQ((*files)[0].path.filename(), "1.json");
  EXPECT_FALSE(list_inputs({folder_ / "absent"}));
}

TEST_F(Files, FirstResourceTypeLooksIntoABundle) {
  EXPECT_EQ(first_resource_type(write("b.json", kBundle)), "Patient");
  EXPECT_EQ(first_resource_type(write("b.txt", "hello")), "");
}

TEST(When, ReadsEveryPrecision) {
  constexpr std::string_view kZone = "America/New_York";
  auto day = parse_when("2026-03-01", kZone);
  ASSERT_TRUE(day);
  EXPECT_EQ(day->date, Date::ymd(2026, 3, 1));
  EXPECT_TRUE(day->has_day());
  EXPECT_EQ(day->instant_or_noon(kZone), *parse_instant("2026-03-01T17:00:00Z"));
  EXPECT_FALSE(parse_when("2026", kZone)->has_day());
  EXPECT_EQ(parse_when("2026-03", kZone)->precision, Precision::month);
  auto late = parse_when("2026-03-02T03:30:15.250Z", kZone);
  ASSERT_TRUE(late);
  EXPECT_EQ(late->date, Date::ymd(2026, 3, 1)) << "half past ten in the evening in New York is still the day before";
  EXPECT_EQ(late->instant, parse_instant("2026-03-02T03:30:15.25Z"));
  EXPECT_EQ(parse_when("1998-08-15T13:05:53+01:00", kZone)->instant, parse_instant("1998-08-15T12:05:53Z"));
  EXPECT_EQ(parse_when("2026-01-05T09:30:00", kZone)->instant, parse_instant("2026-01-05T14:30:00Z"));
}

TEST(When, RefusesWhatIsNoDate) {
  for (const char* text : {"", "20", "2026-13", "2026-02-30", "03/01/2026", "2026-03-01T", "2026-03-01T25:00:00Z",
                           "2026-03-01T10:00:00+1", "2026-03-01 10:00", "2026-03-01T10:00:00.Z"})
    EXPECT_FALSE(parse_when(text, "UTC")) << text;
}

TEST(References, AreTakenApart) {
  using Kind = Reference::Kind;
  auto relative = parse_reference("Patient/12-a/_history/3");
  ASSERT_TRUE(relative);
  EXPECT_EQ(relative->kind, Kind::relative);
  EXPECT_EQ(relative->type, "Patient");
  EXPECT_EQ(relative->id, "12-a");
  auto absolute = parse_reference("https://ehr.example.org/fhir/R4/Patient/77");
  ASSERT_TRUE(absolute);
  EXPECT_EQ(absolute->kind, Kind::absolute);
  EXPECT_EQ(absolute->type, "Patient");
  EXPECT_EQ(absolute->id, "77");
  auto urn = parse_reference("urn:uuid:8c95253e-8ee8-9ae8-6d40-021d702dc78e");
  EXPECT_EQ(urn->kind, Kind::urn);
  EXPECT_EQ(urn->id, "8c95253e-8ee8-9ae8-6d40-021d702dc78e");
  auto conditional = parse_reference("Practitioner?identifier=http://hl7.org/fhir/sid/us-npi%7C9999914519");
  ASSERT_TRUE(conditional);
  EXPECT_EQ(conditional->kind, Kind::conditional);
  EXPECT_EQ(conditional->system, "http://hl7.org/fhir/sid/us-npi");
  EXPECT_EQ(conditional->value, "9999914519");
  EXPECT_EQ(parse_reference("#coverage")->kind, Kind::contained);
  for (const char* text : {"", "p1", "patient/1", "Patient/", "Practitioner?name=x", "Practitioner?identifier=", "Patient/a b"})
    EXPECT_FALSE(parse_reference(text)) << text;
}

TEST(Elements, CodingsAndWords) {
  auto document = json::Document::parse(
      R"({"code":{"coding":[{"system":"http://snomed.info/sct","code":"1","display":"One"},{"system":"http://loinc.org","code":"44261-6"}]},
          "extension":[{"url":"a","valueString":"x"}]})");
  ASSERT_TRUE(document);
  const Value* code = get(&document->root(), "code");
  EXPECT_EQ(code_in(code, kLoinc), "44261-6");
  EXPECT_EQ(code_in(code, kRxNorm), "");
  EXPECT_EQ(words_of(code), "One");
  EXPECT_EQ(text(extension(&document->root(), "a"), "valueString"), "x");
  EXPECT_EQ(text(extension(&document->root(), "b"), "valueString"), "");
  EXPECT_EQ(path_of(document->root(), item(get(code, "coding"), 1)), "code.coding[1]");
}

TEST(Outcome, CarriesEveryIssueWithItsPath) {
  std::string out;
  write_outcome(out, Error{ErrorCode::invalid, "No.", {{"Observation.code", "is missing"}}, {}});
  EXPECT_EQ(out,
            R"({"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"value","details":{"text":"is missing"},)"
            R"("expression":["Observation.code"]}]})");
}

}  // namespace
}  // namespace concord::fhir
