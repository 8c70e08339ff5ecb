// The format of a file, and the limits of the numbers that are read from it.

#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "instructions.hpp"

namespace linreg {

constexpr int kMaxDigits = 18;
constexpr int64_t kLimit = 1000000000000000000;  // 10**18: as block.MAX_DIGITS_INT64 says
constexpr int64_t kPowers[kMaxDigits + 1] = {
    1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000, 10000000000,
    100000000000, 1000000000000, 10000000000000, 100000000000000, 1000000000000000,
    10000000000000000, 100000000000000000, 1000000000000000000};
constexpr size_t kStep = 64;
constexpr size_t kMaxSize = UINT32_MAX - kStep;  // of the data: positions have 32 bits
constexpr size_t kBlockBytes = 8 << 10;  // of a sub-block: its marks and numbers stay in the cache

struct Number {
    int64_t integer;
    int decimals;
};

// The cells that count as missing.
struct Missing {
    std::vector<std::string> any_case;    // in lower case
    std::vector<std::string> as_written;
    std::vector<Number> numbers;          // in their shortest form

    bool has(const char* at, const char* end) const {
        const size_t size = static_cast<size_t>(end - at);
        for (const std::string& word : as_written) {
            if (word.size() == size && std::memcmp(word.data(), at, size) == 0) return true;
        }
        for (const std::string& word : any_case) {
            if (word.size() == size && std::equal(at, end, word.begin(), is_lower_of)) return true;
        }
        return false;
    }

    bool has(Number number) const {
        for (Number marker : numbers) {
            const int more = number.decimals - marker.decimals;
            if (more < 0 || more > kMaxDigits) continue;
            const int64_t bound = kLimit / kPowers[more];
            if (marker.integer < bound && marker.integer > -bound &&
                marker.integer * kPowers[more] == number.integer) {
                return true;
            }
        }
        return false;
    }

 private:
    static bool is_lower_of(char c, char lower) {
        return (c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c) == lower;
    }
};

// How a file is laid out, and which of its fields are wanted.
struct Layout {
    char delimiter;
    char point;
    int width;                  // fields in a record
    bool has_empty_last;        // every record ends in a delimiter with nothing after it
    std::vector<int> wanted;    // fields, from 0
    Missing missing;
    bool takes_text = false;    // cells that are certainly not numbers are wanted too; without
                                // characters that are removed from numbers
    size_t categories = 0;      // the first of the wanted fields that are read as codes of levels
    size_t keys = 0;            // the first of these that a complete row may lack
    Instructions instructions = Instructions::plain;
    size_t block_bytes = kBlockBytes;
};

}  // namespace linreg
