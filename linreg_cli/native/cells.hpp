// The numbers in the cells of a column, four at a time.
//
//     text       ...|1,-203.50|        16 bytes that end where the cell ends
//     point      ,-20350    2.         found among the bytes of the cell: 2 decimals
//     shuffle    ....,-|20350          what is before the point moves over it
//     keep       00000000000|20350     by the number of digits; 127 if there is none, or too many
//     multiply   by 10 1, 100 1, 10000 1, 100000000 1, and add neighbors
//
// A byte above 9 marks a cell that is not a plain number of at most 16 characters. Such cells are
// rare and are read one by one.

#pragma once

#include <cstdint>
#include <cstring>

#include "layout.hpp"
#include "numbers.hpp"
#include "structure.hpp"

namespace linreg {

// The cells of a column in a sub-block, and where their numbers are written.
struct Batch {
    const char* data;
    size_t size;
    Places places;
    size_t rows;
    char point;
    int64_t* integers;
    unsigned char* decimals;
    unsigned char* is_plain;    // 0 where a cell is not a plain number
    unsigned char* is_negative;

    // The cells from the i-th on, `count` of them.
    Batch part(size_t i, size_t count) const {
        Batch batch = *this;
        batch.places.begins += i * places.step;
        batch.places.ends += i * places.step;
        batch.rows = count;
        batch.integers += i;
        batch.decimals += i;
        batch.is_plain += i;
        return batch;
    }
};

namespace plain {

// Reads all cells; false if one is not a plain number.
inline bool read_cells(const Batch& batch) {
    bool are_plain = true;
    for (size_t i = 0; i < batch.rows; i++) {
        const char* begin = batch.data + batch.places.begins[i * batch.places.step];
        const char* end = batch.data + batch.places.ends[i * batch.places.step] - batch.places.behind;
        Number number{0, 0};
        const bool is_plain =
            read_plain_number(begin, end, batch.data + batch.size, batch.point, &number);
        batch.integers[i] = number.integer;
        batch.decimals[i] = static_cast<unsigned char>(number.decimals);
        batch.is_plain[i] = is_plain;
        are_plain &= is_plain;
    }
    return are_plain;
}

}  // namespace plain

#if defined(LINREG_HAS_AVX2)
namespace avx2 {

constexpr size_t kTooLong = 18;  // so that it is still too long without a point

struct Tables {
    unsigned char keep[kTooLong + 1][16];  // by the number of digits
    unsigned char shuffle[17][16];         // by the position of the point; 16 if there is none

    constexpr Tables() : keep{}, shuffle{} {
        for (size_t digits = 0; digits <= kTooLong; digits++) {
            for (size_t i = 0; i < 16; i++) {
                const bool is_bad = digits == 0 || digits > 16;
                keep[digits][i] = is_bad ? 0x7F : i + digits >= 16 ? 0xFF : 0x00;
            }
        }
        for (size_t point = 0; point <= 16; point++) {
            for (size_t i = 0; i < 16; i++) {
                const bool moves = point < 16 && i <= point;
                shuffle[point][i] = static_cast<unsigned char>(!moves ? i : i > 0 ? i - 1 : 0x80);
            }
        }
    }
};

inline constexpr Tables kTables;

LINREG_AVX2 inline __m128i load(const void* at) {
    return _mm_loadu_si128(static_cast<const __m128i*>(at));
}

// The digits of a cell that may have a point, a byte each.
LINREG_AVX2 LINREG_INLINE __m128i digits_with_point(const char* end, size_t size, __m128i point,
                                                    unsigned char* decimals) {
    const __m128i text = load(end - 16);
    const auto points = static_cast<uint32_t>(_mm_movemask_epi8(_mm_cmpeq_epi8(text, point)));
    const size_t count = size > 16 ? kTooLong : size;
    // the first point of the cell, counted from its first character
    const auto before = static_cast<size_t>(
        __builtin_ctz(points >> ((16 - count) & 31) | 0x10000));
    const bool has_point = before < count;
    *decimals = static_cast<unsigned char>(has_point ? count - 1 - before : 0);
    const size_t position = has_point ? 16 - count + before : 16;
    const __m128i moved = _mm_shuffle_epi8(text, load(kTables.shuffle[position & 31]));
    const __m128i keep = load(kTables.keep[count - has_point]);
    return _mm_blendv_epi8(keep, _mm_sub_epi8(moved, _mm_set1_epi8('0')), keep);
}

// The same of a cell without a point: with one, it is not plain.
LINREG_AVX2 LINREG_INLINE __m128i digits_of(const char* end, size_t size) {
    const __m128i keep = load(kTables.keep[size > 16 ? kTooLong : size]);
    return _mm_blendv_epi8(keep, _mm_sub_epi8(load(end - 16), _mm_set1_epi8('0')), keep);
}

// Writes four numbers of 16 digits each: those of cells 0 and 2, and of 1 and 3.
LINREG_AVX2 LINREG_INLINE void write_four(__m256i even, __m256i odd, int64_t* to) {
    const __m256i tens = _mm256_set1_epi16(0x010A), hundreds = _mm256_set1_epi32(0x00010064);
    even = _mm256_madd_epi16(_mm256_maddubs_epi16(even, tens), hundreds);
    odd = _mm256_madd_epi16(_mm256_maddubs_epi16(odd, tens), hundreds);
    const __m256i fours = _mm256_packus_epi32(even, odd);
    const __m256i eights = _mm256_madd_epi16(fours, _mm256_set1_epi32(0x00012710));
    const __m256i high = _mm256_mul_epu32(eights, _mm256_set1_epi64x(100000000));
    const __m256i sum = _mm256_add_epi64(high, _mm256_srli_epi64(eights, 32));
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), sum);
}

// One bit for each byte that is a digit.
LINREG_AVX2 LINREG_INLINE uint32_t are_digits(__m256i digits) {
    const __m256i nine = _mm256_set1_epi8(9);
    return static_cast<uint32_t>(
        _mm256_movemask_epi8(_mm256_cmpeq_epi8(_mm256_max_epu8(digits, nine), nine)));
}

// Reads four cells from the i-th on; false if one is not plain.
template <bool kHasPoints>
LINREG_AVX2 LINREG_INLINE bool read_four(const Batch& batch, size_t i, __m128i point,
                                         unsigned char* any_negative) {
    const Places& places = batch.places;
    __m128i digits[4];
    size_t at = i * places.step;
    for (size_t k = 0; k < 4; k++, at += places.step) {
        const uint32_t begin = places.begins[at], end = places.ends[at] - places.behind;
        const bool is_negative = batch.data[begin] == '-';  // of an empty cell, it is a mark
        const size_t size = end - begin - is_negative;
        batch.is_negative[i + k] = is_negative;
        *any_negative |= is_negative;
        if (kHasPoints) {
            digits[k] = digits_with_point(batch.data + end, size, point, &batch.decimals[i + k]);
        } else {
            digits[k] = digits_of(batch.data + end, size);
        }
    }
    const __m256i even = _mm256_set_m128i(digits[2], digits[0]);
    const __m256i odd = _mm256_set_m128i(digits[3], digits[1]);
    write_four(even, odd, batch.integers + i);
    const uint32_t plain_even = are_digits(even), plain_odd = are_digits(odd);
    if ((plain_even & plain_odd) == UINT32_MAX) {
        std::memset(batch.is_plain + i, 1, 4);
        return true;
    }
    batch.is_plain[i] = (plain_even & 0xFFFF) == 0xFFFF;
    batch.is_plain[i + 1] = (plain_odd & 0xFFFF) == 0xFFFF;
    batch.is_plain[i + 2] = plain_even >> 16 == 0xFFFF;
    batch.is_plain[i + 3] = plain_odd >> 16 == 0xFFFF;
    return false;
}

template <bool kHasPoints>
LINREG_AVX2 inline bool read_cells(const Batch& cells) {
    const Batch batch = cells;  // kept in registers
    const __m128i point = _mm_set1_epi8(batch.point);
    bool are_plain = true;
    unsigned char any_negative = 0;
    if (!kHasPoints) std::memset(batch.decimals, 0, batch.rows);
    for (size_t i = 0; i + 4 <= batch.rows; i += 4) {
        are_plain &= read_four<kHasPoints>(batch, i, point, &any_negative);
    }
    if (batch.rows % 4 != 0) {  // again the last ones, with those that are left
        are_plain &= read_four<kHasPoints>(batch, batch.rows - 4, point, &any_negative);
    }
    if (any_negative) {
        for (size_t i = 0; i < batch.rows; i++) {
            const int64_t sign = -static_cast<int64_t>(batch.is_negative[i]);
            batch.integers[i] = (batch.integers[i] ^ sign) - sign;
        }
    }
    if (kHasPoints) {  // zero has no decimals, however it is written
        for (size_t i = 0; i < batch.rows; i++) {
            const int64_t is_other = batch.integers[i] != 0;
            batch.decimals[i] &= static_cast<unsigned char>(-is_other);
        }
    }
    return are_plain;
}

}  // namespace avx2
#endif

inline bool read_plainly(const Batch& batch, bool* has_points) {
    const bool are_plain = plain::read_cells(batch);
    for (size_t i = 0; i < batch.rows; i++) *has_points |= batch.decimals[i] > 0;
    return are_plain;
}

// Reads the numbers of a sub-block; false if a cell is not plain. If `has_points` is false, a cell with
// a point may count as not plain. It becomes true if numbers may have decimals.
inline bool read_cells(const Batch& batch, Instructions instructions, bool* has_points) {
#if defined(LINREG_HAS_AVX2)
    // 16 bytes before the end of each cell must be there to read, and one at its end
    size_t first = 0;
    const Places& places = batch.places;
    while (first < batch.rows && places.ends[first * places.step] < 16 + places.behind) first++;
    const size_t rows = batch.rows - first;
    if (instructions != Instructions::plain && rows >= 4 && places.behind > 0) {
        const Batch rest = batch.part(first, rows);
        const bool are_plain =
            *has_points ? avx2::read_cells<true>(rest) : avx2::read_cells<false>(rest);
        return read_plainly(batch.part(0, first), has_points) && are_plain;
    }
#else
    static_cast<void>(instructions);
#endif
    return read_plainly(batch, has_points);
}

}  // namespace linreg
