#include "patients/timeline.h"

#include <algorithm>
#include <charconv>
#include <memory>
#include <tuple>

#include "base/text.h"

namespace concord::patients {
namespace {

using http::Call;
using http::Reply;
using http::Work;
using Kept = std::shared_ptr<const TimelineDeps>;

/// Entries of which only the day is known come after those with a time, in the list newest first.
std::int64_t moment(const TimelineEntry& e) { return e.at ? e.at->time_since_epoch().count() : 0; }

std::string key_of(const TimelineEntry& e) {
  return e.date.iso() + "~" + std::to_string(moment(e)) + "~" + e.kind + "~" + e.what + "~" + e.id.text();
}

std::optional<TimelineEntry> read_key(std::string_view text) {
  const auto parts = split(text, '~');
  if (parts.size() != 5) return std::nullopt;
  const auto date = Date::parse(parts[0]);
  const auto id = Uuid::parse(parts[4]);
  std::int64_t micros = 0;
  const auto [stop, error] = std::from_chars(parts[1].data(), parts[1].data() + parts[1].size(), micros);
  if (!date || !id || error != std::errc() || stop != parts[1].data() + parts[1].size()) return std::nullopt;
  TimelineEntry e;
  e.date = *date;
  if (micros != 0) e.at = Instant(std::chrono::microseconds(micros));
  e.kind = std::string(parts[2]);
  e.what = std::string(parts[3]);
  e.id = *id;
  return e;
}

void write(const Chart& chart, json::Writer& w, db::Tx& tx, const Asker& asker, const TimelineEntry& e) {
  w.object().field("at", e.at).field("date", e.date).field("kind", e.kind).field("what", e.what).field("id", e.id).key("who");
  if (e.who) {
    chart.write_user(w, tx, asker.caller, e.who);
  } else if (!e.who_name.empty()) {
    w.object().key("id").null().field("name", e.who_name).end();
  } else {
    w.null();
  }
  w.key("role");
  if (e.role.empty()) w.null();
  else w.value(e.role);
  w.key("text");
  if (e.text.empty()) w.null();
  else w.value(e.text);
  w.key("data");
  if (e.data.empty()) w.object().end();
  else w.raw(e.data);
  w.end();
}

Result<Work> read_timeline(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto patient, call.path_id<PatientId>("patient_id"));
  CONCORD_TRY(const auto page, http::read_page(call.request));
  std::optional<TimelineEntry> after;
  if (page.after) {
    after = read_key(*page.after);
    if (!after) return http::wrong_page();
  }
  std::vector<std::string> kinds;
  if (const auto text = call.request.parameter("kind"); text && !text->empty())
    for (const auto kind : split(*text, ',')) kinds.emplace_back(kind);
  return Work([deps, asker = Asker(call), patient, page, after, kinds = std::move(kinds)](db::Tx& tx) -> Result<Reply> {
    CONCORD_TRY(const auto place, deps->chart->find(tx, asker.caller, asker.now, patient));
    std::vector<TimelineEntry> all;
    for (const auto& source : deps->sources)
      if (deps->allows(asker.caller.role, source.permission)) source.add(tx, asker, place, all);
    std::erase_if(all, [&](const TimelineEntry& e) {
      if (!kinds.empty() && std::find(kinds.begin(), kinds.end(), e.kind) == kinds.end()) return true;
      return after && !newer(*after, e);
    });
    const auto shown = std::min(all.size(), static_cast<std::size_t>(page.limit));
    std::partial_sort(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(shown), all.end(), newer);
    std::string body;
    json::Writer w(body);
    w.object().key("items").array();
    for (std::size_t i = 0; i < shown; ++i) write(*deps->chart, w, tx, asker, all[i]);
    w.end().key("next");
    if (shown < all.size()) w.value(key_of(all[shown - 1]));
    else w.null();
    w.end();
    Reply reply = looked(std::move(body), patient, patient.uuid);
    reply.audit_detail = "rows=" + std::to_string(shown);
    return reply;
  });
}

}  // namespace

bool newer(const TimelineEntry& a, const TimelineEntry& b) {
  const auto left = moment(a), right = moment(b);
  return std::tie(b.date, right, b.kind, b.what, b.id) < std::tie(a.date, left, a.kind, a.what, a.id);
}

std::vector<http::Route> timeline_routes(const TimelineDeps& given) {
  const Kept deps = std::make_shared<const TimelineDeps>(given);
  const std::string who =
      R"({"type":["object","null"],"properties":{"id":{"type":["string","null"],"format":"uuid"},"name":{"type":"string"}}}!)";
  http::Route route;
  route.pattern = "/api/v1/patients/{patient_id}/timeline";
  route.name = "patients.timeline";
  route.permission = "patients.read";
  route.summary = "Who did what when, newest first";
  route.run_as = http::RunAs::list;
  route.response_schema = http::list_schema(http::schema({{"at", "instant?!"},
                                                          {"date", "date!"},
                                                          {"kind", "text!"},
                                                          {"what", "text!"},
                                                          {"id", "id!"},
                                                          {"who", who},
                                                          {"role", "text?!"},
                                                          {"text", "text?!"},
                                                          {"data", "object!"}}));
  route.query_parameters = {{"kind", "only these kinds, divided by commas"}, {"limit", "1 to 200"}, {"after", "page key"}};
  route.handler = [deps](const Call& call) { return read_timeline(deps, call); };
  return {route};
}

}  // namespace concord::patients
