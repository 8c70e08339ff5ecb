// The levels of a category: its cells as codes of the texts that differ.
//
//     cells     GALT      DAVIS     GALT      NA
//       │ hash
//     slots     . 2 . . 1 . . 3     places of texts, from 1
//       │
//     texts     GALT      DAVIS     NA
//     codes     0         1         missing
//
// A cell with the text of the one before needs no hash. tests/fuzz/levels.hpp compares with the
// texts of the cells.

#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "cells.hpp"
#include "layout.hpp"
#include "numbers.hpp"

namespace linreg {

// The text of a cell, with the quote before it if quotes in it are doubled.
inline std::string_view text_of(const char* data, Cell cell) {
    const char* start = data + cell.begin;
    const size_t size = cell.end - cell.begin;
    const bool is_quoted = cell.begin > 0 && start[-1] == '"' && size > 0 &&
                           std::memchr(start, '"', size) != nullptr;
    return is_quoted ? std::string_view(start - 1, size + 1) : std::string_view(start, size);
}

// A text as it reads without quotes.
inline std::string without_quotes(std::string_view text) {
    const bool is_quoted = text.size() > 1 && text[0] == '"';
    if (!is_quoted) return std::string(text);
    std::string halved;
    for (size_t i = 1; i < text.size(); i++) {
        halved.push_back(text[i]);
        i += text[i] == '"';
    }
    return halved;
}

// Numbers the texts that differ, in their order; a text that counts as missing has no number.
class Levels {
 public:
    static constexpr int64_t kMissing = -1;

    // The code of a cell, or kMissing. The text must outlive the levels.
    int64_t code_of(std::string_view text, const Missing& missing) {
        if (last_ < texts_.size() && texts_[last_] == text) return codes_[last_];
        if (2 * (texts_.size() + 1) > slots_.size()) grow();
        size_t slot = find(text);
        if (slots_[slot] == 0) add(text, missing, slot);
        last_ = slots_[slot] - 1;
        return codes_[last_];
    }

    // The texts that have a code, in the order of the codes.
    std::vector<std::string> levels() const {
        std::vector<std::string> found;
        for (size_t i = 0; i < texts_.size(); i++) {
            if (codes_[i] != kMissing) found.push_back(without_quotes(texts_[i]));
        }
        return found;
    }

    // A hash: words of a text that overlap at its end: none is read behind it.
    static size_t hash_of(std::string_view text) {
        const char* at = text.data();
        const size_t size = text.size();
        uint64_t hash = 0x9e3779b97f4a7c15 ^ size;
        if (size >= 8) {
            for (size_t start = 0; start + 8 < size; start += 8) {
                hash = mix(hash, word_at<uint64_t>(at + start));
            }
            hash = mix(hash, word_at<uint64_t>(at + size - 8));
        } else if (size >= 4) {
            hash = mix(hash, word_at<uint32_t>(at) << 32 | word_at<uint32_t>(at + size - 4));
        } else {
            for (size_t i = 0; i < size; i++) hash = mix(hash, word_at<uint8_t>(at + i));
        }
        return static_cast<size_t>(hash);
    }

 private:
    void add(std::string_view text, const Missing& missing, size_t slot) {
        const char *at = text.data(), *end = at + text.size();
        while (at < end && is_blank(*at)) at++;
        while (end > at && is_blank(end[-1])) end--;
        texts_.push_back(text);
        codes_.push_back(missing.has(at, end) ? kMissing : count_++);
        slots_[slot] = static_cast<uint32_t>(texts_.size());
    }

    // The slot of a text, or the free one where it belongs.
    size_t find(std::string_view text) const {
        const size_t mask = slots_.size() - 1;
        size_t slot = hash_of(text) & mask;
        while (slots_[slot] != 0 && texts_[slots_[slot] - 1] != text) slot = (slot + 1) & mask;
        return slot;
    }

    void grow() {
        slots_.assign(slots_.empty() ? 64 : 2 * slots_.size(), 0);
        for (size_t i = 0; i < texts_.size(); i++) {
            slots_[find(texts_[i])] = static_cast<uint32_t>(i + 1);
        }
    }

    static uint64_t mix(uint64_t hash, uint64_t word) {
        hash = (hash ^ word) * 0xff51afd7ed558ccd;
        return hash ^ hash >> 32;
    }

    template <typename T>
    static uint64_t word_at(const char* at) {
        T word;
        std::memcpy(&word, at, sizeof(T));
        return word;
    }

    std::vector<std::string_view> texts_;
    std::vector<int64_t> codes_;
    std::vector<uint32_t> slots_;  // the place of a text, from 1; 0 is free
    size_t last_ = 0;
    int64_t count_ = 0;
};

}  // namespace linreg
