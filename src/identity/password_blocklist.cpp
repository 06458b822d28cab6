#include "identity/password_blocklist.h"

#include <algorithm>
#include <array>

namespace concord::identity {
namespace {

// Keyboard walks, counting, well-known phrases and examples out of books about passwords. Shorter lists of
// leaked passwords do not matter here: they are refused by length.
constexpr auto kBlocked = std::to_array<std::string_view>({
    "123456789012345", "1234567890123456", "12345678901234567890", "0123456789012345", "1234567891234567", "9876543210987654",
    "abcdefghijklmno", "abcdefghijklmnop", "abcdefghijklmnopqrstuvwxyz", "abc123abc123abc123", "qwertyuiopasdfg", "qwertyuiopasdfgh",
    "qwertyuiopasdfghjkl", "qwertyuiopasdfghjklzxcvbnm", "1qaz2wsx3edc4rfv", "1qaz2wsx3edc4rfv5tgb", "zaq12wsxcde34rfv",
    "qazwsxedcrfvtgb", "1q2w3e4r5t6y7u8i", "1q2w3e4r5t6y7u8i9o0p", "qwerty1234567890", "qwertyuiop123456", "asdfghjklasdfghjkl",
    "correcthorsebatterystaple", "correcthorsebattery", "iloveyouiloveyou", "iloveyousomuch1", "iloveyouforever", "letmeinletmein123",
    "letmeinletmeinletmein", "passwordpassword", "passwordpassword1", "password12345678", "password123456789", "password1234567890",
    "passw0rdpassw0rd", "mypasswordispassword", "thisismypassword", "thisisapassword", "thisismypassword1", "administrator123",
    "administrator1234", "changemechangeme", "changemenow12345", "defaultpassword1", "welcomewelcome1", "welcome123456789",
    "welcometothejungle", "trustno1trustno1", "sunshinesunshine", "princessprincess", "footballfootball", "baseballbaseball",
    "supermansuperman", "superstar1234567", "monkeymonkey1234", "dragondragon1234", "jesuschristislord", "jesusisthelord1",
    "godisgoodallthetime", "thequickbrownfox", "thequickbrownfoxjumps", "loremipsumdolor", "loremipsumdolorsit", "hospital12345678",
    "healthcare123456", "collaborativecare", "caremanager12345", "springsummerfallwinter", "januaryfebruarymarch",
    "mondaytuesdaywednesday", "onetwothreefourfive", "unodostrescuatrocinco", "contrasenacontrasena", "contrasena123456",
    "tequieromucho123", "dejameentrar12345", "maytheforcebewithyou", "openthedoorplease", "startrekstarwars", "hellohellohello1",
    "helloworldhelloworld", "testtesttesttest", "testingtesting123", "secretsecretsecret", "nopasswordneeded", "keepassword12345",
});

}  // namespace

bool is_blocked_password(std::string_view folded) { return std::find(kBlocked.begin(), kBlocked.end(), folded) != kBlocked.end(); }

}  // namespace concord::identity
