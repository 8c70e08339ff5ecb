// Sums of records beside sums of single rows, and of a file that threads read beside those of its
// bytes.

#pragma once

#include <cstdio>
#include <map>
#include <string>
#include <vector>

#include "../../linreg_cli/native/file_pass.hpp"
#include "../../linreg_cli/native/summed_records.hpp"
#include "check.hpp"
#include "scans.hpp"

namespace fuzz_summed_records {

using linreg::SummedRecords;
using linreg::Summer;
using linreg::Sums;

inline bool are_same(const Sums& one, const Sums& other) {
    bool is_same = one.rows == other.rows && one.limbs == other.limbs &&
                   one.extents.size() == other.extents.size() && one.origin == other.origin &&
                   one.fourth == other.fourth;
    for (size_t j = 0; is_same && j < one.extents.size(); j++) {
        is_same = one.extents[j].least == other.extents[j].least &&
                  one.extents[j].most == other.extents[j].most;
    }
    return is_same;
}

// The sums with all numbers of a column in units of its most decimals: those of ranges may have
// others, so that only sums of the same decimals are compared.
inline void check_same(const SummedRecords& one, const SummedRecords& other) {
    check(one.records == other.records && one.lines == other.lines, "records or lines are lost");
    check(one.missing == other.missing && one.groupings == other.groupings, "a cell is lost");
    check(one.used() == other.used(), "a row is lost");
    if (one.sums.size() != 1 || other.sums.size() != 1) return;
    const auto &first = *one.sums.begin(), &second = *other.sums.begin();
    if (first.first != second.first) return;
    check(are_same(first.second, second.second), "sums differ");
}

inline Summer any_summer(Random& random) {
    Summer summer{fuzz_scans::any_layout(random), random() % 8 != 0};
    if (random() % 2) summer.layout.block_bytes = 1 + random() % 100;
    return summer;
}

// Adds up single rows.
inline Sums sum_rows(const linreg::Scan& scan) {
    Sums all;
    linreg::Products products;
    for (size_t row = 0; row < scan.columns[0].values.size(); row++) {
        std::vector<const int64_t*> values;
        for (const linreg::Column& column : scan.columns) {
            values.push_back(column.values.data() + row);
        }
        check(products.sum(values, nullptr, 1, linreg::Instructions::plain), "a row has no sums");
        Sums sums;
        sums.rows = 1;
        sums.limbs = products.limbs;
        sums.extents = products.extents;
        all.add(sums);
    }
    return all;
}

// Sums some records; gives whether that was sure.
inline bool run(Random& random) {
    Summer summer = any_summer(random);
    const std::string data = random() % 8 ? fuzz_scans::make_rows(random, summer.layout)
                                          : fuzz_scans::make_text(random);
    const auto copy = copy_of<char>(data);
    linreg::Scan scan;
    scan.read(copy.get(), data.size(), summer.layout, false);
    summer.layout.instructions = linreg::choose_instructions(nullptr);
    SummedRecords found;
    linreg::sum_records(copy.get(), data.size(), summer, &found);
    int64_t missing = 0;
    for (const linreg::Column& column : scan.columns) missing += column.missing;
    const bool is_sure = scan.is_sure && (missing == 0 || summer.allows_missing);
    check(found.is_sure == is_sure, "it is sure of other records");
    if (!is_sure) return false;
    check(found.records == scan.records && found.lines == scan.lines, "a record is lost");
    const size_t rows = scan.columns[0].values.size();
    check(static_cast<size_t>(found.used()) == rows, "a row is lost");
    check(found.sums.size() == (rows > 0), "sums are kept apart");
    for (const auto& each : found.sums) {
        check(are_same(each.second, sum_rows(scan)), "sums are not those of the rows");
    }
    return true;
}

// Sums a file by ranges: what is taken are the sums of the start of the file.
inline void run_file(Random& random) {
    Summer summer = any_summer(random);
    if (random() % 4 == 0) summer.origins = std::make_shared<linreg::Origins>();
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
    const auto work = [&summer](const char* bytes, size_t size, SummedRecords* found) {
        linreg::sum_records(bytes, size, summer, found);
    };
    SummedRecords taken, result, expected;
    linreg::FilePass<SummedRecords> pass(ranges, 1 + random() % 3, work, {random() % 2 != 0});
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
    // numbers of different decimals may take more than 18 digits together
    if (expected.is_sure) check_same(taken, expected);
}

}  // namespace fuzz_summed_records
