// Sums of records, of all, with weights or by group, and by part, beside sums of single rows, and of
// a file that threads read beside those of its bytes.

#pragma once

#include <algorithm>
#include <cstdio>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "../../linreg_cli/native/file_pass.hpp"
#include "../../linreg_cli/native/summed_records.hpp"
#include "check.hpp"
#include "scans.hpp"
#include "splits.hpp"

namespace fuzz_summed_records {

using linreg::int128;
using linreg::SummedRecords;
using linreg::Summer;
using linreg::Sums;
using linreg::Totals;

inline bool operator==(const linreg::Extent& one, const linreg::Extent& other) {
    return one.least == other.least && one.most == other.most;
}

inline bool are_same(const Sums& one, const Sums& other) {
    return one.rows == other.rows && one.limbs == other.limbs && one.origin == other.origin &&
           one.fourth == other.fourth && one.log_weights == other.log_weights &&
           std::equal(one.extents.begin(), one.extents.end(), other.extents.begin(),
                      other.extents.end(), operator==);
}

// The rows, logarithms of weights and sums of each key and part that has rows, for each set of
// decimals.
using Groups =
    std::map<std::vector<int>, std::map<std::pair<std::string, size_t>, std::vector<int128>>>;

inline Groups groups_in(const Totals& totals, size_t parts) {
    Groups found;
    for (const auto& each : totals.groups.tables) {
        const linreg::GroupSums& sums = each.second.sums;
        const auto& keys = each.second.keys.texts();
        check(sums.size() == keys.size() * parts, "a part of a key is lost");
        for (size_t place = 0; place < sums.size(); place++) {
            if (sums.rows[place] == 0) continue;
            std::vector<int128>& to = found[each.first][{keys[place / parts], place % parts}];
            to.insert(to.end(), {sums.rows[place], sums.log_weights[place]});
            for (size_t i = 0; i < sums.pairs(); i++) to.push_back(sums.sums[place * sums.pairs() + i]);
        }
    }
    return found;
}

inline bool is_one(const Totals& totals) {
    std::set<std::vector<int>> decimals;
    for (const auto& each : totals.sums) decimals.insert(each.first.second);
    for (const auto& each : totals.groups.tables) decimals.insert(each.first);
    return decimals.size() == 1;
}

// Checks that sums of the same rows do not differ: those of ranges may have other decimals than the
// whole, so that only sums of the same decimals are compared.
inline void check_same(const Totals& one, const Totals& other, size_t parts) {
    if (!is_one(one) || !is_one(other)) return;
    const auto groups = groups_in(one, parts), others = groups_in(other, parts);
    if (!one.sums.empty() && one.sums.begin()->first.second == other.sums.begin()->first.second) {
        check(one.sums.size() == other.sums.size(), "a part is lost");
        for (const auto& each : one.sums) {
            const auto same = other.sums.find(each.first);
            check(same != other.sums.end() && are_same(each.second, same->second), "sums differ");
        }
    }
    if (!groups.empty() && groups.begin()->first == others.begin()->first) {
        check(groups == others, "sums by group differ");
    }
}

// What sums records, and what its split is made of, if it has one.
struct AnySummer {
    Summer summer;
    fuzz_splits::Recipe recipe;

    // The part of a row of a scan.
    size_t part_of(const linreg::Scan& scan, size_t row) const {
        if (recipe.bounds.empty()) return 0;
        std::vector<int64_t> numbers;
        std::vector<int> decimals;
        for (size_t j = summer.layout.keys; j < scan.columns.size(); j++) {
            numbers.push_back(scan.columns[j].values[row]);
            decimals.push_back(scan.columns[j].decimals);
        }
        return fuzz_splits::part_of(recipe, numbers, decimals);
    }
};

inline AnySummer any_summer(Random& random) {
    AnySummer any{{fuzz_scans::any_layout(random), random() % 8 != 0, random() % 2 != 0, nullptr, {}},
                  {}};
    linreg::Layout& layout = any.summer.layout;
    if (random() % 2) {
        while (layout.wanted.size() < 2) layout.wanted.push_back(0);
        layout.keys = layout.categories = 1 + random() % (layout.wanted.size() - 1);
    }
    if (random() % 2) layout.block_bytes = 1 + random() % 100;
    any.summer.is_weighted = layout.keys + 1 < layout.wanted.size() && random() % 2;
    if (random() % 2) {
        any.recipe = fuzz_splits::any_recipe(random, layout.wanted.size() - layout.keys);
        any.summer.split = any.recipe.split();
    }
    return any;
}

// Rows for a summer: most weights are not negative, and some are 0.
inline std::string any_rows(Random& random, const Summer& summer) {
    std::string data = fuzz_scans::make_rows(random, summer.layout);
    if (summer.is_weighted && random() % 8) std::replace(data.begin(), data.end(), '-', '0');
    if (summer.is_weighted && random() % 2) std::replace(data.begin(), data.end(), '7', '0');
    return data;
}

// Adds up single rows by part; false if a weight needs the general reader.
inline bool sum_rows(const linreg::Scan& scan, const AnySummer& any, std::map<size_t, Sums>* all) {
    linreg::Products products;
    for (size_t row = 0; row < scan.columns[0].values.size(); row++) {
        std::vector<const int64_t*> values;
        for (const linreg::Column& column : scan.columns) {
            values.push_back(column.values.data() + row);
        }
        const int64_t* weight = nullptr;
        Sums sums;
        if (any.summer.is_weighted) {
            weight = values.back();
            values.pop_back();
            if (*weight == 0) continue;
            const int decimals = scan.columns.back().decimals;
            if (!linreg::add_logarithms(weight, nullptr, 1, decimals, &sums.log_weights, 1)) return false;
        }
        const bool fits = products.sum(values, weight, 1, linreg::Instructions::plain);
        check(fits || weight != nullptr, "a row has no sums");
        if (!fits) return false;
        sums.rows = 1;
        sums.limbs = products.limbs;
        sums.extents = products.extents;
        (*all)[any.part_of(scan, row)].add(sums);
    }
    return true;
}

// Adds up single rows by group and part, and counts those that have a weight but no key; no weight is
// negative.
inline Groups sum_groups(const linreg::Scan& scan, const AnySummer& any, int64_t* without_key) {
    Groups found;
    const size_t keys = any.summer.layout.keys;
    std::vector<int> decimals;
    for (size_t j = keys; j < scan.columns.size(); j++) decimals.push_back(scan.columns[j].decimals);
    for (size_t row = 0; row < scan.columns[0].values.size(); row++) {
        std::string key;
        bool has_key = true;
        for (size_t j = 0; j < keys; j++) {
            const int64_t level = scan.columns[j].values[row];
            has_key &= level >= 0 || any.summer.keeps_missing;
            if (j > 0) key.push_back('\0');
            key += level < 0 ? "-" : "+" + scan.columns[j].levels.levels()[static_cast<size_t>(level)];
        }
        std::vector<int128> cells(1, 1);
        for (size_t j = keys; j < scan.columns.size(); j++) cells.push_back(scan.columns[j].values[row]);
        int64_t weight = 1;
        if (any.summer.is_weighted) {
            weight = static_cast<int64_t>(cells.back());
            cells.pop_back();
        }
        *without_key += !has_key && weight != 0;
        if (!has_key || weight == 0) continue;
        std::vector<int128>& sums = found[decimals][{key, any.part_of(scan, row)}];
        sums.resize(2 + cells.size() * (cells.size() + 1) / 2);
        sums[0]++;
        if (any.summer.is_weighted) {
            check(linreg::add_logarithms(&weight, nullptr, 1, decimals.back(), &sums[1], 1),
                  "a logarithm is not certain");
        }
        size_t place = 2;
        for (size_t j = 0; j < cells.size(); j++) {
            for (size_t k = 0; k <= j; k++) sums[place++] += weight * cells[j] * cells[k];
        }
    }
    return found;
}

// Whether the general reader is needed for what the scan found.
inline bool lacks_cells(const linreg::Scan& scan, const Summer& summer) {
    for (size_t j = 0; j < scan.columns.size(); j++) {
        const bool may_lack = summer.allows_missing || (j < summer.layout.keys && summer.keeps_missing);
        if (scan.columns[j].missing > 0 && !may_lack) return true;
    }
    return false;
}

// The rows with a weight of 0; -1 if a weight is negative.
inline int64_t count_weightless(const linreg::Scan& scan, const Summer& summer) {
    int64_t count = 0;
    const linreg::Column& weights = scan.columns.back();
    for (size_t row = 0; summer.is_weighted && row < weights.values.size(); row++) {
        if (weights.values[row] < 0) return -1;
        count += weights.values[row] == 0;
    }
    return count;
}

// Sums some records; gives whether that was sure.
inline bool run(Random& random) {
    AnySummer any = any_summer(random);
    Summer& summer = any.summer;
    const std::string data = random() % 8 ? any_rows(random, summer) : fuzz_scans::make_text(random);
    const auto copy = copy_of<char>(data);
    linreg::Scan scan;
    scan.read(copy.get(), data.size(), summer.layout, false);
    summer.layout.instructions = any_instructions(random);
    SummedRecords found;
    linreg::sum_records(copy.get(), data.size(), summer, &found);
    std::map<size_t, Sums> expected;
    const int64_t weightless = scan.is_sure ? count_weightless(scan, summer) : -1;
    const bool is_read = weightless >= 0 && !lacks_cells(scan, summer) &&
                         (summer.layout.keys > 0 || sum_rows(scan, any, &expected));
    // sums by group are refused where they might overflow
    check(found.is_sure == is_read || (is_read && summer.layout.keys > 0), "it is sure of other records");
    if (!found.is_sure) return false;
    check(found.records == scan.records && found.lines == scan.lines, "a record is lost");
    int64_t without_key = 0;
    Groups groups;
    if (summer.layout.keys > 0) groups = sum_groups(scan, any, &without_key);
    const auto rows = static_cast<int64_t>(scan.columns[0].values.size());
    check(found.used == rows - without_key - weightless, "a row is lost");
    check(found.without_key == without_key, "a row without key is lost");
    check(found.weightless == weightless, "a weight of 0 is counted");
    Totals totals;
    totals.take(&found);
    check(found.is_sure && !totals.has_no_room, "sums were not taken");
    if (summer.layout.keys > 0) {
        check(totals.sums.empty(), "there are sums of all rows");
        check(groups_in(totals, summer.split.parts()) == groups,
              "sums by group are not those of the rows");
        return true;
    }
    check(totals.sums.size() == expected.size(), "sums are kept apart");
    for (const auto& each : totals.sums) {
        const auto same = expected.find(each.first.first);
        check(same != expected.end() && are_same(each.second, same->second),
              "sums are not those of the rows");
    }
    return true;
}

// Sums a file by ranges: what is taken are the sums of the start of the file.
inline void run_file(Random& random) {
    AnySummer any = any_summer(random);
    Summer& summer = any.summer;
    const bool sums_fourth = summer.layout.keys == 0 && !summer.is_weighted && random() % 4 == 0;
    if (sums_fourth) summer.origins = std::make_shared<linreg::Origins>();
    std::string data;
    for (size_t count = random() % 6; count > 0; count--) {
        data += any_rows(random, summer);
        data += '\n';
    }
    std::FILE* file = std::tmpfile();
    check(file != nullptr, "there is no room for a file");
    check(std::fwrite(data.data(), 1, data.size(), file) == data.size(), "a file is not written");
    std::fflush(file);
    const linreg::FileRanges ranges{fileno(file), 0, static_cast<int64_t>(data.size()),
                                    1 + random() % 200};
    const auto work = [&summer](const char* bytes, size_t size, SummedRecords* found) {
        linreg::sum_records(bytes, size, summer, found);
    };
    Totals totals, whole;
    SummedRecords taken, result, expected;
    linreg::FilePass<SummedRecords> pass(
        ranges, 1 + random() % 3, work,
        {true, [&totals](SummedRecords* found) { totals.take(found); }});
    while (true) {
        const auto state = pass.take(&result, std::chrono::milliseconds(1000));
        check(state != decltype(pass)::State::waiting, "a range is never read");
        if (state == decltype(pass)::State::over) break;
        taken.add(result);
    }
    std::fclose(file);
    if (pass.offset() == 0) return;
    const auto copy = copy_of<char>(data.substr(0, static_cast<size_t>(pass.offset())));
    linreg::sum_records(copy.get(), static_cast<size_t>(pass.offset()), summer, &expected);
    if (!expected.is_sure) return;  // numbers of other decimals may take more than 18 digits together
    check(taken.records == expected.records && taken.lines == expected.lines, "records are lost");
    check(taken.missing == expected.missing && taken.groupings == expected.groupings, "a cell is lost");
    check(taken.used == expected.used, "a row is lost");
    check(taken.without_key == expected.without_key, "a row without key is lost");
    check(taken.weightless == expected.weightless, "a row of weight 0 is lost");
    whole.take(&expected);
    check_same(totals, whole, summer.split.parts());
}

}  // namespace fuzz_summed_records
