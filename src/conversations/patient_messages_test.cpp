#include "conversations/patient_messages.h"

#include <gtest/gtest.h>

namespace concord::conversations {
namespace {

const calendar::Calendar kCalendar;  // Monday to Friday, federal holidays
Instant at(std::string_view text) { return *parse_instant(text); }

TEST(PatientThreads, TheFirstUnansweredMessageStartsTheClock) {
  Thread t;
  t.state = "answered";
  patient_wrote(t, "patient", at("2026-03-06T22:00:00Z"), Date::ymd(2026, 3, 6), kCalendar, 1);
  EXPECT_EQ(t.state, "waiting");
  EXPECT_EQ(t.answer_due, Date::ymd(2026, 3, 9)) << "a Friday evening: Monday";
  patient_wrote(t, "patient", at("2026-03-08T09:00:00Z"), Date::ymd(2026, 3, 8), kCalendar, 1);
  EXPECT_EQ(t.waiting_since, at("2026-03-06T22:00:00Z")) << "the second message waits as long as the first";
  EXPECT_EQ(t.unread_staff, 2);
  EXPECT_TRUE(t.is_overdue(Date::ymd(2026, 3, 10)));
  EXPECT_FALSE(t.is_overdue(Date::ymd(2026, 3, 9)));
  staff_wrote(t, at("2026-03-09T15:00:00Z"));
  EXPECT_EQ(t.state, "answered");
  EXPECT_FALSE(t.waiting_since);
  EXPECT_EQ(t.unread_patient, 1);
  patient_wrote(t, "patient", at("2026-03-09T16:00:00Z"), Date::ymd(2026, 3, 9), kCalendar, 1);
  EXPECT_EQ(t.waiting_since, at("2026-03-09T16:00:00Z")) << "a new wait";
}

TEST(PatientThreads, ClosingEndsTheWait) {
  Thread t;
  patient_wrote(t, "patient", at("2026-03-06T22:00:00Z"), Date::ymd(2026, 3, 6), kCalendar, 1);
  close(t, "said by phone");
  EXPECT_EQ(t.state, "closed");
  EXPECT_FALSE(t.waiting_since);
  EXPECT_FALSE(t.is_overdue(Date::ymd(2027, 1, 1)));
}

TEST(PatientThreads, AGlimpseNeverCutsALetterInTwo) {
  EXPECT_EQ(glimpse("  Hello\n\nthere  "), "Hello there");
  EXPECT_EQ(glimpse("uno dos tres cuatro", 12), "uno dos...");
  const std::string emoji = "😀😀😀😀😀";
  EXPECT_EQ(glimpse(emoji, 3), "😀😀😀...");
  EXPECT_EQ(glimpse("שלום עולם", 100), "שלום עולם");
  EXPECT_EQ(glimpse(""), "");
}

}  // namespace
}  // namespace concord::conversations
