// The engine against patients by hand (tests/golden/ecqm) and against the second reading: on the same patients, on many small
// changes of each, and on random ones.
#include <gtest/gtest.h>
#include <unistd.h>

#include "ecqm/cases_for_tests.h"
#include "ecqm/made_up.h"
#include "ecqm/run.h"
#include "ecqm/second_reading_for_tests.h"

namespace concord::ecqm::testing {
namespace {

const char* const kMeasures[] = {"cms159", "cms2", "cms128", "cms177"};

const Measure& measure_of(const std::string& id) {
  const Measure* found = find_measure(id);
  if (found == nullptr) throw std::runtime_error("no measure " + id);
  return *found;
}

const Terms& terms_of(const std::string& id) {
  static std::map<std::string, Terms> all;
  if (!all.contains(id)) {
    auto loaded = Terms::load(golden_folder() / "valuesets", measure_of(id).terms);
    if (!loaded) throw std::runtime_error(loaded.error().text);
    all.emplace(id, std::move(*loaded));
  }
  return all.at(id);
}

/// One engine for one measure, used for patient after patient as in a run.
class Engine {
 public:
  explicit Engine(const std::string& measure)
      : measure_(measure_of(measure)), evaluator_(measure_, terms_of(measure), question_) {}

  Said read(const std::string& bundle, const MeasurementPeriod& period, const Switches& switches) {
    question_ = {period, switches};
    evaluator_.bundle(bundle, "case.json", result_);
    Said said;
    if (!result_.errors.empty()) {
      said.stratum = "error";
      for (const auto& i : result_.errors) said.stratum += " " + i.path + ": " + i.text;
      return said;
    }
    const auto& group = result_.groups.at(0);
    static const char* const kWords[] = {"ipop", "denom", "denex", "denexcep", "numer"};
    for (std::size_t i = 0; i < kPopulations.size(); ++i)
      if (group[kPopulations[i]].in()) said.populations[kWords[i]] = group[kPopulations[i]].count;
    if (result_.groups.size() > 1 && result_.groups[1][Population::numerator].in())
      said.populations["numer2"] = result_.groups[1][Population::numerator].count;
    if (group.stratum >= 0) said.stratum = measure_.groups[0].strata.at(static_cast<std::size_t>(group.stratum));
    return said;
  }
  const PatientResult& result() const { return result_; }
  const Measure& measure() const { return measure_; }

 private:
  const Measure& measure_;
  Question question_;
  Evaluator evaluator_;
  PatientResult result_;
};

SecondReading& second() {
  static SecondReading reading(golden_folder() / "valuesets");
  return reading;
}

class PatientsByHand : public ::testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(Ecqm, PatientsByHand, ::testing::ValuesIn(kMeasures),
                         [](const auto& one) { return std::string(one.param); });

TEST_P(PatientsByHand, AreWhereTheTableSays) {
  Engine engine(GetParam());
  for (const Case& c : cases_of(GetParam())) {
    const std::string text = c.bundle();
    const auto document = json::Document::parse(text);
    ASSERT_TRUE(document) << c.name;
    const Said expected{c.populations, c.stratum};
    EXPECT_EQ(engine.read(text, c.period, c.switches).text(), expected.text()) << c.name << ": " << c.why;
    EXPECT_EQ(second().read(c.measure, document->root(), c.period, c.switches).text(), expected.text())
        << "second reading, " << c.name;
  }
}

TEST_P(PatientsByHand, EveryPlaceInAPopulationHasAReasonWithWords) {
  Engine engine(GetParam());
  for (const Case& c : cases_of(GetParam())) {
    const std::string text = c.bundle();
    engine.read(text, c.period, c.switches);
    for (const auto& group : engine.result().groups)
      for (const Population p : kPopulations) {
        EXPECT_FALSE(group[p].reason.empty()) << c.name << " " << name_of(p);
        EXPECT_FALSE(engine.measure().words(group[p].reason).empty()) << c.name << " " << group[p].reason;
      }
  }
}

TEST_P(PatientsByHand, StayWhereTheSecondReadingSaysAfterAnySmallChange) {
  Engine engine(GetParam());
  Mutator mutator(20260'1122);
  int moved = 0, disagreed = 0;
  const auto cases = cases_of(GetParam());
  const std::size_t changes = 6000 / cases.size();
  for (const Case& original : cases)
    for (std::size_t i = 0; i < changes && disagreed < 5; ++i) {
      Case c = original;
      mutator.mutate(c.resources);
      const std::string text = c.bundle();
      const auto document = json::Document::parse(text);
      ASSERT_TRUE(document);
      const Said ours = engine.read(text, c.period, c.switches);
      const Said theirs = second().read(c.measure, document->root(), c.period, c.switches);
      if (ours != theirs) {
        ++disagreed;
        ADD_FAILURE() << c.name << "\nengine: " << ours.text() << "\nsecond: " << theirs.text() << "\n" << text;
      }
      moved += ours != Said{original.populations, original.stratum};
    }
  EXPECT_GT(moved, 200) << "changes that change nothing prove nothing";
}

/// A patient put together at random from the resources of the cases, dates thrown around the borders.
Case random_patient(const std::vector<Case>& cases, Mutator& mutator) {
  Random& random = mutator.random();
  Case c = random.pick(cases);
  for (auto more = random.integer(1, 4); more > 0; --more) {
    const Case& other = random.pick(cases);
    const Resource& r = random.pick(other.resources);
    if (r.body.find("resourceType")->text == "Patient") continue;
    Resource copy = r;
    copy.body.set("id", Node::string("r" + std::to_string(c.resources.size())));
    copy.body.erase("subject");
    c.resources.push_back(std::move(copy));
  }
  if (random.chance(0.15)) c.switches.null_prevalence_is_ongoing = !c.switches.null_prevalence_is_ongoing;
  if (random.chance(0.15)) c.switches.order_without_supply_counts = !c.switches.order_without_supply_counts;
  if (random.chance(0.15)) c.switches.tie = Switches::Tie::last_listed;
  if (random.chance(0.05)) c.switches.trust_meta_profile = true;
  if (random.chance(0.7)) mutator.mutate(c.resources);
  return c;
}

TEST(Ecqm, TenThousandRandomPatientsAreReadAlikeTwice) {
  int disagreed = 0;
  std::map<std::string, int> seen;
  for (const char* const id : kMeasures) {
    Engine engine(id);
    Mutator mutator(7);
    const auto cases = cases_of(id);
    const int patients = std::string(id) == "cms159" || std::string(id) == "cms2" ? 4000 : 1000;
    for (int i = 0; i < patients && disagreed < 5; ++i) {
      const Case c = random_patient(cases, mutator);
      const std::string text = c.bundle();
      const auto document = json::Document::parse(text);
      ASSERT_TRUE(document);
      const Said ours = engine.read(text, c.period, c.switches);
      const Said theirs = second().read(id, document->root(), c.period, c.switches);
      if (ours != theirs) {
        ++disagreed;
        ADD_FAILURE() << id << " " << c.name << "\nengine: " << ours.text() << "\nsecond: " << theirs.text() << "\n" << text;
      }
      ++seen[std::string(id) + " " + ours.text()];
    }
  }
  // Every place must have been reached often enough to mean something.
  for (const char* const place :
       {"cms159 ", "cms159 ipop denom 18+", "cms159 ipop denom numer 18+", "cms159 ipop denom denex 18+", "cms2 ",
        "cms2 ipop denom", "cms2 ipop denom numer", "cms2 ipop denom denex", "cms2 ipop denom denexcep",
        "cms128 ipop denom denex", "cms128 ipop denom numer numer2", "cms177 ipop denom numer"})
    EXPECT_GT(seen[place], 30) << place;
}

TEST(Ecqm, MadeUpPatientsOfTheBenchAreReadAlikeTwice) {
  for (const char* const id : {"cms159", "cms2"}) {
    const auto folder = std::filesystem::temp_directory_path() / ("concord-made-up-" + std::to_string(::getpid()));
    std::filesystem::remove_all(folder);
    ASSERT_TRUE(write_made_up_value_sets(folder, measure_of(id)));
    SecondReading reading(folder);
    const auto terms = Terms::load(folder, measure_of(id).terms);
    std::filesystem::remove_all(folder);
    ASSERT_TRUE(terms) << terms.error().text;
    const Question question{MeasurementPeriod::parse("2026").value(), {}};
    Evaluator evaluator(measure_of(id), *terms, question);
    PatientResult result;
    int numerators = 0;
    for (std::uint64_t number = 0; number < 2000; ++number) {
      std::string text;
      append_made_up_patient(text, number);
      evaluator.bundle(text, "made-up.json", result);
      ASSERT_TRUE(result.errors.empty()) << number;
      const auto document = json::Document::parse(text);
      ASSERT_TRUE(document);
      const Said theirs = reading.read(id, document->root(), question.period, question.switches);
      const auto in = [&](const char* word) { return theirs.populations.contains(word); };
      ASSERT_EQ(result.groups[0][Population::denominator].in(), in("denom")) << id << " " << text;
      ASSERT_EQ(result.groups[0][Population::denominator_exclusion].in(), in("denex")) << id << " " << text;
      ASSERT_EQ(result.groups[0][Population::denominator_exception].in(), in("denexcep")) << id << " " << text;
      ASSERT_EQ(result.groups[0][Population::numerator].in(), in("numer")) << id << " " << text;
      numerators += in("numer");
    }
    EXPECT_GT(numerators, 50) << id;
  }
}

}  // namespace
}  // namespace concord::ecqm::testing
