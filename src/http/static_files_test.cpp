#include "http/static_files.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "http/security.h"

namespace concord::http {
namespace {

namespace fs = std::filesystem;

class StaticFilesTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "concord-static-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    base_ = pattern;
    folder_ = base_ / "web";
    put("index.html", "<meta property=\"csp-nonce\" content=\"__CSP_NONCE__\"><p>page");
    put("assets/app-1a2b.js", "console.log(1)");
    put("assets/app-1a2b.js.br", "BROTLI");
    put("assets/app-1a2b.js.gz", "GZIP");
    put("favicon.svg", "<svg/>");
  }
  void TearDown() override { fs::remove_all(base_); }

  void put(const std::string& name, std::string_view text) {
    fs::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name, std::ios::binary) << text;
  }
  Response get(const std::string& path, Headers headers = {}, Method method = Method::get) {
    StaticOptions options;
    options.nonce = [this] { return "nonce" + std::to_string(++nonces_); };
    if (!files_) {
      auto loaded = StaticFiles::load(folder_, options);
      if (!loaded) {
        ADD_FAILURE() << loaded.error().text;
        return {};
      }
      files_ = std::move(*loaded);
    }
    Request request;
    request.method = method;
    request.path = path;
    request.headers = std::move(headers);
    return files_->answer(request);
  }
  static std::string header(const Response& response, std::string_view name) {
    for (const auto& [key, value] : response.headers)
      if (key == name) return value;
    return {};
  }

  fs::path base_, folder_;
  std::optional<StaticFiles> files_;
  int nonces_ = 0;
};

TEST_F(StaticFilesTest, HashedAssetIsKeptForAYear) {
  const Response r = get("/assets/app-1a2b.js");
  EXPECT_EQ(r.status, 200);
  EXPECT_EQ(r.body, "console.log(1)");
  EXPECT_EQ(r.content_type, "text/javascript; charset=utf-8");
  EXPECT_EQ(header(r, "Cache-Control"), "public, max-age=31536000, immutable");
  EXPECT_EQ(header(r, "X-Content-Type-Options"), "nosniff");
  EXPECT_EQ(header(r, "Vary"), "Accept-Encoding");
}

TEST_F(StaticFilesTest, BestAcceptedCodingIsSent) {
  const Response br = get("/assets/app-1a2b.js", {{"accept-encoding", "gzip, deflate, br"}});
  EXPECT_EQ(br.body, "BROTLI");
  EXPECT_EQ(header(br, "Content-Encoding"), "br");
  const Response gz = get("/assets/app-1a2b.js", {{"accept-encoding", "gzip, br;q=0"}});
  EXPECT_EQ(gz.body, "GZIP");
  EXPECT_NE(header(gz, "ETag"), header(br, "ETag"));
  EXPECT_EQ(get("/assets/app-1a2b.js", {{"accept-encoding", "identity"}}).body, "console.log(1)");
}

TEST_F(StaticFilesTest, KnownTagIsAnswered304) {
  const std::string tag = header(get("/favicon.svg"), "ETag");
  const Response r = get("/favicon.svg", {{"if-none-match", "\"other\", W/" + tag}});
  EXPECT_EQ(r.status, 304);
  EXPECT_EQ(r.body, "");
  EXPECT_EQ(header(r, "ETag"), tag);
  EXPECT_EQ(header(r, "Cache-Control"), "no-cache");
  EXPECT_EQ(get("/favicon.svg", {{"if-none-match", "\"other\""}}).status, 200);
}

TEST_F(StaticFilesTest, PageHasANewNonceEachTimeInTextAndPolicy) {
  const Response first = get("/"), second = get("/patients/7/timeline");
  EXPECT_EQ(first.body, "<meta property=\"csp-nonce\" content=\"nonce1\"><p>page");
  EXPECT_EQ(second.body, "<meta property=\"csp-nonce\" content=\"nonce2\"><p>page");
  EXPECT_EQ(header(second, "Content-Security-Policy"),
            "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-nonce2'; img-src 'self' data:; "
            "font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; "
            "frame-ancestors 'none'; require-trusted-types-for 'script'");
  EXPECT_EQ(header(first, "Cache-Control"), "no-cache");
  EXPECT_EQ(header(first, "ETag"), "");
  EXPECT_EQ(header(first, "Referrer-Policy"), "no-referrer");
  EXPECT_EQ(header(first, "Cross-Origin-Opener-Policy"), "same-origin");
}

TEST_F(StaticFilesTest, OnlyAddressesOfTheApplicationGetThePage) {
  for (const char* path : {"/assets/old-9f.js", "/api/v1/nothing", "/auth/x", "/fhir/R4/Patient", "/.env", "/a/b.php"})
    EXPECT_EQ(get(path).status, 404) << path;
  EXPECT_EQ(get("/caseload").status, 200);
}

TEST_F(StaticFilesTest, NothingOutsideTheFolderIsReachable) {
  std::ofstream(base_ / "secret.txt") << "secret";
  for (const char* path : {"/../secret.txt", "/assets/../../secret.txt", "//secret.txt", "/assets/app-1a2b.js.br/.."})
    EXPECT_NE(get(path).status, 200) << path;
}

TEST_F(StaticFilesTest, LinkThatLeavesTheFolderIsRefusedAtStart) {
  std::ofstream(base_ / "secret.txt") << "secret";
  fs::create_symlink(base_ / "secret.txt", folder_ / "assets" / "link.txt");
  auto loaded = StaticFiles::load(folder_);
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().code, ErrorCode::bad_config);
  EXPECT_NE(loaded.error().text.find("assets/link.txt"), std::string::npos);
}

TEST_F(StaticFilesTest, MissingPageOrFolderIsSaidAtStart) {
  fs::remove(folder_ / "index.html");
  EXPECT_EQ(StaticFiles::load(folder_).error().code, ErrorCode::bad_config);
  EXPECT_EQ(StaticFiles::load(base_ / "nowhere").error().code, ErrorCode::bad_config);
}

TEST_F(StaticFilesTest, TakesOnlyGetAndHead) {
  EXPECT_EQ(get("/", {}, Method::head).status, 200);
  const Response r = get("/", {}, Method::post);
  EXPECT_EQ(r.status, 405);
  EXPECT_EQ(header(r, "Allow"), "GET, HEAD");
}

TEST(StaticFilesDefault, ServesNothing) {
  Request request;
  request.path = "/";
  EXPECT_EQ(StaticFiles().answer(request).status, 404);
}

TEST(AcceptEncoding, HonoursZeroQualityAndTheStar) {
  EXPECT_TRUE(accepts_coding("gzip, br", "br"));
  EXPECT_TRUE(accepts_coding("BR;q=0.5", "br"));
  EXPECT_FALSE(accepts_coding("br;q=0", "br"));
  EXPECT_FALSE(accepts_coding("br; q=0.000", "br"));
  EXPECT_TRUE(accepts_coding("*", "br"));
  EXPECT_FALSE(accepts_coding("*, br;q=0", "br"));
  EXPECT_FALSE(accepts_coding("", "br"));
  EXPECT_FALSE(accepts_coding("brotli", "br"));
}

TEST(Security, HeadersAreAddedOnlyWhereMissing) {
  Response response;
  response.headers = {{"cache-control", "private"}};
  add_missing(response, api_security_headers(true));
  int cache = 0, hsts = 0;
  for (const auto& [key, value] : response.headers) {
    cache += key == "cache-control" || key == "Cache-Control";
    hsts += key == "Strict-Transport-Security";
  }
  EXPECT_EQ(cache, 1);
  EXPECT_EQ(hsts, 1);
}

TEST(Security, NoncesDifferAndNeedNoEscape) {
  const std::string a = random_nonce(), b = random_nonce();
  EXPECT_NE(a, b);
  EXPECT_EQ(a.size(), 32u);
  EXPECT_EQ(a.find_first_not_of("0123456789abcdef"), std::string::npos);
}

}  // namespace
}  // namespace concord::http
