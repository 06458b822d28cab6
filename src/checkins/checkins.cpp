#include "checkins/checkins.h"

#include <algorithm>
#include <array>

#include "instruments/score.h"

namespace concord::checkins {
namespace {

constexpr std::array<std::string_view, 4> kChannels = {"link", "qr", "kiosk", "portal"};

const Kept* find_kept(std::span<const Kept> kept, std::string_view instrument, std::string_view item) {
  for (const auto& k : kept)
    if (k.instrument == instrument && k.item == item) return &k;
  return nullptr;
}

/// True for each item that is asked, given the answers so far.
std::vector<bool> asked_items(const instruments::Instrument& in, std::span<const Kept> kept) {
  std::vector<bool> asked(in.items.size(), true);
  for (const auto& gate : in.gates) {
    const bool closed = std::all_of(gate.when.begin(), gate.when.end(), [&](const auto& when) {
      const auto* k = find_kept(kept, in.id, in.items[static_cast<std::size_t>(when.item)].link_id);
      return k && k->value == when.points;
    });
    if (!closed) continue;
    for (const int item : gate.skips) asked[static_cast<std::size_t>(item)] = false;
  }
  return asked;
}

bool may_skip(const instruments::Instrument& in, int item, int other_blanks) {
  const auto& it = in.items[static_cast<std::size_t>(item)];
  if (!it.required) return true;
  if (in.missing == instruments::MissingRule::all_required) return false;
  if (std::find(in.never_blank.begin(), in.never_blank.end(), item) != in.never_blank.end()) return false;
  return other_blanks < in.max_blank;
}

}  // namespace

std::string_view name(Channel channel) { return kChannels[static_cast<std::size_t>(channel)]; }

std::optional<Channel> channel_named(std::string_view name) {
  for (std::size_t i = 0; i < kChannels.size(); ++i)
    if (kChannels[i] == name) return static_cast<Channel>(i);
  return std::nullopt;
}

std::string_view mode_of(Channel channel) {
  if (channel == Channel::kiosk) return "tablet";
  return channel == Channel::portal ? "portal" : "link";
}

std::string_view state_at(const CheckIn& c, Instant now) {
  if (!c.ended_at && now >= c.expires_at) return "expired";
  return c.state;
}

bool is_open(const CheckIn& c, Instant now) { return !c.ended_at && now < c.expires_at; }

std::vector<Question> questions(const instruments::Library& library, const CheckIn& check_in, std::span<const Kept> kept) {
  std::vector<Question> all;
  for (const auto& form : check_in.forms) {
    if (form.measurement) continue;
    const auto* in = library.find(form.instrument);
    if (!in) continue;  // taken out of the library since
    const auto asked = asked_items(*in, kept);
    int blanks = 0;
    for (std::size_t i = 0; i < in->items.size(); ++i) {
      if (!asked[i] || !in->items[i].required) continue;
      const auto* k = find_kept(kept, in->id, in->items[i].link_id);
      if (k && !k->value) ++blanks;
    }
    bool first = true;
    for (std::size_t i = 0; i < in->items.size(); ++i) {
      if (!asked[i]) continue;
      const auto* k = find_kept(kept, in->id, in->items[i].link_id);
      const bool is_blank = in->items[i].required && k && !k->value;
      Question q;
      q.instrument = in;
      q.informant = form.informant;
      q.item = static_cast<int>(i);
      q.first = first;
      q.may_skip = may_skip(*in, q.item, blanks - (is_blank ? 1 : 0));
      first = false;
      all.push_back(std::move(q));
    }
  }
  for (std::size_t i = 0; i < all.size(); ++i) {
    all[i].number = static_cast<int>(i) + 1;
    all[i].of = static_cast<int>(all.size());
  }
  return all;
}

const Kept* kept_for(std::span<const Kept> kept, const Question& q) {
  return find_kept(kept, q.instrument->id, q.asked().link_id);
}

std::optional<std::size_t> first_open(std::span<const Question> questions, std::span<const Kept> kept) {
  for (std::size_t i = 0; i < questions.size(); ++i) {
    const auto* k = kept_for(kept, questions[i]);
    if (!k || (!k->value && !questions[i].may_skip)) return i;
  }
  return std::nullopt;
}

std::vector<measurements::Answer> answers_of(const instruments::Instrument& in, std::span<const Kept> kept) {
  const auto asked = asked_items(in, kept);
  std::vector<measurements::Answer> answers;
  for (std::size_t i = 0; i < in.items.size(); ++i) {
    const auto* k = asked[i] ? find_kept(kept, in.id, in.items[i].link_id) : nullptr;
    if (!k && !in.items[i].required) continue;
    answers.push_back({in.items[i].link_id, k ? k->value : std::nullopt});
  }
  return answers;
}

std::optional<Form> form_named(const instruments::Library& library, std::string_view text, const std::string& path,
                               std::vector<Issue>& issues) {
  static constexpr std::array<std::string_view, 4> kPeople = {"self", "child", "parent", "caregiver"};
  const auto colon = text.find(':');
  const auto found = library.lookup(text.substr(0, colon));
  const auto refuse = [&](std::string why) {
    issues.push_back({path, std::move(why)});
    return std::nullopt;
  };
  if (!found) return refuse("is not an instrument Concord knows");
  const auto& in = *found->instrument;
  Form form;
  form.instrument = in.id;
  form.informant = colon == std::string_view::npos ? found->informant : std::string(text.substr(colon + 1));
  if (form.informant.empty()) form.informant = in.informants.front();
  if (!in.has_informant(form.informant)) return refuse("is not filled in by that person");
  if (std::find(kPeople.begin(), kPeople.end(), form.informant) == kPeople.end())
    return refuse("is filled in by staff or a teacher, not by the patient's side");
  const bool has_words =
      in.entry == instruments::Entry::items &&
      std::all_of(in.items.begin(), in.items.end(), [](const auto& item) { return !item.text.empty() && !item.options.empty(); });
  if (!has_words) return refuse("has no wording here that could be shown: enter it from the paper form");
  if (in.method == instruments::Method::worst_level) return refuse("is asked by a clinician, face to face or by phone");
  return form;
}

std::string receipt_of(const Uuid& random) {
  static constexpr std::string_view kLetters = "23456789BCDFGHJKMNPQRTVWXY";
  std::string code;
  for (std::size_t i = 0; i < 8; ++i) {
    if (i == 4) code += '-';
    code += kLetters[random.bytes[8 + i] % kLetters.size()];
  }
  return code;
}

}  // namespace concord::checkins
