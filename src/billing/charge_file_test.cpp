#include "billing/charge_file.h"

#include <gtest/gtest.h>

#include "base/text.h"

namespace concord::billing {
namespace {

FilePatient ana() {
  FilePatient p;
  p.id = *PatientId::parse("018f0000-0000-7000-8000-000000000001");
  p.given_name = "Ana";
  p.family_name = "Ruiz & Co|^~\\";
  p.birth_date = Date::ymd(1980, 2, 3);
  p.sex = "female";
  p.postal_code = "12345";
  p.identifiers = {{"MRN", "77"}};
  return p;
}

FileCharge charge(const FilePatient& p, std::string code, int units = 1) {
  FileCharge c;
  c.patient = &p;
  c.reference = "0123456789AB";
  c.month = *Month::parse("2026-03");
  c.service_date = Date::ymd(2026, 3, 30);
  c.code = std::move(code);
  c.title = "Collaborative care, first month";
  c.units = units;
  c.minutes_counted = 90;
  c.payer_category = "commercial";
  c.plan_name = "Blue";
  c.practitioner = "Dr. Lee";
  return c;
}

const FileHead kHead{"BATCH0000001", "Maple Street", *parse_instant("2026-04-02T13:00:05Z")};

TEST(ChargeFile, AMessageIsTypedFieldByField) {
  const auto p = ana();
  const std::vector<FileCharge> charges = {charge(p, "99492"), charge(p, "99494", 2)};
  const auto text = write_dft(kHead, charges);
  const auto segments = split(text, '\r');
  ASSERT_EQ(segments.size(), 11u) << "10 segments and what is after the last CR";
  EXPECT_EQ(segments[0], "FHS|^~\\&|CONCORD|Maple Street|||20260402130005+0000||||BATCH0000001");
  EXPECT_EQ(segments[1], "BHS|^~\\&|CONCORD|Maple Street|||20260402130005+0000||||BATCH0000001");
  EXPECT_EQ(
      segments[2],
      "MSH|^~\\&|CONCORD|Maple Street|||20260402130005+0000||DFT^P03^DFT_P03|BATCH0000001-1|P|2.5.1|||AL|NE||UNICODE UTF-8");
  EXPECT_EQ(segments[3], "EVN|P03|20260402130005+0000");
  EXPECT_EQ(segments[4],
            "PID|1||018f0000-0000-7000-8000-000000000001^^^CONCORD^PI~77^^^MRN^U||Ruiz \\T\\ "
            "Co\\F\\\\S\\\\R\\\\E\\^Ana||19800203|F|||^^^^12345");
  EXPECT_EQ(segments[5], "PV1|1|O|||||^Dr. Lee");
  EXPECT_EQ(segments[6],
            "FT1|1|0123456789AB|BATCH0000001|20260330|20260402130005+0000|CG|99492^Collaborative care, first month^C4|||1||||"
            "commercial^Blue||||||^Dr. Lee|||||99492^Collaborative care, first month^C4");
  // Positions in the standard (2.5.1, 6.5.1): 6 type, 7 code, 10 quantity, 14 plan, 20 performed by, 25 procedure.
  const auto fields = split(segments[7], '|');
  EXPECT_EQ(fields[6], "CG");
  EXPECT_EQ(fields[7].substr(0, 5), "99494");
  EXPECT_EQ(fields[10], "2");
  EXPECT_EQ(fields[14], "commercial^Blue");
  EXPECT_EQ(fields[20], "^Dr. Lee");
  EXPECT_EQ(fields[25].substr(0, 5), "99494");
  EXPECT_EQ(segments[8], "BTS|1");
  EXPECT_EQ(segments[9], "FTS|1");
}

TEST(ChargeFile, EachPatientHasAMessageAndACreditIsSaidSo) {
  const auto p = ana();
  auto other = ana();
  other.id = *PatientId::parse("018f0000-0000-7000-8000-000000000002");
  std::vector<FileCharge> charges = {charge(p, "99493"), charge(other, "G2214")};
  charges[1].is_credit = true;
  const auto text = write_dft(kHead, charges);
  EXPECT_NE(text.find("BATCH0000001-2|P|2.5.1"), std::string::npos);
  EXPECT_NE(text.find("|CR|G2214^Collaborative care, first month^HCPCS|"), std::string::npos);
  EXPECT_NE(text.find("BTS|2\r"), std::string::npos);
}

TEST(ChargeFile, DelimitersAndControlCharactersNeverGetOut) {
  EXPECT_EQ(hl7_text("a|b^c&d~e\\f"), "a\\F\\b\\S\\c\\T\\d\\R\\e\\E\\f");
  EXPECT_EQ(hl7_text("two\rlines\n\x01"), "two lines  ");
  EXPECT_EQ(hl7_text("Núñez"), "Núñez");
}

TEST(ChargeFile, ATableCellIsNoFormula) {
  auto p = ana();
  p.family_name = "=HYPERLINK(\"x\")";
  const std::vector<FileCharge> charges = {charge(p, "99492")};
  const auto text = write_csv(kHead, charges);
  EXPECT_NE(text.find("\"'=HYPERLINK(\"\"x\"\")\""), std::string::npos) << text;
  EXPECT_NE(text.find("\r\nBATCH0000001,charge,0123456789AB,"), std::string::npos);
}

TEST(ChargeFile, ReferencesAreShortAndTheIdsRandomPart) {
  EXPECT_EQ(short_reference(Uuid{}), "000000000000");
  const auto a = short_reference(*Uuid::parse("018f0000-0000-7000-8000-000000000001"));
  EXPECT_EQ(a.size(), 12u);
  EXPECT_NE(a, short_reference(*Uuid::parse("018f0000-0000-7000-8000-000000000002")));
}

}  // namespace
}  // namespace concord::billing
