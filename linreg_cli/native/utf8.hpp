// Whether bytes are UTF-8 as Python means it: shortest forms, no surrogates, up to U+10FFFF.
//
//     bytes        G  r  C3 B6 C3 9F e         two bytes side by side show most faults: three tables,
//     before          G  r  C3 B6 C3 9F        one for each half of the first and the high half of
//                                              the second, have a bit for each fault; all three agree
//     three before          G  r  C3 B6        whether a third or fourth byte has to follow
//
// The tables are those of John Keiser and Daniel Lemire, Validating UTF-8 in less than one
// instruction per byte (2021).

#pragma once

#include <cstdint>
#include <cstring>

#include "instructions.hpp"

namespace linreg {

namespace plain {

inline bool is_utf8(const char* data, size_t size) {
    const unsigned char* at = reinterpret_cast<const unsigned char*>(data);
    const unsigned char* end = at + size;
    while (at < end) {
        uint64_t eight;
        while (end - at >= 8 && (std::memcpy(&eight, at, 8), eight & 0x8080808080808080) == 0) {
            at += 8;
        }
        if (at == end) break;
        unsigned char lead = *at++;
        if (lead < 0x80) continue;
        int more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1;
        if (lead < 0xC2 || lead > 0xF4 || end - at < more) return false;
        unsigned char low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
        unsigned char high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
        if (*at < low || *at > high) return false;
        at++;
        for (int i = 1; i < more; i++) {
            if ((*at++ & 0xC0) != 0x80) return false;
        }
    }
    return true;
}

}  // namespace plain

#if defined(LINREG_HAS_AVX2)
namespace avx2 {

// What is wrong with two bytes side by side.
enum Fault : unsigned char {
    kUnfinished = 1,   // a lead, and no byte that continues it
    kNoLead = 2,       // ASCII, and a byte that continues it
    kOverlong3 = 4,    // three bytes for what takes fewer
    kTooLarge = 8,     // beyond U+10FFFF
    kSurrogate = 16,
    kOverlong2 = 32,   // two bytes for ASCII
    kOverlong4 = 64,   // four bytes for what takes fewer; or beyond U+10FFFF by the lead
    kTwo = 128,        // two bytes that continue: right as the third or fourth only
    kAny = kUnfinished | kNoLead | kTwo
};

constexpr unsigned char kFirstHigh[16] = {
    kNoLead, kNoLead, kNoLead, kNoLead, kNoLead, kNoLead, kNoLead, kNoLead,
    kTwo, kTwo, kTwo, kTwo, kUnfinished | kOverlong2, kUnfinished,
    kUnfinished | kOverlong3 | kSurrogate, kUnfinished | kTooLarge | kOverlong4};
constexpr unsigned char kBeyond = kAny | kTooLarge | kOverlong4;
constexpr unsigned char kFirstLow[16] = {
    kAny | kOverlong3 | kOverlong2 | kOverlong4, kAny | kOverlong2, kAny, kAny, kAny | kTooLarge,
    kBeyond, kBeyond, kBeyond, kBeyond, kBeyond, kBeyond, kBeyond, kBeyond,
    kBeyond | kSurrogate, kBeyond, kBeyond};
constexpr unsigned char kContinues = kNoLead | kOverlong2 | kTwo;
constexpr unsigned char kSecondHigh[16] = {
    kUnfinished, kUnfinished, kUnfinished, kUnfinished,
    kUnfinished, kUnfinished, kUnfinished, kUnfinished,
    kContinues | kOverlong3 | kOverlong4, kContinues | kOverlong3 | kTooLarge,
    kContinues | kSurrogate | kTooLarge, kContinues | kSurrogate | kTooLarge,
    kUnfinished, kUnfinished, kUnfinished, kUnfinished};

LINREG_AVX2 LINREG_INLINE __m256i look_up(const unsigned char* table, __m256i at) {
    const __m128i half = _mm_loadu_si128(reinterpret_cast<const __m128i*>(table));
    return _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(half), at);
}

// The faults in 32 bytes, given those before.
LINREG_AVX2 LINREG_INLINE __m256i faults_of(__m256i bytes, __m256i before) {
    const __m256i middle = _mm256_permute2x128_si256(before, bytes, 0x21);
    const __m256i one = _mm256_alignr_epi8(bytes, middle, 15);
    const __m256i two = _mm256_alignr_epi8(bytes, middle, 14);
    const __m256i three = _mm256_alignr_epi8(bytes, middle, 13);
    const __m256i low = _mm256_set1_epi8(0x0F);
    const __m256i faults = _mm256_and_si256(
        _mm256_and_si256(
            look_up(kFirstHigh, _mm256_and_si256(_mm256_srli_epi16(one, 4), low)),
            look_up(kFirstLow, _mm256_and_si256(one, low))),
        look_up(kSecondHigh, _mm256_and_si256(_mm256_srli_epi16(bytes, 4), low)));
    const __m256i is_third = _mm256_subs_epu8(two, _mm256_set1_epi8(0xE0 - 0x80));
    const __m256i is_fourth = _mm256_subs_epu8(three, _mm256_set1_epi8(0xF0 - 0x80));
    const __m256i must_follow = _mm256_and_si256(_mm256_or_si256(is_third, is_fourth),
                                                 _mm256_set1_epi8(static_cast<char>(0x80)));
    return _mm256_xor_si256(must_follow, faults);
}

LINREG_AVX2 inline bool is_utf8(const char* data, size_t size) {
    __m256i faults = _mm256_setzero_si256(), before = _mm256_setzero_si256();
    size_t at = 0;
    for (; at + 32 <= size; at += 32) {
        const __m256i bytes = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(data + at));
        faults = _mm256_or_si256(faults, faults_of(bytes, before));
        before = bytes;
    }
    char last[32] = {};  // ends with ASCII, so that nothing is left open
    std::memcpy(last, data + at, size - at);
    const __m256i bytes = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(last));
    faults = _mm256_or_si256(faults, faults_of(bytes, before));
    return _mm256_testz_si256(faults, faults) != 0;
}

}  // namespace avx2
#endif

inline bool is_utf8(const char* data, size_t size, Instructions instructions) {
#if defined(LINREG_HAS_AVX2)
    if (instructions != Instructions::plain) return avx2::is_utf8(data, size);
#else
    static_cast<void>(instructions);
#endif
    return plain::is_utf8(data, size);
}

}  // namespace linreg
