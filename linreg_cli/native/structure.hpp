// Where the records of CSV text are.
//
//   Marks      the positions of delimiters, line ends and quotes
//   Structure  the records, and the selected cells in them

#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <memory>
#include <vector>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "layout.hpp"

namespace linreg {

// ---------------------------------------------------------------- marks

// The positions, in order, of the bytes that can be structure: delimiter, line ends and quotes; and
// of NUL, which no text may hold.
class Marks {
 public:
    Marks(const char* data, size_t size, char delimiter) : positions_(new uint32_t[size + kStep]) {
        end_ = find_all(data, size, delimiter, positions_.get(), &is_ascii_);
    }

    const uint32_t* begin() const { return positions_.get(); }
    const uint32_t* end() const { return end_; }
    size_t size() const { return static_cast<size_t>(end_ - begin()); }
    bool is_ascii() const { return is_ascii_; }

 private:
    static uint32_t* find_all(const char* data, size_t size, char delimiter, uint32_t* to,
                              bool* is_ascii);

    std::unique_ptr<uint32_t[]> positions_;
    uint32_t* end_;
    bool is_ascii_ = true;
};

#if defined(__SSE2__)
// All bytes or'ed together, of which the highest bit matters.
using Bytes = __m128i;
inline Bytes no_bytes() { return _mm_setzero_si128(); }
inline bool are_ascii(Bytes bytes) { return _mm_movemask_epi8(bytes) == 0; }

inline uint64_t find_marks(const char* at, char delimiter, Bytes* all) {
    const __m128i wanted[] = {_mm_set1_epi8(delimiter), _mm_set1_epi8('\n'), _mm_set1_epi8('\r'),
                              _mm_set1_epi8('"'), _mm_setzero_si128()};
    uint64_t marks = 0;
    for (size_t i = 0; i < kStep; i += 16) {
        __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at + i));
        *all = _mm_or_si128(*all, bytes);
        __m128i found = _mm_setzero_si128();
        for (__m128i byte : wanted) found = _mm_or_si128(found, _mm_cmpeq_epi8(bytes, byte));
        marks |= static_cast<uint64_t>(static_cast<uint32_t>(_mm_movemask_epi8(found))) << i;
    }
    return marks;
}
#else
using Bytes = unsigned char;
inline Bytes no_bytes() { return 0; }
inline bool are_ascii(Bytes bytes) { return bytes < 128; }

inline uint64_t find_marks(const char* at, char delimiter, Bytes* all) {
    uint64_t marks = 0;
    for (size_t i = 0; i < kStep; i++) {
        char c = at[i];
        *all = static_cast<Bytes>(*all | static_cast<unsigned char>(c));
        bool is_mark = c == delimiter || c == '\n' || c == '\r' || c == '"' || c == 0;
        marks |= static_cast<uint64_t>(is_mark) << i;
    }
    return marks;
}
#endif

// Writes the positions of the bits that are set; up to 7 numbers after them have no meaning.
inline uint32_t* write_positions(uint64_t bits, size_t base, uint32_t* to) {
    uint32_t* end = to + __builtin_popcountll(bits);
    // eight at a time: a processor cannot guess the end of a loop over single bits
    for (; to < end; to += 8) {
        for (int i = 0; i < 8; i++) {
            to[i] = static_cast<uint32_t>(base) +
                    static_cast<uint32_t>(__builtin_ctzll(bits | uint64_t{1} << 63));
            bits &= bits - 1;
        }
    }
    return end;
}

inline uint32_t* Marks::find_all(const char* data, size_t size, char delimiter, uint32_t* to,
                                 bool* is_ascii) {
    Bytes all = no_bytes();
    size_t base = 0;
    for (; size - base >= kStep; base += kStep) {
        to = write_positions(find_marks(data + base, delimiter, &all), base, to);
    }
    if (base < size) {
        char last[kStep];
        std::memset(last, ' ', kStep);
        std::memcpy(last, data + base, size - base);
        uint64_t inside = (uint64_t{1} << (size - base)) - 1;  // blanks may be delimiters
        to = write_positions(find_marks(last, delimiter, &all) & inside, base, to);
    }
    *is_ascii = are_ascii(all);
    return to;
}

// Whether bytes are UTF-8 as Python means it: shortest forms, no surrogates, up to U+10FFFF.
inline bool is_utf8(const char* data, size_t size) {
    const unsigned char* at = reinterpret_cast<const unsigned char*>(data);
    const unsigned char* end = at + size;
    while (at < end) {
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

// ---------------------------------------------------------------- structure

// An array of a fixed capacity; its values are not set before they are pushed.
template <typename T>
class Array {
 public:
    explicit Array(size_t most) : values_(new T[most]) {}
    void push(T value) { values_[size_++] = value; }
    size_t size() const { return size_; }
    const T* data() const { return values_.get(); }
    T& operator[](size_t i) { return values_[i]; }
    const T& operator[](size_t i) const { return values_[i]; }

 private:
    std::unique_ptr<T[]> values_;
    size_t size_ = 0;
};

// Where the text of a cell lies, without its quotes.
struct Cell {
    uint32_t begin;
    uint32_t end;
};

inline bool is_blank(char c) { return c == ' ' || c == '\t'; }

// Finds the records and the wanted cells in them.
class Structure {
 public:
    Structure(const char* data, size_t size, const Layout& layout, const Marks& marks,
              bool keeps_records)
        : cells(most_records(layout, marks) * layout.wanted.size()), data_(data),
          size_(static_cast<uint32_t>(size)), layout_(layout), keeps_records_(keeps_records),
          next_(marks.begin()), last_(marks.end()), fields_(static_cast<size_t>(layout.width)) {}

    Array<Cell> cells;  // record by record
    std::vector<int64_t> starts, ends;  // of each record's text, if records are kept
    size_t records = 0;
    int64_t lines = 0;  // line ends, a CRLF as one

    // False if a record needs the general reader.
    bool run() {
        while (start_ < size_) {
            if (!plain_record() && !record()) return false;
        }
        return true;
    }

 private:
    static constexpr uint32_t kNone = UINT32_MAX;

    // A record has one mark for each of its fields; only the last record may lack its line end.
    static size_t most_records(const Layout& layout, const Marks& marks) {
        return marks.size() / static_cast<size_t>(layout.width) + 1;
    }

    // Takes a record without quotes that ends in LF or CRLF; takes nothing if it is another.
    bool plain_record() {
        const int width = layout_.width;
        if (last_ - next_ < width) return false;
        for (int i = 0; i + 1 < width; i++) {
            if (data_[next_[i]] != layout_.delimiter) return false;
        }
        const uint32_t end = next_[width - 1];
        const bool is_crlf = is_at(end, '\r') && is_at(end + 1, '\n');
        if (data_[end] != '\n' && !is_crlf) return false;
        if (layout_.has_empty_last && end != next_[width - 2] + 1) return false;
        for (int field : layout_.wanted) {
            cells.push({field == 0 ? start_ : next_[field - 1] + 1, next_[field]});
        }
        keep(end);
        next_ += width + is_crlf;
        start_ = end + 1 + is_crlf;
        lines++;
        return true;
    }

    // Takes a record of any form; false if it needs the general reader.
    bool record() {
        int count = 0;
        uint32_t begin = start_, end;
        while (true) {
            end = take();
            Cell cell{begin, end};
            if (is_at(end, '"')) {
                if (end != begin) continue;  // in the middle of a field it is text
                end = end_of_quoted();
                if (end == kNone) return false;
                cell = {begin + 1, end - 1};
            }
            if (count == layout_.width || is_at(end, 0)) return false;
            fields_[static_cast<size_t>(count++)] = cell;
            if (!is_at(end, layout_.delimiter)) break;
            begin = end + 1;
        }
        const bool is_crlf = is_at(end, '\r') && is_at(end + 1, '\n');
        if (is_crlf) take();
        if (layout_.width > 1 && count == 1 && is_blank_text(start_, end)) {
            start_ = end + 1 + is_crlf;
            return true;
        }
        if (count != layout_.width) return false;
        if (layout_.has_empty_last && !(end > start_ && is_at(end - 1, layout_.delimiter))) {
            return false;
        }
        for (int field : layout_.wanted) {
            Cell cell = fields_[static_cast<size_t>(field)];
            if (!layout_.takes_text &&
                std::memchr(data_ + cell.begin, '"', cell.end - cell.begin)) {
                return false;
            }
            cells.push(cell);
        }
        keep(end);
        start_ = end + 1 + is_crlf;
        return true;
    }

    // The mark behind the closing quote; none if there is no delimiter or line end.
    uint32_t end_of_quoted() {
        while (true) {
            uint32_t close = take();
            if (close == size_ || data_[close] == 0) return kNone;
            if (data_[close] != '"') continue;
            if (is_at(close + 1, '"')) {
                take();
                continue;
            }
            return take() == close + 1 ? close + 1 : kNone;
        }
    }

    // The next mark, or the size.
    uint32_t take() {
        if (next_ == last_) return size_;
        uint32_t mark = *next_++;
        lines += data_[mark] == '\n' || (data_[mark] == '\r' && !is_at(mark + 1, '\n'));
        return mark;
    }

    void keep(uint32_t end) {
        records++;
        if (!keeps_records_) return;
        starts.push_back(start_);
        ends.push_back(end);
    }

    bool is_at(uint32_t position, char c) const { return position < size_ && data_[position] == c; }

    bool is_blank_text(uint32_t begin, uint32_t end) const {
        return std::all_of(data_ + begin, data_ + end, is_blank);
    }

    const char* data_;
    uint32_t size_;
    const Layout& layout_;
    bool keeps_records_;
    const uint32_t* next_;
    const uint32_t* last_;
    std::vector<Cell> fields_;  // of one record
    uint32_t start_ = 0;  // of the record
};

}  // namespace linreg
