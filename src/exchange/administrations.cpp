#include "exchange/administrations.h"

#include <algorithm>
#include <numeric>
#include <unordered_map>

#include "base/text.h"

namespace concord::exchange {

using instruments::Instrument;

CodeIndex::CodeIndex(const instruments::Library& library) : library_(library) {
  for (const Instrument* instrument : library.all()) {
    for (std::size_t i = 0; i < instrument->items.size(); ++i)
      if (const auto& code = instrument->items[i].code; !code.empty()) items_[code].push_back({instrument, static_cast<int>(i)});
    for (const auto& also : instrument->also_items) items_[also.code].push_back({instrument, also.item});
  }
}

const std::vector<CodeIndex::Use>* CodeIndex::item(std::string_view code) const {
  auto found = items_.find(code);
  return found == items_.end() ? nullptr : &found->second;
}

const Instrument* CodeIndex::covering(const std::vector<std::string_view>& codes) const {
  const Instrument* best = nullptr;
  if (codes.empty()) return nullptr;
  const auto* first = item(codes.front());
  if (first == nullptr) return nullptr;
  for (const auto& use : *first) {
    const bool all =
        std::all_of(codes.begin(), codes.end(), [&](std::string_view code) { return use.instrument->item_by_code(code) >= 0; });
    if (all && (best == nullptr || use.instrument->items.size() < best->items.size())) best = use.instrument;
  }
  return best;
}

Digest Fragment::digest() const {
  Content c;
  c.add(patient).add(instrument == nullptr ? std::string_view() : std::string_view(instrument->id)).add(informant).add(language);
  c.add(at).add(date).add(has_time).add(total);
  for (const auto& a : answers) c.add(a.item_code).add(a.item).add(a.answer_code).add(a.answer_text).add(a.points);
  for (const auto& link : links) c.add(link);
  return c.digest();
}

namespace {

struct Groups {
  std::vector<std::size_t> parent;
  explicit Groups(std::size_t n) : parent(n) { std::iota(parent.begin(), parent.end(), 0); }
  std::size_t find(std::size_t i) {
    while (parent[i] != i) i = parent[i] = parent[parent[i]];
    return i;
  }
  void join(std::size_t a, std::size_t b) {
    a = find(a);
    b = find(b);
    if (a != b) parent[std::max(a, b)] = std::min(a, b);
  }
};

std::string moment_key(const Fragment& f, bool by_day) {
  std::string key(reinterpret_cast<const char*>(f.patient.uuid.bytes.data()), 16);
  key += by_day ? f.date.iso() : iso(std::chrono::floor<std::chrono::seconds>(f.at));
  return key;
}

std::string form_key(const Fragment& f, bool by_day) {
  return moment_key(f, by_day) + '|' + f.instrument->id + '|' + f.informant;
}

/// Points of a coded answer for an item of the instrument; nullopt when it is no answer of that item.
std::optional<double> points_of(const Instrument& instrument, int item, const CodedAnswer& answer) {
  if (!answer.answer_code.empty())
    if (auto points = instrument.points_of(item, answer.answer_code)) return points;
  if (answer.points) return answer.points;
  if (answer.answer_text.empty()) return std::nullopt;
  const auto said = fold(answer.answer_text);
  for (const auto& option : instrument.items[static_cast<std::size_t>(item)].options)
    if (fold(option.label) == said || (!option.label_es.empty() && fold(option.label_es) == said)) return option.points;
  return std::nullopt;
}

}  // namespace

Administrations merge(std::vector<Fragment> fragments, const CodeIndex& codes, OrganizationId organization,
                      std::string_view source, Date today) {
  Administrations out;
  std::unordered_map<std::string, std::size_t> by_key;
  for (std::size_t i = 0; i < fragments.size(); ++i) by_key.emplace(fragments[i].key, i);

  // Single answers: to the form that names them, else to every form of that patient and moment that has such
  // an item, else they make a form of their own.
  std::unordered_map<std::string, std::vector<std::size_t>> forms_at, loose_at;
  std::vector<std::vector<std::size_t>> members(fragments.size());
  std::vector<bool> placed(fragments.size(), false);
  auto is_item = [&](std::size_t i) { return fragments[i].kind == Fragment::Kind::item; };
  auto fits = [&](std::size_t form, std::size_t single) {
    return fragments[form].patient == fragments[single].patient && fragments[form].instrument != nullptr &&
           fragments[form].instrument->item_by_code(fragments[single].answers.front().item_code) >= 0;
  };
  for (std::size_t i = 0; i < fragments.size(); ++i) {
    for (const auto& link : fragments[i].links) {
      auto found = by_key.find(link);
      if (found == by_key.end()) continue;
      const std::size_t other = found->second;
      if (!is_item(i) && is_item(other) && fits(i, other)) members[i].push_back(other), placed[other] = true;
      if (is_item(i) && !is_item(other) && fits(other, i)) members[other].push_back(i), placed[i] = true;
    }
    if (!is_item(i)) forms_at[moment_key(fragments[i], !fragments[i].has_time)].push_back(i);
  }
  for (std::size_t i = 0; i < fragments.size(); ++i) {
    if (!is_item(i) || placed[i]) continue;
    const auto key = moment_key(fragments[i], !fragments[i].has_time);
    if (auto found = forms_at.find(key); found != forms_at.end())
      for (std::size_t form : found->second)
        if (fits(form, i)) members[form].push_back(i), placed[i] = true;
    if (!placed[i]) loose_at[key].push_back(i);
  }
  std::vector<std::string> loose_keys;
  for (const auto& [key, list] : loose_at) loose_keys.push_back(key);
  std::sort(loose_keys.begin(), loose_keys.end());
  for (const auto& key : loose_keys) {
    auto left = loose_at[key];
    while (!left.empty()) {
      // The form that explains most of what is left; of equals, the smallest.
      std::map<const Instrument*, std::size_t> counts;
      for (std::size_t i : left)
        for (const auto& use : *codes.item(fragments[i].answers.front().item_code)) ++counts[use.instrument];
      const Instrument* best = nullptr;
      for (const Instrument* one : codes.library().all()) {
        if (counts.count(one) == 0) continue;
        if (best == nullptr || counts[one] > counts[best] ||
            (counts[one] == counts[best] && one->items.size() < best->items.size()))
          best = one;
      }
      Fragment form = fragments[left.front()];
      form.kind = Fragment::Kind::panel;
      form.key.clear();
      form.instrument = best;
      form.informant = best->informants.empty() ? "" : best->informants.front();
      form.answers.clear();
      form.links.clear();
      std::vector<std::size_t> mine, rest;
      for (std::size_t i : left) (best->item_by_code(fragments[i].answers.front().item_code) >= 0 ? mine : rest).push_back(i);
      fragments.push_back(std::move(form));
      members.push_back(std::move(mine));
      left = std::move(rest);
    }
  }

  // Forms of one administration.
  Groups groups(fragments.size());
  std::unordered_map<std::string, std::size_t> first_at;
  std::unordered_map<std::string, std::vector<std::size_t>> on_day;
  for (std::size_t i = 0; i < fragments.size(); ++i) {
    auto& f = fragments[i];
    if (is_item(i)) continue;
    if (f.informant.empty() && !f.instrument->informants.empty()) f.informant = f.instrument->informants.front();
    if (f.has_time) {
      auto [at, fresh] = first_at.try_emplace(form_key(f, false), i);
      if (!fresh) groups.join(at->second, i);
    }
    on_day[form_key(f, true)].push_back(i);
    for (const auto& link : f.links) {
      auto found = by_key.find(link);
      if (found == by_key.end() || is_item(found->second)) continue;
      const auto& other = fragments[found->second];
      if (other.instrument == f.instrument && other.patient == f.patient) groups.join(found->second, i);
    }
  }
  // One of the same day without a time of day is the same one, when there is only one it can be.
  for (const auto& [key, list] : on_day) {
    std::vector<std::size_t> dated;
    std::vector<std::size_t> timed;
    for (std::size_t i : list)
      if (fragments[i].has_time) {
        if (std::find(timed.begin(), timed.end(), groups.find(i)) == timed.end()) timed.push_back(groups.find(i));
      } else {
        dated.push_back(i);
      }
    for (std::size_t i = 1; i < dated.size(); ++i) groups.join(dated[0], dated[i]);
    if (!dated.empty() && timed.size() == 1) groups.join(dated[0], timed[0]);
  }
  std::map<std::size_t, std::vector<std::size_t>> grouped;
  for (std::size_t i = 0; i < fragments.size(); ++i)
    if (!is_item(i)) grouped[groups.find(i)].push_back(i);

  for (const auto& [root, list] : grouped) {
    // The response says most; then whatever has a time of day.
    std::size_t lead = list.front();
    auto weight = [&](std::size_t i) {
      const auto& f = fragments[i];
      return (f.kind == Fragment::Kind::response ? 4 : 0) + (f.has_time ? 2 : 0) + (f.answers.empty() ? 0 : 1);
    };
    for (std::size_t i : list)
      if (weight(i) > weight(lead)) lead = i;
    const Fragment& chief = fragments[lead];
    const Instrument& instrument = *chief.instrument;

    GivenForm form;
    form.instrument = &instrument;
    form.informant = chief.informant;
    Administration administration;
    administration.place = chief.place;
    std::vector<Issue> issues;
    std::vector<bool> known(instrument.items.size(), false);
    auto take = [&](const CodedAnswer& answer) {
      const int item = answer.item >= 0 ? answer.item : instrument.item_by_code(answer.item_code);
      if (item < 0 || known[static_cast<std::size_t>(item)]) return;
      known[static_cast<std::size_t>(item)] = true;
      auto points = points_of(instrument, item, answer);
      if (!points) {
        issues.push_back(
            {answer.path, "is no answer of " + instrument.id + " " + instrument.items[static_cast<std::size_t>(item)].link_id});
        return;
      }
      form.answers.push_back({item, points});
    };
    bool own_total = false;
    auto read = [&](std::size_t i) {
      const auto& f = fragments[i];
      if (!f.key.empty()) administration.parts.push_back({f.key, f.digest()});
      for (const auto& answer : f.answers) take(answer);
      if (f.total && (!form.total || (!own_total && f.kind != Fragment::Kind::response))) {
        form.total = f.total;
        own_total = f.kind != Fragment::Kind::response;
      }
    };
    read(lead);
    for (std::size_t i : list)
      if (i != lead) read(i);
    for (std::size_t i : list)
      for (std::size_t single : members[i]) {
        for (const auto& answer : fragments[single].answers) take(answer);
        // One answer may stand in two forms (PHQ-2 and PHQ-9): each keeps its own key for it.
        administration.parts.push_back({fragments[single].key + "#" + instrument.id, fragments[single].digest()});
      }
    std::sort(form.answers.begin(), form.answers.end(), [](const auto& a, const auto& b) { return a.item < b.item; });
    std::sort(administration.parts.begin(), administration.parts.end(),
              [](const auto& a, const auto& b) { return a.key < b.key; });
    administration.parts.erase(std::unique(administration.parts.begin(), administration.parts.end(),
                                           [](const auto& a, const auto& b) { return a.key == b.key; }),
                               administration.parts.end());
    const bool has_response =
        std::any_of(list.begin(), list.end(), [&](std::size_t i) { return fragments[i].kind == Fragment::Kind::response; });
    form.total_stands_alone = own_total && !has_response;

    if (issues.empty()) {
      auto scored = score_form(form);
      if (scored) {
        auto& m = scored->row;
        m.patient = chief.patient;
        m.administered_at = chief.at;
        m.administered_date = chief.date;
        m.entered_at = chief.at;
        if (!chief.language.empty()) m.language = chief.language;
        m.source = "fhir";
        if (scored->total_disagrees) ++out.totals_not_trusted;
        const std::string key =
            "administration:" + m.patient.text() + "|" + m.instrument + "|" + m.informant + "|" + iso(m.administered_at);
        m.id = measurements::MeasurementId(row_id(organization, source, "measurement", key));
        if (m.safety == "positive" && today - m.administered_date <= kSafetyEventDays) {
          safety::SafetyEvent e;
          e.id = safety::SafetyEventId(row_id(organization, source, "safety_event", "measurement:" + m.id.text()));
          e.patient = m.patient;
          e.signalled_at = m.administered_at;
          e.signalled_date = m.administered_date;
          e.signal = safety_signal_text(m.instrument, scored->signals);
          e.measurement = m.id;
          e.due_at = e.signalled_at + std::chrono::hours(24);
          out.safety_events.push_back(std::move(e));
        }
        administration.row = std::move(m);
        out.list.push_back(std::move(administration));
        continue;
      }
      issues = scored.error().issues;
      if (issues.empty()) issues.push_back({"", scored.error().text});
      for (auto& issue : issues) {
        if (issue.text.empty()) issue.text = scored.error().text;
        issue.text = instrument.id + ": " + (issue.path.empty() ? "" : issue.path + " ") + issue.text;
        issue.path = chief.path;
      }
    }
    for (auto& issue : issues) {
      out.rejected.push_back({"", chief.place.line, issue.path.empty() ? chief.path : issue.path, issue.text});
      out.rejected_at.push_back(chief.place);
    }
  }
  return out;
}

}  // namespace concord::exchange
