// Which part of a split each row belongs to, as linreg_cli/moments/split.py and row_hashes.py define.
//
//     row        1800, 540000
//     sums       of each number times a factor, modulo 2**31 - 1, for two sets of factors
//     hash       both sums, mixed; its high 32 bits say which part
//                ├── part 0 ──┼── part 1 ──┼── part 2 ──┤
//     bounds                  ·            ·            2**32
//
// tests/fuzz/splits.hpp compares with parts of single rows, in integers of 128 bits.

#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace linreg {

constexpr uint64_t kHashPrime = (uint64_t{1} << 31) - 1;

// A number below 2**63 becomes one below 2**33 that is the same modulo the prime.
constexpr uint64_t fold(uint64_t number) { return (number & kHashPrime) + (number >> 31); }

// The high 32 bits of the hash of SplitMix64: see linreg_cli/exact/hashing.py.
inline uint64_t high_bits_of_mixed(uint64_t number) {
    number = (number ^ (number >> 30)) * 0xBF58476D1CE4E5B9;
    number = (number ^ (number >> 27)) * 0x94D049BB133111EB;
    return (number ^ (number >> 31)) >> 32;
}

class Split {
 public:
    // All rows are in part 0.
    Split() : Split({}, {}) {}

    // Two factors below the prime for each column, those of the high sum first, and the bound of each
    // part but the last.
    Split(std::vector<int64_t> factors, std::vector<int64_t> bounds)
        : factors_(std::move(factors)), bounds_(std::move(bounds)) {
        bounds_.push_back(INT64_MAX);
        uint32_t part = 0;
        for (size_t i = 0; i < kStarts; i++) {
            while (bounds_[part] <= static_cast<int64_t>(i << kStartShift)) part++;
            starts_.push_back(part);
        }
    }

    size_t parts() const { return bounds_.size(); }

    // Finds the part of each row of columns with some decimals, whose numbers are below 10**18.
    void assign(const std::vector<const int64_t*>& columns, const std::vector<int>& decimals,
                size_t rows, std::vector<uint32_t>* parts) const {
        thread_local std::vector<uint64_t> sums;  // keeps its memory
        sums.assign(2 * rows, 0);
        uint64_t *highs = sums.data(), *lows = highs + rows;
        for (size_t j = 0; j < columns.size(); j++) {
            add(columns[j], rows, unit_of(j, decimals[j]), unit_of(columns.size() + j, decimals[j]),
                highs, lows);
        }
        parts->resize(rows);
        uint32_t* to = parts->data();
        for (size_t i = 0; i < rows; i++) {
            to[i] = part_of(high_bits_of_mixed(reduced(highs[i]) << 31 ^ reduced(lows[i])));
        }
    }

 private:
    static constexpr int kStartShift = 22;
    static constexpr size_t kStarts = size_t{1} << (32 - kStartShift);

    // A factor divided by 10**decimals, modulo the prime, so that 1.50 and 1.5 are one number.
    uint64_t unit_of(size_t place, int decimals) const {
        constexpr uint64_t kTenth = 1503238553;
        static_assert(kTenth * 10 % kHashPrime == 1, "a tenth is the inverse of ten");
        auto unit = static_cast<uint64_t>(factors_[place]);
        for (; decimals > 0; decimals--) unit = unit * kTenth % kHashPrime;
        return unit;
    }

    // Adds numbers below 2**33 that are the same as value * unit modulo the prime.
    static void add(const int64_t* values, size_t rows, uint64_t high, uint64_t low, uint64_t* highs,
                    uint64_t* lows) {
        constexpr uint64_t kNothing = kHashPrime << 29;  // above 10**18, and 0 modulo the prime
        for (size_t i = 0; i < rows; i++) {
            // below 2**32, because what is folded is below 2**62
            const uint64_t residue = fold(static_cast<uint64_t>(values[i]) + kNothing);
            highs[i] += fold(residue * high);
            lows[i] += fold(residue * low);
        }
    }

    // The residue of a sum of numbers below 2**33, of less than 2**28 columns.
    static uint64_t reduced(uint64_t sum) {
        const uint64_t residue = fold(sum);
        return residue >= kHashPrime ? residue - kHashPrime : residue;
    }

    uint32_t part_of(uint64_t number) const {
        uint32_t part = starts_[number >> kStartShift];
        while (static_cast<int64_t>(number) >= bounds_[part]) part++;
        return part;
    }

    std::vector<int64_t> factors_;
    std::vector<int64_t> bounds_;   // of each part: the smallest number that is in a later one
    std::vector<uint32_t> starts_;  // the part of each number whose low bits are 0
};

// The rows of some columns, sorted by part; it keeps its memory for the next rows.
class SortedRows {
 public:
    std::vector<size_t> ends;  // of each part: where its rows end

    void sort(const std::vector<const int64_t*>& columns, const std::vector<uint32_t>& parts,
              size_t count) {
        const size_t rows = rows_ = parts.size();
        places_.resize(rows);
        values_.resize(columns.size() * rows);
        ends.assign(count + 1, 0);
        const uint32_t* part = parts.data();  // locals: members of what belongs to a thread are slow
        uint32_t* places = places_.data();
        int64_t* to = values_.data();
        size_t* next = ends.data();
        for (size_t i = 0; i < rows; i++) next[part[i] + 1]++;
        for (size_t each = 1; each <= count; each++) next[each] += next[each - 1];
        for (size_t i = 0; i < rows; i++) places[i] = static_cast<uint32_t>(next[part[i]]++);
        for (const int64_t* column : columns) {
            for (size_t i = 0; i < rows; i++) to[places[i]] = column[i];
            to += rows;
        }
        ends.pop_back();
    }

    // The columns from a row on.
    std::vector<const int64_t*> columns(size_t row) const {
        std::vector<const int64_t*> found;
        for (size_t at = row; at < values_.size(); at += rows_) found.push_back(values_.data() + at);
        return found;
    }

 private:
    size_t rows_ = 0;
    std::vector<uint32_t> places_;
    std::vector<int64_t> values_;
};

}  // namespace linreg
