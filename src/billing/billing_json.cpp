#include "billing/billing_json.h"

#include <fmt/format.h>

#include "calendar/calendar.h"
#include "http/replies.h"

namespace concord::billing {

void write(json::Writer& w, Confirm confirm) {
  if (confirm == Confirm::none) w.null();
  else w.object().field("code", name(confirm)).field("text", text(confirm)).end();
}

void write(json::Writer& w, const std::vector<Proposal>& codes) {
  w.array();
  for (const auto& code : codes) {
    w.object().field("code", code.code).field("units", code.units).key("confirm");
    write(w, code.confirm);
    w.end();
  }
  w.end();
}

void write(json::Writer& w, const std::vector<Missing>& missing) {
  w.array();
  for (const auto& m : missing) {
    w.object().field("kind", name(m.kind)).field("text", text(m)).key("minutes");
    if (m.kind == MissingKind::minutes) w.value(m.minutes).key("code").value(m.code);
    else w.null().key("code").null();
    w.end();
  }
  w.end();
}

void write(json::Writer& w, const std::optional<Next>& next) {
  if (!next) w.null();
  else w.object().field("code", next->code).field("minutes", next->minutes).end();
}

void write(json::Writer& w, const CoverageFact* payer) {
  if (payer == nullptr) {
    w.null();
    return;
  }
  w.object().field("category", payer->payer_category).key("plan_name");
  if (payer->plan_name.empty()) w.null();
  else w.value(payer->plan_name);
  w.end();
}

void write_members(json::Writer& w, const PatientMonth& m) {
  w.field("minutes_counted", m.counted).field("minutes_not_counted", m.not_counted).field("initial", m.initial).key("codes");
  write(w, m.codes);
  w.key("missing");
  write(w, m.missing);
  w.key("next");
  write(w, m.next);
}

std::optional<std::string> clock(std::optional<int> minute) {
  if (!minute) return std::nullopt;
  return calendar::clock_text(*minute % (24 * 60));
}

std::optional<int> parse_clock(std::string_view text) {
  const auto minute = calendar::minute_from(text);
  return minute && *minute < 24 * 60 ? minute : std::nullopt;
}

std::string code_schema() {
  return http::schema(
      {{"code", "text!"},
       {"units", "integer!"},
       {"confirm", R"({"type":["object","null"],"properties":{"code":{"type":"string"},"text":{"type":"string"}}}!)"}});
}
std::string missing_schema() {
  return http::schema({{"kind", "consent|episode|practitioner|initiating_visit|review|apcm_base|minutes!"},
                       {"text", "text!"},
                       {"minutes", "integer?!"},
                       {"code", "text?!"}});
}
std::string next_schema() {
  return R"({"type":["object","null"],"properties":{"code":{"type":"string"},"minutes":{"type":"integer"}}})";
}
std::string payer_schema() {
  return R"({"type":["object","null"],"properties":{"category":{"type":"string"},"plan_name":{"type":["string","null"]}}})";
}

}  // namespace concord::billing
