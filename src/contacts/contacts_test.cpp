#include "contacts/contacts.h"

#include <gtest/gtest.h>

namespace concord::contacts {
namespace {

const Date kToday = Date::ymd(2026, 3, 3);

Contact visit() {
  Contact c;
  c.date = kToday;
  c.staff_role = "care_manager";
  c.modality = "phone";
  return c;
}

TEST(Contacts, OnlyATreatmentByVoiceVideoOrInPersonIsClinical) {
  for (const char* modality : {"in_person", "video", "phone"}) {
    Contact c = visit();
    c.modality = modality;
    EXPECT_TRUE(is_clinical(c)) << modality;
  }
  for (const char* modality : {"sms", "email", "portal", "letter"}) {
    Contact c = visit();
    c.modality = modality;
    EXPECT_FALSE(is_clinical(c)) << modality;
  }
  for (const char* kind : {"outreach_attempt", "scheduling", "no_show", "message"}) {
    Contact c = visit();
    c.kind = kind;
    EXPECT_FALSE(is_clinical(c)) << kind;
  }
}

TEST(Contacts, TheConsultantsContactIsNotTheProgramsClinicalContact) {
  for (const auto& [role, counts] : {std::pair{"care_manager", true},
                                     {"other_cocm_clinician", true},
                                     {"psychiatric_consultant", false},
                                     {"pcp", false},
                                     {"other", false},
                                     {"unknown", false}}) {
    Contact c = visit();
    c.staff_role = role;
    EXPECT_EQ(is_clinical(c), counts) << role;
  }
}

TEST(Contacts, AnImportMayNotKnowTheRoleOrTheModality) {
  Contact c = visit();
  c.source = "csv";
  c.staff_role = "unknown";
  c.modality.reset();
  EXPECT_TRUE(is_clinical(c));
  c.source = "concord";
  EXPECT_FALSE(is_clinical(c));
}

TEST(Contacts, ItIsWithThePatientOrTheCaregiver) {
  Contact c = visit();
  c.with_whom = "caregiver interpreter";
  EXPECT_TRUE(is_clinical(c));
  c.with_whom = "interpreter";
  EXPECT_FALSE(is_clinical(c));
}

TEST(Contacts, ACompleteContactHasNoIssue) { EXPECT_TRUE(check(visit(), kToday).empty()); }

TEST(Contacts, EveryWrongFieldIsNamedAtOnce) {
  Contact c = visit();
  c.kind = "chat";
  c.staff_role = "boss";
  c.modality = "pigeon";
  c.date = kToday.plus_days(1);
  c.minutes = 1441;
  c.with_whom = "dog";
  c.interventions = {"behavioral_activation", "magic"};
  c.next_due_date = kToday;
  c.next_due_modality = "pigeon";
  std::vector<std::string> paths;
  for (const Issue& issue : check(c, kToday)) paths.push_back(issue.path);
  EXPECT_EQ(paths, (std::vector<std::string>{"kind", "staff_role", "modality", "date", "minutes", "with_whom", "interventions[1]",
                                             "next_due_date", "next_due_modality"}));
}

TEST(Contacts, ATreatmentNeedsItsModality) {
  Contact c = visit();
  c.modality.reset();
  ASSERT_EQ(check(c, kToday).size(), 1U);
  EXPECT_EQ(check(c, kToday)[0].path, "modality");
  c.modality = "sms";
  EXPECT_EQ(check(c, kToday).size(), 1U);
}

}  // namespace
}  // namespace concord::contacts
