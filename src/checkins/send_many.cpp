#include "checkins/send_many.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/check.h"
#include "checkins/checkins_store.h"
#include "checkins/secret.h"

namespace concord::checkins {
namespace {

/// The questionnaires as forms; the same for everybody who is asked for the same ones.
struct Forms {
  std::vector<Form> forms;
  std::vector<Issue> issues;
};

}  // namespace

std::vector<Result<Sent>> send_many(const Deps& deps, const AddresseesOf& addressees, const messaging::TellPatients& tell,
                                    db::Tx& tx, OrganizationId organization, std::span<const NewCheckIn> wanted, Instant now) {
  const auto refused = [](ErrorCode code, const char* text) -> Result<Sent> { return fail(code, text); };
  std::vector<Result<Sent>> answers(wanted.size(), refused(ErrorCode::conflict, "There is no way to write to this patient."));
  if (wanted.empty()) return answers;
  const auto [first, last] =
      std::minmax_element(wanted.begin(), wanted.end(), [](const auto& a, const auto& b) { return a.patient < b.patient; });
  const auto people = addressees(tx, organization, first->patient, last->patient);
  std::set<PatientId> has_open, maybe_doubted;
  for (const auto& [patient, is_open] : list_in_the_way(tx, organization, first->patient, last->patient))
    (is_open ? has_open : maybe_doubted).insert(patient);

  std::map<std::pair<SiteId, std::vector<std::string>>, Forms> known;
  const auto forms_of = [&](SiteId site, const std::vector<std::string>& names) -> const Forms& {
    const auto [found, is_new] = known.try_emplace({site, names});
    if (!is_new) return found->second;
    auto& [forms, issues] = found->second;
    if (names.empty()) issues.push_back({"instruments", "must name one at least"});
    for (std::size_t i = 0; i < names.size(); ++i) {
      const std::string path = "instruments[" + std::to_string(i) + "]";
      auto form = form_named(*deps.library, names[i], path, issues);
      if (!form) continue;
      if (deps.library->find(form->instrument)->permission == instruments::Permission::opt_in &&
          !(deps.permitted && deps.permitted(tx, organization, site, form->instrument)))
        issues.push_back({path, "needs a permission that this site has not recorded"});
      forms.push_back(std::move(*form));
    }
    return found->second;
  };

  std::vector<CheckIn> made;
  std::vector<std::string> secrets;
  std::vector<messaging::ToPatient> messages;
  std::vector<std::size_t> at;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const auto& w = wanted[i];
    CHECK(w.channel == Channel::link);
    const auto who = std::lower_bound(people.begin(), people.end(), w.patient,
                                      [](const Addressee& a, PatientId id) { return a.patient < id; });
    if (who == people.end() || who->patient != w.patient || who->deceased) continue;
    const Forms& forms = forms_of(who->site, w.instruments);
    if (!forms.issues.empty()) {
      answers[i] = Result<Sent>(fail(ErrorCode::invalid, "The questionnaires cannot be sent.", forms.issues));
      continue;
    }
    if (!w.by && maybe_doubted.contains(w.patient) && is_address_doubted(tx, organization, w.patient)) {
      answers[i] = refused(ErrorCode::conflict, "The last link reached somebody else. A member of the staff must look first.");
      continue;
    }
    CheckIn c;
    c.id = CheckInId(deps.chart->ids->next());
    c.patient = w.patient;
    c.site = who->site;
    c.channel = w.channel;
    c.why = w.why;
    c.state = "sent";
    c.language = w.language.value_or(who->language.value_or("en")).starts_with("es") ? "es" : "en";
    c.forms = forms.forms;
    c.due = w.due;
    c.asks_birth_date = deps.settings.ask_birth_date && who->has_birth_date;
    c.made_at = now;
    c.made_by = w.by;
    c.on_behalf_by = w.on_behalf_by;
    c.sent_at = now;
    c.expires_at = now + std::chrono::hours(24 * deps.settings.link_days);
    secrets.push_back(new_link_secret(deps));
    messaging::ToPatient to;
    to.patient = w.patient;
    to.kind = w.text;
    to.path = "/c/" + secrets.back();
    to.object = c.id.uuid;
    messages.push_back(std::move(to));
    made.push_back(std::move(c));
    at.push_back(i);
  }
  // Told first: a check-in that nobody hears of is not made.
  const auto told = tell(tx, organization, messages);
  std::vector<CheckIn> kept;
  std::vector<std::string> hashes;
  for (std::size_t i = 0; i < made.size(); ++i) {
    if (told[i].empty()) continue;
    const Place place{made[i].patient, made[i].site, {}, {}};
    if (has_open.contains(made[i].patient))
      for (const auto& old : list_open(tx, organization, made[i].patient))
        revoke(deps, tx, organization, place, old, "replaced", made[i].made_by, now);
    answers[at[i]] = Sent{made[i].id, {}, made[i].expires_at};
    hashes.push_back(deps.token_hash(secrets[i]));
    kept.push_back(std::move(made[i]));
  }
  insert_all(tx, organization, kept, hashes);
  return answers;
}

Result<Sent> resend_one(const Deps& deps, db::Tx& tx, OrganizationId organization, CheckInId check_in, Instant now,
                        const std::string& text) {
  const auto found = find(tx, organization, check_in);
  if (!found) return http::not_found();
  return resend(deps, tx, organization, *found, now, text);
}

}  // namespace concord::checkins
