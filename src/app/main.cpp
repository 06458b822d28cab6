// Entry point. Read next: cli.h (commands), application.h (how the server is wired).
#include "app/cli.h"

int main(int argc, char** argv) {
  const concord::app::SystemClock clock;
  return concord::app::run_command_line(argc, argv, clock);
}
