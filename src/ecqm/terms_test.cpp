#include "ecqm/terms.h"

#include <gtest/gtest.h>

#include <fstream>

#include "support/temporary_folder.h"

namespace concord::ecqm {
namespace {

constexpr std::string_view kDepression = "2.16.840.1.1.1", kTool = "2.16.840.1.1.2";

std::vector<TermNeed> needs() {
  return {{.title = "Depression",
           .oid = kDepression,
           .systems = kIcd10cm | kSnomed,
           .code = {},
           .code2 = {},
           .expected = kIcd10cm | kSnomed},
          {.title = "Tool", .oid = kTool, .systems = kLoinc, .code = {}, .code2 = {}, .expected = kLoinc},
          {.title = "Yes", .oid = {}, .system = kSnomed, .code = "373066001", .code2 = {}}};
}

class ValueSets : public ::testing::Test {
 protected:
  void write(const std::string& name, const std::string& text) { std::ofstream(folder_.path() / name, std::ios::binary) << text; }
  Result<Terms> load() { return Terms::load(folder_.path(), needs()); }
  static std::string tool() {
    return R"({"resourceType":"ValueSet","url":"http://cts.nlm.nih.gov/fhir/ValueSet/2.16.840.1.1.2|20250508",
      "expansion":{"contains":[{"system":"http://loinc.org","code":"44261-6"}]}})";
  }
  static std::string depression(const std::string& contains) {
    return R"({"resourceType":"ValueSet","identifier":[{"system":"urn:ietf:rfc:3986","value":"urn:oid:2.16.840.1.1.1"}],"expansion":{"contains":[)" +
           contains + "]}}";
  }
  static std::string both_systems() {
    return depression(
        R"({"system":"http://hl7.org/fhir/sid/icd-10-cm","code":"F32.1"},{"system":"http://snomed.info/sct","code":"370143000"})");
  }
  testing::TemporaryFolder folder_;
};

std::string all(const Error& error) {
  std::string text;
  for (const auto& issue : error.issues) text += issue.path + " " + issue.text + "\n";
  return text;
}

TEST_F(ValueSets, AreFoundByUrlOrIdentifierWhateverTheFileIsCalled) {
  write("a.json", tool());
  write("b.json", both_systems());
  const auto terms = load();
  ASSERT_TRUE(terms) << all(terms.error());
  EXPECT_EQ(terms->of("http://loinc.org", "44261-6"), bit(1));
  EXPECT_EQ(terms->of("http://hl7.org/fhir/sid/icd-10-cm", "F32.1"), bit(0));
  EXPECT_EQ(terms->of("http://snomed.info/sct", "373066001"), bit(2));
  EXPECT_EQ(terms->of("http://snomed.info/sct", "F32.1"), 0U);
  EXPECT_EQ(terms->of("http://loinc.org", ""), 0U);
  EXPECT_TRUE(terms->notes().empty());
}

TEST_F(ValueSets, NestedCodesCountAndAbstractHeadingsDoNot) {
  write("a.json", tool());
  write("b.json", depression(R"({"system":"http://snomed.info/sct","code":"1","abstract":true,"contains":[
      {"system":"http://snomed.info/sct","code":"2","contains":[{"system":"http://hl7.org/fhir/sid/icd-10-cm","code":"F32.1"}]}]})"));
  const auto terms = load();
  ASSERT_TRUE(terms);
  EXPECT_EQ(terms->of("http://snomed.info/sct", "1"), 0U);
  EXPECT_EQ(terms->of("http://snomed.info/sct", "2"), bit(0));
  EXPECT_EQ(terms->of("http://hl7.org/fhir/sid/icd-10-cm", "F32.1"), bit(0));
}

TEST_F(ValueSets, ABundleOfThemAndADefinitionWithItsCodesWorkToo) {
  write("all.json", R"({"resourceType":"Bundle","type":"collection","entry":[{"resource":)" + tool() + R"(},{"resource":
      {"resourceType":"ValueSet","id":"2.16.840.1.1.1","compose":{"include":[
        {"system":"http://snomed.info/sct","concept":[{"code":"7"}]},{"system":"http://hl7.org/fhir/sid/icd-10-cm","concept":[{"code":"F32.1"}]}]}}}]})");
  const auto terms = load();
  ASSERT_TRUE(terms) << all(terms.error());
  EXPECT_EQ(terms->of("http://snomed.info/sct", "7"), bit(0));
}

TEST_F(ValueSets, EveryMissingOneIsNamedWithOidAndTitle) {
  write("other.json", R"({"resourceType":"ValueSet","url":"http://cts.nlm.nih.gov/fhir/ValueSet/12.16.840.1.1.2"})");
  const auto terms = load();
  ASSERT_FALSE(terms);
  EXPECT_EQ(terms.error().code, ErrorCode::bad_file);
  EXPECT_NE(all(terms.error()).find("2.16.840.1.1.1 (Depression) is missing"), std::string::npos);
  EXPECT_NE(all(terms.error()).find("2.16.840.1.1.2 (Tool) is missing"), std::string::npos);
  EXPECT_NE(terms.error().text.find("--valuesets"), std::string::npos);
}

TEST_F(ValueSets, ADefinitionWithoutCodesIsRefusedNotTakenAsEmpty) {
  write("a.json", tool());
  write("b.json", R"({"resourceType":"ValueSet","id":"2.16.840.1.1.1","compose":{"include":[{"valueSet":["http://x"]}]}})");
  const auto terms = load();
  ASSERT_FALSE(terms);
  EXPECT_NE(all(terms.error()).find("has no codes in b.json"), std::string::npos);
}

TEST_F(ValueSets, ACodeWithoutItsSystemIsRefused) {
  write("a.json", tool());
  write("b.json", depression(R"({"system":"http://snomed.info/sct","code":"1"},{"code":"F32.1"})"));
  const auto terms = load();
  ASSERT_FALSE(terms);
  EXPECT_NE(all(terms.error()).find("b.json: ValueSet.expansion.contains[1]"), std::string::npos) << all(terms.error());
}

TEST_F(ValueSets, OneWithoutTheCodeSystemItsUseNeedsIsRefused) {
  write(
      "a.json",
      R"({"resourceType":"ValueSet","id":"2.16.840.1.1.2","expansion":{"contains":[{"system":"http://snomed.info/sct","code":"1"}]}})");
  write("b.json", both_systems());
  const auto terms = load();
  ASSERT_FALSE(terms);
  EXPECT_NE(all(terms.error()).find("2.16.840.1.1.2 (Tool) has codes of SNOMED CT only"), std::string::npos)
      << all(terms.error());
  EXPECT_NE(all(terms.error()).find("LOINC"), std::string::npos);
}

TEST_F(ValueSets, OneWithoutOneOfItsUsualSystemsIsANote) {
  write("a.json", tool());
  write("b.json", depression(R"({"system":"http://snomed.info/sct","code":"1"})"));
  const auto terms = load();
  ASSERT_TRUE(terms);
  ASSERT_EQ(terms->notes().size(), 1U);
  EXPECT_NE(terms->notes()[0].find("2.16.840.1.1.1 (Depression) has no code of ICD-10-CM"), std::string::npos)
      << terms->notes()[0];
}

TEST_F(ValueSets, AFileThatIsNotJsonIsNamedWhenSomethingIsMissing) {
  write("a.json", tool());
  write("b.json", "{\"resourceType\":\"ValueSet\",");
  const auto terms = load();
  ASSERT_FALSE(terms);
  EXPECT_NE(all(terms.error()).find("b.json"), std::string::npos);
}

TEST_F(ValueSets, ACodeSystemMayBeWrittenAsAnOid) {
  write("a.json", tool());
  write("b.json", both_systems());
  const auto terms = load();
  ASSERT_TRUE(terms);
  EXPECT_EQ(terms->of("urn:oid:2.16.840.1.113883.6.96", "370143000"), bit(0));
}

TEST(Terms, AFolderThatIsNoneIsAnError) {
  const auto terms = Terms::load("/nowhere/at/all", needs());
  ASSERT_FALSE(terms);
  EXPECT_EQ(terms.error().issues.at(0).path, "/nowhere/at/all");
}

TEST(Terms, FiftyThousandCodesAreFoundAgain) {
  Terms terms = Terms::of({});
  for (int i = 0; i < 50'000; ++i) terms.add(static_cast<unsigned>(i % 3), "http://x", "c" + std::to_string(i));
  terms.add(2, "http://x", "c0");
  EXPECT_EQ(terms.code_count(), 50'000U);
  EXPECT_EQ(terms.of("http://x", "c0"), bit(0) | bit(2));
  EXPECT_EQ(terms.of("http://x", "c49999"), bit(49'999 % 3));
  EXPECT_EQ(terms.of("http://y", "c0"), 0U);
}

TEST(Terms, AResourceWithoutAnyKnownCodeCanBeLeftOut) {
  Terms terms = Terms::of({});
  EXPECT_FALSE(terms.may_name_code(R"({"code":"a"})"));
  terms.add(0, "http://x", "a");
  EXPECT_TRUE(terms.may_name_code(R"({"code":{"coding":[{"system":"http://x","code" : "a"}]}})"));
  EXPECT_FALSE(terms.may_name_code(R"({"code":{"coding":[{"system":"http://x","code":"b","display":"a"}]}})"));
  EXPECT_TRUE(terms.may_name_code(R"({"code":{"coding":[{"code":"\u0061"}]}})")) << "an escape may hide it";
  EXPECT_TRUE(terms.may_name_code(R"({"code":"b)")) << "cut off";
}

}  // namespace
}  // namespace concord::ecqm
