// A short way to look into a JSON answer in a test:
//
//   Json answer(response.body);
//   EXPECT_EQ(answer["items"][0]["state"].text(), "active");
//
// What is not there is null, all the way down; text(), number() and the like then throw with the path.
#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

#include "json/value.h"

namespace concord::testing {

class Json {
 public:
  explicit Json(std::string_view text) {
    auto parsed = json::Document::parse(text);
    if (!parsed) throw std::runtime_error("not JSON (" + parsed.error().text + "): " + std::string(text.substr(0, 400)));
    document_ = std::make_shared<json::Document>(std::move(*parsed));
    value_ = &document_->root();
  }

  Json operator[](std::string_view key) const {
    return {document_, value_ ? value_->find(key) : nullptr, path_ + "." + std::string(key)};
  }
  Json operator[](const char* key) const { return (*this)[std::string_view(key)]; }
  Json operator[](std::size_t index) const {
    const bool there = value_ && index < value_->items().size();
    return {document_, there ? &value_->items()[index] : nullptr, path_ + "[" + std::to_string(index) + "]"};
  }
  Json operator[](int index) const { return (*this)[static_cast<std::size_t>(index)]; }

  bool exists() const { return value_ != nullptr; }
  bool is_null() const { return !value_ || value_->is(json::Kind::null); }
  std::size_t size() const {
    return value_ ? (value_->is(json::Kind::object) ? value_->members().size() : value_->items().size()) : 0;
  }
  std::string text() const { return std::string(need(json::Kind::string).text()); }
  std::int64_t integer() const { return need(json::Kind::number).integer().value(); }
  bool boolean() const { return need(json::Kind::boolean).boolean(); }
  const json::Value& value() const {
    if (!value_) throw std::runtime_error("the answer has no" + path_);
    return *value_;
  }

 private:
  Json(std::shared_ptr<const json::Document> document, const json::Value* value, std::string path)
      : document_(std::move(document)), value_(value), path_(std::move(path)) {}
  const json::Value& need(json::Kind kind) const {
    if (!value().is(kind)) throw std::runtime_error("the answer has another kind of value at " + path_);
    return *value_;
  }

  std::shared_ptr<const json::Document> document_;
  const json::Value* value_ = nullptr;
  std::string path_ = " ";
};

}  // namespace concord::testing
