// Routes of a site's month: the board, closing and reopening, charges, exports, payer settings, rates.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <memory>
#include <utility>

#include "base/text.h"
#include "base/zone.h"
#include "billing/billing_api.h"
#include "billing/billing_json.h"
#include "billing/billing_store.h"
#include "billing/charge_file.h"
#include "http/wrong_parameter.h"

namespace concord::billing {
namespace {

using http::Call;
using http::Reply;
using http::Work;
using Kept = std::shared_ptr<const Deps>;

constexpr int kCoursesKeptMonths = 18;  ///< a course without service for longer says nothing any more

/// The site a request is about: the query's or the body's, else the caller's first.
Result<SiteId> read_site(const Caller& caller, std::optional<std::string_view> text, std::string path) {
  if (!text || text->empty()) {
    if (caller.sites.empty()) return http::not_found();
    return caller.sites.front();
  }
  const auto site = SiteId::parse(*text);
  if (!site || !caller.may_use(*site))
    return fail(ErrorCode::invalid, "The site is wrong.", {{std::move(path), "is not one of your sites"}});
  return *site;
}

Result<Month> path_month(const Call& call) {
  const auto month = Month::parse(call.path_parameter("month"));
  if (!month) return http::not_found();
  return *month;
}

/// {"site_id": ..., "reason": ...}
struct SiteBody {
  SiteId site;
  std::string reason;
};
Result<SiteBody> read_site_body(const Call& call, bool with_reason) {
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  if (with_reason) body.only({"site_id", "reason"});
  else body.only({"site_id"});
  const auto text = body.optional("site_id").string(1, 60);
  SiteBody out;
  if (with_reason) out.reason = body.required("reason").string(1, 500).value_or("");
  if (!issues.empty()) return issues.error();
  CONCORD_TRY(out.site, read_site(call.caller, text ? std::optional<std::string_view>(*text) : std::nullopt, "site_id"));
  return out;
}

Date today_at(const Deps& deps, const Asker& asker, SiteId site) {
  return local_date(asker.now, deps.chart->time_zone(asker.organization(), site));
}

/// Members about the state of a month in an open object.
void write_state(const Deps& deps, json::Writer& w, db::Tx& tx, const Asker& asker, SiteId site, Month month,
                 const MonthState& state) {
  const auto through = closed_through(tx, asker.organization(), site);
  const Date today = today_at(deps, asker, site);
  const bool closed = state.closed_at || (through && month <= *through);
  w.field("month", month.text()).field("site_id", site).field("state", closed ? "closed" : "open");
  w.field("closed_at", state.closed_at).key("closed_by");
  deps.chart->write_user(w, tx, asker.caller, state.closed_by);
  w.field("closed_through", through ? std::optional(through->text()) : std::nullopt);
  w.field("can_close", !closed && today > month.last() && (!through || through->next() == month));
}

/// Working days of the month that are left: all of a month to come, none of one that is over.
int working_days_left(const Deps& deps, db::Tx& tx, const Asker& asker, SiteId site, Month month) {
  const Date today = today_at(deps, asker, site);
  if (today > month.last()) return 0;
  const auto calendar = deps.calendar_of(tx, asker.organization(), site);
  return calendar::working_days_left_in_month(calendar, std::max(today, month.first));
}

// -- the board

enum class Show { all, near, missing, proposed, confirm };

struct BoardRow {
  const PatientMonth* month = nullptr;
  bool near = false;
  bool needs_confirm = false;
  int rank = 0;
};

std::string key_of(const BoardRow& row) {
  return fmt::format("{}.{:06}.{}", row.rank, std::max(0, 999999 - row.month->counted), row.month->patient.text());
}

bool shown(const BoardRow& row, Show show) {
  switch (show) {
    case Show::all:
      return true;
    case Show::near:
      return row.near;
    case Show::missing:
      return row.month->has_entries && row.month->is_blocked();
    case Show::proposed:
      return !row.month->codes.empty();
    case Show::confirm:
      return row.needs_confirm;
  }
  return false;
}

Result<Work> read_board(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto month, path_month(call));
  CONCORD_TRY(const auto site, read_site(call.caller, call.request.parameter("site"), "site"));
  CONCORD_TRY(const auto page, http::read_page(call.request));
  Show show = Show::all;
  if (const auto word = call.request.parameter("show"); word && !word->empty()) {
    constexpr std::string_view kWords[] = {"all", "near", "missing", "proposed", "confirm"};
    const auto found = std::find(std::begin(kWords), std::end(kWords), *word);
    if (found == std::end(kWords)) return http::wrong_filter("show", "must be all, near, missing, proposed or confirm");
    show = static_cast<Show>(found - std::begin(kWords));
  }
  return Work([deps, asker = Asker(call), month, site, page, show](db::Tx& tx) -> Result<Reply> {
    const auto organization = asker.organization();
    const Rules& rules = *deps->rules;
    const Book book = load_site(tx, organization, site, month, rules);
    const auto all = months(book, month, rules, terms_of(rules, list_settings(tx, organization, rules), month));
    const int left = working_days_left(*deps, tx, asker, site, month);
    const bool is_over = today_at(*deps, asker, site) > month.last();

    std::vector<BoardRow> rows;
    rows.reserve(all.size());
    std::size_t near = 0, missing = 0, proposed = 0, confirm = 0;
    std::int64_t counted = 0, not_counted = 0;
    for (const auto& m : all) {
      BoardRow row;
      row.month = &m;
      row.near = !is_over && m.has_entries && is_near(m.next, left, rules.numbers);
      row.needs_confirm =
          std::any_of(m.codes.begin(), m.codes.end(), [](const Proposal& p) { return p.confirm != Confirm::none; });
      row.rank = row.near                             ? 0
                 : !m.codes.empty() && m.is_blocked() ? 1
                 : row.needs_confirm                  ? 2
                 : !m.codes.empty()                   ? 3
                 : m.has_entries                      ? 4
                                                      : 5;
      near += row.near;
      missing += m.has_entries && m.is_blocked();
      proposed += !m.codes.empty();
      confirm += row.needs_confirm;
      counted += m.counted;
      not_counted += m.not_counted;
      if (shown(row, show)) rows.push_back(row);
    }
    const auto order = [](const BoardRow& a, const BoardRow& b) {
      if (a.rank != b.rank) return a.rank < b.rank;
      if (a.month->counted != b.month->counted) return a.month->counted > b.month->counted;
      return a.month->patient < b.month->patient;
    };
    const auto wanted = static_cast<std::size_t>(page.limit) + 1;
    if (page.after) std::erase_if(rows, [&](const BoardRow& row) { return key_of(row) <= *page.after; });
    std::partial_sort(rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(std::min(wanted, rows.size())), rows.end(), order);
    const bool more = rows.size() >= wanted;
    if (more) rows.resize(wanted - 1);

    std::string body;
    json::Writer w(body);
    w.object();
    write_state(*deps, w, tx, asker, site, month, month_state(tx, organization, site, month));
    w.field("working_days_left", left).key("counts").object();
    w.field("patients", all.size())
        .field("near", near)
        .field("missing", missing)
        .field("proposed", proposed)
        .field("confirm", confirm);
    w.field("minutes_counted", counted).field("minutes_not_counted", not_counted).end();
    w.key("items").array();
    for (const auto& row : rows) {
      const PatientMonth& m = *row.month;
      const PatientId patient(m.patient);
      w.object()
          .key("patient")
          .object()
          .field("id", patient)
          .field("name", display_name(tx, organization, patient))
          .end()
          .key("payer");
      write(w, m.payer);
      write_members(w, m);
      w.key("reasons").array();
      for (int r = 1; r < kReasons; ++r)
        if (const int minutes = m.by_reason[static_cast<std::size_t>(r)]; minutes > 0)
          w.object().field("reason", name(static_cast<Reason>(r))).field("minutes", minutes).end();
      w.end().field("near", row.near).end();
    }
    w.end().key("next");
    if (more) w.value(key_of(rows.back()));
    else w.null();
    w.end();
    Reply reply = http::json_reply(200, std::move(body));
    reply.audit_detail = fmt::format("month={} rows={}", month.text(), rows.size());
    return reply;
  });
}

// -- closing

std::string missing_kinds(const PatientMonth& m) {
  std::string out;
  for (const auto& one : m.missing)
    if (one.kind != MissingKind::minutes) out += (out.empty() ? "" : " ") + std::string(name(one.kind));
  return out;
}

/// What a closed month's charges become: kept where code and units stay, voided where they do not, added.
struct Closed {
  int charges = 0, held = 0;
};

Closed store_charges(const Deps& deps, db::Tx& tx, const Asker& asker, SiteId site, Month month,
                     const std::vector<PatientMonth>& all, std::vector<std::pair<Uuid, Course>>& courses) {
  const auto organization = asker.organization();
  std::unordered_map<Uuid, std::vector<Charge>> before;
  for (auto& charge : list_charges(tx, organization, site, month))
    if (charge.is_live()) before[charge.patient.uuid].push_back(std::move(charge));
  std::vector<Charge> added;
  std::vector<Uuid> not_initial;
  Closed closed;
  for (const auto& m : all) {
    auto* old = before.contains(m.patient) ? &before[m.patient] : nullptr;
    for (const auto& code : m.codes) {
      Charge c;
      c.site = site;
      c.month = month;
      c.patient = PatientId(m.patient);
      c.service_date = m.last.value_or(month.last());
      c.code = code.code;
      c.units = code.units;
      c.minutes_counted = m.counted;
      if (m.payer) c.payer_category = m.payer->payer_category, c.plan_name = m.payer->plan_name;
      c.practitioner = m.practitioner;
      c.confirm = code.confirm;
      c.missing = missing_kinds(m);
      c.state = c.confirm == Confirm::none && c.missing.empty() ? "ready" : "held";
      ++closed.charges;
      if (old) {
        const auto same =
            std::find_if(old->begin(), old->end(), [&](const Charge& o) { return o.code == c.code && o.units == c.units; });
        if (same != old->end()) {
          if (same->state == "ready" || same->state == "held") {
            c.id = same->id;
            // What a person decided holds as long as the question is the same.
            const bool answered = same->decided_at && same->confirm == c.confirm && same->missing == c.missing;
            if (answered) c.state = same->state;
            refresh(tx, organization, c);
          } else if (same->state == "declined" && is_initial_code(c.code)) {
            not_initial.push_back(m.patient);
          }
          if (c.state == "held" && same->state != "exported" && same->state != "declined") ++closed.held;
          old->erase(same);
          continue;
        }
      }
      if (c.state == "held") ++closed.held;
      c.id = deps.chart->ids->next();
      c.reference = short_reference(c.id);
      added.push_back(std::move(c));
    }
  }
  // The rest is no longer proposed. Voided first: a patient may have the same code once.
  for (auto& [patient, charges] : before)
    for (auto& charge : charges) {
      charge.state = "voided";
      set_state(tx, organization, charge);
    }
  insert_all(tx, organization, added, asker.now);
  for (auto& [patient, course] : courses)
    if (std::find(not_initial.begin(), not_initial.end(), patient) != not_initial.end()) course.initial_month = std::nullopt;
  return closed;
}

Result<Work> close_month(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto month, path_month(call));
  CONCORD_TRY(const auto given, read_site_body(call, false));
  return Work([deps, asker = Asker(call), month, site = given.site](db::Tx& tx) -> Result<Reply> {
    const auto organization = asker.organization();
    const Rules& rules = *deps->rules;
    if (today_at(*deps, asker, site) <= month.last())
      return fail(ErrorCode::conflict, month.words() + " is not over yet.", {{"month", "ends on " + month.last().iso()}});
    const auto through = closed_through(tx, organization, site);
    if (through && month <= *through) return fail(ErrorCode::conflict, month.words() + " is closed already.");
    if (through && through->next() != month)
      return fail(ErrorCode::conflict, "Months are closed in order: " + through->next().words() + " comes first.",
                  {{"month", "the next to close is " + through->next().text()}});
    const Book book = load_site(tx, organization, site, month, rules);
    std::vector<std::pair<Uuid, Course>> courses;
    const auto all = months(book, month, rules, terms_of(rules, list_settings(tx, organization, rules), month), &courses);
    const auto closed = store_charges(*deps, tx, asker, site, month, all, courses);
    std::erase_if(courses, [&](const auto& c) {
      return !c.second.last_service || *c.second.last_service < month.first.plus_months(-kCoursesKeptMonths);
    });
    store_courses(tx, organization, site, month, courses);
    const MonthState state{asker.now, asker.caller.user};
    set_month(tx, organization, site, month, state);
    const auto detail = fmt::format("charges={} held={}", closed.charges, closed.held);
    insert(tx, organization, site, month, Event{deps->chart->ids->next(), asker.now, asker.caller.user, "close", "", detail});
    std::string body;
    json::Writer w(body);
    w.object();
    write_state(*deps, w, tx, asker, site, month, state);
    w.field("charges", closed.charges).field("held", closed.held).end();
    Reply reply = http::json_reply(200, std::move(body));
    reply.audit_object = site.uuid;
    reply.audit_detail = "month=" + month.text() + " " + detail;
    return reply;
  });
}

Result<Work> reopen_month(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto month, path_month(call));
  CONCORD_TRY(const auto given, read_site_body(call, true));
  return Work([deps, asker = Asker(call), month, given](db::Tx& tx) -> Result<Reply> {
    const auto organization = asker.organization();
    const auto through = closed_through(tx, organization, given.site);
    if (!through || month > *through) return fail(ErrorCode::conflict, month.words() + " is not closed.");
    if (month != *through)
      return fail(ErrorCode::conflict, through->words() + " is closed too and rests on this month: reopen it first.",
                  {{"month", "the next to reopen is " + through->text()}});
    set_month(tx, organization, given.site, month, MonthState{});
    store_courses(tx, organization, given.site, month, {});
    insert(tx, organization, given.site, month,
           Event{deps->chart->ids->next(), asker.now, asker.caller.user, "reopen", given.reason, ""});
    std::string body;
    json::Writer w(body);
    w.object();
    write_state(*deps, w, tx, asker, given.site, month, MonthState{});
    w.end();
    Reply reply = http::json_reply(200, std::move(body));
    reply.audit_object = given.site.uuid;
    reply.audit_detail = "month=" + month.text();
    return reply;
  });
}

Result<Work> read_history(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto month, path_month(call));
  CONCORD_TRY(const auto site, read_site(call.caller, call.request.parameter("site"), "site"));
  return Work([deps, asker = Asker(call), month, site](db::Tx& tx) -> Result<Reply> {
    std::string body;
    json::Writer w(body);
    w.object().key("items").array();
    for (const auto& e : list_events(tx, asker.organization(), site, month)) {
      w.object().field("at", e.at).key("by");
      deps->chart->write_user(w, tx, asker.caller, e.by);
      w.field("kind", e.kind).field("reason", e.reason).field("detail", e.detail).end();
    }
    w.end().key("next").null().end();
    return http::json_reply(200, std::move(body));
  });
}

// -- charges

void write_charge(const Deps& deps, json::Writer& w, db::Tx& tx, const Asker& asker, const Charge& c) {
  w.object().field("id", c.id).field("reference", c.reference).key("patient").object();
  w.field("id", c.patient).field("name", display_name(tx, asker.organization(), c.patient)).end();
  w.field("month", c.month.text())
      .field("service_date", c.service_date)
      .field("code", c.code)
      .field("units", c.units)
      .field("minutes_counted", c.minutes_counted)
      .field("payer_category", c.payer_category)
      .field("plan_name", c.plan_name)
      .field("practitioner", c.practitioner)
      .key("confirm");
  write(w, c.confirm);
  w.key("missing").array();
  for (const auto kind : split(c.missing, ' '))
    if (!kind.empty()) w.value(kind);
  w.end().field("state", c.state).key("decided_by");
  deps.chart->write_user(w, tx, asker.caller, c.decided_by);
  w.field("decided_at", c.decided_at).field("decision_reason", c.decision_reason).field("export_id", c.export_id).key("rate");
  if (const Rate* rate = deps.rules->rate_on(c.code, c.service_date))
    w.object()
        .field("usd", static_cast<double>(rate->cents) / 100)
        .field("place", rate->place)
        .field("from", rate->from)
        .field("until", rate->until)
        .field("source", rate->source)
        .end();
  else w.null();
  w.field("version", c.version).end();
}

Result<Work> read_charges(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto month, path_month(call));
  CONCORD_TRY(const auto site, read_site(call.caller, call.request.parameter("site"), "site"));
  CONCORD_TRY(const auto page, http::read_page(call.request));
  const std::string state(call.request.parameter("state").value_or(""));
  std::optional<PatientId> patient;
  if (const auto text = call.request.parameter("patient"); text && !text->empty()) {
    patient = PatientId::parse(*text);
    if (!patient) return http::wrong_filter("patient", "must be an id");
  }
  return Work([deps, asker = Asker(call), month, site, page, state, patient](db::Tx& tx) -> Result<Reply> {
    std::string body;
    json::Writer w(body);
    w.object().key("items").array();
    int written = 0;
    std::string last;
    bool more = false;
    for (const auto& charge : list_charges(tx, asker.organization(), site, month)) {
      if (!state.empty() && charge.state != state) continue;
      if (patient && charge.patient != *patient) continue;
      const std::string key = charge.patient.text() + charge.code + charge.id.text();
      if (page.after && key <= *page.after) continue;
      if (written == page.limit) {
        more = true;
        break;
      }
      write_charge(*deps, w, tx, asker, charge);
      ++written;
      last = key;
    }
    w.end().key("next");
    if (more) w.value(last);
    else w.null();
    w.end();
    Reply reply = http::json_reply(200, std::move(body));
    reply.audit_detail = fmt::format("month={} rows={}", month.text(), written);
    return reply;
  });
}

Result<Work> decide(const Kept& deps, const Call& call) {
  using ChargeId = Id<struct ChargeTag>;
  CONCORD_TRY(const auto id, call.path_id<ChargeId>("charge_id"));
  CONCORD_TRY(const auto version, call.if_match());
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"decision", "reason"});
  const auto decision = body.required("decision").one_of({"confirm", "decline"});
  const auto reason = body.required("reason").string(1, 500);
  if (!issues.empty()) return issues.error();
  return Work(
      [deps, asker = Asker(call), id, version, confirm = *decision == "confirm", reason = *reason](db::Tx& tx) -> Result<Reply> {
        const auto organization = asker.organization();
        auto charge = find_charge(tx, organization, id.uuid);
        if (!charge || !asker.caller.may_use(charge->site)) return http::not_found();
        const auto current = [&](const Charge& c) {
          std::string out;
          json::Writer w(out);
          write_charge(*deps, w, tx, asker, c);
          return out;
        };
        if (charge->version != version) return patients::stale(asker.request_id, current(*charge), charge->patient, id.uuid);
        if (charge->state != "ready" && charge->state != "held" && charge->state != "declined")
          return fail(ErrorCode::conflict, "This charge is " + charge->state + ": reopen the month to correct it.");
        const Charge before = *charge;
        charge->state = confirm ? "ready" : "declined";
        charge->decided_by = asker.caller.user;
        charge->decided_at = asker.now;
        charge->decision_reason = reason;
        if (!set_state(tx, organization, *charge))
          return patients::stale(asker.request_id, current(before), charge->patient, id.uuid);
        if (!confirm && is_initial_code(charge->code))
          forget_initial(tx, organization, charge->site, charge->month, charge->patient);
        ++charge->version;
        Reply reply = http::json_reply(200, current(*charge));
        reply.version = charge->version;
        reply.audit_patient = charge->patient.uuid;
        reply.audit_object = id.uuid;
        reply.audit_detail = std::string("decision=") + (confirm ? "confirm" : "decline") + " code=" + charge->code;
        return reply;
      });
}

// -- exports

void write_export(const Deps& deps, json::Writer& w, db::Tx& tx, const Asker& asker, const Export& e) {
  w.object().field("id", e.id).field("reference", e.reference).field("month", e.month.text()).field("at", e.at).key("by");
  deps.chart->write_user(w, tx, asker.caller, e.by);
  w.field("charges", e.charges).field("credits", e.credits).end();
}

Result<Work> create_export(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto month, path_month(call));
  CONCORD_TRY(const auto given, read_site_body(call, false));
  return Work([deps, asker = Asker(call), month, site = given.site](db::Tx& tx) -> Result<Reply> {
    const auto organization = asker.organization();
    if (!month_state(tx, organization, site, month).closed_at)
      return fail(ErrorCode::conflict, month.words() + " is open. Close it first: what goes out must not change any more.");
    Export batch;
    batch.id = deps->chart->ids->next();
    batch.site = site;
    batch.month = month;
    batch.reference = short_reference(batch.id);
    batch.at = asker.now;
    batch.by = asker.caller.user;
    std::vector<FileCharge> rows;
    std::vector<std::unique_ptr<FilePatient>> people;
    for (auto& charge : list_charges(tx, organization, site, month)) {
      const bool goes_out = charge.state == "ready";
      const bool is_taken_back = charge.state == "voided" && charge.export_id && !charge.credit_export_id;
      if (!goes_out && !is_taken_back) continue;
      if (people.empty() || people.back()->id != charge.patient) {
        const auto billed = find_billed(tx, organization, charge.patient);
        if (!billed) continue;
        people.push_back(
            std::make_unique<FilePatient>(FilePatient{charge.patient, billed->given_name, billed->family_name, billed->birth_date,
                                                      billed->sex, billed->postal_code, billed->identifiers}));
      }
      FileCharge row;
      row.patient = people.back().get();
      row.is_credit = is_taken_back;
      row.reference = charge.reference;
      row.month = month;
      row.service_date = charge.service_date;
      row.code = charge.code;
      if (const Code* code = deps->rules->find_code(charge.code)) row.title = code->title;
      row.units = charge.units;
      row.minutes_counted = charge.minutes_counted;
      row.payer_category = charge.payer_category;
      row.plan_name = charge.plan_name;
      row.practitioner = charge.practitioner;
      row.decision = charge.decision_reason;
      row.rate = deps->rules->rate_on(charge.code, charge.service_date);
      rows.push_back(std::move(row));
      if (goes_out) {
        charge.state = "exported";
        charge.export_id = batch.id;
        ++batch.charges;
      } else {
        charge.state = "credited";
        charge.credit_export_id = batch.id;
        ++batch.credits;
      }
      if (!set_state(tx, organization, charge)) return fail(ErrorCode::conflict, "A charge was changed meanwhile. Try again.");
    }
    if (rows.empty())
      return fail(ErrorCode::conflict, "There is nothing to export: every charge that is ready has gone out before.");
    const FileHead head{batch.reference, deps->site_name(tx, organization, site), asker.now};
    batch.csv = write_csv(head, rows);
    batch.dft = write_dft(head, rows);
    insert(tx, organization, batch);
    const auto detail = fmt::format("batch={} charges={} credits={}", batch.reference, batch.charges, batch.credits);
    insert(tx, organization, site, month, Event{deps->chart->ids->next(), asker.now, asker.caller.user, "export", "", detail});
    std::string body;
    json::Writer w(body);
    write_export(*deps, w, tx, asker, batch);
    Reply reply = http::json_reply(201, std::move(body));
    reply.location = "/api/v1/billing/exports/" + batch.id.text() + "/csv";
    reply.audit_object = batch.id;
    reply.audit_detail = detail;
    return reply;
  });
}

Result<Work> list_batches(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto month, path_month(call));
  CONCORD_TRY(const auto site, read_site(call.caller, call.request.parameter("site"), "site"));
  return Work([deps, asker = Asker(call), month, site](db::Tx& tx) -> Result<Reply> {
    std::string body;
    json::Writer w(body);
    w.object().key("items").array();
    for (const auto& e : list_exports(tx, asker.organization(), site, month)) write_export(*deps, w, tx, asker, e);
    w.end().key("next").null().end();
    return http::json_reply(200, std::move(body));
  });
}

Result<Work> read_file(const Call& call, bool csv) {
  using ExportId = Id<struct ExportTag>;
  CONCORD_TRY(const auto id, call.path_id<ExportId>("export_id"));
  return Work([asker = Asker(call), id, csv](db::Tx& tx) -> Result<Reply> {
    auto batch = find_export(tx, asker.organization(), id.uuid);
    if (!batch || !asker.caller.may_use(batch->site)) return http::not_found();
    Reply reply;
    reply.body = csv ? std::move(batch->csv) : std::move(batch->dft);
    reply.content_type = csv ? "text/csv; charset=utf-8" : "x-application/hl7-v2+er7; charset=utf-8";
    reply.headers.emplace_back("Content-Disposition", "attachment; filename=\"charges-" + batch->month.text() + "-" +
                                                          batch->reference + (csv ? ".csv\"" : ".hl7\""));
    reply.audit_object = id.uuid;
    reply.audit_detail = fmt::format("charges={} credits={}", batch->charges, batch->credits);
    return reply;
  });
}
Result<Work> read_csv_file(const Kept&, const Call& call) { return read_file(call, true); }
Result<Work> read_dft_file(const Kept&, const Call& call) { return read_file(call, false); }

// -- payer settings and rates

void write_setting(const Deps& deps, json::Writer& w, db::Tx& tx, const Asker& asker, const PayerSetting& s, bool current) {
  w.object().field("payer_category", s.payer_category).key("plan_name");
  if (s.plan_name.empty()) w.null();
  else w.value(s.plan_name);
  w.field("version", s.version).field("valid_from", s.valid_from).key("settings");
  write_terms(w, s.terms, deps.rules->default_terms());
  w.field("reason", s.reason).key("changed_by");
  deps.chart->write_user(w, tx, asker.caller, s.changed_by);
  w.field("changed_at", s.changed_at).field("current", current).end();
}

Result<Work> read_settings(const Kept& deps, const Call& call) {
  return Work([deps, asker = Asker(call)](db::Tx& tx) -> Result<Reply> {
    const auto settings = list_settings(tx, asker.organization(), *deps->rules);
    const Date today = asker.caller.sites.empty() ? Date(std::chrono::floor<std::chrono::days>(asker.now))
                                                  : today_at(*deps, asker, asker.caller.sites.front());
    std::string body;
    json::Writer w(body);
    w.object().key("items").array();
    const PayerSetting* in_force = nullptr;  // newest first of each payer
    for (const auto& s : settings) {
      const bool same = in_force && in_force->payer_category == s.payer_category && in_force->plan_name == s.plan_name;
      const bool current = !same && s.valid_from <= today;
      if (current) in_force = &s;
      write_setting(*deps, w, tx, asker, s, current);
    }
    w.end().key("next").null().end();
    return http::json_reply(200, std::move(body));
  });
}

Result<Work> create_setting(const Kept& deps, const Call& call) {
  CONCORD_TRY(const auto document, http::read_json(call.request));
  json::Issues issues;
  const json::Cursor body(document.root(), issues);
  body.only({"payer_category", "plan_name", "valid_from", "settings", "reason"});
  PayerSetting s;
  s.terms = deps->rules->default_terms();
  s.payer_category = body.required("payer_category").string(1, 60).value_or("");
  const auto& known = patients::kPayerCategories;
  if (!s.payer_category.empty() && std::find(std::begin(known), std::end(known), s.payer_category) == std::end(known))
    body.required("payer_category").issue("is no payer category");
  if (const auto plan = body.optional("plan_name").string(0, 200)) s.plan_name = trim(*plan);
  const auto from = body.required("valid_from").date();
  if (from && from->first_of_month() != *from) body.required("valid_from").issue("must be the first day of a month");
  read_terms(body.required("settings"), s.terms);
  s.reason = body.required("reason").string(1, 500).value_or("");
  if (s.terms.family == Family::g0512)
    for (const auto& ended : deps->rules->ended)
      if (ended.code == "G0512" && ended.payer_category == s.payer_category && from && *from >= ended.from)
        issues.add("settings.family", "G0512 ended for this payer on " + ended.from.iso() + " (" + ended.source + ")");
  if (!issues.empty()) return issues.error();
  s.valid_from = *from;
  return Work([deps, asker = Asker(call), s](db::Tx& tx) -> Result<Reply> {
    PayerSetting row = s;
    row.changed_by = asker.caller.user;
    row.changed_at = asker.now;
    for (const auto& before : list_settings(tx, asker.organization(), *deps->rules))
      if (before.payer_category == row.payer_category && before.plan_name == row.plan_name)
        row.version = std::max(row.version, before.version + 1);
    insert(tx, asker.organization(), row, *deps->rules);
    std::string out;
    json::Writer w(out);
    write_setting(*deps, w, tx, asker, row, true);
    Reply reply = http::json_reply(201, std::move(out));
    reply.location = "/api/v1/billing/settings";
    reply.audit_detail = fmt::format("payer={} version={}", row.payer_category, row.version);
    return reply;
  });
}

Result<Work> read_rates(const Kept& deps, const Call&) {
  std::string body;
  json::Writer w(body);
  const Rules& rules = *deps->rules;
  w.object()
      .field("name", rules.name)
      .field("version", rules.version)
      .field("valid_from", rules.valid_from)
      .key("numbers")
      .array();
  for (const auto& p : rules.parameters)
    w.object().field("id", p.id).field("value", p.value).field("unit", p.unit).field("source", p.source).end();
  w.end().key("codes").array();
  for (const auto& code : rules.codes) {
    w.object().field("code", code.code).field("title", code.title).key("rates").array();
    for (const auto& rate : code.rates)
      w.object()
          .field("usd", static_cast<double>(rate.cents) / 100)
          .field("place", rate.place)
          .field("from", rate.from)
          .field("until", rate.until)
          .field("source", rate.source)
          .end();
    w.end().end();
  }
  w.end().key("activities").array();
  for (const auto& activity : rules.activities) {
    if (!activity.offered) continue;
    w.object().field("activity", activity.activity).field("counts", activity.reason == Reason::none).key("reason");
    if (activity.reason == Reason::none) w.null();
    else w.value(name(activity.reason));
    w.end();
  }
  const auto list = [&](std::string_view key, const std::vector<std::string>& codes) {
    w.key(key).array();
    for (const auto& code : codes) w.value(code);
    w.end();
  };
  w.end();
  list("initiating_visit_codes", rules.initiating_visit_codes);
  list("apcm_base_codes", rules.apcm_base_codes);
  list("general_bhi_codes", rules.general_bhi_codes);
  w.end();
  return Work([body = std::move(body)](db::Tx&) -> Result<Reply> { return http::json_reply(200, body); });
}

}  // namespace

std::vector<http::Route> month_routes(const Deps& given) {
  const Kept deps = std::make_shared<const Deps>(given);
  using Step = Result<Work> (*)(const Kept&, const Call&);
  const auto handler = [deps](Step step) -> http::Handler { return [deps, step](const Call& call) { return step(deps, call); }; };
  using http::Method;
  using http::RunAs;
  const std::string base = "/api/v1/billing", month = base + "/months/{month}";
  const std::pair<std::string, std::string> site = {"site", "A site's id; without it your first"};
  const std::string person = R"({"type":["object","null"]}!)";
  const std::string state = http::schema({{"month", "text!"},
                                          {"site_id", "id!"},
                                          {"state", "open|closed!"},
                                          {"closed_at", "instant?!"},
                                          {"closed_by", person},
                                          {"closed_through", "text?!"},
                                          {"can_close", "boolean!"}});
  const std::string patient = http::schema({{"id", "id!"}, {"name", "text!"}});
  const std::string row = http::schema({{"patient", patient + "!"},
                                        {"payer", payer_schema() + "!"},
                                        {"minutes_counted", "integer!"},
                                        {"minutes_not_counted", "integer!"},
                                        {"reasons", "[]" + http::schema({{"reason", "text!"}, {"minutes", "integer!"}}) + "!"},
                                        {"initial", "boolean!"},
                                        {"codes", "[]" + code_schema() + "!"},
                                        {"missing", "[]" + missing_schema() + "!"},
                                        {"next", next_schema() + "!"},
                                        {"near", "boolean!"}});
  const std::string board = http::schema({{"month", "text!"},
                                          {"site_id", "id!"},
                                          {"state", "open|closed!"},
                                          {"closed_at", "instant?!"},
                                          {"closed_by", person},
                                          {"closed_through", "text?!"},
                                          {"can_close", "boolean!"},
                                          {"working_days_left", "integer!"},
                                          {"counts", "object!"},
                                          {"items", "[]" + row + "!"},
                                          {"next", "text?!"}});
  const std::string charge = http::schema({{"id", "id!"},
                                           {"reference", "text!"},
                                           {"patient", patient + "!"},
                                           {"month", "text!"},
                                           {"service_date", "date!"},
                                           {"code", "text!"},
                                           {"units", "integer!"},
                                           {"minutes_counted", "integer!"},
                                           {"payer_category", "text!"},
                                           {"plan_name", "text!"},
                                           {"practitioner", "text!"},
                                           {"confirm", R"({"type":["object","null"]}!)"},
                                           {"missing", "[]text!"},
                                           {"state", "ready|held|declined|exported|voided|credited!"},
                                           {"decided_by", person},
                                           {"decided_at", "instant?!"},
                                           {"decision_reason", "text!"},
                                           {"export_id", R"({"type":["string","null"],"format":"uuid"}!)"},
                                           {"rate", R"({"type":["object","null"]}!)"},
                                           {"version", "integer!"}});
  const std::string batch = http::schema({{"id", "id!"},
                                          {"reference", "text!"},
                                          {"month", "text!"},
                                          {"at", "instant!"},
                                          {"by", person},
                                          {"charges", "integer!"},
                                          {"credits", "integer!"}});
  const std::string setting = http::schema({{"payer_category", "text!"},
                                            {"plan_name", "text?!"},
                                            {"version", "integer!"},
                                            {"valid_from", "date!"},
                                            {"settings", "object!"},
                                            {"reason", "text!"},
                                            {"changed_by", person},
                                            {"changed_at", "instant!"},
                                            {"current", "boolean!"}});
  const std::string site_body = http::schema({{"site_id", "id"}}, true);
  std::vector<http::Route> all;
  const auto add = [&](Method method, std::string pattern, std::string route_name, std::string permission, std::string summary,
                       RunAs run_as, bool creates, std::string request, std::string response, Step step,
                       std::vector<std::pair<std::string, std::string>> query = {}) {
    all.push_back({method, std::move(pattern), std::move(route_name), std::move(permission), std::move(summary), run_as, creates,
                   std::move(request), std::move(response), std::move(query), handler(step)});
  };
  add(Method::get, month, "billing.month", "billing.read", "Everybody's minutes, codes and what is missing in a month",
      RunAs::list, false, "", board, read_board,
      {site,
       {"show", "all, near, missing, proposed or confirm"},
       {"limit", "1 to 200, 50 without it"},
       {"after", "\"next\" of the page before"}});
  add(Method::post, month + "/close", "billing.close", "billing.close", "Closes a month: its minutes do not change any more",
      RunAs::write, false, site_body, state, close_month);
  add(Method::get, month + "/charges", "billing.charges", "billing.read", "Charges of a closed month", RunAs::list, false, "",
      http::list_schema(charge), read_charges,
      {site,
       {"state", "ready, held, declined, exported, voided or credited"},
       {"patient", "A patient's id"},
       {"limit", "1 to 200, 50 without it"},
       {"after", "\"next\" of the page before"}});
  add(Method::post, base + "/charges/{charge_id}/decision", "billing.decide", "billing.close", "Confirms or declines a charge",
      RunAs::write, false, http::schema({{"decision", "confirm|decline!"}, {"reason", "text!"}}, true), charge, decide);
  add(Method::post, month + "/exports", "billing.export", "billing.close", "Hands every ready charge over, once", RunAs::write,
      true, site_body, batch, create_export);
  add(Method::get, month + "/exports", "billing.exports", "billing.read", "Batches that were handed over", RunAs::list, false, "",
      http::list_schema(batch), list_batches, {site});
  add(Method::get, base + "/exports/{export_id}/csv", "billing.export_csv", "billing.close", "A batch as a table", RunAs::list,
      false, "", R"({"type":"string","description":"text/csv"})", read_csv_file);
  add(Method::get, base + "/exports/{export_id}/dft", "billing.export_dft", "billing.close",
      "A batch as HL7 v2.5.1 DFT^P03 messages", RunAs::list, false, "",
      R"({"type":"string","description":"x-application/hl7-v2+er7"})", read_dft_file);
  add(Method::get, month + "/history", "billing.history", "billing.read", "Who closed, reopened and exported a month",
      RunAs::list, false, "",
      http::list_schema(http::schema(
          {{"at", "instant!"}, {"by", person}, {"kind", "close|reopen|export!"}, {"reason", "text!"}, {"detail", "text!"}})),
      read_history, {site});
  add(Method::post, month + "/reopen", "billing.reopen", "billing.close", "Opens a closed month for a correction", RunAs::write,
      false, http::schema({{"site_id", "id"}, {"reason", "text!"}}, true), state, reopen_month);
  add(Method::get, base + "/settings", "billing.settings", "billing.read", "What payers take, every version", RunAs::point, false,
      "", http::list_schema(setting), read_settings);
  add(Method::post, base + "/settings", "billing.set", "billing.close", "A new version of what a payer takes", RunAs::write, true,
      http::schema({{"payer_category", "text!"},
                    {"plan_name", "text?"},
                    {"valid_from", "date!"},
                    {"settings", "object!"},
                    {"reason", "text!"}},
                   true),
      setting, create_setting);
  add(Method::get, base + "/rates", "billing.rates", "billing.read", "Thresholds, codes and rates with their sources",
      RunAs::point, false, "",
      http::schema({{"name", "text!"},
                    {"version", "text!"},
                    {"valid_from", "date!"},
                    {"numbers", "[]object!"},
                    {"codes", "[]object!"},
                    {"activities", "[]object!"},
                    {"initiating_visit_codes", "[]text!"},
                    {"apcm_base_codes", "[]text!"},
                    {"general_bhi_codes", "[]text!"}}),
      read_rates);
  return all;
}

}  // namespace concord::billing
