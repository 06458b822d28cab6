// How mail and SMS leave, made from the configuration.
#pragma once

#include "app/config.h"
#include "app/slices.h"
#include "messaging/messaging.h"

namespace concord::app {

struct Transports {
  messaging::Transport mail, sms;  ///< always there; one that is not set up says so
  bool mail_is_set_up = false, sms_is_set_up = false;
  int connections = 4;    ///< for messages to patients, of each channel
  std::string sms_token;  ///< what the gateway signs its calls with
};
/// Reads password and token files. bad_config names the setting that is missing or wrong.
Result<Transports> make_transports(const MessageOptions& options);
SliceSettings slice_settings(const Config& config, const Transports& transports);

}  // namespace concord::app
