#include "visits/visits.h"

#include <gtest/gtest.h>

#include "base/zone.h"
#include "visits/calendar_file.h"

namespace concord::visits {
namespace {

constexpr std::string_view kZone = "America/New_York";

Instant at(std::string_view text) { return *parse_instant(text); }

Visit booked(std::string_view from, int minutes = 30) {
  Visit v;
  v.id = *VisitId::parse("018f0000-0000-7000-8000-000000000001");
  v.zone = kZone;
  v.starts_at = at(from);
  v.ends_at = v.starts_at + std::chrono::minutes(minutes);
  v.changed_at = at("2026-03-04T15:00:00.5Z");
  return v;
}

TEST(VisitTimes, NineOClockStaysNineOClockAcrossTheClockChange) {
  // Clocks go forward on 8 March 2026 and back on 1 November.
  EXPECT_EQ(local_start(Date::ymd(2026, 3, 6), 9 * 60, kZone), at("2026-03-06T14:00:00Z"));
  EXPECT_EQ(local_start(Date::ymd(2026, 3, 9), 9 * 60, kZone), at("2026-03-09T13:00:00Z"));
  auto v = booked("2026-03-09T13:00:00Z");
  EXPECT_EQ(v.start_minute(), 9 * 60);
  EXPECT_EQ(v.date(), Date::ymd(2026, 3, 9));
}

TEST(VisitTimes, ATimeThatDoesNotExistIsNone) {
  EXPECT_FALSE(local_start(Date::ymd(2026, 3, 8), 2 * 60 + 30, kZone));
  EXPECT_TRUE(local_start(Date::ymd(2026, 3, 8), 3 * 60, kZone));
  EXPECT_FALSE(local_start(Date::ymd(2026, 3, 29), 2 * 60, "Europe/Berlin"));
}

TEST(VisitTimes, ATimeThatHappensTwiceMeansTheFirstAndSaysSo) {
  const auto first = local_start(Date::ymd(2026, 11, 1), 90, kZone);
  EXPECT_EQ(first, at("2026-11-01T05:30:00Z"));
  EXPECT_TRUE(happens_twice(Date::ymd(2026, 11, 1), 90, kZone));
  EXPECT_FALSE(happens_twice(Date::ymd(2026, 11, 1), 150, kZone));
  EXPECT_FALSE(happens_twice(Date::ymd(2026, 11, 2), 90, kZone));
  EXPECT_FALSE(happens_twice(Date::ymd(2026, 3, 8), 150, kZone)) << "does not happen at all";
}

TEST(VisitTimes, MinutesAreElapsedMinutesAlsoInTheNightOfTheChange) {
  auto v = booked("2026-03-08T06:30:00Z", 60);  // 01:30 to 03:30 on the clock
  EXPECT_EQ(v.minutes(), 60);
  EXPECT_EQ(local_minute_of_day(v.ends_at, kZone), 3 * 60 + 30);
}

TEST(VisitTimes, ALateVisitIsOnTheDayOfItsStart) { EXPECT_EQ(booked("2026-03-05T04:30:00Z").date(), Date::ymd(2026, 3, 4)); }

TEST(VisitRules, EverythingWrongIsSaidAtOnce) {
  auto v = booked("2026-03-04T14:00:00Z", 3);
  v.kind = "letter";
  v.purpose = "fun";
  std::string paths;
  for (const auto& issue : check(v, at("2026-03-04T15:00:00Z"))) paths += issue.path + " ";
  EXPECT_EQ(paths, "start_minute minutes kind purpose ");
  EXPECT_EQ(check(booked("2027-03-06T15:00:00Z"), at("2026-03-04T15:00:00Z")).front().path, "date");
  EXPECT_TRUE(check(booked("2026-03-04T15:00:01Z"), at("2026-03-04T15:00:00Z")).empty());
}

TEST(VisitRules, BackToBackVisitsDoNotOverlap) {
  const auto a = at("2026-03-04T15:00:00Z"), b = at("2026-03-04T15:30:00Z"), c = at("2026-03-04T16:00:00Z");
  EXPECT_FALSE(overlap(a, b, b, c));
  EXPECT_FALSE(overlap(b, c, a, b));
  EXPECT_TRUE(overlap(a, c, b, c));
  EXPECT_TRUE(overlap(b, c, a, c));
}

TEST(VisitActs, GoFromBookedToDoneAndNoFurther) {
  const auto now = at("2026-03-04T15:05:00Z");
  auto v = booked("2026-03-04T15:00:00Z");
  auto arrived = apply(v, "arrive", "", "staff", now);
  ASSERT_TRUE(arrived);
  EXPECT_EQ(arrived->state, "arrived");
  auto done = apply(*arrived, "done", "", "staff", now);
  ASSERT_TRUE(done);
  EXPECT_FALSE(apply(*done, "cancel", "late", "staff", now));
  EXPECT_FALSE(apply(*done, "no_show", "", "staff", now));
  EXPECT_EQ(apply(*done, "reopen", "", "staff", now)->state, "arrived");
  done->contact = Uuid{};
  EXPECT_EQ(apply(*done, "reopen", "", "staff", now).error().code, ErrorCode::conflict) << "a contact hangs on it";
}

TEST(VisitActs, NobodyMissesAVisitBeforeItBegins) {
  auto v = booked("2026-03-04T15:00:00Z");
  EXPECT_FALSE(apply(v, "no_show", "", "staff", at("2026-03-04T14:59:59Z")));
  auto missed = apply(v, "no_show", "", "staff", at("2026-03-04T15:00:00Z"));
  ASSERT_TRUE(missed);
  EXPECT_EQ(apply(*missed, "reopen", "", "staff", at("2026-03-04T15:20:00Z"))->state, "arrived") << "came late after all";
}

TEST(VisitActs, OnAnotherDayNobodyArrives) {
  auto v = booked("2026-03-05T15:00:00Z");
  EXPECT_FALSE(apply(v, "arrive", "", "staff", at("2026-03-04T15:00:00Z")));
  EXPECT_TRUE(apply(v, "arrive", "", "staff", at("2026-03-05T05:00:00Z"))) << "midnight at the site";
  EXPECT_FALSE(apply(v, "arrive", "", "staff", at("2026-03-05T04:59:00Z")));
}

TEST(VisitActs, CancellingNeedsAReasonAndRaisesTheSequence) {
  const auto now = at("2026-03-04T12:00:00Z");
  auto v = booked("2026-03-04T15:00:00Z");
  EXPECT_EQ(apply(v, "cancel", "  ", "staff", now).error().issues.front().path, "reason");
  auto gone = apply(v, "cancel", "snow", "staff", now);
  ASSERT_TRUE(gone);
  EXPECT_EQ(gone->sequence, 1);
  EXPECT_EQ(gone->cancelled_by, "staff");
  auto back = apply(*gone, "reopen", "", "staff", now);
  ASSERT_TRUE(back);
  EXPECT_EQ(back->sequence, 2);
  EXPECT_FALSE(back->cancelled_by);
  EXPECT_FALSE(apply(*gone, "reopen", "", "staff", at("2026-03-04T15:00:00Z"))) << "its time is over";
}

TEST(VisitAnswers, OnlyBeforeTheVisitBegins) {
  auto v = booked("2026-03-04T15:00:00Z");
  EXPECT_EQ(answer(v, "confirm", "x", "patient", at("2026-03-04T14:59:00Z"))->answer, "confirmed");
  EXPECT_FALSE(answer(v, "confirm", "", "patient", at("2026-03-04T15:00:00Z")));
  auto asked = answer(v, "ask_change", "an hour later?", "trusted_person", at("2026-03-03T15:00:00Z"));
  ASSERT_TRUE(asked);
  EXPECT_EQ(asked->state, "booked") << "it stands until the staff moves it";
  EXPECT_EQ(asked->answered_by, "trusted_person");
  EXPECT_EQ(apply(*asked, "settle", "", "staff", at("2026-03-03T16:00:00Z"))->answer, "none");
  auto gone = answer(v, "cancel", "", "patient", at("2026-03-03T15:00:00Z"));
  EXPECT_EQ(gone->state, "cancelled");
  EXPECT_EQ(gone->cancelled_by, "patient");
}

TEST(VisitChanges, TellMovesFromEdits) {
  auto v = booked("2026-03-04T15:00:00Z");
  auto other = v;
  EXPECT_FALSE(difference(v, other));
  other.note = "bring the form";
  EXPECT_EQ(difference(v, other)->kind, "edited");
  other.ends_at += std::chrono::minutes(5);
  EXPECT_EQ(difference(v, other)->kind, "moved");
  EXPECT_EQ(difference(v, other)->ends_before, v.ends_at);
}

TEST(VideoLinks, HoldTheCodeAndNothingElse) {
  EXPECT_EQ(video_link("https://video.example.org/{visit}", "k7"), "https://video.example.org/k7");
  EXPECT_EQ(video_link("https://video.example.org/r?room={visit}&lang=en", "k7"), "https://video.example.org/r?room=k7&lang=en");
  EXPECT_TRUE(check_template("https://video.example.org/{visit}").empty());
  for (const char* bad : {"http://video.example.org/{visit}", "https://video.example.org/room", "https://{visit}.example.org/",
                          "https://video.example.org/{visit}/{name}", "https://video.example.org/{visit}/{visit}",
                          "https://me@video.example.org/{visit}", "https://video.example.org/{visit} x", "javascript:{visit}"})
    EXPECT_FALSE(check_template(bad).empty()) << bad;
}

TEST(CalendarFile, IsWhatRfc5545Asks) {
  auto v = booked("2026-03-09T13:00:00Z", 50);
  v.sequence = 2;
  v.place = "12 Maple Street";
  v.note = "asks about sertraline";
  EXPECT_EQ(calendar_file(v, "Maple Street", "https://concord.example.org"),
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Concord//Visits//EN\r\nCALSCALE:GREGORIAN\r\nMETHOD:PUBLISH\r\n"
            "BEGIN:VEVENT\r\nUID:018f0000-0000-7000-8000-000000000001\r\nDTSTAMP:20260304T150000Z\r\n"
            "DTSTART:20260309T130000Z\r\nDTEND:20260309T135000Z\r\nSEQUENCE:2\r\nSUMMARY:Maple Street\r\n"
            "ORGANIZER;CN=\"Maple Street\":https://concord.example.org\r\nCLASS:PRIVATE\r\nSTATUS:CONFIRMED\r\n"
            "TRANSP:OPAQUE\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n");
}

TEST(CalendarFile, OfACancelledVisitTakesItOutOfTheCalendar) {
  auto v = booked("2026-03-09T13:00:00Z");
  v.state = "cancelled";
  const auto file = calendar_file(v, "Maple Street", "https://concord.example.org");
  EXPECT_NE(file.find("METHOD:CANCEL\r\n"), std::string::npos);
  EXPECT_NE(file.find("STATUS:CANCELLED\r\n"), std::string::npos);
}

TEST(CalendarFile, EscapesAndFoldsWithoutCuttingALetter) {
  EXPECT_EQ(escape_text("a\\b;c,d\r\ne\nf\tg"), "a\\\\b\\;c\\,d\\ne\\nfg");
  EXPECT_EQ(fold_line(std::string(75, 'x')), std::string(75, 'x') + "\r\n");
  EXPECT_EQ(fold_line(std::string(76, 'x')), std::string(75, 'x') + "\r\n x\r\n");
  EXPECT_EQ(fold_line(std::string(150, 'x')), std::string(75, 'x') + "\r\n " + std::string(74, 'x') + "\r\n x\r\n");
  // A two-byte letter on octets 75 and 76 goes to the next line whole.
  EXPECT_EQ(fold_line(std::string(74, 'x') + "\xC3\xB1" + "y"), std::string(74, 'x') + "\r\n \xC3\xB1y\r\n");
  const auto file =
      calendar_file(booked("2026-03-09T13:00:00Z"),
                    "Cl\xC3\xADnica \"Roble\"; piso 2, \xC3\x81rbol y m\xC3\xA1s nombre largo de prueba para doblar",
                    "https://concord.example.org");
  std::size_t begin = 0;
  for (std::size_t end = file.find("\r\n"); end != std::string::npos; begin = end + 2, end = file.find("\r\n", begin)) {
    EXPECT_LE(end - begin, 75u);
    EXPECT_EQ(file.substr(begin, end - begin).find('\n'), std::string::npos);
  }
  EXPECT_EQ(begin, file.size());
}

}  // namespace
}  // namespace concord::visits
