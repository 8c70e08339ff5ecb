// Sums of records by group beside sums of single rows, and of a file that threads read beside those
// of its bytes.

#pragma once

#include <cstdio>
#include <map>
#include <string>
#include <vector>

#include "../../linreg_cli/native/file_pass.hpp"
#include "../../linreg_cli/native/grouped_records.hpp"
#include "check.hpp"
#include "scans.hpp"

namespace fuzz_grouped_records {

using linreg::GroupedRecords;
using linreg::GroupSummer;
using linreg::GroupTables;
using linreg::int128;

// The rows and sums of each key, for each set of decimals.
using Found = std::map<std::vector<int>, std::map<std::string, std::vector<int128>>>;

inline GroupSummer any_summer(Random& random) {
    GroupSummer summer{fuzz_scans::any_layout(random), random() % 8 != 0, random() % 2 != 0};
    linreg::Layout& layout = summer.layout;
    while (layout.wanted.size() < 2) layout.wanted.push_back(0);
    layout.keys = layout.categories = 1 + random() % (layout.wanted.size() - 1);
    if (random() % 2) layout.block_bytes = 1 + random() % 100;
    return summer;
}

inline Found found_in(const GroupTables& tables) {
    Found found;
    for (const auto& each : tables.tables) {
        const linreg::GroupSums& sums = each.second.sums;
        size_t place = 0;
        for (const std::string& key : each.second.keys.texts()) {
            std::vector<int128>& to = found[each.first][key];
            to.push_back(sums.rows[place]);
            for (size_t i = 0; i < sums.pairs(); i++) to.push_back(sums.sums[place * sums.pairs() + i]);
            place++;
        }
    }
    return found;
}

// Adds up single rows.
inline Found sum_rows(const linreg::Scan& scan, const GroupSummer& summer) {
    Found found;
    const size_t keys = summer.layout.keys;
    std::vector<int> decimals;
    for (size_t j = keys; j < scan.columns.size(); j++) decimals.push_back(scan.columns[j].decimals);
    for (size_t row = 0; row < scan.columns[0].values.size(); row++) {
        std::string key;
        bool has_key = true;
        for (size_t j = 0; j < keys; j++) {
            const int64_t level = scan.columns[j].values[row];
            has_key &= level >= 0 || summer.keeps_missing;
            if (j > 0) key.push_back('\0');
            key += level < 0 ? "-" : "+" + scan.columns[j].levels.levels()[static_cast<size_t>(level)];
        }
        if (!has_key) continue;
        std::vector<int128> cells(1, 1);
        for (size_t j = keys; j < scan.columns.size(); j++) cells.push_back(scan.columns[j].values[row]);
        std::vector<int128>& sums = found[decimals][key];
        sums.resize(1 + cells.size() * (cells.size() + 1) / 2);
        sums[0]++;
        size_t place = 1;
        for (size_t j = 0; j < cells.size(); j++) {
            for (size_t k = 0; k <= j; k++) sums[place++] += cells[j] * cells[k];
        }
    }
    return found;
}

// Sums some records; gives whether that was sure.
inline bool run(Random& random) {
    GroupSummer summer = any_summer(random);
    const std::string data = random() % 8 ? fuzz_scans::make_rows(random, summer.layout)
                                          : fuzz_scans::make_text(random);
    const auto copy = copy_of<char>(data);
    linreg::Scan scan;
    scan.read(copy.get(), data.size(), summer.layout, false);
    GroupedRecords found;
    linreg::sum_groups(copy.get(), data.size(), summer, &found);
    if (!found.is_sure) return false;
    check(scan.is_sure, "it is sure of other records");
    check(found.records == scan.records && found.lines == scan.lines, "a record is lost");
    const auto rows = static_cast<int64_t>(scan.columns[0].values.size());
    check(found.used + found.without_key == rows, "a row is lost");
    GroupTables tables;
    tables.take(&found);
    check(found.is_sure && !tables.has_no_room, "sums were not taken");
    check(found_in(tables) == sum_rows(scan, summer), "sums are not those of the rows");
    return true;
}

// Sums a file by ranges: what is taken are the sums of the start of the file.
inline void run_file(Random& random) {
    const GroupSummer summer = any_summer(random);
    std::string data;
    for (size_t count = random() % 6; count > 0; count--) {
        data += fuzz_scans::make_rows(random, summer.layout);
        data += '\n';
    }
    std::FILE* file = std::tmpfile();
    check(file != nullptr, "there is no room for a file");
    check(std::fwrite(data.data(), 1, data.size(), file) == data.size(), "a file is not written");
    std::fflush(file);
    const linreg::FileRanges ranges{fileno(file), 0, static_cast<int64_t>(data.size()),
                                    1 + random() % 200};
    const auto work = [&summer](const char* bytes, size_t size, GroupedRecords* found) {
        linreg::sum_groups(bytes, size, summer, found);
    };
    GroupTables tables;
    GroupedRecords taken, result, expected;
    linreg::FilePass<GroupedRecords> pass(
        ranges, 1 + random() % 3, work,
        {true, [&tables](GroupedRecords* found) { tables.take(found); }});
    while (true) {
        const auto state = pass.take(&result, std::chrono::milliseconds(1000));
        check(state != decltype(pass)::State::waiting, "a range is never read");
        if (state == decltype(pass)::State::over) break;
        taken.add(result);
    }
    std::fclose(file);
    if (pass.offset() == 0) return;
    const auto copy = copy_of<char>(data.substr(0, static_cast<size_t>(pass.offset())));
    linreg::sum_groups(copy.get(), static_cast<size_t>(pass.offset()), summer, &expected);
    if (!expected.is_sure) return;
    check(taken.records == expected.records && taken.lines == expected.lines, "records are lost");
    check(taken.used == expected.used && taken.missing == expected.missing, "a row is lost");
    check(taken.without_key == expected.without_key, "a row without key is lost");
    GroupTables whole;
    whole.take(&expected);
    const Found one = found_in(tables), other = found_in(whole);
    // ranges may have other decimals than the whole
    if (one.size() == 1 && other.size() == 1 && one.begin()->first == other.begin()->first) {
        check(one == other, "sums differ");
    }
}

}  // namespace fuzz_grouped_records
