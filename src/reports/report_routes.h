// The handlers of reports_api.h, each in the file named above it.
#pragma once

#include "reports/scene.h"

namespace concord::reports {

using http::Call;
using http::Reply;
using http::Work;

// dashboard_api.cpp
Result<Work> read_dashboard(const Kept& shared, const Call& call);

// figure_api.cpp
inline constexpr std::size_t kFirstStep = static_cast<std::size_t>(measures::Figure::funnel_screened);
Result<measures::Figure> figure_of(const Call& call);  ///< of the path
Result<Work> list_figures(const Kept& shared, const Call& call);
Result<Work> read_figure(const Kept& shared, const Call& call);
Result<Work> read_funnel(const Kept& shared, const Call& call);

// figure_patients_api.cpp
std::string_view word(measures::Place place);
Result<Work> list_patients(const Kept& shared, const Call& call);
Result<Work> export_patients_csv(const Kept& shared, const Call& call);
Result<Work> export_patients_xlsx(const Kept& shared, const Call& call);

// costs_api.cpp
Result<Work> read_costs(const Kept& shared, const Call& call);
Result<Work> read_benchmarks(const Kept& shared, const Call& call);
Result<Work> read_assumptions(const Kept& shared, const Call& call);
Result<Work> write_assumptions(const Kept& shared, const Call& call);

// annotations_api.cpp
Result<Work> list_annotations(const Kept& shared, const Call& call);
Result<Work> create_annotation(const Kept& shared, const Call& call);
Result<Work> end_annotation(const Kept& shared, const Call& call);

// letter_api.cpp
Result<Work> read_letter(const Kept& shared, const Call& call);

// export_api.cpp
Result<Work> export_csv(const Kept& shared, const Call& call);
Result<Work> export_xlsx(const Kept& shared, const Call& call);

}  // namespace concord::reports
