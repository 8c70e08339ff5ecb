// Texts of predictions for the values of a single feature that were seen before.
//
//     value   ─ low bits ─→   entry   1800 │ 540000.0      the same value: copy the text
//                             entry   1801 │ ...           another one: predict, and write it here
//
// Many features take few values: ages, counts, sizes in whole units. Where less than half of the
// values are found again, looking for them does not pay, and the texts are not used any more.

#pragma once

#include <cstdint>
#include <cstring>
#include <memory>

#include "number_text.hpp"

namespace linreg {

class KnownTexts {
 public:
    static constexpr size_t kTextSize = 23;  // hardly a number takes 24 characters

    struct Entry {
        int64_t value;
        char text[kTextSize];
        unsigned char size;  // 0 if there is no text

        bool is_of(int64_t other) const { return value == other && size > 0; }
    };

    // Forgets all texts if they are not those of a certain predictor and number of decimals.
    void start(uint64_t predictor, int decimals) {
        if (predictor == predictor_ && decimals == decimals_) return;
        if (predictor != predictor_) patience_ = kPatience;
        predictor_ = predictor;
        decimals_ = decimals;
        if (entries_ != nullptr) std::memset(entries_.get(), 0, kEntries * sizeof(Entry));
    }

    bool are_used() {
        if (patience_ > 0 && entries_ == nullptr) entries_.reset(new Entry[kEntries]());
        return patience_ > 0;
    }

    // Counts how often a value was not found.
    void learn(size_t rows, size_t not_found) {
        patience_ = 2 * not_found > rows ? patience_ - 1 : kPatience;
    }

    bool has(int64_t value) const { return entries_[place(value)].is_of(value); }

    // Writes the text of a value, and more bytes behind it; returns where it ends, null if there is
    // none.
    char* write(int64_t value, char* to) const {
        const Entry& entry = entries_[place(value)];
        if (!entry.is_of(value)) return nullptr;
        std::memcpy(to, entry.text, kTextSize);
        return to + entry.size;
    }

    void keep(int64_t value, const char* text, size_t size) {
        if (size > kTextSize) return;
        Entry* entry = &entries_[place(value)];
        entry->value = value;
        entry->size = static_cast<unsigned char>(size);
        std::memcpy(entry->text, text, size);
    }

 private:
    static constexpr size_t kEntries = size_t{1} << 13;
    static constexpr int kPatience = 8;

    // Values next to each other have different places.
    static size_t place(int64_t value) { return static_cast<uint64_t>(value) % kEntries; }

    std::unique_ptr<Entry[]> entries_;
    uint64_t predictor_ = 0;
    int decimals_ = -1;
    int patience_ = kPatience;
};

}  // namespace linreg
