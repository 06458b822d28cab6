// `concord content check`: the build check of every word a patient reads (education/content_check.h).
#include <cstdio>
#include <fstream>

#include "app/cli.h"
#include "education/content_check.h"
#include "json/data_files.h"

namespace concord::app {
namespace {

/// Writes the measured reading age into the front matter of each piece: "reading_age: 10".
int write_ages(const std::filesystem::path& root, const education::CheckReport& report) {
  int changed = 0;
  for (const auto& row : report.rows) {
    if (!row.file.ends_with(".md")) continue;
    std::string text = json::read_file(root / row.file).value_or("");
    const auto at = text.find("\nreading_age:");
    if (at == std::string::npos) continue;
    const auto end = text.find('\n', at + 1);
    const std::string line = "\nreading_age: " + std::to_string(row.reading.age);
    if (text.compare(at, end - at, line) == 0) continue;
    text.replace(at, end - at, line);
    std::ofstream(root / row.file, std::ios::binary) << text;
    ++changed;
  }
  return changed;
}

}  // namespace

void add_content_command(CLI::App& app, CommandLine& line) {
  auto* content = app.add_subcommand("content", "Words that patients read");
  content->require_subcommand(1);
  content->footer("Example:\n  concord content check --release");
  auto* check = content->add_subcommand(
      "check", "Measures every text, looks for words that must not be there and for languages that are missing");
  struct Options {
    bool json = false, release = false, write_ages = false;
  };
  const auto options = std::make_shared<Options>();
  check->add_flag("--json", options->json, "For programs");
  check->add_flag("--release", options->release, "Also fail for texts that no person has reviewed");
  check->add_flag("--write-ages", options->write_ages, "Write the measured reading age into the pieces");
  check->callback([&line, options] {
    const auto config = line.config();
    if (!config) return line.failed(config.error());
    education::CheckOptions what;
    what.root = config->data_folder;
    if (!config->own_content.empty()) what.own = std::filesystem::path(config->own_content) / "education";
    what.release = options->release;
    auto report = education::check_content(what);
    if (report && options->write_ages && write_ages(what.root, *report) > 0) report = education::check_content(what);
    if (!report) return line.failed(report.error());
    std::string out;
    if (options->json) {
      json::Writer w(out);
      education::write(w, *report);
      out += "\n";
    } else {
      out = education::table_of(*report);
    }
    std::fputs(out.c_str(), stdout);
    if (!report->ok()) line.exit_code = kExitFailed;
  });
}

}  // namespace concord::app
