#include "audit/audit.h"

#include <sodium.h>

#include <cstring>

namespace concord::audit {
namespace {

// Length-prefixed, so that no two different entries have the same bytes.
class Canonical {
 public:
  void bytes(const void* data, std::size_t size) {
    const auto length = static_cast<std::uint64_t>(size);
    buffer_.append(reinterpret_cast<const char*>(&length), sizeof length);
    buffer_.append(static_cast<const char*>(data), size);
  }
  void text(std::string_view t) { bytes(t.data(), t.size()); }
  void number(std::int64_t n) { bytes(&n, sizeof n); }
  void id(const std::optional<Uuid>& id) {
    if (id) bytes(id->bytes.data(), id->bytes.size());
    else bytes(nullptr, 0);
  }
  Hash hash() const {
    Hash out;
    crypto_generichash(out.data(), out.size(), reinterpret_cast<const unsigned char*>(buffer_.data()), buffer_.size(), nullptr,
                       0);
    return out;
  }

 private:
  std::string buffer_;
};

}  // namespace

Hash genesis(OrganizationId organization, int chain) {
  Canonical c;
  c.text("concord audit chain");
  c.id(organization.uuid);
  c.number(chain);
  return c.hash();
}

Hash chained(const Hash& previous, const Entry& entry, int chain, std::int64_t sequence) {
  Canonical c;
  c.bytes(previous.data(), previous.size());
  c.id(entry.organization.uuid);
  c.number(chain);
  c.number(sequence);
  c.number(entry.at.time_since_epoch().count());
  c.number(static_cast<std::int64_t>(entry.actor_kind));
  c.id(entry.actor ? std::optional(entry.actor->uuid) : std::nullopt);
  c.text(entry.role);
  c.text(entry.action);
  c.id(entry.patient);
  c.id(entry.object);
  c.text(entry.result);
  c.text(entry.reason);
  c.text(entry.detail);
  c.text(entry.request_id);
  return c.hash();
}

}  // namespace concord::audit
