// Whole records -> the exact sums of their columns, of all rows or by group, and by part of a split;
// the last column may be weights.
//
//     1800,3,540000⏎   scan.hpp    1800   540000     sums.hpp    rows, and for each pair of columns
//     1200,2,360000⏎   ────────→   1200   360000     ───────→    the sum of their products
//
// The sums of a range of a file are added to the totals in the order of the file.
// Sums of numbers with the same decimals add up; those with others are kept apart, and Python's
// integers bring them together. tests/fuzz/summed_records.hpp compares with sums of single rows.

#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "fourth_sums.hpp"
#include "grouped_records.hpp"
#include "layout.hpp"
#include "logarithms.hpp"
#include "scan.hpp"
#include "split.hpp"
#include "sums.hpp"

namespace linreg {

// The origin of the products of three and four columns, one for each set of decimals, so that the
// sums of all parts of a file add up: the middle of the range in the part that was summed first.
class Origins {
 public:
    std::vector<int64_t> of(const std::vector<int>& decimals, const std::vector<Extent>& extents) {
        const std::lock_guard<std::mutex> lock(mutex_);
        std::vector<int64_t>& origin = by_decimals_[decimals];
        if (origin.empty()) {
            for (const Extent& each : extents) origin.push_back(each.least / 2 + each.most / 2);
        }
        return origin;
    }

 private:
    std::mutex mutex_;
    std::map<std::vector<int>, std::vector<int64_t>> by_decimals_;
};

// Which columns are summed, of a file in which form. Those before `layout.keys` are the key.
struct Summer {
    Layout layout;
    bool allows_missing;  // rows with a missing cell are left out
    bool keeps_missing;   // rows with a missing cell in the key are groups too
    std::shared_ptr<Origins> origins;  // null if products of three and four columns are not summed
    Split split;
    bool is_weighted = false;  // the last column are weights
};

// The sums of some rows whose columns have the same decimals.
struct Sums {
    int64_t rows = 0;
    std::vector<int64_t> limbs;    // as Products has them
    std::vector<Extent> extents;
    std::vector<int64_t> origin, fourth;  // as FourthProducts has them; empty if not wanted
    int128 log_weights = 0;               // as add_logarithms has them

    void add(const Sums& other) {
        if (rows == 0) {
            *this = other;
            return;
        }
        rows += other.rows;
        log_weights += other.log_weights;
        for (size_t i = 0; i < limbs.size(); i += 3) add_limbs(&other.limbs[i], &limbs[i]);
        for (size_t i = 0; i < fourth.size(); i += kFourthLimbs) {
            add_fourth_limbs(&other.fourth[i], &fourth[i]);
        }
        for (size_t j = 0; j < extents.size(); j++) {
            extents[j].least = std::min(extents[j].least, other.extents[j].least);
            extents[j].most = std::max(extents[j].most, other.extents[j].most);
        }
    }
};

// Sums of rows without key, by part and by the decimals of the columns.
using SumsByPart = std::map<std::pair<size_t, std::vector<int>>, Sums>;

// The sums of records.
struct SumsOfRecords {
    SumsByPart sums;
    GroupedRecords groups;
};

// What records became, and counts of them.
struct SummedRecords {
    bool is_sure = false;  // if false, nothing else has a meaning
    int64_t records = 0, lines = 0;
    int64_t used = 0, without_key = 0, weightless = 0;
    std::vector<int64_t> missing;  // cells of each column
    std::vector<int> groupings;
    SumsOfRecords sums;

    // Adds the counts of others, whose sums were taken.
    void add(const SummedRecords& other) {
        records += other.records;
        lines += other.lines;
        used += other.used;
        without_key += other.without_key;
        weightless += other.weightless;
        missing.resize(other.missing.size());
        groupings.resize(other.groupings.size());
        for (size_t j = 0; j < missing.size(); j++) {
            missing[j] += other.missing[j];
            groupings[j] = std::max(groupings[j], other.groupings[j]);
        }
    }
};

// The sums of all records so far.
struct Totals {
    SumsByPart sums;
    GroupTables groups;
    bool has_no_room = false;  // then the sums are not whole

    // Takes the sums of records, and leaves only their counts; is not sure if a sum might overflow.
    void take(SummedRecords* found) {
        try {
            for (const auto& each : found->sums.sums) sums[each.first].add(each.second);
            found->is_sure = groups.add(found->sums.groups);
        } catch (const std::exception&) {
            has_no_room = true;
            found->is_sure = false;
        }
        found->sums = SumsOfRecords();
    }
};

// The smallest number of a column, or 1 if that is smaller.
inline int64_t least_in(const Column& column) {
    int64_t least = 1;
    for (size_t i = 0; i < column.values.size(); i++) least = std::min(least, column.values[i]);
    return least;
}

// Leaves out the rows with a weight of 0; gives how many there are.
inline int64_t drop_weightless(Scan* scan) {
    const int64_t* weights = scan->columns.back().values.data();
    const size_t rows = scan->columns.back().values.size();
    size_t kept = 0;
    for (Column& column : scan->columns) {  // the weights are the last one
        kept = 0;
        for (size_t i = 0; i < rows; i++) {
            const bool is_kept = weights[i] != 0;
            column.values[kept] = column.values[i];
            kept += is_kept;
        }
        column.values.resize(kept);
    }
    return static_cast<int64_t>(rows - kept);
}

// Sums rows whose columns have some decimals; false if there are too many, or with its weight a
// number is too large, or the logarithm of a weight is not certain.
inline bool sum_part(std::vector<const int64_t*> values, const std::vector<int>& decimals,
                     size_t rows, const Summer& summer, Sums* sums) {
    thread_local Products products;  // both keep their memory
    thread_local FourthProducts fourth;
    const int64_t* weights = nullptr;
    if (summer.is_weighted) {
        weights = values.back();
        values.pop_back();
    }
    if (!products.sum(values, weights, rows, summer.layout.instructions)) return false;
    if (weights != nullptr &&
        !add_logarithms(weights, nullptr, rows, decimals.back(), &sums->log_weights, 1)) {
        return false;
    }
    sums->rows = static_cast<int64_t>(rows);
    sums->limbs = products.limbs;
    sums->extents = products.extents;
    if (summer.origins == nullptr) return true;
    sums->origin = summer.origins->of(decimals, sums->extents);
    fourth.sum(values, sums->origin, rows, summer.layout.instructions);  // of no more rows than above
    sums->fourth = fourth.limbs;
    return true;
}

// Sums all rows of a scan by part; false where `sum_part` is.
inline bool sum_rows(const Scan& scan, const Summer& summer, SumsByPart* found) {
    thread_local std::vector<uint32_t> parts;  // both keep their memory
    thread_local SortedRows sorted;
    std::vector<int> decimals;
    std::vector<const int64_t*> values;
    for (const Column& column : scan.columns) {
        decimals.push_back(column.decimals);
        values.push_back(column.values.data());
    }
    const size_t rows = scan.columns[0].values.size(), count = summer.split.parts();
    if (rows == 0) return true;
    if (count == 1) return sum_part(values, decimals, rows, summer, &(*found)[{0, decimals}]);
    summer.split.assign(values, decimals, rows, &parts);
    sorted.sort(values, parts, count);
    size_t start = 0;
    for (size_t part = 0; part < count; part++) {
        const size_t end = sorted.ends[part];
        if (start < end && !sum_part(sorted.columns(start), decimals, end - start, summer,
                                     &(*found)[{part, decimals}])) {
            return false;
        }
        start = end;
    }
    return true;
}

// Sums whole records. Is not sure if a record needs the general reader.
inline void sum_records(const char* data, size_t size, const Summer& summer, SummedRecords* found) {
    thread_local Scan scan;  // keeps its memory
    *found = SummedRecords();
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
    }
    const auto rows = static_cast<int64_t>(scan.columns[0].values.size());
    const int64_t least_weight = summer.is_weighted ? least_in(scan.columns.back()) : 1;
    if (least_weight < 0) return;
    if (keys == 0) {
        if (least_weight == 0) found->weightless = drop_weightless(&scan);
        found->is_sure = sum_rows(scan, summer, &found->sums.sums);
    } else {
        GroupedRecords& groups = found->sums.groups;
        found->is_sure = sum_groups(&scan, keys, summer.allows_missing, summer.keeps_missing,
                                    summer.is_weighted, summer.split, &groups);
        found->without_key = groups.without_key;
        found->weightless = groups.weightless;
    }
    found->used = rows - found->without_key - found->weightless;
}

}  // namespace linreg
