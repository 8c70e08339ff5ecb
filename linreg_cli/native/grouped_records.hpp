// The exact sums of the columns of records, by group: the key is the text of some fields.
//
//     GALT,1800,540000⏎     scan.hpp   codes and numbers    group_sums.hpp   sums of each key
//     DAVIS,1200,360000⏎    ────────→                       ─────────────→   in these records
//                                                                              │ in the order of
//                                                                              ▼ the file
//                                                                            sums of each key
//
// A key is written as a text: for each of its fields + and the text, or - for a missing cell, with
// a NUL in between.

#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "group_sums.hpp"
#include "levels.hpp"
#include "logarithms.hpp"
#include "scan.hpp"
#include "split.hpp"

namespace linreg {

// Numbers texts in the order in which they come.
class KeyNumbers {
 public:
    const std::deque<std::string>& texts() const { return texts_; }

    // The number of each text; new ones get the next numbers.
    void find(const std::vector<std::string>& texts, std::vector<size_t>* numbers) {
        while (2 * (texts_.size() + texts.size()) > slots_.size()) grow();
        hashes_.clear();
        for (const std::string& text : texts) hashes_.push_back(Levels::hash_of(text));
        numbers->clear();
        for (size_t i = 0; i < texts.size(); i++) {
            if (i + kAhead < texts.size()) __builtin_prefetch(&slots_[hashes_[i + kAhead] & mask()]);
            numbers->push_back(number_of(texts[i], hashes_[i]));
        }
    }

 private:
    struct Slot {
        size_t hash = 0;
        size_t place = 0;  // of the text, from 1; 0 is free
    };
    static constexpr size_t kAhead = 8;

    size_t mask() const { return slots_.size() - 1; }

    size_t number_of(const std::string& text, size_t hash) {
        size_t at = hash & mask();
        for (; slots_[at].place != 0; at = (at + 1) & mask()) {
            if (slots_[at].hash == hash && texts_[slots_[at].place - 1] == text) {
                return slots_[at].place - 1;
            }
        }
        texts_.push_back(text);
        slots_[at] = {hash, texts_.size()};
        return texts_.size() - 1;
    }

    void grow() {
        std::vector<Slot> old(slots_.empty() ? 1024 : 2 * slots_.size());
        std::swap(old, slots_);
        for (const Slot& slot : old) {
            if (slot.place == 0) continue;
            size_t at = slot.hash & mask();
            while (slots_[at].place != 0) at = (at + 1) & mask();
            slots_[at] = slot;
        }
    }

    std::deque<std::string> texts_;
    std::vector<Slot> slots_;
    std::vector<size_t> hashes_;
};

// The sums of records by key and by part of a split.
struct GroupedRecords {
    std::vector<int> decimals;     // of the numbers
    std::vector<std::string> keys;
    size_t parts = 1;
    GroupSums sums;                // of each key: its parts
    double bound = 0;              // of any sum
    int64_t without_key = 0, weightless = 0;  // rows that are left out; the former with a weight
};

// The sums of each key and part over all records with the same decimals.
struct GroupTable {
    KeyNumbers keys;
    GroupSums sums;
    double bound = 0;
};

// The sums of each key over all records so far, by the decimals of the columns.
class GroupTables {
 public:
    std::map<std::vector<int>, GroupTable> tables;

    // Adds the sums of records; false, with none added, if a sum might overflow.
    bool add(const GroupedRecords& found) {
        if (found.keys.empty()) return true;
        GroupTable& table = tables[found.decimals];
        if (table.bound + found.bound >= kSumLimit) return false;
        table.bound += found.bound;
        if (table.sums.pairs() == 1) table.sums = GroupSums(found.sums.columns());
        table.keys.find(found.keys, &numbers_);
        const size_t parts = found.parts;
        table.sums.resize(table.keys.texts().size() * parts);
        for (size_t i = 0; i < numbers_.size(); i++) {
            if (i + kAhead < numbers_.size()) {
                const size_t next = numbers_[i + kAhead] * parts;
                __builtin_prefetch(&table.sums.sums[next * table.sums.pairs()]);
                __builtin_prefetch(&table.sums.extents[next * found.sums.columns()]);
            }
            for (size_t part = 0; part < parts; part++) {
                table.sums.add_group(found.sums, i * parts + part, numbers_[i] * parts + part);
            }
        }
        return true;
    }

 private:
    static constexpr size_t kAhead = 8;
    std::vector<size_t> numbers_;
};

// Whether a text begins or ends with a blank of Unicode, without which it may be a missing cell.
inline bool has_odd_blank(std::string_view text) {
    for (std::string_view blank : {"\xC2\xA0", "\xE1\x9A\x80", "\xE2\x80", "\xE2\x81\x9F",
                                   "\xE3\x80\x80"}) {
        const size_t last = text.rfind(blank);
        if (text.find(blank) == 0 || (last != text.npos && last + 3 >= text.size())) return true;
    }
    return false;
}

// Numbers the keys of rows: the code of each row, -1 for a row without key, and the text of each
// code. False if a text holds a NUL, or may be a missing cell that Python cannot count or refuse.
inline bool find_keys(const Scan& scan, size_t columns, bool allows_missing, bool keeps_missing,
                      size_t rows, std::vector<int64_t>* codes, std::vector<std::string>* keys) {
    // Python gets the texts, but no rows that were left out, and no line for an error
    const bool lacks_rows = scan.records > static_cast<int64_t>(rows);
    const bool refuses_blanks = !keeps_missing && (lacks_rows || !allows_missing);
    codes->assign(rows, 0);
    keys->assign(1, "");
    for (size_t j = 0; j < columns; j++) {
        const Column& column = scan.columns[j];
        const std::vector<std::string> texts = column.levels.levels();
        for (const std::string& text : texts) {
            if (text.find('\0') != std::string::npos) return false;
            if (refuses_blanks && has_odd_blank(text)) return false;
        }
        std::vector<std::string> longer;
        std::unordered_map<int64_t, int64_t> places;
        const auto size = static_cast<int64_t>(1 + texts.size());
        std::vector<int64_t> known(j == 0 ? texts.size() + 1 : 0, -1);  // of the first column
        for (size_t i = 0; i < rows; i++) {
            int64_t& code = (*codes)[i];
            const int64_t level = column.values[i];
            if (code < 0 || (level == Levels::kMissing && !keeps_missing)) {
                code = -1;
                continue;
            }
            const int64_t pair = code * size + level + 1;
            int64_t* place = j == 0 ? &known[static_cast<size_t>(pair)]
                                    : &places.try_emplace(pair, -1).first->second;
            if (*place < 0) {
                *place = static_cast<int64_t>(longer.size());
                const std::string& before = (*keys)[static_cast<size_t>(code)];
                const std::string separator = j == 0 ? "" : std::string(1, '\0');
                const std::string text =
                    level == Levels::kMissing ? "-" : "+" + texts[static_cast<size_t>(level)];
                longer.push_back(before + separator + text);
            }
            code = *place;
        }
        *keys = std::move(longer);
    }
    return true;
}

// Sums the rows of a scan by key, which is in its first columns, and by part, and counts the rows
// that it leaves out. The last column may be weights, which are not negative. False where
// `find_keys` is, if a sum might overflow, or if the logarithm of a weight is not certain.
inline bool sum_groups(Scan* scan, size_t columns, bool allows_missing, bool keeps_missing,
                       bool is_weighted, const Split& split, GroupedRecords* found) {
    thread_local std::vector<int64_t> codes;  // both keep their memory
    thread_local std::vector<uint32_t> parts;
    const size_t rows = scan->columns[0].values.size();
    if (!find_keys(*scan, columns, allows_missing, keeps_missing, rows, &codes, &found->keys)) {
        return false;
    }
    if (rows == 0) found->keys.clear();
    size_t kept = 0;  // the rows that have a key
    const int64_t* weights = is_weighted ? scan->columns.back().values.data() : nullptr;
    for (size_t i = 0; i < rows; i++) {
        const bool is_weightless = is_weighted && weights[i] == 0;
        found->weightless += is_weightless;
        found->without_key += codes[i] < 0 && !is_weightless;
        if (codes[i] < 0) continue;
        codes[kept] = codes[i];
        for (size_t j = columns; kept < i && j < scan->columns.size(); j++) {
            scan->columns[j].values[kept] = scan->columns[j].values[i];
        }
        kept++;
    }
    std::vector<const int64_t*> values;
    for (size_t j = columns; j < scan->columns.size(); j++) {
        found->decimals.push_back(scan->columns[j].decimals);
        values.push_back(scan->columns[j].values.data());
    }
    found->parts = split.parts();
    if (found->parts > 1) {
        split.assign(values, found->decimals, kept, &parts);
        for (size_t i = 0; i < kept; i++) {
            codes[i] = codes[i] * static_cast<int64_t>(found->parts) + parts[i];
        }
    }
    if (is_weighted) values.pop_back();
    found->bound = bound_of(values, weights, kept);
    if (found->bound >= kSumLimit) return false;
    found->sums = GroupSums(values.size());
    found->sums.resize(found->keys.size() * found->parts);
    found->sums.add(values, weights, codes.data(), kept);
    return !is_weighted || add_logarithms(weights, codes.data(), kept, found->decimals.back(),
                                          found->sums.log_weights.data(), found->sums.size());
}

}  // namespace linreg
