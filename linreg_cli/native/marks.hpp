// The positions of the bytes that can be structure.
//
//     data      1,"a,b",20⏎          delimiters, line feeds, returns, quotes: 64 bits each
//     marks      ^     ^  ^          those outside of quotes
//     behind   0  2     8  11        the offsets behind them, where fields begin
//
// `find_marks` finds those of a sub-block that is written as files mostly are: quotes only around
// whole fields, no NUL. `Marks` finds all of them, quotes as well, for records of any form.

#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <vector>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "layout.hpp"

namespace linreg {

// For each of 64 bytes, whether it is one of these. Bytes that are not ASCII are in `wide`.
struct Masks {
    uint64_t delimiters = 0, feeds = 0, returns = 0, quotes = 0, nuls = 0, wide = 0;
};

// What was found in a sub-block, and where it stands.
struct Found {
    uint32_t* to;             // where the next offset is written
    uint64_t inside = 0;      // all ones if the byte before is in quotes
    uint64_t may_open = 1;    // whether a quote at the next byte opens a field
    uint64_t has_closed = 0;  // whether the byte before is a closing quote
    uint64_t has_quotes = 0;
    uint64_t is_odd = 0;      // not zero if quotes are not those around whole fields
    size_t feeds = 0, returns = 0;  // outside of quotes
    bool has_inner_feeds = false;
    bool is_ascii = true;
};

// Writes the offsets behind the bits that are set; up to 16 numbers after them have no meaning.
LINREG_INLINE uint32_t* write_behind(uint64_t bits, size_t base, uint32_t* to) {
    uint32_t* end = to + __builtin_popcountll(bits);
    // eight at a time: a processor cannot guess the end of a loop over single bits
    for (; to < end; to += 8) {
        for (int i = 0; i < 8; i++) {
            to[i] = static_cast<uint32_t>(base) + 1 +
                    static_cast<uint32_t>(__builtin_ctzll(bits | uint64_t{1} << 63));
            bits &= bits - 1;
        }
    }
    return end;
}

// Every bit becomes the parity of itself and those below.
LINREG_INLINE uint64_t parities(uint64_t bits) {
    for (int shift = 1; shift < 64; shift *= 2) bits ^= bits << shift;
    return bits;
}

// Returns the marks among 64 bytes, of which those in `valid` are part of the sub-block.
LINREG_INLINE uint64_t take(const Masks& masks, uint64_t valid, Found* found) {
    uint64_t marks = masks.delimiters | masks.feeds, feeds = masks.feeds, closing = 0;
    if (masks.quotes | found->inside | found->has_closed) {
        const uint64_t inside = parities(masks.quotes) ^ found->inside;
        const uint64_t opening = masks.quotes & inside;
        closing = masks.quotes & ~inside;
        marks &= ~inside;
        feeds &= ~inside;
        // a field in quotes is whole if it begins and ends at a mark; "" stands for a quote in it
        const uint64_t may_open = (marks | closing) << 1 | found->may_open;
        const uint64_t may_follow = marks | opening | masks.returns;
        const uint64_t follows = closing << 1 | found->has_closed;
        found->is_odd |= ((opening & ~may_open) | (follows & ~may_follow) |
                          (masks.returns & inside)) & valid;
        found->has_inner_feeds |= (masks.feeds & inside) != 0;
        found->has_quotes |= masks.quotes;
        found->inside = inside >> 63 ? ~uint64_t{0} : 0;
    }
    found->may_open = (marks | closing) >> 63;
    found->has_closed = closing >> 63;
    found->feeds += static_cast<size_t>(__builtin_popcountll(feeds));
    if (masks.returns) {
        found->returns += static_cast<size_t>(__builtin_popcountll(masks.returns));
    }
    return marks;
}

// Copies the last bytes, fewer than 64, and fills up with what is no mark; returns which are valid.
inline uint64_t copy_last(const char* data, size_t count, char* last) {
    std::memset(last, 'x', kStep);
    std::memcpy(last, data, count);
    return (uint64_t{1} << count) - 1;
}

namespace plain {

#if defined(__SSE2__)
inline uint64_t equal(__m128i bytes, char byte) {
    const __m128i found = _mm_cmpeq_epi8(bytes, _mm_set1_epi8(byte));
    return static_cast<uint32_t>(_mm_movemask_epi8(found));
}

inline Masks masks_of(const char* at, char delimiter) {
    Masks masks;
    for (size_t i = 0; i < kStep; i += 16) {
        const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at + i));
        masks.delimiters |= equal(bytes, delimiter) << i;
        masks.feeds |= equal(bytes, '\n') << i;
        masks.returns |= equal(bytes, '\r') << i;
        masks.quotes |= equal(bytes, '"') << i;
        masks.nuls |= equal(bytes, 0) << i;
        masks.wide |= static_cast<uint64_t>(static_cast<uint32_t>(_mm_movemask_epi8(bytes))) << i;
    }
    return masks;
}
#else
inline Masks masks_of(const char* at, char delimiter) {
    Masks masks;
    for (size_t i = 0; i < kStep; i++) {
        const char c = at[i];
        masks.delimiters |= static_cast<uint64_t>(c == delimiter) << i;
        masks.feeds |= static_cast<uint64_t>(c == '\n') << i;
        masks.returns |= static_cast<uint64_t>(c == '\r') << i;
        masks.quotes |= static_cast<uint64_t>(c == '"') << i;
        masks.nuls |= static_cast<uint64_t>(c == 0) << i;
        masks.wide |= static_cast<uint64_t>(static_cast<unsigned char>(c) > 127) << i;
    }
    return masks;
}
#endif

inline void take_all(const Masks& masks, uint64_t valid, size_t base, Found* found) {
    found->is_odd |= masks.nuls;
    found->is_ascii &= masks.wide == 0;
    found->to = write_behind(take(masks, valid, found), base, found->to);
}

inline void find_marks(const char* data, size_t begin, size_t limit, char delimiter, Found* found) {
    size_t base = begin;
    for (; limit - base >= kStep; base += kStep) {
        take_all(masks_of(data + base, delimiter), ~uint64_t{0}, base, found);
    }
    if (base < limit) {
        char last[kStep];
        const uint64_t valid = copy_last(data + base, limit - base, last);
        take_all(masks_of(last, delimiter), valid, base, found);
    }
}

}  // namespace plain

#if defined(LINREG_HAS_AVX2)
namespace avx2 {

// What is compared with, and what is known of all bytes so far.
struct Bytes {
    __m256i delimiter, feed, a_return, quote;
    __m256i all, least;
};

LINREG_AVX2 inline uint64_t bits_of(__m256i low, __m256i high) {
    return static_cast<uint32_t>(_mm256_movemask_epi8(low)) |
           static_cast<uint64_t>(static_cast<uint32_t>(_mm256_movemask_epi8(high))) << 32;
}

LINREG_AVX2 inline uint64_t equal(__m256i low, __m256i high, __m256i byte) {
    return bits_of(_mm256_cmpeq_epi8(low, byte), _mm256_cmpeq_epi8(high, byte));
}

LINREG_AVX2 inline Masks masks_of(const char* at, Bytes* bytes) {
    const __m256i low = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at));
    const __m256i high = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at + 32));
    bytes->all = _mm256_or_si256(bytes->all, _mm256_or_si256(low, high));
    bytes->least = _mm256_min_epu8(bytes->least, _mm256_min_epu8(low, high));
    Masks masks;
    masks.delimiters = equal(low, high, bytes->delimiter);
    masks.feeds = equal(low, high, bytes->feed);
    masks.returns = equal(low, high, bytes->a_return);
    masks.quotes = equal(low, high, bytes->quote);
    return masks;
}

// Where the bits of a byte are, from 1 on.
struct BitTable {
    unsigned char bits[256][8];

    constexpr BitTable() : bits{} {
        for (int byte = 0; byte < 256; byte++) {
            int count = 0;
            for (int bit = 0; bit < 8; bit++) {
                if (byte >> bit & 1) bits[byte][count++] = static_cast<unsigned char>(bit + 1);
            }
        }
    }
};

inline constexpr BitTable kBits;

// As linreg::write_behind does, byte by byte.
LINREG_AVX2 LINREG_INLINE uint32_t* write_behind(uint64_t bits, size_t base, uint32_t* to) {
    __m256i offset = _mm256_set1_epi32(static_cast<int>(base));
    for (int i = 0; i < 8; i++) {
        const uint64_t byte = bits >> 8 * i & 0xFF;
        const __m128i found = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(kBits.bits[byte]));
        const __m256i behind = _mm256_add_epi32(_mm256_cvtepu8_epi32(found), offset);
        _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), behind);
        to += __builtin_popcountll(byte);
        offset = _mm256_add_epi32(offset, _mm256_set1_epi32(8));
    }
    return to;
}

LINREG_AVX2 inline void find_marks(const char* data, size_t begin, size_t limit, char delimiter,
                                   Found* to) {
    Found found = *to;  // kept in registers
    Bytes bytes = {_mm256_set1_epi8(delimiter), _mm256_set1_epi8('\n'), _mm256_set1_epi8('\r'),
                   _mm256_set1_epi8('"'), _mm256_setzero_si256(), _mm256_set1_epi8(1)};
    size_t base = begin;
    for (; limit - base >= kStep; base += kStep) {
        found.to = write_behind(take(masks_of(data + base, &bytes), ~uint64_t{0}, &found), base,
                                found.to);
    }
    if (base < limit) {
        char last[kStep];
        const uint64_t valid = copy_last(data + base, limit - base, last);
        found.to = write_behind(take(masks_of(last, &bytes), valid, &found), base, found.to);
    }
    found.is_ascii = _mm256_movemask_epi8(bytes.all) == 0;
    const __m256i nul = _mm256_cmpeq_epi8(bytes.least, _mm256_setzero_si256());
    found.is_odd |= static_cast<uint32_t>(_mm256_movemask_epi8(nul));
    *to = found;
}

}  // namespace avx2

namespace avx512 {

// The numbers of 64 bits, from 1 on.
struct BitNumbers {
    unsigned char bits[kStep];

    constexpr BitNumbers() : bits{} {
        for (size_t i = 0; i < kStep; i++) bits[i] = static_cast<unsigned char>(i + 1);
    }
};

inline constexpr BitNumbers kNumbers;

// As linreg::write_behind does, sixteen at a time.
LINREG_AVX512 LINREG_INLINE uint32_t* write_behind(uint64_t bits, size_t base, uint32_t* to) {
    uint32_t* end = to + __builtin_popcountll(bits);
    const __m512i offset = _mm512_set1_epi32(static_cast<int>(base));
    // in a register: a compress into memory takes a hundred times as long on some processors
    __m512i found = _mm512_maskz_compress_epi8(bits, _mm512_loadu_si512(kNumbers.bits));
    while (true) {
        const __m512i sixteen = _mm512_maskz_expand_epi8(0x1111111111111111, found);
        _mm512_storeu_si512(to, _mm512_add_epi32(sixteen, offset));
        to += 16;
        if (to >= end) return end;
        found = _mm512_maskz_compress_epi8(~uint64_t{0} << 16, found);
    }
}

LINREG_AVX512 inline void find_marks(const char* data, size_t begin, size_t limit, char delimiter,
                                     Found* to) {
    Found found = *to;  // kept in registers
    const __m512i delimiters = _mm512_set1_epi8(delimiter), feeds = _mm512_set1_epi8('\n'),
                  returns = _mm512_set1_epi8('\r'), quotes = _mm512_set1_epi8('"'),
                  letters = _mm512_set1_epi8('x');
    __m512i all = _mm512_setzero_si512(), least = _mm512_set1_epi8(1);
    for (size_t base = begin; base < limit; base += kStep) {
        const size_t rest = limit - base;
        const uint64_t valid = rest >= kStep ? ~uint64_t{0} : (uint64_t{1} << rest) - 1;
        const __m512i bytes = _mm512_mask_loadu_epi8(letters, valid, data + base);
        all = _mm512_or_si512(all, bytes);
        least = _mm512_min_epu8(least, bytes);
        Masks masks;
        masks.delimiters = _mm512_cmpeq_epi8_mask(bytes, delimiters);
        masks.feeds = _mm512_cmpeq_epi8_mask(bytes, feeds);
        masks.returns = _mm512_cmpeq_epi8_mask(bytes, returns);
        masks.quotes = _mm512_cmpeq_epi8_mask(bytes, quotes);
        found.to = write_behind(take(masks, valid, &found), base, found.to);
    }
    found.is_ascii = _mm512_movepi8_mask(all) == 0;
    found.is_odd |= _mm512_testn_epi8_mask(least, least);
    *to = found;
}

}  // namespace avx512
#endif

// Finds the marks of data[begin, limit), and writes the offsets behind them.
inline void find_marks(const char* data, size_t begin, size_t limit, const Layout& layout,
                       Found* found) {
#if defined(LINREG_HAS_AVX2)
    if (layout.instructions == Instructions::avx512) {
        avx512::find_marks(data, begin, limit, layout.delimiter, found);
        return;
    }
    if (layout.instructions == Instructions::avx2) {
        avx2::find_marks(data, begin, limit, layout.delimiter, found);
        return;
    }
#endif
    plain::find_marks(data, begin, limit, layout.delimiter, found);
}

// ---------------------------------------------------------------- marks of any kind

// The positions, in order, of delimiters, line ends and quotes of any kind; and of NUL, which no
// text may hold.
class Marks {
 public:
    // Finds those of data[begin, limit).
    void find(const char* data, size_t begin, size_t limit, char delimiter) {
        behind_.resize(limit - begin + kStep);
        is_ascii_ = true;
        end_ = behind_.data();
        size_t base = begin;
        for (; limit - base >= kStep; base += kStep) {
            add(plain::masks_of(data + base, delimiter), ~uint64_t{0}, base);
        }
        if (base < limit) {
            char last[kStep];
            const uint64_t valid = copy_last(data + base, limit - base, last);
            add(plain::masks_of(last, delimiter), valid, base);
        }
    }

    // The offsets behind the marks.
    const uint32_t* begin() const { return behind_.data(); }
    const uint32_t* end() const { return end_; }
    bool is_ascii() const { return is_ascii_; }

 private:
    void add(const Masks& masks, uint64_t valid, size_t base) {
        const uint64_t lines = masks.feeds | masks.returns;
        end_ = write_behind((masks.delimiters | lines | masks.quotes | masks.nuls) & valid, base,
                            end_);
        is_ascii_ &= masks.wide == 0;
    }

    std::vector<uint32_t> behind_;
    uint32_t* end_ = nullptr;
    bool is_ascii_ = true;
};

}  // namespace linreg
