// Whole records -> the exact sums of their columns, by group: the key is the text of some fields.
//
//     GALT,1800,540000⏎     scan.hpp   codes and numbers    group_sums.hpp   sums of each key
//     DAVIS,1200,360000⏎    ────────→                       ─────────────→   in these records
//                                                                              │ in the order of
//                                                                              ▼ the file
//                                                                            sums of each key
//
// A key is written as a text: for each of its fields + and the text, or - for a missing cell, with
// a NUL in between. tests/fuzz/grouped_records.hpp compares with sums of single rows.

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
#include "scan.hpp"

namespace linreg {

// Which columns are summed, of a file in which form. The first of them are the key.
struct GroupSummer {
    Layout layout;
    bool allows_missing;  // rows with a missing cell are left out
    bool keeps_missing;   // rows with a missing cell in the key are groups too
};

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

// What records became, and counts of them.
struct GroupedRecords {
    bool is_sure = false;  // if false, nothing else has a meaning
    int64_t records = 0, lines = 0;
    int64_t used = 0, without_key = 0;
    std::vector<int64_t> missing;  // cells of each column
    std::vector<int> groupings;
    std::vector<int> decimals;     // of the numbers
    std::vector<std::string> keys;
    GroupSums sums;                // by the places of the keys
    double bound = 0;              // of any sum

    // Adds the counts of others, whose sums were taken.
    void add(const GroupedRecords& other) {
        records += other.records;
        lines += other.lines;
        used += other.used;
        without_key += other.without_key;
        missing.resize(other.missing.size());
        groupings.resize(other.groupings.size());
        for (size_t j = 0; j < missing.size(); j++) {
            missing[j] += other.missing[j];
            groupings[j] = std::max(groupings[j], other.groupings[j]);
        }
    }
};

// The sums of each key over all records with the same decimals.
struct GroupTable {
    KeyNumbers keys;
    GroupSums sums;
    double bound = 0;
};

// The sums of each key over all records so far, by the decimals of the columns.
struct GroupTables {
    std::map<std::vector<int>, GroupTable> tables;
    bool has_no_room = false;  // then the sums are not whole

    // Adds the sums of records, and leaves only their counts; is not sure if a sum might overflow.
    void take(GroupedRecords* found) {
        try {
            add(found);
        } catch (const std::exception&) {
            has_no_room = true;
            found->is_sure = false;
        }
    }

 private:
    void add(GroupedRecords* found) {
        if (found->keys.empty()) return;
        GroupTable& table = tables[found->decimals];
        if (table.bound + found->bound >= kSumLimit) {
            found->is_sure = false;
            return;
        }
        table.bound += found->bound;
        if (table.sums.pairs() == 1) table.sums = GroupSums(found->decimals.size());
        table.keys.find(found->keys, &numbers_);
        table.sums.resize(table.keys.texts().size());
        for (size_t i = 0; i < numbers_.size(); i++) {
            if (i + kAhead < numbers_.size()) {
                const size_t next = numbers_[i + kAhead];
                __builtin_prefetch(&table.sums.sums[next * table.sums.pairs()]);
                __builtin_prefetch(&table.sums.extents[next * found->decimals.size()]);
            }
            table.sums.add_group(found->sums, i, numbers_[i]);
        }
        found->keys.clear();
        found->sums = GroupSums();
    }

    static constexpr size_t kAhead = 8;
    std::vector<size_t> numbers_;
};

// Numbers the keys of rows: the code of each row, -1 for a row without key, and the text of each
// code. False if a text holds a NUL.
inline bool find_keys(const Scan& scan, const GroupSummer& summer, size_t rows,
                      std::vector<int64_t>* codes, std::vector<std::string>* keys) {
    codes->assign(rows, 0);
    keys->assign(1, "");
    for (size_t j = 0; j < summer.layout.keys; j++) {
        const Column& column = scan.columns[j];
        const std::vector<std::string> texts = column.levels.levels();
        for (const std::string& text : texts) {
            if (text.find('\0') != std::string::npos) return false;
        }
        std::vector<std::string> longer;
        std::unordered_map<int64_t, int64_t> places;
        const auto size = static_cast<int64_t>(1 + texts.size());
        std::vector<int64_t> known(j == 0 ? texts.size() + 1 : 0, -1);  // of the first column
        for (size_t i = 0; i < rows; i++) {
            int64_t& code = (*codes)[i];
            const int64_t level = column.values[i];
            if (code < 0 || (level == Levels::kMissing && !summer.keeps_missing)) {
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

// Sums whole records by key. Is not sure if a record needs the general reader.
inline void sum_groups(const char* data, size_t size, const GroupSummer& summer,
                       GroupedRecords* found) {
    thread_local Scan scan;  // both keep their memory
    thread_local std::vector<int64_t> codes;
    *found = GroupedRecords();
    scan.read(data, size, summer.layout, false);
    if (!scan.is_sure) return;
    found->records = scan.records;
    found->lines = scan.lines;
    const size_t keys = summer.layout.keys;
    for (size_t j = 0; j < scan.columns.size(); j++) {
        const Column& column = scan.columns[j];
        const bool may_lack = summer.allows_missing || (j < keys && summer.keeps_missing);
        if (column.missing > 0 && !may_lack) return;
        found->missing.push_back(column.missing);
        found->groupings.push_back(static_cast<int>(column.grouping));
        if (j >= keys) found->decimals.push_back(column.decimals);
    }
    const size_t rows = scan.columns[0].values.size();
    if (!find_keys(scan, summer, rows, &codes, &found->keys)) return;
    if (rows == 0) found->keys.clear();
    size_t kept = 0;  // the rows that have a key
    for (size_t i = 0; i < rows; i++) {
        if (codes[i] < 0) continue;
        codes[kept] = codes[i];
        for (size_t j = keys; kept < i && j < scan.columns.size(); j++) {
            scan.columns[j].values[kept] = scan.columns[j].values[i];
        }
        kept++;
    }
    found->used = static_cast<int64_t>(kept);
    found->without_key = static_cast<int64_t>(rows - kept);
    std::vector<const int64_t*> values;
    for (size_t j = keys; j < scan.columns.size(); j++) values.push_back(scan.columns[j].values.data());
    found->bound = bound_of(values, nullptr, kept);
    if (found->bound >= kSumLimit) return;
    found->sums = GroupSums(values.size());
    found->sums.resize(found->keys.size());
    found->sums.add(values, nullptr, codes.data(), kept);
    found->is_sure = true;
}

}  // namespace linreg
