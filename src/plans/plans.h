// The shared care plan: what the patient wants and what is agreed, in versions that are never overwritten.
//
//   draft --effect--> in_effect --a new version takes effect--> replaced
//     |                   +------the patient wants something else--> withdrawn
//     +--a new draft--> replaced
//
// A version takes effect only when the patient's own view is recorded: agreed, or agreed with reservation. Once
// the patient was asked, a version's words are fixed: other words are a new version. A relapse prevention plan is
// such a plan, written with the patient. What came from an EHR is `imported`: shown, never in effect here, because
// nobody knows what the patient said to it. Plain values and pure functions.
// Read next: goals.h, decisions.h, plans_store.h (tables), plans_api.h (routes).
#pragma once

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

namespace concord::plans {

using PlanId = Id<struct CarePlanTag>;
using patients::PatientId;

/// Who does what until when.
struct Step {
  std::string text, who;
  std::optional<Date> by;
};
/// Somebody to call: "Dana, clinic", number, "weekdays 8 to 5".
struct HelpContact {
  std::string name, phone, when;
};

/// What a version says. Which members count depends on the plan's kind.
struct Content {
  // care_plan
  std::string wants;        ///< what the patient wants, in their words
  std::string preferences;  ///< how: "no tablets at night"
  std::string values;       ///< what matters to them
  std::string barriers, supports;
  std::vector<Step> steps;  ///< agreed steps
  // relapse_prevention
  std::vector<std::string> warning_signs, helps;
  std::vector<HelpContact> contacts;  ///< whom to call
  std::string maintenance;            ///< treatment that goes on
  std::string way_back;               ///< how to come back to care
  // both: "patient", "caregiver", "interpreter"
  std::vector<std::string> written_with;
  // imported
  std::string description, category, status;
  std::vector<std::string> activities;
  std::optional<Date> from, until;
};

struct PatientView {
  Uuid id;
  std::string view;
  std::optional<std::string> words;
  Date on;
  UserId recorded_by;
};

struct PlanVersion {
  std::int64_t number = 1;
  std::string state = "draft";  ///< draft, in_effect, replaced, withdrawn
  std::string language = "en";
  Content content;
  std::string reason;  ///< why there is a new version
  Date written_date;
  std::optional<UserId> written_by;  ///< nullopt: imported
  std::optional<Date> effective_date, replaced_date;
  std::string patient_view = "not_asked";
  std::optional<std::string> patient_words;
  std::optional<Date> patient_view_date;
  std::vector<PatientView> views;  ///< all of them, oldest first

  bool was_asked() const { return patient_view != "not_asked"; }
  bool is_agreed() const { return patient_view == "agreed" || patient_view == "agreed_with_reservation"; }
};

struct Plan {
  PlanId id;
  PatientId patient;
  std::string kind = "care_plan";  ///< care_plan, relapse_prevention, imported
  std::string title;
  std::string status = "open";  ///< open, ended
  Date start_date;
  std::optional<Date> ended_date;
  std::optional<std::string> end_reason;
  std::string labels = "normal";
  std::string source = "concord";
  std::vector<PlanVersion> versions;  ///< newest first, never empty
  std::int64_t version = 1;           ///< of the row, for If-Match

  const PlanVersion& newest() const { return versions.front(); }
  const PlanVersion* in_effect() const;
  const PlanVersion* find(std::int64_t number) const;
};

/// Replaces the members that `body` gives; a member of another kind of plan is an issue.
void read_content(const json::Cursor& body, std::string_view kind, Content& into);
void write_content(json::Writer& w, std::string_view kind, const Content& content);
/// The content as it is stored: the JSON of write_content.
std::string encode(std::string_view kind, const Content& content);
Content decode(std::string_view kind, std::string_view text);

/// May the newest draft of the plan take effect? conflict (issue at "patient_view") while the patient's view is
/// missing or is a no; invalid with "content...." paths when the plan says too little.
Result<void> may_take_effect(const Plan& plan);
/// May the draft's words still be changed? conflict otherwise, saying what to do instead.
Result<void> may_be_edited(const Plan& plan);
/// Open and not imported; conflict otherwise.
Result<void> may_be_changed(const Plan& plan);

/// "Care plan", "Relapse prevention plan".
std::string_view title_of(std::string_view kind, std::string_view language);

}  // namespace concord::plans
