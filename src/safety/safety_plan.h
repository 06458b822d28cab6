// The patient's safety plan: six steps in our own words (content/safety/plan.json), filled in with the patient, kept
// in versions. Nothing here decides anything; 988 and 911 stand on every plan and every print.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/caller.h"
#include "base/date.h"
#include "base/result.h"
#include "json/cursor.h"
#include "json/writer.h"
#include "patients/patients.h"
#include "safety/on_call.h"

namespace concord::safety {

struct PlanStepText {
  std::string id, heading, hint;
  bool is_people = false;  ///< name and phone, not lines of text
};
struct CrisisLine {
  std::string label, number, text;
};
struct PlanText {
  std::string title, intro, not_for_me;
  std::vector<PlanStepText> steps;
  std::vector<CrisisLine> crisis;     ///< 988 and 911 are among them, or the file is refused
  std::optional<std::string> review;  ///< "awaiting clinical review"
};
struct PlanTemplate {
  std::map<std::string, PlanText> languages;  ///< en and es
  const PlanText& in(std::string_view language) const;
};
/// bad_file names the place. Both languages must have the same six steps in the same order.
Result<PlanTemplate> load_plan_template(const std::filesystem::path& file);
void write(json::Writer& w, const PlanTemplate& plan);

struct PlanPerson {
  std::string name;
  std::optional<std::string> phone;
};
/// What stands in one step.
struct PlanEntries {
  std::vector<std::string> lines;
  std::vector<PlanPerson> people;
  bool not_for_me = false;
};

using PlanId = Id<struct SafetyPlanTag>;

struct SafetyPlan {
  int version = 0;  ///< 1, 2, ...
  PlanId id;
  patients::PatientId patient;
  Instant written_at{};
  Date written_on;
  UserId written_by;
  std::vector<std::string> written_with;  ///< patient, caregiver, family, friend, interpreter
  std::string language = "en";
  std::map<std::string, PlanEntries> steps;  ///< by step id
  std::optional<std::string> reason;         ///< why there is a new version
  std::string written_by_kind = "staff";     ///< staff; patient: alone, in the portal (written_by is their account)
};

/// Reads "steps" and "not_for_me" of a request; every issue has its place.
std::map<std::string, PlanEntries> read_steps(const json::Cursor& steps, const json::Cursor& not_for_me);
/// {"warning_signs":[...],...} and the list of steps that are not for this patient, as members of an open object.
void write_steps(json::Writer& w, const std::map<std::string, PlanEntries>& steps);
std::string encode_steps(const std::map<std::string, PlanEntries>& steps);
std::map<std::string, PlanEntries> decode_steps(std::string_view stored);

/// Members "sections" and "crisis" of the print data: every step in order, with its entries as lines.
void write_print(json::Writer& w, const SafetyPlan& plan, const PlanText& text);

}  // namespace concord::safety
